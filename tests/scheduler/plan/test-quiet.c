/*
 * test-quiet.c - silence on request: where, when and what of a programme, over days; and that
 * it moves nothing and brings nothing to sound.
 */
#include "tests/support/plan-world.h"

#include <string.h>

/* @text: "2026-03-02 17:00" in Vietnam, which has no summer time */
static gint64
instant(const char *text)
{
    g_autofree char *iso = g_strdup_printf("%.10sT%s:00+07", text, text + 11);
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(iso, NULL);

    g_assert_nonnull(at);
    return g_date_time_to_unix(at) * G_USEC_PER_SEC;
}

/* @place: an area, or "zone:ID" of the station */
static SchedQuiet *
add_quiet(SchedSnapshot *world, const char *place, const char *from, const char *until)
{
    SchedQuiet *quiet = sched_snapshot_add_quiet(world, "q", instant(from), instant(until));

    quiet->reason = g_strdup("funeral");
    quiet->who = g_strdup("Rơ Châm H'Lan");
    if (g_str_has_prefix(place, "zone:")) {
        quiet->station = g_strdup("tram");
        quiet->zone = g_strdup(place + strlen("zone:"));
    } else {
        quiet->area = g_strdup(place);
    }
    return quiet;
}

/* Every day at 17:00 ten minutes and one, in the villages a and b. */
static SchedSnapshot *
two_villages(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "vi");
    plan_world_zone(world, "b", "vi");
    plan_world_announcement(world, "tin", "vi:60");
    plan_world_announcement(world, "dai", "vi:600");
    plan_world_playlist(world, "p", "dai tin");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=DAILY");
    return world;
}

#define WHOLE "17:00:00 vi dai [a b]\n17:10:00 vi tin [a b]\n"

