/*
 * signal.h - the attention signals before an alert, synthesised.
 *
 * Flow: the cue names a signal -> play_source_signal_new() (source.h) -> the writer reads it.
 * Pure arithmetic: frame n depends on n alone.
 *
 * Horn loudspeakers on masts carry 300 Hz to 5 kHz: everything lies there. A drill never sounds
 * like the real thing, whatever signal the alert names: three soft pips and a pause.
 */
#pragma once

#include <glib.h>

typedef enum {
    PLAY_SIGNAL_GONG,  /* a bell, struck again every 2.5 s */
    PLAY_SIGNAL_CHIME, /* three falling notes */
    PLAY_SIGNAL_WAIL,  /* a siren that rises and falls slowly */
    PLAY_SIGNAL_PULSE, /* a siren in short bursts */
    PLAY_SIGNAL_DRILL, /* of every drill */
} PlaySignal;
#define PLAY_SIGNAL_N (PLAY_SIGNAL_DRILL + 1)

/**
 * play_signal_sample:
 * @frame: 0 … @n_frames - 1, of PLAY_RATE a second
 * @n_frames: how long it is in all; the first and last milliseconds are faded
 *
 * Returns: -1 … 1; 0 at both ends
 */
gdouble play_signal_sample(PlaySignal signal, gint64 frame, gint64 n_frames);
