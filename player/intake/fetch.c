/*
 * fetch.c - see fetch.h
 *
 * The owner writes what is wanted under a lock; each worker waits on the condition for work of
 * its kind, does one request at a time and posts the result. A download asks after every piece
 * whether it is still the right one.
 */
#include "player/intake/fetch.h"

#include <gio/gio.h>
#include <string.h>

#include "player/intake/download.h"
#include "player/intake/mailbox.h"

#define HOUR_US       (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define MAX_DOUBLINGS 16
#define STATUS_OK     200

G_DEFINE_QUARK(play - fetch - error - quark, play_fetch_error)

const PlayFetchTiming play_fetch_timing = {
    .first_retry_ms = 2000,
    .longest_retry_ms = 300000,
    .stall_s = 60,
    .connect_s = 20,
    .refused_ms = 3600 * 1000,
};

/* How an object has failed so far. */
typedef struct {
    guint n_failures;
    gint64 until_us; /* monotonic: not before */
} Failure;

struct PlayFetch {
    const PlayIdentity *identity;
    ContentObjectStore *objects;
    PlayFetchTiming timing;
    PlayTlsTimeFunc time;
    gpointer time_data;
    const PlayFetchEvents *events;
    gpointer data;
    PlayMailbox *mailbox;
    GThread *document_thread, *object_thread;

    GMutex lock; /* guards what follows */
    GCond wake;
    GPtrArray *wanted;    /* (nullable): hashes of the next document request */
    GPtrArray *queue;     /* (element-type PlayFetchItem): most urgent first */
    GHashTable *failures; /* hash -> Failure */
    gint64 rate_kbit_s;
    guint generation; /* counts up: connections from before are not used again */
    gboolean is_stopping;
};

typedef struct {
    gboolean is_object;
    char hash[65];
    ContentBundle *bundle; /* (owned) (nullable) */
    GError *error;         /* (owned) (nullable) */
} Letter;

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    content_bundle_free(letter->bundle);
    g_clear_error(&letter->error);
    g_free(letter);
}

static void
on_letter(gpointer data, gpointer owner)
{
    Letter *letter = data;
    PlayFetch *self = owner;

    if (letter->is_object)
        self->events->object(letter->hash, letter->error, self->data);
    else
        self->events->documents(g_steal_pointer(&letter->bundle), letter->error, self->data);
}

static gboolean
use_identity(SSL_CTX *context, gpointer data, GError **error)
{
    PlayFetch *self = data;

    return play_tls_prepare(context, self->identity, NULL, self->time(self->time_data), error);
}

static gboolean
is_stopping(PlayFetch *self)
{
    gboolean stopping;

    g_mutex_lock(&self->lock);
    stopping = self->is_stopping;
    g_mutex_unlock(&self->lock);
    return stopping;
}

/* A connection that is kept shows the certificate with which it began. */
static void
refresh(PlayFetch *self, CURL **handle, guint *generation)
{
    guint now;

    g_mutex_lock(&self->lock);
    now = self->generation;
    g_mutex_unlock(&self->lock);
    if (now == *generation)
        return;
    *generation = now;
    curl_easy_cleanup(*handle);
    *handle = play_https_handle_new();
}

/* What all requests to the district have in common. */
static PlayHttpsRequest
request_to(PlayFetch *self, const char *url)
{
    return (PlayHttpsRequest){.url = url,
                              .authority_path = self->identity->authority_path,
                              .connect_s = self->timing.connect_s,
                              .stall_s = self->timing.stall_s,
                              .tls = use_identity,
                              .tls_data = self};
}

/* ---- documents ---- */

typedef struct {
    PlayFetch *self;
    GByteArray *body;
} Reading;

static gboolean
reading_goes_on(gpointer data)
{
    return !is_stopping(((Reading *) data)->self);
}

static gboolean
take_text(glong status, gint64 range_from, gconstpointer bytes, gsize n_bytes, gpointer data)
{
    Reading *reading = data;

    if (reading->body->len + n_bytes > CONTENT_BUNDLE_MAX_BYTES)
        return FALSE;
    g_byte_array_append(reading->body, bytes, (guint) n_bytes);
    return TRUE;
}

static GBytes *
write_question(GPtrArray *hashes, GError **error)
{
    ContentRequest question = {.hashes = hashes};

    return content_document_write(&content_request_type, &question, error);
}

/* The beginning of what a server says with an error, for a person. */
static char *
excerpt(const GByteArray *body)
{
    g_autofree char *text = g_strndup((const char *) body->data, MIN(body->len, 200));

    return g_strdelimit(g_utf8_make_valid(text, -1), "\r\n\t", ' ');
}

