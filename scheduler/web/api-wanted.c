/*
 * api-wanted.c - versions wanted: asked of a translator or announcer by a date, found in their
 * queue, withdrawn; and who can be asked, or reads a language, at a place.
 *
 * What is asked of somebody makes no sound and takes no right: the version that answers it is
 * made by the routes of versions, checked and approved like any other.
 */
#include "scheduler/web/api-internal.h"

#include "content/language.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/wanted.h"

#include <string.h>

/* clang-format off */
#define WANTED_ROWS                                                                             \
    ROW_WORD(SchedWantedRow, announcement, ID, "Of this announcement."),                        \
    ROW_WORD(SchedWantedRow, language, LANGUAGE, "In this language."),                          \
    ROW_OPTIONAL_WORD(SchedWantedRow, account, ID,                                              \
                      "Of this account, which may add the version; or:"),                       \
    ROW_OPTIONAL_TEXT(SchedWantedRow, name, 0, ROW_NAME_MAX_BYTES,                              \
                      "of somebody without one, by name. With an account: its name."),          \
    ROW_WORD(SchedWantedRow, by_date, DATE, "The last day on which it is of use."),             \
    ROW_OPTIONAL_TEXT(SchedWantedRow, note, 0, SCHED_WANTED_NOTE_MAX_BYTES, "What to heed.")
static const ContentMember wanted_body_members[] = { WANTED_ROWS, ROW_END };
static const ContentShape wanted_body = { "WantedBody", sizeof(SchedWantedRow), wanted_body_members };
static const ContentMember wanted_shape_members[] = {
    ROW_WORD(SchedWantedRow, id, ID, "Id of the request."),
    WANTED_ROWS,
    ROW_WORD(SchedWantedRow, author, ID, "Who asked."),
    ROW_TEXT(SchedWantedRow, author_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_TEXT(SchedWantedRow, title, 1, ROW_TITLE_MAX_BYTES, "Title of the announcement."),
    ROW_WORD(SchedWantedRow, home, ID, "Area where the announcement is at home."),
    ROW_UTC(SchedWantedRow, made_us, "When it was asked."),
    ROW_UTC(SchedWantedRow, withdrawn_us, "When it was withdrawn; 0: it was not."),
    ROW_OPTIONAL_WORD(SchedWantedRow, withdrawn_by, ID, "By whom."),
    ROW_OPTIONAL_WORD(SchedWantedRow, version, ID, "The version in this language, if there is one."),
    ROW_ENUM(SchedWantedRow, state, sched_wanted_state_words, "How far the version is."),
    ROW_END,
};
static API_SHAPE(wanted_shape, SchedWantedRow, "Wanted", sched_wanted_row_free);

static const ContentMember person_shape_members[] = {
    ROW_WORD(SchedPersonRow, id, ID, "The account."),
    ROW_TEXT(SchedPersonRow, name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_END,
};
static API_SHAPE(person_shape, SchedPersonRow, "Person", sched_person_row_free);
/* clang-format on */

/* ---- what is wanted ---- */

static gboolean
read_filter(SchedAct *act, SchedWantedFilter *filter, GError **error)
{
    const char *whose = content_call_query(act->call, "whose");

    filter->area = content_call_query(act->call, "area");
    filter->announcement = content_call_query(act->call, "announcement");
    if (g_strcmp0(whose, "mine") == 0)
        filter->account = act->account;
    else if (g_strcmp0(whose, "asked") == 0)
        filter->author = act->account;
    else if (whose != NULL)
        return sched_api_error(error, SCHED_API_ERROR_BAD, "whose: mine or asked");
    return TRUE;
}

static gboolean
concerns(SchedTxn *txn, SchedAct *act, const SchedWantedRow *row)
{
    return g_strcmp0(row->account, act->account) == 0 ||
           strcmp(row->author, act->account) == 0 || sched_access_sees(txn, act, row->home);
}

static gboolean
list_wanted(SchedTxn *txn, SchedAct *act, GError **error)
{
    SchedWantedFilter filter = {0};
    g_autoptr(GPtrArray) rows = NULL;
    gboolean more;

    if (!read_filter(act, &filter, error))
        return FALSE;
    rows = sched_store_wanted_list(txn, &filter, act->now_us, error);
    more = rows != NULL && rows->len == SCHED_WANTED_MAX_ROWS;
    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        if (!concerns(txn, act, rows->pdata[i - 1]))
            g_ptr_array_remove_index(rows, i - 1);
    }
    if (!sched_act_list(act, "wanted", &wanted_shape, rows))
        return FALSE;
    json_object_set_new(act->answer, "more", json_boolean(more));
    return TRUE;
}

static gboolean
answer_wanted(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedWantedRow) row = sched_store_wanted_get(txn, id, act->now_us, error);

    return sched_act_row(act, &wanted_shape, row);
}

static gboolean
ask_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedWantedRow) row = content_shape_new(&wanted_body);

    row->id = sched_act_id(act);
    return sched_act_read(act, row, error) && sched_store_wanted_add(txn, row, error) &&
           answer_wanted(txn, act, row->id, error);
}

