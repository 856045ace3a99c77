/* place.c - see place.h */
#include "scheduler/plan/place.h"

#include "scheduler/plan/layout.h"
#include "scheduler/plan/make-up.h"
#include "scheduler/plan/quiet.h"

#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define DAY_US    (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

/* Of the slot that it would be, where it has none; sorted behind all there are, as a new one
 * is. */
#define NEW_ID "~"

typedef struct {
    SchedIndex *index;
    const SchedPlaceWish *wish;
    const SchedIndexArea *area;
    SchedSnapshot *own;  /* (owned): holds the slot alone */
    SchedSlot *source;   /* of own */
    SchedIndexSlot slot; /* calendar and days owned */
    GHashTable *zones;   /* (owned): station -> its zones in the area, a SchedZoneSet */
    GHashTable *n_lost;  /* (owned): "station day" -> what others lose without it */
    GArray *behind;      /* (owned) (element-type Behind): ends of programmes, by time */
} Search;

typedef struct {
    gint64 at_us;
    const char *slot; /* name */
} Behind;

static void
search_clear(Search *self)
{
    sched_snapshot_free(self->own);
    sched_calendar_free(self->slot.calendar);
    g_clear_pointer(&self->slot.days, g_array_unref);
    g_clear_pointer(&self->zones, g_hash_table_unref);
    g_clear_pointer(&self->n_lost, g_hash_table_unref);
    g_clear_pointer(&self->behind, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static gboolean
search_open(Search *self, SchedIndex *index, const SchedPlaceWish *wish, GError **error)
{
    self->index = index;
    self->wish = wish;
    self->own = sched_snapshot_new();
    self->source = sched_snapshot_add_slot(self->own, wish->slot == NULL ? NEW_ID : wish->slot,
                                           "", wish->playlist);
    self->source->is_approved = TRUE;
    self->slot.source = self->source;
    self->slot.playlist = sched_index_playlist(index, wish->playlist);
    self->slot.calendar = sched_calendar_new(wish->tzid);
    self->zones = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    self->n_lost = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->behind = g_array_new(FALSE, FALSE, sizeof(Behind));
    self->area = sched_index_area(index, wish->area);
    if (self->area == NULL || self->slot.playlist == NULL || self->slot.calendar == NULL) {
        g_set_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID,
                    "area %s, playlist %s, time zone %s: not all of them are in the plan",
                    wish->area, wish->playlist, wish->tzid);
        return FALSE;
    }
    for (guint i = 0; i < self->area->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(self->area->zones, i);
        SchedZoneSet *set = g_hash_table_lookup(self->zones, zone->station);

        if (set == NULL) {
            set = g_new0(SchedZoneSet, 1);
            g_hash_table_insert(self->zones, zone->station, set);
        }
        sched_zone_set_add(set, zone->number);
    }
    return TRUE;
}

/* ---- one layout ---- */

typedef struct {
    GArray *occurrences; /* (owned) */
    SchedLayout *layout; /* (owned) */
    GPtrArray *kept;     /* (owned): what was made up */
} Laid;

static void
laid_clear(Laid *laid)
{
    sched_layout_free(laid->layout);
    g_clear_pointer(&laid->occurrences, g_array_unref);
    g_clear_pointer(&laid->kept, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Laid, laid_clear)

/* What is tried, and not the slot of the same name that stands elsewhere. */
static gboolean
is_own(const Search *self, const SchedOccurrence *occurrence)
{
    return occurrence->slot->slot == &self->slot;
}

/* Texts of findings are those of the slots they are about. */
static gboolean
is_about_own(const Search *self, const SchedFinding *finding)
{
    return finding->slot == self->source->id;
}

static gboolean
stands_elsewhere(const Search *self, const SchedOccurrence *occurrence)
{
    return self->wish->slot != NULL && !is_own(self, occurrence) &&
           strcmp(occurrence->slot->slot->source->id, self->wish->slot) == 0;
}

/* Everything of the station on these days but what stands where it is to move from. */
static gboolean
lay(const Search *self, SchedIndexStation *station, SchedDay from, SchedDay to, Laid *out,
    GError **error)
{
    out->occurrences = sched_expand(station, self->index, from, to, error);
    if (out->occurrences == NULL)
        return FALSE;
    for (guint i = out->occurrences->len; i > 0; i--) {
        if (stands_elsewhere(self, &g_array_index(out->occurrences, SchedOccurrence, i - 1)))
            g_array_remove_index_fast(out->occurrences, i - 1);
    }
    sched_clash_sort(out->occurrences);
    out->layout = sched_layout_new(station, from, to);
    out->kept = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < out->occurrences->len; i++)
        sched_layout_add(out->layout, &g_array_index(out->occurrences, SchedOccurrence, i));
    sched_make_up_lay(self->index, station, out->layout, from, to, out->kept);
    return TRUE;
}

/* What does not sound of all others; the two minutes that a programme may wait are not lost. */
static guint
count_lost(const Search *self, const SchedLayout *layout)
{
    const GArray *findings = sched_layout_findings(layout);
    guint n_lost = 0;

    for (guint i = 0; i < findings->len; i++) {
        const SchedFinding *finding = &g_array_index(findings, SchedDatedFinding, i).finding;

        n_lost += !is_about_own(self, finding) && sched_finding_is_silence(finding->kind);
    }
    return n_lost;
}

static gboolean
lost_without(Search *self, SchedIndexStation *station, SchedDay day, guint *out_lost,
             GError **error)
{
    g_autofree char *key = g_strdup_printf("%s %d", station->source->id, day);
    g_auto(Laid) laid = {0};
    gpointer known;

    if (g_hash_table_lookup_extended(self->n_lost, key, NULL, &known)) {
        *out_lost = GPOINTER_TO_UINT(known);
        return TRUE;
    }
    if (!lay(self, station, day - 1, day + 1, &laid, error))
        return FALSE;
    *out_lost = count_lost(self, laid.layout);
    g_hash_table_insert(self->n_lost, g_steal_pointer(&key), GUINT_TO_POINTER(*out_lost));
    return TRUE;
}

/* ---- one time ---- */

/* Another time would be another verdict; what has no version or approval has none at any. */
static gboolean
is_of_the_time(SchedFindingKind kind)
{
    static const guint lasting = 1u << SCHED_FINDING_GAP | 1u << SCHED_FINDING_NOT_APPROVED |
                                 1u << SCHED_FINDING_ZONE_UNKNOWN;

    return sched_finding_is_silence(kind) && (lasting >> kind & 1) == 0;
}

static void
note_silent(SchedPlaceTime *out, const SchedIndexStation *station, SchedZoneSet *silent,
            const char *zone, SchedFindingKind kind)
{
    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *one = g_ptr_array_index(station->zones, i);

        if (zone == NULL || strcmp(one->source->id, zone) == 0)
            sched_zone_set_add(silent, i);
    }
    if (out->why < 0)
        out->why = (gint) kind;
}

