/*
 * commune.c - see commune.h
 *
 * One table of functions for each part that says something; each row hands a fact on.
 */
#include "player/commune.h"

#include <string.h>

#include "content/base/files.h"
#include "content/base/notify.h"
#include "player/desk.h"
#include "player/events.h"
#include "player/intake/intake.h"
#include "player/report/journal.h"
#include "player/report/report.h"
#include "player/report/vitals.h"

/* What the cue wants of the journal at a start, and a day for clocks that were wrong. */
#define HISTORY_US (PLAY_CUE_KEEP_US + G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

/* A temporary file this old is nobody's: a file is written in milliseconds. */
#define STALE_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

struct PlayCommune {
    ContentClock *clock; /* the machine's */
    PlayIdentity *identity;
    PlayVitals *vitals;
    PlayTrustClock *trust;
    PlayJournal *journal;
    PlayIntake *intake;
    PlayDesk *desk;
    PlayReport *report;
    PlayIntakeState held;
    gboolean has_begun;      /* what was kept from before has been handed over */
    char *journal_fault;     /* (nullable) */
    gint64 journal_fault_us; /* UTC */
    ContentAuditHead *audit; /* (owned) (nullable): of the manifest in force */
    gint64 alive_every_us;   /* 0: no watchdog */
    guint alive_alarm;
};

static ContentClock *
trusted_clock(PlayCommune *self)
{
    return play_trust_clock_clock(self->trust);
}

/* ---- records: logged once, filled in, written, sent ---- */

static const struct {
    ContentRecordKind kind;
    PlayLog log;
} record_logs[] = {
    {CONTENT_RECORD_BOOT, PLAY_LOG_STARTED},    {CONTENT_RECORD_PLAYED, PLAY_LOG_PLAYED},
    {CONTENT_RECORD_MISSED, PLAY_LOG_MISSED},   {CONTENT_RECORD_FAULT, PLAY_LOG_FAULT},
    {CONTENT_RECORD_CLEARED, PLAY_LOG_CLEARED}, {CONTENT_RECORD_TEST, PLAY_LOG_TEST},
    {CONTENT_RECORD_REFUSED, PLAY_LOG_REFUSED}, {CONTENT_RECORD_CLOCK, PLAY_LOG_CLOCK},
};

/* "zone: reason, detail": whatever there is of it. */
static char *
words_of(const ContentRecord *record)
{
    g_autoptr(GString) words = g_string_new(NULL);

    if (record->zone != NULL && record->segment != NULL)
        g_string_append_printf(words, "%s: ", record->zone);
    if (record->actual_end_us > record->actual_start_us)
        g_string_append_printf(words, "%.1f s, ",
                               (double) (record->actual_end_us - record->actual_start_us) /
                                   G_USEC_PER_SEC);
    if (record->kind == CONTENT_RECORD_BOOT)
        g_string_append(words, "was down: ");
    if (record->reason != CONTENT_REASON_NONE)
        g_string_append_printf(words, "%s, ", content_reason_words[record->reason]);
    if (record->detail != NULL)
        g_string_append_printf(words, "%s, ", record->detail);
    g_string_truncate(words, words->len - MIN(words->len, 2));
    return g_strdup(words->str);
}

static void
log_record(const ContentRecord *record)
{
    const char *subject = record->segment != NULL ? record->segment : record->zone;
    g_autofree char *words = words_of(record);

    for (gsize i = 0; i < G_N_ELEMENTS(record_logs); i++) {
        if ((gint) record_logs[i].kind == record->kind)
            content_event_log(&play_logs[record_logs[i].log], subject, "%s", words);
    }
}

typedef struct {
    PlayCommune *commune;
    char *segment;
} Written;

static void
on_written(gint64 seq, gpointer data)
{
    Written *written = data;

    if (written->commune->desk != NULL)
        play_desk_journaled(written->commune->desk, written->segment);
    g_free(written->segment);
    g_free(written);
}

static void
on_record(ContentRecord *record, gpointer data)
{
    PlayCommune *self = data;
    Written *written = NULL;

    log_record(record);
    if (record->kind == CONTENT_RECORD_STARTED) {
        written = g_new0(Written, 1);
        written->commune = self;
        written->segment = g_strdup(record->segment);
    }
    play_report_append(self->report, record, written == NULL ? NULL : on_written, written);
}

/* A record of the wiring's own: no segment, only words. */
static ContentRecord *
new_record(PlayCommune *self, ContentRecordKind kind, const char *words)
{
    ContentRecord *record = play_record_new(kind);

    record->at_us = content_clock_utc_us(trusted_clock(self));
    record->monotonic_us = content_clock_monotonic_us(self->clock);
    record->trust = (gint) play_trust_clock_trust(self->trust);
    record->manifest_version = self->held.manifest_version;
    record->detail = content_document_text(words, CONTENT_RECORD_DETAIL_MAX_BYTES);
    return record;
}

