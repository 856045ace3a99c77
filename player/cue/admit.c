/*
 * admit.c - from timetable to segments at work: what nears, what passed, what a new plan
 * changes.
 *
 * Flow: timetable, ledger -> here -> runs of the cue. Pure.
 */
#include "player/cue/cue-private.h"

#include <string.h>

gint64
play_cue_lead_us(const PlayCue *cue, const ContentSegment *segment)
{
    return play_gate_view_longest_switch_us(cue->view) + PLAY_RUN_MARGIN_US +
           PLAY_RUN_HANDOVER_US + play_run_prepare_us(segment, TRUE);
}

static gint64
end_of(const PlayEntry *entry)
{
    return entry->segment->start_us + entry->segment->duration_us;
}

static gint
compare_runs(gconstpointer a, gconstpointer b)
{
    const PlayRun *x = *(PlayRun *const *) a;
    const PlayRun *y = *(PlayRun *const *) b;

    if (x->segment->start_us != y->segment->start_us)
        return x->segment->start_us < y->segment->start_us ? -1 : 1;
    return strcmp(x->segment->id, y->segment->id);
}

/* What was heard at another time, before a plan moved the segment, is not a part of this. */
static void
take_parts(PlayRunZone *zone, const GPtrArray *parts, const ContentSegment *segment)
{
    gint64 from_us = segment->start_us - PLAY_RUN_GRACE_US;
    gint64 to_us = segment->start_us + segment->duration_us + PLAY_RUN_GRACE_US;

    for (guint i = 0; i < parts->len; i++) {
        const ContentPart *part = parts->pdata[i];

        if (part->from_us >= from_us && part->to_us <= to_us)
            play_parts_add(zone->before, content_part_copy(part));
    }
}

/* A zone that has its final record of a segment never hears it again, and gets no second one.
 */
static void
mark_settled(PlayCue *cue, PlayRun *run)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];

        zone->is_settled = play_ledger_has_zone(cue->ledger, run->segment->id, zone->id);
    }
}

/* A zone that heard a part of it before a restart is told of with that part. */
static PlayRun *
run_of(PlayCue *cue, const PlayEntry *entry)
{
    PlayRun *run = play_run_new(entry);

    mark_settled(cue, run);
    run->began_before_us = play_ledger_started_us(cue->ledger, entry->segment->id);
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];
        gint reason = CONTENT_REASON_NONE;
        const GPtrArray *parts =
            play_ledger_parts(cue->ledger, entry->segment->id, zone->id, &reason);

        if (parts != NULL)
            take_parts(zone, parts, entry->segment);
        if (zone->before->len > 0)
            play_run_blame(zone, (ContentReason) reason, NULL);
    }
    return run;
}

static void
blame_all(PlayRun *run, ContentReason reason, const char *code)
{
    for (guint i = 0; i < run->zones->len; i++)
        play_run_blame(run->zones->pdata[i], reason,
                       code == NULL ? NULL : content_remark_new(code, NULL, NULL));
}

static void
settle_without_work(PlayCue *cue, const PlayEntry *entry, ContentReason reason,
                    const char *code, const PlayInstant *now, GPtrArray *actions)
{
    PlayRun *run = run_of(cue, entry);

    blame_all(run, reason, code);
    play_cue_settle(cue, run, now, actions);
    play_run_free(run);
}

/* The time of the segment lies before the player's first step. */
static void
settle_downtime(PlayCue *cue, const PlayEntry *entry, const PlayInstant *now,
                GPtrArray *actions)
{
    if (cue->down_from_us != 0 && end_of(entry) > cue->down_from_us)
        settle_without_work(cue, entry, cue->down_reason, "player_not_running", now, actions);
    else
        settle_without_work(cue, entry, CONTENT_REASON_UNKNOWN, "journal_silent", now, actions);
}
static void
settle_past(PlayCue *cue, const PlayEntry *entry, const PlayInstant *now, GPtrArray *actions)
{
    gint64 offset_us = play_instant_offset_us(now);

    if (end_of(entry) <= entry->known_since_us ||
        end_of(entry) < now->utc_us - PLAY_CUE_KEEP_US)
        return;
    if (end_of(entry) <= cue->began_us + offset_us)
        settle_downtime(cue, entry, now, actions);
    else
        settle_without_work(cue, entry, CONTENT_REASON_CLOCK_UNTRUSTED,
                            end_of(entry) <= cue->trusted_us + offset_us ? "clock_was_untrusted"
                                                                         : "clock_set_past",
                            now, actions);
}

/* What the program did not live to write: some zones of it have their record, others not. */
static void
settle_rest(PlayCue *cue, const PlayEntry *entry, const PlayInstant *now, GPtrArray *actions)
{
    if (entry->known_since_us == 0 && end_of(entry) > cue->down_from_us)
        settle_without_work(cue, entry, CONTENT_REASON_UNKNOWN, "stopped_writing", now,
                            actions);
}

/* It is in the middle of its time already: why was it not at work before? */
static void
blame_late(const PlayCue *cue, PlayRun *run, const PlayEntry *entry, const PlayInstant *now)
{
    gint64 start_us = play_run_start_us(run, now);

    if (play_ledger_is_settled(cue->ledger, entry->segment->id))
        blame_all(run, CONTENT_REASON_UNKNOWN, "over_elsewhere");
    else if (run->began_before_us != 0)
        blame_all(run, CONTENT_REASON_INTERRUPTED, NULL);
    else if (start_us < cue->began_us)
        blame_all(run, cue->down_reason, "player_not_running");
    else if (start_us < cue->trusted_us)
        blame_all(run, CONTENT_REASON_CLOCK_UNTRUSTED, "clock_was_untrusted");
    else if (entry->segment->start_us < entry->known_since_us)
        blame_all(run, CONTENT_REASON_UNKNOWN, "plan_late");
    else
        blame_all(run, CONTENT_REASON_CLOCK_UNTRUSTED, "clock_set_into");
}

