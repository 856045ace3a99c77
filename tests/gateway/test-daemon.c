/*
 * test-daemon.c - the real daemon, boards that are programs, and a holder that may be killed.
 *
 * Every instant is the boards' own: when a relay went on or off, not when we were told.
 */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"

#define MS(x)    ((gint64) (x) *1000)
#define S(x)     ((gint64) (x) *G_USEC_PER_SEC)
#define PATIENCE S(60)
/* Before a lease could run out; how soon it is by itself is measured by ./dev bench. */
#define AT_ONCE MS(2500)

typedef struct {
    char *folder, *socket, *config;
    TestChild *line, *sims[2], *gateway, *holder;
} Fixture;

/* Two boards: zones a and b on the first with an amplifier, c on the second. */
static char *
config_text(const char *socket_path, const char *lines, const char *second_line,
            const char *profile, guint timed_on_s)
{
    return g_strdup_printf("[gateway]\nsocket=%s\nplayer-users=%u\n"
                           "%s"
                           "[board b1]\nline=l1\nunit=1\nprofile=%s\ntimed-on-s=%u\n"
                           "[board b2]\nline=%s\nunit=2\nprofile=%s\ntimed-on-s=%u\n"
                           "[zone a]\nrelays=b1/1\namplifier=b1/8\nwarm-up-ms=100\n"
                           "stagger-ms=0\ntail-ms=400\n"
                           "[zone b]\nrelays=b1/2\namplifier=b1/8\nwarm-up-ms=100\n"
                           "stagger-ms=0\ntail-ms=400\n"
                           "[zone c]\noutput=second\nrelays=b2/1\nstagger-ms=0\ntail-ms=400\n",
                           socket_path, getuid(), lines, profile, timed_on_s, second_line,
                           profile, timed_on_s);
}

static void
start_tcp(Fixture *fixture, const char *profile, guint timed_on_s)
{
    g_autofree char *first = g_strdup_printf("1:%s", profile);
    g_autofree char *second = g_strdup_printf("2:%s", profile);
    g_autofree char *lines = NULL, *text = NULL;
    guint ports[2] = {0, 0};

    fixture->sims[0] = test_sim_tcp(first, &ports[0]);
    fixture->sims[1] = test_sim_tcp(second, &ports[1]);
    lines = g_strdup_printf("[line l1]\nkind=tcp\naddress=127.0.0.1\nport=%u\n"
                            "[line l2]\nkind=tcp\naddress=127.0.0.1\nport=%u\n",
                            ports[0], ports[1]);
    text = config_text(fixture->socket, lines, "l2", profile, timed_on_s);
    fixture->config = test_gateway_write_config(fixture->folder, text);
}

static void
start_rtu(Fixture *fixture, const char *profile, guint baud)
{
    g_autofree char *boards = g_strdup_printf("1:%s 2:%s", profile, profile);
    g_autofree char *lines = NULL, *text = NULL;

    fixture->sims[0] = test_sim_rtu(fixture->folder, boards, baud, &fixture->line);
    lines = g_strdup_printf("[line l1]\nkind=serial\ndevice=%s/line-a\nbaud=%u\n",
                            fixture->folder, baud);
    text = config_text(fixture->socket, lines, "l1", profile, 0);
    fixture->config = test_gateway_write_config(fixture->folder, text);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = test_scratch_new();
    fixture->socket = g_build_filename(fixture->folder, "lease.sock", NULL);
    if (g_str_has_prefix(data, "rtu-"))
        start_rtu(fixture, "coils",
                  (guint) g_ascii_strtoull((const char *) data + 4, NULL, 10));
    else if (strcmp(data, "timed") == 0)
        start_tcp(fixture, "coils", 3);
    else if (strcmp(data, "timed-ryn") == 0)
        start_tcp(fixture, "ryn408f", 3);
    else
        start_tcp(fixture, data, 0);
    fixture->gateway = test_gateway_start(fixture->config, fixture->socket);
    fixture->holder = test_holder_start(fixture->socket);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    test_child_stop(fixture->holder);
    test_child_stop(fixture->gateway);
    test_child_stop(fixture->sims[0]);
    test_child_stop(fixture->sims[1]);
    test_child_stop(fixture->line);
    test_scratch_free(fixture->folder);
    g_free(fixture->socket);
    g_free(fixture->config);
}

