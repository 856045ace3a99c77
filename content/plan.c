/* plan.c - the tables of the day plan, and the names of segments. See plan.h. Pure. */
#include "content/plan.h"

#include "content/base/id.h"
#include "content/document-rows.h"

#include <nettle/sha2.h>
#include <string.h>

#define SEGMENT_ID_BYTES   16
#define MAX_PLAN_OBJECTS   2000
#define MAX_PLAN_APPROVALS 2000
#define MAX_REPETITION     10000
#define OBJECT_MAX_BYTES   (G_GINT64_CONSTANT(256) * 1024 * 1024)

/* clang-format off */
static const ContentMember content_segment_shape_members[] = {
    ROW_OPTIONAL_WORD(ContentSegment, approval, HASH, "Hash of the approval; absent for a tone or silence."),
    ROW_CLASS(ContentSegment, "Priority class; `khan_cap` is for alerts alone and refused here."),
    ROW_INT(ContentSegment, duration_us, 1, CONTENT_PLAN_MAX_SEGMENT_US, "µs", "How long it sounds."),
    ROW_INT(ContentSegment, gain_mdb, ROW_GAIN_MIN_MDB, 0, "1/1000 dB", "Volume of the slot; the station's caps come on top."),
    ROW_WORD(ContentSegment, id, SEGMENT, "Segment id, see below."),
    ROW_WORD(ContentSegment, item, ID, "Playlist item."),
    ROW_OPTIONAL_WORD(ContentSegment, language, LANGUAGE, "Language; absent for a signal or music."),
    ROW_OPTIONAL_WORD(ContentSegment, object, HASH, "SHA-256 of the audio; of a stream or a line-in: of the spare; absent for a tone or silence."),
    ROW_WORD(ContentSegment, occurrence, ID, "The slot on its date."),
    ROW_WORD(ContentSegment, output, ID, "Output of the station."),
    ROW_INT(ContentSegment, repetition, 0, MAX_REPETITION, "", "Which of the times that the playlist repeats the item."),
    ROW_WORD(ContentSegment, slot, ID, "Slot it comes from."),
    ROW_ENUM(ContentSegment, source, content_source_words, "Where the sound comes from."),
    ROW_UTC(ContentSegment, start_us, "Instant of the first sample."),
    ROW_TEXT(ContentSegment, title, 1, ROW_TITLE_MAX_BYTES, "For status lines and reports."),
    ROW_WORDS(ContentSegment, zones, CONTENT_PLAN_MAX_SEGMENT_ZONES, ID, "Zones that hear it, sorted."),
    ROW_END,
};

static const ContentMember content_plan_object_shape_members[] = {
    ROW_INT(ContentPlanObject, duration_us, 1, CONTENT_PLAN_MAX_SEGMENT_US, "µs", "Length of the sound."),
    ROW_WORD(ContentPlanObject, hash, HASH, "SHA-256 of the file."),
    ROW_INT(ContentPlanObject, size_bytes, 1, OBJECT_MAX_BYTES, "bytes", "Size of the file."),
    ROW_END,
};

static const ContentMember content_day_plan_members[] = {
    ROW_WORDS(ContentDayPlan, approvals, MAX_PLAN_APPROVALS, HASH, "Approvals that the segments name, sorted."),
    ROW_WORD(ContentDayPlan, date, DATE, "Local date of the station on which the occurrences start."),
    ROW_STRUCTS(ContentDayPlan, objects, MAX_PLAN_OBJECTS, content_plan_object_shape, "Audio that the segments name, by hash."),
    ROW_STRUCTS(ContentDayPlan, segments, CONTENT_PLAN_MAX_SEGMENTS, content_segment_shape, "By start, output and id."),
    ROW_WORD(ContentDayPlan, station, ID, "Audience."),
    ROW_TEXT(ContentDayPlan, tzid, 1, ROW_TZID_MAX_BYTES, "Time zone of the station."),
    ROW_END,
};
/* clang-format on */

static const char *
check_segment(gconstpointer element)
{
    const ContentSegment *segment = element;

    if (segment->class_ == CONTENT_CLASS_KHAN_CAP)
        return "khan_cap is the class of alerts, never of a segment of a day plan";
    if (segment->zones->len == 0)
        return "names no zone";
    if (segment->source != CONTENT_SOURCE_TONE && segment->source != CONTENT_SOURCE_SILENCE &&
        (segment->object == NULL || segment->approval == NULL))
        return "a source that can say something needs both object and approval";
    return NULL;
}

ROWS_DEFINE_SHAPE(content_segment_shape, ContentSegment, "segment", check_segment)
ROWS_DEFINE_SHAPE(content_plan_object_shape, ContentPlanObject, "object", NULL)
ROWS_DEFINE_DOCUMENT(content_day_plan, ContentDayPlan, "dayplan", CONTENT_DOCUMENT_MAX_BYTES,
                     NULL)

char *
content_segment_id(const char *occurrence, const char *item, const char *language,
                   const char *output, gint64 repetition, const char *part)
{
    char number[24];
    const char *const lines[] = {occurrence, item,   language == NULL ? "" : language,
                                 output,     number, part};
    guint8 digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx context;

    /* A district names a million segments in a night: no text is put together for each. */
    g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, repetition);
    sha256_init(&context);
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        sha256_update(&context, strlen(lines[i]), (const guint8 *) lines[i]);
        sha256_update(&context, 1, (const guint8 *) "\n");
    }
    sha256_digest(&context, sizeof digest, digest);
    return content_hex(digest, SEGMENT_ID_BYTES);
}
