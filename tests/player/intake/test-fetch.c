/*
 * test-fetch.c - audio and documents over real HTTPS from a peer that drops, stalls, lies and
 * comes back: what is visible in the store is always whole.
 */
#include "player/intake/fetch.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "content/base/id.h"
#include "tests/support/district.h"
#include "tests/support/http-peer.h"
#include "tests/support/scratch.h"
#include "tests/support/station.h"
#include "tests/support/wait.h"

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef struct {
    char *folder, *store_folder;
    TestCa *ca;
    TestHttpPeer *peer;
    PlayIdentity *identity;
    ContentObjectStore *store;
    PlayFetch *fetch;
    gint64 verify_us;
    guint n_good, n_bad, n_bundles;
    GString *order; /* first four digits of each object that came */
    char *words;
    gint code;
    ContentBundle *bundle;
} Fixture;

static const PlayFetchTiming quick = {
    .first_retry_ms = 20, .longest_retry_ms = 100, .stall_s = 1, .connect_s = 5};

static gint64
verify_time(gpointer data)
{
    return ((Fixture *) data)->verify_us;
}

static void
keep_error(Fixture *fixture, const GError *error)
{
    g_free(fixture->words);
    fixture->words = g_strdup(error->message);
    fixture->code = error->domain == PLAY_FETCH_ERROR ? error->code : -1;
    g_test_message("%s", error->message);
}

static void
on_object(const char *hash, const GError *error, gpointer data)
{
    Fixture *fixture = data;

    if (error != NULL) {
        fixture->n_bad++;
        keep_error(fixture, error);
        return;
    }
    fixture->n_good++;
    g_string_append_printf(fixture->order, "%.4s ", hash);
}

static void
on_documents(ContentBundle *bundle, const GError *error, gpointer data)
{
    Fixture *fixture = data;

    fixture->n_bundles++;
    g_clear_pointer(&fixture->bundle, content_bundle_free);
    fixture->bundle = bundle;
    if (error != NULL)
        keep_error(fixture, error);
}

static const PlayFetchEvents events = {on_documents, on_object};

static void
start(Fixture *fixture)
{
    fixture->fetch = play_fetch_new(fixture->identity, fixture->store, &quick, verify_time,
                                    fixture, &events, fixture);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    fixture->folder = test_scratch_new();
    fixture->store_folder = g_build_filename(fixture->folder, "objects", NULL);
    fixture->ca = test_ca_new(fixture->folder, "authority");
    fixture->peer = test_http_peer_new(fixture->folder, fixture->ca, TRUE);
    fixture->identity = test_station_new(fixture->ca, "ia-pa-02",
                                         test_http_peer_url(fixture->peer), "mqtts://x:1");
    fixture->store = content_object_store_open(fixture->store_folder, &error);
    g_assert_no_error(error);
    fixture->verify_us = g_get_real_time();
    fixture->order = g_string_new(NULL);
    start(fixture);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    g_clear_pointer(&fixture->fetch, play_fetch_free);
    content_bundle_free(fixture->bundle);
    content_object_store_free(fixture->store);
    play_identity_free(fixture->identity);
    test_http_peer_free(fixture->peer);
    test_ca_free(fixture->ca);
    test_scratch_free(fixture->folder);
    g_string_free(fixture->order, TRUE);
    g_free(fixture->store_folder);
    g_free(fixture->words);
}

/* Bytes that no compression and no shift makes equal to themselves. */
static GBytes *
sound(guint seed, gsize n_bytes)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    guint8 *bytes = g_malloc(n_bytes);

    for (gsize i = 0; i < n_bytes; i++)
        bytes[i] = (guint8) g_rand_int(random);
    return g_bytes_new_take(bytes, n_bytes);
}

static void
add(GPtrArray *queue, const char *hash, gint64 size_bytes, gint64 need_us)
{
    PlayFetchItem *item = g_new0(PlayFetchItem, 1);

    g_strlcpy(item->hash, hash, sizeof item->hash);
    item->size_bytes = size_bytes;
    item->need_us = need_us;
    g_ptr_array_add(queue, item);
}

