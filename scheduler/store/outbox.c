/* outbox.c - see outbox.h and reach.h */
#include "scheduler/store/outbox.h"

#include "scheduler/store/reach.h"
#include "scheduler/store/sql.h"

/* clang-format off */
static const char sql_next_id[] =
    "INSERT INTO counters (name, value) VALUES ('outbox', 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";
static const char sql_newest[] = "SELECT value FROM counters WHERE name = 'outbox'";
static const char sql_add[] =
    "INSERT INTO outbox (id, station, reason, at_us, urgent) VALUES ($1, $2, $3, $4, $5)";
/* What waits already for the same station needs no second look; an urgent row stays. */
static const char sql_fold[] =
    "DELETE FROM outbox WHERE station = $1 AND id < $2 AND urgent <= $3";
static const char sql_list[] =
    "SELECT id, station, reason, at_us, urgent FROM outbox ORDER BY urgent DESC, id LIMIT $1";
static const char sql_done[] = "DELETE FROM outbox WHERE station = $1 AND id <= $2";
static const char sql_all[] = "SELECT id FROM stations WHERE retired = 0 ORDER BY id";

/* @areas: in which a special day puts something on the air. */
#define REACHED_BY(slots, areas) \
    "SELECT s.id FROM stations AS s WHERE s.retired = 0 AND s.id IN (" \
    "SELECT z.station FROM area_paths AS p JOIN zones AS z ON z.village = p.below " \
    "WHERE p.above IN (" areas ") UNION " \
    "SELECT z.station FROM slot_targets AS t " \
    "JOIN area_paths AS p ON p.above = t.area JOIN zones AS z ON z.village = p.below " \
    "WHERE t.slot IN (" slots ") " \
    "UNION SELECT t.station FROM slot_targets AS t WHERE t.slot IN (" slots ")) ORDER BY s.id"
#define NOWHERE "NULL"

static const char sql_of_area[] =
    "SELECT s.id FROM stations AS s WHERE s.retired = 0 AND s.id IN ("
    "SELECT z.station FROM area_paths AS p JOIN zones AS z ON z.village = p.below "
    "WHERE p.above = $1 UNION SELECT t.id FROM area_paths AS p "
    "JOIN stations AS t ON t.area = p.below WHERE p.above = $1) ORDER BY s.id";
static const char sql_of_slot[] = REACHED_BY("$1", NOWHERE);
static const char sql_of_playlist[] = REACHED_BY(
    "SELECT id FROM slots WHERE playlist = $1 "
    "UNION SELECT slot FROM slot_overrides WHERE playlist = $1",
    "SELECT area FROM special_days WHERE playlist = $1 AND off = 0");
static const char sql_of_announcement[] = REACHED_BY(
    "SELECT s2.id FROM slots AS s2 JOIN playlist_items AS i ON i.playlist = s2.playlist "
    "WHERE i.announcement = $1 "
    "UNION SELECT o.slot FROM slot_overrides AS o JOIN playlist_items AS i "
    "ON i.playlist = o.playlist WHERE i.announcement = $1",
    "SELECT d.area FROM special_days AS d JOIN playlist_items AS i ON i.playlist = d.playlist "
    "WHERE i.announcement = $1 AND d.off = 0");
static const char sql_is_placed[] =
    "SELECT 1 FROM announcements AS a WHERE a.id = $1 AND a.phrase = 1 "
    "AND EXISTS (SELECT 1 FROM approvals AS p WHERE p.announcement = a.id)";
static const char sql_take[] =
    "INSERT INTO locks (name, holder, until_us) VALUES ($1, $2, $3) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_us = excluded.until_us "
    "WHERE locks.holder = excluded.holder OR locks.until_us <= $4";
static const char sql_drop[] = "DELETE FROM locks WHERE name = $1 AND holder = $2";

