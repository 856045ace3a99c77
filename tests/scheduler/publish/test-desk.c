/*
 * test-desk.c - a district's whole line: real store, real mosquitto, and a station made of a
 * connection and the documents alone.
 */
#include "scheduler/publish/desk.h"

#include <signal.h>
#include <string.h>

#include "content/claim.h"
#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/record.h"
#include "scheduler/publish/hearing.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/records.h"
#include "scheduler/trust/root.h"
#include "scheduler/store/stations.h"
#include "tests/support/port.h"
#include "tests/support/station-line.h"
#include "tests/support/temp-store.h"
#include "tests/support/wait.h"

#define STATION "ia-le"
#define OTHER   "ia-blu"

typedef struct {
    TempStore *temp;
    char *folder;
    ContentClock *clock;
    SchedAuthority *authority;
    SchedKeys *keys;
    ContentSealKey *root;
    ContentSealKey *station_key;
    SchedDesk *desk;
    guint port;
    GString *said;
    GString *troubles;
    guint n_up;
} Fixture;

/* --- the station's side
 * ----------------------------------------------------------------------- */

static char *
certificate_of(Fixture *f, const char *station)
{
    return g_strdup_printf("%s/authority/station-%s.pem", f->folder, station);
}

static TestStation *
connect_as(Fixture *f, const char *station)
{
    g_autofree char *certificate = certificate_of(f, station);
    g_autofree char *authority = g_build_filename(f->folder, "authority", "ca.pem", NULL);

    return test_station_connect(f->port, authority, certificate, station);
}

static GBytes *
sign_as(const ContentSealKey *key, const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    g_autofree char *comment = content_claim_comment(type->type, STATION, 0);
    g_autofree char *lines = NULL;

    g_assert_no_error(error);
    lines =
        content_seal_sign(key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), comment);
    return content_seal_wrap(lines, bytes);
}

static void
say_hello_with(Fixture *f, TestStation *line, gint64 version, gint64 floor, gint64 keys_version,
               gint64 acked_seq)
{
    ContentFloor *keys = content_shape_new(&content_floor_shape);
    ContentHello *hello = content_document_new(&content_hello_type);
    ContentFloor *entry = content_shape_new(&content_floor_shape);
    g_autoptr(GBytes) envelope = NULL;

    hello->station = g_strdup(STATION);
    hello->boot = g_strnfill(32, 'b');
    hello->at_us = TEMP_STORE_NOW_US;
    hello->manifest_version = version;
    hello->journal_seq = hello->acked_seq = acked_seq;
    hello->journal = g_strdup("journal-1");
    hello->player_version = g_strdup("0.1.0");
    entry->key =
        g_strdup(content_seal_key_id(sched_keys_signer(f->keys, CONTENT_ROLE_MANIFEST)));
    entry->version = floor;
    if (floor > 0)
        g_ptr_array_add(hello->floors, entry);
    else
        content_shape_free(&content_floor_shape, entry);
    keys->key = g_strdup(content_seal_key_id(f->root));
    keys->version = keys_version;
    g_ptr_array_add(hello->floors, keys);
    envelope = sign_as(f->station_key, &content_hello_type, hello);
    test_station_say(line, "hello", envelope);
    content_hello_free(hello);
}

static void
say_hello_knowing(Fixture *f, TestStation *line, gint64 version, gint64 floor,
                  gint64 keys_version)
{
    say_hello_with(f, line, version, floor, keys_version, 0);
}

static void
say_hello(Fixture *f, TestStation *line, gint64 version, gint64 floor)
{
    say_hello_knowing(f, line, version, floor, 1);
}

