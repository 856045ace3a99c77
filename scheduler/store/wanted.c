/* wanted.c - see wanted.h */
#include "scheduler/store/wanted.h"

#include "content/language.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_wanted_state_words[] = {
    "wanted", "returned", "recorded", "checked", "approved", "over", "withdrawn", NULL,
};

static const char sql_add[] =
    "INSERT INTO wanted (id, announcement, language, account, name, by_date, note, author, "
    "made_us, withdrawn_us, withdrawn_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, NULL)";
static const char sql_withdraw[] =
    "UPDATE wanted SET withdrawn_us = $2, withdrawn_by = $3 WHERE id = $1";
static const char sql_recorded[] =
    "SELECT 1 FROM versions WHERE announcement = $1 AND language = $2 AND object IS NOT NULL "
    "AND state <> 'returned'";

/* $1 now. How far it is, read off the version. */
#define STATE \
    "CASE WHEN w.withdrawn_us <> 0 THEN 'withdrawn' WHEN v.state = 'approved' THEN 'approved' " \
    "WHEN a.withdrawn = 1 OR a.valid_until_us <= $1 THEN 'over' " \
    "WHEN v.object IS NULL THEN 'wanted' WHEN v.state = 'draft' THEN 'recorded' ELSE v.state END"
#define SELECT \
    "SELECT w.id AS id, w.announcement AS announcement, w.language AS language, " \
    "w.account AS account, coalesce(p.name, w.name) AS name, w.by_date AS by_date, " \
    "w.note AS note, w.author AS author, coalesce(u.name, w.author) AS author_name, " \
    "a.title AS title, a.home AS home, w.made_us AS made_us, w.withdrawn_us AS withdrawn_us, " \
    "w.withdrawn_by AS withdrawn_by, v.id AS version, " STATE " AS state " \
    "FROM wanted AS w JOIN announcements AS a ON a.id = w.announcement " \
    "LEFT JOIN versions AS v ON v.announcement = w.announcement AND v.language = w.language " \
    "LEFT JOIN accounts AS p ON p.id = w.account LEFT JOIN accounts AS u ON u.id = w.author "
#define WAITS STATE " IN ('wanted', 'returned')"
static const char sql_get[] = SELECT "WHERE w.id = $2";
static const char sql_list[] =
    SELECT "WHERE ($2 IS NULL OR a.home IN (SELECT below FROM area_paths WHERE above = $2)) "
    "AND ($3 IS NULL OR w.announcement = $3) AND ($4 IS NULL OR w.account = $4) "
    "AND ($5 IS NULL OR w.author = $5) AND ($3 IS NOT NULL OR " WAITS " OR ("
    STATE " NOT IN ('over', 'withdrawn') AND w.by_date >= $6)) "
    "ORDER BY " WAITS " DESC, CASE WHEN " WAITS " THEN w.by_date END, w.made_us DESC, w.id "
    "LIMIT $7";
static const char sql_count[] =
    "SELECT count(*) FROM wanted AS w JOIN announcements AS a ON a.id = w.announcement "
    "LEFT JOIN versions AS v ON v.announcement = w.announcement AND v.language = w.language "
    "WHERE w.withdrawn_us = 0 AND " WAITS;

#define IN_FORCE "(r.until_us = 0 OR r.until_us > $2) AND r.from_us <= $2 "
/* $1 announcement, $2 now, $3 most rows, $4 account or NULL. As access.c asks for each place. */
static const char sql_askable[] =
    "SELECT c.id AS id, c.name AS name FROM accounts AS c WHERE c.state = 'active' "
    "AND ($4 IS NULL OR c.id = $4) AND NOT EXISTS (SELECT 1 FROM ("
    "SELECT home AS area FROM announcements WHERE id = $1 "
    "UNION SELECT area FROM announcement_areas WHERE announcement = $1) AS place "
    "WHERE NOT EXISTS (SELECT 1 FROM rights AS r WHERE r.account = c.id AND r.role = 'editor' "
    "AND " IN_FORCE "AND r.area IN (SELECT above FROM area_paths WHERE below = place.area))) "
    "ORDER BY c.name, c.id LIMIT $3";
