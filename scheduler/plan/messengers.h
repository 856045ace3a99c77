/*
 * messengers.h - which announcements are to be carried to villages without loudspeakers.
 *
 * Flow: publish/messengers.c asks every few minutes -> here -> a task for each (store/
 * messengers.h). Pure.
 *
 * An announcement is carried where a slot in force is aimed at the village, by its area or by
 * one above, and the announcement may sound there: as it would if a loudspeaker stood there.
 */
#pragma once

#include "scheduler/plan/index.h"

/* Of one look; what is beyond them comes with the next. */
#define SCHED_MESSENGERS_MAX 2000

/* Texts are the snapshot's. */
typedef struct {
    const SchedIndexArea *village;
    const char *announcement;
    gint64 start_us;   /* UTC: of the first occurrence that holds it */
    SchedDay slot_day; /* in the slot's own zone */
} SchedMessengerWish;

/**
 * sched_messengers_find:
 * @snapshot: of @index
 * @villages: (element-type utf8): ids of those without loudspeakers
 * @from_us, @until_us: UTC: of occurrences that start from the one to before the other
 *
 * Music and signals are for ears alone and are never carried.
 *
 * Returns: (transfer full) (element-type SchedMessengerWish): by start, village and
 *   announcement; each announcement once for a village
 */
GArray *sched_messengers_find(SchedIndex *index, const SchedSnapshot *snapshot,
                              const GPtrArray *villages, gint64 from_us, gint64 until_us,
                              GError **error);
