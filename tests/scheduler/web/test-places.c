/* test-places.c - areas, stations and zones through the API, and bodies that are refused. */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

static void
test_places(ApiFixture *f, gconstpointer data)
{
    json_auto_t *station = NULL, *stations = NULL, *windows = NULL;

    api_fixture_people(f);
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
put_setting(ApiFixture *f, const char *key, const char *value)
{
    g_autofree char *path = g_strconcat("/api/settings/", key, NULL);

    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", path,
                                      json_pack("{s:s}", "value", value), NULL),
                     ==, 200);
}

static void
assert_station(ApiFixture *f, json_t *more, gint64 heartbeat_s, gint64 gain_cap_mdb,
               const char *tzid)
{
    json_auto_t *station = NULL;
    json_t *body = json_pack("{s:s, s:s}", "name", "Trạm 2", "area", "ia-le");

    json_object_update_new(body, more);
    g_assert_cmpuint(
        api_fixture_call(f, "tech", "PUT", "/api/stations/ia-le-2", body, &station), ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(station, "heartbeat_s")), ==,
                    heartbeat_s);
    g_assert_cmpint(json_integer_value(json_object_get(station, "gain_cap_mdb")), ==,
                    gain_cap_mdb);
    g_assert_cmpstr(api_text(station, "tzid"), ==, tzid);
}

/* A new station is as the district's settings say; a change of one thing changes one thing. */
static void
test_kept(ApiFixture *f, gconstpointer data)
{
    api_fixture_people(f);
    put_setting(f, "heartbeat-s", "45");
    put_setting(f, "gain-cap-mdb", "-3000");
    assert_station(f, json_object(), 45, -3000, "Asia/Ho_Chi_Minh");
    assert_station(f, json_pack("{s:s, s:i}", "tzid", "Asia/Tokyo", "gain_cap_mdb", -6000), 45,
                   -6000, "Asia/Tokyo");
    put_setting(f, "heartbeat-s", "90");
    assert_station(f, json_pack("{s:i}", "fetch_kbit_s", 100), 45, -6000, "Asia/Tokyo");
    assert_station(f, json_pack("{s:i}", "heartbeat_s", 15), 15, -6000, "Asia/Tokyo");
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

    api_fixture_people(f);
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

/* What a table would change is shown, and nothing of it is kept. */
static void
test_import_preview(ApiFixture *f, gconstpointer data)
{
    static const char table[] = "id,parent,kind,name,valid_to\n"
                                "ia-le,chu-puh,commune,Ia Le,\n"
                                "ia-le-a,ia-le,village,Plei A mới,2026-12-31\n"
                                "ia-ro,chu-puh,commune,Ia Rong,\n";
    static const char bad[] = "id,parent,kind,name\nx,nowhere,village,Plei X\n";
    g_autofree char *token = api_fixture_token("admin");
    const char *const headers[] = {token, "Content-Type: text/csv", NULL};
    g_autoptr(TestAnswer) shown = NULL, refused = NULL;
    json_auto_t *answer = NULL, *area = NULL, *wrong = NULL, *all = NULL;
    const json_t *fault;
    json_t *changes;
    guint n_new = 0;

    api_fixture_people(f);
    shown = test_https(&f->people, "POST", "/api/areas/import/preview", headers, table,
                       strlen(table));
    g_assert_cmpuint(shown->status, ==, 200);
    answer = json_loads(shown->body->str, 0, NULL);
    changes = json_object_get(answer, "changes");
    g_test_message("%s", shown->body->str);
    g_assert_cmpint(json_integer_value(json_object_get(answer, "areas")), ==, 3);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/areas", NULL, &all), ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(answer, "alone")), ==,
                    (json_int_t) json_array_size(json_object_get(all, "areas")) - 2);
    for (gsize i = 0; i < json_array_size(changes); i++) {
        json_t *one = json_array_get(changes, i);

        n_new += json_object_get(one, "before") == NULL;
        g_assert_cmpstr(api_text(json_object_get(one, "after"), "id"), !=, "ia-blu");
    }
    g_assert_cmpuint(n_new, ==, 1);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/areas/ia-ro", NULL, NULL), ==,
                     404);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/areas/ia-le-a", NULL, &area), ==,
                     200);
    g_assert_null(json_object_get(area, "valid_to"));
    refused =
        test_https(&f->people, "POST", "/api/areas/import/preview", headers, bad, strlen(bad));
    g_assert_cmpuint(refused->status, ==, 200);
    wrong = json_loads(refused->body->str, 0, NULL);
    g_assert_cmpint(json_integer_value(json_object_get(wrong, "wrong")), ==, 1);
    fault = json_array_get(json_object_get(wrong, "faults"), 0);
    g_assert_cmpstr(api_text((json_t *) fault, "code"), ==, "area_no_parent");
    g_assert_cmpuint(json_array_size(json_object_get(wrong, "changes")), ==, 0);
}

