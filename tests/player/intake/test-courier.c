/*
 * test-courier.c - files brought to a district that is away, refuses, or does not know us for a
 * while: each comes once, none is lost, and what is refused is not sent again and again.
 */
#include "player/intake/courier.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/support/http-peer.h"
#include "tests/support/scratch.h"
#include "tests/support/station.h"
#include "tests/support/wait.h"

#define ALERT "01kjpd1r00a1b2c3d4e5f6g7h8"
/* More than what lies between two sockets. */
#define LARGE_BYTES (700 * 1024)

typedef struct {
    char *folder, *speeches;
    TestCa *ca;
    TestHttpPeer *peer;
    PlayIdentity *identity;
    PlayFetchTiming timing;
    PlayCourier *courier;
    guint n_taken, n_refused;
    char *words; /* of the last refusal */
} Fixture;

static gint64
verify_time(gpointer data)
{
    return g_get_real_time();
}

static void
on_told(const char *file, const GError *error, gpointer data)
{
    Fixture *f = data;

    g_assert_true(g_str_has_prefix(file, ALERT "-"));
    f->n_taken += error == NULL ? 1 : 0;
    f->n_refused += error == NULL ? 0 : 1;
    g_free(f->words);
    f->words = error == NULL ? NULL : g_strdup(error->message);
}

