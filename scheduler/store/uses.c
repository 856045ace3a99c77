/* uses.c - see uses.h */
#include "scheduler/store/uses.h"

#include <string.h>

#include "content/language.h"
#include "scheduler/store/sql.h"

/* A zone and one language that it lists. */
typedef struct {
    char *village; /* (owned) */
    char *name;    /* (owned): of the village */
    char *zone;    /* (owned): with its station */
    char *language;
} Wish;

/* clang-format off */
#define PLAYS "(SELECT playlist FROM playlist_items WHERE announcement = $1)"
static const char sql_uses[] =
    "SELECT s.id AS slot, s.name, s.home, NULL AS date, s.approved IS s.content AS approved, "
    "s.stopped FROM slots AS s WHERE s.playlist IN " PLAYS
    " UNION ALL SELECT s.id, s.name, s.home, o.date, o.approver IS NOT NULL, s.stopped "
    "FROM slot_overrides AS o JOIN slots AS s ON s.id = o.slot "
    "WHERE o.playlist IN " PLAYS " AND o.playlist <> s.playlist AND o.cancelled = 0"
    " UNION ALL SELECT NULL, d.name, d.area, d.first_date, d.approved IS d.content, d.off "
    "FROM special_days AS d WHERE d.playlist IN " PLAYS
    " ORDER BY stopped, name, date LIMIT " G_STRINGIFY(SCHED_USES_MAX_ROWS);
static const char sql_wishes[] =
    "SELECT z.village, p.name, z.station || ' ' || z.id AS zone, l.language FROM zones AS z "
    "JOIN stations AS s ON s.id = z.station AND s.retired = 0 "
    "JOIN areas AS p ON p.id = z.village "
    "JOIN zone_languages AS l ON l.station = z.station AND l.zone = z.id "
    "WHERE EXISTS (SELECT 1 FROM announcements WHERE id = $1 AND kind = 'bulletin') "
    "AND z.village IN (SELECT below FROM area_paths WHERE above IN "
    "(SELECT area FROM announcement_areas WHERE announcement = $1)) "
    "ORDER BY p.name, z.village, z.station, z.id, l.position";
static const char sql_offered[] =
    "SELECT language FROM versions WHERE announcement = $1 AND object IS NOT NULL "
    "AND language IS NOT NULL";

