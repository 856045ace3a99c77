/* audit.c - see audit.h */
#include "scheduler/store/audit.h"

#include "content/base/id.h"
#include "content/record.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* The chain's id lies here; it is made with the first row. */
#define CHAIN_KEY "audit-chain"

/* Rows that a verification reads at a time. */
#define VERIFY_STEP 1000

/* Along which index rows are looked for. */
typedef enum {
    FOUND_BY_NOTHING,
    FOUND_BY_OBJECT,
    FOUND_BY_ACTOR,
    FOUND_BY_ACTION,
    FOUND_BY_NOUN,
} FoundBy;

/* clang-format off */
#define COLUMNS "chain, seq, at_us, actor, action, object, detail, prev, hash"
static const char sql_chain[] = "SELECT value FROM settings WHERE key = $1";
static const char sql_make_chain[] =
    "INSERT INTO settings (key, value, at_us) VALUES ($1, $2, $3)";
static const char sql_head[] =
    "SELECT " COLUMNS " FROM audit WHERE chain = $1 ORDER BY seq DESC LIMIT 1";
static const char sql_add[] =
    "INSERT INTO audit (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
#define LISTED COLUMNS ", (SELECT login FROM accounts WHERE id = actor) AS login"
/*
 * What is asked for by the narrowest of its facts goes along the index of that fact, newest first:
 * nothing is sorted, and nothing read that lies behind @limit. An action is meant whole,
 * "slot.approve", and "alert.import" is not "alert.import.use"; its first word alone is all of the
 * noun. A range of beginnings would have to be sorted. The planner knows nothing of how the rows
 * are spread, and would rather read them all in the table's own order.
 */
#define NOUN_OF_ACTION "substr(action, 1, instr(action || '.', '.') - 1)"
#define FOUND(along, of)                                                                        \
    "SELECT " LISTED " FROM audit " along "WHERE chain = $1 AND ($2 = 0 OR seq < $2) " of       \
    "AND at_us >= $6 AND ($7 = 0 OR at_us < $7) ORDER BY seq DESC LIMIT $3"
#define AND_ACTOR  "AND ($4 IS NULL OR actor = $4) "
#define AND_ACTION "AND ($5 IS NULL OR action = $5 OR " NOUN_OF_ACTION " = $5) "
static const char *const sql_found[] = {
    [FOUND_BY_NOTHING] = FOUND("", AND_ACTOR AND_ACTION),
    [FOUND_BY_OBJECT]  = FOUND("INDEXED BY audit_object ", "AND object = $8 " AND_ACTOR AND_ACTION),
    [FOUND_BY_ACTOR]   = FOUND("INDEXED BY audit_actor ", "AND actor = $4 " AND_ACTION),
    [FOUND_BY_ACTION]  = FOUND("INDEXED BY audit_action ", "AND action = $5 " AND_ACTOR),
    [FOUND_BY_NOUN]    = FOUND("INDEXED BY audit_noun ", "AND " NOUN_OF_ACTION " = $5 " AND_ACTOR),
};
static const char sql_id_of_login[] = "SELECT id FROM accounts WHERE login = $1";
static const char sql_from[] =
    "SELECT " COLUMNS " FROM audit WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3";
static const char sql_other_chains[] = "SELECT count(*) FROM audit WHERE chain <> $1";

#define AUDIT_COLUMNS \
    { "chain",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, chain)  }, \
    { "seq",    SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedAuditRow, seq)    }, \
    { "at_us",  SCHED_SQL_INT,  G_STRUCT_OFFSET(SchedAuditRow, at_us)  }, \
    { "actor",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, actor)  }, \
    { "action", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, action) }, \
    { "object", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, object) }, \
    { "detail", SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, detail) }, \
    { "prev",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, prev)   }, \
    { "hash",   SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, hash)   },
static const SchedSqlColumn audit_columns[] = { AUDIT_COLUMNS { NULL } };
static const SchedSqlColumn listed_columns[] = {
    AUDIT_COLUMNS
    { "login",  SCHED_SQL_TEXT, G_STRUCT_OFFSET(SchedAuditRow, login)  },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape audit_shape = {sizeof(SchedAuditRow), audit_columns,
                                          (GDestroyNotify) sched_audit_row_free};
/* With what the actor signs in as. */
static const SchedSqlShape listed_shape = {sizeof(SchedAuditRow), listed_columns,
                                           (GDestroyNotify) sched_audit_row_free};
SCHED_SQL_DEFINE_FREE(SchedAuditRow, sched_audit_row, listed_shape)

static char *
row_hash(const SchedAuditRow *row)
{
    g_autofree char *text =
        g_strdup_printf("%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%s\n%s\n%s\n%s\n%s\n",
                        row->chain, row->seq, row->at_us, row->actor, row->action, row->object,
                        row->detail, row->prev);

    return content_sha256_hex(text, strlen(text));
}

/* NULL without error: there is no chain yet. */
static char *
find_chain(SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) found = sched_sql_texts(txn, sql_chain, error, "t", CHAIN_KEY);

    if (found == NULL || found->len == 0)
        return NULL;
    return g_ptr_array_steal_index(found, 0);
}