/* The simulator that has board @unit. */
static TestChild *
sim_of(const Fixture *fixture, guint unit)
{
    return fixture->sims[1] != NULL ? fixture->sims[unit - 1] : fixture->sims[0];
}

static void
hold_until_ready(Fixture *fixture, const char *zone)
{
    g_autofree char *prefix = g_strdup_printf("zone %s held ready closed", zone);

    test_child_say(fixture->holder, "hold %s", zone);
    g_free(test_child_expect(fixture->holder, prefix));
}

static void
assert_opens_within(const Fixture *fixture, guint unit, guint relay, gint64 since_us,
                    gint64 limit_us)
{
    gint64 opened_us = test_sim_coil(sim_of(fixture, unit), unit, relay, FALSE, PATIENCE);

    g_assert_cmpint(opened_us, !=, 0);
    g_test_message("relay %u/%u opened after %.1f ms", unit, relay,
                   (double) (opened_us - since_us) / 1000);
    g_assert_cmpint(opened_us - since_us, <=, limit_us);
}

static void
test_relays_before_ready(Fixture *fixture, gconstpointer data)
{
    g_autofree char *line = NULL;
    g_auto(GStrv) words = NULL;
    gint64 amplifier_us, relay_us, ready_us;

    test_child_say(fixture->holder, "hold a");
    line = test_child_expect(fixture->holder, "zone a held ready closed");
    words = g_strsplit(line, " ", -1);
    ready_us = g_ascii_strtoll(words[6], NULL, 10);
    amplifier_us = test_sim_coil(fixture->sims[0], 1, 8, TRUE, PATIENCE);
    relay_us = test_sim_coil(fixture->sims[0], 1, 1, TRUE, PATIENCE);
    g_assert_cmpint(relay_us - amplifier_us, >=, MS(100));
    g_assert_cmpint(ready_us, >=, relay_us);
}

static void
test_orderly_release(Fixture *fixture, gconstpointer data)
{
    gint64 released_us, opened_us, amplifier_us;

    hold_until_ready(fixture, "a");
    released_us = g_get_monotonic_time();
    test_child_say(fixture->holder, "hold");
    opened_us = test_sim_coil(fixture->sims[0], 1, 1, FALSE, PATIENCE);
    amplifier_us = test_sim_coil(fixture->sims[0], 1, 8, FALSE, PATIENCE);
    g_assert_cmpint(opened_us - released_us, >=, MS(400));
    g_assert_cmpint(opened_us - released_us, <=, MS(400) + AT_ONCE);
    g_assert_cmpint(amplifier_us, >=, opened_us);
    g_assert_cmpint(amplifier_us - released_us, <=, MS(400) + AT_ONCE);
}

static void
test_language_change(Fixture *fixture, gconstpointer data)
{
    gint64 asked_us, first_open_us, second_closed_us;

    hold_until_ready(fixture, "a");
    asked_us = g_get_monotonic_time();
    hold_until_ready(fixture, "b");
    first_open_us = test_sim_coil(fixture->sims[0], 1, 1, FALSE, PATIENCE);
    second_closed_us = test_sim_coil(fixture->sims[0], 1, 2, TRUE, PATIENCE);
    g_assert_cmpint(first_open_us, !=, 0);
    g_assert_cmpint(second_closed_us, >, first_open_us);
    g_test_message("changed over after %.1f ms", (double) (second_closed_us - asked_us) / 1000);
}

