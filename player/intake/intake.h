/*
 * intake.h - what the district wants this station to hold, taken in and obeyed.
 *
 * Flow: broker.c -> verify.c -> keep.c -> intake-core.c (what is missing?) -> fetch.c -> keep.c
 * -> events to the wiring. Port; decisions are in intake-core.c.
 * Thread: an own thread with an own main context does all of it, so no disk and no network is
 * waited for in the owner's loop. Calls and events happen in the owner's thread.
 */
#pragma once

#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/manifest.h"
#include "content/plan.h"
#include "content/template.h"
#include "player/intake/broker.h"
#include "player/intake/fetch.h"
#include "player/intake/identity.h"
#include "player/intake/orders.h"
#include "player/intake/trust-clock.h"

typedef struct PlayIntake PlayIntake;

/* How far the cache carries. */
typedef struct {
    gint64 manifest_version; /* in force; 0: none */
    gint64 days_ready;       /* today included, that need no network */
    gint64 missing_objects;
    gint64 missing_bytes;
} PlayIntakeState;

/* Everything is called in the owner's main context, in the order in which it happened. */
typedef struct {
    /* The line: @words says why not, when it is down. */
    void (*line)(gboolean is_up, const char *words, gpointer data);
    /* A manifest is in force (also one kept from before, at start). What it does not list is
     * withdrawn. (transfer none) (nullable): NULL: none is in force any more. */
    void (*manifest)(const ContentManifest *manifest, gpointer data);
    /* (transfer full) */
    void (*settings)(ContentStationSettings *settings, gpointer data);
    /* @plan: (transfer full) (nullable): in force for @date from now on, earliest date first.
     * NULL: the manifest does not list the date, or lists another plan that is not here yet;
     * @is_pending tells the second. @hash: of the plan listed.
     * @approvals: (transfer full) (element-type utf8, ContentApproval): by hash; one that is
     * missing was refused or is held by nobody. */
    void (*day)(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
                gboolean is_pending, gpointer data);
    /* The audio of @hash is here now. */
    void (*object)(const char *hash, gpointer data);
    /* Something from the district was refused: why, for a record. */
    void (*refused)(const ContentRemark *why, gpointer data);
    void (*state)(const PlayIntakeState *state, gpointer data);
    /* Verified messages for others. */
    void (*ack)(const char *journal, gint64 seq, gpointer data);
    void (*time)(const char *nonce, gint64 utc_us, gpointer data);
    void (*enquiry)(gpointer data);
    /* To be carried out once, now; what would be repeated never comes here. */
    void (*test)(ContentTestOrder *order, gpointer data); /* (transfer full) */
    /* @alert, @stop: (transfer full): genuine and new: obeyed at once. */
    void (*alert)(ContentAlert *alert, PlayOrderOrigin origin, gpointer data);
    void (*stop)(ContentStop *stop, gpointer data);
    /* (transfer full): what the station says in alerts, from now on */
    void (*templates)(ContentTemplates *templates, GHashTable *approvals, gpointer data);
    /* (transfer full) (element-type ContentGrant): what may be started here, from now on */
    void (*grants)(GPtrArray *grants, gpointer data);
    /* @alert, @order: (transfer full): what play_intake_order() was given, or a player before
     * this one: its signature is the station's. */
    void (*local)(ContentAlert *alert, ContentLocalOrder *order, PlayOrderOrigin origin,
                  gpointer data);
    /* @frame: of live speech, see content/live.h; whoever sounds it verifies it */
    void (*live)(GBytes *frame, gpointer data);
} PlayIntakeEvents;

/**
 * play_intake_new:
 * @state_folder: of the player
 * @identity, @clock, @events: (not owned): must outlive it
 * @broker_timing, @fetch_timing: (nullable): NULL for the usual ones
 *
 * Opens what is kept and announces it (manifest, settings, days) before anything else.
 *
 * Returns: NULL if keep.db is refused: its error is a PlayDatabaseError
 */
PlayIntake *play_intake_new(const char *state_folder, const PlayIdentity *identity,
                            PlayTrustClock *clock, const PlayBrokerTiming *broker_timing,
                            const PlayFetchTiming *fetch_timing, const PlayIntakeEvents *events,
                            gpointer data, GError **error);

/** play_intake_free: stops the line and joins the thread; no event comes after it */
void play_intake_free(PlayIntake *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayIntake, play_intake_free)

/** play_intake_broker: Returns: (transfer none): for report/ to publish through; any thread */
PlayBroker *play_intake_broker(PlayIntake *self);

/** play_intake_objects: Returns: (transfer none): the audio, for output/ to open */
ContentObjectStore *play_intake_objects(PlayIntake *self);

/**
 * play_intake_object_failed:
 *
 * output/ found at warm-up that the bytes are wrong (the store has set them aside): fetch
 * again.
 */
void play_intake_object_failed(PlayIntake *self, const char *hash);

/**
 * play_intake_sounding:
 * @hashes: (element-type utf8): objects open now, never evicted
 */
void play_intake_sounding(PlayIntake *self, GPtrArray *hashes);

/** play_intake_alert_done: the alert is over in every zone */
void play_intake_alert_done(PlayIntake *self, const char *alert);

/** play_intake_order: @envelope: of a local order: admitted as an alert or a stop of the
 * district is, and kept */
void play_intake_order(PlayIntake *self, GBytes *envelope);

/** play_intake_floors: Returns: (transfer full) (element-type ContentFloor): for the hello */
GPtrArray *play_intake_floors(PlayIntake *self);

/** play_intake_clock_stepped: the clock's base or trust changed: judge dates and expiry anew */
void play_intake_clock_stepped(PlayIntake *self);
