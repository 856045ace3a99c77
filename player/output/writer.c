/*
 * writer.c - see writer.h
 *
 * A turn: obey the owner, ask the card how far it is, tell what was heard, correct the drift,
 * fill the card. It turns some times a buffer by its own timer, because not every card's poll
 * can be trusted, and at once when the owner wants something.
 */
#include "player/output/writer.h"

#include "player/output/drift.h"
#include "player/output/pcm.h"

#include <pthread.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BLOCK_FRAMES (PLAY_RATE / 100)
/* The silence a card is started with. */
#define START_FRAMES (2 * BLOCK_FRAMES)
/* Given to the card at once: a quarter of the largest buffer, and all of it in four calls. */
#define WRITE_FRAMES (5 * BLOCK_FRAMES)
/* What can be taken back at most: more than any buffer asked for. */
#define HISTORY_FRAMES PLAY_RATE
/* A card has its next 8 ms on their way already: they are not rewritten. */
#define REWIND_MARGIN_FRAMES (PLAY_RATE * 8 / 1000)
/* In silence the drift is corrected by jumps if nothing begins for this long. */
#define JUMP_REACH_FRAMES (PLAY_RATE / 10)
/* While a source is late the card is kept this full only, so that it joins soon. */
#define LATE_DEPTH_DIVISOR 4
#define LATE_TURN_US       5000
/* Without real-time priority a busy machine may keep the thread waiting for 50 ms and more. */
#define TURNS_A_BUFFER_REALTIME 2
#define TURNS_A_BUFFER_ORDINARY 4
#define STALL_US                (1 * G_USEC_PER_SEC)
/* A card that sounded this long may fail again without having to wait longer. */
#define STEADY_FRAMES   (10 * PLAY_RATE)
#define BACK_OFF_MAX_US (30 * G_USEC_PER_SEC)
#define CLOSED_TURN_US  (G_USEC_PER_SEC / 4)
/* A position is only as good as the moment it is paired with. */
#define MEASURE_WITHIN_US 200
#define MEASURE_ATTEMPTS  3
#define REALTIME_PRIORITY 10

typedef enum {
    WISH_PLACE,
    WISH_INTERRUPT,
    WISH_CANCEL,
    WISH_QUIT,
} WishKind;

typedef struct {
    WishKind kind;
    PlayItem *item; /* (owned) (nullable) */
    char *id;       /* (owned) (nullable) */
    ContentReason reason;
} Wish;

struct PlayWriter {
    char *device;
    guint buffer_ms;
    ContentClock *clock;
    PlayNewsFunc func;
    gpointer user_data;
    GThread *thread;
    GAsyncQueue *wishes; /* (element-type Wish) */
    int wake_fd;
    GMutex lock;
    PlayOutputState state; /* under `lock` */

    /* The thread's own. */
    PlayStage *stage;
    PlayPcm *pcm; /* (nullable): closed, tried again at `retry_us` */
    PlayDrift drift;
    PlayOutputState draft; /* becomes `state` once a turn */
    gint64 heard;          /* card frames at the loudspeaker, when last measured */
    gint64 measured_us, moved_us;
    gint64 opened_at; /* progress when it was opened */
    gint64 retry_us, back_off_us;
    gboolean has_failed; /* FAILED was told, RECOVERED not yet */
    gboolean is_waiting; /* for a late source */
};

void
play_news_free(PlayNews *news)
{
    if (news == NULL)
        return;
    play_item_free(news->item);
    g_free(news->id);
    g_free(news->detail);
    g_free(news);
}

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    play_item_free(wish->item);
    g_free(wish->id);
    g_free(wish);
}

static gint64
now_us(PlayWriter *self)
{
    return content_clock_monotonic_us(self->clock);
}

static void
tell(PlayWriter *self, PlayEventKind kind, const char *detail)
{
    PlayNews *news = g_new0(PlayNews, 1);

    news->kind = kind;
    news->detail = g_strdup(detail);
    self->func(news, self->user_data);
}

