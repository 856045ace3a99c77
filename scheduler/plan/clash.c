/* clash.c - see clash.h */
#include "scheduler/plan/clash.h"

#include <string.h>

static gint
compare(gint64 a, gint64 b)
{
    return (a > b) - (a < b);
}

static gint
compare_importance(gconstpointer a, gconstpointer b)
{
    const SchedOccurrence *left = a;
    const SchedOccurrence *right = b;
    const SchedSlot *left_slot = left->slot->slot->source;
    const SchedSlot *right_slot = right->slot->slot->source;
    gint order = compare(right_slot->class_, left_slot->class_);

    if (order == 0)
        order = compare(left->slot->rank, right->slot->rank);
    if (order == 0)
        order = compare(right_slot->priority, left_slot->priority);
    if (order == 0)
        order = compare(left->start_us, right->start_us);
    /* Two slots alike in everything: some order, but always the same. */
    return order != 0 ? order : strcmp(left->id, right->id);
}

void
sched_clash_sort(GArray *occurrences)
{
    g_array_sort(occurrences, compare_importance);
}

void
sched_timetable_init(SchedTimetable *self, const SchedIndexStation *station)
{
    self->station = station;
    self->placed = g_array_new(FALSE, FALSE, sizeof(SchedPlaced));
}

void
sched_timetable_clear(SchedTimetable *self)
{
    g_clear_pointer(&self->placed, g_array_unref);
}

gint64
sched_switch_gap_us(const SchedIndexStation *station, const SchedZoneSet *a,
                    const SchedZoneSet *b)
{
    SchedZoneSet differing = sched_zone_set_differing(a, b);
    gint64 slowest_us = 0;

    if (sched_zone_set_is_empty(&differing))
        return 0;
    for (SCHED_ZONES(&differing, number)) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

        slowest_us = MAX(slowest_us, zone->switch_us);
    }
    return slowest_us + SCHED_SWITCH_MARGIN_US;
}

/* Returns: how many placed segments start at or before @at_us */
static guint
count_started(const SchedTimetable *self, gint64 at_us)
{
    guint low = 0, high = self->placed->len;

    while (low < high) {
        guint middle = (low + high) / 2;

        if (g_array_index(self->placed, SchedPlaced, middle).start_us <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

gint64
sched_timetable_fit(const SchedTimetable *self, gint64 earliest_us, gint64 latest_us,
                    gint64 duration_us, const SchedZoneSet *zones,
                    const SchedOccurrence **out_blocker)
{
    gint64 start_us = earliest_us;

    while (start_us <= latest_us) {
        guint n_started = count_started(self, start_us);
        const SchedPlaced *before = NULL, *after = NULL;
        gint64 free_us = 0;

        if (n_started > 0) {
            before = &g_array_index(self->placed, SchedPlaced, n_started - 1);
            free_us = before->end_us;
            /* Who ended long ago needs no switching any more: spare the comparison. */
            if (start_us < free_us + SCHED_MAX_DELAY_US)
                free_us += sched_switch_gap_us(self->station, &before->zones, zones);
            if (start_us < free_us) {
                *out_blocker = before->occurrence;
                start_us = free_us;
                continue;
            }
        }
        if (n_started == self->placed->len)
            return start_us;
        after = &g_array_index(self->placed, SchedPlaced, n_started);
        if (start_us + duration_us + sched_switch_gap_us(self->station, zones, &after->zones) <=
            after->start_us)
            return start_us;
        *out_blocker = after->occurrence;
        start_us = after->end_us;
    }
    return -1;
}

void
sched_timetable_place(SchedTimetable *self, gint64 start_us, gint64 duration_us,
                      const SchedZoneSet *zones, const SchedOccurrence *occurrence)
{
    SchedPlaced placed = {start_us, start_us + duration_us, *zones, occurrence};

    g_array_insert_val(self->placed, count_started(self, start_us), placed);
}
