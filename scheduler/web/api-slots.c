/*
 * api-slots.c - playlists, slots, what is different on one date, and who goes first at a clash.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/plan/finding.h"
#include "scheduler/plan/recurrence.h"
#include "scheduler/store/offers.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/slots.h"

/* Every target, date and item on lines of their own, with room. */
#define SLOT_TEXT_MAX_BYTES (256 * 1024)

/* ---- shapes ---- */

typedef struct {
    char *content;
    char *note;
} ContentBody;

typedef struct {
    GPtrArray *slots;
} ChoicesBody;

/* A slot that nobody has kept, with what it plays. */
typedef struct {
    SchedSlotRow row; /* first: its members stand where those of a slot do */
    char *slot;
    GPtrArray *items;
} TrialBody;

/* clang-format off */
static const ContentMember item_shape_members[] = {
    ROW_OPTIONAL_WORD(SchedItemRow, id, ID, "Stays the same when the item is moved; made if "
                      "absent."),
    ROW_ENUM(SchedItemRow, kind, sched_item_kind_words, "What it is."),
    ROW_OPTIONAL_WORD(SchedItemRow, announcement, ID, "Of all but a pause."),
    ROW_OPTIONAL_INT(SchedItemRow, duration_us, 0, SCHED_RELAY_MAX_US, 0, "µs",
                     "Of a pause, a stream or a line-in."),
    ROW_END,
};
static API_SHAPE(item_shape, SchedItemRow, "Item", sched_item_row_free);

#define PLAYLIST_ROWS                                                                           \
    ROW_TEXT(SchedPlaylistRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),                       \
    ROW_WORD(SchedPlaylistRow, home, ID, "Area whose editors it belongs to."),                  \
    ROW_STRUCTS(SchedPlaylistRow, items, SCHED_PLAYLIST_MAX_ITEMS, item_shape, "In order.")
#define REVISION_ROW(T)                                                                         \
    ROW_OPTIONAL_INT(T, revision, 0, ROW_COUNT_MAX, 0, "",                                      \
                     "The revision that was read; needed to change it.")
static const ContentMember playlist_body_members[] = {
    PLAYLIST_ROWS, REVISION_ROW(SchedPlaylistRow), ROW_END,
};
static const ContentShape playlist_body = { "PlaylistBody", sizeof(SchedPlaylistRow),
                                            playlist_body_members };
static const ContentMember playlist_shape_members[] = {
    ROW_WORD(SchedPlaylistRow, id, ID, "Id of the playlist."),
    PLAYLIST_ROWS,
    ROW_WORD(SchedPlaylistRow, author, ID, "Who last changed it."),
    ROW_COUNT(SchedPlaylistRow, revision, "", "Counts up with each change."),
    ROW_UTC(SchedPlaylistRow, changed_us, "When it was last changed."),
    ROW_END,
};
static API_SHAPE(playlist_shape, SchedPlaylistRow, "Playlist", sched_playlist_row_free);

static const ContentMember target_shape_members[] = {
    ROW_OPTIONAL_TEXT(SchedTargetRow, area, 0, 64, "An area with all below; or:"),
    ROW_OPTIONAL_TEXT(SchedTargetRow, station, 0, 64, "a station and"),
    ROW_OPTIONAL_TEXT(SchedTargetRow, zone, 0, 64, "one of its zones."),
    ROW_END,
};
static API_SHAPE(target_shape, SchedTargetRow, "Target", sched_target_row_free);

