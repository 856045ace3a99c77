/*
 * test-cap.c - alerts as CAP through the API: what goes out is valid to others and says what
 * the loudspeakers say.
 */
#include "tests/scheduler/web/alert-fixture.h"

#include "scheduler/cap/cap.h"
#include "tests/support/cap-schema.h"

#include <curl/curl.h>
#include <string.h>

static void
set_up(ApiFixture *f)
{
    alert_fixture_set_up(f);
}

static gboolean
code_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "UPDATE areas SET code = '23647' WHERE id = 'ia-le'");
    return TRUE;
}

/* What @login is given at @path. */
static TestAnswer *
get_raw(ApiFixture *f, const char *login, const char *path)
{
    g_autofree char *token = api_fixture_token(login);
    const char *headers[] = {token, NULL};

    return test_https(&f->people, "GET", path, headers, NULL, 0);
}

/* The message about an alert, which others find valid too. @what: "" or a query */
static SchedCap *
get_cap(ApiFixture *f, const char *id, const char *what)
{
    g_autofree char *path = g_strdup_printf("/api/alerts/%s/cap%s", id, what);
    g_autoptr(TestAnswer) answer = get_raw(f, "op", path);
    g_autofree char *media = test_answer_header(answer, "Content-Type");
    g_autoptr(GError) error = NULL;
    SchedCap *cap;

    g_test_message("%s", answer->body->str);
    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_cmpstr(media, ==, "application/cap+xml");
    g_assert_true(cap_schema_accepts(answer->body->str, answer->body->len));
    cap = sched_cap_read(answer->body->str, answer->body->len, &error);
    g_assert_no_error(error);
    return cap;
}

static json_t *
call_alert(ApiFixture *f, json_t *body)
{
    json_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, "op", "POST", "/api/alerts", body, &answer), ==, 201);
    return answer;
}

static const char *
value_of(GPtrArray *values, const char *name)
{
    for (guint i = 0; i < values->len; i++) {
        const SchedCapValue *one = values->pdata[i];

        if (strcmp(one->name, name) == 0)
            return one->value;
    }
    return "";
}

static void
check_sound(const SchedCapInfo *info, const char *bytes)
{
    const SchedCapResource *sound = info->resources->pdata[0];
    g_autofree char *sha1 = g_compute_checksum_for_string(G_CHECKSUM_SHA1, bytes, -1);

    g_assert_cmpstr(sound->mime_type, ==, "audio/ogg");
    g_assert_cmpint(sound->size_bytes, ==, (gint64) strlen(bytes));
    g_assert_true(g_str_has_prefix(sound->uri, "ni:///sha-256;"));
    g_assert_cmpstr(sound->digest, ==, sha1);
}

/* One info a language, with the place's official code, its words and its audio. */
static void
test_call(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL;
    g_autoptr(SchedCap) cap = NULL;
    const SchedCapInfo *info, *jrai;
    const SchedCapArea *area;

    set_up(f);
    temp_store_run(f->store, code_body, NULL);
    called = call_alert(f, json_pack("{s:s, s:[s], s:i, s:i}", "template", "bao-nham", "areas",
                                     "ia-le", "severity", 4, "minutes", 7));
    cap = get_cap(f, api_text(called, "id"), "");
    g_assert_cmpstr(cap->identifier, ==, api_text(called, "id"));
    g_assert_true(g_str_has_prefix(cap->sender, "loa-"));
    g_assert_cmpint(cap->status, ==, SCHED_CAP_STATUS_ACTUAL);
    g_assert_cmpint(cap->message, ==, SCHED_CAP_MESSAGE_ALERT);
    g_assert_cmpint(cap->offset_s, ==, 7 * 3600);
    g_assert_cmpuint(cap->infos->len, ==, 2);
    info = cap->infos->pdata[0];
    jrai = cap->infos->pdata[1];
    g_assert_cmpstr(info->language, ==, "vi");
    g_assert_cmpstr(jrai->language, ==, "jra");
    g_assert_cmpstr(info->event, ==, "Báo nhầm");
    g_assert_cmpint(info->severity, ==, SCHED_CAP_SEVERITY_EXTREME);
    g_assert_cmpstr(value_of(info->parameters, "VN-18-2021"), ==, "4");
    g_assert_cmpstr(value_of(info->event_codes, "urn:loa:event"), ==, "false_alarm");
    g_assert_cmpstr(info->description, ==, "cb-nham-1");
    g_assert_cmpint(info->expires_us - cap->sent_us, ==,
                    G_GINT64_CONSTANT(420) * G_USEC_PER_SEC);
    area = info->areas->pdata[0];
    g_assert_cmpstr(area->description, ==, "Ia Le");
    g_assert_cmpstr(value_of(area->geocodes, "VN-GSO"), ==, "23647");
    check_sound(info, "cb-nham-1 vi");
    /* Audio that is gone from the disk is still named. */
    g_assert_null(((const SchedCapResource *) jrai->resources->pdata[0])->digest);
}

