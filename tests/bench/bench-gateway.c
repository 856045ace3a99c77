/*
 * bench-gateway.c - 200 kill moments, stations side by side; prints one JSON line.
 *
 * bench-gateway [MOMENTS [STATIONS]]
 *
 * Each station is a gateway, a simulated board and a holder of a lease. At a random moment of a
 * held lease the holder is killed or stopped, or the gateway is killed; how long the relays
 * then stay closed is read off the board. Half of the stations have boards with a timer: there
 * a killed gateway stays dead until the board has opened by itself. At the others it is started
 * again at once, as the service manager does, and the time counts from that start.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"

#define TIMED_ON_S  3
#define PATIENCE_US (30 * G_USEC_PER_SEC)

typedef enum {
    HOLDER_KILLED,
    HOLDER_STOPPED,
    GATEWAY_KILLED_TIMED,
    GATEWAY_KILLED_RESTARTED,
    N_KINDS,
} Kind;

/* clang-format off */
static const struct { const char *name; gint64 limit_us; } kinds[N_KINDS] = {
    [HOLDER_KILLED]            = { "closed_socket",     1 * G_USEC_PER_SEC                },
    [HOLDER_STOPPED]           = { "stopped",           5 * G_USEC_PER_SEC                },
    [GATEWAY_KILLED_TIMED]     = { "gateway_timed",     (TIMED_ON_S + 1) * G_USEC_PER_SEC },
    [GATEWAY_KILLED_RESTARTED] = { "gateway_restarted", 1 * G_USEC_PER_SEC                },
};
/* clang-format on */

typedef struct {
    guint number;
    guint n_moments;
    gboolean is_timed;
    GRand *random;
    char *folder, *socket, *config;
    TestChild *sim, *gateway, *holder;
    GArray *open_us[N_KINDS]; /* (element-type gint64) */
} Station;

static void
station_set_up(Station *station)
{
    guint port = 0;
    g_autofree char *text = NULL;

    station->folder = test_scratch_new();
    station->socket = g_build_filename(station->folder, "lease.sock", NULL);
    station->sim = test_sim_tcp("1:coils", &port);
    text = g_strdup_printf("[gateway]\nsocket=%s\nplayer-users=%u\n"
                           "[line l1]\nkind=tcp\naddress=127.0.0.1\nport=%u\n"
                           "[board b1]\nline=l1\ntimed-on-s=%d\n"
                           "[zone a]\nrelays=b1/1;b1/2\namplifier=b1/8\nwarm-up-ms=50\n",
                           station->socket, getuid(), port, station->is_timed ? TIMED_ON_S : 0);
    station->config = test_gateway_write_config(station->folder, text);
    station->gateway = test_gateway_start(station->config, station->socket);
    for (guint i = 0; i < N_KINDS; i++)
        station->open_us[i] = g_array_new(FALSE, FALSE, sizeof(gint64));
}

static void
station_tear_down(Station *station)
{
    test_child_stop(station->gateway);
    test_child_stop(station->sim);
    test_scratch_free(station->folder);
    g_free(station->socket);
    g_free(station->config);
    g_rand_free(station->random);
}

/* Holds the zone until it is ready and then for a random while. */
static void
hold_for_a_while(Station *station)
{
    station->holder = test_holder_start(station->socket);
    test_child_say(station->holder, "hold a");
    g_free(test_child_expect(station->holder, "zone a held ready closed"));
    g_assert_null(test_child_line(station->holder, "gone",
                                  g_rand_int_range(station->random, 0, 1500) * 1000));
    g_assert_cmpint(test_sim_coil(station->sim, 1, 1, TRUE, PATIENCE_US), !=, 0);
    g_assert_cmpint(test_sim_coil(station->sim, 1, 2, TRUE, PATIENCE_US), !=, 0);
    g_assert_cmpint(test_sim_coil(station->sim, 1, 8, TRUE, PATIENCE_US), !=, 0);
}

/* Returns: when the last of the relays opened */
static gint64
wait_until_open(Station *station)
{
    static const guint relays[] = {1, 2, 8};
    gint64 last_us = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(relays); i++) {
        gint64 open_us = test_sim_coil(station->sim, 1, relays[i], FALSE, PATIENCE_US);

        last_us = MAX(last_us, open_us == 0 ? g_get_monotonic_time() : open_us);
    }
    return last_us;
}

