/* signal.c - see signal.h; one table row a signal */
#include "player/output/signal.h"

#include <math.h>

#include "player/output/source.h"

#define MAX_STROKES  3
#define MAX_PARTIALS 4
/* Long enough that neither the signal's ends nor a stroke's click. */
#define FADE_S 0.01

/* A sine over the signal's own pitch. */
typedef struct {
    gdouble ratio, weight;
} Partial;

/* One note of a pattern that repeats. */
typedef struct {
    gdouble at_s, length_s, hz;
    gdouble decay_s; /* to 1/e; 0: it keeps its level */
} Stroke;

typedef struct {
    gdouble level;                  /* of full scale, at most */
    Partial partials[MAX_PARTIALS]; /* weights sum up to 1 at most, so nothing clips */
    gdouble period_s;
    Stroke strokes[MAX_STROKES]; /* one after the other; none: a sweep */
    gdouble low_hz, high_hz;     /* of a sweep: up and down once a period */
} Pattern;

/* A horn driven by a siren's wheel: odd partials. A struck bell: partials that do not fit. */
#define PARTIALS_HORN                                                                          \
    {                                                                                          \
        {1, 0.68}, {3, 0.22}, {5, 0.10},                                                       \
    }
#define PARTIALS_BELL                                                                          \
    {                                                                                          \
        {1, 0.5}, {2, 0.25}, {2.76, 0.15}, {5.4, 0.1},                                         \
    }
#define PARTIALS_PURE                                                                          \
    {                                                                                          \
        {1, 1},                                                                                \
    }

/* clang-format off */
static const Pattern patterns[PLAY_SIGNAL_N] = {
    [PLAY_SIGNAL_GONG] = { 0.9, PARTIALS_BELL, 2.5, {{ 0, 2.4, 350, 0.9 }}, 0, 0 },
    [PLAY_SIGNAL_CHIME] = { 0.9, PARTIALS_BELL, 3.0,
        {{ 0, 0.6, 880, 0.5 }, { 0.6, 0.6, 698, 0.5 }, { 1.2, 1.7, 587, 0.7 }}, 0, 0 },
    [PLAY_SIGNAL_WAIL] = { 0.9, PARTIALS_HORN, 4.0, {{ 0 }}, 500, 1100 },
    [PLAY_SIGNAL_PULSE] = { 0.9, PARTIALS_HORN, 0.6, {{ 0, 0.4, 900, 0 }}, 0, 0 },
    [PLAY_SIGNAL_DRILL] = { 0.25, PARTIALS_PURE, 2.0,
        {{ 0, 0.15, 1000, 0 }, { 0.3, 0.15, 1000, 0 }, { 0.6, 0.15, 1000, 0 }}, 0, 0 },
};
/* clang-format on */

static gdouble
fade(gdouble from_start_s, gdouble to_end_s)
{
    return CLAMP(MIN(from_start_s, to_end_s) / FADE_S, 0, 1);
}

/* @turns: of the fundamental, so far */
static gdouble
sound(const Pattern *pattern, gdouble turns)
{
    gdouble sum = 0;

    for (guint i = 0; i < MAX_PARTIALS && pattern->partials[i].weight > 0; i++)
        sum += pattern->partials[i].weight * sin(2 * G_PI * turns * pattern->partials[i].ratio);
    return sum;
}

/* A pitch that follows a cosine: its integral, in turns, has no seam between two periods. */
static gdouble
sweep(const Pattern *pattern, gdouble at_s)
{
    gdouble middle_hz = (pattern->low_hz + pattern->high_hz) / 2;
    gdouble swing_hz = (pattern->high_hz - pattern->low_hz) / 2;
    gdouble angle = 2 * G_PI * at_s / pattern->period_s;

    return sound(pattern,
                 middle_hz * at_s - swing_hz * sin(angle) * pattern->period_s / (2 * G_PI));
}

static gdouble
strokes(const Pattern *pattern, gdouble at_s)
{
    gdouble in_period_s = fmod(at_s, pattern->period_s);

    for (guint i = 0; i < MAX_STROKES && pattern->strokes[i].length_s > 0; i++) {
        const Stroke *stroke = &pattern->strokes[i];
        gdouble since_s = in_period_s - stroke->at_s;
        gdouble left_s = stroke->length_s - since_s;
        gdouble level = stroke->decay_s > 0 ? exp(-since_s / stroke->decay_s) : 1;

        if (since_s >= 0 && left_s > 0)
            return sound(pattern, stroke->hz * since_s) * level * fade(since_s, left_s);
    }
    return 0;
}

gdouble
play_signal_sample(PlaySignal signal, gint64 frame, gint64 n_frames)
{
    const Pattern *pattern = &patterns[signal];
    gdouble at_s = (gdouble) frame / PLAY_RATE;
    gdouble left_s = (gdouble) (n_frames - 1 - frame) / PLAY_RATE;
    gdouble value = pattern->low_hz > 0 ? sweep(pattern, at_s) : strokes(pattern, at_s);

    return pattern->level * fade(at_s, left_s) * value;
}
