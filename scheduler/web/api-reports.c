/*
 * api-reports.c - what is, what was, and what will be heard: status, delivery, preview.
 */
#include "scheduler/web/api-internal.h"

#include "content/heartbeat.h"
#include "content/manifest.h"
#include "content/record.h"
#include "scheduler/plan/finding.h"
#include "scheduler/plan/trouble.h"
#include "scheduler/report/delivery.h"
#include "scheduler/report/words.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/stations.h"

#include <string.h>

/* Of one answer of the plan. */
#define PLAN_MAX_DAYS 7
#define DAY_US        (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* A station's certificate is spoken of so long before its end: somebody has to go there. */
#define CERTIFICATE_WARN_US (60 * DAY_US)

/* ---- shapes ---- */

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
    ROW_REMARKS(SchedDelivery, details, CONTENT_RECORD_MAX_DETAILS, "What is known besides."),
    ROW_UTC(SchedDelivery, down_from_us, "From when the player did not run; 0: not the reason."),
    ROW_UTC(SchedDelivery, down_to_us, "Until when."),
    ROW_TEXT(SchedDelivery, why, 0, ROW_WORDS_MAX_BYTES, "Reason and local hours in English."),
    ROW_TEXT(SchedDelivery, why_vi, 0, ROW_WORDS_MAX_BYTES, "And in Vietnamese."),
    ROW_OPTIONAL_UTC(SchedDelivery, made_up_us, "Missed, and sounds once more then."),
    ROW_OPTIONAL_UTC(SchedDelivery, makes_up_us, "Sounds for what was missed then."),
    ROW_OPTIONAL_TEXT(SchedDelivery, clock, 1, 20, "How far the station's clock was to be believed "
                      "then: synced, guarded, unset; none: it told nothing."),
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
    ROW_COUNT(SchedDeliverySum, n_quiet, "", "Silent because somebody asked for it; not planned."),
    ROW_END,
};
static API_SHAPE(sum_shape, SchedDeliverySum, "DeliverySum", sched_delivery_sum_free);

static const ContentMember state_shape_members[] = {
    ROW_UTC(SchedStationStateRow, contact_us, "Last verified word; 0: never."),
    ROW_UTC(SchedStationStateRow, hello_us, "Last hello; 0: never."),
    ROW_COUNT(SchedStationStateRow, reported_version, "", "The last manifest it spoke about."),
    ROW_COUNT(SchedStationStateRow, accepted_version, "", "In force there; 0: none known."),
    ROW_UTC(SchedStationStateRow, accepted_us, "Since when."),
    ROW_ANY(SchedStationStateRow, why, "refusal", CONTENT_MEMBER_STRUCT,
            .element = &content_remark_shape, .unit = "",
            .meaning = "Why it refused; absent: it did not."),
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

/* @left_us: until the certificate ends. NULL: nobody has to do anything yet */
static ContentRemark *
remark_on_end(gint64 left_us)
{
    ContentRemark *remark;

    if (left_us >= CERTIFICATE_WARN_US)
        return NULL;
    if (left_us <= 0)
        return content_remark_new("certificate_over", NULL, NULL);
    remark = content_remark_new("certificate_ends", NULL, NULL);
    content_remark_add_number(remark, "days", left_us / DAY_US);
    return remark;
}

static void
add_certificate(SchedTxn *txn, const char *station, gint64 now_us, json_t *out)
{
    g_autoptr(SchedDeviceRow) device = sched_store_device_live(txn, station, NULL);
    g_autoptr(ContentRemark) remark = NULL;
    json_t *certificate;

    if (device == NULL)
        return;
    remark = remark_on_end(device->expires_us - now_us);
    certificate = json_object();
    json_object_set_new(certificate, "ends_us", json_integer(device->expires_us));
    if (remark != NULL)
        json_object_set_new(certificate, "remark",
                            sched_shape_write(&content_remark_shape, remark));
    json_object_set_new(out, "certificate", certificate);
}

/* When the player last did not run, by its own word. */
static void
add_last_off(SchedTxn *txn, const SchedStationRow *station, json_t *out)
{
    static const char *const names[] = {
        [CONTENT_READER_EN] = "last_off", [CONTENT_READER_VI] = "last_off_vi"};
    g_autoptr(SchedHeartbeatRow) row = sched_store_heartbeat_get(txn, station->id, NULL);

    for (guint i = 0; row != NULL && row->down_to_us != 0 && i < G_N_ELEMENTS(names); i++) {
        g_autofree char *words =
            sched_miss_words((ContentReason) row->down_reason, row->down_from_us,
                             row->down_to_us, NULL, station->tzid, (ContentReader) i);

        json_object_set_new(out, names[i], json_string(words));
    }
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
    add_last_off(txn, station, out);
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
    const char *area = content_call_query(act->call, "area");

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
        sched_store_station_list(txn, content_call_query(act->call, "area"), error);
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
    const char *date = content_call_query(act->call, "date");

    if (is_date(date))
        return date;
    sched_api_error(error, SCHED_API_ERROR_BAD, "date: ?date=YYYY-MM-DD is needed");
    return NULL;
}

static void
add_unjudged(SchedTxn *txn, SchedAct *act, GPtrArray *troubles)
{
    json_t *list = json_array();

    for (guint i = 0; i < troubles->len; i++) {
        const SchedTrouble *trouble = troubles->pdata[i];

        if (sched_access_sees(txn, act, trouble->place))
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", trouble->kind,
                                            "id", trouble->id, "place", trouble->place, "words",
                                            trouble->words, "words_vi", trouble->words_vi));
    }
    json_object_set_new(act->answer, "troubles", list);
}

