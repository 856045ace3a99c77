/*
 * test-review.c - what waits for whom: never for its author, never for who holds no right
 * everywhere it is heard, and no longer once it was judged, stopped or is over.
 */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>

typedef struct {
    ApiFixture api;
    char *slot;
} Fixture;

static guint
call(Fixture *f, const char *login, const char *method, const char *path, const char *body,
     json_t **out)
{
    json_t *json = body == NULL ? NULL : json_loads(body, 0, NULL);

    g_assert_true((body == NULL) == (json == NULL));
    return api_fixture_call(&f->api, login, method, path, json, out);
}

static char *
add(Fixture *f, const char *path, const char *body)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(call(f, "ed", "POST", path, body, &answer), ==, 201);
    return g_strdup(api_text(answer, "id"));
}

static char *
add_slot(Fixture *f, const char *name, const char *until)
{
    g_autofree char *playlist = add(f, "/api/playlists",
                                    "{\"name\":\"P\",\"home\":\"chu-puh\",\"items\":"
                                    "[{\"kind\":\"pause\",\"duration_us\":2000000}]}");
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"%s\",\"home\":\"chu-puh\",\"playlist\":\"%s\","
                        "\"class\":\"thong_thuong\",\"first_date\":\"2020-12-01\","
                        "\"local_min\":330,\"rule\":\"FREQ=DAILY\",\"until\":\"%s\","
                        "\"targets\":[{\"area\":\"ia-le\"}]}",
                        name, playlist, until);

    return add(f, "/api/slots", body);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *login, *area;
        SchedRole role;
    } people[] = {
        {"admin", "gia-lai", SCHED_ROLE_ADMINISTRATOR},
        {"admin", "gia-lai", SCHED_ROLE_APPROVER},
        {"ed", "chu-puh", SCHED_ROLE_EDITOR},
        {"ed", "chu-puh", SCHED_ROLE_APPROVER},
        {"app", "gia-lai", SCHED_ROLE_APPROVER},
        {"le", "ia-le", SCHED_ROLE_APPROVER},
        {"tech", "ia-le", SCHED_ROLE_TECHNICIAN},
    };

    api_fixture_set_up(&f->api, data);
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        api_fixture_account(&f->api, people[i].login, (gint) people[i].role, people[i].area);
    f->slot = add_slot(f, "S", "2199-12-31");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_free(f->slot);
    api_fixture_tear_down(&f->api, data);
}

/* "slot S, proposal setWindows": what waits for @login, in its order */
static char *
waiting(Fixture *f, const char *login)
{
    json_auto_t *answer = NULL;
    json_t *list;
    GString *words = g_string_new(NULL);

    g_assert_cmpuint(call(f, login, "GET", "/api/review", NULL, &answer), ==, 200);
    g_assert_false(json_is_true(json_object_get(answer, "more")));
    list = json_object_get(answer, "waiting");
    for (gsize i = 0; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);

        g_assert_cmpint(json_integer_value(json_object_get(one, "since_us")), >, 0);
        g_assert_cmpstr(api_text(one, "author"), !=, "");
        g_string_append_printf(words, "%s%s %s%s", i == 0 ? "" : ", ", api_text(one, "kind"),
                               api_text(one, "title"), api_text(one, "date"));
    }
    return g_string_free(words, FALSE);
}

#define expect_waiting(f, login, expected)                                                     \
    do {                                                                                       \
        g_autofree char *found = waiting(f, login);                                            \
        g_assert_cmpstr(found, ==, expected);                                                  \
    } while (0)

static void
approve(Fixture *f, const char *date)
{
    json_auto_t *slot = NULL;
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);
    g_autofree char *act = g_strdup_printf("%s%s/approve", path, date);
    g_autofree char *body = NULL;
    json_t *one;

    g_assert_cmpuint(call(f, "app", "GET", path, NULL, &slot), ==, 200);
    one = *date == '\0' ? slot : json_array_get(json_object_get(slot, "dates"), 0);
    body = g_strdup_printf("{\"content\":\"%s\"}", api_text(one, "content"));
    g_assert_cmpuint(call(f, "app", "POST", act, body, NULL), ==, 200);
}

