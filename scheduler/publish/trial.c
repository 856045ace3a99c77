/* trial.c - see trial.h */
#include "scheduler/publish/trial.h"

#include <string.h>

#include "scheduler/plan/dayplan.h"
#include "scheduler/plan/recurrence.h"
#include "scheduler/publish/around.h"
#include "scheduler/store/playlists.h"

/* One line: the same said of other villages and dates is the same line. */
typedef struct {
    SchedFinding finding;
    GHashTable *villages; /* (owned): set of ids: names are not of one village alone */
    GPtrArray *names;     /* (owned) (element-type utf8): of the first of them */
    GHashTable *days;     /* (owned): set of days */
    SchedDay first;
} Line;

typedef struct {
    SchedIndex *index;
    const char *slot; /* id of the one that is tried */
    gint64 now_us;
    GPtrArray *lines;      /* (owned) (element-type Line) */
    GHashTable *by_key;    /* (owned): key (owned) -> Line */
    gint64 from_us, to_us; /* of its first sounding; 0: none */
    gboolean has_more;
} Trial;

static void
line_free(Line *line)
{
    g_hash_table_unref(line->villages);
    g_ptr_array_unref(line->names);
    g_hash_table_unref(line->days);
    g_free(line);
}

static void
trial_clear(Trial *self)
{
    g_clear_pointer(&self->lines, g_ptr_array_unref);
    g_clear_pointer(&self->by_key, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trial, trial_clear)

/* ---- lines ---- */

static gboolean
is_own(const Trial *self, const SchedFinding *finding)
{
    return strcmp(finding->slot, self->slot) == 0;
}

/* Of its own whatever is not as meant; of others what this one does to them. */
static gboolean
concerns(const Trial *self, const SchedFinding *finding)
{
    return is_own(self, finding) || g_strcmp0(finding->by, self->slot) == 0;
}

static char *
key_of(const Trial *self, const SchedFinding *finding)
{
    gboolean lacks =
        finding->kind == SCHED_FINDING_GAP || finding->kind == SCHED_FINDING_FALLBACK;

    return g_strdup_printf("%d|%s|%s|%s|%s", finding->kind, finding->slot,
                           finding->by == NULL ? "" : finding->by,
                           lacks && finding->language != NULL ? finding->language : "",
                           lacks && finding->title != NULL ? finding->title : "");
}

static Line *
find_line(Trial *self, const SchedFinding *finding, SchedDay day)
{
    g_autofree char *key = key_of(self, finding);
    Line *line = g_hash_table_lookup(self->by_key, key);

    if (line != NULL)
        return line;
    if (self->lines->len >= SCHED_TRIAL_MAX_LINES) {
        self->has_more = TRUE;
        return NULL;
    }
    line = g_new0(Line, 1);
    line->finding = *finding;
    line->villages = g_hash_table_new(g_str_hash, g_str_equal);
    line->names = g_ptr_array_new();
    line->days = g_hash_table_new(NULL, NULL);
    line->first = day;
    g_ptr_array_add(self->lines, line);
    g_hash_table_insert(self->by_key, g_steal_pointer(&key), line);
    return line;
}

static void
add_village(Line *line, const SchedIndexZone *zone)
{
    const SchedArea *village = zone->village->source;

    if (g_hash_table_add(line->villages, village->id) &&
        line->names->len < SCHED_TRIAL_MAX_VILLAGES)
        g_ptr_array_add(line->names, village->name);
}

/* Zones that the slot reaches at the station. */
static const SchedZoneSet *
zones_of_slot(const SchedIndexStation *station, const char *slot)
{
    for (guint i = 0; i < station->slots->len; i++) {
        const SchedStationSlot *at = &g_array_index(station->slots, SchedStationSlot, i);

        if (strcmp(at->slot->source->id, slot) == 0)
            return &at->zones;
    }
    return NULL;
}

static void
add_villages(Line *line, const SchedIndexStation *station, const SchedFinding *finding)
{
    const SchedZoneSet *all =
        finding->zone == NULL ? zones_of_slot(station, finding->slot) : NULL;

    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *zone = station->zones->pdata[i];
        gboolean is_in = finding->zone != NULL ? strcmp(zone->source->id, finding->zone) == 0
                                               : all != NULL && sched_zone_set_has(all, i);

        if (is_in)
            add_village(line, zone);
    }
}

