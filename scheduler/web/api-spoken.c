/*
 * api-spoken.c - what was said into stations' own microphones: brought by their players, heard
 * by people.
 *
 * Flow: a player's courier brings each file of at most 1 MiB, named by alert, beginning and
 * hash -> it is looked at, and put into the object store -> its row, with the right looked at
 * again. A file that comes twice changes nothing, so a player deletes what was answered with
 * 200 and nothing else.
 */
#include "scheduler/web/api-internal.h"

#include "content/base/files.h"
#include "content/opus-file.h"
#include "scheduler/store/speech-parts.h"

#include <glib/gstdio.h>
#include <string.h>

#define PACKET_US (G_GINT64_CONSTANT(20) * 1000)
/* Half an hour of silence would fit into less; nobody speaks for so long into one file. */
#define MAX_PACKETS (30 * 60 * 50)
/* Read at a time: what is wrong is found before all of it is in memory. */
#define READ_BYTES (16 * 1024)

/* clang-format off */
static const ContentMember sched_api_speech_part_shape_members[] = {
    ROW_WORD(SchedSpeechPartRow, object, HASH, "SHA-256 of the file (getSpeechPart)."),
    ROW_UTC(SchedSpeechPartRow, from_us, "When it was said, by the station's clock."),
    ROW_COUNT(SchedSpeechPartRow, duration_us, "µs", "How long it is."),
    ROW_UTC(SchedSpeechPartRow, kept_us, "When it came to the district."),
    ROW_BOOL(SchedSpeechPartRow, is_recorded, "A record that the station signed names this very file."),
    ROW_END,
};
API_SHAPE(sched_api_speech_part_shape, SchedSpeechPartRow, "SpeechPart", sched_speech_part_row_free);
/* clang-format on */

/* --- brought ---------------------------------------------------------------------------------
 */

typedef struct {
    SchedAct *act;
    GBytes *body; /* (owned) */
    SchedSpeechPartRow part;
} Bringing;

static void
bringing_free(gpointer data)
{
    Bringing *self = data;

    g_clear_pointer(&self->body, g_bytes_unref);
    g_free(self->part.alert);
    g_free(self->part.object);
    g_free(self);
}

static gboolean
is_expected(SchedTxn *txn, gpointer data, GError **error)
{
    const Bringing *self = data;

    return sched_store_speech_part_expected(txn, self->act->account, self->part.alert,
                                            self->part.object, error);
}

static gboolean
refuse(GError **error, const char *words)
{
    return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "%s", words);
}

static gboolean
are_plain(const GPtrArray *packets)
{
    for (guint i = 0; i < packets->len; i++) {
        gsize n;
        const guint8 *packet = g_bytes_get_data(packets->pdata[i], &n);

        if (!content_opus_is_plain(packet, n))
            return FALSE;
    }
    return TRUE;
}

/* Returns: whether it is Ogg Opus of so many packets as somebody can have spoken */
static gboolean
count_packets(const guint8 *bytes, gsize n_bytes, guint *out_count, GError **error)
{
    g_autoptr(ContentOpusReader) reader = content_opus_reader_new();
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    guint count = 0;

    for (gsize done = 0; done < n_bytes; done += READ_BYTES) {
        g_autoptr(GError) problem = NULL;

        if (!content_opus_reader_feed(reader, bytes + done, MIN(READ_BYTES, n_bytes - done),
                                      packets, &problem))
            return refuse(error, problem->message);
        if (!are_plain(packets))
            return refuse(error, "a packet is not one Opus frame of 20 ms");
        count += packets->len;
        if (count > MAX_PACKETS)
            return refuse(error, "it is longer than half an hour");
        g_ptr_array_set_size(packets, 0);
    }
    *out_count = count;
    return TRUE;
}

/* Ours from its first page to its last, and of the hash that it is called. */
static gboolean
look_at(Bringing *self, GError **error)
{
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, self->body);
    gsize n_bytes;
    const guint8 *bytes = g_bytes_get_data(self->body, &n_bytes);
    guint n_packets;

    if (strcmp(hash, self->part.object) != 0)
        return refuse(error, "hash: these are other bytes");
    if (!count_packets(bytes, n_bytes, &n_packets, error))
        return FALSE;
    if (n_packets == 0)
        return refuse(error, "nothing is said in it");
    self->part.duration_us = n_packets * PACKET_US;
    return TRUE;
}

