/* logbook.c - see logbook.h */
#include "player/logbook.h"

#include "content/wording.h"
#include "player/events.h"

/* What the cue wants of the journal at a start, and a day for clocks that were wrong. */
#define HISTORY_US (PLAY_CUE_KEEP_US + G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

struct PlayLogbook {
    ContentClock *clock; /* the trusted one */
    PlayTrustClock *trust;
    PlayVitals *vitals;
    PlayJournal *journal;
    PlayReport *report; /* (nullable) */
    const PlayLogbookEvents *events;
    gpointer data;
    char *fault;     /* (nullable): of the disk */
    gint64 fault_us; /* UTC */
};

/* ---- a line for people ---- */

static const struct {
    ContentRecordKind kind;
    PlayLog log;
} record_logs[] = {
    {CONTENT_RECORD_BOOT, PLAY_LOG_STARTED},
    {CONTENT_RECORD_PLAYED, PLAY_LOG_PLAYED},
    {CONTENT_RECORD_PART, PLAY_LOG_PLAYED},
    {CONTENT_RECORD_MISSED, PLAY_LOG_MISSED},
    {CONTENT_RECORD_FAULT, PLAY_LOG_FAULT},
    {CONTENT_RECORD_CLEARED, PLAY_LOG_CLEARED},
    {CONTENT_RECORD_TEST, PLAY_LOG_TEST},
    {CONTENT_RECORD_REFUSED, PLAY_LOG_REFUSED},
    {CONTENT_RECORD_CLOCK, PLAY_LOG_CLOCK},
    {CONTENT_RECORD_ALERT_TAKEN, PLAY_LOG_ALERT_TAKEN},
    {CONTENT_RECORD_ALERT_ENDED, PLAY_LOG_ALERT_ENDED},
    {CONTENT_RECORD_ALERT_STARTED_LOCALLY, PLAY_LOG_ALERT_LOCAL},
    {CONTENT_RECORD_ALERT_STOPPED_LOCALLY, PLAY_LOG_ALERT_LOCAL},
    {CONTENT_RECORD_SPEECH_KEPT, PLAY_LOG_SPEECH},
};

/* "zone: reason, detail": whatever there is of it. */
static char *
words_of(const ContentRecord *record)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autofree char *details =
        content_wording_remarks(record->details, CONTENT_READER_EN, NULL);

    if (record->zone != NULL && (record->segment != NULL || record->occurrence != NULL))
        g_string_append_printf(words, "%s: ", record->zone);
    if (record->actual_end_us > record->actual_start_us)
        g_string_append_printf(words, "%.1f s, ",
                               (double) (record->actual_end_us - record->actual_start_us) /
                                   G_USEC_PER_SEC);
    if (record->kind == CONTENT_RECORD_BOOT && record->planned_end_us > 0)
        g_string_append(words, "was down: ");
    if (record->reason != CONTENT_REASON_NONE)
        g_string_append_printf(words, "%s, ", content_reason_words[record->reason]);
    if (record->details->len > 0)
        g_string_append_printf(words, "%s, ", details);
    g_string_truncate(words, words->len - MIN(words->len, 2));
    return g_strdup(words->str);
}

static void
log_record(const ContentRecord *record)
{
    const char *subject = record->segment != NULL      ? record->segment
                          : record->occurrence != NULL ? record->occurrence
                                                       : record->zone;
    g_autofree char *words = words_of(record);

    for (gsize i = 0; i < G_N_ELEMENTS(record_logs); i++) {
        if ((gint) record_logs[i].kind == record->kind)
            content_event_log(&play_logs[record_logs[i].log], subject, "%s", words);
    }
}

/* ---- a record for the district ---- */

typedef struct {
    PlayLogbook *logbook;
    char *segment;
} Written;

static void
on_written(gint64 seq, gpointer data)
{
    Written *written = data;

    written->logbook->events->journaled(written->segment, written->logbook->data);
    g_free(written->segment);
    g_free(written);
}

void
play_logbook_take(PlayLogbook *self, ContentRecord *record)
{
    Written *written = NULL;

    log_record(record);
    if (record->kind == CONTENT_RECORD_STARTED) {
        written = g_new0(Written, 1);
        written->logbook = self;
        written->segment = g_strdup(record->segment);
    }
    play_report_append(self->report, record, written == NULL ? NULL : on_written, written);
}

/* When it is written, and how far that time is to be believed. */
static void
stamp(PlayLogbook *self, ContentRecord *record)
{
    record->at_us = content_clock_utc_us(self->clock);
    record->monotonic_us = content_clock_monotonic_us(self->clock);
    record->trust = (gint) play_trust_clock_trust(self->trust);
}

void
play_logbook_tell(PlayLogbook *self, ContentRecord *record, gint64 manifest_version)
{
    stamp(self, record);
    record->manifest_version = manifest_version;
    play_logbook_take(self, record);
}

