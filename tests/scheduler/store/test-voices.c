/* test-voices.c - whose voice a recording is and who brought it in, kept apart: said with the
 * version, judged with it, and never judged by the voice itself, however it was named. */
#include "scheduler/store/announcements.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/waiting.h"
#include "tests/support/temp-store.h"

#define NOW TEMP_STORE_NOW_US

static char *
add_object(SchedTxn *txn, const char *name)
{
    char *hash = temp_store_hash(name);
    const SchedObjectRow object = {.hash = hash, .size_bytes = 5, .duration_us = 1000000};

    assert_done(sched_store_object_put(txn, &object, NULL, &problem));
    return hash;
}

static void
add_announcement(SchedTxn *txn)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow row = {.id = (char *) "a",
                                      .title = (char *) "Lịch tiêm phòng",
                                      .category = (char *) "",
                                      .source_number = (char *) "1",
                                      .source_issuer = (char *) "UBND",
                                      .source_date = (char *) "2026-03-01",
                                      .valid_until_us = NOW + TEMP_STORE_DAY_US,
                                      .home = (char *) "ia-le",
                                      .areas = areas};

    g_ptr_array_add(areas, (gpointer) "ia-le");
    assert_done(sched_store_announcement_put(txn, &row, 0, &problem));
}

/* @who brings the recording @object; NULL: none is there. */
static SchedVersionRow *
bring(SchedTxn *txn, const char *who, const char *object, const char *account, const char *name)
{
    g_autofree char *hash = object == NULL ? NULL : add_object(txn, object);
    const SchedVersionRow version = {.id = (char *) "v",
                                     .announcement = (char *) "a",
                                     .language = (char *) "jra",
                                     .object = hash,
                                     .announcer = (char *) account,
                                     .announcer_name = (char *) name};

    temp_store_as(txn, who, NOW);
    assert_done(sched_store_version_put(txn, &version, &problem));
    return sched_store_version_get(txn, "v", NULL);
}

static gboolean
brought_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct {
        const char *why, *who, *object, *account, *name, *told, *uploader; gboolean behalf;
    } cases[] = {
        { "nothing is there yet", "editor", NULL, NULL, "", "", NULL, FALSE },
        { "nobody said whose voice", "editor", "1", NULL, "", "", "editor", FALSE },
        { "their own, by their account", "editor", "2", "editor", "", "editor", "editor", FALSE },
        { "their own, by their name", "editor", "3", NULL, "editor", "editor", "editor", FALSE },
        { "an account's, whatever was typed", "editor", "4", "editor-2", "Mai", "editor-2", "editor", TRUE },
        { "somebody's without an account", "editor", "5", NULL, "Rơ Châm Hyap", "Rơ Châm Hyap", "editor", TRUE },
        { "the same recording again: who brought it stays", "editor-2", "5", NULL, "Rơ Châm Hyap", "Rơ Châm Hyap", "editor", TRUE },
        { "only another voice is told: so it does", "editor-2", "5", "editor", "", "editor", "editor", FALSE },
        { "another recording", "editor-2", "6", "editor", "", "editor", "editor-2", TRUE },
        { "taken away again", "editor-2", NULL, "editor", "", "editor", NULL, FALSE },
    };
    /* clang-format on */

    temp_store_as(txn, "approver-2", NOW);
    add_announcement(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedVersionRow) row =
            bring(txn, cases[i].who, cases[i].object, cases[i].account, cases[i].name);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(row->announcer_name, ==, cases[i].told);
        g_assert_cmpstr(row->uploader, ==, cases[i].uploader);
        g_assert_cmpstr(row->uploader_name, ==, cases[i].uploader);
        g_assert_cmpint(row->behalf, ==, cases[i].behalf);
    }
    return TRUE;
}

static void
test_brought(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, brought_body, NULL);
}

/* "check a" with whose voice it is, or "": what waits for @who. */
static char *
waits_for(SchedTxn *txn, const char *who)
{
    g_autoptr(GPtrArray) rows = sched_store_waiting_list(txn, who, NOW, NULL);
    const SchedWaitingRow *row = rows->len == 0 ? NULL : rows->pdata[0];

    g_assert_cmpuint(rows->len, <=, 1);
    return row == NULL ? g_strdup("")
                       : g_strdup_printf("%s %s", sched_waiting_kind_words[row->kind],
                                         row->voice == NULL ? "?" : row->voice);
}

static gboolean
check(SchedTxn *txn, const char *who, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, "v", NULL);

    temp_store_as(txn, who, NOW + 1);
    return sched_store_version_check(txn, "v", row->object, row->script_hash, error);
}

static gboolean
approve(SchedTxn *txn, const char *who, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, "v", NULL);
    g_autoptr(GBytes) document = NULL;

    temp_store_as(txn, who, NOW + 2);
    document = sched_store_approval_build(txn, "v", row->object, row->script_hash, error);
    return document != NULL;
}

#define expect_waiting(txn, who, expected)                                                     \
    do {                                                                                       \
        g_autofree char *found = waits_for(txn, who);                                          \
        g_assert_cmpstr(found, ==, expected);                                                  \
    } while (0)

static gboolean
judged_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_as(txn, "approver-2", NOW);
    add_announcement(txn);
    sched_version_row_free(bring(txn, "editor", "1", NULL, "Rơ Châm Hyap"));
    expect_waiting(txn, "reader", "check Rơ Châm Hyap");
    /* Named in words, and an account all the same; marks and case do not hide it. */
    sched_version_row_free(bring(txn, "editor", "2", NULL, "reader"));
    expect_waiting(txn, "reader", "");
    assert_refused(txn, SCHED_STORE_ERROR_RULE, check(txn, "reader", &problem));
    sched_version_row_free(bring(txn, "editor", "3", NULL, " Rêađer"));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, check(txn, "reader", &problem));
    sched_version_row_free(bring(txn, "editor", "4", "reader", ""));
    expect_waiting(txn, "reader", "");
    assert_refused(txn, SCHED_STORE_ERROR_RULE, check(txn, "reader", &problem));
    /* Nor is it approved by its voice. */
    sched_version_row_free(bring(txn, "editor", "5", NULL, "APPROVER"));
    assert_done(check(txn, "reader", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "approver", &problem));
    sched_version_row_free(bring(txn, "editor", "6", "editor", ""));
    assert_done(check(txn, "reader", &problem));
    expect_waiting(txn, "approver", "version ?");
    assert_done(approve(txn, "approver", &problem));
    return TRUE;
}

static void
test_judged(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, judged_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/voices/brought", test_brought);
    g_test_add_func("/store/voices/judged", test_judged);
    return g_test_run();
}
