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

static void
name_occurrence(SchedOccurrence *occurrence)
{
    const char *slot = occurrence->slot->slot->source->id;
    gsize length = strlen(slot);

    /* SCHED_MAX_SLOT_ID_BYTES was checked: it fits. */
    memcpy(occurrence->id, slot, length);
    occurrence->id[length] = '-';
    sched_day_write(occurrence->slot_day, occurrence->id + length + 1);
}

GArray *
sched_expand(const SchedIndexStation *station, SchedIndex *index, SchedDay from, SchedDay to,
             GError **error)
{
    g_autoptr(GArray) occurrences = g_array_new(FALSE, FALSE, sizeof(SchedOccurrence));

    for (guint i = 0; i < station->slots->len; i++) {
        const SchedStationSlot *slot = &g_array_index(station->slots, SchedStationSlot, i);
        /* A zone elsewhere may be a day ahead or behind. */
        const GArray *days = slot_days(slot->slot, from - 1, to + 1, error);

        if (days == NULL)
            return NULL;
        for (guint j = 0; j < days->len; j++) {
            SchedOccurrence occurrence = {.slot = slot};

            occurrence.slot_day = g_array_index(days, SchedDay, j);
            if (occurrence.slot_day < from - 1 || occurrence.slot_day > to + 1)
                continue;
            occurrence.playlist =
                sched_slot_playlist_on(index, slot->slot, occurrence.slot_day);
            if (occurrence.playlist == NULL)
                continue;
            occurrence.start_us =
                sched_calendar_instant(slot->slot->calendar, occurrence.slot_day,
                                       slot->slot->source->start_s);
            occurrence.day = sched_calendar_local(station->calendar, occurrence.start_us, NULL);
            if (occurrence.day < from || occurrence.day > to)
                continue;
            name_occurrence(&occurrence);
            g_array_append_val(occurrences, occurrence);
        }
    }
    return g_steal_pointer(&occurrences);
}
