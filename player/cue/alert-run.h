/*
 * alert-run.h - one alert on one output: what it sounds now, and what each zone heard of it.
 *
 * Flow: alerts.c says whether it has the output -> here -> items, zones wanted, records. Pure.
 *
 * An alert asks for no instant: a step sounds as soon as a zone can hear it. Instants are
 * monotonic unless said otherwise. See alerts.h for the rules.
 */
#pragma once

#include "content/alert.h"
#include "player/cue/action.h"
#include "player/cue/alert-steps.h"
#include "player/cue/gate-view.h"
#include "player/cue/instant.h"
#include "player/cue/ledger.h"
#include "player/cue/local-time.h"
#include "player/cue/parts.h"

/* Longer than that no step waits for zones whose relays do not confirm, so that the silence
 * between two steps stays within ten seconds. */
#define PLAY_ALERT_PATIENCE_US (8 * G_USEC_PER_SEC)
/* Beyond the zones' own switching time. */
#define PLAY_ALERT_MARGIN_US (300 * G_GINT64_CONSTANT(1000))
/* After a failure of the output. */
#define PLAY_ALERT_RETRY_US (2 * G_USEC_PER_SEC)
/* A repeat that no zone confirmed does not count. The next one comes after a pause in which
 * others have the output; it doubles each time, up to the second figure. */
#define PLAY_ALERT_UNHEARD_US         (30 * G_USEC_PER_SEC)
#define PLAY_ALERT_LONGEST_UNHEARD_US (G_GINT64_CONSTANT(600) * G_USEC_PER_SEC)
/* How long it may take to open, hash and decode the audio of a step. */
#define PLAY_ALERT_OPEN_US (10 * G_USEC_PER_SEC)
/* A speech of which no more is missing was heard. */
#define PLAY_ALERT_GRACE_US (500 * G_GINT64_CONSTANT(1000))
/* Live sound of which nothing has come for so long is over; PLAY_ALERT_ABSENT_US of it have
 * passed when the output says that nothing comes. */
#define PLAY_ALERT_LIVE_PATIENCE_US (30 * G_USEC_PER_SEC)
#define PLAY_ALERT_ABSENT_US        (5 * G_USEC_PER_SEC)
/* How long the output may take to say that an item is over, or silent. */
#define PLAY_ALERT_SILENCE_US (1 * G_USEC_PER_SEC)

/* `item` of its records, see content_alert_segment_id(). */
#define PLAY_ALERT_ITEM "alert"

/* How long the output may go on with live sound after its hard end, if nobody stops it. */
#define PLAY_ALERT_LIVE_SLACK_US (G_USEC_PER_SEC / 2)

/* What the cue knows, for everything below. */
typedef struct {
    const ContentStationSettings *settings; /* (nullable) */
    const PlayLocalTime *local;             /* (nullable) */
    const PlayGateView *view;
    PlayLedger *ledger;
    GHashTable *objects; /* hash -> PlayObjectState */
    GHashTable *lengths; /* hash -> gint64 *: µs, of the templates in force */
    GHashTable *spoken;  /* hash -> GPtrArray of ContentApproval: of the templates' audio */
    GHashTable *mute;    /* names of outputs whose card takes no sound */
    guint64 *last_item;
    gboolean is_leaving;
    /* Whether the calendar has anything on @output, be it only a fade. */
    gboolean (*is_sounding)(const char *output, gpointer data);
    gpointer data;
} PlayAlertFacts;

typedef enum {
    PLAY_ALERT_QUEUED, /* another has the output, or every zone is held, or nothing began yet */
    PLAY_ALERT_ASKING, /* the zones of a step are asked for */
    PLAY_ALERT_SOUNDING, /* a step is on the output */
    PLAY_ALERT_STOPPING, /* taken back; the output has not said that it is silent */
    PLAY_ALERT_RESTING,  /* between two repeats: keeps the output if the gap is short */
    PLAY_ALERT_OVER,     /* every zone has its final record */
} PlayAlertState;

/* A speech that is due in a zone and was refused there: nobody approved it, or its audio is
 * not here or not to be read. */
typedef struct {
    char *language;       /* (owned) */
    ContentReason reason; /* why it is not said; NONE: it was, if only once */
} PlayAlertLine;

/* What one zone hears of it, see PlayRunZone. */
typedef struct {
    char *id;             /* (owned) */
    gboolean is_held;     /* a drill outside of its windows, or the gateway has no such zone */
    ContentReason ending; /* why it is over here before the others: STOPPED; NONE: it is not */
    ContentReason reason; /* what kept it silent last */
    gboolean is_told;     /* its ALERT_TAKEN was written */
    gboolean is_begun;    /* its STARTED was written */
    gboolean is_settled;  /* its ALERT_ENDED was written */
    gint64 asked_us;      /* since when its relays are asked of a gateway that answers; 0 */
    gint64 n_heard;       /* repeats of which it heard words, or without words the signal */
    gint64 heard_in;      /* the repetition counted last, from 1 */
    ContentPart *part;    /* (owned) (nullable): heard now */
    GPtrArray *parts;     /* (owned): heard and over */
    GPtrArray *lines;     /* (owned) (element-type PlayAlertLine): by when they were noted */
} PlayAlertZone;

