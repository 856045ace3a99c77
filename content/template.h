/*
 * template.h - what a station says in an alert, recorded beforehand, and how an alert is made
 * of it.
 *
 * Flow: scheduler/publish writes one for each station and names it in the manifest -> the
 * player keeps all of its audio -> an alert of the district names that audio, and one that a
 * commune starts itself is made here. Pure: the district and the commune make the same alert.
 *
 * A line is what a template says in one language: audio and blanks in that language's own
 * order. A line stands there only if all of it was recorded and checked in that language; no
 * sentence is put together of two languages.
 */
#pragma once

#include "content/alert.h"

#define CONTENT_TEMPLATE_MAX_VALUES 8 /* for one blank: several villages */

/* What is said in the place of a blank. */
typedef enum {
    CONTENT_BLANK_NONE,
    CONTENT_BLANK_VILLAGE,
    CONTENT_BLANK_TIME,
    CONTENT_BLANK_LEVEL,
    CONTENT_BLANK_REFUGE, /* where to go */
} ContentBlank;
#define CONTENT_N_BLANKS 5
extern const char *const content_blank_words[];

/* One of the two. */
typedef struct {
    char *object; /* (owned) (nullable) */
    gint blank;   /* ContentBlank; NONE: the object */
} ContentTemplatePart;
extern const ContentShape content_template_part_shape;

typedef struct {
    char *language;   /* (owned) */
    GPtrArray *parts; /* (owned) (element-type ContentTemplatePart) */
} ContentTemplateLine;
extern const ContentShape content_template_line_shape;

typedef struct {
    char *id;        /* (owned) */
    gint event;      /* ContentEventKind; DRILL: said before and after what a drill says */
    char *title;     /* (owned) */
    gint64 severity; /* unless who calls it says otherwise */
    gint tone;       /* ContentAlertTone; a drill sounds the gong instead */
    gint64 tone_ms;
    gint64 repeats;
    gint64 gap_ms;
    gint64 again_s;   /* 0: one series */
    gint64 life_min;  /* unless who calls it says otherwise */
    GPtrArray *lines; /* (owned) (element-type ContentTemplateLine): the first where a village's
                       * own language is missing */
} ContentTemplate;
extern const ContentShape content_template_shape;

typedef struct {
    char *language; /* (owned) */
    char *object;   /* (owned) */
} ContentSpoken;
extern const ContentShape content_spoken_shape;

/* What may fill a blank. */
typedef struct {
    char *id;          /* (owned) */
    gint blank;        /* ContentBlank, never NONE */
    char *title;       /* (owned): "Plei Ơi", "báo động 3" */
    char *area;        /* (owned) (nullable): the village it names */
    GPtrArray *spoken; /* (owned) (element-type ContentSpoken) */
} ContentTemplateValue;
extern const ContentShape content_template_value_shape;

typedef struct {
    char *station;        /* (owned) */
    GPtrArray *templates; /* (owned) (element-type ContentTemplate): by id */
    GPtrArray *values;    /* (owned) (element-type ContentTemplateValue): by id */
    GPtrArray *objects;   /* (owned) (element-type ContentAlertObject): by hash; all with their
                           * approvals, and once for each */
} ContentTemplates;
extern const ContentDocumentType content_templates_type;
void content_templates_free(ContentTemplates *templates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentTemplates, content_templates_free)

#define CONTENT_COMPOSE_ERROR (content_compose_error_quark())
GQuark content_compose_error_quark(void);

typedef enum {
    CONTENT_COMPOSE_ERROR_UNKNOWN,  /* there is no such template or value */
    CONTENT_COMPOSE_ERROR_BLANK,    /* a blank has no value, too many, or one of another kind */
    CONTENT_COMPOSE_ERROR_UNSPOKEN, /* in no language was all of it recorded */
} ContentComposeError;

/** content_templates_find: Returns: (transfer none) (nullable) */
const ContentTemplate *content_templates_find(const ContentTemplates *templates,
                                              const char *id);

/**
 * content_templates_compose:
 * @values: (element-type utf8): ids; those of one blank are said in this order
 * @is_drill: puts the words of the template for drills before and after
 * @alert: its `speeches` are filled, and `event`, `title`, `severity`, `tone`, `tone_ms`,
 *   `repeats`, `gap_ms`, `again_s`, `template_` and `drill`; times, areas and id are the
 * caller's
 *
 * A language in which the line, one of the values or the words for drills are missing has no
 * speech in the alert: its villages hear the alert's first speech instead. A village's name
 * that is missing is left out, and the rest of the line is said.
 *
 * Returns: %FALSE with @alert as it was
 */
gboolean content_templates_compose(const ContentTemplates *templates, const char *id,
                                   GPtrArray *values, gboolean is_drill, ContentAlert *alert,
                                   GError **error);

/**
 * content_templates_gaps:
 * @language: that a village lists
 *
 * Where a dialect has no line of its own, that of its language is heard, and the values and
 * what a drill is have to be there for that.
 *
 * Returns: (transfer container) (element-type utf8): titles of the templates that have no line
 *   for it, then of the values that are not spoken in it; they stay the templates'
 */
GPtrArray *content_templates_gaps(const ContentTemplates *templates, const char *language);

/**
 * content_templates_lack:
 * @language: that a village lists
 *
 * Returns: (transfer none) (nullable): title of the first template that has no line for it, or
 *   of the first value that is not spoken in it; NULL: all there
 */
const char *content_templates_lack(const ContentTemplates *templates, const char *language);
