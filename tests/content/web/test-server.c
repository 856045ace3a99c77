/* test-server.c - the HTTPS server against libcurl: what it answers, takes and refuses. */
#include "tests/content/web/server-fixture.h"

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

#define BYTES(bytes) bytes, sizeof bytes - 1
static const struct {
    const char *why, *bytes;
    gsize n_bytes; /* 0: up to its NUL */
    const char *status;
} malformed[] = {
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
    {"a list of lengths", "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc",
     0, "400"},
    {"a signed length", "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", 0,
     "400"},
    {"a negative length", "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc",
     0, "400"},
    {"another encoding",
     "POST /memory HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
     "0\r\n\r\n" SMUGGLED,
     0, "400"},
    {"encoding in HTTP/1.0",
     "POST /memory HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0,
     "400"},
    {"NUL in a value", BYTES("GET /echo HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n"), "400"},
    {"NUL in the length",
     BYTES("POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length: 3\0 9\r\n\r\nabc"), "400"},
    {"NUL in the target", BYTES("GET /echo\0x HTTP/1.1\r\nHost: x\r\n\r\n"), "400"},
    {"control byte in a value", "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: a\x01z\r\n\r\n", 0,
     "400"},
    {"bare return in a value", "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n", 0, "400"},
    {"space before the colon",
     "POST /memory HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\nabc", 0, "400"},
    {"no colon", "GET /echo HTTP/1.1\r\nHost: x\r\nrubbish\r\n\r\n", 0, "400"},
    {"no host", "GET /echo HTTP/1.1\r\n\r\n", 0, "400"},
    {"two hosts", "GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 0, "400"},
    {"upwards", "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 0, "400"},
    {"NUL escaped", "GET /echo%00 HTTP/1.1\r\nHost: x\r\n\r\n", 0, "400"},
    {"absolute form", "GET https://x/echo HTTP/1.1\r\nHost: x\r\n\r\n", 0, "400"},
    {"a body that nobody expects",
     "GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\nabc" SMUGGLED, 0, "413"},
};

static void
assert_malformed(ServerFixture *f, const char *why, const char *bytes, gsize n_bytes,
                 const char *status)
{
    const TestPiece pieces[] = {{bytes, n_bytes, 0}, {NULL}};
    gint64 took_us = 0;
    g_autofree char *came = test_https_raw(&f->peer, pieces, S(3), &took_us);
    g_autofree char *start = g_strdup_printf("HTTP/1.1 %s ", status);

    g_test_message("%s: %.12s", why, came);
    g_assert_true(g_str_has_prefix(came, start) || g_str_has_prefix(came, "HTTP/1.0 400 "));
    /* The library may say its own refusals twice; anything served would be 200. */
    g_assert_null(strstr(came, " 200 "));
    g_assert_cmpint(took_us, <, S(2)); /* closed by the server, not by patience */
}

/* Each is sent as it stands; what stands behind it must never be answered. */
static void
test_malformed(ServerFixture *f, gconstpointer data)
{
    g_autofree char *filler = g_strnfill(CONTENT_SERVER_MAX_HEADER_BYTES, 'a');
    g_autofree char *long_header =
        g_strdup_printf("GET /echo HTTP/1.1\r\nHost: x\r\nX-A: %s\r\n\r\n", filler);
    g_autofree char *long_target =
        g_strdup_printf("GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", filler);

    for (gsize i = 0; i < G_N_ELEMENTS(malformed); i++)
        assert_malformed(f, malformed[i].why, malformed[i].bytes, malformed[i].n_bytes,
                         malformed[i].status);
    assert_malformed(f, "long header", long_header, 0, "431");
    assert_malformed(f, "long target", long_target, 0, "431");
    g_assert_cmpuint(f->n_handled, ==, 0);
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
    add("/scheduler/web/server/body-limits", NULL, test_body_limits);
    add("/scheduler/web/server/spool", NULL, test_spool);
    add("/scheduler/web/server/ranges", NULL, test_ranges);
    return g_test_run();
}
