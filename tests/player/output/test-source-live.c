/*
 * test-source-live.c - a far clock that is off ours: the ring neither fills nor runs dry, and
 * what is read stays one tone.
 *
 * The bringer gives a block when the test has read one, so minutes pass in a second.
 */
#include "player/output/source-live.h"

#include <math.h>

#include "player/output/drift.h"

#define BLOCK_FRAMES (PLAY_RATE / 100)
/* Five minutes: the drift is one and a half times what is held. */
#define N_BLOCKS (300 * 100)
#define HZ       500

typedef struct {
    gint ppm; /* how much faster than ours the far clock is */
    GMutex lock;
    GCond changed;
    gint64 n_read; /* blocks the test has read: what time it is */
    gint64 n_given;
    gdouble n_far; /* frames */
} Far;

static void
give_block(Far *far, PlayLive *live)
{
    gint16 frames[BLOCK_FRAMES + 1];
    gint64 from = (gint64) far->n_far;
    gsize n;

    far->n_far += BLOCK_FRAMES * (1.0 + far->ppm / 1e6);
    n = (gsize) ((gint64) far->n_far - from);
    for (gsize i = 0; i < n; i++)
        frames[i] = (gint16) lrint(
            10000 *
            sin(2 * G_PI * HZ * (gdouble) ((from + (gint64) i) % PLAY_RATE) / PLAY_RATE));
    play_live_give(live, frames, n);
}

static void
bring(gpointer data, PlayLive *live, GError **error)
{
    Far *far = data;

    while (play_live_is_wanted(live)) {
        gint64 until_us = g_get_monotonic_time() + G_USEC_PER_SEC / 10;

        g_mutex_lock(&far->lock);
        while (far->n_given >= far->n_read &&
               g_cond_wait_until(&far->changed, &far->lock, until_us))
            continue;
        if (far->n_given < far->n_read) {
            give_block(far, live);
            far->n_given++;
            g_cond_broadcast(&far->changed);
        }
        g_mutex_unlock(&far->lock);
    }
}

static void
far_free(gpointer data)
{
    Far *far = data;

    g_mutex_clear(&far->lock);
    g_cond_clear(&far->changed);
    g_free(far);
}

static const PlayBringer bringer = {"test", 300, 0, bring, far_free};

static PlaySource *
far_new(const PlayBringer *how, gint ppm, Far **out_far)
{
    Far *far = g_new0(Far, 1);

    g_mutex_init(&far->lock);
    g_cond_init(&far->changed);
    far->ppm = ppm;
    *out_far = far;
    return play_source_live_new(how, far);
}

/* @n blocks later: all of them have been given. */
static void
pass(Far *far, gint64 n)
{
    g_mutex_lock(&far->lock);
    far->n_read += n;
    g_cond_broadcast(&far->changed);
    while (far->n_given < far->n_read)
        g_cond_wait(&far->changed, &far->lock);
    g_mutex_unlock(&far->lock);
}

static void
check_drift(gint ppm)
{
    Far *far;
    g_autoptr(PlaySource) source = far_new(&bringer, ppm, &far);
    gint64 n_short = 0, n_steps = 0;
    gint16 before = 0;

    g_assert_true(play_source_prepare(source, 0, NULL));
    pass(far, 31);
    /* 20 blocks at once, as the writer fills a card's buffer. */
    for (gint64 i = 0; i < N_BLOCKS; i++) {
        gint16 frames[BLOCK_FRAMES];
        gsize n = play_source_read(source, frames, BLOCK_FRAMES);

        n_short += n < BLOCK_FRAMES;
        for (gsize j = 0; j < n; j++) {
            /* 500 Hz of that level moves by 655 at most from one frame to the next. */
            n_steps += i + (gint64) j > 0 && ABS(frames[j] - before) > 700;
            before = frames[j];
        }
        if (i % 20 == 19)
            pass(far, 20);
    }
    g_test_message("%+d ppm: %" G_GINT64_FORMAT " blocks short, %" G_GINT64_FORMAT " steps",
                   ppm, n_short, n_steps);
    g_assert_cmpint(n_short, ==, 0);
    g_assert_cmpint(n_steps, ==, 0);
    g_assert_cmpint(play_source_position(source), ==, (gint64) N_BLOCKS * BLOCK_FRAMES);
}

static void
test_drift(gconstpointer ppm)
{
    check_drift(GPOINTER_TO_INT(ppm));
}

/* It runs dry, is silent until as much is held as before, and sounds again. */
static void
test_dry(void)
{
    Far *far;
    g_autoptr(PlaySource) source = far_new(&bringer, 0, &far);
    gint16 frames[BLOCK_FRAMES];
    gint n = 0;

    g_assert_true(play_source_prepare(source, 77, NULL));
    g_assert_cmpint(play_source_position(source), ==, 77);
    pass(far, 29);
    g_assert_cmpuint(play_source_read(source, frames, BLOCK_FRAMES), ==, 0);
    pass(far, 1);
    while (play_source_read(source, frames, BLOCK_FRAMES) == BLOCK_FRAMES)
        n++;
    g_assert_cmpint(n, ==, 30);
    pass(far, 29);
    g_assert_cmpuint(play_source_read(source, frames, BLOCK_FRAMES), ==, 0);
    pass(far, 1);
    g_assert_cmpuint(play_source_read(source, frames, BLOCK_FRAMES), ==, BLOCK_FRAMES);
}

