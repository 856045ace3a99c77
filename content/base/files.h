/*
 * files.h - files that are either the old one or the new one, never something between.
 *
 * Flow: used by every port that keeps something on disk beside SQLite.
 * Thread: any; each call blocks on the disk.
 */
#pragma once

#include <glib.h>

#define CONTENT_FILES_ERROR (content_files_error_quark())
GQuark content_files_error_quark(void);

typedef enum {
    CONTENT_FILES_ERROR_NOT_FOUND, /* nothing there: the caller may start afresh */
    CONTENT_FILES_ERROR_TOO_LARGE, /* over the stated limit: nothing was read */
    CONTENT_FILES_ERROR_IO,        /* the disk refused; errno's text is in the message */
} ContentFilesError;

/**
 * content_files_read:
 * @path: a regular file
 * @max_bytes: refused above this size, so that nobody fills the memory through a file
 *
 * Returns: (transfer full): the bytes, followed by a NUL that is not counted
 */
GBytes *content_files_read(const char *path, gsize max_bytes, GError **error);

/**
 * content_files_write:
 * @path: where the file is to stand; its folder must exist
 * @mode: permission bits, for instance 0600
 *
 * Writes a temporary file beside @path, fsyncs it, renames it and fsyncs the folder. On an
 * error the old file is untouched and the temporary one removed.
 *
 * Returns: %TRUE once the new file would survive a power cut
 */
gboolean content_files_write(const char *path, gconstpointer data, gsize n_bytes, guint mode,
                             GError **error);

/* What content_files_write() names its temporary files, for content_files_tidy(). */
#define CONTENT_FILES_TEMPORARY "*.tmp.??????"
/* Files that one content_files_tidy() looks at; the rest waits for the next start. */
#define CONTENT_FILES_MAX_TIDY 10000

/**
 * content_files_tidy:
 * @folder: looked at without what lies in folders within it; one that is not there is empty
 * @pattern: of names, with * and ?
 * @before_us: UTC: files that were written to since then stay
 *
 * Removes what a power cut or a kill left behind.
 *
 * Returns: how many files were removed
 */
guint content_files_tidy(const char *folder, const char *pattern, gint64 before_us);

/**
 * content_files_sync_folder:
 * @path: a folder whose entries were just renamed or removed
 */
gboolean content_files_sync_folder(const char *path, GError **error);

/**
 * content_files_make_folder:
 * @path: made with its parents if it is not there
 * @mode: permission bits of the folders made
 */
gboolean content_files_make_folder(const char *path, guint mode, GError **error);

/**
 * content_files_lock:
 * @path: made if it is not there
 *
 * Takes an exclusive lock, so that two daemons never share one state folder.
 *
 * Returns: a descriptor to be kept open as long as the lock is wanted; -1 on error
 */
int content_files_lock(const char *path, GError **error);
