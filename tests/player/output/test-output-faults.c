/* test-output-faults.c - what is cancelled falls silent, and the card's faults are survived. */
#include "player/output/output.h"

#include "player/output/source-file.h"
#include "tests/player/output/card-fixture.h"

#include <stdlib.h>
#include <string.h>

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
check_cancel(gconstpointer data, const char *name, gint64 within_us)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    const PlayEvent *ended;
    gint64 call_us, after_us;

    set_up(&f, data, name, 200);
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
    timeline = stop_and_listen(&f, name);
    after_us = silenced_after_us(timeline, call_us);
    g_test_message("silent %" G_GINT64_FORMAT " us after the call", after_us);
    g_assert_cmpint(after_us, <, within_us);
    g_assert_cmpuint(test_timeline_count(timeline, "xrun"), ==, 0);
    tear_down(&f);
}

static void
test_cancel_within_the_buffer(gconstpointer data)
{
    check_cancel(data, "mono", MS(100));
}

static void
test_cancel_without_rewind(gconstpointer data)
{

    check_cancel(data, "other", MS(100));
}

static void
test_cancel_leaves_the_next_one_alone(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *next = expect_tone(2000, FRAMES(300));

    set_up(&f, data, "mono", 200);
    place_tone(&f, "a", 500, f.from_us, MS(300));
    place_tone(&f, "next", 2000, f.from_us + MS(300), MS(300));
    /* Both are in the card's buffer by now. */
    wait_until(&f, f.from_us + MS(200));
    play_output_cancel(f.output, "a", CONTENT_REASON_WITHDRAWN);
    wait_told(&f, PLAY_EVENT_ENDED, "next");
    g_assert_cmpint(wait_told(&f, PLAY_EVENT_ENDED, "a")->reason, ==, CONTENT_REASON_WITHDRAWN);
    timeline = stop_and_listen(&f, "mono");
    assert_heard(timeline, f.from_us + MS(300), next, FRAMES(300));
    tear_down(&f);
}

static void
test_interrupt_is_quick(gconstpointer data)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *alert = expect_tone(3000, FRAMES(300));
    PlaySource *source = play_source_tone_new(3000, -6000, FRAMES(300));
    const PlayEvent *started;
    gint64 call_us;

    set_up(&f, data, "mono", 200);
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
    assert_heard(timeline, started->start_us, alert, FRAMES(300));
    tear_down(&f);
}

static void
test_starved_card_goes_on(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *whole = expect_tone(800, FRAMES(2000));
    const PlayEvent *ended;

    set_up(&f, data, "mono", 200);
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
    assert_heard(timeline, f.from_us + MS(1500), whole + FRAMES(1500), FRAMES(500));
    tear_down(&f);
}

static void
test_unplugged_and_back(gconstpointer data)
{
    Fixture f;
    g_autoptr(TestTimeline) timeline = NULL;
    g_autofree gint16 *whole = expect_tone(800, FRAMES(4000));
    const PlayEvent *ended, *failed;

    set_up(&f, data, "mono", 200);
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
    assert_heard(timeline, f.from_us + MS(3700), whole + FRAMES(3000), FRAMES(900));
    tear_down(&f);
}

static void
test_stalled_clock_is_noticed(gconstpointer data)
{
    Fixture f;
    gint64 stalled_us;
    PlayOutputState state;
    g_autoptr(TestTimeline) timeline = NULL;

    set_up(&f, data, "mono", 200);
    test_cards_set_fault(f.cards, "mono", "stall");
    stalled_us = content_clock_monotonic_us(f.clock);
    wait_told(&f, PLAY_EVENT_FAILED, NULL);
    g_assert_cmpint(content_clock_monotonic_us(f.clock) - stalled_us, <, MS(2500));
    g_assert_cmpstr(strstr(find_told(&f, PLAY_EVENT_FAILED, NULL)->detail, "stood still"), !=,
                    NULL);
    /* What left is claimed until the standstill, and no longer. */
    state = play_output_state(f.output);
    timeline = test_cards_listen(f.cards, "mono");
    stalled_us = test_timeline_event_us(timeline, "stall");
    g_assert_cmpint(state.progress_us, <=, stalled_us + MS(2));
    g_assert_cmpint(state.progress_us, >=, stalled_us - MS(500));
    test_cards_set_fault(f.cards, "mono", NULL);
    wait_told(&f, PLAY_EVENT_RECOVERED, NULL);
    tear_down(&f);
}

static void
test_busy_card_is_waited_for(gconstpointer data)
{
    Fixture f, second;

    set_up(&f, data, "mono", 80);
    begin_output(&second, data, "mono", 80);
    wait_told(&second, PLAY_EVENT_FAILED, NULL);
    g_clear_pointer(&f.output, play_output_free);
    wait_told(&second, PLAY_EVENT_RECOVERED, NULL);
    tear_down(&second);
    tear_down(&f);
}

int
main(int argc, char **argv)
{
    g_autoptr(TestCards) cards = card_fixture_cards();
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    play_source_file_start(&error);
    g_assert_no_error(error);
    g_test_add_data_func("/player/output-faults/cancel", cards, test_cancel_within_the_buffer);
    g_test_add_data_func("/player/output-faults/cancel-no-rewind", cards,
                         test_cancel_without_rewind);
    g_test_add_data_func("/player/output-faults/cancel-next", cards,
                         test_cancel_leaves_the_next_one_alone);
    g_test_add_data_func("/player/output-faults/interrupt", cards, test_interrupt_is_quick);
    g_test_add_data_func("/player/output-faults/starved", cards, test_starved_card_goes_on);
    g_test_add_data_func("/player/output-faults/unplugged", cards, test_unplugged_and_back);
    g_test_add_data_func("/player/output-faults/stalled", cards, test_stalled_clock_is_noticed);
    g_test_add_data_func("/player/output-faults/busy", cards, test_busy_card_is_waited_for);
    return g_test_run();
}
