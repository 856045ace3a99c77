/*
 * test-trust-clock.c - the clock the player lives by: alarms follow the trusted time, questions
 * to the district are fresh, and what was known survives a restart, not a power cut.
 */
#include "player/intake/trust-clock.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

#include "tests/support/event-tape.h"
#include "tests/support/fake-clock.h"
#include "tests/support/scratch.h"

#define SECOND(n) ((gint64) (n) *G_USEC_PER_SEC)
#define HOUR(n)   (SECOND(n) * 3600)
#define NOW       FAKE_CLOCK_START_US
#define BOOT      "0123456789abcdef0123456789abcdef"
#define OTHER     "ffffffffffffffffffffffffffffffff"

typedef struct {
    char *folder;
    ContentClock *inner;
    PlayTrustClock *clock;
    EventTape *tape;
    gboolean is_synchronised, has_rtc;
    char nonce[65];
    guint n_asked;
} Fixture;

static gboolean
is_synchronised(gpointer data)
{
    return ((Fixture *) data)->is_synchronised;
}

static gboolean
has_rtc(gpointer data)
{
    return ((Fixture *) data)->has_rtc;
}

static const PlayTrustMachine machine = {is_synchronised, has_rtc};

static void
on_changed(const char *words, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "%s", words);
}

static void
on_ask(const char *nonce, gpointer data)
{
    Fixture *fixture = data;

    g_assert_cmpuint(strlen(nonce), ==, 64);
    g_assert_cmpstr(nonce, !=, fixture->nonce);
    g_strlcpy(fixture->nonce, nonce, sizeof fixture->nonce);
    fixture->n_asked++;
}

static const PlayTrustClockEvents events = {on_changed, on_ask};

static void
open_clock(Fixture *fixture, const char *boot)
{
    fixture->clock = play_trust_clock_new(fixture->inner, fixture->folder, boot, &machine,
                                          fixture, &events, fixture);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = test_scratch_new();
    fixture->tape = event_tape_new();
    fixture->inner = fake_clock_new(SECOND(40)); /* 1970 */
    open_clock(fixture, BOOT);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    play_trust_clock_free(fixture->clock);
    g_assert_cmpuint(fake_clock_n_pending(fixture->inner), ==, 0);
    content_clock_free(fixture->inner);
    event_tape_free(fixture->tape);
    test_scratch_free(fixture->folder);
}

static gint64
utc(Fixture *fixture)
{
    return content_clock_utc_us(play_trust_clock_clock(fixture->clock));
}

static void
on_alarm(gpointer data)
{
    Fixture *fixture = data;

    event_tape_add(fixture->tape, "alarm");
}

static void
on_step(gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "step");
}

/* Asks, and is answered by a district whose clock is right. */
static const char *
synchronise(Fixture *fixture, gint64 utc_us)
{
    play_trust_clock_connected(fixture->clock, TRUE);
    return play_trust_clock_answer(fixture->clock, fixture->nonce, utc_us);
}

/* At 1970 with an alarm for 2026: the answer comes, the listener hears a step, the alarm fits.
 */
static void
test_1970(Fixture *fixture, gconstpointer data)
{
    ContentClock *clock = play_trust_clock_clock(fixture->clock);
    const char *fault = play_trust_clock_fault(fixture->clock);

    g_assert_cmpint(play_trust_clock_trust(fixture->clock), ==, CONTENT_TRUST_UNSET);
    g_assert_nonnull(fault);
    content_clock_on_step(clock, on_step, fixture);
    content_clock_alarm_utc(clock, NOW + SECOND(10), on_alarm, fixture);
    fake_clock_advance(fixture->inner, SECOND(20));
    event_tape_assert_empty(fixture->tape);

    g_assert_null(synchronise(fixture, NOW));
    event_tape_expect(fixture->tape, "step");
    event_tape_expect(fixture->tape, "clock_signed");
    g_assert_cmpint(utc(fixture), ==, NOW);
    g_assert_null(play_trust_clock_fault(fixture->clock));
    fake_clock_advance(fixture->inner, SECOND(10) - 1);
    event_tape_assert_empty(fixture->tape);
    fake_clock_advance(fixture->inner, 1);
    event_tape_expect(fixture->tape, "alarm");
    /* The machine's own clock was not touched. */
    g_assert_cmpint(content_clock_utc_us(fixture->inner), ==, SECOND(70));
}

