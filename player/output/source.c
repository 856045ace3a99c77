/* source.c - see source.h; the kinds that need nothing but arithmetic */
#include "player/output/source.h"

#include <math.h>
#include <string.h>

#define TONE_FADE_FRAMES (PLAY_RATE * 5 / 1000)

G_DEFINE_QUARK(PlaySourceError, play_source_error)

typedef struct {
    PlaySource base;
    gint64 position, n_frames;
    gboolean is_prepared;
    gdouble radians_per_frame, peak;
    PlaySignal signal;
} ToneSource;

gboolean
play_source_prepare(PlaySource *self, gint64 position, GError **error)
{
    return self->klass->prepare(self, position, error);
}

gboolean
play_source_is_ready(PlaySource *self)
{
    return self->klass->is_ready(self);
}

gsize
play_source_read(PlaySource *self, gint16 *frames, gsize n_frames)
{
    return self->klass->read(self, frames, n_frames);
}

gint64
play_source_position(PlaySource *self)
{
    return self->klass->position(self);
}

PlaySourceEnd
play_source_end(PlaySource *self, GError **error)
{
    return self->klass->end(self, error);
}

void
play_source_cancel(PlaySource *self)
{
    self->klass->cancel(self);
}

void
play_source_free(PlaySource *self)
{
    if (self == NULL)
        return;
    self->klass->cancel(self);
    self->klass->free(self);
}

static gboolean
tone_prepare(PlaySource *source, gint64 position, GError **error)
{
    ToneSource *self = (ToneSource *) source;

    if (!self->is_prepared)
        self->position = CLAMP(position, 0, self->n_frames);
    self->is_prepared = TRUE;
    return TRUE;
}

static gboolean
tone_is_ready(PlaySource *source)
{
    return TRUE;
}

static gint16
tone_frame(const ToneSource *self, gint64 n)
{
    gint64 from_edge = MIN(n, self->n_frames - 1 - n);
    gdouble fade = MIN(1.0, (gdouble) from_edge / TONE_FADE_FRAMES);

    return (gint16) lrint(self->peak * fade * sin(self->radians_per_frame * (gdouble) n));
}

static gsize
tone_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    ToneSource *self = (ToneSource *) source;
    gsize n = (gsize) MIN((gint64) n_frames, self->n_frames - self->position);

    for (gsize i = 0; frames != NULL && i < n; i++)
        frames[i] = tone_frame(self, self->position + (gint64) i);
    self->position += (gint64) n;
    return n;
}

static gsize
signal_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    ToneSource *self = (ToneSource *) source;
    gsize n = (gsize) MIN((gint64) n_frames, self->n_frames - self->position);

    for (gsize i = 0; frames != NULL && i < n; i++)
        frames[i] =
            (gint16) lrint(32767 * play_signal_sample(self->signal, self->position + (gint64) i,
                                                      self->n_frames));
    self->position += (gint64) n;
    return n;
}

static gsize
silence_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    ToneSource *self = (ToneSource *) source;
    gsize n = (gsize) MIN((gint64) n_frames, self->n_frames - self->position);

    if (frames != NULL)
        memset(frames, 0, n * sizeof *frames);
    self->position += (gint64) n;
    return n;
}

static gint64
tone_position(PlaySource *source)
{
    return ((ToneSource *) source)->position;
}

static PlaySourceEnd
tone_end(PlaySource *source, GError **error)
{
    ToneSource *self = (ToneSource *) source;

    return self->position < self->n_frames ? PLAY_SOURCE_GOING : PLAY_SOURCE_FINISHED;
}

static void
tone_cancel(PlaySource *source)
{
    ToneSource *self = (ToneSource *) source;

    self->position = self->n_frames;
}

static void
tone_free(PlaySource *source)
{
    g_free(source);
}

static const PlaySourceClass tone_class = {
    .kind = "tone",
    .prepare = tone_prepare,
    .is_ready = tone_is_ready,
    .read = tone_read,
    .position = tone_position,
    .end = tone_end,
    .cancel = tone_cancel,
    .free = tone_free,
};

static const PlaySourceClass silence_class = {
    .kind = "silence",
    .prepare = tone_prepare,
    .is_ready = tone_is_ready,
    .read = silence_read,
    .position = tone_position,
    .end = tone_end,
    .cancel = tone_cancel,
    .free = tone_free,
};

static const PlaySourceClass signal_class = {
    .kind = "signal",
    .prepare = tone_prepare,
    .is_ready = tone_is_ready,
    .read = signal_read,
    .position = tone_position,
    .end = tone_end,
    .cancel = tone_cancel,
    .free = tone_free,
};

PlaySource *
play_source_silence_new(gint64 n_frames)
{
    ToneSource *self = g_new0(ToneSource, 1);

    g_return_val_if_fail(n_frames >= 0, NULL);
    self->base.klass = &silence_class;
    self->n_frames = n_frames;
    return &self->base;
}

PlaySource *
play_source_tone_new(guint hz, gint peak_mdb, gint64 n_frames)
{
    ToneSource *self = g_new0(ToneSource, 1);

    g_return_val_if_fail(hz >= 20 && hz <= 20000 && peak_mdb <= 0 && n_frames >= 0, NULL);
    self->base.klass = &tone_class;
    self->n_frames = n_frames;
    self->radians_per_frame = 2 * G_PI * hz / PLAY_RATE;
    self->peak = 32767 * pow(10, peak_mdb / 20000.0);
    return &self->base;
}

PlaySource *
play_source_signal_new(PlaySignal signal, gint64 n_frames)
{
    ToneSource *self;

    g_return_val_if_fail((guint) signal < PLAY_SIGNAL_N && n_frames >= 0, NULL);
    self = g_new0(ToneSource, 1);
    self->base.klass = &signal_class;
    self->n_frames = n_frames;
    self->signal = signal;
    return &self->base;
}
