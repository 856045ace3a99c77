/* test-server.c - the HTTPS server against libcurl and against peers that do not behave. */
#include "tests/scheduler/web/server-fixture.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS(n) ((gint64) (n) *1000)
#define S(n)  ((gint64) (n) *G_USEC_PER_SEC)

static void
set_up(ServerFixture *f, gconstpointer change)
{
    server_fixture_start(f, (void (*)(SchedServerOptions *)) change);
}

static void
tear_down(ServerFixture *f, gconstpointer data)
{
    server_fixture_stop(f);
}

static void
test_headers(ServerFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) answer = test_https(&f->peer, "GET", "/echo", NULL, NULL, 0);
    const struct {
        const char *name, *holds;
    } wanted[] = {
        {"Content-Security-Policy", "require-trusted-types-for 'script'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Permissions-Policy", "microphone=(self)"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Strict-Transport-Security", "max-age=31536000"},
        {"Cache-Control", "no-store"},
        {"Date", "GMT"},
        {"X-Request-Id", ""},
    };

    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_true(g_str_has_prefix(answer->body->str, "GET from 127.0.0.1 peer "));
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autofree char *value = test_answer_header(answer, wanted[i].name);

        g_assert_nonnull(value);
        g_assert_nonnull(strstr(value, wanted[i].holds));
    }
    g_assert_null(test_answer_header(answer, "Server"));
}

static void
test_not_there(ServerFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) answer = test_https(&f->peer, "GET", "/other", NULL, NULL, 0);
    g_autofree char *type = test_answer_header(answer, "Content-Type");

    g_assert_cmpuint(answer->status, ==, 404);
    g_assert_cmpstr(type, ==, "application/problem+json");
    g_assert_nonnull(strstr(answer->body->str, "\"code\":\"no-such-path\""));
    g_assert_cmpuint(f->n_handled, ==, 0);
}

#define SMUGGLED "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"

