/*
 * publisher.h - sees to it that every station holds what it should, and knows when it does not.
 *
 * Flow: store's outbox (something concerns a station) or once a day -> gather, plan, compile ->
 * signed and kept in one transaction -> pushed. hearing.h tells what a station holds; one that
 * is behind is pushed again, one that is ahead of us (we were restored) is asked and overtaken.
 * Thread: the owner's; compiling runs in a task's thread, keeping in the store's writer.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/publish/link.h"
#include "scheduler/store/db.h"
#include "scheduler/trust/keys.h"

/* The same manifest is not pushed to a station again sooner than this, nor is it asked again.
 */
#define SCHED_PUSH_AGAIN_US (10 * G_USEC_PER_SEC)
/* A hello is kept before it counts, and may be overtaken by a heartbeat for so long. */
#define SCHED_HELLO_AFTER_US (2 * G_USEC_PER_SEC)
/* A manifest is renewed when it is so old, plus up to as much again as the spread, by station.
 */
#define SCHED_RENEW_AFTER_US  (G_GINT64_CONSTANT(20) * 3600 * G_USEC_PER_SEC)
#define SCHED_RENEW_SPREAD_US (G_GINT64_CONSTANT(4) * 3600 * G_USEC_PER_SEC)
/* Stations compiled in one go, so that one transaction stays short. */
#define SCHED_PUBLISH_MAX_BATCH 256

typedef struct {
    /* A manifest was signed and is on disk; it may not have left yet. */
    void (*issued)(const char *station, gint64 version, const char *reason, gpointer user_data);
    /* For the log, once as long as it lasts; @station: (nullable): NULL: all of it. */
    void (*trouble)(const char *station, const char *words, gpointer user_data);
} SchedPublisherEvents;

typedef struct SchedPublisher SchedPublisher;

/**
 * sched_publisher_new:
 * @signers: (not owned): the manifest key signs manifests and enquiries; the keys document goes
 *   ahead of them where it is not the one of the district's first day
 * @keys: hash of the newest keys document, which is in the store
 *
 * Reads the newest manifest of every station; nothing is sent before sched_publisher_start().
 */
SchedPublisher *sched_publisher_new(SchedStore *store, SchedKeys *signers, const char *keys,
                                    ContentClock *clock, const SchedPublisherEvents *events,
                                    gpointer user_data, GError **error);

/** sched_publisher_start: @link: (not owned): works off the outbox, now and at every hint */
void sched_publisher_start(SchedPublisher *self, SchedLink *link);

/**
 * sched_publisher_set_keys:
 * @keys: hash of the keys document that the signers hold by now, which is in the store
 *
 * Every station is told the document at once, and gets a new manifest. One that does not hear
 * it is told again with each manifest until its hello shows that it has it.
 */
void sched_publisher_set_keys(SchedPublisher *self, const char *keys);

/**
 * sched_publisher_holds:
 * @version: of the manifest in force at the station; 0: none
 * @floor: highest version it ever accepted; 0: not said
 * @keys_version: of the keys document it goes by; counts in a hello only
 * @is_hello: it has just connected: what was pushed before did not arrive
 *
 * From hearing.h, at every hello and heartbeat.
 */
void sched_publisher_holds(SchedPublisher *self, const char *station, gint64 version,
                           gint64 floor, gint64 keys_version, gboolean is_hello);

/** sched_publisher_ask: @station: says by a hello and a report what it holds, if it hears this
 */
void sched_publisher_ask(SchedPublisher *self, const char *station);

/**
 * sched_publisher_ask_all:
 *
 * A broker came up: every station that something was issued to, and that says no hello from
 * now on, is asked for it (asking.h).
 */
void sched_publisher_ask_all(SchedPublisher *self);

/** sched_publisher_is_idle: Returns: whether nothing waits to be compiled or kept; for tests */
gboolean sched_publisher_is_idle(SchedPublisher *self);

/** sched_publisher_free: @self: (nullable) (transfer full): waits for the task under way */
void sched_publisher_free(SchedPublisher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPublisher, sched_publisher_free)
