/*
 * hours.h - what other allowed hours would change, before anybody keeps them.
 *
 * Flow: web asks with the hours that a person has typed -> gather.h, plan/ twice -> here
 * (JSON). Reads the given transaction.
 */
#pragma once

#include <jansson.h>

#include "scheduler/store/db.h"

/* As far ahead as people look, each weekday once. */
#define SCHED_HOURS_DAYS 7
/* Slots that are named; more of them are one question too large for a person. */
#define SCHED_HOURS_MAX_SLOTS 200

/**
 * sched_hours_json:
 * @windows: (element-type SchedWindowRow): those that would hold in @area
 * @limit_min: and its minutes a day
 * @now_us: UTC; from its local date on
 *
 * Returns: (transfer full): {"changes": […]}: slots of which in the coming days something would
 * fall outside the hours or above the minutes and does not now (`sounds` false), then those of
 * which something does now and would not; by their first instant
 */
json_t *sched_hours_json(SchedTxn *txn, const char *area, const GPtrArray *windows,
                         gint64 limit_min, gint64 now_us, GError **error);
