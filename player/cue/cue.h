/*
 * cue.h - what should sound now: the brain of the player.
 *
 * Flow: intake (plans, manifest, settings, objects), clock, gateway and output say what is ->
 * play_cue_step() decides -> actions for gateway, output and journal. Pure: facts go in, one
 * step with the present takes a decision, and says when it wants to be asked again.
 *
 * The wiring hands over a fact and then steps; nothing is decided outside a step. Time alone
 * never costs more than the segments that are due: a cursor walks the sorted timetable.
 */
#pragma once

#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/lease.h"
#include "content/manifest.h"
#include "content/plan.h"
#include "content/record.h"
#include "content/template.h"
#include "player/cue/action.h"
#include "player/cue/alerts.h"
#include "player/cue/check.h"
#include "player/cue/instant.h"
#include "player/cue/local-judge.h"
#include "player/cue/parts.h"

/* What ended longer ago is settled, whatever is said of it now. */
#define PLAY_CUE_KEEP_US (G_GINT64_CONSTANT(3) * 24 * 3600 * G_USEC_PER_SEC)

typedef struct PlayCue PlayCue;

PlayCue *play_cue_new(void);
void play_cue_free(PlayCue *cue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayCue, play_cue_free)

/* From the journal, at boot, before the first step. */

/**
 * play_cue_restore:
 * @record: of the last PLAY_CUE_KEEP_US and a day, in the order written; other kinds than
 *   those of segments and alerts are ignored
 */
void play_cue_restore(PlayCue *cue, const ContentRecord *record);

/**
 * play_cue_restore_downtime:
 * @from_us, @to_us: UTC while the player was not running; 0: not known
 * @reason: CONTENT_REASON_NO_POWER, PLAYER_STOPPED or UNKNOWN
 */
void play_cue_restore_downtime(PlayCue *cue, gint64 from_us, gint64 to_us,
                               ContentReason reason);

/**
 * play_cue_recover:
 * @draft: of play_cue_drafts(), as last kept by the player before this one
 * @reason: CONTENT_REASON_NO_POWER, PLAYER_STOPPED or UNKNOWN: why that one ended
 *
 * After the records of the journal.
 *
 * Returns: whether the journal knows less: then @draft has the reason in it and is to be
 *   written there
 */
gboolean play_cue_recover(PlayCue *cue, ContentRecord *draft, ContentReason reason);

/* From intake. */

/** play_cue_take_settings: @settings: (transfer full): in force from now on */
void play_cue_take_settings(PlayCue *cue, ContentStationSettings *settings);

/**
 * play_cue_obey:
 * @manifest: (nullable): in force at once; what it does not list does not begin again, and
 *   stops. NULL: none is in force any more (expired, or its key revoked), so nothing is listed
 */
void play_cue_obey(PlayCue *cue, const ContentManifest *manifest);

/**
 * play_cue_take_day:
 * @hash: of the plan
 * @day: (transfer full): replaces the plan of its date
 * @approvals: (transfer full) (element-type utf8, ContentApproval): by hash, as verified
 * @since_us: UTC since when it is known here; 0: before the start
 */
void play_cue_take_day(PlayCue *cue, const char *hash, ContentDayPlan *day,
                       GHashTable *approvals, gint64 since_us);

/** play_cue_take_object: whether the audio of @hash lies in the cache */
void play_cue_take_object(PlayCue *cue, const char *hash, PlayObjectState state);

/* Alerts, see alerts.h. */

/**
 * play_cue_take_alert:
 * @alert: (transfer full): verified; the next step sounds it
 *
 * Returns: %FALSE if there are too many
 */
gboolean play_cue_take_alert(PlayCue *cue, ContentAlert *alert, PlayAlertOrigin origin,
                             const PlayInstant *now);

/** play_cue_take_stop: @stop: (transfer full): verified */
void play_cue_take_stop(PlayCue *cue, ContentStop *stop);

/**
 * play_cue_take_templates:
 * @templates: (transfer full): in force: what alerts may say, and how long that is
 * @approvals: (transfer full) (element-type utf8, ContentApproval): by hash, as verified; audio
 *   without its own is not said
 */
void play_cue_take_templates(PlayCue *cue, ContentTemplates *templates, GHashTable *approvals);

/** play_cue_take_grants: @grants: (transfer full) (element-type ContentGrant): in force. What
 * was begun under another goes on */
void play_cue_take_grants(PlayCue *cue, GPtrArray *grants);

/** play_cue_local_facts: Returns: (transfer none): grants, templates and settings in force;
 * starts and time are the caller's to fill in */
PlayLocalFacts play_cue_local_facts(const PlayCue *cue);

