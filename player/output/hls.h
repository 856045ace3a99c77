/*
 * hls.h - a live playlist read: where the next pieces of sound are.
 *
 * Flow: stream-hls.c fetches the text -> here -> it fetches what is named. Pure.
 *
 * Source: RFC 8216, HTTP Live Streaming, protocol version 7 and before, without encryption and
 * byte ranges, of which a radio has no need.
 */
#pragma once

#include <glib.h>

#define PLAY_HLS_MAX_BYTES     (64 * 1024)
#define PLAY_HLS_MAX_SEGMENTS  1000
#define PLAY_HLS_MAX_TARGET_MS (60 * 1000)

typedef struct {
    char *variant;       /* (owned) (nullable): it lists lists; the one to go on with */
    gint64 target_ms;    /* no segment is longer */
    gint64 first;        /* number of the first segment */
    GPtrArray *segments; /* (owned) (element-type utf8): addresses, relative to the list's */
    char *map;           /* (owned) (nullable): what comes before any segment */
    gboolean is_ended;   /* no more will be added */
} PlayHlsList;

/** play_hls_is_list: @type: a media type as HTTP gives it */
gboolean play_hls_is_list(const char *type);

/** play_hls_collect: appends to @text, up to PLAY_HLS_MAX_BYTES */
gboolean play_hls_collect(GString *text, const char *bytes, gsize n_bytes, GError **error);

/**
 * play_hls_parse:
 *
 * Of several lists the one for the narrowest line is taken: speech needs no more.
 *
 * Returns: (transfer full): NULL with an error that names what and in which line
 */
PlayHlsList *play_hls_parse(const char *text, GError **error);
void play_hls_list_free(PlayHlsList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayHlsList, play_hls_list_free)
