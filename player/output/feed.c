/*
 * feed.c - see feed.h
 *
 * A turn: ask the card how far it is, tell what was heard, correct the drift, fill the card.
 */
#include "player/output/feed.h"

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

gint64
play_feed_now_us(PlayFeed *self)
{
    return content_clock_monotonic_us(self->clock);
}

static void
tell(PlayFeed *self, PlayEventKind kind, const char *detail)
{
    PlayNews *news = g_new0(PlayNews, 1);

    news->kind = kind;
    news->detail = g_strdup(detail);
    self->func(news, self->user_data);
}

static void
on_stage(PlayItem *item, gboolean has_ended, gpointer user_data)
{
    PlayFeed *self = user_data;
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
lose_unheard(PlayFeed *self)
{
    gint64 written = play_stage_written(self->stage);
    gint64 since = play_frame_of_us(play_feed_now_us(self) - self->measured_us);

    play_stage_lose(self->stage, MAX(written - self->heard - since, 0));
    self->heard = written;
    play_stage_heard(self->stage, written, play_feed_now_us(self));
}

static void
fail(PlayFeed *self, const char *detail)
{
    if (self->pcm != NULL)
        lose_unheard(self);
    g_clear_pointer(&self->pcm, play_pcm_close);
    if (self->draft.progress_frames - self->opened_at > STEADY_FRAMES)
        self->back_off_us = 0;
    self->back_off_us = CLAMP(2 * self->back_off_us, G_USEC_PER_SEC, BACK_OFF_MAX_US);
    self->retry_us = play_feed_now_us(self) + self->back_off_us;
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
render(PlayFeed *self, gint16 *frames, gint64 room)
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
fill(PlayFeed *self)
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
measure(PlayFeed *self, gint64 *out_delay, gint64 *out_us)
{
    PlayPcmHealth health = PLAY_PCM_FINE;
    gint64 before_us, after_us = 0;

    for (guint i = 0; i < MEASURE_ATTEMPTS; i++) {
        before_us = play_feed_now_us(self);
        health = play_pcm_delay(self->pcm, out_delay);
        after_us = play_feed_now_us(self);
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
begin(PlayFeed *self)
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
    self->measured_us = self->moved_us = play_feed_now_us(self);
    if (health != PLAY_PCM_FINE)
        return health;
    play_stage_jump(self->stage, play_frame_of_us(at_us) + delay);
    return fill(self);
}

static void
react(PlayFeed *self, PlayPcmHealth health)
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
try_open(PlayFeed *self)
{
    g_autoptr(GError) error = NULL;

    if (play_feed_now_us(self) < self->retry_us)
        return;
    self->pcm = play_pcm_open(self->device, self->buffer_ms, &error);
    self->opened_at = self->draft.progress_frames;
    if (self->pcm == NULL)
        fail(self, error->message);
    else
        react(self, begin(self));
}

/* The card may have stood still since: so many frames take so long at least, and no more is
 * claimed. */
static void
note_progress(PlayFeed *self, gint64 delay, gint64 at_us)
{
    gint64 heard = play_stage_written(self->stage) - delay;

    if (heard > self->heard) {
        self->draft.progress_frames += heard - self->heard;
        self->draft.progress_us =
            MIN(at_us, self->measured_us + play_us_of_frames(heard - self->heard));
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
correct_drift(PlayFeed *self, gint64 delay, gint64 at_us)
{
    gint64 next = play_stage_next(self->stage), jump;

    play_drift_add(&self->drift, (gdouble) (play_frame_of_us(at_us) + delay - next));
    jump = play_drift_jump(&self->drift,
                           play_stage_is_silent(self->stage, next, next + JUMP_REACH_FRAMES));
    if (jump != 0)
        play_stage_jump(self->stage, next + jump);
}

static void
turn(PlayFeed *self)
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

gint64
play_feed_take_back(PlayFeed *self, gint64 n_wanted, gboolean may_drop, gboolean *out_dropped)
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

void
play_feed_give_again(PlayFeed *self, gint64 n_frames, gboolean was_dropped)
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

gint64
play_feed_turn_time_us(PlayFeed *self)
{
    gint64 mark, us;

    /* Sooner if a start or an end is about to be heard. */
    if (self->pcm == NULL)
        return CLOSED_TURN_US;
    us = play_us_of_frames(play_pcm_buffer_frames(self->pcm)) /
         (self->draft.is_realtime ? TURNS_A_BUFFER_REALTIME : TURNS_A_BUFFER_ORDINARY);
    mark = play_stage_next_mark(self->stage, self->heard);
    if (mark >= 0)
        us = MIN(us, play_us_of_frames(mark + 1) + 1);
    return self->is_waiting ? MIN(us, LATE_TURN_US) : us;
}

/* While the card is away time goes on: items that it missed end. */
static void
pass_time(PlayFeed *self)
{
    play_stage_jump(self->stage, play_frame_of_us(play_feed_now_us(self)));
    play_stage_heard(self->stage, play_stage_written(self->stage), play_feed_now_us(self));
}

void
play_feed_turn(PlayFeed *self)
{
    if (self->pcm == NULL)
        try_open(self);
    else
        turn(self);
    if (self->pcm == NULL)
        pass_time(self);
}

void
play_feed_init(PlayFeed *self, const char *device, guint buffer_ms, ContentClock *clock,
               PlayNewsFunc func, gpointer user_data)
{
    *self = (PlayFeed){0};
    self->device = g_strdup(device);
    self->buffer_ms = buffer_ms;
    self->clock = clock;
    self->func = func;
    self->user_data = user_data;
    self->stage = play_stage_new(HISTORY_FRAMES, on_stage, self);
    self->draft.level_mdb = self->draft.peak_mdb = G_MININT64;
}

void
play_feed_clear(PlayFeed *self)
{
    g_clear_pointer(&self->pcm, play_pcm_close);
    g_clear_pointer(&self->stage, play_stage_free);
    g_clear_pointer(&self->device, g_free);
}
