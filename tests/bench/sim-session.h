/*
 * sim-session.h - a simulated player's line to its broker: MQTT over mutual TLS, kept up.
 *
 * Flow: sim-line.c (bytes) and sim-mqtt.c (packets) -> here -> sim-station.c (messages). As the
 * player's own broker.c: a new session each time, the same topics, the same pauses.
 * Thread: the loop's.
 */
#pragma once

#include "player/intake/broker.h"
#include "tests/bench/sim-loop.h"

typedef struct SimSession SimSession;

/* How many may be connecting at once, so that a slow machine works them off one by one instead
 * of giving up on all. Shared by the sessions of a loop. */
typedef struct {
    guint n_opening, max_opening;
} SimGate;

typedef struct {
    void (*up)(gpointer data); /* connected and subscribed to everything */
    /* It is tried again by itself. */
    void (*down)(const char *words, gpointer data);
    void (*message)(PlayBrokerTopic topic, GBytes *payload, gpointer data);
} SimSessionEvents;

/**
 * sim_session_new:
 * @gate, @identity, @events: (not owned): must outlive it
 * @from: (nullable): own numeric address
 */
SimSession *sim_session_new(SimLoop *loop, SimGate *gate, const PlayIdentity *identity,
                            const char *from, const SimSessionEvents *events, gpointer data,
                            GError **error);
void sim_session_free(SimSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimSession, sim_session_free)

/** sim_session_connect: begins at @at_us, monotonic */
void sim_session_connect(SimSession *self, gint64 at_us);

gboolean sim_session_is_up(SimSession *self);

/** sim_session_say: QoS 1 on loa/1/from/STATION/@word; nothing while the line is down */
void sim_session_say(SimSession *self, const char *word, GBytes *payload);
