/* test-sources.c - a radio by the API: what it says of itself, and what of it is judged. */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

#define RADIO "https://radio.example/jrai.ogg"
#define OTHER "https://radio.example/other.ogg"
#define SOUND "sound of its spare"

static void
put_audio(ApiFixture *f, const char *path)
{
    g_autofree char *token = api_fixture_token("ed");
    g_autofree char *audio = g_strconcat(path, "/audio?no_state_secret=true&name=a.wav", NULL);
    const char *headers[] = {"Content-Type: audio/wav", token, NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "PUT", audio, headers, SOUND, strlen(SOUND));

    g_assert_cmpuint(answer->status, ==, 200);
}

/* Returns: (transfer full): the path of the versions of a radio without any */
static char *
make_source(ApiFixture *f)
{
    gint64 until_us = content_clock_utc_us(f->clock) + TEMP_STORE_DAY_US;
    json_auto_t *made = NULL;
    json_t *body = json_pack("{s:s, s:s, s:s, s:[s], s:s, s:I, s:I, s:s, s:s, s:s}", "title",
                             "VOV4", "kind", "stream", "home", "chu-puh", "areas", "chu-puh",
                             "class", "thong_thuong", "valid_from_us", (json_int_t) 0,
                             "valid_until_us", (json_int_t) until_us, "source_number", "1",
                             "source_issuer", "UBND", "source_date", "2026-03-01");

    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements", body, &made), ==,
                     201);
    return g_strdup_printf("/api/announcements/%s/versions", api_text(made, "id"));
}

/* @address: (nullable) */
static json_t *
version_of(const char *address)
{
    return json_pack("{s:s, s:s, s:s*}", "language", "jra", "announcer_name", "A", "address",
                     address);
}

/* Judged is what stands there, by the address that was read. */
static guint
judge(ApiFixture *f, const char *login, const char *path, const char *verb, const char *object,
      const char *address)
{
    g_autofree char *act = g_strconcat(path, "/", verb, NULL);

    if (g_str_equal(verb, "approve"))
        api_fixture_hear(f, login, path + strlen("/api/versions/"), object);
    return api_fixture_call(f, login, "POST", act,
                            json_pack("{s:s, s:b, s:s*}", "object", object, "no_state_secret",
                                      1, "address", address),
                            NULL);
}

static void
assert_version(ApiFixture *f, const char *path, const char *address, const char *state)
{
    json_auto_t *version = NULL;

    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", path, NULL, &version), ==, 200);
    g_assert_cmpstr(api_text(version, "address"), ==, address);
    g_assert_cmpstr(api_text(version, "state"), ==, state);
}

static void
test_judged(ApiFixture *f, gconstpointer data)
{
    g_autofree char *versions = NULL, *path = NULL;
    json_auto_t *made = NULL, *whole = NULL;
    const char *object;

    api_fixture_people(f);
    versions = make_source(f);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", versions, version_of(NULL), NULL), ==,
                     403);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", versions,
                                      version_of("ftp://radio.example/"), NULL),
                     ==, 422);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", versions, version_of(RADIO), &made), ==,
                     201);
    path = g_strdup_printf("/api/versions/%s", api_text(made, "id"));
    put_audio(f, path);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", path, NULL, &whole), ==, 200);
    object = api_text(whole, "object");

    g_assert_cmpuint(judge(f, "rev", path, "check", object, NULL), ==, 409);
    g_assert_cmpuint(judge(f, "rev", path, "check", object, OTHER), ==, 409);
    g_assert_cmpuint(judge(f, "rev", path, "check", object, RADIO), ==, 200);
    g_assert_cmpuint(judge(f, "app", path, "approve", object, OTHER), ==, 409);
    g_assert_cmpuint(judge(f, "app", path, "approve", object, RADIO), ==, 200);
    assert_version(f, path, RADIO, "approved");

    /* Who says nothing of the address leaves it as it is. */
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "PUT", path,
                         json_pack("{s:s, s:b}", "announcer_name", "A", "no_state_secret", 1),
                         NULL),
        ==, 200);
    assert_version(f, path, RADIO, "approved");
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path,
                                      json_pack("{s:s, s:s, s:b}", "announcer_name", "A",
                                                "address", OTHER, "no_state_secret", 1),
                                      NULL),
                     ==, 200);
    assert_version(f, path, OTHER, "draft");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/sources/judged", test_judged);
    return g_test_run();
}
