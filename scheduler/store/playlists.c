/* playlists.c - see playlists.h */
#include "scheduler/store/playlists.h"

#include "content/language.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/slot-content.h"
#include "scheduler/store/sql.h"

/* clang-format off */
const char *const sched_item_kind_words[] = {
    "announcement", "signal", "pause", "stream", "line_in", NULL,
};

#define COLUMNS "id, name, home, author, revision, changed_us"
static const char sql_add[] =
    "INSERT INTO playlists (" COLUMNS ", folded) VALUES ($1, $2, $3, $4, $5, $6, '')";
static const char sql_change[] =
    "UPDATE playlists SET name = $2, home = $3, author = $4, revision = $5, changed_us = $6 "
    "WHERE id = $1";
static const char sql_fold[] = "UPDATE playlists SET folded = $2 WHERE id = $1";
static const char sql_get[] = "SELECT " COLUMNS " FROM playlists WHERE id = $1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM playlists "
    "WHERE $1 IS NULL OR home IN (SELECT below FROM area_paths WHERE above = $1) "
    "ORDER BY folded, id";
static const char sql_remove[] = "DELETE FROM playlists WHERE id = $1";
static const char sql_items[] =
    "SELECT id, kind, announcement, duration_us, times FROM playlist_items WHERE playlist = $1 "
    "ORDER BY position";
static const char sql_clear_items[] = "DELETE FROM playlist_items WHERE playlist = $1";
static const char sql_add_item[] =
    "INSERT INTO playlist_items (playlist, position, id, kind, announcement, duration_us, times) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";

static const SchedSqlColumn playlist_columns[] = {
    { "id",         SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPlaylistRow, id)         },
    { "name",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPlaylistRow, name)       },
    { "home",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPlaylistRow, home)       },
    { "author",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedPlaylistRow, author)     },
    { "revision",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedPlaylistRow, revision)   },
    { "changed_us", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedPlaylistRow, changed_us) },
    { "items",      SCHED_SQL_LIST, G_STRUCT_OFFSET(SchedPlaylistRow, items)      },
    { NULL },
};
static const SchedSqlColumn item_columns[] = {
    { "id",           SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedItemRow, id)           },
    { "kind",         SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedItemRow, kind), sched_item_kind_words },
    { "announcement", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedItemRow, announcement) },
    { "duration_us",  SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedItemRow, duration_us)  },
    { "times",        SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedItemRow, times)        },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape playlist_shape = {sizeof(SchedPlaylistRow), playlist_columns,
                                             (GDestroyNotify) sched_playlist_row_free};
static const SchedSqlShape item_shape = {sizeof(SchedItemRow), item_columns,
                                         (GDestroyNotify) sched_item_row_free};
SCHED_SQL_DEFINE_FREE(SchedPlaylistRow, sched_playlist_row, playlist_shape)
SCHED_SQL_DEFINE_FREE(SchedItemRow, sched_item_row, item_shape)

static gint64
times_of(const SchedItemRow *item)
{
    return item->times == 0 ? 1 : item->times;
}

/* The same sound; @less: or the same sounding less often. */
static gboolean
is_same_item(const SchedItemRow *a, const SchedItemRow *b, gboolean less)
{
    return g_str_equal(a->id, b->id) && a->kind == b->kind &&
           g_strcmp0(a->announcement, b->announcement) == 0 &&
           a->duration_us == b->duration_us &&
           (less ? times_of(b) <= times_of(a) : times_of(b) == times_of(a));
}

