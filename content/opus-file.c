/* opus-file.c - see opus-file.h */
#include "content/opus-file.h"

#include <string.h>

#define PAGE_HEAD_BYTES   27
#define PIECE_BYTES       255
#define MAX_PIECES        255
#define HEAD_BYTES        19
#define PRE_SKIP          312     /* samples; what encoders need to begin, at 48 kHz */
#define MAX_COMMENT_BYTES 1048576 /* a packet: pictures may stand in a file's comments */
#define FLAG_CONTINUED    1
#define FLAG_FIRST        2
#define FLAG_LAST         4

G_DEFINE_QUARK(ContentOpusError, content_opus_error)

gboolean
content_opus_is_plain(const guint8 *packet, gsize n_bytes)
{
    guint8 configuration;

    if (n_bytes == 0 || n_bytes > CONTENT_OPUS_MAX_PACKET_BYTES || (packet[0] & 3) != 0)
        return FALSE;
    /* Of speech 10, 20, 40, 60 ms; mixed 10, 20; of music 2.5, 5, 10, 20 (table 2). */
    configuration = packet[0] >> 3;
    if (configuration < 12)
        return configuration % 4 == 1;
    return configuration < 16 ? configuration % 2 == 1 : configuration % 4 == 3;
}

/* --- pages -----------------------------------------------------------------------------------
 */

/* CRC-32 with the polynomial of RFC 3533, not reflected, over the page with a sum of 0. */
static guint32
sum_of(const guint8 *bytes, gsize n_bytes)
{
    guint32 sum = 0;

    for (gsize i = 0; i < n_bytes; i++) {
        sum ^= (guint32) bytes[i] << 24;
        for (guint bit = 0; bit < 8; bit++)
            sum = (sum & 0x80000000u) != 0 ? (sum << 1) ^ 0x04c11db7u : sum << 1;
    }
    return sum;
}

static void
put_le(guint8 *at, guint64 value, guint n_bytes)
{
    for (guint i = 0; i < n_bytes; i++)
        at[i] = (guint8) (value >> (8 * i));
}

static guint64
get_le(const guint8 *at, guint n_bytes)
{
    guint64 value = 0;

    for (guint i = 0; i < n_bytes; i++)
        value |= (guint64) at[i] << (8 * i);
    return value;
}

/* @lengths: (array length=n_packets): of the packets that @body holds */
static void
add_page(ContentOpusWriter *self, guint8 flags, const gsize *lengths, guint n_packets,
         const GByteArray *body, GByteArray *out)
{
    guint8 head[PAGE_HEAD_BYTES + MAX_PIECES] = "OggS";
    guint n_pieces = 0;
    const guint start = out->len;

    for (guint i = 0; i < n_packets; i++) {
        gsize left = lengths[i];

        for (; left >= PIECE_BYTES; left -= PIECE_BYTES)
            head[PAGE_HEAD_BYTES + n_pieces++] = PIECE_BYTES;
        head[PAGE_HEAD_BYTES + n_pieces++] = (guint8) left;
    }
    head[5] = flags;
    put_le(head + 6, (guint64) self->n_samples, 8);
    put_le(head + 14, self->serial, 4);
    put_le(head + 18, self->n_pages++, 4);
    head[26] = (guint8) n_pieces;
    g_byte_array_append(out, head, PAGE_HEAD_BYTES + n_pieces);
    if (body != NULL)
        g_byte_array_append(out, body->data, body->len);
    put_le(out->data + start + 22, sum_of(out->data + start, out->len - start), 4);
}

void
content_opus_begin(ContentOpusWriter *self, guint32 serial, GByteArray *out)
{
    static const guint8 tags[] = "OpusTags\x03\0\0\0Loa\0\0\0";
    g_autoptr(GByteArray) body = g_byte_array_new();
    guint8 head[HEAD_BYTES] = "OpusHead";
    gsize n_bytes = HEAD_BYTES;

    *self = (ContentOpusWriter){.serial = serial};
    head[8] = 1; /* version */
    head[9] = 1; /* one channel: a packet of two is mixed down by whoever plays it */
    put_le(head + 10, PRE_SKIP, 2);
    put_le(head + 12, 48000, 4);
    g_byte_array_append(body, head, HEAD_BYTES);
    add_page(self, FLAG_FIRST, &n_bytes, 1, body, out);
    g_byte_array_set_size(body, 0);
    n_bytes = sizeof tags; /* its last zero is the last of "no comments" */
    g_byte_array_append(body, tags, (guint) n_bytes);
    add_page(self, 0, &n_bytes, 1, body, out);
}

