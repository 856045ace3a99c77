/* test-local-alerts.c - what a commune started alone is an alert at the district, once,
 * whatever way its records come. */
#include "scheduler/store/local-alerts.h"

#include "content/base/id.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/records.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW    TEMP_STORE_NOW_US
#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define HEARD  (NOW + 10 * G_USEC_PER_SEC)
#define BOOT   "00112233445566778899aabbccddeeff"
#define ALERT  "mot-bao-dong"

/* ---- a journal of ia-le ---- */

typedef struct {
    GPtrArray *records; /* (element-type utf8) */
    char *prev;
} Journal;

static Journal
journal_new(void)
{
    return (Journal){g_ptr_array_new_with_free_func(g_free),
                     g_strdup(CONTENT_RECORD_NO_PREVIOUS)};
}

static void
journal_clear(Journal *self)
{
    g_ptr_array_unref(self->records);
    g_free(self->prev);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Journal, journal_clear)

/* @zone: (nullable); @who: (transfer full) (nullable) */
static void
add(Journal *self, ContentRecordKind kind, const char *alert, const char *zone,
    ContentTrust trust, ContentRemark *who)
{
    g_autoptr(ContentRecord) record = content_document_new(&content_record_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    char *raw;

    record->seq = self->records->len + 1;
    record->prev = g_strdup(self->prev);
    record->kind = (gint) kind;
    record->boot = g_strdup(BOOT);
    record->at_us = NOW + record->seq;
    record->monotonic_us = record->seq;
    record->trust = (gint) trust;
    record->occurrence = g_strdup(alert);
    record->item = g_strdup("alert");
    record->zone = g_strdup(zone);
    if (kind == CONTENT_RECORD_ALERT_STARTED_LOCALLY) {
        record->planned_start_us = NOW - MINUTE;
        record->planned_end_us = NOW + 59 * MINUTE;
    }
    content_record_tell(record, who);
    bytes = content_document_write(&content_record_type, record, &error);
    g_assert_no_error(error);
    raw = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_free(self->prev);
    self->prev = content_sha256_hex(raw, strlen(raw));
    g_ptr_array_add(self->records, raw);
}

static ContentRemark *
by(const char *what, const char *who)
{
    g_autofree char *code = g_strdup_printf("local_by_%s", what);
    ContentRemark *remark = content_remark_new(code, NULL, NULL);

    content_remark_add(remark, what, who);
    content_remark_add(remark, "grant", "g1");
    content_remark_add(remark, "template", "lu");
    content_remark_add(remark, "title", "Lũ");
    return remark;
}

static void
add_start(Journal *self, ContentRemark *who)
{
    add(self, CONTENT_RECORD_ALERT_STARTED_LOCALLY, ALERT, NULL, CONTENT_TRUST_SYNCED, who);
}

static void
add_zone(Journal *self, ContentRecordKind kind, const char *zone)
{
    add(self, kind, ALERT, zone, CONTENT_TRUST_SYNCED, NULL);
}

static void
add_stop(Journal *self)
{
    ContentRemark *who = content_remark_new("local_stop_by_account", NULL, NULL);

    content_remark_add(who, "account", "approver-2");
    content_remark_add(who, "grant", "g1");
    add(self, CONTENT_RECORD_ALERT_STOPPED_LOCALLY, ALERT, NULL, CONTENT_TRUST_SYNCED, who);
}

/* Records @from … @to, from 1, as one batch of @station. */
static void
send(SchedTxn *txn, const char *station, const Journal *journal, guint from, guint to)
{
    g_autoptr(GPtrArray) part = g_ptr_array_new();
    const ContentRecords batch = {(char *) station, (char *) "j1", from, FALSE, part};
    SchedIngest result = {0};

    for (guint i = from; i <= to; i++)
        g_ptr_array_add(part, journal->records->pdata[i - 1]);
    temp_store_as(txn, "station:ia-le", HEARD);
    assert_done(sched_store_records_ingest(txn, &batch, &result, &problem));
    g_assert_cmpint(result.n_unreadable, ==, 0);
}

/* ---- the district: a grant for ia-le, where plei-xa has no loudspeaker ---- */

static void
fill(SchedTxn *txn)
{
    temp_store_exec(txn,
                    "INSERT INTO alert_templates (id, event, title, severity, tone, tone_ms, "
                    "repeats, gap_ms, again_s, life_min) VALUES ('lu', 'flood', 'Lũ', 4, "
                    "'wail', 5000, 3, 1000, 0, 60)");
    temp_store_exec(txn,
                    "INSERT INTO grants VALUES ('g1', 'Lũ', 0, 3, 3600, 1, 9000000000000000,"
                    " 'approver-2', 1, 0, NULL)");
    temp_store_exec(txn, "INSERT INTO grant_areas VALUES ('g1', 'chu-puh')");
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) "
                         "VALUES ('plei-xa', 'ia-le', 'village', 'Plei Xa')");
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) "
                         "VALUES ('plei-la', 'ia-blu', 'village', 'Plei La')");
}