/* Each is sent as it stands; what stands behind it must never be answered. */
static void
test_malformed(ServerFixture *f, gconstpointer data)
{
    static const char nul[] = "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n";
    static const char nul_length[] =
        "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 3\0 9\r\n\r\nabc";
    static const char nul_target[] = "GET /echo\0x HTTP/1.1\r\nHost: x\r\n\r\n";
    g_autofree char *filler = g_strnfill(SCHED_SERVER_MAX_HEADER_BYTES, 'a');
    g_autofree char *long_header =
        g_strdup_printf("GET /echo HTTP/1.1\r\nHost: x\r\nX-A: %s\r\n\r\n", filler);
    g_autofree char *long_target =
        g_strdup_printf("GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", filler);
    const struct {
        const char *why, *bytes;
        gsize n_bytes;
        const char *status;
    } cases[] = {
        {"length and encoding",
         "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
         0, "400"},
        {"encoding and length",
         "POST /memory HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
         "Content-Length: 0\r\n\r\n" SMUGGLED,
         0, "400"},
        {"two lengths",
         "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
         "Content-Length: 35\r\n\r\n" SMUGGLED,
         0, "400"},
        {"two equal lengths",
         "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
         "Content-Length: 3\r\n\r\nabc" SMUGGLED,
         0, "400"},
        {"a list of lengths",
         "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc", 0, "400"},
        {"a signed length", "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
         0, "400"},
        {"a negative length",
         "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc", 0, "400"},
        {"another encoding",
         "POST /memory HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
         "0\r\n\r\n" SMUGGLED,
         0, "400"},
        {"encoding in HTTP/1.0",
         "POST /memory HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0,
         "400"},
        {"NUL in a value", nul, sizeof nul - 1, "400"},
        {"NUL in the length", nul_length, sizeof nul_length - 1, "400"},
        {"NUL in the target", nul_target, sizeof nul_target - 1, "400"},
        {"control byte in a value", "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: a\x01z\r\n\r\n", 0,
         "400"},
        {"bare return in a value", "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n", 0,
         "400"},
        {"space before the colon",
         "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\nabc", 0, "400"},
        {"no colon", "GET /echo HTTP/1.1\r\nHost: x\r\nrubbish\r\n\r\n", 0, "400"},
        {"no host", "GET /echo HTTP/1.1\r\n\r\n", 0, "400"},
        {"two hosts", "GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 0, "400"},
        {"upwards", "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 0, "400"},
        {"NUL escaped", "GET /echo%00 HTTP/1.1\r\nHost: x\r\n\r\n", 0, "400"},
        {"absolute form", "GET https://x/echo HTTP/1.1\r\nHost: x\r\n\r\n", 0, "400"},
        {"a body that nobody expects",
         "GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\nabc" SMUGGLED, 0,
         "413"},
        {"long header", long_header, 0, "431"},
        {"long target", long_target, 0, "431"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const TestPiece pieces[] = {{cases[i].bytes, cases[i].n_bytes, 0}, {NULL}};
        gint64 took_us = 0;
        g_autofree char *came = test_https_raw(&f->peer, pieces, S(3), &took_us);
        g_autofree char *start = g_strdup_printf("HTTP/1.1 %s ", cases[i].status);

        g_test_message("%s: %.12s", cases[i].why, came);
        g_assert_true(g_str_has_prefix(came, start) || g_str_has_prefix(came, "HTTP/1.0 400 "));
        /* The library may say its own refusals twice; anything served would be 200. */
        g_assert_null(strstr(came, " 200 "));
        g_assert_cmpint(took_us, <, S(2)); /* closed by the server, not by patience */
    }
    g_assert_cmpuint(f->n_handled, ==, 0);
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

static void
test_body_limits(ServerFixture *f, gconstpointer data)
{
    g_autofree char *big = g_strnfill(300000, 'x');
    const char *const chunked[] = {"Transfer-Encoding: chunked", "Expect:", NULL};
    const char *const plain[] = {"Expect:", NULL};
    const struct {
        const char *why, *path;
        const char *const *headers;
        gsize n_bytes;
        guint status;
    } cases[] = {
        {"empty", "/memory", plain, 0, 200},
        {"just fits", "/memory", plain, 1000, 200},
        {"one too many", "/memory", plain, 1001, 413},
        {"just fits, chunked", "/memory", chunked, 1000, 200},
        {"one too many, chunked", "/memory", chunked, 1001, 413},
        {"a file, just fits", "/spool", plain, 200000, 200},
        {"a file, one too many", "/spool", plain, 200001, 413},
        {"a file, asked for first", "/spool", NULL, 200001, 413},
        {"a file, one too many, chunked", "/spool", chunked, 200001, 413},
        {"not allowed", "/spool?may=no", plain, 50000, 403},
        {"not allowed, asked for first", "/spool?may=no", NULL, 150000, 403},
        {"none expected", "/echo", plain, 10, 413},
        {"no such path", "/other", plain, 10, 404},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestAnswer) answer = test_https(&f->peer, "POST", cases[i].path,
                                                  cases[i].headers, big, cases[i].n_bytes);

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
        if (cases[i].status == 200 && g_str_equal(cases[i].path, "/memory"))
            g_assert_cmpuint(answer->body->len, ==, cases[i].n_bytes);
    }
}

static void
test_spool(ServerFixture *f, gconstpointer data)
{
    g_autofree char *bytes = g_malloc(150000);
    g_autofree char *sum = NULL;
    g_autoptr(TestAnswer) answer = NULL;

    for (gsize i = 0; i < 150000; i++)
        bytes[i] = (char) (i * 31);
    sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) bytes, 150000);
    answer = test_https(&f->peer, "PUT", "/spool", NULL, bytes, 150000);
    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_cmpstr(answer->body->str, ==, sum);
    g_assert_false(g_file_test(f->last_spool, G_FILE_TEST_EXISTS));
}

static void
test_ranges(ServerFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) all = test_https(&f->peer, "GET", "/file", NULL, NULL, 0);
    g_autofree char *length = NULL, *cache = NULL;
    const struct {
        const char *why, *one, *two;
        guint status;
        gsize first, count;
        const char *content_range;
    } cases[] = {
        {"part", "Range: bytes=100-199", NULL, 206, 100, 100, "bytes 100-199/5242880"},
        {"resume", "Range: bytes=5242000-", NULL, 206, 5242000, 880,
         "bytes 5242000-5242879/5242880"},
        {"end", "Range: bytes=-5", NULL, 206, 5242875, 5, "bytes 5242875-5242879/5242880"},
        {"behind the end", "Range: bytes=5242880-", NULL, 416, 0, 0, "bytes */5242880"},
        {"the same object", "Range: bytes=0-9", "If-Range: \"0123\"", 206, 0, 10,
         "bytes 0-9/5242880"},
        {"another object", "Range: bytes=0-9", "If-Range: \"9999\"", 200, 0, 5242880, NULL},
        {"known already", "If-None-Match: \"0123\"", NULL, 304, 0, 0, NULL},
    };

    g_assert_cmpuint(all->status, ==, 200);
    g_assert_cmpuint(all->body->len, ==, FIXTURE_FILE_BYTES);
    cache = test_answer_header(all, "Cache-Control");
    g_assert_cmpstr(cache, ==, "private, immutable");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const headers[] = {cases[i].one, cases[i].two, NULL};
        g_autoptr(TestAnswer) answer = test_https(&f->peer, "GET", "/file", headers, NULL, 0);
        g_autofree char *range = test_answer_header(answer, "Content-Range");

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
        g_assert_cmpstr(range, ==, cases[i].content_range);
        if (cases[i].status < 300)
            g_assert_cmpmem(answer->body->str, answer->body->len,
                            all->body->str + cases[i].first, cases[i].count);
    }
    {
        g_autoptr(TestAnswer) head = test_https(&f->peer, "HEAD", "/file", NULL, NULL, 0);

        length = test_answer_header(head, "Content-Length");
        g_assert_cmpstr(length, ==, "5242880");
        g_assert_cmpuint(head->body->len, ==, 0);
    }
}

