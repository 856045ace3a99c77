/*
 * hearing.h - what stations say: verified, written down, answered.
 *
 * Flow: link.h (batches of messages) -> here -> store/ ; acknowledgements and the time go back
 * through the link; what a station holds is told to publisher.h.
 * Thread: the owner's; documents are verified and parsed in the store's writer thread, inside
 * the transaction that keeps them.
 *
 * Heartbeats and reports are believed on the word of the connection: the broker lets only the
 * station write there. Records and hello are signed by the station's own key.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/publish/link.h"
#include "scheduler/store/db.h"
#include "scheduler/trust/keys.h"

/* A station may say so much at once, and so much a second for ever; more is dropped unread.
 * Once half of it may be said again the station is asked what it holds. */
#define SCHED_HEARING_BURST      60
#define SCHED_HEARING_PER_SECOND 10
/* Heartbeats are gathered this long, then written in one transaction. */
#define SCHED_HEARING_GATHER_US (1 * G_USEC_PER_SEC)

typedef struct {
    /* A station said which manifest it holds; 0: none. @floor: the highest it ever accepted, 0
     * if it did not say. @keys_version: of the keys document it goes by, in a hello. @is_hello:
     * it has just connected, so what was sent before may be lost. */
    void (*holds)(const char *station, gint64 version, gint64 floor, gint64 keys_version,
                  gboolean is_hello, gpointer user_data);
    /* Words of it were dropped, among them perhaps what it holds; it may speak again. */
    void (*lost)(const char *station, gpointer user_data);
    /* All faults that a station has, in every heartbeat. (element-type ContentFault) */
    void (*faults)(const char *station, const GPtrArray *faults, gpointer user_data);
    /* Something was refused, could not be kept, or is wrong with its journal, at every word. */
    void (*refused)(const char *station, const char *words, gpointer user_data);
} SchedHearingEvents;

typedef struct SchedHearing SchedHearing;

/**
 * sched_hearing_new:
 * @signers: (not owned): of acknowledgements and the time
 * @events: (not owned)
 *
 * Everything given must outlive it. The link is set with sched_hearing_set_link(), because the
 * link's callbacks need the hearing first.
 */
SchedHearing *sched_hearing_new(SchedStore *store, SchedKeys *signers, ContentClock *clock,
                                const SchedHearingEvents *events, gpointer user_data);

/** sched_hearing_set_link: @link: (not owned) (nullable): through which answers go */
void sched_hearing_set_link(SchedHearing *self, SchedLink *link);

/**
 * sched_hearing_listening:
 *
 * A broker came up just now: silence before it is ours and not the stations'.
 */
void sched_hearing_listening(SchedHearing *self);

/** sched_hearing_take: @messages: (element-type SchedHeardMessage): from the link's `heard` */
void sched_hearing_take(SchedHearing *self, GPtrArray *messages);

/**
 * sched_hearing_free:
 * @self: (nullable) (transfer full): gathered heartbeats are written; answers on their way are
 *   not sent any more
 */
void sched_hearing_free(SchedHearing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedHearing, sched_hearing_free)
