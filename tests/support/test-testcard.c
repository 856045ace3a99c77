/* test-testcard.c - the test card paces, forgets, starves and breaks as a real one does. */
#include "tests/support/testcard.h"

#include <alsa/asoundlib.h>
#include <glib/gstdio.h>
#include <string.h>

#define RATE 48000
/* Longer than a busy machine keeps us from the card: nothing here runs dry by accident. */
#define RING_FRAMES (5 * RATE / 2)

static const TestCardSpec specs[] = {
    {.name = "mono", .channels = 1},
    {.name = "stereo", .channels = 2},
    {.name = "brief", .channels = 1, .keep_s = 1},
};

static snd_pcm_t *
open_card(const char *name, guint channels)
{
    snd_pcm_t *pcm = NULL;

    g_assert_cmpint(snd_pcm_open(&pcm, name, SND_PCM_STREAM_PLAYBACK, 0), ==, 0);
    g_assert_cmpint(snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE,
                                       SND_PCM_ACCESS_RW_INTERLEAVED, channels, RATE, 0,
                                       RING_FRAMES * G_GINT64_CONSTANT(1000000) / RATE),
                    ==, 0);
    return pcm;
}

/* A square wave of 1 kHz: each frame is loud, so that every lost one shows. */
static void
fill_square(gint16 *frames, guint n_frames, guint channels)
{
    for (guint i = 0; i < n_frames * channels; i++)
        frames[i] = i / channels % 48 < 24 ? -8000 : 8000;
}

static void
test_paces_and_keeps_every_frame(void)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, specs, G_N_ELEMENTS(specs));
    g_autofree gint16 *frames = g_new(gint16, RATE / 2 * 2);
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GArray) sounds = NULL;
    const TestSound *sound;
    snd_pcm_t *pcm = open_card("stereo", 2), *second = NULL;
    gint64 began_us = g_get_monotonic_time(), took_us;

    fill_square(frames, RATE / 2, 2);
    g_assert_cmpint(snd_pcm_open(&second, "stereo", SND_PCM_STREAM_PLAYBACK, 0), ==, -EBUSY);
    g_assert_cmpint(snd_pcm_writei(pcm, frames, RATE / 2), ==, RATE / 2);
    snd_pcm_drain(pcm);
    took_us = g_get_monotonic_time() - began_us;
    snd_pcm_close(pcm);

    g_assert_cmpint(took_us, >=, 490000);
    timeline = test_cards_listen(cards, "stereo");
    sounds = test_timeline_sounds(timeline);
    g_assert_cmpuint(sounds->len, ==, 1);
    sound = &g_array_index(sounds, TestSound, 0);
    g_assert_cmpint(sound->to - sound->from, ==, RATE / 2);
    g_assert_cmpuint(sound->hz, ==, 1000);
    g_assert_false(timeline->channels_differ);
    g_assert_cmpint(test_timeline_us(timeline, sound->from), >=, began_us);
    g_assert_cmpint(test_timeline_us(timeline, sound->to), <=, began_us + took_us);
}

static void
test_drop_forgets_the_unheard(void)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, specs, G_N_ELEMENTS(specs));
    g_autofree gint16 *frames = g_new(gint16, RING_FRAMES);
    g_autoptr(TestTimeline) timeline = NULL;
    snd_pcm_t *pcm = open_card("mono", 1);
    snd_pcm_sframes_t delay = 0;

    fill_square(frames, RING_FRAMES, 1);
    g_assert_cmpint(snd_pcm_writei(pcm, frames, RING_FRAMES), ==, RING_FRAMES);
    g_assert_cmpint(snd_pcm_start(pcm), <=, 0);
    g_assert_cmpint(snd_pcm_delay(pcm, &delay), ==, 0);
    snd_pcm_drop(pcm);
    snd_pcm_close(pcm);

    timeline = test_cards_listen(cards, "mono");
    g_assert_cmpint(timeline->n_frames, <, RING_FRAMES + RATE / 10);
    g_assert_cmpint(test_timeline_sounding(timeline, 0, timeline->n_frames), <, RING_FRAMES);
}

static void
test_rewind_rewrites(void)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, specs, G_N_ELEMENTS(specs));
    g_autofree gint16 *frames = g_new(gint16, RING_FRAMES);
    g_autofree gint16 *silence = g_new0(gint16, RING_FRAMES);
    g_autoptr(TestTimeline) timeline = NULL;
    snd_pcm_t *pcm = open_card("mono", 1);

    fill_square(frames, RING_FRAMES, 1);
    g_assert_cmpint(snd_pcm_writei(pcm, frames, 4000), ==, 4000);
    g_assert_cmpint(snd_pcm_rewind(pcm, 1000), ==, 1000);
    g_assert_cmpint(snd_pcm_writei(pcm, silence, 600), ==, 600);
    snd_pcm_drain(pcm);
    snd_pcm_close(pcm);

    timeline = test_cards_listen(cards, "mono");
    g_assert_cmpint(test_timeline_sounding(timeline, 0, timeline->n_frames), ==, 3000);
}

