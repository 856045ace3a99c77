/* test-index.c - a row that breaks a rule is left out by name and the rest is planned; who is
 * concerned by a change. */
#include "scheduler/plan/recurrence.h"
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

/* Another district beside it, which no mistake in the first concerns. */
static void
add_neighbour(SchedSnapshot *world)
{
    SchedSlot *slot;

    sched_area_add_window(sched_snapshot_add_area(world, "huyen-2", NULL, "Huyện 2"),
                          CONTENT_CLASS_THONG_THUONG, 127, 0, 1440);
    sched_snapshot_add_area(world, "lang-2", "huyen-2", "Làng 2");
    sched_snapshot_add_station(world, "tram-2", "huyen-2", "Asia/Ho_Chi_Minh");
    g_ptr_array_add(
        sched_snapshot_add_zone(world, "z", "tram-2", "loa", "lang-2", "Z")->languages,
        g_strdup("vi"));
    g_ptr_array_add(((SchedVersion *) g_ptr_array_index(
                         plan_world_announcement(world, "tin-2", "vi:60")->versions, 0))
                        ->areas,
                    g_strdup("huyen-2"));
    plan_world_playlist(world, "p-2", "tin-2");
    slot = plan_world_slot(world, "toi", "p-2", "18:00", "FREQ=DAILY");
    g_ptr_array_set_size(slot->areas, 0);
    g_ptr_array_add(slot->areas, g_strdup("huyen-2"));
}

/* Segments of the first day; -1: the station is not there */
static gint
count_segments(SchedIndex *index, const char *station)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedPlanDay) day = NULL;

    if (sched_index_station(index, station) == NULL)
        return -1;
    day = sched_plan_station_day(index, station, plan_world_day(PLAN_WORLD_DAY), &error);
    g_assert_no_error(error);
    return (gint) day->plan->segments->len;
}

#define HASH_TEXT           "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
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
static void break_item_short(SchedSnapshot *w)    { plan_world_playlist(w, "q", "radio^9"); }
static void break_item_long(SchedSnapshot *w)     { plan_world_playlist(w, "q", "radio^14401"); }
static void break_slot_playlist(SchedSnapshot *w) { replace(&((SchedSlot *) FIRST(w, slots))->playlist, "khong"); }
static void break_slot_rule(SchedSnapshot *w)     { replace(&((SchedSlot *) FIRST(w, slots))->rule, "FREQ=SECONDLY"); }
static void break_slot_tz(SchedSnapshot *w)       { replace(&((SchedSlot *) FIRST(w, slots))->tzid, "Mars/Olympus"); }
static void break_slot_class(SchedSnapshot *w)    { ((SchedSlot *) FIRST(w, slots))->class_ = CONTENT_CLASS_KHAN_CAP; }
static void break_slot_start(SchedSnapshot *w)    { ((SchedSlot *) FIRST(w, slots))->start_s = 86400; }
static void break_slot_gain(SchedSnapshot *w)     { ((SchedSlot *) FIRST(w, slots))->gain_mdb = 1; }
static void break_slot_id(SchedSnapshot *w)       { plan_world_slot(w, "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffff", "p", "17:00", ""); }
static void break_override(SchedSnapshot *w)      { sched_snapshot_add_override(w, "chieu", plan_world_day(PLAN_WORLD_DAY), "khong", TRUE); }
static void break_only_window(SchedSnapshot *w)   { sched_area_add_window(g_ptr_array_index(w->areas, 1), CONTENT_CLASS_THONG_THUONG, 127, 600, 600); }
static void break_nothing(SchedSnapshot *w)       { g_ptr_array_add(w->troubles, sched_trouble_new("slot", "la", NULL, content_remark_say(content_remark_new("plan_unread", "la", "kind", "slot", NULL), "first date 'x'"))); }
static void break_station_twice(SchedSnapshot *w) { sched_snapshot_add_station(w, "tram", "huyen-2", "Asia/Ho_Chi_Minh"); }
static void break_village(SchedSnapshot *w)       { replace(&((SchedArea *) g_ptr_array_index(w->areas, 2))->parent, "khong"); }
static void break_version_audio(SchedSnapshot *w) { replace(&((SchedVersion *) FIRST((SchedAnnouncement *) FIRST(w, announcements), versions))->object, "x"); }
static void break_item_name(SchedSnapshot *w)     { replace(&((SchedItem *) FIRST((SchedPlaylist *) FIRST(w, playlists), items))->announcement, NULL); }
static void break_item_twice(SchedSnapshot *w)    { sched_playlist_add_item(FIRST(w, playlists), "i1", SCHED_PLAN_ITEM_ANNOUNCEMENT, "tin"); }
static void break_slot_days(SchedSnapshot *w)     { g_array_set_size(((SchedSlot *) FIRST(w, slots))->added_days, SCHED_MAX_EXTRA_DAYS + 1); }

