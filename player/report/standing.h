/*
 * standing.h - since when something has been wrong that is only looked at, never announced.
 *
 * Flow: each heartbeat looks whether a fault is there -> here -> the fault's since_us. Pure.
 */
#pragma once

#include <glib.h>

/* Zeroed: nothing is wrong. */
typedef struct {
    const char *code; /* (not owned) (nullable): a literal */
    gint64 since_us;
} PlayStanding;

/**
 * play_standing_since:
 * @code: (nullable): a literal: what is wrong now; NULL: nothing
 * @at_us: UTC
 *
 * Returns: UTC at which @code was seen first without a break, not after @at_us
 */
gint64 play_standing_since(PlayStanding *self, const char *code, gint64 at_us);
