/*
 * events.h - what the gateway writes to the journal.
 *
 * Flow: rack logs; systemd/loa.catalog explains each by its MESSAGE_ID.
 */
#pragma once

#include "content/base/events.h"

typedef enum {
    GATE_EVENT_ALL_OFF,
    GATE_EVENT_ALL_OFF_FAILED,
    GATE_EVENT_CONFIG_PROBLEM,
    GATE_EVENT_CONNECTION,
    GATE_EVENT_ZONE_READY,
    GATE_EVENT_ZONE_OPEN,
    GATE_EVENT_ZONE_LOST,
    GATE_EVENT_ZONE_OVER_LIMIT,
    GATE_EVENT_RELAY_FAULT,
    GATE_EVENT_RELAY_STRAY,
    GATE_EVENT_RELAY_CLEARED,
    GATE_EVENT_BOARD_FAULT,
    GATE_EVENT_BOARD_CLEARED,
    GATE_EVENT_BOARD_SLOW,
    GATE_EVENT_INPUT,
    GATE_N_EVENTS,
} GateEvent;

extern const ContentEvent gate_events[GATE_N_EVENTS];
