/*
 * test-alerts.c - an alert through the API: who may call and stop one, what it says, that it is
 * signed and handed on, who is told, and how far it is in each village.
 */
#include "tests/scheduler/web/alert-fixture.h"

#include "content/alert.h"
#include "content/claim.h"
#include "content/heartbeat.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/records.h"

#include <curl/curl.h>
#include <string.h>

static guint
call(ApiFixture *f, const char *login, const char *template, const char *area, gboolean drill,
     json_t **out)
{
    return api_fixture_call(f, login, "POST", "/api/alerts",
                            json_pack("{s:s, s:[s], s:b}", "template", template, "areas", area,
                                      "drill", drill),
                            out);
}

/* What would be heard, in each language there is, and nothing of it is kept or goes out. */
static void
test_preview(ApiFixture *f, gconstpointer data)
{
    json_t *answer = NULL, *speech;
    guint n_given;

    alert_fixture_set_up(f);
    n_given = f->n_orders_given;
    g_assert_cmpuint(
        api_fixture_call(f, "op", "POST", "/api/alert-previews",
                         json_pack("{s:s, s:[s]}", "template", "bao-nham", "areas", "ia-le"),
                         &answer),
        ==, 200);
    g_assert_cmpstr(json_string_value(json_object_get(answer, "title")), ==, "Báo nhầm");
    g_assert_cmpuint(json_array_size(json_object_get(answer, "speeches")), ==, 2);
    speech = json_array_get(json_object_get(answer, "speeches"), 1);
    g_assert_cmpstr(json_string_value(json_object_get(speech, "language")), ==, "jra");
    g_assert_cmpstr(json_string_value(json_array_get(json_object_get(speech, "versions"), 0)),
                    ==, "cb-nham-1-jra");
    json_decref(answer);
    g_assert_cmpuint(f->n_orders_given, ==, n_given);
    g_assert_cmpuint(
        api_fixture_call(f, "blu", "POST", "/api/alert-previews",
                         json_pack("{s:s, s:[s]}", "template", "bao-nham", "areas", "ia-le"),
                         NULL),
        ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alerts", NULL, &answer), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(answer, "alerts")), ==, 0);
    json_decref(answer);
}

static void
test_who(ApiFixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *why, *login, *template, *area; guint status; } cases[] = {
        { "the commune's operator",        "op",      "bao-nham", "ia-le",   201 },
        { "its approver",                  "le-app",  "bao-nham", "ia-le",   201 },
        { "of one village alone",          "village", "bao-nham", "ia-le-a", 201 },
        { "not of the commune then",       "village", "bao-nham", "ia-le",   403 },
        { "nor the neighbour",             "blu",     "bao-nham", "ia-le",   403 },
        { "nor who only writes",           "le-ed",   "bao-nham", "ia-le",   403 },
        { "an official stops, not calls",  "le",      "bao-nham", "ia-le",   403 },
        { "nobody",                        NULL,      "bao-nham", "ia-le",   401 },
        { "no such place",                 "op",      "bao-nham", "ia-dau",  403 },
        { "no such template",              "op",      "nui-lua",  "ia-le",   422 },
        { "one that nobody recorded",      "op",      "dich-benh", "ia-le",  422 },
        { "a blank that is not filled",    "op",      "chay-nha", "ia-le",   422 },
    };
    /* clang-format on */

    alert_fixture_set_up(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint n_given = f->n_orders_given;
        guint status = call(f, cases[i].login, cases[i].template, cases[i].area, FALSE, NULL);

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(status, ==, cases[i].status);
        g_assert_cmpuint(f->n_orders_given, ==, n_given + (status == 201));
    }
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alerts",
                                      json_pack("{s:s, s:[]}", "template", "bao-nham", "areas"),
                                      NULL),
                     ==, 422);
}

typedef struct {
    ApiFixture *fixture;
    const char *id;
    ContentAlert *alert; /* (owned) */
} Wanted;

