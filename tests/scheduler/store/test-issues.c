/* test-issues.c - what was issued stays, who may fetch what, and a day's delivery end to end.
 */
#include "scheduler/store/issues.h"

#include "content/base/id.h"
#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/plan.h"
#include "scheduler/plan/trouble.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/records.h"
#include "scheduler/store/retention.h"
#include "scheduler/store/sql.h"
#include "tests/support/temp-store.h"

#include <string.h>

/* 05:30 on 2026-03-02 in Vietnam. */
#define START   G_GINT64_CONSTANT(1772404200000000)
#define DATE    "2026-03-02"
#define SEGMENT "0123456789abcdef0123456789abcdef"
#define BOOT    "00112233445566778899aabbccddeeff"

static char *
put_bytes(SchedTxn *txn, const char *type, GBytes *body, GPtrArray *signatures)
{
    char *hash = content_sha256_hex(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
    const SchedDocumentRow row = {
        .hash = hash, .type = (char *) type, .body = body, .signatures = signatures};

    assert_done(sched_store_document_put(txn, &row, &problem));
    return hash;
}

static char *
put_text(SchedTxn *txn, const char *type, const char *text)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    return put_bytes(txn, type, body, NULL);
}

/* A day plan with one segment of 100 s in both zones of ia-le. */
static char *
put_day_plan(SchedTxn *txn)
{
    g_autoptr(ContentDayPlan) plan = content_document_new(&content_day_plan_type);
    ContentSegment *s = content_shape_new(&content_segment_shape);
    g_autoptr(GBytes) body = NULL;
    g_autoptr(GError) error = NULL;

    plan->station = g_strdup("ia-le");
    plan->date = g_strdup(DATE);
    plan->tzid = g_strdup("Asia/Ho_Chi_Minh");
    s->id = g_strdup(SEGMENT);
    s->slot = g_strdup("s");
    s->occurrence = g_strdup("s-" DATE);
    s->item = g_strdup("i");
    s->output = g_strdup("main");
    g_ptr_array_add(s->zones, g_strdup("a"));
    g_ptr_array_add(s->zones, g_strdup("b"));
    s->start_us = START;
    s->duration_us = 100 * G_USEC_PER_SEC;
    s->source = CONTENT_SOURCE_SILENCE;
    s->title = g_strdup("Bản tin");
    g_ptr_array_add(plan->segments, s);
    body = content_document_write(&content_day_plan_type, plan, &error);
    g_assert_no_error(error);
    return put_bytes(txn, "dayplan", body, NULL);
}

static gboolean
issue(SchedTxn *txn, gint64 version, const char *plan, const char *approval, const char *object,
      GError **error)
{
    g_autofree char *text = g_strdup_printf("manifest %d", (int) version);
    g_autofree char *hash = put_text(txn, "manifest", text);
    g_autofree char *settings = put_text(txn, "settings", "settings");
    g_autofree char *keys = put_text(txn, "keys", "keys");
    g_autoptr(GPtrArray) days = g_ptr_array_new(), approvals = g_ptr_array_new();
    g_autoptr(GPtrArray) objects = g_ptr_array_new();
    SchedIssuedDayRow day = {(char *) DATE, (char *) plan};
    const SchedManifestRow manifest = {(char *) "ia-le",
                                       version,
                                       hash,
                                       (char *) "contents",
                                       settings,
                                       keys,
                                       NULL,
                                       START - 1000,
                                       START + TEMP_STORE_DAY_US,
                                       days};

    g_ptr_array_add(days, &day);
    g_ptr_array_add(approvals, (gpointer) approval);
    g_ptr_array_add(objects, (gpointer) object);
    return sched_store_manifest_add(txn, &manifest, approvals, objects, error);
}

static gboolean
may_read(SchedTxn *txn, const char *station, const char *hash)
{
    g_autoptr(SchedDocumentRow) row =
        sched_store_document_for_station(txn, station, hash, NULL);

    return row != NULL;
}