/* One step's item on the output. */
typedef struct {
    guint64 item; /* 0: none */
    guint step;
    gboolean is_placed, has_started, has_ended, has_failed;
    gboolean is_absent; /* live: the output says that nothing comes */
    gint64 absent_us;   /* since when it was seen to say so; 0: it does not */
    ContentReason failure;
    gint64 start_us, end_us; /* as the output said */
} PlayAlertItem;

/* What became of live sound, over all times that it was on. */
typedef struct {
    gint64 silent_us, gone_us; /* without sound: silence came, or nothing */
    gint64 n_lost, n_refused;  /* frames */
    char *words;               /* (owned) (nullable): why nothing comes, or came last */
} PlayAlertStory;

typedef struct {
    const ContentAlert *alert; /* (not owned) */
    char *output;              /* (owned) */
    PlayAlertState state;
    GPtrArray *zones; /* (owned) (element-type PlayAlertZone): by id */
    GPtrArray *steps; /* (owned): of the present repeat */
    PlayAlertItem now, next;
    gint64 placed_us; /* when the present item was handed to the output */
    gint64 over_us;   /* when its time is over; 0: not known */
    PlayAlertStory story;
    gint64 silent_by_us; /* in STOPPING */
    gint64 rest_until_us, retry_us;
    gint64 series_us;     /* when the present series began; 0: none did */
    gint64 repetition;    /* counted over all series, heard or not */
    gint64 n_in_series;   /* heard of the present series */
    gint64 n_unheard;     /* in a row */
    gboolean was_heard;   /* somebody heard something of the present repeat */
    gboolean keeps;       /* in RESTING: nobody else gets the output */
    gboolean has_counted; /* all that was ordered has sounded */
    gboolean is_free;     /* nothing but itself sounds on the output: zones that were off may be
                           * asked for */
    gboolean is_waiting;  /* for a trusted clock: nobody has said that it still holds */
    ContentReason ending; /* EXPIRED, STOPPED or REPLACED: why it is to end; NONE: it is not */
} PlayAlertRun;

/** play_alert_run_new: @alert: (not owned): outlives it */
PlayAlertRun *play_alert_run_new(const ContentAlert *alert, const char *output);
void play_alert_run_free(PlayAlertRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayAlertRun, play_alert_run_free)

/** play_alert_run_zone: Returns: (transfer none): made, if @run has it not yet */
PlayAlertZone *play_alert_run_zone(PlayAlertRun *run, const char *zone);

/**
 * play_alert_run_step:
 * @has_output: no other alert comes before it on this output
 *
 * Returns: whether anything changed, and another look is worth while
 */
gboolean play_alert_run_step(PlayAlertRun *run, gboolean has_output,
                             const PlayAlertFacts *facts, const PlayInstant *now,
                             GPtrArray *actions);

/** play_alert_run_alarm: Returns: when something may change by time alone; 0: never */
gint64 play_alert_run_alarm(const PlayAlertRun *run, const PlayAlertFacts *facts,
                            const PlayInstant *now);

/* ---- alert-hearers.c ---- */

/** play_alert_run_hold: finds out which of its zones may not hear it now, and why */
void play_alert_run_hold(PlayAlertRun *run, const PlayAlertFacts *facts,
                         const PlayInstant *now);

/** play_alert_may_hear: Returns: whether @zone is neither held nor at its end */
gboolean play_alert_may_hear(const PlayAlertZone *zone);

/** play_alert_run_is_to_end: Returns: whether it is over, or was told to be, in every zone */
gboolean play_alert_run_is_to_end(const PlayAlertRun *run);

/** play_alert_run_wants: Returns: whether it would sound now if it had the output */
gboolean play_alert_run_wants(const PlayAlertRun *run);

/** play_alert_run_is_busy: Returns: whether the output has something of it, or may have */
gboolean play_alert_run_is_busy(const PlayAlertRun *run);

/** play_alert_run_step_at: Returns: (transfer none) (nullable): NULL: there is no such step */
const PlayAlertStep *play_alert_run_step_at(const PlayAlertRun *run, guint index);

/** play_alert_run_known_step: as play_alert_run_step_at(), of an index that is one */
const PlayAlertStep *play_alert_run_known_step(const PlayAlertRun *run, guint index);

/** play_alert_run_present: Returns: (transfer none) (nullable): the step that sounds, or whose
 * zones are asked for */
const PlayAlertStep *play_alert_run_present(const PlayAlertRun *run);

/** play_alert_run_step_wanted: Returns: (transfer none) (nullable): the step whose zones are to
 * be ready */
const PlayAlertStep *play_alert_run_step_wanted(const PlayAlertRun *run);

/** play_alert_run_is_meant: Returns: whether that step is for @zone */
gboolean play_alert_run_is_meant(const PlayAlertRun *run, const PlayAlertZone *zone);

/** play_alert_run_wishes: Returns: whether it wants the relays of @zone now */
gboolean play_alert_run_wishes(const PlayAlertRun *run, const PlayAlertZone *zone,
                               const PlayGateView *view);

