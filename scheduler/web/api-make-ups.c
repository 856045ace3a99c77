/*
 * api-make-ups.c - an item that a station missed, once more by click.
 *
 * The slot's approval covers item, audio, language and place; another time is new sound, so a
 * second person agrees. When exactly is decided then: the next allowed time after it.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/make-ups.h"

typedef struct {
    char *date;
} MakeUpBody;

/* clang-format off */
static const ContentMember make_up_body_members[] = {
    ROW_WORD(MakeUpBody, date, DATE, "Of the day plan in which it was missed."), ROW_END,
};
static const ContentShape make_up_body = { "MakeUpBody", sizeof(MakeUpBody),
                                           make_up_body_members };
static const ContentMember make_up_shape_members[] = {
    ROW_WORD(SchedMakeUpRow, zone, ID, "The zone that missed it."),
    ROW_OPTIONAL_TEXT(SchedMakeUpRow, language, 0, 40, "In which language; none for a signal."),
    ROW_UTC(SchedMakeUpRow, planned_us, "When it should have begun."),
    ROW_UTC(SchedMakeUpRow, start_us, "When it sounds now."),
    ROW_END,
};
static API_SHAPE(make_up_shape, SchedMakeUpRow, "MakeUp", sched_make_up_row_free);
/* clang-format on */

/* What of it can be made up now; 422 if nothing. */
static GPtrArray *
find(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    const char *date = json_string_value(json_object_get(act->body, "date"));
    g_autoptr(GPtrArray) rows =
        options->ports->make_ups(options->ports_data, txn, act->arguments[0], date,
                                 act->arguments[1], act->arguments[2], error);

    if (rows != NULL && rows->len == 0) {
        sched_api_error(error, SCHED_API_ERROR_NOTHING_MISSED,
                        "date: nothing of it can be made up: it was heard, was made up before, "
                        "is not approved any more, or finds no time");
        return NULL;
    }
    return g_steal_pointer(&rows);
}

static gboolean
make_up(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = find(txn, act, error);

    return rows != NULL && sched_store_make_up_add(txn, rows, error) &&
           sched_act_list(act, "make_ups", &make_up_shape, rows);
}

static gboolean
louder_make_up(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    g_autoptr(GPtrArray) rows = find(txn, act, error);

    *out_louder = rows != NULL;
    return rows != NULL;
}

#define KEEPERS                                                                                \
    (SCHED_ROLES(SCHED_ROLE_EDITOR) | SCHED_ROLES(SCHED_ROLE_APPROVER) |                       \
     SCHED_ROLES(SCHED_ROLE_OFFICIAL) | SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedAnswerMember make_ups_more[] = {
    ANSWER_ROWS("make_ups", make_up_shape, "One a zone."), ANSWER_END,
};
static const SchedAnswer make_ups_answer = { .name = "MakeUpList", .more = make_ups_more };

static const SchedRoute routes[] = {
    { .method = "PUT", .path = "/api/stations/{station}/make-ups/{occurrence}/{item}",
      .roles = KEEPERS, .scope = sched_scope_station, .input = SCHED_INPUT_JSON,
      .body = &make_up_body, .writes = TRUE, .status = 200, .louder = louder_make_up, .touches = "make_up.",
      .work = make_up, .answer = &make_ups_answer, .name = "makeUp",
      .meaning = "What the station missed of an item sounds once more, at the next allowed time, only "
                 "in the zones that missed it; never twice." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_make_ups(void)
{
    return routes;
}
