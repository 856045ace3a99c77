/* test-devices.c - from a code to a station, what it is given, and the end of it. */
#include "content/opus-file.h"
#include "tests/scheduler/web/api-fixture.h"

#include "content/base/id.h"
#include "content/enrolment-code.h"
#include "content/exchange.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/objects.h"
#include "content/web/throttle.h"

#include <curl/curl.h>
#include <string.h>

/* What a player has after it was enrolled. */
typedef struct {
    char *key, *request, *certificate;
} Player;

static void
player_clear(Player *player)
{
    g_free(player->key);
    g_free(player->request);
    g_free(player->certificate);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Player, player_clear)

static void
make_player(ApiFixture *f, Player *player)
{
    g_autofree char *command = g_strdup_printf(
        "sh -c 'cd %s && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
        "-keyout dk -out dr -subj /CN=admin 2>/dev/null'",
        f->folder);
    g_autofree char *key = g_build_filename(f->folder, "dk", NULL);
    g_autofree char *request = g_build_filename(f->folder, "dr", NULL);

    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_assert_true(g_file_get_contents(key, &player->key, NULL, NULL));
    g_assert_true(g_file_get_contents(request, &player->request, NULL, NULL));
}

/* The secret in a fresh code for the station, as the player reads it. */
static char *
get_secret(ApiFixture *f, const char *station)
{
    g_autofree char *path = g_strdup_printf("/api/stations/%s/enrolment", station);
    g_autofree char *fingerprint = sched_authority_fingerprint(f->authority);
    g_autofree char *shown = NULL;
    json_auto_t *answer = NULL;
    ContentEnrolmentCode code;
    GError *error = NULL;

    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", path, NULL, &answer), ==, 201);
    content_enrolment_code_read(api_text(answer, "code"), &code, &error);
    g_assert_no_error(error);
    shown = content_hex(code.fingerprint, sizeof code.fingerprint);
    g_assert_cmpstr(shown, ==, fingerprint);
    g_assert_cmpstr(code.address, ==, "127.0.0.1:8443");
    return content_hex(code.secret, sizeof code.secret);
}

static GBytes *
enrol_document(const Player *player, const char *secret)
{
    g_autoptr(ContentSealKey) key = content_seal_key_generate();
    g_autoptr(ContentEnrol) ask = content_document_new(&content_enrol_type);

    ask->secret = g_strdup(secret);
    ask->request = g_strdup(player->request);
    ask->public_key = g_strdup(content_seal_key_public(key));
    ask->journal = content_id_new(g_get_real_time());
    return content_document_write(&content_enrol_type, ask, NULL);
}

static TestAnswer *
post_with(ApiFixture *f, const Player *player, const char *path, GBytes *document,
          const char *const *headers)
{
    TestHttps peer = f->stations;
    gsize length = 0;
    const char *text = g_bytes_get_data(document, &length);

    if (player != NULL) {
        peer.certificate = player->certificate;
        peer.key = player->key;
    }
    return test_https(&peer, "POST", path, headers, text, length);
}

static TestAnswer *
post(ApiFixture *f, const Player *player, const char *path, GBytes *document)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};

    return post_with(f, player, path, document, headers);
}

/* As a player asks; the answer is left as it came. */
static TestAnswer *
post_packed(ApiFixture *f, const Player *player, const char *path, GBytes *document)
{
    static const char *const headers[] = {"Content-Type: application/json",
                                          "Accept-Encoding: gzip", NULL};

    return post_with(f, player, path, document, headers);
}

static TestAnswer *
get(ApiFixture *f, const Player *player, const char *path)
{
    TestHttps peer = f->stations;

    peer.certificate = player->certificate;
    peer.key = player->key;
    return test_https(&peer, "GET", path, NULL, NULL, 0);
}

