/*
 * making-up.h - carries out what plan/make-up.h decides: by a slot's rule, or by click.
 *
 * Flow: an alarm (desk.c) -> stations with such a slot: verdicts from the store, the plan, the
 * decision -> kept in the store with a row in the outbox -> publisher.h. By click: web/, with a
 * second person. Thread: the owner's; reading and deciding run in a task's thread.
 */
#pragma once

#include "scheduler/publish/chore.h"

/* A station that comes back is heard of within a minute; nobody waits for the second. */
#define SCHED_MAKING_UP_EVERY_US (30 * G_USEC_PER_SEC)

/* How far ahead a time is looked for by click. */
#define SCHED_MAKE_UP_AHEAD_US (G_GINT64_CONSTANT(48) * 3600 * G_USEC_PER_SEC)

/* What is to be made up by click; all but the station may be NULL: then whatever was missed. */
typedef struct {
    const char *station;
    const char *date;       /* of the day plan */
    const char *occurrence; /* (nullable) */
    const char *item;       /* (nullable) */
    gint64 now_us;
    gint64 until_us; /* 0: by each slot's rule */
} SchedMakeUpWish;

/**
 * sched_making_up_find:
 *
 * Returns: (transfer full) (element-type SchedMakeUpRow): what was missed, was not made up
 *   before, and finds a time; reads the given transaction
 */
GPtrArray *sched_making_up_find(SchedTxn *txn, const SchedMakeUpWish *wish, GError **error);

/* By the slots' rules, for all stations. */
extern const SchedChoreWork sched_making_up;
