/*
 * hold.c - see hold.h
 *
 * A manifest is in force as soon as it is verified and on disk; what it does not list is gone
 * at that instant. Each day then comes into force by itself, earliest first, when its plan and
 * all approvals of it are settled.
 */
#include "player/intake/hold.h"

#include <string.h>

#include "content/base/id.h"
#include "content/claim.h"
#include "content/seal.h"

struct PlayHold {
    PlayKeep *keep;
    PlayVerify *verify;
    char *station;
    const PlayHoldEvents *events;
    gpointer data;
    ContentManifest *manifest; /* (owned) (nullable): in force */
    char *manifest_hash;
    char *manifest_key;               /* who signed it */
    ContentStationSettings *settings; /* (owned) (nullable) */
    char *settings_hash;
    char *keys_hash;   /* of the newest keys document */
    GPtrArray *days;   /* (element-type PlayIntakeDay): of the manifest, by date */
    GHashTable *known; /* hash -> PlayKnown */
    char *refusal;
    gint64 refused_version;
};

static PlayKnown
known_of(PlayHold *self, const char *hash)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(self->known, hash));
}

static void
set_known(PlayHold *self, const char *hash, PlayKnown known)
{
    g_hash_table_replace(self->known, g_strdup(hash), GINT_TO_POINTER(known));
}

static void
say_refused(PlayHold *self, const char *what, const char *words)
{
    self->events->refused(what, words, self->data);
}

/* ---- keys ---- */

static gboolean
ring_has(const ContentKeys *keys, const char *key_id)
{
    for (guint i = 0; i < keys->keys->len; i++) {
        if (g_strcmp0(((const ContentKey *) keys->keys->pdata[i])->id, key_id) == 0)
            return TRUE;
    }
    return FALSE;
}

static void withdraw_all(PlayHold *self);

/* A verified keys document becomes the ring. */
static void
use_keys(PlayHold *self, const PlayVerified *verified, gboolean is_replay)
{
    const ContentKeys *keys = verified->parsed;

    play_verify_take_keys(self->verify, keys, is_replay);
    play_verify_set_floor(self->verify, verified->key_id, verified->version);
    g_free(self->keys_hash);
    self->keys_hash = g_strdup(verified->hash);
    set_known(self, verified->hash, PLAY_KNOWN_HELD);
    /* A key that the root has taken away vouches for nothing any more. */
    if (self->manifest != NULL && !ring_has(keys, self->manifest_key)) {
        say_refused(self, "manifest", "the key that signed the manifest in force was revoked");
        withdraw_all(self);
    }
    self->events->issued(keys->issued_us, !is_replay && keys->forget_floors->len > 0,
                         self->data);
}

static gboolean
accept_keys(PlayHold *self, const PlayVerified *verified, GBytes *envelope, GError **error)
{
    const ContentKeys *keys = verified->parsed;

    if (g_strcmp0(verified->hash, self->keys_hash) == 0)
        return TRUE;
    if (verified->version == play_verify_floor(self->verify, verified->key_id)) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_VERSION,
                    "keys: another document of the version in force");
        return FALSE;
    }
    if (!play_keep_accept_keys(self->keep, envelope, verified->key_id, verified->version,
                               keys->forget_floors, error) ||
        !play_keep_put_document(self->keep, verified->hash, "keys", verified->document, error))
        return FALSE;
    use_keys(self, verified, FALSE);
    return TRUE;
}

/* The newest keys document kept; the enrolment's if there is none. */
static gboolean
read_keys(PlayHold *self, const char *enrolled_keys, PlayVerifyTime time, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) kept = play_keep_keys(self->keep, &why);
    g_autoptr(GBytes) first = g_bytes_new(enrolled_keys, strlen(enrolled_keys));
    GBytes *envelope = kept == NULL ? first : kept;
    g_autoptr(PlayVerified) verified = NULL;

    time.is_kept = TRUE;
    if (why == NULL)
        verified = play_verify_envelope(self->verify, &content_keys_type,
                                        g_bytes_get_data(envelope, NULL),
                                        g_bytes_get_size(envelope), time, &why);
    if (verified == NULL) {
        g_propagate_prefixed_error(error, g_steal_pointer(&why), "the keys kept: ");
        return FALSE;
    }
    if (kept == NULL)
        return accept_keys(self, verified, envelope, error);
    use_keys(self, verified, TRUE);
    return TRUE;
}

