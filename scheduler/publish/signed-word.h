/*
 * signed-word.h - one signed envelope of a station: is it that station's, and what does it say?
 *
 * Flow: hearing.h in the store's writer thread. Reads the station's public key in the given
 * transaction; writes nothing.
 */
#pragma once

#include "content/document.h"
#include "scheduler/store/db.h"

#define SCHED_WORD_ERROR (sched_word_error_quark())
GQuark sched_word_error_quark(void);

typedef enum {
    SCHED_WORD_ERROR_STRANGER, /* no living device of that name */
    SCHED_WORD_ERROR_FORGED,   /* not signed by its key, or claims to be something else */
    SCHED_WORD_ERROR_CONTENT,  /* signed by it, but not a document we can read */
} SchedWordError;

/**
 * sched_word_open:
 * @type: what belongs on this topic
 * @station: whose topic it came on
 * @payload: the envelope
 *
 * Returns: (transfer full): a struct of @type, for content_document_free()
 */
gpointer sched_word_open(SchedTxn *txn, const ContentDocumentType *type, const char *station,
                         GBytes *payload, GError **error);
