/* test-output.c - items at their instants on a test card, and the card's faults survived. */
#include "player/output/output.h"

#include "player/output/source-file.h"
#include "tests/support/testcard.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define MS(n)     ((gint64) (n) *1000)
#define FRAMES(n) ((gint64) (n) *PLAY_RATE / 1000)
/* The promise: within 1 ms. */
#define REACH_FRAMES 48
#define LEAD_MS      400

/* What became of the items, in the order in which it was told. */
typedef struct {
    PlayEventKind kind;
    char *id, *detail;
    PlayEvent event;
} Told;

typedef struct {
    TestCards *cards;
    ContentClock *clock;
    PlayOutput *output;
    GPtrArray *told;
    gint64 from_us; /* LEAD_MS after the card began to take sound */
} Fixture;

static void
told_free(gpointer data)
{
    Told *told = data;

    g_free(told->id);
    g_free(told->detail);
    g_free(told);
}

static void
on_event(PlayOutput *output, const PlayEvent *event, gpointer user_data)
{
    Fixture *fixture = user_data;
    Told *told = g_new0(Told, 1);

    told->kind = event->kind;
    told->event = *event;
    told->id = g_strdup(event->id);
    told->detail = g_strdup(event->detail);
    g_ptr_array_add(fixture->told, told);
}

static gboolean
on_deadline(gpointer user_data)
{
    g_error("waited too long for: %s", (const char *) user_data);
    return G_SOURCE_REMOVE;
}

static const PlayEvent *
find_told(Fixture *fixture, PlayEventKind kind, const char *id)
{
    for (guint i = 0; i < fixture->told->len; i++) {
        const Told *told = g_ptr_array_index(fixture->told, i);

        if (told->kind == kind && g_strcmp0(told->id, id) == 0)
            return &told->event;
    }
    return NULL;
}

static const PlayEvent *
wait_told(Fixture *fixture, PlayEventKind kind, const char *id)
{
    guint deadline = g_timeout_add_seconds(10, on_deadline, (gpointer) (id ? id : "the card"));
    const PlayEvent *event;

    while ((event = find_told(fixture, kind, id)) == NULL)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(deadline);
    return event;
}

static gboolean
on_tick(gpointer user_data)
{
    return G_SOURCE_CONTINUE;
}

/* The instant itself is the event waited for: sound goes on meanwhile. */
static void
wait_until(Fixture *fixture, gint64 until_us)
{
    guint tick = g_timeout_add(2, on_tick, NULL);

    while (content_clock_monotonic_us(fixture->clock) < until_us)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(tick);
}

static void
wait_progress(Fixture *fixture, gint64 beyond)
{
    guint tick = g_timeout_add(2, on_tick, NULL);
    guint deadline = g_timeout_add_seconds(10, on_deadline, (gpointer) "progress");

    while (play_output_state(fixture->output).progress_frames <= beyond)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(tick);
    g_source_remove(deadline);
}

static void
set_up(Fixture *fixture, const TestCardSpec *spec, const char *device, guint buffer_ms)
{
    *fixture = (Fixture){0};
    fixture->cards = test_cards_new(NULL, spec, 1);
    fixture->clock = content_clock_system_new();
    fixture->told = g_ptr_array_new_with_free_func(told_free);
    fixture->output = play_output_new(device, buffer_ms, fixture->clock, on_event, fixture);
    wait_progress(fixture, 0);
    fixture->from_us = content_clock_monotonic_us(fixture->clock) + MS(LEAD_MS);
}

static TestTimeline *
stop_and_listen(Fixture *fixture, const char *name)
{
    g_clear_pointer(&fixture->output, play_output_free);
    return test_cards_listen(fixture->cards, name);
}

static void
tear_down(Fixture *fixture)
{
    g_clear_pointer(&fixture->output, play_output_free);
    g_clear_pointer(&fixture->told, g_ptr_array_unref);
    g_clear_pointer(&fixture->clock, content_clock_free);
    g_clear_pointer(&fixture->cards, test_cards_free);
}

