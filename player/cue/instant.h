/*
 * instant.h - the present, as it is handed to everything that decides.
 *
 * Pure. The calendar counts in UTC; whatever has begun counts in monotonic time, so that a
 * clock that is set does not move it.
 */
#pragma once

#include "content/kinds.h"

typedef struct {
    gint64 utc_us;       /* by the possibly wrong wall clock */
    gint64 monotonic_us; /* CLOCK_MONOTONIC */
    ContentTrust trust;  /* of utc_us */
} PlayInstant;

/** play_instant_offset_us: Returns: what is added to a monotonic instant to get UTC */
static inline gint64
play_instant_offset_us(const PlayInstant *now)
{
    return now->utc_us - now->monotonic_us;
}

/** play_instant_sooner: Returns: the sooner of two alarms, of which 0 means none */
static inline gint64
play_instant_sooner(gint64 a_us, gint64 b_us)
{
    return a_us == 0 || (b_us != 0 && b_us < a_us) ? b_us : a_us;
}
