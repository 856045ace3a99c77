/* test-page.c - the station's page as a browser meets it: who gets in, what is passed on,
 * limits. */
#include "tests/player/page/page-fixture.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/wait.h"

#define KEY "00112233445566778899aabbccddeeff"
#define ORDER_OF(key)                                                                          \
    "{\"drill\":false,\"key\":\"" key "\",\"template\":\"bao-lu\",\"type\":\"page-order\","    \
    "\"v\":1,\"values\":[],\"villages\":[\"b1\",\"b2\"]}"
#define ORDER ORDER_OF(KEY)
#define END   "{\"type\":\"page-end\",\"v\":1}"

static void
assert_says(const TestAnswer *answer, guint status, const char *words)
{
    g_test_message("%u %s", answer->status, answer->body->str);
    g_assert_cmpuint(answer->status, ==, status);
    g_assert_nonnull(strstr(answer->body->str, words));
}

static void
test_names(PageFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) answer = page_ask(f, "GET", "/api/people", NULL);

    assert_says(answer, 200, "Rơ Châm Hoa");
    g_assert_null(strstr(answer->body->str, "argon2"));
}

static void
test_wants_pin(PageFixture *f, gconstpointer data)
{
    const struct {
        const char *method, *path, *body;
    } cases[] = {
        {"GET", "/api/choices", NULL},
        {"GET", "/api/state", NULL},
        {"POST", "/api/alerts", ORDER},
        {"POST", "/api/stop", END},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestAnswer) none = page_ask(f, cases[i].method, cases[i].path, cases[i].body);
        g_autoptr(TestAnswer) made_up = NULL;

        assert_says(none, 401, "sign-in");
        f->cookie = g_strdup_printf("Cookie: __Host-loa-page=%064d", 7);
        made_up = page_ask(f, cases[i].method, cases[i].path, cases[i].body);
        assert_says(made_up, 401, "sign-in");
        g_clear_pointer(&f->cookie, g_free);
    }
    g_assert_cmpuint(f->n_started + f->n_stopped, ==, 0);
}

static void
test_signs_in(PageFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) choices = NULL, state = NULL, out = NULL, after = NULL;
    g_autofree char *cookie = NULL;

    g_assert_cmpuint(page_sign_in(f, "hoa-1", "111111"), ==, 401);
    g_assert_cmpuint(page_sign_in(f, "nobody", FIXTURE_PIN), ==, 401);
    g_assert_null(f->cookie);
    g_assert_cmpuint(page_sign_in(f, "hoa-1", FIXTURE_PIN), ==, 201);
    choices = page_ask(f, "GET", "/api/choices", NULL);
    assert_says(choices, 200, "Plei Ơi");
    state = page_ask(f, "GET", "/api/state", NULL);
    assert_says(state, 200, "\"district\":false");
    g_assert_cmpuint(f->n_hellos, ==, 1); /* what it is served with */
    out = page_ask(f, "DELETE", "/api/session", NULL);
    g_assert_cmpuint(out->status, ==, 204);
    cookie = test_answer_header(out, "Set-Cookie");
    g_assert_nonnull(strstr(cookie, "Max-Age=0"));
    after = page_ask(f, "GET", "/api/state", NULL);
    assert_says(after, 401, "sign-in");
}

static void
test_cookie(PageFixture *f, gconstpointer data)
{
    static const char body[] =
        "{\"account\":\"hoa-1\",\"pin\":\"" FIXTURE_PIN "\",\"type\":\"page-sign-in\",\"v\":1}";
    g_autoptr(TestAnswer) answer = page_ask(f, "POST", "/api/session", body);
    g_autofree char *cookie = test_answer_header(answer, "Set-Cookie");

    g_assert_true(g_str_has_prefix(cookie, "__Host-loa-page="));
    g_assert_nonnull(strstr(cookie, "; Path=/; Secure; HttpOnly; SameSite=Strict"));
    g_assert_null(strstr(answer->body->str, FIXTURE_PIN));
}

