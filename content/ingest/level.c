/* level.c - see level.h */
#include "content/ingest/level.h"

#include "content/ingest/decode.h"

#include <ebur128.h>
#include <math.h>

#define CHUNK_FRAMES 4800
/* BS.1770 gates blocks of 0.4 s; a shorter gong is measured as if it went on. */
#define SHORTEST_FRAMES (CONTENT_INGEST_RATE / 2)
/* 5 ms: shorter clicks, longer is heard as pumping before a plosive. */
#define LOOK_AHEAD       240
#define RELEASE_S        0.15
#define TRIM_BELOW_LU    35.0
#define TRIM_FLOOR_DB    (-70.0)
#define TRIM_BLOCK       480 /* 10 ms */
#define TRIM_KEEP_BEFORE (CONTENT_INGEST_RATE / 20)
#define TRIM_KEEP_AFTER  (CONTENT_INGEST_RATE * 3 / 20)

static double
to_linear(double db)
{
    return pow(10.0, db / 20.0);
}

static gboolean
meter_add(const float *frames, gsize n_frames, gpointer data, GError **error)
{
    return ebur128_add_frames_float(data, frames, n_frames) == EBUR128_SUCCESS;
}

static ebur128_state *
meter_new(int mode)
{
    return ebur128_init(1, CONTENT_INGEST_RATE, mode);
}

static ContentLevel
meter_end(ebur128_state *meter)
{
    ContentLevel level = {-HUGE_VAL, -HUGE_VAL};
    double peak = 0;

    ebur128_loudness_global(meter, &level.loudness_lufs);
    if (ebur128_true_peak(meter, 0, &peak) == EBUR128_SUCCESS)
        level.true_peak_dbtp = 20.0 * log10(peak);
    ebur128_destroy(&meter);
    return level;
}

static guint
repeats(gsize n_frames)
{
    return n_frames == 0 || n_frames >= SHORTEST_FRAMES
               ? 1
               : (guint) (SHORTEST_FRAMES / n_frames + 1);
}

ContentLevel
content_level_measure(const float *frames, gsize n_frames)
{
    ebur128_state *meter = meter_new(EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);

    for (guint i = 0; i < repeats(n_frames); i++)
        meter_add(frames, n_frames, meter, NULL);
    return meter_end(meter);
}

void
content_level_peaks(const float *frames, gsize n_frames, guint8 *out)
{
    for (gsize i = 0; i < CONTENT_LEVEL_N_PEAKS; i++) {
        gsize end = (i + 1) * n_frames / CONTENT_LEVEL_N_PEAKS;
        float most = 0;

        for (gsize k = i * n_frames / CONTENT_LEVEL_N_PEAKS; k < end; k++)
            most = MAX(most, fabsf(frames[k]));
        out[i] = (guint8) lrintf(MIN(most, 1.0f) * 255);
    }
}

double
content_level_rendered_lufs(const float *frames, gsize n_frames, double gain_db,
                            double ceiling_db)
{
    ebur128_state *meter = meter_new(EBUR128_MODE_I);

    for (guint i = 0; i < repeats(n_frames); i++)
        content_level_render(frames, n_frames, gain_db, ceiling_db, meter_add, meter, NULL);
    return meter_end(meter).loudness_lufs;
}

/*
 * The limiter. For each frame: the factor that its peak needs; the least of those over the next
 * LOOK_AHEAD frames; let go slowly; averaged over the last LOOK_AHEAD frames. Every averaged
 * factor had seen the peak, so the average is never above what the peak needs.
 */
typedef struct {
    const float *frames;
    gsize n_frames;
    double gain, ceiling, release;
    gsize at;                    /* next frame that enters the window */
    gsize queue[LOOK_AHEAD + 1]; /* ring of frames with ever larger factors */
    guint first, n_queued;
    double held;                  /* the least factor, let go slowly */
    double past[LOOK_AHEAD], sum; /* ring of the last held factors */
    gsize out;                    /* next frame to come out */
} Limiter;

static double
needed(const Limiter *self, gsize at)
{
    double peak = fabs(self->frames[at]) * self->gain;

    return peak > self->ceiling ? self->ceiling / peak : 1.0;
}

