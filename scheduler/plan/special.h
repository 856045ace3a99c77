/*
 * special.h - which special day holds for a slot in a village, and which do not.
 *
 * Flow: index.h (special days by area) -> here -> expand.c splits an occurrence by it. Pure.
 *
 * The nearest area that has special days for the slot decides alone. Within one area silence
 * goes first, then one that moves or replaces; "no music" holds beside either. A slot's own
 * change of the date names slot and date, so it is nearer than any area: no special day holds
 * for it, neither one that skips nor one that moves.
 */
#pragma once

#include "scheduler/plan/index.h"

typedef struct {
    const SchedSpecialDay *rule;     /* (nullable): skips, moves or replaces */
    const SchedSpecialDay *no_music; /* (nullable): takes the music out */
} SchedSpecial;

/**
 * sched_special_in:
 * @minute: of @day, when the slot begins by itself
 * @has_own_date: the slot itself is different on that date
 * @overruled: (element-type SchedSpecialDay): those that would hold but for a nearer one are
 *   appended
 */
SchedSpecial sched_special_in(const SchedIndexArea *village, SchedDay day, gint64 minute,
                              gboolean has_own_date, GPtrArray *overruled);

/**
 * sched_special_start_s:
 * @start_s: second of the day when the slot begins by itself
 *
 * Returns: when it begins then; -1: not at all, for it is skipped or would leave its date
 */
gint64 sched_special_start_s(const SchedSpecial *special, gint64 start_s);
