/*
 * hold.c - see hold.h
 *
 * A manifest is in force as soon as it is verified and on disk; what it does not list is gone
 * at that instant. Each day then comes into force by itself, earliest first, when its plan and
 * all approvals of it are settled.
 */
#include "player/intake/hold-internal.h"

#include <string.h>

#include "content/claim.h"
#include "content/seal.h"
#include "player/intake/refusal.h"

void
play_hold_say_refused(PlayHold *self, const ContentRemark *why)
{
    self->events->refused(why, self->data);
}

void
play_hold_say_error(PlayHold *self, const char *what, const GError *error)
{
    g_autoptr(ContentRemark) why = play_refusal_of(what, error);

    play_hold_say_refused(self, why);
}

static void
say_code(PlayHold *self, const char *code)
{
    g_autoptr(ContentRemark) why = content_remark_new(code, "manifest", NULL);

    play_hold_say_refused(self, why);
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
    g_autoptr(GError) outside = NULL;

    play_verify_take_keys(self->verify, keys, is_replay);
    play_verify_set_floor(self->verify, verified->key_id, verified->version);
    g_free(self->keys_hash);
    self->keys_hash = g_strdup(verified->hash);
    play_hold_set_known(self, verified->hash, PLAY_KNOWN_HELD);
    /* A key that the root has taken away vouches for nothing any more. */
    if (self->manifest != NULL && !ring_has(keys, self->manifest_key)) {
        say_code(self, "key_revoked");
        withdraw_all(self);
    }
    if (self->manifest != NULL && self->settings != NULL &&
        !play_verify_covers(self->verify, self->manifest_key, self->settings, &outside)) {
        play_hold_say_error(self, "manifest", outside);
        withdraw_all(self);
    }
    self->events->issued(keys->issued_us, !is_replay && keys->forget_floors->len > 0,
                         self->data);
}

gboolean
play_hold_accept_keys(PlayHold *self, const PlayVerified *verified, GBytes *envelope,
                      GError **error)
{
    const ContentKeys *keys = verified->parsed;
    gboolean loses_approval = play_verify_loses(self->verify, keys, CONTENT_ROLE_APPROVAL);
    gboolean loses_alert = play_verify_loses(self->verify, keys, CONTENT_ROLE_ALERT);

    if (g_strcmp0(verified->hash, self->keys_hash) == 0)
        return TRUE;
    if (verified->version == play_verify_floor(self->verify, verified->key_id)) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_VERSION,
                    "keys: another document of the version in force");
        return FALSE;
    }
    if (!play_keep_accept_keys(self->keep, envelope, verified->key_id, verified->version,
                               keys->forget_floors, loses_approval || loses_alert, error) ||
        !play_keep_put_document(self->keep, verified->hash, "keys", verified->document, error))
        return FALSE;
    if (loses_approval || loses_alert) {
        play_hold_doubt_approvals(self);
        play_hold_doubt_grants(self);
    }
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
        return play_hold_accept_keys(self, verified, envelope, error);
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
    g_clear_pointer(&self->unkept, g_bytes_unref);
    set_manifest(self, NULL);
    self->events->manifest(NULL, self->data);
    play_hold_replace_days(self, NULL);
    play_hold_keep_days(self);
}

/* Documents that are here although nobody knew them yet: from before, or from another day. */
static void
note_kept(PlayHold *self)
{
    g_autoptr(GPtrArray) wanted = play_hold_wanted(self);

    for (guint i = 0; i < wanted->len; i++)
        play_hold_is_kept(self, wanted->pdata[i]);
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
    g_autoptr(GHashTable) before = play_hold_applied_dates(self);

    set_manifest(self, verified);
    self->events->manifest(self->manifest, self->data);
    play_hold_replace_days(self, self->manifest);
    /* A new manifest gives what was refused another chance, too. */
    g_hash_table_foreach_remove(self->known, is_worth_asking,
                                GINT_TO_POINTER(PLAY_KNOWN_REFUSED));
    note_kept(self);
    play_hold_apply_settings(self);
    play_hold_apply_templates(self);
    play_hold_apply_grants(self);
    play_hold_apply_days(self);
    play_hold_say_pending(self, before);
    play_hold_keep_days(self);
}

