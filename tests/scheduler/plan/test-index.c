/* test-index.c - a snapshot that breaks a rule is refused by name; who is concerned by a
 * change. */
#include "tests/support/plan-world.h"

#include <string.h>

static SchedSnapshot *
good_world(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "vi");
    plan_world_announcement(world, "tin", "vi:60");
    plan_world_playlist(world, "p", "tin");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=DAILY");
    return world;
}

#define FIRST(world, array) g_ptr_array_index((world)->array, 0)

static void
replace(char **text, const char *by)
{
    g_free(*text);
    *text = g_strdup(by);
}

/* clang-format off */
static void break_area_parent(SchedSnapshot *w)   { replace(&((SchedArea *) g_ptr_array_index(w->areas, 1))->parent, "khong"); }
static void break_area_circle(SchedSnapshot *w)   { ((SchedArea *) FIRST(w, areas))->parent = g_strdup("lang-a"); }
static void break_area_twice(SchedSnapshot *w)    { sched_snapshot_add_area(w, "xa", NULL, "Xã"); }
static void break_area_name(SchedSnapshot *w)     { sched_snapshot_add_area(w, "../xa", NULL, "Xã"); }
static void break_area_limit(SchedSnapshot *w)    { ((SchedArea *) FIRST(w, areas))->daily_limit_min = 1441; }
static void break_window(SchedSnapshot *w)        { sched_area_add_window(FIRST(w, areas), CONTENT_CLASS_THONG_THUONG, 127, 600, 600); }
static void break_station_tz(SchedSnapshot *w)    { replace(&((SchedStation *) FIRST(w, stations))->tzid, "Asia/Pleiku"); }
static void break_station_area(SchedSnapshot *w)  { replace(&((SchedStation *) FIRST(w, stations))->area, "khong"); }
static void break_zone_village(SchedSnapshot *w)  { replace(&((SchedZone *) FIRST(w, zones))->village, "khong"); }
static void break_zone_station(SchedSnapshot *w)  { replace(&((SchedZone *) FIRST(w, zones))->station, "khong"); }
static void break_zone_tongue(SchedSnapshot *w)   { g_ptr_array_add(((SchedZone *) FIRST(w, zones))->languages, g_strdup("km")); }
static void break_zone_no_tongue(SchedSnapshot *w) { g_ptr_array_set_size(((SchedZone *) FIRST(w, zones))->languages, 0); }
static void break_zone_twice(SchedSnapshot *w)    { plan_world_zone(w, "a", "vi"); }
static void break_version_twice(SchedSnapshot *w) { plan_world_announcement(w, "hai", "vi:1 vi:2"); }
static void break_version_long(SchedSnapshot *w)  { plan_world_announcement(w, "dai", "vi:14401"); }
static void break_version_empty(SchedSnapshot *w) { plan_world_announcement(w, "rong", "vi:0"); }
static void break_item_times(SchedSnapshot *w)    { ((SchedItem *) FIRST((SchedPlaylist *) FIRST(w, playlists), items))->times = 0; }
static void break_item_pause(SchedSnapshot *w)    { plan_world_playlist(w, "q", "~3601"); }
static void break_slot_playlist(SchedSnapshot *w) { replace(&((SchedSlot *) FIRST(w, slots))->playlist, "khong"); }
static void break_slot_rule(SchedSnapshot *w)     { replace(&((SchedSlot *) FIRST(w, slots))->rule, "FREQ=SECONDLY"); }
static void break_slot_tz(SchedSnapshot *w)       { replace(&((SchedSlot *) FIRST(w, slots))->tzid, "Mars/Olympus"); }
static void break_slot_class(SchedSnapshot *w)    { ((SchedSlot *) FIRST(w, slots))->class_ = CONTENT_CLASS_KHAN_CAP; }
static void break_slot_start(SchedSnapshot *w)    { ((SchedSlot *) FIRST(w, slots))->start_s = 86400; }
static void break_slot_gain(SchedSnapshot *w)     { ((SchedSlot *) FIRST(w, slots))->gain_mdb = 1; }
static void break_slot_id(SchedSnapshot *w)       { plan_world_slot(w, "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffff", "p", "17:00", ""); }
static void break_override(SchedSnapshot *w)      { sched_snapshot_add_override(w, "chieu", 20000, "khong", TRUE); }

static const struct {
    const char *why;
    void (*break_it)(SchedSnapshot *world);
    const char *words;
} broken[] = {
    { "an unknown parent",            break_area_parent,   "area xa: unknown parent" },
    { "areas in a circle",            break_area_circle,   "circle" },
    { "an id twice",                  break_area_twice,    "area xa: there twice" },
    { "an id that is a path",         break_area_name,     "not a valid id" },
    { "more minutes than a day has",  break_area_limit,    "area huyen: daily limit" },
    { "a window of no length",        break_window,        "area huyen: a window" },
    { "an unknown time zone",         break_station_tz,    "tram: unknown time zone" },
    { "a station nowhere",            break_station_area,  "station tram: unknown area" },
    { "a zone nowhere",               break_zone_village,  "zone tram/a" },
    { "a zone of no station",         break_zone_station,  "zone khong/a" },
    { "a language we do not know",    break_zone_tongue,   "\"km\"" },
    { "no language",                  break_zone_no_tongue, "zone a: needs 1 to 8" },
    { "a zone twice",                 break_zone_twice,    "zone tram/a: there twice" },
    { "two versions in one language", break_version_twice, "announcement hai: two versions" },
    { "a version above four hours",   break_version_long,  "announcement dai" },
    { "a version without sound",      break_version_empty, "announcement rong" },
    { "an item that sounds no time",  break_item_times,    "item i1: sounds" },
    { "a pause above an hour",        break_item_pause,    "item i1: pause" },
    { "an unknown playlist",          break_slot_playlist, "slot chieu: unknown playlist" },
    { "a rule outside the subset",    break_slot_rule,     "slot chieu: FREQ" },
    { "a slot's unknown zone",        break_slot_tz,       "chieu: unknown time zone" },
    { "an alert among the slots",     break_slot_class,    "slot chieu: only alerts" },
    { "a start after midnight",       break_slot_start,    "slot chieu: start" },
    { "louder than recorded",         break_slot_gain,     "slot chieu: louder" },
    { "an id that leaves no room for a date", break_slot_id, "id longer than 53" },
    { "an override with nothing",     break_override,      "override of slot chieu" },
};
/* clang-format on */

