/*
 * expand.h - slots become occurrences: one slot on one date.
 *
 * Flow: index.h, recurrence.h and special.h -> here -> clash.h (who goes first) -> layout.h.
 * Pure. Where special days differ from village to village, one occurrence is several: each for
 * its own zones, all with one id.
 */
#pragma once

#include "scheduler/plan/special.h"

typedef struct {
    const SchedStationSlot *slot;
    const SchedIndexPlaylist *playlist; /* of the slot, that date's override or special day */
    SchedZoneSet zones;                 /* of the slot's at the station */
    SchedSpecial special;               /* what holds for these zones */
    gboolean is_silent;                 /* nothing sounds: special.rule says why */
    gboolean is_make_up; /* one item of it sounds once more, where it was missed (make-up.h) */
    const SchedSpecialDay *overruled; /* (nullable): only tells that this does not hold */
    SchedDay slot_day;                /* in the slot's own zone: what names the occurrence */
    SchedDay day;    /* of the start, in the station's zone: the day plan it belongs to */
    gint64 start_us; /* UTC */
    char id[65];     /* slot id, hyphen, slot_day */
} SchedOccurrence;

/**
 * sched_slot_playlist_on:
 * @day: local date in the slot's own zone
 *
 * Returns: (transfer none) (nullable): NULL when the date is overridden with silence
 */
const SchedIndexPlaylist *sched_slot_playlist_on(SchedIndex *index, const SchedIndexSlot *slot,
                                                 SchedDay day);

/** sched_occurrence_name: sets the id, from slot and slot_day */
void sched_occurrence_name(SchedOccurrence *occurrence);

/**
 * sched_expand:
 * @from: first day of the station, inclusive
 * @to: last day of the station, inclusive
 *
 * Returns: (transfer full) (element-type SchedOccurrence): everything that starts on these
 * days, in no order; days overridden with silence are left out, what a special day skips is
 * there as silent
 */
GArray *sched_expand(const SchedIndexStation *station, SchedIndex *index, SchedDay from,
                     SchedDay to, GError **error);
