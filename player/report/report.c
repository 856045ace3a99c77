/*
 * report.c - see report.h
 *
 * Records: one batch is on its way at a time; it is sent again with back-off until the district
 * says that it is on its disk, then the next. Heartbeats: on a period with jitter, and at once
 * on a change, but never closer together than the gap, and where something changes without end
 * only so often as the burst is refilled: it tells the newest state, so nothing is lost.
 */
#include "player/report/report.h"

#include <string.h>

#include "content/alert.h"
#include "content/claim.h"
#include "content/exchange.h"
#include "content/grant.h"
#include "content/plan.h"
#include "content/template.h"
#include "player/report/vitals.h"

#define MAX_DOUBLINGS     16
#define FIRST_HEARTBEAT_S 60
#define US_OF_MS(ms)      ((gint64) (ms) *G_TIME_SPAN_MILLISECOND)

const PlayReportTiming play_report_timing = {
    .first_retry_ms = 5000,
    .longest_retry_ms = 300000,
    .gap_ms = 1000,
    .burst = 20,
    .refill_ms = 10000,
};

struct PlayReport {
    const PlayIdentity *identity;
    PlayBroker *broker;
    PlayJournal *journal;
    PlayVitals *vitals;
    ContentClock *clock;
    PlayReportTiming timing;
    const PlayReportEvents *events;
    gpointer data;
    gint64 heartbeat_us; /* period */
    gint64 beaten_us;    /* monotonic: last heartbeat */
    gint64 spent_us;     /* monotonic: when the burst will be whole again */
    gboolean has_change; /* the next heartbeat is for a change */
    guint heartbeat_alarm;
    guint batch_alarm;
    guint n_sent;     /* attempts of the batch on its way */
    gint64 confirmed; /* newest number that the district says it has; -1: nothing yet */
    gboolean is_up;
    gboolean is_reading;  /* the journal has been asked for a batch */
    gboolean is_waiting;  /* a batch is out and not acknowledged */
    gboolean has_greeted; /* a hello is out and not answered */
    GHashTable *appended; /* set of Appended: on their way to the disk */
};

/* ---- sealing ---- */

/* Signs with the station's key and publishes; %FALSE without a line. */
static gboolean
publish_sealed(PlayReport *self, PlayBrokerSay say, const ContentDocumentType *type,
               gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    g_autofree char *comment = NULL, *signature = NULL;
    g_autoptr(GBytes) envelope = NULL;

    if (bytes == NULL) {
        g_critical("%s cannot be written: %s", type->type, error->message);
        return FALSE;
    }
    comment = content_claim_comment(type->type, self->identity->station, 0);
    signature = content_seal_sign(self->identity->seal, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), comment);
    envelope = content_seal_wrap(signature, bytes);
    return play_broker_publish(self->broker, say, envelope);
}

/* ---- records ---- */

static void send_next(PlayReport *self);

static void
on_batch_alarm(gpointer data)
{
    PlayReport *self = data;

    self->batch_alarm = 0;
    self->is_waiting = FALSE;
    send_next(self);
}

/* Not acknowledged by then: again, later each time. */
static void
arm_batch(PlayReport *self)
{
    guint64 bound_ms = (guint64) self->timing.first_retry_ms
                       << MIN(self->n_sent, MAX_DOUBLINGS);
    gdouble share = 0.5 + g_random_double() / 2;

    bound_ms = MIN(bound_ms, self->timing.longest_retry_ms);
    self->n_sent++;
    content_clock_cancel(self->clock, self->batch_alarm);
    self->batch_alarm = content_clock_alarm_monotonic(self->clock,
                                                      content_clock_monotonic_us(self->clock) +
                                                          US_OF_MS((gdouble) bound_ms * share),
                                                      on_batch_alarm, self);
}

static void
on_batch(gint64 first_seq, gboolean is_oldest, GPtrArray *texts, gpointer data)
{
    PlayReport *self = data;
    g_autoptr(GPtrArray) owned = texts;
    /* Said only where the district would wait for ever for what is gone. */
    gboolean is_loss = is_oldest && self->confirmed >= 0 && self->confirmed < first_seq - 1;
    ContentRecords batch = {.station = self->identity->station,
                            .journal = (char *) play_journal_id(self->journal),
                            .first_seq = first_seq,
                            .oldest = is_loss,
                            .records = owned};

    self->is_reading = FALSE;
    if (!self->is_up)
        return;
    if (owned->len == 0) {
        /* A disk that could not be read is asked again. */
        if (play_journal_seq(self->journal) > play_journal_acked(self->journal))
            arm_batch(self);
        return;
    }
    publish_sealed(self, PLAY_BROKER_SAY_RECORDS, &content_records_type, &batch);
    self->is_waiting = TRUE;
    arm_batch(self);
}

