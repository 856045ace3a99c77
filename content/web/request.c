/*
 * request.c - one request from its first byte to its answer, in the server's own thread.
 *
 * Flow: the library calls -> header judged, body planned, perhaps asked about, taken -> the
 * call is suspended and handed to the owner's context -> answered there -> sent here.
 */
#include "content/web/server-internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

/* Who reads an answer more slowly than this is holding a connection, not reading. */
#define ANSWER_GRACE_US    (60 * G_USEC_PER_SEC)
#define ANSWER_MIN_BYTES_S 512

/* ---- the way into the owner's context ---- */

/* One of the handler's calls. */
typedef void (*Step)(ContentCall *call, gpointer data);

typedef struct {
    ContentServer *server; /* (owned) */
    ContentCall *call;     /* (owned) */
    Step step;
} Hop;

static void
hop_free(gpointer data)
{
    Hop *hop = data;

    content_call_unref(hop->call);
    content_server_unref(hop->server);
    g_free(hop);
}

static gboolean
on_hop(gpointer data)
{
    Hop *hop = data;
    ContentServer *self = hop->server;

    /* Only this thread sets it, so it cannot change under the handler's feet. */
    if (!self->is_stopping)
        hop->step(hop->call, self->data);
    return G_SOURCE_REMOVE;
}

/*
 * Stops the network side of the call and lets the owner work on it. FALSE while stopping: then
 * the call was answered on the spot. After TRUE the call belongs to the owner, who may have
 * decided already; the library calls again.
 */
static gboolean
hand_over(ContentServer *self, ContentCall *call, Step step)
{
    gboolean is_stopping;
    Hop *hop;
    GSource *source;

    g_mutex_lock(&self->lock);
    is_stopping = self->is_stopping;
    if (!is_stopping)
        content_call_suspend(call);
    g_mutex_unlock(&self->lock);
    if (is_stopping) {
        content_call_problem(call, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping", NULL);
        return FALSE;
    }
    hop = g_new0(Hop, 1);
    g_atomic_ref_count_inc(&self->refs);
    hop->server = self;
    hop->call = content_call_ref(call);
    hop->step = step;
    source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, on_hop, hop, hop_free);
    g_source_attach(source, self->context);
    g_source_unref(source);
    return TRUE;
}

/* ---- the header ---- */

typedef struct {
    ContentCall *call;
    gsize n_bytes;
    guint n_lengths, n_encodings, n_hosts;
    gboolean is_bad;
} HeaderCount;

static gboolean
is_clean_value(const char *value)
{
    for (; *value != '\0'; value++) {
        if (((guchar) *value < 0x20 && *value != '\t') || *value == 0x7f)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_token(const char *name)
{
    return *name != '\0' &&
           strspn(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") == strlen(name);
}

static enum MHD_Result
on_header(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    HeaderCount *count = data;
    g_autofree char *lower = g_ascii_strdown(name, -1);

    if (value == NULL)
        value = "";
    count->n_bytes += strlen(name) + 2 + strlen(value) + 2;
    count->n_lengths += g_str_equal(lower, "content-length");
    count->n_encodings += g_str_equal(lower, "transfer-encoding");
    count->n_hosts += g_str_equal(lower, "host");
    if (!is_token(lower) || !is_clean_value(value))
        count->is_bad = TRUE;
    /* Of a header that is there twice the last one counts; the ones that matter are refused. */
    g_hash_table_replace(count->call->headers, g_steal_pointer(&lower), g_strdup(value));
    return MHD_YES;
}

/*
 * The library ends a value at a NUL and says nothing. So the bytes it shows are counted and
 * compared with the bytes that came: more came than are shown means that some are hidden.
 */
static gboolean
hides_bytes(ContentCall *call, struct MHD_Connection *connection, const char *version,
            const HeaderCount *count)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    gsize n_line =
        strlen(call->method) + 1 + strlen(call->raw_target) + 1 + strlen(version) + 2;

    return info == NULL || info->header_size > n_line + count->n_bytes + 2;
}

static const char *
judge_framing(ContentCall *call, struct MHD_Connection *connection, const char *version)
{
    HeaderCount count = {.call = call};
    const char *encoding;

    MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, &count);
    encoding = g_hash_table_lookup(call->headers, "transfer-encoding");
    if (count.is_bad || hides_bytes(call, connection, version, &count))
        return "a header holds bytes that no header may hold";
    if (count.n_lengths > 1 || count.n_encodings > 1 || count.n_lengths + count.n_encodings > 1)
        return "the length of the body is given twice";
    if (encoding != NULL && (g_ascii_strcasecmp(encoding, "chunked") != 0 ||
                             !g_str_equal(version, MHD_HTTP_VERSION_1_1)))
        return "Transfer-Encoding must be chunked, in HTTP/1.1";
    if (count.n_hosts > 1)
        return "Host is given twice";
    return NULL;
}

static gint64
declared_length(ContentCall *call)
{
    const char *text = g_hash_table_lookup(call->headers, "content-length");

    if (text != NULL)
        return g_ascii_strtoll(text, NULL, 10);
    return g_hash_table_contains(call->headers, "transfer-encoding") ? -1 : 0;
}

static char *
address_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "?";

    if (info != NULL && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *) info->client_addr)->sin_addr, text,
                  sizeof text);
    if (info != NULL && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *) info->client_addr)->sin6_addr, text,
                  sizeof text);
    return g_strdup(g_str_has_prefix(text, "::ffff:") ? text + strlen("::ffff:") : text);
}

