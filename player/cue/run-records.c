/*
 * run-records.c - what the journal is told of one segment: that it began, what each zone heard
 * of it, and why not more.
 *
 * Flow: parts that run.c noted -> here -> records. See run.h. Pure.
 */
#include "player/cue/run.h"

/* What every record of the segment says. */
static ContentRecord *
record_of(const PlayRun *run, ContentRecordKind kind, const PlayInstant *now)
{
    ContentRecord *record = play_record_new(kind);
    const ContentSegment *segment = run->segment;

    record->at_us = now->utc_us;
    record->dayplan = g_strdup(run->plan->hash);
    record->segment = g_strdup(segment->id);
    record->occurrence = g_strdup(segment->occurrence);
    record->item = g_strdup(segment->item);
    record->language = g_strdup(segment->language);
    record->output = g_strdup(segment->output);
    record->object = g_strdup(segment->object);
    record->planned_start_us = segment->start_us;
    record->planned_end_us = segment->start_us + segment->duration_us;
    return record;
}

void
play_run_say_started(PlayRun *run, const PlayInstant *now, GPtrArray *actions)
{
    PlayAction *action;

    if (run->said_started)
        return;
    run->said_started = TRUE;
    action = play_actions_add(actions, PLAY_DO_RECORD);
    action->record = record_of(run, CONTENT_RECORD_STARTED, now);
    action->record->position_us = MAX(0, now->monotonic_us - play_run_start_us(run, now));
}

static void
tell_span(ContentRecord *record, const char *code, gint64 span_us)
{
    ContentRemark *remark;

    if (span_us <= 0)
        return;
    remark = content_remark_new(code, NULL, NULL);
    play_run_add_seconds(remark, span_us);
    content_record_tell(record, remark);
}

static void
tell_details(ContentRecord *record, const PlayRun *run, const PlayRunZone *zone,
             const GPtrArray *parts)
{
    ContentRemark *remark;

    content_record_tell(record, content_remark_copy(zone->detail));
    content_record_tell(record, content_remark_copy(zone->note));
    tell_span(record, "source_gone", run->source_gone_us);
    tell_span(record, "source_silent", run->source_silent_us);
    tell_span(record, "spare_played", run->spare_us);
    if (run->began_before_us != 0 && zone->before->len == 0) {
        remark = content_remark_new("begun_before_restart", NULL, NULL);
        content_remark_add_number(remark, "at_us", run->began_before_us);
        content_record_tell(record, remark);
    }
    if (parts->len > 1) {
        remark = content_remark_new("heard_in_parts", NULL, NULL);
        content_remark_add_number(remark, "parts", parts->len);
        play_run_add_seconds(remark, play_parts_heard_us(parts));
        content_record_tell(record, remark);
    }
}

/* The end of the last part: a clock that was set may have put another one behind it. */
static gint64
end_of_parts(const GPtrArray *parts)
{
    gint64 end_us = 0;

    for (guint i = 0; i < parts->len; i++)
        end_us = MAX(end_us, ((const ContentPart *) parts->pdata[i])->to_us);
    return end_us;
}

static gint64
silence_of(const GPtrArray *parts, gint64 span_us)
{
    gint64 silent_us = span_us - play_parts_heard_us(parts);

    for (guint i = 0; i < parts->len; i++) {
        ContentPart *part = parts->pdata[i];

        part->silent_us = MIN(part->silent_us, part->to_us - part->from_us);
        silent_us += part->silent_us;
    }
    return MIN(silent_us, MIN(span_us, CONTENT_PLAN_MAX_SEGMENT_US));
}

/* A part that has no end in our knowledge is listed even if it is the only one. */
static void
list_parts(ContentRecord *record, const GPtrArray *parts)
{
    gboolean is_listed = parts->len > 1;

    for (guint i = 0; i < parts->len; i++)
        is_listed |= ((const ContentPart *) parts->pdata[i])->at_least;
    for (guint i = 0; is_listed && i < parts->len; i++)
        g_ptr_array_add(record->parts, content_part_copy(parts->pdata[i]));
}

/* @parts: UTC, not empty */
static void
add_evidence(ContentRecord *record, const PlayRun *run, const GPtrArray *parts)
{
    const ContentPart *first = parts->pdata[0];
    const ContentPart *longest = play_parts_longest(parts);

    record->actual_start_us = first->from_us;
    record->actual_end_us = end_of_parts(parts);
    record->position_us = first->position_us;
    record->relay = first->relay;
    record->relay_asked_us = first->relay_asked_us;
    record->relay_read_us = first->relay_read_us;
    record->level_mdb = longest->level_mdb;
    record->peak_mdb = longest->peak_mdb;
    record->silent_us = silence_of(parts, record->actual_end_us - record->actual_start_us);
    record->journal_late = run->journal_late;
    list_parts(record, parts);
}

