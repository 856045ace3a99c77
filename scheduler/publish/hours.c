/* hours.c - see hours.h */
#include "scheduler/publish/hours.h"

#include "scheduler/plan/dayplan.h"
#include "scheduler/publish/gather.h"
#include "scheduler/publish/preview.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/windows.h"

#include <string.h>

/* One thing that does not sound because of the hours. Texts belong to the snapshot. */
typedef struct {
    char *key; /* (owned): the same thing in another plan has the same */
    SchedFinding finding;
    const char *village;
} Silence;

static void
silence_free(gpointer data)
{
    Silence *self = data;

    g_free(self->key);
    g_free(self);
}

/* What becomes of one slot, over all days and villages. */
typedef struct {
    const char *slot, *name;
    SchedFindingKind kind;
    gint64 first_us;
    GHashTable *days, *villages; /* (owned) */
} Change;

static void
change_free(gpointer data)
{
    Change *self = data;

    g_hash_table_unref(self->days);
    g_hash_table_unref(self->villages);
    g_free(self);
}

/* ---- one plan ---- */

static const SchedIndexZone *
zone_of(const SchedIndexArea *area, const char *station, const char *zone)
{
    for (guint i = 0; i < area->zones->len; i++) {
        const SchedIndexZone *one = g_ptr_array_index(area->zones, i);

        if (g_strcmp0(one->source->id, zone) == 0 &&
            strcmp(one->station->source->id, station) == 0)
            return one;
    }
    return NULL;
}

static void
add_silence(GHashTable *silences, const SchedIndexArea *area, const char *station,
            const SchedFinding *finding)
{
    const SchedIndexZone *zone = zone_of(area, station, finding->zone);
    Silence *one;

    if (zone == NULL || (finding->kind != SCHED_FINDING_OUTSIDE_WINDOW &&
                         finding->kind != SCHED_FINDING_OVER_DAILY_LIMIT))
        return;
    one = g_new0(Silence, 1);
    /* Not the instant: it may be another one where what goes before is left out. */
    one->key = g_strdup_printf("%s %s %s %d %s %u %s", station, finding->zone, finding->slot,
                               finding->slot_day, finding->item, finding->repetition,
                               finding->language == NULL ? "" : finding->language);
    one->finding = *finding;
    one->village = zone->village->source->id;
    g_hash_table_replace(silences, one->key, one);
}

static gboolean
look_at_station(SchedIndex *index, const SchedIndexArea *area, SchedIndexStation *station,
                gint64 now_us, GHashTable *silences, GError **error)
{
    const char *id = station->source->id;
    g_autoptr(GPtrArray) days =
        sched_plan_station(index, id, sched_calendar_local(station->calendar, now_us, NULL),
                           SCHED_HOURS_DAYS, error);

    for (guint i = 0; days != NULL && i < days->len; i++) {
        const SchedPlanDay *day = g_ptr_array_index(days, i);

        for (guint j = 0; j < day->findings->len; j++)
            add_silence(silences, area, id, &g_array_index(day->findings, SchedFinding, j));
    }
    return days != NULL;
}

/* Returns: (transfer full) (nullable): key -> Silence, of the villages of @area */
static GHashTable *
silences_of(SchedSnapshot *snapshot, const char *area, gint64 now_us, GError **error)
{
    g_autoptr(SchedIndex) index = sched_index_new(snapshot);
    g_autoptr(GHashTable) silences =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, silence_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    const SchedIndexArea *here;

    if (!sched_area_is_planned(index, area, error))
        return NULL;
    here = sched_index_area(index, area);
    for (guint i = 0; i < here->zones->len; i++) {
        SchedIndexStation *station =
            ((const SchedIndexZone *) g_ptr_array_index(here->zones, i))->station;

        if (g_hash_table_add(seen, station) &&
            !look_at_station(index, here, station, now_us, silences, error))
            return NULL;
    }
    return g_steal_pointer(&silences);
}

/* ---- the other hours ---- */

static SchedArea *
find_area(SchedSnapshot *snapshot, const char *id)
{
    for (guint i = 0; i < snapshot->areas->len; i++) {
        SchedArea *area = g_ptr_array_index(snapshot->areas, i);

        if (strcmp(area->id, id) == 0)
            return area;
    }
    return NULL;
}

static void
put_windows(SchedArea *area, const GPtrArray *windows)
{
    g_ptr_array_set_size(area->windows, 0);
    for (guint i = 0; i < windows->len; i++) {
        const SchedWindowRow *row = g_ptr_array_index(windows, i);

        sched_area_add_window(area, (ContentClass) row->class_, (guint) row->weekdays,
                              row->from_min, row->to_min);
    }
}

/* What decides for the area itself decides also for all below that have nothing of their own.
 */
