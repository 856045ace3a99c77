/* reel.c - see reel.h */
#include "player/output/reel.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "content/base/files.h"

#define WHOLE ".opus"
#define OPEN  ".part"
#define MEND  ".mend"
/* What a power cut may take: so much is said before the disk is asked to have it. */
#define SYNC_BYTES (16 * 1024)
#define READ_BYTES (64 * 1024)
/* A head, and the page that says that nothing follows. */
#define MARGIN_BYTES 4096

struct PlayReel {
    PlayReelName name;
    char *folder, *path; /* (owned): path: as long as it is open */
    ContentOpusWriter writer;
    GChecksum *sum; /* (owned) */
    int fd;
    gint64 n_bytes, n_synced, n_packets;
    int failure; /* errno of the first write that failed; 0: none */
};

/* ---- names ---- */

static char *
path_of(const char *folder, const PlayReelName *name, const char *ending)
{
    g_autofree char *file =
        g_strdup_printf("%s-%" G_GINT64_FORMAT "%s", name->alert, name->from_us, ending);

    return g_build_filename(folder, file, NULL);
}

static gboolean
read_name(const char *file, const char *ending, PlayReelName *out_name)
{
    PlayReelName name = {0};
    char *end;

    if (strlen(file) < CONTENT_ID_LENGTH + 2 || file[CONTENT_ID_LENGTH] != '-' ||
        !g_ascii_isdigit(file[CONTENT_ID_LENGTH + 1]))
        return FALSE;
    memcpy(name.alert, file, CONTENT_ID_LENGTH);
    name.from_us = g_ascii_strtoll(file + CONTENT_ID_LENGTH + 1, &end, 10);
    if (!content_id_is_valid(name.alert) || strcmp(end, ending) != 0)
        return FALSE;
    *out_name = name;
    return TRUE;
}

/* ---- written ---- */

static void
reel_free(PlayReel *self)
{
    if (self->fd >= 0)
        close(self->fd);
    g_checksum_free(self->sum);
    g_free(self->folder);
    g_free(self->path);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayReel, reel_free)

/* A page that was not written whole is taken back: the file ends with the one before. */
static void
write_page(PlayReel *self, const GByteArray *page)
{
    gsize done = 0;

    while (self->failure == 0 && done < page->len) {
        gssize n = write(self->fd, page->data + done, page->len - done);

        if (n < 0 && errno != EINTR)
            self->failure = errno;
        done += (gsize) MAX(n, 0);
    }
    if (self->failure != 0) {
        if (ftruncate(self->fd, self->n_bytes) != 0)
            g_debug("%s: %s", self->path, g_strerror(errno));
        return;
    }
    g_checksum_update(self->sum, page->data, (gssize) page->len);
    self->n_bytes += page->len;
    if (self->n_bytes - self->n_synced >= SYNC_BYTES && fdatasync(self->fd) == 0)
        self->n_synced = self->n_bytes;
}

static gint64
folder_bytes(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *file;
    gint64 n_bytes = 0;

    while (dir != NULL && (file = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, file, NULL);
        struct stat status;

        if (lstat(path, &status) == 0)
            n_bytes += status.st_size;
    }
    return n_bytes;
}

static gboolean
fail(GError **error, const char *path, int code)
{
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(code), "%s: %s", path,
                g_strerror(code));
    return FALSE;
}

