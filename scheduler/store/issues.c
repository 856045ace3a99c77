/* issues.c - what was issued to whom; see issues.h */
#include "scheduler/store/issues.h"

#include "scheduler/store/sql.h"

/* clang-format off */
#define COLUMNS "station, version, hash, contents, settings, keys, templates, issued_us, expires_us"
static const char sql_add[] =
    "INSERT INTO manifests (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
static const char sql_newest[] =
    "SELECT " COLUMNS " FROM manifests WHERE station = $1 ORDER BY version DESC LIMIT 1";
static const char sql_get[] =
    "SELECT " COLUMNS " FROM manifests WHERE station = $1 AND version = $2";
static const char sql_newest_all[] =
    "SELECT m.station, m.version, m.hash, m.contents, m.settings, m.keys, m.templates, m.issued_us, "
    "m.expires_us FROM manifests AS m WHERE m.version = ("
    "SELECT max(n.version) FROM manifests AS n WHERE n.station = m.station) ORDER BY m.station";
static const char sql_add_day[] =
    "INSERT INTO manifest_days (station, version, date, hash) VALUES ($1, $2, $3, $4)";
static const char sql_days[] =
    "SELECT date, hash FROM manifest_days WHERE station = $1 AND version = $2 ORDER BY date";
static const char sql_name[] =
    "INSERT INTO station_names (station, hash, until_us) VALUES ($1, $2, $3) "
    "ON CONFLICT (station, hash) DO UPDATE SET until_us = excluded.until_us "
    "WHERE excluded.until_us > station_names.until_us";

#define AT(member) G_STRUCT_OFFSET(SchedManifestRow, member)
static const SchedSqlColumn manifest_columns[] = {
    { "station",    SCHED_SQL_TEXT, AT(station)    },
    { "version",    SCHED_SQL_INT,  AT(version)    },
    { "hash",       SCHED_SQL_TEXT, AT(hash)       },
    { "contents",   SCHED_SQL_TEXT, AT(contents)   },
    { "settings",   SCHED_SQL_TEXT, AT(settings)   },
    { "keys",       SCHED_SQL_TEXT, AT(keys)       },
    { "templates",  SCHED_SQL_TEXT, AT(templates)  },
    { "issued_us",  SCHED_SQL_INT,  AT(issued_us)  },
    { "expires_us", SCHED_SQL_INT,  AT(expires_us) },
    { "days",       SCHED_SQL_LIST, AT(days)       },
    { NULL },
};
static const SchedSqlColumn day_columns[] = {
    { "date", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedIssuedDayRow, date) },
    { "hash", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedIssuedDayRow, hash) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape manifest_shape = {sizeof(SchedManifestRow), manifest_columns,
                                             (GDestroyNotify) sched_manifest_row_free};
static const SchedSqlShape day_shape = {sizeof(SchedIssuedDayRow), day_columns,
                                        (GDestroyNotify) sched_issued_day_row_free};
SCHED_SQL_DEFINE_FREE(SchedManifestRow, sched_manifest_row, manifest_shape)
SCHED_SQL_DEFINE_FREE(SchedIssuedDayRow, sched_issued_day_row, day_shape)

static gboolean
name_all(SchedTxn *txn, const SchedManifestRow *manifest, GPtrArray *hashes, GError **error)
{
    for (guint i = 0; hashes != NULL && i < hashes->len; i++) {
        if (!sched_sql_run(txn, sql_name, error, "tti", manifest->station,
                           g_ptr_array_index(hashes, i), manifest->expires_us))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_days(SchedTxn *txn, const SchedManifestRow *manifest, GError **error)
{
    for (guint i = 0; i < manifest->days->len; i++) {
        const SchedIssuedDayRow *day = g_ptr_array_index(manifest->days, i);

        if (!sched_sql_run(txn, sql_add_day, error, "titt", manifest->station,
                           manifest->version, day->date, day->hash))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_manifest_add(SchedTxn *txn, const SchedManifestRow *manifest, GPtrArray *approvals,
                         GPtrArray *objects, GError **error)
{
    if (!sched_sql_run_row(txn, sql_add, &manifest_shape, manifest, error) ||
        !write_days(txn, manifest, error) || !name_all(txn, manifest, approvals, error) ||
        !name_all(txn, manifest, objects, error)) {
        g_prefix_error(error, "manifest %" G_GINT64_FORMAT " of %s: ", manifest->version,
                       manifest->station);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "manifest.issue", manifest->station, &manifest_shape,
                               manifest, error);
}

gboolean
sched_store_manifest_name(SchedTxn *txn, const SchedManifestRow *manifest, GPtrArray *hashes,
                          GError **error)
{
    return name_all(txn, manifest, hashes, error);
}

static gboolean
load_days(SchedTxn *txn, SchedManifestRow *row, GError **error)
{
    row->days =
        sched_sql_list(txn, sql_days, &day_shape, error, "ti", row->station, row->version);
    return row->days != NULL;
}

SchedManifestRow *
sched_store_manifest_newest(SchedTxn *txn, const char *station, GError **error)
{
    g_autoptr(SchedManifestRow) row =
        sched_sql_one(txn, sql_newest, &manifest_shape, "manifest", error, "t", station);

    if (row == NULL || !load_days(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

SchedManifestRow *
sched_store_manifest_get(SchedTxn *txn, const char *station, gint64 version, GError **error)
{
    g_autoptr(SchedManifestRow) row =
        sched_sql_one(txn, sql_get, &manifest_shape, "manifest", error, "ti", station, version);

    if (row == NULL || !load_days(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

GPtrArray *
sched_store_manifest_newest_all(SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_newest_all, &manifest_shape, error, "");

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!load_days(txn, g_ptr_array_index(rows, i), error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}
