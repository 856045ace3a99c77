/*
 * run.h - one segment at work: its state, what each zone heard of it, its records.
 *
 * Flow: timetable -> cue-step.c makes one as the segment's time nears -> records. Pure.
 *
 * Instants are monotonic unless said otherwise; a segment that was placed keeps to them, so
 * that a clock that is set does not move what sounds.
 */
#pragma once

#include "player/cue/action.h"
#include "player/cue/gate-view.h"
#include "player/cue/instant.h"
#include "player/cue/machine.h"
#include "player/cue/parts.h"
#include "player/cue/timetable.h"

/* Source preparation: open, hash and pre-roll hours of sound on a slow card, and `started` on
 * disk before the first sample. */
#define PLAY_RUN_PREPARE_US (4 * G_USEC_PER_SEC)
/* A live source is opened so much earlier: there is time to see that nothing comes from it. */
#define PLAY_RUN_TRY_US (30 * G_USEC_PER_SEC)
/* Beyond the zones' own switching time. */
#define PLAY_RUN_MARGIN_US (300 * G_GINT64_CONSTANT(1000))
/* The output needs an item so long before its first sample: its buffer and a turn of the loop.
 */
#define PLAY_RUN_PLACE_US (250 * G_GINT64_CONSTANT(1000))
/* Being late or short by less is not worth a reason in the record. */
#define PLAY_RUN_GRACE_US (300 * G_GINT64_CONSTANT(1000))
/* A rest shorter than this is not begun: nobody understands it. */
#define PLAY_RUN_LEAST_REST_US (3 * G_USEC_PER_SEC)
/* After a failure of source or output. */
#define PLAY_RUN_RETRY_US (2 * G_USEC_PER_SEC)
/* So long before its start a segment takes over from one it outranks, on the same zones. */
#define PLAY_RUN_HANDOVER_US (500 * G_GINT64_CONSTANT(1000))
/* Clocks are slewed: two segments that touch may overlap by less and still not clash. */
#define PLAY_RUN_TOUCH_US (100 * G_GINT64_CONSTANT(1000))
/* How long the output may take to say that an item is silent. */
#define PLAY_RUN_SILENCE_US (1 * G_USEC_PER_SEC)
/* How long a segment sounds on while the plan that replaces its own is on the way. */
#define PLAY_RUN_SUPERSEDED_US (60 * G_USEC_PER_SEC)

typedef struct {
    char *id;                      /* (owned) */
    ContentReason refusal;         /* why this zone is left out */
    ContentRemark *refusal_detail; /* (owned) (nullable) */
    gboolean is_settled;           /* its final record was written */
    gboolean is_placed;            /* it was among those for which the item was placed last */
    ContentReason reason;          /* the first thing that kept it silent within its time */
    ContentRemark *detail;         /* (owned) (nullable) */
    ContentRemark *note; /* (owned) (nullable): what was heard before a new plan moved it */
    ContentPart *part;   /* (owned) (nullable): heard now, since part->from_us, monotonic */
    GPtrArray *parts;    /* (owned): heard and over, monotonic */
    GPtrArray *before;   /* (owned): heard before the player was restarted, UTC */
} PlayRunZone;

typedef struct {
    PlayPlan *plan; /* (owned reference) */
    const ContentSegment *segment;
    PlayRunState state;
    GPtrArray *zones; /* (owned) (element-type PlayRunZone) */

    /* What forbids it now. */
    guint64 checked_facts;         /* for which facts `refusal` was found */
    ContentReason refusal;         /* by the rules of check.h */
    ContentRemark *refusal_detail; /* (owned) (nullable) */
    ContentReason blocker;         /* refusal, or displaced, or withdrawn for now */
    gboolean is_withdrawn, is_replaced;
    gint64 superseded_us;  /* since when its plan is, without a newer one; 0: it is not */
    gint64 retry_us;       /* not before; 0: any time */
    ContentReason failure; /* why retry_us is set, or was last */

    /* What was asked for. */
    guint64 item; /* 0: none */
    gboolean holds_zones;
    gint64 holds_since_us;
    gint64 base_us; /* instant of position 0, once placed */
    gint64 place_us, place_position_us, place_end_us;
    gint64 silent_by_us; /* in STOPPING */

    /* What the output said of the item. */
    gboolean has_failed, has_started, has_ended;
    ContentReason said_failure;
    gint64 actual_start_us, actual_end_us;

    /* For the records. */
    gboolean said_started, is_journaled, journal_late;
    gint64 began_before_us; /* UTC: begun by this player before a restart; 0: no */
    gint64 missing_us;      /* its audio was over so long before the plan */
    gboolean was_late;      /* silence in place of a source that was not ready */
    gint64 source_silent_us, source_gone_us, spare_us; /* of a live source */
    char *absent_words; /* (owned) (nullable): why nothing comes from the live source; NULL: it
                           does */
} PlayRun;

