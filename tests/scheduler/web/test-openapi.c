/*
 * test-openapi.c - docs/openapi.yaml says what the routes do, and the rows keep their rules.
 *
 * With LOA_WRITE_DOCS set, the file is written instead of compared. That it is YAML, and that a
 * running district answers as it says, is tests/fault/test-units.py.
 */
#include "scheduler/web/route.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_document(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "docs", "openapi.yaml", NULL);
    g_autofree char *made = sched_api_describe();
    g_autofree char *found = NULL;

    if (g_getenv("LOA_WRITE_DOCS") != NULL)
        g_assert_true(g_file_set_contents(path, made, -1, NULL));
    g_assert_true(g_file_get_contents(path, &found, NULL, NULL));
    g_assert_cmpstr(found, ==, made);
}

static guint
count_arguments(const char *path)
{
    guint count = 0;

    for (; *path != '\0'; path++)
        count += *path == '{';
    return count;
}

/* What no compiler checks: a writing row that nobody is asked for, a body without a shape … */
static void
test_rows(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; sched_routes_of_all[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_all[i](); route->method != NULL;
             route++) {
            gboolean is_device = g_str_has_prefix(route->path, "/device/");

            g_test_message("%s %s", route->method, route->path);
            g_assert_true(
                g_hash_table_add(seen, g_strdup_printf("%s %s", route->method, route->path)));
            g_assert_cmpuint(count_arguments(route->path), <=, SCHED_ROUTE_MAX_ARGUMENTS);
            g_assert_true(is_device || g_str_has_prefix(route->path, "/api/"));
            g_assert_nonnull(route->work);
            g_assert_nonnull(route->name);
            g_assert_nonnull(route->meaning);
            g_assert_true(route->status == 200 || route->status == 201);
            g_assert_true((route->answer == NULL) == (route->sends != NULL));
            /* Reading changes nothing; on the devices' side POST may read. */
            g_assert_true(is_device || (route->writes || route->is_aside) ==
                                           !g_str_equal(route->method, "GET"));
            g_assert_false(route->writes && route->is_aside);
            g_assert_true((route->input == SCHED_INPUT_JSON) ==
                          (route->body != NULL || route->takes != NULL));
            g_assert_true(is_device || route->takes == NULL);
            /* Only signing in and enrolling are open. */
            g_assert_true(route->roles != SCHED_ROLES_OPEN || route->prepare != NULL);
            /* A write concerns a place, the account itself, makes an account, or keeps what
             * another system wrote. */
            g_assert_true(!route->writes || route->scope != NULL || route->is_own ||
                          is_device || g_str_equal(route->name, "signIn") ||
                          g_str_equal(route->name, "addAccount") ||
                          g_str_equal(route->name, "importAlert"));
        }
    }
    g_assert_cmpuint(g_hash_table_size(seen), >, 60);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/web/openapi/document", test_document);
    g_test_add_func("/scheduler/web/openapi/rows", test_rows);
    return g_test_run();
}
