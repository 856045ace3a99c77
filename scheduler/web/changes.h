/*
 * changes.h - pages that wait until something in the district has changed.
 *
 * Flow: GET /api/changes?after=N -> held here while N is the store's count of commits -> goes
 * on with the first change, or after a while without one. A page asks again at once: one
 * request a page is open all the time, and an answer that does not come tells the page that the
 * district is gone. Thread: the owner's main context.
 */
#pragma once

#include "scheduler/web/route.h"

/* An answer without a change comes after so long: less than any proxy's patience. */
#define SCHED_CHANGES_HOLD_US (25 * G_USEC_PER_SEC)

typedef struct SchedChanges SchedChanges;

/** sched_changes_new: @store, @clock: must outlive it */
SchedChanges *sched_changes_new(SchedStore *store, ContentClock *clock);

/** sched_changes_free: @self: (nullable) (transfer full): with nothing waiting in it */
void sched_changes_free(SchedChanges *self);

/**
 * sched_changes_wait:
 * @after: the count that the page knows; another one than the store's goes on at once
 *
 * Ends in sched_act_go_on(), now or later.
 */
void sched_changes_wait(SchedChanges *self, SchedAct *act, gint64 after);

/** sched_changes_release: whatever waits goes on now */
void sched_changes_release(SchedChanges *self);