/* What is kept is what a station will verify: our key, the claim, the document. */
static gboolean
open_body(SchedTxn *txn, gpointer data, GError **error)
{
    Wanted *wanted = data;
    g_autoptr(SchedAlertRow) row = sched_store_alert_get(txn, wanted->id, error);
    g_autoptr(SchedDocumentRow) document = sched_store_document_get(txn, row->hash, error);
    const ContentSignature *signature = document->signatures->pdata[0];
    const ContentSealKey *key = sched_keys_signer(wanted->fixture->keys, CONTENT_ROLE_ALERT);
    g_autofree char *comment = content_claim_comment("alert", NULL, 0);
    gsize n_bytes;
    gconstpointer bytes = g_bytes_get_data(document->body, &n_bytes);

    g_assert_true(content_seal_verify(content_seal_key_public(key), signature->signature, bytes,
                                      n_bytes, comment, error));
    wanted->alert = content_document_read(&content_alert_type, bytes, n_bytes, error);
    g_assert_nonnull(wanted->alert);
    return TRUE;
}

static char *
village_value(ApiFixture *f, const char *area)
{
    json_auto_t *answer = NULL;
    json_t *values, *value;
    gsize i;

    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-templates", NULL, &answer),
                     ==, 200);
    values = json_object_get(answer, "values");
    json_array_foreach(values, i, value)
    {
        if (strcmp(api_text(value, "area"), area) == 0)
            return g_strdup(api_text(value, "id"));
    }
    g_error("no name for %s", area);
}

static void
test_what(ApiFixture *f, gconstpointer data)
{
    json_auto_t *real = NULL, *drill = NULL;
    g_autofree char *village = NULL;
    Wanted wanted = {f, NULL, NULL};
    const ContentSpeech *speech;

    alert_fixture_set_up(f);
    village = village_value(f, "ia-le-a");
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alerts",
                                      json_pack("{s:s, s:[s], s:[s], s:i, s:i}", "template",
                                                "chay-nha", "areas", "ia-le", "values", village,
                                                "severity", 5, "minutes", 7),
                                      &real),
                     ==, 201);
    wanted.id = api_text(real, "id");
    temp_store_look(f->store, open_body, &wanted);
    g_assert_cmpint(wanted.alert->event, ==, CONTENT_EVENT_HOUSE_FIRE);
    g_assert_cmpint(wanted.alert->severity, ==, 5);
    g_assert_cmpint(wanted.alert->expires_us - wanted.alert->issued_us, ==,
                    G_GINT64_CONSTANT(420) * G_USEC_PER_SEC);
    g_assert_true(g_str_has_prefix(wanted.alert->title, "Cháy nhà: "));
    g_assert_false(wanted.alert->drill);
    g_assert_cmpint(wanted.alert->tone, ==, CONTENT_ALERT_TONE_PULSE);
    g_assert_cmpuint(wanted.alert->speeches->len, ==, 1);
    speech = wanted.alert->speeches->pdata[0];
    g_assert_cmpuint(speech->parts->len, ==, 3);
    g_assert_cmpuint(wanted.alert->objects->len, ==, 1); /* the name, for who lacks it */
    g_assert_nonnull(((ContentAlertObject *) wanted.alert->objects->pdata[0])->approval);
    content_alert_free(wanted.alert);

    g_assert_cmpuint(call(f, "op", "bao-nham", "ia-le", TRUE, &drill), ==, 201);
    wanted.id = api_text(drill, "id");
    temp_store_look(f->store, open_body, &wanted);
    g_assert_true(wanted.alert->drill);
    g_assert_cmpint(wanted.alert->tone, ==, CONTENT_ALERT_TONE_GONG);
    /* Nobody recorded in Jrai what a drill is, so none is held in it. */
    g_assert_cmpuint(wanted.alert->speeches->len, ==, 1);
    speech = wanted.alert->speeches->pdata[0];
    g_assert_cmpuint(speech->parts->len, ==, 3);
    g_assert_cmpstr(speech->parts->pdata[0], ==, speech->parts->pdata[2]);
    content_alert_free(wanted.alert);
}

static gsize
n_notes(ApiFixture *f, const char *login)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", "/api/alert-notes", NULL, &answer), ==,
                     200);
    return json_array_size(json_object_get(answer, "alerts"));
}