static void
send_next(PlayReport *self)
{
    if (!self->is_up || self->is_reading || self->is_waiting)
        return;
    self->is_reading = TRUE;
    play_journal_next_batch(self->journal, on_batch, self);
}

/* Where our disk cannot note what the district has, or the district has what we have not, the
 * batch goes out again; with back-off, or two machines would answer each other without end. */
static void
on_acked(gint64 seq, gpointer data)
{
    PlayReport *self = data;

    if (seq < self->confirmed) {
        arm_batch(self);
        return;
    }
    self->n_sent = 0;
    self->is_waiting = FALSE;
    send_next(self);
}

void
play_report_acknowledged(PlayReport *self, const char *journal, gint64 seq)
{
    /* By a clock that nobody vouches for what is new might look three months old. */
    gboolean is_sure = play_vitals_trust(self->vitals) != CONTENT_TRUST_UNSET;
    gint64 now_us = is_sure ? content_clock_utc_us(self->clock) : 0;
    gint64 acked = play_journal_acked(self->journal);
    gboolean answers_hello = self->has_greeted;

    if (g_strcmp0(journal, play_journal_id(self->journal)) != 0)
        return;
    self->has_greeted = FALSE;
    /* Behind us it is an old answer, or the first one of a district that was restored. */
    if (seq == acked || (seq < acked && !answers_hello))
        return;
    content_clock_cancel(self->clock, self->batch_alarm);
    self->batch_alarm = 0;
    self->is_waiting = TRUE;
    self->confirmed = seq;
    if (seq < acked)
        play_journal_rewind(self->journal, seq, on_acked, self);
    else
        play_journal_acknowledge(self->journal, journal, seq, now_us, on_acked, self);
}

/* A record that is on disk now: told to who waits for it, and sent. */
typedef struct {
    PlayReport *self;
    PlayJournalDoneFunc done;
    gpointer data;
} Appended;

static void
on_appended(gint64 seq, gpointer data)
{
    Appended *appended = data;
    PlayReport *self = appended->self;

    if (appended->done != NULL)
        appended->done(seq, appended->data);
    g_hash_table_remove(self->appended, appended);
    send_next(self);
}

void
play_report_append(PlayReport *self, ContentRecord *record, PlayJournalDoneFunc done,
                   gpointer data)
{
    Appended *appended = g_new0(Appended, 1);

    *appended = (Appended){self, done, data};
    g_hash_table_add(self->appended, appended);
    g_free(record->boot);
    record->boot = g_strdup(play_vitals_boot(self->vitals));
    play_journal_append(self->journal, record, on_appended, appended);
}

/* ---- heartbeat ---- */

static void
beat(PlayReport *self)
{
    ContentHeartbeat *heartbeat = content_document_new(&content_heartbeat_type);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;

    heartbeat->station = g_strdup(self->identity->station);
    heartbeat->at_us = content_clock_utc_us(self->clock);
    heartbeat->journal = g_strdup(play_journal_id(self->journal));
    heartbeat->journal_seq = play_journal_seq(self->journal);
    heartbeat->acked_seq = play_journal_acked(self->journal);
    heartbeat->player_version = g_strdup(LOA_VERSION);
    play_vitals_fill(self->vitals, heartbeat);
    self->events->fill_heartbeat(heartbeat, self->data);
    bytes = content_document_write(&content_heartbeat_type, heartbeat, &error);
    if (bytes != NULL)
        play_broker_publish(self->broker, PLAY_BROKER_SAY_HEARTBEAT, bytes);
    else
        g_critical("a heartbeat cannot be written: %s", error->message);
    content_heartbeat_free(heartbeat);
}

static void on_heartbeat_alarm(gpointer data);

static void
arm_heartbeat(PlayReport *self, gint64 when_us)
{
    content_clock_cancel(self->clock, self->heartbeat_alarm);
    self->heartbeat_alarm =
        content_clock_alarm_monotonic(self->clock, when_us, on_heartbeat_alarm, self);
}

