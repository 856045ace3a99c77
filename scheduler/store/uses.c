/* uses.c - see uses.h */
#include "scheduler/store/uses.h"

#include <jansson.h>
#include <string.h>

#include "content/language.h"
#include "scheduler/store/sql.h"

/* A zone and one language that it lists. */
typedef struct {
    char *village; /* (owned) */
    char *name;    /* (owned) (nullable): of the village */
    char *zone;    /* (owned): with its station */
    char *language;
    gint64 n_more; /* villages besides this one where it is the same */
} Wish;

/* Villages of an announcement that list the same. */
typedef struct {
    char *announcement; /* (owned) */
    char *wishes;       /* (owned): "jra vi;bdq": the lists of their zones */
    gint64 n;
} Alike;

/* A recording of an announcement. */
typedef struct {
    char *announcement; /* (owned) */
    char *language;     /* (owned) */
} Spoken;

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
/* Thousands of villages have a handful of lists: those that are the same are counted there. */
static const char sql_alike[] =
    "WITH heard AS (SELECT z.station, z.id, z.village, l.language FROM zones AS z "
    "JOIN stations AS s ON s.id = z.station AND s.retired = 0 "
    "JOIN zone_languages AS l ON l.station = z.station AND l.zone = z.id "
    "ORDER BY z.station, z.id, l.position), "
    "lists AS (SELECT village, group_concat(language, ' ') AS tags FROM heard "
    "GROUP BY station, id), "
    "each AS (SELECT DISTINCT village, tags FROM lists ORDER BY village, tags), "
    "villages AS (SELECT village, group_concat(tags, ';') AS wishes FROM each GROUP BY village) "
    "SELECT i.announcement, v.wishes, count(DISTINCT v.village) AS n "
    "FROM announcement_areas AS i JOIN announcements AS a ON a.id = i.announcement "
    "AND a.kind = 'bulletin' AND a.phrase = 0 AND a.withdrawn = 0 "
    "JOIN area_paths AS p ON p.above = i.area JOIN villages AS v ON v.village = p.below "
    "WHERE i.announcement IN (SELECT value FROM json_each($1)) "
    "GROUP BY i.announcement, v.wishes ORDER BY i.announcement";
static const char sql_spoken[] =
    "SELECT announcement, language FROM versions "
    "WHERE announcement IN (SELECT value FROM json_each($1)) "
    "AND object IS NOT NULL AND language IS NOT NULL";

static const SchedSqlColumn alike_columns[] = {
    { "announcement", SCHED_SQL_TEXT, G_STRUCT_OFFSET(Alike, announcement) },
    { "wishes",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(Alike, wishes)       },
    { "n",            SCHED_SQL_INT,  G_STRUCT_OFFSET(Alike, n)            },
    { NULL },
};
static const SchedSqlColumn spoken_columns[] = {
    { "announcement", SCHED_SQL_TEXT, G_STRUCT_OFFSET(Spoken, announcement) },
    { "language",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(Spoken, language)     },
    { NULL },
};
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

static void alike_free(Alike *row);
static void spoken_free(Spoken *row);
static const SchedSqlShape alike_shape = {sizeof(Alike), alike_columns,
                                          (GDestroyNotify) alike_free};
static const SchedSqlShape spoken_shape = {sizeof(Spoken), spoken_columns,
                                           (GDestroyNotify) spoken_free};

static void
wish_free(Wish *row)
{
    sched_sql_row_free(&wish_shape, row);
}

static void
alike_free(Alike *row)
{
    sched_sql_row_free(&alike_shape, row);
}

