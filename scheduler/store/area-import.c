/* area-import.c - areas from a CSV file, all or nothing; see areas.h */
#include "scheduler/store/areas.h"

#include "content/document.h"
#include "content/kinds.h"
#include "content/language.h"
#include "scheduler/store/csv.h"
#include "scheduler/store/sound.h"
#include "scheduler/store/sql.h"

#include <string.h>

typedef enum {
    COLUMN_ID,
    COLUMN_PARENT,
    COLUMN_KIND,
    COLUMN_NAME,
    COLUMN_CODE,
    COLUMN_VALID_FROM,
    COLUMN_VALID_TO,
    COLUMN_SUCCESSOR,
    N_COLUMNS,
} Column;

/* clang-format off */
static const struct { const char *name; gboolean is_required; } columns[N_COLUMNS] = {
    [COLUMN_ID]         = { "id",         TRUE  },
    [COLUMN_PARENT]     = { "parent",     FALSE },
    [COLUMN_KIND]       = { "kind",       TRUE  },
    [COLUMN_NAME]       = { "name",       TRUE  },
    [COLUMN_CODE]       = { "code",       FALSE },
    [COLUMN_VALID_FROM] = { "valid_from", FALSE },
    [COLUMN_VALID_TO]   = { "valid_to",   FALSE },
    [COLUMN_SUCCESSOR]  = { "successor",  FALSE },
};

/* The database's own rules about a row, and the column that is to be mended. */
static const struct { const char *words; Column column; } rules[] = {
    { "an area cannot lie below itself",                         COLUMN_PARENT },
    { "another area has this official code at the same time",    COLUMN_CODE },
    { "an area ends after it begins",                            COLUMN_VALID_TO },
};
/* clang-format on */

/* Where each column stands in the file; -1: it does not. */
typedef struct {
    gint at[N_COLUMNS];
    guint n_fields;
} Header;

static gint
column_by_name(const char *name)
{
    for (gint i = 0; i < N_COLUMNS; i++) {
        if (g_str_equal(columns[i].name, name))
            return i;
    }
    return -1;
}

/* What a person can read at once; more is counted. */
#define MAX_FAULT_BYTES 3000

/* What is wrong with the rows so far: a person mends a table once, not row by row. */
typedef struct {
    GString *words;      /* (owned) */
    GHashTable *refused; /* (owned): ids of rows that are wrong: their children are not */
    guint n_unnamed;
} Faults;

static void
faults_init(Faults *faults)
{
    faults->words = g_string_new(NULL);
    faults->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    faults->n_unnamed = 0;
}

static void
faults_clear(Faults *faults)
{
    g_string_free(faults->words, TRUE);
    g_hash_table_unref(faults->refused);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Faults, faults_clear)

/* Takes a fault of the table and goes on; %FALSE for one of the machine. */
static gboolean
take_fault(Faults *faults, const char *id, GError *fault, GError **error)
{
    if (fault->code == SCHED_STORE_ERROR_IO || fault->code == SCHED_STORE_ERROR_FULL ||
        fault->code == SCHED_STORE_ERROR_BUSY || fault->code == SCHED_STORE_ERROR_CORRUPT) {
        g_propagate_error(error, fault);
        return FALSE;
    }
    if (id != NULL)
        g_hash_table_add(faults->refused, g_strdup(id));
    if (faults->words->len < MAX_FAULT_BYTES)
        g_string_append_printf(faults->words, "%s%s", faults->words->len > 0 ? "; " : "",
                               fault->message);
    else
        faults->n_unnamed++;
    g_error_free(fault);
    return TRUE;
}

static gboolean
check_faults(const Faults *faults, GError **error)
{
    if (faults->words->len == 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        faults->words->str);
    if (faults->n_unnamed > 0 && error != NULL) {
        g_autofree char *words =
            g_strdup_printf("%s; and %u lines more", (*error)->message, faults->n_unnamed);

        g_clear_error(error);
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID, words);
    }
    return FALSE;
}

static gboolean
fail(gint64 line, const char *column, const char *value, const char *why, GError **error)
{
    g_autofree char *shown = content_document_text(value, 80);

    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                "line %" G_GINT64_FORMAT ", column %s: “%s” %s", line, column, shown, why);
    return FALSE;
}

static gboolean
read_header(GPtrArray *names, gint64 line, Header *header, GError **error)
{
    for (gint i = 0; i < N_COLUMNS; i++)
        header->at[i] = -1;
    header->n_fields = names->len;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        gint column = column_by_name(name);

        if (column < 0)
            return fail(line, name, name, "is none of our columns", error);
        if (header->at[column] >= 0)
            return fail(line, name, name, "stands twice", error);
        header->at[column] = (gint) i;
    }
    for (gint i = 0; i < N_COLUMNS; i++) {
        if (columns[i].is_required && header->at[i] < 0)
            return fail(line, columns[i].name, "", "is missing", error);
    }
    return TRUE;
}

