/*
 * finding.h - what the plan has to tell besides the segments: gaps, clashes, what was left out.
 *
 * Flow: layout and clash make them -> dayplan.h hands them out by day -> pages, loactl, audit.
 * Pure. Every item of a slot either sounds in a zone or has a finding that says why not.
 */
#pragma once

#include "scheduler/plan/snapshot.h"

typedef enum {
    SCHED_FINDING_GAP,          /* no version in any language that the zone lists */
    SCHED_FINDING_FALLBACK,     /* the named language is missing; the zone hears another */
    SCHED_FINDING_NOT_APPROVED, /* the slot, or the audio for this class, place or date */
    SCHED_FINDING_DISPLACED,    /* the named slot goes first and leaves no room */
    SCHED_FINDING_DELAYED,      /* sounds, but later: the named slot was not over */
    SCHED_FINDING_OVERRUN,      /* would end after the length of its slot */
    SCHED_FINDING_OUTSIDE_WINDOW,
    SCHED_FINDING_OVER_DAILY_LIMIT,
    SCHED_FINDING_ZONE_UNKNOWN,  /* the station's gateway has no such zone */
    SCHED_FINDING_TOO_MANY,      /* above the segments a day plan may hold */
    SCHED_FINDING_QUIET_REQUEST, /* somebody asked for silence there at that time */
    SCHED_FINDING_SPECIAL_DAY,   /* left out by the special day */
    SCHED_FINDING_NO_MUSIC,      /* music, left out by the special day */
    SCHED_FINDING_MOVED,         /* sounds at another time because of the special day */
    SCHED_FINDING_REPLACED,      /* another playlist sounds because of the special day */
    SCHED_FINDING_DAY_OVERRULED, /* the special day does not hold here: a nearer area's day, or
                                    the slot's own change of the date, goes first */
} SchedFindingKind;

/* As written in JSON, by kind. */
extern const char *const sched_finding_words[];

/* All texts belong to the snapshot and live as long as it does. */
typedef struct {
    SchedFindingKind kind;
    SchedDay slot_day;        /* of the occurrence, in the slot's own zone */
    guint repetition;         /* which sounding of the item */
    gint64 at_us;             /* when it would have sounded, UTC */
    const char *slot;         /* id */
    const char *item;         /* (nullable): id; NULL: the whole occurrence */
    const char *title;        /* (nullable): of the announcement */
    const char *zone;         /* (nullable): id; NULL: every zone of the occurrence */
    const char *language;     /* (nullable): missing, or of the segment that does not sound */
    const char *by;           /* (nullable): id of the slot that goes first */
    const SchedQuiet *quiet;  /* (nullable): what asks for silence */
    const char *special;      /* (nullable): id of the special day that it comes from */
    const char *special_name; /* (nullable) */
} SchedFinding;

/** sched_finding_is_silence: whether the item does not sound because of it */
gboolean sched_finding_is_silence(SchedFindingKind kind);
