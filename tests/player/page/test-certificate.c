/* test-certificate.c - the page's certificate: made once, kept, and told by its fingerprint. */
#include "player/page/certificate.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/scratch.h"

static PlayPageCertificate *
load(const char *folder, const char *address)
{
    g_autoptr(GError) error = NULL;
    PlayPageCertificate *certificate = play_page_certificate_load(folder, address, &error);

    g_assert_no_error(error);
    return certificate;
}

/* What openssl says of the file with these arguments. */
static char *
openssl(const char *path, const char *what, const char *more)
{
    const char *const argv[] = {"openssl", "x509", "-in", path, "-noout", what, more, NULL};
    g_autoptr(GError) error = NULL;
    char *said = NULL;
    gint status;

    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL,
                 &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    return said;
}

static void
test_made_once(void)
{
    char *folder = test_scratch_new();
    g_autofree char *state = g_build_filename(folder, "state", NULL);
    g_autofree char *path = g_build_filename(state, "page.pem", NULL);
    g_autoptr(PlayPageCertificate) made = load(state, "0.0.0.0");
    g_autoptr(PlayPageCertificate) again = load(state, "0.0.0.0");
    g_autoptr(PlayPageCertificate) shown = load(state, NULL);
    g_autofree char *told = openssl(path, "-fingerprint", "-sha256");
    g_autofree char *ends = openssl(path, "-enddate", "-startdate");
    struct stat status;

    g_assert_cmpstr(made->fingerprint, ==, again->fingerprint);
    g_assert_cmpstr(made->fingerprint, ==, shown->fingerprint);
    g_assert_cmpstr(made->key, ==, again->key);
    g_assert_nonnull(strstr(told, made->fingerprint));
    g_assert_nonnull(strstr(ends, "Dec 31 23:59:59 9999"));
    g_assert_nonnull(strstr(ends, "Jan  1 00:00:00 2024"));
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
    test_scratch_free(folder);
}

static void
test_names_its_address(void)
{
    char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, "page.pem", NULL);
    g_autoptr(PlayPageCertificate) certificate = load(folder, "192.168.7.4");
    g_autofree char *names = openssl(path, "-ext", "subjectAltName");

    g_assert_nonnull(strstr(names, "IP Address:192.168.7.4"));
    g_assert_nonnull(strstr(names, ".local"));
    test_scratch_free(folder);
}

static void
test_refused(void)
{
    const struct {
        const char *why, *text;
    } cases[] = {
        {"none is there, and none is to be made", NULL},
        {"an empty file", ""},
        {"no certificate before the key", "-----BEGIN PRIVATE KEY-----\nAAAA\n"},
        {"no key", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folder = test_scratch_new();
        g_autofree char *path = g_build_filename(folder, "page.pem", NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        if (cases[i].text != NULL)
            g_assert_true(g_file_set_contents(path, cases[i].text, -1, NULL));
        g_assert_null(play_page_certificate_load(
            folder, cases[i].text != NULL ? "0.0.0.0" : NULL, &error));
        g_assert_nonnull(error);
        test_scratch_free(folder);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/certificate/made-once", test_made_once);
    g_test_add_func("/page/certificate/names-its-address", test_names_its_address);
    g_test_add_func("/page/certificate/refused", test_refused);
    return g_test_run();
}
