/*
 * records.h - what happened at the stations: taken exactly once, acknowledged only from disk.
 *
 * Flow: publish/ verifies a batch -> here -> acknowledgement; report/ reads them.
 */
#pragma once

#include "content/record.h"
#include "scheduler/store/db.h"

/* What became of a batch. */
typedef struct {
    gint64 ack_seq; /* highest seq up to which nothing is missing: what may be acknowledged */
    gint64 n_new;   /* records not known before */
    gint64 n_unreadable; /* of those, kept raw only */
    gint64 n_alarms;     /* new alarms raised by this batch */
    char alarm[120];     /* words of the first of them; "" */
} SchedIngest;

typedef enum {
    SCHED_ALARM_GAP,          /* records are missing between what we have and what came; its
                                 words say when they will not come any more */
    SCHED_ALARM_FORK,         /* one number with two contents: a cloned or restored device */
    SCHED_ALARM_CHAIN,        /* a record does not name the one before it */
    SCHED_ALARM_TWO_JOURNALS, /* an older journal goes on beside a newer one */
    SCHED_ALARM_UNREADABLE,   /* a record that does not parse */
} SchedAlarmKind;
extern const char *const sched_alarm_kind_words[];

typedef struct {
    char *station; /* (owned) */
    char *journal; /* (owned) */
    gint64 seq;
    gint kind; /* SchedAlarmKind */
    gint64 at_us;
    gint64 cleared_us; /* 0: stands; a gap that was filled is cleared by the store */
    char *words;       /* (owned) */
} SchedAlarmRow;
void sched_alarm_row_free(SchedAlarmRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAlarmRow, sched_alarm_row_free)

/* One record as kept: the parsed columns, and the bytes they were parsed from. */
typedef struct {
    char *station; /* (owned) */
    char *journal; /* (owned) */
    gint64 seq;
    char *raw;  /* (owned): exactly as it came */
    char *hash; /* (owned): SHA-256 of raw */
    gint64 received_us;
    gboolean unreadable; /* then nothing below is set */
    gint kind;           /* ContentRecordKind */
    gint64 at_us;
    gint trust; /* ContentTrust */
    gint64 manifest_version;
    char *dayplan, *segment, *occurrence, *item, *language, *output, *zone,
        *object; /* (owned) (nullable) */
    gint64 planned_start_us, planned_end_us, actual_start_us, actual_end_us, position_us;
    gint relay; /* ContentRelay */
    gint64 relay_read_us;
    gint64 level_mdb; /* absent: G_MININT64 */
    gint64 silent_us;
    gboolean journal_late;
    gint reason;  /* ContentReason */
    char *detail; /* (owned) (nullable): codes of its details; the rest of them is in raw */
} SchedRecordRow;
void sched_record_row_free(SchedRecordRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedRecordRow, sched_record_row_free)

/**
 * sched_store_records_ingest:
 * @batch: of a verified message; its station is who signed it
 *
 * Idempotent: a batch that comes again changes nothing. Where the station says that it keeps
 * nothing older, what is missing before it is lost: an alarm that stands, and no wait. Never
 * fails because of what is IN a record: that is kept raw, flagged and acknowledged.
 */
gboolean sched_store_records_ingest(SchedTxn *txn, const ContentRecords *batch,
                                    SchedIngest *out_ingest, GError **error);

/** sched_store_journal_ack: Returns: what may be acknowledged of the journal; 0: nothing yet */
gint64 sched_store_journal_ack(SchedTxn *txn, const char *station, const char *journal);

/**
 * sched_store_record_list:
 * @station: (nullable): NULL: of all
 * @from_us: @to_us: by `at_us`, inclusive and exclusive
 * @limit: 1 … 10000
 *
 * Returns: (element-type SchedRecordRow): newest first
 */
GPtrArray *sched_store_record_list(SchedTxn *txn, const char *station, gint64 from_us,
                                   gint64 to_us, gint64 limit, GError **error);

/** sched_store_alarm_list: @station: (nullable); standing ones first, then newest first, ≤ 500
 */
GPtrArray *sched_store_alarm_list(SchedTxn *txn, const char *station, GError **error);
