/*
 * bench-button.c - how soon a press is known on a serial line, and what watching for it costs.
 *
 * Flow: `bench-button BAUD ROUNDS` puts the real gateway, a simulated board and a player
 * reduced to its leases on a line with the times of a real one. ROUNDS presses without and with
 * a zone that is being switched; and ROUNDS times a zone of four relays is closed, once with an
 * input that is only told and once with a button on the same board. One JSON line, spans in µs;
 * instants of relays are the board's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"

#define S(x)        ((gint64) (x) *G_USEC_PER_SEC)
#define PATIENCE_US S(20)
/* Presses fall anywhere between two readings. */
#define JITTER_US 130000

typedef struct {
    char *folder, *socket, *config;
    TestChild *line, *sim, *gateway, *holder;
} Bench;

static void
start(Bench *b, guint baud, const char *role)
{
    g_autofree char *text = NULL;

    b->folder = test_scratch_new();
    b->socket = g_build_filename(b->folder, "lease.sock", NULL);
    b->sim = test_sim_rtu(b->folder, "1:coils:8:8", baud, &b->line);
    text = g_strdup_printf("[gateway]\nsocket=%s\nplayer-users=%u\n"
                           "[line l1]\nkind=serial\ndevice=%s/line-a\nbaud=%u\n"
                           "[board b1]\nline=l1\ninputs=8\n"
                           "[zone a]\nrelays=b1/1;b1/2;b1/3;b1/4\nstagger-ms=0\ntail-ms=0\n"
                           "[input nut]\nboard=b1\nnumber=6\nrole=%s\nwords=Nút\n",
                           b->socket, getuid(), b->folder, baud, role);
    b->config = test_gateway_write_config(b->folder, text);
    b->gateway = test_gateway_start(b->config, b->socket);
    b->holder = test_holder_start(b->socket);
    g_free(test_child_expect(b->holder, "input nut -"));
}

static void
stop(Bench *b)
{
    test_child_stop(b->holder);
    test_child_stop(b->gateway);
    test_child_stop(b->sim);
    test_child_stop(b->line);
    g_free(b->config);
    g_free(b->socket);
    test_scratch_free(b->folder);
}

/* @is_busy: the relays of the zone are switched at the same time. Returns: contact to player */
static gint64
press(Bench *b, gboolean is_busy)
{
    gint64 pushed_us, told_us;

    g_usleep((gulong) g_random_int_range(1, JITTER_US));
    if (is_busy)
        test_child_say(b->holder, "hold a");
    pushed_us = g_get_monotonic_time();
    test_sim_do(b->sim, "1 input 6 on");
    g_free(test_child_expect(b->holder, "input nut active"));
    told_us = g_get_monotonic_time();
    test_sim_do(b->sim, "1 input 6 off");
    g_free(test_child_expect(b->holder, "input nut -"));
    if (is_busy) {
        g_free(test_child_expect(b->holder, "zone a held ready closed"));
        test_child_say(b->holder, "hold");
        g_free(test_child_expect(b->holder, "zone a - - open"));
    }
    return told_us - pushed_us;
}

/* Returns: from asking for the zone to the last of its four relays, by the board */
static gint64
close_zone(Bench *b)
{
    gint64 asked_us, closed_us = 0;

    test_child_forget(b->sim);
    g_usleep((gulong) g_random_int_range(1, JITTER_US));
    asked_us = g_get_monotonic_time();
    test_child_say(b->holder, "hold a");
    for (guint relay = 1; relay <= 4; relay++) {
        gint64 at_us = test_sim_coil(b->sim, 1, relay, TRUE, PATIENCE_US);

        g_assert_cmpint(at_us, >, 0);
        closed_us = MAX(closed_us, at_us);
    }
    g_free(test_child_expect(b->holder, "zone a held ready closed"));
    test_child_say(b->holder, "hold");
    g_free(test_child_expect(b->holder, "zone a - - open"));
    for (guint relay = 1; relay <= 4; relay++)
        test_sim_coil(b->sim, 1, relay, FALSE, PATIENCE_US);
    return closed_us - asked_us;
}

static void
print_presses(Bench *b, const char *name, gboolean is_busy, guint n)
{
    printf("\"%s\":[", name);
    for (guint i = 0; i < n; i++)
        printf("%s%" G_GINT64_FORMAT, i == 0 ? "" : ",", press(b, is_busy));
    printf("],");
}

static void
print_closings(Bench *b, const char *name, guint n, const char *end)
{
    printf("\"%s\":[", name);
    for (guint i = 0; i < n; i++)
        printf("%s%" G_GINT64_FORMAT, i == 0 ? "" : ",", close_zone(b));
    printf("]%s", end);
}

int
main(int argc, char **argv)
{
    guint baud = argc == 3 ? (guint) atoi(argv[1]) : 0;
    guint n = argc == 3 ? (guint) atoi(argv[2]) : 0;
    Bench with = {0}, without = {0};

    if (baud == 0 || n == 0) {
        fprintf(stderr, "usage: bench-button BAUD ROUNDS\n");
        return 2;
    }
    argc = 1;
    argv[1] = NULL;
    g_test_init(&argc, &argv, NULL);
    start(&with, baud, "button");
    printf("{");
    print_presses(&with, "idle_us", FALSE, n);
    print_presses(&with, "busy_us", TRUE, n);
    print_closings(&with, "closed_us", n, ",");
    stop(&with);
    start(&without, baud, "notice\ndebounce-ms=0");
    print_closings(&without, "closed_before_us", n, "}\n");
    stop(&without);
    return 0;
}
