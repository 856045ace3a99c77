/* test-stage.c - placed items become one run of frames; no card, no clock, no thread. */
#include "player/output/stage.h"

#include <stdlib.h>
#include <string.h>

#define HISTORY 9600
#define FADE    240

typedef struct {
    PlayStage *stage;
    GString *tape;    /* "+a" started, "-a" ended, in order */
    GPtrArray *ended; /* (element-type PlayItem) */
} Fixture;

static void
on_stage(PlayItem *item, gboolean has_ended, gpointer user_data)
{
    Fixture *fixture = user_data;

    g_string_append_printf(fixture->tape, "%c%s ", has_ended ? '-' : '+', item->id);
    if (has_ended)
        g_ptr_array_add(fixture->ended, item);
}

static void
set_up(Fixture *fixture)
{
    fixture->tape = g_string_new(NULL);
    fixture->ended = g_ptr_array_new_with_free_func((GDestroyNotify) play_item_free);
    fixture->stage = play_stage_new(HISTORY, on_stage, fixture);
}

static void
tear_down(Fixture *fixture)
{
    play_stage_free(fixture->stage);
    g_string_free(fixture->tape, TRUE);
    g_ptr_array_unref(fixture->ended);
}

static void
assert_tape(Fixture *fixture, const char *expected)
{
    g_assert_cmpstr(fixture->tape->str, ==, expected);
    g_string_truncate(fixture->tape, 0);
}

static const PlayItem *
last_ended(Fixture *fixture)
{
    g_assert_cmpuint(fixture->ended->len, >, 0);
    return g_ptr_array_index(fixture->ended, fixture->ended->len - 1);
}

/* A source whose frame n is the number n + 1000: every place is visible. */
typedef struct {
    PlaySource base;
    gint64 position, n_frames, n_available;
    gboolean fails;
} Ramp;

static gboolean
ramp_prepare(PlaySource *source, gint64 position, GError **error)
{
    ((Ramp *) source)->position = position;
    return TRUE;
}

static gboolean
ramp_is_ready(PlaySource *source)
{
    const Ramp *self = (const Ramp *) source;

    return self->position < self->n_available || self->fails;
}

static gsize
ramp_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    Ramp *self = (Ramp *) source;
    gint64 n_left = MAX(MIN(self->n_available, self->n_frames) - self->position, 0);
    gsize n = MIN(n_frames, (gsize) n_left);

    for (gsize i = 0; frames != NULL && i < n; i++)
        frames[i] = (gint16) (1000 + self->position + (gint64) i);
    self->position += (gint64) n;
    return n;
}

static gint64
ramp_position(PlaySource *source)
{
    return ((const Ramp *) source)->position;
}

static PlaySourceEnd
ramp_end(PlaySource *source, GError **error)
{
    const Ramp *self = (const Ramp *) source;

    if (self->position >= self->n_frames)
        return PLAY_SOURCE_FINISHED;
    return self->fails ? PLAY_SOURCE_FAILED : PLAY_SOURCE_GOING;
}

static void
ramp_cancel(PlaySource *source)
{
}

static void
ramp_free(PlaySource *source)
{
    g_free(source);
}

static const PlaySourceClass ramp_class = {
    .kind = "ramp",
    .prepare = ramp_prepare,
    .is_ready = ramp_is_ready,
    .read = ramp_read,
    .position = ramp_position,
    .end = ramp_end,
    .cancel = ramp_cancel,
    .free = ramp_free,
};

/* Planned for [start, start + n_frames); the ramp lives as long as the item. */
static Ramp *
add(Fixture *fixture, const char *id, gint64 start, gint64 n_frames)
{
    PlayItem *item = g_new0(PlayItem, 1);
    Ramp *ramp = g_new0(Ramp, 1);

    ramp->base.klass = &ramp_class;
    ramp->n_frames = ramp->n_available = n_frames;
    item->id = g_strdup(id);
    item->source = &ramp->base;
    item->start = start;
    item->n_frames = n_frames;
    item->gain = 1.0;
    play_stage_add(fixture->stage, item);
    return ramp;
}

