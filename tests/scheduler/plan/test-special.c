/* test-special.c - special days: skipped, moved, replaced, without music; and which one holds.
 */
#include "tests/support/plan-world.h"

#include <string.h>

/* Two villages; a gong, music, a bulletin; at 17:00 each day, and at 05:30. */
static SchedSnapshot *
two_villages(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "vi");
    plan_world_zone(world, "b", "vi");
    plan_world_announcement(world, "tin", "vi:60");
    plan_world_announcement(world, "tet", "vi:120");
    plan_world_announcement(world, "nhac", "-:30")->is_music = TRUE;
    plan_world_announcement(world, "chuong", "-:10");
    plan_world_playlist(world, "p", "chuong! nhac! tin");
    plan_world_playlist(world, "p-tet", "tet");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=DAILY");
    return world;
}

static SchedSpecialDay *
add(SchedSnapshot *world, const char *id, const char *area, const char *first, const char *last,
    SchedSpecialAct act)
{
    SchedSpecialDay *special =
        sched_snapshot_add_special(world, id, area, plan_world_day(first), plan_world_day(last),
                                   act);

    if (act == SCHED_SPECIAL_REPLACE)
        special->playlist = g_strdup("p-tet");
    return special;
}

static void
assert_plan(const SchedSnapshot *world, const char *date, const char *expected)
{
    g_autofree char *plan = plan_world_show(world, "tram", date);

    g_assert_cmpstr(plan, ==, expected);
}

#define AS_ALWAYS "17:00:00 - chuong [a b]\n17:00:10 - nhac [a b]\n17:00:40 vi tin [a b]\n"
#define SKIPPED   "! special_day chieu a (ngay)\n! special_day chieu b (ngay)\n"

