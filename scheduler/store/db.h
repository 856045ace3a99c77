/*
 * db.h - the district's memory: one writer, many readers, nothing acknowledged before it is on
 * disk.
 *
 * Flow: web/ and publish/ hand in work -> the writer thread runs it in a transaction -> the
 * noun files (areas.h, slots.h, …) do the work through the SchedTxn they are given.
 * Thread: a store may be used from any thread. Work runs in the writer thread (writes) or in
 * the caller's or a task's thread (reads); a SchedTxn lives no longer than the work.
 *
 * The engine is SQLite, and nothing of it shows here, so that another can stand beside it.
 */
#pragma once

#include <gio/gio.h>

#define SCHED_STORE_ERROR (sched_store_error_quark())
GQuark sched_store_error_quark(void);

typedef enum {
    SCHED_STORE_ERROR_NOT_FOUND, /* no such row: 404 */
    SCHED_STORE_ERROR_CONFLICT,  /* it exists already, or was changed since it was read: 409 */
    SCHED_STORE_ERROR_INVALID,   /* a value that no row may have; the message names it: 422 */
    SCHED_STORE_ERROR_RULE,      /* a rule refuses, for instance author = approver: 403 */
    SCHED_STORE_ERROR_IN_USE,    /* something else names the row, so it stays: 409 */
    SCHED_STORE_ERROR_BUSY,      /* too much is waiting to be written: try again: 503 */
    SCHED_STORE_ERROR_FULL,      /* the disk is full: nothing of the work was kept: 507 */
    SCHED_STORE_ERROR_IO,        /* the disk refused: nothing of the work was kept */
    SCHED_STORE_ERROR_CORRUPT,   /* the file is no database, or damaged: tell a person */
    SCHED_STORE_ERROR_NEWER,     /* written by a newer program: left as it is */
    SCHED_STORE_ERROR_LOCKED,    /* another process has the store */
} SchedStoreError;

/* More work than this waiting is refused with BUSY. */
#define SCHED_STORE_MAX_WAITING 4096
/* At most this many pieces of work share one commit. */
#define SCHED_STORE_MAX_GROUP 64

typedef struct SchedStore SchedStore;

/* A transaction in hand: what every noun function takes first. */
typedef struct SchedTxn SchedTxn;

/* Some work in one transaction. An error undoes all of it, and nothing of other people's. */
typedef gboolean (*SchedWork)(SchedTxn *txn, gpointer data, GError **error);

/* Who writes, when, and how. Copied by the calls below. */
typedef struct {
    const char *actor; /* account id; or "system", "init", "station:ID": goes into the audit */
    gint64 at_us;      /* UTC; goes into the audit and into the rows */
    gboolean urgent; /* alerts, stops, withdrawals: ahead of all that waits, committed alone */
    const char *key; /* (nullable): idempotency key, ≤ 128 bytes, one name space an actor */
    const char *digest; /* (nullable): hash of what is asked for under @key */
} SchedWrite;

/* Limits that only tests set; all zero for the defaults. */
typedef struct {
    gint64 max_pages; /* the file may not grow beyond: makes "disk full" */
} SchedStoreOptions;

/**
 * sched_store_open:
 * @path: the database file; made if it is not there; beside it lie -wal, -shm and .lock
 * @options: (nullable)
 *
 * Takes the lock, brings an older file up to date (each step one transaction), starts the
 * writer thread. A newer or damaged file is refused and left untouched.
 */
SchedStore *sched_store_open(const char *path, const SchedStoreOptions *options,
                             GError **error);

/**
 * sched_store_free:
 * @self: (nullable) (transfer full): waits until all accepted work is committed
 */
void sched_store_free(SchedStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedStore, sched_store_free)

/**
 * sched_store_write:
 * @out_result: (out) (optional) (nullable) (transfer full): what sched_txn_set_result() said
 *
 * Blocks until the work is committed and would survive a power cut. With a key that was used
 * before the work is not run again: its first result is returned; the same key with another
 * digest is CONFLICT. Never to be called from inside work.
 *
 * Returns: %TRUE once committed
 */
