/* test-accounts.c - who may do what where, sessions that end, and the audit that tells on SQL.
 */
#include "scheduler/store/accounts.h"

#include "scheduler/store/areas.h"
#include "scheduler/store/audit.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US

static gboolean
rights_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct {
        const char *why, *account; SchedRole role; const char *area, *language;
        gint64 after_us; gboolean may;
    } cases[] = {
        { "at the area itself",       "editor",  SCHED_ROLE_EDITOR,     "chu-puh", NULL,  0, TRUE  },
        { "below it",                 "editor",  SCHED_ROLE_EDITOR,     "ia-le-a", NULL,  0, TRUE  },
        { "above it",                 "editor",  SCHED_ROLE_EDITOR,     "gia-lai", NULL,  0, FALSE },
        { "nowhere",                  "editor",  SCHED_ROLE_EDITOR,     "nowhere", NULL,  0, FALSE },
        { "another role",             "editor",  SCHED_ROLE_APPROVER,   "chu-puh", NULL,  0, FALSE },
        { "nobody",                   "nobody",  SCHED_ROLE_EDITOR,     "chu-puh", NULL,  0, FALSE },
        { "no name",                  NULL,      SCHED_ROLE_EDITOR,     "chu-puh", NULL,  0, FALSE },
        { "every language",           "reader",  SCHED_ROLE_REVIEWER,   "ia-le",   "jra", 0, TRUE  },
        { "the language",             "jra",     SCHED_ROLE_REVIEWER,   "ia-le",   "jra", 0, TRUE  },
        { "a dialect of it",          "jra",     SCHED_ROLE_REVIEWER,   "ia-le", "jra-x-chor", 0, TRUE },
        { "another language",         "jra",     SCHED_ROLE_REVIEWER,   "ia-le",   "bdq", 0, FALSE },
        { "a dialect, not the whole", "kriem",   SCHED_ROLE_REVIEWER,   "ia-le",   "bdq", 0, FALSE },
        { "the dialect",              "kriem",   SCHED_ROLE_REVIEWER, "ia-le", "bdq-x-kriem", 0, TRUE },
        { "in time",                  "guest",   SCHED_ROLE_INSPECTOR,  "gia-lai", NULL,  9, TRUE  },
        { "over",                     "guest",   SCHED_ROLE_INSPECTOR,  "gia-lai", NULL, 10, FALSE },
        { "locked",                   "locked",  SCHED_ROLE_EDITOR,     "chu-puh", NULL,  0, FALSE },
    };
    static const SchedRightRow rights[] = {
        { (char *) "jra",    SCHED_ROLE_REVIEWER,  (char *) "chu-puh", (char *) "jra", 0 },
        { (char *) "kriem",  SCHED_ROLE_REVIEWER,  (char *) "chu-puh", (char *) "bdq-x-kriem", 0 },
        { (char *) "guest",  SCHED_ROLE_INSPECTOR, (char *) "gia-lai", (char *) "", NOW + 10 },
        { (char *) "locked", SCHED_ROLE_EDITOR,    (char *) "chu-puh", (char *) "", 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(rights); i++) {
        const SchedAccountRow account = {
            .id = rights[i].account, .login = rights[i].account, .name = rights[i].account};

        assert_done(sched_store_account_add(txn, &account, &problem));
        assert_done(sched_store_right_grant(txn, &rights[i], &problem));
    }
    assert_done(sched_store_account_set_state(txn, "locked", SCHED_ACCOUNT_LOCKED, &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_store_account_may(txn, cases[i].account, cases[i].role,
                                                cases[i].area, cases[i].language,
                                                NOW + cases[i].after_us),
                        ==, cases[i].may);
    }
    g_assert_true(sched_store_account_may_anywhere(txn, "editor", SCHED_ROLE_EDITOR, NOW));
    g_assert_false(
        sched_store_account_may_anywhere(txn, "guest", SCHED_ROLE_INSPECTOR, NOW + 10));
    assert_done(sched_store_right_revoke(txn, &rights[0], &problem));
    g_assert_false(
        sched_store_account_may(txn, "jra", SCHED_ROLE_REVIEWER, "ia-le", "jra", NOW));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_right_revoke(txn, &rights[0], &problem));
    return TRUE;
}

static void
test_rights(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, rights_body, NULL);
}

