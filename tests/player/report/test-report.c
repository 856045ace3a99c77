/*
 * test-report.c - what a station says, heard by an independent client on a real broker: records
 * until acknowledged, heartbeats in time, a hello that is signed.
 */
#include "player/report/report.h"

#include <string.h>

#include "player/report/vitals.h"
#include "tests/support/broker.h"
#include "tests/support/fake-clock.h"
#include "tests/support/scratch.h"
#include "tests/support/station.h"
#include "tests/support/wait.h"

#define STATION   "ia-pa-02"
#define SECOND(n) ((gint64) (n) *G_USEC_PER_SEC)

typedef struct {
    char *folder, *district;
    TestCa *ca;
    TestBroker *mosquitto;
    TestListener *listener;
    PlayIdentity *identity;
    ContentClock *clock;
    PlayBroker *broker;
    PlayJournal *journal;
    PlayVitals *vitals;
    PlayReport *report;
    guint n_up, n_done, n_filled, n_faults;
} Fixture;

static const PlayBrokerTiming quick = {30, 20, 200};
static const PlayReportTiming timing = {.first_retry_ms = 4000,
                                        .longest_retry_ms = 16000,
                                        .gap_ms = 1000,
                                        .burst = 5,
                                        .refill_ms = 10000};

static gint64
verify_time(gpointer data)
{
    return g_get_real_time();
}

static void
on_up(gpointer data)
{
    ((Fixture *) data)->n_up++;
}

static void
on_down(const char *words, gpointer data)
{
}

static void
on_message(PlayBrokerTopic topic, GBytes *payload, gpointer data)
{
}

static const PlayBrokerEvents broker_events = {on_up, on_down, on_message};

static void
fill_heartbeat(ContentHeartbeat *heartbeat, gpointer data)
{
    Fixture *fixture = data;

    heartbeat->manifest_version = ++fixture->n_filled;
}

static void
fill_hello(ContentHello *hello, gpointer data)
{
    hello->manifest_version = 42;
}

static void
on_journal_fault(const char *words, gpointer data)
{
    ((Fixture *) data)->n_faults++;
}

static const PlayReportEvents events = {fill_heartbeat, fill_hello};

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    fixture->folder = test_scratch_new();
    path = g_build_filename(fixture->folder, "journal.db", NULL);
    fixture->ca = test_ca_new(fixture->folder, "authority");
    fixture->mosquitto = test_broker_new(fixture->folder, fixture->ca, NULL);
    fixture->district =
        test_ca_issue(fixture->ca, "district", "district", TEST_CERTIFICATE_CLIENT);
    fixture->listener =
        test_broker_listen(fixture->mosquitto, fixture->district, "loa/1/from/#");
    fixture->identity = test_station_new(fixture->ca, STATION, "https://x:1",
                                         test_broker_uri(fixture->mosquitto));
    fixture->clock = fake_clock_new(FAKE_CLOCK_START_US);
    fixture->broker =
        play_broker_new(fixture->identity, &quick, verify_time, NULL, &broker_events, fixture);
    fixture->journal = play_journal_open(path, on_journal_fault, fixture, &error);
    g_assert_no_error(error);
    fixture->vitals =
        play_vitals_new(fixture->folder, &play_vitals_paths, fixture->clock, &error);
    g_assert_no_error(error);
    fixture->report =
        play_report_new(fixture->identity, fixture->broker, fixture->journal, fixture->vitals,
                        fixture->clock, &timing, &events, fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    play_report_free(fixture->report);
    play_journal_free(fixture->journal);
    play_vitals_free(fixture->vitals);
    play_broker_free(fixture->broker);
    g_assert_cmpuint(fake_clock_n_pending(fixture->clock), ==, 0);
    content_clock_free(fixture->clock);
    play_identity_free(fixture->identity);
    test_listener_free(fixture->listener);
    test_broker_free(fixture->mosquitto);
    test_ca_free(fixture->ca);
    test_scratch_free(fixture->folder);
    g_free(fixture->district);
}

/* The next message must be on this topic. Returns: (transfer full): the document in it */
static gpointer
heard(Fixture *fixture, const char *word, const ContentDocumentType *type, gboolean is_sealed)
{
    g_autofree char *topic = NULL;
    g_autofree char *expected = g_strconcat("loa/1/from/" STATION "/", word, NULL);
    g_autoptr(GBytes) bytes = test_listener_next(fixture->listener, &topic);
    g_autoptr(GBytes) document = g_bytes_ref(bytes);
    g_autofree char *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autofree char *claim = g_strdup_printf("%s " STATION " 0", type->type);
    g_autoptr(GError) error = NULL;
    gpointer read;

    g_assert_cmpstr(topic, ==, expected);
    if (is_sealed) {
        g_bytes_unref(document);
        document = content_seal_unwrap(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                       type->max_bytes, &signature, &comment, &key_id, &error);
        g_assert_no_error(error);
        g_assert_true(content_seal_verify(content_seal_key_public(fixture->identity->seal),
                                          signature, g_bytes_get_data(document, NULL),
                                          g_bytes_get_size(document), claim, &error));
        g_assert_no_error(error);
    }
    read = content_document_read(type, g_bytes_get_data(document, NULL),
                                 g_bytes_get_size(document), &error);
    g_assert_no_error(error);
    return read;
}

