/*
 * test-wanted.c - versions wanted through the API: who may ask whom, whose queue it stands in,
 * and a recording that is brought in on behalf of somebody, from the request to the approval.
 */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

static void
make_people(ApiFixture *f)
{
    api_fixture_people(f);
    api_fixture_account(f, "le-ed", SCHED_ROLE_EDITOR, "ia-le");
    api_fixture_account(f, "hyap", SCHED_ROLE_EDITOR, "chu-puh");
    api_fixture_account(f, "hyap", SCHED_ROLE_REVIEWER, "chu-puh");
    api_fixture_account(f, "blu-ed", SCHED_ROLE_EDITOR, "ia-blu");
}

/* "YYYY-MM-DD" so many days from now. */
static char *
day_after(ApiFixture *f, gint days)
{
    g_autoptr(GDateTime) now =
        g_date_time_new_from_unix_utc(content_clock_utc_us(f->clock) / G_USEC_PER_SEC);
    g_autoptr(GDateTime) then = g_date_time_add_days(now, days);

    return g_date_time_format(then, "%Y-%m-%d");
}

static char *
make_announcement(ApiFixture *f, const char *area)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", "/api/announcements",
                         json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:[s]}", "title",
                                   "Lịch tiêm phòng", "class", "thong_thuong", "source_number",
                                   "12/TB", "source_issuer", "UBND xã", "source_date",
                                   "2026-03-01", "valid_from_us", (json_int_t) 0,
                                   "valid_until_us",
                                   (json_int_t) G_GINT64_CONSTANT(4000000000000000), "home",
                                   "ia-le", "areas", area),
                         &answer),
        ==, 201);
    return g_strdup(api_text(answer, "id"));
}

static guint
ask(ApiFixture *f, const char *login, const char *announcement, const char *account,
    const char *name, gint days, json_t **out)
{
    g_autofree char *by_date = day_after(f, days);
    json_t *body = json_pack("{s:s, s:s, s:s}", "announcement", announcement, "language", "jra",
                             "by_date", by_date);

    if (account != NULL)
        json_object_set_new(body, "account", json_string(account));
    if (name != NULL)
        json_object_set_new(body, "name", json_string(name));
    return api_fixture_call(f, login, "POST", "/api/wanted", body, out);
}

/* clang-format off */
static const struct {
    const char *why, *login, *announcement, *account, *name; gint days; guint status;
} asks[] = {
    { "not who only checks",            "rev",    "AN", "hyap",   NULL, 3, 403 },
    { "nor the neighbour",              "blu-ed", "AN", "hyap",   NULL, 3, 403 },
    { "nor the technician",             "tech",   "AN", "hyap",   NULL, 3, 403 },
    { "no such announcement",           "le-ed",  "khong", "hyap", NULL, 3, 404 },
    { "of somebody who may not add it", "le-ed",  "AN", "blu-ed", NULL, 3, 422 },
    { "of nobody",                      "le-ed",  "AN", NULL,     NULL, 3, 422 },
    { "too late",                       "le-ed",  "AN", "hyap",   NULL, -2, 422 },
    { "whoever writes there",           "le-ed",  "AN", "hyap",   NULL, 3, 201 },
    { "twice",                          "ed",     "AN", NULL,     "Mai", 3, 409 },
};
/* clang-format on */

static void
test_who_may_ask(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL;

    make_people(f);
    announcement = make_announcement(f, "ia-le");
    for (gsize i = 0; i < G_N_ELEMENTS(asks); i++) {
        const char *of =
            strcmp(asks[i].announcement, "AN") == 0 ? announcement : asks[i].announcement;

        g_test_message("%s", asks[i].why);
        g_assert_cmpuint(ask(f, asks[i].login, of, asks[i].account, asks[i].name, asks[i].days,
                             NULL),
                         ==, asks[i].status);
    }
}

/* "recorded hyap": state and of whom, of all that @login is shown. */
static char *
listed(ApiFixture *f, const char *login, const char *query)
{
    json_auto_t *answer = NULL;
    g_autofree char *path = g_strconcat("/api/wanted", query, NULL);
    GString *words = g_string_new(NULL);
    json_t *one;
    size_t i;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    g_assert_false(json_is_true(json_object_get(answer, "more")));
    json_array_foreach(json_object_get(answer, "wanted"), i, one)
    {
        g_string_append_printf(words, "%s%s %s", i == 0 ? "" : ", ", api_text(one, "state"),
                               api_text(one, "name"));
    }
    return g_string_free(words, FALSE);
}

#define expect_listed(f, login, query, expected)                                               \
    do {                                                                                       \
        g_autofree char *found = listed(f, login, query);                                      \
        g_assert_cmpstr(found, ==, expected);                                                  \
    } while (0)

static guint
upload(ApiFixture *f, const char *login, const char *version, const char *bytes)
{
    g_autofree char *path =
        g_strdup_printf("/api/versions/%s/audio?no_state_secret=true", version);
    g_autofree char *token = api_fixture_token(login);
    const char *const headers[] = {token, "Content-Type: audio/wav", NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "PUT", path, headers, bytes, strlen(bytes));

    return answer->status;
}

static char *
add_version(ApiFixture *f, const char *login, const char *announcement)
{
    g_autofree char *path = g_strdup_printf("/api/announcements/%s/versions", announcement);
    json_auto_t *version = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "POST", path,
                                      json_pack("{s:s}", "language", "jra"), &version),
                     ==, 201);
    return g_strdup(api_text(version, "id"));
}

