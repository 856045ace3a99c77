/* test-records.c - records taken exactly once, gaps and copies seen; heartbeats and enrolment.
 */
#include "scheduler/store/records.h"

#include "content/base/id.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/outbox.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US
#define BOOT "00112233445566778899aabbccddeeff"

/* A record's bytes, chained to @prev; @why goes into its detail, so that copies differ. */
static char *
make_record(gint64 seq, const char *prev, const char *why)
{
    g_autoptr(ContentRecord) record = content_document_new(&content_record_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    record->seq = seq;
    record->prev = g_strdup(prev);
    record->kind = CONTENT_RECORD_FAULT;
    record->boot = g_strdup(BOOT);
    record->at_us = NOW + seq;
    record->monotonic_us = seq;
    content_record_tell(record, content_remark_new("other", why, NULL));
    bytes = content_document_write(&content_record_type, record, &error);
    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* A journal of @n records, each naming the one before. */
static GPtrArray *
make_journal(gint64 n, const char *why)
{
    GPtrArray *records = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);

    for (gint64 seq = 1; seq <= n; seq++) {
        char *raw = make_record(seq, prev, why);

        g_free(prev);
        prev = content_sha256_hex(raw, strlen(raw));
        g_ptr_array_add(records, raw);
    }
    return records;
}

/* Sends records @from … @to of a journal; @is_loss: the station keeps nothing before them. */
static SchedIngest
send_batch(SchedTxn *txn, const char *journal, GPtrArray *all, gint64 from, gint64 to,
           gboolean is_loss)
{
    g_autoptr(GPtrArray) part = g_ptr_array_new();
    const ContentRecords batch = {(char *) "ia-le", (char *) journal, from, is_loss, part};
    SchedIngest result = {0};

    for (gint64 seq = from; seq <= to; seq++)
        g_ptr_array_add(part, g_ptr_array_index(all, (guint) seq - 1));
    assert_done(sched_store_records_ingest(txn, &batch, &result, &problem));
    return result;
}

static SchedIngest
send(SchedTxn *txn, const char *journal, GPtrArray *all, gint64 from, gint64 to)
{
    return send_batch(txn, journal, all, from, to, FALSE);
}

static void
assert_ingest(SchedIngest result, gint64 ack, gint64 n_new, gint64 n_unreadable,
              gint64 n_alarms)
{
    g_assert_cmpint(result.ack_seq, ==, ack);
    g_assert_cmpint(result.n_new, ==, n_new);
    g_assert_cmpint(result.n_unreadable, ==, n_unreadable);
    g_assert_cmpint(result.n_alarms, ==, n_alarms);
}

static gint64
count_alarms(SchedTxn *txn, SchedAlarmKind kind, gboolean standing)
{
    g_autoptr(GPtrArray) alarms = sched_store_alarm_list(txn, "ia-le", NULL);
    gint64 count = 0;

    for (guint i = 0; i < alarms->len; i++) {
        const SchedAlarmRow *alarm = g_ptr_array_index(alarms, i);

        count += alarm->kind == (gint) kind && (alarm->cleared_us == 0) == standing;
    }
    return count;
}

static gboolean
once_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) all = make_journal(10, "x");
    g_autoptr(GPtrArray) list = NULL;

    assert_ingest(send(txn, "j1", all, 1, 4), 4, 4, 0, 0);
    assert_ingest(send(txn, "j1", all, 1, 4), 4, 0, 0, 0);
    assert_ingest(send(txn, "j1", all, 3, 6), 6, 2, 0, 0);
    /* A gap is told, what lies beyond it is kept and not acknowledged. */
    assert_ingest(send(txn, "j1", all, 9, 10), 6, 2, 0, 1);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_GAP, TRUE), ==, 1);
    assert_ingest(send(txn, "j1", all, 7, 8), 10, 2, 0, 0);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_GAP, TRUE), ==, 0);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_GAP, FALSE), ==, 1);
    g_assert_cmpint(sched_store_journal_ack(txn, "ia-le", "j1"), ==, 10);
    g_assert_cmpint(sched_store_journal_ack(txn, "ia-le", "other"), ==, 0);
    list = sched_store_record_list(txn, "ia-le", NOW, NOW + 6, 100, error);
    g_assert_cmpuint(list->len, ==, 5);
    g_assert_cmpstr(((SchedRecordRow *) g_ptr_array_index(list, 0))->raw, ==,
                    g_ptr_array_index(all, 4));
    return TRUE;
}

