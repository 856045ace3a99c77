/*
 * alert-state.h - how far an alert is in one zone, in one word.
 *
 * Flow: records and the last heartbeat of a station -> here -> API, loactl, page. Pure.
 *
 * A word is said of what a station reported, never of what should have happened by now.
 */
#pragma once

#include "content/alert.h"
#include "content/heartbeat.h"
#include "content/record.h"

typedef enum {
    SCHED_ALERT_NOT_SENT,   /* it has not left the district */
    SCHED_ALERT_WAITING,    /* it went out; the station has not answered yet */
    SCHED_ALERT_NO_CONTACT, /* nothing is heard of the station */
    SCHED_ALERT_UNABLE,     /* its program does not know alerts */
    SCHED_ALERT_RECEIVED,   /* the station has it */
    SCHED_ALERT_HELD,       /* … and says why it does not sound yet */
    SCHED_ALERT_RELAY_ON,   /* the relay was read closed */
    SCHED_ALERT_SOUNDING,
    SCHED_ALERT_DONE,      /* heard to its end */
    SCHED_ALERT_TONE_ONLY, /* its signal alone was heard: the station was refused every word, by
                            * want of approval or of audio */
    SCHED_ALERT_PARTLY,    /* words were heard, and not in every language that was due there */
    SCHED_ALERT_STOPPED,   /* ended because somebody ordered so, or another took its place */
    SCHED_ALERT_FAILED,    /* not heard, or not wholly: see the reason */
    SCHED_ALERT_NO_WORD,   /* it expired, and the station never answered */
} SchedAlertState;
extern const char *const sched_alert_state_words[];

/* What is known. Instants are UTC by our clock, but for those in the heartbeat. */
typedef struct {
    const char *alert, *zone;
    gint64 issued_us, expires_us, published_us;
    gint64 contact_us;                 /* last word of the station; 0: none ever */
    gboolean reads_them;               /* its hello names alerts */
    gint64 taken_us;                   /* 0: it has not said that it has it */
    gint taken_reason;                 /* ContentReason */
    gint64 ended_us;                   /* 0: it has not said that it is over */
    gint ended_reason;                 /* ContentReason */
    const ContentRecord *ended;        /* (nullable): its last record, for what was not said */
    const ContentHeartbeat *heartbeat; /* (nullable): its last */
    gint64 now_us;
} SchedAlertFacts;

/* A station that was not heard for so long is not spoken to either. */
#define SCHED_ALERT_CONTACT_US (G_GINT64_CONSTANT(180) * G_USEC_PER_SEC)

/** sched_alert_state: @out_reason: (out): ContentReason; NONE where the state says all */
SchedAlertState sched_alert_state(const SchedAlertFacts *facts, gint *out_reason);

/* What was due in a zone and is not said there. */
typedef struct {
    char *language; /* (owned) */
    gint reason;    /* ContentReason */
} SchedUnsaid;
void sched_unsaid_free(SchedUnsaid *unsaid);

/** sched_alert_unsaid: @record: (nullable): ALERT_TAKEN or ALERT_ENDED; Returns: (transfer
 * full) (element-type SchedUnsaid): what it says is not said there */
GPtrArray *sched_alert_unsaid(const ContentRecord *record);
