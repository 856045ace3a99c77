/* messengers.c - who goes to a village, and what was said of a task. See run.h. */
#include "scheduler/ctl/run.h"

#include <string.h>

/* --- who goes
 * ------------------------------------------------------------------------------------ */

/* (transfer full) (nullable): what is agreed with the village, as the API takes it */
static json_t *
agreed_with(CtlRun *run, GError **error)
{
    g_autofree char *village = ctl_escape(ctl_run_get(run, "VILLAGE"));
    json_t *answer =
        ctl_run_call(run, "GET", g_strdup_printf("/api/messenger-villages?area=%s", village),
                     NULL, error);
    const json_t *row = json_array_get(json_object_get(answer, "villages"), 0);
    json_t *body = NULL;

    if (row != NULL)
        body =
            json_pack("{s:O, s:O, s:O, s:O}", "households", json_object_get(row, "households"),
                      "languages", json_object_get(row, "languages"), "people",
                      json_object_get(row, "people"), "signal", json_object_get(row, "signal"));
    else if (answer != NULL)
        body = json_pack("{s:i, s:[], s:[], s:s}", "households", 0, "languages", "people",
                         "signal", "");
    json_decref(answer);
    return body;
}

/* The person of that name is there once, or not at all. */
static void
take_out(json_t *people, const char *name)
{
    for (gsize i = json_array_size(people); i > 0; i--) {
        const char *known =
            json_string_value(json_object_get(json_array_get(people, i - 1), "name"));

        if (g_strcmp0(known, name) == 0)
            json_array_remove(people, i - 1);
    }
}

static const char *
option_of(CtlRun *run, const char *name)
{
    const char *value = ctl_run_get(run, name);

    return value == NULL ? "" : value;
}

/* @body: (transfer full) */
static gboolean
put_village(CtlRun *run, json_t *body, GError **error)
{
    json_t *answer = ctl_run_call(run, "PUT", ctl_arguments_path(run->arguments), body, error);

    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_messenger_village(CtlRun *run, GError **error)
{
    json_t *given = ctl_arguments_body(run->arguments, error);
    json_t *body = given == NULL ? NULL : agreed_with(run, error);

    if (body != NULL)
        json_object_update(body, given);
    json_decref(given);
    return body != NULL && put_village(run, body, error);
}

gboolean
ctl_messenger_add(CtlRun *run, GError **error)
{
    json_t *body = agreed_with(run, error);
    json_t *people = json_object_get(body, "people");

    if (body == NULL)
        return FALSE;
    take_out(people, ctl_run_get(run, "NAME"));
    json_array_append_new(
        people, json_pack("{s:s, s:s, s:s, s:s}", "name", ctl_run_get(run, "NAME"), "means",
                          ctl_run_get(run, "MEANS"), "phone", option_of(run, "--phone"),
                          "hours", option_of(run, "--hours")));
    return put_village(run, body, error);
}

gboolean
ctl_messenger_remove(CtlRun *run, GError **error)
{
    json_t *body = agreed_with(run, error);

    if (body == NULL)
        return FALSE;
    take_out(json_object_get(body, "people"), ctl_run_get(run, "NAME"));
    return put_village(run, body, error);
}

/* --- what was said
 * ------------------------------------------------------------------------------- */

static gboolean
say(CtlRun *run, const char *state, GError **error)
{
    json_t *body = ctl_arguments_body(run->arguments, error);
    json_t *answer;

    if (body == NULL)
        return FALSE;
    json_object_set_new(body, "state", json_string(state));
    answer = ctl_run_call(run, "POST", ctl_arguments_path(run->arguments), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_messenger_tell(CtlRun *run, GError **error)
{
    return say(run, "told", error);
}

gboolean
ctl_messenger_confirm(CtlRun *run, GError **error)
{
    return say(run, "confirmed", error);
}

gboolean
ctl_messenger_fail(CtlRun *run, GError **error)
{
    return say(run, "not_reached", error);
}
