/*
 * source-live.c - see source-live.h
 *
 * The structure is counted: its thread may outlive the caller's interest by up to a second.
 */
#include "player/output/source-live.h"

#include "player/output/drift.h"
#include "player/output/ring.h"

#include <math.h>
#include <string.h>

/* 10.9 s and 1 MB: what a stream server sends at once when somebody comes. */
#define RING_FRAMES (1u << 19)
/* Above this it is too far behind to be mended by stretching. */
#define FULL_FRAMES (RING_FRAMES / 4 * 3)
/* The taker comes in strides of up to a card's buffer, so only the mean of seconds counts. */
#define MEAN_OF_FRAMES (5.0 * PLAY_RATE)
/* How often a far end that is held back looks for room. */
#define ROOM_US (50 * G_GINT64_CONSTANT(1000))
/* Stretching begins when the mean is off by this part of what is held. */
#define SLACK_DIVISOR 4
/* Blocks in which one frame more or less cannot be heard. */
#define STRETCH_LEAST_FRAMES 240
#define BLOCK_MAX_FRAMES     4800

struct PlayLive {
    PlaySource base;
    gatomicrefcount n_refs;
    const PlayBringer *bringer;
    gpointer self; /* (owned): of the bringer */
    PlayRing *ring;
    gboolean is_prepared; /* of the owner thread */

    GMutex lock;
    GCond cancelled;
    gboolean is_cancelled; /* under `lock` */
    char *words;           /* (owned) (nullable): under `lock` */
    gint64 n_given;        /* frames since the bringer was called; of its thread */
    guint n_came;          /* frames ever, modulo 2^32; atomic */
    gint has_ended;        /* atomic: no more will be given */
    gint is_held;          /* atomic: the bringer waits for room */

    /* The reader's, that is the writer thread's. */
    gint64 position;
    gint64 hold_frames;
    gint64 keep_frames;   /* at least hold_frames */
    gboolean is_sounding; /* the ring was as full as it should be, and has not run dry since */
    gboolean was_awaited; /* it was to sound once, and there was too little */
    gdouble mean_fill;
};

static void
live_unref(PlayLive *self)
{
    if (!g_atomic_ref_count_dec(&self->n_refs))
        return;
    self->bringer->free(self->self);
    play_ring_free(self->ring);
    g_mutex_clear(&self->lock);
    g_cond_clear(&self->cancelled);
    g_free(self->words);
    g_free(self);
}

/* ---- the thread that brings ---- */

gboolean
play_live_is_wanted(PlayLive *self)
{
    gboolean is_wanted;

    g_mutex_lock(&self->lock);
    is_wanted = !self->is_cancelled;
    g_mutex_unlock(&self->lock);
    return is_wanted;
}

void
play_live_give(PlayLive *self, const gint16 *frames, gsize n_frames)
{
    play_ring_give(self->ring, frames, (guint) MIN(n_frames, RING_FRAMES));
    self->n_given += (gint64) n_frames;
    g_atomic_int_add(&self->n_came, (gint) n_frames);
}

void
play_live_end(PlayLive *self)
{
    g_atomic_int_set(&self->has_ended, TRUE);
}

void
play_live_wait_us(PlayLive *self, gint64 span_us)
{
    gint64 until_us = g_get_monotonic_time() + span_us;

    g_mutex_lock(&self->lock);
    while (!self->is_cancelled && g_cond_wait_until(&self->cancelled, &self->lock, until_us))
        continue;
    g_mutex_unlock(&self->lock);
}

void
play_live_wait_for_room(PlayLive *self)
{
    while (play_ring_fill(self->ring) > 2 * (guint) self->hold_frames &&
           play_live_is_wanted(self)) {
        g_atomic_int_set(&self->is_held, TRUE);
        play_live_wait_us(self, ROOM_US);
    }
    g_atomic_int_set(&self->is_held, FALSE);
}