static const TestCardSpec mono = {.name = "mono", .channels = 1};

static void
place_tone(Fixture *fixture, const char *id, guint hz, gint64 start_us, gint64 duration_us)
{
    g_autoptr(GError) error = NULL;
    PlaySource *tone =
        play_source_tone_new(hz, -6000, duration_us * PLAY_RATE / G_USEC_PER_SEC);

    play_output_place(fixture->output, id, tone, start_us, duration_us, 0, &error);
    g_assert_no_error(error);
}

static gint16 *
expect_source(PlaySource *source, gint64 n_frames)
{
    gint16 *frames = g_new0(gint16, (gsize) n_frames);

    g_assert_true(play_source_prepare(source, 0, NULL));
    g_assert_cmpint((gint64) play_source_read(source, frames, (gsize) n_frames), ==, n_frames);
    return frames;
}

static gint16 *
expect_tone(guint hz, gint64 n_frames)
{
    g_autoptr(PlaySource) tone = play_source_tone_new(hz, -6000, n_frames);

    return expect_source(tone, n_frames);
}

/* Where, as seen from @at_us, exactly these frames were heard; fails beyond REACH_FRAMES. */
static gint64
find_exact(const TestTimeline *timeline, gint64 at_us, const gint16 *expected, gint64 n_frames)
{
    gint64 at = test_timeline_frame(timeline, at_us), best = 0, best_shift = 0;

    for (gint64 shift = -REACH_FRAMES; shift <= REACH_FRAMES; shift++) {
        gint64 n_equal = test_timeline_equal(timeline, at + shift, expected, n_frames);

        if (n_equal > best) {
            best = n_equal;
            best_shift = shift;
        }
    }
    g_test_message("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " frames, %+" G_GINT64_FORMAT
                   " frames off",
                   best, n_frames, best_shift);
    g_assert_cmpint(best, ==, n_frames);
    return best_shift;
}

static void
test_on_time_and_adjacent(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *first = expect_tone(500, FRAMES(300));
    g_autofree gint16 *second = expect_tone(1000, FRAMES(300));
    g_autofree gint16 *both = g_new(gint16, FRAMES(600));
    const PlayEvent *started, *ended;

    set_up(&f, &mono, "mono", 200);
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
    find_exact(timeline, f.from_us, both, FRAMES(600));
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 0);
    tear_down(&f);
}

static void
test_every_channel_of_a_stereo_card(void)
{
    const TestCardSpec stereo = {.name = "stereo", .channels = 2};
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *expected = expect_tone(1000, FRAMES(100));

    set_up(&f, &stereo, "stereo", 80);
    place_tone(&f, "a", 1000, f.from_us, MS(100));
    wait_told(&f, PLAY_EVENT_ENDED, "a");
    timeline = stop_and_listen(&f, "stereo");
    find_exact(timeline, f.from_us, expected, FRAMES(100));
    g_assert_false(timeline->channels_differ);
    tear_down(&f);
}

static void
test_another_rate_through_plug(void)
{
    const TestCardSpec other = {.name = "other", .channels = 2, .rate = 44100};
    Fixture f;
    const PlayEvent *ended;

    set_up(&f, &other, "other", 200);
    place_tone(&f, "a", 1000, f.from_us, MS(300));
    ended = wait_told(&f, PLAY_EVENT_ENDED, "a");
    g_assert_cmpint(ABS(ended->start_us - f.from_us), <, MS(5));
    g_assert_cmpint(ended->frames, ==, FRAMES(300));
    g_assert_cmpuint(play_output_state(f.output).n_failures, ==, 0);
    tear_down(&f);
}

