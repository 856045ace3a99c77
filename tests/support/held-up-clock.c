/* held-up-clock.c - see held-up-clock.h */
#include "tests/support/held-up-clock.h"

/* Asked again within this is asked at once. */
#define AT_ONCE_US (5 * 1000)

typedef struct {
    ContentClock clock;
    ContentClock *machine; /* (owned) */
    GMutex mutex;
    gint64 asked_us; /* guarded: monotonic */
} HeldUpClock;

static gint64
get_utc(ContentClock *clock)
{
    HeldUpClock *self = (HeldUpClock *) clock;
    gint64 utc_us = content_clock_utc_us(self->machine);
    gint64 since_us;

    g_mutex_lock(&self->mutex);
    since_us = g_get_monotonic_time() - self->asked_us;
    if (since_us > AT_ONCE_US)
        g_usleep(HELD_UP_US);
    self->asked_us = g_get_monotonic_time();
    g_mutex_unlock(&self->mutex);
    return utc_us;
}

static gint64
get_monotonic(ContentClock *clock)
{
    return content_clock_monotonic_us(((HeldUpClock *) clock)->machine);
}

static guint
alarm_utc(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    return content_clock_alarm_utc(((HeldUpClock *) clock)->machine, when_us, func, data);
}

static guint
alarm_monotonic(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    return content_clock_alarm_monotonic(((HeldUpClock *) clock)->machine, when_us, func, data);
}

static void
cancel(ContentClock *clock, guint alarm_id)
{
    content_clock_cancel(((HeldUpClock *) clock)->machine, alarm_id);
}

static void
on_step(ContentClock *clock, ContentStepFunc func, gpointer data)
{
    content_clock_on_step(((HeldUpClock *) clock)->machine, func, data);
}

static void
held_up_clock_free(ContentClock *clock)
{
    HeldUpClock *self = (HeldUpClock *) clock;

    content_clock_free(self->machine);
    g_mutex_clear(&self->mutex);
    g_free(self);
}

ContentClock *
held_up_clock_new(void)
{
    static const ContentClockClass klass = {
        .utc_us = get_utc,
        .monotonic_us = get_monotonic,
        .alarm_utc = alarm_utc,
        .alarm_monotonic = alarm_monotonic,
        .cancel = cancel,
        .on_step = on_step,
        .free = held_up_clock_free,
    };
    HeldUpClock *self = g_new0(HeldUpClock, 1);

    self->clock.klass = &klass;
    self->machine = content_clock_system_new();
    g_mutex_init(&self->mutex);
    return &self->clock;
}
