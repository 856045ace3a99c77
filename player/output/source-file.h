/*
 * source-file.h - a play source that decodes one Ogg/Opus file.
 *
 * Flow: content/object-store.h opens and verifies a descriptor -> this decodes from that very
 * descriptor with a fixed GStreamer pipeline -> the writer pulls frames.
 * Thread: as source.h; reading the disk and decoding happen on a thread of GStreamer.
 */
#pragma once

#include "player/output/source.h"

/**
 * play_source_file_start:
 *
 * Initialises GStreamer with exactly the plug-ins the pipeline needs, by file name: no registry
 * is read or written, nothing else is loaded. Once a process, before any thread is started; a
 * second call is a no-op.
 *
 * Returns: %FALSE with %PLAY_SOURCE_ERROR_SETUP naming every element that is missing
 */
gboolean play_source_file_start(GError **error);

/** play_source_file_start_from: as above, with the plug-ins of @folder */
gboolean play_source_file_start_from(const char *folder, GError **error);

/**
 * play_source_file_new:
 * @fd: (transfer full): a regular file, read by position, so its offset does not matter; closed
 *   in any case
 *
 * The file is one Ogg stream with one Opus stream (RFC 7845), mono as the district makes it; a
 * stereo one is mixed down. Anything else ends as %PLAY_SOURCE_FAILED with
 * %PLAY_SOURCE_ERROR_DECODE.
 *
 * Returns: (transfer full): NULL with %PLAY_SOURCE_ERROR_SETUP
 */
PlaySource *play_source_file_new(int fd, GError **error);
