/* cue-world-plans.c - what the district of cue-world.h sends: settings, manifests, day plans,
 * audio */
#include "tests/support/cue-world-inside.h"

#include <string.h>

ContentSegment *
cue_world_find_segment(const CueWorld *world, const char *id)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->days);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        ContentDayPlan *day = value;

        for (guint i = 0; i < day->segments->len; i++) {
            ContentSegment *segment = day->segments->pdata[i];

            if (strcmp(segment->id, id) == 0)
                return segment;
        }
    }
    return NULL;
}

const char *
cue_world_name_of(const CueWorld *world, const char *hash)
{
    const char *name = hash == NULL ? NULL : g_hash_table_lookup(world->names, hash);

    return name == NULL ? "?" : name;
}

void
cue_world_tell_settings(CueWorld *world)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    bytes = content_document_write(&content_station_settings_type, world->settings, &error);
    g_assert_no_error(error);
    play_cue_take_settings(world->cue, content_document_read(&content_station_settings_type,
                                                             g_bytes_get_data(bytes, NULL),
                                                             g_bytes_get_size(bytes), &error));
    g_assert_no_error(error);
}

static gint
compare_segments(gconstpointer a, gconstpointer b)
{
    const ContentSegment *x = *(ContentSegment *const *) a;
    const ContentSegment *y = *(ContentSegment *const *) b;

    if (x->start_us != y->start_us)
        return x->start_us < y->start_us ? -1 : 1;
    return strcmp(x->output, y->output) != 0 ? strcmp(x->output, y->output)
                                             : strcmp(x->id, y->id);
}

static gint
compare_dates(gconstpointer a, gconstpointer b)
{
    return strcmp((*(ContentDayPlan *const *) a)->date, (*(ContentDayPlan *const *) b)->date);
}

static ContentManifest *
manifest_of(CueWorld *world)
{
    g_autoptr(GPtrArray) days = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    ContentManifest *manifest;

    g_hash_table_iter_init(&iter, world->days);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(days, value);
    g_ptr_array_sort(days, compare_dates);
    manifest = plan_builder_manifest(++world->version, world->issued_us, days, "");
    for (guint i = 0; i < manifest->days->len; i++) {
        ContentManifestDay *row = manifest->days->pdata[i];

        g_free(row->hash);
        row->hash =
            plan_builder_day_hash(row->date, g_hash_table_lookup(world->salts, row->date));
    }
    return manifest;
}

void
cue_world_obey(CueWorld *world)
{
    g_autoptr(ContentManifest) manifest = manifest_of(world);

    play_cue_obey(world->cue, manifest);
}

static ContentDayPlan *
copy_day(const ContentDayPlan *day)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(&content_day_plan_type, day, &error);
    ContentDayPlan *copy;

    g_assert_no_error(error);
    copy = content_document_read(&content_day_plan_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    return copy;
}

void
cue_world_tell_day(CueWorld *world, const ContentDayPlan *day, gint64 since_us)
{
    g_autofree char *hash =
        plan_builder_day_hash(day->date, g_hash_table_lookup(world->salts, day->date));

    play_cue_take_day(world->cue, hash, copy_day(day), plan_builder_approvals(day), since_us);
}

static void
remember_bounds(CueWorld *world, const ContentSegment *segment)
{
    WorldBounds *bounds = g_hash_table_lookup(world->bounds, segment->id);

    if (bounds == NULL) {
        bounds = g_new0(WorldBounds, 1);
        bounds->first_us = G_MAXINT64;
        g_hash_table_insert(world->bounds, g_strdup(segment->id), bounds);
    }
    bounds->first_us = MIN(bounds->first_us, segment->start_us);
    bounds->last_us = MAX(bounds->last_us, segment->start_us + segment->duration_us);
}

static void
remember_names(CueWorld *world, const ContentDayPlan *day)
{
    for (guint i = 0; i < day->segments->len; i++) {
        const ContentSegment *segment = day->segments->pdata[i];

        g_hash_table_replace(world->names, g_strdup(segment->id), g_strdup(segment->title));
        remember_bounds(world, segment);
        g_hash_table_replace(world->names, g_strdup(segment->object), g_strdup(segment->title));
        if (!g_hash_table_contains(world->objects, segment->object)) {
            g_hash_table_insert(world->objects, g_strdup(segment->object),
                                GINT_TO_POINTER(PLAY_OBJECT_HERE));
            play_cue_take_object(world->cue, segment->object, PLAY_OBJECT_HERE);
        }
    }
}

void
cue_world_plan(CueWorld *world, ContentDayPlan *day, const char *salt)
{
    g_ptr_array_sort(day->segments, compare_segments);
    g_hash_table_replace(world->salts, g_strdup(day->date), g_strdup(salt));
    g_hash_table_replace(world->days, g_strdup(day->date), day);
    remember_names(world, day);
    cue_world_obey(world);
    cue_world_tell_day(world, day, cue_world_utc(world));
    cue_world_step(world);
}

void
cue_world_announce(CueWorld *world, const char *date, const char *salt)
{
    g_hash_table_replace(world->salts, g_strdup(date), g_strdup(salt));
    cue_world_obey(world);
    cue_world_step(world);
}

void
cue_world_drop_day(CueWorld *world, const char *date)
{
    g_hash_table_remove(world->days, date);
    cue_world_obey(world);
    cue_world_step(world);
}

void
cue_world_drop_manifest(CueWorld *world)
{
    play_cue_obey(world->cue, NULL);
    cue_world_step(world);
}

void
cue_world_object(CueWorld *world, const char *name, PlayObjectState state)
{
    g_autofree char *hash = plan_builder_hash(name);

    g_hash_table_replace(world->objects_changed, g_strdup(hash),
                         g_memdup2(&world->monotonic_us, sizeof world->monotonic_us));
    play_cue_take_object(world->cue, hash, state);
    g_hash_table_replace(world->objects, g_steal_pointer(&hash), GINT_TO_POINTER(state));
    cue_world_step(world);
}

const ContentSegment *
cue_world_segment(CueWorld *world, const char *name)
{
    g_autofree char *id = plan_builder_id(name);

    return cue_world_find_segment(world, id);
}

void
cue_world_give_settings(CueWorld *world)
{
    cue_world_tell_settings(world);
    cue_world_step(world);
}
