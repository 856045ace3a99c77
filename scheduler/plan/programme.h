/*
 * programme.h - what of a week's programme is different, from the texts that approvals cover.
 *
 * Flow: store/slots.h gives a slot's text as it stands and as it was approved -> here -> web/
 * shows all that is different in a week together, for one approval. Pure.
 */
#pragma once

#include "scheduler/plan/calendar.h"

#define SCHED_PROGRAMME_DAYS 7

typedef enum {
    SCHED_PROGRAMME_ADDED,   /* nothing of it was ever approved */
    SCHED_PROGRAMME_MOVED,   /* the same sound at another time or place, and nothing else */
    SCHED_PROGRAMME_CHANGED, /* anything else */
    SCHED_PROGRAMME_REMOVED, /* it was heard, and is no more */
} SchedProgrammeChange;
/* As written in JSON and in the store, by change. */
extern const char *const sched_programme_change_words[];

/**
 * sched_programme_change:
 * @before: (nullable): the text that was approved; NULL: none ever was
 * @after: (nullable): the text as it stands; NULL: it is heard no more
 */
SchedProgrammeChange sched_programme_change(const char *before, const char *after);

/**
 * sched_programme_falls:
 * @text: (nullable): of a slot, as an approval covers it
 *
 * Returns: whether the slot has a date in the week from @from; a text that cannot be read has
 *   one, so that somebody looks at it
 */
gboolean sched_programme_falls(const char *text, SchedDay from);
