/* test-authority.c - the district's certificates, judged by OpenSSL as an independent peer. */
#include "scheduler/trust/authority.h"

#include <glib/gstdio.h>
#include <string.h>

#define DAY_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

typedef struct {
    char *folder;
    gint64 now_us;
    SchedAuthority *authority;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->folder = g_dir_make_tmp("loa-authority-XXXXXX", &error);
    g_assert_no_error(error);
    f->now_us = g_get_real_time();
    f->authority = sched_authority_create(f->folder, "Ia Pa", f->now_us, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(f->folder, name, NULL);
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    sched_authority_free(f->authority);
    g_free(f->folder);
}

/* Runs a command in the folder; its output, and whether it ended well. */
static gboolean
run(Fixture *f, const char *command, char **out_text)
{
    g_auto(GStrv) argv = NULL;
    g_autofree char *err = NULL, *out = NULL;
    int status = 0;

    g_assert_true(g_shell_parse_argv(command, NULL, &argv, NULL));
    g_assert_true(g_spawn_sync(f->folder, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               &err, &status, NULL));
    if (out_text != NULL)
        *out_text = g_strconcat(out, err, NULL);
    return g_spawn_check_wait_status(status, NULL);
}

static void
put(Fixture *f, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(f->folder, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *
get(Fixture *f, const char *name)
{
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* A station's request, made by OpenSSL, that asks for another name than it will get. */
static char *
make_request(Fixture *f, const char *curve)
{
    g_autofree char *command =
        g_strdup_printf("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:%s -nodes "
                        "-keyout station.key -out station.csr -subj /CN=somebody-else",
                        curve);

    g_assert_true(run(f, command, NULL));
    return get(f, "station.csr");
}

static void
test_root(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedAuthority) again = NULL;
    g_autofree char *text = NULL, *pin = NULL, *fingerprint = NULL, *key_path = NULL;
    GStatBuf status;

    g_assert_true(run(f, "openssl verify -x509_strict -CAfile ca.pem ca.pem", NULL));
    g_assert_true(run(f, "openssl x509 -in ca.pem -noout -text", &text));
    g_assert_nonnull(strstr(text, "CA:TRUE, pathlen:0"));
    g_assert_nonnull(strstr(text, "prime256v1"));
    g_assert_nonnull(strstr(text, "CN = Loa: Ia Pa"));

    key_path = g_build_filename(f->folder, "ca.key", NULL);
    g_assert_cmpint(g_stat(key_path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0600);

    /* The fingerprint is over the public key, computed here by another program. */
    g_assert_true(run(f,
                      "sh -c 'openssl x509 -in ca.pem -noout -pubkey | openssl pkey -pubin "
                      "-outform DER | sha256sum'",
                      &pin));
    fingerprint = sched_authority_fingerprint(f->authority);
    g_assert_cmpuint(strlen(fingerprint), ==, 32);
    g_assert_true(g_str_has_prefix(pin, fingerprint));

    again = sched_authority_open(f->folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sched_authority_certificate(again), ==,
                    sched_authority_certificate(f->authority));
}

static void
test_created_once(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *before = get(f, "ca.key"), *after = NULL;

    g_assert_null(sched_authority_create(f->folder, "Ia Pa", f->now_us, &error));
    g_assert_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_EXISTS);
    after = get(f, "ca.key");
    g_assert_cmpstr(before, ==, after);
}

static void
test_server_certificate(Fixture *f, gconstpointer data)
{
    const char *const hosts[] = {"loa.iapa.vn", "192.0.2.7", "2001:db8::7", NULL};
    const SchedCertificateWish wish = {"https", "Loa", hosts, TRUE, FALSE};

    g_assert_true(sched_authority_ensure(f->authority, &wish, f->now_us, NULL, NULL, NULL));
    g_assert_true(run(f,
                      "openssl verify -x509_strict -purpose sslserver -CAfile ca.pem "
                      "-verify_hostname loa.iapa.vn https.pem",
                      NULL));
    g_assert_true(run(f, "openssl verify -CAfile ca.pem -verify_ip 192.0.2.7 https.pem", NULL));
    g_assert_true(
        run(f, "openssl verify -CAfile ca.pem -verify_ip 2001:db8::7 https.pem", NULL));
    g_assert_false(
        run(f, "openssl verify -CAfile ca.pem -verify_hostname other.vn https.pem", NULL));
    g_assert_false(run(f, "openssl verify -purpose sslclient -CAfile ca.pem https.pem", NULL));
}

static void
test_renewal(Fixture *f, gconstpointer data)
{
    static const char *const hosts[] = {"loa.iapa.vn", "192.0.2.7", NULL};
    static const char *const fewer[] = {"loa.iapa.vn", NULL};
    static const char *const other[] = {"loa.iapa.vn", "192.0.2.8", NULL};
    const struct {
        const char *why;
        const char *const *hosts;
        gint64 later_us;
        const char *spoiled; /* file that is overwritten before */
        gboolean is_kept;
    } cases[] = {
        {"next start", hosts, 1 * DAY_US, NULL, TRUE},
        {"half a year later", hosts, 180 * DAY_US, NULL, TRUE},
        {"old enough to be taken new", hosts, 210 * DAY_US, NULL, FALSE},
        {"long run out", hosts, 2000 * DAY_US, NULL, FALSE},
        {"a clock that went back", hosts, -10 * DAY_US, NULL, FALSE},
        {"an address less", fewer, 0, NULL, FALSE},
        {"another address", other, 0, NULL, FALSE},
        {"certificate damaged", hosts, 0, "https.pem", FALSE},
        {"key damaged", hosts, 0, "https.key", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SchedCertificateWish wish = {"https", "Loa", hosts, TRUE, FALSE};
        g_autofree char *before = NULL, *after = NULL, *key = NULL, *on_disk = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_true(
            sched_authority_ensure(f->authority, &wish, f->now_us, &before, NULL, NULL));
        wish.hosts = cases[i].hosts;
        if (cases[i].spoiled != NULL)
            put(f, cases[i].spoiled, "-----BEGIN NOTHING-----\n");
        g_assert_true(sched_authority_ensure(f->authority, &wish, f->now_us + cases[i].later_us,
                                             &after, &key, NULL));
        g_assert_true(g_str_equal(before, after) == cases[i].is_kept);
        on_disk = get(f, "https.pem");
        g_assert_cmpstr(on_disk, ==, after);
        put(f, "https.pem", "");
    }
}

static void
test_station_certificate(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *request = make_request(f, "P-256"), *serial = NULL, *text = NULL;
    g_autofree char *certificate =
        sched_authority_sign_request(f->authority, request, "ia-pa-02", f->now_us, &serial,
                                     &error);
    g_autofree char *shown = NULL;

    g_assert_no_error(error);
    put(f, "station.pem", certificate);
    g_assert_true(run(f,
                      "openssl verify -x509_strict -purpose sslclient -CAfile ca.pem "
                      "station.pem",
                      NULL));
    g_assert_false(
        run(f, "openssl verify -purpose sslserver -CAfile ca.pem station.pem", NULL));
    g_assert_true(run(f, "openssl x509 -in station.pem -noout -subject -serial", &text));
    shown = g_ascii_strup(serial, -1);
    g_assert_nonnull(strstr(text, "CN = ia-pa-02"));
    g_assert_null(strstr(text, "somebody-else"));
    g_assert_nonnull(strstr(text, shown));
}

static void
test_bad_requests(Fixture *f, gconstpointer data)
{
    g_autofree char *good = make_request(f, "P-256");
    g_autofree char *p384 = make_request(f, "P-384");
    g_autofree char *changed = g_strdup(good);
    g_autofree char *huge = g_strnfill(SCHED_AUTHORITY_MAX_REQUEST_BYTES + 1, 'A');
    char *middle;

    /* Another letter in the last line but one: inside the signature. */
    middle = strstr(changed, "-----END") - 12;
    *middle = *middle == 'A' ? 'B' : 'A';
    const struct {
        const char *why, *request;
    } cases[] = {
        {"another curve", p384},
        {"a changed byte", changed},
        {"no request", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"},
        {"nothing", ""},
        {"too long", huge},
        {"a certificate", sched_authority_certificate(f->authority)},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *serial = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_null(sched_authority_sign_request(f->authority, cases[i].request, "ia-pa-02",
                                                   f->now_us, &serial, &error));
        g_assert_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_REQUEST);
        g_assert_null(serial);
    }
}

static void
test_revocation(Fixture *f, gconstpointer data)
{
    g_autofree char *request = make_request(f, "P-256"), *one = NULL, *two = NULL;
    g_autofree char *first =
        sched_authority_sign_request(f->authority, request, "ia-pa-02", f->now_us, &one, NULL);
    g_autofree char *second =
        sched_authority_sign_request(f->authority, request, "ia-pa-03", f->now_us, &two, NULL);
    const SchedRevokedSerial revoked[] = {{one, f->now_us}};
    const gint64 numbers[] = {1, 127, 128, 255, 256, 70000, G_GINT64_CONSTANT(1) << 52};

    put(f, "one.pem", first);
    put(f, "two.pem", second);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *list =
            sched_authority_revocation_list(f->authority, numbers[i], revoked,
                                            G_N_ELEMENTS(revoked), f->now_us, NULL);
        g_autofree char *text = NULL;
        g_autofree char *number = g_strdup_printf("%" G_GINT64_MODIFIER "X", numbers[i]);

        put(f, "crl.pem", list);
        g_assert_true(
            run(f, "openssl crl -in crl.pem -CAfile ca.pem -noout -crlnumber", &text));
        g_assert_nonnull(strstr(text, "verify OK"));
        g_assert_nonnull(strstr(text, number));
    }
    g_assert_false(
        run(f, "openssl verify -crl_check -CRLfile crl.pem -CAfile ca.pem one.pem", NULL));
    g_assert_true(
        run(f, "openssl verify -crl_check -CRLfile crl.pem -CAfile ca.pem two.pem", NULL));
    /* It must not run out while the district machine is on a shelf. */
    g_assert_true(run(f,
                      "openssl verify -crl_check -attime 2000000000 -CRLfile crl.pem -CAfile "
                      "ca.pem two.pem",
                      NULL));
}

static void
test_bad_revocation(Fixture *f, gconstpointer data)
{
    const char *const serials[] = {"", "xyz", "4A", "123",
                                   "000102030405060708090a0b0c0d0e0f1011121314"};

    for (gsize i = 0; i < G_N_ELEMENTS(serials); i++) {
        const SchedRevokedSerial revoked[] = {{serials[i], f->now_us}};
        g_autoptr(GError) error = NULL;

        g_assert_null(
            sched_authority_revocation_list(f->authority, 1, revoked, 1, f->now_us, &error));
        g_assert_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_REQUEST);
    }
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/scheduler/trust/authority/root", test_root);
    add("/scheduler/trust/authority/created-once", test_created_once);
    add("/scheduler/trust/authority/server-certificate", test_server_certificate);
    add("/scheduler/trust/authority/renewal", test_renewal);
    add("/scheduler/trust/authority/station-certificate", test_station_certificate);
    add("/scheduler/trust/authority/bad-requests", test_bad_requests);
    add("/scheduler/trust/authority/revocation", test_revocation);
    add("/scheduler/trust/authority/bad-revocation", test_bad_revocation);
    return g_test_run();
}