/* (nullable): an empty field is none */
static char *
field(const Header *header, GPtrArray *fields, Column column)
{
    const char *text =
        header->at[column] < 0 ? "" : g_ptr_array_index(fields, (guint) header->at[column]);

    return *text == '\0' ? NULL : (char *) text;
}

/* "column …, " for a fault that the store found; empty for one of the machine. */
static char *
place_in_row(const char *words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (strstr(words, rules[i].words) != NULL)
            return g_strdup_printf(", column %s", columns[rules[i].column].name);
    }
    for (gint i = 0; i < N_COLUMNS; i++) {
        if (g_str_has_prefix(words, columns[i].name) && words[strlen(columns[i].name)] == ':')
            return g_strdup_printf(", column %s", columns[i].name);
    }
    return g_strdup("");
}

/* Checks what the database's own message could not place in a column. */
static gboolean
check_row(SchedTxn *txn, const SchedAreaRow *area, const char *kind, gint64 line,
          GError **error)
{
    g_autoptr(GError) why = NULL;

    if (!sched_check_id("", area->id, &why))
        return fail(line, "id", area->id == NULL ? "" : area->id, "is no id", error);
    if (area->kind < 0)
        return fail(line, "kind", kind == NULL ? "" : kind, "is no kind of area", error);
    if (area->name == NULL)
        return fail(line, "name", "", "is empty", error);
    if (area->parent != NULL && !sched_store_area_contains(txn, area->parent, area->parent))
        return fail(line, "parent", area->parent,
                    "is no area yet (parents stand before their children)", error);
    if (sched_store_sound_after_move(txn, area->id, area->parent))
        return fail(line, "parent", area->parent == NULL ? "" : area->parent,
                    "would make more sound: such a move is a change of its own, for a second "
                    "person to approve",
                    error);
    if (area->valid_from != NULL && !sched_check_date("", area->valid_from, NULL))
        return fail(line, "valid_from", area->valid_from, "is no date (YYYY-MM-DD)", error);
    if (area->valid_to != NULL && !sched_check_date("", area->valid_to, NULL))
        return fail(line, "valid_to", area->valid_to, "is no date (YYYY-MM-DD)", error);
    return TRUE;
}

static gboolean
import_row(SchedTxn *txn, const Header *header, GPtrArray *fields, gint64 line,
           gboolean with_successor, GError **error)
{
    const char *kind = field(header, fields, COLUMN_KIND);
    char *typed = field(header, fields, COLUMN_NAME);
    /* As a name that is typed; what is no UTF-8 is refused below. */
    g_autofree char *name = typed == NULL ? NULL : content_text_repair(typed, NULL, NULL);
    SchedAreaRow area = {
        .id = field(header, fields, COLUMN_ID),
        .parent = field(header, fields, COLUMN_PARENT),
        .kind = content_word_index(sched_area_kind_words, kind),
        .name = name != NULL ? name : typed,
        .code = field(header, fields, COLUMN_CODE),
        .valid_from = field(header, fields, COLUMN_VALID_FROM),
        .valid_to = field(header, fields, COLUMN_VALID_TO),
        .successor = with_successor ? field(header, fields, COLUMN_SUCCESSOR) : NULL,
    };

    g_autoptr(GError) why = NULL;

    if (with_successor && area.successor == NULL)
        return TRUE;
    if (!check_row(txn, &area, kind, line, error))
        return FALSE;
    if (area.successor != NULL &&
        !sched_store_area_contains(txn, area.successor, area.successor))
        return fail(line, "successor", area.successor, "is no area", error);
    if (!sched_store_area_put(txn, &area, &why)) {
        g_autofree char *place = place_in_row(why->message);

        g_propagate_prefixed_error(error, g_steal_pointer(&why),
                                   "line %" G_GINT64_FORMAT "%s: ", line, place);
        return FALSE;
    }
    return TRUE;
}

/* A child of a row that is wrong says nothing new. */
static gboolean
take_row(SchedTxn *txn, const Header *header, GPtrArray *fields, gint64 line,
         gboolean with_successor, Faults *faults, GError **error)
{
    GError *fault = NULL;
    const char *id = NULL, *parent = NULL;

    if (fields->len != header->n_fields) {
        fail(line, "id", g_ptr_array_index(fields, 0),
             "begins a line with another number of fields than the header", &fault);
        return take_fault(faults, NULL, fault, error);
    }
    id = field(header, fields, COLUMN_ID);
    parent = field(header, fields, COLUMN_PARENT);
    if (parent != NULL && g_hash_table_contains(faults->refused, parent)) {
        g_hash_table_add(faults->refused, g_strdup(id == NULL ? "" : id));
        return TRUE;
    }
    return import_row(txn, header, fields, line, with_successor, &fault) ||
           take_fault(faults, id, fault, error);
}

