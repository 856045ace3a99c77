/* files.c - see files.h */
#include "content/base/files.h"

#include "content/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(ContentFilesError, content_files_error)

static void
set_errno_error(GError **error, const char *doing, const char *path)
{
    int err = errno;

    g_set_error(error, CONTENT_FILES_ERROR,
                err == ENOENT ? CONTENT_FILES_ERROR_NOT_FOUND : CONTENT_FILES_ERROR_IO,
                "%s %s: %s", doing, path, g_strerror(err));
}

static gboolean
read_all(int fd, GByteArray *into, gsize max_bytes, const char *path, GError **error)
{
    guint8 chunk[16384];
    gssize n_read;

    while ((n_read = read(fd, chunk, sizeof chunk)) != 0) {
        if (n_read < 0 && errno == EINTR)
            continue;
        if (n_read < 0) {
            set_errno_error(error, "reading", path);
            return FALSE;
        }
        if (into->len + (gsize) n_read > max_bytes) {
            g_set_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_TOO_LARGE,
                        "%s is larger than %" G_GSIZE_FORMAT " bytes", path, max_bytes);
            return FALSE;
        }
        g_byte_array_append(into, chunk, (guint) n_read);
    }
    return TRUE;
}

GBytes *
content_files_read(const char *path, gsize max_bytes, GError **error)
{
    /* O_NONBLOCK: a pipe that stands where a file should must not hang us. */
    g_auto(ContentFd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct stat status;
    gsize n_bytes;

    if (fd < 0 || fstat(fd, &status) != 0) {
        set_errno_error(error, "opening", path);
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        g_set_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_IO,
                    "%s is not a regular file", path);
        return NULL;
    }
    if (!read_all(fd, bytes, max_bytes, path, error))
        return NULL;
    n_bytes = bytes->len;
    g_byte_array_append(bytes, (const guint8 *) "", 1);
    return g_bytes_new_with_free_func(bytes->data, n_bytes, (GDestroyNotify) g_byte_array_unref,
                                      g_byte_array_ref(bytes));
}

static gboolean
write_all(int fd, const guint8 *data, gsize n_bytes)
{
    while (n_bytes > 0) {
        gssize n_written = write(fd, data, n_bytes);

        if (n_written < 0 && errno == EINTR)
            continue;
        if (n_written < 0)
            return FALSE;
        data += n_written;
        n_bytes -= (gsize) n_written;
    }
    return TRUE;
}

gboolean
content_files_sync_folder(const char *path, GError **error)
{
    g_auto(ContentFd) fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0 && fsync(fd) == 0)
        return TRUE;
    set_errno_error(error, "syncing the folder", path);
    return FALSE;
}

gboolean
content_files_write(const char *path, gconstpointer data, gsize n_bytes, guint mode,
                    GError **error)
{
    g_autofree char *temporary = g_strconcat(path, ".tmp.XXXXXX", NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_auto(ContentFd) fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0) {
        set_errno_error(error, "making a file beside", path);
        return FALSE;
    }
    if (fchmod(fd, mode) != 0 || !write_all(fd, data, n_bytes) || fsync(fd) != 0 ||
        rename(temporary, path) != 0) {
        set_errno_error(error, "writing", path);
        unlink(temporary);
        return FALSE;
    }
    return content_files_sync_folder(folder, error);
}

static gboolean
is_stale(const char *path, gint64 before_us)
{
    struct stat status;

    return lstat(path, &status) == 0 && S_ISREG(status.st_mode) &&
           (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC < before_us;
}

guint
content_files_tidy(const char *folder, const char *pattern, gint64 before_us)
{
    g_autoptr(GPatternSpec) spec = g_pattern_spec_new(pattern);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n_removed = 0;
    const char *name;

    for (guint i = 0; dir != NULL && i < CONTENT_FILES_MAX_TIDY; i++) {
        g_autofree char *path = NULL;

        name = g_dir_read_name(dir);
        if (name == NULL)
            break;
        path = g_build_filename(folder, name, NULL);
        if (g_pattern_spec_match_string(spec, name) && is_stale(path, before_us) &&
            unlink(path) == 0)
            n_removed++;
    }
    return n_removed;
}

gboolean
content_files_make_folder(const char *path, guint mode, GError **error)
{
    if (g_mkdir_with_parents(path, (int) mode) == 0)
        return TRUE;
    set_errno_error(error, "making the folder", path);
    return FALSE;
}

int
content_files_lock(const char *path, GError **error)
{
    g_auto(ContentFd) fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0) {
        set_errno_error(error, "opening the lock", path);
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            g_set_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_IO,
                        "%s is held by another process", path);
        else
            set_errno_error(error, "locking", path);
        return -1;
    }
    return content_fd_steal(&fd);
}