static void
enrol(ApiFixture *f, Player *player, const char *station)
{
    g_autofree char *secret = NULL;
    g_autoptr(GBytes) ask = NULL;
    g_autoptr(TestAnswer) answer = NULL;
    g_autoptr(ContentEnrolled) enrolled = NULL;
    GError *error = NULL;

    make_player(f, player);
    secret = get_secret(f, station);
    ask = enrol_document(player, secret);
    answer = post(f, NULL, "/device/enrol", ask);
    g_assert_cmpuint(answer->status, ==, 200);
    enrolled = content_document_read(&content_enrolled_type, answer->body->str,
                                     answer->body->len, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(enrolled->station, ==, station);
    g_assert_cmpstr(enrolled->root_key, ==, sched_keys_root(f->keys));
    g_assert_cmpstr(enrolled->device_url, ==, "https://127.0.0.1:8443");
    g_assert_cmpuint(enrolled->brokers->len, ==, 1);
    player->certificate = g_strdup(enrolled->certificate);
}

static GBytes *
request_for(const char *hash)
{
    g_autoptr(ContentRequest) request = content_document_new(&content_request_type);

    g_ptr_array_add(request->hashes, g_strdup(hash));
    return content_document_write(&content_request_type, request, NULL);
}

/* A manifest for ia-le that names one day plan, one approval and one object. */
typedef struct {
    char *dayplan, *manifest, *object;
} Issued;

static char *
put_document(SchedTxn *txn, const char *type, const char *text)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    char *hash = content_sha256_hex(text, strlen(text));
    const SchedDocumentRow row = {
        .hash = hash, .type = (char *) type, .body = body, .signatures = signatures};

    assert_done(sched_store_document_put(txn, &row, &problem));
    return hash;
}

static gboolean
issue(SchedTxn *txn, gpointer data, GError **error)
{
    Issued *issued = data;
    g_autoptr(GPtrArray) days = g_ptr_array_new(), none = g_ptr_array_new(),
                         objects = g_ptr_array_new();
    g_autofree char *settings = put_document(txn, "settings", "{\"s\":1}");
    g_autofree char *keys = put_document(txn, "keys", "{\"k\":1}");
    const SchedObjectRow object = {.hash = issued->object,
                                   .size_bytes = 4,
                                   .duration_us = 1000000,
                                   .loudness_mlufs = -16000,
                                   .peak_mdb = -1500};
    const SchedOriginalRow original = {.hash = issued->object,
                                       .object = issued->object,
                                       .name = (char *) "x.wav",
                                       .media = (char *) "audio/x-wav",
                                       .size_bytes = 4};
    SchedIssuedDayRow day = {(char *) "2026-12-01", NULL};
    SchedManifestRow manifest = {.station = (char *) "ia-le",
                                 .version = 1,
                                 .settings = settings,
                                 .keys = keys,
                                 .issued_us = sched_txn_at_us(txn),
                                 .expires_us = g_get_real_time() + TEMP_STORE_DAY_US,
                                 .days = days};

    issued->dayplan = put_document(txn, "dayplan", "{\"d\":1}");
    issued->manifest = put_document(txn, "manifest", "{\"m\":1}");
    day.hash = issued->dayplan;
    g_ptr_array_add(days, &day);
    g_ptr_array_add(objects, issued->object);
    manifest.hash = issued->manifest;
    manifest.contents = issued->manifest;
    assert_done(sched_store_object_put(txn, &object, &original, &problem));
    assert_done(sched_store_manifest_add(txn, &manifest, none, objects, &problem));
    return TRUE;
}

static void
put_object(ApiFixture *f, Issued *issued)
{
    g_autofree char *path = g_build_filename(f->folder, "incoming", NULL);
    GError *error = NULL;

    g_assert_true(g_file_set_contents(path, "OggS", 4, NULL));
    issued->object = content_object_store_put_file(f->objects, path, NULL, &error);
    g_assert_no_error(error);
}

static guint
bundled(TestAnswer *answer, const char *hash)
{
    GError *error = NULL;
    g_autoptr(ContentBundle) bundle =
        content_document_read(&content_bundle_type, answer->body->str, answer->body->len,
                              &error);

    g_assert_no_error(error);
    if (bundle->documents->len == 1) {
        const ContentBundled *one = bundle->documents->pdata[0];
        g_autofree char *sum = content_sha256_hex(one->text, strlen(one->text));

        g_assert_cmpstr(sum, ==, hash);
        g_assert_cmpstr(one->hash, ==, hash);
    }
    g_assert_cmpuint(bundle->documents->len + bundle->missing->len, ==, 1);
    return bundle->documents->len;
}

static gboolean
run_sql(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, data);
    return TRUE;
}

