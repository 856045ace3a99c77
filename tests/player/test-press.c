/*
 * test-press.c - a push button at a station, from its contact to what it brings about.
 *
 * The real loa-player and loa-gateway, a simulated board on Modbus/TCP, a test card, and nobody
 * on the line to the district. What the player knows is read off the lamp beside the button.
 */
#include <signal.h>
#include <sysexits.h>

#include "content/record.h"
#include "tests/support/finger.h"
#include "tests/support/plan-builder.h"
#include "tests/support/relay-site.h"

#define MS(x) ((gint64) (x) *1000)

static guint
count_records(GPtrArray *records, ContentRecordKind kind)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++)
        n += ((ContentRecord *) records->pdata[i])->kind == (gint) kind;
    return n;
}

/* Records of @kind whose first detail is @code */
static guint
count_first(GPtrArray *records, ContentRecordKind kind, const char *code)
{
    guint n = 0;

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = records->pdata[i];

        if (record->kind != (gint) kind || record->details->len == 0)
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
    finger_wait_ready(site);
    told_us = finger_press(site);
    g_test_message("from contact to lamp: %" G_GINT64_FORMAT " µs", told_us);
    /* Two short ones and a pause. */
    finger_wait_blink(site, FALSE, MS(600), MS(2000));
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    g_assert_false(has_sounded(site));
    records = player_site_records(site);
    g_assert_cmpuint(count_first(records, CONTENT_RECORD_REFUSED, "local_no_grant"), ==, 1);
}

/* The grant names the input: the alert sounds in both villages, the lamp is steady until it is
 * over, and what was done alone is on record for the district. */
static void
test_sounds(void)
{
    g_autoptr(PlayerSite) site = player_site_new();
    g_autoptr(GPtrArray) records = NULL;
    gint64 let_go_us, took_us;

    player_site_entrust(site);
    player_site_keep(site, plan_builder_day("2026-03-02"));
    player_site_start(site);
    finger_wait_ready(site);
    finger_press(site);
    let_go_us = g_get_monotonic_time();
    took_us = player_site_first_sample_us(site, let_go_us) - let_go_us;
    g_test_message("first sample %" G_GINT64_FORMAT " ms after the window, warm-up apart",
                   took_us / 1000 - PLAYER_SITE_CANCEL_MS - PLAYER_SITE_WARM_UP_MS);
    /* What is measured strictly is `./dev bench button`. */
    g_assert_cmpint(took_us, >=, MS(PLAYER_SITE_CANCEL_MS));
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 1, TRUE, PLAN_S(60)), >, 0);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 2, TRUE, PLAN_S(60)), >, 0);
    /* Steady: nothing changes for longer than any blinking. */
    while (test_sim_coil(player_site_board(site), 1, 7, FALSE, MS(1100)) > 0)
        continue;
    /* The player is killed: the lamp goes out, and shows the alert again when it is back. */
    g_assert_cmpint(player_site_stop(site, SIGKILL), ==, 128 + SIGKILL);
    while (test_sim_coil(player_site_board(site), 1, 7, FALSE, MS(1100)) > 0)
        continue;
    player_site_start(site);
    g_assert_cmpint(test_sim_coil(player_site_board(site), 1, 7, TRUE, PLAN_S(60)), >, 0);
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    records = player_site_records(site);
    g_assert_cmpuint(
        count_first(records, CONTENT_RECORD_ALERT_STARTED_LOCALLY, "local_by_input"), ==, 1);
    g_assert_cmpuint(count_records(records, CONTENT_RECORD_ALERT_TAKEN), ==, 2);
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
    finger_wait_ready(site);
    finger_press(site);
    finger_tap_until_dark(site);
    g_assert_cmpint(player_site_stop(site, SIGTERM), ==, EX_OK);
    records = player_site_records(site);
    g_assert_cmpuint(count_first(records, CONTENT_RECORD_REFUSED, "button_called_off"), ==, 1);
    g_assert_cmpuint(count_first(records, CONTENT_RECORD_REFUSED, "local_no_grant"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/press/no-grant", test_no_grant);
    g_test_add_func("/player/press/sounds", test_sounds);
    g_test_add_func("/player/press/called-off", test_called_off);
    return g_test_run();
}
