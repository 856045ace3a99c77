/*
 * language.h - Vietnamese, Bahnar and Jrai text: tags, repair, folding, sorting.
 *
 * Flow: scheduler repairs what people type, folds it for search and sorts lists; everybody
 * checks tags. Pure. Facts: the alphabets and the repair rules are those of the province's
 * publications; letters with a combining breve (U+0306) have no precomposed form.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *tag;        /* "bdq" */
    const char *own_name;   /* "Bahnar" */
    const char *vietnamese; /* "tiếng Bahnar" */
    const char *english;    /* "Bahnar" */
    const char *alphabet;   /* letters in order, separated by spaces, for sorting */
} ContentLanguage;

/** content_languages: Returns: (transfer none): the table; a language is added by a row */
const ContentLanguage *content_languages(gsize *out_n_languages);

/**
 * content_language_tag_is_valid:
 *
 * A language of the table, or one with a dialect as a private-use tag: "bdq-x-kriem". At most
 * 35 bytes, lower case (BCP 47: private-use subtags are 1 to 8 of [a-z0-9]).
 */
gboolean content_language_tag_is_valid(const char *tag);

/** content_language_base: Returns: (transfer full): the tag without its dialect */
char *content_language_base(const char *tag);

/**
 * content_language_match:
 * @wanted: what a zone lists, for instance "bdq-x-kriem"
 * @offered: what an announcement has
 *
 * Returns: 2 the same; 1 the same language, @offered without a dialect; 0 no match. Another
 *   dialect of the same language is no match.
 */
int content_language_match(const char *wanted, const char *offered);

/**
 * content_text_repair:
 * @text: UTF-8 as typed or pasted
 * @tag: (nullable): the language; apostrophe letters are repaired only where it has them
 * @out_notices: (out) (optional) (transfer full) (element-type utf8): what was changed, in
 * words
 *
 * NFC; breve+circumflex put in order; doubled breves collapsed; look-alikes of these languages
 * mapped (caron vowels, ɓ, Ð); apostrophe letters to U+02BC in Bahnar. Control characters but
 * line feed are dropped.
 *
 * Returns: (transfer full) (nullable): NULL if @text is not UTF-8
 */
char *content_text_repair(const char *text, const char *tag, GPtrArray **out_notices);

/**
 * content_text_fold:
 *
 * For search, never for identity: case folded, marks dropped, đ→d, ƀ→b, apostrophes dropped,
 * white space collapsed.
 *
 * Returns: (transfer full)
 */
char *content_text_fold(const char *text);

/**
 * content_text_find:
 * @text: UTF-8
 * @search: words in a row, the last of which may be the beginning of one
 * @out_from, @out_to: bytes of @text where they stand, with their marks
 *
 * Whatever is neither letter nor digit parts words, on both sides.
 *
 * Returns: whether @text has them, both folded
 */
gboolean content_text_find(const char *text, const char *search, gsize *out_from,
                           gsize *out_to);

/**
 * content_text_sort_key:
 * @tag: whose alphabet orders; an unknown one sorts as Vietnamese
 *
 * Returns: (transfer full): two keys compare with strcmp() as the texts are ordered
 */
char *content_text_sort_key(const char *text, const char *tag);

/** content_text_length: Returns: the number of letters a reader counts (grapheme clusters) */
gsize content_text_length(const char *text);
