/* alert-imports.c - see alert-imports.h */
#include "scheduler/store/alert-imports.h"

#include "scheduler/store/sql.h"

#define MAX_TITLE_BYTES 1000
#define MAX_NAME_BYTES  255

const char *const sched_import_message_words[] = {"alert", "update", "cancel", NULL};

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO alert_imports (id, sender, identifier, sent_us, message, drill, title, "
    "expires_us, hash, body, author, imported_us) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
static const char sql_add_reference[] =
    "INSERT INTO alert_import_references (import, sender, identifier, sent_us) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

/* Both ways round: what it names, and itself if it was named before it came. */
#define LATER(later, earlier) \
    "(SELECT " later ".id FROM alert_import_references AS r " \
    "JOIN alert_imports AS " later " ON " later ".id = r.import " \
    "WHERE r.sender = " earlier ".sender AND r.identifier = " earlier ".identifier " \
    "AND r.sent_us = " earlier ".sent_us AND " later ".sender = " earlier ".sender " \
    "AND " later ".drill = " earlier ".drill ORDER BY " later ".sent_us DESC LIMIT 1)"
static const char sql_end[] =
    "UPDATE alert_imports SET ended_by = " LATER("l", "alert_imports") " WHERE ended_by IS NULL "
    "AND (id = $1 OR EXISTS (SELECT 1 FROM alert_import_references AS n WHERE n.import = $1 "
    "AND n.sender = alert_imports.sender AND n.identifier = alert_imports.identifier "
    "AND n.sent_us = alert_imports.sent_us)) AND " LATER("l", "alert_imports") " IS NOT NULL";

#define SELECT \
    "SELECT i.id AS id, i.sender AS sender, i.identifier AS identifier, i.sent_us AS sent_us, " \
    "i.message AS message, i.drill AS drill, i.title AS title, i.expires_us AS expires_us, " \
    "i.hash AS hash, i.body AS body, i.author AS author, i.imported_us AS imported_us, " \
    "i.ended_by AS ended_by, coalesce(c.name, i.author) AS author_name, " \
    "(SELECT count(*) FROM alert_import_uses AS u WHERE u.import = i.id) AS n_uses " \
    "FROM alert_imports AS i LEFT JOIN accounts AS c ON c.id = i.author "
static const char sql_get[] = SELECT "WHERE i.id = $1";
static const char sql_find[] =
    SELECT "WHERE i.sender = $1 AND i.identifier = $2 AND i.sent_us = $3";
static const char sql_list[] =
    SELECT "WHERE i.imported_us > $1 ORDER BY i.imported_us DESC, i.id DESC LIMIT $2";
static const char sql_use[] =
    "INSERT INTO alert_import_uses (import, alert) SELECT id, $2 FROM alert_imports WHERE id = $1";

/* What a message names, what that names, and so on; of other systems and of our own. */
static const char sql_ends[] =
    "WITH RECURSIVE named (sender, identifier, sent_us) AS ("
    "SELECT sender, identifier, sent_us FROM alert_import_references WHERE import = $1 UNION "
    "SELECT r.sender, r.identifier, r.sent_us FROM named AS n JOIN alert_imports AS i "
    "ON i.sender = n.sender AND i.identifier = n.identifier AND i.sent_us = n.sent_us "
    "JOIN alert_import_references AS r ON r.import = i.id) "
    "SELECT a.id FROM alerts AS a WHERE a.expires_us > $3 "
    "AND a.drill = (SELECT drill FROM alert_imports WHERE id = $1) "
    "AND NOT EXISTS (SELECT 1 FROM alert_stops AS s WHERE s.alert = a.id "
    "AND NOT EXISTS (SELECT 1 FROM alert_stop_areas AS w WHERE w.stop = s.id)) "
    "AND (EXISTS (SELECT 1 FROM named AS n WHERE n.sender = $2 AND n.identifier = a.id) "
    "OR EXISTS (SELECT 1 FROM alert_import_uses AS u JOIN alert_imports AS i ON i.id = u.import "
    "JOIN named AS n ON n.sender = i.sender AND n.identifier = i.identifier "
    "AND n.sent_us = i.sent_us WHERE u.alert = a.id)) ORDER BY a.issued_us DESC, a.id";

#define AT(member) G_STRUCT_OFFSET(SchedImportRow, member)
static const SchedSqlColumn columns[] = {
    { "id",          SCHED_SQL_TEXT,  AT(id)          },
    { "sender",      SCHED_SQL_TEXT,  AT(sender)      },
    { "identifier",  SCHED_SQL_TEXT,  AT(identifier)  },
    { "sent_us",     SCHED_SQL_INT,   AT(sent_us)     },
    { "message",     SCHED_SQL_WORD,  AT(message), sched_import_message_words },
    { "drill",       SCHED_SQL_BOOL,  AT(drill)       },
    { "title",       SCHED_SQL_TEXT,  AT(title)       },
    { "expires_us",  SCHED_SQL_INT,   AT(expires_us)  },
    { "hash",        SCHED_SQL_TEXT,  AT(hash)        },
    { "body",        SCHED_SQL_BYTES, AT(body),        .unaudited = TRUE },
    { "author",      SCHED_SQL_TEXT,  AT(author)      },
    { "imported_us", SCHED_SQL_INT,   AT(imported_us) },
    { "ended_by",    SCHED_SQL_TEXT,  AT(ended_by),    .unaudited = TRUE },
    { "author_name", SCHED_SQL_TEXT,  AT(author_name), .unaudited = TRUE },
    { "n_uses",      SCHED_SQL_INT,   AT(n_uses),      .unaudited = TRUE },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedImportRow), columns,
                                    (GDestroyNotify) sched_import_row_free};