static gboolean
issues_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *plan = put_day_plan(txn);
    g_autofree char *approval = put_text(txn, "approval", "approval");
    g_autofree char *object = temp_store_hash("object");
    g_autofree char *unnamed = put_text(txn, "dayplan", "of nobody");
    const SchedObjectRow row = {object, 1, 1, 0, 0, 0};
    g_autoptr(SchedManifestRow) newest = NULL;
    g_autoptr(GPtrArray) all = NULL;

    temp_store_as(txn, "system", START - 1000);
    assert_done(sched_store_object_put(txn, &row, NULL, &problem));
    assert_done(issue(txn, 7, plan, approval, object, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   issue(txn, 7, plan, approval, object, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   issue(txn, 6, plan, approval, object, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   issue(txn, 8, object, approval, object, &problem));
    assert_done(issue(txn, 9, plan, approval, object, &problem));
    newest = sched_store_manifest_newest(txn, "ia-le", error);
    g_assert_cmpint(newest->version, ==, 9);
    g_assert_cmpuint(newest->days->len, ==, 1);
    all = sched_store_manifest_newest_all(txn, error);
    g_assert_cmpuint(all->len, ==, 1);

    g_assert_true(may_read(txn, "ia-le", plan));
    g_assert_true(may_read(txn, "ia-le", approval));
    g_assert_true(may_read(txn, "ia-le", newest->hash));
    g_assert_true(may_read(txn, "ia-le", newest->settings));
    g_assert_false(may_read(txn, "ia-le", unnamed));
    g_assert_false(may_read(txn, "ia-blu", plan));
    g_assert_false(may_read(txn, "ia-blu", approval));
    g_assert_true(sched_store_object_station_may(txn, "ia-le", object, START));
    g_assert_false(sched_store_object_station_may(txn, "ia-blu", object, START));
    g_assert_false(
        sched_store_object_station_may(txn, "ia-le", object, START + TEMP_STORE_DAY_US));
    assert_refused(txn, SCHED_STORE_ERROR_IN_USE,
                   sched_store_object_remove(txn, object, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM manifests", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM manifest_days", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE manifests SET version = 99", &problem, ""));
    return TRUE;
}

static void
test_issues(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, issues_body, NULL);
}

static gboolean
documents_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GBytes) body = g_bytes_new_static("x", 1);
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    ContentSignature one = {(char *) "minisign", (char *) "one", (char *) "s", NULL};
    ContentSignature two = {(char *) "minisign", (char *) "two", (char *) "s", NULL};
    g_autofree char *hash = NULL, *again = NULL, *wrong = temp_store_hash("y");
    const SchedDocumentRow lie = {.hash = wrong, .type = (char *) "keys", .body = body};
    g_autoptr(SchedDocumentRow) row = NULL;

    g_ptr_array_add(signatures, &one);
    hash = put_bytes(txn, "keys", body, signatures);
    signatures->pdata[0] = &two;
    again = put_bytes(txn, "keys", body, signatures);
    row = sched_store_document_get(txn, hash, error);
    g_assert_cmpuint(row->signatures->len, ==, 2);
    g_assert_true(g_bytes_equal(row->body, body));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_document_put(txn, &lie, &problem));
    return TRUE;
}

static void
test_documents(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, documents_body, NULL);
}

/* Packs a document, keeps it and gets it again. Returns: bytes it takes in the file */
static gint64
keep_packed(SchedTxn *txn, GBytes *body, char **out_hash)
{
    g_autoptr(SchedDocumentRow) row = sched_document_row_new("dayplan", body);
    g_autoptr(SchedDocumentRow) found = NULL;
    g_autoptr(GBytes) same = sched_document_row_body(row, NULL);
    gint64 n_bytes = 0;

    g_assert_true(g_bytes_equal(same, body));
    assert_done(sched_store_document_put(txn, row, &problem));
    assert_done((found = sched_store_document_get(txn, row->hash, &problem)) != NULL);
    g_assert_true(g_bytes_equal(found->body, body));
    g_assert_null(found->packed);
    assert_done(sched_sql_int(txn, "SELECT length(body) FROM documents WHERE hash = $1",
                              &n_bytes, &problem, "t", row->hash));
    *out_hash = g_strdup(row->hash);
    return n_bytes;
}