/* What is there and cannot be read is told to people; to the station it is not there. */
static void
expect_unreadable(ApiFixture *f, const Player *player, const char *hash, GBytes *ask)
{
    g_autofree char *sql = g_strdup_printf(
        "DROP TRIGGER documents_fixed; UPDATE documents SET unpacked_bytes = 999 "
        "WHERE hash = '%s'",
        hash);
    g_autoptr(TestAnswer) answer = NULL;

    temp_store_run(f->store, run_sql, sql);
    answer = post(f, player, "/device/documents", ask);
    g_assert_cmpuint(bundled(answer, hash), ==, 0);
    g_assert_cmpuint(f->said->len, ==, 1);
    g_assert_nonnull(strstr(f->said->pdata[0], hash));
    g_ptr_array_set_size(f->said, 0);
}

static void
test_station(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) ours = {0}, theirs = {0};
    Issued issued = {0};
    g_autoptr(GBytes) ask = NULL;
    g_autoptr(TestAnswer) mine = NULL, packed = NULL, not_mine = NULL, audio = NULL,
                          no_audio = NULL;
    g_autofree char *path = NULL, *encoding = NULL;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    enrol(f, &ours, "ia-le");
    enrol(f, &theirs, "ia-blu");
    g_assert_cmpuint(f->n_devices_changed, ==, 2);
    put_object(f, &issued);
    temp_store_run(f->store, issue, &issued);
    ask = request_for(issued.dayplan);
    path = g_strdup_printf("/device/objects/%s", issued.object);

    mine = post(f, &ours, "/device/documents", ask);
    g_assert_cmpuint(bundled(mine, issued.dayplan), ==, 1);
    packed = post_packed(f, &ours, "/device/documents", ask);
    encoding = test_answer_header(packed, "Content-Encoding");
    g_assert_cmpstr(encoding, ==, "gzip");
    g_assert_cmpuint((guint8) packed->body->str[0], ==, 0x1f); /* gzip's own mark */
    g_assert_cmpuint(packed->body->len, <, mine->body->len);
    audio = get(f, &ours, path);
    g_assert_cmpuint(audio->status, ==, 200);
    g_assert_cmpstr(audio->body->str, ==, "OggS");
    /* Another station reads nothing of it. */
    not_mine = post(f, &theirs, "/device/documents", ask);
    g_assert_cmpuint(bundled(not_mine, issued.dayplan), ==, 0);
    no_audio = get(f, &theirs, path);
    g_assert_cmpuint(no_audio->status, ==, 404);
    expect_unreadable(f, &ours, issued.dayplan, ask);
    g_free(issued.dayplan);
    g_free(issued.manifest);
    g_free(issued.object);
}

static void
test_code(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) player = {0};
    g_autofree char *first = NULL, *second = NULL;
    const char *unknown = "00112233445566778899aabbccddeeff";

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    make_player(f, &player);
    first = get_secret(f, "ia-le");
    second = get_secret(f, "ia-le");
    const struct {
        const char *why, *secret;
        guint status;
    } cases[] = {
        {"never given out", unknown, 403},
        {"overtaken by a newer one", first, 403},
        {"the newest", second, 200},
        {"used", second, 403},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) ask = enrol_document(&player, cases[i].secret);
        g_autoptr(TestAnswer) answer = post(f, NULL, "/device/enrol", ask);

        g_test_message("%s: %u", cases[i].why, answer->status);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
    }
    {
        g_autofree char *late = get_secret(f, "ia-le");
        g_autoptr(GBytes) ask = enrol_document(&player, late);
        g_autoptr(TestAnswer) answer = NULL;

        fake_clock_advance(f->clock, SCHED_ENROLMENT_MAX_LIFE_US + G_USEC_PER_SEC);
        answer = post(f, NULL, "/device/enrol", ask);
        g_assert_cmpuint(answer->status, ==, 403);
    }
}

static guint
try_code(ApiFixture *f, const Player *player, const char *secret, const char *from)
{
    const char *const headers[] = {"Content-Type: application/json", NULL};
    g_autoptr(GBytes) ask = enrol_document(player, secret);
    TestHttps peer = f->stations;
    g_autoptr(TestAnswer) answer = NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(ask, &length);

    peer.from = from;
    answer = test_https(&peer, "POST", "/device/enrol", headers, text, length);
    return answer->status;
}

/* Wrong codes are slowed, from one address and from many; the right one gets in all the same.
 */
