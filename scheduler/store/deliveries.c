/* deliveries.c - see deliveries.h */
#include "scheduler/store/deliveries.h"

#include "scheduler/store/make-ups.h"

#include "content/heartbeat.h"
#include "scheduler/plan/trouble.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/records.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/stations.h"

#include <string.h>

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

/* clang-format off */
/* The plan that was in force when the day began, and all that came while its segments sound. */
#define SPANS(table, instant) \
    "SELECT a." instant " AS from_us, a.version, coalesce(d.hash, '') AS hash " \
    "FROM " table " AS a LEFT JOIN manifest_days AS d " \
    "ON d.station = a.station AND d.version = a.version AND d.date = $2 " \
    "WHERE a.station = $1 AND a." instant " < $4 AND a." instant " >= coalesce((" \
    "SELECT max(b." instant ") FROM " table " AS b WHERE b.station = $1 " \
    "AND b." instant " <= $3), $3) ORDER BY a." instant
static const char sql_accepted[] = SPANS("acceptances", "accepted_us");
static const char sql_issued[] = SPANS("manifests", "issued_us");
static const char sql_records[] =
    "SELECT raw FROM records WHERE station = $1 AND planned_start_us >= $2 "
    "AND planned_start_us < $3 AND unreadable = 0 AND segment IS NOT NULL "
    "ORDER BY planned_start_us, journal, seq";
static const char sql_down[] =
    "SELECT from_us, to_us, reason FROM down_spans WHERE station = $1 AND to_us > $2 "
    "AND from_us < $3 ORDER BY from_us";
static const char sql_stations[] =
    "SELECT DISTINCT station FROM zones "
    "WHERE $1 IS NULL OR village IN (SELECT below FROM area_paths WHERE above = $1) "
    "ORDER BY station";

typedef struct { gint64 from_us, version; char *hash; } Span;
static void span_free(gpointer span);
static const SchedSqlColumn span_columns[] = {
    { "from_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(Span, from_us) },
    { "version", SCHED_SQL_INT,  G_STRUCT_OFFSET(Span, version) },
    { "hash",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(Span, hash)    },
    { NULL },
};
static const SchedSqlShape span_shape = { sizeof(Span), span_columns, span_free };

static const SchedSqlColumn down_columns[] = {
    { "from_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedDownSpan, from_us) },
    { "to_us",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedDownSpan, to_us)   },
    { "reason",  SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedDownSpan, reason), content_reason_words },
    { NULL },
};
static const SchedSqlShape down_shape = { sizeof(SchedDownSpan), down_columns, g_free };
/* clang-format on */

static void
span_free(gpointer span)
{
    sched_sql_row_free(&span_shape, span);
}

gboolean
sched_store_delivery_span(const char *date, const char *tzid, gint64 *out_from_us,
                          gint64 *out_to_us, GError **error)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(tzid);
    g_autoptr(GDateTime) midnight = NULL;

    if (!sched_check_date("date", date, error))
        return FALSE;
    if (zone != NULL)
        midnight = g_date_time_new(zone, (gint) g_ascii_strtoll(date, NULL, 10),
                                   (gint) g_ascii_strtoll(date + 5, NULL, 10),
                                   (gint) g_ascii_strtoll(date + 8, NULL, 10), 0, 0, 0);
    if (midnight == NULL) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "%s begins at no instant in %s", date, tzid);
        return FALSE;
    }
    *out_from_us = g_date_time_to_unix(midnight) * G_USEC_PER_SEC;
    *out_to_us = *out_from_us + 2 * DAY_US;
    return TRUE;
}

static ContentDayPlan *
load_plan(SchedTxn *txn, const char *hash, GError **error)
{
    g_autoptr(SchedDocumentRow) row = sched_store_document_get(txn, hash, error);
    ContentDayPlan *plan;

    if (row == NULL)
        return NULL;
    plan = content_document_read(&content_day_plan_type, g_bytes_get_data(row->body, NULL),
                                 g_bytes_get_size(row->body), error);
    if (plan == NULL)
        g_prefix_error(error, "day plan %s: ", hash);
    return plan;
}

