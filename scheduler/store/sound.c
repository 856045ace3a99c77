/* sound.c - see sound.h */
#include "scheduler/store/sound.h"

#include "scheduler/store/areas.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define LIVE "s.approved = s.content AND s.stopped = 0"
/* By an area above the zone's village, or by the zone itself. */
#define SLOTS_OF_ZONES \
    "FROM zones AS z JOIN slot_targets AS t ON (t.station = z.station AND t.zone = z.id) " \
    "OR t.area IN (SELECT above FROM area_paths WHERE below = z.village) " \
    "JOIN slots AS s ON s.id = t.slot WHERE " LIVE
static const char sql_in[] =
    "SELECT EXISTS (SELECT 1 " SLOTS_OF_ZONES
    " AND z.village IN (SELECT below FROM area_paths WHERE above = $1))";
static const char sql_at[] =
    "SELECT EXISTS (SELECT 1 " SLOTS_OF_ZONES " AND z.station = $1)";
static const char sql_at_zone[] =
    "SELECT EXISTS (SELECT 1 " SLOTS_OF_ZONES " AND z.station = $1 AND z.id = $2)";
static const char sql_for[] =
    "SELECT EXISTS (SELECT 1 FROM slot_targets AS t JOIN slots AS s ON s.id = t.slot "
    "WHERE t.area IN (SELECT above FROM area_paths WHERE below = $1) AND " LIVE ")";
static const char sql_has_zones[] =
    "SELECT EXISTS (SELECT 1 FROM zones WHERE village IN "
    "(SELECT below FROM area_paths WHERE above = $1))";
/* clang-format on */

/* What cannot be found out counts as yes: the change then waits for a second person. */
static gboolean
is(SchedTxn *txn, const char *sql, const char *place, const char *zone)
{
    gint64 value = 1;

    if (zone == NULL)
        return !sched_sql_int(txn, sql, &value, NULL, "t", place) || value != 0;
    return !sched_sql_int(txn, sql, &value, NULL, "tt", place, zone) || value != 0;
}

gboolean
sched_store_sound_in(SchedTxn *txn, const char *area)
{
    return is(txn, sql_in, area, NULL);
}

gboolean
sched_store_sound_at(SchedTxn *txn, const char *station, const char *zone)
{
    return is(txn, zone == NULL ? sql_at : sql_at_zone, station, zone);
}

gboolean
sched_store_sound_for(SchedTxn *txn, const char *village)
{
    return is(txn, sql_for, village, NULL);
}

gboolean
sched_store_sound_after_move(SchedTxn *txn, const char *area, const char *parent)
{
    g_autoptr(SchedAreaRow) now = sched_store_area_get(txn, area, NULL);

    if (now == NULL || g_strcmp0(now->parent, parent) == 0 ||
        !is(txn, sql_has_zones, area, NULL))
        return FALSE;
    /* What sounds already may sound at other hours: windows are those of the area above. */
    return sched_store_sound_in(txn, area) ||
           (parent != NULL && sched_store_sound_for(txn, parent));
}
