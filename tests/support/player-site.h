/*
 * player-site.h - an enrolled station in a folder, with what it was sent before the line broke.
 *
 * Flow: a test plans segments -> documents signed, verified and kept by the player's own code
 * -> the real loa-player on a test card, a real gateway, a simulated board, and no network.
 */
#pragma once

#include "content/object-store.h"
#include "content/plan.h"
#include "tests/support/child.h"
#include "tests/support/testcard.h"

typedef struct PlayerSite PlayerSite;

/* Of the amplifier; and how long after letting go the button's alert may be called off. */
#define PLAYER_SITE_WARM_UP_MS 300
#define PLAYER_SITE_CANCEL_MS  500

/** player_site_new: gateway and board run; zones lang and bon on output main; a trusted clock
 */
PlayerSite *player_site_new(void);
void player_site_free(PlayerSite *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayerSite, player_site_free)

/** player_site_tones: Returns: (transfer none): hash of audio that is there: 500, 1000, 2000
 * and 3000 Hz, two seconds each */
const char *player_site_tones(PlayerSite *site);

/**
 * player_site_keep:
 * @day: (transfer full): every segment gets the tones as audio, and an approval
 *
 * As if it had been pushed and fetched before; the player must not run.
 */
void player_site_keep(PlayerSite *site, ContentDayPlan *day);

/* Whom player_site_entrust() entrusts with what. */
#define PLAYER_SITE_ACCOUNT "hoa-1"
#define PLAYER_SITE_PIN     "482915"

/**
 * player_site_entrust:
 *
 * What is kept next says that PLAYER_SITE_ACCOUNT and the button may start a flood alert, twice
 * the tones in Vietnamese, in lang and bon, and as a drill; and the player answers the
 * station's own page.
 */
void player_site_entrust(PlayerSite *site);

/** player_site_page_port: of the page, which the test starts; _page_folder: (transfer none):
 * where its certificate lies */
guint player_site_page_port(PlayerSite *site);
const char *player_site_page_folder(PlayerSite *site);

/** player_site_state: Returns: (transfer none): the player's state folder */
const char *player_site_state(PlayerSite *site);

/** player_site_forget_time: nobody vouches for the clock any more, as after a power cut */
void player_site_forget_time(PlayerSite *site);

/** player_site_shift_time: the machine's own clock is wrong by @off_us, and the station knows
 */
void player_site_shift_time(PlayerSite *site, gint64 off_us);

/** player_site_start: starts loa-player */
void player_site_start(PlayerSite *site);

/** player_site_stop: @signal_number: Returns: its exit code, or 128 + the signal */
int player_site_stop(PlayerSite *site, int signal_number);

/** player_site_pid: Returns: of the player that runs */
GPid player_site_pid(PlayerSite *site);

/** player_site_board: Returns: (transfer none): the simulated board; lang is relay 1, bon 2,
 * the lamp of the button on input 6 is relay 7; it is held for a second, and called off within
 * half a one */
TestChild *player_site_board(PlayerSite *site);

/** player_site_records: Returns: (transfer full) (element-type ContentRecord): the journal, of
 * a player that does not run */
GPtrArray *player_site_records(PlayerSite *site);

/** player_site_first_sample_us: Returns: monotonic µs of the first sound that begins after
 * @after_us; waits for it */
gint64 player_site_first_sample_us(PlayerSite *site, gint64 after_us);

/** player_site_listen: Returns: (transfer full): what was heard so far */
TestTimeline *player_site_listen(PlayerSite *site);

/** player_site_cards: Returns: (transfer none): its sound card is "card" */
TestCards *player_site_cards(PlayerSite *site);

/** player_site_config: Returns: (transfer none): path of the configuration */
const char *player_site_config(PlayerSite *site);