static void
assert_ramp(const gint16 *frames, gint64 n_frames, gint64 first)
{
    for (gint64 i = 0; i < n_frames; i++)
        g_assert_cmpint(frames[i], ==, 1000 + first + i);
}

static void
assert_silent(const gint16 *frames, gint64 n_frames)
{
    for (gint64 i = 0; i < n_frames; i++)
        g_assert_cmpint(frames[i], ==, 0);
}

static void
test_items_touch_without_a_gap(void)
{
    Fixture f;
    gint16 frames[1000];

    set_up(&f);
    add(&f, "b", 400, 300);
    add(&f, "a", 100, 300);
    play_stage_render(f.stage, frames, 1000, 0);
    assert_silent(frames, 100);
    assert_ramp(frames + 100, 300, 0);
    assert_ramp(frames + 400, 300, 0);
    assert_silent(frames + 700, 300);
    g_assert_cmpint(play_stage_next_mark(f.stage, 0), ==, 101);
    /* Heard up to the middle of b; frame 450 is at the loudspeaker at 1 s. */
    play_stage_heard(f.stage, 450, G_USEC_PER_SEC);
    assert_tape(&f, "+a -a +b ");
    g_assert_cmpint(last_ended(&f)->start_us, ==, G_USEC_PER_SEC - 350 * 1000 / 48);
    g_assert_cmpint(last_ended(&f)->end_us, ==, G_USEC_PER_SEC - 50 * 1000 / 48);
    g_assert_cmpint(play_item_silent_frames(last_ended(&f)), ==, 0);
    g_assert_true(play_stage_is_sounding(f.stage, 450));
    play_stage_heard(f.stage, 700, 2 * G_USEC_PER_SEC);
    assert_tape(&f, "-b ");
    g_assert_false(play_stage_is_sounding(f.stage, 700));
    tear_down(&f);
}

static void
test_plan_and_source_of_different_length(void)
{
    Fixture f;
    Ramp *ramp;
    gint16 frames[1000];

    set_up(&f);
    ramp = add(&f, "short", 0, 300);
    ramp->n_frames = 100;
    ramp = add(&f, "long", 300, 200);
    ramp->n_frames = ramp->n_available = 5000;
    play_stage_render(f.stage, frames, 1000, 0);
    assert_ramp(frames, 100, 0);
    assert_silent(frames + 100, 200);
    assert_ramp(frames + 300, 200, 0);
    assert_silent(frames + 500, 500);
    play_stage_heard(f.stage, 1000, 0);
    assert_tape(&f, "+short -short +long -long ");
    g_assert_cmpint(((const PlayItem *) f.ended->pdata[0])->missing, ==, 200);
    g_assert_cmpint(last_ended(&f)->missing, ==, 0);
    g_assert_cmpint(last_ended(&f)->n_sounded, ==, 200);
    g_assert_cmpint(last_ended(&f)->reason, ==, CONTENT_REASON_NONE);
    tear_down(&f);
}

static void
test_overlapping_item_joins_later(void)
{
    Fixture f;
    gint16 frames[1000];

    set_up(&f);
    add(&f, "a", 0, 500);
    add(&f, "b", 300, 500);
    add(&f, "hidden", 310, 100);
    play_stage_render(f.stage, frames, 1000, 0);
    assert_ramp(frames, 500, 0);
    assert_ramp(frames + 500, 300, 200);
    play_stage_heard(f.stage, 1000, G_USEC_PER_SEC);
    assert_tape(&f, "+a -a +b -b -hidden ");
    g_assert_cmpint(last_ended(&f)->reason, ==, CONTENT_REASON_DISPLACED);
    g_assert_cmpint(last_ended(&f)->start_us, ==, 0);
    tear_down(&f);
}

