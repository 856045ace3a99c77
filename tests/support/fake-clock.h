/*
 * fake-clock.h - a clock that moves only when told.
 *
 * Alarms fire inside the call that moves the clock, in order, each with the clock standing at
 * its instant. UTC and monotonic time start far apart, so that mixing them up shows.
 * Thread: the two "now" calls from any; everything else from the one that moves it.
 */
#pragma once

#include "content/base/clock.h"

/* 2026-03-02T00:00:00Z, a Monday. */
#define FAKE_CLOCK_START_US     G_GINT64_CONSTANT(1772409600000000)
#define FAKE_CLOCK_MONOTONIC_US G_GINT64_CONSTANT(1000000000)

/** fake_clock_new: Returns: (transfer full): at @utc_us and %FAKE_CLOCK_MONOTONIC_US */
ContentClock *fake_clock_new(gint64 utc_us);

/** fake_clock_advance: @by_us: time passes, on both time bases; not negative */
void fake_clock_advance(ContentClock *clock, gint64 by_us);

/** fake_clock_advance_to: time passes until @utc_us, which is not in the past */
void fake_clock_advance_to(ContentClock *clock, gint64 utc_us);

/** fake_clock_advance_to_next: Returns: %FALSE if no alarm is pending */
gboolean fake_clock_advance_to_next(ContentClock *clock);

/**
 * fake_clock_step:
 * @by_us: how the wall clock is set, either way; monotonic time stands still
 *
 * The step listener is called, then what has become due fires.
 */
void fake_clock_step(ContentClock *clock, gint64 by_us);

/**
 * fake_clock_interrupt:
 * @by_us: what passes on both time bases after each of the next @n_times readings of UTC, as
 * when the machine lets the reader wait; no alarm fires meanwhile
 */
void fake_clock_interrupt(ContentClock *clock, gint64 by_us, guint n_times);

/** fake_clock_n_pending: Returns: how many alarms are set */
guint fake_clock_n_pending(ContentClock *clock);