static ContentRemark *
say(const char *code)
{
    return content_remark_new(code, NULL, NULL);
}

/* Its bytes are those that were approved, and yet they hold less sound than was planned. */
static void
blame_short_audio(const PlayRun *run, PlayRunZone *zone)
{
    ContentRemark *detail = content_remark_new("audio_short", NULL, NULL);

    play_run_add_seconds(detail, run->missing_us);
    play_run_blame(zone, CONTENT_REASON_DECODE_FAILED, detail);
}

/* Nothing was blamed, and yet something is missing. */
static void
blame_the_rest(const PlayRun *run, PlayRunZone *zone)
{
    const ContentPart *first = zone->parts->len == 0 ? NULL : zone->parts->pdata[0];

    if (run->is_withdrawn || zone->refusal == CONTENT_REASON_WITHDRAWN) {
        zone->reason = CONTENT_REASON_WITHDRAWN;
        g_clear_pointer(&zone->detail, content_remark_free);
    } else if (first == NULL) {
        play_run_blame(zone,
                       run->failure != CONTENT_REASON_NONE ? run->failure
                                                           : CONTENT_REASON_OUTPUT_FAILED,
                       say("output_not_begun"));
    } else if (run->missing_us > PLAY_RUN_GRACE_US) {
        blame_short_audio(run, zone);
    } else if (run->place_end_us - end_of_parts(zone->parts) > PLAY_RUN_GRACE_US) {
        play_run_blame(zone, CONTENT_REASON_INTERRUPTED, say("ended_early"));
    } else if (first->from_us - run->base_us > PLAY_RUN_GRACE_US &&
               zone->reason == CONTENT_REASON_NONE) {
        play_run_blame(zone, CONTENT_REASON_DISPLACED, say("began_late"));
    } else if (run->source_gone_us + run->source_silent_us > 0) {
        play_run_blame(zone, CONTENT_REASON_LATE_SOURCE, NULL);
    } else if (run->was_late) {
        play_run_blame(zone, CONTENT_REASON_LATE_SOURCE, say("source_late"));
    }
}

static ContentRecord *
zone_record(const PlayRun *run, const PlayRunZone *zone, ContentRecordKind kind,
            const GPtrArray *parts, const PlayInstant *now)
{
    ContentRecord *record = record_of(run, kind, now);

    record->zone = g_strdup(zone->id);
    record->reason = zone->reason;
    tell_details(record, run, zone, parts);
    if (parts->len > 0)
        add_evidence(record, run, parts);
    return record;
}

ContentRecord *
play_run_draft(const PlayRun *run, const PlayRunZone *zone, const PlayInstant *now,
               const PlayHeard *until)
{
    g_autoptr(GPtrArray) own = play_parts_new();
    g_autoptr(GPtrArray) parts = play_parts_new();

    if (zone->is_settled)
        return NULL;
    play_parts_add_all(own, zone->parts, 0);
    if (zone->part != NULL && until != NULL && until->end_us > zone->part->from_us) {
        ContentPart *part = content_part_copy(zone->part);

        part->to_us = until->end_us;
        part->at_least = TRUE;
        play_part_take_level(part, until, TRUE);
        play_parts_add(own, part);
    }
    if (own->len == 0)
        return NULL;
    play_parts_add_all(parts, own, play_instant_offset_us(now));
    return zone_record(run, zone, CONTENT_RECORD_PART, parts, now);
}

void
play_run_settle(PlayRun *run, PlayRunZone *zone, const PlayInstant *now, GPtrArray *actions)
{
    g_autoptr(GPtrArray) parts = play_parts_new();

    if (zone->is_settled)
        return;
    zone->is_settled = TRUE;
    play_run_hush(run, now->monotonic_us);
    blame_the_rest(run, zone);
    play_parts_add_all(parts, zone->before, 0);
    play_parts_add_all(parts, zone->parts, play_instant_offset_us(now));
    play_actions_add(actions, PLAY_DO_RECORD)->record =
        zone_record(run, zone, parts->len > 0 ? CONTENT_RECORD_PLAYED : CONTENT_RECORD_MISSED,
                    parts, now);
}