static void
expect_heartbeat(Fixture *fixture, guint n)
{
    g_autoptr(ContentHeartbeat) heartbeat =
        heard(fixture, "heartbeat", &content_heartbeat_type, FALSE);

    g_assert_cmpint(heartbeat->manifest_version, ==, n);
    g_assert_cmpint(heartbeat->at_us, ==, content_clock_utc_us(fixture->clock));
    g_assert_cmpint(heartbeat->total_bytes, >, 0);
    g_assert_cmpstr(heartbeat->journal, ==, play_journal_id(fixture->journal));
}

static void
expect_batch(Fixture *fixture, gint64 first_seq, guint n, gboolean is_loss)
{
    g_autoptr(ContentRecords) records = heard(fixture, "records", &content_records_type, TRUE);

    g_assert_cmpint(records->first_seq, ==, first_seq);
    g_assert_cmpuint(records->records->len, ==, n);
    g_assert_cmpstr(records->station, ==, STATION);
    g_assert_cmpint(records->oldest, ==, is_loss);
}

static void
expect_records(Fixture *fixture, gint64 first_seq, guint n)
{
    expect_batch(fixture, first_seq, n, FALSE);
}

/* The line comes up: hello, then a heartbeat once the loop turns. */
static void
line_up(Fixture *fixture)
{
    g_autoptr(ContentHello) hello = NULL;

    play_report_line(fixture->report, TRUE);
    fake_clock_advance(fixture->clock, 0);
    hello = heard(fixture, "hello", &content_hello_type, TRUE);
    g_assert_cmpint(hello->manifest_version, ==, 42);
    g_assert_cmpuint(hello->reads->len, >, 0);
    expect_heartbeat(fixture, fixture->n_filled);
}

static void
on_done(gint64 seq, gpointer data)
{
    ((Fixture *) data)->n_done++;
}

static void
append(Fixture *fixture, guint n)
{
    guint done = fixture->n_done + n;

    for (guint i = 0; i < n; i++) {
        ContentRecord *record = content_document_new(&content_record_type);

        record->kind = CONTENT_RECORD_FAULT;
        record->at_us = content_clock_utc_us(fixture->clock);
        play_report_append(fixture->report, record, on_done, fixture);
    }
    TEST_WAIT_UNTIL(fixture->n_done == done);
}

static void
test_heartbeats(Fixture *fixture, gconstpointer data)
{
    play_report_changed(fixture->report); /* no line: nothing to say it on */
    line_up(fixture);
    fake_clock_advance(fixture->clock, SECOND(60) - 1);
    g_assert_cmpuint(fixture->n_filled, ==, 1);
    fake_clock_advance(fixture->clock, 1);
    expect_heartbeat(fixture, 2);

    /* A hundred changes in one turn are one heartbeat; the next not within a second. */
    fake_clock_advance(fixture->clock, SECOND(10));
    for (guint i = 0; i < 100; i++)
        play_report_changed(fixture->report);
    fake_clock_advance(fixture->clock, 0);
    expect_heartbeat(fixture, 3);
    play_report_changed(fixture->report);
    fake_clock_advance(fixture->clock, SECOND(1) - 1);
    g_assert_cmpuint(fixture->n_filled, ==, 3);
    fake_clock_advance(fixture->clock, 1);
    expect_heartbeat(fixture, 4);

    play_report_set_period(fixture->report, 15);
    fake_clock_advance(fixture->clock, SECOND(15));
    expect_heartbeat(fixture, 5);
    play_report_set_period(fixture->report, 0); /* never under 5 s */
    fake_clock_advance(fixture->clock, SECOND(5));
    expect_heartbeat(fixture, 6);
    play_report_line(fixture->report, FALSE);
    fake_clock_advance(fixture->clock, SECOND(3600));
    g_assert_cmpuint(fixture->n_filled, ==, 6);
}

/* Something changes ten times a second for an hour: the burst, then one as often as it is
 * refilled, and what is told last is never older than that. */
