/* fake-clock.c - see fake-clock.h */
#include "tests/support/fake-clock.h"

#include "content/base/alarm-list.h"

#include <stdatomic.h>

typedef struct {
    ContentClock parent;
    _Atomic gint64 utc_us, monotonic_us;
    ContentAlarmList utc_alarms, monotonic_alarms;
    guint next_id;
    ContentStepFunc step_func;
    gpointer step_data; /* (not owned) */
    gint64 pause_us;    /* what passes after each of the next readings of UTC */
    guint n_pauses;
} FakeClock;

static gint64
fake_utc_us(ContentClock *clock)
{
    FakeClock *self = (FakeClock *) clock;
    gint64 utc_us = self->utc_us;

    if (self->n_pauses > 0) {
        self->n_pauses--;
        self->utc_us += self->pause_us;
        self->monotonic_us += self->pause_us;
    }
    return utc_us;
}

static gint64
fake_monotonic_us(ContentClock *clock)
{
    return ((FakeClock *) clock)->monotonic_us;
}

static guint
fake_alarm_utc(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    FakeClock *self = (FakeClock *) clock;

    content_alarm_list_add(&self->utc_alarms, self->next_id, when_us, func, data);
    return self->next_id++;
}

static guint
fake_alarm_monotonic(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    FakeClock *self = (FakeClock *) clock;

    content_alarm_list_add(&self->monotonic_alarms, self->next_id, when_us, func, data);
    return self->next_id++;
}

static void
fake_cancel(ContentClock *clock, guint alarm_id)
{
    FakeClock *self = (FakeClock *) clock;

    if (!content_alarm_list_remove(&self->utc_alarms, alarm_id))
        content_alarm_list_remove(&self->monotonic_alarms, alarm_id);
}

static void
fake_on_step(ContentClock *clock, ContentStepFunc func, gpointer data)
{
    FakeClock *self = (FakeClock *) clock;

    self->step_func = func;
    self->step_data = data;
}

static void
fake_free(ContentClock *clock)
{
    FakeClock *self = (FakeClock *) clock;

    content_alarm_list_clear(&self->utc_alarms);
    content_alarm_list_clear(&self->monotonic_alarms);
    g_free(self);
}

static const ContentClockClass fake_class = {
    fake_utc_us, fake_monotonic_us, fake_alarm_utc, fake_alarm_monotonic,
    fake_cancel, fake_on_step,      fake_free,
};

ContentClock *
fake_clock_new(gint64 utc_us)
{
    FakeClock *self = g_new0(FakeClock, 1);

    self->parent.klass = &fake_class;
    self->utc_us = utc_us;
    self->monotonic_us = FAKE_CLOCK_MONOTONIC_US;
    self->next_id = 1;
    content_alarm_list_init(&self->utc_alarms);
    content_alarm_list_init(&self->monotonic_alarms);
    return &self->parent;
}

/* How long until the next alarm of either kind; G_MAXINT64 if there is none. */
static gint64
until_next_us(FakeClock *self)
{
    gint64 utc_us = content_alarm_list_next_us(&self->utc_alarms);
    gint64 monotonic_us = content_alarm_list_next_us(&self->monotonic_alarms);
    gint64 wait_us = G_MAXINT64;

    if (utc_us != G_MAXINT64)
        wait_us = MAX(utc_us - self->utc_us, 0);
    if (monotonic_us != G_MAXINT64)
        wait_us = MIN(wait_us, MAX(monotonic_us - self->monotonic_us, 0));
    return wait_us;
}

static void
fire_due(FakeClock *self)
{
    ContentAlarm alarm;

    while (content_alarm_list_pop_due(&self->utc_alarms, self->utc_us, G_MAXUINT, &alarm) ||
           content_alarm_list_pop_due(&self->monotonic_alarms, self->monotonic_us, G_MAXUINT,
                                      &alarm))
        alarm.func(alarm.data);
}

void
fake_clock_advance(ContentClock *clock, gint64 by_us)
{
    FakeClock *self = (FakeClock *) clock;
    gint64 end_us = self->monotonic_us + by_us;

    g_assert_cmpint(by_us, >=, 0);
    while (TRUE) {
        /* Counted on the monotonic base, because a callback may step the wall clock. */
        gint64 left_us = end_us - self->monotonic_us;
        gint64 wait_us = until_next_us(self);
        gint64 move_us = MIN(left_us, wait_us);

        self->utc_us += move_us;
        self->monotonic_us += move_us;
        if (wait_us > left_us)
            return;
        fire_due(self);
    }
}

void
fake_clock_advance_to(ContentClock *clock, gint64 utc_us)
{
    fake_clock_advance(clock, utc_us - fake_utc_us(clock));
}

gboolean
fake_clock_advance_to_next(ContentClock *clock)
{
    gint64 wait_us = until_next_us((FakeClock *) clock);

    if (wait_us == G_MAXINT64)
        return FALSE;
    fake_clock_advance(clock, wait_us);
    return TRUE;
}

void
fake_clock_step(ContentClock *clock, gint64 by_us)
{
    FakeClock *self = (FakeClock *) clock;

    self->utc_us += by_us;
    if (self->step_func != NULL)
        self->step_func(self->step_data);
    fire_due(self);
}

void
fake_clock_interrupt(ContentClock *clock, gint64 by_us, guint n_times)
{
    FakeClock *self = (FakeClock *) clock;

    self->pause_us = by_us;
    self->n_pauses = n_times;
}

guint
fake_clock_n_pending(ContentClock *clock)
{
    FakeClock *self = (FakeClock *) clock;

    return self->utc_alarms.alarms->len + self->monotonic_alarms.alarms->len;
}
