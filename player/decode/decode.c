/* decode.c - see decode.h */
#include "player/decode/decode.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <unistd.h>

#define RATE 48000
/* Read at a time, and looked at before the first frame: a listener waits for it. */
#define INPUT_BYTES 4096
#define PROBE_BYTES (32 * 1024)
#define PROBE_US    (G_USEC_PER_SEC / 2)
/* Of one stereo frame of AAC at 8 kHz there are 12,288 at 48 kHz. */
#define OUTPUT_FRAMES 16384

G_DEFINE_QUARK(PlayDecodeError, play_decode_error)

/* clang-format off */
static const char *const formats[] = { "mp3", "aac", "mpegts", "mp4" };
/* The only ones that are ever opened, whatever the bytes say. */
static const char decoders[] = "mp3float,mp3,aac,aac_fixed,aac_latm";
/* clang-format on */

typedef struct {
    int in_fd, out_fd;
    AVFormatContext *container; /* (owned) */
    AVIOContext *bytes;         /* (owned) */
    AVCodecContext *codec;      /* (owned) */
    SwrContext *convert;        /* (owned) (nullable): for frames as the last one was */
    gint rate, sample_format, n_channels; /* as the last one was */
    gint stream;
    gint16 frames[OUTPUT_FRAMES];
} Decoder;

static void
decoder_free(Decoder *self)
{
    avcodec_free_context(&self->codec);
    avformat_close_input(&self->container);
    if (self->bytes != NULL)
        av_freep(&self->bytes->buffer);
    avio_context_free(&self->bytes);
    swr_free(&self->convert);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decoder, decoder_free)

