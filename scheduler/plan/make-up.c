/* make-up.c - see make-up.h */
#include "scheduler/plan/make-up.h"

#include "scheduler/plan/index-private.h"

#include <string.h>

void
sched_index_add_make_ups(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->make_ups->len; i++) {
        SchedMakeUp *made = g_ptr_array_index(snapshot->make_ups, i);
        SchedIndexStation *station = g_hash_table_lookup(self->stations, made->station);

        if (station != NULL)
            g_ptr_array_add(station->make_ups, made);
    }
}

/* ---- one sounding ---- */

static const SchedStationSlot *
find_slot(const SchedIndexStation *station, const char *id)
{
    for (guint i = 0; i < station->slots->len; i++) {
        const SchedStationSlot *slot = &g_array_index(station->slots, SchedStationSlot, i);

        if (strcmp(slot->slot->source->id, id) == 0)
            return slot;
    }
    return NULL;
}

static SchedZoneSet
zones_of(const SchedIndexStation *station, const SchedStationSlot *slot, const GPtrArray *ids)
{
    SchedZoneSet zones = {{0}};

    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, i);

        if (g_ptr_array_find_with_equal_func((GPtrArray *) ids, zone->source->id, g_str_equal,
                                             NULL))
            sched_zone_set_add(&zones, zone->number);
    }
    /* A zone that the slot does not reach any more is not its business. */
    return sched_zone_set_common(&zones, &slot->zones);
}

static const SchedIndexItem *
find_item(const SchedIndexPlaylist *playlist, const char *id)
{
    for (guint i = 0; playlist != NULL && i < playlist->n_items; i++) {
        if (strcmp(playlist->items[i].source->id, id) == 0)
            return &playlist->items[i];
    }
    return NULL;
}

/* Of what the slot played on that date; or of what a special day of a zone played instead. */
static const SchedIndexItem *
item_of(SchedIndex *index, const SchedIndexStation *station, const SchedOccurrence *occurrence,
        const char *id)
{
    SchedIndexSlot *slot = occurrence->slot->slot;
    const SchedIndexItem *item =
        find_item(sched_slot_playlist_on(index, slot, occurrence->slot_day), id);
    g_autoptr(GPtrArray) overruled = g_ptr_array_new();

    for (SCHED_ZONES(&occurrence->zones, number)) {
        const SchedIndexZone *zone = g_ptr_array_index(station->zones, number);
        SchedSpecial special;

        if (item != NULL)
            return item;
        special = sched_special_in(zone->village, occurrence->slot_day,
                                   slot->source->start_s / 60, FALSE, overruled);
        if (special.rule != NULL && special.rule->act == SCHED_SPECIAL_REPLACE)
            item = find_item(sched_index_playlist(index, special.rule->playlist), id);
    }
    return item;
}

/* Returns: the version that is the same audio in the same language; -1: it is not there now */
static int
version_of(const SchedIndexItem *item, const SchedMakeUp *made)
{
    guint n_versions = item->announcement == NULL ? 0 : item->announcement->n_versions;

    for (guint i = 0; i < n_versions; i++) {
        const SchedVersion *version = item->announcement->versions[i].source;

        if (g_strcmp0(version->language, made->language) == 0 &&
            strcmp(version->object, made->object) == 0)
            return (int) i;
    }
    return -1;
}

/* As an occurrence with nothing but that item in those zones. FALSE: it is not covered now. */
static gboolean
compile(SchedIndex *index, const SchedIndexStation *station, const SchedMakeUp *made,
        SchedOccurrence *out, const SchedIndexItem **out_item, guint *out_version)
{
    const SchedStationSlot *slot = find_slot(station, made->slot);
    int version;

    if (slot == NULL)
        return FALSE;
    *out = (SchedOccurrence){.slot = slot, .slot_day = made->slot_day, .is_make_up = TRUE};
    out->zones = zones_of(station, slot, made->zones);
    out->start_us = made->start_us;
    out->day = sched_calendar_local(station->calendar, made->start_us, NULL);
    *out_item = item_of(index, station, out, made->item);
    /* What a relay said then is over: nothing that is missed of it can be made up. */
    version = *out_item == NULL || sched_plan_item_is_relay((*out_item)->source->kind)
                  ? -1
                  : version_of(*out_item, made);
    if (version < 0 || sched_zone_set_is_empty(&out->zones))
        return FALSE;
    *out_version = (guint) version;
    sched_occurrence_name(out);
    return TRUE;
}

