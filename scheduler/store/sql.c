/* sql.c - see sql.h */
#include "scheduler/store/sql.h"

#include "scheduler/store/audit.h"

#include <jansson.h>
#include <sqlite3.h>

#define FIELD(row, column, type) (*(type *) ((char *) (row) + (column)->offset))
#define CONST_FIELD(row, column, type)                                                         \
    (*(type const *) ((const char *) (row) + (column)->offset))

void
sched_sql_row_free(const SchedSqlShape *shape, gpointer row)
{
    if (row == NULL)
        return;
    for (const SchedSqlColumn *c = shape->columns; c->name != NULL; c++) {
        if (c->kind == SCHED_SQL_TEXT)
            g_free(FIELD(row, c, char *));
        else if (c->kind == SCHED_SQL_BYTES)
            g_clear_pointer(&FIELD(row, c, GBytes *), g_bytes_unref);
        else if (c->kind == SCHED_SQL_LIST)
            g_clear_pointer(&FIELD(row, c, GPtrArray *), g_ptr_array_unref);
    }
    g_free(row);
}

/* Binding ------------------------------------------------------------------------------------
 *
 * Values are not copied: the caller's outlive the statement's run, and finish() unbinds them.
 */

static void
bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    if (text == NULL)
        sqlite3_bind_null(statement, index);
    else
        sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void
bind_bytes(sqlite3_stmt *statement, int index, GBytes *bytes)
{
    gsize n_bytes = 0;
    gconstpointer data = bytes == NULL ? NULL : g_bytes_get_data(bytes, &n_bytes);

    if (bytes == NULL)
        sqlite3_bind_null(statement, index);
    else if (n_bytes == 0)
        sqlite3_bind_zeroblob(statement, index, 0);
    else
        sqlite3_bind_blob64(statement, index, data, n_bytes, SQLITE_STATIC);
}

/* 0: the statement has no such parameter. */
static int
parameter_index(sqlite3_stmt *statement, guint number)
{
    char name[12] = {'$', (char) ('0' + number % 10)};

    if (number > 9)
        g_snprintf(name, sizeof name, "$%u", number);
    return sqlite3_bind_parameter_index(statement, name);
}

static gboolean
check_all_bound(sqlite3_stmt *statement, int n_bound, GError **error)
{
    if (sqlite3_bind_parameter_count(statement) == n_bound)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO,
                "%d of %d parameters have a value: “%.60s”", n_bound,
                sqlite3_bind_parameter_count(statement), sqlite3_sql(statement));
    return FALSE;
}

static gboolean
bind_values(sqlite3_stmt *statement, const char *types, va_list values, GError **error)
{
    int n_bound = 0;

    for (guint i = 0; types[i] != '\0'; i++) {
        int index = parameter_index(statement, i + 1);

        if (types[i] == 'i')
            sqlite3_bind_int64(statement, index, va_arg(values, gint64));
        else if (types[i] == 'b')
            bind_bytes(statement, index, va_arg(values, GBytes *));
        else
            bind_text(statement, index, va_arg(values, const char *));
        n_bound += index > 0;
    }
    return check_all_bound(statement, n_bound, error);
}

static void
bind_column(sqlite3_stmt *statement, int index, const SchedSqlColumn *c, gconstpointer row)
{
    switch (c->kind) {
    case SCHED_SQL_TEXT:
        bind_text(statement, index, CONST_FIELD(row, c, char *));
        break;
    case SCHED_SQL_LEVEL:
        if (CONST_FIELD(row, c, gint64) == G_MININT64)
            sqlite3_bind_null(statement, index);
        else
            sqlite3_bind_int64(statement, index, CONST_FIELD(row, c, gint64));
        break;
    case SCHED_SQL_INT:
        sqlite3_bind_int64(statement, index, CONST_FIELD(row, c, gint64));
        break;
    case SCHED_SQL_BOOL:
        sqlite3_bind_int64(statement, index, CONST_FIELD(row, c, gboolean) ? 1 : 0);
        break;
    case SCHED_SQL_WORD:
        sqlite3_bind_text(statement, index, c->words[CONST_FIELD(row, c, gint)], -1,
                          SQLITE_STATIC);
        break;
    case SCHED_SQL_BYTES:
        bind_bytes(statement, index, CONST_FIELD(row, c, GBytes *));
        break;
    case SCHED_SQL_LIST:
        break;
    }
}