static GBytes *
batch_from(const ContentSealKey *key, gint64 seq)
{
    g_autoptr(ContentRecord) record = content_document_new(&content_record_type);
    g_autoptr(ContentRecords) records = content_document_new(&content_records_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    record->seq = seq;
    record->prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    record->kind = CONTENT_RECORD_BOOT;
    record->boot = g_strnfill(32, 'b');
    record->at_us = TEMP_STORE_NOW_US;
    bytes = content_document_write(&content_record_type, record, &error);
    g_assert_no_error(error);
    records->station = g_strdup(STATION);
    records->journal = g_strdup("journal-1");
    records->first_seq = seq;
    records->oldest = seq > 1;
    g_ptr_array_add(records->records,
                    g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    return sign_as(key, &content_records_type, records);
}

static GBytes *
batch(const ContentSealKey *key)
{
    return batch_from(key, 1);
}

static void
say_records(Fixture *f, TestStation *line)
{
    g_autoptr(GBytes) records = batch(f->station_key);

    test_station_say(line, "records", records);
}

/* Waits for the next message, which must be on @what and signed by the key of @role. */
static gpointer
next_heard(Fixture *f, TestStation *line, const char *what, ContentRole role,
           const ContentDocumentType *type)
{
    g_autofree char *expected = g_strdup_printf("loa/1/to/" STATION "/%s", what);
    g_autofree char *topic = NULL, *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GBytes) envelope = test_station_next(line, &topic);
    g_autoptr(GBytes) document = NULL;
    g_autoptr(GError) error = NULL;
    gpointer parsed;

    g_assert_cmpstr(topic, ==, expected);
    document = content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                                   type->max_bytes, &signature, &comment, &key_id, &error);
    g_assert_no_error(error);
    g_assert_true(content_seal_verify(content_seal_key_public(sched_keys_signer(f->keys, role)),
                                      signature, g_bytes_get_data(document, NULL),
                                      g_bytes_get_size(document), NULL, &error));
    parsed = content_document_read(type, g_bytes_get_data(document, NULL),
                                   g_bytes_get_size(document), &error);
    g_assert_no_error(error);
    return parsed;
}

static void
expect_manifest(Fixture *f, TestStation *line, gint64 version)
{
    g_autoptr(ContentManifest) manifest =
        next_heard(f, line, "manifest", CONTENT_ROLE_MANIFEST, &content_manifest_type);

    g_assert_cmpint(manifest->version, ==, version);
    g_assert_cmpstr(manifest->station, ==, STATION);
    g_assert_cmpuint(manifest->days->len, ==, CONTENT_MANIFEST_DAYS);
}

static void
expect_ack(Fixture *f, TestStation *line, gint64 seq)
{
    g_autoptr(ContentAck) ack =
        next_heard(f, line, "ack", CONTENT_ROLE_MANIFEST, &content_ack_type);

    g_assert_cmpint(ack->seq, ==, seq);
}

/* --- the district's side
 * ------------------------------------------------------------------------ */

static void
on_said(const char *station, const char *words, gpointer user_data)
{
    Fixture *f = user_data;

    g_string_append_printf(f->said, "%s: %s\n", station == NULL ? "-" : station, words);
}

static void
on_trouble(const char *station, const char *words, gpointer user_data)
{
    Fixture *f = user_data;

    g_string_append_printf(f->troubles, "%s: %s\n", station == NULL ? "-" : station, words);
}

static void
on_lines(guint n_up, guint n_all, gpointer user_data)
{
    Fixture *f = user_data;

    f->n_up = n_up;
    g_assert_cmpuint(n_all, ==, 1);
}

static const SchedDeskEvents events = {
    .said = on_said,
    .trouble = on_trouble,
    .watch = {.fault = on_said, .refused = on_trouble},
    .lines = on_lines,
};

typedef struct {
    Fixture *f;
    const char *station;
} Enrol;

static gboolean
enrol(SchedTxn *txn, gpointer data, GError **error)
{
    const Enrol *e = data;
    g_autofree char *secret = temp_store_hash(e->station);
    g_autofree char *serial = g_strndup(secret, 16);
    SchedDeviceRow device = {
        .serial = serial,
        .station = (char *) e->station,
        .public_key = (char *) content_seal_key_public(e->f->station_key),
        .certificate = (char *) "-",
        .journal = (char *) "journal-1",
        .enrolled_us = TEMP_STORE_NOW_US,
        .expires_us = TEMP_STORE_NOW_US + 365 * TEMP_STORE_DAY_US,
    };

    return sched_store_enrolment_add(txn, secret, e->station,
                                     TEMP_STORE_NOW_US + TEMP_STORE_DAY_US, error) &&
           sched_store_enrolment_use(txn, secret, &device, error);
}

