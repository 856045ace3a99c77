/*
 * source-line.h - a live source from a sound card's input: a tuner, a mixing desk.
 *
 * Flow: ALSA capture -> source-live.h. Port. Thread: see source-live.h.
 *
 * A card that is unplugged, or whose clock stands still, is closed and tried again.
 */
#pragma once

#include "player/output/source-live.h"

/**
 * play_source_line_new:
 * @device: an ALSA capture PCM; anything but 48 kHz S16 goes through plug. Several channels are
 *   mixed down to one.
 *
 * From this player's own configuration, never from a document: an ALSA name can make files.
 */
PlaySource *play_source_line_new(const char *device);
