/* client.c - see client.h */
#include "scheduler/ctl/client.h"

#include "scheduler/ctl/words.h"

#include <curl/curl.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CONNECT_S 10
/* A transfer that stands still this long is given up. */
#define STALL_S 60
/* A body above this is sent only when the district has agreed to take it: a refusal would be
 * lost in the reset of a connection on which the rest of the body still arrives. */
#define ASK_FIRST_BYTES (1024 * 1024)
/* How long a district that is busy is waited for before the body is sent unasked. */
#define ASK_FIRST_MS 10000L

struct CtlClient {
    CURL *curl;                /* (owned) */
    char *url;                 /* (owned) */
    struct curl_slist *fields; /* (owned): "Expect:", then the Authorization header, if any */
    char words[CURL_ERROR_SIZE];
    char *problem; /* (owned) (nullable): word for programs of the last refusal */
};

/* One call under way. */
typedef struct {
    GString *answer; /* (owned) (nullable): kept in memory … */
    FILE *out;       /* (not owned) (nullable): … or written here, if it is a success */
    CURL *curl;      /* (not owned) */
    CtlProgressFunc progress;
    gpointer user_data;
    gboolean is_upload, asks_first;
    gboolean is_too_large;
} Call;

G_DEFINE_QUARK(CtlClientError, ctl_client_error)

/* clang-format off */
static const struct { CtlClientError code; int exit_code; } exit_codes[] = {
    { CTL_CLIENT_ERROR_NEGATIVE,     1 },
    { CTL_CLIENT_ERROR_USAGE,       64 },
    { CTL_CLIENT_ERROR_DATA,        65 },
    { CTL_CLIENT_ERROR_FILE,        66 },
    { CTL_CLIENT_ERROR_UNREACHABLE, 69 },
    { CTL_CLIENT_ERROR_SERVER,      70 },
    { CTL_CLIENT_ERROR_BUSY,        75 },
    { CTL_CLIENT_ERROR_REFUSED,     77 },
    { CTL_CLIENT_ERROR_NOT_FOUND,    4 },
    { CTL_CLIENT_ERROR_CONFLICT,     5 },
};

/* What a status means to the person at the terminal; the rest of 4xx is DATA, of 5xx SERVER. */
static const struct { long status; CtlClientError code; } statuses[] = {
    { 401, CTL_CLIENT_ERROR_REFUSED },
    { 403, CTL_CLIENT_ERROR_REFUSED },
    { 404, CTL_CLIENT_ERROR_NOT_FOUND },
    { 409, CTL_CLIENT_ERROR_CONFLICT },
    { 412, CTL_CLIENT_ERROR_CONFLICT },
    { 429, CTL_CLIENT_ERROR_BUSY },
    { 503, CTL_CLIENT_ERROR_BUSY },
};
/* clang-format on */

int
ctl_exit_code(const GError *error)
{
    if (error == NULL)
        return 0;
    for (gsize i = 0; error->domain == CTL_CLIENT_ERROR && i < G_N_ELEMENTS(exit_codes); i++) {
        if ((int) exit_codes[i].code == error->code)
            return exit_codes[i].exit_code;
    }
    return 70;
}

char *
ctl_escape(const char *text)
{
    return g_uri_escape_string(text, NULL, FALSE);
}

