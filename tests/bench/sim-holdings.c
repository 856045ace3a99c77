/* sim-holdings.c - see sim-holdings.h */
#include "tests/bench/sim-holdings.h"

#include <string.h>

#include "content/base/id.h"
#include "content/template.h"

/* A day plan that came, down to what is asked of it later. */
typedef struct {
    GPtrArray *approvals; /* (owned) (element-type utf8) */
    GPtrArray *objects;   /* (owned) (element-type ContentPlanObject) */
} Day;

struct SimHoldings {
    char *station;
    PlayVerify *verify;
    ContentManifest *manifest;        /* (owned) (nullable) */
    ContentStationSettings *settings; /* (owned) (nullable) */
    char *manifest_key;               /* (owned) (nullable): id of the key that signed last */
    GHashTable *documents;            /* (owned): hash -> Day, or NULL for any other type */
    GHashTable *audio;                /* (owned): hashes */
    ContentDayPlan *plan;             /* (owned) (nullable): the first day with sound */
    char *plan_hash;                  /* (owned) (nullable) */
};

static void
day_free(gpointer data)
{
    Day *day = data;

    if (day == NULL)
        return;
    g_ptr_array_unref(day->approvals);
    g_ptr_array_unref(day->objects);
    g_free(day);
}

SimHoldings *
sim_holdings_new(const char *station, const char *root_key, const char *keys, gint64 now_us,
                 GError **error)
{
    g_autoptr(SimHoldings) self = g_new0(SimHoldings, 1);
    g_autoptr(GBytes) envelope = g_bytes_new(keys, strlen(keys));
    g_autoptr(PlayVerified) verified = NULL;

    self->station = g_strdup(station);
    self->documents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, day_free);
    self->audio = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->verify = play_verify_new(station, root_key, error);
    if (self->verify == NULL)
        return NULL;
    verified = sim_holdings_verify(self, &content_keys_type, envelope, now_us, error);
    if (verified == NULL)
        return NULL;
    play_verify_take_keys(self->verify, verified->parsed, FALSE);
    g_hash_table_insert(self->documents, g_strdup(verified->hash), NULL);
    return g_steal_pointer(&self);
}

void
sim_holdings_free(SimHoldings *self)
{
    if (self == NULL)
        return;
    g_free(self->station);
    play_verify_free(self->verify);
    content_manifest_free(self->manifest);
    content_station_settings_free(self->settings);
    g_free(self->manifest_key);
    g_hash_table_unref(self->documents);
    g_hash_table_unref(self->audio);
    content_day_plan_free(self->plan);
    g_free(self->plan_hash);
    g_free(self);
}

/* ---- what comes ---- */

PlayVerified *
sim_holdings_verify(SimHoldings *self, const ContentDocumentType *type, GBytes *envelope,
                    gint64 now_us, GError **error)
{
    const PlayVerifyTime time = {.now_us = now_us, .is_trusted = TRUE};

    return play_verify_envelope(self->verify, type, g_bytes_get_data(envelope, NULL),
                                g_bytes_get_size(envelope), time, error);
}

static void
forget_plan(SimHoldings *self)
{
    g_clear_pointer(&self->plan, content_day_plan_free);
    g_clear_pointer(&self->plan_hash, g_free);
}

gboolean
sim_holdings_take_manifest(SimHoldings *self, GBytes *envelope, gint64 now_us, GError **error)
{
    g_autoptr(PlayVerified) verified =
        sim_holdings_verify(self, &content_manifest_type, envelope, now_us, error);

    if (verified == NULL)
        return FALSE;
    play_verify_set_floor(self->verify, verified->key_id, verified->version);
    g_free(self->manifest_key);
    self->manifest_key = g_strdup(verified->key_id);
    content_manifest_free(self->manifest);
    self->manifest = g_steal_pointer(&verified->parsed);
    return TRUE;
}

/* Keeps the earliest day that has something to sound, for the records. */
static void
keep_plan(SimHoldings *self, const char *hash, ContentDayPlan *plan)
{
    if (plan->segments->len == 0 ||
        (self->plan != NULL && strcmp(self->plan->date, plan->date) < 0)) {
        content_day_plan_free(plan);
        return;
    }
    forget_plan(self);
    self->plan = plan;
    self->plan_hash = g_strdup(hash);
}

