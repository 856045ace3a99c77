/* quiet.c - see quiet.h */
#include "scheduler/plan/quiet.h"

#include "scheduler/plan/index-private.h"

static void
add_to_station(const SchedQuiet *quiet, const SchedIndexZone *zone)
{
    GArray *quiets = zone->station->quiets;
    SchedStationQuiet *last =
        quiets->len == 0 ? NULL : &g_array_index(quiets, SchedStationQuiet, quiets->len - 1);
    SchedStationQuiet fresh = {quiet, {{0}}};

    /* Requests are added one after the other, so this one's entry can only be the last. */
    if (last == NULL || last->source != quiet) {
        g_array_append_val(quiets, fresh);
        last = &g_array_index(quiets, SchedStationQuiet, quiets->len - 1);
    }
    sched_zone_set_add(&last->zones, zone->number);
}

static gboolean
check_quiet(const SchedQuiet *quiet, GError **error)
{
    if (quiet->from_us < quiet->until_us)
        return TRUE;
    return sched_index_spoilt(error, "plan_quiet_end", quiet->id, NULL);
}

static void
aim_quiet(SchedIndex *self, const SchedQuiet *quiet)
{
    const SchedIndexArea *area =
        quiet->area == NULL ? NULL : g_hash_table_lookup(self->areas, quiet->area);
    g_autofree char *key = g_strdup_printf("%s/%s", quiet->station, quiet->zone);
    const SchedIndexZone *zone =
        quiet->area != NULL ? NULL : g_hash_table_lookup(self->zones, key);

    for (guint i = 0; area != NULL && i < area->zones->len; i++)
        add_to_station(quiet, g_ptr_array_index(area->zones, i));
    if (zone != NULL)
        add_to_station(quiet, zone);
}

void
sched_index_add_quiets(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->quiets->len; i++) {
        const SchedQuiet *quiet = g_ptr_array_index(snapshot->quiets, i);
        GError *error = NULL;

        if (check_quiet(quiet, &error))
            aim_quiet(self, quiet);
        else
            sched_index_leave_out(self, "quiet", quiet->id, quiet->area, error);
    }
}

const SchedQuiet *
sched_quiet_zones(const SchedIndexStation *station, gint64 from_us, gint64 to_us,
                  const SchedZoneSet *zones, guint *number, SchedZoneSet *out_zones)
{
    while (*number < station->quiets->len) {
        const SchedStationQuiet *quiet =
            &g_array_index(station->quiets, SchedStationQuiet, (*number)++);

        if (quiet->source->from_us >= to_us || quiet->source->until_us <= from_us)
            continue;
        *out_zones = sched_zone_set_common(zones, &quiet->zones);
        if (!sched_zone_set_is_empty(out_zones))
            return quiet->source;
    }
    return NULL;
}
