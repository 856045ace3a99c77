/*
 * test-enrol.c - a code makes a machine a station at the district that made the code, and at no
 * other; half an enrolment leaves nothing behind.
 */
#include "player/intake/enrol.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "content/base/id.h"
#include "content/enrolment-code.h"
#include "player/intake/identity.h"
#include "player/report/journal.h"
#include "tests/support/district.h"
#include "tests/support/http-peer.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

typedef struct {
    char *folder, *state;
    TestCa *ca;
    TestHttpPeer *peer;
    TestDistrict *district;
    ContentEnrolmentCode code;
} Fixture;

/* How the district's answer is spoilt. */
typedef enum {
    SPOIL_NOTHING,
    SPOIL_REFUSED,
    SPOIL_OTHER_KEY,
    SPOIL_OTHER_NAME,
    SPOIL_OTHER_AUTHORITY,
    SPOIL_OTHER_ROOT,
    SPOIL_PLAIN_BROKER,
    SPOIL_NO_BROKER,
    SPOIL_PLAIN_URL,
    SPOIL_RUBBISH,
} Spoil;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autofree char *address = NULL;
    guint8 digest[32];

    fixture->folder = test_scratch_new();
    fixture->state = g_build_filename(fixture->folder, "state", NULL);
    fixture->ca = test_ca_new(fixture->folder, "authority");
    fixture->peer = test_http_peer_new(fixture->folder, fixture->ca, FALSE);
    fixture->district = test_district_new();
    test_ca_fingerprint(fixture->ca, digest);
    memcpy(fixture->code.fingerprint, digest, sizeof fixture->code.fingerprint);
    memset(fixture->code.secret, 0xab, sizeof fixture->code.secret);
    address = g_strdup_printf("127.0.0.1:%u", test_http_peer_port(fixture->peer));
    g_strlcpy(fixture->code.address, address, sizeof fixture->code.address);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    test_district_free(fixture->district);
    test_http_peer_free(fixture->peer);
    test_ca_free(fixture->ca);
    test_scratch_free(fixture->folder);
    g_free(fixture->state);
}

/* ---- the player in a thread, the district in the test ---- */

typedef struct {
    Fixture *fixture;
    gboolean replace;
    gint64 now_us;
    char *station;
    GError *error;
    gint is_done;
} Try;

static gpointer
try_thread(gpointer data)
{
    Try *this = data;
    g_autofree char *text = content_enrolment_code_write(&this->fixture->code, NULL);

    this->station =
        play_enrol(this->fixture->state, text, this->replace, this->now_us, &this->error);
    g_atomic_int_set(&this->is_done, 1);
    return NULL;
}

static char *
spoilt_certificate(Fixture *fixture, const ContentEnrol *question, Spoil spoil)
{
    g_autofree char *other = NULL;
    char *pem = NULL;

    if (spoil != SPOIL_OTHER_KEY)
        return test_ca_sign_request(fixture->ca, question->request,
                                    spoil == SPOIL_OTHER_NAME ? "another" : "ia-pa-02");
    other = test_ca_issue(fixture->ca, "other", "ia-pa-02", TEST_CERTIFICATE_CLIENT);
    g_assert_true(g_file_get_contents(other, &pem, NULL, NULL));
    return pem;
}

static GBytes *
answer_to(Fixture *fixture, const ContentEnrol *question, Spoil spoil)
{
    g_autoptr(ContentEnrolled) answer = content_document_new(&content_enrolled_type);
    g_autofree char *other_folder = g_build_filename(fixture->folder, "other-ca", NULL);
    g_autoptr(TestCa) other = NULL;
    g_autoptr(ContentKeys) keys = test_district_keys(fixture->district, g_get_real_time());
    g_autoptr(GBytes) envelope = test_seal(spoil == SPOIL_OTHER_ROOT ? fixture->district->online
                                                                     : fixture->district->root,
                                           &content_keys_type, keys, NULL, 1);
    g_autoptr(GError) error = NULL;
    GBytes *bytes;

    g_mkdir(other_folder, 0700);
    other = test_ca_new(other_folder, "other");
    answer->station = g_strdup("ia-pa-02");
    answer->certificate = spoilt_certificate(fixture, question, spoil);
    answer->authority =
        g_strdup(test_ca_pem(spoil == SPOIL_OTHER_AUTHORITY ? other : fixture->ca));
    answer->root_key = g_strdup(content_seal_key_public(fixture->district->root));
    answer->keys = g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
    answer->device_url =
        g_strdup(spoil == SPOIL_PLAIN_URL ? "http://127.0.0.1:1" : "https://127.0.0.1:1");
    if (spoil != SPOIL_NO_BROKER)
        g_ptr_array_add(answer->brokers,
                        g_strdup(spoil == SPOIL_PLAIN_BROKER ? "mqtt://127.0.0.1:1883"
                                                             : "mqtts://127.0.0.1:8883"));
    bytes = content_document_write(&content_enrolled_type, answer, &error);
    g_assert_no_error(error);
    return bytes;
}

