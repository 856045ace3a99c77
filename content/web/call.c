/* call.c - see call.h */
#include "content/web/call-internal.h"

#include "content/base/id.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

/*
 * What a browser is told with every answer. The policy allows nothing that is not from here and
 * nothing inline; a page that needs more is wrong.
 */
/* clang-format off */
static const char *const security_headers[] = {
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "X-Content-Type-Options", "nosniff",
    "Referrer-Policy", "no-referrer",
    "Permissions-Policy", "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy", "same-origin",
    "Cross-Origin-Resource-Policy", "same-origin",
    "Strict-Transport-Security", "max-age=31536000",
    NULL,
};
/* clang-format on */

ContentCall *
content_call_new(const char *raw_target)
{
    ContentCall *self = g_new0(ContentCall, 1);

    g_atomic_ref_count_init(&self->refs);
    g_mutex_init(&self->lock);
    self->id = content_id_new(g_get_real_time());
    self->raw_target = g_strdup(raw_target);
    self->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->answer.headers = g_ptr_array_new_with_free_func(g_free);
    self->answer.fd = -1;
    self->body_sum = g_checksum_new(G_CHECKSUM_SHA256);
    self->body_fd = -1;
    return self;
}

ContentCall *
content_call_ref(ContentCall *self)
{
    g_atomic_ref_count_inc(&self->refs);
    return self;
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void
clear_body(ContentCall *self)
{
    close_fd(&self->body_fd);
    if (self->body_path != NULL)
        unlink(self->body_path);
    g_clear_pointer(&self->body_path, g_free);
    g_clear_pointer(&self->memory, g_byte_array_unref);
    g_clear_pointer(&self->body, g_bytes_unref);
}

void
content_call_unref(ContentCall *self)
{
    if (!g_atomic_ref_count_dec(&self->refs))
        return;
    if (self->free_data != NULL)
        self->free_data(self->data);
    clear_body(self);
    close_fd(&self->answer.fd);
    g_clear_pointer(&self->answer.body, g_bytes_unref);
    g_ptr_array_unref(self->answer.headers);
    g_hash_table_unref(self->headers);
    content_target_free(self->target);
    g_checksum_free(self->body_sum);
    g_free(self->id);
    g_free(self->raw_target);
    g_free(self->method);
    g_free(self->address);
    g_free(self->peer);
    g_free(self->peer_serial);
    g_free(self->peer_certificate);
    g_free(self->peer_fault);
    g_mutex_clear(&self->lock);
    g_free(self);
}

const char *
content_call_method(ContentCall *self)
{
    return self->method;
}

const ContentTarget *
content_call_target(ContentCall *self)
{
    return self->target;
}

const char *
content_call_header(ContentCall *self, const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);

    return g_hash_table_lookup(self->headers, lower);
}

const char *
content_call_query(ContentCall *self, const char *name)
{
    return g_hash_table_lookup(self->target->query, name);
}

const char *
content_call_address(ContentCall *self)
{
    return self->address;
}

gboolean
content_call_is_from_our_page(ContentCall *self)
{
    const char *site = content_call_header(self, "Sec-Fetch-Site");
    const char *origin = content_call_header(self, "Origin");
    const char *host = content_call_header(self, "Host");
    g_autofree char *ours = g_strconcat("https://", host != NULL ? host : "", NULL);

    if (site != NULL)
        return g_str_equal(site, "same-origin");
    return g_strcmp0(origin, ours) == 0;
}

const char *
content_call_raw_target(ContentCall *self)
{
    return self->raw_target;
}

const char *
content_call_body_hash(ContentCall *self)
{
    return g_checksum_get_string(self->body_sum);
}

const char *
content_call_id(ContentCall *self)
{
    return self->id;
}

const char *
content_call_peer(ContentCall *self)
{
    return self->peer;
}

const char *
content_call_peer_serial(ContentCall *self)
{
    return self->peer_serial;
}

const char *
content_call_peer_certificate(ContentCall *self)
{
    return self->peer_certificate;
}

const char *
content_call_peer_fault(ContentCall *self)
{
    return self->peer_fault;
}

GBytes *
content_call_body(ContentCall *self)
{
    if (self->body == NULL)
        self->body = self->memory == NULL
                         ? g_bytes_new(NULL, 0)
                         : g_byte_array_free_to_bytes(g_steal_pointer(&self->memory));
    return self->body;
}

const char *
content_call_body_path(ContentCall *self)
{
    return self->body_path;
}

gint64
content_call_body_size(ContentCall *self)
{
    return self->n_received;
}

