/*
 * tally.h - judges each day at each station when there is news of it, for the reports.
 *
 * Flow: district.c starts it -> every ten seconds: is a day due? -> judged in a task's thread
 * -> kept by the store's writer -> web/ reads sums. What is not due costs nothing.
 * Thread: the owner's; the work is done in a task's.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/store/db.h"

/* How often it is asked whether a day is due. */
#define SCHED_TALLY_EVERY_US (10 * G_USEC_PER_SEC)
/* While many are due, so much rest between two steps of so many: others need the machine too.
 */
#define SCHED_TALLY_REST_US (G_GINT64_CONSTANT(200) * 1000)
#define SCHED_TALLY_STEP    32
/* How often new days and new stations are looked for. */
#define SCHED_TALLY_OPEN_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef struct {
    /* A day could not be judged, or nothing could be kept; it is tried again. */
    void (*trouble)(const char *words, gpointer user_data);
    /* (nullable): a step is done: so many days were judged. */
    void (*done)(guint n_days, gpointer user_data);
} SchedTallyEvents;

typedef struct SchedTally SchedTally;

/** sched_tally_new: @store: @clock: @events: (not owned): must outlive it */
SchedTally *sched_tally_new(SchedStore *store, ContentClock *clock,
                            const SchedTallyEvents *events, gpointer user_data);

/** sched_tally_free: @self: (nullable) (transfer full): waits for the step under way */
void sched_tally_free(SchedTally *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedTally, sched_tally_free)
