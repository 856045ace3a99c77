/* alerts.c - see alerts.h */
#include "scheduler/store/alerts.h"

#include "scheduler/store/areas.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/sql.h"

#include <string.h>

#define MAX_ZONES    2000
#define MAX_VILLAGES 1000

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO alerts (id, hash, event, title, severity, drill, template, author, issued_us, "
    "expires_us, published_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)";
static const char sql_add_area[] = "INSERT INTO alert_areas (alert, area) VALUES ($1, $2)";
static const char sql_add_stop[] =
    "INSERT INTO alert_stops (id, hash, alert, author, issued_us, expires_us, published_us) "
    "VALUES ($1, $2, $3, coalesce((SELECT id FROM accounts WHERE id = $4), "
    "(SELECT author FROM alerts WHERE id = $3)), $5, $6, 0)";
static const char sql_add_stop_area[] =
    "INSERT INTO alert_stop_areas (stop, area) VALUES ($1, $2)";
/* Its places are alert_areas; for as long as its station has named none, that of the station. */
#define LACKS_AREAS(alert) "NOT EXISTS (SELECT 1 FROM alert_areas AS n WHERE n.alert = " alert ")"
static const char sql_tell[] =
    "INSERT INTO alert_told (alert, account, seen_us) SELECT DISTINCT $1, r.account, 0 "
    "FROM rights AS r JOIN accounts AS c ON c.id = r.account WHERE r.role = 'approver' "
    "AND c.state = 'active' AND r.account IS NOT $2 AND (r.until_us = 0 OR r.until_us > $3) "
    "AND r.from_us <= $3 AND r.area IN (SELECT p.above FROM area_paths AS p "
    "JOIN alert_areas AS a ON a.area = p.below WHERE a.alert = $1 UNION ALL "
    "SELECT p.above FROM alerts AS l JOIN stations AS t ON t.id = l.station "
    "JOIN area_paths AS p ON p.below = t.area WHERE l.id = $1 AND " LACKS_AREAS("l.id") ") "
    "ON CONFLICT DO NOTHING";
static const char sql_seen[] =
    "UPDATE alert_told SET seen_us = $3 WHERE alert = $1 AND account = $2 AND seen_us = 0";
static const char sql_told[] =
    "SELECT account FROM alert_told WHERE alert = $1 ORDER BY account";
static const char sql_is_told[] = "SELECT 1 FROM alert_told WHERE alert = $1 AND account = $2";

/* One that names the alert, and no part of its places. */
#define ENDS "s.alert = a.id AND NOT EXISTS (SELECT 1 FROM alert_stop_areas AS w WHERE w.stop = s.id)"
#define SELECT \
    "SELECT a.id AS id, a.hash AS hash, a.event AS event, a.title AS title, " \
    "a.severity AS severity, a.drill AS drill, a.template AS template, a.author AS author, " \
    "a.issued_us AS issued_us, a.expires_us AS expires_us, a.published_us AS published_us, " \
    "a.station AS station, a.caller AS caller, a.by_button AS by_button, a.fills AS fills, " \
    "a.grant_id AS grant_id, coalesce(c.name, a.author, a.caller) AS author_name, " \
    "(SELECT t.name FROM stations AS t WHERE t.id = a.station) AS station_name, " \
    "coalesce((SELECT min(s.issued_us) FROM alert_stops AS s WHERE " ENDS "), 0) AS stopped_us, " \
    "(SELECT b.name FROM alert_stops AS s JOIN accounts AS b ON b.id = s.author WHERE " ENDS \
    " AND NOT EXISTS (SELECT 1 FROM speeches AS q WHERE q.alert = s.alert " \
    "AND q.ended_us = s.issued_us AND q.ending = 'restart')" \
    " ORDER BY s.issued_us LIMIT 1) AS stopped_by_name, " \
    "(SELECT s.id FROM alert_stops AS s WHERE " ENDS " ORDER BY s.issued_us LIMIT 1) AS stop, " \
    "(SELECT count(*) FROM alert_told AS t WHERE t.alert = a.id) AS n_told, " \
    "(SELECT count(*) FROM alert_told AS t WHERE t.alert = a.id AND t.seen_us > 0) AS n_seen " \
    "FROM alerts AS a LEFT JOIN accounts AS c ON c.id = a.author "
static const char sql_get[] = SELECT "WHERE a.id = $1";
static const char sql_list[] =
    SELECT "WHERE a.expires_us > $2 AND ($1 IS NULL OR EXISTS (SELECT 1 FROM alert_areas AS w "
    "WHERE w.alert = a.id AND (w.area IN (SELECT below FROM area_paths WHERE above = $1) "
    "OR w.area IN (SELECT above FROM area_paths WHERE below = $1))) "
    "OR (a.station IS NOT NULL AND " LACKS_AREAS("a.id") " AND EXISTS (SELECT 1 "
    "FROM stations AS t JOIN area_paths AS p ON (p.above = $1 AND p.below = t.area) "
    "OR (p.above = t.area AND p.below = $1) WHERE t.id = a.station))) "
    "ORDER BY a.issued_us DESC, a.id DESC LIMIT $3";
/* With the plus: all that the district ever called would be read by the index of stations. */
static const char sql_news[] =
    SELECT "WHERE a.id IN (SELECT id FROM alerts WHERE +station IS NULL AND issued_us > $1 "
    "AND expires_us > $2 UNION ALL "
    "SELECT id FROM alerts WHERE station IS NOT NULL AND published_us > $1) "
    "ORDER BY iif(a.station IS NULL, a.issued_us, a.published_us) DESC, a.id DESC LIMIT $3";
static const char sql_unseen[] =
    SELECT "JOIN alert_told AS u ON u.alert = a.id WHERE u.account = $1 AND u.seen_us = 0 "
    "ORDER BY a.issued_us DESC, a.id DESC LIMIT $2";
static const char sql_areas[] =
    "SELECT area FROM alert_areas WHERE alert = $1 UNION ALL SELECT t.area FROM alerts AS l "
    "JOIN stations AS t ON t.id = l.station WHERE l.id = $1 AND " LACKS_AREAS("l.id") " ORDER BY 1";

static const char sql_orders[] =
    "SELECT s.id AS id, s.hash AS hash, 1 AS is_stop, s.issued_us AS issued_us, "
    "s.expires_us AS expires_us, s.published_us AS published_us "
    "FROM alert_stops AS s WHERE s.expires_us > $1 UNION ALL "
    "SELECT a.id, a.hash, 0, a.issued_us, a.expires_us, a.published_us FROM alerts AS a "
    "WHERE a.expires_us > $1 AND a.hash IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM alert_stops AS s WHERE " ENDS ") "
    "AND NOT EXISTS (SELECT 1 FROM speeches AS v WHERE v.alert = a.id AND v.ended_us > 0) "
    "ORDER BY is_stop DESC, issued_us, id";
static const char sql_alert_out[] =
    "UPDATE alerts SET published_us = $2 WHERE id = $1 AND published_us = 0";
static const char sql_stop_out[] =
    "UPDATE alert_stops SET published_us = $2 WHERE id = $1 AND published_us = 0";

/* Its own station's: ended there by hand, and over in all of its zones. */
static const char sql_hushed[] =
    "SELECT l.raw FROM records AS l WHERE l.occurrence = $1 AND l.station = $2 "
    "AND l.kind IN ('alert_started_locally', 'alert_stopped_locally') "
    "AND l.kind = 'alert_stopped_locally' AND NOT EXISTS (SELECT 1 FROM records AS t "
    "WHERE t.occurrence = $1 AND t.station = $2 AND t.kind IN ('alert_taken', 'alert_ended') "
    "AND t.kind = 'alert_taken' AND NOT EXISTS (SELECT 1 FROM records AS e "
    "WHERE e.occurrence = $1 AND e.station = $2 AND e.kind IN ('alert_taken', 'alert_ended') "
    "AND e.kind = 'alert_ended' AND e.zone = t.zone)) ORDER BY l.at_us LIMIT 1";
static const char sql_name[] = "SELECT name FROM accounts WHERE id = $1";

/* What stations said of the alert is found first, by its index: a zone at a time the engine would
 * rather read all that the station ever wrote. */
#define SAID \
    "WITH said AS MATERIALIZED (SELECT station, zone, kind, at_us, seq, reason, relay, raw " \
    "FROM records WHERE occurrence = $1 AND kind IN ('alert_taken', 'alert_ended')) "
#define LATEST(kind, what) \
    "(SELECT " what " FROM said AS r WHERE r.station = z.station AND r.zone = z.id " \
    "AND r.kind = '" kind "' ORDER BY r.at_us DESC, r.seq DESC LIMIT 1)"
#define ZONES_WHERE(place)                                                                      \
    SAID "SELECT z.station AS station, t.name AS station_name, z.id AS zone, z.name AS zone_name, " \
    "z.village AS village, v.name AS village_name, coalesce(e.contact_us, 0) AS contact_us, "   \
    "coalesce(e.reads, '[]') AS reads, "                                                        \
    "coalesce(" LATEST("alert_taken", "r.at_us") ", 0) AS taken_us, "                           \
    LATEST("alert_taken", "r.reason") " AS taken_reason, "                                      \
    "coalesce(" LATEST("alert_ended", "r.at_us") ", 0) AS ended_us, "                           \
    LATEST("alert_ended", "r.reason") " AS ended_reason, "                                      \
    LATEST("alert_ended", "r.relay") " AS ended_relay, "                                        \
    LATEST("alert_taken", "r.raw") " AS taken, " LATEST("alert_ended", "r.raw") " AS ended "    \
    "FROM zones AS z JOIN stations AS t ON t.id = z.station JOIN areas AS v ON v.id = z.village " \
    "LEFT JOIN station_states AS e ON e.station = z.station WHERE t.retired = 0 "               \
    place " ORDER BY v.name, z.station, z.id LIMIT $2"
static const char sql_zones[] = ZONES_WHERE(
    "AND z.station = coalesce((SELECT station FROM alerts WHERE id = $1), z.station) "
    "AND z.village IN (SELECT p.below FROM alert_areas AS a JOIN area_paths AS p "
    "ON p.above = a.area WHERE a.alert = $1)");
/* A commune started it, and no zone of its station has said that it has it: it may be any that
 * the grant reaches there. Of a grant that nobody here knows: any of the station. */
static const char sql_likely_zones[] = ZONES_WHERE(
    "AND EXISTS (SELECT 1 FROM alerts AS l WHERE l.id = $1 AND l.station = z.station "
    "AND NOT EXISTS (SELECT 1 FROM alert_areas WHERE alert = $1) AND (NOT EXISTS (SELECT 1 "
    "FROM grant_areas AS g WHERE g.grant_id = l.grant_id) OR EXISTS (SELECT 1 "
    "FROM grant_areas AS g JOIN area_paths AS p ON p.above = g.area "
    "WHERE g.grant_id = l.grant_id AND p.below = z.village)))");
static const char sql_silent[] =
    "SELECT v.id AS id, v.name AS name FROM areas AS v WHERE v.kind = 'village' "
    "AND v.valid_to IS NULL AND v.id IN (SELECT p.below FROM alert_areas AS a "
    "JOIN area_paths AS p ON p.above = a.area WHERE a.alert = $1) "
    "AND NOT EXISTS (SELECT 1 FROM zones AS z JOIN stations AS t ON t.id = z.station "
    "WHERE z.village = v.id AND t.retired = 0) ORDER BY v.name, v.id LIMIT $2";

#define AT(member) G_STRUCT_OFFSET(SchedAlertRow, member)
static const SchedSqlColumn alert_columns[] = {
    { "id",              SCHED_SQL_TEXT, AT(id)           },
    { "hash",            SCHED_SQL_TEXT, AT(hash)         },
    { "event",           SCHED_SQL_WORD, AT(event), content_event_kind_words },
    { "title",           SCHED_SQL_TEXT, AT(title)        },
    { "severity",        SCHED_SQL_INT,  AT(severity)     },
    { "drill",           SCHED_SQL_BOOL, AT(drill)        },
    { "template",        SCHED_SQL_TEXT, AT(template_)    },
    { "author",          SCHED_SQL_TEXT, AT(author)       },
    { "issued_us",       SCHED_SQL_INT,  AT(issued_us)    },
    { "expires_us",      SCHED_SQL_INT,  AT(expires_us)   },
    { "published_us",    SCHED_SQL_INT,  AT(published_us) },
    { "station",         SCHED_SQL_TEXT, AT(station),         .unaudited = TRUE },
    { "caller",          SCHED_SQL_TEXT, AT(caller),          .unaudited = TRUE },
    { "by_button",       SCHED_SQL_BOOL, AT(by_button),       .unaudited = TRUE },
    { "fills",           SCHED_SQL_TEXT, AT(fills),           .unaudited = TRUE },
    { "grant_id",        SCHED_SQL_TEXT, AT(grant),           .unaudited = TRUE },
    { "author_name",     SCHED_SQL_TEXT, AT(author_name),     .unaudited = TRUE },
    { "station_name",    SCHED_SQL_TEXT, AT(station_name),    .unaudited = TRUE },
    { "stopped_us",      SCHED_SQL_INT,  AT(stopped_us),      .unaudited = TRUE },
    { "stopped_by_name", SCHED_SQL_TEXT, AT(stopped_by_name), .unaudited = TRUE },
    { "stop",            SCHED_SQL_TEXT, AT(stop),            .unaudited = TRUE },
    { "n_told",          SCHED_SQL_INT,  AT(n_told),          .unaudited = TRUE },
    { "n_seen",          SCHED_SQL_INT,  AT(n_seen),          .unaudited = TRUE },
    { "areas",           SCHED_SQL_LIST, AT(areas)        },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedOrderRow, member)
static const SchedSqlColumn order_columns[] = {
    { "id",           SCHED_SQL_TEXT, AT(id)           },
    { "hash",         SCHED_SQL_TEXT, AT(hash)         },
    { "is_stop",      SCHED_SQL_BOOL, AT(is_stop)      },
    { "issued_us",    SCHED_SQL_INT,  AT(issued_us)    },
    { "expires_us",   SCHED_SQL_INT,  AT(expires_us)   },
    { "published_us", SCHED_SQL_INT,  AT(published_us) },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedAlertZoneRow, member)
static const SchedSqlColumn zone_columns[] = {
    { "station",      SCHED_SQL_TEXT, AT(station)      },
    { "station_name", SCHED_SQL_TEXT, AT(station_name) },
    { "zone",         SCHED_SQL_TEXT, AT(zone)         },
    { "zone_name",    SCHED_SQL_TEXT, AT(zone_name)    },
    { "village",      SCHED_SQL_TEXT, AT(village)      },
    { "village_name", SCHED_SQL_TEXT, AT(village_name) },
    { "contact_us",   SCHED_SQL_INT,  AT(contact_us)   },
    { "reads",        SCHED_SQL_TEXT, AT(reads)        },
    { "taken_us",     SCHED_SQL_INT,  AT(taken_us)     },
    { "taken_reason", SCHED_SQL_WORD, AT(taken_reason), content_reason_words },
    { "ended_us",     SCHED_SQL_INT,  AT(ended_us)     },
    { "ended_reason", SCHED_SQL_WORD, AT(ended_reason), content_reason_words },
    { "ended_relay",  SCHED_SQL_WORD, AT(ended_relay),  content_relay_words  },
    { "taken",        SCHED_SQL_TEXT, AT(taken)        },
    { "ended",        SCHED_SQL_TEXT, AT(ended)        },
    { NULL },
};
#undef AT
static const SchedSqlColumn village_columns[] = {
    { "id",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedSilentVillageRow, id)   },
    { "name", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedSilentVillageRow, name) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape alert_shape = {sizeof(SchedAlertRow), alert_columns,
                                          (GDestroyNotify) sched_alert_row_free};
static const SchedSqlShape order_shape = {sizeof(SchedOrderRow), order_columns,
                                          (GDestroyNotify) sched_order_row_free};
static const SchedSqlShape zone_shape = {sizeof(SchedAlertZoneRow), zone_columns,
                                         (GDestroyNotify) sched_alert_zone_row_free};
static const SchedSqlShape village_shape = {sizeof(SchedSilentVillageRow), village_columns,
                                            (GDestroyNotify) sched_silent_village_row_free};
SCHED_SQL_DEFINE_FREE(SchedAlertRow, sched_alert_row, alert_shape)
SCHED_SQL_DEFINE_FREE(SchedOrderRow, sched_order_row, order_shape)
SCHED_SQL_DEFINE_FREE(SchedAlertZoneRow, sched_alert_zone_row, zone_shape)
SCHED_SQL_DEFINE_FREE(SchedSilentVillageRow, sched_silent_village_row, village_shape)

ContentRecord *
sched_store_alert_record(const char *raw)
{
    return raw == NULL ? NULL
                       : content_document_read(&content_record_type, raw, strlen(raw), NULL);
}

/* --- orders ----------------------------------------------------------------------------------
 */

static gboolean
add_areas(SchedTxn *txn, const char *sql, const char *id, GPtrArray *areas, GError **error)
{
    for (guint i = 0; i < areas->len; i++) {
        g_autoptr(SchedAreaRow) area = sched_store_area_get(txn, areas->pdata[i], error);

        if (area == NULL || !sched_sql_run(txn, sql, error, "tt", id, area->id))
            return FALSE;
    }
    return TRUE;
}

/* The row as it will be read again, for the audit. */
static SchedAlertRow
row_of(SchedTxn *txn, const ContentAlert *alert, const char *hash)
{
    return (SchedAlertRow){.id = alert->id,
                           .hash = (char *) hash,
                           .event = alert->event,
                           .title = alert->title,
                           .severity = alert->severity,
                           .drill = alert->drill,
                           .template_ = alert->template_,
                           .author = (char *) sched_txn_actor(txn),
                           .issued_us = alert->issued_us,
                           .expires_us = alert->expires_us,
                           .areas = alert->areas};
}

gboolean
sched_store_alert_add(SchedTxn *txn, const ContentAlert *alert,
                      const SchedDocumentRow *document, GError **error)
{
    const SchedAlertRow row = row_of(txn, alert, document->hash);
    g_autofree char *places = NULL;

    g_ptr_array_add(alert->areas, NULL);
    places = g_strjoinv(" ", (char **) alert->areas->pdata);
    g_ptr_array_remove_index(alert->areas, alert->areas->len - 1);
    return sched_store_document_put(txn, document, error) &&
           sched_sql_run(txn, sql_add, error, "ttttiittii", row.id, row.hash,
                         content_event_kind_words[row.event], row.title, row.severity,
                         (gint64) row.drill, row.template_, row.author, row.issued_us,
                         row.expires_us) &&
           add_areas(txn, sql_add_area, row.id, row.areas, error) &&
           sched_store_alert_tell(txn, row.id, row.author, error) &&
           sched_sql_audit_row(txn, "alert.call", row.id, &alert_shape, &row, error) &&
           sched_sql_audit_words(txn, "alert.places", row.id, error, "areas", places, NULL) &&
           sched_store_messenger_call(txn, alert, error);
}

gboolean
sched_store_alert_tell(SchedTxn *txn, const char *id, const char *author, GError **error)
{
    return sched_sql_run(txn, sql_tell, error, "tti", id, author, sched_txn_at_us(txn));
}

gboolean
sched_store_stop_add(SchedTxn *txn, const ContentStop *stop, const SchedDocumentRow *document,
                     GError **error)
{
    g_autoptr(SchedAlertRow) alert =
        stop->alert == NULL ? NULL : sched_store_alert_get(txn, stop->alert, error);

    if (stop->alert != NULL && alert == NULL)
        return FALSE;
    return sched_store_document_put(txn, document, error) &&
           sched_sql_run(txn, sql_add_stop, error, "ttttii", stop->id, document->hash,
                         stop->alert, sched_txn_actor(txn), stop->issued_us,
                         stop->expires_us) &&
           add_areas(txn, sql_add_stop_area, stop->id, stop->areas, error) &&
           sched_sql_audit_words(txn, "alert.stop", stop->id, error, "alert", stop->alert,
                                 "hash", document->hash, NULL) &&
           sched_store_messenger_end(txn, stop->alert, stop->areas, error);
}

/* --- reading ---------------------------------------------------------------------------------
 */

static void
take_hush(SchedTxn *txn, SchedAlertRow *row, const ContentRecord *record)
{
    const ContentRemark *who =
        record->details->len == 0 ? NULL : g_ptr_array_index(record->details, 0);
    const char *account = who == NULL ? NULL : content_remark_get(who, "account");
    g_autoptr(GPtrArray) names =
        account == NULL ? NULL : sched_sql_texts(txn, sql_name, NULL, "t", account);

    row->stopped_us = record->at_us;
    if (names != NULL && names->len > 0)
        row->stopped_by_name = g_ptr_array_steal_index(names, 0);
    else if (who != NULL)
        row->stopped_by_name =
            g_strdup(account != NULL ? account : content_remark_get(who, "input"));
}

static gboolean
load_hush(SchedTxn *txn, SchedAlertRow *row, GError **error)
{
    g_autoptr(GPtrArray) raws = NULL;
    g_autoptr(ContentRecord) record = NULL;

    if (row->station == NULL || row->stopped_us != 0)
        return TRUE;
    raws = sched_sql_texts(txn, sql_hushed, error, "tt", row->id, row->station);
    if (raws == NULL)
        return FALSE;
    if (raws->len > 0)
        record = content_document_read(&content_record_type, raws->pdata[0],
                                       strlen(raws->pdata[0]), NULL);
    if (record != NULL)
        take_hush(txn, row, record);
    return TRUE;
}

static gboolean
load_rest(SchedTxn *txn, SchedAlertRow *row, GError **error)
{
    row->areas = sched_sql_texts(txn, sql_areas, error, "t", row->id);
    return row->areas != NULL && load_hush(txn, row, error);
}

SchedAlertRow *
sched_store_alert_get(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedAlertRow) row =
        sched_sql_one(txn, sql_get, &alert_shape, "alert", error, "t", id);

    return row != NULL && load_rest(txn, row, error) ? g_steal_pointer(&row) : NULL;
}

