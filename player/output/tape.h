/*
 * tape.h - what is said into the station's own microphone is kept, as the villages hear it.
 *
 * Flow: the writer thread reads a source -> what it read also goes into a ring -> a thread of
 * the tape encodes it -> reel.h -> told by name and hash, so that a record says it and
 * intake/courier.h takes it to the district. Port.
 * Thread: the owner's; telling comes through the main context it was made on. The writer thread
 * never waits for the disk: what finds no room in the ring is counted.
 */
#pragma once

#include "content/base/clock.h"
#include "player/output/reel.h"
#include "player/output/source.h"

/* @kept: (nullable): NULL: what was said at @alert could not be kept: @words say why */
typedef void (*PlayTapesFunc)(const char *alert, const PlayReelKept *kept, const char *words,
                              gpointer data);

typedef struct PlayTapes PlayTapes;

/**
 * play_tapes_new:
 * @folder: made if it is not there
 * @clock: (not owned): must outlive it
 *
 * What a killed player left is made whole, and told.
 */
PlayTapes *play_tapes_new(const char *folder, ContentClock *clock, PlayTapesFunc func,
                          gpointer data);

/** play_tapes_free: @self: (nullable): all its sources are freed; waits until what was said is
 * on the disk, and tells it */
void play_tapes_free(PlayTapes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayTapes, play_tapes_free)

/**
 * play_tapes_record:
 * @source: (transfer full)
 *
 * Two outputs say the same at @alert: one of them is kept, and when that ends, the other.
 *
 * Returns: (transfer full): @source, with what is read from it kept
 */
PlaySource *play_tapes_record(PlayTapes *self, const char *alert, PlaySource *source);
