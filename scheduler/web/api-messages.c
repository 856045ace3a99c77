/*
 * api-messages.c - how a person is reached and of what they are told; what was sent and what
 * was not; what is about to air without an approval.
 *
 * Who may be told what is decided by rights (message/decide.h); a choice only takes away.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/message/address.h"
#include "scheduler/message/decide.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/messages.h"
#include "scheduler/store/unapproved.h"

#include <string.h>

#define MINE_MAX    20
#define LISTED_MAX  500
#define ON_CALL_MAX 12 /* somebody is called, not everybody */
#define DAY_US      (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define TYPED_MAX   40 /* a number with what people write between its digits */

/* ---- shapes ---- */

typedef struct {
    char *email, *phone;
    gint reader;
    GPtrArray *events;
} WishBody;

typedef struct {
    char *email, *phone;
    gint reader;
} ReachBody;

typedef struct {
    gint way;
} TestBody;

/* clang-format off */
static const ContentMember choice_members[] = {
    ROW_ENUM(SchedMessageChoice, event, sched_message_event_words, "Of what."),
    ROW_BOOL(SchedMessageChoice, email, "Told by e-mail."),
    ROW_BOOL(SchedMessageChoice, phone, "Told by text message."),
    ROW_END,
};
static const ContentShape choice_shape = { "MessageChoice", sizeof(SchedMessageChoice),
                                           choice_members, g_free, NULL };

#define REACH(T)                                                                                \
    ROW_TEXT(T, email, 0, SCHED_EMAIL_MAX_BYTES, "E-mail address; empty: none."),               \
    ROW_TEXT(T, phone, 0, TYPED_MAX, "Phone number; empty: none. What stands between its digits is left out."), \
    ROW_OPTIONAL_ENUM(T, reader, sched_reader_words, "Language of what the person is told; absent: Vietnamese.")
static const ContentMember reach_members[] = { REACH(ReachBody), ROW_END };
static const ContentShape reach_shape = { "Reach", sizeof(ReachBody), reach_members };
static const ContentMember wish_members[] = {
    REACH(WishBody),
    ROW_ANY(WishBody, events, "events", CONTENT_MEMBER_STRUCT, .is_list = TRUE,
            .max_count = SCHED_MESSAGE_N_EVENTS, .element = &choice_shape, .unit = "",
            .meaning = "What is chosen anew; the others stay."),
    ROW_END,
};
static const ContentShape wish_shape = { "MessageWish", sizeof(WishBody), wish_members };
static const ContentMember test_members[] = {
    ROW_ENUM(TestBody, way, sched_message_way_words, "Which way to try."), ROW_END,
};
static const ContentShape test_shape = { "MessageTest", sizeof(TestBody), test_members };

