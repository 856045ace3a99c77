/*
 * decode.h - any audio GStreamer knows becomes 48 kHz mono floats in a file.
 *
 * Flow: ingest.h -> here (first pass) -> level.h. Port: GStreamer and one file.
 */
#pragma once

#include <glib.h>

#define CONTENT_INGEST_RATE 48000

/**
 * content_ingest_decode:
 * @input_fd: a regular file, opened again through /proc
 * @pcm_fd: an empty file; gets floats in the machine's order
 * @max_frames: more than this is refused as too long
 *
 * Returns: the number of frames written; -1 on error
 */
gint64 content_ingest_decode(int input_fd, int pcm_fd, gint64 max_frames, GError **error);
