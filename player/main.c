/*
 * main.c - loa-player: options, signals, exit code.
 *
 * Flow: `loa-player` plays until it is told to stop; `enrol`, `check` and `describe` are for
 * the technician and end by themselves.
 */
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "content/base/arguments.h"
#include "content/base/events.h"
#include "content/base/notify.h"
#include "player/commune.h"
#include "player/desk.h"
#include "player/intake/enrol.h"
#include "player/output/source-file.h"

typedef struct {
    char *config;
    gboolean version;
    char **rest;
} Options;

static int
fail(const GError *error, int code)
{
    fprintf(stderr, "loa-player: %s\n", error->message);
    return code;
}

typedef struct {
    GMainLoop *loop;
    PlayCommune *commune;
} Service;

static void
on_stopped(gpointer data)
{
    g_main_loop_quit(((Service *) data)->loop);
}

static gboolean
on_signal(gpointer data)
{
    Service *service = data;

    content_notify_stopping();
    play_commune_stop(service->commune, on_stopped, service);
    return G_SOURCE_CONTINUE;
}

static int
serve(const PlayConfig *config)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(ContentClock) clock = NULL;
    g_autoptr(PlayCommune) commune = NULL;
    Service service = {.loop = loop};

    if (!play_source_file_start(&error))
        return fail(error, EX_UNAVAILABLE);
    content_events_start();
    clock = content_clock_system_new();
    commune = play_commune_new(config, clock, &error);
    if (commune == NULL) {
        content_event_log(&content_event_start_failed, config->state, "%s", error->message);
        return EX_UNAVAILABLE;
    }
    service.commune = commune;
    g_unix_signal_add(SIGTERM, on_signal, &service);
    g_unix_signal_add(SIGINT, on_signal, &service);
    content_notify_ready("playing what is kept");
    /* The district need not be reached for it: that has events of its own. */
    content_event_log(&content_event_ready, NULL,
                      "loa-player %s plays what it keeps; outputs: %u", LOA_VERSION,
                      config->outputs->len);
    g_main_loop_run(loop);
    return EX_OK;
}

static int
check(const PlayConfig *config)
{
    for (guint i = 0; i < config->outputs->len; i++) {
        const PlayDeskOutput *output = config->outputs->pdata[i];

        printf("output %s: %s, %d ms\n", output->name, output->device, (int) config->buffer_ms);
    }
    for (guint i = 0; i < config->buttons->len; i++) {
        const PlayButtonConfig *button = config->buttons->pdata[i];

        printf("button %s: input %s, held %d ms, called off within %d ms\n", button->name,
               button->input, (int) button->hold_ms, (int) button->cancel_ms);
    }
    return EX_OK;
}

/* clang-format off */
static const struct {
    const char *name;
    int (*run)(const PlayConfig *config);
} commands[] = {
    { "serve", serve },
    { "check", check },
};

static const char summary[] =
    "Plays a commune's day plans from its own cache, with or without a network.\n\n"
    "Commands:\n"
    "  serve       (default) play\n"
    "  check       read the configuration and say whether it is in order\n"
    "  describe    print every key of the configuration with its meaning\n"
    "  enrol CODE  make this machine a station, with the code the district has given";
/* clang-format on */

static gboolean
parse_options(int *argc, char ***argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
         "Configuration (default /etc/loa/player.conf)", "FILE"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rest, NULL,
         "[COMMAND]"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, summary);
    return g_option_context_parse(context, argc, argv, error);
}

static int
run_with_config(const Options *options, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayConfig) config = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        config =
            play_config_read(options->config == NULL ? "/etc/loa/player.conf" : options->config,
                             &error);
        return config == NULL ? fail(error, EX_CONFIG) : commands[i].run(config);
    }
    fprintf(stderr, "loa-player: there is no command '%s'; see --help\n", name);
    return EX_USAGE;
}

static int
run(const Options *options)
{
    const char *name = options->rest == NULL ? "serve" : options->rest[0];
    g_autoptr(GError) error = NULL;

    if (options->version) {
        printf("loa-player %s\n", LOA_VERSION);
        return EX_OK;
    }
    if (!content_arguments_check(options->rest, NULL, &error))
        return fail(error, EX_USAGE);
    if (strcmp(name, "describe") == 0) {
        g_autofree char *text = play_config_describe();

        fputs(text, stdout);
        return EX_OK;
    }
    return run_with_config(options, name);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = {0};
    int code;

    /* It has options of its own. */
    if (argc > 1 && strcmp(argv[1], "enrol") == 0)
        return play_enrol_command(argc - 2, argv + 2, "/var/lib/loa-player");
    if (!parse_options(&argc, &argv, &options, &error))
        return fail(error, EX_USAGE);
    code = run(&options);
    g_free(options.config);
    g_strfreev(options.rest);
    return code;
}
