/* records.c - batches taken exactly once; see records.h */
#include "scheduler/store/records.h"

#include "content/base/id.h"
#include "content/manifest.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/local-alerts.h"
#include "scheduler/store/relay-tests.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
const char *const sched_alarm_kind_words[] = {
    "gap", "fork", "chain", "two_journals", "unreadable", NULL,
};

#define COLUMNS \
    "station, journal, seq, raw, hash, received_us, unreadable, kind, at_us, trust, " \
    "manifest_version, dayplan, segment, occurrence, item, language, output, zone, object, " \
    "planned_start_us, planned_end_us, actual_start_us, actual_end_us, position_us, relay, " \
    "relay_read_us, level_mdb, silent_us, journal_late, reason, detail"
static const char sql_add[] =
    "INSERT INTO records (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
    "$12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, "
    "$30, $31)";
static const char sql_hash[] =
    "SELECT hash FROM records WHERE station = $1 AND journal = $2 AND seq = $3";
static const char sql_has[] =
    "SELECT 1 FROM records WHERE station = $1 AND journal = $2 AND seq = $3";
static const char sql_raw[] =
    "SELECT raw FROM records WHERE station = $1 AND journal = $2 AND seq = $3";
static const char sql_list[] =
    "SELECT " COLUMNS " FROM records WHERE ($1 IS NULL OR station = $1) AND at_us >= $2 "
    "AND at_us < $3 ORDER BY at_us DESC, station, journal, seq DESC LIMIT $4";
static const char sql_add_journal[] =
    "INSERT INTO journals (station, journal, acked_seq, highest_seq, first_us, last_us) "
    "VALUES ($1, $2, 0, 0, $3, $3) ON CONFLICT (station, journal) DO NOTHING";
static const char sql_acked[] =
    "SELECT acked_seq FROM journals WHERE station = $1 AND journal = $2";
static const char sql_highest[] =
    "SELECT highest_seq FROM journals WHERE station = $1 AND journal = $2";
static const char sql_move_journal[] =
    "UPDATE journals SET acked_seq = $3, highest_seq = $4, last_us = $5 "
    "WHERE station = $1 AND journal = $2";
static const char sql_has_newer_journal[] =
    "SELECT 1 FROM journals AS j JOIN journals AS k ON k.station = j.station "
    "WHERE j.station = $1 AND j.journal = $2 AND k.journal <> j.journal "
    "AND k.first_us > j.first_us LIMIT 1";
static const char sql_add_fork[] =
    "INSERT INTO record_forks (station, journal, seq, hash, raw, received_us) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (station, journal, seq, hash) DO NOTHING";
static const char sql_add_alarm[] =
    "INSERT INTO alarms (station, journal, seq, kind, at_us, cleared_us, words) "
    "VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (station, journal, seq, kind) DO NOTHING";
static const char sql_clear_gaps[] =
    "UPDATE alarms SET cleared_us = $4 WHERE station = $1 AND journal = $2 AND kind = 'gap' "
    "AND cleared_us = 0 AND seq <= $3 AND EXISTS (SELECT 1 FROM records AS r "
    "WHERE r.station = $1 AND r.journal = $2 AND r.seq = alarms.seq)";
static const char sql_tell_loss[] =
    "UPDATE alarms SET words = $4 WHERE station = $1 AND journal = $2 AND kind = 'gap' "
    "AND seq = $3";
static const char sql_alarms[] =
    "SELECT station, journal, seq, kind, at_us, cleared_us, words FROM alarms "
    "WHERE $1 IS NULL OR station = $1 "
    "ORDER BY CASE cleared_us WHEN 0 THEN 0 ELSE 1 END, at_us DESC, station, journal, seq "
    "LIMIT 500";
static const char sql_add_down[] =
    "INSERT INTO down_spans (station, from_us, to_us, reason) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (station, from_us) DO UPDATE SET to_us = excluded.to_us, "
    "reason = excluded.reason WHERE excluded.to_us > down_spans.to_us";

