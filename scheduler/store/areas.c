/* areas.c - see areas.h */
#include "scheduler/store/areas.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/sql.h"

/* clang-format off */
const char *const sched_area_kind_words[] = {
    "country", "province", "district", "group", "commune", "village", NULL,
};

#define COLUMNS "id, parent, kind, name, code, valid_from, valid_to, successor"
#define PREFIXED "a.id, a.parent, a.kind, a.name, a.code, a.valid_from, a.valid_to, a.successor"
static const char sql_put[] =
    "INSERT INTO areas (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, kind = excluded.kind, "
    "name = excluded.name, code = excluded.code, valid_from = excluded.valid_from, "
    "valid_to = excluded.valid_to, successor = excluded.successor";
static const char sql_get[] = "SELECT " COLUMNS " FROM areas WHERE id = $1";
static const char sql_has[] = "SELECT 1 FROM areas WHERE id = $1";
#define EXISTS_ON(date) \
    "(" date " IS NULL OR ((a.valid_from IS NULL OR a.valid_from <= " date ") " \
    "AND (a.valid_to IS NULL OR a.valid_to >= " date ")))"
static const char sql_list_all[] =
    "SELECT " PREFIXED " FROM areas AS a WHERE " EXISTS_ON("$1")
    " ORDER BY (SELECT count(*) FROM area_paths AS p WHERE p.below = a.id), a.name, a.id";
static const char sql_list_below[] =
    "SELECT " PREFIXED " FROM area_paths AS p JOIN areas AS a ON a.id = p.below "
    "WHERE p.above = $2 AND " EXISTS_ON("$1") " ORDER BY p.depth, a.name, a.id";
static const char sql_path[] = "SELECT above FROM area_paths WHERE below = $1 ORDER BY depth";
static const char sql_contains[] = "SELECT 1 FROM area_paths WHERE above = $1 AND below = $2";
static const char sql_remove[] = "DELETE FROM areas WHERE id = $1";

static const SchedSqlColumn area_columns[] = {
    { "id",         SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAreaRow, id)         },
    { "parent",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAreaRow, parent)     },
    { "kind",       SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedAreaRow, kind), sched_area_kind_words },
    { "name",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAreaRow, name)       },
    { "code",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAreaRow, code)       },
    { "valid_from", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAreaRow, valid_from) },
    { "valid_to",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAreaRow, valid_to)   },
    { "successor",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAreaRow, successor)  },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape area_shape = {sizeof(SchedAreaRow), area_columns,
                                         (GDestroyNotify) sched_area_row_free};
SCHED_SQL_DEFINE_FREE(SchedAreaRow, sched_area_row, area_shape)

static gboolean
check_area(const SchedAreaRow *area, GError **error)
{
    return sched_check_id("id", area->id, error) &&
           (area->parent == NULL || sched_check_id("parent", area->parent, error)) &&
           sched_check_text("name", area->name, 200, error) &&
           (area->code == NULL || sched_check_text("code", area->code, 32, error)) &&
           (area->valid_from == NULL ||
            sched_check_date("valid_from", area->valid_from, error)) &&
           (area->valid_to == NULL || sched_check_date("valid_to", area->valid_to, error)) &&
           (area->successor == NULL || sched_check_id("successor", area->successor, error));
}

gboolean
sched_store_area_put(SchedTxn *txn, const SchedAreaRow *area, GError **error)
{
    gboolean is_change;

    if (!check_area(area, error))
        return FALSE;
    is_change = sched_sql_is(txn, sql_has, "t", area->id);
    if (!sched_sql_run_row(txn, sql_put, &area_shape, area, error)) {
        g_prefix_error(error, "area %s: ", area->id);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "area.put", area->id, &area_shape, area, error) &&
           (!is_change || sched_reach_area(txn, area->id, "area", error));
}

SchedAreaRow *
sched_store_area_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &area_shape, "area", error, "t", id);
}

GPtrArray *
sched_store_area_list(SchedTxn *txn, const char *top, const char *date, GError **error)
{
    if (top == NULL)
        return sched_sql_list(txn, sql_list_all, &area_shape, error, "t", date);
    return sched_sql_list(txn, sql_list_below, &area_shape, error, "tt", date, top);
}

GPtrArray *
sched_store_area_path(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) path = sched_sql_texts(txn, sql_path, error, "t", id);

    if (path != NULL && path->len == 0) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no such area");
        return NULL;
    }
    return g_steal_pointer(&path);
}

gboolean
sched_store_area_contains(SchedTxn *txn, const char *above, const char *below)
{
    return sched_sql_is(txn, sql_contains, "tt", above, below);
}

gboolean
sched_store_area_remove(SchedTxn *txn, const char *id, GError **error)
{
    if (!sched_sql_is(txn, sql_has, "t", id)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no such area");
        return FALSE;
    }
    return sched_sql_run(txn, sql_remove, error, "t", id) &&
           sched_store_audit_append(txn, "area.remove", id, NULL, error);
}
