/* template.c - the table of templates, and how an alert is made of one. See template.h. Pure.
 */
#include "content/template.h"

#include "content/document-rows.h"
#include "content/language.h"

#include <string.h>

#define MAX_TEMPLATES 64
#define MAX_VALUES    1000
#define MAX_OBJECTS   3000
#define MAX_REPEATS   20
#define AGAIN_MIN_S   60
#define AGAIN_MAX_S   (6 * 3600)
#define LIFE_MAX_MIN  (CONTENT_ALERT_MAX_LIFE_US / G_USEC_PER_SEC / 60)

G_DEFINE_QUARK(ContentComposeError, content_compose_error)

/* clang-format off */
const char *const content_blank_words[] = { "none", "village", "time", "level", "refuge", NULL };

static const ContentMember content_template_part_shape_members[] = {
    ROW_OPTIONAL_ENUM(ContentTemplatePart, blank, content_blank_words, "What is said here is chosen with the alert; absent: the object."),
    ROW_OPTIONAL_WORD(ContentTemplatePart, object, HASH, "SHA-256 of audio; absent where a blank stands."),
    ROW_END,
};

static const ContentMember content_template_line_shape_members[] = {
    ROW_WORD(ContentTemplateLine, language, LANGUAGE, "Language."),
    ROW_STRUCTS(ContentTemplateLine, parts, CONTENT_ALERT_MAX_PARTS, content_template_part_shape, "Said one after the other without a gap."),
    ROW_END,
};

