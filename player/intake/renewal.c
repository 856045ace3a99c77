/*
 * renewal.c - see renewal.h
 *
 * Steps: ask with the old certificate, judge the answer, keep it as tls.next.pem, show it to
 * the district, rename it. Each look does what is left of them.
 */
#include "player/intake/renewal.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "content/base/files.h"
#include "content/exchange.h"
#include "player/intake/certificate.h"
#include "player/intake/https.h"
#include "player/intake/mailbox.h"

#define PEM_MAX_BYTES    (64 * 1024)
#define ANSWER_MAX_BYTES (64 * 1024)
#define STATUS_OK        200
/* The district knows nothing of the certificate that was shown. */
#define STATUS_FORBIDDEN 403

struct PlayRenewal {
    const PlayIdentity *identity;
    guint connect_s, stall_s;
    PlayTlsTimeFunc time;
    gpointer time_data;
    const PlayRenewalEvents *events;
    gpointer data;
    char *folder, *next_path; /* (owned) */
    PlayMailbox *mailbox;
    GThread *thread;      /* (owned) (nullable): at work */
    gint64 not_before_us; /* monotonic: no attempt earlier */
    char *last_words;     /* (owned) (nullable): of the failure that was told */
    gint is_stopping;     /* atomic */
};

/* One attempt, in the thread. */
typedef struct {
    PlayRenewal *self;
    GByteArray *answer;
    const char *certificate_path; /* shown by the connection */
} Attempt;

gint64
play_renewal_due_us(gint64 from_us, gint64 until_us, const char *station)
{
    gint64 life_us = until_us - from_us;

    return until_us - life_us / 3 + (gint64) (g_str_hash(station) % 1000) * (life_us / 12000);
}

/* ---- requests, in the thread ---- */

static gboolean
goes_on(gpointer data)
{
    return g_atomic_int_get(&((Attempt *) data)->self->is_stopping) == 0;
}

static gboolean
take_answer(glong status, gint64 range_from, gconstpointer bytes, gsize n_bytes, gpointer data)
{
    Attempt *this = data;

    if (this->answer->len + n_bytes > ANSWER_MAX_BYTES)
        return FALSE;
    g_byte_array_append(this->answer, bytes, (guint) n_bytes);
    return TRUE;
}

static gboolean
use_certificate(SSL_CTX *context, gpointer data, GError **error)
{
    const Attempt *this = data;
    PlayRenewal *self = this->self;
    PlayIdentity shown = *self->identity;

    shown.certificate_path = (char *) this->certificate_path;
    return play_tls_prepare(context, &shown, NULL, self->time(self->time_data), error);
}

/* Returns: (transfer full) (nullable): the district's answer; @out_status: 0: there was none */
static ContentRenewed *
post(Attempt *this, const char *path, GBytes *question, glong *out_status, GError **error)
{
    PlayRenewal *self = this->self;
    g_autofree char *url = g_strconcat(self->identity->device_url, path, NULL);
    CURL *handle = play_https_handle_new();
    const PlayHttpsRequest request = {.url = url,
                                      .authority_path = self->identity->authority_path,
                                      .body = question,
                                      .connect_s = self->connect_s,
                                      .stall_s = self->stall_s,
                                      .tls = use_certificate,
                                      .tls_data = this,
                                      .goes_on = goes_on,
                                      .take = take_answer,
                                      .data = this};
    g_autofree char *said = NULL;
    g_autofree char *valid = NULL;

    g_byte_array_set_size(this->answer, 0);
    *out_status = play_https_perform(handle, &request, error);
    curl_easy_cleanup(handle);
    if (*out_status == 0)
        return NULL;
    if (*out_status == STATUS_OK)
        return content_document_read(&content_renewed_type, this->answer->data,
                                     this->answer->len, error);
    said = g_strndup((const char *) this->answer->data, MIN(this->answer->len, 200));
    valid = g_strdelimit(g_utf8_make_valid(said, -1), "\r\n\t", ' ');
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the district answers %ld: %s",
                *out_status, valid);
    return NULL;
}

/* ---- files, in the thread ---- */

