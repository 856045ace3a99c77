/* test-api.c - the path of an announcement through the API, and who is refused on it. */
#include "tests/scheduler/web/api-fixture.h"

#include "content/base/id.h"
#include "content/enrolment-code.h"
#include "content/exchange.h"
#include "scheduler/store/devices.h"

#include <curl/curl.h>
#include <string.h>

static void
people_of_the_story(ApiFixture *f)
{
    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    api_fixture_account(f, "ed", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(f, "ed", SCHED_ROLE_REVIEWER, "chu-puh");
    api_fixture_account(f, "rev", SCHED_ROLE_REVIEWER, "chu-puh");
    api_fixture_account(f, "app", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "ia-le");
}

static json_t *
announcement_body(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:[s]}", "title",
                     "Lịch tiêm phòng", "class", "thong_thuong", "source_number", "12/TB",
                     "source_issuer", "UBND xã", "source_date", "2026-03-01", "valid_from_us",
                     (json_int_t) 0, "valid_until_us",
                     (json_int_t) G_GINT64_CONSTANT(4000000000000000), "home", "chu-puh",
                     "areas", "ia-le");
}

/* Uploads text as if it were a recording. */
static guint
upload(ApiFixture *f, const char *login, const char *version, const char *bytes, json_t **out)
{
    g_autofree char *path =
        g_strdup_printf("/api/versions/%s/audio?name=b%%E1%%BA%%A3n%%20tin.wav", version);
    g_autofree char *token = api_fixture_token(login);
    const char *const headers[] = {token, "Content-Type: audio/wav", NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "PUT", path, headers, bytes, strlen(bytes));

    if (out != NULL)
        *out = json_loadb(answer->body->str, answer->body->len, 0, NULL);
    return answer->status;
}

/* An announcement with one recorded Jrai version; the ids of both. */
static void
make_recorded(ApiFixture *f, char **out_announcement, char **out_version, char **out_object)
{
    json_auto_t *announcement = NULL, *version = NULL, *audio = NULL;
    g_autofree char *path = NULL;

    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements",
                                      announcement_body(), &announcement),
                     ==, 201);
    path = g_strdup_printf("/api/announcements/%s/versions", api_text(announcement, "id"));
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", path,
                         json_pack("{s:s, s:s}", "language", "jra", "script", "Ơi ană plei"),
                         &version),
        ==, 201);
    g_assert_cmpuint(upload(f, "ed", api_text(version, "id"), "sound of a voice", &audio), ==,
                     200);
    *out_announcement = g_strdup(api_text(announcement, "id"));
    *out_version = g_strdup(api_text(version, "id"));
    *out_object = g_strdup(api_text(audio, "object"));
}

static guint
judge(ApiFixture *f, const char *login, const char *version, const char *verb,
      const char *object, json_t **out)
{
    g_autofree char *path = g_strdup_printf("/api/versions/%s", version);
    g_autofree char *act = g_strdup_printf("%s/%s", path, verb);
    json_auto_t *row = NULL;

    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", path, NULL, &row), ==, 200);
    return api_fixture_call(f, login, "POST", act,
                            json_pack("{s:s, s:s}", "object", object, "script_hash",
                                      api_text(row, "script_hash")),
                            out);
}

static void
test_announcement(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL, *path = NULL;
    json_auto_t *approved = NULL, *whole = NULL;
    const char *const other =
        "0000000000000000000000000000000000000000000000000000000000000000";

    people_of_the_story(f);
    make_recorded(f, &announcement, &version, &object);
    /* Not by who wrote it, whatever other roles they hold; not before the language is checked.
     */
    g_assert_cmpuint(judge(f, "ed", version, "check", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "app", version, "approve", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "rev", version, "check", other, NULL), ==, 409);
    g_assert_cmpuint(judge(f, "rev", version, "check", object, NULL), ==, 200);
    g_assert_cmpuint(judge(f, "ed", version, "approve", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "rev", version, "approve", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "app", version, "approve", other, NULL), ==, 409);
    g_assert_cmpuint(judge(f, "app", version, "approve", object, &approved), ==, 200);
    g_assert_cmpstr(api_text(approved, "state"), ==, "approved");
    g_assert_cmpuint(strlen(api_text(approved, "approval")), ==, 64);

    /* Another recording, and the approval is gone. */
    g_assert_cmpuint(upload(f, "ed", version, "sound of another voice", NULL), ==, 200);
    path = g_strdup_printf("/api/announcements/%s", announcement);
    g_assert_cmpuint(api_fixture_call(f, "app", "GET", path, NULL, &whole), ==, 200);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(whole, "versions"), 0), "state"),
                    ==, "draft");
}