static void
test_acts(void)
{
    /* clang-format off */
    const struct { const char *why; SchedSpecialAct act; gint64 minutes; const char *plan; } cases[] = {
        { "skipped", SCHED_SPECIAL_SKIP, 0, SKIPPED },
        { "no music: the rest moves up", SCHED_SPECIAL_NO_MUSIC, 0,
          "17:00:00 - chuong [a b]\n17:00:10 vi tin [a b]\n"
          "! no_music nhac a (ngay)\n! no_music nhac b (ngay)\n" },
        { "to another time", SCHED_SPECIAL_MOVE_TO, 19 * 60 + 30,
          "19:30:00 - chuong [a b]\n19:30:10 - nhac [a b]\n19:30:40 vi tin [a b]\n"
          "! moved chieu a (ngay)\n! moved chieu b (ngay)\n" },
        { "earlier", SCHED_SPECIAL_MOVE_BY, -45,
          "16:15:00 - chuong [a b]\n16:15:10 - nhac [a b]\n16:15:40 vi tin [a b]\n"
          "! moved chieu a (ngay)\n! moved chieu b (ngay)\n" },
        { "a move beyond its date is silence, and says so", SCHED_SPECIAL_MOVE_BY, 7 * 60, SKIPPED },
        { "the last minute of the date is within it", SCHED_SPECIAL_MOVE_TO, 1439,
          "23:59:00 - chuong [a b]\n23:59:10 - nhac [a b]\n23:59:40 vi tin [a b]\n"
          "! moved chieu a (ngay)\n! moved chieu b (ngay)\n" },
        { "another playlist", SCHED_SPECIAL_REPLACE, 0,
          "17:00:00 vi tet [a b]\n! replaced chieu a (ngay)\n! replaced chieu b (ngay)\n" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = two_villages();

        g_test_message("%s", cases[i].why);
        add(world, "ngay", "huyen", "2026-03-05", "2026-03-05", cases[i].act)->minutes =
            cases[i].minutes;
        assert_plan(world, "2026-03-04", AS_ALWAYS);
        assert_plan(world, "2026-03-05", cases[i].plan);
        assert_plan(world, "2026-03-06", AS_ALWAYS);
    }
}

static void
test_dates(void)
{
    /* clang-format off */
    const struct { const char *why, *first, *last, *date; gboolean is_skipped; } cases[] = {
        { "the eve of the month's end",       "2026-03-31", "2026-04-01", "2026-03-30", FALSE },
        { "the last of a month",              "2026-03-31", "2026-04-01", "2026-03-31", TRUE  },
        { "the first of the next",            "2026-03-31", "2026-04-01", "2026-04-01", TRUE  },
        { "the day after",                    "2026-03-31", "2026-04-01", "2026-04-02", FALSE },
        { "the leap day",                     "2028-02-28", "2028-03-01", "2028-02-29", TRUE  },
        { "over the turn of the year",        "2026-12-30", "2027-01-02", "2027-01-01", TRUE  },
        { "the sixtieth day",                 "2026-04-01", "2026-05-30", "2026-05-30", TRUE  },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = two_villages();

        g_test_message("%s", cases[i].why);
        add(world, "ngay", "huyen", cases[i].first, cases[i].last, SCHED_SPECIAL_SKIP);
        assert_plan(world, cases[i].date, cases[i].is_skipped ? SKIPPED : AS_ALWAYS);
    }
}

/* Only slots that begin in those minutes. */
static void
test_hours(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    SchedSpecialDay *special =
        add(world, "ngay", "huyen", "2026-03-05", "2026-03-05", SCHED_SPECIAL_SKIP);

    special->from_min = 17 * 60 + 1;
    assert_plan(world, "2026-03-05", AS_ALWAYS);
    special->from_min = 17 * 60;
    special->to_min = 17 * 60 + 1;
    assert_plan(world, "2026-03-05", SKIPPED);
    special->from_min = 0;
    special->to_min = 17 * 60;
    assert_plan(world, "2026-03-05", AS_ALWAYS);
}

/* Two days over one date: the nearer area's holds, the other is told to be overruled. */
static void
test_nested(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();

    add(world, "huyen", "huyen", "2026-03-05", "2026-03-05", SCHED_SPECIAL_REPLACE);
    add(world, "lang", "lang-b", "2026-03-05", "2026-03-06", SCHED_SPECIAL_SKIP);
    assert_plan(world, "2026-03-05",
                "17:00:00 vi tet [a]\n"
                "! replaced chieu a (huyen)\n"
                "! special_day chieu b (lang)\n! day_overruled chieu b (huyen)\n");
    assert_plan(world, "2026-03-06",
                "17:00:00 - chuong [a]\n17:00:10 - nhac [a]\n17:00:40 vi tin [a]\n"
                "! special_day chieu b (lang)\n");
    /* The commune between them is nearer to a than the district. */
    add(world, "xa", "xa", "2026-03-05", "2026-03-05", SCHED_SPECIAL_NO_MUSIC);
    assert_plan(world, "2026-03-05",
                "17:00:00 - chuong [a]\n17:00:10 vi tin [a]\n"
                "! day_overruled chieu a (huyen)\n"
                "! special_day chieu b (lang)\n! day_overruled chieu b (huyen)\n"
                "! day_overruled chieu b (xa)\n"
                "! no_music nhac a (xa)\n");
}

/* In one area: silence at once goes before whatever was planned for the day. */
static void
test_same_area(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();

    g_ptr_array_set_size(world->zones, 1);
    add(world, "hoi", "huyen", "2026-03-05", "2026-03-05", SCHED_SPECIAL_MOVE_TO)->minutes =
        18 * 60;
    add(world, "khong-nhac", "xa", "2026-03-05", "2026-03-05", SCHED_SPECIAL_NO_MUSIC);
    add(world, "hoi-xa", "xa", "2026-03-05", "2026-03-05", SCHED_SPECIAL_MOVE_TO)->minutes =
        19 * 60;
    /* "No music" holds beside a move of the same area. */
    assert_plan(world, "2026-03-05",
                "19:00:00 - chuong [a]\n19:00:10 vi tin [a]\n"
                "! day_overruled chieu a (hoi)\n! moved chieu a (hoi-xa)\n"
                "! no_music nhac a (khong-nhac)\n");
    add(world, "tang", "xa", "2026-03-05", "2026-03-05", SCHED_SPECIAL_SKIP);
    assert_plan(world, "2026-03-05",
                "! special_day chieu a (tang)\n"
                "! day_overruled chieu a (khong-nhac)\n! day_overruled chieu a (hoi-xa)\n"
                "! day_overruled chieu a (hoi)\n");
}

/* What the slot itself says of the date is nearer than any area. */
static void
test_own_date(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    SchedDay day = plan_world_day("2026-03-05");

    g_ptr_array_set_size(world->zones, 1);
    add(world, "ngay", "lang-a", "2026-03-05", "2026-03-05", SCHED_SPECIAL_SKIP);
    sched_snapshot_add_override(world, "chieu", day, "p-tet", FALSE);
    assert_plan(world, "2026-03-05", "! special_day chieu a (ngay)\n");
    g_ptr_array_set_size(world->overrides, 0);
    sched_snapshot_add_override(world, "chieu", day, "p-tet", TRUE);
    assert_plan(world, "2026-03-05", "17:00:00 vi tet [a]\n! day_overruled chieu a (ngay)\n");
    g_ptr_array_set_size(world->overrides, 0);
    sched_snapshot_add_override(world, "chieu", day, NULL, FALSE);
    assert_plan(world, "2026-03-05", "");
}

/* A moved slot meets others as every slot does: by class, the commune's choice, priority. */
static void
test_clash(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();

    g_ptr_array_set_size(world->zones, 1);
    plan_world_slot(world, "toi", "p-tet", "19:00", "FREQ=DAILY");
    add(world, "ngay", "huyen", "2026-03-05", "2026-03-05", SCHED_SPECIAL_MOVE_TO)->minutes =
        19 * 60;
    ((SchedSpecialDay *) g_ptr_array_index(world->specials, 0))->to_min = 18 * 60;
    sched_snapshot_add_choice(world, "xa", "chieu", 1);
    assert_plan(world, "2026-03-05",
                "19:00:00 - chuong [a]\n19:00:10 - nhac [a]\n19:00:40 vi tin [a]\n"
                "19:01:40 vi tet [a]\n"
                "! moved chieu a (ngay)\n! delayed tet < chieu\n");
}

/* A local time moved into the gap of a zone's clock goes where every such time goes. */
static void
test_daylight_saving(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    SchedStation *station = g_ptr_array_index(world->stations, 0);
    SchedSlot *slot = g_ptr_array_index(world->slots, 0);

    g_ptr_array_set_size(world->zones, 1);
    g_free(station->tzid);
    station->tzid = g_strdup("Europe/Berlin");
    g_free(slot->tzid);
    slot->tzid = g_strdup("Europe/Berlin");
    g_free(slot->playlist);
    slot->playlist = g_strdup("p-tet");
    add(world, "ngay", "huyen", "2026-03-28", "2026-03-29", SCHED_SPECIAL_MOVE_TO)->minutes =
        2 * 60 + 30;
    assert_plan(world, "2026-03-28", "02:30:00 vi tet [a]\n! moved chieu a (ngay)\n");
    assert_plan(world, "2026-03-29", "03:30:00 vi tet [a]\n! moved chieu a (ngay)\n");
}

/* The date is the slot's own: half a day away it belongs to another date of the station. */
static void
test_slot_in_another_zone(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    SchedSlot *slot = g_ptr_array_index(world->slots, 0);

    g_ptr_array_set_size(world->zones, 1);
    g_free(slot->tzid);
    slot->tzid = g_strdup("America/New_York");
    g_free(slot->playlist);
    slot->playlist = g_strdup("p-tet");
    add(world, "ngay", "huyen", "2026-03-04", "2026-03-04", SCHED_SPECIAL_SKIP);
    assert_plan(world, "2026-03-04", "05:00:00 vi tet [a]\n");
    assert_plan(world, "2026-03-05", "! special_day chieu a (ngay)\n");
}

/* A village that hears it earlier does not use up the id of one that hears it at its time. */
static void
test_ids(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    g_autoptr(SchedIndex) index = NULL, without = NULL;
    g_autoptr(SchedPlanDay) split = NULL, whole = NULL;
    SchedDay day = plan_world_day("2026-03-05");
    const ContentSegment *moved, *kept, *always;

    without = sched_index_new(world);
    whole = sched_plan_station_day(without, "tram", day, NULL);
    add(world, "ngay", "lang-a", "2026-03-05", "2026-03-05", SCHED_SPECIAL_MOVE_BY)->minutes =
        -60;
    index = sched_index_new(world);
    split = sched_plan_station_day(index, "tram", day, NULL);
    g_assert_cmpuint(split->plan->segments->len, ==, 6);
    moved = g_ptr_array_index(split->plan->segments, 0);
    kept = g_ptr_array_index(split->plan->segments, 3);
    always = g_ptr_array_index(whole->plan->segments, 0);
    g_assert_cmpstr(kept->id, ==, always->id);
    g_assert_cmpstr(moved->id, !=, always->id);
    g_assert_cmpstr(moved->occurrence, ==, kept->occurrence);
}

/* One that breaks a rule leaves silence on its dates, and is named. */
static void
test_troubles(void)
{
    /* clang-format off */
    const struct { const char *why; SchedSpecialAct act; gint64 minutes, from, to; const char *playlist, *words; } cases[] = {
        { "no such playlist", SCHED_SPECIAL_REPLACE, 0, 0, 1440, "khong", "special day ngay: unknown playlist \"khong\"" },
        { "half a day is the most", SCHED_SPECIAL_MOVE_BY, 721, 0, 1440, NULL, "special day ngay: minutes out of range" },
        { "no such minute", SCHED_SPECIAL_MOVE_TO, 1440, 0, 1440, NULL, "special day ngay: minutes out of range" },
        { "hours that end before they begin", SCHED_SPECIAL_SKIP, 0, 60, 60, NULL, "special day ngay: minutes out of range" },
        { "no such act", (SchedSpecialAct) 5, 0, 0, 1440, NULL, "special day ngay: no such act" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = two_villages();
        g_autoptr(SchedIndex) index = NULL;
        SchedSpecialDay *special =
            add(world, "ngay", "huyen", "2026-03-05", "2026-03-05", SCHED_SPECIAL_SKIP);
        const SchedTrouble *trouble;

        g_test_message("%s", cases[i].why);
        special->act = cases[i].act;
        special->minutes = cases[i].minutes;
        special->from_min = cases[i].from;
        special->to_min = cases[i].to;
        special->playlist = g_strdup(cases[i].playlist);
        assert_plan(world, "2026-03-05", SKIPPED);
        index = sched_index_new(world);
        g_assert_cmpuint(sched_index_troubles(index)->len, ==, 1);
        trouble = g_ptr_array_index(sched_index_troubles(index), 0);
        g_assert_cmpstr(trouble->words, ==, cases[i].words);
        g_assert_cmpstr(trouble->place, ==, "huyen");
    }
}

/* What nobody approved stays silent at its new time, too, and is said of the right zones. */
static void
test_not_approved(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();

    ((SchedSlot *) g_ptr_array_index(world->slots, 0))->is_approved = FALSE;
    add(world, "ngay", "lang-a", "2026-03-05", "2026-03-05", SCHED_SPECIAL_MOVE_TO)->minutes =
        18 * 60;
    assert_plan(world, "2026-03-05",
                "! not_approved chieu b\n"
                "! not_approved chieu a (ngay)\n! moved chieu a (ngay)\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/special/acts", test_acts);
    g_test_add_func("/plan/special/dates", test_dates);
    g_test_add_func("/plan/special/hours", test_hours);
    g_test_add_func("/plan/special/nested", test_nested);
    g_test_add_func("/plan/special/same-area", test_same_area);
    g_test_add_func("/plan/special/own-date", test_own_date);
    g_test_add_func("/plan/special/clash", test_clash);
    g_test_add_func("/plan/special/daylight-saving", test_daylight_saving);
    g_test_add_func("/plan/special/slot-in-another-zone", test_slot_in_another_zone);
    g_test_add_func("/plan/special/ids", test_ids);
    g_test_add_func("/plan/special/troubles", test_troubles);
    g_test_add_func("/plan/special/not-approved", test_not_approved);
    return g_test_run();
}
