/* messages.c - how I am reached, and of what I am told. See run.h. */
#include "scheduler/ctl/run.h"

#include <string.h>

static void
set_given(CtlRun *run, json_t *body, const json_t *before, const char *option,
          const char *member)
{
    const char *given = ctl_run_get(run, option);

    if (given != NULL)
        json_object_set_new(body, member, json_string(given));
    else
        json_object_set(body, member, json_object_get(before, member));
}

/* "EVENT=email,phone" or "EVENT=none". */
static json_t *
parse_choice(const char *text, GError **error)
{
    g_autofree char *event = NULL;
    const char *ways = ctl_split_pair(text, &event, error);
    g_auto(GStrv) words = ways == NULL ? NULL : g_strsplit(ways, ",", -1);
    gboolean email = FALSE, phone = FALSE;

    if (ways == NULL)
        return NULL;
    for (gsize i = 0; words[i] != NULL; i++) {
        email = email || strcmp(words[i], "email") == 0;
        phone = phone || strcmp(words[i], "phone") == 0;
        if (strcmp(words[i], "email") != 0 && strcmp(words[i], "phone") != 0 &&
            strcmp(words[i], "none") != 0) {
            ctl_usage(error, "no_way", "value", text);
            return NULL;
        }
    }
    return json_pack("{s:s, s:b, s:b}", "event", event, "email", email, "phone", phone);
}

static gboolean
fill_choices(CtlRun *run, json_t *body, GError **error)
{
    GPtrArray *given = ctl_arguments_all(run->arguments, "--tell");
    json_t *events = json_array();

    json_object_set_new(body, "events", events);
    for (guint i = 0; given != NULL && i < given->len; i++) {
        json_t *choice = parse_choice(g_ptr_array_index(given, i), error);

        if (choice == NULL)
            return FALSE;
        json_array_append_new(events, choice);
    }
    return TRUE;
}

/* What is not given stays as it is. */
gboolean
ctl_messages_set(CtlRun *run, GError **error)
{
    json_auto_t *body = json_object();
    json_auto_t *before = NULL;
    json_t *answer;

    if (!fill_choices(run, body, error))
        return FALSE;
    before = ctl_client_call(run->client, "GET", "/api/session/messages", NULL, error);
    if (before == NULL)
        return FALSE;
    set_given(run, body, before, "--email", "email");
    set_given(run, body, before, "--phone", "phone");
    set_given(run, body, before, "--reader", "reader");
    answer = ctl_client_call(run->client, "PUT", "/api/session/messages", body, error);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