static void
test_changes_without_end(Fixture *fixture, gconstpointer data)
{
    guint n_before, n_hour;

    line_up(fixture);
    n_before = fixture->n_filled;
    for (guint i = 0; i < 36000; i++) {
        play_report_changed(fixture->report);
        fake_clock_advance(fixture->clock, SECOND(1) / 10);
    }
    n_hour = fixture->n_filled - n_before;
    g_assert_cmpuint(n_hour, <=, timing.burst + 361);
    g_assert_cmpuint(n_hour, >=, 359);
    play_report_changed(fixture->report);
    fake_clock_advance(fixture->clock, SECOND(10));
    g_assert_cmpuint(fixture->n_filled - n_before, >, n_hour);
    /* A minute of quiet, and five changes are told within five seconds again. */
    fake_clock_advance(fixture->clock, SECOND(59));
    n_before = fixture->n_filled;
    for (guint i = 0; i < 5; i++) {
        play_report_changed(fixture->report);
        fake_clock_advance(fixture->clock, SECOND(1));
    }
    g_assert_cmpuint(fixture->n_filled - n_before, >=, 5);
}

/* Sent at once, again with growing pauses, on after the acknowledgement; none twice after it.
 */
static void
test_records(Fixture *fixture, gconstpointer data)
{
    append(fixture, 3); /* before there is a line */
    line_up(fixture);
    play_report_set_period(fixture->report, 3600);
    expect_records(fixture, 1, 3);
    fake_clock_advance(fixture->clock, SECOND(4));
    expect_records(fixture, 1, 3);
    append(fixture, 1); /* while a batch is out */
    fake_clock_advance(fixture->clock, SECOND(8));
    expect_records(fixture, 1, 4);

    /* Of another journal, of nothing: no matter. */
    play_report_acknowledged(fixture->report, "another", 4);
    play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 0);
    play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 2);
    expect_records(fixture, 3, 2);
    play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 4);
    TEST_WAIT_UNTIL(play_journal_acked(fixture->journal) == 4);
    fake_clock_advance(fixture->clock, SECOND(600));
    append(fixture, 1);
    expect_records(fixture, 5, 1);
}

/* The district has more than we (a journal that was copied back): no answer leads to a batch at
 * once, or both would speak without end. */
static void
test_acknowledged_beyond(Fixture *fixture, gconstpointer data)
{
    append(fixture, 2);
    line_up(fixture);
    play_report_set_period(fixture->report, 3600);
    expect_records(fixture, 1, 2);
    for (guint i = 0; i < 3; i++) {
        play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 9);
        append(fixture, 1); /* answered after the acknowledgement was looked at */
    }
    fake_clock_advance(fixture->clock, SECOND(1));
    play_report_hello(fixture->report);
    content_hello_free(heard(fixture, "hello", &content_hello_type, TRUE));
    fake_clock_advance(fixture->clock, SECOND(16));
    expect_records(fixture, 1, 5);
    /* One that we can follow: on as ever. */
    play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 5);
    append(fixture, 1);
    expect_records(fixture, 6, 1);
}

/* Acknowledged while the clock stood at 1970: still there when the present has come. */
static void
test_untrusted_clock(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) history = NULL;
    const char *id = play_journal_id(fixture->journal);

    append(fixture, 3);
    line_up(fixture);
    play_report_set_period(fixture->report, 3600);
    expect_records(fixture, 1, 3);
    play_report_acknowledged(fixture->report, id, 2);
    expect_records(fixture, 3, 1);
    fake_clock_step(fixture->clock, 2 * PLAY_JOURNAL_KEEP_US);
    play_vitals_set_trust(fixture->vitals, CONTENT_TRUST_SYNCED);
    play_report_acknowledged(fixture->report, id, 3);
    append(fixture, 1); /* answered after the acknowledgement */
    expect_records(fixture, 4, 1);
    history = play_journal_history(fixture->journal, 0, NULL);
    g_assert_cmpuint(history->len, ==, 4);
}

static void
run_sql(Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->folder, "journal.db", NULL);
    const char *argv[] = {"sqlite3", "-cmd", ".timeout 5000", path, sql, NULL};
    int status = -1;

    g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               NULL, NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
}

/* The disk cannot be read for a while: asked again, without waiting for another record. */
static void
test_unreadable(Fixture *fixture, gconstpointer data)
{
    append(fixture, 1);
    run_sql(fixture, "ALTER TABLE record RENAME TO elsewhere");
    line_up(fixture);
    play_report_set_period(fixture->report, 3600);
    /* Heartbeat, stamp, and the next attempt. */
    TEST_WAIT_UNTIL(fixture->n_faults == 1 && fake_clock_n_pending(fixture->clock) == 3);
    run_sql(fixture, "ALTER TABLE elsewhere RENAME TO record");
    fake_clock_advance(fixture->clock, SECOND(4));
    expect_records(fixture, 1, 1);
}

