/* test-night.c - the hour of the night, and what is gone after it, on a clock that is moved. */
#include "scheduler/night.h"

#include "tests/support/fake-clock.h"
#include "tests/support/temp-store.h"
#include "tests/support/wait.h"

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static gint64
instant(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

    g_assert_nonnull(time);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static void
test_next(void)
{
    /* clang-format off */
    static const struct { const char *why, *tzid; guint seed; const char *after, *next; } cases[] = {
        { "later this night",        "Asia/Ho_Chi_Minh", 0,    "2026-03-02T01:00:00+07", "2026-03-02T02:00:00+07" },
        { "spread by the seed",      "Asia/Ho_Chi_Minh", 7199, "2026-03-02T01:00:00+07", "2026-03-02T03:59:59+07" },
        { "any seed",                "Asia/Ho_Chi_Minh", 7260, "2026-03-02T01:00:00+07", "2026-03-02T02:01:00+07" },
        { "never the same again",    "Asia/Ho_Chi_Minh", 0,    "2026-03-02T02:00:00+07", "2026-03-03T02:00:00+07" },
        { "over the end of a month", "Asia/Ho_Chi_Minh", 60,   "2026-02-28T12:00:00+07", "2026-03-01T02:01:00+07" },
        { "an hour that is skipped", "Europe/Paris",     1800, "2026-03-29T00:00:00+01", "2026-03-29T03:30:00+02" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 next_us =
            sched_night_next_us(instant(cases[i].after), cases[i].tzid, cases[i].seed);

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(next_us, ==, instant(cases[i].next));
    }
}

typedef struct {
    guint n_begun, n_done;
    gint64 n_rows;
} Heard;

static void
on_begins(gpointer user_data)
{
    ((Heard *) user_data)->n_begun++;
}

static void
on_done(gint64 n_rows, gpointer user_data)
{
    Heard *heard = user_data;

    heard->n_done++;
    heard->n_rows = n_rows;
}

static void
on_trouble(const char *words, gpointer user_data)
{
    g_error("%s", words);
}

static const SchedNightEvents events = {on_begins, on_done, on_trouble};

/* Idempotency keys of a fortnight ago, for more than two steps, and one of just now. */
static gboolean
fill(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(
        txn, "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 4500)"
             "INSERT INTO writes (actor, key, digest, result, at_us)"
             "SELECT 'tester', 'old-' || i, '', '', 1772409600000000 - 1209600000000 FROM n;"
             "INSERT INTO writes (actor, key, digest, result, at_us)"
             "VALUES ('tester', 'new', '', '', 1772409600000000)");
    return TRUE;
}

static gboolean
count(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_sql_int(txn, "SELECT count(*) FROM writes", data, error, "");
}

static void
test_once_a_night(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();
    ContentClock *clock = fake_clock_new(FAKE_CLOCK_START_US);
    Heard one = {0}, other = {0}, anew = {0};
    gint64 n_left = 0;
    SchedNight *first, *second;

    temp_store_run(temp, fill, NULL);
    first = sched_night_new(temp->store, clock, "one", 0, &events, &one);
    second = sched_night_new(temp->store, clock, "two", 60, &events, &other);
    fake_clock_advance(clock, SCHED_NIGHT_FIRST_US - 1);
    g_assert_cmpuint(fake_clock_n_pending(clock), ==, 2);
    fake_clock_advance(clock, HOUR_US);
    TEST_WAIT_UNTIL(fake_clock_n_pending(clock) == 2);
    g_assert_cmpuint(one.n_done, ==, 1);
    g_assert_cmpint(one.n_rows, ==, 4500);
    temp_store_look(temp, count, &n_left);
    g_assert_cmpint(n_left, ==, 1);
    /* Two nights, and one of the two does it. */
    for (guint night = 0; night < 2; night++) {
        fake_clock_advance(clock, 24 * HOUR_US);
        TEST_WAIT_UNTIL(fake_clock_n_pending(clock) == 2);
        g_assert_cmpuint(one.n_done, ==, 2 + night);
    }
    g_assert_cmpuint(other.n_done, ==, 0);
    /* What every process does for itself, each has done. */
    g_assert_cmpuint(one.n_begun, ==, 3);
    g_assert_cmpuint(other.n_begun, ==, 3);
    /* A process that was started anew finds the work of this night done. */
    sched_night_free(first);
    first = sched_night_new(temp->store, clock, "three", 0, &events, &anew);
    fake_clock_advance(clock, HOUR_US);
    TEST_WAIT_UNTIL(fake_clock_n_pending(clock) == 2);
    g_assert_cmpuint(anew.n_done, ==, 0);
    sched_night_free(first);
    sched_night_free(second);
    g_assert_cmpuint(fake_clock_n_pending(clock), ==, 0);
    content_clock_free(clock);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/night/next", test_next);
    g_test_add_func("/scheduler/night/once-a-night", test_once_a_night);
    return g_test_run();
}
