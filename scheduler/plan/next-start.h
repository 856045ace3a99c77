/*
 * next-start.h - when a notice may begin that is wanted as soon as possible.
 *
 * Flow: somebody approves a quick notice -> the next instant at which it disturbs nothing that
 * sounds -> it becomes a slot at that instant. Pure.
 *
 * It enters between two items: what has begun by then is heard to its end, what was to begin
 * after it goes first only if it is of the notice's class or above. It begins in an allowed
 * window, and in no village that asked for silence.
 */
#pragma once

#include "scheduler/plan/index.h"

/* What is not allowed within a day is not quick: somebody makes a slot of it. */
#define SCHED_NEXT_START_MAX_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

typedef struct {
    const GPtrArray *areas; /* (element-type utf8): villages, or what lies above them */
    const char *language;   /* zones that do not list it are not asked */
    gint class_;            /* ContentClass */
    gint64 earliest_us;
    gint64 duration_us;
} SchedNextWish;

/**
 * sched_next_start:
 *
 * First with all of its zones allowed, but those that are to keep silent; where that is never
 * so within a day, with those that are.
 *
 * Returns: UTC µs, a whole minute or the second after something ends; -1: the error says why
 * not
 */
gint64 sched_next_start(SchedIndex *index, const SchedNextWish *wish, GError **error);
