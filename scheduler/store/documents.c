/* documents.c - every document the district made, by hash; see issues.h */
#include "scheduler/store/issues.h"

#include "content/base/id.h"
#include "content/exchange.h"
#include "scheduler/store/sql.h"

/* clang-format off */
#define COLUMNS "hash, type, body, created_us"
static const char sql_put[] =
    "INSERT INTO documents (" COLUMNS ") VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING";
static const char sql_get[] = "SELECT " COLUMNS " FROM documents WHERE hash = $1";
static const char sql_put_signature[] =
    "INSERT INTO document_signatures (hash, key, algorithm, signature, extra) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash, key, algorithm) DO NOTHING";
static const char sql_signatures[] =
    "SELECT algorithm, key, signature, extra FROM document_signatures WHERE hash = $1 "
    "ORDER BY algorithm, key";
static const char sql_is_named[] =
    "SELECT 1 FROM manifests WHERE station = $1 AND hash = $2 "
    "UNION ALL SELECT 1 FROM manifests WHERE station = $1 AND settings = $2 "
    "UNION ALL SELECT 1 FROM manifests WHERE station = $1 AND keys = $2 "
    "UNION ALL SELECT 1 FROM manifest_days WHERE station = $1 AND hash = $2 "
    "UNION ALL SELECT 1 FROM station_names WHERE station = $1 AND hash = $2 LIMIT 1";

#define AT(member) G_STRUCT_OFFSET(SchedDocumentRow, member)
static const SchedSqlColumn document_columns[] = {
    { "hash",       SCHED_SQL_TEXT,  AT(hash)       },
    { "type",       SCHED_SQL_TEXT,  AT(type)       },
    { "body",       SCHED_SQL_BYTES, AT(body)       },
    { "created_us", SCHED_SQL_INT,   AT(created_us) },
    { "signatures", SCHED_SQL_LIST,  AT(signatures) },
    { NULL },
};
static const SchedSqlColumn signature_columns[] = {
    { "algorithm", SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentSignature, algorithm) },
    { "key",       SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentSignature, key)       },
    { "signature", SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentSignature, signature) },
    { "extra",     SCHED_SQL_TEXT, G_STRUCT_OFFSET(ContentSignature, extra)     },
    { NULL },
};
/* clang-format on */
static void signature_free(gpointer signature);
static const SchedSqlShape document_shape = {sizeof(SchedDocumentRow), document_columns,
                                             (GDestroyNotify) sched_document_row_free};
static const SchedSqlShape signature_shape = {sizeof(ContentSignature), signature_columns,
                                              signature_free};
SCHED_SQL_DEFINE_FREE(SchedDocumentRow, sched_document_row, document_shape)

static void
signature_free(gpointer signature)
{
    sched_sql_row_free(&signature_shape, signature);
}

static gboolean
check_document(const SchedDocumentRow *row, GError **error)
{
    g_autofree char *hash = NULL;

    if (row->body == NULL) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "a document without bytes");
        return FALSE;
    }
    hash = content_sha256_hex(g_bytes_get_data(row->body, NULL), g_bytes_get_size(row->body));
    if (g_strcmp0(hash, row->hash) == 0)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                "a document under the name %.64s has the hash %s", row->hash, hash);
    return FALSE;
}

gboolean
sched_store_document_put(SchedTxn *txn, const SchedDocumentRow *document, GError **error)
{
    SchedDocumentRow row = *document;

    row.created_us = sched_txn_at_us(txn);
    if (!check_document(&row, error) ||
        !sched_sql_run_row(txn, sql_put, &document_shape, &row, error))
        return FALSE;
    for (guint i = 0; row.signatures != NULL && i < row.signatures->len; i++) {
        const ContentSignature *s = g_ptr_array_index(row.signatures, i);

        if (!sched_sql_run(txn, sql_put_signature, error, "ttttt", row.hash, s->key,
                           s->algorithm, s->signature, s->extra))
            return FALSE;
    }
    return TRUE;
}

SchedDocumentRow *
sched_store_document_get(SchedTxn *txn, const char *hash, GError **error)
{
    g_autoptr(SchedDocumentRow) row =
        sched_sql_one(txn, sql_get, &document_shape, "document", error, "t", hash);

    if (row == NULL)
        return NULL;
    row->signatures = sched_sql_list(txn, sql_signatures, &signature_shape, error, "t", hash);
    return row->signatures == NULL ? NULL : g_steal_pointer(&row);
}

SchedDocumentRow *
sched_store_document_for_station(SchedTxn *txn, const char *station, const char *hash,
                                 GError **error)
{
    if (!sched_sql_is(txn, sql_is_named, "tt", station, hash)) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such document");
        return NULL;
    }
    return sched_store_document_get(txn, hash, error);
}
