/* test-quiets.c - who may be silenced how long, that a request is never changed, and its end.
 */
#include "scheduler/store/quiets.h"

#include "scheduler/store/audit.h"
#include "scheduler/store/outbox.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US
#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define DAY  TEMP_STORE_DAY_US

/* @place: "ia-le" or "ia-le/a" */
static gboolean
ask(SchedTxn *txn, const char *id, const char *place, gint64 from_us, gint64 until_us,
    SchedQuietReason reason, const char *words, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(place, "/", 2);
    gboolean is_zone = parts[0] != NULL && parts[1] != NULL;
    const SchedQuietRow row = {.id = (char *) id,
                               .area = is_zone ? (char *) "" : (char *) place,
                               .station = is_zone ? parts[0] : (char *) "",
                               .zone = is_zone ? parts[1] : (char *) "",
                               .from_us = from_us,
                               .until_us = until_us,
                               .reason = (gint) reason,
                               .words = (char *) words};

    return sched_store_quiet_add(txn, &row, error);
}

static gboolean
refused_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *long_words = g_strnfill(SCHED_QUIET_WORDS_MAX_BYTES + 1, 'x');
    /* clang-format off */
    const struct { const char *why, *place; gint64 from_us, until_us; SchedQuietReason reason; const char *words; SchedStoreError code; } cases[] = {
        { "over already", "ia-le", NOW - DAY, NOW, SCHED_QUIET_EXAM, "", SCHED_STORE_ERROR_INVALID },
        { "ends before it begins", "ia-le", NOW + DAY, NOW + HOUR, SCHED_QUIET_EXAM, "", SCHED_STORE_ERROR_INVALID },
        { "longer than a month", "ia-le", NOW, NOW + SCHED_QUIET_MAX_US + 1, SCHED_QUIET_EXAM, "", SCHED_STORE_ERROR_INVALID },
        { "next year's", "ia-le", NOW + SCHED_QUIET_MAX_AHEAD_US + 1, NOW + SCHED_QUIET_MAX_AHEAD_US + HOUR, SCHED_QUIET_EXAM, "", SCHED_STORE_ERROR_INVALID },
        { "no such reason", "ia-le", NOW, NOW + HOUR, SCHED_QUIET_OTHER + 1, "", SCHED_STORE_ERROR_INVALID },
        { "another reason, and none said", "ia-le", NOW, NOW + HOUR, SCHED_QUIET_OTHER, "", SCHED_STORE_ERROR_INVALID },
        { "too many words", "ia-le", NOW, NOW + HOUR, SCHED_QUIET_EXAM, long_words, SCHED_STORE_ERROR_INVALID },
        { "no such area", "ia-khong", NOW, NOW + HOUR, SCHED_QUIET_EXAM, "", SCHED_STORE_ERROR_NOT_FOUND },
        { "no such zone", "ia-le/z", NOW, NOW + HOUR, SCHED_QUIET_EXAM, "", SCHED_STORE_ERROR_NOT_FOUND },
        { "no place", "", NOW, NOW + HOUR, SCHED_QUIET_EXAM, "", SCHED_STORE_ERROR_NOT_FOUND },
    };
    /* clang-format on */

    temp_store_as(txn, "approver", NOW);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        assert_refused(txn, cases[i].code,
                       ask(txn, "q", cases[i].place, cases[i].from_us, cases[i].until_us,
                           cases[i].reason, cases[i].words, &problem));
    }
    assert_done(
        ask(txn, "q", "ia-le", NOW, NOW + SCHED_QUIET_MAX_US, SCHED_QUIET_EXAM, "", &problem));
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
    temp_store_as(txn, "approver", NOW);
    for (guint i = 0; i < SCHED_QUIET_MAX_OPEN; i++) {
        g_autofree char *id = g_strdup_printf("q%u", i);

        assert_done(ask(txn, id, "ia-le/a", 0, NOW + HOUR, SCHED_QUIET_EXAM, "", &problem));
    }
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   ask(txn, "more", "ia-le/a", 0, NOW + HOUR, SCHED_QUIET_EXAM, "", &problem));
    temp_store_as(txn, "approver", NOW + HOUR);
    assert_done(ask(txn, "more", "ia-le/a", 0, NOW + 2 * HOUR, SCHED_QUIET_EXAM, "", &problem));
    return TRUE;
}

static void
test_too_many(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, too_many_body, NULL);
}

