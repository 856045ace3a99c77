/*
 * api-listenings.c - heard to the end before it is approved: told by whoever plays it, when it
 * begins and when it is over, and believed only if so much time has passed.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/announcements.h"
#include "scheduler/store/listenings.h"

typedef struct {
    char *object;
} Played;

/* clang-format off */
static const ContentMember played_members[] = {
    ROW_WORD(Played, object, HASH, "The audio that is played."), ROW_END,
};
static const ContentShape played_shape = { "Played", sizeof(Played), played_members };

static const ContentMember listening_shape_members[] = {
    ROW_WORD(SchedListeningRow, object, HASH, "The audio."),
    ROW_UTC(SchedListeningRow, begun_us, "When it was begun, by the district's clock."),
    ROW_UTC(SchedListeningRow, heard_us, "When it was heard to its end; 0: not yet."),
    ROW_COUNT(SchedListeningRow, duration_us, "µs", "How long it is."),
    ROW_END,
};
static API_SHAPE(listening_shape, SchedListeningRow, "Listening", sched_listening_row_free);
/* clang-format on */

static const char *
played(SchedAct *act)
{
    return json_string_value(json_object_get(act->body, "object"));
}

/* Only what stands there now: another recording is another thing to hear. */
static gboolean
expect_object(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, act->arguments[0], error);

    if (row == NULL)
        return FALSE;
    if (g_strcmp0(row->object, played(act)) == 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                        "object: the audio was changed since it was fetched");
    return FALSE;
}

static gboolean
answer_listening(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedListeningRow) row =
        sched_store_listening_get(txn, act->account, played(act), error);

    return sched_act_row(act, &listening_shape, row);
}

static gboolean
begin_listening(SchedTxn *txn, SchedAct *act, GError **error)
{
    return expect_object(txn, act, error) &&
           sched_store_listening_begin(txn, act->arguments[0], played(act), error) &&
           answer_listening(txn, act, error);
}

static gboolean
end_listening(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GError) cause = NULL;
    gint64 wait_us = 0;

    if (!expect_object(txn, act, error))
        return FALSE;
    if (!sched_store_listening_end(txn, act->arguments[0], played(act), &wait_us, &cause)) {
        if (!g_error_matches(cause, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return FALSE;
        }
        return sched_api_error(error, SCHED_API_ERROR_UNLISTENED,
                               "object: it was not begun, or another was begun since");
    }
    if (wait_us > 0)
        return sched_api_error(error, SCHED_API_ERROR_UNLISTENED,
                               "object: it lasts %.1f s longer, from when it was begun",
                               (double) wait_us / G_USEC_PER_SEC);
    return answer_listening(txn, act, error);
}

gboolean
sched_api_expect_heard(SchedTxn *txn, SchedAct *act, const char *version, const char *object,
                       GError **error)
{
    g_autoptr(SchedVersionRow) row = NULL;

    if (sched_store_listening_is_heard(txn, act->account, object))
        return TRUE;
    row = sched_store_version_get(txn, version, error);
    if (row == NULL)
        return FALSE;
    g_free(act->member);
    act->member = g_strdup("object");
    return sched_api_error(
        error, SCHED_API_ERROR_UNLISTENED,
        "object: you have not heard this audio to its end: %s of version %s, "
        "%s",
        row->language == NULL ? "the signal" : row->language, row->id, object);
}

#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)

/* clang-format off */
static const SchedAnswer listening_answer = { .row = &listening_shape };

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/versions/{version}/listen", .roles = APPROVER,
      .scope = sched_scope_version, .input = SCHED_INPUT_JSON, .body = &played_shape,
      .writes = TRUE, .status = 200, .work = begin_listening, .answer = &listening_answer,
      .name = "beginListening",
      .meaning = "Begin to hear exactly this audio, from its start; another one begun before is forgotten." },
    { .method = "POST", .path = "/api/versions/{version}/heard", .roles = APPROVER,
      .scope = sched_scope_version, .input = SCHED_INPUT_JSON, .body = &played_shape,
      .writes = TRUE, .status = 200, .work = end_listening, .answer = &listening_answer,
      .name = "endListening",
      .meaning = "It was heard to its end. 409 unless so much time has passed since it was begun; "
                 "no approval without it." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_listenings(void)
{
    return routes;
}
