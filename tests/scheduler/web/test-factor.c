/* test-factor.c - the second factor over the API: set up, signed in with, lost, taken away. */
#include "content/base/id.h"
#include "scheduler/store/factors.h"
#include "tests/scheduler/web/api-fixture.h"
#include "tests/support/phone.h"

#include <curl/curl.h>
#include <string.h>

#define STEP_US ((gint64) SCHED_TOTP_STEP_S * G_USEC_PER_SEC)

/* ---- a person with a phone ---- */

/* What the phone shows @steps from now. */
static char *
code_of(ApiFixture *f, const char *secret, gint64 steps)
{
    return test_phone_code(secret, content_clock_utc_us(f->clock) + steps * STEP_US);
}

static guint
call(ApiFixture *f, const char *who, const char *method, const char *path, json_t *body,
     const char *code)
{
    json_auto_t *json = NULL;
    guint status = api_fixture_call(f, who, method, path, body, &json);

    if (code != NULL)
        g_assert_cmpstr(api_text(json, "code"), ==, code);
    return status;
}

/* Begins and confirms; Returns: the secret; @out_codes: (out) (transfer full) */
static char *
set_up(ApiFixture *f, const char *who, json_t **out_codes)
{
    json_auto_t *begun = NULL, *confirmed = NULL;
    g_autofree char *code = NULL;

    g_assert_cmpuint(api_fixture_call(f, who, "POST", "/api/session/factor",
                                      json_pack("{s:s}", "password", API_PASSWORD), &begun),
                     ==, 201);
    code = code_of(f, api_text(begun, "secret"), 0);
    g_assert_cmpuint(api_fixture_call(f, who, "POST", "/api/session/factor/confirm",
                                      json_pack("{s:s}", "code", code), &confirmed),
                     ==, 200);
    if (out_codes != NULL)
        *out_codes = json_incref(json_object_get(confirmed, "codes"));
    return g_strdup(api_text(begun, "secret"));
}

/* @code: (nullable); @word: (nullable): of a refusal. Returns: the status */
static guint
sign_in(ApiFixture *f, const char *from, const char *login, const char *code, const char *word)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    TestHttps peer = f->people;
    json_auto_t *body =
        json_pack("{s:s, s:s, s:s*}", "login", login, "password", API_PASSWORD, "code", code);
    char *text = json_dumps(body, 0);
    g_autoptr(TestAnswer) answer = NULL;
    json_auto_t *json = NULL;

    peer.from = from;
    answer = test_https(&peer, "POST", "/api/session", headers, text, strlen(text));
    free(text);
    json = json_loads(answer->body->str, 0, NULL);
    if (word != NULL)
        g_assert_cmpstr(api_text(json, "code"), ==, word);
    return answer->status;
}

/* ---- the stories ---- */

static void
test_two_steps(ApiFixture *f, gconstpointer data)
{
    json_auto_t *codes = NULL;
    g_autofree char *secret = NULL, *now = NULL, *next = NULL, *old = NULL;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    g_assert_cmpuint(sign_in(f, NULL, "ed", NULL, NULL), ==, 201); /* optional for an editor */
    secret = set_up(f, "ed", &codes);
    g_assert_cmpuint(json_array_size(codes), ==, SCHED_RECOVERY_CODES);
    now = code_of(f, secret, 0);
    next = code_of(f, secret, 1);
    old = code_of(f, secret, -2);
    g_assert_cmpuint(sign_in(f, NULL, "ed", NULL, "code-wanted"), ==, 401);
    g_assert_cmpuint(sign_in(f, NULL, "ed", old, "wrong-code"), ==, 401);
    /* The first code was used up by setting up. */
    g_assert_cmpuint(sign_in(f, NULL, "ed", now, "wrong-code"), ==, 401);
    g_assert_cmpuint(sign_in(f, NULL, "ed", next, NULL), ==, 201);
    fake_clock_advance(f->clock, 2 * STEP_US);
    g_assert_cmpuint(sign_in(f, NULL, "ed", next, "wrong-code"), ==, 401);
}

