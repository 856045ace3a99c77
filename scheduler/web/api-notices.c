/*
 * api-notices.c - a quick notice: recorded, sent for the villages chosen, approved by one tap
 * of a second person, heard at the next allowed minute. A correction is one.
 *
 * Two acts, each whole or not at all. Sending makes announcement, version, recording and
 * playlist; nothing of it may sound. Approving is what a second person does of any bulletin, in
 * one: they vouch for the language, if they are a reader of it there, for the content, and for
 * the slot, whose time is reckoned in the same act. Whoever is no reader of it waits for one.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/plan/index.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/notices.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/slots.h"

#include <string.h>

#define NOTICE_TZID "Asia/Ho_Chi_Minh"
/* The manifest, the recording and the relays need it to be ready. */
#define NOTICE_LEAD_US  (G_GINT64_CONSTANT(45) * G_USEC_PER_SEC)
#define NOTICE_PRIORITY 100

typedef struct {
    char *object;
    gboolean no_state_secret;
} HeardObject;

/* clang-format off */
static const ContentMember notice_shape_members[] = {
    ROW_WORD(SchedNoticeRow, id, ID, "Id of the announcement that it is."),
    ROW_TEXT(SchedNoticeRow, title, 1, ROW_TITLE_MAX_BYTES, "Its title."),
    ROW_WORD(SchedNoticeRow, home, ID, "Area whose approvers it waits for."),
    ROW_WORD(SchedNoticeRow, version, ID, "Its only version."),
    ROW_WORD(SchedNoticeRow, language, LANGUAGE, "Its language."),
    ROW_WORD(SchedNoticeRow, object, HASH, "The audio."),
    ROW_COUNT(SchedNoticeRow, duration_us, "µs", "How long it is."),
    ROW_ENUM(SchedNoticeRow, state, sched_version_state_words, "How far the version is."),
    ROW_WORD(SchedNoticeRow, author, ID, "Who sent it."),
    ROW_TEXT(SchedNoticeRow, author_name, 1, ROW_NAME_MAX_BYTES, "Their name."),
    ROW_UTC(SchedNoticeRow, made_us, "When it was sent."),
    ROW_OPTIONAL_WORD(SchedNoticeRow, corrects, ID, "The announcement that it puts right."),
    ROW_OPTIONAL_WORD(SchedNoticeRow, slot, ID, "Its slot; absent: it waits to be approved."),
    ROW_UTC(SchedNoticeRow, start_us, "When it is heard; 0: it waits."),
    ROW_BOOL(SchedNoticeRow, withdrawn, "Plays no more."),
    ROW_OPTIONAL_TEXT(SchedNoticeRow, voice, 1, ROW_NAME_MAX_BYTES,
                      "Whose voice it is, where who sent it says that it is another's."),
    ROW_END,
};
static API_SHAPE(notice_shape, SchedNoticeRow, "Notice", sched_notice_row_free);

static const ContentMember heard_object_members[] = {
    ROW_WORD(HeardObject, object, HASH, "The audio that was heard."),
    API_DECLARED_ROW(HeardObject),
    ROW_END,
};
static const ContentShape approve_shape = { "ApproveNotice", sizeof(HeardObject),
                                            heard_object_members };

static const ContentMember heard_shape_members[] = {
    ROW_WORD(SchedHeardRow, village, ID, "The village."),
    ROW_TEXT(SchedHeardRow, village_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_TEXT(SchedHeardRow, language, 0, 35, "In this language; empty for a signal."),
    ROW_COUNT(SchedHeardRow, times, "", "So often, wholly or in part."),
    ROW_UTC(SchedHeardRow, last_us, "Last at this time."),
    ROW_END,
};
static API_SHAPE(heard_shape, SchedHeardRow, "Heard", sched_heard_row_free);
/* clang-format on */

/* ---- sending one ---- */

static char *
query_text(SchedAct *act, const char *name, const char *language)
{
    const char *text = content_call_query(act->call, name);
    char *kept = g_strdup(text == NULL ? "" : text);

    sched_act_repair(act, &kept, language);
    g_strstrip(kept);
    return kept;
}

/* The day it is now where the slots of the district are. */
static char *
local_text(gint64 at_us, const char *format)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(NOTICE_TZID);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);

    return g_date_time_format(local, format);
}

