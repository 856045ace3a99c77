/* tally.c - see tally.h */
#include "scheduler/tally.h"

#include "scheduler/store/figures.h"

struct SchedTally {
    SchedStore *store;              /* (not owned) */
    ContentClock *clock;            /* (not owned) */
    const SchedTallyEvents *events; /* (not owned) */
    gpointer user_data;
    gint64 opened_us; /* monotonic: when days were last opened; -1: not yet */
    guint alarm;
    GMainContext *context; /* (owned) */
    gboolean is_working, is_stopping;
};

/* One step; the task's thread has it alone. */
typedef struct {
    SchedStore *store; /* (not owned) */
    gint64 now_us;
    gboolean opens;
    GPtrArray *days; /* (owned) (nullable) (element-type SchedFigureDay) */
} Step;

static void
step_free(gpointer data)
{
    Step *step = data;

    g_clear_pointer(&step->days, g_ptr_array_unref);
    g_free(step);
}

static gboolean
open_days(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_figures_open(txn, ((const Step *) data)->now_us, error);
}

static gboolean
judge(SchedTxn *txn, gpointer data, GError **error)
{
    Step *step = data;

    step->days = sched_store_figures_due(txn, step->now_us, SCHED_TALLY_STEP, error);
    for (guint i = 0; step->days != NULL && i < step->days->len; i++) {
        if (!sched_store_figures_judge(txn, g_ptr_array_index(step->days, i), step->now_us,
                                       error))
            return FALSE;
    }
    return step->days != NULL;
}

static gboolean
keep(SchedTxn *txn, gpointer data, GError **error)
{
    const Step *step = data;

    for (guint i = 0; i < step->days->len; i++) {
        if (!sched_store_figures_keep(txn, g_ptr_array_index(step->days, i), step->now_us,
                                      error))
            return FALSE;
    }
    return TRUE;
}

static void
run_step(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Step *step = data;
    const SchedWrite write = {.actor = "system", .at_us = step->now_us};
    GError *error = NULL;

    if ((step->opens &&
         !sched_store_write(step->store, &write, open_days, step, NULL, &error)) ||
        !sched_store_read(step->store, judge, step, &error) ||
        (step->days->len > 0 &&
         !sched_store_write(step->store, &write, keep, step, NULL, &error)))
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
}

static void begin(gpointer user_data);

static void
wait_us(SchedTally *self, gint64 pause_us)
{
    if (!self->is_stopping)
        self->alarm = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + pause_us, begin, self);
}

static void
on_step_over(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedTally *self = user_data;
    const Step *step = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    guint n_days = step->days == NULL ? 0 : step->days->len;

    self->is_working = FALSE;
    if (!g_task_propagate_boolean(G_TASK(result), &error)) {
        self->events->trouble(error->message, self->user_data);
        wait_us(self, SCHED_TALLY_EVERY_US);
        return;
    }
    for (guint i = 0; i < n_days; i++) {
        const SchedFigureDay *day = g_ptr_array_index(step->days, i);

        if (day->trouble != NULL)
            self->events->trouble(day->trouble, self->user_data);
    }
    if (n_days > 0 && self->events->done != NULL)
        self->events->done(n_days, self->user_data);
    wait_us(self, n_days == SCHED_TALLY_STEP ? SCHED_TALLY_REST_US : SCHED_TALLY_EVERY_US);
}

static void
begin(gpointer user_data)
{
    SchedTally *self = user_data;
    gint64 monotonic_us = content_clock_monotonic_us(self->clock);
    Step *step = g_new0(Step, 1);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_step_over, self);

    self->alarm = 0;
    self->is_working = TRUE;
    step->store = self->store;
    step->now_us = content_clock_utc_us(self->clock);
    step->opens = self->opened_us < 0 || monotonic_us - self->opened_us >= SCHED_TALLY_OPEN_US;
    if (step->opens)
        self->opened_us = monotonic_us;
    g_task_set_task_data(task, step, step_free);
    g_task_run_in_thread(task, run_step);
}

SchedTally *
sched_tally_new(SchedStore *store, ContentClock *clock, const SchedTallyEvents *events,
                gpointer user_data)
{
    SchedTally *self = g_new0(SchedTally, 1);

    self->store = store;
    self->clock = clock;
    self->events = events;
    self->user_data = user_data;
    self->opened_us = -1;
    self->context = g_main_context_ref_thread_default();
    wait_us(self, SCHED_TALLY_EVERY_US);
    return self;
}

void
sched_tally_free(SchedTally *self)
{
    if (self == NULL)
        return;
    self->is_stopping = TRUE;
    content_clock_cancel(self->clock, self->alarm);
    while (self->is_working)
        g_main_context_iteration(self->context, TRUE);
    g_main_context_unref(self->context);
    g_free(self);
}