#define AT(member) G_STRUCT_OFFSET(SchedRecordRow, member)
static const SchedSqlColumn record_columns[] = {
    { "station",          SCHED_SQL_TEXT,  AT(station)          },
    { "journal",          SCHED_SQL_TEXT,  AT(journal)          },
    { "seq",              SCHED_SQL_INT,   AT(seq)              },
    { "raw",              SCHED_SQL_TEXT,  AT(raw)              },
    { "hash",             SCHED_SQL_TEXT,  AT(hash)             },
    { "received_us",      SCHED_SQL_INT,   AT(received_us)      },
    { "unreadable",       SCHED_SQL_BOOL,  AT(unreadable)       },
    { "kind",             SCHED_SQL_WORD,  AT(kind), content_record_kind_words },
    { "at_us",            SCHED_SQL_INT,   AT(at_us)            },
    { "trust",            SCHED_SQL_WORD,  AT(trust), content_trust_words },
    { "manifest_version", SCHED_SQL_INT,   AT(manifest_version) },
    { "dayplan",          SCHED_SQL_TEXT,  AT(dayplan)          },
    { "segment",          SCHED_SQL_TEXT,  AT(segment)          },
    { "occurrence",       SCHED_SQL_TEXT,  AT(occurrence)       },
    { "item",             SCHED_SQL_TEXT,  AT(item)             },
    { "language",         SCHED_SQL_TEXT,  AT(language)         },
    { "output",           SCHED_SQL_TEXT,  AT(output)           },
    { "zone",             SCHED_SQL_TEXT,  AT(zone)             },
    { "object",           SCHED_SQL_TEXT,  AT(object)           },
    { "planned_start_us", SCHED_SQL_INT,   AT(planned_start_us) },
    { "planned_end_us",   SCHED_SQL_INT,   AT(planned_end_us)   },
    { "actual_start_us",  SCHED_SQL_INT,   AT(actual_start_us)  },
    { "actual_end_us",    SCHED_SQL_INT,   AT(actual_end_us)    },
    { "position_us",      SCHED_SQL_INT,   AT(position_us)      },
    { "relay",            SCHED_SQL_WORD,  AT(relay), content_relay_words },
    { "relay_read_us",    SCHED_SQL_INT,   AT(relay_read_us)    },
    { "level_mdb",        SCHED_SQL_LEVEL, AT(level_mdb)        },
    { "silent_us",        SCHED_SQL_INT,   AT(silent_us)        },
    { "journal_late",     SCHED_SQL_BOOL,  AT(journal_late)     },
    { "reason",           SCHED_SQL_WORD,  AT(reason), content_reason_words },
    { "detail",           SCHED_SQL_TEXT,  AT(detail)           },
    { NULL },
};
#undef AT
#define AT(member) G_STRUCT_OFFSET(SchedAlarmRow, member)
static const SchedSqlColumn alarm_columns[] = {
    { "station",    SCHED_SQL_TEXT, AT(station)    },
    { "journal",    SCHED_SQL_TEXT, AT(journal)    },
    { "seq",        SCHED_SQL_INT,  AT(seq)        },
    { "kind",       SCHED_SQL_WORD, AT(kind), sched_alarm_kind_words },
    { "at_us",      SCHED_SQL_INT,  AT(at_us)      },
    { "cleared_us", SCHED_SQL_INT,  AT(cleared_us) },
    { "words",      SCHED_SQL_TEXT, AT(words)      },
    { NULL },
};
/* clang-format on */
static const SchedSqlShape record_shape = {sizeof(SchedRecordRow), record_columns,
                                           (GDestroyNotify) sched_record_row_free};
static const SchedSqlShape alarm_shape = {sizeof(SchedAlarmRow), alarm_columns,
                                          (GDestroyNotify) sched_alarm_row_free};
SCHED_SQL_DEFINE_FREE(SchedRecordRow, sched_record_row, record_shape)
SCHED_SQL_DEFINE_FREE(SchedAlarmRow, sched_alarm_row, alarm_shape)

/* One batch on its way in. */
typedef struct {
    SchedTxn *txn;
    const char *station;
    const char *journal;
    gint64 highest;
    GHashTable *alerts; /* (element-type utf8): set of alerts that new records tell of */
    SchedIngest *result;
} Ingest;

