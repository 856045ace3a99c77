/*
 * ingest-run.h - starts loa-ingest for one file, and reads what it says.
 *
 * Flow: web (an upload is complete) -> here -> loa-ingest -> object store. Port.
 * Thread: on the thread-default main context of the caller; never blocks.
 */
#pragma once

#include <gio/gio.h>

#define CONTENT_INGEST_RUN_ERROR (content_ingest_run_error_quark())
GQuark content_ingest_run_error_quark(void);

typedef enum {
    CONTENT_INGEST_RUN_ERROR_REFUSED, /* the file; the message is for who sent it */
    CONTENT_INGEST_RUN_ERROR_FAILED,  /* the program, the disk, the time: for the administrator
                                       */
} ContentIngestRunError;

/* Of equal pieces of the recording the highest sample, to be drawn. */
#define CONTENT_INGEST_RUN_N_PEAKS 800

typedef struct {
    const char *program;   /* path of loa-ingest */
    const char *input;     /* path of the file from outside */
    const char *output;    /* path of the recording; nothing is there yet */
    const char *registry;  /* (nullable): where GStreamer may keep its list of plug-ins */
    gint64 max_duration_s; /* of sound; 0: 30 minutes */
    gint64 timeout_s;      /* of the run; 0: 10 minutes */
    gboolean trim;         /* silence at both ends */
} ContentIngestRun;

typedef struct {
    gint64 duration_us;
    gint64 size_bytes;
    gint64 gain_mdb;
    gint64 loudness_mlufs; /* of the recording: about -16000 */
    gint64 true_peak_mdb;  /* of the recording: at most -1500 */
    gint64 input_loudness_mlufs;
    gint64 input_true_peak_mdb;
    gint64 trimmed_start_us, trimmed_end_us;
    char peaks[2 * CONTENT_INGEST_RUN_N_PEAKS + 1]; /* hex, 255 is full scale */
} ContentIngestRunResult;

/**
 * content_ingest_run_async:
 * @run: copied
 * @cancellable: (nullable): kills the process
 *
 * The process gets an environment of its own: nothing of the caller's passes into it.
 */
void content_ingest_run_async(const ContentIngestRun *run, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);

/**
 * content_ingest_run_finish:
 * @out: (out): written on success only
 *
 * Returns: %FALSE with an error: then there is no output file
 */
gboolean content_ingest_run_finish(GAsyncResult *result, ContentIngestRunResult *out,
                                   GError **error);
