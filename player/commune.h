/*
 * commune.h - the player of one commune: its parts built, handed to each other, and stopped.
 *
 * Flow: intake (district's wishes) -> desk (cue, sound, relays) -> report (records, heartbeat).
 * Wiring: holds no rule; the one place that logs. Thread: the main context it was made on.
 */
#pragma once

#include "content/base/clock.h"
#include "player/config.h"

typedef struct PlayCommune PlayCommune;

/**
 * play_commune_new:
 * @config, @clock: (not owned): must outlive it; the machine's clock
 *
 * Begins to play what is kept, and to reach the district.
 *
 * Returns: NULL if the station is not enrolled or its folder is refused
 */
PlayCommune *play_commune_new(const PlayConfig *config, ContentClock *clock, GError **error);

/** play_commune_stop: told to stop: relays open, what was recorded is on disk */
void play_commune_stop(PlayCommune *self);

/** play_commune_free: without play_commune_stop() the next start sees a death */
void play_commune_free(PlayCommune *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayCommune, play_commune_free)