static const ContentMember message_shape_members[] = {
    ROW_WORD(SchedMessageRow, id, ID, "Id, which also stands in its Message-ID."),
    ROW_OPTIONAL_WORD(SchedMessageRow, account, ID, "To whom; absent: a village's messenger."),
    ROW_TEXT(SchedMessageRow, name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_ENUM(SchedMessageRow, way, sched_message_way_words, "Which way."),
    ROW_TEXT(SchedMessageRow, event, 1, 32, "Of what: a word of the choices, or test."),
    ROW_TEXT(SchedMessageRow, address, 1, SCHED_EMAIL_MAX_BYTES, "Where it goes."),
    ROW_TEXT(SchedMessageRow, subject, 1, SCHED_MESSAGE_SUBJECT_BYTES, "What it says first."),
    ROW_UTC(SchedMessageRow, made_us, "When it was written."),
    ROW_UTC(SchedMessageRow, due_us, "Not sent before; of one that is tried again: when."),
    ROW_ENUM(SchedMessageRow, state, sched_message_state_words, "What became of it."),
    ROW_COUNT(SchedMessageRow, attempts, "", "How often it was tried."),
    ROW_UTC(SchedMessageRow, tried_us, "When last; 0: never."),
    ROW_TEXT(SchedMessageRow, fault, 0, 32, "A word of why the last attempt failed; empty: none did."),
    ROW_TEXT(SchedMessageRow, detail, 0, SCHED_MESSAGE_DETAIL_BYTES, "What the server or the command said of it."),
    ROW_END,
};
static API_SHAPE(message_shape, SchedMessageRow, "Message", sched_message_row_free);

static const ContentMember unapproved_shape_members[] = {
    ROW_ENUM(SchedUnapprovedRow, kind, sched_unapproved_kind_words, "What has no approval: the slot, a change of this date, or a version."),
    ROW_WORD(SchedUnapprovedRow, slot, ID, "In which slot."),
    ROW_TEXT(SchedUnapprovedRow, slot_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_WORD(SchedUnapprovedRow, slot_date, DATE, "On which date of it."),
    ROW_TEXT(SchedUnapprovedRow, version, 0, 64, "The version; empty: it is none."),
    ROW_TEXT(SchedUnapprovedRow, announcement, 0, 64, "The announcement; empty: it is none."),
    ROW_TEXT(SchedUnapprovedRow, title, 1, ROW_TITLE_MAX_BYTES, "Title of the announcement or name of the slot."),
    ROW_TEXT(SchedUnapprovedRow, language, 0, 35, "Of the version; empty where it has none."),
    ROW_TEXT(SchedUnapprovedRow, state, 0, 16, "How far the version is now; empty: it is none."),
    ROW_WORD(SchedUnapprovedRow, home, ID, "Area whose approvers it waits for."),
    ROW_UTC(SchedUnapprovedRow, start_us, "When its slot begins."),
    ROW_COUNT(SchedUnapprovedRow, n_zones, "", "Zones that would hear it."),
    ROW_BOOL(SchedUnapprovedRow, dropped, "Its time came without one: it was left out, the rest of the slot played."),
    ROW_END,
};
static API_SHAPE(unapproved_shape, SchedUnapprovedRow, "Unapproved", sched_unapproved_row_free);

static const ContentMember on_call_shape_members[] = {
    ROW_WORD(SchedOnCallRow, account, ID, "Who."),
    ROW_TEXT(SchedOnCallRow, name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_ENUM(SchedOnCallRow, role, sched_role_words, "What they are there."),
    ROW_WORD(SchedOnCallRow, area, ID, "Where they hold it: the area or one above."),
    ROW_TEXT(SchedOnCallRow, phone, 0, SCHED_PHONE_MAX_BYTES, "Phone number; empty: none."),
    ROW_TEXT(SchedOnCallRow, email, 0, SCHED_EMAIL_MAX_BYTES, "E-mail address; empty: none."),
    ROW_END,
};
static API_SHAPE(on_call_shape, SchedOnCallRow, "OnCall", sched_on_call_row_free);
/* clang-format on */

/* ---- my own ---- */

static gboolean
has_way(const SchedAct *act, gint way)
{
    const SchedApiOptions *options = &act->api->options;

    return options->ports->has_way != NULL && options->ports->has_way(options->ports_data, way);
}

static gboolean
add_choices(SchedTxn *txn, SchedAct *act, GError **error)
{
    SchedMessageChoice choices[SCHED_MESSAGE_N_EVENTS];
    g_autoptr(GPtrArray) rights = sched_store_right_list(txn, act->account, error);
    json_t *list = json_array();
    guint roles = 0;

    json_object_set_new(act->answer, "events", list);
    if (rights == NULL || !sched_store_message_choices(txn, act->account, choices, error))
        return FALSE;
    for (guint i = 0; i < rights->len; i++)
        roles |= SCHED_ROLES(((const SchedRightRow *) rights->pdata[i])->role);
    for (gint event = 0; event < SCHED_MESSAGE_N_EVENTS; event++) {
        if (sched_message_concerns(event, roles))
            json_array_append_new(list, sched_shape_write(&choice_shape, &choices[event]));
    }
    return TRUE;
}

static gboolean
get_wishes(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedAccountRow) account = sched_store_account_get(txn, act->account, error);
    g_autoptr(GPtrArray) mine = NULL;

    if (account == NULL)
        return FALSE;
    mine = sched_store_message_list(txn, act->account, NULL, MINE_MAX, error);
    if (!sched_act_list(act, "messages", &message_shape, mine))
        return FALSE;
    json_object_set_new(act->answer, "email", json_string(account->email));
    json_object_set_new(act->answer, "phone", json_string(account->phone));
    json_object_set_new(act->answer, "reader",
                        json_string(sched_reader_words[account->reader]));
    json_object_set_new(act->answer, "sends_email",
                        json_boolean(has_way(act, SCHED_MESSAGE_BY_EMAIL)));
    json_object_set_new(act->answer, "sends_text",
                        json_boolean(has_way(act, SCHED_MESSAGE_BY_PHONE)));
    return add_choices(txn, act, error);
}

static gboolean
set_wishes(SchedTxn *txn, SchedAct *act, GError **error)
{
    WishBody *body = content_shape_new(&wish_shape);
    gboolean ok = sched_act_read(act, body, error) &&
                  sched_store_account_reach(txn, act->account, body->email, body->phone,
                                            body->reader, error);

    for (guint i = 0; ok && body->events != NULL && i < body->events->len; i++)
        ok = sched_store_message_choose(txn, act->account, body->events->pdata[i], error);
    content_shape_free(&wish_shape, body);
    return ok && sched_act_done(act);
}

static void
after_test(SchedAct *act)
{
    const SchedApiOptions *options = &act->api->options;

    if (options->ports->message_added != NULL)
        options->ports->message_added(options->ports_data);
}

static gboolean
add_test(SchedTxn *txn, SchedAct *act, const SchedAccountRow *account, gint way, GError **error)
{
    const char *address = way == SCHED_MESSAGE_BY_EMAIL ? account->email : account->phone;
    ContentReader reader = (ContentReader) account->reader;
    g_autofree char *id = sched_act_id(act);
    g_autofree char *subject = sched_message_say(reader, "test.subject", NULL);
    g_autofree char *body = sched_message_say(reader, "test.body", NULL);
    const SchedMessageRow row = {
        .id = id,
        .account = act->account,
        .way = way,
        .event = (char *) sched_message_event_words[SCHED_MESSAGE_TEST],
        .address = (char *) address,
        .subject = subject,
        .body = body,
        .due_us = act->now_us,
    };

    if (*address == '\0' || !has_way(act, way))
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "way: you have no address for it, or the district sends nothing "
                               "that way");
    act->after = after_test;
    return sched_store_message_add(txn, &row, NULL, error) &&
           sched_store_audit_append(txn, "message.test", act->account, NULL, error);
}

static gboolean
test_way(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedAccountRow) account = sched_store_account_get(txn, act->account, error);
    TestBody body = {0};
    gboolean may = FALSE;

    if (account == NULL || !sched_act_read(act, &body, error) ||
        !sched_store_message_may_test(txn, act->account, &may, error))
        return FALSE;
    if (!may) {
        content_call_add_header(act->call, "Retry-After", "60");
        return sched_api_error(error, SCHED_API_ERROR_SLOW_DOWN,
                               "one test message a minute, and %d a day",
                               SCHED_MESSAGE_TESTS_A_DAY);
    }
    return add_test(txn, act, account, body.way, error) && sched_act_done(act);
}

