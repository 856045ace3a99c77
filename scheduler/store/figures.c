/* figures.c - see figures.h */
#include "scheduler/store/figures.h"

#include "scheduler/store/deliveries.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* A day whose plan cannot be read is looked at again when the night may have mended it. */
#define TROUBLE_AGAIN_US (G_GINT64_CONSTANT(6) * 3600 * G_USEC_PER_SEC)

const char *const sched_figures_by_words[] = {"village", "commune", "language", "category",
                                              NULL};

/* clang-format off */
/* From the last day that a station has, for the district may have been off, up to tomorrow. */
static const char sql_open[] =
    "INSERT OR IGNORE INTO figure_days (station, date, from_us, to_us, stamp, judged_us, "
    "next_us, is_open) "
    "WITH RECURSIVE span (station, date) AS ("
    "SELECT s.id, max(date($1, 'unixepoch', '-92 days'), coalesce((SELECT max(f.date) "
    "FROM figure_days AS f WHERE f.station = s.id AND f.date <= date($1, 'unixepoch')), "
    "date($1, 'unixepoch', '-1 day'))) FROM stations AS s "
    "UNION ALL SELECT station, date(date, '+1 day') FROM span "
    "WHERE date < date($1, 'unixepoch', '+1 day')) "
    "SELECT station, date, 0, 9223372036854775807, 0, 0, 0, 0 FROM span";
static const char sql_due[] =
    /* In the order of the index: after a change for all, all are due at the same instant. */
    "SELECT station, date, stamp FROM figure_days WHERE next_us <= $1 "
    "ORDER BY next_us, station, date LIMIT $2";
static const char sql_missed[] =
    "SELECT DISTINCT station, date, 0 AS stamp FROM figures "
    "WHERE date >= $1 AND missed + partial > 0 ORDER BY date DESC, station LIMIT $2";
static const char sql_category[] =
    "SELECT a.category AS category FROM approvals AS p JOIN announcements AS a "
    "ON a.id = p.announcement WHERE p.object = $1 LIMIT 1";
static const char sql_judged[] =
    "UPDATE figure_days SET from_us = $3, to_us = $4, judged_us = $5, next_us = $6, is_open = $7 "
    "WHERE station = $1 AND date = $2 AND stamp = $8";
static const char sql_clear[] = "DELETE FROM figures WHERE station = $1 AND date = $2";
static const char sql_add[] =
    "INSERT INTO figures (date, station, village, language, category, planned_us, heard_us, "
    "delivered, partial, missed, waiting, no_contact, quiet) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
static const char sql_n_due[] =
    "SELECT count(*) FROM figure_days WHERE next_us <= $3 AND date BETWEEN $1 AND $2";

#define SUMS \
    "sum(planned_us) AS planned_us, sum(heard_us) AS heard_us, sum(delivered) AS delivered, " \
    "sum(partial) AS partial, sum(missed) AS missed, sum(waiting) AS waiting, " \
    "sum(no_contact) AS no_contact, sum(quiet) AS quiet "
/* Summed up by village first, so that the tree of areas is asked once a village. */
#define INNER(table, span, more, key) \
    "SELECT village, " more key " AS key, " SUMS "FROM " table " WHERE " span \
    " AND ($3 IS NULL OR village IN (SELECT below FROM area_paths WHERE above = $3)) " \
    "GROUP BY village, " more key
#define COMMUNE \
    "(SELECT a.id FROM area_paths AS p JOIN areas AS a ON a.id = p.above " \
    "WHERE p.below = f.village AND a.kind = 'commune' ORDER BY p.depth LIMIT 1)"
#define REPORT(table, span, inner_key, key) \
    "SELECT g.key AS key, coalesce(a.name, '') AS name, NULL AS date, " SUMS \
    "FROM (SELECT " key " AS key, " \
    "planned_us, heard_us, delivered, partial, missed, waiting, no_contact, quiet FROM (" \
    INNER(table, span, "", inner_key) ") AS f) AS g LEFT JOIN areas AS a ON a.id = g.key " \
    "GROUP BY g.key HAVING sum(delivered + partial + missed + waiting + no_contact + quiet) > 0 " \
    "ORDER BY name, g.key"
#define BOTH(inner_key, key) { \
    REPORT("figures", "date BETWEEN $1 AND $2", inner_key, key), \
    REPORT("figure_months", "month = substr($1, 1, 7) AND $2 IS NOT NULL", inner_key, key) }
static const char *const sql_report[][2] = {
    [SCHED_FIGURES_BY_VILLAGE]  = BOTH("''",       "f.village"),
    [SCHED_FIGURES_BY_COMMUNE]  = BOTH("''",       "coalesce(" COMMUNE ", '')"),
    [SCHED_FIGURES_BY_LANGUAGE] = BOTH("language", "f.key"),
    [SCHED_FIGURES_BY_CATEGORY] = BOTH("category", "f.key"),
};

