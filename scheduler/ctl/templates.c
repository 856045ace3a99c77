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

/* ---- orders of words ---- */

#define NO_ORDER "-"

/* "jra=[village],cb-lu-1". (transfer full) (nullable): without parts: it has none any
 * more */
static json_t *
read_order(const char *pair, GError **error)
{
    g_autofree char *language = NULL;
    const char *text = ctl_split_pair(pair, &language, error);
    g_auto(GStrv) parts = text == NULL ? NULL : g_strsplit(text, ",", -1);
    json_t *list;

    if (parts == NULL)
        return NULL;
    list = json_array();
    for (gsize i = 0; strcmp(text, NO_ORDER) != 0 && parts[i] != NULL; i++)
        json_array_append_new(list, json_string(parts[i]));
    return json_pack("{s:s, s:o}", "language", language, "parts", list);
}

static void
remove_order(json_t *orders, const char *language)
{
    for (gsize i = json_array_size(orders); i > 0; i--) {
        json_t *one = json_array_get(orders, i - 1);

        if (g_strcmp0(json_string_value(json_object_get(one, "language")), language) == 0)
            json_array_remove(orders, i - 1);
    }
}

/* Each in place of that language's; those of languages that are not named stay. */
static gboolean
add_orders(CtlRun *run, json_t *body, GError **error)
{
    GPtrArray *pairs = ctl_arguments_all(run->arguments, "--order");
    json_t *orders = json_object_get(body, "orders");

    if (orders == NULL) {
        orders = json_array();
        json_object_set_new(body, "orders", orders);
    }
    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        json_t *order = read_order(pairs->pdata[i], error);

        if (order == NULL)
            return FALSE;
        remove_order(orders, json_string_value(json_object_get(order, "language")));
        if (json_array_size(json_object_get(order, "parts")) > 0)
            json_array_append_new(orders, order);
        else
            json_decref(order);
    }
    return TRUE;
}

/* @body: (transfer full) (nullable): what is not named stays as it is there */
static gboolean
put_template(CtlRun *run, json_t *body, GError **error)
{
    json_auto_t *whole = body;
    json_auto_t *given = NULL;
    json_t *answer = NULL;

    if (body == NULL || !add_orders(run, whole, error))
        return FALSE;
    given = ctl_arguments_body(run->arguments, error);
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