static void
test_places_and_times(void)
{
    /* clang-format off */
    const struct { const char *why, *place, *from, *until, *date, *plan; } cases[] = {
        { "the day before", "lang-a", "2026-03-03 12:00", "2026-03-05 06:00", "2026-03-02", WHOLE },
        { "one village; the other hears it at the same time", "lang-a",
          "2026-03-03 12:00", "2026-03-05 06:00", "2026-03-03",
          "17:00:00 vi dai [b]\n17:10:00 vi tin [b]\n"
          "! quiet_request dai a vi\n! quiet_request tin a vi\n" },
        { "the day after is as ever", "lang-a", "2026-03-03 12:00", "2026-03-05 06:00",
          "2026-03-05", WHOLE },
        { "one zone", "zone:b", "2026-03-02 00:00", "2026-03-02 23:59", "2026-03-02",
          "17:00:00 vi dai [a]\n17:10:00 vi tin [a]\n"
          "! quiet_request dai b vi\n! quiet_request tin b vi\n" },
        { "all of the commune", "xa", "2026-03-02 16:00", "2026-03-02 18:00", "2026-03-02",
          "! quiet_request dai a vi\n! quiet_request dai b vi\n"
          "! quiet_request tin a vi\n! quiet_request tin b vi\n" },
        { "another village", "lang-d", "2026-03-02 16:00", "2026-03-02 18:00", "2026-03-02", WHOLE },
        { "what ends as it begins sounds; the rest waits for no gap", "lang-a",
          "2026-03-02 17:10", "2026-03-02 17:11", "2026-03-02",
          "17:00:00 vi dai [a b]\n17:10:00 vi tin [b]\n! quiet_request tin a vi\n" },
        { "what would reach into it does not begin; after it the programme goes on", "lang-a",
          "2026-03-02 17:09", "2026-03-02 17:10", "2026-03-02",
          "17:00:00 vi dai [b]\n17:10:00 vi tin [a b]\n! quiet_request dai a vi\n" },
        { "an area that is gone", "lang-z", "2026-03-02 16:00", "2026-03-02 18:00", "2026-03-02", WHOLE },
        { "a zone that is gone", "zone:z", "2026-03-02 16:00", "2026-03-02 18:00", "2026-03-02", WHOLE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = two_villages();
        g_autofree char *plan = NULL;

        g_test_message("%s", cases[i].why);
        add_quiet(world, cases[i].place, cases[i].from, cases[i].until);
        plan = plan_world_show(world, "tram", cases[i].date);
        g_assert_cmpstr(plan, ==, cases[i].plan);
    }
}

/* What had no room beside the programme has none beside its silence. */
static void
test_makes_no_room(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    g_autofree char *plan = NULL;

    plan_world_playlist(world, "p-tin", "tin");
    plan_world_slot(world, "sau", "p-tin", "17:05", "FREQ=DAILY");
    add_quiet(world, "lang-a", "2026-03-02 17:00", "2026-03-02 17:01");
    plan = plan_world_show(world, "tram", PLAN_WORLD_DAY);
    g_assert_cmpstr(plan, ==,
                    "17:00:00 vi dai [b]\n17:10:00 vi tin [a b]\n"
                    "! quiet_request dai a vi\n"
                    "! displaced tin a vi < chieu\n! displaced tin b vi < chieu\n");
}

/* Two requests over one segment: each zone is told of once, with the request that it obeys. */
static void
test_two_requests(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(SchedPlanDay) day = NULL;
    g_autoptr(GError) error = NULL;
    const SchedSilenced *first, *second;

    add_quiet(world, "lang-a", "2026-03-02 17:00", "2026-03-02 17:05");
    add_quiet(world, "xa", "2026-03-02 17:05", "2026-03-02 17:06");
    index = sched_index_new(world);
    day = sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(day->plan->segments->len, ==, 1);
    g_assert_cmpuint(day->silenced->len, ==, 2);
    first = g_ptr_array_index(day->silenced, 0);
    second = g_ptr_array_index(day->silenced, 1);
    g_assert_true(first->quiet == g_ptr_array_index(world->quiets, 0));
    g_assert_true(second->quiet == g_ptr_array_index(world->quiets, 1));
    g_assert_cmpuint(first->segment->zones->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(first->segment->zones, 0), ==, "a");
    g_assert_cmpstr(g_ptr_array_index(second->segment->zones, 0), ==, "b");
    g_assert_cmpstr(first->segment->id, ==, second->segment->id);
    g_assert_cmpuint(day->findings->len, ==, 2);
}

static void
test_bad_request(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    g_autoptr(SchedIndex) index = NULL;
    const SchedTrouble *trouble;

    add_quiet(world, "lang-a", "2026-03-02 18:00", "2026-03-02 17:00");
    index = sched_index_new(world);
    g_assert_cmpuint(sched_index_troubles(index)->len, ==, 1);
    trouble = g_ptr_array_index(sched_index_troubles(index), 0);
    g_assert_cmpstr(trouble->kind, ==, "quiet");
    g_assert_cmpstr(trouble->words, ==, "quiet request q: ends before it begins");
}

/* ---- four weeks ---- */

#define N_DAYS 28

static SchedSnapshot *
four_weeks(gboolean with_requests)
{
    SchedSnapshot *world = two_villages();
    SchedSlot *slot;

    plan_world_zone(world, "c", "bdq vi");
    plan_world_zone(world, "d", "jra");
    plan_world_announcement(world, "nha", "bdq:70 vi:60 jra:65");
    plan_world_playlist(world, "p-nha", "nha ~10 tin");
    plan_world_slot(world, "sang", "p-nha", "05:30", "FREQ=WEEKLY;BYDAY=MO,WE,FR");
    slot = plan_world_slot(world, "uu", "p-nha", "17:04", "FREQ=DAILY;INTERVAL=3");
    slot->class_ = CONTENT_CLASS_UU_TIEN;
    plan_world_slot(world, "dem", "p", "23:55", "FREQ=DAILY;INTERVAL=2");
    if (!with_requests)
        return world;
    add_quiet(world, "lang-a", "2026-03-04 00:00", "2026-03-07 12:00"); /* a funeral */
    add_quiet(world, "zone:c", "2026-03-05 23:58", "2026-03-06 00:03");
    add_quiet(world, "xa", "2026-03-10 05:00", "2026-03-10 18:00"); /* an examination */
    add_quiet(world, "huyen", "2026-03-16 17:04", "2026-03-16 17:05");
    add_quiet(world, "lang-d", "2026-03-20 00:00", "2026-03-27 00:00");
    return world;
}

static GPtrArray *
plan_all(SchedIndex *index)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *days =
        sched_plan_station(index, "tram", plan_world_day(PLAN_WORLD_DAY), N_DAYS, &error);

    g_assert_no_error(error);
    return days;
}

