/* objects.c - see objects.h */
#include "scheduler/store/objects.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define OBJECT_COLUMNS "hash, size_bytes, duration_us, loudness_mlufs, peak_mdb, created_us"
static const char sql_put[] =
    "INSERT INTO objects (" OBJECT_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (hash) DO NOTHING";
static const char sql_get[] = "SELECT " OBJECT_COLUMNS " FROM objects WHERE hash = $1";
#define ORIGINAL_COLUMNS "hash, object, name, media, size_bytes, created_us"
static const char sql_put_original[] =
    "INSERT INTO originals (" ORIGINAL_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (object, hash) DO NOTHING";
static const char sql_get_original[] =
    "SELECT " ORIGINAL_COLUMNS " FROM originals WHERE object = $1 "
    "ORDER BY created_us DESC, hash LIMIT 1";
static const char sql_idle[] =
    "SELECT o.hash FROM objects AS o WHERE o.created_us < $1 "
    "AND NOT EXISTS (SELECT 1 FROM versions WHERE object = o.hash) "
    "AND NOT EXISTS (SELECT 1 FROM approvals WHERE object = o.hash) "
    "AND NOT EXISTS (SELECT 1 FROM station_names WHERE hash = o.hash) ORDER BY o.hash";
static const char sql_remove[] = "DELETE FROM objects WHERE hash = $1";
static const char sql_may[] =
    "SELECT 1 FROM station_names WHERE station = $1 AND hash = $2 AND until_us > $3 "
    "UNION ALL SELECT 1 FROM approvals AS a JOIN announcements AS p ON p.id = a.announcement "
    "WHERE a.object = $2 AND a.voided_us = 0 AND p.phrase = 1";

static const char sql_put_peaks[] =
    "INSERT INTO peaks (object, peaks) VALUES ($1, $2) ON CONFLICT (object) DO NOTHING";
static const char sql_peaks[] =
    "SELECT coalesce((SELECT peaks FROM peaks WHERE object = $1), '')";

static const SchedSqlColumn object_columns[] = {
    { "hash",           SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedObjectRow, hash)           },
    { "size_bytes",     SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedObjectRow, size_bytes)     },
    { "duration_us",    SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedObjectRow, duration_us)    },
    { "loudness_mlufs", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedObjectRow, loudness_mlufs) },
    { "peak_mdb",       SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedObjectRow, peak_mdb)       },
    { "created_us",     SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedObjectRow, created_us)     },
    { NULL },
};
static const SchedSqlColumn original_columns[] = {
    { "hash",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOriginalRow, hash)       },
    { "object",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOriginalRow, object)     },
    { "name",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOriginalRow, name)       },
    { "media",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOriginalRow, media)      },
    { "size_bytes", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedOriginalRow, size_bytes) },
    { "created_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedOriginalRow, created_us) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape object_shape = {sizeof(SchedObjectRow), object_columns,
                                           (GDestroyNotify) sched_object_row_free};
static const SchedSqlShape original_shape = {sizeof(SchedOriginalRow), original_columns,
                                             (GDestroyNotify) sched_original_row_free};
SCHED_SQL_DEFINE_FREE(SchedObjectRow, sched_object_row, object_shape)
SCHED_SQL_DEFINE_FREE(SchedOriginalRow, sched_original_row, original_shape)

static gboolean
put_original(SchedTxn *txn, const SchedOriginalRow *original, const char *object,
             GError **error)
{
    SchedOriginalRow row = *original;

    row.object = (char *) object;
    row.created_us = sched_txn_at_us(txn);
    return sched_check_hash("original", row.hash, error) &&
           sched_check_text("file name", row.name, 255, error) &&
           sched_check_text("media", row.media, 255, error) &&
           sched_sql_run_row(txn, sql_put_original, &original_shape, &row, error);
}

gboolean
sched_store_object_put(SchedTxn *txn, const SchedObjectRow *object,
                       const SchedOriginalRow *original, GError **error)
{
    SchedObjectRow row = *object;

    row.created_us = sched_txn_at_us(txn);
    if (!sched_check_hash("object", row.hash, error) ||
        !sched_sql_run_row(txn, sql_put, &object_shape, &row, error) ||
        (original != NULL && !put_original(txn, original, row.hash, error)))
        return FALSE;
    return sched_sql_audit_row(txn, "object.put", row.hash, &object_shape, &row, error);
}

SchedObjectRow *
sched_store_object_get(SchedTxn *txn, const char *hash, GError **error)
{
    return sched_sql_one(txn, sql_get, &object_shape, "object", error, "t", hash);
}

SchedOriginalRow *
sched_store_object_original(SchedTxn *txn, const char *hash, GError **error)
{
    return sched_sql_one(txn, sql_get_original, &original_shape, "original", error, "t", hash);
}

gboolean
sched_store_object_put_peaks(SchedTxn *txn, const char *hash, const char *peaks, GError **error)
{
    return sched_sql_run(txn, sql_put_peaks, error, "tt", hash, peaks);
}

char *
sched_store_object_peaks(SchedTxn *txn, const char *hash, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_texts(txn, sql_peaks, error, "t", hash);

    return rows == NULL ? NULL : g_strdup(rows->pdata[0]);
}

GPtrArray *
sched_store_object_idle(SchedTxn *txn, gint64 before_us, GError **error)
{
    return sched_sql_texts(txn, sql_idle, error, "i", before_us);
}

gboolean
sched_store_object_remove(SchedTxn *txn, const char *hash, GError **error)
{
    if (!sched_sql_run(txn, sql_remove, error, "t", hash))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such object");
        return FALSE;
    }
    return sched_store_audit_append(txn, "object.remove", hash, NULL, error);
}

gboolean
sched_store_object_station_may(SchedTxn *txn, const char *station, const char *hash,
                               gint64 now_us)
{
    return sched_sql_is(txn, sql_may, "tti", station, hash, now_us);
}