/* @rows: (transfer full) (nullable) */
static GPtrArray *
with_rest(SchedTxn *txn, GPtrArray *rows, GError **error)
{
    g_autoptr(GPtrArray) all = rows;

    for (guint i = 0; all != NULL && i < all->len; i++) {
        if (!load_rest(txn, all->pdata[i], error))
            return NULL;
    }
    return g_steal_pointer(&all);
}

GPtrArray *
sched_store_alert_list(SchedTxn *txn, const char *area, gint64 since_us, gint64 limit,
                       GError **error)
{
    return with_rest(
        txn, sched_sql_list(txn, sql_list, &alert_shape, error, "tii", area, since_us, limit),
        error);
}

GPtrArray *
sched_store_alert_news(SchedTxn *txn, gint64 now_us, gint64 since_us, gint64 limit,
                       GError **error)
{
    return with_rest(
        txn, sched_sql_list(txn, sql_news, &alert_shape, error, "iii", since_us, now_us, limit),
        error);
}

GPtrArray *
sched_store_alert_unseen(SchedTxn *txn, const char *account, gint64 limit, GError **error)
{
    return with_rest(
        txn, sched_sql_list(txn, sql_unseen, &alert_shape, error, "ti", account, limit), error);
}

GPtrArray *
sched_store_alert_told(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_texts(txn, sql_told, error, "t", id);
}

