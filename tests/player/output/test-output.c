/* test-output.c - items at their instants on a test card. */
#include "player/output/output.h"

#include "player/output/source-file.h"
#include "tests/player/output/card-fixture.h"

#include <fcntl.h>
#include <string.h>

static void
test_on_time_and_adjacent(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *first = expect_tone(500, FRAMES(300));
    g_autofree gint16 *second = expect_tone(1000, FRAMES(300));
    g_autofree gint16 *both = g_new(gint16, FRAMES(600));
    const PlayEvent *started, *ended;

    set_up(&f, data, "mono", 200);
    place_tone(&f, "second", 1000, f.from_us + MS(300), MS(300));
    place_tone(&f, "first", 500, f.from_us, MS(300));
    started = wait_told(&f, PLAY_EVENT_STARTED, "first");
    g_assert_cmpint(ABS(started->start_us - f.from_us), <, 1000);
    g_assert_cmpint(started->position_us, ==, 0);
    g_assert_true(play_output_state(f.output).is_sounding);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "second");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(ended->frames, ==, FRAMES(300));
    g_assert_cmpint(ended->silent_us, ==, 0);
    g_assert_cmpint(ABS(ended->end_us - f.from_us - MS(600)), <, 1000);
    /* A sine that peaks at -6 dB has an RMS 3 dB below. */
    g_assert_cmpint(ABS(ended->level_mdb + 9100), <, 150);
    g_assert_cmpint(ABS(ended->peak_mdb + 6000), <, 20);
    wait_told(&f, PLAY_EVENT_ENDED, "first");

    timeline = stop_and_listen(&f, "mono");
    memcpy(both, first, FRAMES(300) * sizeof *both);
    memcpy(both + FRAMES(300), second, FRAMES(300) * sizeof *both);
    assert_heard(timeline, f.from_us, both, FRAMES(600));
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 0);
    tear_down(&f);
}

static void
test_every_channel_of_a_stereo_card(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *expected = expect_tone(1000, FRAMES(100));

    set_up(&f, data, "stereo", 80);
    place_tone(&f, "a", 1000, f.from_us, MS(100));
    wait_told(&f, PLAY_EVENT_ENDED, "a");
    timeline = stop_and_listen(&f, "stereo");
    assert_heard(timeline, f.from_us, expected, FRAMES(100));
    g_assert_false(timeline->channels_differ);
    tear_down(&f);
}

static void
test_another_rate_through_plug(gconstpointer data)
{
    Fixture f;
    const PlayEvent *ended;

    set_up(&f, data, "other", 200);
    place_tone(&f, "a", 1000, f.from_us, MS(300));
    ended = wait_told(&f, PLAY_EVENT_ENDED, "a");
    g_assert_cmpint(ABS(ended->start_us - f.from_us), <, MS(5));
    g_assert_cmpint(ended->frames, ==, FRAMES(300));
    g_assert_cmpuint(play_output_state(f.output).n_failures, ==, 0);
    tear_down(&f);
}

static void
test_gain_and_level(gconstpointer data)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    const PlayEvent *ended;

    set_up(&f, data, "mono", 80);
    play_output_place(f.output, "soft", play_source_tone_new(1000, 0, FRAMES(200)), f.from_us,
                      MS(200), -20000, &error);
    g_assert_no_error(error);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "soft");
    g_assert_cmpint(ABS(ended->peak_mdb + 20000), <, 30);
    wait_progress(&f, play_output_state(f.output).progress_frames + FRAMES(2100));
    g_assert_cmpint(play_output_state(f.output).level_mdb, ==, PLAY_LEVEL_SILENT_MDB);
    tear_down(&f);
}

static void
test_late_item_joins_at_its_position(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *whole = expect_tone(700, FRAMES(1000));
    const PlayEvent *ended;
    gint64 start_us, joined;

    set_up(&f, data, "mono", 200);
    start_us = content_clock_monotonic_us(f.clock) - MS(500);
    place_tone(&f, "late", 700, start_us, MS(1000));
    ended = wait_told(&f, PLAY_EVENT_ENDED, "late");
    /* Silence that waits in the card is taken back, so that it joins before the buffer is out.
     */
    g_assert_cmpint(ended->position_us, >=, MS(500));
    g_assert_cmpint(ended->position_us, <, MS(600));
    g_assert_cmpint(ABS(ended->start_us - start_us - ended->position_us), <, 1000);
    joined = ended->position_us * PLAY_RATE / G_USEC_PER_SEC + 1;
    timeline = stop_and_listen(&f, "mono");
    assert_heard(timeline, start_us + joined * 1000 / 48, whole + joined,
                 FRAMES(1000) - joined);
    tear_down(&f);
}

