/* index.c - see index.h */
#include "scheduler/plan/index.h"

#include "content/base/id.h"
#include "content/language.h"
#include "content/plan.h"
#include "scheduler/plan/recurrence.h"

#include <string.h>

/* Used until the gateway has said how fast it switches; most boards need less. */
#define DEFAULT_SWITCH_MS 500
/* A slower board is a fault of its own; the plan does not grow without bound for it. */
#define MAX_SWITCH_MS 60000
#define DAY_MIN       1440

G_DEFINE_QUARK(SchedIndexError, sched_index_error)

struct SchedIndex {
    GHashTable *tags;          /* (owned): tag -> number */
    GHashTable *areas;         /* (owned): id -> SchedIndexArea */
    GHashTable *stations;      /* (owned): id -> SchedIndexStation */
    GHashTable *zones;         /* (owned): "station/zone" -> SchedIndexZone */
    GHashTable *announcements; /* (owned): id -> SchedIndexAnnouncement */
    GHashTable *playlists;     /* (owned): id -> SchedIndexPlaylist */
    GHashTable *slots;         /* (owned): id -> SchedIndexSlot */
    GHashTable *calendars;     /* (owned): tzid -> SchedCalendar */
};

G_GNUC_PRINTF(2, 3)
static gboolean
refuse(GError **error, const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list arguments;

    va_start(arguments, format);
    words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID, words);
    return FALSE;
}

static void
area_free(gpointer data)
{
    SchedIndexArea *area = data;

    g_ptr_array_unref(area->zones);
    g_free(area);
}

static void
station_free(gpointer data)
{
    SchedIndexStation *station = data;

    g_ptr_array_unref(station->zones);
    g_ptr_array_unref(station->outputs);
    g_free(station->output_zones);
    g_array_unref(station->slots);
    g_free(station);
}

static void
announcement_free(gpointer data)
{
    SchedIndexAnnouncement *announcement = data;

    for (guint i = 0; i < announcement->n_versions; i++)
        g_ptr_array_unref(announcement->versions[i].areas);
    g_free(announcement->versions);
    g_free(announcement);
}

static void
playlist_free(gpointer data)
{
    SchedIndexPlaylist *playlist = data;

    g_free(playlist->items);
    g_free(playlist);
}

static void
slot_free(gpointer data)
{
    SchedIndexSlot *slot = data;

    g_clear_pointer(&slot->overrides, g_hash_table_unref);
    g_clear_pointer(&slot->days, g_array_unref);
    g_free(slot);
}

/* The id is checked and not there yet. */
static gboolean
check_new(GHashTable *table, const char *kind, const char *id, GError **error)
{
    if (!content_id_is_valid(id))
        return refuse(error, "%s \"%s\": not a valid id", kind, id == NULL ? "" : id);
    if (g_hash_table_contains(table, id))
        return refuse(error, "%s %s: there twice", kind, id);
    return TRUE;
}

static SchedTongue
tongue_of(SchedIndex *self, const char *tag)
{
    g_autofree char *base = tag == NULL ? NULL : content_language_base(tag);
    const char *names[] = {tag, base};
    guint numbers[2] = {0, 0};

    for (guint i = 0; i < 2 && names[i] != NULL; i++) {
        numbers[i] = GPOINTER_TO_UINT(g_hash_table_lookup(self->tags, names[i]));
        if (numbers[i] == 0) {
            numbers[i] = g_hash_table_size(self->tags) + 1;
            g_hash_table_insert(self->tags, g_strdup(names[i]), GUINT_TO_POINTER(numbers[i]));
        }
    }
    return (SchedTongue){numbers[0], numbers[1]};
}

