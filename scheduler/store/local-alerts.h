/*
 * local-alerts.h - alerts that a commune started alone, as its station's records tell of them.
 *
 * Flow: records.c takes a batch -> here: a row of alerts.h for each, its places as far as the
 * station has named them, approvers told, messengers called -> from there on it is read,
 * stopped and put right as any alert of the district.
 *
 * The station keeps its order; nobody here signed it, and nothing of it goes out. Until a zone
 * has said that it has it, and perhaps none ever does, it is of the place of its station; then
 * it is for the villages whose zones have it. If those are all that its grant reaches at the
 * station, it is for the whole places of the grant: then a village there without a loudspeaker
 * is to be told, too.
 */
#pragma once

#include "content/record.h"
#include "scheduler/store/alerts.h"

/** sched_store_local_alert_note: @record: of any kind: a start becomes an alert, once; what is
 * no start of one changes nothing. Returns: %FALSE only if the store does not answer */
gboolean sched_store_local_alert_note(SchedTxn *txn, const char *station,
                                      const ContentRecord *record, GError **error);

/**
 * sched_store_local_alert_settle:
 * @alert: that records of @station name; of the district, or unknown: nothing happens
 *
 * After the records are in the store, whatever their order: places, approvers and messengers
 * follow from all that was said of it.
 */
gboolean sched_store_local_alert_settle(SchedTxn *txn, const char *station, const char *alert,
                                        GError **error);

/**
 * sched_store_alert_open:
 *
 * Returns: (transfer full): what the district signed; of a local alert what its template says
 *   now, without a speech if what filled its blanks is not known
 */
ContentAlert *sched_store_alert_open(SchedTxn *txn, const SchedAlertRow *row, GError **error);
