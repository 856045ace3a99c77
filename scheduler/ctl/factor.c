/* factor.c - the second factor: setting it up, as letters and as a code to scan. See run.h. */
#include "scheduler/ctl/run.h"

#include <stdio.h>
#include <string.h>

#include "scheduler/ctl/terminal.h"

#define QUIET       2 /* modules around the code; a dark terminal is the rest of the quiet zone */
#define MAX_MODULES 177

static gboolean
is_dark(json_t *rows, int x, int y)
{
    const char *row = y < 0 ? NULL : json_string_value(json_array_get(rows, (gsize) y));

    return row != NULL && x >= 0 && x < (int) strlen(row) && row[x] == '1';
}

/* Two modules a letter, one above the other; light is drawn, for terminals are dark. */
static void
draw(json_t *rows)
{
    static const char *const blocks[] = {"█", "▀", "▄", " "};
    const int size = (int) MIN(json_array_size(rows), MAX_MODULES);

    for (int y = -QUIET; size > 0 && y < size + QUIET; y += 2) {
        for (int x = -QUIET; x < size + QUIET; x++)
            fputs(blocks[2 * is_dark(rows, x, y) + is_dark(rows, x, y + 1)], stdout);
        fputc('\n', stdout);
    }
}

/* The same call for all that ask for the password once more. */
static json_t *
send_proof(CtlRun *run, GError **error)
{
    char *password = ctl_terminal_password(ctl_words_get(run->reader, "say.password"),
                                           ctl_run_get(run, "--password-file"), error);
    json_t *body, *answer;

    if (password == NULL)
        return NULL;
    body = json_pack("{s:s}", "password", password);
    ctl_terminal_forget(password);
    answer = ctl_run_call(run, "POST", ctl_arguments_path(run->arguments), body, error);
    json_decref(body);
    return answer;
}

gboolean
ctl_factor_begin(CtlRun *run, GError **error)
{
    json_t *answer = send_proof(run, error);

    if (answer == NULL)
        return FALSE;
    if (run->out == CTL_OUT_TABLE)
        draw(json_object_get(answer, "qr"));
    ctl_run_print(run, answer);
    return TRUE;
}

gboolean
ctl_factor_remove(CtlRun *run, GError **error)
{
    json_t *answer = send_proof(run, error);

    if (answer == NULL)
        return FALSE;
    ctl_run_print(run, answer);
    return TRUE;
}
