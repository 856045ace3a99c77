/*
 * hold-bundle.c - documents as the district hands them over, and those that may go. See hold.h
 *
 * What a document is follows from where the manifest or a plan names it.
 */
#include "player/intake/hold-internal.h"

#include <string.h>

#include "content/base/id.h"
#include "content/seal.h"

static gboolean
take_plan(PlayHold *self, GBytes *bytes, const char *date, GError **error)
{
    g_autoptr(ContentDayPlan) plan = play_hold_parse_plan(bytes, error);

    if (plan == NULL)
        return FALSE;
    if (strcmp(plan->station, self->station) == 0 && strcmp(plan->date, date) == 0)
        return TRUE;
    g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_CLAIM,
                "day plan: of %s for %s, listed for %s", plan->station, plan->date, date);
    return FALSE;
}

static gboolean
take_settings(PlayHold *self, GBytes *bytes, GError **error)
{
    g_autoptr(ContentStationSettings) settings =
        content_document_read(&content_station_settings_type, g_bytes_get_data(bytes, NULL),
                              g_bytes_get_size(bytes), error);

    if (settings == NULL)
        return FALSE;
    if (strcmp(settings->station, self->station) == 0)
        return TRUE;
    g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_CLAIM, "settings: of station %s",
                settings->station);
    return FALSE;
}

/*
 * The manifest alone vouches for templates. What goes into the keep under their name must not
 * be read as something else afterwards: an approval has to be signed by who approves.
 */
static gboolean
take_templates(GBytes *bytes, GError **error)
{
    g_autofree char *type = NULL;
    gint64 v;

    if (!content_document_peek_type(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                    &type, &v, error))
        return FALSE;
    if (strcmp(type, "templates") == 0)
        return TRUE;
    g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_TYPE,
                "templates: the document listed is of type '%s'", type);
    return FALSE;
}

/* Documents with signatures of their own beside them. */
static gboolean
take_signed(PlayHold *self, const ContentDocumentType *type, const ContentBundled *bundled,
            PlayVerifyTime time, GError **error)
{
    g_autoptr(PlayVerified) verified =
        play_verify_bundled(self->verify, type, bundled->text, strlen(bundled->text),
                            bundled->signatures, time, error);
    g_autoptr(GBytes) envelope = NULL;

    if (verified == NULL || type != &content_keys_type)
        return verified != NULL;
    envelope = content_seal_wrap(verified->signature, verified->document);
    return play_hold_accept_keys(self, verified, envelope, error);
}

/* What a document is follows from where it is named, never from what it says of itself. */
static gboolean
take_document(PlayHold *self, const ContentBundled *bundled, GBytes *bytes, PlayVerifyTime time,
              const char **out_type, GError **error)
{
    const char *hash = bundled->hash;

    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];

        *out_type = "dayplan";
        if (strcmp(day->hash, hash) == 0)
            return take_plan(self, bytes, day->date, error);
    }
    *out_type = "settings";
    if (strcmp(self->manifest->settings, hash) == 0)
        return take_settings(self, bytes, error);
    *out_type = "keys";
    if (strcmp(self->manifest->keys, hash) == 0)
        return take_signed(self, &content_keys_type, bundled, time, error);
    *out_type = "templates";
    if (g_strcmp0(self->manifest->templates, hash) == 0)
        return take_templates(bytes, error);
    *out_type = "grant";
    if (g_ptr_array_find_with_equal_func(self->manifest->grants, hash, g_str_equal, NULL))
        return take_signed(self, &content_grant_type, bundled, time, error);
    *out_type = "approval";
    return take_signed(self, &content_approval_type, bundled, time, error);
}

static void
take_bundled(PlayHold *self, const ContentBundled *bundled, PlayVerifyTime time)
{
    g_autoptr(GBytes) bytes = g_bytes_new(bundled->text, strlen(bundled->text));
    g_autofree char *found = content_sha256_hex(bundled->text, g_bytes_get_size(bytes));
    g_autoptr(GError) error = NULL;
    const char *type = "document";
    gboolean is_good = FALSE;

    if (strcmp(found, bundled->hash) != 0)
        g_set_error(&error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_SIGNATURE,
                    "document %.16s: other bytes than were asked for", bundled->hash);
    else
        is_good = take_document(self, bundled, bytes, time, &type, &error) &&
                  play_keep_put_document(self->keep, bundled->hash, type, bytes, &error);
    /* A disk that refuses is asked again; a document that is wrong is not. */
    if (is_good)
        play_hold_set_known(self, bundled->hash, PLAY_KNOWN_HELD);
    else if (error->domain == PLAY_DATABASE_ERROR)
        play_hold_say_error(self, "disk", error);
    else {
        play_hold_set_known(self, bundled->hash, PLAY_KNOWN_REFUSED);
        play_hold_say_error(self, type, error);
    }
}