static void
test_late_source_catches_up(void)
{
    Fixture f;
    Ramp *ramp;
    gint16 frames[400];

    set_up(&f);
    ramp = add(&f, "a", 100, 1000);
    ramp->n_available = 0;
    play_stage_render(f.stage, frames, 100, 0);
    g_assert_true(play_stage_waits(f.stage));
    play_stage_render(f.stage, frames, 400, 0);
    assert_silent(frames, 400);
    ramp->n_available = 700;
    g_assert_false(play_stage_waits(f.stage));
    play_stage_render(f.stage, frames, 400, 0);
    assert_ramp(frames, 300, 400);
    assert_silent(frames + 300, 100);
    ramp->n_available = 1000;
    play_stage_render(f.stage, frames, 400, 0);
    assert_ramp(frames, 200, 800);
    play_stage_heard(f.stage, play_stage_written(f.stage), G_USEC_PER_SEC);
    assert_tape(&f, "+a -a ");
    g_assert_cmpint(last_ended(&f)->n_sounded, ==, 500);
    g_assert_cmpint(play_item_silent_frames(last_ended(&f)), ==, 500);
    tear_down(&f);
}

static void
test_sources_that_give_nothing(void)
{
    Fixture f;
    Ramp *ramp;
    gint16 frames[1000];

    set_up(&f);
    ramp = add(&f, "fails", 0, 300);
    ramp->n_available = 0;
    ramp->fails = TRUE;
    ramp = add(&f, "never", 400, 300);
    ramp->n_available = 0;
    play_stage_render(f.stage, frames, 1000, 0);
    assert_silent(frames, 1000);
    play_stage_heard(f.stage, 399, 0);
    assert_tape(&f, "-fails ");
    g_assert_cmpint(last_ended(&f)->reason, ==, CONTENT_REASON_DECODE_FAILED);
    play_stage_heard(f.stage, 1000, 0);
    assert_tape(&f, "-never ");
    g_assert_cmpint(last_ended(&f)->reason, ==, CONTENT_REASON_LATE_SOURCE);
    tear_down(&f);
}

static void
test_cut_fades_and_spares_the_others(void)
{
    Fixture f;
    gint16 frames[2000];

    set_up(&f);
    add(&f, "a", 0, 1000);
    add(&f, "b", 1000, 500);
    play_stage_render(f.stage, frames, 1600, 0);
    play_stage_heard(f.stage, 100, 0);
    /* The card gave all back but frames 100 to 300. */
    play_stage_cut(f.stage, "a", 1300, CONTENT_REASON_WITHDRAWN);
    play_stage_recall(f.stage, frames, 1300);
    for (gint i = 0; i < FADE; i++)
        g_assert_cmpint(frames[i], <, 1300 + i);
    g_assert_cmpint(frames[0], >, 1200);
    g_assert_cmpint(frames[FADE - 1], <, 20);
    assert_silent(frames + FADE, 700 - FADE);
    assert_ramp(frames + 700, 500, 0);
    play_stage_heard(f.stage, 1600, G_USEC_PER_SEC);
    assert_tape(&f, "+a -a +b -b ");
    g_assert_cmpint(((PlayItem *) f.ended->pdata[0])->n_sounded, ==, 300 + FADE);
    g_assert_cmpint(((PlayItem *) f.ended->pdata[0])->reason, ==, CONTENT_REASON_WITHDRAWN);
    g_assert_cmpint(play_item_silent_frames(f.ended->pdata[0]), ==, 0);
    g_assert_cmpint(last_ended(&f)->reason, ==, CONTENT_REASON_NONE);
    tear_down(&f);
}

static void
test_cut_in_every_state(void)
{
    Fixture f;
    gint16 frames[1000];

    set_up(&f);
    add(&f, "placed", 5000, 100);
    add(&f, "over", 0, 100);
    add(&f, "sounding", 500, 2000);
    play_stage_render(f.stage, frames, 1000, 0);
    play_stage_heard(f.stage, 400, 0);
    assert_tape(&f, "+over -over ");
    /* Nothing can be taken back: what was rendered is heard, and then it is over. */
    play_stage_cut(f.stage, NULL, 0, CONTENT_REASON_INTERRUPTED);
    assert_tape(&f, "-placed ");
    play_stage_render(f.stage, frames, 1000, 0);
    assert_silent(frames, 1000);
    play_stage_heard(f.stage, 2000, 0);
    assert_tape(&f, "+sounding -sounding ");
    g_assert_cmpint(last_ended(&f)->n_sounded, ==, 500);
    g_assert_cmpint(last_ended(&f)->reason, ==, CONTENT_REASON_INTERRUPTED);
    tear_down(&f);
}

