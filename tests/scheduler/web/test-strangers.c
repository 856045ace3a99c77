/* test-strangers.c - whoever is no live station is told 403 at the stations' door, and no more.
 */
#include "tests/scheduler/web/api-fixture.h"

#include "scheduler/store/devices.h"
#include "tests/support/test-ca.h"

#include <curl/curl.h>
#include <string.h>

typedef struct {
    const char *why;
    char *certificate; /* (owned) (nullable) */
    char *key;         /* (owned) (nullable) */
    gboolean is_live;
} Caller;

enum { NONE, SELF_SIGNED, OTHER_AUTHORITY, EXPIRED, UNKNOWN, REVOKED, LIVE, N_CALLERS };

static char *
read_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* Runs openssl with @words in the fixture's folder. */
static void
openssl(ApiFixture *f, const char *words)
{
    g_autofree char *command =
        g_strdup_printf("sh -c 'cd %s && openssl %s 2>/dev/null'", f->folder, words);
    int status = 0;

    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, &status, NULL));
    g_assert_true(g_spawn_check_wait_status(status, NULL));
}

#define NEW_KEY "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=ia-le "

/* Certified by the district itself, @ago_us ago. */
static char *
certify(ApiFixture *f, Caller *caller, gint64 ago_us)
{
    g_autofree char *request = NULL;
    char *serial = NULL;
    GError *error = NULL;

    openssl(f, "req -new " NEW_KEY "-keyout dk -out dr");
    request = read_file(f->folder, "dr");
    caller->key = read_file(f->folder, "dk");
    caller->certificate =
        sched_authority_sign_request(f->authority, request, "ia-le", g_get_real_time() - ago_us,
                                     &serial, &error);
    g_assert_no_error(error);
    return serial;
}

static void
self_sign(ApiFixture *f, Caller *caller)
{
    openssl(f, "req -x509 -days 30 " NEW_KEY "-keyout dk -out dc");
    caller->key = read_file(f->folder, "dk");
    caller->certificate = read_file(f->folder, "dc");
}

static void
certify_elsewhere(ApiFixture *f, Caller *caller)
{
    g_autofree char *folder = g_dir_make_tmp("strangers-XXXXXX", NULL);
    g_autoptr(TestCa) authority = test_ca_new(folder, "elsewhere");
    g_autofree char *path =
        test_ca_issue(authority, "station", "ia-le", TEST_CERTIFICATE_CLIENT);

    caller->certificate = read_file(folder, "station.pem");
    caller->key = read_file(folder, "station.key");
    temp_store_remove_folder(folder);
}

typedef struct {
    const char *secret_hash;
    SchedDeviceRow *device;
} Enrolment;

static gboolean
enrol(SchedTxn *txn, gpointer data, GError **error)
{
    const Enrolment *enrolment = data;
    const gint64 now_us = sched_txn_at_us(txn);

    return sched_store_enrolment_add(txn, enrolment->secret_hash, "ia-le",
                                     now_us + TEMP_STORE_DAY_US, error) &&
           sched_store_enrolment_use(txn, enrolment->secret_hash, enrolment->device, error);
}

/* Known to the store; whoever was the station before is revoked by it. */
static void
become_station(ApiFixture *f, Caller *caller)
{
    g_autofree char *serial = certify(f, caller, 0);
    g_autofree char *secret_hash = temp_store_hash(serial);
    g_autoptr(ContentSealKey) key = content_seal_key_generate();
    SchedDeviceRow device = {
        .serial = serial,
        .station = (char *) "ia-le",
        .public_key = (char *) content_seal_key_public(key),
        .certificate = caller->certificate,
        .journal = (char *) "0190a0a0-0000-7000-8000-000000000001",
        .enrolled_us = TEMP_STORE_NOW_US,
        .expires_us = TEMP_STORE_NOW_US + SCHED_AUTHORITY_STATION_LIFE_US,
        .revoked_why = (char *) "",
    };
    Enrolment enrolment = {secret_hash, &device};

    temp_store_run(f->store, enrol, &enrolment);
}

static void
make_callers(ApiFixture *f, Caller *callers)
{
    g_autofree char *expired = NULL, *unknown = NULL;

    callers[NONE].why = "no certificate";
    callers[SELF_SIGNED].why = "signed by itself, with the right name";
    self_sign(f, &callers[SELF_SIGNED]);
    callers[OTHER_AUTHORITY].why = "of another authority, with the right name";
    certify_elsewhere(f, &callers[OTHER_AUTHORITY]);
    callers[EXPIRED].why = "of the district, and over";
    expired =
        certify(f, &callers[EXPIRED], SCHED_AUTHORITY_STATION_LIFE_US + 30 * TEMP_STORE_DAY_US);
    callers[UNKNOWN].why = "of the district, and in no list";
    unknown = certify(f, &callers[UNKNOWN], 0);
    callers[REVOKED].why = "revoked";
    become_station(f, &callers[REVOKED]);
    callers[LIVE].why = "the station";
    callers[LIVE].is_live = TRUE;
    become_station(f, &callers[LIVE]);
}

