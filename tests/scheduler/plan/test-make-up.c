/* test-make-up.c - what was missed: when it sounds once more, where, and when not at all. */
#include "scheduler/plan/make-up.h"
#include "tests/support/plan-world.h"

#include <string.h>

#define DAY_US   (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define MIN_US   (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define MIDNIGHT (G_GINT64_CONSTANT(1772384400) * G_USEC_PER_SEC) /* of PLAN_WORLD_DAY */

static gint64
at(int hour, int minute)
{
    return MIDNIGHT + (hour * 60 + minute) * MIN_US;
}

/* Two villages of two languages; at 05:30 each day, made up until 21:00; allowed 05:00-21:00.
 */
static SchedSnapshot *
two_villages(void)
{
    SchedSnapshot *world = plan_world_new();
    SchedSlot *slot;

    sched_area_add_window(g_ptr_array_index(world->areas, 1), CONTENT_CLASS_THONG_THUONG, 127,
                          5 * 60, 21 * 60);
    plan_world_zone(world, "a", "jra");
    plan_world_zone(world, "b", "vi");
    plan_world_announcement(world, "tin", "jra:60 vi:60");
    plan_world_announcement(world, "khac", "jra:300 vi:300");
    plan_world_playlist(world, "p", "tin");
    plan_world_playlist(world, "p-khac", "khac");
    slot = plan_world_slot(world, "sang", "p", "05:30", "FREQ=DAILY");
    slot->make_up_min = 21 * 60;
    return world;
}

static SchedVersion *
version_of(SchedSnapshot *world, guint announcement, guint version)
{
    SchedAnnouncement *found = g_ptr_array_index(world->announcements, announcement);

    return g_ptr_array_index(found->versions, version);
}

/* What zone a (jra) or b (vi) missed of "sang" on @day. */
static void
miss(SchedSnapshot *world, GArray *missed, const char *zone, const char *day)
{
    guint version = *zone == 'a' ? 0 : 1;
    const SchedMissed one = {.slot = "sang",
                             .slot_day = plan_world_day(day),
                             .item = "i1",
                             .language = *zone == 'a' ? "jra" : "vi",
                             .object = version_of(world, 0, version)->object,
                             .zone = g_intern_string(zone)};

    g_array_append_val(missed, one);
}

/* "06:01:01 jra [a]" a line; days later: "+1d" */
static char *
decide(SchedSnapshot *world, const GArray *missed, gint64 now_us, gint64 until_us)
{
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) made =
        sched_make_up_decide(index, "tram", missed, now_us, until_us, &error);
    GString *text = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < made->len; i++) {
        const SchedMakeUp *one = g_ptr_array_index(made, i);
        gint64 second = (one->start_us - MIDNIGHT) / G_USEC_PER_SEC;

        g_string_append_printf(text, "%02d:%02d:%02d", (int) (second / 3600 % 24),
                               (int) (second / 60 % 60), (int) (second % 60));
        if (second >= 86400)
            g_string_append_printf(text, "+%dd", (int) (second / 86400));
        g_string_append_printf(text, " %s [", one->language);
        for (guint j = 0; j < one->zones->len; j++)
            g_string_append_printf(text, "%s%s", j == 0 ? "" : " ",
                                   (char *) one->zones->pdata[j]);
        g_string_append(text, "]\n");
    }
    return g_string_free(text, FALSE);
}

static GArray *
missed_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(SchedMissed));
}

static void
special(SchedSnapshot *world, SchedSpecialAct act)
{
    sched_snapshot_add_special(world, "ngay", "lang-a", plan_world_day(PLAN_WORLD_DAY),
                               plan_world_day(PLAN_WORLD_DAY), act);
}

static void
as_it_is(SchedSnapshot *world)
{
}

static void
not_approved(SchedSnapshot *world)
{
    ((SchedSlot *) g_ptr_array_index(world->slots, 0))->is_approved = FALSE;
}

static void
no_rule(SchedSnapshot *world)
{
    ((SchedSlot *) g_ptr_array_index(world->slots, 0))->make_up_min = 0;
}

static void
other_audio(SchedSnapshot *world)
{
    g_autofree char *old = version_of(world, 0, 0)->object;

    version_of(world, 0, 0)->object = g_strdup(version_of(world, 1, 0)->object);
    (void) old;
}

static void
approval_over(SchedSnapshot *world)
{
    version_of(world, 0, 0)->valid_until_us = at(8, 0);
}

static void
approved_elsewhere(SchedSnapshot *world)
{
    g_ptr_array_set_size(version_of(world, 0, 0)->areas, 0);
    g_ptr_array_add(version_of(world, 0, 0)->areas, g_strdup("lang-b"));
}

static void
skipped_day(SchedSnapshot *world)
{
    special(world, SCHED_SPECIAL_SKIP);
}

static void
no_music_day(SchedSnapshot *world)
{
    special(world, SCHED_SPECIAL_NO_MUSIC);
}

static void
quiet_until_ten(SchedSnapshot *world)
{
    sched_snapshot_add_quiet(world, "tang", at(7, 0), at(10, 0))->area = g_strdup("lang-a");
}