static gboolean
life_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedQuietRow) begun = NULL, ended = NULL;
    g_autoptr(GPtrArray) audit = NULL;
    const SchedAuditRow *said;

    temp_store_as(txn, "approver", NOW);
    assert_done(ask(txn, "q", "ia-le/a", NOW - DAY, NOW + DAY, SCHED_QUIET_FUNERAL,
                    "nhà ông Ama Thin", &problem));
    begun = sched_store_quiet_get(txn, "q", error);
    /* The past of it is not asked for: what was heard was heard. */
    g_assert_cmpint(begun->from_us, ==, NOW);
    g_assert_cmpstr(begun->author, ==, "approver");
    g_assert_cmpstr(begun->place, ==, "ia-le-a");
    g_assert_cmpint(sched_quiet_row_until_us(begun), ==, NOW + DAY);
    audit = sched_store_audit_list(txn, "q", 0, 1, error);
    said = g_ptr_array_index(audit, 0);
    g_assert_cmpstr(said->action, ==, "quiet.ask");
    g_assert_nonnull(strstr(said->detail, "Ama Thin"));

    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_quiet_end(txn, "khong", &problem));
    temp_store_as(txn, "approver-2", NOW + HOUR);
    assert_done(sched_store_quiet_end(txn, "q", &problem));
    ended = sched_store_quiet_get(txn, "q", error);
    g_assert_cmpint(sched_quiet_row_until_us(ended), ==, NOW + HOUR);
    g_assert_cmpstr(ended->ended_by, ==, "approver-2");
    assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_quiet_end(txn, "q", &problem));

    assert_done(ask(txn, "short", "ia-le", 0, NOW + 2 * HOUR, SCHED_QUIET_EXAM, "", &problem));
    temp_store_as(txn, "approver", NOW + 2 * HOUR);
    assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_quiet_end(txn, "short", &problem));
    return TRUE;
}

static void
test_life(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, life_body, NULL);
}

/* Somebody with a database shell does not change what was asked either. */
static gboolean
fixed_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const attempts[] = {
        "UPDATE quiets SET until_us = until_us + 1",
        "UPDATE quiets SET author = 'editor'",
        "UPDATE quiets SET area = 'ia-blu'",
        "DELETE FROM quiets",
    };

    temp_store_as(txn, "approver", NOW);
    assert_done(ask(txn, "q", "ia-le", 0, NOW + DAY, SCHED_QUIET_EXAM, "", &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++)
        assert_refused(txn, SCHED_STORE_ERROR_RULE,
                       sched_sql_run(txn, attempts[i], &problem, ""));
    return TRUE;
}

static void
test_fixed(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, fixed_body, NULL);
}

static char *
list(SchedTxn *txn, const char *area, gint64 since_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = sched_store_quiet_list(txn, area, since_us, -1, &error);
    GString *ids = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < rows->len; i++)
        g_string_append_printf(ids, "%s ", ((SchedQuietRow *) g_ptr_array_index(rows, i))->id);
    return g_string_free(ids, FALSE);
}

static gboolean
list_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    const struct { const char *why, *area; gint64 since_us; const char *ids; } cases[] = {
        { "all, the latest first",                   NULL,      0,              "le zone-b blu-a top " },
        { "a commune: its own, below it, above it",  "ia-le",   0,              "le zone-b top " },
        { "a village: its own and above it",         "ia-le-a", 0,              "le top " },
        { "a zone by its village",                   "ia-le-b", 0,              "le zone-b top " },
        { "what is over is left out",                NULL,      NOW + 2 * HOUR, "le zone-b top " },
    };
    /* clang-format on */

    temp_store_as(txn, "approver", NOW);
    assert_done(ask(txn, "top", "gia-lai", 0, NOW + DAY, SCHED_QUIET_EXAM, "", &problem));
    assert_done(
        ask(txn, "blu-a", "ia-blu-a", NOW + 1, NOW + 2 * HOUR, SCHED_QUIET_EXAM, "", &problem));
    assert_done(
        ask(txn, "zone-b", "ia-le/b", NOW + 2, NOW + DAY, SCHED_QUIET_EXAM, "", &problem));
    assert_done(ask(txn, "le", "ia-le", NOW + 3, NOW + DAY, SCHED_QUIET_EXAM, "", &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *ids = list(txn, cases[i].area, cases[i].since_us);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(ids, ==, cases[i].ids);
    }
    return TRUE;
}

static void
test_list(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, list_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/quiets/refused", test_refused);
    g_test_add_func("/store/quiets/too-many", test_too_many);
    g_test_add_func("/store/quiets/life", test_life);
    g_test_add_func("/store/quiets/fixed", test_fixed);
    g_test_add_func("/store/quiets/list", test_list);
    return g_test_run();
}