void
sched_make_up_lay(SchedIndex *index, const SchedIndexStation *station, SchedLayout *layout,
                  SchedDay from, SchedDay to, GPtrArray *kept)
{
    for (guint i = 0; i < station->make_ups->len; i++) {
        g_autofree SchedOccurrence *occurrence = g_new(SchedOccurrence, 1);
        const SchedIndexItem *item;
        guint version;

        if (!compile(index, station, g_ptr_array_index(station->make_ups, i), occurrence, &item,
                     &version) ||
            occurrence->day < from || occurrence->day > to)
            continue;
        sched_layout_add_make_up(layout, occurrence, item, version, 0);
        g_ptr_array_add(kept, g_steal_pointer(&occurrence));
    }
}

/* ---- deciding ---- */

typedef struct {
    SchedIndex *index;
    const SchedIndexStation *station;
    SchedDay today;
    gint64 earliest_us;
    SchedLayout *layout;
    GArray *times;   /* (element-type gint64): when a zone may begin to be free, ascending */
    GPtrArray *kept; /* (element-type SchedOccurrence) */
    GPtrArray *made; /* (element-type SchedMakeUp) */
} Decision;

static gint
compare_times(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

    return (left > right) - (left < right);
}

static void
add_time(Decision *self, gint64 at_us)
{
    if (at_us > self->earliest_us)
        g_array_append_val(self->times, at_us);
}

/* Windows open, silences end, a new day has its own minutes and special days: only then may a
 * zone be free that was not; room among other sounds is found between. */
static void
collect_times(Decision *self)
{
    const SchedIndexStation *station = self->station;

    g_array_append_val(self->times, self->earliest_us);
    for (SchedDay day = self->today; day <= self->today + 2; day++) {
        add_time(self, sched_calendar_instant(station->calendar, day, 0));
        for (guint i = 0; i < station->zones->len; i++) {
            const SchedIndexZone *zone = g_ptr_array_index(station->zones, i);
            const GPtrArray *windows = zone->village->windows;

            for (guint j = 0; j < windows->len; j++)
                add_time(self, sched_calendar_instant(
                                   station->calendar, day,
                                   ((ContentWindow *) windows->pdata[j])->from_min * 60));
        }
    }
    for (guint i = 0; i < station->quiets->len; i++)
        add_time(self, g_array_index(station->quiets, SchedStationQuiet, i).source->until_us);
    g_array_sort(self->times, compare_times);
}

/* Takes what was placed since @n_before out of @wanted, as decisions. */
static void
take_placed(Decision *self, SchedMakeUp *wanted, guint n_before)
{
    const GArray *segments = sched_layout_segments(self->layout);

    for (guint i = n_before; i < segments->len; i++) {
        const SchedSegment *segment = &g_array_index(segments, SchedSegment, i);
        SchedMakeUp *made =
            sched_make_up_new(wanted->slot, wanted->slot_day, wanted->item, wanted->language,
                              wanted->object, wanted->station, segment->start_us);

        for (SCHED_ZONES(&segment->zones, number)) {
            const SchedIndexZone *zone = g_ptr_array_index(self->station->zones, number);
            guint at = 0;

            g_ptr_array_add(made->zones, g_strdup(zone->source->id));
            if (g_ptr_array_find_with_equal_func(wanted->zones, zone->source->id, g_str_equal,
                                                 &at))
                g_ptr_array_remove_index(wanted->zones, at);
        }
        g_ptr_array_add(self->made, made);
    }
}

/* Whether @wanted may sound by then at all; the slot's own rule where nobody said until when */
static gint64
until_of(const Decision *self, const SchedMakeUp *wanted, gint64 until_us)
{
    const SchedIndexSlot *slot = sched_index_slot(self->index, wanted->slot);

    if (slot == NULL || until_us > 0)
        return until_us;
    if (slot->source->make_up_min == 0)
        return 0;
    /* The end of the date is the beginning of the next. */
    if (slot->source->make_up_min * 60 >= SCHED_DAY_S)
        return sched_calendar_instant(slot->calendar, wanted->slot_day + 1, 0);
    return sched_calendar_instant(slot->calendar, wanted->slot_day,
                                  slot->source->make_up_min * 60);
}

