/* test-drift.c - levels and drift: the arithmetic beside the card. */
#include "player/output/drift.h"
#include "player/output/level.h"
#include "player/output/source.h"

#include <math.h>
#include <stdlib.h>

static void
test_frames_and_time(void)
{
    /* clang-format off */
    const struct { const char *why; gint64 us, frame; } cases[] = {
        { "the beginning",             0,                 0           },
        { "a second",                  1000000,           48000       },
        { "to the nearest: below",     10,                0           },
        { "to the nearest: above",     11,                1           },
        { "a machine up for ten years", 315360000000000,  15137280000000 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(play_frame_of_us(cases[i].us), ==, cases[i].frame);
    }
    g_assert_cmpint(play_us_of_frames(48), ==, 1000);
    g_assert_cmpint(play_us_of_frames(-48), ==, -1000);
}

static void
test_jumps_in_silence_only(void)
{
    PlayDrift drift = {0};

    play_drift_add(&drift, 30.4);
    g_assert_cmpint(play_drift_jump(&drift, FALSE), ==, 0);
    g_assert_cmpint(play_drift_jump(&drift, TRUE), ==, 30);
    g_assert_cmpint(play_drift_jump(&drift, TRUE), ==, 0);
    play_drift_forget(&drift);
    play_drift_add(&drift, -10000);
    g_assert_cmpint(play_drift_jump(&drift, FALSE), ==, -10000);
}

static void
test_jitter_alone_touches_nothing(void)
{
    PlayDrift drift = {0};
    GRand *random = g_rand_new_with_seed(1);
    guint n_stretched = 0;

    /* A card whose position moves in steps of a millisecond, for ten minutes. */
    play_drift_add(&drift, 0);
    for (guint turn = 0; turn < 12000; turn++) {
        play_drift_add(&drift, g_rand_double_range(random, -24, 24));
        for (guint block = 0; block < 5; block++)
            n_stretched += play_drift_stretch(&drift) != 0;
    }
    g_assert_cmpuint(n_stretched, <, 120);
    g_rand_free(random);
}

static void
test_follows_a_real_drift(void)
{
    PlayDrift drift = {0};
    gdouble late = 0;

    /* 100 ppm slow for four hours: 5 ms a minute, 1.4 s in the end. */
    for (guint turn = 0; turn < 4 * 3600 * 20; turn++) {
        late += 0.24;
        play_drift_add(&drift, late);
        for (guint block = 0; block < 5; block++)
            late -= play_drift_stretch(&drift);
        g_assert_cmpfloat(fabs(late), <, 48);
    }
}

static void
test_stretch_keeps_ends_and_shape(void)
{
    gint16 from[481], to[480];

    for (guint i = 0; i < 481; i++)
        from[i] = (gint16) (i * 10);
    play_stretch(from, 481, to, 480);
    g_assert_cmpint(to[0], ==, from[0]);
    g_assert_cmpint(to[479], ==, from[480]);
    for (guint i = 1; i < 480; i++)
        g_assert_cmpint(abs(to[i] - to[i - 1] - 10), <=, 1);
    play_stretch(from, 480, to, 480);
    g_assert_cmpmem(from, sizeof to, to, sizeof to);
}

static void
test_level(void)
{
    PlayLevel level = {0};
    gint16 square[480], soft[480] = {0};

    g_assert_cmpint(play_level_rms_mdb(&level), ==, G_MININT64);
    g_assert_cmpint(play_level_peak_mdb(&level), ==, G_MININT64);
    for (guint i = 0; i < 480; i++)
        square[i] = i % 2 ? -32768 : 32767;
    play_level_add(&level, soft, 480);
    g_assert_cmpint(play_level_rms_mdb(&level), ==, PLAY_LEVEL_SILENT_MDB);
    play_level_add(&level, square, 480);
    /* Half of the time at full scale: 3.01 dB below. */
    g_assert_cmpint(ABS(play_level_rms_mdb(&level) + 3010), <=, 1);
    g_assert_cmpint(play_level_peak_mdb(&level), ==, 0);
    play_level_remove(&level, soft, 480);
    g_assert_cmpint(play_level_rms_mdb(&level), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/drift/frames", test_frames_and_time);
    g_test_add_func("/player/output/drift/jump", test_jumps_in_silence_only);
    g_test_add_func("/player/output/drift/jitter", test_jitter_alone_touches_nothing);
    g_test_add_func("/player/output/drift/real", test_follows_a_real_drift);
    g_test_add_func("/player/output/drift/stretch", test_stretch_keeps_ends_and_shape);
    g_test_add_func("/player/output/level", test_level);
    return g_test_run();
}
