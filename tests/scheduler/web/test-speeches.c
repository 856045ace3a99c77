/*
 * test-speeches.c - somebody speaks live through the API: the order that stations get, frames
 * that only this speech can have, what is refused, how it ends, and what is kept of it.
 */
#include "tests/scheduler/web/alert-fixture.h"

#include "content/alert.h"
#include "content/live.h"
#include "content/opus-file.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/records.h"
#include "scheduler/web/api-internal.h"
#include "scheduler/web/speech.h"
#include "tests/support/wait.h"

#include <string.h>

#define N_PACKETS 10
#define SECOND_US G_USEC_PER_SEC

/* --- what is sent ----------------------------------------------------------------------------
 */

static void
add_packet(GByteArray *body, guint8 first, guint n_bytes)
{
    const guint8 length[] = {(guint8) (n_bytes >> 8), (guint8) n_bytes};

    g_byte_array_append(body, length, 2);
    for (guint i = 0; i < n_bytes; i++)
        g_byte_array_append(body, i == 0 ? &first : (const guint8 *) "x", 1);
}

static GByteArray *
make_frame(guint32 sequence, guint8 flags, guint n_packets)
{
    GByteArray *body = g_byte_array_new();
    const guint32 big = GUINT32_TO_BE(sequence);
    const guint8 rest[] = {flags, (guint8) n_packets};

    g_byte_array_append(body, (const guint8 *) &big, 4);
    g_byte_array_append(body, rest, 2);
    for (guint i = 0; i < n_packets; i++)
        add_packet(body, 1 << 3, 60);
    return body;
}

/* Returns: the status. @out: (optional) */
static guint
speak(ApiFixture *f, const char *login, const char *alert, GByteArray *body, json_t **out)
{
    g_autofree char *path = g_strdup_printf("/api/alerts/%s/frames", alert);
    g_autofree char *token = api_fixture_token(login);
    const char *const headers[] = {"Content-Type: application/octet-stream", token, NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "POST", path, headers, (const char *) body->data, body->len);

    if (out != NULL)
        *out = json_loads(answer->body->str, 0, NULL);
    return answer->status;
}

static guint
say(ApiFixture *f, const char *login, const char *alert, guint32 sequence, guint8 flags)
{
    g_autoptr(GByteArray) body = make_frame(sequence, flags, N_PACKETS);

    return speak(f, login, alert, body, NULL);
}

static gint64
number(json_t *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

/* Returns: (transfer full): what the call answered */
static json_t *
call(ApiFixture *f, const char *login, const char *area)
{
    json_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "POST", "/api/alert-speeches",
                                      json_pack("{s:[s], s:i}", "areas", area, "minutes", 2),
                                      &answer),
                     ==, 201);
    return answer;
}

static json_t *
get(ApiFixture *f, const char *alert)
{
    g_autofree char *path = g_strconcat("/api/alerts/", alert, NULL);
    json_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, "dist", "GET", path, NULL, &answer), ==, 200);
    return answer;
}

static gboolean
has_ended(ApiFixture *f, const char *alert, const char *ending)
{
    json_auto_t *state = get(f, alert);

    return strcmp(api_text(json_object_get(state, "speech"), "ending"), ending) == 0;
}

static void
set_up(ApiFixture *f)
{
    alert_fixture_set_up(f);
    api_fixture_account(f, "dist", SCHED_ROLE_APPROVER, "chu-puh");
}

typedef struct {
    const char *id;
    ContentAlert *alert; /* (owned) */
} Wanted;

static gboolean
open_body(SchedTxn *txn, gpointer data, GError **error)
{
    Wanted *wanted = data;
    g_autoptr(SchedAlertRow) row = sched_store_alert_get(txn, wanted->id, error);
    g_autoptr(SchedDocumentRow) document = sched_store_document_get(txn, row->hash, error);
    gsize n_bytes;
    gconstpointer bytes = g_bytes_get_data(document->body, &n_bytes);

    wanted->alert = content_document_read(&content_alert_type, bytes, n_bytes, error);
    return wanted->alert != NULL;
}

static ContentAlert *
alert_of(ApiFixture *f, const char *id)
{
    Wanted wanted = {id, NULL};

    temp_store_look(f->store, open_body, &wanted);
    return wanted.alert;
}

/* --- spoken ----------------------------------------------------------------------------------
 */

/* Frame @i of those that went out: as a station reads it. */
static ContentLiveFrame
frame_of(ApiFixture *f, const ContentAlert *alert, guint i)
{
    guint8 key[CONTENT_LIVE_KEY_BYTES];
    ContentLiveFrame frame = {0};
    gsize n_bytes;
    gconstpointer bytes = g_bytes_get_data(f->frames->pdata[i], &n_bytes);
    GError *error = NULL;

    g_assert_true(content_live_key_read(alert->live->key, key));
    content_live_frame_read(bytes, n_bytes, key, &frame, &error);
    g_assert_no_error(error);
    return frame;
}

static void
check_recording(ApiFixture *f, const char *id, guint n_packets)
{
    g_autofree char *path = g_strdup_printf("/api/alerts/%s/speech", id);
    g_autofree char *token = api_fixture_token("dist");
    const char *const headers[] = {token, NULL};
    g_autoptr(TestAnswer) answer = test_https(&f->people, "GET", path, headers, NULL, 0);
    g_autoptr(ContentOpusReader) reader = content_opus_reader_new();
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);

    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_true(content_opus_reader_feed(reader, (const guint8 *) answer->body->str,
                                           answer->body->len, packets, NULL));
    g_assert_cmpuint(packets->len, ==, n_packets);
    g_assert_cmpuint(g_bytes_get_size(packets->pdata[0]), ==, 60);
}

