/*
 * main.c - loactl, the district from a terminal.
 *
 * loactl [--json | --csv] [--lang vi | --lang en] COMMAND …; exit codes are those of
 * sysexits(3) and a few below 64, see client.h.
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
    g_clear_pointer(&run->zone, g_time_zone_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CtlRun, run_clear)

static void
print_help(ContentReader reader)
{
    g_autofree char *commands = ctl_commands_usage(ctl_commands, reader);

    printf("%s\n\n%s", ctl_words_get(reader, "say.usage_main"), commands);
}

/* Returns: whether the words were answered without any call of the API */
static gboolean
answer_alone(const CtlRun *run, int argc, char **argv)
{
    if (argc == 0 || strcmp(argv[0], "--help") == 0 ||
        (argc == 1 && strcmp(argv[0], "help") == 0)) {
        print_help(run->reader);
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

static gboolean
explain(const CtlRun *run, int argc, char **argv, GError **error)
{
    g_autofree char *words = g_strjoinv(" ", argv);

    for (const CtlCommand *command = ctl_commands; command->words != NULL; command++) {
        if (strcmp(command->words, words) == 0) {
            g_autofree char *usage = ctl_command_usage(command, run->reader);

            fputs(usage, stdout);
            return TRUE;
        }
    }
    return ctl_usage(error, "no_command", "command", words);
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

/* "--lang en" or "--lang=en"; @value: (nullable). All that speaks in this program looks there.
 */
static gboolean
choose_language(const char *value, GError **error)
{
    if (!content_wording_reader(value, NULL))
        return ctl_usage(error, "lang", "value", value);
    g_setenv(CONTENT_READER_VARIABLE, value, TRUE);
    return TRUE;
}

/* loactl's own options, before the command. Moves @argv behind them. */
static gboolean
parse_own(CtlRun *run, int *argc, char ***argv, GError **error)
{
    for (; *argc > 0; (*argc)--, (*argv)++) {
        const char *word = **argv;

        if (strcmp(word, "--json") == 0) {
            run->out = CTL_OUT_JSON;
        } else if (strcmp(word, "--csv") == 0) {
            run->out = CTL_OUT_CSV;
        } else if (g_str_has_prefix(word, "--lang=")) {
            if (!choose_language(word + strlen("--lang="), error))
                return FALSE;
        } else if (strcmp(word, "--lang") == 0) {
            if (!choose_language(*argc > 1 ? (*argv)[1] : NULL, error))
                return FALSE;
            (*argc)--, (*argv)++;
        } else {
            break;
        }
    }
    run->reader = content_reader_here();
    return TRUE;
}

static gboolean
answer(CtlRun *run, int argc, char **argv, GError **error)
{
    if (!parse_own(run, &argc, &argv, error))
        return FALSE;
    if (answer_alone(run, argc, argv))
        return TRUE;
    if (strcmp(argv[0], "help") == 0)
        return explain(run, argc - 1, argv + 1, error);
    return run_command(run, argc, argv, error);
}

int
main(int argc, char **argv)
{
    g_auto(CtlRun) run = {.out = CTL_OUT_TABLE, .commands = ctl_commands};
    g_autoptr(GError) error = NULL;

    setlocale(LC_ALL, "");
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        ctl_fail(&error, CTL_CLIENT_ERROR_SERVER, "random", NULL);
    else
        answer(&run, argc - 1, argv + 1, &error);
    if (error != NULL)
        fprintf(stderr, "loactl: %s\n", error->message);
    return ctl_exit_code(error);
}