/* The line is held up, and then @n blocks come at once. Returns: how many of them sound */
static gint
sound_of_burst(const PlayBringer *how, gint64 n)
{
    Far *far;
    g_autoptr(PlaySource) source = far_new(how, 0, &far);
    gint16 frames[BLOCK_FRAMES];
    gint n_sounding = 0;

    g_assert_true(play_source_prepare(source, 0, NULL));
    pass(far, 30);
    while (play_source_read(source, frames, BLOCK_FRAMES) == BLOCK_FRAMES)
        continue;
    pass(far, n);
    while (play_source_read(source, frames, BLOCK_FRAMES) == BLOCK_FRAMES)
        n_sounding++;
    return n_sounding;
}

/* A radio is as late as before; of a warning nothing is left out, to a limit. */
static void
test_burst(void)
{
    static const PlayBringer keeps = {"test", 300, 4000, bring, far_free};
    gint n = sound_of_burst(&keeps, 200);

    g_assert_cmpint(sound_of_burst(&bringer, 200), ==, 30);
    /* Too late by then, so a frame a block is taken more. */
    g_assert_cmpint(n, >=, 199);
    g_assert_cmpint(n, <=, 200);
    n = sound_of_burst(&keeps, 500);
    g_assert_cmpint(n, >=, 398);
    g_assert_cmpint(n, <=, 400);
}

/* What is said while the signal still sounds is as old as a radio's. */
static void
test_unheard(void)
{
    static const PlayBringer keeps = {"test", 300, 4000, bring, far_free};
    Far *far;
    g_autoptr(PlaySource) source = far_new(&keeps, 0, &far);
    gint16 frames[BLOCK_FRAMES];
    gint n = 0;

    g_assert_true(play_source_prepare(source, 0, NULL));
    pass(far, 200);
    while (play_source_read(source, frames, BLOCK_FRAMES) == BLOCK_FRAMES)
        n++;
    g_assert_cmpint(n, ==, 30);
}

/* A far end that is held back while nobody listens would be heard as late as it was tried. */
static void
bring_held_back(gpointer data, PlayLive *live, GError **error)
{
    while (play_live_is_wanted(live)) {
        play_live_wait_for_room(live);
        give_block(data, live);
    }
}

static void
test_fresh(void)
{
    static const PlayBringer held_back = {"test", 300, 0, bring_held_back, far_free};
    const guint twice_held = 2 * PLAY_RATE * 300 / 1000;
    gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
    Far *far;
    g_autoptr(PlaySource) source = far_new(&held_back, 0, &far);

    g_assert_true(play_source_prepare(source, 0, NULL));
    while (play_source_live_count(source) < 5 * twice_held &&
           g_get_monotonic_time() < until_us) {
        play_source_live_freshen(source);
        g_usleep(1000);
    }
    g_assert_cmpuint(play_source_live_count(source), >=, 5 * twice_held);
    play_source_cancel(source);
}

static gboolean
becomes_held(PlaySource *source, gboolean is_held)
{
    gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;

    while (play_source_live_is_held(source) != is_held && g_get_monotonic_time() < until_us)
        g_usleep(1000);
    return play_source_live_is_held(source) == is_held;
}

/* Nobody reads, so nothing comes: that is not the far end's doing. */
static void
test_held(void)
{
    static const PlayBringer held_back = {"test", 300, 0, bring_held_back, far_free};
    gint16 frames[BLOCK_FRAMES];
    Far *far;
    g_autoptr(PlaySource) source = far_new(&held_back, 0, &far);
    guint count;

    g_assert_true(play_source_prepare(source, 0, NULL));
    g_assert_true(becomes_held(source, TRUE));
    count = play_source_live_count(source);
    g_usleep(G_USEC_PER_SEC / 5);
    g_assert_cmpuint(play_source_live_count(source), ==, count);
    g_assert_true(play_source_live_is_held(source));
    for (gint i = 0; i < 50; i++)
        play_source_read(source, frames, BLOCK_FRAMES);
    while (play_source_live_count(source) == count)
        g_usleep(1000);
    play_source_cancel(source);
    g_assert_true(becomes_held(source, FALSE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/player/output/source-live/same", GINT_TO_POINTER(0), test_drift);
    g_test_add_data_func("/player/output/source-live/fast", GINT_TO_POINTER(1500), test_drift);
    g_test_add_data_func("/player/output/source-live/slow", GINT_TO_POINTER(-1500), test_drift);
    g_test_add_func("/player/output/source-live/dry", test_dry);
    g_test_add_func("/player/output/source-live/burst", test_burst);
    g_test_add_func("/player/output/source-live/unheard", test_unheard);
    g_test_add_func("/player/output/source-live/fresh", test_fresh);
    g_test_add_func("/player/output/source-live/held", test_held);
    return g_test_run();
}