static gboolean
check_notice(SchedTxn *txn, SchedAct *act, const char *title, GError **error)
{
    const ApiRecording *recording = act->prepared;
    const char *language = content_call_query(act->call, "language");
    const char *corrects = content_call_query(act->call, "corrects");
    g_autoptr(SchedAnnouncementRow) wrong = NULL;

    if (*title == '\0' || language == NULL)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "title, language: ?title=…&language=… are needed");
    if (recording->object.duration_us > SCHED_NOTICE_MAX_US)
        return sched_api_error(error, SCHED_API_ERROR_LONG,
                               "a quick notice is at most %d minutes long",
                               (int) (SCHED_NOTICE_MAX_US / G_USEC_PER_SEC / 60));
    if (corrects == NULL)
        return TRUE;
    wrong = sched_store_announcement_get(txn, corrects, error);
    return wrong != NULL && (sched_access_sees(txn, act, wrong->home) ||
                             sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                                             "you have no right to do this here"));
}

static gboolean
put_announcement(SchedTxn *txn, SchedAct *act, const char *id, const char *title,
                 GError **error)
{
    g_autoptr(SchedAnnouncementRow) row = g_new0(SchedAnnouncementRow, 1);
    g_autoptr(SchedAreaRow) home = NULL;

    row->home = g_strdup(content_call_query(act->call, "home"));
    home = sched_store_area_get(txn, row->home, error);
    if (home == NULL)
        return FALSE;
    row->id = g_strdup(id);
    row->kind = SCHED_ANNOUNCEMENT_BULLETIN;
    row->title = g_strdup(title);
    row->category = g_strdup("");
    row->class_ = CONTENT_CLASS_UU_TIEN;
    /* Its source is who sent it: the authority of the area, on this day, by this act. */
    row->source_number = g_strdup(id);
    row->source_issuer = g_strdup(home->name);
    row->source_date = local_text(act->now_us, "%Y-%m-%d");
    row->valid_from_us = act->now_us;
    row->valid_until_us = act->now_us + SCHED_NOTICE_LIFE_US;
    row->areas = g_ptr_array_new_with_free_func(g_free);
    {
        g_auto(GStrv) areas = g_strsplit(content_call_query(act->call, "areas"), ",", -1);

        for (guint i = 0; areas[i] != NULL; i++) {
            if (*areas[i] != '\0')
                g_ptr_array_add(row->areas, g_strdup(areas[i]));
        }
    }
    return sched_store_announcement_put(txn, row, 0, error);
}

static gboolean
put_version(SchedTxn *txn, SchedAct *act, const SchedNoticeRow *notice, GError **error)
{
    const ApiRecording *recording = act->prepared;
    g_autofree char *voice = query_text(act, "announcer_name", NULL);
    SchedVersionRow version = {
        .id = notice->version,
        .announcement = notice->id,
        .language = (char *) content_call_query(act->call, "language"),
        .object = recording->object.hash,
        .announcer_name = voice,
        .note = (char *) "",
    };

    return sched_api_put_recording(txn, recording, error) &&
           sched_store_version_put(txn, &version, error);
}

static gboolean
put_playlist(SchedTxn *txn, SchedAct *act, const SchedNoticeRow *notice, GError **error)
{
    g_autofree char *item = sched_act_id(act);
    g_autofree char *name = content_document_text(notice->title, ROW_NAME_MAX_BYTES);
    SchedItemRow row = {
        .id = item, .kind = SCHED_ITEM_ANNOUNCEMENT, .announcement = notice->id};
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    const SchedPlaylistRow playlist = {.id = notice->playlist,
                                       .name = name,
                                       .home = (char *) content_call_query(act->call, "home"),
                                       .items = items};

    g_ptr_array_add(items, &row);
    return sched_store_playlist_put(txn, &playlist, 0, error);
}

static gboolean
answer_notice(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedNoticeRow) row = sched_store_notice_get(txn, id, error);

    return sched_act_row(act, &notice_shape, row);
}

static gboolean
add_notice(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedNoticeRow) row = g_new0(SchedNoticeRow, 1);

    row->id = sched_act_id(act);
    row->version = sched_act_id(act);
    row->playlist = sched_act_id(act);
    row->corrects = g_strdup(content_call_query(act->call, "corrects"));
    row->title = query_text(act, "title", NULL);
    return sched_api_recording(act, error) != NULL &&
           check_notice(txn, act, row->title, error) &&
           put_announcement(txn, act, row->id, row->title, error) &&
           put_version(txn, act, row, error) && put_playlist(txn, act, row, error) &&
           sched_store_notice_add(txn, row, error) && answer_notice(txn, act, row->id, error);
}

/* ---- approving it ---- */

/* The language first: by whoever approves, if they are a reader of it there. */
static gboolean
check_language(SchedTxn *txn, SchedAct *act, const SchedNoticeRow *notice, const char *object,
               GError **error)
{
    if (notice->state == SCHED_VERSION_CHECKED || notice->state == SCHED_VERSION_APPROVED)
        return TRUE;
    if (notice->state == SCHED_VERSION_RETURNED)
        return sched_api_error(error, SCHED_API_ERROR_SENT_BACK,
                               "it was sent back and waits for its author");
    if (!sched_store_account_may(txn, act->account, SCHED_ROLE_REVIEWER, notice->home,
                                 notice->language, act->now_us))
        return sched_api_error(error, SCHED_API_ERROR_UNREAD,
                               "its language waits for a reader: you are none of it there");
    return sched_store_version_check(txn, notice->version, object, NULL, error);
}

