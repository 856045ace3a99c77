/*
 * api-programmes.c - a week of an area as one act: what is different in it, submitted, approved
 * or sent back together.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/programmes.h"
#include "scheduler/store/slots.h"

/* Every target, date and item on lines of their own, with room. */
#define TEXT_MAX_BYTES (256 * 1024)

typedef struct {
    char *from;
    char *content;
    char *note;
} ProgrammeBody;

/* clang-format off */
static const ContentMember submit_members[] = {
    ROW_WORD(ProgrammeBody, from, DATE, "First local date of the week."),
    ROW_WORD(ProgrammeBody, content, HASH, "What was seen of it."),
    ROW_END,
};
static const ContentShape submit_shape = { "SubmitProgramme", sizeof(ProgrammeBody), submit_members };
static const ContentMember approve_members[] = {
    ROW_WORD(ProgrammeBody, content, HASH, "What the approver saw of it."), ROW_END,
};
static const ContentShape approve_shape = { "ApproveProgramme", sizeof(ProgrammeBody), approve_members };
static const ContentMember return_members[] = {
    ROW_WORD(ProgrammeBody, content, HASH, "What the approver saw of it."),
    ROW_TEXT(ProgrammeBody, note, 1, SCHED_SLOT_MAX_NOTE_BYTES, "Why it is sent back."), ROW_END,
};
static const ContentShape return_shape = { "ReturnProgramme", sizeof(ProgrammeBody), return_members };

static const ContentMember programme_shape_members[] = {
    ROW_WORD(SchedProgrammeRow, id, ID, "Id of the programme."),
    ROW_WORD(SchedProgrammeRow, area, ID, "The area."),
    ROW_ANY(SchedProgrammeRow, from_date, "from", CONTENT_MEMBER_DATE, .required = TRUE, .unit = "",
            .meaning = "First local date of the week."),
    ROW_WORD(SchedProgrammeRow, content, HASH, "Hash over all its parts."),
    ROW_WORD(SchedProgrammeRow, author, ID, "Who submitted it."),
    ROW_UTC(SchedProgrammeRow, made_us, "When."),
    ROW_ENUM(SchedProgrammeRow, state, sched_programme_state_words, "What became of it."),
    ROW_OPTIONAL_WORD(SchedProgrammeRow, judge, ID, "Who judged it."),
    ROW_UTC(SchedProgrammeRow, judged_us, "When; 0: not yet."),
    ROW_TEXT(SchedProgrammeRow, note, 0, SCHED_SLOT_MAX_NOTE_BYTES, "Why it was sent back."),
    ROW_END,
};
static API_SHAPE(programme_shape, SchedProgrammeRow, "Programme", sched_programme_row_free);

