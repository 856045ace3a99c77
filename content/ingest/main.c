/*
 * main.c - loa-ingest: makes one canonical recording of one file from outside, and ends.
 *
 * Started by the scheduler (ingest-run.h) once a file. Prints one line of JSON: the result, or
 * {"error": …} in words. Exit codes of sysexits.h: 65 for a file that is refused.
 */
#include "content/ingest/ingest.h"
#include "content/ingest/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <gst/gst.h>
#include <jansson.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#define DEFAULT_MAX_S (30 * 60)
#define LONGEST_MAX_S (4 * 3600)
/* Per second of the longest sound: decoding, measuring and encoding four times on a slow
 * machine. */
#define PROCESSOR_BASE_S    60
#define PROCESSOR_PER_MAX_S 5
/* GStreamer with its libraries, plus the mapped sound twice. */
#define MEMORY_BASE_BYTES (G_GUINT64_CONSTANT(1536) * 1024 * 1024)
#define BYTES_PER_S       (48000 * 4)

#if defined(__SANITIZE_ADDRESS__)
/* The leak check would trace this process, which the walls forbid. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

typedef struct {
    char *input, *output;
    gint max_s;
    gboolean trim;
} Options;

static void
options_clear(Options *self)
{
    g_free(self->input);
    g_free(self->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
read_options(Options *self, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"input", 'i', 0, G_OPTION_ARG_FILENAME, &self->input, "audio file to read", "PATH"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output, "new file to write", "PATH"},
        {"max-seconds", 'm', 0, G_OPTION_ARG_INT, &self->max_s, "refuse longer sound", "N"},
        {"trim", 't', 0, G_OPTION_ARG_NONE, &self->trim, "cut silence at both ends", NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- make a canonical recording");

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return FALSE;
    if (*argc > 1) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "nothing is expected at '%s'",
                    (*argv)[1]);
        return FALSE;
    }
    if (self->input != NULL && self->output != NULL && self->max_s >= 1 &&
        self->max_s <= LONGEST_MAX_S)
        return TRUE;
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "--input and --output are needed, --max-seconds is 1 to 14400");
    return FALSE;
}

static int
open_file(const char *path, int flags, const char *what, GError **error)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);

    if (fd < 0)
        g_set_error(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED, "%s: %s", what,
                    g_strerror(errno));
    return fd;
}

/* A file without a name beside the output: it is gone with the process, whatever happens. */
static int
open_nameless(const char *output, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(output);

    return open_file(folder, O_TMPFILE | O_RDWR, "temporary file", error);
}

static gboolean
open_all(const Options *options, ContentIngestJob *job, GError **error)
{
    job->input_fd = open_file(options->input, O_RDONLY | O_NOCTTY | O_NONBLOCK, "input", error);
    if (job->input_fd < 0)
        return FALSE;
    job->pcm_fd = open_nameless(options->output, error);
    if (job->pcm_fd < 0)
        return FALSE;
    job->check_fd = open_nameless(options->output, error);
    if (job->check_fd < 0)
        return FALSE;
    job->output_fd = open_file(options->output, O_RDWR | O_CREAT | O_EXCL, "output", error);
    return job->output_fd >= 0;
}

static gboolean
run(const Options *options, ContentIngestResult *result, GError **error)
{
    ContentIngestJob job = {-1, -1, -1, -1, options->max_s, options->trim};
    guint64 sound_bytes = ((guint64) options->max_s + 60) * BYTES_PER_S;
    ContentIngestLimits limits = {
        .memory_bytes = MEMORY_BASE_BYTES + 2 * sound_bytes,
        .processor_s = PROCESSOR_BASE_S + (guint64) options->max_s * PROCESSOR_PER_MAX_S / 10,
        .file_bytes = sound_bytes,
    };

    if (!open_all(options, &job, error))
        return FALSE;
    /* The result is decoded again from its own descriptor, so both files may be opened by name.
     */
    if (content_ingest_confine(&limits, job.input_fd, job.output_fd, error) &&
        content_ingest(&job, result, error))
        return TRUE;
    /* Nothing half done is left; the walls forbid unlink, so the file is emptied instead. */
    if (ftruncate(job.output_fd, 0) != 0)
        g_prefix_error(error, "(a part was left) ");
    return FALSE;
}

static void
print(json_t *object)
{
    g_autofree char *line = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);

    puts(line);
    json_decref(object);
}

static json_t *
json_of(const ContentIngestResult *r)
{
    g_autoptr(GString) peaks = g_string_new(NULL);

    for (gsize i = 0; i < sizeof r->peaks; i++)
        g_string_append_printf(peaks, "%02x", r->peaks[i]);
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", /* */
                     "peaks", peaks->str,                                  /* */
                     "duration_us", (json_int_t) r->duration_us,           /* */
                     "size_bytes", (json_int_t) r->size_bytes,             /* */
                     "gain_mdb", (json_int_t) r->gain_mdb,                 /* */
                     "loudness_mlufs", (json_int_t) r->loudness_mlufs, "true_peak_mdb",
                     (json_int_t) r->true_peak_mdb, "input_loudness_mlufs",
                     (json_int_t) r->input_loudness_mlufs, "input_true_peak_mdb",
                     (json_int_t) r->input_true_peak_mdb, "trimmed_start_us",
                     (json_int_t) r->trimmed_start_us, "trimmed_end_us",
                     (json_int_t) r->trimmed_end_us);
}

int
main(int argc, char **argv)
{
    g_auto(Options) options = {.max_s = DEFAULT_MAX_S};
    g_autoptr(GError) error = NULL;
    ContentIngestResult result;

    if (!read_options(&options, &argc, &argv, &error)) {
        g_printerr("loa-ingest: %s\n", error->message);
        return EX_USAGE;
    }
    if (!gst_init_check(NULL, NULL, &error) || !run(&options, &result, &error)) {
        g_autofree char *words = g_utf8_make_valid(error->message, -1);

        print(json_pack("{s:s}", "error", words));
        return g_error_matches(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_REFUSED)
                   ? EX_DATAERR
                   : EX_SOFTWARE;
    }
    print(json_of(&result));
    return EX_OK;
}
