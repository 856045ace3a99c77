/*
 * api-speeches.c - somebody speaks live to villages: called like an alert, then frame by frame.
 *
 * With an order that a second person agreed to (api-speech-orders.c); or break-glass, as with
 * any alert (api-alerts.c): one person may, and every other approver of the place is told at
 * once. What is said nobody heard before, so all of it is kept. A microphone at a station
 * needs no frames: its own player opens it when it has the order, keeps what is said, and
 * brings it when the line is there (api-spoken.c).
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/alerts.h"
#include "scheduler/store/speeches.h"
#include "scheduler/store/issues.h"

#include <sodium.h>
#include <string.h>

#define MAX_LIFE_MIN (CONTENT_ALERT_LIVE_MAX_LIFE_US / G_USEC_PER_SEC / 60)
#define MAX_REPLACED 32
#define MAX_SPEAKER  100 /* characters */

typedef struct {
    GPtrArray *areas, *replaces; /* (owned) (element-type utf8) */
    char *station, *order;       /* (owned) (nullable) */
    gboolean drill;
    gint64 severity, minutes;
} SpeechBody;

/* clang-format off */
static const ContentMember speech_body_members[] = {
    ROW_WORDS(SpeechBody, areas, CONTENT_ALERT_MAX_AREAS, ID, "Where, subtrees included."),
    ROW_OPTIONAL_BOOL(SpeechBody, drill, "An exercise."),
    ROW_INT(SpeechBody, minutes, 1, MAX_LIFE_MIN, "minutes", "It is silent then, whatever still comes."),
    ROW_OPTIONAL_WORD(SpeechBody, order, ID, "Order to speak that a second person agreed to (putSpeechOrder); absent: every approver of the place is told."),
    ROW_ANY(SpeechBody, replaces, "replaces", CONTENT_MEMBER_ID, .is_list = TRUE, .max_count = MAX_REPLACED, .unit = "", .meaning = "Alerts that end when this one is taken; none with an order."),
    ROW_OPTIONAL_INT(SpeechBody, severity, 1, CONTENT_ALERT_SEVEREST, API_SPEECH_SEVERITY, "", "5 is a catastrophe; with an order 3 alone."),
    ROW_OPTIONAL_WORD(SpeechBody, station, ID, "Station whose own microphone is meant; absent: frames come from whoever calls."),
    ROW_END,
};
static const ContentShape speech_body = { "SpeechBody", sizeof(SpeechBody), speech_body_members };

static const ContentMember sched_api_speech_shape_members[] = {
    ROW_ENUM(SchedSpeechRow, origin, content_live_origin_words, "Where the microphone is."),
    ROW_OPTIONAL_WORD(SchedSpeechRow, station, ID, "Station whose microphone it is."),
    ROW_TEXT(SchedSpeechRow, speaker, 1, ROW_NAME_MAX_BYTES, "Who speaks."),
    ROW_UTC(SchedSpeechRow, ended_us, "When it was over; 0: as far as the district knows, it goes on."),
    ROW_ENUM(SchedSpeechRow, ending, sched_ending_words, "How it ended."),
    ROW_COUNT(SchedSpeechRow, n_frames, "", "Frames that came from the speaker; 0 after a restart: nobody knows."),
    ROW_COUNT(SchedSpeechRow, n_lost, "", "Frames that never came, or that some station was not sent."),
    ROW_COUNT(SchedSpeechRow, duration_us, "µs", "Of its recording."),
    ROW_OPTIONAL_WORD(SchedSpeechRow, object, HASH, "SHA-256 of its recording (getSpeech)."),
    ROW_END,
};
API_SHAPE(sched_api_speech_shape, SchedSpeechRow, "LiveSpeech", sched_speech_row_free);

static const ContentMember heard_shape_members[] = {
    ROW_COUNT(SchedSpeechHeard, sequence, "", "Of the frame that was taken."),
    ROW_COUNT(SchedSpeechHeard, n_stations, "", "Stations that it is for."),
    ROW_COUNT(SchedSpeechHeard, n_reached, "", "Of them, those that it is on its way to; 0: no broker can be reached, nobody hears it."),
    ROW_COUNT(SchedSpeechHeard, n_frames, "", "Frames so far."),
    ROW_COUNT(SchedSpeechHeard, n_lost, "", "Frames so far that never came, or that some station was not sent."),
    ROW_COUNT(SchedSpeechHeard, left_us, "µs", "To the hard end."),
    ROW_END,
};
static const ContentShape heard_shape = { "SpeechHeard", sizeof(SchedSpeechHeard), heard_shape_members };
/* clang-format on */

