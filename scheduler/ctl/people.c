/* people.c - signing in and out, passwords and accounts. See run.h. */
#include "scheduler/ctl/run.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

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
        ctl_usage(error, "the first sign-in needs --url and --authority");
        return NULL;
    }
    session->url = g_strdup(url);
    session->authority = g_canonicalize_filename(authority, NULL);
    return g_steal_pointer(&session);
}

static json_t *
send_password(CtlClient *client, const char *login, const char *password, GError **error)
{
    json_t *body = json_pack("{s:s, s:s}", "login", login, "password", password);
    json_t *answer;

    if (body == NULL) {
        ctl_usage(error, "login and password must be UTF-8");
        return NULL;
    }
    answer = ctl_client_call(client, "POST", "/api/session", body, error);
    json_decref(body);
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
    password = ctl_terminal_password("password: ", ctl_run_get(run, "--password-file"), error);
    if (password == NULL)
        return FALSE;
    answer = send_password(client, ctl_run_get(run, "LOGIN"), password, error);
    ctl_terminal_forget(password);
    if (answer == NULL)
        return FALSE;
    session->token = g_strdup(json_string_value(json_object_get(answer, "token")));
    json_object_del(answer, "token"); /* it is in the session file, and nobody's to read */
    if (!ctl_session_save(session, run->session_path, error)) {
        json_decref(answer);
        return FALSE;
    }
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

static json_t *
change_password(CtlRun *run, GError **error)
{
    const char *file = ctl_run_get(run, "--password-file");
    char *old = ctl_terminal_password("password so far: ", file, error);
    char *new = NULL;
    json_t *body = NULL, *answer = NULL;

    if (old != NULL)
        new = ctl_terminal_password("new password: ", ctl_run_get(run, "--new-file"), error);
    if (new != NULL)
        body = json_pack("{s:s, s:s}", "old", old, "password", new);
    if (body != NULL)
        answer = ctl_client_call(run->client, "PUT", "/api/session/password", body, error);
    json_decref(body);
    ctl_terminal_forget(old);
    ctl_terminal_forget(new);
    return answer;
}

gboolean
ctl_password(CtlRun *run, GError **error)
{
    json_t *answer = change_password(run, error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}

/* Somebody else's; without a file the district makes one and shows it once. */
gboolean
ctl_account_password(CtlRun *run, GError **error)
{
    const char *file = ctl_run_get(run, "--password-file");
    json_t *body = json_object(), *answer;

    if (file != NULL) {
        char *password = ctl_terminal_password("", file, error);

        if (password == NULL) {
            json_decref(body);
            return FALSE;
        }
        json_object_set_new(body, "password", json_string(password));
        ctl_terminal_forget(password);
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
        ctl_usage(error, "'%s' is no right: ROLE@AREA, or reviewer:LANGUAGE@AREA", text);
        return NULL;
    }
    words = g_strsplit(parts[0], ":", 2);
    if (words[1] == NULL)
        return json_pack("{s:s, s:s}", "role", words[0], "area", parts[1]);
    return json_pack("{s:s, s:s, s:s}", "role", words[0], "area", parts[1], "language",
                     words[1]);
}

static gboolean
give_rights(CtlRun *run, const char *account, GError **error)
{
    GPtrArray *rights = ctl_arguments_all(run->arguments, "--right");

    for (guint i = 0; rights != NULL && i < rights->len; i++) {
        g_autofree char *path = g_strdup_printf("/api/accounts/%s/rights", account);
        json_t *right = parse_right(g_ptr_array_index(rights, i), error);
        json_t *answer =
            right == NULL ? NULL : ctl_client_call(run->client, "PUT", path, right, error);

        json_decref(right);
        if (answer == NULL) {
            g_prefix_error(error, "the account is there; right '%s': ",
                           (const char *) g_ptr_array_index(rights, i));
            return FALSE;
        }
        json_decref(answer);
    }
    return TRUE;
}

gboolean
ctl_account_add(CtlRun *run, GError **error)
{
    json_t *body = json_pack("{s:s, s:s}", "login", ctl_run_get(run, "LOGIN"), "name",
                             ctl_run_get(run, "NAME"));
    const char *file = ctl_run_get(run, "--password-file");
    json_t *answer;

    if (file != NULL) {
        char *password = ctl_terminal_password("", file, error);

        if (password == NULL) {
            json_decref(body);
            return FALSE;
        }
        json_object_set_new(body, "password", json_string(password));
        ctl_terminal_forget(password);
    }
    answer = ctl_client_call(run->client, "POST", "/api/accounts", body, error);
    json_decref(body);
    if (answer == NULL)
        return FALSE;
    if (!give_rights(run, json_string_value(json_object_get(answer, "id")), error)) {
        json_decref(answer);
        return FALSE;
    }
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_area_import(CtlRun *run, GError **error)
{
    CtlBar bar = {.what = "areas"};
    json_t *answer =
        ctl_client_upload(run->client, "POST", "/api/areas/import", ctl_run_get(run, "FILE"),
                          "text/csv", ctl_bar_show, &bar, error);

    ctl_bar_clear(&bar);
    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