static void
test_spoken(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *heard = NULL, *over = NULL;
    g_autoptr(ContentAlert) alert = NULL;
    g_autoptr(GByteArray) first = make_frame(0, 0, N_PACKETS), last = make_frame(7, 1, 0);
    ContentLiveFrame frame;
    const char *id;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    id = api_text(called, "id");
    g_assert_cmpuint(f->n_orders_given, ==, 1);
    g_assert_cmpstr(api_text(json_object_get(called, "speech"), "speaker"), ==, "dist");
    alert = alert_of(f, id);
    g_assert_cmpint(alert->event, ==, CONTENT_EVENT_SPOKEN);
    g_assert_cmpint(alert->live->origin, ==, CONTENT_LIVE_DISTRICT);
    g_assert_cmpint(alert->expires_us - alert->issued_us, ==, 120 * SECOND_US);
    g_assert_cmpuint(speak(f, "dist", id, first, &heard), ==, 200);
    g_assert_cmpint(number(heard, "n_stations"), ==, 2);
    g_assert_cmpint(number(heard, "n_reached"), ==, 2);
    g_assert_cmpint(number(heard, "left_us"), ==, 120 * SECOND_US);
    g_assert_cmpuint(say(f, "dist", id, 5, 0), ==, 200); /* 1 to 4 were lost on the way here */
    g_assert_cmpuint(speak(f, "dist", id, last, NULL), ==, 200);
    g_assert_cmpuint(f->frames->len, ==, 6);
    g_assert_cmpstr(f->frames_to->pdata[0], ==, "ia-blu");
    g_assert_cmpstr(f->frames_to->pdata[1], ==, "ia-le");
    frame = frame_of(f, alert, 2);
    g_assert_cmpuint(frame.sequence, ==, 5);
    g_assert_cmpuint(frame.n_packets, ==, N_PACKETS);
    g_assert_cmpstr(frame.alert, ==, id);
    g_assert_false(frame.is_last);
    g_assert_true(frame_of(f, alert, 5).is_last);
    TEST_WAIT_UNTIL(has_ended(f, id, "spoken"));
    over = get(f, id);
    g_assert_cmpint(number(json_object_get(over, "speech"), "n_frames"), ==, 3);
    g_assert_cmpint(number(json_object_get(over, "speech"), "n_lost"), ==, 5); /* 1-4, 6 */
    g_assert_cmpint(number(json_object_get(over, "speech"), "duration_us"), ==,
                    2 * N_PACKETS * 20000);
    check_recording(f, id, 2 * N_PACKETS);
    g_assert_cmpuint(say(f, "dist", id, 8, 0), ==, 409);
}

/* A frame is never kept for who was away: its end is said again, and then no more. */
static void
test_farewell(ApiFixture *f, gconstpointer data)
{
    const guint n_repeats = SCHED_SPEECH_FAREWELL_US / SECOND_US;
    json_auto_t *called = NULL, *silent = NULL;
    g_autoptr(ContentAlert) alert = NULL;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    g_assert_cmpuint(say(f, "dist", api_text(called, "id"), 0, 0), ==, 200);
    f->is_broker_away = TRUE;
    g_assert_cmpuint(say(f, "dist", api_text(called, "id"), 1, 1), ==, 200);
    g_assert_cmpuint(f->frames->len, ==, 2);
    f->is_broker_away = FALSE;
    fake_clock_advance(f->clock, SECOND_US);
    g_assert_cmpuint(f->frames->len, ==, 4);
    alert = alert_of(f, api_text(called, "id"));
    g_assert_true(frame_of(f, alert, 2).is_last);
    g_assert_true(g_bytes_equal(f->frames->pdata[2], f->frames->pdata[3]));
    g_assert_cmpstr(f->frames_to->pdata[2], ==, "ia-blu");
    g_assert_cmpstr(f->frames_to->pdata[3], ==, "ia-le");
    for (guint i = 1; i < n_repeats + 20; i++)
        fake_clock_advance(f->clock, SECOND_US);
    g_assert_cmpuint(f->frames->len, ==, 2 + 2 * n_repeats);

    /* A speaker who is gone ends it too. */
    g_ptr_array_set_size(f->frames, 0);
    g_ptr_array_set_size(f->frames_to, 0);
    silent = call(f, "dist", "chu-puh");
    fake_clock_advance(f->clock, SCHED_SPEECH_SILENT_US);
    g_assert_cmpuint(f->frames->len, ==, 2);
    content_alert_free(g_steal_pointer(&alert));
    alert = alert_of(f, api_text(silent, "id"));
    g_assert_true(frame_of(f, alert, 0).is_last);
    fake_clock_advance(f->clock, SECOND_US);
    g_assert_cmpuint(f->frames->len, ==, 4);
    TEST_WAIT_UNTIL(has_ended(f, api_text(silent, "id"), "silent"));
}

