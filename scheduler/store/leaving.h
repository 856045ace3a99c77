/*
 * leaving.h - somebody leaves: what they had not finished, and which places they approved
 * alone.
 *
 * Flow: web/ asks before it retires an account, and hands the work over in the same
 * transaction.
 *
 * Unfinished is what waits or was never sent on: announcements with a version that is not
 * approved, those versions, slots and changes of dates without approval, playlists that nothing
 * approved uses, proposals that are open. What was approved stays its author's for ever, and
 * who wrote something before stays known (table authors): the successor becomes one author
 * more.
 */
#pragma once

#include "scheduler/store/db.h"

/* Areas that a refusal names; the rest is counted. */
#define SCHED_LEAVING_MAX_NAMES 5

/** sched_store_work_left: @out_count: (out): unfinished pieces of work of @account */
gboolean sched_store_work_left(SchedTxn *txn, const char *account, gint64 *out_count,
                               GError **error);

/**
 * sched_store_work_hand_over:
 * @to: an active account; INVALID if it is none, or the same
 *
 * All but the proposals, which are the API's to ask for anew. A version whose language @to had
 * checked is a draft again: nobody checks their own. Audited.
 */
gboolean sched_store_work_hand_over(SchedTxn *txn, const char *from, const char *to,
                                    GError **error);

/**
 * sched_store_left_alone:
 *
 * Returns: (element-type utf8): names of areas with announcements or slots that @account
 *   approves at the transaction's instant, and nobody else; NULL with @error
 */
GPtrArray *sched_store_left_alone(SchedTxn *txn, const char *account, GError **error);
