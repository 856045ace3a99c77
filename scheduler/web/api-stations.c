/*
 * api-stations.c - what a technician does with a station that runs: tests of its relays, and
 * what became of it.
 *
 * A test is asked for here and decided at the station, which alone knows what sounds: the order
 * goes out when it is written down, and the station's record of it is the answer. Where no
 * order may go out, that is the answer.
 */
#include "scheduler/web/api-internal.h"

#include "content/lease.h"
#include "scheduler/store/relay-tests.h"
#include "scheduler/store/station-history.h"

#include <string.h>

/* Long enough to be seen and heard; nobody is to be frightened by a humming loudspeaker. */
#define TEST_USUAL_MS 3000

/* clang-format off */
static const ContentMember test_body_members[] = {
    ROW_OPTIONAL_INT(SchedRelayTestRow, duration_ms, 1, CONTENT_TEST_MAX_MS, TEST_USUAL_MS, "ms",
                     "How long its relays are to be closed."),
    ROW_END,
};
static const ContentShape test_body = { "RelayTestBody", sizeof(SchedRelayTestRow), test_body_members };
static const ContentMember test_shape_members[] = {
    ROW_WORD(SchedRelayTestRow, station, ID, "The station."),
    ROW_TEXT(SchedRelayTestRow, id, 1, CONTENT_REMARK_SUBJECT_BYTES, "Id of the test."),
    ROW_WORD(SchedRelayTestRow, zone, ID, "The zone."),
    ROW_UTC(SchedRelayTestRow, asked_us, "When it was asked for."),
    ROW_TEXT(SchedRelayTestRow, asked_by, 0, 64, "By which account; empty: at the station itself."),
    ROW_TEXT(SchedRelayTestRow, asked_by_name, 0, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_COUNT(SchedRelayTestRow, duration_ms, "ms", "For how long; 0: it was asked at the station."),
    ROW_UTC(SchedRelayTestRow, expires_us, "Without an answer by then and some seconds none will come; 0: as above."),
    ROW_UTC(SchedRelayTestRow, answered_us, "When the station's word of it came; 0: not yet."),
    ROW_ENUM(SchedRelayTestRow, relay, content_relay_words, "As read while it was asked to be closed."),
    ROW_END,
};
static API_SHAPE(test_shape, SchedRelayTestRow, "RelayTest", sched_relay_test_row_free);
/* clang-format on */

/* ---- tests ---- */

static json_t *
describe_test(const SchedRelayTestRow *row)
{
    json_t *out = sched_shape_write(&test_shape, row);

    if (*row->verdict != '\0')
        json_object_set_new(out, "said", json_pack("{s:s}", "code", row->verdict));
    return out;
}

static void
after_test(SchedAct *act)
{
    const SchedApiOptions *options = &act->api->options;

    options->ports->order_test(options->ports_data, act->prepared);
}

/* The work may run again: the last row is the one that was kept. */
static gboolean
ask_test(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedRelayTestRow) row = content_shape_new(&test_body);
    SchedRelayTestRow *kept;

    row->station = g_strdup(act->arguments[0]);
    row->zone = g_strdup(act->arguments[1]);
    row->id = sched_act_id(act);
    if (!sched_act_read(act, row, error) || !sched_store_relay_test_add(txn, row, error))
        return FALSE;
    kept = sched_store_relay_test_get(txn, row->station, row->id, error);
    if (kept == NULL)
        return FALSE;
    sched_act_set_prepared(act, kept, (GDestroyNotify) sched_relay_test_row_free);
    act->after = *kept->verdict == '\0' ? after_test : NULL;
    act->answer = describe_test(kept);
    return TRUE;
}

static gboolean
list_tests(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_relay_test_list(txn, act->arguments[0], error);
    json_t *list;

    if (rows == NULL)
        return FALSE;
    list = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(list, describe_test(g_ptr_array_index(rows, i)));
    act->answer = json_pack("{s:o}", "tests", list);
    return TRUE;
}

/* ---- history ---- */

/* What a record says of why; a record that cannot be read says nothing. */
static void
add_remark(json_t *out, const char *raw)
{
    g_autoptr(ContentRecord) record =
        content_document_read(&content_record_type, raw, strlen(raw), NULL);

    if (record != NULL && record->details->len > 0)
        json_object_set_new(out, "remark",
                            sched_shape_write(&content_remark_shape,
                                              g_ptr_array_index(record->details, 0)));
}

