/* test-link.c - the lease socket: who may come, what may be said, and how much of it. */
#include "gateway/link/link.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "content/heartbeat.h"
#include "tests/support/fake-clock.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define MAX_CLIENTS (GATE_LINK_MAX_CONNECTIONS + 2)

typedef struct {
    char *folder, *path;
    GatePeers *peers;
    GateLink *link;
    GPtrArray *log; /* (element-type utf8): what the wiring was told */
    gboolean takes_wishes;
    ContentClock *clock;
    int clients[MAX_CLIENTS];
} Fixture;

static GBytes *
on_inventory(gpointer data)
{
    return g_bytes_new_static("inventory", 9);
}

static GBytes *
on_state(gint64 seq, gpointer data)
{
    char *text = g_strdup_printf("state %" G_GINT64_FORMAT, seq);

    return g_bytes_new_take(text, strlen(text));
}

static gboolean
on_wish(guint owner, const ContentLeaseWish *wish, gpointer data)
{
    Fixture *fixture = data;
    GString *line = g_string_new(NULL);

    g_string_printf(line, "wish of %u:", owner);
    for (guint i = 0; i < wish->zones->len; i++) {
        const ContentWishZone *zone = g_ptr_array_index(wish->zones, i);

        g_string_append_printf(line, " %s", zone->zone);
    }
    g_ptr_array_add(fixture->log, g_string_free(line, FALSE));
    gate_link_send_state(fixture->link);
    return fixture->takes_wishes;
}

static void
on_lamps(guint owner, const ContentLampOrder *order, gpointer data)
{
    Fixture *fixture = data;
    const ContentLamp *lamp = g_ptr_array_index(order->lamps, 0);

    g_ptr_array_add(fixture->log, g_strdup_printf("lamp of %u: %s %s", owner, lamp->lamp,
                                                  content_lamp_show_words[lamp->show]));
}

static void
on_gone(guint owner, gpointer data)
{
    Fixture *fixture = data;

    g_ptr_array_add(fixture->log, g_strdup_printf("%u is gone", owner));
}

static void
on_problem(const char *words, gpointer data)
{
    Fixture *fixture = data;

    g_ptr_array_add(fixture->log, g_strdup(words));
}

static const GateLinkHandlers handlers = {on_inventory, on_state, on_wish,
                                          on_lamps,     on_gone,  on_problem};

/* The data says whether our own account is a player's. */
static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autofree char *me = g_strdup_printf("%u", getuid());
    const char *const mine[] = {me, NULL}, *const nobodys[] = {"4294967294", NULL};
    g_autoptr(GError) error = NULL;

    fixture->folder = test_scratch_new();
    fixture->path = g_build_filename(fixture->folder, "lease.sock", NULL);
    fixture->log = g_ptr_array_new_with_free_func(g_free);
    fixture->takes_wishes = TRUE;
    fixture->clock = fake_clock_new(FAKE_CLOCK_START_US);
    fixture->peers = gate_peers_new(GPOINTER_TO_INT(data) ? mine : nobodys, mine, &error);
    g_assert_no_error(error);
    fixture->link = gate_link_new(fixture->path, fixture->peers, fixture->clock, &handlers,
                                  fixture, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    for (gsize i = 0; i < MAX_CLIENTS; i++) {
        if (fixture->clients[i] != 0)
            close(fixture->clients[i]);
    }
    gate_link_free(fixture->link);
    gate_peers_free(fixture->peers);
    content_clock_free(fixture->clock);
    g_ptr_array_unref(fixture->log);
    g_free(fixture->path);
    test_scratch_free(fixture->folder);
}