static void
test_step_back_into_silence(void)
{
    Fixture f;
    gint16 frames[1000];

    set_up(&f);
    add(&f, "a", 0, 300);
    play_stage_render(f.stage, frames, 1000, 0);
    g_assert_cmpint(play_stage_silent_back(f.stage, 900), ==, 700);
    g_assert_cmpint(play_stage_silent_back(f.stage, 200), ==, 200);
    play_stage_step_back(f.stage, 600);
    add(&f, "b", 350, 300);
    play_stage_render(f.stage, frames, 300, 0);
    assert_ramp(frames, 250, 50);
    play_stage_heard(f.stage, 700, 0);
    assert_tape(&f, "+a -a +b -b ");
    g_assert_cmpint(last_ended(&f)->joined, ==, 50);
    tear_down(&f);
}

static void
test_jump_passes_items_by(void)
{
    Fixture f;
    gint16 frames[500];

    set_up(&f);
    add(&f, "sounding", 0, 3000);
    add(&f, "passed", 3000, 500);
    add(&f, "next", 3500, 500);
    play_stage_render(f.stage, frames, 500, 0);
    play_stage_heard(f.stage, 300, 0);
    /* The card died with 200 frames unheard and came back much later. */
    play_stage_lose(f.stage, 200);
    play_stage_jump(f.stage, 3600);
    play_stage_heard(f.stage, 500, 0);
    assert_tape(&f, "+sounding -sounding -passed ");
    g_assert_cmpint(((PlayItem *) f.ended->pdata[0])->n_sounded, ==, 300);
    g_assert_cmpint(((PlayItem *) f.ended->pdata[0])->reason, ==, CONTENT_REASON_OUTPUT_FAILED);
    g_assert_cmpint(last_ended(&f)->reason, ==, CONTENT_REASON_OUTPUT_FAILED);
    play_stage_render(f.stage, frames, 500, 0);
    assert_ramp(frames, 400, 100);
    play_stage_heard(f.stage, 1000, 0);
    assert_tape(&f, "+next -next ");
    g_assert_cmpint(last_ended(&f)->joined, ==, 100);
    tear_down(&f);
}

static void
test_lost_before_it_was_heard(void)
{
    Fixture f;
    gint16 frames[500];

    set_up(&f);
    add(&f, "a", 400, 1000);
    play_stage_render(f.stage, frames, 500, 0);
    play_stage_heard(f.stage, 100, 0);
    play_stage_lose(f.stage, 400);
    play_stage_jump(f.stage, 600);
    /* Not a frame was heard: it begins as if it had never been rendered. */
    play_stage_render(f.stage, frames, 500, 0);
    assert_ramp(frames, 500, 200);
    play_stage_render(f.stage, frames, 500, 0);
    play_stage_heard(f.stage, 1500, 0);
    assert_tape(&f, "+a -a ");
    g_assert_cmpint(last_ended(&f)->joined, ==, 200);
    g_assert_cmpint(last_ended(&f)->n_sounded, ==, 800);
    tear_down(&f);
}

static void
test_starts_with_an_offset_after_a_pad(void)
{
    Fixture f;
    gint16 frames[500];
    PlayItem *item = g_new0(PlayItem, 1);
    Ramp *ramp = g_new0(Ramp, 1);

    set_up(&f);
    ramp->base.klass = &ramp_class;
    ramp->n_frames = ramp->n_available = 1000;
    item->id = g_strdup("a");
    item->source = &ramp->base;
    item->start = 100;
    item->offset = 700;
    item->n_frames = 200;
    item->gain = 1.0;
    play_stage_add(f.stage, item);
    /* Silence beside the timetable moves the card's count, not the nominal one. */
    play_stage_pad(f.stage, 50);
    play_stage_render(f.stage, frames, 500, 0);
    assert_silent(frames, 100);
    assert_ramp(frames + 100, 200, 700);
    assert_silent(frames + 300, 200);
    play_stage_heard(f.stage, 350, 0);
    assert_tape(&f, "+a -a ");
    g_assert_cmpint(last_ended(&f)->joined, ==, 700);
    g_assert_cmpint(last_ended(&f)->card_from, ==, 150);
    g_assert_cmpint(play_item_silent_frames(last_ended(&f)), ==, 0);
    tear_down(&f);
}

