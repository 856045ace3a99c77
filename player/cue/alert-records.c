/*
 * alert-records.c - what each zone heard of an alert, why not more, and what the journal is
 * told of it.
 *
 * Flow: alert-run.c sounds -> parts of each zone -> records. See alert-run.h. Pure.
 *
 * Every record has the alert's id as `occurrence`; ALERT_TAKEN and ALERT_ENDED frame it in each
 * zone, and STARTED tells when its relays were on and the first sample left.
 */
#include "player/cue/alert-run.h"

#include "content/plan.h"

/* ---- why a zone is silent ---- */

static ContentReason
why_silent(const PlayAlertRun *run, const PlayAlertZone *zone, gboolean is_displaced,
           const PlayAlertFacts *facts, const PlayInstant *now)
{
    if (run->is_waiting)
        return CONTENT_REASON_CLOCK_UNTRUSTED;
    if (is_displaced)
        return CONTENT_REASON_DISPLACED;
    if (!play_gate_view_is_up(facts->view))
        return CONTENT_REASON_GATEWAY_DOWN;
    if (g_hash_table_contains(facts->mute, run->output))
        return CONTENT_REASON_OUTPUT_FAILED;
    return zone->asked_us != 0 && !play_gate_view_is_ready(facts->view, zone->id) &&
                   !play_alert_run_is_patient(zone, facts, now)
               ? CONTENT_REASON_RELAY_FAILED
               : CONTENT_REASON_NONE;
}

/* Patience counts only while there is a gateway to be patient with. */
static void
note_asked(const PlayAlertRun *run, PlayAlertZone *zone, const PlayAlertFacts *facts,
           const PlayInstant *now)
{
    if (!play_alert_run_wishes(run, zone, facts->view) || !play_gate_view_is_up(facts->view))
        zone->asked_us = 0;
    else if (zone->asked_us == 0)
        zone->asked_us = now->monotonic_us;
}

void
play_alert_blame(PlayAlertRun *run, gboolean is_displaced, const PlayAlertFacts *facts,
                 const PlayInstant *now)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];
        ContentReason why;

        note_asked(run, zone, facts, now);
        if (zone->part != NULL || zone->is_held || run->state == PLAY_ALERT_OVER)
            continue;
        why = why_silent(run, zone, is_displaced, facts, now);
        if (why != CONTENT_REASON_NONE)
            zone->reason = why;
    }
}

/* ---- what a zone hears ---- */

/* What every record of it says. */
static ContentRecord *
record_of(const PlayAlertRun *run, const PlayAlertZone *zone, ContentRecordKind kind,
          const PlayInstant *now, GPtrArray *actions)
{
    ContentRecord *record = play_record_new(kind);

    record->at_us = now->utc_us;
    record->occurrence = g_strdup(run->alert->id);
    record->item = g_strdup(PLAY_ALERT_ITEM);
    record->output = g_strdup(run->output);
    record->zone = g_strdup(zone->id);
    record->planned_start_us = run->alert->issued_us;
    record->planned_end_us = run->alert->expires_us;
    play_actions_add(actions, PLAY_DO_RECORD)->record = record;
    return record;
}

static void
say_begun(const PlayAlertRun *run, PlayAlertZone *zone, const PlayAlertStep *step,
          const PlayInstant *now, GPtrArray *actions)
{
    gint64 offset_us = play_instant_offset_us(now);
    ContentRecord *record;

    if (zone->is_begun)
        return;
    zone->is_begun = TRUE;
    record = record_of(run, zone, CONTENT_RECORD_STARTED, now, actions);
    record->segment = content_alert_segment_id(run->alert->id, run->output, run->repetition,
                                               step->language, play_alert_step_part(step));
    record->language = g_strdup(step->language);
    record->object = g_strdup(step->object);
    record->actual_start_us = zone->part->from_us + offset_us;
    record->relay = zone->part->relay;
    record->relay_asked_us = zone->part->relay_asked_us + offset_us;
    record->relay_read_us = zone->part->relay_read_us + offset_us;
}

