/*
 * api-accounts.c - accounts, their passwords, and what they may do where.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/message/address.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/leaving.h"

#include <sodium.h>
#include <string.h>

/* ---- shapes ---- */

typedef struct {
    char *login, *name, *password;
} AccountBody;

typedef struct {
    char *password;
} PasswordBody;

typedef struct {
    gint state;
    char *successor;
    gboolean force;
} StateBody;

/* The right comes first: it is read and freed as one. */
typedef struct {
    SchedRightRow right;
    gboolean force;
} RightBody;

/* How long before it happens it is told that nobody will approve somewhere. */
#define ALONE_AHEAD_US (G_GINT64_CONSTANT(14) * 86400 * G_USEC_PER_SEC)

/* clang-format off */
static const ContentMember alone_shape_members[] = {
    ROW_WORD(SchedAloneRow, area, ID, "An area with announcements or slots."),
    ROW_TEXT(SchedAloneRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_UTC(SchedAloneRow, from_us, "From then on nobody approves for it; not after now: it is so."),
    ROW_END,
};
static API_SHAPE(alone_shape, SchedAloneRow, "Alone", sched_alone_row_free);

static const ContentMember account_body_members[] = {
    ROW_TEXT(AccountBody, login, 1, 64, "Name to sign in with: a-z, 0-9, '.' and '-'."),
    ROW_TEXT(AccountBody, name, 1, ROW_NAME_MAX_BYTES, "Name of the person."),
    ROW_OPTIONAL_SECRET(AccountBody, password, SCHED_PASSWORD_MAX_BYTES,
                      "First password; without it one is made and answered once."),
    ROW_END,
};
static const ContentShape account_body_shape = { "NewAccount", sizeof(AccountBody),
                                                 account_body_members };

static const ContentMember password_members[] = {
    ROW_OPTIONAL_SECRET(PasswordBody, password, SCHED_PASSWORD_MAX_BYTES,
                      "The new password; without it one is made and answered once."),
    ROW_END,
};
static const ContentShape password_shape = { "Password", sizeof(PasswordBody),
                                             password_members };

static const ContentMember state_members[] = {
    ROW_ENUM(StateBody, state, sched_account_state_words, "What becomes of the account."),
    ROW_OPTIONAL_WORD(StateBody, successor, ID,
                      "Of one that is retired: who takes its unfinished work over; needed if there is any."),
    ROW_OPTIONAL_BOOL(StateBody, force,
                      "Of one that is retired: even if a place is left without an approver."),
    ROW_END,
};
static const ContentShape state_shape = { "AccountState", sizeof(StateBody), state_members };

static const ContentMember sched_api_account_shape_members[] = {
    ROW_WORD(SchedAccountRow, id, ID, "Id of the account."),
    ROW_TEXT(SchedAccountRow, login, 1, 64, "Name to sign in with."),
    ROW_TEXT(SchedAccountRow, name, 1, ROW_NAME_MAX_BYTES, "Name of the person."),
    ROW_ENUM(SchedAccountRow, state, sched_account_state_words, "Whether it may sign in."),
    ROW_COUNT(SchedAccountRow, failures, "", "Sign-ins refused since the last good one."),
    ROW_UTC(SchedAccountRow, signed_in_us, "Last good sign-in; 0: never."),
    ROW_UTC(SchedAccountRow, created_us, "When it was made."),
    ROW_TEXT(SchedAccountRow, email, 0, SCHED_EMAIL_MAX_BYTES, "E-mail address; empty: none."),
    ROW_TEXT(SchedAccountRow, phone, 0, SCHED_PHONE_MAX_BYTES, "Phone number; empty: none."),
    ROW_ENUM(SchedAccountRow, reader, sched_reader_words, "Language of what the person is told."),
    ROW_END,
};
API_SHAPE(sched_api_account_shape, SchedAccountRow, "Account", sched_account_row_free);

#define RIGHT_ROWS                                                                              \
    ROW_ENUM(SchedRightRow, role, sched_role_words, "What the account may do."),                \
    ROW_WORD(SchedRightRow, area, ID, "Where, with all below."),                                \
    ROW_OPTIONAL_TEXT(SchedRightRow, language, 0, 35,                                           \
                      "Of a reviewer: one language; empty: every language."),                   \
    ROW_OPTIONAL_UTC(SchedRightRow, until_us, "When the right ends; 0: it does not."),          \
    ROW_OPTIONAL_UTC(SchedRightRow, from_us, "When the right begins; 0: at once.")
static const ContentMember right_body_members[] = {
    RIGHT_ROWS,
    ROW_OPTIONAL_BOOL(RightBody, force, "Even if a place is left without an approver."),
    ROW_END,
};
static const ContentShape right_body = { "RightBody", sizeof(RightBody), right_body_members };
static const ContentMember sched_api_right_shape_members[] = { RIGHT_ROWS, ROW_END };
API_SHAPE(sched_api_right_shape, SchedRightRow, "Right", sched_right_row_free);
/* clang-format on */

static const char *
body_text(SchedAct *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

/* The account with its rights, as a person sees their own. */
json_t *
sched_api_describe_account(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedAccountRow) account = sched_store_account_get(txn, id, error);
    g_autoptr(GPtrArray) rights = NULL;
    json_t *out;

    if (account == NULL)
        return NULL;
    rights = sched_store_right_list(txn, id, error);
    if (rights == NULL)
        return NULL;
    out = sched_shape_write(&sched_api_account_shape, account);
    json_object_set_new(out, "rights", sched_shape_write_all(&sched_api_right_shape, rights));
    if (sched_api_describe_factor(txn, act, id, out, error))
        return out;
    json_decref(out);
    return NULL;
}

/* ---- passwords ---- */

static void
secret_free(gpointer data)
{
    ApiSecret *secret = data;

    g_free(secret->hash);
    if (secret->generated != NULL)
        sodium_memzero(secret->generated, strlen(secret->generated));
    g_free(secret->generated);
    g_free(secret);
}

static void
on_hashed(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    ApiSecret *secret = act->prepared;
    GError *error = NULL;

    secret->hash = sched_passwords_hash_finish(act->api->options.passwords, result, &error);
    if (secret->hash == NULL)
        sched_act_fail(act, error);
    else
        sched_act_go_on(act);
}

void
sched_api_hash_password(SchedAct *act, const char *password, const char *login)
{
    ApiSecret *secret = g_new0(ApiSecret, 1);
    GError *error = NULL;

    sched_act_set_prepared(act, secret, secret_free);
    if (password == NULL)
        password = secret->generated = sched_password_generate();
    if (!sched_password_check(password, login, SCHED_PASSWORD_MIN_LENGTH, &error)) {
        act->member = g_strdup("password");
        sched_act_fail(act, error);
        return;
    }
    sched_passwords_hash_async(act->api->options.passwords, password, on_hashed, act);
}

void
sched_api_hash_secret(SchedAct *act, const char *text)
{
    ApiSecret *secret = g_new0(ApiSecret, 1);

    sched_act_set_prepared(act, secret, secret_free);
    sched_passwords_hash_async(act->api->options.passwords, text, on_hashed, act);
}

gboolean
sched_api_look_up(SchedTxn *txn, gpointer data, GError **error)
{
    ApiLookup *lookup = data;

    lookup->row = sched_store_account_get(txn, lookup->id, error);
    return lookup->row != NULL;
}

static void
prepare_account(SchedAct *act)
{
    sched_api_hash_password(act, body_text(act, "password"), body_text(act, "login"));
}

static void
add_generated(SchedAct *act)
{
    const ApiSecret *secret = act->prepared;

    if (secret->generated != NULL)
        json_object_set_new(act->answer, "password", json_string(secret->generated));
}

static gboolean
is_taken(SchedTxn *txn, const char *login, GError **error)
{
    g_autoptr(SchedAccountRow) other = sched_store_account_by_login(txn, login, NULL);

    if (other != NULL)
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                    "login: %s is taken already", login);
    return other != NULL;
}

