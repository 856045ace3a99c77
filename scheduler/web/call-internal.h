/*
 * call-internal.h - the side of a call that only server.c and call.c see.
 *
 * Thread: what stands above `lock` is written by the server's thread before a handler has the
 * call and is constant from then on; what stands below is guarded by it.
 */
#pragma once

#include "scheduler/web/call.h"

#include <microhttpd.h>

typedef enum {
    SCHED_VERDICT_NONE,    /* nobody has decided yet */
    SCHED_VERDICT_PROCEED, /* take the body */
    SCHED_VERDICT_ANSWER,  /* the answer below is to be sent */
} SchedVerdict;

typedef struct {
    guint status;
    GPtrArray *headers;  /* (owned) (element-type utf8): name, value, name, value … */
    GBytes *body;        /* (owned) (nullable) */
    int fd;              /* (owned): -1: none */
    gint64 first, count; /* part of the file */
} SchedAnswer;

struct SchedCall {
    gatomicrefcount refs;
    char *id;            /* (owned) */
    char *raw_target;    /* (owned): as it stood in the request line */
    char *method;        /* (owned) */
    SchedTarget *target; /* (owned) (nullable) until the header is there */
    GHashTable *headers; /* (owned): lower-case name -> value */
    char *address;       /* (owned) */
    char *peer, *peer_serial, *peer_certificate, *peer_fault; /* (owned) (nullable) */

    SchedBodyPlan plan;
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
    SchedVerdict verdict;
    SchedAnswer answer;
    struct MHD_Connection *connection; /* NULL once the connection is gone */
    gboolean is_suspended;
    gpointer data;
    GDestroyNotify free_data;
};

/** sched_call_new: @raw_target: as in the request line */
SchedCall *sched_call_new(const char *raw_target);

/** sched_call_suspend: stops the network side until somebody decides; server's thread */
void sched_call_suspend(SchedCall *self);

/** sched_call_verdict: what was decided */
SchedVerdict sched_call_verdict(SchedCall *self);

/** sched_call_reset_verdict: after the body was allowed, the next decision is open again */
void sched_call_reset_verdict(SchedCall *self);

/** sched_call_gone: the connection is no more; answers have no effect from now on */
void sched_call_gone(SchedCall *self);

/** sched_call_take_piece: adds @n_bytes of body; %FALSE over the limit or on a full disk */
gboolean sched_call_take_piece(SchedCall *self, const char *data, gsize n_bytes);

/** sched_call_send: makes the library's response from the answer and queues it */
enum MHD_Result sched_call_send(SchedCall *self, struct MHD_Connection *connection);
