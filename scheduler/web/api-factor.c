/*
 * api-factor.c - the second factor: setting it up, giving it up, having a lost one taken away.
 *
 * Codes are matched before the transaction, against what the store says then; the transaction
 * uses the step or the recovery code up, and refuses if somebody was faster.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/settings.h"
#include "scheduler/web/qr.h"

#include <sodium.h>
#include <string.h>

/* ---- shapes ---- */

typedef struct {
    char *password;
} ProofBody;

typedef struct {
    char *code;
} CodeBody;

typedef struct {
    char *why;
} WhyBody;

/* clang-format off */
static const ContentMember proof_members[] = {
    ROW_SECRET(ProofBody, password, SCHED_PASSWORD_MAX_BYTES, "My password."), ROW_END,
};
static const ContentShape proof_shape = { "OwnProof", sizeof(ProofBody), proof_members };

static const ContentMember code_members[] = {
    ROW_SECRET(CodeBody, code, SCHED_FACTOR_MAX_BYTES, "Six digits that the app shows."), ROW_END,
};
static const ContentShape code_shape = { "FactorCode", sizeof(CodeBody), code_members };

static const ContentMember why_members[] = {
    ROW_TEXT(WhyBody, why, 1, 400, "What happened to it, and how its owner was recognised."), ROW_END,
};
static const ContentShape why_shape = { "FactorResetWhy", sizeof(WhyBody), why_members };
/* clang-format on */

