/* test-layout.c - who hears what, when, in which language, on one amplifier; one slot at a
 * time. */
#include "tests/support/plan-world.h"

#include <string.h>

/* One slot at 17:00 with one playlist; everything else is in the case. */
typedef struct {
    const char *why;
    const char *zones;         /* "a=bdq,vi b=jra" */
    const char *announcements; /* "tin=bdq:70,vi:60" */
    const char *items;
    SchedPlanPolicy policy;
    SchedPlanOrder order;
    const char *plan;
} LayoutCase;

/* Splits "a=x,y b=z" and hands each pair on, commas turned into spaces. */
static void
each_pair(const char *text, SchedSnapshot *world,
          void (*func)(SchedSnapshot *world, const char *name, const char *value))
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (gsize i = 0; words[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(words[i], "=", 2);

        func(world, parts[0], g_strdelimit(parts[1], ",", ' '));
    }
}

static void
add_zone(SchedSnapshot *world, const char *name, const char *value)
{
    plan_world_zone(world, name, value);
}

static void
add_announcement(SchedSnapshot *world, const char *name, const char *value)
{
    plan_world_announcement(world, name, value);
}

/* clang-format off */
static const LayoutCase cases[] = {
    { "one village, one language",
      "a=bdq", "tin=bdq:70", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq tin [a]\n" },
    { "Bahnar to Bahnar villages, then Jrai to Jrai villages, relays switching between",
      "a=bdq b=jra c=bdq", "tin=bdq:70,jra:80", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq tin [a c]\n"
      "17:01:10.500 jra tin [b]\n" },
    { "a signal to all, no switching before the language everybody has",
      "a=vi b=vi", "chuong=-:5 tin=vi:60", "chuong! tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 - chuong [a b]\n"
      "17:00:05 vi tin [a b]\n" },
    { "a village with three languages hears each once, in its order",
      "a=jra,bdq,vi", "tin=vi:60,bdq:70,jra:80", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 jra tin [a]\n"
      "17:01:20 bdq tin [a]\n"
      "17:02:30 vi tin [a]\n" },
    { "or only the first it has",
      "a=jra,bdq,vi", "tin=vi:60,bdq:70,jra:80", "tin", SCHED_PLAN_FIRST, SCHED_PLAN_BY_ITEM,
      "17:00:00 jra tin [a]\n" },
    { "those who share a second language hear it together",
      "a=bdq,vi b=jra,vi", "tin=bdq:70,jra:80,vi:60", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq tin [a]\n"
      "17:01:10.500 jra tin [b]\n"
      "17:02:31 vi tin [a b]\n" },
    { "orders that contradict each other cost a repetition, not a village's order",
      "a=bdq,vi b=vi,bdq", "tin=bdq:70,vi:60", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq tin [a]\n"
      "17:01:10.500 vi tin [a b]\n"
      "17:02:11 bdq tin [b]\n" },
    { "a missing version falls back along the village's own list",
      "a=bdq,vi b=jra", "tin=vi:60,jra:80", "tin", SCHED_PLAN_FIRST, SCHED_PLAN_BY_ITEM,
      "17:00:00 vi tin [a]\n"
      "17:01:00.500 jra tin [b]\n"
      "! fallback tin a bdq\n" },
    { "or is a gap",
      "a=bdq b=jra", "tin=vi:60,jra:80", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 jra tin [b]\n"
      "! gap tin a bdq\n" },
    { "nothing approved at all: a gap for everybody",
      "a=bdq b=jra", "khac=vi:60", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "! gap i1 a bdq\n"
      "! gap i1 b jra\n" },
    { "a dialect has its own version, its neighbours the common one",
      "a=bdq-x-kriem b=bdq c=bdq-x-roh", "tin=bdq:70,bdq-x-kriem:75", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq-x-kriem tin [a]\n"
      "17:01:15.500 bdq tin [b c]\n" },
    { "another dialect is not understood",
      "a=bdq-x-kriem,vi", "tin=bdq-x-roh:70,vi:60", "tin", SCHED_PLAN_FIRST, SCHED_PLAN_BY_ITEM,
      "17:00:00 vi tin [a]\n"
      "! fallback tin a bdq-x-kriem\n" },
    { "a dialect and its language listed: the same audio only once",
      "a=bdq-x-kriem,bdq", "tin=bdq:70", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq tin [a]\n" },
    { "item by item",
      "a=bdq b=jra", "tin=bdq:70,jra:80 gia=bdq:20,jra:30", "tin gia", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq tin [a]\n"
      "17:01:10.500 jra tin [b]\n"
      "17:02:31 bdq gia [a]\n"
      "17:02:51.500 jra gia [b]\n" },
    { "language by language: the whole programme for one, then for the other, each with its gong",
      "a=bdq b=jra", "c=-:5 tin=bdq:70,jra:80 gia=bdq:20,jra:30", "c! tin gia", SCHED_PLAN_EACH, SCHED_PLAN_BY_LANGUAGE,
      "17:00:00 - c [a]\n"
      "17:00:05 bdq tin [a]\n"
      "17:01:15 bdq gia [a]\n"
      "17:01:35.500 - c [b]\n"
      "17:01:40.500 jra tin [b]\n"
      "17:03:00.500 jra gia [b]\n" },
    { "language by language with a hole: it is named once, the rest is heard",
      "a=bdq,vi", "tin=bdq:70,vi:60 gia=vi:20", "tin gia", SCHED_PLAN_EACH, SCHED_PLAN_BY_LANGUAGE,
      "17:00:00 bdq tin [a]\n"
      "17:01:10 vi tin [a]\n"
      "17:02:10 vi gia [a]\n"
      "! fallback gia a bdq\n" },
    { "language by language, first only: the fallback stays in its village's block",
      "a=bdq,vi b=vi", "tin=bdq:70,vi:60 gia=vi:20", "tin gia", SCHED_PLAN_FIRST, SCHED_PLAN_BY_LANGUAGE,
      "17:00:00 bdq tin [a]\n"
      "17:01:10 vi gia [a]\n"
      "17:01:30.500 vi tin [b]\n"
      "17:02:30.500 vi gia [b]\n"
      "! fallback gia a bdq\n" },
    { "a gap in blocks by language is said once",
      "a=bdq,jra", "tin=vi:60", "tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_LANGUAGE,
      "! gap tin a bdq\n" },
    { "a pause is silence, and enough for the relays",
      "a=bdq b=jra", "tin=bdq:70 gia=jra:30", "tin ~10 gia", SCHED_PLAN_FIRST, SCHED_PLAN_BY_ITEM,
      "17:00:00 bdq tin [a]\n"
      "17:01:20.500 jra gia [b]\n"
      "! gap tin b jra\n"
      "! gap gia a bdq\n" },
    { "a signal nobody approved is a gap, the rest goes on",
      "a=vi", "tin=vi:60", "chuong! tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 vi tin [a]\n"
      "! gap i1 a\n" },
    { "a Jrai relay is for those who list Jrai, as long as it says; others have a gap",
      "a=jra b=bdq", "radio=jra:8 tin=jra:10,bdq:10", "radio^1800 tin", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 jra radio [a]\n"
      "17:30:00 jra tin [a]\n"
      "17:30:10.500 bdq tin [b]\n"
      "! gap radio b bdq\n" },
    { "a relay in two languages: each for its own villages, one after the other",
      "a=jra b=bdq", "radio=jra:8,bdq:8", "radio^600", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM,
      "17:00:00 jra radio [a]\n"
      "17:10:00.500 bdq radio [b]\n" },
    { "an empty playlist is silence",
      "a=vi", "tin=vi:60", "", SCHED_PLAN_EACH, SCHED_PLAN_BY_ITEM, "" },
};
/* clang-format on */

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = plan_world_new();
        SchedSlot *slot = plan_world_slot(world, "chieu", "p", "17:00", "");
        g_autofree char *plan = NULL;

        g_test_message("%s", cases[i].why);
        each_pair(cases[i].zones, world, add_zone);
        each_pair(cases[i].announcements, world, add_announcement);
        plan_world_playlist(world, "p", cases[i].items);
        slot->policy = cases[i].policy;
        slot->order = cases[i].order;
        plan = plan_world_show(world, "tram", PLAN_WORLD_DAY);
        g_assert_cmpstr(plan, ==, cases[i].plan);
    }
}

