/*
 * talk.h - what loa-page asks of loa-player, what it is answered, and what a browser says.
 *
 * Flow: browser -> loa-page (this) -> unix socket, SOCK_SEQPACKET -> loa-player, and back.
 * Pure.
 *
 * Each packet is one document. The player speaks only when it is asked, one answer to each
 * question and in their order. A browser writes the same documents as bodies of its requests
 * and reads those answers that are for it, so that one table checks what comes from a hand,
 * whatever way it took. Who asks has been let in by the page; what may sound is judged by the
 * player.
 */
#pragma once

#include "content/document.h"
#include "content/alert.h"
#include "content/kinds.h"
#include "content/remark.h"

#define PLAY_PAGE_ASK_MAX_BYTES    (8 * 1024)
#define PLAY_PAGE_ANSWER_MAX_BYTES (128 * 1024)
/* People of all grants together. */
#define PLAY_PAGE_MAX_PEOPLE 128
/* Alerts that the page shows, the newest first. */
#define PLAY_PAGE_MAX_ALERTS 8
#define PLAY_PAGE_MAX_VALUES 500
#define PLAY_PAGE_MAX_ZONES  120

typedef enum {
    PLAY_PAGE_PEOPLE,  /* who may sign in: PlayPagePeople */
    PLAY_PAGE_CHOICES, /* what `account` may start: PlayPageChoices */
    PLAY_PAGE_STATE,   /* how far everything is: PlayPageState */
    PLAY_PAGE_START,   /* PlayPageOutcome */
    PLAY_PAGE_STOP,    /* `alert`, or all: PlayPageOutcome */
    PLAY_PAGE_HELLO,   /* what it is served with, at each connection: PlayPageOutcome, empty */
} PlayPageAct;
extern const char *const play_page_act_words[];

/* loa-page -> loa-player. */
typedef struct {
    gint act;            /* PlayPageAct */
    char *account;       /* (owned) (nullable): who has signed in; of PEOPLE and STATE nobody */
    char *template_;     /* (owned) (nullable): START */
    GPtrArray *values;   /* (owned) (element-type utf8): what fills its blanks */
    GPtrArray *villages; /* (owned) (element-type utf8): START: where */
    gboolean drill;      /* START */
    char *key;           /* (owned) (nullable): START: of this act, for each try the same */
    char *alert;         /* (owned) (nullable): STOP: which; NULL: all */
    char *certificate;   /* (owned) (nullable): HELLO: its fingerprint, as browsers show it */
} PlayPageAsk;
extern const ContentDocumentType play_page_ask_type;
void play_page_ask_free(PlayPageAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageAsk, play_page_ask_free)

typedef struct {
    char *id, *name; /* (owned) */
    char *pin_hash;  /* (owned): argon2id, as libsodium writes it */
} PlayPageAccount;
extern const ContentShape play_page_account_shape;

/* loa-player -> loa-page, which keeps the hashes to itself. */
typedef struct {
    char *station;       /* (owned): its name in words */
    GPtrArray *accounts; /* (owned) (element-type PlayPageAccount) */
} PlayPagePeople;
extern const ContentDocumentType play_page_people_type;
void play_page_people_free(PlayPagePeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPagePeople, play_page_people_free)

/* loa-page -> browser: whose name can be picked. */
typedef struct {
    char *id, *name; /* (owned) */
} PlayPageName;
extern const ContentShape play_page_name_shape;

typedef struct {
    char *station;    /* (owned) */
    GPtrArray *names; /* (owned) (element-type PlayPageName): by name */
} PlayPageNames;
extern const ContentDocumentType play_page_names_type;
void play_page_names_free(PlayPageNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageNames, play_page_names_free)

/* What may be started, and where. */
typedef struct {
    char *id, *title; /* (owned) */
    gint event;       /* ContentEventKind */
    gint64 severity;
    gboolean drill;    /* it may also be started as a drill */
    GPtrArray *blanks; /* (owned) (element-type utf8): content_blank_words */
} PlayPageTemplate;
extern const ContentShape play_page_template_shape;

