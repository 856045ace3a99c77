/*
 * api-alerts.c - sound an alert now, see how far it is in each zone, and stop it.
 *
 * One person may call one, with a second factor: every other approver of the place is told. It
 * is signed and kept in the transaction of the call, and goes out when that is committed; a
 * stop likewise. Nothing holds a stop up.
 */
#include "scheduler/web/api-internal.h"

#include "content/base/id.h"
#include "content/claim.h"
#include "scheduler/report/alert-state.h"
#include "scheduler/store/alert-imports.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/speech-orders.h"
#include "scheduler/store/speech-parts.h"
#include "scheduler/store/templates.h"

#include <string.h>

#define MAX_SHOWN    200
#define SHOWN_US     (G_GINT64_CONSTANT(30) * 86400 * G_USEC_PER_SEC)
#define MAX_VALUES   32
#define MAX_REPLACED 32
#define MAX_LIFE_MIN 1440
#define MAX_OBJECTS  64

typedef struct {
    GPtrArray *areas, *values, *replaces; /* (owned) (element-type utf8) */
    char *template_;                      /* (owned) */
    char *import;                         /* (owned) (nullable) */
    gboolean drill;
    gint64 severity, minutes;
} AlertBody;

typedef struct {
    GPtrArray *areas; /* (owned) (element-type utf8) */
} StopBody;

/* How far it is in a zone; strings stay the store's row's. */
typedef struct {
    char *station, *station_name, *zone, *zone_name, *village, *village_name;
    gint state, reason;
    gint64 contact_us, taken_us, ended_us;
    GPtrArray *unsaid; /* (not owned) (element-type SchedUnsaid) */
} ZoneRow;

/* What would be said in one language. */
typedef struct {
    char *language;      /* (not owned) */
    GPtrArray *versions; /* (owned) (element-type utf8) */
} SpeechRow;

/* clang-format off */
static const ContentMember speech_shape_members[] = {
    ROW_WORD(SpeechRow, language, LANGUAGE, "Language."),
    ROW_WORDS(SpeechRow, versions, CONTENT_ALERT_MAX_PARTS, ID, "Versions that are heard one after the other."),
    ROW_END,
};
static const ContentShape speech_shape = { "AlertSpeech", sizeof(SpeechRow), speech_shape_members };
static const ContentMember alert_body_members[] = {
    ROW_WORDS(AlertBody, areas, CONTENT_ALERT_MAX_AREAS, ID, "Where, subtrees included."),
    ROW_OPTIONAL_BOOL(AlertBody, drill, "An exercise: it says so before and after."),
    ROW_OPTIONAL_WORD(AlertBody, import, ID, "Alert of another system that it is called of: it ends when that does."),
    ROW_OPTIONAL_INT(AlertBody, minutes, 1, MAX_LIFE_MIN, 0, "minutes", "How long it is in force; absent: as the template says."),
    ROW_ANY(AlertBody, replaces, "replaces", CONTENT_MEMBER_ID, .is_list = TRUE, .max_count = MAX_REPLACED, .unit = "", .meaning = "Alerts that end when this one is taken."),
    ROW_OPTIONAL_INT(AlertBody, severity, 1, CONTENT_ALERT_SEVEREST, 0, "", "5 is a catastrophe; absent: as the template says."),
    ROW_ANY(AlertBody, template_, "template", CONTENT_MEMBER_ID, .required = TRUE, .unit = "", .meaning = "What it warns of."),
    ROW_ANY(AlertBody, values, "values", CONTENT_MEMBER_ID, .is_list = TRUE, .max_count = MAX_VALUES, .unit = "", .meaning = "What fills the template's blanks, in the order in which it is said."),
    ROW_END,
};
static const ContentShape alert_body = { "AlertBody", sizeof(AlertBody), alert_body_members };
static const ContentMember stop_body_members[] = {
    ROW_WORDS(StopBody, areas, CONTENT_ALERT_MAX_AREAS, ID, "Where, subtrees included."), ROW_END,
};
static const ContentShape stop_body = { "AlertStopBody", sizeof(StopBody), stop_body_members };

