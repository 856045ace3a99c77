/*
 * accounts.h - people, what they may do where, and their sessions.
 *
 * Flow: web/ signs in and asks sched_store_account_may() before every route's work, in the same
 * transaction as the work. Passwords and tokens arrive hashed; nothing here can undo that.
 */
#pragma once

#include "scheduler/store/db.h"

typedef enum {
    SCHED_ROLE_EDITOR,
    SCHED_ROLE_REVIEWER, /* language check, of one language or all */
    SCHED_ROLE_APPROVER,
    SCHED_ROLE_OPERATOR,
    SCHED_ROLE_OFFICIAL,
    SCHED_ROLE_TECHNICIAN,
    SCHED_ROLE_INSPECTOR,
    SCHED_ROLE_ADMINISTRATOR,
} SchedRole;
extern const char *const sched_role_words[];

typedef enum {
    SCHED_ACCOUNT_ACTIVE,
    SCHED_ACCOUNT_LOCKED,  /* may not sign in until an administrator says so */
    SCHED_ACCOUNT_RETIRED, /* left; the name stays in the record */
} SchedAccountState;
extern const char *const sched_account_state_words[];
extern const char *const sched_reader_words[]; /* by ContentReader */

typedef struct {
    char *id;            /* (owned) */
    char *login;         /* (owned): unique, 1 … 64 of [a-z0-9.-] */
    char *name;          /* (owned): of the person */
    char *password;      /* (owned) (nullable): opaque hash; NULL: cannot sign in */
    gint state;          /* SchedAccountState */
    gint64 failures;     /* sign-ins refused since the last good one */
    gint64 failed_us;    /* when the last one was refused; 0: never */
    gint64 signed_in_us; /* 0: never */
    gint64 created_us;
    char *email, *phone; /* (owned): how the person is reached; "": not that way */
    gint reader;         /* index into sched_reader_words: the language of what they are told */
} SchedAccountRow;
void sched_account_row_free(SchedAccountRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAccountRow, sched_account_row_free)

typedef struct {
    char *account;   /* (owned) */
    gint role;       /* SchedRole */
    char *area;      /* (owned): and all below it */
    char *language;  /* (owned): of a reviewer; "": every language */
    gint64 until_us; /* 0: without end */
    gint64 from_us;  /* 0: at once */
} SchedRightRow;
void sched_right_row_free(SchedRightRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedRightRow, sched_right_row_free)

/* Enough to tell the sessions of one account apart; says nothing of the token. */
#define SCHED_SESSION_ID_DIGITS 16

typedef struct {
    char *token_hash; /* (owned): SHA-256 of the token, hex */
    char *account;    /* (owned) */
    gint64 created_us, used_us;
    gint64 idle_us;       /* ends this long after used_us */
    gint64 until_us;      /* ends then in any case */
    char *from;           /* (owned): address, for the list of sessions */
    gboolean with_factor; /* opened with the second factor, not the password alone */
} SchedSessionRow;
void sched_session_row_free(SchedSessionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSessionRow, sched_session_row_free)

/** sched_store_account_add: a new account; CONFLICT if the login is taken. Audited, no password
 * in it */
gboolean sched_store_account_add(SchedTxn *txn, const SchedAccountRow *account, GError **error);

/**
 * sched_store_account_reach:
 * @phone: spaces and the like between its digits are left out
 *
 * INVALID names what is no address or number. The audit tells what was changed, not to what.
 */
gboolean sched_store_account_reach(SchedTxn *txn, const char *id, const char *email,
                                   const char *phone, gint reader, GError **error);

/** sched_store_account_set_password: @password: opaque; ends all sessions of the account */
gboolean sched_store_account_set_password(SchedTxn *txn, const char *id, const char *password,
                                          GError **error);

/** sched_store_account_set_state: anything but ACTIVE ends all sessions of the account, and
 * what waits to be sent to it is not; RETIRED forgets how the person is reached */
gboolean sched_store_account_set_state(SchedTxn *txn, const char *id, SchedAccountState state,
                                       GError **error);

