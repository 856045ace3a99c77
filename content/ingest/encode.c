/* encode.c - see encode.h */
#include "content/ingest/encode.h"

#include "content/ingest/decode.h"
#include "content/ingest/sandbox.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Clear speech over a horn needs less; music in signals should not suffer. */
#define BITRATE     "48000"
#define FINISH_NS   (60 * GST_SECOND)
#define QUEUE_BYTES (1024 * 1024)
#define PAGE_HEADER 27
#define PAGE_SERIAL 14
#define PAGE_CRC    22

#define PIPELINE                                                                               \
    "appsrc name=from format=time is-live=false block=true "                                   \
    "caps=audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved ! "                \
    "opusenc audio-type=generic bitrate-type=vbr bitrate=" BITRATE " frame-size=20 ! "         \
    "oggmux ! fdsink name=to sync=false"

struct ContentEncoder {
    GstElement *pipeline; /* (owned) */
    GstElement *from;     /* (owned) */
    int fd;
    guint64 n_frames;
    guint32 serial; /* hash of the sound so far: FNV-1a */
};

ContentEncoder *
content_encoder_new(int output_fd, GError **error)
{
    g_autoptr(ContentEncoder) self = g_new0(ContentEncoder, 1);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GstElement) to = NULL;

    self->fd = output_fd;
    self->serial = 2166136261u;
    self->pipeline = gst_parse_launch(PIPELINE, &cause);
    if (self->pipeline == NULL || cause != NULL) {
        g_set_error(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED,
                    "building the encoder: %s", cause->message);
        return NULL;
    }
    self->from = gst_bin_get_by_name(GST_BIN(self->pipeline), "from");
    to = gst_bin_get_by_name(GST_BIN(self->pipeline), "to");
    g_object_set(self->from, "max-bytes", (guint64) QUEUE_BYTES, NULL);
    g_object_set(to, "fd", output_fd, NULL);
    gst_element_set_state(self->pipeline, GST_STATE_PLAYING);
    return g_steal_pointer(&self);
}

void
content_encoder_free(ContentEncoder *self)
{
    if (self == NULL)
        return;
    if (self->pipeline != NULL)
        gst_element_set_state(self->pipeline, GST_STATE_NULL);
    g_clear_pointer(&self->from, gst_object_unref);
    g_clear_pointer(&self->pipeline, gst_object_unref);
    g_free(self);
}

static gboolean
fail(ContentEncoder *self, GError **error)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(self->pipeline);
    g_autoptr(GstMessage) message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    g_autoptr(GError) cause = NULL;

    if (message != NULL)
        gst_message_parse_error(message, &cause, NULL);
    g_set_error(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED, "encoding: %s",
                cause == NULL ? "the encoder does not go on" : cause->message);
    return FALSE;
}

gboolean
content_encoder_push(const float *frames, gsize n_frames, gpointer encoder, GError **error)
{
    ContentEncoder *self = encoder;
    GstBuffer *buffer = gst_buffer_new_allocate(NULL, n_frames * 2, NULL);
    GstMapInfo map;

    gst_buffer_map(buffer, &map, GST_MAP_WRITE);
    for (gsize i = 0; i < n_frames; i++) {
        gint16 value = (gint16) lrintf(CLAMP(frames[i], -1.0f, 1.0f) * 32767.0f);

        GST_WRITE_UINT16_LE(map.data + i * 2, (guint16) value);
        self->serial = (self->serial ^ (guint16) value) * 16777619u;
    }
    gst_buffer_unmap(buffer, &map);
    GST_BUFFER_PTS(buffer) =
        gst_util_uint64_scale(self->n_frames, GST_SECOND, CONTENT_INGEST_RATE);
    self->n_frames += n_frames;
    GST_BUFFER_DURATION(buffer) =
        gst_util_uint64_scale(self->n_frames, GST_SECOND, CONTENT_INGEST_RATE) -
        GST_BUFFER_PTS(buffer);
    return gst_app_src_push_buffer(GST_APP_SRC(self->from), buffer) == GST_FLOW_OK ||
           fail(self, error);
}

/* CRC of an Ogg page (RFC 3533 §6): polynomial 0x04c11db7, not reflected. */
static guint32
page_crc(const guint8 *page, gsize n_bytes)
{
    guint32 crc = 0;

    for (gsize i = 0; i < n_bytes; i++) {
        crc ^= (guint32) page[i] << 24;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 0x80000000u ? crc << 1 ^ 0x04c11db7u : crc << 1;
    }
    return crc;
}

/* Returns: the size of the Ogg page at @page; 0 if there is none */
static gsize
page_size(const guint8 *page, gsize n_left)
{
    gsize size;

    if (n_left < PAGE_HEADER || memcmp(page, "OggS", 4) != 0 ||
        n_left < PAGE_HEADER + (gsize) page[26])
        return 0;
    size = PAGE_HEADER + (gsize) page[26];
    for (guint i = 0; i < page[26]; i++)
        size += page[PAGE_HEADER + i];
    return size <= n_left ? size : 0;
}

static gboolean
set_serial(guint8 *data, gsize n_bytes, guint32 serial)
{
    for (gsize at = 0; at < n_bytes;) {
        gsize size = page_size(data + at, n_bytes - at);

        if (size == 0)
            return FALSE;
        GST_WRITE_UINT32_LE(data + at + PAGE_SERIAL, serial);
        GST_WRITE_UINT32_LE(data + at + PAGE_CRC, 0);
        GST_WRITE_UINT32_LE(data + at + PAGE_CRC, page_crc(data + at, size));
        at += size;
    }
    return TRUE;
}

static gint64
make_reproducible(ContentEncoder *self, GError **error)
{
    struct stat status;
    guint8 *data;
    gboolean ok;

    if (fstat(self->fd, &status) != 0 || status.st_size == 0)
        return fail(self, error) - 1;
    data = mmap(NULL, (gsize) status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, self->fd, 0);
    if (data == MAP_FAILED)
        return fail(self, error) - 1;
    ok = set_serial(data, (gsize) status.st_size, self->serial);
    munmap(data, (gsize) status.st_size);
    return ok ? status.st_size : fail(self, error) - 1;
}

gint64
content_encoder_finish(ContentEncoder *self, GError **error)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(self->pipeline);
    g_autoptr(GstMessage) message = NULL;

    gst_app_src_end_of_stream(GST_APP_SRC(self->from));
    message = gst_bus_timed_pop_filtered(bus, FINISH_NS, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    if (message == NULL || GST_MESSAGE_TYPE(message) != GST_MESSAGE_EOS) {
        g_set_error_literal(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED,
                            "encoding: the encoder failed (no space left?)");
        return -1;
    }
    gst_element_set_state(self->pipeline, GST_STATE_NULL);
    return make_reproducible(self, error);
}
