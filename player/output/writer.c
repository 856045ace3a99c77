/*
 * writer.c - see writer.h
 *
 * The thread obeys the owner, turns the feed, and sleeps until the feed wants its next turn or
 * the owner wants something. It turns by its own timer: not every card's poll can be trusted.
 */
#include "player/output/writer.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

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
    GThread *thread;
    GAsyncQueue *wishes; /* (element-type Wish) */
    int wake_fd;
    GMutex lock;
    PlayOutputState state; /* under `lock` */
    PlayFeed feed;         /* the thread's own */
};

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    play_item_free(wish->item);
    g_free(wish->id);
    g_free(wish);
}

/* A late item: silence that was written in its place, but not heard yet, is taken back. */
static void
place(PlayFeed *feed, PlayItem *item)
{
    gint64 n_late = play_stage_next(feed->stage) - item->start, n_back, n_silent;
    gboolean was_dropped;

    if (n_late > 0 && feed->pcm != NULL) {
        n_back = play_feed_take_back(feed, n_late, FALSE, &was_dropped);
        n_silent = play_stage_silent_back(feed->stage, n_back);
        play_stage_step_back(feed->stage, n_silent);
        play_feed_give_again(feed, n_back - n_silent, FALSE);
    }
    play_stage_add(feed->stage, item);
}

static void
interrupt(PlayFeed *feed, PlayItem *item)
{
    gboolean was_dropped;
    gint64 n_back = play_feed_take_back(feed, G_MAXINT64, TRUE, &was_dropped), n_silent;

    play_stage_cut(feed->stage, NULL, n_back, CONTENT_REASON_INTERRUPTED);
    n_silent = play_stage_silent_back(feed->stage, n_back);
    play_stage_step_back(feed->stage, n_silent);
    item->start = feed->pcm == NULL ? play_frame_of_us(play_feed_now_us(feed))
                                    : play_stage_next(feed->stage);
    play_stage_add(feed->stage, item);
    play_feed_give_again(feed, n_back - n_silent, was_dropped);
}

static void
cancel(PlayFeed *feed, const char *id, ContentReason reason)
{
    const PlayItem *item = play_stage_find(feed->stage, id);
    gboolean was_dropped = FALSE;
    gint64 n_back = 0;

    if (item == NULL)
        return;
    if (item->state != PLAY_ITEM_PLACED)
        n_back = play_feed_take_back(feed, G_MAXINT64, TRUE, &was_dropped);
    play_stage_cut(feed->stage, id, n_back, reason);
    if (n_back > 0)
        play_feed_give_again(feed, n_back, was_dropped);
}

static gboolean
obey(PlayWriter *self)
{
    Wish *wish;
    gboolean goes_on = TRUE;

    while (goes_on && (wish = g_async_queue_try_pop(self->wishes)) != NULL) {
        if (wish->kind == WISH_PLACE)
            place(&self->feed, g_steal_pointer(&wish->item));
        else if (wish->kind == WISH_INTERRUPT)
            interrupt(&self->feed, g_steal_pointer(&wish->item));
        else if (wish->kind == WISH_CANCEL)
            cancel(&self->feed, wish->id, wish->reason);
        else
            goes_on = FALSE;
        wish_free(wish);
    }
    return goes_on;
}

static void
publish(PlayWriter *self)
{
    PlayFeed *feed = &self->feed;
    PlayLevel *level = play_stage_level(feed->stage);

    feed->draft.is_open = feed->pcm != NULL && !feed->has_failed;
    feed->draft.is_sounding =
        feed->pcm != NULL && play_stage_is_sounding(feed->stage, feed->heard);
    feed->draft.item = play_stage_item_level(feed->stage, feed->heard);
    if (level->n_frames >= PLAY_RATE) {
        feed->draft.level_mdb = play_level_rms_mdb(level);
        feed->draft.peak_mdb = play_level_peak_mdb(level);
        *level = (PlayLevel){0};
    }
    g_mutex_lock(&self->lock);
    self->state = feed->draft;
    g_mutex_unlock(&self->lock);
}

static void
wait_for_turn(PlayWriter *self)
{
    gint64 us = play_feed_turn_time_us(&self->feed);
    struct timespec timeout = {us / G_USEC_PER_SEC, us % G_USEC_PER_SEC * 1000};
    struct pollfd fd = {.fd = self->wake_fd, .events = POLLIN};
    eventfd_t n_wishes;

    if (ppoll(&fd, 1, &timeout, NULL) > 0)
        eventfd_read(self->wake_fd, &n_wishes);
}

static gpointer
run(gpointer data)
{
    PlayWriter *self = data;
    struct sched_param priority = {.sched_priority = REALTIME_PRIORITY};

    self->feed.draft.is_realtime =
        pthread_setschedparam(pthread_self(), SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) == 0;
    while (obey(self)) {
        play_feed_turn(&self->feed);
        publish(self);
        wait_for_turn(self);
    }
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

    play_feed_init(&self->feed, device, buffer_ms, clock, func, user_data);
    self->wishes = g_async_queue_new_full(wish_free);
    self->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    g_mutex_init(&self->lock);
    self->state = self->feed.draft;
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
    play_feed_clear(&self->feed);
    g_async_queue_unref(self->wishes);
    close(self->wake_fd);
    g_mutex_clear(&self->lock);
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
