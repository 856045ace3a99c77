/* smtp.c - see smtp.h */
#include "scheduler/message/smtp.h"

#include <curl/curl.h>
#include <string.h>

G_DEFINE_QUARK(SchedPostError, sched_post_error)

const char *const sched_post_error_words[] = {
    "unreachable", "tls", "sign_in", "refused", "late", "command", "no_way", "crowded", NULL};
const char *const sched_smtp_security_words = "starttls|tls|none";

/* A letter on its way. */
typedef struct {
    const char *rest;
    gsize n_rest;
    GCancellable *cancellable; /* (nullable) */
} Sending;

static size_t
on_read(char *buffer, size_t size, size_t n, void *data)
{
    Sending *self = data;
    gsize length = MIN(self->n_rest, size * n);

    memcpy(buffer, self->rest, length);
    self->rest += length;
    self->n_rest -= length;
    return length;
}

static int
on_progress(void *data, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    const Sending *self = data;

    return g_cancellable_is_cancelled(self->cancellable) ? 1 : 0;
}

/* clang-format off */
static const struct { CURLcode code; SchedPostError means; } meanings[] = {
    { CURLE_COULDNT_RESOLVE_HOST,     SCHED_POST_ERROR_UNREACHABLE },
    { CURLE_COULDNT_CONNECT,          SCHED_POST_ERROR_UNREACHABLE },
    { CURLE_GOT_NOTHING,              SCHED_POST_ERROR_UNREACHABLE },
    { CURLE_RECV_ERROR,               SCHED_POST_ERROR_UNREACHABLE },
    { CURLE_SEND_ERROR,               SCHED_POST_ERROR_UNREACHABLE },
    { CURLE_ABORTED_BY_CALLBACK,      SCHED_POST_ERROR_UNREACHABLE },
    { CURLE_USE_SSL_FAILED,           SCHED_POST_ERROR_TLS         },
    { CURLE_SSL_CONNECT_ERROR,        SCHED_POST_ERROR_TLS         },
    { CURLE_PEER_FAILED_VERIFICATION, SCHED_POST_ERROR_TLS         },
    { CURLE_SSL_CACERT_BADFILE,       SCHED_POST_ERROR_TLS         },
    { CURLE_LOGIN_DENIED,             SCHED_POST_ERROR_SIGN_IN     },
    { CURLE_OPERATION_TIMEDOUT,       SCHED_POST_ERROR_LATE        },
};
/* clang-format on */

static void
set_error(GError **error, CURLcode code, CURL *handle, const char *detail)
{
    SchedPostError means = SCHED_POST_ERROR_REFUSED;
    g_autofree char *words = NULL;
    glong answer = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (meanings[i].code == code)
            means = meanings[i].means;
    }
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
    /* curl calls it a failure to send where the server said no. */
    if (answer >= 400 && means == SCHED_POST_ERROR_UNREACHABLE)
        means = SCHED_POST_ERROR_REFUSED;
    words = g_utf8_make_valid(*detail == '\0' ? curl_easy_strerror(code) : detail, -1);
    g_set_error_literal(error, SCHED_POST_ERROR, (gint) means, words);
}

static void
set_tls(CURL *handle, const SchedSmtp *smtp)
{
    curl_easy_setopt(handle, CURLOPT_USE_SSL,
                     (long) (smtp->security == SCHED_SMTP_PLAIN ? CURLUSESSL_NONE
                                                                : CURLUSESSL_ALL));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (*smtp->authority == '\0')
        return;
    curl_easy_setopt(handle, CURLOPT_CAINFO, smtp->authority);
    curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
}

static void
set_server(CURL *handle, const SchedSmtp *smtp)
{
    gboolean is_v6 = strchr(smtp->host, ':') != NULL;
    g_autofree char *url =
        g_strdup_printf("%s://%s%s%s:%u/", smtp->security == SCHED_SMTP_TLS ? "smtps" : "smtp",
                        is_v6 ? "[" : "", smtp->host, is_v6 ? "]" : "", smtp->port);

    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long) SCHED_SMTP_CONNECT_S);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT,
                     smtp->most_s == 0 ? (long) SCHED_SMTP_MOST_S : (long) smtp->most_s);
    if (*smtp->user == '\0')
        return;
    curl_easy_setopt(handle, CURLOPT_USERNAME, smtp->user);
    curl_easy_setopt(handle, CURLOPT_PASSWORD, smtp->password);
}

static void
set_letter(CURL *handle, Sending *sending)
{
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(handle, CURLOPT_READDATA, sending);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, sending);
}

static CURL *
handle_new(void)
{
    static gsize once;

    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
    return curl_easy_init();
}

gboolean
sched_smtp_send(const SchedSmtp *smtp, const char *to, const char *letter,
                GCancellable *cancellable, GError **error)
{
    CURL *handle = handle_new();
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    Sending sending = {letter, strlen(letter), cancellable};
    char detail[CURL_ERROR_SIZE] = "";
    CURLcode code = CURLE_FAILED_INIT;

    if (handle != NULL) {
        set_server(handle, smtp);
        set_tls(handle, smtp);
        set_letter(handle, &sending);
        curl_easy_setopt(handle, CURLOPT_MAIL_FROM, smtp->from);
        curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail);
        code = curl_easy_perform(handle);
        if (code != CURLE_OK)
            set_error(error, code, handle, detail);
    } else {
        g_set_error_literal(error, SCHED_POST_ERROR, SCHED_POST_ERROR_UNREACHABLE,
                            "no memory for a connection");
    }
    curl_slist_free_all(recipients);
    curl_easy_cleanup(handle);
    return code == CURLE_OK;
}