static ContentBundle *
ask_documents(PlayFetch *self, CURL *handle, GPtrArray *hashes, GError **error)
{
    g_autofree char *url = g_strconcat(self->identity->device_url, "/device/documents", NULL);
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autoptr(GBytes) question = write_question(hashes, error);
    g_autofree char *said = NULL;
    g_autoptr(GError) why = NULL;
    Reading reading = {self, body};
    PlayHttpsRequest request = request_to(self, url);
    glong status;

    if (question == NULL)
        return NULL;
    request.body = question;
    request.take = take_text;
    request.goes_on = reading_goes_on;
    request.data = &reading;
    status = play_https_perform(handle, &request, &why);
    if (status == 0) {
        g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK, "%s", why->message);
        return NULL;
    }
    if (status == STATUS_OK)
        return content_document_read(&content_bundle_type, body->data, body->len, error);
    said = excerpt(body);
    g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_REFUSED,
                "the district answers %ld: %s", status, said);
    return NULL;
}

/* Returns: (transfer full) (nullable): what to ask for; NULL: it is time to end */
static GPtrArray *
next_question(PlayFetch *self)
{
    GPtrArray *wanted;

    g_mutex_lock(&self->lock);
    while (self->wanted == NULL && !self->is_stopping)
        g_cond_wait(&self->wake, &self->lock);
    wanted = self->is_stopping ? NULL : g_steal_pointer(&self->wanted);
    g_mutex_unlock(&self->lock);
    return wanted;
}

static gpointer
document_thread(gpointer data)
{
    PlayFetch *self = data;
    CURL *handle = play_https_handle_new();
    guint generation = 0;

    for (;;) {
        g_autoptr(GPtrArray) wanted = next_question(self);
        Letter *letter;

        if (wanted == NULL)
            break;
        refresh(self, &handle, &generation);
        letter = g_new0(Letter, 1);
        letter->bundle = ask_documents(self, handle, wanted, &letter->error);
        if (letter->bundle == NULL)
            g_prefix_error(&letter->error, "documents: ");
        play_mailbox_post(self->mailbox, on_letter, letter, letter_free);
    }
    curl_easy_cleanup(handle);
    return NULL;
}

/* ---- objects ---- */

/* The download that is worked on. */
typedef struct {
    PlayFetch *self;
    const PlayFetchItem *item;
} Working;

/* Is this download still the one to work on? */
static gboolean
download_goes_on(gpointer data)
{
    const Working *working = data;
    PlayFetch *self = working->self;
    gboolean is_wanted = FALSE, is_late = FALSE;

    g_mutex_lock(&self->lock);
    for (guint i = 0; i < self->queue->len; i++) {
        const PlayFetchItem *item = self->queue->pdata[i];

        if (strcmp(item->hash, working->item->hash) == 0)
            is_wanted = TRUE;
        else if (item->need_us + HOUR_US < working->item->need_us &&
                 !g_hash_table_contains(self->failures, item->hash))
            is_late = TRUE;
    }
    is_wanted = is_wanted && !self->is_stopping;
    g_mutex_unlock(&self->lock);
    return is_wanted && !is_late;
}

static gboolean
fetch_object(PlayFetch *self, CURL *handle, const PlayFetchItem *item, GError **error)
{
    Working working = {self, item};
    PlayDownload download = {.objects = self->objects,
                             .request = request_to(self, NULL),
                             .device_url = self->identity->device_url};

    g_mutex_lock(&self->lock);
    download.request.rate_kbit_s = self->rate_kbit_s;
    g_mutex_unlock(&self->lock);
    download.request.goes_on = download_goes_on;
    download.goes_on_data = &working;
    return play_download(&download, handle, item, error);
}

/* The most urgent item that need not wait. @out_until_us: when the next may be tried. */
static PlayFetchItem *
choose(PlayFetch *self, gint64 *out_until_us)
{
    gint64 now_us = g_get_monotonic_time();

    *out_until_us = G_MAXINT64;
    for (guint i = 0; i < self->queue->len; i++) {
        PlayFetchItem *item = self->queue->pdata[i];
        const Failure *failure = g_hash_table_lookup(self->failures, item->hash);

        if (failure == NULL || failure->until_us <= now_us)
            return item;
        *out_until_us = MIN(*out_until_us, failure->until_us);
    }
    return NULL;
}

static gboolean
next_item(PlayFetch *self, PlayFetchItem *out)
{
    PlayFetchItem *chosen;
    gint64 until_us;

    g_mutex_lock(&self->lock);
    while ((chosen = choose(self, &until_us)) == NULL && !self->is_stopping) {
        if (until_us == G_MAXINT64)
            g_cond_wait(&self->wake, &self->lock);
        else
            g_cond_wait_until(&self->wake, &self->lock, until_us);
    }
    if (!self->is_stopping)
        *out = *chosen;
    g_mutex_unlock(&self->lock);
    return chosen != NULL && !is_stopping(self);
}

