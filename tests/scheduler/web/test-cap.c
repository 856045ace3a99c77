/*
 * test-cap.c - alerts as CAP through the API: what goes out is valid to others and says what
 * the loudspeakers say; what comes in waits for a person, and is never louder than it says.
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

/* ---- in ---- */

#define NOT_YET "2099-01-01T00:00:00+07:00"
#define GONE    "2020-01-01T00:00:00+07:00"
#define SENT    "2026-01-01T00:00:00+07:00"
#define IA_LE                                                                                  \
    "<area><areaDesc>Xã Ia "                                                                  \
    "Le</areaDesc><geocode><valueName>VN-GSO</valueName><value>23647</value></geocode></area>"
#define NOWHERE                                                                                \
    "<area><areaDesc>Đảo "                                                                  \
    "xa</areaDesc><geocode><valueName>VN-GSO</valueName><value>99999</value></geocode></area>"

typedef struct {
    const char *identifier, *status, *type, *scope, *event, *expires, *areas, *refers;
} Message;

/* A house fire, as the province might write it. */
static const Message fire = {"1", "Actual", "Alert", "Public", "Cháy nhà", NOT_YET, IA_LE, ""};

/* (transfer full) */
static char *
write_message(const Message *m)
{
    g_autofree char *refers =
        *m->refers == '\0'
            ? g_strdup("")
            : g_strdup_printf("<references>kttv.example,%s," SENT "</references>", m->refers);

    return g_strdup_printf(
        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>%s</identifier>"
        "<sender>kttv.example</sender><sent>" SENT "</sent><status>%s</status>"
        "<msgType>%s</msgType><scope>%s</scope><restriction>a</restriction>"
        "<addresses>a</addresses>%s<info><language>vi</language><category>Met</category>"
        "<event>%s</event><urgency>Immediate</urgency><severity>Severe</severity>"
        "<certainty>Likely</certainty><expires>%s</expires>"
        "<headline>Cháy nhà ở Ia Le</headline>%s</info></alert>",
        m->identifier, m->status, m->type, m->scope, refers, m->event, m->expires, m->areas);
}

static guint
bring_xml(ApiFixture *f, const char *login, const char *xml, json_t **out)
{
    g_autofree char *token = api_fixture_token(login);
    const char *headers[] = {token, "Content-Type: application/cap+xml", NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "POST", "/api/alert-imports", headers, xml, strlen(xml));

    g_test_message("%u %s", answer->status, answer->body->str);
    if (out != NULL)
        *out = json_loads(answer->body->str, 0, NULL);
    return answer->status;
}

static guint
bring(ApiFixture *f, const Message *message, json_t **out)
{
    g_autofree char *xml = write_message(message);

    return bring_xml(f, "op", xml, out);
}

static const char *
text_at(json_t *object, const char *list, gsize i, const char *name)
{
    return api_text(json_array_get(json_object_get(object, list), i), name);
}

static gsize
n_alerts(ApiFixture *f)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alerts", NULL, &answer), ==, 200);
    return json_array_size(json_object_get(answer, "alerts"));
}

static guint
call_of(ApiFixture *f, const char *import, gboolean drill, json_t **out)
{
    return api_fixture_call(f, "op", "POST", "/api/alerts",
                            json_pack("{s:s, s:[s], s:b, s:s}", "template", "bao-nham", "areas",
                                      "ia-le", "drill", drill, "import", import),
                            out);
}

