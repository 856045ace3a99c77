/* drafts.c - see drafts.h */
#include "player/report/drafts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "content/base/fd.h"
#include "content/base/id.h"

#define N_PLACES   2
#define MODE       0600
#define MAGIC      "loa-drafts"
#define HASH_CHARS 64
/* "loa-drafts <count> <bytes> <hash>\n", numbers at their longest. */
#define HEADER_BYTES (sizeof MAGIC + 21 + 7 + HASH_CHARS + 1)

struct PlayDrafts {
    ContentFd fd;
    guint64 count; /* of the newest keeping */
    char *kept;    /* (owned) (nullable): its records, one a line */
};

static gboolean
fail(const char *what, GError **error)
{
    int err = errno;

    g_set_error(error, G_FILE_ERROR, (gint) g_file_error_from_errno(err), "drafts: %s: %s",
                what, g_strerror(err));
    return FALSE;
}

/* Over the count, too: an old text under a new count is not what was written. */
static char *
hash_of(guint64 count, const char *text, gsize length)
{
    g_autoptr(GString) all = g_string_new(NULL);

    g_string_printf(all, "%" G_GUINT64_FORMAT "\n", count);
    g_string_append_len(all, text, (gssize) length);
    return content_sha256_hex(all->str, all->len);
}

/* ---- reading ---- */

/* Returns: (nullable): the text of the place, if it is whole */
static char *
read_place(int fd, guint place, guint64 *out_count)
{
    g_autofree char *bytes = g_malloc0(PLAY_DRAFTS_MAX_BYTES + 1);
    ssize_t n = pread(fd, bytes, PLAY_DRAFTS_MAX_BYTES, (off_t) place * PLAY_DRAFTS_MAX_BYTES);
    char *text = n <= 0 ? NULL : memchr(bytes, '\n', HEADER_BYTES);
    char hash[HASH_CHARS + 1];
    g_autofree char *computed = NULL;
    guint64 count;
    guint length;

    if (text == NULL)
        return NULL;
    *text++ = '\0';
    if (sscanf(bytes, MAGIC " %" G_GUINT64_FORMAT " %u %64s", &count, &length, hash) != 3 ||
        length > (gsize) (bytes + n - text))
        return NULL;
    computed = hash_of(count, text, length);
    if (strcmp(computed, hash) != 0)
        return NULL;
    *out_count = count;
    return g_strndup(text, length);
}

static void
find_newest(PlayDrafts *self)
{
    for (guint place = 0; place < N_PLACES; place++) {
        guint64 count = 0;
        g_autofree char *text = read_place(self->fd, place, &count);

        if (text == NULL || (self->kept != NULL && count < self->count))
            continue;
        g_free(self->kept);
        self->kept = g_steal_pointer(&text);
        self->count = count;
    }
}

PlayDrafts *
play_drafts_open(const char *path, GError **error)
{
    g_auto(ContentFd) fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, MODE);
    PlayDrafts *self;
    int err;

    if (fd < 0) {
        fail(path, error);
        return NULL;
    }
    /* At once and whole: later a full disk refuses nothing here any more. */
    err = posix_fallocate(fd, 0, N_PLACES * PLAY_DRAFTS_MAX_BYTES);
    if (err != 0) {
        errno = err;
        fail(path, error);
        return NULL;
    }
    self = g_new0(PlayDrafts, 1);
    self->fd = content_fd_steal(&fd);
    find_newest(self);
    return self;
}

void
play_drafts_close(PlayDrafts *self)
{
    if (self == NULL)
        return;
    content_fd_clear(&self->fd);
    g_free(self->kept);
    g_free(self);
}

GPtrArray *
play_drafts_read(PlayDrafts *self)
{
    GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
    g_auto(GStrv) lines = g_strsplit(self->kept == NULL ? "" : self->kept, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        ContentRecord *record =
            content_document_read(&content_record_type, lines[i], strlen(lines[i]), NULL);

        /* One that an older program wrote differently is no evidence any more. */
        if (record != NULL)
            g_ptr_array_add(records, record);
    }
    return records;
}

/* ---- keeping ---- */

static void
complete(ContentRecord *record)
{
    record->seq = 1;
    g_free(record->prev);
    record->prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    if (record->boot == NULL)
        record->boot = g_strdup("00000000000000000000000000000000");
}

static gint64
sounded_us(const ContentRecord *record)
{
    return record->actual_end_us - record->actual_start_us;
}

static gint
compare_longest_first(gconstpointer a, gconstpointer b)
{
    gint64 first = sounded_us(*(ContentRecord *const *) a);
    gint64 second = sounded_us(*(ContentRecord *const *) b);

    return (first < second) - (first > second);
}

static char *
text_of(GPtrArray *records, GError **error)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    g_autoptr(GString) text = g_string_new(NULL);

    g_ptr_array_extend(sorted, records, NULL, NULL);
    g_ptr_array_sort(sorted, compare_longest_first);
    for (guint i = 0; i < sorted->len; i++) {
        g_autoptr(GBytes) bytes = NULL;

        complete(sorted->pdata[i]);
        bytes = content_document_write(&content_record_type, sorted->pdata[i], error);
        if (bytes == NULL)
            return NULL;
        if (text->len + g_bytes_get_size(bytes) + 1 > PLAY_DRAFTS_MAX_BYTES - HEADER_BYTES)
            break;
        g_string_append_len(text, g_bytes_get_data(bytes, NULL),
                            (gssize) g_bytes_get_size(bytes));
        g_string_append_c(text, '\n');
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
write_place(PlayDrafts *self, guint64 count, const char *text, GError **error)
{
    g_autofree char *hash = hash_of(count, text, strlen(text));
    g_autofree char *all =
        g_strdup_printf(MAGIC " %" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT " %s\n%s", count,
                        strlen(text), hash, text);
    gsize length = strlen(all);
    off_t at = (off_t) (count % N_PLACES) * PLAY_DRAFTS_MAX_BYTES;

    if (pwrite(self->fd, all, length, at) != (ssize_t) length)
        return fail("writing", error);
    if (count % PLAY_DRAFTS_SYNC_EVERY == 0 && fdatasync(self->fd) != 0)
        return fail("waiting for the card", error);
    return TRUE;
}

gboolean
play_drafts_keep(PlayDrafts *self, GPtrArray *records, GError **error)
{
    g_autofree char *text = text_of(records, error);

    if (text == NULL)
        return FALSE;
    if (g_strcmp0(text, self->kept == NULL ? "" : self->kept) == 0)
        return TRUE;
    if (!write_place(self, self->count + 1, text, error))
        return FALSE;
    self->count++;
    g_free(self->kept);
    self->kept = g_steal_pointer(&text);
    return TRUE;
}
