/* recurrence.c - see recurrence.h */
#include "scheduler/plan/recurrence.h"

#include <libical/ical.h>
#include <string.h>

/* GDate counts days from 0001-01-01 as 1. */
#define JULIAN_OF_1970 719163

G_DEFINE_QUARK(SchedRecurrenceError, sched_recurrence_error)

typedef enum { DAILY = 1, WEEKLY = 2, MONTHLY = 4, YEARLY = 8, ANY = 15 } Frequency;

typedef enum {
    VALUE_FREQUENCY, /* DAILY … YEARLY */
    VALUE_NUMBERS,   /* integers, both signs where min is negative; never 0 */
    VALUE_DATE,      /* YYYYMMDD */
    VALUE_WEEKDAYS,  /* MO … SU, with a number before it in MONTHLY and YEARLY */
    VALUE_WEEKDAY,   /* MO … SU */
} ValueKind;

typedef struct {
    const char *name;
    ValueKind kind;
    gint min, max;   /* of a number; of the number before a weekday */
    guint max_count; /* values in the list */
    guint frequencies;
} Part;

typedef enum {
    P_FREQ,
    P_INTERVAL,
    P_COUNT,
    P_UNTIL,
    P_BYDAY,
    P_BYMONTHDAY,
    P_BYMONTH,
    P_BYSETPOS,
    P_WKST,
    N_PARTS
} PartIndex;

/*
 * Left out is what libical 3.0.16 does not obey: BYSETPOS in a day or a week, BYMONTHDAY in
 * DAILY, and (check_together) BYSETPOS with BYMONTHDAY and BYMONTHDAY in YEARLY without
 * BYMONTH; MONTHLY says the same. The
 * rest agrees with an independent implementation (tests/port).
 */
/* clang-format off */
static const Part parts[N_PARTS] = {
    [P_FREQ]       = { "FREQ",       VALUE_FREQUENCY, 0,    0,                    1,  ANY },
    [P_INTERVAL]   = { "INTERVAL",   VALUE_NUMBERS,   1,    366,                  1,  ANY },
    [P_COUNT]      = { "COUNT",      VALUE_NUMBERS,   1,    SCHED_RULE_MAX_COUNT, 1,  ANY },
    [P_UNTIL]      = { "UNTIL",      VALUE_DATE,      0,    0,                    1,  ANY },
    [P_BYDAY]      = { "BYDAY",      VALUE_WEEKDAYS,  -53,  53,                   35, ANY },
    [P_BYMONTHDAY] = { "BYMONTHDAY", VALUE_NUMBERS,   -31,  31,                   31, MONTHLY | YEARLY },
    [P_BYMONTH]    = { "BYMONTH",    VALUE_NUMBERS,   1,    12,                   12, ANY },
    [P_BYSETPOS]   = { "BYSETPOS",   VALUE_NUMBERS,   -366, 366,                  10, MONTHLY | YEARLY },
    [P_WKST]       = { "WKST",       VALUE_WEEKDAY,   0,    0,                    1,  ANY },
};

static const struct { const char *word; Frequency frequency; } frequencies[] = {
    { "DAILY", DAILY }, { "WEEKLY", WEEKLY }, { "MONTHLY", MONTHLY }, { "YEARLY", YEARLY },
};