static void
test_recovery(ApiFixture *f, gconstpointer data)
{
    json_auto_t *codes = NULL, *me = NULL, *seen = NULL;
    g_autofree char *secret = NULL;
    const char *code;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    secret = set_up(f, "ed", &codes);
    code = json_string_value(json_array_get(codes, 3));
    g_assert_cmpuint(sign_in(f, NULL, "ed", "abcd-efgh-jkmn-pqrs", "wrong-code"), ==, 401);
    g_assert_cmpuint(sign_in(f, NULL, "ed", code, NULL), ==, 201);
    g_assert_cmpuint(sign_in(f, NULL, "ed", code, "wrong-code"), ==, 401);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/session", NULL, &me), ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(me, "codes_left")), ==, 9);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(me, "notes"), 0), "code"), ==,
                    "recovery_used");
    g_assert_cmpuint(call(f, "ed", "DELETE", "/api/session/notes", NULL, NULL), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/session", NULL, &seen), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(seen, "notes")), ==, 0);
}

static gboolean
forget_proof(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedSessionRow weak = {
        .token_hash = data,
        .account = (char *) "app",
        .idle_us = SCHED_SESSION_IDLE_US,
        .until_us = sched_txn_at_us(txn) + SCHED_SESSION_MOST_US,
        .from = (char *) "127.0.0.1",
    };

    assert_done(sched_store_session_close(txn, data, &problem));
    assert_done(sched_store_session_open(txn, &weak, &problem));
    return TRUE;
}

/* The fixture's session of "app", as a sign-in with the password alone opens it. */
static void
weaken(ApiFixture *f)
{
    g_autofree char *hash = content_sha256_hex("token-app", strlen("token-app"));
    const SchedWrite write = {.actor = "system", .at_us = content_clock_utc_us(f->clock)};
    GError *error = NULL;

    sched_store_write(f->store->store, &write, forget_proof, hash, NULL, &error);
    g_assert_no_error(error);
}

/* An approver may set up a second factor, and nothing else, until it is there. */
static void
test_wanted(ApiFixture *f, gconstpointer data)
{
    json_auto_t *me = NULL;
    g_autofree char *secret = NULL;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "app", SCHED_ROLE_APPROVER, "chu-puh");
    weaken(f);
    g_assert_cmpuint(call(f, "app", "GET", "/api/areas", NULL, "set-up-factor"), ==, 403);
    g_assert_cmpuint(call(f, "app", "GET", "/api/proposals", NULL, "set-up-factor"), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "app", "GET", "/api/session", NULL, &me), ==, 200);
    g_assert_true(json_is_true(json_object_get(me, "factor_wanted")));
    g_assert_false(json_is_true(json_object_get(me, "with_factor")));
    secret = set_up(f, "app", NULL);
    g_assert_cmpuint(call(f, "app", "GET", "/api/areas", NULL, NULL), ==, 200);
    g_assert_cmpuint(call(f, "app", "POST", "/api/session/factor/remove",
                          json_pack("{s:s}", "password", API_PASSWORD), "in-use"),
                     ==, 409);
    /* A district that does not want it says so. */
    g_assert_cmpuint(call(f, "admin", "PUT", "/api/settings/second-factor",
                          json_pack("{s:s}", "value", "false"), NULL),
                     ==, 200);
    g_assert_cmpuint(call(f, "app", "POST", "/api/session/factor/remove",
                          json_pack("{s:s}", "password", API_PASSWORD), NULL),
                     ==, 200);
    weaken(f);
    g_assert_cmpuint(call(f, "app", "GET", "/api/areas", NULL, NULL), ==, 200);
}

static void
test_set_up_refused(ApiFixture *f, gconstpointer data)
{
    json_auto_t *begun = NULL;
    g_autofree char *code = NULL, *late = NULL;
    g_autofree char *long_code = g_strnfill(SCHED_FACTOR_MAX_BYTES + 1, '1');

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    g_assert_cmpuint(call(f, NULL, "POST", "/api/session/factor",
                          json_pack("{s:s}", "password", API_PASSWORD), "sign-in"),
                     ==, 401);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/session/factor",
                          json_pack("{s:s}", "password", "wrong"), "no-right"),
                     ==, 403);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/session/factor/confirm",
                          json_pack("{s:s}", "code", "123456"), "not-found"),
                     ==, 404);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/session/factor",
                                      json_pack("{s:s}", "password", API_PASSWORD), &begun),
                     ==, 201);
    g_assert_cmpuint(json_array_size(json_object_get(begun, "qr")), >, 20);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/session/factor/confirm",
                          json_pack("{s:s}", "code", long_code), "member"),
                     ==, 400);
    code = code_of(f, api_text(begun, "secret"), -3);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/session/factor/confirm",
                          json_pack("{s:s}", "code", code), "wrong-code"),
                     ==, 401);
    /* Not confirmed: the password is enough, and after an hour it is void. */
    g_assert_cmpuint(sign_in(f, NULL, "ed", NULL, NULL), ==, 201);
    fake_clock_advance(f->clock, SCHED_FACTOR_PENDING_US + G_USEC_PER_SEC);
    api_fixture_account(f, "ed", -1, NULL);
    late = code_of(f, api_text(begun, "secret"), 0);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/session/factor/confirm",
                          json_pack("{s:s}", "code", late), "not-found"),
                     ==, 404);
}

