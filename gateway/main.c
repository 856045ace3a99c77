/*
 * main.c - loa-gateway: options, signals, exit code.
 *
 * Flow: `loa-gateway` opens every relay, then reads its configuration and serves until it is
 * told to stop; `check`, `probe` and `test` are for the technician and end by themselves.
 */
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "content/base/arguments.h"
#include "content/base/events.h"
#include "content/base/notify.h"
#include "gateway/link/link.h"
#include "gateway/probe.h"
#include "gateway/rack.h"
#include "gateway/tester.h"

#define MAX_UNIT 247 /* Modbus over serial line V1.02, section 2.2 */

typedef struct {
    char *config;
    char *line;
    gint last_unit;
    gdouble seconds;
    gboolean version;
    char **rest;
} Options;

static int
fail(const GError *error, int code)
{
    fprintf(stderr, "loa-gateway: %s\n", error->message);
    return code;
}

static gboolean
on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

/* The journal is told once; every relay that could be reached is open already. */
static int
refuse_to_serve(const Options *options, const GError *error)
{
    gboolean is_link = error->domain == GATE_LINK_ERROR;

    content_event_log(is_link ? &content_event_start_failed : &content_event_settings_refused,
                      options->config, "%s", error->message);
    return is_link ? EX_UNAVAILABLE : EX_CONFIG;
}

static int
serve(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(ContentClock) clock = content_clock_system_new();
    g_autoptr(GateRack) rack = gate_rack_new(clock);

    content_events_start();
    gate_rack_all_off(rack, options->config);
    if (!gate_rack_start(rack, options->config, &error))
        return refuse_to_serve(options, error);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    content_notify_ready("serving leases");
    g_main_loop_run(loop);
    content_notify_stopping();
    content_event_log(&content_event_stopping, NULL, "every relay is asked to be open");
    gate_rack_stop(rack);
    return EX_OK;
}

static int
check(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GateConfig) config = gate_config_read(options->config, &error);

    if (config == NULL)
        return fail(error, EX_CONFIG);
    for (guint i = 0; i < config->layout->zones->len; i++) {
        const GateLayoutZone *zone = gate_layout_zone(config->layout, i);

        printf("zone %s on output %s: %u relays, switch time %" G_GINT64_FORMAT " ms\n",
               zone->id, zone->output, zone->n_coils,
               gate_layout_switch_us(config->layout, i) / 1000);
    }
    printf("%s is in order: %u lines, %u boards, %u zones, %u inputs, %u lamps\n", config->path,
           config->n_lines, config->n_boards, config->layout->zones->len,
           config->layout->inputs->len, config->layout->lamps->len);
    return EX_OK;
}

static int
describe(const Options *options)
{
    g_autofree char *text = gate_config_describe();

    fputs(text, stdout);
    return EX_OK;
}

static int
probe(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GateConfig) config = NULL;
    int n_found;

    if (options->line != NULL) {
        n_found = gate_probe_line(options->line, (guint) options->last_unit, &error);
        if (n_found < 0)
            return fail(error, EX_IOERR);
        printf("%d of %d units answer\n", n_found, options->last_unit);
        return n_found > 0 ? EX_OK : EX_UNAVAILABLE;
    }
    config = gate_config_read(options->config, &error);
    if (config == NULL)
        return fail(error, EX_CONFIG);
    return gate_probe_config(config) == 0 ? EX_OK : EX_UNAVAILABLE;
}

static int
test_zone(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GateConfig) config = gate_config_read(options->config, &error);

    if (config == NULL)
        return fail(error, EX_CONFIG);
    if (gate_tester_run(config->socket, options->rest[1], (gint64) (options->seconds * 1000),
                        &error))
        return EX_OK;
    return fail(error, g_error_matches(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_REFUSED)
                           ? EX_TEMPFAIL
                           : EX_UNAVAILABLE);
}

/* clang-format off */
static const struct {
    const char *name;
    int (*run)(const Options *options);
    const char *needed; /* (nullable): the word behind it */
} commands[] = {
    { "serve",    serve,     NULL   },
    { "check",    check,     NULL   },
    { "describe", describe,  NULL   },
    { "probe",    probe,     NULL   },
    { "test",     test_zone, "ZONE" },
};

static const char summary[] =
    "Switches the relays of a commune's loudspeakers for players that hold a lease.\n\n"
    "Commands:\n"
    "  serve      (default) open every relay, then serve leases\n"
    "  check      read the configuration and say whether it is in order\n"
    "  describe   print every key of the configuration with its meaning\n"
    "  probe      read every board of the configuration, or scan --line\n"
    "  test ZONE  close the zone for a moment, through the running gateway and player";
/* clang-format on */

static gboolean
check_ranges(const Options *options, GError **error)
{
    /* Written so that a time which is no number is out of range, too. */
    if (!(options->seconds * 1000 >= 1 && options->seconds * 1000 <= CONTENT_TEST_MAX_MS)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--seconds is a time from 0.001 to %d", CONTENT_TEST_MAX_MS / 1000);
        return FALSE;
    }
    if (options->last_unit < 1 || options->last_unit > MAX_UNIT) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--units is a whole number from 1 to %d", MAX_UNIT);
        return FALSE;
    }
    return TRUE;
}

static void
options_clear(Options *options)
{
    g_free(options->config);
    g_free(options->line);
    g_strfreev(options->rest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
parse_options(int *argc, char ***argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
         "Configuration (default /etc/loa/gateway.conf)", "FILE"},
        {"line", 'l', 0, G_OPTION_ARG_STRING, &options->line,
         "probe: scan serial:DEVICE[:BAUD] or tcp:ADDRESS[:PORT]", "LINE"},
        {"units", 'u', 0, G_OPTION_ARG_INT, &options->last_unit,
         "probe: ask units 1 to N of the line (default 16)", "N"},
        {"seconds", 's', 0, G_OPTION_ARG_DOUBLE, &options->seconds,
         "test: how long (default 3, at most 10)", "S"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rest, NULL,
         "[COMMAND]"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, summary);
    return g_option_context_parse(context, argc, argv, error) && check_ranges(options, error);
}

static int
run(const Options *options)
{
    const char *name = options->rest == NULL ? "serve" : options->rest[0];
    g_autoptr(GError) error = NULL;

    if (options->version) {
        printf("loa-gateway %s\n", LOA_VERSION);
        return EX_OK;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        if (!content_arguments_check(options->rest, commands[i].needed, &error))
            return fail(error, EX_USAGE);
        return commands[i].run(options);
    }
    fprintf(stderr, "loa-gateway: there is no command '%s'; see --help\n", name);
    return EX_USAGE;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_auto(Options) options = {.last_unit = 16, .seconds = 3};

    if (!parse_options(&argc, &argv, &options, &error))
        return fail(error, EX_USAGE);
    if (options.config == NULL)
        options.config = g_strdup("/etc/loa/gateway.conf");
    return run(&options);
}
