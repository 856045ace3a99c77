/*
 * https.h - one HTTPS request to the district, with limits on everything.
 *
 * Flow: fetch.c's two workers and enrol.c use it. Port; blocks. Thread: any, one at a time.
 *
 * TLS 1.2 and up, no redirect, no proxy, no other protocol, no compressed body, and whatever
 * breaks off is an error.
 */
#pragma once

#include <curl/curl.h>

#include "player/intake/tls.h"

/* Decides about the peer: called with the SSL_CTX of each new connection. */
typedef gboolean (*PlayHttpsTlsFunc)(SSL_CTX *context, gpointer data, GError **error);

/* Called about once a second and with each piece. Returns: whether to go on. */
typedef gboolean (*PlayHttpsGoesOnFunc)(gpointer data);

/* Takes a piece of the body. @status, @range_from: of the answer; -1: no Content-Range.
 * Returns: whether it could be used. */
typedef gboolean (*PlayHttpsBodyFunc)(glong status, gint64 range_from, gconstpointer bytes,
                                      gsize n_bytes, gpointer data);

typedef struct {
    const char *url;
    const char *authority_path; /* (nullable) */
    GBytes *body;               /* (nullable): POST; NULL: GET */
    const char *media;          /* (nullable): of the body; NULL: application/json */
    gint64 range_from;          /* 0: from the beginning */
    gint64 rate_kbit_s;         /* 0: no limit */
    guint connect_s, stall_s;
    PlayHttpsTlsFunc tls;
    gpointer tls_data;
    PlayHttpsGoesOnFunc goes_on; /* (nullable) */
    PlayHttpsBodyFunc take;
    gpointer data; /* for goes_on and take */
} PlayHttpsRequest;

/** play_https_handle_new: Returns: (transfer full): keeps its connection between requests */
CURL *play_https_handle_new(void);

/**
 * play_https_perform:
 *
 * Returns: the status of the answer; 0 with @error (domain G_IO_ERROR; CANCELLED if goes_on or
 *   take ended it)
 */
glong play_https_perform(CURL *handle, const PlayHttpsRequest *request, GError **error);
