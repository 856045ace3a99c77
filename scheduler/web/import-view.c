/* import-view.c - see import-view.h */
#include "scheduler/web/import-view.h"

#include "scheduler/store/alerts.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/settings.h"
#include "scheduler/store/templates.h"

#include <string.h>

#define MAX_DRAFTS 32
#define MAX_NAMES  200
#define MAX_TAGS   32
#define MAX_TAG    40
#define MAX_VALUES 32
#define MAX_ENDS   32
#define NAME_BYTES 255

static const char *const state_words[] = {"waiting", "used", "ended", "over", NULL};

/* Strings stay the store's row's. */
typedef struct {
    char *id, *sender, *identifier, *title, *hash, *author_name;
    gint message, state;
    gboolean drill;
    gint64 sent_us, expires_us, imported_us, n_uses;
} ImportRow;

typedef struct {
    char *event, *template_;     /* (not owned) (nullable) */
    char *event_text, *headline; /* (owned) (nullable): the headline */
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
const ContentShape sched_import_shape = { "AlertImport", sizeof(ImportRow), import_shape_members };
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
const ContentShape sched_import_draft_shape = { "AlertDraft", sizeof(DraftRow), draft_shape_members };
static const ContentMember end_shape_members[] = {
    ROW_WORD(EndRow, id, ID, "Alert."),
    ROW_TEXT(EndRow, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_END,
};
const ContentShape sched_import_end_shape = { "AlertImportEnd", sizeof(EndRow), end_shape_members };
/* clang-format on */

/* ---- what it would be ---- */

/* What messages are held against: looked up once for all that an answer tells. */
struct SchedImportView {
    SchedTxn *txn;
    SchedAct *act;
    char *sender;                /* (owned): ours */
    ContentTemplates *templates; /* (owned) */
    GPtrArray *areas;            /* (owned) (element-type SchedAreaRow): of today */
    GHashTable *by_id, *by_code; /* (owned): text -> id, both of `areas` */
};

void
sched_import_view_free(SchedImportView *self)
{
    if (self == NULL)
        return;
    g_free(self->sender);
    content_templates_free(self->templates);
    g_clear_pointer(&self->by_id, g_hash_table_unref);
    g_clear_pointer(&self->by_code, g_hash_table_unref);
    g_clear_pointer(&self->areas, g_ptr_array_unref);
    g_free(self);
}

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

SchedImportView *
sched_import_view_new(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedImportView) self = g_new0(SchedImportView, 1);
    g_autofree char *date = today(txn, act->now_us, error);

    self->txn = txn;
    self->act = act;
    if (date == NULL || (self->sender = sched_api_cap_sender(txn, act, error)) == NULL ||
        (self->templates = sched_store_templates(txn, act->now_us, error)) == NULL ||
        (self->areas = sched_store_area_list(txn, NULL, date, error)) == NULL)
        return NULL;
    self->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    self->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < self->areas->len; i++) {
        const SchedAreaRow *area = self->areas->pdata[i];

        g_hash_table_insert(self->by_id, area->id, area->id);
        if (area->code != NULL)
            g_hash_table_insert(self->by_code, area->code, area->id);
    }
    return g_steal_pointer(&self);
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
match_area(const SchedImportView *self, const SchedWarningArea *from, DraftRow *to)
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
is_value(const SchedImportView *self, const char *id)
{
    for (guint i = 0; i < self->templates->values->len; i++) {
        const ContentTemplateValue *value = self->templates->values->pdata[i];

        if (value->area == NULL && strcmp(value->id, id) == 0)
            return TRUE;
    }
    return FALSE;
}

static const char *
template_of(const SchedImportView *self, gint event)
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
describe_draft(const SchedImportView *self, const SchedWarningDraft *from)
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
    return sched_shape_write(&sched_import_draft_shape, &row);
}

/* ---- one message ---- */

gint
sched_import_state(const SchedImportRow *row, gboolean has_ends, gint64 now_us)
{
    if (row->ended_by != NULL)
        return SCHED_IMPORT_STATE_ENDED;
    if (row->message == SCHED_IMPORT_CANCEL)
        return has_ends ? SCHED_IMPORT_STATE_WAITING : SCHED_IMPORT_STATE_USED;
    if (row->expires_us != 0 ? row->expires_us <= now_us
                             : row->imported_us + CONTENT_ALERT_MAX_LIFE_US <= now_us)
        return SCHED_IMPORT_STATE_OVER;
    return row->n_uses > 0 ? SCHED_IMPORT_STATE_USED : SCHED_IMPORT_STATE_WAITING;
}

static gboolean
sees_one(const SchedImportView *self, GPtrArray *areas)
{
    for (guint i = 0; i < areas->len; i++) {
        if (sched_access_sees(self->txn, self->act, areas->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

/* (transfer full) (nullable): alerts in force that it replaces or ends, of those one sees */
static json_t *
describe_ends(const SchedImportView *self, const char *id, GError **error)
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
            json_array_append_new(list, sched_shape_write(&sched_import_end_shape,
                                                          &(EndRow){alert->id, alert->title}));
    }
    return list;
}

SchedCap *
sched_import_open(const SchedImportRow *row, GError **error)
{
    gsize n_bytes;
    const char *bytes = g_bytes_get_data(row->body, &n_bytes);

    return sched_cap_read(bytes, n_bytes, error);
}

/* (transfer full) (nullable) */
json_t *
sched_import_describe(const SchedImportView *self, const SchedImportRow *row, GError **error)
{
    g_autoptr(SchedCap) cap = sched_import_open(row, error);
    g_autoptr(GPtrArray) drafts = NULL;
    json_auto_t *ends = cap == NULL ? NULL : describe_ends(self, row->id, error);
    ImportRow shown = {row->id,    row->sender,      row->identifier, row->title,
                       row->hash,  row->author_name, row->message,    0,
                       row->drill, row->sent_us,     row->expires_us, row->imported_us,
                       row->n_uses};
    json_t *out, *list;

    if (ends == NULL)
        return NULL;
    shown.state = sched_import_state(row, json_array_size(ends) > 0, self->act->now_us);
    out = sched_shape_write(&sched_import_shape, &shown);
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
gboolean
sched_import_sees(SchedTxn *txn, SchedAct *act, json_t *import)
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