static void
test_broken(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(SchedSnapshot) world = good_world();
        g_autoptr(GError) error = NULL;

        g_test_message("%s", broken[i].why);
        broken[i].break_it(world);
        g_assert_null(sched_index_new(world, &error));
        g_assert_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, broken[i].words));
    }
}

static void
test_limits(void)
{
    g_autoptr(SchedSnapshot) deep = good_world();
    g_autoptr(SchedSnapshot) wide = good_world();
    g_autoptr(SchedSnapshot) full = good_world();
    SchedPlaylist *playlist = plan_world_playlist(full, "day", "");

    for (int i = 0; i < SCHED_MAX_AREA_DEPTH; i++) {
        g_autofree char *id = g_strdup_printf("tang-%d", i);
        g_autofree char *above = g_strdup_printf("tang-%d", i - 1);

        sched_snapshot_add_area(deep, id, i == 0 ? "huyen" : above, id);
    }
    g_assert_null(sched_index_new(deep, NULL));
    for (int i = 0; i < SCHED_MAX_STATION_ZONES; i++) {
        g_autofree char *id = g_strdup_printf("b%d", i);

        plan_world_zone(wide, id, "vi");
    }
    g_assert_null(sched_index_new(wide, NULL));
    for (int i = 0; i <= SCHED_MAX_ITEMS; i++) {
        g_autofree char *id = g_strdup_printf("x%d", i);

        sched_playlist_add_item(playlist, id, SCHED_PLAN_ITEM_ANNOUNCEMENT, "tin");
    }
    g_assert_null(sched_index_new(full, NULL));
}

/* A change of a slot or an announcement concerns the stations it reaches, no others. */
static void
test_concerned(void)
{
    g_autoptr(SchedSnapshot) world = good_world();
    SchedSlot *own = plan_world_slot(world, "rieng", "p", "18:00", "");
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GPtrArray) by_slot = NULL, by_own = NULL, by_news = NULL, by_override = NULL,
                         by_nothing = NULL;

    plan_world_announcement(world, "thay", "vi:5");
    plan_world_playlist(world, "p-thay", "thay");
    sched_snapshot_add_override(world, "rieng", 20000, "p-thay", TRUE);
    sched_snapshot_add_area(world, "xa-2", "huyen", "Xã 2");
    sched_snapshot_add_station(world, "tram-2", "xa-2", "Asia/Ho_Chi_Minh");
    g_ptr_array_add(
        sched_snapshot_add_zone(world, "z", "tram-2", "loa", "xa-2", "Z")->languages,
        g_strdup("vi"));
    g_ptr_array_set_size(own->areas, 0);
    g_ptr_array_add(own->areas, g_strdup("da-bo"));
    sched_slot_add_zone(own, "tram-2", "z");
    index = sched_index_new(world, NULL);
    by_slot = sched_index_slot_stations(index, "chieu");
    by_own = sched_index_slot_stations(index, "rieng");
    by_news = sched_index_announcement_stations(index, "tin");
    by_override = sched_index_announcement_stations(index, "thay");
    by_nothing = sched_index_slot_stations(index, "khong");
    g_assert_cmpuint(by_slot->len, ==, 2);
    g_assert_cmpuint(by_own->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(by_own, 0), ==, "tram-2");
    g_assert_cmpuint(by_news->len, ==, 2);
    g_assert_cmpuint(by_override->len, ==, 1);
    g_assert_cmpuint(by_nothing->len, ==, 0);
}

/* What goes into a station's settings never forbids what its plan holds. */
static void
test_station_rules(void)
{
    g_autoptr(SchedSnapshot) world = good_world();
    SchedArea *commune = g_ptr_array_index(world->areas, 1);
    SchedArea *village_b = g_ptr_array_index(world->areas, 3);
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GPtrArray) windows = NULL;
    const SchedIndexStation *station;

    plan_world_zone(world, "b", "vi");
    plan_world_zone(world, "c", "vi");
    sched_area_add_window(commune, CONTENT_CLASS_THONG_THUONG, 127, 300, 480);
    sched_area_add_window(village_b, CONTENT_CLASS_UU_TIEN, 127, 1020, 1080);
    commune->daily_limit_min = 60;
    village_b->daily_limit_min = 45;
    index = sched_index_new(world, NULL);
    station = sched_index_station(index, "tram");
    windows = sched_station_windows(station);
    g_assert_cmpuint(windows->len, ==, 2);
    g_assert_cmpint(((ContentWindow *) g_ptr_array_index(windows, 0))->from_min, ==, 300);
    g_assert_cmpint(((ContentWindow *) g_ptr_array_index(windows, 1))->from_min, ==, 1020);
    g_assert_cmpint(sched_station_daily_limit_min(station), ==, 165);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/index/broken", test_broken);
    g_test_add_func("/plan/index/limits", test_limits);
    g_test_add_func("/plan/index/concerned", test_concerned);
    g_test_add_func("/plan/index/station-rules", test_station_rules);
    return g_test_run();
}
