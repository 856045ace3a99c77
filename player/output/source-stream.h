/*
 * source-stream.h - a live source from a stream on the net: an Icecast radio.
 *
 * Flow: libcurl -> ogg-decoder.h -> source-live.h. Port. Thread: see source-live.h.
 *
 * Ogg with Opus or Vorbis is played, since that is what the decoders on a player's list read;
 * MP3, AAC and HLS end with words that say so. HTTP and HTTPS alone, with the certificate
 * checked; no proxy, no user, no other protocol. A redirection is followed within the host that
 * was approved, never from HTTPS to HTTP. A name that leads into a private network is refused:
 * who wants that writes the number into the address that is approved.
 */
#pragma once

#include "player/output/source-live.h"

/* Limits on what comes from the far end. */
#define PLAY_STREAM_MAX_REDIRECTIONS 3
#define PLAY_STREAM_MAX_HEADER_BYTES (16 * 1024)
#define PLAY_STREAM_MAX_MUTE_BYTES   (512 * 1024) /* that held no frame: headers, pictures */

/**
 * play_source_stream_new:
 * @address: content_source_address_kind() calls it a stream
 */
PlaySource *play_source_stream_new(const char *address);