static void
spoken_free(Spoken *row)
{
    sched_sql_row_free(&spoken_shape, row);
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
    if (wish->name != NULL && row->n_villages < SCHED_LACKS_MAX_NAMES)
        g_ptr_array_add(row->names, g_strdup(wish->name));
    row->n_villages += 1 + wish->n_more;
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

/* Those of one village come together, those of one zone next to each other. */
static GPtrArray *
lacks_among(const GPtrArray *wishes, const GPtrArray *offered)
{
    GPtrArray *lacks = g_ptr_array_new_with_free_func((GDestroyNotify) sched_lack_row_free);
    g_autoptr(GHashTable) last = g_hash_table_new(NULL, NULL);
    guint from = 0;

    for (guint i = 1; i <= wishes->len; i++) {
        const Wish *first = g_ptr_array_index(wishes, from);

        if (i < wishes->len &&
            strcmp(((const Wish *) g_ptr_array_index(wishes, i))->zone, first->zone) == 0)
            continue;
        look_at_zone(lacks, last, wishes, from, i, offered);
        from = i;
    }
    g_ptr_array_sort(lacks, by_villages);
    return lacks;
}

GPtrArray *
sched_store_lacks(SchedTxn *txn, const char *announcement, GError **error)
{
    g_autoptr(GPtrArray) offered = sched_sql_texts(txn, sql_offered, error, "t", announcement);
    g_autoptr(GPtrArray) wishes = offered == NULL ? NULL
                                                  : sched_sql_list(txn, sql_wishes, &wish_shape,
                                                                   error, "t", announcement);

    return wishes == NULL ? NULL : lacks_among(wishes, offered);
}

/* ---- the same of many ---- */

static char *
json_of(const GPtrArray *texts)
{
    json_t *list = json_array();
    char *text;

    for (guint i = 0; i < texts->len; i++)
        json_array_append_new(list, json_string(g_ptr_array_index(texts, i)));
    text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    return text;
}

/* Returns: (transfer full): announcement -> (element-type utf8) its languages */
static GHashTable *
spoken_by(const GPtrArray *rows)
{
    GHashTable *by = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                           (GDestroyNotify) g_ptr_array_unref);

    for (guint i = 0; i < rows->len; i++) {
        const Spoken *row = g_ptr_array_index(rows, i);
        GPtrArray *languages = g_hash_table_lookup(by, row->announcement);

        if (languages == NULL) {
            languages = g_ptr_array_new();
            g_hash_table_insert(by, row->announcement, languages);
        }
        g_ptr_array_add(languages, row->language);
    }
    return by;
}

/* Villages that are alike stand there as one. */
static void
add_wishes(GPtrArray *wishes, const Alike *alike)
{
    g_auto(GStrv) zones = g_strsplit(alike->wishes, ";", -1);

    for (guint i = 0; zones[i] != NULL; i++) {
        g_auto(GStrv) tags = g_strsplit(zones[i], " ", -1);

        for (guint j = 0; tags[j] != NULL; j++) {
            Wish *wish = g_new0(Wish, 1);

            wish->village = g_strdup(alike->wishes);
            wish->zone = g_strdup(zones[i]);
            wish->language = g_strdup(tags[j]);
            wish->n_more = alike->n - 1;
            g_ptr_array_add(wishes, wish);
        }
    }
}

/* @rows: of all announcements, by announcement */
static GHashTable *
lacks_by(const GPtrArray *rows, GHashTable *spoken)
{
    GHashTable *by = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) g_ptr_array_unref);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    guint i = 0;

    while (i < rows->len) {
        const char *id = ((const Alike *) g_ptr_array_index(rows, i))->announcement;
        GPtrArray *offered = g_hash_table_lookup(spoken, id), *lacks;
        g_autoptr(GPtrArray) wishes =
            g_ptr_array_new_with_free_func((GDestroyNotify) wish_free);

        for (; i < rows->len &&
               strcmp(((const Alike *) g_ptr_array_index(rows, i))->announcement, id) == 0;
             i++)
            add_wishes(wishes, g_ptr_array_index(rows, i));
        lacks = lacks_among(wishes, offered == NULL ? none : offered);
        if (lacks->len > 0)
            g_hash_table_insert(by, g_strdup(id), lacks);
        else
            g_ptr_array_unref(lacks);
    }
    return by;
}

GHashTable *
sched_store_lacks_of(SchedTxn *txn, const GPtrArray *announcements, GError **error)
{
    g_autofree char *ids = json_of(announcements);
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_alike, &alike_shape, error, "t", ids);
    g_autoptr(GPtrArray) recorded =
        rows == NULL ? NULL : sched_sql_list(txn, sql_spoken, &spoken_shape, error, "t", ids);
    g_autoptr(GHashTable) spoken = recorded == NULL ? NULL : spoken_by(recorded);

    return spoken == NULL ? NULL : lacks_by(rows, spoken);
}
