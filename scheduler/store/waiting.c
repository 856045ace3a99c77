/* waiting.c - see waiting.h */
#include "scheduler/store/waiting.h"

#include "scheduler/store/sql.h"
#include "scheduler/store/version-expect.h"

/* clang-format off */
const char *const sched_waiting_kind_words[] = {
    "check", "version", "slot", "date", "proposal", "notice", "offer", "programme", NULL,
};

/* $1 account, $2 now, $3 most rows. A local date is over once it is over everywhere: a day late. */
#define YESTERDAY "strftime('%Y-%m-%d', $2 / 1000000 - 86400, 'unixepoch')"
#define NOT_MINE(objects) \
    "NOT EXISTS (SELECT 1 FROM authors AS w WHERE w.account = $1 AND w.object IN (" objects ")) "
/* By the account, or by the name alone, as it is refused (version-expect.h). */
#define NOT_MY_VOICE \
    "v.announcer IS NOT $1 AND (v.announcer IS NOT NULL OR v.announcer_name IS NOT " \
    "(SELECT c.name FROM accounts AS c WHERE c.id = $1)) "
#define HOME_OF(role, area) \
    area " IN (SELECT area FROM mine WHERE role = '" role "') "
static const char sql_list[] =
    "WITH mine AS (SELECT r.role AS role, p.below AS area FROM rights AS r "
    "JOIN area_paths AS p ON p.above = r.area "
    "WHERE r.account = $1 AND (r.until_us = 0 OR r.until_us > $2) "
    "AND r.from_us <= $2), "
    "versions_here AS (SELECT v.id AS id, v.announcement AS announcement, a.title AS title, "
    "v.language AS language, v.author AS author, v.checker AS checker, v.state AS state, "
    "a.kind AS of_kind, a.home AS home, max(v.changed_us, a.changed_us) AS since_us, "
    SCHED_VERSION_BEHALF_OF " AS voice "
    "FROM versions AS v JOIN announcements AS a ON a.id = v.announcement "
    "WHERE v.state IN ('draft', 'checked') AND v.object IS NOT NULL AND a.withdrawn = 0 "
    "AND a.valid_until_us > $2 AND " NOT_MY_VOICE "), "
    "waiting AS ("
    "SELECT 'check' AS kind, v.id AS id, v.announcement AS announcement, NULL AS date, "
    "v.title AS title, v.language AS language, v.author AS author, v.since_us AS since_us, "
    "v.voice AS voice "
    "FROM versions_here AS v WHERE v.state = 'draft' AND v.of_kind <> 'signal' AND "
    HOME_OF("reviewer", "v.home") "AND " NOT_MINE("v.id")
    "UNION ALL SELECT 'version', v.id, v.announcement, NULL, v.title, v.language, v.author, "
    "v.since_us, v.voice FROM versions_here AS v "
    "WHERE (v.state = 'checked' OR v.of_kind = 'signal') AND v.checker IS NOT $1 "
    "AND NOT EXISTS (SELECT 1 FROM notices AS n WHERE n.version = v.id AND n.slot IS NULL) AND "
    HOME_OF("approver", "v.home") "AND " NOT_MINE("v.id, v.announcement")
    "UNION ALL SELECT 'slot', s.id, NULL, NULL, s.name, NULL, s.author, "
    "max(s.changed_us, p.changed_us), NULL "
    "FROM slots AS s JOIN playlists AS p ON p.id = s.playlist "
    "WHERE s.stopped = 0 AND s.approved IS NOT s.content AND s.returned IS NOT s.content "
    "AND (s.until IS NULL OR s.until >= " YESTERDAY ") AND "
    HOME_OF("approver", "s.home") "AND " NOT_MINE("s.id, s.playlist")
    "UNION ALL SELECT 'date', s.id, NULL, o.date, s.name, NULL, o.author, "
    "max(o.changed_us, p.changed_us), NULL "
    "FROM slot_overrides AS o JOIN slots AS s ON s.id = o.slot "
    "JOIN playlists AS p ON p.id = o.playlist "
    "WHERE s.stopped = 0 AND o.approver IS NULL AND o.returned IS NOT o.content "
    "AND o.date >= " YESTERDAY " AND "
    HOME_OF("approver", "s.home") "AND " NOT_MINE("o.slot || ' ' || o.date, o.playlist")
    /* Whoever also reads its language checks it in the same act. */
    "UNION ALL SELECT 'notice', a.id, a.id, NULL, a.title, v.language, v.author, v.changed_us, "
    SCHED_VERSION_BEHALF_OF " FROM notices AS n JOIN announcements AS a ON a.id = n.announcement "
    "JOIN versions AS v ON v.id = n.version WHERE n.slot IS NULL AND a.withdrawn = 0 "
    "AND a.valid_until_us > $2 AND " NOT_MY_VOICE
    "AND (v.state IN ('checked', 'approved') OR (v.state = 'draft' AND EXISTS ("
    "SELECT 1 FROM rights AS r JOIN area_paths AS p ON p.above = r.area "
    "WHERE r.account = $1 AND r.role = 'reviewer' AND p.below = a.home "
    "AND (r.until_us = 0 OR r.until_us > $2) "
    "AND (r.language = '' OR v.language = r.language "
    "OR v.language LIKE r.language || '-%')))) AND "
    HOME_OF("approver", "a.home") "AND " NOT_MINE("v.id, a.id")
    "UNION ALL SELECT 'offer', f.id, f.announcement, NULL, f.name, NULL, f.author, f.made_us, NULL "
    "FROM offers AS f WHERE f.approver IS NULL AND f.ended_us = 0 AND f.until_us > $2 AND "
    HOME_OF("approver", "f.home") "AND " NOT_MINE("f.id, f.playlist")
    /* Whole weeks of which every part is still as it was submitted, and none of it mine. */
    "UNION ALL SELECT 'programme', g.id, NULL, g.from_date, a.name, NULL, g.author, g.made_us, "
    "NULL FROM programmes AS g JOIN areas AS a ON a.id = g.area "
    "WHERE g.state = 'open' AND g.author <> $1 "
    "AND date(g.from_date, '+6 days') >= " YESTERDAY " AND NOT EXISTS ("
    "SELECT 1 FROM programme_parts AS q LEFT JOIN slots AS s ON s.id = q.slot "
    "LEFT JOIN slot_overrides AS o ON o.slot = q.slot AND o.date = q.date "
    "WHERE q.programme = g.id AND q.content <> '' AND (s.stopped IS NOT 0 "
    "OR (q.date = '' AND (s.content <> q.content OR s.approved IS s.content "
    "OR s.returned IS s.content)) "
    "OR (q.date <> '' AND (o.content IS NOT q.content OR o.approver IS NOT NULL "
    "OR o.returned IS o.content)) "
    "OR EXISTS (SELECT 1 FROM authors AS w WHERE w.account = $1 AND w.object IN ("
    "CASE q.date WHEN '' THEN q.slot ELSE q.slot || ' ' || q.date END, "
    "CASE q.date WHEN '' THEN s.playlist ELSE o.playlist END)))) AND "
    HOME_OF("approver", "g.area")
    "UNION ALL SELECT 'proposal', c.id, NULL, NULL, c.route, NULL, c.author, c.made_us, NULL "
    "FROM proposals AS c WHERE c.state = 'open' AND c.author <> $1 "
    "AND EXISTS (SELECT 1 FROM mine WHERE role = 'approver')) "
    "SELECT w.kind AS kind, w.id AS id, w.announcement AS announcement, w.date AS date, "
    "w.title AS title, w.language AS language, coalesce(n.name, w.author) AS author, "
    "w.since_us AS since_us, w.voice AS voice FROM waiting AS w LEFT JOIN accounts AS n ON n.id = w.author "
    /* What was heard and is wrong is put right before anything else. */
    "ORDER BY EXISTS (SELECT 1 FROM notices AS k WHERE k.announcement = w.announcement "
    "AND k.corrects IS NOT NULL) DESC, w.since_us, w.id, w.date LIMIT $3";

#define AT(member) G_STRUCT_OFFSET(SchedWaitingRow, member)
static const SchedSqlColumn columns[] = {
    { "kind",         SCHED_SQL_WORD, AT(kind), sched_waiting_kind_words },
    { "id",           SCHED_SQL_TEXT, AT(id)           },
    { "announcement", SCHED_SQL_TEXT, AT(announcement) },
    { "date",         SCHED_SQL_TEXT, AT(date)         },
    { "title",        SCHED_SQL_TEXT, AT(title)        },
    { "language",     SCHED_SQL_TEXT, AT(language)     },
    { "author",       SCHED_SQL_TEXT, AT(author)       },
    { "since_us",     SCHED_SQL_INT,  AT(since_us)     },
    { "voice",        SCHED_SQL_TEXT, AT(voice)        },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedWaitingRow), columns,
                                    (GDestroyNotify) sched_waiting_row_free};
SCHED_SQL_DEFINE_FREE(SchedWaitingRow, sched_waiting_row, shape)

GPtrArray *
sched_store_waiting_list(SchedTxn *txn, const char *account, gint64 now_us, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "tii", account, now_us,
                          (gint64) SCHED_WAITING_MAX_ROWS);
}
