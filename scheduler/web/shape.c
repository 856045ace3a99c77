/* shape.c - see shape.h */
#include "scheduler/web/shape.h"

#include "content/document-member.h"
#include "content/language.h"

#include <string.h>

G_DEFINE_QUARK(SchedShapeError, sched_shape_error)

/* Where in a body we are, for messages. */
typedef struct {
    GString *path;
    GPtrArray *notices; /* (nullable) */
    GError **error;
} Walk;

static gboolean
complain(Walk *walk, const char *words)
{
    g_set_error(walk->error, SCHED_SHAPE_ERROR, SCHED_SHAPE_ERROR_MEMBER, "%s", words);
    return FALSE;
}

/* Brackets outside texts; the parser would go as deep as it is told to. */
static gboolean
is_too_deep(const char *text, gsize length)
{
    int depth = 0;
    gboolean in_text = FALSE;

    for (gsize i = 0; i < length; i++) {
        char c = text[i];

        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '{' || c == '['))
            depth++;
        else if (!in_text && (c == '}' || c == ']'))
            depth--;
        if (depth > SCHED_SHAPE_MAX_DEPTH)
            return TRUE;
    }
    return FALSE;
}

json_t *
sched_shape_parse(GBytes *body, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(body, &length);
    json_error_t cause = {.text = "it is empty"};
    const char *end = NULL;
    json_t *object = NULL;

    if (length > 0 && is_too_deep(text, length))
        g_strlcpy(cause.text, "it is nested too deeply", sizeof cause.text);
    else if (length > 0 && !g_utf8_validate_len(text, length, &end))
        g_snprintf(cause.text, sizeof cause.text, "byte %" G_GSIZE_FORMAT " is no UTF-8 text",
                   (gsize) (end - text) + 1);
    else if (length > 0)
        object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &cause);
    if (json_is_object(object))
        return object;
    g_set_error(error, SCHED_SHAPE_ERROR, SCHED_SHAPE_ERROR_JSON,
                "the body is no JSON object: %s",
                object != NULL ? "another value stands there" : cause.text);
    json_decref(object);
    return NULL;
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

static void
enter(Walk *walk, const char *name)
{
    if (walk->path->len > 0)
        g_string_append_c(walk->path, '.');
    g_string_append(walk->path, name);
}

static gboolean read_object(Walk *walk, const ContentShape *shape, json_t *object,
                            gpointer row);

/*
 * What a person reads must be what stands there: no text turned round, no invisible letter, no
 * look-alike; and keyboards write marks apart. The value itself is mended, so that whoever
 * keeps the body (a proposal, the work) has the same.
 */
static void
repair(Walk *walk, const ContentMember *member, json_t *value)
{
    g_autoptr(GPtrArray) notices = NULL;
    g_autofree char *clean = NULL;

    if (member->kind != CONTENT_MEMBER_TEXT || !json_is_string(value))
        return;
    clean = g_strcmp0(member->unit, SCHED_SHAPE_SECRET) == 0
                ? g_utf8_normalize(json_string_value(value), -1, G_NORMALIZE_NFC)
                : content_text_repair(json_string_value(value), NULL, &notices);
    if (clean != NULL)
        json_string_set(value, clean);
    for (guint i = 0; walk->notices != NULL && notices != NULL && i < notices->len; i++)
        g_ptr_array_add(walk->notices,
                        g_strdup_printf("%s: %s", walk->path->str, (char *) notices->pdata[i]));
}

static gboolean
holds_text(const ContentMember *member)
{
    return member->kind != CONTENT_MEMBER_INT && member->kind != CONTENT_MEMBER_BOOL &&
           member->kind != CONTENT_MEMBER_ENUM && member->kind != CONTENT_MEMBER_STRUCT;
}

static gboolean
read_value(Walk *walk, const ContentMember *member, json_t *value, gpointer field)
{
    g_autofree char *complaint = NULL;

    if (member->kind == CONTENT_MEMBER_STRUCT && json_is_object(value)) {
        *(gpointer *) field = content_shape_new(member->element);
        return read_object(walk, member->element, value, *(gpointer *) field);
    }
    repair(walk, member, value);
    complaint = content_member_complain(member, value);
    if (complaint != NULL)
        return complain(walk, complaint);
    if (holds_text(member))
        g_clear_pointer((char **) field, g_free);
    content_member_store(member, value, field);
    return TRUE;
}

