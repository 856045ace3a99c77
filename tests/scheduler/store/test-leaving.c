/* test-leaving.c - what somebody who leaves had not finished, and the places they alone
 * approved. */
#include "scheduler/store/leaving.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/slots.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US
#define DAY TEMP_STORE_DAY_US

static void
put_announcement(SchedTxn *txn, const char *id, gint64 until_us)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow row = {.id = (char *) id,
                                      .title = (char *) id,
                                      .category = (char *) "",
                                      .source_number = (char *) "1",
                                      .source_issuer = (char *) "UBND",
                                      .source_date = (char *) "2026-03-01",
                                      .valid_until_us = until_us,
                                      .home = (char *) "ia-le",
                                      .areas = areas};
    const SchedVersionRow version = {.id = (char *) id,
                                     .announcement = (char *) id,
                                     .language = (char *) "jra",
                                     .announcer_name = (char *) "x"};

    g_ptr_array_add(areas, (gpointer) "ia-le");
    assert_done(sched_store_announcement_put(txn, &row, 0, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
}

static void
put_slot(SchedTxn *txn)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new(), none = g_ptr_array_new(),
                         targets = g_ptr_array_new();
    SchedItemRow pause = {
        .id = (char *) "i", .kind = SCHED_ITEM_PAUSE, .duration_us = 1000000, .times = 1};
    SchedTargetRow target = {
        .area = (char *) "ia-le", .station = (char *) "", .zone = (char *) ""};
    const SchedPlaylistRow playlist = {
        .id = (char *) "pl", .name = (char *) "x", .home = (char *) "ia-le", .items = items};
    const SchedSlotRow slot = {.id = (char *) "sl",
                               .name = (char *) "x",
                               .home = (char *) "ia-le",
                               .playlist = (char *) "pl",
                               .tzid = (char *) "Asia/Ho_Chi_Minh",
                               .first_date = (char *) "2026-12-01",
                               .local_min = 300,
                               .rule = (char *) "",
                               .targets = targets,
                               .dates_in = none,
                               .dates_out = none};

    g_ptr_array_add(items, &pause);
    g_ptr_array_add(targets, &target);
    assert_done(sched_store_playlist_put(txn, &playlist, 0, &problem));
    assert_done(sched_store_slot_put(txn, &slot, 0, &problem));
}

static char *
author_of(SchedTxn *txn, const char *table)
{
    g_autofree char *sql = g_strdup_printf("SELECT author FROM %s ORDER BY id", table);
    g_autoptr(GPtrArray) rows = sched_sql_texts(txn, sql, NULL, "");

    g_ptr_array_add(rows, NULL);
    return g_strjoinv(" ", (char **) rows->pdata);
}

static gboolean
hand_over_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const struct {
        const char *table, *authors;
    } then[] = {{"announcements", "approver editor"},
                {"versions", "approver editor"},
                {"playlists", "approver"},
                {"slots", "approver"}};
    gint64 n_left = 0;

    temp_store_as(txn, "editor", NOW);
    put_announcement(txn, "a-new", NOW + 2 * DAY);
    put_announcement(txn, "b-over", NOW + DAY);
    put_slot(txn);
    temp_store_as(txn, "reader", NOW + DAY);
    assert_done(sched_store_work_left(txn, "editor", &n_left, &problem));
    g_assert_cmpint(n_left, ==, 4); /* the one whose time is over is nobody's to finish */
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_work_hand_over(txn, "editor", "editor", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_work_hand_over(txn, "editor", "nobody", &problem));
    assert_done(sched_store_work_hand_over(txn, "editor", "approver", &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(then); i++) {
        g_autofree char *authors = author_of(txn, then[i].table);

        g_assert_cmpstr(authors, ==, then[i].authors);
    }
    assert_done(sched_store_work_left(txn, "editor", &n_left, &problem));
    g_assert_cmpint(n_left, ==, 0);
    /* Who took it over approves it no more than who began it. */
    g_assert_true(sched_sql_is(txn,
                               "SELECT count(*) = 6 FROM authors WHERE account IN ('editor', "
                               "'approver') AND object IN ('a-new', 'sl', 'pl')",
                               ""));
    return TRUE;
}

