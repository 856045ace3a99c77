/*
 * test-golden.c - every document type has golden files that read and are written byte for byte.
 *
 * tests/data/vN/ never changes once `v` N is in use: these are the documents that stations in
 * the field hold. A file is named after its type, with a word behind it for a variant.
 */
#include "content/base/files.h"
#include "content/document.h"
#include "content/registry.h"

#include "tests/support/golden.h"

#include <string.h>

static void
test_round_trip(gconstpointer data)
{
    const GoldenFile *file = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autofree char *type_name = NULL;
    gint64 v = -1;
    gsize n_bytes;
    const void *bytes = g_bytes_get_data(file->bytes, &n_bytes);
    gpointer document = content_document_read(file->type, bytes, n_bytes, &error);

    g_assert_no_error(error);
    again = content_document_write(file->type, document, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(again, file->bytes));
    g_assert_true(content_document_peek_type(bytes, n_bytes, &type_name, &v, &error));
    g_assert_cmpstr(type_name, ==, file->type->type);
    g_assert_cmpint(v, ==, CONTENT_DOCUMENT_V);
    content_document_free(file->type, document);
}

static void
test_every_type(gconstpointer data)
{
    const GPtrArray *files = data;
    gsize n_types;
    const ContentDocumentType *const *types = content_registry_types(&n_types);

    for (gsize i = 0; i < n_types; i++) {
        gboolean is_there = FALSE;

        for (guint j = 0; j < files->len; j++)
            is_there |= ((const GoldenFile *) files->pdata[j])->type == types[i];
        g_test_message("%s", types[i]->type);
        g_assert_true(is_there);
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) files = NULL;

    g_test_init(&argc, &argv, NULL);
    files = golden_files_read();
    g_test_add_data_func("/content/golden/every-type", files, test_every_type);
    for (guint i = 0; i < files->len; i++) {
        const GoldenFile *file = files->pdata[i];
        g_autofree char *path = g_strconcat("/content/golden/", file->name, NULL);

        g_test_add_data_func(path, file, test_round_trip);
    }
    return g_test_run();
}