/* ---- what the desk says ---- */

static ContentTrust
on_trust(gpointer data)
{
    return play_trust_clock_trust(((PlayCommune *) data)->trust);
}

static void
on_desk_changed(gpointer data)
{
    PlayCommune *self = data;
    g_autoptr(GPtrArray) objects = play_cue_objects_in_use(play_desk_cue(self->desk));

    play_intake_sounding(self->intake, objects);
    play_report_changed(self->report);
}

static void
on_object_failed(const char *object, gpointer data)
{
    play_intake_object_failed(((PlayCommune *) data)->intake, object);
}

static void
on_gateway(gboolean is_up, const char *words, gpointer data)
{
    PlayCommune *self = data;

    content_event_log(&play_logs[PLAY_LOG_GATEWAY], NULL,
                      is_up ? "the gateway answers%s" : "%s", is_up ? "" : words);
    /* Its inventory goes to the district in the hello. */
    if (is_up)
        play_report_hello(self->report);
}

static const PlayDeskEvents desk_events = {on_trust, on_record, on_desk_changed,
                                           on_object_failed, on_gateway};

/* ---- what intake says ---- */

static void
on_line(gboolean is_up, const char *words, gpointer data)
{
    PlayCommune *self = data;

    content_event_log(&play_logs[PLAY_LOG_LINE], NULL, "%s",
                      is_up ? "the district is reached" : words);
    play_trust_clock_connected(self->trust, is_up);
    play_report_line(self->report, is_up);
}

/* The head of the district's audit chain, said back in heartbeats: we are its witness. */
static void
keep_audit_head(PlayCommune *self, const ContentAuditHead *head)
{
    content_shape_free(&content_audit_head_shape, g_steal_pointer(&self->audit));
    if (head == NULL)
        return;
    self->audit = content_shape_new(&content_audit_head_shape);
    self->audit->chain = g_strdup(head->chain);
    self->audit->seq = head->seq;
    self->audit->hash = g_strdup(head->hash);
}

static void
on_manifest(const ContentManifest *manifest, gpointer data)
{
    PlayCommune *self = data;

    keep_audit_head(self, manifest == NULL ? NULL : manifest->audit);
    play_cue_obey(play_desk_cue(self->desk), manifest);
    play_desk_step(self->desk);
}

static void
on_settings(ContentStationSettings *settings, gpointer data)
{
    PlayCommune *self = data;

    play_report_set_period(self->report, settings->heartbeat_s);
    play_cue_take_settings(play_desk_cue(self->desk), settings);
    play_desk_step(self->desk);
}

static void
on_day(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
       gboolean is_pending, gpointer data)
{
    PlayCommune *self = data;

    /* Without a plan there is nothing to do: what the manifest does not list is dropped by it.
     */
    if (plan == NULL) {
        g_clear_pointer(&approvals, g_hash_table_unref);
        return;
    }
    play_cue_take_day(play_desk_cue(self->desk), hash, plan, approvals,
                      self->has_begun ? content_clock_utc_us(trusted_clock(self)) : 0);
    play_desk_step(self->desk);
}

static void
on_object(const char *hash, gpointer data)
{
    PlayCommune *self = data;

    play_cue_take_object(play_desk_cue(self->desk), hash, PLAY_OBJECT_HERE);
    play_desk_step(self->desk);
}

static void
on_refused(const char *what, const char *words, gpointer data)
{
    PlayCommune *self = data;
    g_autofree char *detail = g_strdup_printf("%s: %s", what, words);

    on_record(new_record(self, CONTENT_RECORD_REFUSED, detail), self);
}

static void
on_state(const PlayIntakeState *state, gpointer data)
{
    PlayCommune *self = data;

    self->held = *state;
    self->has_begun = TRUE;
    play_report_changed(self->report);
}

static void
on_ack(const char *journal, gint64 seq, gpointer data)
{
    play_report_acknowledged(((PlayCommune *) data)->report, journal, seq);
}

static void
on_time(const char *nonce, gint64 utc_us, gpointer data)
{
    PlayCommune *self = data;
    const char *words = play_trust_clock_answer(self->trust, nonce, utc_us);

    if (words != NULL)
        on_refused("time answer", words, self);
}

static void
on_enquiry(gpointer data)
{
    play_report_hello(((PlayCommune *) data)->report);
}

