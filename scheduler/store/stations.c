/* stations.c - see stations.h */
#include "scheduler/store/stations.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
#define STATION_COLUMNS \
    "id, name, area, tzid, heartbeat_s, fetch_kbit_s, night_from_min, night_to_min, " \
    "large_bytes, gain_cap_mdb, retired"
static const char sql_put_station[] =
    "INSERT INTO stations (" STATION_COLUMNS ") "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, area = excluded.area, "
    "tzid = excluded.tzid, heartbeat_s = excluded.heartbeat_s, "
    "fetch_kbit_s = excluded.fetch_kbit_s, night_from_min = excluded.night_from_min, "
    "night_to_min = excluded.night_to_min, large_bytes = excluded.large_bytes, "
    "gain_cap_mdb = excluded.gain_cap_mdb, retired = excluded.retired";
static const char sql_get_station[] = "SELECT " STATION_COLUMNS " FROM stations WHERE id = $1";
static const char sql_list_stations[] = "SELECT " STATION_COLUMNS " FROM stations ORDER BY id";
static const char sql_list_stations_in[] =
    "SELECT " STATION_COLUMNS " FROM stations "
    "WHERE area IN (SELECT below FROM area_paths WHERE above = $1) ORDER BY id";
static const char sql_put_output[] =
    "INSERT INTO outputs (station, id, name) VALUES ($1, $2, $3) "
    "ON CONFLICT (station, id) DO UPDATE SET name = excluded.name";
static const char sql_count_outputs[] = "SELECT count(*) FROM outputs WHERE station = $1";
/* Of all stations and of one: a statement for both would look at all of them for the one. */
#define BOTH(select, order) {select "ORDER BY " order, select "WHERE station = $1 ORDER BY " order}
static const char *const sql_list_outputs[2] =
    BOTH("SELECT station, id, name FROM outputs ", "station, id");
static const char sql_remove_output[] = "DELETE FROM outputs WHERE station = $1 AND id = $2";
#define ZONE_COLUMNS "station, id, output, name, village"
static const char sql_put_zone[] =
    "INSERT INTO zones (" ZONE_COLUMNS ") VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (station, id) DO UPDATE SET output = excluded.output, name = excluded.name, "
    "village = excluded.village";
static const char sql_count_zones[] = "SELECT count(*) FROM zones WHERE station = $1";
static const char *const sql_list_zones[2] =
    BOTH("SELECT " ZONE_COLUMNS " FROM zones ", "station, id");
static const char sql_list_zones_in[] =
    "SELECT " ZONE_COLUMNS " FROM zones "
    "WHERE village IN (SELECT below FROM area_paths WHERE above = $1) ORDER BY station, id";
static const char sql_remove_zone[] = "DELETE FROM zones WHERE station = $1 AND id = $2";
static const char sql_clear_languages[] =
    "DELETE FROM zone_languages WHERE station = $1 AND zone = $2";
static const char sql_add_language[] =
    "INSERT INTO zone_languages (station, zone, position, language) VALUES ($1, $2, $3, $4)";
static const char sql_languages[] =
    "SELECT language FROM zone_languages WHERE station = $1 AND zone = $2 ORDER BY position";
static const char sql_clear_volumes[] = "DELETE FROM volumes WHERE station = $1 AND zone = $2";
static const char sql_add_volume[] =
    "INSERT INTO volumes (station, zone, from_min, to_min, gain_mdb) VALUES ($1, $2, $3, $4, $5)";
static const char sql_overlapping_volumes[] =
    "SELECT count(*) FROM volumes AS a JOIN volumes AS b ON a.station = b.station "
    "AND a.zone = b.zone AND a.from_min < b.from_min AND b.from_min < a.to_min "
    "WHERE a.station = $1 AND a.zone = $2";
static const char sql_count_volumes[] = "SELECT count(*) FROM volumes WHERE station = $1";
static const char *const sql_list_volumes[2] =
    BOTH("SELECT station, zone, from_min, to_min, gain_mdb FROM volumes ",
         "station, zone, from_min");