/* Many that are over do not add up. */
static void
test_farewells(ApiFixture *f, gconstpointer data)
{
    set_up(f);
    for (guint i = 0; i < SCHED_SPEECH_MAX + 3; i++) {
        json_auto_t *called = call(f, "dist", "ia-le");

        g_assert_cmpuint(say(f, "dist", api_text(called, "id"), 0, 1), ==, 200);
        TEST_WAIT_UNTIL(has_ended(f, api_text(called, "id"), "spoken"));
    }
    g_ptr_array_set_size(f->frames, 0);
    g_ptr_array_set_size(f->frames_to, 0);
    fake_clock_advance(f->clock, SECOND_US);
    g_assert_cmpuint(f->frames->len, ==, SCHED_SPEECH_MAX);
}

/* --- refused ---------------------------------------------------------------------------------
 */

static void
test_who(ApiFixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *why, *login, *area; gint minutes; guint status; } cases[] = {
        { "the commune's operator",       "op",      "ia-le",   1,  201 },
        { "of one village alone",         "village", "ia-le-a", 60, 201 },
        { "not of the commune then",      "village", "ia-le",   10, 403 },
        { "nor the neighbour",            "blu",     "ia-le",   10, 403 },
        { "nor who only writes",          "le-ed",   "ia-le",   10, 403 },
        { "an official stops, not calls", "le",      "ia-le",   10, 403 },
        { "nobody",                       NULL,      "ia-le",   10, 401 },
        { "without an end",               "op",      "ia-le",   0,  400 },
        { "longer than an hour",          "op",      "ia-le",   61, 400 },
    };
    /* clang-format on */
    json_auto_t *notes = NULL;

    set_up(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const guint n_given = f->n_orders_given;

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(api_fixture_call(f, cases[i].login, "POST", "/api/alert-speeches",
                                          json_pack("{s:[s], s:i}", "areas", cases[i].area,
                                                    "minutes", cases[i].minutes),
                                          NULL),
                         ==, cases[i].status);
        g_assert_cmpuint(f->n_orders_given, ==, n_given + (cases[i].status == 201));
    }
    /* Told at once, like of any alert that one person called. */
    g_assert_cmpuint(api_fixture_call(f, "le-app", "GET", "/api/alert-notes", NULL, &notes), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(notes, "alerts")), ==, 2);
}

static gboolean
hello_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "INSERT INTO station_states (station, contact_us, reads) VALUES "
                         "('ia-le', 9007199254740990, '[[\"live\",1],[\"microphone\",1]]')");
    return TRUE;
}

static void
test_station(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *ready = NULL;
    g_autoptr(ContentAlert) alert = NULL;

    set_up(f);
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alert-speeches",
                                      json_pack("{s:[s], s:i, s:s}", "areas", "ia-le",
                                                "minutes", 5, "station", "ia-le"),
                                      NULL),
                     ==, 422);
    temp_store_run(f->store, hello_body, NULL);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-readiness?area=ia-le", NULL,
                                      &ready),
                     ==, 200);
    g_assert_true(json_is_true(
        json_object_get(json_array_get(json_object_get(ready, "stations"), 0), "microphone")));
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alert-speeches",
                                      json_pack("{s:[s], s:i, s:s}", "areas", "ia-le",
                                                "minutes", 5, "station", "ia-le"),
                                      &called),
                     ==, 201);
    alert = alert_of(f, api_text(called, "id"));
    g_assert_cmpint(alert->live->origin, ==, CONTENT_LIVE_STATION);
    g_assert_cmpstr(alert->live->station, ==, "ia-le");
    g_assert_null(alert->live->key);
    /* Nobody here has anything to say in it. */
    g_assert_cmpuint(say(f, "op", api_text(called, "id"), 0, 0), ==, 409);
    /* Another commune's microphone is not theirs, and reaches no other commune's villages. */
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alert-speeches",
                                      json_pack("{s:[s], s:i, s:s}", "areas", "ia-le",
                                                "minutes", 5, "station", "ia-blu"),
                                      NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "dist", "POST", "/api/alert-speeches",
                                      json_pack("{s:[s], s:i, s:s}", "areas", "chu-puh",
                                                "minutes", 5, "station", "ia-blu"),
                                      NULL),
                     ==, 422);
}

static char *
call_station(ApiFixture *f)
{
    json_auto_t *called = NULL;

    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alert-speeches",
                                      json_pack("{s:[s], s:i, s:s}", "areas", "ia-le",
                                                "minutes", 5, "station", "ia-le"),
                                      &called),
                     ==, 201);
    return g_strdup(api_text(called, "id"));
}

typedef struct {
    const char *alert, *zone;
    ContentReason reason;
    gint64 seq;
} Ended;

static gboolean
ended_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Ended *ended = data;
    g_autoptr(ContentRecord) r = content_document_new(&content_record_type);
    g_autoptr(GPtrArray) part = g_ptr_array_new_with_free_func(g_free);
    const ContentRecords batch = {(char *) "ia-le", (char *) "j", ended->seq, FALSE, part};
    SchedIngest result = {0};
    g_autoptr(GBytes) bytes = NULL;

    r->seq = r->at_us = ended->seq;
    r->prev = g_strnfill(64, '0');
    r->kind = CONTENT_RECORD_ALERT_ENDED;
    r->boot = g_strdup("00112233445566778899aabbccddeeff");
    r->occurrence = g_strdup(ended->alert);
    r->item = g_strdup("alert");
    r->zone = g_strdup(ended->zone);
    r->reason = (gint) ended->reason;
    bytes = content_document_write(&content_record_type, r, error);
    g_ptr_array_add(part, g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    return sched_store_records_ingest(txn, &batch, &result, error);
}