void
content_call_set_data(ContentCall *self, gpointer data, GDestroyNotify free_data)
{
    if (self->free_data != NULL)
        self->free_data(self->data);
    self->data = data;
    self->free_data = free_data;
}

gpointer
content_call_data(ContentCall *self)
{
    return self->data;
}

void
content_call_add_header(ContentCall *self, const char *name, const char *value)
{
    g_mutex_lock(&self->lock);
    if (self->verdict != CONTENT_VERDICT_ANSWER) {
        g_ptr_array_add(self->answer.headers, g_strdup(name));
        g_ptr_array_add(self->answer.headers, g_strdup(value));
    }
    g_mutex_unlock(&self->lock);
}

/* Under the lock: the decision is made, the server's thread may go on. */
static void
decide(ContentCall *self, ContentVerdict verdict)
{
    self->verdict = verdict;
    if (self->is_suspended && self->connection != NULL) {
        self->is_suspended = FALSE;
        MHD_resume_connection(self->connection);
    }
}

void
content_call_proceed(ContentCall *self)
{
    g_mutex_lock(&self->lock);
    if (self->verdict == CONTENT_VERDICT_NONE)
        decide(self, CONTENT_VERDICT_PROCEED);
    g_mutex_unlock(&self->lock);
}

static void
add_header_locked(ContentCall *self, const char *name, const char *value)
{
    g_ptr_array_add(self->answer.headers, g_strdup(name));
    g_ptr_array_add(self->answer.headers, g_strdup(value));
}

static void
answer(ContentCall *self, guint status, const char *type, GBytes *body, int fd, gint64 first,
       gint64 count)
{
    g_mutex_lock(&self->lock);
    if (self->verdict == CONTENT_VERDICT_ANSWER) {
        close_fd(&fd);
    } else {
        self->answer.status = status;
        self->answer.body = body == NULL ? NULL : g_bytes_ref(body);
        self->answer.fd = fd;
        self->answer.first = first;
        self->answer.count = count;
        if (type != NULL)
            add_header_locked(self, MHD_HTTP_HEADER_CONTENT_TYPE, type);
        decide(self, CONTENT_VERDICT_ANSWER);
    }
    g_mutex_unlock(&self->lock);
}

void
content_call_answer(ContentCall *self, guint status, const char *type, GBytes *body)
{
    answer(self, status, type, body, -1, 0, 0);
}

static gboolean
is_tag(const char *header, const char *quoted)
{
    return header != NULL && (g_str_equal(header, "*") || g_str_equal(header, quoted));
}

