/* index-query.c - who is concerned by a change; see index.h */
#include "scheduler/plan/index-private.h"

#include <string.h>

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

gboolean
sched_area_allows(const SchedIndexArea *area, gint class_, int weekday, gint64 minute)
{
    for (guint i = 0; i < area->windows->len; i++) {
        const ContentWindow *window = g_ptr_array_index(area->windows, i);

        if (class_ >= window->class_ && (window->weekdays >> weekday & 1) != 0 &&
            minute >= window->from_min && minute < window->to_min)
            return TRUE;
    }
    return FALSE;
}
