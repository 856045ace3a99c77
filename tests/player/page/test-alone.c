/*
 * test-alone.c - the commune by itself: the real page, player and gateway, and no district.
 *
 * From the PIN to the loudspeakers and back to silence, over HTTPS as a phone does it; once
 * with a clock that nobody vouches for.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "content/record.h"
#include "tests/support/https.h"
#include "tests/support/plan-builder.h"
#include "tests/support/player-site.h"

#define PATIENCE_US PLAN_S(30)
/* Between two looks at what changes by itself. */
#define LOOK_US 20000
/* The gateway of the site closes relays and warms the amplifier for so long. */
#define WARM_UP_US 300000
/* Issue's bound, from the call to the first sample, warm-up apart. */
#define BOUND_US 300000
#define ORDER                                                                                  \
    "{\"drill\":%s,\"key\":\"%032x\",\"template\":\"lu\",\"type\":\"page-order\",\"v\":1,"     \
    "\"values\":[],\"villages\":[%s]}"

typedef struct {
    PlayerSite *site;
    TestChild *page;
    TestHttps peer;
    char *authority, *cookie;
    guint n_calls;
} Alone;

static TestAnswer *
ask(Alone *f, const char *method, const char *path, const char *body)
{
    const char *const headers[] = {"Sec-Fetch-Site: same-origin",
                                   "Content-Type: application/json",
                                   f->cookie != NULL ? f->cookie : "X-Nothing: 1", NULL};

    return test_https(&f->peer, method, path, headers, body, body == NULL ? 0 : strlen(body));
}

/* Asks until the answer is 200 and says @words. */
static char *
wait_for(Alone *f, const char *path, const char *words)
{
    gint64 until_us = g_get_monotonic_time() + PATIENCE_US;

    while (g_get_monotonic_time() < until_us) {
        g_autoptr(TestAnswer) answer = ask(f, "GET", path, NULL);

        if (answer->status == 200 && strstr(answer->body->str, words) != NULL)
            return g_strdup(answer->body->str);
        g_usleep(LOOK_US);
    }
    g_error("%s never said %s", path, words);
}

static void
see(Alone *f, const char *words)
{
    g_autofree char *said = wait_for(f, "/api/state", words);

    g_test_message("%s", said);
}

/* The page makes its certificate at its first start. */
static void
read_authority(Alone *f)
{
    g_autofree char *path =
        g_build_filename(player_site_page_folder(f->site), "page.pem", NULL);
    gint64 until_us = g_get_monotonic_time() + PATIENCE_US;

    while (!g_file_get_contents(path, &f->authority, NULL, NULL)) {
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        g_usleep(LOOK_US);
    }
    *strstr(f->authority, "-----BEGIN PRIVATE KEY-----") = '\0';
    f->peer.authority = f->authority;
}

static void
sign_in(Alone *f)
{
    g_autofree char *names = wait_for(f, "/api/people", "Rơ Châm Hoa");
    g_autoptr(TestAnswer) answer =
        ask(f, "POST", "/api/session",
            "{\"account\":\"" PLAYER_SITE_ACCOUNT "\",\"pin\":\"" PLAYER_SITE_PIN
            "\",\"type\":\"page-sign-in\",\"v\":1}");
    g_autofree char *cookie = test_answer_header(answer, "Set-Cookie");

    g_assert_cmpuint(answer->status, ==, 201);
    f->cookie = g_strdup_printf("Cookie: %.*s", (int) strcspn(cookie, ";"), cookie);
}

static void
start(Alone *f, gboolean has_time)
{
    const char *argv[] = {TEST_PAGE, "--config", NULL, NULL};

    f->site = player_site_new();
    player_site_entrust(f->site);
    player_site_keep(f->site, plan_builder_day("2026-03-02"));
    if (!has_time)
        player_site_forget_time(f->site);
    player_site_start(f->site);
    argv[2] = player_site_config(f->site);
    f->page = test_child_start(argv);
    f->peer.port = player_site_page_port(f->site);
    read_authority(f);
    sign_in(f);
    see(f, "\"gateway\":true");
}

