/*
 * connection.h - one connection to the database file, and how its troubles are named.
 *
 * Flow: db.c owns the writer's and the readers' connections; sql.c runs statements on them.
 * Thread: a connection is used by one thread at a time. Private to store/.
 */
#pragma once

#include <glib.h>

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;

/* The WAL is written back into the file when it has this many pages. */
#define SCHED_CONNECTION_CHECKPOINT_PAGES 1000

typedef struct {
    sqlite3 *db;
    GHashTable *statements; /* prepared ones, by the address of their text */
    gint wal_pages;         /* after the last commit; of the writer */
    gboolean is_writer;
} SchedConnection;

/** sched_connection_open_writer: @max_pages: 0: no limit; makes the file if it is not there */
SchedConnection *sched_connection_open_writer(const char *path, gint64 max_pages,
                                              GError **error);

/** sched_connection_open_reader: read-only; never checkpoints, not when closed either */
SchedConnection *sched_connection_open_reader(const char *path, GError **error);

/** sched_connection_free: @self: (nullable) (transfer full) */
void sched_connection_free(SchedConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedConnection, sched_connection_free)

/** sched_connection_exec: @sql: one or more statements without parameters */
gboolean sched_connection_exec(SchedConnection *self, const char *sql, GError **error);

/** sched_connection_int: the first column of the first row of @sql; 0 if there is none */
gboolean sched_connection_int(SchedConnection *self, const char *sql, gint64 *out_value,
                              GError **error);

/** sched_connection_add_fold: makes content_text_fold() known to SQL as fold(), for schema
 * steps
 */
gboolean sched_connection_add_fold(SchedConnection *self, GError **error);

/** sched_connection_is_idle: Returns: whether no transaction is open */
gboolean sched_connection_is_idle(SchedConnection *self);

/** sched_connection_checkpoint: writes back what readers do not hold; only the writer does it
 */
void sched_connection_checkpoint(SchedConnection *self);

/** sched_connection_statement: Returns: (transfer none): prepared once, reset, unbound */
sqlite3_stmt *sched_connection_statement(SchedConnection *self, const char *sql,
                                         GError **error);

/** sched_connection_set_error: the last trouble of the connection as a GError */
void sched_connection_set_error(SchedConnection *self, sqlite3_stmt *statement, GError **error);

/**
 * sched_migrate:
 * @self: the writer's connection
 *
 * Takes the schema steps that the file lacks, each in one transaction with its number. A file
 * of a newer program, or one that is not a store, is refused and left as it is.
 */
gboolean sched_migrate(SchedConnection *self, GError **error);
