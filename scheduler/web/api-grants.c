/*
 * api-grants.c - what communes may start alone, and the PINs for it.
 *
 * A grant makes sound possible that nobody at the district orders, so a second person agrees to
 * it; it is taken back at once. Nobody sets another's PIN, and it is read by nobody.
 */
#include "scheduler/web/api-internal.h"

#include "content/record.h"
#include "scheduler/store/grants.h"

#include <string.h>

/* Those that are over are told of for so long. */
#define GRANT_SHOWN_US (G_GINT64_CONSTANT(90) * 86400 * G_USEC_PER_SEC)
#define SPAN_MIN_S     60

typedef struct {
    char *old, *pin;
} PinBody;

#define MAX_LOCAL 200

/* An order given at a station; strings stay the row's and the record's. */
typedef struct {
    char *station, *station_name, *alert, *by, *grant, *title;
    gboolean stop, input, drill;
    gint64 at_us, until_us;
} LocalRow;

/* clang-format off */
#define GRANT_ROWS_FIRST                                                                        \
    ROW_STRUCTS(SchedGrantRow, inputs, CONTENT_GRANT_MAX_INPUTS, content_grant_input_shape,     \
                "Push buttons, and what pressing each starts."),                                \
    ROW_INT(SchedGrantRow, max_starts, 1, CONTENT_GRANT_MAX_STARTS, "", "How often in span_s."), \
    ROW_TEXT(SchedGrantRow, name, 1, ROW_NAME_MAX_BYTES, "In words."),                          \
    ROW_OPTIONAL_UTC(SchedGrantRow, not_before_us, "From when; absent: from when it is approved."), \
    ROW_INT(SchedGrantRow, span_s, SPAN_MIN_S, CONTENT_GRANT_MAX_SPAN_S, "s", "See max_starts."), \
    ROW_WORDS(SchedGrantRow, templates, CONTENT_GRANT_MAX_TEMPLATES, ID, "Which may be started.")
#define GRANT_ROWS                                                                              \
    ROW_WORDS(SchedGrantRow, accounts, CONTENT_GRANT_MAX_ACCOUNTS, ID,                          \
              "Who may call, each with a PIN of their own; they may call alerts there anyway."), \
    ROW_WORDS(SchedGrantRow, areas, SCHED_GRANT_MAX_AREAS, ID, "Where, subtrees included."),    \
    ROW_OPTIONAL_BOOL(SchedGrantRow, drills, "Also drills."),                                   \
    ROW_UTC(SchedGrantRow, expires_us, "Until when; a year at most."), GRANT_ROWS_FIRST
