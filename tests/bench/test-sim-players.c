/*
 * test-sim-players.c - simulated players do what real ones do, towards independent peers:
 * mosquitto, its clients, and a small HTTPS server in Python.
 */
#include <gio/gio.h>
#include <string.h>

#include "content/base/id.h"
#include "content/claim.h"
#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/plan.h"
#include "content/record.h"
#include "content/seal.h"
#include "tests/bench/sim-identity.h"
#include "tests/support/alert-builder.h"
#include "tests/support/broker.h"
#include "tests/support/district.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define N_PLAYERS 3
#define DAY_US    (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define N_RECORDS 5

typedef struct {
    char *folder, *documents;
    TestCa *ca;
    TestBroker *broker;
    TestListener *listener;
    char *district_certificate;
    GSubprocess *peer, *players;
    GDataInputStream *lines;
    GCancellable *cancellable;
    GHashTable *counts; /* event -> how often */
    ContentSealKey *root, *manifest_key, *approval_key, *alert_key;
    GBytes *keys; /* the document */
    char *public_keys[N_PLAYERS];
} World;

/* ---- a district of three ---- */

static char *
name_of(guint n)
{
    return g_strdup_printf("tram-%u", n);
}

static GBytes *
written(const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = content_document_write(type, document, &error);

    g_assert_no_error(error);
    return bytes;
}

/* Puts a document where the HTTPS peer finds it. Returns: (transfer full): its hash */
static char *
publish(World *world, GBytes *bytes, const ContentSealKey *key, const char *comment)
{
    gsize n_bytes;
    const char *text = g_bytes_get_data(bytes, &n_bytes);
    char *hash = content_sha256_hex(text, n_bytes);
    g_autofree char *path = g_build_filename(world->documents, hash, NULL);

    g_assert_true(g_file_set_contents(path, text, (gssize) n_bytes, NULL));
    if (key != NULL) {
        g_autofree char *signature = content_seal_sign(key, text, n_bytes, comment);
        g_autofree char *beside = g_strconcat(path, ".minisig", NULL);

        g_assert_true(g_file_set_contents(beside, signature, -1, NULL));
    }
    return hash;
}

static void
add_key(ContentKeys *keys, const ContentSealKey *from, ContentRole role)
{
    ContentKey *key = content_shape_new(&content_key_shape);

    key->id = g_strdup(content_seal_key_id(from));
    key->key = g_strdup(content_seal_key_public(from));
    key->role = role;
    key->not_before_us = g_get_real_time() - DAY_US;
    key->expires_us = g_get_real_time() + DAY_US;
    g_ptr_array_add(keys->keys, key);
}

static void
make_keys(World *world)
{
    g_autoptr(ContentKeys) keys = content_document_new(&content_keys_type);

    world->root = content_seal_key_generate();
    world->manifest_key = content_seal_key_generate();
    world->approval_key = content_seal_key_generate();
    world->alert_key = content_seal_key_generate();
    keys->version = 1;
    keys->issued_us = g_get_real_time() - DAY_US;
    add_key(keys, world->manifest_key, CONTENT_ROLE_MANIFEST);
    add_key(keys, world->approval_key, CONTENT_ROLE_APPROVAL);
    add_key(keys, world->alert_key, CONTENT_ROLE_ALERT);
    world->keys = written(&content_keys_type, keys);
}

static char *
sign_request(const char *request, const char *station, gpointer data, GError **error)
{
    return test_ca_sign_request(data, request, station);
}

static void
enrol(World *world, const char *device_url)
{
    g_autofree char *comment = content_claim_comment("keys", NULL, 1);
    g_autofree char *signature =
        content_seal_sign(world->root, g_bytes_get_data(world->keys, NULL),
                          g_bytes_get_size(world->keys), comment);
    g_autoptr(GBytes) envelope = content_seal_wrap(signature, world->keys);
    g_autofree char *text =
        g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
    const SimDistrict district = {
        .authority = test_ca_pem(world->ca),
        .root_key = content_seal_key_public(world->root),
        .keys = text,
        .device_url = device_url,
        .broker = test_broker_uri(world->broker),
        .sign = sign_request,
        .data = world->ca,
    };

    for (guint i = 0; i < N_PLAYERS; i++) {
        g_autofree char *name = name_of(i);
        g_autofree char *folder = g_build_filename(world->folder, "players", name, NULL);
        g_autoptr(GError) error = NULL;

        g_assert_true(
            sim_identity_write(folder, name, &district, &world->public_keys[i], &error));
        g_assert_no_error(error);
    }
}

