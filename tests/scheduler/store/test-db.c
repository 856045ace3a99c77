/* test-db.c - one writer: isolation in a shared commit, keys, refusals, full disks, old files.
 */
#include "scheduler/store/db.h"

#include "content/base/files.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/schema-resource.h"
#include "scheduler/store/settings.h"
#include "tests/support/temp-store.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW         TEMP_STORE_NOW_US
#define DEADLINE_US (60 * G_USEC_PER_SEC)

/* What an independent program says of the file. */
static char *
ask_sqlite3(const char *path, const char *sql)
{
    const char *argv[] = {"sqlite3", "-batch", path, sql, NULL};
    g_autoptr(GError) error = NULL;
    char *out = NULL;
    int status = 0;

    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                 &status, &error);
    g_assert_no_error(error);
    g_assert_true(g_spawn_check_wait_status(status, &error));
    g_strchomp(out);
    return out;
}

static void
assert_sqlite3(const char *path, const char *sql, const char *expected)
{
    g_autofree char *out = ask_sqlite3(path, sql);

    g_assert_cmpstr(out, ==, expected);
}

static gboolean
put_named_area(SchedTxn *txn, const char *id, GError **error)
{
    const SchedAreaRow area = {
        .id = (char *) id, .kind = SCHED_AREA_GROUP, .name = (char *) id};

    return sched_store_area_put(txn, &area, error);
}

static gboolean
put_area_work(SchedTxn *txn, gpointer data, GError **error)
{
    return put_named_area(txn, data, error);
}

static gboolean
put_then_fail_work(SchedTxn *txn, gpointer data, GError **error)
{
    g_assert_true(put_named_area(txn, data, NULL));
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "as wished");
    return FALSE;
}

/* Holds the writer until the test says go, so that what is pushed meanwhile queues up. */
typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean is_in, may_go;
} Gate;

static gboolean
gate_work(SchedTxn *txn, gpointer data, GError **error)
{
    Gate *gate = data;

    g_mutex_lock(&gate->mutex);
    gate->is_in = TRUE;
    g_cond_broadcast(&gate->cond);
    while (!gate->may_go)
        g_cond_wait(&gate->cond, &gate->mutex);
    g_mutex_unlock(&gate->mutex);
    return TRUE;
}

static void
gate_wait_in(Gate *gate)
{
    g_mutex_lock(&gate->mutex);
    while (!gate->is_in)
        g_cond_wait(&gate->cond, &gate->mutex);
    g_mutex_unlock(&gate->mutex);
}

static void
gate_open(Gate *gate)
{
    g_mutex_lock(&gate->mutex);
    gate->may_go = TRUE;
    g_cond_broadcast(&gate->cond);
    g_mutex_unlock(&gate->mutex);
}

typedef struct {
    TempStore *store;
    GString *order; /* names in the order of their answers */
    guint n_waiting;
} Writes;

typedef struct {
    Writes *writes;
    char *name;
} Answer;

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Answer *answer = user_data;
    g_autoptr(GError) error = NULL;
    gboolean ok = sched_store_write_finish(answer->writes->store->store, result, NULL, &error);

    g_string_append_printf(answer->writes->order, "%s%s ", answer->name, ok ? "" : "!");
    answer->writes->n_waiting--;
    g_free(answer->name);
    g_free(answer);
}

static void
push(Writes *writes, const char *name, gboolean urgent, SchedWork work, gpointer data)
{
    const SchedWrite write = {.actor = "tester", .at_us = NOW, .urgent = urgent};
    Answer *answer = g_new0(Answer, 1);

    answer->writes = writes;
    answer->name = g_strdup(name);
    writes->n_waiting++;
    sched_store_write_async(writes->store->store, &write, work, data, NULL, on_written, answer);
}

static void
wait_for_all(Writes *writes)
{
    gint64 deadline_us = g_get_monotonic_time() + DEADLINE_US;

    while (writes->n_waiting > 0 && g_get_monotonic_time() < deadline_us)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(writes->n_waiting, ==, 0);
}

static void
test_group(void)
{
    g_autoptr(TempStore) store = temp_store_new();
    Writes writes = {store, g_string_new(NULL), 0};
    Gate gate = {0};

    push(&writes, "gate", FALSE, gate_work, &gate);
    gate_wait_in(&gate);
    push(&writes, "a", FALSE, put_area_work, (gpointer) "a");
    push(&writes, "bad", FALSE, put_then_fail_work, (gpointer) "b");
    push(&writes, "c", FALSE, put_area_work, (gpointer) "c");
    push(&writes, "bad-id", FALSE, put_area_work, (gpointer) "B!");
    push(&writes, "urgent", TRUE, put_area_work, (gpointer) "u");
    gate_open(&gate);
    wait_for_all(&writes);
    g_assert_cmpstr(writes.order->str, ==, "gate urgent a bad! c bad-id! ");
    assert_sqlite3(store->path,
                   "SELECT group_concat(id, ' ') FROM (SELECT id FROM areas "
                   "ORDER BY rowid)",
                   "u a c");
    assert_sqlite3(store->path, "SELECT count(*) FROM audit", "3");
    g_string_free(writes.order, TRUE);
}

