/* index-specials.c - special days of an index, by area; see index-private.h */
#include "scheduler/plan/index-private.h"

#include "content/base/id.h"

#include <string.h>

#define DAY_MIN (SCHED_DAY_S / 60)

static gboolean
check_times(const SchedSpecialDay *special, GError **error)
{
    gint64 most =
        special->act == SCHED_SPECIAL_MOVE_BY ? SCHED_SPECIAL_MAX_MOVE_MIN : DAY_MIN - 1;
    gint64 least = special->act == SCHED_SPECIAL_MOVE_BY ? -most : 0;

    if (special->first > special->last ||
        special->last - special->first >= SCHED_SPECIAL_MAX_DAYS)
        return sched_index_spoilt(error, "plan_day_dates", special->id, "count",
                                  G_STRINGIFY(SCHED_SPECIAL_MAX_DAYS), NULL);
    if (special->from_min < 0 || special->from_min >= special->to_min ||
        special->to_min > DAY_MIN || special->minutes < least || special->minutes > most)
        return sched_index_spoilt(error, "plan_day_minutes", special->id, NULL);
    return TRUE;
}

static gboolean
check_special(SchedIndex *self, const SchedSpecialDay *special, GError **error)
{
    if (!content_id_is_valid(special->id))
        return sched_index_spoilt(error, "plan_day_id", special->id == NULL ? "" : special->id,
                                  NULL);
    if ((guint) special->act > SCHED_SPECIAL_REPLACE)
        return sched_index_spoilt(error, "plan_day_act", special->id, NULL);
    if (special->act == SCHED_SPECIAL_REPLACE &&
        (special->playlist == NULL || sched_index_playlist(self, special->playlist) == NULL))
        return sched_index_spoilt(error, "plan_day_playlist", special->id, "playlist",
                                  special->playlist == NULL ? "" : special->playlist, NULL);
    return check_times(special, error);
}

/* What sounds least goes first, for silence waits for nobody; then some order, always the same.
 */
static gint
compare_specials(gconstpointer a, gconstpointer b)
{
    const SchedSpecialDay *left = *(const SchedSpecialDay *const *) a;
    const SchedSpecialDay *right = *(const SchedSpecialDay *const *) b;

    return left->act != right->act ? (gint) left->act - (gint) right->act
                                   : strcmp(left->id, right->id);
}

static void
add_special(SchedIndex *self, SchedIndexArea *area, const SchedSpecialDay *special)
{
    if (area->specials == NULL)
        area->specials = g_ptr_array_new();
    g_ptr_array_add(area->specials, (gpointer) special);
    g_ptr_array_sort(area->specials, compare_specials);
    self->special_from = MIN(self->special_from, special->first);
    self->special_to = MAX(self->special_to, special->last);
}

/* The same dates, with nothing on them; its texts are the snapshot's. */
static const SchedSpecialDay *
silence(SchedIndex *self, const SchedSpecialDay *special)
{
    SchedSpecialDay *silent = g_memdup2(special, sizeof *special);

    silent->act = SCHED_SPECIAL_SKIP;
    silent->from_min = 0;
    silent->to_min = DAY_MIN;
    g_ptr_array_add(self->silences, silent);
    return silent;
}

/*
 * One that breaks a rule still says that somebody wanted something else on these dates: it
 * becomes silence where its dates can be read, as a bad override does.
 */
void
sched_index_add_specials(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->specials->len; i++) {
        const SchedSpecialDay *special = g_ptr_array_index(snapshot->specials, i);
        SchedIndexArea *area =
            special->area == NULL ? NULL : g_hash_table_lookup(self->areas, special->area);
        GError *error = NULL;

        if (area == NULL)
            continue;
        if (!check_special(self, special, &error)) {
            sched_index_leave_out(self, "special day", special->id, special->area, error);
            special = silence(self, special);
        }
        add_special(self, area, special);
    }
}

gboolean
sched_index_has_special(const SchedIndex *self, SchedDay day)
{
    return day >= self->special_from && day <= self->special_to;
}
