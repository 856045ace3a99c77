/*
 * stations.h - players, their outputs (one PCM each) and zones (one relay group in one
 * village).
 *
 * Flow: typed by the technician; the planner lays out for them, manifests are addressed to
 * them.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_STATION_MAX_OUTPUTS 8
#define SCHED_STATION_MAX_ZONES   64
#define SCHED_ZONE_MAX_LANGUAGES  8
#define SCHED_ZONE_MAX_VOLUMES    48
/* What a settings document holds: eight spans a day for every zone. */
#define SCHED_STATION_MAX_VOLUMES 512

typedef struct {
    char *id;              /* (owned): part of topics and certificates */
    char *name;            /* (owned) */
    char *area;            /* (owned): the commune it stands in */
    char *tzid;            /* (owned) */
    gint64 heartbeat_s;    /* 5 … 3600 */
    gint64 fetch_kbit_s;   /* 0: no limit */
    gint64 night_from_min; /* large objects are fetched then; equal to night_to_min: always */
    gint64 night_to_min;
    gint64 large_bytes;
    gint64 gain_cap_mdb; /* ≤ 0 */
    gboolean retired;    /* gets nothing any more; what it did stays */
} SchedStationRow;
void sched_station_row_free(SchedStationRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedStationRow, sched_station_row_free)

/** sched_station_row_new: Returns: (transfer full): a row with the defaults, without id and
 * name */
SchedStationRow *sched_station_row_new(void);

typedef struct {
    char *station; /* (owned) */
    char *id;      /* (owned): unique in the station */
    char *name;    /* (owned) */
} SchedOutputRow;
void sched_output_row_free(SchedOutputRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOutputRow, sched_output_row_free)

typedef struct {
    char *station;        /* (owned) */
    char *id;             /* (owned): the name the gateway knows; unique in the station */
    char *output;         /* (owned) */
    char *name;           /* (owned) */
    char *village;        /* (owned): area id */
    GPtrArray *languages; /* (owned) (element-type utf8): tags, the village's order */
} SchedZoneRow;
void sched_zone_row_free(SchedZoneRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedZoneRow, sched_zone_row_free)

typedef struct {
    char *station; /* (owned) */
    char *zone;    /* (owned) */
    gint64 from_min, to_min;
    gint64 gain_mdb; /* ≤ 0 */
} SchedVolumeRow;
void sched_volume_row_free(SchedVolumeRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedVolumeRow, sched_volume_row_free)

/** sched_store_station_put, _output_put, _zone_put: makes or changes the row, audits it and
 * puts the station into the outbox */
gboolean sched_store_station_put(SchedTxn *txn, const SchedStationRow *station, GError **error);
gboolean sched_store_output_put(SchedTxn *txn, const SchedOutputRow *output, GError **error);
gboolean sched_store_zone_put(SchedTxn *txn, const SchedZoneRow *zone, GError **error);

/** sched_store_volumes_set: @volumes: (element-type SchedVolumeRow): replace those of the zone
 */
gboolean sched_store_volumes_set(SchedTxn *txn, const char *station, const char *zone,
                                 GPtrArray *volumes, GError **error);

/** sched_store_output_remove, _zone_remove: audited; NOT_FOUND if there is none */
gboolean sched_store_output_remove(SchedTxn *txn, const char *station, const char *id,
                                   GError **error);
gboolean sched_store_zone_remove(SchedTxn *txn, const char *station, const char *id,
                                 GError **error);

/** sched_store_station_get: NOT_FOUND if there is none */
SchedStationRow *sched_store_station_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_station_draft:
 *
 * Returns: (transfer full): what a change begins with: the station as it is, or a new one,
 * without name and area, as the district's settings have it
 */
SchedStationRow *sched_store_station_draft(SchedTxn *txn, const char *id);

/**
 * sched_store_station_list:
 * @area: (nullable): only stations in this area or below it
 *
 * Returns: (transfer full) (element-type SchedStationRow): by id, retired ones too
 */
GPtrArray *sched_store_station_list(SchedTxn *txn, const char *area, GError **error);

/** sched_store_output_list, _zone_list, _volume_list: @station: (nullable): NULL: of all. By
 * station and id */
GPtrArray *sched_store_output_list(SchedTxn *txn, const char *station, GError **error);
GPtrArray *sched_store_zone_list(SchedTxn *txn, const char *station, GError **error);
GPtrArray *sched_store_volume_list(SchedTxn *txn, const char *station, GError **error);

/** sched_store_stations_heard: Returns: (element-type utf8): ids of stations in use with a zone
 * in or below @area, at most @limit */
GPtrArray *sched_store_stations_heard(SchedTxn *txn, const char *area, gint64 limit,
                                      GError **error);

/** sched_store_village_zones: Returns: (element-type SchedZoneRow): zones in or below @area */
GPtrArray *sched_store_village_zones(SchedTxn *txn, const char *area, GError **error);
