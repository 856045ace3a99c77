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
        fprintf(stderr, "repaired: %s\n", json_string_value(words));
    return answer;
}

void
ctl_run_print(CtlRun *run, json_t *answer)
{
    g_autofree char *text = ctl_render(run->arguments->command, answer, run->out);

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

gboolean
ctl_usage(GError **error, const char *format, ...)
{
    va_list arguments;
    g_autofree char *words = NULL;

    va_start(arguments, format);
    words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_USAGE, words);
    return FALSE;
}

/* --- values people type
 * ------------------------------------------------------------------------ */

gboolean
ctl_parse_time(const char *text, gint64 *out_us, GError **error)
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
    if (n_read > 0 && text[n_read] == '\0')
        time = g_date_time_new_local(year, month, day, hour, minute, 0);
    if (time == NULL)
        return ctl_usage(error, "'%s' is no time: YYYY-MM-DD or 'YYYY-MM-DD HH:MM'", text);
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
        return ctl_usage(error, "'%s' is no time of day: HH:MM or HH:MM:SS", text);
    *out_s = hour * 3600 + minute * 60 + second;
    return TRUE;
}

gboolean
ctl_parse_db(const char *text, gint64 *out_mdb, GError **error)
{
    char *end = NULL;
    double decibels = g_ascii_strtod(text, &end);

    if (*text == '\0' || *end != '\0' || !(decibels <= 0 && decibels >= -60))
        return ctl_usage(error, "'%s' is no gain: -60 to 0 dB", text);
    *out_mdb = (gint64) (decibels * 1000 - 0.5);
    return TRUE;
}

const char *
ctl_split_pair(const char *text, char **out_key, GError **error)
{
    const char *equals = strchr(text, '=');

    if (equals == NULL || equals == text || equals[1] == '\0') {
        ctl_usage(error, "'%s': expected KEY=VALUE", text);
        return NULL;
    }
    *out_key = g_strndup(text, (gsize) (equals - text));
    return equals + 1;
}
