/*
 * test-opus-file.c - which packets are spoken live, and that what is written is read again
 * as it was: pages, pieces and sums as the standard has them.
 */
#include "content/opus-file.h"

#include <string.h>

static void
test_plain(void)
{
    /* clang-format off */
    static const struct { const char *why; guint8 first; gsize n_bytes; gboolean is_plain; } cases[] = {
        { "speech, 20 ms",               1 << 3,        60, TRUE },
        { "speech, wide, 20 ms",         9 << 3,        60, TRUE },
        { "mixed, 20 ms",                13 << 3,       60, TRUE },
        { "music, 20 ms",                31 << 3,       60, TRUE },
        { "two channels",                31 << 3 | 4,   60, TRUE },
        { "nothing is said",             1 << 3,         1, TRUE },
        { "the longest",                 1 << 3,      1275, TRUE },
        { "speech, 10 ms",               0 << 3,        60, FALSE },
        { "speech, 40 ms",               2 << 3,        60, FALSE },
        { "speech, 60 ms",               11 << 3,       60, FALSE },
        { "mixed, 10 ms",                12 << 3,       60, FALSE },
        { "music, 10 ms",                30 << 3,       60, FALSE },
        { "music, 2.5 ms",               16 << 3,       60, FALSE },
        { "two frames",                  1 << 3 | 1,    60, FALSE },
        { "frames of their own lengths", 1 << 3 | 3,    60, FALSE },
        { "longer than a frame can be",  1 << 3,      1276, FALSE },
        { "empty",                       1 << 3,         0, FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint8 packet[CONTENT_OPUS_MAX_PACKET_BYTES + 1] = {cases[i].first};

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_opus_is_plain(packet, cases[i].n_bytes), ==, cases[i].is_plain);
    }
}

static GPtrArray *
new_packets(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
}

/* A packet that is known again: its length, and each byte of it. */
static GBytes *
make_packet(guint number, gsize n_bytes)
{
    guint8 bytes[CONTENT_OPUS_MAX_PACKET_BYTES];

    memset(bytes, (int) (number % 251), sizeof bytes);
    bytes[0] = 1 << 3;
    return g_bytes_new(bytes, n_bytes);
}

/* Lengths at which a page's pieces end differently. */
static const gsize lengths[] = {1, 254, 255, 256, 510, 60, 1274, 1275};

/* @n_pages of eight packets each. */
static GByteArray *
make_file(guint n_pages, GPtrArray *written)
{
    GByteArray *file = g_byte_array_new();
    ContentOpusWriter writer;

    content_opus_begin(&writer, 0x6c6f61, file);
    for (guint page = 0; page < n_pages; page++) {
        g_autoptr(GPtrArray) packets = new_packets();

        for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
            g_ptr_array_add(packets, make_packet(page * 8 + i, lengths[i]));
            g_ptr_array_add(written, g_bytes_ref(packets->pdata[i]));
        }
        content_opus_add(&writer, packets, file);
    }
    content_opus_end(&writer, file);
    return file;
}

static void
check_same(GPtrArray *written, GPtrArray *read)
{
    g_assert_cmpuint(read->len, ==, written->len);
    for (guint i = 0; i < written->len; i++)
        g_assert_true(g_bytes_equal(read->pdata[i], written->pdata[i]));
}

static void
test_back(void)
{
    static const gsize steps[] = {1, 7, 1000, 65536};
    g_autoptr(GPtrArray) written = new_packets();
    g_autoptr(GByteArray) file = make_file(5, written);

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(ContentOpusReader) reader = content_opus_reader_new();
        g_autoptr(GPtrArray) read = new_packets();

        for (gsize at = 0; at < file->len; at += steps[i])
            g_assert_true(content_opus_reader_feed(reader, file->data + at,
                                                   MIN(steps[i], file->len - at), read, NULL));
        check_same(written, read);
    }
}

/* The first page byte by byte; its sum was computed apart, by long division of polynomials. */
static void
test_known(void)
{
    static const guint8 first[] = {
        'O',  'g', 'g', 'S', 0, 2, 0,    0, 0,    0,    0, 0,  0,   0,   0x61, 0x6f,
        0x6c, 0,   0,   0,   0, 0, 0,    0, 0,    0,    1, 19, 'O', 'p', 'u',  's',
        'H',  'e', 'a', 'd', 1, 1, 0x38, 1, 0x80, 0xbb, 0, 0,  0,   0,   0,
    };
    g_autoptr(GPtrArray) written = new_packets();
    g_autoptr(GByteArray) file = make_file(1, written);
    guint8 page[sizeof first];

    memcpy(page, file->data, sizeof page);
    memset(page + 22, 0, 4);
    g_assert_cmpmem(page, sizeof page, first, sizeof first);
    g_assert_cmpmem(file->data + 22, 4, "\x0d\x7e\x62\x73", 4);
    g_assert_cmpmem(file->data + file->len - 27, 6, "OggS\0\4", 6);
}

static GError *
read_all(const GByteArray *file)
{
    g_autoptr(ContentOpusReader) reader = content_opus_reader_new();
    g_autoptr(GPtrArray) read = new_packets();
    GError *error = NULL;

    content_opus_reader_feed(reader, file->data, file->len, read, &error);
    return error;
}

static void
test_bad(void)
{
    g_autoptr(GPtrArray) written = new_packets();
    g_autoptr(GByteArray) file = make_file(2, written);
    g_autoptr(GByteArray) other = g_byte_array_new();
    g_autoptr(GError) no_ogg = NULL, damaged = NULL;

    g_byte_array_append(other, (const guint8 *) "RIFF....WAVE", 12);
    no_ogg = read_all(other);
    g_assert_error(no_ogg, CONTENT_OPUS_ERROR, CONTENT_OPUS_ERROR_SYNTAX);
    file->data[file->len / 2] ^= 1;
    damaged = read_all(file);
    g_assert_error(damaged, CONTENT_OPUS_ERROR, CONTENT_OPUS_ERROR_SYNTAX);
}

/* Whatever is changed or cut off, it ends: in an error, or in fewer packets. */
static void
test_random(void)
{
    for (guint turn = 0; turn < 300; turn++) {
        g_autoptr(GPtrArray) written = new_packets();
        g_autoptr(GByteArray) file = make_file(2, written);
        g_autoptr(GError) error = NULL;

        for (guint i = 0; i < 3; i++)
            file->data[g_test_rand_int_range(0, (gint32) file->len)] =
                (guint8) g_test_rand_int_range(0, 256);
        g_byte_array_set_size(file, (guint) g_test_rand_int_range(0, (gint32) file->len));
        error = read_all(file);
        g_assert_true(error == NULL || error->domain == CONTENT_OPUS_ERROR);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/opus-file/plain", test_plain);
    g_test_add_func("/content/opus-file/back", test_back);
    g_test_add_func("/content/opus-file/known", test_known);
    g_test_add_func("/content/opus-file/bad", test_bad);
    g_test_add_func("/content/opus-file/random", test_random);
    return g_test_run();
}
