/*
 * outbox.h - which stations need a fresh look, written together with the change itself; and the
 * locks that let one of several schedulers do a job.
 *
 * Flow: noun files add rows -> publish/ compiles those stations -> takes the rows away in the
 * transaction that keeps the new manifest.
 */
#pragma once

#include "scheduler/store/db.h"

typedef struct {
    gint64 id;     /* counts up for ever */
    char *station; /* (owned) */
    char *reason;  /* (owned): a word for the log */
    gint64 at_us;
    gboolean urgent;
} SchedOutboxRow;
void sched_outbox_row_free(SchedOutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOutboxRow, sched_outbox_row_free)

/** sched_store_outbox_add: @station: (nullable): NULL: every station in use */
gboolean sched_store_outbox_add(SchedTxn *txn, const char *station, const char *reason,
                                GError **error);

/** sched_store_outbox_list: oldest first, urgent ones ahead; @limit: 1 … 10000 */
GPtrArray *sched_store_outbox_list(SchedTxn *txn, gint64 limit, GError **error);

/** sched_store_outbox_newest: @out_id: of the last row that was ever added; 0: none */
gboolean sched_store_outbox_newest(SchedTxn *txn, gint64 *out_id, GError **error);

/** sched_store_outbox_done: takes the station's rows with an id up to @id away */
gboolean sched_store_outbox_done(SchedTxn *txn, const char *station, gint64 id, GError **error);

/**
 * sched_store_lock_take:
 * @holder: id of the process
 * @life_us: others may take it after this long without another take
 *
 * Returns: %TRUE if @holder has the lock now; %FALSE without error if another has it
 */
gboolean sched_store_lock_take(SchedTxn *txn, const char *name, const char *holder,
                               gint64 life_us, GError **error);
gboolean sched_store_lock_drop(SchedTxn *txn, const char *name, const char *holder,
                               GError **error);