/* ---- the programs ---- */

static void
on_line(GObject *source, GAsyncResult *result, gpointer data)
{
    World *world = data;
    g_autofree char *line =
        g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(source), result, NULL, NULL);
    const char *event = line == NULL ? NULL : strstr(line, "\"event\":\"");
    g_autofree char *word = NULL;

    if (line == NULL)
        return;
    g_test_message("%s", line);
    g_assert_nonnull(event);
    event += strlen("\"event\":\"");
    word = g_strndup(event, strcspn(event, "\""));
    g_hash_table_insert(world->counts, g_strdup(word),
                        GUINT_TO_POINTER(
                            GPOINTER_TO_UINT(g_hash_table_lookup(world->counts, word)) + 1));
    g_data_input_stream_read_line_async(world->lines, G_PRIORITY_DEFAULT, world->cancellable,
                                        on_line, world);
}

static guint
count(World *world, const char *event)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(world->counts, event));
}

static void
start_players(World *world)
{
    g_autofree char *program =
        g_test_build_filename(G_TEST_BUILT, "bench", "loa-sim-players", NULL);
    g_autofree char *folder = g_build_filename(world->folder, "players", NULL);
    g_autoptr(GError) error = NULL;

    world->players =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                         program, "--folder", folder, "--from", "127.78.0.1", "--heartbeat",
                         "1", NULL);
    g_assert_no_error(error);
    world->cancellable = g_cancellable_new();
    world->lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(world->players));
    g_data_input_stream_read_line_async(world->lines, G_PRIORITY_DEFAULT, world->cancellable,
                                        on_line, world);
}

static void
command(World *world, const char *text)
{
    GOutputStream *in = g_subprocess_get_stdin_pipe(world->players);

    g_assert_true(g_output_stream_write_all(in, text, strlen(text), NULL, NULL, NULL));
    g_assert_true(g_output_stream_flush(in, NULL, NULL));
}

/* Returns: (transfer full): https://127.0.0.1:PORT */
static char *
start_peer(World *world)
{
    g_autofree char *script =
        g_test_build_filename(G_TEST_DIST, "support", "device-peer.py", NULL);
    g_autofree char *certificate =
        test_ca_issue(world->ca, "peer", "localhost", TEST_CERTIFICATE_SERVER);
    g_autofree char *key =
        g_strdup_printf("%.*s.key", (int) strlen(certificate) - 4, certificate);
    g_autoptr(GDataInputStream) out = NULL;
    g_autofree char *port = NULL;
    g_autoptr(GError) error = NULL;

    world->peer =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "python3", script,
                         world->documents, certificate, key, test_ca_path(world->ca), NULL);
    g_assert_no_error(error);
    out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(world->peer));
    port = g_data_input_stream_read_line(out, NULL, NULL, &error);
    g_assert_no_error(error);
    return g_strdup_printf("https://127.0.0.1:%s", port);
}

static void
world_begin(World *world)
{
    g_autofree char *device_url = NULL;

    world->folder = test_scratch_new();
    world->documents = g_build_filename(world->folder, "documents", NULL);
    g_assert_cmpint(g_mkdir_with_parents(world->documents, 0700), ==, 0);
    world->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->ca = test_ca_new(world->folder, "authority");
    world->broker = test_broker_new(world->folder, world->ca, NULL);
    world->district_certificate =
        test_ca_issue(world->ca, "district", "district", TEST_CERTIFICATE_CLIENT);
    make_keys(world);
    device_url = start_peer(world);
    enrol(world, device_url);
    start_players(world);
    TEST_WAIT_UNTIL(count(world, "up") == N_PLAYERS);
}

static void
world_end(World *world)
{
    command(world, "quit\n");
    g_assert_true(g_subprocess_wait_check(world->players, NULL, NULL));
    g_cancellable_cancel(world->cancellable);
    TEST_WAIT_UNTIL(!g_input_stream_has_pending(G_INPUT_STREAM(world->lines)));
    g_subprocess_force_exit(world->peer);
    g_subprocess_wait(world->peer, NULL, NULL);
    test_listener_free(world->listener);
    test_broker_free(world->broker);
    test_ca_free(world->ca);
    g_object_unref(world->players);
    g_object_unref(world->peer);
    g_object_unref(world->lines);
    g_object_unref(world->cancellable);
    g_hash_table_unref(world->counts);
    content_seal_key_free(world->root);
    content_seal_key_free(world->manifest_key);
    content_seal_key_free(world->approval_key);
    content_seal_key_free(world->alert_key);
    g_bytes_unref(world->keys);
    for (guint i = 0; i < N_PLAYERS; i++)
        g_free(world->public_keys[i]);
    g_free(world->district_certificate);
    g_free(world->documents);
    test_scratch_free(world->folder);
}