static gboolean
add_account(SchedTxn *txn, SchedAct *act, GError **error)
{
    const ApiSecret *secret = act->prepared;
    g_autofree char *id = sched_act_id(act);
    SchedAccountRow account = {
        .id = id,
        .login = (char *) body_text(act, "login"),
        .name = (char *) body_text(act, "name"),
        .password = secret->hash,
        .state = SCHED_ACCOUNT_ACTIVE,
        .created_us = act->now_us,
    };

    if (is_taken(txn, account.login, error) || !sched_store_account_add(txn, &account, error))
        return FALSE;
    act->answer = sched_api_describe_account(txn, act, id, error);
    if (act->answer != NULL)
        add_generated(act);
    return act->answer != NULL;
}

static void
prepare_password(SchedAct *act)
{
    ApiLookup lookup = {act->arguments[0], NULL};
    GError *error = NULL;

    if (!sched_store_read(act->api->options.store, sched_api_look_up, &lookup, &error)) {
        sched_act_fail(act, error);
        return;
    }
    sched_api_hash_password(act, body_text(act, "password"), lookup.row->login);
    sched_account_row_free(lookup.row);
}

static gboolean
set_password(SchedTxn *txn, SchedAct *act, GError **error)
{
    const ApiSecret *secret = act->prepared;

    if (!sched_store_account_set_password(txn, act->arguments[0], secret->hash, error) ||
        !sched_store_note_add(txn, act->arguments[0], SCHED_NOTE_PASSWORD_SET, error))
        return FALSE;
    sched_act_done(act);
    add_generated(act);
    return TRUE;
}

