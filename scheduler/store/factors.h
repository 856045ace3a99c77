/*
 * factors.h - second factors of accounts: the sealed secret, recovery codes, resets by two.
 *
 * Flow: web/ seals a secret and hashes codes -> here; at a sign-in web/ compares and then uses
 * the step or the code up, in the transaction that opens the session. Nothing here can open a
 * secret.
 */
#pragma once

#include "scheduler/store/accounts.h"

/* A secret that was shown and not confirmed for so long is void. */
#define SCHED_FACTOR_PENDING_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
/* A reset that nobody confirmed for so long is void. */
#define SCHED_FACTOR_RESET_US (G_GINT64_CONSTANT(72) * 3600 * G_USEC_PER_SEC)
/* Kept for an owner who never comes; the oldest go. */
#define SCHED_ACCOUNT_MAX_NOTES 20

typedef struct {
    char *account;    /* (owned) */
    gboolean pending; /* shown, and no code of it typed yet */
    char *sealed;     /* (owned): opaque */
    gint64 last_step; /* used last; 0: none */
    gint64 made_us;
} SchedFactorRow;
void sched_factor_row_free(SchedFactorRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedFactorRow, sched_factor_row_free)

typedef struct {
    char *account;   /* (owned) */
    gint64 asked_us; /* when */
    char *asked_by;  /* (owned): id of an administrator */
    char *why;       /* (owned) */
} SchedFactorResetRow;
void sched_factor_reset_row_free(SchedFactorResetRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedFactorResetRow, sched_factor_reset_row_free)

typedef enum {
    SCHED_NOTE_FACTOR_RESET,  /* two administrators took the second factor away */
    SCHED_NOTE_RECOVERY_USED, /* somebody signed in with a recovery code */
    SCHED_NOTE_PASSWORD_SET,  /* an administrator set the password */
} SchedNoteCode;
extern const char *const sched_note_code_words[];

typedef struct {
    gint64 at_us;
    gint code;   /* SchedNoteCode */
    char *actor; /* (owned): id of who did it */
} SchedNoteRow;
void sched_note_row_free(SchedNoteRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedNoteRow, sched_note_row_free)

/** sched_store_factor_get: NOT_FOUND if there is none; a pending one that is too old is none */
SchedFactorRow *sched_store_factor_get(SchedTxn *txn, const char *account, gboolean pending,
                                       gint64 now_us, GError **error);

/**
 * sched_store_factor_find:
 * @out_row: (out) (nullable) (transfer full): the one in force; NULL: the account has none
 *
 * Returns: FALSE if that is not known: nobody comes in without a code because a disk is slow
 */
gboolean sched_store_factor_find(SchedTxn *txn, const char *account, SchedFactorRow **out_row,
                                 GError **error);

/** sched_store_factor_begin: @sealed: a new secret that waits for its first code; one that
 * waited before is gone */
gboolean sched_store_factor_begin(SchedTxn *txn, const char *account, const char *sealed,
                                  GError **error);

/**
 * sched_store_factor_confirm:
 * @step: of the code that was typed
 * @hashes: (element-type utf8): of new recovery codes
 *
 * The waiting secret is in force; the one before, and its recovery codes, are gone. Audited.
 */
gboolean sched_store_factor_confirm(SchedTxn *txn, const char *account, gint64 step,
                                    GPtrArray *hashes, GError **error);

/** sched_store_factor_use_step: RULE if @step, or a later one, was used */
gboolean sched_store_factor_use_step(SchedTxn *txn, const char *account, gint64 step,
                                     GError **error);

/** sched_store_factor_has_code: whether there is such a recovery code that nobody used */
gboolean sched_store_factor_has_code(SchedTxn *txn, const char *account, const char *hash);

/** sched_store_factor_use_code: RULE if it was used; audited, and told to the owner */
gboolean sched_store_factor_use_code(SchedTxn *txn, const char *account, const char *hash,
                                     GError **error);

/** sched_store_factor_n_codes: Returns: recovery codes that are left */
gint64 sched_store_factor_n_codes(SchedTxn *txn, const char *account);

/** sched_store_factor_remove: the secret and its codes; audited */
gboolean sched_store_factor_remove(SchedTxn *txn, const char *account, GError **error);

/**
 * sched_store_factor_is_wanted:
 *
 * Returns: whether the account's roles are ones that the district wants a second factor of
 */
gboolean sched_store_factor_is_wanted(SchedTxn *txn, const char *account, gint64 now_us);

/** sched_store_factor_reset_ask: CONFLICT if one waits already; audited */
gboolean sched_store_factor_reset_ask(SchedTxn *txn, const char *account, const char *why,
                                      GError **error);

/** sched_store_factor_reset_get: NOT_FOUND if none waits */
SchedFactorResetRow *sched_store_factor_reset_get(SchedTxn *txn, const char *account,
                                                  gint64 now_us, GError **error);

/** sched_store_factor_reset_end: @confirmed: FALSE: it is refused or taken back. TRUE: RULE for
 * who asked and for the owner; factor, codes and sessions are gone, and the owner is told */
gboolean sched_store_factor_reset_end(SchedTxn *txn, const char *account, gboolean confirmed,
                                      GError **error);

/** sched_store_note_add: something its owner is to be told at the next sign-in */
gboolean sched_store_note_add(SchedTxn *txn, const char *account, SchedNoteCode code,
                              GError **error);
/** sched_store_note_list: Returns: (element-type SchedNoteRow): oldest first */
GPtrArray *sched_store_note_list(SchedTxn *txn, const char *account, GError **error);
/** sched_store_notes_seen: they are told no more */
gboolean sched_store_notes_seen(SchedTxn *txn, const char *account, GError **error);