/* What is asked for, and what a station is told; everybody else is told 403. */
typedef struct {
    const char *why, *method, *path, *type;
    gsize n_body;
    guint to_station;
} Ask;

#define HASH "0000000000000000000000000000000000000000000000000000000000000000"

static const Ask asks[] = {
    {"documents", "POST", "/device/documents", "application/json", 2, 400},
    {"documents in another form", "POST", "/device/documents", "text/plain", 2, 415},
    {"documents without a body", "POST", "/device/documents", "application/json", 0, 400},
    {"too many documents", "POST", "/device/documents", "application/json",
     SCHED_API_MAX_JSON_BYTES + 1, 413},
    {"documents by another method", "GET", "/device/documents", NULL, 0, 405},
    {"an object", "GET", "/device/objects/" HASH, NULL, 0, 404},
    {"only its head", "HEAD", "/device/objects/" HASH, NULL, 0, 404},
    {"an object with a body", "GET", "/device/objects/" HASH, "text/plain", 1, 413},
    {"an object to be put there", "PUT", "/device/objects/" HASH, "text/plain", 9, 405},
    {"an object to be removed", "DELETE", "/device/objects/" HASH, NULL, 0, 405},
    {"enrolment by another method", "GET", "/device/enrol", NULL, 0, 405},
    {"what is not there", "GET", "/device/nothing", NULL, 0, 404},
    {"what is not there, with much to say", "POST", "/device/nothing", "text/plain", 100000,
     404},
    {"the people's side", "GET", "/api/areas", NULL, 0, 404},
    {"the people's sign-in", "POST", "/api/session", "application/json", 2, 404},
    {"the beginning", "GET", "/", NULL, 0, 404},
    {"an unknown method", "BREW", "/device/objects/" HASH, NULL, 0, 405},
};

static guint
ask_as(ApiFixture *f, const Caller *caller, const Ask *ask, char **out_text)
{
    TestHttps peer = f->stations;
    g_autofree char *body = g_strnfill(ask->n_body, '{');
    g_autofree char *type = g_strconcat("Content-Type: ", ask->type, NULL);
    const char *const headers[] = {ask->type != NULL ? type : NULL, NULL};
    g_autoptr(TestAnswer) answer = NULL;

    peer.certificate = caller->certificate;
    peer.key = caller->key;
    if (strcmp(ask->method, "HEAD") == 0)
        peer.seen = NULL; /* no body, which it would judge */
    answer = test_https(&peer, ask->method, ask->path, headers,
                        ask->n_body > 0 || ask->type != NULL ? body : NULL, ask->n_body);
    *out_text = g_strdup(answer->body->str);
    return answer->status;
}

static void
test_strangers(ApiFixture *f, gconstpointer data)
{
    Caller callers[N_CALLERS] = {0};

    make_callers(f, callers);
    for (gsize i = 0; i < N_CALLERS; i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(asks); k++) {
            g_autofree char *text = NULL;
            guint status = ask_as(f, &callers[i], &asks[k], &text);

            g_test_message("%s, %s: %u %s", callers[i].why, asks[k].why, status, text);
            g_assert_cmpuint(status, ==, callers[i].is_live ? asks[k].to_station : 403);
        }
        g_free(callers[i].certificate);
        g_free(callers[i].key);
    }
}

/* Who has no certificate yet gets as far as the code, in whatever form it comes. */
static void
test_enrolment_is_open(ApiFixture *f, gconstpointer data)
{
    static const Ask open[] = {
        {"no document", "POST", "/device/enrol", "application/json", 2, 400},
        {"another form", "POST", "/device/enrol", "text/plain", 2, 415},
        {"too long", "POST", "/device/enrol", "application/json", SCHED_API_MAX_JSON_BYTES + 1,
         413},
    };
    const Caller nobody = {.why = "no certificate"};

    for (gsize k = 0; k < G_N_ELEMENTS(open); k++) {
        g_autofree char *text = NULL;

        g_assert_cmpuint(ask_as(f, &nobody, &open[k], &text), ==, open[k].to_station);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/strangers/all", test_strangers);
    api_fixture_add("/scheduler/web/strangers/enrolment", test_enrolment_is_open);
    return g_test_run();
}
