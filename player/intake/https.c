/* https.c - see https.h */
#include "player/intake/https.h"

#include <gio/gio.h>
#include <string.h>

#define SLOW_BYTES_S 100

/* One request while curl works on it. */
typedef struct {
    CURL *handle;
    const PlayHttpsRequest *request;
    gint64 range_from; /* of the answer; -1: none */
    gboolean is_cancelled;
    GError *tls_error;
} Exchange;

CURL *
play_https_handle_new(void)
{
    static gsize once;

    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
    return curl_easy_init();
}

static CURLcode
on_tls(CURL *handle, void *context, void *data)
{
    Exchange *exchange = data;
    const PlayHttpsRequest *request = exchange->request;

    g_clear_error(&exchange->tls_error);
    return request->tls(context, request->tls_data, &exchange->tls_error)
               ? CURLE_OK
               : CURLE_ABORTED_BY_CALLBACK;
}

static size_t
on_header(char *line, size_t size, size_t n, void *data)
{
    static const char name[] = "content-range: bytes ";
    Exchange *exchange = data;
    gsize length = size * n;

    if (g_ascii_strncasecmp(line, "HTTP/", 5) == 0)
        exchange->range_from = -1;
    if (length > strlen(name) && g_ascii_strncasecmp(line, name, strlen(name)) == 0) {
        g_autofree char *value = g_strndup(line + strlen(name), length - strlen(name));

        if (g_ascii_isdigit(value[0]))
            exchange->range_from = g_ascii_strtoll(value, NULL, 10);
    }
    return length;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *data)
{
    Exchange *exchange = data;
    const PlayHttpsRequest *request = exchange->request;
    glong status = 0;

    curl_easy_getinfo(exchange->handle, CURLINFO_RESPONSE_CODE, &status);
    if (request->take(status, exchange->range_from, bytes, size * n, request->data))
        return size * n;
    exchange->is_cancelled = TRUE;
    return 0;
}

static int
on_progress(void *data, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    Exchange *exchange = data;
    const PlayHttpsRequest *request = exchange->request;

    if (request->goes_on == NULL || request->goes_on(request->data))
        return 0;
    exchange->is_cancelled = TRUE;
    return 1;
}

static void
set_limits(CURL *handle, const PlayHttpsRequest *request)
{
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long) request->connect_s);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, (long) SLOW_BYTES_S);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, (long) request->stall_s);
    curl_easy_setopt(handle, CURLOPT_MAX_RECV_SPEED_LARGE,
                     (curl_off_t) (request->rate_kbit_s * 1000 / 8));
}

static void
set_tls(CURL *handle, Exchange *exchange)
{
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_CAINFO, exchange->request->authority_path);
    curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
    /* A resumed session would not be verified again at the time that is right by now. */
    curl_easy_setopt(handle, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, on_tls);
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, exchange);
}

static void
set_callbacks(CURL *handle, Exchange *exchange)
{
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, exchange);
}

/* Returns: headers to be freed after the request. */
static struct curl_slist *
set_question(CURL *handle, const PlayHttpsRequest *request)
{
    struct curl_slist *headers = NULL;

    curl_easy_setopt(handle, CURLOPT_URL, request->url);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "loa-player/" LOA_VERSION);
    if (request->body != NULL) {
        g_autofree char *media =
            g_strconcat("Content-Type: ",
                        request->media == NULL ? "application/json" : request->media, NULL);

        headers = curl_slist_append(headers, media);
        headers = curl_slist_append(headers, "Expect:");
        /* Documents shrink to a twentieth; whoever takes them counts what comes out. */
        curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t) g_bytes_get_size(request->body));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, g_bytes_get_data(request->body, NULL));
    }
    if (request->range_from > 0) {
        g_autofree char *range = g_strdup_printf("%" G_GINT64_FORMAT "-", request->range_from);

        curl_easy_setopt(handle, CURLOPT_RANGE, range);
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    return headers;
}

static void
set_error(const Exchange *exchange, CURLcode result, const char *words, GError **error)
{
    if (exchange->tls_error != NULL)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", exchange->tls_error->message);
    else if (exchange->is_cancelled)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "broken off by us");
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                    words[0] != '\0' ? words : curl_easy_strerror(result));
}

glong
play_https_perform(CURL *handle, const PlayHttpsRequest *request, GError **error)
{
    Exchange exchange = {.handle = handle, .request = request, .range_from = -1};
    char words[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers;
    glong status = 0;
    CURLcode result;

    /* Keeps connections, forgets the options of the last request. */
    curl_easy_reset(handle);
    set_limits(handle, request);
    set_tls(handle, &exchange);
    set_callbacks(handle, &exchange);
    headers = set_question(handle, request);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words);
    result = curl_easy_perform(handle);
    if (result == CURLE_OK)
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    else
        set_error(&exchange, result, words, error);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(headers);
    g_clear_error(&exchange.tls_error);
    return status;
}
