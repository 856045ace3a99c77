/*
 * delivery.h - was it heard? Plan against records, one verdict a segment and zone.
 *
 * Flow: store/deliveries.h reads rows -> here -> tables, JSON, CSV. Pure.
 *
 * Words are used honestly: "delivered" needs a closed relay that was read back and sound that
 * was handed to the PCM; whether the line carried it is said apart (`line_sensed`).
 */
#pragma once

#include "content/plan.h"
#include "content/record.h"

typedef enum {
    SCHED_DELIVERY_DELIVERED,  /* all of it, with evidence */
    SCHED_DELIVERY_PARTIAL,    /* some of it: heard_us says how much */
    SCHED_DELIVERY_MISSED,     /* none of it: reason */
    SCHED_DELIVERY_WAITING,    /* not yet over, or its record is on the way */
    SCHED_DELIVERY_NO_CONTACT, /* over, no record, and the station is not heard from */
    SCHED_DELIVERY_QUIET,      /* it did not sound because somebody asked for silence */
} SchedDeliveryState;
extern const char *const sched_delivery_state_words[];

/* From this instant this plan for the date was in force. */
typedef struct {
    gint64 from_us;       /* district's clock */
    gint64 version;       /* of the manifest */
    ContentDayPlan *plan; /* (owned) (nullable): NULL: the manifest had no plan for the date */
    gboolean is_borrowed; /* the plan is that of another span, which lives as long */
} SchedAcceptedPlan;
void sched_accepted_plan_free(SchedAcceptedPlan *accepted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAcceptedPlan, sched_accepted_plan_free)

/* A time in which the player did not run, by its own later word; or ran without network. */
typedef struct {
    gint64 from_us, to_us;
    gint reason; /* ContentReason: no_power, player_stopped, unknown; no_network */
} SchedDownSpan;

/* A segment that the plan left out in a zone because somebody asked for silence. */
typedef struct {
    char *zone, *segment, *quiet, *date;    /* (owned) */
    char *occurrence, *slot, *item, *title; /* (owned) */
    char *language, *object;                /* (owned) (nullable) */
    gint64 start_us, duration_us;
    char *why;   /* (owned): word of the reason: "funeral" */
    char *words; /* (owned): and as it was said; "" */
    char *who;   /* (owned): name of who asked */
} SchedSilence;
void sched_silence_free(SchedSilence *silence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSilence, sched_silence_free)

typedef struct {
    char *zone;           /* (owned) */
    char *village;        /* (owned): area id */
    char *village_name;   /* (owned) */
    gboolean line_sensed; /* a sense or fault input proves sound at the line */
} SchedDeliveryZone;
void sched_delivery_zone_free(SchedDeliveryZone *zone);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDeliveryZone, sched_delivery_zone_free)

typedef struct {
    char *station; /* (owned) */
    char *date;    /* (owned) */
    char *tzid;    /* (owned): of the station, for hours in words */
    gint64 now_us;
    gint64 contact_us;   /* last verified word; 0: never */
    gint64 heartbeat_us; /* how often it should be heard from */
    gint64 told_us;      /* when it last said how many records it has; 0: never */
    gboolean has_unsent; /* it said then that it has records which we do not have */
    GPtrArray
        *accepted; /* (owned) (element-type SchedAcceptedPlan): by from_us: at the station */
    GPtrArray *issued;   /* (owned) (element-type SchedAcceptedPlan): by from_us: by us */
    GPtrArray *records;  /* (owned) (element-type ContentRecord): of the date's segments */
    GPtrArray *zones;    /* (owned) (element-type SchedDeliveryZone) */
    GArray *down;        /* (owned) (element-type SchedDownSpan) */
    GPtrArray *silences; /* (owned) (element-type SchedSilence) */
} SchedDeliveryInput;
SchedDeliveryInput *sched_delivery_input_new(const char *station, const char *date,
                                             const char *tzid, gint64 now_us);
void sched_delivery_input_free(SchedDeliveryInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDeliveryInput, sched_delivery_input_free)

/* The verdict about one segment in one zone. */
typedef struct {
    char *station, *zone, *village, *village_name;    /* (owned) */
    char *date;                                       /* (owned) */
    char *segment, *slot, *occurrence, *item, *title; /* (owned) */
    char *language;                                   /* (owned) (nullable) */
    char *object;                                     /* (owned) (nullable) */
    gint64 planned_start_us, planned_us;              /* instant and length */
    gint64 started_us;                                /* first sample; 0: none */
    gint64 heard_us;    /* sound handed to the PCM with the relay read closed */
    gint64 level_mdb;   /* of the longest part; absent: G_MININT64 */
    gint state;         /* SchedDeliveryState */
    gint reason;        /* ContentReason: why it is not whole */
    GPtrArray *details; /* (owned) (element-type ContentRemark): the station's, or ours */
    gint64 down_from_us, down_to_us; /* of a player that did not run; both 0: not that */
    char *why, *why_vi;              /* (owned): reason and hours in words (words.h) */
    gint64 made_up_us;               /* missed, and sounds once more then; 0: not */
    gint64 makes_up_us;              /* sounds for what was missed then; 0: it is no such */
    const char *clock; /* (nullable): the least that its records say of the station's clock, a
                          word of content_trust_words; NULL: no record */
    gboolean relay_confirmed;
    gboolean line_sensed; /* FALSE: "sound not verified at the line" */
    gboolean journal_late;
} SchedDelivery;
void sched_delivery_free(SchedDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDelivery, sched_delivery_free)

/** sched_delivery_patience_us: Returns: how long after its end something may be silent of
 * itself */
gint64 sched_delivery_patience_us(const SchedDeliveryInput *input);

/* What may be missing at the ends of a segment that still counts as whole. */
#define SCHED_DELIVERY_SLACK_US (1 * G_USEC_PER_SEC)

/**
 * sched_delivery_judge:
 *
 * A segment is judged against the plan that the station had accepted at the segment's start.
 * One that we had issued by then and the station had not taken is told too, so that a station
 * that was never reached does not look as if nothing had been planned. The parts of all records
 * of the same segment and zone are added up, what overlaps once: a player that ended in
 * mid-segment leaves a record of its part, and the final record may have that part, too. What
 * no plan holds because somebody asked for silence is told as that, with who and why.
 *
 * Returns: (transfer full) (element-type SchedDelivery): by start, zone, segment
 */
GPtrArray *sched_delivery_judge(const SchedDeliveryInput *input);

/* Sums for the foot of a report. */
typedef struct {
    char *language; /* (owned): "" for signals and music */
    gint64 planned_us, heard_us;
    gint64 n_delivered, n_partial, n_missed, n_waiting, n_no_contact;
    gint64 n_quiet; /* their length is not among what was planned */
} SchedDeliverySum;
void sched_delivery_sum_free(SchedDeliverySum *sum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDeliverySum, sched_delivery_sum_free)

/** sched_delivery_sum: Returns: (transfer full) (element-type SchedDeliverySum): by language */
GPtrArray *sched_delivery_sum(GPtrArray *deliveries);
