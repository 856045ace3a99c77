/*
 * api-reports.c - what is, what was, and what will be heard: status, delivery, preview, audit.
 */
#include "scheduler/web/api-internal.h"

#include "content/heartbeat.h"
#include "content/language.h"
#include "scheduler/report/delivery.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/stations.h"

#include <string.h>

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* A station's certificate is spoken of so long before its end: somebody has to go there. */
#define CERTIFICATE_WARN_US (60 * DAY_US)

/* ---- shapes ---- */

typedef struct {
    char *value;
} ValueBody;

/* clang-format off */
static const ContentMember delivery_shape_members[] = {
    ROW_WORD(SchedDelivery, station, ID, "The station."),
    ROW_WORD(SchedDelivery, zone, ID, "The zone."),
    ROW_WORD(SchedDelivery, village, ID, "Its village."),
    ROW_TEXT(SchedDelivery, village_name, 1, ROW_NAME_MAX_BYTES, "Name of the village."),
    ROW_WORD(SchedDelivery, date, DATE, "Local date of the plan."),
    ROW_WORD(SchedDelivery, segment, SEGMENT, "The segment."),
    ROW_WORD(SchedDelivery, slot, ID, "Its slot."),
    ROW_WORD(SchedDelivery, occurrence, ID, "Its occurrence."),
    ROW_WORD(SchedDelivery, item, ID, "Its item."),
    ROW_TEXT(SchedDelivery, title, 1, ROW_TITLE_MAX_BYTES, "Its title."),
    ROW_OPTIONAL_WORD(SchedDelivery, language, LANGUAGE, "Language heard; none for a signal."),
    ROW_OPTIONAL_WORD(SchedDelivery, object, HASH, "The audio."),
    ROW_UTC(SchedDelivery, planned_start_us, "When it should have begun."),
    ROW_COUNT(SchedDelivery, planned_us, "µs", "How long it should have been."),
    ROW_UTC(SchedDelivery, started_us, "First sample; 0: none."),
    ROW_COUNT(SchedDelivery, heard_us, "µs", "Sound with the relay read closed."),
    ROW_OPTIONAL_INT(SchedDelivery, level_mdb, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, G_MININT64,
                     "millidecibel", "Level sent."),
    ROW_ENUM(SchedDelivery, state, sched_delivery_state_words, "The verdict."),
    ROW_ENUM(SchedDelivery, reason, content_reason_words, "Why it is not whole."),
    ROW_OPTIONAL_TEXT(SchedDelivery, detail, 1, ROW_WORDS_MAX_BYTES, "In words."),
    ROW_UTC(SchedDelivery, down_from_us, "From when the player did not run; 0: not the reason."),
    ROW_UTC(SchedDelivery, down_to_us, "Until when."),
    ROW_BOOL(SchedDelivery, relay_confirmed, "The relay was read back closed."),
    ROW_BOOL(SchedDelivery, line_sensed, "An input at the line proves the sound."),
    ROW_BOOL(SchedDelivery, journal_late, "The disk answered after the sound began."),
    ROW_END,
};
static API_SHAPE(delivery_shape, SchedDelivery, "Delivery", sched_delivery_free);

static const ContentMember sum_shape_members[] = {
    ROW_TEXT(SchedDeliverySum, language, 0, 35, "Language; empty for signals and music."),
    ROW_COUNT(SchedDeliverySum, planned_us, "µs", "Planned."),
    ROW_COUNT(SchedDeliverySum, heard_us, "µs", "Heard."),
    ROW_COUNT(SchedDeliverySum, n_delivered, "", "Whole."),
    ROW_COUNT(SchedDeliverySum, n_partial, "", "In part."),
    ROW_COUNT(SchedDeliverySum, n_missed, "", "Not at all."),
    ROW_COUNT(SchedDeliverySum, n_waiting, "", "Not over yet."),
    ROW_COUNT(SchedDeliverySum, n_no_contact, "", "Over, and the station is not heard from."),
    ROW_END,
};
static API_SHAPE(sum_shape, SchedDeliverySum, "DeliverySum", sched_delivery_sum_free);

