/*
 * trouble.h - a row that the planner cannot use: what, where, why.
 *
 * Flow: publish/gather.c (unreadable in the store) and index.c (breaks a rule of snapshot.h)
 * make them -> the log once, status and preview as long as they last. Pure.
 *
 * The row is left out and everything else is planned. What is left out never makes more sound:
 * a bad window opens nothing, a bad limit allows nothing, a bad override is silence.
 */
#pragma once

#include "content/remark.h"

typedef struct {
    char *kind; /* (owned): "area", "station", "zone", "announcement", "playlist", "slot" … */
    char *id;   /* (owned): of the row, or of the one it belongs to */
    char *
        place; /* (owned) (nullable): area it lies in, as its row says; NULL: of the district */
    char *words, *words_vi; /* (owned): a sentence that names it and the rule it breaks, in
                             * English and in Vietnamese */
} SchedTrouble;

/** sched_trouble_new: texts are copied; @place: (nullable); @what: (transfer full): what is
 * said of it */
SchedTrouble *sched_trouble_new(const char *kind, const char *id, const char *place,
                                ContentRemark *what);
void sched_trouble_free(SchedTrouble *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedTrouble, sched_trouble_free)

/** sched_trouble_copy: Returns: (transfer full) */
SchedTrouble *sched_trouble_copy(const SchedTrouble *self);
