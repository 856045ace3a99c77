/* test-server-crowd.c - peers that are slow, silent or many, and an owner that answers late. */
#include "tests/content/web/server-fixture.h"

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
    server_fixture_start(f, (void (*)(ContentServerOptions *)) change);
}

static void
tear_down(ServerFixture *f, gconstpointer data)
{
    server_fixture_stop(f);
}

static void
make_short(ContentServerOptions *options)
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
        /* A machine that is busy with other things lets one of them through in time. */
        for (int i = 0; i < 5 || (i < 100 && best_us[round] >= MS(35)); i++) {
            g_autoptr(TestAnswer) answer = test_https(&f->peer, "GET", "/echo", NULL, NULL, 0);

            g_assert_cmpuint(answer->status, ==, 200);
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
make_narrow(ContentServerOptions *options)
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
    content_call_problem(f->waiting->pdata[0], 418, "late", NULL);
    content_call_problem(f->waiting->pdata[0], 500, "too-late", NULL);
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
    g_clear_pointer(&f->server, content_server_stop);
    /* The work finishes after all; nobody is there to hear it. */
    content_call_problem(f->waiting->pdata[0], 200, "too-late", NULL);
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
    add("/scheduler/web/server/deadlines", make_short, test_deadlines);
    add("/scheduler/web/server/late-answer", make_short, test_late_answer);
    add("/scheduler/web/server/silent-crowd", NULL, test_silent_crowd);
    add("/scheduler/web/server/slow-downloads", NULL, test_slow_downloads);
    add("/scheduler/web/server/crowd-of-one-address", make_narrow, test_crowd_of_one_address);
    add("/scheduler/web/server/stop-with-open-call", NULL, test_stop_with_open_call);
    return g_test_run();
}
