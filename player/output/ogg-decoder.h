/*
 * ogg-decoder.h - bytes of an Ogg stream in, 48 kHz mono frames out, at once.
 *
 * Flow: decoder.h pushes what the network brings -> oggdemux, opusdec or vorbisdec ->
 * frames. Port. Thread: any one; no thread of GStreamer's has a part in it, so a push returns
 * when its bytes are decoded, and nothing can pile up.
 */
#pragma once

#include "player/output/decoder.h"

typedef struct PlayOggDecoder PlayOggDecoder;

/**
 * play_ogg_decoder_new:
 *
 * After play_source_file_start().
 *
 * Returns: (transfer full): NULL with %PLAY_SOURCE_ERROR_SETUP
 */
PlayOggDecoder *play_ogg_decoder_new(PlayDecoderFunc func, gpointer data, GError **error);

/** play_ogg_decoder_free: @self: (nullable) (transfer full) */
void play_ogg_decoder_free(PlayOggDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayOggDecoder, play_ogg_decoder_free)

/**
 * play_ogg_decoder_push:
 *
 * A stream may be followed by another (a radio's next piece), of the other kind too.
 *
 * Returns: %FALSE with %PLAY_SOURCE_ERROR_DECODE: free it, nothing more will come
 */
gboolean play_ogg_decoder_push(PlayOggDecoder *self, gconstpointer bytes, gsize n_bytes,
                               GError **error);