typedef struct {
    char *id, *title; /* (owned) */
    gint blank;       /* ContentBlank */
    char *village;    /* (owned) (nullable): the one that it names */
} PlayPageValue;
extern const ContentShape play_page_value_shape;

/* loa-player -> loa-page -> browser. */
typedef struct {
    GPtrArray *templates; /* (owned) (element-type PlayPageTemplate) */
    GPtrArray *villages;  /* (owned) (element-type PlayPageName) */
    GPtrArray *values;    /* (owned) (element-type PlayPageValue) */
} PlayPageChoices;
extern const ContentDocumentType play_page_choices_type;
void play_page_choices_free(PlayPageChoices *choices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageChoices, play_page_choices_free)

/* How far an alert is in one zone, in the order in which it goes. */
typedef enum {
    PLAY_PAGE_RECEIVED, /* the player has it */
    PLAY_PAGE_HELD,     /* it does not sound here now; `reason` says why */
    PLAY_PAGE_RELAY_ON, /* the relay was read closed */
    PLAY_PAGE_SOUNDING,
    PLAY_PAGE_DONE,    /* heard to its end */
    PLAY_PAGE_STOPPED, /* by a hand */
    PLAY_PAGE_FAILED,  /* over, and not heard as it should be; `reason` */
} PlayPageFar;
extern const char *const play_page_far_words[];

typedef struct {
    char *zone;  /* (owned) */
    gint state;  /* PlayPageFar */
    gint reason; /* ContentReason */
} PlayPageAlertZone;
extern const ContentShape play_page_alert_zone_shape;

typedef struct {
    char *id, *title; /* (owned) */
    gboolean drill;
    gboolean over;       /* in every zone */
    gint64 begun_ago_ms; /* since the player has it: its clock may be wrong, its timer is not */
    GPtrArray *zones;    /* (owned) (element-type PlayPageAlertZone) */
} PlayPageAlert;
extern const ContentShape play_page_alert_shape;

/* loa-player -> loa-page -> browser. */
typedef struct {
    char *station;     /* (owned) */
    gboolean district; /* it is reached */
    gboolean gateway;  /* it answers */
    gboolean trusted;  /* the clock */
    GPtrArray *alerts; /* (owned) (element-type PlayPageAlert): the newest first */
    GPtrArray *zones;  /* (owned) (element-type PlayPageName): of the station */
} PlayPageState;
extern const ContentDocumentType play_page_state_type;
void play_page_state_free(PlayPageState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageState, play_page_state_free)

/* What came of a start or a stop. One of the two is there, or none after a stop. */
typedef struct {
    char *alert;            /* (owned) (nullable): that now sounds */
    ContentRemark *refusal; /* (owned) (nullable) */
} PlayPageOutcome;
extern const ContentDocumentType play_page_outcome_type;
void play_page_outcome_free(PlayPageOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageOutcome, play_page_outcome_free)

/* browser -> loa-page. */
typedef struct {
    char *account; /* (owned) */
    char *pin;     /* (owned): as typed */
} PlayPageSignIn;
extern const ContentDocumentType play_page_sign_in_type;
void play_page_sign_in_free(PlayPageSignIn *sign_in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageSignIn, play_page_sign_in_free)

typedef struct {
    char *key;           /* (owned): of this act, for each try the same */
    char *template_;     /* (owned) */
    GPtrArray *values;   /* (owned) (element-type utf8) */
    GPtrArray *villages; /* (owned) (element-type utf8) */
    gboolean drill;
} PlayPageOrder;
extern const ContentDocumentType play_page_order_type;
void play_page_order_free(PlayPageOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageOrder, play_page_order_free)

typedef struct {
    char *alert; /* (owned) (nullable): NULL: all */
} PlayPageEnd;
extern const ContentDocumentType play_page_end_type;
void play_page_end_free(PlayPageEnd *end);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageEnd, play_page_end_free)
