/*
 * placing.h - what was sent from above finds its time: as a commune asks for one, and by itself
 * before its deadline.
 *
 * Flow: web/ asks for times, or whether one will do (plan/place.h) -> store/offers.h keeps the
 * choice. By itself: an alarm (desk.c) -> what is due -> the next allowed time -> kept. Reads
 * the given transaction.
 */
#pragma once

#include <jansson.h>

#include "scheduler/plan/place.h"
#include "scheduler/publish/chore.h"

/* Nobody waits for the second here. */
#define SCHED_PLACING_EVERY_US (30 * G_USEC_PER_SEC)

/** sched_placing_times_json: Returns: (transfer full): a list of {"start_us", "behind",
 * "heard"}: times that offer themselves */
json_t *sched_placing_times_json(SchedTxn *txn, const char *offer, const char *area,
                                 gint64 now_us, GError **error);

/**
 * sched_placing_try:
 * @out_free: (out): it may be placed so
 */
gboolean sched_placing_try(SchedTxn *txn, const char *offer, const char *area, gint64 start_us,
                           gint64 now_us, SchedPlaceTime *out_time, gboolean *out_free,
                           GError **error);

/* What no commune placed in time. */
extern const SchedChoreWork sched_placing;
