/*
 * test-object-store.c - an object that is visible is whole, whatever happened to the disk.
 *
 * fsync(2) and rename(2) are wrapped by the linker, so that a test can have the disk refuse or
 * the power fail at that very call.
 */
#include "content/object-store.h"

#include "content/base/files.h"
#include "content/base/id.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOUND "OggS and so on"

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

static enum { DISK_WORKS, DISK_REFUSES_FSYNC, POWER_FAILS_AT_RENAME } disk;

int
__wrap_fsync(int fd)
{
    if (disk == DISK_REFUSES_FSYNC) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(fd);
}

int
__wrap_rename(const char *from, const char *to)
{
    if (disk == POWER_FAILS_AT_RENAME)
        raise(SIGKILL);
    return __real_rename(from, to);
}

typedef struct {
    char *folder; /* (owned) */
    ContentObjectStore *store;
    char *hash; /* (owned): of SOUND */
    char *part; /* (owned): a finished download of SOUND, not yet put */
} Fixture;

static void
remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inside = g_build_filename(path, name, NULL);

        remove_tree(inside);
    }
    g_remove(path);
}

static void
write_text(const char *path, const char *text)
{
    g_assert_true(content_files_write(path, text, strlen(text), 0600, NULL));
}

static void
set_up(Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    disk = DISK_WORKS;
    self->folder = g_dir_make_tmp("loa-objects-XXXXXX", NULL);
    self->store = content_object_store_open(self->folder, &error);
    g_assert_no_error(error);
    self->hash = content_sha256_hex(SOUND, strlen(SOUND));
    self->part = content_object_store_part_path(self->store, self->hash);
    write_text(self->part, SOUND);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
    content_object_store_free(self->store);
    remove_tree(self->folder);
    g_assert_false(g_file_test(self->folder, G_FILE_TEST_EXISTS));
    g_free(self->folder);
    g_free(self->hash);
    g_free(self->part);
}

static void
put(Fixture *self)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *hash =
        content_object_store_put_file(self->store, self->part, self->hash, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(hash, ==, self->hash);
}

static char *
visible_path(Fixture *self)
{
    const char prefix[] = {self->hash[0], self->hash[1], '\0'};

    return g_build_filename(self->folder, prefix, self->hash, NULL);
}

static guint
count_objects(Fixture *self)
{
    g_autoptr(GPtrArray) hashes = content_object_store_list(self->store, NULL);

    return hashes->len;
}

static void
test_put_and_open(Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *again = NULL;
    char text[100] = "";
    gint64 size_bytes = 0;
    int fd;

    g_assert_false(content_object_store_has(self->store, self->hash));
    put(self);
    g_assert_true(content_object_store_has(self->store, self->hash));
    g_assert_false(g_file_test(self->part, G_FILE_TEST_EXISTS));
    fd = content_object_store_open_object(self->store, self->hash, &size_bytes, &error);
    g_assert_no_error(error);
    g_assert_cmpint(size_bytes, ==, strlen(SOUND));
    g_assert_true(content_object_store_verify(self->store, self->hash, fd, &error));
    g_assert_cmpint(read(fd, text, sizeof text - 1), ==, strlen(SOUND));
    g_assert_cmpstr(text, ==, SOUND);
    close(fd);

    /* The same again, with the hash computed: nothing changes. */
    write_text(self->part, SOUND);
    again = content_object_store_put_file(self->store, self->part, NULL, &error);
    g_assert_cmpstr(again, ==, self->hash);
    g_assert_cmpuint(count_objects(self), ==, 1);
    g_assert_true(content_object_store_remove(self->store, self->hash, &error));
    g_assert_true(content_object_store_remove(self->store, self->hash, &error));
    g_assert_cmpuint(count_objects(self), ==, 0);
}

static void
test_damaged(Fixture *self, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why, *bytes; } cases[] = {
        { "truncated",        "OggS and so o" },
        { "emptied",          "" },
        { "a flipped bit",    "OggS and so oo" },
        { "appended to",      SOUND "x" },
        { "another object's", "another sound" },
    };
    /* clang-format on */
    g_autofree char *path = visible_path(self);
    g_autofree char *aside = g_build_filename(self->folder, "corrupt", self->hash, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        int fd;

        g_test_message("%s", cases[i].why);
        write_text(self->part, SOUND);
        put(self);
        write_text(path, cases[i].bytes);
        fd = content_object_store_open_object(self->store, self->hash, NULL, &error);
        g_assert_no_error(error);
        g_assert_false(content_object_store_verify(self->store, self->hash, fd, &error));
        g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_CORRUPT);
        close(fd);
        g_assert_false(content_object_store_has(self->store, self->hash));
        g_assert_true(g_file_test(aside, G_FILE_TEST_EXISTS));
    }
    content_object_store_free(self->store);
    self->store = content_object_store_open(self->folder, NULL);
    g_assert_false(g_file_test(aside, G_FILE_TEST_EXISTS));
}

static void
test_replaced_while_verified(Fixture *self, gconstpointer data)
{
    g_autofree char *path = visible_path(self);
    int fd;

    put(self);
    write_text(path, "damaged");
    fd = content_object_store_open_object(self->store, self->hash, NULL, NULL);
    write_text(self->part, SOUND);
    put(self);
    g_assert_false(content_object_store_verify(self->store, self->hash, fd, NULL));
    close(fd);
    /* The damaged file is the one we held; the good one that took its name stays. */
    g_assert_true(content_object_store_has(self->store, self->hash));
}

static void
test_missing(Fixture *self, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(content_object_store_open_object(self->store, self->hash, NULL, &error), ==,
                    -1);
    g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_unlink(self->part);
    g_assert_null(content_object_store_put_file(self->store, self->part, NULL, &error));
    g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_NOT_FOUND);
}

