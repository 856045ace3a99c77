/* test-source-line.c - a line-in on the test's sound cards: heard, unplugged, drifting, over.
 */
#include "player/output/source-line.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "player/output/source-relay.h"
#include "tests/player/output/card-fixture.h"

#define LINE_HZ 1000

typedef struct {
    TestCards *cards;
    char *fault; /* path */
} Rig;

/* Inputs beside the outputs of the fixture. */
static void
add_lines(Rig *rig)
{
    g_autoptr(GString) config = g_string_new(NULL);
    g_autofree char *path = g_build_filename(test_cards_folder(rig->cards), "line.conf", NULL);
    g_autofree char *both = g_strconcat(g_getenv("ALSA_CONFIG_PATH"), ":", path, NULL);

    rig->fault = g_build_filename(test_cards_folder(rig->cards), "line.fault", NULL);
    g_string_append_printf(config, "pcm_type.testline { lib \"%s\" }\n", TEST_LINE_MODULE);
    g_string_append_printf(config,
                           "pcm.line { type testline hz %d channels 2 fault \"%s\" }\n"
                           "pcm.quick { type testline hz %d channels 1 ppm 1500 }\n",
                           LINE_HZ, rig->fault, LINE_HZ);
    g_assert_true(g_file_set_contents(path, config->str, -1, NULL));
    g_setenv("ALSA_CONFIG_PATH", both, TRUE);
}

static void
set_fault(const Rig *rig, const char *word)
{
    if (word == NULL)
        g_unlink(rig->fault);
    else
        g_assert_true(g_file_set_contents(rig->fault, word, -1, NULL));
}

static void
place_line(Fixture *f, const char *device, gint64 start_us, gint64 duration_us)
{
    g_autoptr(GError) error = NULL;

    play_output_place(f->output, "line",
                      play_source_relay_new(play_source_line_new(device), NULL), start_us,
                      duration_us, 0, &error);
    g_assert_no_error(error);
}

static gint64
last_loud_us(const TestTimeline *timeline)
{
    gint64 last = timeline->n_frames - 1;

    while (last > 0 && abs(timeline->frames[last]) < 100)
        last--;
    return test_timeline_us(timeline, last);
}

/* The source would go on for ever; its window does not. */
static void
test_window_ends(gconstpointer data)
{
    const Rig *rig = data;
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GArray) sounds = NULL;
    const PlayEvent *ended;
    gint64 start_us, end_us;

    set_fault(rig, NULL);
    set_up(&f, rig->cards, "mono", 200);
    start_us = f.from_us + MS(600);
    end_us = start_us + MS(1000);
    place_line(&f, "line", start_us, MS(1000));
    ended = wait_told(&f, PLAY_EVENT_ENDED, "line");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(ended->level_mdb, >, -12000);
    wait_progress(&f, play_output_state(f.output).progress_frames + FRAMES(200));
    timeline = stop_and_listen(&f, "mono");
    sounds = test_timeline_sounds(timeline);
    g_assert_cmpint(test_sounds_first(sounds, LINE_HZ)->hz, ==, LINE_HZ);
    g_test_message("silent %" G_GINT64_FORMAT " us after the window's end",
                   last_loud_us(timeline) - end_us);
    g_assert_cmpint(last_loud_us(timeline), <, end_us + MS(50));
    tear_down(&f);
}

static void
wait_level(PlaySource *source, gboolean is_loud)
{
    gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    gint n_same = 0;

    while (n_same < 10) {
        gint16 frames[480];
        gsize n = play_source_read(source, frames, 480);
        gboolean has_sound = FALSE;

        for (gsize i = 0; i < n; i++)
            has_sound |= abs(frames[i]) > 1000;
        n_same = has_sound == is_loud ? n_same + 1 : 0;
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        g_usleep(10000);
    }
}

static char *
wait_words(PlaySource *source)
{
    gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    char *words;

    while ((words = play_source_live_words(source)) == NULL) {
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        g_usleep(10000);
    }
    g_test_message("%s", words);
    return words;
}

static void
test_unplugged_and_back(gconstpointer data)
{
    const Rig *rig = data;
    g_autoptr(PlaySource) source = play_source_line_new("line");
    g_autofree char *words = NULL;

    set_fault(rig, NULL);
    g_assert_true(play_source_prepare(source, 0, NULL));
    wait_level(source, TRUE);
    set_fault(rig, "unplugged");
    wait_level(source, FALSE);
    g_assert_cmpint(play_source_end(source, NULL), ==, PLAY_SOURCE_GOING);
    words = wait_words(source);
    /* It broke off, or was not there when it was tried again. */
    g_assert_nonnull(strstr(words, "line-in 'line': No such device"));
    set_fault(rig, NULL);
    wait_level(source, TRUE);
}

static void
test_stands_still(gconstpointer data)
{
    const Rig *rig = data;
    g_autoptr(PlaySource) source = play_source_line_new("line");
    g_autofree char *words = NULL;

    set_fault(rig, "stall");
    g_assert_true(play_source_prepare(source, 0, NULL));
    words = wait_words(source);
    g_assert_cmpstr(words, ==, "line-in 'line': its clock stood still for a second");
    set_fault(rig, NULL);
    wait_level(source, TRUE);
}

static void
test_no_such_device(gconstpointer data)
{
    g_autoptr(PlaySource) source = play_source_line_new("nothing");
    g_autofree char *words = NULL;

    g_assert_true(play_source_prepare(source, 0, NULL));
    words = wait_words(source);
    g_assert_true(g_str_has_prefix(words, "opening line-in 'nothing': "));
}

int
main(int argc, char **argv)
{
    Rig rig = {0};
    int status;

    g_test_init(&argc, &argv, NULL);
    rig.cards = card_fixture_cards();
    add_lines(&rig);
    g_test_add_data_func("/player/output/source-line/window-ends", &rig, test_window_ends);
    g_test_add_data_func("/player/output/source-line/unplugged", &rig, test_unplugged_and_back);
    g_test_add_data_func("/player/output/source-line/stands-still", &rig, test_stands_still);
    g_test_add_data_func("/player/output/source-line/no-device", &rig, test_no_such_device);
    status = g_test_run();
    test_cards_free(rig.cards);
    g_free(rig.fault);
    return status;
}