static const ContentMember content_template_shape_members[] = {
    ROW_OPTIONAL_INT(ContentTemplate, again_s, AGAIN_MIN_S, AGAIN_MAX_S, 0, "s", "From the start of a series of repeats to the next; absent: there is one series."),
    ROW_ENUM(ContentTemplate, event, content_event_kind_words, "What it warns of; `drill`: said before and after what any drill says."),
    ROW_INT(ContentTemplate, gap_ms, 0, CONTENT_ALERT_GAP_MAX_MS, "ms", "Silence between two repeats."),
    ROW_WORD(ContentTemplate, id, ID, "Template."),
    ROW_INT(ContentTemplate, life_min, 1, LIFE_MAX_MIN, "minutes", "From issue to expiry, unless who calls it says otherwise."),
    ROW_STRUCTS(ContentTemplate, lines, CONTENT_ALERT_MAX_SPEECHES, content_template_line_shape, "A language each; the first where a village's own is missing."),
    ROW_INT(ContentTemplate, repeats, 1, MAX_REPEATS, "", "How often tone and speech sound in a series."),
    ROW_INT(ContentTemplate, severity, 1, CONTENT_ALERT_SEVEREST, "", "Unless who calls it says otherwise."),
    ROW_TEXT(ContentTemplate, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_ENUM(ContentTemplate, tone, content_alert_tone_words, "Signal before every repeat; in a drill it is the gong."),
    ROW_INT(ContentTemplate, tone_ms, CONTENT_ALERT_TONE_MIN_MS, CONTENT_ALERT_TONE_MAX_MS, "ms", "How long the signal sounds."),
    ROW_END,
};

static const ContentMember content_spoken_shape_members[] = {
    ROW_WORD(ContentSpoken, language, LANGUAGE, "Language."),
    ROW_WORD(ContentSpoken, object, HASH, "SHA-256 of audio."),
    ROW_END,
};

static const ContentMember content_template_value_shape_members[] = {
    ROW_OPTIONAL_WORD(ContentTemplateValue, area, ID, "The village it names."),
    ROW_ENUM(ContentTemplateValue, blank, content_blank_words, "Which blank it may fill; never `none`."),
    ROW_WORD(ContentTemplateValue, id, ID, "Value."),
    ROW_STRUCTS(ContentTemplateValue, spoken, CONTENT_ALERT_MAX_SPEECHES, content_spoken_shape, "A language each."),
    ROW_TEXT(ContentTemplateValue, title, 1, ROW_TITLE_MAX_BYTES, "In words."),
    ROW_END,
};

static const ContentMember content_templates_members[] = {
    ROW_STRUCTS(ContentTemplates, objects, MAX_OBJECTS, content_alert_object_shape, "All audio named here, by hash, each with its approval."),
    ROW_WORD(ContentTemplates, station, ID, "Audience."),
    ROW_STRUCTS(ContentTemplates, templates, MAX_TEMPLATES, content_template_shape, "By id."),
    ROW_STRUCTS(ContentTemplates, values, MAX_VALUES, content_template_value_shape, "By id."),
    ROW_END,
};
/* clang-format on */

static const char *
check_part(gconstpointer element)
{
    const ContentTemplatePart *part = element;

    return (part->object != NULL) == (part->blank != CONTENT_BLANK_NONE)
               ? "is either an object or a blank"
               : NULL;
}

static const char *
check_line(gconstpointer element)
{
    return ((const ContentTemplateLine *) element)->parts->len == 0 ? "says nothing" : NULL;
}

static const char *
check_value(gconstpointer element)
{
    return ((const ContentTemplateValue *) element)->blank == CONTENT_BLANK_NONE
               ? "fills no blank"
               : NULL;
}

static const char *
check_templates(gconstpointer element)
{
    const ContentTemplates *templates = element;

    for (guint i = 0; i < templates->objects->len; i++) {
        if (((const ContentAlertObject *) templates->objects->pdata[i])->approval == NULL)
            return "holds audio without an approval";
    }
    return NULL;
}

ROWS_DEFINE_SHAPE(content_template_part_shape, ContentTemplatePart, "template part", check_part)
ROWS_DEFINE_SHAPE(content_template_line_shape, ContentTemplateLine, "template line", check_line)
ROWS_DEFINE_SHAPE(content_template_shape, ContentTemplate, "template", NULL)
ROWS_DEFINE_SHAPE(content_spoken_shape, ContentSpoken, "spoken value", NULL)
ROWS_DEFINE_SHAPE(content_template_value_shape, ContentTemplateValue, "template value",
                  check_value)
ROWS_DEFINE_DOCUMENT(content_templates, ContentTemplates, "templates",
                     CONTENT_DOCUMENT_MAX_BYTES, check_templates)

const ContentTemplate *
content_templates_find(const ContentTemplates *templates, const char *id)
{
    for (guint i = 0; i < templates->templates->len; i++) {
        const ContentTemplate *one = templates->templates->pdata[i];

        if (strcmp(one->id, id) == 0)
            return one;
    }
    return NULL;
}

static const ContentTemplate *
find_drill(const ContentTemplates *templates)
{
    for (guint i = 0; i < templates->templates->len; i++) {
        const ContentTemplate *one = templates->templates->pdata[i];

        if (one->event == CONTENT_EVENT_DRILL)
            return one;
    }
    return NULL;
}

static const ContentTemplateValue *
find_value(const ContentTemplates *templates, const char *id)
{
    for (guint i = 0; i < templates->values->len; i++) {
        const ContentTemplateValue *one = templates->values->pdata[i];

        if (strcmp(one->id, id) == 0)
            return one;
    }
    return NULL;
}

/* (nullable): in the language, or for a dialect in the language without one; what is said in a
 * line is all of one dialect */
static const ContentTemplateLine *
find_line(const ContentTemplate *template, const char *language)
{
    const ContentTemplateLine *found = NULL;
    int best = 0;

    for (guint i = 0; i < template->lines->len; i++) {
        const ContentTemplateLine *line = template->lines->pdata[i];
        int match = content_language_match(language, line->language);

        if (match > best) {
            best = match;
            found = line;
        }
    }
    return found;
}

/* (nullable): in the language, or for a dialect in the language without one */
static const char *
find_spoken(const ContentTemplateValue *value, const char *language)
{
    const char *found = NULL;
    int best = 0;

    for (guint i = 0; i < value->spoken->len; i++) {
        const ContentSpoken *spoken = value->spoken->pdata[i];
        int match = content_language_match(language, spoken->language);

        if (match > best) {
            best = match;
            found = spoken->object;
        }
    }
    return found;
}

/* What was chosen for each blank. */
typedef struct {
    GPtrArray
        *of[CONTENT_N_BLANKS]; /* (owned) (element-type ContentTemplateValue): not owned */
} Choice;

static void
choice_clear(Choice *choice)
{
    for (gsize i = 0; i < CONTENT_N_BLANKS; i++)
        g_ptr_array_unref(choice->of[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Choice, choice_clear)

static void
choice_init(Choice *choice)
{
    for (gsize i = 0; i < CONTENT_N_BLANKS; i++)
        choice->of[i] = g_ptr_array_new();
}

static gboolean
choose(Choice *choice, const ContentTemplates *templates, GPtrArray *values, GError **error)
{
    for (guint i = 0; i < values->len; i++) {
        const ContentTemplateValue *value = find_value(templates, values->pdata[i]);

        if (value == NULL) {
            g_set_error(error, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_UNKNOWN,
                        "there is no value %s", (const char *) values->pdata[i]);
            return FALSE;
        }
        if (choice->of[value->blank]->len == CONTENT_TEMPLATE_MAX_VALUES) {
            g_set_error(error, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_BLANK,
                        "the blank %s has more than %d values",
                        content_blank_words[value->blank], CONTENT_TEMPLATE_MAX_VALUES);
            return FALSE;
        }
        g_ptr_array_add(choice->of[value->blank], (gpointer) value);
    }
    return TRUE;
}

/* Every blank of the template is filled, and nothing is chosen that is never said. */
static gboolean
check_choice(const Choice *choice, const ContentTemplate *template, GError **error)
{
    gboolean is_asked[CONTENT_N_BLANKS] = {FALSE};

    for (guint i = 0; i < template->lines->len; i++) {
        const ContentTemplateLine *line = template->lines->pdata[i];

        for (guint j = 0; j < line->parts->len; j++)
            is_asked[((const ContentTemplatePart *) line->parts->pdata[j])->blank] = TRUE;
    }
    for (gsize i = CONTENT_BLANK_NONE + 1; i < CONTENT_N_BLANKS; i++) {
        if (is_asked[i] == (choice->of[i]->len > 0))
            continue;
        g_set_error(error, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_BLANK,
                    is_asked[i] ? "%s: the blank %s has no value" : "%s: there is no blank %s",
                    template->id, content_blank_words[i]);
        return FALSE;
    }
    return TRUE;
}

/* The name of a village that was not recorded in the language is left out, not the warning: who
 * hears it knows that it is meant for them. A time, a level or a place to go to says something
 * that is missed.
 * FALSE: something of it is not spoken in the language */
static gboolean
say_line(const ContentTemplateLine *line, const Choice *choice, GPtrArray *parts)
{
    for (guint i = 0; i < line->parts->len; i++) {
        const ContentTemplatePart *part = line->parts->pdata[i];

        if (part->object != NULL)
            g_ptr_array_add(parts, g_strdup(part->object));
        for (guint j = 0; part->blank != CONTENT_BLANK_NONE && j < choice->of[part->blank]->len;
             j++) {
            const char *object = find_spoken(choice->of[part->blank]->pdata[j], line->language);

            if (object == NULL && part->blank != CONTENT_BLANK_VILLAGE)
                return FALSE;
            if (object != NULL)
                g_ptr_array_add(parts, g_strdup(object));
        }
    }
    return TRUE;
}

/* (nullable) (transfer full): what the template says in the language of @line */
static ContentSpeech *
say(const ContentTemplateLine *line, const Choice *choice, const ContentTemplate *drill)
{
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    const ContentTemplateLine *frame = drill == NULL ? NULL : find_line(drill, line->language);
    Choice none = {{NULL}};
    gboolean is_said = drill == NULL || frame != NULL;

    choice_init(&none);
    speech->language = g_strdup(line->language);
    is_said = is_said && (frame == NULL || say_line(frame, &none, speech->parts)) &&
              say_line(line, choice, speech->parts) &&
              (frame == NULL || say_line(frame, &none, speech->parts));
    choice_clear(&none);
    if (is_said && speech->parts->len > 0 && speech->parts->len <= CONTENT_ALERT_MAX_PARTS)
        return speech;
    content_shape_free(&content_speech_shape, speech);
    return NULL;
}

static void
fill_alert(ContentAlert *alert, const ContentTemplate *template, gboolean is_drill)
{
    alert->event = template->event;
    alert->drill = is_drill || template->event == CONTENT_EVENT_DRILL;
    alert->severity = template->severity;
    alert->tone = alert->drill ? CONTENT_ALERT_TONE_GONG : template->tone;
    alert->tone_ms = template->tone_ms;
    alert->repeats = template->repeats;
    alert->gap_ms = template->gap_ms;
    alert->again_s = template->again_s;
    g_free(alert->title);
    alert->title = g_strdup(template->title);
    g_free(alert->template_);
    alert->template_ = g_strdup(template->id);
}

gboolean
content_templates_compose(const ContentTemplates *templates, const char *id, GPtrArray *values,
                          gboolean is_drill, ContentAlert *alert, GError **error)
{
    const ContentTemplate *template = content_templates_find(templates, id);
    const ContentTemplate *drill = NULL;
    g_autoptr(GPtrArray) speeches = g_ptr_array_new_with_free_func(content_speech_shape.free);
    gboolean needs_frame;
    g_auto(Choice) choice;

    choice_init(&choice);
    if (template == NULL) {
        g_set_error(error, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_UNKNOWN,
                    "there is no template %s", id);
        return FALSE;
    }
    needs_frame = is_drill && template->event != CONTENT_EVENT_DRILL;
    if (!choose(&choice, templates, values, error) || !check_choice(&choice, template, error))
        return FALSE;
    if (needs_frame && (drill = find_drill(templates)) == NULL) {
        g_set_error(error, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_UNSPOKEN,
                    "there is no template that says what a drill is");
        return FALSE;
    }
    for (guint i = 0; i < template->lines->len; i++) {
        ContentSpeech *speech = say(template->lines->pdata[i], &choice, drill);

        if (speech != NULL)
            g_ptr_array_add(speeches, speech);
    }
    if (speeches->len == 0) {
        g_set_error(error, CONTENT_COMPOSE_ERROR, CONTENT_COMPOSE_ERROR_UNSPOKEN,
                    "%s: in no language is all of it recorded", id);
        return FALSE;
    }
    fill_alert(alert, template, is_drill);
    g_ptr_array_unref(alert->speeches);
    alert->speeches = g_steal_pointer(&speeches);
    return TRUE;
}

/* As whom a listener of @language hears each template: a dialect, or the language without one.
 * What a drill is has no blanks, and stands around the others. Returns: (transfer full)
 * (element-type utf8): not owned; what no template is said in: itself */
static GPtrArray *
find_heard(const ContentTemplates *templates, const char *language)
{
    GPtrArray *heard = g_ptr_array_new();

    for (guint i = 0; i < templates->templates->len; i++) {
        const ContentTemplate *one = templates->templates->pdata[i];
        const ContentTemplateLine *line =
            one->event == CONTENT_EVENT_DRILL ? NULL : find_line(one, language);

        if (line != NULL &&
            !g_ptr_array_find_with_equal_func(heard, line->language, g_str_equal, NULL))
            g_ptr_array_add(heard, line->language);
    }
    if (heard->len == 0)
        g_ptr_array_add(heard, (gpointer) language);
    return heard;
}

static gboolean
is_said_in_all(const ContentTemplate *drill, GPtrArray *heard)
{
    for (guint i = 0; i < heard->len; i++) {
        if (find_line(drill, heard->pdata[i]) == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_spoken_in_all(const ContentTemplateValue *value, GPtrArray *heard)
{
    for (guint i = 0; i < heard->len; i++) {
        if (find_spoken(value, heard->pdata[i]) == NULL)
            return FALSE;
    }
    return TRUE;
}

GPtrArray *
content_templates_gaps(const ContentTemplates *templates, const char *language)
{
    GPtrArray *gaps = g_ptr_array_new();
    g_autoptr(GPtrArray) heard = find_heard(templates, language);

    for (guint i = 0; i < templates->templates->len; i++) {
        const ContentTemplate *template = templates->templates->pdata[i];

        if (find_line(template, language) == NULL ||
            (template->event == CONTENT_EVENT_DRILL && !is_said_in_all(template, heard)))
            g_ptr_array_add(gaps, template->title);
    }
    for (guint i = 0; i < templates->values->len; i++) {
        const ContentTemplateValue *value = templates->values->pdata[i];

        if (!is_spoken_in_all(value, heard))
            g_ptr_array_add(gaps, value->title);
    }
    return gaps;
}

const char *
content_templates_lack(const ContentTemplates *templates, const char *language)
{
    g_autoptr(GPtrArray) gaps = content_templates_gaps(templates, language);

    return gaps->len > 0 ? gaps->pdata[0] : NULL;
}
