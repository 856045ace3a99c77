/* test-calendar.c - local days and the instants they are, where clocks jump and where not. */
#include "scheduler/plan/calendar.h"

#define HOUR 3600

static gint64
utc(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static SchedDay
day(const char *text)
{
    SchedDay parsed = 0;

    g_assert_true(sched_day_parse(text, &parsed));
    return parsed;
}

static void
test_parse(void)
{
    /* clang-format off */
    const struct { const char *why, *text; gboolean is_valid; } cases[] = {
        { "a day",                     "2026-03-02",  TRUE  },
        { "a leap day",                "2028-02-29",  TRUE  },
        { "no leap year",              "2026-02-29",  FALSE },
        { "a century without one",     "2100-02-29",  FALSE },
        { "the first day we know",     "1971-01-01",  TRUE  },
        { "the day before it",         "1970-12-31",  FALSE },
        { "the last day we know",      "2199-12-31",  TRUE  },
        { "the day after it",          "2200-01-01",  FALSE },
        { "a thirteenth month",        "2026-13-01",  FALSE },
        { "a short month",             "2026-04-31",  FALSE },
        { "no leading zero",           "2026-3-2",    FALSE },
        { "something behind it",       "2026-03-02 ", FALSE },
        { "hyphens where digits are",  "2026-03--2",  FALSE },
        { "nothing",                   "",            FALSE },
        { "no text",                   NULL,          FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SchedDay parsed = -1;
        char text[11];

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_day_parse(cases[i].text, &parsed), ==, cases[i].is_valid);
        if (!cases[i].is_valid)
            continue;
        sched_day_write(parsed, text);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
    g_assert_cmpint(day("1971-01-01"), ==, SCHED_DAY_MIN);
    g_assert_cmpint(day("2199-12-31"), ==, SCHED_DAY_MAX);
    g_assert_cmpint(sched_day_weekday(day("2026-03-02")), ==, 0);
    g_assert_cmpint(sched_day_weekday(day("2026-03-08")), ==, 6);
}

static void
test_instant(void)
{
    /* clang-format off */
    const struct { const char *why, *tzid, *date; gint64 second; const char *instant; } cases[] = {
        { "an ordinary morning",   "Asia/Ho_Chi_Minh", "2026-03-02", 5 * HOUR + 1800, "2026-03-01T22:30:00Z" },
        { "midnight",              "Asia/Ho_Chi_Minh", "2026-01-01", 0,               "2025-12-31T17:00:00Z" },
        { "before spring",         "Europe/Berlin",    "2026-03-29", 1 * HOUR + 3599, "2026-03-29T00:59:59Z" },
        { "skipped: 02:30 is 03:30 in Berlin",
                                   "Europe/Berlin",    "2026-03-29", 2 * HOUR + 1800, "2026-03-29T01:30:00Z" },
        { "after spring",          "Europe/Berlin",    "2026-03-29", 3 * HOUR,        "2026-03-29T01:00:00Z" },
        { "that evening",          "Europe/Berlin",    "2026-03-29", 20 * HOUR,       "2026-03-29T18:00:00Z" },
        { "the evening before",    "Europe/Berlin",    "2026-03-28", 20 * HOUR,       "2026-03-28T19:00:00Z" },
        { "repeated: the first 02:30 in Berlin",
                                   "Europe/Berlin",    "2026-10-25", 2 * HOUR + 1800, "2026-10-25T00:30:00Z" },
        { "after the repetition",  "Europe/Berlin",    "2026-10-25", 3 * HOUR,        "2026-10-25T02:00:00Z" },
        { "skipped in New York",   "America/New_York", "2026-03-08", 2 * HOUR + 900,  "2026-03-08T07:15:00Z" },
        { "repeated in New York",  "America/New_York", "2026-11-01", 1 * HOUR,        "2026-11-01T05:00:00Z" },
        { "behind it",             "America/New_York", "2026-11-01", 2 * HOUR,        "2026-11-01T07:00:00Z" },
        { "half an hour skipped: 02:10 is 02:40 on Lord Howe",
                                   "Australia/Lord_Howe", "2026-10-04", 2 * HOUR + 600, "2026-10-03T15:40:00Z" },
        { "half an hour repeated: the first 01:45",
                                   "Australia/Lord_Howe", "2026-04-05", 1 * HOUR + 2700, "2026-04-04T14:45:00Z" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedCalendar) calendar = sched_calendar_new(cases[i].tzid);

        g_test_message("%s", cases[i].why);
        g_assert_nonnull(calendar);
        g_assert_cmpint(sched_calendar_instant(calendar, day(cases[i].date), cases[i].second),
                        ==, utc(cases[i].instant));
    }
}

/* From the instant back to the wall clock, every quarter of an hour around each jump. */
static void
test_round_trip(void)
{
    const char *const zones[] = {"Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York",
                                 "Australia/Lord_Howe", "Asia/Kathmandu"};

    for (gsize i = 0; i < G_N_ELEMENTS(zones); i++) {
        g_autoptr(SchedCalendar) calendar = sched_calendar_new(zones[i]);
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zones[i]);

        for (gint64 at_s = utc("2026-01-01T00:00:00Z") / G_USEC_PER_SEC, n = 0; n < 365 * 96;
             n++, at_s += 900) {
            gint64 second = -1, back;
            SchedDay local = sched_calendar_local(calendar, at_s * G_USEC_PER_SEC, &second);
            gint64 offset = g_time_zone_get_offset(
                zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at_s));

            g_assert_cmpint((gint64) local * SCHED_DAY_S + second, ==, at_s + offset);
            back = sched_calendar_instant(calendar, local, second) / G_USEC_PER_SEC;
            /* The second of two equal local times goes back to the first, nothing else moves.
             */
            g_assert_true(back == at_s || (back < at_s && at_s - back <= HOUR));
            if (back != at_s)
                g_assert_cmpint(sched_calendar_local(calendar, back * G_USEC_PER_SEC, NULL), ==,
                                local);
        }
    }
}

static void
test_unknown_zone(void)
{
    g_assert_null(sched_calendar_new("Asia/Pleiku"));
    g_assert_null(sched_calendar_new("../../etc/passwd"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/calendar/parse", test_parse);
    g_test_add_func("/plan/calendar/instant", test_instant);
    g_test_add_func("/plan/calendar/round-trip", test_round_trip);
    g_test_add_func("/plan/calendar/unknown-zone", test_unknown_zone);
    return g_test_run();
}
