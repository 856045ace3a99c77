/* uploads.c - see uploads.h */
#include "scheduler/web/uploads.h"

#include "content/base/files.h"
#include "content/base/id.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_DIGITS  64
#define READ_BYTES   (256 * 1024)
#define DIGEST_BYTES 32 /* of SHA-256 */

G_DEFINE_QUARK(SchedUploadError, sched_upload_error)

static gboolean
fail(GError **error, SchedUploadError code, const char *words)
{
    g_set_error_literal(error, SCHED_UPLOAD_ERROR, (int) code, words);
    return FALSE;
}

static gboolean
fail_errno(GError **error, const char *what)
{
    gboolean is_full = errno == ENOSPC || errno == EDQUOT;

    g_set_error(error, SCHED_UPLOAD_ERROR,
                is_full ? SCHED_UPLOAD_ERROR_FULL : SCHED_UPLOAD_ERROR_IO, "%s: %s", what,
                g_strerror(errno));
    return FALSE;
}

char *
sched_upload_path(const SchedUpload *upload, GError **error)
{
    g_autofree char *name = NULL;

    if (strlen(upload->name) != NAME_DIGITS ||
        strspn(upload->name, "0123456789abcdef") != NAME_DIGITS) {
        fail(error, SCHED_UPLOAD_ERROR_NAME, "upload: a name of 64 hex digits");
        return NULL;
    }
    name = g_strdup_printf("%s.%s", upload->account, upload->name);
    return g_build_filename(upload->folder, name, NULL);
}

gint64
sched_upload_size(const SchedUpload *upload, GError **error)
{
    g_autofree char *path = sched_upload_path(upload, error);
    struct stat status;

    if (path == NULL)
        return -1;
    if (stat(path, &status) == 0)
        return status.st_size;
    return errno == ENOENT ? 0 : fail_errno(error, "looking at the upload") - 1;
}

/* ---- room for a new one ---- */

/* What lies in the folder, as far as a new upload of an account is concerned. */
typedef struct {
    gint64 sum_bytes;
    guint n_own;
    char *oldest;     /* (owned) (nullable): of the account's own */
    gint64 oldest_us; /* its last part */
} Room;

