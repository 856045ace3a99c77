/*
 * api-announcements.c - announcements: what is said about them, and their withdrawal.
 */
#include "scheduler/web/api-internal.h"

#include "content/language.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/categories.h"
#include "scheduler/store/uses.h"

#include <string.h>

/* ---- shapes ---- */

/* clang-format off */
#define ANNOUNCEMENT_ROWS                                                                       \
    ROW_OPTIONAL_ENUM(SchedAnnouncementRow, kind, sched_announcement_kind_words,                \
                      "A bulletin with words, a signal, or a source."),                                   \
    ROW_TEXT(SchedAnnouncementRow, title, 1, SCHED_ANNOUNCEMENT_MAX_TITLE_BYTES, "Title."),     \
    ROW_OPTIONAL_TEXT(SchedAnnouncementRow, category, 0, 100, "A word of the district's list."),\
    ROW_CLASS(SchedAnnouncementRow, "The highest class it may be played as."),                  \
    ROW_TEXT(SchedAnnouncementRow, source_number, 1, 100, "Number of the document it is from."),\
    ROW_TEXT(SchedAnnouncementRow, source_issuer, 1, 200, "Who issued that document."),         \
    ROW_WORD(SchedAnnouncementRow, source_date, DATE, "Its date."),                             \
    ROW_UTC(SchedAnnouncementRow, valid_from_us, "It may sound from then."),                    \
    ROW_UTC(SchedAnnouncementRow, valid_until_us, "And not from then on."),                     \
    ROW_WORD(SchedAnnouncementRow, home, ID, "Area whose editors and approvers it belongs to."),\
    ROW_WORDS(SchedAnnouncementRow, areas, SCHED_ANNOUNCEMENT_MAX_AREAS, ID,                    \
              "Where it may sound, with all below.")
#define REVISION_ROW                                                                            \
    ROW_OPTIONAL_INT(SchedAnnouncementRow, revision, 0, ROW_COUNT_MAX, 0, "",                   \
                     "The revision that was read; needed to change it.")
static const ContentMember announcement_body_members[] = {
    ANNOUNCEMENT_ROWS, REVISION_ROW, ROW_END,
};
static const ContentShape announcement_body = { "AnnouncementBody",
                                                sizeof(SchedAnnouncementRow),
                                                announcement_body_members };
static const ContentMember announcement_shape_members[] = {
    ROW_WORD(SchedAnnouncementRow, id, ID, "Id of the announcement."),
    ANNOUNCEMENT_ROWS,
    ROW_BOOL(SchedAnnouncementRow, withdrawn, "Plays no more."),
    ROW_WORD(SchedAnnouncementRow, author, ID, "Who made it."),
    ROW_UTC(SchedAnnouncementRow, created_us, "When it was made."),
    ROW_UTC(SchedAnnouncementRow, changed_us, "When it was last changed."),
    ROW_COUNT(SchedAnnouncementRow, revision, "", "Counts up with each change."),
    ROW_END,
};
static API_SHAPE(announcement_shape, SchedAnnouncementRow, "Announcement",
                 sched_announcement_row_free);

static const ContentMember brief_members[] = {
    ROW_WORD(SchedVersionRow, id, ID, "Id of the version."),
    ROW_OPTIONAL_WORD(SchedVersionRow, language, LANGUAGE, "Its language."),
    ROW_ENUM(SchedVersionRow, state, sched_version_state_words, "How far it is."),
    ROW_OPTIONAL_WORD(SchedVersionRow, object, HASH, "The audio; absent: not yet there."),
    ROW_END,
};
static const ContentShape brief_shape = { "VersionBrief", sizeof(SchedVersionRow),
                                          brief_members };

