/*
 * api-recordings.c - a recording on its way: in one piece or in parts, read by the ingest
 * process, into the object store.
 *
 * Flow: a body, or parts kept by uploads.h until the whole is there -> loa-ingest -> object
 * store -> the work of the route, which names it. Thread: the owner's context; the disk is
 * waited for in threads of their own.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/web/uploads.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PARTS_FOLDER "parts"
/* After which a second request for a recording that is being read may ask again. */
#define IN_HAND_US (3 * G_USEC_PER_SEC)

/* ---- into the object store ---- */

/* One recording under way; gone when its act goes on or fails. */
typedef struct {
    SchedAct *act;
    char *folder;            /* (owned) (nullable): of the parts; NULL: it came as the body */
    SchedUpload upload;      /* with a folder alone */
    char *key;               /* (owned) (nullable): among those in hand */
    char *path;              /* (owned): what was sent */
    gint64 size_bytes;       /* and how much */
    SchedIngested *ingested; /* (owned) (nullable) */
} Taking;

static void
taking_free(Taking *taking)
{
    if (taking->key != NULL)
        g_hash_table_remove(taking->act->api->in_hand, taking->key);
    sched_ingested_free(taking->ingested);
    g_free(taking->folder);
    g_free(taking->key);
    g_free(taking->path);
    g_free(taking);
}

static void
fail(Taking *taking, GError *error)
{
    SchedAct *act = taking->act;

    taking_free(taking);
    sched_act_fail(act, error);
}

static void
recording_free(gpointer data)
{
    ApiRecording *recording = data;

    g_free(recording->object.hash);
    g_free(recording->original.hash);
    g_free(recording->original.object);
    g_free(recording->original.name);
    g_free(recording->original.media);
    g_free(recording->peaks);
    g_free(recording);
}

static ApiRecording *
recording_new(const Taking *taking, const char *hash, const char *original)
{
    ApiRecording *recording = g_new0(ApiRecording, 1);
    const SchedIngested *ingested = taking->ingested;
    const char *name = content_call_query(taking->act->call, "name");

    recording->object.hash = g_strdup(hash);
    recording->object.duration_us = ingested->duration_us;
    recording->object.loudness_mlufs = ingested->loudness_mlufs;
    recording->object.peak_mdb = ingested->peak_mdb;
    recording->original.hash = g_strdup(original);
    recording->original.object = g_strdup(hash);
    recording->original.name = content_document_text(name != NULL ? name : "", 200);
    recording->original.media = content_document_text(ingested->media, 100);
    recording->original.size_bytes = taking->size_bytes;
    recording->peaks = g_strdup(ingested->peaks);
    return recording;
}

static gint64
size_of(ContentObjectStore *objects, const char *hash)
{
    gint64 size_bytes = 0;
    int fd = content_object_store_open_object(objects, hash, &size_bytes, NULL);

    if (fd >= 0)
        close(fd);
    return size_bytes;
}

/* Is what the file comes to known from its name? */
static gboolean
has_hash(const Taking *taking)
{
    return taking->folder != NULL && taking->upload.blocks == NULL;
}

/* Both files go into the object store; a row that names them comes after. */
static void
keep_recording(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Taking *taking = data;
    ContentObjectStore *objects = taking->act->api->options.objects;
    ApiRecording *recording;
    GError *error = NULL;
    g_autofree char *hash =
        content_object_store_put_file(objects, taking->ingested->path, NULL, &error);
    g_autofree char *original = NULL;

    if (hash != NULL)
        original = content_object_store_put_file(
            objects, taking->path, has_hash(taking) ? taking->upload.name : NULL, &error);
    if (original == NULL) {
        g_task_return_error(task, error);
        return;
    }
    recording = recording_new(taking, hash, original);
    recording->object.size_bytes = size_of(objects, hash);
    g_task_return_pointer(task, recording, recording_free);
}

