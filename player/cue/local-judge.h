/*
 * local-judge.h - may this caller at the station start this alert now, and which alert is it?
 *
 * Flow: local.c gathers grants, templates, settings, starts and the time -> here -> an alert,
 * or the first rule that refuses. The cue asks again, of the finished alert, before it sounds.
 * Pure.
 */
#pragma once

#include "content/grant.h"
#include "content/template.h"

#define PLAY_LOCAL_ERROR (play_local_error_quark())
GQuark play_local_error_quark(void);

typedef enum {
    PLAY_LOCAL_ERROR_NO_GRANT,   /* the station holds none */
    PLAY_LOCAL_ERROR_CALLER,     /* no grant names this account or input */
    PLAY_LOCAL_ERROR_EARLY,      /* the grant has not begun */
    PLAY_LOCAL_ERROR_OVER,       /* the grant has ended */
    PLAY_LOCAL_ERROR_TEMPLATE,   /* the grant does not name the template */
    PLAY_LOCAL_ERROR_DRILL,      /* the grant allows no drills */
    PLAY_LOCAL_ERROR_PLACE,      /* the grant does not cover the village, or nobody knows it */
    PLAY_LOCAL_ERROR_OFTEN,      /* as many starts in the span as the grant allows */
    PLAY_LOCAL_ERROR_NOT_HERE,   /* the player has no such template, or no settings yet */
    PLAY_LOCAL_ERROR_AUDIO,      /* audio of the alert that the templates do not list */
    PLAY_LOCAL_ERROR_BLANK,      /* a blank has no value, too many, or one of another kind */
    PLAY_LOCAL_ERROR_UNSPOKEN,   /* in no language was all of it recorded */
    PLAY_LOCAL_ERROR_REPEATS,    /* out of range */
    PLAY_LOCAL_ERROR_ALERT,      /* there is no such alert to stop */
    PLAY_LOCAL_ERROR_UNSIGNABLE, /* the order cannot be written */
} PlayLocalError;

/** play_local_error_code: Returns: (transfer none): code of the remark that says it */
const char *play_local_error_code(const GError *error);

/* What somebody wants. Everything is the caller's. */
typedef struct {
    gboolean by_input;     /* `by` is an input of the gateway, else an account */
    const char *by;        /* who */
    const char *template_; /* (nullable): NULL, of an input: what its grant settles, with the
                            * values of the grant */
    const char *const *villages; /* (nullable): NULL-terminated areas of settings; NULL:
                                  * wherever the grant allows */
    const char *const *values; /* (nullable): NULL-terminated ids of ContentTemplateValue: what
                                * fills the blanks; those of one blank are said in this order */
    gboolean is_drill;
    gint64 repeats;  /* 0: as the template says */
    const char *key; /* (nullable): the caller's, of this act: under the same one it is started
                      * once; NULL: each call is an act of its own */
} PlayLocalCall;

/* A start of before. */
typedef struct {
    char *grant; /* (owned) */
    char *alert; /* (owned) */
    gint64 at_us;
} PlayLocalStart;

/** play_local_start_new: Returns: (transfer full) */
PlayLocalStart *play_local_start_new(const char *grant, const char *alert, gint64 at_us);
void play_local_start_free(PlayLocalStart *start);

typedef struct {
    const GPtrArray *grants;                /* (element-type ContentGrant): in force */
    const ContentTemplates *templates;      /* (nullable) */
    const ContentStationSettings *settings; /* (nullable) */
    const GPtrArray *starts;                /* (element-type PlayLocalStart) */
    gint64 now_us; /* by a trusted clock; else the latest instant that is surely past, plus
                    * what has gone by since */
    gboolean is_trusted; /* %FALSE: whether a grant has begun is not asked */
} PlayLocalFacts;

/**
 * play_local_judge:
 * @id: of the new alert
 * @out_grant: (out) (transfer none): the one it stands on
 *
 * Every grant that names the caller is tried; if none allows it, the one that got furthest says
 * why.
 *
 * Returns: (transfer full): the alert, whole; NULL with a PlayLocalError
 */
ContentAlert *play_local_judge(const PlayLocalFacts *facts, const PlayLocalCall *call,
                               const char *id, const ContentGrant **out_grant, GError **error);

/**
 * play_local_admits:
 * @order: verified: signed by the station
 * @alert: what it says
 *
 * Who sounds an alert asks this, without trusting whoever made it: is there a grant of that id,
 * does it name caller, template and every zone that the alert concerns, and is all audio the
 * templates' own? Times and counts were judged when it was ordered: what began then goes on.
 *
 * Returns: (transfer none): the grant; NULL with a PlayLocalError
 */
const ContentGrant *play_local_admits(const PlayLocalFacts *facts,
                                      const ContentLocalOrder *order, const ContentAlert *alert,
                                      GError **error);

/**
 * play_local_judge_stop:
 * @out_areas: (out) (transfer full) (element-type utf8): villages in which it may silence
 *
 * Returns: (transfer none): the grant it stands on; NULL with a PlayLocalError
 */
const ContentGrant *play_local_judge_stop(const PlayLocalFacts *facts, gboolean by_input,
                                          const char *by, GPtrArray **out_areas,
                                          GError **error);

/** play_local_grants_of: Returns: (transfer container) (element-type ContentGrant): in force
 * now for this caller */
GPtrArray *play_local_grants_of(const PlayLocalFacts *facts, gboolean by_input, const char *by);

/* ---- what may be chosen ---- */

typedef struct {
    char *id, *name; /* (owned) */
    char *pin_hash;  /* (owned): argon2id, of the grant */
} PlayLocalAccount;

typedef struct {
    char *id, *title; /* (owned) */
    gint event;       /* ContentEventKind */
    gint64 severity;
    gboolean blanks[CONTENT_N_BLANKS]; /* which have to be filled */
    gboolean may_drill;
} PlayLocalTemplate;

typedef struct {
    char *id, *name; /* (owned) */
} PlayLocalVillage;

typedef struct {
    char *id, *title; /* (owned) */
    gint blank;       /* ContentBlank */
    char *village;    /* (owned) (nullable): the one it names */
} PlayLocalValue;

typedef struct {
    GPtrArray *templates; /* (owned) (element-type PlayLocalTemplate) */
    GPtrArray *villages;  /* (owned) (element-type PlayLocalVillage) */
    GPtrArray *values;    /* (owned) (element-type PlayLocalValue): for the blanks */
} PlayLocalChoices;
void play_local_choices_free(PlayLocalChoices *choices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayLocalChoices, play_local_choices_free)

/** play_local_list_choices: Returns: (transfer full): what this caller could start now */
PlayLocalChoices *play_local_list_choices(const PlayLocalFacts *facts, gboolean by_input,
                                          const char *by);

/** play_local_list_accounts: Returns: (transfer full) (element-type PlayLocalAccount) */
GPtrArray *play_local_list_accounts(const PlayLocalFacts *facts);