static gboolean
revoke_device(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_device_revoke(txn, data, "stolen", error);
}

static void
make_station(Fixture *f, const char *station)
{
    g_autofree char *name = g_strdup_printf("station-%s", station);
    const SchedCertificateWish wish = {name, station, NULL, FALSE, TRUE};
    g_autoptr(GError) error = NULL;

    temp_store_run(f->temp, enrol, &(Enrol){f, station});
    g_assert_true(
        sched_authority_ensure(f->authority, &wish, g_get_real_time(), NULL, NULL, &error));
    g_assert_no_error(error);
}

/* @uri: (nullable): of a broker that runs already; NULL: our own */
static void
start_desk(Fixture *f, const char *uri)
{
    const char *const uris[] = {uri, NULL};
    g_autofree char *authority = g_build_filename(f->folder, "authority", NULL);
    g_autofree char *broker = g_build_filename(f->folder, "broker", NULL);
    const char *const hosts[] = {"127.0.0.1", NULL};
    const SchedDeskOptions options = {
        .store = f->temp->store,
        .clock = f->clock,
        .authority = f->authority,
        .authority_folder = authority,
        .keys = f->keys,
        .folder = broker,
        .program = "/usr/sbin/mosquitto",
        .address = "127.0.0.1",
        .port = f->port,
        .hosts = hosts,
        .uris = uri == NULL ? NULL : uris,
    };
    g_autoptr(GError) error = NULL;

    f->desk = sched_desk_new(&options, &events, f, &error);
    g_assert_no_error(error);
    TEST_WAIT_UNTIL(strstr(f->said->str, "connected to the broker") != NULL);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autofree char *authority = NULL, *keys = NULL, *root_path = NULL;
    const SchedPasswordCost cheap = {1, 8192 * 1024};
    g_autoptr(GError) error = NULL;

    f->temp = temp_store_new_district();
    f->folder = g_dir_make_tmp("loa-desk-XXXXXX", NULL);
    authority = g_build_filename(f->folder, "authority", NULL);
    keys = g_build_filename(f->folder, "keys", NULL);
    root_path = g_build_filename(f->folder, "root", NULL);
    f->clock = content_clock_system_new();
    f->said = g_string_new(NULL);
    f->troubles = g_string_new(NULL);
    f->port = test_free_port();
    f->authority = sched_authority_create(authority, "test", g_get_real_time(), &error);
    g_assert_no_error(error);
    f->root = sched_root_create(root_path, "correct horse battery", &cheap, &error);
    g_assert_no_error(error);
    g_assert_true(sched_keys_create(keys, f->root, g_get_real_time(), &error));
    f->keys = sched_keys_open(keys, &error);
    g_assert_no_error(error);
    f->station_key = content_seal_key_generate();
    make_station(f, STATION);
    make_station(f, OTHER);
    start_desk(f, NULL);
    TEST_WAIT_UNTIL(strstr(f->said->str, STATION ": manifest 1 issued") != NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    const char *argv[] = {"rm", "-rf", f->folder, NULL};

    sched_desk_free(f->desk);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    temp_store_free(f->temp);
    sched_keys_free(f->keys);
    content_seal_key_free(f->root);
    content_seal_key_free(f->station_key);
    sched_authority_free(f->authority);
    content_clock_free(f->clock);
    g_string_free(f->said, TRUE);
    g_string_free(f->troubles, TRUE);
    g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               NULL, NULL, NULL, NULL));
    g_free(f->folder);
}

/* --- tests
 * ---------------------------------------------------------------------------------------- */

static void
test_hello_brings_up_to_date(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);

    say_hello(f, line, 0, 0);
    expect_manifest(f, line, 1);
    say_hello(f, line, 1, 1); /* holds it: nothing to say */
    say_hello(f, line, 0, 1); /* its disk was wiped */
    expect_manifest(f, line, 1);
    g_assert_cmpuint(test_station_count(line), ==, 0);
    g_assert_cmpstr(f->troubles->str, ==, "");
}

