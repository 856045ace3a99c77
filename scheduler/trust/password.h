/*
 * password.h - passwords: which are good enough, and argon2id off the main loop.
 *
 * Flow: web/ hands over what a person typed -> a worker hashes or verifies -> web/ goes on.
 * Thread: calls and callbacks belong to the owner's main context; the work runs in at most two
 * threads, because each takes 64 MiB (OWASP, NIST SP 800-63B-4).
 */
#pragma once

#include <gio/gio.h>

#define SCHED_PASSWORD_ERROR (sched_password_error_quark())
GQuark sched_password_error_quark(void);

typedef enum {
    SCHED_PASSWORD_ERROR_WEAK,   /* not good enough; the message says why */
    SCHED_PASSWORD_ERROR_BUSY,   /* too many are waiting: try again */
    SCHED_PASSWORD_ERROR_MEMORY, /* argon2id did not get its memory */
} SchedPasswordError;

#define SCHED_PASSWORD_MIN_LENGTH        15 /* letters, where it is the only factor */
#define SCHED_PASSWORD_MIN_LENGTH_SECOND 8  /* letters, where there is a second one */
#define SCHED_PASSWORD_MAX_BYTES         1024
#define SCHED_PASSWORD_WORKERS           2
#define SCHED_PASSWORD_MAX_WAITING       64

/* What one hash costs. */
typedef struct {
    guint64 passes;
    gsize memory_bytes;
} SchedPasswordCost;

/* 3 passes over 64 MiB: above OWASP's least, about 0.15 s on the district's machine. */
extern const SchedPasswordCost sched_password_cost;

/**
 * sched_password_check:
 * @password: UTF-8 as typed
 * @login: of the account; must not be the password's better part
 * @min_length: letters, one of the two lengths above
 *
 * Length, and a short list of what is tried first; no rule about kinds of characters.
 */
gboolean sched_password_check(const char *password, const char *login, gsize min_length,
                              GError **error);

/**
 * sched_password_generate:
 *
 * Returns: (transfer full): 25 letters and digits in groups of five, 125 random bits
 */
char *sched_password_generate(void);

typedef struct SchedPasswords SchedPasswords;

/** sched_passwords_new: @cost: what new hashes cost; blocks once for as long as one hash takes
 */
SchedPasswords *sched_passwords_new(const SchedPasswordCost *cost, GError **error);

/** sched_passwords_free: @self: (nullable) (transfer full): waits for the work begun */
void sched_passwords_free(SchedPasswords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPasswords, sched_passwords_free)

/** sched_passwords_hash_async: the password is brought to NFC, copied, and wiped after use */
void sched_passwords_hash_async(SchedPasswords *self, const char *password,
                                GAsyncReadyCallback callback, gpointer user_data);

/** sched_passwords_hash_finish: Returns: (transfer full): to be stored as it is */
char *sched_passwords_hash_finish(SchedPasswords *self, GAsyncResult *result, GError **error);

/**
 * sched_passwords_verify_async:
 * @hash: (nullable): what was stored; NULL for an account that is not there: takes as long and
 *   ends in FALSE, so that nobody learns from the time who has an account
 */
void sched_passwords_verify_async(SchedPasswords *self, const char *hash, const char *password,
                                  GAsyncReadyCallback callback, gpointer user_data);

/** sched_passwords_verify_finish: @out_ok: (out): whether the password is the one hashed */
gboolean sched_passwords_verify_finish(SchedPasswords *self, GAsyncResult *result,
                                       gboolean *out_ok, GError **error);

/** sched_password_hash: blocks; for `loa-scheduler init` */
char *sched_password_hash(const SchedPasswordCost *cost, const char *password, GError **error);
