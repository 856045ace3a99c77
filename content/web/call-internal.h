/*
 * call-internal.h - the side of a call that only server.c and call.c see.
 *
 * Thread: what stands above `lock` is written by the server's thread before a handler has the
 * call and is constant from then on; what stands below is guarded by it.
 */
#pragma once

#include "content/web/call.h"

#include <microhttpd.h>

typedef enum {
    CONTENT_VERDICT_NONE,    /* nobody has decided yet */
    CONTENT_VERDICT_PROCEED, /* take the body */
    CONTENT_VERDICT_ANSWER,  /* the answer below is to be sent */
} ContentVerdict;

typedef struct {
    guint status;
    GPtrArray *headers;  /* (owned) (element-type utf8): name, value, name, value … */
    GBytes *body;        /* (owned) (nullable) */
    int fd;              /* (owned): -1: none */
    gint64 first, count; /* part of the file */
} ContentCallAnswer;

struct ContentCall {
    gatomicrefcount refs;
    char *id;              /* (owned) */
    char *raw_target;      /* (owned): as it stood in the request line */
    char *method;          /* (owned) */
    ContentTarget *target; /* (owned) (nullable) until the header is there */
    GHashTable *headers;   /* (owned): lower-case name -> value */
    char *address;         /* (owned) */
    char *peer, *peer_serial, *peer_certificate, *peer_fault; /* (owned) (nullable) */

    ContentBodyPlan plan;
    gboolean has_begun;     /* the header was looked at */
    gboolean is_asked;      /* the handler was asked about the header: it will decide */
    gboolean is_planned;    /* what is wanted of the body is known */
    gboolean is_handed;     /* the handler has the call */
    gboolean is_discarding; /* refused: the body is only read to its end */
    GByteArray *memory;     /* (owned) (nullable): grows while the body comes */
    GBytes *body;           /* (owned) (nullable): the same, when complete */
    int body_fd;            /* (owned): -1: none */
    char *body_path;        /* (owned) (nullable) */
    GChecksum *body_sum;    /* (owned): SHA-256 of what was taken of it */
    gint64 n_received;

    GMutex lock;
    ContentVerdict verdict;
    ContentCallAnswer answer;
    struct MHD_Connection *connection; /* NULL once the connection is gone */
    gboolean is_suspended;
    gpointer data;
    GDestroyNotify free_data;
};

/** content_call_new: @raw_target: as in the request line */
ContentCall *content_call_new(const char *raw_target);

/** content_call_suspend: stops the network side until somebody decides; server's thread */
void content_call_suspend(ContentCall *self);

/** content_call_verdict: what was decided */
ContentVerdict content_call_verdict(ContentCall *self);

/** content_call_reset_verdict: after the body was allowed, the next decision is open again */
void content_call_reset_verdict(ContentCall *self);

/** content_call_gone: the connection is no more; answers have no effect from now on */
void content_call_gone(ContentCall *self);

/** content_call_take_piece: adds @n_bytes of body; %FALSE over the limit or on a full disk */
gboolean content_call_take_piece(ContentCall *self, const char *data, gsize n_bytes);

/** content_call_send: makes the library's response from the answer and queues it */
enum MHD_Result content_call_send(ContentCall *self, struct MHD_Connection *connection);
