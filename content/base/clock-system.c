/*
 * clock-system.c - the machine's clock behind the port of clock.h.
 *
 * Flow: two timerfds watched by the owner's main context; whichever is readable fires the
 * alarms that are due. The wall-clock timer stays armed even without an alarm, because only an
 * armed timer with TFD_TIMER_CANCEL_ON_SET tells that the clock was set.
 * Thread: the one that made the clock, but for the two "now" calls.
 */
#include "content/base/alarm-list.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* Where a timer without alarms is parked: 2200-01-01T00:00:00Z. */
#define PARKED_US (G_GINT64_CONSTANT(7258118400) * G_USEC_PER_SEC)

typedef struct {
    clockid_t id;
    int settime_flags;
    int fd;          /* (owned): timerfd */
    GSource *source; /* (owned): watches fd */
    ContentAlarmList alarms;
} Timer;

typedef struct {
    ContentClock parent;
    Timer utc, monotonic;
    guint next_id;
    gboolean was_set; /* the clock was set while we armed the timer */
    ContentStepFunc step_func;
    gpointer step_data; /* (not owned) */
} SystemClock;

static gint64
read_clock_us(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gint64
system_utc_us(ContentClock *clock)
{
    return read_clock_us(CLOCK_REALTIME);
}

static gint64
system_monotonic_us(ContentClock *clock)
{
    return read_clock_us(CLOCK_MONOTONIC);
}

static int
settime_us(Timer *timer, gint64 when_us)
{
    /* Zero would disarm the timer; 1 ns after the epoch is in the past as well. */
    gint64 at_us = CLAMP(when_us, 0, PARKED_US);
    struct itimerspec spec = {
        .it_value = {.tv_sec = at_us / G_USEC_PER_SEC,
                     .tv_nsec = at_us == 0 ? 1 : at_us % G_USEC_PER_SEC * 1000},
    };

    return timerfd_settime(timer->fd, timer->settime_flags, &spec, NULL);
}

/*
 * timerfd_settime() arms the timer and yet says ECANCELED if the clock was set since the last
 * look (fs/timerfd.c); reading would then not say it again. The timer is made to fire at once
 * so that the news is handled in the main loop, never inside the caller's alarm call.
 */
static void
arm(SystemClock *self, Timer *timer)
{
    if (settime_us(timer, content_alarm_list_next_us(&timer->alarms)) == 0)
        return;
    if (errno == ECANCELED) {
        self->was_set = TRUE;
        settime_us(timer, 0);
        return;
    }
    g_critical("timerfd_settime: %s", g_strerror(errno));
}

static void
fire_due(SystemClock *self, Timer *timer)
{
    gint64 now_us = read_clock_us(timer->id);
    guint below_id = self->next_id;
    ContentAlarm alarm;

    /* An alarm set by a callback waits for the next turn, so that the loop always turns. */
    while (content_alarm_list_pop_due(&timer->alarms, now_us, below_id, &alarm))
        alarm.func(alarm.data);
    arm(self, timer);
}

static gboolean
on_utc_readable(int fd, GIOCondition condition, gpointer data)
{
    SystemClock *self = data;
    guint64 n_expired;
    gboolean was_set = read(fd, &n_expired, sizeof n_expired) < 0 && errno == ECANCELED;

    if (was_set || self->was_set) {
        self->was_set = FALSE;
        arm(self, &self->utc);
        if (self->step_func != NULL)
            self->step_func(self->step_data);
    }
    fire_due(self, &self->utc);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_monotonic_readable(int fd, GIOCondition condition, gpointer data)
{
    SystemClock *self = data;
    guint64 n_expired;

    /* Nothing to read is no fault: the alarm was cancelled between poll and here. */
    (void) !read(fd, &n_expired, sizeof n_expired);
    fire_due(self, &self->monotonic);
    return G_SOURCE_CONTINUE;
}

static guint
add_alarm(SystemClock *self, Timer *timer, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    guint id = self->next_id++;

    content_alarm_list_add(&timer->alarms, id, when_us, func, data);
    arm(self, timer);
    return id;
}

static guint
system_alarm_utc(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    SystemClock *self = (SystemClock *) clock;

    return add_alarm(self, &self->utc, when_us, func, data);
}

static guint
system_alarm_monotonic(ContentClock *clock, gint64 when_us, ContentAlarmFunc func,
                       gpointer data)
{
    SystemClock *self = (SystemClock *) clock;

    return add_alarm(self, &self->monotonic, when_us, func, data);
}

static void
system_cancel(ContentClock *clock, guint alarm_id)
{
    SystemClock *self = (SystemClock *) clock;

    if (content_alarm_list_remove(&self->utc.alarms, alarm_id))
        arm(self, &self->utc);
    else if (content_alarm_list_remove(&self->monotonic.alarms, alarm_id))
        arm(self, &self->monotonic);
}

static void
system_on_step(ContentClock *clock, ContentStepFunc func, gpointer data)
{
    SystemClock *self = (SystemClock *) clock;

    self->step_func = func;
    self->step_data = data;
}

static void
timer_clear(Timer *timer)
{
    g_source_destroy(timer->source);
    g_source_unref(timer->source);
    close(timer->fd);
    content_alarm_list_clear(&timer->alarms);
}

static void
system_free(ContentClock *clock)
{
    SystemClock *self = (SystemClock *) clock;

    timer_clear(&self->utc);
    timer_clear(&self->monotonic);
    g_free(self);
}

static const ContentClockClass system_class = {
    system_utc_us, system_monotonic_us, system_alarm_utc, system_alarm_monotonic,
    system_cancel, system_on_step,      system_free,
};

static void
timer_init(SystemClock *self, Timer *timer, clockid_t id, int settime_flags,
           GUnixFDSourceFunc on_readable)
{
    g_autoptr(GMainContext) context = g_main_context_ref_thread_default();

    timer->id = id;
    timer->settime_flags = settime_flags;
    timer->fd = timerfd_create(id, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer->fd < 0)
        g_error("timerfd_create: %s", g_strerror(errno));
    content_alarm_list_init(&timer->alarms);
    timer->source = g_unix_fd_source_new(timer->fd, G_IO_IN);
    g_source_set_callback(timer->source, G_SOURCE_FUNC(on_readable), self, NULL);
    g_source_attach(timer->source, context);
    arm(self, timer);
}

ContentClock *
content_clock_system_new(void)
{
    SystemClock *self = g_new0(SystemClock, 1);

    self->parent.klass = &system_class;
    self->next_id = 1;
    timer_init(self, &self->utc, CLOCK_REALTIME, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
               on_utc_readable);
    timer_init(self, &self->monotonic, CLOCK_MONOTONIC, TFD_TIMER_ABSTIME,
               on_monotonic_readable);
    return &self->parent;
}