/* Whether @after is @before with nothing changed but items taken away. */
static gboolean
is_quieter(GPtrArray *before, GPtrArray *after)
{
    guint b = 0;

    for (guint a = 0; a < after->len; a++) {
        while (b < before->len &&
               !is_same_item(g_ptr_array_index(before, b), g_ptr_array_index(after, a), TRUE))
            b++;
        if (b++ >= before->len)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_same(GPtrArray *before, GPtrArray *after)
{
    for (guint i = 0; before->len == after->len && i < after->len; i++) {
        if (!is_same_item(g_ptr_array_index(before, i), g_ptr_array_index(after, i), FALSE))
            return FALSE;
    }
    return before->len == after->len;
}

/* As the database has it. */
static gboolean
has_its_length(const SchedItemRow *item)
{
    if (item->kind == SCHED_ITEM_PAUSE)
        return item->duration_us >= 1 && item->duration_us <= SCHED_PAUSE_MAX_US;
    if (item->kind == SCHED_ITEM_STREAM || item->kind == SCHED_ITEM_LINE_IN)
        return item->duration_us >= SCHED_RELAY_MIN_US &&
               item->duration_us <= SCHED_RELAY_MAX_US;
    return item->duration_us == 0;
}

gboolean
sched_store_items_check(const GPtrArray *items, GError **error)
{
    for (guint i = 0; i < items->len; i++) {
        const SchedItemRow *item = g_ptr_array_index(items, i);
        const char *why = (item->announcement == NULL) != (item->kind == SCHED_ITEM_PAUSE)
                              ? "an item names what sounds, a pause names nothing"
                          : !has_its_length(item)
                              ? "a pause lasts up to ten minutes, a source ten seconds to "
                                "four hours, nothing else has a duration of its own"
                              : NULL;

        if (why != NULL) {
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID, "items[%u]: %s", i,
                        why);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_playlist(const SchedPlaylistRow *row, GError **error)
{
    if (!sched_check_id("id", row->id, error) ||
        !sched_check_text("name", row->name, 200, error) ||
        !sched_check_count("items", row->items->len, SCHED_PLAYLIST_MAX_ITEMS, error))
        return FALSE;
    for (guint i = 0; i < row->items->len; i++) {
        const SchedItemRow *item = g_ptr_array_index(row->items, i);

        if (!sched_check_id("items: id", item->id, error))
            return FALSE;
        if (item->kind < 0 || item->kind > SCHED_ITEM_LINE_IN) {
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "items[%u]: no such kind", i);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
write_items(SchedTxn *txn, const SchedPlaylistRow *row, GError **error)
{
    if (!sched_sql_run(txn, sql_clear_items, error, "t", row->id))
        return FALSE;
    for (guint i = 0; i < row->items->len; i++) {
        const SchedItemRow *item = g_ptr_array_index(row->items, i);

        if (!sched_sql_run(txn, sql_add_item, error, "titttii", row->id, (gint64) i, item->id,
                           sched_item_kind_words[item->kind], item->announcement,
                           item->duration_us, times_of(item))) {
            g_prefix_error(error, "items[%u]: ", i);
            return FALSE;
        }
    }
    return TRUE;
}

/* The items, and what becomes of the approvals of whatever names the playlist. */
static gboolean
change_items(SchedTxn *txn, const SchedPlaylistRow *row, gboolean keeps_approval,
             GError **error)
{
    g_autoptr(GPtrArray) kept = sched_slot_approvals_of_playlist(txn, row->id, error);

    return kept != NULL && write_items(txn, row, error) &&
           sched_slot_contents_of_playlist(txn, row->id, keeps_approval ? kept : NULL, error) &&
           sched_reach_playlist(txn, row->id, "playlist", error);
}

gboolean
sched_store_playlist_put(SchedTxn *txn, const SchedPlaylistRow *playlist,
                         gint64 expect_revision, GError **error)
{
    SchedPlaylistRow row = *playlist;
    g_autoptr(SchedPlaylistRow) old = NULL;
    g_autofree char *folded = NULL;
    gboolean quieter;

    if (!check_playlist(&row, error))
        return FALSE;
    old = sched_store_playlist_get(txn, row.id, NULL);
    if (!sched_check_revision(old == NULL ? 0 : old->revision, expect_revision, error))
        return FALSE;
    quieter = old != NULL && is_quieter(old->items, row.items);
    /* Who only takes something away becomes no author: the approval stays another's. */
    row.author = quieter ? old->author : (char *) sched_txn_actor(txn);
    row.revision = old == NULL ? 1 : old->revision + 1;
    row.changed_us = sched_txn_at_us(txn);
    folded = content_text_fold(row.name);
    if (!sched_sql_run_row(txn, old == NULL ? sql_add : sql_change, &playlist_shape, &row,
                           error) ||
        !sched_sql_run(txn, sql_fold, error, "tt", row.id, folded) ||
        ((old == NULL || !is_same(old->items, row.items)) &&
         !change_items(txn, &row, quieter, error))) {
        g_prefix_error(error, "playlist %s: ", row.id);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "playlist.put", row.id, &playlist_shape, &row, error);
}

static gboolean
load_items(SchedTxn *txn, SchedPlaylistRow *row, GError **error)
{
    row->items = sched_sql_list(txn, sql_items, &item_shape, error, "t", row->id);
    return row->items != NULL;
}

SchedPlaylistRow *
sched_store_playlist_get(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedPlaylistRow) row =
        sched_sql_one(txn, sql_get, &playlist_shape, "playlist", error, "t", id);

    if (row == NULL || !load_items(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

GPtrArray *
sched_store_playlist_list(SchedTxn *txn, const char *area, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_sql_list(txn, sql_list, &playlist_shape, error, "t", area);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!load_items(txn, g_ptr_array_index(rows, i), error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

gboolean
sched_store_playlist_remove(SchedTxn *txn, const char *id, GError **error)
{
    if (!sched_sql_run(txn, sql_remove, error, "t", id))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such playlist");
        return FALSE;
    }
    return sched_store_audit_append(txn, "playlist.remove", id, NULL, error);
}
