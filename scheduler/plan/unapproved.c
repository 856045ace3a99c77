/* unapproved.c - see unapproved.h */
#include "scheduler/plan/unapproved.h"

#include "content/language.h"

#include <string.h>

const char *const sched_unapproved_kind_words[] = {"slot", "date", "version", NULL};

SchedDraft *
sched_draft_new(const char *version, const char *announcement, const char *title,
                const char *language)
{
    SchedDraft *self = g_new0(SchedDraft, 1);

    self->version = g_strdup(version);
    self->announcement = g_strdup(announcement);
    self->title = g_strdup(title);
    self->language = g_strdup(language);
    return self;
}

void
sched_draft_free(SchedDraft *self)
{
    if (self == NULL)
        return;
    g_free(self->version);
    g_free(self->announcement);
    g_free(self->title);
    g_free(self->language);
    g_free(self);
}

/* A search under way. */
typedef struct {
    SchedIndex *index;
    GHashTable *drafts; /* (owned): announcement -> GPtrArray of SchedDraft */
    GHashTable *places; /* (owned): "slot day version" -> place in found, from 1 */
    GArray *found;      /* (owned) (element-type SchedUnapproved) */
    gint64 from_us, until_us;
} Search;

static void
add(Search *self, SchedUnapprovedKind kind, const SchedSlot *slot, SchedDay day,
    const SchedDraft *draft, gint64 start_us, guint n_zones)
{
    g_autofree char *key =
        g_strdup_printf("%s %d %s", slot->id, day, draft == NULL ? "" : draft->version);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(self->places, key));
    const SchedUnapproved one = {kind, slot, day, draft, start_us, n_zones};

    if (place == 0) {
        g_array_append_val(self->found, one);
        g_hash_table_insert(self->places, g_steal_pointer(&key),
                            GUINT_TO_POINTER(self->found->len));
    } else {
        SchedUnapproved *known = &g_array_index(self->found, SchedUnapproved, place - 1);

        known->start_us = MIN(known->start_us, start_us);
        known->n_zones += n_zones;
    }
}

static gboolean
has_approved(const SchedIndexItem *item, const char *wanted)
{
    guint n_versions = item->announcement == NULL ? 0 : item->announcement->n_versions;

    for (guint i = 0; i < n_versions; i++) {
        const char *language = item->announcement->versions[i].source->language;

        if (language != NULL && content_language_match(wanted, language) != 0)
            return TRUE;
    }
    return FALSE;
}

/* Would the zone hear it if it were approved? In a slot that plays the first language a zone
 * has, what comes behind an approved one would not be heard. */
static gboolean
would_hear(const SchedIndexZone *zone, const SchedSlot *slot, const SchedIndexItem *item,
           const SchedDraft *draft)
{
    const GPtrArray *languages = zone->source->languages;

    if (draft->language == NULL)
        return TRUE;
    for (guint i = 0; i < languages->len; i++) {
        const char *wanted = g_ptr_array_index(languages, i);

        if (content_language_match(wanted, draft->language) != 0)
            return TRUE;
        if (slot->policy == SCHED_PLAN_FIRST && has_approved(item, wanted))
            return FALSE;
    }
    return FALSE;
}

static void
look_at_item(Search *self, const SchedIndexStation *station, const SchedOccurrence *occurrence,
             const SchedIndexItem *item)
{
    const SchedSlot *slot = occurrence->slot->slot->source;
    const GPtrArray *drafts =
        item->source->announcement == NULL
            ? NULL
            : g_hash_table_lookup(self->drafts, item->source->announcement);

    for (guint i = 0; drafts != NULL && i < drafts->len; i++) {
        const SchedDraft *draft = g_ptr_array_index(drafts, i);
        guint n_zones = 0;

        for (SCHED_ZONES(&occurrence->zones, number))
            n_zones += would_hear(g_ptr_array_index(station->zones, number), slot, item, draft)
                           ? 1
                           : 0;
        if (n_zones > 0)
            add(self, SCHED_UNAPPROVED_VERSION, slot, occurrence->slot_day, draft,
                occurrence->start_us, n_zones);
    }
}

