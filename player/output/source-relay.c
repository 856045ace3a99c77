/* source-relay.c - see source-relay.h */
#include "player/output/source-relay.h"

#include <string.h>

#include "player/output/drift.h"
#include "player/output/level.h"
#include "player/output/source-live.h"

/* One look at the level. */
#define LOOK_FRAMES (PLAY_RATE / 10)
/* Of the live source while the spare sounds: heard, not played. */
#define BLOCK_FRAMES (PLAY_RATE / 100)

typedef struct {
    PlaySource base;
    PlaySource *live;  /* (owned) */
    PlaySource *spare; /* (owned) (nullable) */
    gint64 position;
    gboolean on_spare; /* or would be, if there is none */
    PlayWatch watch;
    PlayLevel level; /* of what came since the last look */
    gint64 n_passed; /* frames since the last look: those that came, and those that did not */
} RelaySource;

static gboolean
relay_prepare(PlaySource *source, gint64 position, GError **error)
{
    RelaySource *self = (RelaySource *) source;

    self->position = MAX(position, 0);
    if (self->spare != NULL && !play_source_prepare(self->spare, 0, error))
        return FALSE;
    return play_source_prepare(self->live, position, error);
}

/* Nobody waits for it: what has not come by its instant is silence. */
static gboolean
relay_is_ready(PlaySource *source)
{
    return TRUE;
}

/* Half a look's frames have to be there, else nothing came. */
static void
look(RelaySource *self)
{
    gboolean has_come = self->level.n_frames >= self->n_passed / 2;

    self->on_spare =
        play_watch_add(&self->watch,
                       play_watch_judge(has_come, play_level_rms_mdb(&self->level)),
                       play_us_of_frames(self->n_passed));
    self->level = (PlayLevel){0};
    self->n_passed = 0;
}

/* From the live source, whether it is to sound or not. */
static gsize
hear(RelaySource *self, gint16 *frames, gsize n_frames)
{
    gsize n_read = play_source_read(self->live, frames, n_frames);

    play_level_add(&self->level, frames, n_read);
    self->n_passed += (gint64) n_frames;
    if (self->n_passed >= LOOK_FRAMES)
        look(self);
    return n_read;
}

static gsize
read_spare(RelaySource *self, gint16 *frames, gsize n_frames)
{
    gint16 unheard[BLOCK_FRAMES];
    gsize n_read;

    for (gsize done = 0; done < n_frames; done += BLOCK_FRAMES)
        hear(self, unheard, MIN(n_frames - done, BLOCK_FRAMES));
    n_read = play_source_read(self->spare, frames, n_frames);
    play_watch_spared(&self->watch, play_us_of_frames((gint64) n_read));
    return n_read;
}

static gsize
relay_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    RelaySource *self = (RelaySource *) source;
    gsize n_read;

    /* Time that passed unplayed: the live source is not behind for that. */
    if (frames == NULL) {
        self->position += (gint64) n_frames;
        return n_frames;
    }
    /* With nothing to sound in its place, whatever comes is heard at once: a speaker who paused
     * for breath, or a quiet announcer. */
    n_read = self->on_spare && self->spare != NULL ? read_spare(self, frames, n_frames)
                                                   : hear(self, frames, n_frames);
    self->position += (gint64) n_read;
    return n_read;
}

static gint64
relay_position(PlaySource *source)
{
    return ((RelaySource *) source)->position;
}

static PlaySourceEnd
relay_end(PlaySource *source, GError **error)
{
    return play_source_live_is_over(((RelaySource *) source)->live) ? PLAY_SOURCE_FINISHED
                                                                    : PLAY_SOURCE_GOING;
}

static void
relay_cancel(PlaySource *source)
{
    RelaySource *self = (RelaySource *) source;

    play_source_cancel(self->live);
    if (self->spare != NULL)
        play_source_cancel(self->spare);
}

static void
relay_free(PlaySource *source)
{
    RelaySource *self = (RelaySource *) source;

    play_source_free(self->live);
    play_source_free(self->spare);
    g_free(self);
}

static const PlaySourceClass relay_class = {
    .kind = "relay",
    .prepare = relay_prepare,
    .is_ready = relay_is_ready,
    .read = relay_read,
    .position = relay_position,
    .end = relay_end,
    .cancel = relay_cancel,
    .free = relay_free,
};

PlaySource *
play_source_relay_new(PlaySource *live, PlaySource *spare)
{
    RelaySource *self = g_new0(RelaySource, 1);

    self->base.klass = &relay_class;
    self->live = live;
    self->spare = spare;
    return &self->base;
}

void
play_source_relay_story(PlaySource *source, PlayWatchStory *story)
{
    *story = (PlayWatchStory){0};
    if (source->klass == &relay_class)
        *story = ((RelaySource *) source)->watch.story;
}
