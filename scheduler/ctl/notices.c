/* notices.c - quick notices: sent as one upload, approved as they are now. See run.h. */
#include "scheduler/ctl/run.h"

#include "scheduler/ctl/terminal.h"

#include <string.h>

static char *
notice_path(CtlRun *run, const char *language, const char *file)
{
    static const struct {
        const char *option, *member;
    } texts[] = {{"TITLE", "title"},
                 {"--home", "home"},
                 {"--corrects", "corrects"},
                 {"--announcer", "announcer_name"}};
    GPtrArray *places = ctl_arguments_all(run->arguments, "--to");
    g_autoptr(GString) path = g_string_new("/api/notices?language=");
    g_autofree char *tag = ctl_escape(language), *base = g_path_get_basename(file);
    g_autofree char *name = ctl_escape(base);

    g_string_append_printf(path, "%s&no_state_secret=true&name=%s&areas=", tag, name);
    for (guint i = 0; places != NULL && i < places->len; i++) {
        g_autofree char *place = ctl_escape(g_ptr_array_index(places, i));

        g_string_append_printf(path, "%s%s", i == 0 ? "" : ",", place);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *text = ctl_run_get(run, texts[i].option);
        g_autofree char *escaped = text == NULL ? NULL : ctl_escape(text);

        if (escaped != NULL)
            g_string_append_printf(path, "&%s=%s", texts[i].member, escaped);
    }
    return g_string_free(g_steal_pointer(&path), FALSE);
}

gboolean
ctl_notice_add(CtlRun *run, GError **error)
{
    g_autofree char *language = NULL;
    const char *file = ctl_split_pair(ctl_run_get(run, "LANGUAGE=FILE"), &language, error);
    g_autofree char *path = file == NULL ? NULL : notice_path(run, language, file);
    CtlBar bar = {.what = language};
    json_t *answer;

    if (path == NULL)
        return FALSE;
    answer =
        ctl_client_send_recording(run->client, "POST", path, file, ctl_bar_show, &bar, error);
    ctl_bar_clear(&bar);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_notice_approve(CtlRun *run, GError **error)
{
    const char *id = ctl_run_get(run, "NOTICE");
    g_autofree char *escaped = ctl_escape(id);
    json_t *seen = ctl_run_call(run, "GET", g_strdup("/api/notices"), NULL, error), *one;
    json_t *body = NULL, *answer = NULL;
    gsize i;

    if (seen == NULL)
        return FALSE;
    json_array_foreach(json_object_get(seen, "notices"), i, one)
    {
        if (body == NULL && g_strcmp0(json_string_value(json_object_get(one, "id")), id) == 0)
            body = json_pack("{s:O, s:b}", "object", json_object_get(one, "object"),
                             "no_state_secret", 1);
    }
    json_decref(seen);
    if (body == NULL) {
        g_set_error(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_NOT_FOUND, "no notice '%s'", id);
        return FALSE;
    }
    answer = ctl_run_call(run, "POST", g_strdup_printf("/api/notices/%s/approve", escaped),
                          body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