static void
on_stage(PlayItem *item, gboolean has_ended, gpointer user_data)
{
    PlayWriter *self = user_data;
    PlayNews *news = g_new0(PlayNews, 1);

    news->kind = has_ended ? PLAY_EVENT_ENDED : PLAY_EVENT_STARTED;
    news->id = g_strdup(item->id);
    news->start_us = item->start_us;
    news->joined = item->joined;
    news->item = has_ended ? item : NULL;
    self->func(news, self->user_data);
}

/* What the card had not sounded, and cannot any more. */
static void
lose_unheard(PlayWriter *self)
{
    gint64 written = play_stage_written(self->stage);
    gint64 since = play_frame_of_us(now_us(self) - self->measured_us);

    play_stage_lose(self->stage, MAX(written - self->heard - since, 0));
    self->heard = written;
    play_stage_heard(self->stage, written, now_us(self));
}

static void
fail(PlayWriter *self, const char *detail)
{
    if (self->pcm != NULL)
        lose_unheard(self);
    g_clear_pointer(&self->pcm, play_pcm_close);
    if (self->draft.progress_frames - self->opened_at > STEADY_FRAMES)
        self->back_off_us = 0;
    self->back_off_us = CLAMP(2 * self->back_off_us, G_USEC_PER_SEC, BACK_OFF_MAX_US);
    self->retry_us = now_us(self) + self->back_off_us;
    if (!self->has_failed) {
        self->has_failed = TRUE;
        self->draft.n_failures++;
        tell(self, PLAY_EVENT_FAILED, detail);
    }
}

/*
 * Renders up to @room frames, less while a source is late: then the card is kept just full
 * enough not to starve, so that the sound joins soon after it has come.
 */
static gint64
render(PlayWriter *self, gint16 *frames, gint64 room)
{
    gint64 least = play_pcm_buffer_frames(self->pcm) / LATE_DEPTH_DIVISOR, done = 0;

    for (; room - done >= BLOCK_FRAMES; done += BLOCK_FRAMES) {
        gint64 next = play_stage_next(self->stage);
        gint stretch = 0;

        self->is_waiting = play_stage_written(self->stage) - self->heard >= least &&
                           play_stage_waits(self->stage);
        if (self->is_waiting)
            break;
        if (!play_stage_is_silent(self->stage, next, next + BLOCK_FRAMES))
            stretch = play_drift_stretch(&self->drift);
        play_stage_render(self->stage, frames + done, BLOCK_FRAMES, stretch);
    }
    return done;
}

static PlayPcmHealth
fill(PlayWriter *self)
{
    gint64 room = 0, n = 1;
    PlayPcmHealth health = play_pcm_room(self->pcm, &room);

    self->is_waiting = FALSE;
    for (; health == PLAY_PCM_FINE && n > 0; room -= n) {
        gint16 frames[WRITE_FRAMES];

        n = render(self, frames, MIN(room, WRITE_FRAMES));
        health = play_pcm_write(self->pcm, frames, n);
    }
    return health;
}

/* How much is unheard, and at which instant that was so. */
static PlayPcmHealth
measure(PlayWriter *self, gint64 *out_delay, gint64 *out_us)
{
    PlayPcmHealth health = PLAY_PCM_FINE;
    gint64 before_us, after_us = 0;

    for (guint i = 0; i < MEASURE_ATTEMPTS; i++) {
        before_us = now_us(self);
        health = play_pcm_delay(self->pcm, out_delay);
        after_us = now_us(self);
        *out_us = before_us + (after_us - before_us) / 2;
        if (health != PLAY_PCM_FINE || after_us - before_us < MEASURE_WITHIN_US)
            break;
    }
    return health;
}

/*
 * Starts a prepared card. How long that takes is the card's secret: it begins with silence, and
 * what follows is placed by where the card says it is.
 */
