/*
 * test-peers.c - programs we did not write agree with our gateway about coils.
 *
 * A pymodbus slave takes the place of the board, mbpoll that of a second master on the same
 * board; and mbpoll reads our simulated board, so that the simulator is not believed either.
 */
#include <string.h>

#include "tests/support/port.h"
#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"

#define S(x) ((gint64) (x) *G_USEC_PER_SEC)

typedef struct {
    char *folder, *socket, *config;
    guint port;
    TestChild *wire, *board, *gateway, *holder;
} Fixture;

static char *
peer_script(void)
{
    return g_test_build_filename(G_TEST_DIST, "support", "modbus-peer.py", NULL);
}

static char *
start_tcp_peer(Fixture *fixture)
{
    g_autofree char *script = peer_script();
    g_autofree char *port = NULL;

    fixture->port = test_free_port();
    port = g_strdup_printf("%u", fixture->port);
    fixture->board = test_child_start((const char *const[]){script, "tcp", port, NULL});
    return g_strdup_printf("[line l1]\nkind=tcp\naddress=127.0.0.1\nport=%u\n", fixture->port);
}

static char *
start_rtu_peer(Fixture *fixture, const char *baud)
{
    g_autofree char *script = peer_script();
    g_autofree char *master = g_build_filename(fixture->folder, "line-a", NULL);
    g_autofree char *slave = g_build_filename(fixture->folder, "line-b", NULL);

    fixture->wire = test_child_start(
        (const char *const[]){test_serial_line_path(), master, slave, baud, NULL});
    g_free(test_child_expect(fixture->wire, "ready"));
    fixture->board = test_child_start((const char *const[]){script, "rtu", slave, baud, NULL});
    return g_strdup_printf("[line l1]\nkind=serial\ndevice=%s\nbaud=%s\n", master, baud);
}

static char *
start_sim(Fixture *fixture)
{
    fixture->board = test_sim_tcp("1:coils", &fixture->port);
    return g_strdup_printf("[line l1]\nkind=tcp\naddress=127.0.0.1\nport=%u\n", fixture->port);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autofree char *line = NULL, *text = NULL;

    fixture->folder = test_scratch_new();
    fixture->socket = g_build_filename(fixture->folder, "lease.sock", NULL);
    if (strcmp(data, "tcp") == 0)
        line = start_tcp_peer(fixture);
    else if (strcmp(data, "sim") == 0)
        line = start_sim(fixture);
    else
        line = start_rtu_peer(fixture, data);
    text = g_strdup_printf("[gateway]\nsocket=%s\nplayer-users=%u\n%s"
                           "[board b1]\nline=l1\ninputs=8\n[zone a]\nrelays=b1/2;b1/5\n"
                           "[input alarm]\nboard=b1\nnumber=6\nrole=button\nwords=Nút\n"
                           "[lamp alarm]\nrelay=b1/8\n",
                           fixture->socket, getuid(), line);
    fixture->config = test_gateway_write_config(fixture->folder, text);
    fixture->gateway = test_gateway_start(fixture->config, fixture->socket);
    fixture->holder = test_holder_start(fixture->socket);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    test_child_stop(fixture->holder);
    test_child_stop(fixture->gateway);
    test_child_stop(fixture->board);
    test_child_stop(fixture->wire);
    test_scratch_free(fixture->folder);
    g_free(fixture->socket);
    g_free(fixture->config);
}

/* Returns: (transfer full): what mbpoll says; @value NULL: reads the eight coils once */
static char *
mbpoll(const Fixture *fixture, guint coil, const char *value)
{
    g_autofree char *command =
        g_strdup_printf("mbpoll -q -m tcp -p %u -a 1 -t 0 -r %u %s -1 127.0.0.1 %s%s",
                        fixture->port, coil, value == NULL ? "-c 8" : "",
                        value == NULL ? "" : "-- ", value == NULL ? "" : value);
    g_autoptr(GError) error = NULL;
    char *output = NULL;
    int status = 0;

    g_spawn_command_line_sync(command, &output, NULL, &status, &error);
    g_assert_no_error(error);
    g_test_message("%s: %s", command, output);
    g_assert_cmpint(status, ==, 0);
    return output;
}

static void
assert_mbpoll_reads(const Fixture *fixture, const char *state)
{
    g_autofree char *output = mbpoll(fixture, 1, NULL);

    for (guint i = 0; i < 8; i++) {
        g_autofree char *line = g_strdup_printf("[%u]: \t%c", i + 1, state[i]);

        g_assert_nonnull(strstr(output, line));
    }
}

static void
expect_coils(Fixture *fixture, const char *state)
{
    for (;;) {
        g_autofree char *line = test_child_expect(fixture->board, "coils ");

        if (g_str_has_suffix(line, state))
            return;
    }
}

