/* relay-tests.c - see relay-tests.h */
#include "scheduler/store/relay-tests.h"

#include <string.h>

#include "content/exchange.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define COLUMNS \
    "t.station, t.id, t.zone, t.asked_us, t.asked_by, coalesce(a.name, '') AS asked_by_name, " \
    "t.duration_ms, t.expires_us, t.answered_us, t.verdict, t.relay"
#define TESTS "relay_tests AS t LEFT JOIN accounts AS a ON a.id = t.asked_by"
static const char sql_add[] =
    "INSERT INTO relay_tests (station, id, zone, asked_us, asked_by, duration_ms, expires_us, "
    "answered_us, verdict) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
static const char sql_answer[] =
    "INSERT INTO relay_tests (station, id, zone, asked_us, asked_by, duration_ms, expires_us, "
    "answered_us, verdict, relay) VALUES ($1, $2, $3, $4, '', 0, 0, $5, $6, $7) "
    "ON CONFLICT (station, id) DO UPDATE SET answered_us = excluded.answered_us, "
    "verdict = excluded.verdict, relay = excluded.relay";
static const char sql_refused[] =
    "UPDATE relay_tests SET answered_us = $2, verdict = $3 WHERE station = $1 AND id = "
    "(SELECT id FROM relay_tests WHERE station = $1 AND answered_us = 0 AND asked_us <= $2 "
    "AND expires_us > $2 ORDER BY asked_us DESC LIMIT 1)";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM " TESTS " WHERE t.station = $1 "
    "ORDER BY t.asked_us DESC, t.id DESC LIMIT $2";
static const char sql_get[] =
    "SELECT " COLUMNS " FROM " TESTS " WHERE t.station = $1 AND t.id = $2";
static const char sql_has_zone[] = "SELECT 1 FROM zones WHERE station = $1 AND id = $2";
static const char sql_lives[] =
    "SELECT 1 FROM devices AS d JOIN stations AS s ON s.id = d.station "
    "WHERE d.station = $1 AND d.revoked_us = 0 AND d.pending = 0 AND s.retired = 0";
/* Asked for the zone, or for the village or any area above it. */
static const char sql_is_quiet[] =
    "SELECT 1 FROM quiets AS q JOIN zones AS z ON z.station = $1 AND z.id = $2 "
    "WHERE q.from_us <= $3 AND q.until_us > $3 AND q.ended_us = 0 "
    "AND ((q.station = z.station AND q.zone = z.id) "
    "OR q.area IN (SELECT above FROM area_paths WHERE below = z.village))";

#define AT(member) G_STRUCT_OFFSET(SchedRelayTestRow, member)
static const SchedSqlColumn columns[] = {
    { "station",       SCHED_SQL_TEXT, AT(station)       },
    { "id",            SCHED_SQL_TEXT, AT(id)            },
    { "zone",          SCHED_SQL_TEXT, AT(zone)          },
    { "asked_us",      SCHED_SQL_INT,  AT(asked_us)      },
    { "asked_by",      SCHED_SQL_TEXT, AT(asked_by)      },
    { "asked_by_name", SCHED_SQL_TEXT, AT(asked_by_name) },
    { "duration_ms",   SCHED_SQL_INT,  AT(duration_ms)   },
    { "expires_us",    SCHED_SQL_INT,  AT(expires_us)    },
    { "answered_us",   SCHED_SQL_INT,  AT(answered_us)   },
    { "verdict",       SCHED_SQL_TEXT, AT(verdict)       },
    { "relay",         SCHED_SQL_WORD, AT(relay), content_relay_words },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedRelayTestRow), columns,
                                    (GDestroyNotify) sched_relay_test_row_free};
SCHED_SQL_DEFINE_FREE(SchedRelayTestRow, sched_relay_test_row, shape)

/* Does the station's hello say that it reads such orders? An older player would not hear one.
 */
static gboolean
reads_orders(SchedTxn *txn, const char *station)
{
    g_autoptr(SchedStationStateRow) state = sched_store_station_state_get(txn, station, NULL);
    g_autofree char *wanted =
        g_strdup_printf("[\"%s\",%" G_GINT64_FORMAT "]", content_test_order_type.type,
                        content_test_order_type.v);

    return state != NULL && strstr(state->reads, wanted) != NULL;
}

/* Returns: the code of why no order is sent; "": one is */
static const char *
why_no_order(SchedTxn *txn, const SchedRelayTestRow *test)
{
    if (!sched_sql_is(txn, sql_lives, "t", test->station))
        return "test_not_enrolled";
    if (!reads_orders(txn, test->station))
        return "test_not_read";
    return sched_sql_is(txn, sql_is_quiet, "tti", test->station, test->zone,
                        sched_txn_at_us(txn))
               ? "test_quiet"
               : "";
}

gboolean
sched_store_relay_test_add(SchedTxn *txn, const SchedRelayTestRow *test, GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);
    const char *why = why_no_order(txn, test);

    if (!sched_sql_is(txn, sql_has_zone, "tt", test->station, test->zone)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                    "the station has no zone '%s'", test->zone);
        return FALSE;
    }
    return sched_check_id("id", test->id, error) &&
           sched_sql_run(txn, sql_add, error, "tttitiiit", test->station, test->id, test->zone,
                         now_us, sched_txn_actor(txn), test->duration_ms,
                         now_us + CONTENT_TEST_ORDER_LIFE_US,
                         *why == '\0' ? G_GINT64_CONSTANT(0) : now_us, why) &&
           sched_sql_audit_words(txn, "relay.test", test->station, error, "zone", test->zone,
                                 "id", test->id, "refused", *why == '\0' ? NULL : why, NULL);
}

gboolean
sched_store_relay_test_take(SchedTxn *txn, const char *station, const ContentRecord *record,
                            GError **error)
{
    const ContentRemark *why =
        record->details->len == 0 ? NULL : g_ptr_array_index(record->details, 0);
    gint64 now_us = sched_txn_at_us(txn);

    if (why == NULL || why->subject == NULL)
        return TRUE;
    if (record->kind == CONTENT_RECORD_TEST && record->zone != NULL)
        return sched_sql_run(
            txn, sql_answer, error, "tttiitt", station, why->subject, record->zone,
            record->actual_start_us == 0 ? record->at_us : record->actual_start_us, now_us,
            why->code, content_relay_words[record->relay]);
    if (record->kind == CONTENT_RECORD_REFUSED &&
        strcmp(why->subject, content_test_order_type.type) == 0)
        return sched_sql_run(txn, sql_refused, error, "tit", station, now_us, why->code);
    return TRUE;
}

GPtrArray *
sched_store_relay_test_list(SchedTxn *txn, const char *station, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "ti", station,
                          (gint64) SCHED_RELAY_TESTS_SHOWN);
}

SchedRelayTestRow *
sched_store_relay_test_get(SchedTxn *txn, const char *station, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "test", error, "tt", station, id);
}
