/*
 * test-cue-fortnight.c - whole days in a row, with no network: each segment on its millisecond.
 */
#include "tests/support/cue-world.h"

#define TZ "Asia/Ho_Chi_Minh"

typedef struct {
    CueWorld *world;
    guint per_day;
} Span;

static char *
date_after(const char *first, int n)
{
    g_autofree char *noon = g_strconcat(first, " 12:00:00", NULL);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(noon, utc);
    g_autoptr(GDateTime) later = g_date_time_add_days(time, n);

    return g_date_time_format(later, "%Y-%m-%d");
}

/* Three languages on one amplifier, @per_day / 3 times, a minute and a half each, from 05:00.
 */
static ContentDayPlan *
full_day(Span *span, const char *date)
{
    static const char *const languages[] = {"vi", "bdq", "jra"};
    static const char *const zones[] = {"cho suoi", "nha-rong", "suoi"};
    ContentDayPlan *day = plan_builder_day(date);
    g_autofree char *first = g_strconcat(date, " 05:00:00", NULL);
    gint64 start_us = cue_world_at(span->world, first);

    for (guint i = 0; i < span->per_day; i++) {
        g_autofree char *name = g_strdup_printf("%s-%u", date, i);

        plan_builder_add(day, name, "o1", zones[i % 3], languages[i % 3], start_us, PLAN_S(90));
        start_us += i % 3 == 2 ? PLAN_MIN(40) : PLAN_S(91);
    }
    return day;
}

static void
check_day(Span *span, const char *date)
{
    static const char *const zones[] = {"cho", "nha-rong", "suoi"};

    for (guint i = 0; i < span->per_day; i++) {
        g_autofree char *name = g_strdup_printf("%s-%u", date, i);
        const ContentRecord *record = cue_world_last_final(span->world, name, zones[i % 3]);

        g_assert_cmpuint(cue_world_finals(span->world, name, zones[i % 3]), ==, 1);
        g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
        g_assert_cmpint(record->reason, ==, CONTENT_REASON_NONE);
        g_assert_cmpint(record->actual_start_us, ==, record->planned_start_us);
        g_assert_cmpint(record->actual_end_us, ==, record->planned_end_us);
    }
}

/* The line is cut on the first evening; every third night the player is started anew. */
static void
test_fortnight(gconstpointer data)
{
    const char *first = data;
    g_autofree char *eve = date_after(first, -1);
    g_autofree char *begin = g_strconcat(eve, " 20:00:00", NULL);
    g_autoptr(CueWorld) world = cue_world_new(TZ, "o1:cho o1:nha-rong o1:suoi", begin);
    Span span = {world, 60};

    cue_world_quiet(world, TRUE);
    for (int i = 0; i < 14; i++) {
        g_autofree char *date = date_after(first, i);

        cue_world_plan(world, full_day(&span, date), "");
    }
    for (int i = 0; i < 14; i++) {
        g_autofree char *date = date_after(first, i);
        g_autofree char *night = g_strconcat(date, " 23:59:00", NULL);

        cue_world_run(world, night);
        check_day(&span, date);
        if (i % 3 == 2)
            cue_world_restart(world, PLAN_MIN(3), CONTENT_REASON_PLAYER_STOPPED);
    }
    /* No polling: some steps for each segment, and none for the hours between them. */
    g_test_message("%u steps", cue_world_n_steps(world));
    g_assert_cmpuint(cue_world_n_steps(world), <, 14 * 60 * 24);
}

