/*
 * table.h - rows for a terminal, or the same rows as CSV.
 *
 * Flow: commands fill one and print it. Pure.
 *
 * Columns are as wide as a terminal shows them: letters with combining breves (ơ̆, ê̆) count
 * once, wide East Asian ones twice.
 */
#pragma once

#include <glib.h>

typedef struct CtlTable CtlTable;

/** ctl_table_new: @headings: NULL-terminated, copied; at least one */
CtlTable *ctl_table_new(const char *const *headings);
void ctl_table_free(CtlTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlTable, ctl_table_free)

/**
 * ctl_table_add:
 * @cells: (array): as many as there are headings; NULL counts as ""; copied
 */
void ctl_table_add(CtlTable *self, const char *const *cells);

/** ctl_table_length: Returns: rows, the headings not counted */
guint ctl_table_length(CtlTable *self);

/** ctl_table_text: Returns: (transfer full): headings and rows in aligned columns, lines ended
 * by LF */
char *ctl_table_text(CtlTable *self);

/**
 * ctl_table_csv:
 *
 * Returns: (transfer full): RFC 4180 with a header line. A cell that a spreadsheet would take
 * for a formula (it begins with = + - @, tab or CR, and is no number) gets a leading
 * apostrophe.
 */
char *ctl_table_csv(CtlTable *self);

/** ctl_display_width: Returns: columns that @text takes on a terminal */
guint ctl_display_width(const char *text);
