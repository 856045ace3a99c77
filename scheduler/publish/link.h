/*
 * link.h - the district's side of the MQTT brokers: one or several, all of them used at once.
 *
 * Flow: stations -> broker -> here -> publish/intake (hello, heartbeat, records, report, time);
 * publish/ -> here -> every broker -> station. Port.
 * Thread: one of its own for each broker; callbacks come on the owner's main context, in
 * batches, so that 10,000 heartbeats do not cost 10,000 turns of the loop.
 *
 * Nothing rests on a message arriving: whoever sends one says it again until it is answered.
 */
#pragma once

#include <glib.h>

/* What stations say, by the last part of the topic loa/1/from/STATION/… */
typedef enum {
    SCHED_HEARD_HELLO,
    SCHED_HEARD_HEARTBEAT,
    SCHED_HEARD_RECORDS,
    SCHED_HEARD_REPORT,
    SCHED_HEARD_TIME,
} SchedHeard;

/* What the district says, by the last part of the topic loa/1/to/STATION/… or loa/1/all/… */
typedef enum {
    SCHED_SAY_MANIFEST,
    SCHED_SAY_ACK,
    SCHED_SAY_TIME,
    SCHED_SAY_ENQUIRY,
    SCHED_SAY_TEST,
    SCHED_SAY_LIVE, /* a frame of a speech: now or never */
    SCHED_SAY_ALERT,
    SCHED_SAY_STOP,
} SchedSay;

/* Above it a message is dropped unread; the largest honest one is a batch of records. */
#define SCHED_LINK_MAX_BYTES (96 * 1024)
/* Messages waiting for the owner; more are dropped and counted, for all will be said again. */
#define SCHED_LINK_MAX_WAITING 20000

/* Frames of live speech that wait for one broker: so many at most, the first of them not longer
 * than so long. What comes late is worth nothing, and the speaker is told. */
#define SCHED_LINK_MAX_LIVE    4096
#define SCHED_LINK_LIVE_MAX_US (1 * G_USEC_PER_SEC)

/* A broker that never answered is told of after so long; one that was lost, at once. */
#define SCHED_LINK_GRACE_US (2 * G_USEC_PER_SEC)

typedef struct {
    char *station; /* (owned): checked to be a name, not to be known */
    SchedHeard what;
    GBytes *payload; /* (owned) */
} SchedHeardMessage;

typedef struct {
    const char *host;
    guint port;
} SchedLinkBroker;

typedef struct {
    const char *authority;   /* PEM file of the CA that the brokers' certificates lead to */
    const char *certificate; /* PEM file, named SCHED_BROKER_NAME */
    const char *key;         /* PEM file */
    /* The pause after a failed or lost connection doubles from the first to the most. */
    guint first_pause_ms, most_pause_ms;
} SchedLinkOptions;

typedef struct {
    /* Connected and subscribed. */
    void (*up)(const SchedLinkBroker *broker, gpointer user_data);
    /* @words: why; said once an outage, not at every attempt. */
    void (*down)(const SchedLinkBroker *broker, const char *words, gpointer user_data);
    /* (element-type SchedHeardMessage): in the order of arrival; freed after the call. */
    void (*heard)(GPtrArray *messages, gpointer user_data);
} SchedLinkEvents;

typedef struct SchedLink SchedLink;

/**
 * sched_link_new:
 * @brokers: (array length=n_brokers): copied; at least one
 * @options: copied
 * @events: (not owned): must outlive the link; called on the caller's thread-default context
 *
 * Starts connecting at once and keeps trying for ever.
 */
SchedLink *sched_link_new(const SchedLinkBroker *brokers, gsize n_brokers,
                          const SchedLinkOptions *options, const SchedLinkEvents *events,
                          gpointer user_data);

/**
 * sched_link_say:
 * @station: (nullable): NULL: to all, at once
 * @payload: not retained, through every broker that is connected; with QoS 1, what is live with
 *   QoS 0 and only while the broker takes as much as is said
 *
 * Returns: through how many brokers it is on its way; 0: nobody heard it
 */
guint sched_link_say(SchedLink *self, const char *station, SchedSay what, GBytes *payload);

/** sched_link_dropped: Returns: messages dropped so far for size, topic or want of room */
guint64 sched_link_dropped(SchedLink *self);

/** sched_link_free: @self: (nullable) (transfer full): no callback comes after it */
void sched_link_free(SchedLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedLink, sched_link_free)

/**
 * sched_link_parse_topic:
 *
 * Pure; for the test. Returns: %FALSE unless @topic is loa/1/from/STATION/WHAT.
 */
gboolean sched_link_parse_topic(const char *topic, char **out_station, SchedHeard *out_what);
