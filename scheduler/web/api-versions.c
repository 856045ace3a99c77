/*
 * api-versions.c - the languages of an announcement: recording, checking, approving.
 *
 * Author ≠ checker ≠ approver is held by the database; here are the words and the signature.
 */
#include "scheduler/web/api-internal.h"

#include "content/claim.h"
#include "content/exchange.h"
#include "content/source-address.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/objects.h"

/* ---- shapes ---- */

typedef struct {
    char *object, *script_hash, *address, *note;
    gboolean no_state_secret;
} Judgement;

/* clang-format off */
#define VERSION_ROWS                                                                            \
    ROW_OPTIONAL_TEXT(SchedVersionRow, script, 1, SCHED_VERSION_MAX_SCRIPT_BYTES,               \
                      "The text that is read."),                                                \
    ROW_OPTIONAL_WORD(SchedVersionRow, announcer, ID, "Account of the voice, if it has one."),  \
    ROW_OPTIONAL_TEXT(SchedVersionRow, announcer_name, 0, ROW_NAME_MAX_BYTES,                   \
                      "Name of the voice; with an account it is the account's."),               \
    ROW_OPTIONAL_TEXT(SchedVersionRow, address, 1, CONTENT_SOURCE_ADDRESS_MAX_BYTES,            \
                      "Of a source: https://…, http://… or line:NAME; the audio is its spare.")
static const ContentMember new_version_members[] = {
    ROW_OPTIONAL_WORD(SchedVersionRow, language, LANGUAGE, "Its language; none for a signal."),
    VERSION_ROWS, ROW_END,
};
static const ContentShape new_version = { "NewVersion", sizeof(SchedVersionRow),
                                          new_version_members };
static const ContentMember version_body_members[] = {
    VERSION_ROWS,
    ROW_OPTIONAL_UTC(SchedVersionRow, changed_us,
                     "As it was read: refused with 409 if somebody changed it since."),
    ROW_OPTIONAL_BOOL(SchedVersionRow, no_state_secret,
                      "Needed once it has audio, for then it is before its judges: true, or it is "
                      "refused."),
    ROW_END,
};
static const ContentShape version_body = { "VersionBody", sizeof(SchedVersionRow),
                                           version_body_members };
static const ContentMember sched_api_version_shape_members[] = {
    ROW_WORD(SchedVersionRow, id, ID, "Id of the version."),
    ROW_WORD(SchedVersionRow, announcement, ID, "Its announcement."),
    ROW_OPTIONAL_WORD(SchedVersionRow, language, LANGUAGE, "Its language."),
    ROW_OPTIONAL_WORD(SchedVersionRow, object, HASH, "The audio; absent: not yet there."),
    VERSION_ROWS,
    ROW_OPTIONAL_WORD(SchedVersionRow, script_hash, HASH, "Of the script's bytes."),
    ROW_ENUM(SchedVersionRow, state, sched_version_state_words, "How far it is."),
    ROW_WORD(SchedVersionRow, author, ID, "Who last changed audio or script."),
    ROW_OPTIONAL_WORD(SchedVersionRow, checker, ID, "Who vouched for the language."),
    ROW_UTC(SchedVersionRow, checked_us, "When; 0: not yet."),
    ROW_OPTIONAL_WORD(SchedVersionRow, approval, HASH, "The approval in force."),
    ROW_TEXT(SchedVersionRow, note, 0, 2000, "Why it was sent back."),
    ROW_UTC(SchedVersionRow, created_us, "When it was made."),
    ROW_UTC(SchedVersionRow, changed_us, "When it was last changed."),
    ROW_OPTIONAL_WORD(SchedVersionRow, uploader, ID, "Who brought the recording in."),
    ROW_OPTIONAL_TEXT(SchedVersionRow, uploader_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_BOOL(SchedVersionRow, behalf, "They did so for a voice that is somebody else's."),
    ROW_BOOL(SchedVersionRow, no_state_secret, "Its author declared that there is none in it."),
    ROW_END,
};
API_SHAPE(sched_api_version_shape, SchedVersionRow, "Version", sched_version_row_free);

static const ContentMember sched_api_measured_shape_members[] = {
    ROW_WORD(SchedObjectRow, hash, HASH, "The audio."),
    ROW_COUNT(SchedObjectRow, duration_us, "µs", "How long it is."),
    ROW_INT(SchedObjectRow, loudness_mlufs, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, "1/1000 LUFS",
            "How loud it is as a whole."),
    ROW_INT(SchedObjectRow, peak_mdb, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, "1/1000 dBTP",
            "Its true peak."),
    ROW_END,
};
API_SHAPE(sched_api_measured_shape, SchedObjectRow, "Measured", sched_object_row_free);

static const ContentMember judgement_members[] = {
    ROW_WORD(Judgement, object, HASH, "The audio that was heard."),
    ROW_OPTIONAL_WORD(Judgement, script_hash, HASH, "The script that was read."),
    ROW_OPTIONAL_TEXT(Judgement, address, 1, CONTENT_SOURCE_ADDRESS_MAX_BYTES,
                      "The address that was read, of a source."),
    API_DECLARED_ROW(Judgement),
    ROW_END,
};
static const ContentShape judgement_shape = { "Judgement", sizeof(Judgement),
                                              judgement_members };
static const ContentMember return_members[] = {
    ROW_TEXT(Judgement, note, 1, 2000, "Why it is sent back."),
    ROW_END,
};
static const ContentShape return_shape = { "Return", sizeof(Judgement), return_members };
/* clang-format on */

static const char *
body_text(SchedAct *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

static gboolean
answer_version(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, id, error);

    return sched_act_row(act, &sched_api_version_shape, row);
}

static gboolean
get_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    return answer_version(txn, act, act->arguments[0], error);
}

