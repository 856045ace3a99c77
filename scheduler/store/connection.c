/* connection.c - see connection.h */
#include "scheduler/store/connection.h"

#include "content/language.h"
#include "scheduler/store/db.h"

#include <sqlite3.h>
#include <string.h>

G_DEFINE_QUARK(SchedStoreError, sched_store_error)

/* How long a lock held by another program (a person with sqlite3) is waited for. */
#define BUSY_TIMEOUT_MS 5000

#define CHECK_PREFIX "CHECK constraint failed: "

/* What SQLite reports -> what a caller does about it. First row that matches. */
static const struct {
    int code; /* extended, or primary if below 256 */
    SchedStoreError error;
} meanings[] = {
    /* clang-format off */
    { SQLITE_CONSTRAINT_UNIQUE,     SCHED_STORE_ERROR_CONFLICT },
    { SQLITE_CONSTRAINT_PRIMARYKEY, SCHED_STORE_ERROR_CONFLICT },
    { SQLITE_CONSTRAINT_ROWID,      SCHED_STORE_ERROR_CONFLICT },
    { SQLITE_CONSTRAINT,            SCHED_STORE_ERROR_INVALID  },
    { SQLITE_TOOBIG,                SCHED_STORE_ERROR_INVALID  },
    { SQLITE_FULL,                  SCHED_STORE_ERROR_FULL     },
    { SQLITE_IOERR_SHMSIZE,         SCHED_STORE_ERROR_FULL     },
    { SQLITE_BUSY,                  SCHED_STORE_ERROR_BUSY     },
    { SQLITE_LOCKED,                SCHED_STORE_ERROR_BUSY     },
    { SQLITE_CORRUPT,               SCHED_STORE_ERROR_CORRUPT  },
    { SQLITE_NOTADB,                SCHED_STORE_ERROR_CORRUPT  },
    /* clang-format on */
};

/* A trigger says in its message what kind of refusal it is. */
static const struct {
    const char *prefix;
    SchedStoreError error;
} refusals[] = {
    {"rule: ", SCHED_STORE_ERROR_RULE},
    {"in use: ", SCHED_STORE_ERROR_IN_USE},
    {"conflict: ", SCHED_STORE_ERROR_CONFLICT},
    {"missing: ", SCHED_STORE_ERROR_NOT_FOUND},
};

static void
set_refusal(const char *message, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (g_str_has_prefix(message, refusals[i].prefix)) {
            g_set_error_literal(error, SCHED_STORE_ERROR, refusals[i].error,
                                message + strlen(refusals[i].prefix));
            return;
        }
    }
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE, message);
}

/* A foreign key is broken from two sides: something missing is named, or something named goes.
 */
static void
set_foreign_key_error(sqlite3_stmt *statement, GError **error)
{
    const char *sql = statement == NULL ? NULL : sqlite3_sql(statement);

    if (sql != NULL && g_ascii_strncasecmp(sql, "DELETE", 6) == 0)
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IN_USE,
                            "something else names this, so it stays");
    else
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "it names something that does not exist");
}

/* What SQLite says of its tables, for people; what is no fault of theirs stays as it is. */
static const char *
say(int code, const char *message)
{
    static const struct {
        int code;
        const char *holds; /* (nullable): only if the message does */
        const char *words;
    } sayings[] = {
        {SQLITE_CONSTRAINT_UNIQUE, "versions_language",
         "the announcement has a version in this language already"},
        {SQLITE_CONSTRAINT_UNIQUE, "accounts.login", "this login is taken already"},
        {SQLITE_CONSTRAINT_UNIQUE, NULL, "the same is there already"},
        {SQLITE_CONSTRAINT_PRIMARYKEY, NULL, "the same is there already"},
        {SQLITE_CONSTRAINT_ROWID, NULL, "the same is there already"},
        {SQLITE_CONSTRAINT_NOTNULL, NULL, "something that is needed is missing"},
        {SQLITE_CONSTRAINT, NULL, "a value of another kind is needed"},
        {SQLITE_TOOBIG, NULL, "it is too long"},
        {SQLITE_FULL, NULL, "the disk is full"},
        {SQLITE_IOERR_SHMSIZE, NULL, "the disk is full"},
        {SQLITE_BUSY, NULL, "the store is busy; try again"},
        {SQLITE_LOCKED, NULL, "the store is busy; try again"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(sayings); i++) {
        if ((sayings[i].code == code || sayings[i].code == (code & 0xff)) &&
            (sayings[i].holds == NULL || strstr(message, sayings[i].holds) != NULL))
            return sayings[i].words;
    }
    return message;
}

void
sched_connection_set_error(SchedConnection *self, sqlite3_stmt *statement, GError **error)
{
    int code = sqlite3_extended_errcode(self->db);
    const char *message = sqlite3_errmsg(self->db);

    if (code == SQLITE_CONSTRAINT_TRIGGER) {
        set_refusal(message, error);
        return;
    }
    if (code == SQLITE_CONSTRAINT_FOREIGNKEY) {
        set_foreign_key_error(statement, error);
        return;
    }
    /* The schema names its CHECKs in words for people; the rest speaks of tables. */
    if (g_str_has_prefix(message, CHECK_PREFIX))
        message += strlen(CHECK_PREFIX);
    else
        message = say(code, message);
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (meanings[i].code == code || meanings[i].code == (code & 0xff)) {
            g_set_error_literal(error, SCHED_STORE_ERROR, meanings[i].error, message);
            return;
        }
    }
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO, "%s (SQLite %d)", message,
                code);
}

