/* factors.c - see factors.h */
#include "scheduler/store/factors.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_note_code_words[] = {
    "factor_reset", "recovery_used", "password_set", NULL,
};

static const char sql_get[] =
    "SELECT account, pending, sealed, last_step, made_us FROM factors "
    "WHERE account = $1 AND pending = $2 AND (pending = 0 OR made_us > $3)";
static const char sql_begin[] =
    "INSERT INTO factors (account, pending, sealed, last_step, made_us) "
    "VALUES ($1, 1, $2, 0, $3) ON CONFLICT (account, pending) DO UPDATE SET "
    "sealed = excluded.sealed, made_us = excluded.made_us";
static const char sql_drop_old[] = "DELETE FROM factors WHERE account = $1 AND pending = 0";
static const char sql_drop_all[] = "DELETE FROM factors WHERE account = $1";
static const char sql_drop_codes[] = "DELETE FROM recovery_codes WHERE account = $1";
static const char sql_confirm[] =
    "UPDATE factors SET pending = 0, last_step = $2 WHERE account = $1 AND pending = 1";
static const char sql_add_code[] =
    "INSERT INTO recovery_codes (account, hash, used_us) VALUES ($1, $2, 0)";
static const char sql_use_step[] =
    "UPDATE factors SET last_step = $2 "
    "WHERE account = $1 AND pending = 0 AND last_step < $2";
static const char sql_has_code[] =
    "SELECT 1 FROM recovery_codes WHERE account = $1 AND hash = $2 AND used_us = 0";
static const char sql_use_code[] =
    "UPDATE recovery_codes SET used_us = $3 WHERE account = $1 AND hash = $2 AND used_us = 0";
static const char sql_n_codes[] =
    "SELECT count(*) FROM recovery_codes WHERE account = $1 AND used_us = 0";
static const char sql_close_sessions[] = "DELETE FROM sessions WHERE account = $1";

static const char sql_reset_drop_old[] =
    "UPDATE factor_resets SET ended_us = $3 "
    "WHERE account = $1 AND ended_us = 0 AND asked_us <= $2";
static const char sql_reset_add[] =
    "INSERT INTO factor_resets (account, asked_us, asked_by, why, ended_us, confirmed_by) "
    "VALUES ($1, $2, $3, $4, 0, NULL)";
static const char sql_reset_get[] =
    "SELECT account, asked_us, asked_by, why FROM factor_resets "
    "WHERE account = $1 AND ended_us = 0 AND asked_us > $2";
static const char sql_reset_end[] =
    "UPDATE factor_resets SET ended_us = $2, confirmed_by = $3 "
    "WHERE account = $1 AND ended_us = 0";

static const char sql_note_add[] =
    "INSERT INTO account_notes (account, at_us, code, actor) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT DO NOTHING";
static const char sql_note_trim[] =
    "DELETE FROM account_notes WHERE account = $1 AND at_us NOT IN "
    "(SELECT at_us FROM account_notes WHERE account = $1 ORDER BY at_us DESC LIMIT $2)";
static const char sql_note_list[] =
    "SELECT at_us, code, actor FROM account_notes WHERE account = $1 ORDER BY at_us, code";
static const char sql_notes_seen[] = "DELETE FROM account_notes WHERE account = $1";

