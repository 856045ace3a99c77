/* decoder.c - see decoder.h */
#include "player/output/decoder.h"

#include <string.h>

#include "player/output/far-decoder.h"
#include "player/output/ogg-decoder.h"

#define TS_PACKET_BYTES 188
#define ID3_HEAD_BYTES  10

struct PlayDecoder {
    PlayOggDecoder *ogg; /* (owned) (nullable): one of the two */
    PlayFarDecoder *far; /* (owned) (nullable) */
};

/* clang-format off */
static const struct {
    const char *type, *format;
} types[] = {
    { "application/ogg",      "ogg" },
    { "audio/ogg",            "ogg" },
    { "audio/opus",           "ogg" },
    { "audio/vorbis",         "ogg" },
    { "audio/x-vorbis+ogg",   "ogg" },
    { "audio/mpeg",           "mp3" },
    { "audio/mp3",            "mp3" },
    { "audio/aac",            "aac" },
    { "audio/aacp",           "aac" },
    { "audio/x-aac",          "aac" },
    { "video/mp2t",           "mpegts" },
};

/* How a segment begins, by RFC 8216 §3; an ID3 tag with the time may stand before it. */
static const struct {
    gsize at;
    guint8 mask, is;
    guint8 second_mask, second_is;
    const char *format;
} starts[] = {
    { 0, 0xff, 0xff, 0xf6, 0xf0, "aac" },  /* ADTS: twelve bits of sync, layer 0 */
    { 0, 0xff, 0xff, 0xe6, 0xe2, "mp3" },  /* MPEG audio: eleven bits of sync, layer III */
    { 4, 0xff, 'f',  0xff, 't',  "mp4" },  /* ftyp */
    { 4, 0xff, 's',  0xff, 't',  "mp4" },  /* styp */
    { 4, 0xff, 'm',  0xff, 'o',  "mp4" },  /* moof, moov */
};
/* clang-format on */

const char *
play_decoder_format_of(const char *type)
{
    gsize length = type == NULL ? 0 : strcspn(type, "; ");

    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (length == strlen(types[i].type) &&
            g_ascii_strncasecmp(type, types[i].type, length) == 0)
            return types[i].format;
    }
    return NULL;
}

/* By ID3v2.4 §3.1: ten bytes, the last four of them its length, seven bits in each. */
static gsize
n_bytes_of_tag(const guint8 *bytes, gsize n_bytes)
{
    gsize length = 0;

    if (n_bytes < ID3_HEAD_BYTES || memcmp(bytes, "ID3", 3) != 0)
        return 0;
    for (gsize i = 6; i < ID3_HEAD_BYTES; i++)
        length = length << 7 | (bytes[i] & 0x7f);
    return MIN(length + ID3_HEAD_BYTES, n_bytes);
}

const char *
play_decoder_format_of_bytes(const guint8 *bytes, gsize n_bytes)
{
    gsize n_tag = n_bytes_of_tag(bytes, n_bytes);

    bytes += n_tag;
    n_bytes -= n_tag;
    if (n_bytes > TS_PACKET_BYTES && bytes[0] == 0x47 && bytes[TS_PACKET_BYTES] == 0x47)
        return "mpegts";
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
        gsize at = starts[i].at;

        if (n_bytes > at + 1 && (bytes[at] & starts[i].mask) == starts[i].is &&
            (bytes[at + 1] & starts[i].second_mask) == starts[i].second_is)
            return starts[i].format;
    }
    return NULL;
}

PlayDecoder *
play_decoder_new(const char *format, const char *program, PlayDecoderFunc func, gpointer data,
                 GError **error)
{
    g_autoptr(PlayDecoder) self = g_new0(PlayDecoder, 1);

    if (g_str_equal(format, "ogg"))
        self->ogg = play_ogg_decoder_new(func, data, error);
    else
        self->far = play_far_decoder_new(program, format, func, data, error);
    return self->ogg == NULL && self->far == NULL ? NULL : g_steal_pointer(&self);
}

void
play_decoder_free(PlayDecoder *self)
{
    if (self == NULL)
        return;
    play_ogg_decoder_free(self->ogg);
    play_far_decoder_free(self->far);
    g_free(self);
}

gboolean
play_decoder_push(PlayDecoder *self, gconstpointer bytes, gsize n_bytes, GError **error)
{
    return self->ogg != NULL ? play_ogg_decoder_push(self->ogg, bytes, n_bytes, error)
                             : play_far_decoder_push(self->far, bytes, n_bytes, error);
}

void
play_decoder_rest(PlayDecoder *self, gint wait_ms)
{
    if (self->far != NULL)
        play_far_decoder_rest(self->far, wait_ms);
}
