/* offers.c - what is sent for communes to place: sent, approved as it is now, placed. See
 * run.h. */
#include "scheduler/ctl/run.h"

/* @body: (transfer full) */
static gboolean
call(CtlRun *run, const char *method, char *path, json_t *body, GError **error)
{
    json_t *answer = ctl_run_call(run, method, path, body, error);

    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_offer_add(CtlRun *run, GError **error)
{
    gint64 until_us;
    json_t *body;

    if (!ctl_run_time(run, ctl_run_get(run, "DEADLINE"), &until_us, error))
        return FALSE;
    body = ctl_arguments_body(run->arguments, error);
    json_object_set_new(body, "until_us", json_integer(until_us));
    return call(run, "POST", ctl_arguments_path(run->arguments), body, error);
}

gboolean
ctl_offer_place(CtlRun *run, GError **error)
{
    gint64 start_us;

    return ctl_run_time(run, ctl_run_get(run, "TIME"), &start_us, error) &&
           call(run, "PUT", ctl_arguments_path(run->arguments),
                json_pack("{s:I}", "start_us", (json_int_t) start_us), error);
}

gboolean
ctl_offer_approve(CtlRun *run, GError **error)
{
    g_autofree char *id = ctl_escape(ctl_run_get(run, "OFFER"));
    json_t *seen = ctl_run_call(run, "GET", g_strdup_printf("/api/offers/%s", id), NULL, error);
    json_t *body;

    if (seen == NULL)
        return FALSE;
    body = json_pack("{s:O}", "content", json_object_get(seen, "content"));
    json_decref(seen);
    return call(run, "POST", g_strdup_printf("/api/offers/%s/approve", id), body, error);
}
