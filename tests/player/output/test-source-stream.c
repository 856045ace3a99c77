/* test-source-stream.c - a radio on the net is heard, and one that misbehaves is left with
 * words. */
#include "player/output/source-stream.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "player/output/source-file.h"
#include "tests/support/http-peer.h"
#include "tests/support/scratch.h"

#define DEADLINE_US (60 * G_USEC_PER_SEC)
#define LOOK_US     1000
#define WORDS_US    (20 * 1000)

typedef struct {
    char *folder;
    GSubprocess *process;
    guint port;
} Fixture;

static void
die_with_parent(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autofree char *program =
        g_test_build_filename(G_TEST_DIST, "support", "stream-peer.py", NULL);
    g_autofree char *ogg = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);
    g_autofree char *radios = g_test_build_filename(G_TEST_BUILT, "support", NULL);
    g_autofree char *next = NULL, *vorbis = NULL, *line = NULL;
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr(GDataInputStream) lines = NULL;
    g_autoptr(GError) error = NULL;
    gsize n_bytes = 0;

    f->folder = test_scratch_new();
    next = g_build_filename(f->folder, "next.ogg", NULL);
    vorbis = g_test_build_filename(G_TEST_BUILT, "support", "tone.vorbis", NULL);
    g_assert_true(g_file_get_contents(vorbis, &line, &n_bytes, NULL));
    g_assert_true(g_file_set_contents(next, line, (gssize) n_bytes, NULL));
    g_clear_pointer(&line, g_free);
    g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
    f->process = g_subprocess_launcher_spawn(launcher, &error, "python3", "-S", program,
                                             f->folder, ogg, radios, NULL);
    g_assert_no_error(error);
    lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(f->process));
    line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
    g_assert_nonnull(line);
    f->port = (guint) g_ascii_strtoull(line, NULL, 10);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_subprocess_force_exit(f->process);
    g_subprocess_wait(f->process, NULL, NULL);
    g_object_unref(f->process);
    test_scratch_free(f->folder);
}

static PlaySource *
stream_new(const char *address)
{
    g_autofree char *decoder =
        g_test_build_filename(G_TEST_BUILT, "..", "player", "loa-decode", NULL);

    return play_source_stream_new(address, decoder);
}

static PlaySource *
listen_to(Fixture *f, const char *host, const char *path)
{
    g_autofree char *address = g_strdup_printf("http://%s:%u/%s", host, f->port, path);
    PlaySource *source = stream_new(address);

    g_assert_true(play_source_prepare(source, 0, NULL));
    return source;
}

/* At up to ten times the speed of sound: a reader without a pace would run the ring dry.
 * Returns: (transfer full) (element-type gint16): the next @n_frames that come */
static GArray *
hear(PlaySource *source, guint n_frames)
{
    GArray *heard = g_array_new(FALSE, FALSE, sizeof(gint16));
    gint64 until_us = g_get_monotonic_time() + DEADLINE_US;

    while (heard->len < n_frames) {
        gint16 frames[480];
        gsize n = play_source_read(source, frames, MIN(480, n_frames - heard->len));

        g_array_append_vals(heard, frames, (guint) n);
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        g_usleep(LOOK_US);
    }
    return heard;
}

/* By zero crossings of the half second before @end. */
static guint
hz_before(const GArray *heard, guint end)
{
    const gint16 *frames = (const gint16 *) (gpointer) heard->data;
    guint n_crossings = 0;

    for (guint i = end - PLAY_RATE / 2 + 1; i < end; i++)
        n_crossings += (frames[i - 1] < 0) != (frames[i] < 0);
    return (n_crossings + 25) / 50 * 50;
}

static guint
last_hz(const GArray *heard)
{
    return hz_before(heard, heard->len);
}

/* Until the source has something to say about how it broke off. */
static void
assert_broken_off(PlaySource *source, const char *words)
{
    gint64 until_us = g_get_monotonic_time() + DEADLINE_US;
    g_autofree char *said = NULL;

    while ((said = play_source_live_words(source)) == NULL) {
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        g_usleep(WORDS_US);
    }
    g_test_message("%s", said);
    g_assert_nonnull(strstr(said, words));
    g_assert_cmpint(play_source_end(source, NULL), ==, PLAY_SOURCE_GOING);
}

