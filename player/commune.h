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

typedef void (*PlayCommuneStoppedFunc)(gpointer data);

/**
 * play_commune_stop:
 * @stopped: called once, within two seconds: nothing sounds, zones are let go, and what was
 *   heard of a segment is on its way to the journal, which play_commune_free() waits for
 *
 * Told a second time it waits for nothing.
 */
void play_commune_stop(PlayCommune *self, PlayCommuneStoppedFunc stopped, gpointer data);

/** play_commune_free: without play_commune_stop() the next start sees a death */
void play_commune_free(PlayCommune *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayCommune, play_commune_free)
