/*
 * test-broker.c - the line to a real mosquitto: up, down, up again, and only for those it is
 * meant for. What we publish is what an independent client receives.
 */
#include "player/intake/broker.h"

#include <string.h>

#include "tests/support/broker.h"
#include "tests/support/event-tape.h"
#include "tests/support/scratch.h"
#include "tests/support/station.h"
#include "tests/support/wait.h"

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

typedef struct {
    char *folder;
    TestCa *ca;
    TestBroker *mosquitto;
    PlayIdentity *identity;
    PlayBroker *broker;
    EventTape *tape;
    gint64 verify_us;
    guint n_up, n_down, n_messages;
    char *words;
} Fixture;

/* Quick, so that a test need not wait; the pauses themselves are the same code. */
static const PlayBrokerTiming quick = {
    .keep_alive_s = 5, .first_retry_ms = 20, .longest_retry_ms = 100};

static gint64
verify_time(gpointer data)
{
    Fixture *fixture = data;

    return __atomic_load_n(&fixture->verify_us, __ATOMIC_RELAXED);
}

static void
on_up(gpointer data)
{
    ((Fixture *) data)->n_up++;
}

static void
on_down(const char *words, gpointer data)
{
    Fixture *fixture = data;

    fixture->n_down++;
    g_free(fixture->words);
    fixture->words = g_strdup(words);
    g_test_message("down: %s", words);
}

static void
on_message(PlayBrokerTopic topic, GBytes *payload, gpointer data)
{
    Fixture *fixture = data;

    fixture->n_messages++;
    event_tape_add(fixture->tape, "%d %.*s", topic, (int) MIN(g_bytes_get_size(payload), 40),
                   (const char *) g_bytes_get_data(payload, NULL));
}

static const PlayBrokerEvents events = {on_up, on_down, on_message};

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = test_scratch_new();
    fixture->tape = event_tape_new();
    fixture->ca = test_ca_new(fixture->folder, "authority");
    fixture->mosquitto = test_broker_new(fixture->folder, fixture->ca, data);
    fixture->identity =
        test_station_new(fixture->ca, "ia-pa-02", NULL, test_broker_uri(fixture->mosquitto));
    fixture->verify_us = g_get_real_time();
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    play_broker_free(fixture->broker);
    play_identity_free(fixture->identity);
    test_broker_free(fixture->mosquitto);
    test_ca_free(fixture->ca);
    event_tape_free(fixture->tape);
    test_scratch_free(fixture->folder);
    g_free(fixture->words);
}

static void
start(Fixture *fixture)
{
    fixture->broker =
        play_broker_new(fixture->identity, &quick, verify_time, fixture, &events, fixture);
}

static GBytes *
text_bytes(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static void
test_both_ways(Fixture *fixture, gconstpointer data)
{
    g_autofree char *district =
        test_ca_issue(fixture->ca, "district", "district", TEST_CERTIFICATE_CLIENT);
    g_autoptr(TestListener) listener =
        test_broker_listen(fixture->mosquitto, district, "loa/1/from/#");
    g_autoptr(GBytes) said = text_bytes("{\"a\":1}\ntiếng Bahnar");
    const char *topics[] = {
        "loa/1/to/ia-pa-02/manifest", "loa/1/to/ia-pa-02/ack",  "loa/1/to/ia-pa-02/time",
        "loa/1/to/ia-pa-02/enquiry",  "loa/1/to/ia-pa-02/test", "loa/1/to/ia-pa-02/alert",
        "loa/1/to/ia-pa-02/stop",     "loa/1/all/alert",        "loa/1/all/stop",
        "loa/1/to/another/manifest",  "loa/1/to/ia-pa-02/other"};
    const PlayBrokerTopic kinds[] = {PLAY_BROKER_MANIFEST, PLAY_BROKER_ACK,   PLAY_BROKER_TIME,
                                     PLAY_BROKER_ENQUIRY,  PLAY_BROKER_TEST,  PLAY_BROKER_ALERT,
                                     PLAY_BROKER_STOP,     PLAY_BROKER_ALERT, PLAY_BROKER_STOP};
    g_autofree char *topic = NULL;
    g_autoptr(GBytes) heard = NULL;

    start(fixture);
    g_assert_false(play_broker_publish(fixture->broker, PLAY_BROKER_SAY_HELLO, said));
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    g_assert_true(play_broker_publish(fixture->broker, PLAY_BROKER_SAY_RECORDS, said));
    heard = test_listener_next(listener, &topic);
    g_assert_cmpstr(topic, ==, "loa/1/from/ia-pa-02/records");
    g_assert_true(g_bytes_equal(heard, said));

    for (gsize i = 0; i < G_N_ELEMENTS(topics); i++) {
        g_autoptr(GBytes) payload = text_bytes(topics[i]);

        test_broker_say(fixture->mosquitto, district, topics[i], payload);
    }
    /* The last two are not ours; one more that is proves that they would have come by now. */
    test_broker_say(fixture->mosquitto, district, topics[0], said);
    TEST_WAIT_UNTIL(fixture->n_messages == G_N_ELEMENTS(kinds) + 1);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *expected = g_strdup_printf("%d %s", (int) kinds[i], topics[i]);

        event_tape_expect(fixture->tape, expected);
    }
    event_tape_expect(fixture->tape, "0 {\"a\":1}\ntiếng Bahnar");
}

