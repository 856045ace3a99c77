/* approvals.c - the statement of a second person, bound to what it names; see announcements.h
 */
#include "scheduler/store/announcements.h"

#include "content/base/id.h"
#include "content/exchange.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/reach.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/version-expect.h"

#include <string.h>

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO approvals (hash, announcement, version, object, script_hash, language, class, "
    "approver, approved_us, voided_us, no_state_secret, script, heard_us) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, coalesce("
    "(SELECT heard_us FROM listenings WHERE account = $8 AND object = $4), 0))";
#define COLUMNS \
    "hash, announcement, version, object, approver, approved_us, voided_us, no_state_secret, " \
    "heard_us, script, script_hash"
static const char sql_get[] = "SELECT " COLUMNS " FROM approvals WHERE hash = $1";
static const char sql_last[] =
    "SELECT " COLUMNS " FROM approvals WHERE version = $1 ORDER BY approved_us DESC, hash LIMIT 1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM approvals WHERE voided_us = 0 AND EXISTS ("
    "SELECT 1 FROM announcements AS a WHERE a.id = approvals.announcement AND a.withdrawn = 0) "
    "ORDER BY hash";
static const char sql_list_of[] =
    "SELECT " COLUMNS " FROM approvals WHERE announcement = $1 AND voided_us = 0 AND EXISTS ("
    "SELECT 1 FROM announcements AS a WHERE a.id = $1 AND a.withdrawn = 0) ORDER BY hash";
/* A hash is hexadecimal digits: nothing in it means anything to LIKE. */
static const char sql_unsigned[] =
    "SELECT " COLUMNS " FROM approvals WHERE voided_us = 0 AND hash > $1 AND EXISTS ("
    "SELECT 1 FROM announcements AS a WHERE a.id = approvals.announcement AND a.withdrawn = 0) "
    "AND NOT EXISTS (SELECT 1 FROM document_signatures AS s WHERE s.hash = approvals.hash "
    "AND s.key = $2) ORDER BY hash LIMIT $3";
static const char sql_is_audited[] =
    "SELECT 1 FROM audit WHERE object = $1 AND action = 'version.approve' AND actor = $2 "
    "AND at_us = $3 AND detail LIKE '%' || $4 || '%'";

static const ContentApproved approved_kinds[] = {
    [SCHED_ANNOUNCEMENT_BULLETIN] = CONTENT_APPROVED_VERSION,
    [SCHED_ANNOUNCEMENT_SIGNAL]   = CONTENT_APPROVED_SIGNAL,
    [SCHED_ANNOUNCEMENT_MUSIC]    = CONTENT_APPROVED_SIGNAL,
    [SCHED_ANNOUNCEMENT_PHRASE]   = CONTENT_APPROVED_TEMPLATE,
    [SCHED_ANNOUNCEMENT_STREAM]   = CONTENT_APPROVED_SOURCE,
    [SCHED_ANNOUNCEMENT_LINE_IN]  = CONTENT_APPROVED_SOURCE,
};

#define AT(member) G_STRUCT_OFFSET(SchedApprovalRow, member)
static const SchedSqlColumn columns[] = {
    { "hash",         SCHED_SQL_TEXT, AT(hash)         },
    { "announcement", SCHED_SQL_TEXT, AT(announcement) },
    { "version",      SCHED_SQL_TEXT, AT(version)      },
    { "object",       SCHED_SQL_TEXT, AT(object)       },
    { "approver",     SCHED_SQL_TEXT, AT(approver)     },
    { "approved_us",  SCHED_SQL_INT,  AT(approved_us)  },
    { "voided_us",    SCHED_SQL_INT,  AT(voided_us)    },
    { "no_state_secret", SCHED_SQL_BOOL, AT(no_state_secret) },
    { "heard_us",     SCHED_SQL_INT,  AT(heard_us)     },
    { "script",       SCHED_SQL_TEXT, AT(script), NULL, TRUE },
    { "script_hash", SCHED_SQL_TEXT, AT(script_hash) },
    { "signatures",   SCHED_SQL_LIST, AT(signatures)   },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedApprovalRow), columns,
                                    (GDestroyNotify) sched_approval_row_free};

void
sched_approval_row_free(SchedApprovalRow *row)
{
    if (row != NULL)
        g_clear_pointer(&row->document, g_bytes_unref);
    sched_sql_row_free(&shape, row);
}

static char *
source_in_words(const SchedAnnouncementRow *a)
{
    return g_strdup_printf("%s%s%s · %s", a->source_number,
                           *a->source_number == '\0' ? "" : " · ", a->source_issuer,
                           a->source_date);
}

