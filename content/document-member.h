/*
 * document-member.h - one value of a document: is it allowed, into its field, out of it.
 *
 * Flow: document.c walks objects and lists and hands single values here. Pure. Objects (STRUCT)
 * are not values in this sense.
 */
#pragma once

#include "content/document.h"

#include <jansson.h>

/** content_member_kind_words: Returns: (transfer none): the kind, for docs/formats.md */
const char *content_member_kind_words(ContentMemberKind kind);

/**
 * content_member_complain:
 * @value: what stands in the document, or one element of the list that stands there
 *
 * Returns: (transfer full) (nullable): what is wrong with it, in words; NULL: nothing
 */
char *content_member_complain(const ContentMember *member, const json_t *value);

/**
 * content_member_store:
 * @value: not complained of
 * @field: where the single value goes
 */
void content_member_store(const ContentMember *member, const json_t *value, gpointer field);

/**
 * content_member_build:
 * @field: of a single value
 *
 * Returns: (transfer full): the value; JSON null for a field that cannot be written
 */
json_t *content_member_build(const ContentMember *member, gconstpointer field);

/**
 * content_member_is_good:
 * @field: of a single value
 *
 * Returns: whether the value it holds may be written: exactly what content_member_build() makes
 *   of it would not be complained of
 */
gboolean content_member_is_good(const ContentMember *member, gconstpointer field);

/** content_member_is_default: Returns: whether an absent member would read as this value */
gboolean content_member_is_default(const ContentMember *member, gconstpointer field);