static const ContentMember alert_shape_members[] = {
    ROW_WORD(SchedAlertRow, id, ID, "Id of the alert."),
    ROW_ENUM(SchedAlertRow, event, content_event_kind_words, "What it warns of."),
    ROW_TEXT(SchedAlertRow, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_INT(SchedAlertRow, severity, 1, CONTENT_ALERT_SEVEREST, "", "5 is a catastrophe."),
    ROW_BOOL(SchedAlertRow, drill, "An exercise."),
    ROW_ANY(SchedAlertRow, template_, "template", CONTENT_MEMBER_ID, .unit = "", .meaning = "Template it was made of."),
    ROW_WORDS(SchedAlertRow, areas, CONTENT_ALERT_MAX_AREAS, ID, "Where, subtrees included."),
    ROW_OPTIONAL_WORD(SchedAlertRow, author, ID, "Who called it; absent: a push button at a station."),
    ROW_TEXT(SchedAlertRow, author_name, 1, ROW_NAME_MAX_BYTES, "Their name, or the button's."),
    ROW_BOOL(SchedAlertRow, by_button, "It was a push button at a station."),
    ROW_OPTIONAL_WORD(SchedAlertRow, station, ID, "Where it was started alone, as that station told afterwards; absent: the district called it."),
    ROW_OPTIONAL_TEXT(SchedAlertRow, station_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_UTC(SchedAlertRow, issued_us, "When."),
    ROW_UTC(SchedAlertRow, expires_us, "From then on it is silent."),
    ROW_UTC(SchedAlertRow, published_us, "When it left the district, or the district heard of it; 0: it has not left."),
    ROW_UTC(SchedAlertRow, stopped_us, "When it was stopped everywhere; 0: it was not."),
    ROW_OPTIONAL_TEXT(SchedAlertRow, stopped_by_name, 0, ROW_NAME_MAX_BYTES, "Who stopped it."),
    ROW_COUNT(SchedAlertRow, n_told, "", "Approvers who were told of it."),
    ROW_COUNT(SchedAlertRow, n_seen, "", "Of them, those who said that they saw it."),
    ROW_END,
};
static API_SHAPE(alert_shape, SchedAlertRow, "Alert", sched_alert_row_free);

static const ContentMember unsaid_shape_members[] = {
    ROW_WORD(SchedUnsaid, language, LANGUAGE, "Language that is due there."),
    ROW_ENUM(SchedUnsaid, reason, content_reason_words, "Why the station does not say it."),
    ROW_END,
};
static const ContentShape unsaid_shape = { "AlertUnsaid", sizeof(SchedUnsaid), unsaid_shape_members };
static const ContentMember zone_shape_members[] = {
    ROW_WORD(ZoneRow, station, ID, "Station."),
    ROW_TEXT(ZoneRow, station_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_WORD(ZoneRow, zone, ID, "Zone."),
    ROW_TEXT(ZoneRow, zone_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_WORD(ZoneRow, village, ID, "Village."),
    ROW_TEXT(ZoneRow, village_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_ENUM(ZoneRow, state, sched_alert_state_words, "How far it is there."),
    ROW_ENUM(ZoneRow, reason, content_reason_words, "Why it waits or was not heard; `none`: the state says all."),
    ROW_UTC(ZoneRow, contact_us, "Last word of the station; 0: none ever."),
    ROW_UTC(ZoneRow, taken_us, "When the station said that it has it; 0: not yet."),
    ROW_UTC(ZoneRow, ended_us, "When it was over there; 0: not yet."),
    ROW_STRUCTS(ZoneRow, unsaid, CONTENT_RECORD_MAX_DETAILS, unsaid_shape, "What is due there and not said, as the station told last: when it took the alert, or at its end."),
    ROW_END,
};
static const ContentShape zone_shape = { "AlertZone", sizeof(ZoneRow), zone_shape_members };
static const ContentMember village_shape_members[] = {
    ROW_WORD(SchedSilentVillageRow, id, ID, "Village."),
    ROW_TEXT(SchedSilentVillageRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_END,
};
static const ContentShape village_shape = { "AlertVillage", sizeof(SchedSilentVillageRow),
                                            village_shape_members };
/* clang-format on */

/* --- making one ------------------------------------------------------------------------------
 */

/* Signed by the district's key for alerts. (nullable) (transfer full) */
static SchedDocumentRow *
sign(const SchedApi *api, const ContentDocumentType *type, gconstpointer document,
     GError **error)
{
    const ContentSealKey *key = sched_keys_signer(api->options.keys, CONTENT_ROLE_ALERT);
    g_autofree char *comment = content_claim_comment(type->type, NULL, 0);
    g_autoptr(GBytes) bytes = NULL;
    ContentSignature *signature;
    SchedDocumentRow *row;

    if (key == NULL) {
        sched_api_error(error, SCHED_API_ERROR_UNAVAILABLE,
                        "the district has no key for alerts yet: loa-scheduler rotate-key "
                        "--role alert");
        return NULL;
    }
    bytes = content_document_write(type, document, error);
    if (bytes == NULL)
        return NULL;
    signature = content_shape_new(&content_signature_shape);
    signature->algorithm = g_strdup("minisign");
    signature->key = g_strdup(content_seal_key_id(key));
    signature->signature =
        content_seal_sign(key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), comment);
    row = sched_document_row_new(type->type, bytes);
    g_ptr_array_add(row->signatures, signature);
    return row;
}

static const ContentTemplateValue *
find_value(const ContentTemplates *templates, const char *id)
{
    for (guint i = 0; i < templates->values->len; i++) {
        const ContentTemplateValue *value = templates->values->pdata[i];

        if (strcmp(value->id, id) == 0)
            return value;
    }
    return NULL;
}

static const ContentAlertObject *
find_object(const ContentTemplates *templates, const char *hash)
{
    for (guint i = 0; i < templates->objects->len; i++) {
        const ContentAlertObject *object = templates->objects->pdata[i];

        if (strcmp(object->hash, hash) == 0)
            return object;
    }
    return NULL;
}

/* A station holds the names of its own villages; it may have to fetch another's. */
static void
add_names(ContentAlert *alert, const ContentTemplates *templates,
          const ContentTemplateValue *value)
{
    for (guint i = 0; i < value->spoken->len && alert->objects->len < MAX_OBJECTS; i++) {
        const ContentSpoken *spoken = value->spoken->pdata[i];
        const ContentAlertObject *from = find_object(templates, spoken->object);
        ContentAlertObject *object;

        if (from == NULL)
            continue;
        object = content_shape_new(&content_alert_object_shape);
        *object = *from;
        object->hash = g_strdup(from->hash);
        object->approval = g_strdup(from->approval);
        g_ptr_array_add(alert->objects, object);
    }
}

/* "Lũ quét: Plei Ơi, Plei Rbai" */
static void
add_places(ContentAlert *alert, const ContentTemplates *templates, GPtrArray *values)
{
    g_autoptr(GString) title = g_string_new(alert->title);
    const char *before = ": ";

    for (guint i = 0; i < values->len; i++) {
        const ContentTemplateValue *value = find_value(templates, values->pdata[i]);

        if (value == NULL || value->area == NULL)
            continue;
        g_string_append_printf(title, "%s%s", before, value->title);
        before = ", ";
        add_names(alert, templates, value);
    }
    g_free(alert->title);
    alert->title = content_document_text(title->str, ROW_TITLE_MAX_BYTES);
}

static void
take_texts(GPtrArray *to, GPtrArray *from)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_strdup(from->pdata[i]));
}

/* (nullable) (transfer full) */
static ContentAlert *
make_alert(SchedTxn *txn, SchedAct *act, const AlertBody *body, GError **error)
{
    g_autoptr(ContentTemplates) templates = sched_store_templates(txn, act->now_us, error);
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    g_autoptr(GError) problem = NULL;
    const ContentTemplate *template;
    gint64 minutes;

    if (templates == NULL)
        return NULL;
    if (!content_templates_compose(templates, body->template_, body->values, body->drill, alert,
                                   &problem)) {
        sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "%s", problem->message);
        return NULL;
    }
    template = content_templates_find(templates, body->template_);
    minutes = body->minutes > 0 || template == NULL ? body->minutes : template->life_min;
    alert->id = sched_act_id(act);
    alert->issued_us = act->now_us;
    alert->expires_us = act->now_us + minutes * 60 * G_USEC_PER_SEC;
    if (body->severity > 0)
        alert->severity = body->severity;
    take_texts(alert->areas, body->areas);
    take_texts(alert->replaces, body->replaces);
    add_places(alert, templates, body->values);
    return body->import == NULL || sched_api_import_bind(txn, act, body->import, alert, error)
               ? g_steal_pointer(&alert)
               : NULL;
}

/* --- how far it is ---------------------------------------------------------------------------
 */

/* station -> ContentHeartbeat, for as many zones as it has. */
static const ContentHeartbeat *
last_heartbeat(SchedTxn *txn, GHashTable *known, const char *station)
{
    g_autoptr(SchedHeartbeatRow) row = NULL;
    gpointer found = NULL;

    if (g_hash_table_lookup_extended(known, station, NULL, &found))
        return found;
    row = sched_store_heartbeat_get(txn, station, NULL);
    if (row != NULL)
        found = content_document_read(&content_heartbeat_type, row->document,
                                      strlen(row->document), NULL);
    g_hash_table_insert(known, g_strdup(station), found);
    return found;
}

static json_t *
describe_zone(SchedTxn *txn, SchedAct *act, const SchedAlertRow *alert,
              const SchedAlertZoneRow *zone, gboolean is_live, GHashTable *heartbeats)
{
    g_autoptr(ContentRecord) taken = sched_store_alert_record(zone->taken);
    g_autoptr(ContentRecord) ended = sched_store_alert_record(zone->ended);
    g_autoptr(GPtrArray) unsaid = sched_alert_unsaid(zone->ended_us > 0 ? ended : taken);
    const SchedAlertFacts facts = {
        .alert = alert->id,
        .zone = zone->zone,
        .issued_us = alert->issued_us,
        .expires_us = alert->expires_us,
        .published_us = alert->published_us,
        .contact_us = zone->contact_us,
        .reads_them = strstr(zone->reads, is_live ? "\"live\"" : "\"alert\"") != NULL,
        .taken_us = zone->taken_us,
        .taken_reason = zone->taken_reason,
        .ended_us = zone->ended_us,
        .ended_reason = zone->ended_reason,
        .ended = ended,
        .heartbeat = last_heartbeat(txn, heartbeats, zone->station),
        .now_us = act->now_us,
    };
    ZoneRow row = {zone->station,
                   zone->station_name,
                   zone->zone,
                   zone->zone_name,
                   zone->village,
                   zone->village_name,
                   0,
                   0,
                   zone->contact_us,
                   zone->taken_us,
                   zone->ended_us,
                   unsaid};

    row.state = (gint) sched_alert_state(&facts, &row.reason);
    return sched_shape_write(&zone_shape, &row);
}

/* How its zones ended it: the first of these that one of them says. */
static const struct {
    ContentReason reason;
    SchedEnding ending;
} station_endings[] = {
    {CONTENT_REASON_NONE, SCHED_ENDING_SPOKEN},
    {CONTENT_REASON_EXPIRED, SCHED_ENDING_EXPIRED},
    {CONTENT_REASON_STOPPED, SCHED_ENDING_STOPPED},
    {CONTENT_REASON_REPLACED, SCHED_ENDING_STOPPED},
    {CONTENT_REASON_LATE_SOURCE, SCHED_ENDING_SILENT},
};

static SchedEnding
ending_at_station(const GPtrArray *zones)
{
    for (gsize i = 0; i < G_N_ELEMENTS(station_endings); i++) {
        for (guint j = 0; j < zones->len; j++) {
            if (((const SchedAlertZoneRow *) zones->pdata[j])->ended_reason ==
                (gint) station_endings[i].reason)
                return station_endings[i].ending;
        }
    }
    /* It is over; what went wrong stands with each zone. */
    return SCHED_ENDING_SPOKEN;
}

/* Returns: when the last of them said that it was over there; 0: one has not, or there is none
 */
static gint64
ended_everywhere_us(const GPtrArray *zones)
{
    gint64 last_us = 0;

    for (guint i = 0; i < zones->len; i++) {
        const SchedAlertZoneRow *zone = zones->pdata[i];

        if (zone->ended_us == 0)
            return 0;
        last_us = MAX(last_us, zone->ended_us);
    }
    return last_us;
}

/* Of a station's own microphone the district hears nothing: it ends when its zones say so, at
 * the latest with its alert. How one from here ended is noted when its recording is kept. */
static void
derive_ending(SchedSpeechRow *speech, const SchedAlertRow *alert, const GPtrArray *zones,
              gint64 now_us)
{
    const gint64 ended_us = ended_everywhere_us(zones);

    if (speech->origin != CONTENT_LIVE_STATION || speech->ending != SCHED_ENDING_NONE)
        return;
    if (ended_us > 0) {
        speech->ending = ending_at_station(zones);
        speech->ended_us = ended_us;
    } else if (alert->stopped_us > 0) {
        speech->ending = SCHED_ENDING_STOPPED;
        speech->ended_us = alert->stopped_us;
    } else if (alert->expires_us <= now_us) {
        speech->ending = SCHED_ENDING_EXPIRED;
        speech->ended_us = alert->expires_us;
    }
}

gboolean
sched_api_answer_alert(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedAlertRow) alert = sched_store_alert_get(txn, id, error);
    g_autoptr(GPtrArray) zones =
        alert == NULL ? NULL : sched_store_alert_likely_zones(txn, id, error);
    g_autoptr(GPtrArray) silent =
        zones == NULL ? NULL : sched_store_alert_silent(txn, id, error);
    g_autoptr(GHashTable) heartbeats =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                              (GDestroyNotify) content_heartbeat_free);
    g_autoptr(GPtrArray) parts =
        silent == NULL ? NULL : sched_store_speech_parts(txn, id, error);
    g_autoptr(SchedSpeechRow) speech = NULL;
    g_autoptr(SchedSpeechOrderRow) order = NULL;
    json_t *list;

    if (parts == NULL || !sched_store_speech_order_of(txn, id, &order, error) ||
        !sched_store_speech_find(txn, id, &speech, error) ||
        !sched_act_row(act, &alert_shape, alert))
        return FALSE;
    if (speech != NULL) {
        derive_ending(speech, alert, zones, act->now_us);
        json_object_set_new(act->answer, "speech",
                            sched_shape_write(&sched_api_speech_shape, speech));
    }
    if (order != NULL)
        json_object_set_new(act->answer, "agreed_by", json_string(order->approver_name));
    list = json_array();
    for (guint i = 0; i < zones->len; i++)
        json_array_append_new(list, describe_zone(txn, act, alert, zones->pdata[i],
                                                  speech != NULL, heartbeats));
    json_object_set_new(act->answer, "zones", list);
    json_object_set_new(act->answer, "spoken",
                        sched_shape_write_all(&sched_api_speech_part_shape, parts));
    json_object_set_new(act->answer, "silent_villages",
                        sched_shape_write_all(&village_shape, silent));
    return TRUE;
}