static void
note_end(PlayLive *self, const GError *error)
{
    g_mutex_lock(&self->lock);
    g_free(self->words);
    self->words = g_strdup(error == NULL ? "it broke off" : error->message);
    g_mutex_unlock(&self->lock);
}

static gpointer
bring_on(gpointer data)
{
    PlayLive *self = data;
    gint64 back_off_us = PLAY_LIVE_BACK_OFF_US;

    while (play_live_is_wanted(self)) {
        g_autoptr(GError) error = NULL;

        self->n_given = 0;
        self->bringer->bring(self->self, self, &error);
        if (!play_live_is_wanted(self))
            break;
        note_end(self, error);
        if (play_us_of_frames(self->n_given) >= PLAY_LIVE_STEADY_US)
            back_off_us = PLAY_LIVE_BACK_OFF_US;
        /* Not all stations that lost one server come back to it at the same instant. */
        play_live_wait_us(self,
                          (gint64) ((gdouble) back_off_us * g_random_double_range(0.75, 1.25)));
        back_off_us = MIN(2 * back_off_us, PLAY_LIVE_BACK_OFF_MAX_US);
    }
    live_unref(self);
    return NULL;
}

/* ---- the source ---- */

static gboolean
live_prepare(PlaySource *source, gint64 position, GError **error)
{
    PlayLive *self = (PlayLive *) source;
    g_autoptr(GThread) thread = NULL;

    if (self->is_prepared)
        return TRUE;
    self->is_prepared = TRUE;
    self->position = MAX(position, 0);
    g_atomic_ref_count_inc(&self->n_refs);
    thread = g_thread_try_new("loa-live", bring_on, self, error);
    if (thread == NULL)
        live_unref(self);
    return thread != NULL;
}

/* Nobody waits for it: what has not come by its instant is silence. */
static gboolean
live_is_ready(PlaySource *source)
{
    return TRUE;
}

/* How many frames more than asked for to take from the ring, so that it is as full as it should
 * be after a while. */
static gint
choose_stretch(PlayLive *self, guint fill, gsize n_frames)
{
    gdouble weight = MIN(1.0, (gdouble) n_frames / MEAN_OF_FRAMES), off;

    self->mean_fill += weight * (fill - self->mean_fill);
    off = self->mean_fill - (gdouble) self->hold_frames;
    /* What runs dry because it is over is as it should be. */
    if (g_atomic_int_get(&self->has_ended) || n_frames < STRETCH_LEAST_FRAMES ||
        n_frames > BLOCK_MAX_FRAMES || fabs(off) < (gdouble) self->hold_frames / SLACK_DIVISOR)
        return 0;
    return off > 0 ? 1 : -1;
}

/* As full as it should be for the first time, or again. What came while nobody listened is old
 * and thrown away; of what was waited for, only what is more than may be kept. */
static gboolean
begin_sounding(PlayLive *self, guint fill)
{
    guint keep = (guint) (self->was_awaited ? self->keep_frames : self->hold_frames);

    if (self->is_sounding && fill <= FULL_FRAMES)
        return TRUE;
    if (!self->is_sounding && fill < (guint) self->hold_frames) {
        self->was_awaited = TRUE;
        return fill > 0 && g_atomic_int_get(&self->has_ended);
    }
    if (fill > keep)
        play_ring_take(self->ring, NULL, fill - keep);
    self->mean_fill = MIN(fill, keep);
    self->is_sounding = TRUE;
    return TRUE;
}

static gsize
take_stretched(PlayLive *self, gint16 *frames, gsize n_frames, gint by)
{
    gint16 taken[BLOCK_MAX_FRAMES + 1];
    gsize n_wanted = (gsize) ((gssize) n_frames + by);

    if (play_ring_fill(self->ring) < n_wanted)
        return play_ring_take(self->ring, frames, (guint) n_frames);
    play_ring_take(self->ring, taken, (guint) n_wanted);
    play_stretch(taken, n_wanted, frames, n_frames);
    return n_frames;
}

