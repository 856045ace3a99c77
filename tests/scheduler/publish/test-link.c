/* test-link.c - the district's line, against real brokers and independent clients. */
#include "scheduler/publish/link.h"

#include <glib/gstdio.h>
#include <string.h>

#include "scheduler/publish/broker-files.h"
#include "tests/support/broker.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define N_AT_ONCE 500

typedef struct {
    char *folder;
    TestCa *ca;
    char *ours;    /* our certificate */
    char *station; /* a station's */
    guint n_up, n_down;
    char *last_down;
    GPtrArray *heard; /* "STATION WHAT payload" */
} Fixture;

static void
on_up(const SchedLinkBroker *broker, gpointer user_data)
{
    Fixture *f = user_data;

    f->n_up++;
}

static void
on_down(const SchedLinkBroker *broker, const char *words, gpointer user_data)
{
    Fixture *f = user_data;

    f->n_down++;
    g_free(f->last_down);
    f->last_down = g_strdup(words);
}

static void
on_heard(GPtrArray *messages, gpointer user_data)
{
    Fixture *f = user_data;

    for (guint i = 0; i < messages->len; i++) {
        const SchedHeardMessage *message = g_ptr_array_index(messages, i);

        g_ptr_array_add(
            f->heard, g_strdup_printf("%s %d %.*s", message->station, message->what,
                                      (int) g_bytes_get_size(message->payload),
                                      (const char *) g_bytes_get_data(message->payload, NULL)));
    }
}

static const SchedLinkEvents events = {on_up, on_down, on_heard};

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = test_scratch_new();
    f->ca = test_ca_new(f->folder, "ca");
    f->ours = test_ca_issue(f->ca, "ours", SCHED_BROKER_NAME, TEST_CERTIFICATE_CLIENT);
    f->station = test_ca_issue(f->ca, "ia-pa", "ia-pa", TEST_CERTIFICATE_CLIENT);
    f->heard = g_ptr_array_new_with_free_func(g_free);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_ptr_array_unref(f->heard);
    g_free(f->last_down);
    g_free(f->ours);
    g_free(f->station);
    test_ca_free(f->ca);
    test_scratch_free(f->folder);
}

static SchedLink *
link_to(Fixture *f, const SchedLinkBroker *brokers, gsize n_brokers)
{
    g_autofree char *key = g_strndup(f->ours, strlen(f->ours) - 4);
    g_autofree char *key_path = g_strconcat(key, ".key", NULL);
    const SchedLinkOptions options = {test_ca_path(f->ca), f->ours, key_path, 20, 200};

    return sched_link_new(brokers, n_brokers, &options, &events, f);
}

static char *
rights(void)
{
    g_autoptr(GPtrArray) stations = g_ptr_array_new();

    g_ptr_array_add(stations, (gpointer) "ia-pa");
    g_ptr_array_add(stations, (gpointer) "kong-chro");
    return sched_broker_rights_text(stations);
}

static void
test_both_ways(Fixture *f, gconstpointer data)
{
    g_autofree char *acl = rights();
    g_autoptr(TestBroker) broker = test_broker_new(f->folder, f->ca, acl);
    const SchedLinkBroker place = {"127.0.0.1", test_broker_port(broker)};
    g_autoptr(SchedLink) link = link_to(f, &place, 1);
    g_autoptr(TestListener) listener = NULL;
    g_autoptr(GBytes) said = g_bytes_new_static("a manifest", 10);
    g_autoptr(GBytes) word = g_bytes_new_static("tick", 4);
    g_autoptr(GBytes) got = NULL;
    g_autofree char *topic = NULL;

    TEST_WAIT_UNTIL(f->n_up == 1);
    listener = test_broker_listen(broker, f->station, "loa/1/to/ia-pa/+");
    g_assert_cmpuint(sched_link_say(link, "ia-pa", SCHED_SAY_MANIFEST, said), ==, 1);
    got = test_listener_next(listener, &topic);
    g_assert_cmpstr(topic, ==, "loa/1/to/ia-pa/manifest");
    g_assert_true(g_bytes_equal(got, said));
    g_clear_pointer(&listener, test_listener_free);
    test_broker_say(broker, f->station, "loa/1/from/ia-pa/heartbeat", word);
    TEST_WAIT_UNTIL(f->heard->len == 1);
    g_assert_cmpstr(g_ptr_array_index(f->heard, 0), ==, "ia-pa 1 tick");
}

