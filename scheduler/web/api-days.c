/*
 * api-days.c - special days: Tết, festivals, mourning; what is different for an area's slots.
 *
 * What only takes sound away is done at once. What moves or replaces, and what gives back sound
 * that a special day took away, waits for a second person.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/plan/calendar.h"
#include "scheduler/plan/snapshot.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/sound.h"
#include "scheduler/store/specials.h"

#include <string.h>

/* In which "today" is reckoned, as new slots are. */
#define DISTRICT_TZID "Asia/Ho_Chi_Minh"

/* clang-format off */
#define DAY_ROWS                                                                                \
    ROW_TEXT(SchedSpecialRow, name, 1, ROW_NAME_MAX_BYTES, "Its name: Tết, a festival …"),      \
    ROW_WORD(SchedSpecialRow, area, ID, "It holds in this area and all below."),                \
    ROW_WORD(SchedSpecialRow, first_date, DATE, "First local date of the slots."),              \
    ROW_WORD(SchedSpecialRow, last_date, DATE, "Last one; at most 60 dates."),                  \
    ROW_OPTIONAL_INT(SchedSpecialRow, from_min, 0, ROW_MINUTES_MAX, 0, "min",                   \
                     "Only slots that begin from this minute of the day"),                      \
    ROW_OPTIONAL_INT(SchedSpecialRow, to_min, 0, ROW_MINUTES_MAX, ROW_MINUTES_MAX, "min",       \
                     "and before this one."),                                                   \
    ROW_ENUM(SchedSpecialRow, act, sched_special_act_words, "What becomes of them."),           \
    ROW_OPTIONAL_INT(SchedSpecialRow, minutes, -SCHED_SPECIAL_MAX_MOVE_MIN, ROW_MINUTES_MAX, 0, \
                     "min", "move_to: the minute of the day; move_by: so much later, negative: "\
                     "earlier."),                                                               \
    ROW_OPTIONAL_WORD(SchedSpecialRow, playlist, ID, "replace: played instead."),               \
    ROW_OPTIONAL_BOOL(SchedSpecialRow, off, "It was taken back and holds no more.")
static const ContentMember day_body_members[] = {
    DAY_ROWS,
    ROW_OPTIONAL_INT(SchedSpecialRow, revision, 0, ROW_COUNT_MAX, 0, "",
                     "The revision that was read; 0: it is new."),
    ROW_END,
};
static const ContentShape day_body = { "DayBody", sizeof(SchedSpecialRow), day_body_members };
static const ContentMember day_shape_members[] = {
    ROW_WORD(SchedSpecialRow, id, ID, "Id of the special day."),
    DAY_ROWS,
    ROW_WORD(SchedSpecialRow, content, HASH, "Hash of all but the name, with the playlist."),
    ROW_OPTIONAL_WORD(SchedSpecialRow, approved, HASH,
                      "The content that was approved; another one is silence."),
    ROW_OPTIONAL_WORD(SchedSpecialRow, approver, ID, "Who approved it."),
    ROW_WORD(SchedSpecialRow, changed_by, ID, "Who last put it in force."),
    ROW_UTC(SchedSpecialRow, changed_us, "And when."),
    ROW_COUNT(SchedSpecialRow, revision, "", "Counts up with each change."),
    ROW_END,
};
static API_SHAPE(day_shape, SchedSpecialRow, "Day", sched_special_row_free);
/* clang-format on */

/* ---- looking ---- */

/* Those above a place hold in it, so who sees the place sees them. */
static gboolean
sees(SchedTxn *txn, SchedAct *act, const SchedSpecialRow *row)
{
    const char *area = content_call_query(act->call, "area");

    return sched_access_sees(txn, act, row->area) ||
           (area != NULL && sched_store_area_contains(txn, row->area, area));
}

static gboolean
list_days(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_special_list(txn, content_call_query(act->call, "area"),
                                 content_call_query(act->call, "from"),
                                 content_call_query(act->call, "to"), error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        if (!sees(txn, act, rows->pdata[i - 1]))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "days", &day_shape, rows);
}

/* ---- changing ---- */

static SchedSpecialRow *
read_body(SchedAct *act, GError **error)
{
    g_autoptr(SchedSpecialRow) row = content_shape_new(&day_body);

    row->id = g_strdup(act->arguments[0]);
    return sched_act_read(act, row, error) ? g_steal_pointer(&row) : NULL;
}

static SchedDay
today_of(const SchedAct *act)
{
    g_autoptr(SchedCalendar) calendar = sched_calendar_new(DISTRICT_TZID);

    return sched_calendar_local(calendar, act->now_us, NULL);
}

/* Returns: whether @date lies @days_ahead of today or later; a bad date is the store's word */
static gboolean
is_ahead(const SchedAct *act, const char *date, SchedDay days_ahead)
{
    SchedDay day;

    return !sched_day_parse(date, &day) || day >= today_of(act) + days_ahead;
}

