/*
 * words.h - why something was not heard, as a person would say it.
 *
 * Flow: delivery.h (reason and hours), heartbeats (last time off) -> here -> API, loactl,
 * pages. Pure.
 */
#pragma once

#include <glib.h>

#include "content/wording.h"

/**
 * sched_miss_words:
 * @from_us: UTC, 0: not known
 * @to_us: UTC, 0: no hours are told
 * @date: (nullable): "2026-03-02", local: what is on that date is told without it
 * @tzid: of the station
 *
 * "no power 16:40–18:10", "mất điện đến 18:10"; hours are local to the station.
 *
 * Returns: (transfer full): "" where nothing is to be explained
 */
char *sched_miss_words(ContentReason reason, gint64 from_us, gint64 to_us, const char *date,
                       const char *tzid, ContentReader reader);
