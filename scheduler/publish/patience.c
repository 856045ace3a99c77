/* patience.c - see patience.h */
#include "scheduler/publish/patience.h"

typedef struct {
    gint64 last_id;
    gint64 wait_us; /* after the last failure */
    gint64 due_us;
    char *words; /* (owned): what was told */
} Failing;

struct SchedPatience {
    GHashTable *failing; /* (owned): station -> Failing */
};

static void
failing_free(gpointer data)
{
    Failing *failing = data;

    g_free(failing->words);
    g_free(failing);
}

SchedPatience *
sched_patience_new(void)
{
    SchedPatience *self = g_new0(SchedPatience, 1);

    self->failing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, failing_free);
    return self;
}

gboolean
sched_patience_failed(SchedPatience *self, const char *station, gint64 last_id,
                      const char *words, gint64 now_us)
{
    Failing *failing = g_hash_table_lookup(self->failing, station);
    gboolean is_new;

    if (failing == NULL) {
        failing = g_new0(Failing, 1);
        g_hash_table_insert(self->failing, g_strdup(station), failing);
    }
    is_new = g_strcmp0(failing->words, words) != 0;
    if (is_new) {
        g_free(failing->words);
        failing->words = g_strdup(words);
    }
    failing->last_id = last_id;
    failing->wait_us = failing->wait_us == 0
                           ? SCHED_PATIENCE_FIRST_US
                           : MIN(2 * failing->wait_us, SCHED_PATIENCE_MOST_US);
    /* On a common beat: however many stations fail, they are tried in one round. */
    failing->due_us = (now_us / failing->wait_us + 2) * failing->wait_us;
    return is_new;
}

void
sched_patience_succeeded(SchedPatience *self, const char *station)
{
    g_hash_table_remove(self->failing, station);
}

GHashTable *
sched_patience_held(SchedPatience *self, gint64 now_us)
{
    GHashTable *held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter stations;
    gpointer station, value;

    g_hash_table_iter_init(&stations, self->failing);
    while (g_hash_table_iter_next(&stations, &station, &value)) {
        const Failing *failing = value;

        if (failing->due_us > now_us)
            g_hash_table_insert(held, g_strdup(station),
                                g_memdup2(&failing->last_id, sizeof failing->last_id));
    }
    return held;
}

GHashTable *
sched_patience_words(SchedPatience *self)
{
    GHashTable *words = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter stations;
    gpointer value;

    g_hash_table_iter_init(&stations, self->failing);
    while (g_hash_table_iter_next(&stations, NULL, &value))
        g_hash_table_add(words, ((Failing *) value)->words);
    return words;
}

static gboolean
is_due(gpointer station, gpointer value, gpointer now_us)
{
    return ((const Failing *) value)->due_us <= *(const gint64 *) now_us;
}

void
sched_patience_drop_due(SchedPatience *self, gint64 now_us)
{
    g_hash_table_foreach_remove(self->failing, is_due, &now_us);
}

gint64
sched_patience_next_us(SchedPatience *self)
{
    GHashTableIter stations;
    gpointer value;
    gint64 next_us = G_MAXINT64;

    g_hash_table_iter_init(&stations, self->failing);
    while (g_hash_table_iter_next(&stations, NULL, &value))
        next_us = MIN(next_us, ((const Failing *) value)->due_us);
    return next_us == G_MAXINT64 ? 0 : next_us;
}

void
sched_patience_free(SchedPatience *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->failing);
    g_free(self);
}
