/*
 * zone.c - see zone.h
 *
 * The two halves are kept apart: facts decide which event has happened (one short function a
 * state), the table alone decides where an event leads.
 */
#include "gateway/relay/zone.h"

/* clang-format off */
const GateZoneRule gate_zone_rules[] = {
    /* from              event                       to                */
    { GATE_ZONE_IDLE,    GATE_ZONE_EV_LEASED,        GATE_ZONE_WARMING },
    { GATE_ZONE_WARMING, GATE_ZONE_EV_WARM,          GATE_ZONE_CLOSING },
    { GATE_ZONE_WARMING, GATE_ZONE_EV_RELEASED,      GATE_ZONE_OPENING },
    { GATE_ZONE_WARMING, GATE_ZONE_EV_LOST,          GATE_ZONE_OPENING },
    { GATE_ZONE_CLOSING, GATE_ZONE_EV_CONFIRMED,     GATE_ZONE_READY   },
    { GATE_ZONE_CLOSING, GATE_ZONE_EV_RELEASED,      GATE_ZONE_TAIL    },
    { GATE_ZONE_CLOSING, GATE_ZONE_EV_LOST,          GATE_ZONE_OPENING },
    { GATE_ZONE_CLOSING, GATE_ZONE_EV_OVER_LIMIT,    GATE_ZONE_RESTING },
    { GATE_ZONE_READY,   GATE_ZONE_EV_UNCONFIRMED,   GATE_ZONE_CLOSING },
    { GATE_ZONE_READY,   GATE_ZONE_EV_RELEASED,      GATE_ZONE_TAIL    },
    { GATE_ZONE_READY,   GATE_ZONE_EV_LOST,          GATE_ZONE_OPENING },
    { GATE_ZONE_READY,   GATE_ZONE_EV_OVER_LIMIT,    GATE_ZONE_RESTING },
    { GATE_ZONE_TAIL,    GATE_ZONE_EV_LEASED,        GATE_ZONE_CLOSING },
    { GATE_ZONE_TAIL,    GATE_ZONE_EV_HUSHED,        GATE_ZONE_OPENING },
    { GATE_ZONE_TAIL,    GATE_ZONE_EV_LOST,          GATE_ZONE_OPENING },
    { GATE_ZONE_TAIL,    GATE_ZONE_EV_TAIL_OVER,     GATE_ZONE_OPENING },
    { GATE_ZONE_TAIL,    GATE_ZONE_EV_OVER_LIMIT,    GATE_ZONE_RESTING },
    { GATE_ZONE_OPENING, GATE_ZONE_EV_OPENED,        GATE_ZONE_IDLE    },
    { GATE_ZONE_RESTING, GATE_ZONE_EV_RESTED,        GATE_ZONE_IDLE    },
    { GATE_ZONE_IDLE,    GATE_ZONE_EV_NONE,          GATE_ZONE_IDLE    },
};

static const struct { gboolean wants_relays, wants_amplifier; } wants[GATE_ZONE_N_STATES] = {
    [GATE_ZONE_IDLE]    = { FALSE, FALSE },
    [GATE_ZONE_WARMING] = { FALSE, TRUE  },
    [GATE_ZONE_CLOSING] = { TRUE,  TRUE  },
    [GATE_ZONE_READY]   = { TRUE,  TRUE  },
    [GATE_ZONE_TAIL]    = { TRUE,  TRUE  },
    [GATE_ZONE_OPENING] = { FALSE, TRUE  }, /* until GATE_ZONE_LINGER_US have passed */
    [GATE_ZONE_RESTING] = { FALSE, FALSE },
};
/* clang-format on */

static gboolean
is_wanted(const GateZoneFacts *facts)
{
    return facts->lease == GATE_LEASE_HELD && !facts->is_blocked;
}

/* How a zone that is not wanted any more came to it. */
static GateZoneEvent
ending_of(const GateZoneFacts *facts)
{
    if (facts->is_blocked || facts->lease != GATE_LEASE_RELEASED)
        return GATE_ZONE_EV_LOST;
    return GATE_ZONE_EV_RELEASED;
}

static gboolean
is_over_limit(const GateZone *zone, const GateLayoutZone *layout, gint64 now_us)
{
    return zone->on_since_us != 0 && now_us - zone->on_since_us >= layout->max_on_us;
}

static GateZoneEvent
event_while_warming(const GateZoneFacts *facts, gint64 now_us)
{
    if (!is_wanted(facts))
        return ending_of(facts);
    return now_us >= facts->warm_us && facts->neighbours_open ? GATE_ZONE_EV_WARM
                                                              : GATE_ZONE_EV_NONE;
}