static void
begin_part(PlayAlertRun *run, PlayAlertZone *zone, const PlayGateView *view,
           const PlayInstant *now)
{
    const ContentLeaseZone *told = play_gate_view_zone(view, zone->id);

    zone->part = content_shape_new(&content_part_shape);
    zone->part->from_us = MAX(run->now.start_us, MIN(told->ready_us, now->monotonic_us));
    zone->part->position_us = MAX(0, zone->part->from_us - run->now.start_us);
    zone->part->level_mdb = zone->part->peak_mdb = G_MININT64;
    zone->part->relay_asked_us = told->asked_us;
    zone->part->relay_read_us = told->read_us;
    zone->part->relay = told->relay;
    run->was_heard = TRUE;
}

/* The last part of a speech, or the signal of an alert that was given no words; not that of one
 * whose words are all refused. */
static gboolean
is_what_counts(const PlayAlertRun *run, const PlayAlertStep *step)
{
    const PlayAlertStep *next =
        run->now.step + 1 < run->steps->len ? run->steps->pdata[run->now.step + 1] : NULL;

    if (step->is_live || (run->alert->speeches->len == 0 && run->alert->live == NULL))
        return TRUE;
    return step->object != NULL && (next == NULL || next->part == 0);
}

static void
end_part(PlayAlertRun *run, PlayAlertZone *zone, gint64 at_us)
{
    const PlayAlertStep *step = play_alert_run_present(run);
    ContentPart *part = g_steal_pointer(&zone->part);
    gint64 heard_us;

    if (part == NULL)
        return;
    part->to_us = MAX(at_us, part->from_us);
    heard_us = part->to_us - part->from_us;
    if (step != NULL && is_what_counts(run, step) &&
        (heard_us >= step->duration_us - PLAY_ALERT_GRACE_US ||
         (step->duration_us >= PLAY_ALERT_UNKNOWN_US && run->now.has_ended))) {
        play_alert_said_line(zone, step->language);
        zone->n_heard += zone->heard_in <= run->repetition;
        zone->heard_in = run->repetition + 1;
    }
    if (heard_us > 0)
        play_parts_add(zone->parts, part);
    else
        content_shape_free(&content_part_shape, part);
}

void
play_alert_listen(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
                  GPtrArray *actions)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];
        gboolean is_audible = run->state == PLAY_ALERT_SOUNDING && run->now.has_started &&
                              !run->now.has_ended &&
                              play_alert_run_wishes(run, zone, facts->view) &&
                              play_gate_view_is_ready(facts->view, zone->id);

        if (is_audible && zone->part == NULL) {
            begin_part(run, zone, facts->view, now);
            say_begun(run, zone, play_alert_run_present(run), now, actions);
            play_actions_add(actions, PLAY_DO_TELL);
        } else if (!is_audible) {
            end_part(run, zone, run->now.has_ended ? run->now.end_us : now->monotonic_us);
        }
    }
}

void
play_alert_hush(PlayAlertRun *run, gint64 at_us)
{
    for (guint i = 0; i < run->zones->len; i++)
        end_part(run, run->zones->pdata[i], at_us);
}

/* (nullable): what @zone heard of an item that was cut short */
static ContentPart *
cut_part(const PlayAlertZone *zone, const PlayHeard *heard)
{
    ContentPart *part = zone->parts->len == 0 ? NULL : zone->parts->pdata[zone->parts->len - 1];

    return part != NULL && part->level_mdb == G_MININT64 && part->to_us > heard->start_us
               ? part
               : NULL;
}

void
play_alert_take_level(PlayAlertRun *run, const PlayHeard *heard)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];
        ContentPart *part = zone->part != NULL ? zone->part : cut_part(zone, heard);

        if (part != NULL)
            play_part_take_level(part, heard, TRUE);
    }
}

/* ---- records ---- */

void
play_alert_say_taken(const PlayAlertRun *run, PlayAlertZone *zone, ContentReason reason,
                     const PlayInstant *now, GPtrArray *actions)
{
    ContentRecord *record;

    if (zone->is_told)
        return;
    zone->is_told = TRUE;
    record = record_of(run, zone, CONTENT_RECORD_ALERT_TAKEN, now, actions);
    record->reason = (gint) reason;
    play_alert_tell_lines(zone, record);
}

