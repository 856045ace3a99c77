/*
 * sim-players.c - loa-sim-players: many simulated players in one process.
 *
 *   loa-sim-players --folder DIR [--count N] [--from ADDRESS] [--heartbeat S] [--rate N]
 *
 * Flow: every folder DIR/NAME that holds an identity becomes a player (sim-station.c). Commands
 * come on stdin, a line each; what happens goes to stdout, one JSON object a line:
 *   counts            how many are connected, have accepted, applied, … and how often
 *   play N            every player writes N records, as if its plan had been heard
 *   quit              (or the end of stdin)
 * One thread.
 */
#include "tests/bench/sim-station.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_USAGE = 64, EXIT_DATA = 65 };

/* Handshakes begun a second; each costs both sides a millisecond. */
#define CONNECTS_PER_SECOND 300
/* Handshakes under way; a real fleet's are spread over its machines. */
#define MAX_OPENING       100
#define MAX_COMMAND_BYTES 1024
/* For each player: what reading an alert off its line takes at most. */
#define ARRIVAL_US 150
/* Descriptors beside the players' own: files, epoll, and curl's kept connections. */
#define SPARE_FDS 64

/* clang-format off */
static const char *const told_words[SIM_N_TOLD] = {
    [SIM_TOLD_UP] = "up",             [SIM_TOLD_DOWN] = "down",
    [SIM_TOLD_ACCEPTED] = "accepted", [SIM_TOLD_REFUSED] = "refused",
    [SIM_TOLD_APPLIED] = "applied",   [SIM_TOLD_READY] = "ready",
    [SIM_TOLD_ACKED] = "acked",       [SIM_TOLD_TROUBLE] = "trouble",
    [SIM_TOLD_ALERT] = "alert",       [SIM_TOLD_STOP] = "stop",
};
static const gboolean is_told_when_quiet[SIM_N_TOLD] = {
    [SIM_TOLD_REFUSED] = TRUE, [SIM_TOLD_TROUBLE] = TRUE,
    [SIM_TOLD_ALERT] = TRUE,   [SIM_TOLD_STOP] = TRUE,
};
/* clang-format on */

typedef struct {
    char *folder, *from;
    gint count, heartbeat_s, rate;
    gboolean is_quiet, no_audio, no_gateway, no_templates;
} Options;

typedef struct {
    Options options;
    SimWorld world;
    GPtrArray *stations; /* (owned) (element-type SimStation) */
    guint n_up;
    guint64 told[SIM_N_TOLD];
    SimWatch stdin_watch;
    GString *pending; /* (owned): of stdin */
} Program;

/* ---- what happens ---- */

static void
on_told(SimStation *station, SimTold what, gint64 version, const char *detail, gint64 at_us,
        gpointer data)
{
    Program *program = data;
    g_autofree char *escaped = detail == NULL ? NULL : g_strescape(detail, NULL);

    program->told[what]++;
    program->n_up += what == SIM_TOLD_UP ? 1 : 0;
    program->n_up -= what == SIM_TOLD_DOWN && program->n_up > 0 ? 1 : 0;
    if (program->options.is_quiet && !is_told_when_quiet[what])
        return;
    g_print("{\"at_us\":%" G_GINT64_FORMAT ",\"event\":\"%s\",\"station\":\"%s\","
            "\"version\":%" G_GINT64_FORMAT,
            at_us, told_words[what], sim_station_name(station), version);
    g_print(escaped == NULL ? "}\n" : ",\"detail\":\"%s\"}\n", escaped);
    fflush(stdout);
}

static void
print_counts(Program *program)
{
    g_print("{\"at_us\":%" G_GINT64_FORMAT
            ",\"event\":\"counts\",\"players\":%u,\"connected\":%u",
            g_get_monotonic_time(), program->stations->len, program->n_up);
    for (gsize i = 0; i < SIM_N_TOLD; i++)
        g_print(",\"%s\":%" G_GUINT64_FORMAT, told_words[i], program->told[i]);
    g_print("}\n");
    fflush(stdout);
}

/* ---- commands ---- */

