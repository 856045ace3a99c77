/* area-import.c - areas from a CSV file, all or nothing; see areas.h */
#include "scheduler/store/areas.h"

#include "content/document.h"
#include "content/kinds.h"
#include "content/language.h"
#include "content/wording.h"
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

/* What is wrong with the rows so far: a person mends a table once, not row by row. */
typedef struct {
    GPtrArray *said;     /* (owned) (element-type ContentRemark): the first of them */
    GHashTable *refused; /* (owned): ids of rows that are wrong: their children are not */
    GHashTable *seen;    /* (owned): ids of the rows of this pass */
    guint n_more;
} Faults;

static void
faults_init(Faults *faults)
{
    faults->said = g_ptr_array_new_with_free_func((GDestroyNotify) content_remark_free);
    faults->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    faults->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    faults->n_more = 0;
}

static void
faults_clear(Faults *faults)
{
    g_ptr_array_unref(faults->said);
    g_hash_table_unref(faults->refused);
    g_hash_table_unref(faults->seen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Faults, faults_clear)

/* @value: what stands there, shown as far as it can be read. Returns: FALSE, for the caller */
static gboolean
fault(Faults *faults, const char *code, gint64 line, const char *column, const char *value)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, line);
    g_autofree char *shown = content_document_text(value == NULL ? "" : value, 80);

    if (faults->said->len == SCHED_IMPORT_MAX_FAULTS)
        faults->n_more++;
    else
        g_ptr_array_add(faults->said,
                        content_remark_new(code, column, "line", number, "value", shown, NULL));
    return FALSE;
}

/* A rule of the database (with its column) or of the format (without), in its own words. */
static gboolean
fault_in_words(Faults *faults, gint64 line, const char *column, const char *words)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, line);

    if (faults->said->len == SCHED_IMPORT_MAX_FAULTS)
        faults->n_more++;
    else
        g_ptr_array_add(faults->said,
                        content_remark_say(content_remark_new(column == NULL ? "area_unreadable"
                                                                             : "area_refused",
                                                              column, "line", number, NULL),
                                           words));
    return FALSE;
}

static gboolean
check_faults(const Faults *faults, GError **error)
{
    g_autofree char *words = NULL;

    if (faults->said->len == 0)
        return TRUE;
    words = content_wording_remarks(faults->said, CONTENT_READER_EN, NULL);
    if (faults->n_more == 0)
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID, words);
    else
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "%s; and %u faults more", words, faults->n_more);
    return FALSE;
}

static gboolean
read_header(GPtrArray *names, gint64 line, Header *header, Faults *faults)
{
    for (gint i = 0; i < N_COLUMNS; i++)
        header->at[i] = -1;
    header->n_fields = names->len;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        gint column = column_by_name(name);

        if (column < 0)
            return fault(faults, "area_column_unknown", line, name, name);
        if (header->at[column] >= 0)
            return fault(faults, "area_twice", line, name, name);
        header->at[column] = (gint) i;
    }
    for (gint i = 0; i < N_COLUMNS; i++) {
        if (columns[i].is_required && header->at[i] < 0)
            return fault(faults, "area_column_missing", line, columns[i].name, "");
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

/* The column that a fault which the store found is about; the id's where it does not say. */
static const char *
place_in_row(const char *words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (strstr(words, rules[i].words) != NULL)
            return columns[rules[i].column].name;
    }
    for (gint i = 0; i < N_COLUMNS; i++) {
        if (g_str_has_prefix(words, columns[i].name) && words[strlen(columns[i].name)] == ':')
            return columns[i].name;
    }
    return columns[COLUMN_ID].name;
}

/* Checks what the database's own message could not place in a column. */
static gboolean
check_row(SchedTxn *txn, const SchedAreaRow *area, const char *kind, gint64 line,
          Faults *faults)
{
    if (!sched_check_id("", area->id, NULL))
        return fault(faults, "area_no_id", line, "id", area->id);
    if (!g_hash_table_add(faults->seen, g_strdup(area->id)))
        return fault(faults, "area_twice", line, "id", area->id);
    if (area->kind < 0)
        return fault(faults, "area_no_kind", line, "kind", kind);
    if (area->name == NULL)
        return fault(faults, "area_no_name", line, "name", "");
    if (area->parent != NULL && !sched_store_area_contains(txn, area->parent, area->parent))
        return fault(faults, "area_no_parent", line, "parent", area->parent);
    if (sched_store_sound_after_move(txn, area->id, area->parent))
        return fault(faults, "area_louder", line, "parent", area->parent);
    if (area->valid_from != NULL && !sched_check_date("", area->valid_from, NULL))
        return fault(faults, "area_no_date", line, "valid_from", area->valid_from);
    if (area->valid_to != NULL && !sched_check_date("", area->valid_to, NULL))
        return fault(faults, "area_no_date", line, "valid_to", area->valid_to);
    if (area->successor != NULL &&
        !sched_store_area_contains(txn, area->successor, area->successor))
        return fault(faults, "area_no_area", line, "successor", area->successor);
    return TRUE;
}

static gboolean
is_of_the_machine(const GError *error)
{
    return error->code == SCHED_STORE_ERROR_IO || error->code == SCHED_STORE_ERROR_FULL ||
           error->code == SCHED_STORE_ERROR_BUSY || error->code == SCHED_STORE_ERROR_CORRUPT;
}

