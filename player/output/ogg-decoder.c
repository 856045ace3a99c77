/*
 * ogg-decoder.c - see ogg-decoder.h
 *
 * our pad -> oggdemux -> (opusdec | vorbisdec) -> audioconvert -> audioresample -> our pad
 */
#include "player/output/ogg-decoder.h"

#include <gst/gst.h>

#include "player/output/source.h"

#define FRAMES_CAPS                                                                            \
    "audio/x-raw, format=(string)S16LE, rate=(int)48000, channels=(int)1, "                    \
    "layout=(string)interleaved"

/* clang-format off */
static const struct {
    const char *caps;
    const char *decoder;
} kinds[] = {
    { "audio/x-opus",   "opusdec" },
    { "audio/x-vorbis", "vorbisdec" },
};
/* clang-format on */

struct PlayOggDecoder {
    GstElement *bin;     /* (owned) */
    GstElement *decoder; /* (nullable): of the bin, for the stream that goes on now */
    GstElement *convert; /* of the bin */
    GstPad *bytes, *frames;
    GstBus *bus;
    PlayDecoderFunc func;
    gpointer data;
    GError *error; /* (owned) (nullable): the first */
};

static void
fail(PlayOggDecoder *self, const char *words)
{
    if (self->error == NULL)
        self->error = g_error_new(PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE, "%s", words);
}

static const char *
decoder_for(GstPad *pad)
{
    g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);

    for (gsize i = 0; caps != NULL && i < G_N_ELEMENTS(kinds); i++) {
        if (gst_structure_has_name(gst_caps_get_structure(caps, 0), kinds[i].caps))
            return kinds[i].decoder;
    }
    return NULL;
}

static void
drop_decoder(PlayOggDecoder *self)
{
    GstElement *decoder = g_steal_pointer(&self->decoder);

    if (decoder == NULL)
        return;
    gst_element_set_state(decoder, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(self->bin), decoder);
}

/* Within a push: another stream begins, in place of the one before. */
static void
on_pad_added(GstElement *demux, GstPad *pad, gpointer data)
{
    PlayOggDecoder *self = data;
    const char *name = decoder_for(pad);
    g_autoptr(GstPad) sink = NULL;

    if (name == NULL) {
        fail(self, "a stream in it is neither Opus nor Vorbis");
        return;
    }
    drop_decoder(self);
    self->decoder = gst_element_factory_make(name, NULL);
    gst_bin_add(GST_BIN(self->bin), self->decoder);
    sink = gst_element_get_static_pad(self->decoder, "sink");
    if (!gst_element_link(self->decoder, self->convert) ||
        !gst_element_sync_state_with_parent(self->decoder) ||
        gst_pad_link(pad, sink) != GST_PAD_LINK_OK)
        fail(self, "its stream is of a kind that cannot be decoded");
}

/* One stream of it may end; whether all is over is for who pushes to know. */
static GstPadProbeReturn
on_event(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    return GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS ? GST_PAD_PROBE_DROP
                                                                           : GST_PAD_PROBE_OK;
}

static GstFlowReturn
on_frames(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    PlayOggDecoder *self = gst_pad_get_element_private(pad);
    GstMapInfo map;

    if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        self->func((const gint16 *) (gpointer) map.data, map.size / sizeof(gint16), self->data);
        gst_buffer_unmap(buffer, &map);
    }
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
}

/* Nobody reads the bus; what is wrong is taken from it where it is said. */
static GstBusSyncReply
on_bus_message(GstBus *bus, GstMessage *message, gpointer data)
{
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        g_autoptr(GError) error = NULL;

        gst_message_parse_error(message, &error, NULL);
        fail(data, error->message);
    }
    gst_message_unref(message);
    return GST_BUS_DROP;
}

