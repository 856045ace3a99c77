/*
 * test-notices.c - a quick notice: sent in one act, approved in one act by a second person who
 * reads its language, and otherwise after a reader; nothing half done, and corrections first.
 */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

#define SOUND "sound of a notice"

static void
make_people(ApiFixture *f)
{
    static const struct {
        const char *login, *area;
        SchedRole role;
    } people[] = {
        {"op", "ia-le", SCHED_ROLE_OPERATOR},   {"head", "ia-le", SCHED_ROLE_APPROVER},
        {"head", "ia-le", SCHED_ROLE_REVIEWER}, {"boss", "ia-le", SCHED_ROLE_APPROVER},
        {"rev", "ia-le", SCHED_ROLE_REVIEWER},  {"village", "ia-le-a", SCHED_ROLE_APPROVER},
        {"blu", "ia-blu", SCHED_ROLE_EDITOR},   {"op", "ia-le", SCHED_ROLE_APPROVER},
        {"op", "ia-le", SCHED_ROLE_REVIEWER},   {"admin", "gia-lai", SCHED_ROLE_ADMINISTRATOR},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        api_fixture_account(f, people[i].login, (gint) people[i].role, people[i].area);
    /* At any hour, so that the test does not depend on when it runs. */
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", "/api/areas/gia-lai/windows",
                                      json_pack("{s:[{s:s, s:i, s:i, s:i}]}", "windows",
                                                "class", "thong_thuong", "weekdays", 127,
                                                "from_min", 0, "to_min", 1440),
                                      NULL),
                     ==, 200);
}

/* @query: behind title and language */
static guint
send_notice(ApiFixture *f, const char *login, const char *query, const char *sound,
            json_t **out)
{
    g_autofree char *token = api_fixture_token(login);
    g_autofree char *path =
        g_strconcat("/api/notices?no_state_secret=true&title=Hop%20thon&", query, NULL);
    const char *headers[] = {"Content-Type: audio/wav", token, NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "POST", path, headers, sound, strlen(sound));

    if (out != NULL)
        *out = json_loads(answer->body->str, 0, NULL);
    if (answer->status >= 300)
        g_test_message("%s", answer->body->str);
    return answer->status;
}

#define FOR_A "language=jra&home=ia-le&areas=ia-le-a"

static guint
approve(ApiFixture *f, const char *login, json_t *notice, json_t **out)
{
    g_autofree char *path = g_strdup_printf("/api/notices/%s/approve", api_text(notice, "id"));

    api_fixture_hear(f, login, api_text(notice, "version"), api_text(notice, "object"));
    return api_fixture_call(f, login, "POST", path,
                            json_pack("{s:s, s:b}", "object", api_text(notice, "object"),
                                      "no_state_secret", 1),
                            out);
}

