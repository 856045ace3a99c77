/*
 * test-live.c - frames of live speech: those that OpenSSL signed, and every way to be none.
 */
#include "content/live.h"

#include "content/base/files.h"
#include "tests/support/golden.h"

#include <sodium.h>
#include <string.h>

#define ALERT      "01kjpd1r00a1b2c3d4e5f6g7h8"
#define HEAD_BYTES 40
#define N_PACKETS  10

typedef struct {
    guint8 key[CONTENT_LIVE_KEY_BYTES];
    guint8 secret[CONTENT_LIVE_SECRET_BYTES];
} Keys;

/* The pair of the golden frames: its seed is 0, 1, 2, … 31. */
static Keys
golden_keys(void)
{
    guint8 seed[crypto_sign_SEEDBYTES];
    Keys keys;

    for (guint i = 0; i < sizeof seed; i++)
        seed[i] = (guint8) i;
    g_assert_cmpint(crypto_sign_seed_keypair(keys.key, keys.secret, seed), ==, 0);
    return keys;
}

static GBytes *
read_golden(const char *name)
{
    g_autofree char *path =
        g_build_filename(g_test_get_dir(G_TEST_DIST), "data", "live", name, NULL);
    g_autoptr(GError) error = NULL;
    GBytes *bytes = content_files_read(path, CONTENT_LIVE_MAX_BYTES, &error);

    g_assert_no_error(error);
    return bytes;
}

static ContentLiveFrame
read_frame(GBytes *bytes, const Keys *keys)
{
    ContentLiveFrame frame = {0};
    g_autoptr(GError) error = NULL;

    content_live_frame_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), keys->key,
                            &frame, &error);
    g_assert_no_error(error);
    return frame;
}

