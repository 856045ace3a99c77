/*
 * tls.h - one TLS context for everything the station says to the district.
 *
 * Flow: broker.c (MOSQ_OPT_SSL_CTX) and fetch.c (CURLOPT_SSL_CTX_FUNCTION) use it. Port.
 * Thread: any.
 *
 * TLS 1.2 and up, only the authority of the enrolment, the station's own certificate, and a
 * verification time of our own: a clock at 1970 must not switch the checks off (DESIGN §8).
 */
#pragma once

#include <openssl/ssl.h>

#include "player/intake/identity.h"

#define PLAY_TLS_ERROR (play_tls_error_quark())
GQuark play_tls_error_quark(void);

typedef enum {
    PLAY_TLS_ERROR_FILE, /* certificate, key or authority cannot be used */
} PlayTlsError;

/* Returns: UTC µs at which certificates are judged: max(clock, floor). Any thread. */
typedef gint64 (*PlayTlsTimeFunc)(gpointer data);

/**
 * play_tls_prepare:
 * @context: fresh; its verification is set up completely
 * @host: (nullable): name or address the peer's certificate must have; NULL: the caller's
 *   library checks it
 * @now_us: verification time
 */
gboolean play_tls_prepare(SSL_CTX *context, const PlayIdentity *identity, const char *host,
                          gint64 now_us, GError **error);

/** play_tls_error_words: Returns: (transfer full): OpenSSL's queue as one line, emptied */
char *play_tls_error_words(void);
