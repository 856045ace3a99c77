/* timetable.c - see timetable.h */
#include "player/cue/timetable.h"

#include <string.h>

struct PlayTimetable {
    GHashTable *plans;  /* date -> PlayPlan */
    GPtrArray *entries; /* PlayEntry, by start, output, id */
    GHashTable *by_id;  /* segment id -> PlayEntry; keys belong to the segments */
};

PlayPlan *
play_plan_ref(PlayPlan *plan)
{
    return g_rc_box_acquire(plan);
}

static void
plan_clear(gpointer data)
{
    PlayPlan *plan = data;

    g_free(plan->hash);
    content_day_plan_free(plan->day);
    g_hash_table_unref(plan->approvals);
}

void
play_plan_unref(PlayPlan *plan)
{
    g_rc_box_release_full(plan, plan_clear);
}

const ContentApproval *
play_plan_approval(const PlayPlan *plan, const ContentSegment *segment)
{
    return segment->approval == NULL ? NULL
                                     : g_hash_table_lookup(plan->approvals, segment->approval);
}

PlayTimetable *
play_timetable_new(void)
{
    PlayTimetable *self = g_new0(PlayTimetable, 1);

    self->plans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) play_plan_unref);
    self->entries = g_ptr_array_new_with_free_func(g_free);
    self->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    return self;
}

void
play_timetable_free(PlayTimetable *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->by_id);
    g_ptr_array_unref(self->entries);
    g_hash_table_unref(self->plans);
    g_free(self);
}

static gint
compare_entries(gconstpointer a, gconstpointer b)
{
    const ContentSegment *x = (*(PlayEntry *const *) a)->segment;
    const ContentSegment *y = (*(PlayEntry *const *) b)->segment;

    if (x->start_us != y->start_us)
        return x->start_us < y->start_us ? -1 : 1;
    return strcmp(x->output, y->output) != 0 ? strcmp(x->output, y->output)
                                             : strcmp(x->id, y->id);
}

/* @known_since: segment id -> instant, from the index before. */
static void
add_entry(PlayTimetable *self, PlayPlan *plan, const ContentSegment *segment,
          GHashTable *known_since)
{
    gint64 *before_us = g_hash_table_lookup(known_since, segment->id);
    PlayEntry *entry;

    /* Ids are made over slot and date, so two plans share none unless one is broken. */
    if (g_hash_table_contains(self->by_id, segment->id))
        return;
    entry = g_new0(PlayEntry, 1);
    entry->plan = plan;
    entry->segment = segment;
    entry->known_since_us =
        before_us == NULL ? plan->known_since_us : MIN(*before_us, plan->known_since_us);
    g_ptr_array_add(self->entries, entry);
    g_hash_table_insert(self->by_id, segment->id, entry);
}

/* Must be called while the segments of the last index still live. */
static GHashTable *
remember_known(PlayTimetable *self)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; i < self->entries->len; i++) {
        const PlayEntry *entry = self->entries->pdata[i];

        g_hash_table_insert(known, g_strdup(entry->segment->id),
                            g_memdup2(&entry->known_since_us, sizeof(gint64)));
    }
    return known;
}

static void
make_index(PlayTimetable *self, GHashTable *known_since)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_remove_all(self->by_id);
    g_ptr_array_set_size(self->entries, 0);
    g_hash_table_iter_init(&iter, self->plans);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        PlayPlan *plan = value;

        for (guint i = 0; i < plan->day->segments->len; i++)
            add_entry(self, plan, plan->day->segments->pdata[i], known_since);
    }
    g_ptr_array_sort(self->entries, compare_entries);
}

void
play_timetable_take(PlayTimetable *self, const char *hash, ContentDayPlan *day,
                    GHashTable *approvals, gint64 known_since_us)
{
    g_autoptr(GHashTable) known = remember_known(self);
    PlayPlan *plan = g_rc_box_new0(PlayPlan);

    plan->hash = g_strdup(hash);
    plan->day = day;
    plan->approvals = approvals;
    plan->known_since_us = known_since_us;
    g_hash_table_replace(self->plans, g_strdup(day->date), plan);
    make_index(self, known);
}

static const char *
listed_hash(const ContentManifest *manifest, const char *date)
{
    for (guint i = 0; i < manifest->days->len; i++) {
        const ContentManifestDay *day = manifest->days->pdata[i];

        if (strcmp(day->date, date) == 0)
            return day->hash;
    }
    return NULL;
}

void
play_timetable_obey(PlayTimetable *self, const ContentManifest *manifest)
{
    g_autoptr(GHashTable) known = remember_known(self);
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, self->plans);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        PlayPlan *plan = value;
        const char *hash = manifest == NULL ? NULL : listed_hash(manifest, key);

        if (hash != NULL)
            plan->is_superseded = strcmp(hash, plan->hash) != 0;
        else
            g_hash_table_iter_remove(&iter);
    }
    make_index(self, known);
}

static gint64
plan_end_us(const PlayPlan *plan)
{
    gint64 end_us = G_MININT64;

    for (guint i = 0; i < plan->day->segments->len; i++) {
        const ContentSegment *segment = plan->day->segments->pdata[i];

        end_us = MAX(end_us, segment->start_us + segment->duration_us);
    }
    return end_us;
}

void
play_timetable_forget_before(PlayTimetable *self, gint64 utc_us)
{
    g_autoptr(GHashTable) known = remember_known(self);
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, self->plans);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const PlayPlan *plan = value;

        if (plan->day->segments->len > 0 && plan_end_us(plan) < utc_us)
            g_hash_table_iter_remove(&iter);
    }
    make_index(self, known);
}

const PlayEntry *
play_timetable_find(PlayTimetable *self, const char *id)
{
    return g_hash_table_lookup(self->by_id, id);
}

const PlayEntry *
play_timetable_at(PlayTimetable *self, guint index)
{
    return index < self->entries->len ? self->entries->pdata[index] : NULL;
}
