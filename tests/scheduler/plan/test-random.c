/*
 * test-random.c - what must hold in any district: random ones, always the same unless seeded.
 *
 * No two segments overlap on an output, and relays have time between different zones; a zone
 * hears a language of an item at most once in an occurrence, in its own order; whatever a slot
 * holds for a zone sounds there or has a finding that says why not; documents can be written.
 */
#include "content/language.h"
#include "tests/support/plan-world.h"

#include <string.h>

#define N_WORLDS 600
#define N_DAYS   4

static const char *const tongues[] = {"vi",          "bdq",       "jra",
                                      "bdq-x-kriem", "bdq-x-roh", "jra-x-chor"};
static const char *const tzids[] = {"Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York"};
static const char *const rules[] = {"", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE",
                                    "FREQ=DAILY;INTERVAL=2"};

static int
below(GRand *random, int limit)
{
    return g_rand_int_range(random, 0, limit);
}

static void
add_random_zones(GRand *random, SchedSnapshot *world)
{
    int n_zones = 1 + below(random, 8);

    for (int i = 0; i < n_zones; i++) {
        g_autofree char *id = g_strdup_printf("%c%d", 'a' + below(random, 4), i);
        SchedZone *zone = plan_world_zone(world, id, tongues[below(random, 6)]);

        for (int j = below(random, 3); j > 0; j--) {
            const char *tag = tongues[below(random, 6)];

            if (!g_ptr_array_find_with_equal_func(zone->languages, tag, g_str_equal, NULL))
                g_ptr_array_add(zone->languages, g_strdup(tag));
        }
        if (below(random, 4) == 0) {
            g_free(zone->output);
            zone->output = g_strdup("loa-2");
        }
        zone->switch_ms = below(random, 3000);
        zone->is_known = below(random, 10) != 0;
    }
}

static void
add_random_announcements(GRand *random, SchedSnapshot *world)
{
    for (int i = 0; i < 6; i++) {
        g_autofree char *id = g_strdup_printf("tin-%d", i);
        SchedAnnouncement *announcement = plan_world_announcement(world, id, "");

        for (gsize j = 0; j < G_N_ELEMENTS(tongues); j++) {
            g_autofree char *text =
                g_strdup_printf("%s:%d", tongues[j], 1 + below(random, 900));
            g_autoptr(SchedSnapshot) other = sched_snapshot_new();
            SchedAnnouncement *made;
            SchedVersion *version;

            if (below(random, 2) == 0)
                continue;
            made = plan_world_announcement(other, id, text);
            version = g_ptr_array_steal_index(made->versions, 0);
            version->class_ = below(random, 2);
            if (below(random, 6) == 0) {
                g_ptr_array_set_size(version->areas, 0);
                g_ptr_array_add(version->areas, g_strdup("lang-a"));
            }
            g_ptr_array_add(announcement->versions, version);
        }
    }
    plan_world_announcement(world, "chuong", "-:4");
}

static void
add_random_slots(GRand *random, SchedSnapshot *world)
{
    int n_slots = 1 + below(random, 8);

    for (int i = 0; i < n_slots; i++) {
        g_autofree char *id = g_strdup_printf("gio-%d", i);
        g_autofree char *list = g_strdup_printf("p-%d", i);
        g_autofree char *start =
            g_strdup_printf("%02d:%02d", below(random, 3) == 0 ? 23 : 16 + below(random, 3),
                            below(random, 60));
        g_autofree char *items =
            g_strdup_printf("chuong! tin-%d ~%d tin-%d tin-%d", below(random, 6),
                            below(random, 20), below(random, 6), below(random, 6));
        SchedSlot *slot = plan_world_slot(world, id, list, start, rules[below(random, 4)]);

        plan_world_playlist(world, list, items);
        slot->class_ = below(random, 2);
        slot->policy = (SchedPlanPolicy) below(random, 2);
        slot->order = (SchedPlanOrder) below(random, 2);
        slot->priority = below(random, 2);
        slot->length_s = below(random, 3) == 0 ? 600 + below(random, 3000) : 0;
        if (below(random, 3) == 0) {
            g_ptr_array_set_size(slot->areas, 0);
            g_ptr_array_add(slot->areas, g_strdup("lang-a"));
        }
        if (below(random, 4) == 0)
            sched_snapshot_add_choice(world, "xa", id, below(random, 3));
    }
}

