/* test-qr.c - a code of ours is read by another program: zbarimg. */
#include "scheduler/web/qr.h"

#include "scheduler/trust/totp.h"
#include "tests/support/scratch.h"

#include <string.h>

#define MODULE_PX 4
#define QUIET     4

static gboolean
is_dark(json_t *rows, int x, int y)
{
    int size = (int) json_array_size(rows);

    return x >= 0 && y >= 0 && x < size && y < size &&
           json_string_value(json_array_get(rows, (gsize) y))[x] == '1';
}

/* A grey picture, as plain as there is one. */
static char *
save_picture(const char *folder, json_t *rows)
{
    const int size = ((int) json_array_size(rows) + 2 * QUIET) * MODULE_PX;
    g_autoptr(GString) picture = g_string_new(NULL);
    char *path = g_build_filename(folder, "code.pgm", NULL);

    g_string_printf(picture, "P5\n%d %d\n255\n", size, size);
    for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++)
            g_string_append_c(
                picture,
                is_dark(rows, x / MODULE_PX - QUIET, y / MODULE_PX - QUIET) ? 0 : (char) 0xff);
    }
    g_assert_true(g_file_set_contents(path, picture->str, (gssize) picture->len, NULL));
    return path;
}

static void
test_read(void)
{
    static const char *const issuers[] = {"Loa", "Huyện Ia Pa"};
    char *folder = test_scratch_new();

    for (guint i = 0; i < G_N_ELEMENTS(issuers); i++) {
        g_autofree char *uri =
            sched_totp_uri((const guint8 *) "12345678901234567890", issuers[i], "h.rmah");
        json_auto_t *rows = sched_qr_rows(uri);
        g_autofree char *path = save_picture(folder, rows);
        const char *argv[] = {"zbarimg", "--quiet", "--raw", path, NULL};
        g_autofree char *said = NULL;
        GError *error = NULL;
        int status = 0;

        g_spawn_sync(NULL, (char **) argv, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &said, NULL,
                     &status, &error);
        g_assert_no_error(error);
        g_assert_cmpint(status, ==, 0);
        g_assert_cmpstr(g_strchomp(said), ==, uri);
    }
    test_scratch_free(folder);
}

static void
test_limits(void)
{
    g_autofree char *most = g_strnfill(SCHED_QR_MAX_BYTES, 'x');
    g_autofree char *more = g_strnfill(SCHED_QR_MAX_BYTES + 1, 'x');
    json_auto_t *rows = sched_qr_rows(most);

    g_assert_cmpuint(json_array_size(rows), <=, SCHED_QR_MAX_MODULES);
    for (gsize i = 0; i < json_array_size(rows); i++)
        g_assert_cmpuint(json_string_length(json_array_get(rows, i)), ==,
                         json_array_size(rows));
    g_assert_null(sched_qr_rows(more));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/web/qr/read", test_read);
    g_test_add_func("/scheduler/web/qr/limits", test_limits);
    return g_test_run();
}
