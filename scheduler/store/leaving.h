/*
 * leaving.h - somebody leaves: what they had not finished, and which places nobody approves
 * for then.
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

/* Of one answer. */
#define SCHED_ALONE_MAX_LIST 1000

/* An area with announcements or slots for which nobody approves. */
typedef struct {
    char *area, *name; /* (owned) */
    gint64 from_us;    /* since now, or from the end of a right on */
} SchedAloneRow;
void sched_alone_row_free(SchedAloneRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAloneRow, sched_alone_row_free)

/**
 * sched_store_alone_list:
 * @until_us: rights that end by then are looked at, too; @now_us: only as it is now
 *
 * Returns: (transfer full) (element-type SchedAloneRow): soonest first; a deputy whose right
 * has not begun, and an account that is locked or retired, approve nothing
 */
GPtrArray *sched_store_alone_list(SchedTxn *txn, gint64 now_us, gint64 until_us,
                                  GError **error);
