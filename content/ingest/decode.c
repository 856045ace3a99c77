/* decode.c - see decode.h */
#include "content/ingest/decode.h"

#include "content/ingest/sandbox.h"
#include "content/ingest/wave.h"

#include <errno.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define FLOAT_FORMAT "F32LE"
#else
#define FLOAT_FORMAT "F32BE"
#endif

/* How long a pipeline may say nothing at all before it counts as stuck: a minute, which a
 * machine that is busy with other things may need; looked at in turns. */
#define STALL_TURNS 300
#define TURN_NS     (200 * GST_MSECOND)
/* A file may end this much before its stated end: encoders round. */
#define SHORT_S 0.5

#define PIPELINE                                                                               \
    "filesrc name=from ! decodebin name=decode caps=audio/x-raw expose-all-streams=false "     \
    "audioconvert name=convert ! audioresample quality=8 ! "                                   \
    "audio/x-raw,format=" FLOAT_FORMAT ",rate=48000,channels=1,layout=interleaved ! "          \
    "appsink name=to sync=false max-buffers=16"

typedef struct {
    GstElement *pipeline; /* (owned) */
    GstElement *to;       /* (owned) */
    int pcm_fd;
    gint64 n_frames, max_frames;
} Decoding;

static void
decoding_clear(Decoding *self)
{
    if (self->pipeline != NULL)
        gst_element_set_state(self->pipeline, GST_STATE_NULL);
    g_clear_pointer(&self->to, gst_object_unref);
    g_clear_pointer(&self->pipeline, gst_object_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Decoding, decoding_clear)

static gboolean
refuse(GError **error, const char *words)
{
    g_set_error_literal(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_REFUSED, words);
    return FALSE;
}

/* The first audio stream is taken; a second one is left unlinked. */
static void
on_pad_added(GstElement *decode, GstPad *pad, gpointer user_data)
{
    g_autoptr(GstPad) sink = gst_element_get_static_pad(user_data, "sink");

    if (!gst_pad_is_linked(sink))
        gst_pad_link(pad, sink);
}

static gboolean
build(Decoding *self, int input_fd, GError **error)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", input_fd);
    g_autoptr(GstElement) from = NULL;
    g_autoptr(GstElement) decode = NULL;
    g_autoptr(GstElement) convert = NULL;

    self->pipeline = gst_parse_launch(PIPELINE, error);
    if (self->pipeline == NULL || *error != NULL)
        return FALSE;
    from = gst_bin_get_by_name(GST_BIN(self->pipeline), "from");
    decode = gst_bin_get_by_name(GST_BIN(self->pipeline), "decode");
    convert = gst_bin_get_by_name(GST_BIN(self->pipeline), "convert");
    self->to = gst_bin_get_by_name(GST_BIN(self->pipeline), "to");
    g_object_set(from, "location", path, NULL);
    g_signal_connect(decode, "pad-added", G_CALLBACK(on_pad_added), convert);
    return TRUE;
}

static gboolean
write_all(int fd, const guint8 *data, gsize n_bytes, GError **error)
{
    while (n_bytes > 0) {
        gssize n_written = write(fd, data, n_bytes);

        if (n_written < 0 && errno == EINTR)
            continue;
        if (n_written <= 0) {
            g_set_error(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED,
                        "writing decoded sound: %s", g_strerror(errno));
            return FALSE;
        }
        data += n_written;
        n_bytes -= (gsize) n_written;
    }
    return TRUE;
}

static gboolean
take_sample(Decoding *self, GstSample *sample, GError **error)
{
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    GstMapInfo map;
    gboolean ok;

    if (buffer == NULL || !gst_buffer_map(buffer, &map, GST_MAP_READ))
        return TRUE;
    self->n_frames += (gint64) (map.size / sizeof(float));
    if (self->n_frames > self->max_frames) {
        g_autofree char *words =
            g_strdup_printf("longer than %d minutes",
                            (int) (self->max_frames / CONTENT_INGEST_RATE / 60));

        ok = refuse(error, words);
    } else {
        ok = write_all(self->pcm_fd, map.data, map.size, error);
    }
    gst_buffer_unmap(buffer, &map);
    return ok;
}