static gboolean
packed_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *words = g_strnfill(CONTENT_DOCUMENT_MAX_BYTES, 'a');
    g_autoptr(GBytes) largest = g_bytes_new(words, CONTENT_DOCUMENT_MAX_BYTES);
    g_autoptr(GBytes) shortest = g_bytes_new("{", 1);
    g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
    g_autofree char *hash = NULL, *short_hash = NULL, *no_hash = NULL;

    g_assert_cmpint(keep_packed(txn, largest, &hash), <, CONTENT_DOCUMENT_MAX_BYTES / 100);
    g_assert_cmpint(keep_packed(txn, shortest, &short_hash), ==, 1);
    g_assert_cmpint(keep_packed(txn, nothing, &no_hash), ==, 0);

    /* What the disk spoilt is an error, and neither a crash nor another document. */
    temp_store_exec(txn, "UPDATE documents SET unpacked_bytes = unpacked_bytes - 1 "
                         "WHERE unpacked_bytes > 0");
    assert_refused(txn, SCHED_STORE_ERROR_CORRUPT,
                   sched_store_document_get(txn, hash, &problem) != NULL);
    temp_store_exec(txn, "UPDATE documents SET body = x'ffffffffff' WHERE unpacked_bytes > 0");
    assert_refused(txn, SCHED_STORE_ERROR_CORRUPT,
                   sched_store_document_get(txn, hash, &problem) != NULL);
    return TRUE;
}

/* Whoever makes a document anew brings the bytes that it should have had. */
static gboolean
mended_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const spoils[] = {
        "UPDATE documents SET body = x'ffffffffff' WHERE unpacked_bytes > 0",
        "UPDATE documents SET unpacked_bytes = unpacked_bytes - 1 WHERE unpacked_bytes > 0",
        "UPDATE documents SET body = x'7b', unpacked_bytes = 0",
        "UPDATE documents SET body = zeroblob(length(body))",
    };
    g_autofree char *words = g_strnfill(5000, 'a');
    g_autoptr(GBytes) body = g_bytes_new(words, 5000);

    for (gsize i = 0; i < G_N_ELEMENTS(spoils); i++) {
        g_autofree char *hash = NULL, *again = NULL;

        keep_packed(txn, body, &hash);
        temp_store_exec(txn, spoils[i]);
        keep_packed(txn, body, &again);
    }
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE documents SET type = 'x'", &problem, ""));
    return TRUE;
}

static void
test_mended(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, mended_body, NULL);
}

static void
test_packed(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, packed_body, NULL);
}

static void
report(SchedTxn *txn, gint64 at_us, gint64 version, gboolean accepted, const char *hash)
{
    SchedStationDayRow day = {(char *) "ia-le", (char *) DATE, (char *) hash, TRUE, 0, 0, 0};
    g_autoptr(GPtrArray) days = g_ptr_array_new();
    g_autoptr(ContentRemark) why = content_remark_new("refused_key", "manifest", NULL);

    g_ptr_array_add(days, &day);
    temp_store_as(txn, "station:ia-le", at_us);
    assert_done(sched_store_station_report(txn, "ia-le", version, accepted,
                                           accepted ? NULL : why, days, &problem));
}

