/* test-tally.c - days become due with the hours, and are judged without anybody asking. */
#include "scheduler/tally.h"

#include "tests/support/fake-clock.h"
#include "tests/support/temp-store.h"
#include "tests/support/wait.h"

typedef struct {
    guint n_steps, n_days;
} Heard;

static void
on_trouble(const char *words, gpointer user_data)
{
    g_error("%s", words);
}

static void
on_done(guint n_days, gpointer user_data)
{
    Heard *heard = user_data;

    heard->n_steps++;
    heard->n_days += n_days;
}

static const SchedTallyEvents events = {.trouble = on_trouble, .done = on_done};

static gboolean
count_due(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_sql_int(txn, "SELECT count(*) FROM figure_days WHERE next_us < $1", data,
                         error, "i", G_MAXINT64);
}

static gboolean
make_due(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn,
                    "WITH RECURSIVE d(date) AS (VALUES ('2025-01-01') UNION ALL "
                    "SELECT date(date, '+1 day') FROM d WHERE date < '2025-03-11') "
                    "INSERT INTO figure_days (station, date, from_us, to_us, stamp, judged_us, "
                    "next_us, is_open) SELECT 'ia-le', date, 0, 1, 0, 0, 0, 0 FROM d");
    return TRUE;
}

static void
step(ContentClock *clock, gint64 by_us)
{
    fake_clock_advance(clock, by_us);
    TEST_WAIT_UNTIL(fake_clock_n_pending(clock) == 1);
}

static void
test_days(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();
    ContentClock *clock = fake_clock_new(FAKE_CLOCK_START_US);
    Heard heard = {0};
    SchedTally *tally = sched_tally_new(temp->store, clock, &events, &heard);
    gint64 n_due = -1;

    /* Two stations, from yesterday to tomorrow; nothing was planned for any of it. */
    step(clock, SCHED_TALLY_EVERY_US);
    g_assert_cmpuint(heard.n_days, ==, 6);
    temp_store_look(temp, count_due, &n_due);
    g_assert_cmpint(n_due, ==, 0);
    step(clock, SCHED_TALLY_EVERY_US);
    g_assert_cmpuint(heard.n_steps, ==, 1);
    /* Two days on, two more of each. */
    step(clock, 2 * TEMP_STORE_DAY_US);
    step(clock, SCHED_TALLY_EVERY_US);
    g_assert_cmpuint(heard.n_days, ==, 10);
    /* Many at once are worked off in steps with a rest between them. */
    temp_store_run(temp, make_due, NULL);
    step(clock, SCHED_TALLY_EVERY_US);
    g_assert_cmpuint(heard.n_days, ==, 10 + SCHED_TALLY_STEP);
    step(clock, SCHED_TALLY_REST_US);
    step(clock, SCHED_TALLY_REST_US);
    g_assert_cmpuint(heard.n_days, ==, 10 + 70);
    sched_tally_free(tally);
    g_assert_cmpuint(fake_clock_n_pending(clock), ==, 0);
    content_clock_free(clock);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/tally/days", test_days);
    return g_test_run();
}
