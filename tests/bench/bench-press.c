/*
 * bench-press.c - how soon a button is heard, with the district out of reach.
 *
 * Flow: `bench-press ROUNDS`: each round is a station of its own with the real player and
 * gateway, a simulated board and a test card; its button is held, let go and not called off.
 * One JSON line of spans in µs: from the contact to the lamp, and from letting go to the first
 * sample. The cancel window and the amplifier's warm-up are in the second and told beside it.
 */
#include <signal.h>
#include <stdio.h>

#include "tests/support/finger.h"
#include "tests/support/plan-builder.h"

static void
press_once(gint64 *out_lamp_us, gint64 *out_sound_us)
{
    g_autoptr(PlayerSite) site = player_site_new();
    gint64 let_go_us;

    player_site_entrust(site);
    player_site_keep(site, plan_builder_day("2026-03-02"));
    player_site_start(site);
    finger_wait_ready(site);
    *out_lamp_us = finger_press(site);
    let_go_us = g_get_monotonic_time();
    *out_sound_us = player_site_first_sample_us(site, let_go_us) - let_go_us;
    player_site_stop(site, SIGTERM);
}

static void
print_spans(const char *name, const gint64 *spans_us, guint n, const char *end)
{
    printf("\"%s\":[", name);
    for (guint i = 0; i < n; i++)
        printf("%s%" G_GINT64_FORMAT, i == 0 ? "" : ",", spans_us[i]);
    printf("]%s", end);
}

int
main(int argc, char **argv)
{
    gint64 n = argc == 2 ? g_ascii_strtoll(argv[1], NULL, 10) : 0;
    gint64 lamp_us[100], sound_us[100];

    if (n < 1 || n > 100) {
        fprintf(stderr, "usage: bench-press ROUNDS\n");
        return 2;
    }
    argc = 1;
    argv[1] = NULL;
    g_test_init(&argc, &argv, NULL);
    for (gint64 i = 0; i < n; i++)
        press_once(&lamp_us[i], &sound_us[i]);
    printf("{\"warm_up_ms\":%d,\"cancel_ms\":%d,", PLAYER_SITE_WARM_UP_MS,
           PLAYER_SITE_CANCEL_MS);
    print_spans("lamp_us", lamp_us, (guint) n, ",");
    print_spans("sound_us", sound_us, (guint) n, "}\n");
    return 0;
}
