/*
 * warning.h - what an alert of Loa is in CAP, and what a CAP message would be as an alert.
 *
 * Flow: an alert of ours -> sched_warning_to_cap() -> sched_cap_write() -> whoever asks; a file
 * from outside -> sched_cap_read() -> sched_warning_refuse(), sched_warning_drafts() -> web/
 * shows what a person may call of it. Pure. What we write we read back as the same call.
 *
 * Hazards and levels have no words in CAP that all share: an event is ours by its eventCode, by
 * a code of others, or by a word of its text; the level is that of Decision 18/2021/QĐ-TTg,
 * written beside the severity that comes next to it.
 */
#pragma once

#include "content/alert.h"
#include "scheduler/cap/cap.h"

/* Kinds of our own values; they mean the same in every district that runs Loa. */
#define SCHED_WARNING_EVENT "urn:loa:event" /* eventCode: ContentEventKind in words */
#define SCHED_WARNING_VALUE "urn:loa:value" /* parameter: what fills a template's blank */
#define SCHED_WARNING_LEVEL "VN-18-2021"    /* parameter: 1…5 */
#define SCHED_WARNING_CODE  "VN-GSO"        /* geocode: official code of a unit */
#define SCHED_WARNING_AREA  "urn:loa:area"  /* geocode: its id, good for its sender alone */

/* A place: ours, or what a message says of one. */
typedef struct {
    char *id;         /* (owned) (nullable) */
    char *name;       /* (owned) */
    GPtrArray *codes; /* (owned) (element-type utf8): official ones, of whatever kind */
    GPtrArray *kinds; /* (owned) (element-type utf8): of each code, whose it is */
} SchedWarningArea;

/* A piece of what is said in one language. */
typedef struct {
    char *title;  /* (owned): for people */
    char *object; /* (owned): SHA-256 */
    char *sha1;   /* (owned) (nullable): which CAP wants */
    gint64 size_bytes;
} SchedWarningSound;

typedef struct {
    char *language;    /* (owned) */
    char *text;        /* (owned): as it is spoken; "": nobody wrote it down */
    GPtrArray *sounds; /* (owned) (element-type SchedWarningSound): in order */
} SchedWarningSpeech;

/* An alert of ours, or its end. */
typedef struct {
    char *sender, *identifier; /* (owned) */
    char *sender_name;         /* (owned): the district */
    gint64 sent_us;
    int offset_s;            /* of local time */
    SchedCapMessage message; /* ALERT, UPDATE, CANCEL */
    gboolean drill;
    gint event;      /* ContentEventKind */
    char *title;     /* (owned) */
    gint64 severity; /* 1…5 */
    gint64 expires_us;
    GPtrArray *replaces; /* (owned) (element-type SchedCapReference) */
    GPtrArray *values;   /* (owned) (element-type utf8): what fills the blanks */
    GPtrArray *areas;    /* (owned) (element-type SchedWarningArea) */
    GPtrArray *speeches; /* (owned) (element-type SchedWarningSpeech): at least one */
} SchedWarning;

/** sched_warning_new: Returns: (transfer full): nothing in it, its arrays empty */
SchedWarning *sched_warning_new(void);
/** sched_warning_free: @self: (nullable) (transfer full) */
void sched_warning_free(SchedWarning *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedWarning, sched_warning_free)

/** sched_warning_add_area: Returns: (transfer none): one more; @code: (nullable) */
SchedWarningArea *sched_warning_add_area(GPtrArray *areas, const char *id, const char *name,
                                         const char *code);
/** sched_warning_add_speech: Returns: (transfer none): one more, without sounds */
SchedWarningSpeech *sched_warning_add_speech(SchedWarning *self, const char *language,
                                             const char *text);
/** sched_warning_add_sound: one more piece of @speech */
void sched_warning_add_sound(SchedWarningSpeech *speech, const char *title, const char *object,
                             const char *sha1, gint64 size_bytes);

/** sched_warning_to_cap: Returns: (transfer full): one info a language; whether it may be
 * written is judged by sched_cap_write() */
SchedCap *sched_warning_to_cap(const SchedWarning *self);

/* ---- from outside ---- */

/* What may not become a call, and why. */
typedef enum {
    SCHED_WARNING_TAKEN,
    SCHED_WARNING_TEST,    /* status Test, Draft or System: nothing that people are to hear */
    SCHED_WARNING_REPLY,   /* Ack or Error: an answer of one machine to another */
    SCHED_WARNING_PRIVATE, /* not for the public, and loudspeakers are */
    SCHED_WARNING_OVER,    /* all that it says has expired */
} SchedWarningRefusal;

/** sched_warning_refuse: @now_us: UTC */
SchedWarningRefusal sched_warning_refuse(const SchedCap *cap, gint64 now_us);

/* One hazard of a message, in all its languages: what a call would be made of. */
typedef struct {
    gint event;           /* ContentEventKind; -1: none of ours */
    char *event_text;     /* (owned): as the message has it */
    char *headline;       /* (owned) (nullable) */
    gint64 severity;      /* 1…5; 0: not said */
    gint64 expires_us;    /* the earliest of its parts that are not over; 0: not said */
    GPtrArray *languages; /* (owned) (element-type utf8) */
    GPtrArray *values;    /* (owned) (element-type utf8): ids, as our own messages name them */
    GPtrArray *areas;     /* (owned) (element-type SchedWarningArea): each once */
} SchedWarningDraft;

/**
 * sched_warning_drafts:
 * @sender: (nullable): ours, whose areas are named by their ids
 * @now_us: UTC; what is over then is left out
 *
 * Returns: (transfer full) (element-type SchedWarningDraft): a hazard each, as the message
 *   orders them; a language whose word for the hazard is unknown belongs to the first
 */
GPtrArray *sched_warning_drafts(const SchedCap *cap, const char *sender, gint64 now_us);

/** sched_warning_expires: Returns: when the last part of @cap is over; 0: never said */
gint64 sched_warning_expires(const SchedCap *cap);

/** sched_warning_headline: Returns: (transfer none): what it is about, in one line */
const char *sched_warning_headline(const SchedCap *cap);
