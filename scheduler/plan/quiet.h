/*
 * quiet.h - which zones of a segment keep silent because somebody asked for it.
 *
 * Flow: layout.h has placed the segments as if nobody had asked -> dayplan.h takes these zones
 * out. So a request moves nothing, and brings nothing to sound that would not have sounded
 * without it; what a programme has left after its end goes on at its time. Pure.
 */
#pragma once

#include "scheduler/plan/index.h"

/**
 * sched_quiet_zones:
 * @from_us: first sample
 * @to_us: the end of the last one
 * @zones: of the segment
 * @number: (inout): where to go on; 0 at first
 * @out_zones: (out): those of @zones that keep silent
 *
 * A segment that only its beginning or its end would make heard is left out whole.
 *
 * Returns: (transfer none) (nullable): the request; NULL: there are no more
 */
const SchedQuiet *sched_quiet_zones(const SchedIndexStation *station, gint64 from_us,
                                    gint64 to_us, const SchedZoneSet *zones, guint *number,
                                    SchedZoneSet *out_zones);
