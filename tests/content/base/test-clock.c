/*
 * test-clock.c - the system clock wakes us at the instant, and notices when it is set.
 *
 * The test does not set the machine's clock: read(2) on the timer is wrapped by the linker and
 * says ECANCELED once, which is what the kernel says after clock_settime(2).
 */
#include "content/base/clock.h"

#include "tests/support/event-tape.h"
#include "tests/support/fake-clock.h"

#include <errno.h>
#include <unistd.h>

#define DEADLINE_S 60

ssize_t __real_read(int fd, void *buffer, size_t n_bytes);
ssize_t __wrap_read(int fd, void *buffer, size_t n_bytes);

static gboolean says_clock_was_set;

ssize_t
__wrap_read(int fd, void *buffer, size_t n_bytes)
{
    ssize_t n_read = __real_read(fd, buffer, n_bytes);

    if (says_clock_was_set && n_read == sizeof(guint64)) {
        says_clock_was_set = FALSE;
        errno = ECANCELED;
        return -1;
    }
    return n_read;
}

typedef struct {
    ContentClock *clock;
    EventTape *tape;
    guint n_left; /* alarms until the loop ends */
    guint second_id;
} Fixture;

typedef struct {
    Fixture *fixture;
    const char *name;
} Named;

static void
on_alarm(gpointer data)
{
    Named *named = data;

    event_tape_add(named->fixture->tape, "%s", named->name);
    named->fixture->n_left--;
}

static void
on_step(gpointer data)
{
    Fixture *self = data;

    event_tape_add(self->tape, "step");
}

static void
cancel_second(gpointer data)
{
    Named *named = data;

    on_alarm(data);
    content_clock_cancel(named->fixture->clock, named->fixture->second_id);
}

static void
set_again(gpointer data)
{
    static Named again;
    Named *named = data;

    on_alarm(data);
    again = (Named){named->fixture, "again"};
    content_clock_alarm_monotonic(named->fixture->clock, 0, on_alarm, &again);
}

static void
run_until_fired(Fixture *self, guint n_alarms)
{
    gint64 deadline_us = g_get_monotonic_time() + DEADLINE_S * G_USEC_PER_SEC;

    self->n_left = n_alarms;
    while (self->n_left > 0) {
        g_assert_cmpint(g_get_monotonic_time(), <, deadline_us);
        g_main_context_iteration(NULL, TRUE);
    }
}

static void
set_up(Fixture *self, gconstpointer data)
{
    self->clock = content_clock_system_new();
    self->tape = event_tape_new();
}

static void
tear_down(Fixture *self, gconstpointer data)
{
    content_clock_free(self->clock);
    event_tape_free(self->tape);
}

static void
test_system_order(Fixture *self, gconstpointer data)
{
    gint64 utc_us = content_clock_utc_us(self->clock);
    gint64 monotonic_us = content_clock_monotonic_us(self->clock);
    Named late = {self, "late"}, soon = {self, "soon"}, past = {self, "past"};

    content_clock_alarm_utc(self->clock, utc_us + 30000, on_alarm, &late);
    content_clock_alarm_monotonic(self->clock, monotonic_us + 10000, on_alarm, &soon);
    content_clock_alarm_utc(self->clock, -5, on_alarm, &past);
    run_until_fired(self, 3);
    event_tape_expect(self->tape, "past");
    event_tape_expect(self->tape, "soon");
    event_tape_expect(self->tape, "late");
    g_assert_cmpint(content_clock_utc_us(self->clock), >=, utc_us + 30000);
}

static void
test_system_cancel(Fixture *self, gconstpointer data)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);
    Named first = {self, "first"}, second = {self, "second"}, third = {self, "third"};
    guint gone;

    content_clock_alarm_monotonic(self->clock, now_us, cancel_second, &first);
    self->second_id = content_clock_alarm_monotonic(self->clock, now_us, on_alarm, &second);
    gone = content_clock_alarm_utc(self->clock, 0, on_alarm, &second);
    content_clock_cancel(self->clock, gone);
    content_clock_cancel(self->clock, gone);
    content_clock_cancel(self->clock, 0);
    content_clock_alarm_monotonic(self->clock, now_us + 1000, on_alarm, &third);
    run_until_fired(self, 2);
    event_tape_expect(self->tape, "first");
    event_tape_expect(self->tape, "third");
}

static void
test_system_alarm_in_alarm(Fixture *self, gconstpointer data)
{
    Named first = {self, "first"};

    content_clock_alarm_monotonic(self->clock, 0, set_again, &first);
    run_until_fired(self, 2);
    event_tape_expect(self->tape, "first");
    event_tape_expect(self->tape, "again");
}