static void
test_slave_agrees(Fixture *fixture, gconstpointer data)
{
    test_child_say(fixture->holder, "hold a");
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
    expect_coils(fixture, "01001000");
    if (fixture->port != 0)
        assert_mbpoll_reads(fixture, "01001000");
    test_child_say(fixture->holder, "hold");
    g_free(test_child_expect(fixture->holder, "zone a - - open"));
    expect_coils(fixture, "00000000");
    if (fixture->port != 0)
        assert_mbpoll_reads(fixture, "00000000");
}

static void
test_second_master(Fixture *fixture, gconstpointer data)
{
    test_child_say(fixture->holder, "hold a");
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
    /* It switches one on that nobody holds: off again, and told of. */
    g_free(mbpoll(fixture, 7, "1"));
    expect_coils(fixture, "01001010");
    expect_coils(fixture, "01001000");
    g_free(test_child_expect(fixture->holder, "faults relay b1/7 was on without a lease"));
    /* It switches one off that is held: on again. */
    g_free(mbpoll(fixture, 2, "0"));
    expect_coils(fixture, "00001000");
    expect_coils(fixture, "01001000");
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
}

/* Press and release @n times. Returns: the shortest time from the contact to the player, µs */
static gint64
press(Fixture *fixture, guint n)
{
    gint64 shortest_us = G_MAXINT64;

    for (guint i = 0; i < n; i++) {
        gint64 pressed_us = g_get_monotonic_time(), heard_us;

        test_child_say(fixture->board, "input 6 on");
        g_free(test_child_expect(fixture->holder, "input alarm active"));
        heard_us = g_get_monotonic_time();
        shortest_us = MIN(shortest_us, heard_us - pressed_us);
        test_child_say(fixture->board, "input 6 off");
        g_free(test_child_expect(fixture->holder, "input alarm -"));
    }
    return shortest_us;
}

/* Also while the relays of a zone are held: the button is read all the same. */
static void
test_button_and_lamp(Fixture *fixture, gconstpointer data)
{
    gint64 idle_us, busy_us;

    g_free(test_child_expect(fixture->holder, "input alarm -"));
    idle_us = press(fixture, 5);
    test_child_say(fixture->holder, "hold a");
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
    busy_us = press(fixture, 5);
    g_test_message("press to player: %" G_GINT64_FORMAT " µs, with a zone on %" G_GINT64_FORMAT,
                   idle_us, busy_us);
    g_assert_cmpint(idle_us, <=, 300 * 1000);
    g_assert_cmpint(busy_us, <=, 300 * 1000);
    test_child_say(fixture->holder, "light alarm steady");
    expect_coils(fixture, "01001001");
    /* The player goes, and takes its zone and its lamp along. */
    test_child_stop(g_steal_pointer(&fixture->holder));
    expect_coils(fixture, "00000000");
}

/* A lamp that nobody renews goes out by itself, and the zone beside it stays. */
static void
test_lamp_goes_out(Fixture *fixture, gconstpointer data)
{
    test_child_say(fixture->holder, "hold a");
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
    test_child_say(fixture->holder, "light alarm steady");
    expect_coils(fixture, "01001001");
    expect_coils(fixture, "01001000");
}

static void
test_simulator_agrees(Fixture *fixture, gconstpointer data)
{
    test_child_say(fixture->holder, "hold a");
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
    assert_mbpoll_reads(fixture, "01001000");
    g_free(mbpoll(fixture, 2, "0"));
    g_assert_cmpint(test_sim_coil(fixture->board, 1, 2, FALSE, S(5)), !=, 0);
    g_assert_cmpint(test_sim_coil(fixture->board, 1, 2, TRUE, S(5)), !=, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/gateway/peers/pymodbus-tcp", Fixture, "tcp", set_up, test_slave_agrees,
               tear_down);
    g_test_add("/gateway/peers/pymodbus-9600", Fixture, "9600", set_up, test_slave_agrees,
               tear_down);
    g_test_add("/gateway/peers/pymodbus-115200", Fixture, "115200", set_up, test_slave_agrees,
               tear_down);
    g_test_add("/gateway/peers/button-tcp", Fixture, "tcp", set_up, test_button_and_lamp,
               tear_down);
    g_test_add("/gateway/peers/button-9600", Fixture, "9600", set_up, test_button_and_lamp,
               tear_down);
    g_test_add("/gateway/peers/lamp-goes-out", Fixture, "tcp", set_up, test_lamp_goes_out,
               tear_down);
    g_test_add("/gateway/peers/mbpoll-beside-us", Fixture, "tcp", set_up, test_second_master,
               tear_down);
    g_test_add("/gateway/peers/mbpoll-and-simulator", Fixture, "sim", set_up,
               test_simulator_agrees, tear_down);
    return g_test_run();
}
