/* test-grants.c - whom a grant may name, what each station is given of it, and its end. */
#include "scheduler/store/grants.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/templates.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US
#define HASH "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA"

static GPtrArray *
words(const char *text)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(text, " ", -1);

    for (gsize i = 0; parts[i] != NULL && *parts[i] != '\0'; i++)
        g_ptr_array_add(list, g_strdup(parts[i]));
    return list;
}

/* @button: "nut=lu", "nut=lu=VALUE…", or "" */
static SchedGrantRow *
new_row(const char *id, const char *areas, const char *accounts, const char *templates,
        const char *button)
{
    SchedGrantRow *row = g_new0(SchedGrantRow, 1);
    g_auto(GStrv) sides = g_strsplit(button, "=", 3);

    row->id = g_strdup(id);
    row->name = g_strdup("Lũ ở Ia Le");
    row->areas = words(areas);
    row->accounts = words(accounts);
    row->templates = words(templates);
    row->inputs = g_ptr_array_new_with_free_func(content_grant_input_shape.free);
    if (sides[0] != NULL && sides[1] != NULL) {
        ContentGrantInput *input = content_shape_new(&content_grant_input_shape);

        input->name = g_strdup(sides[0]);
        input->template_ = g_strdup(sides[1]);
        input->values = words(sides[2] == NULL ? "" : sides[2]);
        g_ptr_array_add(row->inputs, input);
    }
    row->max_starts = 3;
    row->span_s = 3600;
    row->expires_us = NOW + 30 * TEMP_STORE_DAY_US;
    return row;
}

static gboolean
add(SchedTxn *txn, const char *id, const char *areas, const char *accounts,
    const char *templates, const char *button, GError **error)
{
    g_autoptr(SchedGrantRow) row = new_row(id, areas, accounts, templates, button);

    return sched_store_grant_add(txn, row, error);
}

static void
fill(SchedTxn *txn)
{
    const char *const templates[] = {"lu", "bao", "chay"};

    for (gsize i = 0; i < G_N_ELEMENTS(templates); i++) {
        g_autofree char *sql =
            g_strdup_printf("INSERT INTO alert_templates (id, event, title, severity, tone, "
                            "tone_ms, repeats, gap_ms, again_s, life_min) VALUES ('%s', "
                            "'%s', '%s', 4, 'wail', 5000, 3, 1000, 0, 60)",
                            templates[i], templates[i], templates[i]);

        temp_store_exec(txn, sql);
    }
    assert_done(sched_store_phrase_add(txn, "gia-lai", "cap-1", CONTENT_BLANK_LEVEL, "cấp một",
                                       &problem));
    temp_store_exec(txn, "INSERT INTO alert_parts (template, position, phrase, blank) "
                         "VALUES ('chay', 0, NULL, 'level')");
    temp_store_as(txn, "approver", NOW);
}

static gboolean
refused_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    const struct { const char *why, *areas, *accounts, *templates, *button; gint64 until_us; } cases[] = {
        { "nobody",                              "ia-le",        "",         "lu",     "",         0 },
        { "nothing to start",                    "ia-le",        "approver", "",       "",         0 },
        { "nowhere",                             "",             "approver", "lu",     "",         0 },
        { "a place that is not there",           "ia-khong",     "approver", "lu",     "",         0 },
        { "a template that is not there",        "ia-le",        "approver", "lu-la",  "",         0 },
        { "an account that is not there",        "ia-le",        "ai-do",    "lu",     "",         0 },
        { "somebody who calls no alerts",        "ia-le",        "editor",   "lu",     "",         0 },
        { "somebody of this part only",          "ia-le gia-lai", "approver", "lu",    "",         0 },
        { "a button for another template",       "ia-le",        "",         "lu",     "nut=bao",  0 },
        { "a button that fills no blank",        "ia-le",        "",         "chay",   "nut=chay", 0 },
        { "and one that fills too many",         "ia-le",        "",         "lu",     "nut=lu=cap-1", 0 },
        { "over already",                        "ia-le",        "approver", "lu",     "",         NOW },
        { "longer than a year",                  "ia-le",        "approver", "lu",     "",         NOW + SCHED_GRANT_MAX_US + 1 },
    };
    /* clang-format on */

    fill(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedGrantRow) row = new_row("g", cases[i].areas, cases[i].accounts,
                                               cases[i].templates, cases[i].button);

        g_test_message("%s", cases[i].why);
        if (cases[i].until_us != 0)
            row->expires_us = cases[i].until_us;
        assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                       sched_store_grant_add(txn, row, &problem));
    }
    return TRUE;
}

static void
test_refused(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, refused_body, NULL);
}

/* "g1: a b / approver; g2: …" */
static char *
documents_of(SchedTxn *txn, const char *station)
{
    g_autoptr(GHashTable) zones = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) grants = NULL;
    GString *text = g_string_new(NULL);

    g_hash_table_insert(zones, (gpointer) "a",
                        (gpointer) (strcmp(station, "ia-le") == 0 ? "ia-le-a" : "ia-blu-a"));
    if (strcmp(station, "ia-le") == 0)
        g_hash_table_insert(zones, (gpointer) "b", (gpointer) "ia-le-b");
    grants = sched_store_grant_documents(txn, station, zones, NOW, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < grants->len; i++) {
        const ContentGrant *grant = grants->pdata[i];
        g_autoptr(GBytes) bytes = content_document_write(&content_grant_type, grant, &error);

        g_assert_no_error(error);
        g_string_append_printf(text, "%s%s:", i == 0 ? "" : "; ", grant->id);
        for (guint j = 0; j < grant->zones->len; j++)
            g_string_append_printf(text, " %s", (const char *) grant->zones->pdata[j]);
        for (guint j = 0; j < grant->accounts->len; j++)
            g_string_append_printf(
                text, " %s", ((const ContentGrantAccount *) grant->accounts->pdata[j])->id);
        for (guint j = 0; j < grant->inputs->len; j++)
            g_string_append_printf(text, " %s",
                                   ((const ContentGrantInput *) grant->inputs->pdata[j])->name);
    }
    return g_string_free(text, FALSE);
}

