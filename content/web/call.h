/*
 * call.h - one request and its answer, from the last header byte to the first byte sent back.
 *
 * Flow: server.c fills it in its own thread -> the handler works on it in the owner's main
 * context -> an answer is set once -> server.c sends it.
 * Thread: reading is free from any thread once the handler has it; answering is allowed from
 * any thread, once. Counted references: work that outlives the connection keeps its call.
 */
#pragma once

#include "content/web/parse.h"

#include <gio/gio.h>

typedef struct ContentCall ContentCall;

/* What a handler wants of the body. */
typedef enum {
    CONTENT_BODY_NONE,   /* one byte of body is refused */
    CONTENT_BODY_MEMORY, /* read into memory, up to the limit */
    CONTENT_BODY_FILE,   /* read into a temporary file, up to the limit */
} ContentBodyKind;

typedef struct {
    ContentBodyKind kind;
    gint64 max_bytes;
    gint64 deadline_us; /* for the whole body; 0: the server's */
    gboolean asks;      /* ask in the owner's context before the body is taken */
} ContentBodyPlan;

ContentCall *content_call_ref(ContentCall *self);
void content_call_unref(ContentCall *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentCall, content_call_unref)

/** content_call_method: "GET"; _target: (transfer none): path and query, taken apart */
const char *content_call_method(ContentCall *self);
const ContentTarget *content_call_target(ContentCall *self);

/** content_call_header: Returns: (nullable): value of a request header, whatever its case */
const char *content_call_header(ContentCall *self, const char *name);

/** content_call_query: Returns: (nullable): value of a member of the query */
const char *content_call_query(ContentCall *self, const char *name);

/** content_call_address: Returns: the peer's IP address in words */
const char *content_call_address(ContentCall *self);

/**
 * content_call_is_from_our_page:
 *
 * A cookie comes along whoever made the browser ask. So a write that rests on one must say that
 * it was asked for by a page of ours (Sec-Fetch-Site, or else Origin).
 */
gboolean content_call_is_from_our_page(ContentCall *self);

/** content_call_raw_target: Returns: path and query as they stood in the request line */
const char *content_call_raw_target(ContentCall *self);

/**
 * content_call_body_hash:
 *
 * Of the bytes as they came, in memory or in a file; reckoned while they came. Once the body is
 * complete.
 *
 * Returns: SHA-256 in hex
 */
const char *content_call_body_hash(ContentCall *self);

/** content_call_id: Returns: name of this request, sent back as X-Request-Id */
const char *content_call_id(ContentCall *self);

/** content_call_peer: Returns: (nullable): name in a client certificate that was verified */
const char *content_call_peer(ContentCall *self);

/** content_call_peer_serial: Returns: (nullable): serial number of that certificate */
const char *content_call_peer_serial(ContentCall *self);

/** content_call_peer_certificate: Returns: (nullable): the certificate, PEM */
const char *content_call_peer_certificate(ContentCall *self);

/** content_call_peer_fault: Returns: (nullable): why there is no verified peer, in words */
const char *content_call_peer_fault(ContentCall *self);

/** content_call_body: Returns: (transfer none): the body in memory; empty if there is none */
GBytes *content_call_body(ContentCall *self);

/** content_call_body_path: Returns: (nullable): the temporary file; removed with the call */
const char *content_call_body_path(ContentCall *self);

/** content_call_body_size: Returns: bytes received */
gint64 content_call_body_size(ContentCall *self);

/**
 * content_call_set_data:
 * @data: (transfer full): the handler's own notes about this call
 */
void content_call_set_data(ContentCall *self, gpointer data, GDestroyNotify free_data);
gpointer content_call_data(ContentCall *self);

/** content_call_add_header: for the answer; before it is given */
void content_call_add_header(ContentCall *self, const char *name, const char *value);

/**
 * content_call_answer:
 * @type: (nullable): Content-Type; NULL with an empty body
 * @body: (nullable) (transfer none)
 *
 * A second answer is ignored: the first one may be on its way.
 */
void content_call_answer(ContentCall *self, guint status, const char *type, GBytes *body);

/**
 * content_call_answer_file:
 * @fd: (transfer full): read from its start; closed when sent
 * @size_bytes: of the file
 * @tag: strong entity tag without quotes, for instance the hash
 *
 * 200, 206 or 416 by the request's Range and If-Range; 304 by If-None-Match.
 */
void content_call_answer_file(ContentCall *self, const char *type, int fd, gint64 size_bytes,
                              const char *tag);

/**
 * content_call_problem:
 * @code: a word for programs: "area-unknown"
 * @detail: (nullable): a sentence for a person
 *
 * Answers with application/problem+json (RFC 9457).
 */
void content_call_problem(ContentCall *self, guint status, const char *code,
                          const char *detail);

/** content_call_problem_at: @member: (nullable): path of the body's member that is at fault */
void content_call_problem_at(ContentCall *self, guint status, const char *code,
                             const char *detail, const char *member);

/** content_call_proceed: the answer to being asked (ContentBodyPlan.asks): take the body */
void content_call_proceed(ContentCall *self);
