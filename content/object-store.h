/*
 * object-store.h - audio files kept under the name of their SHA-256.
 *
 * Flow: scheduler (ingest puts, web serves) and player (intake puts, output opens). Port.
 * Layout: FOLDER/ab/abcdef…; unfinished files in FOLDER/part/. A file that is visible under its
 * name is complete and was fsynced together with its folder.
 */
#pragma once

#include <glib.h>

/* Canonical audio stays far below; an original kept beside it may be four hours of WAV. */
#define CONTENT_OBJECT_MAX_BYTES (G_GINT64_CONSTANT(4) * 1024 * 1024 * 1024)

#define CONTENT_OBJECT_ERROR (content_object_error_quark())
GQuark content_object_error_quark(void);

typedef enum {
    CONTENT_OBJECT_ERROR_NOT_FOUND, /* no such object, or no such name: 64 hex digits */
    CONTENT_OBJECT_ERROR_CORRUPT,   /* the bytes are not those of the name; it was set aside */
    CONTENT_OBJECT_ERROR_TOO_LARGE,
    CONTENT_OBJECT_ERROR_IO,
} ContentObjectError;

typedef struct ContentObjectStore ContentObjectStore;

/**
 * content_object_store_open:
 * @folder: made if it is not there, mode 0750
 *
 * Empties FOLDER/corrupt/, so that what is set aside never fills the disk. Any thread may use
 * the store afterwards; each call blocks on the disk.
 */
ContentObjectStore *content_object_store_open(const char *folder, GError **error);
void content_object_store_free(ContentObjectStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentObjectStore, content_object_store_free)

/** content_object_store_has: Returns: whether the object is there (its bytes are not read) */
gboolean content_object_store_has(ContentObjectStore *self, const char *hash);

/**
 * content_object_store_open_object:
 * @out_size_bytes: (out) (nullable)
 *
 * Returns: a descriptor for reading, not yet verified; -1 on error
 */
int content_object_store_open_object(ContentObjectStore *self, const char *hash,
                                     gint64 *out_size_bytes, GError **error);

/**
 * content_object_store_verify:
 * @fd: from content_object_store_open_object(); read from its start, left at its start
 *
 * Hashes through this very descriptor, so that what is decoded later is what was hashed. An
 * object that fails is moved to FOLDER/corrupt/ so that it is fetched again.
 */
gboolean content_object_store_verify(ContentObjectStore *self, const char *hash, int fd,
                                     GError **error);

/**
 * content_object_store_put_file:
 * @path: a file on the same file system; it is renamed into the store
 * @hash: (nullable): expected; NULL: computed
 *
 * Hash, fsync, rename, fsync of the folder. Putting an object that is there replaces it.
 *
 * Returns: (transfer full): the hash; NULL on error, with @path untouched
 */
char *content_object_store_put_file(ContentObjectStore *self, const char *path,
                                    const char *hash, GError **error);

/**
 * content_object_store_part_path:
 *
 * Returns: (transfer full) (nullable): where an unfinished download of @hash is kept between
 *   attempts; NULL if @hash is no hash
 */
char *content_object_store_part_path(ContentObjectStore *self, const char *hash);

/**
 * content_object_store_tidy_parts:
 * @wanted: (element-type utf8): set: hashes whose unfinished downloads stay
 *
 * Removes the unfinished downloads of all others: nobody will go on with them.
 *
 * Returns: how many were removed
 */
guint content_object_store_tidy_parts(ContentObjectStore *self, GHashTable *wanted);

/** content_object_store_tidy_old_parts: removes unfinished downloads that got no byte since
 * @before_us (UTC). Returns: how many */
guint content_object_store_tidy_old_parts(ContentObjectStore *self, gint64 before_us);

/** content_object_store_remove: a hash that is not there is no error */
gboolean content_object_store_remove(ContentObjectStore *self, const char *hash,
                                     GError **error);

/**
 * content_object_store_list:
 *
 * Returns: (transfer full) (element-type utf8): the hashes of all objects, sorted
 */
GPtrArray *content_object_store_list(ContentObjectStore *self, GError **error);