static void
test_nobody_speaks_for_another(Fixture *f, gconstpointer data)
{
    g_autofree char *acl = rights();
    g_autoptr(TestBroker) broker = test_broker_new(f->folder, f->ca, acl);
    const SchedLinkBroker place = {"127.0.0.1", test_broker_port(broker)};
    g_autoptr(SchedLink) link = link_to(f, &place, 1);
    g_autoptr(GBytes) forged = g_bytes_new_static("forged", 6);
    g_autoptr(GBytes) honest = g_bytes_new_static("honest", 6);

    TEST_WAIT_UNTIL(f->n_up == 1);
    /* The broker acknowledges what it denies, so the right is tested where it would arrive. */
    test_broker_say(broker, f->station, "loa/1/from/kong-chro/heartbeat", forged);
    test_broker_say(broker, f->station, "loa/1/to/kong-chro/manifest", forged);
    test_broker_say(broker, f->station, "loa/1/from/ia-pa/heartbeat", honest);
    TEST_WAIT_UNTIL(f->heard->len == 1);
    g_assert_cmpstr(g_ptr_array_index(f->heard, 0), ==, "ia-pa 1 honest");
}

static void
test_comes_back(Fixture *f, gconstpointer data)
{
    g_autoptr(TestBroker) broker = test_broker_new(f->folder, f->ca, NULL);
    const SchedLinkBroker place = {"127.0.0.1", test_broker_port(broker)};
    g_autoptr(SchedLink) link = link_to(f, &place, 1);
    g_autoptr(GBytes) said = g_bytes_new_static("x", 1);

    TEST_WAIT_UNTIL(f->n_up == 1);
    test_broker_kill(broker);
    TEST_WAIT_UNTIL(f->n_down == 1);
    g_assert_cmpuint(sched_link_say(link, "ia-pa", SCHED_SAY_ACK, said), ==, 0);
    test_broker_start(broker);
    TEST_WAIT_UNTIL(f->n_up == 2);
    g_assert_cmpuint(f->n_down, ==, 1);
    g_assert_cmpuint(sched_link_say(link, "ia-pa", SCHED_SAY_ACK, said), ==, 1);
}

static void
test_several_brokers(Fixture *f, gconstpointer data)
{
    g_autofree char *other = g_build_filename(f->folder, "other", NULL);
    g_autoptr(TestBroker) first = test_broker_new(f->folder, f->ca, NULL);
    g_autoptr(TestBroker) second = NULL;
    g_autoptr(GBytes) word = g_bytes_new_static("tick", 4);
    g_autoptr(GBytes) said = g_bytes_new_static("x", 1);

    g_assert_cmpint(g_mkdir(other, 0700), ==, 0);
    second = test_broker_new(other, f->ca, NULL);
    {
        const SchedLinkBroker places[] = {{"127.0.0.1", test_broker_port(first)},
                                          {"127.0.0.1", test_broker_port(second)}};
        g_autoptr(SchedLink) link = link_to(f, places, 2);

        TEST_WAIT_UNTIL(f->n_up == 2);
        g_assert_cmpuint(sched_link_say(link, "ia-pa", SCHED_SAY_ACK, said), ==, 2);
        test_broker_say(second, f->station, "loa/1/from/ia-pa/hello", word);
        TEST_WAIT_UNTIL(f->heard->len == 1);
        test_broker_kill(first);
        TEST_WAIT_UNTIL(f->n_down == 1);
        g_assert_cmpuint(sched_link_say(link, "ia-pa", SCHED_SAY_ACK, said), ==, 1);
    }
}

