/* cap-schema.c - see cap-schema.h */
#include "tests/support/cap-schema.h"

#include <gio/gio.h>

gboolean
cap_schema_accepts(const char *xml, gsize n_bytes)
{
    g_autofree char *schema =
        g_test_build_filename(G_TEST_DIST, "..", "tests", "data", "cap", "cap-1.2.xsd", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) child =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                         "xmllint", "--nonet", "--noout", "--schema", schema, "-", NULL);
    g_autoptr(GBytes) input = g_bytes_new(xml, n_bytes), said = NULL;

    g_assert_no_error(error);
    g_subprocess_communicate(child, input, NULL, NULL, &said, &error);
    g_assert_no_error(error);
    g_test_message("xmllint: %.300s", (const char *) g_bytes_get_data(said, NULL));
    return g_subprocess_get_exit_status(child) == 0;
}
