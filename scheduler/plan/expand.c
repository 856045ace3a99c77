/* expand.c - see expand.h */
#include "scheduler/plan/expand.h"

#include "scheduler/plan/recurrence.h"

#include <string.h>

/* The dates of @slot, remembered: stations ask for the same range one after the other. */
static const GArray *
slot_days(SchedIndexSlot *slot, SchedDay from, SchedDay to, GError **error)
{
    const SchedSlot *source = slot->source;

    if (slot->days != NULL && slot->days_from <= from && slot->days_to >= to)
        return slot->days;
    g_clear_pointer(&slot->days, g_array_unref);
    slot->days = sched_recurrence_days(source->rule, source->first_day, source->added_days,
                                       source->removed_days, from, to, error);
    slot->days_from = from;
    slot->days_to = to;
    if (slot->days == NULL)
        g_prefix_error(error, "slot %s: ", source->id);
    return slot->days;
}

const SchedIndexPlaylist *
sched_slot_playlist_on(SchedIndex *index, const SchedIndexSlot *slot, SchedDay day)
{
    const SchedOverride *override = NULL;

    if (slot->overrides != NULL)
        override = g_hash_table_lookup(slot->overrides, GINT_TO_POINTER(day));
    if (override == NULL)
        return slot->playlist;
    return override->playlist == NULL ? NULL : sched_index_playlist(index, override->playlist);
}

void
sched_occurrence_name(SchedOccurrence *occurrence)
{
    const char *slot = occurrence->slot->slot->source->id;
    gsize length = strlen(slot);

    /* SCHED_MAX_SLOT_ID_BYTES was checked: it fits. */
    memcpy(occurrence->id, slot, length);
    occurrence->id[length] = '-';
    sched_day_write(occurrence->slot_day, occurrence->id + length + 1);
}

/* Zones for which the same holds; or, with @overruled, for which that does not hold. */
typedef struct {
    SchedSpecial special;
    const SchedSpecialDay *overruled;
    SchedZoneSet zones;
} Group;

static void
join(GArray *groups, SchedSpecial special, const SchedSpecialDay *overruled, guint zone)
{
    Group fresh = {special, overruled, {{0}}};

    for (guint i = 0; i < groups->len; i++) {
        Group *group = &g_array_index(groups, Group, i);

        if (group->overruled == overruled && group->special.rule == special.rule &&
            group->special.no_music == special.no_music) {
            sched_zone_set_add(&group->zones, zone);
            return;
        }
    }
    sched_zone_set_add(&fresh.zones, zone);
    g_array_append_val(groups, fresh);
}

/* The zones of @slot by what holds for them on @day. */
static GArray *
group_zones(const SchedIndexStation *station, const SchedStationSlot *slot, SchedDay day)
{
    GHashTable *overrides = slot->slot->overrides;
    gboolean has_own =
        overrides != NULL && g_hash_table_contains(overrides, GINT_TO_POINTER(day));
    gint64 minute = slot->slot->source->start_s / 60;
    g_autoptr(GPtrArray) overruled = g_ptr_array_new();
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(Group));

    for (SCHED_ZONES(&slot->zones, number)) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

        g_ptr_array_set_size(overruled, 0);
        join(groups, sched_special_in(zone->village, day, minute, has_own, overruled), NULL,
             number);
        for (guint i = 0; i < overruled->len; i++)
            join(groups, (SchedSpecial){NULL, NULL}, g_ptr_array_index(overruled, i), number);
    }
    return groups;
}

/* One date of a slot, while it becomes occurrences. */
typedef struct {
    const SchedIndexStation *station;
    SchedIndex *index;
    SchedDay from, to;
    GArray *occurrences;
} Expansion;

static void
add_occurrence(Expansion *self, const SchedOccurrence *of, const Group *group)
{
    const SchedIndexSlot *slot = of->slot->slot;
    gint64 start_s = sched_special_start_s(&group->special, slot->source->start_s);
    SchedOccurrence occurrence = *of;

    occurrence.zones = group->zones;
    occurrence.special = group->special;
    occurrence.overruled = group->overruled;
    occurrence.is_silent = start_s < 0;
    occurrence.start_us = sched_calendar_instant(slot->calendar, of->slot_day,
                                                 start_s < 0 ? slot->source->start_s : start_s);
    occurrence.day = sched_calendar_local(self->station->calendar, occurrence.start_us, NULL);
    if (occurrence.day < self->from || occurrence.day > self->to)
        return;
    /* The index let no special day through whose playlist it does not know. */
    if (group->special.rule != NULL && group->special.rule->act == SCHED_SPECIAL_REPLACE)
        occurrence.playlist = sched_index_playlist(self->index, group->special.rule->playlist);
    sched_occurrence_name(&occurrence);
    g_array_append_val(self->occurrences, occurrence);
}

static void
add_date(Expansion *self, const SchedStationSlot *slot, SchedDay day)
{
    SchedOccurrence occurrence = {.slot = slot, .slot_day = day};
    Group all = {.zones = slot->zones};
    g_autoptr(GArray) groups = NULL;

    occurrence.playlist = sched_slot_playlist_on(self->index, slot->slot, day);
    if (occurrence.playlist == NULL)
        return;
    if (!sched_index_has_special(self->index, day)) {
        add_occurrence(self, &occurrence, &all);
        return;
    }
    groups = group_zones(self->station, slot, day);
    for (guint i = 0; i < groups->len; i++)
        add_occurrence(self, &occurrence, &g_array_index(groups, Group, i));
}

GArray *
sched_expand(const SchedIndexStation *station, SchedIndex *index, SchedDay from, SchedDay to,
             GError **error)
{
    g_autoptr(GArray) occurrences = g_array_new(FALSE, FALSE, sizeof(SchedOccurrence));
    Expansion self = {station, index, from, to, occurrences};

    for (guint i = 0; i < station->slots->len; i++) {
        const SchedStationSlot *slot = &g_array_index(station->slots, SchedStationSlot, i);
        /* A zone elsewhere may be a day ahead or behind. */
        const GArray *days = slot_days(slot->slot, from - 1, to + 1, error);

        if (days == NULL)
            return NULL;
        for (guint j = 0; j < days->len; j++) {
            SchedDay day = g_array_index(days, SchedDay, j);

            if (day >= from - 1 && day <= to + 1)
                add_date(&self, slot, day);
        }
    }
    return g_steal_pointer(&occurrences);
}
