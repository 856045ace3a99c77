/*
 * clock.h - what time it is, and waking up at a stated instant.
 *
 * Flow: everything that needs time is handed a ContentClock; pure folders get instants as
 * arguments instead. The system clock lives in clock-system.c, the fake in tests/support/.
 * Thread: a clock belongs to the thread that made it; only the two "now" calls may be made
 * from any thread.
 */
#pragma once

#include <glib.h>

typedef struct ContentClock ContentClock;

/* Called once at (or after) the instant, on the thread that owns the clock. */
typedef void (*ContentAlarmFunc)(gpointer user_data);

/* Called after the UTC clock was set, in either direction; alarms are re-derived already. */
typedef void (*ContentStepFunc)(gpointer user_data);

/* The port. A table of functions, so that a test can hand over a clock that moves when told. */
typedef struct {
    gint64 (*utc_us)(ContentClock *self);
    gint64 (*monotonic_us)(ContentClock *self);
    guint (*alarm_utc)(ContentClock *self, gint64 when_us, ContentAlarmFunc func,
                       gpointer data);
    guint (*alarm_monotonic)(ContentClock *self, gint64 when_us, ContentAlarmFunc func,
                             gpointer data);
    void (*cancel)(ContentClock *self, guint alarm_id);
    void (*on_step)(ContentClock *self, ContentStepFunc func, gpointer data);
    void (*free)(ContentClock *self);
} ContentClockClass;

struct ContentClock {
    const ContentClockClass *klass;
};

/**
 * content_clock_system_new:
 *
 * The machine's clock. UTC alarms are kept as UTC instants by a timerfd with
 * TFD_TIMER_CANCEL_ON_SET (timerfd_create(2)), so a stepped clock neither loses nor delays one.
 *
 * Returns: (transfer full): a clock on the thread-default main context of the caller
 */
ContentClock *content_clock_system_new(void);

/**
 * content_clock_utc_us:
 *
 * Returns: µs since 1970-01-01T00:00:00Z by the (possibly wrong) wall clock
 */
gint64 content_clock_utc_us(ContentClock *self);

/**
 * content_clock_monotonic_us:
 *
 * Returns: µs of CLOCK_MONOTONIC; for durations only
 */
gint64 content_clock_monotonic_us(ContentClock *self);

/**
 * content_clock_now:
 * @out_utc_us: (out): as content_clock_utc_us()
 * @out_monotonic_us: (out): as content_clock_monotonic_us(), of the same instant
 *
 * For whoever computes from one clock to the other. Asked one after the other by the caller,
 * the two are as far apart as the machine let it wait in between, and what is computed from
 * them is off by that much.
 */
void content_clock_now(ContentClock *self, gint64 *out_utc_us, gint64 *out_monotonic_us);

/**
 * content_clock_alarm_utc:
 * @when_us: UTC instant, µs; a past instant fires at the next turn of the loop
 * @func: called once
 * @data: (not owned): must outlive the alarm
 *
 * Returns: an id for content_clock_cancel(), never 0
 */
guint content_clock_alarm_utc(ContentClock *self, gint64 when_us, ContentAlarmFunc func,
                              gpointer data);

/**
 * content_clock_alarm_monotonic:
 * @when_us: monotonic instant, µs
 *
 * As content_clock_alarm_utc(), but a step of the wall clock does not move it.
 *
 * Returns: an id for content_clock_cancel(), never 0
 */
guint content_clock_alarm_monotonic(ContentClock *self, gint64 when_us, ContentAlarmFunc func,
                                    gpointer data);

/**
 * content_clock_cancel:
 * @alarm_id: an id returned by an alarm call; 0 or an alarm that has fired is ignored
 */
void content_clock_cancel(ContentClock *self, guint alarm_id);

/**
 * content_clock_on_step:
 * @func: (nullable): called after the wall clock was set; NULL removes it
 *
 * One listener a clock: the wiring.
 */
void content_clock_on_step(ContentClock *self, ContentStepFunc func, gpointer data);

/**
 * content_clock_free:
 * @self: (nullable) (transfer full): pending alarms are dropped without being called
 */
void content_clock_free(ContentClock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentClock, content_clock_free)
