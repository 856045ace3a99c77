/* hearing.c - see hearing.h */
#include "scheduler/publish/hearing.h"

#include <string.h>

#include "content/exchange.h"
#include "content/heartbeat.h"
#include "content/record.h"
#include "scheduler/publish/sign.h"
#include "scheduler/publish/signed-word.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/records.h"

/* Stations remembered for their rate; a stranger's name cannot come through the broker. */
#define MAX_ALLOWANCES 100000

struct SchedHearing {
    SchedStore *store;                /* (not owned) */
    SchedKeys *signers;               /* (not owned) */
    char *root_id;                    /* (owned): id of the root key */
    ContentClock *clock;              /* (not owned) */
    const SchedHearingEvents *events; /* (not owned) */
    gpointer user_data;
    SchedLink *link;        /* (not owned) (nullable) */
    GHashTable *allowances; /* (owned): station -> Allowance */
    GPtrArray *heartbeats;  /* (owned) (element-type SchedHeartbeatRow): not yet written */
    guint gather_alarm;     /* 0: none gathered */
    gint64 listening_us;    /* UTC: when a broker last came up */
    gboolean *is_alive;     /* (owned): shared with work on its way; FALSE once freed */
};

/* How much a station may still say: a bucket that fills with time. */
typedef struct {
    gint64 filled_us; /* monotonic */
    double tokens;
    gboolean has_lost; /* something was dropped, and it was not asked since */
} Allowance;

/* What is on its way through the writer thread and back. Reference counted. */
typedef struct {
    SchedHearing *hearing; /* (not owned): only to be touched if *is_alive */
    gboolean *is_alive;    /* (owned): a reference */
    char *station;         /* (owned) */
    char *root_id;         /* (owned): id of the root key */
    SchedHeard what;
    GBytes *payload; /* (owned) (nullable): NULL for gathered heartbeats */
    /* what came out, for the callback */
    gint64 version, floor, keys_version;
    gboolean says_version;
    char *journal; /* (owned) (nullable) */
    gint64 ack_seq;
    gboolean was_acked; /* it says that we have acknowledged some of its journal */
    char *alarm;        /* (owned) (nullable): what is wrong with its journal */
} Word;

static Word *
word_new(SchedHearing *self, const char *station, SchedHeard what, GBytes *payload)
{
    Word *word = g_atomic_rc_box_new0(Word);

    word->hearing = self;
    word->is_alive = g_atomic_rc_box_acquire(self->is_alive);
    word->station = g_strdup(station);
    word->root_id = g_strdup(self->root_id);
    word->what = what;
    word->payload = payload == NULL ? NULL : g_bytes_ref(payload);
    return word;
}

static void
word_clear(gpointer data)
{
    Word *word = data;

    g_free(word->station);
    g_free(word->root_id);
    g_clear_pointer(&word->payload, g_bytes_unref);
    g_free(word->journal);
    g_free(word->alarm);
    g_atomic_rc_box_release(word->is_alive);
}

static void
word_unref(gpointer data)
{
    g_atomic_rc_box_release_full(data, word_clear);
}

/* --- answers -------------------------------------------------------------------------------
 */

static void
answer(SchedHearing *self, ContentRole role, SchedSay what, const ContentDocumentType *type,
       const char *station, gconstpointer document)
{
    const ContentSealKey *key = sched_keys_signer(self->signers, role);
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedDocumentRow) row = sched_sign(key, type, station, 0, document, &error);
    g_autoptr(GBytes) envelope = row == NULL ? NULL : sched_sign_envelope(row);

    if (envelope == NULL)
        self->events->refused(station, error->message, self->user_data);
    else if (self->link != NULL)
        sched_link_say(self->link, station, what, envelope);
}

static void
answer_time(SchedHearing *self, const SchedHeardMessage *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentTimeAsk) ask =
        content_document_read(&content_time_ask_type, g_bytes_get_data(message->payload, NULL),
                              g_bytes_get_size(message->payload), &error);

    if (ask == NULL || strcmp(ask->station, message->station) != 0) {
        self->events->refused(message->station,
                              ask == NULL ? error->message
                                          : "asks the time for another station",
                              self->user_data);
        return;
    }
    answer(self, CONTENT_ROLE_TIME, SCHED_SAY_TIME, &content_time_answer_type, ask->station,
           &(ContentTimeAnswer){ask->station, ask->nonce, content_clock_utc_us(self->clock)});
}

