/* index-query.c - who is concerned by a change, and what a station must allow; see index.h */
#include "scheduler/plan/index-private.h"

#include <string.h>

#define DAY_MIN 1440

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static gboolean
holds_announcement(const SchedIndexPlaylist *playlist, const char *announcement)
{
    for (guint i = 0; i < playlist->n_items; i++) {
        if (g_strcmp0(playlist->items[i].source->announcement, announcement) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
slot_holds_announcement(SchedIndex *self, const SchedIndexSlot *slot, const char *announcement)
{
    GHashTableIter iter;
    gpointer value;

    if (holds_announcement(slot->playlist, announcement))
        return TRUE;
    if (slot->overrides == NULL)
        return FALSE;
    g_hash_table_iter_init(&iter, slot->overrides);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const SchedOverride *override = value;
        const SchedIndexPlaylist *playlist =
            override->playlist == NULL ? NULL : sched_index_playlist(self, override->playlist);

        if (playlist != NULL && holds_announcement(playlist, announcement))
            return TRUE;
    }
    return FALSE;
}

/* Stations with a slot among @slots (set of SchedIndexSlot). */
static GPtrArray *
stations_of(SchedIndex *self, GHashTable *slots)
{
    GPtrArray *stations = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, self->stations);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const SchedIndexStation *station = value;
        gboolean is_concerned = FALSE;

        for (guint i = 0; i < station->slots->len && !is_concerned; i++)
            is_concerned =
                g_hash_table_contains(slots,
                                      g_array_index(station->slots, SchedStationSlot, i).slot);
        if (is_concerned)
            g_ptr_array_add(stations, station->source->id);
    }
    g_ptr_array_sort(stations, compare_texts);
    return stations;
}

GPtrArray *
sched_index_slot_stations(SchedIndex *self, const char *slot)
{
    g_autoptr(GHashTable) slots = g_hash_table_new(NULL, NULL);
    gpointer found = g_hash_table_lookup(self->slots, slot);

    if (found != NULL)
        g_hash_table_add(slots, found);
    return stations_of(self, slots);
}

GPtrArray *
sched_index_announcement_stations(SchedIndex *self, const char *announcement)
{
    g_autoptr(GHashTable) slots = g_hash_table_new(NULL, NULL);
    GHashTableIter iter;
    gpointer slot;

    g_hash_table_iter_init(&iter, self->slots);
    while (g_hash_table_iter_next(&iter, NULL, &slot)) {
        if (slot_holds_announcement(self, slot, announcement))
            g_hash_table_add(slots, slot);
    }
    return stations_of(self, slots);
}

gboolean
sched_area_is_within(const SchedIndexArea *area, const SchedIndexArea *top)
{
    while (area != NULL && area != top)
        area = area->parent;
    return area != NULL;
}

static gboolean
same_window(gconstpointer a, gconstpointer b)
{
    const ContentWindow *window_a = a;
    const ContentWindow *window_b = b;

    return window_a->class_ == window_b->class_ && window_a->weekdays == window_b->weekdays &&
           window_a->from_min == window_b->from_min && window_a->to_min == window_b->to_min;
}

GPtrArray *
sched_station_windows(const SchedIndexStation *station)
{
    GPtrArray *windows = g_ptr_array_new();

    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, i);

        for (guint j = 0; j < zone->village->windows->len; j++) {
            gpointer window = g_ptr_array_index(zone->village->windows, j);

            if (!g_ptr_array_find_with_equal_func(windows, window, same_window, NULL))
                g_ptr_array_add(windows, window);
        }
    }
    return windows;
}

gint64
sched_station_daily_limit_min(const SchedIndexStation *station)
{
    gint64 largest_us = 0;

    for (guint output = 0; output < station->outputs->len; output++) {
        gint64 sum_us = 0;

        for (SCHED_ZONES(&station->output_zones[output], number)) {
            const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

            sum_us += zone->village->limit_us;
        }
        largest_us = MAX(largest_us, sum_us);
    }
    return MIN(largest_us / G_USEC_PER_SEC / 60, DAY_MIN);
}