/* The document's own table refuses some statements too; its words are kept, under our codes. */
static GBytes *
write_document(const ContentApproval *approval, GError **error)
{
    g_autoptr(GError) problem = NULL;
    gboolean lacks_a_person = g_strcmp0(approval->author, approval->approver) == 0 ||
                              ((approval->kind == CONTENT_APPROVED_VERSION ||
                                approval->kind == CONTENT_APPROVED_TEMPLATE) &&
                               approval->checker == NULL);
    GBytes *document = content_document_write(&content_approval_type, approval, &problem);

    if (document == NULL)
        g_set_error_literal(error, SCHED_STORE_ERROR,
                            lacks_a_person ? SCHED_STORE_ERROR_RULE : SCHED_STORE_ERROR_INVALID,
                            problem->message);
    return document;
}

/* What @approver says of the rows as they stand now; the strings stay theirs. */
static GBytes *
write_statement(SchedTxn *txn, const SchedVersionRow *version, const char *approver,
                gint64 approved_us, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a =
        sched_store_announcement_get(txn, version->announcement, error);
    g_autofree char *source = a == NULL ? NULL : source_in_words(a);
    ContentApproval approval = {0};

    if (a == NULL)
        return NULL;
    approval.kind = approved_kinds[a->kind];
    approval.announcement = a->id;
    approval.version = version->id;
    approval.address = version->address;
    approval.object = version->object;
    approval.script = version->script_hash;
    approval.language = version->language;
    approval.class_ =
        a->kind == SCHED_ANNOUNCEMENT_PHRASE ? (gint) CONTENT_CLASS_KHAN_CAP : a->class_;
    approval.areas = a->areas;
    approval.valid_from_us = a->valid_from_us;
    approval.valid_until_us = a->valid_until_us;
    approval.title = a->title;
    approval.source_document = source;
    approval.author = version->author;
    approval.checker = version->checker;
    approval.approver = (char *) approver;
    approval.approved_us = approved_us;
    return write_document(&approval, error);
}

GBytes *
sched_store_approval_build(SchedTxn *txn, const char *version, const char *object,
                           const char *script_hash, GError **error)
{
    g_autoptr(SchedVersionRow) row =
        sched_version_expect(txn, version, object, script_hash, error);

    return row == NULL
               ? NULL
               : write_statement(txn, row, sched_txn_actor(txn), sched_txn_at_us(txn), error);
}

static gboolean
check_statement(SchedTxn *txn, const SchedVersionRow *version, GBytes *document,
                const char *approver, gint64 approved_us, GError **error)
{
    g_autoptr(GBytes) present = write_statement(txn, version, approver, approved_us, error);

    if (present == NULL)
        return FALSE;
    if (g_bytes_equal(present, document))
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                        "the statement is not what stands there now");
    return FALSE;
}

static gboolean
put_document(SchedTxn *txn, char *hash, GBytes *document, GPtrArray *signatures, GError **error)
{
    const SchedDocumentRow row = {
        .hash = hash, .type = (char *) "approval", .body = document, .signatures = signatures};

    if (signatures == NULL || signatures->len == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "signatures: at least one");
        return FALSE;
    }
    return sched_store_document_put(txn, &row, error);
}

/* The class comes from the announcement as a word, so the insert reads it there. */
static gboolean
insert(SchedTxn *txn, const char *hash, const SchedVersionRow *version, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a =
        sched_store_announcement_get(txn, version->announcement, error);

    return a != NULL && sched_sql_run(txn, sql_add, error, "ttttttttiit", hash, a->id,
                                      version->id, version->object, version->script_hash,
                                      version->language, content_class_words[a->class_],
                                      sched_txn_actor(txn), sched_txn_at_us(txn),
                                      (gint64) sched_txn_is_declared(txn), version->script);
}

gboolean
sched_store_approval_add(SchedTxn *txn, const char *version, GBytes *document,
                         GPtrArray *signatures, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, version, error);
    g_autofree char *hash =
        content_sha256_hex(g_bytes_get_data(document, NULL), g_bytes_get_size(document));

    if (row == NULL ||
        !check_statement(txn, row, document, sched_txn_actor(txn), sched_txn_at_us(txn),
                         error) ||
        !put_document(txn, hash, document, signatures, error) ||
        !insert(txn, hash, row, error)) {
        g_prefix_error(error, "approving %s: ", version);
        return FALSE;
    }
    return sched_sql_audit_words(txn, "version.approve", version, error, "approval", hash,
                                 "object", row->object, SCHED_SQL_DECLARED(txn), NULL) &&
           sched_reach_announcement(txn, row->announcement, "approval", error);
}

