/*
 * gather-private.h - single rows into a snapshot, for whoever gathers all (gather.c) or only
 * what is around one slot (around.c).
 */
#pragma once

#include "content/heartbeat.h"
#include "scheduler/publish/gather.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/stations.h"

/** sched_gather_windows: the area's own, and its limit */
gboolean sched_gather_windows(SchedTxn *txn, SchedArea *area, GError **error);

/** sched_gather_zone: @inventory: (nullable): of its station; what only one side knows becomes
 * a trouble */
void sched_gather_zone(SchedSnapshot *snapshot, const SchedZoneRow *row,
                       const ContentInventory *inventory);

/** sched_gather_approval: as a version of its announcement; @known: announcement id (owned) ->
 * SchedAnnouncement of the snapshot, NULL for one that was withdrawn */
gboolean sched_gather_approval(SchedTxn *txn, SchedSnapshot *snapshot, GHashTable *known,
                               const SchedApprovalRow *row, gint64 now_us, GError **error);

/** sched_gather_playlist: @items: (element-type SchedItemRow) */
void sched_gather_playlist(SchedSnapshot *snapshot, const char *id, const GPtrArray *items);

/** sched_gather_slot: appends it; on an error what was appended is not whole and must go again
 */
gboolean sched_gather_slot(SchedSnapshot *snapshot, const SchedSlotRow *row, GError **error);

/** sched_gather_choices, _quiets, _specials: all of them */
gboolean sched_gather_choices(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us,
                              GError **error);
gboolean sched_gather_quiets(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us,
                             GError **error);
gboolean sched_gather_specials(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us,
                               GError **error);
