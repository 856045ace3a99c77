/* test-dayplan.c - whole days: clashes, midnight, month ends, windows, limits, overrides, DST.
 */
#include "tests/support/plan-world.h"

#include <string.h>

/* A district with one Bahnar village, bulletins of a minute and of ten, played from 17:00. */
static SchedSnapshot *
one_village(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "vi");
    plan_world_announcement(world, "tin", "vi:60");
    plan_world_announcement(world, "dai", "vi:600");
    plan_world_announcement(world, "khac", "vi:120");
    plan_world_playlist(world, "p-tin", "tin");
    plan_world_playlist(world, "p-dai", "dai tin");
    plan_world_playlist(world, "p-khac", "khac");
    return world;
}

static void
assert_plan(const SchedSnapshot *world, const char *date, const char *expected)
{
    g_autofree char *plan = plan_world_show(world, "tram", date);

    g_assert_cmpstr(plan, ==, expected);
}

/* The zones of a playing slot are the same everywhere here, so nothing switches. */
static void
test_overlap(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedSlot *later, *important;

    plan_world_slot(world, "som", "p-dai", "17:00", "FREQ=DAILY");
    later = plan_world_slot(world, "sau", "p-khac", "17:05", "FREQ=DAILY");
    /* Same class, nothing chosen: who started first goes on. */
    assert_plan(world, "2026-03-02",
                "17:00:00 vi dai [a]\n17:10:00 vi tin [a]\n"
                "! displaced khac a vi < som\n");
    later->priority = 5;
    assert_plan(world, "2026-03-02",
                "17:05:00 vi khac [a]\n17:10:00 vi tin [a]\n"
                "! displaced dai a vi < sau\n");
    /* The commune's word counts more than the editor's number. */
    sched_snapshot_add_choice(world, "xa", "som", 1);
    sched_snapshot_add_choice(world, "huyen", "sau", 2);
    assert_plan(world, "2026-03-02",
                "17:00:00 vi dai [a]\n17:10:00 vi tin [a]\n"
                "! displaced khac a vi < som\n");
    /* A higher class counts more than both. */
    important = later;
    important->class_ = CONTENT_CLASS_UU_TIEN;
    assert_plan(world, "2026-03-02",
                "17:05:00 vi khac [a]\n17:10:00 vi tin [a]\n"
                "! displaced dai a vi < sau\n");
}

/* Back to back: a relay's switch time or a few seconds move the next slot, they do not kill it.
 */
static void
test_small_overlap(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedSlot *slot;

    plan_world_zone(world, "b", "vi");
    plan_world_slot(world, "som", "p-tin", "17:00", "");
    slot = plan_world_slot(world, "sau", "p-khac", "17:01", "");
    g_ptr_array_set_size(slot->areas, 0);
    sched_slot_add_zone(slot, "tram", "a");
    assert_plan(world, PLAN_WORLD_DAY,
                "17:00:00 vi tin [a b]\n17:01:00.500 vi khac [a]\n"
                "! delayed khac < som\n");
    slot->start_s = 16 * 3600 + 59 * 60 + 59;
    assert_plan(world, PLAN_WORLD_DAY,
                "16:59:59 vi khac [a]\n17:01:59.500 vi tin [a b]\n"
                "! delayed tin < sau\n");
    /* Two minutes and more: displaced. */
    slot->start_s = 16 * 3600 + 59 * 60 + 59;
    slot->class_ = CONTENT_CLASS_UU_TIEN;
    ((SchedSlot *) g_ptr_array_index(world->slots, 0))->start_s = 16 * 3600 + 59 * 60 + 58;
    assert_plan(world, PLAN_WORLD_DAY,
                "16:59:59 vi khac [a]\n"
                "! displaced tin a vi < sau\n! displaced tin b vi < sau\n");
}

/* What starts before midnight belongs to that day, and is in the way of the next. */
static void
test_over_midnight(void)
{
    g_autoptr(SchedSnapshot) world = one_village();

    plan_world_slot(world, "dem", "p-dai", "23:55", "FREQ=DAILY");
    plan_world_slot(world, "khuya", "p-khac", "00:01", "FREQ=DAILY");
    assert_plan(world, "2026-03-02",
                "00:01:00 vi khac [a]\n23:55:00 vi dai [a]\n00:05:00+1d vi tin [a]\n");
    assert_plan(world, "2026-03-03",
                "23:55:00 vi dai [a]\n00:05:00+1d vi tin [a]\n"
                "! displaced khac a vi < dem\n");
    ((SchedSlot *) g_ptr_array_index(world->slots, 1))->class_ = CONTENT_CLASS_UU_TIEN;
    assert_plan(world, "2026-03-02",
                "00:01:00 vi khac [a]\n00:05:00+1d vi tin [a]\n"
                "! displaced dai a vi < khuya\n");
}

