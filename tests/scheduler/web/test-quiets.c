/*
 * test-quiets.c - silence through the API: who may ask for it where, what is refused, that its
 * station hears of it before all that waits, and its end.
 */
#include "tests/scheduler/web/api-fixture.h"

#include "scheduler/store/outbox.h"

#include <curl/curl.h>
#include <string.h>

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static void
make_people(ApiFixture *f)
{
    static const struct {
        const char *login, *area;
        SchedRole role;
    } people[] = {
        {"op", "ia-le", SCHED_ROLE_OPERATOR},
        {"le", "ia-le", SCHED_ROLE_OFFICIAL},
        {"le-ed", "ia-le", SCHED_ROLE_EDITOR},
        {"le-tech", "ia-le", SCHED_ROLE_TECHNICIAN},
        {"village", "ia-le-a", SCHED_ROLE_OPERATOR},
        {"blu", "ia-blu", SCHED_ROLE_OPERATOR},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        api_fixture_account(f, people[i].login, (gint) people[i].role, people[i].area);
}

/* @place: "area" or "station/zone"; @from_h, @until_h: hours from now */
static guint
ask(ApiFixture *f, const char *login, const char *place, gint from_h, gint until_h,
    const char *reason, const char *words, json_t **out)
{
    const char *slash = strchr(place, '/');
    g_autofree char *station = slash == NULL ? NULL : g_strndup(place, (gsize) (slash - place));
    gint64 now_us = content_clock_utc_us(f->clock);
    json_t *body = slash == NULL
                       ? json_pack("{s:s}", "area", place)
                       : json_pack("{s:s, s:s}", "station", station, "zone", slash + 1);

    json_object_set_new(body, "from_us", json_integer(MAX(now_us + from_h * HOUR, 0)));
    json_object_set_new(body, "until_us", json_integer(now_us + until_h * HOUR));
    json_object_set_new(body, "reason", json_string(reason));
    if (words != NULL)
        json_object_set_new(body, "words", json_string(words));
    return api_fixture_call(f, login, "POST", "/api/quiets", body, out);
}

/* clang-format off */
static const struct {
    const char *why, *login, *place; gint from_h, until_h; const char *reason, *words; guint status;
} asks[] = {
    { "whoever answers for the commune",  "op",      "ia-le",   0,  2, "funeral",  NULL, 201 },
    { "for one village",                  "le",      "ia-le-b", 0,  2, "exam",     "thi học kỳ", 201 },
    { "for one zone",                     "op",      "ia-le/a", -1, 2, "ceremony", "lễ cầu mưa", 201 },
    { "of one's own village alone",       "village", "ia-le-a", 0,  2, "funeral",  NULL, 201 },
    { "not of the commune's others",      "village", "ia-le",   0,  2, "funeral",  NULL, 403 },
    { "nor their zones",                  "village", "ia-le/b", 0,  2, "funeral",  NULL, 403 },
    { "not the neighbour",                "blu",     "ia-le",   0,  2, "funeral",  NULL, 403 },
    { "not who only writes",              "le-ed",   "ia-le",   0,  2, "funeral",  NULL, 403 },
    { "nor the technician",               "le-tech", "ia-le",   0,  2, "funeral",  NULL, 403 },
    { "no such zone",                     "op",      "ia-le/x", 0,  2, "funeral",  NULL, 422 },
    { "no such area",                     "op",      "ia-khong", 0, 2, "funeral",  NULL, 403 },
    { "no such reason",                   "op",      "ia-le",   0,  2, "feast",    NULL, 400 },
    { "another reason has to be said",    "op",      "ia-le",   0,  2, "other",    NULL, 422 },
    { "another reason, said",             "op",      "ia-le",   0,  2, "other",    "họp dân", 201 },
    { "over already",                     "op",      "ia-le",   -3, -1, "funeral", NULL, 422 },
    { "more than a month",                "op",      "ia-le",   0,  24 * 32, "exam", NULL, 422 },
};
/* clang-format on */

static void
test_who_and_what(ApiFixture *f, gconstpointer data)
{
    make_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(asks); i++) {
        json_auto_t *answer = NULL;
        guint status = ask(f, asks[i].login, asks[i].place, asks[i].from_h, asks[i].until_h,
                           asks[i].reason, asks[i].words, &answer);

        g_test_message("%s", asks[i].why);
        g_assert_cmpuint(status, ==, asks[i].status);
        if (status != 201)
            continue;
        g_assert_cmpstr(api_text(answer, "reason"), ==, asks[i].reason);
        g_assert_cmpstr(api_text(answer, "author_name"), !=, "");
        /* What is past of it is not asked for. */
        g_assert_cmpint(json_integer_value(json_object_get(answer, "from_us")), ==,
                        content_clock_utc_us(f->clock));
    }
}

static void
test_no_place(ApiFixture *f, gconstpointer data)
{
    make_people(f);
    g_assert_cmpuint(
        api_fixture_call(f, "op", "POST", "/api/quiets",
                         json_pack("{s:I, s:s}", "until_us",
                                   (json_int_t) G_GINT64_CONSTANT(4000000000000000), "reason",
                                   "exam"),
                         NULL),
        ==, 422);
}

static gboolean
outbox_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_outbox_list(txn, 100, error);
    const SchedOutboxRow *first;

    g_assert_cmpuint(rows->len, >, 0);
    first = g_ptr_array_index(rows, 0);
    g_assert_cmpstr(first->station, ==, "ia-le");
    g_assert_cmpstr(first->reason, ==, "quiet");
    g_assert_true(first->urgent);
    return TRUE;
}

static gsize
count(ApiFixture *f, const char *login, const char *path)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    return json_array_size(json_object_get(answer, "quiets"));
}

static void
test_life(ApiFixture *f, gconstpointer data)
{
    json_auto_t *asked = NULL, *ended = NULL;
    g_autofree char *end = NULL;

    make_people(f);
    g_assert_cmpuint(ask(f, "op", "ia-le/a", 0, 2, "funeral", NULL, &asked), ==, 201);
    temp_store_look(f->store, outbox_body, NULL);
    end = g_strdup_printf("/api/quiets/%s/end", api_text(asked, "id"));
    g_assert_cmpuint(count(f, "le-ed", "/api/quiets"), ==, 1);
    g_assert_cmpuint(count(f, "le-ed", "/api/quiets?area=ia-le"), ==, 1);
    g_assert_cmpuint(count(f, "le-ed", "/api/quiets?area=ia-le-b"), ==, 0);
    g_assert_cmpuint(count(f, "blu", "/api/quiets"), ==, 0);
    g_assert_cmpuint(api_fixture_call(f, "blu", "POST", end, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "le-ed", "POST", end, NULL, NULL), ==, 403);
    /* Nobody else need agree, not even who asked. */
    g_assert_cmpuint(api_fixture_call(f, "le", "POST", end, NULL, &ended), ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(ended, "ended_us")), >, 0);
    g_assert_cmpuint(api_fixture_call(f, "op", "POST", end, NULL, NULL), ==, 403);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/quiets/who-and-what", test_who_and_what);
    api_fixture_add("/web/quiets/no-place", test_no_place);
    api_fixture_add("/web/quiets/life", test_life);
    return g_test_run();
}