/* --- the works -------------------------------------------------------------------------------
 */

/* It is on its way; a live speech that it stops or replaces is over. */
static void
order_given(SchedAct *act)
{
    json_t *replaces = json_object_get(act->body, "replaces");

    act->api->options.ports->orders_given(act->api->options.ports_data);
    sched_speeches_look(act->api->speeches);
    for (gsize i = 0; i < json_array_size(replaces); i++)
        sched_speeches_end(act->api->speeches, json_string_value(json_array_get(replaces, i)),
                           SCHED_ENDING_STOPPED);
}

gboolean
sched_api_give_alert(SchedTxn *txn, SchedAct *act, const ContentAlert *alert, GError **error)
{
    g_autoptr(SchedDocumentRow) document = sign(act->api, &content_alert_type, alert, error);

    if (document == NULL || !sched_store_alert_add(txn, alert, document, error))
        return FALSE;
    act->after = order_given;
    return TRUE;
}

static void
alert_body_free(AlertBody *body)
{
    content_shape_free(&alert_body, body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlertBody, alert_body_free)

static void
stop_body_free(StopBody *body)
{
    content_shape_free(&stop_body, body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StopBody, stop_body_free)

static gboolean
call_alert(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(AlertBody) body = content_shape_new(&alert_body);
    g_autoptr(ContentAlert) alert = NULL;

    if (!sched_act_read(act, body, error) ||
        (alert = make_alert(txn, act, body, error)) == NULL ||
        !sched_api_give_alert(txn, act, alert, error) ||
        (body->import != NULL && !sched_store_import_use(txn, body->import, alert->id, error)))
        return FALSE;
    return sched_api_answer_alert(txn, act, alert->id, error);
}

/* (nullable) (transfer full) */
static json_t *
describe_speech(SchedTxn *txn, const ContentSpeech *speech, GError **error)
{
    g_autoptr(GPtrArray) versions = g_ptr_array_new_with_free_func(g_free);
    const SpeechRow row = {speech->language, versions};

    for (guint i = 0; i < speech->parts->len; i++) {
        g_autoptr(GPtrArray) found =
            sched_store_phrase_versions(txn, speech->parts->pdata[i], error);

        if (found == NULL)
            return NULL;
        take_texts(versions, found);
    }
    return sched_shape_write(&speech_shape, &row);
}

/* What would be heard, to be listened to before it is called. */
static gboolean
preview_alert(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(AlertBody) body = content_shape_new(&alert_body);
    g_autoptr(ContentAlert) alert = NULL;
    json_t *list, *villages;

    if (!sched_act_read(act, body, error) ||
        (alert = make_alert(txn, act, body, error)) == NULL)
        return FALSE;
    list = json_array();
    act->answer = json_pack("{s:s, s:I, s:I, s:o}", "title", alert->title, "severity",
                            (json_int_t) alert->severity, "expires_us",
                            (json_int_t) alert->expires_us, "speeches", list);
    for (guint i = 0; i < alert->speeches->len; i++) {
        json_t *speech = describe_speech(txn, alert->speeches->pdata[i], error);

        if (speech == NULL)
            return FALSE;
        json_array_append_new(list, speech);
    }
    villages = sched_api_hearing(txn, alert, error);
    return villages != NULL && json_object_set_new(act->answer, "villages", villages) == 0;
}

/* @alert, @areas: (nullable) */
static gboolean
add_stop(SchedTxn *txn, const SchedApi *api, gint64 now_us, const char *alert, GPtrArray *areas,
         GError **error)
{
    g_autoptr(ContentStop) stop = content_document_new(&content_stop_type);
    g_autoptr(SchedDocumentRow) document = NULL;

    stop->id = content_id_new(now_us);
    stop->alert = g_strdup(alert);
    stop->issued_us = now_us;
    stop->expires_us = now_us + CONTENT_ALERT_MAX_LIFE_US;
    if (areas != NULL)
        take_texts(stop->areas, areas);
    document = sign(api, &content_stop_type, stop, error);
    return document != NULL && sched_store_stop_add(txn, stop, document, error);
}

static gboolean
give_stop(SchedTxn *txn, SchedAct *act, const char *alert, GPtrArray *areas, GError **error)
{
    act->after = order_given;
    return add_stop(txn, act->api, act->now_us, alert, areas, error);
}

gboolean
sched_api_cut_speech(gpointer api, SchedTxn *txn, const char *alert, GError **error)
{
    return add_stop(txn, api, sched_txn_at_us(txn), alert, NULL, error);
}

static gboolean
stop_alert(SchedTxn *txn, SchedAct *act, GError **error)
{
    return give_stop(txn, act, act->arguments[0], NULL, error) &&
           sched_api_answer_alert(txn, act, act->arguments[0], error);
}

static gboolean
stop_alerts(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(StopBody) body = content_shape_new(&stop_body);

    return sched_act_read(act, body, error) && give_stop(txn, act, NULL, body->areas, error) &&
           sched_act_done(act);
}

static gboolean
get_alert(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_api_answer_alert(txn, act, act->arguments[0], error);
}

static gboolean
sees_one(SchedTxn *txn, SchedAct *act, GPtrArray *areas)
{
    for (guint i = 0; i < areas->len; i++) {
        if (sched_access_sees(txn, act, areas->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
list_alerts(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_alert_list(txn, content_call_query(act->call, "area"),
                               act->now_us - SHOWN_US, MAX_SHOWN, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        if (!sees_one(txn, act, ((const SchedAlertRow *) rows->pdata[i - 1])->areas))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "alerts", &alert_shape, rows);
}

static gboolean
list_unseen(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_alert_unseen(txn, act->account, MAX_SHOWN, error);

    return sched_act_list(act, "alerts", &alert_shape, rows);
}

static gboolean
see_alert(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_alert_seen(txn, act->arguments[0], error) && sched_act_done(act);
}

/* Silence needs nobody else, and may come from whoever answers for the place. */
#define STOPPERS (API_CALLERS | SCHED_ROLES(SCHED_ROLE_OFFICIAL))

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only those that concern this area: for it, for what lies below, or above it." },
    { NULL, NULL },
};
static const SchedAnswerMember alert_more[] = {
    ANSWER_ROWS("zones", zone_shape, "Every zone that it is for; of one that a commune started alone, and that no zone has answered yet, every zone that its grant reaches there."),
    ANSWER_ROWS("silent_villages", village_shape, "Villages without a loudspeaker, to be reached by messenger."),
    ANSWER_ROWS("spoken", sched_api_speech_part_shape, "What was said into a station's own microphone, as far as its player has brought it."),
    ANSWER_OPTIONAL_TEXT("agreed_by", 1, ROW_NAME_MAX_BYTES, "The second person, who agreed to this live speech beforehand; absent: one person called."),
    ANSWER_OPTIONAL_ROW("speech", sched_api_speech_shape, "It is spoken live."),
    ANSWER_END,
};
const SchedAnswer sched_api_alert_answer = { .name = "AlertState", .row = &alert_shape, .more = alert_more };
static const SchedAnswerMember preview_more[] = {
    ANSWER_TEXT("title", 1, ROW_TITLE_MAX_BYTES, "In words, with the places."),
    ANSWER_INT("severity", 1, CONTENT_ALERT_SEVEREST, "", "5 is a catastrophe."),
    ANSWER_UTC("expires_us", "Called now, it is silent from then on."),
    ANSWER_ROWS("speeches", speech_shape, "What is said in each language, after the tone."),
    ANSWER_ROWS("villages", sched_api_hear_shape, "Who would hear it in which language."),
    ANSWER_END,
};
static const SchedAnswer preview_answer = { .name = "AlertPreview", .more = preview_more };
static const SchedAnswerMember alerts_more[] = {
    ANSWER_ROWS("alerts", alert_shape, "The newest first; for 30 days after they expire."), ANSWER_END,
};
static const SchedAnswer alert_list = { .name = "AlertList", .more = alerts_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/alerts", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = list_alerts,
      .answer = &alert_list, .name = "listAlerts", .meaning = "Alerts that were called, or that communes started alone." },
    { .method = "POST", .path = "/api/alerts", .roles = API_CALLERS, .scope = sched_scope_alert_put,
      .input = SCHED_INPUT_JSON, .body = &alert_body, .writes = TRUE, .is_urgent = TRUE,
      .status = 201, .work = call_alert, .answer = &sched_api_alert_answer, .name = "callAlert",
      .meaning = "It sounds now, ahead of everything else, made of phrases that a second person "
                 "approved; every other approver of the place is told who called it." },
    { .method = "POST", .path = "/api/alert-previews", .roles = API_CALLERS,
      .scope = sched_scope_alert_put, .input = SCHED_INPUT_JSON, .body = &alert_body, .is_aside = TRUE, .status = 200,
      .work = preview_alert, .answer = &preview_answer, .name = "previewAlert",
      .meaning = "What a call would say, to be listened to before; nothing sounds." },
    { .method = "GET", .path = "/api/alerts/{alert}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_alert_read, .status = 200, .work = get_alert, .answer = &sched_api_alert_answer,
      .name = "getAlert", .meaning = "How far an alert is in each zone." },
    { .method = "POST", .path = "/api/alerts/{alert}/stop", .roles = STOPPERS,
      .scope = sched_scope_alert, .writes = TRUE, .is_urgent = TRUE, .status = 200,
      .work = stop_alert, .answer = &sched_api_alert_answer, .name = "stopAlert",
      .meaning = "It ends everywhere, now." },
    { .method = "POST", .path = "/api/alert-stops", .roles = STOPPERS, .scope = sched_scope_alert_put,
      .input = SCHED_INPUT_JSON, .body = &stop_body, .writes = TRUE, .is_urgent = TRUE,
      .status = 201, .work = stop_alerts, .answer = &sched_answer_done, .name = "stopAlerts",
      .meaning = "Every alert ends in these places, now, whoever called it." },
    { .method = "GET", .path = "/api/alert-notes", .roles = SCHED_ROLES_ANY, .is_own = TRUE,
      .status = 200, .work = list_unseen, .answer = &alert_list, .name = "listAlertNotes",
      .meaning = "Alerts that one person called and that you are told of, as an approver of the "
                 "place, until you say that you saw them." },
    { .method = "POST", .path = "/api/alerts/{alert}/seen", .roles = SCHED_ROLES_ANY, .is_own = TRUE,
      .writes = TRUE, .status = 200, .work = see_alert, .answer = &sched_answer_done,
      .name = "seeAlert", .meaning = "You saw that it was called." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_alerts(void)
{
    return routes;
}
