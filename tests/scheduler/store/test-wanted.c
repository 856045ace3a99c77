/* test-wanted.c - who may be asked for a version until when, and that how far it is, is read
 * off the version that answers. */
#include "scheduler/store/wanted.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/leaving.h"
#include "scheduler/store/objects.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US
#define DAY TEMP_STORE_DAY_US

static void
put_announcement(SchedTxn *txn, const char *id, SchedAnnouncementKind kind, gint64 until_us,
                 const char *area)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow row = {.id = (char *) id,
                                      .kind = (gint) kind,
                                      .title = (char *) "Lịch tiêm phòng",
                                      .category = (char *) "",
                                      .source_number = (char *) "1",
                                      .source_issuer = (char *) "UBND",
                                      .source_date = (char *) "2026-03-01",
                                      .valid_until_us = until_us,
                                      .home = (char *) "ia-le",
                                      .areas = areas};

    g_ptr_array_add(areas, (gpointer) area);
    assert_done(sched_store_announcement_put(txn, &row, 0, &problem));
}

static void
begin(SchedTxn *txn)
{
    temp_store_as(txn, "editor", NOW);
    put_announcement(txn, "a", SCHED_ANNOUNCEMENT_BULLETIN, NOW + 20 * DAY, "ia-le");
    put_announcement(txn, "over", SCHED_ANNOUNCEMENT_BULLETIN, NOW, "ia-le");
    put_announcement(txn, "gong", SCHED_ANNOUNCEMENT_SIGNAL, NOW + 20 * DAY, "ia-le");
}

static gboolean
ask(SchedTxn *txn, const char *id, const char *announcement, const char *language,
    const char *account, const char *name, const char *by_date, const char *note,
    GError **error)
{
    const SchedWantedRow row = {.id = (char *) id,
                                .announcement = (char *) announcement,
                                .language = (char *) language,
                                .account = (char *) account,
                                .name = (char *) name,
                                .by_date = (char *) by_date,
                                .note = (char *) note};

    return sched_store_wanted_add(txn, &row, error);
}

/* Brings a recording in, or none; @name: of the voice. */
static gboolean
bring(SchedTxn *txn, const char *who, const char *object, const char *name, GError **error)
{
    g_autofree char *hash = object == NULL ? NULL : temp_store_hash(object);
    const SchedObjectRow row = {.hash = hash, .size_bytes = 5, .duration_us = 1000000};
    const SchedVersionRow version = {.id = (char *) "v",
                                     .announcement = (char *) "a",
                                     .language = (char *) "jra",
                                     .object = hash,
                                     .announcer_name = (char *) name};

    temp_store_as(txn, who, NOW + 1);
    return (hash == NULL || sched_store_object_put(txn, &row, NULL, error)) &&
           sched_store_version_put(txn, &version, error);
}

static gboolean
refused_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *note = g_strnfill(SCHED_WANTED_NOTE_MAX_BYTES + 1, 'x');
    g_autofree char *name = g_strnfill(201, 'x');
    /* clang-format off */
    const struct { const char *why, *announcement, *language, *account, *name, *by_date, *note; SchedStoreError code; } cases[] = {
        { "no such announcement", "khong", "jra", "editor-2", "", "2026-03-09", "", SCHED_STORE_ERROR_NOT_FOUND },
        { "no such language", "a", "xx", "editor-2", "", "2026-03-09", "", SCHED_STORE_ERROR_INVALID },
        { "the day before yesterday", "a", "jra", "editor-2", "", "2026-02-28", "", SCHED_STORE_ERROR_INVALID },
        { "more than a year ahead", "a", "jra", "editor-2", "", "2027-03-04", "", SCHED_STORE_ERROR_INVALID },
        { "no date", "a", "jra", "editor-2", "", "mai", "", SCHED_STORE_ERROR_INVALID },
        { "no day of the calendar", "a", "jra", "editor-2", "", "2026-03-32", "", SCHED_STORE_ERROR_INVALID },
        { "too long a note", "a", "jra", "editor-2", "", "2026-03-09", note, SCHED_STORE_ERROR_INVALID },
        { "too long a name", "a", "jra", NULL, name, "2026-03-09", "", SCHED_STORE_ERROR_INVALID },
        { "of nobody", "a", "jra", NULL, "", "2026-03-09", "", SCHED_STORE_ERROR_INVALID },
        { "of an account and somebody else", "a", "jra", "editor-2", "Mai", "2026-03-09", "", SCHED_STORE_ERROR_INVALID },
        { "of nobody we know", "a", "jra", "khong", "", "2026-03-09", "", SCHED_STORE_ERROR_INVALID },
        { "of who only reads", "a", "jra", "reader", "", "2026-03-09", "", SCHED_STORE_ERROR_INVALID },
        { "of a signal", "gong", "jra", "editor-2", "", "2026-03-09", "", SCHED_STORE_ERROR_RULE },
        { "of what is over", "over", "jra", "editor-2", "", "2026-03-09", "", SCHED_STORE_ERROR_RULE },
    };
    /* clang-format on */

    begin(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        assert_refused(txn, cases[i].code,
                       ask(txn, "w", cases[i].announcement, cases[i].language, cases[i].account,
                           cases[i].name, cases[i].by_date, cases[i].note, &problem));
    }
    /* The ends of what is allowed; a dialect is a language of its own. */
    assert_done(ask(txn, "w1", "a", "jra", "editor-2", "", "2026-03-01", "", &problem));
    assert_done(ask(txn, "w2", "a", "jra-x-arap", NULL, "Rơ Châm Hyap", "2027-03-03",
                    "đọc chậm", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   ask(txn, "w3", "a", "jra", "editor", "", "2026-03-09", "", &problem));
    return TRUE;
}

