/* route.c - see route.h */
#include "scheduler/plan/route.h"

/* The player checks the same (DESIGN §7). */
gboolean
sched_route_may(const SchedIndexVersion *version, const SchedIndexZone *zone, gint class_,
                gint64 at_us)
{
    const SchedVersion *source = version->source;

    if (class_ > source->class_ || at_us < source->valid_from_us ||
        at_us >= source->valid_until_us)
        return FALSE;
    for (guint i = 0; i < version->areas->len; i++) {
        if (sched_area_is_within(zone->village, g_ptr_array_index(version->areas, i)))
            return TRUE;
    }
    return FALSE;
}

/* content_language_match() on numbers: 2 the same, 1 the language without a dialect. */
static int
match(SchedTongue wanted, SchedTongue offered)
{
    if (offered.tag == wanted.tag)
        return 2;
    return offered.tag == wanted.base ? 1 : 0;
}

/* Returns: index of the best approved version, or -1 */
static int
best_version(const SchedIndexZone *zone, const SchedIndexAnnouncement *announcement,
             SchedTongue wanted, gint class_, gint64 at_us, gboolean *was_refused)
{
    int best = -1, best_match = 0;

    for (guint i = 0; i < announcement->n_versions; i++) {
        int how = match(wanted, announcement->versions[i].tongue);

        if (how <= best_match)
            continue;
        if (!sched_route_may(&announcement->versions[i], zone, class_, at_us)) {
            *was_refused = TRUE;
            continue;
        }
        best = (int) i;
        best_match = how;
    }
    return best;
}

static void
add_once(SchedRoute *route, guint version)
{
    for (guint i = 0; i < route->n_versions; i++) {
        if (route->versions[i] == version)
            return;
    }
    route->versions[route->n_versions++] = version;
}

void
sched_route(const SchedIndexZone *zone, const SchedIndexAnnouncement *announcement,
            SchedPlanPolicy policy, gint class_, gint64 at_us, SchedRoute *out)
{
    out->n_versions = 0;
    out->missing = 0;
    out->was_refused = FALSE;
    for (guint i = 0; i < zone->n_tongues; i++) {
        int version = announcement == NULL ? -1
                                           : best_version(zone, announcement, zone->tongues[i],
                                                          class_, at_us, &out->was_refused);

        if (version < 0)
            out->missing |= 1u << i;
        else
            add_once(out, (guint) version);
        if (version >= 0 && policy == SCHED_PLAN_FIRST)
            return;
    }
}

void
sched_route_signal(const SchedIndexZone *zone, const SchedIndexAnnouncement *announcement,
                   gint class_, gint64 at_us, SchedRoute *out)
{
    const SchedTongue no_language = {0, 0};
    int version;

    out->n_versions = 0;
    out->missing = 0;
    out->was_refused = FALSE;
    version = announcement == NULL ? -1
                                   : best_version(zone, announcement, no_language, class_,
                                                  at_us, &out->was_refused);
    if (version >= 0)
        add_once(out, (guint) version);
}

static gboolean
waits_for_later(const SchedQueue *queue, guint wanted)
{
    for (guint i = queue->head + 1; i < queue->n; i++) {
        if (queue->wanted[i] == wanted)
            return TRUE;
    }
    return FALSE;
}

static gboolean
somebody_waits_for_later(const SchedQueue *queues, const SchedZoneSet *zones, guint wanted)
{
    for (SCHED_ZONES(zones, zone)) {
        if (waits_for_later(&queues[zone], wanted))
            return TRUE;
    }
    return FALSE;
}

static guint
choose_next(const SchedQueue *queues, const SchedZoneSet *zones)
{
    guint first = 0, tried = 0;

    for (SCHED_ZONES(zones, zone)) {
        const SchedQueue *queue = &queues[zone];
        guint head = queue->head < queue->n ? queue->wanted[queue->head] : 0;

        if (head == 0 || head == tried)
            continue;
        tried = head;
        if (first == 0)
            first = head;
        if (!somebody_waits_for_later(queues, zones, head))
            return head;
    }
    return first;
}

guint
sched_queue_next(SchedQueue *queues, const SchedZoneSet *zones, SchedZoneSet *out_zones)
{
    guint next = choose_next(queues, zones);

    *out_zones = (SchedZoneSet){{0}};
    if (next == 0)
        return 0;
    for (SCHED_ZONES(zones, zone)) {
        SchedQueue *queue = &queues[zone];

        if (queue->head < queue->n && queue->wanted[queue->head] == next) {
            queue->head++;
            sched_zone_set_add(out_zones, zone);
        }
    }
    return next;
}
