/*
 * asking.h - every station is asked for its hello after a broker came up, a few at a time.
 *
 * Flow: desk.h (a broker is up) -> publisher.h -> here, which says when -> publisher.h asks.
 * Thread: the owner's. What a station said before the broker was up was heard by nobody.
 */
#pragma once

#include "content/base/clock.h"

/* Stations that just connect speak by themselves first. */
#define SCHED_ASK_AFTER_US (2 * G_USEC_PER_SEC)
/* So many at a time: 10,000 take 50 s, and their answers do not come at once. */
#define SCHED_ASK_PAUSE_US (G_USEC_PER_SEC / 4)
#define SCHED_ASK_BATCH    50

/* Asks the station, unless it spoke since then (monotonic µs). Returns: whether it was asked */
typedef gboolean (*SchedAskFunc)(const char *station, gint64 since_us, gpointer user_data);

typedef struct SchedAsking SchedAsking;

/** sched_asking_new: @clock: (not owned) */
SchedAsking *sched_asking_new(ContentClock *clock, SchedAskFunc ask, gpointer user_data);

/**
 * sched_asking_begin:
 * @stations: set of their ids; copied
 *
 * Begins anew where it was under way: the broker that came up now may be another.
 */
void sched_asking_begin(SchedAsking *self, GHashTable *stations);

/** sched_asking_free: @self: (nullable) (transfer full) */
void sched_asking_free(SchedAsking *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAsking, sched_asking_free)