static void
test_refused(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, refused_body, NULL);
}

static gboolean
too_many_body(SchedTxn *txn, gpointer data, GError **error)
{
    begin(txn);
    for (guint i = 0; i < SCHED_WANTED_MAX_OPEN; i++) {
        g_autofree char *id = g_strdup_printf("w%u", i), *tag = g_strdup_printf("jra-x-d%u", i);

        assert_done(ask(txn, id, "a", tag, "editor-2", "", "2026-03-09", "", &problem));
    }
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   ask(txn, "more", "a", "bdq", "editor-2", "", "2026-03-09", "", &problem));
    assert_done(sched_store_wanted_withdraw(txn, "w7", &problem));
    assert_done(ask(txn, "more", "a", "bdq", "editor-2", "", "2026-03-09", "", &problem));
    return TRUE;
}

static void
test_too_many(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, too_many_body, NULL);
}

static void
expect_state(SchedTxn *txn, gint64 now_us, SchedWantedState state)
{
    g_autoptr(SchedWantedRow) row = sched_store_wanted_get(txn, "w", now_us, NULL);

    g_assert_cmpstr(sched_wanted_state_words[row->state], ==, sched_wanted_state_words[state]);
}

static gboolean
judge(SchedTxn *txn, const char *who, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, "v", NULL);
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    ContentSignature signature = {(char *) "minisign", (char *) "0011223344556677",
                                  (char *) "four lines", NULL};
    g_autoptr(GBytes) document = NULL;

    temp_store_as(txn, who, NOW + 2);
    if (strcmp(who, "reader") == 0)
        return sched_store_version_check(txn, "v", row->object, row->script_hash, error);
    g_ptr_array_add(signatures, &signature);
    document = sched_store_approval_build(txn, "v", row->object, row->script_hash, error);
    return document != NULL && sched_store_approval_add(txn, "v", document, signatures, error);
}

/* From the request to the approval, and back. */
static gboolean
state_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedWantedRow) row = NULL;

    begin(txn);
    assert_done(ask(txn, "w", "a", "jra", NULL, "Rơ Châm Hyap", "2026-03-09", "", &problem));
    row = sched_store_wanted_get(txn, "w", NOW, error);
    g_assert_cmpstr(row->name, ==, "Rơ Châm Hyap");
    g_assert_cmpstr(row->author, ==, "editor");
    g_assert_null(row->version);
    expect_state(txn, NOW, SCHED_WANTED_WANTED);
    assert_done(bring(txn, "editor", NULL, "", &problem));
    expect_state(txn, NOW, SCHED_WANTED_WANTED); /* a script alone is not heard */
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, bring(txn, "editor", "1", "", &problem));
    assert_done(bring(txn, "editor", "1", "Rơ Châm Hyap", &problem));
    expect_state(txn, NOW, SCHED_WANTED_RECORDED);
    /* Nor is it unsaid afterwards. */
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, bring(txn, "editor", "1", "", &problem));
    temp_store_as(txn, "reader", NOW + 2);
    assert_done(sched_store_version_return(txn, "v", "nghe không rõ", &problem));
    expect_state(txn, NOW, SCHED_WANTED_RETURNED);
    assert_done(bring(txn, "editor", "2", "Rơ Châm Hyap", &problem));
    assert_done(judge(txn, "reader", &problem));
    expect_state(txn, NOW, SCHED_WANTED_CHECKED);
    expect_state(txn, NOW + 20 * DAY, SCHED_WANTED_OVER);
    assert_done(judge(txn, "approver", &problem));
    expect_state(txn, NOW, SCHED_WANTED_APPROVED);
    expect_state(txn, NOW + 20 * DAY, SCHED_WANTED_APPROVED); /* it was done in time */
    assert_done(sched_store_wanted_withdraw(txn, "w", &problem));
    expect_state(txn, NOW, SCHED_WANTED_WITHDRAWN);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_wanted_withdraw(txn, "w", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_wanted_withdraw(txn, "khong", &problem));
    return TRUE;
}

