/* around.c - see around.h */
#include "scheduler/publish/around.h"

#include <string.h>

#include "scheduler/publish/gather-private.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/playlists.h"

/* Of a version that nobody has approved: no signature is asked for where nothing is sent. */
#define NOT_APPROVED_YET "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct {
    SchedTxn *txn;
    SchedSnapshot *snapshot; /* (owned) */
    const SchedSlotRow *slot;
    const GPtrArray *items;
    gint64 now_us;
    GHashTable *playlists;     /* (owned): ids that are in it */
    GHashTable *announcements; /* (owned): ids whose versions are in it */
} Around;

static void
around_clear(Around *self)
{
    sched_snapshot_free(self->snapshot);
    g_hash_table_unref(self->playlists);
    g_hash_table_unref(self->announcements);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Around, around_clear)

void
sched_around_clear(SchedAround *self)
{
    g_clear_pointer(&self->stations, g_ptr_array_unref);
}

/* ---- where ---- */

static void
add_station(SchedAround *around, const char *station)
{
    if (g_ptr_array_find_with_equal_func(around->stations, station, g_str_equal, NULL))
        return;
    if (around->stations->len < SCHED_AROUND_MAX_STATIONS)
        g_ptr_array_add(around->stations, g_strdup(station));
    else
        around->has_more = TRUE;
}

static gboolean
find_stations(Around *self, SchedAround *around, GError **error)
{
    around->stations = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < self->slot->targets->len; i++) {
        const SchedTargetRow *target = self->slot->targets->pdata[i];
        g_autoptr(GPtrArray) found = NULL;

        if (*target->area == '\0') {
            add_station(around, target->station);
            continue;
        }
        found = sched_store_stations_heard(self->txn, target->area,
                                           SCHED_AROUND_MAX_STATIONS + 1, error);
        if (found == NULL)
            return FALSE;
        for (guint k = 0; k < found->len; k++)
            add_station(around, found->pdata[k]);
    }
    return TRUE;
}

static gboolean
gather_zones(Around *self, const char *station, GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_zone_list(self->txn, station, error);

    for (guint i = 0; zones != NULL && i < zones->len; i++)
        sched_gather_zone(self->snapshot, zones->pdata[i], NULL);
    return zones != NULL;
}

/* What its gateway says of it is left aside: that is no matter of when something sounds. */
static gboolean
gather_station(Around *self, const char *id, GError **error)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(self->txn, id, error);

    if (row == NULL)
        return FALSE;
    if (row->retired)
        return TRUE;
    sched_snapshot_add_station(self->snapshot, row->id, row->area, row->tzid);
    return gather_zones(self, id, error);
}

/* Areas that nothing here lies in need no windows; all are there, for targets name them. */
static gboolean
gather_areas(Around *self, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_area_list(self->txn, NULL, NULL, error);
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedAreaRow *row = rows->pdata[i];
        SchedArea *area =
            sched_snapshot_add_area(self->snapshot, row->id, row->parent, row->name);

        g_hash_table_insert(by_id, area->id, area);
    }
    for (guint i = 0; rows != NULL && i < self->snapshot->zones->len; i++) {
        const SchedZone *zone = self->snapshot->zones->pdata[i];

        for (SchedArea *area = g_hash_table_lookup(by_id, zone->village);
             area != NULL && g_hash_table_add(done, area);
             area = area->parent == NULL ? NULL : g_hash_table_lookup(by_id, area->parent)) {
            if (!sched_gather_windows(self->txn, area, error))
                return FALSE;
        }
    }
    return rows != NULL;
}

/* ---- what sounds there ---- */

static gboolean
gather_overrides(Around *self, const char *slot, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_override_list(self->txn, slot, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedOverrideRow *row = rows->pdata[i];
        SchedDay day;

        if (sched_day_parse(row->date, &day))
            sched_snapshot_add_override(self->snapshot, slot, day, row->playlist, TRUE);
    }
    return rows != NULL;
}

/* One that cannot be planned with is left out, as the plan leaves it out. */
static gboolean
add_slot(Around *self, const SchedSlotRow *row, GError **error)
{
    if (!sched_gather_slot(self->snapshot, row, NULL)) {
        g_ptr_array_set_size(self->snapshot->slots, (gint) self->snapshot->slots->len - 1);
        return TRUE;
    }
    ((SchedSlot *) self->snapshot->slots->pdata[self->snapshot->slots->len - 1])->is_approved =
        TRUE;
    return gather_overrides(self, row->id, error);
}

static gboolean
gather_others(Around *self, const char *station, GHashTable *seen, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_slot_list_for_station(self->txn, station, self->now_us, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedSlotRow *row = rows->pdata[i];

        if (g_hash_table_add(seen, g_strdup(row->id)) && !add_slot(self, row, error))
            return FALSE;
    }
    return rows != NULL;
}

