/*
 * level.h - how loud a recording is, and making it as loud as all others.
 *
 * Flow: decode.h -> here (measure, then gain and limiter while encode.h takes the result).
 * Loudness and true peak by EBU R 128 / ITU-R BS.1770 (libebur128). Pure computing.
 */
#pragma once

#include <glib.h>

/* What every announcement is brought to (DESIGN §5.1). */
#define CONTENT_INGEST_LOUDNESS_LUFS (-16.0)
#define CONTENT_INGEST_PEAK_DBTP     (-1.5)

typedef struct {
    double loudness_lufs; /* integrated; -HUGE_VAL for silence */
    double true_peak_dbtp;
} ContentLevel;

/* Takes @n_frames of sound in order. Returns: FALSE to stop, with an error set by it */
typedef gboolean (*ContentSoundFunc)(const float *frames, gsize n_frames, gpointer data,
                                     GError **error);

/** content_level_measure: sound shorter than a measuring block (0.4 s) is measured repeated */
ContentLevel content_level_measure(const float *frames, gsize n_frames);

/**
 * content_level_render:
 * @gain_db: to apply
 * @ceiling_db: no sample gets above it: a limiter that looks 5 ms ahead
 * @func: gets the result piece by piece
 */
gboolean content_level_render(const float *frames, gsize n_frames, double gain_db,
                              double ceiling_db, ContentSoundFunc func, gpointer data,
                              GError **error);

/** content_level_rendered_lufs: how loud what content_level_render() gives would be */
double content_level_rendered_lufs(const float *frames, gsize n_frames, double gain_db,
                                   double ceiling_db);

/* Peaks of a recording that are kept to be drawn. */
#define CONTENT_LEVEL_N_PEAKS 800

/** content_level_peaks: @out: (array length=CONTENT_LEVEL_N_PEAKS): of as many equal pieces the
 * highest sample, 255 being full scale */
void content_level_peaks(const float *frames, gsize n_frames, guint8 *out);

/**
 * content_level_trim:
 * @loudness_lufs: of the whole
 * @out_first: (out): first frame to keep
 * @out_n_frames: (out): how many to keep; 0 if all is silence
 *
 * Silence at both ends is what stays 35 LU below the loudness; a little of it is kept.
 */
void content_level_trim(const float *frames, gsize n_frames, double loudness_lufs,
                        gsize *out_first, gsize *out_n_frames);
