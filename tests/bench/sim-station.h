/*
 * sim-station.h - one simulated player: connects, obeys, fetches, reports. Only sound and
 * relays are absent.
 *
 * Flow: sim-line.c (MQTT over mutual TLS) -> here -> sim-holdings.c; sim-fetch.c brings
 * documents and audio; what happens is told to the owner.
 * Thread: the loop's.
 */
#pragma once

#include "player/intake/identity.h"
#include "tests/bench/sim-fetch.h"
#include "tests/bench/sim-session.h"

typedef struct SimStation SimStation;

/* What a player may tell, in words for a program. */
typedef enum {
    SIM_TOLD_UP,       /* connected and subscribed */
    SIM_TOLD_DOWN,     /* detail: why */
    SIM_TOLD_ACCEPTED, /* version: a manifest is in force */
    SIM_TOLD_REFUSED,  /* detail: why */
    SIM_TOLD_APPLIED,  /* version: every day of it is in force */
    SIM_TOLD_READY,    /* version: all its audio is here, too */
    SIM_TOLD_ACKED,    /* version: newest record acknowledged */
    SIM_TOLD_TROUBLE,  /* detail: a download that failed; it is tried again */
    SIM_TOLD_ALERT,    /* detail: id of an alert that came, in order; @at_us is when it came */
    SIM_TOLD_STOP,     /* the same of a stop; detail: id of the alert that it ends; NULL: all */
    SIM_N_TOLD,
} SimTold;

/* What all players share. */
typedef struct {
    SimLoop *loop;     /* (not owned) */
    SimFetch *fetch;   /* (not owned) */
    SimGate gate;      /* of the lines to the broker */
    guint heartbeat_s; /* 0: as the settings say */
    /* Alerts and stops come to all players in one instant. Real ones verify them side by side;
     * here it is noted when each came, and they are verified when the last one has come. */
    gint64 verify_after_us;
    gboolean takes_audio;
    gboolean no_templates; /* as an older player: is given nothing to say in alerts */
    gboolean has_gateway;  /* says an inventory of the zones in its settings */
    /* @at_us: when that happened, monotonic */
    void (*told)(SimStation *station, SimTold what, gint64 version, const char *detail,
                 gint64 at_us, gpointer data);
    gpointer data;
} SimWorld;

/**
 * sim_station_new:
 * @identity: (transfer full)
 * @from: (nullable): own numeric address
 */
SimStation *sim_station_new(SimWorld *world, PlayIdentity *identity, const char *from,
                            GError **error);
void sim_station_free(SimStation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimStation, sim_station_free)

const char *sim_station_name(SimStation *self);

/** sim_station_connect: at @at_us, monotonic; afterwards it keeps itself connected */
void sim_station_connect(SimStation *self, gint64 at_us);

/**
 * sim_station_play:
 *
 * Writes @n_records records, as if the day plan had been heard, and sends them until they are
 * acknowledged.
 *
 * Returns: %FALSE if there is no day with sound
 */
gboolean sim_station_play(SimStation *self, guint n_records, GError **error);
