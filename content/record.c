/* record.c - the tables of records, their batches and acknowledgements. See record.h. Pure. */
#include "content/record.h"

#include "content/document-rows.h"
#include "content/manifest.h"
#include "content/plan.h"

/* Every member at its longest, all parts and all details: 8.4 kB. */
#define RECORD_MAX_BYTES 12288
#define ACK_MAX_BYTES    1024
#define ABSENT_LEVEL     G_MININT64

/* clang-format off */
const char *const content_record_kind_words[] = {
    "boot", "started", "played", "part", "missed", "fault", "cleared", "test", "refused", "clock",
    "alert_taken", "alert_ended", "alert_started_locally", "alert_stopped_locally",
    "speech_kept", NULL,
};

static const ContentMember content_part_shape_members[] = {
    ROW_OPTIONAL_BOOL(ContentPart, at_least, "It was heard until to_us; how much longer is not known."),
    ROW_UTC(ContentPart, from_us, "When its first sample left."),
    ROW_OPTIONAL_INT(ContentPart, level_mdb, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, ABSENT_LEVEL, "1/1000 dBFS", "RMS handed to the sound card."),
    ROW_OPTIONAL_INT(ContentPart, peak_mdb, ROW_LEVEL_MIN_MDB, ROW_LEVEL_MAX_MDB, ABSENT_LEVEL, "1/1000 dBFS", "Sample peak handed to the sound card."),
    ROW_OPTIONAL_INT(ContentPart, position_us, 0, CONTENT_PLAN_MAX_SEGMENT_US, 0, "µs", "In the audio, where it began."),
    ROW_OPTIONAL_ENUM(ContentPart, relay, content_relay_words, "Read for it; absent: `unknown`."),
    ROW_OPTIONAL_UTC(ContentPart, relay_asked_us, "When the lease was asked for."),
    ROW_OPTIONAL_UTC(ContentPart, relay_read_us, "When the relay was read back."),
    ROW_OPTIONAL_INT(ContentPart, silent_us, 0, CONTENT_PLAN_MAX_SEGMENT_US, 0, "µs", "Of it, silence in place of sound."),
    ROW_UTC(ContentPart, to_us, "When its last sample left, as far as is known."),
    ROW_END,
};

static const ContentMember content_record_members[] = {
    ROW_OPTIONAL_UTC(ContentRecord, actual_end_us, "When the last sample left."),
    ROW_OPTIONAL_UTC(ContentRecord, actual_start_us, "When the first sample left."),
    ROW_UTC(ContentRecord, at_us, "When it was written, by the station's clock."),
    ROW_HEX(ContentRecord, boot, 32, "Kernel's boot id without hyphens."),
    ROW_OPTIONAL_WORD(ContentRecord, dayplan, HASH, "Hash of the day plan."),
    ROW_REMARKS(ContentRecord, details, CONTENT_RECORD_MAX_DETAILS, "Why, and what came of it."),
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
    ROW_ANY(ContentRecord, parts, "parts", CONTENT_MEMBER_STRUCT, .is_list = TRUE, .max_count = CONTENT_RECORD_MAX_PARTS, .element = &content_part_shape, .unit = "", .meaning = "What was heard, stretch by stretch; absent: the actual times are one stretch with a known end."),
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
    ROW_OPTIONAL_INT(ContentRecord, silent_us, 0, CONTENT_PLAN_MAX_SEGMENT_US, 0, "µs", "Between first and last sample: silence that stood in for a late source, or between parts."),
    ROW_ENUM(ContentRecord, trust, content_trust_words, "How far at_us is to be believed."),
    ROW_OPTIONAL_WORD(ContentRecord, zone, ID, "Zone."),
    ROW_END,
};

static const ContentMember content_records_members[] = {
    ROW_INT(ContentRecords, first_seq, 1, ROW_COUNT_MAX, "", "Of the first record of the batch."),
    ROW_WORD(ContentRecords, journal, ID, "Random, made with the journal file."),
    ROW_OPTIONAL_BOOL(ContentRecords, oldest, "Nothing older is kept: what the district lacks before `first_seq` is lost. Only where it lacks some."),
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

static const char *
check_part(gconstpointer element)
{
    const ContentPart *part = element;

    return part->to_us < part->from_us ? "to_us must not be before from_us" : NULL;
}

ROWS_DEFINE_SHAPE(content_part_shape, ContentPart, "part", check_part)
ROWS_DEFINE_DOCUMENT(content_record, ContentRecord, "record", RECORD_MAX_BYTES, NULL)
ROWS_DEFINE_DOCUMENT(content_records, ContentRecords, "records", CONTENT_RECORDS_MAX_BYTES,
                     NULL)
ROWS_DEFINE_DOCUMENT(content_ack, ContentAck, "ack", ACK_MAX_BYTES, NULL)

ContentPart *
content_part_copy(const ContentPart *part)
{
    ContentPart *copy = content_shape_new(&content_part_shape);

    *copy = *part;
    return copy;
}

/* The record's own members, as a part. */
static ContentPart *
sole_part(const ContentRecord *record)
{
    ContentPart *part = content_shape_new(&content_part_shape);

    part->from_us = record->actual_start_us;
    part->to_us = record->actual_end_us;
    part->position_us = record->position_us;
    part->relay = record->relay;
    part->relay_asked_us = record->relay_asked_us;
    part->relay_read_us = record->relay_read_us;
    part->level_mdb = record->level_mdb;
    part->peak_mdb = record->peak_mdb;
    part->silent_us = record->silent_us;
    return part;
}

void
content_record_tell(ContentRecord *record, ContentRemark *detail)
{
    if (detail != NULL && record->details->len < CONTENT_RECORD_MAX_DETAILS)
        g_ptr_array_add(record->details, detail);
    else
        content_remark_free(detail);
}

GPtrArray *
content_record_parts(const ContentRecord *record)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(content_part_shape.free);

    for (guint i = 0; i < record->parts->len; i++)
        g_ptr_array_add(parts, content_part_copy(record->parts->pdata[i]));
    if (parts->len == 0 && record->actual_start_us > 0)
        g_ptr_array_add(parts, sole_part(record));
    return parts;
}
