/*
 * server.h - HTTPS by libmicrohttpd: limits, deadlines, framing, headers; no route is known
 * here.
 *
 * Flow: sockets -> this -> SchedServerHandler in the owner's main context -> this -> sockets.
 * Thread: start, stop and the handler's calls but `plan` run in the thread of the owner's
 * context. One thread of the library per server does the network; it never waits for anything
 * else.
 *
 * The library (0.9.75) is good at connections and bad at caution, so this adds: a deadline for
 * the whole header and the whole body, refusal of two framings at once, of NUL and control
 * bytes in a header, body limits, TCP_NODELAY, and the security headers.
 */
#pragma once

#include "scheduler/web/call.h"

#define SCHED_SERVER_ERROR (sched_server_error_quark())
GQuark sched_server_error_quark(void);

typedef enum {
    SCHED_SERVER_ERROR_ADDRESS, /* cannot listen there */
    SCHED_SERVER_ERROR_TLS,     /* certificate or key unusable */
    SCHED_SERVER_ERROR_START,   /* the library refused */
} SchedServerError;

/* TLS 1.2 with forward secrecy and authenticated encryption, or newer. */
#define SCHED_SERVER_PRIORITY                                                                  \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"              \
    "-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:"                 \
    "-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%SERVER_PRECEDENCE"

/* Bytes of request line and headers; more is 414 or 431. */
#define SCHED_SERVER_MAX_HEADER_BYTES (16 * 1024)
/*
 * A refused body up to this size is read to its end, so that the refusal is not lost in the
 * reset of the connection. Who sends a larger one should ask first (Expect: 100-continue).
 */
#define SCHED_SERVER_MAX_DRAIN_BYTES (1024 * 1024)

typedef struct {
    const char *address; /* "0.0.0.0", "::", "127.0.0.1" */
    guint port;          /* 0: any free one */
    const char *chain;   /* PEM: certificate and what is above it */
    const char *key;     /* PEM */
    const char *trust;   /* (nullable) PEM: a client certificate is asked for, see call.h */
    const char *const *proxies; /* (nullable): IP addresses whose X-Forwarded-For is believed */
    const char *spool_folder;   /* for bodies in files; made if it is not there, emptied */
    guint max_connections;
    guint max_per_address;
    gint64 header_us; /* from connecting, or from the first line, to the end of the header */
    gint64 body_us;   /* for the whole body, unless its plan says otherwise */
    gint64 idle_us;   /* without any traffic */
} SchedServerOptions;

/* Defaults of the three times and the two counts. */
extern const SchedServerOptions sched_server_defaults;

typedef struct {
    /*
     * (nullable) In the owner's context, before anything but the form of the header is looked
     * at: is whoever this is answered at all? Then sched_call_proceed().
     */
    void (*greet)(SchedCall *call, gpointer data);
    /*
     * In the server's own thread, with the header only: what of the body is wanted? From const
     * tables alone. FALSE: an answer was given (404, 405, 411, 415).
     */
    gboolean (*plan)(SchedCall *call, SchedBodyPlan *out_plan, gpointer data);
    /* (nullable) In the owner's context: may the body come? Then sched_call_proceed(). */
    void (*ask)(SchedCall *call, gpointer data);
    /* In the owner's context, the body complete: to be answered, now or later. */
    void (*handle)(SchedCall *call, gpointer data);
} SchedServerHandler;

typedef struct SchedServer SchedServer;

/**
 * sched_server_start:
 * @handler: (transfer none): must outlive the server
 * @data: for the handler
 *
 * Listens and serves until sched_server_stop(); the owner's context is the thread-default one.
 */
SchedServer *sched_server_start(const SchedServerOptions *options,
                                const SchedServerHandler *handler, gpointer data,
                                GError **error);

/** sched_server_check: are certificate and key, both PEM, a pair that can be served with? */
gboolean sched_server_check(const char *chain, const char *key, GError **error);

/** sched_server_port: Returns: the port it listens on */
guint sched_server_port(SchedServer *self);

/**
 * sched_server_stop:
 * @self: (nullable) (transfer full)
 *
 * Open calls are answered with 503; connections are closed. Work that still holds a call may
 * answer it later without effect.
 */
void sched_server_stop(SchedServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedServer, sched_server_stop)