static json_t *
describe_event(const SchedStationEventRow *row)
{
    json_t *out = json_pack("{s:I, s:s}", "at_us", (json_int_t) row->at_us, "what",
                            sched_station_event_words[row->what]);

    if (row->until_us != 0)
        json_object_set_new(out, "until_us", json_integer(row->until_us));
    if (row->what >= SCHED_STATION_BOOT)
        add_remark(out, row->words);
    else if (*row->words != '\0')
        json_object_set_new(out, row->what == SCHED_STATION_AWAY ? "reason" : "why",
                            json_string(row->words));
    return out;
}

static gboolean
get_history(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *before = content_call_query(act->call, "before");
    gint64 before_us = CONTENT_US_MAX;
    g_autoptr(GPtrArray) rows = NULL;
    json_t *list;

    if (before != NULL &&
        !g_ascii_string_to_signed(before, 10, 0, CONTENT_US_MAX, &before_us, NULL))
        return sched_api_error(error, SCHED_API_ERROR_BAD,
                               "before: ?before= needs microseconds since 1970");
    rows = sched_store_station_history(txn, act->arguments[0], before_us, error);
    if (rows == NULL)
        return FALSE;
    list = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(list, describe_event(g_ptr_array_index(rows, i)));
    act->answer = json_pack("{s:o}", "events", list);
    return TRUE;
}

#define TECHNICIAN (SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR) | SCHED_ROLES(SCHED_ROLE_TECHNICIAN))

/* clang-format off */
static const SchedAnswerMember test_more[] = {
    ANSWER_OPTIONAL_ROW("said", content_remark_shape, "What came of it; absent: not known yet."),
    ANSWER_END,
};
static const SchedAnswer test_answer = { .name = "RelayTestSaid", .row = &test_shape, .more = test_more };
static const SchedAnswerMember test_list_more[] = {
    ANSWER_LIST("tests", test_answer, "The newest 50, newest first."), ANSWER_END,
};
static const SchedAnswer test_list = { .name = "RelayTestList", .more = test_list_more };
static const SchedAnswerMember event_more[] = {
    ANSWER_UTC("at_us", "When; by the station's clock, if it told of it."),
    ANSWER_ANY("what", CONTENT_MEMBER_ENUM, .required = TRUE, .choices = sched_station_event_words,
               .meaning = "`away`: it did not run or was not reached; `boot`, `fault`, `cleared`, "
                          "`refused` and `clock` are records of these kinds."),
    ANSWER_OPTIONAL_INT("until_us", 0, CONTENT_US_MAX, "µs UTC", "Until when; absent: an instant."),
    ANSWER_OPTIONAL_ENUM("reason", content_reason_words, "Why it was away."),
    ANSWER_OPTIONAL_TEXT("why", 1, 500, "Why it was revoked, in the words of who did it."),
    ANSWER_OPTIONAL_ROW("remark", content_remark_shape, "What a record says."),
    ANSWER_END,
};
static const SchedAnswer event_answer = { .name = "StationEvent", .more = event_more };
static const SchedAnswerMember history_more[] = {
    ANSWER_LIST("events", event_answer, "At most 100, newest first."), ANSWER_END,
};
static const SchedAnswer history_answer = { .name = "StationHistory", .more = history_more };
static const SchedRouteQuery history_query[] = {
    { "before", "Only what came before that instant, in µs since 1970: the next page." },
    { NULL, NULL },
};

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/stations/{station}/zones/{zone}/tests", .roles = TECHNICIAN,
      .scope = sched_scope_station, .input = SCHED_INPUT_JSON, .body = &test_body,
      .writes = TRUE, .status = 201, .work = ask_test, .answer = &test_answer, .name = "testZone",
      .meaning = "Close the zone's relays for a moment, by a signed order that is good for a "
                 "minute and once; the station decides, and tells by a record." },
    { .method = "GET", .path = "/api/stations/{station}/tests", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_station, .status = 200, .work = list_tests, .answer = &test_list,
      .name = "listTests", .meaning = "Tests of its relays, wherever they were asked for." },
    { .method = "GET", .path = "/api/stations/{station}/history", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_station, .status = 200, .query = history_query, .work = get_history,
      .answer = &history_answer, .name = "getStationHistory",
      .meaning = "Its players, times without contact, faults and what it refused." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_stations(void)
{
    return routes;
}