static gboolean
accept_manifest(PlayHold *self, PlayVerified *verified, GBytes *envelope, GError **error)
{
    const ContentManifest *manifest = verified->parsed;
    gboolean is_same = g_strcmp0(verified->hash, self->manifest_hash) == 0;
    gboolean is_kept;

    if (is_same && self->unkept == NULL)
        return TRUE;
    if (!is_same && self->manifest != NULL && verified->version == self->manifest->version &&
        g_strcmp0(verified->key_id, self->manifest_key) == 0) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_VERSION,
                    "manifest: another one of version %" G_GINT64_FORMAT " is in force",
                    verified->version);
        return FALSE;
    }
    is_kept = play_keep_accept_manifest(self->keep, envelope, verified->key_id,
                                        verified->version, error);
    g_clear_pointer(&self->unkept, g_bytes_unref);
    if (!is_kept)
        self->unkept = g_bytes_ref(envelope);
    play_verify_set_floor(self->verify, verified->key_id, verified->version);
    if (!is_same) {
        self->events->issued(manifest->issued_us, FALSE, self->data);
        enforce(self, verified);
    }
    return is_kept;
}

gboolean
play_hold_keep_again(PlayHold *self)
{
    if (self->unkept == NULL || self->manifest == NULL ||
        !play_keep_accept_manifest(self->keep, self->unkept, self->manifest_key,
                                   self->manifest->version, NULL))
        return FALSE;
    g_clear_pointer(&self->unkept, g_bytes_unref);
    play_hold_keep_days(self);
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

    g_clear_pointer(&self->refusal, content_remark_free);
    self->refused_version = verified == NULL ? 0 : verified->version;
    is_good =
        verified != NULL && (is_keys ? play_hold_accept_keys(self, verified, envelope, &error)
                                     : accept_manifest(self, verified, envelope, &error));
    if (is_good)
        return TRUE;
    self->refusal = play_refusal_of(type->type, error);
    play_hold_say_refused(self, self->refusal);
    return FALSE;
}

const ContentRemark *
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
    say_code(self, "manifest_expired");
    withdraw_all(self);
}

GPtrArray *
play_hold_wanted(PlayHold *self)
{
    GPtrArray *wanted;

    if (self->manifest == NULL)
        return g_ptr_array_new_with_free_func(g_free);
    wanted = play_intake_wanted(self->manifest, self->days, self->known);
    play_hold_want_templates(self, wanted);
    return wanted;
}

void
play_hold_ask_again(PlayHold *self)
{
    g_hash_table_foreach_remove(self->known, is_worth_asking, NULL);
}

/* ---- start ---- */

/* A manifest whose time is over lists no sound of the calendar any more; what the station needs
 * to warn by itself is still there. */
static void
resume_outlived(PlayHold *self, GBytes *envelope)
{
    const PlayVerifyTime then = {.is_kept = TRUE};
    g_autoptr(PlayVerified) verified =
        play_verify_envelope(self->verify, &content_manifest_type,
                             g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope), then,
                             NULL);

    if (verified == NULL)
        return;
    set_manifest(self, verified);
    play_hold_apply_settings(self);
    play_hold_apply_templates(self);
    play_hold_apply_grants(self);
    set_manifest(self, NULL);
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
        play_hold_say_error(self, "manifest", error);
    if (g_error_matches(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_EXPIRED))
        resume_outlived(self, envelope);
    if (verified == NULL)
        return;
    set_manifest(self, verified);
    self->events->manifest(self->manifest, self->data);
    self->events->issued(self->manifest->issued_us, FALSE, self->data);
    play_hold_replace_days(self, self->manifest);
    note_kept(self);
    play_hold_apply_settings(self);
    play_hold_apply_templates(self);
    play_hold_apply_grants(self);
    /* The keys were narrowed: what that took away does not come back with a restart. */
    if (play_hold_known(self, self->manifest->settings) == PLAY_KNOWN_REFUSED) {
        withdraw_all(self);
        return;
    }
    play_hold_resume_days(self);
    play_hold_apply_days(self);
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
    self->grants = g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free);
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
    content_templates_free(self->templates);
    g_free(self->templates_hash);
    content_templates_free(self->next_templates);
    g_free(self->next_hash);
    g_ptr_array_unref(self->days);
    g_ptr_array_unref(self->grants);
    g_free(self->grant_hashes);
    g_hash_table_unref(self->known);
    g_free(self->station);
    g_free(self->manifest_hash);
    g_clear_pointer(&self->unkept, g_bytes_unref);
    g_free(self->manifest_key);
    g_free(self->settings_hash);
    g_free(self->keys_hash);
    content_remark_free(self->refusal);
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
