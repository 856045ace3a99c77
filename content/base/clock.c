/* clock.c - the clock port: hands each call to the clock that was given. See clock.h */
#include "content/base/clock.h"

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
