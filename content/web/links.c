/* links.c - see links.h */
#include "content/web/links.h"

#include <sys/socket.h>

struct ContentLink {
    int fd;
    gint64 deadline_us; /* 0: none */
};

struct ContentLinks {
    GMutex lock;
    GHashTable *open; /* (owned): set of ContentLink */
};

ContentLinks *
content_links_new(void)
{
    ContentLinks *self = g_new0(ContentLinks, 1);

    g_mutex_init(&self->lock);
    self->open = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    return self;
}

void
content_links_free(ContentLinks *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->open);
    g_mutex_clear(&self->lock);
    g_free(self);
}

ContentLink *
content_links_add(ContentLinks *self, int fd, gint64 deadline_us)
{
    ContentLink *link = g_new0(ContentLink, 1);

    link->fd = fd;
    link->deadline_us = deadline_us;
    g_mutex_lock(&self->lock);
    g_hash_table_add(self->open, link);
    g_mutex_unlock(&self->lock);
    return link;
}

void
content_links_remove(ContentLinks *self, ContentLink *link)
{
    g_mutex_lock(&self->lock);
    g_hash_table_remove(self->open, link);
    g_mutex_unlock(&self->lock);
}

void
content_links_set_deadline(ContentLinks *self, ContentLink *link, gint64 deadline_us)
{
    g_mutex_lock(&self->lock);
    link->deadline_us = deadline_us;
    g_mutex_unlock(&self->lock);
}

guint
content_links_sweep(ContentLinks *self, gint64 now_us)
{
    GHashTableIter iter;
    gpointer key;
    guint n_shut = 0;

    g_mutex_lock(&self->lock);
    g_hash_table_iter_init(&iter, self->open);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        ContentLink *link = key;

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
content_links_count(ContentLinks *self)
{
    guint count;

    g_mutex_lock(&self->lock);
    count = g_hash_table_size(self->open);
    g_mutex_unlock(&self->lock);
    return count;
}
