/*
 * changes.c - commands that change what is there: read, the given members replaced, put back.
 *
 * Flow: GET of the command's path -> what was given on top -> PUT with the revision that was
 * read, so that somebody else's change in between is a conflict and not lost. See run.h.
 */
#include "scheduler/ctl/run.h"

#include <string.h>

/* clang-format off */
/* Members of the answer that the body takes as well. */
static const char *const announcement_members[] = {
    "kind", "title", "category", "class", "source_number", "source_issuer", "source_date",
    "valid_from_us", "valid_until_us", "home", "areas", "revision", NULL,
};
static const char *const playlist_members[] = { "name", "home", "items", "revision", NULL };
static const char *const slot_members[] = {
    "name", "home", "playlist", "class", "tzid", "first_date", "local_min", "local_s", "rule",
    "until", "gain_mdb", "policy", "order", "targets", "dates_in", "dates_out", "revision", NULL,
};
/* clang-format on */

static json_t *
read_body(CtlRun *run, const char *const *members, GError **error)
{
    json_t *now = ctl_run_call(run, "GET", ctl_arguments_path(run->arguments), NULL, error);
    json_t *body;

    if (now == NULL)
        return NULL;
    body = json_object();
    for (gsize i = 0; members[i] != NULL; i++) {
        if (json_object_get(now, members[i]) != NULL)
            json_object_set(body, members[i], json_object_get(now, members[i]));
    }
    json_decref(now);
    return body;
}

/* What the command's options say, on top. */
static void
add_given(CtlRun *run, json_t *body)
{
    json_t *given = ctl_arguments_body(run->arguments, NULL);

    json_object_update(body, given);
    json_decref(given);
}

/* @body: (transfer full) */
static gboolean
write_body(CtlRun *run, json_t *body, GError **error)
{
    json_t *answer = ctl_run_call(run, "PUT", ctl_arguments_path(run->arguments), body, error);

    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

static gboolean
set_time(CtlRun *run, const char *option, const char *member, json_t *body, GError **error)
{
    const char *text = ctl_run_get(run, option);
    gint64 at_us = 0;

    if (text == NULL)
        return TRUE;
    if (!ctl_run_time(run, text, &at_us, error))
        return FALSE;
    json_object_set_new(body, member, json_integer(at_us));
    return TRUE;
}

gboolean
ctl_announcement_change(CtlRun *run, GError **error)
{
    json_t *body = read_body(run, announcement_members, error);

    if (body == NULL)
        return FALSE;
    add_given(run, body);
    if (!set_time(run, "--valid-from", "valid_from_us", body, error) ||
        !set_time(run, "--valid-until", "valid_until_us", body, error)) {
        json_decref(body);
        return FALSE;
    }
    return write_body(run, body, error);
}

static gboolean
is_same_item(const json_t *a, const json_t *b)
{
    static const char *const members[] = {"kind", "announcement", "duration_us"};

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const json_t *one = json_object_get(a, members[i]);
        const json_t *other = json_object_get(b, members[i]);
        /* A pause names no announcement, and anything else no length of its own. */
        gint64 length = json_integer_value(one), other_length = json_integer_value(other);

        if (g_strcmp0(json_string_value(one), json_string_value(other)) != 0 ||
            length != other_length)
            return FALSE;
    }
    return TRUE;
}

/* An item that stays keeps its id: what is only taken away needs nobody's approval. */
static void
keep_ids(const json_t *before, json_t *items)
{
    gsize next = 0;

    for (gsize i = 0; i < json_array_size(items); i++) {
        json_t *item = json_array_get(items, i);

        for (gsize k = next; k < json_array_size(before); k++) {
            const json_t *old = json_array_get(before, k);

            if (!is_same_item(old, item))
                continue;
            json_object_set(item, "id", json_object_get(old, "id"));
            next = k + 1;
            break;
        }
    }
}

gboolean
ctl_playlist_change(CtlRun *run, GError **error)
{
    json_t *body = read_body(run, playlist_members, error);
    json_t *before;
    gboolean is_good = TRUE;

    if (body == NULL)
        return FALSE;
    before = json_incref(json_object_get(body, "items"));
    add_given(run, body);
    if (ctl_arguments_all(run->arguments, "ITEM") != NULL) {
        is_good = ctl_fill_items(run, body, error);
        keep_ids(before, json_object_get(body, "items"));
    }
    json_decref(before);
    if (is_good)
        return write_body(run, body, error);
    json_decref(body);
    return FALSE;
}

gboolean
ctl_slot_change(CtlRun *run, GError **error)
{
    json_t *body = read_body(run, slot_members, error);

    if (body == NULL)
        return FALSE;
    add_given(run, body);
    if (g_strcmp0(ctl_run_get(run, "--until"), "-") == 0)
        json_object_del(body, "until");
    if (ctl_fill_slot(run, body, error))
        return write_body(run, body, error);
    json_decref(body);
    return FALSE;
}

/* As above, asked and not kept. */
gboolean
ctl_slot_try(CtlRun *run, GError **error)
{
    const char *id = ctl_run_get(run, "SLOT");
    g_autofree char *slot = ctl_escape(id);
    json_t *now = ctl_run_call(run, "GET", g_strdup_printf("/api/slots/%s", slot), NULL, error);
    json_t *body = json_pack("{s:s}", "slot", id), *answer = NULL;

    for (gsize i = 0; slot_members[i] != NULL; i++) {
        if (json_object_get(now, slot_members[i]) != NULL)
            json_object_set(body, slot_members[i], json_object_get(now, slot_members[i]));
    }
    json_object_set(body, "make_up_min", json_object_get(now, "make_up_min"));
    add_given(run, body);
    if (now != NULL && ctl_fill_slot(run, body, error))
        answer = ctl_client_call(run->client, "POST", "/api/slot-trials", body, error);
    json_decref(now);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* "05:00-21:00 -6": hours and dB. */
static json_t *
parse_volume(const char *text, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 2);
    g_auto(GStrv) ends = g_strsplit(words[0] == NULL ? "" : words[0], "-", 2);
    gint64 from_s, to_s, gain_mdb;

    if (g_strv_length(words) != 2 || g_strv_length(ends) != 2) {
        ctl_usage(error, "no_volume", "value", text);
        return NULL;
    }
    if (!ctl_parse_clock(ends[0], &from_s, error) || !ctl_parse_clock(ends[1], &to_s, error) ||
        !ctl_parse_db(words[1], &gain_mdb, error))
        return NULL;
    return json_pack("{s:I, s:I, s:I}", "from_min", (json_int_t) (from_s / 60), "to_min",
                     (json_int_t) (to_s / 60), "gain_mdb", (json_int_t) gain_mdb);
}

gboolean
ctl_volume_set(CtlRun *run, GError **error)
{
    GPtrArray *texts = ctl_arguments_all(run->arguments, "VOLUME");
    json_t *volumes = json_array();
    json_t *body = json_pack("{s:o}", "volumes", volumes);

    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        json_t *volume = parse_volume(texts->pdata[i], error);

        if (volume == NULL) {
            json_decref(body);
            return FALSE;
        }
        json_array_append_new(volumes, volume);
    }
    return write_body(run, body, error);
}

gboolean
ctl_right_set(CtlRun *run, GError **error)
{
    json_t *body = ctl_arguments_body(run->arguments, error);
    json_t *answer = NULL;

    if (set_time(run, "--from", "from_us", body, error) &&
        set_time(run, "--until", "until_us", body, error))
        answer = ctl_run_call(run, run->arguments->command->method,
                              ctl_arguments_path(run->arguments), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