static void
add_finding(Trial *self, const SchedIndexStation *station, SchedDay day,
            const SchedFinding *finding)
{
    Line *line = concerns(self, finding) ? find_line(self, finding, day) : NULL;

    if (line == NULL)
        return;
    add_villages(line, station, finding);
    g_hash_table_add(line->days, GINT_TO_POINTER(day));
    line->first = MIN(line->first, day);
}

/* Of its first sounding that is not over: of all stations where it begins then. */
static void
add_segments(Trial *self, const SchedPlanDay *day)
{
    gint64 from_us = 0, to_us = 0;

    for (guint i = 0; i < day->plan->segments->len; i++) {
        const ContentSegment *segment = day->plan->segments->pdata[i];

        if (strcmp(segment->slot, self->slot) != 0 ||
            segment->start_us + segment->duration_us <= self->now_us)
            continue;
        from_us = from_us == 0 ? segment->start_us : MIN(from_us, segment->start_us);
        to_us = MAX(to_us, segment->start_us + segment->duration_us);
    }
    if (from_us != 0 && (self->from_us == 0 || from_us < self->from_us)) {
        self->from_us = from_us;
        self->to_us = to_us;
    } else if (from_us != 0 && from_us == self->from_us) {
        self->to_us = MAX(self->to_us, to_us);
    }
}

static gboolean
add_station(Trial *self, const char *id, SchedDay from, GError **error)
{
    const SchedIndexStation *station = sched_index_station(self->index, id);
    g_autoptr(GPtrArray) days = NULL;

    if (station == NULL) { /* it cannot be planned with: its own page says why */
        self->has_more |= sched_index_why_not(self->index, id) != NULL;
        return TRUE;
    }
    days = sched_plan_station(self->index, id, from, SCHED_TRIAL_DAYS, error);
    for (guint i = 0; days != NULL && i < days->len; i++) {
        const SchedPlanDay *day = days->pdata[i];

        add_segments(self, day);
        for (guint k = 0; k < day->findings->len; k++)
            add_finding(self, station, day->day,
                        &g_array_index(day->findings, SchedFinding, k));
    }
    return days != NULL;
}

/* ---- in words ---- */

static void
set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, json_string(text));
}

static const char *
name_of(const Trial *self, const char *slot)
{
    const SchedIndexSlot *found = slot == NULL ? NULL : sched_index_slot(self->index, slot);

    return found == NULL ? NULL : found->source->title;
}

static json_t *
line_json(const Trial *self, const Line *line)
{
    const SchedFinding *finding = &line->finding;
    json_t *villages = json_array();
    json_t *object;
    char date[11];

    for (guint i = 0; i < line->names->len; i++)
        json_array_append_new(villages, json_string(line->names->pdata[i]));
    sched_day_write(line->first, date);
    object =
        json_pack("{s:s, s:b, s:s, s:I, s:I, s:o}", "finding",
                  sched_finding_words[finding->kind], "own", is_own(self, finding), "date",
                  date, "n_dates", (json_int_t) g_hash_table_size(line->days), "n_villages",
                  (json_int_t) g_hash_table_size(line->villages), "villages", villages);
    set_text(object, "name", name_of(self, finding->slot));
    set_text(object, "by", name_of(self, finding->by));
    set_text(object, "title", finding->title);
    set_text(object, "language", finding->language);
    return object;
}

