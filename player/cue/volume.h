/*
 * volume.h - how loud a segment may be in the zones that hear it together.
 *
 * Flow: station settings and a segment -> here -> the gain its item is placed with. Pure.
 */
#pragma once

#include "content/manifest.h"

/**
 * play_volume_gain_mdb:
 * @slot_gain_mdb: asked for by the slot
 * @zones: (element-type utf8): all that sound together; they share one amplifier input, so the
 *   quietest of them decides
 * @minute: local minute of the day in which it begins
 * @n_minutes: how many minutes it reaches into after that one; it is as quiet as the quietest
 *   of them asks, since an evening's programme must not be loud when the night begins
 *
 * Returns: millidecibel, never above 0 nor above the station's cap
 */
gint64 play_volume_gain_mdb(const ContentStationSettings *settings, gint64 slot_gain_mdb,
                            GPtrArray *zones, gint64 minute, gint64 n_minutes);