static int
join(Fixture *fixture, guint client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

    g_strlcpy(address.sun_path, fixture->path, sizeof address.sun_path);
    g_assert_cmpint(connect(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    fixture->clients[client] = fd;
    return fd;
}

static gboolean
try_receive(int fd, char **out)
{
    char bytes[4096];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);

    if (n < 0)
        return FALSE;
    *out = g_strndup(bytes, (gsize) n);
    return TRUE;
}

/* Returns: (transfer full): the next packet; "" when the gateway has closed */
static char *
next(int fd)
{
    char *packet = NULL;

    TEST_WAIT_UNTIL(try_receive(fd, &packet));
    return packet;
}

static void
expect(int fd, const char *packet)
{
    g_autofree char *came = next(fd);

    g_assert_cmpstr(came, ==, packet);
}

/* Passes over what may lie between. */
static void
expect_closed(int fd)
{
    g_autofree char *came = NULL;

    do {
        g_free(came);
        came = next(fd);
    } while (came[0] != '\0');
}

static void
say(int fd, const char *text)
{
    g_assert_cmpint(send(fd, text, strlen(text), MSG_NOSIGNAL), ==, (gssize) strlen(text));
}

static int
join_and_greet(Fixture *fixture, guint client)
{
    int fd = join(fixture, client);

    expect(fd, "inventory");
    expect(fd, "state 0");
    return fd;
}

static void
expect_log(Fixture *fixture, const char *text)
{
    TEST_WAIT_UNTIL(fixture->log->len > 0);
    g_test_message("%s", (char *) fixture->log->pdata[0]);
    g_assert_nonnull(strstr(fixture->log->pdata[0], text));
    g_ptr_array_remove_index(fixture->log, 0);
}

#define WISH(seq, zones)                                                                       \
    "{\"seq\":" seq ",\"type\":\"lease-wish\",\"v\":1,\"zones\":[" zones "]}"
#define ZONE(id) "{\"order\":\"segment\",\"subject\":\"x\",\"zone\":\"" id "\"}"
#define LAMP(name, show)                                                                       \
    "{\"lamps\":[{\"lamp\":\"" name "\",\"show\":\"" show "\"}],"                              \
    "\"type\":\"lamp-order\",\"v\":1}"
#define ASK(id)                                                                                \
    "{\"duration_ms\":3000,\"id\":\"" id "\",\"type\":\"test-ask\",\"uid\":7,\"v\":1,"         \
    "\"zone\":\"a\"}"
#define ANSWER(id, over)                                                                       \
    "{\"accepted\":true,\"id\":\"" id "\",\"is_over\":" over ",\"relay\":\"closed\","          \
    "\"said\":{\"code\":\"test_good\"},\"type\":\"test-answer\",\"v\":1}"

static void
test_course(Fixture *fixture, gconstpointer data)
{
    int fd = join_and_greet(fixture, 0);

    say(fd, WISH("1", ZONE("a") "," ZONE("b")));
    expect_log(fixture, "wish of 1: a b");
    expect(fd, "state 1");
    expect(fd, "state 1");
    say(fd, WISH("5", ""));
    expect_log(fixture, "wish of 1:");
    expect(fd, "state 5");
    close(fd);
    fixture->clients[0] = 0;
    expect_log(fixture, "1 is gone");
}

static void
test_what_closes(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why, *packet, *error; } cases[] = {
        { "not JSON",            "hello",                        "closed:" },
        { "another type",        "{\"type\":\"alert\",\"v\":1}", "a 'alert' is not for it to send" },
        { "a state is ours",     "{\"type\":\"lease-state\",\"v\":1}", "a 'lease-state' is not for" },
        { "an unknown member",   "{\"extra\":1,\"seq\":1,\"type\":\"lease-wish\",\"v\":1,\"zones\":[]}",
          "extra" },
        { "a path as zone",      WISH("1", ZONE("../a")),        "zone" },
        { "broken UTF-8",        WISH("1", ZONE("\xff\xfe")),    "closed:" },
        { "a lamp in no way we know", LAMP("l", "dim"),      "show" },
        { "does not count up",   WISH("0", ""),                  "seq" },
        { "an answer to nothing", ANSWER("t1", "true"),          "nobody asked it for" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int fd = join_and_greet(fixture, 0);

        g_test_message("%s", cases[i].why);
        say(fd, cases[i].packet);
        expect_closed(fd);
        expect_log(fixture, cases[i].error);
        expect_log(fixture, "is gone");
        close(fd);
        fixture->clients[0] = 0;
    }
}

static void
test_wishes_count_up(Fixture *fixture, gconstpointer data)
{
    int fd = join_and_greet(fixture, 0);

    say(fd, WISH("3", ""));
    say(fd, WISH("3", ""));
    expect_closed(fd);
    expect_log(fixture, "wish of 1:");
    expect_log(fixture, "its wishes do not count up");
}

static void
test_sizes(Fixture *fixture, gconstpointer data)
{
    g_autofree char *big = g_strnfill(CONTENT_LEASE_MAX_BYTES + 1, ' ');
    g_autofree char *deep = g_strnfill(2000, '[');
    g_autoptr(GString) many =
        g_string_new("{\"seq\":1,\"type\":\"lease-wish\",\"v\":1,\"zones\":[");
    int fd = join_and_greet(fixture, 0);

    say(fd, big);
    expect_closed(fd);
    expect_log(fixture, "a packet of 65537 bytes is more than 65536");
    expect_log(fixture, "is gone");
    fd = join_and_greet(fixture, 1);
    say(fd, deep);
    expect_closed(fd);
    expect_log(fixture, "closed:");
    expect_log(fixture, "is gone");
    fd = join_and_greet(fixture, 2);
    for (guint i = 0; i <= CONTENT_LEASE_MAX_ZONES; i++)
        g_string_append_printf(many,
                               "%s{\"order\":\"segment\",\"subject\":\"x\",\"zone\":\"z%u\"}",
                               i == 0 ? "" : ",", i);
    g_string_append(many, "]}");
    say(fd, many->str);
    expect_closed(fd);
    expect_log(fixture, "zones");
}

/* @from: number of the first wish; all but those past the limit are heard. */
static void
say_many(int fd, guint from, guint n)
{
    for (guint i = from; i < from + n; i++) {
        g_autofree char *wish =
            g_strdup_printf("{\"seq\":%u,\"type\":\"lease-wish\",\"v\":1,\"zones\":[]}", i);

        say(fd, wish);
        while (g_main_context_iteration(NULL, FALSE))
            continue;
    }
}

static void
test_too_fast(Fixture *fixture, gconstpointer data)
{
    int fd = join_and_greet(fixture, 0);
    guint n_heard;

    say_many(fd, 1, GATE_LINK_MAX_PACKETS_PER_S);
    fake_clock_advance(fixture->clock, G_USEC_PER_SEC);
    say_many(fd, GATE_LINK_MAX_PACKETS_PER_S + 1, GATE_LINK_MAX_PACKETS_PER_S);
    n_heard = fixture->log->len;
    g_assert_cmpuint(n_heard, >=, 2 * GATE_LINK_MAX_PACKETS_PER_S);
    say_many(fd, 2 * GATE_LINK_MAX_PACKETS_PER_S + 1, 1);
    expect_closed(fd);
    TEST_WAIT_UNTIL(
        g_str_has_prefix(fixture->log->pdata[fixture->log->len - 2], "connection of user"));
    g_assert_nonnull(strstr(fixture->log->pdata[fixture->log->len - 2], "packets a second"));
}

static void
test_too_many_connections(Fixture *fixture, gconstpointer data)
{
    int fd;

    for (guint i = 0; i < GATE_LINK_MAX_CONNECTIONS; i++)
        join_and_greet(fixture, i);
    fd = join(fixture, GATE_LINK_MAX_CONNECTIONS);
    expect_closed(fd);
    expect_log(fixture, "more than 8 connections");
    close(fixture->clients[3]);
    fixture->clients[3] = 0;
    expect_log(fixture, "4 is gone");
    join_and_greet(fixture, 3);
}

static void
test_reader_that_does_not_read(Fixture *fixture, gconstpointer data)
{
    int slow = join_and_greet(fixture, 0), quick = join_and_greet(fixture, 1);
    g_autofree char *last = NULL;

    /* More states than its socket holds: they are dropped, and the newest is sent later. */
    for (guint i = 0; i < 2000; i++) {
        gate_link_send_state(fixture->link);
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        expect(quick, "state 0");
    }
    g_assert_cmpuint(fixture->log->len, ==, 0);
    say(slow, WISH("9", ""));
    do {
        g_free(last);
        last = next(slow);
    } while (strcmp(last, "state 9") != 0);
}

static void
test_test_is_forwarded(Fixture *fixture, gconstpointer data)
{
    int player = join_and_greet(fixture, 0), asker = join_and_greet(fixture, 1);
    g_autofree char *ask = NULL, *first = NULL, *last = NULL, *away = NULL;

    say(asker, ASK("t1"));
    ask = next(player);
    g_assert_nonnull(strstr(ask, "\"id\":\"t1\""));
    /* Who asks is not for the asker to say. */
    g_assert_null(strstr(ask, "\"uid\":7"));
    say(player, ANSWER("t1", "false"));
    first = next(asker);
    g_assert_nonnull(strstr(first, "\"is_over\":false"));
    say(player, ANSWER("t1", "true"));
    last = next(asker);
    g_assert_nonnull(strstr(last, "\"is_over\":true"));

    say(asker, ASK("t2"));
    g_free(next(player));
    close(player);
    fixture->clients[0] = 0;
    away = next(asker);
    g_assert_nonnull(strstr(away, "test_player_left"));
}

static void
test_test_needs_a_player(Fixture *fixture, gconstpointer data)
{
    int asker = join_and_greet(fixture, 0);
    g_autofree char *answer = NULL;

    say(asker, ASK("t1"));
    answer = next(asker);
    g_assert_nonnull(strstr(answer, "test_no_player"));
    g_assert_nonnull(strstr(answer, "\"accepted\":false"));
}

static void
test_too_many_tests(Fixture *fixture, gconstpointer data)
{
    int asker;
    g_autofree char *answer = NULL;

    join_and_greet(fixture, 0);
    asker = join_and_greet(fixture, 1);
    say(asker, ASK("t1"));
    say(asker, ASK("t2"));
    say(asker, ASK("t3"));
    say(asker, ASK("t4"));
    say(asker, ASK("t5"));
    answer = next(asker);
    g_assert_nonnull(strstr(answer, "test_other"));
    g_assert_nonnull(strstr(answer, "t5"));
}

static void
test_tester_holds_nothing(Fixture *fixture, gconstpointer data)
{
    int fd = join_and_greet(fixture, 0);

    say(fd, WISH("1", ZONE("a")));
    expect_closed(fd);
    expect_log(fixture, "a 'lease-wish' is not for it to send");
}

static void
test_lamps(Fixture *fixture, gconstpointer data)
{
    int fd = join_and_greet(fixture, 0);

    say(fd, LAMP("by-the-door", "double"));
    if (GPOINTER_TO_INT(data)) {
        expect_log(fixture, "lamp of 1: by-the-door double");
        return;
    }
    expect_closed(fd);
    expect_log(fixture, "a 'lamp-order' is not for it to send");
}

static void
test_more_lamps_than_there_can_be(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GString) many = g_string_new("{\"lamps\":[");
    int fd = join_and_greet(fixture, 0);

    for (guint i = 0; i <= CONTENT_LEASE_MAX_LAMPS; i++)
        g_string_append_printf(many, "%s{\"lamp\":\"l%u\",\"show\":\"fast\"}",
                               i == 0 ? "" : ",", i);
    g_string_append(many, "],\"type\":\"lamp-order\",\"v\":1}");
    say(fd, many->str);
    expect_closed(fd);
    expect_log(fixture, "lamps");
}