static gboolean
states_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedStationStateRow) state = NULL;
    g_autoptr(GPtrArray) days = NULL;

    report(txn, START, 7, TRUE, "h1");
    report(txn, START + 5, 7, TRUE, "h1");
    report(txn, START + 9, 8, FALSE, "h2");
    state = sched_store_station_state_get(txn, "ia-le", error);
    g_assert_cmpint(state->accepted_version, ==, 7);
    g_assert_cmpint(state->accepted_us, ==, START);
    g_assert_cmpint(state->reported_version, ==, 8);
    g_assert_cmpstr(state->why->code, ==, "refused_key");
    g_assert_cmpstr(state->why->subject, ==, "manifest");
    g_assert_cmpint(state->contact_us, ==, START + 9);
    days = sched_store_station_day_list(txn, "ia-le", error);
    g_assert_cmpuint(days->len, ==, 1);
    g_assert_cmpint(((SchedStationDayRow *) days->pdata[0])->applied_us, ==, START);
    g_assert_true(sched_sql_is(txn, "SELECT count(*) = 1 FROM acceptances", ""));
    /* Two acceptances in one instant are two, in their order. */
    report(txn, START + 20, 8, TRUE, "h2");
    report(txn, START + 20, 9, TRUE, "h3");
    g_assert_true(sched_sql_is(txn,
                               "SELECT version = 9 FROM acceptances "
                               "ORDER BY accepted_us DESC LIMIT 1",
                               ""));
    return TRUE;
}

static void
test_states(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, states_body, NULL);
}

static char *
played_record(void)
{
    g_autoptr(ContentRecord) r = content_document_new(&content_record_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    r->seq = 1;
    r->prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    r->kind = CONTENT_RECORD_PLAYED;
    r->boot = g_strdup(BOOT);
    r->at_us = START + 101 * G_USEC_PER_SEC;
    r->monotonic_us = 1;
    r->manifest_version = 7;
    r->segment = g_strdup(SEGMENT);
    r->zone = g_strdup("a");
    r->planned_start_us = r->actual_start_us = START;
    r->planned_end_us = r->actual_end_us = START + 100 * G_USEC_PER_SEC;
    r->relay = CONTENT_RELAY_CLOSED;
    r->level_mdb = -18000;
    bytes = content_document_write(&content_record_type, r, &error);
    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void
assert_deliveries(SchedTxn *txn, const char *area, gint64 now_us, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) troubles =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_trouble_free);
    g_autoptr(GPtrArray) deliveries =
        sched_store_delivery(txn, area, DATE, now_us, troubles, &error);
    g_autoptr(GString) text = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < deliveries->len; i++) {
        const SchedDelivery *d = g_ptr_array_index(deliveries, i);

        g_string_append_printf(text, "%s %s; ", d->village,
                               sched_delivery_state_words[d->state]);
    }
    for (guint i = 0; i < troubles->len; i++) {
        const SchedTrouble *trouble = g_ptr_array_index(troubles, i);

        g_string_append_printf(text, "%s %s not judged; ", trouble->kind, trouble->id);
    }
    g_assert_cmpstr(text->str, ==, expected);
}

/* The station says that its journal ends at @journal_seq. */
static void
tell_journal(SchedTxn *txn, gint64 at_us, gint64 journal_seq)
{
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    SchedHeartbeatRow row = {.station = (char *) "ia-le", .received_us = at_us, .at_us = at_us};
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    heartbeat->station = g_strdup("ia-le");
    heartbeat->boot = g_strdup(BOOT);
    heartbeat->at_us = at_us;
    heartbeat->journal = g_strdup("j1");
    heartbeat->journal_seq = journal_seq;
    heartbeat->player_version = g_strdup("1");
    bytes = content_document_write(&content_heartbeat_type, heartbeat, &error);
    g_assert_no_error(error);
    row.document = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_ptr_array_add(rows, &row);
    assert_done(sched_store_heartbeats_put(txn, rows, &problem));
    g_free(row.document);
}