static gboolean
count_records(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_record_list(txn, STATION, 0, G_MAXINT64, 100, error);

    *(guint *) data = rows == NULL ? 99 : rows->len;
    return rows != NULL;
}

static void
test_records_are_acknowledged(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);
    g_autoptr(ContentSealKey) stranger = content_seal_key_generate();
    g_autoptr(GBytes) forged = batch(stranger);
    g_autoptr(GBytes) genuine = batch(f->station_key);
    guint n_records = 0;

    test_station_say(line, "records", forged);
    TEST_WAIT_UNTIL(strstr(f->troubles->str, STATION ": ") != NULL);
    temp_store_look(f->temp, count_records, &n_records);
    g_assert_cmpuint(n_records, ==, 0);
    for (guint i = 0; i < 2; i++) { /* the second time nothing is new, and it is said again */
        test_station_say(line, "records", genuine);
        expect_ack(f, line, 1);
        temp_store_look(f->temp, count_records, &n_records);
        g_assert_cmpuint(n_records, ==, 1);
    }
}

/* We were restored to before what the station still has: on, and somebody is told. */
static void
test_lost_records(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);
    g_autoptr(GBytes) oldest = batch_from(f->station_key, 5);

    say_records(f, line);
    expect_ack(f, line, 1);
    g_assert_cmpstr(f->troubles->str, ==, "");
    test_station_say(line, "records", oldest);
    expect_ack(f, line, 5);
    g_assert_cmpstr(f->troubles->str, ==,
                    STATION
                    ": its journal journal-1: records 2 to 4 are lost: the station does "
                    "not have them any more\n");
}

/* We were restored: a station that thinks we have its records learns that we have none. */
static void
test_hello_of_one_acknowledged(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);

    say_hello_with(f, line, 1, 1, 1, 7);
    expect_ack(f, line, 0);
}

static void
test_time_is_signed(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);
    g_autofree char *nonce = g_strnfill(64, 'a');
    const ContentTimeAsk ask = {(char *) STATION, nonce};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) question = content_document_write(&content_time_ask_type, &ask, &error);
    g_autoptr(ContentTimeAnswer) answer = NULL;
    g_autoptr(TestStation) other = NULL;
    gint64 off_us;

    g_assert_no_error(error);
    test_station_say(line, "time", question);
    answer = next_heard(f, line, "time", CONTENT_ROLE_TIME, &content_time_answer_type);
    g_assert_cmpstr(answer->nonce, ==, nonce);
    off_us = answer->utc_us - g_get_real_time();
    g_assert_cmpint(ABS(off_us), <, 60 * G_USEC_PER_SEC);
    other = connect_as(f, OTHER);
    test_station_say(other, "time", question);
    TEST_WAIT_UNTIL(strstr(f->troubles->str, OTHER ": asks the time for another") != NULL);
    g_assert_cmpuint(test_station_count(line), ==, 0);
}

static gboolean
find_overtake(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_audit_list(txn, STATION, 0, 100, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedAuditRow *row = g_ptr_array_index(rows, i);

        *(gboolean *) data |= strcmp(row->action, "manifest.overtake") == 0;
    }
    return rows != NULL;
}

/* The database came from a backup: the station has accepted versions that we do not know of. */
static void
test_restored_district_overtakes(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);
    gboolean is_audited = FALSE;

    say_hello(f, line, 40, 40);
    expect_manifest(f, line, 41);
    temp_store_look(f->temp, find_overtake, &is_audited);
    g_assert_true(is_audited);
}

typedef struct {
    const char *station, *name;
} Rename;

static gboolean
rename_station(SchedTxn *txn, gpointer data, GError **error)
{
    const Rename *wish = data;
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, wish->station, error);

    if (row == NULL)
        return FALSE;
    g_free(row->name);
    row->name = g_strdup(wish->name);
    return sched_store_station_put(txn, row, error);
}