static gsize
live_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    PlayLive *self = (PlayLive *) source;
    guint fill = play_ring_fill(self->ring);
    gsize n_read;
    gint by;

    /* Time that passed without it: what comes late is not thrown away for that. */
    if (frames == NULL) {
        self->position += (gint64) n_frames;
        return n_frames;
    }
    if (!begin_sounding(self, fill))
        return 0;
    by = choose_stretch(self, play_ring_fill(self->ring), n_frames);
    n_read = by == 0 ? play_ring_take(self->ring, frames, (guint) n_frames)
                     : take_stretched(self, frames, n_frames, by);
    self->is_sounding = n_read == n_frames;
    if (!self->is_sounding)
        self->was_awaited = TRUE;
    self->position += (gint64) n_read;
    return n_read;
}

static gint64
live_position(PlaySource *source)
{
    return ((PlayLive *) source)->position;
}

static PlaySourceEnd
live_end(PlaySource *source, GError **error)
{
    return play_source_live_is_over(source) ? PLAY_SOURCE_FINISHED : PLAY_SOURCE_GOING;
}

static void
live_cancel(PlaySource *source)
{
    PlayLive *self = (PlayLive *) source;

    g_mutex_lock(&self->lock);
    self->is_cancelled = TRUE;
    g_cond_signal(&self->cancelled);
    g_mutex_unlock(&self->lock);
}

static void
live_free(PlaySource *source)
{
    live_unref((PlayLive *) source);
}

static const PlaySourceClass live_class = {
    .kind = "live",
    .prepare = live_prepare,
    .is_ready = live_is_ready,
    .read = live_read,
    .position = live_position,
    .end = live_end,
    .cancel = live_cancel,
    .free = live_free,
};

PlaySource *
play_source_live_new(const PlayBringer *bringer, gpointer self)
{
    PlayLive *live = g_new0(PlayLive, 1);

    live->base.klass = &live_class;
    g_atomic_ref_count_init(&live->n_refs);
    g_mutex_init(&live->lock);
    g_cond_init(&live->cancelled);
    live->bringer = bringer;
    live->self = self;
    live->ring = play_ring_new(RING_FRAMES);
    live->hold_frames = (gint64) bringer->hold_ms * PLAY_RATE / 1000;
    live->keep_frames = (gint64) MAX(bringer->hold_ms, bringer->keep_ms) * PLAY_RATE / 1000;
    return &live->base;
}

gpointer
play_source_live_bringer(PlaySource *source, const PlayBringer *bringer)
{
    PlayLive *self = (PlayLive *) source;

    return source->klass == &live_class && self->bringer == bringer ? self->self : NULL;
}

guint
play_source_live_count(PlaySource *source)
{
    return (guint) g_atomic_int_get(&((PlayLive *) source)->n_came);
}

gboolean
play_source_live_is_held(PlaySource *source)
{
    return g_atomic_int_get(&((PlayLive *) source)->is_held);
}

void
play_source_live_freshen(PlaySource *source)
{
    PlayLive *self = (PlayLive *) source;
    guint fill = play_ring_fill(self->ring);

    if (fill > (guint) self->hold_frames)
        play_ring_take(self->ring, NULL, fill - (guint) self->hold_frames);
}

gboolean
play_source_live_is_over(PlaySource *source)
{
    PlayLive *self = (PlayLive *) source;

    return source->klass == &live_class && g_atomic_int_get(&self->has_ended) &&
           play_ring_fill(self->ring) == 0;
}

char *
play_source_live_words(PlaySource *source)
{
    PlayLive *self = (PlayLive *) source;
    char *words;

    g_mutex_lock(&self->lock);
    words = g_strdup(self->words);
    g_mutex_unlock(&self->lock);
    return words;
}