static char *
words(const GPtrArray *list)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", (const char *) list->pdata[i]);
    return g_string_free(text, FALSE);
}

static void
assert_places(SchedTxn *txn, const char *expected)
{
    g_autoptr(SchedAlertRow) row = sched_store_alert_get(txn, ALERT, NULL);
    g_autofree char *said = words(row->areas);

    g_assert_cmpstr(said, ==, expected);
}

static void
assert_tasks(SchedTxn *txn, const char *expected)
{
    const SchedMessengerFilter filter = {.alert = ALERT};
    g_autoptr(GPtrArray) tasks = sched_store_messenger_list(txn, &filter, NULL);
    g_autoptr(GString) said = g_string_new(NULL);

    for (guint i = 0; i < tasks->len; i++) {
        const SchedMessengerTaskRow *task = tasks->pdata[i];

        g_string_append_printf(said, "%s%s %s", i > 0 ? ", " : "", task->village,
                               sched_messenger_state_words[task->state]);
    }
    g_assert_cmpstr(said->str, ==, expected);
}

/* One village first, then all that the grant reaches at the station: it is for the commune. */
static gboolean
told_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_auto(Journal) journal = journal_new();
    g_autoptr(SchedAlertRow) row = NULL;
    g_autoptr(GPtrArray) zones = NULL, orders = NULL, listed = NULL;

    fill(txn);
    add_start(&journal, by("account", "approver"));
    add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "a");
    add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "b");
    add_zone(&journal, CONTENT_RECORD_ALERT_ENDED, "a");
    send(txn, "ia-le", &journal, 1, 2);
    assert_places(txn, "ia-le-a");
    assert_tasks(txn, "");
    send(txn, "ia-le", &journal, 3, 4);
    send(txn, "ia-le", &journal, 1, 4);
    assert_places(txn, "ia-le ia-le-a ia-le-b");
    assert_tasks(txn, "plei-xa to_tell");
    row = sched_store_alert_get(txn, ALERT, error);
    g_assert_cmpstr(row->station, ==, "ia-le");
    g_assert_cmpstr(row->author, ==, "approver");
    g_assert_false(row->by_button);
    g_assert_cmpint(row->event, ==, CONTENT_EVENT_FLOOD);
    g_assert_cmpint(row->severity, ==, 4);
    g_assert_cmpint(row->issued_us, ==, NOW - MINUTE);
    g_assert_cmpint(row->published_us, ==, HEARD);
    g_assert_cmpint(row->expires_us, ==, NOW + 59 * MINUTE);
    g_assert_cmpint(row->n_told, ==, 1); /* the other approver */
    zones = sched_store_alert_zones(txn, ALERT, error);
    g_assert_cmpuint(zones->len, ==, 2);
    orders = sched_store_orders(txn, NOW, error);
    g_assert_cmpuint(orders->len, ==, 0); /* nothing of it goes out */
    listed = sched_store_alert_list(txn, "ia-le-b", NOW, 10, error);
    g_assert_cmpuint(listed->len, ==, 1);
    g_assert_true(
        sched_sql_is(txn, "SELECT count(*) = 1 FROM audit WHERE action = 'alert.alone'", ""));
    return TRUE;
}

