/*
 * call.h - one request and its answer, from the last header byte to the first byte sent back.
 *
 * Flow: server.c fills it in its own thread -> the handler works on it in the owner's main
 * context -> an answer is set once -> server.c sends it.
 * Thread: reading is free from any thread once the handler has it; answering is allowed from
 * any thread, once. Counted references: work that outlives the connection keeps its call.
 */
#pragma once

#include "scheduler/web/parse.h"

#include <gio/gio.h>

typedef struct SchedCall SchedCall;

/* What a handler wants of the body. */
typedef enum {
    SCHED_BODY_NONE,   /* one byte of body is refused */
    SCHED_BODY_MEMORY, /* read into memory, up to the limit */
    SCHED_BODY_FILE,   /* read into a temporary file, up to the limit */
} SchedBodyKind;

typedef struct {
    SchedBodyKind kind;
    gint64 max_bytes;
    gint64 deadline_us; /* for the whole body; 0: the server's */
    gboolean asks;      /* ask in the owner's context before the body is taken */
} SchedBodyPlan;

SchedCall *sched_call_ref(SchedCall *self);
void sched_call_unref(SchedCall *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedCall, sched_call_unref)

/** sched_call_method: "GET"; _target: (transfer none): path and query, taken apart */
const char *sched_call_method(SchedCall *self);
const SchedTarget *sched_call_target(SchedCall *self);

/** sched_call_header: Returns: (nullable): value of a request header, whatever its case */
const char *sched_call_header(SchedCall *self, const char *name);

/** sched_call_query: Returns: (nullable): value of a member of the query */
const char *sched_call_query(SchedCall *self, const char *name);

/** sched_call_address: Returns: the peer's IP address in words */
const char *sched_call_address(SchedCall *self);

/** sched_call_raw_target: Returns: path and query as they stood in the request line */
const char *sched_call_raw_target(SchedCall *self);

/**
 * sched_call_body_hash:
 *
 * Of the bytes as they came, in memory or in a file; reckoned while they came. Once the body is
 * complete.
 *
 * Returns: SHA-256 in hex
 */
const char *sched_call_body_hash(SchedCall *self);

/** sched_call_id: Returns: name of this request, sent back as X-Request-Id */
const char *sched_call_id(SchedCall *self);

/** sched_call_peer: Returns: (nullable): name in a client certificate that was verified */
const char *sched_call_peer(SchedCall *self);

/** sched_call_peer_serial: Returns: (nullable): serial number of that certificate */
const char *sched_call_peer_serial(SchedCall *self);

/** sched_call_peer_certificate: Returns: (nullable): the certificate, PEM */
const char *sched_call_peer_certificate(SchedCall *self);

/** sched_call_peer_fault: Returns: (nullable): why there is no verified peer, in words */
const char *sched_call_peer_fault(SchedCall *self);

/** sched_call_body: Returns: (transfer none): the body in memory; empty if there is none */
GBytes *sched_call_body(SchedCall *self);

/** sched_call_body_path: Returns: (nullable): the temporary file; removed with the call */
const char *sched_call_body_path(SchedCall *self);

/** sched_call_body_size: Returns: bytes received */
gint64 sched_call_body_size(SchedCall *self);

/**
 * sched_call_set_data:
 * @data: (transfer full): the handler's own notes about this call
 */
void sched_call_set_data(SchedCall *self, gpointer data, GDestroyNotify free_data);
gpointer sched_call_data(SchedCall *self);

/** sched_call_add_header: for the answer; before it is given */
void sched_call_add_header(SchedCall *self, const char *name, const char *value);

/**
 * sched_call_answer:
 * @type: (nullable): Content-Type; NULL with an empty body
 * @body: (nullable) (transfer none)
 *
 * A second answer is ignored: the first one may be on its way.
 */
void sched_call_answer(SchedCall *self, guint status, const char *type, GBytes *body);

/**
 * sched_call_answer_file:
 * @fd: (transfer full): read from its start; closed when sent
 * @size_bytes: of the file
 * @tag: strong entity tag without quotes, for instance the hash
 *
 * 200, 206 or 416 by the request's Range and If-Range; 304 by If-None-Match.
 */
void sched_call_answer_file(SchedCall *self, const char *type, int fd, gint64 size_bytes,
                            const char *tag);

/**
 * sched_call_problem:
 * @code: a word for programs: "area-unknown"
 * @detail: (nullable): a sentence for a person
 *
 * Answers with application/problem+json (RFC 9457).
 */
void sched_call_problem(SchedCall *self, guint status, const char *code, const char *detail);

/** sched_call_problem_at: @member: (nullable): path of the body's member that is at fault */
void sched_call_problem_at(SchedCall *self, guint status, const char *code, const char *detail,
                           const char *member);

/** sched_call_proceed: the answer to being asked (SchedBodyPlan.asks): take the body */
void sched_call_proceed(SchedCall *self);