static gboolean
withdraw_wanted(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_wanted_withdraw(txn, act->arguments[0], error) &&
           answer_wanted(txn, act, act->arguments[0], error);
}

/* ---- who is there ---- */

/* { "language", "checkers" } */
static json_t *
describe_language(SchedTxn *txn, SchedAct *act, const char *language, GError **error)
{
    g_autoptr(GPtrArray) people =
        sched_store_wanted_checkers(txn, act->arguments[0], language, act->now_us, error);

    return people == NULL ? NULL
                          : json_pack("{s:s, s:o}", "language", language, "checkers",
                                      sched_shape_write_all(&person_shape, people));
}

/* The languages of the table, and the dialects that the announcement has. */
static GPtrArray *
list_languages(SchedTxn *txn, const char *announcement, GError **error)
{
    g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) versions = sched_store_version_list(txn, announcement, error);
    gsize count = 0;
    const ContentLanguage *languages = content_languages(&count);

    if (versions == NULL)
        return NULL;
    for (gsize i = 0; i < count; i++)
        g_ptr_array_add(tags, g_strdup(languages[i].tag));
    for (guint i = 0; i < versions->len; i++) {
        const char *tag = ((const SchedVersionRow *) versions->pdata[i])->language;

        if (tag != NULL && !g_ptr_array_find_with_equal_func(tags, tag, g_str_equal, NULL))
            g_ptr_array_add(tags, g_strdup(tag));
    }
    return g_steal_pointer(&tags);
}

static gboolean
list_people(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) askable =
        sched_store_wanted_askable(txn, act->arguments[0], act->now_us, error);
    g_autoptr(GPtrArray) tags =
        askable == NULL ? NULL : list_languages(txn, act->arguments[0], error);
    json_t *list;

    if (tags == NULL || !sched_act_list(act, "askable", &person_shape, askable))
        return FALSE;
    list = json_array();
    json_object_set_new(act->answer, "languages", list);
    for (guint i = 0; i < tags->len; i++) {
        json_t *one = describe_language(txn, act, tags->pdata[i], error);

        if (one == NULL)
            return FALSE;
        json_array_append_new(list, one);
    }
    return TRUE;
}

#define EDITOR SCHED_ROLES(SCHED_ROLE_EDITOR)

/* clang-format off */
static const SchedRouteQuery wanted_query[] = {
    { "area", "Only of announcements at home in this area and below." },
    { "announcement", "Only of this one; then also what is over or withdrawn." },
    { "whose", "\"mine\": asked of me; \"asked\": asked by me." },
    { NULL, NULL },
};
static const SchedAnswer wanted_answer = { .row = &wanted_shape };
static const SchedAnswerMember wanted_more[] = {
    ANSWER_ROWS("wanted", wanted_shape,
                "At most 500: those that wait by date, then the others, newest first."),
    ANSWER_BOOL("more", "There is more than is listed."),
    ANSWER_END,
};
static const SchedAnswer wanted_list = { .name = "WantedList", .more = wanted_more };
static const SchedAnswerMember tongue_more[] = {
    ANSWER_WORD("language", LANGUAGE, "One that the district knows, or that a version is in."),
    ANSWER_ROWS("checkers", person_shape,
                "Who may vouch for it there, and neither wrote nor speaks the version. None: "
                "nobody could free it."),
    ANSWER_END,
};
static const SchedAnswer tongue_answer = { .name = "LanguageCheckers", .more = tongue_more };
static const SchedAnswerMember people_more[] = {
    ANSWER_ROWS("askable", person_shape, "Who may add a version to it."),
    ANSWER_LIST("languages", tongue_answer, "Who may check each language."),
    ANSWER_END,
};
static const SchedAnswer people_answer = { .name = "AnnouncementPeople", .more = people_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/wanted", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = wanted_query, .work = list_wanted,
      .answer = &wanted_list, .name = "listWanted",
      .meaning = "Versions that somebody was asked for, and how far they are." },
    { .method = "POST", .path = "/api/wanted", .roles = EDITOR, .scope = sched_scope_wanted_put,
      .input = SCHED_INPUT_JSON, .body = &wanted_body, .writes = TRUE, .status = 201,
      .work = ask_version, .answer = &wanted_answer, .name = "askVersion",
      .meaning = "Ask a translator or announcer for a version, until a date." },
    { .method = "POST", .path = "/api/wanted/{wanted}/withdraw", .roles = EDITOR,
      .scope = sched_scope_wanted, .writes = TRUE, .status = 200, .work = withdraw_wanted,
      .answer = &wanted_answer, .name = "withdrawWanted",
      .meaning = "It is wanted no more; what was recorded stays." },
    { .method = "GET", .path = "/api/announcements/{announcement}/people",
      .roles = SCHED_ROLES_ANY, .scope = sched_scope_announcement_read, .status = 200,
      .work = list_people, .answer = &people_answer, .name = "listPeople",
      .meaning = "Who can be asked for a version of it, and who can check which language." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_wanted(void)
{
    return routes;
}
