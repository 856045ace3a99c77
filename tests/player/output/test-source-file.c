/* test-source-file.c - Ogg/Opus from a descriptor: exact frames, from any position, or an
 * error. */
#include "player/output/source-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* tones.opus: 500, 1000, 2000 and 3000 Hz of 2 s each. */
#define TONES_FRAMES (8 * PLAY_RATE)

static PlaySource *
open_source(const char *path)
{
    g_autoptr(GError) error = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    PlaySource *source;

    g_assert_cmpint(fd, >=, 0);
    source = play_source_file_new(fd, &error);
    g_assert_no_error(error);
    return source;
}

/* Reads to the end, however late it comes; the deadline is for a source that hangs. */
static gint64
read_all(PlaySource *source, gint16 *frames, gint64 n_max)
{
    gint64 deadline_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC, n_done = 0;

    while (n_done < n_max) {
        gsize n = play_source_read(source, frames + n_done, (gsize) MIN(n_max - n_done, 480));

        if (n == 0 && play_source_end(source, NULL) != PLAY_SOURCE_GOING)
            break;
        n_done += (gint64) n;
        g_assert_cmpint(g_get_monotonic_time(), <, deadline_us);
        if (n == 0)
            g_thread_yield();
    }
    return n_done;
}

static guint
crossings(const gint16 *frames, gint64 n_frames)
{
    guint n = 0;

    for (gint64 i = 1; i < n_frames; i++)
        n += frames[i - 1] < 0 && frames[i] >= 0;
    return n;
}

static void
test_whole_file_is_exact(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);
    g_autoptr(PlaySource) source = open_source(path);
    g_autofree gint16 *frames = g_new0(gint16, TONES_FRAMES + 1000);

    g_assert_true(play_source_prepare(source, 0, NULL));
    g_assert_cmpint(read_all(source, frames, TONES_FRAMES + 1000), ==, TONES_FRAMES);
    g_assert_cmpint(play_source_end(source, NULL), ==, PLAY_SOURCE_FINISHED);
    g_assert_cmpint(play_source_position(source), ==, TONES_FRAMES);
    for (guint i = 0; i < 4; i++) {
        const guint hz[] = {500, 1000, 2000, 3000};
        guint n = crossings(frames + i * 2 * PLAY_RATE + PLAY_RATE / 2, PLAY_RATE);

        g_assert_cmpint(abs((int) n - (int) hz[i]), <=, 1);
    }
}

/* The best alignment of `part` with `whole` near `at`: 0 when the position is exact. */
static gint64
misalignment(const gint16 *whole, const gint16 *part, gint64 at, gint64 n_frames)
{
    gint64 best = 0;
    gdouble best_difference = G_MAXDOUBLE;

    for (gint64 shift = -MIN(at, 24); shift <= 24; shift++) {
        gdouble difference = 0;

        for (gint64 i = 0; i < n_frames; i++)
            difference += abs(whole[at + shift + i] - part[i]);
        if (difference < best_difference) {
            best_difference = difference;
            best = shift;
        }
    }
    return best;
}

static void
test_join_in_the_middle(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);
    g_autoptr(PlaySource) first = open_source(path);
    g_autofree gint16 *whole = g_new0(gint16, TONES_FRAMES);
    g_autofree gint16 *part = g_new0(gint16, TONES_FRAMES);
    const gint64 positions[] = {1, 4799, 96017, 150001, 192047, 200005, 250003, 285600, 371234};

    g_assert_true(play_source_prepare(first, 0, NULL));
    g_assert_cmpint(read_all(first, whole, TONES_FRAMES), ==, TONES_FRAMES);
    for (gsize i = 0; i < G_N_ELEMENTS(positions); i++) {
        g_autoptr(PlaySource) joined = open_source(path);
        gint64 n_frames;

        g_test_message("from frame %" G_GINT64_FORMAT, positions[i]);
        g_assert_true(play_source_prepare(joined, positions[i], NULL));
        g_assert_cmpint(play_source_position(joined), ==, positions[i]);
        n_frames = read_all(joined, part, TONES_FRAMES);
        g_assert_cmpint(n_frames, ==, TONES_FRAMES - positions[i]);
        /* A span over a change of tone fits in one place only. */
        g_assert_cmpint(misalignment(whole, part, positions[i], MIN(n_frames - 24, 2 * 96000)),
                        ==, 0);
    }
}

static char *
write_temporary(const guint8 *bytes, gsize n_bytes)
{
    g_autoptr(GError) error = NULL;
    char *path = NULL;
    int fd = g_file_open_tmp("loa-source-XXXXXX", &path, &error);

    g_assert_no_error(error);
    g_assert_cmpint(write(fd, bytes, n_bytes), ==, (gssize) n_bytes);
    close(fd);
    return path;
}

