/* asking.c - see asking.h */
#include "scheduler/publish/asking.h"

struct SchedAsking {
    ContentClock *clock; /* (not owned) */
    SchedAskFunc ask;
    gpointer user_data;
    GPtrArray *waiting; /* (owned) (element-type utf8): the last is the next */
    gint64 since_us;    /* monotonic: when the broker came up */
    guint alarm;
};

static void
on_turn(gpointer user_data)
{
    SchedAsking *self = user_data;
    guint n_asked = 0;

    self->alarm = 0;
    while (self->waiting->len > 0 && n_asked < SCHED_ASK_BATCH) {
        g_autofree char *station =
            g_ptr_array_steal_index_fast(self->waiting, self->waiting->len - 1);

        if (self->ask(station, self->since_us, self->user_data))
            n_asked++;
    }
    if (self->waiting->len > 0)
        self->alarm = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + SCHED_ASK_PAUSE_US, on_turn,
            self);
}

void
sched_asking_begin(SchedAsking *self, GHashTable *stations)
{
    GHashTableIter iter;
    gpointer station;

    self->since_us = content_clock_monotonic_us(self->clock);
    g_ptr_array_set_size(self->waiting, 0);
    g_hash_table_iter_init(&iter, stations);
    while (g_hash_table_iter_next(&iter, &station, NULL))
        g_ptr_array_add(self->waiting, g_strdup(station));
    content_clock_cancel(self->clock, self->alarm);
    self->alarm =
        content_clock_alarm_monotonic(self->clock, self->since_us + SCHED_ASK_AFTER_US, on_turn,
                                      self);
}

SchedAsking *
sched_asking_new(ContentClock *clock, SchedAskFunc ask, gpointer user_data)
{
    SchedAsking *self = g_new0(SchedAsking, 1);

    self->clock = clock;
    self->ask = ask;
    self->user_data = user_data;
    self->waiting = g_ptr_array_new_with_free_func(g_free);
    return self;
}

void
sched_asking_free(SchedAsking *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    g_ptr_array_unref(self->waiting);
    g_free(self);
}