static const struct {
    const char *why;
    void (*break_it)(SchedSnapshot *world);
    const char *kind, *id, *words;
    guint n_troubles;
    gint n_left; /* segments of the station concerned; -1: it is left out itself */
} broken[] = {
    { "one that was not even read",   break_nothing,       "slot", "la", "first date", 1, 1 },
    { "an unknown parent",            break_area_parent,   "area", "xa", "area xa: unknown parent", 6, -1 },
    { "what lies below it",           break_area_parent,   "area", "lang-a", "\"khong\" of area xa above it", 6, -1 },
    { "a village without a commune",  break_village,       "area", "lang-a", "area lang-a: unknown parent", 2, 0 },
    { "and its loudspeakers",         break_village,       "zone", "a", "zone tram/a: unknown village", 2, 0 },
    { "areas in a circle",            break_area_circle,   "area", "huyen", "circle", 7, -1 },
    { "an id twice",                  break_area_twice,    "area", "xa", "area xa: there twice", 1, 1 },
    { "an id that is a path",         break_area_name,     "area", "../xa", "not a valid id", 1, 1 },
    { "more minutes than a day has",  break_area_limit,    "area", "huyen", "area huyen: daily limit", 1, 0 },
    { "a window of no length",        break_window,        "area", "huyen", "area huyen: a window", 1, 1 },
    { "no other window: silence",     break_only_window,   "area", "xa", "area xa: a window", 1, 0 },
    { "an unknown time zone",         break_station_tz,    "station", "tram", "tram: unknown time zone", 1, -1 },
    { "a station nowhere",            break_station_area,  "station", "tram", "station tram: unknown area", 1, -1 },
    { "a station twice",              break_station_twice, "station", "tram", "station tram: there twice", 1, 1 },
    { "a zone nowhere",               break_zone_village,  "zone", "a", "zone tram/a: unknown village", 1, 0 },
    { "a zone of no station",         break_zone_station,  "zone", "a", "zone khong/a", 1, 0 },
    { "a language we do not know",    break_zone_tongue,   "zone", "a", "\"km\"", 1, 0 },
    { "no language",                  break_zone_no_tongue, "zone", "a", "zone tram/a: needs 1 to 8", 1, 0 },
    { "a zone twice",                 break_zone_twice,    "zone", "a", "zone tram/a: there twice", 1, 1 },
    { "two versions in one language", break_version_twice, "announcement", "hai", "announcement hai: two versions", 1, 1 },
    { "a version above four hours",   break_version_long,  "announcement", "dai", "announcement dai", 1, 1 },
    { "a version without sound",      break_version_empty, "announcement", "rong", "announcement rong", 1, 1 },
    { "a version without audio",      break_version_audio, "announcement", "tin", "without audio", 1, 0 },
    { "an item that sounds no time",  break_item_times,    "playlist", "p", "item i1 sounds", 1, 0 },
    { "an item without announcement", break_item_name,     "playlist", "p", "names no announcement", 1, 0 },
    { "an item twice",                break_item_twice,    "playlist", "p", "item i1 is there twice", 1, 1 },
    { "a pause above an hour",        break_item_pause,    "playlist", "q", "item i1: length", 1, 1 },
    { "nine seconds of a radio",      break_item_short,    "playlist", "q", "item i1: length", 1, 1 },
    { "more than four hours of it",   break_item_long,     "playlist", "q", "item i1: length", 1, 1 },
    { "an unknown playlist",          break_slot_playlist, "slot", "chieu", "slot chieu: unknown playlist", 1, 0 },
    { "a rule outside the subset",    break_slot_rule,     "slot", "chieu", "slot chieu: the rule cannot be followed (\"FREQ", 1, 0 },
    { "a slot's unknown zone",        break_slot_tz,       "slot", "chieu", "chieu: unknown time zone", 1, 0 },
    { "too many dates",               break_slot_days,     "slot", "chieu", "added or removed dates", 1, 0 },
    { "an alert among the slots",     break_slot_class,    "slot", "chieu", "slot chieu: only alerts", 1, 0 },
    { "a start after midnight",       break_slot_start,    "slot", "chieu", "slot chieu: start", 1, 0 },
    { "louder than recorded",         break_slot_gain,     "slot", "chieu", "slot chieu: louder", 1, 0 },
    { "an id that leaves no room for a date", break_slot_id, "slot", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffff", "id longer than 53", 1, 1 },
    { "an override with nothing is silence", break_override, "slot", "chieu", "override of slot chieu", 1, 0 },
};
/* clang-format on */

static const SchedTrouble *
find_trouble(SchedIndex *index, const char *kind, const char *id, const char *words)
{
    const GPtrArray *troubles = sched_index_troubles(index);

    for (guint i = 0; i < troubles->len; i++) {
        const SchedTrouble *trouble = g_ptr_array_index(troubles, i);

        if (strcmp(trouble->kind, kind) == 0 && strcmp(trouble->id, id) == 0 &&
            strstr(trouble->words, words) != NULL) {
            /* In Vietnamese, too, and not in the same words. */
            g_assert_cmpstr(trouble->words_vi, !=, trouble->words);
            return trouble;
        }
    }
    return NULL;
}

static void
test_broken(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(SchedSnapshot) world = good_world();
        g_autoptr(SchedIndex) index = NULL;

        g_test_message("%s", broken[i].why);
        add_neighbour(world);
        broken[i].break_it(world);
        index = sched_index_new(world);
        g_assert_cmpuint(sched_index_troubles(index)->len, ==, broken[i].n_troubles);
        g_assert_nonnull(find_trouble(index, broken[i].kind, broken[i].id, broken[i].words));
        g_assert_cmpint(count_segments(index, "tram"), ==, broken[i].n_left);
        g_assert_true((sched_index_why_not(index, "tram") != NULL) == (broken[i].n_left < 0));
        g_assert_cmpint(count_segments(index, "tram-2"), ==, 1);
        g_assert_null(sched_index_why_not(index, "tram-2"));
    }
}

