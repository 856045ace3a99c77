/*
 * wave.h - how much sound a WAV file says it holds, and how much of it is there.
 *
 * The decoder takes what is there without a word, so a recording that was cut off on its way
 * would be aired as a shorter one. Flow: decode.h, after decoding. Port: one file, read only.
 */
#pragma once

#include <glib.h>

/**
 * content_ingest_wave_length:
 * @fd: a regular file; its position stays
 * @out_there_s: seconds of sound that are in the file
 * @out_stated_s: seconds that its header states
 *
 * The header is that of RIFF/WAVE with a PCM-like format of a constant rate. Recorders that
 * write to a pipe state no length, but 0 or nearly 2³¹ or 2³² bytes.
 *
 * Returns: %FALSE if it is no WAV file, or states no length
 */
gboolean content_ingest_wave_length(int fd, double *out_there_s, double *out_stated_s);