static const ContentMember audit_shape_members[] = {
    ROW_COUNT(SchedAuditRow, seq, "", "From 1, without gaps."),
    ROW_UTC(SchedAuditRow, at_us, "When."),
    ROW_TEXT(SchedAuditRow, actor, 1, 100, "Who."),
    ROW_TEXT(SchedAuditRow, action, 1, 100, "What was done."),
    ROW_TEXT(SchedAuditRow, object, 0, 200, "To what."),
    ROW_TEXT(SchedAuditRow, detail, 0, SCHED_AUDIT_MAX_DETAIL_BYTES, "JSON, exactly as hashed."),
    ROW_WORD(SchedAuditRow, prev, HASH, "Hash of the row before."),
    ROW_WORD(SchedAuditRow, hash, HASH, "Hash of this row."),
    ROW_END,
};
static API_SHAPE(audit_shape, SchedAuditRow, "AuditRow", sched_audit_row_free);

static const ContentMember state_shape_members[] = {
    ROW_UTC(SchedStationStateRow, contact_us, "Last verified word; 0: never."),
    ROW_UTC(SchedStationStateRow, hello_us, "Last hello; 0: never."),
    ROW_COUNT(SchedStationStateRow, reported_version, "", "The last manifest it spoke about."),
    ROW_COUNT(SchedStationStateRow, accepted_version, "", "In force there; 0: none known."),
    ROW_UTC(SchedStationStateRow, accepted_us, "Since when."),
    ROW_TEXT(SchedStationStateRow, refusal, 0, ROW_WORDS_MAX_BYTES, "Why it refused; empty: it "
             "did not."),
    ROW_TEXT(SchedStationStateRow, player_version, 0, ROW_VERSION_MAX_BYTES, "Its program."),
    ROW_END,
};
static API_SHAPE(state_shape, SchedStationStateRow, "StationState",
                 sched_station_state_row_free);

static const ContentMember day_shape_members[] = {
    ROW_WORD(SchedStationDayRow, date, DATE, "The date."),
    ROW_WORD(SchedStationDayRow, hash, HASH, "Its plan."),
    ROW_BOOL(SchedStationDayRow, applied, "In force at the station."),
    ROW_UTC(SchedStationDayRow, applied_us, "Since when; 0: not yet."),
    ROW_COUNT(SchedStationDayRow, missing_objects, "", "Audio files still missing."),
    ROW_COUNT(SchedStationDayRow, missing_bytes, "bytes", "And their size."),
    ROW_END,
};
static API_SHAPE(day_shape, SchedStationDayRow, "StationDay", sched_station_day_row_free);

static const ContentMember value_members[] = {
    ROW_TEXT(ValueBody, value, 0, 1000, "The value, as text."),
    ROW_END,
};
static const ContentShape value_shape = { "Value", sizeof(ValueBody), value_members };
/* clang-format on */

/* ---- status ---- */

/* The station's own words, as it said them; a heartbeat is JSON by the time it is kept. */
static json_t *
heartbeat_of(SchedTxn *txn, const char *station)
{
    g_autoptr(SchedHeartbeatRow) row = sched_store_heartbeat_get(txn, station, NULL);
    json_t *heartbeat = row == NULL ? NULL : json_loads(row->document, 0, NULL);

    if (heartbeat != NULL)
        json_object_set_new(heartbeat, "received_us", json_integer(row->received_us));
    return heartbeat;
}

static void
add_manifest(SchedTxn *txn, const char *station, json_t *out)
{
    g_autoptr(SchedManifestRow) row = sched_store_manifest_newest(txn, station, NULL);

    if (row == NULL)
        return;
    json_object_set_new(out, "issued_version", json_integer(row->version));
    json_object_set_new(out, "issued_us", json_integer(row->issued_us));
}