static const char *
body_text(SchedAct *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

/* ---- a code that was typed ---- */

static void
fail(SchedAct *act, SchedFactorError code, const char *words)
{
    sched_act_fail(act, g_error_new_literal(SCHED_FACTOR_ERROR, (int) code, words));
}

typedef struct {
    const char *account, *hash;
    gboolean is_there;
} CodeLookup;

static gboolean
look_up_code(SchedTxn *txn, gpointer data, GError **error)
{
    CodeLookup *lookup = data;

    lookup->is_there = sched_store_factor_has_code(txn, lookup->account, lookup->hash);
    return TRUE;
}

static gboolean
match_recovery(SchedAct *act, const SchedFactorRow *factor, const char *typed, ApiCode *out)
{
    g_autofree char *hash = sched_recovery_hash(factor->account, typed);
    CodeLookup lookup = {factor->account, hash, FALSE};

    if (hash != NULL)
        sched_store_read(act->api->options.store, look_up_code, &lookup, NULL);
    if (lookup.is_there)
        out->hash = g_steal_pointer(&hash);
    return lookup.is_there;
}

static gboolean
match_step(SchedAct *act, const SchedFactorRow *factor, const char *typed, ApiCode *out,
           GError **error)
{
    guint8 secret[SCHED_TOTP_SECRET_BYTES];
    gboolean is_open = sched_factors_unseal(act->api->options.factors, factor->account,
                                            factor->sealed, secret, error);

    if (is_open)
        out->step = sched_totp_match(secret, typed, act->now_us, factor->last_step);
    sodium_memzero(secret, sizeof secret);
    return is_open;
}

gboolean
sched_api_code_match(SchedAct *act, const char *login, const SchedFactorRow *factor,
                     const char *typed, gboolean recovers, ApiCode *out_code)
{
    const gint64 now_us = content_clock_monotonic_us(act->api->options.clock);
    const char *address = content_call_address(act->call);
    ApiCode code = {0, NULL};
    GError *error = NULL;
    gint64 wait_us;

    /* 80 bits cannot be guessed, and must open whatever guesses of six digits hold up. */
    if (recovers && !sched_totp_looks_like(typed) &&
        match_recovery(act, factor, typed, &code)) {
        *out_code = code;
        return TRUE;
    }
    wait_us = content_throttle_ask(act->api->codes, login, address, now_us);
    if (wait_us > 0) {
        sched_api_too_early(act, wait_us);
        return FALSE;
    }
    if (!match_step(act, factor, typed, &code, &error)) {
        content_throttle_drop(act->api->codes, login, address, now_us);
        sched_act_fail(act, error);
        return FALSE;
    }
    content_throttle_tell(act->api->codes, login, address, code.step != 0, now_us);
    *out_code = code;
    if (code.step != 0)
        return TRUE;
    sched_api_count_refused(act, factor->account);
    fail(act, SCHED_FACTOR_ERROR_WRONG, "the code is not one of now, or was used");
    return FALSE;
}

/* ---- setting it up ---- */

/* A secret on its way to its owner. */
typedef struct {
    guint8 secret[SCHED_TOTP_SECRET_BYTES];
    char *login;  /* (owned) */
    char *sealed; /* (owned) */
} NewSecret;

static void
new_secret_free(gpointer data)
{
    NewSecret *fresh = data;

    sodium_memzero(fresh->secret, sizeof fresh->secret);
    g_free(fresh->login);
    g_free(fresh->sealed);
    g_free(fresh);
}

static void
make_secret(SchedAct *act, const SchedAccountRow *account)
{
    NewSecret *fresh = g_new0(NewSecret, 1);

    randombytes_buf(fresh->secret, sizeof fresh->secret);
    fresh->login = g_strdup(account->login);
    fresh->sealed = sched_factors_seal(act->api->options.factors, account->id, fresh->secret);
    sched_act_set_prepared(act, fresh, new_secret_free);
    sched_act_go_on(act);
}

static void
prepare_begin(SchedAct *act)
{
    sched_api_check_own(act, "password", make_secret);
}

static gboolean
begin_factor(SchedTxn *txn, SchedAct *act, GError **error)
{
    const NewSecret *fresh = act->prepared;
    g_autofree char *district = sched_store_setting_text(txn, "district-name", error);
    g_autofree char *secret = sched_totp_base32(fresh->secret, TRUE);
    g_autofree char *uri = NULL;
    json_t *rows;

    if (district == NULL || !sched_store_factor_begin(txn, act->account, fresh->sealed, error))
        return FALSE;
    uri = sched_totp_uri(fresh->secret, district, fresh->login);
    act->answer = json_pack("{s:s, s:s}", "secret", secret, "uri", uri);
    /* A district's name can be longer than a code holds; the letters are there all the same. */
    rows = sched_qr_rows(uri);
    if (rows != NULL)
        json_object_set_new(act->answer, "qr", rows);
    return TRUE;
}

/* ---- its first code ---- */

typedef struct {
    const char *account;
    gint64 now_us;
    SchedAccountRow *row;   /* (owned) */
    SchedFactorRow *factor; /* (owned) */
} Pending;

static void
pending_clear(Pending *self)
{
    sched_account_row_free(self->row);
    sched_factor_row_free(self->factor);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pending, pending_clear)

static gboolean
look_up_pending(SchedTxn *txn, gpointer data, GError **error)
{
    Pending *self = data;

    self->row = sched_store_account_get(txn, self->account, error);
    if (self->row != NULL)
        self->factor = sched_store_factor_get(txn, self->account, TRUE, self->now_us, error);
    return self->factor != NULL;
}

/* What a confirmed factor brings along. */
typedef struct {
    gint64 step;
    GPtrArray *codes, *hashes; /* (owned) */
} Confirmed;

static void
confirmed_free(gpointer data)
{
    Confirmed *self = data;

    g_ptr_array_unref(self->codes);
    g_ptr_array_unref(self->hashes);
    g_free(self);
}

static Confirmed *
make_codes(const char *account, gint64 step)
{
    Confirmed *self = g_new0(Confirmed, 1);

    self->step = step;
    self->codes = g_ptr_array_new_with_free_func(g_free);
    self->hashes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < SCHED_RECOVERY_CODES; i++) {
        char *code = sched_recovery_code();

        g_ptr_array_add(self->codes, code);
        g_ptr_array_add(self->hashes, sched_recovery_hash(account, code));
    }
    return self;
}

