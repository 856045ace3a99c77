/* courier.c - see courier.h */
#include "player/intake/courier.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "player/intake/https.h"
#include "player/intake/mailbox.h"

#define ENDING        ".opus"
#define MAX_BYTES     (1024 * 1024)
#define MAX_DOUBLINGS 16
/* A file that the district refuses is offered again at least so often: once in a day. */
#define REFUSED_MAX_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)
#define SAID_BYTES     200
#define STATUS_GOOD    200
/* These say nothing of the file. The district's door answers 403 to every certificate that it
 * does not take, which may be one that is being renewed; 429: others are served first. */
#define STATUS_STRANGER  401
#define STATUS_FORBIDDEN 403
#define STATUS_TOO_MANY  429

struct PlayCourier {
    char *folder; /* (owned) */
    const PlayIdentity *identity;
    PlayFetchTiming timing;
    PlayTlsTimeFunc time;
    gpointer time_data;
    PlayCourierFunc func;
    gpointer data;
    PlayMailbox *mailbox;
    GThread *thread;
    /* Of the thread. */
    guint n_failures;    /* one after the other */
    GHashTable *refused; /* (element-type utf8 Refused): files that were */

    GMutex lock; /* guards what follows */
    GCond wake;
    gboolean is_wanted, is_stopping;
};

typedef struct {
    guint n_times;
    gint64 until_us; /* monotonic: not offered before */
} Refused;

/* What came of one file. */
typedef struct {
    char *file;    /* (owned) */
    GError *error; /* (owned) (nullable) */
} Letter;

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_free(letter->file);
    g_clear_error(&letter->error);
    g_free(letter);
}

static void
on_letter(gpointer data, gpointer owner)
{
    const Letter *letter = data;
    PlayCourier *self = owner;

    self->func(letter->file, letter->error, self->data);
}

/* ---- one file ---- */

static gboolean
use_identity(SSL_CTX *context, gpointer data, GError **error)
{
    PlayCourier *self = data;

    return play_tls_prepare(context, self->identity, NULL, self->time(self->time_data), error);
}

typedef struct {
    PlayCourier *self;
    GString *said; /* the beginning of the answer, for a person */
} Asking;

static gboolean
goes_on(gpointer data)
{
    PlayCourier *self = ((Asking *) data)->self;
    gboolean is_stopping;

    g_mutex_lock(&self->lock);
    is_stopping = self->is_stopping;
    g_mutex_unlock(&self->lock);
    return !is_stopping;
}

static gboolean
take_answer(glong status, gint64 range_from, gconstpointer bytes, gsize n_bytes, gpointer data)
{
    GString *said = ((Asking *) data)->said;

    g_string_append_len(said, bytes,
                        (gssize) MIN(n_bytes, SAID_BYTES - MIN(said->len, SAID_BYTES)));
    return TRUE;
}

static gboolean
judge(glong status, const GString *said, GError **error)
{
    g_autofree char *words = g_utf8_make_valid(said->str, (gssize) said->len);
    gboolean is_later = status >= 500 || status == STATUS_STRANGER ||
                        status == STATUS_FORBIDDEN || status == STATUS_TOO_MANY;

    if (status == STATUS_GOOD)
        return TRUE;
    g_set_error(error, PLAY_FETCH_ERROR,
                is_later ? PLAY_FETCH_ERROR_NETWORK : PLAY_FETCH_ERROR_REFUSED,
                "the district answers %ld: %s", status, g_strdelimit(words, "\r\n\t", ' '));
    return FALSE;
}

/* Returns: (transfer full): of "ALERT-FROM.opus" */
static char *
url_of(const PlayCourier *self, const char *file, GBytes *bytes)
{
    g_autofree char *name = g_strndup(file, strlen(file) - strlen(ENDING));
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);

    name[CONTENT_ID_LENGTH] = '/';
    return g_strdup_printf("%s/device/speeches/%s/%s", self->identity->device_url, name, hash);
}

static gboolean
hand_in(PlayCourier *self, CURL *handle, const char *file, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = content_files_read(path, MAX_BYTES, error);
    g_autoptr(GString) said = g_string_new(NULL);
    g_autofree char *url = bytes == NULL ? NULL : url_of(self, file, bytes);
    g_autoptr(GError) why = NULL;
    Asking asking = {self, said};
    PlayHttpsRequest request = {.url = url,
                                .authority_path = self->identity->authority_path,
                                .body = bytes,
                                .media = "application/octet-stream",
                                .connect_s = self->timing.connect_s,
                                .stall_s = self->timing.stall_s,
                                .tls = use_identity,
                                .tls_data = self,
                                .goes_on = goes_on,
                                .take = take_answer,
                                .data = &asking};
    glong status;

    if (bytes == NULL)
        return FALSE;
    status = play_https_perform(handle, &request, &why);
    if (status != 0)
        return judge(status, said, error);
    g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK, "%s", why->message);
    return FALSE;
}

/* ---- all of them ---- */

static gint
compare_files(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* By alert, and within one as it was said. */
static GPtrArray *
list_files(const PlayCourier *self)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) folder = g_dir_open(self->folder, 0, NULL);
    const char *file;

    while (folder != NULL && (file = g_dir_read_name(folder)) != NULL) {
        if (g_str_has_suffix(file, ENDING) && strlen(file) > CONTENT_ID_LENGTH + strlen(ENDING))
            g_ptr_array_add(files, g_strdup(file));
    }
    g_ptr_array_sort(files, compare_files);
    return files;
}

