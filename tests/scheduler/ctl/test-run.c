/* test-run.c - times that people type are the district's, wherever this machine believes to be.
 */
#include "scheduler/ctl/run.h"

/* clang-format off */
static const struct { const char *why, *zone, *text; gint64 s; } times[] = {
    { "midnight in Gia Lai",        "Asia/Ho_Chi_Minh", "2026-11-23",       1795366800 },
    { "an hour there",              "Asia/Ho_Chi_Minh", "2026-11-23 05:30", 1795386600 },
    { "another district",           "Asia/Tokyo",       "2026-11-23 05:30", 1795379400 },
    { "no such day",                "Asia/Ho_Chi_Minh", "2026-02-30",       -1 },
    { "half a time",                "Asia/Ho_Chi_Minh", "2026-11-23 05",    -1 },
    { "more than a time",           "Asia/Ho_Chi_Minh", "2026-11-23 05:30x", -1 },
    { "words",                      "Asia/Ho_Chi_Minh", "tomorrow",         -1 },
};
/* clang-format on */

static void
test_times(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(times[i].zone);
        g_autoptr(GError) error = NULL;
        CtlRun run = {.has_asked = TRUE, .zone = zone};
        gint64 at_us = -1;

        g_test_message("%s", times[i].why);
        g_assert_cmpint(ctl_run_time(&run, times[i].text, &at_us, &error), ==, times[i].s >= 0);
        if (times[i].s < 0) {
            g_assert_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_USAGE);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpint(at_us, ==, times[i].s * G_USEC_PER_SEC);
    }
}

/* 22 November 22:30 UTC is the 23rd in Gia Lai, and by the district's clock. */
static void
test_today(void)
{
    static const struct {
        const char *zone, *today;
    } cases[] = {
        {"Asia/Ho_Chi_Minh", "2026-11-23"},
        {"America/Los_Angeles", "2026-11-22"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(cases[i].zone);
        g_autoptr(GError) error = NULL;
        CtlRun run = {.has_asked = TRUE,
                      .zone = zone,
                      .ahead_us =
                          G_GINT64_CONSTANT(1795386600) * G_USEC_PER_SEC - g_get_real_time()};
        g_autofree char *today = ctl_run_today(&run, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(today, ==, cases[i].today);
    }
}

/* A time cannot be guessed where the district does not say its zone. */
static void
test_no_zone(void)
{
    g_autoptr(GError) error = NULL;
    CtlRun run = {.has_asked = TRUE};
    gint64 at_us;

    g_assert_false(ctl_run_time(&run, "2026-11-23", &at_us, &error));
    g_assert_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_SERVER);
    g_clear_error(&error);
    g_assert_null(ctl_run_today(&run, &error));
    g_assert_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_SERVER);
}

int
main(int argc, char **argv)
{
    g_setenv("TZ", "Pacific/Kiritimati", TRUE); /* as far from Gia Lai as a clock can be */
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ctl/run/times", test_times);
    g_test_add_func("/ctl/run/today", test_today);
    g_test_add_func("/ctl/run/no-zone", test_no_zone);
    return g_test_run();
}
