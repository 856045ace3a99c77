/* figures.c - what was heard in a week or a month: the sums that the district keeps. See run.h.
 */
#include "scheduler/ctl/run.h"

#include <string.h>

/* First and last date of "2026-03". Returns: (transfer full) (nullable): the query */
static char *
month_query(const char *month, const char *by)
{
    guint64 year, number;
    GDate last;

    if (strlen(month) != 7 || month[4] != '-' || strspn(month, "0123456789-") != 7)
        return NULL;
    year = g_ascii_strtoull(month, NULL, 10);
    number = g_ascii_strtoull(month + 5, NULL, 10);
    if (!g_date_valid_dmy(1, (GDateMonth) number, (GDateYear) year))
        return NULL;
    g_date_set_dmy(&last, g_date_get_days_in_month((GDateMonth) number, (GDateYear) year),
                   (GDateMonth) number, (GDateYear) year);
    return g_strdup_printf("from=%s-01&to=%s-%02u&by=%s", month, month, g_date_get_day(&last),
                           by);
}

/* Monday and Sunday around the date. Returns: (transfer full) (nullable): the query */
static char *
week_query(const char *date, const char *by)
{
    g_autoptr(GDateTime) at = NULL, monday = NULL, sunday = NULL;
    g_autofree char *text = g_strdup_printf("%sT12:00:00Z", date), *from = NULL, *to = NULL;

    if (strlen(date) != 10 || strspn(date, "0123456789-") != 10 ||
        (at = g_date_time_new_from_iso8601(text, NULL)) == NULL)
        return NULL;
    monday = g_date_time_add_days(at, 1 - g_date_time_get_day_of_week(at));
    sunday = g_date_time_add_days(monday, 6);
    from = g_date_time_format(monday, "%Y-%m-%d");
    to = g_date_time_format(sunday, "%Y-%m-%d");
    return g_strdup_printf("from=%s&to=%s&by=%s", from, to, by);
}

static char *
month_of(CtlRun *run, GError **error)
{
    const char *month = ctl_run_get(run, "--month");
    g_autofree char *today = NULL;

    if (month != NULL)
        return g_strdup(month);
    today = ctl_run_today(run, error);
    return today == NULL ? NULL : g_strndup(today, strlen("2026-03"));
}

/* A row is called by its area's name, else by what it stands for. */
static void
add_labels(json_t *rows)
{
    for (gsize i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        const char *name = json_string_value(json_object_get(row, "name"));
        const char *key = json_string_value(json_object_get(row, "key"));

        json_object_set_new(row, "label",
                            json_string(name != NULL && *name != '\0' ? name
                                        : key != NULL && *key != '\0' ? key
                                                                      : "-"));
    }
}

/* Returns: (transfer full) (nullable): NULL with @error */
static char *
query_of(CtlRun *run, GError **error)
{
    const char *week = ctl_run_get(run, "--week"), *given = ctl_run_get(run, "--by");
    const char *by = given == NULL ? "commune" : given;
    g_autofree char *month = NULL;
    char *query;

    if (week != NULL) {
        query = ctl_run_get(run, "--month") == NULL ? week_query(week, by) : NULL;
        if (query == NULL)
            ctl_usage(error, "week_wanted", "value", week);
        return query;
    }
    month = month_of(run, error);
    query = month == NULL ? NULL : month_query(month, by);
    if (month != NULL && query == NULL)
        ctl_usage(error, "month_wanted", "value", month);
    return query;
}

gboolean
ctl_figures(CtlRun *run, GError **error)
{
    g_autofree char *query = query_of(run, error), *path = NULL;
    json_t *answer;

    if (query == NULL)
        return FALSE;
    path = ctl_arguments_path(run->arguments);
    answer = ctl_run_call(run, "GET", g_strdup_printf("%s?%s", path, query), NULL, error);
    if (answer == NULL)
        return FALSE;
    if (run->out != CTL_OUT_JSON)
        add_labels(json_object_get(answer, "figures"));
    ctl_run_print(run, answer);
    return TRUE;
}
