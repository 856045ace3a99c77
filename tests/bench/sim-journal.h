/*
 * sim-journal.h - the records of a simulated player: numbered, chained, kept until
 * acknowledged.
 *
 * Flow: a day plan as if it had been heard -> here -> signed batches. In memory alone: a
 * simulated player that ends begins a new journal the next time.
 */
#pragma once

#include "content/plan.h"
#include "content/record.h"
#include "content/seal.h"

typedef struct SimJournal SimJournal;

/** sim_journal_new: @boot: 32 hex digits */
SimJournal *sim_journal_new(const char *station, const char *boot, gint64 now_us);
void sim_journal_free(SimJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimJournal, sim_journal_free)

const char *sim_journal_id(SimJournal *self);
gint64 sim_journal_seq(SimJournal *self);
gint64 sim_journal_acked(SimJournal *self);

/**
 * sim_journal_played:
 * @hash: of @plan
 * @n_records: at most so many, in the order of the plan, beginning anew at its end
 *
 * Writes that segments were played exactly as planned, with all the evidence there is.
 */
gboolean sim_journal_played(SimJournal *self, const ContentDayPlan *plan, const char *hash,
                            gint64 manifest_version, guint n_records, gint64 now_us,
                            GError **error);

/** sim_journal_batch: Returns: (transfer full) (nullable): envelope of what waits; NULL:
 * nothing
 */
GBytes *sim_journal_batch(SimJournal *self, const ContentSealKey *seal, GError **error);

/** sim_journal_acknowledge: everything of @journal up to and with @seq is on their disk */
void sim_journal_acknowledge(SimJournal *self, const char *journal, gint64 seq);
