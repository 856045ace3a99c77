/* event.c - see event.h */
#include "scheduler/message/event.h"

/* Of store/accounts.h, which is no pure header: a test holds the two together. */
enum { EDITOR, REVIEWER, APPROVER, OPERATOR, OFFICIAL, TECHNICIAN };

#define ROLE(role) (1u << (role))
#define MINUTES(n) (G_GINT64_CONSTANT(60) * (n) *G_USEC_PER_SEC)

/* clang-format off */
const char *const sched_message_event_words[] = {
    "unapproved", "dropped", "waiting", "missed", "station_lost", "station_fault",
    "alert", "messenger", "offer", "aired", "test", NULL,
};
const char *const sched_message_way_words[] = { "email", "phone", NULL };

static const SchedMessageRule rules[SCHED_MESSAGE_N_EVENTS] = {
    /*                               who                               authors       waits settles      gap */
    [SCHED_MESSAGE_UNAPPROVED]    = { ROLE(APPROVER) | ROLE(REVIEWER), ROLE(EDITOR), TRUE, 0,           MINUTES(5)  },
    [SCHED_MESSAGE_DROPPED]       = { ROLE(APPROVER) | ROLE(OFFICIAL), ROLE(EDITOR), TRUE, 0,           MINUTES(5)  },
    [SCHED_MESSAGE_WAITING]       = { ROLE(APPROVER) | ROLE(REVIEWER), ROLE(EDITOR), TRUE, MINUTES(2),  MINUTES(30) },
    [SCHED_MESSAGE_MISSED]        = { ROLE(OFFICIAL) | ROLE(OPERATOR), 0,            TRUE, MINUTES(10), MINUTES(60) },
    [SCHED_MESSAGE_STATION_LOST]  = { ROLE(TECHNICIAN) | ROLE(OPERATOR), 0,          TRUE, MINUTES(10), MINUTES(30) },
    [SCHED_MESSAGE_STATION_FAULT] = { ROLE(TECHNICIAN), 0,                           TRUE, MINUTES(10), MINUTES(30) },
    [SCHED_MESSAGE_ALERT]         = { ROLE(APPROVER), 0,                             FALSE, 0,          0, TRUE },
    [SCHED_MESSAGE_MESSENGER]     = { ROLE(OPERATOR), 0,                             FALSE, 0,          0, TRUE },
    [SCHED_MESSAGE_OFFER]         = { 0,                              ROLE(EDITOR),  TRUE, MINUTES(2),  MINUTES(30) },
    [SCHED_MESSAGE_AIRED]         = { 0,                              ROLE(EDITOR),  TRUE, MINUTES(2),  MINUTES(60) },
};
/* clang-format on */

const SchedMessageRule *
sched_message_rule(gint event)
{
    g_return_val_if_fail(event >= 0 && event < SCHED_MESSAGE_N_EVENTS, NULL);
    return &rules[event];
}

gboolean
sched_message_concerns(gint event, guint roles)
{
    const SchedMessageRule *rule = sched_message_rule(event);

    return ((rule->roles | rule->authors) & roles) != 0;
}