/* --- signed words: in the writer thread -----------------------------------------------------
 */

static gboolean
keep_records(SchedTxn *txn, Word *word, GError **error)
{
    g_autoptr(ContentRecords) batch =
        sched_word_open(txn, &content_records_type, word->station, word->payload, error);
    SchedIngest ingest = {0};

    if (batch == NULL || !sched_store_records_ingest(txn, batch, &ingest, error))
        return FALSE;
    word->journal = g_strdup(batch->journal);
    word->ack_seq = ingest.ack_seq;
    if (ingest.n_alarms > 0 && word->alarm == NULL)
        word->alarm = g_strdup_printf("its journal %s: %s", word->journal, ingest.alarm);
    return sched_store_station_contact(txn, word->station, error);
}

/* What counts manifests: every floor but the root's, which counts keys documents. */
static gint64
highest_floor(const ContentHello *hello, const char *root_id, gint64 *out_keys_version)
{
    gint64 highest = 0;

    *out_keys_version = 0;

    for (guint i = 0; i < hello->floors->len; i++) {
        const ContentFloor *floor = g_ptr_array_index(hello->floors, i);

        if (g_str_equal(floor->key, root_id))
            *out_keys_version = floor->version;
        else
            highest = MAX(highest, floor->version);
    }
    return highest;
}