static json_t *
trial_json(const Trial *self)
{
    json_t *lines = json_array();
    json_t *answer = json_pack("{s:o, s:b}", "lines", lines, "more", self->has_more);

    for (int own = 0; own <= 1; own++) {
        for (guint i = 0; i < self->lines->len; i++) {
            const Line *line = self->lines->pdata[i];

            if (is_own(self, &line->finding) == own)
                json_array_append_new(lines, line_json(self, line));
        }
    }
    if (self->from_us != 0) {
        json_object_set_new(answer, "from_us", json_integer(self->from_us));
        json_object_set_new(answer, "to_us", json_integer(self->to_us));
    }
    return answer;
}

/* ---- the whole ---- */

/* What would be kept and never planned, or not kept at all, is no trial. */
static gboolean
refuse_troubles(const Trial *self, GError **error)
{
    const GPtrArray *troubles = sched_index_troubles(self->index);

    for (guint i = 0; i < troubles->len; i++) {
        const SchedTrouble *one = troubles->pdata[i];
        gboolean is_slot = sched_index_slot(self->index, self->slot) == NULL &&
                           strcmp(one->kind, "slot") == 0 && strcmp(one->id, self->slot) == 0;

        if (is_slot || (strcmp(one->kind, "playlist") == 0 &&
                        strcmp(one->id, SCHED_AROUND_NEW_SLOT) == 0)) {
            g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                                one->words);
            return FALSE;
        }
    }
    return TRUE;
}

/* The first day on which it is to sound, from today on. Returns: whether there is one */
static gboolean
first_day(const SchedIndexSlot *slot, gint64 now_us, SchedDay *out_day)
{
    const SchedSlot *source = slot->source;
    SchedDay today = sched_calendar_local(slot->calendar, now_us, NULL);
    SchedDay from = MAX(today, source->first_day);
    g_autoptr(GArray) days =
        sched_recurrence_days(source->rule, source->first_day, source->added_days,
                              source->removed_days, MIN(from, SCHED_DAY_MAX),
                              MIN(from + SCHED_TRIAL_AHEAD_DAYS, SCHED_DAY_MAX), NULL);

    if (days == NULL || days->len == 0)
        return FALSE;
    *out_day = g_array_index(days, SchedDay, 0);
    return TRUE;
}

static gboolean
look(Trial *self, const SchedAround *around, gint64 now_us, GError **error)
{
    const SchedIndexSlot *slot = sched_index_slot(self->index, self->slot);
    SchedDay from;

    if (slot == NULL || !first_day(slot, now_us, &from))
        return TRUE;
    for (guint i = 0; i < around->stations->len; i++) {
        if (!add_station(self, around->stations->pdata[i], from, error))
            return FALSE;
    }
    return TRUE;
}

json_t *
sched_trial_json(SchedTxn *txn, const SchedSlotRow *slot, const GPtrArray *items, gint64 now_us,
                 GError **error)
{
    SchedSlotRow own = *slot;
    g_autoptr(SchedPlaylistRow) playlist = NULL;
    g_auto(SchedAround) around = {0};
    g_autoptr(SchedSnapshot) snapshot = NULL;
    g_autoptr(SchedIndex) index = NULL;
    g_auto(Trial) self = {0};

    if (own.id == NULL)
        own.id = (char *) SCHED_AROUND_NEW_SLOT;
    if (own.playlist == NULL)
        own.playlist = (char *) SCHED_AROUND_NEW_SLOT;
    if (!sched_store_slot_check(&own, error) ||
        (items != NULL && !sched_store_items_check(items, error)))
        return NULL;
    if (items == NULL) {
        playlist = sched_store_playlist_get(txn, slot->playlist, error);
        if (playlist == NULL)
            return NULL;
        items = playlist->items;
    }
    snapshot = sched_gather_around(txn, &own, items, now_us, &around, error);
    if (snapshot == NULL)
        return NULL;
    index = sched_index_new(snapshot);
    self.index = index;
    self.slot = own.id;
    self.now_us = now_us;
    self.has_more = around.has_more;
    self.lines = g_ptr_array_new_with_free_func((GDestroyNotify) line_free);
    self.by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return refuse_troubles(&self, error) && look(&self, &around, now_us, error)
               ? trial_json(&self)
               : NULL;
}
