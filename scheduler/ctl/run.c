/* run.c - see run.h */
#include "scheduler/ctl/run.h"

#include <stdio.h>
#include <string.h>

const char *
ctl_run_get(CtlRun *run, const char *name)
{
    return ctl_arguments_get(run->arguments, name);
}

json_t *
ctl_run_call(CtlRun *run, const char *method, char *path, const json_t *body, GError **error)
{
    g_autofree char *owned = path;
    json_t *answer = ctl_client_call(run->client, method, owned, body, error);
    json_t *words;
    gsize i;

    /* Beside the answer, for that may go into a file. */
    json_array_foreach(json_object_get(answer, "repaired"), i, words)
    {
        g_autofree char *said =
            ctl_words_say(run->reader, "repaired", "words", json_string_value(words), NULL);

        fprintf(stderr, "%s\n", said);
    }
    return answer;
}

/* Asked once, when it is first needed. */
static gboolean
ask_district(CtlRun *run, GError **error)
{
    json_t *answer;
    const char *tzid;
    gint64 now_us;

    if (run->has_asked)
        return TRUE;
    answer = ctl_client_call(run->client, "GET", "/api/session", NULL, error);
    if (answer == NULL)
        return FALSE;
    tzid = json_string_value(json_object_get(answer, "tzid"));
    now_us = json_integer_value(json_object_get(answer, "now_us"));
    run->has_asked = TRUE;
    run->zone = tzid == NULL ? NULL : g_time_zone_new_identifier(tzid);
    run->ahead_us = now_us == 0 ? 0 : now_us - g_get_real_time();
    json_decref(answer);
    return TRUE;
}

static gboolean
shows_times(const CtlCommand *command)
{
    for (const CtlColumn *column = command->columns; column != NULL && column->heading != NULL;
         column++) {
        if (column->format == CTL_AS_TIME || column->format == CTL_AS_REMARKS)
            return TRUE;
    }
    return FALSE;
}

CtlView
ctl_run_view(CtlRun *run)
{
    if (run->out != CTL_OUT_JSON && shows_times(run->arguments->command))
        ask_district(run, NULL);
    return (CtlView){run->reader, run->zone, run->out == CTL_OUT_CSV};
}

gboolean
ctl_run_now(CtlRun *run, gint64 *out_us, GError **error)
{
    if (!ask_district(run, error))
        return FALSE;
    *out_us = g_get_real_time() + run->ahead_us;
    return TRUE;
}

/* For what cannot be guessed: a time that somebody types, and which day it is. */
static gboolean
need_zone(CtlRun *run, GError **error)
{
    return ask_district(run, error) &&
           (run->zone != NULL || ctl_fail(error, CTL_CLIENT_ERROR_SERVER, "no_zone", NULL));
}

char *
ctl_run_today(CtlRun *run, GError **error)
{
    g_autoptr(GDateTime) utc = NULL, now = NULL;
    gint64 now_us;

    if (!need_zone(run, error) || !ctl_run_now(run, &now_us, error))
        return NULL;
    utc = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);
    now = g_date_time_to_timezone(utc, run->zone);
    return g_date_time_format(now, "%Y-%m-%d");
}

void
ctl_run_print(CtlRun *run, json_t *answer)
{
    CtlView view = ctl_run_view(run);
    g_autofree char *text = ctl_render(run->arguments->command, answer, run->out, &view);

    fputs(text, stdout);
    json_decref(answer);
}

gboolean
ctl_run_plain(CtlRun *run, GError **error)
{
    json_t *body = ctl_arguments_body(run->arguments, error);
    json_t *answer = ctl_run_call(run, run->arguments->command->method,
                                  ctl_arguments_path(run->arguments), body, error);

    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* --- values people type
 * ------------------------------------------------------------------------ */

gboolean
ctl_run_time(CtlRun *run, const char *text, gint64 *out_us, GError **error)
{
    int year, month, day, hour = 0, minute = 0, n_read = 0;
    g_autoptr(GDateTime) time = NULL;

    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &n_read) == 3 &&
        text[n_read] == ' ') {
        int n_more = 0;

        if (sscanf(text + n_read, " %2d:%2d%n", &hour, &minute, &n_more) != 2)
            n_read = 0;
        n_read += n_more;
    }
    if (n_read == 0 || text[n_read] != '\0')
        return ctl_usage(error, "no_time", "value", text);
    if (!need_zone(run, error))
        return FALSE;
    time = g_date_time_new(run->zone, year, month, day, hour, minute, 0);
    if (time == NULL)
        return ctl_usage(error, "no_time", "value", text);
    *out_us = g_date_time_to_unix(time) * G_USEC_PER_SEC;
    return TRUE;
}

gboolean
ctl_parse_clock(const char *text, gint64 *out_s, GError **error)
{
    unsigned hour, minute, second = 0;
    int n_read = 0;

    if (sscanf(text, "%2u:%2u%n", &hour, &minute, &n_read) == 2 && text[n_read] == ':')
        sscanf(text, "%2u:%2u:%2u%n", &hour, &minute, &second, &n_read);
    if (n_read == 0 || text[n_read] != '\0' || minute > 59 || second > 59 || hour > 24 ||
        (hour == 24 && minute + second > 0))
        return ctl_usage(error, "no_clock", "value", text);
    *out_s = hour * 3600 + minute * 60 + second;
    return TRUE;
}

gboolean
ctl_parse_db(const char *text, gint64 *out_mdb, GError **error)
{
    char *end = NULL;
    double decibels = g_ascii_strtod(text, &end);

    if (*text == '\0' || *end != '\0' || !(decibels <= 0 && decibels >= -60))
        return ctl_usage(error, "no_gain", "value", text);
    *out_mdb = (gint64) (decibels * 1000 - 0.5);
    return TRUE;
}

const char *
ctl_split_pair(const char *text, char **out_key, GError **error)
{
    const char *equals = strchr(text, '=');

    if (equals == NULL || equals == text || equals[1] == '\0') {
        ctl_usage(error, "no_pair", "value", text);
        return NULL;
    }
    *out_key = g_strndup(text, (gsize) (equals - text));
    return equals + 1;
}

void
ctl_tell_left(GError **error, const char *what, const char *left)
{
    char *words;

    if (error == NULL)
        return;
    words = g_strdup_printf("%s: %s; %s", what, (*error)->message, left);
    g_free((*error)->message);
    (*error)->message = words;
}