static void
on_heartbeat_alarm(gpointer data)
{
    PlayReport *self = data;
    gint64 now_us = content_clock_monotonic_us(self->clock);

    self->heartbeat_alarm = 0;
    if (!self->is_up)
        return;
    self->beaten_us = now_us;
    if (self->has_change)
        self->spent_us = MAX(self->spent_us, now_us) + US_OF_MS(self->timing.refill_ms);
    self->has_change = FALSE;
    arm_heartbeat(self, now_us + self->heartbeat_us);
    beat(self);
}

void
play_report_changed(PlayReport *self)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);
    gint64 gap_us = self->beaten_us + US_OF_MS(self->timing.gap_ms);
    gint64 whole_us = (gint64) self->timing.burst * US_OF_MS(self->timing.refill_ms);
    gint64 earliest_us =
        MAX(gap_us, self->spent_us + US_OF_MS(self->timing.refill_ms) - whole_us);

    if (!self->is_up)
        return;
    /* Through the loop even at once: one change often brings another with it. */
    self->has_change = TRUE;
    arm_heartbeat(self, MAX(now_us, MIN(earliest_us, self->beaten_us + self->heartbeat_us)));
}

void
play_report_set_period(PlayReport *self, gint64 heartbeat_s)
{
    self->heartbeat_us = CLAMP(heartbeat_s, 5, 3600) * G_USEC_PER_SEC;
    if (self->is_up)
        arm_heartbeat(self, self->beaten_us + self->heartbeat_us);
}

/* ---- hello and the line ---- */

/* Which versions of which documents this program reads. */
static void
add_reads(GPtrArray *reads)
{
    static const ContentDocumentType *const types[] = {
        &content_day_plan_type,
        &content_keys_type,
        &content_manifest_type,
        &content_approval_type,
        &content_station_settings_type,
        &content_test_order_type,
        &content_alert_type,
        &content_stop_type,
        &content_templates_type,
        &content_grant_type,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        ContentReads *reading = content_shape_new(&content_reads_shape);

        reading->type = g_strdup(types[i]->type);
        reading->v = types[i]->v;
        g_ptr_array_add(reads, reading);
    }
}

void
play_report_hello(PlayReport *self)
{
    g_autoptr(ContentHello) hello = content_document_new(&content_hello_type);

    if (!self->is_up)
        return;
    hello->station = g_strdup(self->identity->station);
    hello->boot = g_strdup(play_vitals_boot(self->vitals));
    hello->at_us = content_clock_utc_us(self->clock);
    hello->journal = g_strdup(play_journal_id(self->journal));
    hello->journal_seq = play_journal_seq(self->journal);
    hello->acked_seq = play_journal_acked(self->journal);
    hello->player_version = g_strdup(LOA_VERSION);
    add_reads(hello->reads);
    self->events->fill_hello(hello, self->data);
    self->has_greeted = publish_sealed(self, PLAY_BROKER_SAY_HELLO, &content_hello_type, hello);
}

void
play_report_line(PlayReport *self, gboolean is_up)
{
    self->is_up = is_up;
    self->is_waiting = FALSE;
    self->n_sent = 0;
    content_clock_cancel(self->clock, self->batch_alarm);
    content_clock_cancel(self->clock, self->heartbeat_alarm);
    self->batch_alarm = self->heartbeat_alarm = 0;
    if (!is_up)
        return;
    play_report_hello(self);
    play_report_changed(self);
    send_next(self);
}

PlayReport *
play_report_new(const PlayIdentity *identity, PlayBroker *broker, PlayJournal *journal,
                PlayVitals *vitals, ContentClock *clock, const PlayReportTiming *timing,
                const PlayReportEvents *events, gpointer data)
{
    PlayReport *self = g_new0(PlayReport, 1);

    self->identity = identity;
    self->broker = broker;
    self->journal = journal;
    self->vitals = vitals;
    self->clock = clock;
    self->timing = timing == NULL ? play_report_timing : *timing;
    self->events = events;
    self->data = data;
    self->confirmed = -1;
    self->heartbeat_us = FIRST_HEARTBEAT_S * G_USEC_PER_SEC;
    self->beaten_us = G_MININT64 / 2;
    self->appended = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    return self;
}

void
play_report_free(PlayReport *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->batch_alarm);
    content_clock_cancel(self->clock, self->heartbeat_alarm);
    g_hash_table_unref(self->appended);
    g_free(self);
}
