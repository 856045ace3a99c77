/*
 * event.h - what people are told of without having asked: a row an event.
 *
 * Flow: news.h finds what has happened -> decide.h, by these rows -> a message. Pure.
 */
#pragma once

#include <glib.h>

/* Indexes into sched_message_event_words; what the store keeps are the words. */
typedef enum {
    SCHED_MESSAGE_UNAPPROVED,    /* will be dropped: nobody has approved it, and it is near */
    SCHED_MESSAGE_DROPPED,       /* was dropped for that */
    SCHED_MESSAGE_WAITING,       /* something waits for this person: to judge or to record */
    SCHED_MESSAGE_MISSED,        /* something was not heard as planned */
    SCHED_MESSAGE_STATION_LOST,  /* a station is out of contact */
    SCHED_MESSAGE_STATION_FAULT, /* a station says that something is wrong */
    SCHED_MESSAGE_ALERT,         /* one person called an alert, or a drill */
    SCHED_MESSAGE_MESSENGER,     /* somebody has to go to a village because of an alert */
    SCHED_MESSAGE_OFFER, /* a commune chose a time for what this person sent, or none was
                            found */
    SCHED_MESSAGE_AIRED, /* what became of it there, once its time was over */
    SCHED_MESSAGE_TEST,  /* the person tries it out; nobody chooses it */
} SchedMessageEvent;
#define SCHED_MESSAGE_N_EVENTS SCHED_MESSAGE_TEST /* those that people choose */
extern const char *const sched_message_event_words[];

typedef enum {
    SCHED_MESSAGE_BY_EMAIL,
    SCHED_MESSAGE_BY_PHONE, /* the command: a text message */
} SchedMessageWay;
#define SCHED_MESSAGE_N_WAYS 2
extern const char *const sched_message_way_words[];

typedef struct {
    guint roles;      /* 1 << SchedRole: who is told, of the place that it concerns */
    guint authors;    /* and who may be told besides: of what they wrote, or were asked for */
    gboolean waits;   /* may wait for the morning */
    gint64 settle_us; /* not told before it has stood so long: most of it passes */
    gint64 gap_us;    /* at least so long between two messages to one person */
    gboolean by_text; /* by text message, too, for who chose nothing */
} SchedMessageRule;

/** sched_message_rule: @event: one that people choose */
const SchedMessageRule *sched_message_rule(gint event);

/** sched_message_concerns: whether somebody who holds @roles (1 << SchedRole) anywhere is ever
 * told of @event: what is worth offering as a choice */
gboolean sched_message_concerns(gint event, guint roles);