static void
statement_free(gpointer statement)
{
    sqlite3_finalize(statement);
}

/* With a hook of our own SQLite does not checkpoint by itself. */
static int
on_wal_commit(void *data, sqlite3 *db, const char *name, int n_pages)
{
    SchedConnection *self = data;

    self->wal_pages = n_pages;
    return SQLITE_OK;
}

static SchedConnection *
connection_open(const char *path, int flags, GError **error)
{
    g_autoptr(SchedConnection) self = g_new0(SchedConnection, 1);

    self->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    if (sqlite3_open_v2(path, &self->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                        NULL) != SQLITE_OK) {
        if (self->db == NULL)
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO, "no memory for %s",
                        path);
        else
            sched_connection_set_error(self, NULL, error);
        g_prefix_error(error, "opening %s: ", path);
        return NULL;
    }
    sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return g_steal_pointer(&self);
}

SchedConnection *
sched_connection_open_writer(const char *path, gint64 max_pages, GError **error)
{
    g_autoptr(SchedConnection) self = NULL;
    g_autofree char *limit = g_strdup_printf("PRAGMA max_page_count = %" G_GINT64_FORMAT,
                                             max_pages > 0 ? max_pages : 1073741823);

    self = connection_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (self == NULL)
        return NULL;
    self->is_writer = TRUE;
    /* FULL: what is acknowledged survives a power cut; NORMAL loses whole tables there. */
    if (!sched_connection_exec(self,
                               "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA journal_size_limit = 67108864;"
                               "PRAGMA cache_size = -16384;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA recursive_triggers = OFF;",
                               error) ||
        !sched_connection_exec(self, limit, error)) {
        g_prefix_error(error, "opening %s: ", path);
        return NULL;
    }
    sqlite3_wal_hook(self->db, on_wal_commit, self);
    return g_steal_pointer(&self);
}

SchedConnection *
sched_connection_open_reader(const char *path, GError **error)
{
    g_autoptr(SchedConnection) self = connection_open(path, SQLITE_OPEN_READONLY, error);

    if (self == NULL)
        return NULL;
    /* Debian's SQLite can corrupt a file that one connection checkpoints and another writes. */
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (!sched_connection_exec(self,
                               "PRAGMA wal_autocheckpoint = 0;"
                               "PRAGMA cache_size = -8192;"
                               "PRAGMA temp_store = MEMORY;",
                               error))
        return NULL;
    return g_steal_pointer(&self);
}

void
sched_connection_free(SchedConnection *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->statements, g_hash_table_unref);
    sqlite3_close(self->db);
    g_free(self);
}

static void
fold(sqlite3_context *context, int n_values, sqlite3_value **values)
{
    const char *text = (const char *) sqlite3_value_text(values[0]);

    if (text == NULL)
        sqlite3_result_null(context);
    else
        sqlite3_result_text(context, content_text_fold(text), -1, g_free);
}

gboolean
sched_connection_add_fold(SchedConnection *self, GError **error)
{
    if (sqlite3_create_function_v2(self->db, "fold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                   NULL, fold, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    sched_connection_set_error(self, NULL, error);
    return FALSE;
}

gboolean
sched_connection_exec(SchedConnection *self, const char *sql, GError **error)
{
    if (sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TRUE;
    sched_connection_set_error(self, NULL, error);
    return FALSE;
}

gboolean
sched_connection_int(SchedConnection *self, const char *sql, gint64 *out_value, GError **error)
{
    sqlite3_stmt *statement = sched_connection_statement(self, sql, error);
    int code;

    if (statement == NULL)
        return FALSE;
    code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        sched_connection_set_error(self, statement, error);
        sqlite3_reset(statement);
        return FALSE;
    }
    *out_value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return TRUE;
}

gboolean
sched_connection_is_idle(SchedConnection *self)
{
    return sqlite3_get_autocommit(self->db) != 0;
}

void
sched_connection_checkpoint(SchedConnection *self)
{
    g_return_if_fail(self->is_writer);
    /* Not an error when it cannot be done now: the WAL stays and the next commit tries again.
     */
    if (self->wal_pages >= SCHED_CONNECTION_CHECKPOINT_PAGES)
        sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

sqlite3_stmt *
sched_connection_statement(SchedConnection *self, const char *sql, GError **error)
{
    sqlite3_stmt *statement = g_hash_table_lookup(self->statements, sql);

    if (statement != NULL) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
        return statement;
    }
    if (sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        sched_connection_set_error(self, NULL, error);
        g_prefix_error(error, "preparing “%.60s”: ", sql);
        return NULL;
    }
    g_hash_table_insert(self->statements, (gpointer) sql, statement);
    return statement;
}