static PlayReel *
begin(const char *folder, const PlayReelName *name, const char *ending, GError **error)
{
    g_autoptr(PlayReel) self = g_new0(PlayReel, 1);
    g_autoptr(GByteArray) page = g_byte_array_new();

    self->name = *name;
    self->folder = g_strdup(folder);
    self->path = path_of(folder, name, ending);
    self->sum = g_checksum_new(G_CHECKSUM_SHA256);
    self->fd = open(self->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (self->fd < 0) {
        fail(error, self->path, errno);
        return NULL;
    }
    content_opus_begin(&self->writer, g_str_hash(name->alert), page);
    write_page(self, page);
    return g_steal_pointer(&self);
}

int
play_reel_refusal(gint64 waiting_bytes, gint64 free_bytes)
{
    if (waiting_bytes >= PLAY_REEL_FOLDER_MAX_BYTES)
        return EDQUOT;
    return free_bytes < PLAY_REEL_RESERVE_BYTES + PLAY_REEL_MAX_BYTES ? ENOSPC : 0;
}

/* A folder that cannot be looked at refuses by itself what is to be written in it. */
static gint64
free_bytes_of(const char *folder)
{
    struct statvfs status;

    return statvfs(folder, &status) == 0 ? (gint64) (status.f_bavail * status.f_frsize)
                                         : G_MAXINT64;
}

PlayReel *
play_reel_begin(const char *folder, const PlayReelName *name, GError **error)
{
    int refusal = play_reel_refusal(folder_bytes(folder), free_bytes_of(folder));

    if (refusal != 0) {
        fail(error, folder, refusal);
        return NULL;
    }
    return begin(folder, name, OPEN, error);
}

void
play_reel_add(PlayReel *self, const GPtrArray *packets)
{
    g_autoptr(GByteArray) page = g_byte_array_new();

    if (self->failure != 0)
        return;
    content_opus_add(&self->writer, packets, page);
    write_page(self, page);
    if (self->failure == 0)
        self->n_packets += packets->len;
}

gboolean
play_reel_is_full(const PlayReel *self)
{
    return self->n_bytes + CONTENT_OPUS_MAX_PAGE_PACKETS * CONTENT_OPUS_MAX_PACKET_BYTES +
               MARGIN_BYTES >
           PLAY_REEL_MAX_BYTES;
}

gboolean
play_reel_end(PlayReel *reel, PlayReelKept *out_kept, GError **error)
{
    g_autoptr(PlayReel) self = reel;
    g_autoptr(GByteArray) page = g_byte_array_new();
    g_autofree char *whole = path_of(self->folder, &self->name, WHOLE);

    if (self->n_packets == 0) {
        g_unlink(self->path);
        return self->failure == 0 ? FALSE : fail(error, self->path, self->failure);
    }
    content_opus_end(&self->writer, page);
    write_page(self, page);
    if (self->failure != 0)
        return fail(error, self->path, self->failure);
    if (fsync(self->fd) != 0 || g_rename(self->path, whole) != 0)
        return fail(error, self->path, errno);
    if (!content_files_sync_folder(self->folder, error))
        return FALSE;
    *out_kept = (PlayReelKept){.name = self->name,
                               .duration_us = self->n_packets * PLAY_REEL_PACKET_US};
    g_strlcpy(out_kept->object, g_checksum_get_string(self->sum), sizeof out_kept->object);
    return TRUE;
}

/* ---- mended ---- */

/* Up to where a page is not whole. Returns: (transfer full) (element-type GBytes) */
static GPtrArray *
packets_of(GBytes *bytes)
{
    GPtrArray *packets = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    g_autoptr(ContentOpusReader) reader = content_opus_reader_new();
    gsize n_left;
    const guint8 *at = g_bytes_get_data(bytes, &n_left);

    while (n_left > 0) {
        const gsize n = MIN(n_left, READ_BYTES);

        if (!content_opus_reader_feed(reader, at, n, packets, NULL))
            break;
        at += n;
        n_left -= n;
    }
    return packets;
}

/* Returns: (transfer full) (element-type GBytes) (nullable): NULL: the disk refuses, which says
 * nothing of what is in it */
static GPtrArray *
read_packets(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = content_files_read(path, PLAY_REEL_MAX_BYTES, error);

    return bytes == NULL ? NULL : packets_of(bytes);
}

static gboolean
mend_one(const char *folder, const PlayReelName *name, PlayReelKept *out_kept)
{
    g_autofree char *path = path_of(folder, name, OPEN);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) packets = read_packets(path, &error);
    PlayReel *reel =
        packets == NULL || packets->len == 0 ? NULL : begin(folder, name, MEND, &error);
    gboolean is_kept;

    for (guint i = 0; reel != NULL && i < packets->len;) {
        g_autoptr(GPtrArray) page = g_ptr_array_new();

        for (; i < packets->len && page->len < CONTENT_OPUS_MAX_PAGE_PACKETS / 2; i++)
            g_ptr_array_add(page, packets->pdata[i]);
        play_reel_add(reel, page);
    }
    is_kept = reel != NULL && play_reel_end(reel, out_kept, &error);
    /* What the disk refuses now, to write or to read, is tried again at the next start. */
    if (error == NULL)
        g_unlink(path);
    return is_kept;
}

GArray *
play_reel_mend(const char *folder)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(PlayReelKept));
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(PlayReelName));
    PlayReelName name;
    PlayReelKept kept;
    const char *file;

    /* Listed first: mending makes files in it. */
    while (dir != NULL && (file = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, file, NULL);

        if (read_name(file, OPEN, &name))
            g_array_append_val(names, name);
        else if (g_str_has_suffix(file, MEND))
            g_unlink(path);
    }
    for (guint i = 0; i < names->len; i++) {
        if (mend_one(folder, &g_array_index(names, PlayReelName, i), &kept))
            g_array_append_val(all, kept);
    }
    return all;
}

/* ---- looked at again ---- */

GArray *
play_reel_list(const char *folder)
{
    GArray *names = g_array_new(FALSE, FALSE, sizeof(PlayReelName));
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    PlayReelName name;
    const char *file;

    while (dir != NULL && (file = g_dir_read_name(dir)) != NULL) {
        if (read_name(file, WHOLE, &name))
            g_array_append_val(names, name);
    }
    return names;
}

gboolean
play_reel_look(const char *folder, const PlayReelName *name, PlayReelKept *out_kept)
{
    g_autofree char *path = path_of(folder, name, WHOLE);
    g_autoptr(GBytes) bytes = content_files_read(path, PLAY_REEL_MAX_BYTES, NULL);
    g_autoptr(GPtrArray) packets = bytes == NULL ? NULL : packets_of(bytes);
    g_autofree char *hash = NULL;

    if (packets == NULL || packets->len == 0)
        return FALSE;
    hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    *out_kept =
        (PlayReelKept){.name = *name, .duration_us = packets->len * PLAY_REEL_PACKET_US};
    g_strlcpy(out_kept->object, hash, sizeof out_kept->object);
    return TRUE;
}
