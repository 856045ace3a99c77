/* test-machine.c - whole courses through the relay core: order, tails, limits and faults. */
#include "tests/gateway/relay/run.h"

typedef Run Fixture;

static void
set_up(Fixture *run, gconstpointer data)
{
    run_start(run, GPOINTER_TO_INT(data) * S(1));
    run_until(run, S(101));
    g_free(run_notice(run, GATE_N_NOTICES));
}

static void
tear_down(Fixture *run, gconstpointer data)
{
    run_stop(run);
}

static void
test_order_of_closing_and_opening(Fixture *run, gconstpointer data)
{
    gint64 asked_us = run->now_us;

    run_wish(run, 1, "a");
    run_until(run, asked_us + MS(40));
    g_assert_true(run->coils[0][SITE_AMPLIFIER]);
    run_hold(run, 1, "a", S(2) - MS(40));
    g_assert_false(run->coils[0][SITE_LINE_A]);
    run_until(run, asked_us + S(2) + MS(60));
    g_assert_true(run->coils[0][SITE_LINE_A]);
    g_assert_false(run->coils[0][SITE_SHARED]);
    g_assert_cmpint(run_zone(run, SITE_ZONE_A), ==, GATE_ZONE_CLOSING);
    run_until(run, asked_us + S(2) + MS(150));
    g_assert_true(run->coils[0][SITE_SHARED]);
    g_assert_cmpint(run_zone(run, SITE_ZONE_A), ==, GATE_ZONE_READY);

    run_wish(run, 1, "");
    run_until(run, run->now_us + MS(499));
    g_assert_true(run->coils[0][SITE_LINE_A]);
    run_until(run, run->now_us + MS(22));
    g_assert_false(run->coils[0][SITE_LINE_A]);
    g_assert_true(run->coils[0][SITE_AMPLIFIER]);
    run_until(run, run->now_us + MS(40));
    g_assert_false(run->coils[0][SITE_AMPLIFIER]);
    g_assert_cmpint(run_zone(run, SITE_ZONE_A), ==, GATE_ZONE_IDLE);
}

static void
test_language_change(Fixture *run, gconstpointer data)
{
    run_hold(run, 1, "a", S(4));
    g_assert_cmpint(run_zone(run, SITE_ZONE_A), ==, GATE_ZONE_READY);
    run_wish(run, 1, "b");
    /* No tail beside another zone, and nothing of b before a is open; the shared relay stays.
     */
    g_assert_cmpint(run_zone(run, SITE_ZONE_A), ==, GATE_ZONE_OPENING);
    while (run_zone(run, SITE_ZONE_B) != GATE_ZONE_READY) {
        g_assert_false(run->coils[0][SITE_LINE_A] && run->coils[0][SITE_LINE_B]);
        g_assert_true(run->coils[0][SITE_SHARED] && run->coils[0][SITE_AMPLIFIER]);
        run_until(run, run->now_us + MS(1));
        g_assert_cmpint(run->now_us, <, S(106));
    }
    g_assert_false(run->coils[0][SITE_LINE_A]);
    g_assert_cmpint(run->now_us - S(105), <=,
                    gate_layout_switch_us(gate_machine_layout(run->machine), SITE_ZONE_B));
}

static void
test_lost_holder(Fixture *run, gconstpointer data)
{
    g_autofree char *words = NULL;

    run_hold(run, 1, "a c", S(4));
    run_drop(run, 1);
    run_until(run, run->now_us + MS(45));
    g_assert_false(run->coils[0][SITE_LINE_A] || run->coils[0][SITE_SHARED] ||
                   run->coils[1][0]);
    run_until(run, run->now_us + MS(25));
    g_assert_false(run->coils[0][SITE_AMPLIFIER]);
    words = run_notice(run, GATE_NOTICE_ZONE_LOST);
    g_assert_nonnull(words);
}

static void
test_silent_holder(Fixture *run, gconstpointer data)
{
    run_hold(run, 1, "c", S(2));
    g_assert_true(run->coils[1][0]);
    /* The last wish was a second ago. */
    run_until(run, run->now_us + S(2) - MS(1));
    g_assert_true(run->coils[1][0]);
    run_until(run, run->now_us + MS(22));
    g_assert_false(run->coils[1][0]);
}

