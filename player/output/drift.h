/*
 * drift.h - how far the card's clock is off ours, and what to do about it.
 *
 * Flow: the writer measures at each turn when the frame it writes next will be heard -> this
 * smooths the error -> the writer jumps in silence, or stretches a block by one frame in sound.
 * Pure arithmetic.
 *
 * Nominal frames count from monotonic 0: frame n is due at n / PLAY_RATE seconds. A card's
 * quartz is off by some ten ppm: 50 ppm are 1 ms after 20 s and 36 ms after a bulletin of
 * 12 min, which a following item must not be late by.
 */
#pragma once

#include <glib.h>

typedef struct {
    gdouble late_frames; /* smoothed: > 0 when frames are heard later than they are due */
    gboolean is_known;
} PlayDrift;

/** play_frame_of_us: Returns: the nominal frame due at monotonic @us, rounded to the nearest */
gint64 play_frame_of_us(gint64 us);

/** play_us_of_frames: Returns: how long @n_frames sound, µs */
gint64 play_us_of_frames(gint64 n_frames);

/** play_drift_forget: the card was started anew: the next measurement counts alone */
void play_drift_forget(PlayDrift *drift);

/** play_drift_add: @late_frames: one measurement */
void play_drift_add(PlayDrift *drift, gdouble late_frames);

/**
 * play_drift_jump:
 * @is_silent: nothing sounds for as long as a jump could reach
 *
 * Returns: by how many nominal frames to jump forward; not 0 only in silence, or when the error
 *   is beyond what stretching could mend; taken off the error
 */
gint64 play_drift_jump(PlayDrift *drift, gboolean is_silent);

/**
 * play_drift_stretch:
 *
 * Returns: by how many nominal frames (-1, 0, 1) more than it writes a block shall take; taken
 *   off the error
 */
gint play_drift_stretch(PlayDrift *drift);

/**
 * play_stretch:
 * @from: (array length=n_from): at least 1
 * @to: (out) (array length=n_to)
 *
 * Linear interpolation; inaudible when the two lengths differ by one frame in some hundred.
 */
void play_stretch(const gint16 *from, gsize n_from, gint16 *to, gsize n_to);