static GateZoneEvent
event_while_on(const GateZone *zone, const GateLayoutZone *layout, const GateZoneFacts *facts,
               gint64 now_us)
{
    if (is_over_limit(zone, layout, now_us))
        return GATE_ZONE_EV_OVER_LIMIT;
    if (!is_wanted(facts))
        return ending_of(facts);
    return facts->all_closed ? GATE_ZONE_EV_CONFIRMED : GATE_ZONE_EV_UNCONFIRMED;
}

static GateZoneEvent
event_while_tailing(const GateZone *zone, const GateLayoutZone *layout,
                    const GateZoneFacts *facts, gint64 now_us)
{
    if (is_over_limit(zone, layout, now_us))
        return GATE_ZONE_EV_OVER_LIMIT;
    if (is_wanted(facts))
        return GATE_ZONE_EV_LEASED;
    if (ending_of(facts) == GATE_ZONE_EV_LOST)
        return GATE_ZONE_EV_LOST;
    if (facts->neighbour_held)
        return GATE_ZONE_EV_HUSHED;
    return now_us - facts->lease_ended_us >= layout->tail_us ? GATE_ZONE_EV_TAIL_OVER
                                                             : GATE_ZONE_EV_NONE;
}

GateZoneEvent
gate_zone_next_event(const GateZone *zone, const GateLayoutZone *layout,
                     const GateZoneFacts *facts, gint64 now_us)
{
    switch (zone->state) {
    case GATE_ZONE_IDLE:
        return is_wanted(facts) ? GATE_ZONE_EV_LEASED : GATE_ZONE_EV_NONE;
    case GATE_ZONE_WARMING:
        return event_while_warming(facts, now_us);
    case GATE_ZONE_CLOSING:
    case GATE_ZONE_READY:
        return event_while_on(zone, layout, facts, now_us);
    case GATE_ZONE_TAIL:
        return event_while_tailing(zone, layout, facts, now_us);
    case GATE_ZONE_OPENING:
        return facts->all_open || now_us - zone->entered_us >= GATE_ZONE_OPENING_US
                   ? GATE_ZONE_EV_OPENED
                   : GATE_ZONE_EV_NONE;
    case GATE_ZONE_RESTING:
        return now_us - zone->entered_us >= layout->rest_us && facts->lease != GATE_LEASE_HELD
                   ? GATE_ZONE_EV_RESTED
                   : GATE_ZONE_EV_NONE;
    case GATE_ZONE_N_STATES:
        break;
    }
    return GATE_ZONE_EV_NONE;
}

gboolean
gate_zone_step(GateZone *zone, GateZoneEvent event, gint64 now_us)
{
    const GateZoneRule *rule = gate_zone_rules;

    if (event == GATE_ZONE_EV_NONE)
        return FALSE;
    while (rule->event != GATE_ZONE_EV_NONE &&
           !(rule->from == zone->state && rule->event == event))
        rule++;
    if (rule->event == GATE_ZONE_EV_NONE)
        return FALSE;
    zone->state = rule->to;
    zone->entered_us = now_us;
    if (!wants[rule->to].wants_relays)
        zone->on_since_us = 0;
    else if (zone->on_since_us == 0)
        zone->on_since_us = now_us;
    zone->ready_us = rule->to == GATE_ZONE_READY ? now_us : 0;
    return TRUE;
}

gint64
gate_zone_next_us(const GateZone *zone, const GateLayoutZone *layout,
                  const GateZoneFacts *facts, gint64 now_us)
{
    gint64 limit_us =
        zone->on_since_us == 0 ? G_MAXINT64 : zone->on_since_us + layout->max_on_us;

    switch (zone->state) {
    case GATE_ZONE_WARMING:
        return facts->warm_us;
    case GATE_ZONE_TAIL:
        return MIN(limit_us, facts->lease_ended_us + layout->tail_us);
    case GATE_ZONE_OPENING:
        return zone->entered_us + (now_us - zone->entered_us < GATE_ZONE_LINGER_US
                                       ? GATE_ZONE_LINGER_US
                                       : GATE_ZONE_OPENING_US);
    case GATE_ZONE_RESTING:
        return zone->entered_us + layout->rest_us;
    case GATE_ZONE_IDLE:
    case GATE_ZONE_CLOSING:
    case GATE_ZONE_READY:
    case GATE_ZONE_N_STATES:
        break;
    }
    return limit_us;
}

gboolean
gate_zone_wants_relays(const GateZone *zone)
{
    return wants[zone->state].wants_relays;
}

gboolean
gate_zone_wants_amplifier(const GateZone *zone, gint64 now_us)
{
    if (zone->state == GATE_ZONE_OPENING && now_us - zone->entered_us >= GATE_ZONE_LINGER_US)
        return FALSE;
    return wants[zone->state].wants_amplifier;
}
