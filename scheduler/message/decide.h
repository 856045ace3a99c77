/*
 * decide.h - which news makes which message, to whom, by which way, and when.
 *
 * Flow: look.c gathers news and people in one reading transaction -> here -> what is to be sent
 * goes into the store. Pure: no clock, no store; the same input gives the same messages.
 *
 * However much happens, a person gets one message an event and way, with all of it in it, and
 * the next one only when its gap (event.h) is over. What was told is not told again.
 */
#pragma once

#include "content/wording.h"
#include "scheduler/message/event.h"

/* Lines of one e-mail; the rest is counted. Of a text message, so many bytes. */
#define SCHED_MESSAGE_MAX_LINES      25
#define SCHED_MESSAGE_MAX_NAMES      8 /* in one line, of those it is the same for */
#define SCHED_MESSAGE_MAX_TEXT_BYTES 300
#define SCHED_MESSAGE_SUBJECT_BYTES  200
/* Of one event looked at in one go; more are told with the next message. */
#define SCHED_MESSAGE_MAX_NEWS 1000

/* Something that is so now, and may have been told before. */
typedef struct {
    gint event;         /* SchedMessageEvent */
    char *key;          /* (owned): the same as long as it is the same news */
    GPtrArray *above;   /* (owned) (nullable) (element-type utf8): its area and all above it */
    GPtrArray *only;    /* (owned) (element-type utf8): accounts told whatever their role; with
                           `above` besides those of the place, else nobody else */
    char *language;     /* (owned) (nullable): of a text: reviewers of another are not told */
    gboolean is_urgent; /* does not wait for the morning */
    gint64 since_us;
    char *what[2]; /* (owned): by ContentReader: "mất liên lạc từ 16:40" */
    char *who;     /* (owned): "" or the name that stands before it: stations with the same
                      `what` share a line */
} SchedNews;
SchedNews *sched_news_new(gint event, const char *key);
void sched_news_free(SchedNews *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedNews, sched_news_free)

typedef struct {
    guint role;     /* SchedRole */
    char *area;     /* (owned) */
    char *language; /* (owned): of a reviewer; "": every one */
} SchedReaderRight;

/* Somebody who can be reached. */
typedef struct {
    char *account;                       /* (owned) */
    char *address[SCHED_MESSAGE_N_WAYS]; /* (owned): "": not that way */
    gint reader;                         /* ContentReader */
    GPtrArray *rights;                   /* (owned) (element-type SchedReaderRight) */
    gboolean wants[SCHED_MESSAGE_N_EVENTS][SCHED_MESSAGE_N_WAYS];
    gint64 last_us[SCHED_MESSAGE_N_EVENTS][SCHED_MESSAGE_N_WAYS]; /* last message; 0: none */
} SchedReachable;
SchedReachable *sched_reachable_new(const char *account);
void sched_reachable_free(SchedReachable *self);
/** sched_reachable_add_right: @language: of a reviewer; "": every one */
void sched_reachable_add_right(SchedReachable *self, guint role, const char *area,
                               const char *language);

/* What the decision needs besides. */
typedef struct {
    gint64 now_us;
    gint64 morning_us; /* when the night that it is now is over; 0: it is day */
    const char *link;  /* where the pages are; "": not told */
    /* Whether @account was told of @key by @way already. */
    gboolean (*was_told)(const char *account, gint way, const char *key, gpointer data);
    gpointer data;
} SchedMessageMoment;

/* A message that is to be sent, and what it tells. */
typedef struct {
    const char *account; /* of the SchedReachable, as the address */
    const char *address;
    gint way, event;
    gint64 due_us;
    char *subject, *body; /* (owned) */
    GPtrArray *keys;      /* (owned) (element-type utf8): of the news */
} SchedMessageDraft;
void sched_message_draft_free(SchedMessageDraft *self);

/**
 * sched_message_decide:
 * @news: (element-type SchedNews)
 * @people: (element-type SchedReachable)
 *
 * Returns: (transfer full) (element-type SchedMessageDraft): by person, event and way
 */
GPtrArray *sched_message_decide(const GPtrArray *news, const GPtrArray *people,
                                const SchedMessageMoment *moment);

/** sched_message_say: Returns: (transfer full): the catalogue's "message.…" @key, each {name}
 * replaced by the text behind it; NULL-terminated pairs */
char *sched_message_say(ContentReader reader, const char *key, ...) G_GNUC_NULL_TERMINATED;
