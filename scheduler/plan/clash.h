/*
 * clash.h - one output plays one thing at a time: who goes first, and where there is room.
 *
 * Flow: expand.h -> sched_clash_sort() -> layout.h asks a timetable for room, occurrence by
 * occurrence, most important first. Pure.
 *
 * Order: class, then the commune's recorded choice, then the slot's priority, then the earlier
 * start. What finds no room is displaced, segment by segment: the rest of a programme goes on
 * by the wall clock. One that is only a little in the way moves the other back by at most
 * SCHED_MAX_DELAY_US instead, so that back-to-back slots do not lose their first item to a
 * relay's switch time.
 */
#pragma once

#include "scheduler/plan/expand.h"

#define SCHED_MAX_DELAY_US (G_GINT64_CONSTANT(120) * G_USEC_PER_SEC)
/* Added to the gateway's switch time: the player asks, the gateway answers, both in turn. */
#define SCHED_SWITCH_MARGIN_US (G_GINT64_CONSTANT(200) * 1000)

/** sched_clash_sort: @occurrences: (element-type SchedOccurrence): most important first */
void sched_clash_sort(GArray *occurrences);

/* What one output plays, by start; nothing overlaps. */
typedef struct {
    gint64 start_us, end_us;
    SchedZoneSet zones;
    const SchedOccurrence *occurrence;
} SchedPlaced;

typedef struct {
    const SchedIndexStation *station;
    GArray *placed; /* (owned) (element-type SchedPlaced) */
} SchedTimetable;

void sched_timetable_init(SchedTimetable *self, const SchedIndexStation *station);
void sched_timetable_clear(SchedTimetable *self);

/**
 * sched_switch_gap_us:
 *
 * Returns: the silence between a segment to @a and the next one to @b: none for the same zones,
 *   else as long as the slowest zone that changes takes
 */
gint64 sched_switch_gap_us(const SchedIndexStation *station, const SchedZoneSet *a,
                           const SchedZoneSet *b);

/**
 * sched_timetable_fit:
 * @earliest_us: not before
 * @latest_us: not after
 * @out_blocker: (out): who was in the way last, if the result is not @earliest_us
 *
 * Returns: the first start with room for the sound and the switching around it; -1 if none
 */
gint64 sched_timetable_fit(const SchedTimetable *self, gint64 earliest_us, gint64 latest_us,
                           gint64 duration_us, const SchedZoneSet *zones,
                           const SchedOccurrence **out_blocker);

/** sched_timetable_place: @start_us: from sched_timetable_fit() */
void sched_timetable_place(SchedTimetable *self, gint64 start_us, gint64 duration_us,
                           const SchedZoneSet *zones, const SchedOccurrence *occurrence);
