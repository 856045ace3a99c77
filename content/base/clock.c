/* clock.c - the clock port: hands each call to the clock that was given. See clock.h */
#include "content/base/clock.h"

/* Two readings in a row take less than 1 µs, on a slow machine that is busy some more. */
#define UNDISTURBED_US 20
#define MAX_LOOKS      16

gint64
content_clock_utc_us(ContentClock *self)
{
    return self->klass->utc_us(self);
}

gint64
content_clock_monotonic_us(ContentClock *self)
{
    return self->klass->monotonic_us(self);
}

/* Asked again until little time passed meanwhile; of many disturbed looks the best must do. */
void
content_clock_now(ContentClock *self, gint64 *out_utc_us, gint64 *out_monotonic_us)
{
    gint64 least_us = G_MAXINT64;

    for (guint i = 0; i < MAX_LOOKS && least_us > UNDISTURBED_US; i++) {
        gint64 before_us = content_clock_monotonic_us(self);
        gint64 utc_us = content_clock_utc_us(self);
        gint64 span_us = content_clock_monotonic_us(self) - before_us;

        if (span_us >= least_us)
            continue;
        least_us = span_us;
        *out_utc_us = utc_us;
        *out_monotonic_us = before_us + span_us / 2;
    }
}

guint
content_clock_alarm_utc(ContentClock *self, gint64 when_us, ContentAlarmFunc func,
                        gpointer data)
{
    g_return_val_if_fail(func != NULL, 0);
    return self->klass->alarm_utc(self, when_us, func, data);
}

guint
content_clock_alarm_monotonic(ContentClock *self, gint64 when_us, ContentAlarmFunc func,
                              gpointer data)
{
    g_return_val_if_fail(func != NULL, 0);
    return self->klass->alarm_monotonic(self, when_us, func, data);
}

void
content_clock_cancel(ContentClock *self, guint alarm_id)
{
    if (alarm_id != 0)
        self->klass->cancel(self, alarm_id);
}

void
content_clock_on_step(ContentClock *self, ContentStepFunc func, gpointer data)
{
    self->klass->on_step(self, func, data);
}

void
content_clock_free(ContentClock *self)
{
    if (self != NULL)
        self->klass->free(self);
}
