/*
 * retention.h - what may go: nothing inside the retention time, and little at a time.
 *
 * Flow: the scheduler's nightly job -> here, again and again until nothing more is found.
 *
 * Records, issued manifests with their day plans, and documents that nothing names any more go
 * when they are older than the setting `retention-days`. Approvals, audit, accounts and devices
 * stay for ever. The database's own triggers refuse anything younger, whoever asks.
 */
#pragma once

#include "scheduler/store/db.h"

/* Rows of a kind that one call deletes, so that the writer is never busy for long. */
#define SCHED_RETENTION_STEP 2000
/* An idempotency key is remembered this long. */
#define SCHED_KEY_LIFE_US (G_GINT64_CONSTANT(7) * 86400 * G_USEC_PER_SEC)

/**
 * sched_store_retention_step:
 * @out_deleted: (out): rows deleted
 * @out_more: (out): whether there is more to do
 *
 * "Now" is the transaction's instant. Audited when anything went.
 */
gboolean sched_store_retention_step(SchedTxn *txn, gint64 *out_deleted, gboolean *out_more,
                                    GError **error);
