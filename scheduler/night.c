/* night.c - see night.h */
#include "scheduler/night.h"

#include "scheduler/plan/calendar.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/retention.h"
#include "scheduler/store/settings.h"

#define LOCK "night"

struct SchedNight {
    SchedStore *store;              /* (not owned) */
    ContentClock *clock;            /* (not owned) */
    const SchedNightEvents *events; /* (not owned) */
    gpointer user_data;
    char *holder; /* (owned) */
    guint seed;
    guint alarm;
    GMainContext *context; /* (owned) */
    gboolean is_working, is_stopping;

    /* Of the step under way; the writer's until it is back. */
    gboolean is_ours, has_more;
    gint64 n_deleted;
    gint64 n_rows; /* of the night */
};

gint64
sched_night_next_us(gint64 after_us, const char *tzid, guint seed)
{
    g_autoptr(SchedCalendar) calendar = sched_calendar_new(tzid);
    gint64 second = SCHED_NIGHT_FROM_S + seed % SCHED_NIGHT_SPAN_S;
    gint64 now_s, at_us;
    SchedDay day = sched_calendar_local(calendar, after_us, &now_s);

    at_us = sched_calendar_instant(calendar, day, second);
    return at_us > after_us ? at_us : sched_calendar_instant(calendar, day + 1, second);
}

static void begin(gpointer user_data);

static gboolean
read_tzid(SchedTxn *txn, gpointer data, GError **error)
{
    return (*(char **) data = sched_store_setting_text(txn, "tzid", error)) != NULL;
}

static void
wait_for_night(SchedNight *self)
{
    gint64 now_us = content_clock_utc_us(self->clock);
    g_autofree char *tzid = NULL;
    g_autoptr(GError) error = NULL;

    if (self->is_stopping)
        return;
    if (!sched_store_read(self->store, read_tzid, &tzid, &error))
        self->events->trouble(error->message, self->user_data);
    self->alarm = content_clock_alarm_utc(
        self->clock, sched_night_next_us(now_us, tzid == NULL ? "UTC" : tzid, self->seed),
        begin, self);
}

/* In the writer's thread. */
static gboolean
run_step(SchedTxn *txn, gpointer data, GError **error)
{
    SchedNight *self = data;
    g_autoptr(GError) cause = NULL;

    self->has_more = FALSE;
    self->n_deleted = 0;
    self->is_ours = sched_store_lock_take(txn, LOCK, self->holder, SCHED_NIGHT_LOCK_US, &cause);
    if (cause != NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    return !self->is_ours ||
           sched_store_retention_step(txn, &self->n_deleted, &self->has_more, error);
}

static void write_step(SchedNight *self);

static void
on_step_over(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedNight *self = user_data;
    g_autoptr(GError) error = NULL;

    self->is_working = FALSE;
    if (!sched_store_write_finish(self->store, result, NULL, &error)) {
        self->events->trouble(error->message, self->user_data);
    } else {
        self->n_rows += self->n_deleted;
        if (self->has_more && !self->is_stopping) {
            write_step(self);
            return;
        }
        if (self->is_ours)
            self->events->done(self->n_rows, self->user_data);
    }
    wait_for_night(self);
}

static void
write_step(SchedNight *self)
{
    const SchedWrite write = {.actor = "system", .at_us = content_clock_utc_us(self->clock)};

    self->is_working = TRUE;
    sched_store_write_async(self->store, &write, run_step, self, NULL, on_step_over, self);
}

static void
begin(gpointer user_data)
{
    SchedNight *self = user_data;

    self->alarm = 0;
    self->n_rows = 0;
    self->events->begins(self->user_data);
    write_step(self);
}

SchedNight *
sched_night_new(SchedStore *store, ContentClock *clock, const char *holder, guint seed,
                const SchedNightEvents *events, gpointer user_data)
{
    SchedNight *self = g_new0(SchedNight, 1);
    gint64 first_us = SCHED_NIGHT_FIRST_US + seed % (guint) SCHED_NIGHT_FIRST_SPAN_US;

    self->store = store;
    self->clock = clock;
    self->holder = g_strdup(holder);
    self->seed = seed;
    self->events = events;
    self->user_data = user_data;
    self->context = g_main_context_ref_thread_default();
    self->alarm =
        content_clock_alarm_monotonic(clock, content_clock_monotonic_us(clock) + first_us,
                                      begin, self);
    return self;
}

void
sched_night_free(SchedNight *self)
{
    if (self == NULL)
        return;
    self->is_stopping = TRUE;
    content_clock_cancel(self->clock, self->alarm);
    while (self->is_working)
        g_main_context_iteration(self->context, TRUE);
    g_main_context_unref(self->context);
    g_free(self->holder);
    g_free(self);
}
