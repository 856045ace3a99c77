/* ingest.c - see ingest.h */
#include "content/ingest/ingest.h"

#include "content/ingest/decode.h"
#include "content/ingest/encode.h"
#include "content/ingest/sandbox.h"

#include <errno.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#define SHORTEST_FRAMES (CONTENT_INGEST_RATE / 5)
/* Quieter is noise: amplifying it helps nobody. */
#define QUIETEST_LUFS (-55.0)
/* Louder than any sound a float file should hold; keeps the sums of the meter finite. */
#define LOUDEST        16.0f
#define NEAR_ENOUGH_LU 0.1
/* A codec takes away what nobody hears, and with it some loudness of noise. */
#define ACCEPTED_LU 0.3
/*
 * Sound of single clicks never gets loud enough: the limiter takes what the gain gives. So much
 * more than its own loudness asks for, and no more.
 */
#define EXTRA_GAIN_DB 12.0
#define MAX_ATTEMPTS  6
/* And so many more in which nothing but the ceiling moves, and only down. */
#define MAX_LOWERINGS 6
/* Each turn wins back most of what the limiter took. */
#define MAX_SETTLING 8
/* The encoder may end a little later than the sound. */
#define CHECK_EXTRA_S 2

/* Decoded sound, as floats mapped from its file. */
typedef struct {
    float *frames;
    gsize n_frames;
} Sound;

static void
sound_clear(Sound *self)
{
    if (self->frames != NULL)
        munmap(self->frames, self->n_frames * sizeof(float));
    self->frames = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sound, sound_clear)

static gboolean
refuse(GError **error, const char *words)
{
    g_set_error_literal(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_REFUSED, words);
    return FALSE;
}

static gboolean
fail(GError **error, const char *what)
{
    g_set_error(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED, "%s: %s", what,
                g_strerror(errno));
    return FALSE;
}

/* A float file may hold "not a number" and infinities; one of them would silence all. */
static void
make_finite(Sound *sound)
{
    for (gsize i = 0; i < sound->n_frames; i++) {
        if (!isfinite(sound->frames[i]))
            sound->frames[i] = 0;
        else
            sound->frames[i] = CLAMP(sound->frames[i], -LOUDEST, LOUDEST);
    }
}

static gboolean
sound_decode(Sound *out, int input_fd, int pcm_fd, gint64 max_frames, GError **error)
{
    gint64 n_frames;
    void *mapped;

    if (ftruncate(pcm_fd, 0) != 0 || lseek(pcm_fd, 0, SEEK_SET) != 0)
        return fail(error, "temporary file");
    n_frames = content_ingest_decode(input_fd, pcm_fd, max_frames, error);
    if (n_frames < 0)
        return FALSE;
    mapped = mmap(NULL, (gsize) n_frames * sizeof(float), PROT_READ | PROT_WRITE, MAP_PRIVATE,
                  pcm_fd, 0);
    if (mapped == MAP_FAILED)
        return fail(error, "mapping decoded sound");
    out->frames = mapped;
    out->n_frames = (gsize) n_frames;
    make_finite(out);
    return TRUE;
}

/* What is to be rendered: a part of the decoded sound, and how. */
typedef struct {
    const float *frames;
    gsize n_frames;
    double gain_db, ceiling_db;
    double max_gain_db;
    double target_lufs; /* before the codec */
} Rendering;

/* A limiter takes loudness away; more gain brings it back, as far as that goes. */
static void
settle_gain(Rendering *self)
{
    for (int i = 0; i < MAX_SETTLING; i++) {
        double missing_lu =
            self->target_lufs - content_level_rendered_lufs(self->frames, self->n_frames,
                                                            self->gain_db, self->ceiling_db);

        if (fabs(missing_lu) < NEAR_ENOUGH_LU ||
            (missing_lu > 0 && self->gain_db >= self->max_gain_db))
            return;
        self->gain_db = MIN(self->gain_db + missing_lu, self->max_gain_db);
    }
}

static gint64
encode(const ContentIngestJob *job, const Rendering *rendering, GError **error)
{
    g_autoptr(ContentEncoder) encoder = NULL;

    if (ftruncate(job->output_fd, 0) != 0 || lseek(job->output_fd, 0, SEEK_SET) != 0)
        return fail(error, "output file") - 1;
    encoder = content_encoder_new(job->output_fd, error);
    if (encoder == NULL ||
        !content_level_render(rendering->frames, rendering->n_frames, rendering->gain_db,
                              rendering->ceiling_db, content_encoder_push, encoder, error))
        return -1;
    return content_encoder_finish(encoder, error);
}

