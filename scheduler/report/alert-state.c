/* alert-state.c - see alert-state.h */
#include "scheduler/report/alert-state.h"

#include <string.h>

#include "content/language.h"

const char *const sched_alert_state_words[] = {
    "not_sent", "waiting",  "no_contact", "unable",  "received",
    "held",     "relay_on", "sounding",   "done",    "tone_only",
    "partly",   "stopped",  "failed",     "no_word", NULL,
};

void
sched_unsaid_free(SchedUnsaid *unsaid)
{
    g_free(unsaid->language);
    g_free(unsaid);
}

/* (nullable): of an older program, or a newer one: nothing is claimed of it */
static SchedUnsaid *
unsaid_of(const ContentRemark *detail)
{
    const char *language = content_remark_get(detail, "language");
    const char *reason = content_remark_get(detail, "reason");
    SchedUnsaid *unsaid;

    if (strcmp(detail->code, "alert_unsaid") != 0 || language == NULL || reason == NULL ||
        !content_language_tag_is_valid(language))
        return NULL;
    unsaid = g_new0(SchedUnsaid, 1);
    unsaid->language = g_strdup(language);
    unsaid->reason = CONTENT_REASON_UNKNOWN;
    for (gint i = 0; content_reason_words[i] != NULL; i++) {
        if (strcmp(content_reason_words[i], reason) == 0)
            unsaid->reason = i;
    }
    return unsaid;
}

GPtrArray *
sched_alert_unsaid(const ContentRecord *record)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify) sched_unsaid_free);

    for (guint i = 0; record != NULL && i < record->details->len; i++) {
        SchedUnsaid *unsaid = unsaid_of(record->details->pdata[i]);

        if (unsaid != NULL)
            g_ptr_array_add(list, unsaid);
    }
    return list;
}

static gboolean
says_words(const ContentRecord *record)
{
    for (guint i = 0; i < record->details->len; i++) {
        const ContentRemark *detail = record->details->pdata[i];
        const char *count = content_remark_get(detail, "count");

        if (strcmp(detail->code, "alert_heard") == 0)
            return g_strcmp0(count, "0") != 0;
    }
    return FALSE;
}

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
after_end(gint reason, const ContentRecord *ended)
{
    g_autoptr(GPtrArray) unsaid = sched_alert_unsaid(ended);

    if (reason == CONTENT_REASON_STOPPED || reason == CONTENT_REASON_REPLACED)
        return SCHED_ALERT_STOPPED;
    if (unsaid->len > 0)
        return says_words(ended) ? SCHED_ALERT_PARTLY : SCHED_ALERT_TONE_ONLY;
    return reason == CONTENT_REASON_NONE ? SCHED_ALERT_DONE : SCHED_ALERT_FAILED;
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
        SchedAlertState state = after_end(facts->ended_reason, facts->ended);

        if (state != SCHED_ALERT_STOPPED)
            *out_reason = facts->ended_reason;
        return state;
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