static gboolean
approve_content(SchedTxn *txn, SchedAct *act, const SchedNoticeRow *notice, const char *object,
                GError **error)
{
    if (notice->state == SCHED_VERSION_APPROVED)
        return TRUE;
    return sched_api_approve_version(txn, act, notice->version, object, NULL, error);
}

static GPtrArray *
targets_of(GPtrArray *areas)
{
    GPtrArray *targets = g_ptr_array_new_with_free_func((GDestroyNotify) sched_target_row_free);

    for (guint i = 0; i < areas->len; i++) {
        SchedTargetRow *target = g_new0(SchedTargetRow, 1);

        target->area = g_strdup(areas->pdata[i]);
        target->station = g_strdup("");
        target->zone = g_strdup("");
        g_ptr_array_add(targets, target);
    }
    return targets;
}

/* What its author asked for, at the time that was reckoned. Returns: (transfer full): its id */
static char *
put_slot(SchedTxn *txn, SchedAct *act, const SchedNoticeRow *notice, GPtrArray *areas,
         gint64 start_us, GError **error)
{
    g_autofree char *id = sched_act_id(act), *date = local_text(start_us, "%Y-%m-%d");
    g_autofree char *clock = local_text(start_us, "%H:%M:%S");
    g_autofree char *name = content_document_text(notice->title, ROW_NAME_MAX_BYTES);
    g_autoptr(GPtrArray) targets = targets_of(areas), none = g_ptr_array_new();
    gint64 minute =
        g_ascii_strtoll(clock, NULL, 10) * 60 + g_ascii_strtoll(clock + 3, NULL, 10);
    const SchedSlotRow slot = {
        .id = id,
        .name = name,
        .home = notice->home,
        .playlist = notice->playlist,
        .class_ = CONTENT_CLASS_UU_TIEN,
        .tzid = (char *) NOTICE_TZID,
        .first_date = date,
        .local_min = minute,
        .local_s = g_ascii_strtoll(clock + 6, NULL, 10),
        .rule = (char *) "",
        .priority = NOTICE_PRIORITY,
        .targets = targets,
        .dates_in = none,
        .dates_out = none,
    };
    g_autoptr(SchedSlotRow) kept = NULL;

    if (!sched_store_slot_put_for(txn, &slot, notice->author, 0, error))
        return NULL;
    kept = sched_store_slot_get(txn, id, error);
    if (kept == NULL || !sched_store_slot_approve(txn, id, kept->content, error))
        return NULL;
    return g_steal_pointer(&id);
}

/* Placed, and heard: what nobody would hear is not approved in silence. */
static gboolean
place(SchedTxn *txn, SchedAct *act, const SchedNoticeRow *notice, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    g_autoptr(SchedAnnouncementRow) row = sched_store_announcement_get(txn, notice->id, error);
    SchedNextWish wish = {.language = notice->language,
                          .class_ = CONTENT_CLASS_UU_TIEN,
                          .earliest_us = act->now_us + NOTICE_LEAD_US,
                          .duration_us = notice->duration_us};
    g_autofree char *slot = NULL;
    guint n_heard = 0, n_silent = 0;
    gint64 start_us;

    if (row == NULL)
        return FALSE;
    wish.areas = row->areas;
    start_us = options->ports->next_start(options->ports_data, txn, &wish, error);
    if (start_us < 0)
        return FALSE;
    slot = put_slot(txn, act, notice, row->areas, start_us, error);
    if (slot == NULL || !options->ports->count_notice(options->ports_data, txn, slot, start_us,
                                                      &n_heard, &n_silent, error))
        return FALSE;
    if (n_heard == 0)
        return sched_api_error(error, SCHED_API_ERROR_UNHEARD,
                               "nobody there would hear it: the programme leaves it no room");
    if (!sched_store_notice_place(txn, notice->id, slot, start_us, error) ||
        !answer_notice(txn, act, notice->id, error))
        return FALSE;
    json_object_set_new(act->answer, "heard", json_integer(n_heard));
    json_object_set_new(act->answer, "silent", json_integer(n_silent));
    return TRUE;
}