static char *
find_or_make_chain(SchedTxn *txn, GError **error)
{
    g_autoptr(GError) local_error = NULL;
    g_autofree char *chain = find_chain(txn, &local_error);

    if (local_error != NULL) {
        g_propagate_error(error, g_steal_pointer(&local_error));
        return NULL;
    }
    if (chain == NULL) {
        chain = content_id_new(sched_txn_at_us(txn));
        if (!sched_sql_run(txn, sql_make_chain, error, "tti", CHAIN_KEY, chain,
                           sched_txn_at_us(txn)))
            return NULL;
    }
    return g_steal_pointer(&chain);
}

static gboolean
check_fields(SchedTxn *txn, const char *action, const char *object, const char *detail,
             GError **error)
{
    if (!sched_check_text("audit detail", detail, SCHED_AUDIT_MAX_DETAIL_BYTES, error))
        return FALSE;
    /* A line feed would let one row read as another. */
    if (object == NULL || strpbrk(object, "\n") != NULL || strpbrk(action, "\n") != NULL ||
        strpbrk(detail, "\n") != NULL || strpbrk(sched_txn_actor(txn), "\n") != NULL) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "audit %s: a field holds a line feed or is missing", action);
        return FALSE;
    }
    if (*sched_txn_actor(txn) == '\0') {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "audit %s: nobody is named as the actor", action);
        return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_audit_append(SchedTxn *txn, const char *action, const char *object,
                         const char *detail, GError **error)
{
    g_autofree char *chain = NULL, *hash = NULL;
    g_autoptr(GPtrArray) heads = NULL;
    const SchedAuditRow *head;
    SchedAuditRow row = {0};

    if (detail == NULL)
        detail = "{}";
    if (!check_fields(txn, action, object, detail, error))
        return FALSE;
    chain = find_or_make_chain(txn, error);
    heads =
        chain == NULL ? NULL : sched_sql_list(txn, sql_head, &audit_shape, error, "t", chain);
    if (heads == NULL)
        return FALSE;
    head = heads->len == 0 ? NULL : g_ptr_array_index(heads, 0);
    row.chain = chain;
    row.seq = head == NULL ? 1 : head->seq + 1;
    row.at_us = sched_txn_at_us(txn);
    row.actor = (char *) sched_txn_actor(txn);
    row.action = (char *) action;
    row.object = (char *) object;
    row.detail = (char *) detail;
    row.prev = head == NULL ? (char *) CONTENT_RECORD_NO_PREVIOUS : head->hash;
    row.hash = hash = row_hash(&row);
    return sched_sql_run_row(txn, sql_add, &audit_shape, &row, error);
}

ContentAuditHead *
sched_store_audit_head(SchedTxn *txn, GError **error)
{
    g_autoptr(GError) local_error = NULL;
    g_autofree char *chain = find_chain(txn, &local_error);
    g_autoptr(GPtrArray) heads = NULL;
    ContentAuditHead *head;

    if (local_error != NULL) {
        g_propagate_error(error, g_steal_pointer(&local_error));
        return NULL;
    }
    heads = sched_sql_list(txn, sql_head, &audit_shape, error, "t", chain);
    if (heads == NULL)
        return NULL;
    head = g_new0(ContentAuditHead, 1);
    head->chain = chain == NULL ? g_strdup("none") : g_steal_pointer(&chain);
    head->hash = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    if (heads->len > 0) {
        const SchedAuditRow *row = g_ptr_array_index(heads, 0);

        g_free(head->hash);
        head->hash = g_strdup(row->hash);
        head->seq = row->seq;
    }
    return head;
}

void
sched_store_audit_head_free(ContentAuditHead *head)
{
    if (head == NULL)
        return;
    g_free(head->chain);
    g_free(head->hash);
    g_free(head);
}

/* The longest lists come last: everybody's sessions are of one action. */
static FoundBy
choose_index(const SchedAuditFilter *filter)
{
    if (filter->object != NULL)
        return FOUND_BY_OBJECT;
    if (filter->actor != NULL)
        return FOUND_BY_ACTOR;
    if (filter->action == NULL)
        return FOUND_BY_NOTHING;
    return strchr(filter->action, '.') != NULL ? FOUND_BY_ACTION : FOUND_BY_NOUN;
}

/* (transfer full) (nullable): what an account signs in as is its id; else what was asked for */
static char *
find_actor(SchedTxn *txn, const char *actor, GError **error)
{
    g_autoptr(GPtrArray) ids = sched_sql_texts(txn, sql_id_of_login, error, "t", actor);

    if (ids == NULL)
        return NULL;
    return ids->len > 0 ? g_ptr_array_steal_index(ids, 0) : g_strdup(actor);
}