/* A number outside the list of words must not become a look past its end. */
static gboolean
check_words(const SchedSqlShape *shape, gconstpointer row, GError **error)
{
    for (const SchedSqlColumn *c = shape->columns; c->name != NULL; c++) {
        gint value = c->kind == SCHED_SQL_WORD ? CONST_FIELD(row, c, gint) : 0;

        if (c->kind != SCHED_SQL_WORD)
            continue;
        if (value < 0 || (guint) value >= g_strv_length((char **) c->words)) {
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "%s: %d is none of its words", c->name, value);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
bind_row(sqlite3_stmt *statement, const SchedSqlShape *shape, gconstpointer row, GError **error)
{
    int n_bound = 0;

    if (!check_words(shape, row, error))
        return FALSE;
    for (const SchedSqlColumn *c = shape->columns; c->name != NULL; c++) {
        int index = c->kind == SCHED_SQL_LIST
                        ? 0
                        : parameter_index(statement, (guint) (c - shape->columns) + 1);

        if (index > 0)
            bind_column(statement, index, c, row);
        n_bound += index > 0;
    }
    return check_all_bound(statement, n_bound, error);
}

/* Reading ------------------------------------------------------------------------------------
 */

static gint
read_word(sqlite3_stmt *statement, int index, const SchedSqlColumn *c)
{
    const char *word = (const char *) sqlite3_column_text(statement, index);

    for (gint i = 0; word != NULL && c->words[i] != NULL; i++) {
        if (g_str_equal(c->words[i], word))
            return i;
    }
    return 0;
}

static void
read_column(sqlite3_stmt *statement, int index, const SchedSqlColumn *c, gpointer row)
{
    switch (c->kind) {
    case SCHED_SQL_TEXT:
        FIELD(row, c, char *) = g_strdup((const char *) sqlite3_column_text(statement, index));
        break;
    case SCHED_SQL_LEVEL:
        FIELD(row, c, gint64) = sqlite3_column_type(statement, index) == SQLITE_NULL
                                    ? G_MININT64
                                    : sqlite3_column_int64(statement, index);
        break;
    case SCHED_SQL_INT:
        FIELD(row, c, gint64) = sqlite3_column_int64(statement, index);
        break;
    case SCHED_SQL_BOOL:
        FIELD(row, c, gboolean) = sqlite3_column_int64(statement, index) != 0;
        break;
    case SCHED_SQL_WORD:
        FIELD(row, c, gint) = read_word(statement, index, c);
        break;
    case SCHED_SQL_BYTES:
        if (sqlite3_column_type(statement, index) != SQLITE_NULL)
            FIELD(row, c, GBytes *) =
                g_bytes_new(sqlite3_column_blob(statement, index),
                            (gsize) sqlite3_column_bytes(statement, index));
        break;
    case SCHED_SQL_LIST:
        break;
    }
}

static gpointer
read_row(sqlite3_stmt *statement, const SchedSqlShape *shape)
{
    gpointer row = g_malloc0(shape->struct_size);

    for (const SchedSqlColumn *c = shape->columns; c->name != NULL; c++)
        read_column(statement, (int) (c - shape->columns), c, row);
    return row;
}

/* A SELECT whose columns stand in another order than the shape would fill wrong members. */
static gboolean
check_columns(sqlite3_stmt *statement, const SchedSqlShape *shape, GError **error)
{
    int n = 0;

    for (const SchedSqlColumn *c = shape->columns; c->name != NULL && c->kind != SCHED_SQL_LIST;
         c++, n++) {
        const char *name = sqlite3_column_name(statement, n);

        if (g_strcmp0(name, c->name) == 0)
            continue;
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO,
                    "column %d is %s and should be %s: “%.60s”", n, name, c->name,
                    sqlite3_sql(statement));
        return FALSE;
    }
    return TRUE;
}

/* Statements ----------------------------------------------------------------------------------
 */

static sqlite3_stmt *
prepare(SchedTxn *txn, const char *sql, const char *types, va_list values, GError **error)
{
    sqlite3_stmt *statement = sched_connection_statement(txn->connection, sql, error);

    if (statement == NULL || !bind_values(statement, types, values, error))
        return NULL;
    return statement;
}

static gboolean
finish(SchedTxn *txn, sqlite3_stmt *statement, int code, GError **error)
{
    gboolean ok = code == SQLITE_DONE || code == SQLITE_ROW;

    if (!ok)
        sched_connection_set_error(txn->connection, statement, error);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return ok;
}

static gboolean
check_writing(SchedTxn *txn, GError **error)
{
    if (txn->write != NULL)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "a reading transaction does not write");
    return FALSE;
}