static gint64
number(json_t *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

/* One tap: the reader who is an approver there vouches for the language and frees it. */
static void
test_one_tap(ApiFixture *f, gconstpointer data)
{
    json_auto_t *sent = NULL, *placed = NULL, *slot = NULL, *version = NULL;
    g_autofree char *slot_path = NULL, *version_path = NULL;
    gint64 now_us;

    make_people(f);
    g_assert_cmpuint(send_notice(f, "op", FOR_A, SOUND, &sent), ==, 201);
    g_assert_cmpstr(api_text(sent, "state"), ==, "draft");
    g_assert_null(json_object_get(sent, "slot"));
    now_us = content_clock_utc_us(f->clock);
    /* Whoever sent it may do all that, and not of what they sent. */
    g_assert_cmpuint(approve(f, "op", sent, NULL), ==, 403);
    g_assert_cmpuint(approve(f, "head", sent, &placed), ==, 200);
    g_assert_cmpint(number(placed, "heard"), ==, 1);
    g_assert_cmpint(number(placed, "silent"), ==, 0);
    g_assert_cmpint(number(placed, "start_us"), >, now_us);
    g_assert_cmpint(number(placed, "start_us"), <=, now_us + 2 * 60 * G_USEC_PER_SEC);
    version_path = g_strdup_printf("/api/versions/%s", api_text(sent, "version"));
    g_assert_cmpuint(api_fixture_call(f, "head", "GET", version_path, NULL, &version), ==, 200);
    g_assert_cmpstr(api_text(version, "state"), ==, "approved");
    g_assert_cmpstr(api_text(version, "checker"), ==, "head");
    slot_path = g_strdup_printf("/api/slots/%s", api_text(placed, "slot"));
    g_assert_cmpuint(api_fixture_call(f, "head", "GET", slot_path, NULL, &slot), ==, 200);
    g_assert_cmpstr(api_text(slot, "class"), ==, "uu_tien");
    g_assert_cmpstr(api_text(slot, "author"), ==, "op");
    g_assert_cmpstr(api_text(slot, "approver"), ==, "head");
    g_assert_cmpstr(api_text(slot, "approved"), ==, api_text(slot, "content"));
    /* Once. */
    g_assert_cmpuint(approve(f, "head", sent, NULL), ==, 422);
}

/* Sent for somebody else's voice, it says so; and that voice frees it no more than its sender.
 */
static void
test_on_behalf(ApiFixture *f, gconstpointer data)
{
    json_auto_t *own = NULL, *other = NULL, *heads = NULL;

    make_people(f);
    g_assert_cmpuint(send_notice(f, "op", FOR_A "&announcer_name=op", SOUND, &own), ==, 201);
    g_assert_null(json_object_get(own, "voice"));
    g_assert_cmpuint(send_notice(f, "op", FOR_A "&announcer_name=Hyap", SOUND, &other), ==,
                     201);
    g_assert_cmpstr(api_text(other, "voice"), ==, "Hyap");
    g_assert_cmpuint(send_notice(f, "op", FOR_A "&announcer_name=HEAD", SOUND, &heads), ==,
                     201);
    g_assert_cmpuint(approve(f, "head", heads, NULL), ==, 403);
    g_assert_cmpuint(approve(f, "head", other, NULL), ==, 200);
}

/* An approver who does not read it waits for a reader; nothing of the act is done before. */
static void
test_waits_for_reader(ApiFixture *f, gconstpointer data)
{
    json_auto_t *sent = NULL, *placed = NULL, *version = NULL;
    g_autofree char *check = NULL, *path = NULL;

    make_people(f);
    g_assert_cmpuint(send_notice(f, "op", FOR_A, SOUND, &sent), ==, 201);
    g_assert_cmpuint(approve(f, "boss", sent, NULL), ==, 422);
    path = g_strdup_printf("/api/versions/%s", api_text(sent, "version"));
    g_assert_cmpuint(api_fixture_call(f, "boss", "GET", path, NULL, &version), ==, 200);
    g_assert_cmpstr(api_text(version, "state"), ==, "draft");
    check = g_strconcat(path, "/check", NULL);
    g_assert_cmpuint(api_fixture_call(f, "rev", "POST", check,
                                      json_pack("{s:s, s:b}", "object",
                                                api_text(sent, "object"), "no_state_secret", 1),
                                      NULL),
                     ==, 200);
    g_assert_cmpuint(approve(f, "boss", sent, &placed), ==, 200);
    g_assert_cmpint(number(placed, "start_us"), >, 0);
}

/* clang-format off */
static const struct { const char *why, *login, *query, *sound; guint status; } refusals[] = {
    { "who does not write there", "blu", FOR_A, SOUND, 403 },
    { "who only approves", "head", FOR_A, SOUND, 403 },
    { "no place", "op", "language=jra&home=ia-le", SOUND, 400 },
    { "no home", "op", "language=jra&areas=ia-le-a", SOUND, 400 },
    { "another commune's village", "op", "language=jra&home=ia-le&areas=ia-le-a,ia-blu-a", SOUND, 403 },
    { "no language", "op", "home=ia-le&areas=ia-le-a", SOUND, 422 },
    { "no language that we know", "op", "language=xx&home=ia-le&areas=ia-le-a", SOUND, 422 },
    { "not a sound", "op", FOR_A, "text", 422 },
    { "puts right what is not there", "op", FOR_A "&corrects=khong", SOUND, 404 },
};
/* clang-format on */

static void
test_refusals(ApiFixture *f, gconstpointer data)
{
    json_auto_t *list = NULL, *announcements = NULL;
    g_autofree char *longer = g_strnfill(6 * 60 * 10, ' ');

    make_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_test_message("%s", refusals[i].why);
        g_assert_cmpuint(send_notice(f, refusals[i].login, refusals[i].query, refusals[i].sound,
                                     NULL),
                         ==, refusals[i].status);
    }
    /* The stand-in of the ingest process takes a second a byte. */
    memcpy(longer, "sound", 5);
    g_assert_cmpuint(send_notice(f, "op", FOR_A, longer, NULL), ==, 422);
    /* Nothing of all that is there. */
    g_assert_cmpuint(api_fixture_call(f, "op", "GET", "/api/notices", NULL, &list), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(list, "notices")), ==, 0);
    g_assert_cmpuint(
        api_fixture_call(f, "op", "GET", "/api/announcements", NULL, &announcements), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(announcements, "announcements")), ==, 0);
}

