/*
 * watch.h - does a live source still say something, or is it time for the spare?
 *
 * Flow: source-relay.c tells the level of each 100 ms of what came -> this decides from where
 * the next 100 ms sound, and keeps count for the record. Pure: no clock, spans come in as
 * arguments.
 *
 * A source is deserted after PLAY_WATCH_SILENT_US without sound, whether silence comes from it
 * or nothing at all, and has its place back once it sounds again for PLAY_WATCH_BACK_US.
 */
#pragma once

#include <glib.h>

/* RMS below which a stretch counts as silent: noise of an idle tuner's line lies below, the
 * quietest speech that a station sends lies above. */
#define PLAY_WATCH_THRESHOLD_MDB (-50000)
#define PLAY_WATCH_SILENT_US     (10 * G_USEC_PER_SEC)
#define PLAY_WATCH_BACK_US       (2 * G_USEC_PER_SEC)

typedef enum {
    PLAY_WATCH_SOUND,  /* at or above the threshold */
    PLAY_WATCH_QUIET,  /* something comes, and it is silence */
    PLAY_WATCH_ABSENT, /* nothing comes */
} PlayWatchHeard;

/* What the record says; 0: it did not happen. */
typedef struct {
    gint64 silent_us; /* of the stretches without sound that were long enough: silence came */
    gint64 gone_us;   /* of the same: nothing came */
    gint64 spare_us;  /* the spare sounded instead */
} PlayWatchStory;

typedef struct {
    gint64 hushed_us; /* without sound until now */
    gint64 absent_us; /* of that: nothing came */
    gint64 back_us;   /* sounding until now, while deserted */
    gboolean is_deserted;
    PlayWatchStory story;
} PlayWatch;

/** play_watch_judge: @level_mdb: RMS of what came; G_MININT64: digital silence, or nothing */
PlayWatchHeard play_watch_judge(gboolean has_come, gint64 level_mdb);

/**
 * play_watch_add:
 * @span_us: how long @heard lasted, > 0
 *
 * Returns: whether the spare is to sound next
 */
gboolean play_watch_add(PlayWatch *watch, PlayWatchHeard heard, gint64 span_us);

/** play_watch_spared: the spare did sound for @span_us */
void play_watch_spared(PlayWatch *watch, gint64 span_us);
