/* wave.c - see wave.h */
#include "content/ingest/wave.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RIFF_HEAD_BYTES  12
#define CHUNK_HEAD_BYTES 8
/* Chunks before the sound: titles, cue points; a real file has a handful. */
#define MAX_CHUNKS 64
/* From here on it is what a program writes that does not know the length yet. */
#define UNKNOWN_BYTES 0x7fff0000u

static guint32
word_at(const guint8 *bytes)
{
    return (guint32) bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 |
           (guint32) bytes[3] << 24;
}

static gboolean
read_at(int fd, gint64 at, guint8 *bytes, gsize n_bytes)
{
    return pread(fd, bytes, n_bytes, at) == (gssize) n_bytes;
}

/* Bytes a second, from the format's chunk. */
static guint32
read_rate(int fd, gint64 at, guint32 n_bytes)
{
    guint8 format[12];

    return n_bytes >= sizeof format && read_at(fd, at, format, sizeof format)
               ? word_at(format + 8)
               : 0;
}

gboolean
content_ingest_wave_length(int fd, double *out_there_s, double *out_stated_s)
{
    guint8 head[RIFF_HEAD_BYTES];
    struct stat file;
    gint64 at = RIFF_HEAD_BYTES;
    guint32 rate = 0;

    if (fstat(fd, &file) != 0 || !read_at(fd, 0, head, sizeof head) ||
        memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0)
        return FALSE;
    for (guint i = 0; i < MAX_CHUNKS && read_at(fd, at, head, CHUNK_HEAD_BYTES); i++) {
        guint32 n_bytes = word_at(head + 4);

        at += CHUNK_HEAD_BYTES;
        if (memcmp(head, "fmt ", 4) == 0)
            rate = read_rate(fd, at, n_bytes);
        if (memcmp(head, "data", 4) == 0) {
            if (rate == 0 || n_bytes == 0 || n_bytes >= UNKNOWN_BYTES)
                return FALSE;
            *out_stated_s = (double) n_bytes / rate;
            *out_there_s = (double) MIN(n_bytes, file.st_size - at) / rate;
            return TRUE;
        }
        at += (gint64) n_bytes + n_bytes % 2;
    }
    return FALSE;
}
