/* compile.c - see compile.h */
#include "scheduler/publish/compile.h"

#include <string.h>

#include "content/base/id.h"
#include "content/manifest.h"
#include "content/plan.h"
#include "scheduler/plan/dayplan.h"
#include "scheduler/plan/phrasebook.h"
#include "scheduler/publish/sign.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/grants.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/stations.h"

void
sched_compiled_free(SchedCompiled *self)
{
    if (self == NULL)
        return;
    g_free(self->station);
    g_ptr_array_unref(self->documents);
    g_ptr_array_unref(self->days);
    g_ptr_array_unref(self->approvals);
    g_ptr_array_unref(self->objects);
    g_ptr_array_unref(self->silences);
    g_free(self->settings);
    g_free(self->keys);
    g_free(self->templates);
    g_ptr_array_unref(self->grants);
    g_free(self->contents);
    g_free(self);
}

static SchedCompiled *
compiled_new(const char *station, const char *keys)
{
    SchedCompiled *self = g_new0(SchedCompiled, 1);

    self->station = g_strdup(station);
    self->keys = g_strdup(keys);
    self->documents = g_ptr_array_new_with_free_func((GDestroyNotify) sched_document_row_free);
    self->days = g_ptr_array_new_with_free_func((GDestroyNotify) sched_issued_day_row_free);
    self->approvals = g_ptr_array_new_with_free_func(g_free);
    self->objects = g_ptr_array_new_with_free_func(g_free);
    self->grants = g_ptr_array_new_with_free_func(g_free);
    self->silences = g_ptr_array_new_with_free_func((GDestroyNotify) sched_silence_free);
    return self;
}

/* Adds the document and gives back its name. Returns: (transfer none) */
static const char *
add_document(SchedCompiled *self, const ContentDocumentType *type, gconstpointer document,
             GError **error)
{
    g_autoptr(GBytes) bytes = content_document_write(type, document, error);
    SchedDocumentRow *row;

    if (bytes == NULL)
        return NULL;
    row = sched_document_row_new(type->type,
                                 bytes); /* the manifest's signature covers its hash */
    g_ptr_array_add(self->documents, row);
    return row->hash;
}

/* --- settings --------------------------------------------------------------------------------
 */

/* What holds in its village: the planner obeys it, and the player checks it again. */
static void
add_limits(ContentSettingsZone *zone, const SchedIndexArea *village)
{
    for (guint i = 0; i < village->windows->len; i++) {
        ContentWindow *window = content_shape_new(&content_window_shape);

        *window = *(const ContentWindow *) g_ptr_array_index(village->windows, i);
        g_ptr_array_add(zone->windows, window);
    }
    zone->daily_limit_min = village->limit_us / G_USEC_PER_SEC / 60;
}

static void
add_zones(ContentStationSettings *settings, const SchedIndexStation *station)
{
    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *from = g_ptr_array_index(station->zones, i);
        ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);

        zone->id = g_strdup(from->source->id);
        zone->output = g_strdup(from->source->output);
        zone->name = g_strdup(from->source->name);
        zone->village = g_strdup(from->source->village);
        for (const SchedIndexArea *area = from->village; area != NULL; area = area->parent)
            g_ptr_array_add(zone->areas, g_strdup(area->source->id));
        for (guint j = 0; j < from->source->languages->len; j++)
            g_ptr_array_add(zone->languages,
                            g_strdup(g_ptr_array_index(from->source->languages, j)));
        add_limits(zone, from->village);
        g_ptr_array_add(settings->zones, zone);
    }
}

static gboolean
add_volumes(SchedTxn *txn, ContentStationSettings *settings, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_volume_list(txn, settings->station, error);

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SchedVolumeRow *row = g_ptr_array_index(rows, i);
        ContentVolume *volume = content_shape_new(&content_volume_shape);

        volume->zone = g_strdup(row->zone);
        volume->from_min = row->from_min;
        volume->to_min = row->to_min;
        volume->gain_mdb = row->gain_mdb;
        g_ptr_array_add(settings->volumes, volume);
    }
    return TRUE;
}