static const ContentMember part_shape_members[] = {
    ROW_WORD(SchedProgrammePartRow, slot, ID, "The slot."),
    ROW_TEXT(SchedProgrammePartRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_TEXT(SchedProgrammePartRow, date, 0, 10, "The one date that is different; empty: the slot itself."),
    ROW_ENUM(SchedProgrammePartRow, change, sched_programme_change_words,
             "Added, moved in time or place alone, changed, or heard no more."),
    ROW_OPTIONAL_TEXT(SchedProgrammePartRow, text, 1, TEXT_MAX_BYTES,
                      "What is to be approved, a fact a line; absent: it is silent now."),
    ROW_OPTIONAL_TEXT(SchedProgrammePartRow, approved_text, 1, TEXT_MAX_BYTES,
                      "The same as last approved, of a date as on every other one; absent: it never was."),
    ROW_END,
};
static API_SHAPE(part_shape, SchedProgrammePartRow, "ProgrammePart", sched_programme_part_row_free);
/* clang-format on */

static const char *
body_text(SchedAct *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

/* ---- what waits in a week ---- */

static gboolean
add_newest(SchedTxn *txn, SchedAct *act, const char *from, GError **error)
{
    g_autoptr(SchedProgrammeRow) row = NULL;

    if (!sched_store_programme_newest(txn, act->arguments[0], from, &row, error))
        return FALSE;
    if (row != NULL)
        json_object_set_new(act->answer, "last", sched_shape_write(&programme_shape, row));
    return TRUE;
}

static gboolean
get_week(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *from = content_call_query(act->call, "from");
    g_autoptr(GPtrArray) parts = NULL;
    g_autofree char *content = NULL;

    if (from == NULL)
        return sched_api_error(error, SCHED_API_ERROR_BAD, "from: ?from=DATE is needed");
    parts = sched_store_programme_parts(txn, act->arguments[0], from, act->now_us, error);
    if (parts == NULL || !sched_act_list(act, "parts", &part_shape, parts))
        return FALSE;
    content = sched_store_programme_content(act->arguments[0], from, parts);
    json_object_set_new(act->answer, "content", json_string(content));
    return add_newest(txn, act, from, error);
}

/* ---- one that was submitted ---- */

static gboolean
answer_programme(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedProgrammeRow) row = sched_store_programme_get(txn, id, error);
    g_autoptr(GPtrArray) parts = NULL;

    if (!sched_act_row(act, &programme_shape, row))
        return FALSE;
    parts = sched_store_programme_submitted(txn, id, error);
    if (parts == NULL)
        return FALSE;
    json_object_set_new(act->answer, "parts", sched_shape_write_all(&part_shape, parts));
    json_object_set_new(act->answer, "stale",
                        json_boolean(sched_store_programme_is_stale(parts)));
    return TRUE;
}

static gboolean
submit(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *id = sched_act_id(act);

    return sched_store_programme_submit(txn, id, act->arguments[0], body_text(act, "from"),
                                        body_text(act, "content"), error) &&
           answer_programme(txn, act, id, error);
}

static gboolean
get_programme(SchedTxn *txn, SchedAct *act, GError **error)
{
    return answer_programme(txn, act, act->arguments[0], error);
}

static gboolean
approve(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_programme_approve(txn, act->arguments[0], body_text(act, "content"),
                                         error) &&
           answer_programme(txn, act, act->arguments[0], error);
}

static gboolean
send_back(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_programme_return(txn, act->arguments[0], body_text(act, "content"),
                                        body_text(act, "note"), error) &&
           answer_programme(txn, act, act->arguments[0], error);
}

#define EDITOR   SCHED_ROLES(SCHED_ROLE_EDITOR)
#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)

/* clang-format off */
static const SchedRouteQuery from_query[] = {
    { "from", "First local date of the week; needed." }, { NULL, NULL },
};
static const SchedAnswerMember week_more[] = {
    ANSWER_ROWS("parts", part_shape, "By slot and date."),
    ANSWER_WORD("content", HASH, "Hash over all of them: what is submitted."),
    ANSWER_OPTIONAL_ROW("last", programme_shape, "The last one that was submitted of this week."),
    ANSWER_END,
};
static const SchedAnswer week_answer = { .name = "ProgrammeWeek", .more = week_more };
static const SchedAnswerMember programme_more[] = {
    ANSWER_ROWS("parts", part_shape, "As they were submitted, with the texts as they are now."),
    ANSWER_BOOL("stale", "A part was changed or judged since: it is to be submitted anew."),
    ANSWER_END,
};
static const SchedAnswer programme_answer = {
    .name = "ProgrammeWhole", .row = &programme_shape, .more = programme_more,
};

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/areas/{area}/programme", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area, .status = 200, .query = from_query, .work = get_week,
      .answer = &week_answer, .name = "getProgrammeWeek",
      .meaning = "What waits for approval in a week of the area, against what was approved last." },
    { .method = "POST", .path = "/api/areas/{area}/programme", .roles = EDITOR,
      .scope = sched_scope_area, .input = SCHED_INPUT_JSON, .body = &submit_shape,
      .writes = TRUE, .status = 201, .work = submit, .answer = &programme_answer, .name = "submitProgramme",
      .meaning = "Submit all of it to be approved as one; one of the same week that waits is replaced." },
    { .method = "GET", .path = "/api/programmes/{programme}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_programme_home, .status = 200, .work = get_programme,
      .answer = &programme_answer, .name = "getProgramme", .meaning = "One that was submitted." },
    { .method = "POST", .path = "/api/programmes/{programme}/approve", .roles = APPROVER,
      .scope = sched_scope_programme, .input = SCHED_INPUT_JSON, .body = &approve_shape,
      .writes = TRUE, .status = 200, .work = approve, .answer = &programme_answer, .name = "approveProgramme",
      .meaning = "Free every part of exactly this to be heard, or none." },
    { .method = "POST", .path = "/api/programmes/{programme}/return", .roles = APPROVER,
      .scope = sched_scope_programme_return, .input = SCHED_INPUT_JSON, .body = &return_shape,
      .writes = TRUE, .status = 200, .work = send_back, .answer = &programme_answer, .name = "returnProgramme",
      .meaning = "Send every part back to its author with a reason." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_programmes(void)
{
    return routes;
}