static void
test_state(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, state_body, NULL);
}

/* What is recorded is not wanted, unless it was sent back. */
static gboolean
again_body(SchedTxn *txn, gpointer data, GError **error)
{
    begin(txn);
    assert_done(bring(txn, "editor", "1", "", &problem)); /* asked of nobody: may be unnamed */
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   ask(txn, "w", "a", "jra", "editor-2", "", "2026-03-09", "", &problem));
    assert_done(sched_store_version_return(txn, "v", "sai chữ", &problem));
    assert_done(ask(txn, "w", "a", "jra", "editor-2", "", "2026-03-09", "", &problem));
    expect_state(txn, NOW, SCHED_WANTED_RETURNED);
    assert_done(bring(txn, "editor", "1", "", &problem)); /* as it was: nothing new is said */
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, bring(txn, "editor", "2", "", &problem));
    return TRUE;
}

static void
test_again(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, again_body, NULL);
}

/* "w2 w1": ids in their order. */
static char *
ids(SchedTxn *txn, const SchedWantedFilter *filter, gint64 now_us)
{
    g_autoptr(GPtrArray) rows = sched_store_wanted_list(txn, filter, now_us, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < rows->len; i++)
        g_ptr_array_add(names, ((SchedWantedRow *) rows->pdata[i])->id);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **) names->pdata);
}

#define expect_ids(txn, now_us, expected, ...)                                                 \
    do {                                                                                       \
        const SchedWantedFilter filter = {__VA_ARGS__};                                        \
        g_autofree char *found = ids(txn, &filter, now_us);                                    \
        g_assert_cmpstr(found, ==, expected);                                                  \
    } while (0)

static gboolean
list_body(SchedTxn *txn, gpointer data, GError **error)
{
    begin(txn);
    assert_done(ask(txn, "w1", "a", "jra", "editor-2", "", "2026-03-09", "", &problem));
    assert_done(ask(txn, "w2", "a", "bdq", NULL, "Mai", "2026-03-05", "", &problem));
    temp_store_as(txn, "editor-2", NOW);
    assert_done(ask(txn, "w3", "a", "vi", "editor-2", "", "2026-03-07", "", &problem));
    expect_ids(txn, NOW, "w2 w3 w1", .area = NULL);
    expect_ids(txn, NOW, "w3 w1", .account = "editor-2");
    expect_ids(txn, NOW, "w2 w1", .author = "editor");
    expect_ids(txn, NOW, "w2 w3 w1", .area = "chu-puh");
    expect_ids(txn, NOW, "", .area = "ia-blu");
    /* What is recorded stands behind what is not; for a month, if nobody asks for it. */
    assert_done(bring(txn, "editor-2", "1", "editor-2", &problem));
    expect_ids(txn, NOW, "w2 w3 w1", .area = NULL);
    expect_ids(txn, NOW + 10 * DAY, "w2 w3 w1", .announcement = "a");
    assert_done(sched_store_wanted_withdraw(txn, "w2", &problem));
    expect_ids(txn, NOW, "w3 w1", .area = NULL);
    expect_ids(txn, NOW, "w3 w1 w2", .announcement = "a");
    expect_ids(txn, NOW + 20 * DAY, "", .area = NULL);
    return TRUE;
}

static void
test_list(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, list_body, NULL);
}

static char *
names_of(GPtrArray *people)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < people->len; i++)
        g_ptr_array_add(names, ((SchedPersonRow *) people->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **) names->pdata);
}

static void
expect_checkers(SchedTxn *txn, const char *language, gint64 now_us, const char *expected)
{
    g_autoptr(GPtrArray) people = sched_store_wanted_checkers(txn, "a", language, now_us, NULL);
    g_autofree char *names = names_of(people);

    g_assert_cmpstr(names, ==, expected);
}

