/* source-stream.c - see source-stream.h */
#include "player/output/source-stream.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "player/output/ogg-decoder.h"

/* What a mobile line may hold back between two pieces. */
#define HOLD_MS      2000
#define CONNECT_S    10
#define STALL_S      10
#define STALL_BYTES  10
#define ANSWER_OK    200
#define ANSWER_MOVED 300
#define ANSWER_ERROR 400

typedef struct {
    char *address; /* (owned) */
} Stream;

/* One answer of the far end while curl works on it. */
typedef struct {
    CURL *handle;
    PlayLive *live;
    PlayOggDecoder *decoder; /* (owned) */
    gboolean is_number;      /* the address names its host by number */
    gboolean is_playable;    /* it is of a kind that is played */
    gsize header_bytes, mute_bytes;
    GError *error; /* (owned) (nullable): why we broke it off */
} Answer;

static void
answer_clear(Answer *answer)
{
    if (answer->handle != NULL)
        curl_easy_cleanup(answer->handle);
    play_ogg_decoder_free(answer->decoder);
    g_clear_error(&answer->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static CURL *
new_handle(void)
{
    static gsize once;

    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
    return curl_easy_init();
}

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

/* Of IPv6 what is given out to the world, 2000::/3, and IPv4 that is written as IPv6. */
static gboolean
is_public(const struct curl_sockaddr *address)
{
    static const guint8 mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
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
    return (v6[0] & 0xe0) == 0x20;
}

/* ---- what curl asks ---- */

static void break_off(Answer *answer, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void
break_off(Answer *answer, const char *format, ...)
{
    va_list arguments;

    if (answer->error != NULL)
        return;
    va_start(arguments, format);
    answer->error = g_error_new_valist(G_IO_ERROR, G_IO_ERROR_FAILED, format, arguments);
    va_end(arguments);
}

static curl_socket_t
on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    Answer *answer = data;

    if (!answer->is_number && !is_public(address)) {
        break_off(answer, "its name leads into a private network");
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
on_header(char *line, size_t size, size_t n, void *data)
{
    Answer *answer = data;

    answer->header_bytes += size * n;
    if (answer->header_bytes <= PLAY_STREAM_MAX_HEADER_BYTES)
        return size * n;
    break_off(answer, "its header is longer than %d bytes", PLAY_STREAM_MAX_HEADER_BYTES);
    return 0;
}

/* Before the first byte of sound: is it one of the kinds that are played? */
static gboolean
check_type(Answer *answer)
{
    static const char *const played[] = {"application/ogg", "audio/ogg", "audio/opus",
                                         "audio/vorbis", "audio/x-vorbis+ogg"};
    const char *type = NULL;
    gsize length;

    curl_easy_getinfo(answer->handle, CURLINFO_CONTENT_TYPE, &type);
    length = type == NULL ? 0 : strcspn(type, "; ");
    for (gsize i = 0; i < G_N_ELEMENTS(played); i++) {
        answer->is_playable |=
            length == strlen(played[i]) && g_ascii_strncasecmp(type, played[i], length) == 0;
    }
    if (answer->is_playable)
        return TRUE;
    break_off(answer, "it sends '%.*s'; only Ogg with Opus or Vorbis is played",
              (int) MIN(length, 60), type == NULL ? "" : type);
    return FALSE;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *data)
{
    Answer *answer = data;
    g_autoptr(GError) error = NULL;
    glong status = 0;

    curl_easy_getinfo(answer->handle, CURLINFO_RESPONSE_CODE, &status);
    if (status != ANSWER_OK || (!answer->is_playable && !check_type(answer)))
        return 0;
    answer->mute_bytes += size * n;
    if (answer->mute_bytes > PLAY_STREAM_MAX_MUTE_BYTES)
        break_off(answer, "%d bytes of it held no sound", PLAY_STREAM_MAX_MUTE_BYTES);
    else if (!play_ogg_decoder_push(answer->decoder, bytes, size * n, &error))
        break_off(answer, "%s", error->message);
    return answer->error == NULL ? size * n : 0;
}

static void
on_frames(const gint16 *frames, gsize n_frames, gpointer data)
{
    Answer *answer = data;

    answer->mute_bytes = 0;
    play_live_wait_for_room(answer->live);
    play_live_give(answer->live, frames, n_frames);
}

static int
on_progress(void *data, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    return play_live_is_wanted(((Answer *) data)->live) ? 0 : 1;
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

/* ---- one connection ---- */

/* What came of it, as an error in any case but a redirection. Returns: (nullable): to where */
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
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                    result == CURLE_OK ? "it has ended"
                    : words[0] != '\0' ? words
                                       : curl_easy_strerror(result));
    return NULL;
}

/* Returns: (transfer full) (nullable): it is to be had there instead */
static char *
listen_to(const char *address, PlayLive *live, GError **error)
{
    g_auto(Answer) answer = {.live = live, .is_number = names_a_number(address)};
    char words[CURL_ERROR_SIZE] = "";
    CURLcode result;

    answer.decoder = play_ogg_decoder_new(on_frames, &answer, error);
    answer.handle = new_handle();
    if (answer.decoder == NULL)
        return NULL;
    set_limits(answer.handle, address);
    set_callbacks(&answer);
    curl_easy_setopt(answer.handle, CURLOPT_ERRORBUFFER, words);
    result = curl_easy_perform(answer.handle);
    return outcome(&answer, result, words, error);
}

static void
bring_stream(gpointer data, PlayLive *live, GError **error)
{
    Stream *self = data;
    g_autofree char *address = g_strdup(self->address);

    for (guint i = 0; i <= PLAY_STREAM_MAX_REDIRECTIONS; i++) {
        g_autofree char *to = listen_to(address, live, error);

        if (to == NULL)
            return;
        if (!may_follow(self->address, to)) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        "it points to another place than was approved: %.200s", to);
            return;
        }
        g_free(address);
        address = g_steal_pointer(&to);
    }
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "it points from place to place");
}

static void
stream_free(gpointer data)
{
    Stream *self = data;

    g_free(self->address);
    g_free(self);
}

static const PlayBringer stream_bringer = {"stream", HOLD_MS, bring_stream, stream_free};

PlaySource *
play_source_stream_new(const char *address)
{
    Stream *self = g_new0(Stream, 1);

    self->address = g_strdup(address);
    return play_source_live_new(&stream_bringer, self);
}
