/*
 * timetable.h - the segments of all day plans in force, in the order in which they start.
 *
 * Flow: intake (day plans, manifest) -> here -> cue.c walks it with a cursor. Pure.
 *
 * The index is made anew when a plan comes or goes, never while time passes. A plan whose date
 * the manifest in force names with another hash is superseded: nothing of it begins any more,
 * yet what sounds may go on until the new plan says more.
 */
#pragma once

#include "content/manifest.h"
#include "content/plan.h"

/* A day plan in force, shared by the index and by segments at work. */
typedef struct {
    char *hash;             /* (owned) */
    ContentDayPlan *day;    /* (owned) */
    GHashTable *approvals;  /* (owned) (element-type utf8, ContentApproval): by hash */
    gboolean is_superseded; /* the manifest names another plan, which is not here yet */
    gint64 known_since_us;  /* UTC; what ended before was never asked of this station */
} PlayPlan;

PlayPlan *play_plan_ref(PlayPlan *plan);
void play_plan_unref(PlayPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPlan, play_plan_unref)

/** play_plan_approval: Returns: (nullable) (transfer none): the one @segment names */
const ContentApproval *play_plan_approval(const PlayPlan *plan, const ContentSegment *segment);

typedef struct {
    PlayPlan *plan; /* (not owned): lives as long as the entry */
    const ContentSegment *segment;
    gint64 known_since_us; /* UTC: since when a plan in force here names the segment */
} PlayEntry;

typedef struct PlayTimetable PlayTimetable;

PlayTimetable *play_timetable_new(void);
void play_timetable_free(PlayTimetable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayTimetable, play_timetable_free)

/**
 * play_timetable_take:
 * @hash: of the plan's bytes
 * @day: (transfer full)
 * @approvals: (transfer full) (element-type utf8, ContentApproval)
 * @known_since_us: UTC at which it came into force; 0: kept from before the start
 *
 * Replaces the plan of the same date as a whole.
 */
void play_timetable_take(PlayTimetable *self, const char *hash, ContentDayPlan *day,
                         GHashTable *approvals, gint64 known_since_us);

/**
 * play_timetable_obey:
 * @manifest: (nullable): NULL: none is in force any more; everything is dropped
 *
 * What @manifest does not list is dropped. It lists yesterday, too: what began then may run on
 * past midnight.
 */
void play_timetable_obey(PlayTimetable *self, const ContentManifest *manifest);

/** play_timetable_forget_before: drops plans whose last segment ended before @utc_us */
void play_timetable_forget_before(PlayTimetable *self, gint64 utc_us);

/** play_timetable_find: Returns: (nullable): the entry of a segment id */
const PlayEntry *play_timetable_find(PlayTimetable *self, const char *id);

/** play_timetable_at: Returns: (nullable): the @index-th entry by start; NULL past the end */
const PlayEntry *play_timetable_at(PlayTimetable *self, guint index);
