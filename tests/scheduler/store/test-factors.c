/* test-factors.c - what the database itself holds about second factors, and rights that begin.
 */
#include "scheduler/store/factors.h"

#include "tests/support/temp-store.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US
#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static GPtrArray *
two_hashes(void)
{
    GPtrArray *hashes = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(hashes, temp_store_hash("one"));
    g_ptr_array_add(hashes, temp_store_hash("two"));
    return hashes;
}

static gboolean
life_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) hashes = two_hashes();
    g_autoptr(SchedFactorRow) pending = NULL, factor = NULL;

    temp_store_as(txn, "editor", NOW);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_factor_confirm(txn, "editor", 7, hashes, &problem));
    assert_done(sched_store_factor_begin(txn, "editor", "first", &problem));
    assert_done(sched_store_factor_begin(txn, "editor", "second", &problem));
    pending = sched_store_factor_get(txn, "editor", TRUE, NOW + HOUR - 1, NULL);
    g_assert_cmpstr(pending->sealed, ==, "second");
    g_assert_null(sched_store_factor_get(txn, "editor", TRUE, NOW + HOUR, NULL));
    g_assert_null(sched_store_factor_get(txn, "editor", FALSE, NOW, NULL));
    assert_done(sched_store_factor_confirm(txn, "editor", 7, hashes, &problem));
    factor = sched_store_factor_get(txn, "editor", FALSE, NOW, NULL);
    g_assert_cmpint(factor->last_step, ==, 7);
    /* A step, and those before it, are used once; so is a recovery code. */
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_factor_use_step(txn, "editor", 7, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_factor_use_step(txn, "editor", 6, &problem));
    assert_done(sched_store_factor_use_step(txn, "editor", 8, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE factors SET last_step = 0", &problem, ""));
    g_assert_true(sched_store_factor_has_code(txn, "editor", hashes->pdata[0]));
    assert_done(sched_store_factor_use_code(txn, "editor", hashes->pdata[0], &problem));
    g_assert_false(sched_store_factor_has_code(txn, "editor", hashes->pdata[0]));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_factor_use_code(txn, "editor", hashes->pdata[0], &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE recovery_codes SET used_us = 0", &problem, ""));
    g_assert_cmpint(sched_store_factor_n_codes(txn, "editor"), ==, 1);
    /* Another one takes its place, with codes of its own. */
    assert_done(sched_store_factor_begin(txn, "editor", "third", &problem));
    g_ptr_array_remove_index(hashes, 0);
    assert_done(sched_store_factor_confirm(txn, "editor", 3, hashes, &problem));
    g_assert_cmpint(sched_store_factor_n_codes(txn, "editor"), ==, 1);
    assert_done(sched_store_factor_remove(txn, "editor", &problem));
    g_assert_null(sched_store_factor_get(txn, "editor", FALSE, NOW, NULL));
    return TRUE;
}

static void
test_life(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, life_body, NULL);
}

/* Whoever writes past the program is held by the database. */
static gboolean
reset_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const refused[] = {
        "UPDATE factor_resets SET confirmed_by = 'approver', ended_us = 5",
        "UPDATE factor_resets SET confirmed_by = 'editor', ended_us = 5",
        "INSERT INTO factor_resets VALUES ('editor', 5, 'editor', 'x', 0, NULL)",
        "INSERT INTO factor_resets VALUES ('editor', 6, 'reader', '', 0, NULL)",
    };
    g_autoptr(GPtrArray) hashes = two_hashes();

    temp_store_as(txn, "approver", NOW);
    assert_done(sched_store_factor_begin(txn, "editor", "x", &problem));
    assert_done(sched_store_factor_confirm(txn, "editor", 7, hashes, &problem));
    assert_done(sched_store_factor_reset_ask(txn, "editor", "why", &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
        assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                       sched_sql_run(txn, refused[i], &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE factor_resets SET why = 'else'", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_factor_reset_end(txn, "editor", TRUE, &problem));
    temp_store_as(txn, "editor", NOW);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_factor_reset_end(txn, "editor", TRUE, &problem));
    temp_store_as(txn, "reader", NOW);
    assert_done(sched_store_factor_reset_end(txn, "editor", TRUE, &problem));
    g_assert_null(sched_store_factor_get(txn, "editor", FALSE, NOW, NULL));
    g_assert_cmpint(sched_store_factor_n_codes(txn, "editor"), ==, 0);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE factor_resets SET ended_us = 9", &problem, ""));
    return TRUE;
}

static void
test_reset(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, reset_body, NULL);
}

/* Who is told nothing for years is told the latest. */
static gboolean
notes_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) notes = NULL, none = NULL;

    for (guint i = 0; i < SCHED_ACCOUNT_MAX_NOTES + 5; i++) {
        temp_store_as(txn, "approver", NOW + i);
        assert_done(sched_store_note_add(txn, "editor", SCHED_NOTE_PASSWORD_SET, &problem));
    }
    notes = sched_store_note_list(txn, "editor", NULL);
    g_assert_cmpuint(notes->len, ==, SCHED_ACCOUNT_MAX_NOTES);
    g_assert_cmpint(((SchedNoteRow *) notes->pdata[0])->at_us, ==, NOW + 5);
    g_assert_cmpstr(((SchedNoteRow *) notes->pdata[0])->actor, ==, "approver");
    assert_done(sched_store_notes_seen(txn, "editor", &problem));
    none = sched_store_note_list(txn, "editor", NULL);
    g_assert_cmpuint(none->len, ==, 0);
    return TRUE;
}

static void
test_notes(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, notes_body, NULL);
}

/* A deputy's right counts from its first instant to before its last. */
static gboolean
from_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedRightRow deputy = {(char *) "editor", SCHED_ROLE_APPROVER,
                                  (char *) "ia-le",  (char *) "",
                                  NOW + 20,          NOW + 10};
    const SchedRightRow backwards = {(char *) "editor", SCHED_ROLE_OPERATOR,
                                     (char *) "ia-le",  (char *) "",
                                     NOW + 10,          NOW + 20};
    static const struct {
        gint64 at_us;
        gboolean may;
    } cases[] = {{NOW + 9, FALSE}, {NOW + 10, TRUE}, {NOW + 19, TRUE}, {NOW + 20, FALSE}};

    temp_store_as(txn, "approver", NOW);
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_right_grant(txn, &backwards, &problem));
    assert_done(sched_store_right_grant(txn, &deputy, &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(sched_store_account_may(txn, "editor", SCHED_ROLE_APPROVER, "ia-le",
                                                NULL, cases[i].at_us),
                        ==, cases[i].may);
        /* And so long, and no longer, a second factor is wanted of who has it. */
        g_assert_cmpint(sched_store_factor_is_wanted(txn, "editor", cases[i].at_us), ==,
                        cases[i].may);
    }
    return TRUE;
}

static void
test_from(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, from_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/store/factors/life", test_life);
    g_test_add_func("/scheduler/store/factors/reset", test_reset);
    g_test_add_func("/scheduler/store/factors/notes", test_notes);
    g_test_add_func("/scheduler/store/factors/from", test_from);
    return g_test_run();
}
