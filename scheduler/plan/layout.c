/* layout.c - see layout.h */
#include "scheduler/plan/layout.h"

#include "content/language.h"
#include "content/plan.h"
#include "scheduler/plan/quiet.h"

#include <string.h>

struct SchedLayout {
    const SchedIndexStation *station;
    SchedDay from; /* first day of heard_us */
    guint n_days;
    gint64 *heard_us;           /* (owned): by zone and day, what a zone hears */
    SchedTimetable *timetables; /* (owned): one an output */
    GArray *segments;           /* (owned) (element-type SchedSegment) */
    GArray *findings;           /* (owned) (element-type SchedDatedFinding) */
    GHashTable *bases;          /* (owned): language without its dialect -> the same text */
    SchedQueue *queues;         /* (owned): by zone; for the item being laid out */
    SchedQueue *blocks;         /* (owned): by zone; for the languages of the occurrence */
};

/* One occurrence on one output, while it is laid out. */
typedef struct {
    SchedLayout *layout;
    const SchedOccurrence *occurrence;
    const SchedSlot *slot;
    guint output;
    guint base;            /* language of the block; 0: all */
    const char *block;     /* (nullable): the same as a text */
    gint64 cursor_us;      /* end of what was laid out last */
    gint64 delay_us;       /* how much later than planned it runs */
    gint64 end_us;         /* nothing ends after it */
    SchedZoneSet previous; /* zones of what was laid out last; empty at first */
    gboolean seeks;        /* a time for what was missed: as late as the end allows */
} Programme;

SchedLayout *
sched_layout_new(const SchedIndexStation *station, SchedDay from, SchedDay to)
{
    SchedLayout *self = g_new0(SchedLayout, 1);

    self->station = station;
    /* What starts on the last day may sound on the two days after it. */
    self->from = from;
    self->n_days = (guint) (to - from) + 3;
    self->heard_us = g_new0(gint64, self->n_days * station->zones->len);
    self->timetables = g_new0(SchedTimetable, station->outputs->len);
    for (guint i = 0; i < station->outputs->len; i++)
        sched_timetable_init(&self->timetables[i], station);
    self->segments = g_array_new(FALSE, FALSE, sizeof(SchedSegment));
    self->findings = g_array_new(FALSE, FALSE, sizeof(SchedDatedFinding));
    self->bases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->queues = g_new0(SchedQueue, station->zones->len);
    self->blocks = g_new0(SchedQueue, station->zones->len);
    return self;
}

void
sched_layout_free(SchedLayout *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->station->outputs->len; i++)
        sched_timetable_clear(&self->timetables[i]);
    g_free(self->timetables);
    g_free(self->heard_us);
    g_array_unref(self->segments);
    g_array_unref(self->findings);
    g_hash_table_unref(self->bases);
    g_free(self->queues);
    g_free(self->blocks);
    g_free(self);
}

const GArray *
sched_layout_segments(const SchedLayout *self)
{
    return self->segments;
}

const GArray *
sched_layout_findings(const SchedLayout *self)
{
    return self->findings;
}

static const SchedIndexZone *
zone_at(const SchedLayout *self, guint number)
{
    return g_ptr_array_index(self->station->zones, number);
}

static const char *
title_of(const SchedIndexItem *item)
{
    return item == NULL || item->announcement == NULL ? NULL
                                                      : item->announcement->source->title;
}

static void
name_special(SchedFinding *finding, const SchedSpecialDay *special)
{
    finding->special = special == NULL ? NULL : special->id;
    finding->special_name = special == NULL ? NULL : special->name;
}

static SchedFinding *
add_finding(SchedLayout *self, const SchedOccurrence *occurrence, SchedFindingKind kind,
            const SchedIndexItem *item, gint64 at_us)
{
    SchedDatedFinding dated = {.day = occurrence->day};

    dated.finding.kind = kind;
    dated.finding.slot = occurrence->slot->slot->source->id;
    dated.finding.slot_day = occurrence->slot_day;
    dated.finding.item = item == NULL ? NULL : item->source->id;
    dated.finding.title = title_of(item);
    dated.finding.at_us = at_us;
    name_special(&dated.finding, occurrence->special.rule);
    g_array_append_val(self->findings, dated);
    return &g_array_index(self->findings, SchedDatedFinding, self->findings->len - 1).finding;
}

