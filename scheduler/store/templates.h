/*
 * templates.h - what alerts say: templates, blanks and the phrases that are recorded for them.
 *
 * Flow: web/ lays down the standard set -> its phrases are recorded, checked and approved as
 * announcements are -> here they become the templates that publish/ places at the stations and
 * that an alert is made of.
 *
 * The Vietnamese texts are the program's. In every other language a phrase is empty until
 * somebody who speaks it has recorded it and another one has checked it: nothing is translated.
 */
#pragma once

#include "content/template.h"
#include "scheduler/store/announcements.h"

/* A phrase of the standard set; the text is Vietnamese. */
typedef struct {
    const char *id;
    const char *text;
} SchedStandardPhrase;

typedef struct {
    const char *id;
    ContentEventKind event;
    const char *title;
    gint64 severity;
    ContentAlertTone tone;
    gint64 tone_ms, repeats, gap_ms, again_s, life_min;
    const char *parts[12]; /* a phrase's id, or "[village]" */
} SchedStandardTemplate;

typedef struct {
    const char *id;
    ContentBlank blank;
    const char *title;
    const char *text;
} SchedStandardValue;

/* Each ended by a row without an id. */
extern const SchedStandardPhrase sched_standard_phrases[];
extern const SchedStandardTemplate sched_standard_templates[];
extern const SchedStandardValue sched_standard_values[];

/* What a template says in the order of one language. */
typedef struct {
    char *language;   /* (owned) */
    GPtrArray *parts; /* (owned) (element-type utf8): id of a phrase, or "[village]" */
} SchedTemplateOrder;
extern const ContentShape sched_template_order_shape;

/* As people make it; which of it is recorded is said by sched_store_templates(). */
typedef struct {
    char *id;    /* (owned) */
    gint event;  /* ContentEventKind */
    char *title; /* (owned) */
    gint64 severity;
    gint tone; /* ContentAlertTone */
    gint64 tone_ms, repeats, gap_ms;
    gint64 again_s; /* 0: one series */
    gint64 life_min;
    gint64 retired_us; /* 0: in use; set by the store */
    GPtrArray *parts;  /* (owned) (element-type utf8): for languages without an order */
    GPtrArray *orders; /* (owned) (element-type SchedTemplateOrder) */
} SchedTemplateRow;
void sched_template_row_free(SchedTemplateRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedTemplateRow, sched_template_row_free)

#define SCHED_TEMPLATES_MAX 64 /* in use: as many as a station is told of */
/* Times, levels and refuges: every station is told of all of them, beside its villages. */
#define SCHED_VALUES_MAX 300

/* A phrase, and how far it is in one language. */
typedef struct {
    char *phrase;   /* (owned): id of the announcement */
    char *title;    /* (owned) */
    gint blank;     /* ContentBlank of a value; NONE: of a template */
    char *language; /* (owned): "" without any version */
    char *version;  /* (owned): "" */
    gint state;     /* SchedVersionState */
    gboolean has_audio;
} SchedPhraseRow;
void sched_phrase_row_free(SchedPhraseRow *row);

/**
 * sched_store_templates_standard:
 * @home: area whose editors the phrases belong to, and where they may sound
 *
 * Adds what is missing of the standard set, and a name to be recorded for every village below
 * @home; what is there stays as it is. Each phrase is a draft with the Vietnamese text.
 */
gboolean sched_store_templates_standard(SchedTxn *txn, const char *home, GError **error);

/**
 * sched_store_phrase_add:
 * @blank: ContentBlank that it fills; NONE: a template says it; not VILLAGE
 * @text: in Vietnamese, also its title
 *
 * A draft, as those of the standard set; one that is there stays as it is. INVALID: there are
 * SCHED_VALUES_MAX already.
 */
gboolean sched_store_phrase_add(SchedTxn *txn, const char *home, const char *id, gint blank,
                                const char *text, GError **error);

/**
 * sched_store_template_check:
 *
 * INVALID: it cannot be one; the sentence names the member. RULE: drills have one template, no
 * more and no fewer; or it would fall silent in a language in which it is said now. IN_USE: a
 * push button of a grant in force fills other blanks.
 */
gboolean sched_store_template_check(SchedTxn *txn, const SchedTemplateRow *row, GError **error);

/** sched_store_template_is_filled: @values: (element-type utf8): ids. @out_is_filled: each of
 * its blanks, and nothing that it leaves unsaid */
gboolean sched_store_template_is_filled(SchedTxn *txn, const char *id, const GPtrArray *values,
                                        gboolean *out_is_filled, GError **error);

/** sched_store_template_put: makes or changes it, or brings it back; every station is told */
gboolean sched_store_template_put(SchedTxn *txn, const SchedTemplateRow *row, GError **error);

/**
 * sched_store_template_check_retire:
 * @out_is_said: (out): some station can say it now, so that a warning is lost with it
 *
 * IN_USE: a grant in force names it. RULE: what drills say stays.
 */
gboolean sched_store_template_check_retire(SchedTxn *txn, const char *id, gboolean *out_is_said,
                                           GError **error);

/** sched_store_template_retire: after sched_store_template_check_retire(); @why: in words, for
 * the audit */
gboolean sched_store_template_retire(SchedTxn *txn, const char *id, const char *why,
                                     GError **error);

/** sched_store_template_get: also one that was retired; NOT_FOUND if there never was one */
SchedTemplateRow *sched_store_template_get(SchedTxn *txn, const char *id, GError **error);

/** sched_store_template_list: Returns: (transfer full) (element-type SchedTemplateRow): those
 * in use, by id */
GPtrArray *sched_store_template_list(SchedTxn *txn, GError **error);

/**
 * sched_store_templates:
 * @now_us: what is not valid then is left out
 *
 * Returns: (transfer full): all templates and values with what is approved by now, Vietnamese
 *   lines first, without a station; templates and values that nobody recorded stand there too
 */
ContentTemplates *sched_store_templates(SchedTxn *txn, gint64 now_us, GError **error);

/**
 * sched_store_phrase_list:
 * @area: (nullable): only what alerts there can need: of names those of the villages in it, and
 *   of the villages that stations in it reach
 * @language: (nullable): each phrase once, with its version in exactly this language
 *
 * Returns: (transfer full) (element-type SchedPhraseRow): what templates say, then what fills
 *   their blanks, then the names of villages
 */
GPtrArray *sched_store_phrase_list(SchedTxn *txn, const char *area, const char *language,
                                   GError **error);

/**
 * sched_store_phrase_versions:
 * @object: SHA-256 of audio
 *
 * Returns: (transfer full) (element-type utf8): a version of a phrase that sounds so; at most
 * one
 */
GPtrArray *sched_store_phrase_versions(SchedTxn *txn, const char *object, GError **error);