static void
assert_documents(SchedTxn *txn, const char *le, const char *blu)
{
    g_autofree char *at_le = documents_of(txn, "ia-le");
    g_autofree char *at_blu = documents_of(txn, "ia-blu");

    g_assert_cmpstr(at_le, ==, le);
    g_assert_cmpstr(at_blu, ==, blu);
}

static gboolean
given_body(SchedTxn *txn, gpointer data, GError **error)
{
    SchedRightRow right = {.account = (char *) "approver-2",
                           .role = SCHED_ROLE_APPROVER,
                           .area = (char *) "chu-puh",
                           .language = (char *) ""};

    fill(txn);
    assert_done(add(txn, "g1", "chu-puh", "approver approver-2", "lu", "", &problem));
    assert_done(add(txn, "g2", "ia-le-b", "", "lu chay", "nut=chay=cap-1", &problem));
    /* Nobody has a PIN: there is only the button. */
    assert_documents(txn, "g2: b nut", "");
    assert_done(sched_store_account_set_pin(txn, "approver", HASH, &problem));
    assert_documents(txn, "g1: a b approver; g2: b nut", "g1: a approver");
    assert_done(sched_store_account_set_pin(txn, "approver-2", HASH, &problem));
    assert_documents(txn, "g1: a b approver approver-2; g2: b nut",
                     "g1: a approver approver-2");
    /* Who has lost the right, or has left, is not in it any more. */
    temp_store_as(txn, "technician", NOW);
    assert_done(sched_store_right_revoke(txn, &right, &problem));
    assert_documents(txn, "g1: a b approver; g2: b nut", "g1: a approver");
    assert_done(sched_store_account_set_state(txn, "approver", SCHED_ACCOUNT_LOCKED, &problem));
    assert_documents(txn, "g2: b nut", "");
    assert_done(sched_store_grant_revoke(txn, "g2", &problem));
    assert_documents(txn, "", "");
    assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_grant_revoke(txn, "g2", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_grant_revoke(txn, "g9", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE grants SET max_starts = 100", &problem, ""));
    return TRUE;
}

static void
test_given(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, given_body, NULL);
}

/* ---- PINs ---- */

static gint64
count(SchedTxn *txn, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 n = -1;

    g_assert_true(sched_sql_int(txn, sql, &n, &error, ""));
    return n;
}

/* Whoever the grant names is told by its stations; the audit tells that, and not what. */
static gboolean
pin_body(SchedTxn *txn, gpointer data, GError **error)
{
    fill(txn);
    assert_done(add(txn, "g1", "ia-le", "approver", "lu", "", &problem));
    temp_store_exec(txn, "DELETE FROM outbox");
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_account_set_pin(txn, "approver", "260302", &problem));
    assert_done(sched_store_account_set_pin(txn, "approver-2", HASH, &problem));
    g_assert_cmpint(count(txn, "SELECT count(*) FROM outbox"), ==, 0);
    assert_done(sched_store_account_set_pin(txn, "approver", HASH, &problem));
    g_assert_cmpint(count(txn, "SELECT count(*) FROM outbox WHERE station = 'ia-le'"), ==, 1);
    g_assert_cmpint(count(txn, "SELECT count(*) FROM audit WHERE action = 'account.pin'"), ==,
                    2);
    g_assert_cmpint(count(txn, "SELECT count(*) FROM audit WHERE detail LIKE '%argon2%'"), ==,
                    0);
    temp_store_exec(txn, "DELETE FROM outbox");
    temp_store_as(txn, "technician", NOW);
    assert_done(sched_store_account_set_state(txn, "approver", SCHED_ACCOUNT_LOCKED, &problem));
    g_assert_cmpint(count(txn, "SELECT count(*) FROM outbox WHERE station = 'ia-le'"), ==, 1);
    return TRUE;
}

static void
test_pin(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, pin_body, NULL);
}

/* "approver approver-2!": who may be named there, or is; !: has a PIN */
static void
assert_callers(SchedTxn *txn, const char *area, const char *expected)
{
    g_autoptr(GPtrArray) callers = sched_store_grant_callers(txn, area, NULL);
    g_autoptr(GString) said = g_string_new(NULL);

    for (guint i = 0; i < callers->len; i++) {
        const SchedCallerRow *row = callers->pdata[i];

        g_string_append_printf(said, "%s%s%s", i > 0 ? " " : "", row->id,
                               row->has_pin ? "!" : "");
    }
    g_assert_cmpstr(said->str, ==, expected);
}

static gboolean
callers_body(SchedTxn *txn, gpointer data, GError **error)
{
    fill(txn);
    assert_callers(txn, "ia-le", "approver approver-2");
    assert_callers(txn, "gia-lai", "");
    assert_callers(txn, NULL, "");
    assert_done(sched_store_account_set_pin(txn, "approver", HASH, &problem));
    assert_done(add(txn, "g1", "ia-le", "approver", "lu", "", &problem));
    assert_callers(txn, "ia-le", "approver! approver-2");
    assert_callers(txn, NULL, "approver!");
    return TRUE;
}

static void
test_callers(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, callers_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/store/grants/refused", test_refused);
    g_test_add_func("/scheduler/store/grants/given", test_given);
    g_test_add_func("/scheduler/store/grants/pin", test_pin);
    g_test_add_func("/scheduler/store/grants/callers", test_callers);
    return g_test_run();
}
