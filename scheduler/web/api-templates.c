/*
 * api-templates.c - what alerts say: the standard set laid down, how far its recordings are,
 * and which stations cannot warn in a language of their villages.
 */
#include "scheduler/web/api-internal.h"

#include "content/heartbeat.h"
#include "content/language.h"
#include "scheduler/plan/phrasebook.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/templates.h"

#include <string.h>

#define MAX_GAPS          2000
#define MAX_GAP_LANGUAGES 100
#define MAX_WHY_BYTES     500

typedef struct {
    char *area; /* (owned) */
} StandardBody;

typedef struct {
    char *area, *text; /* (owned) */
    gint blank;
} PhraseBody;

typedef struct {
    char *why; /* (owned) */
} RetireBody;

/* What a page offers: which blanks a template has, and in which languages all of it is there.
 */
typedef struct {
    char *id, *title; /* (not owned) */
    gint event;
    gint64 severity, life_min;
    GPtrArray *languages, *blanks; /* (owned) (element-type utf8) (not owned) */
} TemplateRow;

typedef struct {
    char *id, *title, *area; /* (not owned) */
    gint blank;
    GPtrArray *languages; /* (owned) (element-type utf8) (not owned) */
} ValueRow;

/* Can a station warn its villages in their languages? */
typedef struct {
    char *station, *station_name; /* (not owned) */
    gboolean ready, reads_them, microphone;
    char *language, *missing; /* (not owned) (nullable) */
    GPtrArray *gaps;          /* (owned) (element-type GapRow) */
    gint64 unapproved;
} ReadyRow;

/* What a station lacks in a language of its villages. */
typedef struct {
    char *language;    /* (not owned) */
    GPtrArray *titles; /* (owned) (element-type utf8) (not owned) */
} GapRow;

/* clang-format off */
static const ContentMember standard_body_members[] = {
    ROW_WORD(StandardBody, area, ID, "Whose phrases they are, and where they may sound: an area at the top."),
    ROW_END,
};
static const ContentShape standard_body = { "StandardTemplatesBody", sizeof(StandardBody),
                                            standard_body_members };
