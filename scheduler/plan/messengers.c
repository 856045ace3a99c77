/* messengers.c - see messengers.h */
#include "scheduler/plan/messengers.h"

#include "scheduler/plan/expand.h"
#include "scheduler/plan/recurrence.h"

#include <string.h>

/* A search under way. */
typedef struct {
    SchedIndex *index;
    GPtrArray *villages; /* (owned) (element-type SchedIndexArea) */
    GHashTable *places;  /* (owned): "village announcement" -> place in found, from 1 */
    GArray *found;       /* (owned) (element-type SchedMessengerWish) */
    gint64 from_us, until_us;
} Search;

static void
search_clear(Search *self)
{
    g_clear_pointer(&self->villages, g_ptr_array_unref);
    g_clear_pointer(&self->places, g_hash_table_unref);
    g_clear_pointer(&self->found, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static void
add(Search *self, const SchedMessengerWish *wish)
{
    g_autofree char *key =
        g_strdup_printf("%s %s", wish->village->source->id, wish->announcement);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(self->places, key));

    if (place == 0) {
        g_array_append_vals(self->found, wish, 1);
        g_hash_table_insert(self->places, g_steal_pointer(&key),
                            GUINT_TO_POINTER(self->found->len));
    } else if (g_array_index(self->found, SchedMessengerWish, place - 1).start_us >
               wish->start_us) {
        g_array_index(self->found, SchedMessengerWish, place - 1) = *wish;
    }
}

/* Approved in some language, for that place and instant. */
static gboolean
may_sound(const SchedIndexAnnouncement *announcement, const SchedIndexArea *village,
          gint64 at_us)
{
    for (guint i = 0; announcement != NULL && i < announcement->n_versions; i++) {
        const SchedIndexVersion *version = &announcement->versions[i];

        if (version->source->language == NULL || at_us < version->source->valid_from_us ||
            at_us >= version->source->valid_until_us)
            continue;
        for (guint k = 0; k < version->areas->len; k++) {
            if (sched_area_is_within(village, g_ptr_array_index(version->areas, k)))
                return TRUE;
        }
    }
    return FALSE;
}

static void
look_in_village(Search *self, const SchedIndexSlot *slot, SchedDay day,
                const SchedIndexArea *village)
{
    gboolean has_own =
        slot->overrides != NULL && g_hash_table_contains(slot->overrides, GINT_TO_POINTER(day));
    g_autoptr(GPtrArray) overruled = g_ptr_array_new();
    SchedSpecial special =
        sched_special_in(village, day, slot->source->start_s / 60, has_own, overruled);
    gint64 start_s = sched_special_start_s(&special, slot->source->start_s);
    const SchedIndexPlaylist *playlist = sched_slot_playlist_on(self->index, slot, day);
    SchedMessengerWish wish = {.village = village, .slot_day = day};

    if (start_s < 0)
        return;
    if (special.rule != NULL && special.rule->act == SCHED_SPECIAL_REPLACE)
        playlist = sched_index_playlist(self->index, special.rule->playlist);
    wish.start_us = sched_calendar_instant(slot->calendar, day, start_s);
    if (wish.start_us < self->from_us || wish.start_us >= self->until_us)
        return;
    for (guint i = 0; playlist != NULL && i < playlist->n_items; i++) {
        wish.announcement = playlist->items[i].source->announcement;
        /* Nobody can carry what a relay has not said yet. */
        if (!sched_plan_item_is_relay(playlist->items[i].source->kind) &&
            may_sound(playlist->items[i].announcement, village, wish.start_us))
            add(self, &wish);
    }
}

static gboolean
is_aimed_at(SchedIndex *index, const SchedSlot *slot, const SchedIndexArea *village)
{
    for (guint i = 0; i < slot->areas->len; i++) {
        const SchedIndexArea *area = sched_index_area(index, slot->areas->pdata[i]);

        if (area != NULL && sched_area_is_within(village, area))
            return TRUE;
    }
    return FALSE;
}

static gboolean
look_at_slot(Search *self, const SchedIndexSlot *slot, GError **error)
{
    const SchedSlot *source = slot->source;
    SchedDay from = sched_calendar_local(slot->calendar, self->from_us, NULL);
    SchedDay to = sched_calendar_local(slot->calendar, self->until_us, NULL);
    g_autoptr(GArray) days =
        sched_recurrence_days(source->rule, source->first_day, source->added_days,
                              source->removed_days, from, to, error);

    for (guint i = 0; days != NULL && i < days->len; i++) {
        for (guint k = 0; k < self->villages->len; k++) {
            const SchedIndexArea *village = self->villages->pdata[k];

            if (is_aimed_at(self->index, source, village))
                look_in_village(self, slot, g_array_index(days, SchedDay, i), village);
        }
    }
    return days != NULL;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    const SchedMessengerWish *one = a, *other = b;
    gint by_village;

    if (one->start_us != other->start_us)
        return one->start_us < other->start_us ? -1 : 1;
    by_village = strcmp(one->village->source->id, other->village->source->id);
    return by_village != 0 ? by_village : strcmp(one->announcement, other->announcement);
}

GArray *
sched_messengers_find(SchedIndex *index, const SchedSnapshot *snapshot,
                      const GPtrArray *villages, gint64 from_us, gint64 until_us,
                      GError **error)
{
    g_auto(Search) self = {.index = index, .from_us = from_us, .until_us = until_us};

    self.villages = g_ptr_array_new();
    self.places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self.found = g_array_new(FALSE, FALSE, sizeof(SchedMessengerWish));
    for (guint i = 0; i < villages->len; i++) {
        const SchedIndexArea *village = sched_index_area(index, villages->pdata[i]);

        if (village != NULL)
            g_ptr_array_add(self.villages, (gpointer) village);
    }
    for (guint i = 0; self.villages->len > 0 && i < snapshot->slots->len; i++) {
        const SchedSlot *source = snapshot->slots->pdata[i];
        const SchedIndexSlot *slot = sched_index_slot(index, source->id);

        if (slot != NULL && source->is_approved && !look_at_slot(&self, slot, error))
            return NULL;
    }
    g_array_sort(self.found, compare);
    g_array_set_size(self.found, MIN(self.found->len, SCHED_MESSENGERS_MAX));
    return g_steal_pointer(&self.found);
}