static SchedCalendar *
calendar_of(SchedIndex *self, const char *tzid, const char *whose, GError **error)
{
    SchedCalendar *calendar = g_hash_table_lookup(self->calendars, tzid);

    if (calendar == NULL) {
        calendar = sched_calendar_new(tzid);
        if (calendar != NULL)
            g_hash_table_insert(self->calendars, g_strdup(tzid), calendar);
    }
    if (calendar == NULL)
        refuse(error, "%s: unknown time zone \"%s\"", whose, tzid);
    return calendar;
}

static gboolean
check_window(const SchedArea *area, const ContentWindow *window, GError **error)
{
    if (window->from_min < 0 || window->from_min >= window->to_min ||
        window->to_min > DAY_MIN || window->weekdays <= 0 || window->weekdays > 127 ||
        window->class_ < 0 || window->class_ > CONTENT_CLASS_KHAN_CAP)
        return refuse(error,
                      "area %s: a window from minute %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                      " on no such days",
                      area->id, window->from_min, window->to_min);
    return TRUE;
}

static gboolean
add_areas(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->areas->len; i++) {
        const SchedArea *source = g_ptr_array_index(snapshot->areas, i);
        SchedIndexArea *area;

        if (!check_new(self->areas, "area", source->id, error))
            return FALSE;
        for (guint j = 0; j < source->windows->len; j++) {
            if (!check_window(source, g_ptr_array_index(source->windows, j), error))
                return FALSE;
        }
        if (source->daily_limit_min < -1 || source->daily_limit_min > DAY_MIN)
            return refuse(error, "area %s: daily limit out of range", source->id);
        area = g_new0(SchedIndexArea, 1);
        area->source = source;
        area->zones = g_ptr_array_new();
        g_hash_table_insert(self->areas, source->id, area);
    }
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
            return refuse(error, "area %s: lies in a circle, or deeper than %d",
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
            return refuse(error, "area %s: unknown parent \"%s\"", source->id, source->parent);
    }
    for (guint i = 0; i < snapshot->areas->len; i++) {
        const SchedArea *source = g_ptr_array_index(snapshot->areas, i);

        if (!inherit_rules(g_hash_table_lookup(self->areas, source->id), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_stations(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->stations->len; i++) {
        const SchedStation *source = g_ptr_array_index(snapshot->stations, i);
        const SchedIndexArea *area;
        SchedIndexStation *station;
        SchedCalendar *calendar;

        if (!check_new(self->stations, "station", source->id, error))
            return FALSE;
        area = source->area == NULL ? NULL : g_hash_table_lookup(self->areas, source->area);
        if (area == NULL)
            return refuse(error, "station %s: unknown area \"%s\"", source->id, source->area);
        calendar = calendar_of(self, source->tzid, source->id, error);
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
        return refuse(error, "zone %s: needs 1 to %d languages", zone->source->id,
                      SCHED_MAX_ZONE_LANGUAGES);
    for (guint i = 0; i < languages->len; i++) {
        const char *tag = g_ptr_array_index(languages, i);

        if (!content_language_tag_is_valid(tag))
            return refuse(error, "zone %s: unknown language \"%s\"", zone->source->id, tag);
        zone->tongues[zone->n_tongues++] = tongue_of(self, tag);
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
        return refuse(error, "zone %s: no valid id, station, village or output", key);
    if (g_hash_table_contains(self->zones, key))
        return refuse(error, "zone %s: there twice", key);
    if (station->zones->len == SCHED_MAX_STATION_ZONES)
        return refuse(error, "station %s: more than %d zones", source->station,
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

static gboolean
add_zones(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
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

static gboolean
check_version(const SchedAnnouncement *source, const SchedVersion *version, GError **error)
{
    const char *id = source->id;

    if (version->language != NULL && !content_language_tag_is_valid(version->language))
        return refuse(error, "announcement %s: unknown language \"%s\"", id, version->language);
    if (version->object == NULL || strlen(version->object) != 64 || version->approval == NULL ||
        strlen(version->approval) != 64)
        return refuse(error, "announcement %s: a version without audio or approval", id);
    if (version->duration_us <= 0 || version->duration_us > CONTENT_PLAN_MAX_SEGMENT_US)
        return refuse(error, "announcement %s: a version of impossible length", id);
    return TRUE;
}

static gboolean
fill_version(SchedIndex *self, SchedIndexAnnouncement *announcement, guint i, GError **error)
{
    const SchedVersion *source = g_ptr_array_index(announcement->source->versions, i);
    SchedIndexVersion *version = &announcement->versions[i];

    version->areas = g_ptr_array_new();
    version->source = source;
    announcement->n_versions = i + 1;
    if (!check_version(announcement->source, source, error))
        return FALSE;
    version->tongue = tongue_of(self, source->language);
    for (guint j = 0; j < i; j++) {
        if (announcement->versions[j].tongue.tag == version->tongue.tag)
            return refuse(error, "announcement %s: two versions in one language",
                          announcement->source->id);
    }
    for (guint j = 0; j < source->areas->len; j++) {
        gpointer area = g_hash_table_lookup(self->areas, g_ptr_array_index(source->areas, j));

        if (area != NULL)
            g_ptr_array_add(version->areas, area);
    }
    return TRUE;
}

static gboolean
add_announcements(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->announcements->len; i++) {
        const SchedAnnouncement *source = g_ptr_array_index(snapshot->announcements, i);
        SchedIndexAnnouncement *announcement;

        if (!check_new(self->announcements, "announcement", source->id, error))
            return FALSE;
        if (source->versions->len > SCHED_MAX_VERSIONS)
            return refuse(error, "announcement %s: more than %d versions", source->id,
                          SCHED_MAX_VERSIONS);
        announcement = g_new0(SchedIndexAnnouncement, 1);
        announcement->source = source;
        announcement->versions = g_new0(SchedIndexVersion, source->versions->len);
        g_hash_table_insert(self->announcements, source->id, announcement);
        for (guint j = 0; j < source->versions->len; j++) {
            if (!fill_version(self, announcement, j, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_item(const SchedPlaylist *playlist, const SchedItem *item, GError **error)
{
    if (!content_id_is_valid(item->id))
        return refuse(error, "playlist %s: an item without a valid id", playlist->id);
    if (item->kind != SCHED_PLAN_ITEM_PAUSE && item->announcement == NULL)
        return refuse(error, "item %s: names no announcement", item->id);
    if (item->times < 1 || item->times > SCHED_MAX_TIMES)
        return refuse(error, "item %s: sounds 1 to %d times", item->id, SCHED_MAX_TIMES);
    if (item->pause_ms < 0 || item->pause_ms > SCHED_MAX_PAUSE_MS)
        return refuse(error, "item %s: pause out of range", item->id);
    return TRUE;
}

static gboolean
add_playlist(SchedIndex *self, const SchedPlaylist *source, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    SchedIndexPlaylist *playlist;

    if (!check_new(self->playlists, "playlist", source->id, error))
        return FALSE;
    if (source->items->len > SCHED_MAX_ITEMS)
        return refuse(error, "playlist %s: more than %d items", source->id, SCHED_MAX_ITEMS);
    playlist = g_new0(SchedIndexPlaylist, 1);
    playlist->source = source;
    playlist->n_items = source->items->len;
    playlist->items = g_new0(SchedIndexItem, source->items->len);
    g_hash_table_insert(self->playlists, source->id, playlist);
    for (guint i = 0; i < source->items->len; i++) {
        const SchedItem *item = g_ptr_array_index(source->items, i);
        SchedIndexItem *compiled = &playlist->items[i];

        if (!check_item(source, item, error))
            return FALSE;
        if (!g_hash_table_add(ids, item->id))
            return refuse(error, "playlist %s: item %s is there twice", source->id, item->id);
        compiled->source = item;
        compiled->first_counter = playlist->n_counters;
        if (item->announcement != NULL)
            compiled->announcement =
                g_hash_table_lookup(self->announcements, item->announcement);
        if (compiled->announcement != NULL)
            playlist->n_counters += compiled->announcement->n_versions;
    }
    return TRUE;
}

static gboolean
add_playlists(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->playlists->len; i++) {
        if (!add_playlist(self, g_ptr_array_index(snapshot->playlists, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_slot(const SchedSlot *slot, GError **error)
{
    g_autoptr(GError) rule_error = NULL;

    if (strlen(slot->id) > SCHED_MAX_SLOT_ID_BYTES)
        return refuse(error, "slot %s: id longer than %d", slot->id, SCHED_MAX_SLOT_ID_BYTES);
    if (slot->start_s < 0 || slot->start_s >= SCHED_DAY_S || slot->length_s < 0)
        return refuse(error, "slot %s: start or length out of range", slot->id);
    if (slot->class_ != CONTENT_CLASS_THONG_THUONG && slot->class_ != CONTENT_CLASS_UU_TIEN)
        return refuse(error, "slot %s: only alerts are khan_cap", slot->id);
    if (slot->gain_mdb > 0)
        return refuse(error, "slot %s: louder than the recording", slot->id);
    if (slot->added_days->len > SCHED_MAX_EXTRA_DAYS ||
        slot->removed_days->len > SCHED_MAX_EXTRA_DAYS)
        return refuse(error, "slot %s: more than %d added or removed dates", slot->id,
                      SCHED_MAX_EXTRA_DAYS);
    if (!sched_recurrence_check(slot->rule, &rule_error))
        return refuse(error, "slot %s: %s", slot->id, rule_error->message);
    return TRUE;
}

static void
add_to_station(SchedIndexSlot *slot, const SchedIndexZone *zone)
{
    GArray *slots = zone->station->slots;
    SchedStationSlot *last =
        slots->len == 0 ? NULL : &g_array_index(slots, SchedStationSlot, slots->len - 1);
    SchedStationSlot fresh = {slot, {{0}}, G_MAXINT64};

    /* Slots are added one after the other, so this one's entry can only be the last. */
    if (last == NULL || last->slot != slot) {
        g_array_append_val(slots, fresh);
        last = &g_array_index(slots, SchedStationSlot, slots->len - 1);
    }
    sched_zone_set_add(&last->zones, zone->number);
}

static void
aim_slot(SchedIndex *self, SchedIndexSlot *slot)
{
    const SchedSlot *source = slot->source;

    for (guint i = 0; i < source->areas->len; i++) {
        const SchedIndexArea *area =
            g_hash_table_lookup(self->areas, g_ptr_array_index(source->areas, i));

        for (guint j = 0; area != NULL && j < area->zones->len; j++)
            add_to_station(slot, g_ptr_array_index(area->zones, j));
    }
    for (guint i = 0; i < source->zones->len; i++) {
        const SchedIndexZone *zone =
            g_hash_table_lookup(self->zones, g_ptr_array_index(source->zones, i));

        if (zone != NULL)
            add_to_station(slot, zone);
    }
}

static gboolean
add_slots(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->slots->len; i++) {
        const SchedSlot *source = g_ptr_array_index(snapshot->slots, i);
        SchedIndexSlot *slot;

        if (!check_new(self->slots, "slot", source->id, error) || !check_slot(source, error))
            return FALSE;
        slot = g_new0(SchedIndexSlot, 1);
        slot->source = source;
        g_hash_table_insert(self->slots, source->id, slot);
        slot->playlist = source->playlist == NULL
                             ? NULL
                             : g_hash_table_lookup(self->playlists, source->playlist);
        if (slot->playlist == NULL)
            return refuse(error, "slot %s: unknown playlist \"%s\"", source->id,
                          source->playlist);
        slot->calendar = calendar_of(self, source->tzid, source->id, error);
        if (slot->calendar == NULL)
            return FALSE;
        aim_slot(self, slot);
    }
    return TRUE;
}

static gboolean
add_overrides(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->overrides->len; i++) {
        SchedOverride *source = g_ptr_array_index(snapshot->overrides, i);
        SchedIndexSlot *slot =
            source->slot == NULL ? NULL : g_hash_table_lookup(self->slots, source->slot);

        if (slot == NULL || (source->playlist != NULL && !source->is_approved))
            continue;
        if (source->playlist != NULL &&
            !g_hash_table_contains(self->playlists, source->playlist))
            return refuse(error, "override of slot %s: unknown playlist \"%s\"", source->slot,
                          source->playlist);
        if (slot->overrides == NULL)
            slot->overrides = g_hash_table_new(g_direct_hash, g_direct_equal);
        g_hash_table_insert(slot->overrides, GINT_TO_POINTER(source->day), source);
    }
    return TRUE;
}

/* The choice recorded nearest to the station decides. */
static gint64
rank_of(GHashTable *choices, const SchedIndexStation *station, const char *slot)
{
    for (const SchedIndexArea *area = station->area; area != NULL; area = area->parent) {
        g_autofree char *key = g_strdup_printf("%s\n%s", area->source->id, slot);
        const SchedChoice *choice = g_hash_table_lookup(choices, key);

        if (choice != NULL)
            return choice->rank;
    }
    return G_MAXINT64;
}

static void
add_choices(SchedIndex *self, const SchedSnapshot *snapshot)
{
    g_autoptr(GHashTable) choices =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer value;

    if (snapshot->choices->len == 0)
        return;
    for (guint i = 0; i < snapshot->choices->len; i++) {
        SchedChoice *choice = g_ptr_array_index(snapshot->choices, i);

        g_hash_table_insert(choices, g_strdup_printf("%s\n%s", choice->area, choice->slot),
                            choice);
    }
    g_hash_table_iter_init(&iter, self->stations);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        SchedIndexStation *station = value;

        for (guint i = 0; i < station->slots->len; i++) {
            SchedStationSlot *slot = &g_array_index(station->slots, SchedStationSlot, i);

            slot->rank = rank_of(choices, station, slot->slot->source->id);
        }
    }
}

static GHashTable *
table_new(GDestroyNotify free_value)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_value);
}

SchedIndex *
sched_index_new(const SchedSnapshot *snapshot, GError **error)
{
    g_autoptr(SchedIndex) self = g_new0(SchedIndex, 1);

    self->tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->calendars = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) sched_calendar_free);
    self->areas = table_new(area_free);
    self->stations = table_new(station_free);
    self->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->announcements = table_new(announcement_free);
    self->playlists = table_new(playlist_free);
    self->slots = table_new(slot_free);
    if (!add_areas(self, snapshot, error) || !join_areas(self, snapshot, error) ||
        !add_stations(self, snapshot, error) || !add_zones(self, snapshot, error) ||
        !add_announcements(self, snapshot, error) || !add_playlists(self, snapshot, error) ||
        !add_slots(self, snapshot, error) || !add_overrides(self, snapshot, error))
        return NULL;
    add_choices(self, snapshot);
    return g_steal_pointer(&self);
}

void
sched_index_free(SchedIndex *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->slots);
    g_hash_table_unref(self->playlists);
    g_hash_table_unref(self->announcements);
    g_hash_table_unref(self->zones);
    g_hash_table_unref(self->stations);
    g_hash_table_unref(self->areas);
    g_hash_table_unref(self->calendars);
    g_hash_table_unref(self->tags);
    g_free(self);
}

SchedIndexStation *
sched_index_station(SchedIndex *self, const char *id)
{
    return g_hash_table_lookup(self->stations, id);
}

const SchedIndexArea *
sched_index_area(SchedIndex *self, const char *id)
{
    return g_hash_table_lookup(self->areas, id);
}

const SchedIndexPlaylist *
sched_index_playlist(SchedIndex *self, const char *id)
{
    return g_hash_table_lookup(self->playlists, id);
}

static gboolean
holds_announcement(const SchedIndexPlaylist *playlist, const char *announcement)
{
    for (guint i = 0; i < playlist->n_items; i++) {
        if (g_strcmp0(playlist->items[i].source->announcement, announcement) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
slot_holds_announcement(SchedIndex *self, const SchedIndexSlot *slot, const char *announcement)
{
    GHashTableIter iter;
    gpointer value;

    if (holds_announcement(slot->playlist, announcement))
        return TRUE;
    if (slot->overrides == NULL)
        return FALSE;
    g_hash_table_iter_init(&iter, slot->overrides);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const SchedOverride *override = value;

        if (override->playlist != NULL &&
            holds_announcement(sched_index_playlist(self, override->playlist), announcement))
            return TRUE;
    }
    return FALSE;
}

/* Stations with a slot among @slots (set of SchedIndexSlot). */
static GPtrArray *
stations_of(SchedIndex *self, GHashTable *slots)
{
    GPtrArray *stations = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, self->stations);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const SchedIndexStation *station = value;
        gboolean is_concerned = FALSE;

        for (guint i = 0; i < station->slots->len && !is_concerned; i++)
            is_concerned =
                g_hash_table_contains(slots,
                                      g_array_index(station->slots, SchedStationSlot, i).slot);
        if (is_concerned)
            g_ptr_array_add(stations, station->source->id);
    }
    g_ptr_array_sort(stations, compare_texts);
    return stations;
}

GPtrArray *
sched_index_slot_stations(SchedIndex *self, const char *slot)
{
    g_autoptr(GHashTable) slots = g_hash_table_new(NULL, NULL);
    gpointer found = g_hash_table_lookup(self->slots, slot);

    if (found != NULL)
        g_hash_table_add(slots, found);
    return stations_of(self, slots);
}

GPtrArray *
sched_index_announcement_stations(SchedIndex *self, const char *announcement)
{
    g_autoptr(GHashTable) slots = g_hash_table_new(NULL, NULL);
    GHashTableIter iter;
    gpointer slot;

    g_hash_table_iter_init(&iter, self->slots);
    while (g_hash_table_iter_next(&iter, NULL, &slot)) {
        if (slot_holds_announcement(self, slot, announcement))
            g_hash_table_add(slots, slot);
    }
    return stations_of(self, slots);
}

gboolean
sched_area_is_within(const SchedIndexArea *area, const SchedIndexArea *top)
{
    while (area != NULL && area != top)
        area = area->parent;
    return area != NULL;
}

static gboolean
same_window(gconstpointer a, gconstpointer b)
{
    const ContentWindow *window_a = a;
    const ContentWindow *window_b = b;

    return window_a->class_ == window_b->class_ && window_a->weekdays == window_b->weekdays &&
           window_a->from_min == window_b->from_min && window_a->to_min == window_b->to_min;
}

GPtrArray *
sched_station_windows(const SchedIndexStation *station)
{
    GPtrArray *windows = g_ptr_array_new();

    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, i);

        for (guint j = 0; j < zone->village->windows->len; j++) {
            gpointer window = g_ptr_array_index(zone->village->windows, j);

            if (!g_ptr_array_find_with_equal_func(windows, window, same_window, NULL))
                g_ptr_array_add(windows, window);
        }
    }
    return windows;
}

gint64
sched_station_daily_limit_min(const SchedIndexStation *station)
{
    gint64 largest_us = 0;

    for (guint output = 0; output < station->outputs->len; output++) {
        gint64 sum_us = 0;

        for (SCHED_ZONES(&station->output_zones[output], number)) {
            const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);

            sum_us += zone->village->limit_us;
        }
        largest_us = MAX(largest_us, sum_us);
    }
    return MIN(largest_us / G_USEC_PER_SEC / 60, DAY_MIN);
}