static const SchedSqlColumn use_columns[] = {
    { "slot",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedUseRow, slot)     },
    { "name",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedUseRow, name)     },
    { "home",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedUseRow, home)     },
    { "date",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedUseRow, date)     },
    { "approved", SCHED_SQL_BOOL, G_STRUCT_OFFSET(SchedUseRow, approved) },
    { "stopped",  SCHED_SQL_BOOL, G_STRUCT_OFFSET(SchedUseRow, stopped)  },
    { NULL },
};
static const SchedSqlColumn lack_columns[] = {
    { "language",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedLackRow, language)   },
    { "hears",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedLackRow, hears)      },
    { "n_villages", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedLackRow, n_villages) },
    { "names",      SCHED_SQL_LIST, G_STRUCT_OFFSET(SchedLackRow, names)      },
    { NULL },
};
static const SchedSqlColumn wish_columns[] = {
    { "village",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(Wish, village)  },
    { "name",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(Wish, name)     },
    { "zone",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(Wish, zone)     },
    { "language", SCHED_SQL_TEXT, G_STRUCT_OFFSET(Wish, language) },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape use_shape = {sizeof(SchedUseRow), use_columns,
                                        (GDestroyNotify) sched_use_row_free};
static const SchedSqlShape lack_shape = {sizeof(SchedLackRow), lack_columns,
                                         (GDestroyNotify) sched_lack_row_free};
static void wish_free(Wish *row);
static const SchedSqlShape wish_shape = {sizeof(Wish), wish_columns,
                                         (GDestroyNotify) wish_free};
SCHED_SQL_DEFINE_FREE(SchedUseRow, sched_use_row, use_shape)
SCHED_SQL_DEFINE_FREE(SchedLackRow, sched_lack_row, lack_shape)

static void
wish_free(Wish *row)
{
    sched_sql_row_free(&wish_shape, row);
}

GPtrArray *
sched_store_uses(SchedTxn *txn, const char *announcement, GError **error)
{
    return sched_sql_list(txn, sql_uses, &use_shape, error, "t", announcement);
}

/* ---- who would hear another language ---- */

/* @offered: (element-type utf8): Returns: (transfer none) (nullable): what serves @wanted */
static const char *
best_of(const GPtrArray *offered, const char *wanted)
{
    const char *best = NULL;

    for (guint i = 0; i < offered->len; i++) {
        const char *tag = g_ptr_array_index(offered, i);
        int match = content_language_match(wanted, tag);

        if (match == 2)
            return tag;
        if (match == 1)
            best = tag;
    }
    return best;
}

/* The row of what is missing and heard instead; rows of a village come together. */
static void
count(GPtrArray *lacks, GHashTable *last, const Wish *wish, const char *hears)
{
    SchedLackRow *row = NULL;

    for (guint i = 0; i < lacks->len && row == NULL; i++) {
        SchedLackRow *one = g_ptr_array_index(lacks, i);

        if (strcmp(one->language, wish->language) == 0 && strcmp(one->hears, hears) == 0)
            row = one;
    }
    if (row == NULL) {
        row = g_new0(SchedLackRow, 1);
        row->language = g_strdup(wish->language);
        row->hears = g_strdup(hears);
        row->names = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(lacks, row);
    }
    if (g_strcmp0(g_hash_table_lookup(last, row), wish->village) == 0)
        return;
    g_hash_table_insert(last, row, wish->village);
    if (row->n_villages++ < SCHED_LACKS_MAX_NAMES)
        g_ptr_array_add(row->names, g_strdup(wish->name));
}

/* @wishes: from @from up to @to those of one zone */
static void
look_at_zone(GPtrArray *lacks, GHashTable *last, const GPtrArray *wishes, guint from, guint to,
             const GPtrArray *offered)
{
    g_autoptr(GString) hears = g_string_new(NULL);

    for (guint i = from; i < to; i++) {
        const char *tag =
            best_of(offered, ((const Wish *) g_ptr_array_index(wishes, i))->language);

        if (tag != NULL)
            g_string_append_printf(hears, "%s%s", hears->len == 0 ? "" : " ", tag);
    }
    for (guint i = from; i < to; i++) {
        const Wish *wish = g_ptr_array_index(wishes, i);

        if (best_of(offered, wish->language) == NULL)
            count(lacks, last, wish, hears->str);
    }
}

static gint
by_villages(gconstpointer a, gconstpointer b)
{
    const SchedLackRow *one = *(const SchedLackRow *const *) a;
    const SchedLackRow *other = *(const SchedLackRow *const *) b;
    gint order = (one->n_villages < other->n_villages) - (one->n_villages > other->n_villages);

    if (order == 0)
        order = strcmp(one->language, other->language);
    return order != 0 ? order : strcmp(one->hears, other->hears);
}

GPtrArray *
sched_store_lacks(SchedTxn *txn, const char *announcement, GError **error)
{
    g_autoptr(GPtrArray) lacks =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_lack_row_free);
    g_autoptr(GHashTable) last = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) offered = sched_sql_texts(txn, sql_offered, error, "t", announcement);
    g_autoptr(GPtrArray) wishes = offered == NULL ? NULL
                                                  : sched_sql_list(txn, sql_wishes, &wish_shape,
                                                                   error, "t", announcement);
    guint from = 0;

    if (wishes == NULL)
        return NULL;
    for (guint i = 1; i <= wishes->len; i++) {
        const Wish *first = g_ptr_array_index(wishes, from);

        if (i < wishes->len &&
            strcmp(((const Wish *) g_ptr_array_index(wishes, i))->zone, first->zone) == 0)
            continue;
        look_at_zone(lacks, last, wishes, from, i, offered);
        from = i;
    }
    g_ptr_array_sort(lacks, by_villages);
    return g_steal_pointer(&lacks);
}
