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
    char *login, *password, *code;
} SignInBody;

typedef struct {
    char *old, *password;
} PasswordBody;

/* clang-format off */
static const ContentMember sign_in_members[] = {
    ROW_TEXT(SignInBody, login, 1, 64, "Name of the account."),
    ROW_SECRET(SignInBody, password, SCHED_PASSWORD_MAX_BYTES, "Its password."),
    ROW_OPTIONAL_SECRET(SignInBody, code, SCHED_FACTOR_MAX_BYTES,
                        "Of its second factor, where it has one: six digits, or a recovery code."),
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
    ROW_BOOL(SchedSessionRow, with_factor, "Whether it was opened with the second factor."),
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

/* Who wants in, as the store knew them before the password was looked at. */
typedef struct {
    const char *login;        /* of the body */
    SchedAccountRow *account; /* (owned) (nullable) */
    SchedFactorRow *factor;   /* (owned) (nullable) */
    ApiCode code;             /* that was typed */
} Visitor;

static void
visitor_free(gpointer data)
{
    Visitor *visitor = data;

    sched_account_row_free(visitor->account);
    sched_factor_row_free(visitor->factor);
    g_free(visitor->code.hash);
    g_free(visitor);
}

static gboolean
find_account(SchedTxn *txn, gpointer data, GError **error)
{
    Visitor *visitor = data;

    visitor->account = sched_store_account_by_login(txn, visitor->login, NULL);
    return visitor->account == NULL ||
           sched_store_factor_find(txn, visitor->account->id, &visitor->factor, error);
}

static gboolean
note_failure(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_account_signed_in(txn, data, FALSE, error);
}

void
sched_api_count_refused(SchedAct *act, const char *account)
{
    const SchedWrite write = {.actor = "system", .at_us = act->now_us};

    sched_store_write_async(act->api->options.store, &write, note_failure, g_strdup(account),
                            g_free, NULL, NULL);
}

static void
refuse_sign_in(SchedAct *act, const SchedAccountRow *account)
{
    GError *error = NULL;

    if (account != NULL)
        sched_api_count_refused(act, account->id);
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

/* The second step: FALSE if the act has been answered. */
static gboolean
check_code(SchedAct *act, Visitor *visitor)
{
    const char *typed = body_text(act, "code");
    GError *error = NULL;

    if (visitor->factor == NULL)
        return TRUE;
    if (typed == NULL) {
        g_set_error_literal(&error, SCHED_FACTOR_ERROR, SCHED_FACTOR_ERROR_WANTED,
                            "the code of the second factor is wanted too");
        sched_act_fail(act, error);
        return FALSE;
    }
    return sched_api_code_match(act, visitor->account->login, visitor->factor, typed, TRUE,
                                &visitor->code);
}

static void
on_sign_in_verified(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    Visitor *visitor = act->prepared;
    const SchedAccountRow *account = visitor->account;
    GError *error = NULL;
    gboolean ok = FALSE;

    if (!sched_passwords_verify_finish(act->api->options.passwords, result, &ok, &error)) {
        content_throttle_drop(act->api->throttle, body_text(act, "login"),
                              content_call_address(act->call),
                              content_clock_monotonic_us(act->api->options.clock));
        sched_act_fail(act, error);
        return;
    }
    content_throttle_tell(act->api->throttle, body_text(act, "login"),
                          content_call_address(act->call), ok,
                          content_clock_monotonic_us(act->api->options.clock));
    if (!ok) {
        refuse_sign_in(act, account);
        return;
    }
    if (!check_code(act, visitor))
        return;
    act->account = g_strdup(account->id);
    act->token = make_token();
    sched_act_go_on(act);
}

static void
prepare_sign_in(SchedAct *act)
{
    Visitor *visitor;
    const char *hash = NULL;
    GError *error = NULL;
    gint64 wait_us = content_throttle_ask(act->api->throttle, body_text(act, "login"),
                                          content_call_address(act->call),
                                          content_clock_monotonic_us(act->api->options.clock));

    if (wait_us > 0) {
        sched_api_too_early(act, wait_us);
        return;
    }
    visitor = g_new0(Visitor, 1);
    visitor->login = body_text(act, "login");
    sched_act_set_prepared(act, visitor, visitor_free);
    if (!sched_store_read(act->api->options.store, find_account, visitor, &error)) {
        content_throttle_drop(act->api->throttle, visitor->login,
                              content_call_address(act->call),
                              content_clock_monotonic_us(act->api->options.clock));
        sched_act_fail(act, error);
        return;
    }
    if (visitor->account != NULL && visitor->account->state == SCHED_ACCOUNT_ACTIVE)
        hash = visitor->account->password;
    sched_passwords_verify_async(act->api->options.passwords, hash, body_text(act, "password"),
                                 on_sign_in_verified, act);
}

/* The code is used up with what it opens; who was faster with the same one has it. */
static gboolean
use_code(SchedTxn *txn, SchedAct *act, const Visitor *visitor, GError **error)
{
    const ApiCode *code = &visitor->code;
    g_autoptr(SchedFactorRow) now = NULL;

    if (!sched_store_factor_find(txn, act->account, &now, error))
        return FALSE;
    /* Set up, renewed or taken away while the password was looked at. */
    if (g_strcmp0(now == NULL ? NULL : now->sealed,
                  visitor->factor == NULL ? NULL : visitor->factor->sealed) != 0) {
        g_set_error_literal(error, SCHED_FACTOR_ERROR, SCHED_FACTOR_ERROR_WRONG,
                            "the second factor was changed just now");
        return FALSE;
    }
    if (now == NULL)
        return TRUE;
    return code->hash != NULL
               ? sched_store_factor_use_code(txn, act->account, code->hash, error)
               : sched_store_factor_use_step(txn, act->account, code->step, error);
}

static gboolean
sign_in(SchedTxn *txn, SchedAct *act, GError **error)
{
    const Visitor *visitor = act->prepared;
    gboolean sets_up;
    g_autofree char *hash = content_sha256_hex(act->token, strlen(act->token));
    SchedSessionRow session = {
        .token_hash = hash,
        .account = act->account,
        .idle_us = SCHED_SESSION_IDLE_US,
        .until_us = act->now_us + SCHED_SESSION_MOST_US,
        .from = (char *) content_call_address(act->call),
        .with_factor = visitor->factor != NULL,
    };

    if (!use_code(txn, act, visitor, error) ||
        !sched_store_account_signed_in(txn, act->account, TRUE, error) ||
        !sched_store_session_open(txn, &session, error))
        return FALSE;
    sets_up =
        visitor->factor == NULL && sched_store_factor_is_wanted(txn, act->account, act->now_us);
    act->answer =
        json_pack("{s:s, s:s, s:I, s:b}", "token", act->token, "account", act->account,
                  "until_us", (json_int_t) session.until_us, "sets_up", (int) sets_up);
    return TRUE;
}

static json_t *
describe_note(SchedTxn *txn, const SchedNoteRow *note)
{
    g_autoptr(SchedAccountRow) actor = sched_store_account_get(txn, note->actor, NULL);

    return json_pack("{s:s, s:I, s:s}", "code", sched_note_code_words[note->code], "at_us",
                     (json_int_t) note->at_us, "name",
                     actor == NULL ? note->actor : actor->name);
}

static gboolean
get_session(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) notes = sched_store_note_list(txn, act->account, error);
    g_autofree char *tzid = sched_store_setting_text(txn, "tzid", error);
    json_t *list;

    if (notes == NULL || tzid == NULL)
        return FALSE;
    act->answer = sched_api_describe_account(txn, act, act->account, error);
    if (act->answer == NULL)
        return FALSE;
    list = json_array();
    for (guint i = 0; i < notes->len; i++)
        json_array_append_new(list, describe_note(txn, notes->pdata[i]));
    json_object_set_new(act->answer, "notes", list);
    json_object_set_new(act->answer, "with_factor", json_boolean(act->has_factor));
    json_object_set_new(act->answer, "codes_left",
                        json_integer(sched_store_factor_n_codes(txn, act->account)));
    json_object_set_new(act->answer, "tzid", json_string(tzid));
    json_object_set_new(act->answer, "now_us", json_integer(act->now_us));
    return TRUE;
}

static gboolean
sign_out(SchedTxn *txn, SchedAct *act, GError **error)
{
    if (!sched_store_session_close(txn, act->token_hash, error))
        return FALSE;
    content_call_add_header(
        act->call, "Set-Cookie",
        "__Host-loa=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict");
    return sched_act_done(act);
}

static gboolean
list_sessions(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_session_list(txn, act->account, error);
    json_t *list;

    if (!sched_act_list(act, "sessions", &sched_api_session_shape, rows))
        return FALSE;
    list = json_object_get(act->answer, "sessions");
    for (guint i = 0; i < rows->len; i++) {
        const SchedSessionRow *row = rows->pdata[i];
        json_t *one = json_array_get(list, i);

        json_object_set_new(one, "id", json_stringn(row->token_hash, SCHED_SESSION_ID_DIGITS));
        json_object_set_new(one, "is_this",
                            json_boolean(strcmp(row->token_hash, act->token_hash) == 0));
    }
    return TRUE;
}

static gboolean
close_sessions(SchedTxn *txn, SchedAct *act, GError **error)
{
    gboolean keeps = g_strcmp0(content_call_query(act->call, "keep"), "this") == 0;

    return sched_store_sessions_close(txn, act->account, keeps ? act->token_hash : NULL,
                                      error) &&
           sched_act_done(act);
}

static gboolean
end_session(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_session_end(txn, act->account, act->arguments[0], error) &&
           sched_act_done(act);
}

/* ---- my password ---- */

/* A person shows their password once more; what is done then. */
typedef struct {
    SchedAccountRow *row; /* (owned) */
    const char *member;   /* of the body */
    ApiOwnNext next;
} OwnCheck;

static void
own_check_free(gpointer data)
{
    OwnCheck *check = data;

    sched_account_row_free(check->row);
    g_free(check);
}

static void
on_own_verified(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    OwnCheck *check = act->prepared;
    const gint64 now_us = content_clock_monotonic_us(act->api->options.clock);
    g_autoptr(SchedAccountRow) row = g_steal_pointer(&check->row);
    GError *error = NULL;
    gboolean ok = FALSE;

    if (!sched_passwords_verify_finish(act->api->options.passwords, result, &ok, &error)) {
        content_throttle_drop(act->api->throttle, row->login, content_call_address(act->call),
                              now_us);
        sched_act_fail(act, error);
        return;
    }
    content_throttle_tell(act->api->throttle, row->login, content_call_address(act->call), ok,
                          now_us);
    if (ok) {
        check->next(act, row);
        return;
    }
    act->member = g_strdup(check->member);
    sched_api_error(&error, SCHED_API_ERROR_FORBIDDEN, "this is not the password so far");
    sched_act_fail(act, error);
}

void
sched_api_check_own(SchedAct *act, const char *member, ApiOwnNext next)
{
    ApiLookup lookup = {act->account, NULL};
    OwnCheck *check;
    GError *error = NULL;
    gint64 wait_us;

    if (!sched_store_read(act->api->options.store, sched_api_look_up, &lookup, &error)) {
        sched_act_fail(act, error);
        return;
    }
    check = g_new0(OwnCheck, 1);
    *check = (OwnCheck){lookup.row, member, next};
    sched_act_set_prepared(act, check, own_check_free);
    wait_us = content_throttle_ask(act->api->throttle, lookup.row->login,
                                   content_call_address(act->call),
                                   content_clock_monotonic_us(act->api->options.clock));
    if (wait_us > 0)
        sched_api_too_early(act, wait_us);
    else
        sched_passwords_verify_async(act->api->options.passwords, lookup.row->password,
                                     body_text(act, member), on_own_verified, act);
}

static void
hash_own_password(SchedAct *act, const SchedAccountRow *account)
{
    sched_api_hash_password(act, body_text(act, "password"), account->login);
}

static void
prepare_own_password(SchedAct *act)
{
    sched_api_check_own(act, "old", hash_own_password);
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
    ANSWER_BOOL("sets_up", "Whether nothing can be done before a second factor is set up."),
    ANSWER_END,
};
static const SchedAnswer signed_in = { .name = "SignedIn", .more = signed_in_more };

static const SchedAnswerMember note_more[] = {
    ANSWER_ANY("code", CONTENT_MEMBER_ENUM, .required = TRUE, .choices = sched_note_code_words,
               .meaning = "What was done."),
    ANSWER_UTC("at_us", "When."),
    ANSWER_TEXT("name", 1, ROW_NAME_MAX_BYTES, "By whom."),
    ANSWER_END,
};
static const SchedAnswer note_answer = { .name = "AccountNote", .more = note_more };
static const SchedAnswerMember me_more[] = {
    ANSWER_ROWS("rights", sched_api_right_shape, "What I may do, and where."), API_FACTOR_MEMBERS,
    ANSWER_TEXT("tzid", 1, ROW_TZID_MAX_BYTES, "The district's time zone: of every local time."),
    ANSWER_UTC("now_us", "The district's time."),
    ANSWER_BOOL("with_factor", "Whether this session was opened with it."),
    ANSWER_COUNT("codes_left", "Recovery codes that are left."),
    ANSWER_LIST("notes", note_answer, "What was done to my account and I have not seen, oldest first."),
    ANSWER_END,
};
static const SchedAnswer me_answer = {
    .name = "Me", .row = &sched_api_account_shape, .more = me_more,
};

static const SchedAnswerMember session_more[] = {
    ANSWER_TEXT("id", SCHED_SESSION_ID_DIGITS, SCHED_SESSION_ID_DIGITS, "To end it by."),
    ANSWER_BOOL("is_this", "Whether it is the one that asks."),
    ANSWER_END,
};
static const SchedAnswer session_answer = {
    .name = "OpenSession", .row = &sched_api_session_shape, .more = session_more,
};
static const SchedAnswerMember sessions_more[] = {
    ANSWER_LIST("sessions", session_answer, "Those that are open."), ANSWER_END,
};
static const SchedAnswer sessions_list = { .name = "SessionList", .more = sessions_more };

static const SchedRouteQuery keep_query[] = {
    { "keep", "`this`: all but the one that asks." }, { NULL, NULL },
};
static const SchedRouteHeader cookie_header[] = {
    { "Set-Cookie", TRUE, "__Host-loa, for browsers: with the token, or taken away." },
    { NULL, FALSE, NULL },
};

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/session", .roles = SCHED_ROLES_OPEN,
      .input = SCHED_INPUT_JSON, .body = &sign_in_shape, .writes = TRUE, .status = 201,
      .prepare = prepare_sign_in, .is_secret = TRUE, .work = sign_in, .answer = &signed_in, .headers = cookie_header, .name = "signIn",
      .meaning = "Sign in; answers a bearer token, and sets a cookie for browsers. With a second factor in two steps: without its code, or with a wrong one, 401 with the code `code-wanted` or `wrong-code`." },
    { .method = "GET", .path = "/api/session", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = get_session, .answer = &me_answer, .name = "getSession", .is_own = TRUE,
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
      .query = keep_query, .meaning = "End all my sessions." },
    { .method = "DELETE", .path = "/api/sessions/{session}", .roles = SCHED_ROLES_ANY, .writes = TRUE,
      .status = 200, .work = end_session, .answer = &sched_answer_done, .name = "endSession", .is_own = TRUE,
      .meaning = "End one of my sessions." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_session(void)
{
    return routes;
}