/* The station says that it is over in a zone. */
static void
tell_end(ApiFixture *f, const char *alert, const char *zone, ContentReason reason, gint64 seq)
{
    Ended ended = {alert, zone, reason, seq};

    temp_store_run(f->store, ended_body, &ended);
}

/* Spoken to its end at a station: over as soon as it says so of all its zones. */
static void
test_station_says(ApiFixture *f, gconstpointer data)
{
    g_autofree char *spoken = NULL, *silent = NULL;

    set_up(f);
    temp_store_run(f->store, hello_body, NULL);
    spoken = call_station(f);
    tell_end(f, spoken, "a", CONTENT_REASON_NONE, 1);
    g_assert_true(has_ended(f, spoken, "none"));
    tell_end(f, spoken, "b", CONTENT_REASON_RELAY_FAILED, 2);
    g_assert_true(has_ended(f, spoken, "spoken"));
    silent = call_station(f);
    tell_end(f, silent, "a", CONTENT_REASON_LATE_SOURCE, 3);
    tell_end(f, silent, "b", CONTENT_REASON_LATE_SOURCE, 4);
    g_assert_true(has_ended(f, silent, "silent"));
}

/* Nothing else tells the district when somebody at a station has spoken: its alert says it. */
static void
test_station_ends(ApiFixture *f, gconstpointer data)
{
    g_autofree char *stopped = NULL, *expired = NULL, *stop = NULL;

    set_up(f);
    temp_store_run(f->store, hello_body, NULL);
    stopped = call_station(f);
    g_assert_true(has_ended(f, stopped, "none"));
    stop = g_strdup_printf("/api/alerts/%s/stop", stopped);
    g_assert_cmpuint(api_fixture_call(f, "dist", "POST", stop, NULL, NULL), ==, 200);
    g_assert_true(has_ended(f, stopped, "stopped"));
    expired = call_station(f);
    fake_clock_advance(f->clock, 5 * 60 * SECOND_US - 1);
    g_assert_true(has_ended(f, expired, "none"));
    fake_clock_advance(f->clock, 1);
    g_assert_true(has_ended(f, expired, "expired"));
    g_assert_true(has_ended(f, stopped, "stopped"));
}

/* Bodies that are no frame: what is wrong, and how it is made so. */
typedef struct {
    const char *why;
    void (*spoil)(GByteArray *body);
} Bad;

/* clang-format off */
static void spoil_head(GByteArray *body)   { g_byte_array_set_size(body, 5); }
static void spoil_flag(GByteArray *body)   { body->data[4] = 2; }
static void spoil_count(GByteArray *body)  { body->data[5] = 21; }
static void spoil_none(GByteArray *body)   { body->data[5] = 0; g_byte_array_set_size(body, 6); }
static void spoil_more(GByteArray *body)   { body->data[5] = N_PACKETS + 1; }
static void spoil_less(GByteArray *body)   { body->data[5] = N_PACKETS - 1; }
static void spoil_empty(GByteArray *body)  { body->data[6] = body->data[7] = 0; }
static void spoil_long(GByteArray *body)   { body->data[6] = 0xff; }
static void spoil_double(GByteArray *body) { body->data[8] |= 1; }
static void spoil_length(GByteArray *body) { body->data[8] = 0; }
static void spoil_large(GByteArray *body)
{
    g_byte_array_set_size(body, 6);
    body->data[5] = 4;
    for (guint i = 0; i < 4; i++)
        add_packet(body, 1 << 3, 1000);
}
static const Bad bad[] = {
    { "a head cut off",              spoil_head   },
    { "a flag that nobody knows",    spoil_flag   },
    { "too many packets",            spoil_count  },
    { "none, and it is not the last", spoil_none  },
    { "one packet short",            spoil_more   },
    { "one too many",                spoil_less   },
    { "an empty packet",             spoil_empty  },
    { "one longer than the body",    spoil_long   },
    { "two frames in a packet",      spoil_double },
    { "10 ms",                       spoil_length },
    { "no room for the signature",   spoil_large  },
};
/* clang-format on */

static void
test_bad(ApiFixture *f, gconstpointer data)
{
    g_autofree char *large = g_strnfill(CONTENT_LIVE_MAX_BYTES + 1, 'x');
    g_autoptr(GByteArray) too_large = g_byte_array_new();
    json_auto_t *called = NULL;
    const char *id;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    id = api_text(called, "id");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GByteArray) body = make_frame(0, 0, N_PACKETS);

        g_test_message("%s", bad[i].why);
        bad[i].spoil(body);
        g_assert_cmpuint(speak(f, "dist", id, body, NULL), ==, 422);
    }
    g_byte_array_append(too_large, (const guint8 *) large, CONTENT_LIVE_MAX_BYTES + 1);
    g_assert_cmpuint(speak(f, "dist", id, too_large, NULL), ==, 413);
    g_assert_cmpuint(f->frames->len, ==, 0);
    g_assert_cmpuint(say(f, "dist", id, 3, 0), ==, 200);
    g_assert_cmpuint(say(f, "dist", id, 3, 0), ==, 422); /* twice */
    g_assert_cmpuint(say(f, "dist", id, 2, 0), ==, 422); /* late */
    /* An approver of the same place, from a session of their own. */
    g_assert_cmpuint(say(f, "le-app", id, 4, 0), ==, 403);
    api_fixture_account(f, "dist-2", SCHED_ROLE_APPROVER, "chu-puh");
    g_assert_cmpuint(say(f, "dist-2", id, 4, 0), ==, 403);
    g_assert_cmpuint(f->frames->len, ==, 2);
}