static gboolean
read_floors(PlayHold *self, GError **error)
{
    g_autoptr(GPtrArray) floors = play_keep_floors(self->keep, error);

    if (floors == NULL)
        return FALSE;
    for (guint i = 0; i < floors->len; i++) {
        const ContentFloor *floor = floors->pdata[i];

        play_verify_set_floor(self->verify, floor->key, floor->version);
    }
    return TRUE;
}

/* ---- days ---- */

/* Returns: (transfer full): hash -> ContentApproval of the approvals that are here */
static GHashTable *
approvals_of(PlayHold *self, const ContentDayPlan *plan)
{
    GHashTable *approvals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) content_approval_free);

    for (guint i = 0; i < plan->approvals->len; i++) {
        const char *hash = plan->approvals->pdata[i];
        g_autoptr(GBytes) bytes = NULL;
        ContentApproval *approval;

        if (known_of(self, hash) != PLAY_KNOWN_HELD)
            continue;
        bytes = play_keep_get_document(self->keep, hash, NULL);
        if (bytes == NULL)
            continue;
        approval = content_document_read(&content_approval_type, g_bytes_get_data(bytes, NULL),
                                         g_bytes_get_size(bytes), NULL);
        if (approval != NULL)
            g_hash_table_insert(approvals, g_strdup(hash), approval);
    }
    return approvals;
}

static ContentDayPlan *
parse_plan(GBytes *bytes, GError **error)
{
    return content_document_read(&content_day_plan_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), error);
}

/* Is a document here with the right bytes? One that a card has changed is wanted again. */
static gboolean
is_kept(PlayHold *self, const char *hash)
{
    g_autoptr(GBytes) bytes = play_keep_get_document(self->keep, hash, NULL);

    if (bytes == NULL && known_of(self, hash) == PLAY_KNOWN_HELD)
        g_hash_table_remove(self->known, hash);
    if (bytes != NULL)
        set_known(self, hash, PLAY_KNOWN_HELD);
    return bytes != NULL;
}

/* Reads a day's plan from disk and what is known of its approvals. */
static void
load_plan(PlayHold *self, PlayIntakeDay *day)
{
    g_autoptr(GBytes) bytes = NULL;

    if (day->plan != NULL || !is_kept(self, day->hash))
        return;
    bytes = play_keep_get_document(self->keep, day->hash, NULL);
    day->plan = bytes == NULL ? NULL : parse_plan(bytes, NULL);
    for (guint i = 0; day->plan != NULL && i < day->plan->approvals->len; i++)
        is_kept(self, day->plan->approvals->pdata[i]);
}

static void
say_day(PlayHold *self, const PlayIntakeDay *day)
{
    g_autoptr(GBytes) bytes = NULL;
    ContentDayPlan *copy = NULL;

    /* The owner gets a plan of its own, from the same bytes. */
    if (day->is_applied)
        bytes = play_keep_get_document(self->keep, day->hash, NULL);
    if (bytes != NULL)
        copy = parse_plan(bytes, NULL);
    self->events->day(day->date, day->hash, copy,
                      copy == NULL ? NULL : approvals_of(self, copy), copy == NULL, self->data);
}

static void
keep_days(PlayHold *self)
{
    g_autoptr(GPtrArray) applied =
        g_ptr_array_new_with_free_func(content_manifest_day_shape.free);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];
        ContentManifestDay *kept;

        if (!day->is_applied)
            continue;
        kept = content_shape_new(&content_manifest_day_shape);
        kept->date = g_strdup(day->date);
        kept->hash = g_strdup(day->hash);
        g_ptr_array_add(applied, kept);
    }
    if (!play_keep_set_days(self->keep, applied, &error))
        say_refused(self, "disk", error->message);
}

