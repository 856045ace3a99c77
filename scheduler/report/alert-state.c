/* alert-state.c - see alert-state.h */
#include "scheduler/report/alert-state.h"

#include <string.h>

const char *const sched_alert_state_words[] = {
    "not_sent", "waiting", "no_contact", "unable", "received", "held", "relay_on",
    "sounding", "done",    "stopped",    "failed", "no_word",  NULL,
};

static gboolean
is_sounding(const SchedAlertFacts *facts)
{
    const GPtrArray *sounding = facts->heartbeat == NULL ? NULL : facts->heartbeat->sounding;

    for (guint i = 0; sounding != NULL && i < sounding->len; i++) {
        const ContentSounding *one = sounding->pdata[i];

        if (g_strcmp0(one->alert, facts->alert) == 0 &&
            g_ptr_array_find_with_equal_func(one->zones, facts->zone, g_str_equal, NULL))
            return TRUE;
    }
    return FALSE;
}

/* Read closed since the station took the alert, by the station's own clock. */
static gboolean
is_relay_on(const SchedAlertFacts *facts)
{
    const GPtrArray *zones = facts->heartbeat == NULL ? NULL : facts->heartbeat->zones;

    for (guint i = 0; zones != NULL && i < zones->len; i++) {
        const ContentZoneState *zone = zones->pdata[i];

        if (strcmp(zone->zone, facts->zone) == 0)
            return zone->relay == CONTENT_RELAY_CLOSED && zone->read_us >= facts->taken_us;
    }
    return FALSE;
}

static SchedAlertState
after_end(gint reason)
{
    if (reason == CONTENT_REASON_NONE)
        return SCHED_ALERT_DONE;
    return reason == CONTENT_REASON_STOPPED || reason == CONTENT_REASON_REPLACED
               ? SCHED_ALERT_STOPPED
               : SCHED_ALERT_FAILED;
}

static SchedAlertState
before_answer(const SchedAlertFacts *facts)
{
    if (facts->published_us == 0)
        return SCHED_ALERT_NOT_SENT;
    if (facts->contact_us > 0 && !facts->reads_them)
        return SCHED_ALERT_UNABLE;
    if (facts->now_us >= facts->expires_us)
        return SCHED_ALERT_NO_WORD;
    return facts->contact_us + SCHED_ALERT_CONTACT_US < facts->now_us ? SCHED_ALERT_NO_CONTACT
                                                                      : SCHED_ALERT_WAITING;
}

SchedAlertState
sched_alert_state(const SchedAlertFacts *facts, gint *out_reason)
{
    *out_reason = CONTENT_REASON_NONE;
    if (facts->ended_us > 0) {
        if (after_end(facts->ended_reason) == SCHED_ALERT_FAILED)
            *out_reason = facts->ended_reason;
        return after_end(facts->ended_reason);
    }
    if (is_sounding(facts))
        return SCHED_ALERT_SOUNDING;
    if (facts->taken_us == 0)
        return before_answer(facts);
    if (is_relay_on(facts))
        return SCHED_ALERT_RELAY_ON;
    *out_reason = facts->taken_reason;
    return facts->taken_reason == CONTENT_REASON_NONE ? SCHED_ALERT_RECEIVED : SCHED_ALERT_HELD;
}