static void
test_two_holders(Fixture *run, gconstpointer data)
{
    run_wish(run, 1, "c");
    run_wish(run, 2, "c");
    run_until(run, run->now_us + S(1));
    run_drop(run, 1);
    run_until(run, run->now_us + S(1));
    g_assert_true(run->coils[1][0]);
    run_drop(run, 2);
    run_until(run, run->now_us + MS(22));
    g_assert_false(run->coils[1][0]);
}

static void
test_maximum_on_time(Fixture *run, gconstpointer data)
{
    g_autofree char *words = NULL;

    run_hold(run, 1, "c", S(59));
    g_assert_true(run->coils[1][0]);
    run_hold(run, 1, "c", S(2));
    g_assert_false(run->coils[1][0]);
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_RESTING);
    words = run_notice(run, GATE_NOTICE_ZONE_OVER_LIMIT);
    g_assert_cmpstr(words, ==, "c: on for its maximum of 60 s: opened");
    /* Rested, but still asked for: it stays open until it has been let go of. */
    run_hold(run, 1, "c", S(40));
    g_assert_false(run->coils[1][0]);
    run_wish(run, 1, "");
    run_hold(run, 1, "c", S(1));
    g_assert_true(run->coils[1][0]);
}

static void
test_stuck_open(Fixture *run, gconstpointer data)
{
    g_autofree char *words = NULL;
    guint n_jobs;

    run->stuck_open[1] = 1u << 0;
    run_hold(run, 1, "a c", S(3));
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_CLOSING);
    g_assert_cmpint(run_zone(run, SITE_ZONE_A), ==, GATE_ZONE_READY);
    words = run_notice(run, GATE_NOTICE_RELAY_FAULT);
    g_assert_cmpstr(words, ==, "b2/1: relay b2/1 reads open although it was written closed");
    /* A relay that does not obey is tried once a second and does not fill the line. */
    n_jobs = run->n_jobs;
    run_hold(run, 1, "c", S(10));
    g_assert_cmpuint(run->n_jobs - n_jobs, <, 120);
    run->stuck_open[1] = 0;
    run_hold(run, 1, "c", S(2));
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_READY);
}

static void
test_stuck_closed(Fixture *run, gconstpointer data)
{
    g_autofree char *words = NULL;

    run_hold(run, 1, "a", S(3));
    run->stuck_closed[0] = 1u << SITE_LINE_A;
    run_wish(run, 1, "b");
    run_hold(run, 1, "b", S(3));
    words = run_notice(run, GATE_NOTICE_RELAY_FAULT);
    g_assert_cmpstr(words, ==, "b1/1: relay b1/1 reads closed although it was written open");
    g_assert_cmpint(run_zone(run, SITE_ZONE_B), ==, GATE_ZONE_READY);
}

static void
test_on_without_a_lease(Fixture *run, gconstpointer data)
{
    g_autofree char *words = NULL;

    run->coils[1][6] = TRUE;
    run_until(run, run->now_us + S(1) + MS(60));
    g_assert_false(run->coils[1][6]);
    words = run_notice(run, GATE_NOTICE_RELAY_STRAY);
    g_assert_cmpstr(words, ==,
                    "b2/7: relay b2/7 was on without a lease and has been switched off");
}

static void
test_silent_board(Fixture *run, gconstpointer data)
{
    g_autofree char *words = NULL;

    run_hold(run, 1, "a c", S(4));
    run->silent[1] = TRUE;
    run_hold(run, 1, "a c", S(20));
    words = run_notice(run, GATE_NOTICE_BOARD_FAULT);
    g_assert_cmpstr(words, ==, "b2: board b2: no answer");
    g_assert_cmpint(run_zone(run, SITE_ZONE_A), ==, GATE_ZONE_READY);
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_CLOSING);
    run->silent[1] = FALSE;
    run_hold(run, 1, "a c", S(6));
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_READY);
}

static void
test_slow_board(Fixture *run, gconstpointer data)
{
    g_autofree char *slow = NULL, *quick = NULL;

    run->slow[1] = TRUE;
    run_hold(run, 1, "a c", S(14));
    slow = run_notice(run, GATE_NOTICE_BOARD_SLOW);
    g_assert_cmpstr(slow, ==, "b2: board b2: answers slowly");
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_READY);
    run->slow[1] = FALSE;
    run_hold(run, 1, "a c", S(2));
    quick = run_notice(run, GATE_NOTICE_BOARD_SLOW);
    g_assert_cmpstr(quick, ==, "b2: answers in good time again");
}

