/* test-scaled-clock.c - the clock that runs faster: what it says, and that alarms come by it.
 */
#include "tests/support/scaled-clock.h"

static void
test_words(void)
{
    /* clang-format off */
    const struct { const char *why, *words; gboolean is_good; } cases[] = {
        { "all three",               "1000:5000:60",   TRUE  },
        { "the machine's own speed", "0:0:1",          TRUE  },
        { "as fast as it may be",    "0:0:1000",       TRUE  },
        { "faster",                  "0:0:1001",       FALSE },
        { "standing still",          "0:0:0",          FALSE },
        { "backwards",               "0:0:-60",        FALSE },
        { "before 1970",             "0:-1:60",        FALSE },
        { "two of three",            "1000:5000",      FALSE },
        { "something after them",    "1000:5000:60 x", FALSE },
        { "nothing",                 "",               FALSE },
        { "not set",                 NULL,             FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TestScale scale;

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(test_scale_parse(cases[i].words, &scale), ==, cases[i].is_good);
    }
}

static void
test_scale(void)
{
    const TestScale scale = {.real_us = 1000, .utc_us = 500000, .factor = 60};

    g_assert_cmpint(test_scale_utc_us(&scale, 1000), ==, 500000);
    g_assert_cmpint(test_scale_utc_us(&scale, 1010), ==, 500600);
    g_assert_cmpint(test_scale_monotonic_us(&scale, 1000), ==, 1000);
    g_assert_cmpint(test_scale_monotonic_us(&scale, 1010), ==, 1600);
}

typedef struct {
    GString *tape;
    const char *word;
    ContentClock *clock;
    gint64 when_us;
} Ring;

static void
on_ring(gpointer data)
{
    Ring *ring = data;

    g_assert_cmpint(content_clock_utc_us(ring->clock), >=, ring->when_us);
    g_string_append(ring->tape, ring->word);
}

/* A simulated minute of alarms of both kinds takes a tenth of a second. */
static void
test_alarms(void)
{
    const TestScale scale = {.real_us = g_get_monotonic_time(),
                             .utc_us = G_GINT64_CONSTANT(1772409600000000),
                             .factor = 600};
    g_autoptr(ContentClock) clock = test_scaled_clock_new(&scale);
    g_autoptr(GString) tape = g_string_new(NULL);
    Ring first = {tape, "a", clock, scale.utc_us + 20 * G_USEC_PER_SEC};
    Ring second = {tape, "b", clock, scale.utc_us + 40 * G_USEC_PER_SEC};
    Ring third = {tape, "c", clock, scale.utc_us + 60 * G_USEC_PER_SEC};
    Ring never = {tape, "x", clock, 0};
    guint id;

    content_clock_alarm_utc(clock, third.when_us, on_ring, &third);
    content_clock_alarm_monotonic(clock, scale.real_us + 40 * G_USEC_PER_SEC, on_ring, &second);
    id = content_clock_alarm_utc(clock, scale.utc_us + 30 * G_USEC_PER_SEC, on_ring, &never);
    content_clock_alarm_utc(clock, first.when_us, on_ring, &first);
    content_clock_cancel(clock, id);
    while (tape->len < 3)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(tape->str, ==, "abc");
    g_assert_cmpint(g_get_monotonic_time() - scale.real_us, >=, G_USEC_PER_SEC / 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/support/scaled-clock/words", test_words);
    g_test_add_func("/support/scaled-clock/scale", test_scale);
    g_test_add_func("/support/scaled-clock/alarms", test_alarms);
    return g_test_run();
}