/* The list of document versions as the store keeps it: [["manifest",1],…] */
static char *
reads_text(const ContentHello *hello)
{
    g_autoptr(GString) text = g_string_new("[");

    for (guint i = 0; i < hello->reads->len; i++) {
        const ContentReads *reads = g_ptr_array_index(hello->reads, i);

        g_string_append_printf(text, "%s[\"%s\",%" G_GINT64_FORMAT "]", i == 0 ? "" : ",",
                               reads->type, reads->v);
    }
    g_string_append_c(text, ']');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
keep_hello(SchedTxn *txn, Word *word, GError **error)
{
    g_autoptr(ContentHello) hello =
        sched_word_open(txn, &content_hello_type, word->station, word->payload, error);
    g_autofree char *reads = NULL;
    SchedStationStateRow row = {0};

    if (hello == NULL)
        return FALSE;
    reads = reads_text(hello);
    row.station = word->station;
    row.boot = hello->boot;
    row.hello_us = sched_txn_at_us(txn);
    row.floor = highest_floor(hello, word->root_id, &word->keys_version);
    row.inventory = hello->inventory == NULL ? (char *) "" : hello->inventory;
    row.reads = reads;
    row.player_version = hello->player_version;
    word->version = hello->manifest_version;
    word->floor = row.floor;
    word->says_version = TRUE;
    word->journal = g_strdup(hello->journal);
    word->ack_seq = sched_store_journal_ack(txn, word->station, hello->journal);
    word->was_acked = hello->acked_seq > 0;
    return sched_store_station_hello(txn, &row, error) &&
           sched_store_station_contact(txn, word->station, error);
}

static gboolean
keep_report(SchedTxn *txn, Word *word, GError **error)
{
    g_autoptr(ContentReport) report =
        content_document_read(&content_report_type, g_bytes_get_data(word->payload, NULL),
                              g_bytes_get_size(word->payload), error);
    g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(g_free);

    if (report == NULL)
        return FALSE;
    if (strcmp(report->station, word->station) != 0) {
        g_set_error(error, SCHED_WORD_ERROR, SCHED_WORD_ERROR_FORGED,
                    "sends the report of another station");
        return FALSE;
    }
    for (guint i = 0; i < report->days->len; i++) {
        const ContentReportDay *said = g_ptr_array_index(report->days, i);
        SchedStationDayRow *day = g_new0(SchedStationDayRow, 1);

        *day = (SchedStationDayRow){.station = word->station,
                                    .date = said->date,
                                    .hash = said->hash,
                                    .applied = said->state == CONTENT_DAY_APPLIED,
                                    .missing_objects = said->missing_objects,
                                    .missing_bytes = said->missing_bytes};
        g_ptr_array_add(days, day); /* strings stay the report's */
    }
    return sched_store_station_report(txn, word->station, report->manifest_version,
                                      report->accepted, report->refusal, days, error) &&
           sched_store_station_contact(txn, word->station, error);
}

static gboolean
keep_word(SchedTxn *txn, gpointer data, GError **error)
{
    Word *word = data;

    switch (word->what) {
    case SCHED_HEARD_HELLO:
        return keep_hello(txn, word, error);
    case SCHED_HEARD_RECORDS:
        return keep_records(txn, word, error);
    case SCHED_HEARD_REPORT:
        return keep_report(txn, word, error);
    case SCHED_HEARD_HEARTBEAT:
    case SCHED_HEARD_TIME:
        break;
    }
    g_return_val_if_reached(FALSE);
}

/* --- and back in the owner's -----------------------------------------------------------------
 */

static void
on_word_kept(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Word *word = user_data;
    SchedHearing *self = word->hearing;
    g_autoptr(GError) error = NULL;
    gboolean is_kept;

    if (!g_atomic_int_get(word->is_alive)) {
        word_unref(word);
        return;
    }
    is_kept = sched_store_write_finish(self->store, result, NULL, &error);
    if (!is_kept)
        self->events->refused(word->station, error->message, self->user_data);
    if (is_kept && word->alarm != NULL)
        self->events->refused(word->station, word->alarm, self->user_data);
    /* Even 0 is said to one that thinks we have more: we were restored, it gives them again. */
    if (is_kept && word->journal != NULL && (word->ack_seq > 0 || word->was_acked))
        answer(self, CONTENT_ROLE_MANIFEST, SCHED_SAY_ACK, &content_ack_type, word->station,
               &(ContentAck){word->station, word->journal, word->ack_seq});
    if (is_kept && word->says_version)
        self->events->holds(word->station, word->version, word->floor, word->keys_version, TRUE,
                            self->user_data);
    word_unref(word);
}

static void
take_word(SchedHearing *self, const SchedHeardMessage *message)
{
    Word *word = word_new(self, message->station, message->what, message->payload);
    g_autofree char *actor = g_strdup_printf("station:%s", message->station);
    const SchedWrite write = {.actor = actor, .at_us = content_clock_utc_us(self->clock)};

    sched_store_write_async(self->store, &write, keep_word, g_atomic_rc_box_acquire(word),
                            word_unref, on_word_kept, word);
}

/* --- heartbeats ------------------------------------------------------------------------------
 */

static gboolean
keep_heartbeats(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_heartbeats_put(txn, data, error);
}

static void
on_gathered(gpointer user_data)
{
    SchedHearing *self = user_data;
    const SchedWrite write = {.actor = "system", .at_us = content_clock_utc_us(self->clock)};
    Word *word = word_new(self, "", SCHED_HEARD_HEARTBEAT, NULL);

    self->gather_alarm = 0;
    sched_store_write_async(self->store, &write, keep_heartbeats,
                            g_steal_pointer(&self->heartbeats),
                            (GDestroyNotify) g_ptr_array_unref, on_word_kept, word);
    self->heartbeats =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_heartbeat_row_free);
}

static SchedHeartbeatRow *
heartbeat_row(const ContentHeartbeat *heartbeat, GBytes *payload, gint64 now_us)
{
    SchedHeartbeatRow *row = g_new0(SchedHeartbeatRow, 1);

    row->station = g_strdup(heartbeat->station);
    row->received_us = now_us;
    row->at_us = heartbeat->at_us;
    row->document = g_strndup(g_bytes_get_data(payload, NULL), g_bytes_get_size(payload));
    row->manifest_version = heartbeat->manifest_version;
    row->days_ready = heartbeat->days_ready;
    row->n_faults = heartbeat->faults->len;
    row->down_from_us = heartbeat->down_from_us;
    row->down_to_us = heartbeat->down_to_us;
    row->down_reason = heartbeat->down_reason;
    row->uptime_us = heartbeat->uptime_s * G_USEC_PER_SEC;
    return row;
}