static const ContentMember grant_body_members[] = { GRANT_ROWS, ROW_END };
static const ContentShape grant_body = { "GrantBody", sizeof(SchedGrantRow), grant_body_members };
static const ContentMember grant_shape_members[] = {
    ROW_WORD(SchedGrantRow, id, ID, "Id of the grant."),
    GRANT_ROWS,
    ROW_WORD(SchedGrantRow, approver, ID, "The second person, who agreed."),
    ROW_TEXT(SchedGrantRow, approver_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_UTC(SchedGrantRow, made_us, "When they agreed."),
    ROW_UTC(SchedGrantRow, revoked_us, "When it was revoked; 0: it was not."),
    ROW_OPTIONAL_WORD(SchedGrantRow, revoked_by, ID, "Who revoked it."),
    ROW_WORDS(SchedGrantRow, without_pin, CONTENT_GRANT_MAX_ACCOUNTS, ID, "Those who have set no PIN: they cannot call yet."),
    ROW_END,
};
static API_SHAPE(grant_shape, SchedGrantRow, "Grant", sched_grant_row_free);
static const ContentMember local_shape_members[] = {
    ROW_OPTIONAL_WORD(LocalRow, alert, ID, "Which alert; none: a stop of all."),
    ROW_UTC(LocalRow, at_us, "When, by the station's clock."),
    ROW_WORD(LocalRow, by, ID, "Who: an account, or a push button."),
    ROW_BOOL(LocalRow, drill, "An exercise."),
    ROW_WORD(LocalRow, grant, ID, "The grant that it stood on."),
    ROW_BOOL(LocalRow, input, "`by` is a push button."),
    ROW_WORD(LocalRow, station, ID, "Where."),
    ROW_TEXT(LocalRow, station_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_BOOL(LocalRow, stop, "Silence was ordered."),
    ROW_OPTIONAL_TEXT(LocalRow, title, 0, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_UTC(LocalRow, until_us, "When the alert would end by itself; 0: a stop."),
    ROW_END,
};
static const ContentShape local_shape = { "LocalOrder", sizeof(LocalRow), local_shape_members };
static const ContentMember caller_shape_members[] = {
    ROW_BOOL(SchedCallerRow, has_pin, "They have set one."),
    ROW_WORD(SchedCallerRow, id, ID, "Account."),
    ROW_TEXT(SchedCallerRow, name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_END,
};
static const ContentShape caller_shape = { "GrantCaller", sizeof(SchedCallerRow), caller_shape_members };
static const ContentMember pin_body_members[] = {
    ROW_SECRET(PinBody, old, SCHED_PASSWORD_MAX_BYTES, "My password."),
    ROW_SECRET(PinBody, pin, CONTENT_PIN_MAX_DIGITS, "From 6 to 12 digits."),
    ROW_END,
};
static const ContentShape pin_body = { "OwnPin", sizeof(PinBody), pin_body_members };
/* clang-format on */

/* --- grants ----------------------------------------------------------------------------------
 */

static gboolean
sees(SchedTxn *txn, SchedAct *act, const SchedGrantRow *row)
{
    for (guint i = 0; i < row->areas->len; i++) {
        if (sched_access_sees(txn, act, row->areas->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_named(const GPtrArray *grants, const char *account)
{
    for (guint i = 0; i < grants->len; i++) {
        if (g_ptr_array_find_with_equal_func(((SchedGrantRow *) grants->pdata[i])->accounts,
                                             account, g_str_equal, NULL))
            return TRUE;
    }
    return FALSE;
}

static gboolean
list_grants(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *area = content_call_query(act->call, "area");
    g_autoptr(GPtrArray) rows =
        sched_store_grant_list(txn, area, act->now_us - GRANT_SHOWN_US, error);
    g_autoptr(GPtrArray) callers =
        rows == NULL ? NULL : sched_store_grant_callers(txn, area, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        if (!sees(txn, act, rows->pdata[i - 1]))
            g_ptr_array_remove_index(rows, i - 1);
    }
    for (guint i = callers == NULL || area != NULL ? 0 : callers->len; i > 0; i--) {
        if (!is_named(rows, ((const SchedCallerRow *) callers->pdata[i - 1])->id))
            g_ptr_array_remove_index(callers, i - 1);
    }
    if (callers == NULL || !sched_act_list(act, "grants", &grant_shape, rows))
        return FALSE;
    json_object_set_new(act->answer, "callers", sched_shape_write_all(&caller_shape, callers));
    return TRUE;
}

/* Returns: (transfer full) (nullable): what the body asks for */
static SchedGrantRow *
read_body(SchedAct *act, GError **error)
{
    SchedGrantRow *row = content_shape_new(&grant_body);

    row->id = g_strdup(act->arguments[0]);
    if (sched_act_read(act, row, error))
        return row;
    sched_grant_row_free(row);
    return NULL;
}

/* Every grant is: what cannot be one is told to whoever asks, not to the second person. */
static gboolean
louder_grant(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    g_autoptr(SchedGrantRow) row = read_body(act, error);
    g_autoptr(SchedGrantRow) there =
        row == NULL ? NULL : sched_store_grant_get(txn, row->id, NULL);

    *out_louder = TRUE;
    if (row == NULL)
        return FALSE;
    if (there != NULL) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "a grant is never changed: make another, and revoke this one");
        return FALSE;
    }
    return sched_store_grant_check(txn, row, error);
}

static gboolean
put_grant(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedGrantRow) row = read_body(act, error);
    g_autoptr(SchedGrantRow) kept = NULL;

    if (row == NULL || !sched_store_grant_add(txn, row, error))
        return FALSE;
    kept = sched_store_grant_get(txn, row->id, error);
    return sched_act_row(act, &grant_shape, kept);
}

static gboolean
revoke_grant(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedGrantRow) row = NULL;

    if (!sched_store_grant_revoke(txn, act->arguments[0], error))
        return FALSE;
    row = sched_store_grant_get(txn, act->arguments[0], error);
    return sched_act_row(act, &grant_shape, row);
}

/* --- what was ordered at stations ------------------------------------------------------------
 */

static const char *
text(const ContentRemark *remark, const char *name)
{
    const char *value = content_remark_get(remark, name);

    return value == NULL ? "" : value;
}

static gboolean
says(const ContentRecord *record, const char *code)
{
    for (guint i = 0; i < record->details->len; i++) {
        if (strcmp(((const ContentRemark *) record->details->pdata[i])->code, code) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A record that cannot be read tells nothing here; it is kept and flagged where records are. */
static void
add_local(SchedAct *act, const SchedLocalOrderRow *row, json_t *list)
{
    g_autoptr(ContentRecord) record =
        content_document_read(&content_record_type, row->raw, strlen(row->raw), NULL);
    const ContentRemark *who;
    LocalRow local = {.station = row->station, .station_name = row->station_name};

    if (record == NULL || record->details->len == 0)
        return;
    who = record->details->pdata[0];
    local.stop = record->kind == CONTENT_RECORD_ALERT_STOPPED_LOCALLY;
    local.input = content_remark_get(who, "input") != NULL;
    local.by = (char *) text(who, local.input ? "input" : "account");
    local.grant = (char *) text(who, "grant");
    local.title = (char *) text(who, "title");
    local.alert = record->occurrence;
    local.drill = says(record, "local_as_drill");
    local.at_us = record->at_us;
    local.until_us = local.stop ? 0 : record->planned_end_us;
    json_array_append_new(list, sched_shape_write(&local_shape, &local));
}

static gboolean
list_local(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_local_orders(txn, act->now_us - GRANT_SHOWN_US, MAX_LOCAL, error);
    json_t *list;

    if (rows == NULL)
        return FALSE;
    list = json_array();
    act->answer = json_pack("{s:o}", "orders", list);
    for (guint i = 0; i < rows->len; i++) {
        const SchedLocalOrderRow *row = rows->pdata[i];

        if (sched_access_sees(txn, act, row->area))
            add_local(act, row, list);
    }
    return TRUE;
}

/* --- my PIN ----------------------------------------------------------------------------------
 */

static void
hash_pin(SchedAct *act, const SchedAccountRow *account)
{
    const char *pin = json_string_value(json_object_get(act->body, "pin"));
    const char *why = content_pin_check(pin);
    GError *error = NULL;

    if (why == NULL) {
        sched_api_hash_secret(act, pin);
        return;
    }
    act->member = g_strdup("pin");
    sched_api_error(&error, SCHED_API_ERROR_UNPROCESSABLE, "%s", why);
    sched_act_fail(act, error);
}

static void
prepare_pin(SchedAct *act)
{
    sched_api_check_own(act, "old", hash_pin);
}

static gboolean
set_pin(SchedTxn *txn, SchedAct *act, GError **error)
{
    const ApiSecret *secret = act->prepared;

    return sched_store_account_set_pin(txn, act->account, secret->hash, error) &&
           sched_act_done(act);
}

#define CALLERS (SCHED_ROLES(SCHED_ROLE_OPERATOR) | SCHED_ROLES(SCHED_ROLE_APPROVER))
#define ENDERS                                                                                 \
    (CALLERS | SCHED_ROLES(SCHED_ROLE_OFFICIAL) | SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR))

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only those that concern this area: for it, for what lies below, or above it." },
    { NULL, NULL },
};
static const SchedAnswer grant_answer = { .row = &grant_shape };
static const SchedAnswerMember grants_more[] = {
    ANSWER_ROWS("grants", grant_shape, "The newest first; for 90 days after their end."),
    ANSWER_ROWS("callers", caller_shape, "With an area asked for: who may be named in a grant for it; else those whom these name."), ANSWER_END,
};
static const SchedAnswer grant_list = { .name = "GrantList", .more = grants_more };

static const SchedAnswerMember local_more[] = {
    ANSWER_ROWS("orders", local_shape, "The newest first; for 90 days."), ANSWER_END,
};
static const SchedAnswer local_list = { .name = "LocalOrderList", .more = local_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/local-orders", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .work = list_local, .answer = &local_list,
      .name = "listLocalOrders",
      .meaning = "Alerts and stops that communes ordered alone, as their records told afterwards." },
    { .method = "GET", .path = "/api/grants", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = list_grants, .answer = &grant_list, .name = "listGrants",
      .meaning = "What communes may start alone, with the district out of reach." },
    { .method = "PUT", .path = "/api/grants/{grant}", .roles = CALLERS, .scope = sched_scope_alert_put,
      .input = SCHED_INPUT_JSON, .body = &grant_body, .writes = TRUE, .status = 200,
      .louder = louder_grant, .touches = "grant.", .work = put_grant, .answer = &grant_answer,
      .name = "putGrant",
      .meaning = "Let people and push buttons there start some alerts alone; a second person agrees." },
    { .method = "POST", .path = "/api/grants/{grant}/revoke", .roles = ENDERS,
      .scope = sched_scope_grant, .writes = TRUE, .is_urgent = TRUE, .status = 200,
      .work = revoke_grant, .answer = &grant_answer, .name = "revokeGrant",
      .meaning = "It allows nothing any more, as soon as the station hears of it; what was begun under it "
                 "goes on until it is stopped." },
    { .method = "PUT", .path = "/api/session/pin", .roles = CALLERS, .input = SCHED_INPUT_JSON,
      .body = &pin_body, .writes = TRUE, .status = 200, .prepare = prepare_pin, .is_secret = TRUE,
      .work = set_pin, .answer = &sched_answer_done, .name = "setOwnPin", .is_own = TRUE,
      .meaning = "Set my PIN for calling alerts at a station; it goes to the stations whose grants name me." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_grants(void)
{
    return routes;
}
