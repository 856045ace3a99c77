/*
 * gather.h - the planner's snapshot, out of the store.
 *
 * Flow: store/ rows in one picture -> here -> plan/ (pure). What goes in: areas, stations in
 * use, versions with an approval that is not void, and every slot that was not stopped; one
 * that nobody approved is marked so, for a preview names it and a plan leaves it out.
 */
#pragma once

#include "scheduler/plan/snapshot.h"
#include "scheduler/store/db.h"

/**
 * sched_gather_snapshot:
 * @now_us: UTC; approvals that ended before are left out
 *
 * Returns: (transfer full): NULL if the store could not be read
 */
SchedSnapshot *sched_gather_snapshot(SchedTxn *txn, gint64 now_us, GError **error);
