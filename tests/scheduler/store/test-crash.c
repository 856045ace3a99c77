/*
 * test-crash.c - SIGKILL at every write and every sync: nothing acknowledged is lost.
 *
 * strace kills the writer at its N-th call; what it had acknowledged must be in the file, the
 * file must be whole by an independent program's judgement, and the audit chain must hold.
 */
#include "scheduler/store/audit.h"
#include "tests/support/temp-store.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_AREAS "6"

/* Runs the writer under strace; returns the last number it acknowledged; sets @out_killed. */
static gint64
run_writer(const char *path, const char *inject, gboolean *out_killed)
{
    g_autofree char *writer =
        g_test_build_filename(G_TEST_BUILT, "scheduler", "store", "store-writer", NULL);
    const char *argv[] = {"strace", "-f",   "-qq", "-o",    "/dev/null", "-e",
                          inject,   writer, path,  N_AREAS, NULL};
    g_auto(GStrv) environment =
        g_environ_setenv(g_get_environ(), "ASAN_OPTIONS", "detect_leaks=0", TRUE);
    g_autofree char *out = NULL, *err = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) lines = NULL;
    gint64 acked = 0;
    int status = 0;

    g_spawn_sync(NULL, (char **) argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                 &status, &error);
    g_assert_no_error(error);
    lines = g_strsplit(out, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (*lines[i] != '\0')
            acked = g_ascii_strtoll(lines[i], NULL, 10);
    }
    *out_killed = !g_spawn_check_wait_status(status, NULL);
    if (*out_killed && *err != '\0')
        g_error("%s: %s", inject, err);
    return acked;
}

static void
assert_whole(const char *path)
{
    const char *argv[] = {"sqlite3", "-batch", path, "PRAGMA integrity_check", NULL};
    g_autofree char *out = NULL;

    g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &out, NULL, NULL, NULL));
    g_assert_cmpstr(out, ==, "ok\n");
}

static gboolean
count_body(SchedTxn *txn, gpointer data, GError **error)
{
    gint64 *acked = data;
    gint64 n_areas = 0, n_rows = 0, first_bad = 0;
    g_autofree char *why = NULL;

    g_assert_true(sched_sql_int(txn, "SELECT count(*) FROM areas", &n_areas, error, ""));
    g_assert_true(sched_store_audit_verify(txn, NULL, &n_rows, &first_bad, &why, error));
    g_assert_cmpint(first_bad, ==, 0);
    g_assert_cmpint(n_rows, ==, n_areas);
    /* One more than acknowledged may be there: it was killed between disk and answer. */
    g_assert_cmpint(n_areas, >=, *acked);
    g_assert_cmpint(n_areas, <=, *acked + 1);
    return TRUE;
}

/* Kills at the N-th @call; FALSE once the writer comes through. */
static gboolean
kill_at(const char *call, guint n)
{
    g_autofree char *folder = g_dir_make_tmp("loa-store-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "district.db", NULL);
    g_autofree char *inject = g_strdup_printf("inject=%s:signal=KILL:when=%u", call, n);
    g_autoptr(SchedStore) store = NULL;
    g_autoptr(GError) error = NULL;
    gboolean killed = FALSE;
    gint64 acked = run_writer(path, inject, &killed);

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        assert_whole(path);
    store = sched_store_open(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sched_store_read(store, count_body, &acked, &error));
    g_clear_pointer(&store, sched_store_free);
    temp_store_remove_folder(folder);
    return killed;
}

static void
sweep(const char *call, guint at_least, guint step)
{
    guint n = 1, n_kills = 0;

    for (; kill_at(call, n); n += step)
        n_kills++;
    g_test_message("%u kills at %s", n_kills, call);
    g_assert_cmpuint(n_kills, >=, at_least);
}

static void
test_writes(void)
{
    sweep("pwrite64", 15, 7);
}

static void
test_syncs(void)
{
    sweep("fdatasync,fsync", 8, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/crash/writes", test_writes);
    g_test_add_func("/store/crash/syncs", test_syncs);
    return g_test_run();
}
