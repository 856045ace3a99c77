/*
 * reach.h - which stations a change concerns, put into the outbox in the change's transaction.
 *
 * Flow: noun files call this after they wrote. Private to store/. Retired stations are left
 * out.
 */
#pragma once

#include "scheduler/store/db.h"

/** sched_reach_area: stations in @area or below it, or with a zone there */
gboolean sched_reach_area(SchedTxn *txn, const char *area, const char *reason, GError **error);

/** sched_reach_slot: stations that a target of the slot reaches */
gboolean sched_reach_slot(SchedTxn *txn, const char *slot, const char *reason, GError **error);

/** sched_reach_playlist: stations of all slots that name it, on any date */
gboolean sched_reach_playlist(SchedTxn *txn, const char *playlist, const char *reason,
                              GError **error);

/** sched_reach_announcement: stations of all slots whose playlist names it; every station for a
 * phrase of alerts that was ever approved */
gboolean sched_reach_announcement(SchedTxn *txn, const char *announcement, const char *reason,
                                  GError **error);