static const ContentMember use_shape_members[] = {
    ROW_OPTIONAL_WORD(SchedUseRow, slot, ID, "The slot; absent: a special day."),
    ROW_TEXT(SchedUseRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_OPTIONAL_WORD(SchedUseRow, date, DATE, "Only on that date; of a special day the first."),
    ROW_BOOL(SchedUseRow, approved, "As it is now, by a second person."),
    ROW_BOOL(SchedUseRow, stopped, "It plays no more."),
    ROW_END,
};
static API_SHAPE(use_shape, SchedUseRow, "AnnouncementUse", sched_use_row_free);
static const ContentMember lack_shape_members[] = {
    ROW_WORD(SchedLackRow, language, LANGUAGE, "What is missing."),
    ROW_TEXT(SchedLackRow, hears, 0, 300, "Tags of what they hear instead, in their order, "
             "separated by spaces; empty: nothing of it."),
    ROW_COUNT(SchedLackRow, n_villages, "", "How many villages."),
    ROW_TEXTS(SchedLackRow, names, SCHED_LACKS_MAX_NAMES, 1, ROW_NAME_MAX_BYTES,
              "Names of some of them."),
    ROW_END,
};
static const ContentMember category_shape_members[] = {
    ROW_TEXT(SchedCategoryRow, category, 1, 100, "As it is written."),
    ROW_COUNT(SchedCategoryRow, n, "", "How many announcements have it."),
    ROW_BOOL(SchedCategoryRow, offered, "Stands in the district's list: a new one may have it."),
    ROW_END,
};
static API_SHAPE(category_shape, SchedCategoryRow, "Category", sched_category_row_free);
static API_SHAPE(lack_shape, SchedLackRow, "AnnouncementLack", sched_lack_row_free);
/* clang-format on */

/* ---- announcements ---- */

static gint64
limit_of(ContentCall *call)
{
    const char *text = content_call_query(call, "limit");
    gint64 limit = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 100;

    return CLAMP(limit, 1, 500);
}

/* ---- where it was found ---- */

/* Of a script, so much is shown before and behind what was looked for. */
#define FOUND_BEFORE 40
#define FOUND_AFTER  60

/* In one line, with a sign at the end where more stands. Returns: (transfer full) */
static char *
one_line(const char *text, const char *end, gboolean more_before, gboolean more_behind)
{
    g_autofree char *part = g_strndup(text, (gsize) (end - text));

    return g_strconcat(more_before ? "…" : "", g_strdelimit(part, "\r\n\t", ' '),
                       more_behind ? "…" : "", NULL);
}

/* Behind at most @max letters, or at the end. */
static const char *
letters_on(const char *text, guint max)
{
    for (guint i = 0; i < max && *text != '\0'; i++)
        text = g_utf8_next_char(text);
    return text;
}

static const char *
letters_back(const char *text, const char *begin, guint max)
{
    for (guint i = 0; i < max && text > begin; i++)
        text = g_utf8_prev_char(text);
    return text;
}

/* Returns: (nullable): NULL: it is not in this script */
static json_t *
found_in_script(const SchedVersionRow *version, const char *search)
{
    g_autofree char *before = NULL, *hit = NULL, *after = NULL;
    const char *text = version->script, *first, *last;
    gsize from, to;

    if (text == NULL || !content_text_find(text, search, &from, &to))
        return NULL;
    first = letters_back(text + from, text, FOUND_BEFORE);
    last = letters_on(text + to, FOUND_AFTER);
    before = one_line(first, text + from, first > text, FALSE);
    hit = one_line(text + from, text + to, FALSE, FALSE);
    after = one_line(text + to, last, FALSE, *last != '\0');
    return json_pack("{s:s, s:s*, s:s, s:s, s:s}", "in", "script", "language",
                     version->language, "before", before, "hit", hit, "after", after);
}

/* The first of title, source and scripts that has it, as the list found it. */
static json_t *
found_in(json_t *one, GPtrArray *versions, const char *search)
{
    g_autofree char *wanted = content_text_fold(search);
    g_autofree char *title =
        content_text_fold(json_string_value(json_object_get(one, "title")));
    g_autofree char *both =
        g_strjoin(" ", json_string_value(json_object_get(one, "source_number")),
                  json_string_value(json_object_get(one, "source_issuer")), NULL);
    g_autofree char *source = content_text_fold(both);
    json_t *found = NULL;

    if (strstr(title, wanted) != NULL)
        return json_pack("{s:s}", "in", "title");
    if (strstr(source, wanted) != NULL)
        return json_pack("{s:s}", "in", "source");
    for (guint i = 0; i < versions->len && found == NULL; i++)
        found = found_in_script(g_ptr_array_index(versions, i), search);
    return found;
}

static void
add_found(SchedAct *act, json_t *one, GPtrArray *versions)
{
    const char *search = content_call_query(act->call, "search");
    json_t *found = search == NULL ? NULL : found_in(one, versions, search);

    if (found != NULL)
        json_object_set_new(one, "found", found);
}

/* How far each language is; scripts stay where they are, a list of them would be a book. */
static gboolean
add_versions(SchedTxn *txn, SchedAct *act, GError **error)
{
    json_t *list = json_object_get(act->answer, "announcements"), *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        g_autoptr(GPtrArray) versions =
            sched_store_version_list(txn, json_string_value(json_object_get(one, "id")), error);

        if (versions == NULL)
            return FALSE;
        json_object_set_new(one, "versions", sched_shape_write_all(&brief_shape, versions));
        add_found(act, one, versions);
    }
    return TRUE;
}

