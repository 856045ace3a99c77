/* test-machine.c - the rows: no pair twice, every state entered and left, nothing stuck. */
#include "player/cue/machine.h"

static void
test_no_pair_twice(void)
{
    gsize n_rules;
    const PlayRunRule *rules = play_run_rules(&n_rules);

    for (gsize i = 0; i < n_rules; i++) {
        for (gsize j = i + 1; j < n_rules; j++)
            g_assert_false(rules[i].from == rules[j].from && rules[i].seen == rules[j].seen);
        g_assert_true(play_run_rule(rules[i].from, rules[i].seen) == &rules[i]);
    }
}

static void
test_every_state_is_reached(void)
{
    gboolean is_reached[PLAY_RUN_N_STATES] = {[PLAY_RUN_WAITING] = TRUE};
    gboolean has_grown = TRUE;
    gsize n_rules;
    const PlayRunRule *rules = play_run_rules(&n_rules);

    while (has_grown) {
        has_grown = FALSE;
        for (gsize i = 0; i < n_rules; i++) {
            if (!is_reached[rules[i].from] || is_reached[rules[i].to])
                continue;
            is_reached[rules[i].to] = has_grown = TRUE;
        }
    }
    for (gsize i = 0; i < PLAY_RUN_N_STATES; i++)
        g_assert_true(is_reached[i]);
}

static void
test_everything_ends(void)
{
    gboolean ends[PLAY_RUN_N_STATES] = {[PLAY_RUN_OVER] = TRUE};
    gsize n_rules;
    const PlayRunRule *rules = play_run_rules(&n_rules);

    for (gsize round = 0; round < PLAY_RUN_N_STATES; round++) {
        for (gsize i = 0; i < n_rules; i++)
            ends[rules[i].from] = ends[rules[i].from] || ends[rules[i].to];
    }
    for (gsize i = 0; i < PLAY_RUN_N_STATES; i++)
        g_assert_true(ends[i]);
}

static void
test_what_is_withdrawn_stops(void)
{
    for (int from = 0; from < PLAY_RUN_OVER; from++) {
        const PlayRunRule *rule = play_run_rule((PlayRunState) from, PLAY_SEEN_WITHDRAWN);

        if (from == PLAY_RUN_STOPPING) {
            g_assert_null(rule);
            continue;
        }
        g_assert_nonnull(rule);
        g_assert_true(rule->to == PLAY_RUN_OVER || rule->to == PLAY_RUN_STOPPING ||
                      rule->to == PLAY_RUN_WAITING);
    }
    /* And it cannot come back from where it went: nothing leads out but to its end. */
    g_assert_cmpint(play_run_rule(PLAY_RUN_WAITING, PLAY_SEEN_WITHDRAWN)->to, ==,
                    PLAY_RUN_OVER);
}

static void
test_what_is_over_stays_over(void)
{
    for (int seen = 0; seen < PLAY_SEEN_N; seen++)
        g_assert_null(play_run_rule(PLAY_RUN_OVER, (PlaySeen) seen));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/machine/no-pair-twice", test_no_pair_twice);
    g_test_add_func("/player/cue/machine/every-state-is-reached", test_every_state_is_reached);
    g_test_add_func("/player/cue/machine/everything-ends", test_everything_ends);
    g_test_add_func("/player/cue/machine/what-is-withdrawn-stops",
                    test_what_is_withdrawn_stops);
    g_test_add_func("/player/cue/machine/what-is-over-stays-over",
                    test_what_is_over_stays_over);
    return g_test_run();
}
