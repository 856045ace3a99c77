/*
 * broker-child.h - mosquitto as a child of the scheduler: started, watched, started again.
 *
 * Flow: broker-files.c wrote its files -> here. Port. Thread: the owner's main context.
 */
#pragma once

#include <glib.h>

#include "content/base/clock.h"

#define SCHED_BROKER_ERROR (sched_broker_error_quark())
GQuark sched_broker_error_quark(void);

typedef enum {
    SCHED_BROKER_ERROR_START, /* the program is not there or cannot be run */
} SchedBrokerError;

typedef struct SchedBrokerChild SchedBrokerChild;

/* What happened, in words for the log; called on the owner's context. */
typedef void (*SchedBrokerSaidFunc)(const char *words, gpointer user_data);

/**
 * sched_broker_child_start:
 * @program: path of mosquitto
 * @config: its configuration file
 * @clock: (not owned): must outlive the child
 * @said: told of every start, end and line that mosquitto prints
 *
 * Starts the program. When it ends it is started again: at once the first time, then after
 * 1, 2, 4 … 30 s; a run of a minute makes the next pause short again. The child dies with the
 * scheduler even if that is killed (PR_SET_PDEATHSIG).
 *
 * Returns: (transfer full): NULL if the first start failed
 */
SchedBrokerChild *sched_broker_child_start(const char *program, const char *config,
                                           ContentClock *clock, SchedBrokerSaidFunc said,
                                           gpointer user_data, GError **error);

/** sched_broker_child_reload: make it read rights and revocations again (SIGHUP) */
void sched_broker_child_reload(SchedBrokerChild *self);

/**
 * sched_broker_child_restart:
 *
 * Ends it and starts it again at once; every station reconnects. What a revocation needs, as a
 * connected station is not put out by rights and revocation list alone.
 */
void sched_broker_child_restart(SchedBrokerChild *self);

/** sched_broker_child_pid: Returns: of the running program, 0 while there is none */
GPid sched_broker_child_pid(SchedBrokerChild *self);

/** sched_broker_child_free: @self: (nullable) (transfer full): ends the program and waits for
 * it */
void sched_broker_child_free(SchedBrokerChild *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedBrokerChild, sched_broker_child_free)