static void
test_many_codes(ApiFixture *f, gconstpointer data)
{
    static const char wrong[] = "00112233445566778899aabbccddeeff";
    g_auto(Player) player = {0};
    g_autofree char *secret = NULL;
    guint n_looked_at = 0, n_waiting = 0;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    make_player(f, &player);
    secret = get_secret(f, "ia-le");
    /* An honest technician mistypes twice, and is not held up. */
    g_assert_cmpuint(try_code(f, &player, wrong, "127.0.0.2"), ==, 403);
    g_assert_cmpuint(try_code(f, &player, wrong, "127.0.0.2"), ==, 403);
    for (guint i = 0; i < 60; i++) {
        g_autofree char *from = g_strdup_printf("127.0.0.%u", 10 + i % 6);
        guint status = try_code(f, &player, wrong, from);

        g_assert_true(status == 403 || status == 429);
        n_looked_at += status == 403;
    }
    g_assert_cmpuint(n_looked_at, <, 12);
    /* From one address, a try a second, for a minute: most are not looked at. */
    for (guint i = 0; i < 60; i++) {
        fake_clock_advance(f->clock, G_USEC_PER_SEC);
        n_waiting += try_code(f, &player, wrong, "127.0.0.10") == 429;
    }
    g_assert_cmpuint(n_waiting, >, 45);
    /* And whoever has the right one waits for seconds at most, whatever the others do. */
    fake_clock_advance(f->clock, CONTENT_THROTTLE_SPREAD_US);
    g_assert_cmpuint(try_code(f, &player, secret, "127.0.0.2"), ==, 200);
}

/* Ever new codes from ever new addresses take no turn from the right one. */
static void
test_codes_of_strangers(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) player = {0};
    g_autofree char *secret = NULL;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    make_player(f, &player);
    secret = get_secret(f, "ia-le");
    for (guint i = 0; i < 40; i++) {
        g_autofree char *wrong = g_strdup_printf("%032x", i);
        g_autofree char *from = g_strdup_printf("127.0.1.%u", 10 + i);

        g_assert_cmpuint(try_code(f, &player, wrong, from), ==, 403);
    }
    g_assert_cmpuint(try_code(f, &player, secret, "127.0.0.2"), ==, 200);
}

static void
test_bad_enrolment(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) player = {0};
    g_autofree char *secret = NULL;
    g_autoptr(GBytes) rubbish = g_bytes_new_static("{\"v\":1}", 7);
    g_autoptr(GBytes) request = NULL, good = NULL;
    g_autoptr(TestAnswer) one = NULL, two = NULL, three = NULL;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    make_player(f, &player);
    secret = get_secret(f, "ia-le");
    one = post(f, NULL, "/device/enrol", rubbish);
    g_assert_cmpuint(one->status, ==, 400);
    g_free(player.request);
    player.request = g_strdup("-----BEGIN CERTIFICATE REQUEST-----\n");
    request = enrol_document(&player, secret);
    two = post(f, NULL, "/device/enrol", request);
    g_assert_cmpuint(two->status, ==, 422);
    /* The code is not used up by a request that came to nothing. */
    player_clear(&player);
    memset(&player, 0, sizeof player);
    make_player(f, &player);
    good = enrol_document(&player, secret);
    three = post(f, NULL, "/device/enrol", good);
    g_assert_cmpuint(three->status, ==, 200);
}

static void
test_end(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) first = {0}, second = {0}, nobody = {0};
    g_autoptr(GBytes) ask =
        request_for("0000000000000000000000000000000000000000000000000000000000000000");
    g_autoptr(TestAnswer) alive = NULL, replaced = NULL, alive_too = NULL, revoked = NULL,
                          none = NULL;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    enrol(f, &first, "ia-le");
    alive = post(f, &first, "/device/documents", ask);
    g_assert_cmpuint(alive->status, ==, 200);
    g_assert_true(g_str_has_prefix(f->device_news, "ia-le: enrolled, with certificate "));
    /* Replaced: the new player is the station, the one before is nobody. */
    enrol(f, &second, "ia-le");
    g_assert_true(g_str_has_prefix(f->device_news, "ia-le: replaced: enrolled anew with "));
    g_assert_true(g_str_has_suffix(f->device_news, " is void"));
    replaced = post(f, &first, "/device/documents", ask);
    g_assert_cmpuint(replaced->status, ==, 403);
    alive_too = post(f, &second, "/device/documents", ask);
    g_assert_cmpuint(alive_too->status, ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", "/api/stations/ia-le/revoke",
                                      json_pack("{s:s}", "why", "stolen"), NULL),
                     ==, 200);
    revoked = post(f, &second, "/device/documents", ask);
    g_assert_cmpuint(revoked->status, ==, 403);
    g_assert_nonnull(strstr(revoked->body->str, "revoked"));
    none = post(f, &nobody, "/device/documents", ask);
    g_assert_cmpuint(none->status, ==, 403);
    g_assert_nonnull(strstr(none->body->str, "none was shown"));
    g_assert_cmpuint(f->n_devices_changed, ==, 3);
    g_assert_cmpstr(f->device_news, ==, "ia-le: revoked by tech: stolen");
}

