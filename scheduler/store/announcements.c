/* announcements.c - see announcements.h */
#include "scheduler/store/announcements.h"

#include "content/language.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/categories.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/search.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_announcement_kind_words[] = {
    "bulletin", "signal", "music", "phrase", "stream", "line_in", NULL,
};

/* Music is a signal with a mark, to the database, and a phrase or a source a bulletin with one. */
#define COLUMNS \
    "a.id, CASE WHEN a.music = 1 THEN 'music' WHEN a.phrase = 1 THEN 'phrase' " \
    "WHEN a.relay <> '' THEN a.relay ELSE a.kind END AS kind, a.title, a.category, a.class, a.source_number, a.source_issuer, " \
    "a.source_date, a.valid_from_us, a.valid_until_us, a.home, a.withdrawn, a.author, " \
    "a.created_us, a.changed_us, a.revision"
#define DATABASE_KIND \
    "CASE WHEN $2 = 'music' THEN 'signal' " \
    "WHEN $2 IN ('phrase', 'stream', 'line_in') THEN 'bulletin' ELSE $2 END"
#define IS_MUSIC  "CASE $2 WHEN 'music' THEN 1 ELSE 0 END"
#define IS_PHRASE "CASE $2 WHEN 'phrase' THEN 1 ELSE 0 END"
#define RELAY     "CASE WHEN $2 IN ('stream', 'line_in') THEN $2 ELSE '' END"
static const char sql_add[] =
    "INSERT INTO announcements (id, kind, title, category, class, source_number, source_issuer, "
    "source_date, valid_from_us, valid_until_us, home, withdrawn, author, created_us, "
    "changed_us, revision, folded, changed_by, music, phrase, relay) "
    "VALUES ($1, " DATABASE_KIND ", $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', $13, "
    IS_MUSIC ", " IS_PHRASE ", " RELAY ")";
static const char sql_change[] =
    "UPDATE announcements SET kind = " DATABASE_KIND ", phrase = " IS_PHRASE ", "
    "music = " IS_MUSIC ", relay = " RELAY ", title = $3, category = $4, class = $5, "
    "source_number = $6, source_issuer = $7, source_date = $8, valid_from_us = $9, "
    "valid_until_us = $10, home = $11, withdrawn = $12, changed_by = $13, changed_us = $15, "
    "revision = $16 WHERE id = $1 AND created_us = $14";
static const char sql_fold[] =
    "UPDATE announcements SET folded = $2, folded_source = $3 WHERE id = $1";
static const char sql_get[] = "SELECT " COLUMNS " FROM announcements AS a WHERE a.id = $1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM announcements AS a "
    "WHERE ($1 IS NULL OR a.home IN (SELECT below FROM area_paths WHERE above = $1)) "
    "AND ($10 IS NULL OR a.home IN " SCHED_SQL_SEEN("$10", "$11") ") "
    "AND ($2 IS NULL OR a.folded LIKE '%' || $2 || '%' ESCAPE '\\' "
    "OR a.folded_source LIKE '%' || $2 || '%' ESCAPE '\\' "
    "OR a.id IN (SELECT t.announcement FROM script_words AS w "
    "JOIN script_texts AS t ON t.n = w.rowid JOIN announcements AS b ON b.id = t.announcement "
    "WHERE w.folded MATCH $9 "
    /* Else the latest of another area or category take the places of those asked for. */
    "AND ($1 IS NULL OR b.home IN (SELECT below FROM area_paths WHERE above = $1)) "
    "AND ($10 IS NULL OR b.home IN " SCHED_SQL_SEEN("$10", "$11") ") "
    "AND ($5 IS NULL OR b.category = $5) AND ($6 IS NULL OR b.class = $6) "
    "AND ($3 IS NULL OR (b.created_us, b.id) < "
    "(SELECT c.created_us, c.id FROM announcements AS c WHERE c.id = $3)) "
    "ORDER BY w.rowid DESC LIMIT " G_STRINGIFY(SCHED_SEARCH_MAX_SCRIPTS) ")) "
    "AND ($3 IS NULL OR (a.created_us, a.id) < "
    "(SELECT b.created_us, b.id FROM announcements AS b WHERE b.id = $3)) "
    "AND ($5 IS NULL OR a.category = $5) AND ($6 IS NULL OR a.class = $6) "
    "AND ($7 IS NULL OR CASE $7 WHEN '" SCHED_ANNOUNCEMENT_WITHDRAWN "' THEN a.withdrawn = 1 "
    "ELSE a.withdrawn = 0 AND EXISTS (SELECT 1 FROM versions AS v "
    "WHERE v.announcement = a.id AND v.state = $7) END) "
    "AND ($8 IS NULL OR (a.kind = 'bulletin' AND a.phrase = 0 AND NOT EXISTS (SELECT 1 "
    "FROM versions AS v WHERE v.announcement = a.id AND v.language = $8))) "
    "ORDER BY a.created_us DESC, a.id DESC LIMIT $4";
