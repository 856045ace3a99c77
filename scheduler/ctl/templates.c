/* templates.c - a template of alerts, made or changed in what is named. See run.h. */
#include "scheduler/ctl/run.h"

#include <string.h>

/* What a new one is where nothing else is said: three times after a siren, for an hour. */
static json_t *
new_template(void)
{
    return json_pack("{s:i, s:i, s:i, s:[], s:i, s:i, s:s, s:i}", "again_s", 0, "gap_ms", 2000,
                     "life_min", 60, "orders", "repeats", 3, "severity", 3, "tone", "wail",
                     "tone_ms", 6000);
}

/* (transfer full) (nullable): as it stands, as the API takes it */
static json_t *
known_template(CtlRun *run, GError **error)
{
    json_t *body = ctl_run_call(run, "GET", ctl_arguments_path(run->arguments), NULL, error);

    json_object_del(body, "id");
    json_object_del(body, "retired_us");
    return body;
}

/* @body: (transfer full) (nullable): what is not named stays as it is there */
static gboolean
put_template(CtlRun *run, json_t *body, GError **error)
{
    json_auto_t *whole = body;
    json_auto_t *given = body == NULL ? NULL : ctl_arguments_body(run->arguments, error);
    json_t *answer = NULL;

    if (given == NULL || json_object_update(whole, given) != 0)
        return FALSE;
    answer = ctl_run_call(run, "PUT", ctl_arguments_path(run->arguments), whole, error);
    if (answer != NULL)
        ctl_run_print(run, answer);
    return answer != NULL;
}

gboolean
ctl_template_add(CtlRun *run, GError **error)
{
    return put_template(run, new_template(), error);
}

gboolean
ctl_template_change(CtlRun *run, GError **error)
{
    return put_template(run, known_template(run, error), error);
}