static gboolean
delivery_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *plan = put_day_plan(txn), *raw = played_record();
    g_autofree char *object = temp_store_hash("object");
    g_autoptr(GPtrArray) records = g_ptr_array_new(), none = g_ptr_array_new();
    const ContentRecords batch = {(char *) "ia-le", (char *) "j1", 1, FALSE, records};
    const gint64 later_us = START + G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;
    SchedIngest result;

    temp_store_as(txn, "system", START - 1000);
    assert_done(issue(txn, 7, plan, object, object, &problem));
    assert_deliveries(txn, NULL, later_us, "ia-le-a no_contact; ia-le-b no_contact; ");
    report(txn, START - 500, 7, TRUE, plan);
    assert_deliveries(txn, NULL, START, "ia-le-a waiting; ia-le-b waiting; ");
    assert_deliveries(txn, NULL, later_us, "ia-le-a no_contact; ia-le-b no_contact; ");
    g_ptr_array_add(records, raw);
    temp_store_as(txn, "station:ia-le", START + 200 * G_USEC_PER_SEC);
    assert_done(sched_store_records_ingest(txn, &batch, &result, &problem));
    assert_deliveries(txn, NULL, later_us, "ia-le-a delivered; ia-le-b waiting; ");
    tell_journal(txn, START + 300 * G_USEC_PER_SEC, 2);
    assert_deliveries(txn, NULL, later_us, "ia-le-a delivered; ia-le-b waiting; ");
    tell_journal(txn, START + 301 * G_USEC_PER_SEC, 1);
    assert_deliveries(txn, NULL, later_us, "ia-le-a delivered; ia-le-b missed; ");
    assert_deliveries(txn, "ia-le-a", later_us, "ia-le-a delivered; ");
    assert_deliveries(txn, "ia-blu", later_us, "");
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_delivery(txn, NULL, "2026-02-30", later_us, none, &problem) !=
                       NULL);
    g_assert_cmpuint(none->len, ==, 0);
    /* A plan that the disk spoilt is named, and the other stations are told of. */
    temp_store_exec(txn, "DROP TRIGGER documents_fixed;"
                         "UPDATE documents SET body = x'ff' WHERE type = 'dayplan'");
    assert_deliveries(txn, NULL, later_us, "station ia-le not judged; ");
    assert_deliveries(txn, "ia-blu", later_us, "");
    return TRUE;
}

static void
test_delivery(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, delivery_body, NULL);
}

static void
step(SchedTxn *txn, gint64 at_us, gint64 expected)
{
    gint64 deleted = -1;
    gboolean more = TRUE;

    temp_store_as(txn, "system", at_us);
    assert_done(sched_store_retention_step(txn, &deleted, &more, &problem));
    g_assert_cmpint(deleted, ==, expected);
    g_assert_false(more);
}

static gboolean
retention_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *plan = put_day_plan(txn), *raw = played_record();
    g_autofree char *object = temp_store_hash("object");
    g_autoptr(GPtrArray) records = g_ptr_array_new();
    const ContentRecords batch = {(char *) "ia-le", (char *) "j1", 1, FALSE, records};
    const gint64 years_us = 1827 * TEMP_STORE_DAY_US;
    SchedIngest result;

    temp_store_as(txn, "system", START);
    assert_done(issue(txn, 7, plan, object, object, &problem));
    assert_done(issue(txn, 8, plan, object, object, &problem));
    g_ptr_array_add(records, raw);
    assert_done(sched_store_records_ingest(txn, &batch, &result, &problem));
    step(txn, START + years_us, 0);
    /* The record, the older manifest, its document; what the newest names stays. */
    step(txn, START + years_us + 2 * TEMP_STORE_DAY_US, 4);
    step(txn, START + years_us + 2 * TEMP_STORE_DAY_US, 0);
    g_assert_true(may_read(txn, "ia-le", plan));
    /* The floor does not fall with a clock that went wrong. */
    step(txn, START, 0);
    g_assert_true(sched_sql_is(txn, "SELECT count(*) = 1 FROM retention WHERE floor_us > $1",
                               "i", START));
    return TRUE;
}

static void
test_retention(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, retention_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/issues", test_issues);
    g_test_add_func("/store/documents", test_documents);
    g_test_add_func("/store/packed", test_packed);
    g_test_add_func("/store/mended", test_mended);
    g_test_add_func("/store/states", test_states);
    g_test_add_func("/store/delivery", test_delivery);
    g_test_add_func("/store/retention", test_retention);
    return g_test_run();
}