static GBytes *
renew_document(const char *request)
{
    const ContentRenew ask = {(char *) request};

    return content_document_write(&content_renew_type, &ask, NULL);
}

/* The certificate of ia-le is as old as it has to be to get a new one. */
static void
make_old(ApiFixture *f)
{
    g_autofree char *sql =
        g_strdup_printf("UPDATE devices SET enrolled_us = %" G_GINT64_FORMAT
                        " WHERE station = 'ia-le'",
                        g_get_real_time() - 2 * SCHED_AUTHORITY_STATION_LIFE_US);

    temp_store_run(f->store, run_sql, sql);
}

/* Asks for a new certificate. @status: that must come; 200: Returns (transfer full): it, PEM */
static char *
renew(ApiFixture *f, const Player *player, const char *request, guint status, const char *words)
{
    g_autoptr(GBytes) ask = renew_document(request);
    g_autoptr(TestAnswer) answer = post(f, player, "/device/renewal", ask);
    g_autoptr(ContentRenewed) renewed = NULL;
    GError *error = NULL;

    g_test_message("%s", answer->body->str);
    g_assert_cmpuint(answer->status, ==, status);
    if (status != 200) {
        g_assert_nonnull(strstr(answer->body->str, words));
        return NULL;
    }
    renewed = content_document_read(&content_renewed_type, answer->body->str, answer->body->len,
                                    &error);
    g_assert_no_error(error);
    g_assert_cmpstr(renewed->station, ==, "ia-le");
    return g_steal_pointer(&renewed->certificate);
}

static guint
use(ApiFixture *f, const Player *player)
{
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
    g_autoptr(TestAnswer) answer = post(f, player, "/device/renewal/use", nothing);

    g_test_message("%s", answer->body->str);
    return answer->status;
}

static guint
ask(ApiFixture *f, const Player *player)
{
    g_autoptr(GBytes) request =
        request_for("0000000000000000000000000000000000000000000000000000000000000000");
    g_autoptr(TestAnswer) answer = post(f, player, "/device/documents", request);

    return answer->status;
}

/* Both are good until the new one was shown; then it alone. */
static void
test_renewal(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) old = {0}, next = {0}, other_key = {0};

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    enrol(f, &old, "ia-le");
    renew(f, &old, old.request, 403, "more than half of its life");
    g_assert_cmpuint(use(f, &old), ==, 200); /* nothing waits: nothing changes */
    make_old(f);
    next.key = g_strdup(old.key);
    next.certificate = renew(f, &old, old.request, 200, NULL);
    g_assert_cmpstr(next.certificate, !=, old.certificate);
    renew(f, &old, old.request, 409, "within the last hour");
    g_assert_cmpuint(ask(f, &next), ==, 403);
    g_assert_cmpuint(ask(f, &old), ==, 200);
    g_assert_cmpuint(f->n_devices_changed, ==, 2);
    g_assert_cmpuint(use(f, &next), ==, 200);
    g_assert_cmpuint(f->n_devices_changed, ==, 3);
    g_assert_cmpuint(use(f, &next), ==, 200); /* the answer was lost: asked again */
    g_assert_cmpuint(ask(f, &next), ==, 200);
    g_assert_cmpuint(ask(f, &old), ==, 403);
    g_assert_cmpuint(use(f, &old), ==, 403);
    renew(f, &next, old.request, 403, "more than half of its life");
    /* Another key of the same kind will do as well. */
    make_player(f, &other_key);
    temp_store_run(f->store, run_sql,
                   (gpointer) "UPDATE devices SET enrolled_us = enrolled_us - 500000000000000 "
                              "WHERE revoked_us = 0");
    other_key.certificate = renew(f, &next, other_key.request, 200, NULL);
    g_assert_cmpuint(use(f, &other_key), ==, 200);
    g_assert_cmpuint(ask(f, &other_key), ==, 200);
}