/* The district's part: reads the question once it is there and answers it. */
static void
answer(Fixture *fixture, Spoil spoil)
{
    g_autofree char *path = g_build_filename(fixture->folder, "peer", "enrol.request", NULL);
    g_autofree char *text = NULL;
    g_autofree char *said = NULL;
    g_autoptr(ContentEnrol) question = NULL;
    g_autoptr(GError) error = NULL;
    gsize n_bytes = 0;

    g_assert_true(g_file_get_contents(path, &text, &n_bytes, NULL));
    g_unlink(path);
    question = content_document_read(&content_enrol_type, text, n_bytes, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(question->secret, ==, "abababababababababababababababab");
    if (spoil == SPOIL_REFUSED) {
        test_http_peer_file(fixture->peer, "enrol.answer", "this code was used already");
    } else if (spoil == SPOIL_RUBBISH) {
        test_http_peer_file(fixture->peer, "enrol.answer", "{\"type\":\"enrolled\"}");
    } else {
        g_autoptr(GBytes) bytes = answer_to(fixture, question, spoil);

        said = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        test_http_peer_file(fixture->peer, "enrol.answer", said);
    }
}

/* Returns: (transfer full): the station, or NULL with @error */
static char *
enrol(Fixture *fixture, gboolean replace, gint64 now_us, Spoil spoil, GError **error)
{
    g_autofree char *path = g_build_filename(fixture->folder, "peer", "enrol.request", NULL);
    Try this = {fixture, replace, now_us, NULL, NULL, 0};
    GThread *thread = g_thread_new("player", try_thread, &this);

    TEST_WAIT_UNTIL(g_atomic_int_get(&this.is_done) || g_file_test(path, G_FILE_TEST_EXISTS));
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        answer(fixture, spoil);
    g_thread_join(thread);
    if (this.error != NULL)
        g_propagate_error(error, this.error);
    return this.station;
}

static guint
count_entries(const char *folder)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    guint n = 0;

    while (entries != NULL && g_dir_read_name(entries) != NULL)
        n++;
    return n;
}

