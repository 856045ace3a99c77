/*
 * server.h - HTTPS by libmicrohttpd: limits, deadlines, framing, headers; no route is known
 * here.
 *
 * Flow: sockets -> this -> ContentServerHandler in the owner's main context -> this -> sockets.
 * Thread: start, stop and the handler's calls but `plan` run in the thread of the owner's
 * context. One thread of the library per server does the network; it never waits for anything
 * else.
 *
 * The library (0.9.75) is good at connections and bad at caution, so this adds: a deadline for
 * the whole header and the whole body, refusal of two framings at once, of NUL and control
 * bytes in a header, body limits, TCP_NODELAY, and the security headers.
 */
#pragma once

#include "content/web/call.h"

#include <gnutls/gnutls.h>

#define CONTENT_SERVER_ERROR (content_server_error_quark())
GQuark content_server_error_quark(void);

typedef enum {
    CONTENT_SERVER_ERROR_ADDRESS, /* cannot listen there */
    CONTENT_SERVER_ERROR_TLS,     /* certificate or key unusable */
    CONTENT_SERVER_ERROR_START,   /* the library refused */
} ContentServerError;

/* TLS 1.2 with forward secrecy and authenticated encryption, or newer. */
#define CONTENT_SERVER_PRIORITY                                                                \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"              \
    "-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:"                 \
    "-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%SERVER_PRECEDENCE"

/* Bytes of request line and headers; more is 414 or 431. */
#define CONTENT_SERVER_MAX_HEADER_BYTES (16 * 1024)
/*
 * A refused body up to this size is read to its end, so that the refusal is not lost in the
 * reset of the connection. Who sends a larger one should ask first (Expect: 100-continue).
 */
#define CONTENT_SERVER_MAX_DRAIN_BYTES (1024 * 1024)

/*
 * Who showed a client certificate, as the TLS of @session verified it; in the server's own
 * thread. FALSE: the error says why there is no verified peer. The three are (transfer full).
 */
typedef gboolean (*ContentServerIdentifyFunc)(gnutls_session_t session, char **out_name,
                                              char **out_serial, char **out_certificate,
                                              GError **error);

typedef struct {
    const char *address; /* "0.0.0.0", "::", "127.0.0.1" */
    guint port;          /* 0: any free one */
    const char *chain;   /* PEM: certificate and what is above it */
    const char *key;     /* PEM */
    const char *trust;   /* (nullable) PEM: a client certificate is asked for, see call.h */
    ContentServerIdentifyFunc identify; /* with `trust`: reads the certificate */
    const char *const *proxies; /* (nullable): IP addresses whose X-Forwarded-For is believed */
    const char *spool_folder;   /* for bodies in files; made if it is not there, emptied */
    guint max_connections;
    guint max_per_address;
    gint64 header_us; /* from connecting, or from the first line, to the end of the header */
    gint64 body_us;   /* for the whole body, unless its plan says otherwise */
    gint64 idle_us;   /* without any traffic */
} ContentServerOptions;

/* Defaults of the three times and the two counts. */
extern const ContentServerOptions content_server_defaults;

typedef struct {
    /*
     * (nullable) In the owner's context, before anything but the form of the header is looked
     * at: is whoever this is answered at all? Then content_call_proceed().
     */
    void (*greet)(ContentCall *call, gpointer data);
    /*
     * In the server's own thread, with the header only: what of the body is wanted? From const
     * tables alone. FALSE: an answer was given (404, 405, 411, 415).
     */
    gboolean (*plan)(ContentCall *call, ContentBodyPlan *out_plan, gpointer data);
    /* (nullable) In the owner's context: may the body come? Then content_call_proceed(). */
    void (*ask)(ContentCall *call, gpointer data);
    /* In the owner's context, the body complete: to be answered, now or later. */
    void (*handle)(ContentCall *call, gpointer data);
} ContentServerHandler;

typedef struct ContentServer ContentServer;

/**
 * content_server_start:
 * @handler: (transfer none): must outlive the server
 * @data: for the handler
 *
 * Listens and serves until content_server_stop(); the owner's context is the thread-default
 * one.
 */
ContentServer *content_server_start(const ContentServerOptions *options,
                                    const ContentServerHandler *handler, gpointer data,
                                    GError **error);

/** content_server_check: are certificate and key, both PEM, a pair that can be served with? */
gboolean content_server_check(const char *chain, const char *key, GError **error);

/** content_server_port: Returns: the port it listens on */
guint content_server_port(ContentServer *self);

/**
 * content_server_stop:
 * @self: (nullable) (transfer full)
 *
 * Open calls are answered with 503; connections are closed. Work that still holds a call may
 * answer it later without effect.
 */
void content_server_stop(ContentServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentServer, content_server_stop)
