/*
 * week.h - what all villages of an area hear on some days, as a page of rows needs it.
 *
 * Flow: web asks -> gather.h, plan/ -> here (JSON). One snapshot and one index for all of it;
 * what would stand there once a zone (names, languages, windows) stands there once. Reads the
 * given transaction.
 */
#pragma once

#include <jansson.h>

#include "scheduler/store/db.h"

#define SCHED_WEEK_MAX_DAYS 7
/* Lines of one answer; above it the question is refused, for a page cut short would lie. */
#define SCHED_WEEK_MAX_LINES 20000

/**
 * sched_week_json:
 * @area: a village, or anything above
 * @from: first local date of the stations, YYYY-MM-DD
 * @n_days: 1 … SCHED_WEEK_MAX_DAYS
 * @now_us: UTC; approvals that ended before are left out
 *
 * A line is a segment with all its zones of the area, or a finding; `zones` are places in the
 * list of zones. A finding about an occurrence that nobody approved has the length that its
 * playlist takes in the longest language, about.
 *
 * Returns: (transfer full): {"zones": […], "slots": […], "lines": […], "troubles": […]}; NULL
 *   and SCHED_STORE_ERROR_INVALID: no such date, too many days or lines
 */
json_t *sched_week_json(SchedTxn *txn, const char *area, const char *from, guint n_days,
                        gint64 now_us, GError **error);
