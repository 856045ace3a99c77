/*
 * drafts.h - how far segments have sounded, kept for an end that does not ask.
 *
 * Flow: journal.c keeps what the cue drafts every second -> after a SIGKILL or a power cut the
 * next player finds the newest here, and writes it into the journal. Port; every call waits for
 * the disk.
 *
 * Not a row of the journal: a commit a second, of two pages, would write 30 MB to the card in
 * an hour of sound. Two places of one file, made at full length once, are written over in turn:
 * what is in the kernel's memory survives the death of the program, and every tenth time the
 * card is waited for. So a power cut costs at most ten seconds of evidence, and an hour of
 * sound 3 MB of writing. A place that was torn is known by its hash, and the other one counts.
 */
#pragma once

#include "content/record.h"

/* How many times of keeping go by from one wait for the card to the next. */
#define PLAY_DRAFTS_SYNC_EVERY 10
/*
 * Of all records of one keeping; half the file. A hundred zones that sound at once fit; more
 * would be more writing than a card is worth, so of a larger station those that have sounded
 * longest are kept, and of the others it is known that they began.
 */
#define PLAY_DRAFTS_MAX_BYTES (128 * 1024)

typedef struct PlayDrafts PlayDrafts;

/** play_drafts_open: @path: made at its full length if it is not there */
PlayDrafts *play_drafts_open(const char *path, GError **error);
void play_drafts_close(PlayDrafts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayDrafts, play_drafts_close)

/**
 * play_drafts_read:
 *
 * Returns: (transfer full) (element-type ContentRecord): as last kept; empty if both places are
 *   torn, foreign or were never written
 */
GPtrArray *play_drafts_read(PlayDrafts *self);

/**
 * play_drafts_keep:
 * @records: (element-type ContentRecord): instead of those before; seq, prev and boot are
 * filled in with what stands for nothing
 *
 * What is there already is not written again; of more than fit, those that sounded longest are
 * kept.
 *
 * Returns: %FALSE if the disk refused (a GFileError); the ones before stay
 */
gboolean play_drafts_keep(PlayDrafts *self, GPtrArray *records, GError **error);