CtlClient *
ctl_client_new(const char *url, const char *authority, const char *token, GError **error)
{
    g_autoptr(CtlClient) self = g_new0(CtlClient, 1);

    if (!g_str_has_prefix(url, "https://")) {
        ctl_fail(error, CTL_CLIENT_ERROR_USAGE, "address", "url", url, NULL);
        return NULL;
    }
    if (g_access(authority, R_OK) != 0) {
        ctl_fail(error, CTL_CLIENT_ERROR_FILE, "authority", "file", authority, "cause",
                 g_strerror(errno), NULL);
        return NULL;
    }
    self->url = g_strdup(url);
    self->curl = curl_easy_init();
    curl_easy_setopt(self->curl, CURLOPT_ERRORBUFFER, self->words);
    curl_easy_setopt(self->curl, CURLOPT_CAINFO, authority);
    curl_easy_setopt(self->curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(self->curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(self->curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(self->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(self->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(self->curl, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_S);
    curl_easy_setopt(self->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(self->curl, CURLOPT_LOW_SPEED_TIME, (long) STALL_S);
    curl_easy_setopt(self->curl, CURLOPT_EXPECT_100_TIMEOUT_MS, ASK_FIRST_MS);
    curl_easy_setopt(self->curl, CURLOPT_USERAGENT, "loactl/" LOA_VERSION);
    ctl_client_set_token(self, token);
    return g_steal_pointer(&self);
}

void
ctl_client_free(CtlClient *self)
{
    if (self == NULL)
        return;
    if (self->curl != NULL)
        curl_easy_cleanup(self->curl);
    curl_slist_free_all(self->fields);
    g_free(self->url);
    g_free(self->problem);
    g_free(self);
}

const char *
ctl_client_problem(const CtlClient *self)
{
    return self->problem == NULL ? "" : self->problem;
}

void
ctl_client_set_token(CtlClient *self, const char *token)
{
    g_autofree char *field = NULL;

    g_clear_pointer(&self->fields, curl_slist_free_all);
    /* Takes back what curl would ask by itself; left out where we want it to ask. */
    self->fields = curl_slist_append(NULL, "Expect:");
    if (token == NULL)
        return;
    field = g_strdup_printf("Authorization: Bearer %s", token);
    self->fields = curl_slist_append(self->fields, field);
}

/* --- callbacks of libcurl --------------------------------------------------------------------
 */

static gsize
on_answer(char *bytes, gsize size, gsize count, void *data)
{
    Call *call = data;
    gsize n_bytes = size * count;
    long status = 0;

    curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &status);
    if (call->out != NULL && status / 100 == 2)
        return fwrite(bytes, 1, n_bytes, call->out);
    if (call->answer->len + n_bytes > CTL_MAX_ANSWER_BYTES) {
        call->is_too_large = TRUE;
        return 0;
    }
    g_string_append_len(call->answer, bytes, (gssize) n_bytes);
    return n_bytes;
}

static int
on_progress(void *data, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
            curl_off_t up)
{
    const Call *call = data;

    if (call->is_upload)
        call->progress(up, up_total, call->user_data);
    else
        call->progress(down, down_total, call->user_data);
    return 0;
}

/* --- one call --------------------------------------------------------------------------------
 */

static CtlClientError
code_of_status(long status)
{
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (statuses[i].status == status)
            return statuses[i].code;
    }
    return status >= 500 ? CTL_CLIENT_ERROR_SERVER : CTL_CLIENT_ERROR_DATA;
}

/* The district's own sentence, which is English: with the member at fault before it, where
 * there is one and the sentence does not begin with it anyway. NULL: it says nothing. */
static char *
said_by_district(const json_t *problem)
{
    const char *words = json_string_value(json_object_get(problem, "detail"));
    const char *member = json_string_value(json_object_get(problem, "member"));

    if (words == NULL || member == NULL || g_str_has_prefix(words, member))
        return g_strdup(words);
    return g_strdup_printf("%s: %s", member, words);
}

/*
 * RFC 9457: the district names a `code` and explains itself in `detail`. Whoever reads English
 * is told the explanation, whoever reads Vietnamese what the code means, and the explanation.
 */
static void
set_status_error(CtlClient *self, GError **error, long status, const GString *answer)
{
    ContentReader reader = content_reader_here();
    json_t *problem = json_loadb(answer->str, answer->len, 0, NULL);
    const char *code = json_string_value(json_object_get(problem, "code"));
    const char *meaning = ctl_words_of(reader, "problem", code == NULL ? "other" : code);
    g_autofree char *said = said_by_district(problem);
    g_autofree char *number = g_strdup_printf("%ld", status);
    g_autofree char *words = said == NULL ? g_strdup(meaning)
                             : reader == CONTENT_READER_EN
                                 ? g_strdup(said)
                                 : g_strdup_printf("%s: %s", meaning, said);

    self->problem = g_strdup(code);
    ctl_fail(error, code_of_status(status), "refused", "words", words, "status", number, NULL);
    json_decref(problem);
}

/* Options that one call sets and the next one must not inherit. */
static void
prepare(CtlClient *self, Call *call, const char *method, const char *path)
{
    g_autofree char *url = g_strconcat(self->url, path, NULL);

    call->curl = self->curl;
    g_clear_pointer(&self->problem, g_free);
    self->words[0] = '\0';
    curl_easy_setopt(self->curl, CURLOPT_POSTFIELDS, NULL); /* makes it a POST … */
    curl_easy_setopt(self->curl, CURLOPT_HTTPGET, 1L);      /* … and this a GET again */
    curl_easy_setopt(self->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(self->curl, CURLOPT_URL, url);
    curl_easy_setopt(self->curl, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(self->curl, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(self->curl, CURLOPT_NOPROGRESS, call->progress == NULL ? 1L : 0L);
    curl_easy_setopt(self->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(self->curl, CURLOPT_XFERINFODATA, call);
}

static gboolean
perform(CtlClient *self, Call *call, const char *media, const char *key, GError **error)
{
    g_autofree char *type = media == NULL ? NULL : g_strdup_printf("Content-Type: %s", media);
    g_autofree char *once = key == NULL ? NULL : g_strdup_printf("Idempotency-Key: %s", key);
    struct curl_slist *fields = call->asks_first ? self->fields->next : self->fields;
    struct curl_slist typed = {type, fields};
    struct curl_slist keyed = {once, type == NULL ? fields : &typed};
    long status = 0;
    CURLcode code;

    curl_easy_setopt(self->curl, CURLOPT_HTTPHEADER, once == NULL ? keyed.next : &keyed);
    code = curl_easy_perform(self->curl);
    curl_easy_setopt(self->curl, CURLOPT_HTTPHEADER, NULL);
    if (call->is_too_large)
        return ctl_fail(error, CTL_CLIENT_ERROR_SERVER, "answer_too_large", NULL);
    if (code != CURLE_OK)
        return ctl_fail(error, CTL_CLIENT_ERROR_UNREACHABLE, "unreachable", "url", self->url,
                        "cause",
                        self->words[0] != '\0' ? self->words : curl_easy_strerror(code), NULL);
    curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 == 2)
        return TRUE;
    set_status_error(self, error, status, call->answer);
    return FALSE;
}

static json_t *
parse_answer(const GString *answer, GError **error)
{
    json_error_t cause;
    json_t *json;

    if (answer->len == 0)
        return json_null();
    json =
        json_loadb(answer->str, answer->len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &cause);
    if (json == NULL)
        ctl_fail(error, CTL_CLIENT_ERROR_SERVER, "not_json", "cause", cause.text, NULL);
    return json;
}

json_t *
ctl_client_send(CtlClient *self, const char *method, const char *path, const CtlBody *body,
                GError **error)
{
    g_autoptr(GString) answer = g_string_new(NULL);
    Call call = {.answer = answer, .is_upload = TRUE};

    if (body != NULL) {
        call.progress = body->progress;
        call.user_data = body->user_data;
    }
    prepare(self, &call, method, path);
    if (body != NULL) {
        curl_easy_setopt(self->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) body->n_bytes);
        curl_easy_setopt(self->curl, CURLOPT_POSTFIELDS, body->bytes);
    }
    return perform(self, &call, body == NULL ? NULL : body->media,
                   body == NULL ? NULL : body->key, error)
               ? parse_answer(answer, error)
               : NULL;
}

json_t *
ctl_client_call(CtlClient *self, const char *method, const char *path, const json_t *json,
                GError **error)
{
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    const CtlBody body = {
        .media = "application/json", .bytes = text, .n_bytes = text == NULL ? 0 : strlen(text)};
    json_t *answer = ctl_client_send(self, method, path, text == NULL ? NULL : &body, error);

    free(text);
    return answer;
}

static FILE *
open_file(const char *path, const char *mode, GError **error)
{
    FILE *file = fopen(path, mode);

    if (file == NULL)
        ctl_fail(error, CTL_CLIENT_ERROR_FILE, "file", "file", path, "cause", g_strerror(errno),
                 NULL);
    return file;
}

/* A regular file, open for reading. */
static FILE *
open_regular(const char *path, gint64 *out_size_bytes, GError **error)
{
    FILE *in = open_file(path, "re", error);
    struct stat about;

    if (in == NULL)
        return NULL;
    if (fstat(fileno(in), &about) != 0 || !S_ISREG(about.st_mode)) {
        ctl_fail(error, CTL_CLIENT_ERROR_FILE, "not_a_file", "file", path, NULL);
        fclose(in);
        return NULL;
    }
    *out_size_bytes = about.st_size;
    return in;
}

gboolean
ctl_client_look(const char *file, gint64 *out_size_bytes, GError **error)
{
    FILE *in = open_regular(file, out_size_bytes, error);

    return in != NULL && fclose(in) == 0;
}

json_t *
ctl_client_upload(CtlClient *self, const char *method, const char *path, const char *file,
                  const char *media, CtlProgressFunc progress, gpointer user_data,
                  GError **error)
{
    g_autoptr(GString) answer = g_string_new(NULL);
    Call call = {
        .answer = answer, .progress = progress, .user_data = user_data, .is_upload = TRUE};
    gint64 size_bytes = 0;
    FILE *in = open_regular(file, &size_bytes, error);
    gboolean is_done;

    if (in == NULL)
        return NULL;
    call.asks_first = size_bytes > ASK_FIRST_BYTES;
    prepare(self, &call, method, path);
    curl_easy_setopt(self->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(self->curl, CURLOPT_READDATA, in);
    curl_easy_setopt(self->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t) size_bytes);
    is_done = perform(self, &call, media, NULL, error);
    curl_easy_setopt(self->curl, CURLOPT_UPLOAD, 0L);
    fclose(in);
    return is_done ? parse_answer(answer, error) : NULL;
}

gboolean
ctl_client_download(CtlClient *self, const char *path, const char *file,
                    CtlProgressFunc progress, gpointer user_data, GError **error)
{
    g_autoptr(GString) answer = g_string_new(NULL);
    Call call = {.answer = answer, .progress = progress, .user_data = user_data};
    gboolean is_done;

    call.out = open_file(file, "we", error);
    if (call.out == NULL)
        return FALSE;
    prepare(self, &call, "GET", path);
    is_done = perform(self, &call, NULL, NULL, error);
    if (fclose(call.out) != 0 && is_done) {
        is_done = ctl_fail(error, CTL_CLIENT_ERROR_FILE, "file", "file", file, "cause",
                           g_strerror(errno), NULL);
    }
    if (!is_done)
        g_unlink(file);
    return is_done;
}
