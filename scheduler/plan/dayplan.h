/*
 * dayplan.h - the plan of one station: day plans to be signed, findings to be shown.
 *
 * Flow: publish compiles manifests from it, web and loactl show it. Pure: the same snapshot
 * gives the same bytes, so an unchanged day keeps its hash and is not sent again.
 *
 * A segment belongs to the day on which its occurrence starts, in the station's zone, and may
 * run on past midnight; clashes of a day are settled together with the day before and after.
 */
#pragma once

#include "content/plan.h"
#include "scheduler/plan/finding.h"
#include "scheduler/plan/index.h"

/* Most days one call may ask for: what a manifest names, and as much again to look ahead. */
#define SCHED_PLAN_MAX_DAYS 64

/* What would sound if nobody had asked for silence. */
typedef struct {
    ContentSegment *segment; /* (owned): its zones are those that keep silent */
    const SchedQuiet *quiet; /* (not owned): of the snapshot */
} SchedSilenced;

typedef struct {
    SchedDay day;
    ContentDayPlan *plan; /* (owned): without segments when nothing sounds; texts: see below */
    GArray *findings;     /* (owned) (element-type SchedFinding): by instant */
    GPtrArray *silenced;  /* (owned) (element-type SchedSilenced): by instant */
} SchedPlanDay;
void sched_plan_day_free(SchedPlanDay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPlanDay, sched_plan_day_free)

/**
 * sched_plan_station:
 * @station: id
 * @from: first local day of the station
 * @n_days: 1 … SCHED_PLAN_MAX_DAYS
 *
 * Returns: (transfer full) (element-type SchedPlanDay): one a day; the texts of findings and
 * segments belong to the snapshot of @index. NULL: there is no such station
 */
GPtrArray *sched_plan_station(SchedIndex *index, const char *station, SchedDay from,
                              guint n_days, GError **error);

/** sched_plan_station_day: as above for one day */
SchedPlanDay *sched_plan_station_day(SchedIndex *index, const char *station, SchedDay day,
                                     GError **error);
