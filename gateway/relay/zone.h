/*
 * zone.h - the course of one zone: amplifier, warm-up, relays, tail, and open again.
 *
 * Flow: lease.h and what the boards read -> facts -> here -> what the zone wants of its relays.
 * Pure: facts and the present go in, an event and a state come out.
 */
#pragma once

#include "gateway/relay/lease.h"

typedef enum {
    GATE_ZONE_IDLE,    /* open, nobody wants it */
    GATE_ZONE_WARMING, /* amplifier on, line relays still open */
    GATE_ZONE_CLOSING, /* line relays wanted closed, not all read closed */
    GATE_ZONE_READY,   /* read closed: sound may begin */
    GATE_ZONE_TAIL,    /* released in order; the last samples are still on their way */
    GATE_ZONE_OPENING, /* line relays wanted open, not all read open */
    GATE_ZONE_RESTING, /* was on for too long: open whatever is asked */
    GATE_ZONE_N_STATES,
} GateZoneState;

typedef enum {
    GATE_ZONE_EV_NONE,
    GATE_ZONE_EV_LEASED,      /* somebody holds it and nothing blocks it */
    GATE_ZONE_EV_WARM,        /* the amplifier is warm and the neighbours are open */
    GATE_ZONE_EV_CONFIRMED,   /* every line relay reads closed */
    GATE_ZONE_EV_UNCONFIRMED, /* one does not any more */
    GATE_ZONE_EV_RELEASED,    /* the last holder let go in order */
    GATE_ZONE_EV_LOST,        /* the last holder vanished, or an input blocks the zone */
    GATE_ZONE_EV_HUSHED,      /* another zone of the output is held: no tail beside it */
    GATE_ZONE_EV_TAIL_OVER,
    GATE_ZONE_EV_OVER_LIMIT, /* on for its maximum on-time */
    GATE_ZONE_EV_OPENED,     /* every line relay reads open, or it was waited for in vain */
    GATE_ZONE_EV_RESTED,     /* rested, and let go of meanwhile */
    GATE_ZONE_N_EVENTS,
} GateZoneEvent;

typedef struct {
    GateZoneState from;
    GateZoneEvent event;
    GateZoneState to;
} GateZoneRule;

/* A pair without a row changes nothing. Ended by a row with GATE_ZONE_EV_NONE. */
extern const GateZoneRule gate_zone_rules[];

/* How long the line relays may take to read open before the amplifier goes off regardless. */
#define GATE_ZONE_LINGER_US (300 * 1000)
/* How long a zone waits for its own opening; afterwards the coil goes on trying by itself. */
#define GATE_ZONE_OPENING_US (1 * G_USEC_PER_SEC)

typedef struct {
    GateZoneState state;
    gint64 entered_us;  /* when this state began */
    gint64 on_since_us; /* when its line relays were first wanted closed; 0: they are not */
    gint64 ready_us;    /* when it became ready; 0: it is not */
} GateZone;

/* What a zone cannot know of itself. */
typedef struct {
    GateLeaseStanding lease;
    gint64 lease_ended_us;
    gboolean is_blocked;      /* by an input */
    gboolean neighbour_held;  /* another zone of its output is held */
    gboolean neighbours_open; /* no other zone of its output is still opening */
    gint64 warm_us;           /* from when the amplifier is warm; G_MAXINT64: it is not on */
    gboolean all_closed;      /* its line relays, as read */
    gboolean all_open;
} GateZoneFacts;

/**
 * gate_zone_next_event:
 *
 * Returns: what happened to the zone by now; %GATE_ZONE_EV_NONE: nothing
 */
GateZoneEvent gate_zone_next_event(const GateZone *zone, const GateLayoutZone *layout,
                                   const GateZoneFacts *facts, gint64 now_us);

/**
 * gate_zone_step:
 *
 * Returns: whether the state changed
 */
gboolean gate_zone_step(GateZone *zone, GateZoneEvent event, gint64 now_us);

/**
 * gate_zone_next_us:
 *
 * Returns: when gate_zone_next_event() may answer differently although no fact changed, which
 *   may lie in the past; G_MAXINT64: never
 */
gint64 gate_zone_next_us(const GateZone *zone, const GateLayoutZone *layout,
                         const GateZoneFacts *facts, gint64 now_us);

/** gate_zone_wants_relays: whether the line relays are to be closed in this state. */
gboolean gate_zone_wants_relays(const GateZone *zone);

/** gate_zone_wants_amplifier: whether its amplifier is to be on now. */
gboolean gate_zone_wants_amplifier(const GateZone *zone, gint64 now_us);