void
content_opus_add(ContentOpusWriter *self, const GPtrArray *packets, GByteArray *out)
{
    gsize lengths[CONTENT_OPUS_MAX_PAGE_PACKETS];
    g_autoptr(GByteArray) body = g_byte_array_new();

    g_return_if_fail(packets->len > 0 && packets->len <= CONTENT_OPUS_MAX_PAGE_PACKETS);
    for (guint i = 0; i < packets->len; i++) {
        const guint8 *bytes = g_bytes_get_data(packets->pdata[i], &lengths[i]);

        g_byte_array_append(body, bytes, (guint) lengths[i]);
    }
    self->n_samples += (gint64) packets->len * CONTENT_OPUS_PACKET_SAMPLES;
    add_page(self, 0, lengths, packets->len, body, out);
}

void
content_opus_end(ContentOpusWriter *self, GByteArray *out)
{
    add_page(self, FLAG_LAST, NULL, 0, NULL, out);
}

/* --- reading ---------------------------------------------------------------------------------
 */

struct ContentOpusReader {
    GByteArray *waiting; /* (owned): no whole page yet */
    GByteArray *packet;  /* (owned): one that goes on in the next page */
    guint32 serial;      /* of the stream that the first page began */
    guint n_heads;       /* of the two, those that were read */
};

ContentOpusReader *
content_opus_reader_new(void)
{
    ContentOpusReader *self = g_new0(ContentOpusReader, 1);

    self->waiting = g_byte_array_new();
    self->packet = g_byte_array_new();
    return self;
}

void
content_opus_reader_free(ContentOpusReader *self)
{
    if (self == NULL)
        return;
    g_byte_array_unref(self->waiting);
    g_byte_array_unref(self->packet);
    g_free(self);
}

static gboolean
fail(GError **error, ContentOpusError code, const char *words)
{
    g_set_error_literal(error, CONTENT_OPUS_ERROR, (int) code, words);
    return FALSE;
}

/* The bytes of the page that begins at @page; 0: it is not whole yet. */
static gsize
page_size(const guint8 *page, gsize n_bytes)
{
    gsize size = PAGE_HEAD_BYTES;

    if (n_bytes < size || n_bytes < size + page[26])
        return 0;
    size += page[26];
    for (guint i = 0; i < page[26]; i++)
        size += page[PAGE_HEAD_BYTES + i];
    return n_bytes < size ? 0 : size;
}

static gboolean
end_packet(ContentOpusReader *self, GPtrArray *packets, GError **error)
{
    static const char *const heads[] = {"OpusHead", "OpusTags"};
    const GByteArray *packet = self->packet;

    if (self->n_heads == G_N_ELEMENTS(heads)) {
        g_ptr_array_add(packets, g_bytes_new(packet->data, packet->len));
    } else if (packet->len < strlen(heads[self->n_heads]) ||
               memcmp(packet->data, heads[self->n_heads], strlen(heads[self->n_heads])) != 0) {
        return fail(error, CONTENT_OPUS_ERROR_MEDIA, "Ogg, but not of Opus");
    } else {
        self->n_heads++;
    }
    g_byte_array_set_size(self->packet, 0);
    return TRUE;
}

static gboolean
take_page(ContentOpusReader *self, guint8 *page, gsize n_bytes, GPtrArray *packets,
          GError **error)
{
    const guint32 serial = (guint32) get_le(page + 14, 4), sum = (guint32) get_le(page + 22, 4);
    const guint8 *body = page + PAGE_HEAD_BYTES + page[26];

    put_le(page + 22, 0, 4);
    if (sum_of(page, n_bytes) != sum)
        return fail(error, CONTENT_OPUS_ERROR_SYNTAX, "a page is damaged");
    if ((page[5] & FLAG_FIRST) != 0 && self->n_heads == 0)
        self->serial = serial;
    if (serial != self->serial) /* of another stream beside it */
        return TRUE;
    if ((page[5] & FLAG_CONTINUED) == 0)
        g_byte_array_set_size(self->packet, 0);
    for (guint i = 0; i < page[26]; i++) {
        const guint8 n_piece = page[PAGE_HEAD_BYTES + i];

        g_byte_array_append(self->packet, body, n_piece);
        body += n_piece;
        if (self->packet->len > MAX_COMMENT_BYTES)
            return fail(error, CONTENT_OPUS_ERROR_SYNTAX, "a packet is too large");
        if (n_piece < PIECE_BYTES && !end_packet(self, packets, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
content_opus_reader_feed(ContentOpusReader *self, const guint8 *bytes, gsize n_bytes,
                         GPtrArray *packets, GError **error)
{
    gsize done = 0, n_page;

    g_byte_array_append(self->waiting, bytes, (guint) n_bytes);
    for (;;) {
        guint8 *page = self->waiting->data + done;
        const gsize n_left = self->waiting->len - done;

        if (n_left >= 5 && memcmp(page, "OggS", 5) != 0) /* its version, 0, is the fifth */
            return fail(error, CONTENT_OPUS_ERROR_SYNTAX, "not an Ogg file");
        n_page = page_size(page, n_left);
        if (n_page == 0)
            break;
        if (!take_page(self, page, n_page, packets, error))
            return FALSE;
        done += n_page;
    }
    if (done > 0)
        g_byte_array_remove_range(self->waiting, 0, (guint) done);
    return TRUE;
}
