/*
 * intake-internal.h - what the three files of the intake share: intake.c (thread and owner),
 * intake-needs.c (what is missing, asked for, fetched), intake-messages.c (what the line says).
 *
 * Everything but what the lock guards is the thread's.
 */
#pragma once

#include "player/intake/herald.h"
#include "player/intake/hold.h"
#include "player/intake/intake.h"
#include "player/intake/mailbox.h"
#include "player/intake/renewal.h"

struct PlayIntake {
    const PlayIdentity *identity;
    PlayTrustClock *clock;
    PlayBrokerTiming broker_timing;
    PlayFetchTiming fetch_timing;
    PlayHerald *herald;
    PlayMailbox *to_thread;
    GThread *thread;
    GMainContext *context;
    GMainLoop *loop;
    GAsyncQueue *is_ready;

    GMutex lock; /* guards floors */
    GPtrArray *floors;

    /* The thread's own. */
    PlayKeep *keep;
    PlayHold *hold;
    PlayOrders *orders;
    PlayBroker *broker;
    PlayFetch *fetch;
    PlayRenewal *renewal;
    GHashTable *objects;  /* set: hashes that are in the store */
    GHashTable *sounding; /* set: open now */
    PlayIntakeState state;
    GSource *tick, *retry;
    guint n_ticks;
    guint n_failures; /* of document requests in a row */
    gboolean is_asking;
    gboolean lacks_room; /* the disk has none for some of the audio */
};

/** play_intake_time: the present, as documents are judged by */
PlayVerifyTime play_intake_time(PlayIntake *self);

/** play_intake_say_refused: @data: the PlayIntake: as the hold says it */
void play_intake_say_refused(const ContentRemark *why, gpointer data);

/** play_intake_say_error: @what: document type, "object" or "documents" */
void play_intake_say_error(PlayIntake *self, const char *what, const GError *error);

/** play_intake_copy_floors: for the hello, which another thread writes */
void play_intake_copy_floors(PlayIntake *self);

/** play_intake_look_at_certificate: goes on with its renewal, or begins it when it is due */
void play_intake_look_at_certificate(PlayIntake *self);

/* ---- intake-needs.c ---- */

extern const PlayFetchEvents play_intake_fetch_events;

/** play_intake_ask: for the documents that are wanted, unless a request is out */
void play_intake_ask(PlayIntake *self);

/** play_intake_cancel_retry: what waits to be asked for again is asked for by somebody else */
void play_intake_cancel_retry(PlayIntake *self);

/** play_intake_look: the queue of audio, the state, and whoever must know of a change */
void play_intake_look(PlayIntake *self);

/** play_intake_evict: under a fifth free what no manifest names goes, until it is a fifth */
void play_intake_evict(PlayIntake *self);

/* ---- intake-messages.c ---- */

extern const PlayBrokerEvents play_intake_broker_events;

/** play_intake_report: says which manifest is in force and how far its days are */
void play_intake_report(PlayIntake *self);
