/* station-states.c - what stations said about what they were sent; see issues.h */
#include "scheduler/store/issues.h"

#include <string.h>

#include "scheduler/store/outbox.h"
#include "scheduler/store/sql.h"

/* clang-format off */
/* A heartbeat is a contact, and is written down once only: where it stands itself. */
#define COLUMNS \
    "station, boot, hello_us, CASE WHEN received_us > contact_us THEN received_us " \
    "ELSE contact_us END AS contact_us, reported_version, accepted_version, accepted_us, " \
    "refusal, floor, inventory, reads, player_version"
#define STATES "station_states LEFT JOIN heartbeats USING (station)"
static const char sql_contact[] =
    "INSERT INTO station_states (station, contact_us) VALUES ($1, $2) "
    "ON CONFLICT (station) DO UPDATE SET contact_us = excluded.contact_us "
    "WHERE excluded.contact_us > station_states.contact_us";
static const char sql_hello[] =
    "UPDATE station_states SET boot = $2, hello_us = $3, floor = $4, reads = $5, "
    "player_version = $6 WHERE station = $1";
/* A player whose gateway does not answer says none; what the last one could switch stays. */
static const char sql_other_reads[] =
    "SELECT 1 FROM station_states WHERE station = $1 "
    "AND (reads LIKE '%\"templates\"%') <> ($2 LIKE '%\"templates\"%')";
static const char sql_inventory[] =
    "UPDATE station_states SET inventory = $2 WHERE station = $1 AND inventory <> $2 AND $2 <> ''";
static const char sql_accepted[] =
    "UPDATE station_states SET reported_version = $2, accepted_version = $2, accepted_us = $3, "
    "refusal = '' WHERE station = $1 AND accepted_version <> $2";
static const char sql_accepted_again[] =
    "UPDATE station_states SET reported_version = $2, refusal = '' "
    "WHERE station = $1 AND accepted_version = $2";
static const char sql_refused[] =
    "UPDATE station_states SET reported_version = $2, refusal = $3 WHERE station = $1";
/* Two acceptances in one µs: the later word stands a µs later. */
static const char sql_add_acceptance[] =
    "INSERT INTO acceptances (station, accepted_us, version) VALUES ($1, "
    "coalesce((SELECT CASE WHEN max(accepted_us) >= $2 THEN max(accepted_us) + 1 ELSE $2 END "
    "FROM acceptances WHERE station = $1), $2), $3)";
static const char sql_get[] = "SELECT " COLUMNS " FROM " STATES " WHERE station = $1";
static const char sql_list[] = "SELECT " COLUMNS " FROM " STATES " ORDER BY station";
static const char sql_put_day[] =
    "INSERT INTO station_days (station, date, hash, applied, applied_us, missing_objects, "
    "missing_bytes) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (station, date) DO UPDATE SET hash = excluded.hash, "
    "applied = excluded.applied, applied_us = CASE "
    "WHEN station_days.hash = excluded.hash AND station_days.applied_us > 0 "
    "THEN station_days.applied_us ELSE excluded.applied_us END, "
    "missing_objects = excluded.missing_objects, missing_bytes = excluded.missing_bytes";
static const char sql_list_days[] =
    "SELECT station, date, hash, applied, applied_us, missing_objects, missing_bytes "
    "FROM station_days WHERE station = $1 ORDER BY date";
static const char sql_dates[] = "SELECT date FROM station_days WHERE station = $1";
static const char sql_drop_day[] = "DELETE FROM station_days WHERE station = $1 AND date = $2";

#define AT(member) G_STRUCT_OFFSET(SchedStationStateRow, member)
static const SchedSqlColumn state_columns[] = {
    { "station",          SCHED_SQL_TEXT, AT(station)          },
    { "boot",             SCHED_SQL_TEXT, AT(boot)             },
    { "hello_us",         SCHED_SQL_INT,  AT(hello_us)         },
    { "contact_us",       SCHED_SQL_INT,  AT(contact_us)       },
    { "reported_version", SCHED_SQL_INT,  AT(reported_version) },
    { "accepted_version", SCHED_SQL_INT,  AT(accepted_version) },
    { "accepted_us",      SCHED_SQL_INT,  AT(accepted_us)      },
    { "refusal",          SCHED_SQL_TEXT, AT(refusal)          },
    { "floor",            SCHED_SQL_INT,  AT(floor)            },
    { "inventory",        SCHED_SQL_TEXT, AT(inventory)        },
    { "reads",            SCHED_SQL_TEXT, AT(reads)            },
    { "player_version",   SCHED_SQL_TEXT, AT(player_version)   },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedStationDayRow, member)
