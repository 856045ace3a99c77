/* week.c - see week.h */
#include "scheduler/publish/week.h"

#include "content/manifest.h"
#include "scheduler/plan/dayplan.h"
#include "scheduler/plan/expand.h"
#include "scheduler/publish/gather.h"
#include "scheduler/publish/preview.h"

#include <string.h>

/* A version and the announcement it belongs to. */
typedef struct {
    const SchedAnnouncement *announcement;
    const SchedVersion *version;
} Heard;

typedef struct {
    SchedIndex *index;
    GHashTable *by_approval;  /* (owned): approval -> Heard (owned) */
    GHashTable *numbers;      /* (owned): SchedIndexZone -> its place in `zones`, from 1 */
    GHashTable *slots;        /* (owned): slot id -> SchedIndexSlot */
    GHashTable *specials;     /* (owned): id -> SchedSpecialDay of the snapshot */
    GPtrArray *stations;      /* (owned) (element-type SchedIndexStation): each once */
    json_t *zones, *lines;    /* (owned) */
    const SchedFinding *last; /* (nullable): the finding that last became a line */
    json_t *last_zones;       /* (nullable): and the zones of that line */
} Week;

static void
week_clear(Week *self)
{
    g_clear_pointer(&self->by_approval, g_hash_table_unref);
    g_clear_pointer(&self->numbers, g_hash_table_unref);
    g_clear_pointer(&self->slots, g_hash_table_unref);
    g_clear_pointer(&self->specials, g_hash_table_unref);
    g_clear_pointer(&self->stations, g_ptr_array_unref);
    json_decref(self->zones);
    json_decref(self->lines);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Week, week_clear)

static void
set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, json_string(text));
}

/* ---- what stands there once ---- */

static json_t *
windows_json(const GPtrArray *windows)
{
    json_t *list = json_array();

    for (guint i = 0; i < windows->len; i++) {
        const ContentWindow *window = g_ptr_array_index(windows, i);

        json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:I}", "class",
                                              content_class_words[window->class_], "weekdays",
                                              (json_int_t) window->weekdays, "from_min",
                                              (json_int_t) window->from_min, "to_min",
                                              (json_int_t) window->to_min));
    }
    return list;
}

static json_t *
zone_json(const SchedIndexZone *zone)
{
    const SchedZone *source = zone->source;
    json_t *languages = json_array();

    for (guint i = 0; i < source->languages->len; i++)
        json_array_append_new(languages, json_string(g_ptr_array_index(source->languages, i)));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "station", source->station, "zone",
                     source->id, "name", source->name, "village", source->village,
                     "village_name", zone->village->source->name, "languages", languages,
                     "windows", windows_json(zone->village->windows));
}

static void
add_station(Week *self, const SchedIndexStation *station)
{
    if (g_ptr_array_find(self->stations, station, NULL))
        return;
    g_ptr_array_add(self->stations, (gpointer) station);
    for (guint i = 0; i < station->slots->len; i++) {
        SchedIndexSlot *slot = g_array_index(station->slots, SchedStationSlot, i).slot;

        g_hash_table_insert(self->slots, slot->source->id, slot);
    }
}

static void
add_zones(Week *self, const SchedIndexArea *area)
{
    for (guint i = 0; i < area->zones->len; i++) {
        SchedIndexZone *zone = g_ptr_array_index(area->zones, i);

        json_array_append_new(self->zones, zone_json(zone));
        g_hash_table_insert(self->numbers, zone, GUINT_TO_POINTER(i + 1));
        add_station(self, zone->station);
    }
}

static void
add_versions(Week *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->announcements->len; i++) {
        const SchedAnnouncement *announcement = g_ptr_array_index(snapshot->announcements, i);

        for (guint j = 0; j < announcement->versions->len; j++) {
            const SchedVersion *version = g_ptr_array_index(announcement->versions, j);
            Heard *heard = g_new(Heard, 1);

            *heard = (Heard){announcement, version};
            g_hash_table_insert(self->by_approval, version->approval, heard);
        }
    }
}

/* ---- lines ---- */

