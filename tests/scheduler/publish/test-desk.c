/*
 * test-desk.c - a district's whole line: real store, real mosquitto, and a station made of a
 * connection and the documents alone.
 */
#include "tests/scheduler/publish/desk-fixture.h"

#include "content/exchange.h"
#include "content/heartbeat.h"
#include "scheduler/publish/hearing.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/records.h"
#include "tests/support/port.h"
#include "tests/support/wait.h"

#include <signal.h>
#include <string.h>

static void
test_hello_brings_up_to_date(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);

    desk_say_hello(f, line, 0, 0);
    desk_expect_manifest(f, line, 1);
    desk_say_hello(f, line, 1, 1); /* holds it: nothing to say */
    desk_say_hello(f, line, 0, 1); /* its disk was wiped */
    desk_expect_manifest(f, line, 1);
    g_assert_cmpuint(test_station_count(line), ==, 0);
    g_assert_cmpstr(f->troubles->str, ==, "");
}

static gboolean
count_records(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_record_list(txn, DESK_STATION, 0, G_MAXINT64, 100, error);

    *(guint *) data = rows == NULL ? 99 : rows->len;
    return rows != NULL;
}

static void
test_records_are_acknowledged(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    g_autoptr(ContentSealKey) stranger = content_seal_key_generate();
    g_autoptr(GBytes) forged = desk_batch(stranger);
    g_autoptr(GBytes) genuine = desk_batch(f->station_key);
    guint n_records = 0;

    test_station_say(line, "records", forged);
    TEST_WAIT_UNTIL(strstr(f->troubles->str, DESK_STATION ": ") != NULL);
    temp_store_look(f->temp, count_records, &n_records);
    g_assert_cmpuint(n_records, ==, 0);
    for (guint i = 0; i < 2; i++) { /* the second time nothing is new, and it is said again */
        test_station_say(line, "records", genuine);
        desk_expect_ack(f, line, 1);
        temp_store_look(f->temp, count_records, &n_records);
        g_assert_cmpuint(n_records, ==, 1);
    }
}

/* We were restored to before what the station still has: on, and somebody is told. */
static void
test_lost_records(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    g_autoptr(GBytes) oldest = desk_batch_from(f->station_key, 5);

    desk_say_records(f, line);
    desk_expect_ack(f, line, 1);
    g_assert_cmpstr(f->troubles->str, ==, "");
    test_station_say(line, "records", oldest);
    desk_expect_ack(f, line, 5);
    g_assert_cmpstr(f->troubles->str, ==,
                    DESK_STATION
                    ": its journal journal-1: records 2 to 4 are lost: the station does "
                    "not have them any more\n");
}

/* We were restored: a station that thinks we have its records learns that we have none. */
static void
test_hello_of_one_acknowledged(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);

    desk_say_hello_with(f, line, 1, 1, 1, 7);
    desk_expect_ack(f, line, 0);
}

static void
test_time_is_signed(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    g_autofree char *nonce = g_strnfill(64, 'a');
    const ContentTimeAsk ask = {(char *) DESK_STATION, nonce};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) question = content_document_write(&content_time_ask_type, &ask, &error);
    g_autoptr(ContentTimeAnswer) answer = NULL;
    g_autoptr(TestStation) other = NULL;
    gint64 off_us;

    g_assert_no_error(error);
    test_station_say(line, "time", question);
    answer = desk_next_heard(f, line, "time", CONTENT_ROLE_TIME, &content_time_answer_type);
    g_assert_cmpstr(answer->nonce, ==, nonce);
    off_us = answer->utc_us - g_get_real_time();
    g_assert_cmpint(ABS(off_us), <, 60 * G_USEC_PER_SEC);
    other = desk_connect(f, DESK_OTHER);
    test_station_say(other, "time", question);
    TEST_WAIT_UNTIL(strstr(f->troubles->str, DESK_OTHER ": asks the time for another") != NULL);
    g_assert_cmpuint(test_station_count(line), ==, 0);
}

static gboolean
find_overtake(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_audit_list(txn, DESK_STATION, 0, 100, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedAuditRow *row = g_ptr_array_index(rows, i);

        *(gboolean *) data |= strcmp(row->action, "manifest.overtake") == 0;
    }
    return rows != NULL;
}

/* The database came from a backup: the station has accepted versions that we do not know of. */
static void
test_restored_district_overtakes(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    gboolean is_audited = FALSE;

    desk_say_hello(f, line, 40, 40);
    desk_expect_manifest(f, line, 41);
    temp_store_look(f->temp, find_overtake, &is_audited);
    g_assert_true(is_audited);
}