/*
 * Encodes, and measures what a player will decode: a lossy codec lifts peaks by up to a
 * decibel, so the ceiling comes down until they stay below.
 */
static gboolean
encode_checked(const ContentIngestJob *job, Rendering *rendering, ContentIngestResult *result,
               GError **error)
{
    gint64 max_frames =
        (gint64) rendering->n_frames + CHECK_EXTRA_S * (gint64) CONTENT_INGEST_RATE;

    for (int i = 0; i < MAX_ATTEMPTS + MAX_LOWERINGS; i++) {
        g_auto(Sound) sound = {0};
        ContentLevel level;
        double above_db, missing_lu;
        gboolean is_best;

        settle_gain(rendering);
        result->size_bytes = encode(job, rendering, error);
        if (result->size_bytes < 0 ||
            !sound_decode(&sound, job->output_fd, job->check_fd, max_frames, error))
            return FALSE;
        level = content_level_measure(sound.frames, sound.n_frames);
        result->loudness_mlufs = lrint(level.loudness_lufs * 1000);
        result->true_peak_mdb = lrint(level.true_peak_dbtp * 1000);
        result->duration_us = (gint64) sound.n_frames * G_USEC_PER_SEC / CONTENT_INGEST_RATE;
        above_db = level.true_peak_dbtp - CONTENT_INGEST_PEAK_DBTP;
        missing_lu = CONTENT_INGEST_LOUDNESS_LUFS - level.loudness_lufs;
        is_best = fabs(missing_lu) < ACCEPTED_LU || i >= MAX_ATTEMPTS - 1 ||
                  rendering->gain_db >= rendering->max_gain_db;
        if (above_db <= 0 && is_best) {
            content_level_peaks(sound.frames, sound.n_frames, result->peaks);
            return TRUE;
        }
        if (above_db > 0)
            rendering->ceiling_db -= above_db + 0.1;
        /* More gain lifts the peaks again: from here on they are what counts. */
        if (i < MAX_ATTEMPTS - 1)
            rendering->target_lufs += missing_lu;
        else
            rendering->max_gain_db = MIN(rendering->max_gain_db, rendering->gain_db);
    }
    return refuse(error, "its peaks cannot be brought below -1.5 dBTP");
}

static gboolean
check_level(const ContentLevel *level, gsize n_frames, GError **error)
{
    if (n_frames < SHORTEST_FRAMES)
        return refuse(error, "shorter than a fifth of a second");
    if (!(level->loudness_lufs >= QUIETEST_LUFS))
        return refuse(error, "silent, or nearly so");
    return TRUE;
}

gboolean
content_ingest(const ContentIngestJob *job, ContentIngestResult *out, GError **error)
{
    g_auto(Sound) sound = {0};
    ContentIngestResult result = {0};
    Rendering rendering = {.ceiling_db = CONTENT_INGEST_PEAK_DBTP - 0.2,
                           .target_lufs = CONTENT_INGEST_LOUDNESS_LUFS};
    ContentLevel level;
    gsize first = 0;

    if (!sound_decode(&sound, job->input_fd, job->pcm_fd,
                      job->max_duration_s * CONTENT_INGEST_RATE, error))
        return FALSE;
    level = content_level_measure(sound.frames, sound.n_frames);
    if (!check_level(&level, sound.n_frames, error))
        return FALSE;
    rendering.n_frames = sound.n_frames;
    if (job->trim)
        content_level_trim(sound.frames, sound.n_frames, level.loudness_lufs, &first,
                           &rendering.n_frames);
    if (rendering.n_frames < SHORTEST_FRAMES)
        return refuse(error, "shorter than a fifth of a second without its silence");
    rendering.frames = sound.frames + first;
    rendering.gain_db = CONTENT_INGEST_LOUDNESS_LUFS - level.loudness_lufs;
    rendering.max_gain_db = rendering.gain_db + EXTRA_GAIN_DB;
    result.input_loudness_mlufs = lrint(level.loudness_lufs * 1000);
    result.input_true_peak_mdb = lrint(level.true_peak_dbtp * 1000);
    result.trimmed_start_us = (gint64) first * G_USEC_PER_SEC / CONTENT_INGEST_RATE;
    result.trimmed_end_us = (gint64) (sound.n_frames - first - rendering.n_frames) *
                            G_USEC_PER_SEC / CONTENT_INGEST_RATE;
    if (!encode_checked(job, &rendering, &result, error))
        return FALSE;
    result.gain_mdb = lrint(rendering.gain_db * 1000);
    *out = result;
    return TRUE;
}