/* Successors may stand further down, so the file is read twice. */
static gboolean
import_pass(SchedTxn *txn, const char *text, gsize n_bytes, gboolean with_successor,
            Faults *faults, gint64 *out_count, GError **error)
{
    g_autoptr(GError) csv_error = NULL;
    g_autoptr(GPtrArray) fields = NULL;
    Header header;
    SchedCsv csv;
    gint64 count = 0;

    sched_csv_begin(&csv, text, n_bytes);
    fields = sched_csv_next(&csv, &csv_error);
    if (fields == NULL && csv_error == NULL)
        return fail(1, "id", "", "is missing: the file is empty", error);
    if (fields != NULL && !read_header(fields, csv.line, &header, error))
        return FALSE;
    while (csv_error == NULL) {
        g_clear_pointer(&fields, g_ptr_array_unref);
        fields = sched_csv_next(&csv, &csv_error);
        if (fields == NULL)
            break;
        if (++count > SCHED_IMPORT_MAX_LINES)
            return fail(csv.line, "id", "", "is one line too many", error);
        if (!take_row(txn, &header, fields, csv.line, with_successor, faults, error))
            return FALSE;
    }
    if (csv_error != NULL) {
        g_propagate_error(error, g_steal_pointer(&csv_error));
        return FALSE;
    }
    *out_count = count;
    return TRUE;
}

gboolean
sched_store_area_import(SchedTxn *txn, const char *csv, gsize n_bytes, gint64 *out_count,
                        GError **error)
{
    g_auto(Faults) faults = {0};
    gint64 count = 0;

    faults_init(&faults);
    if (n_bytes > SCHED_IMPORT_MAX_BYTES) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "the file is larger than %d bytes", SCHED_IMPORT_MAX_BYTES);
        return FALSE;
    }
    /* Successors are looked at once all areas are there. */
    if (!import_pass(txn, csv, n_bytes, FALSE, &faults, &count, error) ||
        !check_faults(&faults, error) ||
        !import_pass(txn, csv, n_bytes, TRUE, &faults, &count, error) ||
        !check_faults(&faults, error))
        return FALSE;
    *out_count = count;
    return TRUE;
}

/* ---- what it would change ---- */

void
sched_area_change_free(SchedAreaChange *change)
{
    if (change == NULL)
        return;
    sched_area_row_free(change->before);
    sched_area_row_free(change->after);
    g_free(change);
}

static gboolean
is_same_area(const SchedAreaRow *a, const SchedAreaRow *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 &&
           g_strcmp0(a->parent, b->parent) == 0 && g_strcmp0(a->code, b->code) == 0 &&
           g_strcmp0(a->valid_from, b->valid_from) == 0 &&
           g_strcmp0(a->valid_to, b->valid_to) == 0 &&
           g_strcmp0(a->successor, b->successor) == 0;
}

/* Rows that are in the changes are taken out of @before and @after. */
static GPtrArray *
compare_areas(GPtrArray *before, GPtrArray *after)
{
    GPtrArray *changes =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_area_change_free);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < before->len; i++)
        g_hash_table_insert(known, ((SchedAreaRow *) before->pdata[i])->id, &before->pdata[i]);
    for (guint i = 0; i < after->len; i++) {
        SchedAreaRow *row = after->pdata[i];
        gpointer *was = g_hash_table_lookup(known, row->id);
        SchedAreaChange *change;

        if (was != NULL && is_same_area(*was, row))
            continue;
        g_hash_table_remove(known, row->id);
        change = g_new0(SchedAreaChange, 1);
        change->before = was == NULL ? NULL : g_steal_pointer(was);
        change->after = g_steal_pointer(&after->pdata[i]);
        g_ptr_array_add(changes, change);
    }
    return changes;
}

GPtrArray *
sched_store_area_import_preview(SchedTxn *txn, const char *csv, gsize n_bytes,
                                gint64 *out_count, GError **error)
{
    g_autoptr(GPtrArray) before = sched_store_area_list(txn, NULL, NULL, error);
    g_autoptr(GPtrArray) after = NULL;

    if (before == NULL || !sched_sql_run(txn, "SAVEPOINT preview", error, ""))
        return NULL;
    if (sched_store_area_import(txn, csv, n_bytes, out_count, error))
        after = sched_store_area_list(txn, NULL, NULL, error);
    if (!sched_sql_run(txn, "ROLLBACK TO preview", after == NULL ? NULL : error, "") ||
        !sched_sql_run(txn, "RELEASE preview", after == NULL ? NULL : error, ""))
        return NULL;
    return after == NULL ? NULL : compare_areas(before, after);
}

static char *
names_of_columns(gboolean are_required)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (gint i = 0; i < N_COLUMNS; i++) {
        if (columns[i].is_required == are_required)
            g_ptr_array_add(names, (gpointer) columns[i].name);
    }
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **) names->pdata);
}

char *
sched_store_area_import_columns(void)
{
    g_autofree char *required = names_of_columns(TRUE), *optional = names_of_columns(FALSE);

    return g_strdup_printf(
        "UTF-8, RFC 4180; the first line names the columns, in any order: %s; "
        "and where known %s.",
        required, optional);
}