/* Days whose plan has become complete come into force, in the order of their dates. */
static void
apply_days(PlayHold *self)
{
    gboolean has_changed = FALSE;

    for (guint i = 0; i < self->days->len; i++) {
        PlayIntakeDay *day = self->days->pdata[i];

        if (day->is_applied)
            continue;
        load_plan(self, day);
        if (day->plan == NULL || !play_intake_can_apply(day->plan, self->known))
            continue;
        day->is_applied = TRUE;
        has_changed = TRUE;
        say_day(self, day);
    }
    if (has_changed)
        keep_days(self);
}

static PlayIntakeDay *
find_day(GPtrArray *days, const char *date)
{
    for (guint i = 0; i < days->len; i++) {
        if (strcmp(((PlayIntakeDay *) days->pdata[i])->date, date) == 0)
            return days->pdata[i];
    }
    return NULL;
}

/* The days of a new manifest; what is the same as before stays as it is. */
static void
replace_days(PlayHold *self, const ContentManifest *manifest)
{
    g_autoptr(GPtrArray) before = g_steal_pointer(&self->days);

    self->days = g_ptr_array_new_with_free_func(play_intake_day_free);
    for (guint i = 0; manifest != NULL && i < manifest->days->len; i++) {
        const ContentManifestDay *listed = manifest->days->pdata[i];
        PlayIntakeDay *old = find_day(before, listed->date);
        PlayIntakeDay *day = g_new0(PlayIntakeDay, 1);

        day->date = g_strdup(listed->date);
        day->hash = g_strdup(listed->hash);
        if (old != NULL && strcmp(old->hash, day->hash) == 0) {
            day->plan = g_steal_pointer(&old->plan);
            day->is_applied = old->is_applied;
        }
        g_ptr_array_add(self->days, day);
    }
    for (guint i = 0; i < before->len; i++) {
        const PlayIntakeDay *old = before->pdata[i];
        const PlayIntakeDay *now = find_day(self->days, old->date);

        if (now == NULL)
            self->events->day(old->date, old->hash, NULL, NULL, FALSE, self->data);
    }
}

/* Days that list another plan than before and do not have it yet. */
static void
say_pending(PlayHold *self, GHashTable *applied_before)
{
    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];

        if (!day->is_applied && g_hash_table_contains(applied_before, day->date))
            say_day(self, day);
    }
}

static GHashTable *
applied_dates(PlayHold *self)
{
    GHashTable *dates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < self->days->len; i++) {
        const PlayIntakeDay *day = self->days->pdata[i];

        if (day->is_applied)
            g_hash_table_add(dates, g_strdup(day->date));
    }
    return dates;
}

/* ---- settings ---- */

static void
apply_settings(PlayHold *self)
{
    g_autoptr(GBytes) bytes = NULL;
    ContentStationSettings *copy;

    if (self->manifest == NULL || g_strcmp0(self->settings_hash, self->manifest->settings) == 0)
        return;
    bytes = play_keep_get_document(self->keep, self->manifest->settings, NULL);
    if (bytes == NULL)
        return;
    copy = content_document_read(&content_station_settings_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), NULL);
    if (copy == NULL)
        return;
    set_known(self, self->manifest->settings, PLAY_KNOWN_HELD);
    content_station_settings_free(self->settings);
    self->settings =
        content_document_read(&content_station_settings_type, g_bytes_get_data(bytes, NULL),
                              g_bytes_get_size(bytes), NULL);
    g_free(self->settings_hash);
    self->settings_hash = g_strdup(self->manifest->settings);
    self->events->settings(copy, self->data);
}

/* ---- manifest ---- */

static void
set_manifest(PlayHold *self, PlayVerified *verified)
{
    content_manifest_free(self->manifest);
    g_free(self->manifest_hash);
    g_free(self->manifest_key);
    self->manifest = verified == NULL ? NULL : g_steal_pointer(&verified->parsed);
    self->manifest_hash = verified == NULL ? NULL : g_strdup(verified->hash);
    self->manifest_key = verified == NULL ? NULL : g_strdup(verified->key_id);
}

static void
withdraw_all(PlayHold *self)
{
    set_manifest(self, NULL);
    self->events->manifest(NULL, self->data);
    replace_days(self, NULL);
    keep_days(self);
}

