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

/* clang-format off */
static const char sql_add[] =
    "INSERT INTO approvals (hash, announcement, version, object, script_hash, language, class, "
    "approver, approved_us, voided_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";
#define COLUMNS "hash, announcement, version, object, approver, approved_us, voided_us"
static const char sql_get[] = "SELECT " COLUMNS " FROM approvals WHERE hash = $1";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM approvals WHERE voided_us = 0 AND EXISTS ("
    "SELECT 1 FROM announcements AS a WHERE a.id = approvals.announcement AND a.withdrawn = 0) "
    "ORDER BY hash";

#define AT(member) G_STRUCT_OFFSET(SchedApprovalRow, member)
static const SchedSqlColumn columns[] = {
    { "hash",         SCHED_SQL_TEXT, AT(hash)         },
    { "announcement", SCHED_SQL_TEXT, AT(announcement) },
    { "version",      SCHED_SQL_TEXT, AT(version)      },
    { "object",       SCHED_SQL_TEXT, AT(object)       },
    { "approver",     SCHED_SQL_TEXT, AT(approver)     },
    { "approved_us",  SCHED_SQL_INT,  AT(approved_us)  },
    { "voided_us",    SCHED_SQL_INT,  AT(voided_us)    },
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
    gboolean is_own = g_strcmp0(approval->author, approval->approver) == 0;
    GBytes *document = content_document_write(&content_approval_type, approval, &problem);

    if (document == NULL)
        g_set_error_literal(error, SCHED_STORE_ERROR,
                            is_own ? SCHED_STORE_ERROR_RULE : SCHED_STORE_ERROR_INVALID,
                            problem->message);
    return document;
}

/* The statement as the rows stand now; the strings stay theirs. */
static GBytes *
write_statement(SchedTxn *txn, const SchedVersionRow *version, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a =
        sched_store_announcement_get(txn, version->announcement, error);
    g_autofree char *source = a == NULL ? NULL : source_in_words(a);
    ContentApproval approval = {0};

    if (a == NULL)
        return NULL;
    approval.kind = a->kind == SCHED_ANNOUNCEMENT_SIGNAL ? CONTENT_APPROVED_SIGNAL
                                                         : CONTENT_APPROVED_VERSION;
    approval.announcement = a->id;
    approval.version = version->id;
    approval.object = version->object;
    approval.script = version->script_hash;
    approval.language = version->language;
    approval.class_ = a->class_;
    approval.areas = a->areas;
    approval.valid_from_us = a->valid_from_us;
    approval.valid_until_us = a->valid_until_us;
    approval.title = a->title;
    approval.source_document = source;
    approval.author = version->author;
    approval.checker = version->checker;
    approval.approver = (char *) sched_txn_actor(txn);
    approval.approved_us = sched_txn_at_us(txn);
    return write_document(&approval, error);
}

GBytes *
sched_store_approval_build(SchedTxn *txn, const char *version, const char *object,
                           const char *script_hash, GError **error)
{
    g_autoptr(SchedVersionRow) row =
        sched_version_expect(txn, version, object, script_hash, error);

    return row == NULL ? NULL : write_statement(txn, row, error);
}

static gboolean
check_statement(SchedTxn *txn, const SchedVersionRow *version, GBytes *document, GError **error)
{
    g_autoptr(GBytes) present = write_statement(txn, version, error);

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

    return a != NULL && sched_sql_run(txn, sql_add, error, "tttttttti", hash, a->id,
                                      version->id, version->object, version->script_hash,
                                      version->language, content_class_words[a->class_],
                                      sched_txn_actor(txn), sched_txn_at_us(txn));
}

gboolean
sched_store_approval_add(SchedTxn *txn, const char *version, GBytes *document,
                         GPtrArray *signatures, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, version, error);
    g_autofree char *hash =
        content_sha256_hex(g_bytes_get_data(document, NULL), g_bytes_get_size(document));

    if (row == NULL || !check_statement(txn, row, document, error) ||
        !put_document(txn, hash, document, signatures, error) ||
        !insert(txn, hash, row, error)) {
        g_prefix_error(error, "approving %s: ", version);
        return FALSE;
    }
    return sched_sql_audit_words(txn, "version.approve", version, error, "approval", hash,
                                 "object", row->object, NULL) &&
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

GPtrArray *
sched_store_approval_list(SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_sql_list(txn, sql_list, &shape, error, "");

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!load_document(txn, g_ptr_array_index(rows, i), error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}