#define SLOT_TIME_ROWS                                                                          \
    ROW_CLASS(SchedSlotRow, "Priority class; alerts have their own path."),                     \
    ROW_OPTIONAL_TEXT(SchedSlotRow, tzid, 1, ROW_TZID_MAX_BYTES, "Its time zone."),             \
    ROW_WORD(SchedSlotRow, first_date, DATE, "Local date from which the rule counts."),         \
    ROW_INT(SchedSlotRow, local_min, 0, 1439, "min", "Minutes after local midnight."),          \
    ROW_OPTIONAL_INT(SchedSlotRow, local_s, 0, 59, 0, "s", "And seconds."),                     \
    ROW_OPTIONAL_TEXT(SchedSlotRow, rule, 0, SCHED_SLOT_MAX_RULE_BYTES,                         \
                      "RRULE, the subset of docs/formats.md; empty: first_date alone."),        \
    ROW_OPTIONAL_WORD(SchedSlotRow, until, DATE, "Last local date."),                           \
    ROW_OPTIONAL_INT(SchedSlotRow, gain_mdb, ROW_GAIN_MIN_MDB, 0, 0, "millidecibel",            \
                     "How loud."),                                                              \
    ROW_OPTIONAL_INT(SchedSlotRow, make_up_min, 0, ROW_MINUTES_MAX, 0, "min",                   \
                     "What was missed is made up before this minute of the date; 0: not."),     \
    ROW_OPTIONAL_ENUM(SchedSlotRow, policy, sched_language_policy_words,                        \
                      "Every language a zone lists, or the first it has."),                     \
    ROW_OPTIONAL_ENUM(SchedSlotRow, order, sched_block_order_words,                             \
                      "Languages change after each item, or after the whole."),                 \
    ROW_STRUCTS(SchedSlotRow, targets, SCHED_SLOT_MAX_TARGETS, target_shape, "Where."),         \
    ROW_ANY(SchedSlotRow, dates_in, "dates_in", CONTENT_MEMBER_DATE, .is_list = TRUE,           \
            .max_count = SCHED_SLOT_MAX_DATES, .unit = "", .meaning = "Extra local dates."),    \
    ROW_ANY(SchedSlotRow, dates_out, "dates_out", CONTENT_MEMBER_DATE, .is_list = TRUE,         \
            .max_count = SCHED_SLOT_MAX_DATES, .unit = "", .meaning = "Dates left out.")
#define SLOT_ROWS                                                                               \
    ROW_TEXT(SchedSlotRow, name, 1, ROW_NAME_MAX_BYTES, "Its name."),                           \
    ROW_WORD(SchedSlotRow, home, ID, "Area whose editors and approvers it belongs to."),        \
    ROW_WORD(SchedSlotRow, playlist, ID, "What is played."),                                    \
    SLOT_TIME_ROWS