const char *
sched_store_audit_find_sql(const SchedAuditFilter *filter)
{
    return sql_found[choose_index(filter)];
}

GPtrArray *
sched_store_audit_find(SchedTxn *txn, const SchedAuditFilter *filter, gint64 limit,
                       GError **error)
{
    g_autoptr(ContentAuditHead) head = sched_store_audit_head(txn, error);
    g_autofree char *actor = NULL;

    if (head == NULL)
        return NULL;
    if (filter->actor != NULL && (actor = find_actor(txn, filter->actor, error)) == NULL)
        return NULL;
    limit = CLAMP(limit, 1, 1000);
    return sched_sql_list(txn, sched_store_audit_find_sql(filter), &listed_shape, error,
                          filter->object == NULL ? "tiittii" : "tiittiit", head->chain,
                          filter->before_seq, limit, actor, filter->action, filter->from_us,
                          filter->to_us, filter->object);
}

GPtrArray *
sched_store_audit_list(SchedTxn *txn, const char *object, gint64 before_seq, gint64 limit,
                       GError **error)
{
    const SchedAuditFilter filter = {.object = object, .before_seq = before_seq};

    return sched_store_audit_find(txn, &filter, limit, error);
}

/* Verification --------------------------------------------------------------------------------
 */

typedef struct {
    gint64 seq;       /* last row that was right */
    char *prev;       /* (owned): its hash */
    GPtrArray *heads; /* (nullable): what stations witnessed */
    const char *chain;
    gint64 first_bad;
    char *why; /* (owned) */
} Verification;

static void
complain(Verification *v, gint64 seq, const char *why)
{
    v->first_bad = seq;
    v->why = g_strdup(why);
}

static gboolean
is_as_witnessed(const Verification *v, const SchedAuditRow *row)
{
    for (guint i = 0; v->heads != NULL && i < v->heads->len; i++) {
        const ContentAuditHead *head = g_ptr_array_index(v->heads, i);

        if (head->seq == row->seq && g_str_equal(head->chain, row->chain) &&
            !g_str_equal(head->hash, row->hash))
            return FALSE;
    }
    return TRUE;
}

static void
verify_row(Verification *v, const SchedAuditRow *row)
{
    g_autofree char *hash = row_hash(row);

    if (row->seq != v->seq + 1)
        complain(v, v->seq + 1, "the row is missing");
    else if (!g_str_equal(row->prev, v->prev))
        complain(v, row->seq, "it does not follow the row before it");
    else if (!g_str_equal(row->hash, hash))
        complain(v, row->seq, "its words are not those that were hashed");
    else if (!is_as_witnessed(v, row))
        complain(v, row->seq, "a station witnessed another row here");
    if (v->first_bad != 0)
        return;
    g_free(v->prev);
    v->prev = g_strdup(row->hash);
    v->seq = row->seq;
}

/* A cut tail leaves a good chain: only a witness shows it. */
static void
verify_end(Verification *v)
{
    for (guint i = 0; v->first_bad == 0 && v->heads != NULL && i < v->heads->len; i++) {
        const ContentAuditHead *head = g_ptr_array_index(v->heads, i);

        if (g_str_equal(head->chain, v->chain) && head->seq > v->seq)
            complain(v, v->seq + 1, "a station witnessed rows after the last one");
        else if (!g_str_equal(head->chain, v->chain) && head->seq > 0)
            complain(v, 1, "a station witnessed another chain");
    }
}

static gboolean
verify_rows(SchedTxn *txn, Verification *v, GError **error)
{
    while (v->first_bad == 0) {
        g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_from, &audit_shape, error, "tii",
                                                   v->chain, v->seq, (gint64) VERIFY_STEP);

        if (rows == NULL)
            return FALSE;
        for (guint i = 0; i < rows->len && v->first_bad == 0; i++)
            verify_row(v, g_ptr_array_index(rows, i));
        if (rows->len < VERIFY_STEP)
            break;
    }
    return TRUE;
}

gboolean
sched_store_audit_verify(SchedTxn *txn, GPtrArray *heads, gint64 *out_rows,
                         gint64 *out_first_bad, char **out_why, GError **error)
{
    g_autoptr(ContentAuditHead) head = sched_store_audit_head(txn, error);
    Verification v = {.heads = heads};
    gint64 n_others = 0;
    gboolean ok;

    if (head == NULL ||
        !sched_sql_int(txn, sql_other_chains, &n_others, error, "t", head->chain))
        return FALSE;
    v.chain = head->chain;
    v.prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    ok = verify_rows(txn, &v, error);
    verify_end(&v);
    if (v.first_bad == 0 && n_others > 0)
        complain(&v, v.seq + 1, "there are rows of another chain");
    g_free(v.prev);
    if (!ok) {
        g_free(v.why);
        return FALSE;
    }
    *out_rows = v.seq;
    *out_first_bad = v.first_bad;
    *out_why = v.why;
    return TRUE;
}