static void
test_gain_and_level(void)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    const PlayEvent *ended;

    set_up(&f, &mono, "mono", 80);
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
test_late_item_joins_at_its_position(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *whole = expect_tone(700, FRAMES(1000));
    const PlayEvent *ended;
    gint64 start_us, joined;

    set_up(&f, &mono, "mono", 200);
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
    find_exact(timeline, start_us + joined * 1000 / 48, whole + joined, FRAMES(1000) - joined);
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
    gint64 n_done = 0, deadline_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

    g_assert_true(play_source_prepare(source, 0, NULL));
    while (n_done < n_frames) {
        n_done +=
            (gint64) play_source_read(source, frames + n_done, (gsize) (n_frames - n_done));
        g_assert_cmpint(g_get_monotonic_time(), <, deadline_us);
    }
    return frames;
}

static void
test_file_is_exact(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree gint16 *expected = decode_tones(FRAMES(2500));
    const PlayEvent *ended;

    set_up(&f, &mono, "mono", 200);
    play_output_place(f.output, "file", open_tones(), f.from_us, MS(2500), 0, &error);
    g_assert_no_error(error);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "file");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(ended->frames, ==, FRAMES(2500));
    timeline = stop_and_listen(&f, "mono");
    find_exact(timeline, f.from_us, expected, FRAMES(2500));
    tear_down(&f);
}

static void
test_file_joins_in_the_middle(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) sounds = NULL;
    gint64 start_us, change;

    set_up(&f, &mono, "mono", 200);
    /* 5.5 s into the file: 2000 Hz, and 3000 Hz from 6 s on. */
    start_us = content_clock_monotonic_us(f.clock) - MS(5500);
    play_output_place(f.output, "file", open_tones(), start_us, MS(6500), 0, &error);
    g_assert_no_error(error);
    g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "file")->reason, ==, CONTENT_REASON_NONE);
    timeline = stop_and_listen(&f, "mono");
    sounds = test_timeline_sounds(timeline);
    g_assert_cmpuint(sounds->len, ==, 2);
    g_assert_cmpuint(g_array_index(sounds, TestSound, 0).hz, ==, 2000);
    g_assert_cmpuint(g_array_index(sounds, TestSound, 1).hz, ==, 3000);
    change = test_timeline_frame(timeline, start_us + MS(6000));
    g_assert_cmpint(ABS(g_array_index(sounds, TestSound, 1).from - change), <=, FRAMES(20));
    tear_down(&f);
}

static void
test_damaged_file_is_reported(void)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "support", "make-opus", NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const PlayEvent *ended;

    set_up(&f, &mono, "mono", 80);
    play_output_place(f.output, "bad", play_source_file_new(fd, &error), f.from_us, MS(300), 0,
                      &error);
    g_assert_no_error(error);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "bad");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_DECODE_FAILED);
    g_assert_cmpint(ended->start_us, ==, 0);
    g_assert_nonnull(((Told *) g_ptr_array_index(f.told, 0))->detail);
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
test_late_source_is_silence_and_a_count(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree gint16 *whole = expect_tone(900, FRAMES(800));
    gint is_let_go = FALSE;
    const PlayEvent *ended;
    gint64 first;

    set_up(&f, &mono, "mono", 200);
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
    find_exact(timeline, f.from_us + first * 1000 / 48, whole + first, ended->frames);
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 0);
    tear_down(&f);
}

static void
test_source_that_never_comes(void)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    gint is_let_go = FALSE;
    const PlayEvent *ended;

    set_up(&f, &mono, "mono", 80);
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

/* The last loud frame, seen from the call that should have silenced it. */
static gint64
silenced_after_us(const TestTimeline *timeline, gint64 call_us)
{
    gint64 last = timeline->n_frames - 1;

    while (last > 0 && abs(timeline->frames[last]) < 100)
        last--;
    return test_timeline_us(timeline, last) - call_us;
}