static void
test_holder_killed(Fixture *fixture, gconstpointer data)
{
    gint64 killed_us;

    hold_until_ready(fixture, "a");
    killed_us = g_get_monotonic_time();
    test_child_signal(fixture->holder, SIGKILL);
    assert_opens_within(fixture, 1, 1, killed_us, AT_ONCE);
    assert_opens_within(fixture, 1, 8, killed_us, AT_ONCE);
}

static void
test_holder_stopped(Fixture *fixture, gconstpointer data)
{
    gint64 stopped_us;

    hold_until_ready(fixture, "a");
    stopped_us = g_get_monotonic_time();
    test_child_signal(fixture->holder, SIGSTOP);
    assert_opens_within(fixture, 1, 1, stopped_us, S(5));
    assert_opens_within(fixture, 1, 8, stopped_us, S(5));
}

static void
test_gateway_terminated(Fixture *fixture, gconstpointer data)
{
    gint64 ended_us;

    hold_until_ready(fixture, "a");
    ended_us = g_get_monotonic_time();
    test_child_signal(fixture->gateway, SIGTERM);
    assert_opens_within(fixture, 1, 1, ended_us, AT_ONCE);
    assert_opens_within(fixture, 1, 8, ended_us, AT_ONCE);
    g_assert_cmpint(test_child_wait(fixture->gateway, PATIENCE), ==, 0);
}

static void
test_gateway_restarted(Fixture *fixture, gconstpointer data)
{
    g_autofree char *state = NULL;
    gint64 started_us;

    hold_until_ready(fixture, "a");
    test_child_signal(fixture->gateway, SIGKILL);
    g_assert_cmpint(test_child_wait(fixture->gateway, PATIENCE), ==, 128 + SIGKILL);
    state = test_sim_state(fixture->sims[0], 1);
    g_assert_cmpstr(state, ==, "10000001");
    g_clear_pointer(&fixture->gateway, test_child_stop);
    started_us = g_get_monotonic_time();
    fixture->gateway = test_gateway_start(fixture->config, fixture->socket);
    assert_opens_within(fixture, 1, 1, started_us, PATIENCE);
    assert_opens_within(fixture, 1, 8, started_us, PATIENCE);
}

static void
test_gateway_killed_timed(Fixture *fixture, gconstpointer data)
{
    gint64 killed_us;

    hold_until_ready(fixture, "a");
    killed_us = g_get_monotonic_time();
    test_child_signal(fixture->gateway, SIGKILL);
    assert_opens_within(fixture, 1, 1, killed_us, S(3 + 2));
    assert_opens_within(fixture, 1, 8, killed_us, S(3 + 2));
}

static void
test_timer_is_renewed(Fixture *fixture, gconstpointer data)
{
    gint64 released_us;

    hold_until_ready(fixture, "a");
    /* More than twice the timer, and the relay never opens. */
    g_assert_cmpint(test_sim_coil(fixture->sims[0], 1, 1, FALSE, S(7)), ==, 0);
    released_us = g_get_monotonic_time();
    test_child_say(fixture->holder, "hold");
    assert_opens_within(fixture, 1, 1, released_us, MS(400) + AT_ONCE);
}

static void
test_slip_in_the_configuration(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = NULL, *path = NULL, *complaint = NULL;

    test_child_stop(g_steal_pointer(&fixture->gateway));
    test_sim_do(fixture->sims[0], "1 coil 5 on");
    g_assert_cmpint(test_sim_coil(fixture->sims[0], 1, 5, TRUE, PATIENCE), !=, 0);
    g_file_get_contents(fixture->config, &text, NULL, NULL);
    path = g_strconcat(text, "[zone d]\nrelay=b1/3\n", NULL);
    g_file_set_contents(fixture->config, path, -1, NULL);
    g_assert_cmpint(test_gateway_run(fixture->config, "serve", NULL, &complaint), ==, 78);
    g_assert_nonnull(strstr(complaint, "[zone d] relay: unknown key"));
    /* Everything off comes before the rest of the file is believed. */
    g_assert_cmpint(test_sim_coil(fixture->sims[0], 1, 5, FALSE, MS(1)), !=, 0);
}