static void
want(Fixture *fixture, const char *hash, gint64 size_bytes)
{
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);

    add(queue, hash, size_bytes, 0);
    play_fetch_set_queue(fixture->fetch, queue);
}

static gint64
part_size(Fixture *fixture, const char *hash)
{
    g_autofree char *path = content_object_store_part_path(fixture->store, hash);
    struct stat status;

    return stat(path, &status) == 0 ? status.st_size : -1;
}

static void
assert_stored(Fixture *fixture, const char *hash)
{
    g_autoptr(GError) error = NULL;
    int fd = content_object_store_open_object(fixture->store, hash, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(content_object_store_verify(fixture->store, hash, fd, &error));
    g_assert_no_error(error);
    close(fd);
    g_assert_cmpint(part_size(fixture, hash), ==, -1);
}

static void
test_urgent_first(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) expected = g_string_new(NULL);
    g_auto(GStrv) requests = NULL;
    /* Fetched in the order of need, whatever the order of asking. */
    const gint64 needs[] = {30, 10, 40, 20};
    char *hashes[4];

    for (guint i = 0; i < 4; i++) {
        g_autoptr(GBytes) bytes = sound(i, 5000 + i);

        hashes[i] = test_http_peer_put(fixture->peer, bytes);
        add(queue, hashes[i], 5000 + i, needs[i]);
    }
    play_fetch_set_queue(fixture->fetch, queue);
    TEST_WAIT_UNTIL(fixture->n_good == 4);
    g_string_printf(expected, "%.4s %.4s %.4s %.4s ", hashes[1], hashes[3], hashes[0],
                    hashes[2]);
    g_assert_cmpstr(fixture->order->str, ==, expected->str);
    requests = test_http_peer_requests(fixture->peer);
    g_assert_cmpuint(g_strv_length(requests), ==, 4);
    g_assert_true(g_str_has_suffix(requests[0], "- ia-pa-02"));
    for (guint i = 0; i < 4; i++) {
        assert_stored(fixture, hashes[i]);
        g_free(hashes[i]);
    }
}

/* Each way of going wrong: told, nothing visible, and whole after the peer behaves. */
static void
test_faults(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why, *fault; gint code; gboolean keeps_part; } cases[] = {
        { "the line drops",                  "drop 3000",  PLAY_FETCH_ERROR_NETWORK,  TRUE  },
        { "the line falls silent",           "stall 3000", PLAY_FETCH_ERROR_NETWORK,  TRUE  },
        { "a shorter file, well ended",      "short 3000", PLAY_FETCH_ERROR_NETWORK,  TRUE  },
        { "other bytes of the same length",  "wrong",      PLAY_FETCH_ERROR_CORRUPT,  FALSE },
        { "more than the plan says",         "longer",     PLAY_FETCH_ERROR_CORRUPT,  FALSE },
        { "not there",                       "status 404", PLAY_FETCH_ERROR_REFUSED,  FALSE },
        { "not ours",                        "status 403", PLAY_FETCH_ERROR_REFUSED,  FALSE },
        { "a district that is busy",         "status 503", PLAY_FETCH_ERROR_NETWORK,  FALSE },
        { "sent elsewhere",                  "status 302", PLAY_FETCH_ERROR_REFUSED,  FALSE },
    };
    /* clang-format on */

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = sound(100 + i, 20000);
        g_autofree char *hash = test_http_peer_put(fixture->peer, bytes);
        guint n_good = fixture->n_good, n_bad = fixture->n_bad;

        g_test_message("%s", cases[i].why);
        test_http_peer_fault(fixture->peer, cases[i].fault);
        want(fixture, hash, 20000);
        TEST_WAIT_UNTIL(fixture->n_bad > n_bad);
        g_assert_cmpint(fixture->code, ==, cases[i].code);
        g_assert_false(content_object_store_has(fixture->store, hash));
        if (cases[i].keeps_part)
            g_assert_cmpint(part_size(fixture, hash), >=, 3000);
        test_http_peer_fault(fixture->peer, "");
        TEST_WAIT_UNTIL(fixture->n_good > n_good);
        assert_stored(fixture, hash);
    }
}