/* The remark stands there only when somebody has to do something. */
static void
add_certificate(SchedTxn *txn, const char *station, gint64 now_us, json_t *out)
{
    g_autoptr(SchedDeviceRow) device = sched_store_device_live(txn, station, NULL);
    g_autofree char *remark = NULL;
    json_t *certificate;
    gint64 left_us;

    if (device == NULL)
        return;
    left_us = device->expires_us - now_us;
    certificate = json_object();
    json_object_set_new(certificate, "ends_us", json_integer(device->expires_us));
    if (left_us <= 0)
        remark = g_strdup("its certificate has ended: enrol it again");
    else if (left_us < CERTIFICATE_WARN_US)
        remark =
            g_strdup_printf("its certificate ends in %" G_GINT64_FORMAT " days: enrol it again",
                            left_us / DAY_US);
    if (remark != NULL)
        json_object_set_new(certificate, "remark", json_string(remark));
    json_object_set_new(out, "certificate", certificate);
}

static json_t *
describe_station(SchedTxn *txn, const SchedStationRow *station, gint64 now_us, GError **error)
{
    g_autoptr(SchedStationStateRow) state =
        sched_store_station_state_get(txn, station->id, NULL);
    g_autoptr(GPtrArray) days = sched_store_station_day_list(txn, station->id, error);
    json_t *heartbeat = heartbeat_of(txn, station->id);
    json_t *out;

    if (days == NULL) {
        json_decref(heartbeat);
        return NULL;
    }
    out = json_object();
    json_object_set_new(out, "station", json_string(station->id));
    json_object_set_new(out, "name", json_string(station->name));
    json_object_set_new(out, "area", json_string(station->area));
    json_object_set_new(out, "retired", json_boolean(station->retired));
    json_object_set_new(out, "heartbeat_s", json_integer(station->heartbeat_s));
    if (state != NULL)
        json_object_set_new(out, "state", sched_shape_write(&state_shape, state));
    add_manifest(txn, station->id, out);
    add_certificate(txn, station->id, now_us, out);
    json_object_set_new(out, "days", sched_shape_write_all(&day_shape, days));
    if (heartbeat != NULL)
        json_object_set_new(out, "heartbeat", heartbeat);
    return out;
}

/* @place: (nullable): what lies nowhere, or in no area that there is, concerns everybody */
static gboolean
is_for(SchedTxn *txn, SchedAct *act, const char *place)
{
    const char *area = sched_call_query(act->call, "area");

    if (place == NULL || !sched_store_area_contains(txn, place, place))
        return TRUE;
    return sched_access_sees(txn, act, place) &&
           (area == NULL || sched_store_area_contains(txn, area, place));
}

static gboolean
add_troubles(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    json_t *troubles = options->ports->troubles(options->ports_data, txn, error);

    if (troubles == NULL)
        return FALSE;
    for (gsize i = json_array_size(troubles); i > 0; i--) {
        const json_t *trouble = json_array_get(troubles, i - 1);

        if (!is_for(txn, act, json_string_value(json_object_get(trouble, "place"))))
            json_array_remove(troubles, i - 1);
    }
    json_object_set_new(act->answer, "troubles", troubles);
    return TRUE;
}

static gboolean
get_status(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) stations =
        sched_store_station_list(txn, sched_call_query(act->call, "area"), error);
    json_t *list;

    if (stations == NULL)
        return FALSE;
    act->answer = json_object();
    list = json_array();
    json_object_set_new(act->answer, "stations", list);
    json_object_set_new(act->answer, "now_us", json_integer(act->now_us));
    for (guint i = 0; i < stations->len; i++) {
        const SchedStationRow *station = stations->pdata[i];
        json_t *one;

        if (!sched_access_sees(txn, act, station->area))
            continue;
        one = describe_station(txn, station, act->now_us, error);
        if (one == NULL)
            return FALSE;
        json_array_append_new(list, one);
    }
    return add_troubles(txn, act, error);
}