/* What a keyboard without the letters wrote is kept as the language writes it, and said. */
static void
test_repair(ApiFixture *f, gconstpointer data)
{
    json_auto_t *announcement = NULL, *version = NULL;
    g_autofree char *path = NULL;

    people_of_the_story(f);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements",
                                      announcement_body(), &announcement),
                     ==, 201);
    path = g_strdup_printf("/api/announcements/%s/versions", api_text(announcement, "id"));
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", path,
                         json_pack("{s:s, s:s}", "language", "jra", "script", "t\u01ceng"),
                         &version),
        ==, 201);
    g_assert_cmpstr(api_text(version, "script"), ==, "t\u0103ng");
    g_assert_cmpuint(json_array_size(json_object_get(version, "repaired")), ==, 1);
}

static void
test_audio(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL, *path = NULL,
                    *original = NULL, *token = NULL, *note = NULL;
    json_auto_t *refused = NULL;

    people_of_the_story(f);
    token = api_fixture_token("ed");
    make_recorded(f, &announcement, &version, &object);
    path = g_strdup_printf("/api/versions/%s/audio", version);
    original = g_strdup_printf("/api/versions/%s/original", version);
    {
        const char *const headers[] = {token, "Range: bytes=4-8", NULL};
        g_autoptr(TestAnswer) part = test_https(&f->people, "GET", path, headers, NULL, 0);
        g_autoptr(TestAnswer) kept = test_https(&f->people, "GET", original, headers, NULL, 0);
        g_autofree char *type = test_answer_header(part, "Content-Type");

        g_assert_cmpuint(part->status, ==, 206);
        g_assert_cmpstr(part->body->str, ==, "sound");
        g_assert_cmpstr(type, ==, "audio/ogg");
        g_assert_cmpstr(kept->body->str, ==, "d of ");
        note = test_answer_header(kept, "Content-Disposition");
        g_assert_cmpstr(note, ==, "attachment");
    }
    g_assert_cmpuint(upload(f, "ed", version, "a picture", &refused), ==, 422);
    g_assert_nonnull(strstr(api_text(refused, "detail"), "no sound"));
    /* Refused before a byte of it was taken. */
    g_assert_cmpuint(upload(f, "rev", version, "sound", NULL), ==, 403);
    g_assert_cmpuint(upload(f, "nobody", version, "sound", NULL), ==, 401);
    g_assert_cmpuint(upload(f, "ed", "no-such-version", "sound", NULL), ==, 404);
}

static json_t *
slot_body(const char *playlist, const char *rule)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:[{s:s}]}", "name", "Sáng", "home",
                     "chu-puh", "playlist", playlist, "class", "thong_thuong", "first_date",
                     "2026-12-01", "local_min", 330, "rule", rule, "targets", "area", "ia-le");
}