/* More than a batch: one after the other, each after the acknowledgement of the one before. */
static void
test_many(Fixture *fixture, gconstpointer data)
{
    append(fixture, 450);
    line_up(fixture);
    expect_records(fixture, 1, 200);
    play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 200);
    expect_records(fixture, 201, 200);
    play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 400);
    expect_records(fixture, 401, 50);
    play_report_acknowledged(fixture->report, play_journal_id(fixture->journal), 450);
    TEST_WAIT_UNTIL(play_journal_acked(fixture->journal) == 450);
}

/* A district restored from a backup answers the hello with less than it had acknowledged. */
static void
test_restored_district(Fixture *fixture, gconstpointer data)
{
    const char *journal = play_journal_id(fixture->journal);

    append(fixture, 4);
    line_up(fixture);
    play_report_set_period(fixture->report, 3600);
    expect_records(fixture, 1, 4);
    play_report_acknowledged(fixture->report, journal, 4);
    TEST_WAIT_UNTIL(play_journal_acked(fixture->journal) == 4);

    /* Without a hello before it, it is an old answer that came late. */
    play_report_acknowledged(fixture->report, journal, 3);
    append(fixture, 1);
    expect_records(fixture, 5, 1);

    play_report_line(fixture->report, FALSE);
    fake_clock_advance(fixture->clock, SECOND(3600));
    line_up(fixture);
    expect_records(fixture, 5, 1);
    play_report_acknowledged(fixture->report, "another", 1);
    play_report_acknowledged(fixture->report, journal, 1);
    expect_records(fixture, 2, 4);
    g_assert_cmpint(play_journal_acked(fixture->journal), ==, 1);
    /* Once a hello: the next that is behind is late. */
    play_report_acknowledged(fixture->report, journal, 0);
    play_report_acknowledged(fixture->report, journal, 5);
    TEST_WAIT_UNTIL(play_journal_acked(fixture->journal) == 5);
    append(fixture, 1);
    expect_records(fixture, 6, 1);
}

/* Restored to before the oldest that is kept: the district hears that the rest is lost, as
 * often as it asks, or both would wait for it for ever. */
static void
test_restored_too_far(Fixture *fixture, gconstpointer data)
{
    const char *journal = play_journal_id(fixture->journal);

    play_vitals_set_trust(fixture->vitals, CONTENT_TRUST_SYNCED);
    append(fixture, 3);
    line_up(fixture);
    play_report_set_period(fixture->report, 3600);
    expect_records(fixture, 1, 3);
    play_report_acknowledged(fixture->report, journal, 3);
    TEST_WAIT_UNTIL(play_journal_acked(fixture->journal) == 3);
    fake_clock_step(fixture->clock, 2 * PLAY_JOURNAL_KEEP_US);
    append(fixture, 2);
    expect_records(fixture, 4, 2);
    play_report_acknowledged(fixture->report, journal, 5); /* the first three go */
    TEST_WAIT_UNTIL(play_journal_acked(fixture->journal) == 5);

    for (guint i = 0; i < 2; i++) {
        play_report_line(fixture->report, FALSE);
        fake_clock_advance(fixture->clock, SECOND(7200));
        line_up(fixture);
        play_report_set_period(fixture->report, 3600);
        if (i > 0) /* before the hello is answered */
            expect_batch(fixture, 4, 2, TRUE);
        play_report_acknowledged(fixture->report, journal, 1);
        expect_batch(fixture, 4, 2, TRUE);
    }
    play_report_acknowledged(fixture->report, journal, 5);
    TEST_WAIT_UNTIL(play_journal_acked(fixture->journal) == 5);
    append(fixture, 1);
    expect_records(fixture, 6, 1);
}

/* The line breaks before the acknowledgement: everything is said again on the next. */
static void
test_line_breaks(Fixture *fixture, gconstpointer data)
{
    append(fixture, 2);
    line_up(fixture);
    expect_records(fixture, 1, 2);
    play_report_line(fixture->report, FALSE);
    fake_clock_advance(fixture->clock, SECOND(3600));
    line_up(fixture);
    expect_records(fixture, 1, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/report/report/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("heartbeats", test_heartbeats);
    ADD("changes-without-end", test_changes_without_end);
    ADD("records", test_records);
    ADD("acknowledged-beyond", test_acknowledged_beyond);
    ADD("restored-district", test_restored_district);
    ADD("restored-too-far", test_restored_too_far);
    ADD("untrusted-clock", test_untrusted_clock);
    ADD("unreadable", test_unreadable);
    ADD("many", test_many);
    ADD("line-breaks", test_line_breaks);
    return g_test_run();
}
