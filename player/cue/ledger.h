/*
 * ledger.h - what was begun and what is settled, so that nothing is played or told twice.
 *
 * Flow: the journal at boot and the cue's own records -> here -> cue.c. Pure.
 */
#pragma once

#include "content/plan.h"
#include "content/record.h"
#include "player/cue/local-time.h"

typedef struct PlayLedger PlayLedger;

PlayLedger *play_ledger_new(void);
void play_ledger_free(PlayLedger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayLedger, play_ledger_free)

/**
 * play_ledger_note:
 * @record: STARTED, PLAYED, PART and MISSED are taken in; all other kinds are ignored
 */
void play_ledger_note(PlayLedger *self, const ContentRecord *record);

/** play_ledger_started_us: Returns: UTC at which the segment was begun; 0 if it was not */
gint64 play_ledger_started_us(PlayLedger *self, const char *segment);

/** play_ledger_is_settled: Returns: whether any zone of the segment has its final record */
gboolean play_ledger_is_settled(PlayLedger *self, const char *segment);

/** play_ledger_has_zone: Returns: whether this zone of it has */
gboolean play_ledger_has_zone(PlayLedger *self, const char *segment, const char *zone);

/**
 * play_ledger_parts:
 * @out_reason: (out): ContentReason: why the player ended within it; untouched for NULL
 *
 * Returns: (transfer none) (nullable) (element-type ContentPart): UTC: what this zone heard of
 *   it from players that ended before it was over; NULL: nothing that is known of
 */
const GPtrArray *play_ledger_parts(PlayLedger *self, const char *segment, const char *zone,
                                   gint *out_reason);

/** play_ledger_use: @segment, which has its STARTED, is begun in @zone */
void play_ledger_use(PlayLedger *self, const char *segment, const char *zone);

/**
 * play_ledger_used_us:
 *
 * Returns: planned sound of all other segments begun in @zone, and not missed there, that
 *   start on the same local date as @segment does
 */
gint64 play_ledger_used_us(PlayLedger *self, const PlayLocalTime *local,
                           const ContentSegment *segment, const char *zone);

/** play_ledger_forget_before: drops segments whose planned end was before @utc_us */
void play_ledger_forget_before(PlayLedger *self, gint64 utc_us);