static gboolean
load_document(SchedTxn *txn, SchedApprovalRow *row, GError **error)
{
    g_autoptr(SchedDocumentRow) document = sched_store_document_get(txn, row->hash, error);

    if (document == NULL)
        return FALSE;
    row->document = g_steal_pointer(&document->body);
    row->signatures = g_steal_pointer(&document->signatures);
    return TRUE;
}

SchedApprovalRow *
sched_store_approval_get(SchedTxn *txn, const char *hash, GError **error)
{
    g_autoptr(SchedApprovalRow) row =
        sched_sql_one(txn, sql_get, &shape, "approval", error, "t", hash);

    if (row == NULL || !load_document(txn, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

SchedApprovalRow *
sched_store_approval_last(SchedTxn *txn, const char *version, GError **error)
{
    return sched_sql_one(txn, sql_last, &shape, "approval", error, "t", version);
}

/* @rows: (transfer full) (nullable) */
static GPtrArray *
with_documents(SchedTxn *txn, GPtrArray *rows, GError **error)
{
    g_autoptr(GPtrArray) whole = rows;

    for (guint i = 0; whole != NULL && i < whole->len; i++) {
        if (!load_document(txn, g_ptr_array_index(whole, i), error))
            return NULL;
    }
    return g_steal_pointer(&whole);
}

GPtrArray *
sched_store_approval_list(SchedTxn *txn, GError **error)
{
    return with_documents(txn, sched_sql_list(txn, sql_list, &shape, error, ""), error);
}

GPtrArray *
sched_store_approval_list_of(SchedTxn *txn, const char *announcement, GError **error)
{
    return with_documents(
        txn, sched_sql_list(txn, sql_list_of, &shape, error, "t", announcement), error);
}

/* --- signed anew ---------------------------------------------------------------------------
 */

/* Is it in force, does it say what the rows say, and did somebody approve it in the open? */
static gboolean
check_released(SchedTxn *txn, const SchedApprovalRow *row, GError **error)
{
    g_autoptr(SchedVersionRow) version = sched_store_version_get(txn, row->version, error);
    const char *why = NULL;

    if (version == NULL ||
        !check_statement(txn, version, row->document, row->approver, row->approved_us, error))
        return FALSE;
    if (version->state != SCHED_VERSION_APPROVED ||
        g_strcmp0(version->approval, row->hash) != 0)
        why = "the version is not released by it";
    else if (!sched_sql_is(txn, sql_is_audited, "ttit", row->version, row->approver,
                           row->approved_us, row->hash))
        why = "the audit does not know it";
    if (why != NULL)
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE, why);
    return why == NULL;
}

static gboolean
sign_anew(SchedTxn *txn, const SchedApprovalRow *row, const SchedResign *wish, GError **error)
{
    g_autoptr(GPtrArray) signatures =
        g_ptr_array_new_with_free_func(content_signature_shape.free);

    g_ptr_array_add(signatures, wish->sign(row->document, wish->data));
    return put_document(txn, row->hash, row->document, signatures, error) &&
           sched_sql_audit_words(txn, "version.resign", row->version, error, "approval",
                                 row->hash, "key", wish->key, NULL);
}

gboolean
sched_store_approvals_check_audit(SchedTxn *txn, GError **error)
{
    gint64 n_rows = 0, first_bad = 0;
    g_autofree char *why = NULL;

    if (!sched_store_audit_verify(txn, NULL, &n_rows, &first_bad, &why, error))
        return FALSE;
    if (first_bad == 0)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE,
                "row %" G_GINT64_FORMAT " of the audit: %s: nothing is signed anew", first_bad,
                why);
    return FALSE;
}

static gboolean
resign_one(SchedTxn *txn, SchedApprovalRow *row, const SchedResign *wish, gint64 *n_signed,
           GPtrArray *refused, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (!load_document(txn, row, error))
        return FALSE;
    if (!check_released(txn, row, &why)) {
        g_ptr_array_add(refused, g_strdup_printf("approval %.16s of %s is not signed anew: %s",
                                                 row->hash, row->version, why->message));
        return TRUE;
    }
    if (!sign_anew(txn, row, wish, error))
        return FALSE;
    (*n_signed)++;
    return TRUE;
}

gboolean
sched_store_approvals_resign(SchedTxn *txn, const SchedResign *wish, const char *after,
                             char **out_after, gint64 *n_signed, GPtrArray *refused,
                             GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_unsigned, &shape, error, "tti", after,
                                               wish->key, (gint64) SCHED_RESIGN_STEP);

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        if (!resign_one(txn, rows->pdata[i], wish, n_signed, refused, error))
            return FALSE;
    }
    *out_after = rows->len < SCHED_RESIGN_STEP
                     ? NULL
                     : g_strdup(((SchedApprovalRow *) rows->pdata[rows->len - 1])->hash);
    return TRUE;
}