static guint
count_zones(const SchedZoneSet *set)
{
    guint n = 0;

    for (SCHED_ZONES(set, zone))
        n++;
    return n;
}

/* What sounds of it, but where silence was asked for. */
static void
judge_segments(const Search *self, const SchedIndexStation *station, const SchedLayout *layout,
               SchedPlaceTime *out, SchedZoneSet *heard, SchedZoneSet *silent)
{
    const GArray *segments = sched_layout_segments(layout);

    for (guint i = 0; i < segments->len; i++) {
        const SchedSegment *segment = &g_array_index(segments, SchedSegment, i);
        gint64 end_us = segment->start_us + segment->duration_us;
        SchedZoneSet sounding = segment->zones, hushed;
        guint number = 0;

        if (!is_own(self, segment->occurrence))
            continue;
        while (sched_quiet_zones(station, segment->start_us, end_us, &sounding, &number,
                                 &hushed) != NULL) {
            for (SCHED_ZONES(&hushed, zone)) {
                sched_zone_set_add(silent, zone);
                sched_zone_set_remove(&sounding, zone);
            }
            if (out->why < 0)
                out->why = SCHED_FINDING_QUIET_REQUEST;
        }
        for (SCHED_ZONES(&sounding, zone))
            sched_zone_set_add(heard, zone);
        out->end_us = MAX(out->end_us, end_us);
    }
}

