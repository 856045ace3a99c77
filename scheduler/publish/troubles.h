/*
 * troubles.h - rows that nobody can be planned with, for whoever asks how the stations are.
 *
 * Finding them means reading the whole plan, and people's pages ask every few seconds; so the
 * answer is kept until something changes: every change is a row of the audit or of the outbox.
 * Flow: web asks -> here -> gather.h, plan/ if need be. Thread: any; a reading transaction
 * each.
 */
#pragma once

#include <jansson.h>

#include "scheduler/store/db.h"

/* Approvals end by themselves: what was found is looked for again after this long. */
#define SCHED_TROUBLES_MAX_AGE_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef struct SchedTroubles SchedTroubles;

SchedTroubles *sched_troubles_new(void);

/**
 * sched_troubles_json:
 *
 * Returns: (transfer full): [{"kind", "id", "place", "words", "words_vi"}, …]: rows that cannot
 * be planned with and were left out (plan/trouble.h); `place` is missing where it is the whole
 * district
 */
json_t *sched_troubles_json(SchedTroubles *self, SchedTxn *txn, gint64 now_us, GError **error);

/** sched_troubles_free: @self: (nullable) (transfer full) */
void sched_troubles_free(SchedTroubles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedTroubles, sched_troubles_free)