static void
assert_fails(const char *why, const char *path)
{
    g_autoptr(PlaySource) source = open_source(path);
    g_autoptr(GError) error = NULL;
    g_autofree gint16 *frames = g_new(gint16, TONES_FRAMES);

    g_test_message("%s", why);
    g_assert_true(play_source_prepare(source, 0, NULL));
    read_all(source, frames, TONES_FRAMES);
    g_assert_cmpint(play_source_end(source, &error), ==, PLAY_SOURCE_FAILED);
    g_assert_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE);
    g_test_message("said: %s", error->message);
}

static void
test_what_is_not_opus_fails(void)
{
    g_autofree char *stereo =
        g_test_build_filename(G_TEST_BUILT, "support", "stereo.opus", NULL);
    g_autofree guint8 *noise = g_malloc(100000);
    g_autofree char *empty_path = write_temporary(noise, 0);
    g_autofree char *noise_path = NULL, *header_path = NULL;

    for (guint i = 0; i < 100000; i++)
        noise[i] = (guint8) (i * 2654435761U >> 24);
    noise_path = write_temporary(noise, 100000);
    memcpy(noise, "OggS\0\2\0\0\0\0\0\0\0\0", 14);
    header_path = write_temporary(noise, 100000);
    assert_fails("no bytes at all", empty_path);
    assert_fails("noise", noise_path);
    assert_fails("an Ogg page that lies", header_path);
    g_unlink(empty_path);
    g_unlink(noise_path);
    g_unlink(header_path);
}

static void
test_stereo_is_mixed_down(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "stereo.opus", NULL);
    g_autoptr(PlaySource) source = open_source(path);
    g_autofree gint16 *frames = g_new(gint16, TONES_FRAMES);

    g_assert_true(play_source_prepare(source, 0, NULL));
    g_assert_cmpint(read_all(source, frames, TONES_FRAMES), ==, PLAY_RATE / 2);
    g_assert_cmpuint(crossings(frames + 4800, 9600), ==, 100);
}

static void
test_truncated_ends_early(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);
    g_autofree char *bytes = NULL, *part_path = NULL;
    g_autofree gint16 *frames = g_new(gint16, TONES_FRAMES);
    g_autoptr(PlaySource) source = NULL;
    gsize n_bytes;
    gint64 n_frames;

    g_assert_true(g_file_get_contents(path, &bytes, &n_bytes, NULL));
    part_path = write_temporary((const guint8 *) bytes, n_bytes / 2);
    source = open_source(part_path);
    g_assert_true(play_source_prepare(source, 0, NULL));
    n_frames = read_all(source, frames, TONES_FRAMES);
    g_assert_cmpint(n_frames, >, TONES_FRAMES / 4);
    g_assert_cmpint(n_frames, <, TONES_FRAMES * 3 / 4);
    g_unlink(part_path);
}

static void
test_queue_is_bounded_and_cancel_is_quick(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);

    for (guint i = 0; i < 20; i++) {
        PlaySource *source = open_source(path);

        g_assert_true(play_source_prepare(source, i * 10000, NULL));
        /* Freed at every stage of its setting up; the sanitizer build looks for what is left.
         */
        while (i % 2 == 1 && !play_source_is_ready(source))
            g_thread_yield();
        play_source_free(source);
    }
}

static void
test_refuses_what_is_no_file(void)
{
    g_autoptr(GError) error = NULL;
    int fds[2];

    g_assert_cmpint(pipe(fds), ==, 0);
    g_assert_null(play_source_file_new(fds[0], &error));
    g_assert_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP);
    g_assert_cmpint(close(fds[0]), ==, -1);
    close(fds[1]);
}

static void
test_missing_elements_are_named(void)
{
    if (g_test_subprocess()) {
        g_autoptr(GError) error = NULL;

        g_assert_false(play_source_file_start_from("/nonexistent", &error));
        g_assert_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP);
        g_printerr("%s\n", error->message);
        return;
    }
    g_test_trap_subprocess(NULL, 60 * G_USEC_PER_SEC, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("*missing*appsrc*appsink*oggdemux*opusdec*plugins-base*");
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    if (!g_test_subprocess()) {
        play_source_file_start(&error);
        g_assert_no_error(error);
    }
    g_test_add_func("/player/output/source-file/whole", test_whole_file_is_exact);
    g_test_add_func("/player/output/source-file/join", test_join_in_the_middle);
    g_test_add_func("/player/output/source-file/not-opus", test_what_is_not_opus_fails);
    g_test_add_func("/player/output/source-file/stereo", test_stereo_is_mixed_down);
    g_test_add_func("/player/output/source-file/truncated", test_truncated_ends_early);
    g_test_add_func("/player/output/source-file/cancel",
                    test_queue_is_bounded_and_cancel_is_quick);
    g_test_add_func("/player/output/source-file/no-file", test_refuses_what_is_no_file);
    g_test_add_func("/player/output/source-file/missing", test_missing_elements_are_named);
    return g_test_run();
}
