/* unapproved.c - see unapproved.h */
#include "scheduler/store/unapproved.h"

#include "scheduler/store/sql.h"

/* clang-format off */
static const char sql_drafts[] =
    "SELECT v.id AS version, v.announcement AS announcement, a.title AS title, "
    "v.language AS language FROM versions AS v JOIN announcements AS a ON a.id = v.announcement "
    "WHERE v.state <> 'approved' AND a.withdrawn = 0 AND a.valid_until_us > $1 "
    "ORDER BY v.announcement, v.id";
static const char sql_clear[] = "DELETE FROM unapproved WHERE dropped = 0";
static const char sql_add[] =
    "INSERT INTO unapproved (slot, slot_date, version, kind, announcement, title, language, "
    "start_us, n_zones, dropped, found_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (slot, slot_date, version) DO NOTHING";
/* When what is judged was last another: what it is now, it was at its time. */
static const char sql_changed[] =
    "SELECT CASE $2 WHEN '' THEN (SELECT max(s.changed_us, p.changed_us, coalesce(("
    "SELECT max(o.changed_us, q.changed_us) FROM slot_overrides AS o "
    "JOIN playlists AS q ON q.id = o.playlist WHERE o.slot = s.id AND o.date = $3), 0)) "
    "FROM slots AS s JOIN playlists AS p ON p.id = s.playlist WHERE s.id = $1) "
    "ELSE (SELECT max(v.changed_us, a.changed_us) FROM versions AS v "
    "JOIN announcements AS a ON a.id = v.announcement WHERE v.id = $2) END";
static const char sql_list[] =
    "SELECT u.slot AS slot, u.slot_date AS slot_date, u.version AS version, u.kind AS kind, "
    "u.announcement AS announcement, u.title AS title, u.language AS language, "
    "u.start_us AS start_us, u.n_zones AS n_zones, u.dropped AS dropped, s.name AS slot_name, "
    "coalesce(a.home, s.home) AS home, coalesce(v.state, '') AS state "
    "FROM unapproved AS u JOIN slots AS s ON s.id = u.slot "
    "LEFT JOIN versions AS v ON v.id = u.version AND u.version <> '' "
    "LEFT JOIN announcements AS a ON a.id = v.announcement "
    "LEFT JOIN slot_overrides AS o ON o.slot = u.slot AND o.date = u.slot_date "
    "AND u.kind = 'date' "
    "WHERE u.start_us >= $1 AND (u.dropped = 1 OR (s.stopped = 0 AND CASE u.kind "
    "WHEN 'version' THEN v.state <> 'approved' AND a.withdrawn = 0 "
    "WHEN 'slot' THEN s.approved IS NOT s.content "
    "ELSE o.cancelled = 0 AND o.approver IS NULL END)) "
    "ORDER BY u.start_us, u.slot, u.version";
static const char sql_authors[] =
    "SELECT DISTINCT account FROM authors "
    "WHERE object IN ($1, $2, $3) AND object <> '' ORDER BY account";

static const SchedSqlColumn draft_columns[] = {
    { "version",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedDraft, version)      },
    { "announcement", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedDraft, announcement) },
    { "title",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedDraft, title)        },
    { "language",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedDraft, language)     },
    { NULL },
};
#define AT(member) G_STRUCT_OFFSET(SchedUnapprovedRow, member)
static const SchedSqlColumn columns[] = {
    { "slot",         SCHED_SQL_TEXT, AT(slot)         },
    { "slot_date",    SCHED_SQL_TEXT, AT(slot_date)    },
    { "version",      SCHED_SQL_TEXT, AT(version)      },
    { "kind",         SCHED_SQL_WORD, AT(kind), sched_unapproved_kind_words },
    { "announcement", SCHED_SQL_TEXT, AT(announcement) },
    { "title",        SCHED_SQL_TEXT, AT(title)        },
    { "language",     SCHED_SQL_TEXT, AT(language)     },
    { "start_us",     SCHED_SQL_INT,  AT(start_us)     },
    { "n_zones",      SCHED_SQL_INT,  AT(n_zones)      },
    { "dropped",      SCHED_SQL_BOOL, AT(dropped)      },
    { "slot_name",    SCHED_SQL_TEXT, AT(slot_name)    },
    { "home",         SCHED_SQL_TEXT, AT(home)         },
    { "state",        SCHED_SQL_TEXT, AT(state)        },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape draft_shape = {sizeof(SchedDraft), draft_columns,
                                          (GDestroyNotify) sched_draft_free};
static const SchedSqlShape shape = {sizeof(SchedUnapprovedRow), columns,
                                    (GDestroyNotify) sched_unapproved_row_free};
SCHED_SQL_DEFINE_FREE(SchedUnapprovedRow, sched_unapproved_row, shape)

GPtrArray *
sched_store_drafts(SchedTxn *txn, gint64 now_us, GError **error)
{
    return sched_sql_list(txn, sql_drafts, &draft_shape, error, "i", now_us);
}

static gboolean
add_one(SchedTxn *txn, const SchedUnapprovedRow *row, GError **error)
{
    gint64 now_us = sched_txn_at_us(txn), changed_us = 0;
    gboolean is_over = row->start_us <= now_us;

    if (is_over && !sched_sql_int(txn, sql_changed, &changed_us, error, "ttt", row->slot,
                                  row->version, row->slot_date))
        return FALSE;
    return (is_over && changed_us > row->start_us) ||
           sched_sql_run(txn, sql_add, error, "tttttttiiii", row->slot, row->slot_date,
                         row->version, sched_unapproved_kind_words[row->kind],
                         row->announcement, row->title, row->language, row->start_us,
                         row->n_zones, (gint64) is_over, now_us);
}

gboolean
sched_store_unapproved_set(SchedTxn *txn, const GPtrArray *rows, GError **error)
{
    if (!sched_sql_run(txn, sql_clear, error, ""))
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        if (!add_one(txn, g_ptr_array_index(rows, i), error))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *
sched_store_unapproved_list(SchedTxn *txn, gint64 since_us, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "i", since_us);
}

GPtrArray *
sched_store_unapproved_authors(SchedTxn *txn, const SchedUnapprovedRow *row, GError **error)
{
    g_autofree char *date = g_strdup_printf("%s %s", row->slot, row->slot_date);

    if (row->kind == SCHED_UNAPPROVED_VERSION)
        return sched_sql_texts(txn, sql_authors, error, "ttt", row->version, row->announcement,
                               "");
    return sched_sql_texts(txn, sql_authors, error, "ttt",
                           row->kind == SCHED_UNAPPROVED_DATE ? date : row->slot, "", "");
}