static void
test_stray(Fixture *fixture, gconstpointer data)
{
    gint64 switched_us = g_get_monotonic_time();

    test_sim_do(sim_of(fixture, 2), "2 coil 6 on");
    assert_opens_within(fixture, 2, 6, switched_us, S(3));
    g_free(test_child_expect(fixture->holder,
                             "faults relay b2/6 was on without a lease and has been"));
}

/* One board misbehaves; the zone on the other plays on, and the fault is told in words. */
static void
assert_others_play_on(Fixture *fixture, const char *command, const char *fault)
{
    g_autofree char *board_fault = g_strdup_printf("faults %s", fault);
    g_autofree char *zone_fault = g_strdup_printf("zone c held - ");
    g_autofree char *line = NULL;

    test_child_say(fixture->holder, "hold a c");
    g_free(test_child_expect(fixture->holder, "zone c held ready closed"));
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
    test_child_forget(fixture->holder);
    test_sim_do(sim_of(fixture, 2), "%s", command);
    g_free(test_child_expect(fixture->holder, board_fault));
    line = test_child_expect(fixture->holder, zone_fault);
    /* Zone a is not touched: nothing is said of it, and its relay never opens. */
    g_assert_cmpint(test_sim_coil(sim_of(fixture, 1), 1, 1, FALSE, S(2)), ==, 0);
    g_assert_null(test_child_line(fixture->holder, "zone a ", MS(1)));
}

static void
test_board_silent(Fixture *fixture, gconstpointer data)
{
    assert_others_play_on(fixture, "2 silent on", "board b2: no answer");
    test_sim_do(sim_of(fixture, 2), "2 silent off");
    g_free(test_child_expect(fixture->holder, "zone c held ready closed"));
}

static void
test_board_late(Fixture *fixture, gconstpointer data)
{
    /* TCP cannot hear a late answer: its connection is made anew. */
    assert_others_play_on(fixture, "2 slow 350",
                          fixture->line != NULL ? "board b2: answers too late"
                                                : "board b2: no answer");
    test_sim_do(sim_of(fixture, 2), "2 slow 0");
    g_free(test_child_expect(fixture->holder, "zone c held ready closed"));
}

static void
test_board_exception(Fixture *fixture, gconstpointer data)
{
    assert_others_play_on(fixture, "2 exception 4",
                          "board b2: refused: the board reports its own fault");
    test_sim_do(sim_of(fixture, 2), "2 exception 0");
    g_free(test_child_expect(fixture->holder, "zone c held ready closed"));
}

static void
test_board_lies(Fixture *fixture, gconstpointer data)
{
    assert_others_play_on(fixture, "2 lie 1 on",
                          "relay b2/1 reads open although it was written closed");
    test_sim_do(sim_of(fixture, 2), "2 lie 1 off");
    g_free(test_child_expect(fixture->holder, "zone c held ready closed"));
}

static void
test_board_slow(Fixture *fixture, gconstpointer data)
{
    test_sim_do(sim_of(fixture, 2), "2 slow 120");
    test_child_say(fixture->holder, "hold a c");
    g_free(test_child_expect(fixture->holder, "zone a held ready closed"));
    g_free(test_child_expect(fixture->holder, "zone c held ready closed"));
    g_assert_null(test_child_line(fixture->holder, "faults b", S(2)));
}

static void
test_connection_cut(Fixture *fixture, gconstpointer data)
{
    hold_until_ready(fixture, "c");
    test_child_forget(fixture->holder);
    test_sim_do(sim_of(fixture, 2), "2 cut x");
    /* One lost answer is no fault; the next request goes over a new connection. */
    g_assert_null(test_child_line(fixture->holder, "faults b", S(2)));
    test_child_say(fixture->holder, "hold");
    g_assert_cmpint(test_sim_coil(sim_of(fixture, 2), 2, 1, FALSE, PATIENCE), !=, 0);
}

