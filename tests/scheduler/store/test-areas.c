/* test-areas.c - the tree of places: subtrees, moves, dates, and an import that names each
 * slip. */
#include "scheduler/store/areas.h"

#include "scheduler/store/outbox.h"
#include "tests/support/temp-store.h"

#include <string.h>

static char *
ids_of(GPtrArray *areas)
{
    g_autoptr(GString) ids = g_string_new(NULL);

    for (guint i = 0; i < areas->len; i++) {
        const SchedAreaRow *area = g_ptr_array_index(areas, i);

        g_string_append_printf(ids, "%s%s", i == 0 ? "" : " ", area->id);
    }
    return g_string_free(g_steal_pointer(&ids), FALSE);
}

static void
assert_list(SchedTxn *txn, const char *top, const char *date, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) areas = sched_store_area_list(txn, top, date, &error);
    g_autofree char *ids = NULL;

    g_assert_no_error(error);
    ids = ids_of(areas);
    g_assert_cmpstr(ids, ==, expected);
}

static gboolean
tree_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAreaRow moved = {.id = (char *) "ia-le",
                          .parent = (char *) "gia-lai",
                          .kind = SCHED_AREA_COMMUNE,
                          .name = (char *) "Ia Le"};
    g_autoptr(GPtrArray) path = NULL;

    assert_list(txn, NULL, NULL, "gia-lai chu-puh ia-blu ia-le ia-blu-a ia-le-a ia-le-b");
    assert_list(txn, "ia-le", NULL, "ia-le ia-le-a ia-le-b");
    g_assert_true(sched_store_area_contains(txn, "chu-puh", "ia-le-b"));
    g_assert_false(sched_store_area_contains(txn, "ia-le-b", "chu-puh"));
    g_assert_false(sched_store_area_contains(txn, "nowhere", "ia-le-b"));

    assert_done(sched_store_area_put(txn, &moved, &problem));
    g_assert_false(sched_store_area_contains(txn, "chu-puh", "ia-le-b"));
    path = sched_store_area_path(txn, "ia-le-b", error);
    g_assert_cmpuint(path->len, ==, 3);
    g_assert_cmpstr(g_ptr_array_index(path, 2), ==, "gia-lai");
    moved.parent = (char *) "ia-le-b";
    assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_area_put(txn, &moved, &problem));
    moved.parent = (char *) "nowhere";
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_area_put(txn, &moved, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_IN_USE,
                   sched_store_area_remove(txn, "ia-le-b", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_area_remove(txn, "nowhere", &problem));
    return TRUE;
}

static void
test_tree(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, tree_body, NULL);
}

static gboolean
depth_body(SchedTxn *txn, gpointer data, GError **error)
{
    for (gint i = 0; i <= SCHED_AREA_MAX_DEPTH + 1; i++) {
        g_autofree char *id = g_strdup_printf("d%d", i);
        g_autofree char *parent = i == 0 ? NULL : g_strdup_printf("d%d", i - 1);
        SchedAreaRow area = {.id = id, .parent = parent, .kind = SCHED_AREA_GROUP, .name = id};

        if (i <= SCHED_AREA_MAX_DEPTH)
            assert_done(sched_store_area_put(txn, &area, &problem));
        else
            assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                           sched_store_area_put(txn, &area, &problem));
    }
    return TRUE;
}

static void
test_depth(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, depth_body, NULL);
}

static gboolean
dates_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAreaRow old = {.id = (char *) "old",
                        .kind = SCHED_AREA_DISTRICT,
                        .name = (char *) "Old",
                        .code = (char *) "638",
                        .valid_to = (char *) "2025-06-30"};
    SchedAreaRow heir = {.id = (char *) "heir",
                         .kind = SCHED_AREA_COMMUNE,
                         .name = (char *) "Heir",
                         .code = (char *) "638",
                         .valid_from = (char *) "2025-07-01"};

    assert_done(sched_store_area_put(txn, &heir, &problem));
    old.successor = (char *) "heir";
    assert_done(sched_store_area_put(txn, &old, &problem));
    assert_list(txn, NULL, "2025-06-30", "old");
    assert_list(txn, NULL, "2025-07-01", "heir");
    heir.valid_from = (char *) "2025-06-30";
    assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_area_put(txn, &heir, &problem));
    heir.valid_from = (char *) "2025-02-29";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, sched_store_area_put(txn, &heir, &problem));
    old.valid_from = (char *) "2025-07-01";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, sched_store_area_put(txn, &old, &problem));
    return TRUE;
}

static void
test_dates(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, dates_body, NULL);
}

typedef struct {
    const char *text;
    gsize n_bytes;
    gint64 count;
} Import;

static gboolean
import_work(SchedTxn *txn, gpointer data, GError **error)
{
    Import *import = data;

    return sched_store_area_import(txn, import->text, import->n_bytes, &import->count, error);
}

static gboolean
count_areas(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_sql_int(txn, "SELECT count(*) FROM areas", data, error, "");
}