static void
prepare_confirm(SchedAct *act)
{
    g_auto(Pending) pending = {act->account, act->now_us, NULL, NULL};
    ApiCode code = {0, NULL};
    GError *error = NULL;

    if (!sched_store_read(act->api->options.store, look_up_pending, &pending, &error)) {
        sched_act_fail(act, error);
        return;
    }
    if (!sched_api_code_match(act, pending.row->login, pending.factor, body_text(act, "code"),
                              FALSE, &code))
        return;
    sched_act_set_prepared(act, make_codes(act->account, code.step), confirmed_free);
    sched_act_go_on(act);
}

static gboolean
confirm_factor(SchedTxn *txn, SchedAct *act, GError **error)
{
    const Confirmed *fresh = act->prepared;
    json_t *codes;

    if (!sched_store_factor_confirm(txn, act->account, fresh->step, fresh->hashes, error) ||
        !sched_store_session_prove(txn, act->token_hash, error) ||
        !sched_store_sessions_close(txn, act->account, act->token_hash, error))
        return FALSE;
    codes = json_array();
    for (guint i = 0; i < fresh->codes->len; i++)
        json_array_append_new(codes, json_string(fresh->codes->pdata[i]));
    act->answer = json_pack("{s:o}", "codes", codes);
    return TRUE;
}

/* ---- giving it up ---- */

static void
go_on(SchedAct *act, const SchedAccountRow *account)
{
    sched_act_go_on(act);
}

static void
prepare_remove(SchedAct *act)
{
    sched_api_check_own(act, "password", go_on);
}

static gboolean
remove_factor(SchedTxn *txn, SchedAct *act, GError **error)
{
    if (sched_store_factor_is_wanted(txn, act->account, act->now_us)) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IN_USE,
                            "approvers and operators keep a second factor; set up another one");
        return FALSE;
    }
    return sched_store_factor_remove(txn, act->account, error) && sched_act_done(act);
}

/* ---- a lost one ---- */

static gboolean
ask_reset(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_factor_reset_ask(txn, act->arguments[0], body_text(act, "why"), error) &&
           sched_act_done(act);
}

static gboolean
confirm_reset(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_factor_reset_end(txn, act->arguments[0], TRUE, error) &&
           sched_act_done(act);
}

static gboolean
refuse_reset(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_factor_reset_end(txn, act->arguments[0], FALSE, error) &&
           sched_act_done(act);
}

static json_t *
describe_reset(SchedTxn *txn, const SchedFactorResetRow *row)
{
    g_autoptr(SchedAccountRow) asker = sched_store_account_get(txn, row->asked_by, NULL);

    return json_pack("{s:s, s:s, s:I, s:s}", "by", row->asked_by, "name",
                     asker == NULL ? row->asked_by : asker->name, "asked_us",
                     (json_int_t) row->asked_us, "why", row->why);
}

gboolean
sched_api_describe_factor(SchedTxn *txn, SchedAct *act, const char *account, json_t *out,
                          GError **error)
{
    g_autoptr(SchedFactorRow) factor = NULL;
    g_autoptr(SchedFactorResetRow) reset = NULL;

    if (!sched_store_factor_find(txn, account, &factor, error))
        return FALSE;
    reset = sched_store_factor_reset_get(txn, account, act->now_us, NULL);
    json_object_set_new(out, "factor", json_boolean(factor != NULL));
    json_object_set_new(out, "factor_wanted",
                        json_boolean(sched_store_factor_is_wanted(txn, account, act->now_us)));
    if (reset != NULL)
        json_object_set_new(out, "reset", describe_reset(txn, reset));
    return TRUE;
}

/* ---- what was done to my account ---- */

static gboolean
see_notes(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_notes_seen(txn, act->account, error) && sched_act_done(act);
}

#define ADMINISTRATOR SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR)

