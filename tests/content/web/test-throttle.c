/* test-throttle.c - a day of guessing, in a moment. */
#include "content/web/throttle.h"

#define S(n)   ((gint64) (n) *G_USEC_PER_SEC)
#define DAY_US S(24 * 3600)

static guint
guess_for_a_day(ContentThrottle *throttle, const char *login, const char *address,
                gint64 from_us)
{
    guint n_tried = 0;
    gint64 now_us = from_us;

    while (now_us < from_us + DAY_US) {
        gint64 wait_us = content_throttle_ask(throttle, login, address, now_us);

        if (wait_us > 0) {
            now_us += wait_us;
            continue;
        }
        content_throttle_tell(throttle, login, address, FALSE, now_us);
        n_tried++;
        now_us += 1000;
    }
    return n_tried;
}

static void
test_one_address(void)
{
    g_autoptr(ContentThrottle) throttle = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);
    guint n_tried = guess_for_a_day(throttle, "ed", "192.0.2.1", S(1));

    g_test_message("%u tries in a day", n_tried);
    g_assert_cmpuint(n_tried, <=, 120);
    g_assert_cmpuint(n_tried, >=, 60);
    /* Another account from there has to wait as well, and not for ever. */
    g_assert_cmpint(content_throttle_ask(throttle, "rev", "192.0.2.1", S(1) + DAY_US), <=,
                    CONTENT_THROTTLE_MOST_US);
}

static void
test_owner(void)
{
    g_autoptr(ContentThrottle) throttle = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);
    gint64 now_us = S(1), wait_us;

    /* Has been here before. */
    g_assert_cmpint(content_throttle_ask(throttle, "ed", "192.0.2.7", now_us), ==, 0);
    content_throttle_tell(throttle, "ed", "192.0.2.7", TRUE, now_us);
    /* A thousand addresses guess at the account. */
    for (int i = 0; i < 1000; i++) {
        g_autofree char *address = g_strdup_printf("198.51.100.%d", i);

        now_us += S(1);
        if (content_throttle_ask(throttle, "ed", address, now_us) == 0)
            content_throttle_tell(throttle, "ed", address, FALSE, now_us);
    }
    g_assert_cmpint(content_throttle_ask(throttle, "ed", "192.0.2.7", now_us), ==, 0);
    /* Somewhere new: held up by seconds. */
    wait_us = content_throttle_ask(throttle, "ed", "203.0.113.9", now_us);
    g_assert_cmpint(wait_us, <=, CONTENT_THROTTLE_SPREAD_US);
    g_assert_cmpint(content_throttle_ask(throttle, "ed", "203.0.113.9",
                                         now_us + CONTENT_THROTTLE_SPREAD_US),
                    ==, 0);
}

static void
test_mistyping(void)
{
    g_autoptr(ContentThrottle) throttle = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);

    for (int i = 0; i < 3; i++) {
        g_assert_cmpint(content_throttle_ask(throttle, "ed", "192.0.2.7", S(10 + i)), ==, 0);
        content_throttle_tell(throttle, "ed", "192.0.2.7", FALSE, S(10 + i));
    }
    g_assert_cmpint(content_throttle_ask(throttle, "ed", "192.0.2.7", S(12)), ==, S(1));
    g_assert_cmpint(content_throttle_ask(throttle, "ed", "192.0.2.7", S(13)), ==, 0);
    content_throttle_tell(throttle, "ed", "192.0.2.7", TRUE, S(13));
    g_assert_cmpint(content_throttle_ask(throttle, "ed", "192.0.2.7", S(13)), ==, 0);
}

/* Guesses sent side by side are no quicker than guesses in a row. */
static void
test_side_by_side(void)
{
    g_autoptr(ContentThrottle) throttle = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);
    guint n_open = 0;

    for (int i = 0; i < 100; i++)
        n_open += content_throttle_ask(throttle, "ed", "192.0.2.7", S(10)) == 0;
    g_assert_cmpuint(n_open, ==, 3);
    content_throttle_drop(throttle, "ed", "192.0.2.7", S(10));
    g_assert_cmpint(content_throttle_ask(throttle, "ed", "192.0.2.7", S(10)), ==, 0);
}

/* However many names and addresses come, the memory is bounded and nothing breaks. */
static void
test_flood(void)
{
    g_autoptr(ContentThrottle) throttle = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);

    for (int i = 0; i < 3 * CONTENT_THROTTLE_MAX_ENTRIES; i++) {
        g_autofree char *address = g_strdup_printf("2001:db8::%x", i);
        g_autofree char *login = g_strdup_printf("user-%d", i);

        if (content_throttle_ask(throttle, login, address, S(1) + i) == 0)
            content_throttle_tell(throttle, login, address, FALSE, S(1) + i);
        g_assert_cmpuint(content_throttle_size(throttle), <=, CONTENT_THROTTLE_MAX_ENTRIES);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/web/throttle/one-address", test_one_address);
    g_test_add_func("/scheduler/web/throttle/owner", test_owner);
    g_test_add_func("/scheduler/web/throttle/mistyping", test_mistyping);
    g_test_add_func("/scheduler/web/throttle/side-by-side", test_side_by_side);
    g_test_add_func("/scheduler/web/throttle/flood", test_flood);
    return g_test_run();
}
