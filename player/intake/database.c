/* database.c - see database.h */
#include "player/intake/database.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

G_DEFINE_QUARK(play - database - error - quark, play_database_error)

/* A statement waits so long for another process, for instance a person with sqlite3. */
#define BUSY_TIMEOUT_MS 5000

/* clang-format off */
static const struct { int sqlite; PlayDatabaseError code; } codes[] = {
    { SQLITE_NOTADB,   PLAY_DATABASE_ERROR_CORRUPT },
    { SQLITE_CORRUPT,  PLAY_DATABASE_ERROR_CORRUPT },
    { SQLITE_FULL,     PLAY_DATABASE_ERROR_FULL    },
    { SQLITE_BUSY,     PLAY_DATABASE_ERROR_LOCKED  },
    { SQLITE_LOCKED,   PLAY_DATABASE_ERROR_LOCKED  },
};
/* clang-format on */

static void
set_error(sqlite3 *db, GError **error)
{
    int result = sqlite3_errcode(db) & 0xff;
    PlayDatabaseError code = PLAY_DATABASE_ERROR_IO;

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (codes[i].sqlite == result)
            code = codes[i].code;
    }
    g_set_error(error, PLAY_DATABASE_ERROR, code, "%s: %s",
                sqlite3_db_filename(db, "main") == NULL ? "" : sqlite3_db_filename(db, "main"),
                sqlite3_errmsg(db));
}

gboolean
play_database_exec(sqlite3 *self, const char *sql, GError **error)
{
    if (sqlite3_exec(self, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    set_error(self, error);
    return FALSE;
}

/* Reads one integer or the first column of one row as text. */
static char *
ask(sqlite3 *self, const char *sql, GError **error)
{
    g_autoptr(PlayStatement) statement = play_database_prepare(self, sql, error);

    if (statement == NULL || play_database_step(statement, error) != SQLITE_ROW)
        return NULL;
    return play_database_column_text(statement, 0);
}

static gboolean
migrate_one(sqlite3 *self, const char *sql, gsize version, GError **error)
{
    g_autofree char *step =
        g_strdup_printf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %" G_GSIZE_FORMAT ";", sql,
                        version);

    if (play_database_exec(self, step, error) && play_database_exec(self, "COMMIT", error))
        return TRUE;
    sqlite3_exec(self, "ROLLBACK", NULL, NULL, NULL);
    g_prefix_error(error, "step %" G_GSIZE_FORMAT ": ", version);
    return FALSE;
}

static gboolean
migrate(sqlite3 *self, const char *const *migrations, GError **error)
{
    g_autofree char *found = ask(self, "PRAGMA user_version", error);
    guint64 version;

    if (found == NULL)
        return FALSE;
    version = g_ascii_strtoull(found, NULL, 10);
    if (version > g_strv_length((char **) migrations)) {
        g_set_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_NEWER,
                    "%s: version %" G_GUINT64_FORMAT " was written by a newer program",
                    sqlite3_db_filename(self, "main"), version);
        return FALSE;
    }
    for (; migrations[version] != NULL; version++) {
        if (!migrate_one(self, migrations[version], version + 1, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check(sqlite3 *self, GError **error)
{
    g_autofree char *answer = ask(self, "PRAGMA quick_check(1)", error);

    if (answer == NULL)
        return FALSE;
    if (strcmp(answer, "ok") == 0)
        return TRUE;
    g_set_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_CORRUPT, "%s: %s",
                sqlite3_db_filename(self, "main"), answer);
    return FALSE;
}

sqlite3 *
play_database_open(const char *path, const char *const *migrations, GError **error)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

    if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
        g_set_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_IO, "%s: %s", path,
                    db == NULL ? "out of memory" : sqlite3_errmsg(db));
        sqlite3_close(db);
        return NULL;
    }
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
    if (play_database_exec(db,
                           "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                           "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                           "PRAGMA cell_size_check = ON;",
                           error) &&
        check(db, error) && migrate(db, migrations, error) && g_chmod(path, 0600) == 0)
        return db;
    if (error != NULL && *error == NULL)
        g_set_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_IO, "%s: %s", path,
                    g_strerror(errno));
    play_database_close(db);
    return NULL;
}

void
play_database_close(sqlite3 *self)
{
    if (self != NULL && sqlite3_close(self) != SQLITE_OK)
        g_critical("a statement of %s is still in use", sqlite3_db_filename(self, "main"));
}

PlayStatement *
play_database_prepare(sqlite3 *self, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(self, sql, -1, &statement, NULL) == SQLITE_OK)
        return statement;
    set_error(self, error);
    return NULL;
}

/* A name that the statement does not have is a mistake in this program. */
static int
index_of(PlayStatement *statement, const char *name)
{
    int index = sqlite3_bind_parameter_index(statement, name);

    if (index == 0)
        g_critical("no parameter %s in: %s", name, sqlite3_sql(statement));
    return index;
}

void
play_database_bind_text(PlayStatement *statement, const char *name, const char *text)
{
    sqlite3_bind_text(statement, index_of(statement, name), text, -1, SQLITE_TRANSIENT);
}

void
play_database_bind_int(PlayStatement *statement, const char *name, gint64 value)
{
    sqlite3_bind_int64(statement, index_of(statement, name), value);
}

void
play_database_bind_bytes(PlayStatement *statement, const char *name, GBytes *bytes)
{
    gsize n_bytes = 0;
    gconstpointer data = g_bytes_get_data(bytes, &n_bytes);

    sqlite3_bind_blob64(statement, index_of(statement, name), data == NULL ? "" : data, n_bytes,
                        SQLITE_TRANSIENT);
}

int
play_database_step(PlayStatement *statement, GError **error)
{
    int result = sqlite3_step(statement);

    if (result == SQLITE_ROW || result == SQLITE_DONE)
        return result;
    set_error(sqlite3_db_handle(statement), error);
    return SQLITE_ERROR;
}

gboolean
play_database_run(PlayStatement *statement, GError **error)
{
    int result;

    while ((result = play_database_step(statement, error)) == SQLITE_ROW)
        continue;
    sqlite3_reset(statement);
    return result == SQLITE_DONE;
}

GBytes *
play_database_column_bytes(PlayStatement *statement, int column)
{
    gconstpointer data = sqlite3_column_blob(statement, column);

    return g_bytes_new(data, (gsize) sqlite3_column_bytes(statement, column));
}

char *
play_database_column_text(PlayStatement *statement, int column)
{
    return g_strdup((const char *) sqlite3_column_text(statement, column));
}

char *
play_database_set_aside(const char *path, const char *suffix, GError **error)
{
    static const char *const parts[] = {"", "-wal", "-shm"};
    g_autofree char *aside = g_strdup_printf("%s.%s", path, suffix);

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *from = g_strconcat(path, parts[i], NULL);
        g_autofree char *to = g_strconcat(aside, parts[i], NULL);

        if (g_rename(from, to) != 0 && errno != ENOENT) {
            g_set_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_IO, "%s: %s", from,
                        g_strerror(errno));
            return NULL;
        }
    }
    return g_steal_pointer(&aside);
}
