/*
 * sql.h - statements run with values, rows read into structs, through tables of columns.
 *
 * Flow: a noun file has its statements and its shape as tables -> here -> connection.c.
 * Parameters are written $1, $2, … and bound by that NAME (SQLite numbers `$N` by order of
 * appearance); columns are matched by name too. Private to store/.
 */
#pragma once

#include "scheduler/store/connection.h"
#include "scheduler/store/db.h"

struct SchedTxn {
    SchedConnection *connection;
    const SchedWrite *write; /* (nullable): NULL: reading */
    char *result;            /* (owned) (nullable) */
    gboolean has_outbox;     /* something went into the outbox */
    gboolean is_declared;    /* who writes declared that there is no state secret in it */
    GError *trouble;         /* (owned) (nullable): of a question nobody could answer */
};

typedef enum {
    SCHED_SQL_TEXT,  /* char *; NULL is NULL */
    SCHED_SQL_INT,   /* gint64 */
    SCHED_SQL_LEVEL, /* gint64; G_MININT64 is NULL */
    SCHED_SQL_BOOL,  /* gboolean */
    SCHED_SQL_WORD,  /* gint: index in `words`; the word is stored, NULL reads as 0 */
    SCHED_SQL_BYTES, /* GBytes * */
    SCHED_SQL_LIST,  /* GPtrArray *: no column; freed with the row */
} SchedSqlKind;

typedef struct {
    const char *name;
    SchedSqlKind kind;
    gsize offset;
    const char *const *words; /* of a WORD */
    gboolean unaudited;       /* secret, or too long to be repeated in the audit */
} SchedSqlColumn;

/* Lists stand last, so that column i is parameter $(i+1). */
typedef struct {
    gsize struct_size;
    const SchedSqlColumn *columns; /* ended by a row without a name */
    GDestroyNotify free_row;
} SchedSqlShape;

/* Defines PREFIX_free(TYPE *). */
#define SCHED_SQL_DEFINE_FREE(Type, prefix, shape)                                             \
    void prefix##_free(Type *row)                                                              \
    {                                                                                          \
        sched_sql_row_free(&(shape), row);                                                     \
    }

/** sched_sql_row_free: @row: (nullable) (transfer full): members and struct */
void sched_sql_row_free(const SchedSqlShape *shape, gpointer row);

/**
 * sched_sql_run:
 * @types: a letter a value, from $1: t text (nullable), i gint64, b GBytes (nullable)
 *
 * A statement without result. Refused in a reading transaction.
 */
gboolean sched_sql_run(SchedTxn *txn, const char *sql, GError **error, const char *types, ...);

/** sched_sql_run_row: $1 … are the columns of @shape, taken from @row */
gboolean sched_sql_run_row(SchedTxn *txn, const char *sql, const SchedSqlShape *shape,
                           gconstpointer row, GError **error);

/** sched_sql_changes: Returns: rows that the last statement run changed */
gint64 sched_sql_changes(SchedTxn *txn);

/** sched_sql_list: Returns: (transfer full): structs of @shape; its columns are what is
 * selected */
GPtrArray *sched_sql_list(SchedTxn *txn, const char *sql, const SchedSqlShape *shape,
                          GError **error, const char *types, ...);

/** sched_sql_one: NOT_FOUND with @what in it if there is no row */
gpointer sched_sql_one(SchedTxn *txn, const char *sql, const SchedSqlShape *shape,
                       const char *what, GError **error, const char *types, ...);

/** sched_sql_texts: Returns: (transfer full) (element-type utf8): the first column of each row
 */
GPtrArray *sched_sql_texts(SchedTxn *txn, const char *sql, GError **error, const char *types,
                           ...);

/** sched_sql_int: @out_value: the first column of the first row; 0 if there is none */
gboolean sched_sql_int(SchedTxn *txn, const char *sql, gint64 *out_value, GError **error,
                       const char *types, ...);

/**
 * sched_sql_is:
 *
 * A disk that does not answer is no "no": sched_sql_settle() then fails the whole work.
 *
 * Returns: whether the first column of the first row is not 0
 */
gboolean sched_sql_is(SchedTxn *txn, const char *sql, const char *types, ...);

/**
 * sched_sql_settle:
 * @ok: what the work of @txn returned, with @error set if %FALSE
 *
 * The end of every transaction's work.
 *
 * Returns: @ok, or %FALSE with the first trouble of a sched_sql_is() in place of any other
 * error
 */
gboolean sched_sql_settle(SchedTxn *txn, gboolean ok, GError **error);

/** sched_sql_row_json: Returns: (transfer full): the columns that may be audited, as JSON */
char *sched_sql_row_json(const SchedSqlShape *shape, gconstpointer row);

/** sched_sql_audit_row: sched_store_audit_append() with the row as detail */
gboolean sched_sql_audit_row(SchedTxn *txn, const char *action, const char *object,
                             const SchedSqlShape *shape, gconstpointer row, GError **error);

/** sched_sql_audit_words: NULL-terminated pairs of key and text; a pair with a NULL text is
 * left out */
gboolean sched_sql_audit_words(SchedTxn *txn, const char *action, const char *object,
                               GError **error, ...) G_GNUC_NULL_TERMINATED;

/* A pair for sched_sql_audit_words(): that who writes declared that there is no state secret.
 */
#define SCHED_SQL_DECLARED(txn) "no_state_secret", (txn)->is_declared ? "true" : NULL

/* The areas that an account sees (parameters, as "$1"): where it has a right, below and above.
 */
#define SCHED_SQL_SEEN(account, now)                                                           \
    "(WITH own AS (SELECT area FROM rights WHERE account = " account " AND from_us <= " now    \
    " AND (until_us = 0 OR until_us > " now ")) "                                              \
    "SELECT below FROM area_paths WHERE above IN own "                                         \
    "UNION SELECT above FROM area_paths WHERE below IN own)"

/** sched_check_id and the others: an INVALID error that names @what if @value is out of order
 */
gboolean sched_check_id(const char *what, const char *value, GError **error);
gboolean sched_check_hash(const char *what, const char *value, GError **error);
gboolean sched_check_text(const char *what, const char *value, gsize max_bytes, GError **error);
gboolean sched_check_date(const char *what, const char *value, GError **error);
/* A date that the planner can reckon with: 1971 to 2199. */
gboolean sched_check_plan_date(const char *what, const char *value, GError **error);
/* A name of the time zone database, and one that this machine has. */
gboolean sched_check_tzid(const char *what, const char *value, GError **error);
gboolean sched_check_language(const char *what, const char *value, GError **error);
gboolean sched_check_count(const char *what, gsize count, gsize max, GError **error);

/**
 * sched_check_revision:
 * @present: of the row in the store; 0: there is none
 * @expected: what the caller read; 0: it must be new; -1: whatever it is
 */
gboolean sched_check_revision(gint64 present, gint64 expected, GError **error);
