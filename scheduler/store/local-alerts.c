/* local-alerts.c - see local-alerts.h */
#include "scheduler/store/local-alerts.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/templates.h"

#include <string.h>

/* Of a template that nobody here knows. */
#define UNKNOWN_EVENT    "spoken"
#define UNKNOWN_SEVERITY 1

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO alerts (id, hash, event, title, severity, drill, template, author, issued_us, "
    "expires_us, published_us, station, caller, by_button, fills, grant_id) "
    "SELECT $1, NULL, coalesce(t.event, '" UNKNOWN_EVENT "'), $2, coalesce(t.severity, $3), $4, "
    "$5, (SELECT id FROM accounts WHERE id = $9 AND $10 = 0), $6, $7, $13, $8, $9, $10, $11, $12 "
    "FROM (SELECT 1) LEFT JOIN alert_templates AS t ON t.id = $5 "
    "WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE id = $1)";
static const char sql_is_local[] = "SELECT 1 FROM alerts WHERE id = $1 AND station = $2";

#define TOLD \
    "FROM records AS r WHERE r.occurrence = $1 AND r.station = $2 " \
    "AND r.kind IN ('alert_taken', 'alert_ended')"
/* A zone that nobody here knows any more stands for its station. */
static const char sql_add_villages[] =
    "INSERT INTO alert_areas (alert, area) SELECT DISTINCT $1, coalesce((SELECT z.village "
    "FROM zones AS z WHERE z.station = r.station AND z.id = r.zone), (SELECT t.area "
    "FROM stations AS t WHERE t.id = r.station)) " TOLD " ON CONFLICT DO NOTHING";
/* What of the grant lies at the station; unless it reaches a zone there that has said nothing. */
static const char sql_add_whole[] =
    "INSERT INTO alert_areas (alert, area) SELECT DISTINCT $1, CASE WHEN EXISTS (SELECT 1 "
    "FROM area_paths WHERE above = t.area AND below = g.area) THEN g.area ELSE t.area END "
    "FROM grant_areas AS g JOIN stations AS t ON t.id = $2 WHERE g.grant_id = $3 "
    "AND EXISTS (SELECT 1 FROM area_paths WHERE (above = t.area AND below = g.area) "
    "OR (above = g.area AND below = t.area)) "
    "AND EXISTS (SELECT 1 " TOLD ") AND NOT EXISTS (SELECT 1 FROM zones AS z "
    "JOIN area_paths AS p ON p.below = z.village JOIN grant_areas AS a ON a.area = p.above "
    "WHERE z.station = $2 AND a.grant_id = $3 AND z.id NOT IN (SELECT r.zone " TOLD
    " AND r.zone IS NOT NULL)) ON CONFLICT DO NOTHING";
/* clang-format on */

/* What a start tells; texts stay the record's. */
typedef struct {
    const char *by, *grant, *template_, *title, *fills;
    gboolean by_button, is_drill;
} Start;

static const char *
text_of(const ContentRemark *remark, const char *name)
{
    const char *value = content_remark_get(remark, name);

    return value == NULL ? "" : value;
}

static Start
read_start(const ContentRecord *record)
{
    Start start = {.by = "", .grant = "", .template_ = "", .title = "", .fills = ""};

    for (guint i = 0; i < record->details->len; i++) {
        const ContentRemark *one = record->details->pdata[i];

        if (strcmp(one->code, "local_as_drill") == 0)
            start.is_drill = TRUE;
        else if (strcmp(one->code, "local_fills") == 0)
            start.fills = text_of(one, "values");
        if (i > 0)
            continue;
        start.by_button = content_remark_get(one, "input") != NULL;
        start.by = text_of(one, start.by_button ? "input" : "account");
        start.grant = text_of(one, "grant");
        start.template_ = text_of(one, "template");
        start.title = text_of(one, "title");
    }
    return start;
}

/* ---- noted ---- */

/* A clock that nobody vouched for does not say when it ends: then it is over so long after we
 * heard of it, at the latest. */
static gint64
end_of(SchedTxn *txn, const ContentRecord *record)
{
    gint64 span_us = record->planned_end_us - record->planned_start_us;

    return record->trust == CONTENT_TRUST_UNSET
               ? MAX(record->planned_end_us, sched_txn_at_us(txn) + span_us)
               : record->planned_end_us;
}

/* Nor when it began. */
static gint64
start_of(SchedTxn *txn, const ContentRecord *record)
{
    return record->trust == CONTENT_TRUST_UNSET
               ? MAX(record->planned_start_us, sched_txn_at_us(txn))
               : record->planned_start_us;
}

static gboolean
is_start(const ContentRecord *record)
{
    gint64 span_us = record->planned_end_us - record->planned_start_us;

    return record->kind == CONTENT_RECORD_ALERT_STARTED_LOCALLY && record->occurrence != NULL &&
           record->details->len > 0 && record->planned_start_us > 0 && span_us > 0 &&
           span_us <= CONTENT_ALERT_MAX_LIFE_US;
}

gboolean
sched_store_local_alert_note(SchedTxn *txn, const char *station, const ContentRecord *record,
                             GError **error)
{
    const char *id = record->occurrence;
    Start start;

    if (!is_start(record))
        return TRUE;
    start = read_start(record);
    if (*start.by == '\0' || *start.template_ == '\0' || *start.title == '\0')
        return TRUE;
    if (!sched_sql_run(txn, sql_add, error, "ttiitiittitti", id, start.title,
                       (gint64) UNKNOWN_SEVERITY, (gint64) start.is_drill, start.template_,
                       start_of(txn, record), end_of(txn, record), station, start.by,
                       (gint64) start.by_button, start.fills, start.grant,
                       sched_txn_at_us(txn)))
        return FALSE;
    return sched_sql_changes(txn) == 0 ||
           sched_sql_audit_words(txn, "alert.alone", id, error, "station", station, "by",
                                 start.by, "grant", start.grant, "title", start.title, NULL);
}

/* ---- settled ---- */

static gboolean
call_messengers(SchedTxn *txn, const SchedAlertRow *row, GError **error)
{
    g_autoptr(GPtrArray) everywhere = g_ptr_array_new();
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);

    if (row->stopped_us != 0)
        return sched_store_messenger_end(txn, row->id, everywhere, error);
    if (row->expires_us <= sched_txn_at_us(txn))
        return TRUE;
    /* What it says is not asked, and it replaces nothing. */
    alert->id = g_strdup(row->id);
    return sched_store_messenger_call(txn, alert, error);
}

