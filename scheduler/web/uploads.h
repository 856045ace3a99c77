/*
 * uploads.h - recordings that come in parts: what is there of each lies in a file of its own.
 *
 * Flow: api-recordings.c adds a part at the offset that was asked for -> the whole, its hash
 * checked, goes on to the ingest process. Port: the file's size is all that is known of an
 * upload, so that it goes on after a broken line, a closed page and a restart of the program.
 * Thread: any; each call blocks on the disk.
 *
 * A file is named by who sends it, so that nobody goes on with, or learns of, what another one
 * sent; and by the hash that the whole shall have, or by what a sender made up who never has
 * the whole in hand: that one tells at the end what the hashes of its blocks come to.
 */
#pragma once

#include <glib.h>

#define SCHED_UPLOAD_ERROR (sched_upload_error_quark())
GQuark sched_upload_error_quark(void);

typedef enum {
    SCHED_UPLOAD_ERROR_NAME,    /* not 64 hex digits */
    SCHED_UPLOAD_ERROR_MISSING, /* nothing of it is there */
    SCHED_UPLOAD_ERROR_OFFSET,  /* there is more or less than the sender believes */
    SCHED_UPLOAD_ERROR_LARGE,   /* over the stated limit */
    SCHED_UPLOAD_ERROR_PART,    /* the part is not what its sender says; nothing was added */
    SCHED_UPLOAD_ERROR_DAMAGED, /* so is the whole; it was removed */
    SCHED_UPLOAD_ERROR_FULL,    /* the disk, or what unfinished uploads may take of it */
    SCHED_UPLOAD_ERROR_IO,
} SchedUploadError;

/* Small enough to be sent anew on a bad line, and to be held in memory while it comes. */
#define SCHED_UPLOAD_PART_BYTES (1024 * 1024)
/* Of a file whose blocks are hashed one by one; the last one may be shorter. */
#define SCHED_UPLOAD_BLOCK_BYTES (1024 * 1024)
/* Unfinished ones of one account; of more, the one that waited longest gives way. */
#define SCHED_UPLOAD_MAX_OF_ONE 4
/* Of all accounts together: no new one is begun above this. */
#define SCHED_UPLOAD_MAX_ALL_BYTES (G_GINT64_CONSTANT(4) * 1024 * 1024 * 1024)
/* Nothing came for so long: nobody will go on with it. */
#define SCHED_UPLOAD_KEPT_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)
/* Files that are looked at in the folder when a new one is begun. */
#define SCHED_UPLOAD_MAX_FILES 4096

/* Whose, and of what. */
typedef struct {
    const char *folder;  /* made when the first part comes */
    const char *account; /* id */
    const char *name;    /* 64 hex digits: SHA-256 of the whole, or made up by who sends it */
    const char *blocks;  /* (nullable): then SHA-256, hex, of the SHA-256s of its blocks */
} SchedUpload;

/** sched_upload_path: Returns: (transfer full) (nullable): where it lies or would; NULL with an
 * error for what is no hash */
char *sched_upload_path(const SchedUpload *upload, GError **error);

/** sched_upload_size: Returns: bytes that are there, safe on the disk; 0: none; -1: an error */
gint64 sched_upload_size(const SchedUpload *upload, GError **error);

/**
 * sched_upload_append:
 * @offset_bytes: where @part begins; what is there must end there
 * @digest: (nullable): SHA-256 of @part, hex, as its sender has it
 * @max_bytes: of the whole
 * @now_us: UTC, by which others are told to be old
 * @out_size_bytes: (out): what is there now
 *
 * On the disk when it returns. On an error what was there before is there still. The first part
 * makes room first: what is old goes, then what is more than the account may have.
 */
gboolean sched_upload_append(const SchedUpload *upload, gint64 offset_bytes, GBytes *part,
                             const char *digest, gint64 max_bytes, gint64 now_us,
                             gint64 *out_size_bytes, GError **error);

/** sched_upload_check: whether the whole is there and is what its name, or its blocks, say;
 * DAMAGED: it was removed, so that it is sent anew. @out_size_bytes: (out) */
gboolean sched_upload_check(const SchedUpload *upload, gint64 *out_size_bytes, GError **error);