/* ---- delivery and preview ---- */

static gboolean
is_date(const char *text)
{
    guint year = 0, month = 0, day = 0;

    return text != NULL && strlen(text) == 10 && text[4] == '-' && text[7] == '-' &&
           sscanf(text, "%4u-%2u-%2u", &year, &month, &day) == 3 &&
           g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

static const char *
date_of(SchedAct *act, GError **error)
{
    const char *date = sched_call_query(act->call, "date");

    if (is_date(date))
        return date;
    sched_api_error(error, SCHED_API_ERROR_BAD, "date: ?date=YYYY-MM-DD is needed");
    return NULL;
}

static gboolean
get_delivery(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *date = date_of(act, error);
    g_autoptr(GPtrArray) rows = NULL, sums = NULL;

    if (date == NULL)
        return FALSE;
    rows = sched_store_delivery(txn, sched_call_query(act->call, "area"), date, act->now_us,
                                error);
    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedDelivery *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->village))
            g_ptr_array_remove_index(rows, i - 1);
    }
    if (!sched_act_list(act, "deliveries", &delivery_shape, rows))
        return FALSE;
    sums = sched_delivery_sum(rows);
    json_object_set_new(act->answer, "sums", sched_shape_write_all(&sum_shape, sums));
    return TRUE;
}

static gboolean
get_preview(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    const char *date = date_of(act, error);

    if (date == NULL)
        return FALSE;
    act->answer =
        options->ports->preview(options->ports_data, txn, act->arguments[0], date, error);
    return act->answer != NULL;
}

/* ---- audit ---- */

static gint64
number_of(SchedCall *call, const char *name, gint64 fallback, gint64 least, gint64 most)
{
    const char *text = sched_call_query(call, name);

    return text == NULL ? fallback : CLAMP(g_ascii_strtoll(text, NULL, 10), least, most);
}

static gboolean
list_audit(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_audit_list(txn, sched_call_query(act->call, "object"),
                               number_of(act->call, "before", 0, 0, G_MAXINT64),
                               number_of(act->call, "limit", 100, 1, 1000), error);

    return sched_act_list(act, "rows", &audit_shape, rows);
}

static void
free_head(gpointer head)
{
    sched_store_audit_head_free(head);
}

/* What stations carry in their heartbeats is what they once saw: they are the witnesses. */
static GPtrArray *
witnessed_heads(SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(free_head);
    g_autoptr(GPtrArray) heartbeats = sched_store_heartbeat_list(txn, error);

    for (guint i = 0; heartbeats != NULL && i < heartbeats->len; i++) {
        const SchedHeartbeatRow *row = heartbeats->pdata[i];
        g_autoptr(ContentHeartbeat) heartbeat =
            content_document_read(&content_heartbeat_type, row->document, strlen(row->document),
                                  NULL);

        if (heartbeat != NULL && heartbeat->audit != NULL)
            g_ptr_array_add(heads, g_steal_pointer(&heartbeat->audit));
    }
    return heartbeats == NULL ? NULL : g_steal_pointer(&heads);
}

static gboolean
verify_audit(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) heads = witnessed_heads(txn, error);
    gint64 n_rows = 0, first_bad = 0;
    g_autofree char *why = NULL;

    if (heads == NULL ||
        !sched_store_audit_verify(txn, heads, &n_rows, &first_bad, &why, error))
        return FALSE;
    act->answer = json_pack("{s:b, s:I, s:i}", "whole", first_bad == 0, "rows",
                            (json_int_t) n_rows, "witnesses", (int) heads->len);
    if (first_bad != 0) {
        json_object_set_new(act->answer, "first_bad", json_integer(first_bad));
        json_object_set_new(act->answer, "why", json_string(why));
    }
    return TRUE;
}

/* ---- settings and languages ---- */

