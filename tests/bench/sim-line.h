/*
 * sim-line.h - one TLS connection of a simulated player: connects, reads, writes, ends.
 *
 * Thread: the loop's. Its owner holds it by value and outlives it.
 */
#pragma once

#include <openssl/ssl.h>

#include "tests/bench/sim-loop.h"

typedef struct {
    void (*up)(gpointer data); /* the handshake is done, both sides are known */
    void (*bytes)(const guint8 *bytes, gsize n_bytes, gpointer data);
    /* It is over, and may be opened again. Not called by sim_line_close(). */
    void (*down)(const char *words, gpointer data);
} SimLineEvents;

/* Where to, and as who. */
typedef struct {
    const char *host; /* a numeric address */
    guint port;
    const char *from; /* (nullable): own numeric address */
} SimLineWay;

typedef struct {
    SimLoop *loop;               /* (not owned) */
    const SimLineEvents *events; /* (not owned) */
    gpointer data;
    SSL *ssl; /* (owned) (nullable): NULL: closed */
    SimWatch watch;
    GByteArray *out; /* (owned): what the socket has not taken yet */
    gboolean is_up;
} SimLine;

void sim_line_init(SimLine *self, SimLoop *loop, const SimLineEvents *events, gpointer data);

/** sim_line_open: @context: as play_tls_prepare() made it; a reference is taken */
gboolean sim_line_open(SimLine *self, SSL_CTX *context, const SimLineWay *way, GError **error);

/** sim_line_send: sent now or as soon as the socket takes it; nothing when it is closed */
void sim_line_send(SimLine *self, const guint8 *bytes, gsize n_bytes);

void sim_line_close(SimLine *self);
void sim_line_clear(SimLine *self);