/* Places of the station's zones with these ids that lie in the area. */
static json_t *
places_of(const Week *self, const SchedIndexStation *station, const GPtrArray *ids)
{
    json_t *places = json_array();

    for (guint i = 0; i < station->zones->len; i++) {
        gpointer zone = g_ptr_array_index(station->zones, i);
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(self->numbers, zone));

        if (number != 0 &&
            g_ptr_array_find_with_equal_func(
                (GPtrArray *) ids, ((SchedIndexZone *) zone)->source->id, g_str_equal, NULL))
            json_array_append_new(places, json_integer(number - 1));
    }
    return places;
}

/* Places of the zones that a slot reaches at the station. */
static json_t *
places_of_slot(const Week *self, const SchedIndexStation *station, const char *slot)
{
    json_t *places = json_array();

    for (guint i = 0; i < station->slots->len; i++) {
        const SchedStationSlot *at = &g_array_index(station->slots, SchedStationSlot, i);

        if (strcmp(at->slot->source->id, slot) != 0)
            continue;
        for (SCHED_ZONES(&at->zones, number)) {
            gpointer zone = g_ptr_array_index(station->zones, number);
            guint place = GPOINTER_TO_UINT(g_hash_table_lookup(self->numbers, zone));

            if (place != 0)
                json_array_append_new(places, json_integer(place - 1));
        }
    }
    return places;
}

/* Takes @places; a line without any is of another area's villages. */
static json_t *
add_line(Week *self, json_t *places, gint64 at_us, gint64 duration_us, gboolean sounds)
{
    json_t *line;

    if (json_array_size(places) == 0) {
        json_decref(places);
        return NULL;
    }
    line = json_pack("{s:I, s:I, s:b, s:o}", "at_us", (json_int_t) at_us, "duration_us",
                     (json_int_t) duration_us, "sounds", sounds, "zones", places);
    json_array_append_new(self->lines, line);
    return line;
}

static void
add_segment(Week *self, const SchedIndexStation *station, const char *date,
            const ContentSegment *segment)
{
    const Heard *heard = g_hash_table_lookup(self->by_approval, segment->approval);
    json_t *line = add_line(self, places_of(self, station, segment->zones), segment->start_us,
                            segment->duration_us, TRUE);

    if (line == NULL)
        return;
    set_text(line, "date", date);
    set_text(line, "slot", segment->slot);
    set_text(line, "item", segment->item);
    set_text(line, "title", segment->title);
    set_text(line, "language", segment->language);
    sched_source_set_json(line, segment->source);
    if (heard != NULL) {
        set_text(line, "announcement", heard->announcement->id);
        set_text(line, "version", heard->version->id);
    }
}

/* (nullable): what the slot plays then, where no special day replaces it */
static const SchedIndexPlaylist *
playlist_of(const Week *self, const SchedFinding *finding)
{
    const SchedIndexSlot *slot = g_hash_table_lookup(self->slots, finding->slot);
    const SchedSpecialDay *special =
        finding->special == NULL ? NULL : g_hash_table_lookup(self->specials, finding->special);

    if (special != NULL && special->act == SCHED_SPECIAL_REPLACE &&
        finding->kind != SCHED_FINDING_DAY_OVERRULED)
        return sched_index_playlist(self->index, special->playlist);
    return slot == NULL ? NULL : sched_slot_playlist_on(self->index, slot, finding->slot_day);
}

static const SchedIndexItem *
item_of(const Week *self, const SchedFinding *finding)
{
    const SchedIndexPlaylist *playlist = playlist_of(self, finding);

    for (guint i = 0; playlist != NULL && i < playlist->n_items; i++) {
        if (g_strcmp0(playlist->items[i].source->id, finding->item) == 0)
            return &playlist->items[i];
    }
    return NULL;
}

static const SchedVersion *
version_of(const SchedIndexItem *item, const char *language)
{
    guint n_versions = item->announcement == NULL ? 0 : item->announcement->n_versions;

    for (guint i = 0; i < n_versions; i++) {
        const SchedVersion *version = item->announcement->versions[i].source;

        if (g_strcmp0(version->language, language) == 0)
            return version;
    }
    return NULL;
}

