/* test-session.c - signing in and staying signed in; accounts and passwords. */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)

static TestAnswer *
sign_in_from(ApiFixture *f, const char *from, const char *login, const char *password,
             const char *header)
{
    const char *const headers[] = {"Content-Type: application/json", header, NULL};
    TestHttps peer = f->people;
    json_auto_t *body = json_pack("{s:s, s:s}", "login", login, "password", password);
    char *text = json_dumps(body, 0);
    TestAnswer *answer;

    peer.from = from;
    answer = test_https(&peer, "POST", "/api/session", headers, text, strlen(text));
    free(text);
    return answer;
}

static TestAnswer *
sign_in(ApiFixture *f, const char *login, const char *password)
{
    return sign_in_from(f, NULL, login, password, NULL);
}

static guint
with_header(ApiFixture *f, const char *method, const char *path, const char *one,
            const char *two)
{
    const char *const headers[] = {one, two, NULL};
    g_autoptr(TestAnswer) answer = test_https(&f->people, method, path, headers, NULL, 0);

    return answer->status;
}

static void
test_sign_in(ApiFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) answer = NULL;
    json_auto_t *json = NULL;
    g_autofree char *cookie = NULL, *bearer = NULL, *sent = NULL;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    answer = sign_in(f, "ed", API_PASSWORD);
    g_assert_cmpuint(answer->status, ==, 201);
    json = json_loads(answer->body->str, 0, NULL);
    g_assert_cmpuint(strlen(api_text(json, "token")), ==, 64); /* 256 random bits */
    cookie = test_answer_header(answer, "Set-Cookie");
    g_assert_true(g_str_has_prefix(cookie, "__Host-loa="));
    g_assert_nonnull(strstr(cookie, "; Path=/; Secure; HttpOnly; SameSite=Strict"));

    bearer = g_strconcat("Authorization: Bearer ", api_text(json, "token"), NULL);
    sent = g_strconcat("Cookie: __Host-loa=", api_text(json, "token"), NULL);
    g_assert_cmpuint(with_header(f, "GET", "/api/session", bearer, NULL), ==, 200);
    g_assert_cmpuint(with_header(f, "GET", "/api/session", sent, NULL), ==, 200);
    /* The cookie writes for our own pages only. */
    g_assert_cmpuint(
        with_header(f, "DELETE", "/api/session", sent, "Sec-Fetch-Site: same-site"), ==, 403);
    g_assert_cmpuint(with_header(f, "DELETE", "/api/session", sent,
                                 "Origin: https://evil.example"),
                     ==, 403);
    g_assert_cmpuint(
        with_header(f, "DELETE", "/api/session", sent, "Sec-Fetch-Site: same-origin"), ==, 200);
    g_assert_cmpuint(with_header(f, "GET", "/api/session", bearer, NULL), ==, 401);
}

static void
test_refused(ApiFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) wrong = NULL, unknown = NULL, other_site = NULL;
    json_auto_t *one = NULL, *two = NULL;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    wrong = sign_in(f, "ed", "not the password");
    unknown = sign_in(f, "nobody-here", "not the password");
    other_site = sign_in_from(f, NULL, "ed", API_PASSWORD, "Origin: https://evil.example");
    g_assert_cmpuint(wrong->status, ==, 401);
    g_assert_cmpuint(unknown->status, ==, 401);
    g_assert_cmpuint(other_site->status, ==, 403);
    /* Nothing tells which of the two it was. */
    one = json_loads(wrong->body->str, 0, NULL);
    two = json_loads(unknown->body->str, 0, NULL);
    json_object_del(one, "request");
    json_object_del(two, "request");
    g_assert_true(json_equal(one, two));
}