/* The same, each day apart; names stand in the report. */
#define DAYS(inner_key, key) \
    "SELECT g.key AS key, '' AS name, g.date AS date, " SUMS "FROM (SELECT " key " AS key, date, " \
    "planned_us, heard_us, delivered, partial, missed, waiting, no_contact, quiet FROM (" \
    INNER("figures", "date BETWEEN $1 AND $2", "date, ", inner_key) ") AS f) AS g " \
    "GROUP BY g.key, g.date " \
    "HAVING sum(delivered + partial + missed + waiting + no_contact + quiet) > 0 " \
    "ORDER BY g.date, g.key"
static const char *const sql_days[] = {
    [SCHED_FIGURES_BY_VILLAGE]  = DAYS("''",       "f.village"),
    [SCHED_FIGURES_BY_COMMUNE]  = DAYS("''",       "coalesce(" COMMUNE ", '')"),
    [SCHED_FIGURES_BY_LANGUAGE] = DAYS("language", "f.key"),
    [SCHED_FIGURES_BY_CATEGORY] = DAYS("category", "f.key"),
};

#define AT(member) G_STRUCT_OFFSET(SchedFigureDay, member)
static const SchedSqlColumn due_columns[] = {
    { "station", SCHED_SQL_TEXT, AT(station) },
    { "date",    SCHED_SQL_TEXT, AT(date)    },
    { "stamp",   SCHED_SQL_INT,  AT(stamp)   },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedFigureSum, member)
static const SchedSqlColumn sum_columns[] = {
    { "key",        SCHED_SQL_TEXT, AT(key)          },
    { "name",       SCHED_SQL_TEXT, AT(name)         },
    { "date",       SCHED_SQL_TEXT, AT(date)         },
    { "planned_us", SCHED_SQL_INT,  AT(planned_us)   },
    { "heard_us",   SCHED_SQL_INT,  AT(heard_us)     },
    { "delivered",  SCHED_SQL_INT,  AT(n_delivered)  },
    { "partial",    SCHED_SQL_INT,  AT(n_partial)    },
    { "missed",     SCHED_SQL_INT,  AT(n_missed)     },
    { "waiting",    SCHED_SQL_INT,  AT(n_waiting)    },
    { "no_contact", SCHED_SQL_INT,  AT(n_no_contact) },
    { "quiet",      SCHED_SQL_INT,  AT(n_quiet)      },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape due_shape = {sizeof(SchedFigureDay), due_columns,
                                        (GDestroyNotify) sched_figure_day_free};
static const SchedSqlShape sum_shape = {sizeof(SchedFigureSum), sum_columns,
                                        (GDestroyNotify) sched_figure_sum_free};
SCHED_SQL_DEFINE_FREE(SchedFigureSum, sched_figure_sum, sum_shape)

void
sched_figure_day_free(SchedFigureDay *day)
{
    if (day == NULL)
        return;
    g_free(day->station);
    g_free(day->date);
    g_free(day->trouble);
    sched_figures_free(day->figures);
    g_free(day);
}

gboolean
sched_store_figures_open(SchedTxn *txn, gint64 now_us, GError **error)
{
    return sched_sql_run(txn, sql_open, error, "i", now_us / G_USEC_PER_SEC);
}

GPtrArray *
sched_store_figures_due(SchedTxn *txn, gint64 now_us, gint64 limit, GError **error)
{
    return sched_sql_list(txn, sql_due, &due_shape, error, "ii", now_us, limit);
}

/* Of what sounded, by the approval that let it: that stays, whatever becomes of the version. */
static GHashTable *
categories_of(SchedTxn *txn, GPtrArray *deliveries, GError **error)
{
    g_autoptr(GHashTable) found =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; i < deliveries->len; i++) {
        const SchedDelivery *d = g_ptr_array_index(deliveries, i);
        g_autoptr(GPtrArray) category = NULL;

        if (d->object == NULL || g_hash_table_contains(found, d->object))
            continue;
        category = sched_sql_texts(txn, sql_category, error, "t", d->object);
        if (category == NULL)
            return NULL;
        g_hash_table_insert(found, g_strdup(d->object),
                            g_strdup(category->len == 0 ? "" : g_ptr_array_index(category, 0)));
    }
    return g_steal_pointer(&found);
}

