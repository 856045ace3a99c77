/*
 * judge.c - what forbids each segment at work, and which of them may have zones and output.
 *
 * Flow: facts of the cue -> here -> advance.c moves the segments. Pure.
 *
 * On one output at one time: one item, and only its own zones on. A zone that others still
 * hear is never asked for; that is what keeps two languages out of one village.
 */
#include "player/cue/cue-private.h"

#include <string.h>

/* ---- rules of check.h, looked at again only when a fact changed ---- */

static PlayCheck
facts_of(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    const ContentSegment *segment = run->segment;
    PlayCheck facts = {cue->settings, cue->local,       play_plan_approval(run->plan, segment),
                       now->trust,    PLAY_OBJECT_HERE, 0};

    if (segment->object != NULL)
        facts.object = GPOINTER_TO_INT(g_hash_table_lookup(cue->objects, segment->object));
    return facts;
}

gint64
play_cue_prepare_us(const PlayCue *cue, const PlayRun *run)
{
    const char *object = run->segment->object;
    gboolean is_there =
        object == NULL ||
        GPOINTER_TO_INT(g_hash_table_lookup(cue->objects, object)) == PLAY_OBJECT_HERE;

    return play_run_prepare_us(run->segment, is_there);
}

/* What forbids the whole segment is the reason in every zone that it is meant for. */
static ContentReason
check_zone(const PlayCue *cue, PlayCheck *facts, const PlayRun *run, const PlayRunZone *of,
           ContentRemark **out_detail)
{
    const ContentSegment *segment = run->segment;
    const char *zone = of->id;

    if (of->is_settled ||
        !g_ptr_array_find_with_equal_func(segment->zones, zone, g_str_equal, NULL))
        return CONTENT_REASON_WITHDRAWN;
    if (play_gate_view_is_up(cue->view) &&
        !play_gate_view_knows(cue->view, zone, segment->output)) {
        *out_detail = content_remark_new("zone_not_at_gateway", NULL, "zone", zone, "output",
                                         segment->output, NULL);
        return CONTENT_REASON_ZONE_UNKNOWN;
    }
    if (run->refusal != CONTENT_REASON_NONE)
        return CONTENT_REASON_NONE;
    facts->used_us = play_ledger_used_us(cue->ledger, cue->local, segment, zone);
    return play_check_zone(facts, segment, zone, out_detail);
}

/* A segment without any zone left is refused for the reason of its first. */
static void
refuse_zones(const PlayCue *cue, PlayCheck *facts, PlayRun *run)
{
    const PlayRunZone *first = run->zones->len > 0 ? run->zones->pdata[0] : NULL;
    guint n_left = 0;

    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];

        g_clear_pointer(&zone->refusal_detail, content_remark_free);
        zone->refusal = check_zone(cue, facts, run, zone, &zone->refusal_detail);
        n_left += zone->refusal == CONTENT_REASON_NONE ? 1 : 0;
    }
    if (n_left > 0 || run->refusal != CONTENT_REASON_NONE)
        return;
    run->refusal = first == NULL ? CONTENT_REASON_ZONE_UNKNOWN : first->refusal;
    run->refusal_detail = first == NULL ? content_remark_new("no_zone", NULL, NULL)
                                        : content_remark_copy(first->refusal_detail);
}

static void
refresh_refusal(const PlayCue *cue, PlayRun *run, const PlayInstant *now)
{
    PlayCheck facts;

    if (run->checked_facts == cue->facts || play_run_is_on_output(run))
        return;
    run->checked_facts = cue->facts;
    facts = facts_of(cue, run, now);
    g_clear_pointer(&run->refusal_detail, content_remark_free);
    run->refusal = play_check_segment(&facts, run->segment, &run->refusal_detail);
    refuse_zones(cue, &facts, run);
}

/* ---- one output, several segments ---- */

static gboolean
is_rival(const PlayRun *a, const PlayRun *b)
{
    return a != b && a->state != PLAY_RUN_OVER &&
           strcmp(a->segment->output, b->segment->output) == 0;
}

/* When @winner needs the output that @loser has: in time to switch the zones, if they differ.
 */