static void
test_order(PageFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) first = NULL, again = NULL, second = NULL, end = NULL;

    page_sign_in(f, "hoa-1", FIXTURE_PIN);
    first = page_ask(f, "POST", "/api/alerts", ORDER);
    assert_says(first, 200, "alert-1");
    g_assert_cmpstr(f->last, ==, "start hoa-1 bao-lu b1,b2 real");
    again = page_ask(f, "POST", "/api/alerts", ORDER);
    assert_says(again, 200, "alert-1");
    g_assert_cmpuint(f->n_started, ==, 1);
    second = page_ask(f, "POST", "/api/alerts", ORDER_OF("ff112233445566778899aabbccddeeff"));
    assert_says(second, 200, "alert-2");
    end = page_ask(f, "POST", "/api/stop", END);
    g_assert_cmpuint(end->status, ==, 200);
    g_assert_cmpstr(f->last, ==, "stop hoa-1 all");
}

/* Another person's key is another act, and so is each of very many. */
static void
test_keys(PageFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) again = NULL;

    page_sign_in(f, "hoa-1", FIXTURE_PIN);
    for (guint i = 0; i <= PLAY_PAGE_MAX_ACTS; i++) {
        g_autofree char *body = g_strdup_printf(
            "{\"drill\":true,\"key\":\"%032x\",\"template\":\"bao-lu\",\"type\":\"page-order\","
            "\"v\":1,\"values\":[],\"villages\":[\"b1\"]}",
            i);
        g_autoptr(TestAnswer) answer = page_ask(f, "POST", "/api/alerts", body);

        g_assert_cmpuint(answer->status, ==, 200);
    }
    g_assert_cmpuint(f->n_started, ==, PLAY_PAGE_MAX_ACTS + 1);
    g_assert_cmpstr(f->last, ==, "start hoa-1 bao-lu b1 drill");
    page_sign_in(f, "kia-2", FIXTURE_PIN);
    again =
        page_ask(f, "POST", "/api/alerts",
                 "{\"drill\":true,\"key\":\"00000000000000000000000000000005\",\"template\":"
                 "\"bao-lu\",\"type\":\"page-order\",\"v\":1,\"values\":[],\"villages\":["
                 "\"b1\"]}");
    g_assert_cmpuint(again->status, ==, 200);
    g_assert_cmpuint(f->n_started, ==, PLAY_PAGE_MAX_ACTS + 2);
}

static void
test_refusal(PageFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) answer = NULL;

    f->refusal = "alert_too_many";
    page_sign_in(f, "hoa-1", FIXTURE_PIN);
    answer = page_ask(f, "POST", "/api/alerts", ORDER);
    assert_says(answer, 200, "\"refusal\":{\"code\":\"alert_too_many\"");
    g_assert_null(strstr(answer->body->str, "\"alert\""));
}

/* A page of somebody else's makes the browser ask: the cookie comes along, nothing happens. */
static void
test_other_site(PageFixture *f, gconstpointer data)
{
    const struct {
        const char *why, *header;
    } cases[] = {
        {"another site", "Sec-Fetch-Site: cross-site"},
        {"a sister of ours", "Sec-Fetch-Site: same-site"},
        {"an older browser, another site", "Origin: https://example.vn"},
        {"the same name without TLS", "Origin: http://127.0.0.1"},
        {"nobody says who", "X-Nothing: 1"},
    };

    page_sign_in(f, "hoa-1", FIXTURE_PIN);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const headers[] = {cases[i].header, "Content-Type: application/json",
                                       f->cookie, NULL};
        g_autoptr(TestAnswer) answer =
            test_https(&f->peer, "POST", "/api/alerts", headers, ORDER, strlen(ORDER));

        g_test_message("%s", cases[i].why);
        assert_says(answer, 403, "no-right");
    }
    g_assert_cmpuint(f->n_started, ==, 0);
}

