/*
 * around.h - the planner's snapshot of what is around one slot that nobody has kept yet.
 *
 * Flow: a form or a drag asks what would happen -> here (only the stations that the slot
 * reaches, and what sounds there) -> plan/ (pure) -> trial.h. The cost follows what those
 * stations hear, not how large the district is.
 */
#pragma once

#include "scheduler/plan/snapshot.h"
#include "scheduler/store/db.h"
#include "scheduler/store/slots.h"

/* Of a snapshot in which the slot itself is new. */
#define SCHED_AROUND_NEW_SLOT "tried"

/* Stations looked at for one question: the rest is told to be there. */
#define SCHED_AROUND_MAX_STATIONS 12

typedef struct {
    GPtrArray *stations; /* (owned) (element-type utf8): ids, those that were looked at */
    gboolean has_more;   /* there are others */
} SchedAround;
void sched_around_clear(SchedAround *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SchedAround, sched_around_clear)

/**
 * sched_gather_around:
 * @slot: as it is to be; with the id of one that there is, it stands in its place
 * @items: (element-type SchedItemRow): what it plays
 * @out_around: (out): which stations
 *
 * Every slot is in it as if it were approved, and recordings of the slot's own that wait for
 * approval are there, too: whoever makes a week wants to know what will be.
 *
 * Returns: (transfer full): NULL if the store could not be read
 */
SchedSnapshot *sched_gather_around(SchedTxn *txn, const SchedSlotRow *slot,
                                   const GPtrArray *items, gint64 now_us,
                                   SchedAround *out_around, GError **error);