/* The slot as it is to be goes first: the one of its id that there is comes too late. */
static gboolean
gather_slots(Around *self, const SchedAround *around, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    SchedSlotRow own = *self->slot;

    own.playlist = (char *) SCHED_AROUND_NEW_SLOT;
    g_hash_table_add(seen, g_strdup(own.id));
    if (!sched_gather_slot(self->snapshot, &own, error))
        return FALSE;
    ((SchedSlot *) self->snapshot->slots->pdata[0])->is_approved = TRUE;
    if (!gather_overrides(self, own.id, error))
        return FALSE;
    for (guint i = 0; i < around->stations->len; i++) {
        if (!gather_others(self, around->stations->pdata[i], seen, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- in which recordings ---- */

static SchedAnnouncement *
find_announcement(Around *self, const char *id)
{
    for (guint i = 0; i < self->snapshot->announcements->len; i++) {
        SchedAnnouncement *one = self->snapshot->announcements->pdata[i];

        if (strcmp(one->id, id) == 0)
            return one;
    }
    return NULL;
}

static gboolean
has_language(const SchedAnnouncement *announcement, const char *language)
{
    for (guint i = 0; i < announcement->versions->len; i++) {
        const SchedVersion *version = announcement->versions->pdata[i];

        if (g_strcmp0(version->language, language) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
add_draft(Around *self, SchedAnnouncement *announcement, const SchedAnnouncementRow *of,
          const SchedVersionRow *row, GError **error)
{
    g_autoptr(SchedObjectRow) object = sched_store_object_get(self->txn, row->object, error);
    SchedVersion *version;

    if (object == NULL)
        return FALSE;
    version = sched_announcement_add_version(announcement, row->id, row->language, row->object,
                                             NOT_APPROVED_YET);
    version->size_bytes = object->size_bytes;
    version->duration_us = object->duration_us;
    version->class_ = of->class_;
    version->valid_from_us = of->valid_from_us;
    version->valid_until_us = of->valid_until_us;
    for (guint i = 0; i < of->areas->len; i++)
        g_ptr_array_add(version->areas, g_strdup(of->areas->pdata[i]));
    return TRUE;
}

/* Recordings of the slot's own that wait: how long they are is known. */
static gboolean
add_drafts(Around *self, const char *id, GError **error)
{
    g_autoptr(SchedAnnouncementRow) of = sched_store_announcement_get(self->txn, id, NULL);
    SchedAnnouncement *announcement = find_announcement(self, id);
    g_autoptr(GPtrArray) rows = NULL;

    if (of == NULL || of->withdrawn)
        return TRUE;
    rows = sched_store_version_list(self->txn, id, error);
    if (rows != NULL && announcement == NULL) {
        announcement = sched_snapshot_add_announcement(self->snapshot, of->id, of->title);
        announcement->is_music = of->kind == SCHED_ANNOUNCEMENT_MUSIC;
    }
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedVersionRow *row = rows->pdata[i];

        if (row->object != NULL && !has_language(announcement, row->language) &&
            !add_draft(self, announcement, of, row, error))
            return FALSE;
    }
    return rows != NULL;
}

static gboolean
gather_announcement(Around *self, const char *id, GHashTable *known, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;

    if (id == NULL || !g_hash_table_add(self->announcements, g_strdup(id)))
        return TRUE;
    rows = sched_store_approval_list_of(self->txn, id, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        sched_gather_approval(self->txn, self->snapshot, known, rows->pdata[i], self->now_us,
                              NULL);
    return rows != NULL;
}

static gboolean
gather_items(Around *self, const GPtrArray *items, GHashTable *known, GError **error)
{
    for (guint i = 0; i < items->len; i++) {
        if (!gather_announcement(self, ((const SchedItemRow *) items->pdata[i])->announcement,
                                 known, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
gather_playlist(Around *self, const char *id, GHashTable *known, GError **error)
{
    g_autoptr(SchedPlaylistRow) row = NULL;

    if (id == NULL || !g_hash_table_add(self->playlists, g_strdup(id)))
        return TRUE;
    row = sched_store_playlist_get(self->txn, id, error);
    if (row == NULL)
        return FALSE;
    sched_gather_playlist(self->snapshot, id, row->items);
    return gather_items(self, row->items, known, error);
}

static gboolean
gather_sound(Around *self, GError **error)
{
    const SchedSnapshot *all = self->snapshot;
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    g_hash_table_add(self->playlists, g_strdup(SCHED_AROUND_NEW_SLOT));
    sched_gather_playlist(self->snapshot, SCHED_AROUND_NEW_SLOT, self->items);
    if (!gather_items(self, self->items, known, error))
        return FALSE;
    for (guint i = 0; i < all->slots->len; i++) {
        if (!gather_playlist(self, ((SchedSlot *) all->slots->pdata[i])->playlist, known,
                             error))
            return FALSE;
    }
    for (guint i = 0; i < all->overrides->len; i++) {
        if (!gather_playlist(self, ((SchedOverride *) all->overrides->pdata[i])->playlist,
                             known, error))
            return FALSE;
    }
    for (guint i = 0; i < all->specials->len; i++) {
        if (!gather_playlist(self, ((SchedSpecialDay *) all->specials->pdata[i])->playlist,
                             known, error))
            return FALSE;
    }
    for (guint i = 0; i < self->items->len; i++) {
        const SchedItemRow *item = self->items->pdata[i];

        if (item->announcement != NULL && !add_drafts(self, item->announcement, error))
            return FALSE;
    }
    return TRUE;
}

static GHashTable *
new_set(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

SchedSnapshot *
sched_gather_around(SchedTxn *txn, const SchedSlotRow *slot, const GPtrArray *items,
                    gint64 now_us, SchedAround *out_around, GError **error)
{
    g_auto(Around) self = {.txn = txn,
                           .snapshot = sched_snapshot_new(),
                           .slot = slot,
                           .items = items,
                           .now_us = now_us,
                           .playlists = new_set(),
                           .announcements = new_set()};

    if (!find_stations(&self, out_around, error))
        return NULL;
    for (guint i = 0; i < out_around->stations->len; i++) {
        if (!gather_station(&self, out_around->stations->pdata[i], error))
            return NULL;
    }
    if (!gather_areas(&self, error) || !gather_slots(&self, out_around, error) ||
        !sched_gather_choices(txn, self.snapshot, now_us, error) ||
        !sched_gather_quiets(txn, self.snapshot, now_us, error) ||
        !sched_gather_specials(txn, self.snapshot, now_us, error) ||
        !gather_sound(&self, error))
        return NULL;
    return g_steal_pointer(&self.snapshot);
}
