/* table.c - see table.h */
#include "scheduler/ctl/table.h"

#include <string.h>

struct CtlTable {
    guint n_columns;
    GPtrArray *rows; /* (owned) (element-type char **): the first one are the headings */
};

static void
add_row(CtlTable *self, const char *const *cells)
{
    char **row = g_new0(char *, self->n_columns + 1);

    for (guint i = 0; i < self->n_columns; i++)
        row[i] = g_strdup(cells[i] == NULL ? "" : cells[i]);
    g_ptr_array_add(self->rows, row);
}

CtlTable *
ctl_table_new(const char *const *headings)
{
    CtlTable *self = g_new0(CtlTable, 1);

    self->n_columns = g_strv_length((char **) headings);
    self->rows = g_ptr_array_new_with_free_func((GDestroyNotify) g_strfreev);
    add_row(self, headings);
    return self;
}

void
ctl_table_free(CtlTable *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->rows);
    g_free(self);
}

void
ctl_table_add(CtlTable *self, const char *const *cells)
{
    add_row(self, cells);
}

guint
ctl_table_length(CtlTable *self)
{
    return self->rows->len - 1;
}

guint
ctl_display_width(const char *text)
{
    guint width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar letter = g_utf8_get_char(text);

        if (!g_unichar_iszerowidth(letter))
            width += g_unichar_iswide(letter) ? 2 : 1;
    }
    return width;
}

static guint *
column_widths(const CtlTable *self)
{
    guint *widths = g_new0(guint, self->n_columns);

    for (guint i = 0; i < self->rows->len; i++) {
        char **row = g_ptr_array_index(self->rows, i);

        for (guint j = 0; j < self->n_columns; j++)
            widths[j] = MAX(widths[j], ctl_display_width(row[j]));
    }
    return widths;
}

char *
ctl_table_text(CtlTable *self)
{
    g_autofree guint *widths = column_widths(self);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < self->rows->len; i++) {
        char **row = g_ptr_array_index(self->rows, i);

        for (guint j = 0; j < self->n_columns; j++) {
            guint width = ctl_display_width(row[j]);

            g_string_append(text, row[j]);
            if (j + 1 < self->n_columns)
                g_string_append_printf(text, "%*s", (int) (widths[j] - width + 2), "");
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static gboolean
looks_like_formula(const char *cell)
{
    char *end = NULL;

    if (cell[0] == '\0' || strchr("=+-@\t\r", cell[0]) == NULL)
        return FALSE;
    g_ascii_strtod(cell, &end);
    return *end != '\0';
}

static void
append_csv_cell(GString *text, const char *cell)
{
    gboolean is_formula = looks_like_formula(cell);

    if (!is_formula && strpbrk(cell, ",\"\r\n") == NULL) {
        g_string_append(text, cell);
        return;
    }
    g_string_append(text, is_formula ? "\"'" : "\"");
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            g_string_append_c(text, '"');
        g_string_append_c(text, *cell);
    }
    g_string_append_c(text, '"');
}

char *
ctl_table_csv(CtlTable *self)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < self->rows->len; i++) {
        char **row = g_ptr_array_index(self->rows, i);

        for (guint j = 0; j < self->n_columns; j++) {
            if (j > 0)
                g_string_append_c(text, ',');
            append_csv_cell(text, row[j]);
        }
        g_string_append(text, "\r\n");
    }
    return g_string_free(text, FALSE);
}
