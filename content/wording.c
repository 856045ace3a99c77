/* wording.c - see wording.h */
#include "content/wording.h"

#include "content/wording/catalogue.h"

#include <string.h>

static const ContentWording *const catalogues[] = {
    [CONTENT_READER_VI] = content_wording_vi,
    [CONTENT_READER_EN] = content_wording_en,
};

gboolean
content_wording_reader(const char *word, ContentReader *out_reader)
{
    static const char *const words[] = {[CONTENT_READER_VI] = "vi", [CONTENT_READER_EN] = "en"};

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_strcmp0(word, words[i]) != 0)
            continue;
        if (out_reader != NULL)
            *out_reader = (ContentReader) i;
        return TRUE;
    }
    return FALSE;
}

const char *
content_wording_text(ContentReader reader, const char *key)
{
    for (const ContentWording *row = catalogues[reader]; row->key != NULL; row++) {
        if (strcmp(row->key, key) == 0)
            return row->text;
    }
    return NULL;
}

const char *
content_wording_reason(ContentReader reader, ContentReason reason)
{
    g_autofree char *key = g_strconcat("reason.", content_reason_words[reason], NULL);
    const char *text = content_wording_text(reader, key);

    return text == NULL ? "" : text;
}

/* Returns: (transfer full): 05:30:12, on the station's clock */
static char *
instant(const char *value, GTimeZone *zone)
{
    gint64 at_us = g_ascii_strtoll(value, NULL, 10);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) at =
        utc == NULL || zone == NULL ? NULL : g_date_time_to_timezone(utc, zone);

    if (utc == NULL)
        return g_strdup(value);
    return at == NULL ? g_date_time_format(utc, "%H:%M:%S UTC")
                      : g_date_time_format(at, "%H:%M:%S");
}

/* Returns: (transfer full): what a kind of row is called */
static char *
kind_of(const char *kind, ContentReader reader)
{
    g_autofree char *key = g_strconcat("kind.", kind, NULL);
    const char *text = content_wording_text(reader, key);

    return g_strdup(text == NULL ? kind : text);
}

/* Returns: (transfer full): what stands for {@name}; "?" where the remark does not say it */
static char *
value_of(const ContentRemark *remark, const char *name, ContentReader reader, GTimeZone *zone)
{
    const char *value =
        strcmp(name, "subject") == 0 ? remark->subject : content_remark_get(remark, name);

    if (value == NULL)
        return g_strdup("?");
    if (strcmp(name, "kind") == 0)
        return kind_of(value, reader);
    return g_str_has_suffix(name, "_us") ? instant(value, zone) : g_strdup(value);
}

static void
fill(GString *out, const char *text, const ContentRemark *remark, ContentReader reader,
     GTimeZone *zone)
{
    const char *open, *close;

    while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
        g_autofree char *name = g_strndup(open + 1, (gsize) (close - open - 1));
        g_autofree char *value = value_of(remark, name, reader, zone);

        g_string_append_len(out, text, open - text);
        g_string_append(out, value);
        text = close + 1;
    }
    g_string_append(out, text);
}

static void
say_code(GString *out, const ContentRemark *remark)
{
    g_string_append(out, remark->code);
    if (remark->subject != NULL)
        g_string_append_printf(out, " %s", remark->subject);
    for (guint i = 0; i < remark->arguments->len; i++) {
        const ContentRemarkArgument *argument = remark->arguments->pdata[i];

        g_string_append_printf(out, " %s=%s", argument->name, argument->value);
    }
}

char *
content_wording_remark(const ContentRemark *remark, ContentReader reader, GTimeZone *zone)
{
    g_autofree char *key = g_strconcat("fault.", remark->code, NULL);
    const char *text = content_wording_text(reader, key);
    GString *out = g_string_new(NULL);

    if (text != NULL)
        fill(out, text, remark, reader, zone);
    else
        say_code(out, remark);
    if (remark->words != NULL)
        g_string_append_printf(out, " (\"%s\")", remark->words);
    return g_string_free(out, FALSE);
}

char *
content_wording_code(const ContentRemark *remark)
{
    GString *out = g_string_new(NULL);

    say_code(out, remark);
    return g_string_free(out, FALSE);
}

char *
content_wording_remarks(const GPtrArray *remarks, ContentReader reader, GTimeZone *zone)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < remarks->len; i++) {
        g_autofree char *one = content_wording_remark(remarks->pdata[i], reader, zone);

        g_string_append_printf(out, "%s%s", i == 0 ? "" : "; ", one);
    }
    return g_string_free(out, FALSE);
}
