/*
 * language.c - see language.h: the table of languages, and tags.
 *
 * Flow: language tags come from people, files and documents; all are judged here. Pure.
 */
#include "content/language.h"

#include <string.h>

/* Long enough for a language, "-x-" and three subtags of eight; a bound on what we store. */
#define MAX_TAG_BYTES 35
/* BCP 47 (RFC 5646 §2.1): a private-use subtag has 1 to 8 characters. */
#define MAX_SUBTAG_BYTES 8

/* clang-format off */
static const ContentLanguage languages[] = {
    { "vi", "Tiếng Việt", "tiếng Việt", "Vietnamese",
      "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y" },
    { "bdq", "Bahnar", "tiếng Bahnar", "Bahnar",
      "a ă â b ƀ c d đ e ĕ ê ê̆ f g h i ĭ j k l m n o ŏ ô ô̆ ơ ơ̆ p r s t u ŭ ư ư̆ v w x y" },
    { "jra", "Jrai", "tiếng Jrai", "Jrai",
      "a ă â b ƀ č d đ e ĕ ê ê̆ g h i ĭ j dj k l m n ñ ng o ŏ ô ô̆ ơ ơ̆ p r s t u ŭ ư ư̆ w y" },
};
/* clang-format on */

const ContentLanguage *
content_languages(gsize *out_n_languages)
{
    *out_n_languages = G_N_ELEMENTS(languages);
    return languages;
}

/* How many bytes of @tag name a language of the table; 0 if none. */
static gsize
base_length(const char *tag)
{
    gsize length = strcspn(tag, "-");

    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        if (strlen(languages[i].tag) == length && strncmp(languages[i].tag, tag, length) == 0)
            return length;
    }
    return 0;
}

/* @rest: what follows "-x-"; at least one subtag, none empty or too long. */
static gboolean
dialect_is_valid(const char *rest)
{
    for (;;) {
        gsize length = strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789");

        if (length == 0 || length > MAX_SUBTAG_BYTES)
            return FALSE;
        if (rest[length] == '\0')
            return TRUE;
        if (rest[length] != '-')
            return FALSE;
        rest += length + 1;
    }
}

gboolean
content_language_tag_is_valid(const char *tag)
{
    gsize base;

    if (tag == NULL || strnlen(tag, MAX_TAG_BYTES + 1) > MAX_TAG_BYTES)
        return FALSE;
    base = base_length(tag);
    if (base == 0)
        return FALSE;
    if (tag[base] == '\0')
        return TRUE;
    return g_str_has_prefix(tag + base, "-x-") && dialect_is_valid(tag + base + 3);
}

char *
content_language_base(const char *tag)
{
    return g_strndup(tag, strcspn(tag, "-"));
}

int
content_language_match(const char *wanted, const char *offered)
{
    gsize base = strcspn(wanted, "-");

    if (strcmp(wanted, offered) == 0)
        return 2;
    return strlen(offered) == base && strncmp(wanted, offered, base) == 0 ? 1 : 0;
}