/*
 * Behind a proxy of ours every peer has its address; whom it speaks for it says last in a
 * header, behind whatever that one may have written there. From anybody else the header says
 * nothing.
 */
static void
find_client(ContentServer *self, ContentCall *call)
{
    const char *header = g_hash_table_lookup(call->headers, "x-forwarded-for");
    const char *comma = header == NULL ? NULL : strrchr(header, ',');
    g_autofree char *last = g_strdup(comma != NULL ? comma + 1 : header);

    if (last == NULL || self->proxies == NULL ||
        !g_strv_contains((const char *const *) self->proxies, call->address) ||
        !g_hostname_is_ip_address(g_strstrip(last)))
        return;
    g_free(call->address);
    call->address = g_steal_pointer(&last);
}

static void
identify_peer(ContentServer *self, ContentCall *call, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    g_autoptr(GError) error = NULL;

    if (info == NULL || info->tls_session == NULL)
        call->peer_fault = g_strdup("client certificate: no TLS");
    else if (!self->identify(info->tls_session, &call->peer, &call->peer_serial,
                             &call->peer_certificate, &error))
        call->peer_fault = g_strdup(error->message);
}

/* ---- one request, step by step ---- */

static ContentLink *
link_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info->socket_context;
}

static void
set_deadline(ContentServer *self, struct MHD_Connection *connection, gint64 in_us)
{
    content_links_set_deadline(self->links, link_of(connection),
                               in_us == 0 ? 0 : g_get_monotonic_time() + in_us);
}

/* Refused for its form: nothing after it on this connection can be trusted to begin anew. */
static void
refuse_form(ContentCall *call, guint status, const char *code, const char *detail)
{
    content_call_add_header(call, MHD_HTTP_HEADER_CONNECTION, "close");
    content_call_problem(call, status, code, detail);
}

static gboolean
read_header(ContentServer *self, ContentCall *call, struct MHD_Connection *connection,
            const char *version)
{
    const char *fault = judge_framing(call, connection, version);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    find_client(self, call);
    call->target = content_target_parse(call->raw_target);
    if (fault != NULL)
        refuse_form(call, MHD_HTTP_BAD_REQUEST, "framing", fault);
    else if (info->header_size > CONTENT_SERVER_MAX_HEADER_BYTES)
        refuse_form(call, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "header-too-large", NULL);
    else if (call->target == NULL)
        refuse_form(call, MHD_HTTP_BAD_REQUEST, "target", "the address is malformed");
    else if (self->identify != NULL)
        identify_peer(self, call, connection);
    return content_call_verdict(call) == CONTENT_VERDICT_NONE;
}

