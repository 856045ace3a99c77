/* windows.c - see windows.h */
#include "scheduler/store/windows.h"

#include "content/kinds.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/sql.h"

/* clang-format off */
static const char sql_clear[] = "DELETE FROM windows WHERE area = $1";
static const char sql_add[] =
    "INSERT INTO windows (area, position, class, weekdays, from_min, to_min) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_clear_limit[] = "DELETE FROM daily_limits WHERE area = $1";
static const char sql_add_limit[] =
    "INSERT INTO daily_limits (area, limit_min) VALUES ($1, $2)";
static const char sql_list[] =
    "SELECT area, class, weekdays, from_min, to_min FROM windows WHERE area = $1 "
    "ORDER BY position";
static const char sql_nearest[] =
    "SELECT p.above FROM area_paths AS p WHERE p.below = $1 "
    "AND EXISTS (SELECT 1 FROM windows AS w WHERE w.area = p.above) ORDER BY p.depth LIMIT 1";
/* Minutes plus one, so that "none" is 0 and "no minute" is not. */
static const char sql_nearest_limit[] =
    "SELECT l.limit_min + 1 FROM area_paths AS p JOIN daily_limits AS l ON l.area = p.above "
    "WHERE p.below = $1 ORDER BY p.depth LIMIT 1";
static const char sql_limit_from[] =
    "SELECT p.above FROM area_paths AS p JOIN daily_limits AS l ON l.area = p.above "
    "WHERE p.below = $1 ORDER BY p.depth LIMIT 1";

static const SchedSqlColumn window_columns[] = {
    { "area",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedWindowRow, area)     },
    { "class",    SCHED_SQL_WORD, G_STRUCT_OFFSET(SchedWindowRow, class_), content_class_words },
    { "weekdays", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedWindowRow, weekdays) },
    { "from_min", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedWindowRow, from_min) },
    { "to_min",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedWindowRow, to_min)   },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape window_shape = {sizeof(SchedWindowRow), window_columns,
                                           (GDestroyNotify) sched_window_row_free};
SCHED_SQL_DEFINE_FREE(SchedWindowRow, sched_window_row, window_shape)

static gboolean
add_window(SchedTxn *txn, const char *area, gint64 position, const SchedWindowRow *window,
           GError **error)
{
    if (window->class_ < 0 || window->class_ > CONTENT_CLASS_KHAN_CAP) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "class: no such class");
        return FALSE;
    }
    return sched_sql_run(txn, sql_add, error, "titiii", area, position,
                         content_class_words[window->class_], window->weekdays,
                         window->from_min, window->to_min);
}

static gboolean
write_windows(SchedTxn *txn, const char *area, GPtrArray *windows, gint64 limit_min,
              GError **error)
{
    if (!sched_sql_run(txn, sql_clear, error, "t", area) ||
        !sched_sql_run(txn, sql_clear_limit, error, "t", area))
        return FALSE;
    for (guint i = 0; i < windows->len; i++) {
        if (!add_window(txn, area, i, g_ptr_array_index(windows, i), error)) {
            g_prefix_error(error, "windows[%u]: ", i);
            return FALSE;
        }
    }
    return limit_min < 0 || sched_sql_run(txn, sql_add_limit, error, "ti", area, limit_min);
}

/* "thong_thuong 127 300-420; …": short enough for any number of windows we allow. */
static char *
describe(GPtrArray *windows)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < windows->len; i++) {
        const SchedWindowRow *w = g_ptr_array_index(windows, i);

        g_string_append_printf(text,
                               "%s%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                               "-%" G_GINT64_FORMAT,
                               i == 0 ? "" : "; ", content_class_words[w->class_], w->weekdays,
                               w->from_min, w->to_min);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

gboolean
sched_store_windows_set(SchedTxn *txn, const char *area, GPtrArray *windows, gint64 limit_min,
                        GError **error)
{
    g_autofree char *limit = g_strdup_printf("%" G_GINT64_FORMAT, limit_min);
    g_autofree char *text = NULL;

    if (!sched_check_count("windows", windows->len, SCHED_AREA_MAX_WINDOWS, error) ||
        !write_windows(txn, area, windows, limit_min, error))
        return FALSE;
    text = describe(windows);
    return sched_sql_audit_words(txn, "windows.set", area, error, "limit_min", limit, "windows",
                                 text, NULL) &&
           sched_reach_area(txn, area, "windows", error);
}

GPtrArray *
sched_store_window_list(SchedTxn *txn, const char *area, GError **error)
{
    return sched_sql_list(txn, sql_list, &window_shape, error, "t", area);
}

GPtrArray *
sched_store_windows_for(SchedTxn *txn, const char *area, gint64 *out_limit_min, GError **error)
{
    g_autoptr(GPtrArray) nearest = sched_sql_texts(txn, sql_nearest, error, "t", area);
    gint64 limit = 0;

    if (nearest == NULL || !sched_sql_int(txn, sql_nearest_limit, &limit, error, "t", area))
        return NULL;
    if (out_limit_min != NULL)
        *out_limit_min = limit == 0 ? 1440 : limit - 1;
    if (nearest->len == 0)
        return g_ptr_array_new_with_free_func((GDestroyNotify) sched_window_row_free);
    return sched_store_window_list(txn, g_ptr_array_index(nearest, 0), error);
}

static char *
take_first(GPtrArray *texts)
{
    return texts->len == 0 ? NULL : g_ptr_array_steal_index(texts, 0);
}

gboolean
sched_store_windows_nearest(SchedTxn *txn, const char *area, char **out_windows,
                            char **out_limit, GError **error)
{
    g_autoptr(GPtrArray) windows = sched_sql_texts(txn, sql_nearest, error, "t", area);
    g_autoptr(GPtrArray) limit =
        windows == NULL ? NULL : sched_sql_texts(txn, sql_limit_from, error, "t", area);

    if (limit == NULL)
        return FALSE;
    *out_windows = take_first(windows);
    *out_limit = take_first(limit);
    return TRUE;
}
