/*
 * hold.h - what is in force at this station: keys, manifest, settings, days.
 *
 * Flow: intake.c brings what was pushed or fetched -> verify.c -> keep.c -> events. Port
 * (disk). Thread: one owner (the intake thread). No network here, so a test needs none.
 */
#pragma once

#include "content/exchange.h"
#include "content/grant.h"
#include "content/template.h"
#include "player/intake/intake-core.h"
#include "player/intake/keep.h"
#include "player/intake/verify.h"

typedef struct PlayHold PlayHold;

typedef struct {
    /* @manifest: (nullable): NULL: none is in force any more. */
    void (*manifest)(const ContentManifest *manifest, gpointer data);
    /* @settings: (transfer full) */
    void (*settings)(ContentStationSettings *settings, gpointer data);
    /* @plan: (transfer full) (nullable), @approvals: (transfer full), see intake.h */
    void (*day)(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
                gboolean is_pending, gpointer data);
    /* @templates: (transfer none): in force until the next ones are. @approvals: (transfer
     * full): of their audio, those that are here; said again when that changes */
    void (*templates)(const ContentTemplates *templates, GHashTable *approvals, gpointer data);
    void (*refused)(const ContentRemark *why, gpointer data);
    /* A document issued then was verified; with @is_reset the root voids earlier floors. */
    void (*issued)(gint64 issued_us, gboolean is_reset, gpointer data);
    /* (transfer none) (element-type ContentGrant): all that are in force, until said anew */
    void (*grants)(const GPtrArray *grants, gpointer data);
} PlayHoldEvents;

/**
 * play_hold_new:
 * @keep, @events: (not owned)
 * @enrolled_keys: envelope of the keys document at enrolment, used until there is a newer one
 *
 * Reads back what is kept; call play_hold_announce() for its events.
 */
PlayHold *play_hold_new(PlayKeep *keep, const char *station, const char *root_key,
                        const char *enrolled_keys, PlayVerifyTime time,
                        const PlayHoldEvents *events, gpointer data, GError **error);
void play_hold_free(PlayHold *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayHold, play_hold_free)

/** play_hold_announce: events for everything that is in force from before */
void play_hold_announce(PlayHold *self, PlayVerifyTime time);

/** play_hold_verify: Returns: (transfer none): for messages that are not kept */
PlayVerify *play_hold_verify(PlayHold *self);

/**
 * play_hold_take_pushed:
 * @envelope: a manifest; or a keys document, pushed when the key of the manifests is a new one
 *   that this station cannot know yet
 *
 * A manifest that the disk refuses is in force nevertheless, since a withdrawal waits for no
 * disk, but not accepted: it would be gone after a restart. See play_hold_keep_again().
 *
 * Returns: whether it is in force now (or was already); else play_hold_refusal() says why not
 */
gboolean play_hold_take_pushed(PlayHold *self, GBytes *envelope, PlayVerifyTime time);

/** play_hold_keep_again: Returns: whether a manifest that the disk had refused is on it now */
gboolean play_hold_keep_again(PlayHold *self);

/**
 * play_hold_refusal:
 * @out_version: (out): of the manifest refused; 0 if it is not known
 *
 * Returns: (transfer none) (nullable): why the last pushed envelope was not accepted
 */
const ContentRemark *play_hold_refusal(PlayHold *self, gint64 *out_version);

/**
 * play_hold_take_bundle:
 *
 * Returns: how many of the documents asked for are settled now: held, absent or refused
 */
guint play_hold_take_bundle(PlayHold *self, const ContentBundle *bundle, PlayVerifyTime time);

/** play_hold_wanted: Returns: (transfer full): as play_intake_wanted(); empty: nothing */
GPtrArray *play_hold_wanted(PlayHold *self);

/** play_hold_ask_again: what was absent at the district may be there by now */
void play_hold_ask_again(PlayHold *self);

/** play_hold_check_expiry: a manifest that has run out is not in force any more */
void play_hold_check_expiry(PlayHold *self, PlayVerifyTime time);

/** play_hold_manifest: Returns: (transfer none) (nullable): in force */
const ContentManifest *play_hold_manifest(PlayHold *self);

/** play_hold_days: Returns: (transfer none) (element-type PlayIntakeDay): of the manifest */
GPtrArray *play_hold_days(PlayHold *self);

/** play_hold_settings: Returns: (transfer none) (nullable) */
const ContentStationSettings *play_hold_settings(PlayHold *self);

/**
 * play_hold_named_objects:
 *
 * Returns: (transfer full) (element-type utf8): set of objects that the manifest in force or
 * the previous one names; never evicted
 */
GHashTable *play_hold_named_objects(PlayHold *self);

/** play_hold_unapproved_templates: @approvals: of the event `templates`. Returns: how much of
 * their audio has no approval that holds for it, and so is not said */
guint play_hold_unapproved_templates(const ContentTemplates *templates, GHashTable *approvals);

/**
 * play_hold_queue_templates:
 * @objects: (element-type utf8): set of hashes that are here
 * @queue: (element-type PlayFetchItem): audio that the templates lack is put before all else
 */
void play_hold_queue_templates(PlayHold *self, GHashTable *objects, GPtrArray *queue);

/** play_hold_tidy: drops documents that neither this manifest nor the previous one names */
void play_hold_tidy(PlayHold *self);