/* --- how it ends -----------------------------------------------------------------------------
 */

static void
test_pace(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL;
    const char *id;
    guint32 sequence = 0;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    id = api_text(called, "id");
    while (say(f, "dist", id, sequence, 0) == 200)
        g_assert_cmpuint(++sequence, <, 100);
    g_assert_cmpint(sequence * N_PACKETS * 20000, ==, SCHED_SPEECH_AHEAD_US);
    g_assert_cmpuint(say(f, "dist", id, sequence, 0), ==, 429);
    fake_clock_advance(f->clock, SECOND_US);
    g_assert_cmpuint(say(f, "dist", id, sequence, 0), ==, 200);
}

static void
test_broker_away(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *heard = NULL, *back = NULL;
    g_autoptr(GByteArray) frame = make_frame(0, 0, N_PACKETS), next = make_frame(1, 0, 1);

    set_up(f);
    called = call(f, "dist", "chu-puh");
    f->is_broker_away = TRUE;
    g_assert_cmpuint(speak(f, "dist", api_text(called, "id"), frame, &heard), ==, 200);
    g_assert_cmpint(number(heard, "n_reached"), ==, 0);
    g_assert_cmpint(number(heard, "n_lost"), ==, 1);
    f->is_broker_away = FALSE;
    g_assert_cmpuint(speak(f, "dist", api_text(called, "id"), next, &back), ==, 200);
    g_assert_cmpint(number(back, "n_reached"), ==, 2);
    g_assert_cmpint(number(back, "n_lost"), ==, 1);
}

static guint
stop_places(ApiFixture *f, const char *login, const char *area)
{
    return api_fixture_call(f, login, "POST", "/api/alert-stops",
                            json_pack("{s:[s]}", "areas", area), NULL);
}

static void
test_ends(ApiFixture *f, gconstpointer data)
{
    json_auto_t *stopped = NULL, *silent = NULL, *expired = NULL, *placed = NULL;
    g_autofree char *stop = NULL;

    set_up(f);
    stopped = call(f, "dist", "chu-puh");
    stop = g_strdup_printf("/api/alerts/%s/stop", api_text(stopped, "id"));
    g_assert_cmpuint(say(f, "dist", api_text(stopped, "id"), 0, 0), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "dist", "POST", stop, NULL, NULL), ==, 200);
    g_assert_cmpuint(say(f, "dist", api_text(stopped, "id"), 1, 0), ==, 409);
    TEST_WAIT_UNTIL(has_ended(f, api_text(stopped, "id"), "stopped"));

    /* Quiet in one commune leaves the other; in both it is over. */
    placed = call(f, "dist", "chu-puh");
    g_assert_cmpuint(stop_places(f, "dist", "ia-le"), ==, 201);
    g_assert_cmpuint(say(f, "dist", api_text(placed, "id"), 0, 0), ==, 200);
    g_assert_cmpuint(stop_places(f, "dist", "chu-puh"), ==, 201);
    g_assert_cmpuint(say(f, "dist", api_text(placed, "id"), 1, 0), ==, 409);
    TEST_WAIT_UNTIL(has_ended(f, api_text(placed, "id"), "stopped"));

    fake_clock_advance(f->clock, 1); /* a stop ends what was called up to its instant */
    silent = call(f, "dist", "chu-puh");
    fake_clock_advance(f->clock, SCHED_SPEECH_SILENT_US - SECOND_US);
    g_assert_cmpuint(say(f, "dist", api_text(silent, "id"), 0, 0), ==, 200);
    fake_clock_advance(f->clock, SCHED_SPEECH_SILENT_US - SECOND_US);
    g_assert_cmpuint(say(f, "dist", api_text(silent, "id"), 1, 0), ==, 200);
    fake_clock_advance(f->clock, SCHED_SPEECH_SILENT_US);
    g_assert_cmpuint(say(f, "dist", api_text(silent, "id"), 2, 0), ==, 409);
    TEST_WAIT_UNTIL(has_ended(f, api_text(silent, "id"), "silent"));
    check_recording(f, api_text(silent, "id"), 2 * N_PACKETS);

    expired = call(f, "dist", "chu-puh");
    for (guint i = 0; i < 120 / 20 - 1; i++) {
        fake_clock_advance(f->clock, 20 * SECOND_US);
        g_assert_cmpuint(say(f, "dist", api_text(expired, "id"), i, 0), ==, 200);
    }
    fake_clock_advance(f->clock, 20 * SECOND_US);
    g_assert_cmpuint(say(f, "dist", api_text(expired, "id"), 99, 0), ==, 409);
    TEST_WAIT_UNTIL(has_ended(f, api_text(expired, "id"), "expired"));
}

/* --- a restart -------------------------------------------------------------------------------
 */

static guint
nobody(gpointer data, const char *station, GBytes *frame)
{
    return 0;
}

static void
no_trouble(gpointer data, const char *words)
{
    g_error("%s", words);
}

/* The key died with the program: what was said up to then is kept. */
static void
test_restart(ApiFixture *f, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(f->folder, "live", NULL);
    const SchedSpeechesOptions options = {f->store->store, f->objects, f->clock, folder,
                                          nobody,          no_trouble, NULL};
    json_auto_t *called = NULL, *silent = NULL;
    SchedSpeeches *next;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    silent = call(f, "dist", "chu-puh");
    g_assert_cmpuint(say(f, "dist", api_text(called, "id"), 0, 0), ==, 200);
    next = sched_speeches_new(&options);
    sched_speeches_free(next);
    g_assert_true(has_ended(f, api_text(called, "id"), "restart"));
    check_recording(f, api_text(called, "id"), N_PACKETS);
    g_assert_true(has_ended(f, api_text(silent, "id"), "restart"));
}

