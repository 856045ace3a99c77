/*
 * main.c - loa-page: the station's own page for people on its network.
 *
 * Flow: loa-page.service starts it, if [page] is switched on -> page.h until it is told to
 * stop. A program of its own: what listens to a network holds no sound, no relay and no key of
 * the station, and its memory is not the player's.
 */
#include <glib-unix.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "content/base/arguments.h"
#include "content/base/clock.h"
#include "content/base/notify.h"
#include "player/config.h"
#include "player/events.h"
#include "player/page/page.h"

typedef struct {
    char *config;
    gboolean version;
    char **rest;
} Options;

static int
fail(const GError *error, int code)
{
    fprintf(stderr, "loa-page: %s\n", error->message);
    return code;
}

static gboolean
on_signal(gpointer data)
{
    content_notify_stopping();
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

/* A loop that turns is all that this program does. */
static gboolean
on_alive(gpointer data)
{
    content_notify_alive();
    return G_SOURCE_CONTINUE;
}

static void
run_loop(void)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    gint64 watchdog_us = content_notify_watchdog_us();

    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    if (watchdog_us > 0)
        g_timeout_add((guint) (watchdog_us / 2000), on_alive, NULL);
    g_main_loop_run(loop);
}

static int
serve(const PlayConfig *config)
{
    const PlayPageOptions options = {config->page_address, (guint) config->page_port,
                                     config->page_state, config->page_socket,
                                     config->page_user};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayPageCertificate) certificate = NULL;
    g_autoptr(ContentClock) clock = NULL;
    g_autoptr(PlayPage) page = NULL;

    if (!config->page_enabled) {
        printf("loa-page: the page is switched off: [page] enabled\n");
        return EX_OK;
    }
    content_events_start();
    clock = content_clock_system_new();
    certificate = play_page_certificate_load(config->page_state, config->page_address, &error);
    if (certificate != NULL)
        page = play_page_new(&options, certificate, clock, &error);
    if (page == NULL) {
        content_event_log(&content_event_start_failed, config->page_state, "%s",
                          error->message);
        return EX_UNAVAILABLE;
    }
    content_notify_ready("serving the station's page");
    content_event_log(&play_logs[PLAY_LOG_PAGE], NULL,
                      "loa-page %s serves https://%s:%u/, fingerprint %s", LOA_VERSION,
                      config->page_address, play_page_port(page), certificate->fingerprint);
    run_loop();
    return EX_OK;
}

static int
check(const PlayConfig *config)
{
    printf("the page is switched %s: https://%s:%d/\n", config->page_enabled ? "on" : "off",
           config->page_address, (int) config->page_port);
    return EX_OK;
}

static int
fingerprint(const PlayConfig *config)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayPageCertificate) certificate =
        play_page_certificate_load(config->page_state, NULL, &error);

    if (certificate == NULL)
        return fail(error, EX_NOINPUT);
    printf("%s\n", certificate->fingerprint);
    return EX_OK;
}

/* clang-format off */
static const struct {
    const char *name;
    int (*run)(const PlayConfig *config);
} commands[] = {
    { "serve",       serve },
    { "check",       check },
    { "fingerprint", fingerprint },
};

static const char summary[] =
    "Serves the station's own page to its network, so that the commune can sound an alert\n"
    "with the district out of reach. Off unless [page] in player.conf says otherwise.\n\n"
    "Commands:\n"
    "  serve        (default) serve the page\n"
    "  check        read the configuration and say whether the page is on\n"
    "  fingerprint  print the fingerprint of the page's certificate, for whoever opens it first";
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
run_command(const Options *options)
{
    const char *name = options->rest == NULL ? "serve" : options->rest[0];
    const char *path = options->config == NULL ? "/etc/loa/player.conf" : options->config;
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayConfig) config = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        config = play_config_read(path, &error);
        return config == NULL ? fail(error, EX_CONFIG) : commands[i].run(config);
    }
    fprintf(stderr, "loa-page: there is no command '%s'; see --help\n", name);
    return EX_USAGE;
}

static int
run(const Options *options)
{
    g_autoptr(GError) error = NULL;

    if (options->version) {
        printf("loa-page %s\n", LOA_VERSION);
        return EX_OK;
    }
    if (!content_arguments_check(options->rest, NULL, &error))
        return fail(error, EX_USAGE);
    return sodium_init() < 0 ? EX_SOFTWARE : run_command(options);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = {0};
    int code;

    if (!parse_options(&argc, &argv, &options, &error))
        return fail(error, EX_USAGE);
    code = run(&options);
    g_free(options.config);
    g_strfreev(options.rest);
    return code;
}
