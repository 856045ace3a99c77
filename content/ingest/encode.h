/*
 * encode.h - the one format everything is kept and played in: Ogg/Opus, 48 kHz, mono.
 *
 * Flow: level.h renders -> here -> the object store. Port: GStreamer and one file.
 */
#pragma once

#include "content/ingest/level.h"

typedef struct ContentEncoder ContentEncoder;

/**
 * content_encoder_new:
 * @output_fd: an empty file
 */
ContentEncoder *content_encoder_new(int output_fd, GError **error);
void content_encoder_free(ContentEncoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentEncoder, content_encoder_free)

/** content_encoder_push: a ContentSoundFunc; @encoder: a ContentEncoder */
gboolean content_encoder_push(const float *frames, gsize n_frames, gpointer encoder,
                              GError **error);

/**
 * content_encoder_finish:
 *
 * Ends the stream. The serial number, which Ogg wants random, is made from the sound instead,
 * so that the same sound gives the same bytes.
 *
 * Returns: the size of the file in bytes; -1 on error
 */
gint64 content_encoder_finish(ContentEncoder *self, GError **error);
