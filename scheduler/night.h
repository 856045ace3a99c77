/*
 * night.h - what grows for ever is cut back once a day, at an hour when nobody waits.
 *
 * Flow: district.c starts it -> an alarm between two and four in the morning -> store's
 * retention (records, manifests, documents, heartbeat history, sessions, idempotency keys) in
 * steps that leave room for others -> the next night. A machine that is off at night does it
 * some minutes after its start.
 * Thread: the owner's; each step runs in the store's writer.
 *
 * Of several schedulers on one database one does it: the named lock `night` outlives the work
 * by most of a day, which is also what keeps a restart from doing it again.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/store/db.h"

#define SCHED_NIGHT_FROM_S ((gint64) 2 * 3600)
#define SCHED_NIGHT_SPAN_S (2 * 3600)
/* After a start: not at once, when all stations come back, and not all districts together. */
#define SCHED_NIGHT_FIRST_US      (G_GINT64_CONSTANT(20) * 60 * G_USEC_PER_SEC)
#define SCHED_NIGHT_FIRST_SPAN_US (G_GINT64_CONSTANT(30) * 60 * G_USEC_PER_SEC)
/* Shorter than from the end of one night to the beginning of the next. */
#define SCHED_NIGHT_LOCK_US (G_GINT64_CONSTANT(20) * 3600 * G_USEC_PER_SEC)

/**
 * sched_night_next_us:
 * @tzid: whose night
 * @seed: spreads districts over the hours
 *
 * Pure. Returns: UTC instant of the next night after @after_us
 */
gint64 sched_night_next_us(gint64 after_us, const char *tzid, guint seed);

typedef struct {
    /* A night begins: for what every process has to do by itself. */
    void (*begins)(gpointer user_data);
    /* It is done: @n_rows went. */
    void (*done)(gint64 n_rows, gpointer user_data);
    /* It could not be done; tried again the next night. */
    void (*trouble)(const char *words, gpointer user_data);
} SchedNightEvents;

typedef struct SchedNight SchedNight;

/**
 * sched_night_new:
 * @store: @clock: @events: (not owned): must outlive it
 * @holder: id of this process, for the lock
 */
SchedNight *sched_night_new(SchedStore *store, ContentClock *clock, const char *holder,
                            guint seed, const SchedNightEvents *events, gpointer user_data);

/** sched_night_free: @self: (nullable) (transfer full): waits for the step under way */
void sched_night_free(SchedNight *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedNight, sched_night_free)
