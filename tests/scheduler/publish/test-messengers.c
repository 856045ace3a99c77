/* test-messengers.c - an approved slot makes a task for a village without a loudspeaker: once,
 * the day before, until it is withdrawn. */
#include "scheduler/publish/messengers.h"

#include "scheduler/store/announcements.h"
#include "scheduler/store/messengers.h"
#include "tests/support/programme.h"

#define NOW TEMP_STORE_NOW_US
#define DAY TEMP_STORE_DAY_US

/* One look of the chore at @at_us. Returns: tasks that it found */
static guint
look(SchedTxn *txn, const SchedChoreWork *work, gint64 at_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = NULL;

    temp_store_as(txn, "system", at_us);
    found = work->find(txn, at_us, &error);
    g_assert_no_error(error);
    g_assert_true(work->keep(txn, found, &error));
    g_assert_no_error(error);
    return found->len;
}

static gboolean
plan_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedMessengerFilter all = {NULL};
    g_autoptr(GPtrArray) rows = NULL;
    const SchedMessengerTaskRow *row;

    g_free(programme_fill(txn));
    /* Nobody without a loudspeaker where it is aimed at: nothing to be carried. */
    g_assert_cmpuint(look(txn, &sched_messengers_of_plan, NOW), ==, 0);
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) VALUES "
                         "('plei-xa', 'ia-le', 'village', 'Plei Xa'), "
                         "('plei-kia', 'ia-blu', 'village', 'Plei Kia')");
    g_assert_cmpuint(look(txn, &sched_messengers_of_plan, NOW), ==, 1);
    g_assert_cmpuint(look(txn, &sched_messengers_of_plan, NOW + DAY), ==, 0);
    rows = sched_store_messenger_list(txn, &all, error);
    g_assert_cmpuint(rows->len, ==, 1);
    row = rows->pdata[0];
    g_assert_cmpstr(row->village, ==, "plei-xa");
    g_assert_cmpstr(row->announcement, ==, "bulletin");
    g_assert_cmpstr(row->date, ==, "2026-03-02");
    g_assert_cmpint(row->due_us, ==, PROGRAMME_START_US + DAY);
    g_assert_cmpint(row->why, ==, SCHED_MESSENGER_NO_LOUDSPEAKER);
    return TRUE;
}

static void
test_plan(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, plan_body, NULL);
}

/* A slot that nobody approved is heard nowhere, and carried nowhere. */
static gboolean
withdrawn_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_free(programme_fill(txn));
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) VALUES "
                         "('plei-xa', 'ia-le', 'village', 'Plei Xa')");
    temp_store_as(txn, "approver", NOW);
    assert_done(sched_store_announcement_withdraw(txn, "bulletin", &problem));
    g_assert_cmpuint(look(txn, &sched_messengers_of_plan, NOW), ==, 0);
    return TRUE;
}

static void
test_withdrawn(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, withdrawn_body, NULL);
}

/* A list that nobody works off is not made longer by announcements. */
static gboolean
crowded_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_free(programme_fill(txn));
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) VALUES "
                         "('plei-xa', 'ia-le', 'village', 'Plei Xa'); "
                         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                         "WHERE i < 5000) INSERT INTO areas (id, parent, kind, name) "
                         "SELECT 'v' || i, 'ia-blu', 'village', 'V' FROM n; "
                         "INSERT INTO messenger_tasks (id, village, kind, announcement, why, "
                         "date, made_us, due_us) SELECT id, id, 'announcement', 'bulletin', "
                         "'no_loudspeaker', '2026-03-02', 0, 0 FROM areas "
                         "WHERE id LIKE 'v%'");
    g_assert_cmpuint(look(txn, &sched_messengers_of_plan, NOW), ==, 0);
    temp_store_exec(txn,
                    "INSERT INTO messenger_steps SELECT id, 1, 'no_longer', 0, 'system', '', "
                    "'', 0, 0, '' FROM messenger_tasks WHERE id = 'v1'");
    g_assert_cmpuint(look(txn, &sched_messengers_of_plan, NOW), ==, 1);
    return TRUE;
}

static void
test_crowded(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, crowded_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/publish/messengers/plan", test_plan);
    g_test_add_func("/scheduler/publish/messengers/withdrawn", test_withdrawn);
    g_test_add_func("/scheduler/publish/messengers/crowded", test_crowded);
    return g_test_run();
}
