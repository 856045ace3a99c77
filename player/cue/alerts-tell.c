/*
 * alerts-tell.c - what the cue asks of its alerts: zones, faults, items, heartbeat.
 *
 * Flow: alert runs -> here -> step.c and cue.c. See alerts.h. Pure.
 */
#include "player/cue/alerts-private.h"

void
play_alerts_wish(const PlayAlerts *self, const PlayAlertFacts *facts, PlayAlertsZoneFunc func,
                 gpointer data)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        for (guint i = 0; i < run->zones->len; i++) {
            const PlayAlertZone *zone = run->zones->pdata[i];

            if (play_alert_run_wishes(run, zone, facts->view))
                func(zone->id, run->alert->id, data);
        }
    }
}

void
play_alerts_faults(const PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now,
                   PlayAlertsZoneFunc func, gpointer data)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        for (guint i = 0; i < run->zones->len; i++) {
            const PlayAlertZone *zone = run->zones->pdata[i];

            if (play_alert_run_wishes(run, zone, facts->view) &&
                !play_gate_view_is_ready(facts->view, zone->id) &&
                !play_alert_run_is_patient(zone, facts, now))
                func(zone->id, run->alert->id, data);
        }
    }
}

void
play_alerts_leave(const PlayAlerts *self, const PlayInstant *now, GPtrArray *actions)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        for (guint i = 0; i < run->zones->len; i++)
            play_alert_say_part(run, run->zones->pdata[i], now, actions);
    }
}

gboolean
play_alerts_item_started(PlayAlerts *self, guint64 item, gint64 at_us)
{
    PlayAlertsWalk walk = {0};
    PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (play_alert_run_started(run, item, at_us))
            return TRUE;
    }
    return FALSE;
}

gboolean
play_alerts_item_source(PlayAlerts *self, guint64 item, gboolean comes, const char *words)
{
    PlayAlertsWalk walk = {0};
    PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (play_alert_run_source(run, item, comes, words))
            return TRUE;
    }
    return FALSE;
}

void
play_alerts_absent(const PlayAlerts *self, PlayAlertsAbsentFunc func, gpointer data)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (run->state == PLAY_ALERT_SOUNDING && run->now.is_absent)
            func(run->alert->id, run->alert->live->speaker, run->story.words, data);
    }
}

gboolean
play_alerts_item_ended(PlayAlerts *self, guint64 item, const PlayHeard *heard)
{
    PlayAlertsWalk walk = {0};
    PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (play_alert_run_ended(run, item, heard))
            return TRUE;
    }
    return FALSE;
}

gboolean
play_alerts_item_failed(PlayAlerts *self, guint64 item, ContentReason reason,
                        const PlayHeard *heard, const char **out_object)
{
    PlayAlertsWalk walk = {0};
    PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        if (play_alert_run_failed(run, item, reason, heard, out_object))
            return TRUE;
    }
    return FALSE;
}

void
play_alerts_fill_sounding(const PlayAlerts *self, const PlayInstant *now, GPtrArray *out)
{
    PlayAlertsWalk walk = {0};
    const PlayAlertRun *run;

    while ((run = play_alerts_next_run(self, &walk)) != NULL) {
        const PlayAlertStep *step = play_alert_run_present(run);
        ContentSounding *told;

        if (run->state != PLAY_ALERT_SOUNDING || !run->now.has_started)
            continue;
        told = content_shape_new(&content_sounding_shape);
        told->alert = g_strdup(run->alert->id);
        told->output = g_strdup(run->output);
        told->segment = content_alert_segment_id(run->alert->id, run->output, run->repetition,
                                                 step->language, play_alert_step_part(step));
        told->title = g_strdup(run->alert->title);
        told->language = g_strdup(step->language);
        for (guint i = 0; i < run->zones->len; i++) {
            const PlayAlertZone *zone = run->zones->pdata[i];

            if (zone->part != NULL)
                g_ptr_array_add(told->zones, g_strdup(zone->id));
        }
        told->position_us = MAX(0, now->monotonic_us - run->now.start_us);
        told->level_mdb = G_MININT64;
        g_ptr_array_add(out, told);
    }
}

void
play_alerts_add_objects(const PlayAlerts *self, GPtrArray *hashes)
{
    for (guint i = 0; i < self->alerts->len; i++) {
        const PlayAlert *one = self->alerts->pdata[i];

        for (guint j = 0; !one->is_done && j < one->alert->speeches->len; j++) {
            const ContentSpeech *speech = one->alert->speeches->pdata[j];

            for (guint k = 0; k < speech->parts->len; k++)
                g_ptr_array_add(hashes, g_strdup(speech->parts->pdata[k]));
        }
    }
}