/* A stranger guesses from one address; the owner of the account comes from another. */
static void
test_guessing(ApiFixture *f, gconstpointer data)
{
    guint n_looked_at = 0, n_waiting = 0;
    g_autofree char *retry = NULL;
    g_autoptr(TestAnswer) honest = NULL, later = NULL;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    for (int i = 0; i < 20; i++) {
        g_autoptr(TestAnswer) guess = sign_in_from(f, "127.0.0.66", "ed", "guess", NULL);

        n_looked_at += guess->status == 401;
        n_waiting += guess->status == 429;
        if (guess->status == 429 && retry == NULL)
            retry = test_answer_header(guess, "Retry-After");
    }
    g_assert_cmpuint(n_looked_at, <=, 4);
    g_assert_cmpuint(n_looked_at + n_waiting, ==, 20);
    g_assert_cmpstr(retry, ==, "1");
    honest = sign_in_from(f, "127.0.0.77", "ed", API_PASSWORD, NULL);
    g_assert_cmpuint(honest->status, ==, 201);
    fake_clock_advance(f->clock, 16 * MINUTE_US);
    later = sign_in_from(f, "127.0.0.66", "ed", API_PASSWORD, NULL);
    g_assert_cmpuint(later->status, ==, 201);
}

static gboolean
do_nothing(SchedTxn *txn, gpointer data, GError **error)
{
    return TRUE;
}

static void
test_time(ApiFixture *f, gconstpointer data)
{
    g_autofree char *idle = api_fixture_token("idle");
    g_autofree char *busy = api_fixture_token("busy");

    api_fixture_account(f, "idle", SCHED_ROLE_EDITOR, "chu-puh");
    api_fixture_account(f, "busy", SCHED_ROLE_EDITOR, "chu-puh");
    for (int i = 1; i <= 24; i++) { /* 8 h in steps of 20 min */
        fake_clock_advance(f->clock, 20 * MINUTE_US);
        g_assert_cmpuint(with_header(f, "GET", "/api/session", busy, NULL), ==,
                         i < 24 ? 200 : 401);
        /* Its use is noted beside the answer: whatever is written next comes after that. */
        temp_store_run(f->store, do_nothing, NULL);
        if (i == 2)
            g_assert_cmpuint(with_header(f, "GET", "/api/session", idle, NULL), ==, 401);
    }
}

static void
test_accounts(ApiFixture *f, gconstpointer data)
{
    json_auto_t *account = NULL, *mine = NULL;
    g_autoptr(TestAnswer) in = NULL, out = NULL, again = NULL;
    g_autofree char *id = NULL, *rights = NULL, *state = NULL, *bearer = NULL, *password = NULL;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    g_assert_cmpuint(
        api_fixture_call(f, "admin", "POST", "/api/accounts",
                         json_pack("{s:s, s:s}", "login", "h.rmah", "name", "H'Rmah"),
                         &account),
        ==, 201);
    g_assert_cmpuint(api_fixture_call(f, "admin", "POST", "/api/accounts",
                                      json_pack("{s:s, s:s, s:s}", "login", "h.nay", "name",
                                                "H'Nay", "password", "passwordpassword"),
                                      NULL),
                     ==, 422);
    g_assert_cmpuint(api_fixture_call(f, "admin", "POST", "/api/accounts",
                                      json_pack("{s:s, s:s}", "login", "h.rmah", "name", "X"),
                                      NULL),
                     ==, 409);
    id = g_strdup(api_text(account, "id"));
    password = g_strdup(api_text(account, "password"));
    in = sign_in(f, "h.rmah", password);
    g_assert_cmpuint(in->status, ==, 201);
    rights = g_strdup_printf("/api/accounts/%s/rights", id);
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", rights,
                                      json_pack("{s:s, s:s, s:s}", "role", "reviewer", "area",
                                                "ia-le", "language", "jra"),
                                      NULL),
                     ==, 200);
    mine = json_loads(in->body->str, 0, NULL);
    bearer = g_strconcat("Authorization: Bearer ", api_text(mine, "token"), NULL);
    g_assert_cmpuint(with_header(f, "GET", "/api/session", bearer, NULL), ==, 200);
    state = g_strdup_printf("/api/accounts/%s/state", id);
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", state,
                                      json_pack("{s:s}", "state", "retired"), NULL),
                     ==, 200);
    /* At once: the session ends with the account. */
    g_assert_cmpuint(with_header(f, "GET", "/api/session", bearer, NULL), ==, 401);
    out = sign_in(f, "h.rmah", password);
    g_assert_cmpuint(out->status, ==, 401);
}

