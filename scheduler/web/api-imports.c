/*
 * api-imports.c - alerts of other systems (CAP 1.2) brought in: what they would be here.
 *
 * Nothing sounds by an import: it answers what could be called of the message, and a person
 * calls it, with the rights and the care of any alert (callAlert with `import`). What it means
 * is read out of the kept message each time, so that it follows the places and templates.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/cap/warning.h"
#include "scheduler/store/alert-imports.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/templates.h"

#include <string.h>

#define MAX_SHOWN  100
#define SHOWN_US   (G_GINT64_CONSTANT(7) * 86400 * G_USEC_PER_SEC)
#define MAX_DRAFTS 32
#define MAX_NAMES  200
#define MAX_TAGS   32
#define MAX_TAG    40
#define MAX_VALUES 32
#define MAX_ENDS   32
#define NAME_BYTES 255

typedef enum {
    STATE_WAITING, /* somebody has to look at it */
    STATE_USED,    /* alerts were called of it, or what it ends is over */
    STATE_ENDED,   /* by a later message of its sender */
    STATE_OVER,    /* expired */
} State;
static const char *const state_words[] = {"waiting", "used", "ended", "over", NULL};

/* Strings stay the store's row's. */
typedef struct {
    char *id, *sender, *identifier, *title, *hash, *author_name;
    gint message, state;
    gboolean drill;
    gint64 sent_us, expires_us, imported_us, n_uses;
} ImportRow;

typedef struct {
    char *event, *event_text, *template_, *headline; /* (not owned) */
    gint64 severity, expires_us;
    GPtrArray *areas, *values;      /* (not owned) (element-type utf8) */
    GPtrArray *languages, *unknown; /* (owned) (element-type utf8) */
} DraftRow;

typedef struct {
    char *id, *title; /* (not owned) */
} EndRow;