/* It says no hello, so it may be asked for one in between. */
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

/* A station that is connected when it is revoked hears nothing more, on the connection it has.
 */
static void
test_revoked_hears_nothing(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) thief = connect_as(f, STATION);
    g_autoptr(TestStation) honest = connect_as(f, OTHER);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) first = NULL, second = NULL;

    say_hello(f, thief, 1, 1); /* it is not asked for one later */
    temp_store_run(f->temp, rename_station, &(Rename){STATION, "before"});
    expect_manifest(f, thief, 2);
    temp_store_run(f->temp, revoke_device, (gpointer) STATION);
    g_assert_true(sched_desk_devices_changed(f->desk, STATION, &error));
    g_assert_no_error(error);
    /* The honest one's next two bracket whatever the other would have been sent. */
    temp_store_run(f->temp, rename_station, &(Rename){OTHER, "one"});
    first = next_manifest(honest);
    temp_store_run(f->temp, rename_station, &(Rename){STATION, "after"});
    TEST_WAIT_UNTIL(strstr(f->said->str, STATION ": manifest 3 issued") != NULL);
    temp_store_run(f->temp, rename_station, &(Rename){OTHER, "two"});
    second = next_manifest(honest);
    g_assert_cmpuint(test_station_count(thief), ==, 0);
}

/* The broker dies in the middle and comes back empty: nothing is lost, nothing comes twice. */
static void
test_broker_killed(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = NULL;
    g_autoptr(GBytes) genuine = batch(f->station_key);

    g_assert_cmpuint(f->n_up, ==, 1);
    kill(sched_desk_broker_pid(f->desk), SIGKILL);
    TEST_WAIT_UNTIL(f->n_up == 0);
    temp_store_run(f->temp, rename_station, &(Rename){STATION, "while it was gone"});
    TEST_WAIT_UNTIL(strstr(f->said->str, STATION ": manifest 2 issued") != NULL);
    g_string_truncate(f->said, 0);
    TEST_WAIT_UNTIL(strstr(f->said->str, "connected to the broker") != NULL);
    line = connect_as(f, STATION);
    say_hello(f, line, 1, 1);
    expect_manifest(f, line, 2);
    test_station_say(line, "records", genuine);
    expect_ack(f, line, 1);
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
test_unheard_is_asked(Fixture *f, gconstpointer data)
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
    line = connect_as(f, STATION);
    say_hello(f, line, 0, 0);
    g_string_truncate(f->said, 0);
    start_desk(f, uri);
    enquiry = next_heard(f, line, "enquiry", CONTENT_ROLE_MANIFEST, &content_enquiry_type);
    g_assert_cmpstr(enquiry->station, ==, STATION);
    say_hello(f, line, 0, 0);
    expect_manifest(f, line, 1);
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
test_dropped_words_are_asked_for(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);
    g_autoptr(GBytes) word = g_bytes_new_static("x", 1);
    g_autoptr(ContentEnquiry) enquiry = NULL;
    gint64 begun_us = g_get_monotonic_time(), said_us = 0;

    /* Or it would be asked as one that was not heard of since the line came up. */
    say_hello(f, line, 1, 1);
    for (guint i = 0; i < 2 * SCHED_HEARING_BURST; i++)
        test_station_say(line, "report", word);
    TEST_WAIT_UNTIL(is_asked(line, &said_us));
    enquiry = next_heard(f, line, "enquiry", CONTENT_ROLE_MANIFEST, &content_enquiry_type);
    g_assert_cmpstr(enquiry->station, ==, STATION);
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

    beat->station = g_strdup(STATION);
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
test_faults_are_told(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);
    g_autoptr(GBytes) nonsense = g_bytes_new_static("{}", 2);
    g_auto(GStrv) parts = NULL;
    g_auto(GStrv) refusals = NULL;

    for (guint i = 0; i < 6; i++)
        say_fault(line, i % 2 == 0);
    for (guint i = 0; i < 20; i++)
        test_station_say(line, "heartbeat", nonsense);
    say_records(f, line); /* answered after all of that was taken */
    expect_ack(f, line, 1);
    parts = g_strsplit(f->said->str, STATION ": board board-1", -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 3);
    g_assert_nonnull(
        strstr(f->said->str, STATION ": board board-1: board board-1: no answer\n"));
    g_assert_nonnull(strstr(f->said->str, STATION ": board board-1: over\n"));
    refusals = g_strsplit(f->troubles->str, STATION ": ", -1);
    g_assert_cmpuint(g_strv_length(refusals) - 1, ==, SCHED_WATCH_MAX_REFUSALS);
}

