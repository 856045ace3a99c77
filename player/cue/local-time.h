/*
 * local-time.h - which local date, weekday and minute an instant is.
 *
 * Flow: windows, daily maxima and volumes count in the station's own time; all else
 * is UTC. Pure but for one thing: making one reads the zone's file, once.
 */
#pragma once

#include <glib.h>

typedef struct PlayLocalTime PlayLocalTime;

typedef struct {
    char date[11];  /* YYYY-MM-DD */
    gint64 weekday; /* 0 Monday … 6 Sunday */
    gint64 minute;  /* after local midnight by the clock on the wall, 0 … 1439 */
} PlayLocal;

/**
 * play_local_time_new:
 * @tzid: an IANA name, "Asia/Ho_Chi_Minh"
 *
 * Returns: (transfer full) (nullable): NULL if the machine knows no such zone
 */
PlayLocalTime *play_local_time_new(const char *tzid);
void play_local_time_free(PlayLocalTime *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayLocalTime, play_local_time_free)

/** play_local_time_read: @utc_us: from the year 1 to 9999; anything else reads as 1970 */
PlayLocal play_local_time_read(const PlayLocalTime *self, gint64 utc_us);

/**
 * play_local_minute_is_within:
 * @from_min: inclusive
 * @to_min: exclusive; less than @from_min means over midnight, equal means never
 */
gboolean play_local_minute_is_within(gint64 minute, gint64 from_min, gint64 to_min);
