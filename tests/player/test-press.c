/*
 * test-press.c - a push button at a station, from its contact to what it brings about.
 *
 * The real loa-player and loa-gateway, a simulated board on Modbus/TCP, a test card, and nobody
 * on the line to the district. What the player knows is read off the lamp beside the button.
 */
#include <signal.h>
#include <sysexits.h>

#include "content/record.h"
#include "tests/support/plan-builder.h"
#include "tests/support/player-site.h"
#include "tests/support/relay-site.h"

#define PATIENCE_US PLAN_S(40)
#define BUTTON      6
#define LAMP        7
#define MS(x)       ((gint64) (x) *1000)

static void
push(PlayerSite *site, gboolean on)
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

/* Until the lamp has been lit, or dark, for a time in that range: how it is known by sight. */
static void
wait_blink(PlayerSite *site, gboolean is_lit, gint64 from_us, gint64 to_us)
{
    gint64 span_us = 0, give_up_us = g_get_monotonic_time() + PATIENCE_US;

    while (span_us < from_us || span_us >= to_us) {
        gint64 begun_us = wait_lamp(site, is_lit);

        span_us = wait_lamp(site, !is_lit) - begun_us;
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
    }
}

/* Dark for longer than any blinking is. */
static void
wait_dark(PlayerSite *site)
{
    gint64 give_up_us = g_get_monotonic_time() + PATIENCE_US;

    while (test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(1100)) > 0)
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
}

/* A tap that the lamp answers: player and gateway have found each other. */
static void
wait_ready(PlayerSite *site)
{
    gint64 give_up_us = g_get_monotonic_time() + PATIENCE_US;

    do {
        push(site, FALSE);
        /* So long that it was seen released. */
        test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(300));
        push(site, TRUE);
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
    } while (test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(700)) == 0);
    push(site, FALSE);
    wait_dark(site);
}

/* Pressed until the lamp blinks fast, and let go. Returns: from contact to lamp, µs */
static gint64
press(PlayerSite *site)
{
    gint64 pushed_us = g_get_monotonic_time(), lit_us;

    push(site, TRUE);
    lit_us = wait_lamp(site, TRUE);
    wait_lamp(site, FALSE);
    wait_blink(site, TRUE, MS(1), MS(350));
    push(site, FALSE);
    return lit_us - pushed_us;
}

/* Tapped again until the lamp goes out: a tap too short to be seen is repeated. */
static void
tap_until_dark(PlayerSite *site)
{
    gint64 give_up_us = g_get_monotonic_time() + PATIENCE_US;

    do {
        push(site, FALSE);
        test_sim_coil(player_site_board(site), 1, LAMP, FALSE, MS(400));
        push(site, TRUE);
        g_assert_cmpint(g_get_monotonic_time(), <, give_up_us);
    } while (test_sim_coil(player_site_board(site), 1, LAMP, TRUE, MS(1100)) > 0);
}

static guint
count_refusals(GPtrArray *records, const char *code)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];

        if (record->kind != CONTENT_RECORD_REFUSED || record->details->len == 0)
            continue;
        n += g_str_equal(((ContentRemark *) record->details->pdata[0])->code, code);
    }
    return n;
}

static gboolean
has_sounded(PlayerSite *site)
{
    g_autoptr(TestTimeline) heard = player_site_listen(site);
    g_autoptr(GArray) sounds = test_timeline_sounds(heard);

    return sounds->len > 0;
}

/* Without a grant: refused, shown by the lamp, recorded, and not a sound. */
static void
test_no_grant(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    g_autoptr(GPtrArray) records = NULL;
    gint64 told_us;

    player_site_start(site);
    wait_ready(site);
    told_us = press(site);
    g_test_message("from contact to lamp: %" G_GINT64_FORMAT " µs", told_us);
    /* Two short ones and a pause. */
    wait_blink(site, FALSE, MS(600), PATIENCE_US);
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    g_assert_false(has_sounded(site));
    records = player_site_records(site);
    g_assert_cmpuint(count_refusals(records, "local_no_grant"), ==, 1);
}

/* So wide that no machine is too slow for it. */
static void
widen_window(PlayerSite *site)
{
    const char *path = player_site_config(site);
    g_autoptr(GString) config = g_string_new(NULL);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_string_assign(config, text);
    g_assert_cmpuint(g_string_replace(config, "cancel-ms=500", "cancel-ms=10000", 1), ==, 1);
    g_assert_true(g_file_set_contents(path, config->str, -1, NULL));
}

/* Called off by a second press within the window. */
static void
test_called_off(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    g_autoptr(GPtrArray) records = NULL;

    widen_window(site);
    player_site_start(site);
    wait_ready(site);
    press(site);
    tap_until_dark(site);
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    records = player_site_records(site);
    g_assert_cmpuint(count_refusals(records, "button_called_off"), ==, 1);
    g_assert_cmpuint(count_refusals(records, "local_no_grant"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/press/no-grant", test_no_grant);
    g_test_add_func("/player/press/called-off", test_called_off);
    return g_test_run();
}
