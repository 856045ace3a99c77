/*
 * recording.c - a recording sent in parts: after a broken line, or when the same command is
 * given again, it goes on where the district says that it ended. See client.h.
 */
#include "scheduler/ctl/client.h"

#include "content/base/id.h"
#include "scheduler/ctl/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* So long nothing more arrives there, and it is given up; the parts stay for a second try. */
#define PATIENCE_US (10 * 60 * G_USEC_PER_SEC)
#define PAUSE_US    (1 * G_USEC_PER_SEC)
#define PAUSE_MAX   15

typedef struct {
    CtlClient *client; /* (not owned) */
    FILE *in;          /* (owned) */
    gint64 size_bytes;
    char *path;   /* (owned): of the upload */
    guchar *part; /* (owned) */
    CtlProgressFunc progress;
    gpointer user_data;
    gint64 offset_bytes; /* so much is there, as the district said */
    gint64 advanced_us;  /* monotonic: when that last became more */
    guint n_failures;    /* since then */
} Sending;

static void
sending_clear(Sending *self)
{
    if (self->in != NULL)
        fclose(self->in);
    g_free(self->path);
    g_free(self->part);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sending, sending_clear)

static gboolean
unreadable(GError **error, const char *file)
{
    return ctl_fail(error, CTL_CLIENT_ERROR_FILE, "file", "file", file, "cause",
                    g_strerror(errno), NULL);
}

/* Returns: (transfer full) (nullable): SHA-256 of the whole file */
static char *
hash_file(Sending *self, const char *file, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize n;

    while ((n = fread(self->part, 1, CTL_PART_BYTES, self->in)) > 0) {
        g_checksum_update(sum, self->part, (gssize) n);
        self->size_bytes += (gint64) n;
    }
    if (!ferror(self->in))
        return g_strdup(g_checksum_get_string(sum));
    unreadable(error, file);
    return NULL;
}

/* What the district answers is how much is there now. */
static gboolean
learn(Sending *self, json_t *answer)
{
    gint64 offset_bytes;

    if (answer == NULL)
        return FALSE;
    offset_bytes = json_integer_value(json_object_get(answer, "offset_bytes"));
    if (offset_bytes > self->offset_bytes) {
        self->advanced_us = g_get_monotonic_time();
        self->n_failures = 0;
    }
    self->offset_bytes = offset_bytes;
    if (self->progress != NULL)
        self->progress(offset_bytes, self->size_bytes, self->user_data);
    json_decref(answer);
    return TRUE;
}

static gboolean
ask(Sending *self, GError **error)
{
    return learn(self, ctl_client_call(self->client, "GET", self->path, NULL, error));
}

/* A part alone takes two minutes on a bad line: what is shown moves within it, too. */
static void
on_part(gint64 done_bytes, gint64 total_bytes, gpointer data)
{
    Sending *self = data;

    self->progress(self->offset_bytes + done_bytes, self->size_bytes, self->user_data);
}

static gboolean
send_part(Sending *self, const char *file, GError **error)
{
    g_autofree char *digest = NULL, *path = NULL;
    CtlBody body = {.media = "application/octet-stream",
                    .bytes = self->part,
                    .progress = self->progress == NULL ? NULL : on_part,
                    .user_data = self};

    if (fseeko(self->in, self->offset_bytes, SEEK_SET) != 0)
        return unreadable(error, file);
    body.n_bytes = fread(self->part, 1, CTL_PART_BYTES, self->in);
    if (body.n_bytes == 0)
        return unreadable(error, file);
    digest = content_sha256_hex(self->part, body.n_bytes);
    path = g_strdup_printf("%s?offset=%" G_GINT64_FORMAT "&digest=%s", self->path,
                           self->offset_bytes, digest);
    return learn(self, ctl_client_send(self->client, "PUT", path, &body, error));
}

/* Is what went wrong a break, after which it goes on? Then after a pause. */
static gboolean
endures(Sending *self, const GError *error)
{
    const char *problem = ctl_client_problem(self->client);
    /* Another part is waited for, or this one once more. */
    gboolean is_elsewhere =
        strcmp(problem, "offset") == 0 || strcmp(problem, "part-damaged") == 0;
    gboolean is_full = strcmp(problem, "disk-full") == 0;
    gboolean is_break =
        g_error_matches(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_UNREACHABLE) ||
        g_error_matches(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_BUSY) ||
        g_error_matches(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_SERVER);

    if (!(is_break || is_elsewhere) || is_full ||
        g_get_monotonic_time() - self->advanced_us > PATIENCE_US)
        return FALSE;
    g_usleep(MIN(++self->n_failures, PAUSE_MAX) * PAUSE_US);
    return TRUE;
}

static gboolean
send_parts(Sending *self, const char *file, GError **error)
{
    gboolean is_known = TRUE;

    /* What has not begun is not resumed: nobody there is told at once. */
    if (!ask(self, error))
        return FALSE;
    while (!is_known || self->offset_bytes < self->size_bytes) {
        g_autoptr(GError) cause = NULL;

        if (is_known ? send_part(self, file, &cause) : ask(self, &cause)) {
            is_known = TRUE;
            continue;
        }
        is_known = FALSE;
        if (!endures(self, cause)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return FALSE;
        }
    }
    return TRUE;
}

/* The whole is there: named where it is wanted, under one key, so that it is taken once. */
static json_t *
name_whole(Sending *self, const char *method, const char *path, const char *hash,
           GError **error)
{
    g_autofree char *named =
        g_strdup_printf("%s%cupload=%s", path, strchr(path, '?') == NULL ? '?' : '&', hash);
    g_autofree char *key = g_uuid_string_random();
    const CtlBody body = {.media = "application/octet-stream", .key = key, .bytes = ""};

    for (;;) {
        g_autoptr(GError) cause = NULL;
        json_t *answer = ctl_client_send(self->client, method, named, &body, &cause);

        if (answer != NULL)
            return answer;
        if (!endures(self, cause)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return NULL;
        }
    }
}

json_t *
ctl_client_send_recording(CtlClient *self, const char *method, const char *path,
                          const char *file, CtlProgressFunc progress, gpointer user_data,
                          GError **error)
{
    g_auto(Sending) sending = {.client = self, .progress = progress, .user_data = user_data};
    g_autofree char *hash = NULL;

    sending.in = fopen(file, "re");
    if (sending.in == NULL) {
        unreadable(error, file);
        return NULL;
    }
    sending.part = g_malloc(CTL_PART_BYTES);
    hash = hash_file(&sending, file, error);
    if (hash == NULL)
        return NULL;
    sending.path = g_strconcat("/api/uploads/", hash, NULL);
    sending.advanced_us = g_get_monotonic_time();
    return send_parts(&sending, file, error) ? name_whole(&sending, method, path, hash, error)
                                             : NULL;
}
