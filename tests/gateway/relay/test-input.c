/* test-input.c - dry contacts: normally open or closed, debounced, unknown when not read. */
#include "gateway/relay/input.h"
#include "tests/gateway/relay/site.h"

static void
test_debounce(void)
{
    /* clang-format off */
    const struct { const char *why; gint64 at_us; gboolean loop, changed, active; } steps[] = {
        { "first reading counts at once", MS(0),    FALSE, FALSE, FALSE },
        { "a knock",                      MS(100),  TRUE,  FALSE, FALSE },
        { "over again",                   MS(200),  FALSE, FALSE, FALSE },
        { "closed",                       MS(300),  TRUE,  FALSE, FALSE },
        { "still within the debounce",    MS(700),  TRUE,  FALSE, FALSE },
        { "long enough",                  MS(800),  TRUE,  TRUE,  TRUE  },
        { "nothing new",                  MS(900),  TRUE,  FALSE, TRUE  },
        { "open",                         MS(1000), FALSE, FALSE, TRUE  },
        { "long enough",                  MS(1500), FALSE, TRUE,  FALSE },
    };
    /* clang-format on */
    const GateLayoutInput layout = {.debounce_us = MS(500)};
    GateInput input = {0};

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_test_message("%s", steps[i].why);
        g_assert_cmpint(gate_input_read(&input, &layout, steps[i].loop, S(1) + steps[i].at_us),
                        ==, steps[i].changed);
        g_assert_cmpint(input.is_active, ==, steps[i].active);
    }
}

static void
test_normally_closed(void)
{
    const GateLayoutInput layout = {.is_nc = TRUE};
    GateInput input = {0};

    g_assert_false(gate_input_is_known(&input, S(1)));
    g_assert_false(gate_input_read(&input, &layout, TRUE, S(1)));
    g_assert_false(input.is_active);
    g_assert_true(gate_input_read(&input, &layout, FALSE, S(2)));
    g_assert_true(input.is_active);
    g_assert_true(gate_input_is_known(&input, S(12)));
    g_assert_false(gate_input_is_known(&input, S(12) + 1));
    /* Found active after a time in which nobody looked: that is news. */
    g_assert_true(gate_input_read(&input, &layout, FALSE, S(30)));
}

/* A wet wire at a button does not fill the journal; any other input is debounced. */
static void
test_chatter(void)
{
    const GateLayoutInput button = {.role = GATE_INPUT_BUTTON};
    const GateLayoutInput door = {.debounce_us = MS(50)};
    GateInput input = {0}, other = {0};
    guint n_changes = 0, n_noticed = 0;

    for (gint64 now_us = S(1); now_us < S(11); now_us += MS(50)) {
        if (!gate_input_read(&input, &button, now_us % MS(100) == 0, now_us))
            continue;
        n_changes++;
        n_noticed += gate_input_notice(&input, &button, now_us);
    }
    g_assert_cmpuint(n_changes, >, 150);
    g_assert_cmpuint(n_noticed, ==, 10);
    g_assert_true(gate_input_notice(&other, &door, S(1)));
    g_assert_true(gate_input_notice(&other, &door, S(1) + MS(50)));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/relay/input/debounce", test_debounce);
    g_test_add_func("/gateway/relay/input/normally-closed", test_normally_closed);
    g_test_add_func("/gateway/relay/input/chatter", test_chatter);
    return g_test_run();
}