static void
test_slot(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL, *path = NULL,
                    *approve = NULL, *date = NULL, *stop = NULL;
    json_auto_t *playlist = NULL, *slot = NULL, *refused = NULL, *changed = NULL,
                *stopped = NULL, *again = NULL;

    people_of_the_story(f);
    make_recorded(f, &announcement, &version, &object);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/playlists",
                                      json_pack("{s:s, s:s, s:[{s:s, s:s}, {s:s, s:I}]}",
                                                "name", "Bản tin sáng", "home", "chu-puh",
                                                "items", "kind", "announcement", "announcement",
                                                announcement, "kind", "pause", "duration_us",
                                                (json_int_t) 2000000),
                                      &playlist),
                     ==, 201);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/slots",
                                      slot_body(api_text(playlist, "id"),
                                                "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"),
                                      &refused),
                     ==, 422);
    g_assert_true(g_str_has_prefix(api_text(refused, "detail"), "rule: "));
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/slots",
                                      slot_body(api_text(playlist, "id"), "FREQ=DAILY;COUNT=5"),
                                      &slot),
                     ==, 201);
    g_assert_nonnull(strstr(api_text(slot, "rule"), "UNTIL=20261205"));
    path = g_strdup_printf("/api/slots/%s", api_text(slot, "id"));
    approve = g_strconcat(path, "/approve", NULL);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", approve,
                                      json_pack("{s:s}", "content", api_text(slot, "content")),
                                      NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "app", "POST", approve,
                                      json_pack("{s:s}", "content", api_text(slot, "content")),
                                      NULL),
                     ==, 200);

    /* A change says what it changes, and takes the approval away. */
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path,
                                      slot_body(api_text(playlist, "id"), "FREQ=DAILY"), NULL),
                     ==, 422);
    {
        json_t *body = slot_body(api_text(playlist, "id"), "FREQ=DAILY");
        json_t *stale = slot_body(api_text(playlist, "id"), "FREQ=WEEKLY");

        json_object_set(body, "revision", json_object_get(slot, "revision"));
        json_object_set(stale, "revision", json_object_get(slot, "revision"));
        g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path, body, &changed), ==, 200);
        g_assert_null(json_object_get(changed, "approved"));
        g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path, stale, NULL), ==, 409);
    }
    date = g_strconcat(path, "/dates/2026-12-03", NULL);
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", date, json_object(), NULL), ==, 200);
    stop = g_strconcat(path, "/stop", NULL);
    g_assert_cmpuint(api_fixture_call(f, "app", "POST", stop, NULL, &stopped), ==, 200);
    g_assert_true(json_is_true(json_object_get(stopped, "stopped")));
    {
        /* What was stopped does not sound again because it was changed. */
        json_t *body = slot_body(api_text(playlist, "id"), "FREQ=DAILY");

        json_object_set(body, "revision", json_object_get(stopped, "revision"));
        g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path, body, &again), ==, 200);
        g_assert_true(json_is_true(json_object_get(again, "stopped")));
    }
}

static void
test_places(ApiFixture *f, gconstpointer data)
{
    json_auto_t *station = NULL, *stations = NULL, *windows = NULL;

    people_of_the_story(f);
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", "/api/areas/ia-le-c",
                                      json_pack("{s:s, s:s, s:s}", "parent", "ia-le", "kind",
                                                "village", "name", "Plei C"),
                                      NULL),
                     ==, 200);
    g_assert_cmpuint(
        api_fixture_call(f, "tech", "PUT", "/api/stations/ia-le-2",
                         json_pack("{s:s, s:s}", "name", "Trạm 2", "area", "ia-le"), NULL),
        ==, 200);
    /* Moving a station needs the right at both ends. */
    g_assert_cmpuint(
        api_fixture_call(f, "tech", "PUT", "/api/stations/ia-le-2",
                         json_pack("{s:s, s:s}", "name", "Trạm 2", "area", "ia-blu"), NULL),
        ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "tech", "PUT", "/api/stations/ia-le-2/outputs/main",
                                      json_pack("{s:s}", "name", "Loa chính"), NULL),
                     ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "tech", "PUT", "/api/stations/ia-le-2/zones/c",
                                      json_pack("{s:s, s:s, s:s, s:[s,s]}", "output", "main",
                                                "name", "Cụm C", "village", "ia-le-c",
                                                "languages", "jra", "vi"),
                                      NULL),
                     ==, 200);
    g_assert_cmpuint(
        api_fixture_call(f, "tech", "GET", "/api/stations/ia-le-2", NULL, &station), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(station, "zones")), ==, 1);
    /* A technician of one commune sees its stations, and not the neighbour's. */
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/stations", NULL, &stations), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(stations, "stations")), ==, 2);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/stations/ia-blu", NULL, NULL), ==,
                     403);
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", "/api/areas/ia-le/windows",
                                      json_pack("{s:[{s:s, s:i, s:i, s:i}], s:i}", "windows",
                                                "class", "thong_thuong", "weekdays", 127,
                                                "from_min", 300, "to_min", 420, "limit_min",
                                                60),
                                      &windows),
                     ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(windows, "limit_min")), ==, 60);
}

