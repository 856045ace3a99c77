/*
 * broker.h - the line to the district: libmosquitto in a thread of its own.
 *
 * Flow: broker -> owner's main context -> intake.c; report/ publishes. Port.
 * Thread: made, freed and called back in one thread (its thread-default main context);
 * play_broker_publish() may be called from any.
 *
 * Nothing rests on the broker remembering: each connection is a new session, a message is
 * either on its way or not, and whoever wants an answer asks again.
 */
#pragma once

#include "player/intake/tls.h"

/* Anything larger is dropped before it is copied. */
#define PLAY_BROKER_MAX_BYTES (128 * 1024)

/* What comes in. */
typedef enum {
    PLAY_BROKER_MANIFEST,
    PLAY_BROKER_ACK,
    PLAY_BROKER_TIME,
    PLAY_BROKER_ENQUIRY,
    PLAY_BROKER_TEST,
    PLAY_BROKER_ALERT,
    PLAY_BROKER_STOP,
    PLAY_BROKER_LIVE,
} PlayBrokerTopic;

/* What goes out. */
typedef enum {
    PLAY_BROKER_SAY_HELLO,
    PLAY_BROKER_SAY_HEARTBEAT,
    PLAY_BROKER_SAY_RECORDS,
    PLAY_BROKER_SAY_REPORT,
    PLAY_BROKER_SAY_TIME,
} PlayBrokerSay;

typedef struct {
    /* Connected and subscribed to everything. */
    void (*up)(gpointer data);
    /* @words: why, for a person. Also after every failed attempt. */
    void (*down)(const char *words, gpointer data);
    void (*message)(PlayBrokerTopic topic, GBytes *payload, gpointer data);
} PlayBrokerEvents;

typedef struct {
    guint keep_alive_s;     /* 5–300; 30 */
    guint first_retry_ms;   /* first pause after a failure; 1000 */
    guint longest_retry_ms; /* pauses are random within 0 and a bound that doubles to this */
} PlayBrokerTiming;
extern const PlayBrokerTiming play_broker_timing;

typedef struct PlayBroker PlayBroker;

/**
 * play_broker_new:
 * @identity: (not owned): must outlive the broker
 * @time: verification time; called in the broker's thread
 * @events: (not owned): called in the caller's thread-default main context
 *
 * Starts to connect at once, to each of the identity's brokers in turn.
 */
PlayBroker *play_broker_new(const PlayIdentity *identity, const PlayBrokerTiming *timing,
                            PlayTlsTimeFunc time, gpointer time_data,
                            const PlayBrokerEvents *events, gpointer data);

/** play_broker_free: disconnects and joins the thread; no callback comes after it */
void play_broker_free(PlayBroker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayBroker, play_broker_free)

/**
 * play_broker_publish:
 *
 * QoS 1, not retained. Any thread.
 *
 * Returns: %FALSE if there is no connection now; nothing is queued
 */
gboolean play_broker_publish(PlayBroker *self, PlayBrokerSay say, GBytes *payload);

/** play_broker_reconnect: ends the connection and begins a new one, with the certificate that
 * is on the disk now; any thread */
void play_broker_reconnect(PlayBroker *self);

/** play_broker_is_up: any thread */
gboolean play_broker_is_up(PlayBroker *self);