gboolean
sched_sql_run(SchedTxn *txn, const char *sql, GError **error, const char *types, ...)
{
    sqlite3_stmt *statement;
    va_list values;

    if (!check_writing(txn, error))
        return FALSE;
    va_start(values, types);
    statement = prepare(txn, sql, types, values, error);
    va_end(values);
    return statement != NULL && finish(txn, statement, sqlite3_step(statement), error);
}

gboolean
sched_sql_run_row(SchedTxn *txn, const char *sql, const SchedSqlShape *shape, gconstpointer row,
                  GError **error)
{
    sqlite3_stmt *statement;

    if (!check_writing(txn, error))
        return FALSE;
    statement = sched_connection_statement(txn->connection, sql, error);
    if (statement == NULL || !bind_row(statement, shape, row, error))
        return FALSE;
    return finish(txn, statement, sqlite3_step(statement), error);
}

gint64
sched_sql_changes(SchedTxn *txn)
{
    return sqlite3_changes64(txn->connection->db);
}

/* Runs a query and hands each row to `read`, which owns nothing of the statement. */
static GPtrArray *
collect(SchedTxn *txn, sqlite3_stmt *statement, const SchedSqlShape *shape, guint max,
        GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func(shape == NULL ? g_free : shape->free_row);
    int code = SQLITE_DONE;

    while (rows->len < max && (code = sqlite3_step(statement)) == SQLITE_ROW)
        g_ptr_array_add(rows, shape == NULL
                                  ? g_strdup((const char *) sqlite3_column_text(statement, 0))
                                  : read_row(statement, shape));
    if (!finish(txn, statement, code, error))
        return NULL;
    return g_steal_pointer(&rows);
}

static GPtrArray *
query(SchedTxn *txn, const char *sql, const SchedSqlShape *shape, guint max, GError **error,
      const char *types, va_list values)
{
    sqlite3_stmt *statement = prepare(txn, sql, types, values, error);

    if (statement == NULL || (shape != NULL && !check_columns(statement, shape, error)))
        return NULL;
    return collect(txn, statement, shape, max, error);
}

GPtrArray *
sched_sql_list(SchedTxn *txn, const char *sql, const SchedSqlShape *shape, GError **error,
               const char *types, ...)
{
    GPtrArray *rows;
    va_list values;

    va_start(values, types);
    rows = query(txn, sql, shape, G_MAXUINT, error, types, values);
    va_end(values);
    return rows;
}

gpointer
sched_sql_one(SchedTxn *txn, const char *sql, const SchedSqlShape *shape, const char *what,
              GError **error, const char *types, ...)
{
    g_autoptr(GPtrArray) rows = NULL;
    va_list values;

    va_start(values, types);
    rows = query(txn, sql, shape, 1, error, types, values);
    va_end(values);
    if (rows == NULL)
        return NULL;
    if (rows->len == 0) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no such %s", what);
        return NULL;
    }
    return g_ptr_array_steal_index(rows, 0);
}

