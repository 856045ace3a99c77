/*
 * keys.h - the online keys that the root vouches for, and the document that says so.
 *
 * Flow: `loa-scheduler init` makes the root (root.h) and the first `keys` document; publish/
 * and web/ sign with the online keys; the root comes back only to sign document N+1. Thread:
 * opening and changing from one thread; signing from any.
 *
 * Files in the folder: root.pub, keys (the envelope in force), ROLE.key (0600) for each role,
 * resign (an order of the root that waits to be carried out).
 */
#pragma once

#include "content/exchange.h"
#include "content/manifest.h"
#include "content/seal.h"

#define SCHED_KEYS_ERROR (sched_keys_error_quark())
GQuark sched_keys_error_quark(void);

typedef enum {
    SCHED_KEYS_ERROR_EXISTS,     /* there are keys already: nothing was touched */
    SCHED_KEYS_ERROR_PASSPHRASE, /* not the root's passphrase, or the sealed file was changed */
    SCHED_KEYS_ERROR_ROOT,       /* another root than the one in force here */
    SCHED_KEYS_ERROR_DAMAGED,    /* the files in the folder do not fit together */
} SchedKeysError;

/* Roles that the district machine itself signs for: all. A district that was set up before
 * there were alerts has no key for them until the root makes one (`rotate-key --role alert`).
 */
#define SCHED_KEYS_N_ROLES (CONTENT_ROLE_ALERT + 1)

/**
 * sched_keys_create:
 * @folder: made if it is not there, mode 0700
 * @now_us: UTC
 *
 * One new key a role, and `keys` document 1 signed by @root.
 */
gboolean sched_keys_create(const char *folder, const ContentSealKey *root, gint64 now_us,
                           GError **error);

/* Why a key is replaced. */
typedef enum {
    SCHED_ROTATE_AGED, /* the old one stays good until its end: what it signed still counts */
    SCHED_ROTATE_LOST, /* the old one is struck out and its floors are void */
} SchedRotate;

/**
 * sched_keys_rotate:
 * @root: the root in force
 * @role: whose key is made new; or for alerts, made
 *
 * Document N becomes N+1. Whoever has the folder open goes on as before until
 * sched_keys_reload().
 */
gboolean sched_keys_rotate(const char *folder, const ContentSealKey *root, ContentRole role,
                           SchedRotate why, gint64 now_us, GError **error);

/**
 * sched_keys_order_resign:
 * @root: the root in force
 *
 * Leaves the root's order, for the approval key in force alone, that approvals be signed anew.
 * The district carries it out at its start or when it is told (SIGHUP).
 */
gboolean sched_keys_order_resign(const char *folder, const ContentSealKey *root,
                                 GError **error);

typedef struct SchedKeys SchedKeys;

/**
 * sched_keys_open:
 *
 * Checks that the document was signed by the root in root.pub and lists every key that is
 * there.
 */
SchedKeys *sched_keys_open(const char *folder, GError **error);

/**
 * sched_keys_reload:
 *
 * After a rotation by another process: signers and document are those of the folder from here
 * on. What was taken from here before stays valid until sched_keys_free().
 *
 * Returns: %FALSE with everything as it was: another root, or an older document
 */
gboolean sched_keys_reload(SchedKeys *self, GError **error);

/** sched_keys_free: @self: (nullable) (transfer full) */
void sched_keys_free(SchedKeys *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedKeys, sched_keys_free)

/** sched_keys_signer: Returns: (transfer none): the secret key of a role before
 * SCHED_KEYS_N_ROLES; NULL for alerts where there is none yet */
const ContentSealKey *sched_keys_signer(SchedKeys *self, ContentRole role);

/**
 * sched_keys_resign_is_ordered:
 * @out_is_ordered: (out): whether the root has ordered it for the approval key in force
 *
 * Returns: %FALSE: there is an order, but the root has not given it for this key
 */
gboolean sched_keys_resign_is_ordered(SchedKeys *self, gboolean *out_is_ordered,
                                      GError **error);

/** sched_keys_resign_done: the order was carried out and is removed */
gboolean sched_keys_resign_done(SchedKeys *self, GError **error);

/** sched_keys_approve: Returns: (transfer full): a signature beside an approval, by the key in
 * force */
ContentSignature *sched_keys_approve(SchedKeys *self, GBytes *document);

/** sched_keys_root: Returns: (transfer none): minisign public key line of the root */
const char *sched_keys_root(SchedKeys *self);

/** sched_keys_document: Returns: (transfer none): the `keys` document, without signature */
GBytes *sched_keys_document(SchedKeys *self);

/** sched_keys_envelope: Returns: (transfer none): the document in its envelope */
GBytes *sched_keys_envelope(SchedKeys *self);

/** sched_keys_content: Returns: (transfer none): the document, read */
const ContentKeys *sched_keys_content(SchedKeys *self);

/** sched_keys_expires_us: Returns: UTC instant at which the first of the keys in use ends */
gint64 sched_keys_expires_us(SchedKeys *self);

/**
 * sched_keys_sign:
 * @role: a role before SCHED_KEYS_N_ROLES that there is a key for
 *
 * Returns: (transfer full): minisign's four lines over @document
 */
char *sched_keys_sign(SchedKeys *self, ContentRole role, GBytes *document, const char *comment);
