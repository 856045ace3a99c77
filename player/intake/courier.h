/*
 * courier.h - what was said into the station's microphone, taken to the district.
 *
 * Flow: output/reel.h leaves whole files in a folder -> here, oldest first, POST
 * /device/speeches/ALERT/FROM/HASH with the station's certificate -> the district has it on its
 * disk -> the file is deleted. Port.
 * Thread: a worker of its own; told in the owner's main context.
 *
 * A file is small (PLAY_REEL_MAX_BYTES), so one that was broken off begins anew; the district
 * takes the same one twice. What it refuses stays, and is offered again after an hour, then
 * two, up to a day, or by the next player.
 */
#pragma once

#include "player/intake/fetch.h"

/* @error: (nullable): NULL: @file was taken and is gone */
typedef void (*PlayCourierFunc)(const char *file, const GError *error, gpointer data);

typedef struct PlayCourier PlayCourier;

/**
 * play_courier_new:
 * @folder: that of the files; it need not be there yet
 * @identity: (not owned): must outlive it
 * @timing: (nullable): NULL for the usual one
 */
PlayCourier *play_courier_new(const char *folder, const PlayIdentity *identity,
                              const PlayFetchTiming *timing, PlayTlsTimeFunc time,
                              gpointer time_data, PlayCourierFunc func, gpointer data);

/** play_courier_free: @self: (nullable): breaks off; what was not taken stays */
void play_courier_free(PlayCourier *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayCourier, play_courier_free)

/** play_courier_hurry: the line has come back, or there is a new file */
void play_courier_hurry(PlayCourier *self);