guint
play_hold_take_bundle(PlayHold *self, const ContentBundle *bundle, PlayVerifyTime time)
{
    g_autoptr(GPtrArray) wanted = play_hold_wanted(self);
    g_autoptr(GHashTable) came = g_hash_table_new(g_str_hash, g_str_equal);
    guint n_settled = 0;

    for (guint i = 0; i < bundle->documents->len && self->manifest != NULL; i++) {
        const ContentBundled *bundled = bundle->documents->pdata[i];

        /* What nobody asked for is not looked at. */
        if (g_ptr_array_find_with_equal_func(wanted, bundled->hash, g_str_equal, NULL))
            take_bundled(self, bundled, time);
    }
    for (guint i = 0; i < bundle->missing->len; i++) {
        const char *hash = bundle->missing->pdata[i];

        if (g_ptr_array_find_with_equal_func(wanted, hash, g_str_equal, NULL))
            play_hold_set_known(self, hash, PLAY_KNOWN_ABSENT);
    }
    for (guint i = 0; i < wanted->len; i++) {
        n_settled += play_hold_known(self, wanted->pdata[i]) != 0;
        if (play_hold_known(self, wanted->pdata[i]) == PLAY_KNOWN_HELD)
            g_hash_table_add(came, wanted->pdata[i]);
    }
    play_hold_apply_settings(self);
    play_hold_say_templates_of(self, came);
    play_hold_apply_templates(self);
    play_hold_apply_grants(self);
    /* Approvals that a day in force was without: had again after a key was lost. */
    play_hold_say_days_of(self, came);
    play_hold_apply_days(self);
    return n_settled;
}

/* Returns: (transfer full) (nullable): a manifest of our own disk, which was verified once */
static ContentManifest *
read_manifest(GBytes *envelope)
{
    g_autofree char *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GBytes) document =
        content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                            content_manifest_type.max_bytes, &signature, &comment, &key_id,
                            NULL);

    if (document == NULL)
        return NULL;
    return content_document_read(&content_manifest_type, g_bytes_get_data(document, NULL),
                                 g_bytes_get_size(document), NULL);
}

/* Objects that the days of a manifest on disk name. */
static void
add_named(PlayHold *self, GBytes *envelope, GHashTable *into)
{
    g_autoptr(ContentManifest) manifest = read_manifest(envelope);

    for (guint i = 0; manifest != NULL && i < manifest->days->len; i++) {
        const ContentManifestDay *day = manifest->days->pdata[i];
        g_autoptr(GBytes) bytes = play_keep_get_document(self->keep, day->hash, NULL);
        g_autoptr(ContentDayPlan) plan =
            bytes == NULL ? NULL : play_hold_parse_plan(bytes, NULL);

        if (plan != NULL)
            play_intake_needed_objects(plan, into);
    }
}

static gboolean
is_not_in(gpointer hash, gpointer known, gpointer stays)
{
    return !g_hash_table_contains(stays, hash);
}

static void
add_documents(const ContentManifest *manifest, GHashTable *into)
{
    g_hash_table_add(into, g_strdup(manifest->keys));
    g_hash_table_add(into, g_strdup(manifest->settings));
    if (manifest->templates != NULL)
        g_hash_table_add(into, g_strdup(manifest->templates));
    for (guint i = 0; i < manifest->grants->len; i++)
        g_hash_table_add(into, g_strdup(manifest->grants->pdata[i]));
    for (guint i = 0; i < manifest->days->len; i++)
        g_hash_table_add(into,
                         g_strdup(((ContentManifestDay *) manifest->days->pdata[i])->hash));
}

void
play_hold_tidy(PlayHold *self)
{
    g_autoptr(GHashTable) stays = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GBytes) envelope = play_keep_previous_manifest(self->keep, NULL);
    g_autoptr(ContentManifest) previous = envelope == NULL ? NULL : read_manifest(envelope);
    g_autoptr(GError) error = NULL;

    if (self->manifest == NULL)
        return;
    add_documents(self->manifest, stays);
    if (previous != NULL)
        add_documents(previous, stays);
    for (guint i = 0; i < self->days->len; i++) {
        const ContentDayPlan *plan = ((const PlayIntakeDay *) self->days->pdata[i])->plan;

        for (guint j = 0; plan != NULL && j < plan->approvals->len; j++)
            g_hash_table_add(stays, g_strdup(plan->approvals->pdata[j]));
    }
    play_hold_name_template_approvals(self, stays);
    if (play_keep_forget_documents(self->keep, stays, &error) < 0)
        play_hold_say_error(self, "disk", error);
    g_hash_table_foreach_remove(self->known, is_not_in, stays);
}

GHashTable *
play_hold_named_objects(PlayHold *self)
{
    GHashTable *named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GBytes) previous = play_keep_previous_manifest(self->keep, NULL);

    for (guint i = 0; i < self->days->len; i++) {
        const ContentDayPlan *plan = ((const PlayIntakeDay *) self->days->pdata[i])->plan;

        if (plan != NULL)
            play_intake_needed_objects(plan, named);
    }
    if (previous != NULL)
        add_named(self, previous, named);
    play_hold_name_templates(self, named);
    return named;
}