/* The plan of that name, once for all spans that it is of; the first one owns it. */
static gboolean
take_plan(SchedTxn *txn, SchedAcceptedPlan *span, const char *hash, GHashTable *plans,
          GError **error)
{
    span->plan = g_hash_table_lookup(plans, hash);
    span->is_borrowed = span->plan != NULL;
    if (span->plan == NULL) {
        span->plan = load_plan(txn, hash, error);
        if (span->plan == NULL)
            return FALSE;
        g_hash_table_insert(plans, g_strdup(hash), span->plan);
    }
    return TRUE;
}

/* Manifests that name the same day plan one after the other are one span. */
static gboolean
load_spans(SchedTxn *txn, GPtrArray *spans, GPtrArray *out_plans, GHashTable *plans,
           GError **error)
{
    const char *last = NULL;

    for (guint i = 0; i < spans->len; i++) {
        const Span *span = g_ptr_array_index(spans, i);
        SchedAcceptedPlan *accepted;

        if (last != NULL && g_str_equal(last, span->hash))
            continue;
        last = span->hash;
        accepted = g_new0(SchedAcceptedPlan, 1);
        accepted->from_us = span->from_us;
        accepted->version = span->version;
        g_ptr_array_add(out_plans, accepted);
        if (*span->hash != '\0' && !take_plan(txn, accepted, span->hash, plans, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_spans(SchedTxn *txn, SchedDeliveryInput *input, gint64 from_us, gint64 to_us,
          GError **error)
{
    const struct {
        const char *sql;
        GPtrArray *plans;
    } kinds[] = {{sql_accepted, input->accepted}, {sql_issued, input->issued}};
    g_autoptr(GHashTable) plans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GPtrArray) spans =
            sched_sql_list(txn, kinds[i].sql, &span_shape, error, "ttii", input->station,
                           input->date, from_us, to_us);

        if (spans == NULL || !load_spans(txn, spans, kinds[i].plans, plans, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_records(SchedTxn *txn, SchedDeliveryInput *input, gint64 from_us, gint64 to_us,
            GError **error)
{
    g_autoptr(GPtrArray) raws =
        sched_sql_texts(txn, sql_records, error, "tii", input->station, from_us, to_us);

    for (guint i = 0; raws != NULL && i < raws->len; i++) {
        const char *raw = g_ptr_array_index(raws, i);
        ContentRecord *record =
            content_document_read(&content_record_type, raw, strlen(raw), NULL);

        if (record != NULL)
            g_ptr_array_add(input->records, record);
    }
    return raws != NULL;
}

static gboolean
add_down(SchedTxn *txn, SchedDeliveryInput *input, gint64 from_us, gint64 to_us, GError **error)
{
    g_autoptr(GPtrArray) spans = sched_sql_list(txn, sql_down, &down_shape, error, "tii",
                                                input->station, from_us, to_us);

    for (guint i = 0; spans != NULL && i < spans->len; i++)
        g_array_append_vals(input->down, g_ptr_array_index(spans, i), 1);
    return spans != NULL;
}

static gboolean
has_sense(const ContentInventory *inventory, const char *zone)
{
    for (guint i = 0; inventory != NULL && i < inventory->zones->len; i++) {
        const ContentInventoryZone *z = g_ptr_array_index(inventory->zones, i);

        if (g_str_equal(z->id, zone))
            return z->has_sense;
    }
    return FALSE;
}

static gboolean
add_zones(SchedTxn *txn, SchedDeliveryInput *input, const char *inventory_text, GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, input->station, error);
    g_autoptr(ContentInventory) inventory = NULL;

    if (zones == NULL)
        return FALSE;
    if (*inventory_text != '\0')
        inventory = content_document_read(&content_inventory_type, inventory_text,
                                          strlen(inventory_text), NULL);
    for (guint i = 0; i < zones->len; i++) {
        const SchedZoneRow *row = g_ptr_array_index(zones, i);
        g_autoptr(SchedAreaRow) village = sched_store_area_get(txn, row->village, error);
        SchedDeliveryZone *zone;

        if (village == NULL)
            return FALSE;
        zone = g_new0(SchedDeliveryZone, 1);
        zone->zone = g_strdup(row->id);
        zone->village = g_strdup(row->village);
        zone->village_name = g_strdup(village->name);
        zone->line_sensed = has_sense(inventory, row->id);
        g_ptr_array_add(input->zones, zone);
    }
    return TRUE;
}

/* What its last heartbeat says about records that we do not have. */
static void
add_told(SchedTxn *txn, SchedDeliveryInput *input)
{
    g_autoptr(SchedHeartbeatRow) row = sched_store_heartbeat_get(txn, input->station, NULL);
    g_autoptr(ContentHeartbeat) heartbeat = NULL;

    if (row == NULL)
        return;
    heartbeat = content_document_read(&content_heartbeat_type, row->document,
                                      strlen(row->document), NULL);
    if (heartbeat == NULL || heartbeat->journal == NULL)
        return;
    input->told_us = row->received_us;
    input->has_unsent = heartbeat->journal_seq >
                        sched_store_journal_ack(txn, input->station, heartbeat->journal);
}

static gboolean
fill_input(SchedTxn *txn, SchedDeliveryInput *input, const char *tzid, GError **error)
{
    g_autoptr(SchedStationStateRow) state =
        sched_store_station_state_get(txn, input->station, NULL);
    gint64 from_us, to_us;

    if (!sched_store_delivery_span(input->date, tzid, &from_us, &to_us, error))
        return FALSE;
    if (state != NULL)
        input->contact_us = state->contact_us;
    add_told(txn, input);
    g_ptr_array_unref(input->silences);
    input->silences = sched_store_silenced_list(txn, input->station, input->date, error);
    return input->silences != NULL && add_spans(txn, input, from_us, to_us, error) &&
           add_records(txn, input, from_us, to_us, error) &&
           add_down(txn, input, from_us, to_us, error) &&
           add_zones(txn, input, state == NULL ? "" : state->inventory, error);
}

SchedDeliveryInput *
sched_store_delivery_input(SchedTxn *txn, const char *station, const char *date, gint64 now_us,
                           GError **error)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, station, error);
    g_autoptr(SchedDeliveryInput) input = NULL;

    if (row == NULL)
        return NULL;
    input = sched_delivery_input_new(station, date, row->tzid, now_us);
    input->heartbeat_us = row->heartbeat_s * G_USEC_PER_SEC;
    if (!fill_input(txn, input, row->tzid, error))
        return NULL;
    return g_steal_pointer(&input);
}

static gint
compare_by_village(gconstpointer a, gconstpointer b)
{
    const SchedDelivery *one = *(const SchedDelivery *const *) a;
    const SchedDelivery *other = *(const SchedDelivery *const *) b;
    gint order = strcmp(one->village, other->village);

    if (order == 0)
        order = (one->planned_start_us > other->planned_start_us) -
                (one->planned_start_us < other->planned_start_us);
    if (order == 0)
        order = g_strcmp0(one->language, other->language);
    return order != 0 ? order : strcmp(one->segment, other->segment);
}

gboolean
sched_store_delivery_is_spoilt(const GError *error)
{
    return g_error_matches(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND) ||
           g_error_matches(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT) ||
           error->domain == CONTENT_DOCUMENT_ERROR;
}

/* The other stations are judged all the same. */
static gboolean
leave_out(SchedTxn *txn, const char *station, const GError *cause, GPtrArray *troubles,
          GError **error)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, station, error);
    ContentRemark *what;

    if (row == NULL)
        return FALSE;
    what =
        content_remark_say(content_remark_new("plan_unjudged", station, NULL), cause->message);
    g_ptr_array_add(troubles, sched_trouble_new("station", station, row->area, what));
    return TRUE;
}

/* Whether @d is the sounding that @made stands for, though something may have held it up. */
static gboolean
is_sounding_of(const SchedDelivery *d, const SchedMakeUpRow *made)
{
    g_autofree char *occurrence = g_strdup_printf("%s-%s", made->slot, made->slot_date);

    return d->planned_start_us >= made->start_us && g_str_equal(d->occurrence, occurrence) &&
           g_str_equal(d->item, made->item) &&
           g_strcmp0(d->language, *made->language == '\0' ? NULL : made->language) == 0;
}

/* All soundings of the item in a row are made up by the one. */
static gboolean
is_made_up_by(const SchedDelivery *d, const SchedMakeUpRow *made)
{
    g_autofree char *occurrence = g_strdup_printf("%s-%s", made->slot, made->slot_date);

    return d->planned_start_us < made->start_us && d->state == SCHED_DELIVERY_MISSED &&
           g_str_equal(d->occurrence, occurrence) && g_str_equal(d->item, made->item) &&
           g_strcmp0(d->language, *made->language == '\0' ? NULL : made->language) == 0;
}

static void
link_made_up(SchedDelivery *d, GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const SchedMakeUpRow *made = g_ptr_array_index(rows, i);

        if (!g_str_equal(d->zone, made->zone))
            continue;
        if (is_sounding_of(d, made))
            d->makes_up_us = made->planned_us;
        else if (is_made_up_by(d, made))
            d->made_up_us = made->start_us;
    }
}