static gboolean
raise_alarm(Ingest *in, SchedAlarmKind kind, gint64 seq, const char *words, GError **error)
{
    if (!sched_sql_run(in->txn, sql_add_alarm, error, "ttitit", in->station, in->journal, seq,
                       sched_alarm_kind_words[kind], sched_txn_at_us(in->txn), words))
        return FALSE;
    if (sched_sql_changes(in->txn) > 0 && in->result->n_alarms++ == 0)
        g_strlcpy(in->result->alarm, words, sizeof in->result->alarm);
    return TRUE;
}

/* Returns: (transfer full) (nullable): what a query may look for: "relay_unconfirmed came_back"
 */
static char *
codes_of(const ContentRecord *record)
{
    GString *codes = g_string_new(NULL);

    for (guint i = 0; i < record->details->len; i++)
        g_string_append_printf(codes, "%s%s", i == 0 ? "" : " ",
                               ((const ContentRemark *) record->details->pdata[i])->code);
    return g_string_free(codes, codes->len == 0);
}

/* The members that have a column; the strings stay the record's, and the codes the caller's. */
static void
fill_row(SchedRecordRow *row, const ContentRecord *r, char *detail)
{
    row->kind = r->kind;
    row->at_us = r->at_us;
    row->trust = r->trust;
    row->manifest_version = r->manifest_version;
    row->dayplan = r->dayplan;
    row->segment = r->segment;
    row->occurrence = r->occurrence;
    row->item = r->item;
    row->language = r->language;
    row->output = r->output;
    row->zone = r->zone;
    row->object = r->object;
    row->planned_start_us = r->planned_start_us;
    row->planned_end_us = r->planned_end_us;
    row->actual_start_us = r->actual_start_us;
    row->actual_end_us = r->actual_end_us;
    row->position_us = r->position_us;
    row->relay = r->relay;
    row->relay_read_us = r->relay_read_us;
    row->level_mdb = r->level_mdb;
    row->silent_us = r->silent_us;
    row->journal_late = r->journal_late;
    row->reason = r->reason;
    row->detail = detail;
}

/* Chain ---------------------------------------------------------------------------------------
 */

/* (nullable): of the record before @seq, if we have it */
static char *
hash_before(Ingest *in, gint64 seq)
{
    g_autoptr(GPtrArray) found = NULL;

    if (seq == 1)
        return g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    found = sched_sql_texts(in->txn, sql_hash, NULL, "tti", in->station, in->journal, seq - 1);
    return found == NULL || found->len == 0 ? NULL : g_ptr_array_steal_index(found, 0);
}

static gboolean
check_link(Ingest *in, gint64 seq, const char *prev, const char *before, GError **error)
{
    if (before == NULL || g_strcmp0(prev, before) == 0)
        return TRUE;
    return raise_alarm(in, SCHED_ALARM_CHAIN, seq,
                       "it names another record as the one before it", error);
}

/* A record that fills a gap is followed by one we have already: does that one name it? */
static gboolean
check_next(Ingest *in, gint64 seq, const char *hash, GError **error)
{
    g_autoptr(ContentRecord) next = NULL;
    g_autoptr(GPtrArray) raw = NULL;
    const char *text;

    if (seq >= in->highest)
        return TRUE;
    raw = sched_sql_texts(in->txn, sql_raw, error, "tti", in->station, in->journal, seq + 1);
    if (raw == NULL)
        return FALSE;
    if (raw->len == 0)
        return TRUE;
    text = g_ptr_array_index(raw, 0);
    next = content_document_read(&content_record_type, text, strlen(text), NULL);
    return next == NULL || check_link(in, seq + 1, next->prev, hash, error);
}

/* Records -------------------------------------------------------------------------------------
 */

static gboolean
add_down_span(Ingest *in, const ContentRecord *record, GError **error)
{
    if (record->kind != CONTENT_RECORD_BOOT || record->planned_start_us <= 0 ||
        record->planned_end_us <= record->planned_start_us)
        return TRUE;
    return sched_sql_run(in->txn, sql_add_down, error, "tiit", in->station,
                         record->planned_start_us, record->planned_end_us,
                         content_reason_words[record->reason]);
}