static gboolean
change_hours(SchedTxn *txn, SchedSnapshot *snapshot, const char *area, const GPtrArray *windows,
             gint64 limit_min, GError **error)
{
    g_autofree char *windows_from = NULL, *limit_from = NULL;
    g_autoptr(GPtrArray) rows = sched_store_area_list(txn, area, NULL, error);

    if (rows == NULL ||
        !sched_store_windows_nearest(txn, area, &windows_from, &limit_from, error))
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const char *id = ((const SchedAreaRow *) g_ptr_array_index(rows, i))->id;
        SchedArea *planned = find_area(snapshot, id);
        g_autofree char *windows_here = NULL, *limit_here = NULL;

        if (!sched_store_windows_nearest(txn, id, &windows_here, &limit_here, error))
            return FALSE;
        if (planned != NULL && g_strcmp0(windows_here, windows_from) == 0)
            put_windows(planned, windows);
        if (planned != NULL && g_strcmp0(limit_here, limit_from) == 0)
            planned->daily_limit_min = limit_min;
    }
    return TRUE;
}

/* ---- the answer ---- */

static const char *
name_of(const SchedSnapshot *snapshot, const char *slot)
{
    for (guint i = 0; i < snapshot->slots->len; i++) {
        const SchedSlot *one = g_ptr_array_index(snapshot->slots, i);

        if (strcmp(one->id, slot) == 0)
            return one->title;
    }
    return slot;
}

static void
add_change(GHashTable *changes, const SchedSnapshot *snapshot, const Silence *silence)
{
    const SchedFinding *finding = &silence->finding;
    Change *change = g_hash_table_lookup(changes, finding->slot);

    if (change == NULL) {
        change = g_new0(Change, 1);
        change->slot = finding->slot;
        change->name = name_of(snapshot, finding->slot);
        change->first_us = G_MAXINT64;
        change->days = g_hash_table_new(NULL, NULL);
        change->villages = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(changes, (char *) change->slot, change);
    }
    if (finding->at_us < change->first_us) {
        change->first_us = finding->at_us;
        change->kind = finding->kind;
    }
    g_hash_table_add(change->days, GINT_TO_POINTER(finding->slot_day));
    g_hash_table_add(change->villages, (char *) silence->village);
}

static gint
by_instant(gconstpointer a, gconstpointer b)
{
    const Change *one = *(const Change *const *) a, *other = *(const Change *const *) b;

    if (one->first_us != other->first_us)
        return one->first_us < other->first_us ? -1 : 1;
    return strcmp(one->slot, other->slot);
}

/* Those of @these that @others do not have. */
static void
add_difference(json_t *list, const SchedSnapshot *snapshot, GHashTable *these,
               GHashTable *others, gboolean sounds)
{
    g_autoptr(GHashTable) changes =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, change_free);
    g_autoptr(GPtrArray) sorted = NULL;
    GHashTableIter iter;
    gpointer key, silence, change;

    g_hash_table_iter_init(&iter, these);
    while (g_hash_table_iter_next(&iter, &key, &silence)) {
        if (!g_hash_table_contains(others, key))
            add_change(changes, snapshot, silence);
    }
    sorted = g_ptr_array_sized_new(g_hash_table_size(changes));
    g_hash_table_iter_init(&iter, changes);
    while (g_hash_table_iter_next(&iter, NULL, &change))
        g_ptr_array_add(sorted, change);
    g_ptr_array_sort(sorted, by_instant);
    for (guint i = 0; i < MIN(sorted->len, SCHED_HOURS_MAX_SLOTS); i++) {
        const Change *one = g_ptr_array_index(sorted, i);

        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:b, s:s, s:I, s:I, s:I}", "slot",
                                        one->slot, "name", one->name, "sounds", sounds,
                                        "finding", sched_finding_words[one->kind], "first_us",
                                        (json_int_t) one->first_us, "n_days",
                                        (json_int_t) g_hash_table_size(one->days), "n_villages",
                                        (json_int_t) g_hash_table_size(one->villages)));
    }
}

json_t *
sched_hours_json(SchedTxn *txn, const char *area, const GPtrArray *windows, gint64 limit_min,
                 gint64 now_us, GError **error)
{
    g_autoptr(SchedSnapshot) snapshot = sched_gather_snapshot(txn, now_us, error);
    g_autoptr(GHashTable) now = NULL, then = NULL;
    json_t *changes;

    if (snapshot == NULL)
        return NULL;
    now = silences_of(snapshot, area, now_us, error);
    if (now == NULL || !change_hours(txn, snapshot, area, windows, limit_min, error))
        return NULL;
    then = silences_of(snapshot, area, now_us, error);
    if (then == NULL)
        return NULL;
    changes = json_array();
    add_difference(changes, snapshot, then, now, FALSE);
    add_difference(changes, snapshot, now, then, TRUE);
    return json_pack("{s:o}", "changes", changes);
}