static void
play(Program *program, const char *text)
{
    guint64 n_records = 0;
    guint n_players = 0;

    if (!g_ascii_string_to_unsigned(text, 10, 1, 100000, &n_records, NULL)) {
        g_printerr("loa-sim-players: play: not a number of records: %s\n", text);
        return;
    }
    for (guint i = 0; i < program->stations->len; i++) {
        g_autoptr(GError) error = NULL;

        if (sim_station_play(g_ptr_array_index(program->stations, i), (guint) n_records,
                             &error))
            n_players++;
        else
            g_printerr("loa-sim-players: %s\n", error->message);
    }
    g_print("{\"at_us\":%" G_GINT64_FORMAT ",\"event\":\"played\",\"players\":%u}\n",
            g_get_monotonic_time(), n_players);
    fflush(stdout);
}

static void
obey(Program *program, const char *command)
{
    if (strcmp(command, "counts") == 0)
        print_counts(program);
    else if (g_str_has_prefix(command, "play "))
        play(program, command + strlen("play "));
    else if (strcmp(command, "quit") == 0)
        sim_loop_stop(program->world.loop);
    else
        g_printerr("loa-sim-players: no command '%s'\n", command);
}

static void
on_stdin(guint32 events, gpointer data)
{
    Program *program = data;
    char text[MAX_COMMAND_BYTES];
    ssize_t n_bytes = read(STDIN_FILENO, text, sizeof text);
    char *end;

    if (n_bytes <= 0) {
        sim_loop_stop(program->world.loop);
        return;
    }
    g_string_append_len(program->pending, text, n_bytes);
    while ((end = strchr(program->pending->str, '\n')) != NULL) {
        *end = '\0';
        obey(program, program->pending->str);
        g_string_erase(program->pending, 0, end - program->pending->str + 1);
    }
    if (program->pending->len > MAX_COMMAND_BYTES)
        g_string_truncate(program->pending, 0);
}

/* ---- beginning ---- */

static gboolean
read_options(Options *options, int argc, char **argv, GError **error)
{
    /* clang-format off */
    const GOptionEntry entries[] = {
        { "folder", 0, 0, G_OPTION_ARG_FILENAME, &options->folder, "players' state folders", "DIR" },
        { "count", 0, 0, G_OPTION_ARG_INT, &options->count, "at most so many of them", "N" },
        { "from", 0, 0, G_OPTION_ARG_STRING, &options->from, "own address of the first; the others follow", "IPV4" },
        { "heartbeat", 0, 0, G_OPTION_ARG_INT, &options->heartbeat_s, "period; else as the settings say", "SECONDS" },
        { "rate", 0, 0, G_OPTION_ARG_INT, &options->rate, "connections begun a second", "N" },
        { "quiet", 0, 0, G_OPTION_ARG_NONE, &options->is_quiet, "only alerts, stops, refusals and troubles", NULL },
        { "no-audio", 0, 0, G_OPTION_ARG_NONE, &options->no_audio, "fetch documents alone", NULL },
        { "no-gateway", 0, 0, G_OPTION_ARG_NONE, &options->no_gateway, "say no inventory", NULL },
        { "no-templates", 0, 0, G_OPTION_ARG_NONE, &options->no_templates, "as older players, that hold none", NULL },
        G_OPTION_ENTRY_NULL,
    };
    /* clang-format on */
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return FALSE;
    if (options->folder != NULL && options->count > 0 && options->rate > 0)
        return TRUE;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--folder is needed, --count and --rate are above 0");
    return FALSE;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Returns: (transfer full) (element-type utf8): names of folders that hold an identity */
static GPtrArray *
list_names(const Options *options, GError **error)
{
    g_autoptr(GDir) folder = g_dir_open(options->folder, 0, error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    if (folder == NULL)
        return NULL;
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *identity =
            g_build_filename(options->folder, name, "identity", "enrolled.json", NULL);

        if (g_file_test(identity, G_FILE_TEST_EXISTS))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    if (names->len > (guint) options->count)
        g_ptr_array_set_size(names, options->count);
    return g_steal_pointer(&names);
}

/* Returns: (transfer full) (nullable): the address of player @n */
static char *
address_of(const Options *options, guint n)
{
    struct in_addr address;
    char text[INET_ADDRSTRLEN];

    if (options->from == NULL || inet_pton(AF_INET, options->from, &address) != 1)
        return NULL;
    address.s_addr = htonl(ntohl(address.s_addr) + n);
    return g_strdup(inet_ntop(AF_INET, &address, text, sizeof text));
}

static gboolean
add_station(Program *program, const char *name, GError **error)
{
    guint n = program->stations->len;
    g_autofree char *folder = g_build_filename(program->options.folder, name, NULL);
    g_autofree char *from = address_of(&program->options, n);
    PlayIdentity *identity = play_identity_load(folder, error);
    SimStation *station;

    if (identity == NULL)
        return FALSE;
    station = sim_station_new(&program->world, identity, from, error);
    if (station == NULL)
        return FALSE;
    g_ptr_array_add(program->stations, station);
    return TRUE;
}

/* The ramp begins when all are there, however long that took. */
static void
connect_all(Program *program)
{
    gint64 now_us = g_get_monotonic_time();

    for (guint i = 0; i < program->stations->len; i++)
        sim_station_connect(g_ptr_array_index(program->stations, i),
                            now_us + i * G_USEC_PER_SEC / program->options.rate);
}

static gboolean
add_stations(Program *program, GError **error)
{
    g_autoptr(GPtrArray) names = list_names(&program->options, error);

    for (guint i = 0; names != NULL && i < names->len; i++) {
        if (!add_station(program, g_ptr_array_index(names, i), error))
            return FALSE;
    }
    return names != NULL;
}

/* As many descriptors as the machine allows. */
static void
raise_limit(guint n_players)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < n_players + SPARE_FDS)
        g_printerr("loa-sim-players: only %lu descriptors for %u players\n",
                   (gulong) limit.rlim_cur, n_players);
}

