/*
 * test-templates.c - templates of alerts through the API: added, changed and retired, by whom,
 * after whose agreement, and that what they say is what an alert then says.
 */
#include "tests/scheduler/web/alert-fixture.h"

#include "content/heartbeat.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/templates.h"

#include <curl/curl.h>
#include <string.h>

#define PATH "/api/alert-templates/vo-dap"

static json_t *
body_of(const char *event, json_t *parts)
{
    return json_pack("{s:i, s:s, s:i, s:i, s:o, s:i, s:i, s:s, s:s, s:i}", "again_s", 0,
                     "event", event, "gap_ms", 1000, "life_min", 60, "parts", parts, "repeats",
                     3, "severity", 5, "title", "Vỡ đập", "tone", "wail", "tone_ms", 6000);
}

static json_t *
dam_break(void)
{
    return body_of("dam_release", json_pack("[s, s]", "cb-nham-1", "[village]"));
}

/* Asked for by one person and agreed to by another. */
static void
by_two(ApiFixture *f, const char *method, const char *path, json_t *body)
{
    json_auto_t *asked = NULL;
    g_autofree char *approve = NULL;

    g_assert_cmpuint(api_fixture_call(f, "top-ed", method, path, body, &asked), ==, 202);
    approve = g_strdup_printf("/api/proposals/%s/approve", api_text(asked, "waits"));
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", approve, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "le-app", "POST", approve, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "top-app", "POST", approve, NULL, NULL), ==, 200);
}

static void
put(ApiFixture *f, json_t *body)
{
    by_two(f, "PUT", PATH, body);
}

static json_t *
because(const char *why)
{
    return json_pack("{s:s}", "why", why);
}

static void
set_up(ApiFixture *f)
{
    alert_fixture_set_up(f);
    api_fixture_account(f, "top-app", SCHED_ROLE_APPROVER, "gia-lai");
}

static json_t *
offered(ApiFixture *f, const char *id)
{
    json_auto_t *answer = NULL;
    json_t *one;
    gsize i;

    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-templates", NULL, &answer),
                     ==, 200);
    json_array_foreach(json_object_get(answer, "templates"), i, one)
    {
        if (strcmp(api_text(one, "id"), id) == 0)
            return json_incref(one);
    }
    return NULL;
}

/* A second template of one event; offered once a second person agreed, gone once retired. */
static void
test_life(ApiFixture *f, gconstpointer data)
{
    json_auto_t *there = NULL, *whole = NULL, *retired = NULL, *preview = NULL, *gone = NULL,
                *again = NULL;

    set_up(f);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", PATH, NULL, NULL), ==, 404);
    put(f, dam_break());
    there = offered(f, "vo-dap");
    g_assert_nonnull(there);
    g_assert_cmpstr(json_string_value(json_array_get(json_object_get(there, "blanks"), 0)), ==,
                    "village");
    g_assert_cmpuint(json_array_size(json_object_get(there, "languages")), ==, 2);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", PATH, NULL, &whole), ==, 200);
    g_assert_cmpstr(json_string_value(json_array_get(json_object_get(whole, "parts"), 0)), ==,
                    "cb-nham-1");

    /* Changed: without a blank it can be called as it stands. */
    put(f, body_of("dam_release", json_pack("[s]", "cb-nham-1")));
    g_assert_cmpuint(
        api_fixture_call(f, "op", "POST", "/api/alert-previews",
                         json_pack("{s:s, s:[s]}", "template", "vo-dap", "areas", "ia-le"),
                         &preview),
        ==, 200);
    g_assert_cmpstr(api_text(preview, "title"), ==, "Vỡ đập");

    by_two(f, "POST", PATH "/retire", because("trùng với mẫu xả lũ"));
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", PATH, NULL, &retired), ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(retired, "retired_us")), >, 0);
    /* Said again, by whoever has not seen it: nothing is left to agree to. */
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", PATH "/retire", because("lần nữa"),
                                      NULL),
                     ==, 200);
    gone = offered(f, "vo-dap");
    g_assert_null(gone);
    g_assert_cmpuint(
        api_fixture_call(f, "op", "POST", "/api/alert-previews",
                         json_pack("{s:s, s:[s]}", "template", "vo-dap", "areas", "ia-le"),
                         NULL),
        ==, 422);
    put(f, dam_break());
    again = offered(f, "vo-dap");
    g_assert_nonnull(again);
}

