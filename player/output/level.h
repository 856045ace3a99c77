/*
 * level.h - how loud frames are.
 *
 * Flow: the writer adds what it hands to the card -> records and heartbeats tell it.
 * Pure arithmetic.
 */
#pragma once

#include <glib.h>

/* What digital silence is reported as; a level that was never taken is G_MININT64. */
#define PLAY_LEVEL_SILENT_MDB -120000

typedef struct {
    gint64 sum_squares; /* of S16 samples: four hours at full scale are under 2^60 */
    gint64 n_frames;
    gint peak; /* 0 … 32768 */
} PlayLevel;

/** play_level_add: @frames: (array length=n_frames) */
void play_level_add(PlayLevel *level, const gint16 *frames, gsize n_frames);

/** play_level_remove: takes frames back that were added; the peak stays */
void play_level_remove(PlayLevel *level, const gint16 *frames, gsize n_frames);

/**
 * play_level_rms_mdb:
 *
 * Returns: RMS in 1/1000 dB relative to a square wave of full scale (a sine of full scale is
 *   -3010); G_MININT64 if no frame was added
 */
gint64 play_level_rms_mdb(const PlayLevel *level);

/** play_level_peak_mdb: Returns: highest sample in 1/1000 dBFS, or G_MININT64 */
gint64 play_level_peak_mdb(const PlayLevel *level);
