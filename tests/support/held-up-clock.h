/*
 * held-up-clock.h - the machine's clock, asked by somebody whom a busy machine keeps waiting.
 *
 * Whoever has not asked for a while waits 30 ms right after reading UTC, as if the machine had
 * run something else before the next line; whoever asks again at once does not.
 * Thread: as content/base/clock.h says.
 */
#pragma once

#include "content/base/clock.h"

#define HELD_UP_US (30 * 1000)

/** held_up_clock_new: Returns: (transfer full): on the caller's thread-default main context */
ContentClock *held_up_clock_new(void);