static gint64
length_us(const SchedIndexItem *item, const SchedVersion *version)
{
    return sched_plan_item_is_relay(item->source->kind) ? item->source->relay_us
                                                        : version->duration_us;
}

/* What one sounding of it takes in its longest language, pauses too. */
static gint64
longest_us(const SchedIndexItem *item)
{
    guint n_versions = item->announcement == NULL ? 0 : item->announcement->n_versions;
    gint64 longest = item->source->pause_ms * 1000;

    if (sched_plan_item_is_relay(item->source->kind))
        return item->source->relay_us;
    for (guint i = 0; i < n_versions; i++)
        longest = MAX(longest, item->announcement->versions[i].source->duration_us);
    return longest * item->source->times;
}

static gint64
occurrence_us(const Week *self, const SchedFinding *finding)
{
    const SchedIndexPlaylist *playlist = playlist_of(self, finding);
    gint64 sum_us = 0;

    for (guint i = 0; playlist != NULL && i < playlist->n_items; i++)
        sum_us += longest_us(&playlist->items[i]);
    return sum_us;
}

/* The same said of the next zone is one line. */
static gboolean
continues(const Week *self, const SchedFinding *finding)
{
    const SchedFinding *last = self->last;

    return last != NULL && last->zone != NULL && finding->zone != NULL &&
           last->kind == finding->kind && last->at_us == finding->at_us &&
           last->repetition == finding->repetition && strcmp(last->slot, finding->slot) == 0 &&
           g_strcmp0(last->item, finding->item) == 0 &&
           g_strcmp0(last->language, finding->language) == 0 &&
           g_strcmp0(last->by, finding->by) == 0 && last->quiet == finding->quiet &&
           g_strcmp0(last->special, finding->special) == 0;
}

static json_t *
places_of_finding(const Week *self, const SchedIndexStation *station,
                  const SchedFinding *finding)
{
    g_autoptr(GPtrArray) ids = NULL;

    if (finding->zone == NULL)
        return places_of_slot(self, station, finding->slot);
    ids = g_ptr_array_new();
    g_ptr_array_add(ids, (gpointer) finding->zone);
    return places_of(self, station, ids);
}

static void
describe_finding(Week *self, const SchedFinding *finding, json_t *line)
{
    const SchedIndexItem *item = finding->item == NULL ? NULL : item_of(self, finding);
    const SchedVersion *version = item == NULL ? NULL : version_of(item, finding->language);

    set_text(line, "finding", sched_finding_words[finding->kind]);
    set_text(line, "slot", finding->slot);
    set_text(line, "item", finding->item);
    set_text(line, "title", finding->title);
    set_text(line, "language", finding->language);
    set_text(line, "by", finding->by);
    sched_quiet_set_json(line, finding->quiet);
    set_text(line, "special", finding->special);
    set_text(line, "special_name", finding->special_name);
    if (item != NULL)
        set_text(line, "announcement", item->source->announcement);
    if (version != NULL)
        set_text(line, "version", version->id);
    if (version != NULL || item == NULL)
        json_object_set_new(line, "duration_us",
                            json_integer(version != NULL ? length_us(item, version)
                                                         : occurrence_us(self, finding)));
}

static void
add_finding(Week *self, const SchedIndexStation *station, const char *date,
            const SchedFinding *finding)
{
    json_t *places = places_of_finding(self, station, finding);
    json_t *line;

    if (self->last_zones != NULL && continues(self, finding)) {
        json_array_extend(self->last_zones, places);
        json_decref(places);
        self->last = finding;
        return;
    }
    line = add_line(self, places, finding->at_us, 0, FALSE);
    self->last = finding;
    self->last_zones = line == NULL ? NULL : places;
    if (line == NULL)
        return;
    set_text(line, "date", date);
    describe_finding(self, finding, line);
}