#define FACTOR(member) G_STRUCT_OFFSET(SchedFactorRow, member)
static const SchedSqlColumn factor_columns[] = {
    { "account",   SCHED_SQL_TEXT, FACTOR(account)   },
    { "pending",   SCHED_SQL_BOOL, FACTOR(pending)   },
    { "sealed",    SCHED_SQL_TEXT, FACTOR(sealed), NULL, TRUE },
    { "last_step", SCHED_SQL_INT,  FACTOR(last_step) },
    { "made_us",   SCHED_SQL_INT,  FACTOR(made_us)   },
    { NULL },
};
#define RESET(member) G_STRUCT_OFFSET(SchedFactorResetRow, member)
static const SchedSqlColumn reset_columns[] = {
    { "account",  SCHED_SQL_TEXT, RESET(account)  },
    { "asked_us", SCHED_SQL_INT,  RESET(asked_us) },
    { "asked_by", SCHED_SQL_TEXT, RESET(asked_by) },
    { "why",      SCHED_SQL_TEXT, RESET(why)      },
    { NULL },
};
static const SchedSqlColumn note_columns[] = {
    { "at_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedNoteRow, at_us) },
    { "code",  SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedNoteRow, code), sched_note_code_words },
    { "actor", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedNoteRow, actor) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape factor_shape = {sizeof(SchedFactorRow), factor_columns,
                                           (GDestroyNotify) sched_factor_row_free};
static const SchedSqlShape reset_shape = {sizeof(SchedFactorResetRow), reset_columns,
                                          (GDestroyNotify) sched_factor_reset_row_free};
static const SchedSqlShape note_shape = {sizeof(SchedNoteRow), note_columns,
                                         (GDestroyNotify) sched_note_row_free};
SCHED_SQL_DEFINE_FREE(SchedFactorRow, sched_factor_row, factor_shape)
SCHED_SQL_DEFINE_FREE(SchedFactorResetRow, sched_factor_reset_row, reset_shape)
SCHED_SQL_DEFINE_FREE(SchedNoteRow, sched_note_row, note_shape)

/* ---- the factor ---- */

SchedFactorRow *
sched_store_factor_get(SchedTxn *txn, const char *account, gboolean pending, gint64 now_us,
                       GError **error)
{
    return sched_sql_one(txn, sql_get, &factor_shape, "second factor", error, "tii", account,
                         (gint64) (pending != FALSE), now_us - SCHED_FACTOR_PENDING_US);
}

gboolean
sched_store_factor_find(SchedTxn *txn, const char *account, SchedFactorRow **out_row,
                        GError **error)
{
    GError *problem = NULL;
    SchedFactorRow *row = sched_store_factor_get(txn, account, FALSE, 0, &problem);

    if (row == NULL &&
        !g_error_matches(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND)) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_clear_error(&problem);
    *out_row = row;
    return TRUE;
}

gboolean
sched_store_factor_begin(SchedTxn *txn, const char *account, const char *sealed, GError **error)
{
    return sched_check_text("sealed", sealed, 512, error) &&
           sched_sql_run(txn, sql_begin, error, "tti", account, sealed, sched_txn_at_us(txn)) &&
           sched_store_audit_append(txn, "factor.begin", account, NULL, error);
}

/* What an UPDATE found nothing for is a rule's refusal: it was used before. */
static gboolean
check_used(SchedTxn *txn, const char *why, GError **error)
{
    if (sched_sql_changes(txn) > 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE, why);
    return FALSE;
}

gboolean
sched_store_factor_confirm(SchedTxn *txn, const char *account, gint64 step, GPtrArray *hashes,
                           GError **error)
{
    if (!sched_sql_run(txn, sql_drop_old, error, "t", account) ||
        !sched_sql_run(txn, sql_drop_codes, error, "t", account) ||
        !sched_sql_run(txn, sql_confirm, error, "ti", account, step) ||
        !check_used(txn, "no second factor waits for its first code", error))
        return FALSE;
    for (guint i = 0; i < hashes->len; i++) {
        if (!sched_check_hash("code", hashes->pdata[i], error) ||
            !sched_sql_run(txn, sql_add_code, error, "tt", account, hashes->pdata[i]))
            return FALSE;
    }
    return sched_store_audit_append(txn, "factor.set", account, NULL, error);
}

gboolean
sched_store_factor_use_step(SchedTxn *txn, const char *account, gint64 step, GError **error)
{
    return sched_sql_run(txn, sql_use_step, error, "ti", account, step) &&
           check_used(txn, "this code was used", error);
}

gboolean
sched_store_factor_has_code(SchedTxn *txn, const char *account, const char *hash)
{
    return sched_sql_is(txn, sql_has_code, "tt", account, hash);
}

gboolean
sched_store_factor_use_code(SchedTxn *txn, const char *account, const char *hash,
                            GError **error)
{
    return sched_sql_run(txn, sql_use_code, error, "tti", account, hash,
                         sched_txn_at_us(txn)) &&
           check_used(txn, "this recovery code was used", error) &&
           sched_store_note_add(txn, account, SCHED_NOTE_RECOVERY_USED, error) &&
           sched_store_audit_append(txn, "factor.recovery", account, NULL, error);
}

gint64
sched_store_factor_n_codes(SchedTxn *txn, const char *account)
{
    gint64 count = 0;

    return sched_sql_int(txn, sql_n_codes, &count, NULL, "t", account) ? count : 0;
}

static gboolean
drop_all(SchedTxn *txn, const char *account, GError **error)
{
    return sched_sql_run(txn, sql_drop_all, error, "t", account) &&
           sched_sql_run(txn, sql_drop_codes, error, "t", account);
}

gboolean
sched_store_factor_remove(SchedTxn *txn, const char *account, GError **error)
{
    return drop_all(txn, account, error) &&
           sched_store_audit_append(txn, "factor.remove", account, NULL, error);
}

gboolean
sched_store_factor_is_wanted(SchedTxn *txn, const char *account, gint64 now_us)
{
    g_autofree char *setting = sched_store_setting_text(txn, "second-factor", NULL);

    /* Trouble with reading is no way round it. */
    return g_strcmp0(setting, "false") != 0 &&
           (sched_store_account_may_anywhere(txn, account, SCHED_ROLE_APPROVER, now_us) ||
            sched_store_account_may_anywhere(txn, account, SCHED_ROLE_OPERATOR, now_us));
}

/* ---- a reset by two ---- */

gboolean
sched_store_factor_reset_ask(SchedTxn *txn, const char *account, const char *why,
                             GError **error)
{
    const gint64 now_us = sched_txn_at_us(txn);
    g_autoptr(SchedFactorRow) factor = NULL;
    g_autoptr(SchedFactorResetRow) waits = NULL;

    if (!sched_check_text("why", why, 400, error) ||
        (factor = sched_store_factor_get(txn, account, FALSE, now_us, error)) == NULL)
        return FALSE;
    waits = sched_store_factor_reset_get(txn, account, now_us, NULL);
    if (waits != NULL) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "a reset was asked for already; somebody else confirms it");
        return FALSE;
    }
    return sched_sql_run(txn, sql_reset_drop_old, error, "tii", account,
                         now_us - SCHED_FACTOR_RESET_US, now_us) &&
           sched_sql_run(txn, sql_reset_add, error, "titt", account, now_us,
                         sched_txn_actor(txn), why) &&
           sched_sql_audit_words(txn, "factor.reset-ask", account, error, "why", why, NULL);
}