static gint64
handover_us(const PlayCue *cue, const PlayRun *winner, const PlayRun *loser,
            const PlayInstant *now)
{
    gint64 ahead_us = play_run_is_same_zones(winner, loser)
                          ? PLAY_RUN_HANDOVER_US
                          : play_run_lead_us(winner, cue->view) + PLAY_RUN_HANDOVER_US;

    return play_run_start_us(winner, now) - ahead_us;
}

static gboolean
displaces(const PlayCue *cue, const PlayRun *winner, const PlayRun *loser,
          const PlayInstant *now)
{
    gint64 end_us = play_run_end_us(winner, now);

    if (!is_rival(winner, loser) || winner->is_withdrawn ||
        winner->refusal != CONTENT_REASON_NONE || !play_run_outranks(winner, loser))
        return FALSE;
    return play_run_start_us(loser, now) + PLAY_RUN_TOUCH_US < end_us &&
           now->monotonic_us < end_us &&
           now->monotonic_us >= handover_us(cue, winner, loser, now);
}

static gboolean
is_displaced(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    for (guint i = 0; i < cue->runs->len; i++) {
        if (displaces(cue, cue->runs->pdata[i], run, now))
            return TRUE;
    }
    return FALSE;
}

static ContentReason
blocker_of(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    if (cue->is_leaving)
        return CONTENT_REASON_PLAYER_STOPPED;
    if (run->refusal != CONTENT_REASON_NONE)
        return run->refusal;
    if (now->utc_us >= cue->manifest_expires_us)
        return CONTENT_REASON_WITHDRAWN;
    if (g_hash_table_contains(cue->mute, run->segment->output))
        return CONTENT_REASON_OUTPUT_FAILED;
    if (play_alerts_claims(cue->alerts, run->segment->output))
        return CONTENT_REASON_DISPLACED;
    return is_displaced(cue, run, now) ? CONTENT_REASON_DISPLACED : CONTENT_REASON_NONE;
}

/* May @run have its zones on, seen what the others on its output do? */
static gboolean
may_hold(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    gint64 ask_us = play_run_start_us(run, now) - play_run_lead_us(run, cue->view);

    if (now->monotonic_us < ask_us || run->superseded_us != 0)
        return FALSE;
    for (guint i = 0; i < cue->runs->len; i++) {
        const PlayRun *other = cue->runs->pdata[i];

        if (is_rival(other, run) && (play_run_is_on_output(other) || other->holds_zones) &&
            !play_run_is_same_zones(other, run))
            return FALSE;
    }
    return TRUE;
}

void
play_cue_judge(PlayCue *cue, const PlayInstant *now)
{
    for (guint i = 0; i < cue->runs->len; i++)
        refresh_refusal(cue, cue->runs->pdata[i], now);
    for (guint i = 0; i < cue->runs->len; i++) {
        PlayRun *run = cue->runs->pdata[i];

        run->blocker = blocker_of(cue, run, now);
        if (run->state == PLAY_RUN_WARMING)
            run->holds_zones = FALSE;
        if (run->state == PLAY_RUN_WAITING)
            run->holds_since_us = 0;
    }
    /* By start, so that the earlier one holds where two want different zones. */
    for (guint i = 0; i < cue->runs->len; i++) {
        PlayRun *run = cue->runs->pdata[i];

        if (run->state != PLAY_RUN_WARMING)
            continue;
        run->holds_zones = may_hold(cue, run, now);
        if (!run->holds_zones)
            run->holds_since_us = 0;
        else if (run->holds_since_us == 0)
            run->holds_since_us = now->monotonic_us;
    }
}

ContentReason
play_cue_why_silent(const PlayCue *cue, const PlayRun *run, const PlayRunZone *zone,
                    const PlayInstant *now)
{
    if (zone->refusal != CONTENT_REASON_NONE)
        return zone->refusal;
    if (run->state == PLAY_RUN_STOPPING)
        return CONTENT_REASON_NONE;
    if (g_hash_table_contains(cue->mute, run->segment->output))
        return CONTENT_REASON_OUTPUT_FAILED;
    if (!play_run_is_on_output(run)) {
        if (run->blocker != CONTENT_REASON_NONE)
            return run->blocker;
        if (run->superseded_us != 0)
            return CONTENT_REASON_WITHDRAWN;
        if (now->monotonic_us < run->retry_us)
            return run->failure;
    }
    if (!play_gate_view_is_up(cue->view))
        return CONTENT_REASON_GATEWAY_DOWN;
    if (run->state == PLAY_RUN_WARMING && !run->holds_zones)
        return CONTENT_REASON_DISPLACED;
    if (run->state == PLAY_RUN_WAITING || play_gate_view_is_ready(cue->view, zone->id))
        return CONTENT_REASON_NONE;
    /* It may still be switching within the time that it was promised. */
    return now->monotonic_us < run->holds_since_us + play_run_lead_us(run, cue->view)
               ? CONTENT_REASON_NONE
               : CONTENT_REASON_RELAY_FAILED;
}

