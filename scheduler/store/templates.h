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
 * sched_store_templates:
 * @now_us: what is not valid then is left out
 *
 * Returns: (transfer full): all templates and values with what is approved by now, Vietnamese
 *   lines first, without a station; templates and values that nobody recorded stand there too
 */
ContentTemplates *sched_store_templates(SchedTxn *txn, gint64 now_us, GError **error);

/** sched_store_phrase_list: Returns: (transfer full) (element-type SchedPhraseRow): by phrase
 * and language */
GPtrArray *sched_store_phrase_list(SchedTxn *txn, GError **error);

/**
 * sched_store_phrase_versions:
 * @object: SHA-256 of audio
 *
 * Returns: (transfer full) (element-type utf8): a version of a phrase that sounds so; at most
 * one
 */
GPtrArray *sched_store_phrase_versions(SchedTxn *txn, const char *object, GError **error);
