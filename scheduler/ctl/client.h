/*
 * client.h - the HTTP API from the other side: one call, one answer, one clear error.
 *
 * Flow: commands -> here -> loa-scheduler. Port: libcurl, blocking, for a terminal.
 * Only the district's own authority is believed; no redirect is followed, no proxy is used.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#define CTL_CLIENT_ERROR (ctl_client_error_quark())
GQuark ctl_client_error_quark(void);

/* One code for each exit code of loactl, see ctl_exit_code(). */
typedef enum {
    CTL_CLIENT_ERROR_NEGATIVE,    /* the question was answered with no (--check, verify): 1 */
    CTL_CLIENT_ERROR_USAGE,       /* the command line is wrong: 64 */
    CTL_CLIENT_ERROR_DATA,        /* the district refuses what was sent: 65 */
    CTL_CLIENT_ERROR_FILE,        /* a file of ours cannot be read or written: 66 */
    CTL_CLIENT_ERROR_UNREACHABLE, /* no answer, or nobody we may believe: 69 */
    CTL_CLIENT_ERROR_SERVER,      /* the district failed: 70 */
    CTL_CLIENT_ERROR_BUSY,        /* try again later: 75 */
    CTL_CLIENT_ERROR_REFUSED,     /* not signed in, or no right to it: 77 */
    CTL_CLIENT_ERROR_NOT_FOUND,   /* no such thing: 4 */
    CTL_CLIENT_ERROR_CONFLICT,    /* somebody changed it meanwhile, or it exists: 5 */
} CtlClientError;

/* The API takes no larger recording: SCHED_API_MAX_AUDIO_BYTES. */
#define CTL_MAX_UPLOAD_BYTES (512 * 1024 * 1024)
/* And no larger part of one: SCHED_UPLOAD_PART_BYTES. */
#define CTL_PART_BYTES (1024 * 1024)
/* An answer larger than this is refused. */
#define CTL_MAX_ANSWER_BYTES (64 * 1024 * 1024)

typedef struct CtlClient CtlClient;

/* How far an upload or download is; @total_bytes: 0 if not known. */
typedef void (*CtlProgressFunc)(gint64 done_bytes, gint64 total_bytes, gpointer user_data);

/**
 * ctl_client_new:
 * @url: "https://host:port", without a path
 * @authority: path of the district's CA certificate, PEM
 * @token: (nullable): of the session; NULL: not signed in
 */
CtlClient *ctl_client_new(const char *url, const char *authority, const char *token,
                          GError **error);
void ctl_client_free(CtlClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlClient, ctl_client_free)

/** ctl_client_set_token: @token: (nullable): from now on */
void ctl_client_set_token(CtlClient *self, const char *token);

/** ctl_client_problem: Returns: (transfer none): the word for programs of the last refusal:
 * "code-wanted"; "" if there is none */
const char *ctl_client_problem(const CtlClient *self);

/**
 * ctl_client_call:
 * @method: "GET", "POST", "PUT", "PATCH", "DELETE"
 * @path: with leading '/', already escaped, with its query
 * @body: (nullable): sent as JSON
 *
 * Returns: (transfer full): the answer; JSON null for an empty one. An error says in words what
 *   the district said.
 */
json_t *ctl_client_call(CtlClient *self, const char *method, const char *path,
                        const json_t *body, GError **error);

/* What is sent along. */
typedef struct {
    const char *media;
    const char *key; /* (nullable): Idempotency-Key */
    const void *bytes;
    gsize n_bytes;
    CtlProgressFunc progress; /* (nullable): of these bytes */
    gpointer user_data;
} CtlBody;

/** ctl_client_send: as ctl_client_call(), with a body of any kind; @body: (nullable) */
json_t *ctl_client_send(CtlClient *self, const char *method, const char *path,
                        const CtlBody *body, GError **error);

/**
 * ctl_client_send_recording:
 * @path: of the route that takes a recording
 * @progress: (nullable)
 *
 * In parts, each on the district's disk before the next is sent. After a break it goes on by
 * itself for ten minutes; after that, or when the program was ended, the same call goes on.
 *
 * Returns: (transfer full): what that route answered
 */
json_t *ctl_client_send_recording(CtlClient *self, const char *method, const char *path,
                                  const char *file, CtlProgressFunc progress,
                                  gpointer user_data, GError **error);

/**
 * ctl_client_upload:
 * @file: sent as the body, read piece by piece
 * @media: its Content-Type
 * @progress: (nullable)
 *
 * Returns: (transfer full): the answer
 */
json_t *ctl_client_upload(CtlClient *self, const char *method, const char *path,
                          const char *file, const char *media, CtlProgressFunc progress,
                          gpointer user_data, GError **error);

/** ctl_client_look: whether @file can be opened and read; @out_size_bytes: (out) */
gboolean ctl_client_look(const char *file, gint64 *out_size_bytes, GError **error);

/** ctl_client_download: @file: written anew; removed again if the download fails */
gboolean ctl_client_download(CtlClient *self, const char *path, const char *file,
                             CtlProgressFunc progress, gpointer user_data, GError **error);

/** ctl_exit_code: Returns: what loactl exits with after @error; 0 for NULL, 70 for a stranger's
 */
int ctl_exit_code(const GError *error);

/** ctl_escape: Returns: (transfer full): @text for use in a path or query (RFC 3986) */
char *ctl_escape(const char *text);