gboolean
sched_store_alert_seen(SchedTxn *txn, const char *id, GError **error)
{
    const char *account = sched_txn_actor(txn);

    if (!sched_sql_is(txn, sql_is_told, "tt", id, account)) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "you were not told of such an alert");
        return FALSE;
    }
    if (!sched_sql_run(txn, sql_seen, error, "tti", id, account, sched_txn_at_us(txn)))
        return FALSE;
    return sched_sql_changes(txn) == 0 ||
           sched_store_audit_append(txn, "alert.seen", id, NULL, error);
}

/* --- on their way out ------------------------------------------------------------------------
 */

GPtrArray *
sched_store_orders(SchedTxn *txn, gint64 now_us, GError **error)
{
    return sched_sql_list(txn, sql_orders, &order_shape, error, "i", now_us);
}

gboolean
sched_store_order_published(SchedTxn *txn, const SchedOrderRow *order, GError **error)
{
    if (!sched_sql_run(txn, order->is_stop ? sql_stop_out : sql_alert_out, error, "ti",
                       order->id, sched_txn_at_us(txn)))
        return FALSE;
    return sched_sql_changes(txn) == 0 ||
           sched_store_audit_append(txn, "alert.sent", order->id, NULL, error);
}

GPtrArray *
sched_store_alert_zones(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_list(txn, sql_zones, &zone_shape, error, "ti", id, (gint64) MAX_ZONES);
}

GPtrArray *
sched_store_alert_likely_zones(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_alert_zones(txn, id, error);

    if (zones == NULL || zones->len > 0)
        return g_steal_pointer(&zones);
    return sched_sql_list(txn, sql_likely_zones, &zone_shape, error, "ti", id,
                          (gint64) MAX_ZONES);
}

GPtrArray *
sched_store_alert_silent(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_list(txn, sql_silent, &village_shape, error, "ti", id,
                          (gint64) MAX_VILLAGES);
}