/* A script is kept as its language writes it; what that changed is said. */
static gboolean
put_version(SchedTxn *txn, SchedAct *act, SchedVersionRow *row, GError **error)
{
    sched_act_repair(act, &row->script, row->language);
    return sched_store_version_put(txn, row, error) && answer_version(txn, act, row->id, error);
}

/*
 * The id of a draft whose recording never came, for instance because its upload failed: it is
 * nothing yet, and the same language anew takes its place. NULL: there is none.
 */
static char *
find_unrecorded(SchedTxn *txn, const char *announcement, const char *language)
{
    g_autoptr(GPtrArray) versions = sched_store_version_list(txn, announcement, NULL);

    for (guint i = 0; versions != NULL && i < versions->len; i++) {
        const SchedVersionRow *version = versions->pdata[i];

        if (version->object == NULL && g_strcmp0(version->language, language) == 0)
            return g_strdup(version->id);
    }
    return NULL;
}

static gboolean
add_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedVersionRow) row = content_shape_new(&new_version);

    row->announcement = g_strdup(act->arguments[0]);
    row->note = g_strdup("");
    if (!sched_act_read(act, row, error))
        return FALSE;
    row->id = find_unrecorded(txn, row->announcement, row->language);
    if (row->id == NULL)
        row->id = sched_act_id(act);
    return put_version(txn, act, row, error);
}

static gboolean
change_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, act->arguments[0], error);
    gint64 changed_us;

    if (row == NULL)
        return FALSE;
    changed_us = row->changed_us;
    row->changed_us = 0;
    /* What the body leaves out is left out: a script is removed by not sending it. */
    g_clear_pointer(&row->script, g_free);
    g_clear_pointer(&row->announcer, g_free);
    g_clear_pointer(&row->announcer_name, g_free);
    if (!sched_act_read(act, row, error))
        return FALSE;
    if (row->changed_us != 0 && row->changed_us != changed_us) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "changed_us: the version was changed since it was read");
        return FALSE;
    }
    /* With audio it waits for its judges: whoever changes it puts it forward anew. */
    return (row->object == NULL || sched_act_declare(txn, act, error)) &&
           put_version(txn, act, row, error);
}

static gboolean
remove_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_version_remove(txn, act->arguments[0], error) && sched_act_done(act);
}

/* ---- audio ---- */

static gboolean
get_audio(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, act->arguments[0], error);

    if (row == NULL)
        return FALSE;
    if (g_strcmp0(content_call_query(act->call, "approved"), "true") == 0) {
        g_autoptr(SchedApprovalRow) last = sched_store_approval_last(txn, row->id, error);

        if (last == NULL)
            return FALSE;
        act->object = g_strdup(last->object);
    } else {
        act->object = g_strdup(row->object);
    }
    return act->object != NULL ||
           sched_api_error(error, SCHED_API_ERROR_NOT_FOUND, "it has no audio yet");
}

/* As it was uploaded: of whatever kind, so a browser is told to keep it, not to show it. */
static gboolean
get_original(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedOriginalRow) original = NULL;

    if (!get_audio(txn, act, error))
        return FALSE;
    original = sched_store_object_original(txn, act->object, error);
    g_clear_pointer(&act->object, g_free);
    if (original == NULL)
        return FALSE;
    act->object = g_strdup(original->hash);
    act->object_media = g_strdup("application/octet-stream");
    content_call_add_header(act->call, "Content-Disposition", "attachment");
    return TRUE;
}

