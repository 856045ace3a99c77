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
    g_clear_pointer(&area->own_windows, g_ptr_array_unref);
    g_clear_pointer(&area->specials, g_ptr_array_unref);
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
    g_array_unref(station->quiets);
    g_ptr_array_unref(station->make_ups);
    g_free(station);
}

static gboolean
check_window(const SchedArea *area, const ContentWindow *window, GError **error)
{
    if (window->from_min < 0 || window->from_min >= window->to_min ||
        window->to_min > DAY_MIN || window->weekdays <= 0 || window->weekdays > 127 ||
        window->class_ < 0 || window->class_ > CONTENT_CLASS_KHAN_CAP) {
        g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, window->from_min);
        g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, window->to_min);

        return sched_index_spoilt(error, "plan_window", area->id, "from", from, "to", to, NULL);
    }
    return TRUE;
}

/* Most areas state none: an array each would be most of what an index allocates. */
static const GPtrArray no_windows;

/* Windows and limit come from the nearest area that states them. */
static void
inherit_rules(SchedIndexArea *area)
{
    gboolean has_windows = FALSE;
    gint64 limit_min = -1;

    for (const SchedIndexArea *up = area; up != NULL; up = up->parent) {
        /* One that stated only windows that break a rule is silent: it does not ask above. */
        if (!has_windows)
            area->windows = up->own_windows != NULL ? up->own_windows : &no_windows;
        has_windows = has_windows || up->source->windows->len > 0;
        if (limit_min < 0)
            limit_min = up->limit_min;
    }
    area->limit_us = (limit_min < 0 ? DAY_MIN : limit_min) * 60 * G_USEC_PER_SEC;
}

/* The way up is there, and ends. */
static gboolean
check_way_up(SchedIndex *self, const SchedIndexArea *area, GError **error)
{
    const SchedArea *at = area->source;

    for (guint depth = 1; at->parent != NULL; depth++) {
        const SchedIndexArea *up = g_hash_table_lookup(self->areas, at->parent);

        if (up == NULL && at == area->source)
            return sched_index_spoilt(error, "plan_parent", at->id, "parent", at->parent, NULL);
        if (up == NULL)
            return sched_index_spoilt(error, "plan_parent_above", area->source->id, "parent",
                                      at->parent, "area", at->id, NULL);
        if (depth == SCHED_MAX_AREA_DEPTH)
            return sched_index_spoilt(error, "plan_circle", area->source->id, "count",
                                      G_STRINGIFY(SCHED_MAX_AREA_DEPTH), NULL);
        at = up->source;
    }
    return TRUE;
}

/* All are judged before the first is taken away: each then names the root of its trouble. */
static void
join_areas(SchedIndex *self)
{
    g_autoptr(GPtrArray) bad = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, self->areas);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        SchedIndexArea *area = value;
        const SchedArea *source = area->source;
        GError *error = NULL;

        if (source->parent != NULL)
            area->parent = g_hash_table_lookup(self->areas, source->parent);
        if (check_way_up(self, area, &error))
            continue;
        sched_index_leave_out(self, "area", source->id, source->id, error);
        g_ptr_array_add(bad, source->id);
    }
    for (guint i = 0; i < bad->len; i++)
        g_hash_table_remove(self->areas, g_ptr_array_index(bad, i));
    g_hash_table_iter_init(&iter, self->areas);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        inherit_rules(value);
}

/* Its windows that are in order, and its limit; what is not in order allows nothing. */
static void
take_rules(SchedIndex *self, SchedIndexArea *area)
{
    const SchedArea *source = area->source;
    GError *error = NULL;

    for (guint i = 0; i < source->windows->len; i++) {
        ContentWindow *window = g_ptr_array_index(source->windows, i);

        if (area->own_windows == NULL)
            area->own_windows = g_ptr_array_new();
        if (check_window(source, window, &error))
            g_ptr_array_add(area->own_windows, window);
        else
            sched_index_leave_out(self, "area", source->id, source->id,
                                  g_steal_pointer(&error));
    }
    area->limit_min = source->daily_limit_min;
    if (source->daily_limit_min >= -1 && source->daily_limit_min <= DAY_MIN)
        return;
    area->limit_min = 0;
    sched_index_spoilt(&error, "plan_limit", source->id, NULL);
    sched_index_leave_out(self, "area", source->id, source->id, error);
}

void
sched_index_add_areas(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->areas->len; i++) {
        const SchedArea *source = g_ptr_array_index(snapshot->areas, i);
        SchedIndexArea *area;
        GError *error = NULL;

        if (!sched_index_check_new(self->areas, "area", source->id, &error)) {
            sched_index_leave_out(self, "area", source->id, source->id, error);
            continue;
        }
        area = g_new0(SchedIndexArea, 1);
        area->source = source;
        area->zones = g_ptr_array_new();
        g_hash_table_insert(self->areas, source->id, area);
        take_rules(self, area);
    }
    join_areas(self);
}