static const ContentMember slot_body_members[] = {
    SLOT_ROWS, REVISION_ROW(SchedSlotRow), ROW_END,
};
static const ContentShape slot_body = { "SlotBody", sizeof(SchedSlotRow), slot_body_members };
static const ContentMember trial_members[] = {
    ROW_OPTIONAL_WORD(TrialBody, slot, ID, "One that there is, if it is to be as follows."),
    ROW_OPTIONAL_TEXT(SchedSlotRow, name, 0, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_WORD(SchedSlotRow, home, ID, "Area whose editors it belongs to."),
    ROW_OPTIONAL_WORD(SchedSlotRow, playlist, ID, "What is played; or:"),
    ROW_ANY(TrialBody, items, "items", CONTENT_MEMBER_STRUCT, .is_list = TRUE,
            .max_count = SCHED_PLAYLIST_MAX_ITEMS, .element = &item_shape, .unit = "",
            .meaning = "what is played, in order."),
    SLOT_TIME_ROWS,
    REVISION_ROW(SchedSlotRow), ROW_END,
};
static const ContentShape trial_shape = { "SlotTrialBody", sizeof(TrialBody), trial_members };
static const ContentMember slot_shape_members[] = {
    ROW_WORD(SchedSlotRow, id, ID, "Id of the slot."),
    SLOT_ROWS,
    ROW_BOOL(SchedSlotRow, stopped, "Plays no more."),
    ROW_WORD(SchedSlotRow, author, ID, "Who last changed it."),
    ROW_WORD(SchedSlotRow, content, HASH, "Hash of the content with its playlist."),
    ROW_OPTIONAL_WORD(SchedSlotRow, approved, HASH, "The content that was approved."),
    ROW_OPTIONAL_WORD(SchedSlotRow, approver, ID, "Who approved it."),
    ROW_UTC(SchedSlotRow, approved_us, "When; 0: not yet."),
    ROW_COUNT(SchedSlotRow, revision, "", "Counts up with each change."),
    ROW_UTC(SchedSlotRow, changed_us, "When it was last changed."),
    ROW_OPTIONAL_TEXT(SchedSlotRow, note, 1, SCHED_SLOT_MAX_NOTE_BYTES, "Why it was sent back, as it stands; absent: it was not."),
    ROW_END,
};
static API_SHAPE(slot_shape, SchedSlotRow, "Slot", sched_slot_row_free);

static const ContentMember approve_members[] = {
    ROW_WORD(ContentBody, content, HASH, "The content that the approver saw."),
    ROW_END,
};
static const ContentShape approve_shape = { "ApproveContent", sizeof(ContentBody),
                                            approve_members };

static const ContentMember return_members[] = {
    ROW_WORD(ContentBody, content, HASH, "The content that the approver saw."),
    ROW_TEXT(ContentBody, note, 1, SCHED_SLOT_MAX_NOTE_BYTES, "Why it is sent back."),
    ROW_END,
};
static const ContentShape return_shape = { "ReturnContent", sizeof(ContentBody), return_members };

static const ContentMember choices_members[] = {
    ROW_WORDS(ChoicesBody, slots, SCHED_AREA_MAX_CHOICES, ID,
              "Most important first; replace those of the area. Empty: nothing is chosen."),
    ROW_END,
};
static const ContentShape choices_shape = { "ChoicesBody", sizeof(ChoicesBody),
                                            choices_members };

static const ContentMember override_body_members[] = {
    ROW_OPTIONAL_WORD(SchedOverrideRow, playlist, ID, "Played instead; absent: nothing."),
    ROW_END,
};
static const ContentShape override_body = { "OverrideBody", sizeof(SchedOverrideRow),
                                            override_body_members };
static const ContentMember override_shape_members[] = {
    ROW_WORD(SchedOverrideRow, slot, ID, "Its slot."),
    ROW_WORD(SchedOverrideRow, date, DATE, "Local date of the occurrence."),
    ROW_OPTIONAL_WORD(SchedOverrideRow, playlist, ID, "Played instead; absent: nothing."),
    ROW_OPTIONAL_WORD(SchedOverrideRow, proposed, ID, "Approved, or waiting to be."),
    ROW_WORD(SchedOverrideRow, author, ID, "Who made it."),
    ROW_WORD(SchedOverrideRow, content, HASH, "Hash of the content."),
    ROW_OPTIONAL_WORD(SchedOverrideRow, approver, ID, "Who approved it."),
    ROW_UTC(SchedOverrideRow, approved_us, "When; 0: not yet."),
    ROW_OPTIONAL_TEXT(SchedOverrideRow, note, 1, SCHED_SLOT_MAX_NOTE_BYTES,
                      "Why it was sent back, as it stands; absent: it was not."),
    ROW_END,
};
static API_SHAPE(override_shape, SchedOverrideRow, "Override", sched_override_row_free);
/* clang-format on */

static const char *
body_text(SchedAct *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

static gboolean
require_revision(SchedAct *act, GError **error)
{
    if (json_integer_value(json_object_get(act->body, "revision")) > 0)
        return TRUE;
    return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "revision: a change names the revision that was read");
}

/* ---- playlists ---- */

static gboolean
list_playlists(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_playlist_list(txn, content_call_query(act->call, "area"), error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedPlaylistRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->home))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "playlists", &playlist_shape, rows);
}

static gboolean
answer_playlist(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedPlaylistRow) row = sched_store_playlist_get(txn, id, error);

    return sched_act_row(act, &playlist_shape, row);
}

static gboolean
get_playlist(SchedTxn *txn, SchedAct *act, GError **error)
{
    return answer_playlist(txn, act, act->arguments[0], error);
}

