/*
 * api-places.c - areas, stations, their outputs and zones, and getting a player in.
 */
#include "scheduler/web/api-internal.h"

#include "content/enrolment-code.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/stations.h"
#include "scheduler/web/qr.h"

#include <sodium.h>
#include <string.h>

/* What a person can read through before it is taken; more is counted. */
#define MAX_CHANGES_SHOWN 1000

/* ---- shapes ---- */

typedef struct {
    char *why;
} WhyBody;

/* The area comes first: it is read and freed as one. */
typedef struct {
    SchedAreaRow area;
    gboolean force;
} AreaBody;

/* clang-format off */
#define AREA_ROWS                                                                               \
    ROW_OPTIONAL_WORD(SchedAreaRow, parent, ID, "The area above; none at the top."),            \
    ROW_ENUM(SchedAreaRow, kind, sched_area_kind_words, "What kind of unit."),                  \
    ROW_TEXT(SchedAreaRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),                           \
    ROW_OPTIONAL_TEXT(SchedAreaRow, code, 1, 32, "Official code."),                             \
    ROW_OPTIONAL_WORD(SchedAreaRow, valid_from, DATE, "First date on which it exists."),        \
    ROW_OPTIONAL_WORD(SchedAreaRow, valid_to, DATE, "Last date on which it exists."),           \
    ROW_OPTIONAL_WORD(SchedAreaRow, successor, ID, "The area that took over.")
static const ContentMember area_body_members[] = {
    AREA_ROWS,
    ROW_OPTIONAL_BOOL(AreaBody, force, "Even if a place is left without an approver."),
    ROW_END,
};
static const ContentShape area_body = { "AreaBody", sizeof(AreaBody), area_body_members };
static const ContentMember area_shape_members[] = {
    ROW_WORD(SchedAreaRow, id, ID, "Id of the area."), AREA_ROWS, ROW_END,
};
static API_SHAPE(area_shape, SchedAreaRow, "Area", sched_area_row_free);

#define STATION_ROWS                                                                            \
    ROW_TEXT(SchedStationRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),                        \
    ROW_WORD(SchedStationRow, area, ID, "The commune it stands in."),                           \
    ROW_OPTIONAL_TEXT(SchedStationRow, tzid, 1, ROW_TZID_MAX_BYTES, "Its time zone."),          \
    ROW_OPTIONAL_INT(SchedStationRow, heartbeat_s, 5, 3600, 60, "s", "How often it is heard."), \
    ROW_OPTIONAL_INT(SchedStationRow, fetch_kbit_s, 0, 1000000, 0, "kbit/s",                    \
                     "Limit of its downloads; 0: none."),                                       \
    ROW_OPTIONAL_INT(SchedStationRow, night_from_min, 0, ROW_MINUTES_MAX, 0, "min",             \
                     "Large files are fetched from then."),                                     \
    ROW_OPTIONAL_INT(SchedStationRow, night_to_min, 0, ROW_MINUTES_MAX, 0, "min",               \
                     "And until then; equal: at any time."),                                    \
    ROW_OPTIONAL_INT(SchedStationRow, large_bytes, 0, ROW_COUNT_MAX, 0, "bytes",                \
                     "What counts as large."),                                                  \
    ROW_OPTIONAL_INT(SchedStationRow, gain_cap_mdb, ROW_GAIN_MIN_MDB, 0, 0, "millidecibel",     \
                     "Nothing is louder."),                                                     \
    ROW_OPTIONAL_BOOL(SchedStationRow, retired, "Gets nothing any more.")
static const ContentMember station_body_members[] = { STATION_ROWS, ROW_END };
static const ContentShape station_body = { "StationBody", sizeof(SchedStationRow),
                                           station_body_members };
static const ContentMember station_shape_members[] = {
    ROW_WORD(SchedStationRow, id, ID, "Id of the station."), STATION_ROWS, ROW_END,
};
static API_SHAPE(station_shape, SchedStationRow, "Station", sched_station_row_free);

#define OUTPUT_ROWS ROW_TEXT(SchedOutputRow, name, 1, ROW_NAME_MAX_BYTES, "Its name.")
static const ContentMember output_body_members[] = { OUTPUT_ROWS, ROW_END };
static const ContentShape output_body = { "OutputBody", sizeof(SchedOutputRow),
                                          output_body_members };
static const ContentMember output_shape_members[] = {
    ROW_WORD(SchedOutputRow, station, ID, "Its station."),
    ROW_WORD(SchedOutputRow, id, ID, "Id within the station."), OUTPUT_ROWS, ROW_END,
};
static API_SHAPE(output_shape, SchedOutputRow, "Output", sched_output_row_free);

