/* categories.c - see categories.h */
#include "scheduler/store/categories.h"

#include "scheduler/store/settings.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
static const char sql_in_use[] =
    "SELECT category, count(*) AS n FROM announcements WHERE category <> '' AND phrase = 0 "
    "GROUP BY category ORDER BY category";

static const SchedSqlColumn columns[] = {
    { "category", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedCategoryRow, category) },
    { "n",        SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedCategoryRow, n)        },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedCategoryRow), columns,
                                    (GDestroyNotify) sched_category_row_free};
SCHED_SQL_DEFINE_FREE(SchedCategoryRow, sched_category_row, shape)

/* Returns: (transfer full) (element-type utf8): without the spaces around them and empty lines
 */
static GPtrArray *
lines_of(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (*g_strstrip(lines[i]) != '\0')
            g_ptr_array_add(list, g_strdup(lines[i]));
    }
    return list;
}

static gboolean
has(GPtrArray *list, const char *category)
{
    return g_ptr_array_find_with_equal_func(list, category, g_str_equal, NULL);
}

gboolean
sched_categories_check(const char *text, GError **error)
{
    g_autoptr(GPtrArray) lines = lines_of(text);
    g_autoptr(GPtrArray) seen = g_ptr_array_new();

    for (guint i = 0; i < lines->len; i++) {
        char *line = g_ptr_array_index(lines, i);
        const gboolean twice = has(seen, line);

        if (twice || strlen(line) > SCHED_CATEGORY_MAX_BYTES) {
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "categories: “%.80s”: %s", line,
                        twice ? "named twice"
                              : "longer than " G_STRINGIFY(SCHED_CATEGORY_MAX_BYTES) " bytes");
            return FALSE;
        }
        g_ptr_array_add(seen, line);
    }
    return TRUE;
}

/* What the program comes with. */
static const char *
fallback(void)
{
    gsize n;
    const SchedSettingKnown *known = sched_setting_known(&n);

    for (gsize i = 0; i < n; i++) {
        if (strcmp(known[i].key, "categories") == 0)
            return known[i].fallback;
    }
    return "";
}

/* A list of nothing would accept nothing: it is none. */
static GPtrArray *
read_list(SchedTxn *txn, GError **error)
{
    g_autofree char *text = sched_store_setting_text(txn, "categories", error);
    g_autoptr(GPtrArray) lines = text == NULL ? NULL : lines_of(text);

    return lines != NULL && lines->len == 0 ? lines_of(fallback()) : g_steal_pointer(&lines);
}

static SchedCategoryRow *
take_row(GPtrArray *rows, const char *category)
{
    for (guint i = 0; i < rows->len; i++) {
        SchedCategoryRow *row = g_ptr_array_index(rows, i);

        if (strcmp(row->category, category) == 0)
            return g_ptr_array_steal_index(rows, i);
    }
    return NULL;
}

GPtrArray *
sched_store_category_list(SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) names = read_list(txn, error);
    g_autoptr(GPtrArray) used =
        names == NULL ? NULL : sched_sql_list(txn, sql_in_use, &shape, error, "");
    g_autoptr(GPtrArray) rows = NULL;

    if (used == NULL)
        return NULL;
    rows = g_ptr_array_new_with_free_func((GDestroyNotify) sched_category_row_free);
    for (guint i = 0; i < names->len; i++) {
        SchedCategoryRow *row = take_row(used, g_ptr_array_index(names, i));

        if (row == NULL) {
            row = g_new0(SchedCategoryRow, 1);
            row->category = g_strdup(g_ptr_array_index(names, i));
        }
        row->offered = TRUE;
        g_ptr_array_add(rows, row);
    }
    while (used->len > 0)
        g_ptr_array_add(rows, g_ptr_array_steal_index(used, 0));
    if (rows->len > SCHED_CATEGORIES_MAX)
        g_ptr_array_set_size(rows, SCHED_CATEGORIES_MAX);
    return g_steal_pointer(&rows);
}

gboolean
sched_store_category_check(SchedTxn *txn, const char *category, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;
    g_autoptr(GString) allowed = NULL;

    if (*category == '\0')
        return TRUE;
    names = read_list(txn, error);
    if (names == NULL)
        return FALSE;
    if (has(names, category))
        return TRUE;
    allowed = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(allowed, "%s“%s”", i == 0 ? "" : ", ",
                               (const char *) g_ptr_array_index(names, i));
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                "category: “%.80s” does not stand in the district's list: %s", category,
                allowed->str);
    return FALSE;
}