/* Waits until the card is in @state, woken by the card itself. */
static void
wait_for_state(snd_pcm_t *pcm, snd_pcm_state_t state)
{
    gint64 deadline_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

    while (snd_pcm_state(pcm) != state) {
        snd_pcm_wait(pcm, 10);
        snd_pcm_avail(pcm);
        g_assert_cmpint(g_get_monotonic_time(), <, deadline_us);
    }
}

static void
test_starves_and_recovers(void)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, specs, G_N_ELEMENTS(specs));
    g_autofree gint16 *frames = g_new(gint16, RING_FRAMES);
    g_autoptr(TestTimeline) timeline = NULL;
    snd_pcm_t *pcm = open_card("mono", 1);

    fill_square(frames, RING_FRAMES, 1);
    snd_pcm_writei(pcm, frames, 1000);
    snd_pcm_start(pcm);
    wait_for_state(pcm, SND_PCM_STATE_XRUN);
    g_assert_cmpint(snd_pcm_avail(pcm), ==, -EPIPE);
    g_assert_cmpint(snd_pcm_recover(pcm, -EPIPE, 1), ==, 0);
    snd_pcm_writei(pcm, frames, RING_FRAMES);
    snd_pcm_start(pcm);
    test_cards_set_fault(cards, "mono", "xrun");
    wait_for_state(pcm, SND_PCM_STATE_XRUN);
    g_assert_false(test_cards_has_fault(cards, "mono"));
    snd_pcm_close(pcm);

    timeline = test_cards_listen(cards, "mono");
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 2);
    g_assert_cmpuint(test_timeline_count(timeline, "start"), ==, 2);
}

static void
test_unplugged_and_stalled(void)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, specs, G_N_ELEMENTS(specs));
    g_autofree gint16 *frames = g_new(gint16, RING_FRAMES);
    snd_pcm_t *pcm = open_card("mono", 1), *again = NULL;
    snd_pcm_sframes_t delay = 0, later = 0;

    fill_square(frames, RING_FRAMES, 1);
    snd_pcm_writei(pcm, frames, RING_FRAMES);
    snd_pcm_start(pcm);
    test_cards_set_fault(cards, "mono", "stall");
    snd_pcm_wait(pcm, 20); /* the card has just looked, and does not for a millisecond */
    g_assert_cmpint(snd_pcm_delay(pcm, &delay), ==, 0);
    snd_pcm_wait(pcm, 20);
    g_assert_cmpint(snd_pcm_delay(pcm, &later), ==, 0);
    g_assert_cmpint(later, ==, delay);

    test_cards_set_fault(cards, "mono", "unplugged");
    wait_for_state(pcm, SND_PCM_STATE_DISCONNECTED);
    g_assert_cmpint(snd_pcm_writei(pcm, frames, 1), ==, -ENODEV);
    snd_pcm_close(pcm);
    g_assert_cmpint(snd_pcm_open(&again, "mono", SND_PCM_STREAM_PLAYBACK, 0), ==, -ENODEV);
    test_cards_set_fault(cards, "mono", NULL);
    snd_pcm_close(open_card("mono", 1));
}

/* A demo that runs for days fills no disk: only the last second is on it. */
static void
test_forgets_what_is_old(void)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, specs, G_N_ELEMENTS(specs));
    g_autofree gint16 *frames = g_new(gint16, RING_FRAMES);
    g_autofree char *path = g_build_filename(test_cards_folder(cards), "brief.raw", NULL);
    g_autoptr(TestTimeline) timeline = NULL;
    snd_pcm_t *pcm = open_card("brief", 1);
    GStatBuf status;

    fill_square(frames, RING_FRAMES, 1);
    g_assert_cmpint(snd_pcm_writei(pcm, frames, RING_FRAMES), ==, RING_FRAMES);
    snd_pcm_drain(pcm);
    snd_pcm_close(pcm);

    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_size, >=, RING_FRAMES * (int) sizeof *frames);
    g_assert_cmpint(status.st_blocks * 512, <=, 2 * RATE * (int) sizeof *frames + 8192);
    timeline = test_cards_listen(cards, "brief");
    g_assert_cmpint(test_timeline_sounding(timeline, timeline->n_frames - RATE / 2,
                                           timeline->n_frames),
                    >, RATE / 2 - RATE / 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/support/testcard/paces", test_paces_and_keeps_every_frame);
    g_test_add_func("/support/testcard/drop", test_drop_forgets_the_unheard);
    g_test_add_func("/support/testcard/rewind", test_rewind_rewrites);
    g_test_add_func("/support/testcard/starves", test_starves_and_recovers);
    g_test_add_func("/support/testcard/forgets", test_forgets_what_is_old);
    g_test_add_func("/support/testcard/unplugged", test_unplugged_and_stalled);
    return g_test_run();
}
