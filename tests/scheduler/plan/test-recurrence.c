/* test-recurrence.c - the subset of rules, refusals in words, month ends and far-away starts.
 */
#include "scheduler/plan/recurrence.h"

#include <string.h>

static SchedDay
day(const char *text)
{
    SchedDay parsed = 0;

    g_assert_true(sched_day_parse(text, &parsed));
    return parsed;
}

static char *
days_text(const GArray *days)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < days->len; i++) {
        char date[11];

        sched_day_write(g_array_index(days, SchedDay, i), date);
        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", date);
    }
    return g_string_free(text, FALSE);
}

static void
test_refused(void)
{
    /* clang-format off */
    const struct { const char *why, *rule, *words; } cases[] = {
        { "every second: libical would never return", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ" },
        { "every minute",           "FREQ=MINUTELY",                    "FREQ" },
        { "every hour",             "FREQ=HOURLY;INTERVAL=2",           "FREQ" },
        { "no frequency",           "BYDAY=MO",                         "FREQ: missing" },
        { "lower case",             "freq=daily",                       "unknown part" },
        { "unknown part",           "FREQ=DAILY;BYHOUR=3",              "BYHOUR" },
        { "an extension",           "FREQ=DAILY;X-A=3",                 "X-A" },
        { "a part without value",   "FREQ=DAILY;INTERVAL",              "NAME=VALUE" },
        { "an empty value",         "FREQ=DAILY;INTERVAL=",             "INTERVAL" },
        { "the same part twice",    "FREQ=DAILY;FREQ=WEEKLY",           "given twice" },
        { "an end twice",           "FREQ=DAILY;COUNT=3;UNTIL=20261231", "COUNT" },
        { "interval 0",             "FREQ=DAILY;INTERVAL=0",            "out of range" },
        { "interval above 366",     "FREQ=DAILY;INTERVAL=367",          "out of range" },
        { "interval in words",      "FREQ=DAILY;INTERVAL=two",          "not a whole number" },
        { "an interval that overflows", "FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL" },
        { "a list where one is meant", "FREQ=DAILY;INTERVAL=1,2",       "too many" },
        { "count 0",                "FREQ=DAILY;COUNT=0",               "out of range" },
        { "an end with a time",     "FREQ=DAILY;UNTIL=20261231T235959Z", "UNTIL" },
        { "an end on no day",       "FREQ=DAILY;UNTIL=20260230",        "UNTIL" },
        { "no such weekday",        "FREQ=WEEKLY;BYDAY=T2",             "weekday" },
        { "a sixth Monday",         "FREQ=MONTHLY;BYDAY=6MO",           "no such weekday" },
        { "a numbered weekday in a week", "FREQ=WEEKLY;BYDAY=1MO",      "MONTHLY or YEARLY" },
        { "the 32nd",               "FREQ=MONTHLY;BYMONTHDAY=32",       "out of range" },
        { "day 0",                  "FREQ=MONTHLY;BYMONTHDAY=0",        "out of range" },
        { "a day of the month in a week", "FREQ=WEEKLY;BYMONTHDAY=1",   "not with this FREQ" },
        { "a day of the month without month", "FREQ=YEARLY;BYMONTHDAY=1", "needs BYMONTH" },
        { "month 13",               "FREQ=YEARLY;BYMONTH=13",           "out of range" },
        { "a position of nothing",  "FREQ=MONTHLY;BYSETPOS=1",          "BYSETPOS" },
        { "a position in a week",   "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=7",  "not with this FREQ" },
        { "broken UTF-8",           "FREQ=DAILY;\xff=1",                "unknown part" },
        { "a second line",          "FREQ=DAILY\nRRULE:FREQ=SECONDLY",  "FREQ" },
        { "never: 30 February",     "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "no date" },
        { "never: 31st of short months", "FREQ=MONTHLY;BYMONTH=2,4;BYMONTHDAY=31", "no date" },
        { "never: a fifth Monday on the 1st", "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "no date" },
        { "over before it begins",  "FREQ=DAILY;UNTIL=20250101",        "no date" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_null(sched_recurrence_save(cases[i].rule, day("2026-03-02"), &error));
        g_assert_true(error != NULL && error->domain == SCHED_RECURRENCE_ERROR);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
    }
}

static void
test_length(void)
{
    g_autoptr(GString) rule = g_string_new("FREQ=MONTHLY;BYMONTHDAY=1");
    g_autoptr(GError) error = NULL;

    while (rule->len <= SCHED_RULE_MAX_BYTES)
        g_string_append(rule, ",1");
    g_assert_false(sched_recurrence_check(rule->str, &error));
    g_assert_nonnull(strstr(error->message, "200"));
}

static void
test_days(void)
{
    /* clang-format off */
    const struct { const char *why, *rule, *first, *from, *to, *days; } cases[] = {
        { "one date",               "", "2026-03-02", "2026-03-01", "2026-03-31", "2026-03-02" },
        { "one date, before",       "", "2026-03-02", "2026-02-01", "2026-03-01", "" },
        { "Mon, Wed, Fri as in Phú Cần", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2019-01-01", "2026-03-02", "2026-03-08",
          "2026-03-02 2026-03-04 2026-03-06" },
        { "the first day is no date unless the rule says so", "FREQ=WEEKLY;BYDAY=MO", "2026-03-03", "2026-03-01", "2026-03-10",
          "2026-03-09" },
        { "the 31st skips short months", "FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", "2026-01-01", "2026-06-30",
          "2026-01-31 2026-03-31 2026-05-31" },
        { "so does a month counted from a 31st", "FREQ=MONTHLY", "2026-01-31", "2026-01-01", "2026-06-30",
          "2026-01-31 2026-03-31 2026-05-31" },
        { "the last day of each month", "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01", "2026-01-01", "2026-04-30",
          "2026-01-31 2026-02-28 2026-03-31 2026-04-30" },
        { "and in a leap year",     "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01", "2028-02-01", "2028-03-30", "2028-02-29" },
        { "29 February",            "FREQ=YEARLY", "2024-02-29", "2024-01-01", "2033-01-01", "2024-02-29 2028-02-29 2032-02-29" },
        { "last working day of a month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01", "2026-01-01", "2026-03-31",
          "2026-01-30 2026-02-27 2026-03-31" },
        { "second Sunday",          "FREQ=MONTHLY;BYDAY=2SU", "2026-01-01", "2026-03-01", "2026-04-30", "2026-03-08 2026-04-12" },
        { "every 3 days keeps step from far away", "FREQ=DAILY;INTERVAL=3", "1975-01-01", "2026-03-02", "2026-03-08",
          "2026-03-04 2026-03-07" },
        { "every other week keeps step", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "2019-08-06", "2026-11-27", "2026-12-14", "2026-12-06" },
        { "until is inclusive",     "FREQ=DAILY;UNTIL=20260303", "2026-03-01", "2026-03-02", "2026-03-08", "2026-03-02 2026-03-03" },
        { "past its end",           "FREQ=DAILY;UNTIL=20260303", "2026-03-01", "2026-03-04", "2026-03-08", "" },
        { "a count ends it",        "FREQ=DAILY;COUNT=3", "2026-03-01", "2026-03-02", "2026-03-08", "2026-03-02 2026-03-03" },
        { "New Year's Eve to New Year", "FREQ=DAILY", "2026-12-30", "2026-12-31", "2027-01-01", "2026-12-31 2027-01-01" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *saved =
            sched_recurrence_save(cases[i].rule, day(cases[i].first), &error);
        g_autoptr(GArray) days = NULL;
        g_autofree char *text = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_no_error(error);
        g_assert_null(strstr(saved, "COUNT"));
        days = sched_recurrence_days(saved, day(cases[i].first), NULL, NULL, day(cases[i].from),
                                     day(cases[i].to), &error);
        g_assert_no_error(error);
        text = days_text(days);
        g_assert_cmpstr(text, ==, cases[i].days);
    }
}

static void
test_save_count(void)
{
    g_autofree char *saved =
        sched_recurrence_save("FREQ=WEEKLY;COUNT=4;BYDAY=MO,FR", day("2026-03-02"), NULL);

    g_assert_cmpstr(saved, ==, "FREQ=WEEKLY;BYDAY=MO,FR;UNTIL=20260313");
}

/* Added dates count each once, even before the first day; removing wins over everything. */
static void
test_added_and_removed(void)
{
    g_autoptr(GArray) added = g_array_new(FALSE, FALSE, sizeof(SchedDay));
    g_autoptr(GArray) removed = g_array_new(FALSE, FALSE, sizeof(SchedDay));
    const char *const more[] = {"2026-03-07", "2026-03-04", "2026-02-28", "2026-03-05",
                                "2026-04-30"};
    const char *const less[] = {"2026-03-06", "2026-03-05", "2026-03-20"};
    g_autoptr(GArray) days = NULL;
    g_autofree char *text = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(more); i++) {
        SchedDay date = day(more[i]);

        g_array_append_val(added, date);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(less); i++) {
        SchedDay date = day(less[i]);

        g_array_append_val(removed, date);
    }
    days = sched_recurrence_days("FREQ=WEEKLY;BYDAY=MO,WE,FR", day("2026-03-02"), added,
                                 removed, day("2026-02-27"), day("2026-03-08"), NULL);
    text = days_text(days);
    g_assert_cmpstr(text, ==, "2026-02-28 2026-03-02 2026-03-04 2026-03-07");
}

/* A rule that began long ago, or one that nearly never matches, costs no more than another. */
static void
test_is_bounded(void)
{
    const char *const rules[] = {"FREQ=DAILY", "FREQ=MONTHLY;BYDAY=5SU;BYMONTH=2",
                                 "FREQ=YEARLY;INTERVAL=366",
                                 "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"};

    g_test_timer_start();
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        for (int n = 0; n < 100; n++) {
            g_autoptr(GArray) days =
                sched_recurrence_days(rules[i], day("1971-01-01"), NULL, NULL,
                                      day("2190-01-01"), day("2190-01-18"), NULL);

            g_assert_nonnull(days);
        }
    }
    /* 400 expansions take some 20 ms; an unbounded one would take minutes. */
    g_assert_cmpfloat(g_test_timer_elapsed(), <, 5.0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/recurrence/refused", test_refused);
    g_test_add_func("/plan/recurrence/length", test_length);
    g_test_add_func("/plan/recurrence/days", test_days);
    g_test_add_func("/plan/recurrence/save-count", test_save_count);
    g_test_add_func("/plan/recurrence/added-and-removed", test_added_and_removed);
    g_test_add_func("/plan/recurrence/is-bounded", test_is_bounded);
    return g_test_run();
}
