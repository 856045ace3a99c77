/* remark.c - see remark.h */
#include "content/remark.h"

#include "content/document-rows.h"

#include <string.h>

#define CODE_MAX_BYTES   40
#define REMARK_MAX_BYTES 4096

/* clang-format off */
static const ContentMember content_remark_argument_shape_members[] = {
    ROW_TEXT(ContentRemarkArgument, name, 1, CODE_MAX_BYTES, "As in the table of codes."),
    ROW_TEXT(ContentRemarkArgument, value, 0, CONTENT_REMARK_ARGUMENT_BYTES, "A number, an id or a name; of a name that ends in `_us`: µs UTC."),
    ROW_END,
};

static const ContentMember content_remark_shape_members[] = {
    ROW_REMARK_ARGUMENTS(ContentRemark, arguments),
    ROW_REMARK_CODE(ContentRemark, code),
    ROW_REMARK_SUBJECT(ContentRemark, subject),
    ROW_REMARK_WORDS(ContentRemark, words),
    ROW_END,
};
/* clang-format on */

static gboolean
is_word(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

static const char *
check_argument(gconstpointer element)
{
    return is_word(((const ContentRemarkArgument *) element)->name)
               ? NULL
               : "an argument is named with a-z, 0-9 and _";
}

const char *
content_remark_check(gconstpointer element)
{
    return is_word(((const ContentRemark *) element)->code)
               ? NULL
               : "a code is written with a-z, 0-9 and _";
}

ROWS_DEFINE_SHAPE(content_remark_argument_shape, ContentRemarkArgument, "argument",
                  check_argument)
ROWS_DEFINE_SHAPE(content_remark_shape, ContentRemark, "remark", content_remark_check)

const ContentDocumentType content_remark_type = {"remark", CONTENT_DOCUMENT_V, REMARK_MAX_BYTES,
                                                 &content_remark_shape};

const ContentRemarkCode *
content_remark_find(const char *code)
{
    for (const ContentRemarkCode *row = content_remark_codes; row->code != NULL; row++) {
        if (g_strcmp0(row->code, code) == 0)
            return row;
    }
    return NULL;
}

/* Of an empty text nothing is said: an optional member is absent then. */
static char *
cut(const char *text, gsize max_bytes)
{
    char *made = text == NULL ? NULL : content_document_text(text, max_bytes);

    if (made != NULL && *made == '\0')
        g_clear_pointer(&made, g_free);
    return made;
}

ContentRemark *
content_remark_new(const char *code, const char *subject, ...)
{
    ContentRemark *remark = content_shape_new(&content_remark_shape);
    const char *name;
    va_list arguments;

    remark->code = g_strdup(code);
    remark->subject = cut(subject, CONTENT_REMARK_SUBJECT_BYTES);
    va_start(arguments, subject);
    while ((name = va_arg(arguments, const char *)) != NULL)
        content_remark_add(remark, name, va_arg(arguments, const char *));
    va_end(arguments);
    return remark;
}

static gboolean
has_argument(const char *code, const char *name)
{
    const ContentRemarkCode *row = content_remark_find(code);

    return row != NULL && g_strv_contains(row->arguments, name);
}

void
content_remark_add(ContentRemark *remark, const char *name, const char *value)
{
    ContentRemarkArgument *argument;

    g_return_if_fail(has_argument(remark->code, name));
    g_return_if_fail(remark->arguments->len < CONTENT_REMARK_MAX_ARGUMENTS);
    argument = content_shape_new(&content_remark_argument_shape);
    argument->name = g_strdup(name);
    argument->value =
        content_document_text(value == NULL ? "" : value, CONTENT_REMARK_ARGUMENT_BYTES);
    g_ptr_array_add(remark->arguments, argument);
}

void
content_remark_add_number(ContentRemark *remark, const char *name, gint64 value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    content_remark_add(remark, name, text);
}

ContentRemark *
content_remark_say(ContentRemark *remark, const char *words)
{
    g_free(remark->words);
    remark->words = cut(words, CONTENT_REMARK_WORDS_MAX_BYTES);
    return remark;
}

const char *
content_remark_get(const ContentRemark *remark, const char *name)
{
    for (guint i = 0; i < remark->arguments->len; i++) {
        const ContentRemarkArgument *argument = remark->arguments->pdata[i];

        if (strcmp(argument->name, name) == 0)
            return argument->value;
    }
    return NULL;
}

void
content_remark_copy_to(const ContentRemark *from, ContentRemark *to)
{
    g_free(to->code);
    g_free(to->subject);
    g_free(to->words);
    to->code = g_strdup(from->code);
    to->subject = g_strdup(from->subject);
    to->words = g_strdup(from->words);
    g_ptr_array_set_size(to->arguments, 0);
    for (guint i = 0; i < from->arguments->len; i++) {
        const ContentRemarkArgument *argument = from->arguments->pdata[i];
        ContentRemarkArgument *copy = content_shape_new(&content_remark_argument_shape);

        copy->name = g_strdup(argument->name);
        copy->value = g_strdup(argument->value);
        g_ptr_array_add(to->arguments, copy);
    }
}

ContentRemark *
content_remark_copy(const ContentRemark *remark)
{
    ContentRemark *copy = remark == NULL ? NULL : content_shape_new(&content_remark_shape);

    if (copy != NULL)
        content_remark_copy_to(remark, copy);
    return copy;
}

const char *
content_remark_family(const ContentRemark *remark)
{
    const ContentRemarkCode *row = content_remark_find(remark->code);

    return row == NULL || row->family == NULL ? remark->code : row->family;
}

gboolean
content_remark_is_same(const ContentRemark *a, const ContentRemark *b)
{
    return strcmp(content_remark_family(a), content_remark_family(b)) == 0 &&
           g_strcmp0(a->subject, b->subject) == 0;
}

void
content_remark_free(ContentRemark *remark)
{
    content_shape_free(&content_remark_shape, remark);
}
