/* index-content.c - announcements and playlists of an index; see index-private.h */
#include "scheduler/plan/index-private.h"

#include "content/base/id.h"
#include "content/language.h"
#include "content/plan.h"

#include <string.h>

void
sched_index_announcement_free(gpointer data)
{
    SchedIndexAnnouncement *announcement = data;

    for (guint i = 0; i < announcement->n_versions; i++)
        g_ptr_array_unref(announcement->versions[i].areas);
    g_free(announcement->versions);
    g_free(announcement);
}

void
sched_index_playlist_free(gpointer data)
{
    SchedIndexPlaylist *playlist = data;

    g_free(playlist->items);
    g_free(playlist);
}

static gboolean
check_version(const SchedAnnouncement *source, const SchedVersion *version, GError **error)
{
    const char *id = source->id;

    if (version->language != NULL && !content_language_tag_is_valid(version->language))
        return sched_index_spoilt(error, "plan_version_language", id, "language",
                                  version->language, NULL);
    if (version->object == NULL || strlen(version->object) != 64 || version->approval == NULL ||
        strlen(version->approval) != 64)
        return sched_index_spoilt(error, "plan_version_unready", id, NULL);
    if (version->duration_us <= 0 || version->duration_us > CONTENT_PLAN_MAX_SEGMENT_US)
        return sched_index_spoilt(error, "plan_version_length", id, NULL);
    return TRUE;
}

/* Into the next free place of @announcement. */
static gboolean
add_version(SchedIndex *self, SchedIndexAnnouncement *announcement, const SchedVersion *source,
            GError **error)
{
    SchedIndexVersion *version = &announcement->versions[announcement->n_versions];
    SchedTongue tongue;

    if (announcement->n_versions == SCHED_MAX_VERSIONS)
        return sched_index_spoilt(error, "plan_versions", announcement->source->id, "count",
                                  G_STRINGIFY(SCHED_MAX_VERSIONS), NULL);
    if (!check_version(announcement->source, source, error))
        return FALSE;
    tongue = sched_index_tongue(self, source->language);
    for (guint i = 0; i < announcement->n_versions; i++) {
        if (announcement->versions[i].tongue.tag == tongue.tag)
            return sched_index_spoilt(error, "plan_version_twice", announcement->source->id,
                                      NULL);
    }
    announcement->n_versions++;
    version->source = source;
    version->tongue = tongue;
    version->areas = g_ptr_array_new();
    for (guint i = 0; i < source->areas->len; i++) {
        gpointer area = g_hash_table_lookup(self->areas, g_ptr_array_index(source->areas, i));

        if (area != NULL)
            g_ptr_array_add(version->areas, area);
    }
    return TRUE;
}

void
sched_index_add_announcements(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->announcements->len; i++) {
        const SchedAnnouncement *source = g_ptr_array_index(snapshot->announcements, i);
        SchedIndexAnnouncement *announcement;
        GError *error = NULL;

        if (!sched_index_check_new(self->announcements, "announcement", source->id, &error)) {
            sched_index_leave_out(self, "announcement", source->id, NULL, error);
            continue;
        }
        announcement = g_new0(SchedIndexAnnouncement, 1);
        announcement->source = source;
        announcement->versions = g_new0(SchedIndexVersion, SCHED_MAX_VERSIONS);
        g_hash_table_insert(self->announcements, source->id, announcement);
        for (guint j = 0; j < source->versions->len; j++) {
            if (!add_version(self, announcement, g_ptr_array_index(source->versions, j),
                             &error))
                sched_index_leave_out(self, "announcement", source->id, NULL,
                                      g_steal_pointer(&error));
        }
    }
}

static gboolean
check_item(const SchedPlaylist *playlist, const SchedItem *item, GError **error)
{
    const char *id = playlist->id;

    if (!content_id_is_valid(item->id))
        return sched_index_spoilt(error, "plan_item_id", id, NULL);
    if (item->kind != SCHED_PLAN_ITEM_PAUSE && item->announcement == NULL)
        return sched_index_spoilt(error, "plan_item_empty", id, "item", item->id, NULL);
    if (item->times < 1 || item->times > SCHED_MAX_TIMES)
        return sched_index_spoilt(error, "plan_item_times", id, "item", item->id, "count",
                                  G_STRINGIFY(SCHED_MAX_TIMES), NULL);
    if (sched_plan_item_is_relay(item->kind) &&
        (item->relay_us < SCHED_MIN_RELAY_US || item->relay_us > CONTENT_PLAN_MAX_SEGMENT_US))
        return sched_index_spoilt(error, "plan_item_pause", id, "item", item->id, NULL);
    if (item->pause_ms < 0 || item->pause_ms > SCHED_MAX_PAUSE_MS)
        return sched_index_spoilt(error, "plan_item_pause", id, "item", item->id, NULL);
    return TRUE;
}

/* @ids: those of the items so far */
static gboolean
add_item(SchedIndex *self, SchedIndexPlaylist *playlist, const SchedItem *item, GHashTable *ids,
         GError **error)
{
    SchedIndexItem *compiled = &playlist->items[playlist->n_items];

    if (playlist->n_items == SCHED_MAX_ITEMS)
        return sched_index_spoilt(error, "plan_items", playlist->source->id, "count",
                                  G_STRINGIFY(SCHED_MAX_ITEMS), NULL);
    if (!check_item(playlist->source, item, error))
        return FALSE;
    if (!g_hash_table_add(ids, item->id))
        return sched_index_spoilt(error, "plan_item_twice", playlist->source->id, "item",
                                  item->id, NULL);
    playlist->n_items++;
    compiled->source = item;
    if (item->announcement != NULL)
        compiled->announcement = g_hash_table_lookup(self->announcements, item->announcement);
    return TRUE;
}

static void
add_playlist(SchedIndex *self, const SchedPlaylist *source)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    SchedIndexPlaylist *playlist;
    GError *error = NULL;

    if (!sched_index_check_new(self->playlists, "playlist", source->id, &error)) {
        sched_index_leave_out(self, "playlist", source->id, NULL, error);
        return;
    }
    playlist = g_new0(SchedIndexPlaylist, 1);
    playlist->source = source;
    playlist->items = g_new0(SchedIndexItem, MIN(source->items->len, SCHED_MAX_ITEMS));
    g_hash_table_insert(self->playlists, source->id, playlist);
    for (guint i = 0; i < source->items->len; i++) {
        if (!add_item(self, playlist, g_ptr_array_index(source->items, i), ids, &error))
            sched_index_leave_out(self, "playlist", source->id, NULL, g_steal_pointer(&error));
    }
}

void
sched_index_add_playlists(SchedIndex *self, const SchedSnapshot *snapshot)
{
    for (guint i = 0; i < snapshot->playlists->len; i++)
        add_playlist(self, g_ptr_array_index(snapshot->playlists, i));
}