static gboolean
add_station(SchedIndex *self, const SchedStation *source, GError **error)
{
    const SchedIndexArea *area;
    SchedIndexStation *station;
    SchedCalendar *calendar;

    if (!sched_index_check_new(self->stations, "station", source->id, error))
        return FALSE;
    area = source->area == NULL ? NULL : g_hash_table_lookup(self->areas, source->area);
    if (area == NULL)
        return sched_index_spoilt(error, "plan_station_area", source->id, "area", source->area,
                                  NULL);
    calendar = sched_index_calendar(self, source->tzid, "station", source->id, error);
    if (calendar == NULL)
        return FALSE;
    station = g_new0(SchedIndexStation, 1);
    station->source = source;
    station->area = area;
    station->calendar = calendar;
    station->zones = g_ptr_array_new_with_free_func(g_free);
    station->outputs = g_ptr_array_new();
    station->slots = g_array_new(FALSE, FALSE, sizeof(SchedStationSlot));
    station->make_ups = g_ptr_array_new();
    station->quiets = g_array_new(FALSE, FALSE, sizeof(SchedStationQuiet));
    g_hash_table_insert(self->stations, source->id, station);
    return TRUE;
}

void
sched_index_add_stations(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->stations->len; i++) {
        const SchedStation *source = g_ptr_array_index(snapshot->stations, i);
        GError *error = NULL;

        if (add_station(self, source, &error))
            continue;
        if (source->id != NULL && !g_hash_table_contains(self->stations, source->id))
            g_hash_table_insert(self->left_stations, source->id, g_strdup(error->message));
        sched_index_leave_out(self, "station", source->id, source->area, error);
    }
}

static gboolean
check_languages(const SchedZone *zone, const char *key, GError **error)
{
    const GPtrArray *languages = zone->languages;

    if (languages->len == 0 || languages->len > SCHED_MAX_ZONE_LANGUAGES)
        return sched_index_spoilt(error, "plan_zone_languages", key, "count",
                                  G_STRINGIFY(SCHED_MAX_ZONE_LANGUAGES), NULL);
    for (guint i = 0; i < languages->len; i++) {
        const char *tag = g_ptr_array_index(languages, i);

        if (!content_language_tag_is_valid(tag))
            return sched_index_spoilt(error, "plan_zone_language", key, "language", tag, NULL);
    }
    return TRUE;
}

static gboolean
check_zone(SchedIndex *self, const SchedZone *source, const char *key,
           const SchedIndexStation *station, GError **error)
{
    if (station == NULL)
        return sched_index_spoilt(error, "plan_zone_station", key, NULL);
    if (!content_id_is_valid(source->id) || !content_id_is_valid(source->output))
        return sched_index_spoilt(error, "plan_zone_id", key, NULL);
    if (source->village == NULL || !g_hash_table_contains(self->areas, source->village))
        return sched_index_spoilt(error, "plan_zone_village", key, "village",
                                  source->village == NULL ? "" : source->village, NULL);
    if (g_hash_table_contains(self->zones, key))
        return sched_index_spoilt(error, "plan_zone_twice", key, NULL);
    if (station->zones->len == SCHED_MAX_STATION_ZONES)
        return sched_index_spoilt(error, "plan_zones", key, "station", source->station, "count",
                                  G_STRINGIFY(SCHED_MAX_STATION_ZONES), NULL);
    return check_languages(source, key, error);
}

static gboolean
add_zone(SchedIndex *self, const SchedZone *source, GError **error)
{
    SchedIndexStation *station =
        source->station == NULL ? NULL : g_hash_table_lookup(self->stations, source->station);
    g_autofree char *key = g_strdup_printf("%s/%s", source->station, source->id);
    SchedIndexZone *zone;

    if (!check_zone(self, source, key, station, error))
        return FALSE;
    zone = g_new0(SchedIndexZone, 1);
    g_ptr_array_add(station->zones, zone);
    g_hash_table_insert(self->zones, g_steal_pointer(&key), zone);
    zone->source = source;
    zone->station = station;
    zone->village = g_hash_table_lookup(self->areas, source->village);
    zone->is_usable = source->is_known || !station->source->has_inventory;
    zone->switch_us = CLAMP(source->switch_ms, 0, MAX_SWITCH_MS) * 1000;
    if (zone->switch_us == 0)
        zone->switch_us = DEFAULT_SWITCH_MS * 1000;
    for (const SchedIndexArea *up = zone->village; up != NULL; up = up->parent)
        g_ptr_array_add(up->zones, zone);
    for (guint i = 0; i < source->languages->len; i++)
        zone->tongues[zone->n_tongues++] =
            sched_index_tongue(self, g_ptr_array_index(source->languages, i));
    return TRUE;
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

/* Zones of a station that was left out are not named one by one: it was. */
static gboolean
is_of_left_station(SchedIndex *self, const SchedZone *zone)
{
    return zone->station != NULL && g_hash_table_contains(self->left_stations, zone->station);
}

void
sched_index_add_zones(SchedIndex *self, const SchedSnapshot *snapshot)
{
    GHashTableIter iter;
    gpointer station;

    for (guint i = 0; i < snapshot->zones->len; i++) {
        const SchedZone *source = g_ptr_array_index(snapshot->zones, i);
        GError *error = NULL;

        if (is_of_left_station(self, source) || add_zone(self, source, &error))
            continue;
        sched_index_leave_out(self, "zone", source->id, source->village, error);
    }
    g_hash_table_iter_init(&iter, self->stations);
    while (g_hash_table_iter_next(&iter, NULL, &station))
        number_zones(station);
}
