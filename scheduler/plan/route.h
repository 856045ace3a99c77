/*
 * route.h - which languages of an announcement a zone hears, and in which order.
 *
 * Flow: layout.h asks for each item and zone. Pure.
 *
 * A zone lists what it wants, most wanted first. A dialect takes its own version, else the one
 * of the language without a dialect (content_language_match()). Only a version approved for the
 * class, the village and the moment counts; one that is missing is passed over.
 */
#pragma once

#include "scheduler/plan/index.h"

typedef struct {
    guint n_versions;
    guint versions[SCHED_MAX_ZONE_LANGUAGES]; /* indexes in the announcement, each once */
    guint missing;        /* bit i: nothing for the zone's language i, which it should hear */
    gboolean was_refused; /* something matched but is not approved for this use */
} SchedRoute;

/**
 * sched_route:
 * @announcement: (nullable): NULL: nothing of it is approved
 * @class_: of the slot
 * @at_us: about when it sounds
 * @out: (out): n_versions is 0 for a gap
 */
void sched_route(const SchedIndexZone *zone, const SchedIndexAnnouncement *announcement,
                 SchedPlanPolicy policy, gint class_, gint64 at_us, SchedRoute *out);

/** sched_route_signal: as above for the version without a language */
void sched_route_signal(const SchedIndexZone *zone, const SchedIndexAnnouncement *announcement,
                        gint class_, gint64 at_us, SchedRoute *out);

/** sched_route_may: whether @version may sound in @zone then, as approved */
gboolean sched_route_may(const SchedIndexVersion *version, const SchedIndexZone *zone,
                         gint class_, gint64 at_us);

/* What one zone waits for, in its order; numbers other than 0. */
typedef struct {
    guint n, head;
    guint wanted[SCHED_MAX_ZONE_LANGUAGES];
} SchedQueue;

/**
 * sched_queue_next:
 * @queues: (array): by zone number; the heads of those served are moved on
 * @zones: whose queues count
 * @out_zones: (out): the zones that hear it together
 *
 * Merges the orders of all zones into one sequence: next comes what no zone still waits to hear
 * later, so that as many zones as possible hear it at once. Orders that contradict each other
 * cost a repetition, never a zone's own order.
 *
 * Returns: what comes next; 0 when all queues are empty
 */
guint sched_queue_next(SchedQueue *queues, const SchedZoneSet *zones, SchedZoneSet *out_zones);
