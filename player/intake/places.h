/*
 * places.h - where the zones of this station lie, and which of them an area has a say in.
 *
 * Flow: settings in force -> here -> verify.c judges what keys for some areas have signed.
 * Pure.
 */
#pragma once

#include "content/manifest.h"

/** play_places_new: @settings: (nullable). Returns: (transfer full): of each zone; a GPtrArray
 * that is empty if none is known */
GPtrArray *play_places_new(const ContentStationSettings *settings);

/** play_places_words: Returns: (transfer full): equal words are equal places; a line a zone */
char *play_places_words(const GPtrArray *places);

/**
 * play_places_outside:
 * @scope: (element-type utf8): areas, what lies below them included
 * @areas: (nullable) (element-type utf8): only zones in these count; NULL: all do
 *
 * Returns: (transfer none) (nullable): id of the first zone that counts and lies in no area of
 *   @scope
 */
const char *play_places_outside(const GPtrArray *places, const GPtrArray *scope,
                                const GPtrArray *areas);
