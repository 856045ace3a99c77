/*
 * resign.h - the root's order that approvals be signed anew, carried out.
 *
 * Flow: district.c at start and at SIGHUP, where trust/keys has an order -> here -> store
 * (which approvals may be signed) -> the order is gone. Thread: the owner's, which is not held
 * up: the audit of five years is verified by a reader, and approvals are signed a step at a
 * time.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/store/db.h"
#include "scheduler/trust/keys.h"

typedef struct {
    /* Words for the log: what was done; what was not, and why. */
    void (*said)(const char *words, gpointer data);
    void (*trouble)(const char *words, gpointer data);
    /* Approvals have signatures by the key in force: the stations must be told. */
    void (*resigned)(gpointer data);
} SchedResignerEvents;

typedef struct SchedResigner SchedResigner;

/** sched_resigner_new: @store, @keys, @clock, @events: (not owned): must outlive it */
SchedResigner *sched_resigner_new(SchedStore *store, SchedKeys *keys, ContentClock *clock,
                                  const SchedResignerEvents *events, gpointer data);

/**
 * sched_resigner_look:
 *
 * Begins to carry out the root's order, if there is one. It stays until it was carried out, and
 * carrying it out twice changes nothing; one that comes meanwhile waits its turn.
 *
 * Returns: %FALSE: there is an order, but the root has not given it for the key in force
 */
gboolean sched_resigner_look(SchedResigner *self, GError **error);

/** sched_resigner_free: @self: (nullable) (transfer full): ends after the step that it is in */
void sched_resigner_free(SchedResigner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedResigner, sched_resigner_free)