static void
test_slots(Fixture *f, gconstpointer data)
{
    json_auto_t *slot = NULL;
    g_autofree char *over = add_slot(f, "Over", "2021-01-01");
    g_autofree char *other = add_slot(f, "Stopped", "2199-12-31");
    g_autofree char *stop = g_strdup_printf("/api/slots/%s/stop", other);
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);

    g_assert_cmpuint(call(f, "ed", "POST", stop, NULL, NULL), ==, 200);
    expect_waiting(f, "app", "slot S");
    expect_waiting(f, "ed", ""); /* its author */
    expect_waiting(f, "le", ""); /* at home where the slot is heard, but not where it is kept */
    expect_waiting(f, "tech", ""); /* approves nothing */
    approve(f, "");
    expect_waiting(f, "app", "");
    g_assert_cmpuint(call(f, "app", "GET", path, NULL, &slot), ==, 200);
    g_assert_cmpstr(api_text(slot, "approved_text"), ==, api_text(slot, "text"));
    g_assert_cmpstr(api_text(slot, "text"), !=, "");
}

static guint
send_back(Fixture *f, const char *login, const char *note)
{
    json_auto_t *slot = NULL;
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);
    g_autofree char *act = g_strdup_printf("%s/return", path), *body = NULL;

    g_assert_cmpuint(call(f, "app", "GET", path, NULL, &slot), ==, 200);
    body = g_strdup_printf("{\"content\":\"%s\",\"note\":\"%s\"}", api_text(slot, "content"),
                           note);
    return call(f, login, "POST", act, body, NULL);
}

/* Sent back it waits for its author, who reads why, until it is another. */
static void
test_returned(Fixture *f, gconstpointer data)
{
    json_auto_t *slot = NULL, *changed = NULL;
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);

    g_assert_cmpuint(send_back(f, "ed", "x"), ==, 200); /* an approver there, too */
    g_assert_cmpuint(send_back(f, "tech", "x"), ==, 403);
    g_assert_cmpuint(send_back(f, "le", "x"), ==, 403);
    g_assert_cmpuint(send_back(f, "app", ""), ==, 400);
    g_assert_cmpuint(send_back(f, "app", "sớm quá"), ==, 200);
    expect_waiting(f, "app", "");
    g_assert_cmpuint(call(f, "ed", "GET", path, NULL, &slot), ==, 200);
    g_assert_cmpstr(api_text(slot, "note"), ==, "sớm quá");
    json_object_set_new(slot, "local_min", json_integer(360));
    for (const char **name = (const char *[]){"id", "stopped", "author", "content", "approved",
                                              "approver", "approved_us", "changed_us", "note",
                                              "dates", "text", "approved_text", NULL};
         *name != NULL; name++)
        json_object_del(slot, *name);
    g_assert_cmpuint(api_fixture_call(&f->api, "ed", "PUT", path, json_incref(slot), &changed),
                     ==, 200);
    g_assert_cmpstr(api_text(changed, "note"), ==, "");
    expect_waiting(f, "app", "slot S");
}

static void
test_dates(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_strdup_printf("/api/slots/%s/dates/2199-01-01", f->slot);
    g_autofree char *playlist = add(f, "/api/playlists",
                                    "{\"name\":\"Q\",\"home\":\"chu-puh\",\"items\":"
                                    "[{\"kind\":\"pause\",\"duration_us\":1000000}]}");
    g_autofree char *body = g_strdup_printf("{\"playlist\":\"%s\"}", playlist);

    approve(f, "");
    g_assert_cmpuint(call(f, "ed", "PUT", path, "{}", NULL), ==, 200);
    expect_waiting(f, "app", ""); /* silence waits for nobody */
    g_assert_cmpuint(call(f, "ed", "PUT", path, body, NULL), ==, 200);
    expect_waiting(f, "app", "date S2199-01-01");
    expect_waiting(f, "ed", "");
    approve(f, "/dates/2199-01-01");
    expect_waiting(f, "app", "");
}

static void
test_proposals(Fixture *f, gconstpointer data)
{
    approve(f, "");
    g_assert_cmpuint(call(f, "admin", "PUT", "/api/areas/gia-lai/windows",
                          "{\"windows\":[{\"class\":\"thong_thuong\",\"weekdays\":127,"
                          "\"from_min\":0,\"to_min\":1440}],\"limit_min\":1440}",
                          NULL),
                     ==, 202);
    expect_waiting(f, "app", "proposal setWindows");
    expect_waiting(f, "admin", ""); /* who asked */
    expect_waiting(f, "le", "");    /* not above all of the place */
}

#define ADD(name, test)                                                                        \
    g_test_add("/scheduler/web/review/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    ADD("slots", test_slots);
    ADD("returned", test_returned);
    ADD("dates", test_dates);
    ADD("proposals", test_proposals);
    return g_test_run();
}