/* What the pipeline complains about, in words; TRUE if it does not. */
static gboolean
check_bus(Decoding *self, GError **error)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(self->pipeline);
    g_autoptr(GstMessage) message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
    g_autoptr(GError) cause = NULL;
    g_autofree char *words = NULL;

    if (message == NULL)
        return TRUE;
    gst_message_parse_error(message, &cause, NULL);
    if (self->n_frames > 0)
        words = g_strdup_printf("damaged after %.1f s: %s",
                                (double) self->n_frames / CONTENT_INGEST_RATE, cause->message);
    else
        words = g_strdup_printf("not audio that can be decoded: %s", cause->message);
    return refuse(error, words);
}

static gboolean
pull_all(Decoding *self, GError **error)
{
    for (guint n_idle = 0; n_idle < STALL_TURNS;) {
        g_autoptr(GstSample) sample =
            gst_app_sink_try_pull_sample(GST_APP_SINK(self->to), TURN_NS);

        if (sample != NULL) {
            n_idle = 0;
            if (!take_sample(self, sample, error))
                return FALSE;
            continue;
        }
        if (!check_bus(self, error))
            return FALSE;
        if (gst_app_sink_is_eos(GST_APP_SINK(self->to)))
            return TRUE;
        n_idle++;
    }
    return refuse(error, "decoding does not go on");
}

/* Formats that state their exact length: what ends long before it was cut off on the way. */
static gboolean
states_its_length(int input_fd)
{
    char head[12] = {0};

    if (pread(input_fd, head, sizeof head, 0) != sizeof head)
        return FALSE;
    return memcmp(head, "fLaC", 4) == 0 || memcmp(head + 4, "ftyp", 4) == 0;
}

/* The decoder knows the length, except where it takes what is there for the whole. */
static gboolean
find_length(Decoding *self, int input_fd, double *out_there_s, double *out_stated_s)
{
    gint64 length_ns = 0;

    if (content_ingest_wave_length(input_fd, out_there_s, out_stated_s))
        return TRUE;
    if (!states_its_length(input_fd) ||
        !gst_element_query_duration(self->pipeline, GST_FORMAT_TIME, &length_ns))
        return FALSE;
    *out_there_s = (double) self->n_frames / CONTENT_INGEST_RATE;
    *out_stated_s = (double) length_ns / GST_SECOND;
    return TRUE;
}

static gboolean
check_length(Decoding *self, int input_fd, GError **error)
{
    double there_s = 0, stated_s = 0;
    g_autofree char *words = NULL;

    if (self->n_frames == 0)
        return refuse(error, "no sound in it");
    if (!find_length(self, input_fd, &there_s, &stated_s) || there_s + SHORT_S >= stated_s)
        return TRUE;
    words = g_strdup_printf("cut off: %.1f s of %.1f s are there", there_s, stated_s);
    return refuse(error, words);
}

gint64
content_ingest_decode(int input_fd, int pcm_fd, gint64 max_frames, GError **error)
{
    g_auto(Decoding) self = {.pcm_fd = pcm_fd, .max_frames = max_frames};
    g_autoptr(GError) cause = NULL;

    if (!build(&self, input_fd, &cause)) {
        g_set_error(error, CONTENT_INGEST_ERROR, CONTENT_INGEST_ERROR_FAILED,
                    "building the decoder: %s", cause->message);
        return -1;
    }
    gst_element_set_state(self.pipeline, GST_STATE_PLAYING);
    if (!pull_all(&self, error) || !check_length(&self, input_fd, error))
        return -1;
    return self.n_frames;
}