/* Who administers one commune is not above who administers the district. */
static void
test_below(ApiFixture *f, gconstpointer data)
{
    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "small", SCHED_ROLE_ADMINISTRATOR, "ia-le");
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "ia-le");
    g_assert_cmpuint(api_fixture_call(f, "small", "PUT", "/api/accounts/admin/password",
                                      json_object(), NULL),
                     ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "small", "PUT", "/api/accounts/admin/state",
                                      json_pack("{s:s}", "state", "locked"), NULL),
                     ==, 403);
    g_assert_cmpuint(
        api_fixture_call(f, "small", "PUT", "/api/accounts/small/rights",
                         json_pack("{s:s, s:s}", "role", "administrator", "area", "gia-lai"),
                         NULL),
        ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "small", "PUT", "/api/accounts/ed/password",
                                      json_object(), NULL),
                     ==, 200);
}

static guint
change_own(ApiFixture *f, const char *old, const char *password)
{
    return api_fixture_call(f, "ed", "PUT", "/api/session/password",
                            json_pack("{s:s, s:s}", "old", old, "password", password), NULL);
}

static void
test_own_password(ApiFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) before = NULL, after = NULL;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    g_assert_cmpuint(change_own(f, "wrong", "mây trôi trên đỉnh núi"), ==, 403);
    g_assert_cmpuint(change_own(f, API_PASSWORD, "ngắn quá"), ==, 422);
    g_assert_cmpuint(change_own(f, API_PASSWORD, "mây trôi trên đỉnh núi"), ==, 200);
    g_assert_cmpuint(change_own(f, API_PASSWORD, "mây trôi trên đỉnh núi"), ==, 401);
    before = sign_in(f, "ed", API_PASSWORD);
    after = sign_in(f, "ed", "mây trôi trên đỉnh núi");
    g_assert_cmpuint(before->status, ==, 401);
    g_assert_cmpuint(after->status, ==, 201);
}

static gboolean
set_slow_hash(SchedTxn *txn, gpointer data, GError **error)
{
    assert_done(sched_store_account_set_password(txn, "ed", data, &problem));
    return TRUE;
}

/* The district stops while a password is being looked at. */
static gboolean
on_stop(gpointer data)
{
    ApiFixture *f = data;

    if (sched_api_n_open(f->api) == 0)
        return G_SOURCE_CONTINUE;
    g_clear_pointer(&f->people_server, content_server_stop);
    g_clear_pointer(&f->station_server, content_server_stop);
    g_clear_pointer(&f->api, sched_api_free);
    return G_SOURCE_REMOVE;
}

static void
test_stop(ApiFixture *f, gconstpointer data)
{
    g_autofree char *slow = sched_password_hash(&sched_password_cost, API_PASSWORD, NULL);
    g_autoptr(TestAnswer) answer = NULL;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    temp_store_run(f->store, set_slow_hash, slow);
    g_timeout_add(1, on_stop, f);
    answer = sign_in(f, "ed", API_PASSWORD);
    g_assert_cmpuint(answer->status, !=, 201);
    g_assert_null(f->api);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/session/sign-in", test_sign_in);
    api_fixture_add("/scheduler/web/session/refused", test_refused);
    api_fixture_add("/scheduler/web/session/guessing", test_guessing);
    api_fixture_add("/scheduler/web/session/time", test_time);
    api_fixture_add("/scheduler/web/session/accounts", test_accounts);
    api_fixture_add("/scheduler/web/session/below", test_below);
    api_fixture_add("/scheduler/web/session/own-password", test_own_password);
    api_fixture_add("/scheduler/web/session/stop", test_stop);
    return g_test_run();
}
