/*
 * record.h - something that happened at a station: numbered, chained, never lost.
 *
 * Flow: player/report writes them to its journal and sends batches -> scheduler stores and
 * acknowledges. Pure.
 */
#pragma once

#include "content/document.h"
#include "content/kinds.h"
#include "content/remark.h"

#define CONTENT_RECORDS_MAX_BYTES 65536
#define CONTENT_RECORDS_MAX_COUNT 200
/* What is told besides of one event: why, and what came of it. */
#define CONTENT_RECORD_MAX_DETAILS 4
/* Stretches of one segment in one zone that are told apart; more are joined. */
#define CONTENT_RECORD_MAX_PARTS 8
/* The hash before the first record of a journal. */
#define CONTENT_RECORD_NO_PREVIOUS                                                             \
    "0000000000000000000000000000000000000000000000000000000000000000"

typedef enum {
    CONTENT_RECORD_BOOT,    /* the player started; planned_*: since when it had been down; or
                             * its page did, see its details */
    CONTENT_RECORD_STARTED, /* committed at warm-up, before the first sample */
    CONTENT_RECORD_PLAYED,  /* a segment in a zone ended: evidence in the members */
    CONTENT_RECORD_PART,    /* the player ended within it: evidence up to then. If it is back
                             * in time, it joins; the final record has all parts */
    CONTENT_RECORD_MISSED,  /* a segment in a zone did not sound: reason */
    CONTENT_RECORD_FAULT,   /* a fault began: details */
    CONTENT_RECORD_CLEARED, /* a fault ended */
    CONTENT_RECORD_TEST,    /* a technician's relay test */
    CONTENT_RECORD_REFUSED, /* a document or object was refused: details say why */
    CONTENT_RECORD_CLOCK,   /* the clock was stepped or its trust changed */
    CONTENT_RECORD_ALERT_TAKEN, /* an alert was verified and concerns this zone; reason and
                                 * details: why it waits or will not sound */
    CONTENT_RECORD_ALERT_ENDED, /* the alert is over in this zone: evidence as of a segment;
                                 * reason: none if it sounded to its end */
    CONTENT_RECORD_ALERT_STARTED_LOCALLY, /* somebody here ordered an alert under a grant:
                                           * planned_*: its dates; details: who */
    CONTENT_RECORD_ALERT_STOPPED_LOCALLY, /* somebody here ordered silence; occurrence: which
                                           * alert, none: all of them */
    CONTENT_RECORD_SPEECH_KEPT, /* what was said into the station's own microphone: occurrence:
                                 * at which alert; object: the file, actual_*: when; without
                                 * one nothing was kept, and details say why */
} ContentRecordKind;
extern const char *const content_record_kind_words[];

/* One stretch of a segment that a zone heard without a break. */
typedef struct {
    gint64 from_us, to_us; /* UTC, of the samples at the PCM */
    gboolean at_least;     /* it was heard until to_us; how much longer is not known */
    gint64 position_us;    /* in the object, at from_us */
    gint relay;            /* ContentRelay as read for it */
    gint64 relay_asked_us, relay_read_us;
    gint64 level_mdb, peak_mdb; /* absent: G_MININT64 */
    gint64 silent_us;           /* of to_us - from_us: invented, or between joined stretches */
} ContentPart;
extern const ContentShape content_part_shape;

/** content_part_copy: Returns: (transfer full) */
ContentPart *content_part_copy(const ContentPart *part);

/* Evidence for one segment and zone, or one event. Absent times are 0. */
typedef struct {
    gint64 seq;   /* from 1, without gaps, within a journal */
    char *prev;   /* (owned): hash of the record before */
    gint kind;    /* ContentRecordKind */
    char *boot;   /* (owned): kernel's boot id without hyphens, 32 hex digits */
    gint64 at_us; /* UTC by the station's clock */
    gint64 monotonic_us;
    gint trust;              /* ContentTrust of at_us */
    gint64 manifest_version; /* in force; 0: none */
    char *dayplan;           /* (owned) (nullable): hash */
    char *segment;           /* (owned) (nullable) */
    char *occurrence;        /* (owned) (nullable) */
    char *item;              /* (owned) (nullable) */
    char *language;          /* (owned) (nullable) */
    char *output;            /* (owned) (nullable) */
    char *zone;              /* (owned) (nullable) */
    char *object;            /* (owned) (nullable) */
    gint64 planned_start_us, planned_end_us;
    gint64 actual_start_us, actual_end_us; /* of the samples at the PCM */
    gint64 position_us;    /* in the object at which it began: > 0 after a late join */
    gint64 relay_asked_us; /* when the lease was asked for */
    gint64 relay_read_us;  /* when the relay was read back */
    gint relay;            /* ContentRelay read then */
    gint64 level_mdb;      /* RMS handed to the PCM, 1/1000 dBFS; absent: G_MININT64 */
    gint64 peak_mdb;       /* sample peak; absent: G_MININT64 */
    gint64 silent_us;      /* invented silence within the segment: late source, xrun */
    gboolean journal_late; /* the disk had not answered when the segment began */
    gint reason;           /* ContentReason */
    GPtrArray *details;    /* (owned) (element-type ContentRemark): the first says why */
    GPtrArray *parts;      /* (owned) (element-type ContentPart): by from_us; empty: the members
                            * above are the only part, and its end is known */
} ContentRecord;
extern const ContentDocumentType content_record_type;
void content_record_free(ContentRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentRecord, content_record_free)

/**
 * content_record_parts:
 *
 * Returns: (transfer full) (element-type ContentPart): what was heard, by from_us: its parts,
 *   or the one that the record itself tells of; empty: nothing was heard
 */
GPtrArray *content_record_parts(const ContentRecord *record);

/** content_record_tell: one detail more; what is over CONTENT_RECORD_MAX_DETAILS is left out.
 * @detail: (transfer full) (nullable) */
void content_record_tell(ContentRecord *record, ContentRemark *detail);

/* A batch on its way; each record is a string holding its exact bytes, as hashed. */
typedef struct {
    char *station; /* (owned) */
    char *journal; /* (owned): random, made with the journal file */
    gint64 first_seq;
    gboolean oldest;    /* nothing older is kept: what the district lacks before it is lost */
    GPtrArray *records; /* (owned) (element-type utf8) */
} ContentRecords;
extern const ContentDocumentType content_records_type;
void content_records_free(ContentRecords *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentRecords, content_records_free)

/* District to station: everything up to and with `seq` is on the district's disk. */
typedef struct {
    char *station; /* (owned) */
    char *journal; /* (owned) */
    gint64 seq;
} ContentAck;
extern const ContentDocumentType content_ack_type;
void content_ack_free(ContentAck *ack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentAck, content_ack_free)