static gboolean
get_delivery(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *date = date_of(act, error);
    g_autoptr(GPtrArray) rows = NULL, sums = NULL;
    g_autoptr(GPtrArray) troubles =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_trouble_free);

    if (date == NULL)
        return FALSE;
    rows = sched_store_delivery(txn, content_call_query(act->call, "area"), date, act->now_us,
                                troubles, error);
    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedDelivery *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->village))
            g_ptr_array_remove_index(rows, i - 1);
    }
    if (!sched_act_list(act, "deliveries", &delivery_shape, rows))
        return FALSE;
    sums = sched_delivery_sum(rows);
    json_object_set_new(act->answer, "sums", sched_shape_write_all(&sum_shape, sums));
    add_unjudged(txn, act, troubles);
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

/* Days from ?days=1 … 7; one if it is absent. */
static guint
days_of(SchedAct *act)
{
    const char *text = content_call_query(act->call, "days");

    if (text == NULL)
        return 1;
    return strlen(text) == 1 && g_ascii_isdigit(*text) ? (guint) (*text - '0') : 0;
}

static gboolean
get_plan(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    const char *area = content_call_query(act->call, "area");
    const char *from = content_call_query(act->call, "from");
    guint n_days = days_of(act);

    if (area == NULL || !is_date(from) || n_days < 1 || n_days > PLAN_MAX_DAYS)
        return sched_api_error(error, SCHED_API_ERROR_BAD,
                               "from: ?area=…&from=YYYY-MM-DD&days=1..%d is needed",
                               PLAN_MAX_DAYS);
    act->answer = options->ports->week(options->ports_data, txn, area, from, n_days, error);
    return act->answer != NULL;
}

/* clang-format off */
static const SchedRouteQuery plan_query[] = {
    { "area", "All villages in this area and below; needed." },
    { "from", "First local date, YYYY-MM-DD; needed." },
    { "days", "How many days, 1 to 7; 1 if absent." },
    { NULL, NULL },
};
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
static const SchedAnswerMember heard_more[] = {
    ANSWER_UTC("received_us", "When the district heard it."), ANSWER_END,
};
static const SchedAnswer heartbeat_heard = {
    .name = "HeartbeatHeard", .document = &content_heartbeat_type, .more = heard_more,
};
static const SchedAnswerMember certificate_more[] = {
    ANSWER_UTC("ends_us", "When it ends."),
    ANSWER_OPTIONAL_ROW("remark", content_remark_shape, "Somebody has to do something."),
    ANSWER_END,
};
static const SchedAnswer certificate_answer = {
    .name = "StationCertificate", .more = certificate_more,
};
static const SchedAnswerMember station_more[] = {
    ANSWER_WORD("station", ID, "Id of the station."),
    ANSWER_TEXT("name", 1, ROW_NAME_MAX_BYTES, "Its name."),
    ANSWER_WORD("area", ID, "The commune it stands in."),
    ANSWER_BOOL("retired", "Gets nothing any more."),
    ANSWER_INT("heartbeat_s", 5, 3600, "s", "How often it should be heard of."),
    ANSWER_OPTIONAL_ROW("state", state_shape, "Absent: it never spoke."),
    ANSWER_OPTIONAL_TEXT("last_off", 1, ROW_WORDS_MAX_BYTES,
                         "When and why its player last did not run, in English."),
    ANSWER_OPTIONAL_TEXT("last_off_vi", 1, ROW_WORDS_MAX_BYTES, "And in Vietnamese."),
    ANSWER_OPTIONAL_INT("issued_version", 1, CONTENT_US_MAX, "",
                        "The newest manifest made for it; absent: none yet."),
    ANSWER_OPTIONAL_INT("issued_us", 0, CONTENT_US_MAX, "µs UTC", "And when."),
    ANSWER_OPTIONAL_PART("certificate", certificate_answer,
                         "Of the player that is the station; absent: none is enrolled."),
    ANSWER_ROWS("days", day_shape, "What it holds of each day."),
    ANSWER_OPTIONAL_PART("heartbeat", heartbeat_heard,
                         "Its last word, as it said it (docs/formats.md)."),
    ANSWER_END,
};
static const SchedAnswer station_status = { .name = "StationStatus", .more = station_more };
/* Texts, not ids: what cannot be planned with may break the rules of ids as well. */
static const SchedAnswerMember trouble_more[] = {
    ANSWER_TEXT("kind", 1, 40, "What kind of row: area, station, zone, slot …"),
    ANSWER_TEXT("id", 0, 200, "Id of the row, or of the one it belongs to."),
    ANSWER_OPTIONAL_TEXT("place", 1, 200, "Area it lies in; absent: of the district."),
    ANSWER_TEXT("words", 1, 1000, "A sentence that names the row and the rule it breaks, in English."),
    ANSWER_TEXT("words_vi", 1, 1000, "And in Vietnamese."),
    ANSWER_END,
};
static const SchedAnswer trouble_answer = { .name = "Trouble", .more = trouble_more };
#define TROUBLES ANSWER_LIST("troubles", trouble_answer, "Rows that could not be planned with.")
static const SchedAnswerMember status_more[] = {
    ANSWER_LIST("stations", station_status, "By id."),
    ANSWER_UTC("now_us", "The district's time."),
    TROUBLES,
    ANSWER_END,
};
static const SchedAnswer status_answer = { .name = "Status", .more = status_more };