#define ZONE_ROWS                                                                               \
    ROW_WORD(SchedZoneRow, output, ID, "The output it hears."),                                 \
    ROW_TEXT(SchedZoneRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),                           \
    ROW_WORD(SchedZoneRow, village, ID, "The village it stands in."),                           \
    ROW_WORDS(SchedZoneRow, languages, SCHED_ZONE_MAX_LANGUAGES, LANGUAGE,                      \
              "Languages in the village's order.")
static const ContentMember zone_body_members[] = { ZONE_ROWS, ROW_END };
static const ContentShape zone_body = { "ZoneBody", sizeof(SchedZoneRow), zone_body_members };
static const ContentMember zone_shape_members[] = {
    ROW_WORD(SchedZoneRow, station, ID, "Its station."),
    ROW_WORD(SchedZoneRow, id, ID, "The name the gateway knows."), ZONE_ROWS, ROW_END,
};
static API_SHAPE(zone_shape, SchedZoneRow, "Zone", sched_zone_row_free);

static const ContentMember why_members[] = {
    ROW_TEXT(WhyBody, why, 1, ROW_WORDS_MAX_BYTES, "The reason, for the record."),
    ROW_END,
};
static const ContentShape why_shape = { "Why", sizeof(WhyBody), why_members };

static const ContentMember device_shape_members[] = {
    ROW_TEXT(SchedDeviceRow, serial, 1, 64, "Serial number of its certificate."),
    ROW_WORD(SchedDeviceRow, station, ID, "Its station."),
    ROW_UTC(SchedDeviceRow, enrolled_us, "When it was enrolled."),
    ROW_UTC(SchedDeviceRow, expires_us, "When its certificate ends."),
    ROW_UTC(SchedDeviceRow, revoked_us, "When it was revoked; 0: it lives."),
    ROW_TEXT(SchedDeviceRow, revoked_why, 0, ROW_WORDS_MAX_BYTES, "Why."),
    ROW_END,
};
static API_SHAPE(device_shape, SchedDeviceRow, "Device", sched_device_row_free);
/* clang-format on */

/* ---- areas ---- */

static gboolean
list_areas(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_area_list(txn, content_call_query(act->call, "area"),
                              content_call_query(act->call, "date"), error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedAreaRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->id))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "areas", &area_shape, rows);
}

static gboolean
get_area(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedAreaRow) row = sched_store_area_get(txn, act->arguments[0], error);

    return sched_act_row(act, &area_shape, row);
}

static gboolean
put_area(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedAreaRow) row = (gpointer) g_new0(AreaBody, 1);
    g_autoptr(GPtrArray) before = sched_api_alone(txn, act, error);

    row->id = g_strdup(act->arguments[0]);
    /* Below another area other people approve. */
    return before != NULL && sched_act_read(act, row, error) &&
           sched_store_area_put(txn, row, error) &&
           sched_api_keep_approvers(txn, act, row->id, before, error) &&
           get_area(txn, act, error);
}

static gboolean
remove_area(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_area_remove(txn, act->arguments[0], error) && sched_act_done(act);
}

static gboolean
import_areas(SchedTxn *txn, SchedAct *act, GError **error)
{
    gsize length = 0;
    const char *csv = g_bytes_get_data(content_call_body(act->call), &length);
    g_autoptr(GPtrArray) before = sched_api_alone(txn, act, error);
    gint64 count = 0;

    if (before == NULL ||
        !sched_store_area_import(txn, csv != NULL ? csv : "", length, &count, error) ||
        !sched_api_keep_approvers(txn, act, "areas", before, error))
        return FALSE;
    act->answer = json_pack("{s:I}", "areas", (json_int_t) count);
    return TRUE;
}

static json_t *
describe_change(const SchedAreaChange *change)
{
    json_t *out = json_pack("{s:o}", "after", sched_shape_write(&area_shape, change->after));

    if (change->before != NULL)
        json_object_set_new(out, "before", sched_shape_write(&area_shape, change->before));
    return out;
}

static gboolean
preview_import(SchedTxn *txn, SchedAct *act, GError **error)
{
    gsize length = 0;
    const char *csv = g_bytes_get_data(content_call_body(act->call), &length);
    g_autoptr(SchedAreaPreview) preview =
        sched_store_area_import_preview(txn, csv != NULL ? csv : "", length, error);
    json_t *changes, *faults;

    if (preview == NULL)
        return FALSE;
    changes = json_array();
    faults = json_array();
    for (guint i = 0; i < MIN(preview->changes->len, MAX_CHANGES_SHOWN); i++)
        json_array_append_new(changes, describe_change(preview->changes->pdata[i]));
    for (guint i = 0; i < preview->faults->len; i++)
        json_array_append_new(faults, sched_shape_write(&content_remark_shape,
                                                        preview->faults->pdata[i]));
    act->answer =
        json_pack("{s:I, s:I, s:I, s:o, s:I, s:o}", "areas", (json_int_t) preview->n_areas,
                  "alone", (json_int_t) preview->n_alone, "changed",
                  (json_int_t) preview->changes->len, "changes", changes, "wrong",
                  (json_int_t) preview->n_faults, "faults", faults);
    return TRUE;
}