static void
item_removed(SchedSnapshot *world)
{
    g_ptr_array_set_size(((SchedPlaylist *) g_ptr_array_index(world->playlists, 0))->items, 0);
}

/* It is the item of a radio, whose words of then are over. */
static void
relayed(SchedSnapshot *world)
{
    SchedPlaylist *playlist = g_ptr_array_index(world->playlists, 0);
    SchedItem *item = g_ptr_array_index(playlist->items, 0);

    item->kind = SCHED_PLAN_ITEM_STREAM;
    item->relay_us = MIN_US;
}

/* Room only from 09:00, and only in the evening. */
static void
busy_until_nine(SchedSnapshot *world)
{
    g_autoptr(GString) items = g_string_new("khac");

    for (int i = 1; i < 12; i++)
        g_string_append(items, " khac");
    plan_world_playlist(world, "p-dai", items->str);
    plan_world_slot(world, "dai", "p-dai", "08:00", "");
    ((SchedSlot *) g_ptr_array_index(world->slots, 1))->policy = SCHED_PLAN_FIRST;
    g_ptr_array_set_size(world->zones, 1);
}

static void
minutes_used(SchedSnapshot *world)
{
    /* Of the one that is planned: the plan keeps its minute, whether it was heard or not. */
    ((SchedArea *) g_ptr_array_index(world->areas, 1))->daily_limit_min = 1;
}

static void
test_when(void)
{
    /* clang-format off */
    static const struct { const char *why; void (*change)(SchedSnapshot *world); int hour, minute, until_h;
                          const char *made; } cases[] = {
        { "at once", as_it_is, 8, 0, 0, "08:01:01 jra [a]\n" },
        { "at night: when the window opens", as_it_is, 3, 0, 0, "05:00:00 jra [a]\n" },
        { "it ends in time", as_it_is, 20, 57, 0, "20:58:01 jra [a]\n" },
        { "it would end a second too late", as_it_is, 20, 58, 0, "" },
        { "the rule's time is up", as_it_is, 21, 30, 0, "" },
        { "by click: the next morning", as_it_is, 21, 30, 45, "05:00:00+1d jra [a]\n" },
        { "a slot without the rule", no_rule, 8, 0, 0, "" },
        { "by click it needs no rule", no_rule, 8, 0, 45, "08:01:01 jra [a]\n" },
        { "the slot's approval is lost", not_approved, 8, 0, 0, "" },
        { "another recording", other_audio, 8, 0, 0, "" },
        { "its approval ends at eight", approval_over, 8, 0, 0, "" },
        { "a moment before", approval_over, 7, 58, 0, "07:59:01 jra [a]\n" },
        { "approved for other villages", approved_elsewhere, 8, 0, 0, "" },
        { "its item was taken out", item_removed, 8, 0, 0, "" },
        { "a relay", relayed, 8, 0, 45, "" },
        { "a day that is skipped", skipped_day, 8, 0, 0, "" },
        { "and by click the day after it", skipped_day, 8, 0, 45, "05:00:00+1d jra [a]\n" },
        { "no music, but it is none", no_music_day, 8, 0, 0, "08:01:01 jra [a]\n" },
        { "a silence that was asked for", quiet_until_ten, 8, 0, 0, "10:00:00 jra [a]\n" },
        { "others sound", busy_until_nine, 8, 10, 0, "09:00:00 jra [a]\n" },
        { "no minute of the day is left", minutes_used, 8, 0, 0, "" },
        { "the next day has its own, but its own use", minutes_used, 8, 0, 45, "" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = two_villages();
        g_autoptr(GArray) missed = missed_new();
        g_autofree char *made = NULL;

        g_test_message("%s", cases[i].why);
        miss(world, missed, "a", PLAN_WORLD_DAY);
        /* What was missed names the audio of then. */
        if (cases[i].change == other_audio)
            g_array_index(missed, SchedMissed, 0).object =
                g_intern_string(version_of(world, 0, 0)->object);
        cases[i].change(world);
        made = decide(world, missed, at(cases[i].hour, cases[i].minute),
                      cases[i].until_h == 0 ? 0 : at(cases[i].until_h, 0));
        g_assert_cmpstr(made, ==, cases[i].made);
    }
}

/* Only where it was missed, one language after the other, never in the way of each other. */
static void
test_where(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    g_autoptr(GArray) missed = missed_new();
    g_autofree char *one = NULL, *both = NULL;

    plan_world_zone(world, "c", "vi");
    miss(world, missed, "b", PLAN_WORLD_DAY);
    one = decide(world, missed, at(8, 0), 0);
    g_assert_cmpstr(one, ==, "08:01:01 vi [b]\n");
    miss(world, missed, "a", PLAN_WORLD_DAY);
    both = decide(world, missed, at(8, 0), 0);
    g_assert_cmpstr(both, ==, "08:01:01 vi [b]\n08:02:01 jra [a]\n");
}

static void
test_unknown_station(void)
{
    g_autoptr(SchedSnapshot) world = two_villages();
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GArray) missed = missed_new();
    g_autoptr(GError) error = NULL;

    g_assert_null(sched_make_up_decide(index, "khong", missed, at(8, 0), 0, &error));
    g_assert_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID);
}

