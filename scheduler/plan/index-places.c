/* index-places.c - areas, stations and zones of an index; see index-private.h */
#include "scheduler/plan/index-private.h"

#include "content/base/id.h"
#include "content/language.h"

#include <string.h>

/* Used until the gateway has said how fast it switches; most boards need less. */
#define DEFAULT_SWITCH_MS 500
/* A slower board is a fault of its own; the plan does not grow without bound for it. */
#define MAX_SWITCH_MS 60000
#define DAY_MIN       1440

void
sched_index_area_free(gpointer data)
{
    SchedIndexArea *area = data;

    g_ptr_array_unref(area->zones);
    g_free(area);
}

void
sched_index_station_free(gpointer data)
{
    SchedIndexStation *station = data;

    g_ptr_array_unref(station->zones);
    g_ptr_array_unref(station->outputs);
    g_free(station->output_zones);
    g_array_unref(station->slots);
    g_free(station);
}

static gboolean
check_window(const SchedArea *area, const ContentWindow *window, GError **error)
{
    if (window->from_min < 0 || window->from_min >= window->to_min ||
        window->to_min > DAY_MIN || window->weekdays <= 0 || window->weekdays > 127 ||
        window->class_ < 0 || window->class_ > CONTENT_CLASS_KHAN_CAP)
        return sched_index_refuse(error,
                                  "area %s: a window from minute %" G_GINT64_FORMAT
                                  " to %" G_GINT64_FORMAT " on no such days",
                                  area->id, window->from_min, window->to_min);
    return TRUE;
}

/* Windows and limit come from the nearest area that states them. */
static gboolean
inherit_rules(SchedIndexArea *area, GError **error)
{
    const SchedIndexArea *up = area;
    gint64 limit_min = -1;

    area->windows = area->source->windows;
    for (guint depth = 0; up != NULL; depth++, up = up->parent) {
        if (depth == SCHED_MAX_AREA_DEPTH)
            return sched_index_refuse(error, "area %s: lies in a circle, or deeper than %d",
                                      area->source->id, SCHED_MAX_AREA_DEPTH);
        if (area->windows->len == 0)
            area->windows = up->source->windows;
        if (limit_min < 0)
            limit_min = up->source->daily_limit_min;
    }
    area->limit_us = (limit_min < 0 ? DAY_MIN : limit_min) * 60 * G_USEC_PER_SEC;
    return TRUE;
}