static void
test_system_step(Fixture *self, gconstpointer data)
{
    gint64 utc_us = content_clock_utc_us(self->clock);
    Named due = {self, "due"}, far = {self, "far"};

    content_clock_on_step(self->clock, on_step, self);
    content_clock_alarm_utc(self->clock, utc_us + G_TIME_SPAN_HOUR, on_alarm, &far);
    content_clock_alarm_utc(self->clock, utc_us, on_alarm, &due);
    says_clock_was_set = TRUE;
    run_until_fired(self, 1);
    /* The listener hears of the step before any alarm fires by the new time. */
    event_tape_expect(self->tape, "step");
    event_tape_expect(self->tape, "due");
    g_assert_false(says_clock_was_set);
}

static void
test_system_free_while_pending(Fixture *self, gconstpointer data)
{
    ContentClock *other = content_clock_system_new();
    Named never = {self, "never"}, mine = {self, "mine"};

    content_clock_alarm_utc(other, 0, on_alarm, &never);
    content_clock_alarm_monotonic(other, 0, on_alarm, &never);
    content_clock_free(other);
    content_clock_free(NULL);
    content_clock_alarm_monotonic(self->clock, 0, on_alarm, &mine);
    run_until_fired(self, 1);
    event_tape_expect(self->tape, "mine");
}

static void
test_fake(Fixture *self, gconstpointer data)
{
    g_autoptr(ContentClock) clock = fake_clock_new(FAKE_CLOCK_START_US);
    gint64 monotonic_us = content_clock_monotonic_us(clock);
    Named a = {self, "a"}, b = {self, "b"}, c = {self, "c"};

    content_clock_on_step(clock, on_step, self);
    content_clock_alarm_utc(clock, FAKE_CLOCK_START_US + 20, on_alarm, &b);
    content_clock_alarm_monotonic(clock, monotonic_us + 10, on_alarm, &a);
    content_clock_cancel(clock,
                         content_clock_alarm_utc(clock, FAKE_CLOCK_START_US + 5, on_alarm, &c));
    fake_clock_advance(clock, 9);
    event_tape_assert_empty(self->tape);
    fake_clock_advance(clock, 11);
    event_tape_expect(self->tape, "a");
    event_tape_expect(self->tape, "b");
    g_assert_cmpint(content_clock_utc_us(clock), ==, FAKE_CLOCK_START_US + 20);

    /* Back: the alarm is as far away as the wall clock says. Forward: it is due at once. */
    content_clock_alarm_utc(clock, FAKE_CLOCK_START_US + 100, on_alarm, &c);
    fake_clock_step(clock, -1000);
    fake_clock_advance(clock, 1000);
    event_tape_expect(self->tape, "step");
    event_tape_assert_empty(self->tape);
    fake_clock_step(clock, 5000);
    event_tape_expect(self->tape, "step");
    event_tape_expect(self->tape, "c");
    g_assert_cmpint(content_clock_monotonic_us(clock), ==, monotonic_us + 1020);
    g_assert_cmpuint(fake_clock_n_pending(clock), ==, 0);
    g_assert_false(fake_clock_advance_to_next(clock));
}

/* Both at one instant, however often the reader is kept waiting between the two. */
static void
test_now(Fixture *self, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why; gint64 by_us; guint n_times; gint64 off_us; } cases[] = {
        { "undisturbed",                    0,     0,   0     },
        { "once",                           30000, 1,   0     },
        { "again and again",                30000, 15,  0     },
        { "always: half of it at the most", 30000, 999, 15000 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentClock) clock = fake_clock_new(FAKE_CLOCK_START_US);
        gint64 utc_us = 0, monotonic_us = 0;

        g_test_message("%s", cases[i].why);
        fake_clock_interrupt(clock, cases[i].by_us, cases[i].n_times);
        content_clock_now(clock, &utc_us, &monotonic_us);
        utc_us -= FAKE_CLOCK_START_US;
        monotonic_us -= FAKE_CLOCK_MONOTONIC_US;
        g_assert_cmpint(utc_us, >=, 0);
        g_assert_cmpint(ABS(utc_us - monotonic_us), <=, cases[i].off_us);
    }
}

#define ADD(name, func)                                                                        \
    g_test_add("/content/clock/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("system/order", test_system_order);
    ADD("system/cancel", test_system_cancel);
    ADD("system/alarm-in-alarm", test_system_alarm_in_alarm);
    ADD("system/step", test_system_step);
    ADD("system/free-while-pending", test_system_free_while_pending);
    ADD("fake", test_fake);
    ADD("now", test_now);
    return g_test_run();
}
