/*
 * events.h - what the player writes to the journal of the machine.
 *
 * Flow: commune logs; systemd/loa.catalog explains each by its MESSAGE_ID.
 */
#pragma once

#include "content/base/events.h"

typedef enum {
    PLAY_LOG_STARTED,
    PLAY_LOG_PLAYED,
    PLAY_LOG_MISSED,
    PLAY_LOG_FAULT,
    PLAY_LOG_CLEARED,
    PLAY_LOG_REFUSED,
    PLAY_LOG_LINE,
    PLAY_LOG_GATEWAY,
    PLAY_LOG_CLOCK,
    PLAY_LOG_TEST,
    PLAY_LOG_JOURNAL,
    PLAY_LOG_ALERT_TAKEN,
    PLAY_LOG_ALERT_ENDED,
    PLAY_LOG_PAGE,
    PLAY_LOG_PAGE_REFUSED,
    PLAY_LOG_ALERT_LOCAL,
    PLAY_LOG_SOURCE,
    PLAY_LOG_SPEECH,
    PLAY_N_LOGS,
} PlayLog;

extern const ContentEvent play_logs[PLAY_N_LOGS];
