/*
 * messengers.h - looks again and again where somebody has to go: because a station did not
 * answer to an alert, and with what is announced where no loudspeaker stands.
 *
 * Flow: chore.h -> here: what stations answered (store/messengers.h), what the plan holds
 * (plan/messengers.h) -> tasks. Wiring of two chores; no state.
 */
#pragma once

#include "scheduler/publish/chore.h"

/* An answer is waited for a minute; the plan is read for the day ahead. */
#define SCHED_MESSENGERS_ALERT_EVERY_US (G_GINT64_CONSTANT(10) * G_USEC_PER_SEC)
#define SCHED_MESSENGERS_PLAN_EVERY_US  (G_GINT64_CONSTANT(300) * G_USEC_PER_SEC)
#define SCHED_MESSENGERS_AHEAD_US       (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* An alert that expired unanswered is still looked at for so long. */
#define SCHED_MESSENGERS_BACK_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* Stations that did not answer to an alert, or could not sound it. */
extern const SchedChoreWork sched_messengers_of_alerts;
/* Announcements of the day ahead, for villages without loudspeakers. */
extern const SchedChoreWork sched_messengers_of_plan;