static void
test_too_large(Fixture *f, gconstpointer data)
{
    g_autoptr(TestBroker) broker = test_broker_new(f->folder, f->ca, NULL);
    const SchedLinkBroker place = {"127.0.0.1", test_broker_port(broker)};
    g_autoptr(SchedLink) link = link_to(f, &place, 1);
    g_autofree char *zeros = g_malloc0(SCHED_LINK_MAX_BYTES + 1);
    g_autoptr(GBytes) large = NULL;
    g_autoptr(GBytes) small = g_bytes_new_static("tick", 4);

    memset(zeros, '0', SCHED_LINK_MAX_BYTES + 1);
    large = g_bytes_new(zeros, SCHED_LINK_MAX_BYTES + 1);
    TEST_WAIT_UNTIL(f->n_up == 1);
    test_broker_say(broker, f->station, "loa/1/from/ia-pa/records", large);
    test_broker_say(broker, f->station, "loa/1/from/ia-pa/gossip", small);
    test_broker_say(broker, f->station, "loa/1/from/ia-pa/report", small);
    TEST_WAIT_UNTIL(f->heard->len == 1);
    g_assert_cmpuint(sched_link_dropped(link), ==, 1); /* gossip is not even asked for */
}

/* More than one turn takes: none is lost, none overtakes another, and each is there once. */
static void
test_many_at_once(Fixture *f, gconstpointer data)
{
    g_autoptr(TestBroker) broker = test_broker_new(f->folder, f->ca, NULL);
    const SchedLinkBroker place = {"127.0.0.1", test_broker_port(broker)};
    g_autoptr(SchedLink) link = link_to(f, &place, 1);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GBytes) lines = NULL;

    for (guint i = 0; i < N_AT_ONCE; i++)
        g_string_append_printf(text, "%u\n", i);
    lines = g_bytes_new(text->str, text->len);
    TEST_WAIT_UNTIL(f->n_up == 1);
    test_broker_say_lines(broker, f->station, "loa/1/from/ia-pa/heartbeat", lines);
    TEST_WAIT_UNTIL(f->heard->len >= N_AT_ONCE);
    g_assert_cmpuint(f->heard->len, ==, N_AT_ONCE);
    for (guint i = 0; i < N_AT_ONCE; i++) {
        g_autofree char *expected = g_strdup_printf("ia-pa 1 %u", i);

        g_assert_cmpstr(g_ptr_array_index(f->heard, i), ==, expected);
    }
    g_assert_cmpuint(sched_link_dropped(link), ==, 0);
}

/* What is live is heard as it is said; a broker that reads no more is not fed for ever. */
static void
test_live(Fixture *f, gconstpointer data)
{
    g_autofree char *acl = rights();
    g_autofree char *topic = NULL, *large = g_strnfill(4000, 'x');
    g_autoptr(TestBroker) broker = test_broker_new(f->folder, f->ca, acl);
    const SchedLinkBroker place = {"127.0.0.1", test_broker_port(broker)};
    g_autoptr(SchedLink) link = link_to(f, &place, 1);
    g_autoptr(TestListener) listener = NULL;
    g_autoptr(GBytes) frame = g_bytes_new(large, 4000), got = NULL;
    guint n_taken = 0;

    TEST_WAIT_UNTIL(f->n_up == 1);
    listener = test_broker_listen(broker, f->station, "loa/1/to/ia-pa/+");
    g_assert_cmpuint(sched_link_say(link, "ia-pa", SCHED_SAY_LIVE, frame), ==, 1);
    got = test_listener_next(listener, &topic);
    g_assert_cmpstr(topic, ==, "loa/1/to/ia-pa/live");
    g_assert_true(g_bytes_equal(got, frame));
    test_broker_pause(broker);
    while (sched_link_say(link, "ia-pa", SCHED_SAY_LIVE, frame) == 1) {
        /* The sockets on the way hold some megabytes. */
        g_assert_cmpuint(++n_taken, <, 20 * SCHED_LINK_MAX_LIVE);
    }
    g_test_message("%u frames were taken", n_taken);
    /* An order waits however long the line is. */
    g_assert_cmpuint(sched_link_say(link, NULL, SCHED_SAY_STOP, frame), ==, 1);
    test_broker_resume(broker);
    /* It takes frames again once it reads. */
    TEST_WAIT_UNTIL(sched_link_say(link, "ia-pa", SCHED_SAY_LIVE, frame) == 1);
}

