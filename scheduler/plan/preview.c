/* preview.c - see preview.h */
#include "scheduler/plan/preview.h"

#include <string.h>

void
sched_preview_free(SchedPreview *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->lines);
    g_ptr_array_unref(self->days);
    g_free(self);
}

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
    const SchedPreviewLine *left = a;
    const SchedPreviewLine *right = b;
    gint order = (left->at_us > right->at_us) - (left->at_us < right->at_us);

    if (order == 0)
        order = strcmp(left->station, right->station);
    if (order == 0)
        order = g_strcmp0(left->zone, right->zone);
    /* What is missing stands before what is heard instead. */
    if (order == 0)
        order = left->sounds - right->sounds;
    return order != 0 ? order : g_strcmp0(left->language, right->language);
}

/* Zones of @station that lie in @area. */
static SchedZoneSet
zones_in(const SchedIndexStation *station, const SchedIndexArea *area)
{
    SchedZoneSet zones = {{0}};

    for (guint i = 0; i < area->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(area->zones, i);

        if (zone->station == station)
            sched_zone_set_add(&zones, zone->number);
    }
    return zones;
}

static gboolean
is_among(const SchedIndexStation *station, const SchedZoneSet *zones, const char *id)
{
    for (SCHED_ZONES(zones, number)) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

        if (strcmp(zone->source->id, id) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Whether a finding about a whole occurrence concerns one of @zones. */
static gboolean
slot_reaches(const SchedIndexStation *station, const SchedZoneSet *zones, const char *slot)
{
    for (guint i = 0; i < station->slots->len; i++) {
        const SchedStationSlot *at = &g_array_index(station->slots, SchedStationSlot, i);
        SchedZoneSet common = sched_zone_set_common(&at->zones, zones);

        if (strcmp(at->slot->source->id, slot) == 0)
            return !sched_zone_set_is_empty(&common);
    }
    return FALSE;
}

static void
add_segment(SchedPreview *self, const SchedIndexStation *station, const SchedZoneSet *zones,
            const ContentSegment *segment)
{
    for (guint i = 0; i < segment->zones->len; i++) {
        const char *zone = g_ptr_array_index(segment->zones, i);
        SchedPreviewLine line = {.at_us = segment->start_us,
                                 .duration_us = segment->duration_us,
                                 .sounds = TRUE,
                                 .station = station->source->id,
                                 .zone = zone,
                                 .slot = segment->slot,
                                 .item = segment->item,
                                 .title = segment->title,
                                 .language = segment->language,
                                 .source = segment->source};

        if (is_among(station, zones, zone))
            g_array_append_val(self->lines, line);
    }
}

static void
add_finding(SchedPreview *self, const SchedIndexStation *station, const SchedZoneSet *zones,
            const SchedFinding *finding)
{
    SchedPreviewLine line = {.at_us = finding->at_us,
                             .why = finding->kind,
                             .has_finding = TRUE,
                             .station = station->source->id,
                             .zone = finding->zone,
                             .slot = finding->slot,
                             .item = finding->item,
                             .title = finding->title,
                             .language = finding->language,
                             .by = finding->by,
                             .quiet = finding->quiet,
                             .special = finding->special,
                             .special_name = finding->special_name};
    gboolean concerns = finding->zone == NULL ? slot_reaches(station, zones, finding->slot)
                                              : is_among(station, zones, finding->zone);

    if (concerns)
        g_array_append_val(self->lines, line);
}

static gboolean
add_station(SchedPreview *self, SchedIndex *index, const SchedIndexStation *station,
            const SchedIndexArea *area, SchedDay day, GError **error)
{
    SchedZoneSet zones = zones_in(station, area);
    SchedPlanDay *planned = sched_plan_station_day(index, station->source->id, day, error);

    if (planned == NULL)
        return FALSE;
    g_ptr_array_add(self->days, planned);
    for (guint i = 0; i < planned->plan->segments->len; i++)
        add_segment(self, station, &zones, g_ptr_array_index(planned->plan->segments, i));
    for (guint i = 0; i < planned->findings->len; i++)
        add_finding(self, station, &zones, &g_array_index(planned->findings, SchedFinding, i));
    return TRUE;
}

SchedPreview *
sched_preview_area(SchedIndex *index, const char *area, SchedDay day, GError **error)
{
    const SchedIndexArea *found = sched_index_area(index, area);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(SchedPreview) self = g_new0(SchedPreview, 1);

    self->lines = g_array_new(FALSE, FALSE, sizeof(SchedPreviewLine));
    self->days = g_ptr_array_new_with_free_func((GDestroyNotify) sched_plan_day_free);
    if (found == NULL) {
        g_set_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID,
                    "no area \"%s\" in the snapshot", area);
        return NULL;
    }
    self->n_zones = found->zones->len;
    for (guint i = 0; i < found->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(found->zones, i);

        if (g_hash_table_add(seen, zone->station) &&
            !add_station(self, index, zone->station, found, day, error))
            return NULL;
    }
    g_array_sort(self->lines, compare_lines);
    return g_steal_pointer(&self);
}