static const ContentMember template_shape_members[] = {
    ROW_WORD(TemplateRow, id, ID, "Template."),
    ROW_TEXT(TemplateRow, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_ENUM(TemplateRow, event, content_event_kind_words, "What it warns of."),
    ROW_INT(TemplateRow, severity, 1, CONTENT_ALERT_SEVEREST, "", "Unless the call says otherwise."),
    ROW_INT(TemplateRow, life_min, 1, 1440, "minutes", "Unless the call says otherwise."),
    ROW_WORDS(TemplateRow, languages, CONTENT_ALERT_MAX_SPEECHES, LANGUAGE, "In which all of it is approved."),
    ROW_TEXTS(TemplateRow, blanks, CONTENT_N_BLANKS, 1, 40, "What the call has to fill: `village`, `time`, `level`, `refuge`."),
    ROW_END,
};
static const ContentShape template_shape = { "AlertTemplate", sizeof(TemplateRow), template_shape_members };
static const ContentMember value_shape_members[] = {
    ROW_WORD(ValueRow, id, ID, "Value."),
    ROW_ENUM(ValueRow, blank, content_blank_words, "Which blank it may fill."),
    ROW_TEXT(ValueRow, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_OPTIONAL_WORD(ValueRow, area, ID, "The village it names."),
    ROW_WORDS(ValueRow, languages, CONTENT_ALERT_MAX_SPEECHES, LANGUAGE, "In which it is approved."),
    ROW_END,
};
static const ContentShape value_shape = { "AlertValue", sizeof(ValueRow), value_shape_members };
/* By name, so the id stands between the two. */
#define TEMPLATE_ROWS_FIRST                                                                     \
    ROW_INT(SchedTemplateRow, again_s, 0, 21600, "s", "From the start of a series of repeats to the next; 0: there is one."), \
    ROW_ENUM(SchedTemplateRow, event, content_event_kind_words, "What it warns of; `drill`: said before and after any drill."), \
    ROW_INT(SchedTemplateRow, gap_ms, 0, CONTENT_ALERT_GAP_MAX_MS, "ms", "Silence between two repeats.")
#define TEMPLATE_ROWS_LAST                                                                      \
    ROW_INT(SchedTemplateRow, life_min, 1, 1440, "minutes", "Unless the call says otherwise."), \
    ROW_ANY(SchedTemplateRow, orders, "orders", CONTENT_MEMBER_STRUCT, .is_list = TRUE,         \
            .max_count = CONTENT_ALERT_MAX_SPEECHES, .element = &sched_template_order_shape, .unit = "", \
            .meaning = "Languages that say it in another order; the same blanks stand in each."), \
    ROW_TEXTS(SchedTemplateRow, parts, CONTENT_ALERT_MAX_PARTS, 1, 64,                          \
              "What is said, one after the other: ids of phrases, and `[village]`, `[time]`, `[level]` or `[refuge]` where the call fills in."), \
    ROW_INT(SchedTemplateRow, repeats, 1, 20, "", "How often tone and speech sound in a series.")
#define TEMPLATE_ROWS_TONE                                                                      \
    ROW_INT(SchedTemplateRow, severity, 1, CONTENT_ALERT_SEVEREST, "", "As the levels of Decision 18/2021, unless the call says otherwise: 5 is a catastrophe."), \
    ROW_TEXT(SchedTemplateRow, title, 1, ROW_TITLE_MAX_BYTES, "In words."),                     \
    ROW_ENUM(SchedTemplateRow, tone, content_alert_tone_words, "Signal before every repeat; a drill sounds the gong."), \
    ROW_INT(SchedTemplateRow, tone_ms, CONTENT_ALERT_TONE_MIN_MS, CONTENT_ALERT_TONE_MAX_MS, "ms", "How long it sounds.")
static const ContentMember template_body_members[] = {
    TEMPLATE_ROWS_FIRST, TEMPLATE_ROWS_LAST, TEMPLATE_ROWS_TONE, ROW_END,
};
static const ContentShape template_body = { "AlertTemplateBody", sizeof(SchedTemplateRow), template_body_members };
static const ContentMember whole_shape_members[] = {
    TEMPLATE_ROWS_FIRST, ROW_WORD(SchedTemplateRow, id, ID, "Template."), TEMPLATE_ROWS_LAST,
    ROW_UTC(SchedTemplateRow, retired_us, "When it was retired; 0: it is in use."), TEMPLATE_ROWS_TONE, ROW_END,
};
static API_SHAPE(whole_shape, SchedTemplateRow, "AlertTemplateWhole", sched_template_row_free);
static const ContentMember retire_body_members[] = {
    ROW_TEXT(RetireBody, why, 1, MAX_WHY_BYTES, "Why nobody is to call it any more; the second person reads it, and the audit keeps it."),
    ROW_END,
};
static const ContentShape retire_body = { "RetireTemplateBody", sizeof(RetireBody), retire_body_members };
static const ContentMember phrase_body_members[] = {
    ROW_WORD(PhraseBody, area, ID, "Whose phrase it is, and where it may sound: an area at the top."),
    ROW_ENUM(PhraseBody, blank, content_blank_words, "Which blank it fills: `time`, `level` or `refuge`; `none`: a template says it."),
    ROW_TEXT(PhraseBody, text, 1, ROW_TITLE_MAX_BYTES, "In Vietnamese."),
    ROW_END,
};
static const ContentShape phrase_body = { "AlertPhraseBody", sizeof(PhraseBody), phrase_body_members };
static const ContentMember phrase_shape_members[] = {
    ROW_WORD(SchedPhraseRow, phrase, ID, "The announcement that it is."),
    ROW_TEXT(SchedPhraseRow, title, 1, ROW_TITLE_MAX_BYTES, "In Vietnamese."),
    ROW_ENUM(SchedPhraseRow, blank, content_blank_words, "Of a value: which blank it fills; else `none`."),
    ROW_TEXT(SchedPhraseRow, language, 0, 40, "Language of the version; empty: it has none yet."),
    ROW_TEXT(SchedPhraseRow, version, 0, 64, "The version; empty: it has none yet."),
    ROW_ENUM(SchedPhraseRow, state, sched_version_state_words, "How far it is."),
    ROW_BOOL(SchedPhraseRow, has_audio, "Whether it was recorded."),
    ROW_END,
};
static API_SHAPE(phrase_shape, SchedPhraseRow, "AlertPhrase", sched_phrase_row_free);
static const ContentMember gap_shape_members[] = {
    ROW_WORD(GapRow, language, LANGUAGE, "A language that a village lists."),
    ROW_TEXTS(GapRow, titles, MAX_GAPS, 1, ROW_TITLE_MAX_BYTES, "What is not recorded or not approved in it: templates, then what fills their blanks."),
    ROW_END,
};
static const ContentShape gap_shape = { "AlertGap", sizeof(GapRow), gap_shape_members };
static const ContentMember ready_shape_members[] = {
    ROW_WORD(ReadyRow, station, ID, "Station."),
    ROW_TEXT(ReadyRow, station_name, 1, ROW_NAME_MAX_BYTES, "Its name."),
    ROW_BOOL(ReadyRow, microphone, "It has one of its own, into which an alert can be spoken (callSpeech)."),
    ROW_BOOL(ReadyRow, ready, "It can warn every village in each of its languages."),
    ROW_BOOL(ReadyRow, reads_them, "Its program knows alerts."),
    ROW_OPTIONAL_WORD(ReadyRow, language, LANGUAGE, "A language in which it cannot."),
    ROW_OPTIONAL_TEXT(ReadyRow, missing, 1, ROW_TITLE_MAX_BYTES, "What is not recorded or not approved in it."),
    ROW_INT(ReadyRow, unapproved, 0, MAX_GAPS, "", "How many recordings the station has whose approval does not hold, so that it does not say them; by its last word."),
    ROW_STRUCTS(ReadyRow, gaps, MAX_GAP_LANGUAGES, gap_shape, "All that it lacks, a language each."),
    ROW_END,
};
static const ContentShape ready_shape = { "AlertReadiness", sizeof(ReadyRow), ready_shape_members };
/* clang-format on */

static void
standard_body_free(StandardBody *body)
{
    content_shape_free(&standard_body, body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StandardBody, standard_body_free)

static gboolean
check_home(SchedTxn *txn, const char *id, GError **error)
{
    g_autoptr(SchedAreaRow) area = sched_store_area_get(txn, id, error);

    if (area == NULL)
        return FALSE;
    return area->parent == NULL ||
           sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "area: phrases of alerts are the whole district's");
}

static gboolean
add_standard(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(StandardBody) body = content_shape_new(&standard_body);

    return sched_act_read(act, body, error) && check_home(txn, body->area, error) &&
           sched_store_templates_standard(txn, body->area, error) && sched_act_done(act);
}

/* --- a district's own ------------------------------------------------------------------------
 */

static void
phrase_body_free(PhraseBody *body)
{
    content_shape_free(&phrase_body, body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PhraseBody, phrase_body_free)

static gboolean
add_own_phrase(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(PhraseBody) body = content_shape_new(&phrase_body);
    g_autofree char *id = sched_act_id(act);

    if (!sched_act_read(act, body, error) || !check_home(txn, body->area, error))
        return FALSE;
    sched_act_repair(act, &body->text, "vi");
    if (!sched_store_phrase_add(txn, body->area, id, body->blank, body->text, error))
        return FALSE;
    act->answer = json_pack("{s:s}", "phrase", id);
    return TRUE;
}

/* (nullable) (transfer full): what the body asks for */
static SchedTemplateRow *
read_template(SchedAct *act, GError **error)
{
    g_autoptr(SchedTemplateRow) row = content_shape_new(&template_body);

    row->id = g_strdup(act->arguments[0]);
    return sched_act_read(act, row, error) ? g_steal_pointer(&row) : NULL;
}

/* Whatever stands in it sounds in the next alert, so it always is; what cannot be one is told
 * to whoever asks, not to the second person. */
static gboolean
louder_template(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    g_autoptr(SchedTemplateRow) row = read_template(act, error);

    *out_louder = TRUE;
    return row != NULL && sched_store_template_check(txn, row, error);
}

static gboolean
answer_template(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedTemplateRow) row = sched_store_template_get(txn, act->arguments[0], error);

    return sched_act_row(act, &whole_shape, row);
}

static gboolean
put_template(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(SchedTemplateRow) row = read_template(act, error);

    return row != NULL && sched_store_template_put(txn, row, error) &&
           answer_template(txn, act, error);
}

static void
retire_body_free(RetireBody *body)
{
    content_shape_free(&retire_body, body);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetireBody, retire_body_free)

/* No silence that one person may ask for: a warning that could be given is gone with it. What
 * no station can say, nobody misses. */
static gboolean
louder_retire(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    const char *id = act->arguments[0];
    g_autoptr(RetireBody) body = content_shape_new(&retire_body);
    g_autoptr(SchedTemplateRow) row = NULL;

    if (!sched_act_read(act, body, error))
        return FALSE;
    row = sched_store_template_get(txn, id, error);
    if (row == NULL || row->retired_us != 0)
        return row != NULL;
    return sched_store_template_check_retire(txn, id, out_louder, error);
}

static gboolean
retire_template(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(RetireBody) body = content_shape_new(&retire_body);

    return sched_act_read(act, body, error) &&
           sched_store_template_retire(txn, act->arguments[0], body->why, error) &&
           answer_template(txn, act, error);
}

/* --- what there is ---------------------------------------------------------------------------
 */

/* Each blank once, in the order in which they are said. */
static void
add_blanks(GPtrArray *blanks, GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        const char *part = parts->pdata[i];

        for (gint b = CONTENT_BLANK_NONE + 1; b < CONTENT_N_BLANKS && part[0] == '['; b++) {
            if (strncmp(part + 1, content_blank_words[b], strlen(content_blank_words[b])) ==
                    0 &&
                !g_ptr_array_find(blanks, content_blank_words[b], NULL))
                g_ptr_array_add(blanks, (gpointer) content_blank_words[b]);
        }
    }
}

/* (transfer none): both lists are those in use */
static const SchedTemplateRow *
find_row(GPtrArray *rows, const char *id)
{
    for (guint i = 0; i < rows->len; i++) {
        if (strcmp(((const SchedTemplateRow *) rows->pdata[i])->id, id) == 0)
            return rows->pdata[i];
    }
    return NULL;
}

static json_t *
describe_template(const ContentTemplate *from, GPtrArray *rows)
{
    g_autoptr(GPtrArray) languages = g_ptr_array_new(), blanks = g_ptr_array_new();
    const SchedTemplateRow *made = find_row(rows, from->id);
    const TemplateRow row = {from->id,       from->title, from->event, from->severity,
                             from->life_min, languages,   blanks};

    for (guint i = 0; i < from->lines->len; i++)
        g_ptr_array_add(languages, ((ContentTemplateLine *) from->lines->pdata[i])->language);
    if (made != NULL)
        add_blanks(blanks, made->parts);
    return sched_shape_write(&template_shape, &row);
}

static json_t *
describe_value(const ContentTemplateValue *from)
{
    g_autoptr(GPtrArray) languages = g_ptr_array_new();
    const ValueRow row = {from->id, from->title, from->area, from->blank, languages};

    for (guint i = 0; i < from->spoken->len; i++)
        g_ptr_array_add(languages, ((ContentSpoken *) from->spoken->pdata[i])->language);
    return sched_shape_write(&value_shape, &row);
}

static gboolean
list_templates(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(ContentTemplates) all = sched_store_templates(txn, act->now_us, error);
    g_autoptr(GPtrArray) rows = all == NULL ? NULL : sched_store_template_list(txn, error);
    json_t *templates, *values;

    if (rows == NULL)
        return FALSE;
    templates = json_array();
    values = json_array();
    for (guint i = 0; i < all->templates->len; i++)
        json_array_append_new(templates, describe_template(all->templates->pdata[i], rows));
    for (guint i = 0; i < all->values->len; i++)
        json_array_append_new(values, describe_value(all->values->pdata[i]));
    act->answer = json_pack("{s:o, s:o}", "templates", templates, "values", values);
    return TRUE;
}

static gboolean
list_phrases(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *area = content_call_query(act->call, "area");
    const char *language = content_call_query(act->call, "language");
    g_autoptr(GPtrArray) rows = NULL;

    if (language != NULL && !content_language_tag_is_valid(language))
        return sched_api_error(error, SCHED_API_ERROR_BAD, "language: no language tag");
    rows = sched_store_phrase_list(txn, area, language, error);
    return sched_act_list(act, "phrases", &phrase_shape, rows);
}

/* --- who is ready ----------------------------------------------------------------------------
 */

static void
add_new(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(name));
}