static gboolean
adopted_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_assert_true(sched_sql_is(txn,
                               "SELECT count(*) = 1 FROM audit WHERE action = 'device.adopt' "
                               "AND actor = 'station:ia-le' AND object = 'ia-le'",
                               ""));
    g_assert_true(sched_sql_is(txn,
                               "SELECT count(*) = 1 FROM devices WHERE station = 'ia-le' "
                               "AND revoked_us = 0 AND journal <> '' AND public_key <> ''",
                               ""));
    return TRUE;
}

/* A certificate that our authority made and the store knows nothing of. */
static Player
forgotten(ApiFixture *f, const Player *of, const char *request, const char *station,
          gint64 later_us)
{
    g_autofree char *serial = NULL;
    g_autoptr(GError) error = NULL;
    Player player = {.key = g_strdup(of->key)};

    player.certificate =
        sched_authority_sign_request(f->authority, request, station,
                                     g_get_real_time() + later_us, &serial, &error);
    g_assert_no_error(error);
    return player;
}

/* We were restored from a backup, and the station has renewed its certificate since. */
static void
test_renewal_forgotten(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) known = {0}, other = {0}, renewed = {0}, older = {0}, foreign = {0},
                   new_key = {0}, last = {0};
    guint n_changed;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    enrol(f, &known, "ia-le");
    enrol(f, &other, "ia-blu");
    n_changed = f->n_devices_changed;
    renewed = forgotten(f, &known, known.request, "ia-le", 5 * G_USEC_PER_SEC);
    older = forgotten(f, &known, known.request, "ia-le", -5 * G_USEC_PER_SEC);
    foreign = forgotten(f, &known, known.request, "ia-blu", 5 * G_USEC_PER_SEC);
    new_key = forgotten(f, &other, other.request, "ia-le", 5 * G_USEC_PER_SEC);
    last = forgotten(f, &known, known.request, "ia-le", 10 * G_USEC_PER_SEC);
    g_assert_cmpuint(ask(f, &older), ==, 403);
    g_assert_cmpuint(ask(f, &foreign), ==, 403);
    g_assert_cmpuint(ask(f, &new_key), ==, 403);
    g_assert_cmpuint(ask(f, &known), ==, 200);
    g_assert_cmpuint(f->n_devices_changed, ==, n_changed);

    g_assert_cmpuint(ask(f, &renewed), ==, 200);
    g_assert_cmpuint(f->n_devices_changed, ==, n_changed + 1);
    g_assert_cmpuint(ask(f, &renewed), ==, 200);
    g_assert_cmpuint(f->n_devices_changed, ==, n_changed + 1);
    g_assert_cmpuint(ask(f, &known), ==, 403);
    temp_store_run(f->store, adopted_body, NULL);
    /* The station is revoked: nothing of its key is let in any more. */
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", "/api/stations/ia-le/revoke",
                                      json_pack("{s:s}", "why", "stolen"), NULL),
                     ==, 200);
    g_assert_cmpuint(ask(f, &renewed), ==, 403);
    g_assert_cmpuint(ask(f, &last), ==, 403);
}

static char *
weak_request(ApiFixture *f, const char *how)
{
    g_autofree char *command =
        g_strdup_printf("sh -c 'cd %s && openssl req -new -newkey %s -nodes -keyout wk -out wr "
                        "-subj /CN=ia-le 2>/dev/null'",
                        f->folder, how);
    g_autofree char *path = g_build_filename(f->folder, "wr", NULL);
    char *request = NULL;

    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_assert_true(g_file_get_contents(path, &request, NULL, NULL));
    return request;
}

/* A request signed by another key than it shows. */
static char *
forged_request(const char *request)
{
    g_auto(GStrv) lines = g_strsplit(request, "\n", -1);
    char *byte = lines[3] + 2;

    *byte = *byte == 'A' ? 'B' : 'A';
    return g_strjoinv("\n", lines);
}