static guint
n_requests(Fixture *f, const char *path)
{
    g_autofree char *name = g_build_filename(f->folder, "requests", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint n = 0;

    if (!g_file_get_contents(name, &text, NULL, NULL))
        return 0;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        n += strcmp(lines[i], path) == 0;
    return n;
}

static void
test_it_is_heard(Fixture *f, gconstpointer path)
{
    g_autoptr(PlaySource) source = listen_to(f, "127.0.0.1", path);
    g_autoptr(GArray) heard = hear(source, PLAY_RATE * 3 / 2);

    /* Tones of 500 to 3000 Hz, 2 s each. */
    g_assert_cmpuint(last_hz(heard), >=, 500);
    g_assert_cmpint(play_source_position(source), ==, PLAY_RATE * 3 / 2);
    /* Time that passed is not asked for again. */
    g_assert_cmpuint(play_source_read(source, NULL, 1000), ==, 1000);
    g_assert_cmpint(play_source_position(source), ==, PLAY_RATE * 3 / 2 + 1000);
    g_assert_cmpint(play_source_end(source, NULL), ==, PLAY_SOURCE_GOING);
}

static void
test_another_stream_follows(Fixture *f, gconstpointer data)
{
    g_autoptr(PlaySource) source = listen_to(f, "127.0.0.1", "twice");
    g_autoptr(GArray) heard = hear(source, PLAY_RATE * 10);

    /* A Vorbis tone of 700 Hz and 6 s, in the same connection. */
    g_assert_cmpuint(last_hz(heard), ==, 700);
}

/* MP3 and AAC by the confined decoder, a tone of 700 Hz. */
static void
test_other_formats(Fixture *f, gconstpointer path)
{
    g_autoptr(PlaySource) source = listen_to(f, "127.0.0.1", path);
    g_autoptr(GArray) heard = hear(source, PLAY_RATE * 3 / 2);

    g_assert_cmpuint(last_hz(heard), ==, 700);
    g_assert_cmpint(play_source_end(source, NULL), ==, PLAY_SOURCE_GOING);
}

/* More than the playlist held at first: it was asked for again, and each segment once. */
static void
test_hls(Fixture *f, gconstpointer data)
{
    g_autoptr(PlaySource) source = listen_to(f, "127.0.0.1", "hls");
    g_autoptr(GArray) heard = hear(source, PLAY_RATE * 4);

    guint hz = G_MAXUINT;

    /* Between two of these segments there is a click, which only adds to what is counted; where
     * it is heard depends on how much was held before it sounded. */
    for (guint end = PLAY_RATE / 2; end <= heard->len; end += PLAY_RATE / 2)
        hz = MIN(hz, hz_before(heard, end));
    g_assert_cmpuint(hz, ==, 700);
    g_assert_cmpuint(n_requests(f, "/hls"), ==, 1);
    g_assert_cmpuint(n_requests(f, "/wide.m3u8"), ==, 0);
    g_assert_cmpuint(n_requests(f, "/narrow.m3u8"), >=, 2);
    g_assert_cmpuint(n_requests(f, "/2.ts"), ==, 0);
    g_assert_cmpuint(n_requests(f, "/3.ts"), ==, 1);
    g_assert_cmpuint(n_requests(f, "/6.ts"), ==, 1);
}

static void
test_it_comes_again(Fixture *f, gconstpointer data)
{
    g_autoptr(PlaySource) source = listen_to(f, "127.0.0.1", "short");
    g_autoptr(GArray) heard = hear(source, PLAY_RATE * 10);

    assert_broken_off(source, "it has ended");
    g_assert_cmpuint(n_requests(f, "/short"), >=, 2);
}

/* clang-format off */
static const struct {
    const char *why, *host, *path, *words;
} bad[] = {
    { "no such stream",                      "127.0.0.1", "missing",   "status 404" },
    { "a kind that has no decoder here",     "127.0.0.1", "wma",       "it sends 'audio/x-ms-wma'" },
    { "Ogg by name alone",                   "127.0.0.1", "noise",     "held no sound" },
    { "pages without sound",                 "127.0.0.1", "mute",      "" },
    { "a header without an end",             "127.0.0.1", "headers",   "its header is longer" },
    { "it leads elsewhere",                  "127.0.0.1", "elsewhere", "another place than was approved" },
    { "it leads in a circle",                "127.0.0.1", "round",     "from place to place" },
    { "a name that leads into this machine", "localhost", "live",      "private network" },
    { "segments elsewhere",                  "127.0.0.1", "hls-away",  "another place than was approved" },
    { "a playlist that stands still",        "127.0.0.1", "hls-still", "its playlist stands still" },
    { "an encrypted playlist",               "127.0.0.1", "hls-key",   "it is encrypted" },
    { "playlists of playlists",              "127.0.0.1", "hls-lists", "lists of lists" },
    { "segments without sound",              "127.0.0.1", "hls-noise", "its segments are neither" },
    { "a playlist that has ended",           "127.0.0.1", "hls-end",   "it has ended" },
};
/* clang-format on */

static gboolean
is_heard_before(const char *path)
{
    return g_str_equal(path, "hls-still") || g_str_equal(path, "hls-end");
}

static void
test_it_is_refused(Fixture *f, gconstpointer data)
{
    PlaySource *sources[G_N_ELEMENTS(bad)];

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        sources[i] = listen_to(f, bad[i].host, bad[i].path);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        gint16 frames[480];

        g_test_message("%s", bad[i].why);
        assert_broken_off(sources[i], bad[i].words);
        /* Those that stand still or ended had sound before. */
        if (!is_heard_before(bad[i].path))
            g_assert_cmpuint(play_source_read(sources[i], frames, 480), ==, 0);
        play_source_free(sources[i]);
    }
    g_assert_cmpuint(n_requests(f, "/live"), ==, 0);
    /* What has ended, or stands still, was tried again and is not said again. */
    g_assert_cmpuint(n_requests(f, "/hls-end"), >=, 2);
    g_assert_cmpuint(n_requests(f, "/1.ts"), ==, 2);
    g_assert_cmpuint(n_requests(f, "/round"), >=, PLAY_STREAM_MAX_REDIRECTIONS + 1);
}