static const PlayIntakeEvents intake_events = {
    .line = on_line,
    .manifest = on_manifest,
    .settings = on_settings,
    .day = on_day,
    .object = on_object,
    .refused = on_refused,
    .state = on_state,
    .ack = on_ack,
    .time = on_time,
    .enquiry = on_enquiry,
};

/* ---- what the clock says ---- */

static void
on_clock_step(gpointer data)
{
    PlayCommune *self = data;

    if (self->desk == NULL)
        return;
    play_intake_clock_stepped(self->intake);
    play_desk_step(self->desk);
}

static void
on_clock_changed(const char *words, gpointer data)
{
    PlayCommune *self = data;

    if (self->report == NULL)
        return;
    play_vitals_set_trust(self->vitals, play_trust_clock_trust(self->trust));
    on_record(new_record(self, CONTENT_RECORD_CLOCK, words), self);
    on_clock_step(self);
    play_report_changed(self->report);
}

static void
on_clock_ask(const char *nonce, gpointer data)
{
    PlayCommune *self = data;
    ContentTimeAsk ask = {self->identity->station, (char *) nonce};
    g_autoptr(GBytes) bytes = content_document_write(&content_time_ask_type, &ask, NULL);

    if (bytes != NULL && self->intake != NULL)
        play_broker_publish(play_intake_broker(self->intake), PLAY_BROKER_SAY_TIME, bytes);
}

static const PlayTrustClockEvents clock_events = {on_clock_changed, on_clock_ask};

/* ---- what the report asks ---- */

static void
add_fault(ContentHeartbeat *heartbeat, const char *code, const char *subject, const char *words,
          gint64 since_us)
{
    ContentFault *fault = content_shape_new(&content_fault_shape);

    fault->code = g_strdup(code);
    fault->subject = g_strdup(subject);
    fault->words = content_document_text(words, CONTENT_FAULT_WORDS_MAX_BYTES);
    fault->since_us = since_us;
    g_ptr_array_add(heartbeat->faults, fault);
}

static void
fill_heartbeat(ContentHeartbeat *heartbeat, gpointer data)
{
    PlayCommune *self = data;
    g_autofree char *clock_fault = play_trust_clock_fault(self->trust);

    play_desk_fill_heartbeat(self->desk, heartbeat);
    heartbeat->manifest_version = self->held.manifest_version;
    heartbeat->days_ready = self->held.days_ready;
    heartbeat->missing_objects = self->held.missing_objects;
    heartbeat->missing_bytes = self->held.missing_bytes;
    if (self->audit != NULL) {
        heartbeat->audit = content_shape_new(&content_audit_head_shape);
        heartbeat->audit->chain = g_strdup(self->audit->chain);
        heartbeat->audit->seq = self->audit->seq;
        heartbeat->audit->hash = g_strdup(self->audit->hash);
    }
    if (clock_fault != NULL)
        add_fault(heartbeat, "clock", "clock", clock_fault, heartbeat->at_us);
    if (self->journal_fault != NULL)
        add_fault(heartbeat, "journal", "journal", self->journal_fault, self->journal_fault_us);
}

static void
fill_hello(ContentHello *hello, gpointer data)
{
    PlayCommune *self = data;
    GBytes *inventory = play_desk_inventory(self->desk);
    g_autoptr(GPtrArray) floors = play_intake_floors(self->intake);

    hello->manifest_version = self->held.manifest_version;
    g_ptr_array_extend_and_steal(hello->floors, g_steal_pointer(&floors));
    if (inventory != NULL)
        hello->inventory =
            g_strndup(g_bytes_get_data(inventory, NULL), g_bytes_get_size(inventory));
}

static const PlayReportEvents report_events = {fill_heartbeat, fill_hello};

/* ---- building ---- */

static void
on_journal_fault(const char *words, gpointer data)
{
    PlayCommune *self = data;

    g_free(self->journal_fault);
    self->journal_fault = g_strdup(words);
    self->journal_fault_us = content_clock_utc_us(trusted_clock(self));
    content_event_log(&play_logs[PLAY_LOG_JOURNAL], NULL, "%s",
                      words == NULL ? "records are written again" : words);
    if (self->report != NULL)
        play_report_changed(self->report);
}

/* A journal that cannot be read is kept for a person, and a new one begun. */
static gboolean
open_journal(PlayCommune *self, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "journal.db", NULL);
    g_autofree char *suffix = NULL;
    g_autofree char *kept = NULL;
    g_autoptr(GError) local = NULL;

    self->journal = play_journal_open(path, on_journal_fault, self, &local);
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
    self->journal = play_journal_open(path, on_journal_fault, self, error);
    return self->journal != NULL;
}