/* Whoever has the password guesses six digits; its owner comes in all the same. */
static void
test_guessing(ApiFixture *f, gconstpointer data)
{
    json_auto_t *codes = NULL;
    g_autofree char *secret = NULL, *code = NULL;
    guint n_looked_at = 0;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    secret = set_up(f, "ed", &codes);
    fake_clock_advance(f->clock, 2 * STEP_US);
    code = code_of(f, secret, 0);
    g_assert_cmpuint(sign_in(f, "127.0.0.77", "ed", code, NULL), ==, 201);
    /* From many addresses, so that each would have its free tries. */
    for (guint i = 0; i < 40; i++) {
        g_autofree char *from = g_strdup_printf("127.0.1.%u", 1 + i / 2);

        n_looked_at += sign_in(f, from, "ed", "999999", NULL) == 401;
    }
    g_assert_cmpuint(n_looked_at, <=, 12);
    fake_clock_advance(f->clock, 2 * STEP_US);
    g_free(code);
    code = code_of(f, secret, 0);
    /* From where they were before, and with a recovery code from anywhere. */
    g_assert_cmpuint(sign_in(f, "127.0.0.77", "ed", code, NULL), ==, 201);
    g_assert_cmpuint(sign_in(f, "127.0.0.99", "ed", json_string_value(json_array_get(codes, 0)),
                             NULL),
                     ==, 201);
}

/* One administrator asks, another confirms; the owner is told. */
static void
test_reset(ApiFixture *f, gconstpointer data)
{
    static const char path[] = "/api/accounts/app/factor-reset";
    static const char confirm[] = "/api/accounts/app/factor-reset/confirm";
    g_autofree char *secret = NULL;
    json_auto_t *seen = NULL, *me = NULL;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "second", SCHED_ROLE_ADMINISTRATOR, "chu-puh");
    api_fixture_account(f, "small", SCHED_ROLE_ADMINISTRATOR, "ia-le");
    api_fixture_account(f, "app", SCHED_ROLE_APPROVER, "chu-puh");
    g_assert_cmpuint(call(f, "admin", "POST", path, json_pack("{s:s}", "why", "x"),
                          "not-found"),
                     ==, 404); /* there is none to be taken away */
    secret = set_up(f, "app", NULL);
    g_assert_cmpuint(call(f, "admin", "POST", path, json_pack("{s:s}", "why", ""), "member"),
                     ==, 400);
    g_assert_cmpuint(call(f, "small", "POST", path, json_pack("{s:s}", "why", "x"), "no-right"),
                     ==, 403);
    g_assert_cmpuint(call(f, "second", "POST", confirm, NULL, "not-found"), ==, 404);
    g_assert_cmpuint(call(f, "admin", "POST", path, json_pack("{s:s}", "why", "mất điện thoại"),
                          NULL),
                     ==, 200);
    g_assert_cmpuint(
        call(f, "second", "POST", path, json_pack("{s:s}", "why", "x"), "conflict"), ==, 409);
    g_assert_cmpuint(call(f, "admin", "POST", confirm, NULL, "rule"), ==, 403);
    g_assert_cmpuint(call(f, "small", "POST", confirm, NULL, "no-right"), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "second", "GET", "/api/accounts/app", NULL, &seen), ==,
                     200);
    g_assert_cmpstr(api_text(json_object_get(seen, "reset"), "by"), ==, "admin");
    /* Nothing is taken away yet, and it can be taken back. */
    g_assert_cmpuint(sign_in(f, NULL, "app", NULL, "code-wanted"), ==, 401);
    g_assert_cmpuint(call(f, "second", "DELETE", path, NULL, NULL), ==, 200);
    g_assert_cmpuint(call(f, "second", "POST", confirm, NULL, "not-found"), ==, 404);
    fake_clock_advance(f->clock, G_USEC_PER_SEC);
    g_assert_cmpuint(call(f, "admin", "POST", path, json_pack("{s:s}", "why", "mất điện thoại"),
                          NULL),
                     ==, 200);
    g_assert_cmpuint(call(f, "second", "POST", confirm, NULL, NULL), ==, 200);
    /* Sessions are over; the password is enough to come in and set up another one. */
    g_assert_cmpuint(call(f, "app", "GET", "/api/session", NULL, "sign-in"), ==, 401);
    g_assert_cmpuint(sign_in(f, NULL, "app", NULL, NULL), ==, 201);
    weaken(f);
    g_assert_cmpuint(call(f, "app", "GET", "/api/areas", NULL, "set-up-factor"), ==, 403);
    g_assert_cmpuint(api_fixture_call(f, "app", "GET", "/api/session", NULL, &me), ==, 200);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(me, "notes"), 0), "code"), ==,
                    "factor_reset");
}

