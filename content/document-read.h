/*
 * document-read.h - canonical bytes straight into a struct, without JSON values in between.
 *
 * Flow: document.c alone. Pure. 10,000 stations are 700 heartbeats a second, and parsing each
 * into JSON values and those into bytes again was two thirds of what a heartbeat cost.
 */
#pragma once

#include "content/document.h"

/**
 * content_read_bytes:
 * @bytes: (array length=n_bytes): from anywhere
 *
 * Takes nothing but the canonical bytes of a good document of @type: content_write_bytes() of
 * what is returned gives @bytes again.
 *
 * Returns: (transfer full) (nullable): to be freed with content_document_free(); NULL, without
 * a word why, if anything is not as the table says; document.c then goes the long way, which
 * finds the words
 */
gpointer content_read_bytes(const ContentDocumentType *type, gconstpointer bytes,
                            gsize n_bytes);