static gboolean
put_playlist(SchedTxn *txn, SchedAct *act, const char *id, gboolean is_new, GError **error)
{
    g_autoptr(SchedPlaylistRow) row = content_shape_new(&playlist_body);

    row->id = g_strdup(id);
    if (!sched_act_read(act, row, error))
        return FALSE;
    for (guint i = 0; i < row->items->len; i++) {
        SchedItemRow *item = row->items->pdata[i];

        if (item->id == NULL)
            item->id = sched_act_id(act);
    }
    return sched_store_playlist_put(txn, row, is_new ? 0 : row->revision, error) &&
           answer_playlist(txn, act, id, error);
}

static gboolean
add_playlist(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *id = sched_act_id(act);

    return put_playlist(txn, act, id, TRUE, error);
}

static gboolean
change_playlist(SchedTxn *txn, SchedAct *act, GError **error)
{
    return require_revision(act, error) &&
           put_playlist(txn, act, act->arguments[0], FALSE, error);
}

static gboolean
remove_playlist(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_playlist_remove(txn, act->arguments[0], error) && sched_act_done(act);
}

/* ---- slots ---- */

static gboolean
list_slots(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows =
        sched_store_slot_list(txn, content_call_query(act->call, "area"), error);

    for (guint i = rows == NULL ? 0 : rows->len; i > 0; i--) {
        const SchedSlotRow *row = rows->pdata[i - 1];

        if (!sched_access_sees(txn, act, row->home))
            g_ptr_array_remove_index(rows, i - 1);
    }
    return sched_act_list(act, "slots", &slot_shape, rows);
}

static gboolean
add_texts(SchedTxn *txn, SchedAct *act, const SchedSlotRow *row, GError **error)
{
    g_autofree char *text = sched_store_slot_text(txn, row, error);
    g_autofree char *approved = NULL;

    if (text == NULL || !sched_store_slot_approved_text(txn, row->id, &approved, error))
        return FALSE;
    json_object_set_new(act->answer, "text", json_string(text));
    if (approved != NULL)
        json_object_set_new(act->answer, "approved_text", json_string(approved));
    return TRUE;
}

static gboolean
answer_slot(SchedTxn *txn, SchedAct *act, const char *id, GError **error)
{
    g_autoptr(SchedSlotRow) row = sched_store_slot_get(txn, id, error);
    g_autoptr(GPtrArray) overrides = NULL;

    if (!sched_act_row(act, &slot_shape, row) || !add_texts(txn, act, row, error))
        return FALSE;
    overrides = sched_store_override_list(txn, id, error);
    if (overrides == NULL)
        return FALSE;
    json_object_set_new(act->answer, "dates",
                        sched_shape_write_all(&override_shape, overrides));
    return TRUE;
}

static gboolean
get_slot(SchedTxn *txn, SchedAct *act, GError **error)
{
    return answer_slot(txn, act, act->arguments[0], error);
}

/* The rule as it is kept: checked, with a last date instead of a count. */
static gboolean
settle_rule(SchedSlotRow *row, GError **error)
{
    SchedDay first;
    char *saved;

    if (!sched_day_parse(row->first_date, &first))
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "first_date: %s is not from this era", row->first_date);
    saved = sched_recurrence_save(row->rule, first, error);
    if (saved == NULL) {
        g_autofree char *why = g_strdup(error != NULL ? (*error)->message : "");

        g_clear_error(error);
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "rule: %s", why);
    }
    g_free(row->rule);
    row->rule = saved;
    return TRUE;
}

/* What was stopped stays so: a change is no way to make it sound again. */
static gboolean
is_stopped(SchedTxn *txn, const char *id)
{
    g_autoptr(SchedSlotRow) row = sched_store_slot_get(txn, id, NULL);

    return row != NULL && row->stopped;
}