static void
take_heartbeat(SchedHearing *self, const SchedHeardMessage *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentHeartbeat) heartbeat =
        content_document_read(&content_heartbeat_type, g_bytes_get_data(message->payload, NULL),
                              g_bytes_get_size(message->payload), &error);
    SchedHeartbeatRow *row;

    if (heartbeat == NULL || strcmp(heartbeat->station, message->station) != 0) {
        self->events->refused(message->station,
                              heartbeat == NULL ? error->message
                                                : "sends the heartbeat of another station",
                              self->user_data);
        return;
    }
    row = heartbeat_row(heartbeat, message->payload, content_clock_utc_us(self->clock));
    row->listening_us = self->listening_us;
    g_ptr_array_add(self->heartbeats, row);
    if (self->gather_alarm == 0)
        self->gather_alarm = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + SCHED_HEARING_GATHER_US,
            on_gathered, self);
    self->events->holds(message->station, heartbeat->manifest_version, 0, 0, FALSE,
                        self->user_data);
    self->events->faults(message->station, heartbeat->faults, self->user_data);
}

/* --- the front -------------------------------------------------------------------------------
 */

static gboolean
may_speak(SchedHearing *self, const char *station)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);
    Allowance *allowance = g_hash_table_lookup(self->allowances, station);

    if (allowance == NULL) {
        if (g_hash_table_size(self->allowances) >= MAX_ALLOWANCES)
            g_hash_table_remove_all(self->allowances);
        allowance = g_new0(Allowance, 1);
        allowance->tokens = SCHED_HEARING_BURST;
        allowance->filled_us = now_us;
        g_hash_table_insert(self->allowances, g_strdup(station), allowance);
    }
    allowance->tokens +=
        (double) (now_us - allowance->filled_us) * SCHED_HEARING_PER_SECOND / G_USEC_PER_SEC;
    allowance->tokens = MIN(allowance->tokens, SCHED_HEARING_BURST);
    allowance->filled_us = now_us;
    if (allowance->tokens < 1) {
        allowance->has_lost = TRUE;
        return FALSE;
    }
    /* Not before there is room for what it answers. */
    if (allowance->has_lost && allowance->tokens >= SCHED_HEARING_BURST / 2) {
        allowance->has_lost = FALSE;
        self->events->lost(station, self->user_data);
    }
    allowance->tokens -= 1;
    return TRUE;
}

void
sched_hearing_take(SchedHearing *self, GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        const SchedHeardMessage *message = g_ptr_array_index(messages, i);

        if (!may_speak(self, message->station))
            continue;
        if (message->what == SCHED_HEARD_TIME)
            answer_time(self, message);
        else if (message->what == SCHED_HEARD_HEARTBEAT)
            take_heartbeat(self, message);
        else
            take_word(self, message);
    }
}

void
sched_hearing_listening(SchedHearing *self)
{
    self->listening_us = content_clock_utc_us(self->clock);
}

void
sched_hearing_set_link(SchedHearing *self, SchedLink *link)
{
    self->link = link;
}

SchedHearing *
sched_hearing_new(SchedStore *store, SchedKeys *signers, ContentClock *clock,
                  const SchedHearingEvents *events, gpointer user_data)
{
    SchedHearing *self = g_new0(SchedHearing, 1);

    self->store = store;
    self->signers = signers;
    self->root_id = content_seal_public_key_id(sched_keys_root(signers));
    self->clock = clock;
    self->events = events;
    self->user_data = user_data;
    self->allowances = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->heartbeats =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_heartbeat_row_free);
    self->is_alive = g_atomic_rc_box_new(gboolean);
    *self->is_alive = TRUE;
    return self;
}

void
sched_hearing_free(SchedHearing *self)
{
    if (self == NULL)
        return;
    if (self->gather_alarm != 0) {
        content_clock_cancel(self->clock, self->gather_alarm);
        on_gathered(self);
    }
    g_atomic_int_set(self->is_alive, FALSE);
    g_atomic_rc_box_release(self->is_alive);
    g_hash_table_unref(self->allowances);
    g_ptr_array_unref(self->heartbeats);
    g_free(self->root_id);
    g_free(self);
}
