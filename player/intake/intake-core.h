/*
 * intake-core.h - what is missing, in which order it is fetched, and how far the cache carries.
 *
 * Flow: hold.c and intake.c gather what is held -> here -> requests, queue and report. Pure.
 */
#pragma once

#include "content/alert.h"
#include "content/heartbeat.h"
#include "content/manifest.h"
#include "content/plan.h"

/* What is known of a document by its hash; a hash in no table is unknown and to be asked for.
 */
typedef enum {
    PLAY_KNOWN_HELD = 1,
    PLAY_KNOWN_ABSENT,  /* the district itself does not have it */
    PLAY_KNOWN_REFUSED, /* it came and was not accepted */
} PlayKnown;

/* One audio file wanted, see fetch.h. */
typedef struct {
    char hash[65];
    gint64 size_bytes; /* as the day plan says; more is not taken */
    gint64 need_us;    /* UTC of its earliest use */
} PlayFetchItem;

/* A day of the manifest in force. */
typedef struct {
    char *date;           /* (owned) */
    char *hash;           /* (owned): of the plan listed */
    ContentDayPlan *plan; /* (owned) (nullable): NULL: not here yet */
    gboolean is_applied;  /* in force */
} PlayIntakeDay;

/** play_intake_day_free: @day: (nullable) (transfer full) */
void play_intake_day_free(gpointer day);

/* The present, as the station's calendar says it. */
typedef struct {
    gint64 now_us;
    const char *today; /* local date */
    gint64 minute;     /* of the local day, 0…1439 */
} PlayIntakeNow;

/**
 * play_intake_wanted:
 * @days: (element-type PlayIntakeDay): by date
 * @known: (element-type utf8, int): hash -> PlayKnown
 *
 * Returns: (transfer full) (element-type utf8): documents to ask for: keys, settings,
 * templates, grants, then day plans earliest first, then approvals of the plans that are here;
 * without doubles, at most CONTENT_REQUEST_MAX_HASHES
 */
GPtrArray *play_intake_wanted(const ContentManifest *manifest, GPtrArray *days,
                              GHashTable *known);

/**
 * play_intake_can_apply:
 *
 * A plan comes into force when nothing of it is on its way any more: each approval is here, or
 * was refused, or is nowhere. What lacks one is refused by the cue, not by us.
 */
gboolean play_intake_can_apply(const ContentDayPlan *plan, GHashTable *known);

/**
 * play_intake_queue:
 * @objects: (element-type utf8): set of hashes that are here
 * @settings: (nullable): NULL: no night hours
 *
 * Objects that segments from now on need. A large one waits for the night hours if it is needed
 * only after them.
 *
 * Returns: (transfer full) (element-type PlayFetchItem): most urgent first
 */
GPtrArray *play_intake_queue(GPtrArray *days, GHashTable *objects,
                             const ContentStationSettings *settings, PlayIntakeNow now);

/**
 * play_intake_queue_first:
 * @wanted: (element-type ContentAlertObject): audio of alerts and their templates
 * @queue: what of it is not in @objects is put before all else
 */
void play_intake_queue_first(const GPtrArray *wanted, GHashTable *objects, GPtrArray *queue);

/**
 * play_intake_report_days:
 *
 * Returns: (transfer full) (element-type ContentReportDay): state and what each day still lacks
 */
GPtrArray *play_intake_report_days(GPtrArray *days, GHashTable *objects, gint64 now_us);

/**
 * play_intake_days_ready:
 *
 * Returns: how many days from @now.today on, without a gap, need no network any more; at
 *   most CONTENT_DAYS_AHEAD
 */
gint64 play_intake_days_ready(GPtrArray *days, GHashTable *objects, PlayIntakeNow now);

/**
 * play_intake_needed_objects:
 * @into: (element-type utf8): set; the hashes of @plan's objects are added
 */
void play_intake_needed_objects(const ContentDayPlan *plan, GHashTable *into);

/**
 * play_intake_must_evict:
 *
 * Returns: whether less than a fifth of the disk is free
 */
gboolean play_intake_must_evict(gint64 free_bytes, gint64 total_bytes);

/* Never filled with audio: records must find room. */
#define PLAY_INTAKE_RESERVE_BYTES (G_GINT64_CONSTANT(64) * 1024 * 1024)

/**
 * play_intake_fit:
 * @queue: (element-type PlayFetchItem): most urgent first; what has no room is taken out
 * @free_bytes: of the disk
 *
 * Returns: how many were taken out
 */
guint play_intake_fit(GPtrArray *queue, gint64 free_bytes);

/**
 * play_intake_evictable:
 * @all: (element-type utf8): hashes in the store
 * @named: (element-type utf8): set: of the manifest in force and the previous one
 * @sounding: (element-type utf8): set: open now
 *
 * Returns: (transfer container) (element-type utf8): what may go: nobody is known to need it
 */
GPtrArray *play_intake_evictable(GPtrArray *all, GHashTable *named, GHashTable *sounding);
