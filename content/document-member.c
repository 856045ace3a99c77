/* document-member.c - see document-member.h */
#include "content/document-member.h"

#include "content/base/id.h"
#include "content/kinds.h"
#include "content/language.h"

#include <string.h>

static gboolean
has_digits(const char *text, const char *digits, gsize n_digits)
{
    return strlen(text) == n_digits && strspn(text, digits) == n_digits;
}

static gboolean
is_hash(const ContentMember *member, const char *text)
{
    return has_digits(text, "0123456789abcdef", 64);
}

static gboolean
is_segment(const ContentMember *member, const char *text)
{
    return has_digits(text, "0123456789abcdef", 32);
}

static gboolean
is_hex(const ContentMember *member, const char *text)
{
    return has_digits(text, "0123456789abcdef", (gsize) member->max);
}

static gboolean
is_key_id(const ContentMember *member, const char *text)
{
    return has_digits(text, "0123456789ABCDEF", 16);
}

static gboolean
is_id(const ContentMember *member, const char *text)
{
    return content_id_is_valid(text);
}

static gboolean
is_date(const ContentMember *member, const char *text)
{
    static const char shape[] = "dddd-dd-dd";

    if (strlen(text) != strlen(shape))
        return FALSE;
    for (gsize i = 0; shape[i] != '\0'; i++) {
        if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
            return FALSE;
    }
    return g_date_valid_dmy((GDateDay) g_ascii_strtoull(text + 8, NULL, 10),
                            (GDateMonth) g_ascii_strtoull(text + 5, NULL, 10),
                            (GDateYear) g_ascii_strtoull(text, NULL, 10));
}

static gboolean
is_language(const ContentMember *member, const char *text)
{
    return content_language_tag_is_valid(text);
}

static gboolean
is_choice(const ContentMember *member, const char *text)
{
    return content_word_index(member->choices, text) >= 0;
}