static void
test_told(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *state = NULL;
    g_autofree char *seen = NULL, *path = NULL;

    alert_fixture_set_up(f);
    g_assert_cmpuint(call(f, "op", "bao-nham", "ia-le", FALSE, &called), ==, 201);
    seen = g_strdup_printf("/api/alerts/%s/seen", api_text(called, "id"));
    path = g_strdup_printf("/api/alerts/%s", api_text(called, "id"));
    g_assert_cmpuint(n_notes(f, "le-app"), ==, 1);
    g_assert_cmpuint(n_notes(f, "blu-app"), ==, 0);
    g_assert_cmpuint(n_notes(f, "op"), ==, 0);
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", seen, NULL, NULL), ==, 404);
    g_assert_cmpuint(api_fixture_call(f, "le-app", "POST", seen, NULL, NULL), ==, 200);
    g_assert_cmpuint(n_notes(f, "le-app"), ==, 0);
    g_assert_cmpuint(api_fixture_call(f, "village", "GET", path, NULL, &state), ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(state, "n_seen")), ==, 1);
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", path, NULL, NULL), ==, 403);
}

static void
test_stop(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *stopped = NULL;
    g_autofree char *stop = NULL;
    guint n_given;

    alert_fixture_set_up(f);
    g_assert_cmpuint(call(f, "op", "bao-nham", "ia-le", FALSE, &called), ==, 201);
    stop = g_strdup_printf("/api/alerts/%s/stop", api_text(called, "id"));
    n_given = f->n_orders_given;
    g_assert_cmpuint(api_fixture_call(f, "blu", "POST", stop, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "village", "POST", stop, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "le", "POST", stop, NULL, &stopped), ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(stopped, "stopped_us")), >, 0);
    g_assert_cmpuint(api_fixture_call(f, "village", "POST", "/api/alert-stops",
                                      json_pack("{s:[s]}", "areas", "ia-le-a"), NULL),
                     ==, 201);
    g_assert_cmpuint(api_fixture_call(f, "village", "POST", "/api/alert-stops",
                                      json_pack("{s:[s]}", "areas", "ia-le"), NULL),
                     ==, 403);
    g_assert_cmpuint(f->n_orders_given, ==, n_given + 2);
}

static guint
call_instead(ApiFixture *f, const char *login, const char *path, json_t *called, gboolean drill)
{
    json_t *body = json_pack("{s:[s], s:[s], s:b}", "areas", "ia-le", "replaces",
                             api_text(called, "id"), "drill", drill);

    if (strcmp(path, "/api/alerts") == 0)
        json_object_set_new(body, "template", json_string("bao-nham"));
    else
        json_object_set_new(body, "minutes", json_integer(2));
    return api_fixture_call(f, login, "POST", path, body, NULL);
}

static void
see_going_on(ApiFixture *f, const char *login, json_t *called)
{
    g_autofree char *frames = g_strdup_printf("/api/alerts/%s/frames", api_text(called, "id"));
    g_autofree char *token = api_fixture_token(login);
    const char *const headers[] = {"Content-Type: application/octet-stream", token, NULL};
    static const char nothing[] = {0};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "POST", frames, headers, nothing, sizeof nothing);

    g_assert_cmpuint(answer->status, ==, 422); /* no frame; 409 if it were over */
}

/* It ends where it sounds, which is more than the new one's villages: the same right as a stop.
 */
