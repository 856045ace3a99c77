/*
 * document-syntax.c - see document-syntax.h
 *
 * The limits are checked over the bytes, before the parser sees them: nesting costs it stack,
 * and every value costs it memory that the number of bytes does not bound well enough.
 */
#include "content/document-syntax.h"

#include "content/document.h"

#include <stdlib.h>
#include <string.h>

/* Escapes only what RFC 8259 demands: quote, backslash and the control characters. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_SORT_KEYS)

static void
set_error(GError **error, const char *name, const char *words)
{
    g_set_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_SYNTAX, "%s: %s", name,
                words);
}

/* Counts nesting and values outside of strings; not yet whether the brackets match. */
static const char *
complain_of_limits(const char *bytes, gsize n_bytes)
{
    gboolean is_in_string = FALSE;
    gsize depth = 0, n_values = 0;

    for (gsize i = 0; i < n_bytes; i++) {
        switch (bytes[i]) {
        case '\0':
            return "holds a NUL";
        case '"':
            is_in_string = !is_in_string;
            break;
        case '\\':
            i += is_in_string;
            break;
        case '{':
        case '[':
            depth += !is_in_string;
            n_values += !is_in_string;
            break;
        case '}':
        case ']':
            depth -= !is_in_string && depth > 0;
            break;
        case ',':
            n_values += !is_in_string;
            break;
        default:
            break;
        }
        if (depth > CONTENT_DOCUMENT_MAX_DEPTH)
            return "is nested too deeply";
        if (n_values > CONTENT_DOCUMENT_MAX_VALUES)
            return "holds too many values";
    }
    return NULL;
}

static gboolean
check_limits(const char *name, const char *bytes, gsize n_bytes, gsize max_bytes,
             GError **error)
{
    const char *complaint;

    if (n_bytes > max_bytes) {
        g_set_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_SYNTAX,
                    "%s: %" G_GSIZE_FORMAT " bytes, at most %" G_GSIZE_FORMAT " are allowed",
                    name, n_bytes, max_bytes);
        return FALSE;
    }
    complaint = complain_of_limits(bytes, n_bytes);
    if (complaint != NULL)
        set_error(error, name, complaint);
    return complaint == NULL;
}

static gboolean
is_canonical(const json_t *object, const char *bytes, gsize n_bytes)
{
    char *again = json_dumps(object, DUMP_FLAGS);
    gboolean is_same =
        again != NULL && strlen(again) == n_bytes && memcmp(again, bytes, n_bytes) == 0;

    free(again);
    return is_same;
}

json_t *
content_syntax_parse(const char *name, gconstpointer bytes, gsize n_bytes, gsize max_bytes,
                     GError **error)
{
    json_auto_t *object = NULL;
    json_error_t cause;

    if (!check_limits(name, bytes, n_bytes, max_bytes, error))
        return NULL;
    if (!g_utf8_validate_len(bytes, n_bytes, NULL)) {
        set_error(error, name, "is not UTF-8");
        return NULL;
    }
    object = json_loadb(bytes, n_bytes, JSON_REJECT_DUPLICATES, &cause);
    if (object == NULL) {
        g_autofree char *words = content_document_text(cause.text, JSON_ERROR_TEXT_LENGTH);

        g_set_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_SYNTAX,
                    "%s: %s at byte %d", name, words, cause.position);
        return NULL;
    }
    if (!json_is_object(object)) {
        set_error(error, name, "is not an object");
        return NULL;
    }
    if (!is_canonical(object, bytes, n_bytes)) {
        set_error(error, name, "is not in canonical form");
        return NULL;
    }
    return g_steal_pointer(&object);
}

GBytes *
content_syntax_dump(const char *name, const json_t *object, gsize max_bytes, GError **error)
{
    char *text = json_dumps(object, DUMP_FLAGS);
    g_autoptr(GBytes) bytes = NULL;

    if (text == NULL) {
        set_error(error, name, "cannot be written as JSON");
        return NULL;
    }
    bytes = g_bytes_new_with_free_func(text, strlen(text), free, text);
    if (!check_limits(name, text, strlen(text), max_bytes, error))
        return NULL;
    return g_steal_pointer(&bytes);
}