static gboolean
compile_settings(SchedCompiled *self, SchedTxn *txn, const SchedIndexStation *station,
                 GError **error)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, self->station, error);
    g_autoptr(ContentStationSettings) settings = NULL;
    const char *hash;

    if (row == NULL)
        return FALSE;
    settings = content_document_new(&content_station_settings_type);
    settings->station = g_strdup(row->id);
    settings->name = g_strdup(row->name);
    settings->tzid = g_strdup(row->tzid);
    settings->heartbeat_s = row->heartbeat_s;
    settings->fetch_kbit_s = row->fetch_kbit_s;
    settings->night_from_min = row->night_from_min;
    settings->night_to_min = row->night_to_min;
    settings->large_bytes = row->large_bytes;
    settings->gain_cap_mdb = row->gain_cap_mdb;
    add_zones(settings, station);
    if (!add_volumes(txn, settings, error))
        return FALSE;
    hash = add_document(self, &content_station_settings_type, settings, error);
    self->settings = g_strdup(hash);
    return hash != NULL;
}

/* --- day plans -------------------------------------------------------------------------------
 */

/* Appends to @names what is not in @known yet. */
static void
add_once(GPtrArray *names, GHashTable *known, const char *name)
{
    if (g_hash_table_contains(known, name))
        return;
    g_ptr_array_add(names, g_strdup(name));
    g_hash_table_add(known, g_ptr_array_index(names, names->len - 1));
}

static gboolean
compile_day(SchedCompiled *self, const ContentDayPlan *plan, GHashTable *known, GError **error)
{
    const char *hash = add_document(self, &content_day_plan_type, plan, error);
    SchedIssuedDayRow *row;

    if (hash == NULL)
        return FALSE;
    for (guint i = 0; i < plan->approvals->len; i++)
        add_once(self->approvals, known, g_ptr_array_index(plan->approvals, i));
    for (guint i = 0; i < plan->objects->len; i++) {
        const ContentPlanObject *object = g_ptr_array_index(plan->objects, i);

        add_once(self->objects, known, object->hash);
    }
    row = g_new0(SchedIssuedDayRow, 1);
    row->date = g_strdup(plan->date);
    row->hash = g_strdup(hash);
    g_ptr_array_add(self->days, row);
    return TRUE;
}

/* A row a zone: what a delivery report tells of. */
static void
add_silences(SchedCompiled *self, const char *date, const SchedSilenced *silenced)
{
    const ContentSegment *segment = silenced->segment;

    for (guint i = 0; i < segment->zones->len; i++) {
        SchedSilence *row = g_new0(SchedSilence, 1);

        row->zone = g_strdup(g_ptr_array_index(segment->zones, i));
        row->segment = g_strdup(segment->id);
        row->quiet = g_strdup(silenced->quiet->id);
        row->date = g_strdup(date);
        row->occurrence = g_strdup(segment->occurrence);
        row->slot = g_strdup(segment->slot);
        row->item = g_strdup(segment->item);
        row->title = g_strdup(segment->title);
        row->language = g_strdup(segment->language);
        row->object = g_strdup(segment->object);
        row->start_us = segment->start_us;
        row->duration_us = segment->duration_us;
        g_ptr_array_add(self->silences, row);
    }
}

static gboolean
compile_days(SchedCompiled *self, SchedIndex *index, SchedDay today, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) days =
        sched_plan_station(index, self->station, today - 1, CONTENT_MANIFEST_DAYS, error);

    if (days == NULL)
        return FALSE;
    for (guint i = 0; i < days->len; i++) {
        const SchedPlanDay *day = g_ptr_array_index(days, i);

        if (!compile_day(self, day->plan, known, error)) {
            g_prefix_error(error, "%s: ", day->plan->date);
            return FALSE;
        }
        for (guint j = 0; j < day->silenced->len; j++)
            add_silences(self, day->plan->date, g_ptr_array_index(day->silenced, j));
    }
    return TRUE;
}

static char *
hash_contents(const SchedCompiled *self)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%s\n%s\n", self->settings, self->keys);
    if (self->templates != NULL)
        g_string_append_printf(text, "templates %s\n", self->templates);
    for (guint i = 0; i < self->grants->len; i++)
        g_string_append_printf(text, "grant %s\n", (const char *) self->grants->pdata[i]);
    for (guint i = 0; i < self->days->len; i++) {
        const SchedIssuedDayRow *day = g_ptr_array_index(self->days, i);

        g_string_append_printf(text, "%s %s\n", day->date, day->hash);
    }
    return content_sha256_hex(text->str, text->len);
}

SchedCompiled *
sched_compile_begin(SchedTxn *txn, SchedIndex *index, const char *station, const char *keys,
                    GError **error)
{
    g_autoptr(SchedCompiled) self = compiled_new(station, keys);
    const SchedIndexStation *found = sched_index_station(index, station);

    if (found == NULL) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                    "station %s is not in use", station);
        return NULL;
    }
    if (!compile_settings(self, txn, found, error)) {
        g_prefix_error(error, "station %s: settings: ", station);
        return NULL;
    }
    return g_steal_pointer(&self);
}