/* A file of another kind is refused by its name, before it is taken. */
static void
test_media(ApiFixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *method, *path, *type;
        guint status;
        const char *words;
    } cases[] = {
        {"a table that is JSON", "POST", "/api/areas/import", "Content-Type: application/json",
         415, "text/csv"},
        {"a table without a name", "POST", "/api/areas/import", "X-Nothing: x", 415,
         "text/csv"},
        {"a table", "POST", "/api/areas/import", "Content-Type: text/csv; charset=utf-8", 422,
         "column x"},
        {"a page for a recording", "PUT", "/api/versions/v/audio", "Content-Type: text/html",
         415, "audio/*"},
        {"a form", "PUT", "/api/versions/v/audio", "Content-Type: multipart/form-data", 415,
         "audio/*"},
        {"a browser's recording", "PUT", "/api/versions/v/audio",
         "Content-Type: audio/webm;codecs=opus", 404, "version"},
        {"a film with sound", "PUT", "/api/versions/v/audio", "Content-Type: video/mp4", 404,
         "version"},
        {"any file", "PUT", "/api/versions/v/audio", "Content-Type: application/octet-stream",
         404, "version"},
    };
    g_autofree char *admin = api_fixture_token("admin"), *editor = api_fixture_token("ed");

    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const headers[] = {cases[i].method[1] == 'O' ? admin : editor,
                                       cases[i].type, NULL};
        g_autoptr(TestAnswer) answer =
            test_https(&f->people, cases[i].method, cases[i].path, headers, "x", 1);

        g_test_message("%s: %s", cases[i].why, answer->body->str);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
        g_assert_nonnull(strstr(answer->body->str, cases[i].words));
    }
}

typedef struct {
    const char *why, *body;
    guint status;
    const char *code, *member; /* member: (nullable) */
} BadBody;

static const BadBody bad_bodies[] = {
    {"empty", "", 400, "json", NULL},
    {"not JSON", "name=x", 400, "json", NULL},
    {"a list", "[]", 400, "json", NULL},
    {"cut off", "{\"name\":\"x\"", 400, "json", NULL},
    {"a member twice", "{\"name\":\"x\",\"name\":\"y\",\"area\":\"ia-le\"}", 400, "json", NULL},
    {"NUL in a text", "{\"name\":\"x\\u0000\",\"area\":\"ia-le\"}", 400, "json", NULL},
    {"not UTF-8", "{\"name\":\"\xff\",\"area\":\"ia-le\"}", 400, "json", NULL},
    {"missing", "{\"area\":\"ia-le\"}", 400, "member", "name"},
    {"null", "{\"name\":null,\"area\":\"ia-le\"}", 400, "member", "name"},
    {"unknown", "{\"name\":\"x\",\"area\":\"ia-le\",\"colour\":1}", 400, "member", "colour"},
    {"wrong kind", "{\"name\":7,\"area\":\"ia-le\"}", 400, "member", "name"},
    {"out of range", "{\"name\":\"x\",\"area\":\"ia-le\",\"heartbeat_s\":1}", 400, "member",
     "heartbeat_s"},
    {"a real number", "{\"name\":\"x\",\"area\":\"ia-le\",\"heartbeat_s\":60.5}", 400, "member",
     "heartbeat_s"},
    {"a path", "{\"name\":\"x\",\"area\":\"../../etc\"}", 400, "member", "area"},
    {"signs that no person sees", "{\"name\":\"\\u0007\\u200b\",\"area\":\"ia-le\"}", 400,
     "member", "name"},
    {"no such area", "{\"name\":\"x\",\"area\":\"nowhere\"}", 403, "no-right", NULL},
};