static gboolean
must_be_silent(const SchedSnapshot *world, const char *zone, const ContentSegment *segment)
{
    gint64 end_us = segment->start_us + segment->duration_us;
    g_autofree char *village = g_strdup_printf("lang-%s", zone);

    for (guint i = 0; i < world->quiets->len; i++) {
        const SchedQuiet *quiet = g_ptr_array_index(world->quiets, i);

        if (quiet->from_us < end_us && quiet->until_us > segment->start_us &&
            (g_strcmp0(quiet->zone, zone) == 0 || g_strcmp0(quiet->area, village) == 0 ||
             g_strcmp0(quiet->area, "xa") == 0 || g_strcmp0(quiet->area, "huyen") == 0))
            return TRUE;
    }
    return FALSE;
}

static const ContentSegment *
find(const ContentDayPlan *plan, const char *id)
{
    for (guint i = 0; i < plan->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(plan->segments, i);

        if (strcmp(segment->id, id) == 0)
            return segment;
    }
    return NULL;
}

/* Each zone of each segment is there exactly where nobody asked for silence, unmoved. */
static guint
compare_days(const SchedSnapshot *world, const ContentDayPlan *before,
             const ContentDayPlan *after)
{
    guint n_silent = 0;

    for (guint i = 0; i < before->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(before->segments, i);
        const ContentSegment *left = find(after, segment->id);

        for (guint z = 0; z < segment->zones->len; z++) {
            const char *zone = g_ptr_array_index(segment->zones, z);
            gboolean sounds =
                left != NULL &&
                g_ptr_array_find_with_equal_func(left->zones, zone, g_str_equal, NULL);

            g_assert_true(sounds != must_be_silent(world, zone, segment));
            n_silent += sounds ? 0 : 1;
        }
        if (left == NULL)
            continue;
        g_assert_cmpint(left->start_us, ==, segment->start_us);
        g_assert_cmpint(left->duration_us, ==, segment->duration_us);
        g_assert_cmpuint(left->zones->len, >, 0);
    }
    for (guint i = 0; i < after->segments->len; i++)
        g_assert_nonnull(
            find(before, ((ContentSegment *) g_ptr_array_index(after->segments, i))->id));
    return n_silent;
}

static void
test_four_weeks(void)
{
    g_autoptr(SchedSnapshot) loud = four_weeks(FALSE), quiet = four_weeks(TRUE);
    g_autoptr(SchedIndex) loud_index = sched_index_new(loud);
    g_autoptr(SchedIndex) quiet_index = sched_index_new(quiet);
    g_autoptr(GPtrArray) before = plan_all(loud_index), after = plan_all(quiet_index);
    guint n_silent = 0, n_told = 0;

    for (guint i = 0; i < N_DAYS; i++) {
        const SchedPlanDay *one = g_ptr_array_index(before, i);
        const SchedPlanDay *other = g_ptr_array_index(after, i);

        n_silent += compare_days(quiet, one->plan, other->plan);
        for (guint j = 0; j < other->findings->len; j++) {
            const SchedFinding *finding = &g_array_index(other->findings, SchedFinding, j);

            n_told += finding->kind == SCHED_FINDING_QUIET_REQUEST ? 1 : 0;
            g_assert_true((finding->quiet != NULL) ==
                          (finding->kind == SCHED_FINDING_QUIET_REQUEST));
        }
    }
    g_assert_cmpuint(n_silent, >, 25);
    g_assert_cmpuint(n_told, ==, n_silent);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/quiet/places-and-times", test_places_and_times);
    g_test_add_func("/plan/quiet/makes-no-room", test_makes_no_room);
    g_test_add_func("/plan/quiet/two-requests", test_two_requests);
    g_test_add_func("/plan/quiet/bad-request", test_bad_request);
    g_test_add_func("/plan/quiet/four-weeks", test_four_weeks);
    return g_test_run();
}
