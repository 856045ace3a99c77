/*
 * feed.h - one sound card kept fed with what is due.
 *
 * Flow: writer.c turns it -> stage.h renders -> pcm.h takes -> news of starts, ends and faults.
 * Thread: the writer's; only play_feed_init() and play_feed_clear() are the owner's, before and
 * after the thread lives.
 */
#pragma once

#include "player/output/drift.h"
#include "player/output/output.h"
#include "player/output/pcm.h"
#include "player/output/stage.h"

/* One event on its way to the owner thread. */
typedef struct {
    PlayEventKind kind;
    char *id;        /* (owned) (nullable) */
    gint64 start_us; /* STARTED */
    gint64 joined;   /* STARTED: frame of the source */
    PlayItem *item;  /* (owned) (nullable): ENDED */
    char *detail;    /* (owned) (nullable): FAILED */
} PlayNews;

void play_news_free(PlayNews *news);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayNews, play_news_free)

/* @news: (transfer full). Called on the writer's thread: must be quick. */
typedef void (*PlayNewsFunc)(PlayNews *news, gpointer user_data);

typedef struct {
    char *device; /* (owned) */
    guint buffer_ms;
    ContentClock *clock; /* (not owned) */
    PlayNewsFunc func;
    gpointer user_data;
    PlayStage *stage; /* (owned) */
    PlayPcm *pcm;     /* (owned) (nullable): closed, tried again at `retry_us` */
    PlayDrift drift;
    PlayOutputState draft; /* what is told to others after each turn */
    gint64 heard;          /* card frames at the loudspeaker, when last measured */
    gint64 measured_us, moved_us;
    gint64 opened_at; /* progress when it was opened */
    gint64 retry_us, back_off_us;
    gboolean has_failed; /* FAILED was told, RECOVERED not yet */
    gboolean is_waiting; /* for a late source */
} PlayFeed;

/** play_feed_init: parameters as play_output_new(); the card is opened by the first turn */
void play_feed_init(PlayFeed *self, const char *device, guint buffer_ms, ContentClock *clock,
                    PlayNewsFunc func, gpointer user_data);

/** play_feed_clear: items that are left are freed without being told */
void play_feed_clear(PlayFeed *self);

/** play_feed_turn: opens, measures, tells, corrects, fills; never waits */
void play_feed_turn(PlayFeed *self);

/** play_feed_turn_time_us: Returns: when the next turn is wanted, µs from now */
gint64 play_feed_turn_time_us(PlayFeed *self);

/** play_feed_now_us: Returns: the instant by the feed's clock */
gint64 play_feed_now_us(PlayFeed *self);

/**
 * play_feed_take_back:
 * @n_wanted: unheard frames to take back from the card, at most
 * @may_drop: a card that cannot rewind is emptied instead
 * @out_dropped: (out): it was, and has to be started by play_feed_give_again()
 *
 * Returns: how many of the last rendered frames the card has to be given again
 */
gint64 play_feed_take_back(PlayFeed *self, gint64 n_wanted, gboolean may_drop,
                           gboolean *out_dropped);

/** play_feed_give_again: @n_frames: the last rendered, as the stage has amended them */
void play_feed_give_again(PlayFeed *self, gint64 n_frames, gboolean was_dropped);
