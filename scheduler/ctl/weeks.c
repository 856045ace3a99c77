/* weeks.c - a week of an area submitted, shown and judged as one act. See run.h. */
#include "scheduler/ctl/run.h"

#include <string.h>

/* What people call the facts that they most often change; others are called as they are. */
static char *
say_fact(const char *line)
{
    if (g_str_has_prefix(line, "minute ")) {
        gint64 minute = g_ascii_strtoll(line + strlen("minute "), NULL, 10);

        return g_strdup_printf("%02d:%02d", (int) (minute / 60), (int) (minute % 60));
    }
    if (g_str_has_prefix(line, "target "))
        return g_strstrip(g_strdup(line + strlen("target ")));
    return g_strdup(line);
}

/* "05:30, ia-le-a": the facts of @text that @other does not have; names of rows say nothing. */
static char *
facts_apart(const char *text, const char *other)
{
    g_auto(GStrv) lines = g_strsplit(text == NULL ? "" : text, "\n", -1);
    g_auto(GStrv) others = g_strsplit(other == NULL ? "" : other, "\n", -1);
    GString *facts = g_string_new(NULL);

    for (gsize i = 0; lines[i] != NULL; i++) {
        g_autofree char *fact = NULL;

        if (g_strv_contains((const char *const *) others, lines[i]) ||
            strchr(lines[i], ' ') == NULL || g_str_has_prefix(lines[i], "item ") ||
            g_str_has_prefix(lines[i], "playlist ") || g_str_has_suffix(lines[i], " "))
            continue;
        fact = say_fact(lines[i]);
        g_string_append_printf(facts, "%s%s", facts->len == 0 ? "" : ", ", fact);
    }
    return g_string_free(facts, FALSE);
}

/* In the reader's words: what became of each part, and what it was and is. */
static void
explain_parts(CtlRun *run, json_t *answer)
{
    json_t *part;
    gsize i;

    json_array_foreach(json_object_get(answer, "parts"), i, part)
    {
        const char *before = json_string_value(json_object_get(part, "approved_text"));
        const char *after = json_string_value(json_object_get(part, "text"));
        g_autofree char *was = facts_apart(before, after), *is = facts_apart(after, before);
        const char *change = json_string_value(json_object_get(part, "change"));

        json_object_set_new(part, "what",
                            json_string(run->out == CTL_OUT_TABLE
                                            ? ctl_words_of(run->reader, "week", change)
                                            : change));
        json_object_set_new(part, "was", json_string(was));
        json_object_set_new(part, "is", json_string(is));
    }
}

/* @answer: (transfer full) (nullable) */
static gboolean
print_parts(CtlRun *run, json_t *answer)
{
    if (answer == NULL)
        return FALSE;
    if (run->out != CTL_OUT_JSON)
        explain_parts(run, answer);
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_week_show(CtlRun *run, GError **error)
{
    return print_parts(run, ctl_run_call(run, "GET", ctl_arguments_path(run->arguments), NULL,
                                         error));
}

/* Exactly what is there now; a change since then is a conflict. @seen: (transfer full) */
static gboolean
post_seen(CtlRun *run, json_t *seen, char *path, json_t *body, GError **error)
{
    json_t *answer = NULL;

    if (seen != NULL) {
        json_object_set(body, "content", json_object_get(seen, "content"));
        answer = ctl_run_call(run, "POST", g_steal_pointer(&path), body, error);
    }
    g_free(path);
    json_decref(seen);
    json_decref(body);
    return print_parts(run, answer);
}

gboolean
ctl_week_submit(CtlRun *run, GError **error)
{
    const char *from = ctl_run_get(run, "MONDAY");
    g_autofree char *area = ctl_escape(ctl_run_get(run, "AREA")), *day = ctl_escape(from);
    json_t *seen =
        ctl_run_call(run, "GET", g_strdup_printf("/api/areas/%s/programme?from=%s", area, day),
                     NULL, error);

    return post_seen(run, seen, g_strdup_printf("/api/areas/%s/programme", area),
                     json_pack("{s:s}", "from", from), error);
}

gboolean
ctl_week_judge(CtlRun *run, GError **error)
{
    g_autofree char *id = ctl_escape(ctl_run_get(run, "PROGRAMME"));
    const char *note = ctl_run_get(run, "NOTE");
    json_t *body = note == NULL ? json_object() : json_pack("{s:s}", "note", note);
    json_t *seen =
        ctl_run_call(run, "GET", g_strdup_printf("/api/programmes/%s", id), NULL, error);

    return post_seen(run, seen,
                     g_strdup_printf("/api/programmes/%s/%s", id,
                                     note == NULL ? "approve" : "return"),
                     body, error);
}
