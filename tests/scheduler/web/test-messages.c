/*
 * test-messages.c - how people are reached and of what they are told, through the API: what is
 * refused, who sees what was sent, how often somebody may try it out.
 */
#include "tests/scheduler/web/api-fixture.h"

#include "scheduler/store/messages.h"

#include <curl/curl.h>
#include <string.h>

#define MINE "/api/session/messages"

static json_t *
reach(const char *email, const char *phone)
{
    return json_pack("{s:s, s:s}", "email", email, "phone", phone);
}

static void
test_mine(ApiFixture *f, gconstpointer data)
{
    json_auto_t *before = NULL, *after = NULL;
    json_t *wish = reach("tech@example.vn", "+84 905 123-456");

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", MINE, NULL, &before), ==, 200);
    g_assert_cmpstr(api_text(before, "email"), ==, "");
    g_assert_cmpstr(api_text(before, "reader"), ==, "vi");
    /* By roles: a technician's, each by e-mail alone until another choice. */
    g_assert_cmpuint(json_array_size(json_object_get(before, "events")), ==, 2);
    json_object_set_new(wish, "reader", json_string("en"));
    json_object_set_new(wish, "events",
                        json_pack("[{s:s, s:b, s:b}]", "event", "station_fault", "email", 0,
                                  "phone", 1));
    g_assert_cmpuint(api_fixture_call(f, "tech", "PUT", MINE, wish, NULL), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", MINE, NULL, &after), ==, 200);
    g_assert_cmpstr(api_text(after, "email"), ==, "tech@example.vn");
    g_assert_cmpstr(api_text(after, "phone"), ==, "+84905123456");
    g_assert_cmpstr(api_text(after, "reader"), ==, "en");
    for (gsize i = 0; i < 2; i++) {
        json_t *one = json_array_get(json_object_get(after, "events"), i);
        gboolean is_fault = strcmp(api_text(one, "event"), "station_fault") == 0;

        g_assert_cmpint(json_is_true(json_object_get(one, "email")), ==, !is_fault);
        g_assert_cmpint(json_is_true(json_object_get(one, "phone")), ==, is_fault);
    }
}

static void
test_refused(ApiFixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *why, *email, *phone; guint status; } cases[] = {
        { "nothing at all",           "",                              "",               200 },
        { "a header in the address",  "a@example.vn\r\nBcc: b@c.vn",   "",               422 },
        { "no address",               "tech",                          "",               422 },
        { "no number",                "",                              "gọi tôi nhé",    422 },
        { "an option",                "",                              "--help",         422 },
        { "a very long one",          "",  "0905 123 456 0905 123 456 0905 123 456 0905", 400 },
    };
    /* clang-format on */

    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(api_fixture_call(f, "tech", "PUT", MINE,
                                          reach(cases[i].email, cases[i].phone), NULL),
                         ==, cases[i].status);
    }
    g_assert_cmpuint(api_fixture_call(f, "tech", "PUT", MINE,
                                      json_pack("{s:s, s:s, s:[{s:s, s:b, s:b}]}", "email", "",
                                                "phone", "", "events", "event", "test", "email",
                                                1, "phone", 1),
                                      NULL),
                     ==, 422);
}

static void
test_of_others(ApiFixture *f, gconstpointer data)
{
    static const char path[] = "/api/accounts/tech/reach";
    json_auto_t *account = NULL, *audit = NULL;
    g_autofree char *rows = NULL;

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path, reach("a@example.vn", ""), NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", path,
                                      reach("a@example.vn", "0905123456"), NULL),
                     ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/accounts/tech", NULL, &account),
                     ==, 200);
    g_assert_cmpstr(api_text(account, "phone"), ==, "0905123456");
    /* That it was changed stands in the audit for ever; what to does not. */
    g_assert_cmpuint(
        api_fixture_call(f, "admin", "GET", "/api/audit?object=tech", NULL, &audit), ==, 200);
    rows = json_dumps(audit, 0);
    g_assert_nonnull(strstr(rows, "account.reach"));
    g_assert_null(strstr(rows, "0905123456"));
}

/* A minute and a day are kept to, and nothing is promised that cannot be sent. */
static void
test_try(ApiFixture *f, gconstpointer data)
{
    static const char path[] = MINE "/test";
    json_auto_t *list = NULL, *mine = NULL, *none = NULL;
    json_t *first;

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", path,
                                      json_pack("{s:s}", "way", "email"), NULL),
                     ==, 422);
    api_fixture_call(f, "tech", "PUT", MINE, reach("tech@example.vn", "0905123456"), NULL);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", path,
                                      json_pack("{s:s}", "way", "phone"), NULL),
                     ==, 422);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", path,
                                      json_pack("{s:s}", "way", "email"), NULL),
                     ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", path,
                                      json_pack("{s:s}", "way", "email"), NULL),
                     ==, 429);
    g_assert_cmpuint(f->n_messages_added, ==, 1);
    for (guint i = 1; i < SCHED_MESSAGE_TESTS_A_DAY; i++) {
        fake_clock_advance(f->clock, SCHED_MESSAGE_TEST_GAP_US);
        g_assert_cmpuint(api_fixture_call(f, "tech", "POST", path,
                                          json_pack("{s:s}", "way", "email"), NULL),
                         ==, 200);
    }
    fake_clock_advance(f->clock, SCHED_MESSAGE_TEST_GAP_US);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", path,
                                      json_pack("{s:s}", "way", "email"), NULL),
                     ==, 429);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", MINE, NULL, &mine), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(mine, "messages")), ==, 10);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/messages", NULL, NULL), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/messages?state=waiting", NULL,
                                      &list),
                     ==, 200);
    first = json_array_get(json_object_get(list, "messages"), 0);
    g_assert_cmpstr(api_text(first, "address"), ==, "tech@example.vn");
    g_assert_cmpstr(api_text(first, "event"), ==, "test");
    /* An administrator of another place does not see them. */
    api_fixture_account(f, "blu-admin", SCHED_ROLE_ADMINISTRATOR, "ia-blu");
    g_assert_cmpuint(api_fixture_call(f, "blu-admin", "GET", "/api/messages", NULL, &none), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(none, "messages")), ==, 0);
}