/* Returns: FALSE, with @error for what is no fault of the table, else with a fault more */
static gboolean
import_row(SchedTxn *txn, const Header *header, GPtrArray *fields, gint64 line,
           gboolean with_successor, Faults *faults, GError **error)
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
    if (!check_row(txn, &area, kind, line, faults))
        return FALSE;
    if (sched_store_area_put(txn, &area, &why))
        return TRUE;
    if (is_of_the_machine(why)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    return fault_in_words(faults, line, place_in_row(why->message), why->message);
}

/* A child of a row that is wrong says nothing new. Returns: FALSE only with @error */
static gboolean
take_row(SchedTxn *txn, const Header *header, GPtrArray *fields, gint64 line,
         gboolean with_successor, Faults *faults, GError **error)
{
    g_autoptr(GError) machine = NULL;
    const char *id, *parent;

    if (fields->len != header->n_fields) {
        fault(faults, "area_fields", line, "id", g_ptr_array_index(fields, 0));
        return TRUE;
    }
    id = field(header, fields, COLUMN_ID);
    parent = field(header, fields, COLUMN_PARENT);
    if ((parent != NULL && g_hash_table_contains(faults->refused, parent)) ||
        !import_row(txn, header, fields, line, with_successor, faults, &machine))
        g_hash_table_add(faults->refused, g_strdup(id == NULL ? "" : id));
    if (machine == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&machine));
    return FALSE;
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

    g_hash_table_remove_all(faults->seen);
    sched_csv_begin(&csv, text, n_bytes);
    fields = sched_csv_next(&csv, &csv_error);
    if (fields == NULL && csv_error == NULL)
        return fault(faults, "area_column_missing", 1, "id", "");
    if (fields != NULL && !read_header(fields, csv.line, &header, faults))
        return FALSE;
    while (csv_error == NULL) {
        g_clear_pointer(&fields, g_ptr_array_unref);
        fields = sched_csv_next(&csv, &csv_error);
        if (fields == NULL)
            break;
        if (++count > SCHED_IMPORT_MAX_LINES) {
            g_ptr_array_set_size(faults->said, 0); /* what it would say first is this */
            return fault(faults, "area_too_many", csv.line, "id", "");
        }
        if (!take_row(txn, &header, fields, csv.line, with_successor, faults, error))
            return FALSE;
    }
    if (csv_error != NULL)
        return fault_in_words(faults, csv.line, NULL, csv_error->message);
    *out_count = count;
    return faults->said->len == 0;
}

/* Returns: FALSE with @error for what is no fault of the table, else with @faults */
static gboolean
import_table(SchedTxn *txn, const char *csv, gsize n_bytes, gint64 *out_count, Faults *faults,
             GError **error)
{
    if (n_bytes > SCHED_IMPORT_MAX_BYTES) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "the file is larger than %d bytes", SCHED_IMPORT_MAX_BYTES);
        return FALSE;
    }
    /* Successors are looked at once all areas are there. */
    return import_pass(txn, csv, n_bytes, FALSE, faults, out_count, error) &&
           import_pass(txn, csv, n_bytes, TRUE, faults, out_count, error);
}

gboolean
sched_store_area_import(SchedTxn *txn, const char *csv, gsize n_bytes, gint64 *out_count,
                        GError **error)
{
    g_auto(Faults) faults = {0};
    gint64 count = 0;

    faults_init(&faults);
    if (!import_table(txn, csv, n_bytes, &count, &faults, error)) {
        check_faults(&faults, error);
        return FALSE;
    }
    *out_count = count;
    return TRUE;
}

/* ---- what it would change ---- */

void
sched_area_preview_free(SchedAreaPreview *preview)
{
    if (preview == NULL)
        return;
    g_clear_pointer(&preview->changes, g_ptr_array_unref);
    g_clear_pointer(&preview->faults, g_ptr_array_unref);
    g_free(preview);
}

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

static GPtrArray *
try_table(SchedTxn *txn, const char *csv, gsize n_bytes, SchedAreaPreview *preview,
          GError **error)
{
    g_auto(Faults) faults = {0};
    g_autoptr(GError) machine = NULL;

    faults_init(&faults);
    if (import_table(txn, csv, n_bytes, &preview->n_areas, &faults, &machine))
        return sched_store_area_list(txn, NULL, NULL, error);
    if (machine != NULL) {
        g_propagate_error(error, g_steal_pointer(&machine));
        return NULL;
    }
    preview->faults = g_ptr_array_ref(faults.said);
    preview->n_faults = faults.said->len + faults.n_more;
    return g_ptr_array_new();
}

SchedAreaPreview *
sched_store_area_import_preview(SchedTxn *txn, const char *csv, gsize n_bytes, GError **error)
{
    g_autoptr(SchedAreaPreview) preview = g_new0(SchedAreaPreview, 1);
    g_autoptr(GPtrArray) before = sched_store_area_list(txn, NULL, NULL, error);
    g_autoptr(GPtrArray) after = NULL;

    if (before == NULL || !sched_sql_run(txn, "SAVEPOINT preview", error, ""))
        return NULL;
    after = try_table(txn, csv, n_bytes, preview, error);
    if (!sched_sql_run(txn, "ROLLBACK TO preview", after == NULL ? NULL : error, "") ||
        !sched_sql_run(txn, "RELEASE preview", after == NULL ? NULL : error, "") ||
        after == NULL)
        return NULL;
    if (preview->faults == NULL) {
        preview->faults = g_ptr_array_new();
        preview->n_alone = (gint64) after->len - preview->n_areas;
    }
    preview->changes = compare_areas(before, after);
    return g_steal_pointer(&preview);
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