/* After a break only the rest is asked for; a peer that ignores or twists ranges does no harm.
 */
static void
test_resume(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why, *then; gboolean is_clean; } cases[] = {
        { "an honest peer",                    "",      TRUE  },
        { "one that sends the whole again",    "whole", TRUE  },
        { "one that sends another range",      "range", FALSE },
    };
    /* clang-format on */

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = sound(200 + i, 40000);
        g_autofree char *hash = test_http_peer_put(fixture->peer, bytes);
        g_autofree char *expected =
            g_strdup_printf("GET /device/objects/%s bytes=10000- ia-pa-02", hash);
        g_auto(GStrv) requests = NULL;
        guint n_good = fixture->n_good, n_bad = fixture->n_bad;

        g_test_message("%s", cases[i].why);
        g_clear_pointer(&fixture->fetch, play_fetch_free);
        test_http_peer_fault(fixture->peer, "short 10000");
        start(fixture);
        want(fixture, hash, 40000);
        TEST_WAIT_UNTIL(fixture->n_bad > n_bad && part_size(fixture, hash) == 10000);
        n_bad = fixture->n_bad;
        g_clear_pointer(&fixture->fetch, play_fetch_free);
        test_http_peer_fault(fixture->peer, cases[i].then);
        start(fixture);
        want(fixture, hash, 40000);
        if (!cases[i].is_clean) {
            TEST_WAIT_UNTIL(fixture->n_bad > n_bad);
            test_http_peer_fault(fixture->peer, "");
        }
        TEST_WAIT_UNTIL(fixture->n_good > n_good);
        assert_stored(fixture, hash);
        requests = test_http_peer_requests(fixture->peer);
        g_assert_true(g_strv_contains((const char *const *) requests, expected));
    }
}

static void
limit_files(rlim_t n_bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = MIN(n_bytes, limit.rlim_max);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* The disk fills up under a download: it says so, shows nothing that is not whole, and goes on
 * from where it was when there is room again. */
static void
test_full_disk(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GBytes) bytes = sound(300, 400000);
    g_autofree char *hash = test_http_peer_put(fixture->peer, bytes);

    limit_files(100000);
    want(fixture, hash, 400000);
    TEST_WAIT_UNTIL(fixture->n_bad > 0);
    g_assert_cmpint(fixture->code, ==, PLAY_FETCH_ERROR_DISK);
    g_assert_cmpuint(fixture->n_good, ==, 0);
    g_assert_cmpint(part_size(fixture, hash), <=, 100000);
    limit_files(RLIM_INFINITY);
    TEST_WAIT_UNTIL(fixture->n_good == 1);
    assert_stored(fixture, hash);
}

/* A part from before that is not the beginning of the object, is complete, or is too long. */
static void
test_old_parts(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why; gsize n_bytes; gboolean is_ours; guint n_requests; } cases[] = {
        { "another file's beginning",     5000,  FALSE, 2 },
        { "complete, but not yet stored", 20000, TRUE,  0 },
        { "too long",                     20001, FALSE, 1 },
        { "as long, but rubbish",         20000, FALSE, 1 },
    };
    /* clang-format on */

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = sound(300 + i, 20000);
        g_autoptr(GBytes) other = sound(400 + i, cases[i].n_bytes);
        g_autofree char *hash = test_http_peer_put(fixture->peer, bytes);
        g_autofree char *path = content_object_store_part_path(fixture->store, hash);
        GBytes *part = cases[i].is_ours ? bytes : other;
        g_auto(GStrv) before = test_http_peer_requests(fixture->peer);
        g_auto(GStrv) after = NULL;
        guint n_good = fixture->n_good;

        g_test_message("%s", cases[i].why);
        g_assert_true(g_file_set_contents(path, g_bytes_get_data(part, NULL),
                                          (gssize) g_bytes_get_size(part), NULL));
        want(fixture, hash, 20000);
        TEST_WAIT_UNTIL(fixture->n_good > n_good);
        assert_stored(fixture, hash);
        after = test_http_peer_requests(fixture->peer);
        g_assert_cmpuint(g_strv_length(after) - g_strv_length(before), ==, cases[i].n_requests);
    }
}

