/*
 * cue-private.h - the cue's facts and segments at work, for cue.c and its step.
 *
 * Pure.
 */
#pragma once

#include "player/cue/cue.h"
#include "player/cue/faults.h"
#include "player/cue/gate-view.h"
#include "player/cue/ledger.h"
#include "player/cue/probe.h"
#include "player/cue/run.h"
#include "player/cue/timetable.h"

struct PlayCue {
    ContentStationSettings *settings; /* (owned) (nullable) */
    PlayLocalTime *local;             /* (owned) (nullable): of the settings */
    PlayTimetable *timetable;
    PlayLedger *ledger;
    PlayGateView *view;
    PlayFaults *faults;
    GPtrArray *findings; /* ContentRemark: what others found wrong */
    PlayAlerts *alerts;
    PlayProbe *probe;            /* (nullable): one at a time */
    ContentTestAsk *ask;         /* (owned) (nullable): not yet answered */
    ContentTestOrder *order;     /* (owned) (nullable): not yet answered */
    GHashTable *objects;         /* hash -> PlayObjectState */
    ContentTemplates *templates; /* (owned) (nullable) */
    GPtrArray *grants;           /* (owned) (element-type ContentGrant) */
    GHashTable *lengths;         /* hash -> gint64 *: µs, of the templates' audio */
    GHashTable *spoken;    /* hash -> GPtrArray of ContentApproval of that audio (not owned) */
    GHashTable *approvals; /* (owned) (nullable): by their own hash: what `spoken` points to */
    GHashTable *mute;      /* names of outputs whose card takes no sound */
    GPtrArray *runs;       /* PlayRun, by start */
    guint64 facts;         /* counts up with everything that check.h looks at */

    gint64 manifest_version;
    gint64 manifest_expires_us; /* UTC; 0: no manifest yet */

    guint cursor; /* in the timetable: the first entry that is not near yet */
    gboolean must_derive;
    gint64 tidied_us; /* monotonic */

    gboolean is_leaving, has_left;
    gboolean has_stepped;
    PlayInstant last;
    gint64 began_us;   /* monotonic, first step */
    gint64 trusted_us; /* monotonic since when the clock is trusted; 0: it is not */
    gint64 down_from_us, down_to_us;
    ContentReason down_reason;

    guint64 last_item;
    gint64 last_wish;
    char *wished; /* (owned): canonical words of the last wish, to see a change */
};

/** play_cue_complete: what every record says: when, how sure of it, under which manifest */
void play_cue_complete(const PlayCue *cue, ContentRecord *record, const PlayInstant *now);

/** play_cue_alert_facts: Returns: what its alerts have to know */
PlayAlertFacts play_cue_alert_facts(PlayCue *cue);

/** play_cue_find_run: Returns: (nullable): the segment at work with that id */
PlayRun *play_cue_find_run(const PlayCue *cue, const char *segment);

/** play_cue_admit: segments whose time nears are set to work; those that passed get records */
void play_cue_admit(PlayCue *cue, const PlayInstant *now, GPtrArray *actions);

/** play_cue_adopt: @run, not on the output, becomes what the newest plan says of it */
void play_cue_adopt(PlayCue *cue, PlayRun *run, const PlayInstant *now);

/** play_cue_lead_us: Returns: how long before its start @segment is set to work */
gint64 play_cue_lead_us(const PlayCue *cue, const ContentSegment *segment);

/** play_cue_settle: the final record of every zone of @run that has none */
void play_cue_settle(PlayCue *cue, PlayRun *run, const PlayInstant *now, GPtrArray *actions);

/** play_cue_judge: what forbids each segment at work, and which of them hold their zones */
void play_cue_judge(PlayCue *cue, const PlayInstant *now);

/** play_cue_why_silent: why @zone hears nothing of @run now; NONE: no reason, it is about to */
ContentReason play_cue_why_silent(const PlayCue *cue, const PlayRun *run,
                                  const PlayRunZone *zone, const PlayInstant *now);

/** play_cue_prepare_us: play_run_prepare_us() with what is known of its audio */
gint64 play_cue_prepare_us(const PlayCue *cue, const PlayRun *run);

/** play_cue_can_place: @out_at_us: (out): monotonic, when its first sample can leave */
gboolean play_cue_can_place(const PlayCue *cue, const PlayRun *run, const PlayInstant *now,
                            gint64 *out_at_us);

/** play_cue_run_alarm: Returns: monotonic, when something about @run may change by time alone
 */
gint64 play_cue_run_alarm(const PlayCue *cue, const PlayRun *run, const PlayInstant *now);

/** play_cue_advance: Returns: whether the state of @run changed */
gboolean play_cue_advance(PlayCue *cue, PlayRun *run, const PlayInstant *now,
                          GPtrArray *actions);