static void
test_stretch_moves_the_nominal_time(void)
{
    Fixture f;
    gint16 frames[480];

    set_up(&f);
    add(&f, "a", 0, 5000);
    play_stage_render(f.stage, frames, 480, 1);
    g_assert_cmpint(play_stage_next(f.stage), ==, 481);
    play_stage_render(f.stage, frames, 480, -1);
    g_assert_cmpint(play_stage_next(f.stage), ==, 960);
    g_assert_cmpint(play_stage_written(f.stage), ==, 960);
    g_assert_cmpint(frames[479], ==, 1000 + 959);
    tear_down(&f);
}

/* Random placing, cutting and hearing: each item ends exactly once, and nothing is invented. */
static void
test_every_item_ends_once(void)
{
    for (guint32 seed = 0; seed < 200; seed++) {
        GRand *random = g_rand_new_with_seed(seed);
        Fixture f;
        gint64 heard = 0, heard_now;
        gint16 frames[480];

        set_up(&f);
        for (guint step = 0; step < 200; step++) {
            g_autofree char *id = g_strdup_printf("%u", step);
            gint64 n_unheard = play_stage_written(f.stage) - heard;

            g_assert_cmpint(n_unheard, >=, 0);
            if (step % 4 == 0)
                add(&f, id, play_stage_next(f.stage) + g_rand_int_range(random, -900, 3000),
                    g_rand_int_range(random, 1, 2000));
            if (g_rand_int_range(random, 0, 20) == 0)
                play_stage_cut(f.stage, NULL, n_unheard / 2, CONTENT_REASON_WITHDRAWN);
            if (g_rand_int_range(random, 0, 30) == 0)
                play_stage_step_back(f.stage, play_stage_silent_back(f.stage, n_unheard));
            play_stage_render(f.stage, frames, 480, g_rand_int_range(random, -1, 2));
            heard_now = play_stage_written(f.stage) - g_rand_int_range(random, 0, 4800);
            heard = MAX(heard, heard_now);
            play_stage_heard(f.stage, heard, heard);
        }
        play_stage_cut(f.stage, NULL, 0, CONTENT_REASON_WITHDRAWN);
        play_stage_heard(f.stage, play_stage_written(f.stage), 0);
        g_assert_cmpuint(f.ended->len, ==, 50);
        for (guint i = 0; i < f.ended->len; i++) {
            const PlayItem *item = f.ended->pdata[i];

            g_assert_cmpint(item->n_sounded, <=, item->n_frames);
            g_assert_cmpint(item->card_from, <=, item->card_to);
        }
        tear_down(&f);
        g_rand_free(random);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/stage/touch", test_items_touch_without_a_gap);
    g_test_add_func("/player/output/stage/length", test_plan_and_source_of_different_length);
    g_test_add_func("/player/output/stage/overlap", test_overlapping_item_joins_later);
    g_test_add_func("/player/output/stage/late", test_late_source_catches_up);
    g_test_add_func("/player/output/stage/nothing", test_sources_that_give_nothing);
    g_test_add_func("/player/output/stage/cut", test_cut_fades_and_spares_the_others);
    g_test_add_func("/player/output/stage/cut-states", test_cut_in_every_state);
    g_test_add_func("/player/output/stage/step-back", test_step_back_into_silence);
    g_test_add_func("/player/output/stage/jump", test_jump_passes_items_by);
    g_test_add_func("/player/output/stage/lost", test_lost_before_it_was_heard);
    g_test_add_func("/player/output/stage/offset", test_starts_with_an_offset_after_a_pad);
    g_test_add_func("/player/output/stage/stretch", test_stretch_moves_the_nominal_time);
    g_test_add_func("/player/output/stage/random", test_every_item_ends_once);
    return g_test_run();
}