/* Something for tonight breaks off something for next week; both arrive. */
static void
test_breaks_off(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GBytes) large = sound(1, 400000);
    g_autoptr(GBytes) small = sound(2, 2000);
    g_autofree char *large_hash = test_http_peer_put(fixture->peer, large);
    g_autofree char *small_hash = test_http_peer_put(fixture->peer, small);
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);

    test_http_peer_fault(fixture->peer, "slow 2000");
    add(queue, large_hash, 400000, 200 * HOUR_US);
    play_fetch_set_queue(fixture->fetch, queue);
    TEST_WAIT_UNTIL(part_size(fixture, large_hash) > 4000);
    add(queue, small_hash, 2000, HOUR_US);
    play_fetch_set_queue(fixture->fetch, queue);
    TEST_WAIT_UNTIL(fixture->n_good == 1);
    g_assert_true(g_str_has_prefix(fixture->order->str, (char[]){small_hash[0], 0}));
    assert_stored(fixture, small_hash);
    test_http_peer_fault(fixture->peer, "");
    TEST_WAIT_UNTIL(fixture->n_good == 2);
    assert_stored(fixture, large_hash);
    g_assert_cmpuint(fixture->n_bad, ==, 0);
}

/* Documents come while a download hangs, and what is not wanted any more is broken off. */
static void
test_documents_do_not_wait(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GBytes) large = sound(1, 400000);
    g_autofree char *hash = test_http_peer_put(fixture->peer, large);
    g_autofree char *nobody_has = g_strnfill(64, 'a');
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();

    test_http_peer_fault(fixture->peer, "slow 1000");
    want(fixture, hash, 400000);
    TEST_WAIT_UNTIL(part_size(fixture, hash) > 1000);
    g_ptr_array_add(hashes, nobody_has);
    play_fetch_documents(fixture->fetch, hashes);
    TEST_WAIT_UNTIL(fixture->n_bundles == 1);
    g_assert_cmpuint(fixture->bundle->missing->len, ==, 1);
    g_assert_false(content_object_store_has(fixture->store, hash));
    play_fetch_set_queue(fixture->fetch, nothing);
    g_clear_pointer(&fixture->fetch, play_fetch_free);
    g_assert_cmpuint(fixture->n_good + fixture->n_bad, ==, 0);
}

static void
test_document_errors(Fixture *fixture, gconstpointer data)
{
    g_autofree char *hash = g_strnfill(64, 'a');
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    /* The last: 9 MB in 9 kB, more than any bundle may hold. */
    const char *faults[] = {"status 500", "status 302", "status 200", "bomb 9437184"};

    g_ptr_array_add(hashes, hash);
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        test_http_peer_fault(fixture->peer, faults[i]);
        play_fetch_documents(fixture->fetch, hashes);
        TEST_WAIT_UNTIL(fixture->n_bundles == i + 1);
        g_assert_null(fixture->bundle);
        g_assert_true(g_str_has_prefix(fixture->words, "documents: "));
    }
}