static void
limiter_enter(Limiter *self, gsize at)
{
    double factor = needed(self, at);

    while (self->n_queued > 0) {
        guint last = (self->first + self->n_queued - 1) % (LOOK_AHEAD + 1);

        if (needed(self, self->queue[last]) < factor)
            break;
        self->n_queued--;
    }
    self->queue[(self->first + self->n_queued) % (LOOK_AHEAD + 1)] = at;
    self->n_queued++;
}

static double
limiter_next(Limiter *self)
{
    gsize window_end = MIN(self->out + LOOK_AHEAD, self->n_frames);
    double least;
    guint slot = (guint) (self->out % LOOK_AHEAD);

    for (; self->at < window_end; self->at++)
        limiter_enter(self, self->at);
    if (self->queue[self->first] < self->out) {
        self->first = (self->first + 1) % (LOOK_AHEAD + 1);
        self->n_queued--;
    }
    least = needed(self, self->queue[self->first]);
    self->held = MIN(least, self->held + (1.0 - self->held) * self->release);
    self->sum += self->held - self->past[slot];
    self->past[slot] = self->held;
    return self->frames[self->out++] * self->gain * self->sum / LOOK_AHEAD;
}

static void
limiter_init(Limiter *self, const float *frames, gsize n_frames, double gain_db,
             double ceiling_db)
{
    *self = (Limiter){.frames = frames,
                      .n_frames = n_frames,
                      .gain = to_linear(gain_db),
                      .ceiling = to_linear(ceiling_db),
                      .release = 1.0 - exp(-1.0 / (RELEASE_S * CONTENT_INGEST_RATE)),
                      .held = 1.0,
                      .sum = LOOK_AHEAD};
    for (guint i = 0; i < LOOK_AHEAD; i++)
        self->past[i] = 1.0;
    /* A peak in the first frames has no past to fade in from: hold what they need from the
     * start. */
    for (gsize i = 0; i < MIN(n_frames, LOOK_AHEAD); i++)
        self->held = MIN(self->held, needed(self, i));
    for (guint i = 0; i < LOOK_AHEAD; i++)
        self->past[i] = self->held;
    self->sum = self->held * LOOK_AHEAD;
}

gboolean
content_level_render(const float *frames, gsize n_frames, double gain_db, double ceiling_db,
                     ContentSoundFunc func, gpointer data, GError **error)
{
    g_autofree float *chunk = g_new(float, CHUNK_FRAMES);
    Limiter limiter;

    limiter_init(&limiter, frames, n_frames, gain_db, ceiling_db);
    for (gsize done = 0; done < n_frames;) {
        gsize n = MIN(n_frames - done, CHUNK_FRAMES);

        for (gsize i = 0; i < n; i++)
            chunk[i] = (float) limiter_next(&limiter);
        if (!func(chunk, n, data, error))
            return FALSE;
        done += n;
    }
    return TRUE;
}

static gboolean
is_silent(const float *frames, gsize n_frames, double threshold)
{
    double power = 0;

    for (gsize i = 0; i < n_frames; i++)
        power += (double) frames[i] * frames[i];
    return power < threshold * threshold * (double) n_frames;
}

void
content_level_trim(const float *frames, gsize n_frames, double loudness_lufs, gsize *out_first,
                   gsize *out_n_frames)
{
    double threshold = to_linear(MAX(loudness_lufs - TRIM_BELOW_LU, TRIM_FLOOR_DB));
    gsize first = 0, end = n_frames;

    while (first < end && is_silent(frames + first, MIN(TRIM_BLOCK, end - first), threshold))
        first += MIN(TRIM_BLOCK, end - first);
    while (end > first && is_silent(frames + end - MIN(TRIM_BLOCK, end - first),
                                    MIN(TRIM_BLOCK, end - first), threshold))
        end -= MIN(TRIM_BLOCK, end - first);
    if (first == end) {
        *out_first = *out_n_frames = 0;
        return;
    }
    first -= MIN(first, TRIM_KEEP_BEFORE);
    end = MIN(end + TRIM_KEEP_AFTER, n_frames);
    *out_first = first;
    *out_n_frames = end - first;
}