static int
run(Program *program)
{
    g_autoptr(SimLoop) loop = sim_loop_new();
    g_autoptr(SimFetch) fetch = sim_fetch_new(loop);
    g_autoptr(GError) error = NULL;

    program->world = (SimWorld){
        .loop = loop,
        .fetch = fetch,
        .gate = {.max_opening = MAX_OPENING},
        .heartbeat_s = (guint) MAX(program->options.heartbeat_s, 0),
        .takes_audio = !program->options.no_audio,
        .no_templates = program->options.no_templates,
        .has_gateway = !program->options.no_gateway,
        .told = on_told,
        .data = program,
    };
    program->stdin_watch = (SimWatch){.ready = on_stdin, .data = program, .fd = STDIN_FILENO};
    if (!add_stations(program, &error)) {
        g_printerr("loa-sim-players: %s\n", error->message);
        return EXIT_DATA;
    }
    program->world.verify_after_us = (gint64) program->stations->len * ARRIVAL_US;
    raise_limit(program->stations->len);
    print_counts(program);
    connect_all(program);
    sim_loop_watch(loop, &program->stdin_watch, EPOLLIN);
    sim_loop_run(loop);
    print_counts(program);
    g_ptr_array_set_size(program->stations, 0);
    return EXIT_OK;
}

int
main(int argc, char **argv)
{
    Program program = {.options = {.count = G_MAXINT, .rate = CONNECTS_PER_SECOND}};
    g_autoptr(GError) error = NULL;
    int status;

    signal(SIGPIPE, SIG_IGN);
    if (!read_options(&program.options, argc, argv, &error)) {
        g_printerr("loa-sim-players: %s\n", error->message);
        return EXIT_USAGE;
    }
    program.pending = g_string_new(NULL);
    program.stations = g_ptr_array_new_with_free_func((GDestroyNotify) sim_station_free);
    status = run(&program);
    g_ptr_array_unref(program.stations);
    g_string_free(program.pending, TRUE);
    g_free(program.options.folder);
    g_free(program.options.from);
    return status;
}
