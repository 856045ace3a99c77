/*
 * document-syntax.h - bytes to JSON values and back, in the one form that is allowed.
 *
 * Flow: document.c alone. Pure.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/**
 * content_syntax_parse:
 * @name: of the document, for messages
 * @max_bytes: refused above this size, before anything looks at the bytes
 *
 * Limits, UTF-8, JSON without duplicate keys, canonical form.
 *
 * Returns: (transfer full): an object; NULL with CONTENT_DOCUMENT_ERROR_SYNTAX
 */
json_t *content_syntax_parse(const char *name, gconstpointer bytes, gsize n_bytes,
                             gsize max_bytes, GError **error);

/**
 * content_syntax_dump:
 *
 * Returns: (transfer full): @object in canonical form; NULL when a limit is passed
 */
GBytes *content_syntax_dump(const char *name, const json_t *object, gsize max_bytes,
                            GError **error);
