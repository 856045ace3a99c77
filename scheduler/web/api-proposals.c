/*
 * api-proposals.c - changes that would make more sound, judged by a second person.
 *
 * Flow: api.c keeps such a change here instead of doing it; whoever approves it does it, with
 * the very body that was asked for, and with a right in every place that it concerns.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/accounts.h"
#include "scheduler/store/proposals.h"

#include <string.h>

/* One a line: a path's argument holds no line feed (parse.h). */
static char *
join_arguments(const SchedAct *act)
{
    GString *text = g_string_new(act->arguments[0]);

    for (guint i = 1; i < SCHED_ROUTE_MAX_ARGUMENTS && act->arguments[i] != NULL; i++)
        g_string_append_printf(text, "\n%s", act->arguments[i]);
    return g_string_free(text, FALSE);
}

gboolean
sched_api_propose(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *id = sched_act_id(act);
    g_autofree char *arguments = join_arguments(act);
    char *body = json_dumps(act->body, JSON_COMPACT | JSON_SORT_KEYS);
    const SchedProposalRow row = {
        .id = id, .route = (char *) act->route->name, .arguments = arguments, .body = body};
    gboolean is_kept = sched_store_proposal_add(txn, &row, error);

    free(body);
    if (is_kept)
        act->answer = json_pack("{s:s}", SCHED_API_WAITS, id);
    return is_kept;
}

/* ---- the change itself, as an act ---- */

/* What was asked for then, by who is asking now. */
typedef struct {
    SchedAct act;
    char **arguments; /* (owned) */
} Change;

static void
change_clear(Change *change)
{
    json_decref(change->act.body);
    json_decref(change->act.answer);
    g_strfreev(change->arguments);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, change_clear)

static gboolean
change_open(Change *change, SchedAct *act, const SchedProposalRow *row, GError **error)
{
    change->act.api = act->api;
    change->act.call = act->call;
    change->act.account = act->account;
    change->act.now_us = act->now_us;
    change->act.route = sched_api_route_named(row->route);
    change->act.body = json_loads(row->body, JSON_REJECT_DUPLICATES, NULL);
    change->arguments = g_strsplit(row->arguments, "\n", SCHED_ROUTE_MAX_ARGUMENTS);
    for (guint i = 0; change->arguments[i] != NULL; i++)
        change->act.arguments[i] = change->arguments[i];
    if (change->act.route != NULL && change->act.body != NULL)
        return TRUE;
    return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "this program does not know such a change any more: refuse it");
}

static SchedProposalRow *
get_open(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedProposalRow) row = sched_store_proposal_get(txn, id, error);

    if (row == NULL)
        return NULL;
    if (row->state != SCHED_PROPOSAL_OPEN) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                    "the proposal was %s before", sched_proposal_state_words[row->state]);
        return NULL;
    }
    return g_steal_pointer(&row);
}

/* The places the change concerns; what concerns a place that is gone is the district's. */
static gboolean
reach_change(SchedTxn *txn, Change *change, SchedReach *reach, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (change->act.route->scope(txn, &change->act, reach, &problem))
        return TRUE;
    reach->is_district =
        g_error_matches(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND);
    if (!reach->is_district)
        g_propagate_error(error, g_steal_pointer(&problem));
    return reach->is_district;
}

gboolean
sched_scope_proposal(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedProposalRow) row = sched_store_proposal_get(txn, act->arguments[0], error);
    g_auto(Change) change = {0};

    return row != NULL && change_open(&change, act, row, error) &&
           reach_change(txn, &change, reach, error);
}

/* ---- listing ---- */

static char *
path_of(const Change *change)
{
    GString *path = g_string_new(NULL);
    const char *at = change->act.route->path;

    for (guint i = 0; *at != '\0';) {
        if (*at != '{') {
            g_string_append_c(path, *at++);
            continue;
        }
        g_string_append(path, change->act.arguments[i++]);
        at = strchr(at, '}') + 1;
    }
    return g_string_free(path, FALSE);
}

/* Whether the account may look at one of the places, or there is none. */
static gboolean
sees(SchedTxn *txn, SchedAct *act, Change *change)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func(g_free);
    SchedReach reach = {.areas = areas};

    if (!reach_change(txn, change, &reach, NULL))
        return FALSE;
    for (guint i = 0; i < areas->len; i++) {
        if (sched_access_sees(txn, act, areas->pdata[i]))
            return TRUE;
    }
    return areas->len == 0;
}

/* Who agrees to somebody's speaking has to read who that is. */
static void
name_speaker(SchedTxn *txn, const Change *change, json_t *answer)
{
    const char *speaker = json_string_value(json_object_get(change->act.body, "speaker"));
    g_autoptr(SchedAccountRow) account =
        speaker == NULL ? NULL : sched_store_account_get(txn, speaker, NULL);

    if (account != NULL)
        json_object_set_new(answer, "speaker_name", json_string(account->name));
}

static json_t *
describe(SchedTxn *txn, const Change *change, const SchedProposalRow *row)
{
    g_autofree char *path = path_of(change);
    json_t *answer = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s}", "id", row->id, "change",
                               change->act.route->name, "path", path, "author", row->author,
                               "made_us", (json_int_t) row->made_us, "body", row->body);

    name_speaker(txn, change, answer);
    return answer;
}

