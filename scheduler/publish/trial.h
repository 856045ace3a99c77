/*
 * trial.h - what would happen if a slot were as somebody is just about to make it.
 *
 * Flow: web asks while a person fills in the form or drags -> around.h, plan/ -> here (JSON).
 * Nothing is kept. Reads the given transaction.
 */
#pragma once

#include <jansson.h>

#include "scheduler/store/slots.h"

/* Days looked at, from the first on which it is to sound. */
#define SCHED_TRIAL_DAYS 7
/* Lines of one answer, and villages named by one. */
#define SCHED_TRIAL_MAX_LINES    40
#define SCHED_TRIAL_MAX_VILLAGES 5
/* How far behind its first date, and today, the first day may be. */
#define SCHED_TRIAL_AHEAD_DAYS 400

/**
 * sched_trial_json:
 * @slot: as it is to be; an id of one that there is: it stands in its place; NULL: a new one
 * @items: (nullable) (element-type SchedItemRow): what it plays; NULL: its playlist's
 *
 * All other slots count as if they were approved. A line is something that is not heard as it
 * was meant, in the slot itself or in another that has to give way, with all its villages and
 * dates; those of other slots come first.
 *
 * Returns: (transfer full): {"lines": […], "more", "from_us"?, "to_us"?}: when its first
 * sounding that is not over begins and ends; INVALID: what putting it would be refused for
 */
json_t *sched_trial_json(SchedTxn *txn, const SchedSlotRow *slot, const GPtrArray *items,
                         gint64 now_us, GError **error);