/* What follows from them is looked at once, when all of the batch is there. */
static gboolean
note_alert(Ingest *in, const ContentRecord *record, GError **error)
{
    if (record->occurrence != NULL && record->kind >= CONTENT_RECORD_ALERT_TAKEN)
        g_hash_table_add(in->alerts, g_strdup(record->occurrence));
    return sched_store_local_alert_note(in->txn, in->station, record, error);
}

static gboolean
settle_alerts(Ingest *in, GError **error)
{
    GHashTableIter iter;
    gpointer alert;

    g_hash_table_iter_init(&iter, in->alerts);
    while (g_hash_table_iter_next(&iter, &alert, NULL)) {
        if (!sched_store_local_alert_settle(in->txn, in->station, alert, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_readable(Ingest *in, SchedRecordRow *row, const ContentRecord *record, GError **error)
{
    g_autofree char *before = hash_before(in, row->seq);
    g_autofree char *codes = codes_of(record);

    fill_row(row, record, codes);
    return sched_sql_run_row(in->txn, sql_add, &record_shape, row, error) &&
           check_link(in, row->seq, record->prev, before, error) &&
           add_down_span(in, record, error) && note_alert(in, record, error) &&
           sched_store_relay_test_take(in->txn, in->station, record, error);
}

static gboolean
add_unreadable(Ingest *in, SchedRecordRow *row, const char *why, GError **error)
{
    row->unreadable = TRUE;
    row->at_us = row->received_us;
    row->level_mdb = G_MININT64;
    in->result->n_unreadable++;
    return sched_sql_run_row(in->txn, sql_add, &record_shape, row, error) &&
           raise_alarm(in, SCHED_ALARM_UNREADABLE, row->seq, why, error);
}

static gboolean
add_new(Ingest *in, gint64 seq, const char *raw, char *hash, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(ContentRecord) record =
        content_document_read(&content_record_type, raw, strlen(raw), &why);
    SchedRecordRow row = {.station = (char *) in->station,
                          .journal = (char *) in->journal,
                          .seq = seq,
                          .raw = (char *) raw,
                          .hash = hash,
                          .received_us = sched_txn_at_us(in->txn)};
    gboolean ok;

    if (record == NULL)
        ok = add_unreadable(in, &row, why->message, error);
    else if (record->seq != seq)
        ok = add_unreadable(in, &row, "it has another number than its place in the journal",
                            error);
    else
        ok = add_readable(in, &row, record, error);
    if (!ok || !check_next(in, seq, hash, error))
        return FALSE;
    in->result->n_new++;
    in->highest = MAX(in->highest, seq);
    return TRUE;
}

static gboolean
take_record(Ingest *in, gint64 seq, const char *raw, GError **error)
{
    g_autofree char *hash = content_sha256_hex(raw, strlen(raw));
    g_autoptr(GPtrArray) present =
        sched_sql_texts(in->txn, sql_hash, error, "tti", in->station, in->journal, seq);

    if (present == NULL)
        return FALSE;
    if (present->len == 0)
        return add_new(in, seq, raw, hash, error);
    if (g_str_equal(g_ptr_array_index(present, 0), hash))
        return TRUE;
    return sched_sql_run(in->txn, sql_add_fork, error, "ttitti", in->station, in->journal, seq,
                         hash, raw, sched_txn_at_us(in->txn)) &&
           raise_alarm(in, SCHED_ALARM_FORK, seq,
                       "the same number came with another content: a copied device?", error);
}

/* Journals ------------------------------------------------------------------------------------
 */

static gint64
find_contiguous(Ingest *in, gint64 acked)
{
    while (acked < in->highest &&
           sched_sql_is(in->txn, sql_has, "tti", in->station, in->journal, acked + 1))
        acked++;
    return acked;
}

/*
 * We were restored from a backup, and the station keeps nothing as old as what comes next: to
 * wait for it would be for ever. The alarm stays.
 */
static gboolean
skip_loss(Ingest *in, const ContentRecords *batch, gint64 *acked, GError **error)
{
    gint64 last = batch->first_seq - 1;
    g_autofree char *words = NULL;

    if (!batch->oldest || batch->records->len == 0 || last <= *acked)
        return TRUE;
    words = g_strdup_printf("records %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                            " are lost: the station does not have them any more",
                            *acked + 1, last);
    if (!raise_alarm(in, SCHED_ALARM_GAP, *acked + 1, words, error) ||
        !sched_sql_run(in->txn, sql_tell_loss, error, "ttit", in->station, in->journal,
                       *acked + 1, words))
        return FALSE;
    *acked = last;
    return TRUE;
}

static gboolean
judge_journal(Ingest *in, gint64 acked, GError **error)
{
    if (!sched_sql_run(in->txn, sql_clear_gaps, error, "ttii", in->station, in->journal, acked,
                       sched_txn_at_us(in->txn)))
        return FALSE;
    if (acked < in->highest &&
        !raise_alarm(in, SCHED_ALARM_GAP, acked + 1, "records are missing from here on", error))
        return FALSE;
    if (in->result->n_new == 0 ||
        !sched_sql_is(in->txn, sql_has_newer_journal, "tt", in->station, in->journal))
        return TRUE;
    return raise_alarm(in, SCHED_ALARM_TWO_JOURNALS, 0,
                       "this journal goes on although a newer one was begun: a copied device?",
                       error);
}

static gboolean
check_batch(const ContentRecords *batch, GError **error)
{
    if (!sched_check_id("journal", batch->journal, error) ||
        !sched_check_count("records", batch->records->len, CONTENT_RECORDS_MAX_COUNT, error))
        return FALSE;
    if (batch->first_seq >= 1 && batch->first_seq <= CONTENT_VERSION_MAX)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                        "first_seq: records count from 1");
    return FALSE;
}

gboolean
sched_store_records_ingest(SchedTxn *txn, const ContentRecords *batch, SchedIngest *out_ingest,
                           GError **error)
{
    SchedIngest result = {0};
    g_autoptr(GHashTable) alerts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Ingest in = {txn, batch->station, batch->journal, 0, alerts, &result};
    gint64 acked = 0;

    if (!check_batch(batch, error) || !sched_store_station_contact(txn, in.station, error) ||
        !sched_sql_run(txn, sql_add_journal, error, "tti", in.station, in.journal,
                       sched_txn_at_us(txn)) ||
        !sched_sql_int(txn, sql_highest, &in.highest, error, "tt", in.station, in.journal) ||
        !sched_sql_int(txn, sql_acked, &acked, error, "tt", in.station, in.journal))
        return FALSE;
    for (guint i = 0; i < batch->records->len; i++) {
        if (!take_record(&in, batch->first_seq + i, g_ptr_array_index(batch->records, i),
                         error))
            return FALSE;
    }
    if (!settle_alerts(&in, error) || !skip_loss(&in, batch, &acked, error))
        return FALSE;
    result.ack_seq = find_contiguous(&in, acked);
    if (!judge_journal(&in, result.ack_seq, error) ||
        !sched_sql_run(txn, sql_move_journal, error, "ttiii", in.station, in.journal,
                       result.ack_seq, in.highest, sched_txn_at_us(txn)))
        return FALSE;
    *out_ingest = result;
    return TRUE;
}

gint64
sched_store_journal_ack(SchedTxn *txn, const char *station, const char *journal)
{
    gint64 acked = 0;

    return sched_sql_int(txn, sql_acked, &acked, NULL, "tt", station, journal) ? acked : 0;
}

GPtrArray *
sched_store_record_list(SchedTxn *txn, const char *station, gint64 from_us, gint64 to_us,
                        gint64 limit, GError **error)
{
    return sched_sql_list(txn, sql_list, &record_shape, error, "tiii", station, from_us, to_us,
                          CLAMP(limit, 1, 10000));
}

GPtrArray *
sched_store_alarm_list(SchedTxn *txn, const char *station, GError **error)
{
    return sched_sql_list(txn, sql_alarms, &alarm_shape, error, "t", station);
}