static void
test_placed_from_the_middle(gconstpointer data)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *whole = expect_tone(700, FRAMES(1000));
    g_autoptr(GArray) sounds = NULL;
    const PlayEvent *ended;

    set_up(&f, data, "mono", 200);
    /* Its beginning is past, but it may not sound before the relays are closed. */
    play_output_place_from(f.output, "a", play_source_tone_new(700, -6000, FRAMES(1000)),
                           f.from_us, MS(600), MS(300), 0, &error);
    g_assert_no_error(error);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "a");
    g_assert_cmpint(ended->position_us, ==, MS(600));
    g_assert_cmpint(ended->frames, ==, FRAMES(300));
    timeline = stop_and_listen(&f, "mono");
    assert_heard(timeline, f.from_us, whole + FRAMES(600), FRAMES(300));
    sounds = test_timeline_sounds(timeline);
    g_assert_cmpuint(sounds->len, ==, 1);
    tear_down(&f);
}

static PlaySource *
open_tones(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);
    g_autoptr(GError) error = NULL;
    PlaySource *source = play_source_file_new(open(path, O_RDONLY | O_CLOEXEC), &error);

    g_assert_no_error(error);
    return source;
}

/* The frames of the file, decoded without a card; the test waits as long as that takes. */
static gint16 *
decode_tones(gint64 n_frames)
{
    g_autoptr(PlaySource) source = open_tones();
    gint16 *frames = g_new0(gint16, (gsize) n_frames);
    gint64 n_done = 0, deadline_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

    g_assert_true(play_source_prepare(source, 0, NULL));
    while (n_done < n_frames) {
        n_done +=
            (gint64) play_source_read(source, frames + n_done, (gsize) (n_frames - n_done));
        g_assert_cmpint(g_get_monotonic_time(), <, deadline_us);
    }
    return frames;
}

static void
test_file_is_exact(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree gint16 *expected = decode_tones(FRAMES(2500));
    const PlayEvent *ended;

    set_up(&f, data, "mono", 200);
    play_output_place(f.output, "file", open_tones(), f.from_us, MS(2500), 0, &error);
    g_assert_no_error(error);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "file");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(ended->frames, ==, FRAMES(2500));
    timeline = stop_and_listen(&f, "mono");
    assert_heard(timeline, f.from_us, expected, FRAMES(2500));
    tear_down(&f);
}

static void
test_file_joins_in_the_middle(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) sounds = NULL;
    const TestSound *last;
    gint64 start_us, change;

    set_up(&f, data, "mono", 200);
    /* 5.5 s into the file: 2000 Hz, and 3000 Hz from 6 s on. */
    start_us = content_clock_monotonic_us(f.clock) - MS(5500);
    play_output_place(f.output, "file", open_tones(), start_us, MS(6500), 0, &error);
    g_assert_no_error(error);
    g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "file")->reason, ==, CONTENT_REASON_NONE);
    timeline = stop_and_listen(&f, "mono");
    sounds = test_timeline_sounds(timeline);
    g_assert_cmpuint(sounds->len, >=, 2);
    /* On a machine that is busy with more than this, the join may stutter before it runs. */
    for (guint i = 0; i + 1 < sounds->len; i++)
        g_assert_cmpuint(g_array_index(sounds, TestSound, i).hz, ==, 2000);
    last = &g_array_index(sounds, TestSound, sounds->len - 1);
    g_assert_cmpuint(last->hz, ==, 3000);
    change = test_timeline_frame(timeline, start_us + MS(6000));
    g_assert_cmpint(ABS(last->from - change), <=, FRAMES(20));
    tear_down(&f);
}

static void
test_damaged_file_is_reported(gconstpointer data)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "make-opus", NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const PlayEvent *ended;

    set_up(&f, data, "mono", 80);
    play_output_place(f.output, "bad", play_source_file_new(fd, &error), f.from_us, MS(300), 0,
                      &error);
    g_assert_no_error(error);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "bad");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_DECODE_FAILED);
    g_assert_cmpint(ended->start_us, ==, 0);
    g_assert_nonnull(find_told(&f, PLAY_EVENT_ENDED, "bad")->detail);
    g_assert_null(find_told(&f, PLAY_EVENT_STARTED, "bad"));
    tear_down(&f);
}

