/*
 * document-write.c - see document-write.h
 *
 * Tables are sorted by name, so the order of writing is theirs. Escapes are those of
 * document-syntax.c: of the characters that a text may hold, only quote, backslash and line
 * feed need one.
 */
#include "content/document-write.h"

#include "content/document-member.h"

#include <string.h>

/* A day plan of a full day; grows where a document needs more. */
#define FIRST_BYTES 32768

typedef struct {
    GString *text;
    gsize n_values; /* as document-syntax.c counts them */
} Pen;

static gboolean write_shape(Pen *pen, const ContentShape *shape, gconstpointer element);

static void
put(Pen *pen, char structure)
{
    g_string_append_c(pen->text, structure);
    if (structure == '{' || structure == '[' || structure == ',')
        pen->n_values++;
}

static void
put_text(Pen *pen, const char *text)
{
    g_string_append_c(pen->text, '"');
    while (*text != '\0') {
        gsize n_plain = 0;

        while (text[n_plain] != '\0' && text[n_plain] != '"' && text[n_plain] != '\\' &&
               text[n_plain] != '\n')
            n_plain++;
        g_string_append_len(pen->text, text, (gssize) n_plain);
        text += n_plain;
        if (*text == '\0')
            break;
        g_string_append_c(pen->text, '\\');
        g_string_append_c(pen->text, *text == '\n' ? 'n' : *text);
        text++;
    }
    g_string_append_c(pen->text, '"');
}

/* Names, words, hashes: text that holds nothing to escape by its kind. */
static void
put_plain(Pen *pen, const char *text)
{
    gsize n_bytes = strlen(text);
    GString *to = pen->text;
    gsize at = to->len;

    g_string_set_size(to, at + n_bytes + 2);
    to->str[at] = '"';
    memcpy(to->str + at + 1, text, n_bytes);
    to->str[at + 1 + n_bytes] = '"';
}

static void
put_int(Pen *pen, gint64 number)
{
    char digits[24];
    gsize at = sizeof digits;
    guint64 rest = number < 0 ? -(guint64) number : (guint64) number;

    do
        digits[--at] = (char) ('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0)
        digits[--at] = '-';
    g_string_append_len(pen->text, digits + at, (gssize) (sizeof digits - at));
}

static gboolean
write_value(Pen *pen, const ContentMember *member, gconstpointer field)
{
    if (member->kind == CONTENT_MEMBER_STRUCT)
        return write_shape(pen, member->element, *(gpointer const *) field);
    if (!content_member_is_good(member, field))
        return FALSE;
    switch (member->kind) {
    case CONTENT_MEMBER_INT:
        put_int(pen, *(const gint64 *) field);
        break;
    case CONTENT_MEMBER_BOOL:
        g_string_append(pen->text, *(const gboolean *) field ? "true" : "false");
        break;
    case CONTENT_MEMBER_ENUM:
        put_plain(pen, member->choices[*(const gint *) field]);
        break;
    case CONTENT_MEMBER_TEXT:
        put_text(pen, *(char *const *) field);
        break;
    default:
        put_plain(pen, *(char *const *) field);
        break;
    }
    return TRUE;
}

static gboolean
write_list(Pen *pen, const ContentMember *member, const GPtrArray *list)
{
    if ((gint64) list->len > member->max_count)
        return FALSE;
    put(pen, '[');
    for (guint i = 0; i < list->len; i++) {
        if (i > 0)
            put(pen, ',');
        if (!write_value(pen, member, &list->pdata[i]))
            return FALSE;
    }
    put(pen, ']');
    return TRUE;
}

static gboolean
is_left_out(const ContentMember *member, gconstpointer field)
{
    if (member->required)
        return FALSE;
    if (member->is_list)
        return (*(GPtrArray *const *) field)->len == 0;
    return content_member_is_default(member, field);
}

static void
write_name(Pen *pen, const char *name)
{
    if (pen->text->str[pen->text->len - 1] != '{')
        put(pen, ',');
    put_plain(pen, name);
    g_string_append_c(pen->text, ':');
}

static gboolean
write_member(Pen *pen, const ContentMember *member, gconstpointer field)
{
    if (member->is_list && *(GPtrArray *const *) field == NULL)
        return FALSE;
    if (is_left_out(member, field))
        return TRUE;
    write_name(pen, member->name);
    if (member->is_list)
        return write_list(pen, member, *(GPtrArray *const *) field);
    return write_value(pen, member, field);
}

/* Members from @from on whose names sort before @end; NULL: all. Returns: the first after it */
static const ContentMember *
write_members(Pen *pen, const ContentMember *from, const char *end, gconstpointer element)
{
    while (from->name != NULL && (end == NULL || strcmp(from->name, end) < 0)) {
        if (!write_member(pen, from, (const guint8 *) element + from->offset))
            return NULL;
        from++;
    }
    return from;
}

static gboolean
write_shape(Pen *pen, const ContentShape *shape, gconstpointer element)
{
    if (element == NULL)
        return FALSE;
    put(pen, '{');
    if (write_members(pen, shape->members, NULL, element) == NULL)
        return FALSE;
    put(pen, '}');
    /* Only now: a check may rely on the values being good one by one. */
    return shape->check == NULL || shape->check(element) == NULL;
}

/* As write_shape(), with `type` and `v` in their places. */
static gboolean
write_document(Pen *pen, const ContentDocumentType *type, gconstpointer document)
{
    const ContentMember *at;

    put(pen, '{');
    at = write_members(pen, type->shape->members, "type", document);
    if (at == NULL)
        return FALSE;
    write_name(pen, "type");
    put_text(pen, type->type);
    at = write_members(pen, at, "v", document);
    if (at == NULL)
        return FALSE;
    write_name(pen, "v");
    put_int(pen, type->v);
    if (write_members(pen, at, NULL, document) == NULL)
        return FALSE;
    put(pen, '}');
    return type->shape->check == NULL || type->shape->check(document) == NULL;
}

GBytes *
content_write_bytes(const ContentDocumentType *type, gconstpointer document)
{
    Pen pen = {.text = g_string_sized_new(MIN(FIRST_BYTES, type->max_bytes))};

    if (!write_document(&pen, type, document) || pen.text->len > type->max_bytes ||
        pen.n_values > CONTENT_DOCUMENT_MAX_VALUES) {
        g_string_free(pen.text, TRUE);
        return NULL;
    }
    return g_string_free_to_bytes(pen.text);
}