static void
check_cancel(const TestCardSpec *spec, const char *device, gint64 within_us)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    const PlayEvent *ended;
    gint64 call_us, after_us;

    set_up(&f, spec, device, 200);
    place_tone(&f, "a", 1000, f.from_us, MS(5000));
    place_tone(&f, "b", 1000, f.from_us + MS(5000), MS(5000));
    wait_until(&f, f.from_us + MS(300));
    play_output_cancel(f.output, "b", CONTENT_REASON_WITHDRAWN);
    call_us = content_clock_monotonic_us(f.clock);
    play_output_cancel(f.output, "a", CONTENT_REASON_WITHDRAWN);
    play_output_cancel(f.output, "unknown", CONTENT_REASON_WITHDRAWN);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "a");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_WITHDRAWN);
    g_assert_cmpint(ABS(ended->frames - FRAMES(315)), <, FRAMES(60));
    g_assert_cmpint(ended->silent_us, ==, 0);
    g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "b")->start_us, ==, 0);
    wait_progress(&f, play_output_state(f.output).progress_frames + FRAMES(300));
    timeline = stop_and_listen(&f, spec->name);
    after_us = silenced_after_us(timeline, call_us);
    g_test_message("silent %" G_GINT64_FORMAT " us after the call", after_us);
    g_assert_cmpint(after_us, <, within_us);
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 0);
    tear_down(&f);
}

static void
test_cancel_within_the_buffer(void)
{
    check_cancel(&mono, "mono", MS(100));
}

static void
test_cancel_without_rewind(void)
{
    const TestCardSpec other = {.name = "other", .channels = 2, .rate = 44100};

    check_cancel(&other, "other", MS(100));
}

static void
test_cancel_leaves_the_next_one_alone(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *next = expect_tone(2000, FRAMES(300));

    set_up(&f, &mono, "mono", 200);
    place_tone(&f, "a", 500, f.from_us, MS(300));
    place_tone(&f, "next", 2000, f.from_us + MS(300), MS(300));
    /* Both are in the card's buffer by now. */
    wait_until(&f, f.from_us + MS(200));
    play_output_cancel(f.output, "a", CONTENT_REASON_WITHDRAWN);
    wait_told(&f, PLAY_EVENT_ENDED, "next");
    g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "a")->reason, ==, CONTENT_REASON_WITHDRAWN);
    timeline = stop_and_listen(&f, "mono");
    find_exact(timeline, f.from_us + MS(300), next, FRAMES(300));
    tear_down(&f);
}

static void
test_interrupt_is_quick(void)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *alert = expect_tone(3000, FRAMES(300));
    PlaySource *source = play_source_tone_new(3000, -6000, FRAMES(300));
    const PlayEvent *started;
    gint64 call_us;

    set_up(&f, &mono, "mono", 200);
    place_tone(&f, "a", 500, f.from_us, MS(2000));
    place_tone(&f, "later", 500, f.from_us + MS(9000), MS(1000));
    wait_until(&f, f.from_us + MS(300));
    g_assert_true(play_source_prepare(source, 0, &error));
    call_us = content_clock_monotonic_us(f.clock);
    play_output_interrupt(f.output, "alert", source, MS(300), 0, &error);
    g_assert_no_error(error);
    started = wait_told(&f, PLAY_EVENT_STARTED, "alert");
    g_test_message("alert after %" G_GINT64_FORMAT " us", started->start_us - call_us);
    /* 20 ms are the promise on an idle machine; the test suite shares it. */
    g_assert_cmpint(started->start_us - call_us, <, MS(60));
    g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "a")->reason, ==,
                    CONTENT_REASON_INTERRUPTED);
    g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "later")->reason, ==,
                    CONTENT_REASON_INTERRUPTED);
    wait_told(&f, PLAY_EVENT_ENDED, "alert");
    timeline = stop_and_listen(&f, "mono");
    find_exact(timeline, started->start_us, alert, FRAMES(300));
    tear_down(&f);
}