/* A source that gives nothing until it is let go, as a hung disk would. */
typedef struct {
    PlaySource base;
    PlaySource *tone;
    gint *is_let_go; /* atomic */
} LateSource;

static gboolean
late_prepare(PlaySource *source, gint64 position, GError **error)
{
    return play_source_prepare(((LateSource *) source)->tone, position, error);
}

static gboolean
late_is_ready(PlaySource *source)
{
    return g_atomic_int_get(((LateSource *) source)->is_let_go);
}

static gsize
late_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    return late_is_ready(source)
               ? play_source_read(((LateSource *) source)->tone, frames, n_frames)
               : 0;
}

static gint64
late_position(PlaySource *source)
{
    return play_source_position(((LateSource *) source)->tone);
}

static PlaySourceEnd
late_end(PlaySource *source, GError **error)
{
    return play_source_end(((LateSource *) source)->tone, error);
}

static void
late_cancel(PlaySource *source)
{
    play_source_cancel(((LateSource *) source)->tone);
}

static void
late_free(PlaySource *source)
{
    play_source_free(((LateSource *) source)->tone);
    g_free(source);
}

static const PlaySourceClass late_class = {
    .kind = "late",
    .prepare = late_prepare,
    .is_ready = late_is_ready,
    .read = late_read,
    .position = late_position,
    .end = late_end,
    .cancel = late_cancel,
    .free = late_free,
};

static PlaySource *
late_source_new(PlaySource *tone, gint *is_let_go)
{
    LateSource *self = g_new0(LateSource, 1);

    self->base.klass = &late_class;
    self->tone = tone;
    self->is_let_go = is_let_go;
    return &self->base;
}

static void
test_late_source_is_silence_and_a_count(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree gint16 *whole = expect_tone(900, FRAMES(800));
    gint is_let_go = FALSE;
    const PlayEvent *ended;
    gint64 first;

    set_up(&f, data, "mono", 200);
    play_output_place(f.output, "late",
                      late_source_new(play_source_tone_new(900, -6000, FRAMES(800)),
                                      &is_let_go),
                      f.from_us, MS(800), 0, &error);
    g_assert_no_error(error);
    place_tone(&f, "next", 1500, f.from_us + MS(800), MS(100));
    wait_until(&f, f.from_us + MS(300));
    g_atomic_int_set(&is_let_go, TRUE);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "late");
    g_assert_cmpint(ended->silent_us + ended->position_us, >=, MS(300));
    g_assert_cmpint(ended->silent_us + ended->position_us, <, MS(480));
    g_assert_cmpint(ended->frames, <=, FRAMES(500));
    wait_told(&f, PLAY_EVENT_ENDED, "next");
    timeline = stop_and_listen(&f, "mono");
    /* What came late sounds where it belongs, and the next one is on time. */
    first = FRAMES(800) - ended->frames;
    assert_heard(timeline, f.from_us + first * 1000 / 48, whole + first, ended->frames);
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 0);
    tear_down(&f);
}

static void
test_source_that_never_comes(gconstpointer data)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    gint is_let_go = FALSE;
    const PlayEvent *ended;

    set_up(&f, data, "mono", 80);
    play_output_place(f.output, "never",
                      late_source_new(play_source_tone_new(900, -6000, FRAMES(200)),
                                      &is_let_go),
                      f.from_us, MS(200), 0, &error);
    g_assert_no_error(error);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "never");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_LATE_SOURCE);
    g_assert_cmpint(ended->start_us, ==, 0);
    g_assert_cmpint(ended->frames, ==, 0);
    tear_down(&f);
}

static void
test_two_outputs_at_once(gconstpointer data)
{
    Fixture f, g;
    g_autoptr(TestTimeline) left = NULL, right = NULL;
    g_autofree gint16 *low = expect_tone(500, FRAMES(200));
    g_autofree gint16 *high = expect_tone(2000, FRAMES(200));
    gint64 from_us;

    set_up(&f, data, "left", 200);
    set_up(&g, data, "right", 80);
    from_us = g.from_us;
    place_tone(&f, "a", 500, from_us, MS(200));
    place_tone(&g, "a", 2000, from_us, MS(200));
    wait_told(&f, PLAY_EVENT_ENDED, "a");
    wait_told(&g, PLAY_EVENT_ENDED, "a");
    left = stop_and_listen(&f, "left");
    right = stop_and_listen(&g, "right");
    assert_heard(left, from_us, low, FRAMES(200));
    assert_heard(right, from_us, high, FRAMES(200));
    tear_down(&g);
    tear_down(&f);
}

