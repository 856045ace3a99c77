/* tape.c - see tape.h */
#include "player/output/tape.h"

#include <opus.h>
#include <string.h>

#include "content/base/files.h"
#include "player/output/ring.h"

#define PACKET_FRAMES (PLAY_RATE / 50)
#define PAGE_PACKETS  10
/* Speech of which every word is understood; an hour is 11 MB. */
#define BITRATE 24000
/* What a Raspberry Pi has to spare beside sound that must not wait. */
#define COMPLEXITY 5
/* A slow card may keep the thread for so long: 5 s. */
#define RING_FRAMES (1 << 18)
/* How soon the thread notices what has come. */
#define TURN_US (100 * G_GINT64_CONSTANT(1000))

typedef struct {
    PlayTapes *all; /* (not owned): outlives it */
    char alert[CONTENT_ID_LENGTH + 1];
    PlayRing *ring; /* (owned) */
    GThread *thread;
    gint64 utc_us, monotonic_us; /* of one instant: when it was made */
    /* Of the writer threads, read by ours. */
    gint n_dropped;        /* (atomic): frames that found no room */
    gconstpointer speaker; /* (atomic) (nullable): the one source whose frames are taken */
    GMutex lock;
    GCond wake;
    guint n_sources;  /* (lock) */
    gboolean is_over; /* (lock): nothing more is given */
    /* Of its thread. */
    OpusEncoder *encoder;
    PlayReel *reel;     /* (nullable) */
    GPtrArray *packets; /* of the page that is being filled */
    gint16 frames[PACKET_FRAMES];
    guint n_frames;
    guint n_told_dropped;
    gboolean has_failed;
} Tape;

struct PlayTapes {
    char *folder; /* (owned) */
    ContentClock *clock;
    PlayTapesFunc func;
    gpointer data;
    GPtrArray *tapes;     /* (element-type Tape): not yet joined */
    GAsyncQueue *tidings; /* (element-type Tiding) */
    GSource *bell;        /* that there are some */
};

typedef struct {
    Tape *tape; /* (nullable): it is over, and nothing else is told */
    char alert[CONTENT_ID_LENGTH + 1];
    gboolean has_kept;
    PlayReelKept kept;
    char *words; /* (owned) (nullable) */
} Tiding;

typedef struct {
    PlaySource base;
    PlaySource *inner; /* (owned) */
    Tape *tape;        /* (not owned): until it is said to be over */
} TapedSource;

/* ---- told ---- */

static void
tiding_free(gpointer data)
{
    Tiding *tiding = data;

    g_free(tiding->words);
    g_free(tiding);
}

/* @tiding: (transfer full). Thread: any */
static void
tell(PlayTapes *self, Tiding *tiding)
{
    g_async_queue_push(self->tidings, tiding);
    g_source_set_ready_time(self->bell, 0);
}

static void
tape_free(gpointer data)
{
    Tape *tape = data;

    g_thread_join(tape->thread);
    opus_encoder_destroy(tape->encoder);
    play_ring_free(tape->ring);
    g_ptr_array_unref(tape->packets);
    g_cond_clear(&tape->wake);
    g_mutex_clear(&tape->lock);
    g_free(tape);
}

static void
hand_on(PlayTapes *self)
{
    Tiding *tiding;

    while ((tiding = g_async_queue_try_pop(self->tidings)) != NULL) {
        if (tiding->tape != NULL)
            g_ptr_array_remove_fast(self->tapes, tiding->tape);
        else
            self->func(tiding->alert, tiding->has_kept ? &tiding->kept : NULL, tiding->words,
                       self->data);
        tiding_free(tiding);
    }
}

static gboolean
on_bell(GSource *source, GSourceFunc func, gpointer data)
{
    g_source_set_ready_time(source, -1);
    return func(data);
}

