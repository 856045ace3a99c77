/* heartbeats.c - see heartbeats.h */
#include "scheduler/store/heartbeats.h"

#include "content/kinds.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define COLUMNS \
    "station, received_us, at_us, document, manifest_version, days_ready, n_faults, " \
    "down_from_us, down_to_us, down_reason"
static const char sql_put[] =
    "INSERT INTO heartbeats (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (station) DO UPDATE SET received_us = excluded.received_us, "
    "at_us = excluded.at_us, document = excluded.document, "
    "manifest_version = excluded.manifest_version, days_ready = excluded.days_ready, "
    "n_faults = excluded.n_faults, down_from_us = excluded.down_from_us, "
    "down_to_us = excluded.down_to_us, down_reason = excluded.down_reason "
    "WHERE excluded.received_us > heartbeats.received_us";
/* Of one row: an INSERT of a SELECT would keep a journal of its own, every time. */
#define STEP_TEXT G_STRINGIFY(SCHED_HEARTBEAT_STEP_S) "000000"
static const char sql_keep[] =
    "INSERT INTO heartbeat_history (" COLUMNS ", step) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $2 / " STEP_TEXT ") "
    "ON CONFLICT (station, step) DO NOTHING";
static const char sql_down[] =
    "INSERT INTO down_spans (station, from_us, to_us, reason) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (station, from_us) DO UPDATE SET to_us = excluded.to_us, "
    "reason = excluded.reason WHERE excluded.to_us > down_spans.to_us";
static const char sql_unreached[] =
    "INSERT INTO down_spans (station, from_us, to_us, reason) VALUES ($1, $2, $3, 'no_network') "
    "ON CONFLICT (station, from_us) DO NOTHING";
static const char sql_before[] =
    "SELECT s.id AS station, s.heartbeat_s AS heartbeat_s, "
    "coalesce(h.received_us, 0) AS received_us, coalesce(h.down_to_us, 0) AS down_to_us "
    "FROM stations AS s LEFT JOIN heartbeats AS h ON h.station = s.id WHERE s.id = $1";
static const char sql_get[] = "SELECT " COLUMNS " FROM heartbeats WHERE station = $1";
static const char sql_list[] = "SELECT " COLUMNS " FROM heartbeats ORDER BY station";
static const char sql_history[] =
    "SELECT " COLUMNS " FROM heartbeat_history WHERE station = $1 AND received_us >= $2 "
    "AND received_us < $3 ORDER BY step";
static const char sql_purge[] = "DELETE FROM heartbeat_history WHERE received_us < $1";

#define AT(member) G_STRUCT_OFFSET(SchedHeartbeatRow, member)
static const SchedSqlColumn columns[] = {
    { "station",          SCHED_SQL_TEXT, AT(station)          },
    { "received_us",      SCHED_SQL_INT,  AT(received_us)      },
    { "at_us",            SCHED_SQL_INT,  AT(at_us)            },
    { "document",         SCHED_SQL_TEXT, AT(document)         },
    { "manifest_version", SCHED_SQL_INT,  AT(manifest_version) },
    { "days_ready",       SCHED_SQL_INT,  AT(days_ready)       },
    { "n_faults",         SCHED_SQL_INT,  AT(n_faults)         },
    { "down_from_us",     SCHED_SQL_INT,  AT(down_from_us)     },
    { "down_to_us",       SCHED_SQL_INT,  AT(down_to_us)       },
    { "down_reason",      SCHED_SQL_WORD, AT(down_reason), content_reason_words },
    { NULL },
};

/* What is known of a station when its next heartbeat comes. */
typedef struct {
    char *station; /* (owned) */
    gint64 heartbeat_s;
    gint64 received_us, down_to_us; /* of the one before; 0: none */
} Before;
#undef AT
#define AT(member) G_STRUCT_OFFSET(Before, member)
static const SchedSqlColumn before_columns[] = {
    { "station",     SCHED_SQL_TEXT, AT(station)     },
    { "heartbeat_s", SCHED_SQL_INT,  AT(heartbeat_s) },
    { "received_us", SCHED_SQL_INT,  AT(received_us) },
    { "down_to_us",  SCHED_SQL_INT,  AT(down_to_us)  },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedHeartbeatRow), columns,
                                    (GDestroyNotify) sched_heartbeat_row_free};