static char *
read_pem(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = content_files_read(path, PEM_MAX_BYTES, error);

    return bytes == NULL ? NULL
                         : g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static PlayX509Key *
read_key(const PlayIdentity *identity, GError **error)
{
    g_autofree char *pem = read_pem(identity->key_path, error);
    g_autoptr(PlayX509Text) text = pem == NULL ? NULL : BIO_new_mem_buf(pem, -1);
    PlayX509Key *key = text == NULL ? NULL : PEM_read_bio_PrivateKey(text, NULL, NULL, NULL);

    if (pem != NULL)
        OPENSSL_cleanse(pem, strlen(pem));
    if (key == NULL && (error == NULL || *error == NULL))
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: not a key", identity->key_path);
    return key;
}

static PlayX509 *
read_certificate(const char *path)
{
    g_autofree char *pem = read_pem(path, NULL);

    return pem == NULL ? NULL : play_certificate_read(pem);
}

/* ---- the steps, in the thread ---- */

static gboolean
keep_next(Attempt *this, const ContentRenewed *renewed, PlayX509Key *key, GError **error)
{
    const PlayIdentity *identity = this->self->identity;
    g_autoptr(PlayX509) authority = read_certificate(identity->authority_path);
    g_autoptr(PlayX509) own = play_certificate_read(renewed->certificate);
    const char *wrong = play_certificate_judge(own, authority, key, identity->station,
                                               this->self->time(this->self->time_data));

    if (wrong == NULL)
        return content_files_write(this->self->next_path, renewed->certificate,
                                   strlen(renewed->certificate), 0600, error);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the district's answer has %s", wrong);
    return FALSE;
}

static gboolean
ask_next(Attempt *this, GError **error)
{
    g_autoptr(PlayX509Key) key = read_key(this->self->identity, error);
    g_autofree char *request = key == NULL ? NULL : play_certificate_request(key);
    const ContentRenew ask = {request};
    g_autoptr(GBytes) question = NULL;
    g_autoptr(ContentRenewed) renewed = NULL;
    glong status;

    if (request == NULL)
        return FALSE;
    question = content_document_write(&content_renew_type, &ask, error);
    if (question == NULL)
        return FALSE;
    this->certificate_path = this->self->identity->certificate_path;
    renewed = post(this, "/device/renewal", question, &status, error);
    return renewed != NULL && keep_next(this, renewed, key, error);
}

/* What the district does not know is no use: the old one is asked with again. */
static gboolean
show_next(Attempt *this, GError **error)
{
    PlayRenewal *self = this->self;
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
    g_autoptr(ContentRenewed) renewed = NULL;
    glong status;

    this->certificate_path = self->next_path;
    renewed = post(this, "/device/renewal/use", nothing, &status, error);
    if (renewed == NULL && status == STATUS_FORBIDDEN)
        g_unlink(self->next_path);
    if (renewed == NULL)
        return FALSE;
    if (g_rename(self->next_path, self->identity->certificate_path) == 0)
        return content_files_sync_folder(self->folder, error);
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s",
                self->identity->certificate_path, g_strerror(errno));
    return FALSE;
}

typedef struct {
    GError *error; /* (owned) (nullable) */
} Letter;

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_clear_error(&letter->error);
    g_free(letter);
}

static gboolean
has_next(const PlayRenewal *self)
{
    return g_file_test(self->next_path, G_FILE_TEST_EXISTS);
}

static void
on_letter(gpointer data, gpointer owner)
{
    const Letter *letter = data;
    PlayRenewal *self = owner;

    g_thread_join(g_steal_pointer(&self->thread));
    if (letter->error == NULL) {
        g_clear_pointer(&self->last_words, g_free);
        self->events->renewed(self->data);
        return;
    }
    self->not_before_us = g_get_monotonic_time() +
                          (has_next(self) ? PLAY_RENEWAL_SHOW_PAUSE_US : PLAY_RENEWAL_PAUSE_US);
    if (g_strcmp0(self->last_words, letter->error->message) == 0)
        return;
    g_free(self->last_words);
    self->last_words = g_strdup(letter->error->message);
    self->events->failed(letter->error->message, self->data);
}

static gpointer
run(gpointer data)
{
    PlayRenewal *self = data;
    g_autoptr(GByteArray) answer = g_byte_array_new();
    Attempt this = {self, answer, NULL};
    Letter *letter = g_new0(Letter, 1);

    if (has_next(self) || ask_next(&this, &letter->error))
        show_next(&this, &letter->error);
    play_mailbox_post(self->mailbox, on_letter, letter, letter_free);
    return NULL;
}

/* ---- the owner's side ---- */

PlayRenewal *
play_renewal_new(const PlayIdentity *identity, guint connect_s, guint stall_s,
                 PlayTlsTimeFunc time, gpointer time_data, const PlayRenewalEvents *events,
                 gpointer data)
{
    PlayRenewal *self = g_new0(PlayRenewal, 1);

    self->identity = identity;
    self->connect_s = connect_s;
    self->stall_s = stall_s;
    self->time = time;
    self->time_data = time_data;
    self->events = events;
    self->data = data;
    self->folder = g_path_get_dirname(identity->certificate_path);
    self->next_path = g_build_filename(self->folder, "tls.next.pem", NULL);
    self->mailbox = play_mailbox_new(self);
    return self;
}

void
play_renewal_free(PlayRenewal *self)
{
    if (self == NULL)
        return;
    g_atomic_int_set(&self->is_stopping, 1);
    if (self->thread != NULL)
        g_thread_join(self->thread);
    play_mailbox_close(self->mailbox);
    g_free(self->folder);
    g_free(self->last_words);
    g_free(self->next_path);
    g_free(self);
}

static gboolean
is_due(PlayRenewal *self)
{
    g_autoptr(PlayX509) own = read_certificate(self->identity->certificate_path);
    gint64 from_us, until_us;

    return own != NULL && play_certificate_times(own, &from_us, &until_us) &&
           self->time(self->time_data) >=
               play_renewal_due_us(from_us, until_us, self->identity->station);
}

void
play_renewal_look(PlayRenewal *self, gboolean may_begin)
{
    if (self->thread != NULL || g_get_monotonic_time() < self->not_before_us)
        return;
    if (has_next(self) || (may_begin && is_due(self)))
        self->thread = g_thread_new("renewal", run, self);
}