/*
 * What was measured of the audio when it was taken in. It never changes for one object, so a
 * browser that has it is told no more than that.
 */
static gboolean
get_waveform(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedObjectRow) object = NULL;
    g_autofree char *peaks = NULL;

    if (!get_audio(txn, act, error))
        return FALSE;
    act->tag = g_steal_pointer(&act->object);
    object = sched_store_object_get(txn, act->tag, error);
    peaks = object == NULL ? NULL : sched_store_object_peaks(txn, act->tag, error);
    if (peaks == NULL || !sched_act_row(act, &sched_api_measured_shape, object))
        return FALSE;
    json_object_set_new(act->answer, "peaks", json_string(peaks));
    return TRUE;
}

static gboolean
set_audio(SchedTxn *txn, SchedAct *act, GError **error)
{
    const ApiRecording *recording = sched_api_recording(act, error);
    g_autoptr(SchedVersionRow) row =
        recording == NULL ? NULL : sched_store_version_get(txn, act->arguments[0], error);

    if (row == NULL || !sched_api_put_recording(txn, recording, error))
        return FALSE;
    g_free(row->object);
    row->object = g_strdup(recording->object.hash);
    if (!sched_store_version_put(txn, row, error) || !answer_version(txn, act, row->id, error))
        return FALSE;
    json_object_set_new(act->answer, "duration_us",
                        json_integer(recording->object.duration_us));
    json_object_set_new(act->answer, "loudness_mlufs",
                        json_integer(recording->object.loudness_mlufs));
    return TRUE;
}

/* ---- checking, returning, approving ---- */

/* Where it comes from is judged with it: a source says what nobody can hear beforehand. */
static gboolean
expect_address(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedVersionRow) row = sched_store_version_get(txn, act->arguments[0], error);

    if (row == NULL)
        return FALSE;
    if (g_strcmp0(row->address, body_text(act, "address")) == 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                        "address: it is not the one that was read");
    return FALSE;
}

static gboolean
check_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    return expect_address(txn, act, error) &&
           sched_store_version_check(txn, act->arguments[0], body_text(act, "object"),
                                     body_text(act, "script_hash"), error) &&
           answer_version(txn, act, act->arguments[0], error);
}

static gboolean
return_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_version_return(txn, act->arguments[0], body_text(act, "note"), error) &&
           answer_version(txn, act, act->arguments[0], error);
}

gboolean
sched_api_approve_version(SchedTxn *txn, SchedAct *act, const char *version, const char *object,
                          const char *script_hash, GError **error)
{
    g_autoptr(GBytes) document =
        sched_store_approval_build(txn, version, object, script_hash, error);
    g_autoptr(GPtrArray) signatures =
        g_ptr_array_new_with_free_func(content_signature_shape.free);

    if (document == NULL || !sched_api_expect_heard(txn, act, version, object, error))
        return FALSE;
    g_ptr_array_add(signatures, sched_keys_approve(act->api->options.keys, document));
    return sched_store_approval_add(txn, version, document, signatures, error);
}

static gboolean
approve_version(SchedTxn *txn, SchedAct *act, GError **error)
{
    return expect_address(txn, act, error) &&
           sched_api_approve_version(txn, act, act->arguments[0], body_text(act, "object"),
                                     body_text(act, "script_hash"), error) &&
           answer_version(txn, act, act->arguments[0], error);
}

#define EDITOR   SCHED_ROLES(SCHED_ROLE_EDITOR)
#define REVIEWER SCHED_ROLES(SCHED_ROLE_REVIEWER)
#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)

/* clang-format off */
static const SchedRouteQuery audio_query[] = { API_RECORDING_QUERY, { NULL, NULL } };

static const SchedRouteQuery approved_query[] = {
    { "approved", "\"true\": the audio as it was last approved." }, { NULL, NULL },
};

static const SchedAnswer version_answer = { .row = &sched_api_version_shape };
static const SchedAnswerMember audio_more[] = {
    ANSWER_INT("duration_us", 0, CONTENT_US_MAX, "µs", "How long it is."),
    ANSWER_INT("loudness_mlufs", ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, "1/1000 LUFS",
               "How loud it is, after it was levelled."),
    ANSWER_END,
};
static const SchedAnswer version_audio = {
    .name = "VersionAudio", .row = &sched_api_version_shape, .more = audio_more,
};

