/* level.c - see level.h */
#include "player/output/level.h"

#include <math.h>
#include <stdlib.h>

#define FULL_SCALE 32768.0

static gint64
sum_squares(const gint16 *frames, gsize n_frames)
{
    gint64 sum = 0;

    for (gsize i = 0; i < n_frames; i++)
        sum += (gint64) frames[i] * frames[i];
    return sum;
}

void
play_level_add(PlayLevel *level, const gint16 *frames, gsize n_frames)
{
    level->sum_squares += sum_squares(frames, n_frames);
    level->n_frames += (gint64) n_frames;
    for (gsize i = 0; i < n_frames; i++)
        level->peak = MAX(level->peak, abs(frames[i]));
}

void
play_level_remove(PlayLevel *level, const gint16 *frames, gsize n_frames)
{
    level->sum_squares -= sum_squares(frames, n_frames);
    level->n_frames -= (gint64) n_frames;
}

/* @ratio: of amplitudes */
static gint64
ratio_to_mdb(gdouble ratio)
{
    if (ratio <= 0)
        return PLAY_LEVEL_SILENT_MDB;
    return MAX(PLAY_LEVEL_SILENT_MDB, (gint64) lrint(20000 * log10(ratio)));
}

gint64
play_level_rms_mdb(const PlayLevel *level)
{
    if (level->n_frames <= 0)
        return G_MININT64;
    return ratio_to_mdb(sqrt((gdouble) level->sum_squares / (gdouble) level->n_frames) /
                        FULL_SCALE);
}

gint64
play_level_peak_mdb(const PlayLevel *level)
{
    return level->n_frames <= 0 ? G_MININT64 : ratio_to_mdb(level->peak / FULL_SCALE);
}