gboolean sched_store_write(SchedStore *self, const SchedWrite *write, SchedWork work,
                           gpointer data, char **out_result, GError **error);

/**
 * sched_store_write_async:
 * @data: given to @work in the writer thread
 * @free_data: (nullable): called when the work is done or was refused, in any thread
 *
 * As sched_store_write(); @callback runs in the caller's main context.
 */
void sched_store_write_async(SchedStore *self, const SchedWrite *write, SchedWork work,
                             gpointer data, GDestroyNotify free_data,
                             GAsyncReadyCallback callback, gpointer user_data);

/** sched_store_write_finish: @result: of sched_store_write_async() */
gboolean sched_store_write_finish(SchedStore *self, GAsyncResult *result, char **out_result,
                                  GError **error);

/**
 * sched_store_read:
 *
 * Runs @work now, in this thread, on one unchanging picture of the data. Writing functions
 * refuse such a transaction. Readers and the writer do not wait for each other.
 */
gboolean sched_store_read(SchedStore *self, SchedWork work, gpointer data, GError **error);

/** sched_store_read_async: sched_store_read() in a task's thread; arguments as for writing */
void sched_store_read_async(SchedStore *self, SchedWork work, gpointer data,
                            GDestroyNotify free_data, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean sched_store_read_finish(SchedStore *self, GAsyncResult *result, GError **error);

/** sched_txn_actor: Returns: (transfer none): who writes; "" when reading */
const char *sched_txn_actor(SchedTxn *txn);

/** sched_txn_at_us: Returns: when the writer says it is, UTC µs; 0 when reading */
gint64 sched_txn_at_us(SchedTxn *txn);

/**
 * sched_txn_declare:
 *
 * Whoever writes declared that what they put forward, or approve, contains no state secret: it
 * stands in the rows and in the audit of all that is done in this transaction with a text or a
 * recording.
 */
void sched_txn_declare(SchedTxn *txn);
gboolean sched_txn_is_declared(SchedTxn *txn);

/**
 * sched_txn_set_result:
 * @text: what a repeated request with the same key is answered with, ≤ 64 KiB
 */
void sched_txn_set_result(SchedTxn *txn, const char *text);

/* Called in @context after a commit that put something into the outbox: a hint, not a promise.
 */
typedef void (*SchedStoreHint)(gpointer user_data);

/** sched_store_on_outbox: @hint: (nullable): one listener; NULL removes it */
void sched_store_on_outbox(SchedStore *self, GMainContext *context, SchedStoreHint hint,
                           gpointer user_data);

/**
 * sched_store_n_commits:
 *
 * Returns: how often something was committed since the store was opened: while the number is
 * the same, nothing in it has changed
 */
gint64 sched_store_n_commits(SchedStore *self);

/**
 * sched_store_backup:
 * @path: a file that must not exist yet
 *
 * A compact copy of one instant (VACUUM INTO), fsynced with its folder; the writer goes on
 * meanwhile. Blocks for seconds on a large store: to be called from a task's thread.
 */
gboolean sched_store_backup(SchedStore *self, const char *path, GError **error);

/**
 * sched_store_backup_file:
 * @from: a store's file, which may be in use by another process: it only reads, and never
 *   checkpoints
 *
 * As sched_store_backup(), for a process of its own beside the daemon.
 */
gboolean sched_store_backup_file(const char *from, const char *path, GError **error);

/** sched_store_check: reads the whole file; CORRUPT names the first damage */
gboolean sched_store_check(SchedStore *self, GError **error);

/** sched_store_check_file: sched_store_check() beside the daemon; NOT_FOUND: no such file */
gboolean sched_store_check_file(const char *path, GError **error);

/** sched_store_schema_version: Returns: the number of the newest schema step of this program */
gint64 sched_store_schema_version(void);
