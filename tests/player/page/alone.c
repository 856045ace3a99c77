/* alone.c - see alone.h */
#include "tests/player/page/alone.h"

#include <string.h>

#include "tests/support/plan-builder.h"

#define PATIENCE_US PLAN_S(60)
/* Between two looks at what changes by itself. */
#define LOOK_US 20000

TestAnswer *
alone_ask(Alone *self, const char *method, const char *path, const char *body)
{
    const char *const headers[] = {"Sec-Fetch-Site: same-origin",
                                   "Content-Type: application/json",
                                   self->cookie != NULL ? self->cookie : "X-Nothing: 1", NULL};

    return test_https(&self->peer, method, path, headers, body,
                      body == NULL ? 0 : strlen(body));
}

/* Asks until the answer is 200 and says @words, or does not. */
static void
wait_for(Alone *self, const char *path, const char *words, gboolean is_there)
{
    gint64 until_us = g_get_monotonic_time() + PATIENCE_US;

    while (g_get_monotonic_time() < until_us) {
        g_autoptr(TestAnswer) answer = alone_ask(self, "GET", path, NULL);

        if (answer->status == 200 && (strstr(answer->body->str, words) != NULL) == is_there)
            return;
        g_usleep(LOOK_US);
    }
    g_error("%s %s %s", path, is_there ? "never said" : "went on saying", words);
}

void
alone_see(Alone *self, const char *words)
{
    wait_for(self, "/api/state", words, TRUE);
}

void
alone_unsee(Alone *self, const char *words)
{
    wait_for(self, "/api/state", words, FALSE);
}

/* The page makes its certificate at its first start. */
static void
read_authority(Alone *self)
{
    g_autofree char *path =
        g_build_filename(player_site_page_folder(self->site), "page.pem", NULL);
    gint64 until_us = g_get_monotonic_time() + PATIENCE_US;

    while (!g_file_get_contents(path, &self->authority, NULL, NULL)) {
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        g_usleep(LOOK_US);
    }
    *strstr(self->authority, "-----BEGIN PRIVATE KEY-----") = '\0';
    self->peer.authority = self->authority;
}

static void
sign_in(Alone *self)
{
    g_autoptr(TestAnswer) answer = NULL;
    g_autofree char *cookie = NULL;

    g_clear_pointer(&self->cookie, g_free);
    wait_for(self, "/api/people", "Rơ Châm Hoa", TRUE);
    answer = alone_ask(self, "POST", "/api/session",
                       "{\"account\":\"" PLAYER_SITE_ACCOUNT "\",\"pin\":\"" PLAYER_SITE_PIN
                       "\",\"type\":\"page-sign-in\",\"v\":1}");
    g_assert_cmpuint(answer->status, ==, 201);
    cookie = test_answer_header(answer, "Set-Cookie");
    self->cookie = g_strdup_printf("Cookie: %.*s", (int) strcspn(cookie, ";"), cookie);
}

static void
start_page(Alone *self)
{
    const char *argv[] = {self->program, "--config", player_site_config(self->site), NULL};

    self->page = test_child_start(argv);
}

void
alone_restart_page(Alone *self)
{
    test_child_stop(self->page);
    start_page(self);
    sign_in(self);
}

void
alone_start(Alone *self, const char *page, gboolean has_time)
{
    self->program = page;
    self->site = player_site_new();
    player_site_entrust(self->site);
    player_site_keep(self->site, plan_builder_day("2026-03-02"));
    if (!has_time)
        player_site_forget_time(self->site);
    player_site_start(self->site);
    start_page(self);
    self->peer.port = player_site_page_port(self->site);
    read_authority(self);
    sign_in(self);
    alone_see(self, "\"gateway\":true");
}

void
alone_stop(Alone *self)
{
    test_child_stop(self->page);
    player_site_free(self->site);
    g_free(self->authority);
    g_free(self->cookie);
}

TestAnswer *
alone_repeat(Alone *self, const char *template_, const char *villages)
{
    self->n_calls--;
    return alone_call(self, template_, villages);
}

TestAnswer *
alone_call(Alone *self, const char *template_, const char *villages)
{
    g_autofree char *body =
        g_strdup_printf("{\"drill\":false,\"key\":\"%032x\",\"template\":\"%s\",\"type\":"
                        "\"page-order\",\"v\":1,\"values\":[],\"villages\":[%s]}",
                        ++self->n_calls, template_, villages);

    return alone_ask(self, "POST", "/api/alerts", body);
}
