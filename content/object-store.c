/*
 * object-store.c - see object-store.h
 *
 * Flow: a file is hashed through one descriptor, fsynced through it, and only then renamed to
 * its name; a name that is no hash never reaches the file system.
 */
#include "content/object-store.h"

#include "content/base/fd.h"
#include "content/base/files.h"
#include "content/base/id.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_MODE   0750
#define OBJECT_MODE   0640
#define HASH_DIGITS   (2 * crypto_hash_sha256_BYTES)
#define CHUNK_BYTES   65536
#define PREFIX_DIGITS 2

G_DEFINE_QUARK(ContentObjectError, content_object_error)

struct ContentObjectStore {
    char *folder; /* (owned) */
};

static void
set_errno_error(GError **error, const char *doing, const char *name)
{
    int err = errno;

    g_set_error(error, CONTENT_OBJECT_ERROR,
                err == ENOENT ? CONTENT_OBJECT_ERROR_NOT_FOUND : CONTENT_OBJECT_ERROR_IO,
                "%s %s: %s", doing, name, g_strerror(err));
}

static gboolean
is_hash(const char *hash)
{
    return hash != NULL && strlen(hash) == HASH_DIGITS &&
           strspn(hash, "0123456789abcdef") == HASH_DIGITS;
}

static gboolean
check_hash(const char *hash, GError **error)
{
    if (is_hash(hash))
        return TRUE;
    g_set_error_literal(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_NOT_FOUND,
                        "an object's name is 64 lower-case hex digits, nothing else");
    return FALSE;
}

/* FOLDER/ab, where the objects stand whose hash begins with ab. */
static char *
prefix_folder(ContentObjectStore *self, const char *hash)
{
    const char prefix[PREFIX_DIGITS + 1] = {hash[0], hash[1], '\0'};

    return g_build_filename(self->folder, prefix, NULL);
}

static char *
object_path(ContentObjectStore *self, const char *hash)
{
    g_autofree char *folder = prefix_folder(self, hash);

    return g_build_filename(folder, hash, NULL);
}

static gboolean
make_folder(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (content_files_make_folder(path, FOLDER_MODE, &cause))
        return TRUE;
    g_set_error_literal(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO, cause->message);
    return FALSE;
}

static gboolean
sync_folder(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (content_files_sync_folder(path, &cause))
        return TRUE;
    g_set_error_literal(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO, cause->message);
    return FALSE;
}

static void
empty_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        g_unlink(file);
    }
}

ContentObjectStore *
content_object_store_open(const char *folder, GError **error)
{
    g_autofree char *part = g_build_filename(folder, "part", NULL);
    g_autofree char *corrupt = g_build_filename(folder, "corrupt", NULL);
    ContentObjectStore *self;

    if (!make_folder(part, error) || !make_folder(corrupt, error) ||
        !sync_folder(folder, error))
        return NULL;
    empty_folder(corrupt);
    self = g_new0(ContentObjectStore, 1);
    self->folder = g_strdup(folder);
    return self;
}

void
content_object_store_free(ContentObjectStore *self)
{
    if (self == NULL)
        return;
    g_free(self->folder);
    g_free(self);
}

gboolean
content_object_store_has(ContentObjectStore *self, const char *hash)
{
    g_autofree char *path = is_hash(hash) ? object_path(self, hash) : NULL;

    return path != NULL && g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* A regular file within the limit, never a link or a pipe; -1 on error. */
static int
open_regular(const char *path, gint64 *out_size_bytes, GError **error)
{
    g_auto(ContentFd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0) {
        set_errno_error(error, "opening", path);
        return -1;
    }
    if (!S_ISREG(status.st_mode)) {
        g_set_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO,
                    "%s is not a regular file", path);
        return -1;
    }
    if (status.st_size > CONTENT_OBJECT_MAX_BYTES) {
        g_set_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_TOO_LARGE,
                    "%s has %" G_GINT64_FORMAT " bytes, at most %" G_GINT64_FORMAT
                    " are allowed",
                    path, (gint64) status.st_size, CONTENT_OBJECT_MAX_BYTES);
        return -1;
    }
    if (out_size_bytes != NULL)
        *out_size_bytes = status.st_size;
    return content_fd_steal(&fd);
}

int
content_object_store_open_object(ContentObjectStore *self, const char *hash,
                                 gint64 *out_size_bytes, GError **error)
{
    g_autofree char *path = NULL;

    if (!check_hash(hash, error))
        return -1;
    path = object_path(self, hash);
    return open_regular(path, out_size_bytes, error);
}

/* SHA-256 of everything behind a descriptor, in hex; its position stays where it was. */
static char *
hash_descriptor(int fd, const char *name, GError **error)
{
    g_autofree guint8 *chunk = g_malloc(CHUNK_BYTES);
    guint8 digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    gssize n_read;

    crypto_hash_sha256_init(&state);
    for (gint64 offset = 0; (n_read = pread(fd, chunk, CHUNK_BYTES, offset)) != 0;) {
        if (n_read < 0 && errno == EINTR)
            continue;
        if (n_read < 0) {
            set_errno_error(error, "reading", name);
            return NULL;
        }
        crypto_hash_sha256_update(&state, chunk, (gsize) n_read);
        offset += n_read;
    }
    crypto_hash_sha256_final(&state, digest);
    return content_hex(digest, sizeof digest);
}