static void
test_renewal_refused(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) player = {0}, stranger = {0}, other = {0};
    g_autofree char *rsa = NULL, *p384 = NULL, *forged = NULL, *waiting = NULL;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    enrol(f, &player, "ia-le");
    enrol(f, &other, "ia-blu");
    make_old(f);
    rsa = weak_request(f, "rsa:2048");
    p384 = weak_request(f, "ec -pkeyopt ec_paramgen_curve:P-384");
    forged = forged_request(player.request);
    {
        const struct {
            const char *why;
            const Player *player;
            const char *request;
            guint status;
            const char *words;
        } cases[] = {
            {"another kind of key", &player, rsa, 422, "not P-256"},
            {"another curve", &player, p384, 422, "not P-256"},
            {"a changed byte", &player, forged, 422, "request"},
            {"no request at all", &player, "x", 422, "not PKCS #10"},
            {"no certificate", &stranger, player.request, 403, "none was shown"},
            {"a young certificate", &other, other.request, 403, "more than half"},
        };

        for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
            g_test_message("%s", cases[i].why);
            renew(f, cases[i].player, cases[i].request, cases[i].status, cases[i].words);
        }
    }
    /* What waits goes with the station, and is nobody's either. */
    waiting = renew(f, &player, player.request, 200, NULL);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", "/api/stations/ia-le/revoke",
                                      json_pack("{s:s}", "why", "stolen"), NULL),
                     ==, 200);
    renew(f, &player, player.request, 403, "revoked");
    g_free(player.certificate);
    player.certificate = g_steal_pointer(&waiting);
    g_assert_cmpuint(use(f, &player), ==, 403);
    g_assert_cmpuint(ask(f, &player), ==, 403);
}

/* Each side has its own paths and nothing of the other's. */
static void
test_sides(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) player = {0};
    g_autofree char *token = api_fixture_token("admin");
    const char *const headers[] = {token, NULL};
    g_autoptr(TestAnswer) api = NULL, device = NULL;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    enrol(f, &player, "ia-le");
    api = get(f, &player, "/api/areas");
    g_assert_cmpuint(api->status, ==, 404);
    device = test_https(&f->people, "POST", "/device/enrol", headers, "{}", 2);
    g_assert_cmpuint(device->status, ==, 404);
}

/* ---- what was said at a station ---- */

static GBytes *
make_speech(guint8 first, guint n_packets)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    ContentOpusWriter writer;

    content_opus_begin(&writer, 7, file);
    for (guint i = 0; i < n_packets; i++) {
        guint8 packet[60] = {first};

        g_ptr_array_add(packets, g_bytes_new(packet, sizeof packet));
    }
    if (n_packets > 0)
        content_opus_add(&writer, packets, file);
    content_opus_end(&writer, file);
    return g_byte_array_free_to_bytes(g_steal_pointer(&file));
}

/* As many of one byte each as fit: hours of it. */
static GBytes *
make_hours(void)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    ContentOpusWriter writer;

    for (guint i = 0; i < CONTENT_OPUS_MAX_PAGE_PACKETS; i++)
        g_ptr_array_add(packets, g_bytes_new_static("\x08", 1));
    content_opus_begin(&writer, 7, file);
    while (file->len < 1000 * 1000)
        content_opus_add(&writer, packets, file);
    content_opus_end(&writer, file);
    return g_byte_array_free_to_bytes(g_steal_pointer(&file));
}

/* Returns: the status */
static guint
bring(ApiFixture *f, const Player *player, const char *alert, const char *from, GBytes *speech,
      const char *hash)
{
    static const char *const headers[] = {"Content-Type: application/octet-stream", NULL};
    g_autofree char *right = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, speech);
    g_autofree char *path =
        g_strdup_printf("/device/speeches/%s/%s/%s", alert, from, hash != NULL ? hash : right);
    g_autoptr(TestAnswer) answer = post_with(f, player, path, speech, headers);

    return answer->status;
}

/* Returns: (transfer full): an alert that is spoken at ia-le */
static char *
call_spoken(ApiFixture *f)
{
    json_auto_t *called = NULL;

    api_fixture_people(f);
    temp_store_run(f->store, run_sql,
                   (gpointer) "INSERT INTO station_states (station, contact_us, reads) VALUES "
                              "('ia-le', 9007199254740990, '[[\"microphone\",1]]')");
    g_assert_cmpuint(api_fixture_call(f, "app", "POST", "/api/alert-speeches",
                                      json_pack("{s:[s], s:i, s:s}", "areas", "ia-le",
                                                "minutes", 5, "station", "ia-le"),
                                      &called),
                     ==, 201);
    return g_strdup(api_text(called, "id"));
}