static void
on_kept(GObject *source, GAsyncResult *result, gpointer data)
{
    Taking *taking = data;
    SchedAct *act = taking->act;
    GError *error = NULL;
    ApiRecording *recording = g_task_propagate_pointer(G_TASK(result), &error);

    if (recording == NULL) {
        fail(taking, error);
        return;
    }
    taking_free(taking);
    sched_act_set_prepared(act, recording, recording_free);
    sched_act_go_on(act);
}

static void
run_in_thread(Taking *taking, GTaskThreadFunc work, GAsyncReadyCallback done)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done, taking);

    g_task_set_task_data(task, taking, NULL);
    g_task_run_in_thread(task, work);
}

static void
on_ingested(GObject *source, GAsyncResult *result, gpointer data)
{
    Taking *taking = data;
    const SchedApiOptions *options = &taking->act->api->options;
    GError *error = NULL;

    taking->ingested = options->ports->ingest_finish(options->ports_data, result, &error);
    if (taking->ingested == NULL) {
        /* What a recording is not is its sender's to know, in the reader's words. */
        GError *told = NULL;

        sched_api_error(&told, SCHED_API_ERROR_RECORDING, "%s", error->message);
        g_error_free(error);
        /* The same parts would be the same file: nothing is left to go on with. */
        if (taking->folder != NULL)
            g_unlink(taking->path);
        fail(taking, told);
        return;
    }
    run_in_thread(taking, keep_recording, on_kept);
}

static void
ingest(Taking *taking)
{
    const SchedApiOptions *options = &taking->act->api->options;
    const char *trims = content_call_query(taking->act->call, "trim");

    options->ports->ingest(options->ports_data, taking->path, g_strcmp0(trims, "true") == 0,
                           on_ingested, taking);
}

/* ---- from parts ---- */

static char *
parts_folder(SchedAct *act)
{
    return g_build_filename(act->api->options.incoming_folder, PARTS_FOLDER, NULL);
}