static void
test_once(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, once_body, NULL);
}

/* What the station has no more is not waited for; that it is missing stays an alarm. */
static gboolean
lost_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) all = make_journal(12, "x");

    assert_ingest(send_batch(txn, "j1", all, 1, 2, TRUE), 2, 2, 0, 0);
    assert_ingest(send(txn, "j1", all, 9, 10), 2, 2, 0, 1); /* sent before it was asked */
    assert_ingest(send_batch(txn, "j1", all, 5, 7, TRUE), 7, 3, 0, 1);
    assert_ingest(send_batch(txn, "j1", all, 5, 7, TRUE), 7, 0, 0, 0);
    assert_ingest(send(txn, "j1", all, 8, 10), 10, 1, 0, 0);
    assert_ingest(send(txn, "j1", all, 11, 12), 12, 2, 0, 0);
    g_assert_cmpint(sched_store_journal_ack(txn, "ia-le", "j1"), ==, 12);
    /* 3 and 4 never came, 8 did. */
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_GAP, TRUE), ==, 1);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_GAP, FALSE), ==, 1);
    g_assert_true(sched_sql_is(txn,
                               "SELECT words = 'records 3 to 4 are lost: the station does not "
                               "have them any more' FROM alarms WHERE seq = 3",
                               ""));
    return TRUE;
}

static void
test_lost(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, lost_body, NULL);
}

static gboolean
copies_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) all = make_journal(4, "x"), copy = make_journal(4, "copy");
    g_autoptr(GPtrArray) other = make_journal(2, "new");
    g_autoptr(GPtrArray) mixed = g_ptr_array_new();

    assert_ingest(send(txn, "j1", all, 1, 2), 2, 2, 0, 0);
    assert_ingest(send(txn, "j1", copy, 1, 2), 2, 0, 0, 2);
    assert_ingest(send(txn, "j1", copy, 1, 2), 2, 0, 0, 0);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_FORK, TRUE), ==, 2);
    g_assert_true(sched_sql_is(txn, "SELECT count(*) = 2 FROM record_forks", ""));
    /* The copy goes on where the original would: the chain shows it. */
    assert_ingest(send(txn, "j1", copy, 3, 3), 3, 1, 0, 1);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_CHAIN, TRUE), ==, 1);
    /* A record that fills a gap must be the one that the next names. */
    for (guint i = 0; i < 3; i++)
        g_ptr_array_add(mixed, g_ptr_array_index(all, i));
    mixed->pdata[1] = g_ptr_array_index(copy, 1);
    assert_ingest(send(txn, "j2", all, 3, 3), 0, 1, 0, 1);
    assert_ingest(send(txn, "j2", mixed, 1, 2), 3, 2, 0, 2);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_CHAIN, TRUE), ==, 3);

    temp_store_as(txn, "station:ia-le", NOW + 5);
    assert_ingest(send(txn, "j3", other, 1, 1), 1, 1, 0, 0);
    assert_ingest(send(txn, "j1", all, 1, 1), 3, 0, 0, 0);
    assert_ingest(send(txn, "j1", copy, 4, 4), 4, 1, 0, 1);
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_TWO_JOURNALS, TRUE), ==, 1);
    return TRUE;
}

static void
test_copies(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, copies_body, NULL);
}

static gboolean
unreadable_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) all = make_journal(3, "x"), list = NULL;
    g_autoptr(GPtrArray) many = g_ptr_array_new();
    ContentRecords batch = {(char *) "ia-le", (char *) "j", 1, FALSE, many};
    SchedIngest result;
    const SchedRecordRow *row;

    g_free(all->pdata[1]);
    all->pdata[1] = g_strdup("{\"type\":\"record\",\"v\":99}");
    assert_ingest(send(txn, "j", all, 1, 3), 3, 3, 1, 2);
    list = sched_store_record_list(txn, "ia-le", 0, G_MAXINT64, 100, error);
    g_assert_cmpuint(list->len, ==, 3);
    row = g_ptr_array_index(list, 2);
    g_assert_true(row->unreadable);
    g_assert_cmpstr(row->raw, ==, "{\"type\":\"record\",\"v\":99}");
    g_assert_cmpint(count_alarms(txn, SCHED_ALARM_UNREADABLE, TRUE), ==, 1);

    for (guint i = 0; i <= CONTENT_RECORDS_MAX_COUNT; i++)
        g_ptr_array_add(many, (gpointer) "x");
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_records_ingest(txn, &batch, &result, &problem));
    g_ptr_array_set_size(many, 1);
    batch.first_seq = 0;
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_records_ingest(txn, &batch, &result, &problem));
    batch.first_seq = 1;
    batch.station = (char *) "nobody";
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_records_ingest(txn, &batch, &result, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM records", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE records SET raw = ''", &problem, ""));
    return TRUE;
}