/* Its plan is spoilt: it counts nothing, says so, and is looked at again. */
static gboolean
set_trouble(SchedFigureDay *day, const GError *cause, gint64 now_us)
{
    day->trouble =
        g_strdup_printf("station %s, %s: %s", day->station, day->date, cause->message);
    day->figures = g_new0(SchedFigures, 1);
    day->figures->rows = g_ptr_array_new();
    day->figures->next_us = now_us + TROUBLE_AGAIN_US;
    return TRUE;
}

GPtrArray *
sched_store_figures_missed(SchedTxn *txn, const char *since, gint64 limit, GError **error)
{
    return sched_sql_list(txn, sql_missed, &due_shape, error, "ti", since, limit);
}

gboolean
sched_store_figures_judge(SchedTxn *txn, SchedFigureDay *day, gint64 now_us, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(SchedDeliveryInput) input =
        sched_store_delivery_input(txn, day->station, day->date, now_us, &cause);
    g_autoptr(GPtrArray) deliveries = NULL;
    g_autoptr(GHashTable) categories = NULL;

    if (input == NULL && sched_store_delivery_is_spoilt(cause)) {
        day->to_us = G_MAXINT64;
        return set_trouble(day, cause, now_us);
    }
    if (input == NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    if (!sched_store_delivery_span(day->date, input->tzid, &day->from_us, &day->to_us, error))
        return FALSE;
    deliveries = sched_delivery_judge(input);
    categories = categories_of(txn, deliveries, error);
    if (categories == NULL)
        return FALSE;
    day->figures = sched_figures_new(input, deliveries, categories);
    return TRUE;
}

static gboolean
add_row(SchedTxn *txn, const SchedFigureDay *day, const SchedFigure *row, GError **error)
{
    return sched_sql_run(txn, sql_add, error, "tttttiiiiiiii", day->date, day->station,
                         row->village, row->language, row->category, row->planned_us,
                         row->heard_us, row->n_delivered, row->n_partial, row->n_missed,
                         row->n_waiting, row->n_no_contact, row->n_quiet);
}

gboolean
sched_store_figures_keep(SchedTxn *txn, const SchedFigureDay *day, gint64 now_us,
                         GError **error)
{
    const SchedFigures *figures = day->figures;

    if (!sched_sql_run(txn, sql_judged, error, "ttiiiiii", day->station, day->date,
                       day->from_us, day->to_us, now_us, figures->next_us,
                       (gint64) figures->is_open, day->stamp))
        return FALSE;
    if (sched_sql_changes(txn) == 0)
        return TRUE;
    if (!sched_sql_run(txn, sql_clear, error, "tt", day->station, day->date))
        return FALSE;
    for (guint i = 0; i < figures->rows->len; i++) {
        if (!add_row(txn, day, g_ptr_array_index(figures->rows, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_date(const char *name, const char *text, GDate *out_date, GError **error)
{
    if (!sched_check_plan_date(name, text, error))
        return FALSE;
    g_date_set_dmy(out_date, (GDateDay) g_ascii_strtoull(text + 8, NULL, 10),
                   (GDateMonth) g_ascii_strtoull(text + 5, NULL, 10),
                   (GDateYear) g_ascii_strtoull(text, NULL, 10));
    return TRUE;
}

/* Whether the span is one month, from its first to its last day; of @max days at most. */
static gboolean
check_span(const char *from, const char *to, gint max, gboolean *out_is_month, GError **error)
{
    GDate first, last;
    gint n_days;

    if (!read_date("from", from, &first, error) || !read_date("to", to, &last, error))
        return FALSE;
    n_days = g_date_days_between(&first, &last) + 1;
    if (n_days < 1 || n_days > max) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "to: is not from, or up to %d days from it", max);
        return FALSE;
    }
    *out_is_month =
        g_date_is_first_of_month(&first) && g_date_is_last_of_month(&last) && n_days <= 31;
    return TRUE;
}

GPtrArray *
sched_store_figures_report(SchedTxn *txn, const char *from, const char *to, const char *area,
                           SchedFiguresBy by, gint64 now_us, gint64 *out_n_due, GError **error)
{
    gboolean is_month = FALSE;

    if (!check_span(from, to, SCHED_FIGURES_MAX_DAYS, &is_month, error) ||
        !sched_sql_int(txn, sql_n_due, out_n_due, error, "tti", from, to, now_us))
        return NULL;
    return sched_sql_list(txn, sql_report[by][is_month], &sum_shape, error, "ttt", from, to,
                          area);
}

GPtrArray *
sched_store_figures_days(SchedTxn *txn, const char *from, const char *to, const char *area,
                         SchedFiguresBy by, GError **error)
{
    gboolean is_month = FALSE;

    if (!check_span(from, to, SCHED_FIGURES_MAX_APART, &is_month, error))
        return NULL;
    return sched_sql_list(txn, sql_days[by], &sum_shape, error, "ttt", from, to, area);
}