static void
test_board_returns_without_a_lease(Fixture *run, gconstpointer data)
{
    run_hold(run, 1, "c", S(2));
    run->silent[1] = TRUE;
    run_hold(run, 1, "c", S(2));
    run_drop(run, 1);
    run_until(run, run->now_us + S(30));
    g_assert_true(run->coils[1][0]);
    run->silent[1] = FALSE;
    run_until(run, run->now_us + S(5) + MS(250));
    g_assert_false(run->coils[1][0]);
}

static void
test_blocking_input(Fixture *run, gconstpointer data)
{
    GateLayoutInput input = {.id = (char *) "door",
                             .number = 2,
                             .debounce_us = MS(300),
                             .role = GATE_INPUT_BLOCK,
                             .words = (char *) "the cabinet is open"};
    g_autofree char *words = NULL;

    g_assert_true(
        gate_layout_add_input((GateLayout *) gate_machine_layout(run->machine), &input, NULL));
    run_hold(run, 1, "c", S(2));
    g_assert_true(run->coils[1][0]);
    run->inputs[0] = 1u << 2;
    run_hold(run, 1, "c", S(1));
    g_assert_false(run->coils[1][0]);
    words = run_notice(run, GATE_NOTICE_INPUT);
    g_assert_cmpstr(words, ==, "door: the cabinet is open: active");
    run->inputs[0] = 0;
    run_hold(run, 1, "c", S(2));
    g_assert_true(run->coils[1][0]);
}

static void
test_dead_man(Fixture *run, gconstpointer data)
{
    guint n_jobs;

    run_hold(run, 1, "c", S(1));
    n_jobs = run->n_jobs;
    run_hold(run, 1, "c", S(20));
    /* Two boards polled each second, b1's inputs four times, and a renewal each two seconds. */
    g_assert_cmpuint(run->n_jobs - n_jobs, >=, 10);
    g_assert_cmpuint(run->n_jobs - n_jobs, <=, 20 * (2 + 4) + 10);
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_READY);
}

static void
test_idle_costs_little(Fixture *run, gconstpointer data)
{
    guint n_rounds = run->n_rounds;

    run_until(run, run->now_us + S(60));
    /* Per second: two polls and four reads of inputs, each sent and answered. */
    g_assert_cmpuint(run->n_rounds - n_rounds, <=, 60 * 2 * (2 + 4) + 10);
    /* A rest that is over but still asked for waits for the wish, not for time. */
    run_hold(run, 1, "c", S(95));
    g_assert_cmpint(run_zone(run, SITE_ZONE_C), ==, GATE_ZONE_RESTING);
    n_rounds = run->n_rounds;
    run_hold(run, 1, "c", S(60));
    g_assert_cmpuint(run->n_rounds - n_rounds, <=, 60 * 2 * (2 + 4 + 1) + 10);
}

int
main(int argc, char **argv)
{
    /* clang-format off */
    const struct { const char *path; gint timed_on_s; void (*test)(Fixture *, gconstpointer); }
    tests[] = {
        { "/gateway/relay/machine/order",           0, test_order_of_closing_and_opening  },
        { "/gateway/relay/machine/language-change", 0, test_language_change               },
        { "/gateway/relay/machine/lost-holder",     0, test_lost_holder                   },
        { "/gateway/relay/machine/silent-holder",   0, test_silent_holder                 },
        { "/gateway/relay/machine/two-holders",     0, test_two_holders                   },
        { "/gateway/relay/machine/maximum-on-time", 0, test_maximum_on_time               },
        { "/gateway/relay/machine/stuck-open",      0, test_stuck_open                    },
        { "/gateway/relay/machine/stuck-closed",    0, test_stuck_closed                  },
        { "/gateway/relay/machine/stray",           0, test_on_without_a_lease            },
        { "/gateway/relay/machine/silent-board",    0, test_silent_board                  },
        { "/gateway/relay/machine/slow-board",      0, test_slow_board                    },
        { "/gateway/relay/machine/board-returns",   0, test_board_returns_without_a_lease },
        { "/gateway/relay/machine/blocking-input",  0, test_blocking_input                },
        { "/gateway/relay/machine/dead-man",        6, test_dead_man                      },
        { "/gateway/relay/machine/idle",            0, test_idle_costs_little             },
    };
    /* clang-format on */

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, GINT_TO_POINTER(tests[i].timed_on_s), set_up,
                   tests[i].test, tear_down);
    return g_test_run();
}
