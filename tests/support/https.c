/* https.c - see https.h */
#include "tests/support/https.h"

#include <curl/curl.h>
#include <poll.h>
#include <string.h>

typedef struct {
    GThreadFunc work;
    gpointer data;
    gint is_done;
    GMainContext *context;
} Aside;

static gpointer
run_aside(gpointer data)
{
    Aside *aside = data;

    aside->work(aside->data);
    g_atomic_int_set(&aside->is_done, 1);
    g_main_context_wakeup(aside->context);
    return NULL;
}

void
test_run_aside(GThreadFunc work, gpointer data)
{
    Aside aside = {work, data, 0, g_main_context_ref_thread_default()};
    GThread *thread = g_thread_new("test-client", run_aside, &aside);

    while (g_atomic_int_get(&aside.is_done) == 0)
        g_main_context_iteration(aside.context, TRUE);
    g_thread_join(thread);
    g_main_context_unref(aside.context);
}

void
test_answer_free(TestAnswer *answer)
{
    if (answer == NULL)
        return;
    g_free(answer->headers);
    g_free(answer->failure);
    g_string_free(answer->body, TRUE);
    g_free(answer);
}

char *
test_answer_header(const TestAnswer *answer, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(answer->headers, "\r\n", -1);
    gsize n = strlen(name);

    for (gsize i = 0; lines[i] != NULL; i++) {
        if (g_ascii_strncasecmp(lines[i], name, n) == 0 && lines[i][n] == ':')
            return g_strdup(g_strstrip(lines[i] + n + 1));
    }
    return NULL;
}

static void
set_blob(CURL *curl, CURLoption option, const char *pem)
{
    struct curl_blob blob = {(void *) pem, strlen(pem), CURL_BLOB_NOCOPY};

    curl_easy_setopt(curl, option, &blob);
}

static CURL *
open_curl(const TestHttps *peer, const char *path)
{
    CURL *curl = curl_easy_init();
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%u%s", peer->port, path);

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 60000L);
    set_blob(curl, CURLOPT_CAINFO_BLOB, peer->authority);
    if (peer->certificate != NULL) {
        set_blob(curl, CURLOPT_SSLCERT_BLOB, peer->certificate);
        set_blob(curl, CURLOPT_SSLKEY_BLOB, peer->key);
    }
    if (peer->from != NULL)
        curl_easy_setopt(curl, CURLOPT_INTERFACE, peer->from);
    if (peer->max_tls != 0) {
        /* The client itself must be willing, or its own caution would pass for the server's. */
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, peer->max_tls | CURL_SSLVERSION_TLSv1_0);
        curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
    }
    return curl;
}

typedef struct {
    const TestHttps *peer;
    const char *method, *path;
    const char *const *headers;
    const char *body;
    gsize n_body;
    GString *in;
    TestAnswer *answer;
} Request;

static size_t
on_bytes(char *data, size_t size, size_t count, void *user_data)
{
    g_string_append_len(user_data, data, (gssize) (size * count));
    return size * count;
}

static void
set_body(CURL *curl, const Request *request)
{
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->n_body);
    }
    if (g_str_equal(request->method, "HEAD"))
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
}

static gpointer
do_request(gpointer data)
{
    Request *request = data;
    TestAnswer *answer = request->answer;
    CURL *curl = open_curl(request->peer, request->path);
    struct curl_slist *list = NULL;
    gint64 began_us = g_get_monotonic_time();
    CURLcode code;
    long status = 0;

    for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        list = curl_slist_append(list, request->headers[i]);
    set_body(curl, request);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer->body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, request->in);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer->took_us = g_get_monotonic_time() - began_us;
    answer->status = (guint) status;
    if (code != CURLE_OK)
        answer->failure = g_strdup(curl_easy_strerror(code));
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    return NULL;
}

TestAnswer *
test_https(const TestHttps *peer, const char *method, const char *path,
           const char *const *headers, const char *body, gsize n_body)
{
    TestAnswer *answer = g_new0(TestAnswer, 1);
    Request request = {peer, method, path, headers, body, n_body, g_string_new(NULL), answer};

    answer->body = g_string_new(NULL);
    test_run_aside(do_request, &request);
    answer->headers = g_string_free(request.in, FALSE);
    if (peer->seen != NULL)
        peer->seen(method, path, answer);
    return answer;
}

typedef struct {
    const TestHttps *peer;
    const TestPiece *pieces;
    gint64 patience_us, took_us;
    char *came;
} Raw;