static const SchedSqlColumn day_columns[] = {
    { "station",         SCHED_SQL_TEXT, AT(station)         },
    { "date",            SCHED_SQL_TEXT, AT(date)            },
    { "hash",            SCHED_SQL_TEXT, AT(hash)            },
    { "applied",         SCHED_SQL_BOOL, AT(applied)         },
    { "applied_us",      SCHED_SQL_INT,  AT(applied_us)      },
    { "missing_objects", SCHED_SQL_INT,  AT(missing_objects) },
    { "missing_bytes",   SCHED_SQL_INT,  AT(missing_bytes)   },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape state_shape = {sizeof(SchedStationStateRow), state_columns,
                                          (GDestroyNotify) sched_station_state_row_free};
static const SchedSqlShape day_shape = {sizeof(SchedStationDayRow), day_columns,
                                        (GDestroyNotify) sched_station_day_row_free};
SCHED_SQL_DEFINE_FREE(SchedStationDayRow, sched_station_day_row, day_shape)

void
sched_station_state_row_free(SchedStationStateRow *row)
{
    if (row != NULL)
        content_remark_free(row->why);
    sched_sql_row_free(&state_shape, row);
}

gboolean
sched_store_station_contact(SchedTxn *txn, const char *station, GError **error)
{
    return sched_sql_run(txn, sql_contact, error, "ti", station, sched_txn_at_us(txn));
}

/* Other zones or switch times are another plan. */
static gboolean
note_inventory(SchedTxn *txn, const char *station, const char *inventory, GError **error)
{
    if (!sched_sql_run(txn, sql_inventory, error, "tt", station, inventory))
        return FALSE;
    return sched_sql_changes(txn) == 0 ||
           sched_store_outbox_add(txn, station, "its gateway switches otherwise", error);
}

/* One that reads templates from now on, or no longer, needs another manifest. */
static gboolean
note_reads(SchedTxn *txn, const char *station, const char *reads, GError **error)
{
    return !sched_sql_is(txn, sql_other_reads, "tt", station, reads) ||
           sched_store_outbox_add(txn, station, "reads", error);
}

gboolean
sched_store_station_hello(SchedTxn *txn, const SchedStationStateRow *hello, GError **error)
{
    return sched_store_station_contact(txn, hello->station, error) &&
           note_reads(txn, hello->station, hello->reads, error) &&
           sched_sql_run(txn, sql_hello, error, "ttiitt", hello->station, hello->boot,
                         hello->hello_us, hello->floor, hello->reads, hello->player_version) &&
           note_inventory(txn, hello->station, hello->inventory, error);
}

static gboolean
note_acceptance(SchedTxn *txn, const char *station, gint64 version, GError **error)
{
    if (!sched_sql_run(txn, sql_accepted_again, error, "ti", station, version))
        return FALSE;
    if (sched_sql_changes(txn) > 0)
        return TRUE;
    return sched_sql_run(txn, sql_accepted, error, "tii", station, version,
                         sched_txn_at_us(txn)) &&
           sched_sql_run(txn, sql_add_acceptance, error, "tii", station, sched_txn_at_us(txn),
                         version);
}

static gboolean
is_listed(GPtrArray *days, const char *date)
{
    for (guint i = 0; i < days->len; i++) {
        if (g_str_equal(((SchedStationDayRow *) g_ptr_array_index(days, i))->date, date))
            return TRUE;
    }
    return FALSE;
}

static gboolean
drop_unlisted_days(SchedTxn *txn, const char *station, GPtrArray *days, GError **error)
{
    g_autoptr(GPtrArray) dates = sched_sql_texts(txn, sql_dates, error, "t", station);

    if (dates == NULL)
        return FALSE;
    for (guint i = 0; i < dates->len; i++) {
        const char *date = g_ptr_array_index(dates, i);

        if (!is_listed(days, date) &&
            !sched_sql_run(txn, sql_drop_day, error, "tt", station, date))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_days(SchedTxn *txn, const char *station, GPtrArray *days, GError **error)
{
    for (guint i = 0; i < days->len; i++) {
        const SchedStationDayRow *day = g_ptr_array_index(days, i);

        if (!sched_sql_run(txn, sql_put_day, error, "tttiiii", station, day->date, day->hash,
                           (gint64) day->applied,
                           day->applied ? sched_txn_at_us(txn) : G_GINT64_CONSTANT(0),
                           day->missing_objects, day->missing_bytes))
            return FALSE;
    }
    return drop_unlisted_days(txn, station, days, error);
}

/* Returns: (transfer full): the remark as it is kept */
static char *
text_of(const ContentRemark *why)
{
    g_autoptr(GBytes) bytes =
        why == NULL ? NULL : content_document_write(&content_remark_type, why, NULL);

    return bytes == NULL ? g_strdup("")
                         : g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* A remark that cannot be read was kept by another program; that something was refused stays.
 */
static void
read_refusal(SchedStationStateRow *row)
{
    if (row == NULL || *row->refusal == '\0')
        return;
    row->why =
        content_document_read(&content_remark_type, row->refusal, strlen(row->refusal), NULL);
    if (row->why == NULL)
        row->why = content_remark_new("refused_other", "manifest", NULL);
}

gboolean
sched_store_station_report(SchedTxn *txn, const char *station, gint64 version,
                           gboolean accepted, const ContentRemark *why, GPtrArray *days,
                           GError **error)
{
    g_autofree char *refusal = text_of(why);
    gboolean ok;

    if (!sched_store_station_contact(txn, station, error))
        return FALSE;
    ok = accepted ? note_acceptance(txn, station, version, error)
                  : sched_sql_run(txn, sql_refused, error, "tit", station, version, refusal);
    return ok && (!accepted || days == NULL || write_days(txn, station, days, error));
}

SchedStationStateRow *
sched_store_station_state_get(SchedTxn *txn, const char *station, GError **error)
{
    SchedStationStateRow *row =
        sched_sql_one(txn, sql_get, &state_shape, "word from the station", error, "t", station);

    read_refusal(row);
    return row;
}

GPtrArray *
sched_store_station_state_list(SchedTxn *txn, GError **error)
{
    GPtrArray *rows = sched_sql_list(txn, sql_list, &state_shape, error, "");

    for (guint i = 0; rows != NULL && i < rows->len; i++)
        read_refusal(rows->pdata[i]);
    return rows;
}

GPtrArray *
sched_store_station_day_list(SchedTxn *txn, const char *station, GError **error)
{
    return sched_sql_list(txn, sql_list_days, &day_shape, error, "t", station);
}
