/*
 * test-next-start.c - the next minute for a notice: between two items, in an allowed window,
 * not where silence was asked for.
 */
#include "tests/support/plan-world.h"

#include "scheduler/plan/next-start.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC

/* Of PLAN_WORLD_DAY, "17:00" or "17:00:30", in Vietnam; "+1d" after it: of the next. */
static gint64
instant(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "+", 2);
    g_autofree char *iso = g_strdup_printf("%sT%s%s+07", PLAN_WORLD_DAY, parts[0],
                                           strlen(parts[0]) == 5 ? ":00" : "");
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(iso, NULL);

    g_assert_nonnull(at);
    return (g_date_time_to_unix(at) + (parts[1] != NULL ? 86400 : 0)) * SECOND;
}

/* 17:00 to 17:11 in a and b, 18:00 to 18:01 with priority; windows 05:00–21:00 in the commune.
 */
static SchedSnapshot *
world_new(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "jra vi");
    plan_world_zone(world, "b", "bdq vi");
    plan_world_announcement(world, "tin", "vi:60");
    plan_world_announcement(world, "dai", "vi:600");
    plan_world_playlist(world, "p", "dai tin");
    plan_world_playlist(world, "p-tin", "tin");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=DAILY");
    plan_world_slot(world, "uu", "p-tin", "18:00", "FREQ=DAILY")->class_ =
        CONTENT_CLASS_UU_TIEN;
    sched_area_add_window(g_ptr_array_index(world->areas, 1), CONTENT_CLASS_THONG_THUONG, 127,
                          5 * 60, 21 * 60);
    return world;
}

/* clang-format off */
static const struct {
    const char *why, *areas, *language, *earliest; gint64 seconds; const char *quiet, *start;
} cases[] = {
    { "the next whole minute",                   "xa",     "vi",  "12:00:10", 30, "", "12:01" },
    { "this one, if it has not begun",           "xa",     "vi",  "12:00",    30, "", "12:00" },
    { "while an item sounds: behind it",         "xa",     "vi",  "17:02",    30, "", "17:10:01" },
    { "while the last one sounds: behind it",    "xa",     "vi",  "17:10:20", 30, "", "17:11:01" },
    { "before what has not begun: that waits",   "xa",     "vi",  "17:00",    30, "", "17:00" },
    { "not before what has priority, too",       "xa",     "vi",  "17:59:30", 30, "", "18:01:01" },
    { "with room before it",                     "xa",     "vi",  "17:58:30", 30, "", "17:59" },
    { "without room before it",                  "xa",     "vi",  "17:58:30", 70, "", "18:01:01" },
    { "never at night",                          "xa",     "vi",  "21:00",    30, "", "05:00+1d" },
    { "the last minute of the window",           "xa",     "vi",  "20:59",    30, "", "20:59" },
    { "one village's output is everybody's",     "lang-a", "vi",  "17:02",    30, "", "17:10:01" },
    { "where one village is silent, the other",  "xa",     "vi",  "12:00",    30, "lang-a", "12:00" },
    { "where all are silent: after it",          "lang-a", "vi",  "12:00",    30, "lang-a", "15:00" },
    { "in its own language",                     "xa",     "jra", "12:00",    30, "", "12:00" },
    { "a language that is silent: after it",     "xa",     "jra", "12:00",    30, "lang-a", "15:00" },
    { "a language that nobody there hears",      "lang-b", "jra", "12:00",    30, "", NULL },
    { "a village without loudspeakers",          "lang-d", "vi",  "12:00",    30, "", NULL },
};
/* clang-format on */

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = world_new();
        g_autoptr(SchedIndex) index = NULL;
        g_autoptr(GPtrArray) areas = g_ptr_array_new();
        g_autoptr(GError) error = NULL;
        SchedNextWish wish = {areas, cases[i].language, CONTENT_CLASS_UU_TIEN,
                              instant(cases[i].earliest), cases[i].seconds * SECOND};
        gint64 start_us;

        g_test_message("%s", cases[i].why);
        g_ptr_array_add(areas, (gpointer) cases[i].areas);
        if (*cases[i].quiet != '\0') {
            SchedQuiet *quiet =
                sched_snapshot_add_quiet(world, "q", instant("11:00"), instant("15:00"));

            quiet->area = g_strdup(cases[i].quiet);
        }
        index = sched_index_new(world);
        start_us = sched_next_start(index, &wish, &error);
        if (cases[i].start == NULL) {
            g_assert_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpint(start_us, ==, instant(cases[i].start));
    }
}

static void
test_no_window(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    SchedNextWish wish = {areas, "vi", CONTENT_CLASS_UU_TIEN, instant("12:00"), 30 * SECOND};
    SchedArea *village = g_ptr_array_index(world->areas, 2);

    /* One village never: the other does not wait for it. Both: nobody is told a time. */
    sched_area_add_window(village, CONTENT_CLASS_KHAN_CAP, 127, 0, 1440);
    g_ptr_array_add(areas, (gpointer) "xa");
    index = sched_index_new(world);
    g_assert_cmpint(sched_next_start(index, &wish, &error), ==, instant("12:00"));
    areas->pdata[0] = village->id;
    g_assert_cmpint(sched_next_start(index, &wish, &error), ==, -1);
    g_assert_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID);
}

/* The item that sounds is heard to its end, the next one waits for the notice. */
static void
test_programme_goes_on(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *plan = NULL;
    SchedNextWish wish = {areas, "vi", CONTENT_CLASS_UU_TIEN, instant("17:02"), 30 * SECOND};
    SchedSlot *slot;
    gint64 start_us;

    g_ptr_array_add(areas, (gpointer) "lang-a");
    start_us = sched_next_start(index, &wish, &error);
    g_assert_no_error(error);
    plan_world_announcement(world, "nhanh", "vi:30");
    plan_world_playlist(world, "p-nhanh", "nhanh");
    slot = plan_world_slot(world, "nhanh", "p-nhanh", "00:00", "");
    slot->start_s = (start_us - instant("00:00")) / SECOND;
    slot->class_ = CONTENT_CLASS_UU_TIEN;
    slot->priority = 100;
    g_ptr_array_set_size(slot->areas, 0);
    g_ptr_array_add(slot->areas, g_strdup("lang-a"));
    plan = plan_world_show(world, "tram", PLAN_WORLD_DAY);
    g_assert_true(g_str_has_prefix(plan, "17:00:00 vi dai [a b]\n17:10:01 vi nhanh [a]\n"
                                         "17:10:31.500 vi tin [a b]\n18:00:00 vi tin [a b]\n"));
    g_assert_nonnull(strstr(plan, "! delayed tin < nhanh\n"));
    g_assert_null(strstr(plan, "displaced"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/next-start/cases", test_cases);
    g_test_add_func("/plan/next-start/no-window", test_no_window);
    g_test_add_func("/plan/next-start/programme-goes-on", test_programme_goes_on);
    return g_test_run();
}