static gboolean
put_slot(SchedTxn *txn, SchedAct *act, const char *id, gboolean is_new, GError **error)
{
    g_autoptr(SchedSlotRow) row = content_shape_new(&slot_body);

    row->id = g_strdup(id);
    row->tzid = sched_store_setting_text(txn, "tzid", error);
    if (row->tzid == NULL)
        return FALSE;
    row->stopped = is_stopped(txn, id);
    return sched_act_read(act, row, error) && settle_rule(row, error) &&
           sched_store_slot_put(txn, row, is_new ? 0 : row->revision, error) &&
           answer_slot(txn, act, id, error);
}

static gboolean
add_slot(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *id = sched_act_id(act);

    return put_slot(txn, act, id, TRUE, error);
}

/* What was sent from above is moved where it was placed, within what was approved there. */
static gboolean
refuse_offered(SchedTxn *txn, SchedAct *act, GError **error)
{
    return !sched_store_offer_of_slot(txn, act->arguments[0]) ||
           sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "this was sent from above: choose its time there, or stop it");
}

static gboolean
change_slot(SchedTxn *txn, SchedAct *act, GError **error)
{
    return require_revision(act, error) && refuse_offered(txn, act, error) &&
           put_slot(txn, act, act->arguments[0], FALSE, error);
}

static gboolean
stop_slot(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_slot_stop(txn, act->arguments[0], error) &&
           answer_slot(txn, act, act->arguments[0], error);
}

static gboolean
approve_slot(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_slot_approve(txn, act->arguments[0], body_text(act, "content"), error) &&
           answer_slot(txn, act, act->arguments[0], error);
}

static gboolean
return_slot(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_slot_return(txn, act->arguments[0], body_text(act, "content"),
                                   body_text(act, "note"), error) &&
           answer_slot(txn, act, act->arguments[0], error);
}

/* ---- what would happen ---- */

static gboolean
try_body(SchedTxn *txn, SchedAct *act, TrialBody *body, GError **error)
{
    const SchedApiOptions *options = &act->api->options;

    if (body->row.name == NULL)
        body->row.name = g_strdup("");
    body->row.id = body->slot;
    for (guint i = 0; i < body->items->len; i++) {
        SchedItemRow *item = body->items->pdata[i];

        if (item->id == NULL)
            item->id = sched_act_id(act);
    }
    if (body->items->len == 0 && body->row.playlist == NULL)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "items: what is played, or a playlist");
    act->answer = options->ports->try_slot(options->ports_data, txn, &body->row,
                                           body->items->len > 0 ? body->items : NULL, error);
    return act->answer != NULL;
}

static gboolean
try_slot(SchedTxn *txn, SchedAct *act, GError **error)
{
    TrialBody *body = content_shape_new(&trial_shape);
    gboolean is_tried;

    body->row.tzid = sched_store_setting_text(txn, "tzid", error);
    is_tried = body->row.tzid != NULL && sched_act_read(act, body, error) &&
               settle_rule(&body->row, error) && try_body(txn, act, body, error);
    content_shape_free(&trial_shape, body);
    return is_tried;
}

/* ---- one date ---- */

static gboolean
put_override(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedOverrideRow) row = g_new0(SchedOverrideRow, 1);

    row->slot = g_strdup(act->arguments[0]);
    row->date = g_strdup(act->arguments[1]);
    return sched_act_read(act, row, error) && sched_store_override_put(txn, row, error) &&
           answer_slot(txn, act, row->slot, error);
}

static gboolean
remove_override(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_override_remove(txn, act->arguments[0], act->arguments[1], error) &&
           answer_slot(txn, act, act->arguments[0], error);
}

static gboolean
approve_override(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_override_approve(txn, act->arguments[0], act->arguments[1],
                                        body_text(act, "content"), error) &&
           answer_slot(txn, act, act->arguments[0], error);
}

static gboolean
return_override(SchedTxn *txn, SchedAct *act, GError **error)
{
    return sched_store_override_return(txn, act->arguments[0], act->arguments[1],
                                       body_text(act, "content"), body_text(act, "note"),
                                       error) &&
           answer_slot(txn, act, act->arguments[0], error);
}

/* ---- clashes ---- */