static void
test_golden(void)
{
    const Keys keys = golden_keys();
    const struct {
        const char *name;
        guint32 sequence;
        gboolean is_last;
        guint n_packets;
    } cases[] = {{"frame.bin", 258, FALSE, N_PACKETS}, {"frame-last.bin", 70000, TRUE, 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = read_golden(cases[i].name), again = NULL;
        ContentLiveFrame frame = read_frame(bytes, &keys);
        char alert[CONTENT_LIVE_ID_BYTES + 1];

        g_test_message("%s", cases[i].name);
        g_assert_true(content_live_frame_alert(g_bytes_get_data(bytes, NULL),
                                               g_bytes_get_size(bytes), alert, NULL));
        g_assert_cmpstr(alert, ==, ALERT);
        g_assert_cmpstr(frame.alert, ==, ALERT);
        g_assert_cmpuint(frame.sequence, ==, cases[i].sequence);
        g_assert_true(frame.is_last == cases[i].is_last);
        g_assert_cmpuint(frame.n_packets, ==, cases[i].n_packets);
        for (guint j = 0; j < frame.n_packets; j++)
            g_assert_cmpuint(frame.packets[j].n_bytes, ==, 11 + j);
        again = content_live_frame_write(&frame, keys.secret, NULL);
        g_assert_true(g_bytes_equal(again, bytes));
    }
}

/* Cut anywhere, one bit turned anywhere, one byte more: no frame. */
static void
test_damage(void)
{
    const Keys keys = golden_keys();
    g_autoptr(GBytes) bytes = read_golden("frame.bin");
    gsize n = g_bytes_get_size(bytes);
    g_autofree guint8 *copy = g_malloc(n + 1);
    ContentLiveFrame frame;

    memcpy(copy, g_bytes_get_data(bytes, NULL), n);
    copy[n] = 0;
    for (gsize i = 0; i < n; i++) {
        /* A buffer of that very length, so that the address sanitizer sees a read too far. */
        g_autofree guint8 *cut = g_memdup2(copy, i);

        g_assert_false(content_live_frame_read(cut, i, keys.key, &frame, NULL));
        for (guint bit = 0; bit < 8; bit += 7) {
            copy[i] ^= (guint8) (1 << bit);
            g_assert_false(content_live_frame_read(copy, n, keys.key, &frame, NULL));
            copy[i] ^= (guint8) (1 << bit);
        }
    }
    g_assert_false(content_live_frame_read(copy, n + 1, keys.key, &frame, NULL));
    g_assert_true(content_live_frame_read(copy, n, keys.key, &frame, NULL));
}

static void
test_wrong_key(void)
{
    g_autoptr(GBytes) bytes = read_golden("frame.bin");
    g_autoptr(GError) error = NULL;
    ContentLiveFrame frame;
    Keys other;

    content_live_key_make(other.key, other.secret);
    g_assert_false(content_live_frame_read(g_bytes_get_data(bytes, NULL),
                                           g_bytes_get_size(bytes), other.key, &frame, &error));
    g_assert_error(error, CONTENT_LIVE_ERROR, CONTENT_LIVE_ERROR_SIGNATURE);
}

/* @text: the frame up to its signature, which is made for it; Returns: (nullable): why it is
 * none */
static char *
why_refused(const GByteArray *text, const Keys *keys)
{
    g_autofree guint8 *bytes = g_malloc(text->len + crypto_sign_BYTES);
    g_autoptr(GError) error = NULL;
    ContentLiveFrame frame;

    memcpy(bytes, text->data, text->len);
    crypto_sign_detached(bytes + text->len, NULL, bytes, text->len, keys->secret);
    if (content_live_frame_read(bytes, text->len + crypto_sign_BYTES, keys->key, &frame,
                                &error))
        return NULL;
    g_assert_error(error, CONTENT_LIVE_ERROR, CONTENT_LIVE_ERROR_FORMAT);
    return g_strdup(error->message);
}

/* Every bound, by the right key. */
static void
test_bounds(void)
{
    /* clang-format off */
    const struct { const char *why, *head; guint8 flags, n_packets; guint n_given; guint lengths, fill; const char *error; } cases[] = {
        { "one packet",                "LOALIVE1" ALERT, 0,    1,  1,  1,    1,    NULL },
        { "the longest packet",        "LOALIVE1" ALERT, 0,    1,  1,  1275, 1275, NULL },
        { "as many as may be",         "LOALIVE1" ALERT, 1,    20, 20, 197,  197,  NULL },
        { "the last without any",      "LOALIVE1" ALERT, 1,    0,  0,  0,    0,    NULL },
        { "one more",                  "LOALIVE1" ALERT, 0,    21, 21, 9,    9,    "packets: 21" },
        { "none, and not the last",    "LOALIVE1" ALERT, 0,    0,  0,  0,    0,    "packets: there are none" },
        { "fewer than it says",        "LOALIVE1" ALERT, 0,    3,  2,  9,    9,    "packets[2]: it ends before it" },
        { "more than it says",         "LOALIVE1" ALERT, 0,    1,  2,  9,    9,    "stand after its packets" },
        { "an empty packet",           "LOALIVE1" ALERT, 0,    1,  1,  0,    0,    "packets[0]: 0 bytes" },
        { "a packet too long",         "LOALIVE1" ALERT, 0,    1,  1,  1276, 1276, "packets[0]: 1276 bytes" },
        { "a packet that is not whole", "LOALIVE1" ALERT, 0,   1,  1,  10,   9,    "packets[0]: it ends within it" },
        { "a flag of nobody",          "LOALIVE1" ALERT, 2,    1,  1,  9,    9,    "flags: 0x02" },
        { "a flag beside the last",    "LOALIVE1" ALERT, 0x81, 1,  1,  9,    9,    "flags: 0x81" },
        { "another version",           "LOALIVE2" ALERT, 0,    1,  1,  9,    9,    "LOALIVE1" },
        { "an id of other letters",    "LOALIVE101KJPD1R00A1B2C3D4E5F6G7H8", 0, 1, 1, 9, 9, "alert" },
        { "4096 bytes",               "LOALIVE1" ALERT, 0,    4,  4,  996,  996,  NULL },
        { "4100 bytes",               "LOALIVE1" ALERT, 0,    4,  4,  997,  997,  "4096" },
    };
    /* clang-format on */
    const Keys keys = golden_keys();
    const guint8 filling[CONTENT_LIVE_MAX_PACKET_BYTES + 1] = {0};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) text = g_byte_array_new();
        const guint8 tail[] = {0, 0, 0, 7, cases[i].flags, cases[i].n_packets};
        g_autofree char *why = NULL;

        g_byte_array_append(text, (const guint8 *) cases[i].head,
                            (guint) strlen(cases[i].head));
        g_byte_array_append(text, tail, sizeof tail);
        for (guint j = 0; j < cases[i].n_given; j++) {
            const guint8 length[] = {(guint8) (cases[i].lengths >> 8),
                                     (guint8) cases[i].lengths};

            g_byte_array_append(text, length, sizeof length);
            g_byte_array_append(text, filling, cases[i].fill);
        }
        why = why_refused(text, &keys);
        g_test_message("%s: %s", cases[i].why, why == NULL ? "" : why);
        g_assert_true((why == NULL) == (cases[i].error == NULL));
        g_assert_true(why == NULL || strstr(why, cases[i].error) != NULL);
    }
}