/* Stations wait 30 s for words; those of a key that is gone never come: they are told at once.
 */
static gboolean
orders_body(SchedTxn *txn, gpointer data, GError **error)
{
    GPtrArray **out_orders = data;

    *out_orders = sched_store_orders(txn, 0, error);
    return *out_orders != NULL;
}

/* The program begins anew, and has ended what its last run left. */
static void
start_anew(ApiFixture *f)
{
    g_autofree char *folder = g_build_filename(f->folder, "live", NULL);
    const SchedSpeechesOptions options = {.store = f->store->store,
                                          .objects = f->objects,
                                          .clock = f->clock,
                                          .folder = folder,
                                          .say = nobody,
                                          .said = no_trouble,
                                          .cut = sched_api_cut_speech,
                                          .cut_data = f->api};

    sched_speeches_free(sched_speeches_new(&options));
}

static void
test_restart_tells(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *state = NULL;
    g_autoptr(GPtrArray) orders = NULL;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    start_anew(f);
    g_assert_true(has_ended(f, api_text(called, "id"), "restart"));
    temp_store_look(f->store, orders_body, &orders);
    g_assert_cmpuint(orders->len, ==, 1);
    g_assert_true(((const SchedOrderRow *) orders->pdata[0])->is_stop);
    g_assert_cmpint(((const SchedOrderRow *) orders->pdata[0])->published_us, ==, 0);
    state = get(f, api_text(called, "id"));
    g_assert_cmpint(number(state, "stopped_us"), >, 0);
    g_assert_cmpstr(api_text(state, "stopped_by_name"), ==, ""); /* by nobody's hand */
    /* Another start has nothing more to say. */
    start_anew(f);
    g_clear_pointer(&orders, g_ptr_array_unref);
    temp_store_look(f->store, orders_body, &orders);
    g_assert_cmpuint(orders->len, ==, 1);
}

/* What was over anyway needs no stop: it would say that somebody cut it off. */
static void
test_restart_late(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *state = NULL;
    g_autoptr(GPtrArray) orders = NULL;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    /* Not by the alarm of the program that runs: it is as if that had been down. */
    fake_clock_step(f->clock, 2 * 60 * SECOND_US);
    start_anew(f);
    state = get(f, api_text(called, "id"));
    g_assert_cmpstr(api_text(json_object_get(state, "speech"), "ending"), ==, "expired");
    g_assert_cmpint(number(state, "stopped_us"), ==, 0);
    temp_store_look(f->store, orders_body, &orders);
    for (guint i = 0; i < orders->len; i++)
        g_assert_false(((const SchedOrderRow *) orders->pdata[i])->is_stop);
}

/* --- with a second person --------------------------------------------------------------------
 */

static guint
ask(ApiFixture *f, const char *login, const char *id, const char *speaker, gint64 from_s,
    gint64 ends_s, json_t **out)
{
    g_autofree char *path = g_strconcat("/api/speech-orders/", id, NULL);
    const gint64 now_us = content_clock_utc_us(f->clock);

    return api_fixture_call(f, login, "PUT", path,
                            json_pack("{s:s, s:[s], s:s, s:I, s:I}", "about", "bão", "areas",
                                      "ia-le", "speaker", speaker, "from_us",
                                      (json_int_t) (now_us + from_s * SECOND_US), "ends_us",
                                      (json_int_t) (now_us + ends_s * SECOND_US)),
                            out);
}

static guint
speak_as(ApiFixture *f, const char *login, const char *order, const char *area, json_t **out)
{
    return api_fixture_call(
        f, login, "POST", "/api/alert-speeches",
        json_pack("{s:[s], s:i, s:s}", "areas", area, "minutes", 30, "order", order), out);
}

/* @value: (transfer full) */
static guint
speak_beyond(ApiFixture *f, const char *member, json_t *value)
{
    return api_fixture_call(f, "op", "POST", "/api/alert-speeches",
                            json_pack("{s:[s], s:i, s:s, s:o}", "areas", "ia-le", "minutes", 30,
                                      "order", "o-1", member, value),
                            NULL);
}

static guint
approve(ApiFixture *f, const char *login, json_t *asked)
{
    g_autofree char *path =
        g_strdup_printf("/api/proposals/%s/approve", api_text(asked, "waits"));

    return api_fixture_call(f, login, "POST", path, NULL, NULL);
}

static gsize
n_notes(ApiFixture *f, const char *login)
{
    json_auto_t *notes = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", "/api/alert-notes", NULL, &notes), ==,
                     200);
    return json_array_size(json_object_get(notes, "alerts"));
}