/* The area's own, most important first. */
static gboolean
get_choices(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_choice_list(txn, error);
    json_t *list;

    if (rows == NULL)
        return FALSE;
    list = json_array();
    act->answer = json_pack("{s:o}", "choices", list);
    for (guint i = 0; i < rows->len; i++) {
        const SchedChoiceRow *row = rows->pdata[i];
        g_autoptr(SchedSlotRow) slot = NULL;

        if (g_strcmp0(row->area, act->arguments[0]) != 0)
            continue;
        slot = sched_store_slot_get(txn, row->slot, error);
        if (slot == NULL)
            return FALSE;
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:I}", "slot", slot->id, "name",
                                        slot->name, "class", content_class_words[slot->class_],
                                        "local_min", (json_int_t) slot->local_min));
    }
    return TRUE;
}

static gboolean
set_choices(SchedTxn *txn, SchedAct *act, GError **error)
{
    ChoicesBody *body = content_shape_new(&choices_shape);
    gboolean is_set = sched_act_read(act, body, error) &&
                      sched_store_choices_set(txn, act->arguments[0], body->slots, error);

    content_shape_free(&choices_shape, body);
    return is_set && get_choices(txn, act, error);
}

#define EDITOR   SCHED_ROLES(SCHED_ROLE_EDITOR)
#define APPROVER SCHED_ROLES(SCHED_ROLE_APPROVER)
#define OFFICIAL SCHED_ROLES(SCHED_ROLE_OFFICIAL)
/* Who answers for an area orders what clashes there; who only writes for it does not. */
#define ANSWERS (APPROVER | OFFICIAL | SCHED_ROLES(SCHED_ROLE_OPERATOR))

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only those at home in this area and below." },
    { NULL, NULL },
};

static const SchedAnswerMember playlists_more[] = {
    ANSWER_ROWS("playlists", playlist_shape, "By name."), ANSWER_END,
};
static const SchedAnswer playlist_list = { .name = "PlaylistList", .more = playlists_more };
static const SchedAnswer playlist_answer = { .row = &playlist_shape };
static const SchedAnswerMember slots_more[] = {
    ANSWER_ROWS("slots", slot_shape, "By time of day."), ANSWER_END,
};
static const SchedAnswer slot_list = { .name = "SlotList", .more = slots_more };
static const SchedAnswerMember slot_more[] = {
    ANSWER_ROWS("dates", override_shape, "The dates on which it is different."),
    ANSWER_TEXT("text", 1, SLOT_TEXT_MAX_BYTES,
                "What an approval covers, a fact a line; its SHA-256 is `content`."),
    ANSWER_OPTIONAL_TEXT("approved_text", 1, SLOT_TEXT_MAX_BYTES,
                         "The same as it was last approved; absent: it never was."),
    ANSWER_END,
};
static const SchedAnswer slot_whole = {
    .name = "SlotWhole", .row = &slot_shape, .more = slot_more,
};

static const SchedAnswerMember trial_line_more[] = {
    ANSWER_ANY("finding", CONTENT_MEMBER_ENUM, .required = TRUE, .choices = sched_finding_words,
               .meaning = "What is not as it was meant (docs/operations.md)."),
    ANSWER_BOOL("own", "Of the slot itself; else of one that gives way to it."),
    ANSWER_OPTIONAL_TEXT("name", 0, ROW_NAME_MAX_BYTES, "Name of that slot."),
    ANSWER_OPTIONAL_TEXT("by", 0, ROW_NAME_MAX_BYTES, "Name of the slot that goes first."),
    ANSWER_OPTIONAL_TEXT("title", 1, ROW_TITLE_MAX_BYTES, "Of the announcement."),
    ANSWER_OPTIONAL_WORD("language", LANGUAGE, "Missing, or of what is not heard."),
    ANSWER_WORD("date", DATE, "The first date."), ANSWER_COUNT("n_dates", "On how many."),
    ANSWER_ANY("villages", CONTENT_MEMBER_TEXT, .required = TRUE, .is_list = TRUE, .min = 1,
               .max = ROW_NAME_MAX_BYTES, .meaning = "Names of villages, at most 5."),
    ANSWER_COUNT("n_villages", "How many there are."), ANSWER_END,
};
static const SchedAnswer trial_line = { .name = "SlotTrialLine", .more = trial_line_more };
static const SchedAnswerMember trial_more[] = {
    ANSWER_LIST("lines", trial_line, "Others that give way, then the slot itself; at most 40."),
    ANSWER_BOOL("more", "There is more, or more stations than were looked at."),
    ANSWER_OPTIONAL_INT("from_us", 0, CONTENT_US_MAX, "µs UTC", "When it first begins; absent: it is not heard."),
    ANSWER_OPTIONAL_INT("to_us", 0, CONTENT_US_MAX, "µs UTC", "And ends."), ANSWER_END,
};
static const SchedAnswer trial_answer = { .name = "SlotTrial", .more = trial_more };