static void
test_wish_that_cannot_be_taken(Fixture *fixture, gconstpointer data)
{
    int fd = join_and_greet(fixture, 0);

    fixture->takes_wishes = FALSE;
    say(fd, WISH("1", ZONE("a")));
    expect_closed(fd);
    expect_log(fixture, "wish of 1: a");
    expect_log(fixture, "too many hold leases");
}

static void
test_socket_is_taken(Fixture *fixture, gconstpointer data)
{
    g_autofree char *nowhere = g_build_filename(fixture->folder, "no", "lease.sock", NULL);
    g_autofree char *long_path = g_strnfill(200, 'x');
    g_autoptr(GError) busy = NULL, missing = NULL, too_long = NULL;

    g_assert_null(gate_link_new(fixture->path, fixture->peers, fixture->clock, &handlers,
                                fixture, &busy));
    g_assert_error(busy, GATE_LINK_ERROR, GATE_LINK_ERROR_BUSY);
    g_assert_null(
        gate_link_new(nowhere, fixture->peers, fixture->clock, &handlers, fixture, &missing));
    g_assert_error(missing, GATE_LINK_ERROR, GATE_LINK_ERROR_SOCKET);
    g_assert_null(gate_link_new(long_path, fixture->peers, fixture->clock, &handlers, fixture,
                                &too_long));
    g_assert_error(too_long, GATE_LINK_ERROR, GATE_LINK_ERROR_SOCKET);
    join_and_greet(fixture, 0);
}

