/* render.c - see render.h */
#include "scheduler/ctl/render.h"

#include <string.h>

#include "scheduler/ctl/table.h"

/* --- values
 * ------------------------------------------------------------------------------------ */

static char *
text_of(const json_t *value)
{
    g_autoptr(GString) text = g_string_new(NULL);

    switch (json_typeof(value)) {
    case JSON_STRING:
        return g_strdup(json_string_value(value));
    case JSON_INTEGER:
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return g_strdup_printf("%g", json_real_value(value));
    case JSON_TRUE:
        return g_strdup("yes");
    case JSON_FALSE:
        return g_strdup("no");
    case JSON_NULL:
        return g_strdup("");
    case JSON_OBJECT:
        return g_strdup("…");
    case JSON_ARRAY:
        break;
    }
    for (gsize i = 0; i < json_array_size(value); i++) {
        g_autofree char *element = text_of(json_array_get(value, i));

        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", element);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
time_of(gint64 at_us)
{
    g_autoptr(GDateTime) at = NULL;

    if (at_us == 0)
        return g_strdup("-");
    /* To the nearest second: some µs of clock before it are not another second. */
    at = g_date_time_new_from_unix_local((at_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);
    return at == NULL ? g_strdup("?") : g_date_time_format(at, "%d/%m/%Y %H:%M:%S");
}

static char *
duration_of(gint64 duration_us)
{
    gint64 tenths = duration_us / (G_USEC_PER_SEC / 10);

    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d.%d", tenths / 600,
                           (int) (tenths / 10 % 60), (int) (tenths % 10));
}

static char *
bytes_of(gint64 n_bytes)
{
    g_autofree char *size = g_format_size((guint64) MAX(n_bytes, 0));

    return g_steal_pointer(&size);
}

/* "days.0.date", or "faults.*.words" for all of a list, joined by "; ". */
static char *text_at(const json_t *object, const char *member, const CtlColumn *column);

static char *
join_all(const json_t *list, const char *rest, const CtlColumn *column)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < json_array_size(list); i++) {
        g_autofree char *one = text_at(json_array_get(list, i), rest, column);

        g_string_append_printf(text, "%s%s", text->len == 0 || *one == '\0' ? "" : "; ", one);
    }
    return g_string_free(text, FALSE);
}

static char *
format_value(const json_t *value, const CtlColumn *column)
{
    if (!json_is_integer(value))
        return text_of(value);
    switch (column->format) {
    case CTL_AS_TIME:
        return time_of(json_integer_value(value));
    case CTL_AS_DURATION:
        return duration_of(json_integer_value(value));
    case CTL_AS_DB:
        return g_strdup_printf("%.1f dB", (double) json_integer_value(value) / 1000);
    case CTL_AS_BYTES:
        return bytes_of(json_integer_value(value));
    case CTL_AS_TEXT:
        break;
    }
    return text_of(value);
}

static char *
text_at(const json_t *object, const char *member, const CtlColumn *column)
{
    const char *dot = strchr(member, '.');
    g_autofree char *step =
        dot == NULL ? g_strdup(member) : g_strndup(member, (gsize) (dot - member));
    const json_t *value;

    if (strcmp(step, "*") == 0)
        return join_all(object, dot == NULL ? "" : dot + 1, column);
    if (json_is_array(object))
        value = json_array_get(object, (gsize) g_ascii_strtoull(step, NULL, 10));
    else
        value = json_object_get(object, step);
    if (value == NULL || json_is_null(value))
        return g_strdup("");
    return dot == NULL ? format_value(value, column) : text_at(value, dot + 1, column);
}

char *
ctl_render_member(const json_t *object, const CtlColumn *column)
{
    return text_at(object, column->member, column);
}

/* --- answers
 * ----------------------------------------------------------------------------------- */

static guint
count_columns(const CtlColumn *columns)
{
    guint n_columns = 0;

    while (columns[n_columns].heading != NULL)
        n_columns++;
    return n_columns;
}

static void
add_row(CtlTable *table, const CtlColumn *columns, const json_t *object)
{
    guint n_columns = count_columns(columns);
    g_auto(GStrv) cells = g_new0(char *, n_columns + 1);

    for (guint i = 0; i < n_columns; i++)
        cells[i] = ctl_render_member(object, &columns[i]);
    ctl_table_add(table, (const char *const *) cells);
}

static CtlTable *
make_table(const CtlCommand *command, const json_t *list)
{
    guint n_columns = count_columns(command->columns);
    g_autofree const char **headings = g_new0(const char *, n_columns + 1);
    CtlTable *table;

    for (guint i = 0; i < n_columns; i++)
        headings[i] = command->columns[i].heading;
    table = ctl_table_new(headings);
    for (gsize i = 0; i < json_array_size(list); i++)
        add_row(table, command->columns, json_array_get(list, i));
    return table;
}

static char *
render_object(const CtlCommand *command, const json_t *object)
{
    GString *text = g_string_new(NULL);
    guint width = 0;

    for (const CtlColumn *column = command->columns; column->heading != NULL; column++)
        width = MAX(width, ctl_display_width(column->heading));
    for (const CtlColumn *column = command->columns; column->heading != NULL; column++) {
        g_autofree char *value = ctl_render_member(object, column);

        g_string_append_printf(text, "%s:%*s%s\n", column->heading,
                               (int) (width - ctl_display_width(column->heading) + 1), "",
                               value);
    }
    return g_string_free(text, FALSE);
}

static char *
render_json(const json_t *answer)
{
    char *json = json_dumps(answer, JSON_INDENT(2) | JSON_ENCODE_ANY);
    char *text = g_strconcat(json, "\n", NULL);

    free(json);
    return text;
}

char *
ctl_render(const CtlCommand *command, const json_t *answer, CtlOut out)
{
    const json_t *list = command->rows == NULL ? NULL : json_object_get(answer, command->rows);
    g_autoptr(CtlTable) table = NULL;

    if (out == CTL_OUT_JSON)
        return render_json(answer);
    if (command->columns == NULL)
        return g_strdup(out == CTL_OUT_TABLE ? "done\n" : "");
    if (list == NULL && out == CTL_OUT_TABLE)
        return render_object(command, answer);
    if (list == NULL) {
        json_t *one = json_pack("[O]", answer);

        table = make_table(command, one);
        json_decref(one);
    } else {
        table = make_table(command, list);
    }
    return out == CTL_OUT_CSV ? ctl_table_csv(table) : ctl_table_text(table);
}
