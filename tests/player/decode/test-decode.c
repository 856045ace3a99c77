/* test-decode.c - loa-decode: what others encoded is heard, what is no sound ends it. */
#include "player/output/far-decoder.h"

#include <string.h>

#include "player/output/source.h"
#include "tests/support/scratch.h"

#define SECONDS   3
#define PUSH_SIZE 1000
#define REST_MS   10000

typedef struct {
    char *folder;
    char *program;
    GArray *heard; /* (element-type gint16) */
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = test_scratch_new();
    f->program = g_test_build_filename(G_TEST_BUILT, "..", "player", "loa-decode", NULL);
    f->heard = g_array_new(FALSE, FALSE, sizeof(gint16));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_array_unref(f->heard);
    g_free(f->program);
    test_scratch_free(f->folder);
}

static gboolean
on_frames(const gint16 *frames, gsize n_frames, gpointer data)
{
    g_array_append_vals(((Fixture *) data)->heard, frames, (guint) n_frames);
    return TRUE;
}

/* Returns: (transfer full): a tone of SECONDS as a radio would send it */
static GBytes *
make_radio(Fixture *f, const char *format, const char *hz, const char *rate,
           const char *n_channels)
{
    g_autofree char *program =
        g_test_build_filename(G_TEST_BUILT, "support", "make-radio", NULL);
    g_autofree char *path = g_build_filename(f->folder, "radio", NULL);
    g_autofree char *seconds = g_strdup_printf("%d", SECONDS);
    const char *arguments[] = {program, format, path, hz, seconds, rate, n_channels, NULL};
    g_autoptr(GError) error = NULL;
    char *bytes = NULL;
    gsize n_bytes = 0;
    int status = -1;

    g_spawn_sync(NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
                 &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    g_assert_true(g_file_get_contents(path, &bytes, &n_bytes, NULL));
    return g_bytes_new_take(bytes, n_bytes);
}

/* As the net brings it: in pieces that end anywhere. */
static gboolean
push(PlayFarDecoder *decoder, const guint8 *bytes, gsize n_bytes, GError **error)
{
    for (gsize at = 0; at < n_bytes; at += PUSH_SIZE) {
        if (!play_far_decoder_push(decoder, bytes + at, MIN(PUSH_SIZE, n_bytes - at), error))
            return FALSE;
    }
    return TRUE;
}

static void
wait_for_frames(Fixture *f, PlayFarDecoder *decoder, guint n_frames)
{
    gint64 until_us = g_get_monotonic_time() + REST_MS * (gint64) 1000;

    while (f->heard->len < n_frames) {
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        play_far_decoder_rest(decoder, 100);
    }
}

/* By zero crossings of the second half second. */
static guint
heard_hz(const Fixture *f)
{
    const gint16 *frames = (const gint16 *) (gpointer) f->heard->data;
    guint n_crossings = 0;

    for (guint i = PLAY_RATE / 2; i < PLAY_RATE; i++)
        n_crossings += (frames[i - 1] < 0) != (frames[i] < 0);
    return n_crossings;
}

/* clang-format off */
static const struct {
    const char *why, *format, *rate, *n_channels;
} radios[] = {
    { "MP3 of a local radio",          "mp3",    "44100", "2" },
    { "MP3 of speech",                 "mp3",    "22050", "1" },
    { "AAC as Icecast sends it",       "aac",    "48000", "2" },
    { "AAC of another rate",           "aac",    "32000", "1" },
    { "segments of MPEG-TS",           "mpegts", "44100", "2" },
    { "segments of MP4",               "mp4",    "48000", "1" },
};
/* clang-format on */

static void
test_it_is_heard(Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(radios); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) radio =
            make_radio(f, radios[i].format, "700", radios[i].rate, radios[i].n_channels);
        g_autoptr(PlayFarDecoder) decoder =
            play_far_decoder_new(f->program, radios[i].format, on_frames, f, &error);

        g_test_message("%s", radios[i].why);
        g_assert_no_error(error);
        g_array_set_size(f->heard, 0);
        push(decoder, g_bytes_get_data(radio, NULL), g_bytes_get_size(radio), &error);
        g_assert_no_error(error);
        /* The end of it is on the way until more comes. */
        wait_for_frames(f, decoder, PLAY_RATE * (SECONDS - 1));
        g_assert_cmpuint(heard_hz(f), >=, 690);
        g_assert_cmpuint(heard_hz(f), <=, 710);
    }
}