/* What would be refused is not written. */
static void
test_write_bounds(void)
{
    /* clang-format off */
    const struct { const char *why, *alert; gboolean is_last; guint n_packets; gsize n_bytes; const char *error; } cases[] = {
        { "as large as may be",   ALERT,              FALSE, 3,  1275, NULL },
        { "larger",               ALERT,              FALSE, 4,  1000, "4096" },
        { "one packet too many",  ALERT,              FALSE, 21, 9,    "packets: 21" },
        { "none",                 ALERT,              FALSE, 0,  0,    "packets: there are none" },
        { "none and the last",    ALERT,              TRUE,  0,  0,    NULL },
        { "an empty packet",      ALERT,              FALSE, 1,  0,    "packets[0]" },
        { "a packet too long",    ALERT,              FALSE, 1,  1276, "packets[0]" },
        { "an id too short",      "01kjpd1r00",       FALSE, 1,  9,    "alert" },
        { "an id of no letters",  "01kjpd1r00a1b2c3d4e5f6g7h/", FALSE, 1, 9, "alert" },
    };
    /* clang-format on */
    const Keys keys = golden_keys();
    const guint8 filling[CONTENT_LIVE_MAX_PACKET_BYTES + 1] = {0};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ContentLiveFrame frame = {.is_last = cases[i].is_last, .n_packets = cases[i].n_packets};
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;

        g_strlcpy(frame.alert, cases[i].alert, sizeof frame.alert);
        for (guint j = 0; j < MIN(frame.n_packets, CONTENT_LIVE_MAX_PACKETS); j++)
            frame.packets[j] = (ContentLivePacket){filling, cases[i].n_bytes};
        bytes = content_live_frame_write(&frame, keys.secret, &error);
        g_test_message("%s: %s", cases[i].why, error == NULL ? "" : error->message);
        g_assert_true((bytes != NULL) == (cases[i].error == NULL));
        if (bytes != NULL)
            read_frame(bytes, &keys);
        else
            g_assert_nonnull(strstr(error->message, cases[i].error));
    }
}

static void
test_key_text(void)
{
    /* clang-format off */
    const struct { const char *why, *text; gboolean is_key; } cases[] = {
        { "a key",                "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", TRUE },
        { "without its end",      "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg",  FALSE },
        { "of URLs",              "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", FALSE },
        { "with bits left over",  "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbh=", FALSE },
        { "33 bytes",             "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbgA", FALSE },
        { "31 bytes",             "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMQ==", FALSE },
        { "with a line feed",     "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMb\n=", FALSE },
        { "nothing",              "",                                             FALSE },
    };
    /* clang-format on */
    const Keys keys = golden_keys();
    g_autofree char *text = content_live_key_text(keys.key);

    g_assert_cmpstr(text, ==, cases[0].text);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint8 key[CONTENT_LIVE_KEY_BYTES] = {0};

        g_test_message("%s", cases[i].why);
        g_assert_true(content_live_key_read(cases[i].text, key) == cases[i].is_key);
        g_assert_true((memcmp(key, keys.key, sizeof key) == 0) == cases[i].is_key);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/content/live/golden", test_golden);
    g_test_add_func("/content/live/damage", test_damage);
    g_test_add_func("/content/live/wrong-key", test_wrong_key);
    g_test_add_func("/content/live/bounds", test_bounds);
    g_test_add_func("/content/live/write-bounds", test_write_bounds);
    g_test_add_func("/content/live/key-text", test_key_text);
    return g_test_run();
}