/* Asked for, agreed to by somebody else, spoken once and by nobody else, to its hard end. */
static void
test_order(ApiFixture *f, gconstpointer data)
{
    json_auto_t *asked = NULL, *early = NULL, *called = NULL, *list = NULL, *own = NULL;
    json_auto_t *waiting = NULL;
    g_autofree char *op = NULL;

    set_up(f);
    g_assert_cmpuint(ask(f, "op", "o-1", "op", 60, 3661, NULL), ==, 422);
    g_assert_cmpuint(ask(f, "op", "o-1", "op", 60, 60, NULL), ==, 422);
    g_assert_cmpuint(ask(f, "op", "o-1", "op", -90, -30, NULL), ==, 422);
    g_assert_cmpuint(ask(f, "op", "o-1", "nobody", 60, 660, NULL), ==, 404);
    g_assert_cmpuint(ask(f, "blu", "o-1", "blu", 60, 660, NULL), ==, 403);
    g_assert_cmpuint(ask(f, "op", "o-1", "op", 60, 660, &asked), ==, 202);
    g_assert_cmpstr(api_text(asked, "waits"), !=, "");
    /* Who is to agree reads who will speak. */
    g_assert_cmpuint(api_fixture_call(f, "le-app", "GET", "/api/proposals", NULL, &waiting), ==,
                     200);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(waiting, "proposals"), 0),
                             "speaker_name"),
                    ==, "op");
    /* Nobody has agreed yet. */
    g_assert_cmpuint(speak_as(f, "op", "o-1", "ia-le", NULL), ==, 404);
    g_assert_cmpuint(approve(f, "blu-app", asked), ==, 403);
    g_assert_cmpuint(approve(f, "le-app", asked), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/speech-orders", NULL, &list), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(list, "orders")), ==, 1);
    /* Not yet, not elsewhere, not by another. */
    g_assert_cmpuint(speak_as(f, "op", "o-1", "ia-le", NULL), ==, 422);
    fake_clock_advance(f->clock, 61 * SECOND_US);
    g_assert_cmpuint(speak_as(f, "op", "o-1", "ia-le-a", NULL), ==, 422);
    g_assert_cmpuint(speak_as(f, "le-app", "o-1", "ia-le", NULL), ==, 403);
    /* Nobody agreed to an end of other alerts, nor to one before all others. */
    g_assert_cmpuint(speak_beyond(f, "replaces", json_pack("[s]", "flood")), ==, 422);
    g_assert_cmpuint(speak_beyond(f, "severity", json_integer(5)), ==, 422);
    g_assert_cmpuint(speak_as(f, "op", "o-1", "ia-le", &called), ==, 201);
    g_assert_cmpstr(api_text(called, "agreed_by"), ==, "le-app");
    g_assert_cmpint(number(called, "expires_us") - number(called, "issued_us"), ==,
                    (660 - 61) * SECOND_US);
    /* Two people know of it: nobody is told that one alone called. */
    g_assert_cmpint(number(called, "n_told"), ==, 0);
    g_assert_cmpuint(n_notes(f, "dist"), ==, 0);
    g_assert_cmpuint(speak_as(f, "op", "o-1", "ia-le", NULL), ==, 422);
    /* Without an order, one person may, and all are told. */
    early = call(f, "op", "ia-le");
    g_assert_cmpuint(n_notes(f, "dist"), ==, 1);
    g_assert_cmpstr(api_text(early, "agreed_by"), ==, "");

    /* Nobody agrees to what they say themselves, whoever asks for it. */
    g_assert_cmpuint(ask(f, "op", "o-2", "le-app", 0, 600, &own), ==, 202);
    g_assert_cmpuint(approve(f, "le-app", own), ==, 422);
    g_assert_cmpuint(approve(f, "dist", own), ==, 200);
    fake_clock_advance(f->clock, 601 * SECOND_US);
    g_assert_cmpuint(speak_as(f, "le-app", "o-2", "ia-le", NULL), ==, 422);
}

static guint
withdraw(ApiFixture *f, const char *login, const char *id)
{
    g_autofree char *path = g_strconcat("/api/speech-orders/", id, NULL);

    return api_fixture_call(f, login, "DELETE", path, NULL, NULL);
}

static gboolean
retire_body(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_account_set_state(txn, data, SCHED_ACCOUNT_RETIRED, error);
}

/* Until it is spoken it can be taken back, and it holds as long as its second person does. */
static void
test_order_taken_back(ApiFixture *f, gconstpointer data)
{
    const struct {
        const char *id;
        gint64 from_s;
    } orders[] = {{"o-1", 0}, {"o-2", 0}, {"o-3", 60}, {"o-4", 0}};

    set_up(f);
    for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
        json_auto_t *asked = NULL;

        g_assert_cmpuint(ask(f, "op", orders[i].id, "op", orders[i].from_s, 600, &asked), ==,
                         202);
        g_assert_cmpuint(approve(f, "le-app", asked), ==, 200);
    }
    g_assert_cmpuint(withdraw(f, "op", "o-9"), ==, 404);
    g_assert_cmpuint(withdraw(f, "blu-app", "o-1"), ==, 403);
    g_assert_cmpuint(withdraw(f, "op", "o-1"), ==, 200);
    g_assert_cmpuint(speak_as(f, "op", "o-1", "ia-le", NULL), ==, 404);
    g_assert_cmpuint(withdraw(f, "op", "o-1"), ==, 404);
    g_assert_cmpuint(withdraw(f, "dist", "o-3"), ==, 200);
    g_assert_cmpuint(speak_as(f, "op", "o-2", "ia-le", NULL), ==, 201);
    g_assert_cmpuint(withdraw(f, "op", "o-2"), ==, 422);

    temp_store_run(f->store, retire_body, (char *) "le-app");
    g_assert_cmpuint(speak_as(f, "op", "o-4", "ia-le", NULL), ==, 422);
    fake_clock_advance(f->clock, 600 * SECOND_US);
    g_assert_cmpuint(withdraw(f, "op", "o-4"), ==, 422);
}