static void
test_reset_expires(ApiFixture *f, gconstpointer data)
{
    g_autofree char *secret = NULL;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    secret = set_up(f, "ed", NULL);
    g_assert_cmpuint(call(f, "admin", "POST", "/api/accounts/ed/factor-reset",
                          json_pack("{s:s}", "why", "x"), NULL),
                     ==, 200);
    fake_clock_advance(f->clock, SCHED_FACTOR_RESET_US + G_USEC_PER_SEC);
    api_fixture_account(f, "second", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    g_assert_cmpuint(call(f, "second", "POST", "/api/accounts/ed/factor-reset/confirm", NULL,
                          "not-found"),
                     ==, 404);
    /* And is asked for anew. */
    g_assert_cmpuint(call(f, "second", "POST", "/api/accounts/ed/factor-reset",
                          json_pack("{s:s}", "why", "x"), NULL),
                     ==, 200);
}

static gboolean
lose_table(SchedTxn *txn, gpointer data, GError **error)
{
    assert_done(sched_sql_run(txn, "ALTER TABLE factors RENAME TO factors_gone", &problem, ""));
    return TRUE;
}

/* Whether somebody has a second factor cannot be read: nobody comes in by the password alone.
 */
static void
test_trouble(ApiFixture *f, gconstpointer data)
{
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    temp_store_run(f->store, lose_table, NULL);
    g_assert_cmpuint(sign_in(f, NULL, "ed", NULL, "internal"), ==, 500);
    g_assert_cmpuint(f->said->len, ==, 1);
    g_ptr_array_set_size(f->said, 0);
}

/* My sessions: which is this one, end one, end all others. */
static void
test_sessions(ApiFixture *f, gconstpointer data)
{
    json_auto_t *list = NULL, *left = NULL;
    json_t *rows;
    g_autofree char *path = NULL;

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    api_fixture_account(f, "other", SCHED_ROLE_EDITOR, "chu-puh");
    for (guint i = 0; i < 3; i++)
        g_assert_cmpuint(sign_in(f, NULL, "ed", NULL, NULL), ==, 201);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/sessions", NULL, &list), ==, 200);
    rows = json_object_get(list, "sessions");
    g_assert_cmpuint(json_array_size(rows), ==, 4);
    for (gsize i = 0; i < 4 && path == NULL; i++) {
        if (!json_is_true(json_object_get(json_array_get(rows, i), "is_this")))
            path = g_strconcat("/api/sessions/", api_text(json_array_get(rows, i), "id"), NULL);
    }
    /* Somebody else's are none. */
    g_assert_cmpuint(call(f, "other", "DELETE", path, NULL, "not-found"), ==, 404);
    g_assert_cmpuint(call(f, "ed", "DELETE", path, NULL, NULL), ==, 200);
    g_assert_cmpuint(call(f, "ed", "DELETE", path, NULL, "not-found"), ==, 404);
    g_assert_cmpuint(call(f, "ed", "DELETE", "/api/sessions?keep=this", NULL, NULL), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/sessions", NULL, &left), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(left, "sessions")), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/factor/two-steps", test_two_steps);
    api_fixture_add("/scheduler/web/factor/recovery", test_recovery);
    api_fixture_add("/scheduler/web/factor/wanted", test_wanted);
    api_fixture_add("/scheduler/web/factor/set-up-refused", test_set_up_refused);
    api_fixture_add("/scheduler/web/factor/guessing", test_guessing);
    api_fixture_add("/scheduler/web/factor/reset", test_reset);
    api_fixture_add("/scheduler/web/factor/reset-expires", test_reset_expires);
    api_fixture_add("/scheduler/web/factor/trouble", test_trouble);
    api_fixture_add("/scheduler/web/factor/sessions", test_sessions);
    return g_test_run();
}
