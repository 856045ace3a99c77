/*
 * make-opus.c - writes an Ogg/Opus file of tones as the district would have made it; with a
 * name that ends in .vorbis an Ogg/Vorbis one, as a radio may send it.
 *
 * Flow: `make-opus FILE CHANNELS HZ:MS…` at build time -> tests decode the file.
 * 48 kHz, 32 kbit/s, packets of 20 ms; each tone is 6 dB under full scale; HZ 0 is silence.
 */
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define RATE 48000

static void
push_tone(GstAppSrc *appsrc, guint channels, guint hz, guint64 from_frame, guint n_frames)
{
    gsize n_bytes = (gsize) n_frames * channels * sizeof(gint16);
    gint16 *samples = g_malloc(n_bytes);
    GstBuffer *buffer = gst_buffer_new_wrapped(samples, n_bytes);

    for (guint i = 0; i < n_frames * channels; i++)
        samples[i] = (gint16) lrint(16384 * sin(2 * G_PI * hz * (i / channels) / RATE));
    GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(from_frame, GST_SECOND, RATE);
    GST_BUFFER_DURATION(buffer) = gst_util_uint64_scale(n_frames, GST_SECOND, RATE);
    gst_app_src_push_buffer(appsrc, buffer);
}

static gboolean
run(const char *path, guint channels, char **tones)
{
    g_autofree char *text = g_strdup_printf(
        "appsrc name=src format=time "
        "caps=audio/x-raw,format=S16LE,rate=48000,channels=%u,layout=interleaved ! "
        "%s ! oggmux ! filesink location=\"%s\"",
        channels,
        g_str_has_suffix(path, ".vorbis") ? "audioconvert ! vorbisenc"
                                          : "opusenc bitrate=32000",
        path);
    g_autoptr(GError) error = NULL;
    g_autoptr(GstElement) pipeline = gst_parse_launch(text, &error);
    g_autoptr(GstElement) appsrc = NULL;
    g_autoptr(GstBus) bus = NULL;
    g_autoptr(GstMessage) message = NULL;
    guint64 at = 0;

    if (pipeline == NULL) {
        g_printerr("make-opus: %s\n", error->message);
        return FALSE;
    }
    appsrc = gst_bin_get_by_name(GST_BIN(pipeline), "src");
    g_object_set(appsrc, "max-bytes", G_GUINT64_CONSTANT(0), NULL);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    for (gsize i = 0; tones[i] != NULL; i++) {
        guint hz = 0, duration_ms = 0;

        if (sscanf(tones[i], "%u:%u", &hz, &duration_ms) != 2)
            return FALSE;
        push_tone(GST_APP_SRC(appsrc), channels, hz, at, duration_ms * (RATE / 1000));
        at += duration_ms * (RATE / 1000);
    }
    gst_app_src_end_of_stream(GST_APP_SRC(appsrc));
    bus = gst_element_get_bus(pipeline);
    message =
        gst_bus_timed_pop_filtered(bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    return message != NULL && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
}

int
main(int argc, char **argv)
{
    gst_init(NULL, NULL);
    if (argc < 4) {
        g_printerr("usage: make-opus FILE CHANNELS HZ:MS…\n");
        return 64;
    }
    return run(argv[1], (guint) atoi(argv[2]), argv + 3) ? 0 : 1;
}