static GstPad *
pad_new(const char *name, GstPadDirection direction, const char *caps_words)
{
    g_autoptr(GstCaps) caps = gst_caps_from_string(caps_words);
    g_autoptr(GstPadTemplate) template =
        gst_object_ref_sink(gst_pad_template_new(name, direction, GST_PAD_ALWAYS, caps));

    return gst_object_ref_sink(gst_pad_new_from_template(template, name));
}

static gboolean
link_all(PlayOggDecoder *self, GstElement *demux, GstElement *resample)
{
    g_autoptr(GstPad) first = gst_element_get_static_pad(demux, "sink");
    g_autoptr(GstPad) last = gst_element_get_static_pad(resample, "src");
    g_autoptr(GstPad) entry = gst_element_get_static_pad(self->convert, "sink");

    gst_pad_set_element_private(self->frames, self);
    gst_pad_set_chain_function(self->frames, on_frames);
    gst_pad_add_probe(entry, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, NULL, NULL);
    return gst_element_link(self->convert, resample) &&
           gst_pad_link(self->bytes, first) == GST_PAD_LINK_OK &&
           gst_pad_link(last, self->frames) == GST_PAD_LINK_OK;
}

static gboolean
start(PlayOggDecoder *self)
{
    GstSegment segment;

    gst_segment_init(&segment, GST_FORMAT_BYTES);
    return gst_pad_set_active(self->frames, TRUE) && gst_pad_set_active(self->bytes, TRUE) &&
           gst_element_set_state(self->bin, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE &&
           gst_pad_push_event(self->bytes, gst_event_new_stream_start("loa")) &&
           gst_pad_push_event(self->bytes, gst_event_new_segment(&segment));
}

PlayOggDecoder *
play_ogg_decoder_new(PlayDecoderFunc func, gpointer data, GError **error)
{
    g_autoptr(PlayOggDecoder) self = g_new0(PlayOggDecoder, 1);
    GstElement *demux = gst_element_factory_make("oggdemux", NULL);
    GstElement *resample = gst_element_factory_make("audioresample", NULL);

    self->func = func;
    self->data = data;
    self->bin = gst_object_ref_sink(gst_bin_new(NULL));
    self->bus = gst_bus_new();
    gst_bus_set_sync_handler(self->bus, on_bus_message, self, NULL);
    gst_element_set_bus(self->bin, self->bus);
    self->convert = gst_element_factory_make("audioconvert", NULL);
    self->bytes = pad_new("bytes", GST_PAD_SRC, "ANY");
    self->frames = pad_new("frames", GST_PAD_SINK, FRAMES_CAPS);
    gst_bin_add_many(GST_BIN(self->bin), demux, self->convert, resample, NULL);
    g_signal_connect(demux, "pad-added", G_CALLBACK(on_pad_added), self);
    if (link_all(self, demux, resample) && start(self))
        return g_steal_pointer(&self);
    g_set_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP,
                "the decoder of streams cannot be put together");
    return NULL;
}

void
play_ogg_decoder_free(PlayOggDecoder *self)
{
    if (self == NULL)
        return;
    gst_element_set_state(self->bin, GST_STATE_NULL);
    gst_pad_set_active(self->bytes, FALSE);
    gst_pad_set_active(self->frames, FALSE);
    gst_element_set_bus(self->bin, NULL);
    gst_object_unref(self->bin);
    gst_object_unref(self->bytes);
    gst_object_unref(self->frames);
    gst_object_unref(self->bus);
    g_clear_error(&self->error);
    g_free(self);
}

gboolean
play_ogg_decoder_push(PlayOggDecoder *self, gconstpointer bytes, gsize n_bytes, GError **error)
{
    GstBuffer *buffer = gst_buffer_new_memdup(bytes, n_bytes);
    GstFlowReturn flow = gst_pad_push(self->bytes, buffer);

    if (flow != GST_FLOW_OK)
        fail(self, "it cannot be decoded");
    if (self->error == NULL)
        return TRUE;
    g_propagate_error(error, g_error_copy(self->error));
    return FALSE;
}
