/*
 * stream-hls.h - a radio that is a playlist of short files, one after the other (HLS).
 *
 * Flow: source-stream.c got a playlist -> this fetches it again and again (stream-call.h), and
 * what is new in it -> decoder.h -> source-live.h. Port. Thread: see source-live.h.
 */
#pragma once

#include "player/output/decoder.h"
#include "player/output/source-live.h"
#include "player/output/stream-call.h"

/* How near to the newest segment it is begun: RFC 8216 §6.3.3. */
#define PLAY_HLS_BEHIND 3
/* For so many target durations a playlist may stand still. */
#define PLAY_HLS_MAX_STILL 3
/* So many segments without a frame are no radio. */
#define PLAY_HLS_MAX_MUTE          3
#define PLAY_HLS_MAX_SEGMENT_BYTES (8 * 1024 * 1024)

/* How far it was heard, over calls: nothing is said twice where a list ends, or breaks off. */
typedef struct {
    gint64 next; /* number of the segment after the last one */
    char *last;  /* (owned) (nullable): name of the last one */
} PlayHlsPlace;

/**
 * play_stream_hls:
 * @address: of the playlist
 * @text: the playlist, as it was found there
 * @program: path of loa-decode
 * @place: of the radio; zeroed before the first call, `last` freed after the last one
 *
 * Brings sound until it is not wanted any more, or breaks off with an error in words.
 */
void play_stream_hls(PlayStreamCaller *caller, const char *address, const char *text,
                     const char *program, PlayHlsPlace *place, PlayLive *live, GError **error);