/* ---- stations ---- */

static gboolean
list_stations(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_station_list(txn, content_call_query(act->call, "area"), error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedStationRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->area))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "stations", &station_shape, rows);
}

static gboolean
add_parts(SchedAct *act, const char *name, const ContentShape *shape, GPtrArray *rows)
{
    if (rows == NULL)
        return FALSE;
    json_object_set_new(act->answer, name, sched_shape_write_all(shape, rows));
    return TRUE;
}

static gboolean
get_station(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *id = act->arguments[0];
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, id, error);
    g_autoptr(GPtrArray) outputs = NULL, zones = NULL, volumes = NULL;

    if (!sched_act_row(act, &station_shape, row))
        return FALSE;
    outputs = sched_store_output_list(txn, id, error);
    if (!add_parts(act, "outputs", &output_shape, outputs))
        return FALSE;
    zones = sched_store_zone_list(txn, id, error);
    if (!add_parts(act, "zones", &zone_shape, zones))
        return FALSE;
    volumes = sched_store_volume_list(txn, id, error);
    return add_parts(act, "volumes", &sched_api_volume_shape, volumes);
}

static gboolean
put_station(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedStationRow) row = sched_store_station_draft(txn, act->arguments[0]);

    return sched_act_read(act, row, error) && sched_store_station_put(txn, row, error) &&
           get_station(txn, act, error);
}

static gboolean
put_output(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedOutputRow) row = g_new0(SchedOutputRow, 1);

    row->station = g_strdup(act->arguments[0]);
    row->id = g_strdup(act->arguments[1]);
    return sched_act_read(act, row, error) && sched_store_output_put(txn, row, error) &&
           sched_act_row(act, &output_shape, row);
}

static gboolean
remove_output(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_output_remove(txn, act->arguments[0], act->arguments[1], error) &&
           sched_act_done(act);
}

static gboolean
put_zone(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedZoneRow) row = g_new0(SchedZoneRow, 1);

    row->station = g_strdup(act->arguments[0]);
    row->id = g_strdup(act->arguments[1]);
    return sched_act_read(act, row, error) && sched_store_zone_put(txn, row, error) &&
           sched_act_row(act, &zone_shape, row);
}

static gboolean
remove_zone(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_zone_remove(txn, act->arguments[0], act->arguments[1], error) &&
           sched_act_done(act);
}

/* ---- players of a station ---- */

/* A new code: whoever uses it takes the place of the player that was there before. */
static gboolean
make_enrolment(SchedTxn *txn, SchedAct *act, GError **error)
{
    ContentEnrolmentCode code = {0};
    const gint64 expires_us = act->now_us + SCHED_ENROLMENT_MAX_LIFE_US;
    g_autofree char *fingerprint = sched_authority_fingerprint(act->api->options.authority);
    g_autofree char *secret = NULL, *hash = NULL, *text = NULL;

    g_strlcpy(code.address, act->api->options.device_address, sizeof code.address);
    randombytes_buf(code.secret, sizeof code.secret);
    content_hex_decode(fingerprint, code.fingerprint, sizeof code.fingerprint);
    secret = content_hex(code.secret, sizeof code.secret);
    hash = content_sha256_hex(secret, strlen(secret));
    text = content_enrolment_code_write(&code, error);
    if (text == NULL ||
        !sched_store_enrolment_add(txn, hash, act->arguments[0], expires_us, error))
        return FALSE;
    act->answer = json_pack("{s:s, s:I, s:o*}", "code", text, "expires_us",
                            (json_int_t) expires_us, "qr", sched_qr_rows(text));
    return TRUE;
}

static void
after_devices(SchedAct *act)
{
    act->api->options.ports->devices_changed(act->api->options.ports_data, act->arguments[0],
                                             act->news);
}

static gboolean
revoke_device(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *why = json_string_value(json_object_get(act->body, "why"));

    act->after = after_devices;
    g_free(act->news);
    act->news = g_strdup_printf("revoked by %s: %s", act->account, why);
    return sched_store_device_revoke(txn, act->arguments[0], why, error) && sched_act_done(act);
}