/* The slowest zone that changes decides; a zone that stays on does not count. */
static void
test_switch_time(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    g_autofree char *plan = NULL;

    plan_world_zone(world, "a", "bdq vi")->switch_ms = 2500;
    plan_world_zone(world, "b", "jra vi")->switch_ms = 0;
    plan_world_zone(world, "c", "jra vi")->switch_ms = 999999;
    plan_world_announcement(world, "tin", "bdq:10 jra:10 vi:10");
    plan_world_playlist(world, "p", "tin");
    plan_world_slot(world, "chieu", "p", "17:00", "");
    plan = plan_world_show(world, "tram", PLAN_WORLD_DAY);
    /* c is slower than a minute: a fault, not a reason to wait for ever. */
    g_assert_cmpstr(plan, ==,
                    "17:00:00 bdq tin [a]\n"
                    "17:01:10.200 jra tin [b c]\n"
                    "17:01:22.900 vi tin [a b c]\n");
}

static void
test_times(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    SchedPlaylist *playlist;
    g_autofree char *plan = NULL;

    plan_world_zone(world, "a", "bdq");
    plan_world_zone(world, "b", "jra");
    plan_world_announcement(world, "tin", "bdq:10 jra:20");
    playlist = plan_world_playlist(world, "p", "tin");
    ((SchedItem *) g_ptr_array_index(playlist->items, 0))->times = 2;
    plan_world_slot(world, "chieu", "p", "17:00", "");
    plan = plan_world_show(world, "tram", PLAN_WORLD_DAY);
    g_assert_cmpstr(plan, ==,
                    "17:00:00 bdq tin [a]\n"
                    "17:00:10 bdq tin+1 [a]\n"
                    "17:00:20.500 jra tin [b]\n"
                    "17:00:40.500 jra tin+1 [b]\n");
}