static gboolean
take_plan(SimHoldings *self, const ContentBundled *bundled, GError **error)
{
    ContentDayPlan *plan = content_document_read(&content_day_plan_type, bundled->text,
                                                 strlen(bundled->text), error);
    Day *day;

    if (plan == NULL)
        return FALSE;
    day = g_new0(Day, 1);
    day->approvals = g_ptr_array_ref(plan->approvals);
    day->objects = g_ptr_array_ref(plan->objects);
    g_hash_table_insert(self->documents, g_strdup(bundled->hash), day);
    keep_plan(self, bundled->hash, plan);
    return TRUE;
}

static gboolean
take_settings(SimHoldings *self, const ContentBundled *bundled, GError **error)
{
    ContentStationSettings *settings =
        content_document_read(&content_station_settings_type, bundled->text,
                              strlen(bundled->text), error);

    if (settings == NULL)
        return FALSE;
    content_station_settings_free(self->settings);
    self->settings = settings;
    g_hash_table_insert(self->documents, g_strdup(bundled->hash), NULL);
    return TRUE;
}

/* Nothing is said here; that it can be read is all that matters. */
static gboolean
take_templates(SimHoldings *self, const ContentBundled *bundled, GError **error)
{
    g_autoptr(ContentTemplates) templates =
        content_document_read(&content_templates_type, bundled->text, strlen(bundled->text),
                              error);

    if (templates == NULL)
        return FALSE;
    g_hash_table_insert(self->documents, g_strdup(bundled->hash), NULL);
    return TRUE;
}

/* Approvals and keys: the signature beside them must be good, too. */
static gboolean
take_signed(SimHoldings *self, const ContentDocumentType *type, const ContentBundled *bundled,
            gint64 now_us, GError **error)
{
    const PlayVerifyTime time = {.now_us = now_us, .is_trusted = TRUE};
    g_autoptr(PlayVerified) verified =
        play_verify_bundled(self->verify, type, bundled->text, strlen(bundled->text),
                            bundled->signatures, time, error);

    if (verified == NULL)
        return FALSE;
    if (type == &content_keys_type)
        play_verify_take_keys(self->verify, verified->parsed, FALSE);
    g_hash_table_insert(self->documents, g_strdup(bundled->hash), NULL);
    return TRUE;
}

/* What the manifest in force names it as; what is no day, settings, templates or keys is
 * an approval. */
static gboolean
take_document(SimHoldings *self, const ContentBundled *bundled, gint64 now_us, GError **error)
{
    const ContentManifest *manifest = self->manifest;
    g_autofree char *hash = content_sha256_hex(bundled->text, strlen(bundled->text));

    if (strcmp(hash, bundled->hash) != 0) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_SIGNATURE,
                    "document %s: other bytes than its hash says", bundled->hash);
        return FALSE;
    }
    if (strcmp(hash, manifest->settings) == 0)
        return take_settings(self, bundled, error);
    if (g_strcmp0(hash, manifest->templates) == 0)
        return take_templates(self, bundled, error);
    if (strcmp(hash, manifest->keys) == 0)
        return take_signed(self, &content_keys_type, bundled, now_us, error);
    for (guint i = 0; i < manifest->days->len; i++) {
        const ContentManifestDay *day = g_ptr_array_index(manifest->days, i);

        if (strcmp(hash, day->hash) == 0)
            return take_plan(self, bundled, error);
    }
    return take_signed(self, &content_approval_type, bundled, now_us, error);
}

/* Keys come first: they may be what the approvals beside them are signed with. */
gboolean
sim_holdings_take_bundle(SimHoldings *self, const ContentBundle *bundle, gint64 now_us,
                         GError **error)
{
    g_autoptr(GError) first = NULL;

    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < bundle->documents->len; i++) {
            const ContentBundled *bundled = g_ptr_array_index(bundle->documents, i);
            gboolean is_keys =
                self->manifest != NULL && strcmp(bundled->hash, self->manifest->keys) == 0;

            if (is_keys == (pass == 0))
                take_document(self, bundled, now_us, first == NULL ? &first : NULL);
        }
    }
    if (first == NULL && bundle->missing->len > 0)
        g_set_error(&first, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_CONTENT,
                    "document %s: the district does not have it",
                    (const char *) g_ptr_array_index(bundle->missing, 0));
    if (first == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&first));
    return FALSE;
}

/* ---- what is there ---- */

const ContentManifest *
sim_holdings_manifest(SimHoldings *self)
{
    return self->manifest;
}

const ContentStationSettings *
sim_holdings_settings(SimHoldings *self)
{
    return self->settings;
}

/* The plan of a day, (nullable). */
static const Day *
day_of(SimHoldings *self, const ContentManifestDay *listed)
{
    return g_hash_table_lookup(self->documents, listed->hash);
}

