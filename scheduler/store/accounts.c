/* accounts.c - people and their rights; see accounts.h */
#include "scheduler/store/accounts.h"

#include "content/language.h"
#include "scheduler/message/address.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/grants.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_role_words[] = {
    "editor", "reviewer", "approver", "operator", "official", "technician", "inspector",
    "administrator", NULL,
};
const char *const sched_account_state_words[] = { "active", "locked", "retired", NULL };
const char *const sched_reader_words[] = { "vi", "en", NULL };

#define ACCOUNT_COLUMNS \
    "id, login, name, password, state, failures, failed_us, signed_in_us, created_us, email, " \
    "phone, reader"
static const char sql_add[] =
    "INSERT INTO accounts (" ACCOUNT_COLUMNS ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
static const char sql_reach[] =
    "UPDATE accounts SET email = $2, phone = $3, reader = $4 WHERE id = $1";
static const char sql_get[] = "SELECT " ACCOUNT_COLUMNS " FROM accounts WHERE id = $1";
static const char sql_by_login[] = "SELECT " ACCOUNT_COLUMNS " FROM accounts WHERE login = $1";
static const char sql_list[] = "SELECT " ACCOUNT_COLUMNS " FROM accounts ORDER BY login";
static const char sql_set_password[] = "UPDATE accounts SET password = $2 WHERE id = $1";
static const char sql_set_state[] =
    "UPDATE accounts SET state = $2, failures = 0 WHERE id = $1";
/* Who left is not written to any more, and nobody need know their number; who is locked out is
 * told nothing more until they are let in. */
static const char sql_forget_reach[] =
    "UPDATE accounts SET email = '', phone = '' WHERE id = $1 AND state = 'retired'";
static const char sql_drop_messages[] =
    "UPDATE messages SET state = 'failed', fault = 'no_way' "
    "WHERE account = $1 AND state = 'waiting'";
static const char sql_signed_in[] =
    "UPDATE accounts SET failures = 0, signed_in_us = $2 WHERE id = $1";
static const char sql_refused[] =
    "UPDATE accounts SET failures = failures + 1, failed_us = $2 WHERE id = $1";
static const char sql_close_sessions[] = "DELETE FROM sessions WHERE account = $1";

static const char sql_on_call[] =
    "SELECT a.id AS account, a.name AS name, r.role AS role, r.area AS area, a.phone AS phone, "
    "a.email AS email, p.depth AS depth FROM area_paths AS p JOIN rights AS r ON r.area = p.above "
    "JOIN accounts AS a ON a.id = r.account WHERE p.below = $1 AND a.state = 'active' "
    "AND r.role IN ('operator', 'official', 'technician') AND (a.phone <> '' OR a.email <> '') "
    "AND (r.until_us = 0 OR r.until_us > $2) AND r.from_us <= $2 "
    "ORDER BY p.depth, r.role = 'technician' DESC, a.name, a.id, r.role LIMIT $3";

#define RIGHT_COLUMNS "account, role, area, language, until_us, from_us"
static const char sql_grant[] =
    "INSERT INTO rights (" RIGHT_COLUMNS ", granted_us, granted_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (account, role, area, language) DO UPDATE SET until_us = excluded.until_us, "
    "from_us = excluded.from_us, granted_us = excluded.granted_us, granted_by = excluded.granted_by";
static const char sql_revoke[] =
    "DELETE FROM rights WHERE account = $1 AND role = $2 AND area = $3 AND language = $4";
static const char sql_rights[] =
    "SELECT " RIGHT_COLUMNS " FROM rights WHERE $1 IS NULL OR account = $1 "
    "ORDER BY account, role, area, language";
#define RIGHT_THAT_COUNTS \
    "FROM rights AS r JOIN accounts AS a ON a.id = r.account " \
    "WHERE r.account = $1 AND r.role = $2 AND a.state = 'active' " \
    "AND (r.until_us = 0 OR r.until_us > $3) AND r.from_us <= $3"
static const char sql_may_anywhere[] = "SELECT 1 " RIGHT_THAT_COUNTS " LIMIT 1";
static const char sql_may[] =
    "SELECT 1 " RIGHT_THAT_COUNTS
    " AND r.area IN (SELECT above FROM area_paths WHERE below = $4) "
    "AND ($5 IS NULL OR r.language = '' OR r.language = $5 OR r.language = $6) LIMIT 1";