/* ---- one day with one segment ---- */

static char *
publish_approval(World *world, const char *object)
{
    g_autoptr(ContentApproval) approval = content_document_new(&content_approval_type);
    g_autofree char *comment = content_claim_comment("approval", NULL, 0);
    g_autoptr(GBytes) bytes = NULL;

    approval->kind = CONTENT_APPROVED_SIGNAL;
    approval->announcement = g_strdup("nhac-hieu");
    approval->version = g_strdup("nhac-hieu-1");
    approval->object = g_strdup(object);
    g_ptr_array_add(approval->areas, g_strdup("chu-puh"));
    approval->valid_from_us = g_get_real_time() - DAY_US;
    approval->valid_until_us = g_get_real_time() + DAY_US;
    approval->title = g_strdup("Nhạc hiệu");
    approval->source_document = g_strdup("tự thu");
    approval->author = g_strdup("tac-gia");
    approval->approver = g_strdup("nguoi-duyet");
    approval->approved_us = g_get_real_time() - DAY_US;
    bytes = written(&content_approval_type, approval);
    return publish(world, bytes, world->approval_key, comment);
}

static char *
publish_settings(World *world, const char *station)
{
    g_autoptr(ContentStationSettings) settings =
        content_document_new(&content_station_settings_type);
    ContentSettingsZone *zone = content_shape_new(&content_settings_zone_shape);
    g_autoptr(GBytes) bytes = NULL;

    settings->station = g_strdup(station);
    settings->name = g_strdup("Ia Le");
    settings->tzid = g_strdup("Asia/Ho_Chi_Minh");
    settings->heartbeat_s = 60;
    zone->id = g_strdup("cho");
    zone->output = g_strdup("main");
    zone->name = g_strdup("Chợ");
    zone->village = g_strdup("lang-cho");
    g_ptr_array_add(zone->areas, g_strdup("chu-puh"));
    g_ptr_array_add(zone->languages, g_strdup("vi"));
    g_ptr_array_add(settings->zones, zone);
    bytes = written(&content_station_settings_type, settings);
    return publish(world, bytes, NULL, NULL);
}

static void
add_segment(ContentDayPlan *plan, const char *object, const char *approval)
{
    ContentSegment *segment = content_shape_new(&content_segment_shape);

    segment->slot = g_strdup("sang");
    segment->occurrence = g_strdup("sang-2026-03-02");
    segment->item = g_strdup("nhac-hieu");
    segment->output = g_strdup("main");
    segment->id = content_segment_id(segment->occurrence, segment->item, NULL, "main", 0, "");
    g_ptr_array_add(segment->zones, g_strdup("cho"));
    segment->start_us = g_get_real_time();
    segment->duration_us = 4 * G_USEC_PER_SEC;
    segment->source = CONTENT_SOURCE_OBJECT;
    segment->object = g_strdup(object);
    segment->approval = g_strdup(approval);
    segment->title = g_strdup("Nhạc hiệu");
    g_ptr_array_add(plan->segments, segment);
}

static char *
publish_plan(World *world, const char *station)
{
    static const char audio[] = "stands for four seconds of Ogg/Opus";
    g_autoptr(GBytes) sound = g_bytes_new_static(audio, strlen(audio));
    g_autofree char *object = publish(world, sound, NULL, NULL);
    g_autofree char *approval = publish_approval(world, object);
    g_autoptr(ContentDayPlan) plan = content_document_new(&content_day_plan_type);
    ContentPlanObject *needs = content_shape_new(&content_plan_object_shape);
    g_autoptr(GBytes) bytes = NULL;

    plan->station = g_strdup(station);
    plan->date = g_strdup("2026-03-02");
    plan->tzid = g_strdup("Asia/Ho_Chi_Minh");
    add_segment(plan, object, approval);
    needs->hash = g_strdup(object);
    needs->size_bytes = (gint64) strlen(audio);
    needs->duration_us = 4 * G_USEC_PER_SEC;
    g_ptr_array_add(plan->objects, needs);
    g_ptr_array_add(plan->approvals, g_strdup(approval));
    bytes = written(&content_day_plan_type, plan);
    return publish(world, bytes, NULL, NULL);
}