static gint64
kill_gateway(Station *station, gboolean starts_again)
{
    gint64 since_us = g_get_monotonic_time();
    gint64 open_us;

    test_child_signal(station->gateway, SIGKILL);
    if (starts_again) {
        test_child_stop(station->gateway);
        since_us = g_get_monotonic_time();
        station->gateway = test_gateway_start(station->config, station->socket);
        return wait_until_open(station) - since_us;
    }
    open_us = wait_until_open(station) - since_us;
    test_child_stop(station->gateway);
    station->gateway = test_gateway_start(station->config, station->socket);
    return open_us;
}

static void
one_moment(Station *station, Kind kind)
{
    gint64 open_us;

    hold_for_a_while(station);
    if (kind == HOLDER_KILLED || kind == HOLDER_STOPPED) {
        gint64 since_us = g_get_monotonic_time();

        test_child_signal(station->holder, kind == HOLDER_KILLED ? SIGKILL : SIGSTOP);
        open_us = wait_until_open(station) - since_us;
    } else {
        open_us = kill_gateway(station, kind == GATEWAY_KILLED_RESTARTED);
    }
    g_array_append_val(station->open_us[kind], open_us);
    g_clear_pointer(&station->holder, test_child_stop);
    test_child_forget(station->sim);
}

static gpointer
run_station(gpointer data)
{
    Station *station = data;

    station_set_up(station);
    for (guint i = 0; i < station->n_moments; i++) {
        Kind kind = (Kind) ((i + station->number) % 3);

        if (kind == GATEWAY_KILLED_TIMED && !station->is_timed)
            kind = GATEWAY_KILLED_RESTARTED;
        one_moment(station, kind);
    }
    station_tear_down(station);
    return NULL;
}

static int
compare_spans(gconstpointer a, gconstpointer b)
{
    const gint64 *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Prints the kind's figures. Returns: how many moments were over its limit */
static guint
print_kind(Kind kind, Station *stations, guint n_stations)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint n_over = 0;

    for (guint i = 0; i < n_stations; i++) {
        g_array_append_vals(all, stations[i].open_us[kind]->data,
                            stations[i].open_us[kind]->len);
        g_array_unref(stations[i].open_us[kind]);
    }
    g_array_sort(all, compare_spans);
    for (guint i = 0; i < all->len; i++)
        n_over += g_array_index(all, gint64, i) > kinds[kind].limit_us;
    if (all->len == 0)
        return 0;
    printf("\"%s\": {\"moments\": %u, \"limit_ms\": %.0f, \"over\": %u, \"median_ms\": %.1f, "
           "\"max_ms\": %.1f}, ",
           kinds[kind].name, all->len, (double) kinds[kind].limit_us / 1e3, n_over,
           (double) g_array_index(all, gint64, all->len / 2) / 1e3,
           (double) g_array_index(all, gint64, all->len - 1) / 1e3);
    return n_over;
}

static void
run_stations(Station *stations, guint n_stations, guint n_moments)
{
    g_autofree GThread **threads = g_new0(GThread *, n_stations);

    for (guint i = 0; i < n_stations; i++) {
        stations[i].number = i / 2;
        stations[i].is_timed = i % 2 == 0;
        stations[i].n_moments = n_moments / n_stations + (i < n_moments % n_stations);
        stations[i].random = g_rand_new_with_seed(i + 1);
        threads[i] = g_thread_new("station", run_station, &stations[i]);
    }
    for (guint i = 0; i < n_stations; i++)
        g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
    guint n_moments = argc > 1 ? (guint) atoi(argv[1]) : 200;
    guint n_stations = argc > 2 ? (guint) atoi(argv[2]) : 20;
    g_autofree Station *stations = g_new0(Station, MAX(n_stations, 1));
    guint n_over = 0;

    run_stations(stations, n_stations, n_moments);
    printf("{\"bench\": \"gateway-kill-moments\", \"moments\": %u, \"stations\": %u, ",
           n_moments, n_stations);
    for (Kind kind = 0; kind < N_KINDS; kind++)
        n_over += print_kind(kind, stations, n_stations);
    printf("\"over\": %u}\n", n_over);
    return n_over == 0 ? 0 : 1;
}