static void
test_too_large(Fixture *fixture, gconstpointer data)
{
    g_autofree char *district =
        test_ca_issue(fixture->ca, "district", "district", TEST_CERTIFICATE_CLIENT);
    g_autofree char *text = g_strnfill(PLAY_BROKER_MAX_BYTES + 1, 'x');
    g_autoptr(GBytes) too_large = text_bytes(text);
    g_autoptr(GBytes) largest = g_bytes_new(text, PLAY_BROKER_MAX_BYTES);
    const char *topic = "loa/1/to/ia-pa-02/manifest";

    start(fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    test_broker_say(fixture->mosquitto, district, topic, too_large);
    test_broker_say(fixture->mosquitto, district, topic, largest);
    TEST_WAIT_UNTIL(fixture->n_messages > 0);
    g_assert_cmpuint(fixture->n_messages, ==, 1);
    g_free(event_tape_take(fixture->tape));
}

/* The broker dies, comes back empty, falls silent: the line is up again each time. */
static void
test_broker_dies(Fixture *fixture, gconstpointer data)
{
    start(fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    test_broker_kill(fixture->mosquitto);
    TEST_WAIT_UNTIL(fixture->n_down >= 3);
    g_assert_false(play_broker_is_up(fixture->broker));
    g_assert_nonnull(strstr(fixture->words, "mqtts://127.0.0.1:"));
    test_broker_start(fixture->mosquitto);
    TEST_WAIT_UNTIL(fixture->n_up == 2);
    g_assert_true(play_broker_is_up(fixture->broker));
}

static void
test_silent_line(Fixture *fixture, gconstpointer data)
{
    guint n_down;

    start(fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    n_down = fixture->n_down;
    test_broker_pause(fixture->mosquitto);
    /* Keep-alive of 5 s: seen within two of them. */
    TEST_WAIT_UNTIL(fixture->n_down > n_down);
    test_broker_resume(fixture->mosquitto);
    TEST_WAIT_UNTIL(fixture->n_up == 2);
}

/* A broker that is nobody's, one that is another's, and then the right one. */
static void
test_next_uri(Fixture *fixture, gconstpointer data)
{
    char **brokers = g_new0(char *, 4);

    brokers[0] = g_strdup("mqtt://127.0.0.1:1883");
    brokers[1] = g_strdup("mqtts://127.0.0.1:1");
    brokers[2] = g_steal_pointer(&fixture->identity->brokers[0]);
    g_strfreev(fixture->identity->brokers);
    fixture->identity->brokers = brokers;
    start(fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    g_assert_cmpuint(fixture->n_down, ==, 2);
}

static void
test_not_believed(Fixture *fixture, gconstpointer data)
{
    g_autofree char *folder = g_build_filename(fixture->folder, "other", NULL);
    g_autoptr(TestCa) other = NULL;
    PlayIdentity *identity = fixture->identity;
    /* clang-format off */
    const struct { const char *why; gint64 verify_offset_us; gboolean is_other_ca,
                   is_other_host, is_up; } cases[] = {
        { "the right one",                    0,                FALSE, FALSE, TRUE  },
        { "at a time before its certificate", -30 * DAY_US,     FALSE, FALSE, FALSE },
        { "after it has expired",             400 * DAY_US,     FALSE, FALSE, FALSE },
        { "signed by another authority",      0,                TRUE,  FALSE, FALSE },
        { "under a name it does not have",    0,                FALSE, TRUE,  FALSE },
    };
    /* clang-format on */

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    other = test_ca_new(folder, "authority");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_free(identity->authority_path);
        identity->authority_path =
            g_strdup(test_ca_path(cases[i].is_other_ca ? other : fixture->ca));
        g_free(identity->brokers[0]);
        identity->brokers[0] =
            g_strdup_printf("mqtts://%s:%u", cases[i].is_other_host ? "127.1" : "127.0.0.1",
                            test_broker_port(fixture->mosquitto));
        fixture->verify_us = g_get_real_time() + cases[i].verify_offset_us;
        fixture->n_up = fixture->n_down = 0;
        start(fixture);
        TEST_WAIT_UNTIL(fixture->n_up > 0 || fixture->n_down > 1);
        g_assert_cmpint(fixture->n_up > 0, ==, cases[i].is_up);
        if (!cases[i].is_up)
            g_test_message("%s", fixture->words);
        g_clear_pointer(&fixture->broker, play_broker_free);
    }
}

/* What the verification time is, is asked anew for each attempt: 1970 first, then the floor. */
static void
test_time_becomes_right(Fixture *fixture, gconstpointer data)
{
    fixture->verify_us = 0;
    start(fixture);
    TEST_WAIT_UNTIL(fixture->n_down >= 2);
    g_assert_cmpuint(fixture->n_up, ==, 0);
    __atomic_store_n(&fixture->verify_us, g_get_real_time(), __ATOMIC_RELAXED);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
}

/* Freed in every state without waiting for anything: unconnected, paused, up. */
static void
test_free_at_once(Fixture *fixture, gconstpointer data)
{
    gint64 begun_us = g_get_monotonic_time();

    start(fixture);
    g_clear_pointer(&fixture->broker, play_broker_free);
    start(fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    g_clear_pointer(&fixture->broker, play_broker_free);
    test_broker_kill(fixture->mosquitto);
    start(fixture);
    TEST_WAIT_UNTIL(fixture->n_down >= 1);
    g_clear_pointer(&fixture->broker, play_broker_free);
    g_assert_cmpint(g_get_monotonic_time() - begun_us, <, 20 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/broker/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("both-ways", test_both_ways);
    ADD("too-large", test_too_large);
    ADD("broker-dies", test_broker_dies);
    ADD("silent-line", test_silent_line);
    ADD("next-uri", test_next_uri);
    ADD("not-believed", test_not_believed);
    ADD("time-becomes-right", test_time_becomes_right);
    ADD("free-at-once", test_free_at_once);
    return g_test_run();
}