static SchedSnapshot *
random_world(GRand *random)
{
    SchedSnapshot *world = plan_world_new();
    SchedStation *station = g_ptr_array_index(world->stations, 0);
    SchedArea *commune = g_ptr_array_index(world->areas, 1);

    add_random_zones(random, world);
    add_random_announcements(random, world);
    add_random_slots(random, world);
    g_free(station->tzid);
    station->tzid = g_strdup(tzids[below(random, 3)]);
    station->has_inventory = below(random, 2) == 0;
    if (below(random, 2) == 0)
        commune->daily_limit_min = below(random, 60);
    if (below(random, 2) == 0)
        sched_area_add_window(commune, CONTENT_CLASS_THONG_THUONG, 127, 300,
                              1020 + below(random, 420));
    return world;
}

static SchedZoneSet
set_of(const SchedIndexStation *station, const ContentSegment *segment)
{
    SchedZoneSet set = {{0}};

    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, i);

        if (g_ptr_array_find_with_equal_func(segment->zones, zone->source->id, g_str_equal,
                                             NULL))
            sched_zone_set_add(&set, i);
    }
    return set;
}

/* Across all days: what ends on one output leaves time to switch to what begins next. */
static void
check_no_overlap(const SchedIndexStation *station, GPtrArray *days)
{
    for (guint output = 0; output < station->outputs->len; output++) {
        const char *name = g_ptr_array_index(station->outputs, output);
        g_autoptr(GPtrArray) all = g_ptr_array_new();

        for (guint i = 0; i < days->len; i++) {
            const GPtrArray *segments =
                ((SchedPlanDay *) g_ptr_array_index(days, i))->plan->segments;

            for (guint j = 0; j < segments->len; j++) {
                ContentSegment *segment = g_ptr_array_index(segments, j);

                if (strcmp(segment->output, name) == 0)
                    g_ptr_array_add(all, segment);
            }
        }
        for (guint i = 0; i < all->len; i++) {
            const ContentSegment *a = g_ptr_array_index(all, i);
            SchedZoneSet set_a = set_of(station, a);

            for (guint j = 0; j < all->len; j++) {
                const ContentSegment *b = g_ptr_array_index(all, j);
                SchedZoneSet set_b = set_of(station, b), both;
                gint64 slowest_us = 0;

                both = sched_zone_set_differing(&set_a, &set_b);
                for (SCHED_ZONES(&both, number))
                    slowest_us =
                        MAX(slowest_us,
                            ((SchedIndexZone *) g_ptr_array_index(station->zones, number))
                                ->switch_us);
                g_assert_true(i == j || a->start_us >= b->start_us + b->duration_us ||
                              b->start_us >= a->start_us + a->duration_us + slowest_us);
            }
        }
    }
}

/* Within an occurrence a zone hears an item's language once; ids are unique over all days. */
static void
check_heard_once(GPtrArray *days)
{
    g_autoptr(GHashTable) heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < days->len; i++) {
        const GPtrArray *segments =
            ((SchedPlanDay *) g_ptr_array_index(days, i))->plan->segments;

        for (guint j = 0; j < segments->len; j++) {
            const ContentSegment *segment = g_ptr_array_index(segments, j);

            g_assert_true(g_hash_table_add(ids, segment->id));
            /* A signal opens each block by language. */
            for (guint k = 0; segment->language != NULL && k < segment->zones->len; k++)
                g_assert_true(g_hash_table_add(
                    heard, g_strdup_printf("%s %s %s %s", segment->occurrence, segment->item,
                                           segment->language,
                                           (char *) g_ptr_array_index(segment->zones, k))));
        }
    }
}

static gboolean
has_finding(const GArray *findings, const SchedSlot *slot, const char *item, const char *zone)
{
    for (guint i = 0; i < findings->len; i++) {
        const SchedFinding *finding = &g_array_index(findings, SchedFinding, i);

        if (strcmp(finding->slot, slot->id) == 0 &&
            (finding->item == NULL || strcmp(finding->item, item) == 0) &&
            (finding->zone == NULL || strcmp(finding->zone, zone) == 0) &&
            sched_finding_is_silence(finding->kind))
            return TRUE;
    }
    return FALSE;
}