/* --- what it says in alerts ------------------------------------------------------------------
 */

static void
add_new(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(name));
}

/* Those of its zones, and all villages of the place it stands in. */
static gboolean
find_villages(SchedTxn *txn, const SchedIndexStation *station, GPtrArray *villages,
              GError **error)
{
    g_autoptr(GPtrArray) areas =
        sched_store_area_list(txn, station->area->source->id, NULL, error);

    for (guint i = 0; areas != NULL && i < areas->len; i++)
        add_new(villages, ((const SchedAreaRow *) areas->pdata[i])->id);
    for (guint i = 0; i < station->zones->len; i++)
        add_new(villages,
                ((const SchedIndexZone *) station->zones->pdata[i])->village->source->id);
    return areas != NULL;
}

/* @type: with its quotation marks */
static gboolean
reads_type(SchedTxn *txn, const char *station, const char *type)
{
    g_autoptr(SchedStationStateRow) state = sched_store_station_state_get(txn, station, NULL);

    return state != NULL && strstr(state->reads, type) != NULL;
}

gboolean
sched_compile_templates(SchedCompiled *self, SchedTxn *txn, SchedIndex *index,
                        const ContentTemplates *all, GError **error)
{
    const SchedIndexStation *station = sched_index_station(index, self->station);
    g_autoptr(GPtrArray) languages = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) villages = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(ContentTemplates) placed = NULL;

    if (all->templates->len == 0 || !reads_type(txn, self->station, "\"templates\""))
        return TRUE;
    for (guint i = 0; i < station->zones->len; i++) {
        const SchedZone *zone = ((const SchedIndexZone *) station->zones->pdata[i])->source;

        for (guint j = 0; j < zone->languages->len; j++)
            add_new(languages, zone->languages->pdata[j]);
    }
    if (!find_villages(txn, station, villages, error))
        return FALSE;
    placed = sched_phrasebook(all, self->station, languages, villages);
    self->templates = g_strdup(add_document(self, &content_templates_type, placed, error));
    if (self->templates == NULL)
        g_prefix_error(error, "station %s: templates: ", self->station);
    return self->templates != NULL;
}

/* ---- what it may start by itself ---- */

static GHashTable *
villages_of_zones(const SchedIndexStation *station)
{
    GHashTable *villages = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < station->zones->len; i++) {
        const SchedIndexZone *zone = station->zones->pdata[i];

        g_hash_table_insert(villages, zone->source->id, zone->village->source->id);
    }
    return villages;
}

static gboolean
add_grant(SchedCompiled *self, const ContentSealKey *key, const ContentGrant *grant,
          GError **error)
{
    SchedDocumentRow *document =
        sched_sign(key, &content_grant_type, self->station, 0, grant, error);

    if (document == NULL) {
        g_prefix_error(error, "station %s: grant %s: ", self->station, grant->id);
        return FALSE;
    }
    g_ptr_array_add(self->documents, document);
    g_ptr_array_add(self->grants, g_strdup(document->hash));
    return TRUE;
}

gboolean
sched_compile_grants(SchedCompiled *self, SchedTxn *txn, SchedIndex *index,
                     const ContentSealKey *key, gint64 now_us, GError **error)
{
    g_autoptr(GHashTable) zones = villages_of_zones(sched_index_station(index, self->station));
    g_autoptr(GPtrArray) grants = NULL;

    if (key == NULL || !reads_type(txn, self->station, "\"grant\""))
        return TRUE;
    grants = sched_store_grant_documents(txn, self->station, zones, now_us, error);
    for (guint i = 0; grants != NULL && i < grants->len; i++) {
        if (!add_grant(self, key, grants->pdata[i], error))
            return FALSE;
    }
    return grants != NULL;
}

gboolean
sched_compile_days(SchedCompiled *self, SchedIndex *index, gint64 now_us, GError **error)
{
    const SchedIndexStation *found = sched_index_station(index, self->station);
    SchedDay today = sched_calendar_local(found->calendar, now_us, NULL);

    if (!compile_days(self, index, today, error)) {
        g_prefix_error(error, "station %s: ", self->station);
        return FALSE;
    }
    self->contents = hash_contents(self);
    return TRUE;
}