static gboolean
on_tidings(gpointer data)
{
    hand_on(data);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs bell_funcs = {.dispatch = on_bell};

/* ---- the tape's thread ---- */

static void
tell_failure(Tape *self, const char *words)
{
    Tiding *tiding = g_new0(Tiding, 1);

    self->has_failed = TRUE;
    g_strlcpy(tiding->alert, self->alert, sizeof tiding->alert);
    tiding->words = g_strdup(words);
    tell(self->all, tiding);
}

static void
end_reel(Tape *self)
{
    Tiding *tiding = g_new0(Tiding, 1);
    g_autoptr(GError) error = NULL;
    guint n_dropped = (guint) g_atomic_int_get(&self->n_dropped);

    g_strlcpy(tiding->alert, self->alert, sizeof tiding->alert);
    tiding->has_kept = play_reel_end(g_steal_pointer(&self->reel), &tiding->kept, &error);
    tiding->kept.lost_us =
        (gint64) (n_dropped - self->n_told_dropped) * G_USEC_PER_SEC / PLAY_RATE;
    self->n_told_dropped = n_dropped;
    if (error != NULL)
        tell_failure(self, error->message);
    if (tiding->has_kept)
        tell(self->all, tiding);
    else
        tiding_free(tiding);
}

/* What is being said has come through the ring just now. */
static gboolean
begin_reel(Tape *self)
{
    PlayReelName name = {0};
    g_autoptr(GError) error = NULL;

    name.from_us = self->utc_us + g_get_monotonic_time() - self->monotonic_us -
                   self->packets->len * PLAY_REEL_PACKET_US;
    memcpy(name.alert, self->alert, sizeof name.alert);
    self->reel = play_reel_begin(self->all->folder, &name, &error);
    if (self->reel == NULL)
        tell_failure(self, error->message);
    return self->reel != NULL;
}

static void
write_page(Tape *self)
{
    if (self->packets->len == 0 || (self->reel == NULL && !begin_reel(self)))
        return;
    play_reel_add(self->reel, self->packets);
    g_ptr_array_set_size(self->packets, 0);
    if (play_reel_is_full(self->reel))
        end_reel(self);
}

static void
encode(Tape *self)
{
    guint8 bytes[CONTENT_OPUS_MAX_PACKET_BYTES];
    opus_int32 n = opus_encode(self->encoder, self->frames, PACKET_FRAMES, bytes, sizeof bytes);

    self->n_frames = 0;
    if (n <= 0 || self->has_failed)
        return;
    g_ptr_array_add(self->packets, g_bytes_new(bytes, (gsize) n));
    if (self->packets->len == PAGE_PACKETS)
        write_page(self);
}

/* Returns: whether a whole packet was there */
static gboolean
take_packet(Tape *self)
{
    self->n_frames += play_ring_take(self->ring, self->frames + self->n_frames,
                                     PACKET_FRAMES - self->n_frames);
    if (self->n_frames < PACKET_FRAMES)
        return FALSE;
    encode(self);
    return TRUE;
}

/* Returns: %FALSE: nothing more will be given */
static gboolean
wait_for_more(Tape *self)
{
    gboolean is_over;

    g_mutex_lock(&self->lock);
    if (!self->is_over)
        g_cond_wait_until(&self->wake, &self->lock, g_get_monotonic_time() + TURN_US);
    is_over = self->is_over;
    g_mutex_unlock(&self->lock);
    return !is_over;
}

static gpointer
run(gpointer data)
{
    Tape *self = data;
    Tiding *over = g_new0(Tiding, 1);
    gboolean goes_on;

    do {
        goes_on = wait_for_more(self);
        while (take_packet(self))
            ;
    } while (goes_on);
    /* Its last word, filled up with silence. */
    if (self->n_frames > 0) {
        memset(self->frames + self->n_frames, 0,
               (PACKET_FRAMES - self->n_frames) * sizeof *self->frames);
        encode(self);
    }
    if (!self->has_failed)
        write_page(self);
    if (self->reel != NULL)
        end_reel(self);
    over->tape = self;
    tell(self->all, over);
    return NULL;
}

/* ---- the source ---- */

static gboolean
taped_prepare(PlaySource *source, gint64 position, GError **error)
{
    return play_source_prepare(((TapedSource *) source)->inner, position, error);
}

static gboolean
taped_is_ready(PlaySource *source)
{
    return play_source_is_ready(((TapedSource *) source)->inner);
}

static void
give(Tape *tape, const gint16 *frames, gsize n_frames)
{
    guint n_given = play_ring_give(tape->ring, frames, (guint) n_frames);

    if (n_given < n_frames)
        g_atomic_int_add(&tape->n_dropped, (gint) (n_frames - n_given));
}

/* All outputs say the same: who reads first is kept, and when that ends, who reads then. */
static gboolean
is_speaker(TapedSource *self)
{
    return g_atomic_pointer_get(&self->tape->speaker) == self ||
           g_atomic_pointer_compare_and_exchange(&self->tape->speaker, NULL, self);
}

/* What did not come in time is silence for the villages, and so it is on the tape. */
static gsize
taped_read(PlaySource *source, gint16 *frames, gsize n_frames)
{
    static const gint16 silence[PACKET_FRAMES];
    TapedSource *self = (TapedSource *) source;
    gsize n_read = play_source_read(self->inner, frames, n_frames);

    if (frames == NULL || !is_speaker(self))
        return n_read;
    give(self->tape, frames, n_read);
    for (gsize n = n_read;
         n < n_frames && play_source_end(self->inner, NULL) == PLAY_SOURCE_GOING;
         n += PACKET_FRAMES)
        give(self->tape, silence, MIN(n_frames - n, PACKET_FRAMES));
    return n_read;
}

static gint64
taped_position(PlaySource *source)
{
    return play_source_position(((TapedSource *) source)->inner);
}

static PlaySourceEnd
taped_end(PlaySource *source, GError **error)
{
    return play_source_end(((TapedSource *) source)->inner, error);
}

static void
taped_cancel(PlaySource *source)
{
    play_source_cancel(((TapedSource *) source)->inner);
}

static void
taped_free(PlaySource *source)
{
    TapedSource *self = (TapedSource *) source;
    Tape *tape = self->tape;

    play_source_free(self->inner);
    g_atomic_pointer_compare_and_exchange(&tape->speaker, self, NULL);
    g_free(self);
    g_mutex_lock(&tape->lock);
    tape->is_over = --tape->n_sources == 0;
    g_cond_signal(&tape->wake);
    g_mutex_unlock(&tape->lock);
}

static const PlaySourceClass taped_class = {
    .kind = "taped",
    .prepare = taped_prepare,
    .is_ready = taped_is_ready,
    .read = taped_read,
    .position = taped_position,
    .end = taped_end,
    .cancel = taped_cancel,
    .free = taped_free,
};

/* ---- the owner's side ---- */

static void
mend(PlayTapes *self)
{
    g_autoptr(GArray) mended = play_reel_mend(self->folder);

    for (guint i = 0; i < mended->len; i++) {
        Tiding *tiding = g_new0(Tiding, 1);

        tiding->has_kept = TRUE;
        tiding->kept = g_array_index(mended, PlayReelKept, i);
        g_strlcpy(tiding->alert, tiding->kept.name.alert, sizeof tiding->alert);
        tell(self, tiding);
    }
}

PlayTapes *
play_tapes_new(const char *folder, ContentClock *clock, PlayTapesFunc func, gpointer data)
{
    PlayTapes *self = g_new0(PlayTapes, 1);
    GMainContext *context = g_main_context_ref_thread_default();

    self->folder = g_strdup(folder);
    self->clock = clock;
    self->func = func;
    self->data = data;
    self->tapes = g_ptr_array_new_with_free_func(tape_free);
    self->tidings = g_async_queue_new_full(tiding_free);
    self->bell = g_source_new(&bell_funcs, sizeof(GSource));
    g_source_set_callback(self->bell, on_tidings, self, NULL);
    g_source_attach(self->bell, context);
    g_main_context_unref(context);
    /* A folder that cannot be made is told when something is to be kept in it. */
    content_files_make_folder(folder, 0700, NULL);
    mend(self);
    return self;
}

void
play_tapes_free(PlayTapes *self)
{
    if (self == NULL)
        return;
    g_ptr_array_set_size(self->tapes, 0);
    g_source_destroy(self->bell);
    hand_on(self);
    g_source_unref(self->bell);
    g_async_queue_unref(self->tidings);
    g_ptr_array_unref(self->tapes);
    g_free(self->folder);
    g_free(self);
}

/* Returns: (transfer none) (nullable): that of @alert, with one source more */
static Tape *
join_tape(const PlayTapes *self, const char *alert)
{
    Tape *found = NULL;

    for (guint i = 0; i < self->tapes->len && found == NULL; i++) {
        Tape *tape = self->tapes->pdata[i];

        g_mutex_lock(&tape->lock);
        if (!tape->is_over && strcmp(tape->alert, alert) == 0) {
            tape->n_sources++;
            found = tape;
        }
        g_mutex_unlock(&tape->lock);
    }
    return found;
}

/* Returns: (transfer none) (nullable): NULL: there is no encoder */
static Tape *
begin_tape(PlayTapes *all, const char *alert)
{
    OpusEncoder *encoder = opus_encoder_create(PLAY_RATE, 1, OPUS_APPLICATION_VOIP, NULL);
    Tape *self;

    if (encoder == NULL)
        return NULL;
    self = g_new0(Tape, 1);
    self->all = all;
    self->n_sources = 1;
    g_strlcpy(self->alert, alert, sizeof self->alert);
    self->ring = play_ring_new(RING_FRAMES);
    self->packets = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    content_clock_now(all->clock, &self->utc_us, &self->monotonic_us);
    self->encoder = encoder;
    opus_encoder_ctl(encoder, OPUS_SET_BITRATE(BITRATE));
    opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(COMPLEXITY));
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
    self->thread = g_thread_new("tape", run, self);
    g_ptr_array_add(all->tapes, self);
    return self;
}

PlaySource *
play_tapes_record(PlayTapes *self, const char *alert, PlaySource *source)
{
    Tape *tape = join_tape(self, alert);
    TapedSource *taped;

    if (tape == NULL)
        tape = begin_tape(self, alert);
    if (tape == NULL)
        return source;
    taped = g_new0(TapedSource, 1);
    taped->base.klass = &taped_class;
    taped->inner = source;
    taped->tape = tape;
    return &taped->base;
}