/* Programmes that it would cut in two: with a part before it and one after it on its output. */
static guint
count_cut(const Search *self, const SchedLayout *layout)
{
    const GArray *segments = sched_layout_segments(layout);
    g_autoptr(GHashTable) begun = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) cut = g_hash_table_new(NULL, NULL);
    const SchedSegment *own = NULL;

    for (guint i = 0; i < segments->len && own == NULL; i++) {
        const SchedSegment *one = &g_array_index(segments, SchedSegment, i);

        own = is_own(self, one->occurrence) ? one : NULL;
    }
    for (guint i = 0; own != NULL && i < segments->len; i++) {
        const SchedSegment *one = &g_array_index(segments, SchedSegment, i);

        if (one->output == own->output && one->start_us < own->start_us)
            g_hash_table_add(begun, (gpointer) one->occurrence);
    }
    for (guint i = 0; own != NULL && i < segments->len; i++) {
        const SchedSegment *one = &g_array_index(segments, SchedSegment, i);

        if (one->output == own->output && one->start_us > own->start_us &&
            g_hash_table_contains(begun, one->occurrence))
            g_hash_table_add(cut, (gpointer) one->occurrence);
    }
    return g_hash_table_size(cut);
}

/* A special day that changes what sounds there leaves it neither its time nor its content. */
static void
judge_findings(const Search *self, const SchedIndexStation *station, const SchedLayout *layout,
               SchedPlaceTime *out, SchedZoneSet *silent)
{
    const GArray *findings = sched_layout_findings(layout);

    for (guint i = 0; i < findings->len; i++) {
        const SchedFinding *finding = &g_array_index(findings, SchedDatedFinding, i).finding;
        gboolean is_changed =
            finding->kind == SCHED_FINDING_MOVED || finding->kind == SCHED_FINDING_REPLACED;

        if (is_about_own(self, finding) && (is_changed || is_of_the_time(finding->kind)))
            note_silent(out, station, silent, finding->zone,
                        is_changed ? SCHED_FINDING_SPECIAL_DAY : finding->kind);
    }
}

static gboolean
try_laid(Search *self, SchedIndexStation *station, SchedDay day, guint n_lost_without,
         SchedPlaceTime *out, GError **error)
{
    const SchedZoneSet *zones = g_hash_table_lookup(self->zones, station);
    SchedZoneSet heard = {{0}}, silent = {{0}};
    g_auto(Laid) laid = {0};
    guint n_lost;

    if (!lay(self, station, day - 1, day + 1, &laid, error))
        return FALSE;
    judge_segments(self, station, laid.layout, out, &heard, &silent);
    judge_findings(self, station, laid.layout, out, &silent);
    silent = sched_zone_set_common(&silent, zones);
    out->n_heard += count_zones(&heard);
    out->n_silent += count_zones(&silent);
    out->n_pushed += count_cut(self, laid.layout);
    n_lost = count_lost(self, laid.layout);
    out->n_pushed += n_lost > n_lost_without ? n_lost - n_lost_without : 0;
    return TRUE;
}

/* @station as if it had the slot, too; it has it no more afterwards. */
static gboolean
try_station(Search *self, SchedIndexStation *station, SchedPlaceTime *out, GError **error)
{
    SchedStationSlot slot = {
        &self->slot, *(SchedZoneSet *) g_hash_table_lookup(self->zones, station), G_MAXINT64};
    SchedDay day = sched_calendar_local(station->calendar, out->start_us, NULL);
    guint n_lost;
    gboolean is_tried;

    if (!lost_without(self, station, day, &n_lost, error))
        return FALSE;
    g_array_append_val(station->slots, slot);
    is_tried = try_laid(self, station, day, n_lost, out, error);
    g_array_set_size(station->slots, station->slots->len - 1);
    return is_tried;
}

