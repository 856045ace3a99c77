/* people.c - signing in and out, passwords and accounts. See run.h. */
#include "scheduler/ctl/run.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "scheduler/ctl/remarks.h"
#include "scheduler/ctl/terminal.h"

/* What was given on the command line, else what the last session knew. */
static CtlSession *
choose_district(CtlRun *run, GError **error)
{
    g_autoptr(CtlSession) before = ctl_session_load(run->session_path, NULL);
    g_autoptr(CtlSession) session = g_new0(CtlSession, 1);
    const char *url = ctl_run_get(run, "--url"), *authority = ctl_run_get(run, "--authority");

    if (url == NULL && before != NULL)
        url = before->url;
    if (authority == NULL && before != NULL)
        authority = before->authority;
    if (url == NULL || authority == NULL) {
        ctl_usage(error, "first_sign_in");
        return NULL;
    }
    session->url = g_strdup(url);
    session->authority = g_canonicalize_filename(authority, NULL);
    return g_steal_pointer(&session);
}

/* @code: (nullable): of the second factor */
static json_t *
send_password(CtlClient *client, const char *login, const char *password, const char *code,
              GError **error)
{
    json_t *body =
        json_pack("{s:s, s:s, s:s*}", "login", login, "password", password, "code", code);
    json_t *answer;

    if (body == NULL) {
        ctl_usage(error, "login_utf8");
        return NULL;
    }
    answer = ctl_client_call(client, "POST", "/api/session", body, error);
    json_decref(body);
    return answer;
}