static gboolean
refusals_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAccountRow account = {.id = (char *) "x", .login = (char *) "x", .name = (char *) "x"};
    SchedRightRow right = {(char *) "editor", SCHED_ROLE_INSPECTOR, (char *) "chu-puh",
                           (char *) "", 0};

    account.login = (char *) "editor";
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_account_add(txn, &account, &problem));
    account.login = (char *) "Ê x";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_account_add(txn, &account, &problem));
    account.login = (char *) "x";
    account.name = (char *) "";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_account_add(txn, &account, &problem));
    account.name = (char *) "x";
    account.state = 7;
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_account_add(txn, &account, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, /* an inspector without an end */
                   sched_store_right_grant(txn, &right, &problem));
    right.role = SCHED_ROLE_EDITOR;
    right.language = (char *) "jra";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, /* an editor of one language */
                   sched_store_right_grant(txn, &right, &problem));
    right.language = (char *) "";
    right.area = (char *) "nowhere";
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_right_grant(txn, &right, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_account_set_password(txn, "nobody", "h", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM accounts", &problem, ""));
    /* The record names people by it. */
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE accounts SET login = login || '-2'", &problem,
                                 ""));
    return TRUE;
}

static void
test_refusals(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, refusals_body, NULL);
}

static gboolean
is_open(SchedTxn *txn, const char *token, gint64 now_us)
{
    g_autoptr(SchedSessionRow) session = sched_store_session_get(txn, token, now_us, NULL);

    return session != NULL;
}

static gboolean
sessions_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *token = temp_store_hash("one"), *other = temp_store_hash("two");
    SchedSessionRow session = {.token_hash = token,
                               .account = (char *) "editor",
                               .idle_us = 30,
                               .until_us = NOW + 100,
                               .from = (char *) "127.0.0.1"};

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_session_open(txn, &session, &problem));
    g_assert_true(is_open(txn, token, NOW + 29));
    g_assert_false(is_open(txn, token, NOW + 30));
    g_assert_false(is_open(txn, other, NOW));
    temp_store_as(txn, "editor", NOW + 29);
    assert_done(sched_store_session_use(txn, token, &problem));
    g_assert_true(is_open(txn, token, NOW + 58));
    temp_store_as(txn, "editor", NOW + 90);
    assert_done(sched_store_session_use(txn, token, &problem));
    g_assert_true(is_open(txn, token, NOW + 99));
    g_assert_false(is_open(txn, token, NOW + 100));
    session.token_hash = other;
    assert_done(sched_store_session_open(txn, &session, &problem));
    assert_done(sched_store_account_set_password(txn, "editor", "$new", &problem));
    g_assert_false(is_open(txn, token, NOW + 91));
    g_assert_false(is_open(txn, other, NOW + 91));
    assert_done(sched_store_session_open(txn, &session, &problem));
    assert_done(sched_store_account_set_state(txn, "editor", SCHED_ACCOUNT_RETIRED, &problem));
    g_assert_false(is_open(txn, other, NOW + 91));
    assert_done(sched_store_account_set_state(txn, "editor", SCHED_ACCOUNT_ACTIVE, &problem));
    assert_done(sched_store_session_open(txn, &session, &problem));
    assert_done(sched_store_session_close(txn, other, &problem));
    assert_done(sched_store_session_close(txn, other, &problem));
    g_assert_false(is_open(txn, other, NOW + 91));
    session.token_hash = (char *) "plain token";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_session_open(txn, &session, &problem));
    assert_done(sched_store_sessions_purge(txn, &problem));
    return TRUE;
}

static void
test_sessions(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, sessions_body, NULL);
}

static gboolean
failures_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedAccountRow) account = NULL;

    temp_store_as(txn, "system", NOW + 3);
    assert_done(sched_store_account_signed_in(txn, "editor", FALSE, &problem));
    assert_done(sched_store_account_signed_in(txn, "editor", FALSE, &problem));
    account = sched_store_account_by_login(txn, "editor", error);
    g_assert_cmpint(account->failures, ==, 2);
    g_assert_cmpint(account->failed_us, ==, NOW + 3);
    g_assert_cmpstr(account->password, ==, "$hash");
    assert_done(sched_store_account_signed_in(txn, "editor", TRUE, &problem));
    g_clear_pointer(&account, sched_account_row_free);
    account = sched_store_account_get(txn, "editor", error);
    g_assert_cmpint(account->failures, ==, 0);
    g_assert_cmpint(account->signed_in_us, ==, NOW + 3);
    g_assert_true(
        sched_sql_is(txn, "SELECT count(*) = 0 FROM audit WHERE detail LIKE '%hash%'", ""));
    return TRUE;
}

static void
test_failures(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, failures_body, NULL);
}

/* Audit
 * ---------------------------------------------------------------------------------------- */

static gint64
first_bad(SchedTxn *txn, GPtrArray *heads)
{
    gint64 n_rows = 0, bad = -1;
    g_autofree char *why = NULL;

    assert_done(sched_store_audit_verify(txn, heads, &n_rows, &bad, &why, &problem));
    g_assert_cmpint(why != NULL, ==, bad != 0);
    return bad;
}