static void
test_simulator_gone(Fixture *fixture, gconstpointer data)
{
    hold_until_ready(fixture, "a");
    test_child_signal(fixture->sims[1], SIGKILL);
    g_free(test_child_expect(
        fixture->holder,
        "faults board b2: line l2 has no connection (\"Connection refused\")"));
    g_assert_cmpint(test_sim_coil(fixture->sims[0], 1, 1, FALSE, S(1)), ==, 0);
}

static void
test_second_gateway(Fixture *fixture, gconstpointer data)
{
    g_autofree char *complaint = NULL;

    g_assert_cmpint(test_gateway_run(fixture->config, "serve", NULL, &complaint), ==, 69);
    g_assert_nonnull(strstr(complaint, "another gateway serves this socket"));
}

static void
test_commands(Fixture *fixture, gconstpointer data)
{
    g_autofree char *checked = NULL, *probed = NULL, *tested = NULL, *refused = NULL;

    g_assert_cmpint(test_gateway_run(fixture->config, "check", &checked, NULL), ==, 0);
    g_assert_nonnull(strstr(checked, "is in order: 2 lines, 2 boards, 3 zones"));
    g_assert_cmpint(test_gateway_run(fixture->config, "probe", &probed, NULL), ==, 0);
    g_assert_nonnull(strstr(probed, "board b2           line l2, unit 2, coils: 1:open"));
    g_assert_cmpint(test_gateway_run(fixture->config, "test a --seconds 0.2", &tested, NULL),
                    ==, 0);
    g_assert_nonnull(strstr(tested, "relay closed"));
    g_assert_nonnull(strstr(tested, "relay open"));
    g_free(test_child_expect(fixture->holder, "asked a 200 ms by "));
    g_assert_cmpint(test_sim_coil(fixture->sims[0], 1, 1, TRUE, PATIENCE), !=, 0);
    g_assert_cmpint(test_gateway_run(fixture->config, "test x", NULL, &refused), ==, 69);
    g_assert_nonnull(strstr(refused, "there is no zone 'x'; there are: a, b, c"));
    g_assert_cmpint(test_gateway_run(fixture->config, "dance", NULL, NULL), ==, 64);
}

static void
test_no_player_no_test(Fixture *fixture, gconstpointer data)
{
    g_autofree char *refused = NULL;

    test_child_stop(g_steal_pointer(&fixture->holder));
    g_assert_cmpint(test_gateway_run(fixture->config, "test a", NULL, &refused), ==, 75);
    g_assert_nonnull(strstr(refused, "no player is connected"));
}