/* Waits until the socket can be read or written; FALSE when patience has ended. */
static gboolean
await(CURL *curl, short events, gint64 until_us)
{
    curl_socket_t fd = -1;
    gint64 left_us = until_us - g_get_monotonic_time();
    struct pollfd wait = {.events = events};

    curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd);
    wait.fd = fd;
    return left_us > 0 && poll(&wait, 1, (int) (left_us / 1000) + 1) > 0;
}

static gboolean
send_piece(CURL *curl, const TestPiece *piece, gint64 until_us)
{
    const char *bytes = piece->bytes;
    gsize n_left = piece->n_bytes > 0 ? piece->n_bytes : strlen(piece->bytes);

    if (piece->pause_us > 0)
        g_usleep((gulong) piece->pause_us);
    while (n_left > 0) {
        gsize n_sent = 0;
        CURLcode code = curl_easy_send(curl, bytes, n_left, &n_sent);

        if (code == CURLE_AGAIN && await(curl, POLLOUT, until_us))
            continue;
        if (code != CURLE_OK)
            return FALSE;
        bytes += n_sent;
        n_left -= n_sent;
    }
    return TRUE;
}

static gpointer
do_raw(gpointer data)
{
    Raw *raw = data;
    CURL *curl = open_curl(raw->peer, "/");
    GString *came = g_string_new(NULL);
    gint64 began_us = g_get_monotonic_time();
    gint64 until_us = began_us + raw->patience_us;
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    code = curl_easy_perform(curl);
    for (gsize i = 0; code == CURLE_OK && raw->pieces[i].bytes != NULL; i++) {
        if (!send_piece(curl, &raw->pieces[i], until_us))
            break;
    }
    while (code == CURLE_OK) {
        char bytes[4096];
        gsize n = 0;
        CURLcode received = curl_easy_recv(curl, bytes, sizeof bytes, &n);

        if (received == CURLE_OK && n > 0)
            g_string_append_len(came, bytes, (gssize) n);
        else if (received != CURLE_AGAIN || !await(curl, POLLIN, until_us))
            break;
    }
    raw->took_us = g_get_monotonic_time() - began_us;
    raw->came = g_string_free(came, code != CURLE_OK);
    curl_easy_cleanup(curl);
    return NULL;
}

char *
test_https_raw(const TestHttps *peer, const TestPiece *pieces, gint64 patience_us,
               gint64 *out_took_us)
{
    Raw raw = {peer, pieces, patience_us, 0, NULL};

    test_run_aside(do_raw, &raw);
    if (out_took_us != NULL)
        *out_took_us = raw.took_us;
    return raw.came;
}

typedef struct {
    const TestHttps *peer;
    const char *path;
    GPtrArray *held; /* (element-type CURL) */
    guint n_connections;
    guint n_begun;
} Hold;

static gboolean
begin_download(CURL *curl, const char *path)
{
    g_autofree char *request =
        g_strdup_printf("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
    const TestPiece piece = {request};
    const gint64 until_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    char bytes[512];
    gsize n = 0;
    CURLcode code = CURLE_AGAIN;

    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    if (curl_easy_perform(curl) != CURLE_OK || !send_piece(curl, &piece, until_us))
        return FALSE;
    while (code == CURLE_AGAIN && await(curl, POLLIN, until_us))
        code = curl_easy_recv(curl, bytes, sizeof bytes, &n);
    return code == CURLE_OK && n > 12 && strncmp(bytes, "HTTP/1.1 200", 12) == 0;
}

static gpointer
do_hold(gpointer data)
{
    Hold *hold = data;

    for (guint i = 0; i < hold->n_connections; i++) {
        g_autofree char *from = g_strdup_printf("127.0.0.%u", 100 + i / 20);
        CURL *curl = open_curl(hold->peer, "/");

        curl_easy_setopt(curl, CURLOPT_INTERFACE, from);
        hold->n_begun += begin_download(curl, hold->path);
        g_ptr_array_add(hold->held, curl);
    }
    return NULL;
}

guint
test_https_hold(const TestHttps *peer, const char *path, guint n_connections,
                void (*work)(gpointer data), gpointer data)
{
    g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func(curl_easy_cleanup);
    Hold hold = {peer, path, held, n_connections, 0};

    test_run_aside(do_hold, &hold);
    work(data);
    return hold.n_begun;
}