static void
test_too_many(void)
{
    g_autoptr(TempStore) store = temp_store_new();
    Writes writes = {store, g_string_new(NULL), 0};
    Gate gate = {0};

    push(&writes, "gate", FALSE, gate_work, &gate);
    gate_wait_in(&gate);
    for (guint i = 0; i < SCHED_STORE_MAX_WAITING; i++)
        push(&writes, "", FALSE, put_area_work, (gpointer) "a");
    push(&writes, "late", FALSE, put_area_work, (gpointer) "a");
    push(&writes, "urgent", TRUE, put_area_work, (gpointer) "a");
    gate_open(&gate);
    wait_for_all(&writes);
    g_assert_nonnull(strstr(writes.order->str, "late! "));
    g_assert_nonnull(strstr(writes.order->str, "urgent "));
    g_string_free(writes.order, TRUE);
}

static gboolean
keyed_work(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *result = g_strdup_printf("run %d", ++*(gint *) data);

    sched_txn_set_result(txn, result);
    return TRUE;
}

static void
test_key(void)
{
    g_autoptr(TempStore) store = temp_store_new();
    g_autofree char *long_key = g_strnfill(129, 'k');
    SchedWrite write = {.actor = "a", .at_us = NOW, .key = "k", .digest = "d"};
    g_autoptr(GError) error = NULL;
    gint n_runs = 0;

    for (gint i = 0; i < 2; i++) {
        g_autofree char *result = NULL;

        g_assert_true(
            sched_store_write(store->store, &write, keyed_work, &n_runs, &result, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(result, ==, "run 1");
        temp_store_reopen(store);
    }
    write.actor = "b";
    g_assert_true(sched_store_write(store->store, &write, keyed_work, &n_runs, NULL, &error));
    g_assert_cmpint(n_runs, ==, 2);
    write.digest = "other";
    g_assert_false(sched_store_write(store->store, &write, keyed_work, &n_runs, NULL, &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT);
    g_clear_error(&error);
    write.key = long_key;
    g_assert_false(sched_store_write(store->store, &write, keyed_work, &n_runs, NULL, &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID);
    g_assert_cmpint(n_runs, ==, 2);
}

static void
test_reader(void)
{
    g_autoptr(TempStore) store = temp_store_new();
    g_autoptr(GError) error = NULL;

    g_assert_false(sched_store_read(store->store, put_area_work, (gpointer) "a", &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID);
}

static void
on_hint(gpointer user_data)
{
    (*(gint *) user_data)++;
}

static void
test_hint(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();
    gint64 deadline_us = g_get_monotonic_time() + DEADLINE_US;
    const SchedWrite write = {.actor = "tester", .at_us = NOW};
    gint n_hints = 0;

    sched_store_on_outbox(store->store, NULL, on_hint, &n_hints);
    g_assert_true(
        sched_store_write(store->store, &write, put_area_work, (gpointer) "lone", NULL, NULL));
    g_assert_true(
        sched_store_write(store->store, &write, put_area_work, (gpointer) "ia-le", NULL, NULL));
    while (n_hints == 0 && g_get_monotonic_time() < deadline_us)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(n_hints, ==, 1);
    sched_store_on_outbox(store->store, NULL, NULL, NULL);
}

static void
test_second_process_child(void)
{
    const char *path = g_getenv("TEST_STORE");
    g_autoptr(GError) error = NULL;

    if (!g_test_subprocess() || path == NULL)
        return;
    g_assert_null(sched_store_open(path, NULL, &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_LOCKED);
}

static void
test_second_process(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    g_setenv("TEST_STORE", store->path, TRUE);
    g_test_trap_subprocess("/store/db/second-process/subprocess/child", DEADLINE_US,
                           G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_unsetenv("TEST_STORE");
}

/* Files that must be refused and left byte for byte as they are. */
static void
assert_refused_file(const char *path, SchedStoreError code)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *before = NULL, *after = NULL;
    gsize n_before, n_after;

    g_assert_true(g_file_get_contents(path, &before, &n_before, NULL));
    g_assert_null(sched_store_open(path, NULL, &error));
    g_assert_error(error, SCHED_STORE_ERROR, (gint) code);
    g_assert_true(g_file_get_contents(path, &after, &n_after, NULL));
    g_assert_cmpmem(before, n_before, after, n_after);
}

static void
test_refused_files(void)
{
    g_autofree char *folder = g_dir_make_tmp("loa-store-XXXXXX", NULL);
    g_autofree char *newer = g_build_filename(folder, "newer.db", NULL);
    g_autofree char *foreign = g_build_filename(folder, "foreign.db", NULL);
    g_autofree char *text = g_build_filename(folder, "text.db", NULL);
    g_autofree char *lines = g_strnfill(8192, 'x');
    SchedStore *store = sched_store_open(newer, NULL, NULL);

    g_assert_nonnull(store);
    sched_store_free(store);
    g_free(ask_sqlite3(newer, "PRAGMA journal_mode = DELETE; PRAGMA user_version = 999"));
    g_free(ask_sqlite3(newer, "PRAGMA journal_mode = WAL"));
    assert_refused_file(newer, SCHED_STORE_ERROR_NEWER);
    g_free(ask_sqlite3(foreign, "PRAGMA journal_mode = WAL; CREATE TABLE t (x)"));
    assert_refused_file(foreign, SCHED_STORE_ERROR_CORRUPT);
    g_assert_true(g_file_set_contents(text, lines, -1, NULL));
    assert_refused_file(text, SCHED_STORE_ERROR_CORRUPT);
    temp_store_remove_folder(folder);
}

static void
test_damage(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL, *page = NULL;
    gsize n_bytes, at;

    g_assert_true(sched_store_check(store->store, &error));
    g_assert_no_error(error);
    g_clear_pointer(&store->store, sched_store_free);
    /* A page of data: one of the schema's would not let the file be opened. */
    page = ask_sqlite3(store->path, "SELECT (rootpage - 1) * page_size FROM sqlite_schema, "
                                    "pragma_page_size WHERE name = 'area_paths'");
    at = (gsize) g_ascii_strtoull(page, NULL, 10);
    g_assert_true(g_file_get_contents(store->path, &bytes, &n_bytes, NULL));
    g_assert_cmpuint(at, >, 0);
    g_assert_cmpuint(at + 4096, <=, n_bytes);
    memset(bytes + at, 0x5a, 4096);
    g_assert_true(g_file_set_contents(store->path, bytes, (gssize) n_bytes, NULL));
    store->store = sched_store_open(store->path, NULL, &error);
    g_assert_no_error(error);
    g_assert_false(sched_store_check(store->store, &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT);
}

static gboolean
fill_disk_work(SchedTxn *txn, gpointer data, GError **error)
{
    for (gint i = 0; i < 2000; i++) {
        g_autofree char *id = g_strdup_printf("fill-%d", i);

        if (!put_named_area(txn, id, error))
            return FALSE;
    }
    return TRUE;
}

static void
test_disk_full(void)
{
    g_autoptr(TempStore) store = temp_store_new();
    const SchedStoreOptions tight = {.max_pages = 280};
    const SchedWrite write = {.actor = "tester", .at_us = NOW};
    g_autoptr(GError) error = NULL;

    sched_store_free(store->store);
    store->store = sched_store_open(store->path, &tight, &error);
    g_assert_no_error(error);
    g_assert_true(sched_store_write(store->store, &write, put_area_work, (gpointer) "kept",
                                    NULL, &error));
    g_assert_false(sched_store_write(store->store, &write, fill_disk_work, NULL, NULL, &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_FULL);
    g_clear_error(&error);
    g_assert_true(sched_store_write(store->store, &write, put_area_work, (gpointer) "after",
                                    NULL, &error));
    g_assert_no_error(error);
    temp_store_reopen(store);
    g_assert_true(sched_store_write(store->store, &write, fill_disk_work, NULL, NULL, &error));
    assert_sqlite3(store->path, "SELECT count(*) FROM areas; PRAGMA integrity_check",
                   "2002\nok");
}

static void
test_backup(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();
    g_autofree char *path = g_build_filename(store->folder, "backup.db", NULL);
    g_autoptr(GError) error = NULL;
    Writes writes = {store, g_string_new(NULL), 0};
    Gate gate = {0};

    /* The writer is in the middle of something, and goes on after it. */
    push(&writes, "gate", FALSE, gate_work, &gate);
    gate_wait_in(&gate);
    g_assert_true(sched_store_backup(store->store, path, &error));
    g_assert_no_error(error);
    gate_open(&gate);
    wait_for_all(&writes);
    assert_sqlite3(path, "PRAGMA integrity_check; SELECT count(*) FROM areas", "ok\n7");
    g_assert_false(sched_store_backup(store->store, path, &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_false(sched_store_backup(store->store, "/nowhere/backup.db", &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_string_free(writes.order, TRUE);

    /* A backup is a store. */
    g_clear_pointer(&store->store, sched_store_free);
    store->store = sched_store_open(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sched_store_check(store->store, &error));
}

/* A file of schema step 1, kept as it was written then. */
static void
test_old_file(void)
{
    g_autofree char *folder = g_dir_make_tmp("loa-store-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "old.db", NULL);
    g_autofree char *sql_path =
        g_test_build_filename(G_TEST_DIST, "data", "store", "step-001.sql", NULL);
    g_autofree char *read = g_strdup_printf(".read '%s'", sql_path);
    g_autofree char *version =
        g_strdup_printf("%" G_GINT64_FORMAT, sched_store_schema_version());
    g_autoptr(GError) error = NULL;
    SchedStore *store;

    g_free(ask_sqlite3(path, read));
    assert_sqlite3(path, "PRAGMA user_version", "1");
    g_free(
        ask_sqlite3(path, "UPDATE versions SET script = 'Hrơi ƀơi Ia Le', script_hash = 'h'"));
    store = sched_store_open(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sched_store_check(store, &error));
    g_assert_no_error(error);
    assert_sqlite3(path, "PRAGMA user_version", version);
    assert_sqlite3(path, "SELECT name FROM areas WHERE id = 'ia-le'", "Ia Le");
    assert_sqlite3(
        path,
        "SELECT a.folded_source, t.version FROM announcements AS a JOIN script_texts "
        "AS t ON t.announcement = a.id WHERE t.n IN (SELECT rowid FROM script_words "
        "WHERE folded MATCH '\"boi ia\"')",
        "ubnd xa|v");
    sched_store_free(store);
    temp_store_remove_folder(folder);
}

static gboolean
settings_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why, *key, *value; gint code; } cases[] = {
        { "a number",             "retention-days", "2000",  -1 },
        { "below its range",      "retention-days", "364",   SCHED_STORE_ERROR_INVALID },
        { "no number",            "retention-days", "five",  SCHED_STORE_ERROR_INVALID },
        { "a number and more",    "retention-days", "400x",  SCHED_STORE_ERROR_INVALID },
        { "no value",             "retention-days", NULL,    SCHED_STORE_ERROR_INVALID },
        { "a text",               "district-name",  "Chư Pưh", -1 },
        { "an empty name",        "district-name",  "",      SCHED_STORE_ERROR_INVALID },
        { "not UTF-8",            "district-name",  "\xff",  SCHED_STORE_ERROR_INVALID },
        { "a key nobody knows",   "audit-chain",    "x",     SCHED_STORE_ERROR_NOT_FOUND },
    };
    /* clang-format on */
    g_autofree char *name = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        if (cases[i].code < 0)
            assert_done(sched_store_setting_set(txn, cases[i].key, cases[i].value, &problem));
        else
            assert_refused(txn, cases[i].code,
                           sched_store_setting_set(txn, cases[i].key, cases[i].value,
                                                   &problem));
    }
    g_assert_cmpint(sched_store_setting_int(txn, "retention-days"), ==, 2000);
    g_assert_cmpint(sched_store_setting_int(txn, "heartbeat-s"), ==, 60);
    name = sched_store_setting_text(txn, "district-name", error);
    g_assert_cmpstr(name, ==, "Chư Pưh");
    return TRUE;
}

static void
test_settings(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, settings_body, NULL);
}

static gboolean
locks_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_as(txn, "tester", NOW);
    g_assert_true(sched_store_lock_take(txn, "compile", "one", 1000, error));
    g_assert_false(sched_store_lock_take(txn, "compile", "other", 1000, error));
    g_assert_true(sched_store_lock_take(txn, "compile", "one", 1000, error));
    temp_store_as(txn, "tester", NOW + 1000);
    g_assert_true(sched_store_lock_take(txn, "compile", "other", 1000, error));
    g_assert_false(sched_store_lock_take(txn, "compile", "one", 1000, error));
    g_assert_true(sched_store_lock_drop(txn, "compile", "other", error));
    g_assert_true(sched_store_lock_take(txn, "compile", "one", 1000, error));
    return TRUE;
}

static gboolean
hold_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_assert_true(sched_store_lock_take(txn, "compile", data, TEMP_STORE_DAY_US, error));
    return TRUE;
}

static void
test_locks(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, locks_body, NULL);
    temp_store_run(store, hold_body, (gpointer) "one"); /* and it is killed */
    temp_store_reopen(store);
    temp_store_run(store, hold_body, (gpointer) "other");
}

/* Two steps of one number would be counted as two, and an older file would miss one. */
static void
test_steps(void)
{
    g_auto(GStrv) names =
        g_resource_enumerate_children(sched_store_get_resource(), "/loa/store/schema",
                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    guint n_steps = g_strv_length(names);
    g_autofree gboolean *is_there = g_new0(gboolean, n_steps + 1);

    g_assert_cmpint(sched_store_schema_version(), ==, n_steps);
    for (guint i = 0; i < n_steps; i++) {
        guint64 number = g_ascii_strtoull(names[i], NULL, 10);

        g_test_message("%s", names[i]);
        g_assert_cmpuint(number, >=, 1);
        g_assert_cmpuint(number, <=, n_steps);
        g_assert_false(is_there[number]);
        is_there[number] = TRUE;
    }
}

/* An answer that nobody got is taken for no; nothing that follows from it may count. */
static gboolean
unanswered_work(SchedTxn *txn, gpointer data, GError **error)
{
    const char *area = data;

    if (area != NULL && !put_named_area(txn, area, error))
        return FALSE;
    if (sched_sql_is(txn, "SELECT 1 FROM gone", "") || area != NULL)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "no such thing");
    return FALSE;
}

static void
test_unanswered(void)
{
    g_autoptr(TempStore) store = temp_store_new();
    const SchedWrite write = {.actor = "tester", .at_us = NOW};
    const char *const areas[] = {"a", NULL};

    for (gsize i = 0; i < G_N_ELEMENTS(areas); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(sched_store_write(store->store, &write, unanswered_work,
                                         (gpointer) areas[i], NULL, &error));
        g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO);
        g_clear_error(&error);
        g_assert_false(sched_store_read(store->store, unanswered_work, NULL, &error));
        g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO);
    }
    assert_sqlite3(store->path, "SELECT count(*) FROM areas", "0");
}

static gboolean
outbox_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    const SchedOutboxRow *row;
    gint64 first;

    temp_store_exec(txn, "DELETE FROM outbox");
    assert_done(sched_store_outbox_add(txn, "ia-le", "one", &problem));
    assert_done(sched_store_outbox_add(txn, "ia-le", "two", &problem));
    rows = sched_store_outbox_list(txn, 10, error);
    g_assert_cmpuint(rows->len, ==, 1);
    row = g_ptr_array_index(rows, 0);
    g_assert_cmpstr(row->reason, ==, "two");
    first = row->id;
    /* What comes while a station is looked at is not taken away with it. */
    assert_done(sched_store_outbox_add(txn, "ia-le", "three", &problem));
    assert_done(sched_store_outbox_done(txn, "ia-le", first, &problem));
    g_ptr_array_unref(rows);
    rows = sched_store_outbox_list(txn, 10, error);
    g_assert_cmpuint(rows->len, ==, 1);
    row = g_ptr_array_index(rows, 0);
    assert_done(sched_store_outbox_done(txn, "ia-le", row->id, &problem));
    first = row->id;
    assert_done(sched_store_outbox_add(txn, NULL, "all", &problem));
    g_ptr_array_unref(rows);
    rows = sched_store_outbox_list(txn, 10, error);
    g_assert_cmpuint(rows->len, ==, 2);
    /* Numbers count up for ever, though the table was empty. */
    g_assert_cmpint(((SchedOutboxRow *) g_ptr_array_index(rows, 0))->id, >, first);
    return TRUE;
}

static void
test_outbox(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, outbox_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/db/group", test_group);
    g_test_add_func("/store/db/too-many", test_too_many);
    g_test_add_func("/store/db/key", test_key);
    g_test_add_func("/store/db/reader", test_reader);
    g_test_add_func("/store/db/hint", test_hint);
    g_test_add_func("/store/db/second-process", test_second_process);
    g_test_add_func("/store/db/second-process/subprocess/child", test_second_process_child);
    g_test_add_func("/store/db/refused-files", test_refused_files);
    g_test_add_func("/store/db/damage", test_damage);
    g_test_add_func("/store/db/disk-full", test_disk_full);
    g_test_add_func("/store/db/backup", test_backup);
    g_test_add_func("/store/db/old-file", test_old_file);
    g_test_add_func("/store/db/settings", test_settings);
    g_test_add_func("/store/db/steps", test_steps);
    g_test_add_func("/store/db/unanswered", test_unanswered);
    g_test_add_func("/store/db/locks", test_locks);
    g_test_add_func("/store/db/outbox", test_outbox);
    return g_test_run();
}