static void
stop(Alone *f)
{
    test_child_stop(f->page);
    player_site_free(f->site);
    g_free(f->authority);
    g_free(f->cookie);
}

static TestAnswer *
call(Alone *f, const char *villages, gboolean is_drill)
{
    g_autofree char *body =
        g_strdup_printf(ORDER, is_drill ? "true" : "false", ++f->n_calls, villages);

    return ask(f, "POST", "/api/alerts", body);
}

static guint
count_records(GPtrArray *records, ContentRecordKind kind, ContentReason reason)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];

        n += record->kind == (gint) kind && record->reason == (gint) reason;
    }
    return n;
}

static void
hear_it(gboolean has_time)
{
    Alone f = {0};
    g_autoptr(TestAnswer) called = NULL, ended = NULL;
    g_autofree char *closed = NULL, *opened = NULL;
    g_autoptr(GPtrArray) records = NULL;
    gint64 call_us, took_us;

    start(&f, has_time);
    see(&f, has_time ? "\"trusted\":true" : "\"trusted\":false");
    test_child_forget(player_site_board(f.site));
    call_us = g_get_monotonic_time();
    called = call(&f, "\"bon\",\"lang\"", FALSE);
    g_test_message("%s", called->body->str);
    g_assert_cmpuint(called->status, ==, 200);
    g_assert_nonnull(strstr(called->body->str, "\"alert\":"));
    see(&f, "\"state\":\"sounding\",\"zone\":\"lang\"");
    took_us = player_site_first_sample_us(f.site) - call_us;
    g_test_message("first sample %" G_GINT64_FORMAT " ms after the call, warm-up and all",
                   took_us / 1000);
    g_assert_cmpint(took_us, <, WARM_UP_US + BOUND_US);
    ended = ask(&f, "POST", "/api/stop", "{\"type\":\"page-end\",\"v\":1}");
    g_assert_cmpuint(ended->status, ==, 200);
    g_assert_null(strstr(ended->body->str, "refusal"));
    see(&f, "\"over\":true");
    see(&f, "\"state\":\"stopped\",\"zone\":\"lang\"");
    g_assert_cmpint(player_site_stop(f.site, SIGTERM), ==, 0);
    records = player_site_records(f.site);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_STARTED_LOCALLY, 0), ==, 1);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_STOPPED_LOCALLY, 0), ==, 1);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_ENDED, CONTENT_REASON_STOPPED),
                     ==, 2);
    stop(&f);
}

static void
test_heard(void)
{
    hear_it(TRUE);
}

static void
test_no_clock(void)
{
    hear_it(FALSE);
}

/* What the grant does not say does not sound, whatever the page lets through. */
static void
test_refused(void)
{
    Alone f = {0};
    g_autoptr(TestAnswer) elsewhere = NULL, other = NULL;
    g_autofree char *body = g_strdup_printf(ORDER, "false", 99, "\"bon\"");
    g_autofree char *unknown = NULL;

    start(&f, TRUE);
    elsewhere = call(&f, "\"cho\"", FALSE);
    g_assert_nonnull(strstr(elsewhere->body->str, "\"code\":\"local_place\""));
    unknown = g_strdup(body);
    memcpy(strstr(unknown, "\"lu\""), "\"xa\"", 4);
    other = ask(&f, "POST", "/api/alerts", unknown);
    g_assert_nonnull(strstr(other->body->str, "\"code\":\"local_template\""));
    see(&f, "\"alerts\":[]");
    stop(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/alone/heard", test_heard);
    g_test_add_func("/page/alone/no-clock", test_no_clock);
    g_test_add_func("/page/alone/refused", test_refused);
    return g_test_run();
}