static gboolean
try_at(Search *self, gint64 start_us, SchedPlaceTime *out_time, GError **error)
{
    SchedPlaceTime time = {.start_us = start_us, .why = -1};
    GHashTableIter iter;
    gpointer station;

    self->source->first_day =
        sched_calendar_local(self->slot.calendar, start_us, &self->source->start_s);
    g_clear_pointer(&self->slot.days, g_array_unref);
    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, &station, NULL)) {
        if (!try_station(self, station, &time, error))
            return FALSE;
    }
    *out_time = time;
    return TRUE;
}

gboolean
sched_place_try(SchedIndex *index, const SchedPlaceWish *wish, gint64 start_us,
                SchedPlaceTime *out_time, GError **error)
{
    g_auto(Search) self = {0};

    return search_open(&self, index, wish, error) && try_at(&self, start_us, out_time, error);
}

gboolean
sched_place_is_free(const SchedPlaceWish *wish, const SchedPlaceTime *time)
{
    return time->n_heard > 0 && time->n_pushed == 0 && time->start_us >= wish->earliest_us &&
           time->end_us <= wish->deadline_us;
}

/* ---- times to be looked at ---- */

static gint64
round_up(gint64 us, gint64 step_us)
{
    return (us + step_us - 1) / step_us * step_us;
}

static gint64
horizon_of(const SchedPlaceWish *wish)
{
    return MIN(wish->deadline_us, wish->earliest_us + SCHED_PLACE_MAX_DAYS * DAY_US);
}

static void
add_time(Search *self, gint64 at_us, const char *slot)
{
    Behind behind = {at_us, slot};

    if (at_us >= self->wish->earliest_us && at_us < horizon_of(self->wish))
        g_array_append_val(self->behind, behind);
}

static gint
compare_behind(gconstpointer a, gconstpointer b)
{
    const Behind *left = a, *right = b;

    return (left->at_us > right->at_us) - (left->at_us < right->at_us);
}

/* When a programme of the station is over and the relays have switched: not amid one. */
static gboolean
add_ends(Search *self, SchedIndexStation *station, GError **error)
{
    SchedDay from = sched_calendar_local(station->calendar, self->wish->earliest_us, NULL);
    SchedDay to = sched_calendar_local(station->calendar, horizon_of(self->wish), NULL);
    g_autoptr(GHashTable) ends = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    SchedZoneSet none = {{0}}, *zones = g_hash_table_lookup(self->zones, station);
    gint64 gap_us = sched_switch_gap_us(station, &none, zones);
    g_auto(Laid) laid = {0};
    const GArray *segments;
    GHashTableIter iter;
    gpointer occurrence, end;

    if (!lay(self, station, from - 1, to + 1, &laid, error))
        return FALSE;
    segments = sched_layout_segments(laid.layout);
    for (guint i = 0; i < segments->len; i++) {
        const SchedSegment *segment = &g_array_index(segments, SchedSegment, i);
        gint64 end_us = segment->start_us + segment->duration_us + gap_us;
        gint64 *last = g_hash_table_lookup(ends, segment->occurrence);

        if (last == NULL)
            g_hash_table_insert(ends, (gpointer) segment->occurrence,
                                g_memdup2(&end_us, sizeof end_us));
        else
            *last = MAX(*last, end_us);
    }
    g_hash_table_iter_init(&iter, ends);
    while (g_hash_table_iter_next(&iter, &occurrence, &end))
        add_time(self, round_up(*(gint64 *) end, G_USEC_PER_SEC),
                 ((const SchedOccurrence *) occurrence)->slot->slot->source->title);
    return TRUE;
}