static gboolean
list_proposals(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_proposal_list(txn, error);
    json_t *list;

    if (rows == NULL)
        return FALSE;
    list = json_array();
    act->answer = json_pack("{s:o}", "proposals", list);
    for (guint i = 0; i < rows->len; i++) {
        g_auto(Change) change = {0};

        if (change_open(&change, act, rows->pdata[i], NULL) && sees(txn, act, &change))
            json_array_append_new(list, describe(txn, &change, rows->pdata[i]));
    }
    return TRUE;
}

/* ---- judging ---- */

/*
 * It was asked for as things were then, by somebody who had the right to. Every change of a
 * thing has its row in the audit, by whatever way it came.
 */
static gboolean
check_unchanged(SchedTxn *txn, const Change *change, const SchedProposalRow *row,
                GError **error)
{
    g_autofree char *object = g_strjoinv(" ", change->arguments);

    return sched_store_proposal_check(txn, row->id, change->act.route->touches, object, error);
}

static gboolean
check_author(SchedTxn *txn, SchedAct *act, Change *change, const SchedProposalRow *row,
             GError **error)
{
    g_autoptr(GError) problem = NULL;
    gboolean may;

    /* How they signed in was looked at when they asked. */
    change->act.has_factor = TRUE;
    change->act.account = row->author;
    may = sched_access_authorise(txn, &change->act, &problem);
    change->act.account = act->account;
    change->act.has_factor = act->has_factor;
    if (may)
        return TRUE;
    if (!g_error_matches(problem, SCHED_API_ERROR, SCHED_API_ERROR_FORBIDDEN)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                "%s, who asked for this, has no right to do it any more: refuse it",
                row->author);
    return FALSE;
}

static gboolean
approve_proposal(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedProposalRow) row = get_open(txn, act->arguments[0], error);
    g_auto(Change) change = {0};

    return row != NULL &&
           sched_store_proposal_judge(txn, row->id, SCHED_PROPOSAL_APPROVED, error) &&
           change_open(&change, act, row, error) && check_unchanged(txn, &change, row, error) &&
           check_author(txn, act, &change, row, error) &&
           change.act.route->work(txn, &change.act, error) && sched_act_done(act);
}

static gboolean
hand_over(SchedTxn *txn, SchedAct *act, const SchedProposalRow *row, const char *to,
          GError **error)
{
    g_auto(Change) change = {0};
    g_autofree char *id = sched_act_id(act);

    return change_open(&change, act, row, NULL) && check_unchanged(txn, &change, row, NULL)
               ? sched_store_proposal_hand_over(txn, row, id, to, error)
               : sched_store_proposal_judge(txn, row->id, SCHED_PROPOSAL_REFUSED, error);
}

gboolean
sched_api_hand_proposals_over(SchedTxn *txn, SchedAct *act, const char *from, const char *to,
                              GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_proposal_list(txn, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedProposalRow *row = rows->pdata[i];

        if (strcmp(row->author, from) == 0 && !hand_over(txn, act, row, to, error))
            return FALSE;
    }
    return rows != NULL;
}

static gboolean
refuse_proposal(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedProposalRow) row = get_open(txn, act->arguments[0], error);

    return row != NULL &&
           sched_store_proposal_judge(txn, row->id, SCHED_PROPOSAL_REFUSED, error) &&
           sched_act_done(act);
}

#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)
/* Who may ask for such a change may take it back; it only keeps things as quiet as they are. */
#define ASKERS                                                                                 \
    (SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR) | SCHED_ROLES(SCHED_ROLE_TECHNICIAN) |              \
     SCHED_ROLES(SCHED_ROLE_OFFICIAL) | SCHED_ROLES(SCHED_ROLE_EDITOR) |                       \
     SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedAnswerMember proposal_more[] = {
    ANSWER_WORD("id", ID, "Id of the proposal."),
    ANSWER_TEXT("change", 1, 64, "Operation that it waits to be."),
    ANSWER_TEXT("path", 1, 1000, "And of what."),
    ANSWER_WORD("author", ID, "Who asked for it; may not approve it."),
    ANSWER_UTC("made_us", "When."),
    ANSWER_TEXT("body", 2, SCHED_PROPOSAL_MAX_BODY_BYTES, "The body that was asked for, JSON."),
    ANSWER_OPTIONAL_TEXT("speaker_name", 1, ROW_NAME_MAX_BYTES, "Name of the account that is to speak; absent: nobody is to."),
    ANSWER_END,
};
static const SchedAnswer proposal_answer = { .name = "Proposal", .more = proposal_more };
static const SchedAnswerMember proposal_list_more[] = {
    ANSWER_LIST("proposals", proposal_answer, "Oldest first."), ANSWER_END,
};
static const SchedAnswer proposal_list = { .name = "ProposalList", .more = proposal_list_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/proposals", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_proposals, .answer = &proposal_list, .name = "listProposals",
      .meaning = "Changes that would make more sound and wait for a second person." },
    { .method = "POST", .path = "/api/proposals/{proposal}/approve", .roles = APPROVER,
      .scope = sched_scope_proposal, .writes = TRUE, .status = 200, .work = approve_proposal,
      .answer = &sched_answer_done, .name = "approveProposal",
      .meaning = "Do what was proposed. 409 if that was changed since, or its author has no right to it any more." },
    { .method = "POST", .path = "/api/proposals/{proposal}/refuse", .roles = APPROVER | ASKERS,
      .scope = sched_scope_proposal, .writes = TRUE, .status = 200, .work = refuse_proposal,
      .answer = &sched_answer_done, .name = "refuseProposal", .meaning = "It is not done, and waits no more." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_proposals(void)
{
    return routes;
}
