/*
 * make-radio.c - writes a tone as a radio may send it: MP3, AAC, or AAC in MPEG-TS or MP4.
 *
 * Flow: `make-radio FORMAT FILE HZ SECONDS RATE CHANNELS` -> tests decode the file. By the
 * libraries themselves: what is decoded was encoded by others. 6 dB under full scale.
 */
#include <glib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
static const struct {
    const char *name, *muxer, *encoder;
} formats[] = {
    { "mp3",    "mp3",    "libmp3lame" },
    { "aac",    "adts",   "aac" },
    { "mpegts", "mpegts", "aac" },
    { "mp4",    "mp4",    "aac" },
};
/* clang-format on */

typedef struct {
    AVFormatContext *file;
    AVCodecContext *codec;
    AVStream *stream;
} Writer;

static void
check(int status, const char *what)
{
    char words[AV_ERROR_MAX_STRING_SIZE] = "";

    if (status >= 0)
        return;
    av_strerror(status, words, sizeof words);
    fprintf(stderr, "make-radio: %s: %s\n", what, words);
    exit(1);
}

static void
open_writer(Writer *self, guint format, const char *path, int rate, int n_channels)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(formats[format].encoder);
    AVDictionary *options = NULL;

    check(avformat_alloc_output_context2(&self->file, NULL, formats[format].muxer, path),
          "muxer");
    self->codec = avcodec_alloc_context3(codec);
    self->codec->sample_fmt = AV_SAMPLE_FMT_FLTP;
    self->codec->sample_rate = rate;
    self->codec->bit_rate = 64000;
    av_channel_layout_default(&self->codec->ch_layout, n_channels);
    if (self->file->oformat->flags & AVFMT_GLOBALHEADER)
        self->codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    check(avcodec_open2(self->codec, codec, NULL), "encoder");
    self->stream = avformat_new_stream(self->file, NULL);
    self->stream->time_base = (AVRational){1, rate};
    check(avcodec_parameters_from_context(self->stream->codecpar, self->codec), "parameters");
    check(avio_open(&self->file->pb, path, AVIO_FLAG_WRITE), path);
    /* As a radio sends it: nothing to seek in, and no table at the end. */
    av_dict_set(&options, "movflags", "empty_moov+frag_every_frame+default_base_moof", 0);
    av_dict_set(&options, "write_xing", "0", 0);
    check(avformat_write_header(self->file, &options), "header");
    av_dict_free(&options);
}

static void
encode(Writer *self, AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();

    check(avcodec_send_frame(self->codec, frame), "frame");
    while (avcodec_receive_packet(self->codec, packet) >= 0) {
        av_packet_rescale_ts(packet, self->codec->time_base, self->stream->time_base);
        packet->stream_index = self->stream->index;
        check(av_interleaved_write_frame(self->file, packet), "packet");
    }
    av_packet_free(&packet);
}

static void
write_tone(Writer *self, int hz, int seconds)
{
    gint64 end = (gint64) seconds * self->codec->sample_rate;

    for (gint64 at = 0; at < end; at += self->codec->frame_size) {
        AVFrame *frame = av_frame_alloc();

        frame->nb_samples = self->codec->frame_size;
        frame->format = self->codec->sample_fmt;
        frame->pts = at;
        frame->sample_rate = self->codec->sample_rate;
        av_channel_layout_copy(&frame->ch_layout, &self->codec->ch_layout);
        check(av_frame_get_buffer(frame, 0), "frame");
        for (int c = 0; c < frame->ch_layout.nb_channels; c++) {
            float *samples = (float *) (gpointer) frame->extended_data[c];

            for (int i = 0; i < frame->nb_samples; i++)
                samples[i] = (float) (0.5 * sin(2 * G_PI * hz * (double) (at + i) /
                                                self->codec->sample_rate));
        }
        encode(self, frame);
        av_frame_free(&frame);
    }
    encode(self, NULL);
}

int
main(int argc, char **argv)
{
    Writer writer = {NULL};
    guint format = 0;

    if (argc != 7) {
        fputs("usage: make-radio FORMAT FILE HZ SECONDS RATE CHANNELS\n", stderr);
        return 1;
    }
    while (format < G_N_ELEMENTS(formats) && !g_str_equal(formats[format].name, argv[1]))
        format++;
    if (format == G_N_ELEMENTS(formats)) {
        fprintf(stderr, "make-radio: unknown format '%s'\n", argv[1]);
        return 1;
    }
    av_log_set_level(AV_LOG_ERROR);
    open_writer(&writer, format, argv[2], atoi(argv[5]), atoi(argv[6]));
    write_tone(&writer, atoi(argv[3]), atoi(argv[4]));
    check(av_write_trailer(writer.file), "trailer");
    avcodec_free_context(&writer.codec);
    avio_closep(&writer.file->pb);
    avformat_free_context(writer.file);
    return 0;
}
