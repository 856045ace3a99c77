/*
 * station-history.h - what became of a station: its players, times without contact, faults.
 *
 * Flow: devices, spans without contact and records, each written by whoever hears of it -> here
 * -> web/ shows them as one list.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_STATION_HISTORY_SHOWN 100

/* Indexes into sched_station_event_words. */
typedef enum {
    SCHED_STATION_ENROLLED,   /* its first player */
    SCHED_STATION_NEW_PLAYER, /* another player took its place, and the one before is void */
    SCHED_STATION_RENEWED,    /* the same player, with a new certificate */
    SCHED_STATION_REVOKED,    /* believed no more; words: why */
    SCHED_STATION_AWAY, /* did not run, or was not reached, until until_us; words: reason */
    SCHED_STATION_BOOT, /* the records of these kinds; words: the record */
    SCHED_STATION_FAULT,
    SCHED_STATION_CLEARED,
    SCHED_STATION_REFUSED,
    SCHED_STATION_CLOCK,
} SchedStationEvent;
extern const char *const sched_station_event_words[];

typedef struct {
    gint64 at_us;
    gint what;       /* SchedStationEvent */
    gint64 until_us; /* 0: an instant */
    char *words;     /* (owned) */
} SchedStationEventRow;
void sched_station_event_row_free(SchedStationEventRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedStationEventRow, sched_station_event_row_free)

/**
 * sched_store_station_history:
 * @before_us: only what came before it
 *
 * Returns: (transfer full) (element-type SchedStationEventRow): newest first, at most
 *   SCHED_STATION_HISTORY_SHOWN
 */
GPtrArray *sched_store_station_history(SchedTxn *txn, const char *station, gint64 before_us,
                                       GError **error);
