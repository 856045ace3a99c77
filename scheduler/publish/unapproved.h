/*
 * unapproved.h - what of the plan has no approval, around now, as rows of the store.
 *
 * Flow: look.c asks once a minute -> gather.h, plan/unapproved.h -> here -> store. Reads the
 * given transaction.
 */
#pragma once

#include "scheduler/store/unapproved.h"

/* Told of so long before it would sound; looked at so long after, for a district may be off. */
#define SCHED_UNAPPROVED_AHEAD_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define SCHED_UNAPPROVED_BACK_US  (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* Kept of one look: more is no list that anybody reads. */
#define SCHED_UNAPPROVED_MAX_ROWS 1000

/** sched_unapproved_rows: Returns: (transfer full) (element-type SchedUnapprovedRow): by start
 */
GPtrArray *sched_unapproved_rows(SchedTxn *txn, gint64 now_us, GError **error);
