/* volume.c - see volume.h */
#include "player/cue/volume.h"

#include "player/cue/local-time.h"

#include <string.h>

#define MINUTES_OF_DAY 1440

/* Of one zone at one minute; where rows overlap the quietest holds. */
static gint64
zone_gain_mdb(const ContentStationSettings *settings, const char *zone, gint64 minute)
{
    gint64 gain_mdb = 0;

    for (guint i = 0; i < settings->volumes->len; i++) {
        const ContentVolume *row = settings->volumes->pdata[i];

        if (strcmp(row->zone, zone) == 0 &&
            play_local_minute_is_within(minute, row->from_min, row->to_min))
            gain_mdb = MIN(gain_mdb, row->gain_mdb);
    }
    return gain_mdb;
}

gint64
play_volume_gain_mdb(const ContentStationSettings *settings, gint64 slot_gain_mdb,
                     GPtrArray *zones, gint64 minute, gint64 n_minutes)
{
    gint64 quietest_mdb = 0;

    for (guint i = 0; i < zones->len; i++) {
        for (gint64 j = 0; j <= MIN(n_minutes, MINUTES_OF_DAY); j++)
            quietest_mdb = MIN(quietest_mdb, zone_gain_mdb(settings, zones->pdata[i],
                                                           (minute + j) % MINUTES_OF_DAY));
    }
    return MIN(MIN(slot_gain_mdb, 0) + quietest_mdb, MIN(settings->gain_cap_mdb, 0));
}