static void
tell(PlayCourier *self, const char *file, GError *error)
{
    Letter *letter = g_new0(Letter, 1);

    letter->file = g_strdup(file);
    letter->error = error;
    play_mailbox_post(self->mailbox, on_letter, letter, letter_free);
}

/* The line has failed, or the district: all of them wait. Returns: µs */
static gint64
wait_for_line(PlayCourier *self)
{
    guint64 pause_ms = (guint64) self->timing.first_retry_ms
                       << MIN(self->n_failures++, MAX_DOUBLINGS);

    return (gint64) MIN(pause_ms, self->timing.longest_retry_ms) * 1000;
}

/* Only this one waits, whatever hurries: with each new line all that were ever refused would
 * otherwise be sent again. */
static void
put_off(PlayCourier *self, const char *file)
{
    Refused *refused = g_hash_table_lookup(self->refused, file);
    gint64 pause_us = (gint64) self->timing.refused_ms * 1000;

    if (refused == NULL) {
        refused = g_new0(Refused, 1);
        g_hash_table_insert(self->refused, g_strdup(file), refused);
    }
    pause_us <<= MIN(refused->n_times++, MAX_DOUBLINGS);
    refused->until_us = g_get_monotonic_time() + MIN(pause_us, REFUSED_MAX_US);
}

/* Returns: whether the others may follow */
static gboolean
bring(PlayCourier *self, CURL *handle, const char *file)
{
    g_autofree char *path = g_build_filename(self->folder, file, NULL);
    GError *error = NULL;

    if (hand_in(self, handle, file, path, &error)) {
        g_unlink(path);
        g_hash_table_remove(self->refused, file);
        self->n_failures = 0;
    } else if (g_error_matches(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK)) {
        g_error_free(error);
        return FALSE;
    } else {
        put_off(self, file);
    }
    tell(self, file, error);
    return TRUE;
}

/* Returns: µs until a file may be offered; 0: now; G_MAXINT64: it was not refused */
static gint64
wait_of(const PlayCourier *self, const char *file)
{
    const Refused *refused = g_hash_table_lookup(self->refused, file);
    gint64 now_us = g_get_monotonic_time();

    return refused == NULL ? G_MAXINT64 : MAX(refused->until_us - now_us, 0);
}

/* Returns: µs until it is worth another try; G_MAXINT64: nothing is left */
static gint64
go_round(PlayCourier *self)
{
    g_autoptr(GPtrArray) files = list_files(self);
    /* A connection of each round: the certificate may be another one by now. */
    CURL *handle = files->len == 0 ? NULL : play_https_handle_new();
    gint64 wait_us = G_MAXINT64;

    for (guint i = 0; i < files->len; i++) {
        const char *file = files->pdata[i];
        gint64 put_off_us = wait_of(self, file);

        if ((put_off_us == 0 || put_off_us == G_MAXINT64) && !bring(self, handle, file)) {
            wait_us = wait_for_line(self);
            break;
        }
        wait_us = MIN(wait_us, wait_of(self, file));
    }
    if (handle != NULL)
        curl_easy_cleanup(handle);
    return wait_us;
}

/* Returns: whether to go on */
static gboolean
wait_for_work(PlayCourier *self, gint64 wait_us)
{
    const gint64 until_us =
        wait_us == G_MAXINT64 ? G_MAXINT64 : g_get_monotonic_time() + wait_us;
    gboolean is_time = FALSE, is_stopping;

    g_mutex_lock(&self->lock);
    while (!self->is_wanted && !self->is_stopping && !is_time) {
        if (until_us == G_MAXINT64)
            g_cond_wait(&self->wake, &self->lock);
        else
            is_time = !g_cond_wait_until(&self->wake, &self->lock, until_us);
    }
    self->is_wanted = FALSE;
    is_stopping = self->is_stopping;
    g_mutex_unlock(&self->lock);
    return !is_stopping;
}

static gpointer
run(gpointer data)
{
    PlayCourier *self = data;
    gint64 wait_us = G_MAXINT64;

    while (wait_for_work(self, wait_us))
        wait_us = go_round(self);
    return NULL;
}

/* ---- the owner's side ---- */

PlayCourier *
play_courier_new(const char *folder, const PlayIdentity *identity,
                 const PlayFetchTiming *timing, PlayTlsTimeFunc time, gpointer time_data,
                 PlayCourierFunc func, gpointer data)
{
    PlayCourier *self = g_new0(PlayCourier, 1);

    self->folder = g_strdup(folder);
    self->identity = identity;
    self->timing = timing == NULL ? play_fetch_timing : *timing;
    self->time = time;
    self->time_data = time_data;
    self->func = func;
    self->data = data;
    self->mailbox = play_mailbox_new(self);
    self->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
    self->thread = g_thread_new("courier", run, self);
    return self;
}

void
play_courier_free(PlayCourier *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->is_stopping = TRUE;
    g_cond_signal(&self->wake);
    g_mutex_unlock(&self->lock);
    g_thread_join(self->thread);
    play_mailbox_close(self->mailbox);
    g_cond_clear(&self->wake);
    g_mutex_clear(&self->lock);
    g_hash_table_unref(self->refused);
    g_free(self->folder);
    g_free(self);
}

void
play_courier_hurry(PlayCourier *self)
{
    g_mutex_lock(&self->lock);
    self->is_wanted = TRUE;
    g_cond_signal(&self->wake);
    g_mutex_unlock(&self->lock);
}
