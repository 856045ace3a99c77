/* next-start.c - see next-start.h */
#include "scheduler/plan/next-start.h"

#include "content/language.h"
#include "scheduler/plan/clash.h"
#include "scheduler/plan/dayplan.h"
#include "scheduler/plan/index-private.h"
#include "scheduler/plan/quiet.h"

#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

/* When an output that the notice needs is taken, and the switching after it. */
typedef struct {
    gint64 start_us, end_us, gap_us;
    gint class_;
} Busy;

typedef struct {
    const SchedNextWish *wish;
    GPtrArray *zones; /* (element-type SchedIndexZone): that would hear it */
    GArray *busy;     /* (element-type Busy) */
} Search;

static gboolean
lists(const SchedZone *zone, const char *language)
{
    g_autofree char *base = content_language_base(language);

    for (guint i = 0; i < zone->languages->len; i++) {
        g_autofree char *one = content_language_base(g_ptr_array_index(zone->languages, i));

        if (strcmp(one, base) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
find_zones(Search *self, SchedIndex *index)
{
    for (guint i = 0; i < self->wish->areas->len; i++) {
        const SchedIndexArea *area =
            sched_index_area(index, g_ptr_array_index(self->wish->areas, i));

        for (guint j = 0; area != NULL && j < area->zones->len; j++) {
            SchedIndexZone *zone = g_ptr_array_index(area->zones, j);

            if (zone->is_usable && lists(zone->source, self->wish->language) &&
                !g_ptr_array_find(self->zones, zone, NULL))
                g_ptr_array_add(self->zones, zone);
        }
    }
}

static gboolean
needs_output(const Search *self, const SchedIndexStation *station, const char *output)
{
    for (guint i = 0; i < self->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(self->zones, i);

        if (zone->station == station && strcmp(zone->source->output, output) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
add_busy(Search *self, const SchedIndexStation *station, const ContentDayPlan *plan)
{
    SchedZoneSet none = {{0}}, all = {{0}};
    gint64 gap_us;

    for (guint i = 0; i < station->zones->len; i++)
        sched_zone_set_add(&all, i);
    gap_us = sched_switch_gap_us(station, &none, &all);
    for (guint i = 0; i < plan->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(plan->segments, i);
        Busy busy = {segment->start_us, segment->start_us + segment->duration_us, gap_us,
                     segment->class_};

        if (needs_output(self, station, segment->output))
            g_array_append_val(self->busy, busy);
    }
}

/* What its stations play from the day before to the day after. */
static gboolean
find_busy(Search *self, SchedIndex *index, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < self->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(self->zones, i);
        SchedIndexStation *station = zone->station;
        SchedDay today = sched_calendar_local(station->calendar, self->wish->earliest_us, NULL);
        g_autoptr(GPtrArray) days = NULL;

        if (!g_hash_table_add(seen, station))
            continue;
        days = sched_plan_station(index, station->source->id, today - 1, 3, error);
        if (days == NULL)
            return FALSE;
        for (guint j = 0; j < days->len; j++)
            add_busy(self, station, ((SchedPlanDay *) g_ptr_array_index(days, j))->plan);
    }
    return TRUE;
}

static gboolean
is_quiet(const SchedIndexZone *zone, gint64 from_us, gint64 to_us)
{
    SchedZoneSet one = {{0}}, silent;
    guint number = 0;

    sched_zone_set_add(&one, zone->number);
    return sched_quiet_zones(zone->station, from_us, to_us, &one, &number, &silent) != NULL;
}

/* May all, or at least one, of the zones that need not keep silent hear it from @at_us on? */
static gboolean
is_allowed(const Search *self, gint64 at_us, gboolean all)
{
    guint n_allowed = 0, n_forbidden = 0;

    for (guint i = 0; i < self->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(self->zones, i);
        gint64 second = 0;
        SchedDay day = sched_calendar_local(zone->station->calendar, at_us, &second);

        if (is_quiet(zone, at_us, at_us + self->wish->duration_us))
            continue;
        if (sched_area_allows(zone->village, self->wish->class_, sched_day_weekday(day),
                              second / 60))
            n_allowed++;
        else
            n_forbidden++;
    }
    return n_allowed > 0 && (!all || n_forbidden == 0);
}

/*
 * Returns: (nullable): what is in the way of a notice that is ready at @ready_us and begins at
 * @at_us; what was to begin between the two has not begun, and waits
 */
static const Busy *
find_blocker(const Search *self, gint64 ready_us, gint64 at_us)
{
    gint64 end_us = at_us + self->wish->duration_us;
    const Busy *last = NULL;

    for (guint i = 0; i < self->busy->len; i++) {
        const Busy *busy = &g_array_index(self->busy, Busy, i);
        gboolean has_begun = busy->start_us < ready_us && busy->end_us + busy->gap_us > at_us;
        gboolean goes_first = busy->class_ >= self->wish->class_ &&
                              busy->start_us < end_us + busy->gap_us &&
                              busy->end_us + busy->gap_us > at_us;

        if ((has_begun || goes_first) && (last == NULL || busy->end_us > last->end_us))
            last = busy;
    }
    return last;
}

static gint64
round_up(gint64 us, gint64 step_us)
{
    return (us + step_us - 1) / step_us * step_us;
}

static gint64
search(const Search *self, gboolean all)
{
    gint64 ready_us = round_up(self->wish->earliest_us, MINUTE_US), at_us = ready_us;
    gint64 limit_us = at_us + SCHED_NEXT_START_MAX_US;

    while (at_us < limit_us) {
        const Busy *blocker = find_blocker(self, ready_us, at_us);

        if (blocker != NULL) {
            ready_us = MAX(ready_us, blocker->end_us);
            at_us = MAX(at_us, round_up(blocker->end_us + blocker->gap_us, G_USEC_PER_SEC));
        } else if (!is_allowed(self, at_us, all)) {
            ready_us = at_us = round_up(at_us + 1, MINUTE_US);
        } else {
            return at_us;
        }
    }
    return -1;
}

gint64
sched_next_start(SchedIndex *index, const SchedNextWish *wish, GError **error)
{
    g_autoptr(GPtrArray) zones = g_ptr_array_new();
    g_autoptr(GArray) busy = g_array_new(FALSE, FALSE, sizeof(Busy));
    Search self = {wish, zones, busy};
    gint64 at_us;

    find_zones(&self, index);
    if (zones->len == 0) {
        sched_index_refuse(error, "no loudspeaker there hears %s", wish->language);
        return -1;
    }
    if (!find_busy(&self, index, error))
        return -1;
    at_us = search(&self, TRUE);
    if (at_us < 0)
        at_us = search(&self, FALSE);
    if (at_us < 0)
        sched_index_refuse(error, "it is allowed at no minute of the next 24 hours there");
    return at_us;
}
