/*
 * deliveries.h - everything a delivery report needs of one local date, read in one picture.
 *
 * Flow: web/ and loactl ask -> here (rows) -> report/delivery (pure: rows in, verdicts out).
 */
#pragma once

#include "scheduler/report/delivery.h"
#include "scheduler/store/db.h"

/**
 * sched_store_delivery_span:
 * @tzid: of the station
 * @out_from_us, @out_to_us: UTC: where segments of the local date @date may start: the day, and
 *   the night after
 */
gboolean sched_store_delivery_span(const char *date, const char *tzid, gint64 *out_from_us,
                                   gint64 *out_to_us, GError **error);

/** sched_store_delivery_is_spoilt: Returns: whether @error means that something kept cannot be
 * read any more; and not that the disk does not answer */
gboolean sched_store_delivery_is_spoilt(const GError *error);

/**
 * sched_store_delivery_input:
 * @station: its local date @date
 *
 * Returns: (transfer full): what was in force at each instant, what the station said happened,
 *   and when it was heard of
 */
SchedDeliveryInput *sched_store_delivery_input(SchedTxn *txn, const char *station,
                                               const char *date, gint64 now_us, GError **error);

/**
 * sched_store_delivery_of:
 *
 * Returns: (transfer full) (element-type SchedDelivery): of one station and date, each linked
 *   to what it makes up or is made up by (make-ups.h)
 */
GPtrArray *sched_store_delivery_of(SchedTxn *txn, const char *station, const char *date,
                                   gint64 now_us, GError **error);

/**
 * sched_store_delivery:
 * @area: (nullable): only villages in it or below
 * @troubles: (element-type SchedTrouble): gets one for each station that is left out because
 *   something kept of it cannot be read
 *
 * Returns: (transfer full) (element-type SchedDelivery): all stations, by village, start,
 * language
 */
GPtrArray *sched_store_delivery(SchedTxn *txn, const char *area, const char *date,
                                gint64 now_us, GPtrArray *troubles, GError **error);
