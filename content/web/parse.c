/* parse.c - see parse.h */
#include "content/web/parse.h"

#include <string.h>

/* As g_uri_unescape_segment(), but a NUL, a control character or no UTF-8 is refused. */
static char *
decode(const char *text, gsize length, gboolean plus_is_space)
{
    g_autofree char *raw = g_strndup(text, length);
    g_autofree char *clear = NULL;

    if (plus_is_space)
        g_strdelimit(raw, "+", ' ');
    clear = g_uri_unescape_string(raw, NULL); /* NULL for a broken escape and for %00 */
    if (clear == NULL || !g_utf8_validate(clear, -1, NULL))
        return NULL;
    for (const char *c = clear; *c != '\0'; c++) {
        if ((guchar) *c < 0x20 || *c == 0x7f)
            return NULL;
    }
    return g_steal_pointer(&clear);
}

static gboolean
add_segment(ContentTarget *target, const char *text, gsize length)
{
    g_autofree char *segment = decode(text, length, FALSE);

    if (segment == NULL || segment[0] == '\0' || g_str_equal(segment, ".") ||
        g_str_equal(segment, "..") || target->segments->len >= CONTENT_TARGET_MAX_SEGMENTS)
        return FALSE;
    g_ptr_array_add(target->segments, g_steal_pointer(&segment));
    return TRUE;
}

static gboolean
parse_path(ContentTarget *target)
{
    const char *rest = target->path;

    if (rest[0] != '/')
        return FALSE;
    if (rest[1] == '\0')
        return TRUE;
    while (*rest == '/') {
        gsize length = strcspn(rest + 1, "/");

        if (!add_segment(target, rest + 1, length))
            return FALSE;
        rest += 1 + length;
    }
    return TRUE;
}

static gboolean
add_query(ContentTarget *target, const char *text, gsize length)
{
    const char *equals = memchr(text, '=', length);
    gsize n_name = equals == NULL ? length : (gsize) (equals - text);
    g_autofree char *name = decode(text, n_name, TRUE);
    g_autofree char *value =
        equals == NULL ? g_strdup("") : decode(equals + 1, length - n_name - 1, TRUE);

    if (name == NULL || name[0] == '\0' || value == NULL ||
        g_hash_table_contains(target->query, name) ||
        g_hash_table_size(target->query) >= CONTENT_TARGET_MAX_QUERY)
        return FALSE;
    g_hash_table_insert(target->query, g_steal_pointer(&name), g_steal_pointer(&value));
    return TRUE;
}

static gboolean
parse_query(ContentTarget *target, const char *text)
{
    while (*text != '\0') {
        gsize length = strcspn(text, "&");

        if (!add_query(target, text, length))
            return FALSE;
        text += length + (text[length] == '&');
    }
    return TRUE;
}

ContentTarget *
content_target_parse(const char *text)
{
    g_autoptr(ContentTarget) target = g_new0(ContentTarget, 1);
    const char *mark = strchr(text, '?');

    target->segments = g_ptr_array_new_with_free_func(g_free);
    target->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    target->path = mark == NULL ? g_strdup(text) : g_strndup(text, (gsize) (mark - text));
    if (strlen(text) > CONTENT_TARGET_MAX_BYTES || !parse_path(target) ||
        (mark != NULL && !parse_query(target, mark + 1)))
        return NULL;
    return g_steal_pointer(&target);
}

void
content_target_free(ContentTarget *target)
{
    if (target == NULL)
        return;
    g_free(target->path);
    g_ptr_array_unref(target->segments);
    g_hash_table_unref(target->query);
    g_free(target);
}

/* Digits alone; no sign, no space; FALSE if there is none or it is beyond all files. */
static gboolean
take_number(const char **text, gint64 *out)
{
    gint64 value = 0;
    int n_digits = 0;

    for (; g_ascii_isdigit(**text); (*text)++, n_digits++) {
        if (n_digits >= 15)
            return FALSE;
        value = value * 10 + (**text - '0');
    }
    *out = value;
    return n_digits > 0;
}

static ContentRange
part_of(gint64 first, gint64 last, gint64 size_bytes, gint64 *out_first, gint64 *out_count)
{
    if (first >= size_bytes)
        return CONTENT_RANGE_NONE;
    *out_first = first;
    *out_count = MIN(last, size_bytes - 1) - first + 1;
    return CONTENT_RANGE_PART;
}

ContentRange
content_range_parse(const char *header, gint64 size_bytes, gint64 *out_first, gint64 *out_count)
{
    gint64 first = 0, last = G_MAXINT64;

    *out_first = 0;
    *out_count = size_bytes;
    if (header == NULL || !g_str_has_prefix(header, "bytes="))
        return CONTENT_RANGE_WHOLE;
    header += strlen("bytes=");
    if (*header == '-') { /* the last so many bytes */
        header++;
        if (!take_number(&header, &last) || *header != '\0')
            return CONTENT_RANGE_WHOLE;
        return last == 0 ? CONTENT_RANGE_NONE
                         : part_of(MAX(size_bytes - last, 0), size_bytes - 1, size_bytes,
                                   out_first, out_count);
    }
    if (!take_number(&header, &first) || *header++ != '-')
        return CONTENT_RANGE_WHOLE;
    if (*header != '\0' && (!take_number(&header, &last) || *header != '\0' || last < first))
        return CONTENT_RANGE_WHOLE;
    return part_of(first, last, size_bytes, out_first, out_count);
}

char *
content_cookie_get(const char *header, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(header == NULL ? "" : header, ";", 64);
    const char *found = NULL;
    gsize n_name = strlen(name);

    for (gsize i = 0; parts[i] != NULL; i++) {
        const char *part = g_strstrip(parts[i]);

        if (strncmp(part, name, n_name) != 0 || part[n_name] != '=')
            continue;
        if (found != NULL)
            return NULL;
        found = part + n_name + 1;
    }
    return g_strdup(found);
}

gboolean
content_media_is(const char *header, const char *type)
{
    g_autofree char *plain = NULL;

    if (header == NULL)
        return FALSE;
    plain = g_strndup(header, strcspn(header, ";"));
    g_strstrip(plain);
    if (g_str_has_suffix(type, "/*"))
        return g_ascii_strncasecmp(plain, type, strlen(type) - 1) == 0;
    return g_ascii_strcasecmp(plain, type) == 0;
}
