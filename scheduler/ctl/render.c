/* render.c - see render.h */
#include "scheduler/ctl/render.h"

#include <string.h>

#include "scheduler/ctl/table.h"

/* "days.0.date", or "faults.*.words" for all of a list, joined by "; ". */
static char *text_at(const json_t *object, const char *member, const CtlColumn *column,
                     gboolean is_plain);

static char *
join_all(const json_t *list, const char *rest, const CtlColumn *column, gboolean is_plain)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < json_array_size(list); i++) {
        g_autofree char *one = text_at(json_array_get(list, i), rest, column, is_plain);

        g_string_append_printf(text, "%s%s", text->len == 0 || *one == '\0' ? "" : "; ", one);
    }
    return g_string_free(text, FALSE);
}

static char *
text_at(const json_t *object, const char *member, const CtlColumn *column, gboolean is_plain)
{
    const char *dot = strchr(member, '.');
    g_autofree char *step =
        dot == NULL ? g_strdup(member) : g_strndup(member, (gsize) (dot - member));
    const json_t *value;

    if (strcmp(step, "*") == 0)
        return join_all(object, dot == NULL ? "" : dot + 1, column, is_plain);
    if (json_is_array(object))
        value = json_array_get(object, (gsize) g_ascii_strtoull(step, NULL, 10));
    else
        value = json_object_get(object, step);
    if (value == NULL || json_is_null(value))
        return g_strdup("");
    return dot == NULL ? ctl_format(value, column->format, is_plain)
                       : text_at(value, dot + 1, column, is_plain);
}

char *
ctl_render_member(const json_t *object, const CtlColumn *column, gboolean is_plain)
{
    return text_at(object, column->member, column, is_plain);
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
add_row(CtlTable *table, const CtlColumn *columns, const json_t *object, gboolean is_plain)
{
    guint n_columns = count_columns(columns);
    g_auto(GStrv) cells = g_new0(char *, n_columns + 1);

    for (guint i = 0; i < n_columns; i++)
        cells[i] = ctl_render_member(object, &columns[i], is_plain);
    ctl_table_add(table, (const char *const *) cells);
}

static CtlTable *
make_table(const CtlCommand *command, const json_t *list, gboolean is_plain)
{
    guint n_columns = count_columns(command->columns);
    g_autofree const char **headings = g_new0(const char *, n_columns + 1);
    CtlTable *table;

    for (guint i = 0; i < n_columns; i++)
        headings[i] = command->columns[i].heading;
    table = ctl_table_new(headings);
    for (gsize i = 0; i < json_array_size(list); i++)
        add_row(table, command->columns, json_array_get(list, i), is_plain);
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
        g_autofree char *value = ctl_render_member(object, column, FALSE);

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

    const char *proposal = json_string_value(json_object_get(answer, "waits"));

    if (out == CTL_OUT_JSON)
        return render_json(answer);
    if (proposal != NULL)
        return g_strdup_printf("it would make more sound, and waits for a second person: "
                               "proposal %s\n",
                               proposal);
    if (command->columns == NULL)
        return g_strdup(out == CTL_OUT_TABLE ? "done\n" : "");
    if (list == NULL && out == CTL_OUT_TABLE)
        return render_object(command, answer);
    if (list == NULL) {
        json_t *one = json_pack("[O]", answer);

        table = make_table(command, one, out == CTL_OUT_CSV);
        json_decref(one);
    } else {
        table = make_table(command, list, out == CTL_OUT_CSV);
    }
    if (out == CTL_OUT_CSV)
        return ctl_table_csv(table);
    return ctl_table_length(table) == 0 ? g_strdup("nothing\n") : ctl_table_text(table);
}