static gboolean
join_areas(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->areas->len; i++) {
        const SchedArea *source = g_ptr_array_index(snapshot->areas, i);
        SchedIndexArea *area = g_hash_table_lookup(self->areas, source->id);

        if (source->parent == NULL)
            continue;
        area->parent = g_hash_table_lookup(self->areas, source->parent);
        if (area->parent == NULL)
            return sched_index_refuse(error, "area %s: unknown parent \"%s\"", source->id,
                                      source->parent);
    }
    for (guint i = 0; i < snapshot->areas->len; i++) {
        const SchedArea *source = g_ptr_array_index(snapshot->areas, i);

        if (!inherit_rules(g_hash_table_lookup(self->areas, source->id), error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_index_add_areas(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->areas->len; i++) {
        const SchedArea *source = g_ptr_array_index(snapshot->areas, i);
        SchedIndexArea *area;

        if (!sched_index_check_new(self->areas, "area", source->id, error))
            return FALSE;
        for (guint j = 0; j < source->windows->len; j++) {
            if (!check_window(source, g_ptr_array_index(source->windows, j), error))
                return FALSE;
        }
        if (source->daily_limit_min < -1 || source->daily_limit_min > DAY_MIN)
            return sched_index_refuse(error, "area %s: daily limit out of range", source->id);
        area = g_new0(SchedIndexArea, 1);
        area->source = source;
        area->zones = g_ptr_array_new();
        g_hash_table_insert(self->areas, source->id, area);
    }
    return join_areas(self, snapshot, error);
}

gboolean
sched_index_add_stations(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->stations->len; i++) {
        const SchedStation *source = g_ptr_array_index(snapshot->stations, i);
        const SchedIndexArea *area;
        SchedIndexStation *station;
        SchedCalendar *calendar;

        if (!sched_index_check_new(self->stations, "station", source->id, error))
            return FALSE;
        area = source->area == NULL ? NULL : g_hash_table_lookup(self->areas, source->area);
        if (area == NULL)
            return sched_index_refuse(error, "station %s: unknown area \"%s\"", source->id,
                                      source->area);
        calendar = sched_index_calendar(self, source->tzid, source->id, error);
        if (calendar == NULL)
            return FALSE;
        station = g_new0(SchedIndexStation, 1);
        station->source = source;
        station->area = area;
        station->calendar = calendar;
        station->zones = g_ptr_array_new_with_free_func(g_free);
        station->outputs = g_ptr_array_new();
        station->slots = g_array_new(FALSE, FALSE, sizeof(SchedStationSlot));
        g_hash_table_insert(self->stations, source->id, station);
    }
    return TRUE;
}

static gboolean
take_languages(SchedIndex *self, SchedIndexZone *zone, GError **error)
{
    const GPtrArray *languages = zone->source->languages;

    if (languages->len == 0 || languages->len > SCHED_MAX_ZONE_LANGUAGES)
        return sched_index_refuse(error, "zone %s: needs 1 to %d languages", zone->source->id,
                                  SCHED_MAX_ZONE_LANGUAGES);
    for (guint i = 0; i < languages->len; i++) {
        const char *tag = g_ptr_array_index(languages, i);

        if (!content_language_tag_is_valid(tag))
            return sched_index_refuse(error, "zone %s: unknown language \"%s\"",
                                      zone->source->id, tag);
        zone->tongues[zone->n_tongues++] = sched_index_tongue(self, tag);
    }
    return TRUE;
}

static gboolean
add_zone(SchedIndex *self, const SchedZone *source, GError **error)
{
    SchedIndexStation *station =
        source->station == NULL ? NULL : g_hash_table_lookup(self->stations, source->station);
    SchedIndexArea *village =
        source->village == NULL ? NULL : g_hash_table_lookup(self->areas, source->village);
    g_autofree char *key = g_strdup_printf("%s/%s", source->station, source->id);
    SchedIndexZone *zone;

    if (station == NULL || village == NULL || !content_id_is_valid(source->output) ||
        !content_id_is_valid(source->id))
        return sched_index_refuse(error, "zone %s: no valid id, station, village or output",
                                  key);
    if (g_hash_table_contains(self->zones, key))
        return sched_index_refuse(error, "zone %s: there twice", key);
    if (station->zones->len == SCHED_MAX_STATION_ZONES)
        return sched_index_refuse(error, "station %s: more than %d zones", source->station,
                                  SCHED_MAX_STATION_ZONES);
    zone = g_new0(SchedIndexZone, 1);
    g_ptr_array_add(station->zones, zone);
    g_hash_table_insert(self->zones, g_steal_pointer(&key), zone);
    zone->source = source;
    zone->station = station;
    zone->village = village;
    zone->is_usable = source->is_known || !station->source->has_inventory;
    zone->switch_us = CLAMP(source->switch_ms, 0, MAX_SWITCH_MS) * 1000;
    if (zone->switch_us == 0)
        zone->switch_us = DEFAULT_SWITCH_MS * 1000;
    for (const SchedIndexArea *up = village; up != NULL; up = up->parent)
        g_ptr_array_add(up->zones, zone);
    return take_languages(self, zone, error);
}

static gint
compare_zones(gconstpointer a, gconstpointer b)
{
    const SchedIndexZone *const *zone_a = a;
    const SchedIndexZone *const *zone_b = b;

    return strcmp((*zone_a)->source->id, (*zone_b)->source->id);
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static guint
output_number(const SchedIndexStation *station, const char *output)
{
    guint number = 0;

    while (number < station->outputs->len &&
           strcmp(g_ptr_array_index(station->outputs, number), output) != 0)
        number++;
    return number;
}

/* Zones and outputs get their numbers once all are there. */
static void
number_zones(SchedIndexStation *station)
{
    g_ptr_array_sort(station->zones, compare_zones);
    for (guint i = 0; i < station->zones->len; i++) {
        SchedIndexZone *zone = g_ptr_array_index(station->zones, i);

        zone->number = i;
        if (output_number(station, zone->source->output) == station->outputs->len)
            g_ptr_array_add(station->outputs, zone->source->output);
    }
    g_ptr_array_sort(station->outputs, compare_texts);
    station->output_zones = g_new0(SchedZoneSet, station->outputs->len);
    for (guint i = 0; i < station->zones->len; i++) {
        SchedIndexZone *zone = g_ptr_array_index(station->zones, i);

        zone->output = output_number(station, zone->source->output);
        sched_zone_set_add(&station->output_zones[zone->output], i);
    }
}

gboolean
sched_index_add_zones(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    GHashTableIter iter;
    gpointer station;

    for (guint i = 0; i < snapshot->zones->len; i++) {
        if (!add_zone(self, g_ptr_array_index(snapshot->zones, i), error))
            return FALSE;
    }
    g_hash_table_iter_init(&iter, self->stations);
    while (g_hash_table_iter_next(&iter, NULL, &station))
        number_zones(station);
    return TRUE;
}
