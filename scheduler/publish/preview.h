/*
 * preview.h - what will be heard in a place on a date, as the API answers it.
 *
 * Flow: web asks -> gather.h, plan/ -> here (JSON). Reads the given transaction.
 */
#pragma once

#include <jansson.h>

#include "scheduler/plan/index.h"
#include "scheduler/store/db.h"

/** sched_preview_troubles: Returns: (transfer full): as sched_troubles_json(), looked for anew
 */
json_t *sched_preview_troubles(SchedTxn *txn, gint64 now_us, GError **error);

/**
 * sched_area_troubles_json:
 * @area: (nullable): only what lies in it, and what lies nowhere
 *
 * Returns: (transfer full): as sched_troubles_json(), of an index that is there already
 */
json_t *sched_area_troubles_json(SchedTxn *txn, SchedIndex *index, const char *area);

/** sched_source_set_json: @source: ContentSource: a live one as member `source`, for it was not
 * checked before it airs; nothing of audio */
void sched_source_set_json(json_t *line, gint source);

/** sched_quiet_set_json: @quiet: (nullable): who asked for silence and why, as member `quiet`
 */
void sched_quiet_set_json(json_t *line, const SchedQuiet *quiet);

/**
 * sched_area_is_planned:
 *
 * Returns: whether the index has the area; if not, SCHED_STORE_ERROR_INVALID says why it was
 *   left out, SCHED_STORE_ERROR_NOT_FOUND that there is none
 */
gboolean sched_area_is_planned(SchedIndex *index, const char *area, GError **error);

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
