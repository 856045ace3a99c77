/* test-ring.c - frames come out as they went in, and a full ring says so. */
#include "player/output/ring.h"

#define N_PASSED 2000000

static void
test_order_and_limits(void)
{
    g_autoptr(PlayRing) ring = play_ring_new(8);
    const gint16 in[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    gint16 out[8] = {0};

    g_assert_cmpuint(play_ring_take(ring, out, 8), ==, 0);
    g_assert_cmpuint(play_ring_give(ring, in, 5), ==, 5);
    g_assert_cmpuint(play_ring_take(ring, out, 3), ==, 3);
    g_assert_cmpint(out[2], ==, 3);
    /* Over the end of the memory, and no more than there is room for. */
    g_assert_cmpuint(play_ring_give(ring, in, 9), ==, 6);
    g_assert_cmpuint(play_ring_fill(ring), ==, 8);
    g_assert_cmpuint(play_ring_give(ring, in, 1), ==, 0);
    g_assert_cmpuint(play_ring_take(ring, NULL, 2), ==, 2);
    g_assert_cmpuint(play_ring_take(ring, out, 8), ==, 6);
    for (gint i = 0; i < 6; i++)
        g_assert_cmpint(out[i], ==, i + 1);
}

static gpointer
give_all(gpointer data)
{
    for (guint n = 0; n < N_PASSED;) {
        gint16 some[100];

        for (guint i = 0; i < G_N_ELEMENTS(some); i++)
            some[i] = (gint16) (n + i);
        n += play_ring_give(data, some, MIN(G_N_ELEMENTS(some), N_PASSED - n));
        g_thread_yield();
    }
    return NULL;
}

static void
test_two_threads(void)
{
    g_autoptr(PlayRing) ring = play_ring_new(1024);
    GThread *giver = g_thread_new("giver", give_all, ring);

    for (guint n = 0; n < N_PASSED;) {
        gint16 some[77];
        guint taken = play_ring_take(ring, some, G_N_ELEMENTS(some));

        for (guint i = 0; i < taken; i++)
            g_assert_cmpint(some[i], ==, (gint16) (n + i));
        n += taken;
        if (taken == 0)
            g_thread_yield();
    }
    g_thread_join(giver);
    g_assert_cmpuint(play_ring_fill(ring), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/ring/order-and-limits", test_order_and_limits);
    g_test_add_func("/player/output/ring/two-threads", test_two_threads);
    return g_test_run();
}