static const SchedAnswerMember delivery_more[] = {
    ANSWER_ROWS("deliveries", delivery_shape, "One a segment and zone."),
    ANSWER_ROWS("sums", sum_shape, "Of these, by language."),
    ANSWER_LIST("troubles", trouble_answer, "Stations that could not be judged."),
    ANSWER_END,
};
static const SchedAnswer delivery_answer = { .name = "DeliveryDay", .more = delivery_more };

static const SchedAnswerMember quiet_more[] = {
    ANSWER_WORD("id", ID, "The request."),
    ANSWER_ANY("reason", CONTENT_MEMBER_ENUM, .required = TRUE, .choices = sched_quiet_reason_words,
               .meaning = "Why."),
    ANSWER_OPTIONAL_TEXT("words", 1, SCHED_QUIET_WORDS_MAX_BYTES, "And in the words of who asked."),
    ANSWER_TEXT("who", 1, ROW_NAME_MAX_BYTES, "Name of who asked."),
    ANSWER_UTC("from_us", "From when."),
    ANSWER_UTC("until_us", "Until when."),
    ANSWER_END,
};
static const SchedAnswer quiet_answer = { .name = "PlanQuiet", .more = quiet_more };
#define QUIET ANSWER_OPTIONAL_PART("quiet", quiet_answer, "Who asked for silence there, and why.")

#define SPECIAL                                                                                 \
    ANSWER_OPTIONAL_WORD("special", ID, "The special day that it comes from."),                 \
    ANSWER_OPTIONAL_TEXT("special_name", 1, ROW_NAME_MAX_BYTES, "And its name.")
#define SOURCE                                                                                  \
    ANSWER_ANY("source", CONTENT_MEMBER_ENUM, .choices = content_source_words,                  \
               .meaning = "Of a stream or a line-in: not checked before airing.")
static const SchedAnswerMember line_more[] = {
    ANSWER_UTC("at_us", "When it begins, or would have begun."),
    ANSWER_INT("duration_us", 0, CONTENT_US_MAX, "µs", "How long it is."),
    ANSWER_BOOL("sounds", "False: it is not heard, and `finding` says why."),
    ANSWER_WORD("station", ID, "At which station."),
    ANSWER_OPTIONAL_WORD("zone", ID, "In which zone; absent: in all of the village."),
    ANSWER_WORD("slot", ID, "Of which slot."),
    ANSWER_OPTIONAL_WORD("item", ID, "Which item of its playlist."),
    ANSWER_OPTIONAL_TEXT("title", 0, ROW_TITLE_MAX_BYTES, "Its title."),
    ANSWER_OPTIONAL_WORD("language", LANGUAGE, "Heard, or missing; absent for a signal."),
    ANSWER_OPTIONAL_WORD("by", ID, "The slot that goes first."),
    ANSWER_OPTIONAL_ENUM("finding", sched_finding_words, "The remark (docs/operations.md)."),
    QUIET,
    SPECIAL,
    SOURCE,
    ANSWER_END,
};
static const SchedAnswer preview_line = { .name = "PreviewLine", .more = line_more };
static const SchedAnswerMember preview_more[] = {
    ANSWER_COUNT("zones", "Zones there; 0: it is reached by messenger."),
    ANSWER_LIST("lines", preview_line, "By instant, station and zone."),
    TROUBLES,
    ANSWER_END,
};
static const SchedAnswer preview_answer = { .name = "Preview", .more = preview_more };

