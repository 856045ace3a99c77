/*
 * decode.h - MP3 or AAC in, as it comes; 48 kHz mono frames out.
 *
 * Flow: far-decoder.h pushes what the net brings -> one descriptor -> libavformat and
 * libavcodec -> frames on the other. Port. Runs in the confined program loa-decode alone: what
 * a stranger sends is read by a process that can do nothing else.
 *
 * libavcodec is used by itself, without GStreamer around it: MPEG-TS would bring in the whole
 * of plugins-bad, and GStreamer's own AAC decoder of plugins-bad is that library again.
 */
#pragma once

#include <glib.h>

#define PLAY_DECODE_ERROR (play_decode_error_quark())
GQuark play_decode_error_quark(void);

typedef enum {
    PLAY_DECODE_ERROR_SOUND, /* it is not what its name says, or damaged throughout */
    PLAY_DECODE_ERROR_ENDED, /* nobody takes the frames any more */
} PlayDecodeError;

/* One damaged packet after the other is no sound. */
#define PLAY_DECODE_MAX_BAD_PACKETS 200

/** play_decode_knows: @format: (nullable): "mp3", "aac" (ADTS), "mpegts" or "mp4" (fragments)
 */
gboolean play_decode_knows(const char *format);

/**
 * play_decode:
 * @format: one that play_decode_knows()
 * @in_fd: read until its end
 * @out_fd: gets 16-bit samples in the machine's order
 *
 * The first sound stream of it is decoded; what is damaged is left out.
 *
 * Returns: %TRUE at the end of @in_fd
 */
gboolean play_decode(const char *format, int in_fd, int out_fd, GError **error);
