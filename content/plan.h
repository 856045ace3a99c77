/*
 * plan.h - the day plan: all segments of one station on one local date.
 *
 * Flow: scheduler/plan lays it out -> scheduler/publish seals and sends it -> player/intake
 * keeps it -> player/cue sounds it. Pure.
 */
#pragma once

#include "content/document.h"
#include "content/kinds.h"

/* Limits of one day plan; a document above them is refused. */
#define CONTENT_PLAN_MAX_SEGMENTS      2000
#define CONTENT_PLAN_MAX_SEGMENT_US    (G_GINT64_CONSTANT(4) * 3600 * G_USEC_PER_SEC)
#define CONTENT_PLAN_MAX_SEGMENT_ZONES 64

/* One piece of sound on one output to a set of zones at one instant. */
typedef struct {
    char *id;          /* (owned): content_segment_id() */
    char *slot;        /* (owned): id of the slot it comes from */
    char *occurrence;  /* (owned): id of the occurrence: slot and local date */
    char *item;        /* (owned): id of the playlist item */
    gint64 repetition; /* 0 for the first of the times that the playlist repeats the item */
    char *output;      /* (owned) */
    GPtrArray *zones;  /* (owned) (element-type utf8): zone ids, sorted */
    gint64 start_us;   /* UTC µs of the first sample */
    gint64 duration_us;
    char *language;  /* (owned) (nullable): BCP 47 tag; NULL for a signal or music */
    gint class_;     /* ContentClass */
    gint source;     /* ContentSource */
    char *object;    /* (owned) (nullable): SHA-256 of the audio; set for SOURCE_OBJECT; of a
                      * live source the spare's */
    char *approval;  /* (owned) (nullable): hash of its approval; set with object */
    gint64 gain_mdb; /* of the slot, in 1/1000 dB, ≤ 0; the station's caps come on top */
    char *title;     /* (owned): for status lines and reports */
} ContentSegment;
extern const ContentShape content_segment_shape;

/* One audio file a day plan needs. */
typedef struct {
    char *hash; /* (owned) */
    gint64 size_bytes;
    gint64 duration_us;
} ContentPlanObject;
extern const ContentShape content_plan_object_shape;

typedef struct {
    char *station;       /* (owned) */
    char *date;          /* (owned): local date of the station on which the occurrences start */
    char *tzid;          /* (owned): of the station */
    GPtrArray *segments; /* (owned) (element-type ContentSegment): by start, output, id */
    GPtrArray *objects;  /* (owned) (element-type ContentPlanObject): by hash */
    GPtrArray *approvals; /* (owned) (element-type utf8): hashes, sorted */
} ContentDayPlan;
extern const ContentDocumentType content_day_plan_type;

/** content_day_plan_free: @plan: (nullable) (transfer full) */
void content_day_plan_free(ContentDayPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentDayPlan, content_day_plan_free)

/**
 * content_segment_id:
 * @repetition: which of the times that the playlist repeats the item, from 0
 * @part: what tells two soundings of all that in different zones apart; "" for the only one
 *
 * First 16 bytes of SHA-256 over the six, each followed by a line feed; a NULL language counts
 * as "". Never over time or object, so that a moved or re-recorded segment keeps its name, nor
 * over zones, so that it keeps it whatever other zones hear.
 *
 * Returns: (transfer full): 32 lower-case hex digits
 */
char *content_segment_id(const char *occurrence, const char *item, const char *language,
                         const char *output, gint64 repetition, const char *part);