/* ---- accounts and rights ---- */

static gboolean
list_accounts(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_account_list(txn, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedAccountRow *row = rows->pdata[i - 1];

        if (!sched_access_sees_account(txn, act, row->id))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "accounts", &sched_api_account_shape, rows);
}

static gboolean
get_account(SchedTxn *txn, SchedAct *act, GError **error)
{
    act->answer = sched_api_describe_account(txn, act, act->arguments[0], error);
    return act->answer != NULL;
}

/* ---- no area without an active approver ---- */

GPtrArray *
sched_api_alone(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_alone_list(txn, act->now_us, act->now_us, error);
}

static gboolean
has_area(GPtrArray *rows, const char *area)
{
    for (guint i = 0; i < rows->len; i++) {
        if (strcmp(((const SchedAloneRow *) rows->pdata[i])->area, area) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Names of those that the act left alone. */
static GPtrArray *
find_new(SchedTxn *txn, SchedAct *act, GPtrArray *before, GError **error)
{
    g_autoptr(GPtrArray) after = sched_api_alone(txn, act, error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; after != NULL && i < after->len; i++) {
        const SchedAloneRow *row = after->pdata[i];

        if (!has_area(before, row->area))
            g_ptr_array_add(names, g_strdup(row->name));
    }
    return after == NULL ? NULL : g_steal_pointer(&names);
}

gboolean
sched_api_keep_approvers(SchedTxn *txn, SchedAct *act, const char *object, GPtrArray *before,
                         GError **error)
{
    g_autoptr(GPtrArray) names = find_new(txn, act, before, error);
    g_autofree char *list = NULL, *detail = NULL;
    guint more;

    if (names == NULL || names->len == 0)
        return names != NULL;
    if (json_is_true(json_object_get(act->body, "force"))) {
        detail = g_strdup_printf("{\"areas\":%u}", names->len);
        return sched_store_audit_append(txn, "account.left-alone", object, detail, error);
    }
    more = names->len > SCHED_LEAVING_MAX_NAMES ? names->len - SCHED_LEAVING_MAX_NAMES : 0;
    g_ptr_array_set_size(names, (gint) (names->len - more));
    g_ptr_array_add(names, NULL);
    list = g_strjoinv(", ", (char **) names->pdata);
    return more == 0 ? sched_api_error(error, SCHED_API_ERROR_LEFT_ALONE,
                                       "nobody else approves for: %s", list)
                     : sched_api_error(error, SCHED_API_ERROR_LEFT_ALONE,
                                       "nobody else approves for: %s and %u more", list, more);
}

/* Warned of two weeks before: a deputy's right that ends, with nobody after it. */
static gboolean
list_alone(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_alone_list(txn, act->now_us, act->now_us + ALONE_AHEAD_US, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        if (!sched_access_sees(txn, act, ((const SchedAloneRow *) rows->pdata[i - 1])->area))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "alone", &alone_shape, rows);
}

/* ---- leaving, and rights ---- */

/* Leaving is one act: sessions end, and work that is not finished goes to somebody by name. */
static gboolean
leave(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *account = act->arguments[0], *successor = body_text(act, "successor");
    gint64 n_left = 0;

    if (!sched_store_work_left(txn, account, &n_left, error))
        return FALSE;
    if (successor != NULL && !sched_access_sees_account(txn, act, successor))
        return sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                               "you have no right to do this here");
    if (successor != NULL)
        return sched_store_work_hand_over(txn, account, successor, error) &&
               sched_api_hand_proposals_over(txn, act, account, successor, error);
    return n_left == 0 ||
           sched_api_error(error, SCHED_API_ERROR_UNFINISHED,
                           "successor: %" G_GINT64_FORMAT
                           " pieces of work are unfinished; say who takes them over",
                           n_left);
}

static gboolean
set_state(SchedTxn *txn, SchedAct *act, GError **error)
{
    int state = content_word_index(sched_account_state_words, body_text(act, "state"));
    g_autoptr(GPtrArray) before = sched_api_alone(txn, act, error);
    gboolean leaves = state == SCHED_ACCOUNT_RETIRED;

    /* One that is locked may be in strange hands: that waits for nobody. */
    return before != NULL && (!leaves || leave(txn, act, error)) &&
           sched_store_account_set_state(txn, act->arguments[0], (SchedAccountState) state,
                                         error) &&
           (!leaves || sched_api_keep_approvers(txn, act, act->arguments[0], before, error)) &&
           sched_act_done(act);
}

static SchedRightRow *
read_right(SchedAct *act, GError **error)
{
    g_autoptr(SchedRightRow) right = (gpointer) g_new0(RightBody, 1);

    right->account = g_strdup(act->arguments[0]);
    return sched_act_read(act, right, error) ? g_steal_pointer(&right) : NULL;
}

typedef gboolean (*RightChange)(SchedTxn *txn, const SchedRightRow *right, GError **error);

/* A right may also be given anew with an end, or a beginning to come. */
static gboolean
change_right(SchedTxn *txn, SchedAct *act, const SchedRightRow *right, RightChange change,
             GError **error)
{
    g_autoptr(GPtrArray) before = sched_api_alone(txn, act, error);

    return before != NULL && change(txn, right, error) &&
           sched_api_keep_approvers(txn, act, right->account, before, error) &&
           sched_act_done(act);
}

static gboolean
grant_right(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedRightRow) right = read_right(act, error);

    return right != NULL && change_right(txn, act, right, sched_store_right_grant, error);
}

static gboolean
revoke_right(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedRightRow) right = read_right(act, error);

    return right != NULL && change_right(txn, act, right, sched_store_right_revoke, error);
}