static const SchedSqlColumn account_columns[] = {
    { "id",           SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAccountRow, id)           },
    { "login",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAccountRow, login)        },
    { "name",         SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAccountRow, name)         },
    { "password",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAccountRow, password), NULL, TRUE },
    { "state",        SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedAccountRow, state),
      sched_account_state_words },
    { "failures",     SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedAccountRow, failures)     },
    { "failed_us",    SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedAccountRow, failed_us)    },
    { "signed_in_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedAccountRow, signed_in_us) },
    { "created_us",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedAccountRow, created_us)   },
    { "email",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAccountRow, email), NULL, TRUE },
    { "phone",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAccountRow, phone), NULL, TRUE },
    { "reader",       SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedAccountRow, reader),
      sched_reader_words },
    { NULL },
};
static const SchedSqlColumn right_columns[] = {
    { "account",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedRightRow, account)  },
    { "role",     SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedRightRow, role), sched_role_words },
    { "area",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedRightRow, area)     },
    { "language", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedRightRow, language) },
    { "until_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedRightRow, until_us) },
    { "from_us",  SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedRightRow, from_us)  },
    { NULL },
};
static const SchedSqlColumn on_call_columns[] = {
    { "account", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOnCallRow, account) },
    { "name",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOnCallRow, name)    },
    { "role",    SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedOnCallRow, role), sched_role_words },
    { "area",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOnCallRow, area)    },
    { "phone",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOnCallRow, phone)   },
    { "email",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOnCallRow, email)   },
    { "depth",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedOnCallRow, depth)   },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape on_call_shape = {sizeof(SchedOnCallRow), on_call_columns,
                                            (GDestroyNotify) sched_on_call_row_free};
static const SchedSqlShape account_shape = {sizeof(SchedAccountRow), account_columns,
                                            (GDestroyNotify) sched_account_row_free};
static const SchedSqlShape right_shape = {sizeof(SchedRightRow), right_columns,
                                          (GDestroyNotify) sched_right_row_free};
SCHED_SQL_DEFINE_FREE(SchedAccountRow, sched_account_row, account_shape)
SCHED_SQL_DEFINE_FREE(SchedOnCallRow, sched_on_call_row, on_call_shape)
SCHED_SQL_DEFINE_FREE(SchedRightRow, sched_right_row, right_shape)

static gboolean
check_login(const char *login, GError **error)
{
    gsize length = login == NULL ? 0 : strnlen(login, 65);

    if (length >= 1 && length <= 64 &&
        strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789.-") == length)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                "login: “%.64s” is not 1 to 64 of a-z, 0-9, . and -",
                login == NULL ? "" : login);
    return FALSE;
}

static gboolean
check_reach(const char *email, const char *phone, GError **error)
{
    if (*email != '\0' && !sched_email_is_valid(email)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "email: “%.80s” is no e-mail address", email);
        return FALSE;
    }
    if (*phone != '\0' && !sched_phone_is_valid(phone)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "phone: “%.80s” is no phone number: 8 to 15 digits", phone);
        return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_account_add(SchedTxn *txn, const SchedAccountRow *account, GError **error)
{
    SchedAccountRow row = *account;

    row.created_us = sched_txn_at_us(txn);
    row.email = (char *) (account->email == NULL ? "" : account->email);
    row.phone = (char *) (account->phone == NULL ? "" : account->phone);
    if (!sched_check_id("id", row.id, error) || !check_login(row.login, error) ||
        !sched_check_text("name", row.name, 200, error) ||
        !check_reach(row.email, row.phone, error))
        return FALSE;
    return sched_sql_run_row(txn, sql_add, &account_shape, &row, error) &&
           sched_sql_audit_row(txn, "account.add", row.id, &account_shape, &row, error);
}

/* An UPDATE of one account that must be there. */
static gboolean
check_changed(SchedTxn *txn, GError **error)
{
    if (sched_sql_changes(txn) > 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                        "no such account");
    return FALSE;
}

/* (nullable): "set" or "none" where it is another one now */
static const char *
change_of(const char *before, const char *now)
{
    if (strcmp(before, now) == 0)
        return NULL;
    return *now == '\0' ? "none" : "set";
}

gboolean
sched_store_account_reach(SchedTxn *txn, const char *id, const char *email, const char *phone,
                          gint reader, GError **error)
{
    g_autoptr(SchedAccountRow) before = sched_store_account_get(txn, id, error);
    g_autofree char *tidy = sched_phone_tidy(phone);
    const char *word = sched_reader_words[reader != 0];

    if (before == NULL || !check_reach(email, tidy, error))
        return FALSE;
    return sched_sql_run(txn, sql_reach, error, "tttt", id, email, tidy, word) &&
           sched_sql_audit_words(txn, "account.reach", id, error, "reader", word, "email",
                                 change_of(before->email, email), "phone",
                                 change_of(before->phone, tidy), NULL);
}