/* $4 language, $5 without its dialect. */
static const char sql_checkers[] =
    "SELECT c.id AS id, c.name AS name FROM accounts AS c WHERE c.state = 'active' "
    "AND EXISTS (SELECT 1 FROM rights AS r WHERE r.account = c.id AND r.role = 'reviewer' "
    "AND (r.language = '' OR r.language = $4 OR r.language = $5) AND " IN_FORCE
    "AND r.area IN (SELECT p.above FROM area_paths AS p JOIN announcements AS a "
    "ON p.below = a.home WHERE a.id = $1)) AND NOT EXISTS (SELECT 1 FROM versions AS v "
    "WHERE v.announcement = $1 AND v.language = $4 AND (v.announcer = c.id "
    "OR (v.announcer IS NULL AND v.announcer_name = c.name) OR EXISTS (SELECT 1 FROM authors AS w "
    "WHERE w.object = v.id AND w.account = c.id))) ORDER BY c.name, c.id LIMIT $3";

#define AT(member) G_STRUCT_OFFSET(SchedWantedRow, member)
static const SchedSqlColumn columns[] = {
    { "id",           SCHED_SQL_TEXT, AT(id)           },
    { "announcement", SCHED_SQL_TEXT, AT(announcement) },
    { "language",     SCHED_SQL_TEXT, AT(language)     },
    { "account",      SCHED_SQL_TEXT, AT(account)      },
    { "name",         SCHED_SQL_TEXT, AT(name)         },
    { "by_date",      SCHED_SQL_TEXT, AT(by_date)      },
    { "note",         SCHED_SQL_TEXT, AT(note)         },
    { "author",       SCHED_SQL_TEXT, AT(author)       },
    { "author_name",  SCHED_SQL_TEXT, AT(author_name),  NULL, TRUE },
    { "title",        SCHED_SQL_TEXT, AT(title),        NULL, TRUE },
    { "home",         SCHED_SQL_TEXT, AT(home),         NULL, TRUE },
    { "made_us",      SCHED_SQL_INT,  AT(made_us)      },
    { "withdrawn_us", SCHED_SQL_INT,  AT(withdrawn_us), NULL, TRUE },
    { "withdrawn_by", SCHED_SQL_TEXT, AT(withdrawn_by), NULL, TRUE },
    { "version",      SCHED_SQL_TEXT, AT(version),      NULL, TRUE },
    { "state",        SCHED_SQL_WORD, AT(state), sched_wanted_state_words, TRUE },
    { NULL },
};
static const SchedSqlColumn person_columns[] = {
    { "id",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPersonRow, id)   },
    { "name", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPersonRow, name) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedWantedRow), columns,
                                    (GDestroyNotify) sched_wanted_row_free};
static const SchedSqlShape person_shape = {sizeof(SchedPersonRow), person_columns,
                                           (GDestroyNotify) sched_person_row_free};
SCHED_SQL_DEFINE_FREE(SchedWantedRow, sched_wanted_row, shape)
SCHED_SQL_DEFINE_FREE(SchedPersonRow, sched_person_row, person_shape)

static gboolean
refuse(GError **error, SchedStoreError code, const char *why)
{
    g_set_error_literal(error, SCHED_STORE_ERROR, (gint) code, why);
    return FALSE;
}

/* A date so many days after the one in UTC; a local date is over once it is over everywhere. */
static char *
date_after(gint64 now_us, gint days)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) then = g_date_time_add_days(now, days);

    return g_date_time_format(then, "%Y-%m-%d");
}

static gboolean
check_date(const SchedWantedRow *row, gint64 now_us, GError **error)
{
    g_autofree char *first = date_after(now_us, -1);
    g_autofree char *last = date_after(now_us, SCHED_WANTED_MAX_AHEAD_DAYS);

    if (!sched_check_plan_date("by date", row->by_date, error))
        return FALSE;
    if (strcmp(row->by_date, first) < 0)
        return refuse(error, SCHED_STORE_ERROR_INVALID, "by date: it is over");
    return strcmp(row->by_date, last) <= 0 ||
           refuse(error, SCHED_STORE_ERROR_INVALID, "by date: more than a year ahead");
}

static GPtrArray *
list_askable(SchedTxn *txn, const char *announcement, gint64 now_us, const char *account,
             GError **error)
{
    return sched_sql_list(txn, sql_askable, &person_shape, error, "tiit", announcement, now_us,
                          (gint64) SCHED_PEOPLE_MAX_ROWS, account);
}