/* --- rotation of a signing key --------------------------------------------------------------
 */

static void
expect_keys(Fixture *f, TestStation *line, gint64 version)
{
    g_autofree char *topic = NULL, *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GBytes) envelope = test_station_next(line, &topic);
    g_autoptr(GBytes) document = NULL;
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_cmpstr(topic, ==, "loa/1/to/" STATION "/manifest");
    document =
        content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                            content_keys_type.max_bytes, &signature, &comment, &key_id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(key_id, ==, content_seal_key_id(f->root));
    g_assert_true(g_str_has_prefix(comment, "keys "));
    keys = content_document_read(&content_keys_type, g_bytes_get_data(document, NULL),
                                 g_bytes_get_size(document), &error);
    g_assert_no_error(error);
    g_assert_cmpint(keys->version, ==, version);
}

static void
rotate(Fixture *f, ContentRole role, SchedRotate why)
{
    g_autofree char *folder = g_build_filename(f->folder, "keys", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(sched_keys_rotate(folder, f->root, role, why, g_get_real_time(), &error));
    g_assert_true(sched_keys_reload(f->keys, &error));
    g_assert_true(sched_desk_set_keys(f->desk, f->keys, &error));
    g_assert_no_error(error);
}

/* The keys come first, then what the new key signed; expect_manifest() verifies with it. */
static void
test_rotation(Fixture *f, gconstpointer data)
{
    SchedRotate why = GPOINTER_TO_INT(data) == 0 ? SCHED_ROTATE_AGED : SCHED_ROTATE_LOST;
    g_autoptr(TestStation) line = connect_as(f, STATION);
    g_autofree char *old =
        g_strdup(content_seal_key_id(sched_keys_signer(f->keys, CONTENT_ROLE_MANIFEST)));

    say_hello(f, line, 1, 1);
    say_records(f, line);
    expect_ack(f, line, 1);
    rotate(f, CONTENT_ROLE_MANIFEST, why);
    g_assert_cmpstr(content_seal_key_id(sched_keys_signer(f->keys, CONTENT_ROLE_MANIFEST)), !=,
                    old);
    expect_keys(f, line, 2); /* at once */
    expect_keys(f, line, 2); /* ahead of the manifest, for it has not said that it knows */
    expect_manifest(f, line, 2);
    say_hello_knowing(f, line, 2, 2, 2);
    expect_ack(f, line, 1); /* the hello is heard */
    temp_store_run(f->temp, rename_station, &(Rename){STATION, "after"});
    expect_manifest(f, line, 3); /* it knows: not told again */
    say_records(f, line);
    expect_ack(f, line, 1);
    g_assert_cmpuint(test_station_count(line), ==, 0);
    g_assert_cmpstr(f->troubles->str, ==, "");
}

/* It was away while two keys were made new: its hello shows what it does not know. */
static void
test_rotation_while_away(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = NULL;

    rotate(f, CONTENT_ROLE_MANIFEST, SCHED_ROTATE_LOST);
    rotate(f, CONTENT_ROLE_TIME, SCHED_ROTATE_AGED);
    TEST_WAIT_UNTIL(strstr(f->said->str, STATION ": manifest 3 issued") != NULL);
    line = connect_as(f, STATION);
    say_hello(f, line, 1, 1);
    expect_keys(f, line, 3);
    expect_manifest(f, line, 3);
    say_hello_knowing(f, line, 3, 3,
                      1); /* the manifest in force is the newest, the keys are not */
    expect_keys(f, line, 3);
    say_hello_knowing(f, line, 3, 3, 3);
    say_records(f, line);
    expect_ack(f, line, 1);
    g_assert_cmpuint(test_station_count(line), ==, 0);
}

/* --- alerts ----------------------------------------------------------------------------------
 */

/* Signed as web/ signs it; strings are the caller's. */
static SchedDocumentRow *
sign_order(Fixture *f, const ContentDocumentType *type, gconstpointer order)
{
    const ContentSealKey *key = sched_keys_signer(f->keys, CONTENT_ROLE_ALERT);
    g_autofree char *comment = content_claim_comment(type->type, NULL, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, order, &error);
    ContentSignature *signature = content_shape_new(&content_signature_shape);
    SchedDocumentRow *row;

    g_assert_no_error(error);
    signature->algorithm = g_strdup("minisign");
    signature->key = g_strdup(content_seal_key_id(key));
    signature->signature =
        content_seal_sign(key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), comment);
    row = sched_document_row_new(type->type, bytes);
    g_ptr_array_add(row->signatures, signature);
    return row;
}