static void
speech_body_free(SpeechBody *body)
{
    content_shape_free(&speech_body, body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpeechBody, speech_body_free)

/* What begins when the call is committed. */
typedef struct {
    SchedSpeechStart start;          /* its stations are owned */
    char *alert;                     /* (owned) */
    gboolean is_here;                /* frames come to us */
    void (*order_given)(SchedAct *); /* what the alert's call would do */
} Pending;

static void
pending_free(gpointer data)
{
    Pending *pending = data;

    g_clear_pointer(&pending->start.stations, g_ptr_array_unref);
    sodium_memzero(&pending->start, sizeof pending->start);
    g_free(pending->alert);
    g_free(pending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pending, pending_free)

/* --- called ----------------------------------------------------------------------------------
 */

/* As long as a name may be in an alert. (transfer full) (nullable) */
static char *
speaker_of(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedAccountRow) account = sched_store_account_get(txn, act->account, error);

    return account == NULL
               ? NULL
               : g_utf8_substring(account->name, 0,
                                  MIN(g_utf8_strlen(account->name, -1), MAX_SPEAKER));
}

static ContentAlertLive *
live_new(const SpeechBody *body, const char *speaker, const guint8 *key)
{
    ContentAlertLive *live = content_shape_new(&content_alert_live_shape);

    live->origin = body->station == NULL ? CONTENT_LIVE_DISTRICT : CONTENT_LIVE_STATION;
    live->station = g_strdup(body->station);
    live->key = body->station == NULL ? content_live_key_text(key) : NULL;
    live->speaker = g_strdup(speaker);
    return live;
}

/* @key: public; of no use with a station's microphone */
static ContentAlert *
make_alert(SchedTxn *txn, SchedAct *act, const SpeechBody *body, const char *speaker,
           const guint8 *key)
{
    ContentAlert *alert = content_document_new(&content_alert_type);
    g_autofree char *title = g_strconcat("Nói trực tiếp: ", speaker, NULL);

    alert->id = sched_act_id(act);
    alert->event = CONTENT_EVENT_SPOKEN;
    alert->title = content_document_text(title, ROW_TITLE_MAX_BYTES);
    alert->severity = body->severity;
    alert->drill = body->drill;
    alert->tone = body->drill ? CONTENT_ALERT_TONE_GONG : CONTENT_ALERT_TONE_CHIME;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = act->now_us;
    alert->expires_us = MIN(act->now_us + body->minutes * 60 * G_USEC_PER_SEC,
                            MAX(sched_api_speech_order_end(txn, body->order), act->now_us + 1));
    alert->live = live_new(body, speaker, key);
    for (guint i = 0; i < body->areas->len; i++)
        g_ptr_array_add(alert->areas, g_strdup(body->areas->pdata[i]));
    for (guint i = 0; i < body->replaces->len; i++)
        g_ptr_array_add(alert->replaces, g_strdup(body->replaces->pdata[i]));
    return alert;
}

/* Its player said so when it last connected. */
static gboolean
check_microphone(SchedTxn *txn, const char *station, GError **error)
{
    g_autoptr(SchedStationStateRow) state = sched_store_station_state_get(txn, station, NULL);

    return (state != NULL && strstr(state->reads, "\"microphone\"") != NULL) ||
           sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "station: it has no microphone");
}

/* A station's microphone is heard at that station alone. */
static gboolean
check_stations(SchedTxn *txn, const SpeechBody *body, const GPtrArray *stations, GError **error)
{
    if (stations->len == 0)
        return sched_api_error(error, SCHED_API_ERROR_UNHEARD,
                               "areas: no loudspeaker stands there");
    if (body->station == NULL)
        return TRUE;
    if (stations->len != 1 || strcmp(stations->pdata[0], body->station) != 0)
        return sched_api_error(
            error, SCHED_API_ERROR_UNPROCESSABLE,
            "areas: a station's microphone is heard in its own villages alone");
    return check_microphone(txn, body->station, error);
}

static void
begin(SchedAct *act)
{
    Pending *pending = act->prepared;

    pending->start.account = act->account;
    pending->start.session = act->token_hash;
    if (pending->is_here)
        sched_speeches_begin(act->api->speeches, &pending->start);
    pending->order_given(act);
}