SCHED_SQL_DEFINE_FREE(SchedImportRow, sched_import_row, shape)

static gboolean
add_references(SchedTxn *txn, const char *id, GPtrArray *references, GError **error)
{
    for (guint i = 0; i < references->len; i++) {
        const SchedImportName *name = references->pdata[i];

        if (!sched_sql_run(txn, sql_add_reference, error, "ttti", id, name->sender,
                           name->identifier, name->sent_us))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_import_add(SchedTxn *txn, const SchedImportRow *import, GPtrArray *references,
                       GError **error)
{
    SchedImportRow row = *import;

    row.author = (char *) sched_txn_actor(txn);
    row.imported_us = sched_txn_at_us(txn);
    return sched_check_id("id", row.id, error) &&
           sched_check_text("sender", row.sender, MAX_NAME_BYTES, error) &&
           sched_check_text("identifier", row.identifier, MAX_NAME_BYTES, error) &&
           sched_check_text("title", row.title, MAX_TITLE_BYTES, error) &&
           sched_check_hash("hash", row.hash, error) &&
           sched_sql_run(txn, sql_add, error, "tttitititbti", row.id, row.sender,
                         row.identifier, row.sent_us, sched_import_message_words[row.message],
                         (gint64) row.drill, row.title, row.expires_us, row.hash, row.body,
                         row.author, row.imported_us) &&
           add_references(txn, row.id, references, error) &&
           sched_sql_run(txn, sql_end, error, "t", row.id) &&
           sched_sql_audit_row(txn, "alert.import", row.id, &shape, &row, error);
}

SchedImportRow *
sched_store_import_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "imported message", error, "t", id);
}

SchedImportRow *
sched_store_import_find(SchedTxn *txn, const SchedImportName *name, GError **error)
{
    return sched_sql_one(txn, sql_find, &shape, "imported message", error, "tti", name->sender,
                         name->identifier, name->sent_us);
}

GPtrArray *
sched_store_import_list(SchedTxn *txn, gint64 since_us, gint64 limit, GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "ii", since_us, limit);
}

gboolean
sched_store_import_use(SchedTxn *txn, const char *id, const char *alert, GError **error)
{
    if (!sched_sql_run(txn, sql_use, error, "tt", id, alert))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                    "no imported message '%s'", id);
        return FALSE;
    }
    return sched_sql_audit_words(txn, "alert.import.use", id, error, "alert", alert, NULL);
}

GPtrArray *
sched_store_import_ends(SchedTxn *txn, const char *id, const char *sender, gint64 now_us,
                        GError **error)
{
    return sched_sql_texts(txn, sql_ends, error, "tti", id, sender, now_us);
}
