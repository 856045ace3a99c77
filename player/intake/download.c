/*
 * download.c - see download.h
 *
 * The part grows at its end only; an answer that does not continue it exactly is refused, and
 * whatever turns out wrong in it is thrown away.
 */
#include "player/intake/download.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "player/intake/fetch.h"

#define STATUS_OK      200
#define STATUS_PARTIAL 206
#define STATUS_RANGE   416

/* One attempt. */
typedef struct {
    const PlayDownload *where;
    PlayFetchItem item;
    char *part_path;
    int fd;
    gint64 have_bytes; /* in the part */
    gint64 asked_from;
    gboolean has_begun;
    PlayFetchError code; /* set together with words */
    const char *words;   /* (nullable): what is wrong with the answer */
} Download;

static gboolean
spoil(Download *download, PlayFetchError code, const char *words)
{
    download->code = code;
    download->words = words;
    return FALSE;
}

/* The first piece of an answer decides where it belongs in the part. */
static gboolean
begin_body(Download *download, glong status, gint64 range_from)
{
    download->has_begun = TRUE;
    if (status == STATUS_PARTIAL && range_from == download->asked_from)
        return TRUE;
    if (status == STATUS_PARTIAL)
        return spoil(download, PLAY_FETCH_ERROR_CORRUPT, "another range than asked for");
    if (status != STATUS_OK)
        return TRUE;
    /* The whole object, although a part was asked for: begin again. */
    download->have_bytes = 0;
    if (ftruncate(download->fd, 0) == 0)
        return TRUE;
    return spoil(download, PLAY_FETCH_ERROR_DISK, "the part cannot be emptied");
}

static gboolean
write_all(int fd, const char *bytes, gsize n_bytes)
{
    while (n_bytes > 0) {
        gssize n = write(fd, bytes, n_bytes);

        if (n < 0 && errno != EINTR)
            return FALSE;
        bytes += MAX(n, 0);
        n_bytes -= (gsize) MAX(n, 0);
    }
    return TRUE;
}

static gboolean
take_sound(glong status, gint64 range_from, gconstpointer bytes, gsize n_bytes, gpointer data)
{
    Download *download = data;

    if (!download->has_begun && !begin_body(download, status, range_from))
        return FALSE;
    /* The text of an error is not sound. */
    if (status != STATUS_OK && status != STATUS_PARTIAL)
        return TRUE;
    if (download->have_bytes + (gint64) n_bytes > download->item.size_bytes)
        return spoil(download, PLAY_FETCH_ERROR_CORRUPT, "longer than the plan says");
    if (!write_all(download->fd, bytes, n_bytes))
        return spoil(download, PLAY_FETCH_ERROR_DISK, g_strerror(errno));
    download->have_bytes += (gint64) n_bytes;
    return TRUE;
}

static gboolean
open_part(Download *download, GError **error)
{
    struct stat status;

    download->part_path =
        content_object_store_part_path(download->where->objects, download->item.hash);
    download->fd =
        open(download->part_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (download->fd >= 0 && fstat(download->fd, &status) == 0) {
        /* One that is too long already can only be wrong. */
        if (status.st_size > download->item.size_bytes && ftruncate(download->fd, 0) == 0)
            status.st_size = 0;
        download->have_bytes = download->asked_from = status.st_size;
        return TRUE;
    }
    g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_DISK, "%s: %s", download->part_path,
                g_strerror(errno));
    return FALSE;
}

static gboolean
judge_status(Download *download, glong status, GError **error)
{
    if (status == STATUS_OK || status == STATUS_PARTIAL)
        return TRUE;
    /* What we have is no beginning of what is there. */
    if (status == STATUS_RANGE)
        unlink(download->part_path);
    g_set_error(error, PLAY_FETCH_ERROR,
                status >= 500 ? PLAY_FETCH_ERROR_NETWORK : PLAY_FETCH_ERROR_REFUSED,
                "the district answers %ld", status);
    return FALSE;
}

static gboolean
goes_on(gpointer data)
{
    const Download *download = data;

    return download->where->request.goes_on(download->where->goes_on_data);
}

/* Loads what is still lacking of the part. */
static gboolean
load_rest(Download *download, CURL *handle, GError **error)
{
    const PlayDownload *where = download->where;
    g_autofree char *url =
        g_strconcat(where->device_url, "/device/objects/", download->item.hash, NULL);
    PlayHttpsRequest request = where->request;
    g_autoptr(GError) why = NULL;
    glong status;

    request.url = url;
    request.range_from = download->asked_from;
    request.take = take_sound;
    request.goes_on = goes_on;
    request.data = download;
    status = play_https_perform(handle, &request, &why);
    if (download->words != NULL) {
        if (download->code == PLAY_FETCH_ERROR_CORRUPT)
            unlink(download->part_path);
        g_set_error(error, PLAY_FETCH_ERROR, download->code, "%s", download->words);
        return FALSE;
    }
    if (status != 0)
        return judge_status(download, status, error);
    if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error(error, g_steal_pointer(&why));
    else
        g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK, "%s", why->message);
    return FALSE;
}

/* A complete part becomes an object, or nothing. */
static gboolean
finish(Download *download, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *hash = NULL;

    if (download->have_bytes < download->item.size_bytes) {
        g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK,
                    "broken off after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes",
                    download->have_bytes, download->item.size_bytes);
        return FALSE;
    }
    hash = content_object_store_put_file(download->where->objects, download->part_path,
                                         download->item.hash, &why);
    if (hash != NULL)
        return TRUE;
    if (g_error_matches(why, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_CORRUPT))
        unlink(download->part_path);
    g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_CORRUPT, "%s", why->message);
    return FALSE;
}

gboolean
play_download(const PlayDownload *where, CURL *handle, const PlayFetchItem *item,
              GError **error)
{
    Download download = {.where = where, .item = *item, .fd = -1};
    gboolean is_good;

    if (item->size_bytes < 0 || item->size_bytes > PLAY_FETCH_OBJECT_MAX_BYTES) {
        g_set_error(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_REFUSED,
                    "larger than an object may be");
        return FALSE;
    }
    is_good =
        open_part(&download, error) &&
        (download.have_bytes == item->size_bytes || load_rest(&download, handle, error)) &&
        finish(&download, error);
    if (download.fd >= 0)
        close(download.fd);
    g_free(download.part_path);
    return is_good;
}