static void
test_dates(void)
{
    /* clang-format off */
    const struct { const char *why, *rule, *date; gboolean sounds; } cases[] = {
        { "the 31st in a month that has one",   "FREQ=MONTHLY;BYMONTHDAY=31", "2026-03-31", TRUE  },
        { "the 30th is not the 31st",           "FREQ=MONTHLY;BYMONTHDAY=31", "2026-04-30", FALSE },
        { "the last day of April",              "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-04-30", TRUE  },
        { "the last day of February 2027",      "FREQ=MONTHLY;BYMONTHDAY=-1", "2027-02-28", TRUE  },
        { "28 February is not the last in 2028", "FREQ=MONTHLY;BYMONTHDAY=-1", "2028-02-28", FALSE },
        { "the leap day is",                    "FREQ=MONTHLY;BYMONTHDAY=-1", "2028-02-29", TRUE  },
        { "the leap day in a weekly rule",      "FREQ=WEEKLY;BYDAY=TU",       "2028-02-29", TRUE  },
        { "the turn of the year",               "FREQ=DAILY",                 "2026-12-31", TRUE  },
        { "before the first day",               "FREQ=DAILY",                 "2026-03-01", FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = one_village();

        g_test_message("%s", cases[i].why);
        plan_world_slot(world, "chieu", "p-tin", "17:00", cases[i].rule);
        assert_plan(world, cases[i].date, cases[i].sounds ? "17:00:00 vi tin [a]\n" : "");
    }
}

static void
test_windows(void)
{
    /* clang-format off */
    const struct { const char *why; ContentClass window_class; guint days; gint64 from, to;
                   const char *start, *plan; } cases[] = {
        { "inside",                        CONTENT_CLASS_THONG_THUONG, 127, 1020, 1080, "17:00",    "17:00:00 vi tin [a]\n" },
        { "starts a second too early",     CONTENT_CLASS_THONG_THUONG, 127, 1020, 1080, "16:59:59", "! outside_window tin a vi\n" },
        { "the last second",               CONTENT_CLASS_THONG_THUONG, 127, 1020, 1080, "17:59:59", "17:59:59 vi tin [a]\n" },
        { "the end is outside",            CONTENT_CLASS_THONG_THUONG, 127, 1020, 1080, "18:00",    "! outside_window tin a vi\n" },
        { "not on Mondays",                CONTENT_CLASS_THONG_THUONG, 126, 0, 1440,    "17:00",    "! outside_window tin a vi\n" },
        { "only for a higher class",       CONTENT_CLASS_UU_TIEN,      127, 0, 1440,    "17:00",    "! outside_window tin a vi\n" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = one_village();
        SchedArea *commune = g_ptr_array_index(world->areas, 1);

        g_test_message("%s", cases[i].why);
        /* The commune's own windows decide, not the district's. */
        sched_area_add_window(commune, cases[i].window_class, cases[i].days, cases[i].from,
                              cases[i].to);
        plan_world_slot(world, "chieu", "p-tin", cases[i].start, "");
        assert_plan(world, PLAN_WORLD_DAY, cases[i].plan);
    }
}

/* The window of the date on which the segment starts counts, not of the slot's date. */
static void
test_window_after_midnight(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedArea *commune = g_ptr_array_index(world->areas, 1);

    sched_area_add_window(commune, CONTENT_CLASS_THONG_THUONG, 1, 0, 1440);
    plan_world_slot(world, "dem", "p-dai", "23:55", "");
    assert_plan(world, PLAN_WORLD_DAY, "23:55:00 vi dai [a]\n! outside_window tin a vi\n");
}

/* A village that may not hear it is left out; its neighbour hears it, at no loss of time. */
static void
test_window_of_one_village(void)
{
    g_autoptr(SchedSnapshot) world = one_village();

    plan_world_zone(world, "b", "vi");
    sched_area_add_window(g_ptr_array_index(world->areas, 3), CONTENT_CLASS_THONG_THUONG, 127,
                          0, 60);
    plan_world_slot(world, "chieu", "p-dai", "17:00", "");
    assert_plan(world, PLAN_WORLD_DAY,
                "17:00:00 vi dai [a]\n17:10:00 vi tin [a]\n"
                "! outside_window dai b vi\n! outside_window tin b vi\n");
}

static void
test_no_window_is_silence(void)
{
    g_autoptr(SchedSnapshot) world = one_village();

    g_ptr_array_set_size(((SchedArea *) g_ptr_array_index(world->areas, 0))->windows, 0);
    plan_world_slot(world, "chieu", "p-tin", "17:00", "");
    assert_plan(world, PLAN_WORLD_DAY, "! outside_window tin a vi\n");
}

/* Counted by village and by the date of each start; more important ones take their minutes
 * first. */
static void
test_daily_limit(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedArea *commune = g_ptr_array_index(world->areas, 1);

    commune->daily_limit_min = 11;
    plan_world_slot(world, "sang", "p-tin", "05:30", "FREQ=DAILY");
    plan_world_slot(world, "chieu", "p-dai", "17:00", "FREQ=DAILY");
    assert_plan(world, "2026-03-02",
                "05:30:00 vi tin [a]\n17:00:00 vi dai [a]\n! over_daily_limit tin a vi\n");
    ((SchedSlot *) g_ptr_array_index(world->slots, 1))->class_ = CONTENT_CLASS_UU_TIEN;
    assert_plan(world, "2026-03-02",
                "17:00:00 vi dai [a]\n17:10:00 vi tin [a]\n! over_daily_limit tin a vi\n");
    commune->daily_limit_min = 0;
    assert_plan(world, "2026-03-02",
                "! over_daily_limit tin a vi\n! over_daily_limit dai a vi\n"
                "! over_daily_limit tin a vi\n");
}

static void
test_slot_length(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedSlot *slot = plan_world_slot(world, "chieu", "p-dai", "17:00", "");

    slot->length_s = 600;
    assert_plan(world, PLAN_WORLD_DAY, "17:00:00 vi dai [a]\n! overrun tin a vi\n");
    /* What is too long for the rest leaves room for what is not. */
    slot->length_s = 100;
    assert_plan(world, PLAN_WORLD_DAY, "17:00:00 vi tin [a]\n! overrun dai a vi\n");
}

static void
test_override(void)
{
    g_autoptr(SchedSnapshot) world = one_village();

    plan_world_slot(world, "chieu", "p-tin", "17:00", "FREQ=DAILY");
    sched_snapshot_add_override(world, "chieu", plan_world_day("2026-03-03"), "p-khac", TRUE);
    sched_snapshot_add_override(world, "chieu", plan_world_day("2026-03-04"), NULL, FALSE);
    sched_snapshot_add_override(world, "chieu", plan_world_day("2026-03-05"), "p-khac", FALSE);
    assert_plan(world, "2026-03-02", "17:00:00 vi tin [a]\n");
    assert_plan(world, "2026-03-03", "17:00:00 vi khac [a]\n");
    /* Silence needs nobody's approval, another playlist does. */
    assert_plan(world, "2026-03-04", "");
    assert_plan(world, "2026-03-05", "17:00:00 vi tin [a]\n");
}

static void
test_approval(void)
{
    const char *refused = "! not_approved tin a vi\n";
    gint64 five = G_GINT64_CONSTANT(1772445600) * G_USEC_PER_SEC; /* 17:00 of that day */

    /* clang-format off */
    const struct { const char *why; ContentClass class_; const char *area; gint64 from, until;
                   const char *plan; } cases[] = {
        { "approved for the village",   CONTENT_CLASS_THONG_THUONG, "lang-a", 0, G_MAXINT64, "17:00:00 vi tin [a]\n" },
        { "approved for another",       CONTENT_CLASS_THONG_THUONG, "lang-b", 0, G_MAXINT64, refused },
        { "for an area abolished since", CONTENT_CLASS_THONG_THUONG, "xa-cu", 0, G_MAXINT64, refused },
        { "valid from then on",         CONTENT_CLASS_THONG_THUONG, "huyen", five, G_MAXINT64, "17:00:00 vi tin [a]\n" },
        { "not valid yet",              CONTENT_CLASS_THONG_THUONG, "huyen", five + 1, G_MAXINT64, refused },
        { "valid for a moment more",    CONTENT_CLASS_THONG_THUONG, "huyen", 0, five + 1, "17:00:00 vi tin [a]\n" },
        { "not valid any more",         CONTENT_CLASS_THONG_THUONG, "huyen", 0, five, refused },
        { "slot of a higher class than approved", CONTENT_CLASS_UU_TIEN, "huyen", 0, G_MAXINT64, refused },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = one_village();
        SchedAnnouncement *tin = g_ptr_array_index(world->announcements, 0);
        SchedVersion *version = g_ptr_array_index(tin->versions, 0);
        SchedSlot *slot = plan_world_slot(world, "chieu", "p-tin", "17:00", "");

        g_test_message("%s", cases[i].why);
        version->class_ = CONTENT_CLASS_THONG_THUONG;
        slot->class_ = (gint) cases[i].class_;
        g_ptr_array_set_size(version->areas, 0);
        g_ptr_array_add(version->areas, g_strdup(cases[i].area));
        version->valid_from_us = cases[i].from;
        version->valid_until_us = cases[i].until;
        assert_plan(world, PLAN_WORLD_DAY, cases[i].plan);
        slot->is_approved = FALSE;
        assert_plan(world, PLAN_WORLD_DAY, "! not_approved chieu\n");
    }
}

/* What the gateway does not have is not planned; before it has spoken everything is. */
static void
test_unknown_zone(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedStation *station = g_ptr_array_index(world->stations, 0);

    plan_world_zone(world, "b", "vi")->is_known = TRUE;
    plan_world_slot(world, "chieu", "p-tin", "17:00", "");
    assert_plan(world, PLAN_WORLD_DAY, "17:00:00 vi tin [a b]\n");
    station->has_inventory = TRUE;
    assert_plan(world, PLAN_WORLD_DAY, "17:00:00 vi tin [b]\n! zone_unknown chieu a\n");
}

/* A zone with daylight saving: stated rules for skipped and repeated times, no day without
 * plan. */
static void
test_daylight_saving(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedStation *station = g_ptr_array_index(world->stations, 0);
    SchedSlot *slot = plan_world_slot(world, "dem", "p-tin", "02:30", "FREQ=DAILY");

    g_free(station->tzid);
    station->tzid = g_strdup("Europe/Berlin");
    g_free(slot->tzid);
    slot->tzid = g_strdup("Europe/Berlin");
    assert_plan(world, "2026-03-28", "02:30:00 vi tin [a]\n");
    assert_plan(world, "2026-03-29", "03:30:00 vi tin [a]\n");
    assert_plan(world, "2026-10-25", "02:30:00 vi tin [a]\n");
    assert_plan(world, "2026-10-26", "02:30:00 vi tin [a]\n");
}

/* A slot keeps its own zone: half a day away it belongs to another date of the station. */
static void
test_slot_in_another_zone(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    SchedSlot *slot = plan_world_slot(world, "xa", "p-tin", "20:00", "FREQ=WEEKLY;BYDAY=MO");

    g_free(slot->tzid);
    slot->tzid = g_strdup("America/New_York");
    assert_plan(world, "2026-03-02", "");
    assert_plan(world, "2026-03-03", "08:00:00 vi tin [a]\n");
    /* New York has changed its clocks in between. */
    assert_plan(world, "2026-03-10", "07:00:00 vi tin [a]\n");
}

/* The same world gives the same bytes, however many days are asked for at once. */
static void
test_same_bytes(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GPtrArray) days = NULL;

    plan_world_slot(world, "dem", "p-dai", "23:55", "FREQ=DAILY");
    plan_world_slot(world, "khuya", "p-khac", "00:01", "FREQ=DAILY;INTERVAL=2");
    index = sched_index_new(world);
    days = sched_plan_station(index, "tram", plan_world_day(PLAN_WORLD_DAY), 16, NULL);
    g_assert_cmpuint(days->len, ==, 16);
    for (guint i = 0; i < days->len; i++) {
        SchedPlanDay *planned = g_ptr_array_index(days, i);
        g_autoptr(SchedPlanDay) alone =
            sched_plan_station_day(index, "tram", planned->day, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes =
            content_document_write(&content_day_plan_type, planned->plan, &error);
        g_autoptr(GBytes) again =
            content_document_write(&content_day_plan_type, alone->plan, NULL);
        g_autoptr(ContentDayPlan) back = NULL;

        g_assert_no_error(error);
        g_assert_true(g_bytes_equal(bytes, again));
        back = content_document_read(&content_day_plan_type, g_bytes_get_data(bytes, NULL),
                                     g_bytes_get_size(bytes), &error);
        g_assert_no_error(error);
        g_assert_cmpuint(back->segments->len, ==, planned->plan->segments->len);
    }
}

/* Above what a document may hold the latest are left out, and each is said to be. */
static void
test_too_many(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    g_autoptr(GString) items = g_string_new("ngan");
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(SchedPlanDay) day = NULL;

    plan_world_zone(world, "a", "vi");
    plan_world_announcement(world, "ngan", "vi:1");
    for (int i = 1; i < SCHED_MAX_ITEMS; i++)
        g_string_append(items, " ngan");
    plan_world_playlist(world, "p", items->str);
    for (int i = 0; i < 11; i++) {
        g_autofree char *id = g_strdup_printf("gio-%02d", i);
        g_autofree char *start = g_strdup_printf("%02d:00", i);

        plan_world_slot(world, id, "p", start, "");
    }
    index = sched_index_new(world);
    day = sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), NULL);
    g_assert_cmpuint(day->plan->segments->len, ==, CONTENT_PLAN_MAX_SEGMENTS);
    g_assert_cmpuint(day->findings->len, ==, 200);
    g_assert_cmpint(g_array_index(day->findings, SchedFinding, 0).kind, ==,
                    SCHED_FINDING_TOO_MANY);
    g_assert_cmpstr(g_array_index(day->findings, SchedFinding, 0).slot, ==, "gio-10");
}