static gboolean
approve_notice(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedNoticeRow) notice = sched_store_notice_get(txn, act->arguments[0], error);
    const char *object = json_string_value(json_object_get(act->body, "object"));
    GError *cause = NULL;

    if (notice == NULL)
        return FALSE;
    if (notice->slot != NULL || notice->withdrawn)
        return sched_api_error(error, SCHED_API_ERROR_PLACED,
                               "the notice is placed already, or withdrawn");
    if (check_language(txn, act, notice, object, &cause) &&
        approve_content(txn, act, notice, object, &cause) && place(txn, act, notice, &cause))
        return TRUE;
    if (cause->domain == SCHED_INDEX_ERROR) {
        sched_api_error(error, SCHED_API_ERROR_UNHEARD, "%s", cause->message);
        g_error_free(cause);
    } else {
        g_propagate_error(error, cause);
    }
    return FALSE;
}

/* ---- looking ---- */

/* What the account may do with it is said, for a page that shows what waits for whom. */
static void
add_mine(SchedTxn *txn, SchedAct *act)
{
    json_t *list = json_object_get(act->answer, "notices"), *one;
    gsize i;

    json_array_foreach(list, i, one)
    {
        const char *home = json_string_value(json_object_get(one, "home"));
        const char *language = json_string_value(json_object_get(one, "language"));

        json_object_set_new(one, "reads",
                            json_boolean(sched_store_account_may(txn, act->account,
                                                                 SCHED_ROLE_REVIEWER, home,
                                                                 language, act->now_us)));
    }
}

static gboolean
list_notices(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_notice_list(txn, content_call_query(act->call, "area"), error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedNoticeRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->home))
            g_ptr_array_remove_index(rows, i - 1);
    }
    if (!sched_act_list(act, "notices", &notice_shape, rows))
        return FALSE;
    add_mine(txn, act);
    return TRUE;
}

/* Whom a correction is for. */
static gboolean
list_heard(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_heard_list(txn, act->arguments[0], error);

    return sched_act_list(act, "heard", &heard_shape, rows);
}

#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)
#define SENDER   (SCHED_ROLES(SCHED_ROLE_EDITOR) | SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only those at home in this area and below." },
    { NULL, NULL },
};
static const SchedRouteQuery notice_query[] = {
    { "home", "Area whose approvers it waits for; needed." },
    { "areas", "Villages, or what lies above them, with commas between; needed." },
    { "title", "Its title; needed." },
    { "language", "Its language; needed." },
    { "announcer_name", "Name of the voice." },
    { "corrects", "The announcement that it puts right." },
    API_RECORDING_QUERY,
    { NULL, NULL },
};
static const SchedAnswer notice_answer = { .row = &notice_shape };
static const SchedAnswerMember placed_more[] = {
    ANSWER_COUNT("heard", "Zones that hear it then."),
    ANSWER_COUNT("silent", "Zones that do not, for instance because they keep silent."),
    ANSWER_END,
};
static const SchedAnswer placed_answer = {
    .name = "PlacedNotice", .row = &notice_shape, .more = placed_more,
};
static const SchedAnswerMember mine_more[] = {
    ANSWER_BOOL("reads", "Whoever asks is a reader of its language there."), ANSWER_END,
};
static const SchedAnswer mine_answer = {
    .name = "NoticeOfMine", .row = &notice_shape, .more = mine_more,
};
static const SchedAnswerMember notices_more[] = {
    ANSWER_LIST("notices", mine_answer, "Newest first."), ANSWER_END,
};
static const SchedAnswer notice_list = { .name = "NoticeList", .more = notices_more };
static const SchedAnswerMember heard_more[] = {
    ANSWER_ROWS("heard", heard_shape, "By village and language."), ANSWER_END,
};
static const SchedAnswer heard_list = { .name = "HeardList", .more = heard_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/notices", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = list_notices,
      .answer = &notice_list, .name = "listNotices",
      .meaning = "Quick notices and corrections: what waits, and when the others were heard." },
    { .method = "POST", .path = "/api/notices", .roles = SENDER, .scope = sched_scope_notice_new,
      .input = SCHED_INPUT_AUDIO, .query = notice_query, .writes = TRUE, .is_declared = TRUE, .status = 201,
      .prepare = sched_api_prepare_audio, .work = add_notice, .answer = &notice_answer,
      .name = "addNotice",
      .meaning = "A recording for some villages, to be heard as soon as a second person approves it." },
    { .method = "POST", .path = "/api/notices/{notice}/approve", .roles = APPROVER,
      .scope = sched_scope_announcement, .input = SCHED_INPUT_JSON, .body = &approve_shape,
      .writes = TRUE, .is_declared = TRUE, .status = 200, .work = approve_notice, .answer = &placed_answer,
      .name = "approveNotice",
      .meaning = "Free exactly this audio, and place it at the next allowed minute." },
    { .method = "GET", .path = "/api/announcements/{announcement}/heard", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_announcement_read, .status = 200, .work = list_heard,
      .answer = &heard_list, .name = "listHeard",
      .meaning = "Which villages heard it in which language, by the records of their stations." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_notices(void)
{
    return routes;
}
