/*
 * ring.c - see ring.h
 *
 * Both ends count the frames that ever passed them, modulo 2^32; each writes its own count
 * after the frames, and reads the other's before them.
 */
#include "player/output/ring.h"

#include <string.h>

struct PlayRing {
    guint n_frames;
    guint given, taken; /* atomic */
    gint16 frames[];
};

PlayRing *
play_ring_new(guint n_frames)
{
    PlayRing *self;

    g_return_val_if_fail(n_frames > 0 && (n_frames & (n_frames - 1)) == 0, NULL);
    self = g_malloc0(sizeof *self + n_frames * sizeof self->frames[0]);
    self->n_frames = n_frames;
    return self;
}

void
play_ring_free(PlayRing *self)
{
    g_free(self);
}

guint
play_ring_fill(PlayRing *self)
{
    return (guint) g_atomic_int_get(&self->given) - (guint) g_atomic_int_get(&self->taken);
}

guint
play_ring_give(PlayRing *self, const gint16 *frames, guint n_frames)
{
    guint given = (guint) g_atomic_int_get(&self->given);
    guint room = self->n_frames - play_ring_fill(self), n = MIN(n_frames, room);
    guint at = given & (self->n_frames - 1), n_first = MIN(n, self->n_frames - at);

    memcpy(self->frames + at, frames, n_first * sizeof *frames);
    memcpy(self->frames, frames + n_first, (n - n_first) * sizeof *frames);
    g_atomic_int_set(&self->given, given + n);
    return n;
}

guint
play_ring_take(PlayRing *self, gint16 *frames, guint n_frames)
{
    guint taken = (guint) g_atomic_int_get(&self->taken);
    guint fill = play_ring_fill(self), n = MIN(n_frames, fill);
    guint at = taken & (self->n_frames - 1), n_first = MIN(n, self->n_frames - at);

    if (frames != NULL) {
        memcpy(frames, self->frames + at, n_first * sizeof *frames);
        memcpy(frames + n_first, self->frames, (n - n_first) * sizeof *frames);
    }
    g_atomic_int_set(&self->taken, taken + n);
    return n;
}