static gboolean
check_when(const SchedAct *act, const SchedSpecialRow *old, const SchedSpecialRow *row,
           GError **error)
{
    gboolean is_move = row->act == SCHED_SPECIAL_MOVE_TO || row->act == SCHED_SPECIAL_MOVE_BY;

    if (old != NULL && !is_ahead(act, old->last_date, 0))
        return sched_api_error(error, SCHED_API_ERROR_OVER,
                               "last_date: a special day that is over stays for the record");
    if (!row->off && !is_ahead(act, row->last_date, 0))
        return sched_api_error(error, SCHED_API_ERROR_OVER, "last_date: these dates are over");
    /* What sounded this morning would sound again this evening. */
    if (!row->off && is_move && !is_ahead(act, row->first_date, 1) &&
        (old == NULL || strcmp(old->first_date, row->first_date) != 0))
        return sched_api_error(error, SCHED_API_ERROR_TOO_SOON,
                               "first_date: a move begins tomorrow at the earliest");
    return TRUE;
}

static gboolean
put_day(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedSpecialRow) old = sched_store_special_get(txn, act->arguments[0], NULL);
    g_autoptr(SchedSpecialRow) row = read_body(act, error);
    g_autoptr(SchedSpecialRow) now = NULL;

    if (row == NULL || !check_when(act, old, row, error) ||
        !sched_store_special_put(txn, row, row->revision, error))
        return FALSE;
    now = sched_store_special_get(txn, row->id, error);
    return sched_act_row(act, &day_shape, now);
}

/* The same in all but the name, and in force. */
static gboolean
is_same(const SchedSpecialRow *old, const SchedSpecialRow *row)
{
    return old != NULL && sched_special_row_is_live(old) && old->act == row->act &&
           old->off == row->off && old->minutes == row->minutes &&
           g_strcmp0(old->playlist, row->playlist) == 0 && sched_special_row_covers(row, old) &&
           sched_special_row_covers(old, row);
}

/*
 * Other sound is asked about whatever sounds there now: a slot approved later would come with
 * it. Sound that comes back, only where something sounds. "No music" below another's special
 * day takes that one's place, which may have been silence.
 */
static gboolean
is_louder(SchedTxn *txn, const SchedSpecialRow *old, const SchedSpecialRow *row)
{
    gboolean was_on = old != NULL && !old->off;
    gboolean gives_back;

    if (is_same(old, row))
        return FALSE;
    if (!row->off && sched_special_row_makes_sound(row))
        return TRUE;
    gives_back = was_on && (row->off || !sched_special_row_covers(row, old) ||
                            (row->act != SCHED_SPECIAL_SKIP && row->act != old->act));
    if (gives_back && sched_store_sound_in(txn, old->area))
        return TRUE;
    return !row->off && row->act == SCHED_SPECIAL_NO_MUSIC &&
           sched_store_special_overrules(txn, row);
}

static gboolean
louder_day(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    g_autoptr(SchedSpecialRow) old = sched_store_special_get(txn, act->arguments[0], NULL);
    g_autoptr(SchedSpecialRow) row = read_body(act, error);

    /* Refused before anybody is asked to look at it. */
    if (row == NULL || !check_when(act, old, row, error))
        return FALSE;
    *out_louder = is_louder(txn, old, row);
    return TRUE;
}

#define KEEPERS                                                                                \
    (SCHED_ROLES(SCHED_ROLE_EDITOR) | SCHED_ROLES(SCHED_ROLE_APPROVER) |                       \
     SCHED_ROLES(SCHED_ROLE_OFFICIAL) | SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedRouteQuery list_query[] = {
    { "area", "Only those that hold for something in this area: its own, those below and above." },
    { "from", "Only those with a date from this one, YYYY-MM-DD." },
    { "to", "Only those with a date up to this one." },
    { NULL, NULL },
};
static const SchedAnswerMember days_more[] = {
    ANSWER_ROWS("days", day_shape, "By first date."), ANSWER_END,
};
static const SchedAnswer day_list = { .name = "DayList", .more = days_more };
static const SchedAnswer day_answer = { .row = &day_shape };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/days", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = list_query, .work = list_days,
      .answer = &day_list, .name = "listDays",
      .meaning = "Special days: Tết, festivals, mourning." },
    { .method = "PUT", .path = "/api/days/{day}", .roles = KEEPERS, .scope = sched_scope_day_put,
      .input = SCHED_INPUT_JSON, .body = &day_body, .writes = TRUE, .status = 200,
      .louder = louder_day, .touches = "special_day.", .work = put_day, .answer = &day_answer, .name = "putDay",
      .meaning = "A special day, or a change to it: slots of an area are left out, moved, replaced, "
                 "or go without music. The nearest area's day holds; a slot's own change of the "
                 "date goes before all." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_days(void)
{
    return routes;
}
