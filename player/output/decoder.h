/*
 * decoder.h - bytes of a stream in, 48 kHz mono frames out, whatever kind it is of.
 *
 * Flow: source-stream.c and hls.h name the format -> ogg-decoder.h here, far-decoder.h by a
 * process of its own -> frames. Port. Thread: any one, always the same.
 */
#pragma once

#include <glib.h>

/* Called from within the functions below. Returns: whether more is wanted */
typedef gboolean (*PlayDecoderFunc)(const gint16 *frames, gsize n_frames, gpointer data);

typedef struct PlayDecoder PlayDecoder;

/**
 * play_decoder_format_of:
 * @type: (nullable): a media type as HTTP gives it, with or without parameters
 *
 * Returns: (nullable): "ogg" or one that play_decode_knows(); NULL: it is none that is played
 */
const char *play_decoder_format_of(const char *type);

/**
 * play_decoder_format_of_bytes:
 *
 * What a segment of a live playlist is, by its first bytes: servers name them as they like.
 *
 * Returns: (nullable): as play_decoder_format_of()
 */
const char *play_decoder_format_of_bytes(const guint8 *bytes, gsize n_bytes);

/**
 * play_decoder_new:
 * @format: as play_decoder_format_of() names it
 * @program: path of loa-decode
 *
 * Returns: (transfer full): NULL with %PLAY_SOURCE_ERROR_SETUP
 */
PlayDecoder *play_decoder_new(const char *format, const char *program, PlayDecoderFunc func,
                              gpointer data, GError **error);

/** play_decoder_free: @self: (nullable) (transfer full) */
void play_decoder_free(PlayDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayDecoder, play_decoder_free)

/**
 * play_decoder_push:
 *
 * Returns: %FALSE with %PLAY_SOURCE_ERROR_DECODE: free it, nothing more will come
 */
gboolean play_decoder_push(PlayDecoder *self, gconstpointer bytes, gsize n_bytes,
                           GError **error);

/** play_decoder_rest: gives the frames of what was pushed that come within @wait_ms; 0: that
 * are there */
void play_decoder_rest(PlayDecoder *self, gint wait_ms);