static void
test_import(ApiFixture *f, gconstpointer data)
{
    static const char good[] = "id,parent,kind,name\n"
                               "ia-ro,chu-puh,commune,Ia Rong\n"
                               "ia-ro-a,ia-ro,village,Plei Ring\n";
    static const char bad[] = "id,parent,kind,name\n"
                              "ia-dre,chu-puh,commune,Ia Dreng\n"
                              "x,nowhere,village,Plei X\n";
    g_autofree char *token = api_fixture_token("admin");
    const char *const headers[] = {token, "Content-Type: text/csv", NULL};
    g_autoptr(TestAnswer) done = NULL, refused = NULL;

    people_of_the_story(f);
    done = test_https(&f->people, "POST", "/api/areas/import", headers, good, strlen(good));
    g_assert_cmpuint(done->status, ==, 200);
    g_assert_cmpstr(done->body->str, ==, "{\"areas\":2}");
    refused = test_https(&f->people, "POST", "/api/areas/import", headers, bad, strlen(bad));
    g_test_message("%s", refused->body->str);
    g_assert_cmpuint(refused->status, ==, 422);
    g_assert_nonnull(strstr(refused->body->str, "line 3"));
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/areas/ia-dre", NULL, NULL), ==,
                     404);
}

static void
test_bad_bodies(ApiFixture *f, gconstpointer data)
{
    g_autofree char *deep = g_strnfill(5000, '[');
    g_autofree char *long_name = g_strnfill(300, 'x');
    g_autofree char *too_long =
        g_strdup_printf("{\"name\":\"%s\",\"area\":\"ia-le\"}", long_name);
    g_autofree char *huge = g_strnfill(SCHED_API_MAX_JSON_BYTES + 1, ' ');
    g_autofree char *token = api_fixture_token("tech");
    const struct {
        const char *why, *body;
        guint status;
        const char *code, *member;
    } cases[] = {
        {"empty", "", 400, "json", NULL},
        {"not JSON", "name=x", 400, "json", NULL},
        {"a list", "[]", 400, "json", NULL},
        {"cut off", "{\"name\":\"x\"", 400, "json", NULL},
        {"too deep", deep, 400, "json", NULL},
        {"a member twice", "{\"name\":\"x\",\"name\":\"y\",\"area\":\"ia-le\"}", 400, "json",
         NULL},
        {"NUL in a text", "{\"name\":\"x\\u0000\",\"area\":\"ia-le\"}", 400, "json", NULL},
        {"not UTF-8", "{\"name\":\"\xff\",\"area\":\"ia-le\"}", 400, "json", NULL},
        {"missing", "{\"area\":\"ia-le\"}", 400, "member", "name"},
        {"null", "{\"name\":null,\"area\":\"ia-le\"}", 400, "member", "name"},
        {"unknown", "{\"name\":\"x\",\"area\":\"ia-le\",\"colour\":1}", 400, "member",
         "colour"},
        {"wrong kind", "{\"name\":7,\"area\":\"ia-le\"}", 400, "member", "name"},
        {"out of range", "{\"name\":\"x\",\"area\":\"ia-le\",\"heartbeat_s\":1}", 400, "member",
         "heartbeat_s"},
        {"a real number", "{\"name\":\"x\",\"area\":\"ia-le\",\"heartbeat_s\":60.5}", 400,
         "member", "heartbeat_s"},
        {"too long", too_long, 400, "member", "name"},
        {"a path", "{\"name\":\"x\",\"area\":\"../../etc\"}", 400, "member", "area"},
        {"control character", "{\"name\":\"x\\u0007\",\"area\":\"ia-le\"}", 400, "member",
         "name"},
        {"no such area", "{\"name\":\"x\",\"area\":\"nowhere\"}", 403, "no-right", NULL},
        {"huge", huge, 413, "body-too-large", NULL},
    };

    people_of_the_story(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const headers[] = {token, "Content-Type: application/json", NULL};
        g_autoptr(TestAnswer) answer =
            test_https(&f->people, "PUT", "/api/stations/ia-le-9", headers, cases[i].body,
                       strlen(cases[i].body));
        json_auto_t *problem = json_loads(answer->body->str, 0, NULL);

        g_test_message("%s: %s", cases[i].why, answer->body->str);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
        g_assert_cmpstr(api_text(problem, "code"), ==, cases[i].code);
        if (cases[i].member != NULL)
            g_assert_cmpstr(api_text(problem, "member"), ==, cases[i].member);
    }
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/stations/ia-le-9", NULL, NULL),
                     ==, 404);
    {
        const char *const headers[] = {token, "Content-Type: text/plain", NULL};
        g_autoptr(TestAnswer) answer =
            test_https(&f->people, "PUT", "/api/stations/ia-le-9", headers, "{}", 2);
        g_autoptr(TestAnswer) patched =
            test_https(&f->people, "PATCH", "/api/stations/ia-le-9", headers, "{}", 2);
        g_autofree char *allow = test_answer_header(patched, "Allow");

        g_assert_cmpuint(answer->status, ==, 415);
        g_assert_cmpuint(patched->status, ==, 405);
        g_assert_cmpstr(allow, ==, "GET, PUT");
    }
}