static gint64
relay_s(SchedSnapshot *world)
{
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(SchedPlanDay) day =
        sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), NULL);

    for (guint i = 0; i < day->plan->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(day->plan->segments, i);

        if (segment->source == CONTENT_SOURCE_STREAM)
            return segment->duration_us / G_USEC_PER_SEC;
    }
    return 0;
}

/* It has no end of its own: what it may last decides. */
static void
test_relay_ends(void)
{
    /* clang-format off */
    static const struct { const char *why; gint64 length_s, valid_s, wanted_s; gint64 lasts_s; } ends[] = {
        { "as long as it says",                               0,    86400, 1800, 1800 },
        { "the programme ends first",                         1200, 86400, 1800, 1190 },
        { "what was approved ends first",                     0,    900,   1800,  890 },
        { "the programme, to the second",                     1810, 86400, 1800, 1800 },
        { "too little is left for anything to be heard",      19,   86400, 1800,    0 },
        { "the least that is",                                20,   86400, 1800,   10 },
        { "approved no longer",                               0,    15,    1800,    0 },
    };
    /* clang-format on */
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autoptr(SchedSnapshot) world = plan_world_new();
        SchedSlot *slot = plan_world_slot(world, "chieu", "p", "17:00", "");
        g_autofree char *items = g_strdup_printf("tin radio^%d", (int) ends[i].wanted_s);
        SchedAnnouncement *radio;
        const gint64 begins_us = G_GINT64_CONSTANT(1772445600) * G_USEC_PER_SEC;

        g_test_message("%s", ends[i].why);
        plan_world_zone(world, "a", "jra");
        plan_world_announcement(world, "tin", "jra:10");
        radio = plan_world_announcement(world, "radio", "jra:8");
        ((SchedVersion *) g_ptr_array_index(radio->versions, 0))->valid_until_us =
            begins_us + ends[i].valid_s * G_USEC_PER_SEC;
        plan_world_playlist(world, "p", items);
        slot->length_s = ends[i].length_s;
        g_assert_cmpint(relay_s(world), ==, ends[i].lasts_s);
    }
}