static void
make_short(SchedServerOptions *options)
{
    options->header_us = S(1);
    options->body_us = S(1);
    options->idle_us = S(3);
}

/* One byte now and then is never silence; the deadline counts from the beginning. */
static void
test_deadlines(ServerFixture *f, gconstpointer data)
{
    TestPiece drip[80] = {0};
    const TestPiece silent[] = {{NULL}};
    TestPiece slow_body[80] = {
        {"POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 70\r\n\r\n"}};
    const TestPiece kept[] = {{"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"}, {NULL}};
    const struct {
        const char *why;
        const TestPiece *pieces;
        gint64 least_us, most_us;
        const char *begins;
    } cases[] = {
        {"a header byte by byte", drip, MS(900), S(6), ""},
        {"not even TLS's silence", silent, MS(900), S(6), ""},
        {"a body byte by byte", slow_body, MS(900), S(6), ""},
        {"kept open after an answer", kept, MS(2500), S(9), "HTTP/1.1 200"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(drip) - 1; i++)
        drip[i] =
            (TestPiece){&"GET /echo HTTP/1.1\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"[i],
                        1, MS(50)};
    for (gsize i = 1; i < G_N_ELEMENTS(slow_body) - 1; i++)
        slow_body[i] = (TestPiece){"b", 1, MS(50)};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 took_us = 0;
        g_autofree char *came = test_https_raw(&f->peer, cases[i].pieces, S(10), &took_us);

        g_test_message("%s: %.1f s", cases[i].why, (double) took_us / G_USEC_PER_SEC);
        g_assert_cmpint(took_us, >=, cases[i].least_us);
        g_assert_cmpint(took_us, <=, cases[i].most_us);
        g_assert_true(g_str_has_prefix(came, cases[i].begins));
    }
}

/* Answering late is not a peer's fault: no deadline runs while the owner works. */
static void test_late_answer(ServerFixture *f, gconstpointer data);

static int
connect_from(guint from, guint port)
{
    struct sockaddr_in local = {.sin_family = AF_INET};
    struct sockaddr_in remote = {.sin_family = AF_INET, .sin_port = htons((guint16) port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    local.sin_addr.s_addr = htonl((INADDR_LOOPBACK & 0xffffff00u) + from);
    remote.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    g_assert_cmpint(bind(fd, (struct sockaddr *) &local, sizeof local), ==, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *) &remote, sizeof remote), ==, 0);
    return fd;
}

/* 400 who connect and say nothing, from ten addresses; one who wants something. */
static void
test_silent_crowd(ServerFixture *f, gconstpointer data)
{
    int fds[400];
    gint64 best_us[2] = {G_MAXINT64, G_MAXINT64};

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5; i++) {
            g_autoptr(TestAnswer) answer = test_https(&f->peer, "GET", "/echo", NULL, NULL, 0);

            g_assert_cmpuint(answer->status, ==, 200);
            g_assert_cmpint(answer->took_us, <, MS(500));
            best_us[round] = MIN(best_us[round], answer->took_us);
        }
        if (round == 0) {
            for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
                fds[i] = connect_from(10 + i / 40, f->peer.port);
        }
    }
    g_test_message("alone %.1f ms, beside the crowd %.1f ms", (double) best_us[0] / 1000,
                   (double) best_us[1] / 1000);
    /* An answer held back by a delayed acknowledgement would take 40 ms and more. */
    g_assert_cmpint(best_us[0], <, MS(35));
    g_assert_cmpint(best_us[1], <, MS(35));
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
}

