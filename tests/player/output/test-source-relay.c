/* test-source-relay.c - whose frames sound while a live source speaks, is silent, or is gone.
 */
#include "player/output/source-relay.h"

#include "player/output/drift.h"

#define BLOCK_FRAMES (PLAY_RATE / 100)
#define LIVE_HZ      500
#define SPARE_HZ     2000

/* A live source that does as it is told. */
typedef struct {
    PlaySource base;
    PlayWatchHeard says;
    gint64 position;
    gboolean is_cancelled, *was_freed;
} Scripted;

static gboolean
scripted_prepare(PlaySource *source, gint64 position, GError **error)
{
    ((Scripted *) source)->position = position;
    return TRUE;
}

static gboolean
scripted_is_ready(PlaySource *source)
{
    return TRUE;
}

static gsize
scripted_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    Scripted *self = (Scripted *) source;

    g_assert_nonnull(frames);
    if (self->says == PLAY_WATCH_ABSENT)
        return 0;
    for (gsize i = 0; i < n_frames; i++)
        frames[i] = self->says == PLAY_WATCH_SOUND ? (i / 48 % 2 == 0 ? 8000 : -8000) : 3;
    self->position += (gint64) n_frames;
    return n_frames;
}

static gint64
scripted_position(PlaySource *source)
{
    return ((Scripted *) source)->position;
}

static PlaySourceEnd
scripted_end(PlaySource *source, GError **error)
{
    return PLAY_SOURCE_GOING;
}

static void
scripted_cancel(PlaySource *source)
{
    ((Scripted *) source)->is_cancelled = TRUE;
}

static void
scripted_free(PlaySource *source)
{
    *((Scripted *) source)->was_freed = ((Scripted *) source)->is_cancelled;
    g_free(source);
}

static const PlaySourceClass scripted_class = {
    .kind = "scripted",
    .prepare = scripted_prepare,
    .is_ready = scripted_is_ready,
    .read = scripted_read,
    .position = scripted_position,
    .end = scripted_end,
    .cancel = scripted_cancel,
    .free = scripted_free,
};

typedef struct {
    Scripted *live;
    PlaySource *relay;
    gboolean was_freed;
    gint64 n_live, n_spare, n_silent; /* blocks since last asked */
} Fixture;

static void
set_up(Fixture *f, gint64 spare_s)
{
    *f = (Fixture){0};
    f->live = g_new0(Scripted, 1);
    f->live->base.klass = &scripted_class;
    f->live->was_freed = &f->was_freed;
    f->relay = play_source_relay_new(
        &f->live->base,
        spare_s == 0 ? NULL : play_source_tone_new(SPARE_HZ, -6000, spare_s * PLAY_RATE));
    g_assert_true(play_source_prepare(f->relay, 0, NULL));
}

static void
tear_down(Fixture *f)
{
    play_source_free(f->relay);
    g_assert_true(f->was_freed);
}

/* Plays @tenths of a second as the stage does, and counts whose blocks sounded. */
static void
play(Fixture *f, PlayWatchHeard says, gint64 tenths)
{
    f->live->says = says;
    f->n_live = f->n_spare = f->n_silent = 0;
    for (gint64 i = 0; i < tenths * 10; i++) {
        gint16 frames[BLOCK_FRAMES] = {0};
        gint64 at = play_source_position(f->relay);
        gsize n = play_source_read(f->relay, frames, BLOCK_FRAMES);

        g_assert_cmpint(play_source_end(f->relay, NULL), ==, PLAY_SOURCE_GOING);
        if (n < BLOCK_FRAMES)
            play_source_read(f->relay, NULL, BLOCK_FRAMES - n);
        g_assert_cmpint(play_source_position(f->relay), ==, at + BLOCK_FRAMES);
        if (n == 0 || says == PLAY_WATCH_QUIET)
            f->n_silent += n == 0 || ABS(frames[6]) <= 3;
        if (n > 0 && ABS(frames[6]) == 8000)
            f->n_live++;
        else if (n > 0 && ABS(frames[6]) > 3)
            f->n_spare++;
    }
}

static void
test_spare_and_back(void)
{
    Fixture f;
    PlayWatchStory story;

    set_up(&f, 60);
    play(&f, PLAY_WATCH_SOUND, 30);
    g_assert_cmpint(f.n_live, ==, 300);
    play(&f, PLAY_WATCH_ABSENT, 100);
    g_assert_cmpint(f.n_silent, ==, 1000);
    play(&f, PLAY_WATCH_ABSENT, 50);
    g_assert_cmpint(f.n_spare, >, 490);
    play(&f, PLAY_WATCH_SOUND, 20);
    g_assert_cmpint(f.n_spare, >, 190);
    play(&f, PLAY_WATCH_SOUND, 10);
    g_assert_cmpint(f.n_live, ==, 100);
    play_source_relay_story(f.relay, &story);
    g_assert_cmpint(story.gone_us, ==, 15 * G_USEC_PER_SEC);
    g_assert_cmpint(story.silent_us, ==, 0);
    g_assert_cmpint(story.spare_us, ==, 7 * G_USEC_PER_SEC);
    tear_down(&f);
}

static void
test_silence_that_comes(void)
{
    Fixture f;
    PlayWatchStory story;

    set_up(&f, 5);
    play(&f, PLAY_WATCH_QUIET, 100);
    g_assert_cmpint(f.n_silent, ==, 1000);
    play(&f, PLAY_WATCH_QUIET, 80);
    /* The spare is 5 s long and sounds once. */
    g_assert_cmpint(f.n_spare, >, 490);
    g_assert_cmpint(f.n_spare, <=, 500);
    play_source_relay_story(f.relay, &story);
    g_assert_cmpint(story.silent_us, ==, 18 * G_USEC_PER_SEC);
    g_assert_cmpint(story.spare_us, ==, 5 * G_USEC_PER_SEC);
    tear_down(&f);
}

static void
test_no_spare(void)
{
    Fixture f;
    PlayWatchStory story;

    set_up(&f, 0);
    play(&f, PLAY_WATCH_ABSENT, 150);
    g_assert_cmpint(f.n_silent, ==, 1500);
    /* Nothing sounds in its place: its first word after that is heard. */
    play(&f, PLAY_WATCH_SOUND, 30);
    g_assert_cmpint(f.n_live, ==, 300);
    play(&f, PLAY_WATCH_QUIET, 110);
    play(&f, PLAY_WATCH_SOUND, 10);
    g_assert_cmpint(f.n_live, ==, 100);
    play_source_relay_story(f.relay, &story);
    g_assert_cmpint(story.gone_us, ==, 15 * G_USEC_PER_SEC);
    g_assert_cmpint(story.silent_us, ==, 11 * G_USEC_PER_SEC);
    g_assert_cmpint(story.spare_us, ==, 0);
    tear_down(&f);
}

static void
test_story_of_others(void)
{
    g_autoptr(PlaySource) tone = play_source_tone_new(LIVE_HZ, 0, 10);
    PlayWatchStory story = {1, 1, 1};

    play_source_relay_story(tone, &story);
    g_assert_cmpint(story.silent_us + story.gone_us + story.spare_us, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/source-relay/spare-and-back", test_spare_and_back);
    g_test_add_func("/player/output/source-relay/silence-that-comes", test_silence_that_comes);
    g_test_add_func("/player/output/source-relay/no-spare", test_no_spare);
    g_test_add_func("/player/output/source-relay/story-of-others", test_story_of_others);
    return g_test_run();
}