/* The plan names the spare as an object with its own length, to be there beforehand. */
static void
test_relay_spare(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(SchedPlanDay) day = NULL;
    const ContentSegment *segment;
    const ContentPlanObject *spare;

    plan_world_zone(world, "a", "jra");
    plan_world_announcement(world, "radio", "jra:8");
    plan_world_playlist(world, "p", "radio^60");
    plan_world_slot(world, "chieu", "p", "17:00", "");
    index = sched_index_new(world);
    day = sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), NULL);
    segment = g_ptr_array_index(day->plan->segments, 0);
    spare = g_ptr_array_index(day->plan->objects, 0);
    g_assert_cmpint(segment->source, ==, CONTENT_SOURCE_STREAM);
    g_assert_cmpint(segment->duration_us, ==, 60 * G_USEC_PER_SEC);
    g_assert_cmpstr(segment->object, ==, spare->hash);
    g_assert_cmpint(spare->duration_us, ==, 8 * G_USEC_PER_SEC);
    g_assert_cmpstr(segment->approval, ==, g_ptr_array_index(day->plan->approvals, 0));
}

/* Two amplifiers of one station know nothing of each other. */
static void
test_two_outputs(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    SchedZone *zone;
    g_autofree char *plan = NULL;

    plan_world_zone(world, "a", "bdq");
    zone = plan_world_zone(world, "b", "jra");
    g_free(zone->output);
    zone->output = g_strdup("loa-2");
    plan_world_announcement(world, "tin", "bdq:70 jra:80");
    plan_world_playlist(world, "p", "tin tin");
    plan_world_slot(world, "chieu", "p", "17:00", "");
    plan = plan_world_show(world, "tram", PLAN_WORLD_DAY);
    g_assert_cmpstr(plan, ==,
                    "17:00:00 bdq tin [a]\n"
                    "17:00:00 jra tin@loa-2 [b]\n"
                    "17:01:10 bdq tin [a]\n"
                    "17:01:20 jra tin@loa-2 [b]\n");
}

static void
test_more_zones_than_a_segment_names(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(SchedPlanDay) day = NULL;
    const ContentSegment *segment;

    for (int i = 0; i < 100; i++) {
        g_autofree char *id = g_strdup_printf("a%03d", i);

        plan_world_zone(world, id, "vi");
    }
    plan_world_announcement(world, "tin", "vi:10");
    plan_world_playlist(world, "p", "tin");
    plan_world_slot(world, "chieu", "p", "17:00", "");
    index = sched_index_new(world);
    day = sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), NULL);
    g_assert_cmpuint(day->plan->segments->len, ==, 2);
    segment = g_ptr_array_index(day->plan->segments, 0);
    g_assert_cmpuint(segment->zones->len, ==, 64);
    segment = g_ptr_array_index(day->plan->segments, 1);
    g_assert_cmpuint(segment->zones->len, ==, 36);
    g_assert_cmpint(segment->repetition, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/layout/cases", test_cases);
    g_test_add_func("/plan/layout/switch-time", test_switch_time);
    g_test_add_func("/plan/layout/times", test_times);
    g_test_add_func("/plan/layout/relay-ends", test_relay_ends);
    g_test_add_func("/plan/layout/relay-spare", test_relay_spare);
    g_test_add_func("/plan/layout/two-outputs", test_two_outputs);
    g_test_add_func("/plan/layout/more-zones-than-a-segment-names",
                    test_more_zones_than_a_segment_names);
    return g_test_run();
}