/* An announcement that stands there twice is one. */
static gboolean
is_first(const SchedIndexPlaylist *playlist, guint number)
{
    for (guint i = 0; i < number; i++) {
        if (g_strcmp0(playlist->items[i].source->announcement,
                      playlist->items[number].source->announcement) == 0)
            return FALSE;
    }
    return TRUE;
}

static void
look_at(Search *self, const SchedIndexStation *station, const SchedOccurrence *occurrence)
{
    const SchedSlot *slot = occurrence->slot->slot->source;
    guint n_zones = 0;

    if (occurrence->start_us < self->from_us || occurrence->start_us >= self->until_us ||
        occurrence->is_silent || occurrence->is_make_up || occurrence->overruled != NULL)
        return;
    for (SCHED_ZONES(&occurrence->zones, number))
        n_zones += number < station->zones->len ? 1 : 0;
    if (!slot->is_approved) {
        add(self, SCHED_UNAPPROVED_SLOT, slot, occurrence->slot_day, NULL, occurrence->start_us,
            n_zones);
        return;
    }
    for (guint i = 0; occurrence->playlist != NULL && i < occurrence->playlist->n_items; i++) {
        if (is_first(occurrence->playlist, i))
            look_at_item(self, station, occurrence, &occurrence->playlist->items[i]);
    }
}

static gboolean
look_at_station(Search *self, const char *id, GError **error)
{
    SchedIndexStation *station = sched_index_station(self->index, id);
    g_autoptr(GArray) occurrences = NULL;

    /* One that was left out is a trouble of its own. */
    if (station == NULL)
        return TRUE;
    occurrences =
        sched_expand(station, self->index,
                     sched_calendar_local(station->calendar, self->from_us, NULL),
                     sched_calendar_local(station->calendar, self->until_us, NULL), error);
    for (guint i = 0; occurrences != NULL && i < occurrences->len; i++)
        look_at(self, station, &g_array_index(occurrences, SchedOccurrence, i));
    return occurrences != NULL;
}

/* Another playlist on a date, which nobody approved. */
static void
look_at_date(Search *self, const SchedOverride *override)
{
    const SchedIndexSlot *slot = sched_index_slot(self->index, override->slot);
    gint64 start_us;

    if (override->is_approved || override->playlist == NULL || slot == NULL ||
        !slot->source->is_approved)
        return;
    start_us = sched_calendar_instant(slot->calendar, override->day, slot->source->start_s);
    if (start_us >= self->from_us && start_us < self->until_us)
        add(self, SCHED_UNAPPROVED_DATE, slot->source, override->day, NULL, start_us, 0);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    const SchedUnapproved *one = a, *other = b;

    if (one->start_us != other->start_us)
        return one->start_us < other->start_us ? -1 : 1;
    if (one->slot != other->slot)
        return strcmp(one->slot->id, other->slot->id);
    return g_strcmp0(one->draft == NULL ? NULL : one->draft->version,
                     other->draft == NULL ? NULL : other->draft->version);
}

static GHashTable *
by_announcement(const GPtrArray *drafts)
{
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                              (GDestroyNotify) g_ptr_array_unref);

    for (guint i = 0; i < drafts->len; i++) {
        SchedDraft *draft = g_ptr_array_index(drafts, i);
        GPtrArray *list = g_hash_table_lookup(table, draft->announcement);

        if (list == NULL) {
            list = g_ptr_array_new();
            g_hash_table_insert(table, draft->announcement, list);
        }
        g_ptr_array_add(list, draft);
    }
    return table;
}

GArray *
sched_unapproved_find(SchedIndex *index, const SchedSnapshot *snapshot, const GPtrArray *drafts,
                      gint64 from_us, gint64 until_us, GError **error)
{
    g_autoptr(GHashTable) grouped = by_announcement(drafts);
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SchedUnapproved));
    Search self = {index, grouped, places, found, from_us, until_us};

    for (guint i = 0; i < snapshot->stations->len; i++) {
        const SchedStation *station = g_ptr_array_index(snapshot->stations, i);

        if (!look_at_station(&self, station->id, error))
            return NULL;
    }
    for (guint i = 0; i < snapshot->overrides->len; i++)
        look_at_date(&self, g_ptr_array_index(snapshot->overrides, i));
    g_array_sort(found, compare);
    return g_steal_pointer(&found);
}