/* Who joins a radio joins it in the middle of a frame. */
static void
test_begun_in_the_middle(Fixture *f, gconstpointer format)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) radio = make_radio(f, format, "700", "44100", "2");
    g_autoptr(PlayFarDecoder) decoder =
        play_far_decoder_new(f->program, format, on_frames, f, &error);
    gsize n_bytes = g_bytes_get_size(radio), at = n_bytes / 5 + 77;

    g_assert_no_error(error);
    push(decoder, (const guint8 *) g_bytes_get_data(radio, NULL) + at, n_bytes - at, &error);
    g_assert_no_error(error);
    wait_for_frames(f, decoder, PLAY_RATE);
    g_assert_cmpuint(heard_hz(f), >=, 690);
    g_assert_cmpuint(heard_hz(f), <=, 710);
}

/* Every tenth byte of the second half of it is another one: it goes on, or ends with words. */
static void
test_damaged(Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(radios); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) radio =
            make_radio(f, radios[i].format, "700", radios[i].rate, radios[i].n_channels);
        g_autoptr(PlayFarDecoder) decoder =
            play_far_decoder_new(f->program, radios[i].format, on_frames, f, &error);
        gsize n_bytes = 0;
        g_autofree guint8 *bytes = NULL;

        g_assert_no_error(error);
        bytes = g_bytes_unref_to_data(g_steal_pointer(&radio), &n_bytes);
        for (gsize at = n_bytes / 2; at < n_bytes; at += 10)
            bytes[at] ^= 0xa5;
        if (push(decoder, bytes, n_bytes, &error))
            play_far_decoder_rest(decoder, 200);
        else
            g_assert_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE);
    }
}

static void
test_no_sound(Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(radios); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(PlayFarDecoder) decoder =
            play_far_decoder_new(f->program, radios[i].format, on_frames, f, &error);
        guint8 bytes[PUSH_SIZE];

        g_test_message("%s", radios[i].why);
        g_assert_no_error(error);
        for (gsize at = 0; at < sizeof bytes; at++)
            bytes[at] = (guint8) (at * 31 >> 2);
        for (guint n = 0; n < 4000 && error == NULL; n++)
            play_far_decoder_push(decoder, bytes, sizeof bytes, &error);
        if (error != NULL)
            g_assert_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE);
    }
    g_assert_cmpuint(f->heard->len, ==, 0);
}

static void
test_no_program(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(play_far_decoder_new("/nonexistent/loa-decode", "mp3", on_frames, f, &error));
    g_assert_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP);
    g_assert_nonnull(strstr(error->message, "the decoder of mp3 cannot be started"));
}

static void
test_unknown_format(Fixture *f, gconstpointer data)
{
    const char *arguments[] = {f->program, "wav", NULL};
    g_autofree char *words = NULL;
    int status = 0;

    g_assert_true(g_spawn_sync(NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                               NULL, &words, &status, NULL));
    g_assert_false(g_spawn_check_wait_status(status, NULL));
    g_assert_nonnull(strstr(words, "it wants one format"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func, data)                                                                  \
    g_test_add("/player/decode/" name, Fixture, data, set_up, func, tear_down)
    ADD("heard", test_it_is_heard, NULL);
    ADD("mp3-in-the-middle", test_begun_in_the_middle, "mp3");
    ADD("aac-in-the-middle", test_begun_in_the_middle, "aac");
    ADD("mpegts-in-the-middle", test_begun_in_the_middle, "mpegts");
    ADD("damaged", test_damaged, NULL);
    ADD("no-sound", test_no_sound, NULL);
    ADD("no-program", test_no_program, NULL);
    ADD("unknown-format", test_unknown_format, NULL);
#undef ADD
    return g_test_run();
}