static void
test_refuses_impossible_items(gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why; gint64 start_us, duration_us; gint gain_mdb; } cases[] = {
        { "no duration",             MS(1000),    0,         0    },
        { "a negative duration",     MS(1000),    -1,        0    },
        { "before the machine ran",  -1,          MS(1000),  0    },
        { "beyond all time",         G_MAXINT64,  MS(1000),  0    },
        { "louder than it is",       MS(1000),    MS(1000),  1    },
    };
    /* clang-format on */
    g_autoptr(GError) error = NULL;
    Fixture f;

    set_up(&f, data, "mono", 80);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_false(play_output_place(f.output, "x", play_source_silence_new(10),
                                         cases[i].start_us, cases[i].duration_us,
                                         cases[i].gain_mdb, &error));
        g_assert_error(error, PLAY_OUTPUT_ERROR, PLAY_OUTPUT_ERROR_REFUSED);
        g_clear_error(&error);
    }
    for (guint i = 0; i < PLAY_OUTPUT_MAX_ITEMS; i++) {
        g_autofree char *id = g_strdup_printf("item-%u", i);

        place_tone(&f, id, 500, f.from_us + MS(60000), MS(10));
    }
    g_assert_false(play_output_place(f.output, "one-more", play_source_silence_new(10),
                                     f.from_us, MS(10), 0, &error));
    g_assert_error(error, PLAY_OUTPUT_ERROR, PLAY_OUTPUT_ERROR_REFUSED);
    g_clear_error(&error);
    play_output_cancel(f.output, "item-0", CONTENT_REASON_WITHDRAWN);
    wait_told(&f, PLAY_EVENT_ENDED, "item-0");
    g_assert_false(play_output_place(f.output, "item-1", play_source_silence_new(10), f.from_us,
                                     MS(10), 0, &error));
    g_assert_error(error, PLAY_OUTPUT_ERROR, PLAY_OUTPUT_ERROR_REFUSED);
    tear_down(&f);
}

static void
test_drifting_card_is_followed(gconstpointer data)
{
    const char *const cards[] = {"fast", "slow"};
    Fixture fixtures[2];

    /* 300 ppm for 4 s are 1.2 ms, what 50 ppm are in 24 s. */
    for (gsize i = 0; i < G_N_ELEMENTS(cards); i++) {
        Fixture *f = &fixtures[i];

        set_up(f, data, cards[i], 200);
        place_tone(f, "long", 500, f->from_us, MS(4000));
        place_tone(f, "next", 1000, f->from_us + MS(4000), MS(100));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(cards); i++) {
        Fixture *f = &fixtures[i];
        const PlayEvent *next = wait_told(f, PLAY_EVENT_ENDED, "next");
        gint64 off_us = next->start_us - f->from_us - MS(4000);

        g_test_message("%s: next is %" G_GINT64_FORMAT " us off", cards[i], off_us);
        g_assert_cmpint(ABS(off_us), <, 1000);
        g_assert_cmpint(wait_told(f, PLAY_EVENT_ENDED, "long")->silent_us, ==, 0);
        tear_down(f);
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(TestCards) cards = card_fixture_cards();
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    play_source_file_start(&error);
    g_assert_no_error(error);
    g_test_add_data_func("/player/output/on-time", cards, test_on_time_and_adjacent);
    g_test_add_data_func("/player/output/stereo", cards, test_every_channel_of_a_stereo_card);
    g_test_add_data_func("/player/output/rate", cards, test_another_rate_through_plug);
    g_test_add_data_func("/player/output/gain", cards, test_gain_and_level);
    g_test_add_data_func("/player/output/late-item", cards,
                         test_late_item_joins_at_its_position);
    g_test_add_data_func("/player/output/place-from", cards, test_placed_from_the_middle);
    g_test_add_data_func("/player/output/file", cards, test_file_is_exact);
    g_test_add_data_func("/player/output/file-join", cards, test_file_joins_in_the_middle);
    g_test_add_data_func("/player/output/file-damaged", cards, test_damaged_file_is_reported);
    g_test_add_data_func("/player/output/late-source", cards,
                         test_late_source_is_silence_and_a_count);
    g_test_add_data_func("/player/output/never-source", cards, test_source_that_never_comes);
    g_test_add_data_func("/player/output/two", cards, test_two_outputs_at_once);
    g_test_add_data_func("/player/output/refuses", cards, test_refuses_impossible_items);
    g_test_add_data_func("/player/output/drift", cards, test_drifting_card_is_followed);
    return g_test_run();
}
