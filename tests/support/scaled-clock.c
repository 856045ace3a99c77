/*
 * scaled-clock.c - see scaled-clock.h
 *
 * Wall clock and monotonic clock run side by side and are never set, so one timerfd serves
 * both: an instant of either is turned into the machine's own time.
 */
#include "tests/support/scaled-clock.h"

#include "content/base/alarm-list.h"

#include <glib-unix.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <sysexits.h>
#include <unistd.h>

typedef struct {
    ContentClock parent;
    TestScale scale;
    ContentAlarmList utc, monotonic;
    guint next_id;
    int fd;          /* (owned): timerfd */
    GSource *source; /* (owned): watches fd */
} ScaledClock;

gboolean
test_scale_parse(const char *words, TestScale *out)
{
    char rest;

    return words != NULL &&
           sscanf(words, "%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT "%c",
                  &out->real_us, &out->utc_us, &out->factor, &rest) == 3 &&
           out->real_us >= 0 && out->utc_us >= 0 && out->factor >= 1 &&
           out->factor <= TEST_SCALE_FACTOR_MAX;
}

TestScale
test_scale_from_environment(void)
{
    TestScale scale;

    if (!test_scale_parse(g_getenv(TEST_SCALE_VARIABLE), &scale)) {
        fprintf(stderr, "%s must say REAL_US:UTC_US:FACTOR\n", TEST_SCALE_VARIABLE);
        exit(EX_USAGE);
    }
    return scale;
}

gint64
test_scale_utc_us(const TestScale *scale, gint64 real_us)
{
    return scale->utc_us + (real_us - scale->real_us) * scale->factor;
}

gint64
test_scale_monotonic_us(const TestScale *scale, gint64 real_us)
{
    return scale->real_us + (real_us - scale->real_us) * scale->factor;
}

static gint64
real_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gint64
scaled_utc_us(ContentClock *clock)
{
    return test_scale_utc_us(&((ScaledClock *) clock)->scale, real_now_us());
}

static gint64
scaled_monotonic_us(ContentClock *clock)
{
    return test_scale_monotonic_us(&((ScaledClock *) clock)->scale, real_now_us());
}

/* When, by the machine's own clock, @base_us (ours) plus what is left to @when_us has passed.
 */
static gint64
real_of(const ScaledClock *self, gint64 when_us, gint64 base_us)
{
    gint64 left_us = when_us - base_us;

    if (left_us <= 0)
        return 0;
    return self->scale.real_us + left_us / self->scale.factor + 1;
}

static void
arm(ScaledClock *self)
{
    gint64 utc_us = content_alarm_list_next_us(&self->utc);
    gint64 monotonic_us = content_alarm_list_next_us(&self->monotonic);
    gint64 at_us = MIN(real_of(self, utc_us, self->scale.utc_us),
                       real_of(self, monotonic_us, self->scale.real_us));
    struct itimerspec spec = {
        .it_value = {.tv_sec = at_us / G_USEC_PER_SEC,
                     .tv_nsec = at_us == 0 ? 1 : at_us % G_USEC_PER_SEC * 1000},
    };

    if (utc_us == G_MAXINT64 && monotonic_us == G_MAXINT64)
        spec = (struct itimerspec){0};
    if (timerfd_settime(self->fd, TFD_TIMER_ABSTIME, &spec, NULL) != 0)
        g_error("timerfd_settime: %s", g_strerror(errno));
}

static gboolean
on_readable(int fd, GIOCondition condition, gpointer data)
{
    ScaledClock *self = data;
    gint64 real_us = real_now_us();
    gint64 utc_us = test_scale_utc_us(&self->scale, real_us);
    gint64 monotonic_us = test_scale_monotonic_us(&self->scale, real_us);
    guint below_id = self->next_id;
    ContentAlarm alarm;
    guint64 n_expired;

    (void) !read(fd, &n_expired, sizeof n_expired);
    while (content_alarm_list_pop_due(&self->utc, utc_us, below_id, &alarm) ||
           content_alarm_list_pop_due(&self->monotonic, monotonic_us, below_id, &alarm))
        alarm.func(alarm.data);
    arm(self);
    return G_SOURCE_CONTINUE;
}

static guint
add_alarm(ScaledClock *self, ContentAlarmList *alarms, gint64 when_us, ContentAlarmFunc func,
          gpointer data)
{
    guint id = self->next_id++;

    content_alarm_list_add(alarms, id, when_us, func, data);
    arm(self);
    return id;
}

static guint
scaled_alarm_utc(ContentClock *clock, gint64 when_us, ContentAlarmFunc func, gpointer data)
{
    ScaledClock *self = (ScaledClock *) clock;

    return add_alarm(self, &self->utc, when_us, func, data);
}

static guint
scaled_alarm_monotonic(ContentClock *clock, gint64 when_us, ContentAlarmFunc func,
                       gpointer data)
{
    ScaledClock *self = (ScaledClock *) clock;

    return add_alarm(self, &self->monotonic, when_us, func, data);
}

static void
scaled_cancel(ContentClock *clock, guint alarm_id)
{
    ScaledClock *self = (ScaledClock *) clock;

    if (content_alarm_list_remove(&self->utc, alarm_id) ||
        content_alarm_list_remove(&self->monotonic, alarm_id))
        arm(self);
}

static void
scaled_on_step(ContentClock *clock, ContentStepFunc func, gpointer data)
{
    /* Nobody sets this clock, so nobody has to be told. */
}

static void
scaled_free(ContentClock *clock)
{
    ScaledClock *self = (ScaledClock *) clock;

    g_source_destroy(self->source);
    g_source_unref(self->source);
    close(self->fd);
    content_alarm_list_clear(&self->utc);
    content_alarm_list_clear(&self->monotonic);
    g_free(self);
}

static const ContentClockClass scaled_class = {
    scaled_utc_us, scaled_monotonic_us, scaled_alarm_utc, scaled_alarm_monotonic,
    scaled_cancel, scaled_on_step,      scaled_free,
};

ContentClock *
test_scaled_clock_new(const TestScale *scale)
{
    ScaledClock *self = g_new0(ScaledClock, 1);

    self->parent.klass = &scaled_class;
    self->scale = *scale;
    self->next_id = 1;
    content_alarm_list_init(&self->utc);
    content_alarm_list_init(&self->monotonic);
    self->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (self->fd < 0)
        g_error("timerfd_create: %s", g_strerror(errno));
    self->source = g_unix_fd_source_new(self->fd, G_IO_IN);
    g_source_set_callback(self->source, G_SOURCE_FUNC(on_readable), self, NULL);
    g_source_attach(self->source, g_main_context_get_thread_default());
    return &self->parent;
}
