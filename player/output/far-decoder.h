/*
 * far-decoder.h - bytes of MP3 or AAC in, 48 kHz mono frames out, by a process of its own.
 *
 * Flow: decoder.h pushes what the network brings -> loa-decode (player/decode), confined ->
 * frames. Port. Thread: any one, always the same.
 *
 * What is pushed is decoded a moment later: who has nothing to push takes the rest by
 * play_far_decoder_rest().
 */
#pragma once

#include "player/output/decoder.h"

typedef struct PlayFarDecoder PlayFarDecoder;

/* Where it is installed. */
#define PLAY_FAR_DECODER_PROGRAM "/usr/libexec/loa/loa-decode"
/* For so long a process may neither take bytes nor give frames. */
#define PLAY_FAR_DECODER_HANGS_MS 10000

/**
 * play_far_decoder_new:
 * @program: path of loa-decode
 * @format: see play_decode_knows()
 *
 * Returns: (transfer full): NULL with %PLAY_SOURCE_ERROR_SETUP
 */
PlayFarDecoder *play_far_decoder_new(const char *program, const char *format,
                                     PlayDecoderFunc func, gpointer data, GError **error);

/** play_far_decoder_free: @self: (nullable) (transfer full): the process is ended */
void play_far_decoder_free(PlayFarDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayFarDecoder, play_far_decoder_free)

/**
 * play_far_decoder_push:
 *
 * Frames that are ready are given from within.
 *
 * Returns: %FALSE with %PLAY_SOURCE_ERROR_DECODE: free it, nothing more will come
 */
gboolean play_far_decoder_push(PlayFarDecoder *self, gconstpointer bytes, gsize n_bytes,
                               GError **error);

/** play_far_decoder_rest: gives the frames that come within @wait_ms; 0: that are there */
void play_far_decoder_rest(PlayFarDecoder *self, gint wait_ms);