static TestAnswer *
call_station(ApiFixture *f, const char *method, const char *type, const char *body)
{
    g_autofree char *token = api_fixture_token("tech");
    g_autofree char *content = g_strconcat("Content-Type: ", type, NULL);
    const char *const headers[] = {token, content, NULL};

    return test_https(&f->people, method, "/api/stations/ia-le-9", headers, body, strlen(body));
}

static void
refuse_body(ApiFixture *f, const BadBody *bad)
{
    g_autoptr(TestAnswer) answer = call_station(f, "PUT", "application/json", bad->body);
    json_auto_t *problem = json_loads(answer->body->str, 0, NULL);

    g_test_message("%s: %s", bad->why, answer->body->str);
    g_assert_cmpuint(answer->status, ==, bad->status);
    g_assert_cmpstr(api_text(problem, "code"), ==, bad->code);
    if (bad->member != NULL)
        g_assert_cmpstr(api_text(problem, "member"), ==, bad->member);
}

static void
test_bad_bodies(ApiFixture *f, gconstpointer data)
{
    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(bad_bodies); i++)
        refuse_body(f, &bad_bodies[i]);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/stations/ia-le-9", NULL, NULL),
                     ==, 404);
}

static void
test_oversized_bodies(ApiFixture *f, gconstpointer data)
{
    g_autofree char *deep = g_strnfill(5000, '[');
    g_autofree char *name = g_strnfill(300, 'x');
    g_autofree char *long_name = g_strdup_printf("{\"name\":\"%s\",\"area\":\"ia-le\"}", name);
    g_autofree char *huge = g_strnfill(SCHED_API_MAX_JSON_BYTES + 1, ' ');
    const BadBody cases[] = {
        {"too deep", deep, 400, "json", NULL},
        {"too long", long_name, 400, "member", "name"},
        {"huge", huge, 413, "body-too-large", NULL},
    };

    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        refuse_body(f, &cases[i]);
}

static void
test_wrong_type_or_method(ApiFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) text = NULL, patched = NULL;
    g_autofree char *allow = NULL;

    api_fixture_people(f);
    text = call_station(f, "PUT", "text/plain", "{}");
    patched = call_station(f, "PATCH", "application/json", "{}");
    allow = test_answer_header(patched, "Allow");
    g_assert_cmpuint(text->status, ==, 415);
    g_assert_cmpuint(patched->status, ==, 405);
    g_assert_cmpstr(allow, ==, "GET, PUT");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/places/places", test_places);
    api_fixture_add("/scheduler/web/places/kept", test_kept);
    api_fixture_add("/scheduler/web/places/import", test_import);
    api_fixture_add("/scheduler/web/places/import-preview", test_import_preview);
    api_fixture_add("/scheduler/web/places/media", test_media);
    api_fixture_add("/scheduler/web/places/bad-bodies", test_bad_bodies);
    api_fixture_add("/scheduler/web/places/oversized-bodies", test_oversized_bodies);
    api_fixture_add("/scheduler/web/places/wrong-type-or-method", test_wrong_type_or_method);
    return g_test_run();
}