/** sched_store_account_signed_in: @ok: FALSE counts a failure, TRUE clears them. Audited */
gboolean sched_store_account_signed_in(SchedTxn *txn, const char *id, gboolean ok,
                                       GError **error);

/** sched_store_account_get, _by_login: NOT_FOUND if there is none; _list: all, by login */
SchedAccountRow *sched_store_account_get(SchedTxn *txn, const char *id, GError **error);
SchedAccountRow *sched_store_account_by_login(SchedTxn *txn, const char *login, GError **error);
GPtrArray *sched_store_account_list(SchedTxn *txn, GError **error);

/** sched_store_right_grant, _revoke: @right: the row itself; audited */
gboolean sched_store_right_grant(SchedTxn *txn, const SchedRightRow *right, GError **error);
gboolean sched_store_right_revoke(SchedTxn *txn, const SchedRightRow *right, GError **error);

/** sched_store_right_list: @account: (nullable): NULL: of everybody */
GPtrArray *sched_store_right_list(SchedTxn *txn, const char *account, GError **error);

/* Somebody who may do something in a place, and how they are reached. */
typedef struct {
    char *account, *name; /* (owned) */
    gint role;            /* SchedRole */
    char *area;           /* (owned): where the right is held: the place or above it */
    char *phone, *email;  /* (owned) */
    gint64 depth;         /* how far above the place */
} SchedOnCallRow;
void sched_on_call_row_free(SchedOnCallRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOnCallRow, sched_on_call_row_free)

/** sched_store_on_call: Returns: (transfer full) (element-type SchedOnCallRow): active people
 * with a number or an address who answer for @area or look after its equipment, the nearest
 * first; at most @limit */
GPtrArray *sched_store_on_call(SchedTxn *txn, const char *area, gint64 now_us, gint64 limit,
                               GError **error);

/**
 * sched_store_account_may:
 * @area: the place the act concerns
 * @language: (nullable): for a reviewer: the language of the text
 * @at_us: a right that has ended does not count
 *
 * Returns: whether the account is active and has the role in @area or above; FALSE on any doubt
 */
gboolean sched_store_account_may(SchedTxn *txn, const char *account, SchedRole role,
                                 const char *area, const char *language, gint64 at_us);

/** sched_store_account_may_anywhere: as above in at least one area */
gboolean sched_store_account_may_anywhere(SchedTxn *txn, const char *account, SchedRole role,
                                          gint64 at_us);

/** sched_store_session_open: @session: holds the hash of its token, never the token */
gboolean sched_store_session_open(SchedTxn *txn, const SchedSessionRow *session,
                                  GError **error);

/**
 * sched_store_session_get:
 * @now_us: a session that is over by then is NOT_FOUND, as is one of an account not active
 */
SchedSessionRow *sched_store_session_get(SchedTxn *txn, const char *token_hash, gint64 now_us,
                                         GError **error);

/** sched_store_session_use: moves used_us on; not audited; to be called at most once a minute
 */
gboolean sched_store_session_use(SchedTxn *txn, const char *token_hash, GError **error);
gboolean sched_store_session_close(SchedTxn *txn, const char *token_hash, GError **error);

/** sched_store_sessions_close: @but: (nullable): hash of the token of the one that stays open
 */
gboolean sched_store_sessions_close(SchedTxn *txn, const char *account, const char *but,
                                    GError **error);

/** sched_store_session_end: @id: the first SCHED_SESSION_ID_DIGITS of the hash of its token;
 * NOT_FOUND if it is none of the account's */
gboolean sched_store_session_end(SchedTxn *txn, const char *account, const char *id,
                                 GError **error);

/** sched_store_session_prove: its owner has shown their second factor in it */
gboolean sched_store_session_prove(SchedTxn *txn, const char *token_hash, GError **error);
GPtrArray *sched_store_session_list(SchedTxn *txn, const char *account, GError **error);

/** sched_store_sessions_purge: drops those that are over at the transaction's instant */
gboolean sched_store_sessions_purge(SchedTxn *txn, GError **error);