static void
test_answers(Fixture *fixture, gconstpointer data)
{
    char first[65];

    g_assert_nonnull(play_trust_clock_answer(fixture->clock, "", NOW));
    play_trust_clock_connected(fixture->clock, TRUE);
    g_strlcpy(first, fixture->nonce, sizeof first);
    /* Asked again every half minute with another nonce; answers to the old one are worth
     * nothing. */
    fake_clock_advance(fixture->inner, SECOND(30));
    g_assert_cmpuint(fixture->n_asked, ==, 2);
    g_assert_nonnull(play_trust_clock_answer(fixture->clock, first, NOW));
    /* Too late for the new one, too. */
    fake_clock_advance(fixture->inner, SECOND(11));
    g_assert_nonnull(play_trust_clock_answer(fixture->clock, fixture->nonce, NOW));
    fake_clock_advance(fixture->inner, SECOND(19));
    g_assert_cmpuint(fixture->n_asked, ==, 3);
    g_assert_null(play_trust_clock_answer(fixture->clock, fixture->nonce, NOW));
    event_tape_expect(fixture->tape, "clock_signed");
    /* The same answer a second time. */
    g_assert_nonnull(play_trust_clock_answer(fixture->clock, fixture->nonce, NOW + HOUR(9)));
    /* Sure now: the next question is hours away; none without a line. */
    fake_clock_advance(fixture->inner, HOUR(6) - 1);
    g_assert_cmpuint(fixture->n_asked, ==, 3);
    fake_clock_advance(fixture->inner, 1);
    g_assert_cmpuint(fixture->n_asked, ==, 4);
    play_trust_clock_connected(fixture->clock, FALSE);
    fake_clock_advance(fixture->inner, HOUR(7));
    g_assert_cmpuint(fixture->n_asked, ==, 4);
}

/* The keys had expired: with new ones the station does not sit out the half minute. */
static void
test_new_keys(Fixture *fixture, gconstpointer data)
{
    play_trust_clock_connected(fixture->clock, TRUE);
    play_trust_clock_ask_again(fixture->clock);
    g_assert_cmpuint(fixture->n_asked, ==, 1);
    play_trust_clock_refused(fixture->clock);
    g_assert_cmpuint(fixture->n_asked, ==, 1);
    play_trust_clock_ask_again(fixture->clock);
    g_assert_cmpuint(fixture->n_asked, ==, 2);
    /* One refusal, one question more; the half minute runs anew. */
    play_trust_clock_ask_again(fixture->clock);
    fake_clock_advance(fixture->inner, SECOND(30) - 1);
    g_assert_cmpuint(fixture->n_asked, ==, 2);
    fake_clock_advance(fixture->inner, 1);
    g_assert_cmpuint(fixture->n_asked, ==, 3);
    /* Without a line there is nobody to ask. */
    play_trust_clock_refused(fixture->clock);
    play_trust_clock_connected(fixture->clock, FALSE);
    play_trust_clock_ask_again(fixture->clock);
    g_assert_cmpuint(fixture->n_asked, ==, 3);
}

/* Kept waiting between its two clocks it does not take the wait for an error of one of them. */
static void
test_interrupted(Fixture *fixture, gconstpointer data)
{
    fixture->is_synchronised = TRUE;
    fake_clock_interrupt(fixture->inner, 30000, 3);
    fake_clock_step(fixture->inner, NOW - SECOND(40));
    event_tape_expect(fixture->tape, "clock_kernel");
    g_assert_cmpint(utc(fixture), ==, content_clock_utc_us(fixture->inner));
}

/* The kernel says that it is synchronised: seen within a minute, or at once when it steps. */
static void
test_machine(Fixture *fixture, gconstpointer data)
{
    ContentClock *clock = play_trust_clock_clock(fixture->clock);

    content_clock_alarm_utc(clock, NOW + HOUR(1), on_alarm, fixture);
    fixture->is_synchronised = TRUE;
    fake_clock_step(fixture->inner, NOW - SECOND(40));
    event_tape_expect(fixture->tape, "clock_kernel");
    g_assert_cmpint(utc(fixture), ==, NOW);

    /* Two hours on by somebody: not followed, and said once. */
    fake_clock_step(fixture->inner, HOUR(2));
    event_tape_expect(fixture->tape, "clock_off");
    g_assert_cmpint(utc(fixture), ==, NOW);
    fake_clock_advance(fixture->inner, HOUR(1));
    event_tape_expect(fixture->tape, "alarm");
    event_tape_assert_empty(fixture->tape);
    /* Set right again. */
    fake_clock_step(fixture->inner, -HOUR(2));
    event_tape_expect(fixture->tape, "clock_kernel");
}