/* Documents that are here although nobody knew them yet: from before, or from another day. */
static void
note_kept(PlayHold *self)
{
    g_autoptr(GPtrArray) wanted = play_hold_wanted(self);

    for (guint i = 0; i < wanted->len; i++)
        is_kept(self, wanted->pdata[i]);
}

/* @data: the kind that is forgotten besides those that are nowhere, or 0 */
static gboolean
is_worth_asking(gpointer hash, gpointer known, gpointer data)
{
    return GPOINTER_TO_INT(known) == PLAY_KNOWN_ABSENT || known == data;
}

/* From here on the manifest is the one in force. */
static void
enforce(PlayHold *self, PlayVerified *verified)
{
    g_autoptr(GHashTable) before = applied_dates(self);

    set_manifest(self, verified);
    self->events->manifest(self->manifest, self->data);
    replace_days(self, self->manifest);
    /* A new manifest gives what was refused another chance, too. */
    g_hash_table_foreach_remove(self->known, is_worth_asking,
                                GINT_TO_POINTER(PLAY_KNOWN_REFUSED));
    note_kept(self);
    apply_settings(self);
    apply_days(self);
    say_pending(self, before);
    keep_days(self);
}

static gboolean
accept_manifest(PlayHold *self, PlayVerified *verified, GBytes *envelope, GError **error)
{
    const ContentManifest *manifest = verified->parsed;

    if (g_strcmp0(verified->hash, self->manifest_hash) == 0)
        return TRUE;
    if (self->manifest != NULL && verified->version == self->manifest->version &&
        g_strcmp0(verified->key_id, self->manifest_key) == 0) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_VERSION,
                    "manifest: another one of version %" G_GINT64_FORMAT " is in force",
                    verified->version);
        return FALSE;
    }
    if (!play_keep_accept_manifest(self->keep, envelope, verified->key_id, verified->version,
                                   error))
        return FALSE;
    play_verify_set_floor(self->verify, verified->key_id, verified->version);
    self->events->issued(manifest->issued_us, FALSE, self->data);
    enforce(self, verified);
    return TRUE;
}

/* What the comment claims; only chooses the path, the checks come after. */
static gboolean
claims_keys(GBytes *envelope)
{
    g_autofree char *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GBytes) document =
        content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                            content_keys_type.max_bytes, &signature, &comment, &key_id, NULL);

    return document != NULL && g_str_has_prefix(comment, "keys ");
}

gboolean
play_hold_take_pushed(PlayHold *self, GBytes *envelope, PlayVerifyTime time)
{
    gboolean is_keys = claims_keys(envelope);
    const ContentDocumentType *type = is_keys ? &content_keys_type : &content_manifest_type;
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified =
        play_verify_envelope(self->verify, type, g_bytes_get_data(envelope, NULL),
                             g_bytes_get_size(envelope), time, &error);
    gboolean is_good;

    g_clear_pointer(&self->refusal, g_free);
    self->refused_version = verified == NULL ? 0 : verified->version;
    is_good = verified != NULL && (is_keys ? accept_keys(self, verified, envelope, &error)
                                           : accept_manifest(self, verified, envelope, &error));
    if (is_good)
        return TRUE;
    self->refusal = g_strdup(error->message);
    say_refused(self, type->type, error->message);
    return FALSE;
}

const char *
play_hold_refusal(PlayHold *self, gint64 *out_version)
{
    *out_version = self->refused_version;
    return self->refusal;
}

void
play_hold_check_expiry(PlayHold *self, PlayVerifyTime time)
{
    if (self->manifest == NULL || time.now_us < self->manifest->expires_us)
        return;
    say_refused(self, "manifest", "the manifest in force has expired");
    withdraw_all(self);
}

/* ---- bundles ---- */

static gboolean
take_plan(PlayHold *self, GBytes *bytes, const char *date, GError **error)
{
    g_autoptr(ContentDayPlan) plan = parse_plan(bytes, error);

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
    return accept_keys(self, verified, envelope, error);
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
        return TRUE;
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
        set_known(self, bundled->hash, PLAY_KNOWN_HELD);
    else if (error->domain == PLAY_DATABASE_ERROR)
        say_refused(self, "disk", error->message);
    else {
        set_known(self, bundled->hash, PLAY_KNOWN_REFUSED);
        say_refused(self, type, error->message);
    }
}