/* Refused before anything is kept: not of this station, not what it is called, no speech. */
static void
test_spoken(ApiFixture *f, gconstpointer data)
{
    g_auto(Player) ours = {0}, theirs = {0};
    g_autoptr(GBytes) speech = make_speech(1 << 3, 20), empty = make_speech(1 << 3, 0),
                      wide = make_speech((1 << 3) | 1, 20), hours = make_hours(),
                      rubbish = g_bytes_new_static("no Ogg", 6),
                      large = g_bytes_new_take(g_malloc0(1024 * 1024 + 1), 1024 * 1024 + 1);
    g_autofree char *other = g_strnfill(64, 'b');
    g_autofree char *id = call_spoken(f);
    /* clang-format off */
    const struct { const char *why; const Player *who; const char *alert, *from; GBytes *speech;
                   const char *hash; guint status; } cases[] = {
        { "of another station",          &theirs, id, "1700000010000000", speech,  NULL,  404 },
        { "of no alert",                 &ours,   "01kjpd1r00a1b2c3d4e5f6g7h9", "1", speech, NULL, 404 },
        { "other bytes than the hash's", &ours,   id, "1700000010000000", speech,  other, 422 },
        { "no time",                     &ours,   id, "noon",             speech,  NULL,  422 },
        { "nothing said",                &ours,   id, "1700000010000000", empty,   NULL,  422 },
        { "other packets than ours",     &ours,   id, "1700000010000000", wide,    NULL,  422 },
        { "hours of next to nothing",    &ours,   id, "1700000010000000", hours,   NULL,  422 },
        { "no Ogg",                      &ours,   id, "1700000010000000", rubbish, NULL,  422 },
        { "too large",                   &ours,   id, "1700000010000000", large,   NULL,  413 },
        { "as it should be",             &ours,   id, "1700000010000000", speech,  NULL,  200 },
        { "once more",                   &ours,   id, "1700000010000000", speech,  NULL,  200 },
    };
    /* clang-format on */
    json_auto_t *state = NULL;
    json_t *part;
    g_autofree char *path = NULL, *token = NULL, *alert = NULL;

    api_fixture_account(f, "tech", SCHED_ROLE_TECHNICIAN, "chu-puh");
    enrol(f, &ours, "ia-le");
    enrol(f, &theirs, "ia-blu");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(bring(f, cases[i].who, cases[i].alert, cases[i].from, cases[i].speech,
                               cases[i].hash),
                         ==, cases[i].status);
    }
    alert = g_strconcat("/api/alerts/", id, NULL);
    g_assert_cmpuint(api_fixture_call(f, "app", "GET", alert, NULL, &state), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(state, "spoken")), ==, 1);
    part = json_array_get(json_object_get(state, "spoken"), 0);
    g_assert_cmpint(json_integer_value(json_object_get(part, "duration_us")), ==, 400000);
    g_assert_cmpint(json_integer_value(json_object_get(part, "from_us")), ==, 1700000010000000);
    g_assert_true(json_is_false(json_object_get(part, "is_recorded")));
    path = g_strdup_printf("%s/speech-parts/%s", alert, api_text(part, "object"));
    token = api_fixture_token("app");
    {
        const char *const headers[] = {token, NULL};
        g_autoptr(TestAnswer) heard = test_https(&f->people, "GET", path, headers, NULL, 0);

        g_assert_cmpuint(heard->status, ==, 200);
        g_assert_cmpmem(heard->body->str, heard->body->len, g_bytes_get_data(speech, NULL),
                        g_bytes_get_size(speech));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/devices/station", test_station);
    api_fixture_add("/scheduler/web/devices/code", test_code);
    api_fixture_add("/scheduler/web/devices/bad-enrolment", test_bad_enrolment);
    api_fixture_add("/scheduler/web/devices/many-codes", test_many_codes);
    api_fixture_add("/scheduler/web/devices/codes-of-strangers", test_codes_of_strangers);
    api_fixture_add("/scheduler/web/devices/end", test_end);
    api_fixture_add("/scheduler/web/devices/renewal", test_renewal);
    api_fixture_add("/scheduler/web/devices/renewal-refused", test_renewal_refused);
    api_fixture_add("/scheduler/web/devices/renewal-forgotten", test_renewal_forgotten);
    api_fixture_add("/scheduler/web/devices/spoken", test_spoken);
    api_fixture_add("/scheduler/web/devices/sides", test_sides);
    return g_test_run();
}
