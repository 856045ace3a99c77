/* events.c - see events.h */
#include "gateway/events.h"

/* clang-format off */
const ContentEvent gate_events[GATE_N_EVENTS] = {
    [GATE_EVENT_ALL_OFF] = { "5e32379593cdc686c6b024bf3d33e91a", "all-off", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_ALL_OFF_FAILED] = { "d5cb2f758f114018269602fa276b624f", "all-off-failed", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_CONFIG_PROBLEM] = { "0b3a0d0be87324f04644f2aadf0443ac", "configuration-problem", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_CONNECTION] = { "338e7dbf20f727bf2c12778ade81be34", "connection-refused", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_ZONE_READY] = { "7ef966f4c6f535a06be013dc60bd8f45", "zone-ready", G_LOG_LEVEL_INFO },
    [GATE_EVENT_ZONE_OPEN] = { "ae1ef7091c0641c78b309307f9586ad0", "zone-open", G_LOG_LEVEL_INFO },
    [GATE_EVENT_ZONE_LOST] = { "8dac462048298b38fe8213046b1c7d3f", "zone-lost", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_ZONE_OVER_LIMIT] = { "904ef942154a0ecdb64b87f956d0cbc8", "zone-over-limit", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_RELAY_FAULT] = { "ccd81cfd2b3679111a51be4b7a0203f0", "relay-fault", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_RELAY_STRAY] = { "a19c8894566e535a4890da898ae18dd8", "relay-stray", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_RELAY_CLEARED] = { "72b559a14e391f15f17d528d6f42a3e7", "relay-cleared", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_BOARD_FAULT] = { "6f43a1380f5e2013f00905bdc18873bd", "board-fault", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_BOARD_CLEARED] = { "4f0e229d3db65fd2f0caddf6015c0c5a", "board-cleared", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_BOARD_SLOW] = { "11eb4d9372ab4bd3aac1aff93786e4a0", "board-slow", G_LOG_LEVEL_MESSAGE },
    [GATE_EVENT_INPUT] = { "e88c879eaf5c57a68205549c7d987c07", "input-changed", G_LOG_LEVEL_MESSAGE },
};
/* clang-format on */
