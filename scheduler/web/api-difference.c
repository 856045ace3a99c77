/*
 * api-difference.c - what is different since a second person last freed it: the words of the
 * script, and the audio, which is still there to be heard beside the new one.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/announcements.h"
#include "scheduler/web/difference.h"

/* clang-format off */
static const ContentMember part_shape_members[] = {
    ROW_ENUM(SchedDifferencePart, change, sched_difference_words, "What became of it."),
    ROW_TEXT(SchedDifferencePart, text, 1, SCHED_VERSION_MAX_SCRIPT_BYTES, "Words."),
    ROW_END,
};
static API_SHAPE(part_shape, SchedDifferencePart, "DifferencePart", sched_difference_part_free);
/* clang-format on */

static gboolean
add_object(SchedTxn *txn, SchedAct *act, const char *name, const char *hash, GError **error)
{
    g_autoptr(SchedObjectRow) object = NULL;

    if (hash == NULL)
        return TRUE;
    object = sched_store_object_get(txn, hash, error);
    if (object == NULL)
        return FALSE;
    json_object_set_new(act->answer, name,
                        sched_shape_write(&sched_api_measured_shape, object));
    return TRUE;
}

/* The text of an approval from before it was kept is known by its hash alone. */
static void
add_words(SchedAct *act, const SchedApprovalRow *last, const SchedVersionRow *now)
{
    gboolean is_known = last->script != NULL || last->script_hash == NULL;
    g_autoptr(GPtrArray) parts =
        sched_difference_parts(is_known ? last->script : NULL, is_known ? now->script : NULL);
    g_autofree char *marked = sched_difference_marked(parts);

    json_object_set_new(act->answer, "is_script_known", json_boolean(is_known));
    json_object_set_new(act->answer, "is_script_changed",
                        json_boolean(g_strcmp0(last->script_hash, now->script_hash) != 0));
    json_object_set_new(act->answer, "words", sched_shape_write_all(&part_shape, parts));
    json_object_set_new(act->answer, "marked", json_string(marked));
}

/* Nothing to be compared with: no error, for most versions are new. */
static gboolean
answer_never(SchedAct *act)
{
    act->answer =
        json_pack("{s:i, s:b, s:b, s:b, s:[], s:s}", "approved_us", 0, "is_audio_changed", 0,
                  "is_script_changed", 0, "is_script_known", 0, "words", "marked", "");
    return TRUE;
}

static gboolean
get_difference(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedVersionRow) now = sched_store_version_get(txn, act->arguments[0], error);
    g_autoptr(GError) cause = NULL;
    g_autoptr(SchedApprovalRow) last =
        now == NULL ? NULL : sched_store_approval_last(txn, now->id, &cause);

    if (now == NULL)
        return FALSE;
    if (g_error_matches(cause, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND))
        return answer_never(act);
    if (last == NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    act->answer = json_pack("{s:I, s:s, s:b}", "approved_us", (json_int_t) last->approved_us,
                            "approver", last->approver, "is_audio_changed",
                            g_strcmp0(last->object, now->object) != 0);
    add_words(act, last, now);
    return add_object(txn, act, "before", last->object, error) &&
           add_object(txn, act, "now", now->object, error);
}

/* clang-format off */
static const SchedAnswerMember difference_more[] = {
    ANSWER_UTC("approved_us", "When it was last approved, which may be void by now; 0: never, and there is nothing to compare."),
    ANSWER_OPTIONAL_WORD("approver", ID, "By whom."),
    ANSWER_BOOL("is_audio_changed", "It is another recording."),
    ANSWER_BOOL("is_script_changed", "It is another text."),
    ANSWER_BOOL("is_script_known", "The text that was approved is here, to be compared."),
    ANSWER_OPTIONAL_ROW("before", sched_api_measured_shape, "The audio that was approved."),
    ANSWER_OPTIONAL_ROW("now", sched_api_measured_shape, "The audio as it is; absent: there is none."),
    ANSWER_ROWS("words", part_shape, "The text in order, of both."),
    ANSWER_TEXT("marked", 0, 4 * SCHED_VERSION_MAX_SCRIPT_BYTES, "The same for a terminal: [-removed-] {+added+}."),
    ANSWER_END,
};
static const SchedAnswer difference_answer = { .name = "VersionDifference", .more = difference_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/versions/{version}/difference", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_version_read, .status = 200, .work = get_difference,
      .answer = &difference_answer, .name = "getDifference",
      .meaning = "What changed since the last approval." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_difference(void)
{
    return routes;
}
