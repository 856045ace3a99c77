/* stream-call.c - see stream-call.h */
#include "player/output/stream-call.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_S    10
#define STALL_S      10
#define STALL_BYTES  10
#define ANSWER_OK    200
#define ANSWER_MOVED 300
#define ANSWER_ERROR 400

struct PlayStreamCaller {
    char *approved; /* (owned) */
    CURL *handle;   /* (owned): keeps the connection for the next call */
};

/* One answer of the far end while curl works on it. */
typedef struct {
    CURL *handle;
    const PlayStreamListener *listener;
    gpointer data;
    gboolean is_number;  /* the address names its host by number */
    gboolean is_private; /* an address of it is of a private network */
    gboolean has_begun;
    gsize header_bytes;
    GError *error; /* (owned) (nullable): why we broke it off */
} Answer;

/* ---- where to ---- */

/* One part of an address, in lower case, or "" */
static char *
part_of(const char *address, CURLUPart part)
{
    CURLU *url = curl_url();
    char *text = NULL, *lower;

    if (curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK)
        curl_url_get(url, part, &text, CURLU_DEFAULT_PORT);
    lower = g_ascii_strdown(text == NULL ? "" : text, -1);
    curl_free(text);
    curl_url_cleanup(url);
    return lower;
}

static gboolean
has_same(const char *one, const char *other, CURLUPart part)
{
    g_autofree char *a = part_of(one, part);
    g_autofree char *b = part_of(other, part);

    return a[0] != '\0' && g_str_equal(a, b);
}

/* Within the host that was approved, and not to a way that everybody can listen on. */
static gboolean
may_follow(const char *approved, const char *to)
{
    g_autofree char *was = part_of(approved, CURLUPART_SCHEME);
    g_autofree char *is = part_of(to, CURLUPART_SCHEME);

    return has_same(approved, to, CURLUPART_HOST) &&
           (g_str_equal(is, "https") || (g_str_equal(is, "http") && g_str_equal(was, "http")));
}

static gboolean
names_a_number(const char *address)
{
    g_autofree char *host = part_of(address, CURLUPART_HOST);

    if (host[0] == '[')
        return TRUE;
    return g_hostname_is_ip_address(host);
}

/* An IPv4 address: 10/8, 172.16/12, 192.168/16, 100.64/10, 127/8, 169.254/16, 0/8, 224/3. */
static gboolean
is_public_v4(const guint8 *n)
{
    return n[0] != 0 && n[0] != 10 && n[0] != 127 && n[0] < 224 &&
           !(n[0] == 172 && (n[1] & 0xf0) == 16) && !(n[0] == 192 && n[1] == 168) &&
           !(n[0] == 100 && (n[1] & 0xc0) == 64) && !(n[0] == 169 && n[1] == 254);
}

/* Of IPv6 what is given out to the world, 2000::/3, and IPv4 that is written as IPv6: mapped
 * (RFC 4291), by NAT64 (RFC 6052) and by 6to4 (RFC 3056). */
static gboolean
is_public(const struct curl_sockaddr *address)
{
    static const guint8 mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const guint8 nat64[12] = {0, 0x64, 0xff, 0x9b};
    struct sockaddr_storage where = {0};
    const guint8 *v4 = (const guint8 *) &((struct sockaddr_in *) &where)->sin_addr;
    const guint8 *v6 = (const guint8 *) &((struct sockaddr_in6 *) &where)->sin6_addr;

    memcpy(&where, &address->addr, MIN(address->addrlen, sizeof where));
    if (address->family == AF_INET)
        return is_public_v4(v4);
    if (address->family != AF_INET6)
        return FALSE;
    if (memcmp(v6, mapped, sizeof mapped) == 0)
        return is_public_v4(v6 + sizeof mapped);
    if (memcmp(v6, nat64, sizeof nat64) == 0)
        return is_public_v4(v6 + sizeof nat64);
    if (v6[0] == 0x20 && v6[1] == 0x02)
        return is_public_v4(v6 + 2);
    return (v6[0] & 0xe0) == 0x20;
}

/* ---- what curl asks ---- */

