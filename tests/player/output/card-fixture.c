/* card-fixture.c - see card-fixture.h */
#include "tests/player/output/card-fixture.h"

/* The promise: within 1 ms. */
#define REACH_FRAMES 48
#define LEAD_MS      400
#define TICK_MS      2
#define DEADLINE_S   60

TestCards *
card_fixture_cards(void)
{
    /* clang-format off */
    static const TestCardSpec specs[] = {
        { .name = "mono",   .channels = 1 },
        { .name = "left",   .channels = 1 },
        { .name = "right",  .channels = 1 },
        { .name = "stereo", .channels = 2 },
        { .name = "other",  .channels = 2, .rate = 44100 },
        { .name = "fast",   .channels = 1, .ppm = 300 },
        { .name = "slow",   .channels = 1, .ppm = -300 },
    };
    /* clang-format on */

    return test_cards_new(NULL, specs, G_N_ELEMENTS(specs));
}

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

void
begin_output(Fixture *fixture, gconstpointer cards, const char *card, guint buffer_ms)
{
    *fixture = (Fixture){.cards = (TestCards *) cards};
    fixture->clock = content_clock_system_new();
    fixture->told = g_ptr_array_new_with_free_func(told_free);
    fixture->output = play_output_new(card, buffer_ms, fixture->clock, on_event, fixture);
}

void
set_up(Fixture *fixture, gconstpointer cards, const char *card, guint buffer_ms)
{
    test_cards_forget((TestCards *) cards, card);
    begin_output(fixture, cards, card, buffer_ms);
    wait_progress(fixture, 0);
    fixture->from_us = content_clock_monotonic_us(fixture->clock) + MS(LEAD_MS);
}

void
tear_down(Fixture *fixture)
{
    g_clear_pointer(&fixture->output, play_output_free);
    g_clear_pointer(&fixture->told, g_ptr_array_unref);
    g_clear_pointer(&fixture->clock, content_clock_free);
}

TestTimeline *
stop_and_listen(Fixture *fixture, const char *card)
{
    g_clear_pointer(&fixture->output, play_output_free);
    return test_cards_listen(fixture->cards, card);
}

static gboolean
on_deadline(gpointer user_data)
{
    g_error("waited too long for: %s", (const char *) user_data);
    return G_SOURCE_REMOVE;
}

static gboolean
on_tick(gpointer user_data)
{
    return G_SOURCE_CONTINUE;
}

const Told *
find_told(Fixture *fixture, PlayEventKind kind, const char *id)
{
    for (guint i = 0; i < fixture->told->len; i++) {
        const Told *told = g_ptr_array_index(fixture->told, i);

        if (told->kind == kind && g_strcmp0(told->id, id) == 0)
            return told;
    }
    return NULL;
}

const PlayEvent *
wait_told(Fixture *fixture, PlayEventKind kind, const char *id)
{
    guint deadline = g_timeout_add_seconds(DEADLINE_S, on_deadline,
                                           (gpointer) (id == NULL ? "the card" : id));
    const Told *told;

    while ((told = find_told(fixture, kind, id)) == NULL)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(deadline);
    return &told->event;
}

void
wait_until(Fixture *fixture, gint64 until_us)
{
    guint tick = g_timeout_add(TICK_MS, on_tick, NULL);

    while (content_clock_monotonic_us(fixture->clock) < until_us)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(tick);
}

void
wait_progress(Fixture *fixture, gint64 beyond)
{
    guint tick = g_timeout_add(TICK_MS, on_tick, NULL);
    guint deadline = g_timeout_add_seconds(DEADLINE_S, on_deadline, (gpointer) "progress");

    while (play_output_state(fixture->output).progress_frames <= beyond)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(tick);
    g_source_remove(deadline);
}

static PlaySource *
tone_new(guint hz, gint64 n_frames)
{
    return play_source_tone_new(hz, -6000, n_frames);
}

void
place_tone(Fixture *fixture, const char *id, guint hz, gint64 start_us, gint64 duration_us)
{
    g_autoptr(GError) error = NULL;

    play_output_place(fixture->output, id, tone_new(hz, duration_us * 48 / 1000), start_us,
                      duration_us, 0, &error);
    g_assert_no_error(error);
}

gint16 *
expect_tone(guint hz, gint64 n_frames)
{
    g_autoptr(PlaySource) tone = tone_new(hz, n_frames);
    gint16 *frames = g_new0(gint16, (gsize) n_frames);

    g_assert_true(play_source_prepare(tone, 0, NULL));
    g_assert_cmpuint(play_source_read(tone, frames, (gsize) n_frames), ==, (gsize) n_frames);
    return frames;
}

void
assert_heard(const TestTimeline *timeline, gint64 at_us, const gint16 *expected,
             gint64 n_frames)
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
}
