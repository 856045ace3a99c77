/*
 * recurrence.h - on which local days something happens.
 *
 * Flow: web and loactl (rule as typed) -> sched_recurrence_save() -> store -> expand.h. Pure.
 *
 * A rule is a checked subset of iCalendar's RRULE (RFC 5545 §3.3.10), judged by a table of ours
 * before libical sees it. It works on local dates alone, so no time zone can shift a day:
 * "every month on the 31st" skips the months without one, 29 February comes in leap years only,
 * and -1 is the last day of the month. The first day is a lower bound, not itself a date unless
 * the rule says so. Dates added and taken out are plain sets; taking out wins.
 */
#pragma once

#include "scheduler/plan/calendar.h"

#define SCHED_RECURRENCE_ERROR (sched_recurrence_error_quark())
GQuark sched_recurrence_error_quark(void);

typedef enum {
    SCHED_RECURRENCE_ERROR_SYNTAX, /* not a rule of our subset; the message names the part */
    SCHED_RECURRENCE_ERROR_NEVER,  /* a rule without any date: it would be silently dead */
} SchedRecurrenceError;

/* Longest rule: every part at once, with room. */
#define SCHED_RULE_MAX_BYTES 200
/* Most occurrences a COUNT may ask for: every day of about 27 years. */
#define SCHED_RULE_MAX_COUNT 10000
/* Added and taken-out dates of one slot. */
#define SCHED_MAX_EXTRA_DAYS 400
/* A rule without a date in so many days from its first one never matches for our purposes. */
#define SCHED_RULE_HORIZON_DAYS (50 * 366)

/**
 * sched_recurrence_check:
 * @rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR"; "" is one date, the first day
 *
 * Judges the text alone; DAILY, WEEKLY, MONTHLY, YEARLY with INTERVAL 1–366, BYDAY, BYMONTHDAY,
 * BYMONTH, BYSETPOS (MONTHLY and YEARLY), WKST, and COUNT or UNTIL (a date).
 */
gboolean sched_recurrence_check(const char *rule, GError **error);

/**
 * sched_recurrence_save:
 * @rule: as typed
 * @first: no date is before it
 *
 * Checks, turns COUNT into UNTIL, and refuses a rule that has no date at all, so that what is
 * stored can be expanded from anywhere.
 *
 * Returns: (transfer full): the rule to store
 */
char *sched_recurrence_save(const char *rule, SchedDay first, GError **error);

/**
 * sched_recurrence_days:
 * @rule: as sched_recurrence_save() gave it
 * @first: no date is before it
 * @added: (nullable) (element-type SchedDay): dates besides the rule's, even before @first
 * @removed: (nullable) (element-type SchedDay): dates taken out
 * @from: first day asked for, inclusive
 * @to: last day asked for, inclusive; at most SCHED_RULE_HORIZON_DAYS after @from
 *
 * The cost depends on the range, not on how long ago @first was.
 *
 * Returns: (transfer full) (element-type SchedDay): ascending, each once
 */
GArray *sched_recurrence_days(const char *rule, SchedDay first, const GArray *added,
                              const GArray *removed, SchedDay from, SchedDay to,
                              GError **error);