/* Long names in many zones fill the bytes of a document before its count of segments. */
static void
test_too_long(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    g_autoptr(GString) items = g_string_new("ngan");
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(SchedPlanDay) day = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 40; i++) {
        g_autofree char *id = g_strdup_printf("cum-loa-%054d", i);

        plan_world_zone(world, id, "vi");
    }
    plan_world_announcement(world, "ngan", "vi:1");
    for (int i = 1; i < SCHED_MAX_ITEMS; i++)
        g_string_append(items, " ngan");
    plan_world_playlist(world, "p", items->str);
    for (int i = 0; i < 10; i++) {
        g_autofree char *id = g_strdup_printf("gio-%02d", i);
        g_autofree char *start = g_strdup_printf("%02d:00", i);

        plan_world_slot(world, id, "p", start, "");
    }
    index = sched_index_new(world);
    day = sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), NULL);
    bytes = content_document_write(&content_day_plan_type, day->plan, &error);
    g_assert_no_error(error);
    /* Nearly all of it is used, and what is left out is said to be. */
    g_assert_cmpuint(g_bytes_get_size(bytes), >, CONTENT_DOCUMENT_MAX_BYTES * 9 / 10);
    g_assert_cmpuint(day->findings->len, ==, 40 * (2000 - day->plan->segments->len));
    g_assert_cmpint(g_array_index(day->findings, SchedFinding, 0).kind, ==,
                    SCHED_FINDING_TOO_MANY);
}