static void
add_evidence(ContentRecord *record, const PlayAlertZone *zone, gint64 offset_us)
{
    g_autoptr(GPtrArray) parts = play_parts_new();
    const ContentPart *first, *last, *longest;
    gint64 span_us;

    if (zone->parts->len == 0)
        return;
    play_parts_add_all(parts, zone->parts, offset_us);
    first = parts->pdata[0];
    last = parts->pdata[parts->len - 1];
    longest = play_parts_longest(parts);
    span_us = last->to_us - first->from_us;
    record->actual_start_us = first->from_us;
    record->actual_end_us = last->to_us;
    record->relay = first->relay;
    record->relay_asked_us = first->relay_asked_us;
    record->relay_read_us = first->relay_read_us;
    record->level_mdb = longest->level_mdb;
    record->peak_mdb = longest->peak_mdb;
    record->silent_us =
        CLAMP(span_us - play_parts_heard_us(parts), 0, CONTENT_PLAN_MAX_SEGMENT_US);
    for (guint i = 0; parts->len > 1 && i < parts->len; i++)
        g_ptr_array_add(record->parts, content_part_copy(parts->pdata[i]));
}

/* Somebody ended it, something that is due was refused, its time was over, or something kept it
 * from being heard. */
static ContentReason
reason_of(const PlayAlertRun *run, const PlayAlertZone *zone)
{
    ContentReason ending = zone->ending != CONTENT_REASON_NONE ? zone->ending : run->ending;
    ContentReason unsaid = play_alert_why_unsaid(zone);

    if (unsaid != CONTENT_REASON_NONE && zone->parts->len > 0 &&
        (ending == CONTENT_REASON_NONE || ending == CONTENT_REASON_EXPIRED))
        return unsaid;
    if (zone->n_heard > 0)
        return ending == CONTENT_REASON_EXPIRED && run->alert->again_s > 0 ? CONTENT_REASON_NONE
                                                                           : ending;
    if (zone->parts->len > 0)
        return ending != CONTENT_REASON_NONE ? ending
               : run->alert->live != NULL && zone->reason != CONTENT_REASON_NONE
                   ? zone->reason
                   : CONTENT_REASON_INTERRUPTED;
    if (ending != CONTENT_REASON_NONE && ending != CONTENT_REASON_EXPIRED)
        return ending;
    if (zone->reason != CONTENT_REASON_NONE)
        return zone->reason;
    return ending != CONTENT_REASON_NONE ? ending : CONTENT_REASON_UNKNOWN;
}

static void
tell_number(ContentRecord *record, const char *code, const char *name, gint64 number,
            const char *words)
{
    ContentRemark *what;

    if (number <= 0)
        return;
    what = content_remark_new(code, NULL, NULL);
    content_remark_add_number(what, name, number);
    content_record_tell(record, content_remark_say(what, words));
}

static gint64
seconds_of(gint64 span_us)
{
    return (span_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
}

/* Of live sound, what was missing in it. */
static void
tell_story(ContentRecord *record, const PlayAlertStory *story)
{
    tell_number(record, "source_gone", "seconds", seconds_of(story->gone_us), story->words);
    tell_number(record, "source_silent", "seconds", seconds_of(story->silent_us), NULL);
    tell_number(record, "live_frames_lost", "count", story->n_lost, NULL);
}

void
play_alert_say_ended(const PlayAlertRun *run, PlayAlertZone *zone, const PlayInstant *now,
                     GPtrArray *actions)
{
    ContentRecord *record;
    ContentRemark *heard;

    if (zone->is_settled)
        return;
    zone->is_settled = TRUE;
    record = record_of(run, zone, CONTENT_RECORD_ALERT_ENDED, now, actions);
    record->reason = (gint) reason_of(run, zone);
    heard = content_remark_new("alert_heard", NULL, NULL);
    content_remark_add_number(heard, "count", zone->n_heard);
    content_record_tell(record, heard);
    if (zone->parts->len > 0)
        play_alert_tell_lines(zone, record);
    tell_story(record, &run->story);
    add_evidence(record, zone, play_instant_offset_us(now));
}

void
play_alert_say_part(const PlayAlertRun *run, const PlayAlertZone *zone, const PlayInstant *now,
                    GPtrArray *actions)
{
    ContentRecord *record;

    if (zone->is_settled || zone->parts->len == 0)
        return;
    record = record_of(run, zone, CONTENT_RECORD_PART, now, actions);
    record->reason = CONTENT_REASON_PLAYER_STOPPED;
    add_evidence(record, zone, play_instant_offset_us(now));
}