static PlayPcmHealth
begin(PlayWriter *self)
{
    static const gint16 silence[START_FRAMES];
    PlayPcmHealth health = play_pcm_write(self->pcm, silence, START_FRAMES);
    gint64 delay = 0, at_us = 0;

    play_drift_forget(&self->drift);
    self->heard = play_stage_written(self->stage);
    play_stage_pad(self->stage, START_FRAMES);
    if (health == PLAY_PCM_FINE)
        health = play_pcm_start(self->pcm);
    if (health == PLAY_PCM_FINE)
        health = measure(self, &delay, &at_us);
    self->measured_us = self->moved_us = now_us(self);
    if (health != PLAY_PCM_FINE)
        return health;
    play_stage_jump(self->stage, play_frame_of_us(at_us) + delay);
    return fill(self);
}

static void
react(PlayWriter *self, PlayPcmHealth health)
{
    if (health == PLAY_PCM_STARVED) {
        self->draft.n_starved++;
        lose_unheard(self);
        health = play_pcm_prepare(self->pcm);
        if (health == PLAY_PCM_FINE)
            health = begin(self);
    }
    if (health != PLAY_PCM_FINE) {
        g_autofree char *detail =
            g_strdup_printf("sound card '%s': %s", self->device, play_pcm_words(self->pcm));

        fail(self, detail);
    }
}

static void
try_open(PlayWriter *self)
{
    g_autoptr(GError) error = NULL;

    if (now_us(self) < self->retry_us)
        return;
    self->pcm = play_pcm_open(self->device, self->buffer_ms, &error);
    self->opened_at = self->draft.progress_frames;
    if (self->pcm == NULL)
        fail(self, error->message);
    else
        react(self, begin(self));
}

static void
note_progress(PlayWriter *self, gint64 delay, gint64 at_us)
{
    gint64 heard = play_stage_written(self->stage) - delay;

    if (heard > self->heard) {
        self->draft.progress_frames += heard - self->heard;
        self->moved_us = at_us;
        if (self->has_failed)
            tell(self, PLAY_EVENT_RECOVERED, NULL);
        self->has_failed = FALSE;
    }
    self->heard = MAX(heard, self->heard);
    self->measured_us = at_us;
    play_stage_heard(self->stage, self->heard, at_us);
}

static void
correct_drift(PlayWriter *self, gint64 delay, gint64 at_us)
{
    gint64 next = play_stage_next(self->stage), jump;

    play_drift_add(&self->drift, (gdouble) (play_frame_of_us(at_us) + delay - next));
    jump = play_drift_jump(&self->drift,
                           play_stage_is_silent(self->stage, next, next + JUMP_REACH_FRAMES));
    if (jump != 0)
        play_stage_jump(self->stage, next + jump);
}

static void
turn(PlayWriter *self)
{
    gint64 delay = 0, at_us = 0;
    PlayPcmHealth health = measure(self, &delay, &at_us);

    if (health == PLAY_PCM_FINE) {
        note_progress(self, delay, at_us);
        if (at_us - self->moved_us > STALL_US) {
            g_autofree char *detail =
                g_strdup_printf("sound card '%s': its clock stood still for a second",
                                self->device);

            fail(self, detail);
            return;
        }
        correct_drift(self, delay, at_us);
        health = fill(self);
    }
    if (health != PLAY_PCM_FINE)
        react(self, health);
}

/*
 * Takes unheard frames back from the card, at most @n_wanted. With @may_drop a card that cannot
 * rewind is emptied instead, and has to be started again (*@out_dropped).
 */
static gint64
take_back(PlayWriter *self, gint64 n_wanted, gboolean may_drop, gboolean *out_dropped)
{
    gint64 delay = 0, at_us, n_back;

    *out_dropped = FALSE;
    if (self->pcm == NULL || measure(self, &delay, &at_us) != PLAY_PCM_FINE)
        return 0;
    note_progress(self, delay, at_us);
    n_wanted = MIN(n_wanted, HISTORY_FRAMES);
    n_back = MIN(n_wanted, delay - REWIND_MARGIN_FRAMES);
    n_back = n_back <= 0 ? 0 : play_pcm_rewind(self->pcm, n_back);
    if (n_back > 0 || !may_drop || delay <= REWIND_MARGIN_FRAMES)
        return n_back;
    *out_dropped = play_pcm_prepare(self->pcm) == PLAY_PCM_FINE;
    return *out_dropped ? MIN(delay, HISTORY_FRAMES) : 0;
}

