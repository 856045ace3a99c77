/* test-server-peers.c - whom the server speaks with, whom it believes, what it starts with. */
#include "tests/content/web/server-fixture.h"
#include "tests/support/scratch.h"

#include <curl/curl.h>
#include <string.h>

#define S(n) ((gint64) (n) *G_USEC_PER_SEC)

static void
set_up(ServerFixture *f, gconstpointer change)
{
    server_fixture_start(f, (void (*)(ContentServerOptions *)) change);
}

static void
tear_down(ServerFixture *f, gconstpointer data)
{
    server_fixture_stop(f);
}

static void
test_tls_versions(ServerFixture *f, gconstpointer data)
{
    const struct {
        const char *why;
        long max_tls;
        gboolean is_served;
    } cases[] = {
        {"TLS 1.0", CURL_SSLVERSION_MAX_TLSv1_0, FALSE},
        {"TLS 1.1", CURL_SSLVERSION_MAX_TLSv1_1, FALSE},
        {"TLS 1.2", CURL_SSLVERSION_MAX_TLSv1_2, TRUE},
        {"TLS 1.3", CURL_SSLVERSION_MAX_TLSv1_3, TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TestHttps peer = f->peer;
        g_autoptr(TestAnswer) answer = NULL;

        peer.max_tls = cases[i].max_tls;
        answer = test_https(&peer, "GET", "/echo", NULL, NULL, 0);
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(answer->status, ==, cases[i].is_served ? 200 : 0);
    }
}

/* What a peer may show; made by openssl(1) and by two authorities, all for station ia-pa-02. */
typedef struct {
    char *key, *self_signed, *good, *expired, *early, *foreign; /* (owned) */
} Shown;

static void
shown_clear(Shown *shown)
{
    g_free(shown->key);
    g_free(shown->self_signed);
    g_free(shown->good);
    g_free(shown->expired);
    g_free(shown->early);
    g_free(shown->foreign);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shown, shown_clear)

static char *
read_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static char *
sign(SchedAuthority *authority, const char *request, gint64 at_us)
{
    g_autofree char *serial = NULL;
    char *chain =
        sched_authority_sign_request(authority, request, "ia-pa-02", at_us, &serial, NULL);

    g_assert_nonnull(chain);
    return chain;
}

static void
make_shown(ServerFixture *f, Shown *shown)
{
    char *folder = test_scratch_new();
    g_autofree char *command = g_strdup_printf(
        "sh -c 'cd %s && openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
        "-nodes -keyout key -out self -subj /CN=ia-pa-02 2>/dev/null && openssl req -new -key "
        "key -subj /CN=x -out csr 2>/dev/null'",
        folder);
    g_autofree char *other_folder = g_build_filename(folder, "ca", NULL);
    gint64 now_us = g_get_real_time();
    g_autoptr(SchedAuthority) other =
        sched_authority_create(other_folder, "other", now_us, NULL);
    g_autofree char *request = NULL;

    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    request = read_file(folder, "csr");
    shown->key = read_file(folder, "key");
    shown->self_signed = read_file(folder, "self");
    shown->foreign = sign(other, request, now_us);
    shown->expired = sign(f->authority, request, now_us - S(11LL * 365 * 24 * 3600));
    shown->early = sign(f->authority, request, now_us + S(3LL * 24 * 3600));
    shown->good = sign(f->authority, request, now_us);
    test_scratch_free(folder);
}

/* Who a client certificate is believed from: nobody but this district's stations, in time. */
static void
test_client_certificates(ServerFixture *f, gconstpointer data)
{
    g_auto(Shown) shown = {0};

    make_shown(f, &shown);
    const struct {
        const char *why, *certificate, *key, *says;
    } cases[] = {
        {"none", NULL, NULL, "peer client certificate: none was shown"},
        {"self-signed with the right name", shown.self_signed, shown.key,
         "not from this district"},
        {"another district's", shown.foreign, shown.key, "not from this district"},
        {"expired", shown.expired, shown.key, "outside its time"},
        {"not yet valid", shown.early, shown.key, "outside its time"},
        {"a server's certificate", f->chain, f->key, "not from this district"},
        {"the station's", shown.good, shown.key, "peer ia-pa-02"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TestHttps peer = f->peer;
        g_autoptr(TestAnswer) answer = NULL;

        peer.certificate = cases[i].certificate;
        peer.key = cases[i].key;
        answer = test_https(&peer, "GET", "/echo", NULL, NULL, 0);
        g_test_message("%s: %s", cases[i].why, answer->body->str);
        g_assert_cmpuint(answer->status, ==, 200);
        g_assert_nonnull(strstr(answer->body->str, cases[i].says));
    }
}

static void
test_bad_options(void)
{
    const struct {
        const char *why, *address, *chain;
        gint code;
    } cases[] = {
        {"no address", "not-an-address", NULL, CONTENT_SERVER_ERROR_ADDRESS},
        {"nobody's address", "192.0.2.1", NULL, CONTENT_SERVER_ERROR_ADDRESS},
        {"no certificate", "127.0.0.1", "rubbish", CONTENT_SERVER_ERROR_TLS},
    };
    ServerFixture f = {0};
    const ContentServerHandler nobody = {0};
    g_autofree char *spool = NULL;

    server_fixture_start(&f, NULL);
    spool = g_build_filename(f.folder, "spool2", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ContentServerOptions options = content_server_defaults;
        g_autoptr(GError) error = NULL;

        options.address = cases[i].address;
        options.chain = cases[i].chain != NULL ? cases[i].chain : f.chain;
        options.key = f.key;
        options.spool_folder = spool;
        g_assert_null(content_server_start(&options, &nobody, NULL, &error));
        g_assert_error(error, CONTENT_SERVER_ERROR, cases[i].code);
    }
    server_fixture_stop(&f);
}

static void
add(const char *path, gpointer change, void (*test)(ServerFixture *, gconstpointer))
{
    g_test_add(path, ServerFixture, change, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    add("/scheduler/web/server/tls-versions", NULL, test_tls_versions);
    add("/scheduler/web/server/client-certificates", NULL, test_client_certificates);
    g_test_add_func("/scheduler/web/server/bad-options", test_bad_options);
    return g_test_run();
}
