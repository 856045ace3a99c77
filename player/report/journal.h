/*
 * journal.h - records on disk before anybody relies on them.
 *
 * Flow: cue and wiring append -> this (SQLite, own thread) -> report.c sends batches -> the
 * district's acknowledgement comes back here. Port.
 * Thread: owned by one thread; callbacks come in its thread-default main context. The disk is
 * waited for in the journal's own thread only.
 *
 * STATE/journal.db: synchronous=FULL; a record is numbered, chained to the one before and
 * stored as the exact bytes that are hashed and sent. Acknowledged ones stay 90 days.
 * STATE/journal.db.drafts: what would be appended if the player ended now, see drafts.h.
 */
#pragma once

#include "content/record.h"
#include "player/intake/database.h"

#define PLAY_JOURNAL_KEEP_US (G_GINT64_CONSTANT(90) * 24 * 3600 * G_USEC_PER_SEC)
/* Records waiting in memory for a disk that refuses. More are counted, not kept; when the disk
 * works again a record tells how many were lost. */
#define PLAY_JOURNAL_MAX_WAITING 10000

typedef struct PlayJournal PlayJournal;

/* @seq: number of the record, which is on disk now. */
typedef void (*PlayJournalDoneFunc)(gint64 seq, gpointer data);

/* @words: (nullable): why the disk refuses; NULL: it works again. Records wait meanwhile. */
typedef void (*PlayJournalFaultFunc)(const char *words, gpointer data);

/* @is_oldest: no record before @first_seq is kept any more.
 * @texts: (transfer full) (element-type utf8): exact bytes of the records from @first_seq on,
 * at most a batch; empty: nothing is waiting. */
typedef void (*PlayJournalBatchFunc)(gint64 first_seq, gboolean is_oldest, GPtrArray *texts,
                                     gpointer data);

/**
 * play_journal_open:
 * @path: made with a new random journal id if it is not there
 * @fault: called when the disk begins or ceases to refuse
 *
 * Returns: NULL if the file is refused (PlayDatabaseError); it is left as it is
 */
PlayJournal *play_journal_open(const char *path, PlayJournalFaultFunc fault, gpointer data,
                               GError **error);

/** play_journal_free: waits until everything appended was written or refused */
void play_journal_free(PlayJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayJournal, play_journal_free)

/**
 * play_journal_draft:
 * @drafts: (transfer full) (element-type ContentRecord): instead of those before
 *
 * Kept soon, for play_journal_drafts() of the next player; while the disk is slow only the
 * newest are.
 */
void play_journal_draft(PlayJournal *self, GPtrArray *drafts);

/**
 * play_journal_drafts:
 *
 * Returns: (transfer full) (element-type ContentRecord): as the player before this one kept
 * them last; at the second call none
 */
GPtrArray *play_journal_drafts(PlayJournal *self);

/** play_journal_id: Returns: (transfer none): random, made with the file */
const char *play_journal_id(PlayJournal *self);

/** play_journal_seq: Returns: newest record on disk; 0: none */
gint64 play_journal_seq(PlayJournal *self);

/** play_journal_acked: Returns: newest record the district has on its disk; 0: none */
gint64 play_journal_acked(PlayJournal *self);

/**
 * play_journal_append:
 * @record: (transfer full): `seq` and `prev` are filled in by the journal
 * @done: (nullable): called when it would survive a power cut
 */
void play_journal_append(PlayJournal *self, ContentRecord *record, PlayJournalDoneFunc done,
                         gpointer data);

/**
 * play_journal_next_batch:
 *
 * Asks for the oldest records that are not acknowledged.
 */
void play_journal_next_batch(PlayJournal *self, PlayJournalBatchFunc done, gpointer data);

/**
 * play_journal_acknowledge:
 * @journal: id in the district's acknowledgement; another one is ignored
 * @seq: highest contiguous; one above our newest is ignored, one below changes nothing
 * @now_us: trusted UTC, to drop what was acknowledged 90 days ago; 0: drop nothing
 * @done: (nullable): called with the newest acknowledged number once that is on disk
 */
void play_journal_acknowledge(PlayJournal *self, const char *journal, gint64 seq, gint64 now_us,
                              PlayJournalDoneFunc done, gpointer data);

/**
 * play_journal_rewind:
 * @seq: all that the district has; nothing happens if that is what we know, or more
 * @done: (nullable): called with the newest acknowledged number once that is on disk
 *
 * What was acknowledged above @seq counts as not acknowledged again, as far as it is kept.
 */
void play_journal_rewind(PlayJournal *self, gint64 seq, PlayJournalDoneFunc done,
                         gpointer data);

/**
 * play_journal_history:
 * @since_us: records with at_us from here on
 *
 * For start-up only: waits for the disk.
 *
 * Returns: (transfer full) (element-type ContentRecord): in order; at most 100,000
 */
GPtrArray *play_journal_history(PlayJournal *self, gint64 since_us, GError **error);