/* clang-format off */
static const SchedAnswerMember secret_more[] = {
    ANSWER_TEXT("secret", 39, 39, "Base32 in groups of four, to be typed by hand; told this once."),
    ANSWER_TEXT("uri", 1, 2000, "otpauth:// address of it."),
    SCHED_QR_ANSWER("That address as a QR code"),
    ANSWER_END,
};
static const SchedAnswer secret_answer = { .name = "FactorSecret", .more = secret_more };
static const SchedAnswerMember codes_more[] = {
    { { .name = "codes", .kind = CONTENT_MEMBER_TEXT, .required = TRUE, .is_list = TRUE,
        .max_count = SCHED_RECOVERY_CODES, .min = 19, .max = 19, .unit = "",
        .meaning = "Recovery codes, each good for one sign-in; told this once." }, NULL },
    ANSWER_END,
};
static const SchedAnswer codes_answer = { .name = "RecoveryCodes", .more = codes_more };
static const SchedAnswerMember reset_more[] = {
    ANSWER_WORD("by", ID, "Who asked for it; somebody else confirms it."),
    ANSWER_TEXT("name", 1, ROW_NAME_MAX_BYTES, "Their name."),
    ANSWER_UTC("asked_us", "When; after three days it is void."),
    ANSWER_TEXT("why", 1, 400, "The reason given."),
    ANSWER_END,
};
const SchedAnswer sched_api_reset_answer = { .name = "FactorReset", .more = reset_more };

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/session/factor", .roles = SCHED_ROLES_ANY,
      .input = SCHED_INPUT_JSON, .body = &proof_shape, .writes = TRUE, .status = 201,
      .prepare = prepare_begin, .is_secret = TRUE, .work = begin_factor, .answer = &secret_answer, .name = "beginFactor", .is_own = TRUE,
      .meaning = "A new second factor (RFC 6238) that waits an hour for its first code; one that is in force stays so until then." },
    { .method = "POST", .path = "/api/session/factor/confirm", .roles = SCHED_ROLES_ANY,
      .input = SCHED_INPUT_JSON, .body = &code_shape, .writes = TRUE, .status = 200,
      .prepare = prepare_confirm, .is_secret = TRUE, .work = confirm_factor, .answer = &codes_answer, .name = "confirmFactor", .is_own = TRUE,
      .meaning = "Its first code: from now on it is asked for at every sign-in; ends all my other sessions." },
    { .method = "POST", .path = "/api/session/factor/remove", .roles = SCHED_ROLES_ANY,
      .input = SCHED_INPUT_JSON, .body = &proof_shape, .writes = TRUE, .status = 200,
      .prepare = prepare_remove, .is_secret = TRUE, .work = remove_factor, .answer = &sched_answer_done, .name = "removeFactor", .is_own = TRUE,
      .meaning = "Give my second factor up; refused to those who need one." },
    { .method = "DELETE", .path = "/api/session/notes", .roles = SCHED_ROLES_ANY, .writes = TRUE,
      .status = 200, .work = see_notes, .answer = &sched_answer_done, .name = "seeNotes", .is_own = TRUE,
      .meaning = "I have seen what others did to my account." },
    { .method = "POST", .path = "/api/accounts/{account}/factor-reset", .roles = ADMINISTRATOR,
      .scope = sched_scope_account, .input = SCHED_INPUT_JSON, .body = &why_shape, .writes = TRUE,
      .status = 200, .work = ask_reset, .answer = &sched_answer_done, .name = "askFactorReset",
      .meaning = "Ask for a lost second factor to be taken away; another administrator confirms it." },
    { .method = "POST", .path = "/api/accounts/{account}/factor-reset/confirm", .roles = ADMINISTRATOR,
      .scope = sched_scope_account, .writes = TRUE, .status = 200, .work = confirm_reset,
      .answer = &sched_answer_done, .name = "confirmFactorReset",
      .meaning = "Take it away, with its recovery codes and all sessions; its owner is told." },
    { .method = "DELETE", .path = "/api/accounts/{account}/factor-reset", .roles = ADMINISTRATOR,
      .scope = sched_scope_account, .writes = TRUE, .status = 200, .work = refuse_reset,
      .answer = &sched_answer_done, .name = "refuseFactorReset",
      .meaning = "Refuse the reset that was asked for, or take it back." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_factor(void)
{
    return routes;
}