static gboolean
list_settings(SchedTxn *txn, SchedAct *act, GError **error)
{
    gsize count = 0;
    const SchedSettingKnown *known = sched_setting_known(&count);
    json_t *list = json_array();

    act->answer = json_pack("{s:o}", "settings", list);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *value = sched_store_setting_text(txn, known[i].key, error);

        if (value == NULL)
            return FALSE;
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "key", known[i].key,
                                              "value", value, "fallback", known[i].fallback,
                                              "meaning", known[i].meaning));
    }
    return TRUE;
}

static gboolean
set_setting(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *value = json_string_value(json_object_get(act->body, "value"));

    return sched_store_setting_set(txn, act->arguments[0], value, error) && sched_act_done(act);
}

static gboolean
list_languages(SchedTxn *txn, SchedAct *act, GError **error)
{
    gsize count = 0;
    const ContentLanguage *languages = content_languages(&count);
    json_t *list = json_array();

    act->answer = json_pack("{s:o}", "languages", list);
    for (gsize i = 0; i < count; i++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "tag", languages[i].tag, "own_name",
                      languages[i].own_name, "vietnamese", languages[i].vietnamese, "english",
                      languages[i].english, "alphabet", languages[i].alphabet));
    return TRUE;
}

#define ADMINISTRATOR SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR)
#define INSPECTOR     (ADMINISTRATOR | SCHED_ROLES(SCHED_ROLE_INSPECTOR))

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only in this area and below." },
    { NULL, NULL },
};
static const SchedRouteQuery area_date_query[] = {
    { "date", "Local date, YYYY-MM-DD; needed." },
    { "area", "Only villages in this area and below." },
    { NULL, NULL },
};
static const SchedRouteQuery date_query[] = {
    { "date", "Local date, YYYY-MM-DD; needed." },
    { NULL, NULL },
};
static const SchedRouteQuery audit_query[] = {
    { "object", "Only rows about this." },
    { "before", "Only rows with a smaller number." },
    { "limit", "At most so many, 1 to 1000." },
    { NULL, NULL },
};

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/status", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = get_status,
      .name = "getStatus",
      .meaning = "What each station holds, says and does, as far as it is known; and what could not be "
                 "planned with." },
    { .method = "GET", .path = "/api/delivery", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_date_query,
      .work = get_delivery, .name = "getDelivery",
      .meaning = "Was it heard? One verdict a segment and zone, with its evidence." },
    { .method = "GET", .path = "/api/areas/{area}/preview", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area, .status = 200, .query = date_query, .work = get_preview,
      .name = "getPreview",
      .meaning = "What a village will hear on a date, in which language, and what not." },
    { .method = "GET", .path = "/api/audit", .roles = INSPECTOR, .scope = sched_scope_district,
      .status = 200, .query = audit_query, .work = list_audit, .name = "listAudit",
      .meaning = "Who did what, newest first." },
    { .method = "GET", .path = "/api/audit/verify", .roles = INSPECTOR,
      .scope = sched_scope_district, .status = 200, .work = verify_audit,
      .name = "verifyAudit",
      .meaning = "Is the chain whole, and as the stations witnessed it?" },
    { .method = "GET", .path = "/api/settings", .roles = ADMINISTRATOR,
      .scope = sched_scope_district, .status = 200, .work = list_settings,
      .name = "listSettings", .meaning = "The district's own settings." },
    { .method = "PUT", .path = "/api/settings/{key}", .roles = ADMINISTRATOR,
      .scope = sched_scope_district, .input = SCHED_INPUT_JSON, .body = &value_shape,
      .writes = TRUE, .status = 200, .work = set_setting, .name = "setSetting",
      .meaning = "Change a setting." },
    { .method = "GET", .path = "/api/languages", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_languages, .name = "listLanguages", .is_own = TRUE,
      .meaning = "The table of languages." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_reports(void)
{
    return routes;
}
