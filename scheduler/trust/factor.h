/*
 * factor.h - what stands beside a password: secrets of authenticator apps, sealed, and recovery
 * codes.
 *
 * Flow: web/ makes a secret -> sealed here -> kept by the store -> opened here for the time of
 * one comparison. Thread: opening the key from one thread, everything else from any.
 *
 * The key that seals lies beside the signing keys (factors.key, 0600), not in the database: a
 * copy of the database alone opens no secret. Without the key recovery codes still do.
 */
#pragma once

#include "scheduler/trust/totp.h"

#define SCHED_FACTOR_ERROR (sched_factor_error_quark())
GQuark sched_factor_error_quark(void);

typedef enum {
    SCHED_FACTOR_ERROR_WANTED,  /* the password is right; the code is still to come */
    SCHED_FACTOR_ERROR_WRONG,   /* not a code of now, or one that was used */
    SCHED_FACTOR_ERROR_SET_UP,  /* whoever has this role sets up a second factor first */
    SCHED_FACTOR_ERROR_DAMAGED, /* sealed by another key, for another account, or changed */
} SchedFactorError;

#define SCHED_RECOVERY_CODES   10
#define SCHED_FACTOR_MAX_BYTES 64 /* of a code as typed */
#define SCHED_FACTOR_KEY_NAME  "factors.key"

typedef struct SchedFactors SchedFactors;

/** sched_factors_open: @folder: of the keys; a key that is not there yet is made */
SchedFactors *sched_factors_open(const char *folder, GError **error);
void sched_factors_free(SchedFactors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedFactors, sched_factors_free)

/**
 * sched_factors_seal:
 * @account: id of the one it is for: it opens for no other
 * @secret: SCHED_TOTP_SECRET_BYTES
 *
 * XChaCha20-Poly1305 (libsodium).
 *
 * Returns: (transfer full): base64, to be stored
 */
char *sched_factors_seal(const SchedFactors *self, const char *account, const guint8 *secret);

/** sched_factors_unseal: @out_secret: SCHED_TOTP_SECRET_BYTES; to be wiped after use */
gboolean sched_factors_unseal(const SchedFactors *self, const char *account, const char *sealed,
                              guint8 *out_secret, GError **error);

/** sched_recovery_code: Returns: (transfer full): a new one: 16 letters in groups, 80 bits */
char *sched_recovery_code(void);

/**
 * sched_recovery_hash:
 * @typed: as a person wrote it: case, blanks and hyphens do not count
 *
 * 80 random bits are more than anybody tries out, so a plain SHA-256 (over the account and the
 * code) is enough where a password needs argon2id.
 *
 * Returns: (transfer full) (nullable): hex; NULL if it has not the form of a code
 */
char *sched_recovery_hash(const char *account, const char *typed);