static void
test_peers(void)
{
    const char *const none[] = {NULL}, *const root[] = {"root", "12", NULL};
    const char *const unknown[] = {"no-such-account", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GatePeers) peers = gate_peers_new(root, none, &error);

    g_assert_no_error(error);
    g_assert_true(gate_peers_is_player(peers, 0));
    g_assert_true(gate_peers_is_player(peers, 12));
    g_assert_false(gate_peers_is_player(peers, 13));
    g_assert_false(gate_peers_is_tester(peers, 0));
    g_assert_null(gate_peers_new(unknown, none, &error));
    g_assert_nonnull(strstr(error->message,
                            "[gateway] player-users: there is no account 'no-such-account'"));
}

int
main(int argc, char **argv)
{
    /* clang-format off */
    const struct { const char *path; gboolean is_player; void (*test)(Fixture *, gconstpointer); }
    tests[] = {
        { "course",               TRUE,  test_course                    },
        { "what-closes",          TRUE,  test_what_closes               },
        { "wishes-count-up",      TRUE,  test_wishes_count_up           },
        { "sizes",                TRUE,  test_sizes                     },
        { "too-fast",             TRUE,  test_too_fast                  },
        { "too-many-connections", TRUE,  test_too_many_connections      },
        { "does-not-read",        TRUE,  test_reader_that_does_not_read },
        { "test-is-forwarded",    TRUE,  test_test_is_forwarded         },
        { "test-needs-a-player",  TRUE,  test_test_needs_a_player       },
        { "too-many-tests",       TRUE,  test_too_many_tests            },
        { "tester-holds-nothing", FALSE, test_tester_holds_nothing      },
        { "lamps",                TRUE,  test_lamps                     },
        { "tester-lights-nothing", FALSE, test_lamps                    },
        { "too-many-lamps",       TRUE,  test_more_lamps_than_there_can_be },
        { "cannot-be-taken",      TRUE,  test_wish_that_cannot_be_taken },
        { "socket-is-taken",      TRUE,  test_socket_is_taken           },
    };
    /* clang-format on */

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/gateway/link/", tests[i].path, NULL);

        g_test_add(path, Fixture, GINT_TO_POINTER(tests[i].is_player), set_up, tests[i].test,
                   tear_down);
    }
    g_test_add_func("/gateway/link/peers", test_peers);
    return g_test_run();
}