static gboolean
add_days(Week *self, const SchedIndexStation *station, SchedDay from, guint n_days,
         GError **error)
{
    g_autoptr(GPtrArray) days =
        sched_plan_station(self->index, station->source->id, from, n_days, error);

    for (guint i = 0; days != NULL && i < days->len; i++) {
        const SchedPlanDay *day = g_ptr_array_index(days, i);
        const char *date = day->plan->date;

        self->last = NULL;
        self->last_zones = NULL;
        for (guint j = 0; j < day->plan->segments->len; j++)
            add_segment(self, station, date, g_ptr_array_index(day->plan->segments, j));
        for (guint j = 0; j < day->findings->len; j++)
            add_finding(self, station, date, &g_array_index(day->findings, SchedFinding, j));
        if (json_array_size(self->lines) <= SCHED_WEEK_MAX_LINES)
            continue;
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "days: more than %d lines: ask for fewer days or a smaller area",
                    SCHED_WEEK_MAX_LINES);
        return FALSE;
    }
    return days != NULL;
}

/* "AREA" and "STATION/ZONE": what it aims at decides whether it can go to another village. */
static json_t *
targets_json(const SchedSlot *slot)
{
    json_t *list = json_array();

    for (guint i = 0; i < slot->areas->len; i++)
        json_array_append_new(list, json_string(g_ptr_array_index(slot->areas, i)));
    for (guint i = 0; i < slot->zones->len; i++)
        json_array_append_new(list, json_string(g_ptr_array_index(slot->zones, i)));
    return list;
}

/* Those that the lines name. */
static json_t *
slots_json(const Week *self)
{
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    json_t *list = json_array();
    gsize at;
    json_t *line;

    json_array_foreach(self->lines, at, line)
    {
        const char *names[] = {json_string_value(json_object_get(line, "slot")),
                               json_string_value(json_object_get(line, "by"))};

        for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
            const SchedIndexSlot *slot =
                names[i] == NULL ? NULL : g_hash_table_lookup(self->slots, names[i]);

            if (slot == NULL || !g_hash_table_add(named, slot->source->id))
                continue;
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:s, s:I, s:b, s:b, s:o}", "id",
                                            slot->source->id, "name", slot->source->title,
                                            "class", content_class_words[slot->source->class_],
                                            "start_s", (json_int_t) slot->source->start_s,
                                            "approved", slot->source->is_approved, "repeats",
                                            *slot->source->rule != '\0' ||
                                                slot->source->added_days->len > 0,
                                            "targets", targets_json(slot->source)));
        }
    }
    return list;
}

static json_t *
answer_of(Week *self, SchedTxn *txn, const char *area)
{
    return json_pack("{s:O, s:o, s:O, s:o}", "zones", self->zones, "slots", slots_json(self),
                     "lines", self->lines, "troubles",
                     sched_area_troubles_json(txn, self->index, area));
}

json_t *
sched_week_json(SchedTxn *txn, const char *area, const char *from, guint n_days, gint64 now_us,
                GError **error)
{
    g_autoptr(SchedSnapshot) snapshot = NULL;
    g_autoptr(SchedIndex) index = NULL;
    g_auto(Week) self = {NULL};
    SchedDay first;

    if (!sched_day_parse(from, &first) || n_days < 1 || n_days > SCHED_WEEK_MAX_DAYS) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "from: '%s' and %u days: a date and 1 to %d days are needed", from, n_days,
                    SCHED_WEEK_MAX_DAYS);
        return NULL;
    }
    snapshot = sched_gather_snapshot(txn, now_us, error);
    if (snapshot == NULL)
        return NULL;
    self.index = index = sched_index_new(snapshot);
    if (!sched_area_is_planned(index, area, error))
        return NULL;
    self.by_approval = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    self.numbers = g_hash_table_new(NULL, NULL);
    self.slots = g_hash_table_new(g_str_hash, g_str_equal);
    self.specials = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < snapshot->specials->len; i++) {
        SchedSpecialDay *special = g_ptr_array_index(snapshot->specials, i);

        g_hash_table_insert(self.specials, special->id, special);
    }
    self.stations = g_ptr_array_new();
    self.zones = json_array();
    self.lines = json_array();
    add_versions(&self, snapshot);
    add_zones(&self, sched_index_area(index, area));
    for (guint i = 0; i < self.stations->len; i++) {
        if (!add_days(&self, g_ptr_array_index(self.stations, i), first, n_days, error))
            return NULL;
    }
    return answer_of(&self, txn, area);
}