/* What compile.h would place there: the villages of its zones and of the place it stands in. */
static gboolean
find_needs(SchedTxn *txn, const SchedStationRow *station, GPtrArray *languages,
           GPtrArray *villages, GError **error)
{
    g_autoptr(GPtrArray) areas = sched_store_area_list(txn, station->area, NULL, error);
    g_autoptr(GPtrArray) zones =
        areas == NULL ? NULL : sched_store_zone_list(txn, station->id, error);

    for (guint i = 0; zones != NULL && i < areas->len; i++)
        add_new(villages, ((const SchedAreaRow *) areas->pdata[i])->id);
    for (guint i = 0; zones != NULL && i < zones->len; i++) {
        const SchedZoneRow *zone = zones->pdata[i];

        add_new(villages, zone->village);
        for (guint j = 0; j < zone->languages->len; j++)
            add_new(languages, zone->languages->pdata[j]);
    }
    return zones != NULL;
}

static void
gap_row_free(gpointer data)
{
    GapRow *gap = data;

    g_ptr_array_unref(gap->titles);
    g_free(gap);
}

static gboolean
is_named(const ContentTemplates *placed, const char *village)
{
    for (guint i = 0; i < placed->values->len; i++) {
        if (g_strcmp0(((const ContentTemplateValue *) placed->values->pdata[i])->area,
                      village) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A village that came into the tree after the phrases were laid down has none to be recorded.
 * (transfer full) (element-type utf8): names of those where the station has a zone */
static GPtrArray *
find_nameless(SchedTxn *txn, const ContentTemplates *placed, const SchedStationRow *station,
              GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, station->id, error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; zones != NULL && i < zones->len; i++) {
        const SchedZoneRow *zone = zones->pdata[i];
        g_autoptr(SchedAreaRow) area = NULL;

        if (is_named(placed, zone->village))
            continue;
        area = sched_store_area_get(txn, zone->village, error);
        if (area == NULL)
            return NULL;
        if (area->kind == SCHED_AREA_VILLAGE)
            add_new(names, area->name);
    }
    return zones == NULL ? NULL : g_steal_pointer(&names);
}

/* @nameless: (element-type utf8): said in no language
 * (transfer full) (element-type GapRow): of the languages that lack anything */
static GPtrArray *
find_gaps(const ContentTemplates *placed, GPtrArray *nameless, GPtrArray *languages)
{
    GPtrArray *gaps = g_ptr_array_new_with_free_func(gap_row_free);

    for (guint i = 0; i < MIN(languages->len, MAX_GAP_LANGUAGES); i++) {
        g_autoptr(GPtrArray) titles = content_templates_gaps(placed, languages->pdata[i]);
        GapRow *gap;

        for (guint j = 0; j < nameless->len; j++)
            g_ptr_array_add(titles, nameless->pdata[j]);
        if (titles->len == 0)
            continue;
        g_ptr_array_set_size(titles, (gint) MIN(titles->len, MAX_GAPS));
        gap = g_new0(GapRow, 1);
        gap->language = languages->pdata[i];
        gap->titles = g_steal_pointer(&titles);
        g_ptr_array_add(gaps, gap);
    }
    return gaps;
}

/* What the station itself says: its program may know a rule that what it holds is older than.
 */
static gint64
count_unapproved(SchedTxn *txn, const char *station)
{
    g_autoptr(SchedHeartbeatRow) row = sched_store_heartbeat_get(txn, station, NULL);
    g_autoptr(ContentHeartbeat) heartbeat =
        row == NULL ? NULL
                    : content_document_read(&content_heartbeat_type, row->document,
                                            strlen(row->document), NULL);

    for (guint i = 0; heartbeat != NULL && i < heartbeat->faults->len; i++) {
        const ContentFault *fault = heartbeat->faults->pdata[i];
        const char *count = content_remark_get(&fault->what, "count");

        if (strcmp(fault->what.code, "templates_unapproved") == 0 && count != NULL)
            return CLAMP(g_ascii_strtoll(count, NULL, 10), 1, MAX_GAPS);
    }
    return 0;
}

static gboolean
describe_ready(SchedTxn *txn, const ContentTemplates *all, const SchedStationRow *station,
               json_t *list, GError **error)
{
    g_autoptr(GPtrArray) languages = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) villages = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(SchedStationStateRow) state =
        sched_store_station_state_get(txn, station->id, NULL);
    g_autoptr(ContentTemplates) placed = NULL;
    g_autoptr(GPtrArray) gaps = NULL, nameless = NULL;
    const char *language = NULL;
    ReadyRow row = {.station = station->id, .station_name = station->name};

    if (!find_needs(txn, station, languages, villages, error))
        return FALSE;
    placed = sched_phrasebook(all, station->id, languages, villages);
    row.reads_them = state != NULL && strstr(state->reads, "\"alert\"") != NULL &&
                     strstr(state->reads, "\"templates\"") != NULL;
    nameless = find_nameless(txn, placed, station, error);
    if (nameless == NULL)
        return FALSE;
    row.microphone = state != NULL && strstr(state->reads, "\"microphone\"") != NULL;
    row.missing = (char *) sched_phrasebook_lack(placed, languages, &language);
    if (row.missing == NULL && nameless->len > 0 && languages->len > 0) {
        row.missing = nameless->pdata[0];
        language = languages->pdata[0];
    }
    row.language = (char *) language;
    row.gaps = gaps = find_gaps(placed, nameless, languages);
    row.unapproved = count_unapproved(txn, station->id);
    row.ready =
        row.reads_them && row.missing == NULL && row.unapproved == 0 && all->templates->len > 0;
    json_array_append_new(list, sched_shape_write(&ready_shape, &row));
    return TRUE;
}

static gboolean
list_readiness(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autoptr(ContentTemplates) all = sched_store_templates(txn, act->now_us, error);
    g_autoptr(GPtrArray) stations =
        all == NULL
            ? NULL
            : sched_store_station_list(txn, content_call_query(act->call, "area"), error);
    json_t *list;

    if (stations == NULL)
        return FALSE;
    list = json_array();
    act->answer = json_pack("{s:o}", "stations", list);
    for (guint i = 0; i < stations->len; i++) {
        const SchedStationRow *station = stations->pdata[i];

        if (!station->retired && sched_access_sees(txn, act, station->area) &&
            !describe_ready(txn, all, station, list, error))
            return FALSE;
    }
    return TRUE;
}

/* clang-format off */
static const SchedRouteQuery area_query[] = {
    { "area", "Only stations in this area or below it." }, { NULL, NULL },
};
static const SchedAnswer whole_answer = { .row = &whole_shape };
static const SchedAnswerMember phrase_answer_more[] = {
    ANSWER_WORD("phrase", ID, "The announcement that it is."), ANSWER_END,
};
static const SchedAnswer phrase_answer = { .name = "AlertPhraseAdded", .more = phrase_answer_more };
static const SchedRouteQuery phrase_query[] = {
    { "area", "Only what alerts in this area can need; names of other villages are left out." },
    { "language", "Each phrase once, and how far it is in exactly this language." }, { NULL, NULL },
};
static const SchedAnswerMember templates_more[] = {
    ANSWER_ROWS("templates", template_shape, "By id."),
    ANSWER_ROWS("values", value_shape, "What may fill their blanks, by id."),
    ANSWER_END,
};
static const SchedAnswer template_list = { .name = "AlertTemplateList", .more = templates_more };
static const SchedAnswerMember phrases_more[] = {
    ANSWER_ROWS("phrases", phrase_shape, "One a language; one without a language where nobody wrote any. What templates say, what fills blanks, then village names."), ANSWER_END,
};
static const SchedAnswer phrase_list = { .name = "AlertPhraseList", .more = phrases_more };
static const SchedAnswerMember readiness_more[] = {
    ANSWER_ROWS("stations", ready_shape, "Those in use, by id."), ANSWER_END,
};
static const SchedAnswer readiness_list = { .name = "AlertReadinessList", .more = readiness_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/alert-templates", .roles = SCHED_ROLES_ANY, .status = 200,
      .work = list_templates, .answer = &template_list, .name = "listAlertTemplates",
      .meaning = "What an alert can say, and in which languages." },
    { .method = "POST", .path = "/api/alert-templates/standard",
      .roles = SCHED_ROLES(SCHED_ROLE_EDITOR), .scope = sched_scope_district,
      .input = SCHED_INPUT_JSON, .body = &standard_body, .writes = TRUE, .status = 200,
      .work = add_standard, .answer = &sched_answer_done, .name = "addStandardTemplates",
      .meaning = "Lays down what is missing of the standard set, with a name for every village: "
                 "drafts in Vietnamese, to be recorded, checked and approved in every language." },
    { .method = "GET", .path = "/api/alert-templates/{template}", .roles = SCHED_ROLES_ANY,
      .status = 200, .work = answer_template, .answer = &whole_answer, .name = "getAlertTemplate",
      .meaning = "What a template says in each order, and how it sounds; also one that was retired." },
    { .method = "PUT", .path = "/api/alert-templates/{template}", .roles = SCHED_ROLES(SCHED_ROLE_EDITOR),
      .scope = sched_scope_district, .input = SCHED_INPUT_JSON, .body = &template_body, .writes = TRUE,
      .status = 200, .louder = louder_template, .touches = "alert_template.", .work = put_template,
      .answer = &whole_answer, .name = "putAlertTemplate",
      .meaning = "Add a template, change it, or bring back one that was retired; a second person agrees." },
    { .method = "POST", .path = "/api/alert-templates/{template}/retire",
      .roles = SCHED_ROLES(SCHED_ROLE_EDITOR) | SCHED_ROLES(SCHED_ROLE_APPROVER),
      .scope = sched_scope_district, .input = SCHED_INPUT_JSON, .body = &retire_body, .writes = TRUE,
      .status = 200, .louder = louder_retire, .touches = "alert_template.", .work = retire_template,
      .answer = &whole_answer, .name = "retireAlertTemplate",
      .meaning = "Nobody calls it any more; a second person agrees to lose what can be said now. Refused while a grant in force names it." },
    { .method = "POST", .path = "/api/alert-phrases", .roles = SCHED_ROLES(SCHED_ROLE_EDITOR),
      .scope = sched_scope_district, .input = SCHED_INPUT_JSON, .body = &phrase_body, .writes = TRUE,
      .status = 201, .work = add_own_phrase, .answer = &phrase_answer, .name = "addAlertPhrase",
      .meaning = "A phrase for templates, or what fills a blank: a draft in Vietnamese, to be recorded, "
                 "checked and approved in every language." },
    { .method = "GET", .path = "/api/alert-phrases", .roles = SCHED_ROLES_ANY, .status = 200,
      .scope = sched_scope_area_query, .query = phrase_query, .work = list_phrases,
      .answer = &phrase_list, .name = "listAlertPhrases",
      .meaning = "Every phrase, number and village name that alerts say, and how far it is in each "
                 "language." },
    { .method = "GET", .path = "/api/alert-readiness", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_query, .status = 200, .query = area_query,
      .work = list_readiness, .answer = &readiness_list, .name = "listAlertReadiness",
      .meaning = "Which stations can warn every village in its languages, and what others lack." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_templates(void)
{
    return routes;
}