/* No zone has said anything of it, and perhaps none ever does: it is of its station's place. */
static gboolean
untaken_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_auto(Journal) journal = journal_new();
    g_autoptr(SchedAlertRow) row = NULL;
    g_autoptr(GPtrArray) here = NULL, below = NULL, elsewhere = NULL;

    fill(txn);
    add_start(&journal, by("input", "nut-lu"));
    add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "a");
    send(txn, "ia-le", &journal, 1, 1);
    assert_places(txn, "ia-le");
    assert_tasks(txn, "");
    row = sched_store_alert_get(txn, ALERT, error);
    g_assert_cmpint(row->n_told, ==, 2);
    here = sched_store_alert_list(txn, "ia-le", NOW, 10, error);
    g_assert_cmpuint(here->len, ==, 1);
    below = sched_store_alert_list(txn, "ia-le-b", NOW, 10, error);
    g_assert_cmpuint(below->len, ==, 1);
    elsewhere = sched_store_alert_list(txn, "ia-blu", NOW, 10, error);
    g_assert_cmpuint(elsewhere->len, ==, 0);
    send(txn, "ia-le", &journal, 2, 2);
    assert_places(txn, "ia-le-a");
    return TRUE;
}

/* What came late comes before what lay behind it: nothing is lost, nothing is there twice. */
static gboolean
gap_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_auto(Journal) journal = journal_new();
    g_autoptr(SchedAlertRow) row = NULL, none = NULL;

    fill(txn);
    add_start(&journal, by("input", "nut-lu"));
    add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "a");
    add_stop(&journal);
    add_zone(&journal, CONTENT_RECORD_ALERT_ENDED, "a");
    send(txn, "ia-le", &journal, 2, 4);
    none = sched_store_alert_get(txn, ALERT, NULL);
    g_assert_null(none);
    send(txn, "ia-le", &journal, 1, 1);
    assert_places(txn, "ia-le-a");
    row = sched_store_alert_get(txn, ALERT, error);
    g_assert_null(row->author);
    g_assert_true(row->by_button);
    g_assert_cmpstr(row->author_name, ==, "nut-lu");
    g_assert_cmpint(row->n_told, ==, 2); /* of a button every approver is told */
    g_assert_cmpint(row->stopped_us, ==, NOW + 3);
    g_assert_nonnull(row->stopped_by_name);
    return TRUE;
}

/* Ended by hand at the station: over when no zone of it goes on, and messengers hear of it. */
static gboolean
stopped_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_auto(Journal) journal = journal_new();
    g_autoptr(SchedAlertRow) still = NULL, over = NULL;

    fill(txn);
    add_start(&journal, by("account", "approver"));
    add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "a");
    add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "b");
    add_stop(&journal);
    add_zone(&journal, CONTENT_RECORD_ALERT_ENDED, "a");
    add_zone(&journal, CONTENT_RECORD_ALERT_ENDED, "b");
    send(txn, "ia-le", &journal, 1, 5);
    still = sched_store_alert_get(txn, ALERT, error);
    g_assert_cmpint(still->stopped_us, ==, 0);
    assert_tasks(txn, "plei-xa to_tell");
    send(txn, "ia-le", &journal, 6, 6);
    over = sched_store_alert_get(txn, ALERT, error);
    g_assert_cmpint(over->stopped_us, ==, NOW + 4);
    assert_tasks(txn, "plei-xa no_longer");
    return TRUE;
}

/* By a clock that nobody vouched for: begun when it was heard of, and in force for as long as
 * it may still sound. */
static gboolean
untimed_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_auto(Journal) journal = journal_new();
    g_autoptr(SchedAlertRow) row = NULL;

    fill(txn);
    add(&journal, CONTENT_RECORD_ALERT_STARTED_LOCALLY, ALERT, NULL, CONTENT_TRUST_UNSET,
        by("account", "approver"));
    send(txn, "ia-le", &journal, 1, 1);
    row = sched_store_alert_get(txn, ALERT, error);
    g_assert_cmpint(row->issued_us, ==, HEARD);
    g_assert_cmpint(row->published_us, ==, HEARD);
    g_assert_cmpint(row->expires_us, ==, HEARD + 60 * MINUTE);
    return TRUE;
}

