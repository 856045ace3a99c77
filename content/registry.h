/*
 * registry.h - all document types by name.
 *
 * Flow: who holds a verified document of any type asks here what it is. Pure.
 */
#pragma once

#include "content/document.h"

/** content_registry_types: Returns: (transfer none): all types, sorted by name */
const ContentDocumentType *const *content_registry_types(gsize *out_n_types);

/**
 * content_registry_find:
 * @name: the value of `type`
 *
 * Returns: (transfer none): the type; NULL with CONTENT_DOCUMENT_ERROR_TYPE
 */
const ContentDocumentType *content_registry_find(const char *name, GError **error);