static const SchedSqlColumn station_columns[] = {
    { "id",             SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedStationRow, id)             },
    { "name",           SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedStationRow, name)           },
    { "area",           SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedStationRow, area)           },
    { "tzid",           SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedStationRow, tzid)           },
    { "heartbeat_s",    SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedStationRow, heartbeat_s)    },
    { "fetch_kbit_s",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedStationRow, fetch_kbit_s)   },
    { "night_from_min", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedStationRow, night_from_min) },
    { "night_to_min",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedStationRow, night_to_min)   },
    { "large_bytes",    SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedStationRow, large_bytes)    },
    { "gain_cap_mdb",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedStationRow, gain_cap_mdb)   },
    { "retired",        SCHED_SQL_BOOL, G_STRUCT_OFFSET(SchedStationRow, retired)        },
    { NULL },
};
static const SchedSqlColumn output_columns[] = {
    { "station", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOutputRow, station) },
    { "id",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOutputRow, id)      },
    { "name",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedOutputRow, name)    },
    { NULL },
};
static const SchedSqlColumn zone_columns[] = {
    { "station",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedZoneRow, station)   },
    { "id",        SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedZoneRow, id)        },
    { "output",    SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedZoneRow, output)    },
    { "name",      SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedZoneRow, name)      },
    { "village",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedZoneRow, village)   },
    { "languages", SCHED_SQL_LIST, G_STRUCT_OFFSET(SchedZoneRow, languages) },
    { NULL },
};
static const SchedSqlColumn volume_columns[] = {
    { "station",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedVolumeRow, station)  },
    { "zone",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedVolumeRow, zone)     },
    { "from_min", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedVolumeRow, from_min) },
    { "to_min",   SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedVolumeRow, to_min)   },
    { "gain_mdb", SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedVolumeRow, gain_mdb) },
    { NULL },
};
static const SchedSqlShape station_shape = {
    sizeof(SchedStationRow), station_columns, (GDestroyNotify) sched_station_row_free };
static const SchedSqlShape output_shape = {
    sizeof(SchedOutputRow), output_columns, (GDestroyNotify) sched_output_row_free };
static const SchedSqlShape zone_shape = {
    sizeof(SchedZoneRow), zone_columns, (GDestroyNotify) sched_zone_row_free };
static const SchedSqlShape volume_shape = {
    sizeof(SchedVolumeRow), volume_columns, (GDestroyNotify) sched_volume_row_free };
/* clang-format on */
SCHED_SQL_DEFINE_FREE(SchedStationRow, sched_station_row, station_shape)
SCHED_SQL_DEFINE_FREE(SchedOutputRow, sched_output_row, output_shape)
SCHED_SQL_DEFINE_FREE(SchedZoneRow, sched_zone_row, zone_shape)
SCHED_SQL_DEFINE_FREE(SchedVolumeRow, sched_volume_row, volume_shape)

SchedStationRow *
sched_station_row_new(void)
{
    SchedStationRow *row = g_new0(SchedStationRow, 1);

    row->tzid = g_strdup("Asia/Ho_Chi_Minh");
    row->heartbeat_s = 60;
    row->night_from_min = 22 * 60;
    row->night_to_min = 4 * 60;
    row->large_bytes = 8 * 1024 * 1024;
    return row;
}

/* "station zone": how audit rows name what lies in a station. */
static char *
part_name(const char *station, const char *id)
{
    return g_strdup_printf("%s %s", station, id);
}

/* A number of rows already there, and the one to be put, against a limit. */
static gboolean
check_room(SchedTxn *txn, const char *sql, const char *station, const char *what, gint64 max,
           GError **error)
{
    gint64 count = 0;

    return sched_sql_int(txn, sql, &count, error, "t", station) &&
           sched_check_count(what, (gsize) count, (gsize) max, error);
}

gboolean
sched_store_station_put(SchedTxn *txn, const SchedStationRow *station, GError **error)
{
    if (!sched_check_id("id", station->id, error) ||
        !sched_check_text("name", station->name, 200, error) ||
        !sched_check_tzid("tzid", station->tzid, error) ||
        !sched_sql_run_row(txn, sql_put_station, &station_shape, station, error)) {
        g_prefix_error(error, "station %.64s: ", station->id == NULL ? "" : station->id);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "station.put", station->id, &station_shape, station,
                               error) &&
           sched_store_outbox_add(txn, station->id, "station", error);
}

