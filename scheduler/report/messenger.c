/* messenger.c - see messenger.h */
#include "scheduler/report/messenger.h"

/* clang-format off */
const char *const sched_messenger_why_words[] = {
    "nobody", "no_language", "not_heard", "no_answer", "no_loudspeaker", NULL,
};
const char *const sched_messenger_state_words[] = {
    "to_tell", "told", "confirmed", "not_reached", "no_longer", NULL,
};

/* What a state means at once, and what once a station had its time to answer. */
static const struct { SchedMessengerWhy at_once, later; } needs[] = {
    [SCHED_ALERT_NOT_SENT]   = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NO_ANSWER },
    [SCHED_ALERT_WAITING]    = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NO_ANSWER },
    [SCHED_ALERT_NO_CONTACT] = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NO_ANSWER },
    [SCHED_ALERT_UNABLE]     = { SCHED_MESSENGER_NO_ANSWER, SCHED_MESSENGER_NO_ANSWER },
    [SCHED_ALERT_RECEIVED]   = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NOBODY },
    [SCHED_ALERT_HELD]       = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NOBODY },
    [SCHED_ALERT_RELAY_ON]   = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NOBODY },
    [SCHED_ALERT_SOUNDING]   = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NOBODY },
    [SCHED_ALERT_DONE]       = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NOBODY },
    [SCHED_ALERT_TONE_ONLY]  = { SCHED_MESSENGER_NOT_HEARD, SCHED_MESSENGER_NOT_HEARD },
    [SCHED_ALERT_PARTLY]     = { SCHED_MESSENGER_NO_LANGUAGE, SCHED_MESSENGER_NO_LANGUAGE },
    [SCHED_ALERT_STOPPED]    = { SCHED_MESSENGER_NOBODY,    SCHED_MESSENGER_NOBODY },
    [SCHED_ALERT_FAILED]     = { SCHED_MESSENGER_NOT_HEARD, SCHED_MESSENGER_NOT_HEARD },
    [SCHED_ALERT_NO_WORD]    = { SCHED_MESSENGER_NO_ANSWER, SCHED_MESSENGER_NO_ANSWER },
};
/* clang-format on */

SchedMessengerWhy
sched_messenger_zone(SchedAlertState state, gint64 age_us, gboolean speaks)
{
    SchedMessengerWhy why;

    g_return_val_if_fail((gsize) state < G_N_ELEMENTS(needs), SCHED_MESSENGER_NOBODY);
    why = age_us < SCHED_MESSENGER_PATIENCE_US ? needs[state].at_once : needs[state].later;
    return why == SCHED_MESSENGER_NOBODY && !speaks ? SCHED_MESSENGER_NO_LANGUAGE : why;
}

gboolean
sched_messenger_follows(SchedMessengerState state, SchedMessengerState next)
{
    return state != SCHED_MESSENGER_DROPPED && next != SCHED_MESSENGER_OPEN &&
           (next != SCHED_MESSENGER_DROPPED || state == SCHED_MESSENGER_OPEN);
}