gboolean
sched_store_account_set_password(SchedTxn *txn, const char *id, const char *password,
                                 GError **error)
{
    return sched_check_text("password", password, 512, error) &&
           sched_sql_run(txn, sql_set_password, error, "tt", id, password) &&
           check_changed(txn, error) &&
           sched_sql_run(txn, sql_close_sessions, error, "t", id) &&
           sched_store_audit_append(txn, "account.password", id, NULL, error);
}

gboolean
sched_store_account_set_state(SchedTxn *txn, const char *id, SchedAccountState state,
                              GError **error)
{
    const char *word = sched_account_state_words[MIN(state, SCHED_ACCOUNT_RETIRED)];

    return sched_sql_run(txn, sql_set_state, error, "tt", id, word) &&
           check_changed(txn, error) &&
           (state == SCHED_ACCOUNT_ACTIVE ||
            (sched_sql_run(txn, sql_close_sessions, error, "t", id) &&
             sched_sql_run(txn, sql_drop_messages, error, "t", id) &&
             sched_sql_run(txn, sql_forget_reach, error, "t", id))) &&
           sched_sql_audit_words(txn, "account.state", id, error, "state", word, NULL) &&
           sched_store_grant_touch(txn, id, error);
}

gboolean
sched_store_account_signed_in(SchedTxn *txn, const char *id, gboolean ok, GError **error)
{
    return sched_sql_run(txn, ok ? sql_signed_in : sql_refused, error, "ti", id,
                         sched_txn_at_us(txn)) &&
           check_changed(txn, error) &&
           sched_store_audit_append(txn, ok ? "session.open" : "session.refused", id, NULL,
                                    error);
}

SchedAccountRow *
sched_store_account_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &account_shape, "account", error, "t", id);
}

SchedAccountRow *
sched_store_account_by_login(SchedTxn *txn, const char *login, GError **error)
{
    return sched_sql_one(txn, sql_by_login, &account_shape, "account", error, "t", login);
}

GPtrArray *
sched_store_account_list(SchedTxn *txn, GError **error)
{
    return sched_sql_list(txn, sql_list, &account_shape, error, "");
}

/* Rights
 * --------------------------------------------------------------------------------------- */

static const char *
role_word(gint role)
{
    return role < 0 || role > SCHED_ROLE_ADMINISTRATOR ? "" : sched_role_words[role];
}

gboolean
sched_store_right_grant(SchedTxn *txn, const SchedRightRow *right, GError **error)
{
    const char *language = right->language == NULL ? "" : right->language;

    if (*language != '\0' && !sched_check_language("language", language, error))
        return FALSE;
    return sched_sql_run(txn, sql_grant, error, "ttttiiit", right->account,
                         role_word(right->role), right->area, language, right->until_us,
                         right->from_us, sched_txn_at_us(txn), sched_txn_actor(txn)) &&
           sched_sql_audit_row(txn, "right.grant", right->account, &right_shape, right, error);
}

gboolean
sched_store_right_revoke(SchedTxn *txn, const SchedRightRow *right, GError **error)
{
    if (!sched_sql_run(txn, sql_revoke, error, "tttt", right->account, role_word(right->role),
                       right->area, right->language == NULL ? "" : right->language))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such right");
        return FALSE;
    }
    return sched_sql_audit_row(txn, "right.revoke", right->account, &right_shape, right,
                               error) &&
           sched_store_grant_touch(txn, right->account, error);
}

GPtrArray *
sched_store_right_list(SchedTxn *txn, const char *account, GError **error)
{
    return sched_sql_list(txn, sql_rights, &right_shape, error, "t", account);
}

gboolean
sched_store_account_may(SchedTxn *txn, const char *account, SchedRole role, const char *area,
                        const char *language, gint64 at_us)
{
    g_autofree char *base = NULL;

    if (account == NULL || area == NULL)
        return FALSE;
    /* Who reads a language reads its dialects; who reads one dialect reads that alone. */
    if (language != NULL && content_language_tag_is_valid(language))
        base = content_language_base(language);
    return sched_sql_is(txn, sql_may, "ttittt", account, role_word((gint) role), at_us, area,
                        language, base);
}

gboolean
sched_store_account_may_anywhere(SchedTxn *txn, const char *account, SchedRole role,
                                 gint64 at_us)
{
    return account != NULL &&
           sched_sql_is(txn, sql_may_anywhere, "tti", account, role_word((gint) role), at_us);
}

GPtrArray *
sched_store_on_call(SchedTxn *txn, const char *area, gint64 now_us, gint64 limit,
                    GError **error)
{
    return sched_sql_list(txn, sql_on_call, &on_call_shape, error, "tii", area, now_us, limit);
}
