/*
 * api-district.c - the district itself: who did what, its settings, its table of languages.
 */
#include "scheduler/web/api-internal.h"

#include "content/heartbeat.h"
#include "content/language.h"
#include "scheduler/plan/calendar.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/settings.h"

#include <string.h>

/* ---- shapes ---- */

typedef struct {
    char *value;
} ValueBody;

/* clang-format off */
static const ContentMember audit_shape_members[] = {
    ROW_TEXT(SchedAuditRow, chain, 1, 64, "Of which chain: part of what is hashed."),
    ROW_COUNT(SchedAuditRow, seq, "", "From 1, without gaps."),
    ROW_UTC(SchedAuditRow, at_us, "When."),
    ROW_TEXT(SchedAuditRow, actor, 1, 100, "Who: id of the account, of a station, or a name "
             "of the program's own."),
    ROW_OPTIONAL_TEXT(SchedAuditRow, login, 1, 64, "What the account signs in as."),
    ROW_TEXT(SchedAuditRow, action, 1, 100, "What was done."),
    ROW_TEXT(SchedAuditRow, object, 0, 200, "To what."),
    ROW_TEXT(SchedAuditRow, detail, 0, SCHED_AUDIT_MAX_DETAIL_BYTES, "JSON, exactly as hashed."),
    ROW_WORD(SchedAuditRow, prev, HASH, "Hash of the row before."),
    ROW_WORD(SchedAuditRow, hash, HASH, "Hash of this row."),
    ROW_END,
};
static API_SHAPE(audit_shape, SchedAuditRow, "AuditRow", sched_audit_row_free);

static const ContentMember value_members[] = {
    ROW_TEXT(ValueBody, value, 0, 1000, "The value, as text."),
    ROW_END,
};
static const ContentShape value_shape = { "Value", sizeof(ValueBody), value_members };
/* clang-format on */

/* ---- changes ---- */

static void
prepare_changes(SchedAct *act)
{
    const char *after = content_call_query(act->call, "after");

    sched_changes_wait(act->api->changes, act,
                       after == NULL ? -1 : g_ascii_strtoll(after, NULL, 10));
}

static gboolean
get_changes(SchedTxn *txn, SchedAct *act, GError **error)
{
    act->answer =
        json_pack("{s:I}", "seq", (json_int_t) sched_store_n_commits(act->api->options.store));
    return TRUE;
}

/* ---- audit ---- */

static gint64
number_of(ContentCall *call, const char *name, gint64 fallback, gint64 least, gint64 most)
{
    const char *text = content_call_query(call, name);

    return text == NULL ? fallback : CLAMP(g_ascii_strtoll(text, NULL, 10), least, most);
}

/* From midnight to midnight of a date, on the district's clock. */
static gboolean
read_date(SchedTxn *txn, const char *text, SchedAuditFilter *filter, GError **error)
{
    g_autofree char *tzid = NULL;
    g_autoptr(SchedCalendar) calendar = NULL;
    SchedDay day;

    if (text == NULL)
        return TRUE;
    if (!sched_day_parse(text, &day))
        return sched_api_error(error, SCHED_API_ERROR_BAD, "date: YYYY-MM-DD");
    tzid = sched_store_setting_text(txn, "tzid", error);
    if (tzid == NULL)
        return FALSE;
    calendar = sched_calendar_new(tzid);
    filter->from_us = sched_calendar_instant(calendar, day, 0);
    filter->to_us = sched_calendar_instant(calendar, day + 1, 0);
    return TRUE;
}

static gboolean
list_audit(SchedTxn *txn, SchedAct *act, GError **error)
{
    SchedAuditFilter filter = {
        .object = content_call_query(act->call, "object"),
        .actor = content_call_query(act->call, "actor"),
        .action = content_call_query(act->call, "action"),
        .before_seq = number_of(act->call, "before", 0, 0, G_MAXINT64),
    };
    g_autoptr(GPtrArray) rows = NULL;

    if (!read_date(txn, content_call_query(act->call, "date"), &filter, error))
        return FALSE;
    rows = sched_store_audit_find(txn, &filter, number_of(act->call, "limit", 100, 1, 1000),
                                  error);

    return sched_act_list(act, "rows", &audit_shape, rows);
}

