/* test-coil.c - asked against read: what a relay's reading means, and when it is written again.
 */
#include "gateway/relay/coil.h"
#include "tests/gateway/relay/site.h"

static void
test_verdicts(void)
{
    /* clang-format off */
    const struct { const char *why; GateCoil coil; GateVerdict verdict; gint64 write_us; }
    cases[] = {
        { "never read",
          { .reading = GATE_READING_UNKNOWN }, GATE_VERDICT_UNKNOWN, 0 },
        { "open and wanted open",
          { .reading = GATE_READING_OPEN }, GATE_VERDICT_AGREES, G_MAXINT64 },
        { "closed and wanted closed",
          { .is_wanted = TRUE, .reading = GATE_READING_CLOSED }, GATE_VERDICT_AGREES,
          G_MAXINT64 },
        { "wanted closed, first try",
          { .is_wanted = TRUE, .reading = GATE_READING_OPEN, .wrote_us = S(9) },
          GATE_VERDICT_UNDER_WAY, 0 },
        { "wanted closed, three tries in vain",
          { .is_wanted = TRUE, .reading = GATE_READING_OPEN, .tries = 3, .wrote_us = S(9) },
          GATE_VERDICT_READS_OPEN, S(10) },
        { "wanted open, three tries in vain",
          { .reading = GATE_READING_CLOSED, .tries = 3, .wrote_us = S(9) },
          GATE_VERDICT_READS_CLOSED, S(10) },
        { "switched off, it had been on without a lease",
          { .reading = GATE_READING_OPEN, .stray_us = S(1) }, GATE_VERDICT_STRAY, G_MAXINT64 },
        { "ten seconds later",
          { .reading = GATE_READING_OPEN, .stray_us = -S(1) }, GATE_VERDICT_AGREES,
          G_MAXINT64 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(gate_coil_judge(&cases[i].coil, S(9)), ==, cases[i].verdict);
        g_assert_cmpint(gate_coil_write_us(&cases[i].coil), ==, cases[i].write_us);
    }
}

static void
test_stray_is_found_once(void)
{
    GateCoil coil = {0};

    g_assert_false(gate_coil_read(&coil, TRUE, FALSE, S(1)));
    g_assert_false(gate_coil_read(&coil, FALSE, TRUE, S(2)));
    g_assert_true(gate_coil_read(&coil, TRUE, FALSE, S(3)));
    g_assert_cmpint(coil.closed_us, ==, S(3));
    g_assert_false(gate_coil_read(&coil, TRUE, FALSE, S(4)));
    g_assert_cmpint(coil.closed_us, ==, S(3));
    g_assert_false(gate_coil_read(&coil, FALSE, TRUE, S(5)));
    g_assert_true(gate_coil_read(&coil, TRUE, FALSE, S(6)));
}

static void
test_tries_count_writes_only(void)
{
    GateCoil coil = {0};

    gate_coil_want(&coil, TRUE);
    for (guint i = 0; i < 10; i++)
        gate_coil_read(&coil, FALSE, FALSE, S(1));
    g_assert_cmpuint(coil.tries, ==, 0);
    for (guint i = 0; i < GATE_COIL_QUICK_TRIES; i++)
        gate_coil_read(&coil, FALSE, TRUE, S(2));
    g_assert_cmpint(gate_coil_judge(&coil, S(2)), ==, GATE_VERDICT_READS_OPEN);
    gate_coil_read(&coil, TRUE, TRUE, S(3));
    g_assert_cmpint(gate_coil_judge(&coil, S(3)), ==, GATE_VERDICT_AGREES);
}

static void
test_wanting_closed_forgets(void)
{
    GateCoil coil = {0};

    gate_coil_read(&coil, TRUE, FALSE, S(1));
    gate_coil_want(&coil, TRUE);
    g_assert_cmpint(coil.reading, ==, GATE_READING_UNKNOWN);
    g_assert_cmpint(coil.closed_us, ==, 0);
    gate_coil_read(&coil, TRUE, TRUE, S(2));
    gate_coil_want(&coil, TRUE);
    g_assert_cmpint(coil.reading, ==, GATE_READING_CLOSED);
    gate_coil_want(&coil, FALSE);
    g_assert_cmpint(coil.reading, ==, GATE_READING_CLOSED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/relay/coil/verdicts", test_verdicts);
    g_test_add_func("/gateway/relay/coil/stray-once", test_stray_is_found_once);
    g_test_add_func("/gateway/relay/coil/tries", test_tries_count_writes_only);
    g_test_add_func("/gateway/relay/coil/forgets", test_wanting_closed_forgets);
    return g_test_run();
}
