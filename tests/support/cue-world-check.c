/* cue-world-check.c - what must hold at every instant, whatever happens to a station */
#include "tests/support/cue-world-inside.h"

#include <string.h>

/* The tape tells how it came to that. */
void
cue_world_fail(const CueWorld *world, const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list args;

    va_start(args, format);
    words = g_strdup_vprintf(format, args);
    va_end(args);
    g_printerr("%s", world->tape->str);
    g_error("%s", words);
}

void
cue_world_check_wish(const CueWorld *world, const GPtrArray *zones)
{
    gint64 utc_us = world->monotonic_us + world->offset_us;

    for (guint i = 0; i < zones->len; i++) {
        const ContentWishZone *wish = zones->pdata[i];
        const ContentSegment *segment;
        const WorldBounds *bounds;

        if (wish->order == CONTENT_ORDER_TEST)
            continue;
        if (wish->order == CONTENT_ORDER_ALERT) {
            cue_world_check_alert_wish(world, wish->zone, wish->subject);
            continue;
        }
        /* What sounds goes on without trust; nothing begins. */
        if (!g_ptr_array_find_with_equal_func(world->wish, wish->zone, g_str_equal, NULL))
            g_assert_cmpint(world->trust, !=, CONTENT_TRUST_UNSET);
        segment = cue_world_find_segment(world, wish->subject);
        g_assert_nonnull(segment);
        if (!g_ptr_array_find_with_equal_func(segment->zones, wish->zone, g_str_equal, NULL))
            cue_world_fail(world, "%s is wished for %s, which no plan names for it", wish->zone,
                           segment->title);
        if (world->was_stepped)
            continue;
        bounds = g_hash_table_lookup(world->bounds, wish->subject);
        g_assert_cmpint(utc_us, >=, bounds->first_us - PLAN_S(4));
        g_assert_cmpint(utc_us, <=, bounds->last_us + PLAN_S(2));
    }
}

static gboolean
is_of_output(const CueWorld *world, const char *zone, const char *output)
{
    for (guint i = 0; i < world->settings->zones->len; i++) {
        const ContentSettingsZone *row = world->settings->zones->pdata[i];

        if (strcmp(row->id, zone) == 0)
            return strcmp(row->output, output) == 0;
    }
    return FALSE;
}

/* Whoever hears an item was meant to hear it. */
void
cue_world_check_hearers(const CueWorld *world)
{
    for (guint i = 0; i < world->items->len; i++) {
        const WorldItem *item = world->items->pdata[i];
        GHashTableIter iter;
        gpointer value;

        if (!item->has_started)
            continue;
        g_hash_table_iter_init(&iter, world->zones);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
            const WorldZone *zone = value;

            if (zone->is_closed && is_of_output(world, zone->id, item->output) &&
                !g_strv_contains((const char *const *) item->zones, zone->id))
                cue_world_fail(world, "zone %s hears %s", zone->id, item->name);
        }
    }
}

void
cue_world_check_overlap(const CueWorld *world, const WorldItem *item)
{
    for (guint i = 0; i < world->items->len; i++) {
        const WorldItem *other = world->items->pdata[i];

        if (other == item || other->start_us == 0 || strcmp(other->output, item->output) != 0)
            continue;
        if (item->start_us < other->end_us && other->start_us < item->end_us)
            cue_world_fail(world, "%s is placed over %s", item->name, other->name);
    }
}
