/*
 * standing.h - what the service manager is told of a district: when it is ready, how it stands.
 *
 * Flow: district.c (brokers that answer, listeners that do not) -> here -> content/base/notify
 * and the log. Wiring. Thread: the owner's.
 */
#pragma once

#include "scheduler/config.h"

typedef struct SchedStanding SchedStanding;

/** sched_standing_new: @config: (not owned) */
SchedStanding *sched_standing_new(const SchedConfig *config);

/** sched_standing_brokers: @n_up of @n_all brokers are connected */
void sched_standing_brokers(SchedStanding *self, guint n_up, guint n_all);

/** sched_standing_unserved: @words: (nullable): who cannot connect and why; NULL: everybody can
 */
void sched_standing_unserved(SchedStanding *self, const char *words);

/**
 * sched_standing_begin:
 *
 * Everything was started: ready as soon as our own broker answers. One that does not come up
 * keeps people out for 5 s and no longer, and brokers of somebody else do not at all.
 */
void sched_standing_begin(SchedStanding *self);

/** sched_standing_free: @self: (nullable) (transfer full) */
void sched_standing_free(SchedStanding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedStanding, sched_standing_free)