/* ---- of others ---- */

static gboolean
set_reach(SchedTxn *txn, SchedAct *act, GError **error)
{
    ReachBody *body = content_shape_new(&reach_shape);
    gboolean ok = sched_act_read(act, body, error) &&
                  sched_store_account_reach(txn, act->arguments[0], body->email, body->phone,
                                            body->reader, error) &&
                  sched_act_done(act);

    content_shape_free(&reach_shape, body);
    return ok;
}

static gboolean
list_messages(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) rows =
        sched_store_message_list(txn, content_call_query(act->call, "account"),
                                 content_call_query(act->call, "state"), LISTED_MAX, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedMessageRow *row = rows->pdata[i - 1];

        if (!g_hash_table_contains(seen, row->account) &&
            !sched_access_sees_account(txn, act, row->account))
            g_ptr_array_remove_index(rows, i - 1);
        else
            g_hash_table_add(seen, row->account);
    }
    return sched_act_list(act, "messages", &message_shape, rows);
}

/* @date: (nullable): only what was dropped on it; else what is to come, and what was lately. */
static gboolean
is_asked(const SchedUnapprovedRow *row, const char *date)
{
    return date == NULL || (row->dropped && strcmp(row->slot_date, date) == 0);
}

static gboolean
list_unapproved(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *date = content_call_query(act->call, "date");
    gint64 since_us = act->now_us - 2 * DAY_US;
    g_autoptr(GPtrArray) rows = NULL;
    SchedDay day = 0;

    if (date != NULL && !sched_day_parse(date, &day))
        return sched_api_error(error, SCHED_API_ERROR_BAD, "date: YYYY-MM-DD");
    /* A date begins up to half a day before or after it does at Greenwich. */
    if (date != NULL)
        since_us = (day - 1) * DAY_US;
    rows = sched_store_unapproved_list(txn, since_us, error);
    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedUnapprovedRow *row = rows->pdata[i - 1];

        if (!is_asked(row, date) || !sched_access_sees(txn, act, row->home))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "unapproved", &unapproved_shape, rows);
}

static gboolean
list_on_call(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_on_call(txn, act->arguments[0], act->now_us, ON_CALL_MAX, error);

    return sched_act_list(act, "people", &on_call_shape, rows);
}

