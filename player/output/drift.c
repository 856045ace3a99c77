/* drift.c - see drift.h */
#include "player/output/drift.h"

#include "player/output/source.h"

#include <math.h>
#include <string.h>

/* A new measurement weighs a sixteenth: at 10 turns a second the jitter of a card whose
 * position moves in steps of 1 ms is smoothed to some frames. */
#define WEIGHT 0.0625
/* 0.17 ms: less is not worth a touch. */
#define STRETCH_ABOVE_FRAMES 8
/* 50 ms: stretching would take seconds; the clocks did not drift, they were torn apart. */
#define TORN_ABOVE_FRAMES 2400

gint64
play_frame_of_us(gint64 us)
{
    return (us * (PLAY_RATE / 1000) + 500) / 1000;
}

gint64
play_us_of_frames(gint64 n_frames)
{
    return n_frames * 1000 / (PLAY_RATE / 1000);
}

void
play_drift_forget(PlayDrift *drift)
{
    *drift = (PlayDrift){0};
}

void
play_drift_add(PlayDrift *drift, gdouble late_frames)
{
    if (!drift->is_known)
        drift->late_frames = late_frames;
    else
        drift->late_frames += WEIGHT * (late_frames - drift->late_frames);
    drift->is_known = TRUE;
}

gint64
play_drift_jump(PlayDrift *drift, gboolean is_silent)
{
    gint64 whole = lrint(drift->late_frames);

    if (!is_silent && ABS(whole) <= TORN_ABOVE_FRAMES)
        return 0;
    drift->late_frames -= (gdouble) whole;
    return whole;
}

gint
play_drift_stretch(PlayDrift *drift)
{
    gint by = 0;

    if (drift->late_frames >= STRETCH_ABOVE_FRAMES)
        by = 1;
    else if (drift->late_frames <= -STRETCH_ABOVE_FRAMES)
        by = -1;
    drift->late_frames -= by;
    return by;
}

void
play_stretch(const gint16 *from, gsize n_from, gint16 *to, gsize n_to)
{
    gdouble step = n_to < 2 ? 0 : (gdouble) (n_from - 1) / (gdouble) (n_to - 1);

    if (n_from == n_to) {
        memcpy(to, from, n_to * sizeof *to);
        return;
    }
    for (gsize i = 0; i < n_to; i++) {
        gdouble at = step * (gdouble) i;
        gsize left = MIN((gsize) at, n_from - 1), right = MIN(left + 1, n_from - 1);

        to[i] = (gint16) lrint(from[left] + (at - (gdouble) left) * (from[right] - from[left]));
    }
}
