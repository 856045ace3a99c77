/* csv.c - see csv.h */
#include "scheduler/store/csv.h"

#include "scheduler/store/db.h"

#include <string.h>

void
sched_csv_begin(SchedCsv *csv, const char *text, gsize n_bytes)
{
    *csv = (SchedCsv){.text = text, .n_bytes = n_bytes, .next_line = 1};
    if (n_bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        csv->at = 3;
}

static gboolean
fail(SchedCsv *csv, const char *why, GError **error)
{
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                "line %" G_GINT64_FORMAT ": %s", csv->line, why);
    return FALSE;
}

static int
peek(const SchedCsv *csv, gsize ahead)
{
    return csv->at + ahead < csv->n_bytes ? (guchar) csv->text[csv->at + ahead] : -1;
}

/* Takes the end of a line, if there is one: LF, CR LF, or the end of the file. */
static gboolean
take_end_of_line(SchedCsv *csv)
{
    if (peek(csv, 0) == '\r' && peek(csv, 1) == '\n')
        csv->at++;
    if (peek(csv, 0) == '\n') {
        csv->at++;
        csv->next_line++;
        return TRUE;
    }
    return peek(csv, 0) < 0;
}

static gboolean
read_quoted(SchedCsv *csv, GString *field, GError **error)
{
    csv->at++;
    while (TRUE) {
        int c = peek(csv, 0);

        if (c < 0)
            return fail(csv, "a quotation mark is not closed", error);
        if (field->len >= SCHED_CSV_MAX_FIELD_BYTES)
            return fail(csv, "a field is too long", error);
        csv->at++;
        if (c == '\n')
            csv->next_line++;
        if (c == '"' && peek(csv, 0) != '"')
            return TRUE;
        if (c == '"')
            csv->at++;
        g_string_append_c(field, (char) c);
    }
}

static gboolean
read_plain(SchedCsv *csv, GString *field, GError **error)
{
    for (int c = peek(csv, 0); c >= 0 && c != ',' && c != '\n'; c = peek(csv, 0)) {
        if (c == '\r' && peek(csv, 1) == '\n')
            break;
        if (c == '"' || c == '\r')
            return fail(csv, "a quotation mark or carriage return inside a field", error);
        if (field->len >= SCHED_CSV_MAX_FIELD_BYTES)
            return fail(csv, "a field is too long", error);
        g_string_append_c(field, (char) c);
        csv->at++;
    }
    return TRUE;
}

/* One row; @out_is_last_field says that the line ended after the field. */
static gboolean
read_field(SchedCsv *csv, GPtrArray *fields, gboolean *out_is_last_field, GError **error)
{
    g_autoptr(GString) field = g_string_new(NULL);
    gboolean ok =
        peek(csv, 0) == '"' ? read_quoted(csv, field, error) : read_plain(csv, field, error);

    if (!ok)
        return FALSE;
    if (fields->len >= SCHED_CSV_MAX_FIELDS)
        return fail(csv, "too many fields", error);
    if (memchr(field->str, '\0', field->len) != NULL ||
        !g_utf8_validate(field->str, (gssize) field->len, NULL))
        return fail(csv, "not UTF-8", error);
    g_ptr_array_add(fields, g_strdup(field->str));
    if (peek(csv, 0) == ',') {
        csv->at++;
        *out_is_last_field = FALSE;
        return TRUE;
    }
    *out_is_last_field = TRUE;
    if (!take_end_of_line(csv))
        return fail(csv, "something follows the closing quotation mark", error);
    return TRUE;
}

GPtrArray *
sched_csv_next(SchedCsv *csv, GError **error)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
    gboolean is_last_field = FALSE;

    while (csv->at < csv->n_bytes && take_end_of_line(csv))
        ;
    if (csv->at >= csv->n_bytes)
        return NULL;
    csv->line = csv->next_line;
    while (!is_last_field) {
        if (!read_field(csv, fields, &is_last_field, error))
            return NULL;
    }
    return g_steal_pointer(&fields);
}
