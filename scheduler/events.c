/* events.c - see events.h */
#include "scheduler/events.h"

/* clang-format off */
const ContentEvent sched_events[SCHED_N_EVENTS] = {
    [SCHED_EVENT_SAID] = { "8eedc283b8ca4a2bae72a8d00f3ab04d", "district-said", G_LOG_LEVEL_MESSAGE },
    [SCHED_EVENT_STATION_WORD] = { "44a96ac26160419cb4a0f6faf4ee7bc5", "station-word-refused", G_LOG_LEVEL_MESSAGE },
    [SCHED_EVENT_TROUBLE] = { "60e27f72ff654ea9aa98000603a1c667", "district-trouble", G_LOG_LEVEL_MESSAGE },
    [SCHED_EVENT_KEYS_END] = { "4d625c46804f49feae25365de85d8db3", "keys-end-soon", G_LOG_LEVEL_MESSAGE },
    [SCHED_EVENT_STATION] = { "6ee6b9d3f29643e78a5ae26a510e7fd5", "station-admitted", G_LOG_LEVEL_MESSAGE },
    [SCHED_EVENT_FAULT] = { "5af238e032404552a702433dfac80c2a", "station-fault", G_LOG_LEVEL_MESSAGE },
};
/* clang-format on */
