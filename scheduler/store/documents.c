/* documents.c - every document the district made, by hash; see issues.h */
#include "scheduler/store/issues.h"

#include "content/base/id.h"
#include "content/document.h"
#include "content/exchange.h"
#include "scheduler/store/sql.h"

#include <lz4.h>

/* clang-format off */
#define COLUMNS "hash, type, body, created_us, unpacked_bytes"
static const char sql_put[] =
    "INSERT INTO documents (" COLUMNS ") VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (hash) DO UPDATE SET body = excluded.body, "
    "unpacked_bytes = excluded.unpacked_bytes WHERE documents.body <> excluded.body "
    "OR documents.unpacked_bytes <> excluded.unpacked_bytes";
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
    "UNION ALL SELECT 1 FROM manifests WHERE station = $1 AND templates = $2 "
    "UNION ALL SELECT 1 FROM approvals AS a JOIN announcements AS p ON p.id = a.announcement "
    "WHERE a.hash = $2 AND p.phrase = 1 "
    "UNION ALL SELECT 1 FROM manifest_days WHERE station = $1 AND hash = $2 "
    "UNION ALL SELECT 1 FROM station_names WHERE station = $1 AND hash = $2 LIMIT 1";

#define AT(member) G_STRUCT_OFFSET(SchedDocumentRow, member)
static const SchedSqlColumn document_columns[] = {
    { "hash",           SCHED_SQL_TEXT,  AT(hash)           },
    { "type",           SCHED_SQL_TEXT,  AT(type)           },
    { "body",           SCHED_SQL_BYTES, AT(body)           },
    { "created_us",     SCHED_SQL_INT,   AT(created_us)     },
    { "unpacked_bytes", SCHED_SQL_INT,   AT(unpacked_bytes) },
    { "signatures",     SCHED_SQL_LIST,  AT(signatures)     },
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

void
sched_document_row_free(SchedDocumentRow *row)
{
    if (row != NULL)
        g_clear_pointer(&row->packed, g_bytes_unref);
    sched_sql_row_free(&document_shape, row);
}

static void
signature_free(gpointer signature)
{
    sched_sql_row_free(&signature_shape, signature);
}

/* Packing
 * --------------------------------------------------------------------------------------
 */

/* Returns: (transfer full) (nullable): an LZ4 block; NULL when that would not be shorter */
static GBytes *
pack(GBytes *body)
{
    gsize n_bytes;
    const char *bytes = g_bytes_get_data(body, &n_bytes);
    g_autofree char *block = g_malloc(n_bytes + 1);
    int n_packed = 0;

    if (n_bytes > 0 && n_bytes <= CONTENT_DOCUMENT_MAX_BYTES)
        n_packed = LZ4_compress_default(bytes, block, (int) n_bytes, (int) n_bytes - 1);
    return n_packed == 0 ? NULL : g_bytes_new(block, (gsize) n_packed);
}

GBytes *
sched_document_row_body(const SchedDocumentRow *row, GError **error)
{
    GBytes *packed = row->packed;
    g_autofree char *bytes = NULL;
    gint64 n_bytes = row->unpacked_bytes;
    gsize n_packed;
    const char *block;

    if (packed == NULL)
        return g_bytes_ref(row->body);
    block = g_bytes_get_data(packed, &n_packed);
    if (n_bytes > 0 && n_bytes <= CONTENT_DOCUMENT_MAX_BYTES && n_packed < (gsize) n_bytes) {
        bytes = g_malloc((gsize) n_bytes);
        if (LZ4_decompress_safe(block, bytes, (int) n_packed, (int) n_bytes) == n_bytes)
            return g_bytes_new_take(g_steal_pointer(&bytes), (gsize) n_bytes);
    }
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT,
                "document %.64s cannot be unpacked", row->hash);
    return NULL;
}

SchedDocumentRow *
sched_document_row_new(const char *type, GBytes *body)
{
    SchedDocumentRow *row = g_new0(SchedDocumentRow, 1);

    row->hash = content_sha256_hex(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
    row->type = g_strdup(type);
    row->packed = pack(body);
    if (row->packed == NULL)
        row->body = g_bytes_ref(body);
    else
        row->unpacked_bytes = (gint64) g_bytes_get_size(body);
    row->signatures = g_ptr_array_new_with_free_func(signature_free);
    return row;
}

/* Keeping and finding
 * --------------------------------------------------------------------------
 */

static gboolean
check_document(const SchedDocumentRow *row, GError **error)
{
    g_autofree char *hash = NULL;

    /* Only sched_document_row_new() packs, and it has hashed what it packed. */
    if (row->packed != NULL)
        return TRUE;
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
    if (!check_document(&row, error))
        return FALSE;
    if (row.packed == NULL)
        row.unpacked_bytes = 0;
    else
        row.body = row.packed; /* the column's name is that of what lies in it */
    if (!sched_sql_run_row(txn, sql_put, &document_shape, &row, error))
        return FALSE;
    for (guint i = 0; row.signatures != NULL && i < row.signatures->len; i++) {
        const ContentSignature *s = g_ptr_array_index(row.signatures, i);

        if (!sched_sql_run(txn, sql_put_signature, error, "ttttt", row.hash, s->key,
                           s->algorithm, s->signature, s->extra))
            return FALSE;
    }
    return TRUE;
}

/* What came out of the column is the packed form where a length says so. */
static gboolean
unpack(SchedDocumentRow *row, GError **error)
{
    if (row->unpacked_bytes == 0)
        return TRUE;
    row->packed = g_steal_pointer(&row->body);
    row->body = sched_document_row_body(row, error);
    g_clear_pointer(&row->packed, g_bytes_unref);
    row->unpacked_bytes = 0;
    return row->body != NULL;
}

SchedDocumentRow *
sched_store_document_get(SchedTxn *txn, const char *hash, GError **error)
{
    g_autoptr(SchedDocumentRow) row =
        sched_sql_one(txn, sql_get, &document_shape, "document", error, "t", hash);

    if (row == NULL || !unpack(row, error))
        return NULL;
    row->signatures = sched_sql_list(txn, sql_signatures, &signature_shape, error, "t", hash);
    return row->signatures == NULL ? NULL : g_steal_pointer(&row);
}

SchedDocumentRow *
sched_store_document_for_station(SchedTxn *txn, const char *station, const char *hash,
                                 GError **error)
{
    gint64 is_named = 0;

    if (!sched_sql_int(txn, sql_is_named, &is_named, error, "tt", station, hash))
        return NULL;
    if (is_named == 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "no such document");
        return NULL;
    }
    return sched_store_document_get(txn, hash, error);
}