/*
 * Moved only if the name still stands for the file that was read: another thread may have put a
 * good copy in the meantime.
 */
static void
set_aside(ContentObjectStore *self, const char *hash, int fd)
{
    g_autofree char *path = object_path(self, hash);
    g_autofree char *aside = g_build_filename(self->folder, "corrupt", hash, NULL);
    struct stat opened, named;

    if (fstat(fd, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino &&
        opened.st_dev == named.st_dev && rename(path, aside) != 0)
        unlink(path);
}

gboolean
content_object_store_verify(ContentObjectStore *self, const char *hash, int fd, GError **error)
{
    g_autofree char *found = NULL;

    if (!check_hash(hash, error))
        return FALSE;
    found = hash_descriptor(fd, hash, error);
    if (found == NULL)
        return FALSE;
    if (strcmp(found, hash) != 0) {
        set_aside(self, hash, fd);
        g_set_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_CORRUPT,
                    "the bytes of the object %s have the hash %s", hash, found);
        return FALSE;
    }
    if (lseek(fd, 0, SEEK_SET) != 0) {
        set_errno_error(error, "rewinding", hash);
        return FALSE;
    }
    return TRUE;
}

/* The folder of a hash, made durably, so that an object in it is found after a power cut. */
static char *
make_prefix_folder(ContentObjectStore *self, const char *hash, GError **error)
{
    g_autofree char *folder = prefix_folder(self, hash);

    if (!g_file_test(folder, G_FILE_TEST_IS_DIR) &&
        (!make_folder(folder, error) || !sync_folder(self->folder, error)))
        return NULL;
    return g_steal_pointer(&folder);
}

char *
content_object_store_put_file(ContentObjectStore *self, const char *path, const char *hash,
                              GError **error)
{
    g_auto(ContentFd) fd = -1;
    g_autofree char *found = NULL, *folder = NULL, *target = NULL;

    if (hash != NULL && !check_hash(hash, error))
        return NULL;
    fd = open_regular(path, NULL, error);
    if (fd < 0)
        return NULL;
    found = hash_descriptor(fd, path, error);
    if (found == NULL)
        return NULL;
    if (hash != NULL && strcmp(found, hash) != 0) {
        g_set_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_CORRUPT,
                    "%s has the hash %s, not %s", path, found, hash);
        return NULL;
    }
    folder = make_prefix_folder(self, found, error);
    if (folder == NULL)
        return NULL;
    target = g_build_filename(folder, found, NULL);
    if (fchmod(fd, OBJECT_MODE) != 0 || fsync(fd) != 0 || rename(path, target) != 0) {
        set_errno_error(error, "putting", path);
        return NULL;
    }
    return sync_folder(folder, error) ? g_steal_pointer(&found) : NULL;
}

char *
content_object_store_part_path(ContentObjectStore *self, const char *hash)
{
    return is_hash(hash) ? g_build_filename(self->folder, "part", hash, NULL) : NULL;
}

guint
content_object_store_tidy_parts(ContentObjectStore *self, GHashTable *wanted)
{
    g_autofree char *folder = g_build_filename(self->folder, "part", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n_removed = 0;
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (is_hash(name) && !g_hash_table_contains(wanted, name) && g_unlink(path) == 0)
            n_removed++;
    }
    return n_removed;
}

guint
content_object_store_tidy_old_parts(ContentObjectStore *self, gint64 before_us)
{
    g_autofree char *folder = g_build_filename(self->folder, "part", NULL);

    return content_files_tidy(folder, "*", before_us);
}

gboolean
content_object_store_remove(ContentObjectStore *self, const char *hash, GError **error)
{
    g_autofree char *path = NULL;

    if (!check_hash(hash, error))
        return FALSE;
    path = object_path(self, hash);
    if (unlink(path) == 0 || errno == ENOENT)
        return TRUE;
    set_errno_error(error, "removing", path);
    return FALSE;
}

static gboolean
list_prefix(ContentObjectStore *self, const char *prefix, GPtrArray *into, GError **error)
{
    g_autofree char *folder = g_build_filename(self->folder, prefix, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &cause);
    const char *name;

    if (dir == NULL) {
        g_set_error_literal(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO,
                            cause->message);
        return FALSE;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (is_hash(name) && g_str_has_prefix(name, prefix))
            g_ptr_array_add(into, g_strdup(name));
    }
    return TRUE;
}

static int
compare_hashes(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

GPtrArray *
content_object_store_list(ContentObjectStore *self, GError **error)
{
    g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, &cause);
    const char *name;

    if (dir == NULL) {
        g_set_error_literal(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO,
                            cause->message);
        return NULL;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (strlen(name) == PREFIX_DIGITS && !list_prefix(self, name, hashes, error))
            return NULL;
    }
    g_ptr_array_sort(hashes, compare_hashes);
    return g_steal_pointer(&hashes);
}