static void
test_replaces(ApiFixture *f, gconstpointer data)
{
    static const char *const paths[] = {"/api/alerts", "/api/alert-speeches"};
    json_auto_t *theirs = NULL, *spoken = NULL, *ours = NULL, *practice = NULL;

    alert_fixture_set_up(f);
    g_assert_cmpuint(call(f, "blu", "bao-nham", "ia-blu", FALSE, &theirs), ==, 201);
    g_assert_cmpuint(
        api_fixture_call(f, "blu", "POST", "/api/alert-speeches",
                         json_pack("{s:[s], s:i}", "areas", "ia-blu", "minutes", 2), &spoken),
        ==, 201);
    g_assert_cmpuint(call(f, "op", "bao-nham", "ia-le", FALSE, &ours), ==, 201);
    g_assert_cmpuint(call(f, "op", "bao-nham", "ia-le", TRUE, &practice), ==, 201);
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        const guint n_given = f->n_orders_given;

        g_assert_cmpuint(call_instead(f, "op", paths[i], theirs, FALSE), ==, 403);
        g_assert_cmpuint(call_instead(f, "op", paths[i], spoken, FALSE), ==, 403);
        g_assert_cmpuint(call_instead(f, "op", paths[i], ours, TRUE), ==, 422);
        g_assert_cmpuint(f->n_orders_given, ==, n_given);
        see_going_on(f, "blu", spoken);
        g_assert_cmpuint(call_instead(f, "op", paths[i], practice, TRUE), ==, 201);
        g_assert_cmpuint(call_instead(f, "op", paths[i], ours, FALSE), ==, 201);
    }
}

static gboolean plei_body(SchedTxn *txn, gpointer data, GError **error);

/* --- how far it is ---------------------------------------------------------------------------
 */

static const char *
state_of(json_t *answer, const char *zone)
{
    json_t *zones = json_object_get(answer, "zones"), *one;
    gsize i;

    json_array_foreach(zones, i, one)
    {
        if (strcmp(api_text(one, "zone"), zone) == 0)
            return api_text(one, "state");
    }
    return "none";
}

static gboolean
sent_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedOrderRow order = {.id = (char *) data};

    assert_done(sched_store_order_published(txn, &order, &problem));
    temp_store_exec(txn, "INSERT INTO station_states (station, contact_us, reads) "
                         "VALUES ('ia-le', 9007199254740990, '[[\"alert\",1]]')");
    return TRUE;
}

static gboolean
sounding_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    ContentSounding *sounding = content_shape_new(&content_sounding_shape);
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    g_autoptr(GBytes) bytes = NULL;
    SchedHeartbeatRow row = {.station = (char *) "ia-le", .received_us = 1};
    g_autofree char *document = NULL;

    sounding->alert = g_strdup(data);
    sounding->output = g_strdup("main");
    sounding->segment = g_strnfill(32, 'a');
    sounding->title = g_strdup("Báo nhầm");
    g_ptr_array_add(sounding->zones, g_strdup("b"));
    heartbeat->station = g_strdup("ia-le");
    heartbeat->boot = g_strnfill(32, 'b');
    heartbeat->journal = g_strdup("j");
    heartbeat->player_version = g_strdup("1");
    g_ptr_array_add(heartbeat->sounding, sounding);
    bytes = content_document_write(&content_heartbeat_type, heartbeat, error);
    g_assert_nonnull(bytes);
    row.document = document = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_ptr_array_add(rows, &row);
    return sched_store_heartbeats_put(txn, rows, error);
}

