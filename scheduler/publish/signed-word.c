/* signed-word.c - see signed-word.h */
#include "scheduler/publish/signed-word.h"

#include <string.h>

#include "content/claim.h"
#include "content/seal.h"
#include "scheduler/store/devices.h"

G_DEFINE_QUARK(SchedWordError, sched_word_error)

static gboolean
check_claim(const ContentDocumentType *type, const char *station, const char *comment,
            GError **error)
{
    g_autofree char *audience = NULL;
    gint64 version;
    const ContentClaim *claim = content_claim_read(comment, &audience, &version);

    if (claim != NULL && claim->signer == CONTENT_CLAIM_STATION &&
        strcmp(claim->type, type->type) == 0 && strcmp(audience, station) == 0)
        return TRUE;
    g_set_error(error, SCHED_WORD_ERROR, SCHED_WORD_ERROR_FORGED,
                "signed as '%s', which is not the %s of %s", comment, type->type, station);
    return FALSE;
}

static GBytes *
verify(const SchedDeviceRow *device, const ContentDocumentType *type, GBytes *payload,
       GError **error)
{
    g_autofree char *signature = NULL;
    g_autofree char *comment = NULL;
    g_autofree char *key_id = NULL;
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) document = NULL;
    gsize n_bytes;
    gconstpointer bytes = g_bytes_get_data(payload, &n_bytes);

    document = content_seal_unwrap(bytes, n_bytes, type->max_bytes, &signature, &comment,
                                   &key_id, &cause);
    if (document == NULL ||
        !content_seal_verify(device->public_key, signature, g_bytes_get_data(document, NULL),
                             g_bytes_get_size(document), NULL, &cause)) {
        g_set_error_literal(error, SCHED_WORD_ERROR, SCHED_WORD_ERROR_FORGED, cause->message);
        return NULL;
    }
    if (!check_claim(type, device->station, comment, error))
        return NULL;
    return g_steal_pointer(&document);
}

gpointer
sched_word_open(SchedTxn *txn, const ContentDocumentType *type, const char *station,
                GBytes *payload, GError **error)
{
    g_autoptr(SchedDeviceRow) device = NULL;
    g_autoptr(GBytes) document = NULL;
    g_autoptr(GError) cause = NULL;
    gpointer word;

    device = sched_store_device_live(txn, station, &cause);
    if (device == NULL) {
        g_set_error(error, SCHED_WORD_ERROR, SCHED_WORD_ERROR_STRANGER, "no living device: %s",
                    cause->message);
        return NULL;
    }
    document = verify(device, type, payload, error);
    if (document == NULL)
        return NULL;
    word = content_document_read(type, g_bytes_get_data(document, NULL),
                                 g_bytes_get_size(document), &cause);
    if (word == NULL)
        g_set_error_literal(error, SCHED_WORD_ERROR, SCHED_WORD_ERROR_CONTENT, cause->message);
    return word;
}
