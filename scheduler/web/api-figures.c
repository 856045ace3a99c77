/*
 * api-figures.c - what was heard in a week, a month, a year: sums that are kept up to date as
 * records come.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/figures.h"
#include "scheduler/store/messengers.h"

#include <string.h>

/* clang-format off */
static const ContentMember figure_shape_members[] = {
    ROW_TEXT(SchedFigureSum, key, 0, ROW_NAME_MAX_BYTES,
             "Area, language or category; empty: it has none, or the zone is gone."),
    ROW_TEXT(SchedFigureSum, name, 0, ROW_NAME_MAX_BYTES, "Name of the area; empty: it is none."),
    ROW_OPTIONAL_WORD(SchedFigureSum, date, DATE, "Local date of the one day; absent: all of them."),
    ROW_COUNT(SchedFigureSum, planned_us, "µs", "Planned, and over."),
    ROW_COUNT(SchedFigureSum, heard_us, "µs", "Heard."),
    ROW_COUNT(SchedFigureSum, n_delivered, "", "Whole."),
    ROW_COUNT(SchedFigureSum, n_partial, "", "In part."),
    ROW_COUNT(SchedFigureSum, n_missed, "", "Not at all."),
    ROW_COUNT(SchedFigureSum, n_waiting, "", "Over, and the record is on its way."),
    ROW_COUNT(SchedFigureSum, n_no_contact, "", "Over, and the station is not heard from."),
    ROW_COUNT(SchedFigureSum, n_quiet, "", "Silent because somebody asked for it; not planned."),
    ROW_END,
};
static API_SHAPE(figure_shape, SchedFigureSum, "Figure", sched_figure_sum_free);
static const ContentMember messenger_shape_members[] = {
    ROW_COUNT(SchedMessengerSum, n_tasks, "", "Villages gone to, each time."),
    ROW_COUNT(SchedMessengerSum, n_confirmed, "", "Of these, confirmed."),
    ROW_COUNT(SchedMessengerSum, reached, "", "Households reached there."),
    ROW_COUNT(SchedMessengerSum, households, "", "Of so many."),
    ROW_END,
};
static API_SHAPE(messenger_shape, SchedMessengerSum, "MessengerSum", sched_messenger_sum_free);
/* clang-format on */

static gboolean
by_of(SchedAct *act, SchedFiguresBy *out_by, GError **error)
{
    const char *text = content_call_query(act->call, "by");

    for (guint i = 0; sched_figures_by_words[i] != NULL; i++) {
        if (text != NULL && g_str_equal(text, sched_figures_by_words[i])) {
            *out_by = (SchedFiguresBy) i;
            return TRUE;
        }
    }
    return sched_api_error(error, SCHED_API_ERROR_BAD,
                           "by: ?by=village, commune, language or category is needed");
}

/* What ?apart=day asks for besides the sums. */
static gboolean
add_days(SchedTxn *txn, SchedAct *act, const char *from, const char *to, SchedFiguresBy by,
         GError **error)
{
    const char *apart = content_call_query(act->call, "apart");
    g_autoptr(GPtrArray) rows = NULL;

    if (apart == NULL)
        return TRUE;
    if (strcmp(apart, "day") != 0)
        return sched_api_error(error, SCHED_API_ERROR_BAD, "apart: only day is known");
    rows = sched_store_figures_days(txn, from, to, act->arguments[0], by, error);
    if (rows != NULL)
        json_object_set_new(act->answer, "days", sched_shape_write_all(&figure_shape, rows));
    return rows != NULL;
}

static gboolean
get_figures(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *from = content_call_query(act->call, "from");
    const char *to = content_call_query(act->call, "to");
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(SchedMessengerSum) messengers = NULL;
    SchedFiguresBy by;
    gint64 n_due = 0;

    if (from == NULL || to == NULL)
        return sched_api_error(error, SCHED_API_ERROR_BAD,
                               "from: ?from=YYYY-MM-DD&to=YYYY-MM-DD is needed");
    if (!by_of(act, &by, error))
        return FALSE;
    rows = sched_store_figures_report(txn, from, to, act->arguments[0], by, act->now_us, &n_due,
                                      error);
    if (!sched_act_list(act, "figures", &figure_shape, rows))
        return FALSE;
    json_object_set_new(act->answer, "n_due", json_integer(n_due));
    if (!add_days(txn, act, from, to, by, error))
        return FALSE;
    messengers = sched_store_messenger_sum(txn, act->arguments[0], from, to, error);
    if (messengers == NULL)
        return FALSE;
    json_object_set_new(act->answer, "messengers",
                        sched_shape_write(&messenger_shape, messengers));
    return TRUE;
}

/* clang-format off */
static const SchedRouteQuery figures_query[] = {
    { "from", "First local date, YYYY-MM-DD; needed." },
    { "to", "Last local date; up to 366 days from the first; needed." },
    { "by", "What a row is: village, commune, language or category; needed." },
    { "apart", "day: each day apart, too, of at most 31." },
    { NULL, NULL },
};
static const SchedAnswerMember figures_more[] = {
    ANSWER_ROWS("figures", figure_shape, "By name."),
    ANSWER_ANY("days", CONTENT_MEMBER_STRUCT, .is_list = TRUE, .element = &figure_shape,
               .meaning = "With ?apart=day: the same, each day apart and without names, by date."),
    ANSWER_ANY("messengers", CONTENT_MEMBER_STRUCT, .required = TRUE, .element = &messenger_shape,
               .meaning = "What messengers carried in the area, drills apart: never counted as heard."),
    ANSWER_INT("n_due", 0, G_MAXINT64, "", "Days at stations with news that is not in the sums yet."),
    ANSWER_END,
};
static const SchedAnswer figures_answer = { .name = "FigureList", .more = figures_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/areas/{area}/figures", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area, .status = 200, .query = figures_query, .work = get_figures,
      .answer = &figures_answer, .name = "getFigures",
      .meaning = "What was planned and heard in an area over days, by village, commune, language or "
                 "category. Only what is over counts." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_figures(void)
{
    return routes;
}