static gboolean
lacks(json_t *gap, const char *title)
{
    json_t *titles = json_object_get(gap, "titles"), *one;
    gsize i;

    json_array_foreach(titles, i, one)
    {
        if (strcmp(json_string_value(one), title) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
test_state(ApiFixture *f, gconstpointer data)
{
    json_t *one, *gaps, *gap;
    gsize i, n_lacked[3];
    gboolean lacks_correction[3];
    json_auto_t *called = NULL, *sent = NULL, *sounding = NULL, *listed = NULL, *ready = NULL;
    g_autofree char *path = NULL;
    const char *id;

    alert_fixture_set_up(f);
    g_assert_cmpuint(call(f, "op", "bao-nham", "ia-le", FALSE, &called), ==, 201);
    id = api_text(called, "id");
    path = g_strdup_printf("/api/alerts/%s", id);
    g_assert_cmpstr(state_of(called, "a"), ==, "not_sent");
    temp_store_run(f->store, sent_body, (gpointer) id);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", path, NULL, &sent), ==, 200);
    g_assert_cmpstr(state_of(sent, "a"), ==, "waiting");
    temp_store_run(f->store, sounding_body, (gpointer) id);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", path, NULL, &sounding), ==, 200);
    g_assert_cmpstr(state_of(sounding, "a"), ==, "waiting");
    g_assert_cmpstr(state_of(sounding, "b"), ==, "sounding");
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alerts?area=ia-le", NULL, &listed),
                     ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(listed, "alerts")), ==, 1);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-readiness", NULL, &ready), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(ready, "stations")), ==, 1);
    one = json_array_get(json_object_get(ready, "stations"), 0);
    g_assert_false(json_is_true(json_object_get(one, "ready")));
    /* In Jrai the false alarm alone is there, in Bahnar nothing, in Vietnamese the rest lacks.
     */
    gaps = json_object_get(one, "gaps");
    g_assert_cmpuint(json_array_size(gaps), ==, 3);
    json_array_foreach(gaps, i, gap)
    {
        n_lacked[i] = json_array_size(json_object_get(gap, "titles"));
        lacks_correction[i] = lacks(gap, "Báo nhầm");
    }
    g_assert_cmpstr(api_text(json_array_get(gaps, 0), "language"), ==, "jra");
    g_assert_false(lacks_correction[0]);
    g_assert_cmpstr(api_text(json_array_get(gaps, 2), "language"), ==, "bdq");
    g_assert_true(lacks_correction[2]);
    g_assert_cmpuint(n_lacked[0], ==, n_lacked[2] - 1);
    g_assert_cmpuint(n_lacked[1], <, n_lacked[0]);
    /* What fills the blanks counts too: levels, times, and names of villages. */
    for (i = 0; i < 3; i++) {
        static const char *const titles[] = {"Báo động 3", "trong 3 giờ tới", "Làng B"};

        for (gsize j = 0; j < G_N_ELEMENTS(titles); j++)
            g_assert_true(lacks(json_array_get(gaps, i), titles[j]));
    }
}

static gboolean
new_village_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) VALUES "
                         "('plei-moi', 'ia-le', 'village', 'Plei Mới'); "
                         "UPDATE zones SET village = 'plei-moi' WHERE station = 'ia-le' AND "
                         "id = 'a'");
    return TRUE;
}

/* A village that is newer than the phrases: nobody could name it, until they are laid anew. */
static void
test_nameless(ApiFixture *f, gconstpointer data)
{
    static const char path[] = "/api/alert-readiness?area=ia-le";

    alert_fixture_set_up(f);
    temp_store_run(f->store, new_village_body, NULL);
    for (gint is_laid = FALSE; is_laid <= TRUE; is_laid++) {
        json_auto_t *ready = NULL;
        json_t *gaps, *one;
        gsize i, n_lacking = 0;

        g_assert_cmpuint(api_fixture_call(f, "op", "GET", path, NULL, &ready), ==, 200);
        gaps = json_object_get(json_array_get(json_object_get(ready, "stations"), 0), "gaps");
        json_array_foreach(gaps, i, one) n_lacking += lacks(one, "Plei Mới");
        g_assert_cmpuint(n_lacking, ==, json_array_size(gaps));
        if (is_laid)
            continue;
        g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", "/api/alert-templates/standard",
                                          json_pack("{s:s}", "area", "gia-lai"), NULL),
                         ==, 200);
    }
}

static const char *
first_of(json_t *list)
{
    return json_array_size(list) == 0 ? "" : json_string_value(json_array_get(list, 0));
}

