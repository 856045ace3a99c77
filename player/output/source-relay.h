/*
 * source-relay.h - a live source with a watch on it and a spare behind it.
 *
 * Flow: source-line.h or source-stream.h, and the playlist's spare as source-file.h -> this
 * hears whether the first says something (watch.h) -> the writer gets whichever is to sound.
 * Thread: as source.h.
 *
 * The spare begins where it was left when the live source came back, and is played once.
 */
#pragma once

#include "player/output/source.h"
#include "player/output/watch.h"

/**
 * play_source_relay_new:
 * @live: (transfer full)
 * @spare: (transfer full) (nullable): NULL: nothing sounds in its place, and whatever comes
 * from @live is heard
 */
PlaySource *play_source_relay_new(PlaySource *live, PlaySource *spare);

/**
 * play_source_relay_story:
 * @self: of any class
 * @story: (out): what its watch saw; nothing of another class
 *
 * Thread: the owner's, once the writer has let go of it.
 */
void play_source_relay_story(PlaySource *self, PlayWatchStory *story);