static void
decide_one(Decision *self, SchedMakeUp *wanted, gint64 until_us)
{
    for (guint i = 0; i < self->times->len && wanted->zones->len > 0; i++) {
        g_autofree SchedOccurrence *occurrence = g_new(SchedOccurrence, 1);
        guint n_before = sched_layout_segments(self->layout)->len, version;
        const SchedIndexItem *item;

        wanted->start_us = g_array_index(self->times, gint64, i);
        if (wanted->start_us >= until_us ||
            !compile(self->index, self->station, wanted, occurrence, &item, &version))
            return;
        sched_layout_add_make_up(self->layout, occurrence, item, version, until_us);
        g_ptr_array_add(self->kept, g_steal_pointer(&occurrence));
        take_placed(self, wanted, n_before);
    }
}

/* Zones that missed the same sounding, together. */
static GPtrArray *
group_missed(const char *station, const GArray *missed)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify) sched_make_up_free);

    for (guint i = 0; i < missed->len && i < SCHED_MAKE_UP_MAX_MISSED; i++) {
        const SchedMissed *one = &g_array_index(missed, SchedMissed, i);
        SchedMakeUp *group = NULL;

        for (guint j = 0; j < groups->len && group == NULL; j++) {
            SchedMakeUp *other = g_ptr_array_index(groups, j);

            if (strcmp(other->slot, one->slot) == 0 && other->slot_day == one->slot_day &&
                strcmp(other->item, one->item) == 0 &&
                g_strcmp0(other->language, one->language) == 0 &&
                strcmp(other->object, one->object) == 0)
                group = other;
        }
        if (group == NULL) {
            group = sched_make_up_new(one->slot, one->slot_day, one->item, one->language,
                                      one->object, station, one->planned_us);
            g_ptr_array_add(groups, group);
        }
        /* An item that sounds several times in a row is made up once. */
        if (!g_ptr_array_find_with_equal_func(group->zones, one->zone, g_str_equal, NULL))
            g_ptr_array_add(group->zones, g_strdup(one->zone));
    }
    return groups;
}

static gint
compare_groups(gconstpointer a, gconstpointer b)
{
    const SchedMakeUp *left = *(const SchedMakeUp *const *) a;
    const SchedMakeUp *right = *(const SchedMakeUp *const *) b;

    return compare_times(&left->start_us, &right->start_us);
}

/* Everything that is planned already takes its place first. */
static gboolean
lay_plan(Decision *self, GArray **out_occurrences, GError **error)
{
    SchedDay from = self->today - 1, to = self->today + 3;
    GArray *occurrences = sched_expand(self->station, self->index, from, to, error);

    if (occurrences == NULL)
        return FALSE;
    *out_occurrences = occurrences;
    sched_clash_sort(occurrences);
    self->layout = sched_layout_new(self->station, from, to);
    for (guint i = 0; i < occurrences->len; i++)
        sched_layout_add(self->layout, &g_array_index(occurrences, SchedOccurrence, i));
    sched_make_up_lay(self->index, self->station, self->layout, from, to, self->kept);
    return TRUE;
}

GPtrArray *
sched_make_up_decide(SchedIndex *index, const char *station, const GArray *missed,
                     gint64 now_us, gint64 until_us, GError **error)
{
    const SchedIndexStation *found = sched_index_station(index, station);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) groups = group_missed(station, missed);
    g_autoptr(GArray) occurrences = NULL;
    g_autoptr(SchedLayout) layout = NULL;
    /* A whole second, as people read it. */
    gint64 earliest_us =
        (now_us + SCHED_MAKE_UP_LEAD_US) / G_USEC_PER_SEC * G_USEC_PER_SEC + G_USEC_PER_SEC;
    Decision self = {index, found, 0, earliest_us, NULL, times, kept, NULL};

    if (found == NULL) {
        g_set_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID,
                    "no station \"%s\" in the snapshot", station);
        return NULL;
    }
    self.today = sched_calendar_local(found->calendar, now_us, NULL);
    if (!lay_plan(&self, &occurrences, error))
        return NULL;
    layout = self.layout;
    self.made = g_ptr_array_new_with_free_func((GDestroyNotify) sched_make_up_free);
    collect_times(&self);
    g_ptr_array_sort(groups, compare_groups);
    for (guint i = 0; i < groups->len; i++) {
        SchedMakeUp *wanted = g_ptr_array_index(groups, i);

        decide_one(&self, wanted, until_of(&self, wanted, until_us));
    }
    return self.made;
}
