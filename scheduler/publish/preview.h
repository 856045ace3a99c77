/*
 * preview.h - what will be heard in a place on a date, as the API answers it.
 *
 * Flow: web asks -> gather.h, plan/ -> here (JSON). Reads the given transaction.
 */
#pragma once

#include <jansson.h>

#include "scheduler/store/db.h"

/** sched_preview_troubles: Returns: (transfer full): as sched_troubles_json(), looked for anew
 */
json_t *sched_preview_troubles(SchedTxn *txn, gint64 now_us, GError **error);

/**
 * sched_preview_json:
 * @area: a village, or anything above
 * @date: local date, YYYY-MM-DD
 * @now_us: UTC; approvals that ended before are left out
 *
 * Returns: (transfer full): {"zones": n, "lines": […], "troubles": […]}: by instant; a line
 * that does not sound has `sounds` false and a `finding` that says why; troubles as above, of
 * the place and of the whole district
 */
json_t *sched_preview_json(SchedTxn *txn, const char *area, const char *date, gint64 now_us,
                           GError **error);
