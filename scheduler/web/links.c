/* links.c - see links.h */
#include "scheduler/web/links.h"

#include <sys/socket.h>

struct SchedLink {
    int fd;
    gint64 deadline_us; /* 0: none */
};

struct SchedLinks {
    GMutex lock;
    GHashTable *open; /* (owned): set of SchedLink */
};

SchedLinks *
sched_links_new(void)
{
    SchedLinks *self = g_new0(SchedLinks, 1);

    g_mutex_init(&self->lock);
    self->open = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    return self;
}

void
sched_links_free(SchedLinks *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->open);
    g_mutex_clear(&self->lock);
    g_free(self);
}

SchedLink *
sched_links_add(SchedLinks *self, int fd, gint64 deadline_us)
{
    SchedLink *link = g_new0(SchedLink, 1);

    link->fd = fd;
    link->deadline_us = deadline_us;
    g_mutex_lock(&self->lock);
    g_hash_table_add(self->open, link);
    g_mutex_unlock(&self->lock);
    return link;
}

void
sched_links_remove(SchedLinks *self, SchedLink *link)
{
    g_mutex_lock(&self->lock);
    g_hash_table_remove(self->open, link);
    g_mutex_unlock(&self->lock);
}

void
sched_links_set_deadline(SchedLinks *self, SchedLink *link, gint64 deadline_us)
{
    g_mutex_lock(&self->lock);
    link->deadline_us = deadline_us;
    g_mutex_unlock(&self->lock);
}

guint
sched_links_sweep(SchedLinks *self, gint64 now_us)
{
    GHashTableIter iter;
    gpointer key;
    guint n_shut = 0;

    g_mutex_lock(&self->lock);
    g_hash_table_iter_init(&iter, self->open);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        SchedLink *link = key;

        if (link->deadline_us == 0 || link->deadline_us > now_us)
            continue;
        /* Closing is the library's: it hears of this as the end of the stream. */
        shutdown(link->fd, SHUT_RDWR);
        link->deadline_us = 0;
        n_shut++;
    }
    g_mutex_unlock(&self->lock);
    return n_shut;
}

guint
sched_links_count(SchedLinks *self)
{
    guint count;

    g_mutex_lock(&self->lock);
    count = g_hash_table_size(self->open);
    g_mutex_unlock(&self->lock);
    return count;
}