static void
test_starved_card_goes_on(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *whole = expect_tone(800, FRAMES(2000));
    const PlayEvent *ended;

    set_up(&f, &mono, "mono", 200);
    place_tone(&f, "a", 800, f.from_us, MS(2000));
    wait_until(&f, f.from_us + MS(500));
    test_cards_set_fault(f.cards, "mono", "xrun");
    ended = wait_told(&f, PLAY_EVENT_ENDED, "a");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(ended->silent_us, >, 0);
    g_assert_cmpint(ended->silent_us, <, MS(400));
    g_assert_cmpuint(play_output_state(f.output).n_starved, ==, 1);
    g_assert_null(find_told(&f, PLAY_EVENT_FAILED, NULL));
    timeline = stop_and_listen(&f, "mono");
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 1);
    /* Back on the wall clock: the last second sounds where it would have without the fault. */
    find_exact(timeline, f.from_us + MS(1500), whole + FRAMES(1500), FRAMES(500));
    tear_down(&f);
}

static void
test_unplugged_and_back(void)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *whole = expect_tone(800, FRAMES(4000));
    const PlayEvent *ended, *failed;

    set_up(&f, &mono, "mono", 200);
    place_tone(&f, "missed", 800, f.from_us + MS(600), MS(100));
    place_tone(&f, "a", 800, f.from_us + MS(700), MS(4000));
    wait_until(&f, f.from_us + MS(300));
    test_cards_set_fault(f.cards, "mono", "unplugged");
    failed = wait_told(&f, PLAY_EVENT_FAILED, NULL);
    g_assert_nonnull(failed);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "missed");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_OUTPUT_FAILED);
    g_assert_cmpint(ended->frames, ==, 0);
    g_assert_false(play_output_state(f.output).is_open);
    test_cards_set_fault(f.cards, "mono", NULL);
    wait_told(&f, PLAY_EVENT_RECOVERED, NULL);
    ended = wait_told(&f, PLAY_EVENT_ENDED, "a");
    g_assert_cmpint(ended->reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(ended->position_us, >, 0);
    timeline = stop_and_listen(&f, "mono");
    find_exact(timeline, f.from_us + MS(3700), whole + FRAMES(3000), FRAMES(900));
    tear_down(&f);
}

static void
test_stalled_clock_is_noticed(void)
{
    Fixture f;
    gint64 stalled_us;

    set_up(&f, &mono, "mono", 200);
    test_cards_set_fault(f.cards, "mono", "stall");
    stalled_us = content_clock_monotonic_us(f.clock);
    wait_told(&f, PLAY_EVENT_FAILED, NULL);
    g_assert_cmpint(content_clock_monotonic_us(f.clock) - stalled_us, <, MS(2500));
    g_assert_cmpstr(strstr(((Told *) g_ptr_array_index(f.told, 0))->detail, "stood still"), !=,
                    NULL);
    test_cards_set_fault(f.cards, "mono", NULL);
    wait_told(&f, PLAY_EVENT_RECOVERED, NULL);
    tear_down(&f);
}

static void
test_busy_card_is_waited_for(void)
{
    Fixture f, second;

    set_up(&f, &mono, "mono", 80);
    second = f;
    second.told = g_ptr_array_new_with_free_func(told_free);
    second.output = play_output_new("mono", 80, f.clock, on_event, &second);
    wait_told(&second, PLAY_EVENT_FAILED, NULL);
    g_clear_pointer(&f.output, play_output_free);
    wait_told(&second, PLAY_EVENT_RECOVERED, NULL);
    g_clear_pointer(&second.output, play_output_free);
    g_ptr_array_unref(second.told);
    tear_down(&f);
}

static void
test_drifting_card_is_followed(void)
{
    const struct {
        const char *why;
        gint ppm;
    } cases[] = {
        {"a card that runs fast", 300},
        {"a card that runs slow", -300},
    };

    /* 300 ppm for 4 s are 1.2 ms, what 50 ppm are in 24 s. */
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const TestCardSpec spec = {.name = "mono", .channels = 1, .ppm = cases[i].ppm};
        Fixture f;
        const PlayEvent *next;

        g_test_message("%s", cases[i].why);
        set_up(&f, &spec, "mono", 200);
        place_tone(&f, "long", 500, f.from_us, MS(4000));
        place_tone(&f, "next", 1000, f.from_us + MS(4000), MS(100));
        next = wait_told(&f, PLAY_EVENT_ENDED, "next");
        g_test_message("next is %" G_GINT64_FORMAT " us off",
                       next->start_us - f.from_us - MS(4000));
        g_assert_cmpint(ABS(next->start_us - f.from_us - MS(4000)), <, 1000);
        g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "long")->silent_us, ==, 0);
        tear_down(&f);
    }
}