static void
set_to_work(PlayCue *cue, const PlayEntry *entry, const PlayInstant *now)
{
    PlayRun *run = run_of(cue, entry);

    if (now->utc_us > entry->segment->start_us + PLAY_RUN_GRACE_US)
        blame_late(cue, run, entry, now);
    else
        run->began_before_us = 0;
    if (entry->plan->is_superseded)
        run->superseded_us = now->monotonic_us;
    g_ptr_array_add(cue->runs, run);
    g_ptr_array_sort(cue->runs, compare_runs);
}

/* Is there a zone without its final record? */
static gboolean
has_anyone_left(const PlayCue *cue, const ContentSegment *segment)
{
    for (guint i = 0; i < segment->zones->len; i++) {
        if (!play_ledger_has_zone(cue->ledger, segment->id, segment->zones->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

static void
admit(PlayCue *cue, const PlayEntry *entry, const PlayInstant *now, GPtrArray *actions)
{
    if (play_cue_find_run(cue, entry->segment->id) != NULL)
        return;
    if (end_of(entry) > now->utc_us) {
        if (has_anyone_left(cue, entry->segment))
            set_to_work(cue, entry, now);
    } else if (play_ledger_is_settled(cue->ledger, entry->segment->id)) {
        settle_rest(cue, entry, now, actions);
    } else {
        settle_past(cue, entry, now, actions);
    }
}

/* A segment that sounds keeps its old plan if the new one asks for the same at the same time.
 */
void
play_cue_adopt(PlayCue *cue, PlayRun *run, const PlayInstant *now)
{
    const PlayEntry *entry = play_timetable_find(cue->timetable, run->segment->id);

    if (entry == NULL) {
        run->is_withdrawn = TRUE;
        return;
    }
    if (run->segment != entry->segment) {
        play_run_adopt(run, entry);
        mark_settled(cue, run);
    }
    run->superseded_us = entry->plan->is_superseded ? now->monotonic_us : 0;
}

/*
 * What sounds goes on in the zones that the newest plan still names, and in no other. One that
 * was let go and is named again hears the rest, if the item was placed for it. Any other that
 * the plan adds stays silent while this is on the output: no rule was asked whether it may hear
 * it, and the volume was not chosen for it.
 */
static void
release_zones(PlayRun *run, const ContentSegment *newest)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];
        gboolean is_named =
            g_ptr_array_find_with_equal_func(newest->zones, zone->id, g_str_equal, NULL);

        if (zone->is_settled)
            continue;
        if (!is_named &&
            (zone->refusal == CONTENT_REASON_NONE || zone->refusal == CONTENT_REASON_UNKNOWN))
            zone->refusal = CONTENT_REASON_WITHDRAWN;
        else if (is_named && zone->is_placed && zone->refusal == CONTENT_REASON_WITHDRAWN)
            zone->refusal = CONTENT_REASON_NONE;
    }
}

static void
reconcile(PlayCue *cue, PlayRun *run, const PlayInstant *now)
{
    const PlayEntry *entry = play_timetable_find(cue->timetable, run->segment->id);
    const ContentSegment *before = run->segment;
    gboolean is_same, is_superseded;

    if (entry == NULL) {
        run->is_withdrawn = TRUE;
        return;
    }
    is_superseded = entry->plan->is_superseded;
    if (!is_superseded)
        run->superseded_us = 0;
    else if (run->superseded_us == 0)
        run->superseded_us = now->monotonic_us;
    is_same = before->start_us == entry->segment->start_us &&
              g_strcmp0(before->object, entry->segment->object) == 0 &&
              strcmp(before->output, entry->segment->output) == 0;
    run->is_replaced = run->is_replaced || (!is_same && run->state != PLAY_RUN_WAITING);
    /* What is on the output keeps to what it was placed as until the output is silent. */
    if (!play_run_is_on_output(run)) {
        play_cue_adopt(cue, run, now);
        return;
    }
    release_zones(run, entry->segment);
    if (!run->is_replaced) {
        play_run_add_late(run, entry->segment);
        mark_settled(cue, run);
    }
}

/* Settings, plans, clock: everything that was derived from them is derived again. */
static void
derive(PlayCue *cue, const PlayInstant *now)
{
    for (guint i = 0; i < cue->runs->len; i++)
        reconcile(cue, cue->runs->pdata[i], now);
    g_ptr_array_sort(cue->runs, compare_runs);
    cue->cursor = 0;
    cue->must_derive = FALSE;
}

void
play_cue_admit(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    const PlayEntry *entry;

    if (cue->must_derive)
        derive(cue, now);
    if (now->trust == CONTENT_TRUST_UNSET)
        return;
    while ((entry = play_timetable_at(cue->timetable, cue->cursor)) != NULL &&
           entry->segment->start_us - play_cue_lead_us(cue, entry->segment) <= now->utc_us) {
        admit(cue, entry, now, actions);
        cue->cursor++;
    }
}