static guint
say_live(SchedLink *link, const char *words)
{
    g_autoptr(GBytes) frame = g_bytes_new(words, strlen(words));

    return sched_link_say(link, "ia-pa", SCHED_SAY_LIVE, frame);
}

/* Now or never: what waited while a broker read nothing is over when it reads again. */
static void
test_live_stale(Fixture *f, gconstpointer data)
{
    g_autofree char *acl = rights();
    g_autoptr(TestBroker) broker = test_broker_new(f->folder, f->ca, acl);
    const SchedLinkBroker place = {"127.0.0.1", test_broker_port(broker)};
    g_autoptr(SchedLink) link = link_to(f, &place, 1);
    g_autoptr(TestListener) listener = NULL;
    g_autoptr(GBytes) large = g_bytes_new_take(g_malloc0(1000000), 1000000);
    g_autoptr(GBytes) got = NULL;

    TEST_WAIT_UNTIL(f->n_up == 1);
    listener = test_broker_listen(broker, f->station, "loa/1/to/ia-pa/+");
    test_broker_pause(broker);
    /* More than the sockets on the way hold, for another station. */
    for (guint i = 0; i < 16; i++)
        g_assert_cmpuint(sched_link_say(link, "ia-le", SCHED_SAY_MANIFEST, large), ==, 1);
    g_assert_cmpuint(say_live(link, "old"), ==, 1);
    g_usleep(SCHED_LINK_LIVE_MAX_US + 100 * 1000);
    g_assert_cmpuint(say_live(link, "late"), ==, 0);
    test_broker_resume(broker);
    TEST_WAIT_UNTIL(say_live(link, "new") == 1);
    got = test_listener_next(listener, NULL);
    g_assert_cmpmem(g_bytes_get_data(got, NULL), g_bytes_get_size(got), "new", 3);
}

static void
test_parse_topic(void)
{
    /* clang-format off */
    const struct { const char *why, *topic; gboolean is_good; } cases[] = {
        { "a heartbeat",               "loa/1/from/ia-pa/heartbeat",   TRUE  },
        { "records",                   "loa/1/from/x/records",         TRUE  },
        { "not from a station",        "loa/1/to/ia-pa/manifest",      FALSE },
        { "a word nobody knows",       "loa/1/from/ia-pa/gossip",      FALSE },
        { "another protocol",          "loa/2/from/ia-pa/heartbeat",   FALSE },
        { "no station",                "loa/1/from//heartbeat",        FALSE },
        { "one level too many",        "loa/1/from/ia-pa/heartbeat/x", FALSE },
        { "a name that is no name",    "loa/1/from/Ia Pa/heartbeat",   FALSE },
        { "nothing behind the prefix", "loa/1/from/",                  FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *station = NULL;
        SchedHeard what;

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_link_parse_topic(cases[i].topic, &station, &what), ==,
                        cases[i].is_good);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/link/parse-topic", test_parse_topic);
#define ADD(name, function)                                                                    \
    g_test_add("/publish/link/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("both-ways", test_both_ways);
    ADD("nobody-speaks-for-another", test_nobody_speaks_for_another);
    ADD("comes-back", test_comes_back);
    ADD("several-brokers", test_several_brokers);
    ADD("too-large", test_too_large);
    ADD("live", test_live);
    ADD("live-stale", test_live_stale);
    ADD("many-at-once", test_many_at_once);
    return g_test_run();
}
