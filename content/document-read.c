/*
 * document-read.c - see document-read.h
 *
 * The canonical form leaves no choice: members stand in the order of the tables, each value has
 * one spelling. So each byte is compared with the only one that may stand there.
 * Pure. Nesting is that of the tables.
 */
#include "content/document-read.h"

#include "content/document-member.h"

#include <string.h>

typedef struct {
    const char *at, *end;
    gsize n_values; /* as document-syntax.c counts them */
} Eye;

static gboolean read_shape(Eye *eye, const ContentShape *shape, gpointer element);

static gboolean
take(Eye *eye, char structure)
{
    if (eye->at == eye->end || *eye->at != structure)
        return FALSE;
    eye->at++;
    if (structure == '{' || structure == '[' || structure == ',')
        eye->n_values++;
    return TRUE;
}

static gboolean
take_word(Eye *eye, const char *word, gsize n_bytes)
{
    if ((gsize) (eye->end - eye->at) < n_bytes || memcmp(eye->at, word, n_bytes) != 0)
        return FALSE;
    eye->at += n_bytes;
    return TRUE;
}

static gboolean
take_quoted(Eye *eye, const char *text)
{
    return take(eye, '"') && take_word(eye, text, strlen(text)) && take(eye, '"');
}

/* The comma before it, too. FALSE: another member stands there, and nothing was taken. */
static gboolean
take_name(Eye *eye, const char *name)
{
    const Eye before = *eye;

    if ((eye->at[-1] == '{' || take(eye, ',')) && take_quoted(eye, name) && take(eye, ':'))
        return TRUE;
    *eye = before;
    return FALSE;
}

/* A number has one spelling: no plus, no zero in front, no fraction. */
static gboolean
read_int(Eye *eye, gint64 *out_number)
{
    gboolean is_negative = take(eye, '-');
    const char *first = eye->at;
    gint64 number = 0;

    for (; eye->at < eye->end && g_ascii_isdigit(*eye->at); eye->at++) {
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, *eye->at - '0', &number))
            return FALSE;
    }
    if (eye->at == first || (*first == '0' && (eye->at - first > 1 || is_negative)))
        return FALSE;
    if (!is_negative && number == G_MININT64)
        return FALSE;
    *out_number = is_negative ? number : -number;
    return TRUE;
}

static gboolean
read_bool(Eye *eye, gboolean *out_value)
{
    *out_value = take_word(eye, "true", 4);
    return *out_value || take_word(eye, "false", 5);
}

static gboolean
read_enum(Eye *eye, const char *const *choices, gint *out_index)
{
    const Eye before = *eye;

    for (gint i = 0; choices[i] != NULL; i++) {
        if (take_quoted(eye, choices[i])) {
            *out_index = i;
            return TRUE;
        }
        *eye = before;
    }
    return FALSE;
}

/* How many bytes up to a quote, a backslash, a control character or the end. */
static gsize
plain_length(const Eye *eye)
{
    const char *at = eye->at;

    while (at < eye->end && *at != '"' && *at != '\\' && (guchar) *at >= 0x20)
        at++;
    return (gsize) (at - eye->at);
}

/* Those that a text may hold and that are spelt so: quote, backslash, line feed. */
static gboolean
read_escape(Eye *eye, GString *text)
{
    char c;

    if (!take(eye, '\\') || eye->at == eye->end)
        return FALSE;
    c = *eye->at++;
    if (c != '"' && c != '\\' && c != 'n')
        return FALSE;
    g_string_append_c(text, c == 'n' ? '\n' : c);
    return TRUE;
}

