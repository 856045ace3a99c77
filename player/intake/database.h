/*
 * database.h - one SQLite file opened the way the player wants it, or a clear refusal.
 *
 * Flow: keep.c and report/journal.c open their files through it. Port.
 * Thread: the one that opened it.
 *
 * WAL, synchronous=FULL, foreign keys, no automatic repair. A file that is corrupt or was
 * written by a newer program is refused and left as it is.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#define PLAY_DATABASE_ERROR (play_database_error_quark())
GQuark play_database_error_quark(void);

typedef enum {
    PLAY_DATABASE_ERROR_CORRUPT, /* not a database, or damaged: a person must look */
    PLAY_DATABASE_ERROR_NEWER,   /* written by a newer program */
    PLAY_DATABASE_ERROR_FULL,    /* no space left: try again later */
    PLAY_DATABASE_ERROR_IO,      /* the disk refused, or it is read-only */
    PLAY_DATABASE_ERROR_LOCKED,  /* another process has it */
} PlayDatabaseError;

/* A statement, bound by name and read by column. */
typedef sqlite3_stmt PlayStatement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayStatement, sqlite3_finalize)

/**
 * play_database_open:
 * @migrations: (array zero-terminated): SQL of each step; step N makes user_version N
 *
 * Each step runs in one transaction together with its version number.
 */
sqlite3 *play_database_open(const char *path, const char *const *migrations, GError **error);

/**
 * play_database_close:
 * @self: (nullable) (transfer full)
 */
void play_database_close(sqlite3 *self);

/** play_database_prepare: Returns: (transfer full): NULL on error */
PlayStatement *play_database_prepare(sqlite3 *self, const char *sql, GError **error);

/**
 * play_database_bind_text:
 * @name: of the parameter, "$hash"
 * @text: (nullable): copied, as bytes are; NULL binds NULL
 */
void play_database_bind_text(PlayStatement *statement, const char *name, const char *text);
void play_database_bind_int(PlayStatement *statement, const char *name, gint64 value);
void play_database_bind_bytes(PlayStatement *statement, const char *name, GBytes *bytes);

/**
 * play_database_step:
 *
 * Returns: SQLITE_ROW, SQLITE_DONE, or SQLITE_ERROR with @error set
 */
int play_database_step(PlayStatement *statement, GError **error);

/** play_database_run: steps to the end; for statements without rows */
gboolean play_database_run(PlayStatement *statement, GError **error);

/** play_database_exec: runs plain SQL */
gboolean play_database_exec(sqlite3 *self, const char *sql, GError **error);

/** play_database_column_bytes: Returns: (transfer full): a copy */
GBytes *play_database_column_bytes(PlayStatement *statement, int column);

/** play_database_column_text: Returns: (transfer full): a copy; NULL for NULL */
char *play_database_column_text(PlayStatement *statement, int column);

/**
 * play_database_set_aside:
 * @path: a file that play_database_open() refused
 * @suffix: part of its new name, for instance a time
 *
 * Renames the file and its -wal and -shm, so that a station can go on with a new one while a
 * person can still look at the old.
 *
 * Returns: (transfer full): the new path
 */
char *play_database_set_aside(const char *path, const char *suffix, GError **error);
