/*
 * windows.h - when calendar sound is allowed in an area, and how much of it a day.
 *
 * Flow: set by the district; the nearest area upwards that has any decides; the planner obeys
 * them and stations get them in their settings.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_AREA_MAX_WINDOWS 64

typedef struct {
    char *area;      /* (owned) */
    gint class_;     /* ContentClass: for this class and the ones above; not khan_cap */
    gint64 weekdays; /* bit 0 Monday … bit 6 Sunday, at least one */
    gint64 from_min; /* minutes after local midnight, inclusive */
    gint64 to_min;   /* exclusive, ≤ 1440, after from_min */
} SchedWindowRow;
void sched_window_row_free(SchedWindowRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedWindowRow, sched_window_row_free)

/**
 * sched_store_windows_set:
 * @windows: (element-type SchedWindowRow): replace those of @area; empty: the area above
 * decides
 * @limit_min: calendar sound a day and output, minutes; -1: the area above decides
 */
gboolean sched_store_windows_set(SchedTxn *txn, const char *area, GPtrArray *windows,
                                 gint64 limit_min, GError **error);

/** sched_store_window_list: Returns: (element-type SchedWindowRow): of @area itself */
GPtrArray *sched_store_window_list(SchedTxn *txn, const char *area, GError **error);

/**
 * sched_store_windows_for:
 * @out_limit_min: (out) (optional): minutes a day; 1440 if nobody set a limit
 *
 * Returns: (transfer full) (element-type SchedWindowRow): those of the nearest area upwards,
 *   @area included, that has any; empty if nobody set windows: then nothing may sound
 */
GPtrArray *sched_store_windows_for(SchedTxn *txn, const char *area, gint64 *out_limit_min,
                                   GError **error);

/**
 * sched_store_windows_nearest:
 * @out_windows: (out) (transfer full) (nullable): the area whose windows hold in @area, which
 *   may be itself; NULL: nobody set any
 * @out_limit: (out) (transfer full) (nullable): the same of the minutes a day
 */
gboolean sched_store_windows_nearest(SchedTxn *txn, const char *area, char **out_windows,
                                     char **out_limit, GError **error);
