/* test-stations.c - relay tests asked for and answered, and what became of a station. */
#include "content/exchange.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/relay-tests.h"
#include "scheduler/store/station-history.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US
#define S(n) (G_GINT64_CONSTANT(n) * G_USEC_PER_SEC)

static const char reads_tests[] = "[[\"manifest\",1],[\"test-order\",1]]";
static const char reads_none[] = "[[\"manifest\",1]]";

static void
enrol(SchedTxn *txn, const char *serial, const char *public_key)
{
    g_autofree char *secret = temp_store_hash(serial);
    const SchedDeviceRow device = {(char *) serial,
                                   (char *) "ia-le",
                                   (char *) public_key,
                                   (char *) "PEM",
                                   (char *) "journal",
                                   0,
                                   NOW + TEMP_STORE_DAY_US,
                                   0,
                                   0,
                                   (char *) ""};

    assert_done(
        sched_store_enrolment_add(txn, secret, "ia-le", NOW + TEMP_STORE_DAY_US, &problem));
    assert_done(sched_store_enrolment_use(txn, secret, &device, &problem));
}

static void
greet(SchedTxn *txn, const char *reads)
{
    const SchedStationStateRow hello = {.station = (char *) "ia-le",
                                        .boot = (char *) "",
                                        .inventory = (char *) "",
                                        .reads = (char *) reads,
                                        .player_version = (char *) "0"};

    assert_done(sched_store_station_hello(txn, &hello, &problem));
}

static gboolean
ask(SchedTxn *txn, const char *id, const char *zone, GError **error)
{
    const SchedRelayTestRow test = {.station = (char *) "ia-le",
                                    .id = (char *) id,
                                    .zone = (char *) zone,
                                    .duration_ms = 3000};

    return sched_store_relay_test_add(txn, &test, error);
}

static void
hear(SchedTxn *txn, ContentRecordKind kind, const char *zone, ContentRelay relay,
     const char *code, const char *subject)
{
    g_autoptr(ContentRecord) record = content_document_new(&content_record_type);

    record->kind = (gint) kind;
    record->at_us = sched_txn_at_us(txn);
    record->zone = g_strdup(zone);
    record->relay = (gint) relay;
    content_record_tell(record, content_remark_new(code, subject, NULL));
    assert_done(sched_store_relay_test_take(txn, "ia-le", record, &problem));
}

static void
assert_said(SchedTxn *txn, const char *id, const char *verdict, ContentRelay relay)
{
    g_autoptr(SchedRelayTestRow) row = sched_store_relay_test_get(txn, "ia-le", id, NULL);

    g_assert_nonnull(row);
    g_assert_cmpstr(row->verdict, ==, verdict);
    g_assert_cmpint(row->relay, ==, relay);
    g_assert_true((row->answered_us != 0) == (*verdict != '\0'));
}

/* An order that nobody may be sent has its answer at once. */
static gboolean
refused_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedQuietRow quiet = {.id = (char *) "q",
                                 .area = (char *) "chu-puh",
                                 .station = (char *) "",
                                 .zone = (char *) "",
                                 .until_us = NOW + S(60),
                                 .reason = SCHED_QUIET_FUNERAL,
                                 .words = (char *) ""};

    temp_store_as(txn, "technician", NOW);
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND, ask(txn, "t", "z", &problem));
    assert_done(ask(txn, "t1", "a", &problem));
    assert_said(txn, "t1", "test_not_enrolled", CONTENT_RELAY_UNKNOWN);
    enrol(txn, "01", "K1");
    assert_done(ask(txn, "t2", "a", &problem));
    assert_said(txn, "t2", "test_not_read", CONTENT_RELAY_UNKNOWN);
    greet(txn, reads_none);
    assert_done(ask(txn, "t3", "a", &problem));
    assert_said(txn, "t3", "test_not_read", CONTENT_RELAY_UNKNOWN);
    greet(txn, reads_tests);
    assert_refused(txn, SCHED_STORE_ERROR_INVALID, ask(txn, "no id", "a", &problem));
    assert_done(ask(txn, "t4", "a", &problem));
    assert_said(txn, "t4", "", CONTENT_RELAY_UNKNOWN);
    assert_done(sched_store_quiet_add(txn, &quiet, &problem));
    assert_done(ask(txn, "t5", "a", &problem));
    assert_said(txn, "t5", "test_quiet", CONTENT_RELAY_UNKNOWN);
    temp_store_as(txn, "technician", NOW + S(60));
    assert_done(ask(txn, "t6", "a", &problem));
    assert_said(txn, "t6", "", CONTENT_RELAY_UNKNOWN);
    assert_done(sched_store_device_revoke(txn, "ia-le", "stolen", &problem));
    assert_done(ask(txn, "t7", "a", &problem));
    assert_said(txn, "t7", "test_not_enrolled", CONTENT_RELAY_UNKNOWN);
    return TRUE;
}