/* Somebody with a database shell who takes the triggers away first. */
typedef struct {
    const char *why, *sql;
    gboolean is_witnessed;
    gint64 bad;
} Tampering;

static gboolean
tamper_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Tampering *t = data;
    g_autoptr(GPtrArray) heads = g_ptr_array_new();
    g_autoptr(ContentAuditHead) head = NULL;

    temp_store_exec(txn, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;");
    for (gint i = 0; i < 10; i++)
        assert_done(sched_store_audit_append(txn, "test.act", "x", NULL, &problem));
    head = sched_store_audit_head(txn, error);
    g_assert_cmpint(head->seq, ==, 10);
    g_ptr_array_add(heads, head);
    g_assert_cmpint(first_bad(txn, heads), ==, 0);
    temp_store_exec(txn, t->sql);
    g_assert_cmpint(first_bad(txn, t->is_witnessed ? heads : NULL), ==, t->bad);
    return TRUE;
}

static void
test_audit(void)
{
    /* clang-format off */
    const Tampering cases[] = {
        { "another actor", "UPDATE audit SET actor = 'x' WHERE seq = 4", FALSE, 4 },
        { "another instant", "UPDATE audit SET at_us = at_us + 1 WHERE seq = 5", FALSE, 5 },
        { "another detail", "UPDATE audit SET detail = '{\"a\":1}' WHERE seq = 10", FALSE, 10 },
        { "another hash", "UPDATE audit SET hash = lower(hex(zeroblob(32))) WHERE seq = 6", FALSE, 6 },
        { "a row less", "DELETE FROM audit WHERE seq = 3", FALSE, 3 },
        { "the first row less", "DELETE FROM audit WHERE seq = 1", FALSE, 1 },
        { "two rows changed round",
          "UPDATE audit SET seq = 99 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; "
          "UPDATE audit SET seq = 4 WHERE seq = 99", FALSE, 3 },
        { "the tail cut, nobody saw it", "DELETE FROM audit WHERE seq > 8", FALSE, 0 },
        { "the tail cut, a station saw it", "DELETE FROM audit WHERE seq > 8", TRUE, 9 },
        { "all of it cut, a station saw it", "DELETE FROM audit", TRUE, 1 },
        { "another chain begun", "UPDATE settings SET value = 'x' WHERE key = 'audit-chain'",
          TRUE, 1 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TempStore) store = temp_store_new();

        g_test_message("%s", cases[i].why);
        temp_store_run(store, tamper_body, (gpointer) &cases[i]);
    }
}

/* Who, what, when: all must hold. */
static void
find_rows(SchedTxn *txn, GError **error)
{
    const struct {
        const char *why;
        SchedAuditFilter filter;
        guint n;
    } cases[] = {
        {"by who did it", {.actor = "editor"}, 4},
        {"one act", {.action = "slot.put"}, 1},
        {"all of a kind", {.action = "slot", .actor = "editor"}, 2},
        {"no part of a word", {.action = "slo"}, 0},
        {"one act, and none that is more of it", {.action = "alert.import"}, 1},
        {"the same of somebody", {.action = "alert.import", .actor = "editor"}, 1},
        {"the same about something", {.action = "alert.import", .object = "i"}, 1},
        {"the one that is more", {.action = "alert.import.use", .actor = "editor"}, 1},
        {"both are of the kind", {.action = "alert", .object = "i"}, 2},
        {"of a time", {.action = "slot", .from_us = NOW + 5, .to_us = NOW + 6}, 1},
        {"about something", {.object = "s", .action = "slot.stop"}, 1},
        {"of somebody else", {.actor = "reader", .action = "slot"}, 0},
    };

    temp_store_as(txn, "editor", NOW + 5);
    assert_done(sched_store_audit_append(txn, "slot.put", "s", NULL, &problem));
    temp_store_as(txn, "editor", NOW + 6);
    assert_done(sched_store_audit_append(txn, "slot.stop", "s", NULL, &problem));
    assert_done(sched_store_audit_append(txn, "alert.import", "i", NULL, &problem));
    assert_done(sched_store_audit_append(txn, "alert.import.use", "i", NULL, &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) rows = sched_store_audit_find(txn, &cases[i].filter, 10, error);

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(rows->len, ==, cases[i].n);
    }
}