/* clang-format off */
static const ContentMember import_shape_members[] = {
    ROW_WORD(ImportRow, id, ID, "Id of the message here."),
    ROW_TEXT(ImportRow, sender, 1, NAME_BYTES, "Who wrote it."),
    ROW_TEXT(ImportRow, identifier, 1, NAME_BYTES, "Its name there."),
    ROW_UTC(ImportRow, sent_us, "When it was written."),
    ROW_ENUM(ImportRow, message, sched_import_message_words, "A first one, one that replaces others, or the end of others."),
    ROW_ENUM(ImportRow, state, state_words, "`used`: alerts were called of it, or what it ends is over; `ended`: by a later message of its sender."),
    ROW_BOOL(ImportRow, drill, "An exercise: it may become a drill alone."),
    ROW_TEXT(ImportRow, title, 1, ROW_TITLE_MAX_BYTES, "What it is about."),
    ROW_UTC(ImportRow, expires_us, "When all of it is over; 0: it does not say."),
    ROW_WORD(ImportRow, hash, HASH, "SHA-256 of the message as it came."),
    ROW_TEXT(ImportRow, author_name, 1, ROW_NAME_MAX_BYTES, "Who brought it."),
    ROW_UTC(ImportRow, imported_us, "When."),
    ROW_COUNT(ImportRow, n_uses, "", "Alerts that were called of it."),
    ROW_END,
};
static const ContentShape import_shape = { "AlertImport", sizeof(ImportRow), import_shape_members };
static const ContentMember draft_shape_members[] = {
    ROW_OPTIONAL_TEXT(DraftRow, event, 1, 40, "What it warns of, as a template's event; absent: none of ours."),
    ROW_TEXT(DraftRow, event_text, 1, ROW_TITLE_MAX_BYTES, "The same in the message's words."),
    ROW_ANY(DraftRow, template_, "template", CONTENT_MEMBER_ID, .unit = "", .meaning = "The template for it."),
    ROW_OPTIONAL_TEXT(DraftRow, headline, 1, ROW_TITLE_MAX_BYTES, "In one line."),
    ROW_OPTIONAL_INT(DraftRow, severity, 1, CONTENT_ALERT_SEVEREST, 0, "", "Level by Decision 18/2021, or the lowest that its severity stands for; absent: not said."),
    ROW_OPTIONAL_UTC(DraftRow, expires_us, "Nothing called of it sounds longer."),
    ROW_WORDS(DraftRow, areas, CONTENT_ALERT_MAX_AREAS, ID, "Places that its codes name."),
    ROW_TEXTS(DraftRow, unknown, MAX_NAMES, 1, ROW_TITLE_MAX_BYTES, "Places that are none of ours, by their names there."),
    ROW_TEXTS(DraftRow, languages, MAX_TAGS, 1, MAX_TAG, "In which it is written. What is heard is what the template has."),
    ROW_WORDS(DraftRow, values, MAX_VALUES, ID, "What fills the template's blanks."),
    ROW_END,
};
static const ContentShape draft_shape = { "AlertDraft", sizeof(DraftRow), draft_shape_members };
static const ContentMember end_shape_members[] = {
    ROW_WORD(EndRow, id, ID, "Alert."),
    ROW_TEXT(EndRow, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_END,
};
static const ContentShape end_shape = { "AlertImportEnd", sizeof(EndRow), end_shape_members };
/* clang-format on */

/* ---- what it would be ---- */

/* What messages are held against: looked up once for all that an answer tells. */
typedef struct {
    SchedTxn *txn;
    SchedAct *act;
    char *sender;                /* (owned): ours */
    ContentTemplates *templates; /* (owned) */
    GPtrArray *areas;            /* (owned) (element-type SchedAreaRow): of today */
    GHashTable *by_id, *by_code; /* (owned): text -> id, both of `areas` */
} Reading;

static void
reading_clear(Reading *self)
{
    g_free(self->sender);
    content_templates_free(self->templates);
    g_clear_pointer(&self->by_id, g_hash_table_unref);
    g_clear_pointer(&self->by_code, g_hash_table_unref);
    g_clear_pointer(&self->areas, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

/* (transfer full) (nullable): units are found as they are on this local date */
static char *
today(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autofree char *tzid = sched_store_setting_text(txn, "tzid", error);
    g_autoptr(GTimeZone) zone = tzid == NULL ? NULL : g_time_zone_new_identifier(tzid);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = zone == NULL ? NULL : g_date_time_to_timezone(utc, zone);

    return tzid == NULL ? NULL : g_date_time_format(local == NULL ? utc : local, "%Y-%m-%d");
}

static gboolean
prepare_reading(Reading *self, SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *date = today(txn, act->now_us, error);

    self->txn = txn;
    self->act = act;
    if (date == NULL || (self->sender = sched_api_cap_sender(txn, act, error)) == NULL ||
        (self->templates = sched_store_templates(txn, act->now_us, error)) == NULL ||
        (self->areas = sched_store_area_list(txn, NULL, date, error)) == NULL)
        return FALSE;
    self->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    self->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < self->areas->len; i++) {
        const SchedAreaRow *area = self->areas->pdata[i];

        g_hash_table_insert(self->by_id, area->id, area->id);
        if (area->code != NULL)
            g_hash_table_insert(self->by_code, area->code, area->id);
    }
    return TRUE;
}

/* Whether @id is among them now: a call names no more than so many. */
static gboolean
take_area(GPtrArray *areas, const char *id)
{
    gboolean is_there = g_ptr_array_find_with_equal_func(areas, id, g_str_equal, NULL);

    if (is_there || areas->len >= CONTENT_ALERT_MAX_AREAS)
        return is_there;
    g_ptr_array_add(areas, (gpointer) id);
    return TRUE;
}

/* The same place may have a code of many systems: one kind that is all known will do. */
static gboolean
is_all_known(GHashTable *codes, const SchedWarningArea *from, const char *kind)
{
    for (guint i = 0; i < from->codes->len; i++) {
        if (strcmp(from->kinds->pdata[i], kind) == 0 &&
            !g_hash_table_contains(codes, from->codes->pdata[i]))
            return FALSE;
    }
    return TRUE;
}

/* One of which a part is none of ours, or more than a call may name, is told by its name. */
static void
match_area(const Reading *self, const SchedWarningArea *from, DraftRow *to)
{
    const char *own = from->id == NULL ? NULL : g_hash_table_lookup(self->by_id, from->id);
    gboolean fits = own == NULL || take_area(to->areas, own), is_whole = own != NULL;

    for (guint i = 0; own == NULL && i < from->codes->len; i++) {
        const char *found = g_hash_table_lookup(self->by_code, from->codes->pdata[i]);

        fits = (found == NULL || take_area(to->areas, found)) && fits;
        is_whole = is_whole || is_all_known(self->by_code, from, from->kinds->pdata[i]);
    }
    if ((!fits || !is_whole) && to->unknown->len < MAX_NAMES)
        g_ptr_array_add(to->unknown, content_document_text(from->name, ROW_TITLE_MAX_BYTES));
}

/* Village names are said by where it is called; the rest is the same in every district. */
static gboolean
is_value(const Reading *self, const char *id)
{
    for (guint i = 0; i < self->templates->values->len; i++) {
        const ContentTemplateValue *value = self->templates->values->pdata[i];

        if (value->area == NULL && strcmp(value->id, id) == 0)
            return TRUE;
    }
    return FALSE;
}

static const char *
template_of(const Reading *self, gint event)
{
    for (guint i = 0; event >= 0 && i < self->templates->templates->len; i++) {
        const ContentTemplate *template = self->templates->templates->pdata[i];

        if (template->event == event)
            return template->id;
    }
    return NULL;
}

static void
draft_row_clear(DraftRow *row)
{
    g_free(row->event_text);
    g_free(row->headline);
    g_ptr_array_unref(row->areas);
    g_ptr_array_unref(row->values);
    g_ptr_array_unref(row->languages);
    g_ptr_array_unref(row->unknown);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DraftRow, draft_row_clear)

static json_t *
describe_draft(const Reading *self, const SchedWarningDraft *from)
{
    g_auto(DraftRow) row = {
        .event = from->event < 0 ? NULL : (char *) content_event_kind_words[from->event],
        .event_text = content_document_text(from->event_text, ROW_TITLE_MAX_BYTES),
        .template_ = (char *) template_of(self, from->event),
        .headline = from->headline == NULL
                        ? NULL
                        : content_document_text(from->headline, ROW_TITLE_MAX_BYTES),
        .severity = from->severity,
        .expires_us = from->expires_us,
        .areas = g_ptr_array_new(),
        .values = g_ptr_array_new(),
        .languages = g_ptr_array_new_with_free_func(g_free),
        .unknown = g_ptr_array_new_with_free_func(g_free),
    };

    for (guint i = 0; i < from->areas->len; i++)
        match_area(self, from->areas->pdata[i], &row);
    for (guint i = 0; i < from->values->len && row.values->len < MAX_VALUES; i++) {
        if (is_value(self, from->values->pdata[i]))
            g_ptr_array_add(row.values, from->values->pdata[i]);
    }
    for (guint i = 0; i < MIN(from->languages->len, MAX_TAGS); i++)
        g_ptr_array_add(row.languages,
                        content_document_text(from->languages->pdata[i], MAX_TAG));
    return sched_shape_write(&draft_shape, &row);
}

/* ---- one message ---- */

static gint
state_of(const SchedImportRow *row, gboolean has_ends, gint64 now_us)
{
    if (row->ended_by != NULL)
        return STATE_ENDED;
    if (row->message == SCHED_IMPORT_CANCEL)
        return has_ends ? STATE_WAITING : STATE_USED;
    if (row->expires_us != 0 ? row->expires_us <= now_us
                             : row->imported_us + CONTENT_ALERT_MAX_LIFE_US <= now_us)
        return STATE_OVER;
    return row->n_uses > 0 ? STATE_USED : STATE_WAITING;
}

static gboolean
sees_one(const Reading *self, GPtrArray *areas)
{
    for (guint i = 0; i < areas->len; i++) {
        if (sched_access_sees(self->txn, self->act, areas->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

/* (transfer full) (nullable): alerts in force that it replaces or ends, of those one sees */
static json_t *
describe_ends(const Reading *self, const char *id, GError **error)
{
    g_autoptr(GPtrArray) ends =
        sched_store_import_ends(self->txn, id, self->sender, self->act->now_us, error);
    json_t *list;

    if (ends == NULL)
        return NULL;
    list = json_array();
    for (guint i = 0; i < MIN(ends->len, MAX_ENDS); i++) {
        g_autoptr(SchedAlertRow) alert =
            sched_store_alert_get(self->txn, ends->pdata[i], error);

        if (alert == NULL) {
            json_decref(list);
            return NULL;
        }
        if (sees_one(self, alert->areas))
            json_array_append_new(list, sched_shape_write(&end_shape,
                                                          &(EndRow){alert->id, alert->title}));
    }
    return list;
}

static SchedCap *
open_message(const SchedImportRow *row, GError **error)
{
    gsize n_bytes;
    const char *bytes = g_bytes_get_data(row->body, &n_bytes);

    return sched_cap_read(bytes, n_bytes, error);
}

/* (transfer full) (nullable) */
static json_t *
describe_import(const Reading *self, const SchedImportRow *row, GError **error)
{
    g_autoptr(SchedCap) cap = open_message(row, error);
    g_autoptr(GPtrArray) drafts = NULL;
    json_auto_t *ends = cap == NULL ? NULL : describe_ends(self, row->id, error);
    ImportRow shown = {row->id,    row->sender,      row->identifier, row->title,
                       row->hash,  row->author_name, row->message,    0,
                       row->drill, row->sent_us,     row->expires_us, row->imported_us,
                       row->n_uses};
    json_t *out, *list;

    if (ends == NULL)
        return NULL;
    shown.state = state_of(row, json_array_size(ends) > 0, self->act->now_us);
    out = sched_shape_write(&import_shape, &shown);
    json_object_set_new(out, "drafts", list = json_array());
    json_object_set(out, "ends", ends);
    if (row->message == SCHED_IMPORT_CANCEL)
        return out;
    drafts = sched_warning_drafts(cap, self->sender, self->act->now_us);
    for (guint i = 0; i < MIN(drafts->len, MAX_DRAFTS); i++)
        json_array_append_new(list, describe_draft(self, drafts->pdata[i]));
    return out;
}

/* Whoever has a part in any of its places; one that names none of ours concerns all. */
static gboolean
sees_import(SchedTxn *txn, SchedAct *act, json_t *import)
{
    gboolean names_any = FALSE;
    json_t *draft, *area;
    gsize i, k;

    json_array_foreach(json_object_get(import, "drafts"), i, draft)
    {
        json_array_foreach(json_object_get(draft, "areas"), k, area)
        {
            names_any = TRUE;
            if (sched_access_sees(txn, act, json_string_value(area)))
                return TRUE;
        }
    }
    return !names_any;
}

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
    g_auto(Reading) reading = {0};
    g_autoptr(SchedImportRow) row = sched_store_import_get(txn, id, error);

    return row == NULL || !prepare_reading(&reading, txn, act, error)
               ? NULL
               : describe_import(&reading, row, error);
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
           (sees_import(txn, act, act->answer) ||
            sched_api_error(error, SCHED_API_ERROR_FORBIDDEN, "it concerns no place of yours"));
}

static gboolean
list_imports(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_auto(Reading) reading = {0};
    g_autoptr(GPtrArray) rows =
        sched_store_import_list(txn, act->now_us - SHOWN_US, MAX_SHOWN, error);
    json_t *list;

    if (rows == NULL || !prepare_reading(&reading, txn, act, error))
        return FALSE;
    list = json_array();
    act->answer = json_pack("{s:o}", "imports", list);
    for (guint i = 0; i < rows->len; i++) {
        json_auto_t *one = describe_import(&reading, rows->pdata[i], error);

        if (one == NULL)
            return FALSE;
        if (sees_import(txn, act, one))
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
    g_autoptr(SchedCap) cap = row == NULL ? NULL : open_message(row, error);
    gint64 end_us;
    gint state;

    if (cap == NULL)
        return FALSE;
    state = state_of(row, TRUE, act->now_us);
    if (row->message == SCHED_IMPORT_CANCEL)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "import: it ends alerts, and is none");
    if (state == STATE_ENDED || state == STATE_OVER)
        return sched_api_error(error, SCHED_API_ERROR_OVER, "import: %s",
                               state == STATE_OVER ? "it has expired"
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
    ANSWER_ROWS("drafts", draft_shape, "A hazard each: what may be called of it."), \
    ANSWER_ROWS("ends", end_shape, "Alerts in force that it replaces or ends: to be stopped, or named in `replaces`.")
static const SchedAnswerMember import_more[] = { IMPORT_MORE, ANSWER_END };
static const SchedAnswer import_answer = { .name = "AlertImportState", .row = &import_shape, .more = import_more };
static const SchedAnswerMember taken_more[] = {
    IMPORT_MORE, ANSWER_BOOL("known", "It had come before: nothing was added."), ANSWER_END,
};
static const SchedAnswer taken_answer = { .name = "AlertImportTaken", .row = &import_shape, .more = taken_more };
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
    { .method = "GET", .path = "/api/alert-imports", .roles = CALLERS, .status = 200,
      .work = list_imports, .answer = &import_list, .name = "listAlertImports",
      .meaning = "Alerts of other systems that came, for places that you see or for none of ours." },
    { .method = "GET", .path = "/api/alert-imports/{import}", .roles = CALLERS, .status = 200,
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
