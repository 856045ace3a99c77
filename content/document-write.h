/*
 * document-write.h - a struct straight to canonical bytes, without JSON values in between.
 *
 * Flow: document.c alone. Pure. A district of 200 stations is a hundred megabytes of day plans
 * after one click, so writing must not cost an allocation a value.
 */
#pragma once

#include "content/document.h"

/**
 * content_write_bytes:
 * @document: a struct of @type
 *
 * Every value is checked as strictly as reading does.
 *
 * Returns: (transfer full) (nullable): NULL, without a word why, if anything is not as the
 * table says; document.c then goes the long way, which finds the words
 */
GBytes *content_write_bytes(const ContentDocumentType *type, gconstpointer document);