/* Windows open, silence ends, a new day has its own minutes and special days. */
static void
add_openings(Search *self, const SchedIndexStation *station)
{
    SchedDay from = sched_calendar_local(station->calendar, self->wish->earliest_us, NULL);
    SchedDay to = sched_calendar_local(station->calendar, horizon_of(self->wish), NULL);

    for (SchedDay day = from; day <= to; day++) {
        add_time(self, sched_calendar_instant(station->calendar, day, 0), NULL);
        for (guint i = 0; i < self->area->zones->len; i++) {
            const SchedIndexZone *zone = g_ptr_array_index(self->area->zones, i);
            const GPtrArray *windows = zone->village->windows;

            for (guint j = 0; zone->station == station && j < windows->len; j++)
                add_time(self,
                         sched_calendar_instant(
                             station->calendar, day,
                             ((const ContentWindow *) windows->pdata[j])->from_min * 60),
                         NULL);
        }
    }
    for (guint i = 0; i < station->quiets->len; i++)
        add_time(self,
                 round_up(g_array_index(station->quiets, SchedStationQuiet, i).source->until_us,
                          G_USEC_PER_SEC),
                 NULL);
}

/* May some zone of the area begin to hear it then? Most times need no layout to be refused. */
static gboolean
is_in_window(const Search *self, gint64 at_us)
{
    for (guint i = 0; i < self->area->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(self->area->zones, i);
        gint64 second = 0;
        SchedDay day = sched_calendar_local(zone->station->calendar, at_us, &second);

        if (sched_area_allows(zone->village, self->source->class_, sched_day_weekday(day),
                              second / 60))
            return TRUE;
    }
    return FALSE;
}

static gboolean
collect(Search *self, gboolean with_openings, GError **error)
{
    GHashTableIter iter;
    gpointer station;

    /* The deadline has passed. */
    if (horizon_of(self->wish) <= self->wish->earliest_us)
        return TRUE;
    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, &station, NULL)) {
        if (!add_ends(self, station, error))
            return FALSE;
        if (with_openings)
            add_openings(self, station);
    }
    g_array_sort(self->behind, compare_behind);
    return TRUE;
}

/* Returns: the next of @behind from *@at on that is another time, in some window; NULL: none */
static const Behind *
next_of(const Search *self, guint *at)
{
    while (*at < self->behind->len) {
        const Behind *one = &g_array_index(self->behind, Behind, *at);
        gboolean is_again = *at > 0 && (one - 1)->at_us == one->at_us;

        *at += 1;
        if (!is_again && is_in_window(self, one->at_us))
            return one;
    }
    return NULL;
}

GArray *
sched_place_times(SchedIndex *index, const SchedPlaceWish *wish, GError **error)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(SchedPlaceTime));
    g_auto(Search) self = {0};
    const Behind *behind;
    guint at = 0;

    if (!search_open(&self, index, wish, error) || !collect(&self, FALSE, error))
        return NULL;
    for (guint i = 0; i < SCHED_PLACE_MAX_TRIES && times->len < SCHED_PLACE_MAX_TIMES &&
                      (behind = next_of(&self, &at)) != NULL;
         i++) {
        SchedPlaceTime time;

        if (!try_at(&self, behind->at_us, &time, error))
            return NULL;
        time.slot = behind->slot;
        if (sched_place_is_free(wish, &time) && time.n_silent == 0)
            g_array_append_val(times, time);
    }
    return g_steal_pointer(&times);
}

gboolean
sched_place_next(SchedIndex *index, const SchedPlaceWish *wish, SchedPlaceTime *out_time,
                 GError **error)
{
    SchedPlaceTime best = {.start_us = -1, .why = -1};
    g_auto(Search) self = {0};
    const Behind *behind;
    guint at = 0;

    if (!search_open(&self, index, wish, error))
        return FALSE;
    add_time(&self, round_up(wish->earliest_us, MINUTE_US), NULL);
    if (!collect(&self, TRUE, error))
        return FALSE;
    for (guint i = 0; i < SCHED_PLACE_MAX_TRIES && (behind = next_of(&self, &at)) != NULL;
         i++) {
        SchedPlaceTime time;

        if (!try_at(&self, behind->at_us, &time, error))
            return FALSE;
        if (!sched_place_is_free(wish, &time) || (time.n_silent > 0 && best.start_us >= 0))
            continue;
        best = time;
        if (time.n_silent == 0)
            break;
    }
    *out_time = best;
    return TRUE;
}