static char *
read_escaped(Eye *eye)
{
    g_autoptr(GString) text = g_string_new(NULL);

    while (!take(eye, '"')) {
        gsize n_bytes = plain_length(eye);

        g_string_append_len(text, eye->at, (gssize) n_bytes);
        eye->at += n_bytes;
        if (eye->at == eye->end || (*eye->at != '"' && !read_escape(eye, text)))
            return NULL;
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Returns: (transfer full) (nullable): not yet checked */
static char *
read_text(Eye *eye)
{
    gsize n_bytes;
    char *text;

    if (!take(eye, '"'))
        return NULL;
    n_bytes = plain_length(eye);
    if (eye->at + n_bytes == eye->end || eye->at[n_bytes] != '"')
        return read_escaped(eye);
    text = g_strndup(eye->at, n_bytes);
    eye->at += n_bytes + 1;
    return text;
}

/* What was read stays in the field even if it is not good; whoever owns the struct frees it. */
static gboolean
read_value(Eye *eye, const ContentMember *member, gpointer field)
{
    switch (member->kind) {
    case CONTENT_MEMBER_STRUCT:
        *(gpointer *) field = content_shape_new(member->element);
        return read_shape(eye, member->element, *(gpointer *) field);
    case CONTENT_MEMBER_INT:
        return read_int(eye, field) && content_member_is_good(member, field);
    case CONTENT_MEMBER_BOOL:
        return read_bool(eye, field);
    case CONTENT_MEMBER_ENUM:
        return read_enum(eye, member->choices, field);
    default:
        *(char **) field = read_text(eye);
        return *(char **) field != NULL && content_member_is_good(member, field);
    }
}

static gboolean
read_list(Eye *eye, const ContentMember *member, GPtrArray *into)
{
    if (!take(eye, '['))
        return FALSE;
    while (!take(eye, ']')) {
        gpointer element = NULL;
        gboolean is_read;

        if ((gint64) into->len == member->max_count || (into->len > 0 && !take(eye, ',')))
            return FALSE;
        is_read = read_value(eye, member, &element);
        if (element != NULL)
            g_ptr_array_add(into, element);
        if (!is_read)
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_member(Eye *eye, const ContentMember *member, gpointer field)
{
    if (!take_name(eye, member->name))
        return !member->required;
    if (member->is_list)
        return read_list(eye, member, *(GPtrArray **) field) &&
               (member->required || (*(GPtrArray **) field)->len > 0);
    return read_value(eye, member, field) &&
           (member->required || !content_member_is_default(member, field));
}

/* Members from @from on whose names sort before @end; NULL: all. Returns: the first after it */
static const ContentMember *
read_members(Eye *eye, const ContentMember *from, const char *end, gpointer element)
{
    while (from->name != NULL && (end == NULL || strcmp(from->name, end) < 0)) {
        if (!read_member(eye, from, G_STRUCT_MEMBER_P(element, from->offset)))
            return NULL;
        from++;
    }
    return from;
}

static gboolean
read_shape(Eye *eye, const ContentShape *shape, gpointer element)
{
    return take(eye, '{') && read_members(eye, shape->members, NULL, element) != NULL &&
           take(eye, '}') && (shape->check == NULL || shape->check(element) == NULL);
}

/* As read_shape(), with `type` and `v` in their places. */
static gboolean
read_document(Eye *eye, const ContentDocumentType *type, gpointer document)
{
    const ContentMember *at;
    gint64 v;

    if (!take(eye, '{') ||
        (at = read_members(eye, type->shape->members, "type", document)) == NULL ||
        !take_name(eye, "type") || !take_quoted(eye, type->type) ||
        (at = read_members(eye, at, "v", document)) == NULL)
        return FALSE;
    return take_name(eye, "v") && read_int(eye, &v) && v == type->v &&
           read_members(eye, at, NULL, document) != NULL && take(eye, '}') &&
           eye->at == eye->end && eye->n_values <= CONTENT_DOCUMENT_MAX_VALUES &&
           (type->shape->check == NULL || type->shape->check(document) == NULL);
}

gpointer
content_read_bytes(const ContentDocumentType *type, gconstpointer bytes, gsize n_bytes)
{
    Eye eye = {.at = bytes, .end = (const char *) bytes + n_bytes};
    gpointer document;

    if (n_bytes > type->max_bytes)
        return NULL;
    document = content_document_new(type);
    if (!read_document(&eye, type, document))
        g_clear_pointer(&document, type->shape->free);
    return document;
}
