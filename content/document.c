/*
 * document.c - see document.h
 *
 * Flow: bytes -> document-read.c -> struct, if all is well; else, to say what is wrong: bytes
 * -> document-syntax.c -> JSON values -> here, along the table, each single value through
 * document-member.c. And the same two ways back.
 * Pure. Nesting of tables is bounded by CONTENT_DOCUMENT_MAX_DEPTH.
 */
#include "content/document.h"

#include "content/document-member.h"
#include "content/document-read.h"
#include "content/document-syntax.h"
#include "content/document-write.h"

#include <string.h>

#define MAX_SHOWN_BYTES 40 /* of a name from outside, in a message */

G_DEFINE_QUARK(ContentDocumentError, content_document_error)

/* Where in a document we are, for messages. */
typedef struct {
    const char *type; /* of the document */
    GString *path;    /* (owned): "segments[3].start_us" */
    GError **error;
} Walk;

static gboolean read_shape(Walk *walk, const ContentShape *shape, json_t *object,
                           gboolean is_document, gpointer element);
static json_t *build_shape(const ContentShape *shape, gconstpointer element);

static gboolean
complain(Walk *walk, ContentDocumentError code, const char *words)
{
    g_set_error(walk->error, CONTENT_DOCUMENT_ERROR, (int) code, "%s: %s%s%s", walk->type,
                walk->path->str, walk->path->len > 0 ? ": " : "", words);
    return FALSE;
}

/* Appends to the path and returns the length to go back to. */
static gsize
enter(Walk *walk, const char *name)
{
    gsize length = walk->path->len;

    if (length > 0)
        g_string_append_c(walk->path, '.');
    g_string_append(walk->path, name);
    return length;
}

static const ContentMember *
find_member(const ContentShape *shape, const char *name)
{
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        if (strcmp(member->name, name) == 0)
            return member;
    }
    return NULL;
}

static gboolean
check_names(Walk *walk, const ContentShape *shape, json_t *object, gboolean is_document)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        g_autofree char *shown = NULL;

        if (find_member(shape, name) != NULL ||
            (is_document && (strcmp(name, "type") == 0 || strcmp(name, "v") == 0)))
            continue;
        shown = content_document_text(name, MAX_SHOWN_BYTES);
        enter(walk, shown);
        return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, "unknown member");
    }
    return TRUE;
}

/* One object or single value, as a member or as an element of a list. */
static gboolean
read_value(Walk *walk, const ContentMember *member, json_t *value, gpointer field)
{
    g_autofree char *complaint = NULL;

    if (member->kind == CONTENT_MEMBER_STRUCT && json_is_object(value)) {
        *(gpointer *) field = content_shape_new(member->element);
        return read_shape(walk, member->element, value, FALSE, *(gpointer *) field);
    }
    complaint = content_member_complain(member, value);
    if (complaint != NULL)
        return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, complaint);
    content_member_store(member, value, field);
    return TRUE;
}

static gboolean
read_list(Walk *walk, const ContentMember *member, json_t *list, GPtrArray *into)
{
    gsize length = walk->path->len;

    if (!json_is_array(list))
        return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, "needs a list");
    if ((gint64) json_array_size(list) > member->max_count) {
        g_autofree char *words =
            g_strdup_printf("%" G_GSIZE_FORMAT " elements, at most %" G_GINT64_FORMAT
                            " are allowed",
                            json_array_size(list), member->max_count);

        return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, words);
    }
    for (gsize i = 0; i < json_array_size(list); i++) {
        gpointer element = NULL;
        gboolean is_read;

        g_string_append_printf(walk->path, "[%" G_GSIZE_FORMAT "]", i);
        is_read = read_value(walk, member, json_array_get(list, i), &element);
        if (element != NULL)
            g_ptr_array_add(into, element);
        if (!is_read)
            return FALSE;
        g_string_truncate(walk->path, length);
    }
    return TRUE;
}