SchedFactorResetRow *
sched_store_factor_reset_get(SchedTxn *txn, const char *account, gint64 now_us, GError **error)
{
    return sched_sql_one(txn, sql_reset_get, &reset_shape, "reset", error, "ti", account,
                         now_us - SCHED_FACTOR_RESET_US);
}

/* The CHECKs say so too; these are the words. */
static gboolean
check_second_person(SchedTxn *txn, const SchedFactorResetRow *row, GError **error)
{
    const char *actor = sched_txn_actor(txn);

    if (strcmp(row->asked_by, actor) != 0 && strcmp(row->account, actor) != 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                        "nobody confirms a reset that they asked for, nor one of their own");
    return FALSE;
}

gboolean
sched_store_factor_reset_end(SchedTxn *txn, const char *account, gboolean confirmed,
                             GError **error)
{
    const gint64 now_us = sched_txn_at_us(txn);
    g_autoptr(SchedFactorResetRow) row =
        sched_store_factor_reset_get(txn, account, now_us, error);

    if (row == NULL || (confirmed && !check_second_person(txn, row, error)))
        return FALSE;
    if (!sched_sql_run(txn, sql_reset_end, error, "tit", account, now_us,
                       confirmed ? sched_txn_actor(txn) : NULL) ||
        !sched_sql_audit_words(txn, confirmed ? "factor.reset" : "factor.reset-refuse", account,
                               error, "asked_by", row->asked_by, NULL))
        return FALSE;
    return !confirmed || (drop_all(txn, account, error) &&
                          sched_sql_run(txn, sql_close_sessions, error, "t", account) &&
                          sched_store_note_add(txn, account, SCHED_NOTE_FACTOR_RESET, error));
}

/* ---- what its owner is told ---- */

gboolean
sched_store_note_add(SchedTxn *txn, const char *account, SchedNoteCode code, GError **error)
{
    return sched_sql_run(txn, sql_note_add, error, "titt", account, sched_txn_at_us(txn),
                         sched_note_code_words[code], sched_txn_actor(txn)) &&
           sched_sql_run(txn, sql_note_trim, error, "ti", account,
                         (gint64) SCHED_ACCOUNT_MAX_NOTES);
}

GPtrArray *
sched_store_note_list(SchedTxn *txn, const char *account, GError **error)
{
    return sched_sql_list(txn, sql_note_list, &note_shape, error, "t", account);
}

gboolean
sched_store_notes_seen(SchedTxn *txn, const char *account, GError **error)
{
    return sched_sql_run(txn, sql_notes_seen, error, "t", account) &&
           sched_store_audit_append(txn, "account.notes-seen", account, NULL, error);
}
