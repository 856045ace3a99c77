/* calendar.c - see calendar.h */
#include "scheduler/plan/calendar.h"

#include <string.h>

/* GDate counts days from 0001-01-01 as 1. */
#define JULIAN_OF_1970 719163

struct SchedCalendar {
    GTimeZone *zone;
    /* The offset is known to be the same from..until (UTC seconds): the UTC day asked last. */
    gint64 known_from_s, known_until_s;
    gint64 known_offset_s;
};

gboolean
sched_day_parse(const char *text, SchedDay *out_day)
{
    guint year, month, day;
    GDate date;

    if (text == NULL || strnlen(text, 11) != 10 || text[4] != '-' || text[7] != '-' ||
        strspn(text, "0123456789-") != 10)
        return FALSE;
    for (int i = 0; i < 10; i++) {
        if (i != 4 && i != 7 && text[i] == '-')
            return FALSE;
    }
    year = (guint) g_ascii_strtoull(text, NULL, 10);
    month = (guint) g_ascii_strtoull(text + 5, NULL, 10);
    day = (guint) g_ascii_strtoull(text + 8, NULL, 10);
    if (year < 1971 || year > 2199 || !g_date_valid_dmy(day, month, year))
        return FALSE;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, day, month, year);
    *out_day = (SchedDay) g_date_get_julian(&date) - JULIAN_OF_1970;
    return TRUE;
}

static char *
write_digits(char *out, guint number, int n_digits)
{
    for (int i = n_digits - 1; i >= 0; i--, number /= 10)
        out[i] = (char) ('0' + number % 10);
    return out + n_digits;
}

void
sched_day_write(SchedDay day, char *out)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32) (day + JULIAN_OF_1970));
    out = write_digits(out, g_date_get_year(&date), 4);
    *out++ = '-';
    out = write_digits(out, g_date_get_month(&date), 2);
    *out++ = '-';
    out = write_digits(out, g_date_get_day(&date), 2);
    *out = '\0';
}

int
sched_day_weekday(SchedDay day)
{
    /* 1970-01-01 was a Thursday. */
    return ((day + 3) % 7 + 7) % 7;
}

SchedCalendar *
sched_calendar_new(const char *tzid)
{
    GTimeZone *zone = g_time_zone_new_identifier(tzid);
    SchedCalendar *self;

    if (zone == NULL)
        return NULL;
    self = g_new0(SchedCalendar, 1);
    self->zone = zone;
    return self;
}

void
sched_calendar_free(SchedCalendar *self)
{
    if (self == NULL)
        return;
    g_time_zone_unref(self->zone);
    g_free(self);
}

/* Seconds to add to UTC at @utc_s. GTimeZone searches its whole history at each question. */
static gint64
offset_at(SchedCalendar *self, gint64 utc_s)
{
    gint64 from_s = utc_s - ((utc_s % SCHED_DAY_S) + SCHED_DAY_S) % SCHED_DAY_S;
    gint here;

    if (utc_s >= self->known_from_s && utc_s < self->known_until_s)
        return self->known_offset_s;
    here = g_time_zone_find_interval(self->zone, G_TIME_TYPE_UNIVERSAL, utc_s);
    if (g_time_zone_find_interval(self->zone, G_TIME_TYPE_UNIVERSAL, from_s) == here &&
        g_time_zone_find_interval(self->zone, G_TIME_TYPE_UNIVERSAL,
                                  from_s + SCHED_DAY_S - 1) == here) {
        self->known_from_s = from_s;
        self->known_until_s = from_s + SCHED_DAY_S;
        self->known_offset_s = g_time_zone_get_offset(self->zone, here);
    }
    return g_time_zone_get_offset(self->zone, here);
}

gint64
sched_calendar_instant(SchedCalendar *self, SchedDay day, gint64 second)
{
    gint64 wall_s = (gint64) day * SCHED_DAY_S + second;
    gint64 before = offset_at(self, wall_s - SCHED_DAY_S);
    gint64 after = offset_at(self, wall_s + SCHED_DAY_S);

    /*
     * With the offset from before a change, a time before it is right, a repeated one is the
     * first, and a skipped one lands behind the change by exactly the gap: all as stated.
     * Only a time after the change, not itself skipped, needs the later offset.
     */
    if (before != after && offset_at(self, wall_s - before) != before &&
        offset_at(self, wall_s - after) == after)
        return (wall_s - after) * G_USEC_PER_SEC;
    return (wall_s - before) * G_USEC_PER_SEC;
}

SchedDay
sched_calendar_local(SchedCalendar *self, gint64 utc_us, gint64 *out_second)
{
    gint64 utc_s = utc_us / G_USEC_PER_SEC - (utc_us % G_USEC_PER_SEC < 0 ? 1 : 0);
    gint64 wall_s = utc_s + offset_at(self, utc_s);
    gint64 second = (wall_s % SCHED_DAY_S + SCHED_DAY_S) % SCHED_DAY_S;

    if (out_second != NULL)
        *out_second = second;
    return (SchedDay) ((wall_s - second) / SCHED_DAY_S);
}