static void
free_head(gpointer head)
{
    sched_store_audit_head_free(head);
}

/* What stations carry in their heartbeats is what they once saw: they are the witnesses. */
static GPtrArray *
witnessed_heads(SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(free_head);
    g_autoptr(GPtrArray) heartbeats = sched_store_heartbeat_list(txn, error);

    for (guint i = 0; heartbeats != NULL && i < heartbeats->len; i++) {
        const SchedHeartbeatRow *row = heartbeats->pdata[i];
        g_autoptr(ContentHeartbeat) heartbeat =
            content_document_read(&content_heartbeat_type, row->document, strlen(row->document),
                                  NULL);

        if (heartbeat != NULL && heartbeat->audit != NULL)
            g_ptr_array_add(heads, g_steal_pointer(&heartbeat->audit));
    }
    return heartbeats == NULL ? NULL : g_steal_pointer(&heads);
}

static gboolean
verify_audit(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) heads = witnessed_heads(txn, error);
    gint64 n_rows = 0, first_bad = 0;
    g_autofree char *why = NULL;

    if (heads == NULL ||
        !sched_store_audit_verify(txn, heads, &n_rows, &first_bad, &why, error))
        return FALSE;
    act->answer = json_pack("{s:b, s:I, s:i}", "whole", first_bad == 0, "rows",
                            (json_int_t) n_rows, "witnesses", (int) heads->len);
    if (first_bad != 0) {
        json_object_set_new(act->answer, "first_bad", json_integer(first_bad));
        json_object_set_new(act->answer, "why", json_string(why));
    }
    return TRUE;
}

/* ---- settings and languages ---- */

static gboolean
list_settings(SchedTxn *txn, SchedAct *act, GError **error)
{
    gsize count = 0;
    const SchedSettingKnown *known = sched_setting_known(&count);
    json_t *list = json_array();

    act->answer = json_pack("{s:o}", "settings", list);
    for (gsize i = 0; i < count; i++) {
        g_autofree char *value = sched_store_setting_text(txn, known[i].key, error);

        if (value == NULL)
            return FALSE;
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "key", known[i].key,
                                              "value", value, "fallback", known[i].fallback,
                                              "meaning", known[i].meaning));
    }
    return TRUE;
}

static gboolean
set_setting(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *value = json_string_value(json_object_get(act->body, "value"));

    return sched_store_setting_set(txn, act->arguments[0], value, error) && sched_act_done(act);
}

static gboolean
list_languages(SchedTxn *txn, SchedAct *act, GError **error)
{
    gsize count = 0;
    const ContentLanguage *languages = content_languages(&count);
    json_t *list = json_array();

    act->answer = json_pack("{s:o}", "languages", list);
    for (gsize i = 0; i < count; i++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "tag", languages[i].tag, "own_name",
                      languages[i].own_name, "vietnamese", languages[i].vietnamese, "english",
                      languages[i].english, "alphabet", languages[i].alphabet));
    return TRUE;
}

#define ADMINISTRATOR SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR)
#define INSPECTOR     (ADMINISTRATOR | SCHED_ROLES(SCHED_ROLE_INSPECTOR))

/* clang-format off */
static const SchedRouteQuery audit_query[] = {
    { "object", "Only rows about this." },
    { "actor", "Only what this one did: an id, or what an account signs in as." },
    { "action", "Only this act (\"slot.approve\"), or all of one kind (\"slot\")." },
    { "date", "Only of this date, by the district's clock." },
    { "before", "Only rows with a smaller number." },
    { "limit", "At most so many, 1 to 1000." },
    { NULL, NULL },
};