static gboolean
list_devices(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_device_list(txn, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedDeviceRow *row = rows->pdata[i - 1];

        if (strcmp(row->station, act->arguments[0]) != 0)
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "devices", &device_shape, rows);
}

#define ADMINISTRATOR SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR)
#define TECHNICIAN    (ADMINISTRATOR | SCHED_ROLES(SCHED_ROLE_TECHNICIAN))

/* clang-format off */
static const SchedRouteQuery area_date_query[] = {
    { "area", "Only this area and all below it." },
    { "date", "Only those that exist on this date, YYYY-MM-DD." },
    { NULL, NULL },
};
static const SchedRouteQuery area_query[] = {
    { "area", "Only in this area and below." },
    { NULL, NULL },
};

static const SchedAnswer area_answer = { .row = &area_shape };
static const SchedAnswerMember area_list_more[] = {
    ANSWER_ROWS("areas", area_shape, "By depth and name."), ANSWER_END,
};
static const SchedAnswer area_list = { .name = "AreaList", .more = area_list_more };
static const SchedAnswerMember import_more[] = {
    ANSWER_COUNT("areas", "How many areas the table had."), ANSWER_END,
};
static const SchedAnswer import_answer = { .name = "AreasImported", .more = import_more };
static const SchedAnswerMember change_more[] = {
    ANSWER_OPTIONAL_ROW("before", area_shape, "As it is; absent: it would be new."),
    ANSWER_ANY("after", CONTENT_MEMBER_STRUCT, .required = TRUE, .element = &area_shape,
               .meaning = "As it would be."),
    ANSWER_END,
};
static const SchedAnswer change_answer = { .name = "AreaChange", .more = change_more };
static const SchedAnswerMember preview_more[] = {
    ANSWER_COUNT("areas", "How many areas the table has."),
    ANSWER_COUNT("alone", "How many areas it does not name: they stay as they are."),
    ANSWER_COUNT("changed", "How many of them would be new or another."),
    ANSWER_LIST("changes", change_answer, "The first thousand of these, in the order of the tree."),
    ANSWER_COUNT("wrong", "How much is wrong with the table: then nothing would be changed."),
    ANSWER_ROWS("faults", content_remark_shape, "The first of that; the subject is the column."),
    ANSWER_END,
};
static const SchedAnswer preview_answer = { .name = "AreasPreview", .more = preview_more };
static const SchedAnswerMember station_list_more[] = {
    ANSWER_ROWS("stations", station_shape, "By id."), ANSWER_END,
};
static const SchedAnswer station_list = { .name = "StationList", .more = station_list_more };
static const SchedAnswerMember station_whole_more[] = {
    ANSWER_ROWS("outputs", output_shape, "By id."),
    ANSWER_ROWS("zones", zone_shape, "By id."),
    ANSWER_ROWS("volumes", sched_api_volume_shape, "How loud its zones are at some hours."),
    ANSWER_END,
};
static const SchedAnswer station_whole = {
    .name = "StationWhole", .row = &station_shape, .more = station_whole_more,
};
static const SchedAnswer output_answer = { .row = &output_shape };
static const SchedAnswer zone_answer = { .row = &zone_shape };
static const SchedAnswerMember enrolment_more[] = {
    ANSWER_TEXT("code", 1, 400, "To be typed at the player; told this once."),
    ANSWER_UTC("expires_us", "Good until then, or until it was used."),
    SCHED_QR_ANSWER("The code as a QR code"),
    ANSWER_END,
};
static const SchedAnswer enrolment_answer = { .name = "Enrolment", .more = enrolment_more };
static const SchedAnswerMember device_list_more[] = {
    ANSWER_ROWS("devices", device_shape, "Of the station, newest last."), ANSWER_END,
};
static const SchedAnswer device_list = { .name = "DeviceList", .more = device_list_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/areas", .roles = SCHED_ROLES_ANY, .status = 200,
      .query = area_date_query, .work = list_areas, .answer = &area_list, .name = "listAreas",
      .meaning = "Areas, by depth and name." },
    { .method = "POST", .path = "/api/areas/import", .roles = ADMINISTRATOR,
      .scope = sched_scope_district, .input = SCHED_INPUT_CSV,
      .describe_input = sched_store_area_import_columns, .writes = TRUE, .status = 200,
      .work = import_areas, .answer = &import_answer, .name = "importAreas",
      .meaning = "Areas from a CSV table: all of it or nothing." },
    { .method = "POST", .path = "/api/areas/import/preview", .roles = ADMINISTRATOR,
      .scope = sched_scope_district, .input = SCHED_INPUT_CSV,
      .describe_input = sched_store_area_import_columns, .writes = TRUE, .status = 200,
      .work = preview_import, .answer = &preview_answer, .name = "previewImport",
      .meaning = "What importAreas would change; nothing of it is kept." },
    { .method = "GET", .path = "/api/areas/{area}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_read, .status = 200, .work = get_area, .answer = &area_answer, .name = "getArea", .meaning = "One area." },
    { .method = "PUT", .path = "/api/areas/{area}", .roles = ADMINISTRATOR,
      .scope = sched_scope_area_put, .input = SCHED_INPUT_JSON, .body = &area_body,
      .writes = TRUE, .status = 200, .louder = sched_louder_area, .touches = "area.", .work = put_area, .answer = &area_answer, .name = "putArea",
      .meaning = "A new area, or a change to it; 409 with the code `no-approver` if a move would leave a place without an active approver." },
    { .method = "DELETE", .path = "/api/areas/{area}", .roles = ADMINISTRATOR,
      .scope = sched_scope_area, .writes = TRUE, .status = 200, .work = remove_area,
      .answer = &sched_answer_done, .name = "removeArea", .meaning = "Remove an area that nothing names." },
    { .method = "GET", .path = "/api/stations", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query,
      .work = list_stations, .answer = &station_list, .name = "listStations", .meaning = "Stations, by id." },
    { .method = "GET", .path = "/api/stations/{station}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_station, .status = 200, .work = get_station, .answer = &station_whole, .name = "getStation",
      .meaning = "One station with its outputs, zones and volumes." },
    { .method = "PUT", .path = "/api/stations/{station}", .roles = TECHNICIAN,
      .scope = sched_scope_station_put, .input = SCHED_INPUT_JSON, .body = &station_body,
      .writes = TRUE, .status = 200, .louder = sched_louder_station, .touches = "station.", .work = put_station, .answer = &station_whole, .name = "putStation",
      .meaning = "A new station, or a change to it. What is not given stays as it is; of a new one "
                 "it is as the settings have it." },
    { .method = "PUT", .path = "/api/stations/{station}/outputs/{output}", .roles = TECHNICIAN,
      .scope = sched_scope_station, .input = SCHED_INPUT_JSON, .body = &output_body,
      .writes = TRUE, .status = 200, .work = put_output, .answer = &output_answer, .name = "putOutput",
      .meaning = "An output: one sound card that plays one thing at a time." },
    { .method = "DELETE", .path = "/api/stations/{station}/outputs/{output}",
      .roles = TECHNICIAN, .scope = sched_scope_station, .writes = TRUE, .status = 200,
      .work = remove_output, .answer = &sched_answer_done, .name = "removeOutput", .meaning = "Remove an output." },
    { .method = "PUT", .path = "/api/stations/{station}/zones/{zone}", .roles = TECHNICIAN,
      .scope = sched_scope_zone_put, .input = SCHED_INPUT_JSON, .body = &zone_body,
      .writes = TRUE, .status = 200, .louder = sched_louder_zone, .touches = "zone.", .work = put_zone, .answer = &zone_answer, .name = "putZone",
      .meaning = "A zone: one relay group in one village, with its languages." },
    { .method = "DELETE", .path = "/api/stations/{station}/zones/{zone}", .roles = TECHNICIAN,
      .scope = sched_scope_station, .writes = TRUE, .status = 200, .work = remove_zone,
      .answer = &sched_answer_done, .name = "removeZone", .meaning = "Remove a zone." },
    { .method = "POST", .path = "/api/stations/{station}/enrolment", .roles = TECHNICIAN,
      .scope = sched_scope_station, .writes = TRUE, .status = 201, .work = make_enrolment,
      .is_secret = TRUE, .answer = &enrolment_answer, .name = "makeEnrolment",
      .meaning = "A code, good once within 72 hours, that makes a player this station; the "
                 "player before it is revoked in the same act." },
    { .method = "POST", .path = "/api/stations/{station}/revoke", .roles = TECHNICIAN,
      .scope = sched_scope_station, .input = SCHED_INPUT_JSON, .body = &why_shape,
      .writes = TRUE, .is_urgent = TRUE, .status = 200, .work = revoke_device,
      .answer = &sched_answer_done, .name = "revokeStation", .meaning = "Believe the station's player no more." },
    { .method = "GET", .path = "/api/stations/{station}/devices", .roles = TECHNICIAN,
      .scope = sched_scope_station, .status = 200, .work = list_devices,
      .answer = &device_list, .name = "listDevices", .meaning = "The players that were and are this station." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_places(void)
{
    return routes;
}
