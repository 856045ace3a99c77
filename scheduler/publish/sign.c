/* sign.c - see sign.h */
#include "scheduler/publish/sign.h"

#include "content/base/id.h"
#include "content/claim.h"
#include "content/exchange.h"

/* @lines and @key_id are (transfer full). */
static SchedDocumentRow *
row_new(const ContentDocumentType *type, GBytes *body, char *lines, char *key_id)
{
    SchedDocumentRow *row = sched_document_row_new(type->type, body);
    ContentSignature *signature = content_shape_new(&content_signature_shape);

    signature->algorithm = g_strdup("minisign");
    signature->key = key_id;
    signature->signature = lines;
    g_ptr_array_add(row->signatures, signature);
    return row;
}

SchedDocumentRow *
sched_sign(const ContentSealKey *key, const ContentDocumentType *type, const char *audience,
           gint64 version, gconstpointer document, GError **error)
{
    g_autoptr(GBytes) body = content_document_write(type, document, error);
    g_autofree char *comment = content_claim_comment(type->type, audience, version);

    if (body == NULL)
        return NULL;
    return row_new(type, body,
                   content_seal_sign(key, g_bytes_get_data(body, NULL), g_bytes_get_size(body),
                                     comment),
                   g_strdup(content_seal_key_id(key)));
}

SchedDocumentRow *
sched_sign_split(const ContentDocumentType *type, GBytes *envelope, GError **error)
{
    char *lines = NULL, *key_id = NULL;
    g_autofree char *comment = NULL;
    g_autoptr(GBytes) body =
        content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                            type->max_bytes, &lines, &comment, &key_id, error);

    return body == NULL ? NULL : row_new(type, body, lines, key_id);
}

GBytes *
sched_sign_envelope(const SchedDocumentRow *row)
{
    const ContentSignature *signature;
    g_autoptr(GBytes) body = sched_document_row_body(row, NULL);

    if (row->signatures->len == 0 || body == NULL)
        return NULL;
    signature = g_ptr_array_index(row->signatures, 0);
    return content_seal_wrap(signature->signature, body);
}
