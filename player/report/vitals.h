/*
 * vitals.h - how the machine is: power, disk, temperature, and why the player was not running.
 *
 * Flow: kernel files and STATE/alive -> this -> heartbeat and the first record after a start.
 * Port. Thread: the owner's; the stamp is written by a thread of its own.
 *
 * A stamp once a minute says when the player was last alive, in which boot, and whether it was
 * told to stop. From it: no power (the machine died without telling us), player stopped (it was
 * told, or died alone), unknown (no stamp). Nothing is guessed beyond that.
 */
#pragma once

#include "content/base/clock.h"
#include "content/heartbeat.h"

#define PLAY_VITALS_BOOT     "LOA_BOOT_ID"
#define PLAY_VITALS_STAMP_US (60 * G_USEC_PER_SEC)

typedef struct PlayVitals PlayVitals;

/* Where the kernel's files are; a test has its own. */
typedef struct {
    const char *boot_id; /* "/proc/sys/kernel/random/boot_id" */
    const char *thermal; /* "/sys/class/thermal": thermal_zone*, the hottest counts */
} PlayVitalsPaths;
extern const PlayVitalsPaths play_vitals_paths;

/**
 * play_vitals_read_boot:
 *
 * What the unit hands over in the environment (PLAY_VITALS_BOOT) goes first: under it /proc
 * shows processes only.
 *
 * Returns: (transfer full) (nullable): the kernel's boot id, 32 hex digits
 */
char *play_vitals_read_boot(const PlayVitalsPaths *paths, GError **error);

/**
 * play_vitals_new:
 * @state_folder: holds the stamp and the cache whose space is told
 * @clock: (not owned): the one whose trust play_vitals_set_trust() tells; a machine's own
 *   clock may stand at 1970 while the station knows better
 */
PlayVitals *play_vitals_new(const char *state_folder, const PlayVitalsPaths *paths,
                            ContentClock *clock, GError **error);

/** play_vitals_free: without play_vitals_stopping() before, the next start sees a death */
void play_vitals_free(PlayVitals *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayVitals, play_vitals_free)

/** play_vitals_boot: Returns: (transfer none): the kernel's boot id, 32 hex digits */
const char *play_vitals_boot(PlayVitals *self);

/** play_vitals_set_trust: how the clock stands, so that stamps say how good they are */
void play_vitals_set_trust(PlayVitals *self, ContentTrust trust);

/** play_vitals_trust: Returns: as last set */
ContentTrust play_vitals_trust(PlayVitals *self);

/** play_vitals_stopping: the player was told to stop: stamped at once, waits for the disk */
void play_vitals_stopping(PlayVitals *self);

/**
 * play_vitals_fill:
 *
 * Writes boot, uptime_s, free_bytes, total_bytes, temperature_mc, trust, down_from_us,
 * down_to_us and down_reason.
 */
void play_vitals_fill(PlayVitals *self, ContentHeartbeat *heartbeat);

/**
 * play_vitals_downtime:
 * @out_from_us, @out_to_us: 0 while a clock on that side was not trusted
 *
 * Returns: a ContentReason: NO_POWER, PLAYER_STOPPED or UNKNOWN
 */
gint play_vitals_downtime(PlayVitals *self, gint64 *out_from_us, gint64 *out_to_us);