/* A slot of ia-le that is to come, and one time of it that was dropped. */
static gboolean
put_unapproved(SchedTxn *txn, gpointer data, GError **error)
{
    gint64 now_us = *(const gint64 *) data;
    g_autofree char *rows = g_strdup_printf(
        "INSERT INTO playlists (id, name, folded, home, author, revision, changed_us) "
        "VALUES ('p', 'P', 'p', 'ia-le', 'ed', 1, 0);"
        "INSERT INTO slots (id, name, home, playlist, class, tzid, first_date, local_min, "
        "local_s, rule, length_s, priority, gain_mdb, policy, block_order, stopped, author, "
        "content, approved_us, revision, changed_us) VALUES ('s', 'Buổi chiều', 'ia-le', 'p', "
        "'thong_thuong', 'Asia/Ho_Chi_Minh', '2026-03-02', 1020, 0, '', 0, 0, 0, 'each', "
        "'item', 0, 'ed', 'x', 0, 1, 0);"
        "INSERT INTO unapproved (slot, slot_date, version, kind, announcement, title, "
        "language, "
        "start_us, n_zones, dropped, found_us) VALUES "
        "('s', '2026-03-03', '', 'slot', '', 'Buổi chiều', '', %" G_GINT64_FORMAT ", 2, 0, 0), "
        "('s', '2026-03-02', '', 'slot', '', 'Buổi chiều', '', 1772445600000000, 2, 1, 0)",
        now_us + G_USEC_PER_SEC);

    temp_store_exec(txn, rows);
    return TRUE;
}

static gsize
count_unapproved(ApiFixture *f, const char *login, const char *query)
{
    g_autofree char *path = g_strconcat("/api/unapproved", query, NULL);
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    return json_array_size(json_object_get(answer, "unapproved"));
}

static void
test_unapproved(ApiFixture *f, gconstpointer data)
{
    gint64 now_us = content_clock_utc_us(f->clock);

    api_fixture_people(f);
    api_fixture_account(f, "blu", SCHED_ROLE_OPERATOR, "ia-blu");
    temp_store_run(f->store, put_unapproved, &now_us);
    g_assert_cmpuint(count_unapproved(f, "tech", ""), ==, 1);
    g_assert_cmpuint(count_unapproved(f, "tech", "?date=2026-03-02"), ==, 1);
    g_assert_cmpuint(count_unapproved(f, "tech", "?date=2026-03-03"), ==, 0);
    g_assert_cmpuint(count_unapproved(f, "blu", ""), ==, 0);
    g_assert_cmpuint(count_unapproved(f, "blu", "?date=2026-03-02"), ==, 0);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/unapproved?date=2026-02-30", NULL,
                                      NULL),
                     ==, 400);
}

/* Whom to call about a village: who is nearest, and only who can be reached. */
static void
test_on_call(ApiFixture *f, gconstpointer data)
{
    json_auto_t *people = NULL;
    json_t *first;

    api_fixture_people(f);
    api_fixture_account(f, "le", SCHED_ROLE_OFFICIAL, "ia-le");
    api_fixture_account(f, "blu", SCHED_ROLE_OPERATOR, "ia-blu");
    api_fixture_account(f, "top", SCHED_ROLE_TECHNICIAN, "gia-lai");
    api_fixture_call(f, "top", "PUT", MINE, reach("top@example.vn", ""), NULL);
    api_fixture_call(f, "blu", "PUT", MINE, reach("", "0905000000"), NULL);
    api_fixture_call(f, "tech", "PUT", MINE, reach("", "0905123456"), NULL);
    g_assert_cmpuint(
        api_fixture_call(f, "le", "GET", "/api/areas/ia-le-a/on-call", NULL, &people), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(people, "people")), ==, 2);
    first = json_array_get(json_object_get(people, "people"), 0);
    g_assert_cmpstr(api_text(first, "account"), ==, "tech");
    g_assert_cmpstr(api_text(first, "phone"), ==, "0905123456");
    g_assert_cmpuint(
        api_fixture_call(f, "blu", "GET", "/api/areas/ia-le-a/on-call", NULL, NULL), ==, 403);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/messages/mine", test_mine);
    api_fixture_add("/web/messages/refused", test_refused);
    api_fixture_add("/web/messages/of-others", test_of_others);
    api_fixture_add("/web/messages/try", test_try);
    api_fixture_add("/web/messages/on-call", test_on_call);
    api_fixture_add("/web/messages/unapproved", test_unapproved);
    return g_test_run();
}