static gint64
resident_bytes(void)
{
    g_autofree char *text = NULL;
    guint64 pages;

    g_assert_true(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
    pages = g_ascii_strtoull(strchr(text, ' ') + 1, NULL, 10);
    return (gint64) pages * sysconf(_SC_PAGESIZE);
}

typedef struct {
    ServerFixture *f;
    gint64 resident_bytes;
} Held;

static void
ask_beside(gpointer data)
{
    Held *held = data;
    g_autoptr(TestAnswer) answer = test_https(&held->f->peer, "GET", "/echo", NULL, NULL, 0);

    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_cmpint(answer->took_us, <, MS(500));
    held->resident_bytes = resident_bytes();
}

/* 200 who take 5 MB and stop reading: neither memory nor anybody else feels it. */
static void
test_slow_downloads(ServerFixture *f, gconstpointer data)
{
    Held held = {f, 0};
    gint64 before = resident_bytes(), grown;

    g_assert_cmpuint(test_https_hold(&f->peer, "/file", 200, ask_beside, &held), ==, 200);
    grown = held.resident_bytes - before;
    g_test_message("%.1f MB for 200 slow downloads, the clients' side included",
                   (double) grown / 1e6);
#ifndef __SANITIZE_ADDRESS__
    /* 32 MB are the server's; the rest is what 200 clients keep of TLS in this process. */
    g_assert_cmpint(grown, <, 42 * 1000 * 1000);
#endif
}

static void
make_narrow(SchedServerOptions *options)
{
    options->max_per_address = 8;
}

static void
test_crowd_of_one_address(ServerFixture *f, gconstpointer data)
{
    TestHttps other = f->peer;
    int fds[8];
    g_autoptr(TestAnswer) same = NULL;
    g_autoptr(TestAnswer) neighbour = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        fds[i] = connect_from(1, f->peer.port);
    same = test_https(&f->peer, "GET", "/echo", NULL, NULL, 0);
    g_assert_cmpuint(same->status, ==, 0);
    other.from = "127.0.0.9";
    neighbour = test_https(&other, "GET", "/echo", NULL, NULL, 0);
    g_assert_cmpuint(neighbour->status, ==, 200);
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
}

static gboolean
on_answer_later(gpointer data)
{
    ServerFixture *f = data;

    if (f->waiting->len == 0)
        return G_SOURCE_CONTINUE;
    sched_call_problem(f->waiting->pdata[0], 418, "late", NULL);
    sched_call_problem(f->waiting->pdata[0], 500, "too-late", NULL);
    return G_SOURCE_REMOVE;
}

/* Answering late is not a peer's fault: no deadline runs while the owner works. */
static void
test_late_answer(ServerFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) answer = NULL;

    g_timeout_add(2500, on_answer_later, f);
    answer = test_https(&f->peer, "GET", "/later", NULL, NULL, 0);
    g_assert_cmpuint(answer->status, ==, 418);
    g_assert_cmpint(answer->took_us, >, S(2));
}

static gboolean
on_stop_later(gpointer data)
{
    ServerFixture *f = data;

    if (f->waiting->len == 0)
        return G_SOURCE_CONTINUE;
    g_clear_pointer(&f->server, sched_server_stop);
    /* The work finishes after all; nobody is there to hear it. */
    sched_call_problem(f->waiting->pdata[0], 200, "too-late", NULL);
    return G_SOURCE_REMOVE;
}

static void
test_stop_with_open_call(ServerFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) answer = NULL;

    g_timeout_add(20, on_stop_later, f);
    answer = test_https(&f->peer, "GET", "/later", NULL, NULL, 0);
    g_assert_cmpint(answer->took_us, <, S(5));
    g_assert_cmpuint(answer->status, !=, 200);
}