/* One finding a zone of @zones about a segment that does not sound there. */
static void
add_silence(SchedLayout *self, const SchedSegment *segment, const SchedZoneSet *zones,
            SchedFindingKind kind, gint64 at_us, const SchedOccurrence *blocker)
{
    for (SCHED_ZONES(zones, number)) {
        SchedFinding *finding =
            add_finding(self, segment->occurrence, kind, segment->item, at_us);

        finding->zone = zone_at(self, number)->source->id;
        finding->language = segment->version->source->language;
        finding->repetition = segment->repetition;
        finding->by = blocker == NULL ? NULL : blocker->slot->slot->source->id;
    }
}

void
sched_layout_report(SchedLayout *self, const SchedSegment *segment, const SchedZoneSet *zones,
                    SchedFindingKind kind, const SchedQuiet *quiet)
{
    guint n_before = self->findings->len;

    add_silence(self, segment, zones, kind, segment->start_us, NULL);
    for (guint i = n_before; i < self->findings->len; i++)
        g_array_index(self->findings, SchedDatedFinding, i).finding.quiet = quiet;
}

static gint64 *
heard_on(SchedLayout *self, guint zone, SchedDay day)
{
    guint index = (guint) CLAMP(day - self->from, 0, (gint) self->n_days - 1);

    return &self->heard_us[zone * self->n_days + index];
}

/*
 * Why something made up may not sound in a zone: beyond what the approval covers, or on a
 * special day that changes what sounds. While a time is looked for, also a silence that was
 * asked for; one asked for afterwards is dayplan.h's, as for everything else.
 *
 * Returns: a SchedFindingKind; -1: it may
 */
static int
why_barred(Programme *self, const SchedSegment *segment, guint number, SchedDay day,
           gint64 minute)
{
    const SchedIndexZone *zone = zone_at(self->layout, number);
    gint64 end_us = segment->start_us + segment->duration_us;
    g_autoptr(GPtrArray) overruled = g_ptr_array_new();
    SchedSpecial special = sched_special_in(zone->village, day, minute, FALSE, overruled);
    SchedZoneSet only = {{0}}, quiet;
    guint next = 0;

    sched_zone_set_add(&only, number);
    if (special.rule != NULL)
        return SCHED_FINDING_SPECIAL_DAY;
    if (special.no_music != NULL && segment->item->announcement->source->is_music)
        return SCHED_FINDING_NO_MUSIC;
    if (!sched_route_may(segment->version, zone, self->slot->class_, segment->start_us))
        return SCHED_FINDING_NOT_APPROVED;
    if (self->seeks && sched_quiet_zones(self->layout->station, segment->start_us, end_us,
                                         &only, &next, &quiet) != NULL)
        return SCHED_FINDING_QUIET_REQUEST;
    return -1;
}

/* Takes the zones out of a @segment that is made up. Returns: whether there were some */
static gboolean
drop_barred(Programme *self, SchedSegment *segment, SchedDay day, gint64 minute)
{
    SchedZoneSet zones = segment->zones;
    gboolean is_changed = FALSE;

    for (SCHED_ZONES(&zones, number)) {
        int why = why_barred(self, segment, number, day, minute);
        SchedZoneSet only = {{0}};

        if (why < 0)
            continue;
        sched_zone_set_add(&only, number);
        add_silence(self->layout, segment, &only, (SchedFindingKind) why, segment->start_us,
                    NULL);
        sched_zone_set_remove(&segment->zones, number);
        is_changed = TRUE;
    }
    return is_changed;
}

/* Takes the zones out of @segment that may not hear it at its start, and says why. */
static gboolean
drop_forbidden(Programme *self, SchedSegment *segment)
{
    SchedLayout *layout = self->layout;
    SchedZoneSet outside = {{0}}, above = {{0}};
    gint64 second = 0;
    SchedDay day = sched_calendar_local(layout->station->calendar, segment->start_us, &second);
    int weekday = sched_day_weekday(day);
    gboolean is_changed =
        self->occurrence->is_make_up && drop_barred(self, segment, day, second / 60);

    for (SCHED_ZONES(&segment->zones, number)) {
        const SchedIndexArea *village = zone_at(layout, number)->village;

        if (!sched_area_allows(village, self->slot->class_, weekday, second / 60))
            sched_zone_set_add(&outside, number);
        else if (*heard_on(layout, number, day) + segment->duration_us > village->limit_us)
            sched_zone_set_add(&above, number);
        else
            continue;
        is_changed = TRUE;
    }
    if (!is_changed)
        return FALSE;
    add_silence(layout, segment, &outside, SCHED_FINDING_OUTSIDE_WINDOW, segment->start_us,
                NULL);
    add_silence(layout, segment, &above, SCHED_FINDING_OVER_DAILY_LIMIT, segment->start_us,
                NULL);
    for (guint i = 0; i < SCHED_ZONE_WORDS; i++)
        segment->zones.word[i] &= ~(outside.word[i] | above.word[i]);
    return TRUE;
}

