/* finger.c - see finger.h */
#include "tests/support/finger.h"

#include "tests/support/plan-builder.h"
#include "tests/support/relay-site.h"

#define PATIENCE_US PLAN_S(60)
#define BUTTON      6
#define LAMP        7
#define MS(x)       ((gint64) (x) *1000)

void
finger_push(PlayerSite *site, gboolean on)
{
    test_sim_do(player_site_board(site), "1 input %d %s", BUTTON, on ? "on" : "off");
}

static gint64
wait_lamp(PlayerSite *site, gboolean is_lit)
{
    gint64 at_us = test_sim_coil(player_site_board(site), 1, LAMP, is_lit, PATIENCE_US);

    g_assert_cmpint(at_us, >, 0);
    return at_us;
}

void
finger_wait_blink(PlayerSite *site, gboolean is_lit, gint64 from_us, gint64 to_us)
{
    gint64 span_us = 0, give_up_us = g_get_monotonic_time() + PATIENCE_US;

    while (span_us < from_us || span_us >= to_us) {
        gint64 begun_us = wait_lamp(site, is_lit);

        span_us = wait_lamp(site, !is_lit) - begun_us;
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
    }
}

void
finger_wait_dark(PlayerSite *site)
{
    gint64 give_up_us = g_get_monotonic_time() + PATIENCE_US;

    while (test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(1100)) > 0)
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
}

void
finger_wait_ready(PlayerSite *site)
{
    gint64 give_up_us = g_get_monotonic_time() + PATIENCE_US;

    do {
        finger_push(site, FALSE);
        /* So long that it was seen released. */
        test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(300));
        finger_push(site, TRUE);
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
    } while (test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(700)) == 0);
    finger_push(site, FALSE);
    finger_wait_dark(site);
}

gint64
finger_press(PlayerSite *site)
{
    gint64 pushed_us = g_get_monotonic_time(), lit_us;

    finger_push(site, TRUE);
    lit_us = wait_lamp(site, TRUE);
    wait_lamp(site, FALSE);
    finger_wait_blink(site, TRUE, MS(1), MS(350));
    finger_push(site, FALSE);
    return lit_us - pushed_us;
}

void
finger_tap_until_dark(PlayerSite *site)
{
    gint64 give_up_us = g_get_monotonic_time() + PATIENCE_US;

    do {
        finger_push(site, FALSE);
        test_sim_coil(player_site_board(site), 1, LAMP, FALSE, MS(400));
        finger_push(site, TRUE);
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
    } while (test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(1100)) > 0);
}
