/*
 * watch.h - what stations say is wrong, as lines for a person on call: few, and none missing.
 *
 * Flow: hearing.h (faults of a heartbeat, words that were refused) -> desk.h -> here -> the
 * log. Pure: time comes in as an argument.
 *
 * A fault that comes and goes with every heartbeat makes a line for its beginning at most every
 * SCHED_WATCH_AGAIN_US, which then says how often it came; its end is told once for each. One
 * that has come back to stay is told as soon as it has stood for SCHED_WATCH_STANDS_US.
 */
#pragma once

#include <glib.h>

#define SCHED_WATCH_AGAIN_US  (G_GINT64_CONSTANT(600) * G_USEC_PER_SEC)
#define SCHED_WATCH_STANDS_US (G_GINT64_CONSTANT(120) * G_USEC_PER_SEC)
/* Faults remembered of one station; it may name 64 at a time. Of more it is told that they are,
 * and they are only shown. */
#define SCHED_WATCH_MAX_FAULTS 256
/* Refusals of one station told within SCHED_WATCH_AGAIN_US; more are counted. */
#define SCHED_WATCH_MAX_REFUSALS 5

typedef void (*SchedWatchTell)(const char *station, const char *words, gpointer user_data);

typedef struct {
    SchedWatchTell fault;   /* a fault began, is over, or comes and goes */
    SchedWatchTell refused; /* something that a station said was refused */
} SchedWatchEvents;

typedef struct SchedWatch SchedWatch;

/** sched_watch_new: @events: (not owned) */
SchedWatch *sched_watch_new(const SchedWatchEvents *events, gpointer user_data);

/**
 * sched_watch_faults:
 * @faults: (element-type ContentFault): all that the station has now
 * @now_us: monotonic
 */
void sched_watch_faults(SchedWatch *self, const char *station, const GPtrArray *faults,
                        gint64 now_us);

/** sched_watch_refused: @now_us: monotonic */
void sched_watch_refused(SchedWatch *self, const char *station, const char *words,
                         gint64 now_us);

/** sched_watch_free: @self: (nullable) (transfer full) */
void sched_watch_free(SchedWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedWatch, sched_watch_free)
