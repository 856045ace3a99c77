/*
 * api-speech-orders.c - to speak live with a second person: asked for, agreed to, and then
 * spoken by callSpeech.
 *
 * Asking is a proposal (api-proposals.c), which another approver with a right in every one of
 * its places approves with their second factor. What may be said is not read by anybody
 * beforehand: they agree to speaker, places, beginning and hard end.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/speech-orders.h"

#include <string.h>

/* clang-format off */
#define ORDER_ROWS                                                                              \
    ROW_TEXT(SchedSpeechOrderRow, about, 1, SCHED_SPEECH_ORDER_MAX_ABOUT_BYTES, "What is to be said, in words."), \
    ROW_WORDS(SchedSpeechOrderRow, areas, SCHED_SPEECH_ORDER_MAX_AREAS, ID, "Where, subtrees included."), \
    ROW_OPTIONAL_BOOL(SchedSpeechOrderRow, drill, "An exercise."),                              \
    ROW_UTC(SchedSpeechOrderRow, ends_us, "The hard end: silent from then on; within an hour of from_us."), \
    ROW_UTC(SchedSpeechOrderRow, from_us, "Not before."),                                       \
    ROW_WORD(SchedSpeechOrderRow, speaker, ID, "Account of whoever speaks; may not approve it."), \
    ROW_OPTIONAL_WORD(SchedSpeechOrderRow, station, ID, "Station whose own microphone is meant; absent: the speaker's.")