void
content_call_answer_file(ContentCall *self, const char *type, int fd, gint64 size_bytes,
                         const char *tag)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", tag);
    g_autofree char *range = NULL;
    const char *condition = content_call_header(self, "If-Range");
    gboolean wants_range = condition == NULL || g_str_equal(condition, quoted);
    gint64 first = 0, count = size_bytes;
    ContentRange kind =
        content_range_parse(wants_range ? content_call_header(self, "Range") : NULL, size_bytes,
                            &first, &count);

    content_call_add_header(self, MHD_HTTP_HEADER_ETAG, quoted);
    content_call_add_header(self, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    if (is_tag(content_call_header(self, "If-None-Match"), quoted)) {
        close_fd(&fd);
        answer(self, MHD_HTTP_NOT_MODIFIED, NULL, NULL, -1, 0, 0);
        return;
    }
    if (kind == CONTENT_RANGE_NONE) {
        close_fd(&fd);
        range = g_strdup_printf("bytes */%" G_GINT64_FORMAT, size_bytes);
        content_call_add_header(self, MHD_HTTP_HEADER_CONTENT_RANGE, range);
        content_call_problem(self, MHD_HTTP_RANGE_NOT_SATISFIABLE, "range",
                             "the object has no such bytes");
        return;
    }
    if (kind == CONTENT_RANGE_PART) {
        range =
            g_strdup_printf("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                            first, first + count - 1, size_bytes);
        content_call_add_header(self, MHD_HTTP_HEADER_CONTENT_RANGE, range);
    }
    answer(self, kind == CONTENT_RANGE_PART ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK, type,
           NULL, fd, first, count);
}

void
content_call_problem(ContentCall *self, guint status, const char *code, const char *detail)
{
    content_call_problem_at(self, status, code, detail, NULL);
}

void
content_call_problem_at(ContentCall *self, guint status, const char *code, const char *detail,
                        const char *member)
{
    g_autoptr(GBytes) body = NULL;
    json_t *problem =
        json_pack("{s:s, s:i, s:s, s:s}", "type", "about:blank", "status", (int) status,
                  "title", MHD_get_reason_phrase_for(status), "code", code);
    char *text;

    if (detail != NULL)
        json_object_set_new(problem, "detail", json_string(detail));
    if (member != NULL)
        json_object_set_new(problem, "member", json_string(member));
    json_object_set_new(problem, "request", json_string(self->id));
    text = json_dumps(problem, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(problem);
    body = g_bytes_new_with_free_func(text, strlen(text), free, text);
    content_call_answer(self, status, "application/problem+json", body);
}

void
content_call_suspend(ContentCall *self)
{
    g_mutex_lock(&self->lock);
    self->is_suspended = TRUE;
    MHD_suspend_connection(self->connection);
    g_mutex_unlock(&self->lock);
}

ContentVerdict
content_call_verdict(ContentCall *self)
{
    ContentVerdict verdict;

    g_mutex_lock(&self->lock);
    verdict = self->verdict;
    g_mutex_unlock(&self->lock);
    return verdict;
}

void
content_call_reset_verdict(ContentCall *self)
{
    g_mutex_lock(&self->lock);
    if (self->verdict == CONTENT_VERDICT_PROCEED)
        self->verdict = CONTENT_VERDICT_NONE;
    g_mutex_unlock(&self->lock);
}

void
content_call_gone(ContentCall *self)
{
    g_mutex_lock(&self->lock);
    self->connection = NULL;
    self->is_suspended = FALSE;
    g_mutex_unlock(&self->lock);
}

static gboolean
write_all(int fd, const char *data, gsize n_bytes)
{
    while (n_bytes > 0) {
        gssize n = write(fd, data, n_bytes);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        data += n;
        n_bytes -= (gsize) n;
    }
    return TRUE;
}

gboolean
content_call_take_piece(ContentCall *self, const char *data, gsize n_bytes)
{
    self->n_received += (gint64) n_bytes;
    if (self->n_received > self->plan.max_bytes)
        return FALSE;
    g_checksum_update(self->body_sum, (const guchar *) data, (gssize) n_bytes);
    if (self->plan.kind == CONTENT_BODY_FILE)
        return write_all(self->body_fd, data, n_bytes);
    if (self->memory == NULL)
        self->memory = g_byte_array_new();
    g_byte_array_append(self->memory, (const guint8 *) data, (guint) n_bytes);
    return TRUE;
}

static void
release_bytes(gpointer data)
{
    g_bytes_unref(data);
}

/* Bytes and descriptor change hands: the response frees them when it was sent. */
static struct MHD_Response *
make_response(ContentCall *self)
{
    ContentCallAnswer *out = &self->answer;
    gsize n_bytes = 0;
    gpointer data;
    struct MHD_Response *response;

    if (out->fd >= 0) {
        response = MHD_create_response_from_fd_at_offset64((guint64) out->count, out->fd,
                                                           (guint64) out->first);
        if (response != NULL)
            out->fd = -1;
        return response;
    }
    if (out->body == NULL)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    data = (gpointer) g_bytes_get_data(out->body, &n_bytes);
    response = MHD_create_response_from_buffer_with_free_callback_cls(n_bytes, data,
                                                                      release_bytes, out->body);
    if (response != NULL)
        out->body = NULL;
    return response;
}

static gboolean
has_header(ContentCall *self, const char *name)
{
    for (guint i = 0; i < self->answer.headers->len; i += 2) {
        if (g_ascii_strcasecmp(self->answer.headers->pdata[i], name) == 0)
            return TRUE;
    }
    return FALSE;
}

enum MHD_Result
content_call_send(ContentCall *self, struct MHD_Connection *connection)
{
    struct MHD_Response *response = make_response(self);
    GPtrArray *headers = self->answer.headers;
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    if (self->body_path != NULL)
        unlink(self->body_path); /* whoever wanted it has taken it by now */
    for (guint i = 0; i + 1 < headers->len; i += 2)
        MHD_add_response_header(response, headers->pdata[i], headers->pdata[i + 1]);
    for (gsize i = 0; security_headers[i] != NULL; i += 2)
        MHD_add_response_header(response, security_headers[i], security_headers[i + 1]);
    /* What the district knows is nobody's to keep, unless the handler says that it may be. */
    if (!has_header(self, MHD_HTTP_HEADER_CACHE_CONTROL))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Request-Id", self->id);
    result = MHD_queue_response(connection, self->answer.status, response);
    MHD_destroy_response(response);
    return result;
}