static void
test_import(void)
{
    /* clang-format off */
    const struct { const char *why, *csv, *problem; gint64 count; } cases[] = {
        { "plain", "id,kind,name\na,province,A\n", NULL, 1 },
        { "other order, mark, CR LF, quotes, a line feed in a name, no last line end",
          "\xef\xbb\xbfname,parent,kind,id\r\n\"A, \"\"the\"\" great\",,province,a\r\n"
          "\"B\nC\",a,commune,b", NULL, 2 },
        { "successor further down",
          "id,kind,name,valid_to,successor\na,commune,A,2025-06-30,b\nb,commune,B,,\n", NULL, 2 },
        { "empty lines between", "id,kind,name\n\na,province,A\n\n\nb,province,B\n", NULL, 2 },
        { "nothing", "", "line 1, column id", 0 },
        { "a column nobody knows", "id,kind,name,colour\n", "line 1, column colour", 0 },
        { "a column twice", "id,kind,name,id\n", "line 1, column id: “id” stands twice", 0 },
        { "a column missing", "id,kind\n", "line 1, column name", 0 },
        { "a bad kind", "id,kind,name\na,province,A\nb,hamlet,B\n",
          "line 3, column kind: “hamlet”", 0 },
        { "a bad id after a quoted line feed", "id,kind,name\na,province,\"A\nA\"\nB!,commune,B\n",
          "line 4, column id: “B!”", 0 },
        { "a child before its parent", "id,parent,kind,name\nb,a,commune,B\na,,province,A\n",
          "line 2, column parent: “a”", 0 },
        { "no name", "id,kind,name\na,province,\n", "line 2, column name", 0 },
        { "a date that is none", "id,kind,name,valid_from\na,province,A,2026-02-30\n",
          "line 2, column valid_from: “2026-02-30”", 0 },
        { "a successor that is none", "id,kind,name,successor\na,province,A,z\n",
          "line 2, column successor: “z”", 0 },
        { "the first of two", "id,kind,name,valid_from\na,hamlet,A,\nb,commune,B,never\n",
          "line 2, column kind: “hamlet”", 0 },
        { "and the second", "id,kind,name,valid_from\na,hamlet,A,\nb,commune,B,never\n",
          "; line 3, column valid_from: “never”", 0 },
        { "no child of a wrong line", "id,kind,name,parent\na,hamlet,A,\nb,commune,B,a\n"
          "C!,commune,C,\n", "is no kind of area; line 4, column id", 0 },
        { "a field too few", "id,kind,name\na,province\n", "line 2", 0 },
        { "an open quotation mark", "id,kind,name\na,province,\"A\n", "line 2: a quotation mark", 0 },
        { "text after a quotation mark", "id,kind,name\na,province,\"A\"x\n", "line 2: something", 0 },
        { "not UTF-8", "id,kind,name\na,province,\xff\n", "line 2: not UTF-8", 0 },
        { "an id twice", "id,parent,kind,name\na,,province,A\nb,a,commune,B\na,b,province,A\n",
          "line 4, column id: “a” stands twice", 0 },
        { "a code twice", "id,kind,name,code\na,province,A,52\nb,province,B,52\n",
          "line 3, column code: cannot be taken", 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TempStore) store = temp_store_new();
        const SchedWrite write = {.actor = "tester", .at_us = TEMP_STORE_NOW_US};
        Import import = {cases[i].csv, strlen(cases[i].csv), 0};
        g_autoptr(GError) error = NULL;
        gint64 n_areas = -1;

        g_test_message("%s", cases[i].why);
        if (sched_store_write(store->store, &write, import_work, &import, NULL, &error))
            g_assert_null(cases[i].problem);
        else
            g_assert_nonnull(strstr(error->message, cases[i].problem));
        g_assert_cmpint(import.count, ==, cases[i].count);
        temp_store_look(store, count_areas, &n_areas);
        g_assert_cmpint(n_areas, ==, cases[i].count);
    }
}

static void
test_import_limits(void)
{
    g_autoptr(TempStore) store = temp_store_new();
    const SchedWrite write = {.actor = "tester", .at_us = TEMP_STORE_NOW_US};
    g_autofree char *big = g_strnfill(SCHED_IMPORT_MAX_BYTES + 1, '\n');
    g_autofree char *word = g_strnfill(5000, 'x');
    g_autofree char *field = g_strdup_printf("id,kind,name\na,province,%s\n", word);
    Import too_big = {big, SCHED_IMPORT_MAX_BYTES + 1, 0};
    Import too_long = {field, strlen(field), 0};
    Import with_nul = {"id,kind,name\na,province,A\0B\n", 27, 0};
    Import *const bad[] = {&too_big, &too_long, &with_nul};

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(
            sched_store_write(store->store, &write, import_work, bad[i], NULL, &error));
        g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/areas/tree", test_tree);
    g_test_add_func("/store/areas/depth", test_depth);
    g_test_add_func("/store/areas/dates", test_dates);
    g_test_add_func("/store/areas/import", test_import);
    g_test_add_func("/store/areas/import-limits", test_import_limits);
    return g_test_run();
}