static const char sql_withdraw[] =
    "UPDATE announcements SET withdrawn = 1, changed_us = $2, revision = revision + 1, "
    "changed_by = author WHERE id = $1";
static const char sql_areas[] =
    "SELECT area FROM announcement_areas WHERE announcement = $1 ORDER BY area";
static const char sql_add_area[] =
    "INSERT INTO announcement_areas (announcement, area) VALUES ($1, $2)";
static const char sql_drop_area[] =
    "DELETE FROM announcement_areas WHERE announcement = $1 AND area = $2";

#define AT(member) G_STRUCT_OFFSET(SchedAnnouncementRow, member)
static const SchedSqlColumn columns[] = {
    { "id",             SCHED_SQL_TEXT, AT(id)             },
    { "kind",           SCHED_SQL_WORD, AT(kind), sched_announcement_kind_words },
    { "title",          SCHED_SQL_TEXT, AT(title)          },
    { "category",       SCHED_SQL_TEXT, AT(category)       },
    { "class",          SCHED_SQL_WORD, AT(class_), content_class_words },
    { "source_number",  SCHED_SQL_TEXT, AT(source_number)  },
    { "source_issuer",  SCHED_SQL_TEXT, AT(source_issuer)  },
    { "source_date",    SCHED_SQL_TEXT, AT(source_date)    },
    { "valid_from_us",  SCHED_SQL_INT,  AT(valid_from_us)  },
    { "valid_until_us", SCHED_SQL_INT,  AT(valid_until_us) },
    { "home",           SCHED_SQL_TEXT, AT(home)           },
    { "withdrawn",      SCHED_SQL_BOOL, AT(withdrawn)      },
    { "author",         SCHED_SQL_TEXT, AT(author)         },
    { "created_us",     SCHED_SQL_INT,  AT(created_us)     },
    { "changed_us",     SCHED_SQL_INT,  AT(changed_us)     },
    { "revision",       SCHED_SQL_INT,  AT(revision)       },
    { "areas",          SCHED_SQL_LIST, AT(areas)          },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedAnnouncementRow), columns,
                                    (GDestroyNotify) sched_announcement_row_free};
SCHED_SQL_DEFINE_FREE(SchedAnnouncementRow, sched_announcement_row, shape)

static gboolean
check_areas(const SchedAnnouncementRow *row, GError **error)
{
    if (row->areas == NULL || row->areas->len == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "areas: at least one, where it may sound");
        return FALSE;
    }
    return sched_check_count("areas", row->areas->len, SCHED_ANNOUNCEMENT_MAX_AREAS, error);
}

static gboolean
check_announcement(const SchedAnnouncementRow *row, GError **error)
{
    return sched_check_id("id", row->id, error) &&
           sched_check_text("title", row->title, SCHED_ANNOUNCEMENT_MAX_TITLE_BYTES, error) &&
           sched_check_text("category", row->category, SCHED_CATEGORY_MAX_BYTES, error) &&
           sched_check_text("source number", row->source_number, 100, error) &&
           sched_check_text("source issuer", row->source_issuer, 200, error) &&
           sched_check_date("source date", row->source_date, error) && check_areas(row, error);
}

/* One that it has already may stay, and phrases of alerts are sorted by the program itself. */
static gboolean
check_category(SchedTxn *txn, const SchedAnnouncementRow *row, const SchedAnnouncementRow *old,
               GError **error)
{
    return row->kind == SCHED_ANNOUNCEMENT_PHRASE ||
           (old != NULL && strcmp(old->category, row->category) == 0) ||
           sched_store_category_check(txn, row->category, error);
}