/* An exercise, a correction and a stop say what they are and what they are about. */
static void
test_kinds(ApiFixture *f, gconstpointer data)
{
    json_auto_t *first = NULL, *second = NULL, *drill = NULL;
    g_autoptr(SchedCap) exercise = NULL, update = NULL, cancel = NULL, called = NULL;
    g_autofree char *stop = NULL;
    const SchedCapReference *earlier;

    set_up(f);
    drill = call_alert(f, json_pack("{s:s, s:[s], s:b}", "template", "bao-nham", "areas",
                                    "ia-le", "drill", 1));
    exercise = get_cap(f, api_text(drill, "id"), "");
    g_assert_cmpint(exercise->status, ==, SCHED_CAP_STATUS_EXERCISE);

    first = call_alert(f, json_pack("{s:s, s:[s]}", "template", "bao-nham", "areas", "ia-le"));
    second = call_alert(f, json_pack("{s:s, s:[s], s:[s]}", "template", "bao-nham", "areas",
                                     "ia-le", "replaces", api_text(first, "id")));
    update = get_cap(f, api_text(second, "id"), "");
    g_assert_cmpint(update->message, ==, SCHED_CAP_MESSAGE_UPDATE);
    g_assert_cmpuint(update->references->len, ==, 1);
    earlier = update->references->pdata[0];
    g_assert_cmpstr(earlier->sender, ==, update->sender);
    g_assert_cmpstr(earlier->identifier, ==, api_text(first, "id"));

    stop = g_strdup_printf("/api/alerts/%s/stop", api_text(first, "id"));
    g_assert_cmpuint(api_fixture_call(f, "le", "POST", stop, NULL, NULL), ==, 200);
    cancel = get_cap(f, api_text(first, "id"), "");
    called = get_cap(f, api_text(first, "id"), "?message=call");
    g_assert_cmpint(cancel->message, ==, SCHED_CAP_MESSAGE_CANCEL);
    g_assert_cmpstr(cancel->identifier, !=, called->identifier);
    g_assert_cmpint(called->message, ==, SCHED_CAP_MESSAGE_ALERT);
    /* Whoever kept the first finds it by the three parts of its name. */
    earlier = cancel->references->pdata[0];
    g_assert_cmpstr(earlier->identifier, ==, called->identifier);
    g_autofree char *sent = sched_cap_format_time(called->sent_us, called->offset_s);
    g_assert_cmpstr(earlier->sent, ==, sent);
}

/* By the district's own name, if it has one; one that CAP cannot carry is told. */
static void
test_sender(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL;
    g_autoptr(SchedCap) cap = NULL;
    g_autofree char *path = NULL;
    g_autoptr(TestAnswer) refused = NULL;

    set_up(f);
    api_fixture_account(f, "root", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    called = call_alert(f, json_pack("{s:s, s:[s]}", "template", "bao-nham", "areas", "ia-le"));
    path = g_strdup_printf("/api/alerts/%s/cap", api_text(called, "id"));
    g_assert_cmpuint(api_fixture_call(f, "root", "PUT", "/api/settings/cap-sender",
                                      json_pack("{s:s}", "value", "canhbao.example.vn"), NULL),
                     ==, 200);
    cap = get_cap(f, api_text(called, "id"), "");
    g_assert_cmpstr(cap->sender, ==, "canhbao.example.vn");
    g_assert_cmpuint(api_fixture_call(f, "root", "PUT", "/api/settings/cap-sender",
                                      json_pack("{s:s}", "value", "Huyện Chư Sê"), NULL),
                     ==, 200);
    refused = get_raw(f, "op", path);
    g_assert_cmpuint(refused->status, ==, 422);
    g_assert_nonnull(strstr(refused->body->str, "sender: holds a space"));
}

static void
test_who(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL;
    g_autofree char *path = NULL;
    const struct {
        const char *login;
        guint status;
    } cases[] = {{"op", 200}, {"village", 200}, {"le-ed", 200}, {"blu", 403}};

    set_up(f);
    called = call_alert(f, json_pack("{s:s, s:[s]}", "template", "bao-nham", "areas", "ia-le"));
    path = g_strdup_printf("/api/alerts/%s/cap", api_text(called, "id"));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestAnswer) answer = get_raw(f, cases[i].login, path);

        g_assert_cmpuint(answer->status, ==, cases[i].status);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/cap/call", test_call);
    api_fixture_add("/web/cap/kinds", test_kinds);
    api_fixture_add("/web/cap/sender", test_sender);
    api_fixture_add("/web/cap/who", test_who);
    return g_test_run();
}
