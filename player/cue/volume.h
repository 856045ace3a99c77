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
 * @minute: local minute of the day
 *
 * Returns: millidecibel, never above 0 nor above the station's cap
 */
gint64 play_volume_gain_mdb(const ContentStationSettings *settings, gint64 slot_gain_mdb,
                            GPtrArray *zones, gint64 minute);
