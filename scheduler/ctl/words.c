/* words.c - see words.h */
#include "scheduler/ctl/words.h"

#include "scheduler/ctl/words/catalogue.h"

#include <string.h>

static const ContentWording *const catalogues[] = {
    [CONTENT_READER_VI] = ctl_words_vi,
    [CONTENT_READER_EN] = ctl_words_en,
};

const char *
ctl_words_get(ContentReader reader, const char *key)
{
    for (const ContentWording *row = catalogues[reader]; row->key != NULL; row++) {
        if (strcmp(row->key, key) == 0)
            return row->text;
    }
    return NULL;
}

const char *
ctl_words_of(ContentReader reader, const char *family, const char *name)
{
    g_autofree char *key = g_strdup_printf("%s.%s", family, name);
    const char *text = ctl_words_get(reader, key);

    return text == NULL ? name : text;
}

/* @values: names and values in turn. One pass, so that a value with braces stays as it is. */
static char *
fill(const char *text, const GPtrArray *values)
{
    GString *out = g_string_new(NULL);
    const char *open, *close;

    while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
        g_autofree char *name = g_strndup(open + 1, (gsize) (close - open - 1));
        const char *value = "?";

        for (guint i = 0; i + 1 < values->len; i += 2) {
            if (strcmp(values->pdata[i], name) == 0)
                value = values->pdata[i + 1];
        }
        g_string_append_len(out, text, open - text);
        g_string_append(out, value);
        text = close + 1;
    }
    g_string_append(out, text);
    return g_string_free(out, FALSE);
}

static char *
say(ContentReader reader, const char *family, const char *key, va_list arguments)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    char *name;

    while ((name = va_arg(arguments, char *)) != NULL) {
        char *value = va_arg(arguments, char *);

        g_ptr_array_add(values, name);
        g_ptr_array_add(values, value == NULL ? (char *) "" : value);
    }
    return fill(ctl_words_of(reader, family, key), values);
}

char *
ctl_words_say(ContentReader reader, const char *key, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, key);
    text = say(reader, "say", key, arguments);
    va_end(arguments);
    return text;
}

gboolean
ctl_fail(GError **error, CtlClientError code, const char *key, ...)
{
    g_autofree char *words = NULL;
    va_list arguments;

    va_start(arguments, key);
    words = say(content_reader_here(), "error", key, arguments);
    va_end(arguments);
    g_set_error_literal(error, CTL_CLIENT_ERROR, (int) code, words);
    return FALSE;
}