static void
test_whole(void)
{
    g_autoptr(SchedSnapshot) world = good_world();
    g_autoptr(SchedIndex) index = NULL;

    add_neighbour(world);
    index = sched_index_new(world);
    g_assert_cmpuint(sched_index_troubles(index)->len, ==, 0);
    g_assert_cmpint(count_segments(index, "tram"), ==, 1);
    g_assert_cmpint(count_segments(index, "tram-2"), ==, 1);
}

/* What is above a limit is left out, what is below it stays. */
static void
test_limits(void)
{
    g_autoptr(SchedSnapshot) world = good_world();
    g_autoptr(SchedIndex) index = NULL;
    SchedPlaylist *playlist = plan_world_playlist(world, "day", "");
    SchedAnnouncement *news = plan_world_announcement(world, "nhieu", "");

    for (int i = 0; i < SCHED_MAX_AREA_DEPTH; i++) {
        g_autofree char *id = g_strdup_printf("tang-%d", i);
        g_autofree char *above = g_strdup_printf("tang-%d", i - 1);

        sched_snapshot_add_area(world, id, i == 0 ? "huyen" : above, id);
    }
    for (int i = 0; i < SCHED_MAX_STATION_ZONES; i++) {
        g_autofree char *id = g_strdup_printf("b%d", i);

        plan_world_zone(world, id, "vi");
    }
    for (int i = 0; i <= SCHED_MAX_ITEMS; i++) {
        g_autofree char *id = g_strdup_printf("x%d", i);

        sched_playlist_add_item(playlist, id, SCHED_PLAN_ITEM_ANNOUNCEMENT, "tin");
    }
    for (int i = 0; i <= SCHED_MAX_VERSIONS; i++) {
        g_autofree char *tag = g_strdup_printf("bdq-x-a%d", i);
        SchedVersion *version =
            sched_announcement_add_version(news, tag, tag, HASH_TEXT, HASH_TEXT);

        version->duration_us = G_USEC_PER_SEC;
    }
    index = sched_index_new(world);
    g_assert_cmpuint(sched_index_troubles(index)->len, ==, 4);
    g_assert_nonnull(find_trouble(index, "area", "tang-15", "deeper than 16"));
    g_assert_nonnull(find_trouble(index, "zone", "b255", "256 zones already"));
    g_assert_nonnull(find_trouble(index, "playlist", "day", "more than 200 items"));
    g_assert_nonnull(find_trouble(index, "announcement", "nhieu", "more than 16 versions"));
    g_assert_nonnull(sched_index_area(index, "tang-14"));
    g_assert_cmpuint(sched_index_playlist(index, "day")->n_items, ==, SCHED_MAX_ITEMS);
    g_assert_cmpint(count_segments(index, "tram"), >, 0);
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
    index = sched_index_new(world);
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/index/whole", test_whole);
    g_test_add_func("/plan/index/broken", test_broken);
    g_test_add_func("/plan/index/limits", test_limits);
    g_test_add_func("/plan/index/concerned", test_concerned);
    return g_test_run();
}