GPtrArray *
sched_sql_texts(SchedTxn *txn, const char *sql, GError **error, const char *types, ...)
{
    GPtrArray *texts;
    va_list values;

    va_start(values, types);
    texts = query(txn, sql, NULL, G_MAXUINT, error, types, values);
    va_end(values);
    return texts;
}

static gboolean
query_int(SchedTxn *txn, const char *sql, gint64 *out_value, GError **error, const char *types,
          va_list values)
{
    sqlite3_stmt *statement = prepare(txn, sql, types, values, error);
    int code;

    if (statement == NULL)
        return FALSE;
    code = sqlite3_step(statement);
    *out_value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    return finish(txn, statement, code, error);
}

gboolean
sched_sql_int(SchedTxn *txn, const char *sql, gint64 *out_value, GError **error,
              const char *types, ...)
{
    gint64 value = 0;
    gboolean ok;
    va_list values;

    va_start(values, types);
    ok = query_int(txn, sql, &value, error, types, values);
    va_end(values);
    if (ok)
        *out_value = value;
    return ok;
}

gboolean
sched_sql_is(SchedTxn *txn, const char *sql, const char *types, ...)
{
    g_autoptr(GError) error = NULL;
    gint64 value = 0;
    gboolean ok;
    va_list values;

    va_start(values, types);
    ok = query_int(txn, sql, &value, &error, types, values);
    va_end(values);
    if (!ok && txn->trouble == NULL)
        txn->trouble = g_steal_pointer(&error);
    return ok && value != 0;
}

gboolean
sched_sql_settle(SchedTxn *txn, gboolean ok, GError **error)
{
    if (txn->trouble == NULL)
        return ok;
    if (!ok)
        g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&txn->trouble));
    return FALSE;
}

/* Audit ---------------------------------------------------------------------------------------
 */

static json_t *
column_json(const SchedSqlColumn *c, gconstpointer row)
{
    switch (c->kind) {
    case SCHED_SQL_TEXT:
        return CONST_FIELD(row, c, char *) == NULL ? NULL
                                                   : json_string(CONST_FIELD(row, c, char *));
    case SCHED_SQL_INT:
        return json_integer(CONST_FIELD(row, c, gint64));
    case SCHED_SQL_LEVEL:
        return CONST_FIELD(row, c, gint64) == G_MININT64
                   ? NULL
                   : json_integer(CONST_FIELD(row, c, gint64));
    case SCHED_SQL_BOOL:
        return json_boolean(CONST_FIELD(row, c, gboolean));
    case SCHED_SQL_WORD:
        return json_string(c->words[CONST_FIELD(row, c, gint)]);
    case SCHED_SQL_BYTES:
    case SCHED_SQL_LIST:
        break;
    }
    return NULL;
}

static char *
json_take(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);

    json_decref(object);
    return text;
}

char *
sched_sql_row_json(const SchedSqlShape *shape, gconstpointer row)
{
    json_t *object = json_object();

    for (const SchedSqlColumn *c = shape->columns; c->name != NULL; c++) {
        json_t *value = c->unaudited ? NULL : column_json(c, row);

        if (value != NULL)
            json_object_set_new(object, c->name, value);
    }
    return json_take(object);
}

gboolean
sched_sql_audit_row(SchedTxn *txn, const char *action, const char *object,
                    const SchedSqlShape *shape, gconstpointer row, GError **error)
{
    g_autofree char *detail = sched_sql_row_json(shape, row);

    return sched_store_audit_append(txn, action, object, detail, error);
}

gboolean
sched_sql_audit_words(SchedTxn *txn, const char *action, const char *object, GError **error,
                      ...)
{
    json_t *words = json_object();
    g_autofree char *detail = NULL;
    const char *key;
    va_list pairs;

    va_start(pairs, error);
    while ((key = va_arg(pairs, const char *)) != NULL) {
        const char *text = va_arg(pairs, const char *);

        if (text != NULL)
            json_object_set_new(words, key, json_string(text));
    }
    va_end(pairs);
    detail = json_take(words);
    return sched_store_audit_append(txn, action, object, detail, error);
}