gboolean
play_decode_knows(const char *format)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_strcmp0(format, formats[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
fail(const char *what, int number, GError **error)
{
    char words[AV_ERROR_MAX_STRING_SIZE] = "";

    av_strerror(number, words, sizeof words);
    g_set_error(error, PLAY_DECODE_ERROR, PLAY_DECODE_ERROR_SOUND, "%s: %s", what, words);
    return FALSE;
}

static int
read_bytes(void *data, guint8 *bytes, int n_bytes)
{
    Decoder *self = data;
    gssize n;

    do
        n = read(self->in_fd, bytes, (gsize) n_bytes);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return AVERROR(errno);
    return n == 0 ? AVERROR_EOF : (int) n;
}

static gboolean
open_container(Decoder *self, const char *format, GError **error)
{
    AVDictionary *options = NULL;
    int status;

    self->bytes = avio_alloc_context(av_malloc(INPUT_BYTES), INPUT_BYTES, 0, self, read_bytes,
                                     NULL, NULL);
    self->container = avformat_alloc_context();
    self->container->pb = self->bytes;
    self->container->probesize = PROBE_BYTES;
    self->container->max_analyze_duration = PROBE_US;
    /* A list of places to read on from is a way out of the one descriptor. */
    av_dict_set(&options, "protocol_whitelist", "", 0);
    av_dict_set(&options, "codec_whitelist", decoders, 0);
    status =
        avformat_open_input(&self->container, NULL, av_find_input_format(format), &options);
    av_dict_free(&options);
    if (status >= 0)
        status = avformat_find_stream_info(self->container, NULL);
    return status >= 0 || fail("it cannot be taken apart", status, error);
}

static gboolean
open_codec(Decoder *self, GError **error)
{
    const AVCodec *codec = NULL;
    AVDictionary *options = NULL;
    int status;

    self->stream = av_find_best_stream(self->container, AVMEDIA_TYPE_AUDIO, -1, -1, &codec, 0);
    if (self->stream < 0 || codec == NULL)
        return fail("it holds no sound", AVERROR_STREAM_NOT_FOUND, error);
    self->codec = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(self->codec,
                                  self->container->streams[self->stream]->codecpar);
    self->codec->thread_count = 1;
    av_dict_set(&options, "codec_whitelist", decoders, 0);
    status = avcodec_open2(self->codec, codec, &options);
    av_dict_free(&options);
    return status >= 0 || fail("it has no decoder here", status, error);
}

static gboolean
is_as_before(const Decoder *self, const AVFrame *frame)
{
    return self->convert != NULL && self->rate == frame->sample_rate &&
           self->sample_format == frame->format &&
           self->n_channels == frame->ch_layout.nb_channels;
}

/* A radio may change from music in stereo to speech in mono. */
static gboolean
set_up_convert(Decoder *self, AVFrame *frame, GError **error)
{
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    int status;

    if (is_as_before(self, frame))
        return TRUE;
    swr_free(&self->convert);
    self->rate = frame->sample_rate;
    self->sample_format = frame->format;
    self->n_channels = frame->ch_layout.nb_channels;
    status = swr_alloc_set_opts2(&self->convert, &mono, AV_SAMPLE_FMT_S16, RATE,
                                 &frame->ch_layout, self->sample_format, self->rate, 0, NULL);
    if (status >= 0)
        status = swr_init(self->convert);
    return status >= 0 || fail("its frames cannot be converted", status, error);
}

static gboolean
write_frames(Decoder *self, gsize n_frames, GError **error)
{
    const char *at = (const char *) self->frames;
    gsize left = n_frames * sizeof(gint16);

    while (left > 0) {
        gssize n = write(self->out_fd, at, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            g_set_error(error, PLAY_DECODE_ERROR, PLAY_DECODE_ERROR_ENDED,
                        "nobody takes the frames: %s", g_strerror(errno));
            return FALSE;
        }
        at += n;
        left -= (gsize) n;
    }
    return TRUE;
}

static gboolean
give_frame(Decoder *self, AVFrame *frame, GError **error)
{
    guint8 *out[] = {(guint8 *) self->frames};
    const guint8 **in = (const guint8 **) (gpointer) frame->extended_data;
    int n;

    if (!set_up_convert(self, frame, error))
        return FALSE;
    /* What finds no room waits in the converter for the next frame. */
    n = swr_convert(self->convert, out, OUTPUT_FRAMES, in, frame->nb_samples);
    return n < 0 ? fail("its frames cannot be converted", n, error)
                 : write_frames(self, (gsize) n, error);
}

/* Returns: whether the packet held sound; %FALSE with an error: that is the end */
static gboolean
decode_packet(Decoder *self, const AVPacket *packet, AVFrame *frame, GError **error)
{
    gboolean is_sound = FALSE;

    if (avcodec_send_packet(self->codec, packet) < 0)
        return FALSE;
    while (avcodec_receive_frame(self->codec, frame) >= 0) {
        gboolean is_given = give_frame(self, frame, error);

        av_frame_unref(frame);
        if (!is_given)
            return FALSE;
        is_sound = TRUE;
    }
    return is_sound;
}

static gboolean
decode_all(Decoder *self, AVPacket *packet, AVFrame *frame, GError **error)
{
    guint n_bad = 0;
    int status;

    while ((status = av_read_frame(self->container, packet)) >= 0) {
        GError *why = NULL;
        gboolean is_ours = packet->stream_index == self->stream;

        if (is_ours)
            n_bad = decode_packet(self, packet, frame, &why) ? 0 : n_bad + 1;
        av_packet_unref(packet);
        if (why != NULL) {
            g_propagate_error(error, why);
            return FALSE;
        }
        if (n_bad > PLAY_DECODE_MAX_BAD_PACKETS)
            return fail("it is damaged throughout", AVERROR_INVALIDDATA, error);
    }
    return status == AVERROR_EOF || fail("it cannot be taken apart", status, error);
}

gboolean
play_decode(const char *format, int in_fd, int out_fd, GError **error)
{
    g_autoptr(Decoder) self = g_new0(Decoder, 1);
    AVPacket *packet;
    AVFrame *frame;
    gboolean is_done;

    av_log_set_level(AV_LOG_QUIET);
    self->in_fd = in_fd;
    self->out_fd = out_fd;
    if (!open_container(self, format, error) || !open_codec(self, error))
        return FALSE;
    packet = av_packet_alloc();
    frame = av_frame_alloc();
    is_done = decode_all(self, packet, frame, error);
    av_packet_free(&packet);
    av_frame_free(&frame);
    return is_done;
}
