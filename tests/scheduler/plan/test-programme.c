/* test-programme.c - what of a week is different, and which slots fall into it. */
#include "scheduler/plan/programme.h"

#define SOUND   "kind announcement\nannouncement a\n"
#define DAILY   "first 2026-03-02\nrule FREQ=DAILY\n"
#define AT(min) "slot\nclass thong_thuong\n" DAILY "minute " min "\nuntil \ntarget x  \n" SOUND

static void
test_change(void)
{
    static const struct {
        const char *why, *before, *after;
        SchedProgrammeChange change;
    } cases[] = {
        {"never approved", NULL, AT("330"), SCHED_PROGRAMME_ADDED},
        {"stopped", AT("330"), NULL, SCHED_PROGRAMME_REMOVED},
        {"another minute", AT("330"), AT("360"), SCHED_PROGRAMME_MOVED},
        {"another village", AT("330"),
         "slot\nclass thong_thuong\n" DAILY "minute 330\nuntil \ntarget y  \n" SOUND,
         SCHED_PROGRAMME_MOVED},
        {"one place more", AT("330"),
         "slot\nclass thong_thuong\n" DAILY
         "minute 330\nuntil \ntarget x  \ntarget y  \n" SOUND,
         SCHED_PROGRAMME_MOVED},
        {"other sound", AT("330"), AT("330") "announcement b\n", SCHED_PROGRAMME_CHANGED},
        {"moved, and other sound", AT("330"), AT("360") "announcement b\n",
         SCHED_PROGRAMME_CHANGED},
        {"louder", AT("330"), AT("330") "gain 0\n", SCHED_PROGRAMME_CHANGED},
        {"a name that only begins alike", AT("330"), AT("330") "inner 3\n",
         SCHED_PROGRAMME_CHANGED},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_programme_change(cases[i].before, cases[i].after), ==,
                        cases[i].change);
    }
}

static void
test_falls(void)
{
    static const struct {
        const char *why, *text;
        gboolean falls;
    } cases[] = {
        {"no text", NULL, FALSE},
        {"every day", "first 2020-01-01\nrule FREQ=DAILY\nuntil \n", TRUE},
        {"once, on the Monday", "first 2026-03-02\nrule \nuntil \n", TRUE},
        {"once, on the Sunday", "first 2026-03-08\nrule \nuntil \n", TRUE},
        {"once, the day after", "first 2026-03-09\nrule \nuntil \n", FALSE},
        {"once, the day before", "first 2026-03-01\nrule \nuntil \n", FALSE},
        {"over before it", "first 2020-01-01\nrule FREQ=DAILY\nuntil 2026-03-01\n", FALSE},
        {"over on its first day", "first 2020-01-01\nrule FREQ=DAILY\nuntil 2026-03-02\n",
         TRUE},
        {"each month on the 15th", "first 2020-01-01\nrule FREQ=MONTHLY;BYMONTHDAY=15\n",
         FALSE},
        {"and once more in it",
         "first 2020-01-01\nrule FREQ=MONTHLY;BYMONTHDAY=15\nin 2026-03-04\n", TRUE},
        {"its only date is left out", "first 2026-03-04\nrule \nout 2026-03-04\n", FALSE},
        {"a date that is none", "first yesterday\nrule \n", TRUE},
        {"a rule that is none", "first 2020-01-01\nrule NEVER\n", TRUE},
    };
    SchedDay monday;

    g_assert_true(sched_day_parse("2026-03-02", &monday));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_programme_falls(cases[i].text, monday), ==, cases[i].falls);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/programme/change", test_change);
    g_test_add_func("/programme/falls", test_falls);
    return g_test_run();
}