typedef struct {
    Fixture *f;
    const char *id;
    const char *stops; /* (nullable): it is a stop of this alert */
    gint64 life_us;
    gint64 published_us; /* out */
} Order;

static gboolean
order_alert(SchedTxn *txn, gpointer data, GError **error)
{
    const Order *order = data;
    gint64 now_us = g_get_real_time();
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    g_autoptr(SchedDocumentRow) row = NULL;

    alert->id = g_strdup(order->id);
    alert->title = g_strdup("Lũ");
    alert->severity = 3;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = now_us;
    alert->expires_us = now_us + order->life_us;
    g_ptr_array_add(alert->areas, g_strdup("ia-le"));
    speech->language = g_strdup("vi");
    g_ptr_array_add(speech->parts, g_strnfill(64, 'a'));
    g_ptr_array_add(alert->speeches, speech);
    row = sign_order(order->f, &content_alert_type, alert);
    temp_store_as(txn, "approver", now_us);
    return sched_store_alert_add(txn, alert, row, error);
}

static gboolean
order_stop(SchedTxn *txn, gpointer data, GError **error)
{
    const Order *order = data;
    g_autoptr(ContentStop) stop = content_document_new(&content_stop_type);
    g_autoptr(SchedDocumentRow) row = NULL;

    stop->id = g_strdup(order->id);
    stop->alert = g_strdup(order->stops);
    stop->issued_us = g_get_real_time();
    stop->expires_us = stop->issued_us + CONTENT_ALERT_MAX_LIFE_US;
    row = sign_order(order->f, &content_stop_type, stop);
    temp_store_as(txn, "approver", stop->issued_us);
    return sched_store_stop_add(txn, stop, row, error);
}

static gboolean
read_published(SchedTxn *txn, gpointer data, GError **error)
{
    Order *order = data;
    g_autoptr(SchedAlertRow) row = sched_store_alert_get(txn, order->id, error);

    order->published_us = row->published_us;
    return TRUE;
}

/* Committed, and nothing more: whoever was to send it may be dead by then. */
static void
commit(Fixture *f, const char *id, const char *stops, gint64 life_us)
{
    Order order = {f, id, stops, life_us, 0};

    temp_store_run(f->temp, stops == NULL ? order_alert : order_stop, &order);
}

static gboolean
is_published(Fixture *f, const char *id)
{
    Order order = {f, id, NULL, 0, 0};

    temp_store_look(f->temp, read_published, &order);
    return order.published_us > 0;
}

