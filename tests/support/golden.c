/* golden.c - see golden.h */
#include "tests/support/golden.h"

#include "content/base/files.h"
#include "content/registry.h"

#include <string.h>

static void
golden_file_free(gpointer data)
{
    GoldenFile *file = data;

    g_free(file->name);
    g_bytes_unref(file->bytes);
    g_free(file);
}

/* The longest type name that the file's name is, or begins with before a '-'. */
static const ContentDocumentType *
type_of(const char *name)
{
    gsize n_types;
    const ContentDocumentType *const *types = content_registry_types(&n_types);
    const ContentDocumentType *found = NULL;

    for (gsize i = 0; i < n_types; i++) {
        g_autofree char *prefix = g_strconcat(types[i]->type, "-", NULL);

        if (g_str_equal(name, types[i]->type) || g_str_has_prefix(name, prefix))
            found = types[i]; /* sorted by name, so a longer one comes later */
    }
    return found;
}

static GoldenFile *
golden_file_read(const char *folder, const char *file_name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, file_name, NULL);
    GoldenFile *file = g_new0(GoldenFile, 1);

    g_assert_true(g_str_has_suffix(file_name, ".json"));
    file->name = g_strndup(file_name, strlen(file_name) - strlen(".json"));
    file->type = type_of(file->name);
    g_assert_nonnull(file->type);
    file->bytes = content_files_read(path, CONTENT_DOCUMENT_MAX_BYTES, &error);
    g_assert_no_error(error);
    return file;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    const GoldenFile *const *first = a, *const *second = b;

    return g_strcmp0((*first)->name, (*second)->name);
}

GPtrArray *
golden_files_read(void)
{
    g_autofree char *folder =
        g_strdup_printf("%s/data/v%d", g_test_get_dir(G_TEST_DIST), CONTENT_DOCUMENT_V);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    GPtrArray *files = g_ptr_array_new_with_free_func(golden_file_free);
    const char *file_name;

    g_assert_no_error(error);
    while ((file_name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(files, golden_file_read(folder, file_name));
    g_ptr_array_sort(files, compare_names);
    return files;
}