/* What nobody would hear is not approved: the act leaves nothing behind. */
static void
test_nobody_hears(ApiFixture *f, gconstpointer data)
{
    json_auto_t *sent = NULL, *slots = NULL, *version = NULL;
    g_autofree char *path = NULL;

    make_people(f);
    g_assert_cmpuint(
        send_notice(f, "op", "language=bdq&home=ia-le&areas=ia-le-a", SOUND, &sent), ==, 201);
    g_assert_cmpuint(approve(f, "head", sent, NULL), ==, 422);
    path = g_strdup_printf("/api/versions/%s", api_text(sent, "version"));
    g_assert_cmpuint(api_fixture_call(f, "head", "GET", path, NULL, &version), ==, 200);
    g_assert_cmpstr(api_text(version, "state"), ==, "draft");
    g_assert_cmpuint(api_fixture_call(f, "head", "GET", "/api/slots", NULL, &slots), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(slots, "slots")), ==, 0);
}

/* In the queue: for who may free it now, corrections ahead. */
static void
test_queue(ApiFixture *f, gconstpointer data)
{
    json_auto_t *first = NULL, *second = NULL, *mine = NULL, *others = NULL, *readers = NULL;
    g_autofree char *query = NULL;
    json_t *one;

    make_people(f);
    g_assert_cmpuint(send_notice(f, "op", FOR_A, SOUND, &first), ==, 201);
    fake_clock_advance(f->clock, G_USEC_PER_SEC);
    query = g_strdup_printf(FOR_A "&corrects=%s", api_text(first, "id"));
    g_assert_cmpuint(send_notice(f, "op", query, SOUND ", put right", &second), ==, 201);
    g_assert_cmpuint(api_fixture_call(f, "head", "GET", "/api/review", NULL, &mine), ==, 200);
    one = json_array_get(json_object_get(mine, "waiting"), 0);
    g_assert_cmpstr(api_text(one, "announcement"), ==, api_text(second, "id"));
    for (gsize i = 0; i < json_array_size(json_object_get(mine, "waiting")); i++) {
        one = json_array_get(json_object_get(mine, "waiting"), i);
        g_assert_cmpstr(api_text(one, "kind"), !=, "version");
    }
    /* Not yet for who cannot read it, but for the reader. */
    g_assert_cmpuint(api_fixture_call(f, "boss", "GET", "/api/review", NULL, &others), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(others, "waiting")), ==, 0);
    g_assert_cmpuint(api_fixture_call(f, "rev", "GET", "/api/review", NULL, &readers), ==, 200);
    one = json_array_get(json_object_get(readers, "waiting"), 0);
    g_assert_cmpstr(api_text(one, "kind"), ==, "check");
    g_assert_cmpstr(api_text(one, "announcement"), ==, api_text(second, "id"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/notices/one-tap", test_one_tap);
    api_fixture_add("/web/notices/on-behalf", test_on_behalf);
    api_fixture_add("/web/notices/waits-for-reader", test_waits_for_reader);
    api_fixture_add("/web/notices/refusals", test_refusals);
    api_fixture_add("/web/notices/nobody-hears", test_nobody_hears);
    api_fixture_add("/web/notices/queue", test_queue);
    return g_test_run();
}