static gboolean
check_asked(SchedTxn *txn, const SchedWantedRow *row, GError **error)
{
    g_autoptr(GPtrArray) found = NULL;

    if ((row->account == NULL) != (*row->name != '\0'))
        return refuse(error, SCHED_STORE_ERROR_INVALID,
                      "account: an account, or the name of somebody who has none");
    if (row->account == NULL)
        return sched_check_text("name", row->name, 200, error);
    found = list_askable(txn, row->announcement, sched_txn_at_us(txn), row->account, error);
    if (found == NULL)
        return FALSE;
    return found->len > 0 || refuse(error, SCHED_STORE_ERROR_INVALID,
                                    "account: it may not add a version to this announcement");
}

/* Something that can still be heard, in a language that is not there. */
static gboolean
check_lacking(SchedTxn *txn, const SchedWantedRow *row, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a =
        sched_store_announcement_get(txn, row->announcement, error);

    if (a == NULL)
        return FALSE;
    if (a->withdrawn || a->valid_until_us <= sched_txn_at_us(txn))
        return refuse(error, SCHED_STORE_ERROR_RULE, "the announcement plays no more");
    return !sched_sql_is(txn, sql_recorded, "tt", row->announcement, row->language) ||
           refuse(error, SCHED_STORE_ERROR_CONFLICT,
                  "it is recorded already; sent back, it can be wanted again");
}

static gboolean
check_wanted(SchedTxn *txn, const SchedWantedRow *row, GError **error)
{
    gint64 now_us = sched_txn_at_us(txn), n_open = 0;

    return sched_check_id("id", row->id, error) &&
           sched_check_id("announcement", row->announcement, error) &&
           sched_check_language("language", row->language, error) &&
           sched_check_text("note", row->note, SCHED_WANTED_NOTE_MAX_BYTES, error) &&
           check_date(row, now_us, error) && check_lacking(txn, row, error) &&
           check_asked(txn, row, error) &&
           sched_sql_int(txn, sql_count, &n_open, error, "i", now_us) &&
           sched_check_count("versions wanted", (gsize) n_open + 1, SCHED_WANTED_MAX_OPEN,
                             error);
}

gboolean
sched_store_wanted_add(SchedTxn *txn, const SchedWantedRow *wanted, GError **error)
{
    SchedWantedRow row = *wanted;

    row.author = (char *) sched_txn_actor(txn);
    row.made_us = sched_txn_at_us(txn);
    return check_wanted(txn, &row, error) &&
           sched_sql_run(txn, sql_add, error, "tttttttti", row.id, row.announcement,
                         row.language, row.account, row.name, row.by_date, row.note, row.author,
                         row.made_us) &&
           sched_sql_audit_row(txn, "wanted.ask", row.id, &shape, &row, error);
}

gboolean
sched_store_wanted_withdraw(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedWantedRow) row =
        sched_store_wanted_get(txn, id, sched_txn_at_us(txn), error);

    if (row == NULL)
        return FALSE;
    if (row->withdrawn_us != 0)
        return refuse(error, SCHED_STORE_ERROR_RULE, "it was withdrawn before");
    return sched_sql_run(txn, sql_withdraw, error, "tit", id, sched_txn_at_us(txn),
                         sched_txn_actor(txn)) &&
           sched_store_audit_append(txn, "wanted.withdraw", id, NULL, error);
}

SchedWantedRow *
sched_store_wanted_get(SchedTxn *txn, const char *id, gint64 now_us, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "version wanted", error, "it", now_us, id);
}

GPtrArray *
sched_store_wanted_list(SchedTxn *txn, const SchedWantedFilter *filter, gint64 now_us,
                        GError **error)
{
    g_autofree char *since = date_after(now_us, -SCHED_WANTED_SHOWN_DAYS);

    return sched_sql_list(txn, sql_list, &shape, error, "ittttti", now_us, filter->area,
                          filter->announcement, filter->account, filter->author, since,
                          (gint64) SCHED_WANTED_MAX_ROWS);
}

GPtrArray *
sched_store_wanted_askable(SchedTxn *txn, const char *announcement, gint64 now_us,
                           GError **error)
{
    return list_askable(txn, announcement, now_us, NULL, error);
}

GPtrArray *
sched_store_wanted_checkers(SchedTxn *txn, const char *announcement, const char *language,
                            gint64 now_us, GError **error)
{
    g_autofree char *base = content_language_base(language);

    return sched_sql_list(txn, sql_checkers, &person_shape, error, "tiitt", announcement,
                          now_us, (gint64) SCHED_PEOPLE_MAX_ROWS, language, base);
}