static gboolean
is_default(const ContentMember *member, gconstpointer field)
{
    const GPtrArray *list;

    if (!member->is_list)
        return content_member_is_default(member, field);
    list = *(GPtrArray *const *) field;
    return list == NULL || list->len == 0;
}

static gboolean
read_member(Walk *walk, const ContentMember *member, json_t *value, gpointer field)
{
    gsize length = enter(walk, member->name);

    if (value == NULL && member->required)
        return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, "is missing");
    if (value != NULL) {
        if (!(member->is_list ? read_list(walk, member, value, *(GPtrArray **) field)
                              : read_value(walk, member, value, field)))
            return FALSE;
        if (!member->required && is_default(member, field))
            return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER,
                            "says what leaving it out says");
    }
    g_string_truncate(walk->path, length);
    return TRUE;
}

static gboolean
read_shape(Walk *walk, const ContentShape *shape, json_t *object, gboolean is_document,
           gpointer element)
{
    const char *why = NULL;

    if (!check_names(walk, shape, object, is_document))
        return FALSE;
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        if (!read_member(walk, member, json_object_get(object, member->name),
                         G_STRUCT_MEMBER_P(element, member->offset)))
            return FALSE;
    }
    if (shape->check != NULL)
        why = shape->check(element);
    return why == NULL || complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, why);
}

static gboolean
read_type_and_v(Walk *walk, json_t *object, const char **out_type, gint64 *out_v)
{
    json_t *type = json_object_get(object, "type");
    json_t *v = json_object_get(object, "v");

    if (!json_is_string(type))
        return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, "type: needs a text");
    if (!json_is_integer(v) || json_integer_value(v) < 0)
        return complain(walk, CONTENT_DOCUMENT_ERROR_MEMBER, "v: needs an integer from 0");
    *out_type = json_string_value(type);
    *out_v = json_integer_value(v);
    return TRUE;
}

static gboolean
check_type_and_v(Walk *walk, const ContentDocumentType *type, json_t *object)
{
    const char *name;
    gint64 v;
    g_autofree char *words = NULL;

    if (!read_type_and_v(walk, object, &name, &v))
        return FALSE;
    if (strcmp(name, type->type) != 0) {
        g_autofree char *shown = content_document_text(name, MAX_SHOWN_BYTES);

        words = g_strdup_printf("the type is \"%s\"", shown);
        return complain(walk, CONTENT_DOCUMENT_ERROR_TYPE, words);
    }
    if (v != type->v) {
        words =
            g_strdup_printf("v %" G_GINT64_FORMAT " is not supported, %" G_GINT64_FORMAT " is",
                            v, type->v);
        return complain(walk, CONTENT_DOCUMENT_ERROR_UNSUPPORTED, words);
    }
    return TRUE;
}

/* The struct of a parsed document, or NULL. */
static gpointer
read_tree(const ContentDocumentType *type, json_t *tree, GError **error)
{
    g_autoptr(GString) path = g_string_new(NULL);
    Walk walk = {type->type, path, error};
    gpointer document;

    if (!check_type_and_v(&walk, type, tree))
        return NULL;
    document = content_document_new(type);
    if (!read_shape(&walk, type->shape, tree, TRUE, document))
        g_clear_pointer(&document, type->shape->free);
    return document;
}

/* The long way: it finds the words for what is wrong. */
static gpointer
read_by_tree(const ContentDocumentType *type, gconstpointer bytes, gsize n_bytes,
             GError **error)
{
    json_auto_t *tree =
        content_syntax_parse(type->type, bytes, n_bytes, type->max_bytes, error);

    return tree == NULL ? NULL : read_tree(type, tree, error);
}

gpointer
content_document_read(const ContentDocumentType *type, gconstpointer bytes, gsize n_bytes,
                      GError **error)
{
    gpointer document = content_read_bytes(type, bytes, n_bytes);

    return document != NULL ? document : read_by_tree(type, bytes, n_bytes, error);
}