/* When a sound of @segment has to be over: what a relay will say is approved for a time alone.
 */
static gint64
latest_end_us(const Programme *self, const SchedSegment *segment)
{
    return sched_plan_item_is_relay(segment->item->source->kind)
               ? MIN(self->end_us, segment->version->source->valid_until_us)
               : self->end_us;
}

/* From @start_us on. Returns: whether that ends in time */
static gboolean
begin_at(const Programme *self, SchedSegment *segment, gint64 start_us)
{
    gint64 room_us = latest_end_us(self, segment) - start_us;

    segment->start_us = start_us;
    segment->duration_us = segment->version->source->duration_us;
    if (sched_plan_item_is_relay(segment->item->source->kind))
        segment->duration_us =
            CLAMP(room_us, SCHED_MIN_RELAY_US, segment->item->source->relay_us);
    return segment->duration_us <= room_us;
}

/*
 * Finds room for @segment: its start and the zones that remain. Fewer zones may need less
 * switching, so it is tried again until nothing changes; zones only ever leave, so that ends.
 *
 * Returns: NULL and the start; or why not, in @out_kind, with the blocker of a clash
 */
static gboolean
find_room(Programme *self, SchedSegment *segment, SchedFindingKind *out_kind,
          const SchedOccurrence **out_blocker)
{
    const SchedIndexStation *station = self->layout->station;

    for (;;) {
        gint64 earliest_us = self->cursor_us, start_us;

        if (!sched_zone_set_is_empty(&self->previous))
            earliest_us += sched_switch_gap_us(station, &self->previous, &segment->zones);
        *out_kind = SCHED_FINDING_OVERRUN;
        if (!begin_at(self, segment, earliest_us))
            return FALSE;
        if (drop_forbidden(self, segment)) {
            if (sched_zone_set_is_empty(&segment->zones))
                return FALSE;
            continue;
        }
        start_us = sched_timetable_fit(&self->layout->timetables[self->output], earliest_us,
                                       earliest_us + SCHED_MAX_DELAY_US - self->delay_us,
                                       segment->duration_us, &segment->zones, out_blocker);
        *out_kind = SCHED_FINDING_DISPLACED;
        if (start_us < 0)
            return FALSE;
        *out_kind = SCHED_FINDING_OVERRUN;
        if (!begin_at(self, segment, start_us))
            return FALSE;
        if (start_us == earliest_us || !drop_forbidden(self, segment))
            return TRUE;
        if (sched_zone_set_is_empty(&segment->zones))
            return FALSE;
    }
}

/* The clock of the programme goes on to the end of @segment, whether it sounds or not. */
static void
advance(Programme *self, const SchedSegment *segment)
{
    self->cursor_us = segment->start_us + segment->duration_us;
    self->previous = segment->zones;
}

static void
place(Programme *self, const SchedSegment *segment, gint64 planned_us,
      const SchedOccurrence *blocker)
{
    SchedLayout *layout = self->layout;
    SchedDay day = sched_calendar_local(layout->station->calendar, segment->start_us, NULL);

    sched_timetable_place(&layout->timetables[self->output], segment->start_us,
                          segment->duration_us, &segment->zones, self->occurrence);
    g_array_append_val(layout->segments, *segment);
    for (SCHED_ZONES(&segment->zones, number))
        *heard_on(layout, number, day) += segment->duration_us;
    if (segment->start_us > planned_us) {
        SchedFinding *finding = add_finding(layout, self->occurrence, SCHED_FINDING_DELAYED,
                                            segment->item, segment->start_us);

        self->delay_us += segment->start_us - planned_us;
        finding->by = blocker->slot->slot->source->id;
    }
}