SCHED_SQL_DEFINE_FREE(SchedHeartbeatRow, sched_heartbeat_row, shape)

static void before_free(Before *before);
static const SchedSqlShape before_shape = {sizeof(Before), before_columns,
                                           (GDestroyNotify) before_free};
static SCHED_SQL_DEFINE_FREE(Before, before, before_shape)
    G_DEFINE_AUTOPTR_CLEANUP_FUNC(Before, before_free)

    /*
     * No word for three heartbeats, and the machine did not boot nor the player start in
     * between: it ran, and could not be reached.
     */
    static gboolean note_unreached(SchedTxn *txn, const SchedHeartbeatRow *row,
                                   const Before *before, GError **error)
{
    gint64 from_us = MAX(before->received_us, row->listening_us);

    if (before->received_us == 0 ||
        row->received_us - from_us <= 3 * before->heartbeat_s * G_USEC_PER_SEC ||
        before->down_to_us != row->down_to_us ||
        row->received_us - row->uptime_us > before->received_us)
        return TRUE;
    return sched_sql_run(txn, sql_unreached, error, "tii", row->station, from_us,
                         row->received_us);
}

static gboolean
note_down(SchedTxn *txn, const SchedHeartbeatRow *row, const Before *before, GError **error)
{
    if (row->down_from_us <= 0 || row->down_to_us <= row->down_from_us)
        return TRUE;
    return sched_sql_run(txn, sql_down, error, "tiit", row->station, row->down_from_us,
                         row->down_to_us, content_reason_words[row->down_reason]);
}

/* The newest one before it kept the step that both are in. */
static gboolean
keep_in_history(SchedTxn *txn, const SchedHeartbeatRow *row, const Before *before,
                GError **error)
{
    gint64 step = row->received_us / SCHED_HEARTBEAT_STEP_US;

    return before->received_us / SCHED_HEARTBEAT_STEP_US == step ||
           sched_sql_run_row(txn, sql_keep, &shape, row, error);
}

static gboolean
put_one(SchedTxn *txn, const SchedHeartbeatRow *row, GError **error)
{
    g_autoptr(GError) unknown = NULL;
    g_autoptr(Before) before =
        sched_sql_one(txn, sql_before, &before_shape, "station", &unknown, "t", row->station);

    if (g_error_matches(unknown, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND))
        return TRUE;
    if (before == NULL) {
        g_propagate_error(error, g_steal_pointer(&unknown));
        return FALSE;
    }
    if (row->received_us <= before->received_us) /* an older one than we have */
        return TRUE;
    return note_unreached(txn, row, before, error) &&
           sched_sql_run_row(txn, sql_put, &shape, row, error) &&
           note_down(txn, row, before, error) && keep_in_history(txn, row, before, error) &&
           (before->received_us > 0 || sched_store_station_contact(txn, row->station, error));
}

gboolean
sched_store_heartbeats_put(SchedTxn *txn, GPtrArray *heartbeats, GError **error)
{
    for (guint i = 0; i < heartbeats->len; i++) {
        if (!put_one(txn, g_ptr_array_index(heartbeats, i), error))
            return FALSE;
    }
    return TRUE;
}

SchedHeartbeatRow *
sched_store_heartbeat_get(SchedTxn *txn, const char *station, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "heartbeat", error, "t", station);
}

GPtrArray *
sched_store_heartbeat_list(SchedTxn *txn, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "");
}

GPtrArray *
sched_store_heartbeat_history(SchedTxn *txn, const char *station, gint64 from_us, gint64 to_us,
                              GError **error)
{
    return sched_sql_list(txn, sql_history, &shape, error, "tii", station, from_us, to_us);
}

gboolean
sched_store_heartbeats_purge(SchedTxn *txn, gint64 before_us, GError **error)
{
    return sched_sql_run(txn, sql_purge, error, "i", before_us);
}
