/*
 * stream-call.h - asking a radio on the net for something, within what was approved.
 *
 * Flow: source-stream.c and stream-hls.c ask -> libcurl -> the bytes, as they come. Port.
 * Thread: any one, always the same; a call returns when the answer has ended.
 *
 * HTTP and HTTPS alone, with the certificate checked; no proxy, no user, no other protocol. All
 * of it within the host that was approved, never from HTTPS to HTTP. A name that leads into a
 * private network is refused: who wants that writes the number into the address that is
 * approved.
 */
#pragma once

#include <glib.h>

/* Limits on what comes from the far end. */
#define PLAY_STREAM_MAX_REDIRECTIONS 3
#define PLAY_STREAM_MAX_HEADER_BYTES (16 * 1024)

typedef struct {
    /* Before the first byte of it. @type: its media type, "" if none. %FALSE breaks it off;
     * (nullable): anything is welcome */
    gboolean (*begin)(const char *type, gpointer data, GError **error);
    /* %FALSE breaks it off */
    gboolean (*body)(const char *bytes, gsize n_bytes, gpointer data, GError **error);
    /* Asked about once a second, also while nothing comes */
    gboolean (*is_wanted)(gpointer data);
} PlayStreamListener;

typedef struct PlayStreamCaller PlayStreamCaller;

/** play_stream_caller_new: @approved: the address that was approved */
PlayStreamCaller *play_stream_caller_new(const char *approved);
void play_stream_caller_free(PlayStreamCaller *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayStreamCaller, play_stream_caller_free)

/**
 * play_stream_caller_get:
 * @at: (out) (optional) (transfer full): where it was at last: what it names is near that
 *
 * Returns: %TRUE: it is all there; %FALSE with an error in words that follow "the stream: "
 */
gboolean play_stream_caller_get(PlayStreamCaller *self, const char *address,
                                const PlayStreamListener *listener, gpointer data, char **at,
                                GError **error);
