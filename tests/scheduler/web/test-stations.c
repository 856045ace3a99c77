/* test-stations.c - relay tests and the history of a station through the API. */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

#include "scheduler/store/devices.h"
#include "scheduler/store/issues.h"

#define TESTS "/api/stations/ia-le/zones/a/tests"

/* A player is the station and has said what it reads. */
static gboolean
enrol(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *secret = temp_store_hash("secret");
    const SchedDeviceRow device = {.serial = (char *) "01",
                                   .station = (char *) "ia-le",
                                   .public_key = (char *) "key",
                                   .certificate = (char *) "-",
                                   .journal = (char *) "journal",
                                   .expires_us = TEMP_STORE_NOW_US + TEMP_STORE_DAY_US};
    const SchedStationStateRow hello = {.station = (char *) "ia-le",
                                        .boot = (char *) "",
                                        .inventory = (char *) "",
                                        .reads = (char *) "[[\"test-order\",1]]",
                                        .player_version = (char *) "0"};

    return sched_store_enrolment_add(txn, secret, "ia-le", device.expires_us, error) &&
           sched_store_enrolment_use(txn, secret, &device, error) &&
           sched_store_station_hello(txn, &hello, error);
}

/* One key is one order, however often it is sent. */
static char *
ask_twice(ApiFixture *f)
{
    g_autofree char *token = api_fixture_token("tech");
    const char *const headers[] = {token, "Content-Type: application/json",
                                   "Idempotency-Key: k-1", NULL};
    g_autoptr(TestAnswer) first =
        test_https(&f->people, "POST", TESTS, headers, "{\"duration_ms\":2000}", 20);
    g_autoptr(TestAnswer) second =
        test_https(&f->people, "POST", TESTS, headers, "{\"duration_ms\":2000}", 20);
    json_auto_t *answer = json_loads(first->body->str, 0, NULL);

    g_assert_cmpuint(first->status, ==, 201);
    g_assert_cmpuint(second->status, ==, 201);
    g_assert_cmpstr(first->body->str, ==, second->body->str);
    return g_strdup(api_text(answer, "id"));
}

/* By its id: two asked in one tick of the clock stand in either order. */
static const json_t *
test_with_id(const json_t *tests, const char *id)
{
    const json_t *one;
    size_t i;

    json_array_foreach(tests, i,
                       one) if (g_str_equal(api_text((json_t *) one, "id"), id)) return one;
    g_error("no test %s in the list", id);
}

static void
test_relay_test(ApiFixture *f, gconstpointer data)
{
    g_autofree char *id = NULL;
    json_auto_t *listed = NULL, *refused = NULL;
    const json_t *one;

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", TESTS, json_object(), &refused), ==,
                     201);
    g_assert_cmpstr(api_text(json_object_get(refused, "said"), "code"), ==,
                    "test_not_enrolled");
    temp_store_run(f->store, enrol, NULL);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", TESTS,
                                      json_pack("{s:i}", "duration_ms", 10001), NULL),
                     ==, 400);
    g_assert_cmpuint(f->n_tests_ordered, ==, 0);
    id = ask_twice(f);
    g_assert_cmpuint(f->n_tests_ordered, ==, 1);
    g_assert_cmpstr(f->device_news, ==, "ia-le: test a for 2000 ms");
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/stations/ia-le/tests", NULL,
                                      &listed),
                     ==, 200);
    one = test_with_id(json_object_get(listed, "tests"), id);
    g_assert_cmpstr(api_text((json_t *) one, "asked_by"), ==, "tech");
    g_assert_null(json_object_get(one, "said"));
}

static void
test_history(ApiFixture *f, gconstpointer data)
{
    json_auto_t *history = NULL;
    const json_t *events;

    api_fixture_people(f);
    temp_store_run(f->store, enrol, NULL);
    g_assert_cmpuint(api_fixture_call(f, "tech", "POST", "/api/stations/ia-le/revoke",
                                      json_pack("{s:s}", "why", "bị mất"), NULL),
                     ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/stations/ia-le/history", NULL,
                                      &history),
                     ==, 200);
    events = json_object_get(history, "events");
    g_assert_cmpuint(json_array_size(events), ==, 2);
    g_assert_cmpstr(api_text(json_array_get(events, 0), "what"), ==, "revoked");
    g_assert_cmpstr(api_text(json_array_get(events, 0), "why"), ==, "bị mất");
    g_assert_cmpstr(api_text(json_array_get(events, 1), "what"), ==, "enrolled");
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/stations/ia-le/history?before=1",
                                      NULL, NULL),
                     ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET",
                                      "/api/stations/ia-le/history?before=today", NULL, NULL),
                     ==, 400);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/stations/relay-test", test_relay_test);
    api_fixture_add("/scheduler/web/stations/history", test_history);
    return g_test_run();
}