#define ADMINISTRATOR SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR)

/* clang-format off */
static const SchedAnswerMember wishes_more[] = {
    ANSWER_TEXT("email", 0, SCHED_EMAIL_MAX_BYTES, "My e-mail address; empty: none."),
    ANSWER_TEXT("phone", 0, SCHED_PHONE_MAX_BYTES, "My phone number; empty: none."),
    ANSWER_ANY("reader", CONTENT_MEMBER_ENUM, .required = TRUE, .choices = sched_reader_words,
               .meaning = "Language of what I am told."),
    ANSWER_BOOL("sends_email", "Whether the district sends e-mails at all."),
    ANSWER_BOOL("sends_text", "Whether it sends text messages at all."),
    ANSWER_ROWS("events", choice_shape, "Of what I may be told, by my roles, and what I chose."),
    ANSWER_ROWS("messages", message_shape, "The last that were sent to me, the newest first."),
    ANSWER_END,
};
static const SchedAnswer wishes_answer = { .name = "MessageWishes", .more = wishes_more };
static const SchedAnswerMember messages_more[] = {
    ANSWER_ROWS("messages", message_shape, "The newest first, at most 500."), ANSWER_END,
};
static const SchedAnswer messages_answer = { .name = "MessageList", .more = messages_more };
static const SchedAnswerMember unapproved_more[] = {
    ANSWER_ROWS("unapproved", unapproved_shape, "By start: dropped within two days, then what is to air within one."),
    ANSWER_END,
};
static const SchedAnswer unapproved_answer = { .name = "UnapprovedList", .more = unapproved_more };
static const SchedAnswerMember on_call_more[] = {
    ANSWER_ROWS("people", on_call_shape, "The nearest first, at most 12."), ANSWER_END,
};
static const SchedAnswer on_call_answer = { .name = "OnCallList", .more = on_call_more };
static const SchedRouteQuery message_query[] = {
    { "account", "Only to this account." },
    { "state", "Only those that are waiting, sent or failed." },
    { NULL, NULL },
};

static const SchedRouteQuery unapproved_query[] = {
    { "date", "Only what was dropped on this local date, YYYY-MM-DD." },
    { NULL, NULL },
};

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/session/messages", .roles = SCHED_ROLES_ANY, .is_own = TRUE,
      .status = 200, .work = get_wishes, .answer = &wishes_answer, .name = "getMessageWishes",
      .meaning = "How I am reached, and of what I am told." },
    { .method = "PUT", .path = "/api/session/messages", .roles = SCHED_ROLES_ANY, .is_own = TRUE,
      .input = SCHED_INPUT_JSON, .body = &wish_shape, .writes = TRUE, .status = 200,
      .work = set_wishes, .answer = &sched_answer_done, .name = "setMessageWishes",
      .meaning = "Say how I am reached, and choose of what I am told." },
    { .method = "POST", .path = "/api/session/messages/test", .roles = SCHED_ROLES_ANY,
      .is_own = TRUE, .input = SCHED_INPUT_JSON, .body = &test_shape, .writes = TRUE,
      .status = 200, .work = test_way, .answer = &sched_answer_done, .name = "testMessage",
      .meaning = "A test message to myself; one a minute." },
    { .method = "PUT", .path = "/api/accounts/{account}/reach", .roles = ADMINISTRATOR,
      .scope = sched_scope_account, .input = SCHED_INPUT_JSON, .body = &reach_shape,
      .writes = TRUE, .status = 200, .work = set_reach, .answer = &sched_answer_done,
      .name = "setReach", .meaning = "Say how somebody is reached." },
    { .method = "GET", .path = "/api/messages", .roles = ADMINISTRATOR, .status = 200,
      .query = message_query, .work = list_messages, .answer = &messages_answer,
      .name = "listMessages", .meaning = "What was sent to people, and what failed." },
    { .method = "GET", .path = "/api/unapproved", .roles = SCHED_ROLES_ANY, .status = 200,
      .query = unapproved_query,
      .work = list_unapproved, .answer = &unapproved_answer, .name = "listUnapproved",
      .meaning = "What is to air within a day and is not approved, and what was dropped for that." },
    { .method = "GET", .path = "/api/areas/{area}/on-call", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_read, .status = 200, .work = list_on_call,
      .answer = &on_call_answer, .name = "listOnCall",
      .meaning = "Who answers for a place or looks after its equipment, and how they are reached." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_messages(void)
{
    return routes;
}
