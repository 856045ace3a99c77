/*
 * api-session.c - signing in and out, and one's own password.
 *
 * Passwords are hashed and verified before the transaction, off the loop; only the outcome
 * enters it.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/settings.h"

#include <sodium.h>
#include <string.h>

#define TOKEN_BYTES 32

/* ---- shapes ---- */

typedef struct {
    char *login, *password;
} SignInBody;

typedef struct {
    char *old, *password;
} PasswordBody;

/* clang-format off */
static const ContentMember sign_in_members[] = {
    ROW_TEXT(SignInBody, login, 1, 64, "Name of the account."),
    ROW_SECRET(SignInBody, password, SCHED_PASSWORD_MAX_BYTES, "Its password."),
    ROW_END,
};
static const ContentShape sign_in_shape = { "SignIn", sizeof(SignInBody), sign_in_members };

static const ContentMember own_password_members[] = {
    ROW_SECRET(PasswordBody, old, SCHED_PASSWORD_MAX_BYTES, "The password so far."),
    ROW_SECRET(PasswordBody, password, SCHED_PASSWORD_MAX_BYTES, "The new one."),
    ROW_END,
};
static const ContentShape own_password_shape = { "OwnPassword", sizeof(PasswordBody),
                                                 own_password_members };

static const ContentMember sched_api_session_shape_members[] = {
    ROW_UTC(SchedSessionRow, created_us, "When it began."),
    ROW_UTC(SchedSessionRow, used_us, "When it was last used, to the minute."),
    ROW_UTC(SchedSessionRow, until_us, "When it ends in any case."),
    ROW_TEXT(SchedSessionRow, from, 1, 100, "Address it came from."),
    ROW_END,
};
API_SHAPE(sched_api_session_shape, SchedSessionRow, "Session", sched_session_row_free);
/* clang-format on */

