/* events.h - what loa-scheduler tells the journal; texts in systemd/loa.catalog. */
#pragma once

#include "content/base/events.h"

typedef enum {
    SCHED_EVENT_SAID,         /* the broker started, a manifest was issued */
    SCHED_EVENT_STATION_WORD, /* something a station said was refused */
    SCHED_EVENT_TROUBLE,      /* something a person should look at */
    SCHED_EVENT_KEYS_END,     /* an online key ends soon */
    SCHED_EVENT_STATION,      /* a station was enrolled, replaced or revoked */
    SCHED_EVENT_FAULT,        /* a station said that a fault began or is over */
    SCHED_N_EVENTS,
} SchedEvent;
extern const ContentEvent sched_events[SCHED_N_EVENTS];