/* Before it is called: who would hear it in which language, and who in none of theirs. */
static void
test_hearing(ApiFixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *why, *village, *heard, *lacking; gsize n_heard; } cases[] = {
        { "both of its languages are there",   "ia-le-a", "jra", "",    2 },
        { "Bahnar is not: Vietnamese alone",   "ia-le-b", "vi",  "bdq", 1 },
        { "no loudspeaker",                    "plei-xa", "",    "",    0 },
    };
    /* clang-format on */
    json_auto_t *answer = NULL;
    json_t *villages, *one;
    gsize i;

    alert_fixture_set_up(f);
    temp_store_run(f->store, plei_body, NULL);
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alert-previews",
                                      json_pack("{s:s, s:[s, s]}", "template", "bao-nham",
                                                "areas", "ia-le", "ia-le-a"),
                                      &answer),
                     ==, 200);
    villages = json_object_get(answer, "villages");
    g_assert_cmpuint(json_array_size(villages), ==, G_N_ELEMENTS(cases));
    json_array_foreach(villages, i, one)
    {
        gsize at = 0;

        while (strcmp(cases[at].village, api_text(one, "village")) != 0)
            g_assert_cmpuint(++at, <, G_N_ELEMENTS(cases));
        g_test_message("%s", cases[at].why);
        g_assert_cmpstr(first_of(json_object_get(one, "heard")), ==, cases[at].heard);
        g_assert_cmpuint(json_array_size(json_object_get(one, "heard")), ==, cases[at].n_heard);
        g_assert_cmpstr(first_of(json_object_get(one, "lacking")), ==, cases[at].lacking);
    }
}

/* --- where no loudspeaker answers ------------------------------------------------------------
 */

static gboolean
plei_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) VALUES "
                         "('plei-xa', 'ia-le', 'village', 'Plei Xa')");
    return TRUE;
}

/* Returns: (transfer full): tasks that @login sees by @query */
static json_t *
tasks_of(ApiFixture *f, const char *login, const char *query)
{
    g_autofree char *path = g_strconcat("/api/messenger-tasks", query, NULL);
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    return json_incref(json_object_get(answer, "tasks"));
}

static json_t *
village_agreed(const char *phone)
{
    return json_pack("{s:i, s:[s, s], s:s, s:[{s:s, s:s, s:s, s:s}]}", "households", 45,
                     "languages", "jra", "vi", "signal", "ba hồi chiêng", "people", "name",
                     "Rơ Mah H’Lan", "means", "gong", "phone", phone, "hours", "buổi tối");
}

static void
agree(ApiFixture *f)
{
    static const char path[] = "/api/messenger-villages/plei-xa";
    json_auto_t *kept = NULL, *listed = NULL, *none = NULL;

    temp_store_run(f->store, plei_body, NULL);
    g_assert_cmpuint(
        api_fixture_call(f, "blu", "PUT", path, village_agreed("0905 123 456"), NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "le-app", "PUT", path, village_agreed(""), NULL), ==,
                     403);
    g_assert_cmpuint(api_fixture_call(f, "le-ed", "PUT", path, village_agreed("xã"), NULL), ==,
                     422);
    g_assert_cmpuint(api_fixture_call(f, "le-ed", "PUT", path, village_agreed("0905 123 456"),
                                      &kept),
                     ==, 200);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(kept, "people"), 0), "phone"), ==,
                    "0905123456");
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/messenger-villages?area=ia-le",
                                      NULL, &listed),
                     ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(listed, "villages")), ==, 1);
    /* Numbers are for who is at home there. */
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", "/api/messenger-villages", NULL, &none),
                     ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(none, "villages")), ==, 0);
}

static guint
step(ApiFixture *f, const char *login, const char *task, json_t *body, json_t **out)
{
    g_autofree char *path = g_strdup_printf("/api/messenger-tasks/%s/steps", task);

    return api_fixture_call(f, login, "POST", path, body, out);
}