GPtrArray *
sched_store_delivery_of(SchedTxn *txn, const char *station, const char *date, gint64 now_us,
                        GError **error)
{
    g_autoptr(SchedDeliveryInput) input =
        sched_store_delivery_input(txn, station, date, now_us, error);
    g_autoptr(GPtrArray) deliveries = NULL, rows = NULL;
    gint64 from_us, to_us;

    if (input == NULL || !sched_store_delivery_span(date, input->tzid, &from_us, &to_us, error))
        return NULL;
    rows = sched_store_make_up_of(txn, station, date, from_us, to_us, error);
    if (rows == NULL)
        return NULL;
    deliveries = sched_delivery_judge(input);
    for (guint i = 0; i < deliveries->len; i++)
        link_made_up(g_ptr_array_index(deliveries, i), rows);
    return g_steal_pointer(&deliveries);
}

/* @villages: what was asked already: village -> 1: inside, 2: not */
static gboolean
is_inside(SchedTxn *txn, const char *area, const char *village, GHashTable *villages)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(villages, village));

    if (known == 0) {
        known = sched_store_area_contains(txn, area, village) ? 1 : 2;
        g_hash_table_insert(villages, g_strdup(village), GUINT_TO_POINTER(known));
    }
    return known == 1;
}

static gboolean
add_station(SchedTxn *txn, const char *station, const char *area, const char *date,
            gint64 now_us, GHashTable *villages, GPtrArray *all, GPtrArray *troubles,
            GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GPtrArray) deliveries =
        sched_store_delivery_of(txn, station, date, now_us, &cause);

    if (deliveries == NULL && sched_store_delivery_is_spoilt(cause))
        return leave_out(txn, station, cause, troubles, error);
    if (deliveries == NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    while (deliveries->len > 0) {
        g_autoptr(SchedDelivery) d =
            g_ptr_array_steal_index_fast(deliveries, deliveries->len - 1);

        if (area == NULL || is_inside(txn, area, d->village, villages))
            g_ptr_array_add(all, g_steal_pointer(&d));
    }
    return TRUE;
}

GPtrArray *
sched_store_delivery(SchedTxn *txn, const char *area, const char *date, gint64 now_us,
                     GPtrArray *troubles, GError **error)
{
    g_autoptr(GPtrArray) stations = sched_sql_texts(txn, sql_stations, error, "t", area);
    g_autoptr(GPtrArray) all =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_delivery_free);
    g_autoptr(GHashTable) villages =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; stations != NULL && i < stations->len; i++) {
        if (!add_station(txn, g_ptr_array_index(stations, i), area, date, now_us, villages, all,
                         troubles, error))
            return NULL;
    }
    if (stations == NULL)
        return NULL;
    g_ptr_array_sort(all, compare_by_village);
    return g_steal_pointer(&all);
}
