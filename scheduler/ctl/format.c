/* format.c - see format.h */
#include "scheduler/ctl/format.h"

#include "scheduler/ctl/remarks.h"
#include "scheduler/ctl/words.h"

#include <string.h>

#define DAYS_OF_WEEK 7

/* What a code is called; in a spreadsheet the code itself. */
static char *
word_of(const char *code, const CtlView *view)
{
    return g_strdup(view->is_plain ? code : ctl_words_of(view->reader, "word", code));
}

static char *text_of(const json_t *value, CtlFormat format, const CtlView *view);

static char *
join_texts(const json_t *list, CtlFormat format, const CtlView *view)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < json_array_size(list); i++) {
        g_autofree char *element = text_of(json_array_get(list, i), format, view);

        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", element);
    }
    return g_string_free(text, FALSE);
}

static char *
text_of(const json_t *value, CtlFormat format, const CtlView *view)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return format == CTL_AS_WORD ? word_of(json_string_value(value), view)
                                     : g_strdup(json_string_value(value));
    case JSON_INTEGER:
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return g_strdup_printf("%g", json_real_value(value));
    case JSON_TRUE:
        return word_of("yes", view);
    case JSON_FALSE:
        return word_of("no", view);
    case JSON_NULL:
        return g_strdup("");
    case JSON_OBJECT:
        return g_strdup("…");
    case JSON_ARRAY:
        return join_texts(value, format, view);
    }
    return g_strdup("");
}

static char *
time_of(gint64 at_us, const CtlView *view)
{
    g_autoptr(GDateTime) utc = NULL, at = NULL;
    g_autofree char *text = NULL;
    gboolean is_plain = view->is_plain;
    /* To the nearest second: some µs of clock before it are not another second. */
    gint64 rounded_us = is_plain ? at_us : at_us + G_USEC_PER_SEC / 2;

    if (at_us == 0)
        return g_strdup(is_plain ? "" : "-");
    utc = g_date_time_new_from_unix_utc(rounded_us / G_USEC_PER_SEC);
    if (utc == NULL)
        return g_strdup("?");
    at = view->zone == NULL ? g_date_time_ref(utc) : g_date_time_to_timezone(utc, view->zone);
    if (!is_plain)
        return g_date_time_format(at, view->zone == NULL ? "%d/%m/%Y %H:%M:%S UTC"
                                                         : "%d/%m/%Y %H:%M:%S");
    text = g_date_time_format(at, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03d%s", text, (int) (at_us / 1000 % 1000),
                           view->zone == NULL ? "Z" : "");
}

static char *
duration_of(gint64 duration_us, gboolean is_plain)
{
    gint64 tenths = duration_us / (G_USEC_PER_SEC / 10);

    if (is_plain)
        return g_strdup_printf("%.3f", (double) duration_us / G_USEC_PER_SEC);
    if (duration_us == 0)
        return g_strdup("");
    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d.%d", tenths / 600,
                           (int) (tenths / 10 % 60), (int) (tenths % 10));
}

static const char *
day_of(const char *day, const CtlView *view)
{
    return view->is_plain ? day : ctl_words_of(view->reader, "day", day);
}

/* Runs of days are joined: bits 0, 1, 2, 6 are "mon-wed, sun". */
static char *
weekdays_of(gint64 bits, const CtlView *view)
{
    static const char *const days[DAYS_OF_WEEK] = {"mon", "tue", "wed", "thu",
                                                   "fri", "sat", "sun"};
    GString *text = g_string_new(NULL);

    for (int first = 0; first < DAYS_OF_WEEK; first++) {
        int last = first;

        if ((bits >> first & 1) == 0)
            continue;
        while (last + 1 < DAYS_OF_WEEK && (bits >> (last + 1) & 1) != 0)
            last++;
        g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ",
                               day_of(days[first], view));
        if (last > first)
            g_string_append_printf(text, "-%s", day_of(days[last], view));
        first = last;
    }
    return g_string_free(text, FALSE);
}

static char *
bytes_of(gint64 n_bytes, gboolean is_plain)
{
    if (is_plain)
        return g_strdup_printf("%" G_GINT64_FORMAT, n_bytes);
    return g_format_size((guint64) MAX(n_bytes, 0));
}

static char *
number_of(gint64 number, CtlFormat format, const CtlView *view)
{
    gboolean is_plain = view->is_plain;

    switch (format) {
    case CTL_AS_TIME:
        return time_of(number, view);
    case CTL_AS_DURATION:
        return duration_of(number, is_plain);
    case CTL_AS_DB:
        return g_strdup_printf(is_plain ? "%.1f" : "%.1f dB", (double) number / 1000);
    case CTL_AS_BYTES:
        return bytes_of(number, is_plain);
    case CTL_AS_CLOCK:
        return g_strdup_printf("%02d:%02d", (int) (number / 60), (int) (number % 60));
    case CTL_AS_WEEKDAYS:
        return weekdays_of(number, view);
    case CTL_AS_TEXT:
    case CTL_AS_WORD:
    case CTL_AS_REASON:
    case CTL_AS_REMARKS:
        break;
    }
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

char *
ctl_format(const json_t *value, CtlFormat format, const CtlView *view)
{
    if (json_is_integer(value))
        return number_of(json_integer_value(value), format, view);
    if (format == CTL_AS_REASON && g_strcmp0(json_string_value(value), "none") == 0)
        return g_strdup("");
    if (format == CTL_AS_REMARKS)
        return json_is_array(value) ? ctl_remarks_words(value, view)
                                    : ctl_remark_words(value, view);
    return text_of(value, format, view);
}