/* A drill: called, told, confirmed, put right, and told that it is over. */
static void
test_messengers(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *open = NULL, *whole = NULL, *after = NULL, *others = NULL;
    g_autofree char *query = NULL, *stop = NULL, *path = NULL;
    const json_t *task, *text;
    const char *id;

    alert_fixture_set_up(f);
    agree(f);
    g_assert_cmpuint(call(f, "op", "bao-nham", "plei-xa", TRUE, &called), ==, 201);
    query = g_strdup_printf("?alert=%s", api_text(called, "id"));
    open = tasks_of(f, "op", query);
    g_assert_cmpuint(json_array_size(open), ==, 1);
    task = json_array_get(open, 0);
    id = api_text((json_t *) task, "id");
    g_assert_cmpstr(api_text((json_t *) task, "why"), ==, "no_loudspeaker");
    g_assert_cmpstr(api_text((json_t *) task, "phone"), ==, "0905123456");
    g_assert_true(json_is_true(json_object_get(task, "drill")));
    others = tasks_of(f, "blu", query);
    g_assert_cmpuint(json_array_size(others), ==, 0);

    path = g_strdup_printf("/api/messenger-tasks/%s", id);
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", path, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", path, NULL, &whole), ==, 200);
    g_assert_cmpstr(api_text(whole, "signal"), ==, "ba hồi chiêng");
    /* In Jrai nobody recorded what a drill is: that is told, and nothing made up. */
    text = json_array_get(json_object_get(whole, "texts"), 0);
    g_assert_cmpstr(api_text((json_t *) text, "language"), ==, "jra");
    g_assert_cmpstr(api_text((json_t *) text, "text"), ==, "");

    g_assert_cmpuint(step(f, "blu", id,
                          json_pack("{s:s, s:s}", "state", "told", "means", "gong"), NULL),
                     ==, 403);
    g_assert_cmpuint(step(f, "op", id, json_pack("{s:s}", "state", "no_longer"), NULL), ==,
                     422);
    g_assert_cmpuint(step(f, "op", id, json_pack("{s:s}", "state", "told"), NULL), ==, 422);
    g_assert_cmpuint(step(f, "op", id,
                          json_pack("{s:s, s:s}", "state", "told", "means", "by_phone"), NULL),
                     ==, 201);
    g_assert_cmpuint(step(f, "op", id,
                          json_pack("{s:s, s:i, s:i}", "state", "confirmed", "reached", 46,
                                    "households", 45),
                          NULL),
                     ==, 422);
    g_assert_cmpuint(step(f, "op", id,
                          json_pack("{s:s, s:i, s:i}", "state", "confirmed", "reached", 42,
                                    "households", 45),
                          &after),
                     ==, 201);
    g_assert_cmpstr(api_text(after, "state"), ==, "confirmed");
    g_assert_cmpint(json_integer_value(json_object_get(after, "reached")), ==, 42);
    g_assert_cmpuint(json_array_size(json_object_get(after, "steps")), ==, 2);

    stop = g_strdup_printf("/api/alerts/%s/stop", api_text(called, "id"));
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", stop, NULL, NULL), ==, 200);
    json_decref(open);
    open = tasks_of(f, "op", "?waiting=true");
    g_assert_cmpuint(json_array_size(open), ==, 1);
    g_assert_cmpstr(api_text(json_array_get(open, 0), "kind"), ==, "alert_over");
}

static gboolean
alone_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "INSERT INTO alerts (id, event, title, severity, drill, issued_us, "
                         "expires_us, published_us, station, caller, by_button) VALUES "
                         "('mot-minh', 'flood', 'Lũ', 4, 0, 1, 9007199254740990, 1, 'ia-le', "
                         "'nut-lu', 1)");
    return TRUE;
}

/* Started alone, and nobody knows yet in which zones: who answers for the station's place sees
 * it and may end it, and nobody of another. */
static void
test_untaken(ApiFixture *f, gconstpointer data)
{
    static const char one[] = "/api/alerts/mot-minh", stop[] = "/api/alerts/mot-minh/stop";
    json_auto_t *listed = NULL, *others = NULL;

    alert_fixture_set_up(f);
    temp_store_run(f->store, alone_body, NULL);
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", one, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "blu", "POST", stop, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", "/api/alerts", NULL, &others), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(others, "alerts")), ==, 0);
    g_assert_cmpuint(api_fixture_call(f, "le", "GET", one, NULL, NULL), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "le", "GET", "/api/alerts", NULL, &listed), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(listed, "alerts")), ==, 1);
    g_assert_cmpuint(api_fixture_call(f, "le", "POST", stop, NULL, NULL), ==, 200);
}

typedef struct {
    const char *alert;
    gint64 seq;
    ContentRecordKind kind;
    ContentReason reason;
} Said;