gboolean
sched_store_output_put(SchedTxn *txn, const SchedOutputRow *output, GError **error)
{
    g_autofree char *name = part_name(output->station, output->id);

    if (!sched_check_id("id", output->id, error) ||
        !sched_check_text("name", output->name, 200, error) ||
        !sched_sql_run_row(txn, sql_put_output, &output_shape, output, error) ||
        !check_room(txn, sql_count_outputs, output->station, "outputs of a station",
                    SCHED_STATION_MAX_OUTPUTS, error)) {
        g_prefix_error(error, "output %.130s: ", name);
        return FALSE;
    }
    return sched_sql_audit_row(txn, "output.put", name, &output_shape, output, error) &&
           sched_store_outbox_add(txn, output->station, "output", error);
}

static gboolean
check_languages(const SchedZoneRow *zone, GError **error)
{
    if (zone->languages == NULL || zone->languages->len == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "languages: a zone lists at least one");
        return FALSE;
    }
    if (!sched_check_count("languages", zone->languages->len, SCHED_ZONE_MAX_LANGUAGES, error))
        return FALSE;
    for (guint i = 0; i < zone->languages->len; i++) {
        if (!sched_check_language("languages", g_ptr_array_index(zone->languages, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_languages(SchedTxn *txn, const SchedZoneRow *zone, GError **error)
{
    if (!sched_sql_run(txn, sql_clear_languages, error, "tt", zone->station, zone->id))
        return FALSE;
    for (guint i = 0; i < zone->languages->len; i++) {
        if (!sched_sql_run(txn, sql_add_language, error, "ttit", zone->station, zone->id,
                           (gint64) i, g_ptr_array_index(zone->languages, i)))
            return FALSE;
    }
    return TRUE;
}

static char *
join(GPtrArray *texts)
{
    g_autoptr(GString) joined = g_string_new(NULL);

    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(joined, "%s%s", i == 0 ? "" : " ",
                               (const char *) g_ptr_array_index(texts, i));
    return g_string_free(g_steal_pointer(&joined), FALSE);
}

gboolean
sched_store_zone_put(SchedTxn *txn, const SchedZoneRow *zone, GError **error)
{
    g_autofree char *name = part_name(zone->station, zone->id);
    g_autofree char *languages = NULL;

    if (!sched_check_id("id", zone->id, error) ||
        !sched_check_text("name", zone->name, 200, error) || !check_languages(zone, error) ||
        !sched_sql_run_row(txn, sql_put_zone, &zone_shape, zone, error) ||
        !write_languages(txn, zone, error) ||
        !check_room(txn, sql_count_zones, zone->station, "zones of a station",
                    SCHED_STATION_MAX_ZONES, error)) {
        g_prefix_error(error, "zone %.130s: ", name);
        return FALSE;
    }
    languages = join(zone->languages);
    return sched_sql_audit_words(txn, "zone.put", name, error, "languages", languages, "name",
                                 zone->name, "output", zone->output, "village", zone->village,
                                 NULL) &&
           sched_store_outbox_add(txn, zone->station, "zone", error);
}

static gboolean
add_volume(SchedTxn *txn, const char *station, const char *zone, const SchedVolumeRow *volume,
           GError **error)
{
    return sched_sql_run(txn, sql_add_volume, error, "ttiii", station, zone, volume->from_min,
                         volume->to_min, volume->gain_mdb);
}

gboolean
sched_store_volumes_set(SchedTxn *txn, const char *station, const char *zone,
                        GPtrArray *volumes, GError **error)
{
    g_autofree char *name = part_name(station, zone);
    g_autofree char *count = g_strdup_printf("%u", volumes->len);

    if (!sched_check_count("volumes", volumes->len, SCHED_ZONE_MAX_VOLUMES, error) ||
        !sched_sql_run(txn, sql_clear_volumes, error, "tt", station, zone))
        return FALSE;
    for (guint i = 0; i < volumes->len; i++) {
        if (!add_volume(txn, station, zone, g_ptr_array_index(volumes, i), error))
            return FALSE;
    }
    if (!check_room(txn, sql_count_volumes, station, "volumes of all zones of a station",
                    SCHED_STATION_MAX_VOLUMES, error))
        return FALSE;
    if (sched_sql_is(txn, sql_overlapping_volumes, "tt", station, zone)) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "volumes: two of them name the same hour");
        return FALSE;
    }
    return sched_sql_audit_words(txn, "volumes.set", name, error, "count", count, NULL) &&
           sched_store_outbox_add(txn, station, "volumes", error);
}

static gboolean
remove_part(SchedTxn *txn, const char *sql, const char *action, const char *station,
            const char *id, GError **error)
{
    g_autofree char *name = part_name(station, id);

    if (!sched_sql_run(txn, sql, error, "tt", station, id))
        return FALSE;
    if (sched_sql_changes(txn) == 0) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no such row: %s",
                    name);
        return FALSE;
    }
    return sched_store_audit_append(txn, action, name, NULL, error) &&
           sched_store_outbox_add(txn, station, action, error);
}