static gboolean
people_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedRightRow reads = {(char *) "editor-2", SCHED_ROLE_REVIEWER, (char *) "ia-le",
                                 (char *) "jra", NOW + DAY};
    const SchedRightRow below = {(char *) "approver", SCHED_ROLE_EDITOR, (char *) "ia-le-a",
                                 (char *) "", 0};
    g_autoptr(GPtrArray) askable = NULL, wide = NULL;
    g_autofree char *names = NULL, *wide_names = NULL;

    begin(txn);
    put_announcement(txn, "b", SCHED_ANNOUNCEMENT_BULLETIN, NOW + DAY, "ia-blu");
    assert_done(sched_store_right_grant(txn, &below, &problem));
    askable = sched_store_wanted_askable(txn, "a", NOW, error);
    names = names_of(askable);
    g_assert_cmpstr(names, ==, "editor editor-2");
    expect_checkers(txn, "jra", NOW, "reader");
    assert_done(sched_store_right_grant(txn, &reads, &problem));
    expect_checkers(txn, "jra", NOW, "editor-2 reader");
    expect_checkers(txn, "jra-x-arap", NOW, "editor-2 reader");
    expect_checkers(txn, "bdq", NOW, "reader");
    expect_checkers(txn, "jra", NOW + DAY, "reader"); /* the right has ended */
    /* Neither who speaks it, however that was told, nor who ever wrote it. */
    assert_done(bring(txn, "editor", "1", "reader", &problem));
    expect_checkers(txn, "jra", NOW, "editor-2");
    assert_done(bring(txn, "editor-2", "2", "Mai", &problem));
    expect_checkers(txn, "jra", NOW, "reader");
    assert_done(sched_store_account_set_state(txn, "reader", SCHED_ACCOUNT_LOCKED, &problem));
    expect_checkers(txn, "jra", NOW, "");
    assert_done(
        sched_store_account_set_state(txn, "editor-2", SCHED_ACCOUNT_RETIRED, &problem));
    wide = sched_store_wanted_askable(txn, "b", NOW, error);
    wide_names = names_of(wide);
    g_assert_cmpstr(wide_names, ==, "editor");
    return TRUE;
}

static void
test_people(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, people_body, NULL);
}

/* What was asked of who leaves is asked of who takes over; what was answered stays as it was.
 */
static gboolean
leaving_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) audit = NULL;
    gint64 n_left = 0;

    begin(txn);
    assert_done(ask(txn, "w", "a", "bdq", "editor-2", "", "2026-03-09", "", &problem));
    assert_done(ask(txn, "w2", "a", "jra", "editor-2", "", "2026-03-09", "", &problem));
    assert_done(bring(txn, "editor", "1", "editor-2", &problem));
    assert_done(sched_store_work_left(txn, "editor-2", &n_left, &problem));
    g_assert_cmpint(n_left, ==, 1);
    assert_done(sched_store_work_hand_over(txn, "editor-2", "editor", &problem));
    expect_ids(txn, NOW, "w", .account = "editor");
    expect_ids(txn, NOW, "w2", .account = "editor-2");
    audit = sched_store_audit_list(txn, "w", 0, 1, error);
    g_assert_cmpstr(((SchedAuditRow *) audit->pdata[0])->action, ==, "wanted.ask");
    return TRUE;
}

static void
test_leaving(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, leaving_body, NULL);
}

/* What the database refuses from a database shell. */
static gboolean
by_hand_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const refused[] = {
        "UPDATE wanted SET by_date = '2026-12-01'",
        "UPDATE wanted SET note = 'x'",
        "UPDATE wanted SET language = 'bdq'",
        "DELETE FROM wanted",
    };

    begin(txn);
    assert_done(ask(txn, "w", "a", "jra", "editor-2", "", "2026-03-09", "", &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_test_message("%s", refused[i]);
        assert_refused(txn, SCHED_STORE_ERROR_RULE,
                       sched_sql_run(txn, refused[i], &problem, ""));
    }
    return TRUE;
}

static void
test_by_hand(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, by_hand_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/wanted/refused", test_refused);
    g_test_add_func("/store/wanted/too-many", test_too_many);
    g_test_add_func("/store/wanted/state", test_state);
    g_test_add_func("/store/wanted/again", test_again);
    g_test_add_func("/store/wanted/list", test_list);
    g_test_add_func("/store/wanted/people", test_people);
    g_test_add_func("/store/wanted/leaving", test_leaving);
    g_test_add_func("/store/wanted/by-hand", test_by_hand);
    return g_test_run();
}