static void
test_nobody_is_there(Fixture *f, gconstpointer data)
{
    g_autoptr(PlaySource) source = NULL;

    g_subprocess_force_exit(f->process);
    g_subprocess_wait(f->process, NULL, NULL);
    source = listen_to(f, "127.0.0.1", "live");
    assert_broken_off(source, "Failed to connect");
}

/* A read of what does not come, and an end in the middle of waiting, take no time. */
static void
test_nobody_waits(Fixture *f, gconstpointer data)
{
    PlaySource *source = listen_to(f, "127.0.0.1", "dumb");
    gint64 from_us = g_get_monotonic_time();
    gint16 frames[480];

    for (guint i = 0; i < 1000; i++)
        g_assert_cmpuint(play_source_read(source, frames, 480), ==, 0);
    g_assert_true(play_source_is_ready(source));
    play_source_free(source);
    g_assert_cmpint(g_get_monotonic_time() - from_us, <, DEADLINE_US / 6);
}

static void
test_certificate_is_checked(Fixture *f, gconstpointer data)
{
    g_autoptr(TestCa) ca = test_ca_new(f->folder, "ca");
    g_autoptr(TestHttpPeer) peer = test_http_peer_new(f->folder, ca, FALSE);
    g_autoptr(PlaySource) source = stream_new(test_http_peer_url(peer));

    g_assert_true(play_source_prepare(source, 0, NULL));
    assert_broken_off(source, "certificate");
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    g_assert_true(play_source_file_start(&error));
#define ADD(name, func, data)                                                                  \
    g_test_add("/player/output/source-stream/" name, Fixture, data, set_up, func, tear_down)
    ADD("heard", test_it_is_heard, "live");
    ADD("moved-on-its-host", test_it_is_heard, "moved");
    ADD("another-follows", test_another_stream_follows, NULL);
    ADD("mp3", test_other_formats, "mp3");
    ADD("aac", test_other_formats, "aac");
    ADD("hls", test_hls, NULL);
    ADD("comes-again", test_it_comes_again, NULL);
    ADD("refused", test_it_is_refused, NULL);
    ADD("nobody-there", test_nobody_is_there, NULL);
    ADD("nobody-waits", test_nobody_waits, NULL);
    ADD("certificate", test_certificate_is_checked, NULL);
#undef ADD
    return g_test_run();
}