gboolean
sched_store_output_remove(SchedTxn *txn, const char *station, const char *id, GError **error)
{
    return remove_part(txn, sql_remove_output, "output.remove", station, id, error);
}

gboolean
sched_store_zone_remove(SchedTxn *txn, const char *station, const char *id, GError **error)
{
    return remove_part(txn, sql_remove_zone, "zone.remove", station, id, error);
}

/* Reading
 * -------------------------------------------------------------------------------------- */

SchedStationRow *
sched_store_station_get(SchedTxn *txn, const char *id, GError **error)
{
    return sched_sql_one(txn, sql_get_station, &station_shape, "station", error, "t", id);
}

SchedStationRow *
sched_store_station_draft(SchedTxn *txn, const char *id)
{
    SchedStationRow *row = sched_store_station_get(txn, id, NULL);

    if (row != NULL)
        return row;
    row = sched_station_row_new();
    row->id = g_strdup(id);
    row->heartbeat_s = sched_store_setting_int(txn, "heartbeat-s");
    row->gain_cap_mdb = sched_store_setting_int(txn, "gain-cap-mdb");
    return row;
}

GPtrArray *
sched_store_station_list(SchedTxn *txn, const char *area, GError **error)
{
    if (area == NULL)
        return sched_sql_list(txn, sql_list_stations, &station_shape, error, "");
    return sched_sql_list(txn, sql_list_stations_in, &station_shape, error, "t", area);
}

/* @station: (nullable): NULL: of all */
static GPtrArray *
list_of(SchedTxn *txn, const char *const sql[2], const SchedSqlShape *shape,
        const char *station, GError **error)
{
    return station == NULL ? sched_sql_list(txn, sql[0], shape, error, "")
                           : sched_sql_list(txn, sql[1], shape, error, "t", station);
}

GPtrArray *
sched_store_output_list(SchedTxn *txn, const char *station, GError **error)
{
    return list_of(txn, sql_list_outputs, &output_shape, station, error);
}

/* @zones: (nullable) (transfer full) */
static GPtrArray *
add_languages(SchedTxn *txn, GPtrArray *zones, GError **error)
{
    g_autoptr(GPtrArray) owned = zones;

    for (guint i = 0; zones != NULL && i < zones->len; i++) {
        SchedZoneRow *zone = g_ptr_array_index(zones, i);

        zone->languages =
            sched_sql_texts(txn, sql_languages, error, "tt", zone->station, zone->id);
        if (zone->languages == NULL)
            return NULL;
    }
    return g_steal_pointer(&owned);
}

GPtrArray *
sched_store_zone_list(SchedTxn *txn, const char *station, GError **error)
{
    return add_languages(txn, list_of(txn, sql_list_zones, &zone_shape, station, error), error);
}

GPtrArray *
sched_store_stations_heard(SchedTxn *txn, const char *area, gint64 limit, GError **error)
{
    static const char sql[] =
        "SELECT DISTINCT z.station FROM area_paths AS p JOIN zones AS z ON z.village = p.below "
        "JOIN stations AS s ON s.id = z.station WHERE p.above = $1 AND s.retired = 0 "
        "ORDER BY z.station LIMIT $2";

    return sched_sql_texts(txn, sql, error, "ti", area, limit);
}

GPtrArray *
sched_store_village_zones(SchedTxn *txn, const char *area, GError **error)
{
    return add_languages(
        txn, sched_sql_list(txn, sql_list_zones_in, &zone_shape, error, "t", area), error);
}

GPtrArray *
sched_store_volume_list(SchedTxn *txn, const char *station, GError **error)
{
    return list_of(txn, sql_list_volumes, &volume_shape, station, error);
}