/* Who a client certificate is believed from: nobody but this district's stations, in time. */
static void
test_client_certificates(ServerFixture *f, gconstpointer data)
{
    g_autofree char *folder = g_dir_make_tmp("loa-other-XXXXXX", NULL);
    g_autofree char *command = g_strdup_printf(
        "sh -c 'cd %s && openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
        "-nodes -keyout key -out self -subj /CN=ia-pa-02 2>/dev/null && openssl req -new -key "
        "key -subj "
        "/CN=x -out csr 2>/dev/null'",
        folder);
    g_autofree char *other_folder = g_build_filename(folder, "ca", NULL);
    g_autoptr(SchedAuthority) other =
        sched_authority_create(other_folder, "other", g_get_real_time(), NULL);
    g_autofree char *key = NULL, *self_signed = NULL, *request = NULL, *serial = NULL;
    g_autofree char *key_path = g_build_filename(folder, "key", NULL);
    g_autofree char *self_path = g_build_filename(folder, "self", NULL);
    g_autofree char *request_path = g_build_filename(folder, "csr", NULL);
    const gint64 long_ago_us = g_get_real_time() - S(11LL * 365 * 24 * 3600);
    const gint64 to_come_us = g_get_real_time() + S(3LL * 24 * 3600);
    g_autofree char *good = NULL, *expired = NULL, *early = NULL, *foreign = NULL;

    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_assert_true(g_file_get_contents(key_path, &key, NULL, NULL));
    g_assert_true(g_file_get_contents(self_path, &self_signed, NULL, NULL));
    g_assert_true(g_file_get_contents(request_path, &request, NULL, NULL));
    foreign = sched_authority_sign_request(other, request, "ia-pa-02", g_get_real_time(),
                                           &serial, NULL);
    g_clear_pointer(&serial, g_free);
    expired = sched_authority_sign_request(f->authority, request, "ia-pa-02", long_ago_us,
                                           &serial, NULL);
    g_clear_pointer(&serial, g_free);
    early = sched_authority_sign_request(f->authority, request, "ia-pa-02", to_come_us, &serial,
                                         NULL);
    g_clear_pointer(&serial, g_free);
    good = sched_authority_sign_request(f->authority, request, "ia-pa-02", g_get_real_time(),
                                        &serial, NULL);
    const struct {
        const char *why, *certificate, *key, *says;
    } cases[] = {
        {"none", NULL, NULL, "peer client certificate: none was shown"},
        {"self-signed with the right name", self_signed, key, "not from this district"},
        {"another district's", foreign, key, "not from this district"},
        {"expired", expired, key, "outside its time"},
        {"not yet valid", early, key, "outside its time"},
        {"a server's certificate", f->chain, f->key, "not from this district"},
        {"the station's", good, key, "peer ia-pa-02"},
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
    g_free(g_steal_pointer(&command));
    command = g_strdup_printf("rm -r %s", folder);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
}

static void
test_bad_options(void)
{
    const struct {
        const char *why, *address, *chain;
        gint code;
    } cases[] = {
        {"no address", "not-an-address", NULL, SCHED_SERVER_ERROR_ADDRESS},
        {"nobody's address", "192.0.2.1", NULL, SCHED_SERVER_ERROR_ADDRESS},
        {"no certificate", "127.0.0.1", "rubbish", SCHED_SERVER_ERROR_TLS},
    };
    ServerFixture f = {0};
    const SchedServerHandler nobody = {0};
    g_autofree char *spool = NULL;

    server_fixture_start(&f, NULL);
    spool = g_build_filename(f.folder, "spool2", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SchedServerOptions options = sched_server_defaults;
        g_autoptr(GError) error = NULL;

        options.address = cases[i].address;
        options.chain = cases[i].chain != NULL ? cases[i].chain : f.chain;
        options.key = f.key;
        options.spool_folder = spool;
        g_assert_null(sched_server_start(&options, &nobody, NULL, &error));
        g_assert_error(error, SCHED_SERVER_ERROR, cases[i].code);
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
    add("/scheduler/web/server/headers", NULL, test_headers);
    add("/scheduler/web/server/not-there", NULL, test_not_there);
    add("/scheduler/web/server/malformed", NULL, test_malformed);
    add("/scheduler/web/server/tls-versions", NULL, test_tls_versions);
    add("/scheduler/web/server/body-limits", NULL, test_body_limits);
    add("/scheduler/web/server/spool", NULL, test_spool);
    add("/scheduler/web/server/ranges", NULL, test_ranges);
    add("/scheduler/web/server/deadlines", make_short, test_deadlines);
    add("/scheduler/web/server/late-answer", make_short, test_late_answer);
    add("/scheduler/web/server/silent-crowd", NULL, test_silent_crowd);
    add("/scheduler/web/server/slow-downloads", NULL, test_slow_downloads);
    add("/scheduler/web/server/crowd-of-one-address", make_narrow, test_crowd_of_one_address);
    add("/scheduler/web/server/stop-with-open-call", NULL, test_stop_with_open_call);
    add("/scheduler/web/server/client-certificates", NULL, test_client_certificates);
    g_test_add_func("/scheduler/web/server/bad-options", test_bad_options);
    return g_test_run();
}