static gboolean
call_speech(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SpeechBody) body = content_shape_new(&speech_body);
    g_autoptr(ContentAlert) alert = NULL;
    g_autoptr(Pending) pending = g_new0(Pending, 1);
    g_autofree char *speaker = speaker_of(txn, act, error);
    guint8 key[CONTENT_LIVE_KEY_BYTES];
    SchedSpeechRow row;

    if (speaker == NULL || !sched_act_read(act, body, error))
        return FALSE;
    content_live_key_make(key, pending->start.secret);
    alert = make_alert(txn, act, body, speaker, key);
    row = (SchedSpeechRow){.alert = alert->id,
                           .origin = alert->live->origin,
                           .station = alert->live->station,
                           .speaker = speaker};
    if (!sched_api_give_alert(txn, act, alert, error) ||
        !sched_store_speech_add(txn, &row, error) ||
        (body->order != NULL &&
         !sched_api_use_speech_order(txn, act, body->order, alert, error)) ||
        (pending->start.stations = sched_store_speech_stations(txn, alert->id, error)) ==
            NULL ||
        !check_stations(txn, body, pending->start.stations, error) ||
        !sched_api_answer_alert(txn, act, alert->id, error))
        return FALSE;
    pending->alert = g_strdup(alert->id);
    pending->start.alert = pending->alert;
    pending->start.expires_us = alert->expires_us;
    pending->is_here = body->station == NULL;
    pending->order_given = act->after;
    sched_act_set_prepared(act, g_steal_pointer(&pending), pending_free);
    act->after = begin;
    return TRUE;
}

static void
prepare_speech(SchedAct *act)
{
    GError *error = NULL;

    if (sched_speeches_is_full(act->api->speeches)) {
        sched_api_error(&error, SCHED_API_ERROR_UNAVAILABLE, "too many speak live at once");
        sched_act_fail(act, error);
        return;
    }
    sched_act_go_on(act);
}

/* --- spoken ----------------------------------------------------------------------------------
 */

static gboolean
may_speak(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_access_authorise(txn, data, error);
}

/* Said where the key is, in our own context; the right first. Nothing of it is in the audit,
 * and a frame is never asked for twice: it has no key of its own. */
static void
prepare_frame(SchedAct *act)
{
    SchedSpeechHeard *heard = g_new0(SchedSpeechHeard, 1);
    GError *error = NULL;

    if (sched_store_read(act->api->options.store, may_speak, act, &error) &&
        sched_speeches_take(act->api->speeches, act->arguments[0], act->token_hash,
                            content_call_body(act->call), heard, &error)) {
        sched_act_set_prepared(act, heard, g_free);
        sched_act_go_on(act);
        return;
    }
    g_free(heard);
    if (!g_error_matches(error, SCHED_API_ERROR, SCHED_API_ERROR_SLOW_DOWN)) {
        sched_act_fail(act, error);
        return;
    }
    g_error_free(error);
    sched_api_too_early(act, G_USEC_PER_SEC);
}

static gboolean
answer_frame(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_act_row(act, &heard_shape, act->prepared);
}

static gboolean
get_speech(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedSpeechRow) speech = sched_store_speech_get(txn, act->arguments[0], error);

    if (speech == NULL)
        return FALSE;
    act->object = g_strdup(speech->object);
    return act->object != NULL ||
           sched_api_error(error, SCHED_API_ERROR_NOT_FOUND, "there is no recording of it");
}

/* clang-format off */
static const SchedAnswer heard_answer = { .row = &heard_shape };

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/alert-speeches", .roles = API_CALLERS,
      .scope = sched_scope_speech_put, .input = SCHED_INPUT_JSON, .body = &speech_body, .writes = TRUE,
      .is_urgent = TRUE, .status = 201, .prepare = prepare_speech, .work = call_speech,
      .answer = &sched_api_alert_answer, .name = "callSpeech",
      .meaning = "An alert that you speak live, ahead of everything else, after its tone: from "
                 "here frame by frame (speakFrame), and what is said is kept; or at a station into its "
                 "own microphone, whose player brings what was said. With an "
                 "`order` that a second person agreed to; without, every other approver of the place is told "
                 "who called it." },
    { .method = "POST", .path = "/api/alerts/{alert}/frames", .roles = API_CALLERS,
      .scope = sched_scope_alert, .input = SCHED_INPUT_FRAME, .is_aside = TRUE, .status = 200,
      .prepare = prepare_frame, .work = answer_frame, .answer = &heard_answer,
      .name = "speakFrame",
      .meaning = "What was said just now, from the session that called it: big-endian a sequence that rises (4 "
                 "bytes), flags (1; 1: the last), a number of packets (1, at most 20), and of each "
                 "its length (2) and its bytes: one Opus frame of 20 ms." },
    { .method = "GET", .path = "/api/alerts/{alert}/speech", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_alert_read, .status = 200, .work = get_speech, .sends = "audio/ogg",
      .name = "getSpeech", .meaning = "The recording of what was spoken live." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_speeches(void)
{
    return routes;
}