/* One sounding of one version in @zones, at most as many as a segment may name. */
static void
lay_segment(Programme *self, const SchedIndexItem *item, guint number, guint repetition,
            const SchedZoneSet *zones)
{
    const SchedIndexVersion *version = &item->announcement->versions[number];
    SchedSegment segment = {
        .occurrence = self->occurrence,
        .item = item,
        .version = version,
        .zones = *zones,
        .output = self->output,
        .repetition = repetition,
        .block = version->tongue.base == self->base ? NULL : self->block,
    };
    SchedFindingKind kind;
    const SchedOccurrence *blocker = NULL;
    gint64 planned_us;

    if (find_room(self, &segment, &kind, &blocker)) {
        planned_us = self->cursor_us;
        if (!sched_zone_set_is_empty(&self->previous))
            planned_us +=
                sched_switch_gap_us(self->layout->station, &self->previous, &segment.zones);
        place(self, &segment, planned_us, blocker);
        advance(self, &segment);
        return;
    }
    if (sched_zone_set_is_empty(&segment.zones))
        return;
    add_silence(self->layout, &segment, &segment.zones, kind, segment.start_us,
                kind == SCHED_FINDING_DISPLACED ? blocker : NULL);
    if (kind == SCHED_FINDING_DISPLACED)
        advance(self, &segment);
}

/* As lay_segment() for any number of zones: one after the other if they are too many. */
static void
lay_version(Programme *self, const SchedIndexItem *item, guint version, guint repetition,
            const SchedZoneSet *zones)
{
    SchedZoneSet part = {{0}};
    guint n_part = 0;

    for (SCHED_ZONES(zones, number)) {
        if (n_part == CONTENT_PLAN_MAX_SEGMENT_ZONES) {
            lay_segment(self, item, version, repetition, &part);
            part = (SchedZoneSet){{0}};
            n_part = 0;
        }
        sched_zone_set_add(&part, number);
        n_part++;
    }
    lay_segment(self, item, version, repetition, &part);
}

/* Says what @zone does not hear of @item, or hears in another language than it listed. */
static void
report_route(Programme *self, const SchedIndexItem *item, const SchedIndexZone *zone,
             const SchedRoute *route)
{
    const GPtrArray *languages = zone->source->languages;
    gboolean is_signal = item->source->kind == SCHED_PLAN_ITEM_SIGNAL;
    SchedFinding *finding;

    if (route->n_versions == 0) {
        /* In blocks by language, once: in the block of the language wanted most. */
        if (self->base != 0 && !is_signal && zone->tongues[0].base != self->base)
            return;
        finding =
            add_finding(self->layout, self->occurrence,
                        route->was_refused ? SCHED_FINDING_NOT_APPROVED : SCHED_FINDING_GAP,
                        item, self->cursor_us);
        finding->zone = zone->source->id;
        finding->language = is_signal ? NULL : g_ptr_array_index(languages, 0);
        return;
    }
    for (guint i = 0; i < zone->n_tongues && route->missing >> i != 0; i++) {
        if ((route->missing >> i & 1) == 0)
            continue;
        if (self->base != 0 && self->slot->policy == SCHED_PLAN_EACH &&
            zone->tongues[i].base != self->base)
            continue;
        finding = add_finding(self->layout, self->occurrence, SCHED_FINDING_FALLBACK, item,
                              self->cursor_us);
        finding->zone = zone->source->id;
        finding->language = g_ptr_array_index(languages, i);
    }
}

/* Whether a version of an EACH slot belongs into the block of one language. */
static gboolean
is_in_block(const Programme *self, const SchedIndexVersion *version)
{
    return self->base == 0 || version->tongue.base == 0 ||
           self->slot->policy == SCHED_PLAN_FIRST || version->tongue.base == self->base;
}

static void
queue_item(Programme *self, const SchedIndexItem *item, const SchedZoneSet *zones)
{
    for (SCHED_ZONES(zones, number)) {
        const SchedIndexZone *zone = zone_at(self->layout, number);
        SchedQueue *queue = &self->layout->queues[number];
        SchedRoute route;

        if (item->source->kind == SCHED_PLAN_ITEM_SIGNAL)
            sched_route_signal(zone, item->announcement, self->slot->class_, self->cursor_us,
                               &route);
        else
            sched_route(zone, item->announcement, self->slot->policy, self->slot->class_,
                        self->cursor_us, &route);
        if (route.n_versions == 0 || route.missing != 0)
            report_route(self, item, zone, &route);
        queue->n = queue->head = 0;
        for (guint i = 0; i < route.n_versions; i++) {
            if (is_in_block(self, &item->announcement->versions[route.versions[i]]))
                queue->wanted[queue->n++] = route.versions[i] + 1;
        }
    }
}

