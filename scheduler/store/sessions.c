/* sessions.c - who is signed in; see accounts.h */
#include "scheduler/store/accounts.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define COLUMNS "token_hash, account, created_us, used_us, idle_us, until_us, address, with_factor"
static const char sql_open[] =
    "INSERT INTO sessions (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
static const char sql_get[] =
    "SELECT s.token_hash, s.account, s.created_us, s.used_us, s.idle_us, s.until_us, s.address, "
    "s.with_factor "
    "FROM sessions AS s JOIN accounts AS a ON a.id = s.account "
    "WHERE s.token_hash = $1 AND a.state = 'active' "
    "AND s.until_us > $2 AND s.used_us + s.idle_us > $2";
static const char sql_use[] =
    "UPDATE sessions SET used_us = $2 WHERE token_hash = $1 AND used_us < $2";
static const char sql_account[] = "SELECT account FROM sessions WHERE token_hash = $1";
static const char sql_close[] = "DELETE FROM sessions WHERE token_hash = $1";
static const char sql_close_all[] =
    "DELETE FROM sessions WHERE account = $1 AND token_hash IS NOT $2";
static const char sql_end[] =
    "DELETE FROM sessions WHERE account = $1 AND substr(token_hash, 1, 16) = $2";
static const char sql_prove[] = "UPDATE sessions SET with_factor = 1 WHERE token_hash = $1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM sessions WHERE account = $1 ORDER BY used_us DESC, token_hash";
static const char sql_purge[] =
    "DELETE FROM sessions WHERE until_us <= $1 OR used_us + idle_us <= $1";

static const SchedSqlColumn session_columns[] = {
    { "token_hash", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedSessionRow, token_hash) },
    { "account",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedSessionRow, account)    },
    { "created_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedSessionRow, created_us) },
    { "used_us",    SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedSessionRow, used_us)    },
    { "idle_us",    SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedSessionRow, idle_us)    },
    { "until_us",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedSessionRow, until_us)   },
    { "address",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedSessionRow, from)       },
    { "with_factor", SCHED_SQL_BOOL, G_STRUCT_OFFSET(SchedSessionRow, with_factor) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape session_shape = {sizeof(SchedSessionRow), session_columns,
                                            (GDestroyNotify) sched_session_row_free};
SCHED_SQL_DEFINE_FREE(SchedSessionRow, sched_session_row, session_shape)

gboolean
sched_store_session_open(SchedTxn *txn, const SchedSessionRow *session, GError **error)
{
    SchedSessionRow row = *session;

    row.created_us = sched_txn_at_us(txn);
    row.used_us = sched_txn_at_us(txn);
    return sched_check_hash("token hash", row.token_hash, error) &&
           sched_check_text("address", row.from, 100, error) &&
           sched_sql_run_row(txn, sql_open, &session_shape, &row, error);
}

SchedSessionRow *
sched_store_session_get(SchedTxn *txn, const char *token_hash, gint64 now_us, GError **error)
{
    return sched_sql_one(txn, sql_get, &session_shape, "session", error, "ti", token_hash,
                         now_us);
}

gboolean
sched_store_session_use(SchedTxn *txn, const char *token_hash, GError **error)
{
    return sched_sql_run(txn, sql_use, error, "ti", token_hash, sched_txn_at_us(txn));
}

gboolean
sched_store_session_close(SchedTxn *txn, const char *token_hash, GError **error)
{
    g_autoptr(GPtrArray) accounts = sched_sql_texts(txn, sql_account, error, "t", token_hash);

    if (accounts == NULL || !sched_sql_run(txn, sql_close, error, "t", token_hash))
        return FALSE;
    /* To close what is closed is no error: the person wanted it so. */
    return accounts->len == 0 ||
           sched_store_audit_append(txn, "session.close", g_ptr_array_index(accounts, 0), NULL,
                                    error);
}

gboolean
sched_store_sessions_close(SchedTxn *txn, const char *account, const char *but, GError **error)
{
    return sched_sql_run(txn, sql_close_all, error, "tt", account, but) &&
           sched_store_audit_append(txn, "session.close-all", account, NULL, error);
}

gboolean
sched_store_session_end(SchedTxn *txn, const char *account, const char *id, GError **error)
{
    if (!sched_sql_run(txn, sql_end, error, "tt", account, id))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such session");
        return FALSE;
    }
    return sched_store_audit_append(txn, "session.close", account, NULL, error);
}

gboolean
sched_store_session_prove(SchedTxn *txn, const char *token_hash, GError **error)
{
    return sched_sql_run(txn, sql_prove, error, "t", token_hash);
}

GPtrArray *
sched_store_session_list(SchedTxn *txn, const char *account, GError **error)
{
    return sched_sql_list(txn, sql_list, &session_shape, error, "t", account);
}

gboolean
sched_store_sessions_purge(SchedTxn *txn, GError **error)
{
    return sched_sql_run(txn, sql_purge, error, "i", sched_txn_at_us(txn));
}