static const SchedSqlColumn outbox_columns[] = {
    { "id",      SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedOutboxRow, id)      },
    { "station", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOutboxRow, station) },
    { "reason",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOutboxRow, reason)  },
    { "at_us",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedOutboxRow, at_us)   },
    { "urgent",  SCHED_SQL_BOOL, G_STRUCT_OFFSET(SchedOutboxRow, urgent)  },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape outbox_shape = {sizeof(SchedOutboxRow), outbox_columns,
                                           (GDestroyNotify) sched_outbox_row_free};
SCHED_SQL_DEFINE_FREE(SchedOutboxRow, sched_outbox_row, outbox_shape)

static gboolean
add_one(SchedTxn *txn, const char *station, const char *reason, GError **error)
{
    gint64 urgent = txn->write != NULL && txn->write->urgent ? 1 : 0;
    gint64 id = 0;

    if (!sched_sql_int(txn, sql_next_id, &id, error, "") ||
        !sched_sql_run(txn, sql_add, error, "ittii", id, station, reason, sched_txn_at_us(txn),
                       urgent) ||
        !sched_sql_run(txn, sql_fold, error, "tii", station, id, urgent))
        return FALSE;
    txn->has_outbox = TRUE;
    return TRUE;
}

/* Adds every station that @sql finds for @key. */
static gboolean
add_found(SchedTxn *txn, const char *sql, const char *key, const char *reason, GError **error)
{
    g_autoptr(GPtrArray) stations = key == NULL ? sched_sql_texts(txn, sql, error, "")
                                                : sched_sql_texts(txn, sql, error, "t", key);

    if (stations == NULL)
        return FALSE;
    for (guint i = 0; i < stations->len; i++) {
        if (!add_one(txn, g_ptr_array_index(stations, i), reason, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_reach_area(SchedTxn *txn, const char *area, const char *reason, GError **error)
{
    return add_found(txn, sql_of_area, area, reason, error);
}

gboolean
sched_reach_slot(SchedTxn *txn, const char *slot, const char *reason, GError **error)
{
    return add_found(txn, sql_of_slot, slot, reason, error);
}

gboolean
sched_reach_playlist(SchedTxn *txn, const char *playlist, const char *reason, GError **error)
{
    return add_found(txn, sql_of_playlist, playlist, reason, error);
}

gboolean
sched_reach_announcement(SchedTxn *txn, const char *announcement, const char *reason,
                         GError **error)
{
    /* What alerts say lies on every player; a draft of it on none. */
    if (sched_sql_is(txn, sql_is_placed, "t", announcement))
        return add_found(txn, sql_all, NULL, reason, error);
    return add_found(txn, sql_of_announcement, announcement, reason, error);
}

gboolean
sched_store_outbox_add(SchedTxn *txn, const char *station, const char *reason, GError **error)
{
    if (station == NULL)
        return add_found(txn, sql_all, NULL, reason, error);
    return add_one(txn, station, reason, error);
}

GPtrArray *
sched_store_outbox_list(SchedTxn *txn, gint64 limit, GError **error)
{
    return sched_sql_list(txn, sql_list, &outbox_shape, error, "i", CLAMP(limit, 1, 10000));
}

gboolean
sched_store_outbox_newest(SchedTxn *txn, gint64 *out_id, GError **error)
{
    return sched_sql_int(txn, sql_newest, out_id, error, "");
}

gboolean
sched_store_outbox_done(SchedTxn *txn, const char *station, gint64 id, GError **error)
{
    return sched_sql_run(txn, sql_done, error, "ti", station, id);
}

gboolean
sched_store_lock_take(SchedTxn *txn, const char *name, const char *holder, gint64 life_us,
                      GError **error)
{
    gint64 now_us = sched_txn_at_us(txn);

    return sched_sql_run(txn, sql_take, error, "ttii", name, holder, now_us + life_us,
                         now_us) &&
           sched_sql_changes(txn) == 1;
}

gboolean
sched_store_lock_drop(SchedTxn *txn, const char *name, const char *holder, GError **error)
{
    return sched_sql_run(txn, sql_drop, error, "tt", name, holder);
}