static gboolean
read_list(Walk *walk, const ContentMember *member, json_t *list, GPtrArray **field)
{
    const gsize length = walk->path->len;

    if (!json_is_array(list))
        return complain(walk, "needs a list");
    if ((gint64) json_array_size(list) > member->max_count) {
        g_autofree char *words =
            g_strdup_printf("at most %" G_GINT64_FORMAT " elements are allowed",
                            member->max_count);

        return complain(walk, words);
    }
    g_clear_pointer(field, g_ptr_array_unref);
    *field = g_ptr_array_new_with_free_func(
        member->kind == CONTENT_MEMBER_STRUCT ? member->element->free : g_free);
    for (gsize i = 0; i < json_array_size(list); i++) {
        gpointer element = NULL;
        gboolean is_read;

        g_string_append_printf(walk->path, "[%" G_GSIZE_FORMAT "]", i);
        is_read = read_value(walk, member, json_array_get(list, i), &element);
        if (element != NULL)
            g_ptr_array_add(*field, element);
        if (!is_read)
            return FALSE;
        g_string_truncate(walk->path, length);
    }
    return TRUE;
}

static void
fill_in(const ContentMember *member, gpointer field)
{
    if (!member->is_list && member->kind == CONTENT_MEMBER_TEXT && member->min == 0 &&
        *(char **) field == NULL)
        *(char **) field = g_strdup("");
}

static gboolean
read_member(Walk *walk, const ContentMember *member, json_t *value, gpointer field)
{
    const gsize length = walk->path->len;
    gboolean is_read = TRUE;

    enter(walk, member->name);
    if (value == NULL || json_is_null(value)) {
        if (member->required)
            return complain(walk, "is missing");
        fill_in(member, field);
    } else if (member->is_list) {
        is_read = read_list(walk, member, value, field);
    } else {
        is_read = read_value(walk, member, value, field);
    }
    if (is_read)
        g_string_truncate(walk->path, length);
    return is_read;
}

static gboolean
read_object(Walk *walk, const ContentShape *shape, json_t *object, gpointer row)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        g_autofree char *shown = NULL;

        if (find_member(shape, name) != NULL)
            continue;
        shown = content_document_text(name, 40);
        enter(walk, shown);
        return complain(walk, "is not known here");
    }
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        if (!read_member(walk, member, json_object_get(object, member->name),
                         G_STRUCT_MEMBER_P(row, member->offset)))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_shape_read(const ContentShape *shape, json_t *object, gpointer row, char **out_member,
                 GPtrArray *notices, GError **error)
{
    g_autoptr(GString) path = g_string_new(NULL);
    Walk walk = {path, notices, error};
    gboolean is_read = read_object(&walk, shape, object, row);

    if (!is_read && out_member != NULL)
        *out_member = g_strdup(path->str);
    return is_read;
}

static json_t *
write_value(const ContentMember *member, gconstpointer field)
{
    gconstpointer element;

    if (member->kind != CONTENT_MEMBER_STRUCT)
        return content_member_build(member, field);
    element = *(gconstpointer const *) field;
    return element == NULL ? json_null() : sched_shape_write(member->element, element);
}

static json_t *
write_list(const ContentMember *member, const GPtrArray *list)
{
    json_t *array = json_array();

    for (guint i = 0; list != NULL && i < list->len; i++)
        json_array_append_new(array, write_value(member, &list->pdata[i]));
    return array;
}

/* An absent integer whose sign for that is no value of its own: better left out than told. */
static gboolean
is_no_value(const ContentMember *member, gconstpointer field)
{
    return member->kind == CONTENT_MEMBER_INT && !member->is_list && !member->required &&
           (member->absent < member->min || member->absent > member->max) &&
           content_member_is_default(member, field);
}

json_t *
sched_shape_write(const ContentShape *shape, gconstpointer row)
{
    json_t *object = json_object();

    for (const ContentMember *member = shape->members; row != NULL && member->name != NULL;
         member++) {
        gconstpointer field = (const guint8 *) row + member->offset;
        json_t *value;

        if (is_no_value(member, field))
            continue;
        value = member->is_list ? write_list(member, *(GPtrArray *const *) field)
                                : write_value(member, field);
        if (json_is_null(value))
            json_decref(value);
        else
            json_object_set_new(object, member->name, value);
    }
    return object;
}

json_t *
sched_shape_write_all(const ContentShape *shape, GPtrArray *rows)
{
    json_t *array = json_array();

    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(array, sched_shape_write(shape, rows->pdata[i]));
    return array;
}
