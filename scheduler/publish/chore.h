/*
 * chore.h - what is looked for again and again, and kept where something is found.
 *
 * Flow: an alarm -> find in a reading transaction, in a task's thread -> keep in the writer's,
 * if there is something -> the next alarm. Thread: the owner's but for the two works.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/store/db.h"

typedef struct {
    gint64 every_us;
    /* Returns: (transfer full): empty: there is nothing to be kept; NULL with @error */
    GPtrArray *(*find)(SchedTxn *txn, gint64 now_us, GError **error);
    /* What was found may have been overtaken meanwhile. */
    gboolean (*keep)(SchedTxn *txn, GPtrArray *found, GError **error);
} SchedChoreWork;

typedef struct SchedChore SchedChore;

/**
 * sched_chore_new:
 * @store: @clock: @work: (not owned)
 * @trouble: for the log, once as long as it lasts
 */
SchedChore *sched_chore_new(SchedStore *store, ContentClock *clock, const SchedChoreWork *work,
                            void (*trouble)(const char *words, gpointer user_data),
                            gpointer user_data);

/** sched_chore_free: @self: (nullable) (transfer full): what is under way is waited for */
void sched_chore_free(SchedChore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedChore, sched_chore_free)