static void
count_trouble(gpointer data, const char *words)
{
    g_test_message("%s", words);
    (*(guint *) data)++;
}

static gboolean
full_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "CREATE TRIGGER full BEFORE UPDATE ON speeches "
                         "BEGIN SELECT RAISE(ABORT, 'no room'); END");
    return TRUE;
}

static gboolean
room_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "DROP TRIGGER full");
    return TRUE;
}

static guint
n_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n = 0;

    while (dir != NULL && g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

/* The recording is in the store, and nothing names it yet: it is found until something does. */
static void
test_unnoted(ApiFixture *f, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(f->folder, "live", NULL);
    guint n_troubles = 0;
    const SchedSpeechesOptions options = {f->store->store, f->objects,    f->clock,   folder,
                                          nobody,          count_trouble, &n_troubles};
    json_auto_t *called = NULL;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    g_assert_cmpuint(say(f, "dist", api_text(called, "id"), 0, 0), ==, 200);
    temp_store_run(f->store, full_body, NULL);
    sched_speeches_free(sched_speeches_new(&options));
    g_assert_cmpuint(n_troubles, ==, 1);
    g_assert_true(has_ended(f, api_text(called, "id"), "none"));
    sched_speeches_free(sched_speeches_new(&options)); /* the same file, put again */
    g_assert_cmpuint(n_troubles, ==, 2);
    temp_store_run(f->store, room_body, NULL);
    sched_speeches_free(sched_speeches_new(&options));
    g_assert_cmpuint(n_troubles, ==, 2);
    g_assert_true(has_ended(f, api_text(called, "id"), "restart"));
    check_recording(f, api_text(called, "id"), N_PACKETS);
    g_assert_cmpuint(n_files(folder), ==, 0);
}

/* What the disk does not give back just now is not nothing. */
static void
test_restart_unreadable(ApiFixture *f, gconstpointer data)
{
    guint n_troubles = 0;
    g_autofree char *folder = g_build_filename(f->folder, "live", NULL);
    const SchedSpeechesOptions options = {.store = f->store->store,
                                          .objects = f->objects,
                                          .clock = f->clock,
                                          .folder = folder,
                                          .say = nobody,
                                          .said = count_trouble,
                                          .data = &n_troubles};
    json_auto_t *called = NULL;
    g_autofree char *path = NULL;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    g_assert_cmpuint(say(f, "dist", api_text(called, "id"), 0, 0), ==, 200);
    path = g_strdup_printf("%s/%s.opus", folder, api_text(called, "id"));
    g_assert_cmpint(unlink(path), ==, 0);
    g_assert_cmpint(symlink(path, path), ==, 0);
    sched_speeches_free(sched_speeches_new(&options));
    g_assert_cmpuint(n_troubles, ==, 1);
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    g_assert_true(has_ended(f, api_text(called, "id"), "restart"));
}

/* Killed when the row was written, before the first name of the file was dropped. */
static void
test_twice(ApiFixture *f, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(f->folder, "live", NULL);
    const SchedSpeechesOptions options = {f->store->store, f->objects, f->clock, folder,
                                          nobody,          no_trouble, NULL};
    json_auto_t *called = NULL;
    g_autofree char *name = NULL, *path = NULL;

    set_up(f);
    called = call(f, "dist", "chu-puh");
    g_assert_cmpuint(say(f, "dist", api_text(called, "id"), 0, 1), ==, 200);
    TEST_WAIT_UNTIL(has_ended(f, api_text(called, "id"), "spoken"));
    TEST_WAIT_UNTIL(n_files(folder) == 0);
    name = g_strconcat(api_text(called, "id"), ".opus", NULL);
    path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, "kept", -1, NULL));
    sched_speeches_free(sched_speeches_new(&options));
    g_assert_cmpuint(n_files(folder), ==, 0);
    check_recording(f, api_text(called, "id"), N_PACKETS);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    api_fixture_add("/scheduler/web/speeches/spoken", test_spoken);
    api_fixture_add("/scheduler/web/speeches/farewell", test_farewell);
    api_fixture_add("/scheduler/web/speeches/farewells", test_farewells);
    api_fixture_add("/scheduler/web/speeches/who", test_who);
    api_fixture_add("/scheduler/web/speeches/station", test_station);
    api_fixture_add("/scheduler/web/speeches/station-ends", test_station_ends);
    api_fixture_add("/scheduler/web/speeches/bad", test_bad);
    api_fixture_add("/scheduler/web/speeches/pace", test_pace);
    api_fixture_add("/scheduler/web/speeches/broker-away", test_broker_away);
    api_fixture_add("/scheduler/web/speeches/ends", test_ends);
    api_fixture_add("/scheduler/web/speeches/restart", test_restart);
    api_fixture_add("/scheduler/web/speeches/restart-unreadable", test_restart_unreadable);
    api_fixture_add("/scheduler/web/speeches/restart-tells", test_restart_tells);
    api_fixture_add("/scheduler/web/speeches/station-says", test_station_says);
    api_fixture_add("/scheduler/web/speeches/order", test_order);
    api_fixture_add("/scheduler/web/speeches/order-taken-back", test_order_taken_back);
    api_fixture_add("/scheduler/web/speeches/restart-late", test_restart_late);
    api_fixture_add("/scheduler/web/speeches/unnoted", test_unnoted);
    api_fixture_add("/scheduler/web/speeches/twice", test_twice);
    return g_test_run();
}