static GBytes *
next_manifest(TestStation *line)
{
    while (TRUE) {
        g_autofree char *topic = NULL;
        g_autoptr(GBytes) payload = test_station_next(line, &topic);

        if (g_str_has_suffix(topic, "/manifest"))
            return g_steal_pointer(&payload);
    }
}

static gboolean
revoke_device(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_device_revoke(txn, data, "stolen", error);
}

/* A station that is connected when it is revoked hears nothing more, on the connection it has.
 */
static void
test_revoked_hears_nothing(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) thief = desk_connect(f, DESK_STATION);
    g_autoptr(TestStation) honest = desk_connect(f, DESK_OTHER);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) first = NULL, second = NULL;

    desk_say_hello(f, thief, 1, 1); /* it is not asked for one later */
    temp_store_run(f->temp, desk_rename_station, &(DeskRename){DESK_STATION, "before"});
    desk_expect_manifest(f, thief, 2);
    temp_store_run(f->temp, revoke_device, (gpointer) DESK_STATION);
    g_assert_true(sched_desk_devices_changed(f->desk, DESK_STATION, &error));
    g_assert_no_error(error);
    /* The honest one's next two bracket whatever the other would have been sent. */
    temp_store_run(f->temp, desk_rename_station, &(DeskRename){DESK_OTHER, "one"});
    first = next_manifest(honest);
    temp_store_run(f->temp, desk_rename_station, &(DeskRename){DESK_STATION, "after"});
    TEST_WAIT_UNTIL(strstr(f->said->str, DESK_STATION ": manifest 3 issued") != NULL);
    temp_store_run(f->temp, desk_rename_station, &(DeskRename){DESK_OTHER, "two"});
    second = next_manifest(honest);
    g_assert_cmpuint(test_station_count(thief), ==, 0);
}

/* The broker dies in the middle and comes back empty: nothing is lost, nothing comes twice. */
static void
test_broker_killed(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = NULL;
    g_autoptr(GBytes) genuine = desk_batch(f->station_key);

    g_assert_cmpuint(f->n_up, ==, 1);
    kill(sched_desk_broker_pid(f->desk), SIGKILL);
    TEST_WAIT_UNTIL(f->n_up == 0);
    temp_store_run(f->temp, desk_rename_station,
                   &(DeskRename){DESK_STATION, "while it was gone"});
    TEST_WAIT_UNTIL(strstr(f->said->str, DESK_STATION ": manifest 2 issued") != NULL);
    g_string_truncate(f->said, 0);
    TEST_WAIT_UNTIL(strstr(f->said->str, "connected to the broker") != NULL);
    line = desk_connect(f, DESK_STATION);
    desk_say_hello(f, line, 1, 1);
    desk_expect_manifest(f, line, 2);
    test_station_say(line, "records", genuine);
    desk_expect_ack(f, line, 1);
}

static gboolean
port_answers(guint port)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16) port, NULL, NULL);

    return connection != NULL;
}

/*
 * The district's own line is down while a station connects and says hello: when it is up again
 * the station is asked, says what it holds, and gets what it lacks.
 */
static void
test_unheard_is_asked(DeskFixture *f, gconstpointer data)
{
    g_autofree char *config = g_build_filename(f->folder, "broker", "mosquitto.conf", NULL);
    g_autofree char *uri = g_strdup_printf("mqtts://127.0.0.1:%u", f->port);
    g_autoptr(ContentEnquiry) enquiry = NULL;
    g_autoptr(GSubprocess) broker = NULL;
    g_autoptr(TestStation) line = NULL;
    g_autoptr(GError) error = NULL;

    g_clear_pointer(&f->desk, sched_desk_free);
    broker = g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "/usr/sbin/mosquitto",
                              "-c", config, NULL);
    g_assert_no_error(error);
    TEST_WAIT_UNTIL(port_answers(f->port));
    line = desk_connect(f, DESK_STATION);
    desk_say_hello(f, line, 0, 0);
    g_string_truncate(f->said, 0);
    desk_start(f, uri);
    enquiry = desk_next_heard(f, line, "enquiry", CONTENT_ROLE_MANIFEST, &content_enquiry_type);
    g_assert_cmpstr(enquiry->station, ==, DESK_STATION);
    desk_say_hello(f, line, 0, 0);
    desk_expect_manifest(f, line, 1);
    g_subprocess_force_exit(broker);
    g_assert_true(g_subprocess_wait(broker, NULL, NULL));
}

/* A report that came too fast was dropped: it is asked for, or the district would not know of
 * the manifest for as long as nothing changes. */
