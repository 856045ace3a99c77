/*
 * source-stream.h - a live source from a stream on the net: Icecast, or HLS.
 *
 * Flow: stream-call.h, for HLS under stream-hls.h -> decoder.h -> source-live.h. Port. Thread:
 * see source-live.h.
 *
 * Ogg with Opus or Vorbis is decoded here, since the decoders on a player's list read it; MP3
 * and AAC by loa-decode. Any other kind ends with words that say so.
 */
#pragma once

#include "player/output/source-live.h"
#include "player/output/stream-call.h"

/* Limits on what comes from the far end. */
#define PLAY_STREAM_MAX_MUTE_BYTES (512 * 1024) /* that held no frame: headers, pictures */

/**
 * play_source_stream_new:
 * @address: content_source_address_kind() calls it a stream
 * @program: path of loa-decode
 */
PlaySource *play_source_stream_new(const char *address, const char *program);