static void
test_bad_names(Fixture *self, gconstpointer data)
{
    const char *const names[] = {
        "",
        "../../etc/passwd",
        "..",
        "part",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "../aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("\"%s\"", names[i]);
        g_assert_false(content_object_store_has(self->store, names[i]));
        g_assert_null(content_object_store_part_path(self->store, names[i]));
        g_assert_cmpint(content_object_store_open_object(self->store, names[i], NULL, &error),
                        ==, -1);
        g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_NOT_FOUND);
        g_assert_false(content_object_store_remove(self->store, names[i], NULL));
        g_assert_null(content_object_store_put_file(self->store, self->part, names[i], NULL));
        g_assert_false(content_object_store_verify(self->store, names[i], 0, NULL));
    }
    g_assert_true(g_file_test(self->part, G_FILE_TEST_EXISTS));
}

static void
test_put_refused(Fixture *self, gconstpointer data)
{
    g_autofree char *other = content_sha256_hex("x", 1);
    g_autofree char *link_path = g_build_filename(self->folder, "part", "link", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(content_object_store_put_file(self->store, self->part, other, &error));
    g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_CORRUPT);
    g_clear_error(&error);
    g_assert_cmpint(symlink(self->part, link_path), ==, 0);
    g_assert_null(content_object_store_put_file(self->store, link_path, NULL, &error));
    g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO);
    g_clear_error(&error);
    disk = DISK_REFUSES_FSYNC;
    g_assert_null(content_object_store_put_file(self->store, self->part, NULL, &error));
    g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO);
    g_clear_error(&error);
    disk = DISK_WORKS;
    g_assert_true(g_file_test(self->part, G_FILE_TEST_EXISTS));
    g_assert_cmpint(truncate(self->part, CONTENT_OBJECT_MAX_BYTES + 1), ==, 0);
    g_assert_null(content_object_store_put_file(self->store, self->part, NULL, &error));
    g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_TOO_LARGE);
    g_assert_cmpuint(count_objects(self), ==, 0);
}

static void
test_put_interrupted(Fixture *self, gconstpointer data)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        disk = POWER_FAILS_AT_RENAME;
        content_object_store_put_file(self->store, self->part, self->hash, NULL);
        _exit(0);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    content_object_store_free(self->store);
    self->store = content_object_store_open(self->folder, NULL);
    g_assert_false(content_object_store_has(self->store, self->hash));
    g_assert_cmpuint(count_objects(self), ==, 0);
    put(self);
    g_assert_cmpuint(count_objects(self), ==, 1);
}

static void
test_list(Fixture *self, gconstpointer data)
{
    g_autofree char *stray = g_build_filename(self->folder, "part", "ab", NULL);
    g_autoptr(GPtrArray) hashes = NULL;

    put(self);
    for (int i = 0; i < 20; i++) {
        g_autofree char *text = g_strdup_printf("sound %d", i);
        g_autofree char *hash = NULL;

        write_text(self->part, text);
        hash = content_object_store_put_file(self->store, self->part, NULL, NULL);
        g_assert_nonnull(hash);
    }
    write_text(stray, "not an object");
    hashes = content_object_store_list(self->store, NULL);
    g_assert_cmpuint(hashes->len, ==, 21);
    for (guint i = 1; i < hashes->len; i++)
        g_assert_cmpstr(hashes->pdata[i - 1], <, hashes->pdata[i]);
}

/* What was given up half-way does not stay for years; what is gone on with does. */
static void
test_tidy_parts(Fixture *self, gconstpointer data)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *other = g_strnfill(64, 'e');
    g_autofree char *part = content_object_store_part_path(self->store, self->hash);
    g_autofree char *other_part = content_object_store_part_path(self->store, other);
    g_autofree char *stray = g_build_filename(self->folder, "part", "new-upload", NULL);

    put(self);
    write_text(part, "wanted");
    write_text(other_part, "given up");
    write_text(stray, "somebody's");
    g_hash_table_add(wanted, self->hash);
    g_assert_cmpuint(content_object_store_tidy_parts(self->store, wanted), ==, 1);
    g_assert_true(g_file_test(part, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(other_part, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(stray, G_FILE_TEST_EXISTS));
    g_assert_true(content_object_store_has(self->store, self->hash));
    /* Wanted or not, once nothing has come of it for long. */
    g_assert_cmpuint(content_object_store_tidy_old_parts(self->store, g_get_real_time() -
                                                                          60 * G_USEC_PER_SEC),
                     ==, 0);
    g_assert_cmpuint(content_object_store_tidy_old_parts(self->store, g_get_real_time() +
                                                                          60 * G_USEC_PER_SEC),
                     ==, 2);
    g_assert_true(content_object_store_has(self->store, self->hash));
}

static void
test_open_refused(Fixture *self, gconstpointer data)
{
    g_autofree char *file = g_build_filename(self->folder, "file", NULL);
    g_autoptr(GError) error = NULL;

    write_text(file, "in the way");
    g_assert_null(content_object_store_open(file, &error));
    g_assert_error(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_IO);
    content_object_store_free(NULL);
}

#define ADD(name, func)                                                                        \
    g_test_add("/content/object-store/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("put-and-open", test_put_and_open);
    ADD("damaged", test_damaged);
    ADD("replaced-while-verified", test_replaced_while_verified);
    ADD("missing", test_missing);
    ADD("bad-names", test_bad_names);
    ADD("put-refused", test_put_refused);
    ADD("put-interrupted", test_put_interrupted);
    ADD("list", test_list);
    ADD("tidy-parts", test_tidy_parts);
    ADD("open-refused", test_open_refused);
    return g_test_run();
}
