/*
 * journal-file.h - the journal's SQLite file, one call at a time.
 *
 * Flow: journal.c calls it from its thread. Port; every call waits for the disk.
 */
#pragma once

#include "content/record.h"
#include "player/intake/database.h"

typedef struct PlayJournalFile PlayJournalFile;

/** play_journal_file_open: as play_journal_open() */
PlayJournalFile *play_journal_file_open(const char *path, GError **error);
void play_journal_file_close(PlayJournalFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayJournalFile, play_journal_file_close)

/** play_journal_file_id, _seq, _acked: the random id, the newest record, the newest
 * acknowledged */
const char *play_journal_file_id(PlayJournalFile *self);
gint64 play_journal_file_seq(PlayJournalFile *self);
gint64 play_journal_file_acked(PlayJournalFile *self);

/**
 * play_journal_file_append:
 * @records: (element-type ContentRecord): `seq` and `prev` are filled in
 *
 * All of them in one transaction, or none. A record whose members are out of range is stored as
 * a fault that says so: a mistake of ours must not stop what follows.
 */
gboolean play_journal_file_append(PlayJournalFile *self, GPtrArray *records, GError **error);

/**
 * play_journal_file_batch:
 * @out_is_oldest: whether no record before the first is kept
 *
 * Returns: (transfer full) (element-type utf8): the oldest records not acknowledged, as many as
 *   fit into one `records` document; empty if there are none
 */
GPtrArray *play_journal_file_batch(PlayJournalFile *self, gint64 *out_first_seq,
                                   gboolean *out_is_oldest, GError **error);

/** play_journal_file_acknowledge: as play_journal_acknowledge(), for our own journal id */
gboolean play_journal_file_acknowledge(PlayJournalFile *self, gint64 seq, gint64 now_us,
                                       GError **error);

/** play_journal_file_rewind: as play_journal_rewind() */
gboolean play_journal_file_rewind(PlayJournalFile *self, gint64 seq, GError **error);

/** play_journal_file_history: as play_journal_history() */
GPtrArray *play_journal_file_history(PlayJournalFile *self, gint64 since_us, GError **error);
