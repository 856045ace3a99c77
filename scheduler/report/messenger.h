/*
 * messenger.h - does somebody have to go there, and what may be said of it afterwards.
 *
 * Flow: what is known of an alert in the zones of a village -> here -> store/messengers.h makes
 * a task. Pure.
 *
 * A village without a loudspeaker is always gone to. One with loudspeakers is, if part of it
 * did not hear the alert, or heard it in another language than its own.
 */
#pragma once

#include "scheduler/report/alert-state.h"

typedef enum {
    SCHED_MESSENGER_NOBODY, /* nobody has to go */
    SCHED_MESSENGER_NO_LANGUAGE,
    SCHED_MESSENGER_NOT_HEARD, /* the station said that it did not sound, or not wholly */
    SCHED_MESSENGER_NO_ANSWER,
    SCHED_MESSENGER_NO_LOUDSPEAKER,
} SchedMessengerWhy; /* the later one says more */
extern const char *const sched_messenger_why_words[];

typedef enum {
    SCHED_MESSENGER_OPEN,
    SCHED_MESSENGER_TOLD,      /* the messenger knows; the households, nobody has said yet */
    SCHED_MESSENGER_CONFIRMED, /* with how many of them were reached */
    SCHED_MESSENGER_NOT_REACHED,
    SCHED_MESSENGER_DROPPED, /* it is over, withdrawn or replaced, and nobody had gone */
} SchedMessengerState;
extern const char *const sched_messenger_state_words[];

/* A station on a weak line answers within seconds: who is silent for longer is gone to. */
#define SCHED_MESSENGER_PATIENCE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

/**
 * sched_messenger_zone:
 * @age_us: since the alert was called
 * @speaks: whether the alert is spoken in the language that the zone wants most
 */
SchedMessengerWhy sched_messenger_zone(SchedAlertState state, gint64 age_us, gboolean speaks);

/**
 * sched_messenger_follows:
 *
 * What was said may be put right, whatever it was; what was dropped stays so.
 *
 * Returns: whether @next may be said where @state was said last
 */
gboolean sched_messenger_follows(SchedMessengerState state, SchedMessengerState next);