/* Who would hear another language, of all that are listed at once. */
static gboolean
add_lacks(SchedTxn *txn, SchedAct *act, GError **error)
{
    json_t *list = json_object_get(act->answer, "announcements"), *one;
    g_autoptr(GPtrArray) ids = g_ptr_array_new(), none = g_ptr_array_new();
    g_autoptr(GHashTable) all = NULL;
    size_t i;

    json_array_foreach(list, i, one)
        g_ptr_array_add(ids, (char *) json_string_value(json_object_get(one, "id")));
    all = sched_store_lacks_of(txn, ids, error);
    if (all == NULL)
        return FALSE;
    json_array_foreach(list, i, one)
    {
        GPtrArray *lacks = g_hash_table_lookup(all, g_ptr_array_index(ids, i));

        json_object_set_new(one, "lacks",
                            sched_shape_write_all(&lack_shape, lacks == NULL ? none : lacks));
    }
    return TRUE;
}

/* A word that is none of the table would find nothing: that is told. */
static gboolean
check_word(const char *name, const char *word, const char *const *words, GError **error)
{
    if (word == NULL || g_strv_contains(words, word))
        return TRUE;
    return sched_api_error(error, SCHED_API_ERROR_BAD, "%s: there is no '%s'", name, word);
}

static gboolean
read_filter(SchedAct *act, SchedAnnouncementFilter *filter, GError **error)
{
    ContentCall *call = act->call;

    *filter = (SchedAnnouncementFilter){
        .area = content_call_query(call, "area"),
        .search = content_call_query(call, "search"),
        .category = content_call_query(call, "category"),
        .class_ = content_call_query(call, "class"),
        .state = content_call_query(call, "state"),
        .lacks = content_call_query(call, "lacks"),
        .after = content_call_query(call, "after"),
        .seer = act->account,
        .now_us = act->now_us,
    };
    if (filter->lacks != NULL && !content_language_tag_is_valid(filter->lacks))
        return sched_api_error(error, SCHED_API_ERROR_BAD, "lacks: no language");
    return check_word("class", filter->class_, content_class_words, error) &&
           (g_strcmp0(filter->state, SCHED_ANNOUNCEMENT_WITHDRAWN) == 0 ||
            check_word("state", filter->state, sched_version_state_words, error));
}

static gboolean
list_announcements(SchedTxn *txn, SchedAct *act, GError **error)
{
    SchedAnnouncementFilter filter;
    g_autoptr(GPtrArray) rows =
        read_filter(act, &filter, error)
            ? sched_store_announcement_list(txn, &filter, limit_of(act->call), error)
            : NULL;
    g_autofree char *next = NULL;

    if (rows != NULL && (gint64) rows->len == limit_of(act->call))
        next = g_strdup(((SchedAnnouncementRow *) rows->pdata[rows->len - 1])->id);
    if (!sched_act_list(act, "announcements", &announcement_shape, rows) ||
        !add_versions(txn, act, error) || !add_lacks(txn, act, error))
        return FALSE;
    if (next != NULL)
        json_object_set_new(act->answer, "next", json_string(next));
    return TRUE;
}