/* What is in force one person alone does not take away; the audit says why it went. */
static void
test_retired(ApiFixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *why, *login, *id, *words; guint status; } cases[] = {
        { "a commune's editor",              "le-ed",   "vo-dap",   "x", 403 },
        { "an operator",                     "op",      "vo-dap",   "x", 403 },
        { "without a word why",              "top-ed",  "vo-dap",   "",  400 },
        { "one that there is not",           "top-ed",  "khong-co", "x", 404 },
        { "without it no drill says so",     "top-ed",  "dien-tap", "x", 403 },
        { "what can be said now: by two",    "top-ed",  "vo-dap",   "x", 202 },
        { "also where an approver asks",     "top-app", "vo-dap",   "x", 202 },
        { "recorded nowhere: nobody misses it", "top-ed", "lu-quet", "x", 200 },
    };
    /* clang-format on */
    json_auto_t *there = NULL, *audit = NULL;
    set_up(f);
    put(f, dam_break());
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/api/alert-templates/%s/retire", cases[i].id);

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(api_fixture_call(f, cases[i].login, "POST", path,
                                          because(cases[i].words), NULL),
                         ==, cases[i].status);
    }
    there = offered(f, "vo-dap");
    g_assert_nonnull(there);
    api_fixture_account(f, "insp", SCHED_ROLE_INSPECTOR, "gia-lai");
    by_two(f, "POST", PATH "/retire", because("trùng với mẫu xả lũ"));
    g_assert_cmpuint(api_fixture_call(f, "insp", "GET",
                                      "/api/audit?object=vo-dap&action=alert_template.retire",
                                      NULL, &audit),
                     ==, 200);
    {
        g_autofree char *text = json_dumps(audit, 0);

        g_assert_nonnull(strstr(text, "trùng với mẫu xả lũ"));
    }
}

static json_t *
ordered(const char *language, json_t *parts)
{
    json_t *body = dam_break();

    json_object_set_new(body, "orders",
                        json_pack("[{s:s, s:o}]", "language", language, "parts", parts));
    return body;
}

static json_t *
without(const char *member)
{
    json_t *body = dam_break();

    json_object_del(body, member);
    return body;
}

static json_t *
with_number(const char *member, gint number)
{
    json_t *body = dam_break();

    json_object_set_new(body, member, json_integer(number));
    return body;
}

/* What cannot be one is told to whoever asks; who may not is refused. */
static void
test_refused(ApiFixture *f, gconstpointer data)
{
    json_t *many = json_array();

    for (guint i = 0; i < 33; i++)
        json_array_append_new(many, json_string("cb-nham-1"));
    set_up(f);
    {
        /* clang-format off */
        const struct { const char *why, *login; json_t *body; guint status; } cases[] = {
            { "a commune's editor",            "le-ed",  dam_break(),  403 },
            { "an operator",                   "op",     dam_break(),  403 },
            { "nobody",                        NULL,     dam_break(),  401 },
            { "no event",                      "top-ed", without("event"), 400 },
            { "an event that there is not",    "top-ed", body_of("nui-lua", json_pack("[s]", "cb-nham-1")), 400 },
            { "it says nothing",               "top-ed", body_of("flood", json_array()), 422 },
            { "longer than an alert",          "top-ed", body_of("flood", many), 400 },
            { "a phrase that there is not",    "top-ed", body_of("flood", json_pack("[s]", "cb-khong")), 422 },
            { "what fills a blank is no phrase", "top-ed", body_of("flood", json_pack("[s]", "cb-bd-1")), 422 },
            { "a blank that there is not",     "top-ed", body_of("flood", json_pack("[s]", "[nobody]")), 422 },
            { "a second one for drills",       "top-ed", body_of("drill", json_pack("[s]", "cb-nham-1")), 403 },
            { "a tone of two seconds",         "top-ed", with_number("tone_ms", 2000), 400 },
            { "above the highest level",       "top-ed", with_number("severity", 6), 400 },
            { "again after a second",          "top-ed", with_number("again_s", 1), 422 },
            { "another order, the same blanks", "top-ed", ordered("jra", json_pack("[s, s]", "[village]", "cb-nham-1")), 202 },
            { "an order without the blank",    "top-ed", ordered("jra", json_pack("[s]", "cb-nham-1")), 422 },
            { "an order of no language",       "top-ed", ordered("Jrai!", json_pack("[s, s]", "[village]", "cb-nham-1")), 400 },
        };
        /* clang-format on */

        for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
            g_test_message("%s", cases[i].why);
            g_assert_cmpuint(api_fixture_call(f, cases[i].login, "PUT", PATH, cases[i].body,
                                              NULL),
                             ==, cases[i].status);
        }
    }
}