/* The store takes a file; one that a killed run left is named anew by the next. */
static gboolean
put(Bringing *self, GError **error)
{
    const SchedApiOptions *options = &self->act->api->options;
    g_autofree char *folder = g_build_filename(options->incoming_folder, "spoken", NULL);
    g_autofree char *path = g_build_filename(folder, self->part.object, NULL);
    g_autofree char *object = NULL;
    gsize n_bytes;
    gconstpointer bytes = g_bytes_get_data(self->body, &n_bytes);

    if (!content_files_make_folder(folder, 0700, error) ||
        !content_files_write(path, bytes, n_bytes, 0600, error))
        return FALSE;
    object = content_object_store_put_file(options->objects, path, self->part.object, error);
    g_unlink(path);
    return object != NULL;
}

static void
keep(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    GError *error = NULL;

    if (look_at(data, &error) && put(data, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void
on_kept(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    GError *error = NULL;

    if (g_task_propagate_boolean(G_TASK(result), &error))
        sched_act_go_on(act);
    else
        sched_act_fail(act, error);
}

/* Nothing is put that no alert waits for. */
static void
prepare_part(SchedAct *act)
{
    Bringing *self = g_new0(Bringing, 1);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_kept, act);
    GError *error = NULL;
    guint64 from_us;

    self->act = act;
    self->body = g_bytes_ref(content_call_body(act->call));
    self->part.alert = g_strdup(act->arguments[0]);
    self->part.object = g_strdup(act->arguments[2]);
    sched_act_set_prepared(act, self, bringing_free);
    if (!g_ascii_string_to_unsigned(act->arguments[1], 10, 0, G_MAXINT64 / 2, &from_us, NULL))
        refuse(&error, "its beginning is no number");
    else
        sched_store_read(act->api->options.store, is_expected, self, &error);
    if (error != NULL) {
        sched_act_fail(act, error);
        return;
    }
    self->part.from_us = (gint64) from_us;
    g_task_set_task_data(task, self, NULL);
    g_task_run_in_thread(task, keep);
}

static gboolean
take_part(SchedTxn *txn, SchedAct *act, GError **error)
{
    Bringing *self = act->prepared;

    return is_expected(txn, self, error) &&
           sched_store_speech_part_add(txn, &self->part, error) && sched_act_done(act);
}

/* --- heard -----------------------------------------------------------------------------------
 */

static gboolean
get_part(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) parts = sched_store_speech_parts(txn, act->arguments[0], error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const SchedSpeechPartRow *part = parts->pdata[i];

        if (strcmp(part->object, act->arguments[1]) == 0)
            act->object = g_strdup(part->object);
    }
    return act->object != NULL ||
           (parts != NULL &&
            sched_api_error(error, SCHED_API_ERROR_NOT_FOUND, "there is no such recording"));
}

/* clang-format off */
static const SchedRoute device_routes[] = {
    { .method = "POST", .path = "/device/speeches/{alert}/{from}/{hash}", .roles = SCHED_ROLES_STATION,
      .input = SCHED_INPUT_PART, .writes = TRUE, .status = 200, .prepare = prepare_part,
      .work = take_part, .answer = &sched_answer_done, .name = "bringSpeech",
      .meaning = "What was said into the station's own microphone at an alert: Ogg Opus of that SHA-256, "
                 "at most 1 MiB, begun at that instant (µs, UTC). One that came before changes nothing." },
    { .method = NULL },
};
static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/alerts/{alert}/speech-parts/{object}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_alert_read, .status = 200, .work = get_part, .sends = "audio/ogg",
      .name = "getSpeechPart", .meaning = "What was said into a station's own microphone, a part of it." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_spoken(void)
{
    return routes;
}

const SchedRoute *
sched_routes_spoken_devices(void)
{
    return device_routes;
}
