/* chore.c - see chore.h */
#include "scheduler/publish/chore.h"

struct SchedChore {
    SchedStore *store;          /* (not owned) */
    ContentClock *clock;        /* (not owned) */
    const SchedChoreWork *work; /* (not owned) */
    void (*trouble)(const char *words, gpointer user_data);
    gpointer user_data;
    char *told; /* (owned) (nullable): the trouble that lasts */
    guint alarm;
    gboolean is_working, is_stopping;
    GMainContext *context; /* (owned) */

    /* Of the look under way; the task's until it is back. */
    gint64 now_us;
    GPtrArray *found; /* (owned) (nullable) */
};

static void look(gpointer user_data);

static void
wait_for_next(SchedChore *self, const GError *error)
{
    const char *words = error == NULL ? NULL : error->message;

    self->is_working = FALSE;
    if (words != NULL && g_strcmp0(words, self->told) != 0)
        self->trouble(words, self->user_data);
    g_free(self->told);
    self->told = g_strdup(words);
    g_clear_pointer(&self->found, g_ptr_array_unref);
    if (!self->is_stopping)
        self->alarm = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + self->work->every_us, look,
            self);
}

/* In a task's thread. */
static gboolean
find(SchedTxn *txn, gpointer data, GError **error)
{
    SchedChore *self = data;

    self->found = self->work->find(txn, self->now_us, error);
    return self->found != NULL;
}

/* In the writer's thread. */
static gboolean
keep(SchedTxn *txn, gpointer data, GError **error)
{
    SchedChore *self = data;

    return self->work->keep(txn, self->found, error);
}

static void
on_kept(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedChore *self = user_data;
    g_autoptr(GError) error = NULL;

    sched_store_write_finish(self->store, result, NULL, &error);
    wait_for_next(self, error);
}

static void
on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedChore *self = user_data;
    const SchedWrite write = {.actor = "system", .at_us = self->now_us};
    g_autoptr(GError) error = NULL;

    if (!sched_store_read_finish(self->store, result, &error) || self->found->len == 0)
        wait_for_next(self, error);
    else
        sched_store_write_async(self->store, &write, keep, self, NULL, on_kept, self);
}

static void
look(gpointer user_data)
{
    SchedChore *self = user_data;

    self->alarm = 0;
    self->is_working = TRUE;
    self->now_us = content_clock_utc_us(self->clock);
    sched_store_read_async(self->store, find, self, NULL, on_found, self);
}

SchedChore *
sched_chore_new(SchedStore *store, ContentClock *clock, const SchedChoreWork *work,
                void (*trouble)(const char *words, gpointer user_data), gpointer user_data)
{
    SchedChore *self = g_new0(SchedChore, 1);

    self->store = store;
    self->clock = clock;
    self->work = work;
    self->trouble = trouble;
    self->user_data = user_data;
    self->context = g_main_context_ref_thread_default();
    wait_for_next(self, NULL);
    return self;
}

void
sched_chore_free(SchedChore *self)
{
    if (self == NULL)
        return;
    self->is_stopping = TRUE;
    content_clock_cancel(self->clock, self->alarm);
    while (self->is_working)
        g_main_context_iteration(self->context, TRUE);
    g_clear_pointer(&self->found, g_ptr_array_unref);
    g_main_context_unref(self->context);
    g_free(self->told);
    g_free(self);
}
