/*
 * alert-hearers.c - which zones may hear an alert now, which it wants on, and whether that will
 * do to begin.
 *
 * Flow: settings, windows, gateway -> here -> alert-run.c. See alert-run.h. Pure.
 */
#include "player/cue/alert-run.h"

#include <string.h>

#include "player/cue/check.h"

/* What a drill obeys, and nothing else. */
static ContentReason
why_no_drill(const ContentSettingsZone *place, const PlayAlertFacts *facts,
             const PlayInstant *now)
{
    const ContentSegment today = {.id = (char *) "", .start_us = now->utc_us};
    PlayLocal local;

    if (now->trust == CONTENT_TRUST_UNSET || facts->local == NULL)
        return CONTENT_REASON_CLOCK_UNTRUSTED;
    local = play_local_time_read(facts->local, now->utc_us);
    if (!play_check_windows(place, &local, CONTENT_CLASS_KHAN_CAP))
        return CONTENT_REASON_OUTSIDE_WINDOW;
    return play_ledger_used_us(facts->ledger, facts->local, &today, place->id) >=
                   place->daily_limit_min * 60 * G_USEC_PER_SEC
               ? CONTENT_REASON_OVER_DAILY_LIMIT
               : CONTENT_REASON_NONE;
}

static ContentReason
why_held(const PlayAlertRun *run, const PlayAlertZone *zone, const PlayAlertFacts *facts,
         const PlayInstant *now)
{
    const ContentSettingsZone *place = play_check_find_zone(facts->settings, zone->id);

    if (place == NULL || strcmp(place->output, run->output) != 0)
        return CONTENT_REASON_ZONE_UNKNOWN;
    if (play_gate_view_is_up(facts->view) &&
        !play_gate_view_knows(facts->view, zone->id, run->output))
        return CONTENT_REASON_ZONE_UNKNOWN;
    /* Another station's microphone is not heard here. */
    if (run->alert->live != NULL && run->alert->live->station != NULL &&
        g_strcmp0(run->alert->live->station, facts->settings->station) != 0)
        return CONTENT_REASON_LATE_SOURCE;
    return run->alert->drill ? why_no_drill(place, facts, now) : CONTENT_REASON_NONE;
}

void
play_alert_run_hold(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];
        ContentReason why = why_held(run, zone, facts, now);

        /* A drill that has begun is heard to the end of its repeat. */
        if (why == CONTENT_REASON_NONE || why == CONTENT_REASON_ZONE_UNKNOWN ||
            !play_alert_run_is_busy(run))
            zone->is_held = why != CONTENT_REASON_NONE;
        if (zone->is_held)
            zone->reason = why;
    }
}

gboolean
play_alert_may_hear(const PlayAlertZone *zone)
{
    return !zone->is_held && !zone->is_settled && zone->ending == CONTENT_REASON_NONE;
}

static gboolean
has_hearers(const PlayAlertRun *run)
{
    for (guint i = 0; i < run->zones->len; i++) {
        if (play_alert_may_hear(run->zones->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

/* Every zone of it was told to stop, or has had its last record. */
static gboolean
is_ended_everywhere(const PlayAlertRun *run)
{
    for (guint i = 0; i < run->zones->len; i++) {
        const PlayAlertZone *zone = run->zones->pdata[i];

        if (!zone->is_settled && zone->ending == CONTENT_REASON_NONE)
            return FALSE;
    }
    return TRUE;
}

gboolean
play_alert_run_is_to_end(const PlayAlertRun *run)
{
    return run->ending != CONTENT_REASON_NONE || run->has_counted || is_ended_everywhere(run);
}

gboolean
play_alert_run_wants(const PlayAlertRun *run)
{
    return run->state != PLAY_ALERT_OVER && !run->is_waiting &&
           !play_alert_run_is_to_end(run) && has_hearers(run) &&
           (run->state != PLAY_ALERT_RESTING || run->keeps);
}

gboolean
play_alert_run_is_busy(const PlayAlertRun *run)
{
    return run->state == PLAY_ALERT_ASKING || run->state == PLAY_ALERT_SOUNDING ||
           run->state == PLAY_ALERT_STOPPING;
}

const PlayAlertStep *
play_alert_run_step_at(const PlayAlertRun *run, guint index)
{
    return run->steps == NULL || index >= run->steps->len ? NULL : run->steps->pdata[index];
}

/* As play_alert_run_step_at(), of an index that is one. */
const PlayAlertStep *
play_alert_run_known_step(const PlayAlertRun *run, guint index)
{
    return run->steps->pdata[index];
}

const PlayAlertStep *
play_alert_run_present(const PlayAlertRun *run)
{
    return run->state == PLAY_ALERT_ASKING || run->state == PLAY_ALERT_SOUNDING
               ? play_alert_run_step_at(run, run->now.step)
               : NULL;
}

/* Between two repeats nobody hears anything, and the first step's zones stay ready. */
const PlayAlertStep *
play_alert_run_step_wanted(const PlayAlertRun *run)
{
    return run->state == PLAY_ALERT_RESTING && run->keeps ? play_alert_run_step_at(run, 0)
                                                          : play_alert_run_present(run);
}

gboolean
play_alert_run_is_meant(const PlayAlertRun *run, const PlayAlertZone *zone)
{
    const PlayAlertStep *step = play_alert_run_step_wanted(run);

    return step != NULL && play_alert_may_hear(zone) && play_alert_step_has(step, zone->id);
}

/* While something else fades out, no relay closes for those who were not to hear that. */
gboolean
play_alert_run_wishes(const PlayAlertRun *run, const PlayAlertZone *zone,
                      const PlayGateView *view)
{
    return play_alert_run_is_meant(run, zone) &&
           (run->is_free || play_gate_view_wishes(view, zone->id));
}

gint64
play_alert_patient_until_us(const PlayAlertZone *zone, const PlayAlertFacts *facts)
{
    gint64 switch_us = play_gate_view_switch_us(facts->view, zone->id) + PLAY_ALERT_MARGIN_US;

    return zone->asked_us + MIN(switch_us, PLAY_ALERT_PATIENCE_US);
}

gboolean
play_alert_run_is_patient(const PlayAlertZone *zone, const PlayAlertFacts *facts,
                          const PlayInstant *now)
{
    return zone->asked_us == 0 || now->monotonic_us < play_alert_patient_until_us(zone, facts);
}

/*
 * The signal begins as soon as one zone hears it; words wait for the others, for a while. If no
 * relay confirms, it sounds all the same: it may be the reading back that has failed. Whoever
 * is not meant to hear it must be off first.
 */
gboolean
play_alert_run_can_sound(const PlayAlertRun *run, const PlayAlertFacts *facts,
                         const PlayInstant *now)
{
    const PlayAlertStep *step = play_alert_run_known_step(run, run->now.step);
    guint n_ready = 0, n_waiting = 0;

    if (!play_gate_view_is_up(facts->view) ||
        play_gate_view_wishes_other(facts->view, run->output, step->zones) ||
        play_gate_view_clear_us(facts->view, run->output, step->zones, now->monotonic_us) != 0)
        return FALSE;
    for (guint i = 0; i < run->zones->len; i++) {
        const PlayAlertZone *zone = run->zones->pdata[i];

        if (!play_alert_run_is_meant(run, zone))
            continue;
        if (play_gate_view_is_ready(facts->view, zone->id))
            n_ready++;
        else if (play_alert_run_is_patient(zone, facts, now))
            n_waiting++;
    }
    return n_waiting == 0 || (step->object == NULL && !step->is_live && n_ready > 0);
}