static ContentRecord *
new_record(PlayLogbook *self, ContentRecordKind kind, gint64 manifest_version,
           const ContentRemark *detail)
{
    ContentRecord *record = play_record_new(kind);

    stamp(self, record);
    record->manifest_version = manifest_version;
    content_record_tell(record, content_remark_copy(detail));
    return record;
}

void
play_logbook_say(PlayLogbook *self, ContentRecordKind kind, gint64 manifest_version,
                 const ContentRemark *detail)
{
    play_logbook_take(self, new_record(self, kind, manifest_version, detail));
}

void
play_logbook_say_boot(PlayLogbook *self, gint64 manifest_version)
{
    g_autoptr(ContentRemark) program =
        content_remark_new("booted", NULL, "version", LOA_VERSION, NULL);
    ContentRecord *record = new_record(self, CONTENT_RECORD_BOOT, manifest_version, program);

    record->reason =
        play_vitals_downtime(self->vitals, &record->planned_start_us, &record->planned_end_us);
    play_logbook_take(self, record);
}

void
play_logbook_draft(PlayLogbook *self, GPtrArray *drafts)
{
    play_journal_draft(self->journal, drafts);
}

/* ---- at a start ---- */

/* How far the player before this one came, unless it has said so itself. */
static void
recover(PlayLogbook *self, PlayCue *cue, ContentReason reason)
{
    g_autoptr(GPtrArray) drafts = play_journal_drafts(self->journal);

    for (guint i = 0; i < drafts->len; i++) {
        ContentRecord *draft = drafts->pdata[i];

        if (!play_cue_recover(cue, draft, reason))
            continue;
        stamp(self, draft);
        play_logbook_take(self, draft);
        drafts->pdata[i] = NULL;
    }
}

gboolean
play_logbook_restore(PlayLogbook *self, PlayCue *cue, GError **error)
{
    gint64 since_us = content_clock_utc_us(self->clock) - HISTORY_US;
    g_autoptr(GPtrArray) history = play_journal_history(self->journal, MAX(since_us, 0), error);
    gint64 from_us, to_us;
    ContentReason reason;

    if (history == NULL)
        return FALSE;
    for (guint i = 0; i < history->len; i++) {
        play_cue_restore(cue, history->pdata[i]);
        self->events->history(history->pdata[i], self->data);
    }
    reason = (ContentReason) play_vitals_downtime(self->vitals, &from_us, &to_us);
    play_cue_restore_downtime(cue, from_us, to_us, reason);
    recover(self, cue, reason);
    return TRUE;
}

/* ---- the journal ---- */

static void
on_fault(const char *words, gpointer data)
{
    PlayLogbook *self = data;

    g_free(self->fault);
    self->fault = g_strdup(words);
    self->fault_us = content_clock_utc_us(self->clock);
    content_event_log(&play_logs[PLAY_LOG_JOURNAL], NULL, "%s",
                      words == NULL ? "records are written again" : words);
    self->events->changed(self->data);
}

static gboolean
open_journal(PlayLogbook *self, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "journal.db", NULL);
    g_autofree char *suffix = NULL;
    g_autofree char *kept = NULL;
    g_autoptr(GError) local = NULL;

    self->journal = play_journal_open(path, on_fault, self, &local);
    if (self->journal != NULL)
        return TRUE;
    if (!g_error_matches(local, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    suffix = g_strdup_printf("%" G_GINT64_FORMAT, content_clock_utc_us(self->clock));
    kept = play_database_set_aside(path, suffix, error);
    if (kept == NULL)
        return FALSE;
    content_event_log(&play_logs[PLAY_LOG_JOURNAL], NULL, "%s; it is kept as %s",
                      local->message, kept);
    self->journal = play_journal_open(path, on_fault, self, error);
    return self->journal != NULL;
}

PlayLogbook *
play_logbook_open(const char *folder, PlayTrustClock *trust, PlayVitals *vitals,
                  const PlayLogbookEvents *events, gpointer data, GError **error)
{
    g_autoptr(PlayLogbook) self = g_new0(PlayLogbook, 1);

    self->clock = play_trust_clock_clock(trust);
    self->trust = trust;
    self->vitals = vitals;
    self->events = events;
    self->data = data;
    return open_journal(self, folder, error) ? g_steal_pointer(&self) : NULL;
}

void
play_logbook_close(PlayLogbook *self)
{
    if (self == NULL)
        return;
    play_journal_free(self->journal);
    g_free(self->fault);
    g_free(self);
}

PlayJournal *
play_logbook_journal(PlayLogbook *self)
{
    return self->journal;
}

void
play_logbook_write_through(PlayLogbook *self, PlayReport *report)
{
    self->report = report;
}

void
play_logbook_fill_heartbeat(PlayLogbook *self, ContentHeartbeat *heartbeat)
{
    ContentFault *fault;

    if (self->fault == NULL)
        return;
    fault = content_shape_new(&content_fault_shape);
    fault->what.code = g_strdup("disk_refuses");
    fault->what.subject = g_strdup("journal");
    content_remark_say(&fault->what, self->fault);
    fault->since_us = self->fault_us;
    g_ptr_array_add(heartbeat->faults, fault);
}