/* The same key: done once, answered alike; the same key for something else: refused. */
static void
test_idempotency(ApiFixture *f, gconstpointer data)
{
    json_auto_t *body = announcement_body();
    char *text = json_dumps(body, 0);
    g_autofree char *token = api_fixture_token("ed");
    const char *const headers[] = {token, "Content-Type: application/json",
                                   "Idempotency-Key: k-1", NULL};
    g_autoptr(TestAnswer) first = NULL, second = NULL, other = NULL;

    people_of_the_story(f);
    first = test_https(&f->people, "POST", "/api/announcements", headers, text, strlen(text));
    second = test_https(&f->people, "POST", "/api/announcements", headers, text, strlen(text));
    g_assert_cmpuint(first->status, ==, 201);
    g_assert_cmpuint(second->status, ==, 201);
    g_assert_cmpstr(first->body->str, ==, second->body->str);
    *strstr(text, "12/TB") = '9';
    other = test_https(&f->people, "POST", "/api/announcements", headers, text, strlen(text));
    g_assert_cmpuint(other->status, ==, 409);
    free(text);
}

static gboolean
has_act(json_t *rows, const char *actor, const char *action)
{
    for (gsize i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);

        if (g_str_equal(api_text(row, "actor"), actor) &&
            g_str_equal(api_text(row, "action"), action))
            return TRUE;
    }
    return FALSE;
}

static void
test_audit(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL;
    json_auto_t *audit = NULL, *verdict = NULL;
    json_t *rows;
    gsize n_before;

    people_of_the_story(f);
    make_recorded(f, &announcement, &version, &object);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/audit?limit=1000", NULL, &audit),
                     ==, 200);
    rows = json_object_get(audit, "rows");
    g_assert_true(has_act(rows, "ed", "announcement.add") ||
                  has_act(rows, "ed", "announcement.put"));
    g_assert_true(has_act(rows, "ed", "version.put") || has_act(rows, "ed", "version.add"));
    n_before = json_array_size(rows);
    /* What was refused left nothing. */
    g_assert_cmpuint(judge(f, "ed", version, "check", object, NULL), ==, 403);
    json_decref(g_steal_pointer(&audit));
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/audit?limit=1000", NULL, &audit),
                     ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(audit, "rows")), ==, n_before);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/audit/verify", NULL, &verdict),
                     ==, 200);
    g_assert_true(json_is_true(json_object_get(verdict, "whole")));
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/audit", NULL, NULL), ==, 403);
}