/* A station says nothing of what another started. */
static gboolean
foreign_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_auto(Journal) journal = journal_new(), other = journal_new();
    g_autoptr(SchedAlertRow) row = NULL;

    fill(txn);
    add_start(&journal, by("account", "approver"));
    add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "a");
    add_start(&other, by("input", "nut"));
    add_zone(&other, CONTENT_RECORD_ALERT_TAKEN, "a");
    add_stop(&other);
    send(txn, "ia-le", &journal, 1, 2);
    send(txn, "ia-blu", &other, 1, 3);
    assert_places(txn, "ia-le-a");
    row = sched_store_alert_get(txn, ALERT, error);
    g_assert_cmpstr(row->station, ==, "ia-le");
    g_assert_cmpint(row->stopped_us, ==, 0);
    return TRUE;
}

/* What is no start of an alert makes none, and holds no record up. */
/* "a waiting": every zone that it may be for, and whether the station said that it has it. */
static void
assert_zones(SchedTxn *txn, const char *expected)
{
    g_autoptr(GPtrArray) zones = sched_store_alert_likely_zones(txn, ALERT, NULL);
    g_autoptr(GString) said = g_string_new(NULL);

    for (guint i = 0; i < zones->len; i++) {
        const SchedAlertZoneRow *zone = zones->pdata[i];

        g_string_append_printf(said, "%s%s/%s%s", i > 0 ? " " : "", zone->station, zone->zone,
                               zone->taken_us > 0 ? "!" : "");
    }
    g_assert_cmpstr(said->str, ==, expected);
}

/* Shown from the first word on, before any zone has spoken; never a zone of another station. */
static gboolean
zones_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const struct {
        const char *why, *grant, *first, *then;
    } cases[] = {
        {"a grant for the whole district", "chu-puh", "ia-le/a ia-le/b", "ia-le/a!"},
        {"a grant for one village", "ia-le-b", "ia-le/b", "ia-le/a!"},
        {"a grant for another commune", "ia-blu", "", "ia-le/a!"},
        {"a grant that nobody knows", NULL, "ia-le/a ia-le/b", "ia-le/a!"},
    };

    fill(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Journal) journal = journal_new();

        g_test_message("%s", cases[i].why);
        temp_store_exec(txn, "SAVEPOINT one; DELETE FROM grant_areas");
        if (cases[i].grant != NULL)
            g_assert_true(sched_sql_run(txn, "INSERT INTO grant_areas VALUES ('g1', $1)", error,
                                        "t", cases[i].grant));
        add_start(&journal, by("account", "approver"));
        add_zone(&journal, CONTENT_RECORD_ALERT_TAKEN, "a");
        send(txn, "ia-le", &journal, 1, 1);
        assert_zones(txn, cases[i].first);
        send(txn, "ia-le", &journal, 2, 2);
        assert_zones(txn, cases[i].then);
        temp_store_exec(txn, "ROLLBACK TO one; RELEASE one");
    }
    return TRUE;
}

static gboolean
odd_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_auto(Journal) journal = journal_new();

    fill(txn);
    add_start(&journal, NULL);
    add_start(&journal, content_remark_new("local_as_drill", NULL, NULL));
    add_start(&journal, by("account", ""));
    add(&journal, CONTENT_RECORD_ALERT_STARTED_LOCALLY, NULL, NULL, CONTENT_TRUST_SYNCED,
        by("account", "approver"));
    send(txn, "ia-le", &journal, 1, 4);
    g_assert_true(sched_sql_is(txn, "SELECT count(*) = 0 FROM alerts", ""));
    return TRUE;
}

static void
run(gconstpointer body)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, (SchedWork) body, NULL);
}

int
main(int argc, char **argv)
{
    const struct {
        const char *path;
        SchedWork body;
    } tests[] = {
        {"/scheduler/store/local-alerts/told", told_body},
        {"/scheduler/store/local-alerts/untaken", untaken_body},
        {"/scheduler/store/local-alerts/gap", gap_body},
        {"/scheduler/store/local-alerts/stopped", stopped_body},
        {"/scheduler/store/local-alerts/untimed", untimed_body},
        {"/scheduler/store/local-alerts/foreign", foreign_body},
        {"/scheduler/store/local-alerts/zones", zones_body},
        {"/scheduler/store/local-alerts/odd", odd_body},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_data_func(tests[i].path, (gconstpointer) tests[i].body, run);
    return g_test_run();
}