static void
test_no_player(PageFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) gone = NULL, rubbish = NULL, back = NULL;

    page_sign_in(f, "hoa-1", FIXTURE_PIN);
    page_fixture_post(f, FALSE);
    gone = page_ask(f, "POST", "/api/alerts", ORDER);
    assert_says(gone, 503, "no-player");
    g_assert_cmpuint(page_sign_in(f, "hoa-1", FIXTURE_PIN), ==, 503);
    page_fixture_post(f, TRUE);
    f->says_rubbish = TRUE;
    rubbish = page_ask(f, "GET", "/api/state", NULL);
    assert_says(rubbish, 503, "no-player");
    f->says_rubbish = FALSE;
    back = page_ask(f, "POST", "/api/alerts", ORDER);
    assert_says(back, 200, "alert-1");
}

/* A word that fills a body up to @n_bytes. */
static char *
filled(gsize n_bytes)
{
    g_autofree char *digits = g_strnfill(n_bytes, '1');

    return g_strdup_printf(
        "{\"account\":\"%s\",\"pin\":\"1\",\"type\":\"page-sign-in\",\"v\":1}", digits);
}

static void
test_bad_requests(PageFixture *f, gconstpointer data)
{
    g_autofree char *long_body = filled(600);
    const struct {
        const char *why, *method, *path, *body;
        guint status;
    } cases[] = {
        {"a body over the limit", "POST", "/api/session", long_body, 413},
        {"no JSON", "POST", "/api/session", "account=hoa-1", 400},
        {"an unknown member", "POST", "/api/stop",
         "{\"alarm\":\"a\",\"type\":\"page-end\",\"v\":1}", 400},
        {"another document", "POST", "/api/stop", ORDER, 400},
        {"a key too short", "POST", "/api/alerts", ORDER_OF("abc"), 400},
        {"no such path", "GET", "/api/relays", NULL, 404},
        {"a path too long", "GET", "/api/state/now", NULL, 404},
        {"another method", "PUT", "/api/state", "{}", 405},
        {"a body that nobody wants", "GET", "/api/state", "{}", 413},
        {"no such page", "GET", "/secrets", NULL, 404},
        {"a page is not written to", "POST", "/", NULL, 405},
    };

    page_sign_in(f, "hoa-1", FIXTURE_PIN);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestAnswer) answer =
            page_ask(f, cases[i].method, cases[i].path, cases[i].body);

        g_test_message("%s: %u %s", cases[i].why, answer->status, answer->body->str);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
    }
    g_assert_cmpuint(f->n_started + f->n_stopped, ==, 0);
}

static void
test_media_type(PageFixture *f, gconstpointer data)
{
    const char *const headers[] = {"Sec-Fetch-Site: same-origin", "Content-Type: text/plain",
                                   NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->peer, "POST", "/api/stop", headers, END, strlen(END));

    assert_says(answer, 415, "media-type");
}

static void
test_header_too_long(PageFixture *f, gconstpointer data)
{
    g_autofree char *filling = g_strnfill(17 * 1024, 'a');
    g_autofree char *header = g_strconcat("X-Filling: ", filling, NULL);
    const char *const headers[] = {header, NULL};
    g_autoptr(TestAnswer) answer = test_https(&f->peer, "GET", "/", headers, NULL, 0);

    g_assert_cmpuint(answer->status, ==, 431);
}

/* Who guesses waits longer each time; the owner comes in from elsewhere, at once. */
static void
test_guessing(PageFixture *f, gconstpointer data)
{
    guint status = 0, n_tried = 0;

    while (status != 429 && n_tried < 10) {
        status = page_sign_in(f, "hoa-1", "000000");
        n_tried++;
    }
    g_assert_cmpuint(status, ==, 429);
    g_assert_cmpuint(n_tried, <=, 4);
    f->peer.from = "127.0.0.9";
    g_assert_cmpuint(page_sign_in(f, "hoa-1", FIXTURE_PIN), ==, 201);
}

static int
connect_from(PageFixture *f, const char *address)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, address, &from.sin_addr);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    to.sin_port = htons((guint16) f->peer.port);
    g_assert_cmpint(bind(fd, (struct sockaddr *) &from, sizeof from), ==, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *) &to, sizeof to), ==, 0);
    return fd;
}