static gboolean
open_body_file(ContentServer *self, ContentCall *call)
{
    g_autofree char *path = g_build_filename(self->spool_folder, "body-XXXXXX", NULL);

    call->body_fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (call->body_fd >= 0)
        call->body_path = g_steal_pointer(&path);
    return call->body_fd >= 0;
}

/* @max_bytes: 0: none is expected */
static char *
too_large(gint64 max_bytes)
{
    return max_bytes == 0 ? g_strdup("no body is expected here")
                          : g_strdup_printf("it is too large: at most %" G_GINT64_FORMAT
                                            " bytes are taken here",
                                            max_bytes);
}

static gboolean
plan_body(ContentServer *self, ContentCall *call)
{
    gint64 length = declared_length(call);

    if (!self->handler->plan(call, &call->plan, self->data))
        return FALSE;
    if (call->plan.kind == CONTENT_BODY_NONE)
        call->plan.max_bytes = 0;
    if (length > call->plan.max_bytes || (length < 0 && call->plan.kind == CONTENT_BODY_NONE)) {
        g_autofree char *words = too_large(call->plan.max_bytes);

        content_call_problem(call, MHD_HTTP_CONTENT_TOO_LARGE, "body-too-large", words);
        return FALSE;
    }
    if (call->plan.kind == CONTENT_BODY_FILE && !open_body_file(self, call)) {
        content_call_problem(call, MHD_HTTP_INSUFFICIENT_STORAGE, "disk", g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

/* A refusal that overtakes a small body would be lost in the reset of the connection. */
static gboolean
must_drain(ContentCall *call)
{
    gint64 length = declared_length(call);

    return length > 0 && length <= CONTENT_SERVER_MAX_DRAIN_BYTES &&
           !g_hash_table_contains(call->headers, "expect") && call->target != NULL;
}

static enum MHD_Result
send_answer(ContentServer *self, ContentCall *call, struct MHD_Connection *connection)
{
    gint64 n_bytes = call->answer.fd >= 0 ? call->answer.count : 0;

    set_deadline(self, connection,
                 ANSWER_GRACE_US + n_bytes * (G_USEC_PER_SEC / ANSWER_MIN_BYTES_S));
    return content_call_send(call, connection);
}

/*
 * Decided with the header alone. The library closes a connection on which it is answered before
 * it has asked for the body, even where there is none: a page of thirty files would be thirty
 * handshakes. So a request without a body is answered when the library comes for the end of it.
 */
static enum MHD_Result
answer_early(ContentServer *self, ContentCall *call, struct MHD_Connection *connection)
{
    if (declared_length(call) == 0)
        return MHD_YES;
    if (!must_drain(call))
        return send_answer(self, call, connection);
    call->is_discarding = TRUE;
    set_deadline(self, connection, self->body_us);
    return MHD_YES;
}

/* Before the body: @step decides, and the library calls again. FALSE: decided on the spot. */
static gboolean
consult(ContentServer *self, ContentCall *call, struct MHD_Connection *connection, Step step)
{
    call->is_asked = TRUE;
    set_deadline(self, connection, 0);
    return hand_over(self, call, step);
}

/* The header is complete; called again each time after the handler was asked. */
static enum MHD_Result
begin_request(ContentServer *self, ContentCall *call, struct MHD_Connection *connection,
              const char *method, const char *version)
{
    if (call->is_asked && content_call_verdict(call) == CONTENT_VERDICT_NONE)
        return MHD_YES; /* woken for nothing */
    if (call->method == NULL) {
        call->method = g_strdup(method);
        call->address = address_of(connection);
        if (!read_header(self, call, connection, version))
            return send_answer(self, call, connection);
        if (self->handler->greet != NULL &&
            consult(self, call, connection, self->handler->greet))
            return MHD_YES;
    }
    if (!call->is_planned && content_call_verdict(call) != CONTENT_VERDICT_ANSWER) {
        call->is_planned = TRUE;
        content_call_reset_verdict(call);
        if (plan_body(self, call) && call->plan.asks &&
            consult(self, call, connection, self->handler->ask))
            return MHD_YES;
    }
    call->has_begun = TRUE;
    if (content_call_verdict(call) == CONTENT_VERDICT_ANSWER)
        return answer_early(self, call, connection);
    content_call_reset_verdict(call);
    set_deadline(self, connection,
                 call->plan.deadline_us > 0 ? call->plan.deadline_us : self->body_us);
    return MHD_YES;
}

static enum MHD_Result
take_body(ContentCall *call, const char *data, gsize n_bytes)
{
    const gint64 drain_limit = call->plan.max_bytes + CONTENT_SERVER_MAX_DRAIN_BYTES;

    if (call->is_discarding) {
        call->n_received += (gint64) n_bytes;
        return call->n_received <= drain_limit ? MHD_YES : MHD_NO;
    }
    if (content_call_take_piece(call, data, n_bytes))
        return MHD_YES;
    call->is_discarding = TRUE;
    if (call->n_received > call->plan.max_bytes) {
        g_autofree char *words = too_large(call->plan.max_bytes);

        refuse_form(call, MHD_HTTP_CONTENT_TOO_LARGE, "body-too-large", words);
    } else {
        refuse_form(call, MHD_HTTP_INSUFFICIENT_STORAGE, "disk", g_strerror(errno));
    }
    return MHD_YES;
}

static enum MHD_Result
finish_request(ContentServer *self, ContentCall *call, struct MHD_Connection *connection)
{
    if (content_call_verdict(call) == CONTENT_VERDICT_ANSWER)
        return send_answer(self, call, connection);
    if (call->is_handed)
        return MHD_YES; /* woken for nothing */
    call->is_handed = TRUE;
    set_deadline(self, connection, 0);
    return hand_over(self, call, self->handler->handle) ? MHD_YES
                                                        : send_answer(self, call, connection);
}

enum MHD_Result
content_server_on_request(void *data, struct MHD_Connection *connection, const char *url,
                          const char *method, const char *version, const char *upload_data,
                          size_t *upload_data_size, void **request_data)
{
    ContentCall *call = *request_data;
    enum MHD_Result result;

    if (!call->has_begun)
        return begin_request(data, call, connection, method, version);
    if (*upload_data_size == 0)
        return finish_request(data, call, connection);
    result = take_body(call, upload_data, *upload_data_size);
    *upload_data_size = 0;
    return result;
}

/* The request line is there: the call is born, and the header has so much time from now on. */
void *
content_server_on_request_line(void *data, const char *target,
                               struct MHD_Connection *connection)
{
    ContentServer *self = data;
    ContentCall *call = content_call_new(target);

    call->connection = connection;
    g_mutex_lock(&self->lock);
    g_hash_table_add(self->calls, call);
    g_mutex_unlock(&self->lock);
    set_deadline(self, connection, self->header_us);
    return call;
}

void
content_server_on_completed(void *data, struct MHD_Connection *connection, void **request_data,
                            enum MHD_RequestTerminationCode code)
{
    ContentServer *self = data;
    ContentCall *call = *request_data;

    if (call == NULL)
        return;
    *request_data = NULL;
    g_mutex_lock(&self->lock);
    g_hash_table_remove(self->calls, call);
    g_mutex_unlock(&self->lock);
    content_call_gone(call);
    content_call_unref(call);
    /* For the next request on this connection: time to begin, and then for its header. */
    set_deadline(self, connection, self->idle_us + self->header_us);
}

void
content_server_on_connection(void *data, struct MHD_Connection *connection, void **socket_data,
                             enum MHD_ConnectionNotificationCode code)
{
    ContentServer *self = data;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const int on = 1;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        content_links_remove(self->links, *socket_data);
        return;
    }
    /* A small TLS answer otherwise waits for the peer's delayed acknowledgement: 43 ms. */
    setsockopt(info->connect_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *socket_data = content_links_add(self->links, info->connect_fd,
                                     g_get_monotonic_time() + self->header_us);
}