/* Gives the last @n_frames rendered to the card again, as they were amended. */
static void
give_again(PlayWriter *self, gint64 n_frames, gboolean was_dropped)
{
    g_autofree gint16 *frames = g_new(gint16, (gsize) n_frames + 1);
    PlayPcmHealth health;

    if (self->pcm == NULL)
        return;
    play_stage_recall(self->stage, frames, n_frames);
    health = play_pcm_write(self->pcm, frames, n_frames);
    if (health == PLAY_PCM_FINE && was_dropped) {
        health = fill(self);
        if (health == PLAY_PCM_FINE)
            health = play_pcm_start(self->pcm);
    }
    if (health != PLAY_PCM_FINE)
        react(self, health);
}

/* A late item: silence that was written in its place, but not heard yet, is taken back. */
static void
place(PlayWriter *self, PlayItem *item)
{
    gint64 n_late = play_stage_next(self->stage) - item->start, n_back, n_silent;
    gboolean was_dropped;

    if (n_late > 0 && self->pcm != NULL) {
        n_back = take_back(self, n_late, FALSE, &was_dropped);
        n_silent = play_stage_silent_back(self->stage, n_back);
        play_stage_step_back(self->stage, n_silent);
        give_again(self, n_back - n_silent, FALSE);
    }
    play_stage_add(self->stage, item);
}

static void
interrupt(PlayWriter *self, PlayItem *item)
{
    gboolean was_dropped;
    gint64 n_back = take_back(self, G_MAXINT64, TRUE, &was_dropped), n_silent;

    play_stage_cut(self->stage, NULL, n_back, CONTENT_REASON_INTERRUPTED);
    n_silent = play_stage_silent_back(self->stage, n_back);
    play_stage_step_back(self->stage, n_silent);
    item->start =
        self->pcm == NULL ? play_frame_of_us(now_us(self)) : play_stage_next(self->stage);
    play_stage_add(self->stage, item);
    give_again(self, n_back - n_silent, was_dropped);
}

static void
cancel(PlayWriter *self, const char *id, ContentReason reason)
{
    const PlayItem *item = play_stage_find(self->stage, id);
    gboolean was_dropped = FALSE;
    gint64 n_back = 0;

    if (item == NULL)
        return;
    if (item->state != PLAY_ITEM_PLACED)
        n_back = take_back(self, G_MAXINT64, TRUE, &was_dropped);
    play_stage_cut(self->stage, id, n_back, reason);
    if (n_back > 0)
        give_again(self, n_back, was_dropped);
}

static gboolean
obey(PlayWriter *self)
{
    Wish *wish;
    gboolean goes_on = TRUE;

    while (goes_on && (wish = g_async_queue_try_pop(self->wishes)) != NULL) {
        if (wish->kind == WISH_PLACE)
            place(self, g_steal_pointer(&wish->item));
        else if (wish->kind == WISH_INTERRUPT)
            interrupt(self, g_steal_pointer(&wish->item));
        else if (wish->kind == WISH_CANCEL)
            cancel(self, wish->id, wish->reason);
        else
            goes_on = FALSE;
        wish_free(wish);
    }
    return goes_on;
}

static void
publish(PlayWriter *self)
{
    PlayLevel *level = play_stage_level(self->stage);

    self->draft.is_open = self->pcm != NULL && !self->has_failed;
    self->draft.is_sounding =
        self->pcm != NULL && play_stage_is_sounding(self->stage, self->heard);
    if (level->n_frames >= PLAY_RATE) {
        self->draft.level_mdb = play_level_rms_mdb(level);
        self->draft.peak_mdb = play_level_peak_mdb(level);
        *level = (PlayLevel){0};
    }
    g_mutex_lock(&self->lock);
    self->state = self->draft;
    g_mutex_unlock(&self->lock);
}