static void
test_reports(ApiFixture *f, gconstpointer data)
{
    json_auto_t *status = NULL, *all = NULL, *delivery = NULL, *preview = NULL,
                *languages = NULL, *settings = NULL;

    people_of_the_story(f);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/status", NULL, &status), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(status, "stations")), ==, 1);
    /* What nobody is planned with is told to all; another commune's zone is not theirs to see.
     */
    g_assert_cmpuint(json_array_size(json_object_get(status, "troubles")), ==, 1);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(status, "troubles"), 0), "words"),
                    ==, "slot chieu: unknown playlist");
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/status", NULL, &all), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(all, "troubles")), ==, 2);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/delivery?date=2026-03-02", NULL,
                                      &delivery),
                     ==, 200);
    g_assert_true(json_is_array(json_object_get(delivery, "sums")));
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/delivery", NULL, NULL), ==, 400);
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "GET", "/api/delivery?date=2026-02-30", NULL, NULL), ==, 400);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET",
                                      "/api/areas/ia-le-a/preview?date=2026-03-02", NULL,
                                      &preview),
                     ==, 200);
    g_assert_cmpstr(api_text(preview, "area"), ==, "ia-le-a");
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/languages", NULL, &languages), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(languages, "languages")), >=, 3);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/settings", NULL, &settings), ==,
                     200);
}

typedef struct {
    const char *why;
    gint64 left_us;
    const char *remark;
    guint number;
    gint64 now_us;
} Certificate;

/* A station enrolled anew, with a certificate that ends so far from now. */
static gboolean
enrol(SchedTxn *txn, gpointer data, GError **error)
{
    const Certificate *certificate = data;
    g_autofree char *secret = temp_store_hash(certificate->why);
    g_autofree char *serial = g_strdup_printf("%016x", certificate->number);
    g_autofree char *journal = g_strdup_printf("journal-%u", certificate->number);
    SchedDeviceRow device = {
        .serial = serial,
        .station = (char *) "ia-le",
        .public_key = (char *) "key",
        .certificate = (char *) "-",
        .journal = journal,
        .enrolled_us = TEMP_STORE_NOW_US,
        .expires_us = certificate->now_us + certificate->left_us,
    };

    return sched_store_enrolment_add(txn, secret, "ia-le",
                                     TEMP_STORE_NOW_US + TEMP_STORE_DAY_US, error) &&
           sched_store_enrolment_use(txn, secret, &device, error);
}

static void
test_certificate_ends(ApiFixture *f, gconstpointer data)
{
    Certificate cases[] = {
        {"years are left", 3650 * TEMP_STORE_DAY_US, "", 1, 0},
        {"sixty days are left", 60 * TEMP_STORE_DAY_US, "", 2, 0},
        {"less", 60 * TEMP_STORE_DAY_US - 1, "its certificate ends in 59 days: enrol it again",
         3, 0},
        {"it is over", -1, "its certificate has ended: enrol it again", 4, 0},
    };

    people_of_the_story(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *status = NULL;
        json_t *certificate;

        g_test_message("%s", cases[i].why);
        cases[i].now_us = content_clock_utc_us(f->clock);
        temp_store_run(f->store, enrol, &cases[i]);
        g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/status", NULL, &status), ==,
                         200);
        certificate = json_object_get(json_array_get(json_object_get(status, "stations"), 0),
                                      "certificate");
        g_assert_cmpint(json_integer_value(json_object_get(certificate, "ends_us")), ==,
                        cases[i].now_us + cases[i].left_us);
        g_assert_cmpstr(api_text(certificate, "remark"), ==, cases[i].remark);
    }
}

static void
add(const char *path, void (*test)(ApiFixture *, gconstpointer))
{
    g_test_add(path, ApiFixture, NULL, api_fixture_set_up, test, api_fixture_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    add("/scheduler/web/api/announcement", test_announcement);
    add("/scheduler/web/api/repair", test_repair);
    add("/scheduler/web/api/audio", test_audio);
    add("/scheduler/web/api/certificate-ends", test_certificate_ends);
    add("/scheduler/web/api/slot", test_slot);
    add("/scheduler/web/api/places", test_places);
    add("/scheduler/web/api/import", test_import);
    add("/scheduler/web/api/bad-bodies", test_bad_bodies);
    add("/scheduler/web/api/idempotency", test_idempotency);
    add("/scheduler/web/api/audit", test_audit);
    add("/scheduler/web/api/reports", test_reports);
    return g_test_run();
}