static const SchedAnswerMember audit_more[] = {
    ANSWER_ROWS("rows", audit_shape, "Newest first."), ANSWER_END,
};
static const SchedAnswer audit_list = { .name = "AuditList", .more = audit_more };
static const SchedAnswerMember verify_more[] = {
    ANSWER_BOOL("whole", "Nothing was altered."),
    ANSWER_COUNT("rows", "How many were computed anew."),
    ANSWER_COUNT("witnesses", "Stations that remember a state of the chain."),
    ANSWER_OPTIONAL_INT("first_bad", 1, ROW_COUNT_MAX, "", "The first altered row."),
    ANSWER_OPTIONAL_TEXT("why", 1, 1000, "What is wrong with it."),
    ANSWER_END,
};
static const SchedAnswer verify_answer = { .name = "AuditVerdict", .more = verify_more };

static const SchedAnswerMember setting_more[] = {
    ANSWER_TEXT("key", 1, 100, "Its name."),
    ANSWER_TEXT("value", 0, 2000, "What is in force, as text."),
    ANSWER_TEXT("fallback", 0, 2000, "What is in force while nobody set it."),
    ANSWER_TEXT("meaning", 1, 1000, "One sentence."),
    ANSWER_END,
};
static const SchedAnswer setting_answer = { .name = "Setting", .more = setting_more };
static const SchedAnswerMember settings_more[] = {
    ANSWER_LIST("settings", setting_answer, "All that there are."), ANSWER_END,
};
static const SchedAnswer setting_list = { .name = "SettingList", .more = settings_more };

static const SchedAnswerMember language_more[] = {
    ANSWER_WORD("tag", LANGUAGE, "BCP 47 tag."),
    ANSWER_TEXT("own_name", 1, 100, "As its speakers call it."),
    ANSWER_TEXT("vietnamese", 1, 100, "In Vietnamese."),
    ANSWER_TEXT("english", 1, 100, "In English."),
    ANSWER_TEXT("alphabet", 1, 2000, "Letters in order, separated by spaces, for sorting."),
    ANSWER_END,
};
static const SchedAnswer language_answer = { .name = "Language", .more = language_more };
static const SchedAnswerMember languages_more[] = {
    ANSWER_LIST("languages", language_answer, "The table."), ANSWER_END,
};
static const SchedAnswer language_list = { .name = "LanguageList", .more = languages_more };

static const SchedRouteQuery changes_query[] = {
    { "after", "What `seq` was; the answer waits up to 25 s until it is another." },
    { NULL, NULL },
};
static const SchedAnswerMember changes_more[] = {
    ANSWER_COUNT("seq", "Counts commits; another after each start of the scheduler."),
    ANSWER_END,
};
static const SchedAnswer changes_answer = { .name = "Changes", .more = changes_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/changes", .roles = SCHED_ROLES_ANY, .is_own = TRUE,
      .status = 200, .query = changes_query, .prepare = prepare_changes, .work = get_changes,
      .answer = &changes_answer, .name = "awaitChange",
      .meaning = "Answers when something in the district has changed, or after 25 s." },
    { .method = "GET", .path = "/api/audit", .roles = INSPECTOR, .scope = sched_scope_district,
      .status = 200, .query = audit_query, .work = list_audit, .answer = &audit_list, .name = "listAudit",
      .meaning = "Who did what, newest first." },
    { .method = "GET", .path = "/api/audit/verify", .roles = INSPECTOR,
      .scope = sched_scope_district, .status = 200, .work = verify_audit,
      .answer = &verify_answer, .name = "verifyAudit",
      .meaning = "Is the chain whole, and as the stations witnessed it?" },
    { .method = "GET", .path = "/api/settings", .roles = ADMINISTRATOR,
      .scope = sched_scope_district, .status = 200, .work = list_settings,
      .answer = &setting_list, .name = "listSettings", .meaning = "The district's own settings." },
    { .method = "PUT", .path = "/api/settings/{key}", .roles = ADMINISTRATOR,
      .scope = sched_scope_district, .input = SCHED_INPUT_JSON, .body = &value_shape,
      .writes = TRUE, .status = 200, .work = set_setting, .answer = &sched_answer_done, .name = "setSetting",
      .meaning = "Change a setting." },
    { .method = "GET", .path = "/api/languages", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_languages, .answer = &language_list, .name = "listLanguages", .is_own = TRUE,
      .meaning = "The table of languages." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_district(void)
{
    return routes;
}
