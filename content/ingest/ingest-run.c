/* ingest-run.c - see ingest-run.h */
#include "content/ingest/ingest-run.h"

#include <jansson.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define DEFAULT_MAX_S     1800
#define DEFAULT_TIMEOUT_S 600
/* One line of JSON; a program that says more is not the one we know. */
#define MAX_ANSWER_BYTES 4096

G_DEFINE_QUARK(ContentIngestRunError, content_ingest_run_error)

/* clang-format off */
static const struct { const char *name; gsize offset; } members[] = {
    { "duration_us",          G_STRUCT_OFFSET(ContentIngestRunResult, duration_us) },
    { "size_bytes",           G_STRUCT_OFFSET(ContentIngestRunResult, size_bytes) },
    { "gain_mdb",             G_STRUCT_OFFSET(ContentIngestRunResult, gain_mdb) },
    { "loudness_mlufs",       G_STRUCT_OFFSET(ContentIngestRunResult, loudness_mlufs) },
    { "true_peak_mdb",        G_STRUCT_OFFSET(ContentIngestRunResult, true_peak_mdb) },
    { "input_loudness_mlufs", G_STRUCT_OFFSET(ContentIngestRunResult, input_loudness_mlufs) },
    { "input_true_peak_mdb",  G_STRUCT_OFFSET(ContentIngestRunResult, input_true_peak_mdb) },
    { "trimmed_start_us",     G_STRUCT_OFFSET(ContentIngestRunResult, trimmed_start_us) },
    { "trimmed_end_us",       G_STRUCT_OFFSET(ContentIngestRunResult, trimmed_end_us) },
};
/* clang-format on */

typedef struct {
    GSubprocess *process; /* (owned) */
    char *output;         /* (owned) */
    GSource *timeout;     /* (owned) (nullable) */
    gboolean is_late;
    char answer[MAX_ANSWER_BYTES + 1];
    gsize n_answer;
} Running;

static void
stop_timeout(Running *self)
{
    if (self->timeout != NULL)
        g_source_destroy(self->timeout);
    g_clear_pointer(&self->timeout, g_source_unref);
}

static void
running_free(gpointer data)
{
    Running *self = data;

    stop_timeout(self);
    g_clear_object(&self->process);
    g_free(self->output);
    g_free(self);
}

static GSubprocess *
start(const ContentIngestRun *run, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    /* ORC writes code and runs it, and ends the program where that is refused: its plain
     * functions do the same work. */
    char *environment[] = {(char *) "PATH=/usr/bin:/bin", (char *) "LC_ALL=C.UTF-8",
                           (char *) "HOME=/nonexistent", (char *) "ORC_CODE=backup", NULL};
    g_autofree char *max_s =
        g_strdup_printf("%" G_GINT64_FORMAT,
                        run->max_duration_s == 0 ? DEFAULT_MAX_S : run->max_duration_s);
    const char *arguments[] = {run->program, "--input",
                               run->input,   "--output",
                               run->output,  "--max-seconds",
                               max_s,        run->trim ? "--trim" : NULL,
                               NULL};

    g_subprocess_launcher_set_environ(launcher, environment);
    if (run->registry != NULL)
        g_subprocess_launcher_setenv(launcher, "GST_REGISTRY", run->registry, TRUE);
    return g_subprocess_launcher_spawnv(launcher, arguments, error);
}

/* Returns: (transfer full): the answer as an object; NULL when it is none */
static json_t *
parse_answer(const Running *self)
{
    json_t *answer = json_loadb(self->answer, self->n_answer, JSON_REJECT_DUPLICATES, NULL);

    if (answer != NULL && !json_is_object(answer))
        g_clear_pointer(&answer, json_decref);
    return answer;
}

static gboolean
read_peaks(const json_t *answer, char *out)
{
    const char *peaks = json_string_value(json_object_get(answer, "peaks"));

    return peaks != NULL &&
           strspn(peaks, "0123456789abcdef") == 2 * CONTENT_INGEST_RUN_N_PEAKS &&
           g_strlcpy(out, peaks, 2 * CONTENT_INGEST_RUN_N_PEAKS + 1) ==
               2 * CONTENT_INGEST_RUN_N_PEAKS;
}

static gboolean
read_members(const json_t *answer, ContentIngestRunResult *out)
{
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const json_t *value = json_object_get(answer, members[i].name);

        if (!json_is_integer(value))
            return FALSE;
        G_STRUCT_MEMBER(gint64, out, members[i].offset) = json_integer_value(value);
    }
    return out->duration_us > 0 && out->size_bytes > 0 && read_peaks(answer, out->peaks);
}

