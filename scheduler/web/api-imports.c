/*
 * api-imports.c - alerts of other systems (CAP 1.2) brought in, and called by a person.
 *
 * Nothing sounds by an import: it answers what could be called of the message (import-view.h),
 * and a person calls it, with the rights and the care of any alert (callAlert with `import`).
 */
#include "scheduler/web/import-view.h"

#include <string.h>

#define MAX_SHOWN 100
#define SHOWN_US  (G_GINT64_CONSTANT(7) * 86400 * G_USEC_PER_SEC)

/* ---- brought in ---- */

/* Every reason in words that people meet; see SchedApiError. */
static gboolean
refuse(const SchedCap *cap, gint64 now_us, GError **error)
{
    /* clang-format off */
    static const struct { SchedApiError code; const char *words; } reasons[] = {
        [SCHED_WARNING_TEST]    = { SCHED_API_ERROR_CAP_TEST, "status: a test, a draft or a word between machines never sounds" },
        [SCHED_WARNING_REPLY]   = { SCHED_API_ERROR_CAP_REPLY, "msgType: an answer between machines; there is nothing to do" },
        [SCHED_WARNING_PRIVATE] = { SCHED_API_ERROR_CAP_PRIVATE, "scope: not for the public, and loudspeakers are" },
        [SCHED_WARNING_OVER]    = { SCHED_API_ERROR_OVER, "expires: all of it is over" },
    };
    /* clang-format on */
    SchedWarningRefusal why = sched_warning_refuse(cap, now_us);

    return why == SCHED_WARNING_TAKEN ||
           sched_api_error(error, reasons[why].code, "%s", reasons[why].words);
}

/* (transfer full): of what it refers to; times were checked when it was read */
static GPtrArray *
names_of(const SchedCap *cap)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < cap->references->len; i++) {
        const SchedCapReference *one = cap->references->pdata[i];
        SchedImportName *name = g_new0(SchedImportName, 1);

        name->sender = one->sender;
        name->identifier = one->identifier;
        sched_cap_parse_time(one->sent, &name->sent_us);
        g_ptr_array_add(names, name);
    }
    return names;
}

/* The same message again is told, and nothing else. @out_id: (transfer full): of the one that
 * is there; NULL: there is none */
static gboolean
find_known(SchedTxn *txn, const SchedCap *cap, const char *hash, char **out_id, GError **error)
{
    const SchedImportName name = {cap->sender, cap->identifier, cap->sent_us};
    g_autoptr(GError) problem = NULL;
    g_autoptr(SchedImportRow) row = sched_store_import_find(txn, &name, &problem);

    if (row == NULL) {
        if (g_error_matches(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND))
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (strcmp(row->hash, hash) != 0) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "another message of this sender, identifier and time came before");
        return FALSE;
    }
    *out_id = g_steal_pointer(&row->id);
    return TRUE;
}

/* (transfer full) (nullable): its id here */
static char *
keep(SchedTxn *txn, SchedAct *act, const SchedCap *cap, GBytes *body, const char *hash,
     GError **error)
{
    g_autofree char *id = sched_act_id(act);
    g_autofree char *title =
        content_document_text(sched_warning_headline(cap), ROW_TITLE_MAX_BYTES);
    g_autoptr(GPtrArray) names = names_of(cap);
    const SchedImportRow row = {
        .id = id,
        .sender = cap->sender,
        .identifier = cap->identifier,
        .sent_us = cap->sent_us,
        .message = cap->message == SCHED_CAP_MESSAGE_UPDATE   ? SCHED_IMPORT_UPDATE
                   : cap->message == SCHED_CAP_MESSAGE_CANCEL ? SCHED_IMPORT_CANCEL
                                                              : SCHED_IMPORT_ALERT,
        .drill = cap->status == SCHED_CAP_STATUS_EXERCISE,
        .title = title,
        .expires_us = sched_warning_expires(cap),
        .hash = (char *) hash,
        .body = body,
    };

    return sched_store_import_add(txn, &row, names, error) ? g_steal_pointer(&id) : NULL;
}

/* (nullable) (transfer full) */
static json_t *
describe_by_id(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedImportView) view = NULL;
    g_autoptr(SchedImportRow) row = sched_store_import_get(txn, id, error);

    return row == NULL || (view = sched_import_view_new(txn, act, error)) == NULL
               ? NULL
               : sched_import_describe(view, row, error);
}

static gboolean
import_alert(SchedTxn *txn, SchedAct *act, GError **error)
{
    GBytes *body = content_call_body(act->call);
    gsize n_bytes = 0;
    const char *bytes = g_bytes_get_data(body, &n_bytes);
    g_autoptr(SchedCap) cap = sched_cap_read(bytes, n_bytes, error);
    g_autofree char *hash = NULL, *id = NULL;
    gboolean is_known;

    if (cap == NULL || !refuse(cap, act->now_us, error))
        return FALSE;
    hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, body);
    if (!find_known(txn, cap, hash, &id, error))
        return FALSE;
    is_known = id != NULL;
    if (!is_known && (id = keep(txn, act, cap, body, hash, error)) == NULL)
        return FALSE;
    act->answer = describe_by_id(txn, act, id, error);
    if (act->answer == NULL)
        return FALSE;
    json_object_set_new(act->answer, "known", json_boolean(is_known));
    return TRUE;
}