/** play_alert_patient_until_us: Returns: until when the relays of @zone may be switching */
gint64 play_alert_patient_until_us(const PlayAlertZone *zone, const PlayAlertFacts *facts);

/** play_alert_run_is_patient: Returns: whether the relays of @zone may still be switching
 * within the time that was promised */
gboolean play_alert_run_is_patient(const PlayAlertZone *zone, const PlayAlertFacts *facts,
                                   const PlayInstant *now);

/** play_alert_run_can_sound: Returns: whether the present step may begin */
gboolean play_alert_run_can_sound(const PlayAlertRun *run, const PlayAlertFacts *facts,
                                  const PlayInstant *now);

/* ---- alert-items.c ---- */

/** play_alert_make_steps: those of the next repeat, by what is known now */
void play_alert_make_steps(PlayAlertRun *run, const PlayAlertFacts *facts,
                           const PlayInstant *now);

/** play_alert_judge_lines: which of its speeches each zone that has not ended is refused now;
 * @only_new: only of zones whose ALERT_TAKEN is yet to be written */
void play_alert_judge_lines(PlayAlertRun *run, gboolean only_new, const PlayAlertFacts *facts,
                            const PlayInstant *now);

/** play_alert_action: Returns: (transfer none): an action about @item of it */
PlayAction *play_alert_action(const PlayAlertRun *run, PlayDo what, guint64 item,
                              GPtrArray *actions);

/** play_alert_prepare: Returns: the item of the @index-th step, which is being opened */
PlayAlertItem play_alert_prepare(const PlayAlertRun *run, guint index,
                                 const PlayAlertFacts *facts, GPtrArray *actions);

/** play_alert_gain_mdb: Returns: with which @step sounds */
gint64 play_alert_gain_mdb(const PlayAlertRun *run, const PlayAlertStep *step,
                           const PlayAlertFacts *facts, const PlayInstant *now);

/** play_alert_let_go: cancels @item, if there is one */
void play_alert_let_go(const PlayAlertRun *run, PlayAlertItem *item, GPtrArray *actions);

/* What the output says of an item of it; see cue.h. */

/** play_alert_run_source: @comes: whether anything comes from its live source; @words: why not.
 * Returns: whether the item is its own */
gboolean play_alert_run_source(PlayAlertRun *run, guint64 item, gboolean comes,
                               const char *words);

/** play_alert_run_started: Returns: whether the item is its own */
gboolean play_alert_run_started(PlayAlertRun *run, guint64 item, gint64 at_us);

/** play_alert_run_ended: Returns: whether the item is its own */
gboolean play_alert_run_ended(PlayAlertRun *run, guint64 item, const PlayHeard *heard);

/** play_alert_run_failed: @out_object: (out) (transfer none) (nullable): its audio.
 * Returns: whether the item is its own */
gboolean play_alert_run_failed(PlayAlertRun *run, guint64 item, ContentReason reason,
                               const PlayHeard *heard, const char **out_object);

/* ---- alert-lines.c ---- */

void play_alert_line_free(gpointer line);

/** play_alert_note_line: @language: (nullable); @reason: why it is not said in @zone; NONE: it
 * may be, from now on. What was said once stays so. */
void play_alert_note_line(PlayAlertZone *zone, const char *language, ContentReason reason);

/** play_alert_said_line: it was heard to its end */
void play_alert_said_line(PlayAlertZone *zone, const char *language);

/** play_alert_why_unsaid: Returns: why something that is due is not said in @zone; NONE: all of
 * it is */
ContentReason play_alert_why_unsaid(const PlayAlertZone *zone);

/** play_alert_tell_lines: a detail for every speech that is not said in @zone */
void play_alert_tell_lines(const PlayAlertZone *zone, ContentRecord *record);

/* ---- alert-records.c ---- */

/** play_alert_blame: notes what keeps each zone silent; @is_displaced: another alert has the
 * output */
void play_alert_blame(PlayAlertRun *run, gboolean is_displaced, const PlayAlertFacts *facts,
                      const PlayInstant *now);

/** play_alert_listen: which zones hear the present step from now on, and which no longer */
void play_alert_listen(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
                       GPtrArray *actions);

/** play_alert_hush: no zone hears it after @at_us */
void play_alert_hush(PlayAlertRun *run, gint64 at_us);

/** play_alert_take_level: @heard: of the present item */
void play_alert_take_level(PlayAlertRun *run, const PlayHeard *heard);

/** play_alert_say_taken: that the alert is here and concerns the zone; @reason: why it waits */
void play_alert_say_taken(const PlayAlertRun *run, PlayAlertZone *zone, ContentReason reason,
                          const PlayInstant *now, GPtrArray *actions);

/** play_alert_say_ended: the final record of @zone, once */
void play_alert_say_ended(const PlayAlertRun *run, PlayAlertZone *zone, const PlayInstant *now,
                          GPtrArray *actions);

/** play_alert_say_part: what @zone heard, when the player ends before the alert does */
void play_alert_say_part(const PlayAlertRun *run, const PlayAlertZone *zone,
                         const PlayInstant *now, GPtrArray *actions);
