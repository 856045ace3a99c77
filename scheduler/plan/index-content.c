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
        return sched_index_refuse(error, "announcement %s: unknown language \"%s\"", id,
                                  version->language);
    if (version->object == NULL || strlen(version->object) != 64 || version->approval == NULL ||
        strlen(version->approval) != 64)
        return sched_index_refuse(error, "announcement %s: a version without audio or approval",
                                  id);
    if (version->duration_us <= 0 || version->duration_us > CONTENT_PLAN_MAX_SEGMENT_US)
        return sched_index_refuse(error, "announcement %s: a version of impossible length", id);
    return TRUE;
}

static gboolean
fill_version(SchedIndex *self, SchedIndexAnnouncement *announcement, guint i, GError **error)
{
    const SchedVersion *source = g_ptr_array_index(announcement->source->versions, i);
    SchedIndexVersion *version = &announcement->versions[i];

    version->areas = g_ptr_array_new();
    version->source = source;
    announcement->n_versions = i + 1;
    if (!check_version(announcement->source, source, error))
        return FALSE;
    version->tongue = sched_index_tongue(self, source->language);
    for (guint j = 0; j < i; j++) {
        if (announcement->versions[j].tongue.tag == version->tongue.tag)
            return sched_index_refuse(error, "announcement %s: two versions in one language",
                                      announcement->source->id);
    }
    for (guint j = 0; j < source->areas->len; j++) {
        gpointer area = g_hash_table_lookup(self->areas, g_ptr_array_index(source->areas, j));

        if (area != NULL)
            g_ptr_array_add(version->areas, area);
    }
    return TRUE;
}

gboolean
sched_index_add_announcements(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->announcements->len; i++) {
        const SchedAnnouncement *source = g_ptr_array_index(snapshot->announcements, i);
        SchedIndexAnnouncement *announcement;

        if (!sched_index_check_new(self->announcements, "announcement", source->id, error))
            return FALSE;
        if (source->versions->len > SCHED_MAX_VERSIONS)
            return sched_index_refuse(error, "announcement %s: more than %d versions",
                                      source->id, SCHED_MAX_VERSIONS);
        announcement = g_new0(SchedIndexAnnouncement, 1);
        announcement->source = source;
        announcement->versions = g_new0(SchedIndexVersion, source->versions->len);
        g_hash_table_insert(self->announcements, source->id, announcement);
        for (guint j = 0; j < source->versions->len; j++) {
            if (!fill_version(self, announcement, j, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_item(const SchedPlaylist *playlist, const SchedItem *item, GError **error)
{
    if (!content_id_is_valid(item->id))
        return sched_index_refuse(error, "playlist %s: an item without a valid id",
                                  playlist->id);
    if (item->kind != SCHED_PLAN_ITEM_PAUSE && item->announcement == NULL)
        return sched_index_refuse(error, "item %s: names no announcement", item->id);
    if (item->times < 1 || item->times > SCHED_MAX_TIMES)
        return sched_index_refuse(error, "item %s: sounds 1 to %d times", item->id,
                                  SCHED_MAX_TIMES);
    if (item->pause_ms < 0 || item->pause_ms > SCHED_MAX_PAUSE_MS)
        return sched_index_refuse(error, "item %s: pause out of range", item->id);
    return TRUE;
}

static gboolean
add_playlist(SchedIndex *self, const SchedPlaylist *source, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    SchedIndexPlaylist *playlist;

    if (!sched_index_check_new(self->playlists, "playlist", source->id, error))
        return FALSE;
    if (source->items->len > SCHED_MAX_ITEMS)
        return sched_index_refuse(error, "playlist %s: more than %d items", source->id,
                                  SCHED_MAX_ITEMS);
    playlist = g_new0(SchedIndexPlaylist, 1);
    playlist->source = source;
    playlist->n_items = source->items->len;
    playlist->items = g_new0(SchedIndexItem, source->items->len);
    g_hash_table_insert(self->playlists, source->id, playlist);
    for (guint i = 0; i < source->items->len; i++) {
        const SchedItem *item = g_ptr_array_index(source->items, i);
        SchedIndexItem *compiled = &playlist->items[i];

        if (!check_item(source, item, error))
            return FALSE;
        if (!g_hash_table_add(ids, item->id))
            return sched_index_refuse(error, "playlist %s: item %s is there twice", source->id,
                                      item->id);
        compiled->source = item;
        compiled->first_counter = playlist->n_counters;
        if (item->announcement != NULL)
            compiled->announcement =
                g_hash_table_lookup(self->announcements, item->announcement);
        if (compiled->announcement != NULL)
            playlist->n_counters += compiled->announcement->n_versions;
    }
    return TRUE;
}

gboolean
sched_index_add_playlists(SchedIndex *self, const SchedSnapshot *snapshot, GError **error)
{
    for (guint i = 0; i < snapshot->playlists->len; i++) {
        if (!add_playlist(self, g_ptr_array_index(snapshot->playlists, i), error))
            return FALSE;
    }
    return TRUE;
}