/* The output is free for @run from the instant returned; 0: not to be said yet. */
static gint64
free_us(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    gint64 start_us = play_run_start_us(run, now);
    gint64 at_us = MAX(start_us, now->monotonic_us + PLAY_RUN_PLACE_US);

    for (guint i = 0; i < cue->runs->len; i++) {
        const PlayRun *other = cue->runs->pdata[i];

        if (!is_rival(other, run) || !play_run_is_on_output(other))
            continue;
        if (other->state == PLAY_RUN_STOPPING ||
            other->place_end_us > start_us + PLAY_RUN_TOUCH_US)
            return 0;
        at_us = MAX(at_us, other->place_end_us);
    }
    return at_us;
}

static gboolean
others_are_off(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    g_autoptr(GPtrArray) zones = play_run_active_zones(run);

    return play_gate_view_clear_us(cue->view, run->segment->output, zones, now->monotonic_us) ==
           0;
}

gboolean
play_cue_can_place(const PlayCue *cue, const PlayRun *run, const PlayInstant *now,
                   gint64 *out_at_us)
{
    gint64 start_us = play_run_start_us(run, now);
    gint64 at_us;
    guint n_active, n_ready;

    if (!run->holds_zones || run->superseded_us != 0)
        return FALSE;
    n_ready = play_run_count_ready(run, cue->view, &n_active);
    if (n_ready == 0 ||
        (n_ready < n_active && now->monotonic_us < start_us - PLAY_RUN_PLACE_US))
        return FALSE;
    at_us = free_us(cue, run, now);
    if (at_us == 0 || !others_are_off(cue, run, now))
        return FALSE;
    if (at_us > start_us && play_run_end_us(run, now) - at_us < PLAY_RUN_LEAST_REST_US)
        return FALSE;
    *out_at_us = at_us;
    return TRUE;
}

/* The sooner of @alarm_us and @when_us, which counts only if it is still to come. */
static gint64
or_at(gint64 alarm_us, gint64 when_us, const PlayInstant *now)
{
    return when_us <= now->monotonic_us ? alarm_us : play_instant_sooner(alarm_us, when_us);
}

gint64
play_cue_run_alarm(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    g_autoptr(GPtrArray) zones = play_run_active_zones(run);
    gint64 start_us = play_run_start_us(run, now);
    gint64 end_us = play_run_end_us(run, now);
    gint64 lead_us = play_run_lead_us(run, cue->view);
    const gint64 instants[] = {
        start_us - lead_us - play_cue_prepare_us(cue, run),
        start_us - lead_us - PLAY_RUN_PREPARE_US,
        start_us - lead_us - PLAY_RUN_HANDOVER_US,
        start_us - lead_us,
        start_us - PLAY_RUN_HANDOVER_US,
        start_us - PLAY_RUN_PLACE_US,
        start_us,
        start_us + PLAY_RUN_GRACE_US,
        start_us + run->segment->duration_us / 2,
        end_us,
        end_us + PLAY_RUN_SILENCE_US,
        run->retry_us,
        run->state == PLAY_RUN_STOPPING ? run->silent_by_us : 0,
        run->holds_since_us + lead_us,
        run->superseded_us == 0 ? 0 : run->superseded_us + PLAY_RUN_SUPERSEDED_US,
        play_gate_view_clear_us(cue->view, run->segment->output, zones, now->monotonic_us),
    };
    gint64 alarm_us = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(instants); i++)
        alarm_us = or_at(alarm_us, instants[i], now);
    return alarm_us;
}