static const SchedAnswerMember choice_more[] = {
    ANSWER_WORD("slot", ID, "Id of the slot."),
    ANSWER_TEXT("name", 1, ROW_NAME_MAX_BYTES, "Its name."),
    ANSWER_ANY("class", CONTENT_MEMBER_ENUM, .required = TRUE, .choices = content_class_words,
               .meaning = "Its class: the order counts among slots of one."),
    ANSWER_INT("local_min", 0, 1439, "min", "Minutes after local midnight."),
    ANSWER_END,
};
static const SchedAnswer choice_answer = { .name = "Choice", .more = choice_more };
static const SchedAnswerMember choices_more[] = {
    ANSWER_LIST("choices", choice_answer, "The area's own, most important first."), ANSWER_END,
};
static const SchedAnswer choices_answer = { .name = "Choices", .more = choices_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/playlists", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query,
      .work = list_playlists, .answer = &playlist_list, .name = "listPlaylists", .meaning = "Playlists, by name." },
    { .method = "POST", .path = "/api/playlists", .roles = EDITOR,
      .scope = sched_scope_playlist_put, .input = SCHED_INPUT_JSON, .body = &playlist_body,
      .writes = TRUE, .status = 201, .work = add_playlist, .answer = &playlist_answer, .name = "addPlaylist",
      .meaning = "A new playlist." },
    { .method = "GET", .path = "/api/playlists/{playlist}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_playlist_read, .status = 200, .work = get_playlist,
      .answer = &playlist_answer, .name = "getPlaylist", .meaning = "One playlist." },
    { .method = "PUT", .path = "/api/playlists/{playlist}", .roles = EDITOR,
      .scope = sched_scope_playlist_put, .input = SCHED_INPUT_JSON, .body = &playlist_body,
      .writes = TRUE, .status = 200, .work = change_playlist, .answer = &playlist_answer, .name = "changePlaylist",
      .meaning = "Change a playlist; what adds sound takes the approval of its slots away." },
    { .method = "DELETE", .path = "/api/playlists/{playlist}", .roles = EDITOR,
      .scope = sched_scope_playlist, .writes = TRUE, .status = 200, .work = remove_playlist,
      .answer = &sched_answer_done, .name = "removePlaylist", .meaning = "Remove a playlist that no slot names." },
    { .method = "GET", .path = "/api/slots", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query, .work = list_slots,
      .answer = &slot_list, .name = "listSlots", .meaning = "Slots, by time of day." },
    { .method = "POST", .path = "/api/slots", .roles = EDITOR, .scope = sched_scope_slot_put,
      .input = SCHED_INPUT_JSON, .body = &slot_body, .writes = TRUE, .status = 201,
      .work = add_slot, .answer = &slot_whole, .name = "addSlot", .meaning = "A new slot." },
    { .method = "POST", .path = "/api/slot-trials", .roles = EDITOR, .scope = sched_scope_slot_put,
      .input = SCHED_INPUT_JSON, .body = &trial_shape, .is_aside = TRUE, .status = 200,
      .work = try_slot, .answer = &trial_answer, .name = "trySlot",
      .meaning = "What would happen in the seven days from its first date on if the slot were so: what "
                 "gives way, quiet hours, gaps. Nothing is kept." },
    { .method = "GET", .path = "/api/slots/{slot}", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_slot_read, .status = 200, .work = get_slot, .answer = &slot_whole, .name = "getSlot",
      .meaning = "One slot, with the dates on which it is different." },
    { .method = "PUT", .path = "/api/slots/{slot}", .roles = EDITOR,
      .scope = sched_scope_slot_put, .input = SCHED_INPUT_JSON, .body = &slot_body,
      .writes = TRUE, .status = 200, .work = change_slot, .answer = &slot_whole, .name = "changeSlot",
      .meaning = "Change a slot; takes its approval away unless it only makes less sound." },
    { .method = "POST", .path = "/api/slots/{slot}/approve", .roles = APPROVER,
      .scope = sched_scope_slot, .input = SCHED_INPUT_JSON, .body = &approve_shape,
      .writes = TRUE, .status = 200, .work = approve_slot, .answer = &slot_whole, .name = "approveSlot",
      .meaning = "Free exactly this content to be heard." },
    { .method = "POST", .path = "/api/slots/{slot}/return", .roles = APPROVER,
      .scope = sched_scope_slot_home, .input = SCHED_INPUT_JSON, .body = &return_shape,
      .writes = TRUE, .status = 200, .work = return_slot, .answer = &slot_whole, .name = "returnSlot",
      .meaning = "Send it back to its author with a reason; takes its approval away." },
    { .method = "POST", .path = "/api/slots/{slot}/stop",
      .roles = EDITOR | APPROVER | OFFICIAL, .scope = sched_scope_slot_home, .writes = TRUE,
      .is_urgent = TRUE, .status = 200, .work = stop_slot, .answer = &slot_whole, .name = "stopSlot",
      .meaning = "It plays no more; needs nobody's approval." },
    { .method = "PUT", .path = "/api/slots/{slot}/dates/{date}", .roles = EDITOR,
      .scope = sched_scope_slot, .input = SCHED_INPUT_JSON, .body = &override_body,
      .writes = TRUE, .status = 200, .work = put_override, .answer = &slot_whole, .name = "putOverride",
      .meaning = "Another playlist on one date, or nothing." },
    { .method = "DELETE", .path = "/api/slots/{slot}/dates/{date}", .roles = EDITOR,
      .scope = sched_scope_slot, .writes = TRUE, .status = 200, .work = remove_override,
      .answer = &slot_whole, .name = "removeOverride", .meaning = "As the rule says again." },
    { .method = "POST", .path = "/api/slots/{slot}/dates/{date}/approve", .roles = APPROVER,
      .scope = sched_scope_slot, .input = SCHED_INPUT_JSON, .body = &approve_shape,
      .writes = TRUE, .status = 200, .work = approve_override, .answer = &slot_whole, .name = "approveOverride",
      .meaning = "Free what is different on one date." },
    { .method = "POST", .path = "/api/slots/{slot}/dates/{date}/return", .roles = APPROVER,
      .scope = sched_scope_slot_home, .input = SCHED_INPUT_JSON, .body = &return_shape,
      .writes = TRUE, .status = 200, .work = return_override, .answer = &slot_whole, .name = "returnOverride",
      .meaning = "Send what is different on one date back to its author with a reason; one that was approved is silence then." },
    { .method = "GET", .path = "/api/areas/{area}/choices", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_read, .status = 200, .work = get_choices,
      .answer = &choices_answer, .name = "getChoices",
      .meaning = "How the area orders slots of one class that clash." },
    { .method = "PUT", .path = "/api/areas/{area}/choices", .roles = ANSWERS,
      .scope = sched_scope_area, .input = SCHED_INPUT_JSON, .body = &choices_shape,
      .writes = TRUE, .status = 200, .work = set_choices,
      .answer = &choices_answer, .name = "setChoices",
      .meaning = "Order the slots of one class that clash; the choice nearest to a station "
                 "decides." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_slots(void)
{
    return routes;
}