static gboolean
answer_announcement(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedAnnouncementRow) row = sched_store_announcement_get(txn, id, error);
    g_autoptr(GPtrArray) versions = NULL;

    if (!sched_act_row(act, &announcement_shape, row))
        return FALSE;
    versions = sched_store_version_list(txn, id, error);
    if (versions == NULL)
        return FALSE;
    json_object_set_new(act->answer, "versions",
                        sched_shape_write_all(&sched_api_version_shape, versions));
    return TRUE;
}

static gboolean
get_announcement(SchedTxn *txn, SchedAct *act, GError **error)
{
    return answer_announcement(txn, act, act->arguments[0], error);
}

static gboolean
list_categories(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_category_list(txn, error);

    return sched_act_list(act, "categories", &category_shape, rows);
}

/* Slots of places that somebody does not see are nothing to them. */
static gboolean
list_uses(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) uses = sched_store_uses(txn, act->arguments[0], error);
    g_autoptr(GPtrArray) lacks =
        uses == NULL ? NULL : sched_store_lacks(txn, act->arguments[0], error);

    for (guint i = uses == NULL ? 0 : uses->len; i > 0; i--) {
        if (!sched_access_sees(txn, act, ((const SchedUseRow *) uses->pdata[i - 1])->home))
            g_ptr_array_remove_index(uses, i - 1);
    }
    if (lacks == NULL || !sched_act_list(act, "uses", &use_shape, uses))
        return FALSE;
    json_object_set_new(act->answer, "lacks", sched_shape_write_all(&lack_shape, lacks));
    return TRUE;
}

/* What was withdrawn stays so: a change of its title is no way to make it sound again. */
static gboolean
is_withdrawn(SchedTxn *txn, const char *id)
{
    g_autoptr(SchedAnnouncementRow) row = sched_store_announcement_get(txn, id, NULL);

    return row != NULL && row->withdrawn;
}

static gboolean
put(SchedTxn *txn, SchedAct *act, const char *id, gint64 expect, GError **error)
{
    g_autoptr(SchedAnnouncementRow) row = content_shape_new(&announcement_body);

    row->id = g_strdup(id);
    row->withdrawn = is_withdrawn(txn, id);
    if (!sched_act_read(act, row, error))
        return FALSE;
    return sched_store_announcement_put(txn, row, expect < 0 ? row->revision : expect, error) &&
           answer_announcement(txn, act, id, error);
}

static gboolean
add_announcement(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *id = sched_act_id(act);

    return put(txn, act, id, 0, error);
}

/* Revision 0 would mean "new": a change says what it changes. */
static gboolean
require_revision(SchedAct *act, GError **error)
{
    if (json_integer_value(json_object_get(act->body, "revision")) > 0)
        return TRUE;
    return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "revision: a change names the revision that was read");
}

static gboolean
change_announcement(SchedTxn *txn, SchedAct *act, GError **error)
{
    return require_revision(act, error) && put(txn, act, act->arguments[0], -1, error);
}

static gboolean
withdraw_announcement(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_announcement_withdraw(txn, act->arguments[0], error) &&
           answer_announcement(txn, act, act->arguments[0], error);
}

#define EDITOR   SCHED_ROLES(SCHED_ROLE_EDITOR)
#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)
#define OFFICIAL SCHED_ROLES(SCHED_ROLE_OFFICIAL)

