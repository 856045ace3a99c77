/*
 * index.h - a snapshot checked and compiled: every name resolved, every list ready to walk.
 *
 * Flow: snapshot.h -> here, once a snapshot -> expand, route, layout for every station. Pure.
 * Thread: an index remembers expansions and offsets while it is asked; one thread at a time.
 */
#pragma once

#include "scheduler/plan/snapshot.h"
#include "scheduler/plan/zone-set.h"

#define SCHED_INDEX_ERROR (sched_index_error_quark())
GQuark sched_index_error_quark(void);

typedef enum {
    SCHED_INDEX_ERROR_INVALID, /* a rule is broken; the message names thing and rule */
} SchedIndexError;

/* A language as two small numbers; 0 is no language. */
typedef struct {
    guint tag;  /* equal numbers: equal tags */
    guint base; /* number of the tag without its dialect */
} SchedTongue;

typedef struct SchedIndexStation SchedIndexStation;
typedef struct SchedIndexArea SchedIndexArea;

struct SchedIndexArea {
    const SchedArea *source;
    const SchedIndexArea *parent; /* (nullable) */
    GPtrArray *own_windows;   /* (owned) (nullable) (element-type ContentWindow): in order */
    const GPtrArray *windows; /* (element-type ContentWindow): of the area that decides */
    gint64 limit_min;         /* its own, a day; -1: as the area above */
    gint64 limit_us;          /* a day, inherited where it has none */
    GPtrArray *specials; /* (owned) (nullable) (element-type SchedSpecialDay): its own, those
                            that sound least first */
    GPtrArray *zones;    /* (owned) (element-type SchedIndexZone): in its subtree */
};

typedef struct {
    const SchedZone *source;
    SchedIndexStation *station;
    const SchedIndexArea *village;
    guint number; /* in the station: zones are numbered by id */
    guint output; /* in the station */
    guint n_tongues;
    SchedTongue tongues[SCHED_MAX_ZONE_LANGUAGES];
    gint64 switch_us;
    gboolean is_usable; /* the gateway has it, or has not spoken yet */
} SchedIndexZone;

typedef struct {
    const SchedVersion *source;
    SchedTongue tongue;
    GPtrArray *areas; /* (owned) (element-type SchedIndexArea) */
} SchedIndexVersion;

typedef struct {
    const SchedAnnouncement *source;
    guint n_versions;
    SchedIndexVersion *versions; /* (owned) (array length=n_versions) */
} SchedIndexAnnouncement;

typedef struct {
    const SchedItem *source;
    const SchedIndexAnnouncement *announcement; /* (nullable): nothing of it is approved */
} SchedIndexItem;

typedef struct {
    const SchedPlaylist *source;
    guint n_items;
    SchedIndexItem *items; /* (owned) (array length=n_items) */
} SchedIndexPlaylist;

typedef struct {
    const SchedSlot *source;
    const SchedIndexPlaylist *playlist;
    SchedCalendar *calendar; /* of its tzid */
    GHashTable *overrides;   /* (owned) (nullable): day -> SchedOverride in force */
    GArray *days; /* (owned) (nullable): remembered expansion of days_from..days_to */
    SchedDay days_from, days_to;
} SchedIndexSlot;

/* A slot as one station sees it. */
typedef struct {
    SchedIndexSlot *slot;
    SchedZoneSet zones;
    gint64 rank; /* by the commune's choice; G_MAXINT64: it said nothing */
} SchedStationSlot;

/* A quiet request as one station sees it. */
typedef struct {
    const SchedQuiet *source;
    SchedZoneSet zones;
} SchedStationQuiet;

struct SchedIndexStation {
    const SchedStation *source;
    const SchedIndexArea *area;
    SchedCalendar *calendar;
    GPtrArray *zones;           /* (owned) (element-type SchedIndexZone): by id */
    GPtrArray *outputs;         /* (owned) (element-type utf8): names, sorted */
    SchedZoneSet *output_zones; /* (owned): one set an output */
    GArray *slots;              /* (owned) (element-type SchedStationSlot) */
    GPtrArray *make_ups;        /* (owned) (element-type SchedMakeUp): in the order decided */
    GArray *quiets;             /* (owned) (element-type SchedStationQuiet) */
};

typedef struct SchedIndex SchedIndex;

/**
 * sched_index_new:
 * @snapshot: (not owned): must stay, unchanged, as long as the index
 *
 * Targets and approved areas that are not in the snapshot (an area abolished since) select
 * nothing; every other name must be there. A row that breaks a rule of snapshot.h is left out,
 * with what cannot be without it, and named by sched_index_troubles().
 *
 * Returns: (transfer full)
 */
SchedIndex *sched_index_new(const SchedSnapshot *snapshot);
void sched_index_free(SchedIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedIndex, sched_index_free)

/**
 * sched_index_troubles:
 *
 * Returns: (transfer none) (element-type SchedTrouble): all that was left out, by this index or
 *   before it by whoever filled the snapshot
 */
GPtrArray *sched_index_troubles(SchedIndex *self);

/**
 * sched_index_why_not:
 *
 * Returns: (transfer none) (nullable): why the station, which is in the snapshot, was left out;
 *   NULL: it was not
 */
const char *sched_index_why_not(SchedIndex *self, const char *station);

/** sched_index_station: Returns: (transfer none) (nullable) */
SchedIndexStation *sched_index_station(SchedIndex *self, const char *id);

/** sched_index_area: Returns: (transfer none) (nullable) */
const SchedIndexArea *sched_index_area(SchedIndex *self, const char *id);

/** sched_index_slot: Returns: (transfer none) (nullable) */
const SchedIndexSlot *sched_index_slot(SchedIndex *self, const char *id);

/** sched_index_has_special: Returns: whether some area has a special day on @day */
gboolean sched_index_has_special(const SchedIndex *self, SchedDay day);

/** sched_index_playlist: Returns: (transfer none) (nullable) */
const SchedIndexPlaylist *sched_index_playlist(SchedIndex *self, const char *id);

/**
 * sched_index_slot_stations:
 *
 * Returns: (transfer container) (element-type utf8): ids of the stations that a slot concerns,
 *   so that only those are planned again when it changes; strings belong to the snapshot
 */
GPtrArray *sched_index_slot_stations(SchedIndex *self, const char *slot);

/**
 * sched_index_announcement_stations:
 *
 * As above, for every slot whose playlist (or an override of it) holds the announcement.
 */
GPtrArray *sched_index_announcement_stations(SchedIndex *self, const char *announcement);

/**
 * sched_area_allows:
 * @weekday: 0 Monday … 6 Sunday
 *
 * Returns: whether calendar sound of @class_ may begin in that minute of the local day
 */
gboolean sched_area_allows(const SchedIndexArea *area, gint class_, int weekday, gint64 minute);

/** sched_area_is_within: whether @area is @top or lies below it */
gboolean sched_area_is_within(const SchedIndexArea *area, const SchedIndexArea *top);