/* ---- whole days ---- */

typedef struct {
    SchedSnapshot *world;
    gint64 down_from_us, down_to_us; /* the station does not run */
    GHashTable *heard;               /* "occurrence zone" -> how often */
    GHashTable *played;              /* ids that began or were missed: none does so again */
    GHashTable *made;                /* "occurrence zone": made up; the store's own key */
    GArray *missed;                  /* (element-type SchedMissed): while it does not run */
} Days;

static void
count(GHashTable *table, const char *occurrence, const char *zone)
{
    char *key = g_strdup_printf("%s %s", occurrence, zone);

    g_hash_table_insert(table, key,
                        GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(table, key)) + 1));
}

/* One segment at its time: heard, or one more thing that was missed. */
static void
sound(Days *days, const ContentSegment *segment)
{
    gboolean is_down = segment->start_us < days->down_to_us &&
                       segment->start_us + segment->duration_us > days->down_from_us;

    g_assert_true(g_hash_table_add(days->played, g_strdup(segment->id)));
    for (guint i = 0; i < segment->zones->len; i++) {
        const char *zone = segment->zones->pdata[i];
        g_autofree char *key = g_strdup_printf("%s %s", segment->occurrence, zone);

        if (!is_down)
            count(days->heard, segment->occurrence, zone);
        else if (!g_hash_table_contains(days->made, key))
            miss(days->world, days->missed, zone, segment->occurrence + strlen("sang-"));
    }
}

static void
keep(Days *days, GPtrArray *made)
{
    while (made->len > 0) {
        SchedMakeUp *one = g_ptr_array_steal_index(made, 0);
        char day[11];

        sched_day_write(one->slot_day, day);
        for (guint i = 0; i < one->zones->len; i++)
            g_assert_true(g_hash_table_add(
                days->made, g_strdup_printf("sang-%s %s", day, (char *) one->zones->pdata[i])));
        g_ptr_array_add(days->world->make_ups, one);
    }
}

/* A clock that walks through @n_days in steps of five minutes: plan, sound, judge, make up. */
static void
walk(Days *days, int n_days)
{
    for (gint64 now_us = MIDNIGHT; now_us < MIDNIGHT + n_days * DAY_US; now_us += 5 * MIN_US) {
        SchedDay today =
            plan_world_day(PLAN_WORLD_DAY) + (SchedDay) ((now_us - MIDNIGHT) / DAY_US);
        g_autoptr(SchedIndex) index = sched_index_new(days->world);
        g_autoptr(SchedPlanDay) planned = sched_plan_station_day(index, "tram", today, NULL);
        g_autoptr(GPtrArray) made = NULL;

        for (guint i = 0; i < planned->plan->segments->len; i++) {
            const ContentSegment *segment = planned->plan->segments->pdata[i];

            if (segment->start_us >= now_us - 5 * MIN_US && segment->start_us < now_us)
                sound(days, segment);
        }
        /* It is known to be missed when the station is back. */
        if (now_us < days->down_from_us || now_us >= days->down_to_us) {
            made = sched_make_up_decide(index, "tram", days->missed, now_us, 0, NULL);
            g_array_set_size(days->missed, 0);
            keep(days, made);
        }
    }
}

static void
test_days(void)
{
    /* clang-format off */
    static const struct { const char *why; int down_h, up_h, heard_first, heard_second; } cases[] = {
        { "never down", -2, -1, 1, 1 },
        { "down in the morning, back at noon", 5, 12, 1, 1 },
        { "down until after the rule's time", 5, 22, 0, 1 },
        { "down over two mornings", 5, 24 + 12, 0, 1 },
        { "back in the last minutes", 5, 20, 1, 1 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = two_villages();
        g_autoptr(GHashTable) heard =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GHashTable) played =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GHashTable) made =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GArray) missed = missed_new();
        Days days = {world, at(cases[i].down_h, 0), at(cases[i].up_h, 0), heard, played, made,
                     missed};

        g_test_message("%s", cases[i].why);
        walk(&days, 3);
        for (const char *zone = "ab"; *zone != '\0'; zone++) {
            g_autofree char *first = g_strdup_printf("sang-2026-03-02 %c", *zone);
            g_autofree char *second = g_strdup_printf("sang-2026-03-03 %c", *zone);

            g_assert_cmpint(GPOINTER_TO_INT(g_hash_table_lookup(heard, first)), ==,
                            cases[i].heard_first);
            g_assert_cmpint(GPOINTER_TO_INT(g_hash_table_lookup(heard, second)), ==,
                            cases[i].heard_second);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/make-up/when", test_when);
    g_test_add_func("/plan/make-up/where", test_where);
    g_test_add_func("/plan/make-up/unknown-station", test_unknown_station);
    g_test_add_func("/plan/make-up/days", test_days);
    return g_test_run();
}