static gboolean
open_ports(PlayCommune *self, const PlayConfig *config, GError **error)
{
    g_autofree char *boot = play_vitals_read_boot(&play_vitals_paths, error);

    if (boot == NULL)
        return FALSE;
    content_files_tidy(config->state, CONTENT_FILES_TEMPORARY,
                       content_clock_utc_us(self->clock) - STALE_US);
    self->identity = play_identity_load(config->state, error);
    if (self->identity == NULL)
        return FALSE;
    self->trust = play_trust_clock_new(self->clock, config->state, boot, &play_trust_machine,
                                       NULL, &clock_events, self);
    content_clock_on_step(trusted_clock(self), on_clock_step, self);
    self->vitals =
        play_vitals_new(config->state, &play_vitals_paths, trusted_clock(self), error);
    if (self->vitals == NULL)
        return FALSE;
    play_vitals_set_trust(self->vitals, play_trust_clock_trust(self->trust));
    if (!open_journal(self, config->state, error))
        return FALSE;
    self->intake = play_intake_new(config->state, self->identity, self->trust, NULL, NULL,
                                   &intake_events, self, error);
    return self->intake != NULL;
}

static void
build_desk(PlayCommune *self, const PlayConfig *config)
{
    PlayDeskConfig desk = {config->gateway_socket, (guint) config->buffer_ms, config->outputs};

    self->desk = play_desk_new(&desk, trusted_clock(self), play_intake_objects(self->intake),
                               &desk_events, self);
    self->report = play_report_new(self->identity, play_intake_broker(self->intake),
                                   self->journal, self->vitals, trusted_clock(self),
                                   &play_report_timing, &report_events, self);
}

/* What was begun and what is settled, since when nobody was here, and which audio is there. */
static gboolean
restore(PlayCommune *self, GError **error)
{
    PlayCue *cue = play_desk_cue(self->desk);
    gint64 since_us = content_clock_utc_us(trusted_clock(self)) - HISTORY_US;
    g_autoptr(GPtrArray) history = play_journal_history(self->journal, MAX(since_us, 0), error);
    g_autoptr(GPtrArray) objects =
        content_object_store_list(play_intake_objects(self->intake), NULL);
    gint64 from_us, to_us;
    gint reason;

    if (history == NULL)
        return FALSE;
    for (guint i = 0; i < history->len; i++)
        play_cue_restore(cue, history->pdata[i]);
    for (guint i = 0; objects != NULL && i < objects->len; i++)
        play_cue_take_object(cue, objects->pdata[i], PLAY_OBJECT_HERE);
    reason = play_vitals_downtime(self->vitals, &from_us, &to_us);
    play_cue_restore_downtime(cue, from_us, to_us, (ContentReason) reason);
    return TRUE;
}

static void
record_boot(PlayCommune *self)
{
    ContentRecord *record = new_record(self, CONTENT_RECORD_BOOT, "loa-player " LOA_VERSION);

    record->reason =
        play_vitals_downtime(self->vitals, &record->planned_start_us, &record->planned_end_us);
    on_record(record, self);
}

/* The watchdog is fed by a cue that is on time and sound that moves, not by a loop that turns.
 */
static void
on_alive(gpointer data)
{
    PlayCommune *self = data;

    if (play_desk_is_alive(self->desk))
        content_notify_alive();
    self->alive_alarm = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + self->alive_every_us, on_alive,
        self);
}

PlayCommune *
play_commune_new(const PlayConfig *config, ContentClock *clock, GError **error)
{
    g_autoptr(PlayCommune) self = g_new0(PlayCommune, 1);

    self->clock = clock;
    if (!open_ports(self, config, error))
        return NULL;
    build_desk(self, config);
    if (!restore(self, error))
        return NULL;
    record_boot(self);
    self->alive_every_us = content_notify_watchdog_us() / 2;
    if (self->alive_every_us > 0)
        on_alive(self);
    return g_steal_pointer(&self);
}

void
play_commune_stop(PlayCommune *self)
{
    content_event_log(&content_event_stopping, NULL, "told to stop");
    play_vitals_stopping(self->vitals);
}

void
play_commune_free(PlayCommune *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alive_alarm);
    /* The desk first: relays open before anything else is taken apart. */
    g_clear_pointer(&self->desk, play_desk_free);
    g_clear_pointer(&self->report, play_report_free);
    g_clear_pointer(&self->intake, play_intake_free);
    g_clear_pointer(&self->journal, play_journal_free);
    g_clear_pointer(&self->vitals, play_vitals_free);
    g_clear_pointer(&self->trust, play_trust_clock_free);
    g_clear_pointer(&self->identity, play_identity_free);
    g_free(self->journal_fault);
    content_shape_free(&content_audit_head_shape, self->audit);
    g_free(self);
}