/* Returns: what recv() says to a process of user @uid that connects: 0 is "closed" */
static int
connect_as(const char *path, uid_t uid)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char byte;
    int status = 0;
    pid_t pid;

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    pid = fork();
    if (pid == 0) {
        int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

        if (setresuid(uid, uid, uid) < 0 ||
            connect(fd, (struct sockaddr *) &address, sizeof address) < 0)
            _exit(99);
        _exit(recv(fd, &byte, 1, MSG_TRUNC) == 0 ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    return WEXITSTATUS(status);
}

static void
test_foreign_user(Fixture *fixture, gconstpointer data)
{
    if (getuid() != 0) {
        g_test_skip("needs to be root to become somebody else");
        return;
    }
    g_assert_cmpint(chmod(fixture->folder, 0755), ==, 0);
    g_assert_cmpint(connect_as(fixture->socket, 65534), ==, 0);
    g_assert_cmpint(connect_as(fixture->socket, 0), ==, 1);
}

/* The next of the datagrams that the service manager would get. */
static char *
next_notice(int fd)
{
    char text[256];
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    ssize_t n;

    g_assert_cmpint(poll(&poller, 1, PATIENCE / 1000), ==, 1);
    n = recv(fd, text, sizeof text, 0);
    g_assert_cmpint(n, >, 0);
    return g_strndup(text, (gsize) n);
}

static void
expect_notice(int fd, const char *prefix)
{
    g_autofree char *notice = NULL;

    do {
        g_free(notice);
        notice = next_notice(fd);
    } while (!g_str_has_prefix(notice, prefix));
}

static void
test_service_manager(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_build_filename(fixture->folder, "notify.sock", NULL);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    test_child_stop(g_steal_pointer(&fixture->gateway));
    g_setenv("NOTIFY_SOCKET", path, TRUE);
    fixture->gateway = test_gateway_start(fixture->config, fixture->socket);
    g_unsetenv("NOTIFY_SOCKET");
    expect_notice(fd, "READY=1");
    expect_notice(fd, "WATCHDOG=1");
    /* A board that is silent is no reason to be killed: its line goes on answering. */
    test_sim_do(sim_of(fixture, 2), "2 silent on");
    test_child_stop(g_steal_pointer(&fixture->holder));
    fixture->holder = test_holder_start(fixture->socket);
    g_free(test_child_expect(fixture->holder, "faults board b2: no answer"));
    expect_notice(fd, "WATCHDOG=1");
    test_child_signal(fixture->gateway, SIGTERM);
    expect_notice(fd, "STOPPING=1");
    close(fd);
}

int
main(int argc, char **argv)
{
    /* clang-format off */
    const struct { const char *path, *site; void (*test)(Fixture *, gconstpointer); } tests[] = {
        { "leases/relays-before-ready",    "coils",      test_relays_before_ready       },
        { "leases/orderly-release",        "coils",      test_orderly_release           },
        { "leases/language-change",        "coils",      test_language_change           },
        { "leases/holder-killed",          "coils",      test_holder_killed             },
        { "leases/holder-stopped",         "coils",      test_holder_stopped            },
        { "leases/terminated",             "coils",      test_gateway_terminated        },
        { "leases/restarted",              "coils",      test_gateway_restarted         },
        { "leases/restarted-r421a08",      "r421a08",    test_gateway_restarted         },
        { "leases/killed-timed",           "timed",      test_gateway_killed_timed      },
        { "leases/killed-timed-ryn408f",   "timed-ryn",  test_gateway_killed_timed      },
        { "leases/timer-renewed-ryn408f",  "timed-ryn",  test_timer_is_renewed          },
        { "leases/holder-killed-ryn408f",  "timed-ryn",  test_holder_killed             },
        { "leases/holder-killed-9600",     "rtu-9600",   test_holder_killed             },
        { "leases/restarted-9600",         "rtu-9600",   test_gateway_restarted         },
        { "commands/slip-in-the-file",       "coils",      test_slip_in_the_configuration },
        { "boards/stray",                  "coils",      test_stray                     },
        { "boards/silent",           "coils",      test_board_silent              },
        { "boards/silent-9600",      "rtu-9600",   test_board_silent              },
        { "boards/late",             "coils",      test_board_late                },
        { "boards/late-115200",      "rtu-115200", test_board_late                },
        { "boards/exception",        "coils",      test_board_exception           },
        { "boards/exception-115200", "rtu-115200", test_board_exception           },
        { "boards/lies",             "coils",      test_board_lies                },
        { "boards/lies-115200",      "rtu-115200", test_board_lies                },
        { "boards/slow",             "coils",      test_board_slow                },
        { "boards/connection-cut",         "coils",      test_connection_cut            },
        { "boards/simulator-gone",         "coils",      test_simulator_gone            },
        { "commands/second-gateway",         "coils",      test_second_gateway            },
        { "commands/commands",               "coils",      test_commands                  },
        { "commands/service-manager", "coils",     test_service_manager          },
        { "commands/no-player-no-test",      "coils",      test_no_player_no_test         },
        { "commands/foreign-user",           "coils",      test_foreign_user              },
    };
    /* clang-format on */

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/gateway/daemon/", tests[i].path, NULL);

        g_test_add(path, Fixture, tests[i].site, set_up, tests[i].test, tear_down);
    }
    return g_test_run();
}
