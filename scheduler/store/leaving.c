/* leaving.c - see leaving.h */
#include "scheduler/store/leaving.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
/* $1 who leaves, $2 who takes over, $3 now. A local date is over once it is over everywhere. */
#define YESTERDAY "strftime('%Y-%m-%d', $3 / 1000000 - 86400, 'unixepoch')"
#define LIVES "withdrawn = 0 AND valid_until_us > $3"
#define OPEN_VERSIONS \
    "author = $1 AND state <> 'approved' AND announcement IN " \
    "(SELECT id FROM announcements WHERE " LIVES ")"
#define OPEN_ANNOUNCEMENTS \
    "author = $1 AND " LIVES " AND (NOT EXISTS (SELECT 1 FROM versions AS v " \
    "WHERE v.announcement = announcements.id) OR EXISTS (SELECT 1 FROM versions AS v " \
    "WHERE v.announcement = announcements.id AND v.state <> 'approved'))"
#define OPEN_PLAYLISTS \
    "author = $1 AND NOT EXISTS (SELECT 1 FROM slots AS s WHERE s.playlist = playlists.id " \
    "AND (s.approved IS NOT NULL OR s.stopped = 1)) AND NOT EXISTS (SELECT 1 FROM " \
    "slot_overrides AS o WHERE o.playlist = playlists.id AND o.approver IS NOT NULL)"
#define OPEN_SLOTS "author = $1 AND stopped = 0 AND approved IS NULL"
#define OPEN_DATES "author = $1 AND approver IS NULL AND date >= " YESTERDAY

/* What was asked of somebody and is not recorded yet, or was sent back. */
#define OPEN_WANTED(who) \
    who " = $1 AND withdrawn_us = 0 AND announcement IN " \
    "(SELECT id FROM announcements WHERE " LIVES ") AND NOT EXISTS (SELECT 1 FROM versions AS v " \
    "WHERE v.announcement = wanted.announcement AND v.language = wanted.language " \
    "AND v.object IS NOT NULL AND v.state <> 'returned')"

static const char sql_left[] =
    "SELECT (SELECT count(*) FROM versions WHERE " OPEN_VERSIONS ") + "
    "(SELECT count(*) FROM announcements WHERE " OPEN_ANNOUNCEMENTS ") + "
    "(SELECT count(*) FROM playlists WHERE " OPEN_PLAYLISTS ") + "
    "(SELECT count(*) FROM slots WHERE " OPEN_SLOTS ") + "
    "(SELECT count(*) FROM slot_overrides WHERE " OPEN_DATES ") + "
    "(SELECT count(*) FROM wanted WHERE " OPEN_WANTED("account") ") + "
    "(SELECT count(*) FROM proposals WHERE author = $1 AND state = 'open')";

static const struct {
    const char *what; /* in the audit */
    const char *sql;
} moves[] = {
    { NULL, "INSERT INTO authors (object, account) SELECT id, $2 FROM announcements WHERE "
            OPEN_ANNOUNCEMENTS " ON CONFLICT DO NOTHING" },
    { "announcements", "UPDATE announcements SET author = $2 WHERE " OPEN_ANNOUNCEMENTS },
    { "versions", "UPDATE versions SET author = $2, "
                  "state = CASE WHEN checker = $2 THEN 'draft' ELSE state END, "
                  "checked_us = CASE WHEN checker = $2 THEN 0 ELSE checked_us END, "
                  "checker = CASE WHEN checker = $2 THEN NULL ELSE checker END "
                  "WHERE " OPEN_VERSIONS },
    { "playlists", "UPDATE playlists SET author = $2 WHERE " OPEN_PLAYLISTS },
    { "slots", "UPDATE slots SET author = $2 WHERE " OPEN_SLOTS },
    { "dates", "UPDATE slot_overrides SET author = $2 WHERE " OPEN_DATES },
    { "versions wanted", "UPDATE wanted SET account = $2 WHERE " OPEN_WANTED("account") },
};

/* $1 now, $2 until when: areas with something to be approved, and the first instant at which
 * nobody who is active approves for them: now, or when a right there ends. */
static const char sql_alone[] =
    "WITH places AS (SELECT home AS area FROM announcements WHERE withdrawn = 0 "
    "AND valid_until_us > $1 UNION SELECT home FROM slots WHERE stopped = 0), "
    "approvers AS (SELECT r.area AS area, r.from_us AS from_us, r.until_us AS until_us "
    "FROM rights AS r JOIN accounts AS c ON c.id = r.account "
    "WHERE r.role = 'approver' AND c.state = 'active'), "
    "times AS (SELECT $1 AS at_us UNION SELECT until_us FROM approvers "
    "WHERE until_us > $1 AND until_us <= $2) "
    "SELECT a.id AS area, a.name AS name, min(t.at_us) AS from_us "
    "FROM places AS p JOIN areas AS a ON a.id = p.area, times AS t WHERE NOT EXISTS ("
    "SELECT 1 FROM approvers AS r WHERE (r.until_us = 0 OR r.until_us > t.at_us) "
    "AND r.from_us <= t.at_us AND r.area IN (SELECT above FROM area_paths WHERE below = a.id)) "
    "GROUP BY a.id ORDER BY from_us, a.name, a.id LIMIT $3";

static const SchedSqlColumn columns[] = {
    { "area",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAloneRow, area)    },
    { "name",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAloneRow, name)    },
    { "from_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedAloneRow, from_us) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedAloneRow), columns,
                                    (GDestroyNotify) sched_alone_row_free};
SCHED_SQL_DEFINE_FREE(SchedAloneRow, sched_alone_row, shape)

gboolean
sched_store_work_left(SchedTxn *txn, const char *account, gint64 *out_count, GError **error)
{
    return sched_sql_int(txn, sql_left, out_count, error, "tti", account, NULL,
                         sched_txn_at_us(txn));
}

static gboolean
check_successor(SchedTxn *txn, const char *from, const char *to, GError **error)
{
    g_autoptr(SchedAccountRow) account = sched_store_account_get(txn, to, NULL);

    if (account != NULL && account->state == SCHED_ACCOUNT_ACTIVE && strcmp(from, to) != 0)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                "successor: %s is no other account that is active", to);
    return FALSE;
}

gboolean
sched_store_work_hand_over(SchedTxn *txn, const char *from, const char *to, GError **error)
{
    g_autoptr(GString) words = g_string_new(NULL);

    if (!check_successor(txn, from, to, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
        if (!sched_sql_run(txn, moves[i].sql, error, "tti", from, to, sched_txn_at_us(txn)))
            return FALSE;
        if (moves[i].what != NULL)
            g_string_append_printf(words, "%s%s %" G_GINT64_FORMAT, i == 1 ? "" : ", ",
                                   moves[i].what, sched_sql_changes(txn));
    }
    return sched_sql_audit_words(txn, "account.hand-over", from, error, "to", to, "what",
                                 words->str, NULL);
}

GPtrArray *
sched_store_alone_list(SchedTxn *txn, gint64 now_us, gint64 until_us, GError **error)
{
    return sched_sql_list(txn, sql_alone, &shape, error, "iii", now_us, until_us,
                          (gint64) SCHED_ALONE_MAX_LIST);
}
