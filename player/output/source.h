/*
 * source.h - where the samples of a segment come from.
 *
 * Flow: wiring makes a source -> output.h places it -> the writer thread reads it at its
 * instant. Thread: made, prepared, cancelled and freed by the owner thread; between being
 * placed and the end event, read, position and is_ready belong to the writer thread alone. No
 * call blocks: a source that has no frames yet says so by returning fewer.
 *
 * Frames are 48 kHz mono S16. File, tone, signal and silence have an end of their own; a live
 * source (source-live.h) goes on until it is cancelled, and is always ready: what has not come
 * by its instant is silence.
 */
#pragma once

#include <glib.h>

#include "player/output/signal.h"

#define PLAY_RATE 48000

typedef struct PlaySource PlaySource;

typedef enum {
    PLAY_SOURCE_GOING,    /* frames come now or later */
    PLAY_SOURCE_FINISHED, /* every frame was read */
    PLAY_SOURCE_FAILED,   /* no frame will come any more */
} PlaySourceEnd;

#define PLAY_SOURCE_ERROR (play_source_error_quark())
GQuark play_source_error_quark(void);

typedef enum {
    PLAY_SOURCE_ERROR_SETUP,  /* a needed GStreamer element is missing, or none can be made */
    PLAY_SOURCE_ERROR_DECODE, /* the bytes are not what this source plays */
} PlaySourceError;

/* The port: one const table a kind. */
typedef struct {
    const char *kind; /* for error texts */
    gboolean (*prepare)(PlaySource *self, gint64 position, GError **error);
    gboolean (*is_ready)(PlaySource *self);
    gsize (*read)(PlaySource *self, gint16 *frames, gsize n_frames);
    gint64 (*position)(PlaySource *self);
    PlaySourceEnd (*end)(PlaySource *self, GError **error);
    void (*cancel)(PlaySource *self);
    void (*free)(PlaySource *self);
} PlaySourceClass;

struct PlaySource {
    const PlaySourceClass *klass;
};

/**
 * play_source_prepare:
 * @position: the first frame that will be wanted; > 0 for a late join
 *
 * Begins to pre-roll and returns at once. A source that has begun already goes on as it is: a
 * later position is reached by skipping, an earlier one is silence.
 *
 * Returns: %FALSE when it cannot even begin
 */
gboolean play_source_prepare(PlaySource *self, gint64 position, GError **error);

/** play_source_is_ready: Returns: whether a read would give frames, or none will ever come */
gboolean play_source_is_ready(PlaySource *self);

/**
 * play_source_read:
 * @frames: (out) (nullable) (array length=n_frames): NULL: skip them
 *
 * Returns: how many frames were given or skipped; fewer than asked: late, or the end
 */
gsize play_source_read(PlaySource *self, gint16 *frames, gsize n_frames);

/**
 * play_source_position:
 *
 * Returns: the number, from 0 at the start of the sound, of the frame read gives next
 */
gint64 play_source_position(PlaySource *self);

/**
 * play_source_end:
 * @error: (out) (nullable): filled for %PLAY_SOURCE_FAILED; ask from the owner thread only
 *
 * Returns: whether more is to come; meaningful after a read that gave fewer frames than asked
 */
PlaySourceEnd play_source_end(PlaySource *self, GError **error);

/** play_source_cancel: nothing more will be read; work in the background stops soon */
void play_source_cancel(PlaySource *self);

/** play_source_free: @self: (nullable) (transfer full): cancels and frees, without waiting */
void play_source_free(PlaySource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlaySource, play_source_free)

/**
 * play_source_silence_new:
 * @n_frames: how long, ≥ 0
 *
 * Returns: (transfer full): always ready
 */
PlaySource *play_source_silence_new(gint64 n_frames);

/**
 * play_source_tone_new:
 * @hz: 20 … 20000
 * @peak_mdb: peak level in 1/1000 dBFS, ≤ 0
 * @n_frames: how long, ≥ 0; the first and last 5 ms are faded so that it does not click
 *
 * Frame n depends on n alone, so that a late join sounds as if it had been on time.
 *
 * Returns: (transfer full): a sine, always ready
 */
PlaySource *play_source_tone_new(guint hz, gint peak_mdb, gint64 n_frames);

/**
 * play_source_signal_new:
 * @n_frames: how long, ≥ 0
 *
 * Returns: (transfer full): an attention signal, always ready; a late join as of a tone
 */
PlaySource *play_source_signal_new(PlaySignal signal, gint64 n_frames);