/* Windows and volumes are by the clock on the wall, whatever that does on a Sunday in March. */
static void
test_summer_time(void)
{
    g_autoptr(CueWorld) world = cue_world_new("Europe/Berlin", "o1:cho", "2026-03-28 20:00:00");
    ContentStationSettings *settings = cue_world_settings(world);
    ContentSettingsZone *place = settings->zones->pdata[0];
    ContentWindow *window = place->windows->pdata[0];
    ContentVolume *quiet = content_shape_new(&content_volume_shape);
    ContentDayPlan *day = plan_builder_day("2026-03-29");

    window->from_min = 6 * 60;
    window->to_min = 21 * 60;
    quiet->zone = g_strdup("cho");
    quiet->from_min = 0;
    quiet->to_min = 7 * 60;
    quiet->gain_mdb = -12000;
    g_ptr_array_add(settings->volumes, quiet);
    cue_world_give_settings(world);
    /* 05:30 UTC would be half past six in winter and is half past seven now. */
    plan_builder_add(day, "som", "o1", "cho", "vi",
                     plan_builder_utc("UTC", "2026-03-29 03:59:30"), PLAN_S(10));
    plan_builder_add(day, "sang", "o1", "cho", "vi",
                     plan_builder_utc("UTC", "2026-03-29 04:00:00"), PLAN_S(10));
    plan_builder_add(day, "trua", "o1", "cho", "vi",
                     plan_builder_utc("UTC", "2026-03-29 05:30:00"), PLAN_S(10));
    plan_builder_add(day, "toi", "o1", "cho", "vi",
                     plan_builder_utc("UTC", "2026-03-29 19:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    cue_world_run(world, "2026-03-29 23:00:00");
    g_assert_cmpint(cue_world_last_final(world, "som", "cho")->reason, ==,
                    CONTENT_REASON_OUTSIDE_WINDOW);
    g_assert_cmpint(cue_world_last_final(world, "sang", "cho")->reason, ==,
                    CONTENT_REASON_NONE);
    g_assert_cmpint(cue_world_gain_mdb(world, "sang"), ==, -12000);
    g_assert_cmpint(cue_world_last_final(world, "trua", "cho")->reason, ==,
                    CONTENT_REASON_NONE);
    g_assert_cmpint(cue_world_gain_mdb(world, "trua"), ==, 0);
    g_assert_cmpint(cue_world_last_final(world, "toi", "cho")->reason, ==,
                    CONTENT_REASON_OUTSIDE_WINDOW);
}

/* The day's minutes: by local date and zone, counted on after a restart. */
static void
test_daily_limit(void)
{
    static const struct {
        const char *name, *output, *zone, *local;
        ContentReason reason;
    } rows[] = {
        {"a", "o1", "cho", "2026-03-31 06:00:00", CONTENT_REASON_NONE},
        {"b", "o1", "cho", "2026-03-31 07:00:00", CONTENT_REASON_NONE},
        {"c", "o1", "cho", "2026-03-31 08:00:00", CONTENT_REASON_OVER_DAILY_LIMIT},
        {"d", "o2", "truong", "2026-03-31 08:00:00", CONTENT_REASON_NONE},
        {"s", "o1", "suoi", "2026-03-31 09:00:00", CONTENT_REASON_NONE},
        {"e", "o1", "cho", "2026-04-01 00:00:00", CONTENT_REASON_NONE},
    };
    g_autoptr(CueWorld) world =
        cue_world_new(TZ, "o1:cho o1:suoi o2:truong", "2026-03-31 05:00:00");
    ContentDayPlan *day = plan_builder_day("2026-03-31");
    GPtrArray *zones = cue_world_settings(world)->zones;

    for (guint i = 0; i < zones->len; i++)
        ((ContentSettingsZone *) zones->pdata[i])->daily_limit_min = 5;
    cue_world_give_settings(world);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        plan_builder_add(day, rows[i].name, rows[i].output, rows[i].zone, "vi",
                         cue_world_at(world, rows[i].local), PLAN_MIN(2));
    cue_world_plan(world, day, "");
    cue_world_run(world, "2026-03-31 07:30:00");
    cue_world_restart(world, PLAN_S(5), CONTENT_REASON_PLAYER_STOPPED);
    cue_world_run(world, "2026-04-01 01:00:00");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        g_assert_cmpint(cue_world_last_final(world, rows[i].name, rows[i].zone)->reason, ==,
                        rows[i].reason);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/day/cue/fortnight/over-a-leap-day", "2028-02-20", test_fortnight);
    g_test_add_data_func("/day/cue/fortnight/over-a-year", "2026-12-25", test_fortnight);
    g_test_add_func("/day/cue/summer-time", test_summer_time);
    g_test_add_func("/day/cue/daily-limit", test_daily_limit);
    return g_test_run();
}
