/* station-history.c - see station-history.h */
#include "scheduler/store/station-history.h"

#include "scheduler/store/sql.h"

/* clang-format off */
const char *const sched_station_event_words[] = {
    "enrolled", "new_player", "renewed", "revoked", "away", "boot", "fault", "cleared", "refused",
    "clock", NULL,
};

/* Each arm comes by an index, so that no more is read than is shown. */
static const char sql_history[] =
    "SELECT d.enrolled_us AS at_us, CASE "
    "WHEN EXISTS (SELECT 1 FROM devices AS b WHERE b.station = d.station "
    "AND b.public_key = d.public_key AND b.enrolled_us < d.enrolled_us) THEN 'renewed' "
    "WHEN EXISTS (SELECT 1 FROM devices AS b WHERE b.station = d.station "
    "AND b.enrolled_us < d.enrolled_us) THEN 'new_player' ELSE 'enrolled' END AS what, "
    "0 AS until_us, '' AS words "
    "FROM devices AS d WHERE d.station = $1 AND d.pending = 0 AND d.enrolled_us < $2 "
    "UNION ALL SELECT revoked_us, 'revoked', 0, revoked_why FROM devices "
    "WHERE station = $1 AND revoked_us > 0 AND revoked_us < $2 "
    "AND revoked_why NOT IN ('enrolled again', 'renewed', 'another was issued') "
    "UNION ALL SELECT from_us, 'away', to_us, reason FROM down_spans "
    "WHERE station = $1 AND from_us < $2 "
    "UNION ALL SELECT at_us, kind, 0, raw FROM records WHERE station = $1 AND at_us < $2 "
    "AND kind IN ('boot', 'fault', 'cleared', 'refused', 'clock') "
    "ORDER BY at_us DESC LIMIT $3";

#define AT(member) G_STRUCT_OFFSET(SchedStationEventRow, member)
static const SchedSqlColumn columns[] = {
    { "at_us",    SCHED_SQL_INT,  AT(at_us)    },
    { "what",     SCHED_SQL_WORD, AT(what), sched_station_event_words },
    { "until_us", SCHED_SQL_INT,  AT(until_us) },
    { "words",    SCHED_SQL_TEXT, AT(words)    },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedStationEventRow), columns,
                                    (GDestroyNotify) sched_station_event_row_free};
SCHED_SQL_DEFINE_FREE(SchedStationEventRow, sched_station_event_row, shape)

GPtrArray *
sched_store_station_history(SchedTxn *txn, const char *station, gint64 before_us,
                            GError **error)
{
    return sched_sql_list(txn, sql_history, &shape, error, "tii", station, before_us,
                          (gint64) SCHED_STATION_HISTORY_SHOWN);
}
