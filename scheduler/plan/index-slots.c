/* index-slots.c - slots, overrides and choices of an index; see index-private.h */
#include "scheduler/plan/index-private.h"

#include "scheduler/plan/recurrence.h"

#include <string.h>

void
sched_index_slot_free(gpointer data)
{
    SchedIndexSlot *slot = data;

    g_clear_pointer(&slot->overrides, g_hash_table_unref);
    g_clear_pointer(&slot->days, g_array_unref);
    g_free(slot);
}

static gboolean
check_slot(const SchedSlot *slot, GError **error)
{
    g_autoptr(GError) rule_error = NULL;

    if (strlen(slot->id) > SCHED_MAX_SLOT_ID_BYTES)
        return sched_index_spoilt(error, "plan_slot_id", slot->id, "count",
                                  G_STRINGIFY(SCHED_MAX_SLOT_ID_BYTES), NULL);
    if (slot->start_s < 0 || slot->start_s >= SCHED_DAY_S || slot->length_s < 0)
        return sched_index_spoilt(error, "plan_slot_start", slot->id, NULL);
    if (slot->class_ != CONTENT_CLASS_THONG_THUONG && slot->class_ != CONTENT_CLASS_UU_TIEN)
        return sched_index_spoilt(error, "plan_slot_class", slot->id, NULL);
    if (slot->gain_mdb > 0)
        return sched_index_spoilt(error, "plan_slot_gain", slot->id, NULL);
    if (slot->added_days->len > SCHED_MAX_EXTRA_DAYS ||
        slot->removed_days->len > SCHED_MAX_EXTRA_DAYS)
        return sched_index_spoilt(error, "plan_slot_dates", slot->id, "count",
                                  G_STRINGIFY(SCHED_MAX_EXTRA_DAYS), NULL);
    if (!sched_recurrence_check(slot->rule, &rule_error))
        return sched_index_spoilt_by(error, rule_error, "plan_slot_rule", slot->id);
    return TRUE;
}

static void
add_to_station(SchedIndexSlot *slot, const SchedIndexZone *zone)
{
    GArray *slots = zone->station->slots;
    SchedStationSlot *last =
        slots->len == 0 ? NULL : &g_array_index(slots, SchedStationSlot, slots->len - 1);
    SchedStationSlot fresh = {slot, {{0}}, G_MAXINT64};

    /* Slots are added one after the other, so this one's entry can only be the last. */
    if (last == NULL || last->slot != slot) {
        g_array_append_val(slots, fresh);
        last = &g_array_index(slots, SchedStationSlot, slots->len - 1);
    }
    sched_zone_set_add(&last->zones, zone->number);
}

static void
aim_slot(SchedIndex *self, SchedIndexSlot *slot)
{
    const SchedSlot *source = slot->source;

    for (guint i = 0; i < source->areas->len; i++) {
        const SchedIndexArea *area =
            g_hash_table_lookup(self->areas, g_ptr_array_index(source->areas, i));

        for (guint j = 0; area != NULL && j < area->zones->len; j++)
            add_to_station(slot, g_ptr_array_index(area->zones, j));
    }
    for (guint i = 0; i < source->zones->len; i++) {
        const SchedIndexZone *zone =
            g_hash_table_lookup(self->zones, g_ptr_array_index(source->zones, i));

        if (zone != NULL)
            add_to_station(slot, zone);
    }
}

static gboolean
add_slot(SchedIndex *self, const SchedSlot *source, GError **error)
{
    const SchedIndexPlaylist *playlist =
        source->playlist == NULL ? NULL
                                 : g_hash_table_lookup(self->playlists, source->playlist);
    SchedCalendar *calendar;
    SchedIndexSlot *slot;

    if (!sched_index_check_new(self->slots, "slot", source->id, error) ||
        !check_slot(source, error))
        return FALSE;
    if (playlist == NULL)
        return sched_index_spoilt(error, "plan_slot_playlist", source->id, "playlist",
                                  source->playlist == NULL ? "" : source->playlist, NULL);
    calendar = sched_index_calendar(self, source->tzid, "slot", source->id, error);
    if (calendar == NULL)
        return FALSE;
    slot = g_new0(SchedIndexSlot, 1);
    slot->source = source;
    slot->playlist = playlist;
    slot->calendar = calendar;
    g_hash_table_insert(self->slots, source->id, slot);
    aim_slot(self, slot);
    return TRUE;
}

void
sched_index_add_slots(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->slots->len; i++) {
        const SchedSlot *source = g_ptr_array_index(snapshot->slots, i);
        GError *error = NULL;

        if (!add_slot(self, source, &error))
            sched_index_leave_out(self, "slot", source->id, NULL, error);
    }
}

void
sched_index_add_overrides(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->overrides->len; i++) {
        SchedOverride *source = g_ptr_array_index(snapshot->overrides, i);
        SchedIndexSlot *slot =
            source->slot == NULL ? NULL : g_hash_table_lookup(self->slots, source->slot);
        GError *error = NULL;

        if (slot == NULL || (source->playlist != NULL && !source->is_approved))
            continue;
        if (slot->overrides == NULL)
            slot->overrides = g_hash_table_new(g_direct_hash, g_direct_equal);
        g_hash_table_insert(slot->overrides, GINT_TO_POINTER(source->day), source);
        if (source->playlist == NULL ||
            g_hash_table_contains(self->playlists, source->playlist))
            continue;
        /* It stays: expand finds no such playlist, and silence is better than what was
         * replaced. */
        sched_index_spoilt(&error, "plan_date_playlist", source->slot, "playlist",
                           source->playlist, NULL);
        sched_index_leave_out(self, "slot", source->slot, NULL, error);
    }
}

/* The choice recorded nearest to the station decides. */
static gint64
rank_of(GHashTable *choices, const SchedIndexStation *station, const char *slot)
{
    for (const SchedIndexArea *area = station->area; area != NULL; area = area->parent) {
        g_autofree char *key = g_strdup_printf("%s\n%s", area->source->id, slot);
        const SchedChoice *choice = g_hash_table_lookup(choices, key);

        if (choice != NULL)
            return choice->rank;
    }
    return G_MAXINT64;
}

void
sched_index_add_choices(SchedIndex *self, const SchedSnapshot *snapshot)
{
    g_autoptr(GHashTable) choices =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer value;

    if (snapshot->choices->len == 0)
        return;
    for (guint i = 0; i < snapshot->choices->len; i++) {
        SchedChoice *choice = g_ptr_array_index(snapshot->choices, i);

        g_hash_table_insert(choices, g_strdup_printf("%s\n%s", choice->area, choice->slot),
                            choice);
    }
    g_hash_table_iter_init(&iter, self->stations);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        SchedIndexStation *station = value;

        for (guint i = 0; i < station->slots->len; i++) {
            SchedStationSlot *slot = &g_array_index(station->slots, SchedStationSlot, i);

            slot->rank = rank_of(choices, station, slot->slot->source->id);
        }
    }
}