static gboolean
sounds(const GPtrArray *segments, const SchedSlot *slot, const char *item, const char *zone)
{
    for (guint i = 0; i < segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(segments, i);

        if (strcmp(segment->slot, slot->id) == 0 && strcmp(segment->item, item) == 0 &&
            g_ptr_array_find_with_equal_func(segment->zones, zone, g_str_equal, NULL))
            return TRUE;
    }
    return FALSE;
}

/* Every item of every slot that plays that day, for every zone it reaches. */
static void
check_nothing_silent(const SchedIndexStation *station, const SchedPlanDay *planned)
{
    for (guint i = 0; i < station->slots->len; i++) {
        const SchedStationSlot *at = &g_array_index(station->slots, SchedStationSlot, i);
        const SchedSlot *slot = at->slot->source;
        gboolean is_on = FALSE;

        for (guint j = 0; j < planned->plan->segments->len; j++) {
            const ContentSegment *segment = g_ptr_array_index(planned->plan->segments, j);

            is_on |= strcmp(segment->slot, slot->id) == 0;
        }
        for (guint j = 0; j < planned->findings->len; j++)
            is_on |=
                strcmp(g_array_index(planned->findings, SchedFinding, j).slot, slot->id) == 0;
        for (guint j = 0; is_on && j < at->slot->playlist->n_items; j++) {
            const SchedItem *item = at->slot->playlist->items[j].source;

            for (SCHED_ZONES(&at->zones, number)) {
                const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

                g_assert_true(
                    item->kind == SCHED_PLAN_ITEM_PAUSE ||
                    sounds(planned->plan->segments, slot, item->id, zone->source->id) ||
                    has_finding(planned->findings, slot, item->id, zone->source->id));
            }
        }
    }
}

static void
check_documents(GPtrArray *days)
{
    for (guint i = 0; i < days->len; i++) {
        const SchedPlanDay *planned = g_ptr_array_index(days, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes =
            content_document_write(&content_day_plan_type, planned->plan, &error);

        g_assert_no_error(error);
        g_assert_nonnull(bytes);
    }
}

static void
test_worlds(void)
{
    GRand *random = g_rand_new_with_seed(20260302);
    guint n_segments = 0;

    for (int i = 0; i < N_WORLDS; i++) {
        g_autoptr(SchedSnapshot) world = random_world(random);
        g_autoptr(GError) error = NULL;
        g_autoptr(SchedIndex) index = sched_index_new(world);
        g_autoptr(GPtrArray) days = NULL;
        const SchedIndexStation *station;

        g_assert_no_error(error);
        station = sched_index_station(index, "tram");
        days =
            sched_plan_station(index, "tram", plan_world_day(PLAN_WORLD_DAY), N_DAYS, &error);
        g_assert_no_error(error);
        check_no_overlap(station, days);
        check_heard_once(days);
        check_documents(days);
        for (guint j = 0; j < days->len; j++) {
            const SchedPlanDay *planned = g_ptr_array_index(days, j);

            check_nothing_silent(station, planned);
            n_segments += planned->plan->segments->len;
        }
    }
    g_rand_free(random);
    g_test_message("%u segments looked at", n_segments);
    g_assert_cmpuint(n_segments, >, 20000);
}

/* One rule, two implementations: matching by numbers and by text. */
static void
test_routing_agrees(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tongues); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(tongues); j++) {
            g_autoptr(SchedSnapshot) world = plan_world_new();
            g_autofree char *version = g_strdup_printf("%s:10", tongues[j]);
            g_autoptr(SchedIndex) index = NULL;
            g_autoptr(SchedPlanDay) day = NULL;

            plan_world_zone(world, "a", tongues[i]);
            plan_world_announcement(world, "tin", version);
            plan_world_playlist(world, "p", "tin");
            plan_world_slot(world, "chieu", "p", "17:00", "");
            index = sched_index_new(world);
            day = sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), NULL);
            g_assert_cmpint(day->plan->segments->len == 1, ==,
                            content_language_match(tongues[i], tongues[j]) > 0);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/random/worlds", test_worlds);
    g_test_add_func("/plan/random/routing-agrees", test_routing_agrees);
    return g_test_run();
}