/* An authority we do not know, a certificate that has run out, a name it does not have. */
static void
test_not_believed(Fixture *fixture, gconstpointer data)
{
    g_autofree char *other_folder = g_build_filename(fixture->folder, "other", NULL);
    g_autoptr(TestCa) other = NULL;
    g_autoptr(GBytes) bytes = sound(1, 1000);
    g_autofree char *hash = test_http_peer_put(fixture->peer, bytes);
    g_autofree char *authority = g_strdup(fixture->identity->authority_path);
    g_autofree char *url = g_strdup(fixture->identity->device_url);
    gint64 now_us = fixture->verify_us;
    /* clang-format off */
    const struct { const char *why; gint64 verify_offset_us; gboolean is_other_ca, is_other_name;
                   } cases[] = {
        { "before its time",        -30 * 24 * HOUR_US, FALSE, FALSE },
        { "after it",               400 * 24 * HOUR_US, FALSE, FALSE },
        { "another authority",      0,                  TRUE,  FALSE },
        { "a name it has not",      0,                  FALSE, TRUE  },
    };
    /* clang-format on */

    g_assert_cmpint(g_mkdir(other_folder, 0700), ==, 0);
    other = test_ca_new(other_folder, "authority");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint n_bad = fixture->n_bad;

        g_test_message("%s", cases[i].why);
        g_clear_pointer(&fixture->fetch, play_fetch_free);
        fixture->verify_us = now_us + cases[i].verify_offset_us;
        g_free(fixture->identity->authority_path);
        fixture->identity->authority_path =
            g_strdup(cases[i].is_other_ca ? test_ca_path(other) : authority);
        g_free(fixture->identity->device_url);
        fixture->identity->device_url =
            cases[i].is_other_name
                ? g_strdup_printf("https://0.0.0.0:%u", test_http_peer_port(fixture->peer))
                : g_strdup(url);
        start(fixture);
        want(fixture, hash, 1000);
        TEST_WAIT_UNTIL(fixture->n_bad > n_bad);
        g_assert_cmpuint(fixture->n_good, ==, 0);
    }
}

/* SIGKILL in the middle of a download: what is there is resumed, nothing half is visible. */
static void
test_killed(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GBytes) bytes = sound(7, 200000);
    g_autofree char *hash = test_http_peer_put(fixture->peer, bytes);
    g_auto(GStrv) requests = NULL;
    pid_t child;

    g_clear_pointer(&fixture->fetch, play_fetch_free);
    test_http_peer_fault(fixture->peer, "slow 4000");
    child = fork();
    if (child == 0) {
        start(fixture);
        want(fixture, hash, 200000);
        for (;;)
            pause();
    }
    TEST_WAIT_UNTIL(part_size(fixture, hash) > 20000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    g_assert_false(content_object_store_has(fixture->store, hash));
    test_http_peer_fault(fixture->peer, "");
    start(fixture);
    want(fixture, hash, 200000);
    TEST_WAIT_UNTIL(fixture->n_good == 1);
    assert_stored(fixture, hash);
    requests = test_http_peer_requests(fixture->peer);
    g_assert_cmpuint(g_strv_length(requests), ==, 2);
    g_assert_nonnull(strstr(requests[1], "bytes="));
}

/* 400 kbit/s: 60,000 bytes take over a second; half of it is sure. */
static void
test_rate(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GBytes) bytes = sound(9, 60000);
    g_autofree char *hash = test_http_peer_put(fixture->peer, bytes);
    gint64 begun_us = g_get_monotonic_time();

    play_fetch_set_rate(fixture->fetch, 400);
    want(fixture, hash, 60000);
    TEST_WAIT_UNTIL(fixture->n_good == 1);
    g_assert_cmpint(g_get_monotonic_time() - begun_us, >, G_USEC_PER_SEC / 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/fetch/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("urgent-first", test_urgent_first);
    ADD("faults", test_faults);
    ADD("resume", test_resume);
    ADD("full-disk", test_full_disk);
    ADD("old-parts", test_old_parts);
    ADD("breaks-off", test_breaks_off);
    ADD("documents-do-not-wait", test_documents_do_not_wait);
    ADD("document-errors", test_document_errors);
    ADD("not-believed", test_not_believed);
    ADD("killed", test_killed);
    ADD("rate", test_rate);
    return g_test_run();
}
