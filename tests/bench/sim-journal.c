/* sim-journal.c - see sim-journal.h */
#include "tests/bench/sim-journal.h"

#include <string.h>

#include "content/base/id.h"
#include "content/claim.h"

/* A quiet voice, as loudness normalised speech comes out. */
#define LEVEL_MDB (-19000)
#define PEAK_MDB  (-3000)
/* How long before its sound a relay is asked for and read back. */
#define ASKED_US (1200 * G_TIME_SPAN_MILLISECOND)
#define READ_US  (900 * G_TIME_SPAN_MILLISECOND)
/* What the batch itself needs beside its records. */
#define BATCH_FRAME_BYTES 1024

struct SimJournal {
    char *station, *boot, *id;
    gint64 seq, acked;
    char *prev;      /* (owned): hash of the newest record */
    GQueue *waiting; /* (owned) (element-type utf8): records acked + 1 … seq */
    guint next;      /* segment of the plan that is written next */
};

SimJournal *
sim_journal_new(const char *station, const char *boot, gint64 now_us)
{
    SimJournal *self = g_new0(SimJournal, 1);

    self->station = g_strdup(station);
    self->boot = g_strdup(boot);
    self->id = content_id_new(now_us);
    self->prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    self->waiting = g_queue_new();
    return self;
}

void
sim_journal_free(SimJournal *self)
{
    if (self == NULL)
        return;
    g_free(self->station);
    g_free(self->boot);
    g_free(self->id);
    g_free(self->prev);
    g_queue_free_full(self->waiting, g_free);
    g_free(self);
}

const char *
sim_journal_id(SimJournal *self)
{
    return self->id;
}

gint64
sim_journal_seq(SimJournal *self)
{
    return self->seq;
}

gint64
sim_journal_acked(SimJournal *self)
{
    return self->acked;
}

static ContentRecord *
played(SimJournal *self, const ContentSegment *segment)
{
    ContentRecord *record = content_document_new(&content_record_type);

    record->seq = self->seq + 1;
    record->prev = g_strdup(self->prev);
    record->kind = CONTENT_RECORD_PLAYED;
    record->boot = g_strdup(self->boot);
    record->trust = CONTENT_TRUST_SYNCED;
    record->segment = g_strdup(segment->id);
    record->occurrence = g_strdup(segment->occurrence);
    record->item = g_strdup(segment->item);
    record->language = g_strdup(segment->language);
    record->output = g_strdup(segment->output);
    record->zone = g_strdup(g_ptr_array_index(segment->zones, 0));
    record->object = g_strdup(segment->object);
    record->planned_start_us = record->actual_start_us = segment->start_us;
    record->planned_end_us = record->actual_end_us = segment->start_us + segment->duration_us;
    record->relay_asked_us = segment->start_us - ASKED_US;
    record->relay_read_us = segment->start_us - READ_US;
    record->relay = CONTENT_RELAY_CLOSED;
    record->level_mdb = LEVEL_MDB;
    record->peak_mdb = PEAK_MDB;
    return record;
}

static gboolean
append(SimJournal *self, const ContentRecord *record, GError **error)
{
    g_autoptr(GBytes) bytes = content_document_write(&content_record_type, record, error);

    if (bytes == NULL)
        return FALSE;
    g_free(self->prev);
    self->prev = content_sha256_hex(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_queue_push_tail(self->waiting,
                      g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    self->seq++;
    return TRUE;
}

gboolean
sim_journal_played(SimJournal *self, const ContentDayPlan *plan, const char *hash,
                   gint64 manifest_version, guint n_records, gint64 now_us, GError **error)
{
    for (guint i = 0; i < n_records; i++) {
        g_autoptr(ContentRecord) record =
            played(self, g_ptr_array_index(plan->segments, self->next % plan->segments->len));

        record->dayplan = g_strdup(hash);
        record->manifest_version = manifest_version;
        record->at_us = now_us;
        record->monotonic_us = g_get_monotonic_time();
        if (!append(self, record, error))
            return FALSE;
        self->next++;
    }
    return TRUE;
}

GBytes *
sim_journal_batch(SimJournal *self, const ContentSealKey *seal, GError **error)
{
    g_autoptr(ContentRecords) batch = content_document_new(&content_records_type);
    g_autofree char *comment = content_claim_comment("records", self->station, 0);
    g_autofree char *signature = NULL;
    g_autoptr(GBytes) bytes = NULL;
    gsize n_bytes = BATCH_FRAME_BYTES;

    if (g_queue_is_empty(self->waiting))
        return NULL;
    batch->station = g_strdup(self->station);
    batch->journal = g_strdup(self->id);
    batch->first_seq = self->acked + 1;
    for (GList *at = self->waiting->head; at != NULL; at = at->next) {
        g_autofree char *escaped = g_strescape(at->data, NULL);

        n_bytes += strlen(escaped) + 3;
        if (n_bytes > CONTENT_RECORDS_MAX_BYTES ||
            batch->records->len >= CONTENT_RECORDS_MAX_COUNT)
            break;
        g_ptr_array_add(batch->records, g_strdup(at->data));
    }
    bytes = content_document_write(&content_records_type, batch, error);
    if (bytes == NULL)
        return NULL;
    signature = content_seal_sign(seal, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                  comment);
    return content_seal_wrap(signature, bytes);
}

void
sim_journal_acknowledge(SimJournal *self, const char *journal, gint64 seq)
{
    if (strcmp(journal, self->id) != 0)
        return;
    while (self->acked < MIN(seq, self->seq)) {
        g_free(g_queue_pop_head(self->waiting));
        self->acked++;
    }
}
