/*
 * notice.h - where in the running programme a quick notice goes, and whether it is heard there.
 *
 * Flow: the API approves a notice -> here, in its transaction -> plan/. Reads what the
 * transaction has written so far.
 */
#pragma once

#include "scheduler/plan/next-start.h"
#include "scheduler/store/db.h"

/** sched_notice_next_start: Returns: as sched_next_start(), planned with what is in force at
 * @now_us */
gint64 sched_notice_next_start(SchedTxn *txn, const SchedNextWish *wish, gint64 now_us,
                               GError **error);

/**
 * sched_notice_count:
 * @slot: of the notice, on the local date of @start_us
 * @out_heard: (out): zones in which it sounds
 * @out_silent: (out): zones in which it does not
 */
gboolean sched_notice_count(SchedTxn *txn, const char *slot, gint64 start_us, gint64 now_us,
                            guint *out_heard, guint *out_silent, GError **error);