/* Music that a special day takes out: in blocks by language said once, in the first block. */
static void
report_music(Programme *self, const SchedIndexItem *item, const SchedZoneSet *zones)
{
    for (SCHED_ZONES(zones, number)) {
        const SchedIndexZone *zone = zone_at(self->layout, number);
        SchedFinding *finding;

        if (self->base != 0 && zone->tongues[0].base != self->base)
            continue;
        finding = add_finding(self->layout, self->occurrence, SCHED_FINDING_NO_MUSIC, item,
                              self->cursor_us);
        finding->zone = zone->source->id;
        name_special(finding, self->occurrence->special.no_music);
    }
}

static gboolean
is_forbidden_music(const Programme *self, const SchedIndexItem *item)
{
    return self->occurrence->special.no_music != NULL && item->announcement != NULL &&
           item->announcement->source->is_music;
}

static void
lay_item(Programme *self, const SchedIndexItem *item, const SchedZoneSet *zones)
{
    SchedZoneSet together;
    guint version;

    if (item->source->kind == SCHED_PLAN_ITEM_PAUSE) {
        self->cursor_us += item->source->pause_ms * item->source->times * 1000;
        return;
    }
    if (is_forbidden_music(self, item)) {
        report_music(self, item, zones);
        return;
    }
    queue_item(self, item, zones);
    while ((version = sched_queue_next(self->layout->queues, zones, &together)) != 0) {
        for (guint i = 0; i < item->source->times; i++)
            lay_version(self, item, version - 1, i, &together);
    }
}

static void
lay_block(Programme *self, const SchedZoneSet *zones)
{
    const SchedIndexPlaylist *playlist = self->occurrence->playlist;

    for (guint i = 0; i < playlist->n_items; i++)
        lay_item(self, &playlist->items[i], zones);
}

/* The languages in which @zone gets the playlist, one block each. */
static void
queue_blocks(SchedQueue *queue, const SchedIndexZone *zone, SchedPlanPolicy policy)
{
    guint n_tongues = policy == SCHED_PLAN_FIRST ? 1 : zone->n_tongues;

    queue->n = queue->head = 0;
    for (guint i = 0; i < n_tongues; i++) {
        gboolean is_there = FALSE;

        for (guint j = 0; j < queue->n; j++)
            is_there |= queue->wanted[j] == zone->tongues[i].base;
        if (!is_there)
            queue->wanted[queue->n++] = zone->tongues[i].base;
    }
}

/* Returns: (transfer none): the language numbered @base, which some zone of @zones lists */
static const char *
base_text(SchedLayout *self, const SchedZoneSet *zones, guint base)
{
    for (SCHED_ZONES(zones, number)) {
        const SchedIndexZone *zone = zone_at(self, number);

        for (guint i = 0; i < zone->n_tongues; i++) {
            g_autofree char *text = NULL;

            if (zone->tongues[i].base != base)
                continue;
            text = content_language_base(g_ptr_array_index(zone->source->languages, i));
            if (!g_hash_table_contains(self->bases, text))
                g_hash_table_add(self->bases, g_strdup(text));
            return g_hash_table_lookup(self->bases, text);
        }
    }
    return NULL;
}

static void
lay_blocks(Programme *self, const SchedZoneSet *zones)
{
    SchedQueue *blocks = self->layout->blocks;
    SchedZoneSet together;

    if (self->slot->order == SCHED_PLAN_BY_ITEM) {
        lay_block(self, zones);
        return;
    }
    for (SCHED_ZONES(zones, number))
        queue_blocks(&blocks[number], zone_at(self->layout, number), self->slot->policy);
    while ((self->base = sched_queue_next(blocks, zones, &together)) != 0) {
        self->block = base_text(self->layout, &together, self->base);
        lay_block(self, &together);
    }
}

/* The zones of @occurrence on @output that the gateway can switch. */
static SchedZoneSet
usable_zones(SchedLayout *self, const SchedOccurrence *occurrence, guint output)
{
    SchedZoneSet zones =
        sched_zone_set_common(&occurrence->zones, &self->station->output_zones[output]);
    SchedZoneSet usable = zones;

    for (SCHED_ZONES(&zones, number)) {
        SchedFinding *finding;

        if (zone_at(self, number)->is_usable)
            continue;
        sched_zone_set_remove(&usable, number);
        finding = add_finding(self, occurrence, SCHED_FINDING_ZONE_UNKNOWN, NULL,
                              occurrence->start_us);
        finding->zone = zone_at(self, number)->source->id;
    }
    return usable;
}

