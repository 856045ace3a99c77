/* test-standing.c - a fault is as old as its first heartbeat, not as its last. */
#include "player/report/standing.h"

static void
test_since(void)
{
    static const struct {
        const char *code;
        gint64 at_us, since_us;
        const char *why;
    } rows[] = {
        {"clock_unset", 100, 100, "it begins"},
        {"clock_unset", 110, 100, "it lasts"},
        {"clock_unset", 120, 100, "and lasts"},
        {"clock_step", 130, 130, "another one"},
        {NULL, 140, 140, "all is well"},
        {"clock_step", 150, 150, "it is back"},
        {"clock_step", 90, 90, "the clock was set back: not from the future"},
        {"clock_step", 95, 90, "and lasts"},
    };
    PlayStanding standing = {0};

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].why);
        g_assert_cmpint(play_standing_since(&standing, rows[i].code, rows[i].at_us), ==,
                        rows[i].since_us);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/report/standing/since", test_since);
    return g_test_run();
}