/* In two steps where the district asks for a second one and no --code was given. */
static json_t *
send_steps(CtlRun *run, CtlClient *client, const char *password, GError **error)
{
    const char *login = ctl_run_get(run, "LOGIN"), *code = ctl_run_get(run, "--code");
    g_autoptr(GError) problem = NULL;
    json_t *answer = send_password(client, login, password, code, &problem);
    char *typed;

    if (answer == NULL && code == NULL &&
        strcmp(ctl_client_problem(client), "code-wanted") == 0) {
        typed = ctl_terminal_password(ctl_words_get(run->reader, "say.code"), NULL, NULL);
        if (typed == NULL) {
            ctl_usage(error, "code_wanted");
            return NULL;
        }
        answer = send_password(client, login, password, typed, error);
        ctl_terminal_forget(typed);
        return answer;
    }
    if (answer == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return answer;
}

gboolean
ctl_sign_in(CtlRun *run, GError **error)
{
    g_autoptr(CtlSession) session = choose_district(run, error);
    g_autoptr(CtlClient) client = NULL;
    json_t *answer;
    char *password;

    if (session == NULL ||
        (client = ctl_client_new(session->url, session->authority, NULL, error)) == NULL)
        return FALSE;
    password = ctl_terminal_password(ctl_words_get(run->reader, "say.password"),
                                     ctl_run_get(run, "--password-file"), error);
    if (password == NULL)
        return FALSE;
    answer = send_steps(run, client, password, error);
    ctl_terminal_forget(password);
    if (answer == NULL)
        return FALSE;
    session->token = g_strdup(json_string_value(json_object_get(answer, "token")));
    json_object_del(answer, "token"); /* it is in the session file, and nobody's to read */
    ctl_client_set_token(client, session->token);
    run->client = g_steal_pointer(&client);
    if (!ctl_session_save(session, run->session_path, error)) {
        json_decref(answer);
        return FALSE;
    }
    if (json_is_true(json_object_get(answer, "sets_up")))
        fprintf(stderr, "%s\n", ctl_words_get(run->reader, "say.sets_up"));
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_sign_out(CtlRun *run, GError **error)
{
    json_t *answer = ctl_client_call(run->client, "DELETE", "/api/session", NULL, error);

    if (answer == NULL)
        return FALSE;
    g_clear_pointer(&run->session->token, g_free);
    if (!ctl_session_save(run->session, run->session_path, error)) {
        json_decref(answer);
        return FALSE;
    }
    ctl_run_print(run, answer);
    return TRUE;
}

/* @option: whose file holds the new one; @member: of the body */
static json_t *
change_secret(CtlRun *run, const char *option, const char *question, const char *member,
              const char *path, GError **error)
{
    const char *file = ctl_run_get(run, "--password-file");
    char *old =
        ctl_terminal_password(ctl_words_get(run->reader, "say.password_old"), file, error);
    char *new = NULL;
    json_t *body = NULL, *answer = NULL;

    if (old != NULL)
        new = ctl_terminal_password(ctl_words_get(run->reader, question),
                                    ctl_run_get(run, option), error);
    if (new != NULL)
        body = json_pack("{s:s, s:s}", "old", old, member, new);
    if (body != NULL)
        answer = ctl_client_call(run->client, "PUT", path, body, error);
    json_decref(body);
    ctl_terminal_forget(old);
    ctl_terminal_forget(new);
    return answer;
}

gboolean
ctl_pin(CtlRun *run, GError **error)
{
    json_t *answer =
        change_secret(run, "--pin-file", "say.pin_new", "pin", "/api/session/pin", error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_password(CtlRun *run, GError **error)
{
    json_t *answer = change_secret(run, "--new-file", "say.password_new", "password",
                                   "/api/session/password", error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* Without a file the district makes one and shows it once. */
static gboolean
fill_password(CtlRun *run, json_t *body, GError **error)
{
    const char *file = ctl_run_get(run, "--password-file");
    char *password;

    if (file == NULL)
        return TRUE;
    password = ctl_terminal_password("", file, error);
    if (password == NULL)
        return FALSE;
    json_object_set_new(body, "password", json_string(password));
    ctl_terminal_forget(password);
    return TRUE;
}

/* Somebody else's. */
gboolean
ctl_account_password(CtlRun *run, GError **error)
{
    json_t *body = json_object(), *answer;

    if (!fill_password(run, body, error)) {
        json_decref(body);
        return FALSE;
    }
    answer = ctl_run_call(run, "PUT", ctl_arguments_path(run->arguments), body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* "ROLE@AREA" or "reviewer:LANGUAGE@AREA". */
static json_t *
parse_right(const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "@", 2);
    g_auto(GStrv) words = NULL;

    if (g_strv_length(parts) != 2 || *parts[1] == '\0') {
        ctl_usage(error, "no_right", "value", text);
        return NULL;
    }
    words = g_strsplit(parts[0], ":", 2);
    if (words[1] == NULL)
        return json_pack("{s:s, s:s}", "role", words[0], "area", parts[1]);
    return json_pack("{s:s, s:s, s:s}", "role", words[0], "area", parts[1], "language",
                     words[1]);
}

/* @account: gets the rights as the district has stored them */
static gboolean
give_rights(CtlRun *run, json_t *account, GError **error)
{
    GPtrArray *rights = ctl_arguments_all(run->arguments, "--right");
    const char *id = json_string_value(json_object_get(account, "id"));
    json_t *stored;

    for (guint i = 0; rights != NULL && i < rights->len; i++) {
        json_t *right = parse_right(g_ptr_array_index(rights, i), error);
        json_t *answer =
            ctl_run_call(run, "PUT", g_strdup_printf("/api/accounts/%s/rights", id), right,
                         error);

        json_decref(right);
        if (answer == NULL) {
            g_autofree char *left =
                ctl_words_say(run->reader, "account_left", "account", id, NULL);

            ctl_tell_left(error, g_ptr_array_index(rights, i), left);
            return FALSE;
        }
        json_decref(answer);
    }
    if (rights == NULL)
        return TRUE;
    stored = ctl_run_call(run, "GET", g_strdup_printf("/api/accounts/%s", id), NULL, error);
    if (stored == NULL)
        return FALSE;
    json_object_set(account, "rights", json_object_get(stored, "rights"));
    json_decref(stored);
    return TRUE;
}

/* Every right is one, before anything is made. */
static gboolean
check_rights(CtlRun *run, GError **error)
{
    GPtrArray *rights = ctl_arguments_all(run->arguments, "--right");

    for (guint i = 0; rights != NULL && i < rights->len; i++) {
        json_t *right = parse_right(g_ptr_array_index(rights, i), error);

        if (right == NULL)
            return FALSE;
        json_decref(right);
    }
    return TRUE;
}

gboolean
ctl_account_add(CtlRun *run, GError **error)
{
    json_t *body = json_pack("{s:s, s:s}", "login", ctl_run_get(run, "LOGIN"), "name",
                             ctl_run_get(run, "NAME"));
    json_t *answer;

    if (!check_rights(run, error) || !fill_password(run, body, error)) {
        json_decref(body);
        return FALSE;
    }
    answer = ctl_client_call(run->client, "POST", "/api/accounts", body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    if (!give_rights(run, answer, error)) {
        json_decref(answer);
        return FALSE;
    }
    ctl_run_print(run, answer);
    return TRUE;
}

#define PREVIEW "/api/areas/import/preview"

static json_t *
send_table(CtlRun *run, const char *path, GError **error)
{
    CtlBar bar = {.what = ctl_words_get(run->reader, "say.areas")};
    json_t *answer = ctl_client_upload(run->client, "POST", path, ctl_run_get(run, "FILE"),
                                       "text/csv", ctl_bar_show, &bar, error);

    ctl_bar_clear(&bar);
    return answer;
}

/* What is wrong with the table is asked first: only that answer says it in codes. */
gboolean
ctl_area_import(CtlRun *run, GError **error)
{
    const char *path = run->arguments->command->path;
    json_t *answer = send_table(run, PREVIEW, error);
    CtlView view;
    g_autofree char *wrong = NULL;

    if (answer == NULL)
        return FALSE;
    view = ctl_run_view(run);
    wrong = ctl_remarks_words(json_object_get(answer, "faults"), &view);
    if (*wrong != '\0') {
        json_decref(answer);
        g_set_error_literal(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_DATA, wrong);
        return FALSE;
    }
    if (strcmp(path, PREVIEW) != 0) {
        json_decref(answer);
        answer = send_table(run, path, error);
    }
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
