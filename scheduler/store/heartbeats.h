/*
 * heartbeats.h - the latest word of each station, and a coarser history.
 *
 * Flow: publish/ gathers them for a second and writes them in one transaction. Not audited.
 */
#pragma once

#include "scheduler/store/db.h"

/* History keeps the first heartbeat in each step of this length. */
#define SCHED_HEARTBEAT_STEP_S  600
#define SCHED_HEARTBEAT_STEP_US (G_GINT64_CONSTANT(1) * SCHED_HEARTBEAT_STEP_S * G_USEC_PER_SEC)

typedef struct {
    char *station;      /* (owned) */
    gint64 received_us; /* by our clock */
    gint64 at_us;       /* by the station's */
    char *document;     /* (owned): the heartbeat as it came */
    gint64 manifest_version;
    gint64 days_ready;
    gint64 n_faults;
    gint64 down_from_us, down_to_us; /* last time the player was not running; 0: unknown */
    gint down_reason;                /* ContentReason */
    /* only to be put: what tells a lost network from a stopped player */
    gint64 uptime_us;    /* of the machine */
    gint64 listening_us; /* since when we could have heard the station; 0: always */
} SchedHeartbeatRow;
void sched_heartbeat_row_free(SchedHeartbeatRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedHeartbeatRow, sched_heartbeat_row_free)

/** sched_store_heartbeats_put: @heartbeats: (element-type SchedHeartbeatRow): an older one
 * never replaces a newer one; of a station that is not known it is dropped. Where none
 * came for three of its intervals although machine and player ran on, the time between is kept
 * as one without network. */
gboolean sched_store_heartbeats_put(SchedTxn *txn, GPtrArray *heartbeats, GError **error);

/**
 * sched_store_heartbeat_get: the newest; NOT_FOUND before the first
 *
 * sched_store_heartbeat_list: the newest of every station; _history: @from_us: UTC, up to
 * before @to_us, at the coarser step
 */
SchedHeartbeatRow *sched_store_heartbeat_get(SchedTxn *txn, const char *station,
                                             GError **error);
GPtrArray *sched_store_heartbeat_list(SchedTxn *txn, GError **error);
GPtrArray *sched_store_heartbeat_history(SchedTxn *txn, const char *station, gint64 from_us,
                                         gint64 to_us, GError **error);

/** sched_store_heartbeats_purge: drops history received before @before_us */
gboolean sched_store_heartbeats_purge(SchedTxn *txn, gint64 before_us, GError **error);