static guint
check(ApiFixture *f, const char *login, const char *version)
{
    g_autofree char *path = g_strdup_printf("/api/versions/%s", version),
                    *act = g_strconcat(path, "/check", NULL);
    json_auto_t *row = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &row), ==, 200);
    return api_fixture_call(
        f, login, "POST", act,
        json_pack("{s:s, s:b}", "object", api_text(row, "object"), "no_state_secret", 1), NULL);
}

/* Asked of an account that also reads the language; the file comes by another's hand. */
static void
test_on_behalf(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *path = NULL, *end = NULL;
    json_auto_t *asked = NULL, *named = NULL, *brought = NULL, *review = NULL, *gone = NULL;

    make_people(f);
    announcement = make_announcement(f, "ia-le");
    g_assert_cmpuint(ask(f, "le-ed", announcement, "hyap", NULL, 3, &asked), ==, 201);
    g_assert_cmpstr(api_text(asked, "state"), ==, "wanted");
    g_assert_cmpstr(api_text(asked, "title"), ==, "Lịch tiêm phòng");
    expect_listed(f, "hyap", "?whose=mine", "wanted hyap");
    expect_listed(f, "le-ed", "?whose=mine", "");
    expect_listed(f, "le-ed", "?whose=asked", "wanted hyap");
    expect_listed(f, "tech", "?area=ia-le", "wanted hyap");
    expect_listed(f, "blu-ed", "", "");
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/wanted?whose=yours", NULL, NULL),
                     ==, 400);

    version = add_version(f, "le-ed", announcement);
    path = g_strdup_printf("/api/versions/%s", version);
    g_assert_cmpuint(upload(f, "le-ed", version, "sound"), ==, 422); /* whose voice? */
    g_assert_cmpuint(api_fixture_call(f, "le-ed", "PUT", path,
                                      json_pack("{s:s}", "announcer", "hyap"), &named),
                     ==, 200);
    g_assert_cmpuint(upload(f, "le-ed", version, "sound"), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "app", "GET", path, NULL, &brought), ==, 200);
    g_assert_true(json_is_true(json_object_get(brought, "behalf")));
    g_assert_cmpstr(api_text(brought, "announcer_name"), ==, "hyap");
    g_assert_cmpstr(api_text(brought, "uploader_name"), ==, "le-ed");
    expect_listed(f, "hyap", "?whose=mine", "recorded hyap");

    /* Who waits to check it reads whose voice it is; the voice itself checks nothing. */
    g_assert_cmpuint(api_fixture_call(f, "rev", "GET", "/api/review", NULL, &review), ==, 200);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(review, "waiting"), 0), "voice"),
                    ==, "hyap");
    g_assert_cmpuint(check(f, "hyap", version), ==, 403);
    g_assert_cmpuint(check(f, "rev", version), ==, 200);
    expect_listed(f, "hyap", "?whose=mine", "checked hyap");

    end = g_strdup_printf("/api/wanted/%s/withdraw", api_text(asked, "id"));
    g_assert_cmpuint(api_fixture_call(f, "blu-ed", "POST", end, NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", end, NULL, &gone), ==, 200);
    g_assert_cmpstr(api_text(gone, "state"), ==, "withdrawn");
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", end, NULL, NULL), ==, 403);
    expect_listed(f, "hyap", "?whose=mine", "");
}

/* Names that a list of people in an answer holds. */
static char *
names_of(json_t *people)
{
    GString *words = g_string_new(NULL);
    json_t *one;
    size_t i;

    json_array_foreach(people, i, one)
        g_string_append_printf(words, "%s%s", i == 0 ? "" : " ", api_text(one, "name"));
    return g_string_free(words, FALSE);
}

static char *
checkers_of(json_t *answer, const char *language)
{
    json_t *one;
    size_t i;

    json_array_foreach(json_object_get(answer, "languages"), i, one)
    {
        if (strcmp(api_text(one, "language"), language) == 0)
            return names_of(json_object_get(one, "checkers"));
    }
    return g_strdup("?");
}

static void
test_people(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *path = NULL, *names = NULL, *jra = NULL, *bdq = NULL,
                    *dialect = NULL, *versions = NULL;
    json_auto_t *before = NULL, *after = NULL;

    make_people(f);
    announcement = make_announcement(f, "ia-le");
    path = g_strdup_printf("/api/announcements/%s/people", announcement);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", path, NULL, &before), ==, 200);
    names = names_of(json_object_get(before, "askable"));
    g_assert_cmpstr(names, ==, "ed editor editor-2 hyap le-ed");
    bdq = checkers_of(before, "bdq");
    g_assert_cmpstr(bdq, ==, "ed hyap reader rev");
    versions = g_strdup_printf("/api/announcements/%s/versions", announcement);
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", versions,
                         json_pack("{s:s, s:s}", "language", "jra-x-arap", "announcer", "hyap"),
                         NULL),
        ==, 201);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", path, NULL, &after), ==, 200);
    dialect = checkers_of(after, "jra-x-arap");
    g_assert_cmpstr(dialect, ==, "reader rev"); /* neither who made it nor its voice */
    jra = checkers_of(after, "jra");
    g_assert_cmpstr(jra, ==, "ed hyap reader rev");
    g_assert_cmpuint(api_fixture_call(f, "blu-ed", "GET", path, NULL, NULL), ==, 403);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/wanted/who-may-ask", test_who_may_ask);
    api_fixture_add("/web/wanted/on-behalf", test_on_behalf);
    api_fixture_add("/web/wanted/people", test_people);
    return g_test_run();
}
