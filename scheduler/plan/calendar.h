/*
 * calendar.h - local days and times of day, and the instants they are.
 *
 * Flow: recurrence.h gives local days -> here (UTC instants) -> layout.h. Pure; the zone files
 * of the machine are read by GTimeZone when a calendar is made.
 *
 * A day is a number: days since 1970-01-01 of the proleptic Gregorian calendar.
 * Where a zone changes its offset: a local time that is skipped is shifted forward by the gap
 * (02:30 becomes 03:30), one that happens twice is the first of the two.
 */
#pragma once

#include <glib.h>

/* Days from 1970-01-01; so small that 9999-12-31 fits many times. */
typedef gint32 SchedDay;

/* The days the scheduler speaks of: 1971-01-01 … 2199-12-31. */
#define SCHED_DAY_MIN 365
#define SCHED_DAY_MAX 84005
#define SCHED_DAY_S   86400

/**
 * sched_day_parse:
 * @text: (nullable): "2026-03-02"
 * @out_day: (out): written on success only
 *
 * Returns: %FALSE unless @text is exactly an existing day between the limits above
 */
gboolean sched_day_parse(const char *text, SchedDay *out_day);

/** sched_day_write: @out: (out): at least 11 bytes, gets "2026-03-02" and a NUL */
void sched_day_write(SchedDay day, char *out);

/** sched_day_weekday: Returns: 0 Monday … 6 Sunday */
int sched_day_weekday(SchedDay day);

/* One time zone; remembers the last offset it was asked for, so it belongs to one thread. */
typedef struct SchedCalendar SchedCalendar;

/**
 * sched_calendar_new:
 * @tzid: IANA name, for instance "Asia/Ho_Chi_Minh"
 *
 * Returns: (transfer full) (nullable): NULL if the machine knows no such zone
 */
SchedCalendar *sched_calendar_new(const char *tzid);
void sched_calendar_free(SchedCalendar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedCalendar, sched_calendar_free)

/**
 * sched_calendar_instant:
 * @second: of the local day, 0 … 86399, as a clock on the wall shows it
 *
 * Returns: UTC µs, by the rule stated above
 */
gint64 sched_calendar_instant(SchedCalendar *self, SchedDay day, gint64 second);

/**
 * sched_calendar_local:
 * @utc_us: an instant
 * @out_second: (out) (optional): second of that day on the wall clock, 0 … 86399
 *
 * Returns: the local day it falls on
 */
SchedDay sched_calendar_local(SchedCalendar *self, gint64 utc_us, gint64 *out_second);