static const char *
body_text(SchedAct *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

/* ---- signing in ---- */

static gboolean
find_account(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAct *act = data;
    SchedAccountRow *account = sched_store_account_by_login(txn, body_text(act, "login"), NULL);

    sched_act_set_prepared(act, account, (GDestroyNotify) sched_account_row_free);
    return TRUE;
}

static gboolean
note_failure(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_account_signed_in(txn, data, FALSE, error);
}

/* Counted and audited beside the answer: a known name must not take longer than another. */
static void
refuse_sign_in(SchedAct *act, const SchedAccountRow *account)
{
    const SchedWrite write = {.actor = "system", .at_us = act->now_us};
    GError *error = NULL;

    if (account != NULL)
        sched_store_write_async(act->api->options.store, &write, note_failure,
                                g_strdup(account->id), g_free, NULL, NULL);
    sched_api_error(&error, SCHED_API_ERROR_UNAUTHENTICATED, "name or password is wrong");
    sched_act_fail(act, error);
}

static char *
make_token(void)
{
    guint8 bytes[TOKEN_BYTES];

    randombytes_buf(bytes, sizeof bytes);
    return content_hex(bytes, sizeof bytes);
}

static void
on_sign_in_verified(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    const SchedAccountRow *account = act->prepared;
    GError *error = NULL;
    gboolean ok = FALSE;

    if (!sched_passwords_verify_finish(act->api->options.passwords, result, &ok, &error)) {
        sched_throttle_drop(act->api->throttle, body_text(act, "login"),
                            sched_call_address(act->call),
                            content_clock_monotonic_us(act->api->options.clock));
        sched_act_fail(act, error);
        return;
    }
    sched_throttle_tell(act->api->throttle, body_text(act, "login"),
                        sched_call_address(act->call), ok,
                        content_clock_monotonic_us(act->api->options.clock));
    if (!ok) {
        refuse_sign_in(act, account);
        return;
    }
    act->account = g_strdup(account->id);
    act->token = make_token();
    sched_act_go_on(act);
}

static void
prepare_sign_in(SchedAct *act)
{
    const SchedAccountRow *account;
    const char *hash = NULL;
    gint64 wait_us = sched_throttle_ask(act->api->throttle, body_text(act, "login"),
                                        sched_call_address(act->call),
                                        content_clock_monotonic_us(act->api->options.clock));

    if (wait_us > 0) {
        sched_api_too_early(act, wait_us);
        return;
    }
    sched_store_read(act->api->options.store, find_account, act, NULL);
    account = act->prepared;
    if (account != NULL && account->state == SCHED_ACCOUNT_ACTIVE)
        hash = account->password;
    sched_passwords_verify_async(act->api->options.passwords, hash, body_text(act, "password"),
                                 on_sign_in_verified, act);
}

static gboolean
sign_in(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *hash = content_sha256_hex(act->token, strlen(act->token));
    SchedSessionRow session = {
        .token_hash = hash,
        .account = act->account,
        .idle_us = SCHED_SESSION_IDLE_US,
        .until_us = act->now_us + SCHED_SESSION_MOST_US,
        .from = (char *) sched_call_address(act->call),
    };

    if (!sched_store_account_signed_in(txn, act->account, TRUE, error) ||
        !sched_store_session_open(txn, &session, error))
        return FALSE;
    act->answer = json_pack("{s:s, s:s, s:I}", "token", act->token, "account", act->account,
                            "until_us", (json_int_t) session.until_us);
    return TRUE;
}

static gboolean
get_session(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *tzid = sched_store_setting_text(txn, "tzid", error);

    if (tzid == NULL)
        return FALSE;
    act->answer = sched_api_describe_account(txn, act->account, error);
    if (act->answer == NULL)
        return FALSE;
    json_object_set_new(act->answer, "tzid", json_string(tzid));
    json_object_set_new(act->answer, "now_us", json_integer(act->now_us));
    return TRUE;
}

static gboolean
sign_out(SchedTxn *txn, SchedAct *act, GError **error)
{
    if (!sched_store_session_close(txn, act->token_hash, error))
        return FALSE;
    sched_call_add_header(act->call, "Set-Cookie",
                          "__Host-loa=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict");
    return sched_act_done(act);
}

static gboolean
list_sessions(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_session_list(txn, act->account, error);

    return sched_act_list(act, "sessions", &sched_api_session_shape, rows);
}

static gboolean
close_sessions(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_sessions_close(txn, act->account, error) && sched_act_done(act);
}

/* ---- my password ---- */

static void
on_own_verified(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    GError *error = NULL;
    gboolean ok = FALSE;
    g_autofree char *login = NULL;

    login = g_strdup(((SchedAccountRow *) act->prepared)->login);
    if (!sched_passwords_verify_finish(act->api->options.passwords, result, &ok, &error)) {
        sched_throttle_drop(act->api->throttle, login, sched_call_address(act->call),
                            content_clock_monotonic_us(act->api->options.clock));
        sched_act_fail(act, error);
        return;
    }
    sched_throttle_tell(act->api->throttle, login, sched_call_address(act->call), ok,
                        content_clock_monotonic_us(act->api->options.clock));
    if (!ok) {
        act->member = g_strdup("old");
        sched_api_error(&error, SCHED_API_ERROR_FORBIDDEN, "this is not the password so far");
        sched_act_fail(act, error);
        return;
    }
    sched_api_hash_password(act, body_text(act, "password"), login);
}

static void
prepare_own_password(SchedAct *act)
{
    ApiLookup lookup = {act->account, NULL};
    GError *error = NULL;
    gint64 wait_us;

    if (!sched_store_read(act->api->options.store, sched_api_look_up, &lookup, &error)) {
        sched_act_fail(act, error);
        return;
    }
    sched_act_set_prepared(act, lookup.row, (GDestroyNotify) sched_account_row_free);
    wait_us =
        sched_throttle_ask(act->api->throttle, lookup.row->login, sched_call_address(act->call),
                           content_clock_monotonic_us(act->api->options.clock));
    if (wait_us > 0)
        sched_api_too_early(act, wait_us);
    else
        sched_passwords_verify_async(act->api->options.passwords, lookup.row->password,
                                     body_text(act, "old"), on_own_verified, act);
}

static gboolean
set_own_password(SchedTxn *txn, SchedAct *act, GError **error)
{
    const ApiSecret *secret = act->prepared;

    return sched_store_account_set_password(txn, act->account, secret->hash, error) &&
           sched_act_done(act);
}

/* clang-format off */
static const SchedAnswerMember signed_in_more[] = {
    ANSWER_TEXT("token", 64, 64, "Goes into the header Authorization: Bearer …"),
    ANSWER_WORD("account", ID, "Who it stands for."),
    ANSWER_UTC("until_us", "It ends then in any case; after half an hour unused, sooner."),
    ANSWER_END,
};
static const SchedAnswer signed_in = { .name = "SignedIn", .more = signed_in_more };

static const SchedAnswerMember me_more[] = {
    ANSWER_ROWS("rights", sched_api_right_shape, "What it may do, and where."),
    ANSWER_TEXT("tzid", 1, ROW_TZID_MAX_BYTES, "The district's time zone: of every local time."),
    ANSWER_UTC("now_us", "The district's time."),
    ANSWER_END,
};
static const SchedAnswer me = { .name = "Me", .row = &sched_api_account_shape, .more = me_more };

static const SchedAnswerMember sessions_more[] = {
    ANSWER_ROWS("sessions", sched_api_session_shape, "Those that are open."), ANSWER_END,
};
static const SchedAnswer sessions_list = { .name = "SessionList", .more = sessions_more };

static const SchedRouteHeader cookie_header[] = {
    { "Set-Cookie", TRUE, "__Host-loa, for browsers: with the token, or taken away." },
    { NULL, FALSE, NULL },
};

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/session", .roles = SCHED_ROLES_OPEN,
      .input = SCHED_INPUT_JSON, .body = &sign_in_shape, .writes = TRUE, .status = 201,
      .prepare = prepare_sign_in, .is_secret = TRUE, .work = sign_in, .answer = &signed_in, .headers = cookie_header, .name = "signIn",
      .meaning = "Sign in; answers a bearer token, and sets a cookie for browsers." },
    { .method = "GET", .path = "/api/session", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = get_session, .answer = &me, .name = "getSession", .is_own = TRUE,
      .meaning = "Who I am, what I may do, and what time it is there." },
    { .method = "DELETE", .path = "/api/session", .roles = SCHED_ROLES_ANY, .writes = TRUE,
      .status = 200, .work = sign_out, .headers = cookie_header, .answer = &sched_answer_done, .name = "signOut", .is_own = TRUE,
      .meaning = "Sign out." },
    { .method = "PUT", .path = "/api/session/password", .roles = SCHED_ROLES_ANY,
      .input = SCHED_INPUT_JSON, .body = &own_password_shape, .writes = TRUE, .status = 200,
      .prepare = prepare_own_password, .is_secret = TRUE, .work = set_own_password, .answer = &sched_answer_done, .name = "setOwnPassword",
      .is_own = TRUE, .meaning = "Change my password; ends all my sessions." },
    { .method = "GET", .path = "/api/sessions", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_sessions, .answer = &sessions_list, .name = "listSessions", .is_own = TRUE,
      .meaning = "My sessions." },
    { .method = "DELETE", .path = "/api/sessions", .roles = SCHED_ROLES_ANY, .writes = TRUE,
      .status = 200, .work = close_sessions, .answer = &sched_answer_done, .name = "closeSessions", .is_own = TRUE,
      .meaning = "End all my sessions." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_session(void)
{
    return routes;
}
