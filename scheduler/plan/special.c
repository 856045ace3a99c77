/* special.c - see special.h */
#include "scheduler/plan/special.h"

static gboolean
concerns(const SchedSpecialDay *special, SchedDay day, gint64 minute)
{
    return day >= special->first && day <= special->last && minute >= special->from_min &&
           minute < special->to_min;
}

/* Takes @special into what holds, if there is room for it. */
static gboolean
take(SchedSpecial *holds, const SchedSpecialDay *special)
{
    const SchedSpecialDay **place =
        special->act == SCHED_SPECIAL_NO_MUSIC ? &holds->no_music : &holds->rule;

    if (*place != NULL || (holds->rule != NULL && holds->rule->act == SCHED_SPECIAL_SKIP))
        return FALSE;
    *place = special;
    return TRUE;
}

SchedSpecial
sched_special_in(const SchedIndexArea *village, SchedDay day, gint64 minute,
                 gboolean has_own_date, GPtrArray *overruled)
{
    SchedSpecial holds = {NULL, NULL};
    gboolean is_decided = has_own_date;

    for (const SchedIndexArea *area = village; area != NULL; area = area->parent) {
        gboolean has_any = FALSE;

        for (guint i = 0; area->specials != NULL && i < area->specials->len; i++) {
            const SchedSpecialDay *special = g_ptr_array_index(area->specials, i);

            if (!concerns(special, day, minute))
                continue;
            has_any = TRUE;
            if (is_decided || !take(&holds, special))
                g_ptr_array_add(overruled, (gpointer) special);
        }
        is_decided |= has_any;
    }
    return holds;
}

gint64
sched_special_start_s(const SchedSpecial *special, gint64 start_s)
{
    const SchedSpecialDay *rule = special->rule;
    gint64 moved_s = start_s;

    if (rule == NULL)
        return start_s;
    if (rule->act == SCHED_SPECIAL_SKIP)
        return -1;
    if (rule->act == SCHED_SPECIAL_MOVE_TO)
        moved_s = rule->minutes * 60;
    else if (rule->act == SCHED_SPECIAL_MOVE_BY)
        moved_s += rule->minutes * 60;
    return moved_s >= 0 && moved_s < SCHED_DAY_S ? moved_s : -1;
}