static void
want(SimHoldings *self, GPtrArray *missing, const char *hash)
{
    if (hash == NULL || g_hash_table_contains(self->documents, hash) ||
        g_ptr_array_find_with_equal_func(missing, hash, g_str_equal, NULL) ||
        missing->len >= CONTENT_REQUEST_MAX_HASHES)
        return;
    g_ptr_array_add(missing, g_strdup(hash));
}

GPtrArray *
sim_holdings_missing(SimHoldings *self)
{
    GPtrArray *missing = g_ptr_array_new_with_free_func(g_free);

    if (self->manifest == NULL)
        return missing;
    want(self, missing, self->manifest->keys);
    want(self, missing, self->manifest->settings);
    want(self, missing, self->manifest->templates);
    for (guint i = 0; i < self->manifest->days->len; i++) {
        const ContentManifestDay *listed = g_ptr_array_index(self->manifest->days, i);
        const Day *day = day_of(self, listed);

        want(self, missing, listed->hash);
        for (guint n = 0; day != NULL && n < day->approvals->len; n++)
            want(self, missing, g_ptr_array_index(day->approvals, n));
    }
    return missing;
}

static gboolean
day_is_applied(SimHoldings *self, const ContentManifestDay *listed)
{
    const Day *day = day_of(self, listed);

    for (guint i = 0; day != NULL && i < day->approvals->len; i++) {
        if (!g_hash_table_contains(self->documents, g_ptr_array_index(day->approvals, i)))
            return FALSE;
    }
    return day != NULL;
}

gboolean
sim_holdings_is_applied(SimHoldings *self)
{
    if (self->manifest == NULL)
        return FALSE;
    for (guint i = 0; i < self->manifest->days->len; i++) {
        if (!day_is_applied(self, g_ptr_array_index(self->manifest->days, i)))
            return FALSE;
    }
    return g_hash_table_contains(self->documents, self->manifest->settings);
}

const char *
sim_holdings_next_audio(SimHoldings *self, gint64 *out_size_bytes)
{
    for (guint i = 0; self->manifest != NULL && i < self->manifest->days->len; i++) {
        const Day *day = day_of(self, g_ptr_array_index(self->manifest->days, i));

        for (guint n = 0; day != NULL && n < day->objects->len; n++) {
            const ContentPlanObject *object = g_ptr_array_index(day->objects, n);

            if (g_hash_table_contains(self->audio, object->hash))
                continue;
            *out_size_bytes = object->size_bytes;
            return object->hash;
        }
    }
    return NULL;
}

void
sim_holdings_take_audio(SimHoldings *self, const char *hash)
{
    g_hash_table_add(self->audio, g_strdup(hash));
}

const ContentDayPlan *
sim_holdings_plan(SimHoldings *self, const char **out_hash)
{
    *out_hash = self->plan_hash;
    return self->plan;
}

/* ---- what is said of it ---- */

static ContentReportDay *
report_day(SimHoldings *self, const ContentManifestDay *listed)
{
    ContentReportDay *day = content_shape_new(&content_report_day_shape);
    const Day *plan = day_of(self, listed);

    day->date = g_strdup(listed->date);
    day->hash = g_strdup(listed->hash);
    day->state = day_is_applied(self, listed) ? CONTENT_DAY_APPLIED : CONTENT_DAY_PENDING;
    for (guint i = 0; plan != NULL && i < plan->objects->len; i++) {
        const ContentPlanObject *object = g_ptr_array_index(plan->objects, i);

        if (g_hash_table_contains(self->audio, object->hash))
            continue;
        day->missing_objects++;
        day->missing_bytes += object->size_bytes;
    }
    return day;
}

ContentReport *
sim_holdings_report(SimHoldings *self)
{
    ContentReport *report = content_document_new(&content_report_type);

    report->station = g_strdup(self->station);
    report->accepted = TRUE;
    report->manifest_version = self->manifest->version;
    for (guint i = 0; i < self->manifest->days->len; i++)
        g_ptr_array_add(report->days,
                        report_day(self, g_ptr_array_index(self->manifest->days, i)));
    return report;
}

GPtrArray *
sim_holdings_floors(SimHoldings *self)
{
    GPtrArray *floors = g_ptr_array_new();
    ContentFloor *floor;

    if (self->manifest_key == NULL)
        return floors;
    floor = content_shape_new(&content_floor_shape);
    floor->key = g_strdup(self->manifest_key);
    floor->version = play_verify_floor(self->verify, self->manifest_key);
    g_ptr_array_add(floors, floor);
    return floors;
}
