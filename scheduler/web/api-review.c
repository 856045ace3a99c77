/*
 * api-review.c - what waits for whoever asks: the oldest first, and only what they may judge.
 *
 * Flow: store/waiting.h finds what they did not write -> the right of each act is asked as if
 * it were done now -> the list. Thread: the transaction's.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/programmes.h"
#include "scheduler/store/waiting.h"

/* A person looks at a screen or two at a time. */
#define MAX_LISTED 200

/* clang-format off */
static const ContentMember waiting_shape_members[] = {
    ROW_ENUM(SchedWaitingRow, kind, sched_waiting_kind_words, "What is to be judged."),
    ROW_WORD(SchedWaitingRow, id, ID, "Of the version, slot, proposal, notice, offer or programme."),
    ROW_OPTIONAL_WORD(SchedWaitingRow, announcement, ID, "Of a version, notice or offer."),
    ROW_OPTIONAL_WORD(SchedWaitingRow, date, DATE, "Of a change of one date; the first of a programme's week."),
    ROW_TEXT(SchedWaitingRow, title, 1, ROW_TITLE_MAX_BYTES,
             "Title or name; of a proposal the operation that it waits to be; of a programme the area."),
    ROW_OPTIONAL_WORD(SchedWaitingRow, language, LANGUAGE, "Of a version."),
    ROW_TEXT(SchedWaitingRow, author, 1, ROW_NAME_MAX_BYTES, "Name of who wrote it last."),
    ROW_UTC(SchedWaitingRow, since_us, "Since when it waits."),
    ROW_OPTIONAL_TEXT(SchedWaitingRow, voice, 1, ROW_NAME_MAX_BYTES,
                      "Whose voice it is, where somebody else brought the recording in."),
    ROW_END,
};
static API_SHAPE(waiting_shape, SchedWaitingRow, "Waiting", sched_waiting_row_free);

/* The act that judges it, by SchedWaitingKind. */
static const char *const judging[] = {
    "checkVersion", "approveVersion", "approveSlot", "approveOverride", "approveProposal",
    "approveNotice", "approveOffer", "approveProgramme",
};
/* clang-format on */

/* What is judged as part of a week is not listed beside it. @mine: rows of the list */
static gboolean
leave_parts_out(SchedTxn *txn, GPtrArray *mine, GError **error)
{
    g_autoptr(GHashTable) parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < mine->len; i++) {
        const SchedWaitingRow *row = mine->pdata[i];
        g_autoptr(GPtrArray) keys = NULL;

        if (row->kind != SCHED_WAITING_PROGRAMME)
            continue;
        keys = sched_store_programme_keys(txn, row->id, error);
        if (keys == NULL)
            return FALSE;
        for (guint k = 0; k < keys->len; k++)
            g_hash_table_add(parts, g_strdup(keys->pdata[k]));
    }
    for (guint i = mine->len; i > 0 && g_hash_table_size(parts) > 0; i--) {
        const SchedWaitingRow *row = mine->pdata[i - 1];
        g_autofree char *key =
            g_strdup_printf("%s %s", row->id, row->date == NULL ? "" : row->date);

        if ((row->kind == SCHED_WAITING_SLOT || row->kind == SCHED_WAITING_DATE) &&
            g_hash_table_contains(parts, key))
            g_ptr_array_remove_index(mine, i - 1);
    }
    return TRUE;
}

/* A programme of which anything was changed since can be judged by nobody: its parts wait each
 * by itself, until it is submitted anew. FALSE: @error is set */
static gboolean
can_be_judged(SchedTxn *txn, const SchedWaitingRow *row, gboolean *out_can, GError **error)
{
    g_autoptr(GPtrArray) parts = NULL;

    *out_can = TRUE;
    if (row->kind != SCHED_WAITING_PROGRAMME)
        return TRUE;
    parts = sched_store_programme_submitted(txn, row->id, error);
    if (parts != NULL)
        *out_can = !sched_store_programme_is_stale(parts);
    return parts != NULL;
}

static gboolean
list_waiting(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_waiting_list(txn, act->account, act->now_us, error);
    g_autoptr(GPtrArray) mine = g_ptr_array_new();
    gboolean more = rows != NULL && rows->len == SCHED_WAITING_MAX_ROWS;

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        SchedWaitingRow *row = rows->pdata[i];
        gboolean is_mine = FALSE;

        if (sched_access_may(txn, act, sched_api_route_named(judging[row->kind]), row->id,
                             row->date) &&
            !can_be_judged(txn, row, &is_mine, error))
            return FALSE;
        if (is_mine)
            g_ptr_array_add(mine, row);
    }
    if (!leave_parts_out(txn, mine, error))
        return FALSE;
    if (mine->len > MAX_LISTED) {
        g_ptr_array_set_size(mine, MAX_LISTED);
        more = TRUE;
    }
    if (!sched_act_list(act, "waiting", &waiting_shape, mine))
        return FALSE;
    json_object_set_new(act->answer, "more", json_boolean(more));
    return TRUE;
}

/* clang-format off */
static const SchedAnswerMember review_more[] = {
    ANSWER_ROWS("waiting", waiting_shape, "Oldest first, at most 200."),
    ANSWER_BOOL("more", "There is more than is listed."),
    ANSWER_END,
};
static const SchedAnswer review_answer = { .name = "Review", .more = review_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/review", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_waiting, .answer = &review_answer, .name = "listWaiting",
      .meaning = "What waits for the judgement of whoever asks." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_review(void)
{
    return routes;
}
