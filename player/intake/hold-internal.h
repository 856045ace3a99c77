/*
 * hold-internal.h - what the files of the hold share: hold.c (keys, manifest, start),
 * hold-days.c (days and settings in force), hold-templates.c and hold-grants.c (what alerts
 * need), hold-bundle.c (documents as they come).
 */
#pragma once

#include "player/intake/hold.h"

struct PlayHold {
    PlayKeep *keep;
    PlayVerify *verify;
    char *station;
    const PlayHoldEvents *events;
    gpointer data;
    ContentManifest *manifest; /* (owned) (nullable): in force */
    char *manifest_hash;
    char *manifest_key; /* who signed it */
    GBytes *unkept;     /* (owned) (nullable): its envelope, which the disk has refused */
    ContentStationSettings *settings; /* (owned) (nullable) */
    char *settings_hash;
    ContentTemplates *templates; /* (owned) (nullable): in force */
    char *templates_hash;
    ContentTemplates
        *next_templates; /* (owned) (nullable): until their approvals are settled */
    char *next_hash;
    guint n_unapproved; /* audio of those in force, as told */
    GPtrArray *grants;  /* (element-type ContentGrant): in force */
    char *grant_hashes; /* (nullable): of those, in the order of the manifest */
    char *keys_hash;    /* of the newest keys document */
    GPtrArray *days;    /* (element-type PlayIntakeDay): of the manifest, by date */
    GHashTable *known;  /* hash -> PlayKnown */
    ContentRemark *refusal;
    gint64 refused_version;
};

/**
 * play_hold_known, play_hold_set_known: what became of the document with @hash
 *
 * play_hold_say_error: @what: a type of document, or "disk"
 */
PlayKnown play_hold_known(PlayHold *self, const char *hash);
void play_hold_set_known(PlayHold *self, const char *hash, PlayKnown known);
void play_hold_say_refused(PlayHold *self, const ContentRemark *why);
void play_hold_say_error(PlayHold *self, const char *what, const GError *error);

/** play_hold_is_kept: is a document here with the right bytes? A changed one is wanted again.
 */
gboolean play_hold_is_kept(PlayHold *self, const char *hash);

/** play_hold_accept_keys: @verified: a keys document; @envelope: to be kept */
gboolean play_hold_accept_keys(PlayHold *self, const PlayVerified *verified, GBytes *envelope,
                               GError **error);

/** play_hold_parse_plan: Returns: (transfer full) */
ContentDayPlan *play_hold_parse_plan(GBytes *bytes, GError **error);

/** play_hold_replace_days: @manifest: (nullable): what is the same as before stays as it is */
void play_hold_replace_days(PlayHold *self, const ContentManifest *manifest);

/** play_hold_applied_dates: Returns: (transfer full): set of the dates in force */
GHashTable *play_hold_applied_dates(PlayHold *self);

/** play_hold_say_pending: dates of @before that list another plan, which is not here yet */
void play_hold_say_pending(PlayHold *self, GHashTable *before);

/** play_hold_apply_days: what has become complete comes into force, by date */
void play_hold_apply_days(PlayHold *self);

/** play_hold_resume_days: what was in force before a restart is so again */
void play_hold_resume_days(PlayHold *self);

/**
 * play_hold_doubt_approvals:
 *
 * A key that approved is no longer believed: until approvals were had and verified again, the
 * days in force have none.
 */
void play_hold_doubt_approvals(PlayHold *self);

/** play_hold_say_days_of: days in force that name one of the approvals are announced again;
 * @approvals: set of hashes */
void play_hold_say_days_of(PlayHold *self, GHashTable *approvals);

/** play_hold_keep_days: writes which days are in force */
void play_hold_keep_days(PlayHold *self);

/** play_hold_apply_settings: the manifest's settings, once they are here */
void play_hold_apply_settings(PlayHold *self);

/** play_hold_add_approval: @into: (element-type utf8, ContentApproval): by hash; untouched if
 * it is not here */
void play_hold_add_approval(PlayHold *self, const char *hash, GHashTable *into);

/** play_hold_apply_templates: the manifest's templates, once they are here with what approves
 * their audio; where none are in force, without waiting for that */
void play_hold_apply_templates(PlayHold *self);

/** play_hold_say_templates_of: those in force are announced again if they name one of the
 * approvals; @approvals: set of hashes */
void play_hold_say_templates_of(PlayHold *self, GHashTable *approvals);

/** play_hold_want_templates: @wanted: approvals of templates that are unknown are added */
void play_hold_want_templates(PlayHold *self, GPtrArray *wanted);

/** play_hold_name_template_approvals: @into: (element-type utf8): set: those of the templates
 * in force and of the next ones are added */
void play_hold_name_template_approvals(PlayHold *self, GHashTable *into);

/** play_hold_apply_grants: the manifest's grants, once they are here */
void play_hold_apply_grants(PlayHold *self);

/** play_hold_doubt_grants: the key that signed them is no longer believed: none is in force
 * until they were had and verified again */
void play_hold_doubt_grants(PlayHold *self);

/** play_hold_name_templates: @into: (element-type utf8): set: audio of the templates is added
 */
void play_hold_name_templates(PlayHold *self, GHashTable *into);