/* What came is told in our terms, with what is none of ours named, and nothing sounds. */
static void
test_import(ApiFixture *f, gconstpointer data)
{
    const Message message = {"1",        "Actual", "Alert",       "Public",
                             "Cháy nhà", NOT_YET,  IA_LE NOWHERE, ""};
    json_auto_t *answer = NULL, *again = NULL, *listed = NULL;
    json_t *draft;
    guint n_given;

    set_up(f);
    temp_store_run(f->store, code_body, NULL);
    n_given = f->n_orders_given;
    g_assert_cmpuint(bring(f, &message, &answer), ==, 200);
    g_assert_cmpstr(api_text(answer, "state"), ==, "waiting");
    g_assert_cmpstr(api_text(answer, "title"), ==, "Cháy nhà ở Ia Le");
    g_assert_false(json_is_true(json_object_get(answer, "known")));
    draft = json_array_get(json_object_get(answer, "drafts"), 0);
    g_assert_cmpstr(api_text(draft, "template"), ==, "chay-nha");
    g_assert_cmpint(json_integer_value(json_object_get(draft, "severity")), ==, 3);
    g_assert_cmpuint(json_array_size(json_object_get(draft, "areas")), ==, 1);
    g_assert_cmpstr(json_string_value(json_array_get(json_object_get(draft, "areas"), 0)), ==,
                    "ia-le");
    g_assert_cmpstr(json_string_value(json_array_get(json_object_get(draft, "unknown"), 0)), ==,
                    "Đảo xa");
    /* The same again is told and nothing else. */
    g_assert_cmpuint(bring(f, &message, &again), ==, 200);
    g_assert_true(json_is_true(json_object_get(again, "known")));
    g_assert_cmpstr(api_text(again, "id"), ==, api_text(answer, "id"));
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-imports", NULL, &listed), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(listed, "imports")), ==, 1);
    g_assert_cmpuint(f->n_orders_given, ==, n_given);
    g_assert_cmpuint(n_alerts(f), ==, 0);
}

typedef struct {
    const char *why;
    Message message;
    guint status;
    const char *code;
} RefuseCase;

/* clang-format off */
static const RefuseCase refuse_cases[] = {
    { "a test",         { "1", "Test", "Alert", "Public", "Lũ", NOT_YET, IA_LE, "" },      422, "cap-test" },
    { "a draft",        { "1", "Draft", "Alert", "Public", "Lũ", NOT_YET, IA_LE, "" },     422, "cap-test" },
    { "a system word",  { "1", "System", "Alert", "Public", "Lũ", NOT_YET, IA_LE, "" },    422, "cap-test" },
    { "an answer",      { "1", "Actual", "Ack", "Public", "Lũ", NOT_YET, IA_LE, "" },      422, "cap-reply" },
    { "an error",       { "1", "Actual", "Error", "Public", "Lũ", NOT_YET, IA_LE, "" },    422, "cap-reply" },
    { "not for all",    { "1", "Actual", "Alert", "Private", "Lũ", NOT_YET, IA_LE, "" },   422, "cap-private" },
    { "over",           { "1", "Actual", "Alert", "Public", "Lũ", GONE, IA_LE, "" },       422, "over" },
    { "no such status", { "1", "Real", "Alert", "Public", "Lũ", NOT_YET, IA_LE, "" },      422, "cap" },
    { "an exercise",    { "1", "Exercise", "Alert", "Public", "Lũ", NOT_YET, IA_LE, "" },  200, "" },
    { "its end, late",  { "1", "Actual", "Cancel", "Public", "Lũ", GONE, IA_LE, "0" },     200, "" },
};
/* clang-format on */