/* A small step is followed, and alarms with it. */
static void
test_small_step(Fixture *fixture, gconstpointer data)
{
    ContentClock *clock = play_trust_clock_clock(fixture->clock);
    guint cancelled;

    fixture->is_synchronised = TRUE;
    fake_clock_step(fixture->inner, NOW - SECOND(40));
    event_tape_expect(fixture->tape, "clock_kernel");
    content_clock_alarm_utc(clock, NOW + SECOND(100), on_alarm, fixture);
    content_clock_alarm_monotonic(clock, content_clock_monotonic_us(clock) + SECOND(90),
                                  on_alarm, fixture);
    cancelled = content_clock_alarm_utc(clock, NOW + SECOND(1), on_alarm, fixture);
    content_clock_cancel(clock, cancelled);
    content_clock_cancel(clock, cancelled);
    fake_clock_step(fixture->inner, SECOND(60));
    g_assert_cmpint(utc(fixture), ==, NOW + SECOND(60));
    fake_clock_advance(fixture->inner, SECOND(40));
    event_tape_expect(fixture->tape, "alarm");
    fake_clock_advance(fixture->inner, SECOND(50));
    event_tape_expect(fixture->tape, "alarm");
}

/* Restarted in the same boot: goes on. After a power cut: the floor alone is left. */
static void
test_restart(Fixture *fixture, gconstpointer data)
{
    g_assert_null(synchronise(fixture, NOW));
    event_tape_expect(fixture->tape, "clock_signed");
    play_trust_clock_raise_floor(fixture->clock, NOW - HOUR(1));
    fake_clock_advance(fixture->inner, SECOND(50));
    play_trust_clock_free(fixture->clock);
    open_clock(fixture, BOOT);
    g_assert_cmpint(play_trust_clock_trust(fixture->clock), ==, CONTENT_TRUST_GUARDED);
    g_assert_cmpint(utc(fixture), ==, NOW + SECOND(50));

    play_trust_clock_free(fixture->clock);
    open_clock(fixture, OTHER);
    g_assert_cmpint(play_trust_clock_trust(fixture->clock), ==, CONTENT_TRUST_UNSET);
    g_assert_cmpint(play_trust_clock_verify_time(fixture->clock), >=, NOW - HOUR(1));
    g_assert_cmpint(play_trust_clock_verify_time(fixture->clock), <=, NOW + SECOND(50));

    /* A floor that was wrong is voided by the root, and stays so. */
    play_trust_clock_raise_floor(fixture->clock, NOW + HOUR(100000));
    play_trust_clock_reset_floor(fixture->clock, NOW);
    play_trust_clock_free(fixture->clock);
    open_clock(fixture, OTHER);
    g_assert_cmpint(play_trust_clock_verify_time(fixture->clock), ==, NOW);
}

/* A file that somebody has spoilt is as good as none: the time of the build is the floor. */
static void
test_spoilt_file(Fixture *fixture, gconstpointer data)
{
    const char *texts[] = {"", "rubbish", "1 2 3", "9999999999999999999999 x y z",
                           "1 " BOOT " 5 maybe"};
    g_autofree char *path = g_build_filename(fixture->folder, "clock-floor", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        play_trust_clock_free(fixture->clock);
        g_assert_true(g_file_set_contents(path, texts[i], -1, NULL));
        open_clock(fixture, BOOT);
        g_assert_cmpint(play_trust_clock_trust(fixture->clock), ==, CONTENT_TRUST_UNSET);
        g_assert_cmpint(play_trust_clock_verify_time(fixture->clock), ==, SECOND(1767225600));
    }
}

/* In a process of its own, because what was given up does not come back. */
static void
test_kernel_refuses(void)
{
    if (g_test_subprocess()) {
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        g_autofree char *folder = test_scratch_new();
        g_autofree char *flag = g_build_filename(folder, "synchronized", NULL);

        g_assert_cmpint(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(adjtimex), 0),
                        ==, 0);
        g_assert_cmpint(
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clock_adjtime), 0), ==, 0);
        g_assert_cmpint(seccomp_load(filter), ==, 0);
        seccomp_release(filter);
        g_assert_false(play_trust_machine.is_synchronised(flag));
        g_assert_true(g_file_set_contents(flag, "", 0, NULL));
        g_assert_true(play_trust_machine.is_synchronised(flag));
        test_scratch_free(g_steal_pointer(&folder));
        return;
    }
    g_test_trap_subprocess(NULL, 30 * G_USEC_PER_SEC, 0);
    g_test_trap_assert_passed();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/trust-clock/" name, Fixture, NULL, set_up, func, tear_down)
    g_test_add_func("/player/intake/trust-clock/kernel-refuses", test_kernel_refuses);
    ADD("1970", test_1970);
    ADD("answers", test_answers);
    ADD("new-keys", test_new_keys);
    ADD("interrupted", test_interrupted);
    ADD("machine", test_machine);
    ADD("small-step", test_small_step);
    ADD("restart", test_restart);
    ADD("spoilt-file", test_spoilt_file);
    return g_test_run();
}
