/*
 * source-live.h - a play source whose sound comes when it comes: a line, a stream.
 *
 * Flow: a bringer (source-line.c, source-stream.c) on a thread of the source's own -> a bounded
 * ring -> the writer takes what is there at its instant. What has not come by then is silence;
 * the writer never waits for it. A bringer that breaks off is called again with back-off.
 *
 * The far clock is not ours. How full the ring is tells the drift, and one frame in a block is
 * taken more or less until it is as full as it should be: what is left out or put in is
 * interpolated by drift.h and cannot be heard, where a resampler with a fixed ratio would run
 * the ring empty or full within the hour.
 *
 * Thread: as source.h; the functions of the bringer run on the source's thread.
 */
#pragma once

#include "player/output/source.h"

/* A source that came up for so long may fail again without a longer wait. */
#define PLAY_LIVE_STEADY_US       (10 * G_USEC_PER_SEC)
#define PLAY_LIVE_BACK_OFF_US     (G_USEC_PER_SEC / 2)
#define PLAY_LIVE_BACK_OFF_MAX_US (30 * G_USEC_PER_SEC)

/* The bringer's view of the source. */
typedef struct PlayLive PlayLive;

/* One const table a kind of live source. */
typedef struct {
    const char *kind;
    guint hold_ms; /* in the ring before it sounds: how uneven its arrival may be; ≤ 5000 */
    /* Of what comes at once after it was waited for, so much is kept, and sounds that much
     * later; the drift wins it back. ≤ 5000; less than hold_ms: hold_ms. */
    guint keep_ms;
    /* Opens it and brings sound until it breaks off (@error says why) or is not wanted. May
     * wait, but notices within a second that it is not wanted any more. */
    void (*bring)(gpointer self, PlayLive *live, GError **error);
    void (*free)(gpointer self);
} PlayBringer;

/** play_live_is_wanted: Returns: %FALSE: let go of everything and return */
gboolean play_live_is_wanted(PlayLive *live);

/** play_live_give: @frames: 48 kHz mono; what finds no room is dropped */
void play_live_give(PlayLive *live, const gint16 *frames, gsize n_frames);

/** play_live_wait_us: waits so long, or until it is not wanted any more */
void play_live_wait_us(PlayLive *live, gint64 span_us);

/**
 * play_live_wait_for_room:
 *
 * For a far end that can be held back: waits while twice as much is held as should be, or until
 * it is not wanted any more.
 */
void play_live_wait_for_room(PlayLive *live);

/** play_live_end: nothing more will be given; the source is over when what is held has sounded
 */
void play_live_end(PlayLive *live);

/**
 * play_source_live_new:
 * @self: (transfer full): of @bringer
 *
 * Begins to bring when it is prepared, and ends when it is cancelled, or after play_live_end().
 */
PlaySource *play_source_live_new(const PlayBringer *bringer, gpointer self);

/**
 * play_source_live_bringer:
 * @self: of any class
 *
 * Returns: (nullable) (transfer none): what @self was made with; NULL: it is none of @bringer
 */
gpointer play_source_live_bringer(PlaySource *self, const PlayBringer *bringer);

/** play_source_live_count: Returns: how many frames came so far, modulo 2^32 */
guint play_source_live_count(PlaySource *self);

/** play_source_live_is_held: Returns: whether the far end waits for room, so that nothing can
 * come as long as nobody reads */
gboolean play_source_live_is_held(PlaySource *self);

/**
 * play_source_live_freshen:
 *
 * Throws away what is held beyond what should be, so that the far end is not held back while
 * nobody reads. Thread: the owner's, before the writer has it.
 */
void play_source_live_freshen(PlaySource *self);

/** play_source_live_is_over: @self: of any class; Returns: whether it said play_live_end(), and
 * all of it was read */
gboolean play_source_live_is_over(PlaySource *self);

/** play_source_live_words: Returns: (transfer full) (nullable): why it was broken off last */
char *play_source_live_words(PlaySource *self);