#define ADMINISTRATOR SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR)

/* clang-format off */
static const SchedAnswerMember list_more[] = {
    ANSWER_ROWS("accounts", sched_api_account_shape, "By login."), ANSWER_END,
};
static const SchedAnswerMember alone_more[] = {
    ANSWER_ROWS("alone", alone_shape, "Soonest first."), ANSWER_END,
};
static const SchedAnswer alone_list = { .name = "AloneList", .more = alone_more };
static const SchedAnswer account_list = { .name = "AccountList", .more = list_more };

#define RIGHTS ANSWER_ROWS("rights", sched_api_right_shape, "What it may do, and where.")
#define GENERATED ANSWER_OPTIONAL_TEXT("password", 1, SCHED_PASSWORD_MAX_BYTES,                 \
                                       "Made for it, and told this once.")
static const SchedAnswerMember whole_more[] = { RIGHTS, API_FACTOR_MEMBERS, ANSWER_END };
static const SchedAnswer account_whole = {
    .name = "AccountWhole", .row = &sched_api_account_shape, .more = whole_more,
};
static const SchedAnswerMember new_more[] = { RIGHTS, API_FACTOR_MEMBERS, GENERATED, ANSWER_END };
static const SchedAnswer account_new = {
    .name = "AccountMade", .row = &sched_api_account_shape, .more = new_more,
};
static const SchedAnswerMember password_more[] = { GENERATED, ANSWER_END };
static const SchedAnswer password_answer = { .name = "PasswordSet", .more = password_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/accounts", .roles = ADMINISTRATOR, .status = 200,
      .work = list_accounts, .answer = &account_list, .name = "listAccounts", .meaning = "Accounts with a right where the asker has one." },
    { .method = "POST", .path = "/api/accounts", .roles = ADMINISTRATOR,
      .input = SCHED_INPUT_JSON, .body = &account_body_shape, .writes = TRUE, .status = 201,
      .prepare = prepare_account, .is_secret = TRUE, .work = add_account, .answer = &account_new, .name = "addAccount",
      .meaning = "A new account, which may nothing until it is given a right." },
    { .method = "GET", .path = "/api/accounts/{account}", .roles = ADMINISTRATOR,
      .scope = sched_scope_account_read, .status = 200, .work = get_account, .answer = &account_whole, .name = "getAccount", .meaning = "One account with its rights." },
    { .method = "PUT", .path = "/api/accounts/{account}/password", .roles = ADMINISTRATOR,
      .scope = sched_scope_account, .input = SCHED_INPUT_JSON, .body = &password_shape,
      .writes = TRUE, .status = 200, .prepare = prepare_password, .is_secret = TRUE, .work = set_password,
      .answer = &password_answer, .name = "setPassword", .meaning = "Set somebody's password; ends their sessions." },
    { .method = "PUT", .path = "/api/accounts/{account}/state", .roles = ADMINISTRATOR,
      .scope = sched_scope_account, .input = SCHED_INPUT_JSON, .body = &state_shape,
      .writes = TRUE, .status = 200, .work = set_state, .answer = &sched_answer_done, .name = "setAccountState",
      .meaning = "Lock, retire or open an account. One that is retired leaves: 409 with the code `no-approver` if a place would be without an active approver." },
    { .method = "PUT", .path = "/api/accounts/{account}/rights", .roles = ADMINISTRATOR,
      .scope = sched_scope_right, .input = SCHED_INPUT_JSON, .body = &right_body,
      .writes = TRUE, .status = 200, .work = grant_right, .answer = &sched_answer_done, .name = "grantRight",
      .meaning = "Give a right; 409 with the code `no-approver` if its end or beginning would leave a place without an active approver." },
    { .method = "POST", .path = "/api/accounts/{account}/rights/revoke", .roles = ADMINISTRATOR,
      .scope = sched_scope_right, .input = SCHED_INPUT_JSON, .body = &right_body,
      .writes = TRUE, .status = 200, .work = revoke_right, .answer = &sched_answer_done, .name = "revokeRight",
      .meaning = "Take a right away; 409 with the code `no-approver` if a place would be without an active approver." },
    { .method = "GET", .path = "/api/alone", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_alone, .answer = &alone_list, .name = "listAlone",
      .meaning = "Areas for which nobody approves, or nobody will within 14 days because a right ends." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_accounts(void)
{
    return routes;
}