/* The station's record is the answer, whenever it comes; what was asked stays. */
static gboolean
answered_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedRelayTestRow) row = NULL;
    g_autoptr(GPtrArray) list = NULL, audit = NULL;

    enrol(txn, "01", "K1");
    greet(txn, reads_tests);
    temp_store_as(txn, "technician", NOW);
    assert_done(ask(txn, "t1", "a", &problem));
    row = sched_store_relay_test_get(txn, "ia-le", "t1", error);
    g_assert_cmpstr(row->asked_by, ==, "technician");
    g_assert_cmpint(row->expires_us - row->asked_us, ==, CONTENT_TEST_ORDER_LIFE_US);
    assert_said(txn, "t1", "", CONTENT_RELAY_UNKNOWN);
    hear(txn, CONTENT_RECORD_TEST, "a", CONTENT_RELAY_CLOSED, "test_good", "t1");
    assert_said(txn, "t1", "test_good", CONTENT_RELAY_CLOSED);

    /* An order that the station could not believe. */
    temp_store_as(txn, "technician", NOW + S(1));
    assert_done(ask(txn, "t2", "b", &problem));
    hear(txn, CONTENT_RECORD_REFUSED, NULL, CONTENT_RELAY_UNKNOWN, "refused_key", "manifest");
    assert_said(txn, "t2", "", CONTENT_RELAY_UNKNOWN);
    hear(txn, CONTENT_RECORD_REFUSED, NULL, CONTENT_RELAY_UNKNOWN, "refused_expired",
         "test-order");
    assert_said(txn, "t2", "refused_expired", CONTENT_RELAY_UNKNOWN);
    hear(txn, CONTENT_RECORD_REFUSED, NULL, CONTENT_RELAY_UNKNOWN, "refused_repeat",
         "test-order");
    assert_said(txn, "t2", "refused_expired", CONTENT_RELAY_UNKNOWN);

    /* What the refusal of another one had said is not the last word. */
    hear(txn, CONTENT_RECORD_TEST, "b", CONTENT_RELAY_OPEN, "test_not_closed", "t2");
    assert_said(txn, "t2", "test_not_closed", CONTENT_RELAY_OPEN);

    /* A technician before the station itself. */
    temp_store_as(txn, "station:ia-le", NOW + S(2));
    hear(txn, CONTENT_RECORD_TEST, "b", CONTENT_RELAY_CLOSED, "test_good", "here");
    list = sched_store_relay_test_list(txn, "ia-le", error);
    g_assert_cmpuint(list->len, ==, 3);
    g_assert_cmpstr(((SchedRelayTestRow *) list->pdata[0])->id, ==, "here");
    g_assert_cmpstr(((SchedRelayTestRow *) list->pdata[0])->asked_by, ==, "");
    g_assert_cmpstr(((SchedRelayTestRow *) list->pdata[2])->id, ==, "t1");
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE relay_tests SET asked_by = 'x'", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM relay_tests", &problem, ""));
    return TRUE;
}

static gboolean
history_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const expected[] = {"new_player", "revoked",    "fault",
                                           "away",       "new_player", "enrolled"};
    g_autoptr(GPtrArray) all = NULL, earlier = NULL;

    temp_store_as(txn, "technician", NOW);
    enrol(txn, "01", "K1");
    temp_store_as(txn, "technician", NOW + S(1));
    enrol(txn, "02", "K2");
    temp_store_exec(txn, "INSERT INTO down_spans VALUES ('ia-le', 1772409602000000, "
                         "1772409602500000, 'no_network')");
    temp_store_exec(
        txn, "INSERT INTO records (station, journal, seq, raw, hash, received_us, unreadable, "
             "kind, at_us, manifest_version, planned_start_us, planned_end_us, "
             "actual_start_us, actual_end_us, position_us, relay_read_us, silent_us, "
             "journal_late) VALUES ('ia-le', 'j', 1, '{}', 'h', 0, 0, 'fault', "
             "1772409603000000, 0, 0, 0, 0, 0, 0, 0, 0, 0), "
             "('ia-le', 'j', 2, '{}', 'h', 0, 0, 'played', "
             "1772409603000001, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
    temp_store_as(txn, "technician", NOW + S(4));
    assert_done(sched_store_device_revoke(txn, "ia-le", "stolen", &problem));
    temp_store_as(txn, "technician", NOW + S(5));
    enrol(txn, "03", "K3");
    all = sched_store_station_history(txn, "ia-le", G_MAXINT64, error);
    g_assert_cmpuint(all->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < all->len; i++) {
        const SchedStationEventRow *row = g_ptr_array_index(all, i);

        g_assert_cmpstr(sched_station_event_words[row->what], ==, expected[i]);
    }
    g_assert_cmpstr(((SchedStationEventRow *) all->pdata[1])->words, ==, "stolen");
    g_assert_cmpstr(((SchedStationEventRow *) all->pdata[3])->words, ==, "no_network");
    earlier = sched_store_station_history(txn, "ia-le", NOW + S(2), error);
    g_assert_cmpuint(earlier->len, ==, 2);
    return TRUE;
}

static void
run(gconstpointer body)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, *(const SchedWork *) body, NULL);
}

int
main(int argc, char **argv)
{
    static const SchedWork bodies[] = {refused_body, answered_body, history_body};

    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/scheduler/store/stations/test-refused", &bodies[0], run);
    g_test_add_data_func("/scheduler/store/stations/test-answered", &bodies[1], run);
    g_test_add_data_func("/scheduler/store/stations/history", &bodies[2], run);
    return g_test_run();
}