static void
test_hand_over(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, hand_over_body, NULL);
}

/* Places that would be without an approver if @account were closed. */
static guint
n_alone(SchedTxn *txn, const char *account)
{
    gint64 now_us = sched_txn_at_us(txn);
    g_autoptr(GPtrArray) before = sched_store_alone_list(txn, now_us, now_us, NULL);
    g_autoptr(GPtrArray) after = NULL;

    temp_store_exec(txn, "SAVEPOINT leaving");
    assert_done(sched_store_account_set_state(txn, account, SCHED_ACCOUNT_RETIRED, &problem));
    after = sched_store_alone_list(txn, now_us, now_us, NULL);
    temp_store_exec(txn, "ROLLBACK TO leaving; RELEASE leaving");
    return after->len - before->len;
}

/* Who is told beforehand: from when on nobody approves for ia-le; 0: somebody does. */
static gint64
alone_from(SchedTxn *txn, gint64 now_us, gint64 until_us)
{
    g_autoptr(GPtrArray) rows = sched_store_alone_list(txn, now_us, until_us, NULL);

    if (rows->len == 0)
        return 0;
    g_assert_cmpstr(((SchedAloneRow *) rows->pdata[0])->name, ==, "Ia Le");
    return ((SchedAloneRow *) rows->pdata[0])->from_us;
}

static gboolean
alone_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedRightRow deputy = {(char *) "reader", SCHED_ROLE_APPROVER,
                            (char *) "ia-le",  (char *) "",
                            NOW + 20,          NOW + 10};
    const SchedRightRow last = {(char *) "approver", SCHED_ROLE_APPROVER, (char *) "chu-puh",
                                (char *) "",         NOW + DAY / 3,       0};

    temp_store_as(txn, "editor", NOW);
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 0); /* nothing there waits for anybody */
    put_announcement(txn, "a", NOW + DAY);
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 0); /* there is a second one */
    assert_done(
        sched_store_account_set_state(txn, "approver-2", SCHED_ACCOUNT_RETIRED, &problem));
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 1);
    g_assert_cmpuint(n_alone(txn, "editor"), ==, 0); /* who approves nothing */
    /* A deputy counts while the right is in force. */
    assert_done(sched_store_right_grant(txn, &deputy, &problem));
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 1);
    temp_store_as(txn, "editor", NOW + 10);
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 0);
    g_assert_cmpuint(n_alone(txn, "reader"), ==, 0);
    temp_store_as(txn, "editor", NOW + 20);
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 1);
    /* One that is locked does not. */
    deputy.until_us = 0;
    deputy.from_us = 0;
    assert_done(sched_store_right_grant(txn, &deputy, &problem));
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 0);
    assert_done(sched_store_account_set_state(txn, "reader", SCHED_ACCOUNT_LOCKED, &problem));
    g_assert_cmpuint(n_alone(txn, "approver"), ==, 1);
    /* The last right gets an end: told before it comes, and when it is there. */
    g_assert_cmpint(alone_from(txn, NOW + 20, NOW + DAY / 2), ==, 0);
    assert_done(sched_store_right_grant(txn, &last, &problem));
    g_assert_cmpint(alone_from(txn, NOW + 20, NOW + DAY / 4), ==, 0);
    g_assert_cmpint(alone_from(txn, NOW + 20, NOW + DAY / 2), ==, NOW + DAY / 3);
    g_assert_cmpint(alone_from(txn, NOW + DAY / 2, NOW + DAY / 2), ==, NOW + DAY / 2);
    return TRUE;
}

static void
test_alone(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, alone_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/store/leaving/hand-over", test_hand_over);
    g_test_add_func("/scheduler/store/leaving/alone", test_alone);
    return g_test_run();
}
