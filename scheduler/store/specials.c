/* specials.c - see specials.h */
#include "scheduler/store/specials.h"

#include "content/base/id.h"
#include "scheduler/plan/snapshot.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/slot-content.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_special_act_words[] = {
    "skip", "no_music", "move_to", "move_by", "replace", NULL,
};

#define COLUMNS \
    "id, name, area, first_date, last_date, from_min, to_min, act, minutes, playlist, off, " \
    "content, approved, approver, changed_by, changed_us, revision"
static const char sql_put[] =
    "INSERT INTO special_days (" COLUMNS ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, area = excluded.area, "
    "first_date = excluded.first_date, last_date = excluded.last_date, "
    "from_min = excluded.from_min, to_min = excluded.to_min, act = excluded.act, "
    "minutes = excluded.minutes, playlist = excluded.playlist, off = excluded.off, "
    "content = excluded.content, approved = excluded.approved, approver = excluded.approver, "
    "changed_by = excluded.changed_by, changed_us = excluded.changed_us, "
    "revision = excluded.revision";
static const char sql_get[] = "SELECT " COLUMNS " FROM special_days WHERE id = $1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM special_days WHERE ($1 IS NULL "
    "OR area IN (SELECT below FROM area_paths WHERE above = $1) "
    "OR area IN (SELECT above FROM area_paths WHERE below = $1)) "
    "AND ($2 IS NULL OR last_date >= $2) AND ($3 IS NULL OR first_date <= $3) "
    "ORDER BY first_date, id LIMIT $4";
static const char sql_overrules[] =
    "SELECT EXISTS (SELECT 1 FROM special_days WHERE off = 0 AND act <> 'no_music' "
    "AND area <> $1 AND area IN (SELECT above FROM area_paths WHERE below = $1) "
    "AND first_date <= $3 AND last_date >= $2 AND from_min < $5 AND to_min > $4)";

#define AT(member) G_STRUCT_OFFSET(SchedSpecialRow, member)
static const SchedSqlColumn columns[] = {
    { "id",         SCHED_SQL_TEXT, AT(id)         },
    { "name",       SCHED_SQL_TEXT, AT(name)       },
    { "area",       SCHED_SQL_TEXT, AT(area)       },
    { "first_date", SCHED_SQL_TEXT, AT(first_date) },
    { "last_date",  SCHED_SQL_TEXT, AT(last_date)  },
    { "from_min",   SCHED_SQL_INT,  AT(from_min)   },
    { "to_min",     SCHED_SQL_INT,  AT(to_min)     },
    { "act",        SCHED_SQL_WORD, AT(act), sched_special_act_words },
    { "minutes",    SCHED_SQL_INT,  AT(minutes)    },
    { "playlist",   SCHED_SQL_TEXT, AT(playlist)   },
    { "off",        SCHED_SQL_BOOL, AT(off)        },
    { "content",    SCHED_SQL_TEXT, AT(content)    },
    { "approved",   SCHED_SQL_TEXT, AT(approved)   },
    { "approver",   SCHED_SQL_TEXT, AT(approver)   },
    { "changed_by", SCHED_SQL_TEXT, AT(changed_by) },
    { "changed_us", SCHED_SQL_INT,  AT(changed_us) },
    { "revision",   SCHED_SQL_INT,  AT(revision)   },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedSpecialRow), columns,
                                    (GDestroyNotify) sched_special_row_free};
SCHED_SQL_DEFINE_FREE(SchedSpecialRow, sched_special_row, shape)

gboolean
sched_special_row_makes_sound(const SchedSpecialRow *row)
{
    return row->act != SCHED_SPECIAL_SKIP && row->act != SCHED_SPECIAL_NO_MUSIC;
}

gboolean
sched_special_row_is_live(const SchedSpecialRow *row)
{
    return !sched_special_row_makes_sound(row) ||
           (row->approved != NULL && g_strcmp0(row->approved, row->content) == 0);
}

gboolean
sched_special_row_covers(const SchedSpecialRow *row, const SchedSpecialRow *other)
{
    return strcmp(row->area, other->area) == 0 &&
           strcmp(row->first_date, other->first_date) <= 0 &&
           strcmp(row->last_date, other->last_date) >= 0 && row->from_min <= other->from_min &&
           row->to_min >= other->to_min;
}

static gboolean
check(const SchedSpecialRow *row, GError **error)
{
    return sched_check_id("id", row->id, error) &&
           sched_check_text("name", row->name, 200, error) &&
           sched_check_plan_date("first_date", row->first_date, error) &&
           sched_check_plan_date("last_date", row->last_date, error);
}

gboolean
sched_store_special_put(SchedTxn *txn, const SchedSpecialRow *special, gint64 expect_revision,
                        GError **error)
{
    g_autoptr(SchedSpecialRow) old = sched_store_special_get(txn, special->id, NULL);
    SchedSpecialRow row = *special;
    g_autofree char *content = NULL;
    gboolean is_kept;

    if (!check(&row, error) ||
        !sched_check_revision(old == NULL ? 0 : old->revision, expect_revision, error) ||
        (content = sched_special_content(txn, &row, error)) == NULL)
        return FALSE;
    is_kept = old != NULL && g_strcmp0(old->approved, content) == 0;
    row.content = content;
    row.approved = NULL;
    row.approver = NULL;
    if (sched_special_row_makes_sound(&row)) {
        row.approved = content;
        row.approver = is_kept ? old->approver : (char *) sched_txn_actor(txn);
    }
    row.changed_by = (char *) sched_txn_actor(txn);
    row.changed_us = sched_txn_at_us(txn);
    row.revision = old == NULL ? 1 : old->revision + 1;
    if (!sched_sql_run_row(txn, sql_put, &shape, &row, error)) {
        g_prefix_error(error, "special day %s: ", row.id);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "special_day.put", row.id, &shape, &row, error) &&
           (old == NULL || sched_reach_area(txn, old->area, "special_day", error)) &&
           sched_reach_area(txn, row.area, "special_day", error);
}

SchedSpecialRow *
sched_store_special_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get, &shape, "special day", error, "t", id);
}

GPtrArray *
sched_store_special_list(SchedTxn *txn, const char *area, const char *from, const char *to,
                         GError **error)
{
    return sched_sql_list(txn, sql_list, &shape, error, "ttti", area, from, to,
                          (gint64) SCHED_SPECIAL_MAX_LIST);
}

gboolean
sched_store_special_overrules(SchedTxn *txn, const SchedSpecialRow *special)
{
    gint64 value = 1;

    /* What cannot be found out counts as yes: it then waits for a second person. */
    return !sched_sql_int(txn, sql_overrules, &value, NULL, "tttii", special->area,
                          special->first_date, special->last_date, special->from_min,
                          special->to_min) ||
           value != 0;
}
