/*
 * alerts-private.h - the station's alerts, for alerts.c and what it tells.
 *
 * Pure.
 */
#pragma once

#include "player/cue/alerts.h"

typedef struct {
    ContentAlert *alert; /* (owned) */
    gint64 taken_us;     /* monotonic */
    gboolean is_kept;    /* from before a restart, and the clock was not trusted since */
    gboolean was_kept;   /* it is from before a restart */
    GPtrArray *zones;    /* (nullable) (element-type utf8): a grant's: it sounds in no other */
    gboolean is_undated; /* its dates are of a clock that nobody vouched for: only how far they
                          * are apart counts */
    gboolean is_replaced;
    gboolean is_done;
    GPtrArray *runs; /* (owned) (element-type PlayAlertRun): an output each */
} PlayAlert;

struct PlayAlerts {
    GPtrArray *alerts;   /* (element-type PlayAlert): by content_alert_compare() */
    GPtrArray *stops;    /* (element-type ContentStop): by the time they were taken */
    GHashTable *settled; /* "alert zone": has its ALERT_ENDED from before a restart */
    GHashTable *told;    /* "alert zone": has its ALERT_TAKEN from before a restart */
    GHashTable *tops;    /* output -> PlayAlertRun (not owned): who has it */
    gboolean has_changed;
};

/* Zeroed at first. */
typedef struct {
    guint i, j;
} PlayAlertsWalk;

/** play_alerts_next_run: Returns: (transfer none) (nullable): the next one of all, by rank */
PlayAlertRun *play_alerts_next_run(const PlayAlerts *self, PlayAlertsWalk *walk);
