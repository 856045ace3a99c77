/*
 * desk-fixture.c - a district's line and a station made of a connection and documents alone.
 */
#include "tests/scheduler/publish/desk-fixture.h"

#include "content/claim.h"
#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/record.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/stations.h"
#include "scheduler/trust/root.h"
#include "tests/support/port.h"
#include "tests/support/wait.h"

#include <string.h>

static char *
certificate_of(DeskFixture *f, const char *station)
{
    return g_strdup_printf("%s/authority/station-%s.pem", f->folder, station);
}

TestStation *
desk_connect(DeskFixture *f, const char *station)
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
    g_autofree char *comment = content_claim_comment(type->type, DESK_STATION, 0);
    g_autofree char *lines = NULL;

    g_assert_no_error(error);
    lines =
        content_seal_sign(key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), comment);
    return content_seal_wrap(lines, bytes);
}

void
desk_say_hello_with(DeskFixture *f, TestStation *line, gint64 version, gint64 floor,
                    gint64 keys_version, gint64 acked_seq)
{
    ContentFloor *keys = content_shape_new(&content_floor_shape);
    ContentHello *hello = content_document_new(&content_hello_type);
    ContentFloor *entry = content_shape_new(&content_floor_shape);
    g_autoptr(GBytes) envelope = NULL;

    hello->station = g_strdup(DESK_STATION);
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

void
desk_say_hello_knowing(DeskFixture *f, TestStation *line, gint64 version, gint64 floor,
                       gint64 keys_version)
{
    desk_say_hello_with(f, line, version, floor, keys_version, 0);
}

void
desk_say_hello(DeskFixture *f, TestStation *line, gint64 version, gint64 floor)
{
    desk_say_hello_knowing(f, line, version, floor, 1);
}

GBytes *
desk_batch_from(const ContentSealKey *key, gint64 seq)
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
    records->station = g_strdup(DESK_STATION);
    records->journal = g_strdup("journal-1");
    records->first_seq = seq;
    records->oldest = seq > 1;
    g_ptr_array_add(records->records,
                    g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    return sign_as(key, &content_records_type, records);
}

GBytes *
desk_batch(const ContentSealKey *key)
{
    return desk_batch_from(key, 1);
}

void
desk_say_records(DeskFixture *f, TestStation *line)
{
    g_autoptr(GBytes) records = desk_batch(f->station_key);

    test_station_say(line, "records", records);
}

/* Waits for the next message, which must be on @what and signed by the key of @role. */
gpointer
desk_next_heard(DeskFixture *f, TestStation *line, const char *what, ContentRole role,
                const ContentDocumentType *type)
{
    g_autofree char *expected = g_strdup_printf("loa/1/to/" DESK_STATION "/%s", what);
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

void
desk_expect_manifest(DeskFixture *f, TestStation *line, gint64 version)
{
    g_autoptr(ContentManifest) manifest =
        desk_next_heard(f, line, "manifest", CONTENT_ROLE_MANIFEST, &content_manifest_type);

    g_assert_cmpint(manifest->version, ==, version);
    g_assert_cmpstr(manifest->station, ==, DESK_STATION);
    g_assert_cmpuint(manifest->days->len, ==, CONTENT_MANIFEST_DAYS);
}

void
desk_expect_ack(DeskFixture *f, TestStation *line, gint64 seq)
{
    g_autoptr(ContentAck) ack =
        desk_next_heard(f, line, "ack", CONTENT_ROLE_MANIFEST, &content_ack_type);

    g_assert_cmpint(ack->seq, ==, seq);
}

static void
on_said(const char *station, const char *words, gpointer user_data)
{
    DeskFixture *f = user_data;

    g_string_append_printf(f->said, "%s: %s\n", station == NULL ? "-" : station, words);
}

static void
on_trouble(const char *station, const char *words, gpointer user_data)
{
    DeskFixture *f = user_data;

    g_string_append_printf(f->troubles, "%s: %s\n", station == NULL ? "-" : station, words);
}

static void
on_lines(guint n_up, guint n_all, gpointer user_data)
{
    DeskFixture *f = user_data;

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
    DeskFixture *f;
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

static void
make_station(DeskFixture *f, const char *station)
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
void
desk_start(DeskFixture *f, const char *uri)
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

void
desk_set_up(DeskFixture *f, gconstpointer data)
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
    make_station(f, DESK_STATION);
    make_station(f, DESK_OTHER);
    desk_start(f, NULL);
    TEST_WAIT_UNTIL(strstr(f->said->str, DESK_STATION ": manifest 1 issued") != NULL);
}

void
desk_tear_down(DeskFixture *f, gconstpointer data)
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

gboolean
desk_rename_station(SchedTxn *txn, gpointer data, GError **error)
{
    const DeskRename *wish = data;
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, wish->station, error);

    if (row == NULL)
        return FALSE;
    g_free(row->name);
    row->name = g_strdup(wish->name);
    return sched_store_station_put(txn, row, error);
}

/* It says no hello, so it may be asked for one in between. */