/* C0 and C1 controls and DEL: they move cursors and fake lines wherever the text is shown. */
static gboolean
is_control(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/*
 * Letters and signs that NFC leaves alone whatever stands beside them: they neither come apart
 * nor join with what comes before (Unicode 15, NFC_Quick_Check and Canonical_Combining_Class):
 * Latin up to U+02FF, the Vietnamese block, and common punctuation.
 */
static gboolean
is_stable(gunichar c)
{
    return c < 0x300 || (c >= 0x1e00 && c < 0x1f00) || (c >= 0x2010 && c < 0x2028);
}

/* Whether @n_bytes at @text are in NFC; the slow way, for a few letters at a time. */
static gboolean
is_normal(const char *text, gsize n_bytes)
{
    g_autofree char *normal = g_utf8_normalize(text, (gssize) n_bytes, G_NORMALIZE_NFC);

    return normal != NULL && strlen(normal) == n_bytes && memcmp(normal, text, n_bytes) == 0;
}

/*
 * Only runs of other letters are normalised, each with the stable letter before it, to which
 * its marks may belong: a day plan is 30 kB of mostly stable letters.
 */
static gboolean
is_clean_text(const char *text)
{
    const char *at = text, *before = text;

    while (*at != '\0') {
        gunichar c = g_utf8_get_char(at);
        const char *from = before;

        if (is_control(c) && c != '\n')
            return FALSE;
        if (is_stable(c)) {
            before = at;
            at = g_utf8_next_char(at);
            continue;
        }
        while (*at != '\0' && !is_stable(g_utf8_get_char(at)))
            at = g_utf8_next_char(at);
        if (!is_normal(from, (gsize) (at - from)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_text(const ContentMember *member, const char *text)
{
    gint64 length = (gint64) strlen(text);

    return length >= member->min && length <= member->max && is_clean_text(text);
}

/* clang-format off */
static const struct {
    const char *words; /* for docs/formats.md */
    const char *needs; /* for messages */
    gboolean (*is_valid)(const ContentMember *member, const char *text); /* NULL: not a text */
} kinds[] = {
    [CONTENT_MEMBER_INT]      = { "integer",  "an integer",                              NULL },
    [CONTENT_MEMBER_BOOL]     = { "boolean",  "true or false",                           NULL },
    [CONTENT_MEMBER_TEXT]     = { "text",     "a text in NFC without control characters", is_text },
    [CONTENT_MEMBER_ID]       = { "id",       "a name of a-z, 0-9 and -",                is_id },
    [CONTENT_MEMBER_HASH]     = { "hash",     "64 lower-case hex digits",                is_hash },
    [CONTENT_MEMBER_SEGMENT]  = { "segment",  "32 lower-case hex digits",                is_segment },
    [CONTENT_MEMBER_HEX]      = { "hex",      "lower-case hex digits, as many as stated", is_hex },
    [CONTENT_MEMBER_KEY_ID]   = { "key id",   "16 upper-case hex digits",                is_key_id },
    [CONTENT_MEMBER_DATE]     = { "date",     "an existing date YYYY-MM-DD",             is_date },
    [CONTENT_MEMBER_LANGUAGE] = { "language", "a language tag of the table",             is_language },
    [CONTENT_MEMBER_ENUM]     = { "word",     "one of the words",                        is_choice },
    [CONTENT_MEMBER_STRUCT]   = { "object",   "an object",                               NULL },
};
/* clang-format on */

const char *
content_member_kind_words(ContentMemberKind kind)
{
    return kinds[kind].words;
}

static char *
complain_of_int(const ContentMember *member, const json_t *value)
{
    gint64 number = json_integer_value(value);

    if (number < member->min || number > member->max)
        return g_strdup_printf("%" G_GINT64_FORMAT " is not from %" G_GINT64_FORMAT
                               " to %" G_GINT64_FORMAT,
                               number, member->min, member->max);
    return NULL;
}

static char *
complain_of_text(const ContentMember *member, const json_t *value)
{
    const char *text = json_string_value(value);
    g_autofree char *shown = NULL;
    g_autofree char *choices = NULL;

    if (kinds[member->kind].is_valid(member, text))
        return NULL;
    if (member->kind == CONTENT_MEMBER_TEXT)
        return g_strdup_printf("needs %s, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                               " bytes, not %" G_GSIZE_FORMAT,
                               kinds[member->kind].needs, member->min, member->max,
                               strlen(text));
    shown = content_document_text(text, 40);
    if (member->kind != CONTENT_MEMBER_ENUM)
        return g_strdup_printf("\"%s\" is not %s", shown, kinds[member->kind].needs);
    choices = g_strjoinv("|", (char **) member->choices);
    return g_strdup_printf("\"%s\" is none of %s", shown, choices);
}

char *
content_member_complain(const ContentMember *member, const json_t *value)
{
    if (kinds[member->kind].is_valid != NULL && json_is_string(value))
        return complain_of_text(member, value);
    if (member->kind == CONTENT_MEMBER_INT && json_is_integer(value))
        return complain_of_int(member, value);
    if (member->kind == CONTENT_MEMBER_BOOL && json_is_boolean(value))
        return NULL;
    return g_strdup_printf("needs %s", kinds[member->kind].needs);
}

void
content_member_store(const ContentMember *member, const json_t *value, gpointer field)
{
    switch (member->kind) {
    case CONTENT_MEMBER_INT:
        *(gint64 *) field = json_integer_value(value);
        break;
    case CONTENT_MEMBER_BOOL:
        *(gboolean *) field = json_is_true(value);
        break;
    case CONTENT_MEMBER_ENUM:
        *(gint *) field = content_word_index(member->choices, json_string_value(value));
        break;
    default:
        *(char **) field = g_strdup(json_string_value(value));
        break;
    }
}

/* Out of range, NULL and broken UTF-8 become null, which the check then complains of. */
json_t *
content_member_build(const ContentMember *member, gconstpointer field)
{
    json_t *value = NULL;

    switch (member->kind) {
    case CONTENT_MEMBER_INT:
        return json_integer(*(const gint64 *) field);
    case CONTENT_MEMBER_BOOL:
        return json_boolean(*(const gboolean *) field);
    case CONTENT_MEMBER_ENUM: {
        gint index = *(const gint *) field;

        if (index >= 0 && index < (gint) g_strv_length((char **) member->choices))
            value = json_string(member->choices[index]);
        break;
    }
    default:
        value = json_string(*(char *const *) field);
        break;
    }
    return value != NULL ? value : json_null();
}

gboolean
content_member_is_good(const ContentMember *member, gconstpointer field)
{
    switch (member->kind) {
    case CONTENT_MEMBER_INT: {
        gint64 number = *(const gint64 *) field;

        return number >= member->min && number <= member->max;
    }
    case CONTENT_MEMBER_BOOL:
        return TRUE;
    case CONTENT_MEMBER_ENUM: {
        gint index = *(const gint *) field;

        return index >= 0 && index < (gint) g_strv_length((char **) member->choices);
    }
    case CONTENT_MEMBER_STRUCT:
        return FALSE;
    default: {
        const char *text = *(char *const *) field;

        /* The other kinds are ASCII if they are valid at all. */
        return text != NULL &&
               (member->kind != CONTENT_MEMBER_TEXT || g_utf8_validate(text, -1, NULL)) &&
               kinds[member->kind].is_valid(member, text);
    }
    }
}

gboolean
content_member_is_default(const ContentMember *member, gconstpointer field)
{
    switch (member->kind) {
    case CONTENT_MEMBER_INT:
        return *(const gint64 *) field == member->absent;
    case CONTENT_MEMBER_BOOL:
        return !*(const gboolean *) field;
    case CONTENT_MEMBER_ENUM:
        return *(const gint *) field == 0;
    default:
        return *(char *const *) field == NULL;
    }
}

char *
content_document_text(const char *text, gsize max_bytes)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
    GString *clean = g_string_new(NULL);

    for (const char *at = normal; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (clean->len + (gsize) (g_utf8_next_char(at) - at) > max_bytes)
            break;
        g_string_append_unichar(clean, is_control(c) ? ' ' : c);
    }
    return g_string_free(clean, FALSE);
}