/* Until the next turn: sooner if a start or an end is about to be heard. */
static gint64
turn_time_us(PlayWriter *self)
{
    gint64 mark, us;

    if (self->pcm == NULL)
        return CLOSED_TURN_US;
    us = play_us_of_frames(play_pcm_buffer_frames(self->pcm)) /
         (self->draft.is_realtime ? TURNS_A_BUFFER_REALTIME : TURNS_A_BUFFER_ORDINARY);
    mark = play_stage_next_mark(self->stage, self->heard);
    if (mark >= 0)
        us = MIN(us, play_us_of_frames(mark + 1) + 1);
    return self->is_waiting ? MIN(us, LATE_TURN_US) : us;
}

static void
wait_for_turn(PlayWriter *self)
{
    gint64 us = turn_time_us(self);
    struct timespec timeout = {us / G_USEC_PER_SEC, us % G_USEC_PER_SEC * 1000};
    struct pollfd fd = {.fd = self->wake_fd, .events = POLLIN};
    eventfd_t n_wishes;

    if (ppoll(&fd, 1, &timeout, NULL) > 0)
        eventfd_read(self->wake_fd, &n_wishes);
}

/* While the card is away time goes on: items that it missed end. */
static void
pass_time(PlayWriter *self)
{
    play_stage_jump(self->stage, play_frame_of_us(now_us(self)));
    play_stage_heard(self->stage, play_stage_written(self->stage), now_us(self));
}

static gpointer
run(gpointer data)
{
    PlayWriter *self = data;
    struct sched_param priority = {.sched_priority = REALTIME_PRIORITY};

    self->draft.is_realtime =
        pthread_setschedparam(pthread_self(), SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) == 0;
    while (obey(self)) {
        if (self->pcm == NULL)
            try_open(self);
        else
            turn(self);
        if (self->pcm == NULL)
            pass_time(self);
        publish(self);
        wait_for_turn(self);
    }
    g_clear_pointer(&self->pcm, play_pcm_close);
    return NULL;
}

static void
send_wish(PlayWriter *self, WishKind kind, PlayItem *item, const char *id, ContentReason reason)
{
    Wish *wish = g_new0(Wish, 1);

    wish->kind = kind;
    wish->item = item;
    wish->id = g_strdup(id);
    wish->reason = reason;
    g_async_queue_push(self->wishes, wish);
    eventfd_write(self->wake_fd, 1);
}

PlayWriter *
play_writer_new(const char *device, guint buffer_ms, ContentClock *clock, PlayNewsFunc func,
                gpointer user_data)
{
    PlayWriter *self = g_new0(PlayWriter, 1);

    self->device = g_strdup(device);
    self->buffer_ms = buffer_ms;
    self->clock = clock;
    self->func = func;
    self->user_data = user_data;
    self->wishes = g_async_queue_new_full(wish_free);
    self->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    g_mutex_init(&self->lock);
    self->stage = play_stage_new(HISTORY_FRAMES, on_stage, self);
    self->draft.level_mdb = self->draft.peak_mdb = G_MININT64;
    self->state = self->draft;
    self->thread = g_thread_new("loa-writer", run, self);
    return self;
}

void
play_writer_free(PlayWriter *self)
{
    if (self == NULL)
        return;
    send_wish(self, WISH_QUIT, NULL, NULL, CONTENT_REASON_NONE);
    g_thread_join(self->thread);
    play_stage_free(self->stage);
    g_async_queue_unref(self->wishes);
    close(self->wake_fd);
    g_mutex_clear(&self->lock);
    g_free(self->device);
    g_free(self);
}

void
play_writer_place(PlayWriter *self, PlayItem *item)
{
    send_wish(self, WISH_PLACE, item, NULL, CONTENT_REASON_NONE);
}

void
play_writer_interrupt(PlayWriter *self, PlayItem *item)
{
    send_wish(self, WISH_INTERRUPT, item, NULL, CONTENT_REASON_NONE);
}

void
play_writer_cancel(PlayWriter *self, const char *id, ContentReason reason)
{
    send_wish(self, WISH_CANCEL, NULL, id, reason);
}

PlayOutputState
play_writer_state(PlayWriter *self)
{
    PlayOutputState state;

    g_mutex_lock(&self->lock);
    state = self->state;
    g_mutex_unlock(&self->lock);
    return state;
}