PlayRun *play_run_new(const PlayEntry *entry);
void play_run_free(PlayRun *run);

/** play_run_adopt: a new plan gives the segment another time, object or set of zones */
void play_run_adopt(PlayRun *run, const PlayEntry *entry);

/** play_run_add_late: zones that only @newest names for what is on the output already: they do
 * not hear it, and their record says why */
void play_run_add_late(PlayRun *run, const ContentSegment *newest);

/** play_run_start_us, play_run_end_us: Returns: when its first sample is due, when it is over
 */
gint64 play_run_start_us(const PlayRun *run, const PlayInstant *now);
gint64 play_run_end_us(const PlayRun *run, const PlayInstant *now);

/** play_run_lead_us: Returns: how long before its start its zones must be asked for */
gint64 play_run_lead_us(const PlayRun *run, const PlayGateView *view);

/**
 * play_run_prepare_us:
 * @is_there: whether its audio lies in the cache: a live source is opened with its spare, and
 *   waits for it as long as it can
 *
 * Returns: how long before its zones are asked for its source is
 */
gint64 play_run_prepare_us(const ContentSegment *segment, gboolean is_there);

/** play_run_active_zones: Returns: (transfer full) (element-type utf8): those not left out */
GPtrArray *play_run_active_zones(const PlayRun *run);

/** play_run_is_same_zones: Returns: whether both reach exactly the same zones */
gboolean play_run_is_same_zones(const PlayRun *a, const PlayRun *b);

/** play_run_count_ready: @out_n_active: (out): of how many */
guint play_run_count_ready(const PlayRun *run, const PlayGateView *view, guint *out_n_active);

/** play_run_is_on_output: Returns: whether the output has it, or has not confirmed silence */
gboolean play_run_is_on_output(const PlayRun *run);

/** play_run_outranks: Returns: whether @a is to sound where both want the same output */
gboolean play_run_outranks(const PlayRun *a, const PlayRun *b);

/** play_run_listen: notes which zones hear it from now on, and which no longer */
void play_run_listen(PlayRun *run, const PlayGateView *view, const PlayInstant *now);

/** play_run_hush: no zone hears it after @at_us */
void play_run_hush(PlayRun *run, gint64 at_us);

/** play_run_take_level: @heard: of the item that sounds, or sounded last */
void play_run_take_level(PlayRun *run, const PlayHeard *heard);

/** play_run_begin_anew: a new plan moved what was heard in part; the part becomes a note */
void play_run_begin_anew(PlayRun *run);

/** play_run_add_seconds: argument `seconds` of @remark, to a tenth */
void play_run_add_seconds(ContentRemark *remark, gint64 span_us);

/** play_run_blame: the first reason stays: it is what began the silence.
 * @detail: (transfer full) (nullable) */
void play_run_blame(PlayRunZone *zone, ContentReason reason, ContentRemark *detail);

/** play_run_say_started: adds the STARTED record, once in a process */
void play_run_say_started(PlayRun *run, const PlayInstant *now, GPtrArray *actions);

/**
 * play_run_draft:
 * @until: (nullable): of the part that is heard now; NULL: no part is
 *
 * Returns: (transfer full) (nullable): the PART record of @zone if the player ended now; NULL:
 *   nothing was heard in this process, or it has its final record
 */
ContentRecord *play_run_draft(const PlayRun *run, const PlayRunZone *zone,
                              const PlayInstant *now, const PlayHeard *until);

/** play_run_settle: adds the final record of @zone, once */
void play_run_settle(PlayRun *run, PlayRunZone *zone, const PlayInstant *now,
                     GPtrArray *actions);
