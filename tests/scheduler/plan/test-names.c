/*
 * test-names.c - a segment keeps its id whatever other villages hear.
 *
 * Random programmes for random villages, planned, changed (a village comes, goes or wants other
 * languages) and planned again. A part is the nth time a village hears an item in a language
 * within an occurrence. No village ever finds the id of a part that it may have heard on
 * another part; and where the villages' orders of languages do not contradict each other, each
 * part of a village that did not change keeps its id.
 */
#include "tests/support/plan-world.h"

#include <string.h>

#define N_WORLDS 400

static const char *const tongues[] = {"bdq", "jra", "vi"};

static int
below(GRand *random, int limit)
{
    return g_rand_int_range(random, 0, limit);
}

/* @is_ordered: the languages come in the order of the table */
static void
set_languages(GRand *random, SchedZone *zone, gboolean is_ordered)
{
    int first = below(random, 3);

    g_ptr_array_set_size(zone->languages, 0);
    for (int i = 0; i < 3; i++) {
        const char *tag = tongues[is_ordered ? i : (first + i * (1 + first % 2)) % 3];

        if (below(random, 2) == 0 &&
            !g_ptr_array_find_with_equal_func(zone->languages, tag, g_str_equal, NULL))
            g_ptr_array_add(zone->languages, g_strdup(tag));
    }
    if (zone->languages->len == 0)
        g_ptr_array_add(zone->languages, g_strdup(tongues[first]));
}

static void
add_zones(GRand *random, SchedSnapshot *world, gboolean is_ordered)
{
    int n_zones = 2 + below(random, 6);

    for (int i = 0; i < n_zones; i++) {
        g_autofree char *id = g_strdup_printf("b%d", i);

        set_languages(random, plan_world_zone(world, id, "vi"), is_ordered);
    }
}

static void
add_programme(GRand *random, SchedSnapshot *world)
{
    SchedSlot *slot = plan_world_slot(world, "chieu", "p", "17:00", "");
    SchedPlaylist *playlist;

    plan_world_announcement(world, "tin",
                            below(random, 2) == 0 ? "bdq:10 jra:20 vi:30" : "jra:20 vi:30");
    plan_world_announcement(world, "gia", below(random, 2) == 0 ? "bdq:5 vi:6" : "vi:6");
    plan_world_announcement(world, "chuong", "-:4");
    playlist = plan_world_playlist(world, "p", "chuong! tin gia");
    for (guint i = 0; i < playlist->items->len; i++)
        ((SchedItem *) g_ptr_array_index(playlist->items, i))->times = 1 + below(random, 2);
    slot->policy = (SchedPlanPolicy) below(random, 2);
    slot->order = (SchedPlanOrder) below(random, 2);
}

/* Returns: (transfer full): of the zones, by id, that are as they were */
static GHashTable *
change(GRand *random, SchedSnapshot *world, gboolean is_ordered)
{
    GHashTable *same = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint chosen = (guint) below(random, (int) world->zones->len);
    const SchedZone *zone = g_ptr_array_index(world->zones, chosen);

    for (guint i = 0; i < world->zones->len; i++)
        g_hash_table_add(same,
                         g_strdup(((SchedZone *) g_ptr_array_index(world->zones, i))->id));
    switch (below(random, 3)) {
    case 0:
        g_hash_table_remove(same, zone->id);
        g_ptr_array_remove_index(world->zones, chosen);
        break;
    case 1: /* before all others, by its id */
        set_languages(random, plan_world_zone(world, "a", "vi"), is_ordered);
        break;
    default:
        g_hash_table_remove(same, zone->id);
        set_languages(random, g_ptr_array_index(world->zones, chosen), is_ordered);
        break;
    }
    return same;
}

/* Returns: (transfer full): "zone occurrence item language nth" -> id */
static GHashTable *
parts_of(const SchedSnapshot *world)
{
    GHashTable *parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(SchedPlanDay) day =
        sched_plan_station_day(index, "tram", plan_world_day(PLAN_WORLD_DAY), NULL);

    for (guint i = 0; i < day->plan->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(day->plan->segments, i);

        for (guint j = 0; j < segment->zones->len; j++) {
            char *name = NULL;

            for (guint nth = 0; name == NULL || g_hash_table_contains(parts, name); nth++) {
                g_free(name);
                name =
                    g_strdup_printf("%s %s %s %s %u",
                                    (char *) g_ptr_array_index(segment->zones, j),
                                    segment->occurrence, segment->item,
                                    segment->language == NULL ? "-" : segment->language, nth);
            }
            g_hash_table_insert(parts, name, g_strdup(segment->id));
        }
    }
    return parts;
}

static char *
zone_of(const char *name)
{
    return g_strndup(name, strcspn(name, " "));
}

/* Returns: (transfer full): "zone id" -> part, which belongs to @parts */
static GHashTable *
turn_round(GHashTable *parts)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer name, id;

    g_hash_table_iter_init(&iter, parts);
    while (g_hash_table_iter_next(&iter, &name, &id)) {
        g_autofree char *zone = zone_of(name);

        g_assert_true(g_hash_table_insert(names, g_strconcat(zone, " ", id, NULL), name));
    }
    return names;
}

static guint
compare(GHashTable *before, GHashTable *after, GHashTable *same, gboolean is_ordered)
{
    g_autoptr(GHashTable) names = turn_round(before);
    GHashTableIter iter;
    gpointer name, id;
    guint n_kept = 0;

    g_hash_table_iter_init(&iter, after);
    while (g_hash_table_iter_next(&iter, &name, &id)) {
        g_autofree char *zone = zone_of(name);
        g_autofree char *key = g_strconcat(zone, " ", id, NULL);
        const char *was = g_hash_table_lookup(names, key);

        if (!g_hash_table_contains(same, zone))
            continue;
        if (was != NULL)
            g_assert_cmpstr(was, ==, name);
        if (is_ordered)
            g_assert_cmpstr(g_hash_table_lookup(before, name), ==, id);
        n_kept += g_strcmp0(g_hash_table_lookup(before, name), id) == 0;
    }
    return n_kept;
}

static void
test_changes(gconstpointer data)
{
    gboolean is_ordered = data != NULL;
    GRand *random = g_rand_new_with_seed(20260302);
    guint n_kept = 0, n_all = 0;

    for (int i = 0; i < N_WORLDS; i++) {
        g_autoptr(SchedSnapshot) world = plan_world_new();
        g_autoptr(GHashTable) before = NULL, after = NULL, same = NULL;

        add_zones(random, world, is_ordered);
        add_programme(random, world);
        before = parts_of(world);
        same = change(random, world, is_ordered);
        after = parts_of(world);
        n_kept += compare(before, after, same, is_ordered);
        n_all += g_hash_table_size(after);
    }
    g_rand_free(random);
    g_test_message("%u of %u parts keep their id", n_kept, n_all);
    g_assert_cmpuint(n_kept, >, n_all / 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/plan/names/one-order", "ordered", test_changes);
    g_test_add_data_func("/plan/names/any-order", NULL, test_changes);
    return g_test_run();
}