static void
test_unreadable(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, unreadable_body, NULL);
}

static void
beat(SchedTxn *txn, const char *station, gint64 received_us, gint64 down_from_us)
{
    SchedHeartbeatRow row = {.station = (char *) station,
                             .received_us = received_us,
                             .at_us = received_us,
                             .document = (char *) "{}",
                             .down_from_us = down_from_us,
                             .down_to_us = down_from_us == 0 ? 0 : received_us,
                             .down_reason = CONTENT_REASON_NO_POWER};
    g_autoptr(GPtrArray) rows = g_ptr_array_new();

    g_ptr_array_add(rows, &row);
    temp_store_as(txn, "system", received_us);
    assert_done(sched_store_heartbeats_put(txn, rows, &problem));
}

static gboolean
heartbeats_body(SchedTxn *txn, gpointer data, GError **error)
{
    const gint64 start_us = NOW - NOW % SCHED_HEARTBEAT_STEP_US;
    g_autoptr(GPtrArray) history = NULL, kept = NULL;
    g_autoptr(SchedHeartbeatRow) latest = NULL;
    g_autoptr(SchedStationStateRow) state = NULL;

    for (gint64 i = 0; i < 25; i++)
        beat(txn, "ia-le", start_us + i * 60 * G_USEC_PER_SEC, 0);
    beat(txn, "ia-le", start_us, NOW - 5);
    beat(txn, "nobody", NOW, 0);
    latest = sched_store_heartbeat_get(txn, "ia-le", error);
    g_assert_cmpint(latest->received_us, ==, start_us + 24 * 60 * G_USEC_PER_SEC);
    history = sched_store_heartbeat_history(txn, "ia-le", 0, G_MAXINT64, error);
    g_assert_cmpuint(history->len, ==, 3);
    state = sched_store_station_state_get(txn, "ia-le", error);
    g_assert_cmpint(state->contact_us, ==, latest->received_us);
    assert_done(
        sched_store_heartbeats_purge(txn, start_us + SCHED_HEARTBEAT_STEP_US, &problem));
    kept = sched_store_heartbeat_history(txn, "ia-le", 0, G_MAXINT64, error);
    g_assert_cmpuint(kept->len, ==, 2);
    return TRUE;
}

/* clang-format off */
static const struct {
    const char *why;
    gint64 gap_s, uptime_s, listening_s; /* since when we listen, after the first heartbeat */
    gboolean is_restarted;               /* the player says of another time off */
    gint64 from_s, to_s;                 /* after the first heartbeat; equal: nothing is known */
} silences[] = {
    { "one heartbeat late",             90,   9999, -100, FALSE, 0,   0    },
    { "three that did not come",        180,  9999, -100, FALSE, 0,   0    },
    { "no network for an hour",         3600, 9999, -100, FALSE, 0,   3600 },
    { "the machine booted in between",  3600, 600,  -100, FALSE, 0,   0    },
    { "the player was started again",   3600, 9999, -100, TRUE,  0,   0    },
    { "nobody knows since when it runs", 3600, 0,   -100, FALSE, 0,   0    },
    { "it was us who did not listen",   3600, 9999, 3550, FALSE, 0,   0    },
    { "at first it was us",             3600, 9999, 600,  FALSE, 600, 3600 },
};
/* clang-format on */