gboolean
sched_store_local_alert_settle(SchedTxn *txn, const char *station, const char *id,
                               GError **error)
{
    g_autoptr(SchedAlertRow) row = NULL;

    if (!sched_sql_is(txn, sql_is_local, "tt", id, station))
        return TRUE;
    row = sched_store_alert_get(txn, id, error);
    if (row == NULL)
        return FALSE;
    return sched_sql_run(txn, sql_add_villages, error, "tt", id, station) &&
           sched_sql_run(txn, sql_add_whole, error, "ttt", id, station, row->grant) &&
           sched_store_alert_tell(txn, id, row->author, error) &&
           call_messengers(txn, row, error);
}

/* ---- opened ---- */

static ContentAlert *
open_document(SchedTxn *txn, const char *hash, GError **error)
{
    g_autoptr(SchedDocumentRow) document = sched_store_document_get(txn, hash, error);
    g_autoptr(GBytes) body = document == NULL ? NULL : sched_document_row_body(document, error);

    return body == NULL
               ? NULL
               : content_document_read(&content_alert_type, g_bytes_get_data(body, NULL),
                                       g_bytes_get_size(body), error);
}

static GPtrArray *
words_of(const char *text)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) all = g_strsplit(text, " ", -1);

    for (gsize i = 0; all[i] != NULL; i++) {
        if (*all[i] != '\0')
            g_ptr_array_add(words, g_strdup(all[i]));
    }
    return words;
}

/* What cannot be put together any more has no speech: what was heard, the station knows. */
static ContentAlert *
compose(SchedTxn *txn, const SchedAlertRow *row, GError **error)
{
    g_autoptr(ContentTemplates) templates =
        sched_store_templates(txn, sched_txn_at_us(txn), error);
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    g_autoptr(GPtrArray) fills = words_of(row->fills);

    if (templates == NULL)
        return NULL;
    content_templates_compose(templates, row->template_, fills, row->drill, alert, NULL);
    g_free(alert->title);
    alert->id = g_strdup(row->id);
    alert->title = g_strdup(row->title);
    alert->event = row->event;
    alert->severity = row->severity;
    alert->drill = row->drill;
    alert->issued_us = row->issued_us;
    alert->expires_us = row->expires_us;
    for (guint i = 0; i < row->areas->len; i++)
        g_ptr_array_add(alert->areas, g_strdup(row->areas->pdata[i]));
    return g_steal_pointer(&alert);
}

ContentAlert *
sched_store_alert_open(SchedTxn *txn, const SchedAlertRow *row, GError **error)
{
    return row->hash != NULL ? open_document(txn, row->hash, error) : compose(txn, row, error);
}
