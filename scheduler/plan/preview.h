/*
 * preview.h - what a village will hear on a date, in which language, and what it will not.
 *
 * Flow: web and `loactl preview VILLAGE DATE` ask before anything is pushed. Pure.
 */
#pragma once

#include "scheduler/plan/dayplan.h"

typedef struct {
    gint64 at_us;         /* UTC */
    gint64 duration_us;   /* 0 when nothing sounds */
    gboolean sounds;      /* FALSE: see why */
    SchedFindingKind why; /* of a line that does not sound; also FALLBACK and DELAYED remarks */
    gboolean has_finding; /* whether `why` means something */
    const char *station;
    const char *zone; /* (nullable): NULL: every zone of the village at that station */
    const char *slot;
    const char *item;        /* (nullable) */
    const char *title;       /* (nullable) */
    const char *language;    /* (nullable): heard, or missing; NULL for a signal */
    gint source;             /* ContentSource of what sounds: a live one nobody has heard yet */
    const char *by;          /* (nullable): slot that goes first */
    const SchedQuiet *quiet; /* (nullable): what asks for silence */
    const char *special;     /* (nullable): id of the special day that it comes from */
    const char *special_name; /* (nullable) */
} SchedPreviewLine;

typedef struct {
    guint n_zones; /* 0: no loudspeaker there; it is reached by messenger */
    GArray *lines; /* (owned) (element-type SchedPreviewLine): by instant, station, zone */
    GPtrArray
        *days; /* (owned) (element-type SchedPlanDay): keep the texts of the lines alive */
} SchedPreview;
void sched_preview_free(SchedPreview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPreview, sched_preview_free)

/**
 * sched_preview_area:
 * @area: id of a village, or of anything above: then of all its villages
 * @day: local day of each station
 *
 * Returns: (transfer full): texts live as long as it and the snapshot
 */
SchedPreview *sched_preview_area(SchedIndex *index, const char *area, SchedDay day,
                                 GError **error);