static void
room_clear(Room *self)
{
    g_free(self->oldest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Room, room_clear)

static void
count_file(Room *room, const char *path, gboolean is_own)
{
    struct stat status;
    gint64 at_us;

    if (stat(path, &status) != 0)
        return;
    at_us = (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
    room->sum_bytes += status.st_size;
    if (!is_own)
        return;
    room->n_own++;
    if (room->oldest == NULL || at_us < room->oldest_us) {
        g_free(room->oldest);
        room->oldest = g_strdup(path);
        room->oldest_us = at_us;
    }
}

static gboolean
make_room(const SchedUpload *upload, gint64 now_us, GError **error)
{
    g_autofree char *own = g_strconcat(upload->account, ".", NULL);
    g_autoptr(GDir) dir = NULL;
    g_auto(Room) room = {0};
    const char *name;

    if (!content_files_make_folder(upload->folder, 0700, error))
        return FALSE;
    content_files_tidy(upload->folder, "*", now_us - SCHED_UPLOAD_KEPT_US);
    dir = g_dir_open(upload->folder, 0, error);
    if (dir == NULL)
        return FALSE;
    for (guint i = 0; i < SCHED_UPLOAD_MAX_FILES && (name = g_dir_read_name(dir)) != NULL;
         i++) {
        g_autofree char *path = g_build_filename(upload->folder, name, NULL);

        count_file(&room, path, g_str_has_prefix(name, own));
    }
    if (room.n_own >= SCHED_UPLOAD_MAX_OF_ONE)
        unlink(room.oldest);
    return room.sum_bytes < SCHED_UPLOAD_MAX_ALL_BYTES ||
           fail(error, SCHED_UPLOAD_ERROR_FULL, "too many unfinished uploads: try again later");
}

/* ---- a part ---- */

static gboolean
write_all(int fd, GBytes *part, gint64 at_bytes)
{
    gsize n_bytes;
    const char *data = g_bytes_get_data(part, &n_bytes);

    while (n_bytes > 0) {
        gssize n = pwrite(fd, data, n_bytes, at_bytes);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        data += n;
        at_bytes += n;
        n_bytes -= (gsize) n;
    }
    return fdatasync(fd) == 0;
}

/* With the file locked: two pages that send the same one take turns. */
static gboolean
append_locked(int fd, gint64 offset_bytes, GBytes *part, gint64 max_bytes,
              gint64 *out_size_bytes, GError **error)
{
    const gint64 end_bytes = offset_bytes + (gint64) g_bytes_get_size(part);
    struct stat status;

    if (flock(fd, LOCK_EX) != 0 || fstat(fd, &status) != 0)
        return fail_errno(error, "upload");
    if (status.st_size != offset_bytes) {
        g_set_error(error, SCHED_UPLOAD_ERROR, SCHED_UPLOAD_ERROR_OFFSET,
                    "offset: %" G_GINT64_FORMAT " bytes are there, not %" G_GINT64_FORMAT,
                    (gint64) status.st_size, offset_bytes);
        return FALSE;
    }
    if (end_bytes > max_bytes)
        return fail(error, SCHED_UPLOAD_ERROR_LARGE, "the recording is too large");
    if (!write_all(fd, part, offset_bytes)) {
        fail_errno(error, "writing the upload");
        if (ftruncate(fd, offset_bytes) != 0)
            g_prefix_error(error, "(and a piece of the part stays) ");
        return FALSE;
    }
    *out_size_bytes = end_bytes;
    return TRUE;
}

/* Whether a part came as its sender has it; a line that alters it is noticed at once. */
static gboolean
is_as_sent(GBytes *part, const char *digest, GError **error)
{
    gsize n_bytes;
    const char *data = g_bytes_get_data(part, &n_bytes);
    g_autofree char *hash = digest == NULL ? NULL : content_sha256_hex(data, n_bytes);

    return hash == NULL || strcmp(hash, digest) == 0 ||
           fail(error, SCHED_UPLOAD_ERROR_PART, "digest: this part came as something else");
}

gboolean
sched_upload_append(const SchedUpload *upload, gint64 offset_bytes, GBytes *part,
                    const char *digest, gint64 max_bytes, gint64 now_us, gint64 *out_size_bytes,
                    GError **error)
{
    g_autofree char *path = sched_upload_path(upload, error);
    gboolean is_done;
    int fd;

    if (path == NULL || !is_as_sent(part, digest, error) ||
        (offset_bytes == 0 && !make_room(upload, now_us, error)))
        return FALSE;
    fd =
        open(path, O_WRONLY | (offset_bytes == 0 ? O_CREAT : 0) | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ENOENT)
        return fail(error, SCHED_UPLOAD_ERROR_OFFSET, "offset: nothing of it is there");
    if (fd < 0)
        return fail_errno(error, "opening the upload");
    is_done = append_locked(fd, offset_bytes, part, max_bytes, out_size_bytes, error);
    close(fd);
    return is_done;
}

/* ---- the whole ---- */

/* What a file comes to: hashed as a whole, and block by block. */
typedef struct {
    GChecksum *whole, *blocks, *block; /* (owned) */
    gsize n_in_block;
    gint64 size_bytes;
} Sums;

static void
sums_init(Sums *self)
{
    self->whole = g_checksum_new(G_CHECKSUM_SHA256);
    self->blocks = g_checksum_new(G_CHECKSUM_SHA256);
    self->block = g_checksum_new(G_CHECKSUM_SHA256);
}

static void
sums_clear(Sums *self)
{
    g_clear_pointer(&self->whole, g_checksum_free);
    g_clear_pointer(&self->blocks, g_checksum_free);
    g_clear_pointer(&self->block, g_checksum_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sums, sums_clear)

static void
end_block(Sums *self)
{
    guint8 digest[DIGEST_BYTES];
    gsize n_bytes = sizeof digest;

    g_checksum_get_digest(self->block, digest, &n_bytes);
    g_checksum_update(self->blocks, digest, (gssize) n_bytes);
    g_checksum_reset(self->block);
    self->n_in_block = 0;
}

static void
sums_add(Sums *self, const guchar *data, gsize n_bytes)
{
    g_checksum_update(self->whole, data, (gssize) n_bytes);
    self->size_bytes += (gint64) n_bytes;
    while (n_bytes > 0) {
        const gsize n = MIN(n_bytes, SCHED_UPLOAD_BLOCK_BYTES - self->n_in_block);

        g_checksum_update(self->block, data, (gssize) n);
        self->n_in_block += n;
        data += n;
        n_bytes -= n;
        if (self->n_in_block == SCHED_UPLOAD_BLOCK_BYTES)
            end_block(self);
    }
}

static gboolean
sums_read(Sums *self, int fd)
{
    g_autofree guchar *buffer = g_malloc(READ_BYTES);
    gssize n;

    while ((n = read(fd, buffer, READ_BYTES)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FALSE;
        sums_add(self, buffer, (gsize) n);
    }
    if (self->n_in_block > 0)
        end_block(self);
    return TRUE;
}

static gboolean
is_whole(const Sums *sums, const SchedUpload *upload)
{
    return upload->blocks == NULL
               ? strcmp(g_checksum_get_string(sums->whole), upload->name) == 0
               : strcmp(g_checksum_get_string(sums->blocks), upload->blocks) == 0;
}

gboolean
sched_upload_check(const SchedUpload *upload, gint64 *out_size_bytes, GError **error)
{
    g_autofree char *path = sched_upload_path(upload, error);
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    g_auto(Sums) sums = {0};
    gboolean is_read;

    if (path == NULL)
        return FALSE;
    if (fd < 0 && errno == ENOENT)
        return fail(error, SCHED_UPLOAD_ERROR_MISSING, "nothing of this upload is here");
    if (fd < 0)
        return fail_errno(error, "opening the upload");
    sums_init(&sums);
    is_read = sums_read(&sums, fd) || fail_errno(error, "reading the upload");
    close(fd);
    *out_size_bytes = sums.size_bytes;
    if (!is_read || is_whole(&sums, upload))
        return is_read;
    unlink(path);
    return fail(error, SCHED_UPLOAD_ERROR_DAMAGED,
                "what came is not the file that was to be sent");
}
