/*
 * ring.h - a bounded queue of frames from one thread to another, without a lock.
 *
 * Flow: the thread of a live source gives -> the writer thread takes. Neither ever waits for
 * the other. Thread: one giver, one taker; making and freeing belong to whoever owns both.
 */
#pragma once

#include <glib.h>

typedef struct PlayRing PlayRing;

/** play_ring_new: @n_frames: a power of two, how many it holds at most */
PlayRing *play_ring_new(guint n_frames);

/** play_ring_free: @self: (nullable) (transfer full) */
void play_ring_free(PlayRing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayRing, play_ring_free)

/** play_ring_fill: Returns: how many frames are there; the other side may change it meanwhile
 */
guint play_ring_fill(PlayRing *self);

/** play_ring_give: Returns: how many of the @n_frames found room; the giver drops the rest */
guint play_ring_give(PlayRing *self, const gint16 *frames, guint n_frames);

/**
 * play_ring_take:
 * @frames: (out) (nullable) (array length=n_frames): NULL: they are thrown away
 *
 * Returns: how many there were, at most @n_frames
 */
guint play_ring_take(PlayRing *self, gint16 *frames, guint n_frames);