static const ContentMember order_body_members[] = { ORDER_ROWS, ROW_END };
static const ContentShape order_body = { "SpeechOrderBody", sizeof(SchedSpeechOrderRow), order_body_members };
static const ContentMember order_shape_members[] = {
    ROW_WORD(SchedSpeechOrderRow, id, ID, "Id of the order."),
    ORDER_ROWS,
    ROW_TEXT(SchedSpeechOrderRow, speaker_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_WORD(SchedSpeechOrderRow, approver, ID, "The second person, who agreed."),
    ROW_TEXT(SchedSpeechOrderRow, approver_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_UTC(SchedSpeechOrderRow, approved_us, "When they agreed."),
    ROW_OPTIONAL_WORD(SchedSpeechOrderRow, alert, ID, "Alert in which it was spoken; absent: not yet."),
    ROW_END,
};
static API_SHAPE(order_shape, SchedSpeechOrderRow, "SpeechOrder", sched_speech_order_row_free);
/* clang-format on */

/* (transfer full) (nullable) */
static SchedSpeechOrderRow *
read_body(SchedAct *act, GError **error)
{
    g_autoptr(SchedSpeechOrderRow) row = content_shape_new(&order_shape);

    if (!sched_act_read(act, row, error))
        return NULL;
    g_free(row->id);
    row->id = g_strdup(act->arguments[0]);
    return g_steal_pointer(&row);
}

/* Every order is: what cannot be one is told to whoever asks, not to the second person. */
static gboolean
louder_order(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    g_autoptr(SchedSpeechOrderRow) row = read_body(act, error);

    *out_louder = TRUE;
    return row != NULL && sched_store_speech_order_check(txn, row, error);
}

static gboolean
put_order(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedSpeechOrderRow) row = read_body(act, error);
    g_autoptr(SchedSpeechOrderRow) made = NULL;

    if (row == NULL || !sched_store_speech_order_add(txn, row, error))
        return FALSE;
    made = sched_store_speech_order_get(txn, row->id, error);
    return sched_act_row(act, &order_shape, made);
}

static gboolean
sees(SchedTxn *txn, SchedAct *act, const SchedSpeechOrderRow *row)
{
    for (guint i = 0; i < row->areas->len; i++) {
        if (sched_access_sees(txn, act, row->areas->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
list_orders(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_speech_order_list(txn, act->now_us, error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        if (!sees(txn, act, rows->pdata[i - 1]))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "orders", &order_shape, rows);
}

static gboolean
withdraw_order(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *id = act->arguments[0];
    g_autoptr(SchedSpeechOrderRow) row = sched_store_speech_order_get(txn, id, error);

    if (row == NULL)
        return FALSE;
    if (row->alert != NULL || act->now_us >= row->ends_us)
        return sched_api_error(error, SCHED_API_ERROR_OVER,
                               "order: it was spoken, or its time is over");
    return sched_store_speech_order_remove(txn, id, error) && sched_act_done(act);
}

/* --- spoken by one ---------------------------------------------------------------------------
 */

/* Everywhere that the speech goes, the order goes too. */
static gboolean
covers(const SchedSpeechOrderRow *order, const GPtrArray *areas)
{
    for (guint i = 0; i < areas->len; i++) {
        if (!g_ptr_array_find_with_equal_func(order->areas, areas->pdata[i], g_str_equal, NULL))
            return FALSE;
    }
    return TRUE;
}

/* Nobody is told of what was agreed to: so nothing else is done by it. A right to end other
 * alerts, or to come before all of them, is not in an order. */
static gboolean
is_what_was_agreed(const SchedSpeechOrderRow *order, const ContentAlert *alert)
{
    return alert->expires_us <= order->ends_us && alert->drill == order->drill &&
           g_strcmp0(alert->live->station, order->station) == 0 &&
           covers(order, alert->areas) && alert->replaces->len == 0 &&
           alert->severity == API_SPEECH_SEVERITY;
}

/* Whose word it is may be withdrawn from them meanwhile: they left, or have no right there. */
static gboolean
still_holds(SchedTxn *txn, SchedAct *act, const SchedSpeechOrderRow *order)
{
    for (guint i = 0; i < order->areas->len; i++) {
        if (!sched_store_account_may(txn, order->approver, SCHED_ROLE_APPROVER,
                                     order->areas->pdata[i], NULL, act->now_us))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_api_use_speech_order(SchedTxn *txn, SchedAct *act, const char *id,
                           const ContentAlert *alert, GError **error)
{
    g_autoptr(SchedSpeechOrderRow) order = sched_store_speech_order_get(txn, id, error);

    if (order == NULL)
        return FALSE;
    if (strcmp(order->speaker, act->account) != 0)
        return sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                               "order: somebody else is to speak");
    if (order->alert != NULL || act->now_us >= order->ends_us)
        return sched_api_error(error, SCHED_API_ERROR_OVER,
                               "order: it was spoken, or its time is over");
    if (act->now_us < order->from_us)
        return sched_api_error(error, SCHED_API_ERROR_TOO_SOON, "order: its time is to come");
    if (!still_holds(txn, act, order))
        return sched_api_error(error, SCHED_API_ERROR_OVER,
                               "order: who agreed to it is no approver there any more");
    if (!is_what_was_agreed(order, alert))
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "order: something else was agreed to: places, microphone, "
                               "exercise or end; no other severity, and no alert is replaced");
    return sched_store_speech_order_use(txn, id, alert->id, error);
}

gint64
sched_api_speech_order_end(SchedTxn *txn, const char *id)
{
    g_autoptr(SchedSpeechOrderRow) order =
        id == NULL ? NULL : sched_store_speech_order_get(txn, id, NULL);

    if (id == NULL)
        return G_MAXINT64;
    return order == NULL ? 0 : order->ends_us;
}

/* clang-format off */
static const SchedAnswer order_answer = { .name = "SpeechOrderMade", .row = &order_shape };
static const SchedAnswerMember list_more[] = {
    ANSWER_ROWS("orders", order_shape, "By their beginning; those whose end is past are left out."), ANSWER_END,
};
static const SchedAnswer order_list = { .name = "SpeechOrderList", .more = list_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/speech-orders", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_orders, .answer = &order_list, .name = "listSpeechOrders",
      .meaning = "Who may speak live where and when, as a second person agreed beforehand." },
    { .method = "PUT", .path = "/api/speech-orders/{order}", .roles = API_CALLERS,
      .scope = sched_scope_speech_put, .input = SCHED_INPUT_JSON, .body = &order_body, .writes = TRUE,
      .status = 200, .louder = louder_order, .touches = "speech-order.", .work = put_order,
      .answer = &order_answer, .name = "putSpeechOrder",
      .meaning = "Ask to speak live with a second person, who agrees to speaker, places, beginning "
                 "and hard end; then callSpeech with this order tells nobody else." },
    { .method = "DELETE", .path = "/api/speech-orders/{order}", .roles = API_CALLERS,
      .scope = sched_scope_speech_order, .writes = TRUE, .is_urgent = TRUE, .status = 200,
      .work = withdraw_order, .answer = &sched_answer_done, .name = "withdrawSpeechOrder",
      .meaning = "Take back an order that was not spoken: whoever may ask or agree in its places." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_speech_orders(void)
{
    return routes;
}