static gboolean
is_closed(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
}

static void
test_connections(PageFixture *f, gconstpointer data)
{
    int fds[PLAY_PAGE_MAX_PER_ADDRESS + 1];
    g_autoptr(TestAnswer) other = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
        fds[i] = connect_from(f, "127.0.0.77");
    TEST_WAIT_UNTIL(is_closed(fds[PLAY_PAGE_MAX_PER_ADDRESS]));
    g_assert_false(is_closed(fds[0]));
    other = page_ask(f, "GET", "/api/people", NULL);
    g_assert_cmpuint(other->status, ==, 200);
    for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
        close(fds[i]);
}

/* All that there may be say nothing: who comes then waits until their time is over, no longer.
 */
static void
test_silent_crowd(PageFixture *f, gconstpointer data)
{
    int fds[PLAY_PAGE_MAX_CONNECTIONS];
    g_autoptr(TestAnswer) honest = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
        g_autofree char *address = g_strdup_printf("127.0.1.%u", 1 + i / 10);

        fds[i] = connect_from(f, address);
    }
    honest = page_ask(f, "GET", "/api/people", NULL);
    g_test_message("answered after %" G_GINT64_FORMAT " ms", honest->took_us / 1000);
    g_assert_cmpuint(honest->status, ==, 200);
    g_assert_cmpint(honest->took_us, >, PLAY_PAGE_HEADER_US / 2);
    for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
        TEST_WAIT_UNTIL(is_closed(fds[i]));
        close(fds[i]);
    }
}

/* What speaks without TLS is not understood, let alone answered. */
static void
test_tls_alone(PageFixture *f, gconstpointer data)
{
    static const char request[] = "GET /api/people HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = connect_from(f, "127.0.0.1");
    char answer[512] = "";

    g_assert_cmpint(send(fd, request, strlen(request), MSG_NOSIGNAL), >, 0);
    TEST_WAIT_UNTIL(recv(fd, answer, sizeof answer - 1, MSG_DONTWAIT) >= 0);
    g_assert_null(strstr(answer, "HTTP/"));
    close(fd);
}

static void
test_pages(PageFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) first = page_ask(f, "GET", "/", NULL);
    g_autofree char *policy = test_answer_header(first, "Content-Security-Policy");
    g_autofree char *script = NULL;
    g_autoptr(TestAnswer) code = NULL;
    const char *at;

    assert_says(first, 200, "<script type=\"module\" src=\"/pages/");
    g_assert_true(g_str_has_prefix(policy, "default-src 'none'; script-src 'self'"));
    at = strstr(first->body->str, "src=\"/pages/") + strlen("src=\"");
    script = g_strndup(at, strcspn(at, "\""));
    code = page_ask(f, "GET", script, NULL);
    g_assert_cmpuint(code->status, ==, 200);
    /* Where there is no Internet nothing may be fetched from it. */
    g_assert_null(strstr(first->body->str, "//"));
    g_assert_null(strstr(code->body->str, "import(\"http"));
    g_assert_cmpuint(code->body->len, <, 40000);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(PageFixture *f, gconstpointer data);
    } tests[] = {
        {"/page/names", test_names},
        {"/page/wants-pin", test_wants_pin},
        {"/page/signs-in", test_signs_in},
        {"/page/cookie", test_cookie},
        {"/page/order", test_order},
        {"/page/keys", test_keys},
        {"/page/refusal", test_refusal},
        {"/page/other-site", test_other_site},
        {"/page/no-player", test_no_player},
        {"/page/bad-requests", test_bad_requests},
        {"/page/media-type", test_media_type},
        {"/page/header-too-long", test_header_too_long},
        {"/page/guessing", test_guessing},
        {"/page/connections", test_connections},
        {"/page/silent-crowd", test_silent_crowd},
        {"/page/tls-alone", test_tls_alone},
        {"/page/pages", test_pages},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, PageFixture, NULL, page_fixture_start, tests[i].test,
                   page_fixture_stop);
    return g_test_run();
}