static void
test_two_outputs_at_once(void)
{
    const TestCardSpec specs[] = {
        {.name = "left", .channels = 1},
        {.name = "right", .channels = 1},
    };
    Fixture f = {0}, g;
    g_autoptr(TestTimeline) left = NULL, right = NULL;
    g_autofree gint16 *low = expect_tone(500, FRAMES(200));
    g_autofree gint16 *high = expect_tone(2000, FRAMES(200));
    gint64 from_us;

    f.cards = test_cards_new(NULL, specs, 2);
    f.clock = content_clock_system_new();
    f.told = g_ptr_array_new_with_free_func(told_free);
    g = f;
    g.told = g_ptr_array_new_with_free_func(told_free);
    f.output = play_output_new("left", 200, f.clock, on_event, &f);
    g.output = play_output_new("right", 80, g.clock, on_event, &g);
    wait_progress(&f, 0);
    wait_progress(&g, 0);
    from_us = content_clock_monotonic_us(f.clock) + MS(LEAD_MS);
    place_tone(&f, "a", 500, from_us, MS(200));
    place_tone(&g, "a", 2000, from_us, MS(200));
    wait_told(&f, PLAY_EVENT_ENDED, "a");
    wait_told(&g, PLAY_EVENT_ENDED, "a");
    left = stop_and_listen(&f, "left");
    right = stop_and_listen(&g, "right");
    find_exact(left, from_us, low, FRAMES(200));
    find_exact(right, from_us, high, FRAMES(200));
    g_ptr_array_unref(g.told);
    tear_down(&f);
}

static void
test_refuses_impossible_items(void)
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

    set_up(&f, &mono, "mono", 80);
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

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    play_source_file_start(&error);
    g_assert_no_error(error);
    g_test_add_func("/player/output/on-time", test_on_time_and_adjacent);
    g_test_add_func("/player/output/stereo", test_every_channel_of_a_stereo_card);
    g_test_add_func("/player/output/rate", test_another_rate_through_plug);
    g_test_add_func("/player/output/gain", test_gain_and_level);
    g_test_add_func("/player/output/late-item", test_late_item_joins_at_its_position);
    g_test_add_func("/player/output/file", test_file_is_exact);
    g_test_add_func("/player/output/file-join", test_file_joins_in_the_middle);
    g_test_add_func("/player/output/file-damaged", test_damaged_file_is_reported);
    g_test_add_func("/player/output/late-source", test_late_source_is_silence_and_a_count);
    g_test_add_func("/player/output/never-source", test_source_that_never_comes);
    g_test_add_func("/player/output/cancel", test_cancel_within_the_buffer);
    g_test_add_func("/player/output/cancel-no-rewind", test_cancel_without_rewind);
    g_test_add_func("/player/output/cancel-next", test_cancel_leaves_the_next_one_alone);
    g_test_add_func("/player/output/interrupt", test_interrupt_is_quick);
    g_test_add_func("/player/output/starved", test_starved_card_goes_on);
    g_test_add_func("/player/output/unplugged", test_unplugged_and_back);
    g_test_add_func("/player/output/stalled", test_stalled_clock_is_noticed);
    g_test_add_func("/player/output/busy", test_busy_card_is_waited_for);
    g_test_add_func("/player/output/drift", test_drifting_card_is_followed);
    g_test_add_func("/player/output/two", test_two_outputs_at_once);
    g_test_add_func("/player/output/refuses", test_refuses_impossible_items);
    return g_test_run();
}