static gboolean
get_import(SchedTxn *txn, SchedAct *act, GError **error)
{
    act->answer = describe_by_id(txn, act, act->arguments[0], error);
    return act->answer != NULL &&
           (sched_import_sees(txn, act, act->answer) ||
            sched_api_error(error, SCHED_API_ERROR_FORBIDDEN, "it concerns no place of yours"));
}

static gboolean
list_imports(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedImportView) view = NULL;
    g_autoptr(GPtrArray) rows =
        sched_store_import_list(txn, act->now_us - SHOWN_US, MAX_SHOWN, error);
    json_t *list;

    if (rows == NULL || (view = sched_import_view_new(txn, act, error)) == NULL)
        return FALSE;
    list = json_array();
    act->answer = json_pack("{s:o}", "imports", list);
    for (guint i = 0; i < rows->len; i++) {
        json_auto_t *one = sched_import_describe(view, rows->pdata[i], error);

        if (one == NULL)
            return FALSE;
        if (sched_import_sees(txn, act, one))
            json_array_append(list, one);
    }
    return TRUE;
}

/* ---- called ---- */

/* The earliest end that it gives to this hazard, or else to any of its hazards; 0: none. */
static gint64
end_of(const SchedCap *cap, gint event, gint64 now_us)
{
    g_autoptr(GPtrArray) drafts = sched_warning_drafts(cap, NULL, now_us);
    gint64 own_us = 0, any_us = 0;

    for (guint i = 0; i < drafts->len; i++) {
        const SchedWarningDraft *draft = drafts->pdata[i];

        if (draft->expires_us == 0)
            continue;
        if (draft->event == event)
            own_us = draft->expires_us;
        any_us = any_us == 0 ? draft->expires_us : MIN(any_us, draft->expires_us);
    }
    return own_us != 0 ? own_us : any_us;
}

gboolean
sched_api_import_bind(SchedTxn *txn, SchedAct *act, const char *id, ContentAlert *alert,
                      GError **error)
{
    g_autoptr(SchedImportRow) row = sched_store_import_get(txn, id, error);
    g_autoptr(SchedCap) cap = row == NULL ? NULL : sched_import_open(row, error);
    gint64 end_us;
    gint state;

    if (cap == NULL)
        return FALSE;
    state = sched_import_state(row, TRUE, act->now_us);
    if (row->message == SCHED_IMPORT_CANCEL)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "import: it ends alerts, and is none");
    if (state == SCHED_IMPORT_STATE_ENDED || state == SCHED_IMPORT_STATE_OVER)
        return sched_api_error(error, SCHED_API_ERROR_OVER, "import: %s",
                               state == SCHED_IMPORT_STATE_OVER
                                   ? "it has expired"
                                   : "a later message of its sender ended it");
    if (row->drill && !alert->drill)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "import: an exercise is called as a drill alone");
    end_us = end_of(cap, alert->event, act->now_us);
    if (end_us != 0)
        alert->expires_us = MIN(alert->expires_us, end_us);
    return TRUE;
}

#define CALLERS (SCHED_ROLES(SCHED_ROLE_OPERATOR) | SCHED_ROLES(SCHED_ROLE_APPROVER))

/* clang-format off */
#define IMPORT_MORE \
    ANSWER_ROWS("drafts", sched_import_draft_shape, "A hazard each: what may be called of it."), \
    ANSWER_ROWS("ends", sched_import_end_shape, "Alerts in force that it replaces or ends: to be stopped, or named in `replaces`.")
static const SchedAnswerMember import_more[] = { IMPORT_MORE, ANSWER_END };
static const SchedAnswer import_answer = { .name = "AlertImportState", .row = &sched_import_shape, .more = import_more };
static const SchedAnswerMember taken_more[] = {
    IMPORT_MORE, ANSWER_BOOL("known", "It had come before: nothing was added."), ANSWER_END,
};
static const SchedAnswer taken_answer = { .name = "AlertImportTaken", .row = &sched_import_shape, .more = taken_more };
static const SchedAnswerMember imports_more[] = {
    ANSWER_LIST("imports", import_answer, "The newest first; for seven days."), ANSWER_END,
};
static const SchedAnswer import_list = { .name = "AlertImportList", .more = imports_more };

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/alert-imports", .roles = CALLERS, .input = SCHED_INPUT_XML,
      .writes = TRUE, .status = 200, .work = import_alert, .answer = &taken_answer,
      .name = "importAlert",
      .meaning = "Takes in an alert of another system (Common Alerting Protocol 1.2) and answers "
                 "what it would be here; nothing sounds before somebody calls it. Tests, drafts "
                 "and answers of machines are refused." },
    { .method = "GET", .path = "/api/alert-imports", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_imports, .answer = &import_list, .name = "listAlertImports",
      .meaning = "Alerts of other systems that came, for places that you see or for none of ours." },
    { .method = "GET", .path = "/api/alert-imports/{import}", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = get_import, .answer = &import_answer, .name = "getAlertImport",
      .meaning = "What an alert of another system would be here now." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_imports(void)
{
    return routes;
}