static void
test_enrolled(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *station = enrol(fixture, FALSE, g_get_real_time(), SPOIL_NOTHING, &error);
    g_autofree char *folder = g_build_filename(fixture->state, "identity", NULL);
    const char *names[] = {"station.key", "tls.key", "tls.pem", "authority.pem",
                           "enrolled.json"};
    g_autoptr(PlayIdentity) identity = NULL;
    g_autofree char *journal_path = g_build_filename(fixture->state, "journal.db", NULL);
    struct stat status;

    g_assert_no_error(error);
    g_assert_cmpstr(station, ==, "ia-pa-02");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);

        g_assert_cmpint(stat(path, &status), ==, 0);
        g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    }
    g_assert_cmpint(stat(folder, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0700);
    g_assert_cmpuint(count_entries(folder), ==, 5);
    g_assert_true(g_file_test(journal_path, G_FILE_TEST_EXISTS));

    identity = play_identity_load(fixture->state, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(identity->station, ==, "ia-pa-02");
    g_assert_cmpstr(identity->root_key, ==, content_seal_key_public(fixture->district->root));
    g_assert_cmpstr(identity->brokers[0], ==, "mqtts://127.0.0.1:8883");
}

/* A second time: refused, and everything as before; with --replace, the old stays aside. */
static void
test_again(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *first = enrol(fixture, FALSE, g_get_real_time(), SPOIL_NOTHING, &error);
    g_autoptr(PlayIdentity) before = play_identity_load(fixture->state, &error);
    g_autoptr(PlayIdentity) after = NULL;
    g_autofree char *drafts = g_build_filename(fixture->state, "journal.db.drafts", NULL);
    g_autofree char *second = NULL, *third = NULL;

    g_assert_no_error(error);
    /* How far the other station's sound had come is not for this one to tell. */
    g_assert_true(g_file_set_contents(drafts, "x", 1, NULL));
    second = enrol(fixture, FALSE, g_get_real_time(), SPOIL_NOTHING, &error);
    g_assert_null(second);
    g_assert_error(error, PLAY_ENROL_ERROR, PLAY_ENROL_ERROR_ALREADY);
    g_clear_error(&error);
    g_assert_cmpuint(count_entries(fixture->state), ==, 3);

    third = enrol(fixture, TRUE, g_get_real_time(), SPOIL_NOTHING, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_entries(fixture->state), ==, 5); /* both, and all of before */
    g_assert_false(g_file_test(drafts, G_FILE_TEST_EXISTS));
    after = play_identity_load(fixture->state, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(content_seal_key_id(after->seal), !=, content_seal_key_id(before->seal));
}

static void
test_bad_answers(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why; Spoil spoil; gint code; } cases[] = {
        { "the code was used",               SPOIL_REFUSED,         PLAY_ENROL_ERROR_REFUSED },
        { "a certificate for another key",   SPOIL_OTHER_KEY,       PLAY_ENROL_ERROR_ANSWER  },
        { "another name in it",              SPOIL_OTHER_NAME,      PLAY_ENROL_ERROR_ANSWER  },
        { "another authority",               SPOIL_OTHER_AUTHORITY, PLAY_ENROL_ERROR_ANSWER  },
        { "keys the root has not signed",    SPOIL_OTHER_ROOT,      PLAY_ENROL_ERROR_ANSWER  },
        { "a broker without TLS",            SPOIL_PLAIN_BROKER,    PLAY_ENROL_ERROR_ANSWER  },
        { "no broker",                       SPOIL_NO_BROKER,       PLAY_ENROL_ERROR_ANSWER  },
        { "objects without TLS",             SPOIL_PLAIN_URL,       PLAY_ENROL_ERROR_ANSWER  },
        { "half a document",                 SPOIL_RUBBISH,         PLAY_ENROL_ERROR_ANSWER  },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *station =
            enrol(fixture, FALSE, g_get_real_time(), cases[i].spoil, &error);

        g_test_message("%s: %s", cases[i].why, error == NULL ? "taken" : error->message);
        g_assert_null(station);
        g_assert_error(error, PLAY_ENROL_ERROR, cases[i].code);
        g_assert_cmpuint(count_entries(fixture->state), ==, 0);
    }
}

/* Whoever is not the district of the code gets no byte of the question. */
static void
test_wrong_district(Fixture *fixture, gconstpointer data)
{
    ContentEnrolmentCode right = fixture->code;
    guint port = test_http_peer_port(fixture->peer);
    gint64 now_us = g_get_real_time();
    gint64 year_us = G_GINT64_CONSTANT(366) * 86400 * G_USEC_PER_SEC;
    /* clang-format off */
    const struct { const char *why, *host; gboolean is_other_key; gint64 now_us; } cases[] = {
        { "another authority's key",      "127.0.0.1", TRUE,  now_us               },
        { "a name it does not have",      "0.0.0.0",   FALSE, now_us               },
        { "a certificate that ran out",   "127.0.0.1", FALSE, now_us + 2 * year_us },
        { "one that is not valid yet",    "127.0.0.1", FALSE, 0                    },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *address = g_strdup_printf("%s:%u", cases[i].host, port);
        g_autofree char *station = NULL;
        g_auto(GStrv) requests = NULL;

        fixture->code = right;
        memset(fixture->code.address, 0, sizeof fixture->code.address);
        g_strlcpy(fixture->code.address, address, sizeof fixture->code.address);
        if (cases[i].is_other_key)
            fixture->code.fingerprint[15] ^= 1;
        station = enrol(fixture, FALSE, cases[i].now_us, SPOIL_NOTHING, &error);
        g_test_message("%s: %s", cases[i].why, error->message);
        g_assert_null(station);
        g_assert_error(error, PLAY_ENROL_ERROR, PLAY_ENROL_ERROR_DISTRICT);
        requests = test_http_peer_requests(fixture->peer);
        g_assert_cmpuint(g_strv_length(requests), ==, 0);
    }
}

static void
test_command(Fixture *fixture, gconstpointer data)
{
    char *nothing[] = {NULL};
    char *mistyped[] = {(char *) "ABCD-EFGH", NULL};
    char *unknown[] = {(char *) "--what", NULL};

    g_assert_cmpint(play_enrol_command(0, nothing, fixture->state), ==, EX_USAGE);
    g_assert_cmpint(play_enrol_command(1, mistyped, fixture->state), ==, EX_USAGE);
    g_assert_cmpint(play_enrol_command(1, unknown, fixture->state), ==, EX_USAGE);
    g_assert_false(g_file_test(fixture->state, G_FILE_TEST_EXISTS));
}

static void
test_not_enrolled(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(play_identity_load(fixture->state, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/enrol/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("enrolled", test_enrolled);
    ADD("again", test_again);
    ADD("bad-answers", test_bad_answers);
    ADD("wrong-district", test_wrong_district);
    ADD("command", test_command);
    ADD("not-enrolled", test_not_enrolled);
    return g_test_run();
}