static json_t *
build_list(const ContentMember *member, const GPtrArray *list)
{
    json_t *array = json_array();

    for (guint i = 0; list != NULL && i < list->len; i++)
        json_array_append_new(array, member->kind == CONTENT_MEMBER_STRUCT
                                         ? build_shape(member->element, list->pdata[i])
                                         : content_member_build(member, &list->pdata[i]));
    return array;
}

static json_t *
build_member(const ContentMember *member, gconstpointer field)
{
    if (member->is_list)
        return build_list(member, *(GPtrArray *const *) field);
    if (member->kind == CONTENT_MEMBER_STRUCT)
        return build_shape(member->element, *(gpointer const *) field);
    return content_member_build(member, field);
}

static json_t *
build_shape(const ContentShape *shape, gconstpointer element)
{
    json_t *object;

    if (element == NULL)
        return json_null();
    object = json_object();
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        gconstpointer field = (const guint8 *) element + member->offset;

        if (member->required || !is_default(member, field))
            json_object_set_new(object, member->name, build_member(member, field));
    }
    return object;
}

/* The long way: what we write goes through the very checks of whoever reads it. */
static GBytes *
write_tree(const ContentDocumentType *type, gconstpointer document, GError **error)
{
    json_auto_t *tree = build_shape(type->shape, document);
    gpointer again;

    json_object_set_new(tree, "type", json_string(type->type));
    json_object_set_new(tree, "v", json_integer(type->v));
    again = read_tree(type, tree, error);
    if (again == NULL)
        return NULL;
    content_document_free(type, again);
    return content_syntax_dump(type->type, tree, type->max_bytes, error);
}

GBytes *
content_document_write(const ContentDocumentType *type, gconstpointer document, GError **error)
{
    GBytes *bytes = content_write_bytes(type, document);

    return bytes != NULL ? bytes : write_tree(type, document, error);
}

gpointer
content_shape_new(const ContentShape *shape)
{
    gpointer element = g_malloc0(shape->struct_size);

    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        gpointer field = G_STRUCT_MEMBER_P(element, member->offset);

        if (member->is_list)
            *(GPtrArray **) field = g_ptr_array_new_with_free_func(
                member->kind == CONTENT_MEMBER_STRUCT ? member->element->free : g_free);
        else if (member->kind == CONTENT_MEMBER_INT && !member->required)
            *(gint64 *) field = member->absent;
    }
    return element;
}

void
content_shape_free(const ContentShape *shape, gpointer element)
{
    if (element == NULL)
        return;
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        gpointer field = G_STRUCT_MEMBER_P(element, member->offset);

        if (member->is_list)
            g_clear_pointer((GPtrArray **) field, g_ptr_array_unref);
        else if (member->kind == CONTENT_MEMBER_STRUCT)
            content_shape_free(member->element, *(gpointer *) field);
        else if (member->kind != CONTENT_MEMBER_INT && member->kind != CONTENT_MEMBER_BOOL &&
                 member->kind != CONTENT_MEMBER_ENUM)
            g_clear_pointer((char **) field, g_free);
    }
    g_free(element);
}

gpointer
content_document_new(const ContentDocumentType *type)
{
    return content_shape_new(type->shape);
}

void
content_document_free(const ContentDocumentType *type, gpointer document)
{
    content_shape_free(type->shape, document);
}

gboolean
content_document_peek_type(gconstpointer bytes, gsize n_bytes, char **out_type, gint64 *out_v,
                           GError **error)
{
    g_autoptr(GString) path = g_string_new(NULL);
    Walk walk = {"document", path, error};
    json_auto_t *tree =
        content_syntax_parse(walk.type, bytes, n_bytes, CONTENT_DOCUMENT_MAX_BYTES, error);
    const char *type = NULL;

    if (tree == NULL || !read_type_and_v(&walk, tree, &type, out_v))
        return FALSE;
    *out_type = g_strdup(type);
    return TRUE;
}
