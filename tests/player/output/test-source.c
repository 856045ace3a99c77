/* test-source.c - tone and silence give exactly the frames of their numbers. */
#include "player/output/source.h"

#include <stdlib.h>
#include <string.h>

static void
test_tone_frame_depends_on_its_number_alone(void)
{
    g_autoptr(PlaySource) whole = play_source_tone_new(1000, -6000, 4800);
    g_autoptr(PlaySource) joined = play_source_tone_new(1000, -6000, 4800);
    gint16 all[4800], late[480];

    g_assert_true(play_source_prepare(whole, 0, NULL));
    g_assert_true(play_source_prepare(joined, 1234, NULL));
    g_assert_true(play_source_is_ready(joined));
    g_assert_cmpuint(play_source_read(whole, all, 4800), ==, 4800);
    g_assert_cmpuint(play_source_read(joined, late, 480), ==, 480);
    g_assert_cmpmem(late, sizeof late, all + 1234, sizeof late);
    g_assert_cmpint(play_source_position(joined), ==, 1714);
}

static void
test_tone_level_and_edges(void)
{
    g_autoptr(PlaySource) tone = play_source_tone_new(1000, -6000, 4800);
    gint16 frames[4800];
    gint peak = 0;

    g_assert_true(play_source_prepare(tone, 0, NULL));
    play_source_read(tone, frames, 4800);
    for (guint i = 0; i < 4800; i++)
        peak = MAX(peak, abs(frames[i]));
    /* -6 dBFS of 32767 is 16422. */
    g_assert_cmpint(peak, >=, 16400);
    g_assert_cmpint(peak, <=, 16422);
    g_assert_cmpint(abs(frames[12]), <, 16422 / 10);
    g_assert_cmpint(frames[4799], ==, 0);
}

static void
test_end_and_skip(void)
{
    g_autoptr(PlaySource) silence = play_source_silence_new(100);
    gint16 frames[64];

    memset(frames, 0x55, sizeof frames);
    g_assert_true(play_source_prepare(silence, 0, NULL));
    g_assert_cmpuint(play_source_read(silence, NULL, 60), ==, 60);
    g_assert_cmpint(play_source_end(silence, NULL), ==, PLAY_SOURCE_GOING);
    g_assert_cmpuint(play_source_read(silence, frames, 64), ==, 40);
    g_assert_cmpint(frames[39], ==, 0);
    g_assert_cmpint(frames[40], ==, 0x5555);
    g_assert_cmpint(play_source_end(silence, NULL), ==, PLAY_SOURCE_FINISHED);
}

static void
test_cancelled_gives_nothing(void)
{
    g_autoptr(PlaySource) tone = play_source_tone_new(440, 0, 4800);
    gint16 frames[16];

    g_assert_true(play_source_prepare(tone, 0, NULL));
    play_source_cancel(tone);
    g_assert_cmpuint(play_source_read(tone, frames, 16), ==, 0);
    g_assert_cmpint(play_source_end(tone, NULL), ==, PLAY_SOURCE_FINISHED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/source/frame-number",
                    test_tone_frame_depends_on_its_number_alone);
    g_test_add_func("/player/output/source/level", test_tone_level_and_edges);
    g_test_add_func("/player/output/source/end", test_end_and_skip);
    g_test_add_func("/player/output/source/cancelled", test_cancelled_gives_nothing);
    return g_test_run();
}
