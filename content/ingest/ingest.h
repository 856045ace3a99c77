/*
 * ingest.h - one file from outside becomes one canonical recording.
 *
 * Flow: main.c (confined) -> here: decode, measure, render, encode, and measure what came out.
 */
#pragma once

#include "content/ingest/level.h"

typedef struct {
    int input_fd;
    int output_fd; /* empty, readable and writable */
    int pcm_fd;    /* empty, without a name */
    int check_fd;  /* as pcm_fd: for decoding what was encoded */
    gint64 max_duration_s;
    gboolean trim; /* silence at both ends */
} ContentIngestJob;

typedef struct {
    gint64 duration_us;
    gint64 size_bytes;
    gint64 gain_mdb;       /* applied, in 1/1000 dB */
    gint64 loudness_mlufs; /* of the result as decoded again */
    gint64 true_peak_mdb;  /* of the result as decoded again */
    gint64 input_loudness_mlufs;
    gint64 input_true_peak_mdb;
    gint64 trimmed_start_us, trimmed_end_us;
    guint8 peaks[CONTENT_LEVEL_N_PEAKS]; /* of the result as decoded again */
} ContentIngestResult;

/**
 * content_ingest:
 * @out: (out): written on success only
 *
 * Refuses what is not audio, damaged, silent, shorter than a fifth of a second or too long.
 */
gboolean content_ingest(const ContentIngestJob *job, ContentIngestResult *out, GError **error);