static const SchedAnswerMember waveform_more[] = {
    ANSWER_TEXT("peaks", 0, 2 * SCHED_OBJECT_N_PEAKS,
                "The highest sample of 800 equal pieces, two hex digits each; ff is full scale. "
                "Empty for audio from before these were measured."),
    ANSWER_END,
};
static const SchedAnswer waveform_answer = {
    .name = "Waveform", .row = &sched_api_measured_shape, .more = waveform_more,
};
static const SchedRouteHeader waveform_headers[] = {
    { "ETag", TRUE, "Of the audio: sent back as If-None-Match it is answered with 304." },
    { NULL, FALSE, NULL },
};

static const SchedRouteHeader original_headers[] = {
    { "Content-Disposition", TRUE, "attachment: to be kept, not to be shown." },
    { NULL, FALSE, NULL },
};

static const SchedRoute routes[] = {
    { .method = "POST", .path = "/api/announcements/{announcement}/versions", .roles = EDITOR,
      .scope = sched_scope_announcement, .input = SCHED_INPUT_JSON, .body = &new_version,
      .writes = TRUE, .status = 201, .work = add_version, .answer = &version_answer, .name = "addVersion",
      .meaning = "A new language of an announcement." },
    { .method = "GET", .path = "/api/versions/{version}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_version_read, .status = 200, .work = get_version,
      .answer = &version_answer, .name = "getVersion", .meaning = "One version." },
    { .method = "PUT", .path = "/api/versions/{version}", .roles = EDITOR,
      .scope = sched_scope_version, .input = SCHED_INPUT_JSON, .body = &version_body,
      .writes = TRUE, .status = 200, .work = change_version, .answer = &version_answer, .name = "changeVersion",
      .meaning = "Change script or announcer; takes check and approval away." },
    { .method = "DELETE", .path = "/api/versions/{version}", .roles = EDITOR,
      .scope = sched_scope_version, .writes = TRUE, .status = 200, .work = remove_version,
      .answer = &sched_answer_done, .name = "removeVersion", .meaning = "Remove a version that was never approved." },
    { .method = "PUT", .path = "/api/versions/{version}/audio", .roles = EDITOR,
      .scope = sched_scope_version, .input = SCHED_INPUT_AUDIO, .query = audio_query,
      .writes = TRUE, .is_declared = TRUE, .status = 200, .prepare = sched_api_prepare_audio, .work = set_audio,
      .answer = &version_audio, .name = "setAudio",
      .meaning = "Upload the recording, in any format; takes check and approval away." },
    { .method = "GET", .path = "/api/versions/{version}/audio", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_version_read, .status = 200, .query = approved_query, .work = get_audio, .sends = "audio/ogg",
      .name = "getAudio", .meaning = "The audio as it will be heard; with ranges." },
    { .method = "GET", .path = "/api/versions/{version}/waveform", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_version_read, .status = 200, .query = approved_query, .work = get_waveform,
      .answer = &waveform_answer, .headers = waveform_headers, .is_tagged = TRUE,
      .name = "getWaveform",
      .meaning = "Length, loudness and shape of the audio, to be drawn." },
    { .method = "GET", .path = "/api/versions/{version}/original", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_version_read, .status = 200, .work = get_original,
      .sends = "application/octet-stream", .headers = original_headers, .name = "getOriginal",
      .meaning = "The recording as it was uploaded." },
    { .method = "POST", .path = "/api/versions/{version}/check", .roles = REVIEWER,
      .scope = sched_scope_version_home, .input = SCHED_INPUT_JSON, .body = &judgement_shape,
      .writes = TRUE, .is_declared = TRUE, .status = 200, .work = check_version, .answer = &version_answer, .name = "checkVersion",
      .meaning = "Vouch for the language of exactly this audio and script." },
    { .method = "POST", .path = "/api/versions/{version}/return", .roles = REVIEWER | APPROVER,
      .scope = sched_scope_version_home, .input = SCHED_INPUT_JSON, .body = &return_shape,
      .writes = TRUE, .status = 200, .work = return_version, .answer = &version_answer, .name = "returnVersion",
      .meaning = "Send it back with a reason." },
    { .method = "POST", .path = "/api/versions/{version}/approve", .roles = APPROVER,
      .scope = sched_scope_version, .input = SCHED_INPUT_JSON, .body = &judgement_shape,
      .writes = TRUE, .is_declared = TRUE, .status = 200, .work = approve_version, .answer = &version_answer, .name = "approveVersion",
      .meaning = "Free exactly this audio and script to be heard." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_versions(void)
{
    return routes;
}
