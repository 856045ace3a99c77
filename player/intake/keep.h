/*
 * keep.h - what the station holds: documents by hash, the manifest in force, version floors.
 *
 * Flow: intake.c puts what was verified, reads it back after a restart. Port.
 * Thread: one owner (the intake thread); the one connection does all writes and checkpoints.
 *
 * STATE/keep.db is SQLite in WAL mode with synchronous=FULL: what a call has returned survives
 * a power cut. STATE/objects/ holds the audio (content/object-store.h).
 */
#pragma once

#include "content/manifest.h"
#include "content/object-store.h"
#include "player/intake/database.h"

typedef struct PlayKeep PlayKeep;

/**
 * play_keep_open:
 * @state_folder: made if it is not there
 * @station: whom the documents must be for
 * @root_key: the pinned root; a file kept under another root or station forgets its documents,
 *   floors and manifest in one step, because nothing vouches for them any more
 */
PlayKeep *play_keep_open(const char *state_folder, const char *station, const char *root_key,
                         GError **error);
void play_keep_free(PlayKeep *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayKeep, play_keep_free)

/** play_keep_objects: Returns: (transfer none): the audio */
ContentObjectStore *play_keep_objects(PlayKeep *self);

/**
 * play_keep_put_document:
 * @hash: SHA-256 of @bytes, checked by the caller
 * @type: its `type`
 */
gboolean play_keep_put_document(PlayKeep *self, const char *hash, const char *type,
                                GBytes *bytes, GError **error);

/** play_keep_has_document: Returns: whether it is there; %FALSE on a disk error, too */
gboolean play_keep_has_document(PlayKeep *self, const char *hash);

/**
 * play_keep_get_document:
 *
 * Returns: (transfer full): its exact bytes, hashed again; NULL without @error set if it is not
 *   there. Bytes that do not match are removed, so that they are fetched again.
 */
GBytes *play_keep_get_document(PlayKeep *self, const char *hash, GError **error);

/**
 * play_keep_accept_manifest:
 * @envelope: exactly as received
 * @version: of the manifest; the new floor of @key_id
 *
 * Manifest in force, previous manifest and floor change together or not at all.
 */
gboolean play_keep_accept_manifest(PlayKeep *self, GBytes *envelope, const char *key_id,
                                   gint64 version, GError **error);

/** play_keep_manifest: Returns: (transfer full) (nullable): envelope of the one in force */
GBytes *play_keep_manifest(PlayKeep *self, GError **error);

/** play_keep_previous_manifest: Returns: (transfer full) (nullable): the one before */
GBytes *play_keep_previous_manifest(PlayKeep *self, GError **error);

/**
 * play_keep_accept_keys:
 * @forget: (element-type utf8): key ids whose floors are void from now on
 * @drops_approvals: every approval and grant kept is to be had and verified again
 *
 * As play_keep_accept_manifest(), for a keys document signed by the root; all or nothing.
 */
gboolean play_keep_accept_keys(PlayKeep *self, GBytes *envelope, const char *root_id,
                               gint64 version, GPtrArray *forget, gboolean drops_approvals,
                               GError **error);

/** play_keep_keys: Returns: (transfer full) (nullable): envelope of the newest keys document */
GBytes *play_keep_keys(PlayKeep *self, GError **error);

/**
 * play_keep_set_places:
 * @words: of play_places_words(): by which approvals are judged from now on
 * @drops_approvals: as in play_keep_accept_keys(); all or nothing, too
 */
gboolean play_keep_set_places(PlayKeep *self, const char *words, gboolean drops_approvals,
                              GError **error);

/** play_keep_places: Returns: (transfer full) (nullable): what was set last */
GBytes *play_keep_places(PlayKeep *self, GError **error);

/**
 * play_keep_take_test_order:
 * @issued_us: of a verified order to test
 *
 * An order is good once, also over a restart: on disk before it is carried out stands when the
 * newest one was issued.
 *
 * Returns: %FALSE with PLAY_VERIFY_ERROR_REPEAT unless @issued_us is later than that, or with
 *   the disk's error; it is not to be carried out then
 */
gboolean play_keep_take_test_order(PlayKeep *self, gint64 issued_us, GError **error);

/** play_keep_floors: Returns: (transfer full) (element-type ContentFloor): by key id */
GPtrArray *play_keep_floors(PlayKeep *self, GError **error);

/**
 * play_keep_set_days:
 * @days: (element-type ContentManifestDay): those in force, replacing all others
 */
gboolean play_keep_set_days(PlayKeep *self, GPtrArray *days, GError **error);

/** play_keep_days: Returns: (transfer full) (element-type ContentManifestDay): in force */
GPtrArray *play_keep_days(PlayKeep *self, GError **error);

/* An alert or a stop that was told. */
typedef struct {
    char *id; /* (owned) */
    gboolean is_stop;
    gboolean is_over; /* an alert: it was over in every zone */
    gint64 until_us;  /* UTC: how long its id is remembered */
    GBytes *envelope; /* (owned) */
} PlayKeptOrder;

/** play_kept_order_new: Returns: (transfer full): one that is not over */
PlayKeptOrder *play_kept_order_new(const char *id, gboolean is_stop, gint64 until_us,
                                   GBytes *envelope);
void play_kept_order_free(PlayKeptOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayKeptOrder, play_kept_order_free)

/** play_keep_put_order: one that is there stays as it is */
gboolean play_keep_put_order(PlayKeep *self, const PlayKeptOrder *order, GError **error);

/** play_keep_end_order: @alert: id of one that is over */
gboolean play_keep_end_order(PlayKeep *self, const char *alert, GError **error);

/** play_keep_orders: Returns: (transfer full) (element-type PlayKeptOrder): stops first, then
 * in the order in which they came */
GPtrArray *play_keep_orders(PlayKeep *self, GError **error);

/** play_keep_forget_orders: drops what is remembered until @now_us or less */
gboolean play_keep_forget_orders(PlayKeep *self, gint64 now_us, GError **error);

/**
 * play_keep_forget_documents:
 * @keep: (element-type utf8): hashes that stay
 *
 * Removes every other document.
 *
 * Returns: how many were removed; -1 on error
 */
gint play_keep_forget_documents(PlayKeep *self, GHashTable *keep, GError **error);

/**
 * play_keep_space:
 *
 * Free and total bytes of the file system that holds the objects.
 */
gboolean play_keep_space(PlayKeep *self, gint64 *out_free_bytes, gint64 *out_total_bytes,
                         GError **error);