static void
begin_courier(Fixture *f)
{
    f->courier =
        play_courier_new(f->speeches, f->identity, &f->timing, verify_time, f, on_told, f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = test_scratch_new();
    f->speeches = g_build_filename(f->folder, "speeches", NULL);
    g_assert_cmpint(g_mkdir(f->speeches, 0700), ==, 0);
    f->ca = test_ca_new(f->folder, "authority");
    f->peer = test_http_peer_new(f->folder, f->ca, TRUE);
    f->identity =
        test_station_new(f->ca, "ia-pa-02", test_http_peer_url(f->peer), "mqtts://x:1");
    f->timing = (PlayFetchTiming){.first_retry_ms = 20,
                                  .longest_retry_ms = 100,
                                  .stall_s = 30,
                                  .connect_s = 30,
                                  .refused_ms = 3600 * 1000};
    begin_courier(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    play_courier_free(f->courier);
    play_identity_free(f->identity);
    test_http_peer_free(f->peer);
    test_ca_free(f->ca);
    test_scratch_free(f->folder);
    g_free(f->speeches);
    g_free(f->words);
}

static char *
path_of(const Fixture *f, guint from)
{
    g_autofree char *file = g_strdup_printf(ALERT "-%u.opus", from);

    return g_build_filename(f->speeches, file, NULL);
}

static void
say(const Fixture *f, guint from, gsize n_bytes)
{
    g_autofree char *path = path_of(f, from), *bytes = g_malloc(n_bytes);

    memset(bytes, (gint) (from & 0xff), n_bytes);
    g_assert_true(g_file_set_contents(path, bytes, (gssize) n_bytes, NULL));
}

static gboolean
is_here(const Fixture *f, guint from)
{
    g_autofree char *path = path_of(f, from);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean
is_there(const Fixture *f, guint from)
{
    g_autofree char *file = g_strdup_printf("peer/spoken-%u", from);
    g_autofree char *path = g_build_filename(f->folder, file, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Returns: how often that file was offered */
static guint
count_offers(const Fixture *f, guint from)
{
    g_auto(GStrv) requests = test_http_peer_requests(f->peer);
    g_autofree char *path = g_strdup_printf("POST /device/speeches/" ALERT "/%u/", from);
    guint n = 0;

    for (guint i = 0; requests[i] != NULL; i++)
        n += g_str_has_prefix(requests[i], path) ? 1 : 0;
    return n;
}

/* The peer looks at the hash. */
static void
test_brought(Fixture *f, gconstpointer data)
{
    say(f, 3, LARGE_BYTES);
    say(f, 1, 100);
    say(f, 2, 5000);
    play_courier_hurry(f->courier);
    TEST_WAIT_UNTIL(f->n_taken == 3);
    for (guint from = 1; from <= 3; from++) {
        g_assert_false(is_here(f, from));
        g_assert_true(is_there(f, from));
        g_assert_cmpuint(count_offers(f, from), ==, 1);
    }
    g_assert_cmpuint(f->n_refused, ==, 0);
}

/* Nothing that says nothing about the file is a refusal of it, and the others wait with it. */
static void
test_later(Fixture *f, gconstpointer data)
{
    static const struct {
        guint status;
        const char *why;
    } cases[] = {
        {401, "somebody before the district does not know us"},
        {403, "the district's door: the certificate is being renewed, or was forgotten"},
        {429, "others are served first"},
        {500, "it could not"},
        {503, "it is being started"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const guint first = 10 * (i + 1), second = first + 1, n_taken = f->n_taken;
        g_autofree char *fault = g_strdup_printf("status %u", cases[i].status);

        g_test_message("%u: %s", cases[i].status, cases[i].why);
        test_http_peer_fault(f->peer, fault);
        say(f, first, 100);
        say(f, second, 100);
        play_courier_hurry(f->courier);
        TEST_WAIT_UNTIL(count_offers(f, first) >= 3);
        g_assert_cmpuint(count_offers(f, second), ==, 0);
        g_assert_cmpuint(f->n_refused, ==, 0);
        g_assert_true(is_here(f, first));
        test_http_peer_fault(f->peer, "");
        TEST_WAIT_UNTIL(f->n_taken == n_taken + 2);
        g_assert_true(is_there(f, second));
    }
}

/* The line comes and goes: the refused one waits for its hour, new ones are brought. */
static void
test_refused(Fixture *f, gconstpointer data)
{
    test_http_peer_fault(f->peer, "status 404 /2/");
    for (guint from = 1; from <= 3; from++)
        say(f, from, 100);
    play_courier_hurry(f->courier);
    TEST_WAIT_UNTIL(f->n_taken == 2 && f->n_refused == 1);
    for (guint from = 4; from <= 6; from++) {
        say(f, from, 100);
        play_courier_hurry(f->courier);
        TEST_WAIT_UNTIL(is_there(f, from));
    }
    TEST_WAIT_UNTIL(f->n_taken == 5);
    g_assert_cmpuint(count_offers(f, 2), ==, 1);
    g_assert_cmpuint(f->n_refused, ==, 1);
    g_assert_true(is_here(f, 2));
}

/* Nor is it given up. */
static void
test_refused_again(Fixture *f, gconstpointer data)
{
    play_courier_free(f->courier);
    f->timing.refused_ms = 20;
    begin_courier(f);
    test_http_peer_fault(f->peer, "status 404 /2/");
    say(f, 2, 100);
    play_courier_hurry(f->courier);
    TEST_WAIT_UNTIL(f->n_refused == 3);
    g_assert_nonnull(strstr(f->words, "404"));
    test_http_peer_fault(f->peer, "");
    TEST_WAIT_UNTIL(f->n_taken == 1);
    g_assert_true(is_there(f, 2));
}

static void
test_stopped_in_mid_upload(Fixture *f, gconstpointer data)
{
    test_http_peer_fault(f->peer, "hold");
    say(f, 1, LARGE_BYTES);
    play_courier_hurry(f->courier);
    TEST_WAIT_UNTIL(count_offers(f, 1) == 1);
    play_courier_free(f->courier);
    g_assert_true(is_here(f, 1));
    g_assert_cmpuint(f->n_taken + f->n_refused, ==, 0);
    test_http_peer_fault(f->peer, "");
    begin_courier(f);
    play_courier_hurry(f->courier);
    TEST_WAIT_UNTIL(f->n_taken == 1);
    g_assert_false(is_here(f, 1));
    g_assert_true(is_there(f, 1));
}

#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/courier/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("brought", test_brought);
    ADD("later", test_later);
    ADD("refused", test_refused);
    ADD("refused-again", test_refused_again);
    ADD("stopped-in-mid-upload", test_stopped_in_mid_upload);
    return g_test_run();
}
