/*
 * page-site-main.c - loa-page-site [PROGRAM …]: a commune by itself for a browser: page,
 * player, gateway, and no district. PROGRAM, if there is one, starts the page, for instance
 * behind walls.
 *
 * Flow: starts them, says `ready PORT` and waits; `heard` is answered with how many sounds the
 * card has played so far; the end of its input ends it all.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/plan-builder.h"
#include "tests/support/player-site.h"

static void
tell_heard(PlayerSite *site)
{
    g_autoptr(TestTimeline) heard = player_site_listen(site);
    g_autoptr(GArray) sounds = test_timeline_sounds(heard);

    printf("%u\n", sounds->len);
}

static TestChild *
start_page(PlayerSite *site, char **before)
{
    const char *const words[] = {TEST_PAGE, "--config", player_site_config(site)};
    g_autoptr(GPtrArray) argv = g_ptr_array_new();

    for (; *before != NULL; before++)
        g_ptr_array_add(argv, *before);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_ptr_array_add(argv, (gpointer) words[i]);
    g_ptr_array_add(argv, NULL);
    return test_child_start((const char *const *) argv->pdata);
}

int
main(int argc, char **argv)
{
    g_autoptr(PlayerSite) site = NULL;
    TestChild *page;
    char line[64];

    g_test_init(&argc, &argv, NULL);
    site = player_site_new();
    player_site_entrust(site);
    player_site_keep(site, plan_builder_day("2026-03-02"));
    player_site_start(site);
    page = start_page(site, argv + 1);
    printf("ready %u\n", player_site_page_port(site));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "heard\n") == 0)
            tell_heard(site);
        fflush(stdout);
    }
    test_child_stop(page);
    return 0;
}
