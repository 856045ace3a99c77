/* make-ups.c - see make-ups.h */
#include "scheduler/store/make-ups.h"

#include "scheduler/store/outbox.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define COLUMNS \
    "station, zone, slot, slot_date, item, language, object, date, segment, planned_us, " \
    "start_us, made_by, made_us"
static const char sql_add[] =
    "INSERT INTO make_ups (" COLUMNS ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
    "ON CONFLICT (station, zone, slot, slot_date, item, language) DO NOTHING";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM make_ups WHERE start_us >= $1 "
    "ORDER BY made_us, start_us, station, slot, slot_date, item, language, zone";
static const char sql_of[] =
    "SELECT " COLUMNS " FROM make_ups WHERE station = $1 "
    "AND (date = $2 OR (start_us >= $3 AND start_us < $4)) ORDER BY start_us, zone";
static const char sql_stations[] =
    "SELECT DISTINCT z.station FROM slots AS s JOIN slot_targets AS t ON t.slot = s.id "
    "JOIN zones AS z ON (t.station = z.station AND t.zone = z.id) "
    "OR t.area IN (SELECT above FROM area_paths WHERE below = z.village) "
    "WHERE s.make_up_min > 0 AND s.stopped = 0 AND s.approved = s.content ORDER BY z.station";

#define AT(member) G_STRUCT_OFFSET(SchedMakeUpRow, member)
static const SchedSqlColumn columns[] = {
    { "station",    SCHED_SQL_TEXT, AT(station)    },
    { "zone",       SCHED_SQL_TEXT, AT(zone)       },
    { "slot",       SCHED_SQL_TEXT, AT(slot)       },
    { "slot_date",  SCHED_SQL_TEXT, AT(slot_date)  },
    { "item",       SCHED_SQL_TEXT, AT(item)       },
    { "language",   SCHED_SQL_TEXT, AT(language)   },
    { "object",     SCHED_SQL_TEXT, AT(object)     },
    { "date",       SCHED_SQL_TEXT, AT(date)       },
    { "segment",    SCHED_SQL_TEXT, AT(segment)    },
    { "planned_us", SCHED_SQL_INT,  AT(planned_us) },
    { "start_us",   SCHED_SQL_INT,  AT(start_us)   },
    { "made_by",    SCHED_SQL_TEXT, AT(made_by)    },
    { "made_us",    SCHED_SQL_INT,  AT(made_us)    },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedMakeUpRow), columns,
                                    (GDestroyNotify) sched_make_up_row_free};
SCHED_SQL_DEFINE_FREE(SchedMakeUpRow, sched_make_up_row, shape)

static gboolean
add_one(SchedTxn *txn, const SchedMakeUpRow *made, gint64 *n_added, GError **error)
{
    SchedMakeUpRow row = *made;
    g_autofree char *name =
        g_strdup_printf("%s %s-%s %s", made->station, made->slot, made->slot_date, made->item);

    row.made_by = (char *) sched_txn_actor(txn);
    row.made_us = sched_txn_at_us(txn);
    if (!sched_sql_run_row(txn, sql_add, &shape, &row, error))
        return FALSE;
    if (sched_sql_changes(txn) == 0)
        return TRUE;
    *n_added += 1;
    return sched_sql_audit_row(txn, "make_up.add", name, &shape, &row, error);
}

gboolean
sched_store_make_up_add(SchedTxn *txn, GPtrArray *rows, GError **error)
{
    gint64 n_added = 0;

    for (guint i = 0; i < rows->len; i++) {
        if (!add_one(txn, g_ptr_array_index(rows, i), &n_added, error))
            return FALSE;
    }
    return n_added == 0 ||
           sched_store_outbox_add(txn, ((SchedMakeUpRow *) g_ptr_array_index(rows, 0))->station,
                                  "make_up", error);
}

GPtrArray *
sched_store_make_up_list(SchedTxn *txn, gint64 from_us, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "i", from_us);
}

GPtrArray *
sched_store_make_up_of(SchedTxn *txn, const char *station, const char *date, gint64 from_us,
                       gint64 to_us, GError **error)
{
    return sched_sql_list(txn, sql_of, &shape, error, "ttii", station, date, from_us, to_us);
}

GPtrArray *
sched_store_make_up_stations(SchedTxn *txn, GError **error)
{
    return sched_sql_texts(txn, sql_stations, error, "");
}