static GBytes *
make_manifest(World *world, const char *station, gint64 version)
{
    g_autoptr(ContentManifest) manifest = content_document_new(&content_manifest_type);
    ContentManifestDay *day = content_shape_new(&content_manifest_day_shape);
    g_autofree char *comment = content_claim_comment("manifest", station, version);
    g_autofree char *signature = NULL;
    g_autoptr(GBytes) bytes = NULL;

    manifest->station = g_strdup(station);
    manifest->version = version;
    manifest->issued_us = manifest->not_before_us = g_get_real_time();
    manifest->expires_us = g_get_real_time() + DAY_US;
    day->date = g_strdup("2026-03-02");
    day->hash = publish_plan(world, station);
    g_ptr_array_add(manifest->days, day);
    manifest->settings = publish_settings(world, station);
    manifest->keys = publish(world, world->keys, world->root, "keys all 1");
    bytes = written(&content_manifest_type, manifest);
    signature = content_seal_sign(world->manifest_key, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), comment);
    return content_seal_wrap(signature, bytes);
}

static void
say_to(World *world, const char *station, const char *word, GBytes *payload)
{
    g_autofree char *topic = g_strdup_printf("loa/1/to/%s/%s", station, word);

    test_broker_say(world->broker, world->district_certificate, topic, payload);
}

static void
push_all(World *world, gint64 version)
{
    for (guint i = 0; i < N_PLAYERS; i++) {
        g_autofree char *name = name_of(i);
        g_autoptr(GBytes) manifest = make_manifest(world, name, version);

        say_to(world, name, "manifest", manifest);
    }
}

static void
listen_to(World *world, const char *word)
{
    g_autofree char *filter = g_strdup_printf("loa/1/from/+/%s", word);

    g_clear_pointer(&world->listener, test_listener_free);
    world->listener = test_broker_listen(world->broker, world->district_certificate, filter);
}

/* ---- what is tried ---- */

static void
test_manifest_to_report(void)
{
    g_auto(GStrv) seen = g_new0(char *, N_PLAYERS + 1);
    World world = {0};
    guint n_applied = 0;

    world_begin(&world);
    listen_to(&world, "report");
    push_all(&world, 7);
    TEST_WAIT_UNTIL(count(&world, "ready") == N_PLAYERS);
    g_assert_cmpuint(count(&world, "accepted"), ==, N_PLAYERS);
    g_assert_cmpuint(count(&world, "applied"), ==, N_PLAYERS);
    /* Each says first that it has accepted, then that the day is in force. */
    while (n_applied < N_PLAYERS) {
        g_autoptr(GBytes) bytes = test_listener_next(world.listener, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(ContentReport) report =
            content_document_read(&content_report_type, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), &error);
        const ContentReportDay *day;

        g_assert_no_error(error);
        g_assert_true(report->accepted);
        g_assert_cmpint(report->manifest_version, ==, 7);
        day = g_ptr_array_index(report->days, 0);
        if (day->state == CONTENT_DAY_APPLIED &&
            !g_strv_contains((const char *const *) seen, report->station))
            seen[n_applied++] = g_strdup(report->station);
    }
    world_end(&world);
}

static void
test_forged_manifest(void)
{
    World world = {0};
    g_autoptr(GBytes) good = NULL, forged = NULL;
    char *bytes;
    gsize n_bytes;

    world_begin(&world);
    good = make_manifest(&world, "tram-1", 3);
    bytes = g_memdup2(g_bytes_get_data(good, &n_bytes), g_bytes_get_size(good));
    strstr(bytes, "\"version\":3")[10] = '4';
    forged = g_bytes_new_take(bytes, n_bytes);
    say_to(&world, "tram-1", "manifest", forged);
    TEST_WAIT_UNTIL(count(&world, "refused") == 1);
    say_to(&world, "tram-2", "manifest", good);
    TEST_WAIT_UNTIL(count(&world, "refused") == 2);
    g_assert_cmpuint(count(&world, "accepted"), ==, 0);
    world_end(&world);
}

static GBytes *
make_ack(World *world, const ContentRecords *batch)
{
    const ContentAck ack = {batch->station, batch->journal,
                            batch->first_seq + batch->records->len - 1};
    g_autoptr(GBytes) bytes = written(&content_ack_type, &ack);
    g_autofree char *comment = content_claim_comment("ack", batch->station, 0);
    g_autofree char *signature =
        content_seal_sign(world->manifest_key, g_bytes_get_data(bytes, NULL),
                          g_bytes_get_size(bytes), comment);

    return content_seal_wrap(signature, bytes);
}

/* Returns: (transfer full): the batch, verified with the key of the station whose topic it is
 */
