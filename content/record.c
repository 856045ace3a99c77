/* record.c - the tables of records, their batches and acknowledgements. See record.h. Pure. */
#include "content/record.h"

#include "content/document-rows.h"
#include "content/manifest.h"
#include "content/plan.h"

#define RECORD_MAX_BYTES 4096
#define ACK_MAX_BYTES    1024
#define ABSENT_LEVEL     G_MININT64

/* clang-format off */
const char *const content_record_kind_words[] = {
    "boot", "started", "played", "missed", "fault", "cleared", "test", "refused", "clock", NULL,
};

static const ContentMember content_record_members[] = {
    ROW_OPTIONAL_UTC(ContentRecord, actual_end_us, "When the last sample left."),
    ROW_OPTIONAL_UTC(ContentRecord, actual_start_us, "When the first sample left."),
    ROW_UTC(ContentRecord, at_us, "When it was written, by the station's clock."),
    ROW_HEX(ContentRecord, boot, 32, "Kernel's boot id without hyphens."),
    ROW_OPTIONAL_WORD(ContentRecord, dayplan, HASH, "Hash of the day plan."),
    ROW_OPTIONAL_TEXT(ContentRecord, detail, 1, CONTENT_RECORD_DETAIL_MAX_BYTES, "In words."),
    ROW_OPTIONAL_WORD(ContentRecord, item, ID, "Playlist item."),
    ROW_OPTIONAL_BOOL(ContentRecord, journal_late, "The disk had not answered when the segment began."),
    ROW_ENUM(ContentRecord, kind, content_record_kind_words, "What happened."),
    ROW_OPTIONAL_WORD(ContentRecord, language, LANGUAGE, "Language."),
    ROW_OPTIONAL_INT(ContentRecord, level_mdb, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, ABSENT_LEVEL, "1/1000 dBFS", "RMS handed to the sound card."),
    ROW_OPTIONAL_INT(ContentRecord, manifest_version, 0, CONTENT_VERSION_MAX, 0, "", "In force; absent: none."),
    ROW_INT(ContentRecord, monotonic_us, 0, CONTENT_US_MAX, "µs monotonic", "When it was written, since boot."),
    ROW_OPTIONAL_WORD(ContentRecord, object, HASH, "SHA-256 of the audio."),
    ROW_OPTIONAL_WORD(ContentRecord, occurrence, ID, "The slot on its date."),
    ROW_OPTIONAL_WORD(ContentRecord, output, ID, "Output."),
    ROW_OPTIONAL_INT(ContentRecord, peak_mdb, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, ABSENT_LEVEL, "1/1000 dBFS", "Sample peak handed to the sound card."),
    ROW_OPTIONAL_UTC(ContentRecord, planned_end_us, "End by the plan; of a boot: when the player was up again."),
    ROW_OPTIONAL_UTC(ContentRecord, planned_start_us, "Start by the plan; of a boot: since when it had been down."),
    ROW_OPTIONAL_INT(ContentRecord, position_us, 0, CONTENT_PLAN_MAX_SEGMENT_US, 0, "µs", "In the audio, where it began."),
    ROW_WORD(ContentRecord, prev, HASH, "Hash of the record before; 64 zeros for the first."),
    ROW_OPTIONAL_ENUM(ContentRecord, reason, content_reason_words, "Why it was not as planned; absent: `none`."),
    ROW_OPTIONAL_ENUM(ContentRecord, relay, content_relay_words, "Read then; absent: `unknown`."),
    ROW_OPTIONAL_UTC(ContentRecord, relay_asked_us, "When the lease was asked for."),
    ROW_OPTIONAL_UTC(ContentRecord, relay_read_us, "When the relay was read back."),
    ROW_OPTIONAL_WORD(ContentRecord, segment, SEGMENT, "Segment id."),
    ROW_INT(ContentRecord, seq, 1, ROW_COUNT_MAX, "", "From 1, without gaps, within a journal."),
    ROW_OPTIONAL_INT(ContentRecord, silent_us, 0, CONTENT_PLAN_MAX_SEGMENT_US, 0, "µs", "Silence that stood in for a late source."),
    ROW_ENUM(ContentRecord, trust, content_trust_words, "How far at_us is to be believed."),
    ROW_OPTIONAL_WORD(ContentRecord, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_records_members[] = {
    ROW_INT(ContentRecords, first_seq, 1, ROW_COUNT_MAX, "", "Of the first record of the batch."),
    ROW_WORD(ContentRecords, journal, ID, "Random, made with the journal file."),
    ROW_TEXTS(ContentRecords, records, CONTENT_RECORDS_MAX_COUNT, 1, RECORD_MAX_BYTES, "Each the exact bytes of a record."),
    ROW_WORD(ContentRecords, station, ID, "Who says it."),
    ROW_END,
};

static const ContentMember content_ack_members[] = {
    ROW_WORD(ContentAck, journal, ID, "Journal."),
    ROW_COUNT(ContentAck, seq, "", "Everything up to and with it is on the district's disk."),
    ROW_WORD(ContentAck, station, ID, "Audience."),
    ROW_END,
};
/* clang-format on */

ROWS_DEFINE_DOCUMENT(content_record, ContentRecord, "record", RECORD_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_records, ContentRecords, "records", CONTENT_RECORDS_MAX_BYTES,
                     NULL)
ROWS_DEFINE_DOCUMENT(content_ack, ContentAck, "ack", ACK_MAX_BYTES, NULL)
