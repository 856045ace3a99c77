/*
 * main.c - loactl, the district from a terminal.
 *
 * loactl [--json | --csv] COMMAND …; exit codes are those of sysexits(3) and a few below 64,
 * see client.h.
 */
#include <curl/curl.h>
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "scheduler/ctl/run.h"

static void
run_clear(CtlRun *run)
{
    ctl_client_free(run->client);
    ctl_session_free(run->session);
    ctl_arguments_free(run->arguments);
    g_free(run->session_path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CtlRun, run_clear)

static void
print_help(void)
{
    g_autofree char *commands = ctl_commands_usage(ctl_commands);

    printf("usage: loactl [--json | --csv] COMMAND …\n"
           "       loactl help COMMAND\n"
           "       eval \"$(loactl completion)\"    for bash\n\n%s",
           commands);
}

/* Returns: whether the words were answered without any call of the API */
static gboolean
answer_alone(int argc, char **argv, int *out_code)
{
    *out_code = 0;
    if (argc == 0 || strcmp(argv[0], "--help") == 0 ||
        (argc == 1 && strcmp(argv[0], "help") == 0)) {
        print_help();
        return TRUE;
    }
    if (strcmp(argv[0], "--version") == 0) {
        printf("loactl %s\n", LOA_VERSION);
        return TRUE;
    }
    if (argc == 1 && strcmp(argv[0], "completion") == 0) {
        g_autofree char *script = ctl_commands_completion(ctl_commands);

        fputs(script, stdout);
        return TRUE;
    }
    return FALSE;
}

static int
explain(int argc, char **argv)
{
    g_autofree char *words = g_strjoinv(" ", argv);

    for (const CtlCommand *command = ctl_commands; command->words != NULL; command++) {
        if (strcmp(command->words, words) == 0) {
            g_autofree char *usage = ctl_command_usage(command);

            fputs(usage, stdout);
            return 0;
        }
    }
    fprintf(stderr, "loactl: no command '%s'; see loactl help\n", words);
    return 64;
}

static gboolean
open_session(CtlRun *run, GError **error)
{
    run->session_path = ctl_session_path();
    if (run->arguments->command->function == ctl_sign_in)
        return TRUE;
    run->session = ctl_session_load(run->session_path, error);
    if (run->session == NULL)
        return FALSE;
    run->client =
        ctl_client_new(run->session->url, run->session->authority, run->session->token, error);
    return run->client != NULL;
}

static gboolean
run_command(CtlRun *run, int argc, char **argv, GError **error)
{
    CtlFunc function;

    run->arguments = ctl_arguments_parse(ctl_commands, argc, argv, error);
    if (run->arguments == NULL || !open_session(run, error))
        return FALSE;
    function = run->arguments->command->function;
    return function == NULL ? ctl_run_plain(run, error) : function(run, error);
}

int
main(int argc, char **argv)
{
    g_auto(CtlRun) run = {.out = CTL_OUT_TABLE, .commands = ctl_commands};
    g_autoptr(GError) error = NULL;
    int code;

    setlocale(LC_ALL, "");
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        fputs("loactl: the machine gives no random numbers\n", stderr);
        return 70;
    }
    for (argc--, argv++; argc > 0; argc--, argv++) {
        if (strcmp(argv[0], "--json") == 0)
            run.out = CTL_OUT_JSON;
        else if (strcmp(argv[0], "--csv") == 0)
            run.out = CTL_OUT_CSV;
        else
            break;
    }
    if (answer_alone(argc, argv, &code))
        return code;
    if (strcmp(argv[0], "help") == 0)
        return explain(argc - 1, argv + 1);
    if (!run_command(&run, argc, argv, &error))
        fprintf(stderr, "loactl: %s\n", error->message);
    return ctl_exit_code(error);
}