/* clang-format off */
static const SchedRouteQuery list_query[] = {
    { "area", "Only those at home in this area and below." },
    { "search", "Found anywhere in title, document number and issuer, or words of a script in a row; with or without marks." },
    { "category", "Only of this one." },
    { "class", "Only of this one." },
    { "state", "Only with a version that is so far, or \"withdrawn\"." },
    { "lacks", "Only bulletins without a version in this language." },
    { "after", "The page begins behind this id." },
    { "limit", "At most so many, 1 to 500." },
    { NULL, NULL },
};
static const char *const found_words[] = { "title", "source", "script", NULL };
static const SchedAnswerMember found_more[] = {
    ANSWER_OPTIONAL_ENUM("in", found_words, "Where; source: document number and issuer."),
    ANSWER_OPTIONAL_WORD("language", LANGUAGE, "Of the script."),
    ANSWER_OPTIONAL_TEXT("before", 0, 400, "What stands before it there."),
    ANSWER_OPTIONAL_TEXT("hit", 1, SCHED_VERSION_MAX_SCRIPT_BYTES, "As it is written there."),
    ANSWER_OPTIONAL_TEXT("after", 0, 400, "And behind it."),
    ANSWER_END,
};
static const SchedAnswer found_answer = { .name = "AnnouncementFound", .more = found_more };
static const SchedAnswerMember listed_more[] = {
    ANSWER_ROWS("versions", brief_shape, "One a language, in short."),
    ANSWER_ROWS("lacks", lack_shape,
                "Villages that would hear another language than one they list, or nothing; "
                "without their names."),
    ANSWER_OPTIONAL_PART("found", found_answer, "With ?search=: where it was found."),
    ANSWER_END,
};
static const SchedAnswer announcement_listed = {
    .name = "AnnouncementListed", .row = &announcement_shape, .more = listed_more,
};
static const SchedAnswerMember announcements_more[] = {
    ANSWER_LIST("announcements", announcement_listed, "Newest first."),
    ANSWER_OPTIONAL_WORD("next", ID, "There may be more: ask again with ?after= this."),
    ANSWER_END,
};
static const SchedAnswer announcement_list = {
    .name = "AnnouncementList", .more = announcements_more,
};
static const SchedAnswerMember categories_more[] = {
    ANSWER_ROWS("categories", category_shape, "The list in its order, then others by name; at most 200."), ANSWER_END,
};
static const SchedAnswer category_list = { .name = "CategoryList", .more = categories_more };
static const SchedAnswerMember uses_more[] = {
    ANSWER_ROWS("uses", use_shape, "Slots and special days that play it; at most 200."),
    ANSWER_ROWS("lacks", lack_shape,
                "Villages that would hear another language than one they list, or nothing."),
    ANSWER_END,
};
static const SchedAnswer uses_answer = { .name = "AnnouncementUses", .more = uses_more };
static const SchedAnswerMember whole_more[] = {
    ANSWER_ROWS("versions", sched_api_version_shape, "One a language."), ANSWER_END,
};
static const SchedAnswer announcement_whole = {
    .name = "AnnouncementWhole", .row = &announcement_shape, .more = whole_more,
};

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/announcements", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = list_query,
      .work = list_announcements, .answer = &announcement_list, .name = "listAnnouncements",
      .meaning = "Announcements, newest first." },
    { .method = "POST", .path = "/api/announcements", .roles = EDITOR,
      .scope = sched_scope_announcement_put, .input = SCHED_INPUT_JSON,
      .body = &announcement_body, .writes = TRUE, .status = 201, .work = add_announcement,
      .answer = &announcement_whole, .name = "addAnnouncement", .meaning = "A new announcement." },
    { .method = "GET", .path = "/api/announcements/{announcement}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_announcement_read, .status = 200, .work = get_announcement,
      .answer = &announcement_whole, .name = "getAnnouncement", .meaning = "One announcement with its versions." },
    { .method = "GET", .path = "/api/categories", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_categories, .answer = &category_list, .name = "listCategories",
      .meaning = "Categories that announcements may have, and those that they still have." },
    { .method = "GET", .path = "/api/announcements/{announcement}/uses",
      .roles = SCHED_ROLES_ANY, .scope = sched_scope_announcement_read, .status = 200,
      .work = list_uses, .answer = &uses_answer, .name = "listUses",
      .meaning = "Where it is played, and which villages it has no language for." },
    { .method = "PUT", .path = "/api/announcements/{announcement}", .roles = EDITOR,
      .scope = sched_scope_announcement_put, .input = SCHED_INPUT_JSON,
      .body = &announcement_body, .writes = TRUE, .status = 200, .work = change_announcement,
      .answer = &announcement_whole, .name = "changeAnnouncement",
      .meaning = "Change what is said about it; takes its approvals away." },
    { .method = "POST", .path = "/api/announcements/{announcement}/withdraw",
      .roles = EDITOR | APPROVER | OFFICIAL, .scope = sched_scope_announcement_home,
      .writes = TRUE, .is_urgent = TRUE, .status = 200, .work = withdraw_announcement,
      .answer = &announcement_whole, .name = "withdrawAnnouncement",
      .meaning = "It plays no more, anywhere; needs nobody's approval." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_announcements(void)
{
    return routes;
}