/* What a special day does to the occurrence, in each of its zones. */
static void
report_special(SchedLayout *self, const SchedOccurrence *occurrence)
{
    static const SchedFindingKind kinds[] = {
        [SCHED_SPECIAL_SKIP] = SCHED_FINDING_SPECIAL_DAY,
        [SCHED_SPECIAL_MOVE_TO] = SCHED_FINDING_MOVED,
        [SCHED_SPECIAL_MOVE_BY] = SCHED_FINDING_MOVED,
        [SCHED_SPECIAL_REPLACE] = SCHED_FINDING_REPLACED,
    };
    const SchedSpecialDay *special =
        occurrence->overruled != NULL ? occurrence->overruled : occurrence->special.rule;
    SchedFindingKind kind;

    if (special == NULL)
        return;
    if (occurrence->overruled != NULL)
        kind = SCHED_FINDING_DAY_OVERRULED;
    else
        kind = occurrence->is_silent ? SCHED_FINDING_SPECIAL_DAY : kinds[special->act];
    for (SCHED_ZONES(&occurrence->zones, number)) {
        SchedFinding *finding = add_finding(self, occurrence, kind, NULL, occurrence->start_us);

        finding->zone = zone_at(self, number)->source->id;
        name_special(finding, special);
    }
}

/* Nobody approved it: said once where all zones are alike, else of each. */
static void
report_unapproved(SchedLayout *self, const SchedOccurrence *occurrence)
{
    gboolean is_whole = sched_zone_set_equal(&occurrence->zones, &occurrence->slot->zones);

    if (is_whole) {
        add_finding(self, occurrence, SCHED_FINDING_NOT_APPROVED, NULL, occurrence->start_us);
        return;
    }
    for (SCHED_ZONES(&occurrence->zones, number))
        add_finding(self, occurrence, SCHED_FINDING_NOT_APPROVED, NULL, occurrence->start_us)
            ->zone = zone_at(self, number)->source->id;
}

void
sched_layout_add(SchedLayout *self, const SchedOccurrence *occurrence)
{
    const SchedSlot *slot = occurrence->slot->slot->source;
    gint64 longest_us = slot->length_s == 0
                            ? SCHED_MAX_OCCURRENCE_US
                            : MIN(slot->length_s * G_USEC_PER_SEC, SCHED_MAX_OCCURRENCE_US);

    report_special(self, occurrence);
    if (occurrence->is_silent || occurrence->overruled != NULL)
        return;
    if (!slot->is_approved) {
        report_unapproved(self, occurrence);
        return;
    }
    for (guint output = 0; output < self->station->outputs->len; output++) {
        SchedZoneSet zones = usable_zones(self, occurrence, output);
        Programme programme = {self, occurrence, slot, output};

        if (sched_zone_set_is_empty(&zones))
            continue;
        programme.cursor_us = occurrence->start_us;
        programme.end_us = occurrence->start_us + longest_us;
        lay_blocks(&programme, &zones);
    }
}

void
sched_layout_add_make_up(SchedLayout *self, const SchedOccurrence *occurrence,
                         const SchedIndexItem *item, guint version, gint64 until_us)
{
    const SchedSlot *slot = occurrence->slot->slot->source;
    gint64 duration_us = item->announcement->versions[version].source->duration_us;

    if (!slot->is_approved)
        return;
    for (guint output = 0; output < self->station->outputs->len; output++) {
        SchedZoneSet zones = usable_zones(self, occurrence, output);
        Programme programme = {self, occurrence, slot, output};

        if (sched_zone_set_is_empty(&zones))
            continue;
        programme.cursor_us = occurrence->start_us;
        programme.seeks = until_us > 0;
        programme.end_us = programme.seeks
                               ? until_us
                               : occurrence->start_us + duration_us + SCHED_MAX_DELAY_US;
        /* What is left of the two minutes that an ordinary one may wait: here all until then.
         */
        programme.delay_us =
            SCHED_MAX_DELAY_US - (programme.end_us - duration_us - occurrence->start_us);
        lay_version(&programme, item, version, 0, &zones);
    }
}