static void
test_refused(ApiFixture *f, gconstpointer data)
{
    g_autofree char *large = g_strnfill(SCHED_CAP_MAX_BYTES + 1, ' ');
    json_auto_t *listed = NULL;

    set_up(f);
    for (gsize i = 0; i < G_N_ELEMENTS(refuse_cases); i++) {
        g_autofree char *identifier = g_strdup_printf("n%" G_GSIZE_FORMAT, i);
        Message message = refuse_cases[i].message;
        json_auto_t *answer = NULL;

        message.identifier = identifier;
        g_test_message("%s", refuse_cases[i].why);
        g_assert_cmpuint(bring(f, &message, &answer), ==, refuse_cases[i].status);
        g_assert_cmpstr(api_text(answer, "code"), ==, refuse_cases[i].code);
    }
    g_assert_cmpuint(bring_xml(f, "op", "<!DOCTYPE alert><alert/>", NULL), ==, 422);
    g_assert_cmpuint(bring_xml(f, "op", large, NULL), ==, 413);
    g_assert_cmpuint(bring_xml(f, "le-ed", "<alert/>", NULL), ==, 403);
    g_assert_cmpuint(bring_xml(f, "le", "<alert/>", NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-imports", NULL, &listed), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(listed, "imports")), ==, 2);
}

/* Codes of two systems name one place; of two codes of one system both count. */
static void
test_codes(ApiFixture *f, gconstpointer data)
{
#define CODE(name, value)                                                                      \
    "<geocode><valueName>" name "</valueName><value>" value "</value></geocode>"
    Message message = fire;
    json_auto_t *answer = NULL;
    json_t *draft, *unknown;

    set_up(f);
    temp_store_run(f->store, code_body, NULL);
    message.areas = "<area><areaDesc>Hai mã</areaDesc>" CODE("VN-GSO", "23647")
        CODE("UGC", "VNZ001") "</area><area><areaDesc>Nửa rõ</areaDesc>" CODE("VN-GSO", "23647")
            CODE("VN-GSO", "99999") "</area>";
    g_assert_cmpuint(bring(f, &message, &answer), ==, 200);
    draft = json_array_get(json_object_get(answer, "drafts"), 0);
    unknown = json_object_get(draft, "unknown");
    g_assert_cmpuint(json_array_size(json_object_get(draft, "areas")), ==, 1);
    g_assert_cmpuint(json_array_size(unknown), ==, 1);
    g_assert_cmpstr(json_string_value(json_array_get(unknown, 0)), ==, "Nửa rõ");
}

/* Another message under the same name is no news: somebody has to look. */
static void
test_forged(ApiFixture *f, gconstpointer data)
{
    Message other = fire;

    set_up(f);
    other.event = "Lũ";
    g_assert_cmpuint(bring(f, &fire, NULL), ==, 200);
    g_assert_cmpuint(bring(f, &other, NULL), ==, 409);
}

/* A person calls it; it is silent when the message says so; a later one ends both. */
static void
test_called(ApiFixture *f, gconstpointer data)
{
    const Message soon = {"1", "Actual", "Alert", "Public", "Báo nhầm", NULL, IA_LE, ""};
    const Message update = {"2", "Actual", "Update", "Public", "Lũ", NOT_YET, IA_LE, "1"};
    const Message cancel = {"3", "Actual", "Cancel", "Public", "Lũ", NOT_YET, IA_LE, "2"};
    gint64 now_us = content_clock_utc_us(f->clock);
    gint64 end_us = (now_us / G_USEC_PER_SEC + 300) * G_USEC_PER_SEC;
    g_autofree char *until = sched_cap_format_time(end_us, 7 * 3600), *path = NULL,
                    *stop = NULL;
    json_auto_t *first = NULL, *called = NULL, *second = NULL, *third = NULL, *after = NULL;
    Message message = soon;

    set_up(f);
    temp_store_run(f->store, code_body, NULL);
    message.expires = until;
    g_assert_cmpuint(bring(f, &message, &first), ==, 200);
    g_assert_cmpuint(call_of(f, api_text(first, "id"), FALSE, &called), ==, 201);
    g_assert_cmpint(json_integer_value(json_object_get(called, "expires_us")), ==, end_us);
    path = g_strdup_printf("/api/alert-imports/%s", api_text(first, "id"));

    g_assert_cmpuint(bring(f, &update, &second), ==, 200);
    g_assert_cmpstr(text_at(second, "ends", 0, "id"), ==, api_text(called, "id"));
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", path, NULL, &after), ==, 200);
    g_assert_cmpstr(api_text(after, "state"), ==, "ended");
    g_assert_cmpuint(call_of(f, api_text(first, "id"), FALSE, NULL), ==, 422);

    g_assert_cmpuint(bring(f, &cancel, &third), ==, 200);
    g_assert_cmpstr(api_text(third, "state"), ==, "waiting");
    g_assert_cmpstr(text_at(third, "ends", 0, "id"), ==, api_text(called, "id"));
    g_assert_cmpuint(call_of(f, api_text(third, "id"), FALSE, NULL), ==, 422);
    /* Until somebody stopped it. */
    stop = g_strdup_printf("/api/alerts/%s/stop", api_text(called, "id"));
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", stop, NULL, NULL), ==, 200);
    json_decref(third);
    g_assert_cmpuint(bring(f, &cancel, &third), ==, 200);
    g_assert_cmpstr(api_text(third, "state"), ==, "used");
}

/* An exercise sounds as one or not at all. */
static void
test_exercise(ApiFixture *f, gconstpointer data)
{
    Message message = fire;
    json_auto_t *answer = NULL, *drill = NULL;

    set_up(f);
    message.status = "Exercise";
    g_assert_cmpuint(bring(f, &message, &answer), ==, 200);
    g_assert_true(json_is_true(json_object_get(answer, "drill")));
    g_assert_cmpuint(call_of(f, api_text(answer, "id"), FALSE, NULL), ==, 422);
    g_assert_cmpuint(call_of(f, api_text(answer, "id"), TRUE, &drill), ==, 201);
    g_assert_true(json_is_true(json_object_get(drill, "drill")));
    g_assert_cmpuint(call_of(f, "none", TRUE, NULL), ==, 404);
}

/* Of a place that is not one's own nothing is told; of no place, everybody is. */
static void
test_seen(ApiFixture *f, gconstpointer data)
{
    Message nowhere = fire;
    json_auto_t *answer = NULL, *mine = NULL, *theirs = NULL;
    g_autofree char *path = NULL;

    set_up(f);
    temp_store_run(f->store, code_body, NULL);
    nowhere.identifier = "2";
    nowhere.areas = NOWHERE;
    g_assert_cmpuint(bring(f, &fire, &answer), ==, 200);
    g_assert_cmpuint(bring(f, &nowhere, NULL), ==, 200);
    path = g_strdup_printf("/api/alert-imports/%s", api_text(answer, "id"));
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", path, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "village", "GET", path, NULL, NULL), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "blu", "GET", "/api/alert-imports", NULL, &theirs), ==,
                     200);
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/alert-imports", NULL, &mine), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(theirs, "imports")), ==, 1);
    g_assert_cmpuint(json_array_size(json_object_get(mine, "imports")), ==, 2);
}

/* What we write, brought in here, is the same call: template, place, values, level, end. */
static void
test_own(ApiFixture *f, gconstpointer data)
{
    json_auto_t *called = NULL, *answer = NULL;
    g_autofree char *path = NULL;
    g_autoptr(TestAnswer) xml = NULL;
    json_t *draft;

    set_up(f);
    called = call_alert(f, json_pack("{s:s, s:[s], s:i, s:i}", "template", "bao-nham", "areas",
                                     "ia-le", "severity", 5, "minutes", 7));
    path = g_strdup_printf("/api/alerts/%s/cap", api_text(called, "id"));
    xml = get_raw(f, "op", path);
    g_assert_cmpuint(bring_xml(f, "op", xml->body->str, &answer), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(answer, "drafts")), ==, 1);
    draft = json_array_get(json_object_get(answer, "drafts"), 0);
    g_assert_cmpstr(api_text(draft, "template"), ==, "bao-nham");
    g_assert_cmpint(json_integer_value(json_object_get(draft, "severity")), ==, 5);
    g_assert_cmpint(json_integer_value(json_object_get(draft, "expires_us")) / G_USEC_PER_SEC,
                    ==,
                    json_integer_value(json_object_get(called, "expires_us")) / G_USEC_PER_SEC);
    g_assert_cmpstr(json_string_value(json_array_get(json_object_get(draft, "areas"), 0)), ==,
                    "ia-le");
    g_assert_cmpuint(json_array_size(json_object_get(draft, "languages")), ==, 2);
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
    api_fixture_add("/web/cap/import", test_import);
    api_fixture_add("/web/cap/codes", test_codes);
    api_fixture_add("/web/cap/refused", test_refused);
    api_fixture_add("/web/cap/forged", test_forged);
    api_fixture_add("/web/cap/called", test_called);
    api_fixture_add("/web/cap/exercise", test_exercise);
    api_fixture_add("/web/cap/seen", test_seen);
    api_fixture_add("/web/cap/own", test_own);
    return g_test_run();
}
