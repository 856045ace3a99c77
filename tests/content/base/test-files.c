/* test-files.c - files are read within a limit and replaced as a whole or not at all. */
#include "content/base/files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

typedef struct {
    char *folder; /* (owned) */
    char *path;   /* (owned): a name inside it */
} Fixture;

static guint
count_entries(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n_entries = 0;

    g_assert_nonnull(dir);
    while (g_dir_read_name(dir) != NULL)
        n_entries++;
    return n_entries;
}

static void
set_up(Fixture *self, gconstpointer data)
{
    self->folder = g_dir_make_tmp("loa-files-XXXXXX", NULL);
    self->path = g_build_filename(self->folder, "floor", NULL);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
    g_unlink(self->path);
    g_assert_cmpint(g_rmdir(self->folder), ==, 0);
    g_free(self->folder);
    g_free(self->path);
}

static void
assert_content(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_files_read(path, 100, &error);
    gsize n_bytes;
    const char *data;

    g_assert_no_error(error);
    data = g_bytes_get_data(bytes, &n_bytes);
    g_assert_cmpuint(n_bytes, ==, strlen(text));
    g_assert_cmpstr(data, ==, text); /* ends with the NUL that is not counted */
}

static void
test_write(Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    struct stat status;

    g_assert_true(content_files_write(self->path, "old", 3, 0600, &error));
    g_assert_true(content_files_write(self->path, "newer", 5, 0640, &error));
    g_assert_no_error(error);
    assert_content(self->path, "newer");
    g_assert_cmpint(stat(self->path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0640);
    g_assert_true(content_files_write(self->path, "", 0, 0600, &error));
    assert_content(self->path, "");
    g_assert_cmpuint(count_entries(self->folder), ==, 1);
}

static void
test_write_fails(Fixture *self, gconstpointer data)
{
    g_autofree char *no_folder = g_build_filename(self->folder, "no", "floor", NULL);
    g_autofree char *inside = g_build_filename(self->path, "kept", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_false(content_files_write(no_folder, "x", 1, 0600, &error));
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_NOT_FOUND);
    g_clear_error(&error);

    /* A folder with something in it stands where the file should: rename(2) refuses. */
    g_assert_true(content_files_make_folder(self->path, 0700, NULL));
    g_assert_true(content_files_write(inside, "old", 3, 0600, NULL));
    g_assert_false(content_files_write(self->path, "x", 1, 0600, &error));
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_IO);
    g_assert_cmpuint(count_entries(self->folder), ==, 1);
    assert_content(inside, "old");
    g_unlink(inside);
    g_rmdir(self->path);
}

static void
test_read_limits(Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(content_files_read(self->path, 10, &error));
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_null(content_files_read(self->folder, 10, &error));
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_IO);
    g_clear_error(&error);
    g_assert_true(content_files_write(self->path, "12345", 5, 0600, NULL));
    assert_content(self->path, "12345");
    g_assert_null(content_files_read(self->path, 4, &error));
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_TOO_LARGE);
    g_assert_nonnull(strstr(error->message, self->path));
    g_clear_error(&error);

    /* A pipe nobody writes to must be refused, not waited for. */
    g_unlink(self->path);
    g_assert_cmpint(mkfifo(self->path, 0600), ==, 0);
    g_assert_null(content_files_read(self->path, 4, &error));
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_IO);
}

static void
leave(Fixture *self, const char *name, gint64 at_us)
{
    g_autofree char *path = g_build_filename(self->folder, name, NULL);
    struct utimbuf times = {at_us / G_USEC_PER_SEC, at_us / G_USEC_PER_SEC};

    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_assert_cmpint(utime(path, &times), ==, 0);
}

static void
test_tidy(Fixture *self, gconstpointer data)
{
    const gint64 before_us = G_GINT64_CONSTANT(1772409600000000);
    static const struct {
        const char *why, *name;
        gint64 by_s;
        gboolean stays;
    } cases[] = {
        {"left behind", "keys.tmp.aB3xY9", -1, FALSE},
        {"being written", "time.tmp.aB3xY9", 0, TRUE},
        {"of a clock that was ahead", "when.tmp.aB3xY9", 86400, TRUE},
        {"a file of somebody's", "journal.db", -86400, TRUE},
        {"one that happens to end so", "journal.backup", -86400, TRUE},
        {"more than six", "keys.tmp.aB3xY9z", -86400, TRUE},
    };
    g_autofree char *folder = g_build_filename(self->folder, "x.tmp.folder", NULL);

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        leave(self, cases[i].name, before_us + cases[i].by_s * G_USEC_PER_SEC);
    g_assert_cmpuint(content_files_tidy(self->folder, CONTENT_FILES_TEMPORARY, before_us), ==,
                     1);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_build_filename(self->folder, cases[i].name, NULL);

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(g_file_test(path, G_FILE_TEST_EXISTS), ==, cases[i].stays);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_assert_cmpuint(content_files_tidy("/nowhere", "*", before_us), ==, 0);
}

static void
test_lock(Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    int first = content_files_lock(self->path, &error);

    g_assert_no_error(error);
    g_assert_cmpint(first, >=, 0);
    g_assert_cmpint(content_files_lock(self->path, &error), ==, -1);
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_IO);
    close(first);
    first = content_files_lock(self->path, NULL);
    g_assert_cmpint(first, >=, 0);
    close(first);
}

#define ADD(name, func)                                                                        \
    g_test_add("/content/files/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("write", test_write);
    ADD("write-fails", test_write_fails);
    ADD("read-limits", test_read_limits);
    ADD("tidy", test_tidy);
    ADD("lock", test_lock);
    return g_test_run();
}
