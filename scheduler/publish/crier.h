/*
 * crier.h - says alerts and stops: to all at once, and again to who was away.
 *
 * Flow: web/ commits an order -> here at once: loa/1/all/…, noted as gone out; a station that
 * says hello hears what is still in force; a broker that comes up gets all of it again, for
 * what it was given before may be lost. Stations know an order by its id, so twice is once.
 * Thread: the owner's; noting runs in the store's writer.
 *
 * Nothing is kept here that is not in the store: after a kill the next start says what was
 * committed and has not expired.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/publish/link.h"
#include "scheduler/store/db.h"

typedef struct {
    /* For the log: an order went out. */
    void (*said)(const char *words, gpointer user_data);
    /* One waits, for no broker can be reached, or the store does not answer. */
    void (*trouble)(const char *words, gpointer user_data);
} SchedCrierEvents;

typedef struct SchedCrier SchedCrier;

/** sched_crier_new: @events: (not owned); nothing is said before sched_crier_start() */
SchedCrier *sched_crier_new(SchedStore *store, ContentClock *clock,
                            const SchedCrierEvents *events, gpointer user_data);

/** sched_crier_start: @link: (not owned): says what an earlier run left unsaid */
void sched_crier_start(SchedCrier *self, SchedLink *link);

/** sched_crier_call: an alert or stop was committed: out with it */
void sched_crier_call(SchedCrier *self);

/** sched_crier_up: a broker can be spoken to */
void sched_crier_up(SchedCrier *self);

/** sched_crier_greet: @station: it has just connected */
void sched_crier_greet(SchedCrier *self, const char *station);

/** sched_crier_free: @self: (nullable) (transfer full): waits for what is being noted */
void sched_crier_free(SchedCrier *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedCrier, sched_crier_free)