/* Adds what @wanted has more and takes away what it has less, so that no change is no change.
 */
static gboolean
write_areas(SchedTxn *txn, const char *id, GPtrArray *wanted, GError **error)
{
    g_autoptr(GPtrArray) present = sched_sql_texts(txn, sql_areas, error, "t", id);

    if (present == NULL)
        return FALSE;
    for (guint i = 0; i < wanted->len; i++) {
        const char *area = g_ptr_array_index(wanted, i);

        if (!g_ptr_array_find_with_equal_func(present, area, g_str_equal, NULL) &&
            !sched_sql_run(txn, sql_add_area, error, "tt", id, area))
            return FALSE;
    }
    for (guint i = 0; i < present->len; i++) {
        const char *area = g_ptr_array_index(present, i);

        if (!g_ptr_array_find_with_equal_func(wanted, area, g_str_equal, NULL) &&
            !sched_sql_run(txn, sql_drop_area, error, "tt", id, area))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_announcement_put(SchedTxn *txn, const SchedAnnouncementRow *announcement,
                             gint64 expect_revision, GError **error)
{
    SchedAnnouncementRow row = *announcement;
    g_autoptr(SchedAnnouncementRow) old = NULL;
    g_autofree char *folded = NULL, *source = NULL;

    if (!check_announcement(&row, error))
        return FALSE;
    old = sched_store_announcement_get(txn, row.id, NULL);
    if (!sched_check_revision(old == NULL ? 0 : old->revision, expect_revision, error) ||
        !check_category(txn, &row, old, error))
        return FALSE;
    row.author = (char *) sched_txn_actor(txn);
    row.changed_us = sched_txn_at_us(txn);
    row.created_us = old == NULL ? row.changed_us : old->created_us;
    row.revision = old == NULL ? 1 : old->revision + 1;
    folded = content_text_fold(row.title);
    source = sched_search_fold_source(row.source_number, row.source_issuer);
    if (!sched_sql_run_row(txn, old == NULL ? sql_add : sql_change, &shape, &row, error) ||
        !sched_sql_run(txn, sql_fold, error, "ttt", row.id, folded, source) ||
        !write_areas(txn, row.id, row.areas, error)) {
        g_prefix_error(error, "announcement %s: ", row.id);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "announcement.put", row.id, &shape, &row, error) &&
           sched_reach_announcement(txn, row.id, "announcement", error);
}

static gboolean
load_areas(SchedTxn *txn, SchedAnnouncementRow *row, GError **error)
{
    row->areas = sched_sql_texts(txn, sql_areas, error, "t", row->id);
    return row->areas != NULL;
}

SchedAnnouncementRow *
sched_store_announcement_get(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedAnnouncementRow) row =
        sched_sql_one(txn, sql_get, &shape, "announcement", error, "t", id);

    if (row == NULL || !load_areas(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

GPtrArray *
sched_store_announcement_list(SchedTxn *txn, const SchedAnnouncementFilter *filter,
                              gint64 limit, GError **error)
{
    g_autofree char *pattern =
        filter->search == NULL ? NULL : sched_search_pattern(filter->search);
    g_autofree char *words = sched_search_words(filter->search);
    g_autoptr(GPtrArray) rows =
        sched_sql_list(txn, sql_list, &shape, error, "tttitttttti", filter->area, pattern,
                       filter->after, CLAMP(limit, 1, 500), filter->category, filter->class_,
                       filter->state, filter->lacks, words, filter->seer, filter->now_us);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!load_areas(txn, g_ptr_array_index(rows, i), error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

gboolean
sched_store_announcement_withdraw(SchedTxn *txn, const char *id, GError **error)
{
    if (!sched_sql_run(txn, sql_withdraw, error, "ti", id, sched_txn_at_us(txn)))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such announcement");
        return FALSE;
    }
    return sched_store_audit_append(txn, "announcement.withdraw", id, NULL, error) &&
           sched_store_messenger_withdraw(txn, id, error) &&
           sched_reach_announcement(txn, id, "withdraw", error);
}