/* Takes messages up to the next on @topic, and reads it as a station would. */
static void
expect_order(Fixture *f, TestStation *line, const char *topic, const char *id)
{
    gboolean is_stop = g_str_has_suffix(topic, "/stop");
    const ContentDocumentType *type = is_stop ? &content_stop_type : &content_alert_type;
    const ContentSealKey *key = sched_keys_signer(f->keys, CONTENT_ROLE_ALERT);
    g_autofree char *comment = content_claim_comment(type->type, NULL, 0);
    g_autofree char *heard = NULL, *lines = NULL, *said = NULL, *key_id = NULL;
    g_autoptr(GBytes) envelope = NULL, document = NULL;
    g_autoptr(GError) error = NULL;
    gpointer parsed;

    do {
        g_clear_pointer(&heard, g_free);
        g_clear_pointer(&envelope, g_bytes_unref);
        envelope = test_station_next(line, &heard);
    } while (strcmp(heard, topic) != 0);
    document = content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                                   type->max_bytes, &lines, &said, &key_id, &error);
    g_assert_no_error(error);
    g_assert_true(content_seal_verify(content_seal_key_public(key), lines,
                                      g_bytes_get_data(document, NULL),
                                      g_bytes_get_size(document), comment, &error));
    parsed = content_document_read(type, g_bytes_get_data(document, NULL),
                                   g_bytes_get_size(document), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(is_stop ? ((ContentStop *) parsed)->id : ((ContentAlert *) parsed)->id, ==,
                    id);
    content_document_free(type, parsed);
}

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

static void
test_alert(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = connect_as(f, STATION);
    gint64 begun_us;

    commit(f, "a1", NULL, 10 * MINUTE_US);
    begun_us = g_get_monotonic_time();
    sched_desk_orders_given(f->desk);
    expect_order(f, line, "loa/1/all/alert", "a1");
    g_test_message("committed, and heard after %" G_GINT64_FORMAT " us",
                   g_get_monotonic_time() - begun_us);
    TEST_WAIT_UNTIL(is_published(f, "a1"));
    /* Who was away hears it when it is back, and what is over it does not. */
    commit(f, "a2", NULL, 1);
    say_hello(f, line, 0, 0);
    expect_order(f, line, "loa/1/to/" STATION "/alert", "a1");
    commit(f, "s1", "a1", 0);
    sched_desk_orders_given(f->desk);
    expect_order(f, line, "loa/1/all/stop", "s1");
    say_hello(f, line, 0, 0);
    expect_order(f, line, "loa/1/to/" STATION "/stop", "s1");
    expect_manifest(f, line, 1); /* and the alert was not said again before it */
    g_assert_false(is_published(f, "a2"));
}

/* The one who was to send it died after the commit, with its broker. */
static void
test_alert_after_kill(Fixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = NULL;

    commit(f, "a1", NULL, 10 * MINUTE_US);
    commit(f, "a2", NULL, 1);
    g_clear_pointer(&f->desk, sched_desk_free);
    g_string_truncate(f->said, 0);
    start_desk(f, NULL);
    TEST_WAIT_UNTIL(is_published(f, "a1"));
    g_assert_false(is_published(f, "a2")); /* too late: it stands as one that never went out */
    line = connect_as(f, STATION);
    say_hello(f, line, 0, 0);
    expect_order(f, line, "loa/1/to/" STATION "/alert", "a1");
}

/* No broker: somebody is told, and it goes out as soon as there is one. */
static void
test_alert_without_broker(Fixture *f, gconstpointer data)
{
    kill(sched_desk_broker_pid(f->desk), SIGKILL);
    TEST_WAIT_UNTIL(f->n_up == 0);
    commit(f, "a1", NULL, 10 * MINUTE_US);
    sched_desk_orders_given(f->desk);
    g_assert_nonnull(strstr(f->troubles->str, "alert a1 waits"));
    g_assert_false(is_published(f, "a1"));
    TEST_WAIT_UNTIL(is_published(f, "a1"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                    \
    g_test_add("/publish/desk/" name, Fixture, NULL, set_up, function, tear_down)
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
    ADD("alert", test_alert);
    ADD("alert-after-kill", test_alert_after_kill);
    ADD("alert-without-broker", test_alert_without_broker);
    ADD("rotation-while-away", test_rotation_while_away);
    g_test_add("/publish/desk/rotation-aged", Fixture, GINT_TO_POINTER(0), set_up,
               test_rotation, tear_down);
    g_test_add("/publish/desk/rotation-lost", Fixture, GINT_TO_POINTER(1), set_up,
               test_rotation, tear_down);
    return g_test_run();
}