static void
check_whole(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Taking *taking = data;
    GError *error = NULL;

    if (sched_upload_check(&taking->upload, &taking->size_bytes, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void
on_checked(GObject *source, GAsyncResult *result, gpointer data)
{
    Taking *taking = data;
    SchedAct *act = taking->act;
    GError *error = NULL;

    if (g_task_propagate_boolean(G_TASK(result), &error)) {
        ingest(taking);
    } else if (g_error_matches(error, SCHED_UPLOAD_ERROR, SCHED_UPLOAD_ERROR_MISSING)) {
        /* Whoever asks again under the same key, because the answer was lost, gets it now. */
        g_error_free(error);
        taking_free(taking);
        sched_act_go_on(act);
    } else {
        fail(taking, error);
    }
}

static void
take_parts(Taking *taking, const char *name)
{
    SchedAct *act = taking->act;
    GError *error = NULL;

    taking->folder = parts_folder(act);
    taking->upload = (SchedUpload){taking->folder, act->account, name,
                                   content_call_query(act->call, "blocks")};
    taking->path = sched_upload_path(&taking->upload, &error);
    if (taking->path == NULL) {
        fail(taking, error);
        return;
    }
    if (g_hash_table_contains(act->api->in_hand, taking->path)) {
        taking_free(taking);
        sched_api_too_early(act, IN_HAND_US);
        return;
    }
    taking->key = g_strdup(taking->path);
    g_hash_table_add(act->api->in_hand, g_strdup(taking->path));
    run_in_thread(taking, check_whole, on_checked);
}

void
sched_api_prepare_audio(SchedAct *act)
{
    const char *name = content_call_query(act->call, "upload");
    Taking *taking = g_new0(Taking, 1);

    taking->act = act;
    if (name != NULL) {
        take_parts(taking, name);
        return;
    }
    taking->path = g_strdup(content_call_body_path(act->call));
    taking->size_bytes = content_call_body_size(act->call);
    ingest(taking);
}

const ApiRecording *
sched_api_recording(SchedAct *act, GError **error)
{
    if (act->prepared == NULL)
        sched_api_error(error, SCHED_API_ERROR_NOT_FOUND, "nothing of this upload is here");
    return act->prepared;
}

gboolean
sched_api_put_recording(SchedTxn *txn, const ApiRecording *recording, GError **error)
{
    return sched_store_object_put(txn, &recording->object, &recording->original, error) &&
           sched_store_object_put_peaks(txn, recording->object.hash, recording->peaks, error);
}

/* ---- the parts themselves ---- */

typedef struct {
    gint64 size_bytes;
} Kept;

static void
append_part(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    SchedAct *act = data;
    g_autofree char *folder = parts_folder(act);
    const SchedUpload upload = {folder, act->account, act->arguments[0], NULL};
    const char *offset = content_call_query(act->call, "offset");
    Kept *kept = g_new0(Kept, 1);
    gint64 offset_bytes = 0;
    GError *error = NULL;

    if (offset != NULL && !g_ascii_string_to_signed(offset, 10, 0, SCHED_API_MAX_AUDIO_BYTES,
                                                    &offset_bytes, NULL))
        sched_api_error(&error, SCHED_API_ERROR_UNPROCESSABLE, "offset: a number of bytes");
    else if (sched_upload_append(&upload, offset_bytes, content_call_body(act->call),
                                 content_call_query(act->call, "digest"),
                                 SCHED_API_MAX_AUDIO_BYTES, act->now_us, &kept->size_bytes,
                                 &error)) {
        g_task_return_pointer(task, kept, g_free);
        return;
    }
    g_free(kept);
    g_task_return_error(task, error);
}

static void
on_appended(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    GError *error = NULL;
    Kept *kept = g_task_propagate_pointer(G_TASK(result), &error);

    if (kept == NULL) {
        sched_act_fail(act, error);
        return;
    }
    sched_act_set_prepared(act, kept, g_free);
    sched_act_go_on(act);
}

static void
prepare_part(SchedAct *act)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_appended, act);

    g_task_set_task_data(task, act, NULL);
    g_task_run_in_thread(task, append_part);
}

static gboolean
answer_size(SchedAct *act, gint64 size_bytes)
{
    act->answer = json_pack("{s:s, s:I}", "upload", act->arguments[0], "offset_bytes",
                            (json_int_t) size_bytes);
    return TRUE;
}

static gboolean
put_part(SchedTxn *txn, SchedAct *act, GError **error)
{
    return answer_size(act, ((const Kept *) act->prepared)->size_bytes);
}

static gboolean
get_upload(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *folder = parts_folder(act);
    const SchedUpload upload = {folder, act->account, act->arguments[0], NULL};
    gint64 size_bytes = sched_upload_size(&upload, error);

    return size_bytes >= 0 && answer_size(act, size_bytes);
}

#define SENDERS (SCHED_ROLES(SCHED_ROLE_EDITOR) | SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedRouteQuery part_query[] = {
    { "offset", "Where it begins, in bytes; what is there must end there." },
    { "digest", "SHA-256 of the part, 64 hex digits: one that came as something else is refused." },
    { NULL, NULL },
};
static const SchedAnswerMember upload_members[] = {
    ANSWER_WORD("upload", HASH, "Its name."),
    ANSWER_INT("offset_bytes", 0, SCHED_API_MAX_AUDIO_BYTES, "bytes",
               "So much is there, safe on the disk: the next part begins here."),
    ANSWER_END,
};
static const SchedAnswer upload_answer = { .name = "Upload", .more = upload_members };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/uploads/{upload}", .roles = SENDERS, .status = 200,
      .work = get_upload, .answer = &upload_answer, .name = "getUpload",
      .meaning = "How much of a file is there that is sent in parts. Its name has 64 hex digits: "
                 "its SHA-256, or what its sender made up." },
    { .method = "PUT", .path = "/api/uploads/{upload}", .roles = SENDERS,
      .input = SCHED_INPUT_PART, .query = part_query, .is_aside = TRUE, .status = 200,
      .prepare = prepare_part, .work = put_part, .answer = &upload_answer, .name = "putUpload",
      .meaning = "One part of a file; the whole is then named where a recording is taken." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_recordings(void)
{
    return routes;
}