/* A phrase of one's own is a draft that a sitting lists; the tree alone names villages. */
static void
test_phrase(ApiFixture *f, gconstpointer data)
{
    static const char path[] = "/api/alert-phrases";
    json_auto_t *added = NULL, *listed = NULL;
    json_t *rows, *row;
    gboolean is_there = FALSE;
    gsize i;

    set_up(f);
    g_assert_cmpuint(api_fixture_call(f, "le-ed", "POST", path,
                                      json_pack("{s:s, s:s, s:s}", "area", "ia-le", "blank",
                                                "refuge", "text", "nhà văn hóa xã."),
                                      NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", path,
                                      json_pack("{s:s, s:s, s:s}", "area", "gia-lai", "blank",
                                                "village", "text", "Plei Nào Đó"),
                                      NULL),
                     ==, 422);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", path,
                                      json_pack("{s:s, s:s, s:s}", "area", "gia-lai", "blank",
                                                "refuge", "text", "nhà văn hóa xã."),
                                      &added),
                     ==, 201);
    g_assert_cmpuint(api_fixture_call(f, "le-ed", "GET",
                                      "/api/alert-phrases?area=ia-le&language=jra", NULL,
                                      &listed),
                     ==, 200);
    rows = json_object_get(listed, "phrases");
    json_array_foreach(rows, i, row)
    {
        is_there |= strcmp(api_text(row, "phrase"), api_text(added, "phrase")) == 0 &&
                    strcmp(api_text(row, "blank"), "refuge") == 0;
    }
    g_assert_true(is_there);
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", "/api/alert-phrases?area=ia-le", NULL,
                                      NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-phrases?language=Jrai!", NULL,
                                      NULL),
                     ==, 400);
}

static gboolean
grant_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn,
                    "INSERT INTO grants (id, name, drills, max_starts, span_s, not_before_us, "
                    "expires_us, approver, made_us, revoked_us) VALUES ('g', 'g', 0, 1, 60, 0, "
                    "9007199254740990, 'approver', 0, 0); "
                    "INSERT INTO grant_templates (grant_id, template) VALUES ('g', 'vo-dap'); "
                    "INSERT INTO grant_inputs (grant_id, name, template, fills) SELECT 'g', "
                    "'nut', 'vo-dap', id FROM alert_values WHERE area = 'ia-le-a'");
    return TRUE;
}

/* What a commune may start alone is not taken from under it, and its button still starts it. */
static void
test_granted(ApiFixture *f, gconstpointer data)
{
    set_up(f);
    put(f, dam_break());
    temp_store_run(f->store, grant_body, NULL);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "POST", PATH "/retire", because("x"), NULL),
                     ==, 409);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "PUT", PATH,
                                      body_of("dam_release", json_pack("[s]", "cb-nham-1")),
                                      NULL),
                     ==, 409);
    put(f, body_of("dam_release", json_pack("[s, s]", "[village]", "cb-nham-1")));
}

/* The one for drills stays one for drills. */
static void
test_drill(ApiFixture *f, gconstpointer data)
{
    static const char path[] = "/api/alert-templates/dien-tap";

    set_up(f);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "PUT", path,
                                      body_of("flood", json_pack("[s]", "cb-dien-tap")), NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "PUT", path,
                                      body_of("drill", json_pack("[s]", "cb-dien-tap")), NULL),
                     ==, 202);
}

