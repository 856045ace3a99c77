/*
 * api-quiets.c - silence in a village or a zone, asked for by whoever answers for it.
 *
 * It takes effect at once and needs nobody else; neither does its end, which brings back what a
 * second person had approved for that place and time, and nothing more.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/quiets.h"

/* Those that are over are told of for so long. */
#define QUIET_MAX_SHOWN 1000
#define QUIET_SHOWN_US  (G_GINT64_CONSTANT(30) * 86400 * G_USEC_PER_SEC)

/* clang-format off */
#define QUIET_ROWS                                                                              \
    ROW_OPTIONAL_TEXT(SchedQuietRow, area, 0, 64, "An area with all below; or:"),               \
    ROW_OPTIONAL_TEXT(SchedQuietRow, station, 0, 64, "a station and"),                          \
    ROW_OPTIONAL_TEXT(SchedQuietRow, zone, 0, 64, "one of its zones."),                         \
    ROW_OPTIONAL_UTC(SchedQuietRow, from_us, "From when; what is past, or absent: from now."),  \
    ROW_UTC(SchedQuietRow, until_us, "Until when."),                                            \
    ROW_ENUM(SchedQuietRow, reason, sched_quiet_reason_words, "Why."),                          \
    ROW_OPTIONAL_TEXT(SchedQuietRow, words, 0, SCHED_QUIET_WORDS_MAX_BYTES,                     \
                      "And in the words of who asks; another reason needs some.")
static const ContentMember quiet_body_members[] = { QUIET_ROWS, ROW_END };
static const ContentShape quiet_body = { "QuietBody", sizeof(SchedQuietRow), quiet_body_members };
static const ContentMember quiet_shape_members[] = {
    ROW_WORD(SchedQuietRow, id, ID, "Id of the request."),
    QUIET_ROWS,
    ROW_WORD(SchedQuietRow, author, ID, "Who asked."),
    ROW_TEXT(SchedQuietRow, author_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_TEXT(SchedQuietRow, place, 0, 64, "The area, or the village of the zone; empty: the zone is gone."),
    ROW_UTC(SchedQuietRow, made_us, "When they asked."),
    ROW_UTC(SchedQuietRow, ended_us, "When somebody ended it; 0: nobody did."),
    ROW_OPTIONAL_WORD(SchedQuietRow, ended_by, ID, "Who."),
    ROW_END,
};
static API_SHAPE(quiet_shape, SchedQuietRow, "Quiet", sched_quiet_row_free);
/* clang-format on */

static gboolean
list_quiets(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_quiet_list(txn, content_call_query(act->call, "area"),
                               act->now_us - QUIET_SHOWN_US, QUIET_MAX_SHOWN, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedQuietRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->place))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "quiets", &quiet_shape, rows);
}

static gboolean
answer_quiet(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedQuietRow) row = sched_store_quiet_get(txn, id, error);

    return sched_act_row(act, &quiet_shape, row);
}

static gboolean
ask_quiet(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedQuietRow) row = content_shape_new(&quiet_body);

    row->id = sched_act_id(act);
    return sched_act_read(act, row, error) && sched_store_quiet_add(txn, row, error) &&
           answer_quiet(txn, act, row->id, error);
}

static gboolean
end_quiet(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_quiet_end(txn, act->arguments[0], error) &&
           answer_quiet(txn, act, act->arguments[0], error);
}

/* Whoever answers for a place, as for the order of what clashes there. */
#define ANSWERS                                                                                \
    (SCHED_ROLES(SCHED_ROLE_APPROVER) | SCHED_ROLES(SCHED_ROLE_OFFICIAL) |                     \
     SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only those that concern this area: for it, for what lies below, or above it." },
    { NULL, NULL },
};
static const SchedAnswer quiet_answer = { .row = &quiet_shape };
static const SchedAnswerMember quiets_more[] = {
    ANSWER_ROWS("quiets", quiet_shape, "The latest first; for 30 days after their end."), ANSWER_END,
};
static const SchedAnswer quiet_list = { .name = "QuietList", .more = quiets_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/quiets", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = list_quiets,
      .answer = &quiet_list, .name = "listQuiets",
      .meaning = "Where silence is asked for, was, and will be." },
    { .method = "POST", .path = "/api/quiets", .roles = ANSWERS, .scope = sched_scope_quiet_put,
      .input = SCHED_INPUT_JSON, .body = &quiet_body, .writes = TRUE, .is_urgent = TRUE,
      .status = 201, .work = ask_quiet, .answer = &quiet_answer, .name = "askQuiet",
      .meaning = "Nothing of the calendar sounds there in that time, what sounds now stops; "
                 "alerts still do." },
    { .method = "POST", .path = "/api/quiets/{quiet}/end", .roles = ANSWERS,
      .scope = sched_scope_quiet, .writes = TRUE, .status = 200, .work = end_quiet,
      .answer = &quiet_answer, .name = "endQuiet",
      .meaning = "It ends now; what comes after it sounds again as it was approved." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_quiets(void)
{
    return routes;
}