/* In Vietnamese it is refused. */
static gboolean
say_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Said *said = data;
    g_autoptr(ContentRecord) r = content_document_new(&content_record_type);
    g_autoptr(GPtrArray) part = g_ptr_array_new_with_free_func(g_free);
    const ContentRecords batch = {(char *) "ia-le", (char *) "j", said->seq, FALSE, part};
    SchedIngest result = {0};
    g_autoptr(GBytes) bytes = NULL;
    ContentRemark *heard = content_remark_new("alert_heard", NULL, NULL);

    r->seq = said->seq;
    r->prev = g_strnfill(64, '0');
    r->kind = (gint) said->kind;
    r->boot = g_strdup("00112233445566778899aabbccddeeff");
    r->at_us = said->seq;
    r->occurrence = g_strdup(said->alert);
    r->item = g_strdup("alert");
    r->zone = g_strdup("a");
    r->reason = (gint) said->reason;
    content_remark_add_number(heard, "count", 0);
    content_record_tell(r, heard);
    content_record_tell(r, content_remark_new("alert_unsaid", NULL, "language", "vi", "reason",
                                              "not_approved", NULL));
    bytes = content_document_write(&content_record_type, r, error);
    g_ptr_array_add(part, g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    return sched_store_records_ingest(txn, &batch, &result, error);
}

/* (transfer full): "STATE REASON LANGUAGE:WHY…" of the zone a of ia-le */
static char *
unsaid_of(ApiFixture *f, const char *path)
{
    json_auto_t *answer = NULL;
    GString *out = g_string_new(NULL);
    json_t *zone, *unsaid;
    gsize i, j;

    g_assert_cmpuint(api_fixture_call(f, "op", "GET", path, NULL, &answer), ==, 200);
    json_array_foreach(json_object_get(answer, "zones"), i, zone)
    {
        if (strcmp(api_text(zone, "zone"), "a") != 0 ||
            strcmp(api_text(zone, "station"), "ia-le") != 0)
            continue;
        g_string_append_printf(out, "%s %s", api_text(zone, "state"), api_text(zone, "reason"));
        json_array_foreach(json_object_get(zone, "unsaid"), j, unsaid)
        {
            g_string_append_printf(out, " %s:%s", api_text(unsaid, "language"),
                                   api_text(unsaid, "reason"));
        }
    }
    return g_string_free(out, FALSE);
}

/* A village that heard the signal and no word of it is told of, with why: as soon as its
 * station has it, and for good. */
static void
test_unsaid(ApiFixture *f, gconstpointer data)
{
    json_auto_t *answer = NULL;
    Said said = {NULL, 1, CONTENT_RECORD_ALERT_TAKEN, CONTENT_REASON_NONE};
    g_autofree char *path = NULL, *taken = NULL, *ended = NULL;

    alert_fixture_set_up(f);
    g_assert_cmpuint(call(f, "op", "bao-nham", "ia-le", FALSE, &answer), ==, 201);
    said.alert = api_text(answer, "id");
    path = g_strdup_printf("/api/alerts/%s", said.alert);
    temp_store_run(f->store, say_body, &said);
    taken = unsaid_of(f, path);
    g_assert_cmpstr(taken, ==, "received none vi:not_approved");
    said.seq = 2;
    said.kind = CONTENT_RECORD_ALERT_ENDED;
    said.reason = CONTENT_REASON_NOT_APPROVED;
    temp_store_run(f->store, say_body, &said);
    ended = unsaid_of(f, path);
    g_assert_cmpstr(ended, ==, "tone_only not_approved vi:not_approved");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/alerts/preview", test_preview);
    api_fixture_add("/web/alerts/who", test_who);
    api_fixture_add("/web/alerts/what", test_what);
    api_fixture_add("/web/alerts/told", test_told);
    api_fixture_add("/web/alerts/stop", test_stop);
    api_fixture_add("/web/alerts/replaces", test_replaces);
    api_fixture_add("/web/alerts/messengers", test_messengers);
    api_fixture_add("/web/alerts/state", test_state);
    api_fixture_add("/web/alerts/nameless", test_nameless);
    api_fixture_add("/web/alerts/hearing", test_hearing);
    api_fixture_add("/web/alerts/untaken", test_untaken);
    api_fixture_add("/web/alerts/unsaid", test_unsaid);
    return g_test_run();
}