static const char *const weekdays[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU", NULL };
/* clang-format on */

/* A rule cut into its parts; the texts point into a copy owned here. */
typedef struct {
    char **fields;
    const char *values[N_PARTS];
    Frequency frequency;
} Rule;

static void
rule_clear(Rule *rule)
{
    g_clear_pointer(&rule->fields, g_strfreev);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rule, rule_clear)

static gboolean
fail(GError **error, const char *format, const char *part, const char *value)
{
    g_autofree char *shown = g_utf8_make_valid(value, -1);
    g_autofree char *words = g_strdup_printf("%s: %s (\"%s\")", part, format, shown);

    g_set_error_literal(error, SCHED_RECURRENCE_ERROR, SCHED_RECURRENCE_ERROR_SYNTAX, words);
    return FALSE;
}

/* @out_rest: what follows the digits; at most five, so nothing overflows. */
static gboolean
read_number(const char *text, const char **out_rest, gint *out_number)
{
    gboolean is_negative = text[0] == '-';
    const char *digits = text + (is_negative || text[0] == '+' ? 1 : 0);
    gsize length = strspn(digits, "0123456789");

    if (length == 0 || length > 5)
        return FALSE;
    *out_number = (gint) g_ascii_strtoll(digits, NULL, 10) * (is_negative ? -1 : 1);
    *out_rest = digits + length;
    return TRUE;
}

static gboolean
check_number(const Part *part, const char *text, GError **error)
{
    const char *rest = NULL;
    gint number = 0;

    if (!read_number(text, &rest, &number) || *rest != '\0')
        return fail(error, "not a whole number", part->name, text);
    if (number == 0 || number < part->min || number > part->max)
        return fail(error, "out of range", part->name, text);
    return TRUE;
}

static gboolean
check_weekday(const Part *part, const char *text, const Rule *rule, GError **error)
{
    const char *rest = text;
    gint number = 0;
    gint limit = rule->frequency == YEARLY && rule->values[P_BYMONTH] == NULL ? 53 : 5;

    if (part->kind == VALUE_WEEKDAYS && read_number(text, &rest, &number)) {
        if ((rule->frequency & (MONTHLY | YEARLY)) == 0)
            return fail(error, "a numbered weekday needs MONTHLY or YEARLY", part->name, text);
        if (number == 0 || number < -limit || number > limit)
            return fail(error, "no such weekday", part->name, text);
    }
    if (!g_strv_contains(weekdays, rest))
        return fail(error, "not a weekday (MO … SU)", part->name, text);
    return TRUE;
}

static gboolean
read_date(const char *text, SchedDay *out_day)
{
    g_autofree char *iso = NULL;

    if (strnlen(text, 9) != 8 || strspn(text, "0123456789") != 8)
        return FALSE;
    iso = g_strdup_printf("%.4s-%.2s-%.2s", text, text + 4, text + 6);
    return sched_day_parse(iso, out_day);
}

static gboolean
check_value(const Part *part, const char *text, const Rule *rule, GError **error)
{
    SchedDay day;

    switch (part->kind) {
    case VALUE_NUMBERS:
        return check_number(part, text, error);
    case VALUE_WEEKDAYS:
    case VALUE_WEEKDAY:
        return check_weekday(part, text, rule, error);
    case VALUE_DATE:
        return read_date(text, &day) ||
               fail(error, "not a date like 20261231 (a local day)", part->name, text);
    case VALUE_FREQUENCY:
        break;
    }
    return TRUE;
}

static gboolean
check_values(const Rule *rule, GError **error)
{
    for (guint i = 0; i < N_PARTS; i++) {
        const Part *part = &parts[i];
        g_auto(GStrv) values = NULL;

        if (rule->values[i] == NULL)
            continue;
        if ((part->frequencies & rule->frequency) == 0)
            return fail(error, "not with this FREQ", part->name, rule->values[i]);
        values = g_strsplit(rule->values[i], ",", -1);
        if (g_strv_length(values) > part->max_count || values[0] == NULL)
            return fail(error, "empty, or too many values", part->name, rule->values[i]);
        for (guint j = 0; values[j] != NULL; j++) {
            if (!check_value(part, values[j], rule, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
read_frequency(Rule *rule, GError **error)
{
    if (rule->values[P_FREQ] == NULL)
        return fail(error, "missing", "FREQ", "");
    for (guint i = 0; i < G_N_ELEMENTS(frequencies); i++) {
        if (strcmp(frequencies[i].word, rule->values[P_FREQ]) == 0)
            rule->frequency = frequencies[i].frequency;
    }
    return rule->frequency != 0 ||
           fail(error, "only DAILY, WEEKLY, MONTHLY or YEARLY", "FREQ", rule->values[P_FREQ]);
}

static gboolean
take_field(Rule *rule, char *field, GError **error)
{
    char *equals = strchr(field, '=');

    if (equals == NULL)
        return fail(error, "a part is NAME=VALUE", "rule", field);
    *equals = '\0';
    for (guint i = 0; i < N_PARTS; i++) {
        if (strcmp(parts[i].name, field) != 0)
            continue;
        if (rule->values[i] != NULL)
            return fail(error, "given twice", field, equals + 1);
        rule->values[i] = equals + 1;
        return TRUE;
    }
    return fail(error, "unknown part", "rule", field);
}

/* Parts that exclude or need one another. */
static gboolean
check_together(const Rule *rule, GError **error)
{
    const char *const *v = rule->values;

    if (v[P_COUNT] != NULL && v[P_UNTIL] != NULL)
        return fail(error, "not together with UNTIL", "COUNT", v[P_COUNT]);
    if (v[P_BYSETPOS] != NULL && (v[P_BYDAY] == NULL || v[P_BYMONTHDAY] != NULL))
        return fail(error, "needs BYDAY, and no BYMONTHDAY", "BYSETPOS", v[P_BYSETPOS]);
    if (rule->frequency == YEARLY && v[P_BYMONTHDAY] != NULL && v[P_BYMONTH] == NULL)
        return fail(error, "needs BYMONTH in YEARLY", "BYMONTHDAY", v[P_BYMONTHDAY]);
    return TRUE;
}

/* @rule: zeroed; filled in */
static gboolean
rule_parse(Rule *rule, const char *text, GError **error)
{
    if (strnlen(text, SCHED_RULE_MAX_BYTES + 1) > SCHED_RULE_MAX_BYTES) {
        g_set_error(error, SCHED_RECURRENCE_ERROR, SCHED_RECURRENCE_ERROR_SYNTAX,
                    "rule: longer than %d characters", SCHED_RULE_MAX_BYTES);
        return FALSE;
    }
    rule->fields = g_strsplit(text, ";", -1);
    for (guint i = 0; rule->fields[i] != NULL; i++) {
        if (!take_field(rule, rule->fields[i], error))
            return FALSE;
    }
    return read_frequency(rule, error) && check_values(rule, error) &&
           check_together(rule, error);
}

gboolean
sched_recurrence_check(const char *rule, GError **error)
{
    g_auto(Rule) parsed = {0};

    return rule[0] == '\0' || rule_parse(&parsed, rule, error);
}

static icaltimetype
ical_day(SchedDay day)
{
    /* Not icaltime_null_date(): its hour is -1, and libical then never finds an end. */
    icaltimetype time = {.is_date = 1};
    char text[11];

    sched_day_write(day, text);
    time.year = (int) g_ascii_strtoll(text, NULL, 10);
    time.month = (int) g_ascii_strtoll(text + 5, NULL, 10);
    time.day = (int) g_ascii_strtoll(text + 8, NULL, 10);
    return time;
}

static SchedDay
day_of_ical(icaltimetype time)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay) time.day, (GDateMonth) time.month, (GDateYear) time.year);
    return (SchedDay) g_date_get_julian(&date) - JULIAN_OF_1970;
}

/*
 * A day from which libical counts weeks rightly: it must itself be a date of the rule, so the
 * first weekday named in the week of @first, which may be a few days before it.
 */
static SchedDay
week_anchor(const struct icalrecurrencetype *rule, SchedDay first)
{
    int week_start = ((int) rule->week_start + 5) % 7;
    int into_week = (sched_day_weekday(first) - week_start + 7) % 7;
    int earliest = 7;

    for (int i = 0; i < ICAL_BY_DAY_SIZE && rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
        /* libical counts from Sunday as 1, we from Monday as 0. */
        int weekday = ((int) icalrecurrencetype_day_day_of_week(rule->by_day[i]) + 5) % 7;

        earliest = MIN(earliest, (weekday - week_start + 7) % 7);
    }
    return earliest == 7 ? first : first - into_week + earliest;
}

/*
 * The rule's own days in from..to, at most @max_days of them. UNTIL is always set: it is what
 * stops libical inside a rule that never matches, and COUNT would forbid to start late.
 */
static GArray *
rule_days(const char *rule, SchedDay first, SchedDay from, SchedDay to, guint max_days)
{
    struct icalrecurrencetype parsed = icalrecurrencetype_from_string(rule);
    GArray *days = g_array_new(FALSE, FALSE, sizeof(SchedDay));
    icalrecur_iterator *iterator = NULL;
    SchedDay until = to, anchor = first;

    if (!icaltime_is_null_time(parsed.until))
        until = MIN(until, day_of_ical(parsed.until));
    from = MAX(from, first);
    if (until < from)
        return days;
    parsed.count = 0;
    parsed.until = ical_day(until);
    /* No iterator: libical already sees that the parts exclude one another. */
    if (parsed.freq == ICAL_WEEKLY_RECURRENCE)
        anchor = week_anchor(&parsed, first);
    iterator = icalrecur_iterator_new(parsed, ical_day(anchor));
    if (iterator != NULL && from > anchor)
        icalrecur_iterator_set_start(iterator, ical_day(from));
    while (iterator != NULL && days->len < max_days) {
        icaltimetype next = icalrecur_iterator_next(iterator);
        SchedDay day;

        if (icaltime_is_null_time(next))
            break;
        day = day_of_ical(next);
        if (day > until)
            break;
        if (day >= from)
            g_array_append_val(days, day);
    }
    if (iterator != NULL)
        icalrecur_iterator_free(iterator);
    return days;
}

/* @rule without its COUNT, ending on @last instead. */
static char *
with_until(const char *text, const char *count, SchedDay last)
{
    g_autofree char *field = g_strdup_printf("COUNT=%s", count);
    g_auto(GStrv) fields = g_strsplit(text, ";", -1);
    g_autoptr(GString) saved = g_string_new(NULL);
    char date[11];

    sched_day_write(last, date);
    for (guint i = 0; fields[i] != NULL; i++) {
        if (strcmp(fields[i], field) != 0)
            g_string_append_printf(saved, "%s;", fields[i]);
    }
    g_string_append_printf(saved, "UNTIL=%.4s%.2s%.2s", date, date + 5, date + 8);
    return g_string_free(g_steal_pointer(&saved), FALSE);
}

char *
sched_recurrence_save(const char *rule, SchedDay first, GError **error)
{
    g_auto(Rule) parsed = {0};
    g_autoptr(GArray) days = NULL;
    const char *count;
    guint n_wanted;

    if (rule[0] == '\0')
        return g_strdup("");
    if (!rule_parse(&parsed, rule, error))
        return NULL;
    count = parsed.values[P_COUNT];
    n_wanted = count != NULL ? (guint) g_ascii_strtoull(count, NULL, 10) : 1;
    days = rule_days(rule, first, first, MIN(first + SCHED_RULE_HORIZON_DAYS, SCHED_DAY_MAX),
                     n_wanted);
    if (days->len == 0) {
        g_set_error(error, SCHED_RECURRENCE_ERROR, SCHED_RECURRENCE_ERROR_NEVER,
                    "rule \"%s\" has no date in the 50 years from its first day", rule);
        return NULL;
    }
    if (count == NULL)
        return g_strdup(rule);
    /* Fewer dates than counted within the horizon: the rule ends there. */
    return with_until(rule, count, g_array_index(days, SchedDay, days->len - 1));
}

static gint
compare_days(gconstpointer a, gconstpointer b)
{
    return *(const SchedDay *) a - *(const SchedDay *) b;
}

static gboolean
contains_day(const GArray *days, SchedDay day)
{
    for (guint i = 0; days != NULL && i < days->len; i++) {
        if (g_array_index(days, SchedDay, i) == day)
            return TRUE;
    }
    return FALSE;
}

/* Sorts @days, drops doubles and the removed ones. */
static void
tidy_days(GArray *days, const GArray *removed)
{
    guint kept = 0;

    g_array_sort(days, compare_days);
    for (guint i = 0; i < days->len; i++) {
        SchedDay day = g_array_index(days, SchedDay, i);

        if ((kept > 0 && g_array_index(days, SchedDay, kept - 1) == day) ||
            contains_day(removed, day))
            continue;
        g_array_index(days, SchedDay, kept++) = day;
    }
    g_array_set_size(days, kept);
}

GArray *
sched_recurrence_days(const char *rule, SchedDay first, const GArray *added,
                      const GArray *removed, SchedDay from, SchedDay to, GError **error)
{
    g_autoptr(GArray) days = NULL;

    g_return_val_if_fail(to - from <= SCHED_RULE_HORIZON_DAYS, NULL);
    if (!sched_recurrence_check(rule, error))
        return NULL;
    if (rule[0] == '\0') {
        days = g_array_new(FALSE, FALSE, sizeof(SchedDay));
        if (first >= from && first <= to)
            g_array_append_val(days, first);
    } else {
        days = rule_days(rule, first, from, to, G_MAXUINT);
    }
    for (guint i = 0; added != NULL && i < added->len; i++) {
        SchedDay day = g_array_index(added, SchedDay, i);

        if (day >= from && day <= to)
            g_array_append_val(days, day);
    }
    tidy_days(days, removed);
    return g_steal_pointer(&days);
}