static const SchedAnswerMember plan_zone_more[] = {
    ANSWER_WORD("station", ID, "The station."),
    ANSWER_WORD("zone", ID, "The zone."),
    ANSWER_TEXT("name", 0, ROW_NAME_MAX_BYTES, "Its name."),
    ANSWER_WORD("village", ID, "The village it lies in."),
    ANSWER_TEXT("village_name", 1, ROW_NAME_MAX_BYTES, "Its name."),
    ANSWER_ANY("languages", CONTENT_MEMBER_LANGUAGE, .required = TRUE, .is_list = TRUE,
               .meaning = "Most wanted first."),
    ANSWER_ROWS("windows", content_window_shape, "When calendar sound may begin there."),
    ANSWER_END,
};
static const SchedAnswer plan_zone = { .name = "PlanZone", .more = plan_zone_more };
static const SchedAnswerMember plan_slot_more[] = {
    ANSWER_WORD("id", ID, "Id of the slot."),
    ANSWER_TEXT("name", 1, ROW_NAME_MAX_BYTES, "Its name."),
    ANSWER_ANY("class", CONTENT_MEMBER_ENUM, .required = TRUE, .choices = content_class_words,
               .meaning = "Its class."),
    ANSWER_INT("start_s", 0, 86399, "s", "When it begins, after the midnight of its own zone."),
    ANSWER_BOOL("approved", "By a second person, as it is now."),
    ANSWER_BOOL("repeats", "On more dates than one."),
    ANSWER_ANY("targets", CONTENT_MEMBER_TEXT, .required = TRUE, .is_list = TRUE, .min = 1,
               .max = 130, .meaning = "Where: AREA with all below, or STATION/ZONE."),
    ANSWER_END,
};
static const SchedAnswer plan_slot = { .name = "PlanSlot", .more = plan_slot_more };
static const SchedAnswerMember plan_line_more[] = {
    ANSWER_UTC("at_us", "When it begins, or would have begun."),
    ANSWER_INT("duration_us", 0, CONTENT_US_MAX, "µs", "How long it is, or would have been."),
    ANSWER_BOOL("sounds", "False: `finding` says what is remarked."),
    ANSWER_ANY("zones", CONTENT_MEMBER_INT, .required = TRUE, .is_list = TRUE,
               .max = ROW_COUNT_MAX, .meaning = "Where: places in the list of zones, from 0."),
    ANSWER_WORD("date", DATE, "Of which day plan."),
    ANSWER_WORD("slot", ID, "Of which slot."),
    ANSWER_OPTIONAL_WORD("item", ID, "Which item; absent: the whole slot."),
    ANSWER_OPTIONAL_TEXT("title", 0, ROW_TITLE_MAX_BYTES, "Its title."),
    ANSWER_OPTIONAL_WORD("language", LANGUAGE, "Heard, or missing; absent for a signal."),
    ANSWER_OPTIONAL_WORD("announcement", ID, "What the item plays."),
    ANSWER_OPTIONAL_WORD("version", ID, "The recording; absent: there is none."),
    ANSWER_OPTIONAL_WORD("by", ID, "The slot that goes first."),
    ANSWER_OPTIONAL_ENUM("finding", sched_finding_words, "The remark (docs/operations.md)."),
    QUIET,
    SPECIAL,
    SOURCE,
    ANSWER_END,
};
static const SchedAnswer plan_line = { .name = "PlanLine", .more = plan_line_more };
static const SchedAnswerMember plan_more[] = {
    ANSWER_LIST("zones", plan_zone, "All of the area."),
    ANSWER_LIST("slots", plan_slot, "Those that the lines name."),
    ANSWER_LIST("lines", plan_line, "By station and date: segments by instant, then findings."),
    TROUBLES,
    ANSWER_END,
};
static const SchedAnswer plan_answer = { .name = "Plan", .more = plan_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/status", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = get_status,
      .answer = &status_answer, .name = "getStatus",
      .meaning = "What each station holds, says and does, as far as it is known; and what could not be "
                 "planned with." },
    { .method = "GET", .path = "/api/delivery", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_date_query,
      .work = get_delivery, .answer = &delivery_answer, .name = "getDelivery",
      .meaning = "Was it heard? One verdict a segment and zone, with its evidence." },
    { .method = "GET", .path = "/api/areas/{area}/preview", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area, .status = 200, .query = date_query, .work = get_preview,
      .answer = &preview_answer, .name = "getPreview",
      .meaning = "What a village will hear on a date, in which language, and what not." },
    { .method = "GET", .path = "/api/plan", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = plan_query, .work = get_plan,
      .answer = &plan_answer, .name = "getPlan",
      .meaning = "What all villages of an area hear on up to seven days, what not, and when sound "
                 "is allowed there." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_reports(void)
{
    return routes;
}
