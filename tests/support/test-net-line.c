/* test-net-line.c - the bad line is as bad as it was told to be, and no worse. */
#include "tests/support/net-line.h"

#define MS(n) ((n) *G_GINT64_CONSTANT(1000))

/* The smallest IPv4 header, from one address to another. */
static void
put(NetLine *line, NetLineWay way, guint8 far_end, gsize n_bytes, gint64 now_us)
{
    guint8 bytes[NET_LINE_MAX_PACKET_BYTES] = {0x45};

    bytes[way == NET_LINE_TO_FAR ? 19 : 15] = far_end;
    net_line_put(line, way, bytes, n_bytes, now_us);
}

static gint64
take_due(NetLine *line)
{
    gint64 due_us = net_line_next_us(line);
    g_autoptr(NetLinePacket) packet = net_line_take(line, due_us);

    g_assert_nonnull(packet);
    return due_us;
}

static void
command(NetLine *line, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(net_line_command(line, text, &error));
    g_assert_no_error(error);
}

static void
test_perfect(void)
{
    g_autoptr(NetLine) line = net_line_new(1);

    g_assert_cmpint(net_line_next_us(line), ==, -1);
    g_assert_null(net_line_take(line, MS(5)));
    put(line, NET_LINE_TO_FAR, 1, 100, MS(5));
    g_assert_cmpint(take_due(line), ==, MS(5));
}

static void
test_delay_and_rate(void)
{
    g_autoptr(NetLine) line = net_line_new(1);

    command(line, "delay=300 rate=64");
    /* 800 bytes are 100 ms of 64 kbit/s. */
    put(line, NET_LINE_TO_FAR, 1, 800, 0);
    put(line, NET_LINE_TO_FAR, 1, 800, 0);
    put(line, NET_LINE_TO_NEAR, 1, 800, 0);
    g_assert_null(net_line_take(line, MS(399)));
    g_assert_cmpint(take_due(line), ==, MS(400));
    g_assert_cmpint(take_due(line), ==, MS(400)); /* the other way is free */
    g_assert_cmpint(take_due(line), ==, MS(500));
}

static void
test_each(void)
{
    g_autoptr(NetLine) line = net_line_new(1);

    command(line, "rate=64 each=1");
    put(line, NET_LINE_TO_FAR, 1, 800, 0);
    put(line, NET_LINE_TO_FAR, 2, 800, 0);
    put(line, NET_LINE_TO_FAR, 1, 800, 0);
    g_assert_cmpint(take_due(line), ==, MS(100));
    g_assert_cmpint(take_due(line), ==, MS(100));
    g_assert_cmpint(take_due(line), ==, MS(200));
}

static void
test_queue_overflows(void)
{
    g_autoptr(NetLine) line = net_line_new(1);

    command(line, "rate=64 queue=250");
    for (guint i = 0; i < 10; i++)
        put(line, NET_LINE_TO_FAR, 1, 800, 0);
    /* Begun at 0, 100 and 200 ms; the fourth would wait for 300. */
    g_assert_cmpuint(net_line_counts(line)->overflowed, ==, 7);
}

static void
test_shares(void)
{
    /* clang-format off */
    const struct { const char *why, *command; guint64 lost, doubled, reordered; } cases[] = {
        { "nothing falls",  "delay=10",              0,     0,    0    },
        { "a tenth falls",  "loss=10",               1000,  0,    0    },
        { "all falls",      "loss=100",              10000, 0,    0    },
        { "a black hole",   "down=1",                10000, 0,    0    },
        { "a tenth twice",  "duplicate=10",          0,     1000, 0    },
        { "a tenth early",  "delay=10 reorder=10",   0,     0,    1000 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NetLine) line = net_line_new(7);
        const NetLineCounts *counts = net_line_counts(line);

        g_test_message("%s", cases[i].why);
        command(line, cases[i].command);
        for (guint n = 0; n < 10000; n++)
            put(line, NET_LINE_TO_NEAR, 1, 100, 0);
        g_assert_cmpint(ABS((gint64) counts->lost - (gint64) cases[i].lost), <, 200);
        g_assert_cmpint(ABS((gint64) counts->doubled - (gint64) cases[i].doubled), <, 200);
        g_assert_cmpint(ABS((gint64) counts->reordered - (gint64) cases[i].reordered), <, 200);
    }
}

static void
test_jitter_stays_within(void)
{
    g_autoptr(NetLine) line = net_line_new(3);
    gint64 first_us, last_us = 0;

    command(line, "delay=100 jitter=40");
    for (guint i = 0; i < 1000; i++)
        put(line, NET_LINE_TO_FAR, 1, 100, 0);
    first_us = net_line_next_us(line);
    for (guint i = 0; i < 1000; i++)
        last_us = take_due(line);
    g_assert_cmpint(first_us, >=, MS(60));
    g_assert_cmpint(first_us, <, MS(65));
    g_assert_cmpint(last_us, <=, MS(140));
    g_assert_cmpint(last_us, >, MS(135));
}

static void
test_too_many_packets(void)
{
    g_autoptr(NetLine) line = net_line_new(1);

    command(line, "delay=1000");
    for (guint i = 0; i < NET_LINE_MAX_PACKETS + 5; i++)
        put(line, NET_LINE_TO_FAR, 1, 20, 0);
    g_assert_cmpuint(net_line_counts(line)->overflowed, ==, 5);
}

static void
test_bad_commands(void)
{
    static const char *const bad[] = {"delay",   "speed=3",   "loss=101",
                                      "rate=-1", "delay=abc", "delay=10 loss=x",
                                      "dela=1",  "delays=1",  "=1"};

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(NetLine) line = net_line_new(1);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", bad[i]);
        g_assert_false(net_line_command(line, bad[i], &error));
        g_assert_nonnull(error);
        put(line, NET_LINE_TO_FAR, 1, 100, 0);
        g_assert_cmpint(take_due(line), ==, 0); /* not half of it was done */
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net-line/perfect", test_perfect);
    g_test_add_func("/net-line/delay-and-rate", test_delay_and_rate);
    g_test_add_func("/net-line/each", test_each);
    g_test_add_func("/net-line/queue-overflows", test_queue_overflows);
    g_test_add_func("/net-line/shares", test_shares);
    g_test_add_func("/net-line/jitter-stays-within", test_jitter_stays_within);
    g_test_add_func("/net-line/too-many-packets", test_too_many_packets);
    g_test_add_func("/net-line/bad-commands", test_bad_commands);
    return g_test_run();
}