static gboolean
silence_body(SchedTxn *txn, gpointer data, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(silences); i++) {
        const gint64 first_us = NOW + (gint64) i * 4 * TEMP_STORE_DAY_US;
        SchedHeartbeatRow row = {.station = (char *) "ia-le",
                                 .received_us = first_us,
                                 .document = (char *) "{}",
                                 .down_to_us = first_us - 5};
        g_autoptr(GPtrArray) rows = g_ptr_array_new();
        g_autoptr(SchedDeliveryInput) input = NULL;
        g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(first_us / G_USEC_PER_SEC);
        g_autofree char *date = g_date_time_format(at, "%Y-%m-%d");
        const SchedDownSpan *span;

        g_test_message("%s", silences[i].why);
        g_ptr_array_add(rows, &row);
        temp_store_as(txn, "system", first_us);
        assert_done(sched_store_heartbeats_put(txn, rows, &problem));
        row.received_us += silences[i].gap_s * G_USEC_PER_SEC;
        row.uptime_us = silences[i].uptime_s * G_USEC_PER_SEC;
        row.listening_us = first_us + silences[i].listening_s * G_USEC_PER_SEC;
        row.down_to_us += silences[i].is_restarted ? 60 * G_USEC_PER_SEC : 0;
        assert_done(sched_store_heartbeats_put(txn, rows, &problem));
        input = sched_store_delivery_input(txn, "ia-le", date, row.received_us, error);
        g_assert_nonnull(input);
        g_assert_cmpuint(input->down->len, ==, silences[i].from_s != silences[i].to_s);
        if (input->down->len == 0)
            continue;
        span = &g_array_index(input->down, SchedDownSpan, 0);
        g_assert_cmpint(span->reason, ==, CONTENT_REASON_NO_NETWORK);
        g_assert_cmpint(span->from_us - first_us, ==, silences[i].from_s * G_USEC_PER_SEC);
        g_assert_cmpint(span->to_us - first_us, ==, silences[i].to_s * G_USEC_PER_SEC);
    }
    return TRUE;
}

static void
test_silences(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, silence_body, NULL);
}

static void
test_heartbeats(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, heartbeats_body, NULL);
}

static SchedDeviceRow
device(const char *serial, const char *station)
{
    const SchedDeviceRow row = {.serial = (char *) serial,
                                .station = (char *) station,
                                .public_key = (char *) "RW",
                                .certificate = (char *) "PEM",
                                .journal = (char *) "j1",
                                .expires_us = NOW + 1};

    return row;
}

static gboolean
enrolment_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *one = temp_store_hash("one"), *two = temp_store_hash("two");
    g_autofree char *lost = temp_store_hash("lost");
    const SchedDeviceRow first = device("01", "ia-le"), second = device("02", "ia-le");
    const SchedDeviceRow foreign = device("03", "ia-blu");
    g_autoptr(SchedDeviceRow) live = NULL;
    g_autoptr(GPtrArray) all = NULL;

    temp_store_as(txn, "technician", NOW);
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_enrolment_add(txn, one, "ia-le",
                                             NOW + SCHED_ENROLMENT_MAX_LIFE_US + 1, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_enrolment_add(txn, one, "nobody", NOW + 10, &problem));
    assert_done(sched_store_enrolment_add(txn, one, "ia-le", NOW + 10, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_enrolment_use(txn, one, &foreign, &problem));
    temp_store_as(txn, "system", NOW + 10);
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_enrolment_use(txn, one, &first, &problem));
    temp_store_as(txn, "system", NOW + 9);
    assert_done(sched_store_enrolment_use(txn, one, &first, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_enrolment_use(txn, one, &second, &problem));

    /* A new enrolment takes the place of the old device; a newer code voids an older one. */
    assert_done(sched_store_enrolment_add(txn, lost, "ia-le", NOW + 20, &problem));
    assert_done(sched_store_enrolment_add(txn, two, "ia-le", NOW + 20, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_enrolment_use(txn, lost, &second, &problem));
    assert_done(sched_store_enrolment_use(txn, two, &second, &problem));
    live = sched_store_device_live(txn, "ia-le", error);
    g_assert_cmpstr(live->serial, ==, "02");
    assert_done(sched_store_device_revoke(txn, "ia-le", "stolen", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_device_revoke(txn, "ia-le", "again", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE devices SET revoked_us = 0", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM devices", &problem, ""));
    all = sched_store_device_list(txn, error);
    g_assert_cmpuint(all->len, ==, 2);
    return TRUE;
}

static void
test_enrolment(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, enrolment_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/records/once", test_once);
    g_test_add_func("/store/records/lost", test_lost);
    g_test_add_func("/store/records/copies", test_copies);
    g_test_add_func("/store/records/unreadable", test_unreadable);
    g_test_add_func("/store/silences", test_silences);
    g_test_add_func("/store/heartbeats", test_heartbeats);
    g_test_add_func("/store/enrolment", test_enrolment);
    return g_test_run();
}