/* It is said in Vietnamese and in Jrai, and goes on to be. */
static void
test_silent(ApiFixture *f, gconstpointer data)
{
    json_t *parts = json_pack("[s, s]", "cb-chay-nha-1", "[village]");
    json_t *kept = body_of("dam_release", json_incref(parts));

    set_up(f);
    put(f, dam_break());
    /* Approved in Vietnamese alone, and in no language. */
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "PUT", PATH, body_of("dam_release", parts),
                                      NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "top-ed", "PUT", PATH,
                                      body_of("dam_release",
                                              json_pack("[s, s]", "cb-lu-quet-1", "[village]")),
                                      NULL),
                     ==, 403);
    json_object_set_new(kept, "orders",
                        json_pack("[{s:s, s:[s, s]}]", "language", "jra", "parts", "cb-nham-1",
                                  "[village]"));
    put(f, kept);
}

static gboolean
values_body(SchedTxn *txn, gpointer data, GError **error)
{
    gint64 n = 0;

    temp_store_as(txn, "top-ed", TEMP_STORE_NOW_US);
    g_assert_true(sched_sql_int(txn, "SELECT count(*) FROM alert_values WHERE area IS NULL", &n,
                                error, ""));
    for (; n < SCHED_VALUES_MAX; n++) {
        g_autofree char *id = g_strdup_printf("noi-%d", (int) n);

        assert_done(
            sched_store_phrase_add(txn, "gia-lai", id, CONTENT_BLANK_REFUGE, id, &problem));
    }
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_phrase_add(txn, "gia-lai", "het", CONTENT_BLANK_REFUGE, "het",
                                          &problem));
    assert_done(
        sched_store_phrase_add(txn, "gia-lai", "cau", CONTENT_BLANK_NONE, "cau", &problem));
    return TRUE;
}

/* As many as fit into what every station is told. */
static void
test_values(ApiFixture *f, gconstpointer data)
{
    set_up(f);
    temp_store_run(f->store, values_body, NULL);
}

/* @data: nonnull: the player says that it has audio without an approval */
static gboolean
heartbeat_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    g_autoptr(GBytes) bytes = NULL;
    SchedHeartbeatRow row = {.station = (char *) "ia-le", .received_us = data == NULL ? 2 : 1};
    g_autofree char *document = NULL;

    heartbeat->station = g_strdup("ia-le");
    heartbeat->boot = g_strnfill(32, 'b');
    heartbeat->journal = g_strdup("j");
    heartbeat->player_version = g_strdup("1");
    if (data != NULL) {
        ContentFault *fault = content_shape_new(&content_fault_shape);

        fault->what.code = g_strdup("templates_unapproved");
        fault->what.subject = g_strdup("templates");
        content_remark_add_number(&fault->what, "count", 3);
        g_ptr_array_add(heartbeat->faults, fault);
    }
    bytes = content_document_write(&content_heartbeat_type, heartbeat, error);
    g_assert_nonnull(bytes);
    row.document = document = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_ptr_array_add(rows, &row);
    return sched_store_heartbeats_put(txn, rows, error);
}

/* A player that refuses what it was given before approvals stood beside it is not ready. */
static void
test_unapproved(ApiFixture *f, gconstpointer data)
{
    set_up(f);
    for (gint is_mended = FALSE; is_mended <= TRUE; is_mended++) {
        json_auto_t *ready = NULL;
        json_t *one;

        temp_store_run(f->store, heartbeat_body, is_mended ? NULL : (gpointer) "");
        g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-readiness?area=ia-le",
                                          NULL, &ready),
                         ==, 200);
        one = json_array_get(json_object_get(ready, "stations"), 0);
        g_assert_cmpint(json_integer_value(json_object_get(one, "unapproved")), ==,
                        is_mended ? 0 : 3);
        g_assert_false(json_is_true(json_object_get(one, "ready")));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/templates/life", test_life);
    api_fixture_add("/web/templates/retired", test_retired);
    api_fixture_add("/web/templates/refused", test_refused);
    api_fixture_add("/web/templates/phrase", test_phrase);
    api_fixture_add("/web/templates/granted", test_granted);
    api_fixture_add("/web/templates/drill", test_drill);
    api_fixture_add("/web/templates/silent", test_silent);
    api_fixture_add("/web/templates/values", test_values);
    api_fixture_add("/web/templates/unapproved", test_unapproved);
    return g_test_run();
}
