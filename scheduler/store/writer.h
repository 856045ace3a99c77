/*
 * writer.h - the one thread that writes: a queue, transactions shared by several, one fsync.
 *
 * Flow: db.c hands in jobs -> the thread runs each in a savepoint of a common transaction ->
 * commit -> each job is told. Private to store/.
 */
#pragma once

#include "scheduler/store/sql.h"

typedef struct SchedWriter SchedWriter;

/* Called in the writer thread when the job's fate is on disk; @error: (nullable). */
typedef void (*SchedWriterDone)(gpointer user_data, const char *result, const GError *error);

/** sched_writer_start: @connection: (transfer full): migrated; used by the thread alone from
 * now */
SchedWriter *sched_writer_start(SchedConnection *connection);

/** sched_writer_stop: @self: (nullable) (transfer full): what was accepted is committed first
 */
void sched_writer_stop(SchedWriter *self);

/**
 * sched_writer_push:
 * @done: called exactly once, unless %FALSE is returned
 *
 * Returns: %FALSE with BUSY when too much is waiting
 */
gboolean sched_writer_push(SchedWriter *self, const SchedWrite *write, SchedWork work,
                           gpointer data, SchedWriterDone done, gpointer user_data,
                           GError **error);

/** sched_writer_is_current: Returns: whether the caller is the writer thread itself */
gboolean sched_writer_is_current(SchedWriter *self);

/** sched_writer_n_commits: as sched_store_n_commits() */
gint64 sched_writer_n_commits(SchedWriter *self);

/** sched_writer_on_outbox: as sched_store_on_outbox() */
void sched_writer_on_outbox(SchedWriter *self, GMainContext *context, SchedStoreHint hint,
                            gpointer user_data);
