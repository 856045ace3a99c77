/*
 * finger.h - a finger on the button of a player site, and an eye on the lamp beside it.
 *
 * Flow: contact of the simulated board -> gateway -> player -> lamp's relay on the board.
 * Blocks.
 */
#pragma once

#include "tests/support/player-site.h"

/** finger_push: closes or opens the contact; the board has it when this returns */
void finger_push(PlayerSite *site, gboolean on);

/** finger_wait_blink: until the lamp has been lit, or dark, for a time in that range: how what
 * it shows is known by sight */
void finger_wait_blink(PlayerSite *site, gboolean is_lit, gint64 from_us, gint64 to_us);

/** finger_wait_dark: until the lamp is dark for longer than any blinking is */
void finger_wait_dark(PlayerSite *site);

/** finger_wait_ready: taps until the lamp answers: player and gateway have found each other */
void finger_wait_ready(PlayerSite *site);

/** finger_press: until the lamp blinks fast, and lets go. Returns: from contact to lamp, µs */
gint64 finger_press(PlayerSite *site);

/** finger_tap_until_dark: taps again until the lamp goes out: a tap too short to be seen is
 * repeated */
void finger_tap_until_dark(PlayerSite *site);
