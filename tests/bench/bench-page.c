/*
 * bench-page.c - bench-page ROUNDS: from the call on the station's own page to the first
 * sample.
 *
 * The real page, player and gateway over HTTPS, a test card and a simulated board, no district.
 * A call that is not counted warms the amplifier. Prints one line of JSON: spans in µs, and
 * what the two programs hold of memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/player/page/alone.h"

static gint64
rss_kib(GPid pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", pid);
    g_autofree char *text = NULL;
    const char *at;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    at = strstr(text, "VmRSS:");
    return at == NULL ? 0 : g_ascii_strtoll(at + strlen("VmRSS:"), NULL, 10);
}

static gint64
call_once(Alone *alone)
{
    gint64 call_us = g_get_monotonic_time();
    g_autoptr(TestAnswer) called = alone_call(alone, "lu", "\"bon\",\"lang\"");
    gint64 first_us = player_site_first_sample_us(alone->site, call_us);
    g_autoptr(TestAnswer) ended =
        alone_ask(alone, "POST", "/api/stop", "{\"type\":\"page-end\",\"v\":1}");

    g_assert_cmpuint(called->status, ==, 200);
    g_assert_cmpuint(ended->status, ==, 200);
    alone_unsee(alone, "\"over\":false");
    return first_us - call_us;
}

int
main(int argc, char **argv)
{
    guint n = argc == 2 ? (guint) atoi(argv[1]) : 0;
    Alone alone = {0};

    g_test_init(&(int){1}, &(char **){(char *[]){argv[0], NULL}}, NULL);
    if (n == 0) {
        fprintf(stderr, "usage: bench-page ROUNDS\n");
        return 2;
    }
    alone_start(&alone, TEST_PAGE, TRUE);
    call_once(&alone);
    printf("{\"first_us\":[");
    for (guint i = 0; i < n; i++)
        printf("%s%" G_GINT64_FORMAT, i == 0 ? "" : ",", call_once(&alone));
    printf("],\"page_kib\":%" G_GINT64_FORMAT ",\"player_kib\":%" G_GINT64_FORMAT "}\n",
           rss_kib(test_child_pid(alone.page)), rss_kib(player_site_pid(alone.site)));
    alone_stop(&alone);
    return 0;
}