static curl_socket_t
on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    Answer *answer = data;

    if (!answer->is_number && !is_public(address)) {
        /* Another address of the name may be a public one. */
        answer->is_private = TRUE;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A header, or what is written for people beside where it has moved to. */
static size_t
count_head(Answer *answer, size_t n_bytes)
{
    answer->header_bytes += n_bytes;
    if (answer->header_bytes <= PLAY_STREAM_MAX_HEADER_BYTES)
        return n_bytes;
    if (answer->error == NULL)
        answer->error =
            g_error_new(G_IO_ERROR, G_IO_ERROR_FAILED, "its header is longer than %d bytes",
                        PLAY_STREAM_MAX_HEADER_BYTES);
    return 0;
}

static size_t
on_header(char *line, size_t size, size_t n, void *data)
{
    return count_head(data, size * n);
}

static gboolean
begin(Answer *answer)
{
    const char *type = NULL;

    curl_easy_getinfo(answer->handle, CURLINFO_CONTENT_TYPE, &type);
    answer->has_begun =
        answer->listener->begin == NULL ||
        answer->listener->begin(type == NULL ? "" : type, answer->data, &answer->error);
    return answer->has_begun;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *data)
{
    Answer *answer = data;
    glong status = 0;

    curl_easy_getinfo(answer->handle, CURLINFO_RESPONSE_CODE, &status);
    if (status >= ANSWER_MOVED && status < ANSWER_ERROR)
        return count_head(answer, size * n);
    if (status != ANSWER_OK || (!answer->has_begun && !begin(answer)))
        return 0;
    return answer->listener->body(bytes, size * n, answer->data, &answer->error) ? size * n : 0;
}

static int
on_progress(void *data, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    Answer *answer = data;

    return answer->listener->is_wanted(answer->data) ? 0 : 1;
}

static void
set_limits(CURL *handle, const char *address)
{
    curl_easy_setopt(handle, CURLOPT_URL, address);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "loa-player/" LOA_VERSION);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_S);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, (long) STALL_BYTES);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, (long) STALL_S);
}

static void
set_callbacks(Answer *answer)
{
    CURL *handle = answer->handle;

    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, answer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, answer);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, answer);
}

/* ---- calls ---- */

/* Returns: (nullable): it is to be had there instead; NULL without an error: it is all there */
static char *
outcome(Answer *answer, CURLcode result, const char *words, GError **error)
{
    const char *to = NULL;
    glong status = 0;

    curl_easy_getinfo(answer->handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(answer->handle, CURLINFO_REDIRECT_URL, &to);
    if (answer->error != NULL)
        g_propagate_error(error, g_steal_pointer(&answer->error));
    else if (status >= ANSWER_MOVED && status < ANSWER_ERROR && to != NULL)
        return g_strdup(to);
    else if (status != 0 && status != ANSWER_OK)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "it answers with status %ld", status);
    else if (result != CURLE_OK && status == 0 && answer->is_private)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "its name leads into a private network");
    else if (result != CURLE_OK)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                    words[0] != '\0' ? words : curl_easy_strerror(result));
    return NULL;
}

static char *
call_once(PlayStreamCaller *self, const char *address, const PlayStreamListener *listener,
          gpointer data, GError **error)
{
    Answer answer = {.handle = self->handle, .listener = listener, .data = data};
    char words[CURL_ERROR_SIZE] = "";
    char *to;

    answer.is_number = names_a_number(address);
    set_limits(self->handle, address);
    set_callbacks(&answer);
    curl_easy_setopt(self->handle, CURLOPT_ERRORBUFFER, words);
    to = outcome(&answer, curl_easy_perform(self->handle), words, error);
    curl_easy_reset(self->handle); /* it points to what is ours no longer */
    return to;
}

gboolean
play_stream_caller_get(PlayStreamCaller *self, const char *address,
                       const PlayStreamListener *listener, gpointer data, char **at,
                       GError **error)
{
    g_autofree char *from = g_strdup(address);

    for (guint i = 0; i <= PLAY_STREAM_MAX_REDIRECTIONS; i++) {
        g_autofree char *to = NULL;
        GError *why = NULL;

        if (!may_follow(self->approved, from)) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        "it points to another place than was approved: %.200s", from);
            return FALSE;
        }
        to = call_once(self, from, listener, data, &why);
        if (why != NULL) {
            g_propagate_error(error, why);
            return FALSE;
        }
        if (to == NULL) {
            if (at != NULL)
                *at = g_steal_pointer(&from);
            return TRUE;
        }
        g_free(from);
        from = g_steal_pointer(&to);
    }
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "it points from place to place");
    return FALSE;
}

PlayStreamCaller *
play_stream_caller_new(const char *approved)
{
    static gsize once;
    PlayStreamCaller *self = g_new0(PlayStreamCaller, 1);

    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
    self->approved = g_strdup(approved);
    self->handle = curl_easy_init();
    return self;
}

void
play_stream_caller_free(PlayStreamCaller *self)
{
    if (self == NULL)
        return;
    curl_easy_cleanup(self->handle);
    g_free(self->approved);
    g_free(self);
}
