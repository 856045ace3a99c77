/* local-time.c - see local-time.h */
#include "player/cue/local-time.h"

#include <string.h>

struct PlayLocalTime {
    GTimeZone *zone;
};

PlayLocalTime *
play_local_time_new(const char *tzid)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(tzid);
    PlayLocalTime *self;

    if (zone == NULL)
        return NULL;
    self = g_new0(PlayLocalTime, 1);
    self->zone = g_steal_pointer(&zone);
    return self;
}

void
play_local_time_free(PlayLocalTime *self)
{
    if (self == NULL)
        return;
    g_time_zone_unref(self->zone);
    g_free(self);
}

PlayLocal
play_local_time_read(const PlayLocalTime *self, gint64 utc_us)
{
    gint64 utc_s = utc_us / G_USEC_PER_SEC - (utc_us % G_USEC_PER_SEC < 0 ? 1 : 0);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(utc_s);
    g_autoptr(GDateTime) here = utc == NULL ? NULL : g_date_time_to_timezone(utc, self->zone);
    PlayLocal local = {"1970-01-01", 3, 0};
    g_autofree char *date = NULL;

    if (here == NULL)
        return local;
    date = g_date_time_format(here, "%Y-%m-%d");
    g_strlcpy(local.date, date, sizeof local.date);
    local.weekday = g_date_time_get_day_of_week(here) - 1;
    local.minute = g_date_time_get_hour(here) * 60 + g_date_time_get_minute(here);
    return local;
}

gboolean
play_local_minute_is_within(gint64 minute, gint64 from_min, gint64 to_min)
{
    if (from_min <= to_min)
        return minute >= from_min && minute < to_min;
    return minute >= from_min || minute < to_min;
}
