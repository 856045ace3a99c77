/* test-signal.c - attention signals: their length, level and ends, and that a drill is none. */
#include "player/output/source.h"

#include <math.h>
#include <stdlib.h>

#define RATE_MS (PLAY_RATE / 1000)

/* clang-format off */
static const struct {
    const char *name;
    PlaySignal signal;
    gdouble least_db, most_db; /* RMS, of full scale */
    gint64 longest_gap_ms;     /* nothing louder than -40 dBFS for so long, at most */
    const char *why;
} signals[] = {
    { "gong", PLAY_SIGNAL_GONG, -20, -8, 400, "a bell dies away, and is struck again before that" },
    { "chime", PLAY_SIGNAL_CHIME, -20, -8, 400, "a tune of three notes, then the next" },
    { "wail", PLAY_SIGNAL_WAIL, -8, -4, 5, "a siren never pauses" },
    { "pulse", PLAY_SIGNAL_PULSE, -9, -5, 210, "bursts with a breath between them" },
    { "drill", PLAY_SIGNAL_DRILL, -27, -20, 1500, "soft, and mostly pause: nobody runs for it" },
};
/* clang-format on */

static gint16 *
render(PlaySignal signal, gint64 n_frames)
{
    g_autoptr(PlaySource) source = play_source_signal_new(signal, n_frames);
    gint16 *frames = g_new0(gint16, (gsize) n_frames + 1);

    g_assert_true(play_source_prepare(source, 0, NULL));
    g_assert_true(play_source_is_ready(source));
    g_assert_cmpuint(play_source_read(source, frames, (gsize) n_frames + 1), ==, n_frames);
    g_assert_cmpint(play_source_end(source, NULL), ==, PLAY_SOURCE_FINISHED);
    return frames;
}

static gdouble
rms_db(const gint16 *frames, gint64 n_frames)
{
    gdouble sum = 0;

    for (gint64 i = 0; i < n_frames; i++)
        sum += (gdouble) frames[i] * frames[i];
    return 20 * log10(sqrt(sum / (gdouble) n_frames) / 32767);
}

static gint64
longest_gap(const gint16 *frames, gint64 n_frames)
{
    gint64 gap = 0, longest = 0;

    for (gint64 i = 0; i < n_frames; i++) {
        gap = abs(frames[i]) > 328 ? 0 : gap + 1;
        longest = MAX(longest, gap);
    }
    return longest;
}

/* Each at the shortest, a usual and the longest length. */
static void
test_length_level_and_gaps(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        for (gint64 s = 3; s <= 10; s += (s == 3 ? 2 : 5)) {
            gint64 n_frames = s * PLAY_RATE;
            g_autofree gint16 *frames = render(signals[i].signal, n_frames);
            gdouble db = rms_db(frames, n_frames);

            g_test_message("%s, %d s: %.1f dBFS: %s", signals[i].name, (int) s, db,
                           signals[i].why);
            g_assert_cmpfloat(db, >=, signals[i].least_db);
            g_assert_cmpfloat(db, <=, signals[i].most_db);
            g_assert_cmpint(longest_gap(frames, n_frames), <=,
                            signals[i].longest_gap_ms * RATE_MS);
        }
    }
}

/* A click is a jump: within 1 ms of an end nothing is louder than a tenth of full scale, and
 * both ends are silence. */
static void
test_ends_do_not_click(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        /* 3.1 s: in the middle of a stroke of every one. */
        gint64 n_frames = 31 * PLAY_RATE / 10;
        g_autofree gint16 *frames = render(signals[i].signal, n_frames);

        g_assert_cmpint(frames[0], ==, 0);
        g_assert_cmpint(frames[n_frames - 1], ==, 0);
        for (gint64 j = 0; j < RATE_MS; j++) {
            g_assert_cmpint(abs(frames[j]), <, 3277);
            g_assert_cmpint(abs(frames[n_frames - 1 - j]), <, 3277);
        }
    }
}

/* Nor does anything within: two frames never differ by more than the highest partial can. */
static void
test_no_seam_within(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        gint64 n_frames = 10 * PLAY_RATE;
        g_autofree gint16 *frames = render(signals[i].signal, n_frames);

        for (gint64 j = 1; j < n_frames; j++) {
            if (abs(frames[j] - frames[j - 1]) > 32767 / 3)
                g_error("%s: a seam at %.4f s", signals[i].name, (double) j / PLAY_RATE);
        }
    }
}

static void
test_late_join_is_the_same_sound(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        gint64 n_frames = 4 * PLAY_RATE, from = 123457;
        g_autofree gint16 *whole = render(signals[i].signal, n_frames);
        g_autoptr(PlaySource) joined = play_source_signal_new(signals[i].signal, n_frames);
        gint16 late[480];

        g_assert_true(play_source_prepare(joined, from, NULL));
        g_assert_cmpuint(play_source_read(joined, late, 480), ==, 480);
        g_assert_cmpmem(late, sizeof late, whole + from, sizeof late);
    }
}

/* No two of them can be taken for each other: what they share is far below their level. */
static void
test_all_differ(void)
{
    gint64 n_frames = 3 * PLAY_RATE;

    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        g_autofree gint16 *a = render(signals[i].signal, n_frames);

        for (gsize j = 0; j < i; j++) {
            g_autofree gint16 *b = render(signals[j].signal, n_frames);
            gdouble shared = 0, of_a = 0, of_b = 0;

            for (gint64 k = 0; k < n_frames; k++) {
                shared += (gdouble) a[k] * b[k];
                of_a += (gdouble) a[k] * a[k];
                of_b += (gdouble) b[k] * b[k];
            }
            g_assert_cmpfloat(fabs(shared) / sqrt(of_a * of_b), <, 0.2);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/signal/length-level-gaps", test_length_level_and_gaps);
    g_test_add_func("/player/output/signal/ends", test_ends_do_not_click);
    g_test_add_func("/player/output/signal/no-seam", test_no_seam_within);
    g_test_add_func("/player/output/signal/late-join", test_late_join_is_the_same_sound);
    g_test_add_func("/player/output/signal/all-differ", test_all_differ);
    return g_test_run();
}