typedef struct {
    gint64 id, parent, unused;
    char *step; /* (owned) */
} PlanRow;
static void
plan_row_free(gpointer data)
{
    g_free(((PlanRow *) data)->step);
    g_free(data);
}
static const SchedSqlColumn plan_columns[] = {
    {"id", SCHED_SQL_INT, G_STRUCT_OFFSET(PlanRow, id)},
    {"parent", SCHED_SQL_INT, G_STRUCT_OFFSET(PlanRow, parent)},
    {"notused", SCHED_SQL_INT, G_STRUCT_OFFSET(PlanRow, unused)},
    {"detail", SCHED_SQL_TEXT, G_STRUCT_OFFSET(PlanRow, step)},
    {NULL},
};
static const SchedSqlShape plan_shape = {sizeof(PlanRow), plan_columns, plan_row_free};

/* However long the audit has become: along an index, newest first, and nothing is sorted. */
static gboolean
plan_body(SchedTxn *txn, gpointer data, GError **error)
{
    const struct {
        const char *why;
        SchedAuditFilter filter;
        const char *index;
    } cases[] = {
        {"all of it", {NULL}, "PRIMARY KEY"},
        {"about something", {.object = "s"}, "audit_object"},
        {"by who did it", {.actor = "editor"}, "audit_actor"},
        {"by who did it, of a kind", {.actor = "editor", .action = "slot"}, "audit_actor"},
        {"one act", {.action = "slot.put"}, "audit_action"},
        {"one act of three words", {.action = "alert.import.use"}, "audit_action"},
        {"all of a kind", {.action = "slot"}, "audit_noun"},
        {"all of a kind, page by page", {.action = "slot", .before_seq = 9}, "audit_noun"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *explain =
            g_strdup_printf("EXPLAIN QUERY PLAN %s",
                            sched_store_audit_find_sql(&cases[i].filter));
        g_autoptr(GPtrArray) steps =
            sched_sql_list(txn, explain, &plan_shape, error,
                           cases[i].filter.object == NULL ? "tiittii" : "tiittiit", "c",
                           (gint64) 0, (gint64) 10, cases[i].filter.actor,
                           cases[i].filter.action, (gint64) 0, (gint64) 0,
                           cases[i].filter.object);
        const char *first;

        g_assert_no_error(*error);
        first = ((PlanRow *) steps->pdata[0])->step;
        g_test_message("%s: %s", cases[i].why, first);
        g_assert_nonnull(strstr(first, "SEARCH audit"));
        g_assert_nonnull(strstr(first, cases[i].index));
        for (guint j = 0; j < steps->len; j++)
            g_assert_null(strstr(((PlanRow *) steps->pdata[j])->step, "TEMP B-TREE"));
    }
    return TRUE;
}

static void
test_audit_plan(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_look(store, plan_body, NULL);
}

static gboolean
append_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *long_detail = g_strnfill(SCHED_AUDIT_MAX_DETAIL_BYTES + 1, 'x');
    g_autoptr(GPtrArray) page = NULL, about = NULL;

    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_audit_append(txn, "a", "x", long_detail, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_audit_append(txn, "a", "x\ny", NULL, &problem));
    for (gint i = 0; i < 5; i++)
        assert_done(sched_store_audit_append(txn, "a", i == 2 ? "two" : "x", NULL, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE audit SET actor = 'x'", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM audit", &problem, ""));
    page = sched_store_audit_list(txn, NULL, 4, 2, error);
    g_assert_cmpuint(page->len, ==, 2);
    g_assert_cmpint(((SchedAuditRow *) g_ptr_array_index(page, 0))->seq, ==, 3);
    about = sched_store_audit_list(txn, "two", 0, 10, error);
    g_assert_cmpuint(about->len, ==, 1);
    find_rows(txn, error);
    temp_store_as(txn, "", NOW);
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_audit_append(txn, "a", "x", NULL, &problem));
    return TRUE;
}

static void
test_append(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, append_body, NULL);
}

/* 2,500 rows: more than one step of the verification. */
static gboolean
long_body(SchedTxn *txn, gpointer data, GError **error)
{
    gint64 n_rows = 0, bad = -1;
    g_autofree char *why = NULL;

    for (gint i = 0; i < 2500; i++)
        assert_done(sched_store_audit_append(txn, "a", "x", NULL, &problem));
    assert_done(sched_store_audit_verify(txn, NULL, &n_rows, &bad, &why, &problem));
    g_assert_cmpint(n_rows, ==, 2500);
    g_assert_cmpint(bad, ==, 0);
    return TRUE;
}

static void
test_long(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, long_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/accounts/rights", test_rights);
    g_test_add_func("/store/accounts/refusals", test_refusals);
    g_test_add_func("/store/accounts/sessions", test_sessions);
    g_test_add_func("/store/accounts/failures", test_failures);
    g_test_add_func("/store/audit/tampering", test_audit);
    g_test_add_func("/store/audit/plan", test_audit_plan);
    g_test_add_func("/store/audit/append", test_append);
    g_test_add_func("/store/audit/long", test_long);
    return g_test_run();
}