guint
play_hold_take_bundle(PlayHold *self, const ContentBundle *bundle, PlayVerifyTime time)
{
    g_autoptr(GPtrArray) wanted = play_hold_wanted(self);
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
            set_known(self, hash, PLAY_KNOWN_ABSENT);
    }
    for (guint i = 0; i < wanted->len; i++)
        n_settled += known_of(self, wanted->pdata[i]) != 0;
    apply_settings(self);
    apply_days(self);
    return n_settled;
}

GPtrArray *
play_hold_wanted(PlayHold *self)
{
    if (self->manifest == NULL)
        return g_ptr_array_new_with_free_func(g_free);
    return play_intake_wanted(self->manifest, self->days, self->known);
}

void
play_hold_ask_again(PlayHold *self)
{
    g_hash_table_foreach_remove(self->known, is_worth_asking, NULL);
}

/* ---- start ---- */

/* Days that were in force before and are listed still need nothing to be in force again. */
static void
resume_days(PlayHold *self)
{
    g_autoptr(GPtrArray) kept = play_keep_days(self->keep, NULL);

    for (guint i = 0; kept != NULL && i < kept->len; i++) {
        const ContentManifestDay *was = kept->pdata[i];
        PlayIntakeDay *day = find_day(self->days, was->date);

        if (day == NULL || strcmp(day->hash, was->hash) != 0)
            continue;
        load_plan(self, day);
        if (day->plan == NULL)
            continue;
        day->is_applied = TRUE;
        say_day(self, day);
    }
}

void
play_hold_announce(PlayHold *self, PlayVerifyTime time)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) envelope = play_keep_manifest(self->keep, &error);
    g_autoptr(PlayVerified) verified = NULL;

    time.is_kept = TRUE;
    if (envelope != NULL)
        verified = play_verify_envelope(self->verify, &content_manifest_type,
                                        g_bytes_get_data(envelope, NULL),
                                        g_bytes_get_size(envelope), time, &error);
    if (error != NULL)
        say_refused(self, "manifest", error->message);
    if (verified == NULL)
        return;
    set_manifest(self, verified);
    self->events->manifest(self->manifest, self->data);
    self->events->issued(self->manifest->issued_us, FALSE, self->data);
    replace_days(self, self->manifest);
    note_kept(self);
    apply_settings(self);
    resume_days(self);
    apply_days(self);
}

PlayHold *
play_hold_new(PlayKeep *keep, const char *station, const char *root_key,
              const char *enrolled_keys, PlayVerifyTime time, const PlayHoldEvents *events,
              gpointer data, GError **error)
{
    g_autoptr(PlayHold) self = g_new0(PlayHold, 1);

    self->keep = keep;
    self->station = g_strdup(station);
    self->events = events;
    self->data = data;
    self->days = g_ptr_array_new_with_free_func(play_intake_day_free);
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->verify = play_verify_new(station, root_key, error);
    if (self->verify == NULL || !read_floors(self, error) ||
        !read_keys(self, enrolled_keys, time, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
play_hold_free(PlayHold *self)
{
    if (self == NULL)
        return;
    play_verify_free(self->verify);
    content_manifest_free(self->manifest);
    content_station_settings_free(self->settings);
    g_ptr_array_unref(self->days);
    g_hash_table_unref(self->known);
    g_free(self->station);
    g_free(self->manifest_hash);
    g_free(self->manifest_key);
    g_free(self->settings_hash);
    g_free(self->keys_hash);
    g_free(self->refusal);
    g_free(self);
}

PlayVerify *
play_hold_verify(PlayHold *self)
{
    return self->verify;
}

const ContentManifest *
play_hold_manifest(PlayHold *self)
{
    return self->manifest;
}

GPtrArray *
play_hold_days(PlayHold *self)
{
    return self->days;
}

const ContentStationSettings *
play_hold_settings(PlayHold *self)
{
    return self->settings;
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
        g_autoptr(ContentDayPlan) plan = bytes == NULL ? NULL : parse_plan(bytes, NULL);

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
    if (play_keep_forget_documents(self->keep, stays, &error) < 0)
        say_refused(self, "disk", error->message);
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
    return named;
}