static void
test_unknown_station(void)
{
    g_autoptr(SchedSnapshot) world = one_village();
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GError) error = NULL;

    g_assert_null(
        sched_plan_station_day(index, "khong", plan_world_day(PLAN_WORLD_DAY), &error));
    g_assert_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/dayplan/overlap", test_overlap);
    g_test_add_func("/plan/dayplan/small-overlap", test_small_overlap);
    g_test_add_func("/plan/dayplan/over-midnight", test_over_midnight);
    g_test_add_func("/plan/dayplan/dates", test_dates);
    g_test_add_func("/plan/dayplan/windows", test_windows);
    g_test_add_func("/plan/dayplan/window-after-midnight", test_window_after_midnight);
    g_test_add_func("/plan/dayplan/window-of-one-village", test_window_of_one_village);
    g_test_add_func("/plan/dayplan/no-window-is-silence", test_no_window_is_silence);
    g_test_add_func("/plan/dayplan/daily-limit", test_daily_limit);
    g_test_add_func("/plan/dayplan/slot-length", test_slot_length);
    g_test_add_func("/plan/dayplan/override", test_override);
    g_test_add_func("/plan/dayplan/approval", test_approval);
    g_test_add_func("/plan/dayplan/unknown-zone", test_unknown_zone);
    g_test_add_func("/plan/dayplan/daylight-saving", test_daylight_saving);
    g_test_add_func("/plan/dayplan/slot-in-another-zone", test_slot_in_another_zone);
    g_test_add_func("/plan/dayplan/same-bytes", test_same_bytes);
    g_test_add_func("/plan/dayplan/too-many", test_too_many);
    g_test_add_func("/plan/dayplan/too-long", test_too_long);
    g_test_add_func("/plan/dayplan/unknown-station", test_unknown_station);
    return g_test_run();
}