/**
 * play_cue_take_local:
 * @alert: (transfer full): ordered at the station
 * @order: verified: the station's own signature is on it
 * @out_why: (out) (transfer none): code of a remark, if it is refused
 *
 * Whoever ordered it is not trusted: play_local_admits() is asked again here.
 *
 * Returns: %FALSE if no grant in force covers it, or there are too many alerts
 */
gboolean play_cue_take_local(PlayCue *cue, ContentAlert *alert, const ContentLocalOrder *order,
                             PlayAlertOrigin origin, const PlayInstant *now,
                             const char **out_why);

/* From the gateway. */

/** play_cue_take_inventory: @inventory: (nullable): NULL: no gateway answers */
void play_cue_take_inventory(PlayCue *cue, const ContentInventory *inventory);

/** play_cue_take_lease: @wish: number of the newest PLAY_DO_WISH that @state answers; 0: none
 */
void play_cue_take_lease(PlayCue *cue, const ContentLeaseState *state, gint64 wish);

/** play_cue_take_findings: @faults: (element-type ContentRemark): what is wrong from now on
 * that others found: at buttons and lamps */
void play_cue_take_findings(PlayCue *cue, const GPtrArray *faults);

/** play_cue_ask_test: answered by PLAY_DO_ANSWER, at once and when it is over */
void play_cue_ask_test(PlayCue *cue, const ContentTestAsk *ask);

/** play_cue_order_test: @order: (transfer full): verified, and never carried out before;
 * answered by a record that names it, when it is refused or over */
void play_cue_order_test(PlayCue *cue, ContentTestOrder *order);

/* From the output; instants are monotonic. What concerns an old item is ignored. */

/** play_cue_item_started: @at_us: when its first sample left */
void play_cue_item_started(PlayCue *cue, guint64 item, gint64 at_us);

/** play_cue_item_ended: the last sample has left, by itself or after PLAY_DO_CANCEL */
void play_cue_item_ended(PlayCue *cue, guint64 item, const PlayHeard *heard);

/**
 * play_cue_item_failed:
 * @reason: OBJECT_CORRUPT, OBJECT_MISSING, DECODE_FAILED or OUTPUT_FAILED
 * @heard: (nullable): what had left before
 */
void play_cue_item_failed(PlayCue *cue, guint64 item, ContentReason reason,
                          const PlayHeard *heard);

/**
 * play_cue_item_source:
 * @comes: whether anything comes from its live source; it does until said
 * @words: why nothing does
 *
 * May be said long before it is to sound.
 */
void play_cue_item_source(PlayCue *cue, guint64 item, gboolean comes, const char *words);

/** play_cue_take_output: @works: whether its sound card takes sound; it does until said */
void play_cue_take_output(PlayCue *cue, const char *output, gboolean works);

/** play_cue_journaled: the STARTED record of @segment is on disk */
void play_cue_journaled(PlayCue *cue, const char *segment);

/* The decision. */

/* When to step again, even if nothing happens; 0: no alarm. */
typedef struct {
    gint64 utc_us;       /* the calendar: moves with a clock that is set */
    gint64 monotonic_us; /* what has begun */
} PlayAlarm;

/**
 * play_cue_step:
 * @actions: (element-type PlayAction): appended to, in the order in which to do them
 */
void play_cue_step(PlayCue *cue, const PlayInstant *now, GPtrArray *actions, PlayAlarm *alarm);

/* The end. */

/**
 * play_cue_leave: the player is to end
 *
 * From the next step on nothing begins, what sounds ends, zones are let go, and what was heard
 * of what is not over becomes PART records. play_cue_has_left(): that is done.
 */
void play_cue_leave(PlayCue *cue);
gboolean play_cue_has_left(const PlayCue *cue);

/* Tells what @output has sounded of its item up to now; Returns: %FALSE if it sounds nothing.
 */
typedef gboolean (*PlayCueSoundFunc)(const char *output, PlayHeard *out_heard, gpointer data);

/**
 * play_cue_drafts:
 *
 * What the journal would be told if the player ended now, for an end that does not ask.
 *
 * Returns: (transfer full) (element-type ContentRecord): PART records, a segment and zone each;
 *   seq, prev and boot are not filled in
 */
GPtrArray *play_cue_drafts(const PlayCue *cue, const PlayInstant *now, PlayCueSoundFunc sound,
                           gpointer data);

/* For the heartbeat, as of the last step. */

/**
 * play_cue_fill_heartbeat:
 *
 * Adds sounding (without levels, which the output knows), zones and faults to @heartbeat.
 */
void play_cue_fill_heartbeat(const PlayCue *cue, const PlayInstant *now,
                             ContentHeartbeat *heartbeat);

/** play_cue_objects_in_use: Returns: (transfer full) (element-type utf8): open, not to evict */
GPtrArray *play_cue_objects_in_use(const PlayCue *cue);
