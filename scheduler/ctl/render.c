/* render.c - see render.h */
#include "scheduler/ctl/render.h"

#include <string.h>

#include "scheduler/ctl/table.h"
#include "scheduler/ctl/words.h"

/* "days.0.date", or "faults.*.words" for all of a list, joined by "; ". */
static char *text_at(const json_t *object, const char *member, const CtlColumn *column,
                     const CtlView *view);

static char *
join_all(const json_t *list, const char *rest, const CtlColumn *column, const CtlView *view)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < json_array_size(list); i++) {
        g_autofree char *one = text_at(json_array_get(list, i), rest, column, view);

        g_string_append_printf(text, "%s%s", text->len == 0 || *one == '\0' ? "" : "; ", one);
    }
    return g_string_free(text, FALSE);
}

static char *
text_at(const json_t *object, const char *member, const CtlColumn *column, const CtlView *view)
{
    const char *dot = strchr(member, '.');
    g_autofree char *step =
        dot == NULL ? g_strdup(member) : g_strndup(member, (gsize) (dot - member));
    const json_t *value;

    if (strcmp(step, "*") == 0)
        return join_all(object, dot == NULL ? "" : dot + 1, column, view);
    if (json_is_array(object))
        value = json_array_get(object, (gsize) g_ascii_strtoull(step, NULL, 10));
    else
        value = json_object_get(object, step);
    if (value == NULL || json_is_null(value))
        return g_strdup("");
    return dot == NULL ? ctl_format(value, column->format, view)
                       : text_at(value, dot + 1, column, view);
}

char *
ctl_render_member(const json_t *object, const CtlColumn *column, const CtlView *view)
{
    return text_at(object, column->member, column, view);
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
add_row(CtlTable *table, const CtlColumn *columns, const json_t *object, const CtlView *view)
{
    guint n_columns = count_columns(columns);
    g_auto(GStrv) cells = g_new0(char *, n_columns + 1);

    for (guint i = 0; i < n_columns; i++)
        cells[i] = ctl_render_member(object, &columns[i], view);
    ctl_table_add(table, (const char *const *) cells);
}

static CtlTable *
make_table(const CtlCommand *command, const json_t *list, const CtlView *view)
{
    guint n_columns = count_columns(command->columns);
    g_autofree const char **headings = g_new0(const char *, n_columns + 1);
    CtlTable *table;

    for (guint i = 0; i < n_columns; i++)
        headings[i] = view->is_plain
                          ? command->columns[i].heading
                          : ctl_words_of(view->reader, "head", command->columns[i].heading);
    table = ctl_table_new(headings);
    for (gsize i = 0; i < json_array_size(list); i++)
        add_row(table, command->columns, json_array_get(list, i), view);
    return table;
}

static char *
render_object(const CtlCommand *command, const json_t *object, const CtlView *view)
{
    GString *text = g_string_new(NULL);
    guint width = 0;

    for (const CtlColumn *column = command->columns; column->heading != NULL; column++)
        width =
            MAX(width, ctl_display_width(ctl_words_of(view->reader, "head", column->heading)));
    for (const CtlColumn *column = command->columns; column->heading != NULL; column++) {
        const char *heading = ctl_words_of(view->reader, "head", column->heading);
        g_autofree char *value = ctl_render_member(object, column, view);

        g_string_append_printf(text, "%s:%*s%s\n", heading,
                               (int) (width - ctl_display_width(heading) + 1), "", value);
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

/* A word of its own on a line. */
static char *
say_line(const CtlView *view, const char *key, const char *proposal)
{
    g_autofree char *words = ctl_words_say(view->reader, key, "proposal", proposal, NULL);

    return g_strconcat(words, "\n", NULL);
}

char *
ctl_render(const CtlCommand *command, const json_t *answer, CtlOut out, const CtlView *view)
{
    const json_t *list = command->rows == NULL ? NULL : json_object_get(answer, command->rows);
    const char *proposal = json_string_value(json_object_get(answer, "waits"));
    g_autoptr(CtlTable) table = NULL;

    if (out == CTL_OUT_JSON)
        return render_json(answer);
    if (proposal != NULL)
        return out == CTL_OUT_CSV ? g_strdup_printf("waits\r\n%s\r\n", proposal)
                                  : say_line(view, "waits", proposal);
    if (command->columns == NULL)
        return out == CTL_OUT_TABLE ? say_line(view, "done", NULL) : g_strdup("");
    if (list == NULL && out == CTL_OUT_TABLE)
        return render_object(command, answer, view);
    if (list == NULL) {
        json_t *one = json_pack("[O]", answer);

        table = make_table(command, one, view);
        json_decref(one);
    } else {
        table = make_table(command, list, view);
    }
    if (out == CTL_OUT_CSV)
        return ctl_table_csv(table);
    return ctl_table_length(table) == 0 ? say_line(view, "nothing", NULL)
                                        : ctl_table_text(table);
}