/* Done: off the queue. Failed: a pause of its own, longer each time. */
static void
note_result(PlayFetch *self, const char *hash, gboolean is_good)
{
    Failure *failure;
    guint64 pause_ms;

    g_mutex_lock(&self->lock);
    failure = g_hash_table_lookup(self->failures, hash);
    if (is_good) {
        g_hash_table_remove(self->failures, hash);
        for (guint i = 0; i < self->queue->len; i++) {
            if (strcmp(((PlayFetchItem *) self->queue->pdata[i])->hash, hash) == 0)
                g_ptr_array_remove_index(self->queue, i--);
        }
    } else {
        if (failure == NULL) {
            failure = g_new0(Failure, 1);
            g_hash_table_insert(self->failures, g_strdup(hash), failure);
        }
        pause_ms = (guint64) self->timing.first_retry_ms
                   << MIN(failure->n_failures, MAX_DOUBLINGS);
        pause_ms = MIN(pause_ms, self->timing.longest_retry_ms);
        failure->n_failures++;
        failure->until_us =
            g_get_monotonic_time() + (gint64) (pause_ms * (500 + g_random_int_range(0, 501)));
    }
    g_mutex_unlock(&self->lock);
}

static gpointer
object_thread(gpointer data)
{
    PlayFetch *self = data;
    CURL *handle = play_https_handle_new();
    guint generation = 0;
    PlayFetchItem item;

    while (next_item(self, &item)) {
        g_autoptr(GError) error = NULL;
        gboolean is_good;
        Letter *letter;

        refresh(self, &handle, &generation);
        is_good = fetch_object(self, handle, &item, &error);
        /* Broken off for something more urgent: no failure, and nothing to tell. */
        if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            continue;
        note_result(self, item.hash, is_good);
        letter = g_new0(Letter, 1);
        letter->is_object = TRUE;
        g_strlcpy(letter->hash, item.hash, sizeof letter->hash);
        letter->error = g_steal_pointer(&error);
        play_mailbox_post(self->mailbox, on_letter, letter, letter_free);
    }
    curl_easy_cleanup(handle);
    return NULL;
}

/* ---- the owner's side ---- */

PlayFetch *
play_fetch_new(const PlayIdentity *identity, ContentObjectStore *objects,
               const PlayFetchTiming *timing, PlayTlsTimeFunc time, gpointer time_data,
               const PlayFetchEvents *events, gpointer data)
{
    PlayFetch *self = g_new0(PlayFetch, 1);

    self->identity = identity;
    self->objects = objects;
    self->timing = timing == NULL ? play_fetch_timing : *timing;
    self->time = time;
    self->time_data = time_data;
    self->events = events;
    self->data = data;
    self->mailbox = play_mailbox_new(self);
    self->queue = g_ptr_array_new_with_free_func(g_free);
    self->failures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
    self->document_thread = g_thread_new("documents", document_thread, self);
    self->object_thread = g_thread_new("objects", object_thread, self);
    return self;
}

void
play_fetch_free(PlayFetch *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->is_stopping = TRUE;
    g_cond_broadcast(&self->wake);
    g_mutex_unlock(&self->lock);
    g_thread_join(self->document_thread);
    g_thread_join(self->object_thread);
    play_mailbox_close(self->mailbox);
    g_clear_pointer(&self->wanted, g_ptr_array_unref);
    g_ptr_array_unref(self->queue);
    g_hash_table_unref(self->failures);
    g_cond_clear(&self->wake);
    g_mutex_clear(&self->lock);
    g_free(self);
}

void
play_fetch_documents(PlayFetch *self, GPtrArray *hashes)
{
    GPtrArray *wanted = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < MIN(hashes->len, CONTENT_REQUEST_MAX_HASHES); i++)
        g_ptr_array_add(wanted, g_strdup(hashes->pdata[i]));
    g_mutex_lock(&self->lock);
    g_clear_pointer(&self->wanted, g_ptr_array_unref);
    self->wanted = wanted;
    g_cond_broadcast(&self->wake);
    g_mutex_unlock(&self->lock);
}

static gint
compare_items(gconstpointer a, gconstpointer b)
{
    const PlayFetchItem *left = *(PlayFetchItem *const *) a;
    const PlayFetchItem *right = *(PlayFetchItem *const *) b;

    return (left->need_us > right->need_us) - (left->need_us < right->need_us);
}

void
play_fetch_set_queue(PlayFetch *self, GPtrArray *items)
{
    g_mutex_lock(&self->lock);
    g_ptr_array_set_size(self->queue, 0);
    for (guint i = 0; i < items->len; i++)
        g_ptr_array_add(self->queue, g_memdup2(items->pdata[i], sizeof(PlayFetchItem)));
    g_ptr_array_sort(self->queue, compare_items);
    g_cond_broadcast(&self->wake);
    g_mutex_unlock(&self->lock);
}

void
play_fetch_set_rate(PlayFetch *self, gint64 kbit_s)
{
    g_mutex_lock(&self->lock);
    self->rate_kbit_s = kbit_s;
    g_mutex_unlock(&self->lock);
}

void
play_fetch_hurry(PlayFetch *self)
{
    g_mutex_lock(&self->lock);
    g_hash_table_remove_all(self->failures);
    g_cond_broadcast(&self->wake);
    g_mutex_unlock(&self->lock);
}

void
play_fetch_reconnect(PlayFetch *self)
{
    g_mutex_lock(&self->lock);
    self->generation++;
    g_mutex_unlock(&self->lock);
}