static gboolean
is_asked(TestStation *line, gint64 *said_us)
{
    g_autoptr(GBytes) word = g_bytes_new_static("x", 1);
    gint64 now_us = g_get_monotonic_time();

    if (now_us - *said_us >= G_USEC_PER_SEC / 2) {
        *said_us = now_us;
        test_station_say(line, "report", word);
    }
    return test_station_count(line) > 0;
}

static void
test_dropped_words_are_asked_for(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    g_autoptr(GBytes) word = g_bytes_new_static("x", 1);
    g_autoptr(ContentEnquiry) enquiry = NULL;
    gint64 begun_us = g_get_monotonic_time(), said_us = 0;

    /* Or it would be asked as one that was not heard of since the line came up. */
    desk_say_hello(f, line, 1, 1);
    for (guint i = 0; i < 2 * SCHED_HEARING_BURST; i++)
        test_station_say(line, "report", word);
    TEST_WAIT_UNTIL(is_asked(line, &said_us));
    enquiry = desk_next_heard(f, line, "enquiry", CONTENT_ROLE_MANIFEST, &content_enquiry_type);
    g_assert_cmpstr(enquiry->station, ==, DESK_STATION);
    /* When there was room again for half of what may be said at once. */
    g_assert_cmpint(g_get_monotonic_time() - begun_us, >=,
                    SCHED_HEARING_BURST / 2 / SCHED_HEARING_PER_SECOND * G_USEC_PER_SEC);
}

static void
say_fault(TestStation *line, gboolean is_there)
{
    g_autoptr(ContentHeartbeat) beat = content_document_new(&content_heartbeat_type);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    ContentFault *fault;

    beat->station = g_strdup(DESK_STATION);
    beat->boot = g_strnfill(32, 'b');
    beat->at_us = TEMP_STORE_NOW_US;
    beat->manifest_version = 1;
    beat->temperature_mc = G_MININT64;
    beat->journal = g_strdup("journal-1");
    beat->player_version = g_strdup("0.1.0");
    if (is_there) {
        fault = content_shape_new(&content_fault_shape);
        fault->what.code = g_strdup("board_silent");
        fault->what.subject = g_strdup("board-1");
        fault->since_us = TEMP_STORE_NOW_US;
        g_ptr_array_add(beat->faults, fault);
    }
    bytes = content_document_write(&content_heartbeat_type, beat, &error);
    g_assert_no_error(error);
    test_station_say(line, "heartbeat", bytes);
}

/* A fault that comes and goes with each heartbeat is told once for now; so is nonsense. */
static void
test_faults_are_told(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    g_autoptr(GBytes) nonsense = g_bytes_new_static("{}", 2);
    g_auto(GStrv) parts = NULL;
    g_auto(GStrv) refusals = NULL;

    for (guint i = 0; i < 6; i++)
        say_fault(line, i % 2 == 0);
    for (guint i = 0; i < 20; i++)
        test_station_say(line, "heartbeat", nonsense);
    desk_say_records(f, line); /* answered after all of that was taken */
    desk_expect_ack(f, line, 1);
    parts = g_strsplit(f->said->str, DESK_STATION ": board board-1", -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 3);
    g_assert_nonnull(
        strstr(f->said->str, DESK_STATION ": board board-1: board board-1: no answer\n"));
    g_assert_nonnull(strstr(f->said->str, DESK_STATION ": board board-1: over\n"));
    refusals = g_strsplit(f->troubles->str, DESK_STATION ": ", -1);
    g_assert_cmpuint(g_strv_length(refusals) - 1, ==, SCHED_WATCH_MAX_REFUSALS);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                    \
    g_test_add("/publish/desk/" name, DeskFixture, NULL, desk_set_up, function, desk_tear_down)
    ADD("hello-brings-up-to-date", test_hello_brings_up_to_date);
    ADD("records-are-acknowledged", test_records_are_acknowledged);
    ADD("lost-records", test_lost_records);
    ADD("hello-of-one-acknowledged", test_hello_of_one_acknowledged);
    ADD("time-is-signed", test_time_is_signed);
    ADD("restored-district-overtakes", test_restored_district_overtakes);
    ADD("revoked-hears-nothing", test_revoked_hears_nothing);
    ADD("broker-killed", test_broker_killed);
    ADD("faults-are-told", test_faults_are_told);
    ADD("unheard-is-asked", test_unheard_is_asked);
    ADD("dropped-words-are-asked-for", test_dropped_words_are_asked_for);
    return g_test_run();
}
