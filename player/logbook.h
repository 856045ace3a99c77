/*
 * logbook.h - everything that happened: a line for people, a record for the district.
 *
 * Flow: cue, intake and clock say what happened -> here -> the machine's log, and the journal
 * through report/. At a start the other way: what the journal knows goes to the cue. Wiring.
 * Thread: the main context it was made on.
 */
#pragma once

#include "content/heartbeat.h"
#include "player/cue/cue.h"
#include "player/intake/trust-clock.h"
#include "player/report/report.h"
#include "player/report/vitals.h"

typedef struct {
    /* The STARTED record of @segment is on disk. */
    void (*journaled)(const char *segment, gpointer data);
    /* The disk refuses, or does not any more: a heartbeat tells. */
    void (*changed)(gpointer data);
    /* One of the last days' records, the oldest first, while the cue is told of it. */
    void (*history)(const ContentRecord *record, gpointer data);
} PlayLogbookEvents;

typedef struct PlayLogbook PlayLogbook;

/**
 * play_logbook_open:
 * @folder: the player's state
 * @trust, @vitals, @events: (not owned): must outlive it
 *
 * A journal that cannot be read is kept under another name for a person, and a new one begun.
 */
PlayLogbook *play_logbook_open(const char *folder, PlayTrustClock *trust, PlayVitals *vitals,
                               const PlayLogbookEvents *events, gpointer data, GError **error);

/** play_logbook_close: waits until what was said is on disk or refused; see play_report_free()
 */
void play_logbook_close(PlayLogbook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayLogbook, play_logbook_close)

/** play_logbook_journal: Returns: (transfer none): for report/ to send from */
PlayJournal *play_logbook_journal(PlayLogbook *self);

/** play_logbook_write_through: @report: (not owned) (nullable): before the first record */
void play_logbook_write_through(PlayLogbook *self, PlayReport *report);

/** play_logbook_take: @record: (transfer full): logged once, and to the journal */
void play_logbook_take(PlayLogbook *self, ContentRecord *record);

/** play_logbook_tell: as play_logbook_take(), of one without its time and manifest */
void play_logbook_tell(PlayLogbook *self, ContentRecord *record, gint64 manifest_version);

/** play_logbook_say: as play_logbook_take(), of what is no segment's: only @detail */
void play_logbook_say(PlayLogbook *self, ContentRecordKind kind, gint64 manifest_version,
                      const ContentRemark *detail);

/** play_logbook_say_boot: that the player is here again, and since when it was not */
void play_logbook_say_boot(PlayLogbook *self, gint64 manifest_version);

/** play_logbook_draft: @drafts: (transfer full): of play_cue_drafts() */
void play_logbook_draft(PlayLogbook *self, GPtrArray *drafts);

/**
 * play_logbook_restore:
 *
 * Tells @cue what was begun and what is settled, since when nobody was here, and how far the
 * player before this one came if it ended in mid-segment. For start-up only: waits for the
 * disk.
 */
gboolean play_logbook_restore(PlayLogbook *self, PlayCue *cue, GError **error);

/** play_logbook_fill_heartbeat: the fault of the disk, if it refuses */
void play_logbook_fill_heartbeat(PlayLogbook *self, ContentHeartbeat *heartbeat);