static void
fail(GTask *task, const Running *self, const json_t *answer)
{
    const char *words = json_string_value(json_object_get(answer, "error"));
    gboolean has_exited = g_subprocess_get_if_exited(self->process);
    int code = has_exited ? g_subprocess_get_exit_status(self->process) : -1;

    unlink(self->output);
    if (self->is_late)
        g_task_return_new_error(task, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_FAILED,
                                "decoding took too long");
    else if (words != NULL && code == EX_DATAERR)
        g_task_return_new_error(task, CONTENT_INGEST_RUN_ERROR,
                                CONTENT_INGEST_RUN_ERROR_REFUSED, "%s", words);
    else if (words != NULL)
        g_task_return_new_error(task, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_FAILED,
                                "%s", words);
    else if (!has_exited)
        /* Killed by a limit or by a broken decoder: either way this file is not for us. */
        g_task_return_new_error(task, CONTENT_INGEST_RUN_ERROR,
                                CONTENT_INGEST_RUN_ERROR_REFUSED,
                                "decoding it needs more than a recording may");
    else
        g_task_return_new_error(task, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_FAILED,
                                "loa-ingest ended with %d and no word", code);
}

static void
on_exited(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Running *self = g_task_get_task_data(task);
    g_autofree ContentIngestRunResult *out = g_new0(ContentIngestRunResult, 1);
    json_t *answer = NULL;

    stop_timeout(self);
    g_subprocess_wait_finish(self->process, result, NULL);
    if (g_task_return_error_if_cancelled(task)) {
        unlink(self->output);
        return;
    }
    answer = parse_answer(self);
    if (g_subprocess_get_if_exited(self->process) &&
        g_subprocess_get_exit_status(self->process) == EX_OK && answer != NULL &&
        read_members(answer, out))
        g_task_return_pointer(task, g_steal_pointer(&out), g_free);
    else
        fail(task, self, answer);
    json_decref(answer);
}

/* The pipe is closed, or more was said than an answer holds. */
static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Running *self = g_task_get_task_data(task);

    g_input_stream_read_all_finish(G_INPUT_STREAM(source), result, &self->n_answer, NULL);
    if (self->n_answer == MAX_ANSWER_BYTES ||
        g_cancellable_is_cancelled(g_task_get_cancellable(task)))
        g_subprocess_force_exit(self->process);
    /* Not cancellable: the process was told to end, and is waited for. */
    g_subprocess_wait_async(self->process, NULL, on_exited, task);
}

static gboolean
on_timeout(gpointer data)
{
    Running *self = data;

    self->is_late = TRUE;
    g_subprocess_force_exit(self->process);
    return G_SOURCE_REMOVE;
}

void
content_ingest_run_async(const ContentIngestRun *run, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
    Running *self = g_new0(Running, 1);
    g_autoptr(GError) error = NULL;

    g_task_set_source_tag(task, content_ingest_run_async);
    g_task_set_task_data(task, self, running_free);
    if (access(run->output, F_OK) == 0) {
        g_task_return_new_error(task, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_FAILED,
                                "%s is there already", run->output);
        return;
    }
    self->process = start(run, &error);
    if (self->process == NULL) {
        g_task_return_new_error(task, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_FAILED,
                                "starting %s: %s", run->program, error->message);
        return;
    }
    self->output = g_strdup(run->output);
    self->timeout = g_timeout_source_new_seconds(
        (guint) (run->timeout_s == 0 ? DEFAULT_TIMEOUT_S : run->timeout_s));
    g_source_set_callback(self->timeout, on_timeout, self, NULL);
    g_source_attach(self->timeout, g_task_get_context(task));
    g_input_stream_read_all_async(g_subprocess_get_stdout_pipe(self->process), self->answer,
                                  MAX_ANSWER_BYTES, G_PRIORITY_DEFAULT, cancellable, on_answer,
                                  g_steal_pointer(&task));
}

gboolean
content_ingest_run_finish(GAsyncResult *result, ContentIngestRunResult *out, GError **error)
{
    g_autofree ContentIngestRunResult *done = g_task_propagate_pointer(G_TASK(result), error);

    if (done == NULL)
        return FALSE;
    *out = *done;
    return TRUE;
}
