/*
 * make-up.h - what was missed sounds once more, where it was missed and nowhere else.
 *
 * Flow: report/ judged what was missed -> sched_make_up_decide() finds the next allowed time
 * -> the store keeps what was decided, never twice -> dayplan.h lays it out after everything
 * else. Pure: plan, verdicts and now in, decisions out.
 *
 * What is made up is what was approved: the same item and audio in the same language, in a zone
 * that its approval and its slot cover, while both hold. It displaces nothing, stays inside the
 * windows and minutes, ends before its time is up, and stays away from special days that change
 * what sounds and from silence that was asked for.
 */
#pragma once

#include "scheduler/plan/layout.h"

/* Documents and audio are at the station by then; the cue needs its warm-up, too. */
#define SCHED_MAKE_UP_LEAD_US (60 * G_USEC_PER_SEC)
/* Looked at in one go; the oldest first. */
#define SCHED_MAKE_UP_MAX_MISSED 2000

/* A verdict: one segment that a zone did not hear. Texts are the caller's. */
typedef struct {
    const char *slot; /* id */
    SchedDay slot_day;
    const char *item;     /* id */
    const char *language; /* (nullable) */
    const char *object;
    const char *zone; /* id */
    gint64 planned_us;
} SchedMissed;

/**
 * sched_make_up_decide:
 * @missed: (element-type SchedMissed): of that station, none that was made up before
 * @until_us: UTC; 0: each by its slot's rule, and what has none not at all
 *
 * Returns: (transfer full) (element-type SchedMakeUp): in the order to be kept; what is not
 *   among them finds no time, or is not covered any more. NULL: there is no such station
 */
GPtrArray *sched_make_up_decide(SchedIndex *index, const char *station, const GArray *missed,
                                gint64 now_us, gint64 until_us, GError **error);

/**
 * sched_make_up_lay:
 * @from, @to: days of the station on which the sounding begins
 * @kept: (element-type SchedOccurrence): gets what must stay as long as @layout
 *
 * What was decided before, after everything else.
 */
void sched_make_up_lay(SchedIndex *index, const SchedIndexStation *station, SchedLayout *layout,
                       SchedDay from, SchedDay to, GPtrArray *kept);