static ContentRecords *
open_batch(World *world, GBytes *envelope, const char *topic)
{
    g_auto(GStrv) parts = g_strsplit(topic, "/", -1);
    guint n = (guint) (parts[3][strlen("tram-")] - '0');
    g_autofree char *comment = content_claim_comment("records", parts[3], 0);
    g_autofree char *signature = NULL, *said = NULL, *key_id = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                            CONTENT_RECORDS_MAX_BYTES, &signature, &said, &key_id, &error);

    g_assert_no_error(error);
    g_assert_true(content_seal_verify(world->public_keys[n], signature,
                                      g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                      comment, &error));
    return content_document_read(&content_records_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), &error);
}

static void
test_records_until_acknowledged(void)
{
    World world = {0};

    world_begin(&world);
    push_all(&world, 1);
    TEST_WAIT_UNTIL(count(&world, "ready") == N_PLAYERS);
    listen_to(&world, "records");
    command(&world, "play 5\n");
    for (guint i = 0; i < N_PLAYERS; i++) {
        g_autofree char *topic = NULL;
        g_autoptr(GBytes) envelope = test_listener_next(world.listener, &topic);
        g_autoptr(ContentRecords) batch = open_batch(&world, envelope, topic);
        g_autoptr(GBytes) ack = make_ack(&world, batch);
        const char *second = g_ptr_array_index(batch->records, 1);
        const char *first = g_ptr_array_index(batch->records, 0);
        g_autofree char *hash = content_sha256_hex(first, strlen(first));

        g_assert_cmpuint(batch->records->len, ==, N_RECORDS);
        g_assert_nonnull(strstr(second, hash)); /* the chain */
        say_to(&world, batch->station, "ack", ack);
    }
    TEST_WAIT_UNTIL(count(&world, "acked") == N_PLAYERS);
    world_end(&world);
}

static void
test_heartbeats_and_return(void)
{
    World world = {0};

    world_begin(&world);
    listen_to(&world, "heartbeat");
    for (guint i = 0; i < 2 * N_PLAYERS; i++) {
        g_autoptr(GBytes) bytes = test_listener_next(world.listener, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(ContentHeartbeat) heartbeat =
            content_document_read(&content_heartbeat_type, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), &error);

        g_assert_no_error(error);
        g_assert_cmpint(heartbeat->trust, ==, CONTENT_TRUST_SYNCED);
    }
    g_clear_pointer(&world.listener, test_listener_free);
    test_broker_kill(world.broker);
    TEST_WAIT_UNTIL(count(&world, "down") >= N_PLAYERS);
    test_broker_start(world.broker);
    TEST_WAIT_UNTIL(count(&world, "up") == 2 * N_PLAYERS);
    world_end(&world);
}

/* Told once each by all, with when it came; the same again and a forged one change nothing. */
static void
test_alert_and_stop(void)
{
    g_autoptr(ContentAlert) alert =
        alert_builder_new("lu-1", "chu-puh", "vi", g_get_real_time());
    g_autoptr(ContentStop) stop = alert_builder_stop("dung-1", "lu-1", NULL, g_get_real_time());
    g_autoptr(GBytes) good = NULL, forged = NULL, end = NULL;
    World world = {0};

    world_begin(&world);
    good = test_seal(world.alert_key, &content_alert_type, alert, NULL, 0);
    forged = test_seal(world.manifest_key, &content_alert_type, alert, NULL, 0);
    end = test_seal(world.alert_key, &content_stop_type, stop, NULL, 0);
    test_broker_say(world.broker, world.district_certificate, "loa/1/all/alert", good);
    say_to(&world, "tram-1", "alert", good);
    say_to(&world, "tram-2", "alert", forged);
    test_broker_say(world.broker, world.district_certificate, "loa/1/all/stop", end);
    TEST_WAIT_UNTIL(count(&world, "stop") == N_PLAYERS);
    TEST_WAIT_UNTIL(count(&world, "refused") == 1);
    g_assert_cmpuint(count(&world, "alert"), ==, N_PLAYERS);
    world_end(&world);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim-players/manifest-to-report", test_manifest_to_report);
    g_test_add_func("/sim-players/forged-manifest", test_forged_manifest);
    g_test_add_func("/sim-players/records-until-acknowledged", test_records_until_acknowledged);
    g_test_add_func("/sim-players/heartbeats-and-return", test_heartbeats_and_return);
    g_test_add_func("/sim-players/alert-and-stop", test_alert_and_stop);
    return g_test_run();
}
