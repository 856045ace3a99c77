/*
 * place.h - when a commune may air what was sent from above: what a time would come to, which
 * times offer themselves, and the next one that fits.
 *
 * Flow: store/offers.h keeps what was sent and until when -> here -> the time becomes an
 * ordinary slot. Pure.
 *
 * Nothing is reckoned apart from the plan: the slot that it would be is laid out with all
 * others, so windows, minutes a day, special days, clashes and silence mean what they mean
 * there. It takes nothing away, and stands in the middle of no programme.
 */
#pragma once

#include "scheduler/plan/index.h"

/* How far ahead times are looked for; a commune with a plan in mind names one itself. */
#define SCHED_PLACE_MAX_DAYS 7
/* Times looked at in one go, and offered at once: as many as fit on a phone. */
#define SCHED_PLACE_MAX_TRIES 300
#define SCHED_PLACE_MAX_TIMES 12
/* Documents and audio are at the station by then. */
#define SCHED_PLACE_LEAD_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

typedef struct {
    const char *area; /* all zones in its subtree */
    const char *playlist;
    const char *tzid; /* of the slot that it would be */
    const char *slot; /* (nullable): where it stands now, which counts as free */
    gint64 earliest_us;
    gint64 deadline_us; /* over by then */
} SchedPlaceWish;

/* What a time would come to. */
typedef struct {
    gint64 start_us;
    gint64 end_us;    /* of what sounds; 0: nothing does */
    guint n_heard;    /* zones in which something of it sounds */
    guint n_silent;   /* zones in which something of it does not, for the time alone */
    guint n_pushed;   /* what others would lose by it, and programmes that it would cut */
    gint why;         /* SchedFindingKind of the first of n_silent; -1: there is none */
    const char *slot; /* (nullable): name of the programme that it would follow */
} SchedPlaceTime;

/**
 * sched_place_try:
 * @start_us: UTC; whole seconds
 *
 * Returns: %FALSE: there is no such area or playlist in the index; the error says which
 */
gboolean sched_place_try(SchedIndex *index, const SchedPlaceWish *wish, gint64 start_us,
                         SchedPlaceTime *out_time, GError **error);

/** sched_place_is_free: Returns: somebody hears it, it is over in time, and nobody loses by it
 */
gboolean sched_place_is_free(const SchedPlaceWish *wish, const SchedPlaceTime *time);

/**
 * sched_place_times:
 *
 * Right behind each programme of its zones, where all of them may hear it.
 *
 * Returns: (transfer full) (element-type SchedPlaceTime): by time, at most
 *   SCHED_PLACE_MAX_TIMES; names belong to the snapshot
 */
GArray *sched_place_times(SchedIndex *index, const SchedPlaceWish *wish, GError **error);

/**
 * sched_place_next:
 * @out_time: (out): the first time at which all zones may hear it; where there is none, the
 *   first at which some do; start_us is -1 where there is none at all
 */
gboolean sched_place_next(SchedIndex *index, const SchedPlaceWish *wish,
                          SchedPlaceTime *out_time, GError **error);
